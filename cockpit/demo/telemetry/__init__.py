"""How the fleet behaves: the value of every metric at every minute, computed when asked for, never stored.

The same question has the same answer for ever, unless the state it rests on has changed since.
"""

"""The embedded fleet as it was seen once, so that its pictures are the same on every machine and on every day."""

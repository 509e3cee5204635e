"""The one room that knows boto: credentials, clients, gateways, quotas, metric batches, the meter, error families.

It reads and never writes. Nothing here judges what it reads, and nothing here knows the interface.
"""

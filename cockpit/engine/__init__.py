"""The engine: decides what is due, polls it, and turns what was seen into snapshots, on an event loop of its own."""

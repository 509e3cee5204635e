"""What is remembered: the newest snapshot in memory, and the last known fleet on disk."""

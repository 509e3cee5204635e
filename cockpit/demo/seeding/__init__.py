"""Puts the fleet into moto's backends, in the emulator's process: calls, no requests, so that it takes no time."""

"""Widgets: one file each. They know the vocabulary (`cockpit.model`) and nothing else of the engine room."""

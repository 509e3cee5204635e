"""The vocabulary of the cockpit: frozen dataclasses over the standard library, imported by every other room."""

"""Screens of the cockpit, one file each, and the app that goes from one to the other."""

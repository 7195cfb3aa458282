"""Doors: each command reads words, makes one call of the desk, and prints."""

"""What a text is before it is read: its parts, its language, and the way back to its characters."""

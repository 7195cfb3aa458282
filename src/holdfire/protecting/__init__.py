"""Zones that shelter places without pointing at them. Nothing here ranks, counts or measures a distance."""

"""Weighed pairs to groups, draws and probabilities, and marks against a truth."""

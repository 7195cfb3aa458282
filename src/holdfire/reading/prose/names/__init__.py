"""Whom a phrase names: the case's names, public names, and words that take up a name."""

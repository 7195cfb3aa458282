"""Measures of zones: `python -m bench.protecting`."""

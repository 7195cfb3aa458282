"""Measures of judging: `python -m bench.judging`."""

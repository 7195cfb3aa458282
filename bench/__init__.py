"""Speed and memory, measured as ratios to a baseline in the same run. Never a timed test."""

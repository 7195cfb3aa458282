"""The desk of zones: opens files, holds keys and reads the clock, which `protecting` never does."""

"""Gazetteers: built from files of places, asked by any spelling, and choosing by what a text says."""

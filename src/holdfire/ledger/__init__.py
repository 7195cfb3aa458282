"""The append-only record: entries in canonical form, named by digest."""

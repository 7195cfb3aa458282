"""Entries of casualty lists become groups that are one person each: names taken apart, features, links."""

"""Names of places in Arabic and Latin letters become groups that are one place each."""

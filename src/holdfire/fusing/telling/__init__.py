"""Why two records are held to be one: in words, and as pictures."""

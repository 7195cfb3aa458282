"""Who says what, through whom: cues, voices, contents, chains."""

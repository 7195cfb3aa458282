"""The sections of a bulletin, as data: what is said and what each figure rests on, before any page."""

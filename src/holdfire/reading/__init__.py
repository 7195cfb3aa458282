"""Reports in, claims out. Formats are files of `formats/`; prose is read by `prose/`."""

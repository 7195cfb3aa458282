"""Charts and maps as text: plain values in, SVG or a page out. They know nothing of the record."""

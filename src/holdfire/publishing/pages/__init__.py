"""Pages of a bulletin: its data and its words become HTML, in each language."""

"""The nouns: frozen values, one schema each. They never open a file."""

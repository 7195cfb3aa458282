"""One file a source format; each is found through the `holdfire.formats` entry points, as a plugin's is."""

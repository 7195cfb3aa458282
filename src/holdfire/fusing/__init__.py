"""Claims in, incidents out: blocking, comparing, clustering. It drops no claim."""

"""Claims in, incidents out: features of claims, and what their groups come to. It drops no claim."""

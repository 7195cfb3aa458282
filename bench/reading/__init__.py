"""How well and how fast the prose reader reads, measured on sets made by others and on our own.

Every module here that has a function `measure(shared)` is one measure: it takes the shared folder and yields
figures. Texts of others are never printed or written, only figures and ids.
"""

"""How well and how fast records are linked, measured on sets made by others and on worlds that we make.

Every module here that has a function `measure(shared)` is one measure: it takes the shared folder and yields
figures. Records of others are never printed or written, only figures and ids.
"""

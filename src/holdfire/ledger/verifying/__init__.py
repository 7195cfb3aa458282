"""Checking a bundle with Python's standard library alone.

Modules here import nothing but that library and each other, and only names (`from … import name`), so that
`holdfire.ledger.onefile` can join them into the one file `verify.py` that lies in every bundle: the command
`holdfire verify` and that file are one text. It runs on Python 3.8 and newer. docs/format.md is what it
checks, step by step; tests/attacks tries to get something past it.
"""

"""The version of Holdfire, as pyproject.toml has it; tests/promises/test_house.py compares the two."""

VERSION = "0.1.0"

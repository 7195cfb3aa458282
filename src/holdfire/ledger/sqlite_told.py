"""Errors of SQLite in our words, for every database the ledger room keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holdfire.errors import BadInput, Busy, HoldfireError


@contextmanager
def told(path: Path, what: str, whole: str, restore: str) -> Iterator[None]:
    """Turn an error of SQLite or of the system into one of ours.

    Args:
        path: The database.
        what: What is damaged, where it is.
        whole: What cannot be reached, where the disk or another program is in the way.
        restore: What to try where it is damaged.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise Busy(f"another program holds {whole}", str(path), "close it and try again") from error
        hint = "free some space" if "full" in text else "is the disk there, and may you write to it?"
        raise HoldfireError(f"{whole} cannot be reached: {text}", str(path), hint) from error
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{what} is damaged: {error}", str(path), restore) from error
    except UnicodeDecodeError:  # what SQLite says of a damaged schema quotes it, and cannot be read itself
        raise BadInput(f"{what} is damaged: its schema is no text", str(path), restore) from None
    except OSError as error:
        raise HoldfireError(f"{whole} cannot be reached: {error.strerror}", str(path)) from error

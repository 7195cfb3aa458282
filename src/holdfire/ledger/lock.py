"""One writer at a time.

The lock is held on an open file, by the operating system: a process that dies lets go of it, so no lock
is ever left behind. The file itself stays, empty; deleting it would let two writers hold two files of
one name. Readers never ask for it. The path is handed in by the desk.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from holdfire.errors import BadInput, Busy, HoldfireError

_HELD = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


class Lock:
    """Holds the writer's lock from construction to `release`; a context manager.

    Raises:
        Busy: Another process, or another ledger of this one, holds it.
        HoldfireError: The file cannot be made, or the file system keeps no locks.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_symlink():
            raise BadInput("the lock is a symbolic link", str(path), "remove the link")
        self._file = -1
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            _take(self._file)
        except OSError as error:
            taken = self._file >= 0 and error.errno in _HELD
            self.release()
            if not taken:
                raise HoldfireError(
                    f"the lock cannot be taken: {error.strerror}",
                    str(path),
                    "may you write there, and is it a local disk?",
                ) from None
            raise Busy(
                "another Holdfire is writing to this case",
                str(path),
                "wait until it is done; reading needs no wait",
            ) from None

    def release(self) -> None:
        """Let the next writer in; calling it again does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""The witness: it cosigns a checkpoint only if it extends the last one it saw of that log.

Promises, and tests/unit/test_cosigning.py tries to break each:

* what it will never contradict is on the disk before its signature leaves (C2SP tlog-witness);
* comparing and storing are one step under a lock, so two at once cannot both win;
* what it remembers never becomes smaller, and a memory that was lost or damaged stops it: a witness that
  forgot would sign a second history;
* killed at any moment, it has signed one history at most, and goes on from there.

The memory is one small file, by origin. The clock and the key come from the desk.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from holdfire.digests import canonical, digest
from holdfire.errors import BadInput
from holdfire.ledger import checkpoints
from holdfire.ledger.growth import Growth, Known, Refused
from holdfire.ledger.keyfiles import write_new
from holdfire.ledger.keys import PrivateKey, checked_name, public_key, written
from holdfire.ledger.lock import Lock
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.ledger.verifying.notes import Line, origin_of
from holdfire.ledger.verifying.trees import EMPTY_ROOT

FORMAT = "holdfire-witness/v1"
LOST = "restore it from a copy made after its last cosignature, or begin again under a new key"


class Witness:
    """A key, a name and a memory.

    Raises:
        BadInput: The key has no name that fits a signature line, or the memory is lost or damaged.
    """

    def __init__(self, key: PrivateKey, state: Path) -> None:
        self.key = key
        self.state = state
        self._lock = state.with_name(state.name + ".lock")
        checked_name(key.name, witness=True)
        self._begin()
        self.known()

    def cosign(self, content: bytes, growth: Growth, seconds: int) -> Line:
        """Return a cosignature of a checkpoint note.

        Args:
            content: The note, signed by its log.
            growth: Shows that the log only grew.
            seconds: The time, POSIX [s].

        Raises:
            Refused: The checkpoint does not extend what is known, or its log did not sign it.
            BadInput: The note, the proof or the memory is not in its form.
            Busy: Another process of this witness is at work.
        """
        note, text = checkpoints.opened(content)
        with Lock(self._lock):
            everything = self.known()
            known = everything.get(text.origin)
            if known is not None and text.size < known.size:
                raise Refused("an older checkpoint than the last one", text.origin, "", 409, known.size)
            new = growth(text, known)
            if not checkpoints.by_log(note, text.origin, new.log):
                raise Refused("the log's key did not sign this checkpoint", text.origin, _KEY_HINT, 403)
            if new != known:
                self._store({**everything, text.origin: new})
        return checkpoints.cosignature(note.text, self.key, seconds)

    def follow(self, log: bytes) -> str:
        """Take up a log by its key alone, with nothing seen of it yet; return its origin."""
        origin = origin_of(log)
        with Lock(self._lock):
            everything = self.known()
            if origin not in everything:
                self._store({**everything, origin: Known(0, EMPTY_ROOT, log, "")})
        return origin

    def known(self) -> dict[str, Known]:
        """Return what is remembered, by origin.

        Raises:
            BadInput: The memory is not there or not as it was written.
        """
        try:
            value = json.loads(self.state.read_bytes())
            logs = value["logs"]
            if value["format"] != FORMAT or value["digest"] != digest(canonical(logs)):
                raise ValueError
            return {origin: _read(each) for origin, each in logs.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise BadInput("what the witness remembers is lost or damaged", str(self.state), LOST) from None

    def _begin(self) -> None:
        """Write an empty memory where there never was one: the lock's file tells whether there was."""
        make_folder(self.state.absolute().parent)
        if not self.state.exists() and not self._lock.exists():
            with suppress(FileExistsError):  # another process of this witness was quicker
                write_new(self.state, _content({}))

    def _store(self, logs: dict[str, Known]) -> None:
        before = self.known()
        for origin, known in before.items():
            if logs[origin].size < known.size:
                raise Refused("a witness does not go back", origin, "", 409, known.size)
        replace_file(self.state, _content(logs))


_KEY_HINT = "if the log changed its key, cosign the whole bundle, which shows the change"


def _read(value: dict[str, Any]) -> Known:
    root = bytes.fromhex(value["root"])
    if len(root) != 32 or not isinstance(value["size"], int):
        raise ValueError
    return Known(value["size"], root, public_key(value["log"]), str(value["fingerprint"]))


def _content(logs: dict[str, Known]) -> bytes:
    shown = {
        origin: {
            "size": known.size,
            "root": known.root.hex(),
            "log": written(known.log),
            "fingerprint": known.fingerprint,
        }
        for origin, known in logs.items()
    }
    return canonical({"format": FORMAT, "logs": shown, "digest": digest(canonical(shown))}) + b"\n"

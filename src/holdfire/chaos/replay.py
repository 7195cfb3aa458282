"""Doing on a disk in memory what a record of system calls did to a folder.

A call that changes something and is not known here is refused, so that nothing is missed; and after the last
call the disk in memory must hold what the folder holds, byte for byte, or the record is not believed. Shared
memory that SQLite keeps beside its log (`-shm`) is left out: it is rebuilt from the log after every crash.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from holdfire.chaos.disk import Disk, File, Folder, Node
from holdfire.chaos.tracing import Call, content, unhex
from holdfire.errors import HoldfireError

HARMLESS = re.compile(
    r"f?access(at2?)?|[fl]?stat(fs|x)?|newfstatat|fstatfs|readlink(at)?|getcwd|pread64|preadv|readahead|getdents64"
    r"|flock|ioctl|p?poll|p?select6?|fadvise64|munmap|f?ch(mod|own)(at)?|utime(s|nsat)?|[fl]?getxattr|f?chdir"
)
"""Calls that change neither bytes nor names; who may read a file is not looked at."""

MEMORY = "-shm"


@dataclass(slots=True)
class _Open:
    node: Node
    place: int = 0
    at_end: bool = False


class Replay:
    """A disk to which calls are done one after another.

    Attributes:
        disk: What they act on.
        words: What the writer has said so far.
    """

    def __init__(self, before: Path, folder: Path) -> None:
        """Begin.

        Args:
            before: A folder that holds what `folder` held when the record began.
            folder: Where the writer wrote.
        """
        self.disk = Disk(before)
        self.words: list[str] = []
        self._folder = folder
        self._files: dict[int, _Open] = {}

    def do(self, call: Call) -> bool:
        """Do one call; return whether it changed, forced or said anything.

        Raises:
            HoldfireError: It changed something in a way that is not known here.
        """
        if call.name == "write" and call.args[0].startswith("1<"):
            self.words += content(call.args[1]).decode().splitlines()
            return True
        if call.name == "sync":
            self.disk.force_all()
            return True
        if call.result < 0 or not (call.touches(self._folder) or self._known(call)):
            return False
        if HARMLESS.fullmatch(call.name):
            return False
        do = _DONE.get(call.name)
        if do is None:
            raise HoldfireError(f"the call {call.name} is not known to the disk in memory")
        return do(self, call)

    def _known(self, call: Call) -> bool:
        number = call.args[0].partition("<")[0]
        return number.isdigit() and int(number) in self._files

    def _file(self, call: Call) -> File:
        return cast(File, self._open(call).node)

    def _open(self, call: Call) -> _Open:
        return self._files[_number(call.args[0])]

    def _find(self, at: str, name: str) -> tuple[Folder, str]:
        """Return the folder and the last part of a path."""
        path = content(name).decode()
        folder = self.disk.root
        if path.startswith("/"):
            parts = list(Path(path).relative_to(self._folder).parts)
        else:
            folder, parts = cast(Folder, self._files[_number(at)].node), list(Path(path).parts)
        for part in parts[:-1]:
            folder = cast(Folder, folder.now[part])
        return folder, parts[-1] if parts else ""

    def _create(self, call: Call) -> bool:
        at, name, flags = call.args[:3]
        if any(each in flags for each in ("O_SYNC", "O_DSYNC", "O_TMPFILE", "O_DIRECT|")):
            raise HoldfireError(f"a file opened with {flags} is not known to the disk in memory")
        folder, last = self._find(at, name)
        node: Node | None = folder.now.get(last) if last else folder
        changed = False
        if node is None:
            node, changed = File(), True
            self.disk.change([(folder, last, node)])
        elif "O_TRUNC" in flags and isinstance(node, File) and node.now:
            node.cut(0)
            changed = True
        self._files[call.result] = _Open(node, at_end="O_APPEND" in flags)
        return changed

    def _close(self, call: Call) -> bool:
        self._files.pop(_number(call.args[0]), None)
        return False

    def _copy(self, call: Call) -> bool:
        if call.name != "fcntl" or "F_DUPFD" in call.args[1]:
            self._files[call.result] = self._open(call)
        return False

    def _move(self, call: Call) -> bool:
        opened = self._open(call)
        opened.place = call.result if call.name == "lseek" else opened.place + call.result
        return False

    def _write(self, call: Call) -> bool:
        opened, file = self._open(call), self._file(call)
        place = len(file.now) if opened.at_end else opened.place
        file.write(place, content(call.args[1])[: call.result])
        opened.place = place + call.result
        return True

    def _write_at(self, call: Call) -> bool:
        self._file(call).write(int(call.args[3]), content(call.args[1])[: call.result])
        return True

    def _cut(self, call: Call) -> bool:
        self._file(call).cut(int(call.args[1]))
        return True

    def _force(self, call: Call) -> bool:
        self.disk.force(self._open(call).node)
        return True

    def _force_all(self, _: Call) -> bool:
        self.disk.force_all()
        return True

    def _make_folder(self, call: Call) -> bool:
        folder, name = self._find(*_at(call, 0))
        self.disk.change([(folder, name, Folder())])
        return True

    def _remove(self, call: Call) -> bool:
        folder, name = self._find(*_at(call, 0))
        self.disk.change([(folder, name, None)])
        return True

    def _rename(self, call: Call) -> bool:
        args = _at(call, 0), _at(call, 1)
        (one, name), (other, named) = (self._find(*each) for each in args)
        node = one.now[name]
        exchanged = other.now[named] if "EXCHANGE" in call.args[-1] else None
        self.disk.change([(one, name, exchanged), (other, named, node)])
        return True

    def _map(self, call: Call) -> bool:
        shared = "MAP_SHARED" in call.args[3] and "PROT_WRITE" in call.args[2]
        if shared and MEMORY + ">" not in unhex(call.args[4]):
            raise HoldfireError("the writer maps a file to write to it, which the disk in memory cannot see")
        return False


def _number(arg: str) -> int:
    return int(arg.partition("<")[0])


def _at(call: Call, which: int) -> tuple[str, str]:
    """Return the folder and the path of a call's first or second name."""
    if call.args[0].startswith('"'):
        return "", call.args[which]
    return call.args[2 * which], call.args[2 * which + 1]


_DONE: dict[str, Callable[[Replay, Call], bool]] = {
    "openat": Replay._create,
    "close": Replay._close,
    "dup": Replay._copy,
    "fcntl": Replay._copy,
    "lseek": Replay._move,
    "read": Replay._move,
    "write": Replay._write,
    "pwrite64": Replay._write_at,
    "ftruncate": Replay._cut,
    "fsync": Replay._force,
    "fdatasync": Replay._force,
    "syncfs": Replay._force_all,
    **dict.fromkeys(("mkdir", "mkdirat"), Replay._make_folder),
    **dict.fromkeys(("unlink", "unlinkat", "rmdir"), Replay._remove),
    **dict.fromkeys(("rename", "renameat", "renameat2"), Replay._rename),
    "mmap": Replay._map,
}

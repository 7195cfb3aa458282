"""Exhibits: public files that entries of the log name by digest, kept beside it.

They hold what people wrote (the agreement, names, sources, decisions) and the words that a bulletin prints.
A bulletin is made of the log and its exhibits. An exhibit is put before the entry that names it, so an
entry never names one that was not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from holdfire.digests import Digest, digest
from holdfire.errors import BadInput, Problem
from holdfire.folder import Folder
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import inside, make_folder, replace_file

COPY = "restore it from another copy of the record; without it this cannot be made again"


@dataclass(frozen=True)
class Exhibits:
    """The exhibits of one case.

    Attributes:
        folder: Where they lie, each under its digest.
    """

    folder: Path

    def put(self, content: bytes) -> Digest:
        """Keep a file, and return its digest; when this returns it is on the disk."""
        name = digest(content)
        if not (self.folder / name).is_file():
            make_folder(self.folder)
            replace_file(self.folder / name, content)
        return name

    def read(self, name: Digest) -> bytes:
        """Return a file.

        Raises:
            BadInput: It is not there, or its bytes are not those of its name.
        """
        path = self.folder / name
        if not path.is_file():
            raise BadInput(
                f"exhibit {name[:8]} is not there",
                path.name,
                COPY,
            )
        content = path.read_bytes()
        if digest(content) != name:
            raise BadInput(f"exhibit {name[:8]} does not match its name", path.name, COPY)
        return content

    def __contains__(self, name: Digest) -> bool:
        """Return whether an exhibit is there, whatever its bytes are now."""
        return (self.folder / name).is_file()

    def check(self, names: Iterable[Digest]) -> list[Problem]:
        """Return what is wrong with some exhibits; nothing: each is there and matches its name."""
        found: list[Problem] = []
        for name in sorted(names):
            try:
                self.read(name)
            except BadInput as error:
                found += error.problems
        return found

    def keep(self, folder: Folder) -> dict[str, Digest]:
        """Keep everything that people wrote in a case, and return the digest of each file by path."""
        return {name: self.put(path.read_bytes()) for name, path in folder.files()}

    @contextmanager
    def laid_out(self, files: Mapping[str, Digest]) -> Iterator[Folder]:
        """Lay out what people wrote as a case folder of its own, for as long as the block lasts.

        Raises:
            BadInput: A file is not there or does not match, or a name climbs out.
        """
        with TemporaryDirectory(prefix="holdfire-") as made:
            root = Path(made)
            for name, file in sorted(files.items()):
                path = inside(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.read(file))
            yield Folder(root)


def named(ledger: Ledger) -> set[Digest]:
    """Return the exhibits that entries of a log name."""
    found: set[Digest] = set()
    for entry in ledger.entries(("case", "bulletin")):
        body = entry.value
        found |= {name for _, name in body.get("files", ())} | {body[k] for k in ("extracts",) if k in body}
    return found

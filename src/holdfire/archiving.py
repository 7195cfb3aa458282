"""Archives of the web come in: the vault takes the archive whole, and each page in it becomes a report.

The archive is the evidentiary copy. What is taken out of it is a working copy that names the archive; a
digest it states is checked and said, a token beside it is attached, and neither decides whether a page is
read. An archive can never say who published it: whoever adds it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from holdfire import stamps
from holdfire.answers import Answer
from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.folder import Folder
from holdfire.holdings import reports
from holdfire.intake import recognised
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault
from holdfire.reading import archives
from holdfire.reading.format import Format

LINES = ("source", "published", "licence", "cite", "language")
"""Fields of a note that may be given for an archive; what a page says of itself goes before them."""


@dataclass(frozen=True)
class Unpacked:
    """What came of an archive.

    Attributes:
        archive: Id of the archive itself.
        kind: Which kind of archive it is.
        pages: Ids of the reports taken out of it, in its order.
        kept: Items that hold nothing a format reads; they stay in the archive.
        differing: Items whose stated digest is not that of their bytes.
        tokens: Time-stamp tokens attached.
        says: What the archive says of itself, a sentence each.
    """

    archive: Digest
    kind: str
    pages: tuple[Digest, ...]
    kept: int
    differing: int
    tokens: int
    says: tuple[str, ...]


def is_archive(path: Path) -> bool:
    """Return whether a file is an archive of the web."""
    with path.open("rb") as stream:
        return archives.recognise(path.name, stream.read(65536)) is not None


@dataclass(frozen=True)
class Unpacking:
    """Takes archives into a case that is open to write."""

    folder: Folder
    ledger: Ledger
    vault: Vault
    formats: Mapping[str, Format]
    now: str
    by: str

    def take(self, path: Path, given: Mapping[str, str]) -> Unpacked:
        """Take in one archive and what is in it.

        Args:
            path: The archive.
            given: Fields of a note; `source` is needed.

        Raises:
            BadInput: All problems of the archive, or no one says who published it; nothing entered the log.
        """
        if unknown := sorted(set(given) - set(LINES)):
            raise BadInput(
                f"an archive takes no {unknown[0]}", path.name, "its pages are read as what they are"
            )
        about = self.folder.note("".join(f"{k}: {v!r}\n" for k, v in given.items()), path.name)
        with path.open("rb") as stream:
            opened = archives.open_archive(path.name, stream, path.stat().st_size)
            entries, tokens, counted = [], [], {"kept": 0, "differing": 0}
            whole = self._put(stream, {"file": path.name, "cite": about.cite, "licence": about.licence})
            said = {"source": about.source, "published": about.published, "language": about.language}
            entries.append(self._entry(whole, opened.kind, said))
            tokens += [(whole, token) for token in opened.tokens if token.over is None]
            for item in opened.items():
                counted["differing"] += item.matches is Answer.NO
                form = recognised(item.name, item.content[:65536], self.formats) if item.readable else ""
                if not form:
                    counted["kept"] += 1
                    continue
                label = {"file": f"{path.name}/{item.name}", "licence": about.licence, **item.about}
                name = self._put(
                    item.content, {k: v for k, v in label.items() if k not in ("published", "language")}
                )
                own = {**said, **{k: v for k, v in item.about.items() if k in said}}
                entries.append(self._entry(name, form, own) | {"archive": whole})
                tokens += [(name, token) for token in item.tokens]
        known = reports(self.ledger)
        self.ledger.append([entry for entry in entries if entry["report"] not in known])
        for of, token in tokens:
            stamps.attach(
                self.ledger, self.vault, of, token.content, at=self.now, by=self.by, over=token.over
            )
        return Unpacked(
            archive=whole,
            kind=opened.kind,
            pages=tuple(entry["report"] for entry in entries[1:]),
            kept=counted["kept"],
            differing=counted["differing"],
            tokens=len(tokens),
            says=opened.says,
        )

    def _put(self, content: BinaryIO | bytes, label: Mapping[str, str]) -> Digest:
        if not isinstance(content, bytes):
            content.seek(0)
        return self.vault.put(content, {name: value for name, value in label.items() if value})

    def _entry(self, name: Digest, form: str, said: Mapping[str, str]) -> dict[str, Any]:
        return {
            "kind": "report",
            "report": name,
            "format": form,
            "received": self.now,
            "by": self.by,
            **{key: value for key, value in said.items() if value},
        }

"""Keep a copy of a record that anyone may check: `sync` brings it up to date from any server, trusting none.

A mirror is a bundle (docs/format.md) in a folder. It goes forward only: what it said yes to is remembered, in
itself and in a file beside it, and an older bundle, another history, a mix of two or one that has expired is
refused with that word while the mirror stays as it was. tests/chaos/test_mirror.py plays an honest and a
hostile server, and kills the copying at random moments.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from holdfire.errors import BadInput, CheckFailed, HoldfireError, Problem
from holdfire.ledger.shelf import make_folder
from holdfire.ledger.verifying.checks import Answer, Memory
from holdfire.ledger.verifying.command import AskedWrongly, read_memory, write_memory
from holdfire.ledger.verifying.findings import Finding, Refused, shown
from holdfire.mirroring.arriving import Arriving, told
from holdfire.mirroring.copying import Building, Copied, Copying, Denied
from holdfire.mirroring.logs import Tell
from holdfire.mirroring.mirror import Mirror
from holdfire.mirroring.sources import Local, Source, Unreachable
from holdfire.mirroring.web import Web

CODES = {
    "rollback": "it is older than what this mirror has seen",
    "fork": "it shows another history than this mirror has seen",
    "mixed": "its parts are of different issues",
    "expired": "it has expired; look for a newer one",
    "foreign": "it is another record than the one you trust",
}
"""What a code means for a mirror, where the finding's own words need it."""

HINT = "the mirror is as it was; try another source, and tell the editors if it persists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why one source was not followed.

    Attributes:
        source: As it was given.
        code: One of docs/format.md; `unreachable`: it could not be asked.
        where: The file.
        words: Why.
    """

    source: str
    code: str
    where: str
    words: str

    def __str__(self) -> str:
        """Return it in a line."""
        found = f"{shown(self.where)}: {self.words}" if self.where else self.words
        return f"{self.code}: {CODES[self.code]} ({found})" if self.code in CODES else f"{self.code}: {found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What bringing a mirror up to date came to.

    Attributes:
        answer: Of the verifier to the mirror as it is now, a yes.
        source: The one followed.
        changed: Whether anything was new.
        files: Files fetched.
        kept: Files that the mirror had.
        received: Bytes of file contents that came over the network, from all sources.
        requests: Files asked for, from all sources.
        refused: Sources that were asked before and not followed.
    """

    answer: Answer
    source: str
    changed: bool
    files: int
    kept: int
    received: int
    requests: int
    refused: tuple[Refusal, ...]


def sync(
    sources: Sequence[str],
    folder: Path,
    fingerprint: str,
    *,
    memory: Path | None = None,
    now: int,
    follow: bool = False,
    tell: Tell = lambda what, done, total: None,
    wait: Callable[[float], None] = time.sleep,
    patience: float = 30.0,
) -> Synced:
    """Bring a mirror up to date from the first source that has something new and true.

    Args:
        sources: Addresses (http, https), folders or packed bundles, asked in this order.
        folder: The mirror; made if it is not there.
        fingerprint: Of the record: leaf hash of keyset 1.
        memory: What was said yes to last, by fingerprint; None: `NAME.memory` beside the mirror.
        now: The time [s since 1970].
        follow: Ask the addresses in the mirror's own MIRRORS too, after the sources.
        tell: Told of each step.
        wait: Waits so many seconds between tries.
        patience: How long a server may keep us waiting [s].

    Raises:
        CheckFailed: A source was refused and none was followed; the mirror is as it was.
        BadInput: A source, the folder or the memory is not what it should be.
        HoldfireError: No source could be asked, or the disk refuses.
        Busy: Another process is at this mirror.
    """
    file = memory or folder.with_name(f"{folder.name}.memory")
    make_folder(folder.parent)
    with Arriving(folder) as arriving:
        _settle(folder)
        mirror = Mirror(folder, fingerprint)
        asked = list(dict.fromkeys([*sources, *(mirror.addresses() if follow else [])]))
        if not asked:
            raise BadInput(
                "there is no source", hint="give an address or a folder, or --follow with a mirror"
            )
        seen = _memory(file)
        known = _newest(seen.get(fingerprint), mirror.memory())
        copying = Copying(mirror, arriving, fingerprint, known, now, tell)
        opened = [_opened(each, asked, wait, patience) for each in asked]
        found, refused = _first(copying, opened)
        if found is None:
            raise _none(refused)
        source, copied = found
        seen[fingerprint] = Memory(copied.answer.facts.size, bytes.fromhex(copied.answer.facts.root))
        with told(file):
            write_memory(str(file), seen)
        arriving.clear()
    return Synced(
        answer=copied.answer,
        source=source.name,
        changed=copied.changed,
        files=copied.files,
        kept=copied.kept,
        received=sum(each.received for each in opened),
        requests=sum(each.requests for each in opened),
        refused=tuple(refused),
    )


def _first(copying: Copying, sources: Sequence[Source]) -> tuple[tuple[Source, Copied] | None, list[Refusal]]:
    """Return the first source with something new, else the first that is as new as we are."""
    refused: list[Refusal] = []
    same: tuple[Source, Copied] | None = None
    for source in sources:
        try:
            copied = copying.copy(source)
        except Unreachable as error:
            refused.append(Refusal(source=source.name, code="unreachable", where="", words=str(error)))
        except Denied as error:
            refused.append(_refusal(source, error.findings[0]))
        except Refused as error:
            refused.append(_refusal(source, error.finding))
        else:
            if copied.changed:
                return (source, copied), refused
            same = same or (source, copied)
        finally:
            source.close()
    return same, refused


def _refusal(source: Source, finding: Finding) -> Refusal:
    return Refusal(source=source.name, code=finding.code, where=finding.where, words=finding.words)


def _none(refused: Sequence[Refusal]) -> HoldfireError:
    kind = HoldfireError if all(each.code == "unreachable" for each in refused) else CheckFailed
    return kind.of(Problem(str(each), each.source, HINT) for each in refused)


def _opened(
    source: str, all_sources: Sequence[str], wait: Callable[[float], None], patience: float
) -> Source:
    if not source.startswith(("http://", "https://")):
        return Local(Path(source))
    hosts = {urlsplit(each).hostname for each in all_sources if each.startswith(("http://", "https://"))}
    try:
        return Web(source, frozenset(h for h in hosts if h), wait=wait, patience=patience)
    except Unreachable as error:
        raise BadInput(str(error), source, "such as https://mirror.example/record/") from None


def _memory(file: Path) -> dict[str, Memory]:
    try:
        return read_memory(str(file))
    except (AskedWrongly, OSError) as error:
        raise BadInput(
            f"what this mirror saw last cannot be read: {error}",
            str(file),
            "if you know why, delete it: the mirror then starts to remember anew",
        ) from None


def _newest(one: Memory | None, other: Memory | None) -> Memory | None:
    known = [each for each in (one, other) if each is not None]
    return max(known, key=lambda each: each.size, default=None)


def _settle(folder: Path) -> None:
    """Finish or undo what a killed copy left beside the mirror."""
    try:
        with Building(folder):
            raise _Settled
    except _Settled:
        return


class _Settled(Exception):
    """Nothing is to be put in place."""

"""Versions of determinations: what a run changed supersedes what stood, says why, and leaves it in the log.

The first version of a determination is its entry. Each later one is an entry of kind `version` beside it: its
number, what it supersedes by id and leaf hash, why, and the entries that bear on it. Where the claims of one
incident went into another, the other's determination supersedes both; where they parted, each part
supersedes the whole. A determination that nothing takes the place of ends with a version that names no
entry: a tombstone.

Versions are written before the entry of their run, which counts them: the last so many before it are those
that hold. A run killed in between leaves some that none counts, and they are no one's word. A run of a
log from before there were versions counts none; its versions are found by the same comparison when
they are read. tests/properties/test_superseding.py tries any order of reports, and of kills.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfire.digests import Digest
from holdfire.engine import Engine
from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.recording import last, standing
from holdfire.records.incident import Part
from holdfire.versions.why import Between, Body, bodies, differing

COUNTED = "versions"
"""What a run's entry calls the number of versions that it closes."""

MOST_CITED = 20
"""Most places of entries that one version names."""

ANSWERS = frozenset({Part.DENIES.value, Part.PLEADS.value})
"""Parts of claims that answer an incident and do not make it: they carry no version with them."""


@dataclass(frozen=True)
class Version:
    """One version of a determination after its first.

    Attributes:
        of: Its id.
        number: One more than the highest of what it supersedes.
        entry: Leaf hash of the determination that stands; empty: none does any more.
        supersedes: Id and leaf hash of each determination it takes the place of; none: it stands again.
        why: Values of `why.Why`.
        entries: Places in the log of entries that bear on it, the first of many.
        run: Place of the entry of the run that closed it; -1: none did yet.
        at: When that run ended, ISO 8601 in UTC.
    """

    of: str
    number: int
    entry: Digest
    supersedes: tuple[tuple[str, Digest], ...]
    why: tuple[str, ...]
    entries: tuple[int, ...]
    run: int = -1
    at: str = ""

    def value(self, after: int) -> dict[str, Any]:
        """Return the entry of the log; `after` is the length of the log as it is written."""
        said = {
            "kind": "version",
            "of": self.of,
            "number": self.number,
            "supersedes": [list(pair) for pair in self.supersedes],
            "why": list(self.why),
            "entries": list(self.entries),
            "after": after,
        }
        return {**said, "entry": self.entry} if self.entry else said


def versions(ledger: Ledger, engine: Engine, upto: int | None = None) -> list[Version]:
    """Return every version but the firsts, in order, that runs among the first `upto` entries closed."""
    found: list[Version] = []
    pending: list[Entry] = []
    before, known = 0, dict[str, int]()
    for entry in ledger.entries(("version", "run"), upto=upto):
        if entry.kind == "version":
            pending.append(entry)
            continue
        run = entry.value
        counted = run["counts"].get(COUNTED)
        if counted is None:
            between = Between(ledger, engine, before, entry.seq + 1, str(run["method"]))
            made = list(_compared(between, known)) if before else []
        else:
            made = [_version(each.value) for each in pending[len(pending) - counted :]]
        for each in made:
            _heed(known, each)
            found.append(_closed(each, entry))
        before, pending = entry.seq + 1, []
    return found


def written(ledger: Ledger, engine: Engine, method: str) -> list[dict[str, Any]]:
    """Return the entries of the versions that a run is about to close.

    Args:
        ledger: The log, brought to what was found, the run's own entry not yet added.
        engine: How to run SQL.
        method: Digest of the run's method.
    """
    ran, size = last(ledger, "run"), ledger.size
    if ran is None:
        return []
    known: dict[str, int] = {}
    for each in versions(ledger, engine):
        _heed(known, each)
    between = Between(ledger, engine, ran.seq + 1, size, method)
    return [each.value(size) for each in _compared(between, known)]


def closing(engine: Engine, method: str) -> Callable[[Ledger], Sequence[Mapping[str, Any]]]:
    """Return what `recording.record` asks for the versions that a run closes."""
    return lambda ledger: written(ledger, engine, method)


def _version(body: Mapping[str, Any]) -> Version:
    return Version(
        str(body["of"]),
        int(body["number"]),
        str(body.get("entry", "")),
        tuple((str(name), str(leaf)) for name, leaf in body["supersedes"]),
        tuple(body["why"]),
        tuple(body["entries"]),
    )


def _closed(version: Version, run: Entry) -> Version:
    return Version(
        version.of,
        version.number,
        version.entry,
        version.supersedes,
        version.why,
        version.entries,
        run.seq,
        str(run.value["at"]),
    )


def _heed(known: dict[str, int], version: Version) -> None:
    """Take a version into the last number of each id that ever had a second or was superseded."""
    known[version.of] = version.number
    for name, _ in version.supersedes:
        known.setdefault(name, 1)


@dataclass(frozen=True)
class _One:
    """A determination that does not stand as it did, or did not stand so before."""

    id: str
    leaf: Digest
    body: Body

    @property
    def makers(self) -> set[str]:
        """Return the claims that make its incident."""
        return {name for name, part in self.body["members"] if part not in ANSWERS}


def _compared(between: Between, known: Mapping[str, int]) -> Iterator[Version]:
    """Yield the versions that a run made, sorted by id."""
    ledger, engine = between.ledger, between.engine
    old, new = (standing(ledger, "determination", engine, size) for size in (between.before, between.after))
    moved = differing(old, new, engine)
    columns = {name: moved[name].to_pylist() for name in moved.column_names}
    places = [place for name in ("old", "new") for place in columns[name] if place is not None]
    said = bodies(ledger, "determination", places, between.after)
    ended = _ones(columns["id"], columns["was"], columns["old"], said)
    fresh = _ones(columns["id"], columns["now"], columns["new"], said)
    homes: dict[str, list[str]] = {}
    for name, one in ended.items():
        for claim in one.makers:
            homes.setdefault(claim, []).append(name)
    taken: set[str] = set()
    for name, one in fresh.items():
        before = {home for claim in one.makers for home in homes.get(claim, ())} | ({name} & ended.keys())
        taken |= before
        if before or name in known:
            yield _made(between, known, one, [ended[each] for each in sorted(before)])
    for name, one in ended.items():
        if name not in taken:
            yield _made(between, known, None, [one])


def _ones(
    ids: Sequence[str], leaves: Sequence[str], places: Sequence[int], said: Mapping[int, Body]
) -> dict[str, _One]:
    return {
        name: _One(name, leaf, said[place])
        for name, leaf, place in zip(ids, leaves, places, strict=True)
        if leaf is not None
    }


def _made(between: Between, known: Mapping[str, int], new: _One | None, old: Sequence[_One]) -> Version:
    why, entries = between.why([one.body for one in old], new.body if new else None)
    of = new.id if new else old[0].id
    numbers = [known.get(one.id, 1) for one in old]
    return Version(
        of,
        1 + max([*numbers, known.get(of, 0)]),
        new.leaf if new else "",
        tuple((one.id, one.leaf) for one in old),
        why,
        entries[:MOST_CITED],
    )

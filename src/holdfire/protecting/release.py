"""A release: which cells of a partition are switched on for one epoch, and nothing else.

What holds of every release, and tests/properties/test_release.py tries to break:

* moving a protected place anywhere within its cell changes no byte of it, nor of anything made from it;
* it holds no category, count, place or identity, and no time finer than its epoch;
* cells are whole cells of one partition; a group on the move is all cells of its block, and looks like them;
* a place that was published under an earlier partition is every cell that meets its old one;
* under each prior, belief that a candidate is protected stays at or below a limit set beforehand.

Nothing here reads a clock or a place: the time and the codes are handed in, and the number of places,
which is needed to work out belief, is not written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from holdfire import times
from holdfire.digests import Digest, canonical, digest
from holdfire.errors import BadInput, Problems, nearest
from holdfire.protecting.carrying import Land, cells_for
from holdfire.protecting.cells import Block, Cell, Partition, Settings
from holdfire.protecting.load import IDENTIFIED, belief, counted, most_sites
from holdfire.protecting.trails import Lit, groups, trails
from holdfire.times import Interval

KIND = "zones"
"""What the text says of itself, so that no other entry passes for a release."""

WORDING = "precaution area; does not assert that a site is present"
"""What is said of every cell that is on."""

LIMIT = Fraction(3, 2)
"""Belief in any candidate may be this many times 1/k, unless another limit is set."""

_UTC = times.zone("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Cells of a partition that are on from one instant to another.

    Attributes:
        partition: Digest of the partition.
        name: Its name, which codes begin with.
        number: Of this release, from 1.
        starts: When the epoch begins, an instant in UTC; in it.
        ends: When it ends; not in it.
        cells: Codes of the cells that are on, sorted.
        before: Digest of the release before; empty for the first.
        keyset: Leaf hash of the keyset that says who may sign.
        wording: What is said of every cell.
    """

    partition: Digest
    name: str
    number: int
    starts: str
    ends: str
    cells: tuple[str, ...]
    before: Digest
    keyset: Digest
    wording: str = WORDING

    @property
    def value(self) -> dict[str, Any]:
        """Return what it says, as strings and integers."""
        said = {name: getattr(self, name) for name in self.__slots__ if name != "cells"}
        return {"kind": KIND, **said, "cells": list(self.cells)}

    @property
    def text(self) -> bytes:
        """Return what is signed: canonical JSON."""
        return canonical(self.value)

    @property
    def digest(self) -> Digest:
        """Return the name of exactly this release, whoever signed it."""
        return digest(self.text)

    @property
    def when(self) -> Interval:
        """Return its epoch."""
        return Interval(times.instant(self.starts, _UTC), times.instant(self.ends, _UTC))


def read(said: Mapping[str, Any], where: str = "release") -> Release:
    """Return the release that an entry says, whoever signed it.

    Raises:
        BadInput: It is none, or says more than a release may.
    """
    fields = {name: said.get(name) for name in Release.__slots__}
    cells = fields.pop("cells")
    known = {"kind", "cells", "signatures", *fields}
    texts = [each for name, each in fields.items() if name != "number"]
    if (
        said.get("kind") != KIND
        or set(said) - known
        or not isinstance(cells, list)
        or not all(isinstance(each, str) for each in [*cells, *texts])
        or not isinstance(fields["number"], int)
        or isinstance(fields["number"], bool)
    ):
        raise BadInput("this is no release of zones", where, "`holdfire protect publish` writes one")
    found = Release(cells=tuple(cells), **fields)  # type: ignore[arg-type]
    problems = Problems(where)
    if list(found.cells) != sorted(set(found.cells)):
        problems.add("its codes are not in order, or one stands twice")
    if found.wording != WORDING:
        problems.add("it says something else of its areas than every release does", hint=f'"{WORDING}"')
    if found.number < 1 or (found.number == 1) != (not found.before):
        problems.add("its number and the release before do not fit")
    try:
        whole = found.when.start < found.when.end  # type: ignore[operator]
    except (BadInput, ValueError):
        whole = False
    if not whole:
        problems.add("its epoch is none")
    problems.raise_any()
    return found


@dataclass(frozen=True)
class Published:
    """A release beside the partition it is of: all that a reader has.

    Raises:
        BadInput: The partition is another one, a code is none of its cells, or the epoch is not on its grid.
    """

    release: Release
    partition: Partition

    def __post_init__(self) -> None:
        problems = Problems(f"release {self.release.number}")
        if self.release.partition != self.partition.digest:
            raise BadInput(
                f"the release is of partition {self.release.name} with digest {self.release.partition[:16]}…,"
                f" and this is {self.partition.name} with {self.partition.digest[:16]}…",
                f"release {self.release.number}",
                "take the partition that was published with it",
            )
        for code in self.release.cells:
            if code not in self.partition.by_code:
                problems.add(f'"{code[:20]}" is no cell of partition {self.partition.name}')
        if (self.release.starts, self.release.ends) != epoch(self.partition.settings, self.release.starts):
            problems.add("its epoch is not one that its partition declares")
        problems.raise_any()

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Return the cells that are on, by code; a zone is a cell's `zone`."""
        return tuple(self.partition.by_code[code] for code in self.release.cells)


def epoch(settings: Settings, moment: str | datetime) -> tuple[str, str]:
    """Return the first and last instant of the epoch that a moment lies in, on a partition's grid.

    Epochs are whole days in UTC and follow each other without gaps.

    >>> epoch(Settings(), "2024-02-01")
    ('2024-01-29T00:00Z', '2024-02-26T00:00Z')
    """
    at = times.instant(moment, _UTC) if isinstance(moment, str) else moment
    first = date.fromisoformat(settings.epochs_from)
    passed = (at.astimezone(UTC).date() - first).days // settings.epoch_days
    start = datetime.combine(first + timedelta(days=passed * settings.epoch_days), time(), UTC)
    return times.utc(start), times.utc(start + timedelta(days=settings.epoch_days))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a release is drawn up of. Codes alone: no position can be handed in.

    Attributes:
        codes: Codes of cells, of blocks for groups on the move, or of earlier partitions' cells and blocks.
        sites: How many places they stand for; used for belief, and not written down.
        partition: The one that codes become cells of.
        earlier: Partitions that some codes may be of.
        starts: First day or instant of the epoch.
        fresh: Whether no place goes on from the release before, though the partition changed since.
        others: Whether no block that is on is for a group whose block goes off.
        limit: Largest belief in any candidate; None: `LIMIT` / k.
    """

    codes: Sequence[str]
    sites: int = field(repr=False)
    partition: Partition
    earlier: Sequence[Partition] = field(default=())
    starts: str = ""
    fresh: bool = False
    others: bool = False
    limit: Fraction | None = None


def draw_up(asked: Asked, *, now: datetime, keyset: Digest, past: Sequence[Release] = ()) -> Release:
    """Return the next release, for two people to sign.

    Args:
        asked: What is to be on, and when; without a start, the first epoch that can still be released.
        now: The time.
        keyset: Leaf hash of the keyset in force.
        past: The releases before, in order, none left out; (): this is the first.

    Raises:
        BadInput: Everything that keeps it from being released: an epoch that has begun, is none of the
            partition's or overlaps the one before; a code that is not known; belief above the limit; a
            group that would be seen to go from block to block.
    """
    problems = Problems("release")
    before = past[-1] if past else None
    starts, ends = _epoch(asked, now, before, problems)
    earlier = _named_apart(asked, problems)
    lands = _lands(asked, earlier, problems)
    if before and before.partition != asked.partition.digest and before.cells and not asked.fresh:
        old = {each.digest for each in earlier.values()}
        if before.partition not in old or not any(code in _codes(earlier, before.name) for code in lands):
            problems.add(
                f"the release before is of another partition, {before.name}, and no code of it is given",
                "codes",
                f"a place that stays is named by its code of {before.name}, with --earlier FILE of that"
                " partition; --fresh says that none stays",
            )
    _refuse_belief(asked, list(lands.values()), problems)
    problems.raise_any()
    on = frozenset(code for land in lands.values() for code in cells_for(land, asked.partition))
    _refuse_trails(asked, past, on, problems)
    problems.raise_any()
    return Release(
        partition=asked.partition.digest,
        name=asked.partition.name,
        number=before.number + 1 if before else 1,
        starts=starts,
        ends=ends,
        cells=tuple(sorted(on)),
        before=before.digest if before else "",
        keyset=keyset,
    )


def _epoch(asked: Asked, now: datetime, before: Release | None, problems: Problems) -> tuple[str, str]:
    settings = asked.partition.settings
    after = epoch(settings, now)[1]
    if not asked.starts:
        ended = times.utc(before.when.end) if before and before.when.end else after
        following = epoch(settings, max(after, ended))
        return following if following[0] >= ended else epoch(settings, following[1])
    start = times.instant(asked.starts, _UTC)
    found = epoch(settings, start)
    if times.utc(start) != found[0]:
        problems.add(
            f"no epoch begins on {asked.starts}",
            "epoch",
            f"epochs of {asked.partition.name} last {settings.epoch_days} days; one begins on"
            f" {found[0][:10]}, the next on {found[1][:10]}",
        )
    if start <= now:
        problems.add(
            f"the epoch of {found[0][:10]} has begun: a change within it would say when something changed",
            "epoch",
            f"the first that can be released begins on {after[:10]}",
        )
    if before and before.when.end is not None and start < before.when.end:
        problems.add(
            f"the epoch overlaps that of release {before.number}, which ends {before.ends[:10]}",
            "epoch",
            "one release an epoch; what changed since goes into the next",
        )
    return found


def _named_apart(asked: Asked, problems: Problems) -> Mapping[str, Partition]:
    """Return the partitions that codes may be of, by name."""
    found = {asked.partition.name: asked.partition}
    for each in asked.earlier:
        if found.setdefault(each.name, each).digest != each.digest:
            problems.add(
                f"two partitions are called {each.name}, so their codes cannot be told apart",
                hint="give a new partition a new name, such as SYR2",
            )
    return found


def _codes(partitions: Mapping[str, Partition], name: str) -> frozenset[str]:
    held = partitions.get(name)
    return frozenset() if held is None else frozenset(each.code for each in _held(held))


def _held(partition: Partition) -> list[Cell | Block]:
    return [*partition.cells, *partition.blocks]


def _lands(asked: Asked, partitions: Mapping[str, Partition], problems: Problems) -> dict[str, Land]:
    """Return the cell or block of each code, with the partition it is of."""
    known = {land.code: (each, land) for each in partitions.values() for land in _held(each)}
    found = {}
    for code in sorted(set(asked.codes)):
        if code in known:
            found[code] = known[code]
        else:
            problems.add(f'"{code[:20]}" is no cell or block of {" or ".join(partitions)}', "codes",
                         nearest(code, known).partition("? known")[0] if known else "")  # fmt: skip
    if asked.sites < len(found):
        problems.add(
            f"{asked.sites} places cannot stand in {len(found)} cells and blocks",
            "sites",
            "give the number of all protected places that the codes stand for",
        )
    if asked.sites and not asked.codes:
        problems.add("no cell is given", "codes")
    return found


def _refuse_belief(asked: Asked, lands: list[Land], problems: Problems) -> None:
    on: dict[str, Cell | Block] = {each.code: each for _, each in lands}
    for land in lands:
        try:
            on |= {code: asked.partition.by_code[code] for code in cells_for(land, asked.partition)}
        except BadInput as error:
            problems.extend(error.problems)
    k = asked.partition.settings.k
    limit = float(asked.limit if asked.limit is not None else LIMIT / k)
    over = [each for each in on.values() if belief(each, asked.sites) > limit]
    if over:
        worst = max(over, key=lambda each: (belief(each, asked.sites), each.code))
        most = most_sites(on.values(), limit)
        problems.add(
            f"belief in a candidate of {worst.code} would be {belief(worst, asked.sites):.3f}; the limit is"
            f" {limit:.3f} (among {len(over)} cells that are above it)",
            "load",
            (f"with {most} places at most it stays within the limit; " if most else "")
            + "shelter fewer places, or make a partition with a larger k",
        )
    else:
        _refuse_crowd(asked, lands, problems)


def _refuse_trails(asked: Asked, past: Sequence[Release], on: frozenset[str], problems: Problems) -> None:
    """Refuse a block that came on after one that is not on any more: together they show a crossing."""
    if asked.others or not past:
        return
    known = {each.digest: each for each in (*asked.earlier, asked.partition)}
    lit: list[Lit] = []
    for each in reversed(past):
        if each.partition not in known:
            break
        lit.insert(0, (known[each.partition], frozenset(each.cells)))
    now, named = (asked.partition, on), frozenset(asked.codes)
    if not lit and past[-1].cells and groups(now, named):
        problems.add(
            f"the release before is of partition {past[-1].name}, so it cannot be seen whether a group"
            " moves on",
            "codes",
            f"--earlier FILE of {past[-1].name}; --another-group says that no group of it goes on",
        )
    for trail in trails(lit, now, named):
        problems.add(
            f"block {trail.left} was on and is not any more, and block {trail.entered} came on after it:"
            " whoever takes them for one group sees where it crossed, near which few places are",
            "codes",
            f"have {trail.left} on too until the journey ends, and declare all blocks of a journey at once;"
            " --another-group says that they are of different groups",
        )


def _refuse_crowd(asked: Asked, lands: list[Land], problems: Problems) -> None:
    """Refuse so many places in so few cells that one who learns their number identifies one.

    Both as an outsider sees it, by cell, and as one does who knows which blocks are on for groups.
    """
    own = [land for of, land in lands if of.digest == asked.partition.digest]
    cells = {code for land in lands if land[0].digest == asked.partition.digest
             for code in cells_for(land, asked.partition)}  # fmt: skip
    if not own or len(own) < len(lands):  # what is carried stands for more land than places lie in
        return
    surest: dict[str, float] = {}
    for on in (own, [asked.partition.by_code[code] for code in sorted(cells)]):
        for code, told in counted(on, asked.sites).items():
            surest[code] = max(surest.get(code, 0.0), told)
    over = sorted(code for code, told in surest.items() if told > IDENTIFIED)
    if over:
        problems.add(
            f"{asked.sites} places crowd into {len(own)} cells and blocks: whoever learns how many there are"
            f" would be surer than one half of one in {', '.join(over[:5])}"
            + (f" and {len(over) - 5} more" if over[5:] else ""),
            "load",
            "shelter fewer of them, or make a partition with a larger k",
        )

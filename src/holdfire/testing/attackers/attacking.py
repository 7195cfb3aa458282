"""Attack releases as they would go out, and say how far each attacker gets.

An attacker has the releases, their partitions and their candidates, and knows all rules. What comes back is
the largest belief in any candidate and the least number left, by attacker and prior, and the codes of zones
where a limit is passed: never which candidate, and nothing about sites, which are not handed in.
tests/attacks/test_attacking.py gives releases that break each limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.protecting.candidates import COUNT, Candidates
from holdfire.protecting.cells import Cell, Partition
from holdfire.protecting.check import touching
from holdfire.protecting.grid import HALF, Integers, Reals
from holdfire.protecting.release import LIMIT, Published
from holdfire.protecting.trails import trails
from holdfire.testing.attackers import asking, changing, crowding
from holdfire.testing.attackers.moving import Ways
from holdfire.testing.attackers.world import IDENTIFIED, World

PREMISES = {
    "centroid": "guesses the place nearest to the middle of a zone",
    "intersection": "takes every place in the outlines that all releases have in common",
    "inversion": "knows the rules, and weighs every candidate for which the same would be published",
    "differencing": "compares releases, and knows every other site when one joins or leaves",
    "change": "knows that a site stayed while the partition changed",
    "load": "knows, or guesses from the cells that are on, how many sites there are",
    "load, counted": "knows how many sites there are, and that all lie in the cells that are on",
    "movement": "follows a group from day to day, and takes blocks that follow each other for one group",
    "questions": "asks the check about areas until its answers give no more",
    "register": "knows from elsewhere that the site is in this register",
}
"""What each attacker knows and does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How far one attacker got under one prior.

    Attributes:
        attacker: Key of `PREMISES`.
        prior: What the attacker thinks likely beforehand.
        zones: How many zones, changes or blocks were attacked.
        belief: Largest belief in any candidate of any of them; 0: none was attacked.
        identified: In how many of them some belief is above one half.
        limit: What belief may be at most.
        above: Codes of zones in which it is more, sorted.
        note: What a reader must know beside it.
    """

    attacker: str
    prior: str
    zones: int
    belief: float
    identified: int
    limit: float
    above: tuple[str, ...]
    note: str = ""

    @property
    def left(self) -> float | None:
        """Return among how many alike candidates the least hidden one is; None: nothing was attacked."""
        return 1 / self.belief if self.belief > 0 else None

    @property
    def value(self) -> dict[str, Any]:
        """Return it for machines."""
        said = {name: getattr(self, name) for name in self.__slots__ if name != "above"}
        return {**said, "above": list(self.above), "left": self.left, "premise": PREMISES[self.attacker]}


@dataclass(frozen=True, kw_only=True)
class Attack:
    """What is attacked, and what an attacker knows besides.

    Attributes:
        releases: In order of time.
        candidates: Of each partition, by its digest.
        sites: How many sites are sheltered, if that is known outside; None: guessed from the releases.
        register: Longitudes and latitudes of a public register [degrees] (places, 2); None: none is known.
        limit: Largest belief under load; None: `release.LIMIT` / k.

    Raises:
        BadInput: There is no release, or the candidates are not those of a partition.
    """

    releases: Sequence[Published]
    candidates: Mapping[Digest, Candidates]
    sites: int | None = None
    register: Reals | None = None
    limit: Fraction | None = None
    grounds: Mapping[Digest, _Ground] = field(init=False)

    def __post_init__(self) -> None:
        if not self.releases:
            raise BadInput("there is no release to attack")
        ordered = sorted(self.releases, key=lambda each: (each.release.starts, each.release.number))
        object.__setattr__(self, "releases", ordered)
        grounds = {}
        for each in ordered:
            partition = each.partition
            held = self.candidates.get(partition.digest)
            if held is None or held.digest != partition.candidates:
                raise BadInput(
                    f"these are not the candidates of partition {partition.name}", "candidates",
                    "give the public layers that it was made of",
                )  # fmt: skip
            if partition.digest not in grounds:
                grounds[partition.digest] = _Ground(partition, held)
        object.__setattr__(self, "grounds", grounds)

    def findings(self) -> Iterator[Finding]:
        """Yield what each attacker found."""
        yield self._centroid()
        yield self._intersection()
        for prior in self.priors:
            yield self._told("inversion", prior, self._on())
            yield self._told("differencing", prior, self._changed())
        for prior in self.priors:
            yield self._change(prior)
        for prior in self.priors:
            yield from self._load(prior)
        for prior in self.priors:
            yield self._movement(prior)
        yield self._questions()
        if self.register is not None:
            yield self._registered(self.register)

    @cached_property
    def priors(self) -> tuple[str, ...]:
        """Return the priors that all partitions have."""
        named = [each.partition.priors for each in self.grounds.values()]
        return tuple(prior for prior in named[0] if all(prior in each for each in named))

    def _on(self) -> set[tuple[Digest, str]]:
        return {(each.partition.digest, code) for each in self.releases for code in each.release.cells}

    def _changed(self) -> set[tuple[Digest, str]]:
        return {
            (one.partition.digest, code)
            for one, other in pairwise(self.releases)
            if one.partition.digest == other.partition.digest
            for code in set(one.release.cells) ^ set(other.release.cells)
        }

    def _finding(
        self,
        attacker: str,
        prior: str,
        beliefs: Mapping[str, float],
        limit: float | None = None,
        note: str = "",
    ) -> Finding:
        most = max(1 / each.settings.k for each in (g.partition for g in self.grounds.values()))
        allowed = most if limit is None else limit
        return Finding(
            attacker=attacker,
            prior=prior,
            zones=len(beliefs),
            belief=max(beliefs.values(), default=0.0),
            identified=sum(each > IDENTIFIED for each in beliefs.values()),
            limit=allowed,
            above=tuple(sorted(c for c, each in beliefs.items() if each > allowed * (1 + 1e-9))),
            note=note,
        )

    def _told(self, attacker: str, prior: str, cells: Iterable[tuple[Digest, str]]) -> Finding:
        beliefs = {
            code: float(self.grounds[of].largest(prior)[self.grounds[of].row[code]]) for of, code in cells
        }
        return self._finding(attacker, prior, beliefs)

    def _centroid(self) -> Finding:
        beliefs = {code: self.grounds[of].middle_belief(code) for of, code in self._on()}
        return self._finding("centroid", COUNT, beliefs)

    def _intersection(self) -> Finding:
        beliefs = {
            code: 1 / max(1, int(self.grounds[of].within(self.grounds[of].partition.by_code[code]).sum()))
            for of, code in self._on()
        }
        return self._finding("intersection", COUNT, beliefs)

    def _change(self, prior: str) -> Finding:
        """Cut each old cell with what is on under the next partition, where the carry rule is not kept."""
        beliefs: dict[str, float] = {}
        for one, other in pairwise(self.releases):
            if one.partition.digest == other.partition.digest:
                continue
            ground, new = self.grounds[one.partition.digest], other.partition
            next_on = np.isin([cell.code for cell in new.cells], other.release.cells)
            into = new.numbers_of(ground.places.lon, ground.places.lat)
            lit = (into >= 0) & next_on[into]
            kept = changing.kept(
                one.partition, frozenset(one.release.cells), new, frozenset(other.release.cells)
            )
            for code, whole in kept.items():
                inside = ground.cells == ground.row[code]
                mass = ground.places.priors[prior][inside & (lit | (whole is not False))]
                if mass.sum() > 0:
                    beliefs[code] = float(mass.max() / mass.sum())
        return self._finding("change", prior, beliefs)

    def _load(self, prior: str) -> Iterator[Finding]:
        blind: dict[str, float] = {}
        counted: dict[str, float] = {}
        numbers = set()
        for each in self.releases:
            ground = self.grounds[each.partition.digest]
            on = np.array([ground.row[code] for code in each.release.cells], np.int64)
            if not len(on):
                continue
            share, most = ground.share(prior)[on], ground.share(prior)[on] * ground.largest(prior)[on]
            many = (
                float(self.sites)
                if self.sites is not None
                else crowding.guessed(ground.share(prior), len(on))
            )
            numbers.add(round(many))
            for found, rate in (
                (blind, many),
                (counted, crowding.rate(share, round(many)) if self.sites is not None else 0.0),
            ):
                beliefs = crowding.belief(most, share, rate)
                for code, belief in zip(each.release.cells, beliefs.tolist(), strict=True):
                    found[code] = max(found.get(code, 0.0), belief)
        k = min(ground.partition.settings.k for ground in self.grounds.values())
        limit = float(self.limit if self.limit is not None else LIMIT / k)
        note = "" if self.sites is not None else f"guesses {_span(numbers)} sites"
        yield self._finding("load", prior, blind, limit, note)
        if self.sites is not None:
            yield self._finding("load, counted", prior, counted, limit)

    def _movement(self, prior: str) -> Finding:
        """Follow groups: in each block that is wholly on, and from one to the next that follows it."""
        beliefs: dict[str, float] = {}
        whole = [
            self.grounds[each.partition.digest].whole_blocks(each.release.cells) for each in self.releases
        ]
        for each, blocks in zip(self.releases, whole, strict=True):
            ground, days = self.grounds[each.partition.digest], each.partition.settings.epoch_days
            for block in blocks:
                if block not in beliefs:
                    beliefs[block] = ground.followed(prior, [[block]] * days)
        for left, entered, on in self._trails():
            ground, days = self.grounds[on[0].partition.digest], on[0].partition.settings.epoch_days
            anywhere = {block.code for block in ground.partition.blocks}
            both = [(ground.whole_blocks(each.release.cells) & {left, entered}) or anywhere for each in on]
            belief = ground.followed(prior, [sorted(each) for each in both for _ in range(days)])
            for block in (left, entered):
                beliefs[block] = max(beliefs.get(block, 0.0), belief)
        return self._finding("movement", prior, beliefs)

    def _trails(self) -> Iterator[tuple[str, str, Sequence[Published]]]:
        """Yield blocks that someone takes for one group's, with the releases since the first was on."""
        first = 0
        for n in range(1, len(self.releases)):
            if self.releases[n].partition.digest != self.releases[n - 1].partition.digest:
                first = n
            lit = [(each.partition, frozenset(each.release.cells)) for each in self.releases[first : n + 1]]
            codes = frozenset(block.code for block in lit[-1][0].blocks)
            for each in trails(lit[:-1], lit[-1], codes):
                yield each.left, each.entered, self.releases[first + each.since : n + 1]

    def _questions(self) -> Finding:
        """Find the outline of each zone by asking the check alone, and count the candidates in it."""
        beliefs: dict[str, float] = {}
        for each in self.releases:
            ground = self.grounds[each.partition.digest]
            if each.partition.extent.east > HALF:  # areas asked about do not cross longitude 180
                continue
            asked = [cell for cell in each.cells if cell.code not in beliefs]
            for cell, sides in zip(asked, _outlines(each, asked), strict=True):
                lon, lat = ground.places.lon, ground.places.lat
                west, south, east, north = sides
                inside = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
                beliefs[cell.code] = 1 / max(1, int(inside.sum()))
        return self._finding("questions", COUNT, beliefs)

    def _registered(self, register: Reals) -> Finding:
        beliefs, empty = {}, set()
        for of, code in self._on():
            ground = self.grounds[of]
            into = ground.partition.numbers_of(register[:, 0], register[:, 1])
            many = int((into == ground.row[code]).sum())
            if many:
                beliefs[code] = 1 / many
            else:
                empty.add(code)
        note = f"{len(empty)} zones hold no place of it" if empty else ""
        return self._finding("register", "register", beliefs, note=note)


@dataclass(frozen=True)
class _Ground:
    """A partition, its candidates, and what is asked of both again and again."""

    partition: Partition
    places: Candidates

    @cached_property
    def cells(self) -> Integers:
        return self.partition.numbers_of(self.places.lon, self.places.lat)

    @cached_property
    def row(self) -> Mapping[str, int]:
        return {cell.code: n for n, cell in enumerate(self.partition.cells)}

    def share(self, prior: str) -> Reals:
        """Return each cell's part of all likelihood (cells,)."""
        return self._sums(prior)[0]

    def largest(self, prior: str) -> Reals:
        """Return the belief in each cell's likeliest candidate (cells,)."""
        return self._sums(prior)[1]

    def _sums(self, prior: str) -> tuple[Reals, Reals]:
        if prior not in self._held:
            mass = self.places.priors[prior].astype(np.float64)
            size = len(self.partition.cells)
            total = np.bincount(self.cells, weights=mass, minlength=size)
            most = np.zeros(size)
            np.maximum.at(most, self.cells, mass)
            self._held[prior] = (total / total.sum(), most / total)
        return self._held[prior]

    @cached_property
    def _held(self) -> dict[str, tuple[Reals, Reals]]:
        return {}

    def middle_belief(self, code: str) -> float:
        """Return the belief in the candidate nearest to the middle of a zone; 0: it is not in the cell."""
        zone = self.partition.by_code[code].zone
        lon, lat = (zone.west + zone.east) / 120, (zone.south + zone.north) / 120
        across = (self.places.lon - lon + 180) % 360 - 180
        far = np.hypot(across * np.cos(np.radians(lat)), self.places.lat - lat)
        guess = int(far.argmin())
        inside = self.cells == self.row[code]
        return 1 / int(inside.sum()) if inside[guess] else 0.0

    def within(self, cell: Cell) -> Any:
        """Return which candidates lie in a cell's zone (places,)."""
        return cell.zone.holds(self.places.lon, self.places.lat)

    def whole_blocks(self, codes: Sequence[str]) -> frozenset[str]:
        """Return the blocks of which every cell is on."""
        on = set(codes)
        off = {cell.block for cell in self.partition.cells if cell.code not in on}
        return frozenset({block.code for block in self.partition.blocks} - off)

    @cached_property
    def _rows(self) -> Mapping[str, Integers]:
        blocks = np.array([cell.block for cell in self.partition.cells])[self.cells]
        return {block.code: np.flatnonzero(blocks == block.code) for block in self.partition.blocks}

    def followed(self, prior: str, journey: Sequence[Sequence[str]]) -> float:
        """Return the largest belief in any place on any day of a journey; 0: there can be none.

        Args:
            prior: What is thought likely beforehand.
            journey: Blocks that the group may be in (days,).
        """
        used = self._places_of(sorted({block for day in journey for block in day}))
        world = World(self.places.lon[used], self.places.lat[used], self.places.priors[prior][used])
        rows = {day: np.searchsorted(used, self._places_of(day)) for day in set(map(tuple, journey))}
        try:
            return float(
                Ways.of(world).largest([rows[tuple(day)] for day in journey], world.mass, confined=True).max()
            )
        except ValueError:  # too far apart for one group
            return 0.0

    def _places_of(self, blocks: Sequence[str]) -> Integers:
        return np.sort(np.concatenate([self._rows[block] for block in blocks]))


def _outlines(each: Published, cells: Sequence[Cell]) -> Reals:
    """Return the sides of zones as asking finds them, all zones at a time [degrees] (cells, 4)."""
    if not cells:
        return np.empty((0, 4))
    box = each.partition.extent
    extent = np.array([box.west, box.south, box.east, box.north]) / 60
    middles = [((c.box.west + c.box.east) / 120, (c.box.south + c.box.north) / 120) for c in cells]

    def touches(areas: Reals) -> Any:
        thin = np.clip(
            areas + np.array([-1e-7, -1e-7, 1e-7, 1e-7]), extent[[0, 1, 0, 1]], extent[[2, 3, 2, 3]]
        )
        found = touching([each], list(shapely.box(*thin.T)), each.release.when)
        return np.array([cell.code in codes for cell, codes in zip(cells, found, strict=True)])

    return asking.outlined(touches, np.array(middles), extent, 1e-6)


def _span(numbers: set[int]) -> str:
    low, high = min(numbers, default=0), max(numbers, default=0)
    return str(low) if low == high else f"{low} to {high}"

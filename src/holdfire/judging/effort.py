"""What the effort says of a change in what was recorded: were the same eyes open as before?

Reports double when fighting doubles, and when access doubles. Three things tell them apart, taken in order:

* **overlap.** Where two independent sources tell of the same area, the part of one's incidents that the
  other tells of too is how much the other sees. If that is as it was, what happened changed; if it doubled,
  what was seen did. What is told of all that happened follows from two lists as in a capture and recapture
  (Chapman 1951, Univ. Calif. Publ. Stat. 1:131-160); that sources depend on each other biases it, alike
  before and after, and so hardly moves the ratio of the two. It does where one source records only some kinds
  of act and these alone stop: so overlap alone explains nothing that other fights deny.
* **others.** With one source, fights that the agreement does not bind are what remains: if the source records
  them as before, it was looking. A truce does not quiet them, an absent recorder does. If they rose while the
  others fell, the fall is no want of looking. Days without a record of anything weigh here: a calm between
  two parties does not silence every other front. Where an area has no other fights, those of the whole
  country can show that the source went dark, and never that it saw this area.
* **restriction.** What a person wrote down as kept from sight, where it begins or ends with the change.

With none of them the answer is unknown, and says so. With one source, and fighting of all kinds falling by
the same part at once, a calm of everything cannot be told from a source gone dark.
tests/calibration/test_effort.py doubles access, doubles fighting, and counts what is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, isfinite, log, sqrt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.judging.cutting import dispersion
from holdfire.judging.sighting import rates, told, within
from holdfire.records.change import UNSEEN, Basis, Change, Effort, Percent, Seeing
from holdfire.records.sight import Restriction
from holdfire.records.spell import Level

BESIDE = 28
"""Most days before and after a change over which sources are compared [days]."""

FEWEST = 8
"""Fewest incidents that two sources both tell of, before and after, for their overlap to say anything."""

FEWEST_OTHERS = 15
"""Fewest incidents of other fighting, before and after together."""

MOST = 0.6
"""Part of a change, on the scale of ratios, which effort must account for to explain it [1]."""

DARK = 0.01
"""Chance of so many days without a record, at or below which the sources are held to have been dark."""

SIDE = 1.645
"""Standard errors on each side of an interval that holds the truth at nine in ten."""


@dataclass(frozen=True, slots=True)
class Known:
    """A ratio on the scale of logarithms, with its variance."""

    middle: float
    variance: float

    @property
    def low(self) -> float:
        """Return the lower end at nine in ten."""
        return self.middle - SIDE * sqrt(self.variance)

    @property
    def high(self) -> float:
        """Return the upper end at nine in ten."""
        return self.middle + SIDE * sqrt(self.variance)

    @property
    def moved(self) -> bool:
        """Return whether the interval leaves out that nothing changed."""
        return self.low > 0 or self.high < 0

    def less(self, other: Known) -> Known:
        """Return what is left when another ratio is taken out."""
        return Known(self.middle - other.middle, self.variance + other.variance)

    def percent(self) -> Percent:
        """Return it in whole percent, at most a hundredfold."""
        low, middle, high = (
            round(100 * exp(min(each, log(100)))) for each in (self.low, self.middle, self.high)
        )
        return Percent(low=low, middle=middle, high=high)


def ratio(before: Level, after: Level, k: float) -> Known:
    """Return the level after as a part of the level before; half a count is added to each."""
    means = [(level.per_day * level.days + 0.5) / level.days for level in (before, after)]
    spread = [1 / (level.per_day * level.days + 0.5) + 1 / (k * level.days) for level in (before, after)]
    return Known(log(means[1] / means[0]), sum(spread))


def seeing(
    change: Change,
    k: float,
    sights: pa.Table,
    area: str = "",
    restrictions: Sequence[Restriction] = (),
) -> Seeing:
    """Return what is known of the effort at a change.

    Args:
        change: The change.
        k: Dispersion of the series it was found in, as `cutting.dispersion` has it.
        sights: SIGHT rows of the whole record.
        area: The area the series is of; empty: all of them.
        restrictions: What kept monitors from seeing.
    """
    before = (max(change.before.start, change.day - timedelta(days=BESIDE)), change.day - timedelta(days=1))
    after = (change.day, min(change.after.end, change.day + timedelta(days=BESIDE - 1)))
    raw = ratio(change.before, change.after, k)
    here, there = (within(sights, *days, area) for days in (before, after))
    found = UNSEEN
    others = _by_others(raw, sights, (before, after), area)
    if (share := _overlap(here, there)) is not None:
        found = _said(raw, share, Basis.OVERLAP)
        if found.effort is Effort.EXPLAINS and others and others.effort is Effort.STEADY:
            # Sources that record different kinds of act overlap less when one kind stops: no want of looking.
            found = replace(found, effort=Effort.CHANGED)
    if found.effort is Effort.UNKNOWN:
        found = others or found
    found = replace(found, dark=_dark(there, after), dark_before=_dark(here, before))
    if found.effort in (Effort.STEADY, Effort.UNKNOWN) and _restricted(restrictions, before, after, area):
        return replace(found, effort=Effort.CHANGED, basis=Basis.RESTRICTION)
    return found


def _said(raw: Known, share: Known, basis: Basis) -> Seeing:
    """Return what follows from a change and from the change of what is seen."""
    left = raw.less(share)
    same_way = share.middle * raw.middle > 0
    if basis is Basis.OTHERS and not same_way:
        # Where other fights moved the other way, they say no more than that the eye was open.
        effort = Effort.STEADY if left.moved else Effort.UNKNOWN
    elif share.moved and same_way:
        gone = not left.moved or abs(share.middle) >= MOST * abs(raw.middle)
        effort = Effort.EXPLAINS if gone or left.middle * raw.middle < 0 else Effort.CHANGED
    elif share.moved:
        effort = Effort.CHANGED
    else:
        effort = Effort.STEADY if left.moved else Effort.UNKNOWN
    return Seeing(effort=effort, basis=basis, seen=share.percent(), left=left.percent())


Days = tuple[date, date]


def _by_others(raw: Known, sights: pa.Table, sides: tuple[Days, Days], area: str) -> Seeing | None:
    """Return what fights that the agreement does not bind say; None: too few are recorded."""
    for place in dict.fromkeys((area, "")):
        tables = [within(sights, *days, place) for days in sides]
        daily = _each_day(sights, place)
        share = _others(tables, sides, daily)
        if share is None:
            continue
        found = _said(raw, share, Basis.OTHERS)
        gap = share.moved and share.middle * raw.middle > 0 and _went_dark(tables, sides, daily)
        if gap and found.effort in (Effort.CHANGED, Effort.EXPLAINS):
            return replace(found, effort=Effort.EXPLAINS)
        if place != area:
            return replace(found, effort=Effort.UNKNOWN)
        return found
    return None


def _went_dark(tables: Sequence[pa.Table], sides: tuple[Days, Days], k: float) -> bool:
    """Return whether the darker side has more days without any record than other fights would leave."""
    from scipy.stats import binom  # slow to load, and most commands never ask

    dark = [_dark(table, days) for table, days in zip(tables, sides, strict=True)]
    lengths = [(last - first).days + 1 for first, last in sides]
    worse = int(dark[1] * lengths[0] > dark[0] * lengths[1])
    if not dark[worse]:
        return False
    usual = (told(tables[1 - worse], (True,)) + 0.5) / lengths[1 - worse]
    empty = (k / (k + usual)) ** k
    return float(binom.sf(dark[worse] - 1, lengths[worse], empty)) < DARK


def _overlap(here: pa.Table, there: pa.Table) -> Known | None:
    """Return how much more is told of what happened, by the overlap of sources; None: too little overlaps."""
    listed = [{rate.root: rate for rate in rates(_bound(each))} for each in (here, there)]
    shared = [
        (min(each[root].both for each in listed), root)
        for root in sorted(set.intersection(*map(set, listed)))
    ]
    fewest, root = max(shared, key=lambda each: each[0], default=(0, ""))
    if fewest < FEWEST:
        return None
    ends = []
    for by_root in listed:
        rate = by_root[root]
        one, other, both = rate.told, rate.others, rate.both
        all_of_them = (one + 1) * (other + 1) / (both + 1) - 1
        spread = (one + 1) * (other + 1) * (one - both) * (other - both) / ((both + 1) ** 2 * (both + 2))
        # Where everything is told of, half a miss keeps the interval from closing upon it.
        single = one + other - both
        ends.append((log(single / max(all_of_them, 1)), (spread + 0.5) / max(all_of_them, 1) ** 2))
    return Known(ends[1][0] - ends[0][0], ends[0][1] + ends[1][1])


def _others(tables: Sequence[pa.Table], sides: tuple[Days, Days], k: float) -> Known | None:
    """Return the change of fighting that the agreement does not bind; None: too little is recorded of it."""
    counts = [told(each, (True,)) for each in tables]
    if sum(counts) < FEWEST_OTHERS:
        return None
    days = [(last - first).days + 1 for first, last in sides]
    spread = sum(1 / (count + 0.5) + 1 / (k * length) for count, length in zip(counts, days, strict=True))
    return Known(log((counts[1] + 0.5) / days[1]) - log((counts[0] + 0.5) / days[0]), spread)


def _bound(table: pa.Table) -> pa.Table:
    """Return what is told of fights that the agreement binds."""
    return table.filter(pc.invert(table["apart"]))


def _each_day(sights: pa.Table, area: str) -> float:
    """Return the dispersion of daily incidents of other fighting."""
    kept = sights.filter(pc.and_(sights["apart"], pc.equal(sights["root"], "")))
    if area:
        kept = kept.filter(pc.equal(kept["area"], area))
    if not len(kept):
        return 1.0
    days = kept["date"].cast(pa.int32()).to_numpy()
    counts = np.bincount(days - days.min(), kept["told"].to_numpy())
    found = dispersion(counts.astype(np.float64)) if len(counts) > 2 else 1.0
    return found if isfinite(found) else 1.0


def _dark(table: pa.Table, days: Days) -> int:
    """Return on how many of these days nothing of any kind is recorded."""
    return (days[1] - days[0]).days + 1 - len(pc.unique(table["date"]))


def _restricted(restrictions: Sequence[Restriction], before: Days, after: Days, area: str) -> bool:
    """Return whether a restriction lies over most of the days on one side, and over few on the other."""

    def part(days: Days) -> float:
        length = (days[1] - days[0]).days + 1
        covered = {
            days[0] + timedelta(days=n)
            for n in range(length)
            for each in restrictions
            if each.area in ("", area) and each.start <= days[0] + timedelta(days=n) <= each.end
        }
        return len(covered) / length

    return abs(part(after) - part(before)) >= 0.5

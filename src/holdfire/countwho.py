"""Whom a count of the lists of a case is of: what is asked of everyone, who is left out, what lists say.

Statuses and days are those that lists give; nothing of a name is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire import times
from holdfire.counting.among import VAGUE, Asked, Kept, among, conditions, said_of
from holdfire.counting.estimate import Reason
from holdfire.counting.membership import MISSING, Grouped, Sheet
from holdfire.counting.overlaps import Integers
from holdfire.errors import BadInput
from holdfire.records.death import Status
from holdfire.records.decided import AmongNote

STATUSES = tuple(str(each) for each in Status)
WEAK = frozenset({STATUSES.index("unknown")})
"""A list's own word that it does not know contradicts none that does."""
NOT_SAID = "not_said"
DAYS = ("within", "outside")
"""Where a day of death lies, by code."""

ORDER = ("status", "died", "all")
AMONG = "`among` of hand/counting.yaml, or --status, --from and --until"
"""Where it is said whom a count is of."""

Ends = tuple[int, int, int]


@dataclass(frozen=True)
class Whom:
    """Whom a count is of.

    Attributes:
        among: What is asked of them; nothing: everyone on the lists is counted.
        days: First and last day of those counted, both included; None: not asked.
        everyone: People on any list, whoever they are: median, and least and greatest of 95 of 100 linkages.
        left_out: Of these, who is not counted, by what was asked and why [people]; the median over linkages.
        unused: Entries of those counted that do not say it, by source: on no list by these; median.
        statuses: What lists say everyone was, `not_said` and `disputed` among it; the median over linkages.
        died: First and last day on which anyone may have died; None: no list gives any.
        undated: People of whom no list gives a day; the median over linkages.
        conditions: What a number rests on where lists do not say it of everyone.
    """

    among: AmongNote
    days: tuple[date, date] | None
    everyone: Ends
    left_out: Mapping[tuple[str, str], int]
    unused: Mapping[str, int]
    statuses: Mapping[str, int]
    died: tuple[date, date] | None
    undated: int
    conditions: tuple[Reason, ...]

    @property
    def asked(self) -> bool:
        """Return whether anything is asked of those who are counted."""
        return bool(self.among.status) or self.days is not None


def whom(
    deaths: pa.Table,
    sheet: Sheet,
    groups: Integers,
    people: Sequence[Grouped],
    note: AmongNote,
    zone: ZoneInfo,
) -> tuple[list[Grouped], Whom]:
    """Return the people who are counted under each linkage, and whom that leaves out.

    Args:
        deaths: DEATH rows of entries that name someone.
        sheet: The same in numbers.
        groups: For each linkage and entry a number of its person (draws, entries).
        people: All people under each linkage.
        note: What is asked.
        zone: In which days are local.

    Raises:
        BadInput: The last day is before the first, or nobody is said to be one of those asked for.
    """
    days = days_of(note, zone)
    asked = asked_of(deaths, note, days)
    kept = [among(sheet, each, group, asked) for each, group in zip(people, groups, strict=True)]
    if not any(each.found.people for each in kept):
        raise BadInput(
            f"of {people[0].people:,} people on the lists, none is said to be one of those who are counted",
            AMONG,
            "`holdfire count` without it shows what the lists say of them",
        )
    status, died = _status(deaths), _given(deaths["died_first"])
    said = [_statuses(each, group, status) for each, group in zip(people, groups, strict=True)]
    undated = [_silent(each, group, died) for each, group in zip(people, groups, strict=True)]
    first, last = pc.min(deaths["died_first"]).as_py(), pc.max(deaths["died_last"]).as_py()
    return [each.found for each in kept], Whom(
        among=note,
        days=days,
        everyone=over([each.people for each in people]),
        left_out=_left_out(kept),
        unused={name: n for name, n in zip(sheet.lists, _unused(kept), strict=True) if n},
        statuses={name: n for name in (*STATUSES, "disputed", NOT_SAID) if (n := _median(said, name))},
        died=(first, last) if first and last else None,
        undated=int(np.median(undated)),
        conditions=conditions(kept),
    )


def over(numbers: Sequence[int]) -> Ends:
    """Return median, and least and greatest of 95 of 100, as whole people."""
    low, middle, high = np.quantile(numbers, [0.025, 0.5, 0.975])
    return round(float(middle)), int(np.floor(low)), int(np.ceil(high))


def days_of(note: AmongNote, zone: ZoneInfo) -> tuple[date, date] | None:
    """Return the first and the last day that are asked for, both included; None: none are.

    Raises:
        BadInput: The last is before the first.
    """
    if not note.starts and not note.until:
        return None
    first, last = date.min, date.max
    if note.starts and (start := times.parse(note.starts, zone)[0].start):
        first = start.astimezone(zone).date()
    if note.until:
        span = times.parse(note.until, zone)[0]
        if span.end and span.start:  # the end of a day is the start of the next
            last = (max(span.end - timedelta.resolution, span.start)).astimezone(zone).date()
    if last < first:
        raise BadInput(f"the days end {last}, before they begin {first}", AMONG, "`from` is the first day")
    return first, last


def asked_of(deaths: pa.Table, note: AmongNote, days: tuple[date, date] | None) -> list[Asked]:
    """Return what is asked of everyone, with what each entry says."""
    asked = []
    if note.status:
        wanted = {MISSING if each == NOT_SAID else STATUSES.index(each) for each in note.status}
        asked.append(Asked("status", _status(deaths), STATUSES, frozenset(wanted), WEAK))
    if days:
        asked.append(Asked("died", _days(deaths, *days), DAYS, frozenset({0})))
    return asked


def _status(deaths: pa.Table) -> Integers:
    found = pc.index_in(deaths["status"], value_set=pa.array(STATUSES))
    codes: Integers = pc.fill_null(found, MISSING).to_numpy().astype(np.int64)
    return codes


def _given(column: pa.ChunkedArray) -> Integers:
    return np.where(pc.is_valid(column).to_numpy(), 0, MISSING).astype(np.int64)


def _days(deaths: pa.Table, first: date, last: date) -> Integers:
    """Return where each entry's day lies: VAGUE, if it may lie within and outside."""
    one, other = deaths["died_first"], deaths["died_last"]
    within = pc.and_(pc.greater_equal(one, pa.scalar(first)), pc.less_equal(other, pa.scalar(last)))
    outside = pc.or_(pc.less(other, pa.scalar(first)), pc.greater(one, pa.scalar(last)))
    yes, no = (pc.fill_null(each, False).to_numpy().astype(bool) for each in (within, outside))
    return np.where(yes, 0, np.where(no, 1, np.where(pc.is_valid(one).to_numpy(), VAGUE, MISSING)))


def _statuses(people: Grouped, groups: Integers, codes: Integers) -> Counter[str]:
    person = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    found = said_of(person, codes, people.people, len(STATUSES), WEAK)
    names = {**dict(enumerate(STATUSES)), MISSING: NOT_SAID}
    return Counter(names.get(code, "disputed") for code in found.tolist())


def _silent(people: Grouped, groups: Integers, codes: Integers) -> int:
    person = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    return int((said_of(person, codes, people.people, 1) == MISSING).sum())


def _left_out(kept: Sequence[Kept]) -> dict[tuple[str, str], int]:
    why = sorted({key for each in kept for key in each.left_out}, key=lambda key: (ORDER.index(key[0]), key))
    found = {key: int(np.median([each.left_out.get(key, 0) for each in kept])) for key in why}
    return {key: n for key, n in found.items() if n}


def _unused(kept: Sequence[Kept]) -> list[int]:
    return [int(n) for n in np.median([each.unused for each in kept], axis=0)]


def _median(said: Sequence[Counter[str]], name: str) -> int:
    return int(np.median([each[name] for each in said]))

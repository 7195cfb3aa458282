"""A notification: what is told of a protected place or movement, to be read by its recipient alone.

It is voluntary and informative. It asks for no permission, gives none, and changes no duty under humanitarian
law; these words stand in every one. Its bytes are canonical JSON of strings and integers. They are sealed to
recipients, and the log holds a salted commitment to them.

No position, name or word of one is part of an error or of `repr`. What is wrong with one is told all at once.
tests/unit/test_notifying.py tries each refusal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from holdfire import times
from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, Problem, Problems
from holdfire.times import utc

FORM = "holdfire-notification/v1"

WORDING = (
    "This notification is voluntary and informative. It is not a request for permission and gives none."
    " It changes no duty under humanitarian law; that a place was not notified permits nothing."
)
WORDING_AR = (
    "هذا الإخطار طوعيّ ولمجرّد العلم. ليس طلبًا لإذن ولا يمنح إذنًا."
    " وهو لا يغيّر أيّ واجب بموجب القانون الدولي الإنساني، وعدم الإخطار عن مكان لا يبيح شيئًا."
)
"""The same in Arabic."""

UNITS = 10**7
"""Positions are whole ten-millionths of a degree."""

COARSE = UNITS // 1000
"""A position in whole thousandths of a degree on both axes is held to be rounded."""

FIELDS = frozenset(
    ("about", "subject", "place", "route", "from", "to", "reply_by", "words", "cells", "partition")
)
"""What people may write of one."""

MOST_STOPS = 500
MOST_WORDS = 4_000
_UTC = times.zone("UTC")


class About(StrEnum):
    """What is told."""

    SITE = "site"
    MOVEMENT = "movement"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Stop:
    """A position, and for a movement when it is reached.

    Attributes:
        lon: Longitude [ten-millionths of a degree].
        lat: Latitude [ten-millionths of a degree].
        at: When; None: for a site, the whole window; for a movement, at a time that is not said.
    """

    lon: int = field(repr=False)
    lat: int = field(repr=False)
    at: datetime | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What is told.

    Attributes:
        about: A site, a movement, or that an earlier notice no longer holds.
        subject: The sender's own name for it; consent of the owner is looked up by it.
        stops: Where: of a site one or more positions, of a movement waypoints in order.
        cells: Codes of the cells that it lies in, of the partition; () where no partition was given.
        partition: Digest of the partition that `cells` are of; empty: none.
        starts: When it begins to hold.
        ends: When it no longer holds.
        reply_by: By when an acknowledgement is asked for.
        words: Anything more, in plain words.
        before: Commitment of the notice that this one renews or withdraws; empty: none.
    """

    about: About
    subject: str = field(repr=False)
    stops: tuple[Stop, ...] = field(repr=False)
    cells: tuple[str, ...] = field(default=(), repr=False)
    partition: Digest = ""
    starts: datetime
    ends: datetime
    reply_by: datetime
    words: str = field(default="", repr=False)
    before: Digest = ""

    def text(self) -> bytes:
        """Return its bytes."""
        return canonical(
            {
                "form": FORM,
                "about": self.about.value,
                "subject": self.subject,
                "stops": [[s.lon, s.lat, utc(s.at) if s.at else ""] for s in self.stops],
                "cells": list(self.cells),
                "partition": self.partition,
                "starts": utc(self.starts),
                "ends": utc(self.ends),
                "reply_by": utc(self.reply_by),
                "words": self.words,
                "before": self.before,
                "wording": WORDING,
            }
        )


def parse(text: bytes, where: str = "notice") -> Notification:
    """Return the notification that its bytes say.

    Raises:
        BadInput: They are none; nothing of them is told.
    """
    try:
        said = json.loads(text)
        found = Notification(
            about=About(said["about"]),
            subject=_text(said["subject"]),
            stops=tuple(
                Stop(_whole(x), _whole(y), _instant(at) if at else None) for x, y, at in said["stops"]
            ),
            cells=tuple(_text(each) for each in said["cells"]),
            partition=_text(said["partition"]),
            starts=_instant(said["starts"]),
            ends=_instant(said["ends"]),
            reply_by=_instant(said["reply_by"]),
            words=_text(said["words"]),
            before=_text(said["before"]),
        )
        if found.text() == text:
            return found
    except (ValueError, KeyError, TypeError, RecursionError, BadInput):
        pass
    raise BadInput("this is no notification, or one of a newer Holdfire", where)


def asked(said: Mapping[str, Any], where: str, lines: Mapping[str, int] | None = None) -> Notification:
    """Return the notification that a mapping, as people write it, asks for.

    Args:
        said: `about`, `subject`, `place` (a position or a list) or `route`, `from`, `to`, `reply_by`; may
            have `cells`, `partition`, `words`. A position is `{lon, lat}`, of a route also `{at}`.
        where: The file, for errors.
        lines: Line of each top key, for errors.

    Raises:
        BadInput: Everything that is wrong with it, none of what it says.
    """
    problems = Problems(where)
    taken = _Taken(said, problems, lines or {})
    about = taken.about()
    stops = taken.stops("route" if about is About.MOVEMENT else "place", about)
    starts, ends, reply_by = (taken.instant(name) for name in ("from", "to", "reply_by"))
    subject, words = taken.text("subject", 200, True), taken.text("words", MOST_WORDS, False)
    cells, partition = taken.codes("cells"), taken.text("partition", 64, False)
    if not stops and not cells and about is not None and not {"place", "route"} & set(said):
        taken.wrong(
            "route" if about is About.MOVEMENT else "place", "no position is given", "or cells: [CODE]"
        )
    for name in sorted(set(map(str, said)) - FIELDS):
        line = taken.lines.get(name, 1)
        problems.add(
            "a field is not one of a notification", f"line {line}", f"one of {', '.join(sorted(FIELDS))}"
        )
    problems.raise_any()
    if about is None or starts is None or ends is None or reply_by is None:
        raise BadInput("this is no notification", where)
    return Notification(
        about=about,
        subject=subject,
        stops=stops,
        cells=cells,
        partition=partition,
        starts=starts,
        ends=ends,
        reply_by=reply_by,
        words=words,
    )


def asked_window(
    said: Mapping[str, Any], where: str, lines: Mapping[str, int] | None = None
) -> tuple[datetime, datetime, datetime, str]:
    """Return from when, until when, by when to reply, and words: what a person writes of a site in a store.

    Raises:
        BadInput: Everything that is wrong with it, none of what it says.
    """
    problems = Problems(where)
    taken = _Taken(said, problems, lines or {})
    starts, ends, reply_by = (taken.instant(name) for name in ("from", "to", "reply_by"))
    words = taken.text("words", MOST_WORDS, False)
    for name in sorted(set(map(str, said)) - {"from", "to", "reply_by", "words"}):
        line = taken.lines.get(name, 1)
        problems.add("what is told of a site in a store comes from there", f"line {line}", "take it out")
    problems.raise_any()
    if starts is None or ends is None or reply_by is None:
        raise BadInput("this is no window", where)
    return starts, ends, reply_by, words


def problems_at(notice: Notification, now: datetime) -> Iterator[Problem]:
    """Yield what keeps a notification from being sent at a time: its window, its deadline, its waypoints."""
    if notice.ends <= notice.starts:
        yield Problem("the window runs backwards: it ends before it starts", "to", "swap `from` and `to`")
    elif notice.ends <= now:
        yield Problem("the window has ended already", "to", "renew it with a later window")
    if notice.reply_by <= now:
        yield Problem("the time to reply by has passed", "reply_by", "leave the recipients time to answer")
    elif notice.reply_by > notice.ends > notice.starts:
        yield Problem("an answer is asked for only after the window's end", "reply_by", "ask for it sooner")
    set_times = [stop.at for stop in notice.stops if stop.at is not None]
    if any(later < earlier for earlier, later in pairwise(set_times)):
        yield Problem("the waypoints' times run backwards", "route", "put them in the order of travel")
    if any(not notice.starts <= each < notice.ends for each in set_times) and notice.starts < notice.ends:
        yield Problem("a waypoint's time lies outside the window", "route", "widen `from` and `to`")


class _Taken:
    """Takes fields out of what people wrote, and notes what is wrong without quoting it."""

    def __init__(self, said: Mapping[str, Any], problems: Problems, lines: Mapping[str, int]) -> None:
        self.said, self.problems, self.lines = said, problems, lines

    def wrong(self, name: str, problem: str, hint: str = "") -> None:
        line = f"line {self.lines[name]}, " if name in self.lines else ""
        self.problems.add(problem, f"{line}{name}", hint)

    def about(self) -> About | None:
        try:
            found = About(str(self.said.get("about", "")))
        except ValueError:
            found = About.WITHDRAWAL
        if found is not About.WITHDRAWAL:
            return found
        self.wrong("about", "it is not said what this is about", "about: site, or about: movement")
        return None

    def text(self, name: str, most: int, needed: bool) -> str:
        value = self.said.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            self.wrong(name, f"is not a text of at most {most:,} characters")
            return ""
        if needed and not value.strip():
            self.wrong(name, "is missing or empty", "your own name for it, as the owner's consent has it")
        return value.strip()

    def codes(self, name: str) -> tuple[str, ...]:
        value = self.said.get(name, [])
        if (
            not isinstance(value, Sequence)
            or isinstance(value, str)
            or not all(isinstance(each, str) and each for each in value)
        ):
            self.wrong(name, "is not a list of cell codes", "cells: [SYR-0012]")
            return ()
        return tuple(sorted(set(value)))

    def instant(self, name: str) -> datetime | None:
        value = self.said.get(name)
        try:
            when, precision = times.parse(str(value), _UTC)
            if precision is times.Precision.MINUTE and when.start is not None:
                return when.start
        except BadInput:
            pass
        self.wrong(name, "is not an instant", f"{name}: 2026-11-24T06:00Z")
        return None

    def stops(self, name: str, about: About | None) -> tuple[Stop, ...]:
        value = self.said.get(name)
        if value is None or about is None:
            return ()
        rows = value if isinstance(value, list) else [value]
        if (about is About.MOVEMENT and len(rows) < 2) or len(rows) > MOST_STOPS:
            self.wrong(name, f"a route has from 2 to {MOST_STOPS} waypoints")
        found = [self._stop(name, number, row) for number, row in enumerate(rows, 1)]
        return tuple(each for each in found if each is not None)

    def _stop(self, name: str, number: int, row: Any) -> Stop | None:
        which = f"{name} {number}"
        if not isinstance(row, Mapping) or not {"lon", "lat"} <= set(row) <= {"lon", "lat", "at"}:
            self.wrong(name, f"{which} is not a position", "{lon: 36.8123, lat: 34.7301}")
            return None
        lon, lat = _units(row["lon"]), _units(row["lat"])
        if lon is None or lat is None:
            self.wrong(name, f"{which} is not in degrees", "decimal degrees, WGS 84")
            return None
        if abs(lon) > 180 * UNITS or abs(lat) > 90 * UNITS:
            self.wrong(name, f"{which} is not on Earth", "are longitude and latitude swapped?")
            return None
        if lon % COARSE == 0 and lat % COARSE == 0:
            self.wrong(name, f"{which} is rounded to 100 m or more", "give it as it was measured")
        if "at" not in row:
            return Stop(lon, lat)
        before = len(self.problems)
        when = _Taken({"at": row["at"]}, self.problems, {}).instant("at")
        return Stop(lon, lat, when) if len(self.problems) == before else None


def _units(value: Any) -> int | None:
    try:
        degrees = float(value) if not isinstance(value, bool) else float("nan")
    except (TypeError, ValueError):
        return None
    return round(degrees * UNITS) if abs(degrees) < 1e6 else None


def _instant(text: str) -> datetime:
    return times.instant(_text(text), _UTC)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("no integer")
    return value

"""What one article says of its main event: which claim tells it, and who, where, when and how many in all.

An article tells its main event several times, first in its title and lead. The claim that tells it best is
the main one; the others that may be of the same event (no other day, no other area, no other kind of act)
fill what it leaves open, in the order of the text. Nothing is averaged and nothing is added up; what no claim
says is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyarrow as pa

from holdfire.reading.prose.acts.befallen import befallen
from holdfire.records.actor import CIVILIANS, UNDESCRIBED
from holdfire.records.claim import Kind, Modality, Stance
from holdfire.times import Interval, Precision

Row = Mapping[str, Any]
Bounds = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """The main event of one article.

    Attributes:
        claims: Ids of the claims it was taken from, the main one first; empty: the article tells of no event.
        event_type: family.kind; empty: no event.
        when: The time of the event; None: no claim gives it.
        time_precision: How fine that is, a value of times.Precision.
        place: As the article names it; None: not said.
        admin1: Governorate; None: not known.
        lat: Centre of the place [degrees, WGS 84]; None: not located.
        lon: Centre of the place [degrees].
        radius: Of the disc the place stands for [m].
        actors: Ids of who did it; empty: not said, or nobody known.
        actors_text: As the article names them.
        targets: Ids of whom it befell.
        targets_text: As the article names them.
        told: Whether a claim tells it outright, and does not only take it as known.
        killed: At least and at most; None: not said, or no bound.
        civilians: Civilians killed, at least and at most.
        combatants: People who fought, killed, at least and at most.
        injured: At least and at most.
        befallen: The number of each lot of people whom it befell as the article lists them, however they
            fared: "the mayor and two guards" are 1 and 2; empty: no number, and no one person.
    """

    claims: tuple[str, ...] = ()
    event_type: str = ""
    when: Interval | None = None
    time_precision: str = Precision.UNKNOWN
    place: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius: float | None = None
    actors: tuple[str, ...] = ()
    actors_text: str | None = None
    targets: tuple[str, ...] = ()
    targets_text: str | None = None
    told: bool = False
    killed: Bounds = (None, None)
    civilians: Bounds = (None, None)
    combatants: Bounds = (None, None)
    injured: Bounds = (None, None)
    befallen: tuple[int, ...] = ()


NOTHING = Gist()
"""The gist of an article that tells of no event."""

_FAMILIES = ("attack", "detention")
_SINGLE = ("aid.convoy_attacked",)
_HARM = ("killed_low", "killed_high", "civilians_low", "civilians_high", "injured_low", "injured_high")

BACKGROUND = timedelta(days=21)
"""An event farther before publication than this is history to an article, not its news."""


def gist(
    claims: pa.Table | Sequence[Row], published: Interval | None = None, named: Sequence[str] = ()
) -> Gist:
    """Return what one article says of its main event; `NOTHING` where it tells of none.

    Args:
        claims: The claims of one report, as a CLAIM table or its rows, in the order of the text.
        published: When it came out; None: not known, and no event is taken for history.
        named: Governorates the article names anywhere, in the order of the text, as `admin1` of the claims
            calls them.
    """
    return next(gists(claims, published, named), NOTHING)


def gists(
    claims: pa.Table | Sequence[Row], published: Interval | None = None, named: Sequence[str] = ()
) -> Iterator[Gist]:
    """Yield what one article says of each of its events, the main one first; every claim is in one.

    Args:
        claims: The claims of one report, as a CLAIM table or its rows, in the order of the text.
        published: When it came out; None: not known.
        named: Governorates the article names anywhere, in the order of the text.
    """
    rows: Sequence[Row] = claims.to_pylist() if isinstance(claims, pa.Table) else claims
    left = [(_weight(row, n, published), -n, row) for n, row in enumerate(filter(_tells, rows))]
    for _ in range(MOST):
        if not left:
            return
        main = max(left, key=lambda each: each[:2])
        same = [each for each in left if each is not main and _same(main[2], each[2])]
        yield _made([main[2], *(row for _, _, row in same)], rows, published, named)
        taken = {-place for _, place, _ in (main, *same)}
        left = [each for each in left if -each[1] not in taken]


MOST = 40
"""Most events told apart in one article; a longer one is a list, and its rest is in its claims."""


def _tells(row: Row) -> bool:
    """Return whether a claim says that something happened."""
    kind = row["event_type"].split(".")[0] in _FAMILIES or row["event_type"] in _SINGLE
    affirmed = row["stance"] in (Stance.ASSERTS, Stance.ACCUSES, Stance.ADMITS, None)
    return kind and affirmed and row["modality"] == Modality.ACTUAL and not row["negated"]


def _weight(row: Row, nth: int, published: Interval | None) -> float:
    """Return how well a claim tells the main event: early, with its harm, its place and its time."""
    weight = -0.5 * min(nth, 12)
    weight += 3.0 * any(row[name] is not None for name in _HARM[:4]) + 1.0 * (row["injured_low"] is not None)
    weight += 1.0 * (row["admin1"] is not None) + 0.5 * (row["start"] is not None)
    weight += 0.5 * bool(row["actors"])
    if not _outright(row):
        weight -= 2.0
    if _is_history(row, published):
        weight -= 5.0
    return weight


def _outright(row: Row) -> bool:
    """Return whether a claim is told, in the body or by the title, and not only taken as known."""
    return row["kind"] in (Kind.REPORTED, Kind.NARRATED) or "title-repeats-body" in row["rules"]


def _is_history(row: Row, published: Interval | None) -> bool:
    if published is None or published.start is None or row["end"] is None:
        return False
    return bool(row["end"] < published.start - BACKGROUND)


def _same(main: Row, other: Row) -> bool:
    """Return whether a claim may be of the same event."""
    if main["admin1"] and other["admin1"] and main["admin1"] != other["admin1"]:
        return False
    if main["start"] and other["start"] and not _touch(main, other):
        return False
    if main["event_type"].split(".")[0] != other["event_type"].split(".")[0]:
        return False
    ours, theirs = _described(main), _described(other)
    return not ours or not theirs or bool(ours & theirs)


def _described(row: Row) -> set[str]:
    return {actor for actor in _doers(row) if not actor.startswith(UNDESCRIBED)}


def _touch(one: Row, other: Row) -> bool:
    """Return whether two times may be one: they overlap, or lie within a day."""
    near = timedelta(days=1)
    before = one["end"] is None or other["start"] is None or other["start"] <= one["end"] + near
    after = other["end"] is None or one["start"] is None or one["start"] <= other["end"] + near
    return before and after


def _made(same: Sequence[Row], rows: Sequence[Row], published: Interval | None, named: Sequence[str]) -> Gist:
    when = _timed(same, published)
    where, area = _placed(same, rows, named)
    doing = [row for row in same if _doers(row)]
    who = _doing(doing)
    whom = _first(same, "targets")
    killed = _counting(same, "killed")
    return Gist(
        claims=tuple(row["claim_id"] for row in same),
        event_type=_finest(same),
        when=Interval(when["start"], when["end"]) if when else None,
        time_precision=when["time_precision"] if when else Precision.UNKNOWN,
        admin1=area,
        **({name: where[name] for name in ("place", "lat", "lon", "radius")} if where else {}),
        actors=_doers(who) if who else (),
        actors_text=who["actors_text"] if who else _text(same),
        targets=tuple(whom["targets"]) if whom else (),
        targets_text=next((row["targets_text"] for row in same if row["targets_text"]), None),
        told=any(row["kind"] in (Kind.REPORTED, Kind.NARRATED) for row in same),
        killed=_bounds(killed, "killed"),
        civilians=_bounds(_alike(same, killed, "civilian"), "civilians"),
        combatants=_fighters(_alike(same, killed, "combatant")),
        injured=_bounds(_counting(same, "injured"), "injured"),
        befallen=_listed(same),
    )


COARSE = "attack.violence"
"""What an attack is called where the words do not say of what kind."""


def _finest(same: Sequence[Row]) -> str:
    """Return the type of the main claim, or where that is coarse, the first finer one."""
    main = str(same[0]["event_type"])
    if main != COARSE:
        return main
    finer = (row["event_type"] for row in same[1:4] if row["event_type"].startswith("attack."))
    return next((str(kind) for kind in finer if kind not in (COARSE, "attack.armed_clash")), main)


def _first(rows: Sequence[Row], name: str) -> Row | None:
    return next((row for row in rows if row[name]), None)


def _text(same: Sequence[Row]) -> str | None:
    return next((row["actors_text"] for row in same if row["actors_text"] and not row["actors"]), None)


def _doers(row: Row) -> tuple[str, ...]:
    """Return who did it. Those it befell did not: civilians, targets, and whoever the dead are counted among.

    "Ten soldiers were killed in clashes with the group": the soldiers are counted, so the group did it.
    """
    befell = {CIVILIANS, *(row["targets"] or ())}
    if not _counted_among(row):
        return tuple(a for a in row["actors"] or () if a not in befell)
    if row["event_type"] == "attack.armed_clash":
        return tuple(t for t in row["targets"] or () if t != CIVILIANS and t not in (row["actors"] or ()))
    return ()


def _counted_among(row: Row) -> bool:
    """Return whether every actor of a claim is named with a number of the dead: "29 rebels were killed"."""
    spans = row["reading"]["actors"] or ()
    dead = [each["span"] for each in _harmed(row, "killed")]
    gap = 25 if row["event_type"] == "attack.armed_clash" else 1  # "ten soldiers of the army"; "29 rebels"
    return bool(spans) and all(any(i - gap <= b and a < j for a, b in dead) for i, j in spans)


def _listed(same: Sequence[Row]) -> tuple[int, ...]:
    """Return the lots of people that the claims of an event list, each once by its last word."""
    found: dict[str, tuple[int, ...]] = {}
    for row in same:
        phrase = row["targets_text"]
        if not phrase or row["event_type"] not in _TO_PEOPLE:
            continue
        trigger = row["reading"]["trigger_text"].lower().split()[0]
        counts = befallen(phrase, named=trigger.startswith(_ON_PERSONS))
        if counts and not any(phrase.split()[-1] in key for key in found):
            found[phrase] = tuple(counts)
    return tuple(count for counts in found.values() for count in counts)


_TO_PEOPLE = ("attack.violence", "attack.ambush", "attack.bombing", "detention.abduction")
_ON_PERSONS = (
    "kill",
    "murder",
    "assassin",
    "execut",
    "kidnap",
    "abduct",
    "wound",
    "injur",
    "shot",
    "behead",
    "slay",
)
"""How words begin of what is done to people only."""


def _doing(doing: Sequence[Row]) -> Row | None:
    """Return the claim that says who did it: told outright first, and of those one who is known first."""
    told = [row for row in doing if _outright(row)]
    for rows in (told, doing):
        if rows:
            return next((row for row in rows if _described(row)), rows[0])
    return None


def _timed(same: Sequence[Row], published: Interval | None) -> Row | None:
    """Return the claim that dates the event: the main one, else one that names a day near publication."""
    if same[0]["start"] or same[0]["end"]:
        return same[0]
    days = (Precision.DAY, Precision.HOUR, Precision.MINUTE)
    near = (row for row in same if row["time_precision"] in days and not _is_history(row, published))
    return next(near, None)


def _placed(same: Sequence[Row], rows: Sequence[Row], named: Sequence[str]) -> tuple[Row | None, str | None]:
    """Return the claim that places the event, and its governorate.

    Small places share their names with others far away. One in a governorate that the article never names,
    where it names another twice, is taken for another of its name: its governorate is the one named.
    """
    inside = [row for row in same if row["admin1"] and (not named or row["admin1"] in named)]
    often = _most([area for area in named if named.count(area) > 1])
    if inside or not often:
        where = next(iter(inside), None) or _first(same, "admin1") or _area(rows)
        where = where or _first(same, "place")
        return where, (where or {}).get("admin1") or _most(named)
    return next((row for row in rows if row["admin1"] == often), None), often


def _area(rows: Sequence[Row]) -> Row | None:
    """Return a claim in the area that most claims of the article are in; of several the first named."""
    most = _most([row["admin1"] for row in rows if row["admin1"]])
    return next((row for row in rows if most and row["admin1"] == most), None)


def _most(named: Sequence[str]) -> str | None:
    """Return what is named most, the first of several; None: nothing is."""
    counts = Counter(named)  # in the order of first naming, which `max` keeps
    return max(counts, key=lambda name: counts[name], default=None)


def _harmed(row: Row, measure: str) -> list[Row]:
    return [
        each for each in row["reading"]["harmed"] or () if each["measure"] == measure and not each["part"]
    ]


def _counting(same: Sequence[Row], measure: str) -> Row | None:
    """Return the claim that counts the harm: the first with a figure, else the first vague one."""
    given = [row for row in same if _bounds(row, measure) != (None, None)]
    figures = [row for row in given if any(n["bound"] != "vague" for n in _harmed(row, measure))]
    return next(iter(figures or given), None)


def _alike(same: Sequence[Row], counted: Row | None, group: str) -> Row | None:
    """Return the claim that says what the dead were: the counting one, or another of its figure."""
    if counted is None:
        return None
    figures = {(n["low"], n["high"]) for n in _harmed(counted, "killed")}
    for row in (counted, *same):
        of_group = [n for n in _harmed(row, "killed") if n["group"] == group]
        if of_group and (row is counted or any((n["low"], n["high"]) in figures for n in of_group)):
            return row
    return counted if group == "civilian" else None


def _fighters(row: Row | None) -> Bounds:
    if row is None:
        return None, None
    held = [n for n in _harmed(row, "killed") if n["group"] == "combatant"]
    if any(n["low"] is None for n in held):
        return held[0]["low"], held[0]["high"]
    highs = [n["high"] for n in held]
    return sum(n["low"] for n in held), None if None in highs else sum(highs)


def _bounds(row: Row | None, name: str) -> Bounds:
    return (None, None) if row is None else (row[f"{name}_low"], row[f"{name}_high"])

"""Words that count from the day of publication, or from another date of the text."""

from __future__ import annotations

from datetime import date, timedelta

from holdfire.reading.time.days import Days, back, over, whole_month
from holdfire.reading.time.expression import Anchored, Kind, Meaning
from holdfire.reading.time.fixed import PARTS_OF_YEAR, STEPS, Match, counted, night, part_of_month
from holdfire.times import Precision

DAYS_IN = {"hour": 1, "day": 1, "week": 7, "month": 31, "year": 366, "decade": 3660}
FINE = {"day": Precision.DAY, "week": Precision.WEEK, "month": Precision.MONTH, "year": Precision.YEAR}
LONGEST = 1000
"""Most units that are counted; more is a number of something else."""


def weekday(m: Match) -> Meaning | None:
    """Read a weekday: the last one, or the next where the clause speaks of what is to come."""
    made, flags = m.made, m.known.flags
    at = m.pick("Ww")[0]
    number = m.value(at)
    left = made.letter(m.i - 1)
    if (
        left == "A"
        or (left == "v" and made.letter(m.j) != "&")
        or made.letters[max(0, m.i - 2) : m.i] in ("Ur", "Vr")
    ):
        return None  # "a week from Monday", "10 days ago Monday"; and "between the two" in Arabic
    habit = "5" in (left, made.letter(m.j)) or (left == "U" and made.letter(m.i - 2) == "5") or left == "V"
    # "Le lundi", "les manifestations du vendredi": of a habit, unless more of the date follows.
    small = made.raw(m.i - 1).lower() if "article_habit" in flags else ""
    article = small in ("le", "les") or (small == "du" and made.letter(m.j) != "k")
    steps = m.pick("Llx")
    if habit or (article and not steps):
        return None
    which = made.letters[steps[0]] if steps else ""
    if made.letters[at] == "w" and made.raw(at)[:1].islower() and "unsure_capital" in flags:
        return None
    side = m.tense()
    if side == "future" and made.letter(m.j) == "'":
        side = "near"  # "will answer Sunday's attack"
    if side != "future" and ("j" in made.letters[max(0, m.i - 2) : m.i] or _set_for(m)):
        side = "near"  # "days before Tuesday's vote" was written on either side of it
    if side == "" and "u" in made.letters[max(0, m.i - 2) : m.i]:
        side = "near"
    # "Monday night" is said of the evening; only where a language may mean the night before is it wider.
    midnight = any(made.values[k] == "midnight" for k in m.pick("p"))
    before, after = night(m) if midnight or "night_before" in flags else (night(m)[0], 0)

    def days(d: date) -> Days:
        one, other = _weekday(d, number, which, side, m)
        return one - timedelta(days=before), other + timedelta(days=after)

    found, same = over(m.where, days)
    meant = counted(found, same, Precision.DAY)
    if found is None:
        meant.precision = Precision.RANGE if before or after else Precision.DAY
    elif found[0] != found[1]:
        meant.precision = Precision.RANGE
    return meant


def _set_for(m: Match) -> bool:
    """Return whether a day owns what has a day set for it, and nothing says that it is over."""
    made = m.made
    return (
        made.letter(m.j) == "'"
        and "6" in made.letters[m.j : m.j + 6]
        and made.letter(m.i - 1) not in ("I", "s")
    )


def _weekday(d: date, number: int, which: str, side: str, m: Match) -> Days:
    """Return the first and last day a weekday may be, said on a day."""
    flags = m.known.flags
    behind = timedelta(days=(d.weekday() - number) % 7)
    ahead = timedelta(days=(number - d.weekday()) % 7)
    week = timedelta(days=7)
    if which == "L":
        one = d - (behind or week)
        # "В прошлую пятницу" is that of the week before, also where this week has had one already.
        early = (
            one - week if "previous_week" in flags and one.isocalendar()[:2] == d.isocalendar()[:2] else one
        )
        return early, one
    if which == "x":
        one = d + (ahead or week)
        late = one + week if "either_next" in flags and one.isocalendar()[:2] == d.isocalendar()[:2] else one
        return one, late
    if side == "future":
        return (d, d + week) if not ahead else (d + ahead, d + ahead)
    if side == "near" or (which == "l" and side == ""):
        return d - behind, d + (ahead or week if which != "l" else ahead)
    return d - behind, d - behind


def nights(m: Match) -> Meaning | None:
    """Read the night from one weekday to the next."""
    one, other = m.pick("W")
    if (m.value(other) - m.value(one)) % 7 != 1 or m.made.values[m.i] != "night":
        return None
    number = m.value(one)
    found, _ = over(
        m.where,
        lambda d: (
            (first := d - timedelta(days=(d.weekday() - number) % 7)),
            first + timedelta(days=1),
        ),
    )
    return Meaning(found, Precision.RANGE)


def near(m: Match) -> Meaning | None:
    """Read yesterday, today, tomorrow and the like."""
    first, last, fine = m.made.values[m.pick("R")[0]]
    if first == last == -1 and night(m) != (0, 0):  # "вчера ночью": it may have been today
        return _shifted(m, -1, 0, Precision.RANGE)
    meant = _shifted(m, int(first), int(last), Precision(fine))
    named = m.pick("W")
    if (
        named
        and meant.days
        and meant.days[0] == meant.days[1]
        and meant.days[0].weekday() != m.value(named[0])
    ):
        meant.days = None  # "yesterday, Monday" on a Wednesday: one of the two is not ours to choose
    return meant


def _shifted(m: Match, first: int, last: int, precision: Precision) -> Meaning:
    found, same = over(m.where, lambda d: (d + timedelta(days=first), d + timedelta(days=last)))
    return counted(found, same, precision)


def part_of_today(m: Match) -> Meaning | None:
    """Read "this morning"."""
    return _shifted(m, 0, 0, Precision.DAY)


def last_part(m: Match) -> Meaning | None:
    """Read "last night": it began the day before and may have ended today."""
    name = m.made.values[m.pick("p")[0]]
    step = m.made.letters[m.pick("Lx")[0]]
    if name == "night" and step == "L":
        return _shifted(m, -1, 0, Precision.RANGE)
    if name == "evening" and step == "L":
        return _shifted(m, -1, -1, Precision.DAY)
    return None


def calendar(m: Match) -> Meaning | None:
    """Read last, this and next week, month, year, weekend."""
    at = m.pick("UYN")[0]
    unit = "weekend" if m.made.letters[at] == "N" else str(m.made.values[at])
    told = m.pick("Llx")[0]
    step = STEPS[m.made.letters[told]]
    if (told < at and step and m.known.clitics) or (
        unit == "year" and at == m.j - 1 and m.made.letter(m.j) == "y"
    ):
        return None  # Arabic puts it after; and "the last edition, in the year 2007" names the year
    if unit in ("hour", "day"):
        return (
            Meaning(None, Precision.DAY, Anchored.TEXT, shift=("day", 1, 1))
            if (unit, step) == ("day", 1)
            else None
        )
    part = m.part()
    side = ("future" if part == "later" else m.tense()) if step == 0 else ""
    found, same = over(m.where, lambda d: _unit_days(unit, d, step))
    last = m.where.last
    if found and part == "later" and step == 0 and m.where.first:
        found = (max(found[0], m.where.first), max(found[1], m.where.first))
    if found and last and (step < 0 or (step == 0 and side != "future")):
        found = (min(found[0], last), max(found[0], min(found[1], last)))
    meant = counted(found, same, FINE.get(unit, Precision.RANGE))
    if unit == "month":
        return part_of_month(m, meant, part)
    if part in PARTS_OF_YEAR and unit == "year":
        meant.precision = Precision.RANGE
        if found and same and found[0].year == found[1].year:
            first_month, last_month = PARTS_OF_YEAR[part]
            cut = date(found[0].year, first_month, 1), whole_month(found[0].year, last_month)[1]
            meant.days = max(cut[0], found[0]), max(found[0], min(cut[1], found[1]))
    return meant


def _unit_days(unit: str, d: date, step: int) -> Days:
    if unit == "year":
        return date(d.year + step, 1, 1), date(d.year + step, 12, 31)
    if unit == "month":
        month = d.year * 12 + d.month - 1 + step
        return whole_month(month // 12, month % 12 + 1)
    # A week may begin on Saturday, Sunday or Monday: it is as wide as all three make it.
    monday = d - timedelta(days=d.weekday()) + timedelta(days=7 * step)
    if unit == "weekend":
        return monday + timedelta(days=4), monday + timedelta(days=6)
    return monday - timedelta(days=2), monday + timedelta(days=6)


def weekend(m: Match) -> Meaning | None:
    """Read "over the weekend": the last one, or the coming one where the clause says so."""
    ahead = m.tense() == "future"

    def days(d: date) -> Days:
        friday = d - timedelta(days=(d.weekday() - 4) % 7)
        if ahead and d.weekday() < 4:
            friday += timedelta(days=7)
        last = friday + timedelta(days=2)
        return friday, last if ahead else min(last, d)

    return Meaning(over(m.where, days)[0], Precision.RANGE)


def recent(m: Match) -> Meaning | None:
    """Read "in recent weeks": no first day is named, so it reaches as far as the word files say."""
    unit = str(m.made.values[m.pick("UVY")[0]])
    reach = m.known.recent[unit]
    found, _ = over(m.where, lambda d: (back(d, reach), d))
    return Meaning(found, Precision.RANGE)


def ahead(m: Match) -> Meaning | None:
    """Read "in the next 48 hours", "in the coming weeks"."""
    unit = str(m.made.values[m.pick("UVY")[0]])
    if m.has("din"):
        count, unit = _count(m)
        size = count * DAYS_IN[unit] if unit != "hour" else (count + 23) // 24
        if not 0 < count < LONGEST:
            return None
    else:
        size = m.known.recent[unit]
    found, _ = over(m.where, lambda d: (d, d + timedelta(days=size)))
    return Meaning(found, Precision.RANGE)


def since_start(m: Match) -> Meaning | None:
    """Read "since the beginning of the year"."""
    unit = str(m.made.values[m.pick("UY")[0]])
    if m.part() != "early" or unit not in ("week", "month", "year"):
        return None
    found, _ = over(m.where, lambda d: (_unit_days(unit, d, 0)[0], d))
    return Meaning(found, Precision.RANGE, kind=Kind.SINCE)


def _count(m: Match) -> tuple[int, str]:
    """Return how many of what unit the words count."""
    if dual := m.pick("2"):
        return 2, str(m.made.values[dual[0]])
    unit = str(m.made.values[m.pick("UVY")[0]])
    numbers = m.pick("din")
    if not numbers:
        return 1, unit
    return (m.made.values[numbers[0]] or 0), unit


def span(m: Match) -> Meaning | None:
    """Read "the past 48 hours": what is told of it is counted over it."""
    if not m.has("din2") and any(m.made.values[k] == "many" for k in m.pick("g")):
        return recent(m)  # "последние недели", "ces derniers mois": the noun alone does not say how many
    count, unit = _count(m)
    size = count * DAYS_IN[unit] if unit != "hour" else (count + 23) // 24
    if not 0 < count < LONGEST:
        return None
    found, _ = over(m.where, lambda d: (back(d, size), d))
    return Meaning(found, Precision.RANGE, kind=Kind.SPAN)


def since_count(m: Match) -> Meaning | None:
    """Read "for three days now", where a language says "since three days"."""
    if m.made.values[m.i] == "event":  # "с начала года"
        unit = str(m.made.values[m.pick("UVY2")[0]])
        if m.has("din2V") or unit not in ("week", "month", "year"):
            return None
        found, _ = over(m.where, lambda d: (_unit_days(unit, d, 0)[0], d))
        return Meaning(found, Precision.RANGE, kind=Kind.SINCE)
    meant = recent(m) if m.has("V") and not m.has("din") else span(m)
    if meant is not None:
        meant.kind = Kind.SINCE
    return meant


def ago(m: Match) -> Meaning | None:
    """Read "three days ago": days are days, and longer units lie half of one to either side."""
    if m.made.letter(m.j) == "f":  # "a week before the agreement", where ago and before are one word
        return Meaning(None, Precision.RANGE, Anchored.TEXT)
    if (m.has("q") or not m.has("UY2")) and not m.has("din"):
        return recent(m)
    count, unit = _count(m)
    if not 0 < count < LONGEST:
        return None
    if unit == "day":
        vague = m.has("7") or m.made.letter(m.i - 1) in ("7", "@")  # "about three days ago" names no day
        slack = 1 + count // 4 if vague else 0
        found, same = over(m.where, lambda d: (back(d, count + slack), back(d, max(0, count - slack))))
        return counted(found, same, Precision.RANGE if vague else Precision.DAY)
    if unit == "hour":
        found, _ = over(m.where, lambda d: (back(d, count // 24 + 1), d))
        return Meaning(found, Precision.RANGE)
    size = DAYS_IN[unit]
    found, _ = over(m.where, lambda d: (back(d, count * size + size // 2), back(d, count * size - size // 2)))
    return Meaning(found, Precision.WEEK if unit == "week" else Precision.RANGE)


def later(m: Match) -> Meaning | None:
    """Read "two days later": it counts from another date of the text, or from an event of it."""
    count, unit = _count(m)
    if not 0 < count < LONGEST or unit == "hour":
        return None
    told = m.pick("FeGIju")[-1]
    letter, value = m.made.letters[told], m.made.values[told]
    sign = {"earlier": -1, "later": 1}.get(value, value) if value is not None else -1
    if letter == "e" and value not in ("earlier", "later"):
        return None
    shift = (unit, sign * count, sign * count)
    of_event = letter in "Ij" and m.made.letter(m.j) not in ("", ",", ".", ";", ")")
    if (
        of_event
        or m.made.letter(m.j) == "f"
        or letter == "j"
        or (letter == "G" and "clitics" not in m.known.flags)
    ):
        return Meaning(None, FINE[unit] if unit == "day" else Precision.RANGE, Anchored.TEXT)
    return Meaning(None, FINE[unit] if unit == "day" else Precision.RANGE, Anchored.TEXT, shift=shift)


def following(m: Match) -> Meaning | None:
    """Read "the following week", "the previous month"."""
    unit = str(m.made.values[m.pick("UY")[0]])
    step = m.value(m.pick("J")[0])
    if unit == "hour":
        return None
    return Meaning(None, FINE[unit], Anchored.TEXT, shift=(unit, step, step))


def text(m: Match) -> Meaning | None:
    """Read "the next day", "that day": they count from another date of the text."""
    unit, first, last = m.made.values[m.pick("T")[0]]
    shift = None if m.made.letter(m.j) == "f" else (unit, first, last)
    return Meaning(None, FINE[unit], Anchored.TEXT, shift=shift)


def text_part(m: Match) -> Meaning | None:
    """Read "that evening", "the same month"."""
    found = m.pick("UY")
    unit = str(m.made.values[found[0]]) if found else "day"
    if unit == "hour":
        return None
    return Meaning(None, FINE[unit], Anchored.TEXT, shift=(unit, 0, 0))


def duration(m: Match) -> Meaning | None:
    """Read "for three days": a length of time, without a place in it."""
    return Meaning(None, Precision.UNKNOWN, None, Kind.DURATION)


def stepped(base: Days, shift: tuple[str, int, int]) -> Days | None:
    """Return what lies some steps from a day; None: too far to be said."""
    unit, first, last = shift
    day = base[0]
    try:
        if unit == "day":
            return day + timedelta(days=first), day + timedelta(days=last)
        if unit in ("month", "year") and not first:
            return _unit_days(unit, day, first)
        if unit == "week" and not first:
            return day - timedelta(days=6), day + timedelta(days=6)
        size = DAYS_IN[unit]
        middle = day + timedelta(days=first * size)
        return middle - timedelta(days=size // 2), middle + timedelta(days=size // 2)
    except (OverflowError, ValueError):
        return None

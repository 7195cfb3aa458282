"""Counts: the number an event's own noun is counted in, and the deaths that are of no one event.

A number of deaths since a start, of a war, or in total is a toll; it never becomes an incident, and it is
never added to anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from holdfire.reading.prose.acts.dates import When
from holdfire.reading.prose.acts.harm import Harm, word_of_harm
from holdfire.reading.prose.acts.reality import Reality
from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.scene import Event, Scene, covering_of, unit_of
from holdfire.reading.prose.acts.timing import nearest_when
from holdfire.reading.prose.acts.triggers import Trigger, taxonomy
from holdfire.reading.prose.places.placing import nearest_where
from holdfire.reading.prose.words.lexicon import page, words
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.claim import Kind, Modality
from holdfire.times import Precision


@dataclass(frozen=True)
class _Words:
    conflict: frozenset[str]
    total: tuple[tuple[str, ...], ...]
    counting: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("guards")
    return _Words(
        frozenset(words(given["conflict"])),
        tuple(tuple(phrase.split()) for phrase in words(given["total"])),
        frozenset(words(given["counting"])),
    )


def count(scene: Scene, event: Event) -> None:
    """Give an event the number that its own noun is counted in."""
    unit = taxonomy().counts.get(event.type if event.type in taxonomy().counts else event.trigger.type)
    if unit is None:
        return
    s, t = scene.s, event.trigger
    for amount in scene.numbers:
        held = t.start <= amount.unit_at < t.end or amount.end == t.start
        passive = (
            t.part == "verb"
            and unit == "arrest"
            and (amount.start == t.end or 0 <= t.start - amount.end <= 4)
        )
        if not held and not passive:
            continue
        if event.type.startswith("attack.") and word_of_harm(s, t.head):
            return
        event.count, event.rule = amount, unit
        event.cumulative = _running(scene, event)
        if event.type == "ceasefire.violation" and event.told.rules == ("mentioned",):
            event.told = replace(event.told, kind=Kind.REPORTED)  # a count of its own is told, not taken up
        return


def _running(scene: Scene, event: Event) -> bool:
    """Return whether a number runs since a start, or is a tally and not one event."""
    s = scene.s
    i, j = event.unit
    if _total(s, i, j) or (event.when is not None and (event.when.total or event.when.kind == "since")):
        return True
    if event.type == "ceasefire.violation":
        day = event.when is not None and event.when.precision in (
            Precision.DAY,
            Precision.MINUTE,
            Precision.HOUR,
        )
        return not day and not any(w in ("day",) for w in s.words[i:j])
    plural = event.count is not None and (event.count.value > 1)
    tallied = any(s.lemmas[k] in _words().counting for k in range(max(0, i - 12), event.trigger.start))
    settled = event.when is not None and event.where is not None and not event.when.total
    return plural and (tallied or not settled)


def _total(s: Sentence, i: int, j: int) -> bool:
    inside = frozenset(s.words[i:j])
    phrases = [phrase for phrase in _words().total if phrase[0] in inside]
    return any(tuple(s.words[k : k + len(phrase)]) == phrase for k in range(i, j) for phrase in phrases)


def tolls(scene: Scene, made: list[Event]) -> list[Event]:
    """Turn deaths and injuries that are of no one event into tolls."""
    s = scene.s
    out: list[Event] = []
    done: set[Range] = set()
    for event in made:
        harmful = event.type.startswith(("attack.", "toll.")) and any(
            word_of_harm(s, k) for k in range(event.trigger.start, event.trigger.end)
        )
        if not harmful and event.type != "toll.deaths":
            out.append(event)
            continue
        counted = scene.harm(event.unit)
        if event.type != "toll.deaths" and not _is_toll(scene, event, counted):
            out.append(event)
            continue
        if event.unit in done:
            continue
        done.add(event.unit)
        out += _as_tolls(scene, event, counted)
    if not any(e.type.startswith(("toll.", "attack.")) for e in out):
        out += _bare_tolls(scene, out)
    return out


def _is_toll(scene: Scene, event: Event, counted: Harm) -> bool:
    s = scene.s
    i, j = event.unit
    number = counted.killed or counted.injured
    if number is None:
        return False
    if _total(s, i, j) and (event.when is None or event.when.kind == "since" or event.when.total):
        return True
    if event.when is not None and event.when.total and (event.when.kind == "since" or _long(event.when)):
        return True
    before = s.words[i : event.trigger.start]
    caused = any(w in _words().conflict for w in before[-12:]) and event.trigger.part == "verb"
    other = any(
        t.type.startswith("attack.") and not word_of_harm(s, t.head)
        for t in scene.triggers
        if i <= t.start < j
    )
    if caused and not other:
        return True
    fixed = event.when is not None and event.when.precision in (
        Precision.DAY,
        Precision.MINUTE,
        Precision.HOUR,
    )
    placed = event.where is not None and event.where.level not in ("country", "")
    return number.value >= 1000 and not other and not (fixed and placed)


def _long(when: When) -> bool:
    span = when.interval
    return (
        span is not None
        and span.start is not None
        and span.end is not None
        and (span.end - span.start).days > 31
    )


def _as_tolls(scene: Scene, event: Event, counted: Harm) -> list[Event]:
    out = []
    for kind, number, unit in (("deaths", counted.killed, "death"), ("injuries", counted.injured, "injury")):
        if number is not None or (kind == "deaths" and event.type == "toll.deaths"):
            told = (
                event.told
                if event.told.kind == Kind.REPORTED or number is None
                else replace(event.told, kind=Kind.REPORTED)
            )
            toll = replace(event, type=f"toll.{kind}", told=told, roles=Roles(directed=False), harm=Harm())
            if number is None:
                toll.count = next(
                    (n for n in scene.numbers if event.unit[0] <= n.start < event.unit[1] and not n.unit),
                    None,
                )
            else:
                toll.count = number
            toll.rule = unit if toll.count is not None else ""
            toll.cumulative = True
            toll.notes = [*event.notes, "toll"]
            out.append(toll)
    return out


def _bare_tolls(scene: Scene, others: Sequence[Event]) -> list[Event]:
    """Read "documented 191,369 killings", "caused 470,000 deaths": a count that no trigger tells."""
    s = scene.s
    for amount in scene.numbers:
        k = amount.unit_at if amount.unit and word_of_harm(s, amount.unit_at) else amount.end
        if not (0 <= k < len(s)) or not word_of_harm(s, k):
            continue
        trigger = Trigger(amount.start, k + 1, k, "toll.deaths", "noun")
        covering = covering_of(scene, trigger)
        unit = unit_of(scene, trigger, covering)
        counted = word_of_harm(s, k)
        base = Event(trigger, "toll.deaths", Reality(Modality.ACTUAL), Roles(directed=False), unit, covering)
        base.when = nearest_when(scene, trigger, unit, covering)
        base.where = nearest_where(scene, trigger, unit, covering)
        base.type = "toll.injuries" if counted == "injured" else "toll.deaths"
        base.count, base.rule, base.cumulative = amount, "injury" if counted == "injured" else "death", True
        base.notes = ["toll"]
        return [base]
    return []

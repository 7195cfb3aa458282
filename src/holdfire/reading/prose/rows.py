"""One event of a sentence, with its chain, as a row of CLAIM: the same for every language.

Ids are made of the report, the words and what is said of them, so they stay while the words do. What the
text does not say is null. Every span is of the text as received.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from holdfire.digests import short
from holdfire.reading.prose.acts.dates import When
from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.scene import Event
from holdfire.reading.prose.names.actors import Party
from holdfire.reading.prose.page.shadow import Shadow
from holdfire.reading.prose.places.toponyms import Where
from holdfire.reading.prose.sayings.chains import Voice
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.peoples import is_child, is_civilian, is_combatant, is_woman
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.claim import Kind
from holdfire.records.report import Report

Row = dict[str, Any]


class Rows:
    """Makes the rows of one report."""

    def __init__(self, shadow: Shadow, report: Report) -> None:
        """Take the text and the report it came as."""
        self.shadow = shadow
        self.report = report
        self._seen: dict[str, int] = {}

    def row(
        self,
        s: Sentence,
        event: Event,
        links: Sequence[Voice],
        *,
        root: str,
        stance: str,
        modality: str,
        kind: str,
        rules: Sequence[str],
    ) -> Row:
        """Return a row.

        Args:
            s: The sentence.
            event: What it tells of.
            links: Who says it, outermost (the publisher) first.
            root: Independence group of the chain.
            stance: Of the last link.
            modality: Whether the content is said to have happened.
            kind: How the text carries it.
            rules: Rules that fired.
        """
        row: Row = {
            "report": self.report.id,
            "source": self.report.source,
            "root": root,
            "chain": [voice.link() for voice in links],
            "voice": links[-1].source or (None if len(links) > 1 else self.report.source),
            "kind": kind,
            "stance": stance,
            "modality": modality,
            "negated": event.told.negated,
            "event_type": event.type,
            "directed": event.roles.directed,
            "spans": self._content(s, event),
            "row": None,
            "rules": list(rules),
            **_who(event.roles),
            **_when(s, event.when),
            **_where(event.where),
            **_numbers(event, links),
        }
        row["reading"] = self._reading(s, event)
        row["claim_id"] = self._id(s, event, stance)
        return row

    def span(self, s: Sentence, tokens: Range) -> list[int]:
        """Return the code points of some tokens, in the text as received."""
        return list(self.shadow.span(s.starts[tokens[0]], s.ends[tokens[1] - 1]))

    def _content(self, s: Sentence, event: Event) -> list[list[int]]:
        i, j = event.unit
        i, j = min(i, event.trigger.start), max(j, event.trigger.end)
        while j > i and s.tags[j - 1] in ",;":
            j -= 1
        while i < j and s.tags[i] in ",;":
            i += 1
        return [self.span(s, (i, j))]

    def _harmed(self, s: Sentence, amount: Amount) -> Row:
        kind = (
            "civilian"
            if is_civilian(amount.unit)
            else "combatant"
            if is_combatant(amount.unit)
            else "unknown"
        )
        return {
            "span": self.span(s, (amount.start, amount.end)),
            "low": amount.low,
            "high": amount.most,
            "bound": amount.bound,
            "unit": amount.unit or None,
            "measure": amount.measure,
            "group": kind,
            "children": is_child(amount.unit),
            "women": is_woman(amount.unit),
            "part": amount.use == "part",
        }

    def _id(self, s: Sentence, event: Event, stance: str) -> str:
        a, b = self.span(s, (event.trigger.start, event.trigger.end))
        said = f"{a}-{b}:{event.type}:{stance}"
        nth = self._seen[said] = self._seen.get(said, 0) + 1
        return short("c", self.report.id, said if nth == 1 else f"{said}:{nth}")

    def _reading(self, s: Sentence, event: Event) -> Row:
        saying, when, number = event.saying, event.when, _number(event)
        held = saying.interval if saying else None
        as_of = event.as_of.interval if event.as_of else None
        return {
            "quoted": s.quoted[event.trigger.start],
            "trigger": self.span(s, (event.trigger.start, event.trigger.end)),
            "trigger_text": s.text(event.trigger.start, event.trigger.end),
            "actors": [list(self.shadow.span(*at)) for at in event.roles.actor_spans],
            "targets": [list(self.shadow.span(*at)) for at in event.roles.target_spans],
            "time": self.span(s, (when.start, when.end)) if when else None,
            "anchor": when.anchor or None if when else None,
            "said_start": held.start if held else None,
            "said_end": held.end if held else None,
            "said_precision": saying.precision if saying and held else None,
            "said": self.span(s, (saying.start, saying.end)) if saying else None,
            "places": [self._place(s, where) for where in event.wheres],
            "number": self.span(s, (number.start, number.end)) if number else None,
            "harmed": [self._harmed(s, each) for each in event.harm.counted],
            "low": number.low if number else None,
            "high": number.most if number else None,
            "unit": (number.unit or None) if number else None,
            "measure": _measure(event, number),
            "as_of_start": as_of.start if as_of else None,
            "as_of_end": as_of.end if as_of else None,
        }

    def _place(self, s: Sentence, where: Where) -> Row:
        return {
            "name": where.text,
            "span": self.span(s, (where.start, where.end)),
            "id": where.id or None,
            "admin1": where.admin1,
            "lat": where.lat,
            "lon": where.lon,
            "radius": where.radius,
            "precision": where.precision,
        }


def kind_of(s: Sentence, event: Event, links: Sequence[Voice]) -> str:
    """Return how the text carries a claim."""
    if s.zone == "caption":
        return Kind.CAPTION
    if event.told.kind != Kind.REPORTED:
        return event.told.kind
    reported = len(links) > 1 or bool(links[0].cues)
    return Kind.REPORTED if reported else Kind.NARRATED


def rules_of(event: Event, holders: Sequence[Attribution], links: Sequence[Voice]) -> list[str]:
    """Return the rules that made a claim, each once: of its event, of its voices, of its chain."""
    found = [f"trigger-{event.trigger.part}", *event.told.rules, *event.notes]
    found += [a.rule for a in holders]
    found += ["distanced"] if any(a.cue.distant for a in holders) else []
    found += ["carried-over"] if any(voice.implicit for voice in links) else []
    found += [f"takes-up-{voice.rule}" for voice in links if voice.rule not in ("", "open")]
    return list(dict.fromkeys(found))


def _who(roles: Roles) -> Row:
    actors, targets = _ids(roles.actors), _ids(roles.targets)
    return {
        "actors": actors or None,
        "actors_text": roles.actor_text or None,
        "targets": targets or None,
        "targets_text": roles.target_text or None,
    }


def _ids(parties: Sequence[Party]) -> list[str]:
    return sorted({actor for party in parties for actor in party.ids})


def _when(s: Sentence, when: When | None) -> Row:
    if when is None:
        return {"start": None, "end": None, "time_precision": "unknown", "time_native": None}
    return {
        "start": when.interval.start if when.interval else None,
        "end": when.interval.end if when.interval else None,
        "time_precision": when.precision if when.interval else "unknown",
        "time_native": s.text(when.start, when.end),
    }


def _where(where: Where | None) -> Row:
    if where is None:
        return {"place": None, "geo_precision": "unknown"}
    return {
        "place": where.text,
        "admin1": where.admin1,
        "lat": where.lat,
        "lon": where.lon,
        "radius": where.radius,
        "geo_precision": where.precision,
    }


def _number(event: Event) -> Amount | None:
    """Return the number that a claim is of: its own unit's, else the dead, else the hurt."""
    return event.count or event.harm.killed or event.harm.injured


def _measure(event: Event, number: Amount | None) -> str | None:
    if number is None:
        return None
    if event.count is None:
        return "killed" if event.harm.killed is not None else "injured"
    return {"toll.deaths": "killed", "toll.injuries": "injured", "toll.displaced": "displaced"}.get(
        event.type, event.type.split(".")[1]
    )


def _numbers(event: Event, links: Sequence[Voice]) -> Row:
    row: Row = {"cumulative": event.cumulative}
    killed, civilians, injured = event.harm.killed, event.harm.civilians, event.harm.injured
    if killed is not None:
        row |= {"killed_low": killed.low, "killed_best": killed.best, "killed_high": killed.most}
    if civilians is not None:
        row |= {"civilians_low": civilians.low, "civilians_high": civilians.most}
    if injured is not None:
        row |= {"injured_low": injured.low, "injured_high": injured.most}
    if event.count is not None:
        bound = {"near": "vague"}.get(event.count.bound, event.count.bound)
        voice = links[-1].known or links[-1].text.lower()
        row |= {
            "quantity": event.count.value,
            "quantity_bound": bound,
            "counting_rule": event.rule.replace("{voice}", voice),
        }
    return row

"""Who stands where on the day: bound, excluded, or neither, as the agreement and its lists say.

An actor's standing follows from the dated roles it holds. One who holds none takes the roles of what it
is part of; one who holds none at all is unclear, never "not a party": the case may simply not say. A
group keeps its standing under every name it bore, since roles belong to the actor and not to the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfire.agreement.document import Agreement
from holdfire.agreement.force import Stretch
from holdfire.agreement.lineage import Holding
from holdfire.agreement.parties import Descent, Role
from holdfire.agreement.terms import Term, Whom
from holdfire.judging.expressions import (
    FALSE,
    TRUE,
    UNCLEAR,
    all_true,
    any_true,
    doubted,
    during,
    each,
    some,
    status,
)
from holdfire.records.actor import CIVILIANS, ActorKind, Names
from holdfire.times import Interval, parse

OUTSIDE = (Role.EXCLUDED, Role.NON_ADHERENT, Role.UNAFFILIATED)


@dataclass(frozen=True)
class Standing:
    """Turns an agreement into expressions over incidents."""

    agreement: Agreement
    names: Names

    def in_window(self, term: Term) -> str:
        """Return whether the term binds at the time of the incident, by every text of the stack.

        A suspension takes time out. A breakdown, of the instrument or of one that amends it, leaves what
        follows unclear until a text renews it: it is a report that the arrangement failed, and no instrument
        ends it. What hangs on a condition binds while the condition is answered yes. A term whose words were
        not read in the source binds no one for certain.
        """
        when = self.agreement.force(term)
        bound = any_true(self._spans(when.binding))
        held = all_true([bound, f"NOT ({any_true(self._spans(when.suspended))})"])
        if when.failed:
            held = f"CASE WHEN ({self.failed(term)}) IS FALSE THEN {held} ELSE {doubted(held)} END"
        if term.conditions:
            held = all_true([held, *(self.condition(each.id) for each in term.conditions)])
        return doubted(held) if term.certainty == "unclear" else held

    def hangs(self, term: Term) -> str:
        """Return whether the term waits for an answer: no one found whether what it hangs on was met."""
        if not term.conditions:
            return FALSE
        return f"({all_true(self.condition(each.id) for each in term.conditions)}) IS NULL"

    def failed(self, term: Term) -> str:
        """Return whether the incident comes after the term's arrangement was reported to have failed."""
        return any_true(self._spans(self.agreement.force(term).failed))

    def overdue(self, term: Term) -> str:
        """Return whether the term's deadline had passed; a term without one is due from the start."""
        return any_true(self._spans(self.agreement.force(term).overdue)) if term.due else TRUE

    def condition(self, name: str) -> str:
        """Return what people found about a condition for that time; unclear where no one found anything."""
        zone = self.agreement.zone
        yes, no = (
            any_true(
                during(parse(each.starts, zone)[0], parse(each.until, zone)[0] if each.until else None)
                for each in self.agreement.found
                if each.condition == name and each.answer == answer
            )
            for answer in ("yes", "no")
        )
        # Found both ways at once, or at the edge of a finding: unclear.
        return (
            f"CASE WHEN ({yes}) AND ({no}) IS FALSE THEN TRUE WHEN ({no}) AND ({yes}) IS FALSE THEN FALSE END"
        )

    def _spans(self, spans: Sequence[Stretch]) -> list[str]:
        return [during(span.start, span.end) for span in spans]

    def in_area(self, term: Term) -> str:
        """Return whether the incident lies in the term's zone, or its belt, while that is in force."""
        if not term.zone:
            return TRUE
        parts = []
        for number in self.agreement.places(term):
            zone = self.agreement.zones[number]
            start, end = self._zone_span(zone.starts), self._zone_span(zone.until)
            within = during(start or Interval(None, None), end) if start else None
            parts.append(all_true([f"zone_{number}", within]) if within else f"zone_{number}")
        return any_true(parts)

    def _zone_span(self, text: str) -> Interval | None:
        return parse(text, self.agreement.zone)[0] if text else None

    def perpetrator_bound(self, term: Term) -> str:
        """Return whether every actor said to have acted is bound; undirected: the first side."""
        return each("actors", self._bound(term.binds))

    def target_bound(self, term: Term) -> str:
        """Return whether every actor acted on is one the term protects; undirected: the second side."""
        if not term.protects.roles and not term.protects.actors:
            return TRUE
        return each("targets", self._bound(term.protects))

    def _bound(self, whom: Whom) -> str:
        """Return the answer for one actor: is it among these?"""
        cases = []
        for actor in sorted(self.names.actors):
            answer = self._membership(actor, whom)
            if answer != UNCLEAR:
                cases.append((actor, answer))
        return status("one", cases)

    def _membership(self, actor: str, whom: Whom) -> str:
        held = self.holdings(actor)
        if self._named(actor, whom):
            return TRUE
        came = [d for d in self.agreement.lineage if d.actor == actor and set(d.of) & set(whom.actors)]
        if came:
            return self._came_into(came[0])
        if not held:
            return UNCLEAR
        inside = any_true(_span(h) for h in held if h.role in whom.roles)
        outside = any_true(_span(h) for h in held if h.role in OUTSIDE and h.role not in whom.roles)
        # Held both ways at once: the sources of the case contradict each other, so unclear.
        return (
            f"CASE WHEN ({outside}) IS FALSE THEN ({inside})"
            f" WHEN ({outside}) AND ({inside}) IS FALSE THEN FALSE"
            f" ELSE {UNCLEAR} END"
        )

    def _named(self, actor: str, whom: Whom) -> bool:
        """Return whether a clause names the actor, or what it is part of where it has no role of its own."""
        if actor in whom.actors:
            return True
        described = self.names.actors.get(actor)
        own = any(h.actor == actor for h in self.agreement.holdings())
        return not own and described is not None and any(self._named(p, whom) for p in described.part_of)

    def _came_into(self, descent: Descent) -> str:
        """Return whether a clause that names whom an actor came out of speaks of the actor."""
        since = {"yes": TRUE, "no": FALSE, "unclear": UNCLEAR}[descent.takes_over]
        # Before a merger, which of the merged bodies a later name means no one can say.
        before = UNCLEAR if descent.how == "merge" and len(descent.of) > 1 else TRUE
        after = during(parse(descent.on, self.agreement.zone)[0], None)
        return f"CASE WHEN {after} THEN {since} WHEN NOT ({after}) THEN {before} END"

    def holdings(self, actor: str) -> list[Holding]:
        """Return the roles an actor holds: its own, else those of what it is part of."""
        own = [h for h in self.agreement.holdings() if h.actor == actor]
        described = self.names.actors.get(actor)
        if own or described is None:
            return own
        return [h for parent in described.part_of for h in self.holdings(parent)]

    def excluded_present(self) -> str:
        """Return whether an excluded group is a named side, under the identity it had on the day.

        No one is excluded only where both sides are named, every actor is described, and none is
        excluded; a label that covers several groups hides who was there, so it is unclear.
        """
        present = self._excluded()
        return any_true([some("actors", present), some("targets", present)])

    def excluded_side(self) -> str:
        """Return whether one whole side is excluded: every actor of it."""
        present = self._excluded()
        return any_true([each("actors", present), each("targets", present)])

    def _excluded(self) -> str:
        cases = []
        for actor, described in sorted(self.names.actors.items()):
            held = [h for h in self.holdings(actor) if h.role is Role.EXCLUDED]
            if held:
                cases.append((actor, any_true(_span(h) for h in held)))
            elif actor != CIVILIANS and described.kind is ActorKind.UMBRELLA and not self.holdings(actor):
                continue
            else:
                cases.append((actor, FALSE))
        return status("one", cases)

    def instants(self) -> list[Interval]:
        """Return every interval at whose ends some answer may change, for grouping like incidents."""
        zone = self.agreement.zone
        found = [h.start for h in self.agreement.holdings()]
        found += [h.end for h in self.agreement.holdings() if h.end]
        for term in self.agreement.terms:
            found += self.agreement.force(term).instants()
        found += [parse(descent.on, zone)[0] for descent in self.agreement.lineage]
        for finding in self.agreement.found:
            found += [
                span for text in (finding.starts, finding.until) if (span := self._zone_span(text or ""))
            ]
        for area in self.agreement.zones:
            found += [span for text in (area.starts, area.until) if (span := self._zone_span(text))]
        return found


def _span(holding: Holding) -> str:
    held = during(holding.start, holding.end)
    return held if holding.certain else doubted(held)

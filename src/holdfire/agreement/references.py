"""References between the files of an agreement: every one that leads nowhere, and every id given twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import shapely

from holdfire import times
from holdfire.agreement.instruments import Instrument
from holdfire.agreement.terms import Term
from holdfire.agreement.zones import Zone, ZoneKind
from holdfire.errors import HoldfireError, Problem, Problems, nearest

if TYPE_CHECKING:
    from holdfire.agreement.document import Agreement


class _References:
    """Notes every reference that leads nowhere."""

    def __init__(self, agreement: Agreement, actors: set[str], kinds: set[str]) -> None:
        self.found: list[Problem] = []
        self._among = {
            "actor": actors,
            "kind of term": kinds,
            "instrument": {i.id for i in agreement.instruments},
            "zone": {z.id for z in (*agreement.zones, *agreement.lines)},
            "term": {t.id for t in agreement.terms},
            "condition": {c.id for t in agreement.terms for c in t.conditions},
            "list": {each.id for each in agreement.lists},
        }

    def known(self, what: str, names: Iterable[str | None], where: str) -> None:
        """Note each name that nothing of this sort bears; an empty one refers to nothing."""
        among = self._among[what]
        for name in names:
            if name and name not in among:
                self.found.append(Problem(f'no {what} is called "{name}"', where, nearest(name, among)))


def references(
    agreement: Agreement,
    named: Sequence[tuple[str, str]],
    actors: set[str],
    kinds: set[str],
    problems: Problems,
) -> None:
    """Note every id given twice, every span that ends too soon, every reference that leads nowhere.

    Args:
        agreement: The whole, read.
        named: `Model:id` of each file that stands beside others, and its path.
        actors: Ids of the actors that are described.
        kinds: Names of the kinds of term that are registered.
        problems: Where to note them.
    """
    problems.extend(_twice(agreement, named))
    try:
        zone = agreement.zone
    except HoldfireError as error:
        first = error.problems[0]
        problems.extend([Problem(first.problem, "agreement/agreement.yaml", first.hint)])
        return
    paths = dict(named)
    refer = _References(agreement, actors, kinds)
    for instrument in agreement.instruments:
        where = paths[f"Instrument:{instrument.id}"]
        refer.known("instrument", instrument.amends, where)
        refer.known("actor", instrument.authors, where)
        refer.found += _ends_too_soon(instrument, zone, where)
        for change in instrument.changes:
            refer.known("instrument", change.instruments, where)
            refer.known("term", [*change.terms, *change.by], where)
        refer.known("term", [name for clause in instrument.clauses for name in clause.terms], where)
    refer.known("actor", [party.actor for party in agreement.parties], "agreement/parties.yaml")
    for descent in agreement.lineage:
        refer.known("actor", [descent.actor, *descent.of], "agreement/parties.yaml")
    refer.known("condition", [each.condition for each in agreement.found], "agreement/conditions.yaml")
    for exclusion in agreement.exclusions.exclusions:
        refer.known("actor", [exclusion.actor], "agreement/exclusions.yaml")
        refer.known("list", [exclusion.list], "agreement/exclusions.yaml")
    for outside in agreement.lists:
        entries = [entry.actor for entry in outside.entries]
        refer.known("actor", entries, paths[f"OutsideList:{outside.id}"])
    for term in agreement.terms:
        where = paths[f"Term:{term.id}"]
        refer.known("instrument", [term.instrument], where)
        refer.known("kind of term", [term.kind], where)
        refer.known("zone", [term.zone], where)
        refer.known("actor", [*term.binds.actors, *term.protects.actors], where)
        refer.known("term", term.excepts, where)
        refer.found += _distance(agreement, term, where)
    problems.extend(refer.found)
    problems.extend(_turned(agreement.zones))


def _turned(zones: Sequence[Zone]) -> Iterable[Problem]:
    """Yield each zone that lies outside the territory, and inside it once its two numbers are swapped."""
    territory = [zone.polygon for zone in zones if zone.kind is ZoneKind.TERRITORY]
    for zone in zones:
        turned = shapely.transform(zone.polygon, lambda points: points[:, ::-1])
        if not any(t.intersects(zone.polygon) for t in territory) and any(
            t.intersects(turned) for t in territory
        ):
            yield Problem(
                f'the zone "{zone.id}" lies outside the territory, and inside it if turned round',
                "agreement/zones",
                "longitude comes first in GeoJSON; are latitude and longitude swapped?",
            )


def _twice(agreement: Agreement, named: Sequence[tuple[str, str]]) -> Iterable[Problem]:
    for what, model, ids in (
        ("instrument", "Instrument", [i.id for i in agreement.instruments]),
        ("term", "Term", [t.id for t in agreement.terms]),
        ("zone", "Zone", _same_day(agreement)),
        ("list", "OutsideList", [each.id for each in agreement.lists]),
    ):
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            files = [path for key, path in named if key == f"{model}:{name}"] or ["agreement/zones"]
            yield Problem(f'two {what}s are called "{name}"', ", ".join(files), "give one another id")


def _same_day(agreement: Agreement) -> list[str]:
    """Return the id of each zone, once for all its shapes where each shape has its own days."""
    zones = (*agreement.zones, *agreement.lines)
    shapes = {name: [z for z in zones if z.id == name] for name in sorted({z.id for z in zones})}
    listed = []
    for name, drawn in shapes.items():
        ordered = sorted(drawn, key=lambda zone: zone.starts)
        apart = all(
            one.until and other.starts and one.until <= other.starts for one, other in pairwise(ordered)
        )
        listed += [name] if apart else [name] * len(drawn)
    return listed


def _distance(agreement: Agreement, term: Term, where: str) -> Iterable[Problem]:
    """Yield what is wrong with a term that speaks of a line: a line has no inside."""
    values = term.parameters.get("distance", {})
    line = term.zone in {z.id for z in agreement.lines}
    if line and not values:
        text = f'"{term.zone}" is a line, and the term has no parameter `distance`'
        yield Problem(text, where, "write how far from it, in metres, with the date and the clause")
    if line:
        for day, value in values.items():
            if isinstance(value.value, bool) or not isinstance(value.value, int) or value.value <= 0:
                text = f"the distance of {day} is no whole number of metres above zero"
                yield Problem(text, where, "25000 is 25 km")


def _ends_too_soon(instrument: Instrument, zone: ZoneInfo, where: str) -> Iterable[Problem]:
    for window in instrument.windows:
        start, end = window.start(zone).start, window.end(zone)
        if start and end and end.end and end.end <= start:
            text = f"a window ends ({window.until}) before it starts ({window.starts})"
            yield Problem(text, where, "write the earlier date first")
    for change in instrument.changes:
        start = times.parse(change.starts, zone)[0].start
        until = times.parse(change.until, zone)[0].end if change.until else None
        if start and until and until <= start:
            text = f"a change ends ({change.until}) before it starts ({change.starts})"
            yield Problem(text, where, "write the earlier date first")

"""Agreement: the whole stack, read from the texts of a folder and checked as one.

Every reference between files is checked here: an instrument that amends one that is not there, a term
whose zone or instrument is missing, an actor no one has described. All problems of all files come at
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import shapely
from pydantic import BaseModel, Field

from holdfire import documents, times
from holdfire.agreement.instruments import Instrument
from holdfire.agreement.parties import Exclusions, OutsideList, Parties, Party, Role
from holdfire.agreement.terms import Term
from holdfire.agreement.zones import Zone, ZoneKind, read_zones
from holdfire.documents import Cite, Document, Words
from holdfire.errors import HoldfireError, Problem, Problems, nearest
from holdfire.times import Interval

BINDING = (Role.GUARANTOR, Role.SIGNATORY, Role.ADHERENT, Role.SPONSOR)


class Head(Document):
    """The file `agreement.yaml`."""

    id: str
    title: Words
    timezone: str
    pax_id: str | None = None
    about: Words = {}
    source: Cite
    excluded_label: Words = Field(default={}, description="What the agreement calls those it excludes.")


class Holding(NamedTuple):
    """A role that an actor holds between two instants that may themselves be vague."""

    actor: str
    role: Role
    start: Interval
    end: Interval | None
    certain: bool
    cite: str


@dataclass(frozen=True)
class Agreement:
    """A dated stack of instruments, checked as a whole."""

    head: Head
    instruments: tuple[Instrument, ...]
    parties: tuple[Party, ...]
    exclusions: Exclusions
    lists: tuple[OutsideList, ...]
    terms: tuple[Term, ...]
    zones: tuple[Zone, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which its dates are local."""
        return times.zone(self.head.timezone)

    def instrument(self, name: str) -> Instrument:
        """Return the instrument of this id."""
        return next(i for i in self.instruments if i.id == name)

    def holdings(self) -> list[Holding]:
        """Return every role that anyone holds, exclusions by list written out.

        Someone excluded by reference is excluded while both the exclusion and the list's entry hold.
        """
        found = [
            Holding(p.actor, p.role, *self._span(p.starts, p.until), p.certainty == "yes", p.cite)
            for p in self.parties
        ]
        by_id = {each.id: each for each in self.lists}
        for exclusion in self.exclusions.exclusions:
            start, end = self._span(exclusion.starts, exclusion.until)
            certain = exclusion.certainty == "yes"
            if exclusion.actor:
                found.append(Holding(exclusion.actor, Role.EXCLUDED, start, end, certain, exclusion.cite))
            for entry in by_id[exclusion.list].entries if exclusion.list else ():
                listed, delisted = self._span(entry.starts, entry.until)
                found.append(
                    Holding(
                        entry.actor,
                        Role.EXCLUDED,
                        max(start, listed, key=_first),
                        min((e for e in (end, delisted) if e), key=_first, default=None),
                        certain and entry.certainty == "yes",
                        f"{exclusion.cite}; {entry.cite}",
                    )
                )
        return sorted(found, key=lambda h: (h.actor, h.role, str(h.start.start)))

    def _span(self, start: str, until: str | None) -> tuple[Interval, Interval | None]:
        zone = self.zone
        return times.parse(start, zone)[0], times.parse(until, zone)[0] if until else None


def _first(interval: Interval) -> str:
    return str(interval.start)


def read_agreement(texts: Mapping[str, str], actors: Iterable[str], kinds: Iterable[str]) -> Agreement:
    """Return the agreement that a folder's texts describe.

    Args:
        texts: Text by path inside the folder, such as `terms/no-fire.yaml`.
        actors: Ids of the actors that are described.
        kinds: Names of the kinds of term that are registered.

    Raises:
        BadInput: All problems of all files.
    """
    problems = Problems("agreement")
    head = _one(Head, "agreement.yaml", texts, problems)
    stack = _folder(Instrument, "instruments/", texts, problems)
    parties = _one(Parties, "parties.yaml", texts, problems)
    exclusions = (
        _one(Exclusions, "exclusions.yaml", texts, problems)
        if "exclusions.yaml" in texts
        else Exclusions(exclusions=[])
    )
    lists = _folder(OutsideList, "lists/", texts, problems)
    terms = _folder(Term, "terms/", texts, problems)
    zones: list[Zone] = []
    for path in sorted(texts):
        if path.startswith("zones/"):
            try:
                zones += read_zones(texts[path], f"agreement/{path}")
            except HoldfireError as error:
                problems.extend(error.problems)
    problems.raise_any()
    assert head is not None  # noqa: S101 - otherwise a problem was raised
    assert parties is not None  # noqa: S101
    assert exclusions is not None  # noqa: S101
    ordered = sorted((i for _, i in stack), key=lambda i: (i.dated, i.id))
    agreement = Agreement(
        head=head,
        instruments=tuple(ordered),
        parties=tuple(parties.parties),
        exclusions=exclusions,
        lists=tuple(each for _, each in lists),
        terms=tuple(each for _, each in terms),
        zones=tuple(zones),
    )
    _check(agreement, list(_paths(stack, lists, terms)), set(actors), set(kinds), problems)
    problems.raise_any()
    return agreement


Model = TypeVar("Model", bound=BaseModel)


def _one(model: type[Model], path: str, texts: Mapping[str, str], problems: Problems) -> Model | None:
    if path not in texts:
        problems.add(f"the file {path} is missing", hint="`holdfire init` writes one to begin from")
        return None
    try:
        return documents.read(model, texts[path], f"agreement/{path}")
    except HoldfireError as error:
        problems.extend(error.problems)
        return None


def _folder(
    model: type[Model], prefix: str, texts: Mapping[str, str], problems: Problems
) -> list[tuple[str, Model]]:
    paths = [p for p in sorted(texts) if p.startswith(prefix) and p.endswith((".yaml", ".yml"))]
    found = [(path, _one(model, path, texts, problems)) for path in paths]
    return [(path, value) for path, value in found if value is not None]


def _paths(*folders: Iterable[tuple[str, Instrument | OutsideList | Term]]) -> Iterable[tuple[str, str]]:
    for folder in folders:
        for path, value in folder:
            yield f"{type(value).__name__}:{value.id}", f"agreement/{path}"


class _References:
    """Notes every reference that leads nowhere."""

    def __init__(self, agreement: Agreement, actors: set[str], kinds: set[str]) -> None:
        self.found: list[Problem] = []
        self._among = {
            "actor": actors,
            "kind of term": kinds,
            "instrument": {i.id for i in agreement.instruments},
            "zone": {z.id for z in agreement.zones},
            "list": {each.id for each in agreement.lists},
        }

    def known(self, what: str, names: Iterable[str | None], where: str) -> None:
        """Note each name that nothing of this sort bears; an empty one refers to nothing."""
        among = self._among[what]
        for name in names:
            if name and name not in among:
                self.found.append(Problem(f'no {what} is called "{name}"', where, nearest(name, among)))


def _check(
    agreement: Agreement,
    named: Sequence[tuple[str, str]],
    actors: set[str],
    kinds: set[str],
    problems: Problems,
) -> None:
    """Note every id given twice, every window that ends too soon, every reference that leads nowhere."""
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
    refer.known("actor", [party.actor for party in agreement.parties], "agreement/parties.yaml")
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
        ("zone", "Zone", [z.id for z in agreement.zones]),
        ("list", "OutsideList", [each.id for each in agreement.lists]),
    ):
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            files = [path for key, path in named if key == f"{model}:{name}"] or ["agreement/zones"]
            yield Problem(f'two {what}s are called "{name}"', ", ".join(files), "give one another id")


def _ends_too_soon(instrument: Instrument, zone: ZoneInfo, where: str) -> Iterable[Problem]:
    for window in instrument.windows:
        start, end = window.start(zone).start, window.end(zone)
        if start and end and end.end and end.end <= start:
            text = f"a window ends ({window.until}) before it starts ({window.starts})"
            yield Problem(text, where, "write the earlier date first")

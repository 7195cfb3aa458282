"""Agreement: the whole stack, read from the texts of a folder and checked as one.

Every reference between files is checked (references.py): an instrument that amends one that is not there, a
term whose zone or instrument is missing, an actor no one has described. All problems of all files come at
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from holdfire import documents, times
from holdfire.agreement.belts import belts, parts
from holdfire.agreement.force import Force, force
from holdfire.agreement.instruments import Instrument
from holdfire.agreement.lineage import Holding, inherited, own
from holdfire.agreement.parties import Descent, Exclusions, OutsideList, Parties, Party
from holdfire.agreement.references import references
from holdfire.agreement.terms import Act, Acts, Finding, Findings, Term
from holdfire.agreement.zones import Zone, read_zones
from holdfire.documents import Cite, Document, Words
from holdfire.errors import HoldfireError, Problems


class Head(Document):
    """The file `agreement.yaml`."""

    id: str
    title: Words
    timezone: str
    pax_id: str | None = None
    about: Words = {}
    source: Cite
    excluded_label: Words = Field(default={}, description="What the agreement calls those it excludes.")


@dataclass(frozen=True)
class Agreement:
    """A dated stack of instruments, checked as a whole.

    Attributes:
        head: What the whole is called, and in which zone its dates are local.
        instruments: Its texts, in order of date.
        parties: Who holds which role.
        exclusions: Who is outside it.
        lists: Lists that an exclusion refers to.
        terms: Its duties and permissions.
        zones: Areas it speaks of, the belts along its lines among them.
        lineage: Who came out of whom.
        lines: Withdrawal lines drawn as lines.
        found: What people found about the conditions of terms.
        acts: Its own words for acts.
    """

    head: Head
    instruments: tuple[Instrument, ...]
    parties: tuple[Party, ...]
    exclusions: Exclusions
    lists: tuple[OutsideList, ...]
    terms: tuple[Term, ...]
    zones: tuple[Zone, ...]
    lineage: tuple[Descent, ...] = ()
    lines: tuple[Zone, ...] = ()
    found: tuple[Finding, ...] = ()
    acts: tuple[Act, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which its dates are local."""
        return times.zone(self.head.timezone)

    def instrument(self, name: str) -> Instrument:
        """Return the instrument of this id."""
        return next(i for i in self.instruments if i.id == name)

    def holdings(self) -> list[Holding]:
        """Return every role that anyone holds: written down, by a list, or by descent from who held it."""
        return list(self._held)

    @cached_property
    def _held(self) -> tuple[Holding, ...]:
        held = own(self.parties, self.exclusions, self.lists, self.zone)
        held += inherited(held, self.lineage, self.zone)
        return tuple(sorted(held, key=lambda h: (h.actor, h.role, str(h.start.start))))

    def force(self, term: Term) -> Force:
        """Return when a term binds, by every text of the stack."""
        return force(term, self.instruments, self.zone)

    def places(self, term: Term) -> list[int]:
        """Return the numbers, among `zones`, of those in which a term holds; none: it has no zone."""
        return parts(self.zones, self.lines, term) if term.zone else []


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
    found = _one(Findings, "conditions.yaml", texts, problems) if "conditions.yaml" in texts else Findings()
    acts = _one(Acts, "acts.yaml", texts, problems) if "acts.yaml" in texts else Acts()
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
    assert found is not None  # noqa: S101
    assert acts is not None  # noqa: S101
    ordered = sorted((i for _, i in stack), key=lambda i: (i.dated, i.id))
    agreement = Agreement(
        head=head,
        instruments=tuple(ordered),
        parties=tuple(parties.parties),
        exclusions=exclusions,
        lists=tuple(each for _, each in lists),
        terms=tuple(each for _, each in terms),
        zones=tuple(each for each in zones if not each.line),
        lineage=tuple(parties.lineage),
        lines=tuple(each for each in zones if each.line),
        found=tuple(found.found),
        acts=tuple(acts.acts),
    )
    references(agreement, list(_paths(stack, lists, terms)), set(actors), set(kinds), problems)
    problems.raise_any()
    made = belts(agreement.lines, agreement.terms, agreement.zone)
    return replace(agreement, zones=(*agreement.zones, *made))


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

"""An incident reported inside a precaution area: a finding of its own, made of cells and never of a place.

"Reported inside a precaution area; these recipients had been told of it at these times, these had not." What
is compared are the cells that an incident may lie in and those of an area, each with its time. An incident
without a place or a time may have been inside: that is unclear, never no. There is no argument through which
a protected place could come in. tests/properties/test_struck.py moves places about and looks.

An area that was told to some and never published makes a finding that must not be published either: `public`
says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from holdfire.answers import Answer, all_of, any_of
from holdfire.protecting.notices import Told

WORDING = "reported inside a precaution area; does not assert that a site was present or struck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An incident, as coarse as its cells.

    Attributes:
        id: Of the incident.
        cells: Codes of every cell that it may lie in; None: it is not said where, or not within any bound.
        touches: Codes of the cells whose zone it may lie in: a zone is wider than its cell.
        within: Codes of the cells whose zone holds it wherever it was.
        outside: Whether it may also lie outside every cell.
        start: Earliest time; None: open.
        end: Latest time; None: open.
    """

    id: str
    cells: frozenset[str] | None
    touches: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    outside: bool = False
    start: datetime | None = None
    end: datetime | None = None

    @property
    def near(self) -> frozenset[str]:
        """Return the codes of every cell in question."""
        return (self.cells or frozenset()) | self.touches | self.within


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Cells in force for a time, and who was told of them.

    Attributes:
        id: Of the release or the notice.
        cells: Codes.
        starts: In it.
        ends: Not in it.
        public: Whether it was published.
        told: What each recipient was told, and when; those who were not told are among them.
    """

    id: str
    cells: frozenset[str] = field(repr=False)
    starts: datetime
    ends: datetime
    public: bool
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """That an incident was reported inside an area, or may have been.

    Attributes:
        incident: Its id.
        area: Id of the release or the notice.
        cells: Codes in question.
        inside: Yes, or unclear; there is no finding for a no.
        told: By key id, whether the recipient had been told before; unclear where the incident's time does
            not say, and where a notice was sent and no receipt came back.
        when: By key id, what they were told and when.
        public: Whether it may be published: only of an area that was.
        wording: What is said of every one.
    """

    incident: str
    area: str
    cells: tuple[str, ...]
    inside: Answer
    told: Mapping[str, Answer]
    when: Mapping[str, Told]
    public: bool
    wording: str = WORDING


def findings(incidents: Iterable[Reported], areas: Iterable[Area]) -> Iterator[Finding]:
    """Yield a finding for each incident and each area that it may lie in, in the order given.

    Raises:
        ValueError: An area has no cells: it would say no where nothing is known.
    """
    known = list(areas)
    if any(not area.cells for area in known):
        raise ValueError("an area without cells")
    by_cell: dict[str, list[int]] = {}
    for n, area in enumerate(known):
        for code in area.cells:
            by_cell.setdefault(code, []).append(n)
    for incident in incidents:
        near = (
            range(len(known))
            if incident.cells is None
            else sorted({n for code in incident.near for n in by_cell.get(code, ())})
        )
        for n in near:
            inside = all_of((_within(incident, known[n]), _during(incident, known[n])))
            if inside is not Answer.NO:
                yield _finding(incident, known[n], inside)


def _finding(incident: Reported, area: Area, inside: Answer) -> Finding:
    return Finding(
        incident=incident.id,
        area=area.id,
        cells=tuple(sorted(area.cells if incident.cells is None else area.cells & incident.near)),
        inside=inside,
        told={each.to: _before(each, incident) for each in area.told},
        when={each.to: each for each in area.told},
        public=area.public,
    )


def _within(incident: Reported, area: Area) -> Answer:
    """Return whether an incident lies in an area: in a zone of it, or in none but its cells."""
    if incident.cells is None:
        return Answer.UNCLEAR
    if incident.within & area.cells:
        return Answer.YES
    if incident.cells and not incident.outside and incident.cells <= area.cells:
        return Answer.YES
    return Answer.UNCLEAR if incident.near & area.cells else Answer.NO


def _during(incident: Reported, area: Area) -> Answer:
    """Return whether an incident's time lies in an area's window."""
    start, end = incident.start, incident.end
    if (end is not None and end < area.starts) or (start is not None and start >= area.ends):
        return Answer.NO
    if start is not None and end is not None and area.starts <= start and end < area.ends:
        return Answer.YES
    return Answer.UNCLEAR


def _before(told: Told, incident: Reported) -> Answer:
    """Return whether a recipient had been told before an incident began: yes by their own receipt alone."""
    receipts = [at for at in (told.delivered, told.acknowledged) if at is not None]
    if receipts and incident.start is not None and min(receipts) <= incident.start:
        return Answer.YES
    if told.sent is None or (incident.end is not None and told.sent > incident.end):
        return Answer.NO
    return Answer.UNCLEAR  # whoever signs late does not show thereby that they had not read it before


def publishable(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield one finding for each incident that was reported in published areas, for publication.

    Areas that were not published are left out, and those that were are put together: how many notices lie
    behind one would say how many places do. Who had been told is left out too: a no on one day and a yes on
    the next say when within an epoch a place joined its cell, and a release does not.
    """
    by_incident: dict[str, list[Finding]] = {}
    for each in found:
        if each.public:
            by_incident.setdefault(each.incident, []).append(each)
    for incident, several in by_incident.items():
        yield Finding(
            incident=incident,
            area="",
            cells=tuple(sorted({code for each in several for code in each.cells})),
            inside=any_of(each.inside for each in several),
            told={},
            when={},
            public=True,
        )

"""The content of one bulletin, as data in no language: what every page and the JSON are drawn from.

Thirteen sections, always in the same order, each figure beside the previous period's. A bulletin is a
function of its material: no clock, no disk, no network, and the same material gives the same content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from holdfire.digests import digest
from holdfire.publishing import exports
from holdfire.publishing.figures import Basis, Figure
from holdfire.publishing.issue import Issue
from holdfire.publishing.material import Material, Words
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.publishing.sections.allegations import allegations
from holdfire.publishing.sections.annex import annexes, corrections
from holdfire.publishing.sections.balance import balance
from holdfire.publishing.sections.effort import active, effort, spoken_before
from holdfire.publishing.sections.front import front, summary
from holdfire.publishing.sections.harm import harm, zones
from holdfire.publishing.sections.incidents import incidents, not_covered
from holdfire.publishing.sections.obligations import obligations, summed
from holdfire.publishing.sections.status import status
from holdfire.publishing.sections.trend import trend
from holdfire.publishing.values import Block, Line, Section, Table, Value, label, plain
from holdfire.times import utc

ANNEX_MANIFEST = "annex/manifest.txt"


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """One bulletin, whole.

    Attributes:
        title: Of the case, by language.
        number: `N/YEAR`.
        version: Of this number.
        first: First local day of the period.
        last: Last local day, included.
        previous: First and last day of the period before.
        cutoff: What was received up to then is in.
        zone: Name of the time zone of its days.
        languages: Codes of its languages, the first at the root of the site.
        sections: Sections 0 to 12.
        figures: Every figure, by id.
        keys: What each figure is, by id: a dotted name that begins with its section's.
        bases: What the figures rest on, by id.
    """

    title: Words
    number: str
    version: int
    first: date
    last: date
    previous: tuple[date, date]
    cutoff: datetime
    zone: str
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    figures: Mapping[str, Figure]
    keys: Mapping[str, str]
    bases: Mapping[str, Basis]


@dataclass(frozen=True)
class Draft:
    """A bulletin with what its pages are drawn from besides: the issue, and the annex files by path."""

    bulletin: Bulletin
    issue: Issue
    files: Mapping[str, bytes]
    records: Mapping[str, str]
    """Digest of each determination's row in the annex, by determination id."""


def content(material: Material) -> Bulletin:
    """Return the content of the bulletin that some material makes.

    Raises:
        HoldfireError: The counts of a report do not add up, or tables of the case do not agree.
    """
    return compose(material).bulletin


def compose(material: Material) -> Draft:
    """Return a bulletin with its annexes and what else its pages need.

    Raises:
        HoldfireError: The counts of a report do not add up, or tables of the case do not agree.
    """
    issue = Issue(material)
    rows = exports.incident_rows(issue)
    files = exports.annexes(issue, rows)
    named = exports.digests(files)
    listed = exports.manifest((path.removeprefix("annex/"), name) for path, name in named.items())
    sections = _sections(issue, digest(listed), named)
    bulletin = Bulletin(
        title=material.title,
        number=f"{material.number}/{material.last.year}",
        version=material.version,
        first=material.first,
        last=material.last,
        previous=material.previous,
        cutoff=material.cutoff,
        zone=material.zone_name,
        languages=material.languages,
        sections=sections,
        figures=dict(sorted(issue.figures.made.items())),
        keys=dict(sorted(issue.figures.keys.items())),
        bases=dict(sorted(issue.figures.bases.items())),
    )
    records = {row["determination_id"]: digest(exports.document(row)) for row in rows}
    return Draft(bulletin, issue, {**files, ANNEX_MANIFEST: listed}, records)


def _sections(issue: Issue, manifest: str, named: Mapping[str, str]) -> tuple[Section, ...]:
    spoke, silent, sources = active(issue)
    watched = effort(issue)
    return (
        front(issue, manifest),
        summary(issue, _further(issue, spoke), silent, sources),
        status(issue),
        incidents(issue),
        not_covered(issue),
        allegations(issue),
        harm(issue),
        zones(issue),
        obligations(issue),
        Section(9, "effort", (*watched.blocks, *balance(issue))),
        trend(issue),
        corrections(issue),
        annexes(issue, named),
    )


def _further(issue: Issue, spoke: Figure) -> tuple[tuple[Value, ...], ...]:
    """Return the summary's rows that are no incidents: obligations, sources, corrections."""
    material = issue.material
    rows = summed(issue)
    heard = [f"source:{name}" for name, claims in spoken_before(issue).items() if claims]
    earlier = issue.figures.count("summary.sources.before", heard)
    changed = [f"correction:{c.id}" for c in material.corrections if not c.same]
    corrected = issue.figures.count("summary.corrections", changed)
    return (*rows, (label("sources_active"), spoke, earlier), (label("corrections"), corrected, None))


def as_json(bulletin: Bulletin) -> dict[str, Any]:
    """Return a bulletin as JSON can hold it: sentences with their words in each language, and all figures."""
    first, last = bulletin.previous
    return {
        "title": dict(bulletin.title),
        "number": bulletin.number,
        "version": bulletin.version,
        "period": {"first": bulletin.first.isoformat(), "last": bulletin.last.isoformat()},
        "previous_period": {"first": first.isoformat(), "last": last.isoformat()},
        "cutoff": utc(bulletin.cutoff),
        "zone": bulletin.zone,
        "languages": list(bulletin.languages),
        "sections": [
            {
                "number": section.number,
                "key": section.key,
                "blocks": [_block(block, bulletin.languages) for block in section.blocks],
            }
            for section in bulletin.sections
        ],
        "figures": {
            name: {
                "value": figure.value,
                "measure": figure.measure,
                "at_least": figure.at_least,
                "key": bulletin.keys[name],
                "basis": figure.basis,
            }
            for name, figure in bulletin.figures.items()
        },
        "bases": {name: list(basis.items) for name, basis in bulletin.bases.items()},
    }


def _block(block: Block, languages: tuple[str, ...]) -> Any:
    written = plain(block)
    if isinstance(block, Line):
        written["words"] = {name: lexicon(name).sentence(block.key) for name in languages}
    if isinstance(block, Table):
        written["caption"] = {name: lexicon(name).sentence(f"table_{block.key}") for name in languages}
    return written

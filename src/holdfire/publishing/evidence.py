"""What each claim rests on, fit to print: the words with what stands around them, or the row's fields.

Words and rows are asked for once, in bulk, and redacted once; pages only lay them out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from holdfire.publishing.entries import Entry
from holdfire.publishing.material import Material, Quote
from holdfire.publishing.redaction import CLOSE, OPEN, Reason, Redacted, Redactor
from holdfire.publishing.sayings import Saying, Sayings


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim, with what it was read from as far as that may be printed.

    Attributes:
        saying: The claim.
        quote: Words before, words of the claim, words after; None: a record of a dataset.
        fields: The record's fields; empty: prose, or nothing may be printed.
        chain: Who says it, outermost first: id, and as the report names them, redacted.
    """

    saying: Saying
    quote: tuple[str, str, str] | None
    fields: tuple[tuple[str, str], ...]
    chain: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Gathered:
    """The evidence of one bulletin.

    Attributes:
        claims: By claim id.
        places: Place fit to print, by determination id.
        sides: As the reports name them, redacted, by determination id: who acted, who was acted on.
        withheld: For each reason, ids of the claims and determinations something was withheld from,
            each with how often.
        redactor: What it was redacted with.
    """

    claims: Mapping[str, Evidence]
    places: Mapping[str, str]
    sides: Mapping[str, tuple[str, str]]
    withheld: Mapping[Reason, Mapping[str, int]]
    redactor: Redactor

    def from_claims(self, names: Iterable[str]) -> list[tuple[Reason, int]]:
        """Return how often something was withheld from these claims or determinations, by reason."""
        wanted = set(names)
        counted: list[tuple[Reason, int]] = []
        for reason, found in self.withheld.items():
            total = sum(found.get(name, 0) for name in wanted)
            if total:
                counted.append((reason, total))
        return counted


def gather(material: Material, said: Sayings, listed: Sequence[Entry]) -> Gathered:
    """Return the evidence of the period's claims and incidents."""
    every = said.all()
    prose = [s.id for s in every if s.row is None and s.report not in material.unquotable]
    quotes = material.quotes(prose) if prose else {}
    wanted: dict[str, list[int]] = {}
    for saying in every:
        if saying.row is not None and saying.report not in material.unquotable:
            wanted.setdefault(saying.report, []).append(saying.row)
    rows = material.rows({r: sorted(set(n)) for r, n in sorted(wanted.items())}) if wanted else {}
    lower = {
        word
        for quote in quotes.values()
        for text in (quote.before, quote.words, quote.after)
        for word in re.findall(r"\b[a-z][a-z'’-]+\b", text)
    }
    redactor = Redactor(_known(material, every), lower)
    withheld: dict[Reason, Counter[str]] = {}

    def note(name: str, found: Iterable[tuple[Reason, int]]) -> None:
        for reason, number in found:
            withheld.setdefault(reason, Counter())[name] += number

    claims: dict[str, Evidence] = {}
    for saying in every:
        evidence, found = _evidence(saying, material, quotes.get(saying.id), rows, redactor)
        claims[saying.id] = evidence
        note(saying.id, found)
    places, sides = {}, {}
    for entry in listed:
        place = redactor.place(entry.place, entry.area)
        actors, targets = redactor.name(entry.actors_text), redactor.name(entry.targets_text)
        places[entry.id], sides[entry.id] = place.text, (actors.text, targets.text)
        note(entry.id, (*place.withheld, *actors.withheld, *targets.withheld))
    ordered = {reason: dict(sorted(withheld[reason].items())) for reason in sorted(withheld)}
    return Gathered(claims, places, sides, ordered, redactor)


def _evidence(
    saying: Saying,
    material: Material,
    quote: Quote | None,
    rows: Mapping[tuple[str, int], dict[str, str]],
    redactor: Redactor,
) -> tuple[Evidence, list[tuple[Reason, int]]]:
    found: list[tuple[Reason, int]] = []
    chain = []
    for name, text in saying.chain:
        shown = redactor.name(text)
        found += shown.withheld
        chain.append((name, shown.text))
    links = tuple(chain)
    if saying.report in material.unquotable:
        mark = f"{OPEN}licence{CLOSE}"
        return Evidence(saying, ("", mark, ""), (), links), [*found, ("licence", 1)]
    if saying.row is not None:
        fields, left_out = redactor.fields(rows.get((saying.report, saying.row), {}))
        return Evidence(saying, None, tuple(fields.items()), links), [*found, *left_out]
    if quote is None:
        return Evidence(saying, None, (), links), found
    parts, taken = _quoted(saying, quote, redactor)
    return Evidence(saying, parts, (), links), [*found, *taken]


def _quoted(
    saying: Saying, quote: Quote, redactor: Redactor
) -> tuple[tuple[str, str, str], list[tuple[Reason, int]]]:
    """Return the three parts of a quote. They are judged together: a name may stand across a seam."""
    texts = (quote.before, quote.words, quote.after)
    deaths = saying.of_deaths or redactor.speaks_of_deaths("".join(texts))
    parts: list[Redacted] = [redactor.quote(text, deaths) for text in texts]
    taken = [each for part in parts for each in part.withheld]
    return (parts[0].text, parts[1].text, parts[2].text), taken


def _known(material: Material, every: Sequence[Saying]) -> set[str]:
    """Return the names that may be printed: of actors, sources, places, zones, and the agreement."""
    names = set(material.known)
    for actor in material.names.actors.values():
        names |= {alias.text for alias in actor.aliases} | set(actor.name.values())
    for source in material.sources.values():
        names |= set(source.name.values()) | set(source.aliases)
    for instrument in material.agreement.instruments:
        names |= set(instrument.title.values())
    for zone in material.agreement.zones:
        names |= set(zone.name.values())
    names |= set(material.agreement.head.title.values()) | set(material.title.values())
    for saying in every:
        names |= {saying.area, saying.place}
    return names - {""}

"""What each claim rests on, fit to print: the words with what stands around them, or the row's fields.

Words and rows are asked for once, in bulk, and masked once; pages only lay them out. A bulletin that is
rebuilt asks for none: it is handed the extracts that were made when it was issued.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from holdfire.publishing.entries import Entry
from holdfire.publishing.extracts import GONE, Citation, Extract, Extracts, Masking
from holdfire.publishing.material import Material, Quote
from holdfire.publishing.redaction import Reason, Redactor, names_site, printable_names
from holdfire.publishing.sayings import Saying, Sayings


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim, with what it was read from as far as that may be printed.

    Attributes:
        saying: The claim.
        quote: Words before, words of the claim, words after; None: a record of a dataset.
        fields: The record's fields; empty: prose, or nothing may be printed.
        chain: Who says it, outermost first: id, and as the report names them, masked.
        codes: The dataset's own codes for time and place.
    """

    saying: Saying
    quote: tuple[str, str, str] | None
    fields: tuple[tuple[str, str], ...]
    chain: tuple[tuple[str, str], ...]
    codes: str


@dataclass(frozen=True)
class Gathered:
    """The evidence of one bulletin.

    Attributes:
        claims: By claim id.
        places: Place fit to print, by determination id.
        sides: As the reports name them, masked, by determination id: who acted, who was acted on.
        withheld: For each reason, ids of the claims and determinations something was withheld from,
            each with how often.
    """

    claims: Mapping[str, Evidence]
    places: Mapping[str, str]
    sides: Mapping[str, tuple[str, str]]
    withheld: Mapping[Reason, Mapping[str, int]]

    def from_claims(self, names: Iterable[str]) -> list[tuple[Reason, int]]:
        """Return how often something was withheld from these claims or determinations, by reason."""
        wanted = set(names)
        counted: list[tuple[Reason, int]] = []
        for reason, found in self.withheld.items():
            total = sum(found.get(name, 0) for name in wanted)
            if total:
                counted.append((reason, total))
        return counted


def gather(said: Sayings, listed: Sequence[Entry], extracts: Extracts) -> Gathered:
    """Return the evidence of the period's claims and incidents.

    A claim that the extracts do not hold has lost its words: the bytes of its report were destroyed
    before this was printed.
    """
    withheld: dict[Reason, Mapping[str, int]] = dict(extracts.withheld)
    if gone := {saying.id: 1 for saying in said.all() if saying.id not in extracts.claims}:
        withheld["redaction"] = gone
    return Gathered(
        claims={saying.id: _evidence(saying, extracts.claims.get(saying.id)) for saying in said.all()},
        places={entry.id: extracts.places.get(entry.id, "") for entry in listed},
        sides={entry.id: extracts.sides.get(entry.id, ("", "")) for entry in listed},
        withheld=withheld,
    )


def _evidence(saying: Saying, extract: Extract | None) -> Evidence:
    if extract is None:
        return Evidence(saying, ("", GONE, ""), (), tuple((name, "") for name, _ in saying.chain), "")
    texts = extract.chain or ("",) * len(saying.chain)
    chain = tuple((name, text) for (name, _), text in zip(saying.chain, texts, strict=True))
    return Evidence(saying, extract.quote, tuple(extract.fields.items()), chain, extract.codes)


def extract(material: Material, said: Sayings, listed: Sequence[Entry]) -> Extracts:
    """Return the words that a bulletin prints, from what the reports say."""
    every = [s for s in said.all() if s.report not in material.redacted]
    prose = [s.id for s in every if s.row is None and s.report not in material.unquotable]
    quotes = material.quotes(prose) if prose else {}
    wanted: dict[str, list[int]] = {}
    for saying in every:
        if saying.row is not None and saying.report not in material.unquotable:
            wanted.setdefault(saying.report, []).append(saying.row)
    rows = material.rows({r: sorted(set(n)) for r, n in sorted(wanted.items())}) if wanted else {}
    masking = Masking(Redactor(_known(material, every), _lower(quotes)))
    claims = {}
    for saying in every:
        row = rows.get((saying.report, saying.row), {}) if saying.row is not None else {}
        if _kept_back(material, saying, quotes.get(saying.id), row):
            claims[saying.id] = Extract(masking.in_area(saying.id))
        else:
            claims[saying.id] = _extract(saying, material, quotes.get(saying.id), rows, masking)
    places, sides = {}, {}
    for entry in listed:
        if entry.incident_id in material.sheltered:
            masking.in_area(entry.id)
            places[entry.id], sides[entry.id] = "", ("", "")
            continue
        places[entry.id] = masking.place(entry.id, entry.place, entry.area)
        sides[entry.id] = (
            masking.side(entry.id, entry.actors_text),
            masking.side(entry.id, entry.targets_text),
        )
    citations = {
        r.id: Citation("" if r.id in material.kept_back.reports else r.cite, r.licence)
        for r in material.reports
        if r.cite or r.licence
    }
    return Extracts(claims, places, sides, masking.withheld, citations)


def _kept_back(material: Material, saying: Saying, quote: Quote | None, row: Mapping[str, str]) -> bool:
    """Return whether precaution areas keep a claim's words or record from being printed.

    Of a text one of whose claims lies in an area nothing is quoted; of a dataset the record alone is kept
    back. Of a claim that may lie in one, what speaks of a kind of site.
    """
    kept = material.kept_back
    if saying.id in kept.claims or saying.report in kept.reports:
        return True
    if saying.id not in kept.vague:
        return False
    texts = (quote.before, quote.words, quote.after) if quote else tuple(row.values())
    return any(names_site(text) for text in texts)


def _extract(
    saying: Saying,
    material: Material,
    quote: Quote | None,
    rows: Mapping[tuple[str, int], dict[str, str]],
    masking: Masking,
) -> Extract:
    chain = masking.chain(saying.id, (text for _, text in saying.chain))
    codes = masking.codes(", ".join(code for code in (saying.time_native, saying.geo_native) if code))
    if saying.report in material.unquotable:
        return Extract(masking.unquotable(saying.id), {}, chain, codes)
    if saying.row is not None:
        fields = masking.fields(saying.id, rows.get((saying.report, saying.row), {}))
        return Extract(None, fields, chain, codes)
    if quote is None:
        return Extract(None, {}, chain, codes)
    texts = (quote.before, quote.words, quote.after)
    return Extract(masking.quote(saying.id, texts, saying.of_deaths), {}, chain, codes)


def _lower(quotes: Mapping[str, Quote]) -> set[str]:
    """Return words seen in lower case: they are no names where they begin a sentence."""
    return {
        word
        for quote in quotes.values()
        for text in (quote.before, quote.words, quote.after)
        for word in re.findall(r"\b[a-z][a-z'’-]+\b", text)
    }


def _known(material: Material, every: Sequence[Saying]) -> set[str]:
    """Return the names that may be printed: of actors, sources, places, zones, and the agreement."""
    names = printable_names(material.names, material.sources, material.agreement) | set(material.known)
    names |= set(material.title.values())
    for saying in every:
        near = saying.id in material.kept_back.claims
        names |= {saying.area} if near else {saying.area, saying.place}
    return names - {""}

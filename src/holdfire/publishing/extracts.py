"""The words that one bulletin prints of reports, masked: all that publishing needs besides what was coded.

They are made once, from the bytes in the vault, when a bulletin is issued, and lie beside the log as an
exhibit that the log names by digest. A bulletin is rebuilt from them and the log alone. They can be taken
away without harm to the log: pages then say that the words are withheld, and no number changes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from holdfire.digests import canonical
from holdfire.publishing.redaction import CLOSE, OPEN, Reason, Redacted, Redactor

GONE = f"{OPEN}redaction{CLOSE}"
"""Stands where the bytes that words would be read from were destroyed."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What may be printed of one claim's report.

    Attributes:
        quote: Words before, words of the claim, words after; None: a record of a dataset.
        fields: The record's fields; empty: prose, or nothing may be printed.
        chain: Who says it, outermost first, as the report names them.
        codes: The dataset's own codes for time and place, or the text's words for them.
    """

    quote: tuple[str, str, str] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    chain: tuple[str, ...] = ()
    codes: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a person finds a report, and what its source allows."""

    cite: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Extracts:
    """The extracts of one bulletin.

    Attributes:
        claims: By claim id.
        places: Place fit to print, by determination id.
        sides: Who acted and who was acted on, as the reports name them, by determination id.
        withheld: For each reason, ids of the claims and determinations something was withheld from,
            each with how often.
        citations: By report id.
    """

    claims: Mapping[str, Extract] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    withheld: Mapping[Reason, Mapping[str, int]] = field(default_factory=dict)
    citations: Mapping[str, Citation] = field(default_factory=dict)

    def content(self) -> bytes:
        """Return the extracts as the bytes that the log names."""
        value: dict[str, Any] = {
            "claims": {name: _lean(asdict(each)) for name, each in self.claims.items()},
            "places": dict(self.places),
            "sides": {name: list(sides) for name, sides in self.sides.items()},
            "withheld": {reason: dict(found) for reason, found in self.withheld.items()},
            "citations": {name: _lean(asdict(each)) for name, each in self.citations.items()},
        }
        return canonical(value)

    @classmethod
    def read(cls, content: bytes) -> Extracts:
        """Return the extracts that some bytes hold."""
        value = json.loads(content)
        return cls(
            claims={name: _extract(each) for name, each in value["claims"].items()},
            places=value["places"],
            sides={name: (sides[0], sides[1]) for name, sides in value["sides"].items()},
            withheld=value["withheld"],
            citations={name: Citation(**each) for name, each in value["citations"].items()},
        )


def _lean(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(each) if isinstance(each, tuple) else each for name, each in value.items() if each}


def _extract(value: Mapping[str, Any]) -> Extract:
    quote = value.get("quote")
    return Extract(
        quote=(quote[0], quote[1], quote[2]) if quote else None,
        fields=value.get("fields", {}),
        chain=tuple(value.get("chain", ())),
        codes=value.get("codes", ""),
    )


class Masking:
    """Makes extracts: masks what must not leave, and counts what it masked."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._withheld: dict[Reason, Counter[str]] = {}

    @property
    def withheld(self) -> dict[Reason, dict[str, int]]:
        """Return what was masked so far, reasons and ids sorted."""
        return {reason: dict(sorted(self._withheld[reason].items())) for reason in sorted(self._withheld)}

    def chain(self, name: str, texts: Iterable[str]) -> tuple[str, ...]:
        """Return who says a claim, as far as it may be printed."""
        return tuple(self._kept(name, self._redactor.name(text)) for text in texts)

    def unquotable(self, name: str) -> tuple[str, str, str]:
        """Return the mark that stands for words whose source does not allow reprinting."""
        self._note(name, [("licence", 1)])
        return "", f"{OPEN}licence{CLOSE}", ""

    def in_area(self, name: str) -> tuple[str, str, str]:
        """Return the mark that stands for the words or the record of what lies in a precaution area."""
        self._note(name, [("area", 1)])
        return "", f"{OPEN}area{CLOSE}", ""

    def fields(self, name: str, row: dict[str, str]) -> dict[str, str]:
        """Return a record's fields, as far as they may be printed."""
        kept, found = self._redactor.fields(row)
        self._note(name, found)
        return kept

    def quote(self, name: str, texts: Sequence[str], of_deaths: bool) -> tuple[str, str, str]:
        """Return the three parts of a quote. They are judged together: a name may stand across a seam."""
        deaths = of_deaths or self._redactor.speaks_of_deaths("".join(texts))
        before, words, after = (self._kept(name, self._redactor.quote(text, deaths)) for text in texts)
        return before, words, after

    def codes(self, codes: str) -> str:
        """Return a dataset's own codes, as far as they may be printed."""
        return self._redactor.quote(codes, of_deaths=False).text if codes else ""

    def place(self, name: str, place: str, area: str) -> str:
        """Return a place no finer than a settlement."""
        return self._kept(name, self._redactor.place(place, area))

    def side(self, name: str, text: str) -> str:
        """Return one side of an incident, as far as it may be printed."""
        return self._kept(name, self._redactor.name(text))

    def _kept(self, name: str, redacted: Redacted) -> str:
        self._note(name, redacted.withheld)
        return redacted.text

    def _note(self, name: str, found: Iterable[tuple[Reason, int]]) -> None:
        for reason, number in found:
            self._withheld.setdefault(reason, Counter())[name] += number

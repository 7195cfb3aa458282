"""What must not leave: names of people, exact positions, protected sites, formulas.

It is better to withhold a word too many than to print the name of one of the dead. So:

* words quoted of deaths, injuries or arrests keep a capitalised word only if it is known: a name of an
  actor, source or place of the case, a month, or a common word of reports; anything else becomes a mark.
  In a script without capitals, such as Arabic, such a quote is withheld whole;
* coordinates, bearings and launch points in any quote become a mark;
* of what lies in a public precaution area no words, no record and no place finer than its cells is printed;
  while one is on, nor are words about kinds of sites where it is not known how near they were;
* a place that names a site (a hospital, a school) is given as its area;
* published coordinates are rounded to the case's grid and never finer than the disc they come from;
* a cell that a spreadsheet would run as a formula gets an apostrophe first.

Every mark carries a reason code and is counted. tests/unit/test_redaction.py plants names and looks for
them in every file of a site.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from holdfire.agreement.document import Agreement
from holdfire.places import KILOMETRES_A_DEGREE
from holdfire.records.actor import Names, fold
from holdfire.records.source import Source

Reason = Literal["name", "position", "site", "area", "quote", "field", "licence", "redaction"]
"""Why something was withheld: a name, a position, a site, what lies in a precaution area, a quote, a field, a
licence, bytes destroyed."""

REASONS: tuple[Reason, ...] = ("name", "position", "site", "area", "quote", "field", "licence", "redaction")

ALIAS = "~:"
"""Begins the public id of an actor or voice whose own words may not be printed."""

OPEN, CLOSE = "\ue000", "\ue001"
"""Stand around a reason code inside redacted text; private-use characters, taken out of what comes in."""

MARK = re.compile(f"{OPEN}([a-z]+){CLOSE}")

_DEATH = re.compile(
    r"\b(kill|dead|death|die[ds]?\b|dying|martyr|bod(?:y|ies)\b|corpse|casualt|victim|funeral|buri|wound|injur|"
    r"murder|execut|slain|massacre|fatal|perish|succumb|drown|missing|detain|arrest|tortur|prisoner|name[ds]?\b)",
    re.IGNORECASE,
)
_DEATH_IN_ARABIC = re.compile(
    "قتل|قتيل|شهيد|شهداء|شهد|جث[ةث]|ضحي|ضحاي|جرح|جريح|مجزر|مذبح|إعدام|أعدم|وفا[ةت]|توف|مات|ماتو|موت|جناز|دفن|أصيب|"
    "إصاب|مصاب|صرع|لقي|قضى|اغتي|اعتق|معتق|خطف|مخطوف|أسر|أسير|مفقود|تعذيب|غرق"
)
"""Stems of Arabic words about deaths, injuries or arrests; one too many withholds a quote too many."""
_NOT_ARABIC = re.compile("[^\u0600-\u0603\u060c-\u065f\u0670\u06d4]")
_CAPITAL = r"(?:[a-z]{1,3}[-'’‘])?[^\W\d_a-z][\w'’‘\-]*"
_PARTICLE = r"(?:bin|ibn|bint|abu|abou|umm|um|al|el|ad|as|ash|at|an|de|da|van|von|der|der|la|le|of the|of)"
_RUN = re.compile(
    rf"(?<!\w){_CAPITAL}(?:[ \u00a0]+(?:{_PARTICLE}[ \u00a0]+){{0,2}}{_CAPITAL}|[ \u00a0]+{_CAPITAL})*"
)
_WORD = re.compile(r"[\w'’‘\-]+")
_POSITION = re.compile(
    r"""(?ix)
    (?<![\d.])-?\d{1,3}\.\d{2,}\s*°?\s*[NSEW]?\s*[,;/ ]\s*-?\d{1,3}\.\d{2,}\s*°?\s*[NSEW]?  # 33.51, 36.27
    | \b\d{1,3}\s*°(?:\s*\d{1,2}(?:\.\d+)?\s*['′’])?(?:\s*\d{1,2}(?:\.\d+)?\s*["″”])?\s*[NSEW]?   # 33°30'
    | \b(?:grid\s+)?\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,5}\s?\d{2,5}\b                    # MGRS
    | \b(?:bearing|azimuth|heading|grid\s+reference|grid)\s*(?:of|:)?\s*\d[\d .,°]*(?:degrees|mils|deg)?
    | \b\d{1,4}\s*(?:degrees|mils)\b(?!\s*(?:celsius|c\b|fahrenheit))
    | \b(?:launch(?:ed|ing)?|firing)\s+(?:point|site|position|pad|location)s?\b[^.;,\n]*
    | \b(?:lat(?:itude)?|lon(?:g|gitude)?)\.?\s*[:=]?\s*-?\d{1,3}\.\d+
    """
)
_PERHAPS = re.compile(
    r"\d\.\d\d|\d\s*(?:°|deg|mils)|\d[C-HJ-NP-X]\s?[A-Z]{2}|bearing|azimuth|heading|grid|launch|firing",
    re.IGNORECASE,
)
"""What any position has somewhere: the cheap question before the dear one."""
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\d\.\d\d|\d\s*°")

REMEMBERED = 100_000
"""Most field values whose redaction is kept; datasets repeat theirs."""

_SITE = re.compile(
    r"\b(hospital|clinic|medical|school|university|mosque|church|shelter|bakery|kindergarten|orphanage|camp|"
    r"house|home|apartment|residence|street|market|warehouse|building)\b|مستشفى|مشفى|مدرسة|جامع|مسجد|كنيسة|عيادة|ملجأ|منزل",
    re.IGNORECASE,
)
_PLAIN_FIELDS = re.compile(
    r"(?:where_coordinates|adm(?:in)?_?\d?(?:_name)?|country|region|location|side_[ab](?:_.*)?|dyad_name|conflict_name|"
    r"source_office|actor\d|assoc_actor_\d|event_type|sub_event_type|disorder_type|belligerent\w*|type\w*)",
    re.IGNORECASE,
)
"""Fields of datasets that hold places, sides, offices or codes, never a person: printed as they are."""

_HIDDEN_FIELDS = re.compile(
    r"lat(itude)?|lon(gitude|g)?|geom(etry|_wkt)?|coord\w*|x|y|wkt|mgrs|utm|priogrid_gid|.*_lat|.*_lon(g)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the folded common words that may begin with a capital: months, peoples, ranks of units."""
    return _list("common.txt")


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return the folded given names that are withheld even where a village bears them too."""
    return _list("given.txt")


def _list(name: str) -> frozenset[str]:
    text = (resources.files("holdfire.publishing") / "words" / name).read_text("utf-8")
    lines = (line.split("#")[0] for line in text.splitlines())
    return frozenset(part for line in lines for word in line.split() for part in fold(word).split())


def printable_names(names: Names, sources: Mapping[str, Source], agreement: Agreement) -> set[str]:
    """Return the names that a case itself brings: of its actors, sources, instruments and zones."""
    found: set[str] = set()
    for actor in names.actors.values():
        found |= {alias.text for alias in actor.aliases} | set(actor.name.values())
    for source in sources.values():
        found |= set(source.name.values()) | set(source.aliases)
    for instrument in agreement.instruments:
        found |= set(instrument.title.values())
    for zone in agreement.zones:
        found |= set(zone.name.values())
    return (found | set(agreement.head.title.values())) - {""}


def spelled(text: str) -> str:
    """Return redacted text for a file: each mark in words, such as `[withheld: name]`."""
    return MARK.sub(r"[withheld: \1]", text)


@dataclass(frozen=True, slots=True)
class Redacted:
    """Text that may leave, with marks where something was withheld, and how often for each reason."""

    text: str
    withheld: tuple[tuple[Reason, int], ...] = ()


def masked_actor(name: str, redactor: Redactor) -> str:
    """Return what may be printed of an undescribed actor's id, without its first character."""
    return f"{OPEN}name{CLOSE}" if name.startswith(ALIAS) else redactor.actor(name)


def names_site(text: str) -> bool:
    """Return whether words speak of a kind of site, such as a hospital."""
    return _SITE.search(text) is not None


class Redactor:
    """Takes out what must not leave. Keeps what it took, by reason, in no form but a count.

    Args:
        known: Names that may be printed: actors, sources, places, zones.
        lower: Words seen in lower case in the material; they are no names where they begin a sentence.
    """

    def __init__(self, known: Iterable[str], lower: Iterable[str] = ()) -> None:
        phrases = {fold(name) for name in known if name}
        self._single = frozenset(p for p in phrases if " " not in p) - given_names()
        self._phrases = frozenset(tuple(p.split()) for p in phrases if " " in p)
        self._longest = max((len(p) for p in self._phrases), default=1)
        self._common = common_words()
        self._lower = frozenset(fold(word) for word in lower)
        self._seen: dict[tuple[bool, str], bool] = {}
        self._fields: dict[str, Redacted] = {}

    def quote(self, text: str, of_deaths: bool) -> Redacted:
        """Return words of a report as they may be printed.

        `of_deaths`: whether the claim they carry is about deaths, injuries or arrests; words that
        speak of these are treated so whether it is or not.
        """
        text = text.replace(OPEN, "").replace(CLOSE, "")
        counted: Counter[Reason] = Counter()
        clear = self._positions(text, counted)
        of_deaths = of_deaths or self.speaks_of_deaths(text)
        if of_deaths and _uncased(text):
            return Redacted(f"{OPEN}quote{CLOSE}", (("quote", 1),))
        if of_deaths:
            clear = self._names(clear, counted)
        return Redacted(clear, _frozen(counted))

    @staticmethod
    def speaks_of_deaths(text: str) -> bool:
        """Return whether words speak of deaths, injuries or arrests, so that names in them are withheld."""
        return bool(_DEATH.search(text)) or (_uncased(text) and not _of_no_death(text))

    def fields(self, row: dict[str, str]) -> tuple[dict[str, str], tuple[tuple[Reason, int], ...]]:
        """Return the fields of a record that may be printed; what a format left out stays counted."""
        counted: Counter[Reason] = Counter()
        kept: dict[str, str] = {}
        for name, value in row.items():
            if name == "":
                counted["field"] += int(value) if value.isdigit() else 1
            elif _HIDDEN_FIELDS.fullmatch(name):
                counted["field"] += 1
            elif value and _PLAIN_FIELDS.fullmatch(name):
                kept[name] = self._positions(value, counted)
            elif value:
                kept[name] = self._field(value.replace(OPEN, "").replace(CLOSE, ""), counted)
        return kept, _frozen(counted)

    def name(self, text: str) -> Redacted:
        """Return who a report names: only names of actors, sources and places stay."""
        return self.quote(text, of_deaths=True)

    def place(self, text: str, area: str) -> Redacted:
        """Return a place no finer than a settlement: one that names a site is given as its area."""
        if _SITE.search(text) and fold(text) not in self._single:
            return Redacted(f"{OPEN}site{CLOSE}" + (f", {area}" if area else ""), (("site", 1),))
        counted: Counter[Reason] = Counter()
        return Redacted(self._positions(text, counted), _frozen(counted))

    def actor(self, name: str) -> str:
        """Return an undescribed actor of prose as it may be printed: a mark unless its words are known."""
        words = fold(name.lstrip("~").replace("-", " "))
        return words if words and self._may_stay(words, opens=False) else f"{OPEN}name{CLOSE}"

    def _field(self, value: str, counted: Counter[Reason]) -> str:
        if not _LETTER.search(value) and not _DIGITS.search(value):
            return value
        if value not in self._fields:
            inner: Counter[Reason] = Counter()
            clear = self._positions(value, inner)
            clear = self._mark("quote", inner) if _uncased(clear) else self._names(clear, inner)
            if len(self._fields) > REMEMBERED:
                self._fields.clear()
            self._fields[value] = Redacted(clear, _frozen(inner))
        counted.update(dict(self._fields[value].withheld))
        return self._fields[value].text

    def _positions(self, text: str, counted: Counter[Reason]) -> str:
        if not _PERHAPS.search(text):
            return text
        return _POSITION.sub(lambda _: self._mark("position", counted), text)

    def _mark(self, reason: Reason, counted: Counter[Reason]) -> str:
        counted[reason] += 1
        return f"{OPEN}{reason}{CLOSE}"

    def _names(self, text: str, counted: Counter[Reason]) -> str:
        def judged(found: re.Match[str]) -> str:
            run = found.group()
            opens = _opens_sentence(text, found.start())
            key = (opens, run)
            if key not in self._seen:
                self._seen[key] = self._may_stay(run, opens)
            return run if self._seen[key] else self._mark("name", counted)

        return _RUN.sub(judged, text)

    def _may_stay(self, run: str, opens: bool) -> bool:
        """Return whether a run of capitalised words is made of known names and common words only.

        Two bare place names side by side are not taken for places: many given names are also villages.
        """
        words = fold(run).split()
        if opens and words and words[0] in self._lower and words[0] not in self._single:
            words = words[1:]
        bare, at = 0, 0
        while at < len(words):
            length = next(
                (
                    n
                    for n in range(min(self._longest, len(words) - at), 1, -1)
                    if tuple(words[at : at + n]) in self._phrases
                ),
                0,
            )
            if length:
                at += length
            elif words[at] in self._common or words[at].isdigit():
                at += 1
            elif words[at] in self._single:
                bare, at = bare + 1, at + 1
            else:
                return False
        return bare <= 1


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \u00a0\"'“‘«([")
    return not before or before[-1] in ".!?:;\n–—-|"


def _uncased(text: str) -> bool:
    """Return whether a text has words in a script without capitals, so that names cannot be told."""
    return any(c.isalpha() and c.lower() == c.upper() and ord(c) > 0x2AF for c in text if ord(c) < 0xE000)


def _of_no_death(text: str) -> bool:
    """Return whether a text without capitals is Arabic and holds no stem of a word about deaths."""
    strange = any(_NOT_ARABIC.match(c) for c in text if c.isalpha() and ord(c) > 0x2AF)
    return not strange and not _DEATH_IN_ARABIC.search(text)


def _frozen(counted: Counter[Reason]) -> tuple[tuple[Reason, int], ...]:
    return tuple((reason, counted[reason]) for reason in REASONS if counted[reason])


def coarse(lat: float, lon: float, radius: float | None, grid: int) -> tuple[str, str, int]:
    """Return coordinates fit to print, as text [degrees], and the radius they stand for [m].

    Both are rounded to the nearest cell of the grid, or of a grid as wide as the disc if that is wider;
    the radius returned holds the disc and the rounding.

    Args:
        lat: Latitude of the disc's centre [degrees].
        lon: Longitude [degrees].
        radius: Of the disc [m]; None: no bound is known, and then it must not be drawn.
        grid: Cell [hundredths of a degree]; 0: they are rounded already, and the radius holds that.

    >>> coarse(33.5138, 36.2765, 500.0, 10)
    ('33.5', '36.3', 7739)
    """
    if not grid:
        return _hundredths(round(lat * 100)), _hundredths(round(lon * 100)), math.ceil(radius or 0)
    span = 0.0 if radius is None else radius / 1000 / KILOMETRES_A_DEGREE * 100
    cell = max(grid, grid * math.ceil(span / grid)) if radius is not None else grid
    shown = [round(value * 100 / cell) * cell for value in (lat, lon)]
    half = cell / 200 * KILOMETRES_A_DEGREE * 1000
    reach = math.hypot(half, half * math.cos(math.radians(lat)))
    return _hundredths(shown[0]), _hundredths(shown[1]), math.ceil((radius or 0) + reach)


def _hundredths(value: int) -> str:
    sign, whole, rest = "-" if value < 0 else "", abs(value) // 100, abs(value) % 100
    return f"{sign}{whole}.{rest:02d}".rstrip("0").rstrip(".") or "0"


def cell(value: str) -> str:
    """Return a CSV cell that no spreadsheet runs as a formula, on one line by every reader's rules.

    >>> cell("=1+1"), cell("-3"), cell("Aleppo")
    ("'=1+1", '-3', 'Aleppo')
    """
    value = value.replace("\r", " ")
    if value.lstrip()[:1] in ("=", "+", "-", "@") and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return f"'{value}"
    return value

"""A place as one string of a list or a dataset, such as "al-Kalasa neighbourhood, Aleppo": where it lies.

Parts are taken from the finest to the widest; a wider part that is named settles which place of the finer
name is meant, and where only the wider part is known the disc is as wide as that. "Between X and Y" is a
disc over both. What is in no gazetteer stays a string.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from holdfire.places import RADIUS, GeoPrecision, distance
from holdfire.reading.gazetteer.atlas import Atlas, Spot
from holdfire.reading.gazetteer.choosing import NOWHERE, Chosen, Setting, chosen, inside
from holdfire.reading.gazetteer.spelling import key, sounds

MOST = 0.75
"""Farthest off in sound a spelling may lie and still be taken for the name."""

_APART = re.compile(r"\s*[,;:()\[\]|،؛]\s*|\s+/\s+|/|\s[-–—]\s|\.\s+|\s+(?:or|أو)\s+|\s+(?:و|and|&)\s+(?=\S)")
_BETWEEN = re.compile(r"\b(?:between|entre)\b|بين|между", re.IGNORECASE)
_AWAY = re.compile(r"(\d+(?:\.\d+)?)\s*(?:km|kilomet\w+|كم|км)\b", re.IGNORECASE)
_WIDE = re.compile(
    r"\b(?:near|around|outside|outskirts|countryside|road|highway|north|south|east|west|northern|southern|eastern"
    r"|western|rural|suburbs?|area|axis|front|frontline|crossing|bridge|desert|fields?|farms?)\b|ريف|قرب|محيط|طريق|"
    r"شمال|جنوب|شرق|غرب|أطراف|مزارع|بادية|معبر|جسر",
    re.IGNORECASE,
)  # fmt: skip
_TOWN = re.compile(
    r"\b(?:neighbou?rhoods?|street|hospital|mosque|roundabout|school|square|market|garden|bakery|quarter|university"
    r"|stadium|station)\b|حي |حي$|شارع|مشفى|دوار|مسجد|جامع|مدرسة|ساحة|سوق",
    re.IGNORECASE,
)
_KINDS = {
    "town": re.compile(r"\b(?:town|village|city|hamlet)\b|قرية|بلدة|مدينة", re.IGNORECASE),
    "district": re.compile(r"\b(?:district|subdistrict|sub-district)\b|منطقة|ناحية", re.IGNORECASE),
    "governorate": re.compile(r"\b(?:governorate|province)\b|محافظة", re.IGNORECASE),
}
_NOISE = re.compile(
    r"\b(?:the|of|in|at|from|to|towards?|village|villages|town|city|cities|hamlet|neighbou?rhoods?|districts?|sub-?district"
    r"|governorate|province|area|region|countryside|suburbs?|near|around|outside|outskirts|rural|road|highway|street"
    r"|roundabout|junction|camp|for|idps?|hospital|mosque|school|bridge|crossing|market|square|farms?|fields?"
    r"|north(?:ern|east|west)?|south(?:ern|east|west)?|east(?:ern)?|west(?:ern)?|between|km|kilomet\w+|front|axis|home"
    r"|house|station|building|clinic|medical|centre|center|surrounding|vicinity|side|part|parts|oil|gas|bakery|garden)\b"
    r"|(?<!\S)(?:ال)?(?:قرية|بلدة|مدينة|حي|شارع|ريف|محيط|قرب|منطقة|ناحية|محافظة|طريق|بين|مخيم|مشفى|مستشفى|دوار|مسجد|جامع|مدرسة"
    r"|ساحة|سوق|معبر|جسر|مزارع|شمال|جنوب|شرق|غرب|في|من|النازحين|للنازحين)(?!\S)|\d+(?:\.\d+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Located:
    """Where a string lies.

    Attributes:
        lat: Centre of the disc [degrees].
        lon: Centre [degrees].
        radius: Of the disc [m].
        precision: How fine it is.
        spot: The place of the gazetteer it rests on.
        whole: Whether its finest part was found; else only a wider one.
    """

    lat: float
    lon: float
    radius: float
    precision: GeoPrecision
    spot: Spot
    whole: bool


PRECISION = {
    "neighbourhood": GeoPrecision.SETTLEMENT, "settlement": GeoPrecision.SETTLEMENT,
    "subdistrict": GeoPrecision.DISTRICT, "district": GeoPrecision.DISTRICT,
    "governorate": GeoPrecision.GOVERNORATE, "country": GeoPrecision.COUNTRY, "region": GeoPrecision.UNKNOWN,
}  # fmt: skip


def locate(text: str, atlas: Atlas, setting: Setting = NOWHERE) -> Located | None:
    """Return where a place string lies; None: nothing in it is in the gazetteer, or it cannot be told.

    Args:
        text: As a list or a dataset writes it, in Latin or Arabic letters.
        atlas: The gazetteer.
        setting: What is known beside it: the country, the governorate column of the same row.
    """
    parts, also = _parts(text)
    if not parts:
        return None
    if any(p.between for p in parts) and also:
        ends = [_choose(p, atlas, setting, ()) for p in (parts[0], also[0])]
        if ends[0] is not None and ends[1] is not None:
            return _midway(ends[0], ends[1])
    # "Raqqa: the old market" names the wider part first.
    ordered = parts[1:] + parts[:1] if len(parts) > 1 and ":" in text and not parts[0].town else parts
    wider: list[Chosen] = []
    for n in range(len(ordered) - 1, -1, -1):
        part = ordered[n]
        city = any(p.town for p in ordered[:n]) or part.town
        made = _choose(part, atlas, setting, tuple(wider), wide=n > 0 and not city)
        if made is None and n == 0 and (bare := _without_side(part)) is not None:
            made = _choose(bare, atlas, setting, tuple(wider))
            part = replace(part, wide=True)
        if made is None and n == 0 and also:
            made = _choose(also[0], atlas, setting, tuple(wider))
        if made is None:
            continue
        if n == 0:
            return _located(made, part, whole=True)
        wider.append(made)
    if not wider:
        return None
    return _located(wider[-1], replace(ordered[0], away=0.0), whole=False)


_SIDES = re.compile(
    r"\s*(?:\b(?:al|el|as|ash|at)[- ]?)?\b(?:sharq\w*|gharb\w*|sham[ao]l\w*|jan?o?ub\w*|tahta\w*"
    r"|f[ao]w?qan\w*"
    r"|kab[ie]\w*|sag?h\w*|kubra|sughra|kobra|little|big|upper|lower)\b|\s*(?<!\S)(?:ال)?(?:شرق|غرب|شمال|جنوب|تحتان|فوقان|كبير|صغير)\w*",
    re.IGNORECASE,
)


def _without_side(part: _Part) -> _Part | None:
    """Return a part without "eastern", "lower", "great", as one of two villages is called; None: no such."""
    name = _SIDES.sub("", part.name).strip(" -")
    return replace(part, name=name, raw=name) if name and name != part.name else None


def parts_of(text: str) -> list[str]:
    """Return the names in a place string, the finest first, without words for their kinds.

    >>> parts_of("al-Kalasa neighbourhood, Aleppo")
    ['al-Kalasa', 'Aleppo']
    """
    parts, also = _parts(text)
    return [part.name for part in (*parts, *also)]


def _parts(text: str) -> tuple[list[_Part], list[_Part]]:
    """Return the parts of a string, each in the next, and those that only stand beside the first."""
    pieces = _APART.split(text)
    marks = [found[0].strip().casefold() for found in _APART.finditer(text)]
    parts: list[_Part] = []
    also: list[_Part] = []
    for n, piece in enumerate(pieces):
        part = _part(piece)
        if part.name:
            beside = n > 0 and marks[n - 1] in ("and", "or", "و", "أو", "&", "/") and len(parts) == 1
            (also if beside else parts).append(part)
    return (parts, also) if parts else (also, [])


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    raw: str
    said: str
    wide: bool
    between: bool
    town: bool
    away: float


def _part(raw: str) -> _Part:
    said = next((level for level, words in _KINDS.items() if words.search(raw)), "")
    away = _AWAY.search(raw)
    name = re.sub(r"\s+", " ", _NOISE.sub(" ", raw)).strip(" -'\"’`")
    return _Part(
        name, raw, said, bool(_WIDE.search(raw)), bool(_BETWEEN.search(raw)), bool(_TOWN.search(raw)),
        float(away[1]) * 1000 if away else 0.0,
    )  # fmt: skip


def _choose(
    part: _Part, atlas: Atlas, setting: Setting, wider: tuple[Chosen, ...], *, wide: bool = False
) -> Chosen | None:
    """Return what a part means: spelling, the wider parts and the words for its kind decide together."""
    countries = frozenset((*setting.countries, *([setting.home] if setting.home else ())))
    pooled: dict[str, tuple[float, Spot]] = {}
    for name in _spellings(part):
        for spot in atlas.called(key(name)):
            pooled[spot.id] = (0.0, spot)
        for off, spot in atlas.like(name, farthest(name), countries):
            heard = (max(off, 0.01), spot)
            pooled[spot.id] = min(pooled.get(spot.id, heard), heard, key=lambda pair: pair[0])
    reach = IN_TOWN if part.town else ROUND
    found = [
        (off, s) for off, s in pooled.values()
        if not (wider and s.level in ("country", "region")) and all(inside(s, w.spot, reach) for w in wider)
    ]  # fmt: skip
    if part.town and not wider:
        found = [(off, s) for off, s in found if s.level == "neighbourhood" or off == 0]
    if part.said:
        return chosen(found, setting, part.said)
    if wide:  # what stands behind a comma is as wide as its name may be
        units = [(off, s) for off, s in found if s.level in ("governorate", "country")]
        return chosen(units, setting) or chosen(found, setting)
    # A list of incidents names towns: a unit is meant where it is said, or where no town bears the name.
    towns = [(off, s) for off, s in found if s.level in ("settlement", "neighbourhood")]
    return chosen(towns, setting) or (chosen(found, setting) if not towns else None)


ROUND = 45_000.0
"""How far from a town lie the villages that a list names by it [m]."""
IN_TOWN = 12_000.0
"""How far from the centre of a town lie its streets and neighbourhoods [m]."""


def farthest(name: str) -> float:
    """Return how far off in sound a spelling of this name may lie: a short name leaves little room."""
    return min(MOST, 0.11 * len(sounds(name)))


def _spellings(part: _Part) -> Iterator[str]:
    """Yield the name as written and bare, with and without its article."""
    seen = set()
    for name in (part.raw.strip(), part.name):
        bare = re.sub(r"^(?:[Aa]l|[Ee]l|[Aa][rstdnzh]{1,2})[- ]|^ال", "", name)
        for each in (name, bare, f"Al {bare}" if bare.isascii() else f"ال{bare}"):
            if key(each) not in seen and len(key(each)) > 1:
                seen.add(key(each))
                yield each


def _located(choice: Chosen, part: _Part, *, whole: bool) -> Located:
    spot = choice.spot
    radius, precision = choice.radius, PRECISION[spot.level]
    if precision == GeoPrecision.SETTLEMENT and (part.wide or part.away or not whole):
        size = RADIUS[GeoPrecision.NEAR] if part.wide or not (part.town or whole) else IN_TOWN
        radius, precision = max(size, radius + part.away * 1.1), GeoPrecision.NEAR
    return Located(choice.lat, choice.lon, radius, precision, spot, whole)


def _midway(one: Chosen, other: Chosen) -> Located:
    half = float(distance(one.lat, one.lon, other.lat, other.lon)) / 2
    lat, lon = round((one.lat + other.lat) / 2, 5), round((one.lon + other.lon) / 2, 5)
    radius = float(math.ceil(half + max(one.radius, other.radius)))
    return Located(lat, lon, radius, GeoPrecision.NEAR, one.spot, whole=True)

"""What the words beside a place make of it: "near", "north of", "the road to", "between X and Y" widen.

Nothing narrows: a disc is as wide as the words leave it. "12 km north of X" reaches that far and a little
more; "the X-Y highway" and "between X and Y" hold what lies between.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from holdfire.places import RADIUS, GeoPrecision, distance
from holdfire.reading.prose.places.placenames import known, word
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.tokens import Sentence


@dataclass(frozen=True, slots=True)
class Where:
    """A place named in a sentence.

    Attributes:
        start: First token.
        end: The token after the last.
        text: As the text names it.
        lat: Centre of the disc [degrees, WGS 84]; None: not located.
        lon: Centre of the disc [degrees].
        radius: Of the disc [m]; None: no bound.
        precision: How fine it is.
        admin1: Governorate; None: not known.
        level: Of the place in the gazetteer; empty: not in it.
        id: Of the place in the gazetteer: of the case, a GeoNames id, a pcode; empty: not in it.
    """

    start: int
    end: int
    text: str
    lat: float | None
    lon: float | None
    radius: float | None
    precision: GeoPrecision
    admin1: str | None
    level: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """The words around a name.

    Attributes:
        start: First token of the name with its words.
        end: The token after the last.
        near: Whether they widen.
        said: The level they say; empty: none.
    """

    start: int
    end: int
    near: bool
    said: str


_UNITS = {
    **dict.fromkeys(("km", "kilometres", "kilometers", "kilometre", "kilometer", "kilomètres"), 1000.0),
    **dict.fromkeys(("كم", "كيلومتر", "كيلومترا", "كيلومترات"), 1000.0),
    **dict.fromkeys(("км", "километров", "километрах", "километра"), 1000.0),
    **dict.fromkeys(("miles", "mile"), 1609.344),
}
_LINKS = word_set(
    "the of to some far greater central from - le la les de du des d l au aux à в во на от к и من الي عن"
)
_ROADS = word_set("road highway border line")


def around(s: Sentence, i: int, j: int) -> Around:
    """Return what the words around the name at tokens `i` to `j` say of it."""
    end, near, said = _after(s, i, j)
    words = known()
    k = i - 1
    while k >= 0 and i - k < 10:
        here, following = word(s, k), word(s, k + 1)
        if (here in words.near and (here not in _ROADS or following in _LINKS)) or (
            here in words.sides and (following in ("of", "from", "de", "du") or not s.raws[i][0].isascii())
        ):
            near = True
        elif here in words.kinds and (following in _LINKS or k + 1 == i):
            said = said or words.kinds[here]
        elif here in _UNITS:
            near = True
        elif not (here in _LINKS or here in words.sides or here[:1].isdigit()):
            break
        k -= 1
    begun = k + 1
    while begun < i and word(s, begun) in _LINKS:
        begun += 1
    return Around(begun, end, near, said)


def _after(s: Sentence, i: int, j: int) -> tuple[int, bool, str]:
    """Return where the words after a name end, whether they widen, and the level they say."""
    words = known()
    if _after_side(s, j):
        return j + 1, True, ""
    after = word(s, j)
    # "Idlib city"; but in Arabic and Russian a word of kind belongs to the name that follows it.
    if not after or not s.raws[i][0].isascii() or s.raws[j][0].isupper() or after == "capital":
        return j, False, ""
    if after in words.kinds:
        if word(s, j + 1) in words.near and s.tags[j + 1] != "P":
            return j + 2, True, words.kinds[after]
        return j + 1, after in words.near, words.kinds[after]
    if after in words.near and s.tags[j] != "P":
        return j + 1, True, ""
    return j, False, ""


def _after_side(s: Sentence, j: int) -> bool:
    """Return whether an Arabic side follows a name: "ريف حلب الشمالي"."""
    after = word(s, j)
    return bool(after) and not after.isascii() and after in known().sides and after.startswith("ال")


def away(s: Sentence, start: int, end: int) -> float:
    """Return the distance "12 km north of X" names [m]; none: 0."""
    for k in range(max(0, start - 6), min(end, len(s)) - 1):
        unit = _UNITS.get(word(s, k + 1)) or _UNITS.get(s.words[k + 1])
        if unit and s.words[k].replace(".", "", 1).replace(",", "", 1).isdigit():
            return min(float(s.words[k].replace(",", ".")) * unit * 1.1, 500_000.0)
    return 0.0


def wider(size: float, precision: GeoPrecision, level: str, far: float) -> tuple[float, GeoPrecision]:
    """Return the radius and the class of a place that words widen."""
    if level in ("settlement", "neighbourhood"):
        return max(RADIUS[GeoPrecision.NEAR], size + far), GeoPrecision.NEAR
    if precision == GeoPrecision.GOVERNORATE:
        return size + RADIUS[GeoPrecision.NEAR], GeoPrecision.GOVERNORATE
    return size + max(RADIUS[GeoPrecision.NEAR], far), GeoPrecision.NEAR


BETWEEN = frozenset(("between", "entre", "بين", "между"))
_AND = (["and"], ["and", "the"], ["et"], ["и"], ["و"])


def between(s: Sentence, found: list[Where]) -> list[Where]:
    """Join "between X and Y" and "the X-Y highway" into one disc that holds what lies between."""
    out: list[Where] = []
    for each in found:
        last = out[-1] if out else None
        whole = _midway(s, last, each) if last is not None and _joined(s, last, each) else None
        if whole is not None:
            out[-1] = whole
        else:
            out.append(each)
    return out


def _joined(s: Sentence, last: Where, each: Where) -> bool:
    gap = s.words[last.end : each.start]
    if gap and "".join(gap) in ("-", "–"):
        return (
            word(s, each.end) in known().near or s.words[each.end - 1] in known().near or _road(s, last.start)
        )
    before = {word(s, k) for k in range(max(0, last.start - 3), last.start)}
    arabic = bool(gap == [] and each.start < len(s) and s.raws[each.start][0] == "و")
    if not before & BETWEEN or not (gap in _AND or arabic):
        return False
    return word(s, last.start - 1) in BETWEEN or bool(before & BETWEEN)


def _road(s: Sentence, start: int) -> bool:
    return word(s, start - 1) in ("طريق", "трасса", "трассе", "route", "autoroute", "road", "highway")


def _midway(s: Sentence, one: Where, other: Where) -> Where | None:
    """Return the disc around two places; None: one of them has none."""
    if one.lat is None or one.lon is None or one.radius is None:
        return None
    if other.lat is None or other.lon is None or other.radius is None:
        return None
    half = float(distance(one.lat, one.lon, other.lat, other.lon)) / 2
    lat, lon = round((one.lat + other.lat) / 2, 4), round((one.lon + other.lon) / 2, 4)
    size = float(math.ceil(half + max(one.radius, other.radius)))
    admin1 = one.admin1 if one.admin1 == other.admin1 else None
    text = s.text(one.start, other.end)
    precision = GeoPrecision.NEAR if size <= RADIUS[GeoPrecision.LINE] else GeoPrecision.LINE
    return Where(one.start, other.end, text, lat, lon, size, precision, admin1, "settlement")


FINEST = ("neighbourhood", "settlement", "subdistrict", "district", "governorate", "country", "region")
_INSIDE = (
    [","], ["in"], [",", "in"], ["in", "the"], ["dans"], ["dans", "la"], ["dans", "le"], ["في"], ["в"], ["("],
    *(["in", side] for side in ("northern", "southern", "eastern", "western", "rural", "north-western")),
    ["in", "northwestern"], ["in", "northeastern"], ["in", "southwestern"], ["in", "southeastern"],
)  # fmt: skip


def nested(s: Sentence, found: list[Where]) -> list[Where]:
    """Join "Saraqeb in Idlib province": the finer place stands, and a string takes the disc around it."""
    out: list[Where] = []
    for each in found:
        last = out[-1] if out else None
        close = last is not None and each.start >= last.end and s.words[last.end : each.start] in _INSIDE
        if last is None or not close:
            out.append(each)
            continue
        text = s.text(last.start, each.end)
        if last.lat is None and each.lat is not None and not last.level:
            out[-1] = replace(each, start=last.start, text=text)
        elif each.lat is None or _coarser(each, last):
            out[-1] = replace(last, end=each.end, text=text)
        else:
            out.append(each)
    return out


def _coarser(each: Where, last: Where) -> bool:
    return FINEST.index(each.level or "country") > FINEST.index(last.level or "settlement")

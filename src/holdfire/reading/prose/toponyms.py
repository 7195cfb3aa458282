"""Where something is said to have happened: a disc as wide as the words leave it, or a bare string.

"Near", "around", "northern", "between X and Y", "on the road to X" widen. A name that a city and its
governorate share means the governorate, the wider reading, unless the words say city, or near. A
place the case does not know is kept as its string and never guessed; a capital that stands for its
government is no place at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from holdfire.places import RADIUS, GeoPrecision, distance
from holdfire.reading.prose.actors import Cast
from holdfire.reading.prose.lexicon import word_set
from holdfire.reading.prose.matcher import Match
from holdfire.reading.prose.syntax import phrase_right
from holdfire.reading.prose.tokens import Sentence
from holdfire.records.casefile import Gazetteer, PlaceNote, radius

FINEST = ("settlement", "district", "governorate", "country")

_NEAR = word_set("near around outside surrounding nearby close vicinity outskirts outskirt environs off")
_SIDES = word_set(
    "north south east west northern southern eastern western northeast northwest southeast southwest "
    "northeastern northwestern southeastern southwestern"
)
_AREA = {
    **dict.fromkeys(("province", "governorate"), "governorate"),
    "district": "district",
    **dict.fromkeys(("city", "town", "village", "neighbourhood", "neighborhood"), "settlement"),
    **dict.fromkeys(("countryside", "suburb", "suburbs", "region", "outskirts", "road", "border"), "near"),
    **dict.fromkeys(("front", "frontline"), "near"),
}
"""What a word after a name says of it: a level of the gazetteer, or that it widens."""

_IN = word_set(
    "in at on near around outside inside within towards toward across over through from into throughout "
    "against between of"
)  # fmt: skip
_DIRECT = word_set(
    "capture seize recapture retake enter leave storm besiege bomb shell bombard attack hit strike pound "
    "target overrun reach liberate occupy control hold"
)  # fmt: skip


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
        id: Of the place in the gazetteer; empty: not in it.
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


def places(s: Sentence, cast: Cast) -> list[Where]:
    """Return the places named in a sentence where something may have happened, in order."""
    gazetteer = cast.context.gazetteer
    found: list[Where] = []
    for match in cast.matches(s):
        if "place" in match.kinds and _is_place(s, match, cast):
            made = _place(s, match, gazetteer)
            if made is not None:
                found.append(made)
    taken = {k for where in found for k in range(where.start, where.end)}
    taken |= {k for match in cast.matches(s) for k in range(match.start, match.end)}
    found += _unknown(s, taken, cast)
    found.sort(key=lambda where: where.start)
    return _nested(s, _between(s, found), gazetteer)


def _is_place(s: Sentence, match: Match, cast: Cast) -> bool:
    """Return whether a name stands for a place here, and not for who governs it or comes from it."""
    end = match.end
    if end + 1 < len(s) and s.tags[end] == "-" and s.starts[end] == s.ends[end - 1]:
        return False  # "Damascus-based": a modifier
    if cast.is_government(s, match.start, end):
        return False
    before = s.words[match.start - 1] if match.start else ""
    if before == "the" and match.start > 1:
        before = s.words[match.start - 2]
    after = s.words[end] if end < len(s) else ""
    known = {n.level for n in _bearers(cast.context.gazetteer, match.key)}
    if known <= {"country"}:
        return (
            before in _IN - {"of", "against", "from"}
            or before in _SIDES
            or (before == "of" and _parts(s, match.start))
        )
    if before in _IN or before in _SIDES or after in _AREA or before in _AREA:
        return True
    if match.start and s.lemmas[match.start - 1] in _DIRECT:
        return True
    return "actor" not in match.kinds


def _parts(s: Sentence, k: int) -> bool:
    """Return whether "of" follows a word for a part: "parts of Syria", "north of"."""
    return k >= 2 and s.words[k - 2] in (
        "parts",
        "part",
        "areas",
        "north",
        "south",
        "east",
        "west",
        "most",
        "much",
        "rest",
    )


def _bearers(gazetteer: Gazetteer, key: str) -> list[PlaceNote]:
    return _index(gazetteer).get(key, [])


@lru_cache(maxsize=8)
def _index(gazetteer: Gazetteer) -> dict[str, list[PlaceNote]]:
    return dict(gazetteer.spellings())


def _place(s: Sentence, match: Match, gazetteer: Gazetteer) -> Where | None:
    bearers = _bearers(gazetteer, match.key)
    start, end, near, said = _surroundings(s, match)
    place = _chosen(bearers, said, near, gazetteer, match.key)
    text = s.text(start, end)
    if place is None:  # several places bear the name: it stays a string
        return Where(start, end, text, None, None, None, GeoPrecision.UNKNOWN, None)
    return _where(start, end, text, place, near, gazetteer, s)


def _surroundings(s: Sentence, match: Match) -> tuple[int, int, bool, str]:
    """Return the tokens of a place with its words around, whether they widen, and the level they say."""
    start, end = match.start, match.end
    near, said = False, ""
    if end < len(s) and s.words[end] in _AREA:
        said = _AREA[s.words[end]]
        end += 1
        near = said == "near"
    k = start - 1
    while k >= 0 and start - k < 9:
        word = s.words[k]
        if (
            word in _NEAR
            or (word in _SIDES and s.words[k + 1] in ("of", "from"))
            or (
                word in ("countryside", "outskirts", "suburbs", "suburb", "road")
                and s.words[k + 1]
                in (
                    "of",
                    "to",
                )
            )
        ):
            near = True
        elif word in ("city", "town", "village") and s.words[k + 1] in ("of", "near"):
            said = said or "settlement"
        elif word in ("province", "governorate") and s.words[k + 1] == "of":
            said = said or "governorate"
        elif word in ("km", "kilometres", "kilometers", "miles"):
            near = True
        elif (
            word in ("the", "of", "to", "some", "far", "rural", "greater", "central", "from", "-")
            or word in _SIDES
            or word[:1].isdigit()
        ):
            pass
        else:
            break
        k -= 1
    begun = k + 1
    while begun < start and s.words[begun] in ("the", "of", "to", "from"):
        begun += 1
    return begun, end, near, said


def _chosen(
    bearers: list[PlaceNote], said: str, near: bool, gazetteer: Gazetteer, key: str
) -> PlaceNote | None:
    levels = {place.level for place in bearers}
    if said in ("governorate", "district") and said in levels:
        return _only(bearers, said)
    if said == "settlement" or near:
        city = _index(gazetteer).get(f"{key} city", [])
        inside = [place for place in city if place.level == "settlement"]
        if len(inside) == 1 and "settlement" not in levels:
            return inside[0]
        if "settlement" in levels:
            return _only(bearers, "settlement")
    if len(bearers) == 1:
        return bearers[0]
    if "governorate" in levels:  # the wider reading
        return _only(bearers, "governorate")
    return None


def _only(bearers: list[PlaceNote], level: str) -> PlaceNote | None:
    of_level = [place for place in bearers if place.level == level]
    return of_level[0] if len(of_level) == 1 else None


def _where(
    start: int, end: int, text: str, place: PlaceNote, near: bool, gazetteer: Gazetteer, s: Sentence
) -> Where:
    size = radius(place)
    precision = GeoPrecision(place.level)
    if near and size is not None:
        away = _away(s, start, end)
        size = (
            max(RADIUS[GeoPrecision.NEAR], size + away)
            if place.level == "settlement"
            else size + RADIUS[GeoPrecision.NEAR]
        )
        precision = GeoPrecision.NEAR
    return Where(
        start, end, text, place.lat, place.lon, size, precision, _governorate(place, gazetteer), place.level
    )


def _away(s: Sentence, start: int, end: int) -> float:
    """Return the distance "12 km north of X" names [m]; none: 0."""
    for k in range(max(0, start - 6), end - 1):
        unit = {"km": 1000.0, "kilometres": 1000.0, "kilometers": 1000.0, "miles": 1609.344}.get(
            s.words[k + 1]
        )
        if unit and s.words[k].replace(".", "", 1).isdigit():
            return min(float(s.words[k]) * unit * 1.1, 500_000.0)
    return 0.0


def _governorate(place: PlaceNote, gazetteer: Gazetteer) -> str | None:
    for _ in range(5):
        if place.level == "governorate":
            return place.name.get("en")
        above = gazetteer.places.get(place.within)
        if above is None:
            return None
        place = above
    return None


def _unknown(s: Sentence, taken: set[int], cast: Cast) -> list[Where]:
    """Return names after "in the town of", "in", "near" that the case does not know, as strings."""
    found = []
    for k in range(len(s) - 1):
        word = s.words[k]
        after_kind = word in (
            "town",
            "village",
            "city",
            "district",
            "neighbourhood",
            "neighborhood",
        ) and s.words[k + 1] in ("of",)
        at = k + 2 if after_kind else k + 1
        if not after_kind and word not in ("in", "near", "at", "outside"):
            continue
        if (
            at + 1 >= len(s)
            or at in taken
            or not (s.tags[at] == "E" or (s.words[at] in _ARTICLES and s.tags[at + 1] == "-"))
        ):
            continue
        named = phrase_right(s, at)
        if named is None or set(range(*named)) & taken or cast.who(s, named):
            continue
        end = at
        while end < named[1] and (s.tags[end] in "E-'" or s.words[end] in _ARTICLES) and end not in taken:
            end += 1
        if end > at and not any(s.tags[m] == "'" for m in range(at, end)):
            found.append(Where(at, end, s.text(at, end), None, None, None, GeoPrecision.UNKNOWN, None))
            taken.update(range(at, end))
    return found


_ARTICLES = word_set("al el ar as ash at ad an az ez")


def _between(s: Sentence, found: list[Where]) -> list[Where]:
    """Join "between X and Y" into one disc that holds what lies between."""
    out: list[Where] = []
    for each in found:
        last = out[-1] if out else None
        joined = last is not None and s.words[last.end : each.start] in (["and"], ["and", "the"])
        whole = _midway(s, last, each) if joined and last and last.start else None
        if last and whole is not None and s.words[last.start - 1] == "between":
            out[-1] = whole
        else:
            out.append(each)
    return out


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
    return Where(one.start, other.end, text, lat, lon, size, GeoPrecision.NEAR, admin1, "settlement")


def _nested(s: Sentence, found: list[Where], gazetteer: Gazetteer) -> list[Where]:
    """Join "Saraqeb in Idlib province": the finer place stands, and a string takes the disc around it."""
    out: list[Where] = []
    for each in found:
        last = out[-1] if out else None
        between = s.words[last.end : each.start] if last else []
        close = (
            last is not None
            and each.start >= last.end
            and between in ([","], ["in"], [",", "in"], ["in", "the"], ["in", "northern"])
        )
        if last is None or not close:
            out.append(each)
            continue
        text = s.text(last.start, each.end)
        if last.lat is None and each.lat is not None:
            out[-1] = replace(each, start=last.start, text=text)
        elif each.lat is None or FINEST.index(each.level or "country") > FINEST.index(
            last.level or "settlement"
        ):
            out[-1] = replace(last, end=each.end, text=text)
        else:
            out.append(each)
    return out

"""Where something is said to have happened: a disc as wide as the words leave it, or a bare string.

The places of the case come first and are authoritative; then those of its built gazetteer. A name that a
city and its governorate share means the governorate, the wider reading, unless the words say city, or near.
Of several places of a name the text decides (`theatre`), or none is chosen. A place in neither is kept as
its string and never guessed; a capital that stands for its government is no place at all (`metonyms`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from holdfire.places import RADIUS, GeoPrecision
from holdfire.reading.gazetteer.choosing import Chosen
from holdfire.reading.gazetteer.countries import capitals
from holdfire.reading.gazetteer.spelling import key
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.names.matcher import Match
from holdfire.reading.prose.places.metonyms import governs
from holdfire.reading.prose.places.placenames import Placename, known, placenames, word
from holdfire.reading.prose.places.widening import (
    BETWEEN,
    Around,
    Where,
    around,
    away,
    between,
    nested,
    wider,
)
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import phrase_right
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.casefile import Gazetteer, PlaceNote, radius

__all__ = ["Where", "named_places", "places", "survey"]

_OF_COUNTRY = word_set("of against from with to by for on and or")


def survey(cast: Cast, sentences: Iterable[Sentence]) -> None:
    """Take in which places a text speaks of, before any of its names is placed."""
    names: list[str] = []
    read = list(sentences)
    for s in read:
        named_places(s, cast)
    # A name that a person or an organisation bears in the text is a place in it only beyond doubt.
    persons, named = cast.theatre.persons, cast.theatre.named
    for at, held in named.items():
        named[at] = [each for each in held if each.sure or each.key not in persons]
    for s in read:
        names += [key(s.text(m.start, m.end)) for m in cast.matches(s) if "place" in m.kinds]
        names += [each.key for each in named_places(s, cast)]
        names += [key(hit.found.entity.id) for hit in cast.hits(s) if hit.part == "demonym"]
    cast.theatre.survey(names)


def named_places(s: Sentence, cast: Cast) -> list[Placename]:
    """Return the names of the built gazetteer in a sentence, without those that the case knows."""
    held = cast.theatre.named.get(s.start)
    if held is None:
        hits = cast.hits(s)
        taken = {k for h in hits if h.part == "name" and h.end - h.start > 1 for k in range(h.start, h.end)}
        taken |= {k for m in cast.matches(s) if _takes(m) for k in range(m.start, m.end)}
        taken -= {k for h in hits if h.found.entity.kind == "state" for k in range(h.start, h.end)}
        taken |= {k for m in cast.matches(s) if "place" in m.kinds for k in range(m.start, m.end)}
        held = placenames(s, cast.theatre.atlas, cast.theatre.home, taken, cast.theatre.persons)
        cast.theatre.named[s.start] = held
    return held


def _takes(match: Match) -> bool:
    """Return whether a name of the case is no place of a wider gazetteer: a place of its own, or a group."""
    return "place" in match.kinds or match.end - match.start > 1


def places(s: Sentence, cast: Cast) -> list[Where]:
    """Return the places named in a sentence where something may have happened, in order."""
    gazetteer = cast.context.gazetteer
    own = (m for m in cast.matches(s) if "place" in m.kinds and _is_place(s, m, cast))
    found = [of_case(s, match, gazetteer) for match in own]
    taken = {k for where in found for k in range(where.start, where.end)}
    for each in named_places(s, cast):
        if taken.isdisjoint(range(each.start, each.end)) and _stands(s, each, cast):
            where = of_atlas(s, each, cast)
            found.append(where)
            taken.update(range(where.start, where.end))
    taken |= {k for match in cast.matches(s) for k in range(match.start, match.end)}
    taken |= {k for each in named_places(s, cast) for k in range(each.start, each.end)}
    found += _unknown(s, taken, cast)
    found.sort(key=lambda where: where.start)
    return nested(s, between(s, found))


def _is_place(s: Sentence, match: Match, cast: Cast) -> bool:  # noqa: PLR0911 - each return is one rule
    """Return whether a name of the case stands for a place here, not for who governs it or comes from it."""
    end = match.end
    if end + 1 < len(s) and s.tags[end] == "-" and s.starts[end] == s.ends[end - 1]:
        joined = s.raws[end + 1][0]
        if not joined.isupper() and joined.isascii():
            return False  # "Damascus-based": a modifier
    if key(match.key) in capitals() and governs(s, match.start, end):
        return False
    if _of_organisation(s, end):
        return False
    levels = {n.level for n in _bearers(cast.context.gazetteer, match.key)}
    if levels <= {"country"}:
        return _in_country(s, match.start)
    before, after = _before(s, match.start), word(s, end)
    words = known()
    if before in words.before or before in words.sides or before in words.near or before in words.kinds:
        return True
    if after in words.kinds or after in words.near:
        return True
    if match.start and s.lemmas[match.start - 1] in words.direct:
        return True
    return "actor" not in match.kinds


def _of_organisation(s: Sentence, end: int) -> bool:
    """Return whether a name begins that of an organisation: "Homs Liwa", "Aleppo Media Center"."""
    words = known()
    for k in range(end, min(len(s), end + 4)):
        if not s.raws[k][:1].isupper() or s.starts[k] > s.ends[k - 1] + 1:
            return False
        if s.words[k] in words.facilities or s.words[k] in words.kinds:
            return s.words[k] in ("center", "centre") and k > end
        if s.words[k] in words.organisations:
            return True
    return False


def _before(s: Sentence, start: int) -> str:
    before = word(s, start - 1)
    return word(s, start - 2) if before in ("the", "la", "le") and start > 1 else before


def _in_country(s: Sentence, start: int) -> bool:
    """Return whether a country's name stands where something happens, and not for who governs it."""
    before = _before(s, start)
    words = known()
    if before in words.sides or before in words.near:
        return True
    if before in ("of", "de", "du"):
        at = start - 2 if word(s, start - 1) == before else start - 3
        return word(s, at) in words.parts or word(s, at) in words.kinds
    return before in words.before and before not in _OF_COUNTRY


def _stands(s: Sentence, each: Placename, cast: Cast) -> bool:
    """Return whether a name of the gazetteer stands for a place, and not for a government."""
    levels = {spot.level for spot in cast.theatre.atlas.called(each.key)}
    if levels & {"country", "region"}:
        return _in_country(s, each.start)
    return not (each.key in capitals() and governs(s, each.start, each.end))


def _bearers(gazetteer: Gazetteer, name: str) -> list[PlaceNote]:
    return _index(gazetteer).get(name, [])


@lru_cache(maxsize=8)
def _index(gazetteer: Gazetteer) -> dict[str, list[PlaceNote]]:
    return dict(gazetteer.spellings())


def of_case(s: Sentence, match: Match, gazetteer: Gazetteer) -> Where:
    """Return a place of the case."""
    about = around(s, match.start, match.end)
    place = _chosen(_bearers(gazetteer, match.key), about, gazetteer, match.key)
    text = s.text(about.start, about.end)
    if place is None:  # several places bear the name: it stays a string
        return Where(about.start, about.end, text, None, None, None, GeoPrecision.UNKNOWN, None)
    size = radius(place)
    precision = GeoPrecision(place.level)
    if about.near and size is not None:
        size, precision = wider(size, precision, place.level, away(s, about.start, about.end))
    admin1 = _governorate(place, gazetteer)
    return Where(
        about.start, about.end, text, place.lat, place.lon, size, precision, admin1, place.level, place.id
    )


def _chosen(bearers: list[PlaceNote], about: Around, gazetteer: Gazetteer, name: str) -> PlaceNote | None:
    levels = {place.level for place in bearers}
    if about.said in ("governorate", "district") and about.said in levels:
        return _only(bearers, about.said)
    if about.said == "settlement" or about.near:
        city = _index(gazetteer).get(f"{name} city", [])
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


def _governorate(place: PlaceNote, gazetteer: Gazetteer) -> str | None:
    for _ in range(5):
        if place.level == "governorate":
            return place.name.get("en")
        above = gazetteer.places.get(place.within)
        if above is None:
            return None
        place = above
    return None


def of_atlas(s: Sentence, each: Placename, cast: Cast) -> Where:
    """Return a place of the built gazetteer, or the string where it cannot be told which one is meant."""
    about = around(s, each.start, each.end)
    joined = BETWEEN.intersection(word(s, k) for k in range(max(0, each.start - 4), each.start))
    said = about.said or ("town" if about.near or joined else "")
    spots = {spot.level for spot in cast.theatre.atlas.called(each.key)}
    if not said and {"governorate", "settlement"} <= spots and "country" not in spots:
        said = "governorate"  # the wider reading, unless the words say city
        if cast.theatre.meant(each.key, "governorate") is None or not cast.theatre.same(each.key):
            said = ""
    return _where(s, about, cast.theatre.meant(each.key, said, _beside(s, each)))


def _beside(s: Sentence, each: Placename) -> frozenset[str]:
    """Return the name in ", Iraq" or "in Iraq" right after a place."""
    j = each.end
    if j + 1 < len(s) and s.words[j] in (",", "in", "(") and s.raws[j + 1][0].isupper():
        k = j + 1
        while k < len(s) and k < j + 4 and s.raws[k][0].isupper():
            k += 1
        return frozenset(key(s.text(j + 1, m)) for m in range(j + 2, k + 1))
    return frozenset()


_LEVELS = {
    "neighbourhood": GeoPrecision.SETTLEMENT, "settlement": GeoPrecision.SETTLEMENT,
    "subdistrict": GeoPrecision.DISTRICT, "district": GeoPrecision.DISTRICT,
    "governorate": GeoPrecision.GOVERNORATE, "country": GeoPrecision.COUNTRY,
}  # fmt: skip


def _where(s: Sentence, about: Around, choice: Chosen | None) -> Where:
    text = s.text(about.start, about.end)
    if choice is None:
        return Where(about.start, about.end, text, None, None, None, GeoPrecision.UNKNOWN, None)
    spot = choice.spot
    precision, size = _class(spot.level, choice.radius)
    if about.near and size is not None:
        size, precision = wider(size, precision, spot.level, away(s, about.start, about.end))
    admin1 = spot.name if spot.level == "governorate" else spot.admin1 or None
    level = spot.level if size is not None or spot.level == "country" else "region"
    return Where(
        about.start, about.end, text, choice.lat, choice.lon, size, precision, admin1, level, spot.id
    )


def _class(level: str, size: float) -> tuple[GeoPrecision, float | None]:
    """Return the class of a level, and its radius; a part of the world has the class of its size."""
    if level == "country":
        return GeoPrecision.COUNTRY, None
    if level != "region":
        return _LEVELS[level], size
    for precision in (GeoPrecision.NEAR, GeoPrecision.DISTRICT, GeoPrecision.GOVERNORATE):
        if size <= 1.7 * RADIUS[precision]:
            return precision, size
    return GeoPrecision.COUNTRY, None


def _unknown(s: Sentence, taken: set[int], cast: Cast) -> list[Where]:
    """Return names after "in the town of", "in", "near" that no gazetteer spells so."""
    found = []
    for k in range(len(s) - 1):
        here = s.words[k]
        kind = here in _KINDS and s.words[k + 1] == "of"
        at = k + 2 if kind else k + 1
        if not kind and here not in ("in", "near", "at", "outside"):
            continue
        article = at + 1 < len(s) and s.words[at] in _ARTICLES and s.tags[at + 1] == "-"
        if at + 1 >= len(s) or at in taken or not (s.tags[at] == "E" or article):
            continue
        named = phrase_right(s, at)
        if named is None or set(range(*named)) & taken or cast.who(s, named):
            continue
        end = at
        while end < named[1] and (s.tags[end] in "E-'" or s.words[end] in _ARTICLES) and end not in taken:
            end += 1
        if end > at and not any(s.tags[m] == "'" for m in range(at, end)):
            found.append(_string(s, at, end, cast, kind=kind))
            taken.update(range(at, end))
    return found


_ARTICLES = word_set("al el ar as ash at ad an az ez")
_KINDS = word_set("town village city district neighbourhood neighborhood")


def _string(s: Sentence, at: int, end: int, cast: Cast, *, kind: bool) -> Where:
    """Return a name the gazetteer spells otherwise, where it is said to be a place; or a string."""
    if kind and (choice := cast.theatre.like(s.text(at, end), "settlement")) is not None:
        return _where(s, Around(at, end, near=False, said="settlement"), choice)
    if (choice := cast.theatre.unit_like(s.text(at, end))) is not None:
        return _where(s, around(s, at, end), choice)
    return Where(at, end, s.text(at, end), None, None, None, GeoPrecision.UNKNOWN, None)

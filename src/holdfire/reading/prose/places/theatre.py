"""Where a text is: the countries and places it speaks of, by which one place of a name is meant.

A text is surveyed once, before anything in it is placed: what stands clear (a country, a unit, a place of
which there is one) says which of the rest is meant. One name means one place in one text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from holdfire.places import distance
from holdfire.reading.gazetteer.atlas import Atlas, Spot
from holdfire.reading.gazetteer.choosing import Chosen, Setting, chosen
from holdfire.reading.gazetteer.countries import capitals, world
from holdfire.reading.gazetteer.spelling import key
from holdfire.reading.gazetteer.strings import farthest
from holdfire.reading.prose.places.placenames import Placename
from holdfire.records.casefile import Gazetteer

MOST_NEAR = 24
"""Most positions of a text that others are weighed against."""


class Theatre:
    """The places a text may mean, and which of them it does."""

    def __init__(self, gazetteer: Gazetteer, atlas: Atlas) -> None:
        self.atlas = atlas
        self.home = home_of(gazetteer)
        self.setting = Setting(home=self.home)
        self.named: dict[int, list[Placename]] = {}
        self.persons: set[str] = set()
        self._own = gazetteer
        self._chosen: dict[tuple[str, str], Chosen | None] = {}

    def survey(self, names: Iterable[str]) -> None:
        """Take in the folded names of a text, each as often as it is named."""
        told = Counter(names)
        countries: defaultdict[str, float] = defaultdict(float)
        units: set[str] = set()
        near: list[tuple[float, float, float]] = []
        for name, times in sorted(told.items(), key=lambda pair: (-pair[1], pair[0])):
            spots = self.atlas.called(name)
            for code, share in _spoken_of(name, spots).items():
                countries[code] += times * share
            if any(spot.level == "country" for spot in spots):
                continue
            if any(spot.level == "governorate" for spot in spots):
                units.add(name)
            if len(near) < MOST_NEAR and (one := _clear(spots)) is not None:
                near.append((one.lat, one.lon, 1.0))
                countries[one.country] += times * 0.5 * bool(one.country)
        near += [(lat, lon, 1.0) for name, lat, lon in _own_places(self._own) if name in told][:MOST_NEAR]
        most = max(countries.values(), default=1.0)
        weights = {code: round(0.4 + 0.6 * count / most, 4) for code, count in sorted(countries.items())}
        self.setting = Setting(weights, frozenset(units), tuple(near), self.home)
        self._chosen.clear()

    def meant(self, name: str, said: str = "", beside: frozenset[str] = frozenset()) -> Chosen | None:
        """Return the place of the built gazetteer that a folded name means here; None: it cannot be told.

        Args:
            name: As `spelling.key` folds it.
            said: The level that words beside it give; empty: none.
            beside: Folded names of units that stand in one phrase with it.
        """
        if beside:
            return self._choose(name, said, beside)
        if (name, said) not in self._chosen:
            self._chosen[name, said] = self._choose(name, said, beside)
        return self._chosen[name, said]

    def _choose(self, name: str, said: str, beside: frozenset[str]) -> Chosen | None:
        setting = self.setting
        if beside or name in setting.units:
            units = (setting.units | beside) - {name}
            setting = Setting(setting.countries, units, setting.near, setting.home)
        return chosen([(0.0, spot) for spot in self.atlas.called(name)], setting, said)

    def same(self, name: str) -> bool:
        """Return whether the town meant by a name lies in the unit meant by it."""
        town, unit = self.meant(name, "town"), self.meant(name, "governorate")
        if town is None or unit is None:
            return unit is not None
        far = float(distance(town.lat, town.lon, unit.lat, unit.lon))
        return town.spot.country == unit.spot.country and far <= unit.radius

    def like(self, text: str, said: str = "") -> Chosen | None:
        """Return the place whose name sounds like this one, in the countries the text is about."""
        codes = frozenset({*([self.home] if self.home else []), *self._leading()})
        if not codes:
            return None
        found = self.atlas.like(text, farthest(text) * 0.8, codes)
        return chosen(found, self.setting, said)

    def unit_like(self, text: str) -> Chosen | None:
        """Return the governorate of the case's own country whose name sounds like this one.

        A country has few governorates, so one spelled nearly so is hardly anything else.
        """
        if not self.home:
            return None
        found = self.atlas.like(text, min(0.4, farthest(text) * 0.7), frozenset((self.home,)))
        units = [(off, spot) for off, spot in found if spot.level == "governorate"]
        return chosen(units[:1], self.setting, "governorate")

    def _leading(self) -> list[str]:
        return [code for code, weight in self.setting.countries.items() if weight >= 0.7][:3]


@lru_cache(maxsize=16)
def _own_places(gazetteer: Gazetteer) -> tuple[tuple[str, float, float], ...]:
    """Return the folded name and the position of each place of a case."""
    return tuple((key(p.name.get("en", "")), p.lat, p.lon) for p in gazetteer.places.values())


def _spoken_of(name: str, spots: list[Spot]) -> dict[str, float]:
    """Return the countries that a name speaks of, with how strongly each."""
    lone = {spot.country for spot in spots if spot.level == "country"}
    if lone:
        return dict.fromkeys(sorted(lone), 1.0)
    found: defaultdict[str, float] = defaultdict(float)
    if name in capitals():
        found[capitals()[name]] += 1.0
    large = sorted({spot.country for spot in spots if spot.level == "governorate" and spot.country})
    for code in large:
        found[code] += 1.0 / len(large)
    return found


def _clear(spots: list[Spot]) -> Spot | None:
    """Return the place that a name can hardly mean anything but."""
    if len(spots) == 1:
        return spots[0] if spots[0].population >= 15_000 or spots[0].level == "governorate" else None
    if spots and spots[0].population >= 300_000 and spots[0].population > 20 * spots[1].population:
        return spots[0]
    return None


@lru_cache(maxsize=16)
def home_of(gazetteer: Gazetteer) -> str:
    """Return the ISO code of the country a case's own places lie in; empty: it has none, or several."""
    named = {
        spot.country
        for place in gazetteer.places.values()
        if place.level == "country"
        for name in place.name.values()
        for spot in world().called(key(name))
        if spot.level == "country"
    }
    if named:
        return named.pop() if len(named) == 1 else ""
    units = [p for p in gazetteer.places.values() if p.level == "governorate"]
    votes = Counter(
        spot.country
        for place in units
        for spot in world().called(key(place.name.get("en", "")))
        if spot.level == "governorate" and float(distance(place.lat, place.lon, spot.lat, spot.lon)) < 200_000
    )
    code, count = votes.most_common(1)[0] if votes else ("", 0)
    return code if count * 2 > len(units) else ""

"""What people write at the top of a case folder, and in the notes beside reports.

case.yaml      title, time zone, languages, sources with affiliation and grade, settings
actors.yaml    actors and the names they bore, each with its dates and basis
places.yaml    areas (governorates) and settlements, with spellings; optional
inbox/X.about.yaml   who published the report X, when, under which licence; or front matter in X
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from holdfire import times
from holdfire.documents import Document
from holdfire.errors import HoldfireError, Problem, nearest
from holdfire.places import RADIUS, GeoPrecision
from holdfire.records.actor import Actor, ActorKind, Alias, fold
from holdfire.records.source import Affiliation, Reliability, Repeats, Source
from holdfire.times import Interval

Words = dict[str, str]


class SourceNote(Document):
    """One source, as written in `case.yaml`."""

    id: str
    name: Words
    affiliation: Affiliation
    actor: str = ""
    reliability: Reliability = Reliability.F
    repeats: Repeats = Repeats.REPEATS
    basis: str = Field(min_length=1)
    aliases: list[str] = []

    def source(self) -> Source:
        """Return the noun."""
        return Source(**{**self.model_dump(), "aliases": tuple(self.aliases)})


class Settings(Document):
    """Choices that change results; each is printed in the bulletin.

    Attributes:
        join_km: Farthest apart two records of one incident may lie, beyond their own radii [km].
        join_days: Farthest apart in time, beyond their own intervals [days].
        grid: Cell to which published coordinates are rounded [hundredths of a degree].
        largest_report: Most bytes of a report once unpacked [MiB].
        carry_voices: Whether a sentence that names no voice may go on with the one before.
        precise_voices: Whether what is said by voices that less sure rules found is left out.
        threads: Threads of the engine; results are the same for any number.
        memory: Most memory of the engine [MiB].
    """

    join_km: int = Field(50, ge=0, le=100)
    join_days: int = Field(3, ge=0, le=3)
    grid: int = Field(10, ge=1, le=100)
    largest_report: int = Field(4096, ge=1)
    carry_voices: bool = True
    precise_voices: bool = False
    threads: int = Field(2, ge=1, le=256)
    memory: int = Field(1024, ge=256)


class CaseHead(Document):
    """The file `case.yaml`."""

    title: Words
    timezone: str
    languages: list[Literal["en", "ar"]] = Field(default=["en"], min_length=1)
    number_from: str = Field(default="", description="Date of bulletin 1; empty: the first window's start.")
    sources: list[SourceNote]
    settings: Settings = Settings()
    about: Words = {}
    publisher: str = Field(default="", description="Who publishes the record, as they wish to be named.")
    licence: str = Field(default="", description="What readers may do with what is published.")
    conversions: list[Literal["hour-gap"]] = Field(
        default=[], description="Rules by which numbers under one counting rule become those of another unit."
    )
    mirrors: list[str] = Field(default=[], description="Addresses at which copies may be found.")

    @field_validator("mirrors")
    @classmethod
    def _addresses(cls, mirrors: list[str]) -> list[str]:
        if wrong := [m for m in mirrors if not re.fullmatch(r"https?://[!-~]+", m)]:
            raise ValueError(f"{wrong[0]!r} is no address of a mirror such as https://example.org/record/")
        return mirrors

    @field_validator("sources")
    @classmethod
    def _apart(cls, sources: list[SourceNote]) -> list[SourceNote]:
        ids = [source.id for source in sources]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"two sources are called {', '.join(twice)}")
        return sources


class AliasNote(Document):
    """One name of an actor, as written in `actors.yaml`."""

    text: str = Field(min_length=1)
    starts: str | None = Field(default=None, alias="from")
    until: str | None = None
    basis: str = ""
    label: bool = False


class ActorNote(Document):
    """One actor, as written in `actors.yaml`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: Words
    kind: ActorKind
    aliases: list[AliasNote] = []
    part_of: list[str] = []
    covers: list[str] = []
    beside: list[str] = []
    note: Words = {}


class ActorsFile(Document):
    """The file `actors.yaml`."""

    actors: list[ActorNote]

    def read(self, zone: ZoneInfo, file: str = "actors.yaml") -> list[Actor]:
        """Return the actors; names of an actor count among its aliases.

        Raises:
            HoldfireError: An id is given twice, a date is none, or one actor's same name has
                dates that overlap.
        """
        found: list[Problem] = []
        ids = [note.id for note in self.actors]
        found += [
            Problem(f'two actors are called "{i}"', file)
            for i in sorted({i for i in ids if ids.count(i) > 1})
        ]
        actors = []
        for note in self.actors:
            for other in (*note.part_of, *note.covers, *note.beside):
                if other not in ids:
                    found.append(
                        Problem(f'no actor is called "{other}"', f"{file}, {note.id}", nearest(other, ids))
                    )
            actors.append(_actor(note, zone, file, found))
        if found:
            raise HoldfireError.of(found)
        return actors


def _actor(note: ActorNote, zone: ZoneInfo, file: str, found: list[Problem]) -> Actor:
    aliases: list[Alias] = []
    for alias in note.aliases:
        try:
            start = times.parse(alias.starts, zone)[0].start if alias.starts else None
            end = times.parse(alias.until, zone)[0].start if alias.until else None
            valid = Interval(start, end)
        except (HoldfireError, ValueError) as error:
            first = error.problems[0] if isinstance(error, HoldfireError) else None
            text = first.problem if first else f"it ends ({alias.until}) before it starts ({alias.starts})"
            place = f'{file}, {note.id}, alias "{alias.text}"'
            found.append(Problem(text, place, first.hint if first else "write the earlier date first"))
            continue
        found += [
            Problem(
                f'the name "{alias.text}" has dates that overlap',
                f"{file}, {note.id}",
                "end one where the next begins",
            )
            for other in aliases
            if fold(other.text) == fold(alias.text) and _overlap(other.valid, valid)
        ]
        aliases.append(Alias(alias.text, valid, alias.basis, alias.label))
    named = {fold(alias.text) for alias in aliases}
    for name in note.name.values():
        if fold(name) not in named:
            named.add(fold(name))
            aliases.append(Alias(name, Interval(None, None), "its name in this case"))
    return Actor(
        note.id,
        dict(note.name),
        note.kind,
        tuple(aliases),
        tuple(note.part_of),
        tuple(note.covers),
        tuple(note.beside),
    )


def _overlap(one: Interval, other: Interval) -> bool:
    starts_before = one.start is None or other.end is None or one.start < other.end
    ends_after = one.end is None or other.start is None or other.start < one.end
    return starts_before and ends_after


class PlaceNote(Document):
    """One place, as written in `places.yaml`."""

    id: str
    name: Words
    level: Literal["governorate", "district", "settlement", "country"]
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    radius_km: float | None = Field(default=None, gt=0, le=2000)
    within: str = ""
    spellings: list[str] = []
    source: str = ""


class PlacesFile(Document):
    """The file `places.yaml`: a short gazetteer of the case."""

    places: list[PlaceNote] = []


CITY = 20
"""Largest radius of a governorate that is a city [km]."""


class Gazetteer:
    """Finds a place by any of its spellings. A name that is not found is never guessed."""

    def __init__(self, places: Iterable[PlaceNote] = ()) -> None:
        self.places = {place.id: place for place in places}
        self._by_name: dict[str, list[PlaceNote]] = {}
        for place in self.places.values():
            for name in {fold(n) for n in (*place.name.values(), *place.spellings)}:
                self._by_name.setdefault(name, []).append(place)

    def find(self, name: str) -> PlaceNote | None:
        """Return the place of this name; None if none or several bear it."""
        bearers = self._by_name.get(fold(name), [])
        return bearers[0] if len(bearers) == 1 else None

    def area(self, name: str | None) -> str | None:
        """Return the English name of the governorate a dataset's string means; else the string itself."""
        if not name or not name.strip():
            return None
        bare = fold(name).removesuffix(" governorate").removesuffix(" province")
        for candidate in (fold(name), bare):
            for place in self._by_name.get(candidate, ()):
                if place.level == "governorate":
                    return place.name["en"]
        return name.strip()

    def areas(self) -> dict[str, Words]:
        """Return the names of each governorate by language, by its English name."""
        return {p.name["en"]: p.name for p in self.places.values() if p.level == "governorate"}

    def landmarks(self) -> tuple[tuple[Words, float, float], ...]:
        """Return the towns that governorates are named after, with their centres [degrees].

        One finds one's way by them on a map. A town is so named if, but for the word "city", its English
        name is that of the governorate it lies in; a governorate of at most `CITY` is its own town.
        """
        found = []
        for place in self.places.values():
            if place.level == "governorate" and place.radius_km and place.radius_km <= CITY:
                found.append((place.name, place.lat, place.lon))
            around = self.places.get(place.within)
            bare = place.name["en"].removesuffix(" city")
            if place.level == "settlement" and around and around.name["en"] == bare:
                found.append((around.name, place.lat, place.lon))
        return tuple(sorted(found, key=lambda each: each[0]["en"]))

    def governorates(self) -> frozenset[str]:
        """Return the English names of the governorates, which together are the territory of the case."""
        return frozenset(self.areas())

    def spellings(self) -> Iterable[tuple[str, list[PlaceNote]]]:
        """Yield each folded spelling with the places that bear it."""
        return sorted(self._by_name.items())


def radius(place: PlaceNote) -> float | None:
    """Return the radius [m] of the disc a place stands for."""
    if place.radius_km is not None:
        return place.radius_km * 1000
    return RADIUS.get(GeoPrecision(place.level))


class About(Document):
    """Who published a report, when, under which licence: its front matter, or `X.about.yaml` beside it."""

    source: str = Field(min_length=1)
    published: str = ""
    title: str = ""
    format: str = ""
    licence: str = ""
    cite: str = ""
    language: str = ""
    mapping: str = ""
    reprint: bool = True

    @field_validator("published", mode="before")
    @classmethod
    def _date(cls, value: object) -> str:
        text = "" if value is None else str(value)
        if text:
            try:
                times.parse(text, ZoneInfo("UTC"))
            except HoldfireError as error:
                raise ValueError(error.problems[0].problem) from None
        return text

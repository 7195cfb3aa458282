"""What a made-up country is made from: one YAML file, every number with its unit.

A preset says how large the country is, who fights whom and where, what was agreed, and who watches. Nothing
in it is random; a seed is added when a world is made. Ours stand in `presets/`; your own is read the same
way.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from holdfire.documents import Document, Words
from holdfire.records.actor import ActorKind
from holdfire.records.source import Affiliation, Repeats

Share = float
"""A number from 0 to 1."""

KINDS = (
    "attack.airstrike",
    "attack.bombardment",
    "attack.shelling",
    "attack.armed_clash",
    "attack.ambush",
    "attack.bombing",
    "attack.violence",
    "detention.arrest",
    "detention.abduction",
    "control.territory",
    "aid.blocked",
    "aid.convoy_attacked",
)
"""What happens in a world: event types of the taxonomy that are occurrences."""


class Feature(Document):
    """A line or a spot on the map, along which fighting lies.

    Attributes:
        line: Corners, as shares of the country's width and height; one corner is a spot.
        width: Distance at which fighting has fallen to three fifths [km].
    """

    line: list[tuple[float, float]] = Field(min_length=1)
    width: float = Field(gt=0)


class Country(Document):
    """The land.

    Attributes:
        towns: How many towns and villages there are in a world of `at` records.
        at: The number of records that `towns` is meant for.
        grow: Power with which towns grow with records: 0 none, 1 as many records a town at any size.
        stretch: Power with which features grow wider as the land does: 0 not at all, 1 as wide as it.
        spacing: Mean distance of a town to the next [km].
        districts: Towns in a district, on average.
        governorates: Districts in a governorate, on average.
        primacy: Power law of town populations: 1 is Zipf's; more, and the capital outweighs all.
        people: Population of the largest town [people].
        namesakes: Share of towns that bear another town's name.
        gazetteer: Typical error of a town's place in the gazetteer [km].
        centre: Latitude and longitude of the middle [degrees]; an ocean, so that no country is meant.
        features: Lines and spots, by name.
    """

    towns: int = Field(ge=3, le=200_000)
    at: int = Field(30_000, ge=100)
    grow: Share = Field(0.0, ge=0, le=1)
    stretch: Share = Field(0.0, ge=0, le=1)
    spacing: float = Field(6.0, gt=0)
    districts: int = Field(12, ge=2)
    governorates: int = Field(6, ge=1)
    primacy: float = Field(1.0, ge=0, le=3)
    people: int = Field(800_000, ge=100)
    namesakes: Share = Field(0.05, ge=0, le=0.5)
    gazetteer: float = Field(0.5, ge=0)
    centre: tuple[float, float] = (-31.0, 86.0)
    features: dict[str, Feature] = {}


class Name(Document):
    """One name of a party and the days on which it was in use (from the world's first day; null: open)."""

    text: str = Field(min_length=1)
    first: int | None = None
    until: int | None = None


class PartyNote(Document):
    """Someone who fights, pays for it or is fought.

    Attributes:
        side: Those of one side do not fight each other unless a dyad says so.
        role: What it is to the agreement; empty: nothing.
        role_until: Day from which it holds the role no more; null: to the end.
        names: Dated names; a rename or a split is two names or two parties with dates.
        part_of: Actors it belongs to.
        from_day: Day of its first act, such as the day of a split.
        until_day: Day before which its last act lies.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: Words
    kind: ActorKind = ActorKind.GROUP
    side: str
    role: Literal["", "sponsor", "guarantor", "signatory", "adherent", "non_adherent", "excluded"] = ""
    role_until: int | None = None
    names: list[Name] = []
    part_of: list[str] = []
    from_day: int = 0
    until_day: int | None = None


class Dyad(Document):
    """One party's acts against another.

    Attributes:
        weight: Its share of all acts before the truce, against the other dyads' weights.
        along: Features its acts lie along, with weights.
        elsewhere: Weight of the rest of the country, against the features' weights.
        towns: Power of population in where it strikes: 0 anywhere, 1 where people are.
        kinds: Weights of event types.
        civilians: Share of its acts that strike civilians.
        with_ally: Share of its acts done together with `ally`.
        truce: What a truce leaves of its acts, at the start: 0 all stop, 1 nothing changes.
        spoils: How often it breaks the first days of a truce, against its acts before.
        season: Depth of its yearly swing, and `peak` the day of the year it is at its height.
    """

    actor: str
    target: str
    weight: float = Field(gt=0)
    along: dict[str, float] = {}
    elsewhere: float = Field(0.05, ge=0)
    towns: float = Field(0.5, ge=0, le=2)
    kinds: dict[str, float] = Field(min_length=1)
    civilians: Share = Field(0.2, ge=0, le=1)
    ally: str = ""
    with_ally: Share = Field(0.0, ge=0, le=1)
    truce: float = Field(1.0, ge=0)
    spoils: float = Field(0.0, ge=0)
    season: Share = Field(0.0, ge=0, le=1)
    peak: int = Field(180, ge=0, le=366)

    @model_validator(mode="after")
    def _known(self) -> Dyad:
        if unknown := sorted(set(self.kinds) - set(KINDS)):
            raise ValueError(f"{unknown[0]!r} is no type of act; known: {', '.join(KINDS)}")
        return self


class Phase(Document):
    """From `day` on the truce is in this state."""

    day: int = Field(ge=0)
    state: Literal["none", "truce", "suspended", "collapsed"]
    words: str = ""


class Pact(Document):
    """What was agreed.

    Attributes:
        phases: States in time, first day first; before the first there is no truce.
        acts: Families or types of act that it forbids.
        inside: Feature whose surroundings it covers, to three widths; empty: the whole country.
        permits: Whether force against an excluded group is named as permitted.
        creep: Share of the truce's effect that is gone after thirty days.
        local: Local truces a governorate may see in a year, each of some weeks.
    """

    phases: list[Phase] = []
    acts: list[str] = ["attack", "control", "aid.convoy_attacked", "aid.blocked"]
    inside: str = ""
    permits: bool = True
    creep: Share = Field(0.1, ge=0, le=1)
    local: float = Field(0.0, ge=0)


class Fighting(Document):
    """How acts follow from acts.

    Attributes:
        replies: Acts that one act brings about, on average, by the side that was struck.
        repeats: Acts that one act brings about by the same side.
        memory: Days over which half of them come.
        spread: Share of them that lie in another district nearby.
        offensives: Offensives a governorate sees in a year, and `surge`, how much they multiply acts.
        salvo: Share of acts that belong to a salvo begun by another: one side, day, town and type.
        salvo_grow: Power with which that share grows with records, from those of `country.at`.
        rumours: Things said that never happened, as a share of acts.
    """

    replies: Share = Field(0.2, ge=0, le=0.6)
    repeats: Share = Field(0.2, ge=0, le=0.6)
    memory: float = Field(3.0, gt=0)
    spread: Share = Field(0.3, ge=0, le=1)
    offensives: float = Field(0.7, ge=0)
    surge: float = Field(3.0, ge=1)
    salvo: Share = Field(0.0, ge=0, le=0.8)
    salvo_grow: float = Field(0.0, ge=0, le=1)
    rumours: Share = Field(0.02, ge=0, le=1)


class Fineness(Document):
    """Shares with which a source places things finely or coarsely; they are scaled to one."""

    point: float = 0.2
    town: float = 0.6
    district: float = 0.15
    governorate: float = 0.05
    hour: float = 0.1
    day: float = 0.8
    week: float = 0.1


class Slips(Document):
    """Shares of a source's first-hand records in which a field is wrong, and how.

    Attributes:
        neighbour: Another town nearby. `namesake`: another town of that name.
        jitter: Scatter of its points around the true one, or around the town's middle [km].
        day: A day or two off. `month`: day and month swapped or the month before.
        count: Deaths changed by a typing slip or a rounding. `total`: a running total in their place.
        kind: Another type of act. `vague`: a type that says less.
        actor: Another party. `silent`: no party named. `wider`: the label it belongs under.
        target: Another target. `harm`: deaths left out.
    """

    neighbour: Share = 0.03
    namesake: Share = 0.01
    jitter: float = 1.0
    day: Share = 0.05
    month: Share = 0.003
    count: Share = 0.15
    total: Share = 0.003
    kind: Share = 0.05
    vague: Share = 0.05
    actor: Share = 0.03
    silent: Share = 0.1
    wider: Share = 0.2
    target: Share = 0.05
    harm: Share = 0.1


class Gap(Document):
    """Days from `first` to before `until` on which a source hears only the share `leaves` of it all."""

    first: int = Field(ge=0)
    until: int = Field(ge=1)
    leaves: Share = Field(0.0, ge=0, le=1)


class SourceNote(Document):
    """Someone who tells.

    Attributes:
        kind: What its records are: rows of a dataset, news, statements of a party, observations.
        actor: The party it speaks for.
        reach: Share of ordinary acts it hears of at first hand.
        uneven: Spread of that between governorates [logits]; `drift`, over the years.
        sees: What the size of an act adds, for each doubling of its dead [logits].
        shared: How far it hears of what others hear of too [logits]; makes sources dependent.
        kinds: Types of act it hears of more or less of [logits].
        actors: Parties whose acts it tells more or less of [logits]; its bias.
        blames: Share of its records of unknown or own-side acts that blame this party instead.
        blamed: That party.
        undercounts: What it leaves of deaths that its own side caused (of `actor`), 1: all.
        gaps: Days on which it hears less: cameras without power, roads closed, an office shut.
        delay: Days until half of its records are out.
        repeats: What it promises of its own records.
        doubles: Share of its records that it writes twice.
        sums: Share of its records of one governorate and day put into one.
        invents: Records of things nobody else tells of, as a share of its own.
        believes: Share of the rumours going round that it prints.
        copies: Sources it takes records from, with the share it takes of what it did not hear itself.
        rewrites: Share of copied records in which it changes something.
        cites: Share of copied records that say whom they are from.
        denies: Share of records, told by others, of acts of its side that it denies.
        spelling: How it romanises names of places: 0, 1 or 2; 3 writes Arabic.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Words
    kind: Literal["dataset", "media", "party", "monitor"] = "dataset"
    affiliation: Affiliation = Affiliation.NEUTRAL
    actor: str = ""
    reach: Share = Field(0.4, ge=0, le=1)
    uneven: float = Field(0.5, ge=0)
    drift: float = Field(0.3, ge=0)
    sees: float = 0.4
    shared: float = 0.7
    kinds: dict[str, float] = {}
    actors: dict[str, float] = {}
    blames: Share = 0.0
    blamed: str = ""
    undercounts: Share = 1.0
    gaps: list[Gap] = []
    delay: float = Field(2.0, gt=0)
    repeats: Repeats = Repeats.REPEATS
    doubles: Share = 0.02
    sums: Share = 0.0
    invents: Share = 0.0
    believes: Share = 0.2
    copies: dict[str, float] = {}
    rewrites: Share = 0.2
    cites: Share = 0.5
    denies: Share = 0.0
    spelling: Literal[0, 1, 2, 3] = 0
    fine: Fineness = Fineness()
    slips: Slips = Slips()


class Preset(Document):
    """A kind of world.

    Attributes:
        start: First day, YYYY-MM-DD.
        days: How many days it lasts.
        timezone: In which its days are counted.
        deaths: Mean deaths of an act that kills; `kills`, the share that do; `injured`, injured a death.
    """

    name: str = Field(pattern=r"^[a-z][a-z-]*$")
    title: Words
    about: Words
    simulated: Literal[True]
    start: str = Field("2031-01-01", pattern=r"^\d{4}-\d\d-\d\d$")
    days: int = Field(ge=10, le=5000)
    timezone: str = "Etc/GMT-3"
    country: Country
    parties: list[PartyNote] = Field(min_length=2)
    dyads: list[Dyad] = Field(min_length=1)
    pact: Pact = Pact()
    fighting: Fighting = Fighting()
    deaths: float = Field(3.0, ge=1)
    kills: Share = 0.5
    injured: float = Field(1.5, ge=0)
    sources: list[SourceNote] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> Preset:
        wrong = list(_unknown(self))
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def _unknown(preset: Preset) -> list[str]:
    """Return what the parts of a preset say of each other that is not so."""
    parties = [p.id for p in preset.parties]
    sources = [s.id for s in preset.sources]
    found = [f"two parties are called {i}" for i in sorted({i for i in parties if parties.count(i) > 1})]
    found += [f"two sources are called {i}" for i in sorted({i for i in sources if sources.count(i) > 1})]
    for dyad in preset.dyads:
        named = [dyad.actor, dyad.target, *([dyad.ally] if dyad.ally else [])]
        found += [f"no party is called {i}" for i in named if i not in [*parties, "civilians"]]
        found += [f"no feature is called {f}" for f in dyad.along if f not in preset.country.features]
        if not dyad.along and not dyad.elsewhere:
            found.append(f"{dyad.actor} against {dyad.target} happens nowhere")
    if preset.pact.inside and preset.pact.inside not in preset.country.features:
        found.append(f"no feature is called {preset.pact.inside}")
    if [p.day for p in preset.pact.phases] != sorted(p.day for p in preset.pact.phases):
        found.append("phases stand in the order of their days")
    if preset.fighting.replies + preset.fighting.repeats >= 0.9:
        found.append("replies and repeats together stay below 0.9, or fighting never ends")
    for place, source in enumerate(preset.sources):
        known = [*parties, ""]
        found += [
            f"no party is called {a}" for a in (source.actor, source.blamed, *source.actors) if a not in known
        ]
        found += [
            f"{source.id} copies {c}, which does not stand before it"
            for c in source.copies
            if c not in sources[:place]
        ]
    return found

"""What a case says of a made-up country: its sources, actors, places and agreement, as files of a case.

The agreement that is written is the one by which the world's own verdicts are reached (verdicts.py), so that
a verdict of Holdfire can be held against the truth. Each file says that it is simulated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from shapely import LineString, Point, box
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from holdfire.places import KILOMETRES_A_DEGREE
from holdfire.worlds.lists_plan import ListPlan
from holdfire.worlds.making import World
from holdfire.worlds.preset import PartyNote, Phase, Preset, SourceNote
from holdfire.worlds.streams import Whole

Files = Iterator[tuple[str, Any]]
"""Path in the case folder, and what it holds."""

BOUND = ("signatory", "adherent", "sponsor", "guarantor")
SIMULATED = "Simulated by Holdfire: no such country, person or event."
GRADES = {"dataset": "B", "monitor": "B", "media": "C", "party": "F"}
_INSTRUMENT = "cessation"
_FAMILIES = {
    "attack": ("cease-attacks", "cease-attacks", "The Parties cease attacks with any weapon on one another."),
    "control": ("no-territory", "no-territory", "The Parties do not take territory from one another."),
    "detention": ("no-detention", "cease-attacks", "The Parties do not seize people of one another's."),
    "aid": ("aid-passage", "cease-attacks", "The Parties neither block nor attack relief."),
}
_ARABIC = {
    "cease-attacks": "توقف الأطراف الهجمات بأي سلاح بعضها على بعض.",
    "no-territory": "لا يستولي طرف على أرض طرف آخر.",
    "no-detention": "لا يحتجز طرف أناساً من طرف آخر.",
    "aid-passage": "لا تمنع الأطراف الإغاثة ولا تهاجمها.",
}


def files(world: World, plans: Sequence[ListPlan]) -> Files:
    """Yield every file of a case but its inbox, each as a value to be written as YAML or GeoJSON.

    Args:
        world: The world.
        plans: The lists of the dead that its case holds.
    """
    yield "case.yaml", _case(world, plans)
    yield "actors.yaml", {"actors": [*_actors(world)]}
    yield "places.yaml", {"places": [*_places(world)]}
    yield from _agreement(world)


def day_of(world: World, day: int) -> date:
    """Return a day of a world by its number."""
    return date.fromisoformat(world.preset.start) + timedelta(days=day)


def marked(words: dict[str, str]) -> dict[str, str]:
    """Return a title that says that it is simulated."""
    return {
        language: f"{'محاكاة' if language == 'ar' else 'Simulated'}: {text}"
        for language, text in words.items()
    }


def _case(world: World, plans: Sequence[ListPlan]) -> dict[str, Any]:
    preset = world.preset
    about = {
        language: f"{SIMULATED if language == 'en' else 'محاكاة: لا بلد كهذا ولا أشخاص ولا أحداث.'} {text}"
        for language, text in preset.about.items()
    }
    return {
        "title": marked(preset.title),
        "timezone": preset.timezone,
        "languages": ["en", "ar"],
        "publisher": "Simulated monitoring mission",
        "licence": "CC0, simulated",
        "about": about,
        "sources": [*(_source(each) for each in preset.sources), *(_keeper(plan) for plan in plans)],
    }


def _source(note: SourceNote) -> dict[str, Any]:
    found = {
        "id": note.id,
        "name": dict(note.name),
        "affiliation": note.affiliation.value,
        "reliability": GRADES[note.kind],
        "repeats": note.repeats.value,
        "basis": f"Simulated, a {note.kind}; graded by its kind alone, not by what is true.",
    }
    return found | ({"actor": note.actor} if note.actor else {})


def _keeper(plan: ListPlan) -> dict[str, Any]:
    return {
        "id": plan.name,
        "name": {"en": plan.title[0], "ar": plan.title[1]},
        "affiliation": "civil_society",
        "reliability": "B",
        "repeats": "repeats" if plan.repeats else "distinct",
        "basis": "Simulated, a list of the dead.",
    }


def _actors(world: World) -> Iterator[dict[str, Any]]:
    for party in world.preset.parties:
        found: dict[str, Any] = {"id": party.id, "name": dict(party.name), "kind": party.kind.value}
        if aliases := [*_aliases(world, party)]:
            found["aliases"] = aliases
        if party.part_of:
            found["part_of"] = list(party.part_of)
        yield found
    words = [{"text": text, "basis": "common use"} for text in ("civilian", "residents", "مدنيون", "مدنيين")]
    yield {
        "id": "civilians",
        "name": {"en": "civilians", "ar": "المدنيون"},
        "kind": "civilians",
        "aliases": words,
    }


def _aliases(world: World, party: PartyNote) -> Iterator[dict[str, Any]]:
    """Yield the dated names of a party, and the ways in which texts write them."""
    for name in party.names:
        dated: dict[str, Any] = {"text": name.text, "basis": "Simulated: its own statement."}
        if name.first is not None:
            dated["from"] = day_of(world, name.first).isoformat()
        if name.until is not None:
            dated["until"] = day_of(world, name.until).isoformat()
        yield dated
    if "ar" in party.name:
        yield {"text": f"قوات {party.name['ar']}", "basis": "Simulated: its armed forces."}
    known = {name.text for name in party.names}
    english = party.name["en"]
    if party.kind.value == "state":
        short = english.removeprefix("Government of ")
        for text in (f"{short} government", f"{short} forces", f"{short} army"):
            if text not in known:
                yield {"text": text, "basis": "Simulated: common use."}


def _places(world: World) -> Iterator[dict[str, Any]]:
    """Yield governorates, districts and towns where a gazetteer holds them to lie, to within its error."""
    country = world.country
    east, north = country.gazetteer(world.preset.country.gazetteer, world.seed, "gazetteer")
    lat, lon = country.degrees(east, north)
    written = country.names.written
    hands = len(written) - 1
    over = country.governorate[country.district]

    def entry(key: str, town: int, level: str, members: Whole) -> dict[str, Any]:
        mid = (float(lat[members].mean()), float(lon[members].mean()))
        reach = np.hypot(east[members] - east[members].mean(), north[members] - north[members].mean())
        spellings = dict.fromkeys(written[hand][town] for hand in range(1, hands))
        name = {"en": written[0][town], "ar": written[hands][town]}
        if level == "district":
            name = {"en": f"{name['en']} district", "ar": f"منطقة {name['ar']}"}
            spellings = dict.fromkeys(f"{spelling} district" for spelling in spellings)
        return {
            "id": key,
            "name": name,
            "level": level,
            "lat": round(mid[0], 4),
            "lon": round(mid[1], 4),
            "radius_km": round(float(reach.max()) + 2.0, 1),
            "spellings": [spelling for spelling in spellings if spelling != name["en"]],
            "source": "Simulated.",
        }

    for area, town in enumerate(country.capital.tolist()):
        found = entry(f"g{area}", town, "governorate", np.flatnonzero(over == area))
        extra = [f"{found['name']['en']} governorate", f"محافظة {found['name']['ar']}"]
        yield found | {"spellings": [*found["spellings"], *extra]}
    for district, town in enumerate(country.seat.tolist()):
        inside = np.flatnonzero(country.district == district)
        yield entry(f"d{district}", town, "district", inside) | {
            "within": f"g{country.governorate[district]}"
        }
    capitals = set(country.capital.tolist())
    for town in range(country.towns):
        found = entry(f"t{town}", town, "settlement", np.array([town]))
        if town in capitals:  # a bare name means the governorate, so the city needs the word
            bare = [written[hand][town] for hand in range(hands)]
            city = [*(f"{name} city" for name in bare), *(f"city of {name}" for name in bare)]
            found["spellings"] = [*found["spellings"], *dict.fromkeys(city), f"مدينة {written[hands][town]}"]
        yield found | {"within": f"d{country.district[town]}"}


def _agreement(world: World) -> Files:
    preset = world.preset
    yield (
        "agreement/agreement.yaml",
        {
            "id": f"simulated-{preset.name}",
            "title": marked(
                {"en": "Agreement on a cessation of hostilities", "ar": "اتفاق وقف الأعمال العدائية"}
            ),
            "timezone": preset.timezone,
            "source": SIMULATED,
            "excluded_label": {"en": "the groups named in Annex A", "ar": "الجماعات المسماة في المرفق أ"},
            "about": {"en": "The agreement by which the world's own verdicts are reached."},
        },
    )
    yield f"agreement/instruments/{_INSTRUMENT}.yaml", _instrument(world)
    yield "agreement/parties.yaml", {"parties": [*_parties(world)]}
    if excluded := [*_exclusions(world)]:
        yield "agreement/exclusions.yaml", {"exclusions": excluded}
    yield "agreement/zones/area.geojson", _area(world)
    yield from _terms(preset)


def _instrument(world: World) -> dict[str, Any]:
    preset = world.preset
    phases = preset.pact.phases
    truces = [phase for phase in phases if phase.state == "truce"]
    first = truces[0].day if truces else preset.days
    signers = [party.id for party in preset.parties if party.role in BOUND]
    return {
        "id": _INSTRUMENT,
        "title": marked({"en": "Cessation of hostilities", "ar": "وقف الأعمال العدائية"}),
        "dated": day_of(world, max(0, first - 5)).isoformat(),
        "authors": signers or [preset.parties[0].id],
        "laterality": "multilateral" if len(signers) > 2 else "bilateral",
        "source": SIMULATED,
        "windows": [*_windows(world, [phase for phase in phases if phase.day >= first])],
    }


def _windows(world: World, phases: Sequence[Phase]) -> Iterator[dict[str, Any]]:
    """Yield when it binds: from its first day to the end of the last truce, less what lies between truces."""
    if not phases:
        return
    last = phases[-1]
    whole = {"kind": "in_force", "from": _midnight(world, phases[0].day), "cite": "Art. 1(1)"}
    if last.state != "truce":
        whole["until"] = _midnight(world, last.day)
    yield whole
    for phase, after in pairwise(phases):
        if phase.state != "truce":
            yield {
                "kind": "suspension",
                "from": _midnight(world, phase.day),
                "until": _midnight(world, after.day),
                "cite": f"Statement of the guarantors: {phase.words or phase.state}",
            }
        if after.state == "truce":
            yield {
                "kind": "recommitment",
                "from": _midnight(world, after.day),
                "cite": f"Statement of the parties: {after.words or 'recommitment'}",
            }


def _midnight(world: World, day: int) -> str:
    return f"{day_of(world, day).isoformat()}T00:00"


def _parties(world: World) -> Iterator[dict[str, Any]]:
    """Yield the roles; who holds none, and belongs to no one who does, stands outside."""
    start = day_of(world, 0).isoformat()
    for party in world.preset.parties:
        if party.role == "excluded" or (not party.role and party.part_of):
            continue
        role = {"actor": party.id, "role": party.role or "unaffiliated", "from": start}
        if party.role_until is not None:
            role["until"] = day_of(world, party.role_until).isoformat()
        yield role | {"cite": "Signatures" if party.role else "Not among those who signed"}


def _exclusions(world: World) -> Iterator[dict[str, Any]]:
    for party in world.preset.parties:
        if party.role == "excluded":
            start = day_of(world, 0).isoformat()
            found = {"by": "name", "actor": party.id, "from": start, "cite": "Annex A"}
            if party.role_until is not None:
                found["until"] = day_of(world, party.role_until).isoformat()
            yield found


def _terms(preset: Preset) -> Files:
    by_family: dict[str, list[str]] = {}
    for act in preset.pact.acts:
        family, _, kind = act.partition(".")
        by_family.setdefault(family, []).append(act if kind else f"{family}.*")
    whom = {"roles": list(BOUND)}
    for number, (family, acts) in enumerate(by_family.items(), 2):
        name, kind, text = _FAMILIES[family]
        yield (
            f"agreement/terms/{name}.yaml",
            {
                "id": name,
                "kind": kind,
                "type": "prohibited_act",
                "instrument": _INSTRUMENT,
                "cite": f"Art. {number}",
                "text": {"en": text, "ar": _ARABIC[name]},
                "binds": whom,
                "protects": {**whom, "actors": ["civilians"]},
                "acts": acts,
                "zone": "area",
            },
        )
    if preset.pact.permits and any(party.role == "excluded" for party in preset.parties):
        yield (
            "agreement/terms/on-excluded.yaml",
            {
                "id": "on-excluded",
                "kind": "permitted",
                "type": "permitted_act",
                "instrument": _INSTRUMENT,
                "cite": "Annex A, para. 2",
                "text": {
                    "en": "Force against the groups named in Annex A is not affected.",
                    "ar": "لا يمس هذا الاتفاق استخدام القوة ضد الجماعات المسماة في المرفق أ.",
                },
                "binds": whom,
                "protects": {"roles": ["excluded"]},
                "acts": ["attack.*", "control.*"],
                "zone": "area",
            },
        )


def _area(world: World) -> dict[str, Any]:
    """Return the outline that the agreement covers: the land, or the surroundings of a feature."""
    country, preset = world.country, world.preset
    half = country.size / 2 + 60
    shape: BaseGeometry = box(-half, -half, half, half)
    if preset.pact.inside:
        feature = preset.country.features[preset.pact.inside]
        corners = [tuple((np.array(corner) - 0.5) * country.size) for corner in feature.line]
        line = LineString(corners) if len(corners) > 1 else Point(corners[0])
        shape = line.buffer(3 * feature.width * country.wider, quad_segs=16)
    rings = mapping(shape)["coordinates"]
    scale = KILOMETRES_A_DEGREE * np.cos(np.radians(country.centre[0]))
    degrees = [
        [
            [round(country.centre[1] + x / scale, 5), round(country.centre[0] + y / KILOMETRES_A_DEGREE, 5)]
            for x, y in ring
        ]
        for ring in rings
    ]
    return {
        "type": "Feature",
        "properties": {
            "id": "area",
            "kind": "territory",
            "name": marked({"en": "Area of the agreement", "ar": "نطاق الاتفاق"}),
            "cite": "Art. 1(2) and the map",
            "licence": "CC0, simulated",
            "note": SIMULATED,
        },
        "geometry": {"type": "Polygon", "coordinates": degrees},
    }

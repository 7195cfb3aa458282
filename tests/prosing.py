"""A small invented theatre to read prose in: two armies, a few towns; states are real, so capitals are.

`read` gives the claims of a text as rows; `one` the only claim of an event type.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.records.actor import Actor, ActorKind, Alias, Names
from holdfire.records.casefile import Gazetteer, PlaceNote
from holdfire.records.claim import OCCURRENCES, ONE_OFF
from holdfire.records.report import Report
from holdfire.records.source import Affiliation, Source
from holdfire.tables import rows
from holdfire.times import Interval, parse

ZONE = ZoneInfo("Asia/Damascus")
ALWAYS = Interval(None, None)
RENAMED = parse("2031-07-28", ZONE)[0].start

Row = dict[str, Any]


def _actor(actor: str, name: str, *aliases: str, kind: ActorKind = ActorKind.GROUP) -> Actor:
    held = tuple(Alias(text, ALWAYS) for text in (name, *aliases))
    return Actor(actor, {"en": name}, kind, held)


NAMES = Names(
    [
        _actor("north", "Northern Army", "northern forces", "the North", kind=ActorKind.STATE),
        _actor("river", "River Brigade", "River Brigades"),
        _actor("is", "Iron Sons", "IS"),
        Actor(
            "lantern",
            {"en": "Lantern Front"},
            ActorKind.GROUP,
            (
                Alias("Lantern Front", ALWAYS),
                Alias("Free Lantern", Interval(RENAMED, None), "its name since 28 July"),
                Alias("firebrands", ALWAYS, "a word of blame", label=True),
            ),
        ),
        _actor("russia", "Russia", "Russian warplanes", kind=ActorKind.STATE),
        _actor("us", "United States", "the US", "U.S.", kind=ActorKind.STATE),
        _actor("syria-gov", "Syrian government", "Syrian army", kind=ActorKind.STATE),
    ]
)

PLACES = Gazetteer(
    [
        PlaceNote(id="varn", name={"en": "Varn"}, level="governorate", lat=35.5, lon=36.7, radius_km=90),
        PlaceNote(
            id="varn-city", name={"en": "Varn city"}, level="settlement", lat=35.9, lon=36.6, within="varn"
        ),
        PlaceNote(id="marrow", name={"en": "Marrow"}, level="settlement", lat=35.8, lon=36.8, within="varn"),
        PlaceNote(id="tarn", name={"en": "Tarn"}, level="settlement", lat=35.2, lon=36.9, within="varn"),
        PlaceNote(id="esk", name={"en": "Esk"}, level="district", lat=34.9, lon=36.9),
        PlaceNote(id="damascus", name={"en": "Damascus"}, level="settlement", lat=33.5, lon=36.3),
    ]
)

SOURCES = {
    "wire": Source(id="wire", name={"en": "Wire"}, affiliation=Affiliation.MEDIA),
    "monitor": Source(
        id="monitor",
        name={"en": "Strip Monitor"},
        affiliation=Affiliation.CIVIL_SOCIETY,
        aliases=("the Strip Monitor for Human Rights",),
    ),
    "gazette": Source(id="gazette", name={"en": "Morning Gazette"}, affiliation=Affiliation.MEDIA),
}


def context(**given: Any) -> Context:
    fields = {"zone": ZONE, "names": NAMES, "sources": SOURCES, "gazetteer": PLACES, "engine": Engine(1, 256)}
    return Context(**{**fields, **given})


def report(text: str, published: str = "2031-03-06", source: str = "wire") -> Report:
    return Report(
        id=digest(text.encode()),
        source=source,
        format="text",
        published=published,
        language="en",
    )


def read(text: str, published: str = "2031-03-06", source: str = "wire", name: str = "x.txt") -> list[Row]:
    return list(rows(prose.read(text, report(text, published, source), context(file=name))))


def one(text: str, event_type: str, **given: str) -> Row:
    """Return the only claim of this event type; fail if there is none, or more."""
    found = [row for row in read(text, **given) if row["event_type"] == event_type]
    assert len(found) == 1, [row["event_type"] for row in read(text, **given)]
    return found[0]


def incidents(text: str, **given: str) -> list[Row]:
    """Return the claims that would make an incident, by the rule that fusing goes by."""
    return [row for row in read(text, **given) if makes_incident(row)]


def makes_incident(row: Row) -> bool:
    occurs = row["event_type"].split(".")[0] in OCCURRENCES or row["event_type"] in ONE_OFF
    told = row["kind"] in ("reported", "narrated") and row["modality"] == "actual" and not row["negated"]
    return occurs and told and not row["cumulative"] and row["stance"] in ("asserts", "accuses", "admits")


def words(text: str, row: Row) -> str:
    return " … ".join(text[a:b] for a, b in row["spans"])

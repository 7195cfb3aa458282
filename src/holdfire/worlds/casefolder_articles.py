"""Which records of a newspaper or a party go into which article, and what the article says of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from holdfire.worlds.making import World
from holdfire.worlds.preset import SourceNote
from holdfire.worlds.streams import stream
from holdfire.worlds.texts import Article, Desk, Item, article
from holdfire.worlds.texts_words import Chance

Record = Mapping[str, Any]

CORRECTED = 0.15
"""Share of wrong numbers of dead that the same page corrects, as its web edition does."""


def articles(
    made: World, note: SourceNote, place: int, records: Sequence[Record]
) -> Iterator[tuple[datetime, Article]]:
    """Yield each article of a source with its local time of publication, in order.

    Args:
        made: The world.
        note: The source.
        place: Which of the sources it is.
        records: What it tells, with names; each goes into one article.
    """
    zone = ZoneInfo(made.preset.timezone)
    chance = Chance(stream(made.seed, "pages", note.id))
    language = "ar" if note.spelling == 3 else "en"
    names = made.country.names.arabic if language == "ar" else made.country.names.english
    desk = Desk(
        agency=note.name.get(language, note.name["en"]),
        language=language,
        official=note.kind == "party",
        town=names[int(made.country.capital[place % made.country.governorates])],
        seed=made.seed,
    )
    cities = {made.country.names.written[note.spelling][town] for town in made.country.capital.tolist()}
    for group in _pages(sorted(records, key=lambda r: (r["published"], r["claim_id"])), chance):
        published = max(record["published"] for record in group).astimezone(zone)
        items = [item(record, zone, chance, note.kind == "party", cities) for record in group]
        yield published, article(items, desk, published)


def _pages(records: Sequence[Record], chance: Chance) -> Iterator[list[Record]]:
    """Yield what goes on one page: mostly one event, sometimes several of one day."""
    page: list[Record] = []
    for record in records:
        near = page and (record["published"] - page[0]["published"]).total_seconds() < 43_200
        if page and not (near and len(page) < 6 and chance.hit(0.5)):
            yield page
            page = []
        page.append(record)
    if page:
        yield page


def item(
    record: Record, zone: ZoneInfo, chance: Chance, official: bool, cities: Collection[str] = ()
) -> Item:
    """Return one record as its article is to tell it; what it copies decides how it is said."""
    killed, right = record["killed_best"], record["right"]
    wrong = "killed" in (record["wrong"] or []) and not record["copied"] and not official
    targets = [name for name, side in zip(record["targets_named"], record["targets"] or [], strict=True)
               if side != "civilians"]  # fmt: skip
    both = " و" if record["language"] == "ar" else " and "
    return Item(
        key=record["claim_id"],
        event_type=record["event_type"],
        actor=both.join(record["actors_named"]),
        target=both.join(targets),
        civilians_hit="civilians" in (record["targets"] or []),
        start=record["start"].astimezone(zone),
        precision=record["time_precision"],
        place=_place(record, cities, chance),
        admin1=record["admin1"],
        fineness=record["geo_precision"],
        killed=killed,
        civilians=record["civilians_low"],
        injured=record["injured_low"],
        total=bool(record["cumulative"]),
        count=record["quantity"] or 1,
        denied=bool(record["negated"]),
        manner=int(str(record["origin"]).removeprefix("c-"), 16),
        rewritten=bool(record["copied"]) and chance.hit(0.5),
        cites=record["cited"] if record["root"] != record["source"] else "",
        right=right if wrong and killed is not None and right is not None and chance.hit(CORRECTED) else None,
    )


def _place(record: Record, cities: Collection[str], chance: Chance) -> str:
    """Return the place as written; where a city bears its governorate's name, mostly with the word."""
    place = str(record["place"])
    if place not in cities or record["geo_precision"] not in ("point", "settlement") or chance.hit(0.15):
        return place
    return f"مدينة {place}" if record["language"] == "ar" else f"{place} city"

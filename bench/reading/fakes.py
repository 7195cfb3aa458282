"""Whole articles on Syria (FA-KES, half): where, who, when and how many civilians died, of the main event.

Its label "fake" says only that an article did not match a database, so it is not used. Rules were tuned on
even `unit_id`; both halves are shown. The gold is one crowd's reading of one event of an article, and holds
noise: the figures "text can give" say in how many articles the words hold what the gold says at all.
"People" killed, with no word of fighting, count as civilians here, as the gold counts them.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.figures import Figure, share
from bench.reading.gazetteers import SYRIA, built
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.reading.prose.gist import Gist, gist
from holdfire.reading.prose.words.amounts import amounts
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.tokens import sentences
from holdfire.records.actor import UNDESCRIBED
from holdfire.records.casefile import PlaceNote
from holdfire.records.report import Report
from holdfire.times import parse

CASE = Path(__file__).resolve().parents[2] / "examples" / "syria-2016"
WIDEST = 2
"""A span of more days than this is no date."""
REACH = {"place": "0.90", "actor": "0.75", "date": "0.80", "civilians": "0.70"}

PLACES = {
    "Aleppo": "aleppo", "Damascus": "damascus", "Rif Dimashq": "damascus", "Idlib": "idlib", "Homs": "homs",
    "Deir ez-Zor": "deir ezzor", "Raqqa": "raqqa", "Hasakah": "hasakeh", "Hama": "hama", "Daraa": "daraa",
    "Quneitra": "quneitra", "Latakia": "lattakia", "Tartus": "tartous", "Suwayda": "suwayda",
}  # fmt: skip
"""Governorates of the case as the gold calls them; it has Rural Damascus under Damascus."""

GOVERNMENT = "syrian government or russian troops"
COALITION = "international coalition forces"
KURDS = "self administration forces"
OPPOSITION = "armed opposition groups"
ACTORS = {
    "syria-gov": GOVERNMENT, "russia": GOVERNMENT, "pro-government-forces": GOVERNMENT, "ndf": GOVERNMENT,
    "hezbollah": GOVERNMENT, "iran": GOVERNMENT,
    "us-coalition": COALITION, "us": COALITION, "uk": COALITION, "france": COALITION,
    "daesh": "the organization of the islamic state in iraq and the levant - isis",
    "nusra": "al-nusra front", "hts": "al-nusra front",
    "sdf": KURDS, "ypg": KURDS,
    "kurdish-forces": KURDS, "pkk": KURDS,
}  # fmt: skip
NOT_SIDES = frozenset(
    ("un", "un-security-council", "issg", "civilians", "turkey", "israel", "jordan", "iraq")
)
WORDS = {
    GOVERNMENT: frozenset(
        ("regime", "regimes", "government", "army", "armys", "assad", "assads", "loyalist")
    ),
    COALITION: frozenset(("coalition", "coalitions")),
    KURDS: frozenset(("kurdish", "kurds")),
    OPPOSITION: frozenset(("rebel", "rebels", "insurgent", "insurgents", "opposition")),
}
"""Words of somebody whom the case does not describe, by class; of the rest nothing is known."""


@dataclass(frozen=True)
class Article:
    """One article, what the gold says of it, and what is read in it."""

    row: dict[str, str]
    read: Gist
    dated: date | None
    days: tuple[date, date] | None
    """Of the event; where no claim gives a day, the day of the date line stands in, for this measure only."""
    area: str | None
    """Its governorate, as the case calls it."""

    @property
    def tuned(self) -> bool:
        """Whether rules were tuned on it."""
        return int(self.row["unit_id"]) % 2 == 0


def context(shared: Path) -> Context:
    """Return what the reader may know: the names and places of the example case, and the places of Syria."""
    case = Folder(CASE)
    atlas = built(shared, SYRIA)
    return Context(case.zone, case.names, case.sources, case.gazetteer, Engine(1, 256), atlas=atlas)


def rows(shared: Path) -> list[dict[str, str]]:
    """Return the articles of the half."""
    with gzip.open(shared / "data" / "text" / "fakes_dev.csv.gz", "rt", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def text_of(row: dict[str, str]) -> str:
    """Return an article as it would come in: its title, then its text."""
    return f"{row['article_title']}\n\n{row['article_content']}\n"


def articles(shared: Path) -> list[Article]:
    """Read every article of the half."""
    known = context(shared)
    return [_read(row, known) for row in rows(shared)]


def _read(row: dict[str, str], known: Context) -> Article:
    text = text_of(row)
    report = Report(id=digest(text.encode()), source=row["source"], format="text")
    day = prose.dated(text)
    published = parse(day.isoformat(), known.zone)[0] if day else None
    claims = prose.read(text, report, known).to_pylist()
    for claim in claims:  # the atlas and the case may write one governorate in two ways
        claim["admin1"] = known.gazetteer.area(claim["admin1"])
    found = gist(claims, published, _areas(text, report, known))
    days = _days(found, known) or ((day, day) if day else None)
    return Article(row, found, day, days, found.admin1)


def _areas(text: str, report: Report, known: Context) -> list[str]:
    """Return the governorate of each place named that only one governorate has."""
    named = []
    index = dict(known.gazetteer.spellings())
    for each in prose.mentions(text, report, known):
        if each.kind == "place":
            areas = {known.gazetteer.area(_unit(place)) for place in index.get(each.value, ())}
            named += [*areas] if len(areas) == 1 and areas <= PLACES.keys() else []
    return [area for area in named if area]


def _unit(place: PlaceNote) -> str:
    return place.name["en"] if place.level == "governorate" else place.within


def _days(found: Gist, known: Context) -> tuple[date, date] | None:
    """Return the first and last day of the event in the zone of the case."""
    if found.when is None or found.when.start is None or found.when.end is None:
        return None
    first = found.when.start.astimezone(known.zone).date()
    last = max(first, (found.when.end - timedelta(seconds=1)).astimezone(known.zone).date())
    return (first, last) if (last - first).days <= WIDEST else None


def actor_class(found: Gist) -> str:
    """Return the gold's class of who did it; someone undescribed is of the class that the words say."""
    classes = {_class(actor) for actor in found.actors} - {"unknown"}
    for each in (GOVERNMENT, COALITION):
        if each in classes:
            return each
    return min(classes) if classes else "unknown"


def _class(actor: str) -> str:
    if not actor.startswith(UNDESCRIBED):
        return "unknown" if actor in NOT_SIDES else ACTORS.get(actor, OPPOSITION)
    words = set(actor.removeprefix(UNDESCRIBED).split())
    return next((each for each, told in WORDS.items() if words & told), "unknown")


def placed(each: Article) -> bool:
    """Return whether the governorate is right."""
    return PLACES.get(each.area or "") == each.row["location"]


def blamed(each: Article) -> bool:
    """Return whether the class of the actor is right."""
    return actor_class(each.read) == each.row["actor"]


def on_the_day(each: Article) -> bool:
    """Return whether the event is dated within a day of the gold's."""
    gold = date.fromisoformat(each.row["date"])
    if each.days is None:
        return False
    return each.days[0] - timedelta(1) <= gold <= each.days[1] + timedelta(1)


def counted(each: Article) -> bool:
    """Return whether the number of civilians killed is right."""
    return civilians(each.read) == int(each.row["nb_civilians"])


def civilians(found: Gist) -> int:
    """Return how many civilians were killed, as the gold counts: people are civilians unless they fight."""
    killed, told, fought = (_figure(each) for each in (found.killed, found.civilians, found.combatants))
    if fought is not None:
        return told if told is not None else max(0, (killed or 0) - fought)
    return killed if killed is not None else told or 0


def _figure(bounds: tuple[int | None, int | None]) -> int | None:
    return bounds[0] if bounds[0] is not None else bounds[1]


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the share right of place, actor, date and civilian deaths, in all and in either half."""
    read = articles(shared)
    tests = {"place": placed, "actor": blamed, "date": on_the_day, "civilians": counted}
    for name, test in tests.items():
        for half, of in _halves(read):
            reach = REACH[name] if half == "all" else ""
            yield share(f"FA-KES half, {name}, {half}", [test(a) for a in of], reach)
    yield from _ceilings(read)


def _given(each: Article) -> Iterator[tuple[str, bool]]:
    """Say whether the words of an article can give what the gold says: its day, its number, its area."""
    gold = date.fromisoformat(each.row["date"])
    yield "date", each.dated is not None and -1 <= (each.dated - gold).days <= 8
    figures = {a.value for a in _amounts(text_of(each.row))}
    yield "civilians", int(each.row["nb_civilians"]) in figures | {0}


def _amounts(text: str) -> list[Amount]:
    return [a for s in sentences(text, 0, len(text), 0, "body") for a in amounts(s, set())]


def _ceilings(read: Sequence[Article]) -> Iterator[Figure]:
    given = [dict(_given(each)) for each in read]
    for name in ("date", "civilians"):
        yield share(f"FA-KES half, {name}, text can give", [each[name] for each in given])


def _halves(read: Sequence[Article]) -> Iterator[tuple[str, list[Article]]]:
    yield "all", list(read)
    yield "tuned on (even id)", [a for a in read if a.tuned]
    yield "not tuned on", [a for a in read if not a.tuned]

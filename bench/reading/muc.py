"""Wire text in capitals (MUC-3/4, public domain): types of incident, perpetrators, dates, victims.

Dev is the 200 documents of the first two test rounds, in their original capitals with datelines, by the
public keys. A document's answers are sets, so each is scored once however often it is told: right if a
template of the key gives or allows it, missing if a template that is not optional gives it and no answer
matches. A date is a day; of "(a) / (b)" either is right; where the text gives none the key takes the day of
filing, and so do both readers. Victims are the numbers of the key's human targets, as a multiset.

The baseline is keywords: a type if one of its words is anywhere in the document, every organisation of the
list that stands in a document with such a word, every day written out, every number before a word for people.
Both use the same list of organisations, written from general knowledge of the region, and the same dateline.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.figures import DRAWS, Figure
from bench.reading.muc_key import FACTS, Key, documents, keys
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.reading.prose.gist import Gist, gists
from holdfire.reading.prose.words.amounts import amounts
from holdfire.reading.prose.words.peoples import is_person
from holdfire.reading.prose.words.tokens import sentences
from holdfire.records.actor import Actor, ActorKind, Alias, Names
from holdfire.records.casefile import Gazetteer
from holdfire.records.report import Report
from holdfire.times import Interval, parse

ZONE = ZoneInfo("America/El_Salvador")
ORGANISATIONS = """
FMLN; Farabundo Marti National Liberation Front; Farabundo Marti Front
ERP; People's Revolutionary Army; Revolutionary Army of the People
FPL; Popular Liberation Forces; People's Liberation Forces
FAL; Armed Forces of Liberation
PRTC; Central American Workers Revolutionary Party
ARENA; Nationalist Republican Alliance
ELN; Army of National Liberation; National Liberation Army; Camilist Union
FARC; Revolutionary Armed Forces of Colombia; Colombian Revolutionary Armed Forces
EPL; People's Liberation Army; Popular Liberation Army
M-19; 19 April Movement; April 19 Movement; Movement of 19 April; M19
Simon Bolivar Guerrilla Coordinating Board; CNG; National Guerrilla Coordinating Board
The Extraditables; Extraditables
Medellin Cartel; Medellin drug cartel
Cali Cartel
Shining Path; Sendero Luminoso; SL
MRTA; Tupac Amaru Revolutionary Movement; Tupac Amaru
Rodrigo Franco Command; Rodrigo Franco; Rodrigo Franco Democratic Command
URNG; Guatemalan National Revolutionary Unity
Contras; Nicaraguan Resistance; Contra
FPMR; Manuel Rodriguez Patriotic Front
MIR; Movement of the Revolutionary Left; Leftist Revolutionary Movement
Lautaro; MAPU Lautaro; Lautaro Youth Movement
Cinchoneros; Cinchonero Popular Liberation Movement; Cinchoneros People's Liberation Movement
Morazanist Patriotic Front; FPM; Morazanist Front for the Liberation of Honduras
Alfaro Lives; Alfaro Vive
Atlacatl Battalion; Atlacatl
Salvadoran Army; Salvadoran Armed Forces; Armed Forces; Army
Guatemalan Army
Honduran Army; Honduran Armed Forces
Sandinista Army; Sandinista People's Army; EPS
Air Force; Salvadoran Air Force
National Guard
Treasury Police
National Police
Death Squads; Death Squad
Zarate Willka Armed Forces of Liberation; Zarate Willka Liberation Armed Forces; FALZW; Zarate Willka
Ricardo Franco Front
White Hand; Mano Blanca
DINCOTE
US Forces; US Army
"""
"""Organisations of the region in 1988-91, one a line, with the names they bore."""

TYPES = {
    "attack.bombing": "BOMBING", "attack.bombardment": "BOMBING", "attack.airstrike": "BOMBING",
    "detention.abduction": "KIDNAPPING", "attack.armed_clash": "", "detention.arrest": "",
    "detention.release": "",
}  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
KEYWORDS = {
    "ATTACK": r"attack|kill|murder|assassin|dead|death|shot|massacre|ambush",
    "BOMBING": r"bomb|explo|dynamit|blast|detonat",
    "KIDNAPPING": r"kidnap|abduct|hostage",
    "ARSON": r"arson|set fire|set on fire|burn",
    "ROBBERY": r"rob|stole|steal",
    "FORCED WORK STOPPAGE": r"stoppage|armed strike",
}

Answers = dict[str, Counter[str]]


def known() -> Context:
    """Return the context: the organisations, and no places."""
    always = Interval(None, None)
    actors = []
    for line in ORGANISATIONS.strip().splitlines():
        names = [name.strip() for name in line.split(";")]
        actors.append(
            Actor(names[0], {"en": names[0]}, ActorKind.GROUP, tuple(Alias(n, always) for n in names))
        )
    return Context(ZONE, Names(actors), {}, Gazetteer(), Engine(1, 256))


def names_of(actor: str) -> list[str]:
    """Return the names an organisation bore, in capitals."""
    lines = (line.split(";") for line in ORGANISATIONS.strip().splitlines())
    return next(([n.strip().upper() for n in each] for each in lines if each[0].strip() == actor), [])


def read(text: str, context: Context) -> Answers:
    """Return what the reader makes of a document."""
    report = Report(id=digest(text.encode()), source="wire", format="text")
    day = prose.dated(text)
    published = parse(day.isoformat(), ZONE)[0] if day else None
    made: Answers = {fact: Counter() for fact in FACTS}
    for found in gists(prose.read(text, report, context), published):
        kind = _type(found)
        if not kind or _old(found, published) or not _relevant(found):
            continue
        made["type"][kind] = 1
        for actor in found.actors:
            if names_of(actor):
                made["perpetrator organisation"][actor] = 1
        if when := _day_of(found, day):
            made["date"][when.isoformat()] = 1
        made["number of victims"].update(_victims(found))
    return made


def _relevant(found: Gist) -> bool:
    """Return whether an event is of the kind the key holds: told in detail, not of fighters alone."""
    detailed = found.told or found.when or found.actors or found.targets_text or found.killed != (None, None)
    fighters_only = found.combatants != (None, None) and found.civilians == (None, None)
    return bool(detailed) and not fighters_only


def _day_of(found: Gist, filed: date | None) -> date | None:
    """Return the day of an event; where the text gives no time, the day of filing."""
    if found.when is None:
        return filed
    if found.when.start is None or found.when.end is None:
        return None
    first = found.when.start.astimezone(ZONE).date()
    last = (found.when.end - timedelta(seconds=1)).astimezone(ZONE).date()
    return last if (last - first).days <= 1 else None


def _type(found: Gist) -> str:
    return TYPES.get(found.event_type, "ATTACK")


def _old(found: Gist, published: Interval | None) -> bool:
    """Return whether an event lies farther back than the two months in which the key takes incidents."""
    if found.when is None or found.when.end is None or published is None or published.start is None:
        return False
    return found.when.end < published.start - timedelta(days=70)


def _victims(found: Gist) -> list[str]:
    """Return the numbers of people it befell: the dead, the hurt, and those it lists besides them."""
    counted = [str(low) for low, _ in (found.killed, found.injured) if low]
    listed = [str(each) for each in found.befallen]
    if not counted:
        return listed
    total = sum(map(int, counted))
    return listed if listed and sum(found.befallen) >= total else counted


def keyword(text: str) -> Answers:
    """Return what keywords make of a document."""
    low = text.lower()
    made: Answers = {fact: Counter() for fact in FACTS}
    made["type"] = Counter(kind for kind, words in KEYWORDS.items() if re.search(rf"\b(?:{words})", low))
    if not made["type"]:
        return made
    for line in ORGANISATIONS.strip().splitlines():
        names = [name.strip() for name in line.split(";")]
        if any(re.search(rf"\b{re.escape(name.lower())}\b", low) for name in names):
            made["perpetrator organisation"][names[0]] = 1
    filed = prose.dated(text)
    for day, month in re.findall(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b", low):
        if filed and 0 < int(day) < 29:
            made["date"][date(filed.year, MONTHS.index(month) + 1, int(day)).isoformat()] = 1
    if filed and "today" in low:
        made["date"][filed.isoformat()] = 1
    if filed and re.search(r"yesterday|last night", low):
        made["date"][(filed - timedelta(1)).isoformat()] = 1
    if filed and not made["date"]:  # as the reader does where the text gives no time
        made["date"][filed.isoformat()] = 1
    for s in sentences(text, 0, len(text), 0, "body"):
        made["number of victims"].update(str(a.value) for a in amounts(s, set()) if is_person(a.unit))
    return made


Row = dict[str, tuple[int, int, int]]
"""For each fact: right, given, to be given."""


def scored(made: Answers, key: Key) -> Row:
    """Score the answers of one document."""
    row: Row = {}
    for fact in FACTS:
        same = _organisation if fact == "perpetrator organisation" else _equal
        answers = list(made[fact].elements())
        left = list(key.must[fact])
        right = extra = 0
        for answer in answers:
            hit = next((group for group in left if any(same(answer, each) for each in group)), None)
            if hit is not None:
                left.remove(hit)
                right += 1
            elif fact != "number of victims" and any(same(answer, each) for each in key.may[fact]):
                extra += 1
        row[fact] = (right, len(answers) - extra, right + len(left))
    return row


def _equal(answer: str, gold: str) -> bool:
    return answer == gold


def _organisation(answer: str, gold: str) -> bool:
    return any(name in gold or gold in name for name in names_of(answer))


def _measures(rows: Sequence[Row], fact: str) -> tuple[float, float, float]:
    right, given, due = (sum(row[fact][k] for row in rows) for k in range(3))
    precision, recall = right / max(1, given), right / max(1, due)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def measure(shared: Path) -> Iterator[Figure]:
    """Yield precision, recall and F1 of each fact, of the reader and of keywords, on the same documents."""
    context, answers = known(), keys(shared)
    texts = [(name, text) for name, text in documents(shared) if name in answers]
    makers: dict[str, Callable[[str], Answers]] = {
        "reader": lambda text: read(text, context),
        "keywords": keyword,
    }
    for who, maker in makers.items():
        rows = [scored(maker(text), answers[name]) for name, text in texts]
        draw = random.Random(1)  # noqa: S311 - a bootstrap, seeded so that it repeats
        boots = [draw.choices(rows, k=len(rows)) for _ in range(DRAWS)]
        for fact in FACTS:
            values = _measures(rows, fact)
            for k, what in enumerate(("P", "R", "F1")):
                spread = sorted(_measures(boot, fact)[k] for boot in boots)
                count = sum(row[fact][2] for row in rows)
                name = f"MUC dev, {fact} {what}, {who}"
                low, high = spread[DRAWS // 40], spread[-DRAWS // 40 - 1]
                yield Figure(name, values[k], low, high, count, "", f"{len(rows)} documents")

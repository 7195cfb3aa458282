"""Write the articles and communiques in which sources tell of events, in English and Arabic.

An article tells of one event or several, each in a sentence of its own whose span is kept, and around them
stands what newspapers add: bylines, voices, background of other years that is no event of these days,
quotes, claims and denials. A copy writes the sentence of what it copies again, with its own slips and edits.
Frames are data (texts_en.yaml, texts_ar.yaml); the same items and seed give the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from holdfire.worlds.streams import stream
from holdfire.worlds.texts_phrases import Phrases, filled, one_of, phrases, slots, within
from holdfire.worlds.texts_words import Chance, calendar, number, party, people, when


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing a source tells, as its article is to say it.

    Attributes:
        key: Of its record.
        event_type: family.kind.
        actor, target: As the article names them; empty: not said.
        civilians_hit: Whether those struck are civilians.
        start: Local time. `precision`: hour, day or week.
        place, admin1: As the article writes them. `fineness`: point, settlement, district or governorate.
        killed, civilians, injured: People; None: not said.
        total: The dead are those since a start.
        count: How many attacks it counts together; 1: one.
        denied: It says that this was not so.
        manner: Number of how it is said; that of what it copies, where it copies.
        rewritten: Whether a desk edited the copy.
        cites: Name of the source it rests on; empty: it says none.
        right: True number of dead, where what is told is to be corrected in the same article.
    """

    key: str
    event_type: str
    actor: str = ""
    target: str = ""
    civilians_hit: bool = False
    start: datetime
    precision: str = "day"
    place: str
    admin1: str
    fineness: str = "settlement"
    killed: int | None = None
    civilians: int | None = None
    injured: int | None = None
    total: bool = False
    count: int = 1
    denied: bool = False
    manner: int = 0
    rewritten: bool = False
    cites: str = ""
    right: int | None = None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who writes.

    Attributes:
        agency: Its name in the article's language.
        language: `en` or `ar`.
        official: Whether it speaks for a party, in communiques.
        town: Where its bureau is.
        seed: Of the world.
    """

    agency: str
    language: str
    official: bool
    town: str
    seed: int


@dataclass(frozen=True)
class Telling:
    """Where an article tells of an item: code points of its text, and whether it tells or denies."""

    key: str
    start: int
    end: int
    denied: bool = False


@dataclass(frozen=True)
class Article:
    """A text, and where it tells of what."""

    title: str
    text: str
    told: tuple[Telling, ...]


@dataclass
class _Page:
    """A text in the making."""

    parts: list[str] = field(default_factory=list)
    told: list[Telling] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def tell(self, key: str, text: str, denied: bool = False) -> None:
        self.told.append(Telling(key, self.length, self.length + len(text), denied))
        self.add(text)

    def space(self, chance: Chance) -> None:
        """Go on in the paragraph, or begin one."""
        if self.length and not self.parts[-1].endswith((" ", "\n")):
            self.add("\n\n" if chance.hit(0.55) else " ")

    def article(self, title: str) -> Article:
        return Article(title, "".join(self.parts).rstrip() + "\n", tuple(self.told))


def article(items: Sequence[Item], desk: Desk, published: datetime) -> Article:
    """Return an article.

    Args:
        items: What it tells, one or more; the first leads unless another killed more.
        desk: Who writes it.
        published: Local time.
    """
    held = phrases(desk.language)
    chance = Chance(stream(desk.seed, "article", desk.agency, items[0].key))
    ordered = sorted(items, key=lambda item: -(item.killed or 0)) if not desk.official else list(items)
    values = _values(ordered[0], held, published, chance) | {
        "agency": desk.agency,
        "town": desk.town,
        "date": calendar(published.date(), desk.language, chance),
    }
    page = _Page()
    _opening(page, desk, held, values, chance)
    for place, item in enumerate(ordered):
        page.space(chance)
        _told(page, item, ordered[place - 1] if place else None, desk, published, chance)
        if not desk.official:
            _around(page, item, desk, held, published, chance)
    _closing(page, desk, held, values, chance)
    _corrections(page, ordered, held, values, chance)
    return page.article(_line(held.others["headlines"], values, chance))


def sentence(item: Item, held: Phrases, published: datetime, seed: int, joined: str = "") -> str:
    """Return the sentence that tells of an item; two items of one manner are told alike where they agree.

    Args:
        item: What it tells.
        held: The frames.
        published: Local time.
        seed: Of the world.
        joined: Words before it that join it to another, such as "Meanwhile, ".
    """
    chance = Chance(stream(seed, "sentence", item.manner))
    values = _values(item, held, published, chance)
    frame = _frame(item, held, values, chance)
    own = Chance(stream(seed, "edits", item.key))
    frame = _attributed(frame, item, held, values, own if item.cites or item.rewritten else chance)
    text = filled(joined + within(frame) + "." if joined else frame, values)
    return _edited(text, held, own) if item.rewritten else text


def _frame(item: Item, held: Phrases, values: dict[str, str], chance: Chance) -> str:
    """Return the frame of an item's sentence; where no frame of its type has all it needs, the plainest."""
    kinds = held.frames.get(item.event_type, held.frames["attack.violence"])
    frames = held.others["denials"] if item.denied else held.others["sums"] if item.count > 1 else kinds
    return (
        one_of(frames, values, chance)
        or one_of(kinds, values, chance)
        or one_of(held.frames["attack.violence"], values, chance)
        or "{Place}: {when}{harm}."
    )


def _values(item: Item, held: Phrases, published: datetime, chance: Chance) -> dict[str, str]:
    """Return the values of an item that are there, as its article says them."""
    language, others = held.language, held.others
    wide = item.fineness in ("district", "governorate")
    where = others[f"where_{item.fineness}" if wide else "where"]
    place = item.admin1 if item.fineness == "governorate" else item.place
    values = {
        "place": place,
        "admin1": item.admin1,
        "mark": "" if wide else _line(others["marks"], {}, chance),
        "place_obj": place,
        "when": when(item.start, item.precision, published, language, chance),
        "when_said": "",
        "count": number(item.count) if language == "en" else str(item.count),
        "many": f"{int(chance.draws.integers(11, 90))}{',000' if language == 'en' else ' ألف'}",
        "old": str(int(chance.draws.integers(7, 60))),
        "year": str(published.year - int(chance.draws.integers(2, 9))),
    }
    values["where"] = _line(where, values, chance)
    if item.actor:
        values["actor"] = party(item.actor, language)
    if item.target:
        values["target"] = party(item.target, language)
    if at := _struck(item, language, values.get("target", ""), chance):
        values["target_pos"] = at
    return values | _harmed(item, held, chance)


def _struck(item: Item, language: str, target: str, chance: Chance) -> str:
    """Return what was struck, as an object of the sentence; empty: not said."""
    if item.civilians_hit:
        english = ["houses", "a market", "a residential area", "a school", "civilians", "a bakery"]
        arabic = ["منازل", "سوقاً", "حياً سكنياً", "مدرسة", "مدنيين"]
        return chance.one(english if language == "en" else arabic)
    if not target:
        return ""
    if language == "ar":
        return chance.one([f"مواقع {target}", f"حاجزاً لـ{target}", f"نقاط {target}"])
    return chance.one([f"positions of {target}", f"a checkpoint of {target}", f"fighters of {target}"])


def _harmed(item: Item, held: Phrases, chance: Chance) -> dict[str, str]:
    """Return how the harm is said."""
    killed, injured, language = item.killed, item.injured, held.language
    values: dict[str, str] = {}
    if killed:
        for name, subject in (("n", False), ("n_subject", True)):
            values[name] = _dead(item, killed, language, chance, subject)
        values |= {"killed": values["n"], "killed_subject": values["n_subject"]}
        values["were"] = "was" if killed == 1 else "were"
    if injured:
        values["m"] = people(injured, "people", language, chance)
        values["m_subject"] = people(injured, "people", language, chance, True)
        values["mwere"] = "was" if injured == 1 else "were"
    kind = "both" if killed and injured else "killed" if killed else "injured" if injured else "none"
    kind = "silent" if killed is None and not injured else kind
    frames = held.others["harm"]["total" if item.total and killed else kind]
    values["harm"] = _line(frames, values, chance)
    if item.total:
        for name in ("killed", "killed_subject"):
            values.pop(name, None)
    return values


def _dead(item: Item, killed: int, language: str, chance: Chance, subject: bool) -> str:
    """Return the number of dead, with the civilians among them where the source says."""
    civilians = item.civilians
    if civilians == killed:
        return people(killed, "civilians", language, chance, subject)
    said = people(killed, "people", language, chance, subject)
    if not civilians or killed == 1:
        return said
    among = people(civilians, "civilians", language, chance, subject)
    return f"{said}، بينهم {among}،" if language == "ar" else f"{said}, including {among},"


def _line(frames: Sequence[str], values: dict[str, str], chance: Chance) -> str:
    """Return one line whose values are all there; empty where none is."""
    frame = one_of(frames, values, chance)
    return filled(frame, values) if frame is not None else ""


def _attributed(frame: str, item: Item, held: Phrases, values: dict[str, str], chance: Chance) -> str:
    """Return a frame with who says it, where a voice is cited."""
    if item.denied or not (item.cites or chance.hit(0.35)):
        return frame
    voice = item.cites or _line(held.others["voices"], values, chance)
    values["voice"] = voice
    said = held.others["said"]
    if chance.hit(0.5):
        tail = one_of(said["sentence"], values, chance)
        comma = "، " if held.language == "ar" else ", "
        return f"{frame.rstrip().removesuffix('.')}{comma}{tail}."
    return (one_of(said["lead"], values | {"body": ""}, chance) or "{body}").replace(
        "{body}", within(frame)
    ) + "."


def _edited(text: str, held: Phrases, chance: Chance) -> str:
    """Return a sentence as a rewriting desk leaves it."""
    for old, new in held.others["edits"]:
        if old in text and chance.hit(0.6):
            text = text.replace(old, new, 1)
    return text[:1].upper() + text[1:]


def _told(
    page: _Page, item: Item, before: Item | None, desk: Desk, published: datetime, chance: Chance
) -> None:
    """Tell of an item, after a word that joins it to the one before."""
    held, joined = phrases(desk.language), ""
    if before is not None and not desk.official:
        same = {"same": item.admin1} if before.admin1 == item.admin1 else {}
        joined = _line(held.others["connect"], same, chance)
    page.tell(item.key, sentence(item, held, published, desk.seed, joined), item.denied)


def _around(page: _Page, item: Item, desk: Desk, held: Phrases, published: datetime, chance: Chance) -> None:
    """Add what stands around an event: a quote, the other side's denial."""
    values = _values(item, held, published, chance)
    if chance.hit(0.3):
        page.space(chance)
        page.add(_line(held.others["quotes"], values, chance))
    if item.actor and not item.denied and chance.hit(0.15):
        page.space(chance)
        page.tell(item.key, sentence(replace(item, denied=True, cites=""), held, published, desk.seed), True)


def _opening(page: _Page, desk: Desk, held: Phrases, values: dict[str, str], chance: Chance) -> None:
    name = "official" if desk.official and chance.hit(0.8) else "bylines"
    page.add(_line(held.others[name], values, chance))


def _closing(page: _Page, desk: Desk, held: Phrases, values: dict[str, str], chance: Chance) -> None:
    if desk.official:
        if chance.hit(0.6):
            page.add("\n\n" + _line(held.others["official_close"], values, chance))
        return
    lines = held.others["background"]
    for which in chance.draws.permutation(len(lines))[: int(chance.draws.integers(0, 4))]:
        page.space(chance)
        page.add(_line(lines[which : which + 1], values, chance))


def _corrections(
    page: _Page, items: Sequence[Item], held: Phrases, values: dict[str, str], chance: Chance
) -> None:
    """Add corrections of numbers that were wrong when first printed."""
    for item in items:
        if item.right is None or item.killed is None or item.right == item.killed:
            continue
        said = values | {"wrong": str(item.killed), "right": str(item.right)}
        said["where"] = _line(held.others["where"], {"place": item.place, "admin1": item.admin1}, chance)
        page.add("\n\n")
        page.tell(item.key, _line(held.others["correction"], said, chance))


def needs(language: str) -> set[str]:
    """Return every slot that the frames of a language name; a test holds them against `_values`."""
    held = phrases(language)
    lists = [*held.frames.values()]
    for value in held.others.values():
        lists += value.values() if isinstance(value, dict) else [value]
    return {slot for frames in lists for frame in frames if isinstance(frame, str) for slot in slots(frame)}

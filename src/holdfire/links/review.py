"""Pairs of records as a reviewer sees them: which are worth looking at, in what order, and without a score.

Two kinds of pair are shown. The middle band holds pairs that the draws of the partition put together in a
share of .2 to .8: in order of how far the verdict would move what is published, times how unsure it is. The
audit is a sample over all weights, the same for every reviewer, which is what probabilities are calibrated
on; it lies among the others, so that nobody can tell which is which. Nothing says how likely a pair was held
to be, or whether it is one now. A judgement is one line of `hand/links.jsonl`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.case import Case
from holdfire.counting.agreeing import Agreement, agreement
from holdfire.engine import literal
from holdfire.errors import BadInput
from holdfire.folder import LINKS
from holdfire.ledger.shelf import add_line
from holdfire.records.link import BAND, CERTAIN, Judgement, Linked, Pair, Said, Settled, Side, latest
from holdfire.tables import rows
from holdfire.times import utc

AUDITED = 4
"""Pairs of the audit from each stratum of weight."""

STRATUM = 2000
"""Width of a stratum [millibits]."""

STRATA = (-10, 10)
"""Lowest and highest stratum; what lies further out is in the last."""

AMONG = 4
"""One pair of the audit comes after so many of the band."""


_CHOSEN = f"""
    WITH drawn AS (
        SELECT one, other, confidence, confidence BETWEEN {BAND[0]} AND {BAND[1]} AS unclear,
            sha256({{seed}} || one || ' ' || other) AS drawn,
            greatest({STRATA[0]}, least({STRATA[1]}, CAST(floor(weight / {STRATUM}) AS BIGINT))) AS stratum
        FROM links WHERE weight IS NOT NULL),
    ranked AS (
        SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY drawn, one, other) AS nth FROM drawn)
    SELECT one, other, confidence, unclear, nth FROM ranked WHERE unclear OR nth <= {AUDITED}
    ORDER BY drawn, one, other"""
"""The band, and the audit in an order that tells nothing.

The audit is drawn by a digest of the seed and of the two ids: two reviewers have the same sample, and one
more report, or an interruption, changes little of it.
"""


@dataclass(frozen=True)
class Effect:
    """What would change in published numbers if the verdict were the other one.

    Attributes:
        incidents: Incidents, or persons, more or fewer.
        deaths: Deaths more or fewer, by best figures.
        breaches: Breaches more or fewer.
    """

    incidents: int = 1
    deaths: int = 0
    breaches: int = 0

    @property
    def size(self) -> int:
        """Return how far it moves them: a breach counts as five deaths, since a verdict names a party."""
        return self.incidents + self.deaths + 5 * self.breaches


@dataclass(frozen=True)
class Shown:
    """One record on the screen.

    Attributes:
        title: Where it stands: source and date.
        fields: What it says, by name.
        words: What stands before its words, the words, and what stands after; None: it is a row.
    """

    title: str
    fields: Mapping[str, str]
    words: tuple[str, str, str] | None = None


class Pairs(Protocol):
    """Where pairs of one kind of record come from."""

    @property
    def kind(self) -> Linked:
        """Return what kind of record they are."""

    @property
    def weighed(self) -> pa.Table:
        """Return every pair that was weighed: SAME_AS rows."""

    @property
    def contested(self) -> Sequence[Pair]:
        """Return pairs on which the record and most draws do not agree: looked at as if even."""

    @property
    def settled(self) -> Settled:
        """Return what judgements come to, by id."""

    @property
    def lost(self) -> Sequence[Judgement]:
        """Return judgements of which a side is not found any more."""

    def pair(self, one: str, other: str) -> Pair:
        """Return the two records that these ids, or their beginnings, name."""

    def sides(self, ids: Sequence[str]) -> Mapping[str, Side]:
        """Return the name by which a judgement keeps each record."""

    def effects(self, pairs: Sequence[Pair]) -> Sequence[Effect]:
        """Return what each verdict would move."""

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """Return what the screen shows of each record; a name of a person leaves it for nowhere else."""


@dataclass(frozen=True)
class Card:
    """One pair to look at.

    Attributes:
        pair: The two ids.
        effect: What its verdict would move.
        audit: Whether it is of the audit; never shown.
    """

    pair: Pair
    effect: Effect
    audit: bool


@dataclass(frozen=True)
class Wanted:
    """Which pairs to look at.

    Attributes:
        audit: The audit alone.
        again: Also what this person judged before.
        fresh: Leave out what anyone else judged.
        disputed: Only pairs that people differ on, or whose judgements cannot all be so.
        seed: What the audit is drawn by; reviewers who compare share it.
        only: One pair; None: all that is worth a look.
    """

    audit: bool = False
    again: bool = False
    fresh: bool = False
    disputed: bool = False
    seed: int = 0
    only: Pair | None = None


class LinkReview:
    """The pairs of a case while someone looks at them."""

    def __init__(self, case: Case, pairs: Pairs, by: str = "") -> None:
        self.case = case
        self.pairs = pairs
        self.by = by or case.by
        self.file = case.folder.path / "hand" / LINKS

    def cards(self, wanted: Wanted) -> list[Card]:
        """Return what there is to look at, in order.

        Raises:
            BadInput: The one pair that is wanted was never weighed.
        """
        if wanted.only is not None:
            return [self._one(wanted.only)]
        if wanted.disputed:
            settled = self.pairs.settled
            return [self._one(pair) for pair in sorted({*settled.disputed, *settled.contradicted})]
        band, sampled = self._chosen(wanted)
        done = self._done([*band, *sampled], wanted)
        kept = [pair for pair in band if pair not in done]
        drawn = [pair for pair in sampled if pair not in done and pair not in band]
        effects = dict(zip(kept + drawn, self.pairs.effects(kept + drawn), strict=True))

        def worth(pair: Pair) -> tuple[int, Pair]:
            return -effects[pair].size * band[pair] * (CERTAIN - band[pair]), pair

        ordered = [Card(pair, effects[pair], audit=False) for pair in sorted(kept, key=worth)]
        return list(_mixed(ordered, [Card(pair, effects[pair], audit=True) for pair in drawn]))

    def _one(self, pair: Pair) -> Card:
        known, settled = self.pairs.weighed, self.pairs.settled
        judged = {*settled.disputed, *settled.contradicted, *settled.decided, *settled.unsure}
        there = pc.and_(pc.equal(known["one"], pair[0]), pc.equal(known["other"], pair[1]))
        if pair not in judged and not pc.any(there).as_py():
            raise BadInput(
                f"{pair[0]} and {pair[1]} were never weighed against each other",
                hint="only records that share a place and time, or a name, are compared",
            )
        return Card(pair, self.pairs.effects([pair])[0], audit=False)

    def _chosen(self, wanted: Wanted) -> tuple[dict[Pair, int], list[Pair]]:
        """Return the confidence of each pair of the band, and the pairs of the audit."""
        found = self.case.engine.sql(
            _CHOSEN.format(seed=literal(f"{wanted.seed} ")), links=self.pairs.weighed
        )
        listed = [(row, (row["one"], row["other"])) for row in rows(found)]
        band = {pair: row["confidence"] for row, pair in listed if row["unclear"] and not wanted.audit}
        if not wanted.audit:
            band |= dict.fromkeys(self.pairs.contested, CERTAIN // 2)
        return band, [pair for row, pair in listed if row["nth"] <= AUDITED]

    def _done(self, chosen: Sequence[Pair], wanted: Wanted) -> set[Pair]:
        """Return the pairs that need no look."""
        named = self.pairs.sides(sorted({name for pair in chosen for name in pair}))
        by_side = {(min(named[a], named[b]), max(named[a], named[b])): (a, b) for a, b in chosen}
        return {
            by_side[one, other]
            for one, other, by in latest(self.case.folder.judgements)
            if (one, other) in by_side
            and ((by == self.by and not wanted.again) or (by != self.by and wanted.fresh))
        }

    def judge(self, card: Card, said: Said, why: str = "") -> Judgement:
        """Add a judgement of a pair, and return it."""
        named = self.pairs.sides(list(card.pair))
        one, other = sorted(named[each] for each in card.pair)
        made = Judgement(
            at=utc(self.case.now()),
            by=self.by,
            kind=self.pairs.kind,
            one=one,
            other=other,
            said=said,
            why=why,
        )
        add_line(self.file, made.line)
        return made

    def shown(self, card: Card) -> tuple[Shown, Shown]:
        """Return the two records of a pair as the screen shows them."""
        found = self.pairs.shown(list(card.pair))
        return found[card.pair[0]], found[card.pair[1]]


def _mixed(band: list[Card], audit: list[Card]) -> Iterator[Card]:
    rest = iter(audit)
    for number, card in enumerate(band, 1):
        yield card
        if number % AMONG == 0:
            yield from (each for each in [next(rest, None)] if each)
    yield from rest


@dataclass(frozen=True)
class Compared:
    """How two reviewers of one kind of pair agree.

    Attributes:
        kind: What kind of record.
        one: A reviewer.
        other: Another.
        agreement: Over the pairs that both found the same or different.
        unsure: Pairs that both looked at and at least one was unsure of.
    """

    kind: Linked
    one: str
    other: str
    agreement: Agreement
    unsure: int


def compared(listed: Iterable[Judgement]) -> list[Compared]:
    """Return how each two reviewers agree, by what each said last."""
    said: dict[Linked, dict[str, dict[Pair, Said]]] = {}
    for each in latest(listed).values():
        said.setdefault(each.kind, {}).setdefault(each.by, {})[each.one, each.other] = each.said
    found = []
    for kind, people in sorted(said.items()):
        for one, other in combinations(sorted(people), 2):
            both = sorted(people[one].keys() & people[other].keys())
            answers = [(people[one][pair], people[other][pair]) for pair in both]
            sure = [(str(a), str(b)) for a, b in answers if Said.UNSURE not in (a, b)]
            if both:
                found.append(Compared(kind, one, other, agreement(sure), len(both) - len(sure)))
    return found

"""Pairs of entries of lists of the dead for a reviewer. Names are read from the vault for the screen alone.

Nothing that leaves this module for a file holds a name, nor anything made of one: a judgement names an entry
by its list and row. What stays in memory goes when the review ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa

from holdfire.case import Case
from holdfire.errors import BadInput
from holdfire.links.judged import Judged, judged_entries
from holdfire.links.named import rows_of
from holdfire.links.pairs import JudgedPairs
from holdfire.links.review import Effect, Shown
from holdfire.records.death import DEATH
from holdfire.records.link import BAND, Linked, Pair, Side, row_side
from holdfire.tables import rows, stack

SAID = ("name", "name_other", "given", "father", "grandfather", "family", "sex", "place", "admin1", "status")
"""Fields of an entry that are shown as they are."""


class PeoplePairs(JudgedPairs):
    """Pairs of entries that may be about one person."""

    kind = Linked.PERSON
    what, found_in = ("entry", "entries"), "a person"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        lists = case.readings.lists(self.found.held)
        if not lists:
            raise BadInput("this case has no lists of the dead", hint="`holdfire add LIST --mapping FILE`")
        self._lists = {each.report.id: each for each in lists}

    @cached_property
    def _deaths(self) -> pa.Table:
        return stack(DEATH, [self.case.readings.deaths(each) for each in self._lists.values()])

    @cached_property
    def _ids(self) -> dict[Side, str]:
        named = self._deaths.select(["report", "row", "entry_id"])
        return {row_side(row["report"], row["row"]): row["entry_id"] for row in rows(named)}

    @property
    def _links(self) -> pa.Table:
        return self.found.people.links

    @property
    def _known(self) -> pa.ChunkedArray:
        return self._deaths["entry_id"]

    def _judge(self) -> Judged:
        return judged_entries(self.case.folder.judgements, self._ids)

    @cached_property
    def contested(self) -> Sequence[Pair]:
        """Return pairs on which the record and most draws do not agree, of each person the least sure one.

        Two entries may be one person by others in their group, or two though most draws put them together.
        Neither is in the middle band, and each may be a mistake.
        """
        persons, links = self.found.people.persons, self.weighed
        query = f"""
            WITH home AS (SELECT unnest(entries) AS entry, person_id FROM persons),
            told AS (
                SELECT one, other, confidence, l.person_id AS person, l.person_id = r.person_id AS joined
                FROM links JOIN home AS l ON l.entry = one JOIN home AS r ON r.entry = other
                WHERE links.at IS NULL)
            SELECT one, other FROM told WHERE NOT joined AND confidence > {BAND[1]}
            UNION ALL
            SELECT arg_min(one, (confidence, one, other)), arg_min(other, (confidence, one, other))
            FROM told WHERE joined AND confidence < {BAND[0]} GROUP BY person
            ORDER BY one, other
        """
        found = self.case.engine.sql(query, persons=persons, links=links)
        return [(row["one"], row["other"]) for row in rows(found)]

    def sides(self, ids: Sequence[str]) -> Mapping[str, Side]:
        """Return the name by which a judgement keeps each entry."""
        return {
            row["entry_id"]: row_side(row["report"], row["row"])
            for row in rows_of(self._deaths, "entry_id", ids)
        }

    def effects(self, pairs: Sequence[Pair]) -> Sequence[Effect]:
        """Return what each verdict would move: one person more or fewer, of the dead that are listed."""
        return [Effect(incidents=1) for _ in pairs]

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """Return what the screen shows of each entry, names included: for the screen and nothing else."""
        return {row["entry_id"]: self._shown(row) for row in rows_of(self._deaths, "entry_id", ids)}

    def _shown(self, row: Mapping[str, Any]) -> Shown:
        source = self.case.folder.sources.get(row["source"])
        name = source.name.get("en", row["source"]) if source else row["source"]
        fields = {field: row[field] for field in SAID if row[field]}
        age, born, died = (
            _between(row[a], row[b])
            for a, b in (("age_low", "age_high"), ("born_first", "born_last"), ("died_first", "died_last"))
        )
        spans = {"age": age, "born": born, "died": died}
        return Shown(f"{name}, row {row['row']}", {**fields, **{k: v for k, v in spans.items() if v}})


def _between(low: Any, high: Any) -> str:
    if low is None and high is None:
        return ""
    return str(low) if low == high else f"{'?' if low is None else low} to {'?' if high is None else high}"

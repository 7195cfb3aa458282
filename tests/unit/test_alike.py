"""Actors are put for each other only where no question could tell."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from holdfire import plugins
from holdfire.case import Case
from holdfire.engine import Engine
from holdfire.judging import coverage
from holdfire.judging.alike import alike
from holdfire.judging.determining import Inquiry, ask
from holdfire.judging.expressions import FALSE, TRUE, any_true, each, some, status
from holdfire.records.incident import INCIDENT

TYPES = ("attack.airstrike", "attack.unspecified", "aid.blocked", "protest.march")
ROOT = Path(__file__).resolve().parents[2]
ACTORS = ("a", "b", "c", "it's")
AFTER = "CASE WHEN start >= 5 THEN TRUE WHEN start < 5 THEN FALSE ELSE NULL END"


def question(*yes: str, otherwise: str = FALSE) -> str:
    return each("actors", status("one", [(name, f"({AFTER})") for name in yes], otherwise))


def test_actors_answered_in_the_same_words_are_one() -> None:
    found = alike([question("a", "b"), some("targets", status("one", [("c", TRUE)]))], ACTORS)
    assert found == {"a": "a", "b": "a", "c": "c", "it's": "it's"}


def test_one_question_that_tells_two_apart_is_enough() -> None:
    found = alike([question("a", "b", "c", "it's"), any_true([TRUE, question("a", "it's")])], ACTORS)
    assert found == {"a": "a", "b": "b", "c": "b", "it's": "a"}


def test_a_list_that_is_used_otherwise_keeps_all_apart() -> None:
    for other in ("len(actors) > 1", "list_contains(targets, 'a')", "actors[1] = 'b'"):
        assert len(set(alike([question("a", "b"), other], ACTORS).values())) == len(ACTORS)


def test_an_answer_of_several_cases_ends_where_it_ends() -> None:
    nested = f"CASE WHEN ({AFTER}) IS FALSE THEN TRUE WHEN ({AFTER}) THEN NULL ELSE FALSE END"
    told = each("actors", status("one", [("a", nested), ("b", f"({AFTER})"), ("c", nested)]))
    assert alike([told], ACTORS) == {"a": "a", "b": "b", "c": "a", "it's": "it's"}


def test_verdicts_are_those_of_asking_each_incident_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, table = syria(), thrown(1_500)
    together = answers(table, asked)
    monkeypatch.setattr(coverage, "alike", lambda _, actors: {name: name for name in actors})
    assert answers(table, asked) == together
    assert len({tuple(sorted(each.items())) for each in together.values()}) > 20
    swapped = dict.fromkeys(asked.names.actors, "russia")
    monkeypatch.setattr(coverage, "alike", lambda *_: swapped)
    assert answers(table, asked) != together, "actors that are not alike must not be put for each other"


def syria() -> Inquiry:
    folder, kinds = Case.open(ROOT / "examples" / "syria-2016").folder, plugins.kinds()
    places = folder.gazetteer.governorates()
    return Inquiry(folder.agreement(kinds), folder.names, folder.sources, kinds, places)


def thrown(many: int) -> pa.Table:
    """Return incidents that are thrown together: columns that coverage reads."""
    draw = random.Random(4)
    actors = [*sorted(syria().names.actors), "nobody knows"]
    first = datetime(2016, 1, 1, tzinfo=UTC)
    rows = []
    for n in range(many):
        start = first + timedelta(hours=draw.randrange(24 * 330))
        sides = [draw.choices(actors, k=draw.choice([1, 1, 1, 2])) for _ in range(2)]
        rows.append(
            {
                "incident_id": f"i-{n:016x}",
                "event_type": draw.choice(
                    ["attack.airstrike", "attack.unspecified", "aid.blocked", "protest.march"]
                ),
                "actors": sorted(set(sides[0])) if draw.random() < 0.9 else None,
                "targets": sorted(set(sides[1])) if draw.random() < 0.9 else None,
                "directed": draw.random() < 0.8,
                "start": start,
                "end": start + timedelta(hours=draw.choice([0, 24, 24 * 40])),
                "admin1": None,
                "lat": draw.choice([36.2, 33.5, 40.0]),
                "lon": draw.choice([37.1, 36.3]),
                "radius": draw.choice([500.0, 120_000.0]),
            }
        )
    return pa.Table.from_pylist(
        rows, pa.schema([(c.name, c.type) for c in INCIDENT.columns if c.name in rows[0]])
    )


def answers(table: pa.Table, asked: Inquiry) -> dict[str, dict[str, object]]:
    with Engine(2, 1024).session() as session:
        ask(session, table, asked)
        found = session.sql(
            """SELECT incident_id, v.* EXCLUDE (case_key) FROM keyed JOIN covered AS v USING (case_key)
            ORDER BY incident_id"""
        )
    return {row.pop("incident_id"): row for row in found.to_pylist()}

"""Rows alike in every detail, of two that share more than either shares with others, are one vote on who."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from holdfire.engine import Engine
from holdfire.judging.evidence import weigh
from holdfire.judging.heard import actor_table, source_table
from holdfire.judging.leaning import leaning
from holdfire.judging.overruling import give_overruled
from holdfire.judging.weights import weights
from holdfire.records.actor import Actor, ActorKind
from holdfire.records.claim import CLAIM
from holdfire.records.source import Affiliation, Reliability, Source

ENGINE = Engine(2, 512)
DAY = datetime(2031, 5, 1, tzinfo=UTC)
SOURCES = {
    name: Source(id=name, name={}, affiliation=Affiliation.MEDIA, reliability=Reliability(letter))
    for name, letter in {"log": "A", "weekly": "A", "radio": "B"}.items()
}
ACTORS = {name: Actor(name, {}, ActorKind.GROUP) for name in ("north", "south")}
MANY = 60
Tables = tuple[pa.Table, pa.Table]


def record(late: Callable[[int], int], *, third: bool = True, **last: Any) -> Tables:
    """Return members and claims of `MANY` incidents that log and weekly tell of, and of a last one.

    Args:
        late: Hours by which weekly tells of an incident otherwise than the log.
        third: Whether the radio tells of each too, always a little otherwise.
        last: What weekly says otherwise of the last.
    """
    claims: list[dict[str, Any]] = []
    members: list[tuple[str, str, str]] = []

    def say(incident: int, source: str, hours: int, **more: Any) -> None:
        start = DAY + timedelta(days=incident % 25, hours=hours)
        name = f"c-{len(claims):04}"
        row = {
            "claim_id": name, "report": "0" * 64, "seq": len(claims), "source": source,
            "root": f"source:{source}", "chain": [], "kind": "reported", "stance": "asserts",
            "modality": "actual", "negated": False, "event_type": "attack.shelling", "directed": True,
            "time_precision": "hour", "geo_precision": "settlement", "cumulative": False, "spans": [],
            "rules": [], "actors": ["north"], "start": start, "end": start + timedelta(hours=1),
            "killed_low": 2, "killed_high": 2,
        }  # fmt: skip
        claims.append(row | more)
        members.append((f"i-{incident:04}", name, "supports"))

    for incident in range(MANY):
        say(incident, "log", 0)
        say(incident, "weekly", late(incident))
        if third:
            say(incident, "radio", 3)
    say(MANY, "log", 0)
    say(MANY, "weekly", 0, **last)
    columns = zip(("incident_id", "claim_id", "part"), zip(*members, strict=True), strict=True)
    return pa.table({name: list(values) for name, values in columns}), CLAIM.table(claims)


def found(tables: Tables) -> tuple[str, str]:
    """Return how strongly the last incident is held to have happened, and north to have done it."""
    with ENGINE.session() as session:
        session.give("members", tables[0])
        session.give("claims", tables[1])
        session.give("sources", source_table(SOURCES))
        session.give("actor_ids", actor_table(ACTORS))
        give_overruled(session, ())
        weigh(session, weights())
        [row] = session.sql(
            f"""SELECT occurrence_strength, attribution_strength
            FROM happened JOIN authors USING (incident_id) WHERE incident_id = 'i-{MANY:04}'"""
        ).to_pylist()
    return row["occurrence_strength"], row["attribution_strength"]


def copied(incident: int) -> int:
    return 0


def seen(incident: int) -> int:
    return 1 + incident % 2


def test_a_copy_is_no_second_vote_on_who_did_it() -> None:
    assert found(record(copied)) == ("highly_probable", "probable")


def test_two_that_looked_for_themselves_are_two() -> None:
    assert found(record(seen)) == ("highly_probable", "highly_probable")


@pytest.mark.parametrize(
    "other",
    [
        {"killed_low": 3, "killed_high": 3},
        {"event_type": "attack.airstrike"},
        {"end": DAY + timedelta(days=MANY % 25, hours=5)},
    ],
)
def test_a_row_of_a_copier_that_differs_in_a_detail_is_its_own(other: dict[str, Any]) -> None:
    assert found(record(copied, **other)) == ("highly_probable", "highly_probable")


def test_without_anyone_else_to_be_held_against_nothing_is_said() -> None:
    assert found(record(copied, third=False)) == ("highly_probable", "highly_probable")


def test_agreeing_seldom_more_than_with_others_is_no_copying() -> None:
    assert found(record(lambda incident: 0 if incident % 4 == 0 else 1)) == ("highly_probable",) * 2


def test_without_the_one_that_is_counted_the_copy_is() -> None:
    members, claims = record(copied)
    whole, borne = leaning(f"i-{MANY:04}", members, claims, SOURCES, ACTORS, (), ENGINE)
    assert whole.attribution[0] == "probable"
    assert [each.root for each in borne] == ["source:log", "source:weekly"]
    assert [each.joint for each in borne] == ["source:log = source:weekly"] * 2
    for each in borne:
        assert each.without is not None
        assert each.without.attribution[0] == "probable"

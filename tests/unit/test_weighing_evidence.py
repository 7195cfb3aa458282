"""Letters, numbers, root by root, and what people overrule: each follows from what is said, and shows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from holdfire import documents
from holdfire.engine import Engine, Session
from holdfire.errors import HoldfireError
from holdfire.judging.evidence import weigh
from holdfire.judging.heard import actor_table, source_table
from holdfire.judging.leaning import leaning
from holdfire.judging.overruling import give_overruled
from holdfire.judging.weights import weights
from holdfire.records.actor import Actor, ActorKind
from holdfire.records.claim import CLAIM
from holdfire.records.decided import GradeNote, Grades
from holdfire.records.source import Affiliation, Reliability, Source

ENGINE = Engine(2, 512)
GRADES = {"watch": "B", "mission": "A", "news": "C", "blog": "F", "north-mod": "F", "south-mod": "F"}
SOURCES = {
    name: Source(
        id=name,
        name={},
        affiliation=Affiliation.PARTY if name.endswith("-mod") else Affiliation.MEDIA,
        actor=name.removesuffix("-mod") if name.endswith("-mod") else "",
        reliability=Reliability(letter),
    )
    for name, letter in GRADES.items()
}
ACTORS = {
    "north": Actor("north", {}, ActorKind.GROUP),
    "guard": Actor("guard", {}, ActorKind.GROUP, part_of=("north",)),
    "south": Actor("south", {}, ActorKind.GROUP),
}


class Said:
    """Claims of incidents, as they are said one by one."""

    def __init__(self) -> None:
        self.claims: list[dict[str, Any]] = []
        self.members: list[tuple[str, str, str]] = []

    def say(self, incident: int, source: str, part: str = "supports", **given: Any) -> str:
        name = f"c-{len(self.claims):04}"
        row = {
            "claim_id": name, "report": "0" * 64, "seq": len(self.claims), "source": source,
            "root": f"source:{source}", "chain": [], "kind": "reported", "stance": "asserts",
            "modality": "actual", "negated": part == "denies", "event_type": "attack.shelling",
            "directed": True, "time_precision": "day", "geo_precision": "town", "cumulative": False,
            "spans": [], "rules": [],
        }  # fmt: skip
        self.claims.append(row | given)
        self.members.append((f"i-{incident:04}", name, part))
        return name

    def tables(self) -> tuple[pa.Table, pa.Table]:
        names = ("incident_id", "claim_id", "part")
        return pa.table(
            dict(zip(names, map(list, zip(*self.members, strict=True)), strict=True))
        ), CLAIM.table(self.claims)

    def weighed(self, table: str, *grades: GradeNote) -> list[dict[str, Any]]:
        members, claims = self.tables()
        with ENGINE.session() as session:
            give(session, members, claims, grades)
            weigh(session, weights())
            return session.sql(f"SELECT * FROM {table} ORDER BY ALL").to_pylist()


def give(session: Session, members: pa.Table, claims: pa.Table, grades: tuple[GradeNote, ...]) -> None:
    session.give("members", members)
    session.give("claims", claims)
    session.give("sources", source_table(SOURCES))
    session.give("actor_ids", actor_table(ACTORS))
    give_overruled(session, grades)


def note(**given: str) -> GradeNote:
    return GradeNote.model_validate({"by": "editor", "at": "2031-05-05", "reason": {"en": "seen"}} | given)


def letters(said: Said, source: str, incident: str, topic: str, *grades: GradeNote) -> list[str]:
    return [
        row["letter"]
        for row in said.weighed("heard JOIN relied USING (place)", *grades)
        if row["root"] == f"source:{source}" and row["incident_id"] == incident and row["topic"] == topic
    ]


def test_one_that_names_the_wrong_side_again_and_again_loses_its_letter_on_authors_alone() -> None:
    said = Said()
    for n in range(30):
        for source, who in (("watch", "north"), ("mission", "north"), ("news", "south")):
            said.say(n, source, actors=[who])
    assert letters(said, "news", "i-0000", "attribution") == ["E"]
    assert letters(said, "news", "i-0000", "occurrence") == ["C"]
    assert letters(said, "mission", "i-0000", "attribution") == ["A"]


def test_an_incident_does_not_grade_its_own_sources() -> None:
    said = Said()
    for source, who in (("watch", "north"), ("blog", "south")):
        said.say(1, source, actors=[who])
    before = [row for row in said.weighed("heard JOIN relied USING (place)") if row["topic"] == "attribution"]
    assert {row["known"] for row in before} == {0}
    said.say(2, "watch", actors=["north"])
    said.say(2, "blog", actors=["south"])
    after = [row for row in said.weighed("heard JOIN relied USING (place)") if row["topic"] == "attribution"]
    assert {row["known"] for row in after} == {1000}  # the other incident's, and not its own


def test_a_rumour_told_by_many_lifts_no_letter_on_whether_it_happened() -> None:
    said = Said()
    for n in range(40):
        for source in ("news", "blog"):
            said.say(n, source)
    assert letters(said, "blog", "i-0000", "occurrence") == ["F"]
    assert letters(said, "news", "i-0000", "occurrence") == ["C"]


def test_an_old_record_counts_less() -> None:
    from datetime import UTC, datetime

    then, now = datetime(2030, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
    said = Said()
    for n in range(20):
        said.say(n, "watch", actors=["north"], start=then, end=then)
        said.say(n, "blog", actors=["south"], start=then, end=then)
    said.say(90, "blog", actors=["south"], start=then, end=then)
    said.say(91, "blog", actors=["south"], start=now, end=now)
    found = {
        r["incident_id"]: r
        for r in said.weighed("heard JOIN relied USING (place)")
        if r["topic"] == "attribution"
    }
    assert found["i-0091"]["known"] < found["i-0090"]["known"] // 10
    assert found["i-0091"]["found"] > found["i-0090"]["found"]


@pytest.mark.parametrize(
    ("others", "number"),
    [
        (("watch", "mission"), "1"),
        (("watch",), "2"),
        (("blog",), "3"),
        (("north-mod",), "6"),
        ((), "6"),
    ],
)
def test_credibility_follows_from_what_others_say_whoever_says_it(
    others: tuple[str, ...], number: str
) -> None:
    for source in ("news", "south-mod"):
        said = Said()
        name = said.say(1, source)
        for other in others:
            said.say(1, other)
        [row] = said.weighed("claim_grades")
        grades = dict(each.split(":") for each in row["grades"])
        assert grades[name][1] == number


def test_who_says_otherwise_takes_the_one_away() -> None:
    said = Said()
    name = said.say(1, "news", actors=["north"])
    for source in ("watch", "mission"):
        said.say(1, source, actors=["guard"])  # a part of it: not otherwise
    assert f"{name}:C1" in said.weighed("claim_grades")[0]["grades"]
    said.say(1, "blog", actors=["south"])
    assert f"{name}:C4" in said.weighed("claim_grades")[0]["grades"]


def test_without_a_root_the_finding_is_what_the_others_leave() -> None:
    said = Said()
    for source in ("watch", "mission", "blog"):
        said.say(1, source, actors=["north"])
    members, claims = said.tables()
    whole, borne = leaning("i-0001", members, claims, SOURCES, ACTORS, (), ENGINE)
    assert whole.occurrence[0] == "highly_probable"
    left = {each.root: each.without for each in borne}
    assert left["source:blog"] is not None
    assert left["source:blog"].occurrence == whole.occurrence
    assert left["source:watch"] is not None
    assert left["source:watch"].occurrence[0] == "probable"
    assert left["source:watch"].occurrence[1] < whole.occurrence[1]


def test_a_person_may_overrule_a_source_a_claim_or_both() -> None:
    said = Said()
    first = said.say(1, "watch", actors=["north"])
    said.say(1, "mission", actors=["north"])
    [plain] = said.weighed("happened")
    assert plain["occurrence_strength"] == "highly_probable"
    [lowered] = said.weighed("happened", note(source="mission", grade="D"))
    assert lowered["occurrence_strength"] == "probable"
    [left_out] = said.weighed("happened", note(claim=first, grade="5"))
    assert left_out["occurrence_strength"] == "probable"
    [shown] = said.weighed("overrules", note(source="mission", grade="D"), note(claim=first, grade="5"))
    assert shown["overruled"] == [f"claim {first}", "source mission"]
    assert f"{first}:B5" in said.weighed("claim_grades", note(claim=first, grade="5"))[0]["grades"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"source": "news", "claim": "c-1", "grade": "B"}, "one `source`, one `claim` or one `incident`"),
        ({"source": "news", "grade": "G"}, "one of A, B, C, D, E, F"),
        ({"claim": "c-1", "grade": "7"}, "one of 1, 2, 3, 4, 5, 6"),
        ({"incident": "i-1", "grade": "probable"}, "`question`"),
        ({"claim": "c-1", "grade": "2", "topic": "casualties"}, "`topic` goes with `source`"),
    ],
)
def test_a_grade_of_no_kind_is_refused(given: dict[str, str], says: str) -> None:
    written = "\n".join(f"    {name}: {value!r}" for name, value in given.items())
    text = f"grades:\n  - by: editor\n    at: '2031-05-05'\n    reason: {{en: seen}}\n{written}\n"
    with pytest.raises(HoldfireError, match=says.replace("`", ".")):
        documents.read(Grades, text, "hand/grades.yaml")


def test_a_lower_bound_stays_one_and_running_totals_are_of_no_one_event() -> None:
    said = Said()
    said.say(1, "watch", killed_low=20, killed_best=20, killed_high=20)
    said.say(1, "mission", killed_low=30, killed_best=30, killed_high=None)
    said.say(2, "watch", killed_low=470_000, killed_best=470_000, killed_high=None, cumulative=True)
    said.say(3, "watch", killed_low=4, killed_best=4, killed_high=5)
    found = {row["incident_id"]: (row["killed_least"], row["killed_most"]) for row in said.weighed("dead")}
    assert found["i-0001"][1] is None
    assert found["i-0001"][0] < 20
    assert "i-0002" not in found
    assert found["i-0003"] == (3, 6)

"""The content of a bulletin: sections in order, figures that rest on something, no sum that must not be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from builders import (
    AGREEMENT,
    FIRST,
    PAPER,
    a_claim,
    a_determination,
    a_material,
    a_member,
    an_agreement,
    an_incident,
    at,
)
from holdfire.digests import short
from holdfire.errors import HoldfireError
from holdfire.publishing.bulletin import Bulletin, as_json, content
from holdfire.publishing.figures import SUMS, Figure
from holdfire.publishing.issue import standing
from holdfire.publishing.material import Correction, Duty, ObligationFinding, Reply, Restriction, Toll
from holdfire.publishing.values import Line, Paragraph, Range, Table
from holdfire.records.spell import Stretch

KEYS = (
    "front",
    "summary",
    "status",
    "incidents",
    "not_covered",
    "allegations",
    "harm",
    "zones",
    "obligations",
    "effort",
    "trend",
    "corrections",
    "annexes",
)

EXCLUDED = {
    "verdict": "not_covered",
    "coverage": "excluded_group",
    "rule": "R2",
    "perpetrator": False,
    "excluded": True,
    "change": "other_side",
}


def several(
    *numbers: int, claims: dict[str, Any] | None = None, **more: dict[int, dict[str, Any]]
) -> Bulletin:
    """Return the bulletin of incidents of one claim each; `more` gives fields by number."""
    said, found, judged = (more.get(name, {}) for name in ("said", "found", "judged"))
    return content(
        a_material(
            [a_claim(n, **{**(claims or {}), **said.get(n, {})}) for n in numbers],
            [an_incident(n, **found.get(n, {})) for n in numbers],
            [a_determination(n, **judged.get(n, {})) for n in numbers],
            [a_member(n) for n in numbers],
        )
    )


def blocks(bulletin: Bulletin, section: str) -> list[Any]:
    return next(list(s.blocks) for s in bulletin.sections if s.key == section)


def lines(bulletin: Bulletin, section: str) -> list[str]:
    return [b.key for b in blocks(bulletin, section) if isinstance(b, Line)]


def table(bulletin: Bulletin, section: str, key: str) -> Table:
    return next(b for b in blocks(bulletin, section) if isinstance(b, Table) and b.key == key)


def figures(value: Any) -> Iterator[Figure]:
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from figures(inner)
    elif isinstance(value, dict):
        yield from figures(list(value.values()))
    elif hasattr(value, "__dataclass_fields__"):
        yield from figures([getattr(value, name) for name in value.__dataclass_fields__])


def test_the_sections_stand_in_their_order_whatever_happened() -> None:
    for bulletin in (content(a_material()), content(a_material([], [], [], []))):
        assert [s.number for s in bulletin.sections] == list(range(13))
        assert tuple(s.key for s in bulletin.sections) == KEYS


def test_every_figure_rests_on_what_it_counts() -> None:
    bulletin = several(1, 2, judged={2: EXCLUDED})
    shown = list(figures(bulletin.sections))
    assert len(shown) > 100
    for figure in shown:
        assert bulletin.figures[figure.id] == figure
        items = bulletin.bases[figure.basis].items
        if figure.measure == "count":
            assert figure.value == len(items)


def test_a_sum_is_the_sum_of_what_its_basis_holds() -> None:
    bulletin = several(1, 2, 3, found={3: {"killed_low": 7, "killed_best": 8, "killed_high": 9}})
    killed = dict.fromkeys((1, 2), (3, 4, 5)) | {3: (7, 8, 9)}
    by_id = {short("d", str(n)): values for n, values in killed.items()}
    for figure in figures(bulletin.sections):
        if figure.measure in SUMS and figure.measure.startswith("killed"):
            at_column = ("killed_low", "killed_best", "killed_high").index(figure.measure)
            items = bulletin.bases[figure.basis].items
            assert figure.value == sum(by_id[item][at_column] for item in items)


def test_a_period_without_incidents_says_so_and_that_silence_is_no_finding() -> None:
    bulletin = content(a_material([], [], [], []))
    assert lines(bulletin, "summary") == ["summary_none_twice", "summary_no_verdict", "summary_effort"]
    assert lines(bulletin, "incidents") == ["incidents_none"]
    assert lines(bulletin, "not_covered") == ["not_covered_none"]
    assert "seven_none" in lines(bulletin, "trend")
    assert "no_allegation" in lines(bulletin, "allegations")
    assert "no_report_is_not_no_incident" in lines(bulletin, "effort")
    assert bulletin.sections[11].blocks == (Line("no_correction"),)


@pytest.mark.parametrize("incidents", [0, 1, 3])
def test_no_report_is_not_no_incident_is_always_printed(incidents: int) -> None:
    numbers = range(1, incidents + 1)
    assert "no_report_is_not_no_incident" in lines(several(*numbers), "effort")


def test_each_incident_is_in_section_3_or_4_and_never_in_both() -> None:
    bulletin = several(1, 2, 3, judged={2: EXCLUDED})
    here = set(ids_listed(bulletin, "incidents"))
    outside = set(ids_listed(bulletin, "not_covered"))
    assert here == {short("d", "1"), short("d", "3")}
    assert outside == {short("d", "2")}
    lead = next(b for b in blocks(bulletin, "not_covered") if isinstance(b, Line))
    assert next(figures(lead)).value == 1


def ids_listed(bulletin: Bulletin, section: str) -> list[str]:
    found = []
    for block in blocks(bulletin, section):
        if getattr(block, "key", "") in ("incidents", "not_covered") and hasattr(block, "ids"):
            found += block.ids
    return found


def test_a_side_on_which_an_excluded_group_fought_beside_others_is_listed_apart() -> None:
    bulletin = several(
        1, 2, found={1: {"actors": ["raiders", "north"]}, 2: {"actors": ["raiders"]}}, judged={2: EXCLUDED}
    )
    mixed = [
        b for b in blocks(bulletin, "not_covered") if getattr(b, "key", "") == "mixed" and hasattr(b, "ids")
    ]
    assert [b.ids for b in mixed] == [(short("d", "1"),)]


def test_a_case_is_told_for_each_breach_and_each_dispute_and_for_no_other() -> None:
    judged = {
        2: {"verdict": "disputed", "rule": "R4", "change": "stronger_author"},
        3: {"verdict": "insufficient_evidence", "rule": "R6", "change": "author"},
    }
    told = [b.id for b in blocks(several(1, 2, 3, judged=judged), "incidents") if isinstance(b, Paragraph)]
    assert told == [short("d", "1"), short("d", "2")]


def test_unknown_deaths_stay_unknown_and_the_sum_reads_at_least() -> None:
    silent = {"killed_low": None, "killed_best": None, "killed_high": None}
    bulletin = several(1, 2, found={2: silent})
    killed = table(bulletin, "harm", "harm").rows[0][1]
    assert isinstance(killed, Range)
    assert killed.low.value == 3
    assert killed.low.at_least
    assert killed.high is None
    assert killed.silent is not None
    assert killed.silent.value == 1
    assert "harm_silent" in lines(bulletin, "harm")


def test_a_death_no_claim_bounds_leaves_the_total_without_a_bound() -> None:
    bulletin = several(1, 2, found={2: {"killed_high": None}})
    killed = table(bulletin, "harm", "harm").rows[0][1]
    assert isinstance(killed, Range)
    assert (killed.low.value, killed.high) == (6, None)
    assert not killed.low.at_least


def test_an_incident_belongs_to_the_period_its_time_begins_in_and_to_no_other() -> None:
    week = {"end": at(FIRST + timedelta(days=7)), "time_precision": "week"}
    material = a_material([a_claim(1, **week)], [an_incident(1, **week)], [a_determination(1)], [a_member(1)])
    found = []
    for n in range(-1, 8):
        day = FIRST + timedelta(days=n)
        bulletin = content(replaced(material, first=day, last=day))
        found.append(next(figures(table(bulletin, "summary", "summary").rows[0])).value)
    assert found == [0, 1, 0, 0, 0, 0, 0, 0, 0]


def replaced(material: Any, **changes: Any) -> Any:
    return replace(material, **changes)


def test_the_previous_period_is_as_long_and_just_before() -> None:
    day = FIRST + timedelta(days=3)
    material = a_material(first=day, last=day + timedelta(days=2))
    assert material.previous == (FIRST, FIRST + timedelta(days=2))
    row = table(content(material), "summary", "summary").rows[0]
    assert [f.value for f in figures(row)] == [0, 1]


def test_an_incident_without_any_date_is_in_no_period_and_is_counted() -> None:
    undated = {"start": None, "end": None}
    bulletin = several(1, 2, said={2: undated}, found={2: undated})
    assert next(figures(bulletin.sections[1])).value == 1
    assert "undated" in lines(bulletin, "harm")


def test_numbers_under_counting_rules_are_quoted_and_never_added() -> None:
    count = {
        "event_type": "ceasefire.violation",
        "quantity": 35,
        "quantity_bound": "exact",
        "counting_rule": "violation as counted by paper",
        "killed_low": None,
        "killed_best": None,
        "killed_high": None,
    }
    bulletin = content(
        a_material(
            [
                a_claim(1),
                a_claim(2, **count),
                a_claim(3, **{**count, "quantity": 14, "counting_rule": "arrest"}),
            ],
            [an_incident(1)],
            [a_determination(1)],
            [a_member(1)],
        )
    )
    units = [b for b in blocks(bulletin, "allegations") if isinstance(b, Table) and b.key == "units"]
    assert [len(b.rows) for b in units] == [1, 1]
    values = {f.value for f in figures(bulletin.sections)}
    assert {35, 14} <= values
    assert 49 not in values


def counted(number: int, quantity: int, **more: Any) -> dict[str, Any]:
    given = {
        "event_type": "ceasefire.violation",
        "quantity": quantity,
        "quantity_bound": "exact",
        "counting_rule": "violation as counted by paper",
        "killed_low": None,
        "killed_best": None,
        "killed_high": None,
        "actors": None,
    }
    return a_claim(number, **{**given, **more})


@pytest.mark.parametrize(
    ("claims", "key"),
    [
        (
            [
                counted(1, 49, cumulative=True, day=FIRST - timedelta(days=1)),
                counted(2, 44, cumulative=True, day=FIRST),
            ],
            "contradiction_falls",
        ),
        (
            [counted(1, 242), counted(2, 203, actors=["north"]), counted(3, 10, actors=["south"])],
            "contradiction_parts",
        ),
        (
            [counted(1, 242), counted(2, 219), counted(3, 32, counting_rule="arrest")],
            "contradiction_near",
        ),
        ([counted(1, 15), counted(2, 9, voice="north-speaks")], "contradiction_differ"),
    ],
)
def test_contradictions_stand_side_by_side(claims: list[dict[str, Any]], key: str) -> None:
    bulletin = content(a_material(claims, [], [], []))
    assert [k for k in lines(bulletin, "allegations") if k.startswith("contradiction")] == [key]
    assert len(table(bulletin, "allegations", key).rows) == len(claims)


@pytest.mark.parametrize(
    "claims",
    [
        [
            counted(1, 44, cumulative=True, day=FIRST - timedelta(days=1)),
            counted(2, 49, cumulative=True, day=FIRST),
        ],
        [counted(1, 213), counted(2, 203, actors=["north"]), counted(3, 10, actors=["south"])],
        [counted(1, 251), counted(2, 219), counted(3, 32, counting_rule="arrest")],
        [counted(1, 312), counted(2, 23), counted(3, 9), counted(4, 14, counting_rule="arrest")],
        [
            counted(1, 242),
            counted(2, 219),
            counted(3, 203, actors=["north"]),
            counted(4, 16, actors=["south"]),
        ],
        [counted(1, 15), counted(2, 15, voice="north-speaks")],
        [counted(1, 15), counted(2, 9, counting_rule="arrest", voice="north-speaks")],
    ],
)
def test_what_agrees_or_follows_another_rule_is_no_contradiction(claims: list[dict[str, Any]]) -> None:
    bulletin = content(a_material(claims, [], [], []))
    assert "no_contradiction" in lines(bulletin, "allegations")


def test_a_total_counted_anew_since_a_new_start_is_no_fall() -> None:
    before = counted(1, 418, cumulative=True, day=FIRST - timedelta(days=9))
    bulletin = content(a_material([before, counted(2, 242, cumulative=True)], [], [], []))
    assert "no_contradiction" in lines(bulletin, "allegations")


def test_what_nothing_is_recorded_of_is_not_zero() -> None:
    killed = table(several(1), "harm", "harm").rows[0][2]
    assert isinstance(killed, Range)
    assert killed.nothing


def test_a_table_of_nothing_but_zeros_is_a_sentence() -> None:
    empty = content(a_material([], [], [], []))
    assert "harm_nothing" in lines(empty, "harm")
    assert "withheld_none" in lines(empty, "zones")
    tables = {b.key for s in empty.sections for b in s.blocks if isinstance(b, Table)}
    assert "chart_none" in lines(empty, "trend")
    assert "chart_none" not in lines(several(1), "trend")
    zeros = {"harm", "harm_by_verdict", "withheld", "seven_days", "since_start", "by_source"}
    assert not tables & zeros
    assert zeros - {"withheld"} <= {
        b.key for s in several(1).sections for b in s.blocks if isinstance(b, Table)
    }
    verdicts = [row[0].value for row in table(several(1), "harm", "harm_by_verdict").rows]  # type: ignore[union-attr]
    assert verdicts == ["breach"]
    summary = {row[0].value for row in table(empty, "summary", "summary").rows}  # type: ignore[union-attr]
    assert "breach" not in summary
    assert "incidents_all" in summary


def test_the_summary_says_how_many_numbers_of_others_are_quoted_and_where() -> None:
    before = counted(1, 12, start=at(FIRST - timedelta(days=1)))
    bulletin = content(a_material([before, counted(2, 49), counted(3, 15)], [], [], []))
    line = next(b for b in blocks(bulletin, "summary") if getattr(b, "key", "") == "summary_counted")
    assert [line.values[name].figure.value for name in ("numbers", "before")] == [2, 1]
    assert line.values["where"].href == "#units"
    (voice,) = line.values["which"].items
    assert voice.key == "numbers_by"
    assert [f.value for f in figures(voice.values)] == [49, 2], "the highest, and of how many"
    assert [b.anchor for b in blocks(bulletin, "allegations") if getattr(b, "anchor", "") == "units"]
    assert "summary_counted" not in lines(content(a_material([before], [], [], [])), "summary")


def test_each_source_is_listed_once_with_its_grade_and_the_silent_are_counted() -> None:
    bulletin = several(1)
    spoke = [row[0].id for row in table(bulletin, "effort", "by_source").rows]  # type: ignore[union-attr]
    assert spoke == ["paper"]
    silent = next(b for b in blocks(bulletin, "effort") if getattr(b, "key", "") == "effort_silent")
    assert silent.values["silent"].value == 2
    assert len(table(bulletin, "annexes", "sources").rows) == 3


def test_denials_and_silence_of_an_accused_party_are_shown() -> None:
    denial = a_claim(2, source="north-speaks", voice="north-speaks", stance="denies", root="north-speaks")
    material = a_material(
        [a_claim(1, stance="accuses"), denial, a_claim(3)],
        [an_incident(1, claims=2, roots=2), an_incident(3)],
        [a_determination(1, denials=1), a_determination(3)],
        [a_member(1), a_member(2, incident_id=short("i", "1"), part="denies"), a_member(3)],
    )
    row = table(content(material), "allegations", "replies").rows[0]
    assert [f.value for f in figures(row)] == [2, 1, 0, 0, 1]


def test_a_reply_that_came_is_no_silence() -> None:
    asked = Reply(incident_id=short("i", "1"), actor="north", asked=at(FIRST), answered=at(FIRST, 9))
    row = table(content(a_material(replies=(asked,))), "allegations", "replies").rows[0]
    assert [f.value for f in figures(row)] == [1, 0, 0, 1, 0]


def test_tolls_stand_each_by_itself() -> None:
    tolls = tuple(
        Toll(
            kind="documented",
            low=None,
            best=number,
            high=None,
            who={"en": name},
            population={"en": "people named"},
        )
        for name, number in (("One", 100), ("Two", 250))
    )
    bulletin = content(a_material(tolls=tolls))
    facts = [b for b in blocks(bulletin, "harm") if getattr(b, "key", "").startswith("toll-")]
    assert [b.key for b in facts] == ["toll-1", "toll-2"]
    assert all(len(list(figures(b))) == 1 for b in facts)
    assert 350 not in {f.value for f in figures(bulletin.sections)}


OWED = Duty(term="aid", actor="north", bound="yes", due=None, finding="unknown", why="sources_differ")


def test_an_obligation_stands_beside_the_finding_of_the_period_before() -> None:
    now = replace(OWED, finding="not_met", why="against_while_it_bound", claims_against=("c-1", "c-2"))
    given = {"duties": (now, replace(OWED, actor="south")), "duties_before": (OWED,)}
    bulletin = content(a_material(**given))
    north, south = table(bulletin, "obligations", "obligations").rows
    assert [cell.value for cell in north[2:5]] == ["not_met", "unknown", "against_while_it_bound"]  # type: ignore[union-attr]
    assert [f.value for f in figures(north)] == [0, 2, 0]
    assert south[3].value == "not_bound"  # type: ignore[union-attr]
    summary = {row[0].value: row for row in table(bulletin, "summary", "summary").rows}  # type: ignore[union-attr]
    shown = [[f.value for f in figures(summary[f"obligations_{a}"])] for a in ("met", "not_met", "unknown")]
    assert shown == [[0, 0], [1, 0], [1, 1]]


def test_a_duty_that_bound_only_before_and_one_that_binds_no_one_are_said_so() -> None:
    bulletin = content(a_material(duties_before=(OWED,)))
    row = table(bulletin, "obligations", "obligations").rows[0]
    assert [cell.value for cell in row[1:4]] == ["no", "not_bound", "unknown"]  # type: ignore[union-attr]
    assert lines(content(a_material()), "obligations") == ["obligations_lead", "obligation_free"]


def test_what_people_decided_of_days_of_the_period_is_listed_and_decides_nothing_here() -> None:
    decided = tuple(
        ObligationFinding(term="aid", finding=answer, start=day, end=day, note={"en": "blocked"})  # type: ignore[arg-type]
        for answer, day in (("met", FIRST), ("not_met", FIRST), ("met", FIRST - timedelta(days=1)))
    )
    bulletin = content(a_material(obligations=decided, duties=(OWED,)))
    told = table(bulletin, "obligations", "obligations_decided").rows
    assert [row[2].value for row in told] == ["met", "not_met"]  # type: ignore[union-attr]
    assert table(bulletin, "obligations", "obligations").rows[0][2].value == "unknown"  # type: ignore[union-attr]


def test_silent_sources_are_counted_and_restrictions_listed() -> None:
    seen = Restriction(kind="denial", start=FIRST, end=FIRST, area="Alpha", note={"en": "turned back"})
    later = Restriction(kind="delay", start=FIRST + timedelta(days=5), end=FIRST + timedelta(days=5))
    bulletin = content(a_material(restrictions=(seen, later)))
    lead = next(b for b in blocks(bulletin, "effort") if isinstance(b, Line) and b.key == "effort_lead")
    assert [f.value for f in figures(lead)] == [1, 2, 3]
    assert len(table(bulletin, "effort", "restrictions").rows) == 1


def test_a_small_count_in_a_protected_zone_is_withheld() -> None:
    zone = {
        "type": "Feature",
        "properties": {"id": "shelter", "kind": "protected_zone", "name": {"en": "Shelter"}, "cite": "Annex"},
        "geometry": {"type": "Polygon", "coordinates": [[[36, 33], [37, 33], [37, 34], [36, 34], [36, 33]]]},
    }
    text = """
id: in-zone
kind: no-fire
type: prohibited_act
instrument: statement
cite: "Art. 6"
text: {en: "No fire in the zone."}
binds: {roles: [adherent]}
acts: ["attack.*"]
zone: shelter
"""
    agreement = an_agreement(**{"zones/shelter.geojson": json.dumps(zone), "terms/in-zone.yaml": text})
    judged = {"term": "in-zone", "area": True}
    for number, shown in ((1, False), (2, False), (3, True)):
        numbers = range(1, number + 1)
        bulletin = content(
            a_material(
                [a_claim(n) for n in numbers],
                [an_incident(n) for n in numbers],
                [a_determination(n, **judged) for n in numbers],
                [a_member(n) for n in numbers],
                agreement=agreement,
            )
        )
        inside = table(bulletin, "zones", "zones").rows[0][4]
        assert isinstance(inside, Figure) is shown


def test_corrections_carry_the_old_verdict() -> None:
    changed = Correction(id=short("i", "1"), old="disputed", new="breach", why=("report_came",))
    row = table(content(a_material(corrections=(changed,))), "corrections", "corrections").rows[0]
    assert row[2].value == "disputed"  # type: ignore[union-attr]
    assert row[3].value == "breach"  # type: ignore[union-attr]


def test_the_windows_of_the_agreement_stand_beside_the_days_around_them() -> None:
    early = FIRST - timedelta(days=9)
    judged = {1: {"verdict": "not_covered", "coverage": "outside_window", "rule": "R2"}}
    bulletin = several(1, 2, said={1: {"day": early}}, found={1: {"day": early}}, judged=judged)
    rows = table(bulletin, "trend", "windows_compared").rows
    assert [row[1].value for row in rows] == ["before_window", "during_window"]  # type: ignore[union-attr]
    assert [row[4].value for row in rows] == [1, 1]  # type: ignore[union-attr]
    assert rows[0][5].hundredths == 13  # type: ignore[union-attr]


def test_what_is_known_only_more_coarsely_than_a_week_is_on_no_day() -> None:
    month = {"end": at(FIRST + timedelta(days=30)), "time_precision": "month"}
    bulletin = several(1, 2, said={2: month}, found={2: month})
    assert table(bulletin, "trend", "seven_days").rows[-1][1].value == 1  # type: ignore[union-attr]
    assert "coarse" in lines(bulletin, "trend")
    assert next(figures(bulletin.sections[1])).value == 2


def test_stretches_are_shown_with_the_incidents_they_rest_on() -> None:
    found = Stretch(
        start=FIRST,
        end=FIRST,
        deaths_per_day=4.0,
        incidents_per_day=1.0,
        kind="quiet",
        basis="deaths",
        empty=1,
    )
    bulletin = content(a_material(segments=(found,)))
    row = table(bulletin, "trend", "segments").rows[0]
    assert row[3].hundredths == 100  # type: ignore[union-attr]
    assert row[3].of.value == 1  # type: ignore[union-attr]
    assert "segment_quiet_so_far" in lines(bulletin, "trend")
    assert "segment_empty" in lines(bulletin, "trend")


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ("- {kind: in_force, from: 2031-05-01T00:00, cite: x}", "in_force"),
        ("- {kind: in_force, from: 2031-06-01, cite: x}", "not_yet"),
        ("- {kind: in_force, from: 2031-05-01, until: 2031-05-02T12:00, cite: x}", "ended"),
        (
            "- {kind: in_force, from: 2031-05-01, cite: x}\n  - {kind: breakdown, from: 2031-05-02, cite: x}",
            "breakdown",
        ),
        (
            "- {kind: in_force, from: 2031-05-01, cite: x}\n"
            "  - {kind: suspension, from: 2031-05-02T00:00, until: 2031-05-09, cite: x}",
            "suspended",
        ),
        ("- {kind: recommitment, from: 2031-05-01, cite: x}", "none"),
    ],
)
def test_where_an_instrument_stands_at_the_end_of_the_period(windows: str, expected: str) -> None:
    text = f"""
id: statement
title: {{en: "Statement"}}
dated: 2031-04-28
authors: [north]
laterality: bilateral
source: "An invented text"
windows:
  {windows}
"""
    material = a_material(agreement=an_agreement(**{"instruments/statement.yaml": text}))
    assert standing(material.agreement.instrument("statement"), material) == expected


LATER = """
id: {id}
title: {{en: "{id}"}}
dated: 2031-04-28
authors: [north]
laterality: unilateral
source: "An invented text"
windows:
  - {{kind: in_force, from: {start}, {until}cite: x}}
"""


def test_section_2_holds_what_is_of_the_period_and_what_begins_next_and_the_rest_is_one_line() -> None:
    texts = {
        f"instruments/{name}.yaml": LATER.format(id=name, start=start, until=until)
        for name, start, until in (
            ("past", "2031-03-01", "until: 2031-03-31, "),
            ("next", "2031-05-09", ""),
            ("after", "2031-06-01", ""),
        )
    }
    roles = (
        AGREEMENT["parties.yaml"] + '  - {actor: north, role: guarantor, from: 2031-07-01, cite: "Art. 9"}\n'
    )
    outside = (
        AGREEMENT["exclusions.yaml"] + '  - {by: name, actor: north, from: 2031-08-01, cite: "Art. 10"}\n'
    )
    agreement = an_agreement(**texts, **{"parties.yaml": roles, "exclusions.yaml": outside})
    bulletin = content(a_material(agreement=agreement))
    shown = {row[0].words["en"] for row in table(bulletin, "status", "windows").rows}  # type: ignore[union-attr]
    assert shown == {"Statement of the Strip", "next"}
    assert len(table(bulletin, "status", "instruments").rows) == 2
    assert len(table(bulletin, "status", "roles").rows) == 2
    assert [row[0].id for row in table(bulletin, "status", "exclusions").rows] == ["raiders"]  # type: ignore[union-attr]
    rest = [
        b.values["items"].items for b in blocks(bulletin, "status") if getattr(b, "key", "") == "status_rest"
    ]
    assert [[said.key for said in items] for items in rest] == [
        ["begins_later", "ended_before"],
        ["begins_later"],
        ["begins_later"],
    ]
    moved = content(a_material(agreement=agreement, first=date(2031, 6, 1), last=date(2031, 6, 7)))
    assert len(table(moved, "status", "windows").rows) == 3, "a control: another period holds more"


def test_the_same_material_in_another_order_gives_the_same_content() -> None:
    rows = [[make(n) for n in (1, 2, 3)] for make in (a_claim, an_incident, a_determination, a_member)]
    forwards = content(a_material(*rows))
    backwards = content(a_material(*[list(reversed(part)) for part in rows]))
    assert as_json(forwards) == as_json(backwards)


def test_the_content_is_json_and_says_its_sentences_in_each_language() -> None:
    written = json.loads(json.dumps(as_json(content(a_material()))))
    lead = written["sections"][1]["blocks"][0]
    assert set(lead["words"]) == {"en", "ar"}
    assert written["figures"][lead["values"]["incidents"]["figure"]["figure"]]["value"] == 1
    assert written["period"] == {"first": "2031-05-02", "last": "2031-05-02"}


def test_an_incident_without_a_determination_is_refused() -> None:
    with pytest.raises(HoldfireError, match="1 incidents have 0 determinations"):
        content(a_material(determinations=[]))


def test_a_group_is_excluded_from_its_date_on() -> None:
    bulletin = content(a_material())
    rows = table(bulletin, "status", "exclusions").rows
    assert [row[0].id for row in rows] == ["raiders"]  # type: ignore[union-attr]
    names = [said.values["name"].words["en"] for said in rows[0][1].items]  # type: ignore[union-attr]
    assert names == ["Hill Raiders", "Raiders of the Hill", "Hill Front"]


def test_a_claim_of_no_occurrence_belongs_to_the_day_its_report_was_published() -> None:
    pledge = a_claim(2, event_type="diplomacy.statement", modality="pledged", start=None, end=None)
    material = a_material([a_claim(1), pledge], first=date(2031, 5, 3), last=date(2031, 5, 3))
    row = next(r for r in table(content(material), "effort", "by_source").rows if r[0].id == "paper")  # type: ignore[union-attr]
    assert row[3].value == 1  # type: ignore[union-attr]
    assert pledge["report"] == PAPER
    assert datetime(2031, 5, 3, tzinfo=UTC)

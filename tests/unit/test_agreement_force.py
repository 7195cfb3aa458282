"""Later texts change earlier ones; clocks run, are reset, and pass; conditions open and shut a duty."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builders import AGREEMENT, an_agreement, names
from holdfire.answers import Answer
from holdfire.engine import Engine
from holdfire.errors import HoldfireError
from holdfire.judging.bound import Bound, bound

ENGINE = Engine(threads=1, memory=512)
YES, NO, UNCLEAR = Answer.YES, Answer.NO, Answer.UNCLEAR

LATER = """
id: later
title: {{en: "Later"}}
dated: 2031-06-01
authors: [north, south]
laterality: bilateral
amends: [statement]
source: "An invented text"
windows: [{{kind: in_force, from: 2031-06-01T00:00, cite: "Later, 1"}}]
changes: {changes}
"""
STATEMENT = AGREEMENT["instruments/statement.yaml"]
ENDING = STATEMENT.replace('cite: "Art. 1"', 'until: 2031-07-01T00:00, cite: "Art. 1"')
WIDER = AGREEMENT["terms/no-fire.yaml"].replace("id: no-fire", "id: wider").replace("statement", "later")


def asked(day: str, term: str = "no-fire", actor: str = "north", **texts: str) -> Bound:
    """Return what a term is to an actor at noon UTC of a day."""
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    agreement = an_agreement(**{name.replace("__", "/") + ".yaml": text for name, text in texts.items()})
    found = bound(agreement, names(), [(noon, noon)], ENGINE, [actor])
    return next(each for each in found if each.term == term)


def changed(*changes: str) -> dict[str, str]:
    return {"instruments__later": LATER.format(changes="[" + ", ".join(changes) + "]")}


SUSPEND = (
    '{change: suspend, terms: [no-fire], from: 2031-06-10T00:00, until: 2031-06-20T00:00, cite: "Later, 2"}'
)
END = '{change: end, terms: [no-fire], from: 2031-06-10T00:00, cite: "Later, 3"}'
AGAIN = '{change: recommit, terms: [no-fire], from: 2031-06-15T00:00, cite: "Later, 4"}'
REPLACE = '{change: replace, terms: [no-fire], from: 2031-06-10T00:00, by: [wider], cite: "Later, 5"}'
EXTEND = '{change: extend, from: 2031-06-10, until: 2031-08-01T00:00, cite: "Later, 6"}'
LATE = '{change: extend, from: 2031-07-20T00:00, until: 2031-08-01T00:00, cite: "Later, 7"}'


@pytest.mark.parametrize(
    ("day", "changes", "force"),
    [
        ("2031-06-09", [SUSPEND], YES),
        ("2031-06-15", [SUSPEND], NO),
        ("2031-06-21", [SUSPEND], YES),
        ("2031-06-09", [END], YES),
        ("2031-06-11", [END], NO),
        ("2031-06-11", [END, AGAIN], NO),
        ("2031-06-16", [AGAIN, END], YES),
        ("2031-07-15", [], NO),
        ("2031-06-30", [EXTEND], YES),
        ("2031-07-15", [EXTEND], YES),
        ("2031-08-02", [EXTEND], NO),
        ("2031-07-15", [LATE], NO),
        ("2031-07-25", [LATE], YES),
    ],
)
def test_a_change_holds_from_its_day(day: str, changes: list[str], force: Answer) -> None:
    texts = {"instruments__statement": ENDING, **changed(*changes)}
    assert asked(day, **texts).force is force


def test_a_replaced_term_gives_way_to_the_one_named() -> None:
    texts = {"terms__wider": WIDER, **changed(REPLACE)}
    assert [asked("2031-06-11", name, **texts).force for name in ("no-fire", "wider")] == [NO, YES]
    assert asked("2031-06-09", **texts).force is YES


def test_a_change_of_a_whole_text_changes_each_of_its_terms() -> None:
    whole = '{change: end, instruments: [statement], from: 2031-06-10T00:00, cite: "Later, 8"}'
    texts = {"terms__wider": WIDER, **changed(whole)}
    found = [asked("2031-06-11", name, **texts).force for name in ("no-fire", "aid", "wider")]
    assert found == [NO, NO, YES]


def test_a_breakdown_is_in_doubt_until_a_text_renews_it() -> None:
    broken = STATEMENT + '  - {kind: breakdown, from: 2031-05-20T00:00, cite: "A report"}\n'
    texts = {"instruments__statement": broken, **changed(AGAIN)}
    found = [asked(f"2031-{day}", **texts).force for day in ("05-19", "05-21", "06-14", "06-16")]
    assert found == [YES, UNCLEAR, UNCLEAR, YES]


DUE = 'due: {{{when}, cite: "Art. 7"}}\n'


@pytest.mark.parametrize(
    ("day", "when", "overdue"),
    [
        ("2031-05-14", "days: 14", NO),
        ("2031-05-15", "days: 14", YES),
        ("2031-05-01", "hours: 48", NO),
        ("2031-05-03", "hours: 48", YES),
        ("2031-05-20", "by: 2031-05-20", NO),
        ("2031-05-21", "by: 2031-05-20", YES),
        ("2031-05-12", "from: 2031-05-10, days: 2", UNCLEAR),
        ("2031-05-13", "from: 2031-05-10, days: 2", YES),
    ],
)
def test_a_deadline_passes_once(day: str, when: str, overdue: Answer) -> None:
    term = AGREEMENT["terms/aid.yaml"] + DUE.format(when=when)
    assert asked(day, "aid", terms__aid=term).overdue is overdue


def test_a_reset_clock_gives_the_time_anew() -> None:
    term = AGREEMENT["terms/aid.yaml"] + DUE.format(when="days: 14")
    early = '{change: reset, terms: [aid], from: 2031-05-10T00:00, cite: "Later, 9"}'
    late = '{change: reset, terms: [aid], from: 2031-06-10T00:00, cite: "Later, 9"}'
    days = ("05-20", "05-25", "06-11", "06-25")
    found = [
        [asked(f"2031-{d}", "aid", terms__aid=term, **changed(c)).overdue for d in days]
        for c in (early, late)
    ]
    assert found == [[NO, YES, YES, YES], [YES, YES, NO, YES]]


CONDITION = 'conditions: [{id: line-agreed, ask: {en: "Is the line agreed?"}, cite: "Art. 7"}]\n'


def test_a_duty_hangs_on_its_condition_and_silence_is_unclear() -> None:
    term = AGREEMENT["terms/aid.yaml"] + CONDITION
    found = """
found:
  - {condition: line-agreed, answer: no, from: 2031-05-01T00:00, until: 2031-05-10T00:00, cite: "R.", by: us}
  - {condition: line-agreed, answer: yes, from: 2031-05-10T00:00, until: 2031-05-20T00:00, cite: "R.", by: us}
"""
    texts = {"terms__aid": term, "conditions": found}
    days = ("2031-05-05", "2031-05-15", "2031-05-25")
    assert [asked(day, "aid", **texts).force for day in days] == [NO, YES, UNCLEAR]


def test_words_that_were_not_read_bind_no_one_for_certain() -> None:
    term = AGREEMENT["terms/aid.yaml"] + "certainty: unclear\n"
    assert asked("2031-05-20", "aid", terms__aid=term).force is UNCLEAR
    assert asked("2031-04-20", "aid", terms__aid=term).force is NO


LINEAGE = """
lineage:
  - {{actor: raiders, of: {of}, how: {how}, on: 2031-06-01T00:00, {inherits}cite: "Its statement"}}
"""


@pytest.mark.parametrize(
    ("how", "of", "inherits", "before", "after"),
    [
        ("split", "[north]", "", YES, UNCLEAR),
        ("split", "[north]", "inherits: yes, ", YES, YES),
        ("split", "[north]", "inherits: no, ", YES, NO),
        ("rename", "[north]", "", YES, YES),
        ("merge", "[north, south]", "", UNCLEAR, UNCLEAR),
        ("merge", "[north, south]", "inherits: yes, ", UNCLEAR, YES),
    ],
)
def test_a_faction_does_not_inherit_in_silence(
    how: str, of: str, inherits: str, before: Answer, after: Answer
) -> None:
    lineage = LINEAGE.format(how=how, of=of, inherits=inherits)
    texts = {"parties": AGREEMENT["parties.yaml"] + lineage, "exclusions": "exclusions: []\n"}
    found = [asked(day, actor="raiders", **texts).bound for day in ("2031-05-20", "2031-06-20")]
    assert found == [before, after]


def test_a_role_of_its_own_settles_what_a_faction_came_into() -> None:
    own = '  - {actor: raiders, role: adherent, from: 2031-07-01T00:00, cite: "Its letter"}\n'
    lineage = LINEAGE.format(how="split", of="[north]", inherits="")
    texts = {"parties": AGREEMENT["parties.yaml"] + own + lineage, "exclusions": "exclusions: []\n"}
    found = [asked(day, actor="raiders", **texts).bound for day in ("2031-06-20", "2031-07-20")]
    assert found == [UNCLEAR, YES]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('{change: replace, terms: [no-fire], from: 2031-06-10, cite: "x"}', "replace"),
        ('{change: extend, terms: [no-fire], from: 2031-06-10, cite: "x"}', "extend"),
        ('{change: end, terms: [no-fires], from: 2031-06-10, cite: "x"}', 'no term is called "no-fires"'),
        ('{change: suspend, from: 2031-06-10, until: 2031-06-01, cite: "x"}', "ends .* before it starts"),
    ],
)
def test_a_change_that_cannot_be_is_said(change: str, says: str) -> None:
    with pytest.raises(HoldfireError, match=says):
        an_agreement(**{"instruments/later.yaml": LATER.format(changes=f"[{change}]")})

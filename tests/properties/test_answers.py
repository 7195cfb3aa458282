"""Three answers in Python and three-valued logic in SQL say the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from holdfire.answers import Answer, agreed, all_of, any_of
from holdfire.engine import Engine, literal
from holdfire.judging.expressions import all_true, any_true, during, each
from holdfire.tables import INSTANT
from holdfire.times import Interval

ANSWERS = st.lists(st.sampled_from(list(Answer)), max_size=4)
START = datetime(2031, 5, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 12).map(lambda n: START + timedelta(hours=n))
INTERVALS = st.tuples(INSTANTS, INSTANTS).map(lambda pair: Interval(*sorted(pair)))
ENGINE = Engine(threads=1, memory=256)


def ask(expression: str, **row: object) -> Answer:
    columns = {
        name: pa.array([value], INSTANT if name in ("start", "end") else None) for name, value in row.items()
    }
    table = pa.table(columns or {"nothing": [1]})
    return Answer.of(ENGINE.sql(f"SELECT {expression} AS answer FROM row", row=table)["answer"][0].as_py())


@given(ANSWERS)
def test_all_and_any_agree_with_sql(answers: list[Answer]) -> None:
    cells = [literal(a.cell) if a.cell is not None else "CAST(NULL AS BOOLEAN)" for a in answers]
    assert ask(all_true(cells)) == all_of(answers)
    assert ask(any_true(cells)) == any_of(answers)


@given(st.lists(st.sampled_from(["yes", "no", "unclear"]), min_size=1, max_size=4))
def test_a_set_of_candidates_agrees_with_sql(given_answers: list[str]) -> None:
    status = "CASE one WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE ELSE NULL END"
    assert ask(each("actors", status), actors=given_answers) == agreed(map(Answer, given_answers))


@given(INTERVALS, INTERVALS)
def test_during_agrees_with_contains(window: Interval, event: Interval) -> None:
    """A window whose ends are instants: SQL and Interval.contains must agree on every event."""
    if window.start == window.end:
        return
    expression = during(Interval(window.start, window.start), Interval(window.end, window.end))
    assert ask(expression, start=event.start, end=event.end) == window.contains(event)


@given(INTERVALS, INTERVALS, INTERVALS)
def test_a_vague_edge_never_decides_what_falls_in_it(
    opens: Interval, closes: Interval, event: Interval
) -> None:
    """Yes only if the event is inside for every edge the text allows; no only if outside for every one."""
    if opens.end > closes.start:  # type: ignore[operator]
        return
    answer = ask(during(opens, closes), start=event.start, end=event.end)
    edges = [
        Interval(o, c)
        for o in (opens.start, opens.end)
        for c in (closes.start, closes.end)
        if o is not None and c is not None and o < c
    ]
    exact = {edge.contains(event) for edge in edges}
    if answer is not Answer.UNCLEAR:
        assert exact <= {answer}


def test_silence_is_unclear() -> None:
    window = Interval(START, START)
    assert ask(during(window, None), start=None, end=None) is Answer.UNCLEAR
    assert ask(each("actors", "TRUE"), actors=[]) is Answer.UNCLEAR

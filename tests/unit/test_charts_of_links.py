"""Charts of links: the table says what the picture says, and the page asks nobody for anything."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import a_run, a_text
from charted import WEIGHTS, edges, marked, nodes, pair
from holdfire.case import Case
from holdfire.chartpage import chart_page
from holdfire.cli import app
from holdfire.fusing.telling.charts import ROUND, SQUARES, Chart, Edge, Step, cluster, threshold, waterfall
from holdfire.fusing.telling.words import chance, odds, sure, times
from holdfire.links.claims import ClaimPairs
from holdfire.links.drawn import labelled
from holdfire.links.review import LinkReview, Wanted
from holdfire.records.link import Said
from weighing import again, weigh

STEPS = [
    Step("place", "same name, within 1 km", 6200, rare=2500),
    Step("time", "the same day", 3100),
    Step("on whom", "one of them does not say", 0, silent=True),
    Step("killed", "ranges far apart", -1800),
]


def data(chart: Chart, name: str) -> list[dict[str, object]]:
    assert chart.spec is not None
    found: list[dict[str, object]] = chart.spec["datasets"][name]
    return found


def test_the_bars_of_a_waterfall_join_and_end_where_the_weight_is() -> None:
    chart = waterfall("a pair", -13_000, STEPS)
    bars = data(chart, "bars")
    assert [bar["from"] for bar in bars[1:-1]] == [bar["to"] for bar in bars[:-2]]
    assert (bars[-1]["from"], bars[-1]["to"]) == (0, bars[-2]["to"])
    assert bars[-1]["to"] == (-13_000 + 6200 + 2500 + 3100 - 1800) / 1000
    assert not [bar for bar in bars if str(bar["label"]).startswith("on whom")]
    assert chart.table[1] == ("place", "same name, within 1 km", "420 times likelier", "+8.7")
    assert chart.table[3][2] == "says nothing"
    assert chart.table[-1][3] == "-3.0"
    assert "on whom" in chart.notes[0]


def test_weights_are_all_in_the_table_and_say_where_rarity_counts() -> None:
    assert [row[1] for row in WEIGHTS.table] == ["near *", "far"]
    assert len(data(WEIGHTS, "levels")) == 2
    assert "1 to 510" in WEIGHTS.notes[0]


def test_precision_and_recall_at_each_threshold() -> None:
    pairs = [(-1500, False), (500, True), (800, False), (2500, True), (2600, True)]
    chart = threshold("links", marked(pairs))
    by_odds = {row[0]: row[1:] for row in chart.table}
    assert by_odds["1 to 4"] == ("60 %", "100 %", "5")
    assert by_odds["even"] == ("75 %", "100 %", "4")
    assert by_odds["4 to 1"] == ("100 %", "67 %", "2")
    assert threshold("links", []).spec is None


def test_a_judged_pair_stands_for_those_nobody_judged() -> None:
    pairs = {("a", str(n)): 500 if n < 90 else 8500 for n in range(100)}
    judged = {("a", "0"): False, ("a", "1"): True, ("a", "95"): True}
    counted = labelled(judged, pairs)
    assert [each.stands_for for each in counted] == [45, 45, 10]
    found = {row[0]: row[1] for row in threshold("links", counted).table}
    assert found["even"] == "55 %", "of 100 pairs 55 are right, though two of three judged ones are"


@pytest.mark.parametrize(("count", "drawn"), [(1, None), (ROUND, "lines"), (ROUND + 1, "squares")])
def test_a_cluster_is_drawn_as_its_size_asks(count: int, drawn: str | None) -> None:
    beyond = Edge("c0", "elsewhere", 500)
    chart = cluster("an incident", nodes(count, 1), [*edges(count, 1), beyond])
    assert len(chart.table) == count - 1
    assert (chart.spec is None) == (drawn is None)
    if drawn:
        assert data(chart, drawn)
    assert chart.notes[-1].endswith("(not in it)")


def test_a_cluster_too_large_to_draw_says_how_much_is_left_out() -> None:
    assert "5 more are not drawn" in cluster("large", nodes(SQUARES + 5), []).notes[-1]


def test_words_of_weights_are_neither_certain_nor_sharper_than_known() -> None:
    assert (sure(1000), sure(0)) == ("over 99 %", "under 1 %")
    assert (odds(30), times(-30)) == ("even", "no matter")
    assert odds(13_000) == "8,200 to 1"
    assert (chance(0), chance(10**9), chance(-(10**9))) == (500, 1000, 0)


def test_a_page_is_whole_asks_for_nothing_and_is_the_same_each_time() -> None:
    hostile = Step("place", '</script><img src=x onerror="alert(1)">', 100)
    page = chart_page([pair(hostile)], "<b>case</b>")
    assert page == chart_page([pair(hostile)], "<b>case</b>")
    text = unescape(page.decode())
    assert "connect-src 'none'" in text
    markup = re.sub(r"<script.*?</script>", "", page.decode(), flags=re.S)
    assert not re.search(r'(src|href)="(?!data:,)', markup)
    assert "<img" not in markup
    assert b"<b>case" not in page
    held = re.search(r'id="charts">(.*?)</script>', page.decode(), re.S)
    assert held
    assert json.loads(held[1])[0]["datasets"]["bars"]
    assert text.count("<th scope=") == 4 + 3


def test_a_chart_with_nothing_to_draw_has_no_scripts() -> None:
    text = unescape(chart_page([threshold("links", [])], "case").decode())
    assert "vega" not in text
    assert "script-src 'none';" in text


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = a_run(tmp_path / "case", {f"{n}.md": a_text(n) for n in range(4)})
    weigh(made, [(0, 1, 4321, 952), (0, 2, 900, 650), (1, 3, -300, 450)])
    return made


def run(case: Case, *words: str) -> str:
    result = CliRunner().invoke(app, ["chart", *words, "--case", str(case.folder.path)])
    assert result.exit_code == 0, result.exception
    return Path(result.output.strip()).read_text(encoding="utf-8")


def test_the_claims_of_an_incident_are_drawn(case: Case) -> None:
    incident = case.found().fused.members["incident_id"][0].as_py()
    text = run(case, "cluster", incident)
    assert incident in text
    assert "hold together" in text


def test_thresholds_are_drawn_from_what_people_judged(case: Case) -> None:
    opened = again(case)
    review = LinkReview(opened, ClaimPairs(opened))
    for card, said in zip(
        review.cards(Wanted(audit=True)), (Said.SAME, Said.DIFFERENT, Said.SAME), strict=True
    ):
        review.judge(card, said)
    text = run(case, "threshold")
    assert "3 judged pairs" in text
    assert "So few say little" in text

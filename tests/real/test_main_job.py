"""The main job on real input: two datasets, kept by others, into a copy of the shipped case."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from holdfire.case import Case, Ran
from holdfire.folder import Folder
from holdfire.tables import rows

pytestmark = pytest.mark.shared
NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXCLUDED = {"daesh", "nusra"}


@pytest.fixture(scope="module")
def ran(shared_data: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Ran]:
    folder = tmp_path_factory.mktemp("real") / "case"
    made = shutil.ignore_patterns(".holdfire", "bulletins")
    shutil.copytree(root / "examples" / "syria-2016", folder, ignore=made)
    # The same pages in Arabic would take as long again, and nothing here is asked of them.
    head = folder / "case.yaml"
    text = head.read_text(encoding="utf-8")
    assert "languages: [en, ar]" in text
    head.write_text(text.replace("languages: [en, ar]", "languages: [en]"), encoding="utf-8")
    case = Case(Folder(folder), now=lambda: NOW, by="tests")
    events = shared_data / "events"
    ged = events / "ucdp_ged_syria" / "ged_syria_2016_2019.csv.gz"
    airwars = events / "airwars_syria" / "airwars_syria_incidents.csv.gz"
    case.add([ged], {"source": "ucdp", "published": "2019-12-15"})
    case.add([airwars], {"source": "airwars", "published": "2026-07-31"})
    return case, case.run("2016-02-01/2016-09-30")


@pytest.fixture(scope="module")
def bulletin(ran: tuple[Case, Ran]) -> dict[str, Any]:
    text = (ran[1].bulletins[0] / "bulletin.json").read_text(encoding="utf-8")
    value: dict[str, Any] = json.loads(text)
    return value


def test_no_event_is_dropped_between_file_and_bulletin(ran: tuple[Case, Ran]) -> None:
    found = ran[0].found()
    held = {h.report.id: h.file for h in found.held}
    counted: dict[str, int] = {}
    for claim in rows(found.claims.select(["report", "row"])):
        if claim["row"] is not None:
            name = held[claim["report"]]
            counted[name] = counted.get(name, 0) + 1
    assert counted == {
        "inbox/ged_syria_2016_2019.csv.gz": 16_566,
        "inbox/airwars_syria_incidents.csv.gz": 8_114,
    }
    placed = set(found.fused.members["claim_id"].to_pylist())
    tables = [c["claim_id"] for c in rows(found.claims.select(["claim_id", "row"])) if c["row"] is not None]
    assert set(tables) <= placed
    assert len(placed) == found.fused.members.num_rows


def test_events_with_an_excluded_group_as_a_side_are_not_covered(ran: tuple[Case, Ran]) -> None:
    found = ran[0].found()
    verdict = {d["incident_id"]: d["verdict"] for d in rows(found.determinations)}
    whole = mixed = 0
    for incident in rows(found.fused.incidents):
        sides = [set(incident[s] or ()) for s in ("actors", "targets")]
        if any(side and side <= EXCLUDED for side in sides):
            whole += 1
            assert verdict[incident["incident_id"]] == "not_covered"
        elif any(side & EXCLUDED for side in sides):
            mixed += 1
            assert verdict[incident["incident_id"]] in ("not_covered", "insufficient_evidence")
    assert whole > 6_000
    assert mixed < 100


def test_both_truces_and_the_return_after_each_are_in_the_trend(bulletin: dict[str, Any]) -> None:
    trend = next(s for s in bulletin["sections"] if s["key"] == "trend")
    table = next(b for b in trend["blocks"] if b.get("key") == "segments")
    found = [
        (date.fromisoformat(r[0]["first"]["day"]), date.fromisoformat(r[0]["last"]["day"]), r[1]["value"])
        for r in table["rows"]
    ]
    for start, end in ((date(2016, 2, 27), date(2016, 3, 31)), (date(2016, 9, 13), date(2016, 9, 18))):
        near = [
            n
            for n, (first, last, kind) in enumerate(found)
            if kind == "quiet" and abs((first - start).days) <= 4 and abs((last - end).days) <= 4
        ]
        assert near, f"no quiet spell near {start} to {end} among {found}"
        assert found[near[0] + 1][2] == "return"


def test_the_annex_lists_each_incident_of_the_period_once(ran: tuple[Case, Ran]) -> None:
    with (ran[1].bulletins[0] / "annex" / "incidents.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert len({row["incident_id"] for row in listed}) == len(listed) > 3_000
    assert not [row for row in listed if "lat" in row or "lon" in row]


def test_pages_stay_small_and_nothing_is_fetched(ran: tuple[Case, Ran]) -> None:
    site = ran[1].bulletins[0]
    index = site / "index.html"
    assert index.stat().st_size < 1_500_000
    text = index.read_text(encoding="utf-8")
    for mark in ('src="http', 'href="//', "url(http", "@import"):
        assert mark not in text


def test_a_second_run_is_not_fresh(ran: tuple[Case, Ran]) -> None:
    again = Case(Folder(ran[0].folder.path), now=lambda: NOW).run("2016-02-01/2016-09-30")
    assert not again.fresh


ARTICLE = "washington-eyes-moscow.txt"


def test_the_article_makes_no_incident_and_its_footer_no_claim(
    shared_data: Path, root: Path, tmp_path: Path
) -> None:
    """It names eight strikes, none of which is a new, dated one that happened."""
    made = shutil.ignore_patterns(".holdfire", "bulletins", "inbox")
    shutil.copytree(root / "examples" / "syria-2016", tmp_path / "case", ignore=made)
    case = Case(Folder(tmp_path / "case"), now=lambda: NOW, by="tests")
    file = shared_data / "text" / ARTICLE
    case.add([file], {"source": "press_tv", "published": "2016-06-30"})
    ran = case.run("2016-06-01/2016-06-30")
    assert ran.summary.incidents == 0
    assert ran.summary.claims > 20
    footer = file.read_text(encoding="utf-8").index("website can also be accessed")
    spans = [s for c in rows(case.found().claims) for s in c["spans"]]
    assert not [s for s in spans if s[1] > footer]

"""A case keeps its episodes, tells them, and says how surely a claim belongs to its incident."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import a_case
from holdfire.case import Case
from holdfire.cli import app
from holdfire.explaining import explain
from holdfire.keeping import load
from holdfire.records.link import SAME_AS
from weighing import again

TEXT = """---
source: news
published: 2031-05-{after:02}
---
The mission said the Northern army shelled the Southern army in {place} on {day} May 2031, killing {killed}.
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Two days of shelling of one town with a day between, once more much later, and once in another town."""
    told = (
        (2, "Millbrook", "two"),
        (5, "Millbrook", "twelve"),
        (20, "Millbrook", "four"),
        (4, "Ashford", "six"),
    )
    texts = {
        f"{n}.md": TEXT.format(after=day + 1, day=day, place=place, killed=killed)
        for n, (day, place, killed) in enumerate(told)
    }
    made = a_case(tmp_path_factory.mktemp("episodes") / "case", texts)
    made.run()
    return made


def test_two_incidents_of_one_town_a_day_apart_are_an_episode(case: Case) -> None:
    fused = case.found().fused
    assert fused.incidents.num_rows == 4
    (episode,) = fused.runs.episodes.to_pylist()
    assert (episode["incidents"], episode["killed_low"], episode["killed_high"]) == (2, 14, 14)
    assert episode["parties"] == ["north", "south"]
    by_id = {row["incident_id"]: row for row in fused.incidents.to_pylist()}
    mine = [by_id[name] for name in fused.runs.members["incident_id"].to_pylist()]
    assert {row["place"] for row in mine} == {"Millbrook"}
    assert sorted(row["killed_low"] for row in mine) == [2, 12]


def test_an_episode_and_its_incidents_name_each_other(case: Case) -> None:
    fused = case.found().fused
    name = fused.runs.episodes["episode_id"][0].as_py()
    members = fused.runs.members["incident_id"].to_pylist()
    told = explain(case, name[:8])
    assert told.title == f"episode {name}"
    assert told.facts["killed"] == "14 to 14"
    assert {each.title for each in told.below} == {f"incident {member}" for member in members}
    assert explain(case, members[0]).facts["episode"] == f"{name}, 2 incidents"
    alone = next(n for n in fused.incidents["incident_id"].to_pylist() if n not in members)
    assert str(explain(case, alone).facts["episode"]).startswith("none")


def test_a_run_says_how_many_episodes_there_are(case: Case) -> None:
    said = CliRunner().invoke(app, ["run", "--case", str(case.folder.path)]).stdout
    assert "1 episodes, of 2 of the incidents" in said


def test_what_is_kept_is_what_was_found_and_without_its_episodes_is_not_read(
    case: Case, tmp_path: Path
) -> None:
    kept = tmp_path / "found"
    shutil.copytree(case.folder.made / "found", kept)
    held = load(kept, None)
    assert held is not None
    assert held.fused.runs.episodes.equals(case.found().fused.runs.episodes)
    (kept / "episode.parquet").unlink()
    assert load(kept, None) is None


def test_a_claim_belongs_as_surely_as_its_best_link_and_alone_says_nothing(tmp_path: Path) -> None:
    texts = {
        f"{n}.md": TEXT.format(after=3 + n, day=2, place="Millbrook", killed=killed)
        for n, killed in enumerate(("two", "four", "two"))
    }
    texts["far.md"] = TEXT.format(after=21, day=20, place="Ashford", killed="six")
    case = a_case(tmp_path / "case", texts)
    case.run()
    fused = again(case).found().fused
    links = SAME_AS.check(fused.links).to_pylist()
    sure = {row["claim_id"]: row["confidence"] for row in fused.sure.to_pylist()}
    home = {row["claim_id"]: row["incident_id"] for row in fused.members.to_pylist()}
    best: dict[str, int] = {}
    for link in links:
        if home[link["one"]] == home[link["other"]]:
            for each in (link["one"], link["other"]):
                best[each] = max(best.get(each, 0), link["confidence"])
    assert sure == best
    assert len(home) - len(sure) == 1
    assert len(set(sure.values())) > 1, "claims of one incident that are sure in different degrees"

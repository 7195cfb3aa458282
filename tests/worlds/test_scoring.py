"""A run is marked against the truth of its world, and marked down against a truth that is not its own."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from holdfire import worlds
from holdfire.case import Case
from holdfire.cli import app
from holdfire.errors import BadInput, HoldfireError
from holdfire.scoring import Changes, Score, score


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small watched line, as a case after a run."""
    folder = tmp_path_factory.mktemp("scored") / "world"
    worlds.make("disengagement", 5, 200, folder)
    worlds.beside(folder)
    Case.open(folder / "case").run()
    return folder


@pytest.fixture(scope="module")
def marked(world: Path) -> Score:
    return score(Case.open(world / "case"), world / "truth")


def test_what_a_run_finds_is_near_the_truth_of_its_world(marked: Score) -> None:
    told, read = marked.told
    assert told > 100
    assert read / told > 0.8
    assert marked.claims[1] / marked.claims[0] > 0.7
    assert marked.marks.records.f1 > 0.6
    assert 0.5 < marked.marks.count < 2.5
    assert marked.attribution["right"] > marked.attribution.get("wrong", 0)


def test_deaths_told_are_no_more_than_deaths(marked: Score) -> None:
    killed = marked.killed
    assert (killed["told"] or 0) <= (killed["true"] or 0)
    assert 0 < marked.holding[0] <= marked.holding[1]


def test_the_truth_of_another_day_marks_it_down(world: Path, marked: Score, tmp_path: Path) -> None:
    """Control: the same records, each said to tell of some other incident."""
    shutil.copytree(world / "truth", tmp_path / "truth")
    told = pq.read_table(world / "truth" / "case_told.parquet")
    order = np.random.default_rng(1).permutation(told.num_rows)
    mixed = told.set_column(
        told.schema.get_field_index("incident"), "incident", told["incident"].take(pa.array(order))
    )
    pq.write_table(mixed, tmp_path / "truth" / "case_told.parquet")
    wrong = score(Case.open(world / "case"), tmp_path / "truth")
    assert wrong.marks.pairs.f1 < marked.marks.pairs.f1 / 4
    assert wrong.attribution["wrong"] > marked.attribution.get("wrong", 0)


def test_a_truth_that_knows_nothing_of_the_case_is_refused(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world / "truth", tmp_path / "truth")
    told = pq.read_table(world / "truth" / "case_told.parquet")
    pq.write_table(told.filter(pc.equal(told["file"], "none")), tmp_path / "truth" / "case_told.parquet")
    with pytest.raises(HoldfireError, match="knows none of the claims"):
        score(Case.open(world / "case"), tmp_path / "truth")


def test_every_table_that_is_missing_is_named(world: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as told:
        score(Case.open(world / "case"), tmp_path)
    assert {problem.where.rsplit("/", 1)[-1] for problem in told.value.problems} == {
        "incidents.parquet",
        "case_told.parquet",
        "days.parquet",
    }


def test_a_change_far_from_any_found_is_missed() -> None:
    when = (date(2031, 5, 1), date(2031, 6, 1))
    assert Changes(when, (date(2031, 5, 3),), (2, None)).missed == 1


def test_the_command_prints_it(world: Path) -> None:
    given = ["score", str(world / "case"), "--truth", str(world / "truth")]
    said = CliRunner().invoke(app, given)
    assert said.exit_code == 0
    assert "pairwise" in said.output
    assert CliRunner().invoke(app, [*given, "--json"]).output.startswith('{"claims"')

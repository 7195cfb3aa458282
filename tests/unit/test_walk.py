"""The lawyer's walk is true: its commands print what it shows; its sightings come to its verdicts."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from holdfire import together
from holdfire.case import Case
from holdfire.cli import app
from holdfire.judging.determining import judge
from holdfire.records.claim import CLAIM
from holdfire.tables import rows, stack
from storytelling import ENGINE, case

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/learn/from-clause-to-verdict.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ holdfire (.*)\n((?:.*\n)*?)```", PAGE)


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command[:60] for command, _ in SHOWN])
def test_each_command_prints_what_the_page_shows(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0
    printed = result.output.splitlines()
    at = 0
    for line in (each for each in shown.splitlines() if each != "..."):
        assert line in printed[at:], f"not printed, or not in this order: {line}"
        at = printed.index(line, at) + 1


def test_the_page_shows_commands() -> None:
    assert len(SHOWN) >= 6


VERDICTS = {
    ("minsk", "minsk-2015", "osce-smm"): ["breach", "not_covered", "insufficient_evidence"],
    ("hudaydah", "hudaydah-2018", "unmha"): ["breach", "not_covered", "insufficient_evidence"],
    ("south-sudan", "south-sudan-2017", "ctsamm"): ["breach", "insufficient_evidence", "breach"],
    ("syria", "syria-2016", "un"): ["breach", "not_covered", "not_covered"],
}


@pytest.mark.parametrize("walk", VERDICTS, ids=[name for name, _, _ in VERDICTS])
def test_each_sighting_comes_to_the_verdict_the_page_names(
    walk: tuple[str, str, str], tmp_path: Path
) -> None:
    table, agreement, source = walk
    folder = Path(shutil.copytree(ROOT / "examples" / agreement, tmp_path / "case"))
    shutil.rmtree(folder / "inbox", ignore_errors=True)
    for place in ("inbox", "mappings"):
        (folder / place).mkdir()
    shutil.copy(ROOT / "examples/walk/sightings.yaml", folder / "mappings")
    shutil.copy(ROOT / f"examples/walk/{table}.csv", folder / "inbox")
    note = f"source: {source}\nformat: mapped\nmapping: mappings/sightings.yaml\n"
    (folder / f"inbox/{table}.csv.about.yaml").write_text(note, encoding="utf-8")
    opened = Case.open(folder)
    claims = stack(CLAIM, [found for _, found in opened.claims()])
    assert [VERDICTS[walk]] == [[each["verdict"] for each in _judged(agreement, opened, claims)]]


def _judged(agreement: str, opened: Case, claims: pa.Table) -> list[dict[str, Any]]:
    """Return the determinations in the order of the table's rows."""
    claims = claims.set_column(
        claims.schema.get_field_index("root"),
        "root",
        pa.array([f"source:{s}" for s in claims["source"].to_pylist()]),
    )
    fused = together.fused(opened.folder, claims, ENGINE)
    _, inquiry = case(agreement)
    judged = {
        d["incident_id"]: d for d in rows(judge(fused.incidents, fused.members, claims, inquiry, ENGINE))
    }
    incident = dict(
        zip(fused.members["claim_id"].to_pylist(), fused.members["incident_id"].to_pylist(), strict=True)
    )
    ordered = sorted(rows(claims), key=lambda claim: claim["row"])
    return [judged[incident[claim["claim_id"]]] for claim in ordered]

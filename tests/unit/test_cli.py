"""Commands exit 0 when done, 1 when a check says no, 2 when asked wrongly; --json prints JSON alone."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from casemaking import TEXT, a_case
from holdfire.cli import main

COMMAND = [sys.executable, "-c", "from holdfire.cli import main; main()"]


def holdfire(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as `main` does, in this process: to start one and load Holdfire takes over a second."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("SOURCE_DATE_EPOCH", "1935489600")
        patch.setenv("NO_COLOR", "1")
        patch.setattr(sys, "argv", ["holdfire", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code
    assert isinstance(code, int | None)
    return subprocess.CompletedProcess([*words], code or 0, out.getvalue(), err.getvalue())


def started(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    given = {**os.environ, "SOURCE_DATE_EPOCH": "1935489600", "NO_COLOR": "1"}
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, env=given)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "case"
    a_case(folder)
    ran = started("run", "--case", str(folder), "--period", "2031-05-01/2031-05-07", "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["fresh"] is True
    return folder


def test_run_says_where_the_bulletin_is_and_does_nothing_twice(case: Path) -> None:
    ran = holdfire("run", "--case", str(case), "--period", "2031-05-01/2031-05-07")
    assert ran.returncode == 0
    assert "nothing new" in ran.stdout
    page = ran.stdout.split("bulletin: ")[1].strip()
    assert Path(page).is_file()
    assert holdfire("open", "--print", "--case", str(case)).stdout.strip() == page


def test_a_wrong_period_is_exit_2_with_three_lines(case: Path) -> None:
    ran = started("run", "--case", str(case), "--period", "yesterday")
    assert ran.returncode == 2
    assert ran.stderr == 'error: "yesterday" is not a period\n  try  --period 2016-03-01/2016-03-07\n'


def test_no_case_is_exit_2(tmp_path: Path) -> None:
    ran = holdfire("run", "--case", str(tmp_path), "--json")
    assert ran.returncode == 2
    assert json.loads(ran.stderr)["errors"][0]["problem"] == "no case is here"


def test_an_unknown_option_is_exit_2(case: Path) -> None:
    assert holdfire("run", "--perod", "x", "--case", str(case)).returncode == 2


def test_claims_are_one_a_line_and_write_nothing(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "news.txt"
    file.write_text(TEXT.split("---\n")[2], encoding="utf-8")
    ran = holdfire(
        "claims", str(file), "--source", "news", "--published", "2031-05-03", "--case", str(case), "--json"
    )
    assert ran.returncode == 0, ran.stderr
    claims = [json.loads(line) for line in ran.stdout.splitlines()]
    assert claims
    text = file.read_text(encoding="utf-8")
    for claim in claims:
        assert claim["content_spans"]
        assert all(0 <= a < b <= len(text) for a, b in claim["content_spans"])
        assert claim["chain"][0]["entity"] == "news"
    assert [p.name for p in tmp_path.iterdir()] == ["news.txt"]


def test_explain_walks_to_the_digest(case: Path) -> None:
    rows = (case / "bulletins" / "2031-05-01_2031-05-07" / "annex" / "incidents.csv").read_text(
        encoding="utf-8"
    )
    name = rows.splitlines()[1].split(",")[1]
    ran = holdfire("explain", name, "--case", str(case), "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    while told["rests_on"]:
        told = told["rests_on"][0]
    assert len(told["digest"]) == 64
    assert holdfire("explain", "d-nothing", "--case", str(case)).returncode == 2


def test_fsck_is_exit_1_when_bytes_changed(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(case, folder)
    assert holdfire("fsck", "--case", str(folder)).returncode == 0
    (folder / "inbox" / "one.md").write_text(TEXT + "!", encoding="utf-8")
    ran = holdfire("fsck", "--case", str(folder))
    assert ran.returncode == 1
    assert "no longer matches its name" in ran.stderr


def test_agreement_check_and_protect_check(case: Path, tmp_path: Path) -> None:
    assert "no problem found" in holdfire("agreement", "check", "--case", str(case)).stdout
    area = tmp_path / "area.geojson"
    square = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]
    area.write_text(json.dumps({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": square}}))
    ran = holdfire(
        "protect", "check", "--area", str(area), "--exact", "--from", "2031-05-02", "--to", "2031-05-03",
        "--case", str(case),
    )  # fmt: skip
    assert ran.returncode == 0
    assert "this is not clearance" in ran.stdout


def test_progress_is_quiet_when_not_a_terminal(case: Path) -> None:
    ran = started("run", "--case", str(case), "--again", "--period", "2031-05-02")
    assert ran.returncode == 0
    assert not ran.stderr
    assert "\x1b" not in ran.stdout


def test_a_language_that_is_not_read_for_claims_is_said_so(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "es.txt"
    file.write_text(
        "El ejército bombardeó el mercado de la ciudad el 3 de marzo de 2031, según los vecinos.\n"
    )
    ran = holdfire("claims", str(file), "--source", "news", "--published", "2031-03-05", "--case", str(case))
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "es.txt: not read for claims" in ran.stderr
    file.write_text("The army shelled the market on 3 March 2031.\n")
    ran = holdfire("claims", str(file), "--source", "news", "--published", "2031-03-05", "--case", str(case))
    assert "not read" not in ran.stderr
    assert "attack.shelling" in ran.stdout

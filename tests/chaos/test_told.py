"""A command says no when something was lost, when nothing was tried, and when its control saw nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from holdfire.chaos.told import Control, Told
from holdfire.doors.chaos import app
from holdfire.errors import BadInput

GOOD = Told(
    command="kill",
    trials=200,
    unit="kills",
    seed=7,
    bad={"lost": 0, "duplicated": 0},
    seen={"acknowledged": 1234},
    controls=(Control(what="says before it keeps", tried=20, found=3),),
    seconds=1.5,
)
BLIND = Control(what="says before it keeps", tried=20, found=0)


def test_the_line_says_what_was_done_and_how_sure_one_may_be() -> None:
    assert str(GOOD) == (
        "kill: 200 kills, seed 7: 0 lost, 0 duplicated; 1,234 acknowledged;"
        " 0 of 200: at most 3/200 = 1.50 % at 95 %; control, says before it keeps: 3 of 20 found; 1.5 s"
    )
    assert "3 of 200;" in str(replace(GOOD, bad={"lost": 9}, failed=3))


@pytest.mark.parametrize(
    "told",
    [
        replace(GOOD, bad={"lost": 1}),
        replace(GOOD, bad={"lost": 0, "duplicated": 2}, failed=0),
        replace(GOOD, failed=1),
        replace(GOOD, trials=0),
        replace(GOOD, controls=(*GOOD.controls, BLIND)),
    ],
)
@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_loss_and_a_blind_control_exit_one(
    told: Told, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert GOOD.passed
    assert not told.passed
    for result, code in ((GOOD, 0), (told, 1)):
        monkeypatch.setattr("holdfire.chaos.kill.kill", lambda n, seed, result=result: result)
        done = CliRunner().invoke(app, ["kill", "--n", "200", *words])
        assert done.exit_code == code
        said = json.loads(done.stdout) if words else done.stdout
        assert said == (result.as_json() if words else f"{result}\n")


def test_a_bundle_is_not_flipped_without_a_fingerprint(tmp_path: object) -> None:
    done = CliRunner().invoke(app, ["bitflip", "--bundle", str(tmp_path)])
    assert isinstance(done.exception, BadInput)

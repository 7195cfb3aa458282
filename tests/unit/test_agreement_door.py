"""`holdfire agreement check | show | diff`: each says what it finds, and has a control without it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from holdfire.cli import app
from holdfire.errors import HoldfireError

ROOT = Path(__file__).resolve().parent.parent
STRIP = ROOT / "agreements/example-2031"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["agreement", *words])
    if isinstance(result.exception, HoldfireError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


@pytest.fixture
def strip(tmp_path: Path) -> Path:
    """Return a copy of the invented case, to be changed."""
    return Path(shutil.copytree(STRIP, tmp_path / "strip")).resolve()


def change(case: Path, file: str, old: str, new: str) -> None:
    path = case / "agreement" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


INSTRUMENT = "instruments/agreement-2031-03-20.yaml"
MISTAKES = {
    "a permission as wide as the duty": (
        "terms/controlled-detonation.yaml",
        "acts: [attack.controlled_detonation]",
        'acts: ["attack.*"]',
        '"controlled-detonation" permits what "no-fire" forbids',
    ),
    "a party that is excluded": (
        "exclusions.yaml",
        "exclusions:\n",
        'exclusions:\n  - {by: name, actor: north, from: 2031-06-01, cite: "Annex A"}\n',
        "north is signatory and excluded at once",
    ),
    "a gap in time": (
        INSTRUMENT,
        'until: 2031-12-31, cite: "Art. 1(1): until 31 December 2031"}',
        'until: 2031-09-01T00:00, cite: "Art. 1(1)"}\n'
        '  - {kind: in_force, from: 2031-10-01T00:00, cite: "Art. 1(2)"}',
        "nothing binds from 2031-08-31T21:00Z to 2031-09-30T21:00Z",
    ),
    "a text without a window": (INSTRUMENT, "kind: in_force", "kind: clock_reset", "its terms never bind"),
    "an act that nothing defines": (
        "terms/no-fire.yaml",
        'acts: ["attack.*"]',
        "acts: [attack.shell]",
        'nothing defines the act "attack.shell"',
    ),
    "a role that no one holds": (
        "terms/no-fire.yaml",
        "binds: {roles: [signatory, adherent]}",
        "binds: {roles: [sponsor]}",
        'it binds whoever is "sponsor", and no one ever is',
    ),
    "a clause that no term covers": (
        INSTRUMENT,
        "windows:",
        'clauses:\n  - {cite: "Art. 8"}\nwindows:',
        'no term covers the clause "Art. 8"',
    ),
    "a term that no clause names": (
        INSTRUMENT,
        "windows:",
        'clauses:\n  - {cite: "Art. 4(1)", terms: [no-fire]}\nwindows:',
        'no clause names the term "cease-attacks"',
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_check_finds_each_mistake(strip: Path, mistake: str) -> None:
    file, old, new, says = MISTAKES[mistake]
    change(strip, file, old, new)
    code, given = run("check", "--case", str(strip), "--json")
    assert code == 1
    assert any(says in each["problem"] for each in json.loads(given)["problems"]), given


def test_without_a_mistake_nothing_is_found() -> None:
    code, said = run("check", "--case", str(STRIP))
    assert (code, "no problem found" in said) == (0, True)


def test_a_problem_is_told_in_words(strip: Path) -> None:
    file, old, new, says = MISTAKES["a party that is excluded"]
    change(strip, file, old, new)
    code, said = run("check", "--case", str(strip))
    assert (code, f"no: {says}" in said) == (1, True)


def test_an_exception_that_says_so_is_no_contradiction(strip: Path) -> None:
    file, old, new, _ = MISTAKES["a permission as wide as the duty"]
    change(strip, file, old, new + "\nexcepts: [no-fire, cease-attacks]")
    assert run("check", "--case", str(strip))[0] == 0


def test_a_suspension_explains_a_gap(strip: Path) -> None:
    file, old, new, _ = MISTAKES["a gap in time"]
    pause = '{kind: suspension, from: 2031-09-01T00:00, until: 2031-10-01T00:00, cite: "Art. 1(3)"}'
    change(strip, file, old, f"{new}\n  - {pause}")
    assert run("check", "--case", str(strip))[0] == 0


def test_show_says_who_is_bound_and_unclear_as_unclear() -> None:
    def binds(day: str, actor: str) -> dict[str, list[str]]:
        code, said = run("show", "--on", day, "--actor", actor, "--case", str(STRIP), "--json")
        assert code == 0
        terms = json.loads(said)["actors"][0]["terms"]
        return {t["term"]: [part["answer"] for part in t["binds"]] for t in terms}

    assert binds("2031-06-09", "valley-council")["no-fire"] == ["no"]
    assert binds("2031-06-10", "valley-council")["no-fire"] == ["unclear"]
    assert binds("2031-06-11", "Valley Council")["no-fire"] == ["yes"]
    assert binds("2031-05-20", "north")["no-fire"] == ["yes", "no"]
    assert binds("2031-05-21", "lake-band")["no-fire"] == ["no"]
    assert binds("2031-06-11", "lake-band")["no-fire"] == ["unclear"]


def test_show_speaks_plainly() -> None:
    _, said = run("show", "--on", "2031-05-20", "--actor", "north", "--case", str(STRIP))
    assert "no-fire [yes; from 06:00 no]: Art. 4(1)" in said
    assert "on this day: Joint Commission, decision 2" in said
    assert "notice: 24 (Annex B, para. 2)" in said
    _, everyone = run("show", "--on", "2031-05-19", "--case", str(STRIP))
    assert "Hill Guard (hill-guard)\n  non adherent" in everyone
    assert "excluded: Annex A: the Free Band" in everyone


def test_an_unknown_actor_is_offered_the_nearest() -> None:
    code, said = run("show", "--on", "2031-06-10", "--actor", "vally", "--case", str(STRIP))
    assert code == 2
    assert '"valley-council"?' in said
    code, said = run("show", "--on", "June", "--case", str(STRIP))
    assert (code, "is not a day" in said) == (2, True)


def test_diff_between_two_days_says_what_changed_for_whom_and_why() -> None:
    _, said = run("diff", "2031-06-09", "2031-06-12", "--case", str(STRIP))
    assert (
        "from 2031-06-10 00:00: Valley Council (valley-council): bound by no-fire: unclear; before: no"
        in said
    )
    assert (
        "from 2031-06-11 00:00: Valley Council (valley-council): bound by no-fire: yes; before: unclear"
        in said
    )
    assert "Its declaration of 10 June 2031" in said
    _, said = run("diff", "2031-06-12", "2031-06-13", "--case", str(STRIP))
    assert said.startswith("nothing changed")


def test_diff_between_two_texts_of_the_stack() -> None:
    _, said = run("diff", "agreement-2031-03-20", "protocol-2031-07-01", "--case", str(STRIP))
    assert "the term relief is new: Protocol, para. 4" in said
    assert "bound by no-fire: unclear; before: yes" in said
    assert "Statement of the Guarantor, 10 November 2031" in said
    code, said = run("diff", "agreement-2031-03-20", "protocol-2031", "--case", str(STRIP))
    assert (code, '"protocol-2031-07-01"?' in said) == (2, True)


def test_diff_between_two_folders(strip: Path) -> None:
    assert run("diff", str(STRIP), str(strip))[1].startswith("nothing changed")
    change(strip, "terms/no-fire.yaml", "[signatory, adherent]", "[signatory]")
    change(strip, "terms/controlled-detonation.yaml", "value: 48", "value: 72")
    code, given = run("diff", str(STRIP), str(strip), "--json")
    found = json.loads(given)
    assert code == 0
    assert [(e["term"], e["field"]) for e in found["edits"]] == [("controlled-detonation", "parameters")]
    assert {(s["actor"], s["term"], s["was"], s["now"]) for s in found["shifts"]} >= {
        ("valley-council", "no-fire", "yes", "no"),
        ("valley-council", "no-fire", "unclear", "no"),
    }
    assert {s["actor"] for s in found["shifts"]} == {"valley-council"}

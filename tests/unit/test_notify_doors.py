"""Through the doors: offices and an officer, each with their own files; then an incident in a told area."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import TEXT as MILL
from casemaking import a_case
from holdfire import signing
from holdfire.case import Case
from holdfire.cli import app
from holdfire.ledger import drafts
from holdfire.ledger.keyfiles import write
from holdfire.protecting.partition import Settings, build
from holdfire.sheltering import partitioning
from noticing import LAT, LON, SUBJECT
from protecting import places
from signatures import ADA, BEN, LOG, keyset, signed

TEXT = MILL.replace("in Mill on", "in Millbrook on")
NOON = 1_936_180_800  # 2031-05-10T12:00Z


def run(*words: object, code: int = 0) -> str:
    found = CliRunner().invoke(app, [str(each) for each in words])
    assert found.exit_code == code, found.exception or found.output
    return found.output


def begun(folder: Path, texts: dict[str, str]) -> str:
    case = a_case(folder, texts)
    write(case.folder.made / "keys" / "log.key", LOG)
    with case.ledger(write=True) as ledger:
        return signing.enter(ledger, signed(keyset(ledger, quorum=0, witnesses={}), ADA, BEN)).leaf


def recipient(key: Path, case: Path) -> None:
    draft = key.with_suffix(".draft")
    said = run("notify", "recipient", f"{key}.card", "--out", draft, "--case", case)
    assert "two people sign it" in said
    drafts.save(draft, signed(drafts.read(draft), ADA, BEN))
    assert "recipient" in run("enter", draft, "--case", case)
    again = run("notify", "recipient", f"{key}.card", "--out", draft, "--case", case)
    assert "in the log already" in again


def hours(monkeypatch: pytest.MonkeyPatch, after: float) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON + after * 3600)))


def test_from_keys_to_a_proof_that_a_stranger_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, north, south, out = (tmp_path / name for name in ("case", "north.key", "south.key", "out"))
    hours(monkeypatch, 0)
    mark = begun(case, {})
    assert "read this aloud" in run("notify", "keys", "north", "--out", north)
    run("notify", "keys", "south", "--out", south)
    for key in (north, south):
        recipient(key, case)
        said = {"subject": SUBJECT, "recipient": key.stem, "basis": "in writing"}
        (tmp_path / "consent.json").write_text(json.dumps(said))
        run("notify", "consent", tmp_path / "consent.json", "--case", case)
    (tmp_path / "notice.yaml").write_text(
        f"about: site\nsubject: {SUBJECT}\nplace: {{lon: {LON}, lat: {LAT}}}\n"
        "from: 2031-05-10T12:00Z\nto: 2031-06-07T12:00Z\nreply_by: 2031-05-11T12:00Z\n"
    )
    words = ("notify", "draft", tmp_path / "notice.yaml", "--to", "north", "--to", "south", "--case", case)
    found = CliRunner().invoke(app, [str(each) for each in words])
    assert "not said whether this is of a site in the store" in str(found.exception)
    assert "still says it in clear" in run(*words, "--outside-store")
    notice = run(*words, "--outside-store", "--shred").split()[1]
    assert not (tmp_path / "notice.yaml").exists()
    run("notify", "send", notice[:12], "--out", out, "--to", "north", "--case", case)
    (arrived,) = out.iterdir()
    hours(monkeypatch, 1)
    shown = run(
        "notify", "receive", arrived, "--key", north, "--receipt", tmp_path / "a", "--trust", mark, "--out",
        tmp_path / "opened",
    )  # fmt: skip
    assert SUBJECT in shown
    assert "gives none" in shown
    run("notify", "acknowledge", arrived, "--key", north, "--receipt", tmp_path / "b", "--trust", mark)
    assert "entry" in run("notify", "enter", tmp_path / "a", tmp_path / "b", "--case", case)
    assert "was there already" in run("notify", "enter", tmp_path / "b", "--case", case)
    hours(monkeypatch, 30)
    status = run("notify", "status", "--case", case)
    assert "acknowledged 2031-05-10T13:00Z" in status
    assert SUBJECT not in status
    assert [
        each["state"] for each in json.loads(run("notify", "status", "--json", "--case", case))[0]["told"]
    ]
    run("notify", "prove", notice, "--out", tmp_path / "proof", "--log", tmp_path / "log", "--case", case)
    said = run(
        "notify", "verify", tmp_path / "proof", "--trust", mark, "--log", tmp_path / "log", "--opened",
        tmp_path / "opened",
    )  # fmt: skip
    assert "south (key" in said
    assert "not told" in said
    assert "what is shown is what the commitment stands for" in said
    found = json.loads(run("notify", "verify", tmp_path / "proof", "--trust", mark, "--json"))
    assert found["complete"] is False
    assert [each["name"] for each in found["told"]] == ["north"]
    assert "withdrawn; now tell" in run("notify", "withdraw", notice, "--case", case)
    assert "no notice has ended" in run("notify", "expire", "--case", case)


def test_an_incident_in_a_told_area_is_a_finding_by_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours(monkeypatch, -24 * 30)
    folder = tmp_path / "case"
    begun(folder, {"one.md": TEXT})
    run("run", "--case", folder)
    (row,) = Case.open(folder).found().fused.incidents.to_pylist()
    made = build(places(4, 200, (row["lon"], row["lat"])), Settings(k=6, block_k=24, block_share=6), "MADE")
    partitioning.save(made, tmp_path / "made.json")
    cell = made.cell_of(row["lon"], row["lat"])
    assert "no incident" in run("notify", "reported", "--partition", tmp_path / "made.json", "--case", folder)
    run("notify", "keys", "north", "--out", tmp_path / "north.key")
    recipient(tmp_path / "north.key", folder)
    run("notify", "keys", "south", "--out", tmp_path / "south.key")
    recipient(tmp_path / "south.key", folder)
    consent = {"subject": SUBJECT, "recipient": "north", "basis": "in writing"}
    (tmp_path / "consent.json").write_text(json.dumps(consent))
    run("notify", "consent", tmp_path / "consent.json", "--case", folder)
    asked = {
        "about": "site",
        "subject": SUBJECT,
        "cells": [cell.code],
        "from": "2031-04-10T12:00Z",
        "to": "2031-05-08T12:00Z",
        "reply_by": "2031-04-12T12:00Z",
    }
    (tmp_path / "notice.json").write_text(json.dumps(asked))
    said = run(
        "notify", "draft", tmp_path / "notice.json", "--to", "north", "--partition", tmp_path / "made.json",
        "--outside-store", "--shred", "--case", folder,
    )  # fmt: skip
    run("notify", "send", said.split()[1], "--out", tmp_path / "out", "--case", folder)
    (arrived,) = (tmp_path / "out").iterdir()
    run("notify", "receive", arrived, "--key", tmp_path / "north.key", "--receipt", tmp_path / "a")
    run("notify", "enter", tmp_path / "a", "--case", folder)
    words = ("notify", "reported", "--partition", tmp_path / "made.json", "--case", folder)
    (found,) = json.loads(run(*words, "--json"))
    assert found["cells"] == [cell.code]
    assert found["inside"] in ("yes", "unclear")
    assert found["told_before"] == {"north": "yes", "south": "no"}
    draft, owner = tmp_path / "gone.draft", ("--case", folder)
    for both in ((tmp_path / "south.key.card", "--withdraw", "south"), ()):
        asking = ["notify", "recipient", *map(str, both), "--out", str(draft), *map(str, owner)]
        assert "give a card to enter" in str(CliRunner().invoke(app, asking).exception)
    assert "by voice" in run("notify", "recipient", "--withdraw", "south", "--out", draft, *owner)
    drafts.save(draft, signed(drafts.read(draft), ADA, BEN))
    assert "recipient" in run("enter", draft, *owner)
    run("notify", "keys", "south", "--out", tmp_path / "south2.key")
    recipient(tmp_path / "south2.key", folder)
    (found,) = json.loads(run(*words, "--json"))
    gone = [name for name in found["told_before"] if name.startswith("south (withdrawn key ")]
    assert list(found["told_before"]) == ["north", *gone, "south"]
    assert "(withdrawn key " in run("notify", "status", *owner)
    assert found["public"] is False
    shown = run(*words)
    assert "NOT TO BE PUBLISHED" in shown
    assert "was not told" in shown
    assert "does not assert that a site was present" in shown
    assert json.loads(run(*words, "--json", "--public")) == []
    assert not [each for each in (SUBJECT, str(LON)) if each in shown]

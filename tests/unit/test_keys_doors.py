"""The commands of editors and witnesses, from the first key to a cosigned checkpoint."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from holdfire import signing
from holdfire.doors import keys, witness
from holdfire.errors import HoldfireError
from holdfire.ledger.log import Ledger
from signatures import begun, tiles

app = typer.Typer()
app.add_typer(keys.app, name="keys")
app.add_typer(witness.app, name="witness")
app.command("sign")(keys.sign)
app.command("enter")(keys.enter)


def run(*words: object, answer: str = "") -> Result:
    """Run a command that must end well."""
    result = CliRunner().invoke(app, [str(each) for each in words], input=answer, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def refused(*words: object) -> str:
    """Run a command that must not end well, and return what it says."""
    with pytest.raises(HoldfireError) as raised:
        CliRunner().invoke(app, [str(each) for each in words], catch_exceptions=False)
    return f"{raised.value.exit_code} {raised.value}"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a case with keyset 1 in force: Ada and Ben of three, one witness of one; keys beside it."""
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.yaml").write_text("title: A case\n")
    said = [
        run("keys", "new", name, "--out", tmp_path / name).stdout.strip() for name in ("Ada", "Ben", "Cleo")
    ]
    watching = run("keys", "new", "north", "--out", tmp_path / "north").stdout.strip()
    editors = [word for each in said for word in ("--editor", each)]
    draft = tmp_path / "keyset.draft"
    run("keys", "draft", *editors, "--witness", watching, "--quorum", 1, "--out", draft, "--case", folder)
    run("sign", draft, "--key", tmp_path / "Ada")
    assert refused("enter", draft, "--case", folder).startswith("1 error: signed by Ada; 1 more of Ben, Cleo")
    run("sign", draft, "--key", tmp_path / "Ben", "--key", tmp_path / "Cleo")
    entered = run("enter", draft, "--case", folder).stdout
    with Ledger.open(folder / ".holdfire/ledger.sqlite") as ledger:
        assert signing.fingerprint(ledger) in entered
        assert signing.short_code(signing.fingerprint(ledger)) in entered
    return folder


def test_the_server_never_has_an_editors_key(case: Path, tmp_path: Path) -> None:
    secrets = [
        line
        for name in ("Ada", "Ben", "Cleo", "north")
        for line in (tmp_path / name).read_text().splitlines()
        if not line.startswith(("-----", "name: ", "public: "))
    ]
    kept = b"".join(path.read_bytes() for path in case.rglob("*") if path.is_file())
    assert len(secrets) == 4
    assert all(secret.encode() not in kept for secret in secrets)


def test_signing_shows_first_what_is_signed(case: Path, tmp_path: Path) -> None:
    draft = tmp_path / "next.draft"
    said = run("keys", "draft", "--threshold", 3, "--out", draft, "--case", case).stdout
    assert "3 of these 3 editors must sign" in said
    shown = run("sign", draft, "--key", tmp_path / "Ada").stdout
    assert "You decide who may sign from keyset 2 on." in shown
    assert shown.index("You decide") < shown.index("signed with 1 key")


def test_show_tells_who_may_sign_and_who_has_cosigned(case: Path) -> None:
    shown = json.loads(run("keys", "show", "--case", case, "--json").stdout)
    assert sorted(shown["editors"]) == ["Ada", "Ben", "Cleo"]
    assert (shown["keyset"], shown["threshold"], shown["quorum"], shown["fresh_hours"]) == (1, 2, 1, 48)
    said = run("keys", "show", "--case", case).stdout
    assert shown["fingerprint"] in said
    assert "has not cosigned yet" in said


def test_a_witness_cosigns_a_bundle_and_the_case_takes_it_in(case: Path, tmp_path: Path) -> None:
    made = case / ".holdfire"
    with Ledger.open(made / "ledger.sqlite") as ledger:
        mark = signing.fingerprint(ledger)
        note = signing.save_checkpoint(made / "checkpoints", signing.checkpoint(ledger, made / "keys"))
        bundle = tiles([each.content for each in ledger.entries()], note, tmp_path / "bundle")
    own = ("--key", tmp_path / "north", "--state", tmp_path / "state")
    assert f"--trust {mark}" in refused("witness", "cosign", bundle, *own)
    out = tmp_path / "cosigned"
    line = run("witness", "cosign", bundle, *own, "--trust", mark, "--out", out).stdout
    assert line.startswith("— north ")
    assert out.read_bytes() == note + line.encode()
    assert "north" in run("witness", "add", out, "--case", case).stdout
    assert "north" in json.loads(run("keys", "show", "--case", case, "--json").stdout)["cosigned"]
    assert (made / "checkpoints" / "1").read_bytes() == out.read_bytes()
    request = tmp_path / "request"
    run("witness", "request", "--since", 1, "--out", request, "--case", case)
    again = run("witness", "cosign", request, *own).stdout
    (tmp_path / "lines").write_text(again)
    assert "north" in run("witness", "add", tmp_path / "lines", "--case", case).stdout
    assert run("witness", "cosign", out, *own).stdout.startswith("— north ")


def test_another_history_is_refused_at_the_door(case: Path, tmp_path: Path) -> None:
    own = ("--key", tmp_path / "north", "--state", tmp_path / "state")
    bundles = []
    for name, extra in (("one", "abc"), ("other", "abd")):
        with begun(tmp_path / name, extra) as ledger:
            mark, note = signing.fingerprint(ledger), signing.checkpoint(ledger, tmp_path / name / "keys")
            contents = [each.content for each in ledger.entries()]
            bundles.append(tiles(contents, note, tmp_path / name / "bundle"))
    run("witness", "cosign", bundles[0], *own, "--trust", mark)
    said = refused("witness", "cosign", bundles[1], *own, "--trust", mark)
    assert said.startswith("1 error: two histories")


def test_an_encrypted_key_is_never_asked_for_where_nobody_can_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ada.key"
    printed = run("keys", "new", "Ada", "--out", file, "--passphrase", answer="sesame\nsesame\n").stdout
    assert printed.strip().splitlines()[-1].startswith("Ada=")
    assert b"ENCRYPTED" in file.read_bytes()
    assert "sesame" not in printed
    monkeypatch.setattr(sys, "stdin", open("/dev/null"))  # noqa: SIM115
    with pytest.raises(HoldfireError, match="no terminal"):
        keys.passphrase(file)


def test_a_log_that_changes_its_key_keeps_its_fingerprint(case: Path, tmp_path: Path) -> None:
    before = json.loads(run("keys", "show", "--case", case, "--json").stdout)
    draft = tmp_path / "next.draft"
    run("keys", "draft", "--new-log-key", "--out", draft, "--case", case)
    run("sign", draft, "--key", tmp_path / "Ada", "--key", tmp_path / "Ben")
    run("enter", draft, "--case", case)
    after = json.loads(run("keys", "show", "--case", case, "--json").stdout)
    assert after["keyset"] == 2
    assert after["fingerprint"] == before["fingerprint"]
    assert after["log"] != before["log"]
    assert after["editors"] == before["editors"]
    with Ledger.open(case / ".holdfire/ledger.sqlite") as ledger:
        assert signing.checkpoint(ledger, case / ".holdfire/keys")

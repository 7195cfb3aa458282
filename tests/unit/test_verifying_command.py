"""The command of the verifier, what it prints and keeps, and the one file that it also is."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

import pytest

from attacks.corpus import put
from attacks.honest import NOON, Bundle, honest
from holdfire.ledger import onefile
from holdfire.ledger.onefile import one_file
from holdfire.ledger.verifying import command
from holdfire.ledger.verifying.command import main
from holdfire.ledger.verifying.facts import short_code_of

AT = "2031-05-07T13:00:00Z"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return honest()


@pytest.fixture
def folder(bundle: Bundle, tmp_path: Path) -> Path:
    return put(tmp_path / "bundle", bundle.files)


def test_a_yes_is_told(folder: Path, bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--trust", bundle.fingerprint, "--at", AT]) == 0
    assert capsys.readouterr().out == (
        "yes  bulletin 2, 2031-05-04/2031-05-06, version 1\n"
        "  short code  09652-35687-86708-7458\n"
        "  editors     amber, dune\n"
        "  witness     north, 1 h ago, since 2031-05-02T12:00Z\n"
        "  witness     south, 1 h ago, since 2031-05-04T12:00Z\n"
        "A yes says that the record was not changed, and who stands behind it.\n"
        "It does not say that what a report claims is true.\n"
    )


def test_stale_is_told(folder: Path, bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--trust", bundle.fingerprint, "--at", "2031-05-09T00:00:01Z"]) == 0
    assert "  STALE  " in capsys.readouterr().out
    assert main([str(folder), "--trust", bundle.fingerprint, "--at", "2031-05-09T00:00:00Z"]) == 0
    assert "  STALE  " not in capsys.readouterr().out


def test_a_no_lists_every_reason_up_to_fifty(
    folder: Path, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(60):
        (folder / f"extra-{n:02d}").write_bytes(b"x")
    assert main([str(folder), "--trust", bundle.fingerprint, "--at", AT]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "no"
    assert lines[1] == "  unlisted   extra-00: neither MANIFEST nor the log accounts for it"
    assert lines[-1] == "  and 10 more"
    assert len(lines) == 52


def test_json_is_one_value(folder: Path, bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--trust", bundle.fingerprint, "--at", AT, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["answer"] == "yes"
    assert value["findings"] == []
    assert value["facts"]["size"] == 300
    assert value["facts"]["witnesses"]["north"] == {
        "last": NOON, "since": NOON - 5 * 86400, "since_size": 60,
    }  # fmt: skip
    (folder / "MIRRORS").write_bytes(b"")
    assert main([str(folder), "--trust", bundle.fingerprint, "--at", AT, "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["findings"] == [
        {"code": "digest", "where": "MIRRORS", "words": "its bytes are not those that MANIFEST names"}
    ]


def test_the_clock_is_read_where_no_time_is_given(
    folder: Path, bundle: Bundle, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command.time, "time", lambda: float(NOON + 3600))
    assert main([str(folder), "--trust", bundle.fingerprint]) == 0
    monkeypatch.setattr(command.time, "time", lambda: float(NOON + 30 * 86400))
    assert main([str(folder), "--trust", bundle.fingerprint]) == 1
    assert "expired" in capsys.readouterr().out


def test_memory_is_written_after_a_yes_alone(folder: Path, bundle: Bundle, tmp_path: Path) -> None:
    memory = tmp_path / "seen.json"
    asked = [str(folder), "--trust", bundle.fingerprint, "--at", AT, "--memory", str(memory)]
    saved = (folder / "MIRRORS").read_bytes()
    (folder / "MIRRORS").write_bytes(b"")
    assert main(asked) == 1
    assert not memory.exists()
    (folder / "MIRRORS").write_bytes(saved)
    other = {"ab" * 32: {"root": "00" * 32, "size": 7}}
    memory.write_text(json.dumps(other))
    assert main(asked) == 0
    kept = json.loads(memory.read_text())
    assert kept.pop(bundle.fingerprint)["size"] == 300
    assert kept == other
    assert main(asked) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "seen.json"]


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "1", "{", '{"x":{"size":1,"root":"00"}}', '{"FP":{"size":1}}',
        '{"FP":{"size":-1,"root":"' + "00" * 32 + '"}}', '{"FP":{"size":1,"root":"00"}}', '{"FP":7}',
    ],
)  # fmt: skip
def test_a_memory_in_another_form_is_asked_wrongly(
    folder: Path, bundle: Bundle, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = tmp_path / "seen.json"
    memory.write_text(text.replace("FP", bundle.fingerprint))
    asked = [str(folder), "--trust", bundle.fingerprint, "--at", AT, "--memory", str(memory)]
    assert main(asked) == 2
    assert "no memory of this program" in capsys.readouterr().out


def test_what_is_asked_wrongly_exits_2(
    folder: Path, bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "print").write_text(f"{bundle.fingerprint} of the record\n")
    assert main([str(folder), "--trust", f"@{tmp_path / 'print'}", "--at", AT]) == 0
    assert main([str(folder), "--trust", bundle.fingerprint.upper(), "--at", AT]) == 0
    for wrong in (
        [str(folder / "nowhere"), "--trust", bundle.fingerprint],
        [str(folder), "--trust", "abc"],
        [str(folder), "--trust", bundle.fingerprint + "0"],
        [str(folder), "--trust", f"@{tmp_path / 'empty'}"],
        [str(folder), "--trust", f"@{tmp_path / 'nowhere'}"],
        [str(folder), "--trust", bundle.fingerprint, "--at", "noon"],
    ):
        assert main(wrong) == 2, wrong
        assert capsys.readouterr().out.splitlines()[-1].startswith("error: ")
        assert main([*wrong, "--json"]) == 2
        assert list(json.loads(capsys.readouterr().out)) == ["error"]
    with pytest.raises(SystemExit) as exit_code:
        main([])
    assert exit_code.value.code == 2


def test_names_do_not_move_the_cursor(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put(tmp_path / "b", {**bundle.files, "bulletin/\x1b[2J\u202eevil": b"x"})
    assert main([str(folder), "--trust", bundle.fingerprint, "--at", AT]) == 1
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out


def test_the_short_code() -> None:
    assert short_code_of("0" * 64) == "00000-00000-00000-0000"
    assert short_code_of("f" * 64) == "11529-21504-60684-6975"
    assert short_code_of("0" * 14 + "a" + "f" * 49) == "00000-00000-00000-0010"


def test_the_one_file_is_the_same_each_time_and_needs_nothing() -> None:
    text = one_file()
    assert text == one_file.__wrapped__()
    parsed = ast.parse(text, feature_version=(3, 8))
    modules = set()
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            modules |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module))
    assert {name.split(".")[0] for name in modules} <= set(sys.stdlib_module_names)
    assert b"holdfire.ledger" not in text.split(b"from __future__")[0]
    assert not re.search(rb"^from holdfire", text, re.MULTILINE)


def test_modules_of_the_verifier_are_small_and_use_nothing_newer_than_python_3_8() -> None:
    folder = Path(command.__file__).parent
    newer = re.compile(
        r"\.removeprefix|\.removesuffix|strict=|\bmatch \w+:|slots=|kw_only=|datetime\.UTC|bit_count"
    )
    for path in sorted(folder.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 300, path.name
        assert not newer.search(text), path.name
        ast.parse(text, feature_version=(3, 8))


def test_two_modules_that_define_one_name_cannot_be_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = onefile._Joined()
    joined.defined["main"] = "another"
    with pytest.raises(onefile.HoldfireError, match="main is defined in another and command"):
        joined.take("command")

"""Keys of officers: made, kept under a passphrase, and refused where they are not what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfire.errors import BadInput
from holdfire.sheltering import officers
from holdfire.sheltering.officers import Officer

WORDS = "five words that nobody guesses"
ROUNDS = 1_000


def written(path: Path, name: str = "Ada") -> Officer:
    made = Officer.make(name)
    officers.write(path, made, WORDS, ROUNDS)
    return made


def test_what_is_written_is_read_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    made = written(tmp_path / "ada")
    assert officers.read(tmp_path / "ada", lambda _: WORDS).public == made.public
    assert (tmp_path / "ada").stat().st_mode & 0o077 == 0
    name, public = officers.named(f"Ada={made.public}")
    assert (name, public) == ("Ada", made.public)
    assert "PrivateKey" not in repr(made)


@pytest.mark.parametrize("passphrase", ["", "short"])
def test_a_key_without_a_passphrase_is_not_written(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(BadInput, match="has a passphrase"):
        officers.write(tmp_path / "ada", Officer.make("Ada"), passphrase, ROUNDS)
    assert list(tmp_path.iterdir()) == []


def test_everything_wrong_with_two_files_is_said_at_once(tmp_path: Path) -> None:
    written(tmp_path / "ada")
    (tmp_path / "open").write_bytes((tmp_path / "ada").read_bytes())
    with pytest.raises(BadInput) as raised:
        officers.read_all(
            [tmp_path / "ada", tmp_path / "lost", tmp_path / "open"], lambda _: "another passphrase"
        )
    said = str(raised.value)
    assert "the passphrase is wrong" in said
    assert "No such file" in said
    assert "others may read" in said
    assert "another passphrase" not in said


def test_one_officer_twice_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "ada")
    with pytest.raises(BadInput, match="one officer stands there twice"):
        officers.read_all([tmp_path / "ada", tmp_path / "ada"], lambda _: WORDS)


def test_a_file_that_was_mixed_of_two_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "ada"), written(tmp_path / "ben", "Ben")
    ada, ben = ((tmp_path / name).read_text() for name in ("ada", "ben"))
    cut = ada.index("-----BEGIN", ada.index("-----END"))
    mixed = ada[:cut] + ben[ben.index("-----BEGIN", ben.index("-----END")) :]
    (tmp_path / "ada").write_text(mixed)
    with pytest.raises(BadInput, match="are not their own"):
        officers.read(tmp_path / "ada", lambda _: WORDS)


@pytest.mark.parametrize("text", ["Ada", "Ada=x", "Ada=x.y", "Ada=" + "A" * 43 + "=." + "A" * 43 + "="])
def test_what_is_no_line_of_public_keys_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        officers.named(text)

"""Every sentence of `tests/rules` is read as its file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfire.testing import check_rules

FILES = sorted((Path(__file__).parent / "rules").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_sentences_are_read_as_they_should_be(file: Path) -> None:
    assert check_rules(file) >= 5


def test_a_sentence_that_is_read_otherwise_is_named(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(
        "rules:\n- {text: The army shelled the market., expect: {type: attack.shelling, negated: true}}\n"
        "- {text: The army shelled the market., expect: {type: attack.shelling, none: true}}\n"
        "- {text: The army shelled the market., expect: {type: attack.shelling, colour: red}}\n"
    )
    with pytest.raises(AssertionError) as error:
        check_rules(file)
    assert [line.split(" ", 2)[1] for line in str(error.value).splitlines()] == ["1", "2", "3"]

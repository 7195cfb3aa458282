"""The engine for languages other than English: its pages load whole, and one with faults names them all."""

from __future__ import annotations

import pytest

from holdfire.errors import BadInput
from holdfire.reading.prose import languages
from holdfire.reading.prose.tongues import TONGUES, tongue
from holdfire.reading.prose.tongues.words import load


@pytest.mark.parametrize("code", TONGUES)
def test_a_page_loads_and_says_that_its_language_is_read(code: str) -> None:
    assert tongue(code).code == code
    assert languages()[code] == "read for claims"


def test_every_fault_of_a_page_is_named_at_once() -> None:
    page = {
        "language": "xx",
        "oder": "verb-first",
        "forms": {"er": {"e": "@a"}},
        "cues": {"verbs": {"say": {"stance": "shouts", "frames": "c", "words": "dit/ir"}}},
        "triggers": {"attack.tickle": {"verbs": "chatouill/er"}},
    }
    with pytest.raises(BadInput) as raised:
        load(page, "xx")
    for fault in ("oder", "shouts", "ir", "attack.tickle"):
        assert repr(fault) in str(raised.value)

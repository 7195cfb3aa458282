"""Texts made to break the engine for other languages: whatever the text, it answers, and in linear time."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfire.reading.prose import attributions
from holdfire.reading.prose import read as read_prose
from holdfire.reading.prose.tongues import TONGUES
from holdfire.tables import rows
from prosing import context, report

WORDS = {
    "ar": "قال أعلن أن إن قصف الجيش قتل خمسة مدنيين في مارو أمس ، . « » : إذا لم سوف نفى اتهم بـ وقال هجوم",
    "fr": "a déclaré que l'armée bombardé tué cinq civils à Maro hier , . « » : si ne selon aurait -",
    "ru": "заявил что армия обстреляла убиты пять мирных жителей в Маро вчера , . « » : если не якобы -",
}
LETTERS = "قتلوبفسالهمنيةءأإ ـًٌَُِّْ«»\"'،؛؟.:-–—()0٣٧%\n\t\u200f\u200e\u202e\u2066\ufeffаяёÀéœ𝔘😀\x00"


@pytest.mark.parametrize("code", TONGUES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_text_raises_and_spans_lie_in_it(code: str, data: st.DataObject) -> None:
    piece = st.one_of(st.sampled_from(WORDS[code].split()), st.text(LETTERS, max_size=6), st.text(max_size=4))
    text = " ".join(data.draw(st.lists(piece, max_size=40)))
    for row in rows(read_prose(text, replace(report(text), language=code), context())):
        for a, b in [*row["spans"], row["reading"]["trigger"]]:
            assert 0 <= a < b <= len(text)
    for said in attributions(text):
        for a, b in [*said.source, *said.cue, *said.content]:
            assert 0 <= a < b <= len(text)


@pytest.mark.parametrize("code", TONGUES)
def test_the_same_text_gives_the_same_claims(code: str) -> None:
    draw = random.Random(7)
    text = " ".join(draw.choice(WORDS[code].split()) for _ in range(800))
    said = replace(report(text), language=code)
    assert read_prose(text, said, context()).equals(read_prose(text, said, context()))


@pytest.mark.parametrize("code", TONGUES)
@pytest.mark.parametrize("kind", ["words", "quotes", "one word"])
def test_time_grows_with_the_length_of_a_line(code: str, kind: str) -> None:
    """Ten times the text takes about ten times as long: well below what quadratic work would take."""
    draw = random.Random(3)
    made = {
        "words": " ".join(draw.choice(WORDS[code].split()) for _ in range(30_000)),
        "quotes": '«»"' * 50_000,
        "one word": WORDS[code].split()[0] * 40_000,
    }[kind]

    def taken(text: str) -> float:
        started = time.perf_counter()
        read_prose(text, replace(report(text), language=code), context())
        return time.perf_counter() - started

    small = max(taken(made[: len(made) // 10]), 0.01)
    assert taken(made) < 40 * small

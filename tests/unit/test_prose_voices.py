"""Who says what, construction by construction: voices amid their words, attitudes, speech that goes on."""

from __future__ import annotations

import pytest

from holdfire.reading.prose import Said, attributions, measured
from holdfire.reading.prose.sayings.measuring import REACH, precise, precision


def _of(text: str, said: Said) -> tuple[str, str, str]:
    parts = (said.source, said.cue, said.content)
    source, cue, content = (" … ".join(text[a:b] for a, b in spans) for spans in parts)
    return source, cue, content


def _outer(text: str) -> list[tuple[str, str, str]]:
    return [_of(text, each) for each in attributions(text) if not each.nested]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a voice that breaks into what it says, or stands behind a gap in it
        (
            "The bridge, engineers said, is safe.",
            ("engineers", "said", "The bridge … is safe"),
        ),
        (
            "The route, which residents say is mined, stays shut.",
            ("residents", "say", "which … is mined"),
        ),
        (
            "It was a move they said would help.",
            ("they", "said", "a move … would help"),
        ),
        (
            "They fell into what he called a trap.",
            ("he", "called", "what … a trap"),
        ),
        # a voice after its cue keeps all that is said of it
        (
            "“We left,” said Mara Roe, an envoy who came in May.",
            ("Mara Roe, an envoy who came in May", "said", "“We left,”"),
        ),
        # where the clause is long, or the setting stands between
        (
            "The mayor said farmers living along the river had fled.",
            ("The mayor", "said", "farmers living along the river had fled"),
        ),
        (
            "The mayor said of the river, at a meeting with farmers, that it was low.",
            ("The mayor", "said", "that it was low"),
        ),
        (
            "The mayor said in a statement the river was low.",
            ("The mayor", "said", "the river was low"),
        ),
        # counts and pronouns that speak
        ("Four in ten say they would leave.", ("Four in ten", "say", "they would leave")),
        ("Another says it is over.", ("Another", "says", "it is over")),
        # attitudes
        ("The envoy is alarmed by the delay.", ("The envoy", "is alarmed", "the delay")),
        ("Villagers distrust the patrols.", ("Villagers", "distrust", "the patrols")),
        (
            "The envoy spoke out sharply against the delay.",
            ("The envoy", "spoke out sharply against", "the delay"),
        ),
        (
            "The envoy talked to farmers about the delay.",
            ("The envoy", "talked to farmers about", "the delay"),
        ),
        ("The envoy had no praise for the plan.", ("The envoy", "had no praise for", "the plan")),
        (
            "The two sides continued to insist that they had won.",
            ("The two sides", "continued to insist", "that they had won"),
        ),
        (
            "The envoy called the delay on Friday a mistake.",
            ("The envoy", "called", "the delay on Friday a mistake"),
        ),
        (
            "The ministry blamed the weather for the delay.",
            ("The ministry", "blamed", "the weather for the delay"),
        ),
    ],
)
def test_construction(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in _outer(text)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The mayor said it was over and called for calm.", "it was over"),
        ("The mayor said that it was over, adding that he was glad.", "that it was over"),
        ("The mayor said it was over, but the envoy insisted that it was not.", "it was over"),
        ("As the mayor said it was over, the crowd left the square.", "it was over"),
        ("The mayor praised the nurses and left for the capital.", "the nurses"),
        ("The mayor, who says it is over, left the town.", "it is over"),
    ],
)
def test_a_content_ends_where_the_voice_does(text: str, content: str) -> None:
    assert content in {said[2] for said in _outer(text)}


def test_two_voices_side_by_side_are_both_outermost() -> None:
    text = "The mayor said it was over, but the envoy insisted that it was not."
    assert {said[0] for said in _outer(text)} == {"The mayor", "the envoy"}


def test_a_quotation_goes_on_into_the_next_sentences() -> None:
    text = "“It is over,” the mayor said. “We all go home. Thank you.” The square was empty."
    (said,) = _outer(text)
    assert said == ("the mayor", "said", "“It is over,” … “We all go home. Thank you.”")


def test_a_new_voice_ends_a_quotation_that_goes_on() -> None:
    text = "“It is over,” the mayor said. “It is not,” the envoy said."
    assert _outer(text) == [("the mayor", "said", "“It is over,”"), ("the envoy", "said", "“It is not,”")]


def test_a_colon_hands_the_next_paragraph_to_its_voice() -> None:
    text = "The town is quiet.\n\nIt is over, and the mayor said:\n\n“It is. We all go home.”\n\nNobody left."
    assert _outer(text) == [("the mayor", "said", "“It is. We all go home.”")]


def test_a_colon_with_nothing_after_it_says_nothing() -> None:
    assert attributions("The mayor said:") == []


@pytest.mark.parametrize(
    "text",
    [
        "The army would reject the plan.",
        "He was accused of praising the raid by mistake.",
        "They tried to reach the bridge.",
        "The need for bread is great.",
        "It was a plan to leave.",
        "There was a home on the hill.",
    ],
)
def test_what_nobody_says_is_no_attribution(text: str) -> None:
    assert not [said for said in attributions(text) if said.group in ("support", "oppose", "try", "tries")]


def test_what_seems_so_has_no_voice_and_is_not_asserted_as_fact() -> None:
    text = "The truce seems to be holding."
    assert _outer(text) == [("", "seems", "The truce … to be holding")]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The mayor wants the shelling to stop.", "asserts"),
        ("The mayor deplored the shelling of the market.", "opposes"),
        ("The mayor lauded the truce.", "supports"),
        ("The mayor apologised for the shelling.", "admits"),
        ("The mayor ordered an inquiry.", "demands"),
    ],
)
def test_stance_of_an_attitude(text: str, stance: str) -> None:
    assert [said.stance for said in attributions(text)] == [stance]


def test_a_rule_has_its_measured_precision() -> None:
    right, of = measured("that say") or (0, 0)
    assert 0.8 < right / of <= 1
    assert measured("no such rule") is None


def test_an_unmeasured_rule_is_not_precise() -> None:
    assert precision("no such rule", "say") < REACH
    assert not precise("no such rule", "say")
    assert precise("that", "say")


def test_the_precise_setting_keeps_what_is_said_and_drops_what_is_doubtful() -> None:
    text = "The mayor said that it was over. There was much talk and apparently some doubt."
    kept = [_of(text, said) for said in attributions(text, precise=True)]
    assert kept == [("The mayor", "said", "that it was over")]
    assert len(attributions(text)) > 1

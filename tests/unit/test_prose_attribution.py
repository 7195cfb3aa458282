"""Who says what: source, cue and content as spans of the text; nested voices; quotations."""

from __future__ import annotations

import pytest

from holdfire.reading.prose import Said, attributions


def _only(text: str) -> tuple[str, str, str]:
    found = [said for said in attributions(text) if not said.nested]
    assert len(found) == 1, [(said.rule, _of(text, said)) for said in found]
    return _of(text, found[0])


def _of(text: str, said: Said) -> tuple[str, str, str]:
    parts = (said.source, said.cue, said.content)
    source, cue, content = (" … ".join(text[a:b] for a, b in spans) for spans in parts)
    return source, cue, content


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("The army said that it had left.", "The army", "said", "that it had left"),
        ("The army said it had left.", "The army", "said", "it had left"),
        ("It had left, the army said.", "the army", "said", "It had left"),
        ("It had left, said the army.", "the army", "said", "It had left"),
        ("“We have left,” the army said on Monday.", "the army", "said", "“We have left,”"),
        (
            "“We have left,” said General Roe, an army spokesman.",
            "General Roe, an army spokesman",
            "said",
            "“We have left,”",
        ),
        ("The army said on Monday that it had left.", "The army", "said", "that it had left"),
        ("The army said in a statement that it had left.", "The army", "said", "that it had left"),
        ("According to the army, the rebels left.", "the army", "According to", "the rebels left"),
        ("The rebels left, according to the army.", "the army", "according to", "The rebels left"),
        ("The army told reporters that it had left.", "The army", "told", "that it had left"),
        (
            "General Roe, an army spokesman, said it had left.",
            "General Roe, an army spokesman",
            "said",
            "it had left",
        ),
        ("The army accused the rebels of firing first.", "The army", "accused", "the rebels of firing first"),
        ("The army called on the rebels to leave.", "The army", "called on", "to leave"),
        ("The army denied the claim.", "The army", "denied", "the claim"),
        ("As the army noted, the rebels have left.", "the army", "noted", "the rebels have left"),
        (
            "The army’s claim that the rebels left was false.",
            "The army’s",
            "claim",
            "that the rebels left was false",
        ),
        ("The rebels were said to have left.", "", "were said", "The rebels … to have left"),
        ("The army expressed concern about the rebels.", "The army", "expressed concern about", "the rebels"),
        ("The rebels, who say they left, are back.", "The rebels, who", "say", "they left"),
    ],
)
def test_construction(text: str, source: str, cue: str, content: str) -> None:
    assert _only(text) == (source, cue, content)


def test_one_voice_inside_another_is_nested() -> None:
    text = "The Gazette reported that the army denied the claim."
    outer, inner = attributions(text)
    assert (outer.nested, inner.nested) == (False, True)
    assert _of(text, outer)[0] == "The Gazette"
    assert _of(text, inner)[0] == "the army"


def test_what_someone_is_quoted_as_saying_has_two_voices() -> None:
    text = "The offer was made, the report quoted an official as saying."
    said = {_of(text, each)[0]: each.stance for each in attributions(text)}
    assert said == {"the report": "asserts", "an official": "asserts"}


@pytest.mark.parametrize(
    "text",
    [
        "The army reports to the minister.",
        "Plans for the offer were drawn.",
        "The claims were many.",
        "He says.",
        "A so-called expert left.",
        "The polling station closed at noon.",
    ],
)
def test_a_bare_word_is_not_enough(text: str) -> None:
    assert attributions(text) == []


def test_spans_count_the_text_as_it_is() -> None:
    text = "\ufeff\u00a0 “We\u200b left,”  the\u00a0army said."
    (said,) = attributions(text)
    assert [text[a:b] for a, b in said.cue] == ["said"]
    assert [text[a:b] for a, b in said.content] == ["“We\u200b left,”"]


def test_a_headline_names_its_voice() -> None:
    text = "Rebels left the town: Report\n\nThe town is quiet again, and its people are back in their homes."
    (said,) = attributions(text)
    assert _of(text, said) == ("Report", ":", "Rebels left the town")


def test_a_voice_in_a_quotation_speaks_only_inside_it() -> None:
    text = "“He says he saw nothing,” the army said. Nobody else was there."
    inner = next(each for each in attributions(text) if each.nested)
    assert _of(text, inner)[2] == "he saw nothing"

"""Constructions of saying beyond the plainest: where contents end, and what else can be a cue."""

from __future__ import annotations

import pytest

from holdfire.reading.prose import Said, attributions


def _parts(text: str, said: Said) -> tuple[str, str, str]:
    source, cue, content = (
        " … ".join(text[a:b] for a, b in spans) for spans in (said.source, said.cue, said.content)
    )
    return source, cue, content


def _outermost(text: str) -> list[tuple[str, str, str]]:
    return [_parts(text, said) for said in attributions(text) if not said.nested]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("The envoy threatened to veto the draft.", "The envoy", "threatened", "to veto the draft"),
        ("The union refused to back the plan.", "The union", "refused", "to back the plan"),
        ("The mayor called for more “flexibility”.", "The mayor", "called for", "“flexibility”"),
        (
            "The mayor accused the council, which he leads, of lying.",
            "The mayor",
            "accused",
            "the council, which he leads, of lying",
        ),
        ("The court deemed the claim false.", "The court", "deemed", "the claim false"),
        ("Farmers viewed him favourably.", "Farmers", "viewed", "him favourably"),
        ("But as the envoy noted, the road is shut.", "the envoy", "noted", "the road is shut"),
        ("The envoy announced plans to leave.", "The envoy", "announced", "plans to leave"),
        ("Women back him.", "Women", "back", "him"),
        ("Two-thirds support reducing the tax.", "Two-thirds", "support", "reducing the tax"),
        ("The visit drew criticism from farmers.", "farmers", "drew criticism from", "The visit"),
        ("The ministry put the toll at 12.", "The ministry", "put", "the toll at 12"),
        ("The envoy is against the deal.", "The envoy", "is against", "the deal"),
        ("The envoy is in favour of the deal.", "The envoy", "is in favour of", "the deal"),
        ("It is unclear whether the road is open.", "", "is unclear", "whether the road is open"),
        ("Their fear is that the truce ends.", "Their", "fear is", "that the truce ends"),
        ("The envoy warned farmers of delays.", "The envoy", "warned", "delays"),
        ("The plan was seen by some as a trap.", "some", "was seen by", "The plan … as a trap"),
        ("The council debated the plan.", "The council", "debated", "the plan"),
        ("The envoy inveighed against the plan.", "The envoy", "inveighed against", "the plan"),
        ("An executive says that it is over.", "An executive", "says", "that it is over"),
        ("Farmers keep working and fear they will leave.", "Farmers", "fear", "they will leave"),
        (
            "The road is shut, said Roe, whose group leads the work.",
            "Roe, whose group leads the work",
            "said",
            "The road is shut",
        ),
        ("“It is over,” the mayor shot back.", "the mayor", "shot back", "“It is over,”"),
        (
            "In a poll by the institute, most farmers want rain.",
            "a poll by the institute",
            "In",
            "most farmers want rain",
        ),
    ],
)
def test_construction(text: str, source: str, cue: str, content: str) -> None:
    assert (source, cue, content) in _outermost(text)


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("The mayor denied that he left, but the envoy praised him.", ["denied", "praised"]),
        ("The mayor praised the plan while the envoy rejected it.", ["praised", "rejected"]),
        ("When the mayor spoke of the plan, the envoy rejected it.", ["spoke of", "rejected"]),
        ("Farmers who praised the plan warned that it may fail.", ["praised", "warned"]),
        ("The mayor rejected the plan, which the envoy said was dead.", ["rejected", "said"]),
    ],
)
def test_a_voice_with_a_clause_of_its_own_stands_by_itself(text: str, cues: list[str]) -> None:
    assert [cue for _, cue, _ in _outermost(text)] == cues


def test_a_clause_of_the_content_stays_in_it() -> None:
    text = "The mayor said that the bridge fell and the road was cut."
    assert _outermost(text) == [("The mayor", "said", "that the bridge fell and the road was cut")]


@pytest.mark.parametrize(
    "text",
    [
        "He came back the next day.",
        "The goal is to win.",
        "The fence leans against the wall.",
        "The votes in a poll are counted.",
    ],
)
def test_what_only_looks_like_a_cue(text: str) -> None:
    assert _outermost(text) == []

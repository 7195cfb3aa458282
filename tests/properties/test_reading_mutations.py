"""A change of one thing in a text changes that field of its claim and no other, whatever the claim is of.

Claims are compared by the words of their fields, not by where they stand, so that a longer text is no change.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from holdfire.reading import prose
from holdfire.tables import rows
from prosing import context, report

# Subject, verb phrase, its negation, type: each is put among the same places, days and voices.
ACTS = [
    ("the Northern Army", "shelled {place} {day}", "did not shell {place} {day}", "attack.shelling"),
    ("the Northern Army", "bombed a market in {place} {day}", "did not bomb a market in {place} {day}",
     "attack.bombardment"),
    ("the River Brigade", "attacked a post in {place} {day}", "did not attack a post in {place} {day}",
     "attack.violence"),
    ("the River Brigade", "ambushed a patrol near {place} {day}",
     "did not ambush a patrol near {place} {day}", "attack.ambush"),
    ("the River Brigade", "captured {place} {day}", "did not capture {place} {day}", "control.territory"),
    ("the Northern Army", "arrested 12 men in {place} {day}", "did not arrest 12 men in {place} {day}",
     "detention.arrest"),
    ("the Northern Army", "broke the truce in {place} {day}", "did not break the truce in {place} {day}",
     "ceasefire.violation"),
    ("the River Brigade", "withdrew from {place} {day}", "did not withdraw from {place} {day}",
     "military.withdraw"),
]  # fmt: skip
PUBLISHED = "2031-03-06"


def view(text: str, kind: str, published: str = PUBLISHED, source: str = "gazette") -> dict[str, Any]:
    """Return the claim of a type, each field in its own words."""
    found = list(rows(prose.read(text, report(text, published=published, source=source), context())))
    alike = [row for row in found if row["event_type"] == kind]
    assert len(alike) == 1, (text, [row["event_type"] for row in found])
    (row,) = alike
    read = row.pop("reading")

    def words(span: list[int] | None) -> str | None:
        return text[slice(*span)] if span else None

    spoken = {name: words(read[name]) for name in ("time", "said", "number")}
    people = {f"{name} words": [words(span) for span in read[name] or ()] for name in ("actors", "targets")}
    places = {"places": [(p["name"], p["id"]) for p in read["places"] or ()]}
    rest = {
        k: v
        for k, v in read.items()
        if k in ("quoted", "anchor", "low", "high", "unit", "measure", "said_start")
    }
    kept = {k: v for k, v in row.items() if k not in ("claim_id", "report", "spans", "seq")}
    return kept | spoken | people | places | rest


def sentence(
    act: tuple[str, str, str, str], *, place: str = "Marrow", day: str = "on Saturday", no: bool = False
) -> str:
    who, told, denied, _ = act
    text = f"{who} {(denied if no else told).format(place=place, day=day)}."
    return text[0].upper() + text[1:]


def changed(act: tuple[str, str, str, str], text: str, **given: str) -> set[str]:
    """Return the fields in which the claim of a text differs from that of the plain sentence."""
    before, after = view(sentence(act), act[3]), view(text, act[3], **given)
    return {name for name in before if before[name] != after[name]}


EACH = pytest.mark.parametrize("act", ACTS, ids=[act[3] for act in ACTS])


@EACH
@pytest.mark.parametrize("weeks", [1, 3, 52])
def test_another_day_of_publication_moves_the_day_and_nothing_else(act: Any, weeks: int) -> None:
    later = str(date.fromisoformat(PUBLISHED) + timedelta(weeks=weeks))
    assert changed(act, sentence(act), published=later) == {"start", "end"}
    moved = view(sentence(act), act[3], published=later)["start"] - view(sentence(act), act[3])["start"]
    assert abs(moved - timedelta(weeks=weeks)) <= timedelta(hours=1)  # a clock may change between


@EACH
def test_not_turns_the_claim_over(act: Any) -> None:
    assert {"negated"} <= changed(act, sentence(act, no=True)) <= {"negated", "rules"}
    assert view(sentence(act, no=True), act[3])["negated"]


@EACH
def test_according_to_adds_a_voice_and_nothing_else(act: Any) -> None:
    plain = sentence(act)
    text = f"According to the Strip Monitor, {plain[0].lower()}{plain[1:]}"
    assert changed(act, text) == {"chain", "root", "voice", "kind", "rules"}


@EACH
def test_another_masthead_changes_the_source_and_nothing_else(act: Any) -> None:
    assert changed(act, sentence(act), source="monitor") == {"source", "chain", "root", "voice"}


@EACH
def test_another_place_changes_the_place_and_nothing_else(act: Any) -> None:
    moved = changed(act, sentence(act, place="Tarn"))
    assert {"place"} <= moved <= {"place", "places", "lat", "lon", "targets_text", "targets words", "radius"}


@EACH
def test_another_day_changes_the_time_and_nothing_else(act: Any) -> None:
    moved = changed(act, sentence(act, day="on 2 March 2031"))
    assert moved == {"start", "end", "time", "time_native", "anchor"}


@EACH
def test_the_comparison_sees_a_change(act: Any) -> None:
    """The control: another subject is seen as another actor."""
    other = sentence(("the Iron Sons", *act[1:]))
    assert "actors" in changed(act, other)

"""The types, the words that tell of them, and the page about them say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfire.reading.prose.words.lexicon import page, word_set
from holdfire.reading.types import EventType, described, event_types, families
from holdfire.records.claim import OCCURRENCES, ONE_OFF

PROMISED = word_set("""
attack.airstrike attack.bombardment attack.shelling attack.armed_clash attack.ambush attack.bombing
attack.violence ceasefire.agree ceasefire.enter_into_force ceasefire.in_force ceasefire.scope
ceasefire.extend ceasefire.suspend ceasefire.violation ceasefire.breakdown ceasefire.participation
ceasefire.end control.territory control.advance toll.deaths toll.injuries toll.displaced
toll.counting_stopped toll.data_reliability diplomacy.offer diplomacy.negotiate diplomacy.mediate
diplomacy.pressure diplomacy.seek_cooperation diplomacy.talks_collapse diplomacy.statement
military.cooperation military.intel_sharing military.joint_strikes military.overflight military.safe_zone
military.withdraw military.deploy aid.delivered aid.blocked aid.convoy_attacked detention.arrest
detention.release position.accept position.refusal position.inability position.patience
position.characterise relation.support relation.affiliation conflict.ongoing
""")

PLOVER = word_set(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION "
    "MOBILIZE COERCE ASSAULT"
)
ACLED = {"Battles", "Explosions/Remote violence", "Violence against civilians", "Strategic developments"}


def test_every_type_promised_is_there() -> None:
    assert set(event_types()) >= PROMISED


def test_types_with_words_are_types_with_meanings() -> None:
    """All but `diplomacy.statement`, which is what is left when no word tells of anything finer."""
    assert set(event_types()) - set(page("events")["types"]) == {"diplomacy.statement"}
    assert set(page("events")["types"]) <= set(event_types())


@pytest.mark.parametrize("each", event_types().values(), ids=lambda each: each.name)
def test_a_type_is_of_a_family_and_of_known_classes(each: EventType) -> None:
    assert each.family in families()
    assert each.definition.endswith(".")
    assert each.definition.count(". ") == 0
    assert each.plover is None or each.plover in PLOVER
    assert each.plover is not None or each.mode is None
    assert each.acled_event is None or each.acled_event in ACLED
    assert set(each.ucdp) <= {1, 2, 3}


def test_what_can_be_an_incident_is_a_type() -> None:
    assert set(ONE_OFF) <= set(event_types())
    assert set(OCCURRENCES) <= set(families())


def test_the_page_is_the_file(root: Path) -> None:
    text = (root / "docs" / "look-up" / "event-types.md").read_text(encoding="utf-8")
    assert text.endswith(described())

"""The time of the event and the time of the saying are two fields."""

from __future__ import annotations

import pytest

from holdfire.reading.prose.acts.dates import When, dates
from holdfire.reading.prose.acts.events import events
from holdfire.reading.prose.acts.scene import Scene
from holdfire.reading.prose.acts.timing import time_of_saying
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.sayings.attribution import attributions
from holdfire.reading.prose.words.tokens import Sentence, sentences
from holdfire.reading.time.days import anchor
from prosing import context

HERE = context()
WHERE = anchor("2031-06-30", HERE.zone)


def _words(s: Sentence, when: When | None) -> str | None:
    return None if when is None else s.text(when.start, when.end)


def _times(text: str) -> tuple[str | None, str | None]:
    """Return the words of the time of the event and of the saying."""
    (s,) = sentences(text, 0, len(text), 0, "body")
    spoken = attributions(s)
    cast = Cast(HERE, "2031-06-30")
    event = next(e for e in events(s, cast, WHERE, spoken, frozenset()) if e.type.startswith("attack."))
    scene = Scene(s, cast, spoken, [event.trigger], dates(s, WHERE), [], [])
    return _words(s, event.when), _words(s, time_of_saying(scene, event.covering))


@pytest.mark.parametrize(
    ("text", "event", "saying"),
    [
        ("The army shelled the town on Monday.", "Monday", None),
        ("The army shelled the town on Monday, residents said.", "Monday", None),
        ("On Monday, strikes killed five people, the observatory said.", "Monday", None),
        ("Strikes killed five people on Sunday, the observatory said on Monday.", "Sunday", "Monday"),
        ("Earlier in June, the minister warned that the army had shelled the town.", None, "Earlier in June"),
        (
            "Earlier in June, the minister warned that the army had shelled the town on 3 June.",
            "3 June",
            "Earlier in June",
        ),
        ("The ministry said on Monday that its forces had bombed Marrow on Sunday.", "Sunday", "Monday"),
        ("The ministry on Tuesday said that rebels had shelled Marrow.", None, "Tuesday"),
        ("Officials who had fled on Tuesday said that rebels had shelled Marrow.", None, None),
        ("The group said in a statement on Monday that it had shelled the town.", None, "Monday"),
        (
            "The envoy told reporters in the capital on Monday that shelling had resumed on Saturday.",
            "Saturday",
            "Monday",
        ),
        ('"They shelled the town on Sunday," the mayor said Tuesday.', "Sunday", "Tuesday"),
        (
            "In an interview published on Monday, the mayor said the army had shelled the town.",
            None,
            "Monday",
        ),
        ("The ministry denied on Monday that it had shelled the town last week.", "last week", "Monday"),
    ],
)
def test_times(text: str, event: str | None, saying: str | None) -> None:
    assert _times(text) == (event, saying)


def test_a_report_of_a_month_is_dated_by_it_and_not_what_it_tells() -> None:
    text = "According to a February report by the centre, rebels shelled Marrow."
    assert _times(text) == (None, "February")

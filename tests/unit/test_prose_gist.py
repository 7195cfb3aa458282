"""What one article says of its main event."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfire.reading.prose.gist import NOTHING, gist, gists
from holdfire.times import Interval
from prosing import read

PUBLISHED = Interval(datetime(2031, 3, 6, tzinfo=UTC), datetime(2031, 3, 7, tzinfo=UTC))

ARTICLE = (
    "Shelling kills nine in Marrow\n\n"
    "Shelling by the Northern Army killed nine people in Marrow on Monday, the Strip Monitor said. Among the "
    "dead were two children.\n\n"
    "In May 2030 an airstrike killed 40 people in Tarn.\n\n"
    "The River Brigade said the shelling also wounded 12 people.\n"
)


def test_the_lead_is_the_main_event_and_history_is_not() -> None:
    found = gist(read(ARTICLE), PUBLISHED)
    assert found.event_type == "attack.shelling"
    assert (found.place, found.admin1, found.actors) == ("Marrow", "Varn", ("north",))
    assert found.killed == (9, 9)
    assert found.when is not None
    assert found.when.start is not None
    assert found.when.start.year == 2031


@pytest.mark.parametrize(
    "text", ["The parties met on Monday in Marrow.\n", "The army plans to shell Marrow.\n", ""]
)
def test_an_article_that_tells_of_no_event_has_no_gist(text: str) -> None:
    assert gist(read(text)) == NOTHING


def test_no_claim_of_another_area_or_day_fills_what_is_left_open() -> None:
    text = "Shelling hit Marrow on Monday.\n\nShelling killed five people in Esk on 25 February.\n"
    assert gist(read(text), PUBLISHED).killed in ((None, None), (5, 5))


@pytest.mark.parametrize(
    ("text", "civilians", "combatants"),
    [
        ("Shelling in Marrow killed five civilians and three fighters.\n", (5, 5), (3, 3)),
        ("Shelling in Marrow killed 12 soldiers.\n", (None, None), (12, 12)),
        ("Shelling in Marrow killed nine people, including two children.\n", (2, None), (None, None)),
        ("Shelling in Marrow killed a woman and two children.\n", (3, 3), (None, None)),
        ("Shelling hit Marrow.\n", (None, None), (None, None)),
    ],
)
def test_the_dead_by_what_they_were(text: str, civilians: object, combatants: object) -> None:
    found = gist(read(text))
    assert (found.civilians, found.combatants) == (civilians, combatants)


def test_a_figure_goes_before_a_vague_word() -> None:
    text = "Shelling kills dozens in Marrow\n\nShelling killed at least 21 civilians in Marrow on Monday.\n"
    assert gist(read(text), PUBLISHED).killed == (21, None)


def test_who_is_counted_among_the_dead_did_not_do_it() -> None:
    found = gist(
        read("Ten soldiers of the Northern Army were killed in clashes with the River Brigade in Marrow.\n")
    )
    assert "north" not in found.actors


def test_a_small_place_in_a_governorate_that_is_never_named_is_doubted() -> None:
    text = "Shelling killed five people in Marrow on Monday.\n"
    assert gist(read(text), PUBLISHED, ["Varn"]).admin1 == "Varn"
    assert gist(read(text), PUBLISHED, ["Esk", "Esk"]).admin1 == "Esk"
    assert gist(read(text), PUBLISHED, ["Esk"]).admin1 == "Varn"


def test_every_claim_of_an_event_is_in_one_gist() -> None:
    rows = read(ARTICLE)
    found = [claim for each in gists(rows, PUBLISHED) for claim in each.claims]
    assert len(found) == len(set(found))
    assert gist(rows, PUBLISHED).claims[0] in found


def test_a_coarse_attack_takes_the_finer_kind_its_article_gives_it() -> None:
    text = "An attack killed five people in Marrow on Monday.\n\nThe car bomb exploded in Marrow, it said.\n"
    assert gist(read(text), PUBLISHED).event_type == "attack.bombing"

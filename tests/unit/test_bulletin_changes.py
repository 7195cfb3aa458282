"""One sentence an area, the same finding in both languages; what effort explains is no fighting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from builders import ZONE, a_material
from holdfire.publishing.bulletin import Bulletin, content
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.publishing.pages.typeset import Typesetter
from holdfire.publishing.values import Line, Table
from holdfire.records.change import Basis, Change, Course, Effort, Percent, Seeing
from holdfire.records.counting import Ruled, Sum
from holdfire.records.sight import Rate
from holdfire.records.spell import Level

BEFORE = Level(start=date(2031, 3, 1), end=date(2031, 4, 19), total=2_000_000, empty=0)
AFTER = Level(start=date(2031, 4, 20), end=date(2031, 5, 2), total=100_000, empty=2)
STEADY = Seeing(
    effort=Effort.STEADY,
    basis=Basis.OVERLAP,
    seen=Percent(low=80, middle=101, high=127),
    left=Percent(low=10, middle=20, high=40),
)
FALL = Change(
    day=date(2031, 3, 10),
    earliest=date(2031, 3, 10),
    latest=date(2031, 3, 10),
    chance=97,
    before=BEFORE,
    after=AFTER,
    seeing=STEADY,
    areas=(("Northmark", 80), ("Southmark", 30), ("Eastmark", -10)),
)
RISE = replace(FALL, day=date(2031, 4, 21), earliest=date(2031, 4, 20), latest=date(2031, 4, 24), chance=88)
GAP = replace(
    FALL,
    day=date(2031, 4, 28),
    seeing=Seeing(effort=Effort.EXPLAINS, basis=Basis.OTHERS, dark=3, dark_before=0),
)
WHOLE = Course(
    area="",
    basis="deaths",
    levels=(BEFORE, AFTER),
    changes=(FALL, RISE, GAP),
    spells=(),
    state="returned",
    since=RISE,
    beside=FALL,
)


def issued(*courses: Course, **more: Any) -> Bulletin:
    return content(a_material(courses=courses, **more))


def lines(bulletin: Bulletin, section: str) -> Iterator[Line]:
    (found,) = [s for s in bulletin.sections if s.key == section]
    return (block for block in found.blocks if isinstance(block, Line))


def said(bulletin: Bulletin, language: str, key: str, section: str = "trend") -> list[str]:
    """Return the sentences of a section that have this key, as they read."""
    t = Typesetter(lexicon(language), ZONE, "", "", frozenset())
    return [
        str(t.say(each.key, each.values).striptags()) for each in lines(bulletin, section) if each.key == key
    ]


def test_the_sentence_says_what_when_how_surely_and_whether_eyes_were_open() -> None:
    bulletin = issued(WHOLE, replace(WHOLE, area="Northmark", beside=replace(FALL, day=date(2031, 2, 27))))
    assert said(bulletin, "en", "state_returned") == [
        "Recorded fighting in all areas together has returned to the level before 10 March 2031. The return "
        "began between 20 and 24 April 2031. Chance that the level changed then: 88 in 100. The sources saw "
        "as much as before.",
        "Recorded fighting in Northmark has returned to the level before 27 February 2031. The return began "
        "between 20 and 24 April 2031. Chance that the level changed then: 88 in 100. The sources saw as "
        "much as before.",
    ]
    assert said(bulletin, "ar", "state_returned")[0] == (
        "عاد القتال المسجل في المناطق كلها معًا إلى مستواه قبل 10 آذار/مارس 2031. وبدأت العودة بين 20 و24 "
        "نيسان/أبريل 2031. واحتمال أن يكون المستوى قد تغير حينئذ: 88 من 100. "
        "ورأت المصادر بقدر ما كانت ترى قبله."
    )
    assert len(said(bulletin, "en", "state_returned", "status")) == 1


@pytest.mark.parametrize("state", ["returned", "partly", "quiet", "risen", "fallen"])
@pytest.mark.parametrize("effort", list(Effort))
def test_every_state_and_effort_reads_in_both_languages(state: Any, effort: Effort) -> None:
    since = replace(RISE, seeing=replace(STEADY, effort=effort), latest=date(2031, 5, 2))
    bulletin = issued(replace(WHOLE, state=state, since=since))
    for language in ("en", "ar"):
        (sentence,) = said(bulletin, language, f"state_{state}")
        assert "2031" in sentence
        assert "{" not in sentence
    words = said(bulletin, "en", f"state_{state}")[0].lower()
    assert not {"safe", "violat", "breach", "fierce"} & set(words.split())


def test_an_area_whose_state_is_not_surer_than_not_gets_no_sentence_of_its_own() -> None:
    unsure = replace(WHOLE, area="Southmark", since=replace(RISE, chance=49))
    steady = replace(WHOLE, area="Eastmark", state="steady", since=None, beside=None)
    bulletin = issued(WHOLE, unsure, steady)
    (sentence,) = said(bulletin, "en", "state_unsure")
    assert sentence.endswith("was found for: Southmark, Eastmark.")
    assert len(said(bulletin, "en", "state_returned")) == 1


def test_what_effort_explains_is_said_not_to_be_fighting() -> None:
    bulletin = issued(WHOLE)
    (sentence,) = said(bulletin, "en", "change_explained")
    assert "it is not said that fighting changed" in sentence
    assert "Days without any record beside it: 3." in sentence
    assert not said(issued(replace(WHOLE, changes=(FALL, RISE))), "en", "change_explained")
    assert "no_report_is_not_no_incident" in [line.key for line in lines(bulletin, "trend")]


def test_the_table_names_the_areas_that_make_a_change_and_its_effort() -> None:
    (section,) = [s for s in issued(WHOLE).sections if s.key == "trend"]
    (table,) = [b for b in section.blocks if isinstance(b, Table) and b.key == "changes"]
    assert len(table.rows) == 3
    t = Typesetter(lexicon("en"), ZONE, "", "", frozenset())
    cells = [str(t.show(cell).striptags()) for cell in table.rows[0]]
    assert cells[0] == "on 10 March 2031"
    assert cells[1] == "97 in 100"
    assert cells[4:] == [
        "effort steady, by what several sources tell",
        "101 % (80 to 127 %)",
        "Northmark 80 %, Southmark 30 %",
    ]


def test_a_case_without_a_course_says_nothing_of_one() -> None:
    keys = {line.key for line in lines(content(a_material()), "trend")}
    assert not [key for key in keys if key.startswith(("state_", "change"))]


def test_numbers_of_two_rules_stand_in_two_rows_and_are_never_one() -> None:
    sums = tuple(
        Sum(source="paper", number=Ruled(rule=rule, low=low, high=high), claims=3, restated=2)
        for rule, low, high in (("complaint", 7, None), ("each observation", 1620, 1620))
    )
    (section,) = [s for s in content(a_material(sums=sums)).sections if s.key == "trend"]
    (table,) = [b for b in section.blocks if isinstance(b, Table) and b.key == "sums"]
    assert not table.total
    assert [row[2:] for row in table.rows][1] == ("1620", "1620", "3", "2")
    assert len(table.rows) == 2


def test_effort_tells_how_much_of_what_others_tell_each_source_tells() -> None:
    shares = (
        Rate(root="source:paper", area="", told=30, others=20, both=12),
        Rate(root="office:unknown", area="", told=5, others=20, both=1),
        Rate(root="source:paper", area="Northmark", told=3, others=0, both=0),
    )
    (section,) = [s for s in content(a_material(shares=shares)).sections if s.key == "effort"]
    (table,) = [b for b in section.blocks if isinstance(b, Table) and b.key == "shares"]
    assert [row[2:] for row in table.rows] == [("30", "20", "12")]

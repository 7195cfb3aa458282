"""A number passes from one counting rule to another only where the case says by which; it is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casemaking import a_case
from holdfire.case import Case
from holdfire.errors import BadInput
from holdfire.records.counting import (
    CONVERSIONS,
    EACH_OBSERVATION,
    INCIDENT,
    SHELLING,
    Ruled,
    as_parts,
    total,
)

MAPPING = """
claims:
  event_type: {value: attack.shelling}
  start: {column: From, format: "%Y-%m-%d %H:%M"}
  end: {column: To, format: "%Y-%m-%d %H:%M"}
  place: Place
  lat: Lat
  lon: Lon
  geo_precision: {value: point}
  quantity: Rounds
  counting_rule: {value: each observation}
"""
# Three at Ashford, the second within an hour of the first and the third not; one at Millbrook. One all day
# long and one nowhere cannot be placed.
TABLE = """From,To,Place,Lat,Lon,Rounds
2031-05-02 10:00,2031-05-02 10:10,Ashford,30.2,11.3,5
2031-05-02 10:50,2031-05-02 11:00,Ashford,30.2,11.3,7
2031-05-02 12:30,2031-05-02 12:31,Ashford,30.2,11.3,1
2031-05-02 10:05,2031-05-02 10:06,Millbrook,30.5,10.95,2
2031-05-03 00:00,2031-05-03 23:00,Ashford,30.2,11.3,9
2031-05-02 13:00,2031-05-02 13:01,Somewhere,,,4
"""
NOTE = "source: mission\npublished: 2031-05-04\nformat: mapped\nmapping: mappings/rounds.yaml\n"


def the_case(folder: Path, said: str = "") -> Case:
    case = a_case(folder, {"rounds.csv": TABLE, "rounds.csv.about.yaml": NOTE})
    (folder / "mappings").mkdir()
    (folder / "mappings" / "rounds.yaml").write_text(MAPPING, encoding="utf-8")
    head = folder / "case.yaml"
    head.write_text(said + head.read_text(encoding="utf-8"), encoding="utf-8")
    return Case(case.folder, now=case.now, by=case.by, random=case.random)


def shown(case: Case) -> tuple[str, str]:
    """Return section 5 as English and Arabic readers get it."""
    [site] = case.run("2031-05-01/2031-05-07").bulletins
    return tuple((site / name).read_text(encoding="utf-8") for name in ("index.html", "ar/index.html"))  # type: ignore[return-value]


def test_a_case_that_states_the_rule_is_shown_its_numbers_with_its_words(tmp_path: Path) -> None:
    english, arabic = shown(the_case(tmp_path / "c", "conversions: [hour-gap]\n"))
    assert "a new one begins when an hour has passed since the last observation at that place" in english
    assert "Converted by the rule that the case states: shelling incidents" in english
    row = english.partition("Converted by")[2].partition("<tbody>")[2].partition("</tr>")[0]
    assert re.findall(r"<bdi>([^<]+)<", row) == ["Monitoring mission", "3", "6", "2"]
    assert "محوّلة بالقاعدة التي تنص عليها الحالة: حوادث قصف" in arabic
    assert "بعد مضي ساعة" in arabic


def test_a_case_that_states_none_converts_nothing(tmp_path: Path) -> None:
    english, _ = shown(the_case(tmp_path / "c"))
    assert "single observations" in english, "the numbers themselves are there"
    assert "Converted by" not in english


def test_a_rule_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="conversions"):
        the_case(tmp_path / "c", "conversions: [day-gap]\n").run()


def test_incidents_and_explosions_are_not_added() -> None:
    explosions = Ruled(rule=EACH_OBSERVATION, low=1_083, high=1_083)
    for rule in (INCIDENT, SHELLING.unit, SHELLING.rule):
        with pytest.raises(BadInput, match="not added"):
            total([explosions, Ruled(rule=rule, low=3, high=3)])
    assert CONVERSIONS == {"hour-gap": SHELLING}


def test_a_report_is_held_to_its_own_total_and_to_nothing_else() -> None:
    stated, combat = (Ruled(rule="violation", low=n, high=n) for n in (242, 219))
    whole, parts = as_parts(stated, [combat, Ruled(rule="arrest", low=32, high=32)])
    assert total(parts).low - whole.low == 9
    for other in (stated, combat):
        with pytest.raises(BadInput, match="not added"):
            total([*parts, other])

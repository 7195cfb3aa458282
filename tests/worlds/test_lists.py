"""Lists of the dead of made-up countries: their truth, their mistakes, their chances."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import combinations
from math import log
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.worlds.lists import Made, four_lists, make
from holdfire.worlds.lists_entries import _slip
from holdfire.worlds.lists_people import Places, years
from holdfire.worlds.lists_plan import FOUR, SIX, ListPlan, Mistakes
from holdfire.worlds.names import names
from holdfire.worlds.names_spelling import HABITS, arabic, latin

NONE = Mistakes(**dict.fromkeys(Mistakes.__dataclass_fields__, 0.0))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    folder = tmp_path_factory.mktemp("lists")
    return folder, four_lists(6000, 7, folder)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*.parquet"))
    }


def _read(folder: Path, name: str) -> pa.Table:
    return pq.read_table(folder / f"{name}.parquet")


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        four_lists(400, seed, tmp_path / name)
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")
    assert _digests(tmp_path / "a") != _digests(tmp_path / "c")


def test_the_truth_names_a_person_for_every_entry_and_holds_no_name(made: tuple[Path, Made]) -> None:
    folder, counts = made
    listed, people = _read(folder, "truth/listed"), _read(folder, "truth/people")
    assert sum(counts.entries.values()) == len(listed)
    assert len(people) == counts.people == sum(counts.patterns.values())
    for plan in FOUR:
        rows = listed.filter(pc.equal(listed["list"], plan.name))
        assert rows["row"].to_pylist() == list(range(1, counts.entries[plan.name] + 1))
        assert set(rows["person"].to_pylist()) <= set(people["person"].to_pylist())
    assert not {"name", "name_ar", "name_en", "given", "family"} & set(
        people.column_names + listed.column_names
    )


def test_patterns_count_whom_the_entries_name(made: tuple[Path, Made]) -> None:
    folder, counts = made
    listed = _read(folder, "truth/listed")
    on: dict[int, set[str]] = {person: set() for person in range(counts.people)}
    for name, person in zip(listed["list"].to_pylist(), listed["person"].to_pylist(), strict=True):
        on[person].add(name)
    found = Counter("".join("1" if plan.name in lists else "0" for plan in FOUR) for lists in on.values())
    assert dict(found) == counts.patterns


def test_about_as_many_entries_are_made_as_were_asked_for(made: tuple[Path, Made]) -> None:
    assert sum(made[1].entries.values()) == pytest.approx(6000, rel=0.1)


def test_lists_are_dependent_and_capture_is_uneven(tmp_path: Path) -> None:
    counts = four_lists(20_000, 11, tmp_path)
    assert _odds(counts, 1, 2) > 0.5  # the observers read the memorial
    free = [replace(plan, after={}, fame=0.0, uneven=0.0, drift=0.0, women=0.0, children=0.0, fighters=0.0,
                    civilians_only=False, between=(0.0, 1.0)) for plan in FOUR]  # fmt: skip
    even = four_lists(20_000, 11, tmp_path, plans=free)
    assert all(abs(_odds(even, i, j)) < 0.15 for i, j in combinations(range(4), 2))  # the control
    shares = _by_governorate(tmp_path, even)
    assert max(shares) - min(shares) < 0.15


def test_reach_differs_between_governorates(tmp_path: Path) -> None:
    shares = _by_governorate(tmp_path, four_lists(20_000, 11, tmp_path))
    assert max(shares) - min(shares) > 0.2


def _odds(counts: Made, i: int, j: int) -> float:
    """Return the log odds ratio of being on two lists, over all people."""
    cells = Counter[tuple[str, str]]()
    for pattern, people in counts.patterns.items():
        cells[pattern[i], pattern[j]] += people
    return log(cells["1", "1"] * cells["0", "0"] / (cells["1", "0"] * cells["0", "1"]))


def _by_governorate(folder: Path, counts: Made) -> list[float]:
    """Return the share of the dead that the register holds, by governorate with fifty dead or more."""
    people, listed = _read(folder, "truth/people"), _read(folder, "truth/listed")
    on = set(listed.filter(pc.equal(listed["list"], "register"))["person"].to_pylist())
    where = Counter(people["admin1"].to_pylist())
    held = Counter(
        a for p, a in zip(people["person"].to_pylist(), people["admin1"].to_pylist(), strict=True) if p in on
    )
    return [held[a] / n for a, n in where.items() if n >= 50]


def test_a_list_without_mistakes_tells_the_truth(tmp_path: Path) -> None:
    plans = [
        ListPlan(
            name="true", title=("", ""), ages="both", script="both", share=0.5, parts=True, mistakes=NONE
        )
    ]
    four_lists(500, 5, tmp_path, plans)
    people, listed = _read(tmp_path, "truth/people"), _read(tmp_path, "truth/listed")
    rows = people.take(listed["person"])
    written = _read(tmp_path, "lists/true/part-00000")
    for mine, theirs in (("sex", "sex"), ("age", "age"), ("birth_date", "birth_date"), ("died_first", "day")):
        assert written[mine].to_pylist() == rows[theirs].to_pylist()
    assert written["name_ar"].null_count == written["given"].null_count == written["place"].null_count == 0


def test_lists_with_mistakes_do_not(made: tuple[Path, Made]) -> None:
    folder, _ = made
    people, listed = _read(folder, "truth/people"), _read(folder, "truth/listed")
    truth = people.take(listed.filter(pc.equal(listed["list"], "observers"))["person"])
    written = _read(folder, "lists/observers/part-00000")
    pairs = list(zip(written["age"].to_pylist(), truth["age"].to_pylist(), strict=True))
    said = [(a, b) for a, b in pairs if a is not None]
    assert 0.3 < 1 - len(said) / len(pairs) < 0.6
    assert 0.02 < sum(a != b for a, b in said) / len(said) < 0.25
    assert written["name_ar"].null_count == len(written)


def test_households_die_together_and_share_a_family_name(tmp_path: Path) -> None:
    plans = [ListPlan(name="all", title=("", ""), share=0.95, script="ar", parts=True, mistakes=NONE)]
    four_lists(3000, 2, tmp_path, plans)
    people = _read(tmp_path, "truth/people").take(_read(tmp_path, "truth/listed")["person"])
    entries = _read(tmp_path, "lists/all/part-00000").to_pylist()
    groups: dict[int, list[dict[str, object]]] = {}
    for house, entry in zip(people["household"].to_pylist(), entries, strict=True):
        groups.setdefault(house, []).append(entry)
    large = [group for group in groups.values() if len(group) >= 3]
    assert len(large) > 30
    bare = [max(Counter(str(e["father"]).replace("أ", "ا") for e in group).values()) for group in large]
    assert sum(count >= 2 for count in bare) / len(bare) > 0.7  # brothers and sisters
    twice = sum(len({e["name_ar"] for e in group}) < len(group) for group in large)
    assert twice / len(large) < 0.05


def test_people_of_no_household_are_seldom_kin(tmp_path: Path) -> None:
    plans = [ListPlan(name="all", title=("", ""), share=0.95, script="ar", parts=True, mistakes=NONE)]
    four_lists(3000, 2, tmp_path, plans)
    fathers = Counter(
        (e["father"], e["grandfather"], e["family"])
        for e in _read(tmp_path, "lists/all/part-00000").to_pylist()
    )
    assert max(fathers.values()) < 40  # common names recur, but no one family is everyone's


def test_a_list_that_is_distinct_holds_no_one_twice_and_another_does(made: tuple[Path, Made]) -> None:
    listed = _read(made[0], "truth/listed")
    twice = {
        plan.name: max(
            Counter(listed.filter(pc.equal(listed["list"], plan.name))["person"].to_pylist()).values()
        )
        for plan in FOUR
    }
    assert twice["register"] == 1
    assert twice["families"] > 1


def test_frequencies_of_names_are_uneven() -> None:
    held = names()
    assert held.male.share[:10].sum() > 0.35
    assert held.family.share.max() < 0.05
    assert len(held.family.arabic) > 1500


@pytest.mark.parametrize("habit", [*HABITS])
def test_every_word_is_spelt_in_its_script(habit: str) -> None:
    held = names()
    for words in (held.male, held.female, held.family):
        for word, sounds, article in zip(words.arabic, words.sounds, words.article, strict=True):
            assert not set(latin(sounds, habit, 1, article)) & set("HSDTZ@|`") - set(
                latin(sounds, habit, 1, article)[:12]
            )
            assert latin(sounds, habit, 0, article).strip()
            assert not any("a" <= letter <= "z" for letter in arabic(word, 2, article))


def test_two_clerks_seldom_write_one_name_alike() -> None:
    held = names().male
    english = [latin(sounds, "english", 0) for sounds in held.sounds]
    french = [latin(sounds, "french", 0) for sounds in held.sounds]
    assert sum(a == b for a, b in zip(english, french, strict=True)) / len(english) < 0.6


@given(
    st.text(alphabet="abcdefgh ", max_size=12), st.integers(0, 3), st.floats(0, 0.999), st.floats(0, 0.999)
)
def test_a_slip_moves_a_text_by_one_letter(text: str, kind: int, spot: float, other: float) -> None:
    slipped = _slip(text, kind, spot, other) if len(text.replace(" ", "")) else text
    assert abs(len(slipped) - len(text)) <= 1
    assert slipped[:1] == text[:1]


@settings(max_examples=60)
@given(st.dates(date(1930, 1, 1), date(2031, 1, 1)), st.integers(0, 30_000))
def test_age_is_counted_in_completed_years(born: date, lived: int) -> None:
    day = date.fromordinal(born.toordinal() + lived)
    whole = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    epoch = date(1970, 1, 1).toordinal()
    found = years(np.array([born.toordinal() - epoch]), np.array([day.toordinal() - epoch]))
    assert int(found[0]) == whole


def test_bad_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        four_lists(10, 1, tmp_path)
    with pytest.raises(BadInput, match="share a name"):
        four_lists(500, 1, tmp_path, [FOUR[0], FOUR[0]])
    nobody = pa.table(
        {
            "incident": [1],
            "day": pa.array([date(2031, 1, 1)]),
            "place": ["p"],
            "event_type": ["attack.shelling"],
            "killed": [0],
            "civilians": [0],
        }
    )
    where = Places(("p",), (("م", "P"),), np.array([0]), (("g", "غ", "G"),))
    with pytest.raises(BadInput, match="nobody died"):
        make([nobody], where, (22280, 22290), 1, tmp_path)


def test_six_lists_can_be_made(tmp_path: Path) -> None:
    counts = four_lists(3000, 1, tmp_path, SIX)
    assert min(counts.entries.values()) > 50
    assert pq.read_schema(tmp_path / "lists/mission/part-00000.parquet").metadata[b"simulated"] == b"true"

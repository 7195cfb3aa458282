"""How many died, from the lists of a case: one witness a source, scopes, refusals, attestations, no names."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from casemaking import NOW
from holdfire import counted, peopling
from holdfire.case import Case
from holdfire.cli import app
from holdfire.counted import Counted, of_case, overlaps
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.tabled.mapping import ListsFile
from holdfire.doors.count import told
from holdfire.errors import BadInput
from holdfire.folder import Folder
from holdfire.handwritten import list_counts as counts
from holdfire.holdings import Held
from holdfire.overlapping import read
from holdfire.peopling import Entries
from listing import MAPPING, a_list, by_word, deaths, list_case, ran_lists

QUICK = (DecomposableGraphs(draws=200), LogLinear(draws=200))
CANARY = "Zubekalori"
PEOPLE = 900
SOURCES = ("mission", "news", "observers")
SCOPES = {"mission": {"who": "civilians"}, "news": {"who": "everyone killed"}, "observers": {"who": ""}}
ATTESTED = """
{name}: {{by: A. Statistician, at: 2031-08-01, reason: {{en: "The keepers were asked."}}}}
"""


def lists_of(chance: float = 0.4, seed: int = 1) -> dict[str, list[dict[str, str]]]:
    """Return three independent lists of made-up people; no two have one name."""
    rng = np.random.default_rng(seed)
    on = rng.random((PEOPLE, 3)) < chance
    south = rng.random(PEOPLE) < 0.5
    return {
        name: [
            {"Name": f"{CANARY} {_word(at)}", "Gov": "South" if south[at] else "North", "Sex": "m"}
            for at in range(PEOPLE)
            if on[at, j]
        ]
        for j, name in enumerate(SOURCES)
    }


def _word(number: int) -> str:
    return "".join("bdfgklmnrs"[int(digit)] + "aeiou"[int(digit) % 5] for digit in f"{number:04d}")


def drawn(readings: Any, entries: Entries, draws: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Draw partitions: entries of one name are one person, save one in fifty, anew in each draw."""
    names = entries.deaths["name"].to_pylist()
    first: dict[str, int] = {}
    one = np.array([n if name is None else first.setdefault(name, n) for n, name in enumerate(names)])
    rng = np.random.default_rng(7)
    alone = rng.random((draws, len(one))) < 0.02
    return np.where(alone, np.arange(len(one)), one)


def exactly(readings: Any, entries: Entries, draws: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Draw the same partition each time: entries of one name are one person."""
    names = [name or f"{at}" for at, name in enumerate(entries.deaths["name"].to_pylist())]
    return np.tile(np.unique(names, return_inverse=True)[1], (draws, 1))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case with three lists, run."""
    folder = tmp_path_factory.mktemp("counted") / "case"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peopling, "link", by_word)
        files = {f"{name}.csv": (name, a_list(*people)) for name, people in lists_of().items()}
        files["again.csv"] = ("mission", a_list(*lists_of()["mission"][:30], {"Name": "", "Arabic": ""}))
        list_case(folder, files).run()
    return folder


@pytest.fixture(autouse=True)
def by_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "partitions", drawn)


def asked(folder: Path, text: str, draws: int = 5) -> Counted:
    file = folder / "hand" / "counting.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    try:
        return of_case(Case(Folder(folder), now=lambda: NOW), draws=draws, chosen=QUICK)
    finally:
        file.unlink()


def test_the_table_of_overlaps_is_that_of_the_middle_linkage_and_can_be_counted(
    whole: Path, tmp_path: Path
) -> None:
    plain, strata = asked(whole, ""), asked(whole, "strata: [admin1]\n")
    for found in (plain, strata):
        assert found.across
        text = overlaps(found)
        rows = list(csv.DictReader(io.StringIO(text)))
        assert sum(int(row["n"]) for row in rows) == found.across.documented[found.across.middle]
        seen = sorted(found.across.documented.values())
        assert seen[0] <= found.across.documented[found.across.middle] <= seen[-1]
        assert CANARY not in text
        for name in SOURCES:
            on = sum(int(row["n"]) for row in rows if row[name] == "1")
            assert on == pytest.approx({e.source: e.people for e in found.witnesses}[name], abs=5)
        file = tmp_path / "overlaps.csv"
        file.write_text(text, encoding="utf-8")
        by = ("stratum",) if found is strata else ()
        read_again = read(file, ListsFile(by=by))
        assert read_again.lists == SOURCES
        assert {each.labels for each in read_again.strata} == ({("North",), ("South",)} if by else {()})
        tables = found.across.tables[found.across.middle]
        assert sorted(e.table.digest for e in read_again.strata) == sorted(e.digest for e in tables.values())
    barred = replace(plain, across=None)
    with pytest.raises(BadInput, match="may not be used together"):
        overlaps(barred)


def codes(reasons: Sequence[Any]) -> set[str]:
    return {each.code for each in reasons}


def test_the_truth_is_in_the_interval_and_lists_of_a_source_are_one(whole: Path) -> None:
    found = asked(whole, "")
    assert [(each.source, each.reports) for each in found.witnesses] == [
        ("mission", 2), ("news", 1), ("observers", 1),
    ]  # fmt: skip
    assert (found.unnamed, len(found.witnesses)) == (1, 3)
    assert found.across
    assert found.across.stated
    stated = found.across.stated
    documented, low, high = found.documented
    assert low <= documented <= high < stated.middle
    assert high > low, "links are drawn anew, so the number of people moves"
    assert stated.low <= PEOPLE <= stated.high
    assert stated.shares.linkages > 0
    assert codes(found.conditions) == {"closed_not_attested", "alike_not_attested"}
    assert asked(whole, "").across.stated == stated  # type: ignore[union-attr]


def test_strata_are_told_apart_and_nobody_is_lost(whole: Path) -> None:
    found = asked(whole, "strata: [admin1, sex]")
    assert found.across
    names = {name.split(" · ")[0].lower() for name in found.across.strata}
    assert len(names) == 2
    assert found.missing.keys() == {"admin1", "sex"}
    for draw, people in found.across.documented.items():
        assert people == sum(each[draw] for each in found.across.strata.values())


def test_missing_labels_are_drawn_and_mixed(whole: Path) -> None:
    pytest.importorskip("sklearn")
    hidden = counted.grouped

    def some(sheet: Any, groups: Any) -> Any:
        made = hidden(sheet, groups)
        return replace(
            made, labels={**made.labels, "admin1": np.where(made.patterns == 1, -1, made.labels["admin1"])}
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "grouped", some)
        plain = asked(whole, "strata: [admin1]", draws=2)
        drawn = asked(whole, "{strata: [admin1], imputations: 3}", draws=2)
    assert plain.outside > 50
    assert plain.imputed is None
    assert drawn.outside == 0
    assert drawn.imputed
    assert drawn.imputed[0] == drawn.documented[0]
    assert drawn.across
    assert drawn.across.draws == 6
    assert drawn.missing["admin1"] > 0.1


def test_attestations_take_conditions_away_and_are_kept(whole: Path) -> None:
    found = asked(whole, ATTESTED.format(name="closed") + ATTESTED.format(name="alike"))
    assert found.conditions == ()
    assert found.asked.closed
    assert found.asked.closed.by == "A. Statistician"
    with pytest.raises(BadInput, match=r"counting\.yaml"):
        asked(whole, 'closed: {at: 2031-08-01, reason: {en: "Someone said so."}}')


def test_lists_of_other_people_are_not_used_together(tmp_path: Path, whole: Path) -> None:
    import shutil

    folder = tmp_path / "case"
    shutil.copytree(whole, folder)
    mapping = folder / "mappings" / "list.yaml"
    mapping.write_text(MAPPING.replace("scope:", "x:").replace("x: {who", "scope: {cite: c, who"), "utf-8")
    assert asked(folder, "").across, "the same words, with where they were read"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "_scopes", lambda *_: SCOPES)
        barred = asked(folder, "")
        assert barred.across is None
        assert codes(barred.refused) == {"scopes_differ", "scope_unknown"}
        assert barred.documented[0] > 0
        assert asked(folder, ATTESTED.format(name="alike")).across


def test_nothing_printed_is_a_name(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfire.counting.across.few", lambda lists: QUICK)
    said = CliRunner().invoke(app, ["count", "--case", str(whole), "--draws", "3"], catch_exceptions=False)
    assert said.exit_code == 0
    assert "documented: " in said.output
    assert "estimated in all: " in said.output
    assert "only if: all lists mean the same people" in said.output
    plain = CliRunner().invoke(app, ["count", "--case", str(whole), "--draws", "3", "--json"])
    assert json.loads(plain.output)["estimated"]["level"] == 0.95
    for output in (said.output, plain.output):
        assert CANARY not in output


def test_what_a_person_signs_is_in_the_next_bulletin(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    shutil.copytree(whole, folder := tmp_path / "case")
    monkeypatch.setattr("holdfire.counting.across.few", lambda lists: QUICK)
    monkeypatch.setattr(peopling, "link", by_word)
    words = ["count", "--case", str(folder), "--draws", "3", "--sign", "A. Statistician"]
    assert "signed by A. Statistician" in CliRunner().invoke(app, words, catch_exceptions=False).output
    written = (folder / "hand" / "counts.yaml").read_text(encoding="utf-8")
    assert CANARY not in written
    ran = Case(Folder(folder), now=lambda: NOW).run()
    page = (ran.bulletins[-1] / "index.html").read_text(encoding="utf-8")
    assert "From lists of the dead" in page
    assert "Estimated" not in page.split("From lists of the dead")[0][-200:]
    assert CANARY not in page
    (count,) = counts(Folder(folder))
    assert count.estimated
    assert count.scope == ("people killed by violence, civilian or not", "the strip", "may 2031")
    assert [set(words) for words in count.conditions] == [{"en", "ar"}] * 2


BAD: dict[str, tuple[dict[str, list[int]], str]] = {
    "copied": ({"mission": [*range(200)], "news": [*range(150, 300)], "observers": [*range(200)][::-1]}, ""),
    "nearly": ({"mission": [*range(200)], "news": [*range(150, 300)], "observers": [*range(197)]}, "copy"),
    "within": ({"mission": [*range(200)], "news": [*range(150, 300)], "observers": [*range(90)]}, "part"),
    "one": ({"mission": [*range(200)], "news": [*range(150, 300)], "observers": [7]}, "too_few_lists"),
    "none": (
        {"mission": [*range(90)], "news": [*range(90, 190)], "observers": [*range(190, 260)]}, "no_overlap",
    ),
    "two": ({"mission": [*range(200)], "news": [*range(150, 300)]}, "too_few_lists"),
    "alone": ({"mission": [*range(200)]}, "too_few_lists"),
}  # fmt: skip
"""Lists that give no number: who is on each, and the reason."""
FINE = {
    name: [at for at in range(400) if np.random.default_rng([j, at]).random() < 0.4]
    for j, name in enumerate(SOURCES)
}


def counted_of(
    whole: Path, lists: dict[str, list[int]], monkeypatch: pytest.MonkeyPatch, aged: bool = True
) -> Counted:
    """Return what counting says of lists of people by number; `aged`: no list has the words of another."""
    there = peopling.gather

    def entries(readings: Any, held: Any) -> Entries:
        known = {each.report.source: each for each in there(readings, held).lists}
        known["wire"] = with_source(known["news"], "wire")
        made = []
        for j, (name, people) in enumerate(lists.items()):
            said = ({"Name": f"{CANARY} {_word(at)}", "Age": str(30 + j * aged)} for at in people)
            table = deaths(a_list(*said))
            report = table.column_names.index("report")
            ids = pa.array([known[name].report.id] * len(people), pa.string())
            made.append(table.set_column(report, table.schema.field(report), ids))
        return Entries(tuple(known[name] for name in lists), pa.concat_tables(made))

    monkeypatch.setattr(counted, "gather", entries)
    monkeypatch.setattr(counted, "partitions", exactly)
    return asked(whole, "", draws=2)


def with_source(held: Held, source: str) -> Held:
    return replace(held, report=replace(held.report, source=source, id=held.report.id[::-1]))


@pytest.mark.parametrize("name", sorted(BAD))
def test_lists_that_are_no_witnesses_give_a_word_and_no_number(
    name: str, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists, code = BAD[name]
    found = counted_of(whole, lists, monkeypatch, aged=bool(code))
    assert found.across
    assert found.across.stated is None
    assert found.documented[0] == len({person for each in lists.values() for person in each})
    if code:
        assert code in codes(found.refused)
    else:
        assert codes(found.refused) == {"too_few_lists"}
        assert [each.copied for each in found.witnesses] == [("observers",), ()]
    said = "\n".join(told(found))
    assert "no number: " in said
    assert "estimated in all" not in said
    assert "only if" not in said, "there is nothing that would hold only if"
    assert CANARY not in said


def test_lists_that_are_witnesses_give_a_number(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = counted_of(whole, FINE, monkeypatch)
    assert found.refused == ()
    assert "estimated in all" in "\n".join(told(found))
    assert found.notes == ()


def test_a_list_of_one_person_is_documented_and_told(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lone = counted_of(whole, {**FINE, "wire": [7]}, monkeypatch)
    assert lone.across
    assert lone.across.stated
    assert [each.code for each in lone.notes] == ["single_record"]
    assert any("with one person each: wire" in line for line in told(lone))


WORDS = ("مدني", "مقاتل", "-", "")
"""Civilian, combatant, unknown and nothing, as the lists write it."""


def of_some(whole: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: float = 0.8) -> Counted:
    """Return what is counted of lists of civilians, every third a combatant, as a text asks."""
    there = peopling.gather
    rng = np.random.default_rng(11)

    def entries(readings: Any, held: Any) -> Entries:
        known = {each.report.source: each for each in there(readings, held).lists}
        made = []
        for name, people in MANY.items():
            told = [
                {
                    "Name": f"{CANARY} {_word(at)}",
                    "Status": WORDS[at % 3 == 0] if rng.random() < said else WORDS[2 + (rng.random() < 0.5)],
                    "Died": f"{1 + at % 28:02d}/05/2031" if at % 5 else "" if at % 2 else "01/06/2031",
                    "Age": str(30 + len(made)),
                }
                for at in people
            ]
            table = deaths(a_list(*told))
            report = table.column_names.index("report")
            ids = pa.array([known[name].report.id] * len(people), pa.string())
            made.append(table.set_column(report, table.schema.field(report), ids))
        return Entries(tuple(known[name] for name in MANY), pa.concat_tables(made))

    monkeypatch.setattr(counted, "gather", entries)
    monkeypatch.setattr(counted, "partitions", exactly)
    return asked(whole, text, draws=2)


MANY = {
    name: [at for at in range(PEOPLE) if np.random.default_rng([j, at]).random() < 0.5]
    for j, name in enumerate(SOURCES)
}


def test_only_those_asked_for_are_counted_and_who_is_left_out_is_told(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = of_some(whole, monkeypatch, "")
    assert everyone.whom.left_out == {}
    assert everyone.documented == everyone.whom.everyone
    assert sum(everyone.whom.statuses.values()) == everyone.documented[0]
    assert everyone.whom.undated == len(
        {at for each in MANY.values() for at in each if at % 5 == 0 and at % 2}
    )
    assert [str(day) for day in everyone.whom.died or ()] == ["2031-05-01", "2031-06-01"]
    assert "said_or_not" not in codes(everyone.conditions)
    some = of_some(whole, monkeypatch, "among: {status: [civilian], from: 2031-05-01, until: 2031-05}")
    left = some.whom.left_out
    assert {why for name, why in left if name == "status"} >= {"combatant", "unknown", "not_said"}
    assert {why for name, why in left if name == "died"} == {"not_said", "outside"}
    assert some.documented[0] + sum(left.values()) == some.whom.everyone[0] == everyone.documented[0]
    assert all(some.whom.unused.values())
    assert "said_or_not" in codes(some.conditions)
    said = "\n".join(told(some))
    assert "counted: people whom lists call civilians, who died from 2031-05-01 to 2031-05-31" in said
    for people in left.values():
        assert f"{people:>9,}  people left out: " in said
    assert CANARY not in said
    assert "counted: everyone on these lists" in "\n".join(told(everyone))


def test_the_number_of_civilians_is_held_though_lists_do_not_say_it_of_all(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = of_some(whole, monkeypatch, "among: {status: [civilian]}")
    civilians = PEOPLE - len(range(0, PEOPLE, 3))
    assert found.across
    assert found.across.stated
    assert found.across.stated.low <= civilians <= found.across.stated.high
    everyone = of_some(whole, monkeypatch, "")
    assert everyone.across
    assert everyone.across.stated
    assert not everyone.across.stated.low <= civilians <= everyone.across.stated.high


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("among: {from: 2031-06-02, until: 2031-05-01}", "the days end 2031-05-01, before they begin"),
        ("among: {from: soon}", '"soon" is not a date'),
        ("among: {status: [soldier]}", "soldier"),
        ("among: {from: 2040-01-01}", "none is said to be one of those"),
    ],
)
def test_what_is_asked_wrongly_of_people_is_said(
    text: str, said: str, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput) as caught:
        of_some(whole, monkeypatch, text)
    assert said in str(caught.value)


def test_flags_ask_in_place_of_the_file(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfire.counting.across.few", lambda lists: QUICK)
    words = ["count", "--case", str(whole), "--draws", "2", "--json"]
    plain = json.loads(CliRunner().invoke(app, [*words, "--status", "civilian"]).output)
    assert plain["among"] == {"status": ["civilian"]}
    assert plain["left_out"] == []
    none = CliRunner().invoke(app, [*words, "--from", "2031-05-03"])
    assert isinstance(none.exception, BadInput)
    assert "none is said to be one of those" in str(none.exception)
    assert json.loads(CliRunner().invoke(app, words).output)["among"] == {}


def test_whom_a_signed_count_is_of_is_written_as_a_person_would(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = of_some(whole, monkeypatch, "among: {status: [civilian], from: 2031-05-01, until: 2031-05}")
    import shutil

    shutil.copytree(whole, folder := tmp_path / "case")
    shutil.rmtree(folder / "hand", ignore_errors=True)
    case = Case(Folder(folder), now=lambda: NOW)
    written = counted.signed(case, found, "A. Statistician")
    assert "from: '2031-05-01'" in written
    (count,) = counts(Folder(folder))
    assert (count.called, count.first, count.last) == (("civilian",), "2031-05-01", "2031-05")
    assert {(asked, why): people for asked, why, people in count.left_out} == found.whom.left_out
    assert count.scope is None
    everyone = of_some(whole, monkeypatch, "")
    counted.signed(case, everyone, "A. Statistician")
    (count,) = counts(Folder(folder))
    assert (count.called, count.left_out) == ((), ())
    assert count.scope is not None


def test_another_number_of_people_than_that_of_the_run_is_explained(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(whole, "")
    said = "\n".join(told(found))
    assert found.in_run != found.documented[0]
    assert f"`holdfire run` gives {found.in_run:,} people, and here they are {found.documented[0]:,}:" in said
    alone = int(re.search(r"(\d+)  entries that name no one are each a person", said)[1])  # type: ignore[index]
    fewer = int(re.search(r"(\d+)  fewer there", said)[1])  # type: ignore[index]
    assert found.in_run - alone + fewer == found.documented[0]
    monkeypatch.setattr(counted, "partitions", exactly)
    same = replace(asked(whole, ""), unnamed=0)
    assert "holdfire run" not in "\n".join(told(replace(same, in_run=same.documented[0])))


def test_more_sources_than_a_pattern_holds_are_refused_before_anything_is_linked(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "MOST_LISTS", 2)
    monkeypatch.setattr(counted, "partitions", None)
    with pytest.raises(BadInput, match="lists of 3 sources are more than 2"):
        asked(whole, "")
    monkeypatch.setattr(counted, "MOST_LISTS", 3)
    monkeypatch.setattr(counted, "partitions", drawn)
    assert asked(whole, "").across


def test_a_case_without_lists_is_refused(tmp_path: Path) -> None:
    ran_lists(tmp_path / "case", {})
    with pytest.raises(BadInput, match="no lists of the dead"):
        of_case(Case.open(tmp_path / "case"))

"""How many died, from the lists of a case: one witness a source, scopes, refusals, attestations, no names."""

from __future__ import annotations

import json
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
from holdfire.counted import Counted, of_case
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.loglinear import LogLinear
from holdfire.doors.count import told
from holdfire.errors import BadInput
from holdfire.folder import Folder
from holdfire.handwritten import list_counts as counts
from holdfire.holdings import Held
from holdfire.peopling import Entries
from listing import MAPPING, a_list, by_word, deaths, list_case

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
    return np.tile(np.unique(entries.deaths["name"].to_numpy(), return_inverse=True)[1], (draws, 1))


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
    list_case(tmp_path / "case", {}).run()
    with pytest.raises(BadInput, match="no lists of the dead"):
        of_case(Case.open(tmp_path / "case"))

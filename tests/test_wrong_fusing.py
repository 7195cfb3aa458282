"""Bad input to fusing, end to end and by size: right or refused, with bounded work, and said to the user.

What is counted is pairs compared, not seconds; a control with the bounds off shows on a smaller size the
explosion that they prevent. Memory is limited for the engine, which fails where it would need more.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from builders import a_claim
from holdfire.case import Case
from holdfire.cli import app
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.fusing.comparing.blocking import Bounds
from holdfire.fusing.comparing.scoring import Scored, pairs
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.fuse import FLOOR, Fused, fuse
from holdfire.fusing.lineage import lineage, rest
from holdfire.fusing.parameters import parameters
from holdfire.fusing.people import link as people
from holdfire.fusing.profile import profile
from holdfire.records.claim import CLAIM
from holdfire.records.shingle import SHINGLED
from holdfire.records.source import Repeats
from holdfire.tables import rows
from listing import a_list, deaths, list_case
from tabling import PLAIN

SMALL = Engine(threads=2, memory=256)
"""An engine that holds less than an explosion of pairs takes, and cannot spill."""

NO_BOUNDS = Bounds(block=10**9)
CELLS = 2 * 4 * 4
"""Most blocks of its first rule that one claim of a place of a town stands in: days by cells."""

ROW = {
    "Date": "02/05/2031", "Place": "Marrow", "Type": "shelling", "Lat": "47.1", "Lon": "28.9", "Low": "1",
    "Best": "2", "High": "3",
}  # fmt: skip


def told(number: int, **given: Any) -> dict[str, Any]:
    """Return a claim of an article of its own."""
    return a_claim(number, **{"report": digest(str(number).encode()), "seq": 0, **given})


def fused(listed: Sequence[Mapping[str, Any]], **behaviour: Repeats) -> Fused:
    return fuse(CLAIM.table(listed), Background(behaviour), SMALL)


def compared(claims: Sequence[Mapping[str, Any]], bounds: Bounds | None = None) -> Scored:
    with SMALL.session() as session:
        session.give("makes", CLAIM.table(claims))
        features(session, Background())
        given = {"bounds": bounds} if bounds else {}
        return pairs(session, profile("incident"), parameters("incident"), FLOOR, **given)


def whole(found: Fused, claims: int) -> None:
    """Hold that every claim is in exactly one incident."""
    members = found.members["claim_id"].to_pylist()
    assert len(members) == len(set(members)) == claims
    assert set(found.members["incident_id"].to_pylist()) == set(found.incidents["incident_id"].to_pylist())


def three(number: int) -> str:
    return ("set", "paper", "wire")[number % 3]


CROWDS: dict[str, Any] = {
    "10,000 records in one block": lambda n: {},
    "all dates equal": lambda n: {"place": f"Place {n}", "lat": -50 + (n % 100), "lon": float(n // 100)},
    "all coordinates the capital's": lambda n: {"day": date(2031, 5, 1) + timedelta(days=n % 4)},
    "one minute and one place": lambda n: {
        "start": datetime(2031, 5, 1, 9, 30, tzinfo=UTC), "end": datetime(2031, 5, 1, 9, 30, tzinfo=UTC),
        "time_precision": "minute", "killed_low": n % 7, "killed_best": n % 7, "killed_high": n % 7,
    },
}  # fmt: skip


def crowd(name: str, count: int) -> list[dict[str, Any]]:
    return [told(n, source=three(n), **CROWDS[name](n)) for n in range(count)]


@pytest.mark.parametrize("name", CROWDS)
def test_a_crowd_makes_no_more_pairs_than_are_bounded(name: str) -> None:
    count, bounds = (10_000 if name.startswith("10") else 2_000), Bounds()
    found = compared(crowd(name, count))
    assert found.compared <= count * max(bounds.near, bounds.block // 2) * (CELLS + 2)
    assert found.compared < count * (count - 1) // 2 / 4
    assert all(n <= count for n in found.crowded.values()), "records, each counted once"


def test_without_bounds_a_crowd_is_compared_two_by_two() -> None:
    claims = crowd("10,000 records in one block", 1_000)
    assert compared(claims, NO_BOUNDS).compared == 1_000 * 999 // 2
    assert compared(claims).compared < 1_000 * 999 // 2 / 4


@pytest.mark.parametrize("name", CROWDS)
def test_every_claim_of_a_crowd_is_in_one_incident_and_the_crowd_is_told(name: str) -> None:
    claims = crowd(name, 1_000)
    found = fused(claims)
    whole(found, len(claims))
    if name != "all dates equal":
        assert found.crowded == 0  # equal ones are folded, and the rest are no crowd
    unequal = fused([{**each, "killed_high": 10 + n} for n, each in enumerate(claims)])
    whole(unequal, len(claims))
    assert unequal.crowded <= len(claims)
    if name != "all dates equal":
        assert unequal.crowded > 0
    assert len(unequal.links) <= 1_000 * Bounds().near * CELLS
    assert len(found.links) <= 1_000 * Bounds().near * CELLS


@pytest.mark.parametrize("sources", [1, 50])
def test_a_story_that_becomes_fifty_articles_is_one_incident(sources: int) -> None:
    found = fused([told(n, source=f"paper-{n % sources}") for n in range(50)])
    (incident,) = rows(found.incidents)
    assert (incident["claims"], incident["killed_best"]) == (50, 4)


def test_a_distinct_source_that_repeats_itself_stays_apart() -> None:
    found = fused([told(n, source="set") for n in range(1_000)], set=Repeats.DISTINCT)
    whole(found, 1_000)
    assert (len(found.incidents), len(found.links), found.crowded) == (1_000, 0, 0)
    joined = fused([told(n, source="set") for n in range(50)], set=Repeats.REPEATS)
    assert len(joined.incidents) == 1


def test_a_thousand_claims_of_one_report_at_one_minute_are_bounded_and_whole() -> None:
    at = datetime(2031, 5, 1, 9, 30, tzinfo=UTC)
    found = fused([a_claim(n, start=at, end=at, time_precision="minute") for n in range(1_000)])
    whole(found, 1_000)
    assert (len(found.incidents), len(found.links), found.crowded) == (1, 999, 0)


SILENT = ("actors", "actors_text", "targets", "targets_text", "start", "end", "place", "admin1", "lat", "lon",
          "radius", "killed_low", "killed_best", "killed_high")  # fmt: skip


def test_claims_that_say_nothing_stand_alone() -> None:
    unsaid = [told(n, **dict.fromkeys(SILENT), time_precision="unknown", geo_precision="unknown")
              for n in range(400)]  # fmt: skip
    found = fused([*unsaid, told(1_000), told(1_001)])
    whole(found, 402)
    assert len(found.incidents) == 401


@pytest.mark.parametrize("field", SILENT)
def test_a_field_that_is_silent_in_one_claim_breaks_nothing(field: str) -> None:
    whole(fused([told(1), told(2, **{field: None}), told(3, source="set", **{field: None})]), 3)


ODD: dict[str, dict[str, Any]] = {
    "0, 0": {"lat": 0.0, "lon": 0.0},
    "the pole": {"lat": 90.0, "lon": 180.0},
    "the other pole": {"lat": -90.0, "lon": -180.0},
    "the year 1": {"start": datetime(1, 1, 1, tzinfo=UTC), "end": datetime(1, 1, 2, tzinfo=UTC)},
    "the year 9999": {"start": datetime(9999, 12, 30, tzinfo=UTC), "end": datetime(9999, 12, 31, tzinfo=UTC)},
    "ten centuries": {"start": datetime(1031, 1, 1, tzinfo=UTC), "end": datetime(2031, 1, 2, tzinfo=UTC)},
    "a million million dead": {"killed_low": 10**12, "killed_best": 10**12, "killed_high": 10**12},
    "an empty name": {"place": ""},
    "a name of one letter": {"place": "M"},
    "a name of 10,000 letters": {"place": "Marrow " * 1_400},
    "a name of particles": {"place": "al- el the of", "admin1": "'"},
    "a name with marks": {"place": "\u202eAlpha\u2066\x07\u200f", "admin1": "\ufeff"},
    "a radius of the globe": {"radius": 2.1e7},
    "no radius at all": {"radius": 0.0},
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_value_takes_no_other_claim_with_it(name: str) -> None:
    found = fused([told(1), told(2, source="set"), told(3, **ODD[name]), told(4, source="wire", **ODD[name])])
    whole(found, 4)
    homes = {row["claim_id"]: row["incident_id"] for row in rows(found.members)}
    assert homes[told(1)["claim_id"]] == homes[told(2)["claim_id"]], "the two plain ones are one, as ever"


def test_sources_that_copy_each_other_in_a_circle_have_one_root() -> None:
    run = list(range(40))
    names = [digest(f"copy {n}".encode()) for n in range(3)]
    texts = SHINGLED.table(
        {
            "report": name, "source": f"paper-{n}", "start": datetime(2031, 5, 3, tzinfo=UTC), "wire": None,
            "shingles": run, "begins": run, "spellings": [], "near": [],
        }
        for n, name in enumerate(names)
    )  # fmt: skip
    lines = lineage(texts, SMALL)
    assert len(lines) == 2, "all but the first rest on another"
    claims = CLAIM.table(
        a_claim(n, report=name, source=f"paper-{n}", root=f"source:paper-{n}", spans=[[0, 40]])
        for n, name in enumerate(names)
    )
    assert set(rest(claims, lines, texts, SMALL)["root"].to_pylist()) == {"source:paper-0"}
    assert len(set(claims["root"].to_pylist())) == 3


def entries(count: int, **given: str) -> pa.Table:
    return deaths(a_list(*[given] * count))


def linked(table: pa.Table, *behaviour: Repeats) -> people.Linked:
    lists = [n % len(behaviour) for n in range(len(table))]
    return people.link(table, lists, behaviour, SMALL)


def test_a_list_that_repeats_itself_is_one_person_and_a_distinct_one_many() -> None:
    table = entries(100)
    assert len(np.unique(linked(table, Repeats.REPEATS).groups)) == 1
    apart = linked(table, Repeats.DISTINCT)
    assert len(np.unique(apart.groups)) == 100
    assert apart.scored.compared == 0


def test_a_crowd_of_entries_makes_no_more_pairs_than_are_bounded() -> None:
    count = 3_000
    found = linked(entries(count), *[Repeats.REPEATS] * 3).scored
    rules = 2 * len(profile("person").blocking)
    assert found.compared <= count * Bounds().near * rules
    assert found.compared < count * (count - 1) // 2 / 10
    assert 0 < max(found.crowded.values()) <= count, "entries, each counted once"


@pytest.mark.parametrize("name", ["T", "al-", "", "\u202e\u2066\x07", "ibn bint abu"])
def test_a_name_that_says_nothing_joins_no_two_people(name: str) -> None:
    nothing = entries(400, Name=name, Arabic="", Age="", Died="", Place="", Gov="")
    found = linked(nothing, Repeats.REPEATS, Repeats.REPEATS)
    assert len(np.unique(found.groups)) == 400


def test_a_name_longer_than_any_is_refused_without_being_told() -> None:
    with pytest.raises(
        BadInput, match="Name has 10000 characters; a name of at most 300 is expected"
    ) as caught:
        entries(2, Name="Tamoru Vak" * 1_000)
    assert "Vak" not in str(caught.value)
    assert len(caught.value.problems) == 2


def table(*changes: Mapping[str, str]) -> bytes:
    made = io.StringIO()
    writer = csv.DictWriter(made, list(ROW), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**ROW, **each} for each in changes)
    return made.getvalue().encode()


def a_folder(folder: Path, tables: Mapping[str, tuple[str, bytes]], lists: Any = ()) -> Path:
    """Return a case with these tables of claims and lists of the dead: source and bytes by file."""
    list_case(folder, dict(lists))
    (folder / "inbox" / "one.md").unlink()
    (folder / "mappings" / "claims.yaml").write_text(PLAIN, encoding="utf-8")
    for name, (source, content) in tables.items():
        (folder / "inbox" / name).write_bytes(content)
        note = f"source: {source}\nmapping: mappings/claims.yaml\n"
        (folder / "inbox" / f"{name}.about.yaml").write_text(note, encoding="utf-8")
    return folder


def said(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--case", str(folder)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def refused(folder: Path) -> str:
    with pytest.raises(BadInput) as caught:
        said(folder, "run")
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_run_says_how_many_claims_were_too_crowded(tmp_path: Path) -> None:
    at = tmp_path / "case"
    assert "400  claims in crowded blocks, compared with their nearest only" in said(
        a_folder(at, {"a.csv": ("observers", table(*({"High": str(3 + n)} for n in range(400))))}), "run"
    )
    few = a_folder(tmp_path / "few", {"a.csv": ("observers", table({}, {"Place": "Hill"}))})
    assert "crowded" not in said(few, "run")


def test_a_run_says_how_many_entries_were_too_crowded_and_lists_count_them(tmp_path: Path) -> None:
    lists = {"l.csv": ("observers", a_list(*[{}] * 400)), "m.csv": ("mission", a_list({}, {}))}
    at = a_folder(tmp_path / "case", {}, lists)
    told = said(at, "run")
    assert "402 list entries" in told
    assert "        402  entries or more were compared with their nearest only" in told
    assert {each["entries"] for each in json.loads(said(at, "lists", "--json"))} == {400, 2}


def test_ids_that_collide_between_files_are_two_claims(tmp_path: Path) -> None:
    far = {"Lat": "30", "Lon": "10", "Place": "Hill", "Date": "20/05/2031"}
    at = a_folder(tmp_path / "case", {"a.csv": ("observers", table({})), "b.csv": ("mission", table(far))})
    assert "2 reports, 2 claims, 2 incidents" in said(at, "run")
    lists = {
        "l.csv": ("observers", a_list({"No": "7"})),
        "m.csv": ("mission", a_list({"No": "7", "Name": "Kolpen Darvu Itesh", "Arabic": "", "Age": "8"})),
    }
    assert "2 list entries, 2 people" in said(a_folder(tmp_path / "lists", {}, lists), "run")


@pytest.mark.parametrize("kind", ["claims", "deaths"])
def test_one_content_under_two_sources_is_refused_and_under_one_is_one_report(
    tmp_path: Path, kind: str
) -> None:
    content = table({}) if kind == "claims" else a_list({})

    def made(folder: Path, other: str) -> Path:
        given = {"a.csv": ("observers", content), "b.csv": (other, content)}
        return a_folder(folder, given) if kind == "claims" else a_folder(folder, {}, given)

    message = refused(made(tmp_path / "two", "mission"))
    assert "these are the bytes of inbox/a.csv, and the notes of the two differ in source" in message
    assert "at   inbox/b.csv" in message
    assert "1 reports" in said(made(tmp_path / "one", "observers"), "run")


REFUSED = {
    "an empty file": (b"", "the file is empty; a header is expected"),
    "a header alone": (table(), "the file has a header and no rows"),
    "off the globe": (table({"Lat": "91"}), 'Lat is "91"; -90 to 90 is expected'),
    "round the globe": (table({"Lon": "500"}), 'Lon is "500"'),
    "no number": (table({"Lat": "nan", "Lon": "inf"}), 'Lat is "nan"'),
    "the year 1": (table({"Date": "01/01/0001"}), 'Date is "01/01/0001"'),
    "too many dead": (table({"High": "1" + "0" * 12}), "at most 100000000 is read"),
    "a byte 0": (table({"Place": "Mar\0row"}), "a byte is 0 (NUL), which no text holds"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(name: str, tmp_path: Path) -> None:
    content, words = REFUSED[name]
    at = a_folder(tmp_path / "case", {"a.csv": ("observers", content)})
    assert words in refused(at)
    assert not (at / "bulletins").exists()


def test_odd_names_and_places_make_a_bulletin(tmp_path: Path) -> None:
    odd = [{"Place": ""}, {"Place": "x" * 10_000}, {"Place": "M"}, {"Place": "al-"}, {"Lat": "0", "Lon": "0"},
           {"Place": "\u202eMarrow\u2066"}, {"Place": "Mar\x07row"}, {"Lat": "90"}]  # fmt: skip
    names = [{"Name": each["Place"][:300], "Arabic": ""} for each in odd if "Place" in each]
    at = a_folder(
        tmp_path / "case", {"a.csv": ("observers", table(*odd))}, {"l.csv": ("mission", a_list(*names))}
    )
    told = said(at, "run")
    assert "2 reports, 8 claims" in told
    assert "6 list entries" in told
    assert len(json.loads(said(at, "lists", "--json"))) == 1


def judged(at: Path, *lines: str | dict[str, str]) -> None:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in lines]
    (at / "hand").mkdir(exist_ok=True)
    (at / "hand" / "links.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")


def a_line(one: str, other: str, word: str, by: str = "A") -> dict[str, str]:
    first, second = sorted((one, other))
    return {"at": "2031-05-10T12:00Z", "by": by, "one": first, "other": second, "said": word}


def test_every_line_that_is_no_judgement_is_named(tmp_path: Path) -> None:
    at = a_folder(tmp_path / "case", {"a.csv": ("observers", table({}))})
    side = "a" * 64
    judged(
        at, "no line of JSON", a_line(side + "#1", side + "#2", "maybe"), a_line(side, side + "#2", "same")
    )
    message = refused(at)
    for number in (1, 2, 3):
        assert f"hand/links.jsonl, line {number}" in message


def test_judgements_of_nothing_and_against_each_other_are_told_and_change_nothing(tmp_path: Path) -> None:
    far = {"Lat": "30", "Lon": "10", "Place": "Hill", "Date": "20/05/2031"}
    at = a_folder(tmp_path / "case", {"a.csv": ("observers", table({}, far))})
    plain = said(at, "run").splitlines()[0]
    (report,) = {row["report"] for row in rows(Case.open(at).found().claims)}
    ends = [f"{report}#{row['seq']}" for row in rows(Case.open(at).found().claims)]
    unknown = a_line("a" * 64 + "#1", "a" * 64 + "#2", "same")
    judged(at, unknown, a_line(*ends, "same", "A"), a_line(*ends, "different", "B"))
    assert said(at, "run").splitlines()[0] == plain == "1 reports, 2 claims, 2 incidents"
    result = CliRunner().invoke(app, ["review", "links", "--list", "--case", str(at)])
    assert "A judged a pair on 2031-05-10T12:00Z that is no pair any more; look again" in result.output
    disputed = said(at, "review", "links", "--disputed", "--list")
    assert len([line for line in disputed.splitlines() if "would move" in line]) == 1
    judged(at, a_line(*ends, "same", "A"))
    assert "1 reports, 2 claims, 1 incidents" in said(at, "run"), "one word, undisputed, is heeded"

"""Incidents in public precaution areas go out at the cell: log, extracts, annexes, map, pages.

Nothing finer than cells may be in any file of a bulletin, in the log, or in an exhibit that the log names;
the control is the same case without the release, where all of it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import a_case, copied
from holdfire import recomputing, signing
from holdfire.case import Case
from holdfire.cli import app
from holdfire.errors import BadInput, HoldfireError
from holdfire.folder import Folder
from holdfire.ledger.keyfiles import write
from holdfire.precaution import findings, held
from holdfire.precaution.atcells import AtCells
from holdfire.protecting.cells import Partition, Settings
from holdfire.protecting.partition import build
from holdfire.sheltering import releasing
from protecting import places
from signatures import ADA, BEN, LOG, keyset, signed

BEFORE = datetime(2031, 3, 1, 9, tzinfo=UTC)
MIDDLE = (10.95, 30.5)  # of Millbrook
PERIOD = "2031-04-28/2031-05-11"

WORDS = """---
source: {source}
published: 2031-05-{after:02}
cite: {source} wire of the day, Orchard Lane shelled again
---
The mission said on {after} May 2031 that shelling killed at least {killed} in Millbrook on {day} May 2031.
The mill hospital in Orchard Lane was closed.
"""


def texts(number: int = 3) -> dict[str, str]:
    """Return reports of so many incidents in one town."""
    return {
        f"{n}.md": WORDS.format(source="news", day=2 + 2 * n, after=3 + 2 * n, killed=11 + 4 * n)
        for n in range(number)
    }


@cache
def partition() -> Partition:
    """Return a made partition whose cells hold the town."""
    return build(places(3, 2000, MIDDLE), Settings(), "MADE")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Return a case with a keyset that can release areas."""
    return begun(tmp_path)


@pytest.fixture(scope="module")
def sheltered(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return a case that was run with the town's cell on; nothing is written to it."""
    made = begun(tmp_path_factory.mktemp("sheltered"))
    held.bring(made.folder, release(made, [home()]), partition())
    made.run(PERIOD)
    return made


def begun(folder: Path) -> Case:
    """Return a case in a folder, with keys and a partition that two signed."""
    made = a_case(folder / "case", texts())
    write(made.folder.made / "keys" / "log.key", LOG)
    with made.ledger(write=True) as ledger:
        signing.enter(ledger, signed(keyset(ledger, quorum=0, witnesses={}), ADA, BEN))
        draft = signing.draft_partition(
            ledger, name="MADE", partition=partition().digest, candidates=partition().candidates,
            places=partition().places, cells=len(partition().cells), at="2031-02-01T00:00Z",
        )  # fmt: skip
        signing.enter(ledger, signed(draft, ADA, BEN))
    return made


def home() -> str:
    """Return the code of the cell that the town lies in."""
    return partition().cell_of(*MIDDLE).code


def release(case: Case, codes: list[str], day: str = "2031-05-04") -> bytes:
    """Enter a release of cells for the epoch of a day, and return its file."""
    asked = releasing.Asked(
        codes=codes, sites=1, partition=partition(), starts=epoch_of(day), limit=Fraction(1)
    )
    with case.ledger(write=True) as ledger:
        signing.enter(ledger, signed(releasing.draft(ledger, asked, BEFORE), ADA, BEN))
        return releasing.publishable(ledger, partition())[0]


def epoch_of(day: str) -> str:
    """Return the first day of the epoch that a day lies in."""
    from holdfire.protecting.release import epoch

    return epoch(partition().settings, day)[0][:10]


def everything(case: Case) -> Iterator[tuple[str, str]]:
    """Yield every file that leaves the case, by name: bulletins, exhibits of its pages, and the log."""
    for path in sorted(case.bulletins.rglob("*")):
        if path.is_file() and path.suffix in {".html", ".json", ".csv", ".geojson", ".txt", ".svg"}:
            yield path.name, path.read_text("utf-8")
    with case.ledger() as ledger:
        for entry in ledger.entries(("claim", "determination", "finding", "bulletin", "run")):
            yield f"{entry.kind} {entry.seq}", json.dumps(entry.value, ensure_ascii=False)
            if "extracts" in entry.value:
                yield "extracts", case.exhibits.read(entry.value["extracts"]).decode()


def telling(case: Case, *words: str) -> list[str]:
    """Return the files that hold one of some words."""
    return sorted({name for name, text in everything(case) if any(word in text for word in words)})


FINER = ("Millbrook", "Orchard Lane", "mill hospital", "[10.9,30.5]", "[11,30.5]")


def test_without_a_release_words_and_places_are_printed(case: Case) -> None:
    case.run(PERIOD)
    told = telling(case, "Millbrook")
    assert {"incidents.csv", "extracts"} <= set(told)
    assert telling(case, "Orchard Lane")


def test_in_an_area_nothing_finer_than_cells_leaves(sheltered: Case) -> None:
    made = sheltered.newest()
    page = (made / "index.html").read_text("utf-8")
    # The town is in the gazetteer that people wrote, and so on the map; none of its incidents is at it.
    assert telling(sheltered, "Orchard Lane", "mill hospital") == []
    rows = json.loads((made / "annex" / "incidents.json").read_text("utf-8"))["incidents"]
    assert len(rows) == 3
    for row in rows:
        assert row["place_public"] is None
        assert home() in row["precaution_cells"]
        assert row["inside_precaution_area"] in {"yes", "unclear"}
    assert "where a precaution area was on" in page
    assert "does not assert that a site was present" in page
    print(telling(sheltered, "Millbrook"))
    assert telling(sheltered, *FINER) == []


def test_the_map_draws_whole_cells(sheltered: Case) -> None:
    made = sheltered.newest()
    drawn = json.loads((made / "annex" / "incidents.geojson").read_text("utf-8"))["features"]
    sides = {round(x / 60, 7) for cell in partition().cells for x in (cell.zone.west, cell.zone.east)}
    for feature in drawn:
        assert feature["geometry"]["type"] == "MultiPolygon"
        assert feature["properties"]["radius_m"] is None
        assert {x for part in feature["geometry"]["coordinates"] for ring in part for x, _ in ring} <= sides


def test_too_few_are_not_even_at_the_cell(case: Case) -> None:
    (case.folder.path / "inbox" / "2.md").unlink()
    held.bring(case.folder, release(case, [home()]), partition())
    made = case.run(PERIOD)
    rows = json.loads((made.bulletins[0] / "annex" / "incidents.json").read_text("utf-8"))["incidents"]
    assert [row["precaution_cells"] for row in rows] == [["withheld"]] * 2
    with case.ledger() as ledger:
        said = findings.read(ledger)
        assert [each.few for each in said.values()] == [True, True]
        assert all("lat_e2" not in entry.value for entry in ledger.entries("determination"))
    assert telling(case, f'"{home()}"') == []


def test_what_was_withheld_is_counted_with_its_reason(sheltered: Case) -> None:
    made = sheltered.newest()
    page = (made / "index.html").read_text("utf-8")
    assert "words, records and places of what lies in a precaution area" in page
    arabic = (made / "ar" / "index.html").read_text("utf-8")
    assert "مناطق الاحتياط" in arabic


def test_outside_the_epoch_nothing_is_withheld(case: Case) -> None:
    later = datetime.fromisoformat(epoch_of("2031-05-04")) + timedelta(days=40)
    held.bring(case.folder, release(case, [home()], later.date().isoformat()), partition())
    case.run(PERIOD)
    assert telling(case, "Orchard Lane")


def test_the_bulletin_is_made_again_of_the_log_and_its_exhibits(sheltered: Case) -> None:
    found = list(recomputing.again(sheltered.folder.path, None, "", None))
    assert [each.why for each in found] == [""]


def test_a_release_of_the_log_that_the_folder_lacks_stops_the_run(case: Case) -> None:
    text = release(case, [home()])
    with pytest.raises(BadInput, match="nobody can tell what lies in its areas"):
        case.run(PERIOD)
    paths = held.bring(case.folder, text, partition())
    assert case.run(PERIOD).fresh
    paths[0].unlink()
    with pytest.raises(BadInput, match="not beside its partition"):
        replace(case, folder=Folder(case.folder.path)).run(PERIOD)


def test_a_changed_release_is_refused(case: Case) -> None:
    path = held.bring(case.folder, release(case, [home()]), partition())[1]
    path.write_bytes(path.read_bytes().replace(home().encode(), partition().cells[0].code.encode()))
    with pytest.raises(HoldfireError):
        case.run(PERIOD)


def test_a_new_release_brings_what_was_fine_to_the_cell(case: Case) -> None:
    replace(case, now=lambda: BEFORE).run(PERIOD)
    held.bring(case.folder, release(case, [home()]), partition())
    again = case.run(PERIOD)
    assert again.fresh
    rows = json.loads((again.bulletins[0] / "annex" / "incidents.json").read_text("utf-8"))["incidents"]
    assert all(home() in row["precaution_cells"] for row in rows)


def test_a_finding_says_nothing_of_notices(sheltered: Case) -> None:
    with sheltered.ledger() as ledger:
        said = [entry.value for entry in ledger.entries("finding")]
    assert len(said) == 3
    assert {name for each in said for name in each} == {"kind", "of", "at", "inside", "cells", "areas"}


def test_an_incident_that_is_no_longer_inside_is_taken_back(sheltered: Case, tmp_path: Path) -> None:
    case = copied(sheltered, tmp_path / "case")
    with case.ledger(write=True) as ledger:
        assert list(findings.entries(ledger, AtCells(), "2031-05-10T12:00Z"))
        ledger.append(list(findings.entries(ledger, AtCells(), "2031-05-10T12:00Z")))
        assert findings.read(ledger) == {}
        assert list(findings.entries(ledger, AtCells(), "2031-05-10T12:00Z")) == []


def test_the_door_brings_another_records_release_in(case: Case, tmp_path: Path) -> None:
    text = release(case, [home()])
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "release.json").write_bytes(text)
    (tmp_path / "published" / "partition.json").write_bytes(partition().text())
    other = a_case(tmp_path / "other", texts())
    words = ["protect", "add", str(tmp_path / "published"), "--case", str(other.folder.path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "from the next holdfire run" in done.output
    other.run(PERIOD)
    assert telling(other, "Orchard Lane") == []
    assert CliRunner().invoke(app, [*words, "--trust", "0" * 64]).exit_code == 1


LATER = """---
source: news
published: 2031-05-16
cite: news wire, the mill hospital and after
---
The mission said on 16 May 2031 that shelling killed at least 31 in Millbrook on 7 May 2031.
The mission said on 16 May 2031 that shelling beside Orchard Lane killed at least 37
in Border District on 15 May 2031.
"""

VAGUE = """---
source: south-mod
published: 2031-05-08
---
The ministry said on 8 May 2031 that shelling killed at least 41 people {where} on 7 May 2031.
"""


def test_no_sentence_of_a_text_that_tells_of_an_area_is_printed_in_any_period(tmp_path: Path) -> None:
    made = begun(tmp_path)
    (made.folder.path / "inbox" / "later.md").write_text(LATER, encoding="utf-8")
    made.run("2031-05-12/2031-05-18")
    told = telling(made, "37 in Border District", "the mill hospital and after")
    assert "extracts" in told, "the control: without a release it is quoted and cited"
    shut = begun(tmp_path / "shut")
    (shut.folder.path / "inbox" / "later.md").write_text(LATER, encoding="utf-8")
    held.bring(shut.folder, release(shut, [home()]), partition())
    shut.run("2031-05-12/2031-05-18")
    assert telling(shut, "37 in Border District", "the mill hospital and after") == []


@pytest.mark.parametrize(("where", "printed"), [("in a hospital", False), ("in a field", True)])
def test_words_of_what_may_be_in_an_area_are_kept_back_where_they_name_a_kind_of_site(
    tmp_path: Path, where: str, printed: bool
) -> None:
    made = begun(tmp_path)
    (made.folder.path / "inbox" / "vague.md").write_text(VAGUE.format(where=where), encoding="utf-8")
    held.bring(made.folder, release(made, [home()]), partition())
    made.run(PERIOD)
    assert bool(telling(made, where)) is printed

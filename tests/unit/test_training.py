"""What a case teaches is written once, said, used by later runs, and undone by deleting."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from casemaking import a_case
from holdfire.case import Case
from holdfire.cli import app
from holdfire.errors import BadInput, HoldfireError
from holdfire.fusing.parameters import parameters
from holdfire.links.whyclaims import whys
from holdfire.recording import last
from holdfire.records.link import Judgement, Linked, Said, row_side
from holdfire.tables import rows
from holdfire.training import train_case, write
from weighing import again

MAPPING = """
claims:
  event_type: {value: attack.shelling}
  start: Date
  place: Place
  lat: Lat
  lon: Lon
  geo_precision: {value: settlement}
  killed: Dead
"""
EVENTS, TOWNS = 70, 7


def told(late: int) -> str:
    """Return a table in which event k happens in town k % TOWNS, every fourth day, told so many days late."""
    lines = ["Date,Place,Lat,Lon,Dead"]
    for k in range(EVENTS):
        town, day = k % TOWNS, 1 + 2 * (k // TOWNS) + late
        lines.append(
            f"2031-05-{day:02d},Town{chr(65 + town)},{30 + town * 0.5},{11 + town * 0.3},{k % 9 + 1}"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Two sources tell of the same events, the second a day late: two numbers of dead are two events."""
    case = a_case(tmp_path_factory.mktemp("train") / "case", {})
    folder = case.folder.path
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "m.yaml").write_text(MAPPING, encoding="utf-8")
    for source, late in (("mission", 0), ("news", 1)):
        file = folder / "inbox" / f"{source}.csv"
        file.write_text(told(late), encoding="utf-8")
        note = f"source: {source}\npublished: 2031-06-30\nformat: mapped\nmapping: mappings/m.yaml\n"
        file.with_name(f"{file.name}.about.yaml").write_text(note, encoding="utf-8")
    case.run()
    return case


def sides(case: Case) -> dict[str, list[str]]:
    """Return the sides of the rows of each source, in the order of the events."""
    found: dict[str, list[str]] = {}
    for claim in sorted(rows(case.found(stale=True).claims), key=lambda x: (x["source"], x["seq"])):
        found.setdefault(claim["source"], []).append(row_side(claim["report"], claim["seq"]))
    return found


def judge(case: Case, same: int = 60, different: int = 60, swap: bool = False) -> None:
    """Judge pairs: the two rows of an event are one; rows of the next events of a town are two."""
    by = sides(case)
    pairs = [(by["mission"][k], by["news"][k], Said.SAME) for k in range(same)]
    pairs += [(by["mission"][(k + TOWNS) % EVENTS], by["news"][k], Said.DIFFERENT) for k in range(different)]
    if swap:  # every second label is the other one: judgements go with nothing
        other = {Said.SAME: Said.DIFFERENT, Said.DIFFERENT: Said.SAME}
        pairs = [(a, b, other[said] if k % 2 else said) for k, (a, b, said) in enumerate(pairs)]
    lines = []
    for a, b, said in pairs:
        one, second = sorted((a, b))
        lines.append(Judgement(at="2031-07-01T00:00:00Z", by="A", one=one, other=second, said=said).line)
    file = case.folder.path / "hand" / "links.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def case(ran: Case) -> Case:
    for file in ("weights/incident.json", "hand/links.jsonl"):
        (ran.folder.path / file).unlink(missing_ok=True)
    return ran


def train(case: Case, *words: str) -> Result:
    return CliRunner().invoke(app, ["fuse", "train", str(case.folder.path), *words])


def test_what_is_learnt_is_written_said_and_the_same_each_time(case: Case) -> None:
    judge(case)
    found = train(case)
    assert found.exit_code == 0, found.output
    file = case.folder.path / "weights" / "incident.json"
    first = file.read_bytes()
    about = json.loads(first)["trained"]
    assert (about["same"], about["different"], about["records"]) == (60, 60, 2 * EVENTS)
    assert about["entries"] > 0
    assert len(about["head"]) == 64
    assert about["versions"]["splink"]
    assert "written: weights/incident.json" in found.output
    assert "told right" in found.output
    assert "Town" not in first.decode(), "no word of any record"
    assert train(case).exit_code == 0
    assert file.read_bytes() == first, "it begins from the shipped weights, whatever was there"


def test_a_dry_run_writes_nothing_and_json_is_whole(case: Case) -> None:
    judge(case)
    found = train(case, "--dry-run", "--json")
    told_ = json.loads(found.output)
    assert found.exit_code == 0
    assert told_["learnt"]
    assert told_["file"] == ""
    assert told_["after"]["cost"] < told_["before"]["cost"]
    assert not (case.folder.path / "weights" / "incident.json").exists()


@pytest.mark.parametrize(
    ("same", "different", "swap", "why"),
    [(14, 14, False, "too little"), (60, 3, False, "too little"), (60, 60, True, "does not go with")],
)
def test_nothing_is_learnt_from_too_little_or_from_chance(
    case: Case, same: int, different: int, swap: bool, why: str
) -> None:
    judge(case, same, different, swap)
    found = train(case)
    assert found.exit_code == 1
    assert "nothing was written" in found.output
    assert why in found.output
    assert not (case.folder.path / "weights" / "incident.json").exists()


def test_later_runs_use_it_say_so_and_keep_it_until_it_is_deleted(case: Case) -> None:
    before = case.found(stale=True).fused.links
    judge(case)
    opened = again(case)
    write(opened, train_case(opened, Linked.INCIDENT))
    opened = again(case)
    found = CliRunner().invoke(app, ["run", "--case", str(case.folder.path)])
    assert "weighed as trained on this case: weights/incident.json" in found.output
    used = opened.found().fused.links
    by = {row["by"] for row in rows(used) if not row["at"]}
    assert by
    assert not by & {row["by"] for row in rows(before)}, "links name the digest that weighed them"
    with opened.ledger() as ledger:
        entry = last(ledger, "case")
        assert entry is not None
        files = dict(entry.value["files"])
    assert "weights/incident.json" in files, "the log names the file, and its exhibit is kept"
    weighed = {(row["one"], row["other"]): row["weight"] for row in rows(used) if row["weight"] is not None}
    pair = min(weighed)
    why = whys(opened, opened.found().claims, [pair])[pair]
    assert why.weight == weighed[pair], "explain adds up what the run weighed"
    (case.folder.path / "weights" / "incident.json").unlink()
    (case.folder.path / "hand" / "links.jsonl").unlink()
    again(case).run()
    assert again(case).found().fused.links.equals(before)


@pytest.mark.parametrize(
    ("name", "change", "problems"),
    [
        ("incident", {"profile": "person"}, 1),
        ("incident", {"compared": "0" * 64}, 1),
        ("incident", {"partners": -1}, 1),
        ("incident", {"levels": {"place": [], "colour": []}}, 8),
        ("incident", None, 1),
        ("event", {}, 1),
    ],
)
def test_a_broken_file_is_refused_with_all_its_problems(
    case: Case, name: str, change: dict[str, object] | None, problems: int
) -> None:
    folder = case.folder.path / "weights"
    folder.mkdir(exist_ok=True)
    text = json.dumps({**json.loads(parameters("incident").text()), **(change or {})})
    (folder / f"{name}.json").write_text(text if change is not None else text[:400], encoding="utf-8")
    try:
        with pytest.raises(BadInput) as told_:
            again(case).folder.parameters(Linked.INCIDENT)
        assert len(told_.value.problems) >= problems
        assert all(f"weights/{name}.json" in each.where and each.hint for each in told_.value.problems)
        with pytest.raises(HoldfireError):
            again(case).run()
    finally:
        (folder / f"{name}.json").unlink()


def test_a_case_without_lists_and_an_unknown_kind_are_told(case: Case) -> None:
    assert "no lists of the dead" in str(train(case, "--kind", "person").exception)
    assert "no records are of the kind" in str(train(case, "--kind", "place").exception)


def test_what_cannot_be_learnt_is_not_written(case: Case) -> None:
    judge(case, 5, 5)
    opened = again(case)
    with pytest.raises(ValueError, match="nothing was learnt"):
        write(opened, train_case(opened, Linked.INCIDENT))

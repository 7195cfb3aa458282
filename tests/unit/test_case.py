"""The corridor: a second run does no work, one new report does not read the others, nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from casemaking import NOW, TEXT, a_case, a_run, a_text, made_once
from holdfire.case import Case
from holdfire.errors import BadInput, Busy
from holdfire.explaining import explain
from holdfire.folder import Folder


def digests(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_second_run_with_nothing_new_does_no_work(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case")
    first = case.run("2031-05-01/2031-05-07")
    before = {p: p.stat().st_mtime_ns for p in case.folder.path.rglob("*") if p.is_file()}
    second = Case(Folder(case.folder.path), now=lambda: NOW).run("2031-05-01/2031-05-07")
    assert first.fresh
    assert not second.fresh
    assert second.bulletins == first.bulletins
    after = {p: p.stat().st_mtime_ns for p in case.folder.path.rglob("*") if p.is_file()}
    assert {p for p in before if before[p] != after.get(p)} == set()


def test_one_new_report_does_not_read_the_others_again(tmp_path: Path) -> None:
    case = a_run(tmp_path / "case", {f"{n}.md": a_text(n) for n in range(4)}, "2031-05-01/2031-05-09")
    kept = {p: p.stat().st_mtime_ns for p in (case.folder.made / "claims").iterdir()}
    (case.folder.path / "inbox" / "new.md").write_text(a_text(7), encoding="utf-8")
    ran = Case(Folder(case.folder.path), now=lambda: NOW).run("2031-05-01/2031-05-09")
    now = {p: p.stat().st_mtime_ns for p in (case.folder.made / "claims").iterdir()}
    assert ran.fresh
    assert ran.summary.reports == 5
    assert {p: now[p] for p in kept} == kept
    assert len(now) == 10  # of each report its claims, and what it is compared by


def test_a_changed_name_reads_all_again_and_says_what_changed(tmp_path: Path) -> None:
    case = a_run(tmp_path / "case", period="2031-05-01/2031-05-07")
    actors = case.folder.path / "actors.yaml"
    actors.write_text(actors.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    ran = Case(Folder(case.folder.path), now=lambda: NOW).run("2031-05-01/2031-05-07")
    assert ran.fresh
    with case.ledger() as ledger:
        versions = [e.value["version"] for e in ledger.entries("bulletin")]
    assert versions == [1, 2]


def on_threads(folder: Path, count: int) -> Case:
    """Return a case run on so many threads."""
    case = a_case(folder, {f"{n}.md": a_text(n) for n in range(6)})
    assert "threads" not in (case.folder.path / "case.yaml").read_text(encoding="utf-8")
    settings = case.folder.head.settings.model_copy(update={"threads": count})
    object.__setattr__(case.folder.head, "settings", settings)
    case.run("2031-05-01/2031-05-09")
    return case


on_one = made_once(on_threads)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_same_case_gives_the_same_bytes_on_any_number_of_threads(tmp_path: Path, threads: int) -> None:
    made = (on_one(tmp_path / "one", 1), on_threads(tmp_path / "other", threads))
    sites = [digests(case.newest()) for case in made]
    assert sites[0].keys() == sites[1].keys()
    # The setting itself is printed, so only pages that print it may differ.
    differing = {name for name in sites[0] if sites[0][name] != sites[1][name]}
    assert all(b"threads" in sites[0][name] or name == "manifest.txt" for name in differing)
    assert not differing if threads == 1 else True


def test_a_report_whose_bytes_changed_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    case = a_run(tmp_path / "case", period="2031-05-01/2031-05-07")
    (case.folder.path / "inbox" / "one.md").write_text(TEXT.replace("two", "nine"), encoding="utf-8")
    before = digests(case.folder.path / "bulletins")
    with pytest.raises(BadInput, match="no longer matches its name"):
        Case(Folder(case.folder.path), now=lambda: NOW).run("2031-05-01/2031-05-07")
    assert digests(case.folder.path / "bulletins") == before
    assert Case(Folder(case.folder.path)).fsck()[1]


def test_the_vault_holds_a_report_whose_working_copy_is_gone_until_it_is_retracted(tmp_path: Path) -> None:
    case = a_run(tmp_path / "case", {"one.md": a_text(1), "two.md": a_text(2)}, "2031-05-01/2031-05-09")
    gone = case.folder.path / "inbox" / "two.md"
    content = gone.read_bytes()
    with case.vault() as vault:
        named = next(name for name in vault.all() if vault.label(name)["file"] == "inbox/two.md")
        assert vault.read(named) == content
    gone.unlink()
    assert case.run("2031-05-01/2031-05-09", again=True).summary.reports == 2
    case.retract(named[:12], "its source withdrew it")
    assert case.run("2031-05-01/2031-05-09").summary.reports == 1
    gone.write_bytes(content)
    assert case.run("2031-05-01/2031-05-09").summary.reports == 1, "what was retracted stays out"
    with case.ledger() as ledger:
        assert [e.kind for e in ledger.entries()].count("report") == 2, "the ledger forgets nothing"


def test_only_one_run_writes_at_a_time(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case")
    case.folder.made.mkdir()
    with case.ledger(write=True), pytest.raises(Busy):
        case.run()


def test_bad_input_changes_nothing(tmp_path: Path) -> None:
    case = a_run(tmp_path / "case", period="2031-05-01/2031-05-07")
    before = digests(case.folder.path)
    bad = tmp_path / "bad.md"
    bad.write_text("no front matter\n", encoding="utf-8")
    with pytest.raises(BadInput):
        case.add([bad], {"source": "no-such-source"})
    with pytest.raises(BadInput):
        case.run("2031-05-09/2031-05-01")
    assert digests(case.folder.path) == before


def test_add_takes_bytes_as_they_are(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case", {})
    content = b"Shelling killed two people in Mill on 2 May 2031.\r\n"
    new = tmp_path / "new.txt"
    new.write_bytes(content)
    added = case.add([new], {"source": "news", "published": "2031-05-03"})
    assert (case.folder.path / "inbox" / "new.txt").read_bytes() == content
    assert [r.source for r in added] == ["news"]
    assert added[0].added_by == "tests"


def test_every_id_can_be_explained_down_to_the_words(tmp_path: Path) -> None:
    case = a_run(tmp_path / "case", period="2031-05-01/2031-05-07")
    found = case.found()
    assert found.determinations.num_rows >= 1
    name = found.determinations["determination_id"][0].as_py()
    told = str(explain(case, name))
    assert "determination d-" in told
    assert "incident i-" in told
    assert "claim c-" in told
    assert "words" in told
    assert found.held[0].report.id in told


def test_a_case_without_reports_reads_well(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case", {})
    ran = case.run("2031-05-01")
    assert ran.summary.reports == 0
    assert (ran.bulletins[0] / "index.html").is_file()


def test_daily_makes_a_bulletin_for_each_day(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case")
    ran = case.run("2031-05-01/2031-05-03", daily=True)
    assert [p.name for p in ran.bulletins] == ["2031-05-01", "2031-05-02", "2031-05-03"]


def test_init_makes_a_case_that_runs(tmp_path: Path) -> None:
    from holdfire.starting import start

    start(tmp_path / "new", 'A "quoted" title', "Europe/Chisinau")
    case = Case(Folder(tmp_path / "new"), now=lambda: NOW)
    assert case.folder.head.title["en"] == 'A "quoted" title'
    assert case.run("2031-05-01").fresh
    with pytest.raises(BadInput):
        start(tmp_path / "new", "again", "UTC")
    shutil.rmtree(tmp_path / "new")

"""What changed between two states of the record, and which entries did it."""

from __future__ import annotations

import pytest

from casemaking import a_case, a_text
from holdfire.case import Case
from holdfire.differing import Difference, difference, place
from holdfire.errors import BadInput
from recordmaking import PERIOD


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, list[int]]:
    """A case of two reports; then one more; then one retracted; then a name written anew."""
    folder = tmp_path_factory.mktemp("diff") / "case"
    case = a_case(folder, {"0.md": a_text(0), "1.md": a_text(1)})
    found = []

    def ran() -> None:
        Case.open(folder).run(PERIOD)
        with Case.open(folder).ledger() as ledger:
            found.append(ledger.size)

    ran()
    (folder / "inbox" / "2.md").write_text(a_text(4), encoding="utf-8")
    ran()
    with case.vault() as vault:
        taken = next(name for name in vault.all() if vault.label(name)["file"] == "inbox/1.md")
    Case.open(folder).retract(taken, "its source withdrew it")
    ran()
    head = folder / "case.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("reliability: B", "reliability: E"), "utf-8")
    return Case.open(folder), found


def between(sizes: tuple[Case, list[int]], first: int, second: int) -> Difference:
    case, found = sizes
    with case.ledger() as ledger:
        return difference(ledger, case.engine, found[first], found[second])


def test_a_report_that_came_brings_its_determination_and_is_named(sizes: tuple[Case, list[int]]) -> None:
    found = between(sizes, 0, 1)
    assert found.after.incidents == found.before.incidents + 1
    (change,) = found.changes
    assert not change.before
    assert change.after["verdict"]
    kinds = {found.causes[seq] for seq in change.entries}
    assert kinds == {"claim", "report"}


def test_a_retraction_takes_it_away_and_is_named(sizes: tuple[Case, list[int]]) -> None:
    found = between(sizes, 1, 2)
    assert found.after.incidents == found.before.incidents - 1
    (change,) = found.changes
    assert change.before
    assert not change.after
    assert {found.causes[seq] for seq in change.entries} == {"retraction", "standing"}


def test_deaths_go_with_them(sizes: tuple[Case, list[int]]) -> None:
    there, back = between(sizes, 0, 1), between(sizes, 1, 2)
    assert there.after.killed[0] > there.before.killed[0]
    assert back.after.killed[0] < back.before.killed[0]


def test_nothing_changed_is_said(sizes: tuple[Case, list[int]]) -> None:
    found = between(sizes, 1, 1)
    assert not found.changes
    assert not found.causes


def test_the_later_cannot_come_first(sizes: tuple[Case, list[int]]) -> None:
    with pytest.raises(BadInput, match="more than"):
        between(sizes, 2, 0)


def test_a_place_is_a_number_a_bulletin_or_now(sizes: tuple[Case, list[int]]) -> None:
    case, found = sizes
    with case.ledger() as ledger:
        assert place(ledger, "now") == ledger.size
        assert place(ledger, str(found[0])) == found[0]
        assert place(ledger, f"{PERIOD}@1") < place(ledger, f"{PERIOD}@2") < place(ledger, PERIOD)
        for wrong in ("999999", "2031-06-01"):
            with pytest.raises(BadInput):
                place(ledger, wrong)


def test_prefixes_are_cut_to_the_runs_they_hold(sizes: tuple[Case, list[int]]) -> None:
    found = sizes[1]
    assert between(sizes, 0, 2).sizes == (found[0] - 1, found[2] - 1), "cut to the runs before the bulletins"

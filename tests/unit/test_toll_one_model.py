"""`holdfire toll --hierarchical`: one model of all strata is asked of them as they are, and stands beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from holdfire.counting.estimate import Estimate, Reason
from holdfire.counting.hierarchical import Hierarchical, Labelled
from holdfire.counting.hierarchical.estimator import ByStratum
from holdfire.counting.tabled.mapping import ListsFile
from holdfire.errors import BadInput
from holdfire.overlapping import read
from holdfire.tolling import Asking, Toll, toll
from holdfire.tollpage import toll_page
from holdfire.tollshown import lines

ROWS = """place,a,b,c,n
north,1,0,0,60
north,0,1,0,50
north,1,1,0,20
north,0,0,1,40
north,1,0,1,18
south,1,0,0,6
south,0,1,1,2
-,1,0,0,11
-,1,1,0,3
"""
QUICK = ("decomposable_graphs",)


def asked(folder: Path, **given: object) -> Toll:
    path = folder / "t.csv"
    path.write_text(ROWS)
    how = ListsFile(by=("place",), missing=("-",)) if given.pop("by", True) else ListsFile(pool=True)
    return toll(read(path, how), Asking(estimators=QUICK, hierarchical=True, **given))  # type: ignore[arg-type]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Labelled]:
    """Return the tables that the model is asked of; it answers a number that no other method gives."""
    tables: list[Labelled] = []

    def says(total: float, documented: int, why: tuple[Reason, ...] = ()) -> Estimate:
        draws = np.full((4, 100), total)
        return Estimate("hierarchical", documented, total, total - 10, total + 10, draws=draws, refused=why)

    def by_stratum(self: Hierarchical, table: Labelled, seed: int) -> ByStratum:
        tables.append(table)
        few = (Reason("too_few_own", {"documented": 8, "least": 10}),)
        return ByStratum(
            says(4321, table.documented), {("north",): says(4000, 188), ("south",): says(321, 8, few)}
        )

    monkeypatch.setattr(Hierarchical, "by_stratum", by_stratum)
    return tables


def test_it_is_asked_of_all_strata_with_what_is_not_said(tmp_path: Path, given: list[Labelled]) -> None:
    found = asked(tmp_path)
    (table,) = given
    assert table.documented == found.accounts[0].documented == 210
    assert table.unsure == 14
    assert table.names == (("north",), ("south",))


def test_it_stands_beside_and_is_in_no_sum(tmp_path: Path, given: list[Labelled]) -> None:
    found = asked(tmp_path)
    said = "\n".join(lines(found, "en", full=False))
    assert "4,321 (4,311 – 4,331)  stands" in said
    assert "321 (311 – 331)  refused" in said
    assert found.accounts[0].sum is not None
    assert not found.accounts[0].sum.high >= 4311
    machine = found.json["accounts"][0]
    assert machine["one_model"]["whole"]["middle"] == 4321
    assert "hierarchical" not in machine["sum_by_method"]
    page = toll_page([found]).decode()
    assert page.count("4,321 (4,311 – 4,331)") >= 1
    assert "نموذج واحد لجميع الفئات" in page


def test_it_is_not_asked_unless_told_to(tmp_path: Path, given: list[Labelled]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(ROWS)
    found = toll(read(path, ListsFile(by=("place",), missing=("-",))), Asking(estimators=QUICK))
    assert not given
    assert found.json["accounts"][0]["one_model"] is None


@pytest.mark.parametrize(
    ("asking", "words"),
    [({"by": False}, "needs columns"), ({"ordered": ("plac",)}, "none of the columns")],
)
def test_what_it_cannot_be_asked_is_refused(
    tmp_path: Path, given: list[Labelled], asking: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        asked(tmp_path, **asking)
    assert not given

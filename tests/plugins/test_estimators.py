"""Every estimator that is registered keeps its promises; the check finds one that does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from holdfire import counting, plugins
from holdfire.counting import Estimate, Overlaps, assess
from holdfire.errors import BadInput
from holdfire.testing import check_estimator

TABLE = Overlaps.of("ABCD", dict(enumerate([110, 84, 9, 93, 8, 14, 4, 31, 3, 2, 1, 9, 2, 3, 2], 1)))
FAST = {"chains": 4, "draws": 400, "warm": 200, "escalate": False, "classes": 3}
QUICK = {"latent_class": FAST, "latent_class_seldom": FAST}
OURS = ["decomposable_graphs", "highest_interaction", "latent_class", "latent_class_seldom", "log_linear"]


@pytest.mark.parametrize("name", OURS)
def test_every_estimator_keeps_its_promises(name: str) -> None:
    estimator = replace(plugins.estimators()[name], **QUICK.get(name, {}))
    table = TABLE.keep(range(min(len(TABLE.lists), estimator.most_lists)))
    assert check_estimator(estimator, table).documented == table.documented


@pytest.mark.parametrize("name", ["HighestInteraction", "LowerBound"])
def test_those_that_are_asked_by_name_keep_them_too(name: str) -> None:
    estimator = getattr(counting, name)()
    found = check_estimator(estimator, TABLE)
    assert found.method == estimator.name
    assert [each.method for each in assess(TABLE, 1, chosen=[estimator]).estimates] == [estimator.name]


PAGE = Path("docs/do/add-an-estimator.md")
NAMED = re.compile(r"`(holdfire(?:\.\w+)+)")


def missing(text: str) -> list[str]:
    """Return the names that a page gives and nobody can reach."""
    classes = [f"holdfire.counting.{name}" for name in re.findall(r"(?m)^\| `(\w+)` \|", text)]
    groups = [f"holdfire.{name}" for name in re.findall(r'entry-points\."holdfire\.(\w+)"', text)]
    gone = [name for name in {*NAMED.findall(text), *classes} if not reached(name)]
    return sorted([*gone, *(group for group in groups if group not in plugins.SEAMS)])


def reached(name: str) -> bool:
    module, _, last = name.rpartition(".")
    return hasattr(import_module(module), last) or find_spec(name) is not None


def test_what_the_page_names_can_be_reached(root: Path) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    assert missing(text) == []
    ours = {type(each).__name__ for each in plugins.estimators().values()}
    told = set(re.findall(r"(?m)^\| `(\w+)` \|", text))
    assert ours <= told
    assert {"HighestInteraction", "LowerBound"} <= told
    broken = text.replace("`LowerBound`", "`LowestBound`").replace("assess(", "assert(")
    assert missing(broken) == ["holdfire.counting.LowestBound", "holdfire.counting.assert"]
    assert missing(text.replace('"holdfire.estimators"', '"holdfire.estimator"')) == ["holdfire.estimator"]


def test_every_public_name_of_counting_is_there() -> None:
    for name in counting.__all__:
        assert getattr(counting, name).__module__.startswith("holdfire.counting")
    with pytest.raises(AttributeError, match="UpperBound"):
        _ = counting.UpperBound


def test_what_is_registered_is_listed_with_its_version() -> None:
    listed = plugins.listed()
    for group, names in (("formats", plugins.formats()), ("terms", plugins.kinds()), ("estimators", OURS)):
        for name in names:
            assert any(line.startswith(f"holdfire.{group}:{name}=holdfire.") for line in listed), name
    assert not any(line.startswith("holdfire.estimators:doubling=") for line in listed)


def test_every_estimator_is_tried() -> None:
    assert set(plugins.estimators()) == set(OURS)


@dataclass(frozen=True)
class Doubling:
    """Says that as many are undocumented as documented, and keeps every promise."""

    name: str = "doubling"
    least_lists: int = 2
    most_lists: int = 64

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        if len(overlaps.lists) < self.least_lists:
            raise BadInput("one list is too few")
        n = overlaps.documented
        drawn = n + np.random.default_rng(seed).poisson(n, (1, 4000)).astype(float)
        low, middle, high = np.quantile(drawn, [0.025, 0.5, 0.975])
        return Estimate(self.name, n, float(middle), float(low), float(high), draws=drawn)


def spoilt(change: Callable[[Estimate, int], Estimate], **kept: object) -> Doubling:
    class Spoilt(Doubling):
        calls = 0

        def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
            type(self).calls += 1
            return change(super().estimate(overlaps, seed), type(self).calls)

    return Spoilt(**kept)  # type: ignore[arg-type]


FAULTS: dict[str, tuple[Doubling, str]] = {
    "another answer each time": (
        spoilt(lambda e, n: replace(e, middle=e.middle + n / 10)),
        "the same table and seed gave another",
    ),
    "an interval out of order": (
        spoilt(lambda e, n: replace(e, low=e.high, high=e.low)),
        "the interval is",
    ),
    "fewer than are documented": (
        spoilt(lambda e, n: replace(e, low=e.documented - 1.0)),
        "the interval is",
    ),
    "a draw below the documented": (
        spoilt(lambda e, n: replace(e, draws=e.draws - e.draws.min() + 1)),
        "a draw is below",
    ),
    "an interval that is not of the draws": (
        spoilt(lambda e, n: replace(e, low=e.middle - 1, high=e.middle + 1)),
        "of the draws",
    ),
    "an answer by the order of lists": (
        spoilt(lambda e, n: e if n < 3 else replace(e, middle=e.middle + 300, high=e.high + 600)),
        "another order of lists",
    ),
    "another's name": (spoilt(lambda e, n: replace(e, method="tripling")), "its estimate is of tripling"),
    "one list taken": (spoilt(lambda e, n: e, least_lists=1, most_lists=0), "takes no number of lists"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_an_estimator_that_breaks_a_promise_is_found(name: str) -> None:
    estimator, said = FAULTS[name]
    with pytest.raises(AssertionError, match=said):
        check_estimator(estimator, TABLE)


def test_one_that_keeps_them_passes() -> None:
    assert check_estimator(Doubling(), TABLE).middle == pytest.approx(2 * TABLE.documented, rel=0.05)


def test_one_that_does_not_refuse_is_found() -> None:
    class Greedy(Doubling):
        def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
            return Doubling(least_lists=0).estimate(overlaps, seed)

    with pytest.raises(AssertionError, match="takes 1 lists and says that it needs 2"):
        check_estimator(Greedy(), TABLE)


def test_an_estimator_of_someone_else_is_one_class_through_the_public_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "doubling-1.0.dist-info"
    info.mkdir()
    source = Path(__file__).read_text(encoding="utf-8")
    start, end = source.index("@dataclass"), source.index("def spoilt")
    head = (
        "import numpy as np\nfrom dataclasses import dataclass\n"
        "from holdfire.counting import Estimate, Overlaps\nfrom holdfire.errors import BadInput\n"
    )
    (tmp_path / "doubling_of_others.py").write_text(head + source[start:end], encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: doubling\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[holdfire.estimators]\ndoubling = doubling_of_others:Doubling\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.estimators.cache_clear()
    try:
        assert "holdfire.estimators:doubling=doubling_of_others:Doubling 1.0" in plugins.listed()
        other = plugins.estimators()["doubling"]
        check_estimator(other, TABLE)
        found = assess(TABLE, 1, chosen=[other])
        assert [each.method for each in found.estimates] == ["doubling"]
    finally:
        plugins.estimators.cache_clear()


def test_no_estimator_that_takes_as_many_lists_is_a_refusal() -> None:
    narrow = Doubling(most_lists=3)
    assert [reason.code for reason in assess(TABLE, 1, chosen=[narrow]).refused] == ["no_estimator"]

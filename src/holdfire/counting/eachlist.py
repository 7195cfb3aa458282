"""What each list does to an answer: without it, and what the others say of the people on it, who are known.

What is said of fewer lists, or of the people of one, is found as any table's is: by the same rules, refused
for the same reasons. Two lists alone give a number only if being on one says nothing of being on the other,
and it is said to be that.

References: Whitehead and others 2019 and Binette and Steorts 2022, JRSS A 185 (lists of known size);
docs/understand/counting.md has what was measured, and which of these was checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from holdfire.counting.assessing import Assessment, assess_all
from holdfire.counting.estimate import Estimate, Estimator, Reason
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.sensitivity import inside, of_three

DRAWS = 2000
"""Draws of each estimator that is quick."""
MOST_QUICK = 6
"""Most lists that are asked quickly: of more, graphs are too many to weigh them again for every list."""

Held = Literal["held", "too_low", "too_high", "none"]


def quick() -> tuple[Estimator, ...]:
    """Return the estimators that are asked of each part of a table: no chains, a second for all of it."""
    return (
        of_three(draws=DRAWS),
        DecomposableGraphs(draws=DRAWS, shown=1, most_lists=MOST_QUICK),
        LogLinear(draws=DRAWS, most_lists=4),
    )


@dataclass(frozen=True)
class Without:
    """What is said without one list.

    Attributes:
        list: The list left out.
        said: What the others allow to be said of the whole population.
    """

    list: str
    said: Assessment

    @property
    def number(self) -> Estimate | None:
        """Return the number, if there is one; of two lists left, that which holds if they are independent."""
        return number(self.said)


@dataclass(frozen=True)
class Known:
    """The people of one list as a population whose size is known.

    Attributes:
        list: The list.
        known: People on it.
        found: Of them, people on another list as well.
        said: What the other lists allow to be said of how many they are; None: they found nobody.
    """

    list: str
    known: int
    found: int
    said: Assessment | None

    @property
    def number(self) -> Estimate | None:
        """Return the number, if there is one; of two others, that which holds if they are independent."""
        return None if self.said is None else number(self.said)

    @property
    def held(self) -> Held:
        """Return whether the interval holds the size that is known, or on which side it misses it."""
        if (told := self.number) is None:
            return "none"
        return "too_low" if told.high < self.known else "too_high" if told.low > self.known else "held"


@dataclass(frozen=True)
class EachList:
    """What each list of a table does to the answer.

    Attributes:
        whole: What the same estimators say of all lists.
        without: In the order of the lists.
        known: Likewise.
    """

    whole: Assessment
    without: tuple[Without, ...]
    known: tuple[Known, ...]

    @property
    def moved(self) -> tuple[Without, ...]:
        """Return the lists without which there is a number, least number first."""
        return tuple(
            sorted(
                (each for each in self.without if each.number is not None),
                key=lambda each: (each.number.middle if each.number else 0.0, each.list),
            )
        )


def number(said: Assessment) -> Estimate | None:
    """Return what is stated of a part of a table, or what two lists say if they are independent."""
    if said.stated is not None:
        return said.stated
    only_few = {reason.code for reason in said.refused} == {"too_few_lists"}
    return said.bound if only_few and len(said.used.lists) == 2 else None


def why(said: Assessment | None) -> tuple[Reason, ...]:
    """Return why there is no number of a part of a table; empty: there is one."""
    if said is None:
        return (Reason("no_overlap"),)
    return () if number(said) is not None else said.refused


def each_list(
    table: Overlaps,
    seed: int,
    chosen: Sequence[Estimator] | None = None,
    done: Callable[[], None] | None = None,
) -> EachList | None:
    """Return what each list of a table does to what is said of it.

    Args:
        table: Who was on which lists.
        seed: Of whatever is drawn.
        chosen: Estimators to ask, the one that must stand first; None: `quick`.
        done: Called as each chain of the latent-class estimator is done.

    Returns:
        It, or None: the table has fewer than three lists, or none of the estimators takes so many.
    """
    used = table.usable()
    asked = quick() if chosen is None else tuple(chosen)
    lists = range(len(used.lists))
    if len(lists) < 3 or not any(each.least_lists <= len(lists) <= each.most_lists for each in asked):
        return None
    parts = {f"without {j}": used.keep([k for k in lists if k != j]) for j in lists}
    within = {j: inside(used, j) for j in lists}
    parts |= {f"of {j}": each for j, each in within.items() if each is not None}
    said = assess_all({"all": used, **parts}, seed, chosen=asked, done=done)
    return EachList(
        said["all"],
        tuple(Without(name, said[f"without {j}"]) for j, name in enumerate(used.lists)),
        tuple(
            Known(name, int(used.sizes[j]), each.documented if each else 0, said.get(f"of {j}"))
            for j, name, each in zip(lists, used.lists, within.values(), strict=True)
        ),
    )

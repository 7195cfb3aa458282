"""Draw the place, month or sex of people of whom it is missing, several times over.

Each label that is missing is drawn from what the others, the lists that a person is on, and whatever else is
known say of it, in turn, until the turns forget where they began (chained equations). Parameters are drawn
too: each model is fitted to people drawn with replacement, so that the doubt about it is in the draws.

Four rules hold, and tests/properties/test_imputing.py tries to break each:

* a label that is known is never changed;
* a label is only drawn from those that somebody bears;
* the same people and seed give the same draws, and each draw has its own;
* no name comes in: labels, numbers and lists.

It is assumed that whether a label is missing depends on nothing but what is in the table (missing at random).
Nothing in the table can show it.

van Buuren, S. and Groothuis-Oudshoorn, K. (2011), mice, J. Statistical Software 45(3), on chained equations;
Rubin, D. B. and Schenker, N. (1986), JASA 81, on drawing whom to fit to.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator, SeedSequence, default_rng

from holdfire.counting.membership import MISSING, Grouped, Sheet
from holdfire.counting.overlaps import Integers
from holdfire.errors import HoldfireError

TURNS = 5
"""Times that every label is drawn before the draw that counts."""
FEWEST = 20
"""Fewest people with a label from whom it is learnt by the others; of fewer, it is drawn as often as seen."""
EASE = 1.0
"""Inverse of the ridge penalty of each model: of labels that few bear, it keeps every chance above 0."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Imputed:
    """Draws of labels.

    Attributes:
        draws: For each draw, the code of every person, by label; missing stays what nobody bears.
        missing: Share of people of whom each label was missing.
        used: What each label was drawn from.
    """

    draws: tuple[Mapping[str, Integers], ...]
    missing: Mapping[str, float]
    used: tuple[str, ...]


def impute(
    people: Grouped,
    sheet: Sheet,
    by: Sequence[str],
    draws: int,
    seed: int,
    numbers: Mapping[str, Floats] | None = None,
) -> Imputed:
    """Return drawn labels of people of whom some are missing.

    Args:
        people: The people.
        sheet: What their labels mean, and the lists.
        by: Labels to draw.
        draws: How many times.
        seed: Of all draws.
        numbers: Whatever else is known of each person, such as an age; nan: it is not (people,).

    Raises:
        HoldfireError: scikit-learn is not installed, and a label is missing.
    """
    known = {name: people.labels[name] for name in by}
    missing = {
        name: float((codes == MISSING).mean()) if people.people else 0.0 for name, codes in known.items()
    }
    fixed, used = _fixed(people, sheet, numbers or {})
    made = [
        _drawn(known, fixed, default_rng(source)) if any(missing.values()) else dict(known)
        for source in SeedSequence(seed).spawn(draws)
    ]
    return Imputed(tuple(made), missing, (*by, *used))


def _fixed(people: Grouped, sheet: Sheet, numbers: Mapping[str, Floats]) -> tuple[Floats, tuple[str, ...]]:
    """Return columns that are not drawn: lists, and numbers with whether they are known."""
    bits = np.arange(len(sheet.lists), dtype=np.uint64)
    columns = [(people.patterns[:, None] >> bits & np.uint64(1)).astype(np.float64)]
    for values in numbers.values():
        there = np.isfinite(values)
        spread = float(values[there].std()) if there.any() else 0.0
        middle = float(values[there].mean()) if there.any() else 0.0
        scaled = np.where(there, (np.where(there, values, middle) - middle) / (spread or 1.0), 0.0)
        columns.append(np.column_stack([scaled, there.astype(np.float64)]))
    return np.hstack(columns), ("lists", *numbers)


def _drawn(known: Mapping[str, Integers], fixed: Floats, chance: Generator) -> dict[str, Integers]:
    """Return one draw of all labels: begun as often as seen, then each from the others in turn."""
    now = {name: _as_seen(codes, chance) for name, codes in known.items()}
    open_ = [name for name, codes in known.items() if (codes == MISSING).any() and (codes != MISSING).any()]
    # The label that is missing of the fewest is drawn first: the others lean on it.
    open_.sort(key=lambda name: (int((known[name] == MISSING).sum()), name))
    for _ in range(TURNS if len(open_) > 1 else 1):
        for name in open_:
            others = [_columns(codes) for other, codes in now.items() if other != name]
            now[name] = _turn(known[name], np.hstack([fixed, *others]), chance)
    return now


def _as_seen(codes: Integers, chance: Generator) -> Integers:
    """Return labels with the missing ones drawn as often as each is seen."""
    seen, gone = codes[codes != MISSING], codes == MISSING
    if not len(seen) or not gone.any():
        return codes
    found = codes.copy()
    found[gone] = chance.choice(seen, int(gone.sum()))
    return found


def _columns(codes: Integers) -> Floats:
    """Return a column for each value but the first."""
    values = np.unique(codes)
    found: Floats = (codes[:, None] == values[None, 1:]).astype(np.float64)
    return found


def _turn(codes: Integers, columns: Floats, chance: Generator) -> Integers:
    """Return one label with the missing ones drawn from a model fitted to people drawn with replacement."""
    gone = codes == MISSING
    seen = np.flatnonzero(~gone)
    again = chance.choice(seen, len(seen))
    values = np.unique(codes[again])
    if len(seen) < FEWEST or len(values) < 2:
        return _as_seen(codes, chance)
    shares = _chances(columns[again], codes[again], columns[gone])
    at = (chance.random((len(shares), 1)) > np.cumsum(shares, axis=1)).sum(axis=1)
    found: Integers = codes.copy()
    found[gone] = values[np.minimum(at, len(values) - 1)]
    return found


def _chances(known: Floats, codes: Integers, wanted: Floats) -> Floats:
    """Return the chance of each value, ascending, for each person of whom it is wanted (people, values)."""
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits
    except ImportError:
        raise HoldfireError(
            "labels are missing, and scikit-learn, which learns what they may be, is not installed",
            hint='`pip install "holdfire[imputation]"`; or leave those people out',
        ) from None
    model = LogisticRegression(C=EASE, solver="newton-cholesky", max_iter=50)
    # On one thread sums are in one order, so the draws are the same on any machine.
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        # A fit that stops early is one of many draws, and nothing else rests on it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # People who are alike in all are one row with its weight: many people are then few rows.
        rows, weights = np.unique(np.column_stack([known, codes]), axis=0, return_counts=True)
        model.fit(rows[:, :-1], rows[:, -1], sample_weight=weights)
        found: Floats = model.predict_proba(wanted)
    return found

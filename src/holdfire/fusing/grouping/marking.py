"""How near one grouping of records is to another: counted exactly, fast at ten million records.

A grouping is an array that gives each record a number; records of one number are of one group. Pairs are
counted, never listed. Menestrina, D., Whang, S. E. and Garcia-Molina, H. (2010), Evaluating entity resolution
results, VLDB 3(1); Bagga, A. and Baldwin, B. (1998), Algorithms for scoring coreference chains (B-cubed).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfire.errors import BadInput

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision and recall, and their harmonic mean; each from 0 to 1.

    A share of nothing is 1: no link that was made is wrong.
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Marks:
    """How near a grouping is to the truth.

    Attributes:
        pairs: Pairs of records that are of one group.
        records: B-cubed: of each record's group, the share that is right, averaged over records.
        groups: Groups that are exactly right, those of one record included.
        count: Groups made, for each true one.
    """

    pairs: Agreement
    records: Agreement
    groups: Agreement
    count: float


def mark(made: Numbers, true: Numbers) -> Marks:
    """Return how near a grouping is to the truth.

    Args:
        made: Group of each record.
        true: True group of each record.

    Raises:
        BadInput: They are not of the same records.
    """
    made, true = _numbered(made, true)
    ours, theirs = np.bincount(made), np.bincount(true)
    # One number for each meeting of a group made and a true one; how many records stand in it.
    both = np.sort(made * np.int64(max(1, len(theirs))) + true)
    edge = np.flatnonzero(np.concatenate([[True], both[1:] != both[:-1]])) if len(both) else both
    shared = np.diff(np.append(edge, len(both)))
    a = ours[both[edge] // max(1, len(theirs))] if len(both) else shared
    b = theirs[both[edge] % max(1, len(theirs))] if len(both) else shared
    right = int((shared * (shared - 1) // 2).sum())
    exact = int(((shared == a) & (shared == b)).sum())
    n = len(made)
    return Marks(
        pairs=Agreement(_share(right, _pairs(ours)), _share(right, _pairs(theirs))),
        records=Agreement(
            _share(float((shared * (shared / a)).sum()), n), _share(float((shared * (shared / b)).sum()), n)
        ),
        groups=Agreement(_share(exact, len(ours)), _share(exact, len(theirs))),
        count=_share(len(ours), len(theirs)),
    )


def pattern_error(made: Numbers, true: Numbers, source: Numbers) -> float:
    """Return how wrong the counts of groups by the sources that know them are: what capture-recapture eats.

    Half the sum of the absolute differences between the two tables, over the true number of groups: 0 is
    right; 1 says that as many groups stand in a wrong cell as there are.

    Args:
        made: Group of each record.
        true: True group of each record.
        source: Source of each record, from 0 to 62.

    Raises:
        BadInput: More than 63 sources, or not of the same records.
    """
    made, true = _numbered(made, true)
    if len(source) != len(made):
        raise BadInput(f"sources of {len(source)} records are given for {len(made)}")
    if len(source) and (int(source.max()) > 62 or int(source.min()) < 0):
        raise BadInput(
            f"sources are numbered to {int(source.max())}; patterns take numbers from 0 to 62",
            hint="number the sources of interest, and leave out the others",
        )
    keys, counts = np.unique(
        np.concatenate([_patterns(made, source), _patterns(true, source)]), return_inverse=True
    )
    groups = int(made.max()) + 1 if len(made) else 0
    ours = np.bincount(counts[:groups], minlength=len(keys))
    theirs = np.bincount(counts[groups:], minlength=len(keys))
    return _share(float(np.abs(ours - theirs).sum()) / 2, int(theirs.sum())) if len(made) else 0.0


def _patterns(group: Numbers, source: Numbers) -> Numbers:
    """Return, for each group, the sources in it as bits."""
    bits = np.zeros(int(group.max()) + 1 if len(group) else 0, np.int64)
    np.bitwise_or.at(bits, group, np.int64(1) << source.astype(np.int64))
    return bits


def _numbered(made: Numbers, true: Numbers) -> tuple[Numbers, Numbers]:
    """Return both with groups numbered from 0 without gaps."""
    if len(made) != len(true):
        raise BadInput(f"one grouping is of {len(made)} records and the other of {len(true)}")
    return _dense(np.asarray(made, np.int64)), _dense(np.asarray(true, np.int64))


def _dense(group: Numbers) -> Numbers:
    if not len(group):
        return group
    low, high = int(group.min()), int(group.max())
    if low >= 0 and high <= 4 * len(group) + 1000:  # numbers that serve as places: no sort
        held = np.zeros(high + 1, np.bool_)
        held[group] = True
        return (np.cumsum(held) - 1)[group]
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def _pairs(sizes: Numbers) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0

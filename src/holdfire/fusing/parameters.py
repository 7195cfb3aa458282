"""What the levels of a profile weigh: m and u of each, and how many partners a record is expected to have.

A file of parameters belongs to no engine: it is JSON of names and numbers, and names the comparisons it was
trained for. One whose levels are not the profile's is refused, all differences named at once. Numbers have
six significant digits, so the same training writes the same bytes. A weight is log2(m/u) in whole millibits
[thousandths of a bit], so sums are exact in any order. Fellegi and Sunter (1969), JASA 64(328).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import Field

from holdfire.digests import Digest, canonical, digest
from holdfire.documents import Document, read
from holdfire.errors import Problems
from holdfire.fusing.profile import Comparison, Profile, profile

LEAST_M = 1e-4
"""Least m that is believed of a level never seen among pairs of one thing."""

LEAST_U = 1e-7
"""Least u that is believed of a level never seen among random pairs."""

BORROWED = 1000
"""Records that training counts for: a smaller case takes its frequencies and prior mostly from training."""

_SLACK = 0.01
"""How far the probabilities of a comparison may miss one, for rounding."""


class Odds(Document):
    """How often a level is seen.

    Attributes:
        level: Its name in the profile.
        m: Share of pairs of one thing, of those where neither is silent; None: the level means silence.
        u: Share of pairs of two things; None likewise.
    """

    level: str
    m: float | None = Field(default=None, gt=0, le=1)
    u: float | None = Field(default=None, gt=0, le=1)


class Trained(Document):
    """Where the numbers come from.

    Attributes:
        on: What data, in words.
        how: By which method.
        records: How many records it had.
        pairs: How many pairs were weighed or labelled.
        seed: Of the sample for u.
        same: Of the pairs that people judged, how many are one; None: none were judged.
        different: How many are two; None likewise.
        start: Digest of the parameters that came with Holdfire then; None: these are such.
        entries: How many entries the ledger of the case had; None: they were trained on no case.
        head: Root of the ledger at that size; None likewise.
        versions: Of what computed them, by name; None: not said.
    """

    on: str = Field(min_length=1)
    how: str = Field(min_length=1)
    records: int = Field(ge=0)
    pairs: int = Field(ge=0)
    seed: int = 0
    same: int | None = Field(default=None, ge=0)
    different: int | None = Field(default=None, ge=0)
    start: Digest | None = None
    entries: int | None = Field(default=None, ge=0)
    head: Digest | None = None
    versions: dict[str, str] | None = None


class Parameters(Document):
    """What the levels of one profile weigh.

    Attributes:
        profile: Name of the profile.
        compared: Digest of the comparisons it was trained for (`compared`).
        partners: Other records that are of one thing with a record, on average.
        shares: Of each term column: the chance that two random records share its value.
        levels: m and u of each level of each comparison, in the profile's order.
        offset: Added to the mean weight of a pair of groups before they are joined [millibits].
        trained: Where the numbers come from.
    """

    profile: str
    compared: Digest
    partners: float = Field(gt=0)
    shares: dict[str, float]
    levels: dict[str, list[Odds]]
    offset: int = 0
    trained: Trained

    def prior(self, records: int) -> int:
        """Return log2 of the odds that two random records of so many are of one thing [millibits].

        The number of records counts in quarters of a bit, and as BORROWED at least: one more record almost
        never changes a weight, and a handful of reports is judged as part of a larger war.
        """
        doublings = math.floor(4 * math.log2(max(records, BORROWED)) + 1e-9) / 4
        share = min(0.5, self.partners / 2**doublings)
        return millibits(share / (1 - share))

    def text(self) -> str:
        """Return the file."""
        return json.dumps(self.model_dump(exclude_none=True), indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Weight:
    """What one level adds to the weight of a pair [millibits].

    Attributes:
        plain: Without regard to which value they share.
        term: With it: this and 500 for each half bit that the value is rare; None: the level has no term.
    """

    plain: int
    term: int | None = None


def millibits(odds: float) -> int:
    """Return log2 of some odds in thousandths.

    >>> millibits(8), millibits(0.5)
    (3000, -1000)
    """
    return round(1000 * math.log2(odds))


def weights(profile: Profile, parameters: Parameters) -> dict[str, list[Weight]]:
    """Return what each level of each comparison adds, in the profile's order."""
    return {
        each.name: [
            _weight(odds, parameters.shares.get(level.term))
            for level, odds in zip(each.levels, parameters.levels[each.name], strict=True)
        ]
        for each in profile.comparisons
    }


def _weight(odds: Odds, share: float | None) -> Weight:
    """Weigh a level; where it has a term, P(value | one thing) is its share p, P(value | two) is p * p.

    So a shared value of share p adds log2(c / p), c being the chance that two random records share any:
    Winkler, W. E. (1989), Frequency-based matching in Fellegi-Sunter model of record linkage.
    """
    if odds.m is None or odds.u is None:
        return Weight(0)
    plain = millibits(odds.m / odds.u)
    return Weight(plain) if share is None else Weight(plain, plain + millibits(share) + 250)


def compared(profile: Profile) -> Digest:
    """Return a digest of what decides how two records compare, and so of what parameters are good for."""
    return digest(canonical([profile.columns, [each.model_dump() for each in profile.comparisons]]))


def rounded(value: float) -> float:
    """Return a number to six significant digits, as it is written.

    >>> rounded(0.123456789)
    0.123457
    """
    return float(f"{value:.6g}")


def read_parameters(
    text: str, profile: Profile, file: str = "parameters.json", *, closely: bool = False
) -> Parameters:
    """Return the parameters that a file holds.

    Args:
        text: The file.
        profile: What is compared.
        file: Its name, for messages.
        closely: Refuse parameters trained for levels of these names that meant something else.

    Raises:
        BadInput: All problems of the file: what is no parameter, and each level that is not the profile's.
    """
    found = read(Parameters, text, file)
    problems = Problems(file)
    if found.profile != profile.name:
        problems.add(f'they are of the profile "{found.profile}", not "{profile.name}"', "profile")
    known = {each.name: each for each in profile.comparisons}
    for name in sorted(found.levels.keys() - known.keys()):
        problems.add(f'the profile makes no comparison "{name}"', f"levels.{name}", "train anew")
    for each in known.values():
        _check(each, found, problems)
    for term in profile.terms:
        share = found.shares.get(term)
        if share is None or not 0 < share <= 1:
            problems.add(f'the share of "{term}" is not given or not a share', "shares", "train anew")
    if closely and not problems and found.compared != compared(profile):
        said = "they were trained for other conditions than the profile has now"
        problems.add(said, "compared", "train anew, or delete the file")
    problems.raise_any()
    return found


def _check(comparison: Comparison, found: Parameters, problems: Problems) -> None:
    where = f"levels.{comparison.name}"
    given = found.levels.get(comparison.name)
    if given is None:
        problems.add(f'nothing is said of the comparison "{comparison.name}"', "levels", "train anew")
        return
    names, said = [level.name for level in comparison.levels], [odds.level for odds in given]
    if names != said:
        problems.add(f"the levels are {', '.join(said)}; the profile has {', '.join(names)}", where)
        return
    for level, odds in zip(comparison.levels, given, strict=True):
        if level.silent != (odds.m is None) or level.silent != (odds.u is None):
            needs = "neither m nor u: it means silence" if level.silent else "both m and u"
            problems.add(f'the level "{level.name}" needs {needs}', where)
    for side in ("m", "u"):
        total = sum(getattr(odds, side) or 0 for odds in given)
        if not problems and abs(total - 1) > _SLACK:
            problems.add(f"the {side} of its levels sum to {total:.3f}, not to one", where)


@cache
def parameters(name: str) -> Parameters:
    """Return the parameters that come with Holdfire for a profile of this name."""
    file = files("holdfire.fusing").joinpath(f"parameters/{name}.json")
    return read_parameters(file.read_text(encoding="utf-8"), profile(name), f"parameters/{name}.json")

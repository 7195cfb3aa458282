"""The model: what is expected of each stratum, whom each list catches in it, and how alike strata are.

For stratum s, class k of K and list j, with levels l of the columns c that s is of:

    expected number      log w[s]      =  level + sum over c of size[c, l]  +  rest of s
    chance of a list     logit q[skj]  =  list[j] + spread * (k - (K - 1) / 2) + own[k, j]
                                          + sum over c of (reach[c, l] + odd[c, l, j])  +  rests of s and j
    share of a class     log odds      =  class[k] + sum over c of tilt[c, l, k]

Effects of levels are normal about none, with a scale of their own that is half normal; those of an ordered
column are walks, whose steps are. So a column along which strata are alike gets a small scale, and strata
lean on each other; where they differ it gets a large one, and each stands for itself.

The number of people of each stratum is Poisson about w, and the level has a prior so wide that it is
p(N) = 1 / N for the number in all. Cells of people of whom not all is said are sums over the strata that they
may be of. That is right where whether a label is said depends on the lists and on what is said, and not on
what is left out (missing at random; Rubin 1976, Biometrika 63). The reasons for silence then have no part.

Two things are written so that paths are short. Effects of one kind are summed before they are drawn: a
factor of their covariance times standard normals (non-centred; Betancourt and Girolami 2015). And log w is
drawn about where the documented people put it, given the rest: a stratum of thousands fixes it, one of a few
leaves it to its neighbours, and in neither do paths have to follow a ridge or a funnel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from holdfire.counting.hierarchical.labelled import Labelled

LEVEL_SCALE = 10.0
"""Of the logarithm of the number in all: so wide that it says nothing."""
LIST_SCALE = 1.5
"""Of list[j], about 0: chances from 0.05 to 0.95, nearly even."""
SPREAD = 1.5
"""Scale of the step from one class to the next [log odds]: half of them are below 1."""
OWN = 1.0
"""Of how far lists differ in what a class is to them."""
SIZE, SIZE_STEP = 1.5, 0.5
"""Scales of the expected number between levels, and between neighbours of an ordered column [log]."""
REACH, REACH_STEP = 0.5, 0.25
"""Scales of the chances of lists between levels, and between neighbours [log odds]."""
REST = 0.5
"""Scale of what a stratum has of its own past its columns."""
MOST_TOGETHER = 60
"""Most strata whose mean chances are fitted jointly with what classes are: more would need more draws."""
SLIGHT = 1e-6
"""Added to variances, so that a covariance can be factored."""


@dataclass(frozen=True)
class Design:
    """What the model is built of; nothing in it depends on how many were counted.

    Attributes:
        strata: Levels of each stratum (strata, columns).
        levels: How many levels each column has.
        ordered: Whether neighbours of a column are near.
        on: Whether each pattern is on each list (patterns, lists).
        may_be: Which strata the people of each group not known may be of (groups, strata).
        classes: How many classes of people there are in each stratum.
    """

    strata: np.ndarray[Any, Any]
    levels: tuple[int, ...]
    ordered: tuple[bool, ...]
    on: np.ndarray[Any, Any]
    may_be: np.ndarray[Any, Any]
    classes: int

    @classmethod
    def of(cls, table: Labelled, classes: int) -> Design:
        """Return the design of a table."""
        return cls(
            table.strata,
            tuple(len(each) for each in table.levels),
            tuple(name in table.ordered for name in table.columns),
            table.on,
            table.partly[0],
            classes,
        )

    @property
    def lists(self) -> int:
        """Return how many lists there are."""
        return int(self.on.shape[1])

    @property
    def columns(self) -> tuple[int, ...]:
        """Return the columns that tell strata apart."""
        return tuple(c for c, many in enumerate(self.levels) if many > 1)

    @property
    def rests(self) -> bool:
        """Return whether a stratum can have something of its own: with one column it is its level."""
        return len(self.columns) > 1

    @property
    def owns(self) -> bool:
        """Return whether lists differ in how far classes are apart: three lists cannot tell."""
        return self.classes > 1 and self.lists > 3

    def alike(self, column: int) -> np.ndarray[Any, Any]:
        """Return the covariance of strata by one column, in squares of its scale (strata, strata)."""
        many, at = self.levels[column], self.strata[:, column]
        effects = np.eye(many)
        if self.ordered[column]:
            # A walk has no beginning of its own: the level of the whole is told elsewhere.
            effects = np.tril(np.ones((many, many)))
            effects[:, 0] = 0
            effects -= effects.mean(axis=0)
        found: np.ndarray[Any, Any] = (effects @ effects.T)[np.ix_(at, at)]
        return found


def together(design: Design) -> tuple[str, ...]:
    """Return what the table tells sums of rather than each: steps in these are fitted jointly."""
    names = ["mean"] if len(design.strata) <= MOST_TOGETHER else []
    if design.classes > 1:
        names += ["class", "spread"]
    if design.owns:
        names += ["own", "own_scale"]
    return tuple(sorted(names))


def classes_of(lists: int) -> int:
    """Return how many classes so many lists can tell apart: two up to five lists, three from six on."""
    return 2 if lists < 6 else 3


@dataclass(frozen=True)
class Near:
    """Where documented people alone put some of what is drawn, and how surely. It only says where to look.

    Attributes:
        size: About how many documented people each stratum has (strata,).
        contrast: About what lists differ by in log odds, along each of `_contrasts` (lists - 1, strata).
        doubt: Its variance (lists - 1, strata).
    """

    size: np.ndarray[Any, Any]
    contrast: np.ndarray[Any, Any]
    doubt: np.ndarray[Any, Any]

    @classmethod
    def of(cls, table: Labelled) -> Near:
        """Return it of a table; people not known fall to strata as the known do.

        Given how many lists a person is on, which ones they are does not depend on how easily they are
        listed (Rasch 1961): so the differences between lists are nearly those of one class.
        """
        lists = len(table.lists)
        cell = table.known + 0.5 / len(table.patterns)
        own = cell.sum(axis=1)
        may_be, counts = table.partly
        for which, people in zip(may_be, counts, strict=True):
            cell = cell + which[:, None] * own[:, None] / own[which].sum() * people
        size = cell.sum(axis=1)
        each = cell @ table.on + 0.5
        everyone = 2 * (size + 0.5)
        for _ in range(100):  # of independent lists: N (1 - product of (1 - n / N)) = documented
            seen = 1 - np.prod(1 - np.minimum(each / everyone[:, None], 0.95), axis=1)
            everyone = np.maximum(size / seen, each.max(axis=1) + 0.5)
        share = np.minimum(each / everyone[:, None], 0.95)
        along = _contrasts(lists)
        odds = np.log(share / (1 - share))
        return cls(size, along @ odds.T, along**2 @ (1 / (each * (1 - share))).T)


def model(design: Design, known: Any, partly: Any, near: tuple[Any, Any, Any]) -> None:
    """State the model to numpyro.

    Args:
        design: What it is built of.
        known: People of each stratum and pattern (strata, patterns).
        partly: People of each group not known and pattern (groups, patterns).
        near: What `Near` holds.
    """
    import jax.numpy as jnp
    import numpyro

    reach = numpyro.deterministic("reach", _reach(design, near[1], near[2]))
    share = numpyro.deterministic("share", _share(design))
    unseen = cells(jnp, reach, share, np.zeros((1, design.lists), bool))[:, 0]
    anyone = jnp.log(-jnp.expm1(unseen))
    size = numpyro.deterministic("size", _size(design, jnp.log(near[0]) - anyone, 1 / near[0]))
    seen = size[:, None] + cells(jnp, reach, share, design.on)
    fit = (known * seen).sum() - jnp.exp(size + anyone).sum()
    if design.may_be.shape[0]:
        top = seen.max(axis=0)
        mixed = jnp.log(jnp.asarray(design.may_be, float) @ jnp.exp(seen - top) + 1e-300) + top
        fit = fit + (partly * mixed).sum()
    numpyro.deterministic("fit", fit)
    numpyro.factor("seen", fit)


def cells(of: Any, reach: Any, share: Any, on: Any) -> Any:
    """Return the log chance of each pattern in each stratum (strata, patterns).

    Args:
        of: numpy, or the same of jax.
        reach: Log odds of each list (strata, classes, lists); more axes before them are kept.
        share: Log share of each class (strata, classes); more axes before them are kept.
        on: Whether each pattern is on each list (patterns, lists).
    """
    each = reach @ np.asarray(on, float).T - of.logaddexp(0.0, reach).sum(axis=-1)[..., None]
    joint = each + share[..., None]
    top = joint.max(axis=-2)
    return top + of.log(of.exp(joint - top[..., None, :]).sum(axis=-2))


def _size(design: Design, at: Any, doubt: Any) -> Any:
    """Return the log expected number of each stratum (strata,)."""
    prior = _covariance(design, "size", SIZE, SIZE_STEP) + LEVEL_SCALE**2
    return _drawn_near("within", prior, at[None, :], doubt[None, :])[0]


def _drawn_near(name: str, prior: Any, at: Any, doubt: Any) -> Any:
    """Return rows of normals about 0, drawn about where the documented people put them.

    With prior N(0, C), were all that is known of a row `at`, with a normal error of variance D, it would be
    normal given C, and `at` be N(0, C + D). It is drawn so, and a factor mends the difference: prior and
    posterior are those of N(0, C) and the true likelihood, whatever `at` and D are.

    Args:
        name: Of the standard normals that rows are made of.
        prior: C, of every row (strata, strata).
        at: Where rows are looked for (rows, strata).
        doubt: Diagonal of D (rows, strata).
    """
    import jax
    import jax.numpy as jnp
    import numpyro
    from jax.scipy.linalg import solve_triangular

    def one(at: Any, doubt: Any, drawn: Any) -> Any:
        both = jnp.linalg.cholesky(prior + jnp.diag(doubt))
        known = solve_triangular(both, jnp.column_stack([at, jnp.diag(doubt)]), lower=True)
        seen, scaled = known[:, 0], known[:, 1:]
        after = jnp.diag(doubt * (1 + 1e-9)) - scaled.T @ scaled
        value = at - scaled.T @ seen + jnp.linalg.cholesky(after) @ drawn
        mend = 0.5 * ((at - value) ** 2 / doubt).sum()
        return value, mend - 0.5 * (seen**2).sum() - jnp.log(jnp.diag(both)).sum()

    value, mend = jax.vmap(one)(at, doubt, _normal(name, at.shape))
    numpyro.factor(f"{name}_mended", mend.sum())
    return value


def _reach(design: Design, at: Any, doubt: Any) -> Any:
    """Return the log odds of each list (strata, classes, lists)."""
    import jax.numpy as jnp

    lists, classes, strata = design.lists, design.classes, len(design.strata)
    odd = _covariance(design, "odd", REACH, REACH_STEP) + LIST_SCALE**2
    common = odd / lists + _covariance(design, "reach", REACH, REACH_STEP)
    mean = jnp.linalg.cholesky(common) @ _normal("mean", (strata, 1))
    shift = mean + _drawn_near("contrast", odd, at, doubt).T @ _contrasts(lists)
    if classes == 1:
        return shift[:, None, :]
    apart = _scale("spread", SPREAD) * (np.arange(classes)[:, None] - (classes - 1) / 2)
    if design.owns:
        own = _scale("own_scale", OWN) * _normal("own", (classes - 1, lists))
        # What all classes have in common is told elsewhere.
        apart = apart + _contrasts(classes).T @ own
    return shift[:, None, :] + apart * jnp.ones((strata, 1, lists))


def _share(design: Design) -> Any:
    """Return the log share of each class (strata, classes)."""
    import jax.numpy as jnp
    from jax.nn import log_softmax

    classes, strata = design.classes, len(design.strata)
    if classes == 1:
        return jnp.zeros((strata, 1))
    tilt = _normal("class", (1, classes - 1)) * jnp.ones((strata, 1))
    for c in design.columns:
        walk = design.ordered[c]
        own = _scale(f"tilt_scale_{c}", REACH_STEP if walk else REACH)
        drawn = own * _normal(f"tilt_{c}", (design.levels[c], classes - 1))
        if walk:
            drawn = jnp.cumsum(drawn.at[0].set(0.0), axis=0)
            drawn = drawn - drawn.mean(axis=0)
        tilt = tilt + drawn[design.strata[:, c]]
    return log_softmax(jnp.concatenate([jnp.zeros((strata, 1)), tilt], axis=1), axis=1)


def _covariance(design: Design, name: str, scale: float, step: float) -> Any:
    """Return how alike strata are in one respect (strata, strata): a scale for each column, and a rest."""
    import jax.numpy as jnp

    found = SLIGHT * jnp.eye(len(design.strata))
    for c in design.columns:
        own = _scale(f"{name}_scale_{c}", step if design.ordered[c] else scale)
        found = found + own**2 * design.alike(c)
    if design.rests:
        found = found + _scale(f"{name}_scale_rest", REST) ** 2 * jnp.eye(len(design.strata))
    return found


def _contrasts(many: int) -> np.ndarray[Any, Any]:
    """Return directions that add up to nothing over so many, of length 1 each (many - 1, many)."""
    found = np.tril(np.ones((many - 1, many)))
    np.fill_diagonal(found[:, 1:], -np.arange(1, many))
    unit: np.ndarray[Any, Any] = found / np.sqrt((found**2).sum(axis=1, keepdims=True))
    return unit


def _normal(name: str, shape: tuple[int, ...]) -> Any:
    import numpyro
    from numpyro.distributions import Normal

    return numpyro.sample(name, Normal(0.0, 1.0).expand(shape).to_event(len(shape)))


def _scale(name: str, scale: float) -> Any:
    import numpyro
    from numpyro.distributions import HalfNormal

    return numpyro.sample(name, HalfNormal(scale))

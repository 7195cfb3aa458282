"""Chains of the hierarchical model by NUTS, from far-apart beginnings.

The same table, settings and seed give the same bytes on one machine with the same versions of jax and
numpyro. That was seen on two runs and is asked by no test, since each run compiles for half a minute. On
another kind of processor sums are rounded in another order, paths part after some steps, and draws agree no
better than two seeds do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import SeedSequence, default_rng

from holdfire.counting.hierarchical.labelled import Labelled
from holdfire.counting.hierarchical.model import Design, Near, model, together
from holdfire.errors import HoldfireError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """How long to draw.

    Attributes:
        chains: Chains, each from its own beginning.
        warm: Draws of each that are thrown away, in which steps are fitted.
        draws: Draws of each that count.
        accept: Share of steps to accept: the nearer to 1, the shorter the steps.
        depth: Most doublings of a path.
    """

    chains: int
    warm: int
    draws: int
    accept: float
    depth: int


@dataclass(frozen=True)
class Drawn:
    """Draws of what the strata are like; the first two axes are chains and draws.

    Attributes:
        size: Log of expected numbers (…, strata).
        reach: Log odds of each list (…, strata, classes, lists).
        share: Log share of each class (…, strata, classes).
        fit: Log likelihood (…).
        apart: Step between classes [log odds] (…); none: there is one class.
        diverged: Whether the path broke off (…): somewhere the draws could not go.
        steps: Steps of each path (…).
    """

    size: Floats
    reach: Floats
    share: Floats
    fit: Floats
    apart: Floats | None
    diverged: npt.NDArray[np.bool_]
    steps: npt.NDArray[np.int64]


def needed() -> None:
    """Check that numpyro is there.

    Raises:
        HoldfireError: It is not; says what to install.
    """
    try:
        import jax
        import numpyro  # noqa: F401
    except ImportError as error:
        raise HoldfireError(
            "the hierarchical estimator needs numpyro and jax, which are not installed",
            hint="pip install 'holdfire[hierarchical]'",
        ) from error
    del jax


def drawn(table: Labelled, classes: int, settings: Settings, seed: int) -> Drawn:
    """Return draws of the model of a table.

    Raises:
        HoldfireError: numpyro is not installed.
    """
    needed()
    import jax
    from jax.random import PRNGKey

    design = Design.of(table, classes)
    # Sums of thousands of logarithms lose what paths are steered by in single precision.
    with jax.enable_x64(True):
        starts, keys = SeedSequence(seed).spawn(2)
        sampler = _sampler(_Shape.of(design), settings)
        key = PRNGKey(int(keys.generate_state(1, np.uint64)[0] >> 1))
        near = Near.of(table)
        counts = (
            table.known.astype(float),
            table.partly[1].astype(float),
            (near.size, near.contrast, near.doubt),
        )
        sampler.run(
            key,
            *counts,
            init_params=_beginnings(design, settings.chains, starts),
            extra_fields=("diverging", "num_steps"),
        )
        found = {name: np.asarray(each) for name, each in sampler.get_samples(True).items()}
        extra = {name: np.asarray(each) for name, each in sampler.get_extra_fields(True).items()}
    return Drawn(
        found["size"],
        found["reach"],
        found["share"],
        found["fit"],
        found.get("spread"),
        extra["diverging"],
        extra["num_steps"],
    )


@dataclass(frozen=True)
class _Shape:
    """A design as something to look up by, so that tables of one design are compiled for once."""

    levels: tuple[int, ...]
    ordered: tuple[bool, ...]
    classes: int
    arrays: tuple[tuple[bytes, tuple[int, ...], str], ...]

    @classmethod
    def of(cls, design: Design) -> _Shape:
        arrays = tuple((each.tobytes(), each.shape, each.dtype.str) for each in _arrays(design))
        return cls(design.levels, design.ordered, design.classes, arrays)

    def design(self) -> Design:
        strata, on, may_be = (
            np.frombuffer(content, kind).reshape(shape) for content, shape, kind in self.arrays
        )
        return Design(strata, self.levels, self.ordered, on, may_be, self.classes)


def _arrays(design: Design) -> tuple[np.ndarray[Any, Any], ...]:
    return design.strata, design.on, design.may_be


@lru_cache(maxsize=8)
def _sampler(shape: _Shape, settings: Settings) -> Any:
    from numpyro.infer import MCMC, NUTS

    design = shape.design()
    joint = together(design)
    kernel = NUTS(
        partial(model, design),
        target_accept_prob=settings.accept,
        max_tree_depth=settings.depth,
        dense_mass=[joint] if joint else False,
    )
    return MCMC(
        kernel,
        num_warmup=settings.warm,
        num_samples=settings.draws,
        num_chains=settings.chains,
        chain_method="vectorized",
        progress_bar=False,
        jit_model_args=True,
    )


def _beginnings(design: Design, chains: int, seed: SeedSequence) -> dict[str, Any]:
    """Return where chains begin: from hardly anyone caught to nearly all, and classes alike to far apart.

    Standard normals and logarithms of scales, which is what the sampler moves in, are spread evenly over
    -1 to 1; the two that the number of people hangs on are set to opposite ends, chain by chain.
    """
    from jax.random import PRNGKey
    from numpyro.handlers import seed as seeded
    from numpyro.handlers import trace

    strata, groups, patterns = len(design.strata), len(design.may_be), len(design.on)
    near = (np.ones(strata), *np.ones((2, design.lists - 1, strata)))
    none = (np.zeros((strata, patterns)), np.zeros((groups, patterns)), near)
    sites = trace(seeded(partial(model, design), PRNGKey(0))).get_trace(*none)
    draw = default_rng(seed)
    found = {}
    for name, site in sites.items():
        if site["type"] != "sample" or site["is_observed"]:
            continue
        shape = (chains, *np.shape(site["value"]))
        found[name] = draw.uniform(-1, 1, shape)
    # The first of the normals that the mean chance of the lists is made of is nearly the whole of it.
    found["mean"][:, 0, 0] = np.linspace(-2, 2, chains)
    if "spread" in found:
        # Far apart in the first, alike in the second and third, and so on: both come with every level.
        found["spread"] = np.where((np.arange(chains) + 1) // 2 % 2, -2.0, 1.0)
    return found

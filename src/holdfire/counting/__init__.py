"""How many: deaths and injuries, at least and at most, per day and place; silence is never zero.

And how many people there are when lists of them overlap, usable alone:

    from holdfire.counting import Attestation, Overlaps, assess

    table = Overlaps.of(["hospital", "survey", "press"], {1: 400, 2: 300, 3: 90, 4: 250, 5: 80, 6: 60, 7: 25})
    found = assess(table, seed=1, attested=Attestation(closed=True, alike=True, by="who knows the lists"))

`found.refused` says why there is no number, or `found.stated` is one. Names are loaded as they are asked for:
who only adds up reported deaths loads no compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfire.counting.across import Across, Draw, assess_across
    from holdfire.counting.assessing import Assessment, Attestation, assess, assess_all
    from holdfire.counting.estimate import Check, Estimate, Estimator, Model, Reason
    from holdfire.counting.graphs import DecomposableGraphs
    from holdfire.counting.latent.estimator import LatentClass
    from holdfire.counting.loglinear import LogLinear, LowerBound
    from holdfire.counting.mixing import Mixture, Shares, Under, mix
    from holdfire.counting.overlaps import Overlaps
    from holdfire.counting.pooling import Pooled, pool
    from holdfire.counting.sensitivity import (
        HighestInteraction,
        multiplied,
        predict_each,
        tipping,
        without_each,
    )

__all__ = [
    "Across",
    "Assessment",
    "Attestation",
    "Check",
    "DecomposableGraphs",
    "Draw",
    "Estimate",
    "Estimator",
    "HighestInteraction",
    "LatentClass",
    "LogLinear",
    "LowerBound",
    "Mixture",
    "Model",
    "Overlaps",
    "Pooled",
    "Reason",
    "Shares",
    "Under",
    "assess",
    "assess_across",
    "assess_all",
    "mix",
    "multiplied",
    "pool",
    "predict_each",
    "tipping",
    "without_each",
]

_AT = {
    "across": ("Across", "Draw", "assess_across"),
    "assessing": ("Assessment", "Attestation", "assess", "assess_all"),
    "estimate": ("Check", "Estimate", "Estimator", "Model", "Reason"),
    "graphs": ("DecomposableGraphs",),
    "latent.estimator": ("LatentClass",),
    "loglinear": ("LogLinear", "LowerBound"),
    "mixing": ("Mixture", "Shares", "Under", "mix"),
    "overlaps": ("Overlaps",),
    "pooling": ("Pooled", "pool"),
    "sensitivity": ("HighestInteraction", "multiplied", "predict_each", "tipping", "without_each"),
}
_HOME = {name: module for module, names in _AT.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return one of the public names, loading the module that has it."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

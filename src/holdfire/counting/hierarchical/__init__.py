"""All strata in one model: small ones lean on the others, and a label that is not said is summed over.

Needs numpyro and jax, an extra: `pip install 'holdfire[hierarchical]'`. This package can be imported without.
"""

from holdfire.counting.hierarchical.estimator import ByStratum, Hierarchical
from holdfire.counting.hierarchical.labelled import Labelled

__all__ = ["ByStratum", "Hierarchical", "Labelled"]

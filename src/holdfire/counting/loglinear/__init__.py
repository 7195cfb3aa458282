"""How many, by Poisson log-linear models of the patterns of lists that somebody carries.

`models` writes down which lists may depend on one another, `existence` asks whether a model has an answer at
all, `fitting` finds it, `selecting` chooses or weighs, `profiling` and `resampling` say how sure it is,
`estimator` what it comes to. `chao` gives at least how many, whatever differs between people.
"""

from holdfire.counting.loglinear.chao import LowerBound
from holdfire.counting.loglinear.estimator import LogLinear

__all__ = ["LogLinear", "LowerBound"]

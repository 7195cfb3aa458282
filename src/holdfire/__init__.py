"""Holdfire keeps the record of a ceasefire.

Give it the agreement and whatever reports there are; it says what happened, whether the agreement
forbids it, and how strong the evidence is, and every number leads back to the bytes it rests on.

    >>> from holdfire import Case  # doctest: +SKIP
    >>> case = Case.open("examples/syria-2016")  # doctest: +SKIP
    >>> case.run(period="2016-03-01/2016-03-07")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holdfire.version import VERSION

if TYPE_CHECKING:
    from holdfire.case import Case

__version__ = VERSION
__all__ = ["Case", "__version__"]


def __getattr__(name: str) -> Any:
    """Load the desk only when it is asked for, so that `holdfire --help` starts at once."""
    if name == "Case":
        from holdfire.case import Case

        return Case
    raise AttributeError(f"module 'holdfire' has no attribute {name!r}")

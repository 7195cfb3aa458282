"""What parts must hold to, ours and anyone's, and attackers that try to find what zones shelter.

    from holdfire.testing import check_estimator, check_format, check_kind, check_rules

Each raises AssertionError with a sentence that says which promise is broken. `holdfire.testing.attackers` is
imported by itself: it needs rooms and what lies under them, and no desk. Names are loaded when asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfire.testing.promises import (
        EXPECTED,
        check_estimator,
        check_format,
        check_kind,
        check_rules,
        plain_context,
    )

__all__ = ["EXPECTED", "check_estimator", "check_format", "check_kind", "check_rules", "plain_context"]


def __getattr__(name: str) -> Any:
    """Return one of the public names, loading the module that has them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.promises"), name)

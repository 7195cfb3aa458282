"""The one place that reads the clock, so that it can be set: for a test, or for an exercise.

Rooms are told the time. tests/unit/test_clock.py sets it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from holdfire import times
from holdfire.errors import BadInput

EXERCISE = "HOLDFIRE_NOW"
"""The variable that sets the clock for an exercise; every command then says so."""


def clock() -> datetime:
    """Return now; or what HOLDFIRE_NOW sets for an exercise, or SOURCE_DATE_EPOCH (reproducible-builds.org).

    Raises:
        BadInput: HOLDFIRE_NOW is set, and is no instant.
    """
    if said := os.environ.get(EXERCISE):
        try:
            return times.instant(said, times.zone("UTC"))
        except BadInput:
            raise BadInput("is not an instant", EXERCISE, "2031-05-05T09:00Z; or unset it") from None
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)

"""What is asked of the agreement of a case: who owed what on a day, and whether it was met.

The command and the bulletin ask here, so that both say the same of a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa

from holdfire import handwritten, times
from holdfire.agreement.document import Agreement
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.judging.bound import bound
from holdfire.judging.duties import Owed, owed, touching
from holdfire.tables import rows


def duties(
    folder: Folder,
    agreement: Agreement,
    engine: Engine,
    claims: Iterable[pa.Table],
    day: date,
    actors: Sequence[str] = (),
) -> list[Owed]:
    """Return what was owed on a local day of the agreement, and whether it was met by its end.

    Args:
        folder: What people wrote: who is interested, and what they decided.
        agreement: The whole.
        engine: How to run SQL.
        claims: CLAIM tables.
        day: The day.
        actors: Whom to ask about; none: everyone with a role.
    """
    asked = list(actors) or with_roles(agreement)
    span = times.day(day, agreement.zone)
    assert span.start is not None  # noqa: S101 - a day has both
    assert span.end is not None  # noqa: S101
    told = bound(agreement, folder.names, [(span.start, span.end)], engine, asked)
    interested = frozenset(s.id for s in folder.sources.values() if s.interested)
    said = (row for table in claims for row in rows(touching(agreement, table)))
    return owed(agreement, told, said, interested, handwritten.duties(folder))


def with_roles(agreement: Agreement) -> list[str]:
    """Return the actors to whom the agreement gives a role, in order of their ids."""
    return sorted({holding.actor for holding in agreement.holdings()})

"""What doors to notices ask of a store of sites: where it is, whose keys open it, its site once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.keys import passphrase

if TYPE_CHECKING:
    from holdfire.case import Case
    from holdfire.sheltering.consenting import Opened

StoreOf = Annotated[
    Path | None, typer.Option("--store", envvar="HOLDFIRE_SITES", help="Folder of the store of sites.")
]
Officers = Annotated[
    list[Path] | None, typer.Option("--key", help="File of an officer's keys; two open a site.")
]
Ref = Annotated[str, typer.Option("--ref", help="Number of a paper kept elsewhere, for the store's log.")]


def again(case: Case, notice: str, store: Path | None, key: list[Path] | None, ref: str) -> Opened | None:
    """Return the site that a notice is of, opened by the officers whose keys are given; None: none are."""
    from holdfire.errors import BadInput
    from holdfire.sheltering import consenting, officers
    from holdfire.sheltering.sitestore import Store

    if not key:
        return None
    if store is None:
        raise BadInput("the store of the site is not named", hint="--store FOLDER")
    two = officers.read_all(key, passphrase)
    return consenting.open_again(case, notice, Store(store), two, ref, case.now())

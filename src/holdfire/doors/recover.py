"""`holdfire restore`: a lost log comes back from any mirror's bundle."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Json, Where


def restore(
    bundle: Annotated[Path, typer.Argument(help="A bundle of this record, folder or zip.", exists=True)],
    trust: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="Of the record: 64 digits, or @ and a file.")
    ],
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Bring a lost log back from a bundle; then `holdfire vault restore` brings back the bytes.

    The bundle is checked first. The log's root must come out as the one that the witnesses cosigned.
    """
    from holdfire.errors import BadInput
    from holdfire.folder import Folder
    from holdfire.ledger.verifying.command import AskedWrongly, read_fingerprint
    from holdfire.recovering import recover

    try:
        fingerprint = read_fingerprint(trust)
    except (AskedWrongly, OSError) as error:
        raise BadInput(str(error), "--trust", "the editors give it out on paper or by radio") from None
    back = recover(Folder.find(case).made, bundle, fingerprint)
    if as_json:
        typer.echo(json.dumps(asdict(back), indent=2))
        return
    typer.echo(
        f"{back.size:,} entries, {back.added:,} of them brought back; {back.exhibits:,} exhibits, "
        f"{back.checkpoints:,} checkpoints"
    )
    typer.echo(f"root {back.root}")

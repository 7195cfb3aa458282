"""Options that many commands have, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Where = Annotated[
    Path, typer.Option("--case", help="The case folder, or any folder in it.", show_default="here")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
HERE = Path()
Shred = Annotated[bool, typer.Option("--shred", help="Overwrite and remove the file once it is kept.")]

"""Doors to zones: `holdfire protect`, whose commands stand in `partition`, `fixing` and `zones`."""

from __future__ import annotations

import typer

from holdfire.doors import fixing, partition, sites, zones

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Shelter places without pointing at them, and ask about published zones.",
)
for command in (
    partition.partition,
    fixing.propose,
    fixing.attest,
    fixing.verify,
    zones.release,
    zones.publish,
    zones.show,
    zones.check,
    zones.convert,
):
    app.command()(command)
app.add_typer(sites.app, name="site")

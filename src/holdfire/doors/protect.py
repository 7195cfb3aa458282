"""Doors to zones: `holdfire protect`, whose commands stand in `partition`, `fixing`, `zones`, `attack`."""

from __future__ import annotations

import typer

from holdfire.doors import attack, fixing, partition, sites, zones

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
    zones.add,
    zones.show,
    zones.check,
    zones.convert,
    attack.attack,
):
    app.command()(command)
app.add_typer(sites.app, name="site")

"""The door to `replies`: what was asked of parties, and what is overdue."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Json, Where


def replies(
    on: Annotated[
        str, typer.Option(help="Day or moment asked about, ISO 8601; a day counts to its end. Left out: now.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """List replies that parties were asked for and that have not come, overdue ones first."""
    from holdfire import times
    from holdfire.case import Case
    from holdfire.publishing.pages.lexicon import lexicon
    from holdfire.replying import requests

    opened = Case.open(case)
    moment = opened.now()
    if on:
        interval = times.parse(on, opened.folder.zone)[0]
        moment = interval.end or interval.start or moment
    found = [each for each in requests(opened.folder, moment) if every or each.open]
    if as_json:
        typer.echo(json.dumps([each.json for each in found], indent=2))
        return
    for each in found:
        said = lexicon("en").code("position", each.position)
        due = f"by {times.utc(each.reply.deadline)}" if each.reply.deadline else "no deadline"
        late = ", after the deadline" if each.late else ", overdue" if each.overdue else ""
        asked = times.utc(each.reply.asked)
        typer.echo(f"{each.reply.incident_id}  {each.reply.actor}: asked {asked}, {due}; {said}{late}")
    overdue, waiting = sum(each.overdue for each in found), sum(each.open for each in found)
    typer.echo(f"{waiting} open, {overdue} of them overdue")

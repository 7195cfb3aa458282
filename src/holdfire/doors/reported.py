"""How a notice stands, in words and values; `holdfire notify reported`: what happened where one was told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from holdfire.protecting.notices import Told


def line(told: Told) -> str:
    """Return how a notice stands for a recipient, in a line."""
    from holdfire.times import utc

    times = [("sent", told.sent), ("delivered", told.delivered), ("acknowledged", told.acknowledged)]
    said = [f"{word} {utc(at)}" for word, at in times if at is not None]
    return "  ".join([told.state.value.replace("_", " "), *said])


def plain(told: Told) -> dict[str, Any]:
    """Return how a notice stands for a recipient, as plain values."""
    from holdfire.times import utc

    times = {name: getattr(told, name) for name in ("sent", "delivered", "acknowledged", "entered")}
    shown = {name: utc(at) if at is not None else None for name, at in times.items()}
    return {"to": told.to, "state": told.state.value, **shown, "in_time": told.in_time}


def reported(
    partition: Annotated[Path, typer.Option("--partition", help="Partition that the notices' cells are of.")],
    release: Annotated[
        list[Path] | None,
        typer.Option("--release", help="Folder of a release of zones: its areas are public. Repeatable."),
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="Only what may be published: a line an incident, without who was told."
        ),
    ] = False,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Show incidents reported inside notified or published areas, by cell, and who had been told before."""
    from holdfire.case import Case
    from holdfire.precaution import notified, released, striking
    from holdfire.protecting import struck
    from holdfire.sheltering import noticed, partitioning

    opened = Case.open(case)
    published = [released.read(each, partition=partition)[1] for each in release or ()]
    rows = opened.found(stale=True).fused.incidents.to_pylist()
    with opened.ledger() as ledger, opened.vault() as vault:
        notices = striking.Notices(ledger, vault, noticed.now_of(opened))
        found = striking.reported(rows, notices, partitioning.opened(partition), published)
        names = notified.register(ledger).names
    found = list(struck.publishable(found)) if public else found
    shown: list[dict[str, Any]] = [
        {
            "incident": each.incident,
            "area": each.area,
            "cells": list(each.cells),
            "inside": each.inside.value,
            "public": each.public,
            "told_before": {names[to]: answer.value for to, answer in each.told.items()},
            "told": {names[to]: plain(told) for to, told in each.when.items()},
            "wording": each.wording,
        }
        for each in found
    ]
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for one in shown:
        keep = "" if one["public"] else "  NOT TO BE PUBLISHED: this area was told, and not published"
        typer.echo(f"{one['incident']}  {', '.join(one['cells'])}  inside: {one['inside']}{keep}")
        for name, answer in one["told_before"].items():
            typer.echo(f"  {name:<24} told before: {answer}  {_times(one['told'][name])}")
    typer.echo(
        struck.WORDING if shown else "no incident was reported inside an area that was told or published"
    )


def _times(told: dict[str, Any]) -> str:
    said = [f"{word} {told[word]}" for word in ("sent", "delivered", "acknowledged") if told[word]]
    return "  ".join(said) if said else "was not told"

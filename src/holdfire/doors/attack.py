"""`holdfire protect attack`: attack releases before they go out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import Json

if TYPE_CHECKING:
    from holdfire.sheltering.attacked import Attacked


def attack(
    releases: Annotated[
        list[Path],
        typer.Argument(
            metavar="RELEASE...", help="Drafts, files or published folders of releases.", exists=True
        ),
    ],
    candidates: Annotated[
        list[Path],
        typer.Option(
            "--candidates",
            help="Public layer that a partition was made of; may be given again.",
            exists=True,
            dir_okay=False,
        ),
    ],
    partition: Annotated[
        list[Path] | None,
        typer.Option(
            "--partition",
            help="File of a partition; may be given again.",
            show_default="partition.json in a folder",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    sites: Annotated[
        int | None,
        typer.Option(
            "--sites", min=1, help="How many sites are sheltered, if outsiders know.", show_default="guessed"
        ),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option(
            "--register",
            help="Public layer of one kind of place, for who knows that the site is of it.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    limit: Annotated[
        float | None,
        typer.Option("--limit", min=0, max=1, help="Largest belief under load.", show_default="1.5/k"),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            "--beside",
            help="Another file to search for leaks, such as a log; may be given again.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Attack releases as an outsider would who knows all rules, and say how far each attacker gets.

    It says how likely the likeliest candidate of a zone becomes, never which it is; and whether a file gives
    away more than the areas that are on. Exit 0: no limit is passed and nothing leaks; 1: one is, or
    something does; 2: asked wrongly.
    """
    from holdfire.sheltering import attacked

    found = attacked.attack(
        releases, partitions=partition or (), candidates=candidates, sites=sites, register=register,
        limit=limit, beside=beside or (),
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(found.value, ensure_ascii=False, indent=2))
    else:
        _tell(found)
    if found.passed:
        raise typer.Exit(1)


def _tell(found: Attacked) -> None:
    from holdfire.testing.attackers.attacking import PREMISES

    word = "release" if found.releases == 1 else "releases"
    typer.echo(f"{found.releases} {word} attacked; belief is that in the likeliest candidate of any zone")
    typer.echo(f"{'attacker':<16}{'prior':<10}{'zones':>6}{'belief':>9}{'limit':>8}{'left':>7}  identified")
    for each in found.findings:
        left = f"{each.left:.1f}" if each.left is not None else "-"
        mark = "  above the limit" if each.above else ""
        typer.echo(
            f"{each.attacker:<16}{each.prior:<10}{each.zones:>6}{each.belief:>9.4f}{each.limit:>8.4f}"
            f"{left:>7}  {each.identified}{mark}"
        )
        if each.note:
            typer.echo(f"  {each.note}")
    for each in (one for one in found.findings if one.above):
        shown = ", ".join(each.above[:10]) + (f" and {len(each.above) - 10} more" if each.above[10:] else "")
        typer.echo(f"{each.attacker} ({each.prior}): one who {PREMISES[each.attacker]}: {shown}")
    for leak in found.leaks:
        typer.echo(f"leak: {leak}")
    if not found.passed:
        typer.echo("no limit is passed, and nothing leaks that is looked for")

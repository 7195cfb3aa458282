"""`holdfire protect partition`: cut land into cells of public places, and show what that costs first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import Json
from holdfire.doors.progress import progress

if TYPE_CHECKING:
    from holdfire.protecting.partition import Partition
    from holdfire.protecting.summary import Kind


def partition(  # noqa: PLR0913, PLR0917 - an option for each thing that is decided
    layers: Annotated[
        list[Path],
        typer.Argument(
            help="Public places: CSV, Excel, JSON lines, GeoJSON, GeoParquet, GeoNames, a gazetteer.",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: Annotated[str, typer.Option(help="Short name that codes begin with, such as SYR.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; without it, the figures are only shown.")
    ] = None,
    k: Annotated[int, typer.Option("--k", help="Least number of places in a cell.")] = 10,
    block_k: Annotated[
        int, typer.Option("--block-k", help="Least number in a block, for groups on the move.")
    ] = 80,
    block_share: Annotated[
        int, typer.Option("--block-share", help="No place has more than one over this of a block.")
    ] = 80,
    ball: Annotated[int, typer.Option("--ball", help="Radius of a disc that someone might hit [m].")] = 1000,
    beta: Annotated[str, typer.Option("--beta", help="Most of a cell in one such disc.")] = "0.2",
    margin: Annotated[int, typer.Option("--margin", help="Width of a zone's margin [m].")] = 1000,
    epoch_days: Annotated[int, typer.Option("--epoch-days", help="Length of an epoch [days].")] = 28,
    epochs_from: Annotated[str, typer.Option("--epochs-from", help="First day of an epoch.")] = "2024-01-01",
    weight: Annotated[
        list[str] | None,
        typer.Option("--weight", help="PRIOR=COLUMN: a second prior, such as people=population."),
    ] = None,
    fill: Annotated[
        list[str] | None,
        typer.Option("--fill", help="PRIOR=NUMBER: what a place without that weight is given."),
    ] = None,
    spread: Annotated[
        str, typer.Option("--spread", help="Prior of people by which towns are told as pieces.")
    ] = "",
    density: Annotated[int, typer.Option(help="Of people in a town, for its pieces [people/km2].")] = 5000,
    step: Annotated[int, typer.Option(help="Between the pieces of a town [m].")] = 1000,
    apart: Annotated[int, typer.Option(help="Rows nearer than this are one place [m].")] = 25,
    same_name: Annotated[
        int, typer.Option("--same-name", help="Rows of one name nearer than this are one place [m].")
    ] = 3000,
    lon: Annotated[str, typer.Option("--lon", help="Column of longitudes.", show_default="found")] = "",
    lat: Annotated[str, typer.Option("--lat", help="Column of latitudes.", show_default="found")] = "",
    called: Annotated[str, typer.Option("--called", help="Column of names.", show_default="found")] = "",
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="COLUMN=VALUE: rows to take, of a layer that has the column."),
    ] = None,
    extent: Annotated[
        str, typer.Option(help="WEST,SOUTH,EAST,NORTH [degrees].", show_default="of the places")
    ] = "",
    preview: Annotated[
        Path | None, typer.Option(help="Picture (.svg) or GeoJSON (.geojson) of the cells to write.")
    ] = None,
    recompute: Annotated[
        Path | None,
        typer.Option(help="A partition to make again from the layers, and compare.", exists=True),
    ] = None,
    as_json: Json = False,
) -> None:
    """Cut land into cells of public places, once and never from sites; see the zones' areas, then write it.

    Every cell holds k places or more under each prior. With --recompute it is made again from the same files:
    exit 1 if it is not the same, byte for byte.
    """
    from holdfire.protecting.candidates import Gathering
    from holdfire.protecting.partition import Settings
    from holdfire.sheltering import partitioning
    from holdfire.sheltering.layers import Columns

    if recompute is not None:
        _again(recompute, layers, as_json)
        return
    settings = Settings(
        k=k,
        block_k=block_k,
        block_share=block_share,
        ball=ball,
        beta=_fraction(beta),
        margin=margin,
        epoch_days=epoch_days,
        epochs_from=epochs_from,
    )
    gathering = Gathering(apart=apart, same_name=same_name, spread=spread, density=density, step=step)
    columns = Columns(
        lon=lon,
        lat=lat,
        name=called,
        weights=dict(_pairs(weight, "--weight people=population")),
        fill={prior: _number(number) for prior, number in _pairs(fill, "--fill people=500")},
        only=_values(only),
    )
    with progress(as_json) as tell:
        made = partitioning.make(
            name,
            layers,
            settings,
            columns=columns,
            how=gathering,
            extent=partitioning.extent_of(extent),
            tell=tell,
        )
    if preview is not None:
        partitioning.draw(made, preview)
    if out is not None:
        partitioning.save(made, out)
    if as_json:
        typer.echo(json.dumps(plain(made), ensure_ascii=False, indent=2))
        return
    for line in told(made):
        typer.echo(line)
    if preview is not None:
        typer.echo(f"picture: {preview}")
    if out is None:
        typer.echo("no partition is written: --out FILE writes it")
    else:
        typer.echo(f"{made.digest}  {out}")


def told(made: Partition) -> Iterator[str]:
    """Yield what a partition costs and gives, in lines."""
    from holdfire.protecting.summary import summary

    found = summary(made)
    box, asked = made.extent, made.settings
    yield (
        f"partition {made.name}: {found.places:,} places, {found.cells.many:,} cells in"
        f" {found.blocks.many:,} blocks"
    )
    yield (
        f"longitude {box.west / 60:.2f} to {box.east / 60:.2f}, latitude {box.south / 60:.2f} to"
        f" {box.north / 60:.2f}"
    )
    yield f"{'':<8} {'fewest':>8} {'zone p5':>10} {'median':>10} {'p95':>10} {'largest':>10}  km2"
    for kind, each in (("cells", found.cells), ("blocks", found.blocks)):
        yield f"{kind:<8} {each.fewest:>8,} " + " ".join(f"{a:>10,.0f}" for a in (*each.areas, each.largest))
    for kind, each in (("cell", found.cells), ("block", found.blocks)):
        yield from _priors(kind, each, asked.ball)
    if len(made.priors) == 1:
        yield "how many people live where is missing: --weight names a column of it"
    if made.gathering.spread:
        yield (
            f'towns are told as pieces by "{made.gathering.spread}":'
            f" {made.gathering.density:,} people/km2, {made.gathering.step:,} m apart"
        )


def _priors(kind: str, each: Kind, ball: int) -> Iterator[str]:
    for prior, held in each.priors.items():
        yield (
            f"under {prior:<10} every {kind} hides a site among {held.effective:.1f} or more;"
            f" a disc of {ball:,} m holds at most {held.ball:.1%} of one"
        )


def plain(made: Partition) -> dict[str, object]:
    """Return what a partition costs and gives as plain values."""
    from holdfire.protecting.summary import summary

    found = asdict(summary(made))
    for kind in ("cells", "blocks"):
        p5, median, p95 = found[kind].pop("areas")
        found[kind]["zone_km2"] = {"p5": round(p5), "median": round(median), "p95": round(p95)}
        found[kind]["largest"] = round(found[kind]["largest"])
    box = made.extent
    return {
        "name": made.name,
        "digest": made.digest,
        "candidates": made.candidates,
        "extent": [box.west, box.south, box.east, box.north],
        "priors": list(made.priors),
        **found,
    }


def _again(path: Path, layers: list[Path], as_json: bool) -> None:
    from holdfire.sheltering import partitioning

    said = partitioning.opened(path)
    with progress(as_json) as tell:
        differ = partitioning.again(said, layers, tell)
    if as_json:
        typer.echo(json.dumps({"digest": said.digest, "same": not differ, "differences": differ}))
    elif differ:
        for line in differ:
            typer.echo(f"not the same: {line}")
    else:
        typer.echo(f"the same, byte for byte: {said.digest}")
    if differ:
        raise typer.Exit(1)


def _pairs(given: list[str] | None, example: str) -> Iterator[tuple[str, str]]:
    from holdfire.errors import BadInput

    for each in given or []:
        name, sign, value = each.partition("=")
        if not (sign and name and value):
            raise BadInput("a pair is written NAME=VALUE", f"{each[:40]!r}", example)
        yield name, value


def _values(given: list[str] | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for column, value in _pairs(given, "--only country=SY"):
        found[column] = (*found.get(column, ()), value)
    return found


def _number(text: str) -> float:
    from holdfire.errors import BadInput

    try:
        return float(text)
    except ValueError:
        raise BadInput("a weight is a number", f"{text[:40]!r}", "--fill people=500") from None


def _fraction(text: str) -> Fraction:
    from holdfire.errors import BadInput

    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadInput("beta is a number above 0, and 1 at most", f"{text[:40]!r}", "--beta 0.2") from None

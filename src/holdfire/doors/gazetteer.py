"""Doors to gazetteers: `holdfire gazetteer build`, `look`, `learn`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Json, Where

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Build a gazetteer, and see what a name means in it."
)


@app.callback()
def door() -> None:
    """Build a gazetteer, and see what a name means in it."""


@app.command("build")
def build(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Files of places, the most trusted first.", exists=True, dir_okay=False),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="File to write; a case looks for gazetteer.parquet in its folder.")
    ] = Path("gazetteer.parquet"),
    learned: Annotated[
        Path | None, typer.Option("--learned", help="What `holdfire gazetteer learn` wrote.", exists=True)
    ] = None,
) -> None:
    """Make one gazetteer of files of places: OCHA COD, geoBoundaries, Natural Earth, GeoNames, tables.

    A GeoNames dump (allCountries.txt, XX.txt, cities500.txt) may stand with its alternateNamesV2.txt, which
    gives names their language. Mind the licence of each source: it is kept beside each place.
    """
    from holdfire import gazetteering

    made = gazetteering.build(sources, learned)
    out.write_bytes(made.content)
    for name, count in made.counts.items():
        typer.echo(f"{count:>9,}  {name}")
    typer.echo(f"{made.places:>9,}  places, {made.names:,} names, {len(made.content):,} bytes: {out}")


@app.command("look")
def look(
    name: Annotated[str, typer.Argument(help="A place as a text or a list writes it.")],
    gazetteer: Annotated[
        Path | None, typer.Option("--gazetteer", help="A gazetteer file.", show_default="of the case")
    ] = None,
    country: Annotated[str, typer.Option(help="ISO code of the country the text is about.")] = "",
    within: Annotated[str, typer.Option(help="First-level unit it lies in.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Print what a name of a place means, and what else bears it or sounds like it; exit 1 if none does."""
    from holdfire import gazetteering

    found = gazetteering.look(name, gazetteer, case, country, within)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    elif found["meant"] is None:
        typer.echo(
            f"{name}: {'not found' if not found['candidates'] else 'cannot be told'}; it stays a string"
        )
    else:
        typer.echo(_line(found["meant"]))
    if not as_json:
        for each in found["candidates"][:20]:
            typer.echo(f"  {_line(each)}")
    if found["meant"] is None:
        raise typer.Exit(1)


def _line(place: dict[str, object]) -> str:
    units = ", ".join(str(place[k]) for k in ("admin2", "admin1", "country") if place.get(k))
    off = f"  off by {place['off']:.2f}" if place.get("off") else ""
    at = f"{place['lat']:.4f} {place['lon']:.4f} within {float(str(place['radius'])) / 1000:.1f} km"
    return f"{place['name']} ({place['level']}; {units})  {at}  {place['id']}{off}"


@app.command("learn")
def learn(
    pairs: Annotated[
        Path, typer.Argument(help="CSV whose first two columns are two spellings of one place.", exists=True)
    ],
    out: Annotated[Path, typer.Option("--out", help="File to write, JSON.")] = Path("spellings.json"),
) -> None:
    """Count how spellings of one place differ, for `holdfire gazetteer build --learned`; no name is kept."""
    from holdfire import gazetteering

    made = gazetteering.learn(pairs)
    out.write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    typer.echo(f"{len(made['likes'])} differences of sounds, {len(made['words'])} words: {out}")

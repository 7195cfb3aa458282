"""Door to training: `fuse train`; and what `run` says of weights that were trained on a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import HERE, Json
from holdfire.doors.progress import progress

if TYPE_CHECKING:
    from holdfire.keeping import Summary
    from holdfire.training import Learnt

SHOWN = 15
"""Most weights that are shown."""

WHAT = {"incident": "claims", "person": "list entries"}

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Fit to a case how its records are joined."
)


@app.callback()
def _group() -> None:
    """Fit to a case how its records are joined."""


@app.command()
def train(
    case: Annotated[
        Path, typer.Argument(help="The case folder, or any folder in it.", show_default="here")
    ] = HERE,
    kind: Annotated[
        str, typer.Option(help="What is joined: incident (claims) or person (list entries).")
    ] = "incident",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")
    ] = False,
    alone: Annotated[
        bool,
        typer.Option("--records/--no-records", help="Also learn from the records alone, nothing judged."),
    ] = True,
    seed: Annotated[int, typer.Option(help="Of the records drawn and the pairs held out.", min=0)] = 0,
    as_json: Json = False,
) -> None:
    """Learn what answers weigh in this case; later runs use it until the file is deleted.

    It is learnt from pairs that people judged, and from what sources agree on beyond chance, for which no
    pair need be judged. What is learnt is kept only if it does better than the shipped weights where it was
    not learnt; if not, nothing is written and the exit code is 1.
    """
    from holdfire.case import Case
    from holdfire.errors import BadInput, nearest
    from holdfire.records.link import Linked
    from holdfire.training import train_case, write

    if kind not in set(Linked):
        raise BadInput(f'no records are of the kind "{kind}"', "--kind", nearest(kind, Linked))
    opened = Case.open(case)
    with progress(as_json) as tell:
        learnt = train_case(opened, Linked(kind), alone=alone, seed=seed, tell=tell)
    file = write(opened, learnt) if learnt.made and not dry_run else ""
    if as_json:
        typer.echo(json.dumps({**learnt.json, "file": file}, ensure_ascii=False, indent=2))
    else:
        for line in lines(learnt, file, dry_run):
            typer.echo(line)
    if not learnt.made:
        raise typer.Exit(1)


def lines(learnt: Learnt, file: str, dry_run: bool) -> list[str]:
    """Return what training says to people."""
    same, different = learnt.judged
    said = [
        f"{learnt.records:,} {WHAT[learnt.kind]}; {same + different:,} judged pairs,"
        f" {same:,} the same and {different:,} different"
    ]
    if learnt.lost:
        said.append(f"{learnt.lost:,} judgements are of records that are not found any more")
    said += learnt.told
    said += _held(learnt)
    if not learnt.made:
        return [*said, f"nothing is learnt, and nothing was written: {learnt.why}"]
    if learnt.moved:
        said.append("weights that moved most, before and after [bits]:")
    for each in learnt.moved[:SHOWN]:
        name = f"{each.comparison.replace('_', ' ')}: {each.level}"
        said.append(f"  {each.before / 1000:+6.1f} {each.after / 1000:+6.1f}  {name}")
    if len(learnt.moved) > SHOWN:
        said.append(f"  and {len(learnt.moved) - SHOWN} more")
    if learnt.kept:
        said.append(f"{learnt.kept} levels keep their odds: too few judged pairs show them")
    if dry_run:
        return [*said, "nothing was written: a dry run"]
    return [*said, f"written: {file}; `holdfire run` uses it from now on, until it is deleted"]


def _held(learnt: Learnt) -> list[str]:
    """Return how well what was learnt does where it was not learnt."""
    said = list[str]()
    if held := learnt.balance:
        said += [
            "held against chance: what still agrees when dates of sources are moved by four weeks",
            f"{'':24}{'before':>9}{'after':>9}",
            f"  {'pairs beyond chance':22}{held.before:9,.0f}{held.after:9,.0f}   where chance makes 1 in 10",
            f"  {'calibration error':22}{held.error_before:9.3f}{held.error_after:9.3f}",
        ]
    if proof := learnt.proof:
        said += [f"on judged pairs held out, from {proof.start}:", f"{'':24}{'before':>9}{'after':>9}"]
        for what, name in (
            ("told right", "right"),
            ("cost [bits a pair]", "cost"),
            ("calibration error", "error"),
        ):
            said.append(f"  {what:22}{getattr(proof.before, name):9.3f}{getattr(proof.after, name):9.3f}")
    return said


def told(found: Summary) -> list[str]:
    """Return what `run` says of weights that were trained on the case; of others, nothing."""
    return [
        f"{WHAT[kind]} are weighed as trained on this case: weights/{kind}.json, {name[:16]}"
        for kind, name in sorted(found.weights.items())
    ]

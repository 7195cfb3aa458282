"""Doors to charts of links: `chart link`, `weights`, `threshold`, `cluster`; each prints where a file is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Where

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Draw how records are joined, for the people of the case: pages that open offline.",
)


@app.command()
def link(
    one: Annotated[
        str, typer.Argument(metavar="{one}", help="Id of a claim, or of an entry of a list of the dead.")
    ],
    other: Annotated[str, typer.Argument(metavar="{other}", help="Id of another.")],
    case: Where = HERE,
) -> None:
    """Draw why two claims are held to be of one event, or of two: what they agree in, and what that adds.

    Of two entries of lists, why they are held to be of one person; no name is drawn.
    """
    from holdfire.case import Case
    from holdfire.links.claims import ClaimPairs
    from holdfire.links.drawn import entries_chart, link_chart, written
    from holdfire.links.people import PeoplePairs

    opened = Case.open(case)
    if one.startswith("e-"):
        entries = PeoplePairs(opened)
        pair = entries.pair(one, other)
        chart = entries_chart(entries, pair)
    else:
        claims = ClaimPairs(opened)
        pair = claims.pair(one, other)
        chart = link_chart(claims, pair)
    typer.echo(written(opened, f"link-{pair[0]}-{pair[1]}", [chart]))


@app.command()
def weights(
    people: Annotated[bool, typer.Option("--people", help="Entries of lists of the dead.")] = False,
    case: Where = HERE,
) -> None:
    """Draw what claims are compared by, and what each answer weighs."""
    from holdfire.case import Case
    from holdfire.links.drawn import weights_chart, written
    from holdfire.records.link import Linked

    opened = Case.open(case)
    kind = Linked.PERSON if people else Linked.INCIDENT
    typer.echo(written(opened, f"weights-{kind}", [weights_chart(opened, kind)]))


@app.command()
def cluster(
    incident: Annotated[
        str, typer.Argument(metavar="{incident}", help="Id of the incident, or its beginning.")
    ],
    case: Where = HERE,
) -> None:
    """Draw how the claims of an incident hold together, and which others came near."""
    from holdfire.case import Case
    from holdfire.links.claims import ClaimPairs
    from holdfire.links.drawn import cluster_chart, written

    opened = Case.open(case)
    chart, name = cluster_chart(ClaimPairs(opened), incident)
    typer.echo(written(opened, f"cluster-{name}", [chart]))


@app.command()
def threshold(
    people: Annotated[bool, typer.Option("--people", help="Entries of lists of the dead.")] = False,
    truth: Annotated[
        Path | None,
        typer.Option(
            help="Truth of a made-up country (case_told.parquet), in place of judgements.", exists=True
        ),
    ] = None,
    case: Where = HERE,
) -> None:
    """Draw how right and how complete links are at each threshold, from the pairs that people judged."""
    from holdfire.case import Case
    from holdfire.links.claims import ClaimPairs
    from holdfire.links.drawn import threshold_chart, written
    from holdfire.links.people import PeoplePairs
    from holdfire.links.truth import truth_of

    opened = Case.open(case)
    pairs = PeoplePairs(opened) if people else ClaimPairs(opened)
    known = truth_of(pairs.found, truth) if truth else None
    typer.echo(written(opened, f"threshold-{pairs.kind}", [threshold_chart(pairs, known)]))

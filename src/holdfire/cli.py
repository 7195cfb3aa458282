"""The command line: each command reads words, makes one call of the desk, and prints.

Exit codes: 0 done, 1 a check says no, 2 the command or its input is wrong. Progress is drawn only on a
terminal; `--json` prints one JSON value (or one a line) and nothing else. NO_COLOR is respected.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors import (
    actors,
    agreement,
    bundle,
    chaos,
    charts,
    claims,
    count,
    fuse,
    gazetteer,
    history,
    keys,
    lists,
    mirror,
    notices,
    notify,
    place,
    protect,
    record,
    recover,
    replies,
    review,
    score,
    simulate,
    stamp,
    toll,
    vault,
    witness,
)
from holdfire.doors.options import HERE, Json, Where
from holdfire.doors.progress import progress
from holdfire.version import VERSION

if TYPE_CHECKING:
    from holdfire.case import Case
    from holdfire.errors import HoldfireError

app = typer.Typer(
    name="holdfire",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Keep the record of a ceasefire: what happened, whether the agreement forbids it, how strong"
    " the evidence is.",
)
mapping = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Read tables that have no format of their own."
)
app.add_typer(agreement.app, name="agreement")
app.add_typer(protect.app, name="protect")
app.add_typer(notify.app, name="notify")
app.add_typer(mapping, name="mapping")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"holdfire {VERSION}")
        raise typer.Exit


@app.callback()
def door(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read the words that hold for every command."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not exist, or be empty.")],
    title: Annotated[str, typer.Option(help="Title of the case.")] = "A ceasefire",
    timezone: Annotated[str, typer.Option(help="IANA time zone in which days are counted.")] = "UTC",
) -> None:
    """Make a case folder to begin from, with a commented example of each file."""
    from holdfire.starting import start

    for path in start(folder, title, timezone):
        typer.echo(path)


@app.command()
def add(  # noqa: PLR0913, PLR0917 - a flag for each field of a report's note
    files: Annotated[
        list[Path], typer.Argument(help="Reports to take into the inbox, as they are.", exists=True)
    ],
    source: Annotated[
        str, typer.Option(help="Source id of the publisher; not needed for front matter.")
    ] = "",
    published: Annotated[str, typer.Option(help="When it was published, ISO 8601.")] = "",
    licence: Annotated[str, typer.Option(help="What its source allows.")] = "",
    cite: Annotated[str, typer.Option(help="Where a person finds it.")] = "",
    language: Annotated[str, typer.Option(help="Language of its text, such as en or ar.")] = "",
    form: Annotated[
        str, typer.Option("--format", help="Format to read it with, if not found by itself.")
    ] = "",
    map_file: Annotated[str, typer.Option("--mapping", help="Mapping file of the case, for a table.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Take reports into the case, byte for byte, and enter them in the ledger."""
    about = {
        "source": source,
        "published": published,
        "licence": licence,
        "cite": cite,
        "language": language,
        "format": form,
        "mapping": map_file,
    }
    added = _open(case).add(files, {name: value for name, value in about.items() if value})
    if as_json:
        _print([{"name": r.name, "id": r.id, "format": r.format, "source": r.source} for r in added])
        return
    for report in added:
        typer.echo(f"{report.id[:8]}  {report.format:9} {report.name}")


@app.command()
def run(
    period: Annotated[
        str, typer.Option(help="Local days A/B, both included; without it, the last day with a record.")
    ] = "",
    daily: Annotated[bool, typer.Option("--daily", help="One bulletin for each day of the period.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Do the work even if nothing is new.")] = False,
    engine: Annotated[
        str, typer.Option(help="Where claims are compared: spark://HOST:PORT; without it, here.")
    ] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Read what is new, judge it, and publish the bulletin of a period."""
    opened = _on(_open(case), engine)
    with progress(as_json) as tell:
        ran = opened.run(period, daily=daily, tell=tell, again=again)
    if as_json:
        _print(
            {
                "bulletins": [str(path) for path in ran.bulletins],
                "fresh": ran.fresh,
                **asdict(ran.summary),
            }
        )
        return
    if not ran.fresh:
        typer.echo("nothing new")
    found = ran.summary
    typer.echo(f"{found.reports:,} reports, {found.claims:,} claims, {found.incidents:,} incidents")
    for verdict, number in sorted(found.verdicts.items()):
        typer.echo(f"  {number:>9,}  {verdict.replace('_', ' ')}")
    if found.crowded:
        typer.echo(f"  {found.crowded:>9,}  claims in crowded blocks, compared with their nearest only")
    if found.episodes:
        typer.echo(f"{found.episodes:,} episodes, of {found.in_episodes:,} of the incidents")
    for line in [*lists.told(found), *fuse.told(found), *notices.told(found)]:
        typer.echo(line)
    for path in ran.bulletins:
        typer.echo(f"bulletin: {path / 'index.html'}")


@app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(
            help="Id of a figure, determination, incident, episode, claim, report, person or list entry."
        ),
    ],
    other: Annotated[
        str,
        typer.Argument(
            help="Id of a second claim or entry: why the two are one, or are not.", show_default=False
        ),
    ] = "",
    names: lists.Names = False,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Walk a number or verdict back to the bytes it rests on; of two claims, say why they are one or two.

    Where it is unclear whether a place lies in a zone, it says how probably; the answer stays unclear.
    """
    from holdfire.explaining import explain as walk
    from holdfire.explaining import explain_pair

    opened = _open(case)
    shown = lists.shown(names, as_json)
    told = explain_pair(opened, name, other, names=shown) if other else walk(opened, name, names=shown)
    if as_json:
        _print(told.json)
    else:
        typer.echo(str(told))


@app.command("open")
def open_(
    case: Where = HERE,
    show: Annotated[bool, typer.Option("--print", help="Print where it is instead of opening it.")] = False,
) -> None:
    """Open the newest bulletin in the browser."""
    page = _open(case).newest() / "index.html"
    if show:
        typer.echo(page)
    else:
        typer.launch(page.as_uri())


@app.command()
def fsck(case: Where = HERE, as_json: Json = False) -> None:
    """Read every entry and every report again, and compare each with its name."""
    checked, problems = _open(case).fsck()
    if as_json:
        _print({"checked": checked, "problems": [str(p) for p in problems]})
    else:
        for problem in problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"{checked} entries and reports read, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


@mapping.command("suggest")
def mapping_suggest(
    file: Annotated[
        Path, typer.Argument(help="A CSV, Excel or JSON-lines table.", exists=True, dir_okay=False)
    ],
) -> None:
    """Draft a mapping file from a table's header and first rows; read it before you use it."""
    from holdfire.starting import suggested

    typer.echo(suggested(file))


app.add_typer(keys.app, name="keys")
app.add_typer(witness.app, name="witness")
app.add_typer(vault.app, name="vault")
app.add_typer(mirror.app, name="mirror")
app.add_typer(stamp.app, name="stamp")
app.add_typer(chaos.app, name="chaos")
app.command("simulate")(simulate.simulate)
app.command("score")(score.score)
app.add_typer(review.app, name="review")
app.add_typer(charts.app, name="chart")
app.add_typer(fuse.app, name="fuse")
app.add_typer(gazetteer.app, name="gazetteer")
app.add_typer(actors.app, name="actors")
for command in (
    claims.claims,
    place.place,
    lists.lists,
    toll.toll,
    count.count,
    record.recompute,
    record.diff,
    history.history,
    replies.replies,
    record.trace,
    record.retract,
    record.redact,
    keys.sign,
    keys.enter,
    record.release,
    record.checkpoint,
    bundle.bundle,
    bundle.verify,
    recover.restore,
):
    app.command()(command)


def _open(path: Path) -> Case:
    from holdfire.case import Case

    return Case.open(path)


def _on(case: Case, engine: str) -> Case:
    """Return a case whose claims are compared on a cluster, which is looked for before any work is done."""
    if not engine:
        return case
    from holdfire import sparkengine

    sparkengine.check(engine)
    return replace(case, spark=engine)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _fail(error: HoldfireError, as_json: bool) -> int:
    if as_json:
        problems = [{"problem": p.problem, "where": p.where, "hint": p.hint} for p in error.problems]
        typer.echo(json.dumps({"errors": problems}, ensure_ascii=False), err=True)
    else:
        typer.echo(str(error), err=True)
    return error.exit_code


def main() -> None:
    """Run a command, and say in three lines what is wrong if it cannot.

    A clock that was set for an exercise is said every time: forgotten, it would date a real record.
    """
    if exercise := os.environ.get("HOLDFIRE_NOW"):
        typer.echo(f"exercise: the clock stands at {exercise} (HOLDFIRE_NOW)", err=True)
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("stopped; the case is as it was before this command", err=True)
        sys.exit(130)
    except Exception as error:
        from holdfire.errors import HoldfireError

        if not isinstance(error, HoldfireError):
            raise
        sys.exit(_fail(error, "--json" in sys.argv))

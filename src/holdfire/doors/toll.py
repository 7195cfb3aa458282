"""`holdfire toll`: who is on which lists, and what that says of those on none; numbers only, no names."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import Json
from holdfire.doors.progress import progress

if TYPE_CHECKING:
    from holdfire.counting.tabled import ListsFile
    from holdfire.errors import Problem
    from holdfire.tolling import Asking, Toll


class EachList(StrEnum):
    """What is asked of each list."""

    QUICK = "quick"
    FULL = "full"
    NO = "no"


def toll(  # noqa: PLR0913, PLR0917 - a flag for each thing that may be said of a table
    tables: Annotated[
        list[Path],
        typer.Argument(help="CSV, Excel, JSON lines, Arrow or Parquet.", exists=True, dir_okay=False),
    ],
    by: Annotated[
        str,
        typer.Option(help="Columns that tell different people apart, such as place,sex; strata are added."),
    ] = "",
    apart: Annotated[
        str,
        typer.Option(help="Columns that tell accounts of the same people apart; accounts are never added."),
    ] = "",
    pool: Annotated[
        bool, typer.Option("--pool", help="Add rows of one pattern: they are different people.")
    ] = False,
    lists: Annotated[str, typer.Option(help="Columns that are lists; else found by themselves.")] = "",
    count: Annotated[str, typer.Option(help="Column of people; else n, count or freq.")] = "",
    missing: Annotated[
        str, typer.Option(help="Words for a label that is not known, such as missing,-.")
    ] = "",
    map_file: Annotated[
        Path | None,
        typer.Option("--mapping", help="What the columns mean, as YAML.", exists=True, dir_okay=False),
    ] = None,
    join: Annotated[
        bool, typer.Option("--join", help="Take lists that the mapping says one office keeps as one list.")
    ] = False,
    closed: Annotated[
        bool,
        typer.Option("--closed", help="Attest: nobody entered or left the population between the lists."),
    ] = False,
    alike: Annotated[
        bool,
        typer.Option("--same-definitions", help="Attest: all lists mean the same people, place and time."),
    ] = False,
    who: Annotated[str, typer.Option("--attested-by", help="Who attests it: an office or a role.")] = "",
    estimator: Annotated[
        list[str] | None,
        typer.Option(help="Estimator to ask; may be repeated. No number is stated unless the first stands."),
    ] = None,
    hierarchical: Annotated[
        bool,
        typer.Option(
            "--hierarchical",
            help="Ask one model of all strata too, unsaid labels summed over. Slow; needs an extra.",
        ),
    ] = False,
    ordered: Annotated[
        str, typer.Option(help="Columns of --by whose neighbouring labels are near, such as month.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Seed of whatever is drawn.", min=0)] = 1,
    draws: Annotated[int, typer.Option(help="Draws of each estimator; 0: as its maker sets it.", min=0)] = 0,
    threads: Annotated[int, typer.Option(help="Threads; 0: as many as there are processors.", min=0)] = 0,
    each_list: Annotated[
        EachList,
        typer.Option(
            help="Leave each list out, and let the others predict it: quick, full (all methods) or no."
        ),
    ] = EachList.QUICK,
    full: Annotated[bool, typer.Option("--full", help="Say what a statistician asks.")] = False,
    page: Annotated[
        Path | None, typer.Option(help="Write a page that holds everything and asks nobody for anything.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the words: en or ar.")] = "en",
    check: Annotated[bool, typer.Option("--check", help="Exit 1 if any number is refused.")] = False,
    as_json: Json = False,
) -> None:
    """Say how many people are on lists, and whether lists that overlap tell how many are on none.

    A refusal is an answer: it says why, and what would help.
    """
    from holdfire.counting.assessing import Attestation
    from holdfire.errors import BadInput
    from holdfire.publishing.pages.tollwords import tollwords
    from holdfire.tolling import Asking, asked

    tollwords(language)
    if (closed or alike) and not who:
        raise BadInput(
            "an attestation needs somebody who makes it", "--attested-by", "name an office or a role"
        )
    asking = Asking(
        attested=Attestation(closed=closed, alike=alike, by=who),
        seed=seed, draws=draws, threads=threads, estimators=tuple(estimator or ()),
        hierarchical=hierarchical, ordered=_names(ordered),
        each_list=each_list.value,
    )  # fmt: skip
    asked(asking)  # what is asked wrongly is said before any work is done
    how = _how(
        map_file,
        {
            "by": _names(by),
            "apart": _names(apart),
            "lists": _names(lists),
            "count": count,
            "missing": _names(missing),
        },
        {"pool": pool, "join": join},
    )
    found, problems = _each(tables, how, asking, (language, full, as_json))
    if as_json:
        typer.echo(json.dumps([each.json for each in found], ensure_ascii=False, indent=2))
    if page is not None and found:
        from holdfire.tollpage import toll_page

        page.write_bytes(toll_page(found))
        if not as_json:
            typer.echo(f"page: {page}")
    if problems:
        raise BadInput.of(problems)
    if check and any(each.refused for each in found):
        raise typer.Exit(1)


def _each(
    tables: list[Path], how: ListsFile, asking: Asking, shown: tuple[str, bool, bool]
) -> tuple[list[Toll], list[Problem]]:
    """Return what each table that can be read allows to be said, printed as it is found, and all problems."""
    from holdfire.errors import BadInput
    from holdfire.overlapping import read
    from holdfire.tolling import toll as counted
    from holdfire.tollshown import lines

    language, full, as_json = shown
    found: list[Toll] = []
    problems: list[Problem] = []
    for path in tables:
        try:
            tabled = read(path, how)
            with progress(as_json) as tell:
                told = counted(tabled, asking, partial(tell, "chains"))
        except BadInput as error:
            problems += error.problems
            continue
        found.append(told)
        if not as_json:
            if len(found) > 1:
                typer.echo()
            for line in lines(told, language, full):
                typer.echo(line)
    return found, problems


def _how(map_file: Path | None, given: dict[str, object], switched: dict[str, bool]) -> ListsFile:
    from holdfire.overlapping import mapping

    read = mapping(map_file)
    changed = {name: value for name, value in (*given.items(), *switched.items()) if value}
    return read.model_copy(update=changed)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)

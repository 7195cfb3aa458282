"""Read files for someone who wants to look at their claims; write nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from holdfire import plugins
from holdfire.claimlines import Said, published
from holdfire.digests import digest_of
from holdfire.documents import read
from holdfire.engine import Engine
from holdfire.errors import BadInput, HoldfireError, nearest
from holdfire.folder import Folder
from holdfire.intake import CHUNK, HEAD, front_matter, recognised
from holdfire.readers import context_of
from holdfire.reading.format import Content, Context, Worded
from holdfire.reading.prose import mentions
from holdfire.reading.prose.page.language import language_of, languages
from holdfire.reading.prose.page.shown import Shown
from holdfire.reading.second import compared
from holdfire.reading.unpacking import content
from holdfire.records.actor import Names
from holdfire.records.casefile import About, Gazetteer
from holdfire.records.report import Report
from holdfire.seconding import Second
from holdfire.tables import rows

if TYPE_CHECKING:
    from holdfire.case import Case

Notice = Callable[[str], None]
"""Told what a person should know beside the claims."""

LIMIT = 4 << 30
"""Most bytes a file may unpack to outside a case."""


def of_inbox(case: Case, second: Second | None = None) -> Iterator[Said]:
    """Yield the claims of every report in a case's inbox."""
    for held, table in case.claims():
        when = published(held.report, case.folder.zone)
        yield from _said(table, when, second, held.report, case.readings.shown(held))


def of_files(
    files: list[Path],
    source: str,
    dated: str,
    form: str,
    where: Path,
    second: Second | None = None,
    notice: Notice = lambda _: None,
) -> Iterator[Said]:
    """Yield the claims of files, read with the names of the case at `where`, if one is there.

    A text in a language that is not read for claims gives none, and `notice` is told so.

    Raises:
        BadInput: A file cannot be read, or the case has no such source.
    """
    try:
        folder: Folder | None = Folder.find(where)
    except HoldfireError:
        folder = None
    for file in files:
        about = About(source=source or "unnamed", published=dated, format=form)
        yield from _claims(file, about, folder, second, notice)


def _claims(
    file: Path, given: About, folder: Folder | None, second: Second | None, notice: Notice
) -> Iterator[Said]:
    found = content(file.name, lambda: file.open("rb"), file.stat().st_size, LIMIT)
    front = front_matter(found.head(HEAD))
    about = read(About, front, file.name) if front else given
    if folder and about.source not in folder.sources and about.source != "unnamed":
        raise BadInput(
            f'no source is called "{about.source}"', file.name, nearest(about.source, folder.sources)
        )
    formats = plugins.formats()
    name = about.format or _format(file, found)
    if name not in formats:
        raise BadInput(f'no format is called "{name}"', file.name, nearest(name, formats))
    with file.open("rb") as stream:
        digest = digest_of(iter(lambda: stream.read(CHUNK), b""))
    report = Report(
        id=digest, source=about.source, published=about.published, format=name,
        language=about.language,
    )  # fmt: skip
    context = _context(folder, about)
    when = published(report, context.zone)
    form = formats[name]
    shown = form.shown(report, found, context) if isinstance(form, Worded) else None
    if shown is not None and (unread := _unread(shown)):
        notice(f"{file.name}: {unread}")
    for table in form.claims(report, found, context):
        yield from _said(table, when, second, report, shown)


def _said(
    table: pa.Table, when: dict[str, Any] | None, second: Second | None, report: Report, shown: Shown | None
) -> Iterator[Said]:
    """Yield the claims of a table, with what a second reader makes of each."""
    listed = list(rows(table)) if second and shown else []
    hearing = second.read(shown.shadow, report) if second and shown else None
    if second is None or hearing is None:
        yield from (Said(row, when) for row in listed or rows(table))
        return
    side = compared(listed, hearing.claims)
    second.count("unread", len(side.unread))
    differs = {name: fields for name, fields, _ in side.differing}
    for row in listed:
        name = row["claim_id"]
        agrees = name in side.agreed
        told = {"agrees": agrees, "has_it": name not in side.alone, "differs_in": list(differs.get(name, ()))}
        yield Said(row, when, told | second.provenance)


def _unread(shown: Shown) -> str:
    """Return what to say of a text whose language is not read for claims; empty: it is read."""
    code = language_of(shown.shadow.text, shown.report.language)
    if languages().get(code, languages()["*"]) == "read for claims":
        return ""
    kinds = Counter(each.kind for each in mentions(shown.text, shown.report, shown.context))
    counts = ", ".join(f"{n} {kind}{'s' * (n != 1)}" for kind, n in sorted(kinds.items())) or "nothing else"
    return f"not read for claims (language {code or 'not known'}); it names {counts}"


def _format(file: Path, found: Content) -> str:
    if name := recognised(file.name, found.head(HEAD), plugins.formats()):
        return name
    raise BadInput(
        "no format reads this file", file.name, f"`holdfire mapping suggest {file.name}` drafts a mapping"
    )


def _context(folder: Folder | None, about: About) -> Context:
    if folder is None:
        return Context(
            zone=ZoneInfo("UTC"), names=Names([]), sources={}, gazetteer=Gazetteer(), engine=Engine()
        )
    return context_of(folder, Engine(), about.mapping)

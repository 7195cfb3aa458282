"""Reports come in: every file of the inbox is named by its digest and entered in the ledger, once.

A report is never changed: bytes that no longer match a name are an error, not a new version. What the
note says of a report may be mended; the ledger then has a second entry for the same bytes and the later
one counts. A stamp of size and time spares reading bytes again that no one touched; `holdfire fsck`
reads them all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfire.digests import Digest, digest_of
from holdfire.errors import BadInput, HoldfireError, Problem, Problems, nearest
from holdfire.folder import NOTE, Folder
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import replace_file
from holdfire.reading.format import Content, Format
from holdfire.reading.unpacking import content
from holdfire.records.casefile import About
from holdfire.records.report import Report

FRONT = b"---"
HEAD = 65536
"""Bytes looked at to know a format and to find front matter."""

CHUNK = 1 << 20

CLOSED = ("acled",)
"""Formats whose owners forbid that rows be printed again (ACLED's terms of use)."""

MAPPED = "mapped"
"""The format of tables that a mapping file describes; it reads nothing without one."""


@dataclass(frozen=True)
class Held:
    """A report and where its bytes lie."""

    report: Report
    path: Path
    mapping: str = ""
    reprint: bool = True

    def content(self, limit: int) -> Content:
        """Return its bytes, for a format to read."""
        return content(self.report.name, lambda: self.path.open("rb"), self.path.stat().st_size, limit)


@dataclass(frozen=True)
class Arrival:
    """A file of the inbox before the ledger knows it."""

    path: Path
    digest: Digest
    size: int
    about: About
    format: str


def front_matter(head: bytes) -> str:
    """Return the YAML between the first two `---` lines of a text; empty: it has none."""
    bare = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    if not bare.startswith(FRONT + b"\n"):
        return ""
    end = bare.find(b"\n" + FRONT + b"\n", len(FRONT))
    return bare[len(FRONT) + 1 : end + 1].decode("utf-8", "replace") if end >= 0 else ""


def look(folder: Folder, formats: Mapping[str, Format], limit: int) -> list[Arrival]:
    """Return every file of the inbox with its digest, note and format.

    Raises:
        BadInput: All problems of all files: no note, no such source, a format no one reads.
    """
    seen = _stamps(folder)
    problems = Problems("inbox")
    found = []
    for path in folder.inbox():
        shown = path.relative_to(folder.path).as_posix()
        try:
            stat = path.stat()
            stamp = seen.get(shown)
            untouched = stamp is not None and stamp[:2] == [stat.st_size, stat.st_mtime_ns]
            name = str(stamp[2]) if stamp and untouched else _digest(path)
            seen[shown] = [stat.st_size, stat.st_mtime_ns, name]
            packed = content(shown, lambda path=path: path.open("rb"), stat.st_size, limit)  # type: ignore[misc]
            head = packed.head(HEAD)
            about = folder.about(path, front_matter(head))
            found.append(
                Arrival(path, name, stat.st_size, about, _format(path.name, head, about, formats, shown))
            )
        except HoldfireError as error:
            problems.extend(error.problems)
    problems.raise_any()
    if folder.made.is_dir():
        names = {each.digest for each in found}
        touched = {k: v for k, v in seen.items() if len(v) == 3 and v[2] in names}
        _keep_stamps(folder, {**touched, **_notes(folder)})
    return found


def untouched(folder: Folder) -> bool:
    """Return whether no file of the inbox, nor any note, was touched since they were last looked at."""
    seen = {name: stamp[:2] for name, stamp in _stamps(folder).items()}
    there = {_shown(path, folder): _stamp(path) for path in folder.inbox()}
    return bool(seen) and seen == {**there, **_notes(folder)}


def _notes(folder: Folder) -> dict[str, list[int | str]]:
    """Return the stamps of the notes beside reports."""
    return {_shown(path, folder): _stamp(path) for path in sorted((folder.path / "inbox").rglob(f"*{NOTE}"))}


def _stamp(path: Path) -> list[int | str]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _format(name: str, head: bytes, about: About, formats: Mapping[str, Format], shown: str) -> str:
    if about.format:
        if about.format not in formats:
            raise BadInput(f'no format is called "{about.format}"', shown, nearest(about.format, formats))
        return about.format
    if about.mapping:
        return MAPPED
    bare = name.removesuffix(".gz")
    for label, each in formats.items():
        if label != MAPPED and each.recognises(bare, head):
            return label
    raise BadInput(
        "no format reads this file",
        shown,
        f"`holdfire mapping suggest {name}` drafts a mapping; or say in its note which of"
        f" {', '.join(sorted(formats))} it is",
    )


def _digest(path: Path) -> Digest:
    with path.open("rb") as stream:
        return digest_of(iter(lambda: stream.read(CHUNK), b""))


def enter(found: Iterable[Arrival], folder: Folder, ledger: Ledger, now: str, by: str) -> list[Held]:
    """Enter in the ledger what it does not know yet, and return every report held, in order of entry.

    Raises:
        BadInput: A report that the ledger knows is gone from the inbox, or its bytes have changed.
    """
    listed = list(found)
    known = reports(ledger)
    here = {each.digest for each in listed}
    problems = Problems("inbox")
    for report in known.values():
        if report.digest not in here:
            same = next((f for f in listed if _shown(f.path, folder) == report.name), None)
            what = "no longer matches its name; its bytes changed" if same else "is gone"
            problems.add(
                f"report {report.digest[:8]} {what}",
                report.name,
                "put the bytes back as they came; a new version is a new file; "
                f"to take the report out, `holdfire retract {report.digest[:8]} --reason WHY`",
            )
    problems.raise_any()
    fresh = []
    for each in sorted(listed, key=lambda f: _shown(f.path, folder)):
        entry = _entry(each, folder, now, by)
        before = known.get(each.digest)
        if before is None or _said(before) != {k: entry[k] for k in _said(before)}:
            fresh.append(entry)
    if fresh:
        ledger.append(fresh)
    held = {each.digest: each for each in reversed(listed)}
    return [hold(report, held[report.digest]) for report in reports(ledger).values()]


def _shown(path: Path, folder: Folder) -> str:
    return path.relative_to(folder.path).as_posix()


def _entry(found: Arrival, folder: Folder, now: str, by: str) -> dict[str, str | int]:
    return {
        "kind": "report",
        "digest": found.digest,
        "name": _shown(found.path, folder),
        "source": found.about.source,
        "format": found.format,
        "published": found.about.published,
        "received": now,
        "licence": found.about.licence,
        "cite": found.about.cite,
        "language": found.about.language,
        "added_by": by,
        "size": found.size,
    }


def _said(report: Report) -> dict[str, str]:
    """Return what a note says of a report: what may be mended without new bytes."""
    return {
        "source": report.source,
        "format": report.format,
        "published": report.published,
        "licence": report.licence,
        "cite": report.cite,
        "language": report.language,
    }


def reports(ledger: Ledger) -> dict[Digest, Report]:
    """Return the reports that the ledger holds and no one retracted, in order of their first entry."""
    held: dict[Digest, Report] = {}
    for entry in ledger.entries():
        body = entry.value
        if body["kind"] == "report":
            before = held.get(str(body["digest"]))
            received = before.received if before else str(body["received"])
            fields = {k: str(v) for k, v in body.items() if k not in ("kind", "size", "received")}
            held[str(body["digest"])] = Report(**fields, received=received)
        elif body["kind"] == "retraction":
            held.pop(str(body["of"]), None)
    return held


def hold(report: Report, found: Arrival) -> Held:
    """Return a report with where its bytes lie and what its note says of their use."""
    return Held(report, found.path, found.about.mapping, found.about.reprint and found.format not in CLOSED)


def described(found: Arrival, folder: Folder) -> Report:
    """Return the noun of a file of the inbox, whether or not the ledger knows it."""
    entry = _entry(found, folder, "", "")
    return Report(**{k: str(v) for k, v in entry.items() if k not in ("kind", "size")})


def take(
    files: Sequence[Path], given: Mapping[str, str], folder: Folder, formats: Mapping[str, Format], limit: int
) -> None:
    """Copy files into the inbox with their notes: all of them, or none.

    Raises:
        BadInput: All problems of all files.
    """
    problems = Problems("add")
    ready: list[tuple[Path, bytes]] = []
    for file in files:
        target = folder.path / "inbox" / file.name
        try:
            if file.is_dir() or file.name.endswith(NOTE) or file.name.startswith("."):
                raise BadInput(
                    "this is no report", file.name, "give files, not folders, notes or hidden files"
                )
            name = _digest(file)
            if target.exists() and _digest(target) != name:
                raise BadInput(
                    "another report of this name is in the inbox",
                    file.name,
                    "give this one another name first",
                )
            packed = content(file.name, lambda file=file: file.open("rb"), file.stat().st_size, limit)  # type: ignore[misc]
            head = packed.head(HEAD)
            front = front_matter(head)
            if front and given:
                raise BadInput(
                    "the report has front matter", file.name, "leave the flags out, or the front matter"
                )
            note = "".join(f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in given.items())
            about = folder.note(front or note, file.name)
            _format(file.name, head, about, formats, file.name)
            folder.mapping(about.mapping)
            if not front:
                ready.append((target.with_name(target.name + NOTE), note.encode()))
        except HoldfireError as error:
            problems.extend(error.problems)
    problems.raise_any()
    (folder.path / "inbox").mkdir(exist_ok=True)
    # Notes first: a note without its report is harmless, a report without its note is not.
    for path, text in ready:
        replace_file(path, text)
    for file in files:
        target = folder.path / "inbox" / file.name
        if not target.exists():
            part = target.with_name(f".{target.name}.part")
            shutil.copyfile(file, part)
            part.replace(target)


def broken(folder: Folder, known: Mapping[Digest, Report]) -> Iterator[Problem]:
    """Yield each report whose bytes are gone or no longer match its name."""
    for name, report in known.items():
        path = folder.path / report.name
        if not path.is_file():
            yield Problem(f"report {name[:8]} is gone", report.name, "restore it from another copy")
        elif _digest(path) != name:
            yield Problem(
                f"report {name[:8]} no longer matches its name; its bytes changed",
                report.name,
                "restore it from another copy",
            )


def _stamps(folder: Folder) -> dict[str, list[int | str]]:
    file = folder.made / "seen.json"
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _keep_stamps(folder: Folder, seen: Mapping[str, object]) -> None:
    text = json.dumps(seen, sort_keys=True, indent=0).encode()
    file = folder.made / "seen.json"
    if not file.exists() or file.read_bytes() != text:
        replace_file(file, text)

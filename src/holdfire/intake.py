"""Reports come in: the bytes of every file of the inbox go into the vault, and an entry into the log, once.

A report is never changed: other bytes under a name that is known are an error, not a new version. What the
note says of a report may be mended; the log then has a second entry for the same bytes and the later one
counts. The file in the inbox is a working copy: the vault holds the evidence, and the file may be removed.
A stamp of size and time spares reading bytes again that no one touched; `holdfire fsck` reads them all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from holdfire.digests import Digest, digest_of
from holdfire.errors import BadInput, HoldfireError, Problem, Problems, nearest
from holdfire.folder import NOTE, Folder
from holdfire.holdings import Held, closed, hold, reports, retracted
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import replace_file
from holdfire.ledger.vault import Vault
from holdfire.reading.format import Format
from holdfire.reading.unpacking import content
from holdfire.records.casefile import About
from holdfire.records.report import Report

FRONT = b"---"
HEAD = 65536
"""Bytes looked at to know a format and to find front matter."""

CHUNK = 1 << 20

MAPPED = "mapped"
"""The format of tables that a mapping file describes; it reads nothing without one."""


@dataclass(frozen=True)
class Arrival:
    """A file of the inbox.

    Attributes:
        path: Where it lies.
        id: Its report's id; empty: the vault does not hold these bytes.
        size: Of its content [bytes].
        about: What its note says.
        format: Name of the format it is read with.
    """

    path: Path
    id: Digest
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


def look(folder: Folder, formats: Mapping[str, Format], limit: int, vault: Vault | None) -> list[Arrival]:
    """Return every file of the inbox with its id, note and format.

    Raises:
        BadInput: All problems of all files: no note, no such source, a format no one reads.
    """
    seen = _stamps(folder)
    problems = Problems("inbox")
    found = []
    for path in folder.inbox():
        shown = _shown(path, folder)
        try:
            stat = path.stat()
            stamp = seen.get(shown)
            name = ""
            if vault is not None:
                untouched = stamp is not None and stamp[:2] == [stat.st_size, stat.st_mtime_ns]
                name = str(stamp[2]) if stamp and untouched else ""
                if name not in vault:
                    with path.open("rb") as stream:
                        name = vault.find(stream) or ""
            packed = content(shown, lambda path=path: path.open("rb"), stat.st_size, limit)  # type: ignore[misc]
            head = packed.head(HEAD)
            about = folder.about(path, front_matter(head))
            form = _format(path.name, head, about, formats, shown)
            found.append(Arrival(path, name, stat.st_size, about, form))
        except HoldfireError as error:
            problems.extend(error.problems)
    problems.raise_any()
    return found


def untouched(folder: Folder) -> bool:
    """Return whether no file of the inbox, nor any note, was touched since they were last looked at."""
    return bool(_stamps(folder)) and settled(folder)


def settled(folder: Folder) -> bool:
    """Return whether every file of the inbox and every note is as it was when a run last looked."""
    seen = {name: stamp[:2] for name, stamp in _stamps(folder).items()}
    there = {_shown(path, folder): _stamp(path) for path in folder.inbox()} | _notes(folder)
    return all(seen.get(name) == stamp for name, stamp in there.items())


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
    if found := recognised(name, head, formats):
        return found
    raise BadInput(
        "no format reads this file",
        shown,
        f"`holdfire mapping suggest {name}` drafts a mapping; or say in its note which of"
        f" {', '.join(sorted(formats))} it is",
    )


def recognised(name: str, head: bytes, formats: Mapping[str, Format]) -> str:
    """Return the format that reads a file of this name and beginning; empty: none does."""
    bare = name.removesuffix(".gz")
    return next((n for n, each in formats.items() if n != MAPPED and each.recognises(bare, head)), "")


def enter(
    found: Iterable[Arrival], folder: Folder, ledger: Ledger, vault: Vault, now: str, by: str
) -> list[Held]:
    """Take in what the record does not know yet, and return every report held, in order of entry.

    Bytes go into the vault before the log speaks of them, so a run killed in between leaves bytes that no
    one speaks of, which the next run enters. A report that was retracted stays out.

    Raises:
        BadInput: A file of the inbox has other bytes than the report that came under its name; or two files
            of one content have notes that differ.
    """
    listed = sorted(found, key=lambda f: _shown(f.path, folder))
    known = reports(ledger)
    _refuse_changed(listed, known, folder, vault)
    stamps: dict[str, list[int | str]] = {}
    fresh, out = [], retracted(ledger)
    names = _put(listed, folder, vault)
    _refuse_twice([(names[_shown(each.path, folder)], each) for each in listed], folder)
    for each in listed:
        shown = _shown(each.path, folder)
        name = names[shown]
        stamps[shown] = [*_stamp(each.path), name]
        if vault.label(name) != (label := _label(each, folder)):
            vault.relabel(name, label)
        entry = _entry(each, name, now, by)
        before = known.get(name)
        if name not in out and (before is None or _said(before) != {k: entry[k] for k in _said(before)}):
            fresh.append(entry)
    if fresh:
        ledger.append(fresh)
    _keep_stamps(folder, {**stamps, **_notes(folder)})
    return [hold(report, vault) for report in reports(ledger, vault).values() if not report.redacted]


def _refuse_changed(
    listed: Sequence[Arrival], known: Mapping[Digest, Report], folder: Folder, vault: Vault
) -> None:
    names = _named(known, vault)
    problems = Problems("inbox")
    for each in listed:
        before = names.get(_shown(each.path, folder), each.id)
        if each.id != before:
            problems.extend([_changed(before, _shown(each.path, folder))])
    problems.raise_any()


def _refuse_twice(listed: Iterable[tuple[Digest, Arrival]], folder: Folder) -> None:
    """Refuse files of one content whose notes differ: the bytes are one report, which has one source."""
    first: dict[Digest, Arrival] = {}
    problems = Problems("inbox")
    for name, each in listed:
        before = first.setdefault(name, each)
        one, other = (_entry(x, name, "", "") for x in (before, each))
        if differ := [what for what in one if one[what] != other[what]]:
            said = f"these are the bytes of {_shown(before.path, folder)}, and the notes of the two differ in"
            hint = "one content is one report: take one of the files out, or make the notes alike"
            problems.extend([Problem(f"{said} {', '.join(differ)}", _shown(each.path, folder), hint)])
    problems.raise_any()


def changed(folder: Folder, known: Mapping[Digest, Report], vault: Vault) -> Iterator[Problem]:
    """Yield each working copy in the inbox whose bytes are not those that came under its name."""
    names = _named(known, vault)
    for path in folder.inbox():
        if before := names.get(_shown(path, folder)):
            with path.open("rb") as stream:
                if vault.find(stream) != before:
                    yield _changed(before, _shown(path, folder))


def _named(known: Mapping[Digest, Report], vault: Vault) -> dict[str, Digest]:
    return {vault.label(name).get("file", ""): name for name in known if name in vault}


def _changed(before: Digest, shown: str) -> Problem:
    return Problem(
        f"report {before[:8]} no longer matches its name; its bytes changed",
        shown,
        "put the bytes back as they came; a new version is a new file; "
        f"to take the report out, `holdfire retract {before[:8]} --reason WHY`",
    )


def _put(listed: Sequence[Arrival], folder: Folder, vault: Vault) -> dict[str, Digest]:
    """Put what the vault does not hold into it, in one commit; return the id of each file of the inbox."""
    new = [each for each in listed if not each.id]

    def items() -> Iterator[tuple[BinaryIO, dict[str, str]]]:
        for each in new:
            with each.path.open("rb") as stream:  # one file is open at a time, however many come
                yield stream, _label(each, folder)

    made = vault.put_many(items()) if new else []
    ids = {_shown(each.path, folder): each.id for each in listed}
    return ids | {_shown(each.path, folder): name for each, name in zip(new, made, strict=True)}


def _label(found: Arrival, folder: Folder) -> dict[str, str]:
    """Return what the vault keeps with the bytes: what may name a person."""
    label = {
        "file": _shown(found.path, folder),
        "cite": found.about.cite,
        "licence": found.about.licence,
        "title": found.about.title,
    }
    return {name: value for name, value in label.items() if value}


def _shown(path: Path, folder: Folder) -> str:
    return path.relative_to(folder.path).as_posix()


def _entry(found: Arrival, name: Digest, now: str, by: str) -> dict[str, Any]:
    return {
        "kind": "report",
        "report": name,
        "source": found.about.source,
        "format": found.format,
        "published": found.about.published,
        "received": now,
        "language": found.about.language,
        "by": by,
        "mapping": found.about.mapping,
        "reprint": found.about.reprint and not closed(found.format),
    }


def _said(report: Report) -> dict[str, Any]:
    """Return what a note says of a report: what may be mended without new bytes."""
    return {
        "source": report.source,
        "format": report.format,
        "published": report.published,
        "language": report.language,
        "mapping": report.mapping,
        "reprint": report.reprint,
    }


def described(found: Arrival) -> Held:
    """Return a file of the inbox as a report held, whether or not the record knows it.

    Its id is then a plain digest: such a report is shown to whoever asks and never published.
    """
    name = found.id or _digest(found.path)
    body = _entry(found, name, "", "")
    fields = {k: v for k, v in body.items() if k not in ("kind", "report", "by")}
    return Held(Report(id=name, **fields), found.path.name, found.size, lambda: found.path.open("rb"))


def _digest(path: Path) -> Digest:
    with path.open("rb") as stream:
        return digest_of(iter(lambda: stream.read(CHUNK), b""))


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

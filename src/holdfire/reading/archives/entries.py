"""What auto-archiver writes down of each address it archived, from any of the forms it writes.

* `csv_db`: a table of `status`, `metadata` and `media`, values as Python prints them;
* `json_enricher`: `metadata.json`, one object of the same fields;
* `html_formatter`: the page `Archived media for ...`, with a table of metadata and the digests of the media;
* a sheet of `gsheet_feeder_db` saved as CSV, under the names its columns have unless they were changed.

Read from bellingcat/auto-archiver as it stood in 2025: core/metadata.py, core/media.py and those modules.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from holdfire.errors import Problems
from holdfire.reading.archives import literals, stated
from holdfire.reading.archives.items import instant

CSV_DB = {"status", "metadata", "media"}
SHEET = {"link", "archive status", "archive location"}
_BOM = b"\xef\xbb\xbf"
_OURS = ("metadata_json", "timestamped_hashes", "_final_media")
"""Media that auto-archiver made of the others: its own records of them."""

_PAGE = re.compile(rb"Archived media for\s")
_ADDRESS = re.compile(r"Archived media for\s*<span[^>]{0,80}>([^<]{1,4000})</span>")
_TITLE = re.compile(r"<b>title:</b>\s*'<span[^>]{0,80}>([^<]{0,4000})</span>'")
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_HASH = re.compile(r"\b(?:SHA-256:[0-9a-f]{64}|SHA3-512:[0-9a-f]{128})\b")


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that was archived: what names it may have, its MIME type, and its stated digest."""

    names: tuple[str, ...]
    media: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address that was archived.

    Attributes:
        address: Where it was taken from.
        title: As the site gave it.
        text: What was written there.
        published: When it was put there, ISO 8601; empty: not said.
        captured: When it was archived, ISO 8601 in UTC; empty: not said.
        media: The files.
    """

    address: str
    title: str = ""
    text: str = ""
    published: str = ""
    captured: str = ""
    media: tuple[Medium, ...] = ()


def is_table(content: bytes) -> bool:
    """Return whether bytes begin as a table of `csv_db` or of a sheet."""
    return bool(_header(content))


def is_object(content: bytes) -> bool:
    """Return whether bytes begin as `metadata.json`."""
    start = content.removeprefix(_BOM).lstrip()[:4096]
    return start.startswith(b"{") and b'"status"' in start and b'"metadata"' in start


def is_page(content: bytes) -> bool:
    """Return whether bytes are the page of `html_formatter`."""
    return b"bellingcat/auto-archiver" in content and bool(_PAGE.search(content))


def _header(content: bytes) -> str:
    line = content.removeprefix(_BOM).split(b"\n", 1)[0][:4096].decode("utf-8", "replace")
    names = {name.strip().strip('"').lower() for name in line.rstrip("\r").split(",")}
    return "csv_db" if names >= CSV_DB else "sheet" if names >= SHEET else ""


def table(content: bytes, problems: Problems, most: int) -> list[Entry]:
    """Return the entries of a table; what is wrong goes to `problems`, with its row."""
    kind = _header(content)
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        problems.add("the table is not UTF-8", hint="save it again as UTF-8")
        return []
    found = []
    before = csv.field_size_limit(literals.LONGEST)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        for number, row in enumerate(rows, 1):
            if number > most:
                problems.add(f"the table has more than {most} rows")
                return []
            entry = _of_sheet(row) if kind == "sheet" else _of_row(row, f"row {number}", problems)
            if entry is not None:
                found.append(entry)
    except csv.Error:
        problems.add("the table cannot be read as CSV", f"after row {len(found)}", "a quote may be missing")
    finally:
        csv.field_size_limit(before)
    return found


def _of_row(row: Mapping[str, Any], where: str, problems: Problems) -> Entry | None:
    try:
        metadata = literals.parse(str(row.get("metadata") or ""))
        media = literals.parse(str(row.get("media") or "[]"))
    except ValueError:
        problems.add(
            "a cell is not as auto-archiver prints it",
            where,
            "give its metadata.json instead (module json_enricher), or take the row out of a copy",
        )
        return None
    return _entry(metadata, media, where, problems)


def _of_sheet(row: Mapping[str, Any]) -> Entry | None:
    cells = {str(name): str(value or "").strip() for name, value in row.items() if name is not None}
    if not cells.get("link") or not cells.get("archive location"):
        return None  # asked for, and not archived
    digest = cells.get("hash", "")
    return Entry(
        address=cells["link"],
        title=cells.get("upload title", ""),
        text=cells.get("text content", ""),
        published=instant(cells.get("upload timestamp", "")),
        captured=instant(cells.get("archive date", "")),
        media=(Medium(tuple(cells["archive location"].split("\n")), "", digest),) if digest else (),
    )


def metadata(content: bytes, where: str, problems: Problems) -> Entry | None:
    """Return the entry of a `metadata.json`; None with a problem noted where it is none."""
    try:
        found = json.loads(content.removeprefix(_BOM))
    except (ValueError, RecursionError):
        problems.add("metadata.json is not JSON", where, "fetch it again")
        return None
    return _entry(found.get("metadata"), found.get("media"), where, problems)


def _entry(said: Any, media: Any, where: str, problems: Problems) -> Entry | None:
    address = said.get("url") if isinstance(said, dict) else None
    if not isinstance(address, str) or not address:
        problems.add("an entry names no address", where, "it must have metadata with a url")
        return None
    return Entry(
        address=address,
        title=_text(said.get("title")),
        text=_text(said.get("content")),
        published=instant(_text(said.get("timestamp"))),
        captured=instant(_text(said.get("_processed_at"))),
        media=tuple(_media(media if isinstance(media, list) else [])),
    )


def _media(listed: Sequence[Any]) -> Iterator[Medium]:
    for each in listed:
        if not isinstance(each, dict):
            continue
        properties = each.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        if properties.get("id") in _OURS:
            continue
        urls = each.get("urls")
        names = [
            each.get("_key"),
            each.get("key"),
            *(urls if isinstance(urls, list) else []),
            each.get("filename"),
        ]
        yield Medium(
            tuple(name for name in names if isinstance(name, str) and name),
            _text(each.get("_mimetype") or each.get("mimetype")),
            _text(properties.get("hash")),
        )


def page(content: bytes) -> Entry | None:
    """Return the entry of a page of `html_formatter`; None: it names no address."""
    text = content.decode("utf-8", "replace")
    address = _ADDRESS.search(text)
    if not address:
        return None
    title = _TITLE.search(text)
    rows = dict(_rows(text[text.rfind("<h2") :]))
    digests = dict.fromkeys(_HASH.findall(text))
    return Entry(
        address=unescape(address[1]).strip(),
        title=unescape(title[1]) if title else "",
        text=rows.get("content", ""),
        published=instant(rows.get("timestamp", "")),
        captured=instant(rows.get("_processed_at", "")),
        media=tuple(Medium((), "", each) for each in digests if stated.parse(each)),
    )


def _rows(html: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each row of a table, in time that grows with its length."""
    for row in html.split("<tr")[1:]:
        cells = [cell.partition(">")[2].partition("</td")[0] for cell in row.split("<td", 2)[1:]]
        if len(cells) == 2:
            yield _plain(cells[0]), _plain(cells[1])


def _plain(html: str) -> str:
    return unescape(_TAGS.sub("", html)).strip()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

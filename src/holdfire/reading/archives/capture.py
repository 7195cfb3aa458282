"""Pages out of WARC files: each page's record is found, its digests are checked, and it becomes an item.

Two passes, because a page may be asked for by an address that an earlier or later record redirects, and
because only the records that are wanted are ever held. Indexes that came with the files are not used: they
would have to be checked against the records anyway.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from urllib.parse import urljoin

from holdfire.answers import Answer, all_of
from holdfire.errors import BadInput, Problems
from holdfire.reading.archives import responses, stated, warc
from holdfire.reading.archives.items import Item, Limits, file_name, instant
from holdfire.reading.archives.responses import Response
from holdfire.reading.archives.warc import Record

HOPS = 5
"""Most redirections followed from the address of a page."""

Opener = Callable[[], BinaryIO]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOST = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that an archive lists: its address, when it was taken, and its title."""

    address: str
    when: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A record that may answer for a page: file and number in it, when it was taken, what it is."""

    file: int
    number: int
    when: str
    status: int
    html: bool
    size: int
    onward: str = ""
    payload: str = ""
    revisit: bool = False


@dataclass(slots=True)
class Index:
    """Records of interest, by address, and pages among them by digest of their payload."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    payloads: dict[str, Place] = field(default_factory=dict)
    order: list[tuple[str, Place]] = field(default_factory=list)
    records: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page, the record that holds its bytes, and the time at which it was seen to have them."""

    page: Page
    place: Place
    when: str


def key(address: str) -> str:
    """Return the form in which two addresses of one page are the same.

    >>> key("HTTP://Example.org:80#top")
    'http://example.org/'
    """
    found = _HOST.match(address)
    if not found:
        return address
    scheme = found[1].lower()
    host = found[2].lower().removesuffix(":443" if scheme == "https" else ":80")
    return f"{scheme}://{host}{found[3] or '/'}"


def index(files: Sequence[tuple[str, Opener]], wanted: Iterable[str], limits: Limits) -> Index:
    """Read every record of some WARC files and return where the pages are.

    Args:
        files: Name for messages and opener of each, gzip undone by the opener.
        wanted: Addresses of pages, so that one that is no HTML is kept too.
        limits: Most records of all files.

    Raises:
        BadInput: All problems of all files; in each, up to the first place where it is damaged.
    """
    asked = {key(address) for address in wanted}
    found = Index()
    problems = Problems("archive")
    for number, (name, opener) in enumerate(files):
        try:
            with opener() as stream:
                for record in warc.records(stream, name, limits.records - found.records):
                    found.records += 1
                    _note(record, number, asked, found)
        except BadInput as error:
            problems.extend(error.problems)
    problems.raise_any()
    return found


def _note(record: Record, file: int, asked: set[str], found: Index) -> None:
    if record.type not in ("response", "resource", "revisit") or not record.address:
        return
    if "warc-segment-number" in record.fields:
        return  # a part of a page is not the page
    address = key(record.address)
    status, fields = 0, dict(record.fields)
    web = address.startswith(("http://", "https://"))
    if record.type != "resource" and web and record.block.size:
        status, fields, _ = responses.head(record.block, record.where)
    place = Place(
        file=file,
        number=record.number,
        when=instant(record.fields.get("warc-date", "")),
        status=status,
        html=responses.media_of(fields) in responses.HTML,
        size=record.block.size,
        onward=urljoin(record.address, fields.get("location", "")) if 300 <= status < 400 else "",
        payload=record.fields.get("warc-payload-digest", ""),
        revisit=record.type == "revisit",
    )
    if place.html or place.onward or place.revisit or address in asked:
        found.places.setdefault(address, []).append(place)
        found.order.append((record.address, place))
        if place.payload and not place.revisit and not place.onward:
            found.payloads.setdefault(place.payload, place)


def find(page: Page, among: Index) -> Found | None:
    """Return the record of a page: that of its address nearest in time, redirections followed.

    None: the archive holds none.
    """
    address, seen = key(page.address), set[str]()
    for _ in range(HOPS + 1):
        places = among.places.get(address, [])
        if not places or address in seen:
            return None
        seen.add(address)
        place = min(places, key=lambda p: (p.status >= 400, _apart(p.when, page.when), p))
        if place.onward and not place.revisit:
            address = key(place.onward)
            continue
        if place.revisit:
            original = among.payloads.get(place.payload)
            return Found(page, original, place.when) if original else None
        return Found(page, place, place.when)
    return None


def _apart(first: str, second: str) -> float:
    """Return how far apart two instants are [s]; unknown: farther than any."""
    if not first or not second:
        return float("inf")
    return abs((datetime.fromisoformat(first) - datetime.fromisoformat(second)).total_seconds())


def items(files: Sequence[tuple[str, Opener]], found: Sequence[Found], limits: Limits) -> Iterator[Item]:
    """Yield an item for each page, in the order of the records.

    Raises:
        BadInput: A body cannot be unpacked within the limits.
    """
    by_file: dict[int, dict[int, list[Found]]] = {}
    for each in found:
        by_file.setdefault(each.place.file, {}).setdefault(each.place.number, []).append(each)
    for number, (name, opener) in enumerate(files):
        wanted = by_file.get(number, {})
        if not wanted:
            continue
        with opener() as stream:
            for record in warc.records(stream, name, limits.records):
                if record.number in wanted:
                    content = record.block.read()
                    for each in wanted[record.number]:
                        yield _item(record, content, each, limits)
                if record.number == max(wanted):
                    break


def _item(record: Record, block: bytes, found: Found, limits: Limits) -> Item:
    response = _response(record, block)
    body, made = responses.entity(response, record.where, limits)
    media = response.media
    readable = False
    if media in (*responses.HTML, "text/plain") and not any(" not " in step for step in made):
        body, steps, readable = responses.page(body, response.fields)
        made = (*made, *steps)
    digests, matches = _checked(record, block, response)
    return Item(
        name=file_name(found.page.address, body, ".html" if media in responses.HTML else _ending(media)),
        content=body,
        media=media,
        cite=found.page.address,
        title=found.page.title,
        language=responses.language(body, response.fields) if readable else "",
        published=published(responses.dated(body), found.when) if readable else "",
        captured=found.when,
        stated=digests,
        matches=matches,
        made=made,
        readable=readable,
    )


def published(text: str, captured: str) -> str:
    """Return a date of publication as ISO 8601, no finer than it was written; empty: it is none.

    A page cannot have been published after it was taken: such a date is of something else.

    >>> published("2024-01-02", "2024-01-02T05:00Z"), published("2024-01-03", "2024-01-02T05:00Z")
    ('2024-01-02', '')
    """
    when = instant(text)
    if not when or (captured and datetime.fromisoformat(when) > datetime.fromisoformat(captured)):
        return ""
    return text if _DAY.fullmatch(text) else when


def _response(record: Record, block: bytes) -> Response:
    if record.type == "resource":
        return Response(0, record.fields, block)
    held = warc.Block(io.BytesIO(block), len(block), record.where)
    status, fields, begun = responses.head(held, record.where)
    return Response(status, fields, begun + held.read())


def _checked(record: Record, block: bytes, response: Response) -> tuple[dict[str, str], Answer]:
    """Return the digests that a record states of its payload, and whether all that it states are right.

    A payload is the body without its chunks (ISO 28500:2017 section 5.9); many tools take it with them,
    so either is right.
    """
    answers, digests = [], {}
    whole = stated.parse(record.fields.get("warc-block-digest", ""))
    if whole:
        answers.append(stated.check(dict([whole]), block))
    payload = stated.parse(record.fields.get("warc-payload-digest", ""))
    if payload:
        digests = dict([payload])
        bodies = [response.body, responses.unchunked(response.body)]
        good = any(stated.check(digests, b) is Answer.YES for b in bodies if b is not None)
        answers.append(Answer.of(good))
    return digests or (dict([whole]) if whole else {}), all_of(answers) if answers else Answer.UNCLEAR


_ENDINGS = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif",
    "image/webp": ".webp", "video/mp4": ".mp4", "text/plain": ".txt", "application/json": ".json",
}  # fmt: skip


def _ending(media: str) -> str:
    return _ENDINGS.get(media, ".bin")

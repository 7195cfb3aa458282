"""What a server answered, out of a WARC record: status, fields, and the body as a page that can be read.

The body of a record may be cut into chunks, packed, and in another encoding than UTF-8. What is undone is
said, and what cannot be undone with certainty is left as it is and not read: a wrong guess at an encoding
would make wrong words.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from holdfire.errors import BadInput
from holdfire.reading.archives.items import FENCE, FREE, Limits
from holdfire.reading.archives.warc import LONGEST_HEADER, Block, header

HEAD = 1 << 18
"""Bytes of a page in which its language, date and encoding are looked for."""

HTML = ("text/html", "application/xhtml+xml")

_BLANK = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"<html\b[^>]{0,400}?\blang\s{0,5}=\s{0,5}[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\b",
    re.IGNORECASE,
)
_META = re.compile(r"<meta\b[^>]{0,600}>", re.IGNORECASE)
_DATED = re.compile(
    r"(?:property|name|itemprop)\s{0,5}=\s{0,5}[\"'](?:article:published_time|datePublished|date|pubdate"
    r"|dc\.date(?:\.issued)?|parsely-pub-date)[\"']",
    re.IGNORECASE,
)
_VALUE = re.compile(r"content\s{0,5}=\s{0,5}[\"']([^\"']{4,40})[\"']", re.IGNORECASE)
_JSON_DATE = re.compile(r"\"datePublished\"\s{0,5}:\s{0,5}\"([^\"]{4,40})\"")

_CODECS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp",
    "euc-kr": "cp949", "koi8-r": "koi8_r", "koi8-u": "koi8_u", "macintosh": "mac_roman", "utf-16": "utf_16",
    "utf-16le": "utf_16_le", "utf-16be": "utf_16_be", "windows-874": "cp874", "tis-620": "cp874",
    **{f"windows-125{n}": f"cp125{n}" for n in range(9)}, **{f"cp125{n}": f"cp125{n}" for n in range(9)},
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}  # fmt: skip
"""Labels of encodings and what browsers take them for (WHATWG Encoding Standard, section 4.2).

A closed list: Python's own names also cover zlib and escapes, which a page must not be able to ask for."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered.

    Attributes:
        status: HTTP status; 0: there is none, as with a resource record.
        fields: Header, names in lower case.
        body: The body as stored.
    """

    status: int
    fields: Mapping[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """Return the MIME type, lower case, without its parameters."""
        return media_of(self.fields)


def media_of(fields: Mapping[str, str]) -> str:
    """Return the MIME type that header fields state, lower case, without its parameters."""
    return fields.get("content-type", "").split(";")[0].strip().lower()


def head(block: Block, where: str) -> tuple[int, dict[str, str], bytes]:
    """Return status and fields of a response, and what was read of its body to find them.

    Raises:
        BadInput: Its header is longer than `LONGEST_HEADER`, or it is no response.
    """
    held = bytearray()
    end, looked = None, 0
    while not (end := _BLANK.search(held, looked)):
        looked = max(0, len(held) - 3)  # the empty line may have begun in what was there
        piece = block.read(4096)
        held += piece
        if not piece:
            break  # no body
        if len(held) > LONGEST_HEADER:
            raise BadInput("the header of a response has no end", where, "the archive is damaged")
    first, *lines = bytes(held[: end.start()] if end else held).splitlines() or [b""]
    status = _STATUS.match(first)
    if not status:
        raise BadInput("a response does not begin with HTTP", where, "the archive is damaged: fetch it again")
    return int(status[1]), header(lines), bytes(held[end.end() :]) if end else b""


def unchunked(body: bytes) -> bytes | None:
    """Return a body with its chunks joined (RFC 9112 section 7.1); None: it is not cut into chunks."""
    pieces: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        if not size:
            return b"".join(pieces)
        end = found.end() + size
        if body[end : end + 2] != b"\r\n":
            return None
        pieces.append(body[found.end() : end])
        at = end + 2
    return None


def entity(response: Response, where: str, limits: Limits) -> tuple[bytes, tuple[str, ...]]:
    """Return what a server sent, chunks joined and packing undone, and what was undone.

    Raises:
        BadInput: It unpacks to more than the limits allow, or is damaged.
    """
    made: list[str] = []
    body = response.body
    if "chunked" in response.fields.get("transfer-encoding", "").lower():
        joined = unchunked(body)  # None: the tool joined them and left the field
        if joined is not None:
            body, made = joined, ["chunks joined"]
    coding = response.fields.get("content-encoding", "").lower().strip()
    if coding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
        return _inflated(body, 31, where, limits), (*made, "gzip undone")
    if coding == "deflate" and body and body.lstrip()[:1] != b"<":
        wrapped = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflated(body, 15 if wrapped else -15, where, limits), (*made, "deflate undone")
    if coding in ("br", "zstd"):
        made.append(f"packed with {coding}, which was not undone")
    return body, tuple(made)


def page(body: bytes, fields: Mapping[str, str]) -> tuple[bytes, tuple[str, ...], bool]:
    """Return an HTML page as UTF-8, what was done to it, and whether it may be handed to a reader."""
    if FENCE.match(body):
        return body, ("begins like front matter, so it is not read",), False
    if b"\0" not in body[:HEAD] and _decoded(body, "utf_8") is not None:
        return body, (), True
    label = _encoding(body, fields)
    words = _decoded(body, _CODECS.get(label, ""))
    if words is None:
        return body, ("is not in the encoding it states, so it is not read",), False
    content = words.removeprefix("\ufeff").encode("utf-8", "replace")
    if FENCE.match(content):
        return body, ("begins like front matter, so it is not read",), False
    return content, (f"{label} written as UTF-8",), True


def dated(body: bytes) -> str:
    """Return when a page says it was published, as it writes it; empty: it does not say."""
    words = body[:HEAD].decode("utf-8", "replace")
    for meta in _META.finditer(words):
        if _DATED.search(meta[0]) and (value := _VALUE.search(meta[0])):
            return value[1].strip()
    found = _JSON_DATE.search(words)
    return found[1].strip() if found else ""


def language(body: bytes, fields: Mapping[str, str]) -> str:
    """Return the language a page gives itself; empty: it gives none, or several."""
    found = _LANGUAGE.search(body[:HEAD].decode("utf-8", "replace"))
    if found:
        return found[1]
    stated = fields.get("content-language", "").strip()
    return stated if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", stated) else ""


def _decoded(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec) if codec else None
    except UnicodeDecodeError:
        return None


def _encoding(body: bytes, fields: Mapping[str, str]) -> str:
    """Return the encoding a page states: mark, header, then `meta` (HTML Living Standard 13.2.3.2)."""
    for mark, label in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            return label
    stated = _CHARSET.search(fields.get("content-type", ""))
    if stated:
        return stated[1].lower()
    meta = _META_CHARSET.search(body[:4096])
    return meta[1].decode("ascii").lower() if meta else ""


def _inflated(body: bytes, window: int, where: str, limits: Limits) -> bytes:
    inflater = zlib.decompressobj(window)
    most = min(limits.item, max(FREE, limits.ratio * len(body)))
    try:
        found = inflater.decompress(body, most + 1)
    except zlib.error:
        raise BadInput("the packed body of a response is damaged", where, "fetch it again") from None
    if len(found) > most:
        raise BadInput(
            f"{len(body)} packed bytes of a response unpack to more than {most}", where, "look at what it is"
        )
    if not inflater.eof:
        raise BadInput("the packed body of a response ends early", where, "fetch it again")
    return found

"""WARC records are read to the letter, and zips without trust: what is cut, long or climbs is refused."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

import archiving as make
from archiving import ADDRESS, STORY
from holdfire.errors import BadInput
from holdfire.reading import archives
from holdfire.reading.archives import Limits, capture, stated, warc
from holdfire.reading.archives.packed import Packed

PAGE = make.record(ADDRESS, make.response(STORY))


def open_warc(content: bytes, name: str = "x.warc", limits: Limits | None = None) -> archives.Archive:
    return archives.open_archive(name, io.BytesIO(content), len(content), limits)


def refusal(content: bytes, name: str = "x.warc", limits: Limits | None = None) -> list[str]:
    with pytest.raises(BadInput) as caught:
        list(open_warc(content, name, limits).items())
    return [each.problem for each in caught.value.problems]


@pytest.mark.parametrize(("name", "content"), [("x.warc", PAGE * 2), ("x.warc.gz", make.warc([PAGE, PAGE]))])
def test_a_warc_file_gives_each_html_answer(name: str, content: bytes) -> None:
    other = make.record(ADDRESS + "/a", make.response(b"x", media="image/png"))
    gone = make.record(ADDRESS + "/b", make.response(STORY, 404))
    content += other + gone if name == "x.warc" else make.warc([other, gone])
    archive = open_warc(content, name)
    assert [item.content for item in archive.items()] == [STORY, STORY]
    assert [item.content for item in archive.items()] == [STORY, STORY]  # as often as asked
    assert archive.says[0].startswith("2 pages among 4 records")


def test_a_whole_gzip_of_many_records_is_read_too() -> None:
    assert len(list(open_warc(make.warc([PAGE + PAGE]), "x.warc.gz").items())) == 2


@pytest.mark.parametrize("cut", range(1, len(PAGE), 97))
def test_a_record_cut_anywhere_is_refused_and_never_shorter(cut: int) -> None:
    whole = PAGE + PAGE
    try:
        found = list(open_warc(whole[: len(PAGE) + cut]).items())
    except BadInput:
        return
    # Only the blank lines after the last record may be missing.
    assert [item.content for item in found] == [STORY, STORY]
    assert cut >= len(PAGE) - 4


@pytest.mark.parametrize("cut", [10, 200, -20, -1])
def test_a_gzip_cut_anywhere_is_refused(cut: int) -> None:
    assert refusal(make.warc([PAGE])[:cut], "x.warc.gz")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "the file is no WARC file"),
        (PAGE + b"junk\r\n" + PAGE, "no record begins where the one before ends"),
        (make.record(ADDRESS, b"", Content_Length="-5"), "the length of a record is no number"),
        (make.record(ADDRESS, b"", Content_Length="1e3"), "the length of a record is no number"),
        (make.record(ADDRESS, b"", Content_Length="9" * 17), "ends after 4"),
        (b"WARC/1.1\r\nWARC-Type: response\r\n", "a record's header ends early"),
        (b"WARC/1.1\r\nX: " + b"x" * (2 << 20), "a record's header is longer than 1 MiB"),
        (b"WARC/1.1\r\n" + b"X: y\r\n" * 400_000, "a record's header is longer than 1 MiB"),
        (make.record(ADDRESS, b"no answer at all"), "a response does not begin with HTTP"),
        (make.record(ADDRESS, b"\r\n\r\nHTTP/1.1 200"), "a response does not begin with HTTP"),
        (
            make.record(ADDRESS, b"HTTP/1.1 200 OK\r\n" + b"x" * (2 << 20)),
            "the header of a response has no end",
        ),
    ],
)
def test_a_wrong_record_is_refused_with_its_place(content: bytes, problem: str) -> None:
    assert problem in refusal(content)[0]
    with pytest.raises(BadInput, match=r"x\.warc, record \d"):
        open_warc(content)


def test_the_angle_brackets_of_old_tools_are_taken_off() -> None:
    (item,) = open_warc(make.record(f"<{ADDRESS}>", make.response(STORY))).items()
    assert item.cite == ADDRESS


def test_a_part_of_a_page_is_not_the_page() -> None:
    part = make.record(ADDRESS, make.response(STORY), WARC_Segment_Number="1")
    assert list(open_warc(part).items()) == []


def test_folded_and_repeated_fields() -> None:
    fields = warc.header([b"A: one", b" two", b"B: x", b"b: y", b" z", b"none", b"C:"])
    assert fields == {"a": "one two", "b": "x", "c": ""}


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("https://e.example", "https://e.example/"),
        ("http://E.example:80/a#b", "http://e.example/a"),
        ("https://e.example:443/A", "https://E.EXAMPLE/A"),
    ],
)
def test_addresses_of_one_page_are_one(one: str, same: str) -> None:
    assert capture.key(one) == capture.key(same)
    assert capture.key("https://e.example/a") != capture.key("https://e.example/A")


def test_stated_digests_in_every_spelling() -> None:
    good = stated.parse(make.sha1(b"x"))
    assert good
    assert stated.parse("SHA-1:" + good[1].upper()) == good
    assert stated.parse(make.sha1(b"x").lower()) == good
    assert stated.digest(*("sha1", b"x")) == good[1]
    for wrong in ("", "sha256", "sha256:", "sha256:zz", "md5:00", make.sha1(b"x")[:-8], "sha256:" + "0" * 63):
        assert stated.parse(wrong) is None


# Zips


def packed(content: bytes, limits: Limits | None = None) -> Packed:
    return Packed("x.zip", io.BytesIO(content), limits or Limits())


def zip_of(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for member, content in members:
            made.writestr(member, content)
    return held.getvalue()


def link() -> bytes:
    info = zipfile.ZipInfo("a")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zip_of((info, b"/etc/passwd"))


def flagged() -> bytes:
    content = bytearray(zip_of(("a", b"x")))
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def overlapping() -> bytes:
    """Two entries of the directory lead to the same bytes."""
    content = zip_of(("a", b"x" * 1000), ("b", b"x" * 1000), method=zipfile.ZIP_STORED)
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 42] + struct.pack("<L", 0) + content[at + 46 :]


def huge_directory() -> bytes:
    return zip_of(("a", b"x"))[:-22] + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 65 << 20, 0, 0)


def unknown_method() -> bytes:
    return zip_of(("a", b"x"), method=zipfile.ZIP_BZIP2)


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "climbs out": (lambda: zip_of(("../../a", b"x")), "absolute or climbs out"),
    "climbs inside": (lambda: zip_of(("a/../../b", b"x")), "absolute or climbs out"),
    "absolute": (lambda: zip_of(("/etc/a", b"x")), "absolute or climbs out"),
    "drive": (lambda: zip_of(("C:a", b"x")), "a backslash, a colon"),
    "backslash": (lambda: zip_of(("..\\a", b"x")), "a backslash, a colon"),
    "control": (lambda: zip_of(("a\nb", b"x")), "control character"),
    "nul": (lambda: zip_of(("a?b", b"x")).replace(b"a?b", b"a\0b"), "control character"),
    "same but for case": (lambda: zip_of(("a", b"x"), ("A", b"y")), "it has the name of file 1"),
    "same but for form": (lambda: zip_of(("\u00e9", b"x"), ("e\u0301", b"y")), "it has the name of file 1"),
    "link": (link, "a link or a device"),
    "locked": (flagged, "locked with a password"),
    "overlap": (overlapping, "shares bytes with another file"),
    "method": (unknown_method, "packed by method 12"),
    "bomb": (lambda: zip_of(("a", b"\0" * (32 << 20))), "times as much is unpacked"),
    "directory": (huge_directory, "the directory of the zip has"),
    "no zip": (lambda: b"PK\x03\x04" + b"x" * 100, "the zip has no directory"),
    "cut": (lambda: zip_of(("a", b"x" * 100))[:-30], "the zip has no directory"),
    "broken directory": (lambda: zip_of(("a", b"x")).replace(b"PK\x01\x02", b"PK\x01\x03"), "cannot be read"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_by_zip_is_refused(attack: str) -> None:
    made, said = ATTACKS[attack]
    with pytest.raises(BadInput) as caught:
        packed(made())
    assert said in str(caught.value)


def test_the_control_of_the_attacks_is_read() -> None:
    held = packed(zip_of(("a/b.txt", b"x" * 100), ("c", b"")))
    assert held.read("a/b.txt", 100) == b"x" * 100
    with pytest.raises(BadInput, match="more than 99 bytes"):
        held.read("a/b.txt", 99)


def test_a_file_whose_bytes_changed_is_refused_when_it_is_read() -> None:
    content = zip_of(("a", b"calm calm calm"), method=zipfile.ZIP_STORED).replace(
        b"calm calm calm", b"fire calm calm", 1
    )
    with pytest.raises(BadInput, match="is damaged"):
        packed(content).read("a", 100)


def test_the_head_of_a_file_that_disagrees_with_the_directory_is_refused() -> None:
    content = zip_of(("aaaa", b"x")).replace(b"aaaa", b"bbbb", 1)
    with pytest.raises(BadInput, match="cannot be read"):
        packed(content).read("aaaa", 100)


def test_sums_and_counts_have_limits_too() -> None:
    content = zip_of(("a", b"x" * 60), ("b", b"y" * 60))
    with pytest.raises(BadInput, match="unpack to 120 bytes"):
        packed(content, Limits(unpacked=100))
    with pytest.raises(BadInput, match="has 2 files"):
        packed(content, Limits(members=1))
    with pytest.raises(BadInput, match="at most 10 are read"):
        open_warc(content, "x.zip", Limits(packed=10))


def test_no_message_holds_the_name_of_a_file_in_a_zip() -> None:
    with pytest.raises(BadInput) as caught:
        packed(zip_of(("/a-name", b"x"), ("../a-name", b"x")))
    assert len(caught.value.problems) == 2
    assert "a-name" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.wacz", b"PK\x03\x04", "wacz"),
        ("A.ZIP", b"PK\x03\x04", "zip"),
        ("a.xlsx", b"PK\x03\x04", None),
        ("a.warc.gz", b"\x1f\x8b", "warc"),
        ("a.wacz", b"<html>", None),
        ("a.csv", b"\xef\xbb\xbfstatus,metadata,media\r\n", "auto-archiver"),
        ("a.csv", b"Link,Archive status,Archive location,Hash\n", "auto-archiver"),
        ("a.csv", b"date,actor,place\n", None),
        ("a.json", b'{"status": "x: success", "metadata": {', "auto-archiver"),
        ("a.json", b'{"type": "FeatureCollection"}', None),
    ],
)
def test_an_archive_is_known_by_name_and_beginning(name: str, head: bytes, kind: str | None) -> None:
    assert archives.recognise(name, head) == kind

"""A packed bundle's one shape, field by field: what each may say, and what is refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from attacks.zipping import FILE, FOLDER, Member, deflated, zipped
from holdfire.ledger.verifying import zips
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.findings import Refused

TWO = (Member(name=b"a", content=b"first"), Member(name=b"b", content=b"second", method=0))
CENTRAL, END = 46, 22


def _view(folder: Path, content: bytes) -> View:
    (folder / "x.zip").write_bytes(content)
    return View(str(folder / "x.zip"))


def _codes(folder: Path, *members: Member) -> set[str]:
    return _view(folder, zipped(members)).findings.codes()


def _patched(content: bytes, at: int, form: str, value: int) -> bytes:
    """Return the bytes with one number written over; `at` below 0 counts from the end."""
    at = at % len(content)
    return content[:at] + struct.pack(form, value) + content[at + struct.calcsize(form) :]


def test_the_end_says_what_there_is(tmp_path: Path) -> None:
    good = zipped(TWO)
    assert _view(tmp_path, good).findings.all == []
    for at, form, value in (
        (-END, "<L", 0x06054B51), (-18, "<H", 1), (-16, "<H", 1), (-14, "<H", 3), (-12, "<H", 3),
        (-10, "<L", 2 * CENTRAL + 3), (-6, "<L", len(good)), (-2, "<H", 1),
    ):  # fmt: skip
        found = _view(tmp_path, _patched(good, at, form, value)).findings.all
        assert [each.code for each in found] == ["zip"], at


def test_nothing_stands_in_or_behind_the_directory_but_its_members(tmp_path: Path) -> None:
    good = zipped(TWO)
    hidden = good[:-END] + b"hidden" + good[-END:]
    assert _view(tmp_path, hidden).findings.codes() == {"zip"}
    size = struct.unpack("<L", good[-10:-6])[0]
    assert _view(tmp_path, _patched(hidden, -10, "<L", size + 6)).findings.codes() == {"zip"}


def test_what_is_too_short_is_no_archive(tmp_path: Path) -> None:
    for content in (b"", b"PK\x05\x06", zipped(())[1:]):
        (found,) = _view(tmp_path, content).findings.all
        assert found == ("zip", "", "this is no archive")


def test_a_member_of_the_directory_may_have_a_comment_and_ends_with_it(tmp_path: Path) -> None:
    good = zipped(TWO)
    start = len(good) - END - 2 * (CENTRAL + 1)
    first = _patched(good[start : start + CENTRAL + 1], 32, "<H", 7)
    with_comment = good[:start] + first + b"comment" + good[start + CENTRAL + 1 :]
    view = _view(tmp_path, _patched(with_comment, -10, "<L", 2 * (CENTRAL + 1) + 7))
    assert view.findings.all == []
    assert [view.read(path) for path in ("a", "b")] == [b"first", b"second"]
    last = start + CENTRAL + 1
    (found,) = _view(tmp_path, _patched(good, last + 32, "<H", 1)).findings.all
    assert found == ("zip", "b", "the archive's directory is not in its form")
    (found,) = _view(tmp_path, _patched(good, last, "<L", 0)).findings.all
    assert found == ("zip", "b", "the archive's directory is not in its form")


def test_extra_fields_are_whole_and_none_renames_or_resizes(tmp_path: Path) -> None:
    empty, times = b"\x55\x54\x00\x00", b"\x55\x54\x05\x00\x01abcd"
    for extra in (empty, times, empty + times, times + empty, times + times + empty):
        for members in (
            [Member(name=b"a", content=b"1" * 9, extra=extra), TWO[1]],
            [Member(name=b"a", content=b"1" * 9, local_extra=extra), TWO[1]],
            [Member(name=b"a", content=b"1" * 9, extra=extra, local_extra=empty, method=0), TWO[1]],
        ):
            view = _view(tmp_path, zipped(members))
            assert view.findings.all == []
            assert [view.read(path) for path in ("a", "b")] == [b"1" * 9, b"second"]
    for kind in (0x0001, 0x7075):
        field = struct.pack("<HH", kind, 0)
        for extra in (field, empty + field, times + field, field + times):
            assert _codes(tmp_path, Member(name=b"a", extra=extra)) == {"zip"}
            assert _codes(tmp_path, Member(name=b"a", local_extra=extra)) == {"zip"}
    for extra in (b"\x55", b"\x55\x54\x00", times[:-1], times + b"\x55\x54\x00", b"\x55\x54\x01\x00"):
        assert _codes(tmp_path, Member(name=b"a", extra=extra)) == {"zip"}
        assert _codes(tmp_path, Member(name=b"a", local_extra=extra)) == {"zip"}


def test_flags_and_methods_that_are_allowed(tmp_path: Path) -> None:
    for flags in range(16):
        for more in (0, 0x0800):
            allowed = not flags & ~6
            assert _codes(tmp_path, Member(name=b"a", flags=flags | more)) == (set() if allowed else {"zip"})
    for method in range(20):
        member = Member(name=b"a", content=b"x", method=method)
        assert _codes(tmp_path, member) == (set() if method in (0, 8) else {"zip"})
    for flags, codes in ((0x0800, set()), (0, {"path"}), (1, {"path"}), (2, {"path"}), (6, {"path"})):
        assert _codes(tmp_path, Member(name="é".encode(), flags=flags)) == codes


def test_kinds_of_member(tmp_path: Path) -> None:
    for name, outer, codes in (
        (b"a", FILE, set()), (b"a", 0, set()), (b"a", FOLDER, {"link"}), (b"a", 0o644 << 16, set()),
        (b"a/", FOLDER, set()), (b"a/", 0, set()), (b"a/", FILE, {"link"}), (b"a", 1 << 28, {"link"}),
        (b"a", 0o120777 << 16, {"link"}), (b"a", 0xFFFF, set()),
    ):  # fmt: skip
        view = _view(tmp_path, zipped([Member(name=name, outer=outer, method=0)]))
        assert view.findings.codes() == codes, (name, outer)
        assert list(view.sizes) == ([] if name == b"a/" else ["a"])


def test_sizes_that_need_zip64_are_refused(tmp_path: Path) -> None:
    assert _codes(tmp_path, Member(name=b"a", size=0xFFFFFFFE)) == {"size"}
    assert _codes(tmp_path, Member(name=b"a", size=0xFFFFFFFF)) == {"zip"}


def test_limits_of_members_and_of_the_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (zips.MOST_MEMBERS, zips.LARGEST_DIRECTORY) == (65_534, 64 * 2**20)
    for name, most, codes in (
        ("MOST_MEMBERS", 2, set()), ("MOST_MEMBERS", 1, {"zip"}),
        ("LARGEST_DIRECTORY", 2 * (CENTRAL + 1), set()), ("LARGEST_DIRECTORY", 2 * CENTRAL + 1, {"size"}),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(zips, name, most)
            assert _codes(tmp_path, *TWO) == codes, (name, most)


def test_members_stand_where_the_directory_says(tmp_path: Path) -> None:
    good = zipped(TWO)
    start = len(good) - END - 2 * (CENTRAL + 1)
    for first, second in ((1, None), (0, None), (None, 1), (None, len(good) - 1)):
        content = good
        for at, value in ((start + 42, first), (start + CENTRAL + 1 + 42, second)):
            content = content if value is None else _patched(content, at, "<L", value)
        assert _view(tmp_path, content).findings.codes() == (set() if first == 0 else {"zip"})


def test_a_member_that_is_said_to_begin_just_before_the_end_is_refused(tmp_path: Path) -> None:
    whole = len(zipped(TWO))
    long = Member(name=b"a", content=b"first", packed_size=whole - 10 - 31)
    content = zipped([long, TWO[1]])
    assert len(content) == whole
    content = _patched(content, -END - 4 - 1, "<L", whole - 10)
    (found,) = _view(tmp_path, content).findings.all
    assert found == ("zip", "b", "the archive ends too soon")


def test_data_that_does_not_say_that_it_ends_is_refused(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"whole") + packer.flush(zlib.Z_SYNC_FLUSH)
    view = _view(tmp_path, zipped([Member(name=b"a", content=b"whole", packed=packed)]))
    assert view.findings.all == []
    with pytest.raises(Refused, match="ends too soon"):
        view.read("a")


def test_what_a_member_unpacks_to_is_what_it_says(tmp_path: Path) -> None:
    for method in (0, 8):
        for change in ({"crc": 1}, {"size": 6} if method else {"crc": zlib.crc32(b"other")}):
            view = _view(tmp_path, zipped([Member(name=b"a", content=b"first", method=method, **change)]))
            with pytest.raises(Refused) as refused:
                view.read("a")
            assert refused.value.finding == ("zip", "a", "it does not unpack to what it says")
        if method:
            view = _view(tmp_path, zipped([Member(name=b"a", content=b"first", size=4)]))
            with pytest.raises(Refused) as refused:
                view.read("a")
            assert refused.value.finding.code == "size"


def test_an_archive_that_is_cut_while_it_is_read_is_refused(tmp_path: Path) -> None:
    view = _view(tmp_path, zipped([Member(name=b"a", content=b"x" * 999, method=0)]))
    (tmp_path / "x.zip").write_bytes((tmp_path / "x.zip").read_bytes()[:500])
    with pytest.raises(Refused, match="ends too soon"):
        view.read("a")


def test_members_are_unpacked_in_pieces(tmp_path: Path) -> None:
    content = bytes(5 * 2**20)
    view = _view(tmp_path, zipped([Member(name=b"a", content=content, method=0)]))
    assert {len(piece) for piece in view.chunks("a")} == {2**16}
    view = _view(tmp_path, zipped([Member(name=b"a", content=content)]))
    assert max(len(piece) for piece in view.chunks("a")) == 2**20
    assert view.read("a") == content


def test_what_zlib_keeps_back_where_the_packed_bytes_have_ended_is_asked_for(tmp_path: Path) -> None:
    for more in range(0, 1200, 100):
        content = bytes(2**20 + more)
        view = _view(tmp_path, zipped([Member(name=b"a", content=content)]))
        assert view.read("a") == content, more


def test_packed_bytes_are_one_stream_and_no_more(tmp_path: Path) -> None:
    for packed, words in ((b"\xff" * 40, "cannot be unpacked"), (deflated(b"x") + b"y", "stand behind")):
        view = _view(tmp_path, zipped([Member(name=b"a", content=b"x", packed=packed)]))
        with pytest.raises(Refused, match=words):
            view.read("a")


def test_members_that_are_not_what_they_seem_are_refused(tmp_path: Path) -> None:
    for members in (
        [TWO[0], TWO[0]],
        [Member(name=b"a", content=b"x", method=0, size=2)],
        [Member(name=b"a/", content=b"x", outer=FOLDER)],
        [Member(name=b"a", disk=1)],
        [Member(name=b"a", local={"crc": 1})],
        [Member(name=b"a", after=b"hidden")],
    ):
        assert _codes(tmp_path, *members) == {"zip"}
    assert _view(tmp_path, zipped(TWO, before_directory=b"hidden")).findings.codes() == {"zip"}
    assert _view(tmp_path, zipped(TWO, count=3)).findings.codes() == {"zip"}
    assert _codes(tmp_path, TWO[0], Member(name=b"")) == {"path"}

"""Bytes from outside: gzip, limits, encodings, long lines."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.reading import unpacking
from holdfire.reading.unpacking import LONGEST_LINE, MIB, content, head, taken, text, whole
from tabling import held, packed


def read(sample: bytes, **given: int) -> bytes:
    with text(held(sample, **given)) as stream:
        return stream.read()


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=300), st.integers(1, 9)
)
def test_text_comes_through_unchanged_whole_or_in_pieces_packed_or_not(words: str, piece: int) -> None:
    sample = words.encode()
    if words[:1] == "\ufeff" or sample.startswith(tuple(unpacking.FOREIGN)):
        return
    assert read(sample) == sample
    assert read(packed(sample)) == sample
    with text(held(sample)) as stream:
        assert b"".join(iter(lambda: stream.read(piece), b"")) == sample


def test_a_character_cut_by_a_chunk_is_whole() -> None:
    sample = b"a" * (unpacking.CHUNK - 1) + "é".encode() + b"\nrest"
    assert read(sample) == sample


def test_gzip_is_known_by_its_bytes_not_its_name() -> None:
    assert held(packed(b"date\n"), "table.csv").head() == b"date\n"
    assert held(b"date\n", "table.csv.gz").head() == b"date\n"


def test_members_of_one_gzip_file_are_read_one_after_another() -> None:
    assert read(packed(b"one\n") + packed(b"two\n") + b"\0" * 512) == b"one\ntwo\n"


@pytest.mark.parametrize("spoil", [lambda b: b[:-5], lambda b: b[:30], lambda b: b + b"rest"])
def test_a_damaged_gzip_is_never_a_shorter_file(spoil: Callable[[bytes], bytes]) -> None:
    sample = packed(b"".join(b"%d,row\n" % n for n in range(500)))
    with pytest.raises(BadInput, match="gzip"):
        read(spoil(sample))


def test_a_changed_byte_of_gzip_is_found() -> None:
    sample = bytearray(packed(bytes(range(1, 127)) * 40))
    sample[-6] ^= 1  # its checksum
    with pytest.raises(BadInput, match="damaged"):
        read(bytes(sample))


def test_a_bomb_is_refused_before_its_memory_is_used() -> None:
    bomb = gzip.compress(b"\n" * (256 * MIB))
    tracemalloc.start()
    with pytest.raises(BadInput, match="at most 250 times") as caught, text(held(bomb)) as stream:
        for _ in iter(lambda: stream.read(MIB), b""):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * MIB
    assert "KiB of gzip unpack to more than" in str(caught.value)


def test_the_limit_holds_packed_or_not() -> None:
    for sample in (b"a\n" * 60, packed(b"a\n" * 60)):
        assert len(read(sample, limit=120)) == 120
        with pytest.raises(BadInput, match="more than 119 bytes"):
            read(sample, limit=119)


class Endless(io.RawIOBase):
    """Letters without a line end, five gibibytes of them."""

    def __init__(self) -> None:
        self.left = 5 << 30

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self.left)
        buffer[:count] = b"a" * count
        self.left -= count
        return count


def test_a_line_of_five_gibibytes_is_refused_after_sixteen_mebibytes() -> None:
    line = Endless()
    source = content("table.csv", lambda: io.BufferedReader(line), 5 << 30, 6 << 30)
    tracemalloc.start()
    with pytest.raises(BadInput, match="longer than 16 MiB"), text(source) as stream:
        for _ in iter(lambda: stream.read(MIB), b""):
            pass
    assert tracemalloc.get_traced_memory()[1] < 12 * MIB
    tracemalloc.stop()
    assert (5 << 30) - line.left < LONGEST_LINE + 4 * MIB


def test_a_mark_of_byte_order_is_taken_off_and_utf_16_refused() -> None:
    assert read(b"\xef\xbb\xbfdate\n") == b"date\n"
    for sample in ("date\n".encode("utf-16"), ("date,place\n" * 9).encode("utf-16-be")):
        with pytest.raises(BadInput, match="UTF-16"):
            read(sample)


def test_a_nul_is_refused_with_its_line_and_byte() -> None:
    with pytest.raises(BadInput) as caught:
        read(b"a,b\n1,\x002\n")
    assert caught.value.problems[0].where == "table.csv, line 2, byte 3"


def test_each_line_of_another_encoding_is_named() -> None:
    sample = "lieu\nDéir\n".encode() + "Alép\nok\nHômş".encode("cp1254")
    with pytest.raises(BadInput) as caught:
        read(sample)
    assert [p.where for p in caught.value.problems] == [
        "table.csv, line 3, byte 3",
        "table.csv, line 5, byte 2",
    ]
    assert "mixes encodings" in caught.value.problems[0].problem


def test_the_place_of_a_bad_byte_is_right_beyond_the_first_chunk() -> None:
    sample = b"0123456789\n" * 200_000 + "caf\u00e9".encode() + b"\n01\xff3\n"
    with pytest.raises(BadInput) as caught:
        read(sample)
    assert caught.value.problems[0].where == "table.csv, line 200002, byte 3"


def test_a_file_that_ends_inside_a_character_is_refused() -> None:
    with pytest.raises(BadInput, match="ends inside a character"):
        read("a\né".encode()[:-1])


@pytest.mark.parametrize("magic", unpacking.FOREIGN)
def test_other_kinds_of_file_are_called_by_name(magic: bytes) -> None:
    sample = packed(magic + b"rest") if magic == b"\x1f\x8b" else magic + b"rest"
    with pytest.raises(BadInput, match="not text"):
        read(sample)


def test_what_must_be_held_at_once_has_a_limit() -> None:
    assert whole(held(b"12345"), 5) == b"12345"
    with pytest.raises(BadInput, match="up to that"):
        whole(held(b"12345"), 4)


def test_progress_counts_stored_bytes() -> None:
    sample = packed(b"row\n" * 500_000)
    with text(held(sample)) as stream:
        stream.read()
        assert taken(stream) == len(sample)


def test_the_head_of_a_text_cuts_no_character() -> None:
    assert head(held("aé".encode()), 2) == "a"

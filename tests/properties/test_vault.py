"""What holds for every vault: a changed byte is told, no chunk can be moved, it is what a dict would be."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import HoldfireError
from holdfire.ledger import sealing
from holdfire.ledger.sealing import CHUNK, MAGIC, TAG, Unsealed, seal_stream
from holdfire.ledger.vault import Vault

KEY = bytes(range(32))
SIZES = (0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7)


def sealed(size: int) -> tuple[bytes, bytes]:
    content = random.Random(size).randbytes(size)
    target = io.BytesIO()
    assert seal_stream(io.BytesIO(content), target, KEY, len) == size
    assert len(target.getvalue()) == sealing.length(size)
    return content, target.getvalue()


def opened(stream: bytes, size: int) -> bytes:
    return Unsealed(io.BytesIO(stream), KEY, size, "here").readall()


@given(st.sampled_from(SIZES), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_flipped_bit_of_a_stream_is_told(size: int, chance: random.Random) -> None:
    content, stream = sealed(size)
    assert opened(stream, size) == content
    changed = bytearray(stream)
    changed[chance.randrange(len(stream))] ^= 1 << chance.randrange(8)
    with pytest.raises(HoldfireError, match="damaged"):
        opened(bytes(changed), size)


CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "two chunks changed places": lambda c: [c[1], c[0], *c[2:]],
    "a chunk twice": lambda c: [c[0], c[0], *c[2:]],
    "a chunk left out": lambda c: [c[0], *c[2:]],
    "the last left out": lambda c: c[:-1],
    "a chunk added": lambda c: [*c, c[-1]],
    "the last first": lambda c: [c[-1], *c[1:]],
    "nothing": lambda c: [],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("size", [3 * CHUNK, 4 * CHUNK - 5])
def test_chunks_cannot_be_moved_left_out_or_added(change: str, size: int) -> None:
    _, stream = sealed(size)
    step = CHUNK + TAG
    chunks = [stream[start : start + step] for start in range(len(MAGIC), len(stream), step)]
    changed = MAGIC + b"".join(CHANGES[change](chunks))
    for claimed in {size, len(changed) - len(MAGIC) - TAG * len(CHANGES[change](chunks))}:
        with pytest.raises((HoldfireError, ValueError)):
            opened(changed, claimed)


@pytest.mark.parametrize("size", [CHUNK, 2 * CHUNK, 3 * CHUNK])
def test_a_stream_cut_at_the_end_of_a_chunk_is_told_whatever_size_is_claimed(size: int) -> None:
    _, stream = sealed(size)
    for claimed in range(0, size, CHUNK):
        with pytest.raises(HoldfireError, match="damaged"):
            opened(stream[: sealing.length(claimed)], claimed)


@given(st.lists(st.tuples(st.integers(0, 3 * CHUNK + 20), st.integers(0, 2 * CHUNK)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_reading_from_anywhere_is_reading_the_bytes(reads: list[tuple[int, int]]) -> None:
    size = 3 * CHUNK + 7
    content, stream = sealed(size)
    with io.BufferedReader(Unsealed(io.BytesIO(stream), KEY, size, "here")) as file:
        for start, count in reads:
            file.seek(start)
            assert file.read(count) == content[start : start + count]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "put_many", "destroy", "relabel", "reopen", "find", "rekey", "tidy"]),
            st.integers(0, 9),
        ),
        max_size=25,
    )
)
@settings(max_examples=40, deadline=None)
def test_a_vault_is_what_a_dict_would_be(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("vault")
    chance = random.Random(5).randbytes
    model: dict[bytes, tuple[str, dict[str, str]]] = {}
    gone: list[str] = []
    vault = Vault.open(folder, write=True, random=chance)
    for act, number in acts:
        content, label = b"r" * number * 7, {"file": str(number)}
        held = model.get(content)
        if act.startswith("put"):
            name = vault.put(content, label) if act == "put" else vault.put_many([(content, label)] * 2)[1]
            assert held is None or held[0] == name
            assert name not in gone
            model.setdefault(content, (name, label))
        elif act == "destroy" and held:
            assert vault.destroy(held[0])
            gone.append(held[0])
            del model[content]
        elif act == "relabel" and held:
            vault.relabel(held[0], {"file": "new"})
            model[content] = (held[0], {"file": "new"})
        elif act == "reopen":
            vault.close()
            vault = Vault.open(folder, write=True, random=chance)
        elif act == "find":
            assert vault.find(content) == (held[0] if held else None)
        elif act == "rekey":
            vault.rekey(None)
        elif act == "tidy":
            assert vault.tidy() == []
    assert vault.all() == sorted(name for name, _ in model.values())
    for content, (name, label) in model.items():
        assert (vault.read(name), vault.label(name)) == (content, label)
    assert not [name for name in gone if name in vault]
    assert vault.check() == []
    vault.close()
    shutil.rmtree(folder)


def test_no_two_blobs_share_a_key_a_salt_or_a_file(tmp_path: Path) -> None:
    with Vault.open(tmp_path, write=True) as vault:
        vault.put_many([(bytes([number]), {}) for number in range(200)])
        rows = [vault._held(name) for name in vault.all()]
    for part in ("key", "salt", "id", "tag"):
        assert len({getattr(row, part) for row in rows}) == 200

"""A partition's text: read back as written, refused where a byte or a promise is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from holdfire.digests import canonical
from holdfire.errors import BadInput
from holdfire.protecting.partition import Partition, Settings, build, read
from protecting import places


@pytest.fixture(scope="module")
def partition() -> Partition:
    return build(places(5, 300), Settings(k=6, block_k=24, block_share=6), "MADE")


def cut(said: dict[str, Any]) -> None:
    said["cells"][0]["box"][2] -= 1
    said["cells"][0]["zone"][2] -= 1


def overlap(said: dict[str, Any]) -> None:
    said["cells"][3]["box"] = said["cells"][4]["box"]
    said["cells"][3]["zone"] = said["cells"][4]["zone"]


BREAKS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (cut, "leave gaps"),
    (overlap, "overlap"),
    (lambda said: said["cells"][0].update(zone=said["cells"][0]["box"]), "widened by the margin"),
    (lambda said: said["cells"][0].update(candidates=5), "at least 6 are needed"),
    (lambda said: said["cells"][0].update(block="MADE-B999"), "not in its block"),
    (lambda said: said["cells"][0]["numbers"].update(count=[1, 10**9, 1]), "more than 1/6"),
    (lambda said: said["cells"][0]["numbers"].update(count=[1, 1, 10**9]), "a disc has more"),
    (lambda said: said["cells"][0].update(code="MADE-0099"), "do not run"),
    (lambda said: said["settings"].update(k=0), "from 2 to"),
    (lambda said: said["gathering"].update(apart=-1), "from 0 to"),
    (lambda said: said["cells"].pop(), "leave gaps"),
    (lambda said: said.update(places=7), "as many places"),
    (lambda said: said.update(form="other"), "no partition"),
    (lambda said: said.update(name="lower"), "cannot name"),
    (lambda said: said.pop("extent"), "no partition"),
]


@pytest.mark.parametrize(("change", "said"), BREAKS)
def test_a_text_that_breaks_a_promise_is_refused(
    partition: Partition, change: Callable[[dict[str, Any]], Any], said: str
) -> None:
    value = json.loads(partition.text())
    assert read(canonical(value)) == partition
    change(value)
    with pytest.raises(BadInput) as raised:
        read(canonical(value))
    assert said in str(raised.value)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b'{"form":1}', b"[" * 5000])
def test_what_is_no_partition_is_refused(text: bytes) -> None:
    with pytest.raises(BadInput):
        read(text)


def test_a_space_more_is_another_text(partition: Partition) -> None:
    with pytest.raises(BadInput, match="one form"):
        read(partition.text().replace(b'"name":', b'"name": ', 1))
    with pytest.raises(BadInput, match="one form"):
        read(json.dumps({**json.loads(partition.text()), "secret": "x"}).encode())


def test_a_position_outside_is_refused_and_not_told(partition: Partition) -> None:
    with pytest.raises(BadInput) as raised:
        partition.cell_of(12.3456, 35.0)
    assert "12.3" not in str(raised.value)
    inside = partition.cells[0].box
    assert partition.cell_of(inside.west / 60, inside.south / 60).code == "MADE-0001"

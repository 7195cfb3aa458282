"""Numbers with how far they bind: 204 expressions of our own, written before the rules were run on them.

An expression is right if every number in it is found, none is invented, and floor, ceiling, bound, unit and
use are all as set down. The first run had 0.946 right; then the rules were mended on this same set, and three
of its answers that named the wrong unit or left a number out. So the figure guards against going back, and
is no measure of unseen text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, share
from holdfire.reading.prose.words.amounts import amounts
from holdfire.reading.prose.words.tokens import sentences

SET = Path(__file__).resolve().parents[2] / "tests" / "reading" / "numbers.txt"

Said = tuple[str, ...]
"""Floor, ceiling, bound, unit and use of one number, as written in the set."""


def expressions() -> Iterator[tuple[str, list[Said]]]:
    """Yield each expression of the set with what it says."""
    for line in SET.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        text, meant = (part.strip() for part in line.split("|"))
        said = [] if meant == "nothing" else [tuple(each.split()) for each in meant.split(";")]
        yield text, [each if len(each) == 5 else (*each, "") for each in said]


def found(text: str) -> list[Said]:
    """Return what the reader makes of the numbers of a text, written as in the set."""

    def shown(value: int | None) -> str:
        return "-" if value is None else str(value)

    return [
        (shown(a.low), shown(a.most), a.bound, a.unit or "-", a.use)
        for s in sentences(text, 0, len(text), 0, "body")
        for a in amounts(s, set())
    ]


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the share of expressions read right, of all and by the bound they state."""
    right: dict[str, list[bool]] = defaultdict(list)
    for text, meant in expressions():
        held = found(text) == meant
        right["all"].append(held)
        right[meant[0][2] if meant else "nothing that counts"].append(held)
    note = "floor, ceiling, bound, unit and use, all right"
    yield share("numbers, own set", right.pop("all"), "0.95", note)
    for bound, each in sorted(right.items()):
        yield share(f"numbers, own set, {bound}", each)

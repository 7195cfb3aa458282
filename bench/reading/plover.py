"""Event classes: the marked event of each PLOVER record, and the main event of its text without the mark.

The words were written from the codebooks and tried on the records whose id has an even SHA-256; the other
half was only counted. The gold has 18 classes, those of the codebook of 2016.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Figure, bootstrap, share
from holdfire.digests import digest
from holdfire.reading.prose.acts.plover import main_event, marked_class
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence, sentences

Judged = tuple[str, str | None]
"""The class of the gold, and ours."""


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the share of marked events in the right class, and precision, recall and F1 without the mark."""
    file = shared / "data" / "text" / "plover-gsr.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    tuned = [each for each in records if _even(each)]
    held = [each for each in records if not _even(each)]
    for name, part in (("held-out half", held), ("tuned half", tuned), ("all", records)):
        judged = [(each["event"], _marked(each)) for each in part]
        right = [gold == ours for gold, ours in judged]
        yield share(f"PLOVER {name}, class of the marked event", right, "0.75", _by_class(judged))
    for name, part in (("held-out half", held), ("all", records)):
        main = [(each["event"], _main(each)) for each in part]
        for k, figure in enumerate(("P", "R", "F1")):
            low, high = bootstrap(main, lambda items, k=k: _scores(items)[k])  # type: ignore[misc]
            yield Figure(
                f"PLOVER {name}, main event without its mark, {figure}",
                _scores(main)[k],
                low,
                high,
                len(main),
            )


def _even(record: dict[str, Any]) -> bool:
    return int(digest(record["id"].encode()), 16) % 2 == 0


def _read(record: dict[str, Any]) -> list[Sentence]:
    return list(sentences(record["text"], 0, len(record["text"]), 0, "body"))


def _marked(record: dict[str, Any]) -> str | None:
    spans = sorted((each["start"], each["end"]) for each in record["spans"] if each["label"] == "EVT")
    for s in _read(record):
        ranges = [found for span in spans if (found := _tokens(s, span)) is not None]
        if ranges and (ours := marked_class(s, ranges)) is not None:
            return ours
    return None


def _tokens(s: Sentence, span: Range) -> Range | None:
    inside = [k for k in range(len(s)) if s.starts[k] < span[1] and s.ends[k] > span[0]]
    return (inside[0], inside[-1] + 1) if inside else None


def _main(record: dict[str, Any]) -> str | None:
    found = next((each for s in _read(record) if (each := main_event(s)) is not None), None)
    return found[0] if found else None


def _scores(judged: Sequence[Judged]) -> tuple[float, float, float]:
    given = sum(ours is not None for _, ours in judged)
    right = sum(gold == ours for gold, ours in judged)
    return right / max(1, given), right / max(1, len(judged)), 2 * right / max(1, given + len(judged))


def _by_class(judged: Sequence[Judged]) -> str:
    """Return right of all, class by class."""
    right = Counter(gold for gold, ours in judged if gold == ours)
    return ", ".join(f"{name} {right[name]}/{n}" for name, n in sorted(Counter(g for g, _ in judged).items()))

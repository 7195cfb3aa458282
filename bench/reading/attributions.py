"""Who says what: cues and whole triples on PolNeAR, by the shared scorer.

Dev measures; the train sample is what rules are written on. Nested voices are not in that gold; a cue that is
only a colon is left out, since the scorer counts words.
"""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.figures import DRAWS, Figure
from holdfire.reading import prose

REACH = {
    "cue F1": "0.77",
    "triple F1": "0.60",
    "cue P, precise setting": "0.90",
    "cue R, precise setting": "0.58",
}


def scorer(shared: Path) -> ModuleType:
    """Return the shared scorer."""
    file = shared / "tools" / "score_attributions.py"
    spec = importlib.util.spec_from_file_location("scorer", file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise FileNotFoundError(2, "the shared scorer", str(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def articles(shared: Path, split: str) -> list[dict[str, Any]]:
    """Return the articles of a split: `dev` or `train-sample`."""
    file = shared / "data" / "text" / f"polnear-{split}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def outermost(text: str, *, precise: bool = False) -> list[prose.Said]:
    """Return the attributions of a text that the gold can have: outermost, with a word in the cue."""
    return [
        each
        for each in prose.attributions(text, precise=precise)
        if not each.nested and any(c.isalnum() for a, b in each.cue for c in text[a:b])
    ]


def parts(each: prose.Said) -> dict[str, list[list[int]]]:
    """Return an attribution as the scorer takes it."""
    return {part: [list(span) for span in getattr(each, part)] for part in ("source", "cue", "content")}


def measure(shared: Path) -> Iterator[Figure]:
    """Yield precision, recall and F1 of cues and of whole triples, in the full and in the precise setting."""
    score = scorer(shared)
    for split in ("dev", "train-sample"):
        documents = articles(shared, split)
        for precise in (False, True):
            rows = [
                score.one(d, [parts(e) for e in outermost(d["text"], precise=precise)]) for d in documents
            ]
            yield from _figures(score, f"PolNeAR {split}", rows, precise=precise, marked=split == "dev")


def _figures(
    score: ModuleType, of: str, rows: list[tuple[int, ...]], *, precise: bool, marked: bool
) -> Iterator[Figure]:
    draw = random.Random(1)  # noqa: S311 - a bootstrap, seeded so that it repeats
    boots = [score.summary(draw.choices(rows, k=len(rows))) for _ in range(DRAWS)]
    for part, what in enumerate(("cue", "triple")):
        for k, figure in enumerate(("P", "R", "F1")):
            spread = sorted(boot[part][k] for boot in boots)
            name = f"{what} {figure}" + (", precise setting" if precise else "")
            yield Figure(
                f"{of}, {name}",
                score.summary(rows)[part][k],
                spread[DRAWS // 40],
                spread[-DRAWS // 40 - 1],
                sum(row[2] for row in rows),
                REACH.get(name, "") if marked else "",
                f"{len(rows)} articles",
            )

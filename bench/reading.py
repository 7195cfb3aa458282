"""How well and how fast the prose reader reads: `python -m bench.reading [--train]`.

    attributions   cue and triple F1 on PolNeAR dev (`--train`: the sample that rules were written on), by the
                   shared scorer, with its 95 % interval over articles; nested voices are not in that gold
    speed          articles of 800 words a second on one core, attributions alone and in full

Data and scorer come from the shared folder beside the project; without it the command says so and exits 2.
Only figures are printed, never a text.
"""

from __future__ import annotations

import importlib.util
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.records.report import Report

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
ARTICLE = 800
"""Words of an article, as speeds are quoted [words]."""


def scorer() -> ModuleType:
    """Return the shared scorer."""
    spec = importlib.util.spec_from_file_location("scorer", SHARED / "tools" / "score_attributions.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("the shared scorer is not beside the project")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(text: str) -> list[dict[str, list[list[int]]]]:
    """Return the outermost attributions of a text, as the scorer takes them.

    A cue that is only a colon is left out: the scorer counts words.
    """
    return [
        {part: [list(span) for span in getattr(each, part)] for part in ("source", "cue", "content")}
        for each in prose.attributions(text)
        if not each.nested and any(c.isalnum() for a, b in each.cue for c in text[a:b])
    ]


def accuracy(score: ModuleType, documents: Sequence[dict[str, Any]]) -> None:
    """Print precision, recall and F1 of cues and of whole triples."""
    rows = [score.one(each, said(each["text"])) for each in documents]
    draw = random.Random(1)  # noqa: S311 - a bootstrap, seeded so that it repeats
    boots = [score.summary([draw.choice(rows) for _ in rows]) for _ in range(400)]
    for name, part in (("cue", 0), ("triple", 1)):
        p, r, f = score.summary(rows)[part]
        spread = sorted(boot[part][2] for boot in boots)
        print(f"{name:7} P {p:.3f}  R {r:.3f}  F1 {f:.3f}  (95 % {spread[10]:.3f} to {spread[389]:.3f})")


def speed(documents: Sequence[dict[str, Any]]) -> None:
    """Print articles a second, best of three."""
    case = Folder(ROOT / "examples" / "syria-2016")
    context = Context(case.zone, case.names, case.sources, case.gazetteer, Engine(1, 256))
    count = sum(each["words"] for each in documents) / ARTICLE

    def full(each: dict[str, Any]) -> None:
        text = each["text"]
        name = digest(text.encode())
        report = Report(id=name, source="reuters", format="text", published=each["date"])
        prose.read(text, report, context)

    for name, task in (
        ("attributions alone", lambda each: prose.attributions(each["text"])),
        ("in full", full),
    ):
        times = []
        for _ in range(3):
            started = time.perf_counter()
            for each in documents:
                task(each)
            times.append(time.perf_counter() - started)
        print(f"{name:20} {count / min(times):6.0f} articles of {ARTICLE} words a second")


def main() -> int:
    """Print the table."""
    name = "polnear-train-sample.jsonl" if "--train" in sys.argv else "polnear-dev.jsonl"
    file = SHARED / "data" / "text" / name
    if not file.is_file():
        print(f"needs ../shared/data/text/{name} beside the project", file=sys.stderr)
        return 2
    documents = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    print(f"{name}: {len(documents)} articles")
    accuracy(scorer(), documents)
    speed(documents)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How fast articles are read: attributions alone and in full, by one process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.reading.attributions import articles
from bench.reading.figures import Figure
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.records.report import Report

CASE = Path(__file__).resolve().parents[2] / "examples" / "syria-2016"
ARTICLE = 800
"""Words of an article, as speeds are quoted [words]."""


def measure(shared: Path) -> Iterator[Figure]:
    """Yield articles a second of one process, best of three."""
    documents = articles(shared, "dev")
    case = Folder(CASE)
    context = Context(case.zone, case.names, case.sources, case.gazetteer, Engine(1, 256))
    count = sum(each["words"] for each in documents) / ARTICLE
    for name in ("attributions alone", "in full"):
        times = []
        for _ in range(3):
            started = time.perf_counter()
            for each in documents:
                if name == "in full":
                    made = digest(each["text"].encode())
                    report = Report(id=made, source="reuters", format="text", published=each["date"])
                    prose.read(each["text"], report, context)
                else:
                    prose.attributions(each["text"])
            times.append(time.perf_counter() - started)
        yield Figure(f"articles of {ARTICLE} words a second, one core, {name}", count / min(times))

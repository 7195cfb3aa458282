"""How fast articles are read: by one process, by two readers, and by a command from a standing start.

Processor time says what reading costs whoever else uses the machine; the clock says what a user waits.
Memory is the largest resident set of a process that read every article.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.measuring import run
from bench.reading.attributions import articles
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.readers import Text, readers
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.records.report import Report

CASE = Path(__file__).resolve().parents[2] / "examples" / "syria-2016"
ARTICLE = 800
"""Words of an article, as speeds are quoted [words]."""
TIMES = 3


def measure(shared: Path) -> Iterator[Figure]:
    """Yield articles a second, peak memory, and the time a command takes to read one line."""
    documents = articles(shared, "dev")
    case = Folder(CASE)
    context = Context(case.zone, case.names, case.sources, case.gazetteer, Engine(1, 256), atlas=case.atlas)
    count = sum(each["words"] for each in documents) / ARTICLE
    alone: dict[str, Callable[[dict[str, Any]], object]] = {
        "attributions alone": lambda each: prose.attributions(each["text"]),
        "in full": lambda each: prose.read(each["text"], _report(each), context),
    }
    for name, task in alone.items():
        best = min(_spent(documents, task, time.process_time) for _ in range(TIMES))
        yield Figure(f"articles of {ARTICLE} words a second of processor time, {name}", count / best)
    yield _by_two(documents, count)
    yield from _as_process(documents)


def _report(each: dict[str, Any]) -> Report:
    made = digest(each["text"].encode())
    return Report(id=made, source="reuters", format="text", published=each["date"])


def _spent(
    documents: list[dict[str, Any]], task: Callable[[dict[str, Any]], object], clock: Callable[[], float]
) -> float:
    started = clock()
    for each in documents:
        task(each)
    return clock() - started


def _by_two(documents: list[dict[str, Any]], count: float) -> Figure:
    """Return articles a second of two readers, after each has read once."""
    texts = [Text(_report(each), "a.txt", each["text"].encode()) for each in documents]
    best = float("inf")
    with readers(CASE, 1 << 30, 2) as read:
        for _ in range(TIMES + 1):
            started = time.perf_counter()
            for _made in read(texts):
                pass
            best = min(best, time.perf_counter() - started)
    name = f"articles of {ARTICLE} words a second, two readers, in full"
    return Figure(name, count / best, reach="100", note="of the clock")


READ = "import json,sys;from bench.reading import speed;speed.read_all(sys.argv[1])"


def read_all(file: str) -> None:
    """Read every article of a file in this process; run as one, for its memory."""
    case = Folder(CASE)
    context = Context(case.zone, case.names, case.sources, case.gazetteer, Engine(1, 256), atlas=case.atlas)
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        prose.read(each["text"], _report(each), context)


def _as_process(documents: list[dict[str, Any]]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="holdfire-bench-") as made:
        folder = Path(made)
        everything, line = folder / "all.jsonl", folder / "line.txt"
        everything.write_text("\n".join(json.dumps(each) for each in documents), encoding="utf-8")
        line.write_text("The army shelled the market on Saturday.\n", encoding="utf-8")
        took = run([sys.executable, "-c", READ, str(everything)])
        yield Figure("peak memory of reading them all [MiB]", took.peak, count=len(documents), reach="300")
        holdfire = str(Path(sys.executable).with_name("holdfire"))
        command = [holdfire, "claims", str(line), "--published", "2031-03-05", "--source", "x", "--json"]
        starts = [run(command) for _ in range(TIMES)]
        bare = min(run([sys.executable, "-c", "pass"]).wall for _ in range(TIMES))
        yield Figure(
            "a command that reads one line [s]", min(each.wall for each in starts), reach="1",
            note=f"starting Python alone takes {bare:.3f} s in the same run",
        )  # fmt: skip

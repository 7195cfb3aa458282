"""Several readers of texts at once, each a process of its own.

Reading prose is Python, so threads would take turns; and a process made by copying this one would copy its
open databases. A reader is started afresh, told the case, and then handed one text after another over a pipe:
bytes in, tables out. Which reader reads what changes nothing: a reading depends on its report alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pyarrow as pa

from holdfire import plugins
from holdfire.engine import Engine
from holdfire.errors import HoldfireError, Problem
from holdfire.folder import Folder
from holdfire.reading.format import Context
from holdfire.reading.unpacking import content
from holdfire.records.claim import CLAIM
from holdfire.records.report import Report
from holdfire.tables import stack

WORTH = 48
"""Texts from which readers of their own are worth the second they take to start."""


@dataclass(frozen=True)
class Text:
    """A text to be read.

    Attributes:
        report: What is known of it.
        file: File name it came under.
        content: Its bytes as stored.
    """

    report: Report
    file: str
    content: bytes


@dataclass(frozen=True)
class Reading:
    """What a reader made of a text: CLAIM and SHINGLED rows."""

    claims: pa.Table
    shingled: pa.Table


class Reader:
    """One process that reads."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Start it; `limit` is the most bytes a text may unpack to."""
        command = [sys.executable, "-c", "from holdfire.readers import serve; serve()"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own
        if self._process.stdin is None or self._process.stdout is None:
            raise HoldfireError("a reader cannot be spoken to")
        self._in, self._out = self._process.stdin, self._process.stdout
        self._say({"folder": str(folder), "limit": limit})

    def read(self, text: Text) -> Reading:
        """Return the reading of a text.

        Raises:
            HoldfireError: It cannot be read, with every problem; or the process ended.
        """
        self._say({"report": asdict(text.report), "file": text.file, "size": len(text.content)}, text.content)
        line = self._out.readline()
        if not line:
            raise HoldfireError(
                "a reader ended", text.report.name, "run again with `threads: 1` in the settings"
            )
        answer = json.loads(line)
        if "problems" in answer:
            raise HoldfireError.of(Problem(*each) for each in answer["problems"])
        return Reading(*(_table(self._out.read(size)) for size in answer["sizes"]))

    def close(self) -> None:
        """Let it end."""
        self._in.close()
        self._out.close()
        self._process.wait()

    def _say(self, head: dict[str, Any], body: bytes = b"") -> None:
        self._in.write(json.dumps(head).encode() + b"\n" + body)
        self._in.flush()


@contextmanager
def readers(
    folder: Path, limit: int, count: int
) -> Iterator[Callable[[Iterable[Text]], Iterator[Reading | HoldfireError]]]:
    """Give a function that reads texts by several readers, yielding each with its reading or its error."""
    idle: SimpleQueue[Reader] = SimpleQueue()
    started = [Reader(folder, limit) for _ in range(count)]
    for each in started:
        idle.put(each)

    def one(text: Text) -> Reading | HoldfireError:
        reader = idle.get()
        try:
            return reader.read(text)
        except HoldfireError as error:
            return error
        finally:
            idle.put(reader)

    def read(texts: Iterable[Text]) -> Iterator[Reading | HoldfireError]:
        waiting: deque[Future[Reading | HoldfireError]] = deque()
        with ThreadPoolExecutor(count) as pool:
            for text in texts:
                waiting.append(pool.submit(one, text))
                if len(waiting) >= 4 * count:  # so that few texts lie in memory at once
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    try:
        yield read
    finally:
        for each in started:
            each.close()


def context_of(folder: Folder, engine: Engine, mapping: str = "", file: str = "") -> Context:
    """Return what a format may know of a case."""
    settings = folder.head.settings
    return Context(
        zone=folder.zone,
        names=folder.names,
        sources=folder.sources,
        gazetteer=folder.gazetteer,
        atlas=folder.atlas,
        engine=engine,
        mapping=folder.mapping(mapping),
        file=file,
        carry=settings.carry_voices,
        precise=settings.precise_voices,
    )


def read_one(text: Text, form: Any, context: Context, limit: int) -> Reading:
    """Return the reading of one text, in this process."""
    held = content(text.file or text.report.name, lambda: BytesIO(text.content), len(text.content), limit)
    return Reading(
        stack(CLAIM, list(form.claims(text.report, held, context))), form.shingled(text.report, held, context)
    )


def serve() -> None:
    """Read texts from standard input until it closes; what `Reader` starts."""
    given, out = sys.stdin.buffer, sys.stdout.buffer
    head = json.loads(given.readline())
    folder, formats = Folder(Path(head["folder"])), plugins.formats()
    while line := given.readline():
        asked = json.loads(line)
        text = Text(Report(**asked["report"]), asked["file"], given.read(asked["size"]))
        form = formats[text.report.format]
        context = context_of(folder, Engine(1, 256), file=text.file)
        try:
            made = read_one(text, form, context, head["limit"])
        except HoldfireError as error:
            problems = [[p.problem, p.where, p.hint] for p in error.problems]
            out.write(json.dumps({"problems": problems}).encode() + b"\n")
        else:
            bodies = [_bytes(made.claims), _bytes(made.shingled)]
            out.write(
                json.dumps({"sizes": [len(each) for each in bodies]}).encode() + b"\n" + b"".join(bodies)
            )
        out.flush()


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _table(body: bytes) -> pa.Table:
    with pa.ipc.open_stream(body) as stream:
        return stream.read_all()

"""Plain web servers on loopback for mirrors to copy from: an honest one, and one that plays tricks.

`Server` serves files from a mapping and counts what it sends. A trick is a function that is asked before each
file; it may answer itself. Nothing here sleeps longer than a test allows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote

Files = Mapping[str, bytes]
Trick = Callable[["Asked"], bool]
"""Answers a request in its own way and returns True; else the honest answer follows."""

CHUNK = 4096


class Asked(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Server

    @property
    def name(self) -> str:
        """Return the path asked for, inside the bundle."""
        return unquote(self.path).lstrip("/")

    def do_GET(self) -> None:
        self.server.count(self.name)
        with suppress(BrokenPipeError, ConnectionResetError):
            for trick in self.server.tricks:
                if trick(self):
                    return
            self.honest()

    def honest(self) -> None:
        content = self.server.files.get(self.name)
        if content is None:
            self.give(404, b"not here")
            return
        start = self._start(len(content))
        if start is None:
            self.give(200, content)
        elif start >= len(content):
            self.give(416, b"")
        else:
            end = len(content) - 1
            self.give(206, content[start:], {"Content-Range": f"bytes {start}-{end}/{end + 1}"})

    def give(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Send an answer whole."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        for at in range(0, len(content), CHUNK):
            self.push(content[at : at + CHUNK])

    def push(self, content: bytes) -> None:
        """Send some bytes of a body, no faster than the server's rate."""
        if self.server.rate:
            time.sleep(len(content) / self.server.rate)
        self.wfile.write(content)
        self.server.sent += len(content)

    def _start(self, size: int) -> int | None:
        asked = self.headers.get("Range", "")
        return int(asked[len("bytes=") : -1]) if asked and self.server.ranges else None

    def log_message(self, *_: object) -> None:
        return


class Server(ThreadingHTTPServer):
    """Serves some files until it is left.

    Attributes:
        files: What it serves; may be exchanged while it runs.
        tricks: Asked before each file, in order.
        sent: Bytes of bodies sent.
        asked: How often each path was asked for.
        rate: Most bytes a second; 0: as fast as it can.
        ranges: Whether it sends parts of a file.
    """

    daemon_threads = True

    def __init__(self, files: Files, *tricks: Trick, rate: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.files = files
        self.tricks = tricks
        self.rate = rate
        self.ranges = True
        self.sent = 0
        self.asked: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def count(self, name: str) -> None:
        with self._lock:
            self.asked[name] = self.asked.get(name, 0) + 1

    def handle_error(self, request: object, client_address: object) -> None:
        return

    def __enter__(self) -> Server:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()


def on(path: str, act: Callable[[Asked], None]) -> Trick:
    """Return the trick of one file."""

    def trick(asked: Asked) -> bool:
        if asked.name != path:
            return False
        act(asked)
        return True

    return trick


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

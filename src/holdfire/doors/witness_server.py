"""A witness that answers over HTTP: POST /add-checkpoint of C2SP tlog-witness, and nothing else.

One request at a time, of at most 64 kB, from the loopback unless another address is named. What leaves is
a signature line, a size or a status; no error text of ours.
"""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.checkpoints import opened
from holdfire.ledger.cosigning import Witness
from holdfire.ledger.growth import Refused, by_proof, request

LARGEST = 65_536
PATIENCE = 10
"""How long a client may take to send its request [s]."""

SIZE = "text/x.tlog.size"


def answer(witness: Witness, body: bytes, seconds: int) -> tuple[int, str, bytes]:
    """Return status, content type and body for one request at a POSIX time [s]."""
    try:
        old, hashes, note = request(body)
        opened(note)
    except BadInput:
        return 400, "text/plain", b""
    try:
        line = witness.cosign(note, by_proof(old, hashes), seconds)
    except Refused as error:
        if error.status == 409:
            return 409, SIZE, f"{error.size}\n".encode()
        return error.status, "text/plain", b""
    except HoldfireError:  # our own disk, memory or lock
        return 503, "text/plain", b""
    return 200, "text/plain; charset=utf-8", line.written().encode()


def server(witness: Witness, host: str, port: int) -> HTTPServer:
    """Return a server for one witness, listening and not yet serving."""

    class Door(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self._reply(404, "text/plain", b"")
            elif not (length.isascii() and length.isdigit()) or int(length) > LARGEST:
                self._reply(413 if length else 411, "text/plain", b"")
            else:
                self._reply(*answer(witness, self.rfile.read(int(length)), int(time.time())))

        def _reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Keep no log of who asked."""

    return HTTPServer((host, port), Door)

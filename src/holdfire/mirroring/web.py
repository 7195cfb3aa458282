"""A bundle on a web server that is not trusted: polite to it, and out of its reach.

* TLS certificates are checked, as the system's store and Python's default settings have it.
* A redirect is followed only within the same host, or to a host that was listed, never from TLS to plain
  http, and at most `MOST_REDIRECTS` times. There are no cookies and no logins; an address with a password in
  it is refused, because addresses end up in logs.
* Every wait has an end: `patience` for the head of an answer, and a body must come at `SLOWEST` or
  faster. No more is read than was asked for.
* Asked again after a failure that may pass (a broken line, 429, 500, 502, 503, 504): `TRIES` times in all,
  each wait twice as long, `Retry-After` respected up to `LONGEST_WAIT`. One connection at a time, kept open
  between files. A transfer that broke off goes on where it stopped, if the server can.

Proxies are those of the environment (`http_proxy`, `https_proxy`, `no_proxy`). tests/unit/test_mirror_web.py
plays each of these tricks.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from holdfire.ledger.verifying.findings import Refused
from holdfire.mirroring.sources import Sink, Unreachable
from holdfire.version import VERSION

PATIENCE = 30.0
"""Longest wait for the head of an answer, and for any one piece of it [s]."""

SLOWEST = 512
"""Bodies that come slower than this, counted from `PATIENCE` on, are given up [bytes/s]."""

TRIES = 4
MOST_REDIRECTS = 5
LONGEST_WAIT = 60.0
"""Longest that a server may ask to be left alone [s]."""

AT_ONCE = -1.0
"""Stands for no wait before the next try."""

_CHUNK = 65_536
_MOST_DRAINED = 65_536
_PASSING = (429, 500, 502, 503, 504)
_ABSENT = (404, 410)
_MOVED = (301, 302, 303, 307, 308)
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")

Address = tuple[str, str, int]
"""Scheme, host and port."""


def checked(address: str) -> SplitResult:
    """Return the parts of a web address that a mirror may be copied from.

    Raises:
        Unreachable: It is no http or https address, or holds a login, a question or a fragment.
    """
    parts = urlsplit(address)
    try:
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None or parts.query or parts.fragment:
        raise Unreachable("it is not a plain http or https address of a folder")
    return parts


class Web:
    """A bundle under a web address; see `Source`.

    Args:
        address: Of the folder that holds `checkpoint`.
        hosts: Hosts, beside its own, that it may send us to.
        wait: Called to wait between tries [s].
        patience: See `PATIENCE`; tests use less.
        trusted: Checks certificates; None: the system's store.
    """

    def __init__(
        self,
        address: str,
        hosts: frozenset[str] = frozenset(),
        *,
        wait: Callable[[float], None] = time.sleep,
        patience: float = PATIENCE,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        parts = checked(address)
        self.name = address
        self.received = 0
        self.requests = 0
        self._base = parts.geturl().rstrip("/") + "/"
        self._hosts = hosts | {str(parts.hostname)}
        self._wait, self._patience, self._trusted = wait, patience, trusted
        self._open: dict[Address, http.client.HTTPConnection] = {}

    def fetch(self, path: str, most: int, sink: Sink) -> None:
        """Put the rest of a file into a sink; see `Source`."""
        pause = 0.5
        for left in range(TRIES - 1, -1, -1):
            try:
                again = self._try(path, most, sink)
            except ssl.SSLCertVerificationError as error:
                raise Unreachable(f"its certificate is not to be trusted: {error.verify_message}") from None
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.close()
                again, why = pause, _words(error)
            else:
                why = "it says to come back later"
            if again is None:
                return
            if not left or again > LONGEST_WAIT:
                raise Unreachable(f"{path}: {why}")
            if again != AT_ONCE:
                self._wait(max(pause, again))
                pause *= 2

    def names(self, folder: str) -> list[str] | None:
        """Return None: a plain web server cannot list."""
        return None

    def again(self) -> None:
        """Do nothing: nothing is kept."""

    def close(self) -> None:
        """Close connections."""
        for connection in self._open.values():
            connection.close()
        self._open = {}

    def _try(self, path: str, most: int, sink: Sink) -> float | None:
        """Ask once; None: it is done, else how long it asks us to wait before the next try [s]."""
        self.requests += 1
        if sink.size > most:
            sink.restart()
        with self._answer(self._base + quote(path), sink.size) as answer:
            if answer.status in _ABSENT:
                self._drain(answer)
                raise Refused("missing", path, "the source does not have it")
            if answer.status == 416 and sink.size:  # what we have is longer than what it has
                self._drain(answer)
                sink.restart()
                return AT_ONCE
            if answer.status in _PASSING:
                self._drain(answer)
                return _asked_wait(answer)
            if answer.status not in (200, 206):
                raise Unreachable(f"{path}: it answers {answer.status}")
            if answer.getheader("Content-Encoding", "identity") != "identity":
                raise Unreachable(f"{path}: it sends something else than the file's own bytes")
            _start(answer, sink)
            return self._take(answer, path, most, sink)

    def _take(self, answer: http.client.HTTPResponse, path: str, most: int, sink: Sink) -> float | None:
        expected = None if answer.length is None else sink.size + answer.length
        if expected is not None and expected > most:
            raise Refused("size", path, f"it has more than {most} bytes")
        while chunk := answer.read1(_CHUNK):
            self.received += len(chunk)
            if sink.size + len(chunk) > most:
                raise Refused("size", path, f"it has more than {most} bytes")
            sink.write(chunk)
        if expected is not None and sink.size < expected:
            raise ConnectionResetError("the line broke off")
        return None

    def _drain(self, answer: http.client.HTTPResponse) -> None:
        """Read a short body to its end, so that the connection can be used again."""
        self.received += len(answer.read(_MOST_DRAINED))

    @contextmanager
    def _answer(self, address: str, start: int) -> Iterator[http.client.HTTPResponse]:
        """Yield the answer to a question, redirects followed; no wait in it has no end."""
        for _ in range(MOST_REDIRECTS + 1):
            parts = urlsplit(address)
            connection = self._connection(parts)
            with _watched(connection, self._patience, lambda: self.received):
                answer = self._ask(connection, parts, start)
                if answer.status not in _MOVED:
                    try:
                        yield answer
                    finally:
                        if not answer.isclosed():
                            connection.close()  # the rest of it is not wanted
                    return
                target = urljoin(address, answer.getheader("Location", ""))
                connection.close()
            address = self._allowed(parts, target)
        raise Unreachable("it sends readers round in a circle")

    def _ask(
        self, connection: http.client.HTTPConnection, parts: SplitResult, start: int
    ) -> http.client.HTTPResponse:
        headers = {"User-Agent": f"holdfire-mirror/{VERSION}", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        place = parts.path or "/"
        if _proxy(parts) and parts.scheme == "http":
            place = f"http://{parts.netloc}{place}"
        used = connection.sock is not None
        try:
            connection.request("GET", place, headers=headers)
            return connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):
            if not used:
                raise
            # The server closed a line that it had kept open; that is its right and no failure.
            connection.close()
            connection.request("GET", place, headers=headers)
            return connection.getresponse()

    def _allowed(self, parts: SplitResult, target: str) -> str:
        new = checked(target)
        if new.hostname not in self._hosts:
            raise Unreachable(f"it sends readers to a host that is not listed, {str(new.hostname)[:80]!a}")
        if parts.scheme == "https" and new.scheme != "https":
            raise Unreachable("it sends readers from https to plain http")
        return target

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        host = str(parts.hostname)
        key = (parts.scheme, host, parts.port or (443 if parts.scheme == "https" else 80))
        if key not in self._open:
            self._open[key] = self._connected(key, _proxy(parts))
        return self._open[key]

    def _connected(self, key: Address, proxy: str) -> http.client.HTTPConnection:
        scheme, host, port = key
        through = urlsplit(proxy) if proxy else None
        at = (str(through.hostname), through.port or 80) if through else (host, port)
        if scheme == "http":
            return http.client.HTTPConnection(*at, timeout=self._patience)
        trusted = self._trusted or ssl.create_default_context()
        connection = http.client.HTTPSConnection(*at, timeout=self._patience, context=trusted)
        if through:
            connection.set_tunnel(host, port)
        return connection


@contextmanager
def _watched(
    connection: http.client.HTTPConnection, patience: float, received: Callable[[], int]
) -> Iterator[None]:
    """Cut a connection whose answer drips: a timeout of the socket alone starts anew with each byte."""
    done, cut = threading.Event(), threading.Event()

    def watch() -> None:
        before = received()
        while not done.wait(patience):
            now = received()
            if now - before < SLOWEST * patience and connection.sock is not None:
                cut.set()
                with suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)
            before = now

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError):
        if cut.is_set():
            raise TimeoutError from None
        raise
    finally:
        done.set()
        watcher.join()


def _start(answer: http.client.HTTPResponse, sink: Sink) -> None:
    """Set a sink to where the answer begins."""
    if answer.status == 206:
        found = _RANGE.fullmatch(answer.getheader("Content-Range", ""))
        if found and int(found[1]) == sink.size:
            return
        raise ConnectionResetError("it answers with another part than was asked for")
    sink.restart()


def _asked_wait(answer: http.client.HTTPResponse) -> float:
    text = answer.getheader("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _proxy(parts: SplitResult) -> str:
    found: Mapping[str, str] = getproxies()
    return "" if proxy_bypass(str(parts.hostname)) else found.get(parts.scheme, "")


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    return f"{type(error).__name__}: {error}"[:200]

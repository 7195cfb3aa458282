"""A web server that is not trusted: every wait has an end, and nothing is taken that was not asked for."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator

import pytest

from holdfire.ledger.verifying.findings import Refused
from holdfire.mirroring.sources import Buffer, Unreachable, read
from holdfire.mirroring.web import LONGEST_WAIT, TRIES, Web, checked
from serving import Asked, Server, on

CONTENT = bytes(range(256)) * 1000
PATIENCE = 0.4


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({"file": CONTENT, "a b/ن%1": b"named"}) as serving:
        yield serving


def web(server: Server, waited: list[float], **given: object) -> Web:
    return Web(server.address, wait=waited.append, patience=PATIENCE, **given)  # type: ignore[arg-type]


def test_a_file_comes_whole_over_one_connection(server: Server, waited: list[float]) -> None:
    source = web(server, waited)
    assert read(source, "file", len(CONTENT)) == CONTENT
    assert read(source, "a b/ن%1", 100) == b"named"
    until = time.monotonic() + 5
    while server.sent < source.received and time.monotonic() < until:
        time.sleep(0.01)  # it counts what it sent after we have it
    assert (source.received, source.requests) == (server.sent, 2)
    assert waited == []
    source.close()


def test_a_file_that_is_not_there_is_missing(server: Server, waited: list[float]) -> None:
    source = web(server, waited)
    with pytest.raises(Refused, match="missing: none"):
        read(source, "none", 10)
    assert read(source, "file", len(CONTENT)) == CONTENT, "the connection is still good"


def test_one_byte_too_many_is_not_taken(server: Server, waited: list[float]) -> None:
    source = web(server, waited)
    with pytest.raises(Refused, match="size: file"):
        read(source, "file", len(CONTENT) - 1)
    assert source.received == 0


def test_an_endless_body_is_cut_off(server: Server, waited: list[float]) -> None:
    def endless(asked: Asked) -> None:
        asked.send_response(200)
        asked.send_header("Transfer-Encoding", "chunked")
        asked.end_headers()
        while True:
            asked.push(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    server.tricks = (on("file", endless),)
    with pytest.raises(Refused, match="size: file"):
        read(web(server, waited), "file", 100_000)
    time.sleep(0.05)
    assert server.sent < 5_000_000


def slowly(asked: Asked, content: bytes) -> None:
    """Send bytes one at a time, each just before a wait for it would end."""
    for byte in content:
        time.sleep(PATIENCE / 4)
        asked.wfile.write(bytes([byte]))


def test_a_body_that_drips_is_given_up(server: Server, waited: list[float]) -> None:
    def drip(asked: Asked) -> None:
        asked.send_response(200)
        asked.send_header("Content-Length", "1000")
        asked.end_headers()
        slowly(asked, b"x" * 1000)

    server.tricks = (on("file", drip),)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        read(web(server, waited), "file", 1000)
    assert time.monotonic() - began < TRIES * PATIENCE * 3
    assert len(waited) == TRIES - 1


def test_a_head_that_drips_is_given_up(server: Server, waited: list[float]) -> None:
    server.tricks = (on("file", lambda asked: slowly(asked, b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100)),)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        read(web(server, waited), "file", 1000)
    assert time.monotonic() - began < TRIES * PATIENCE * 3


def test_silence_is_given_up(waited: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        source = Web(f"http://127.0.0.1:{silent.getsockname()[1]}/", wait=waited.append, patience=0.1)
        with pytest.raises(Unreachable, match="does not answer in time"):
            read(source, "file", 10)


def test_what_may_pass_is_asked_again_with_growing_waits(server: Server, waited: list[float]) -> None:
    answers = [503, 429, 500]

    def busy(asked: Asked) -> bool:
        if not answers:
            return False
        status = answers.pop(0)
        asked.give(status, b"busy", {"Retry-After": "7"} if status == 429 else {})
        return True

    server.tricks = (busy,)
    assert read(web(server, waited), "file", len(CONTENT)) == CONTENT
    assert waited == [0.5, 7.0, 2.0]


def test_a_server_that_asks_for_too_long_a_wait_is_left_alone(server: Server, waited: list[float]) -> None:
    server.tricks = (
        on("file", lambda asked: asked.give(503, b"", {"Retry-After": str(int(LONGEST_WAIT) + 1)})),
    )
    with pytest.raises(Unreachable, match="come back later"):
        read(web(server, waited), "file", 10)
    assert (waited, server.asked) == ([], {"file": 1})


@pytest.mark.parametrize("status", [201, 204, 301, 304, 400, 401, 403, 418])
def test_an_answer_that_is_none_is_not_asked_for_twice(
    server: Server, waited: list[float], status: int
) -> None:
    server.tricks = (on("file", lambda asked: asked.give(status, b"")),)
    with pytest.raises(Unreachable):
        read(web(server, waited), "file", 10)
    assert waited == []


def test_a_transfer_that_breaks_off_goes_on_where_it_stopped(server: Server, waited: list[float]) -> None:
    broken = [100_000, 200_000]

    def breaks(asked: Asked) -> bool:
        if not broken:
            return False
        upto = broken.pop(0)
        start = int(asked.headers.get("Range", "bytes=0-")[6:-1])
        asked.send_response(206 if start else 200)
        asked.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        asked.send_header("Content-Length", str(len(CONTENT) - start))
        asked.end_headers()
        asked.push(CONTENT[start:upto])
        asked.close_connection = True
        return True

    server.tricks = (breaks,)
    source = web(server, waited)
    assert read(source, "file", len(CONTENT)) == CONTENT
    assert source.received == len(CONTENT), "nothing came twice"


def test_a_server_without_parts_begins_anew(server: Server, waited: list[float]) -> None:
    server.ranges = False
    assert read(web(server, waited), "file", len(CONTENT), CONTENT[:1000]) == CONTENT


def test_a_beginning_longer_than_the_file_is_forgotten(server: Server, waited: list[float]) -> None:
    assert read(web(server, waited), "file", 10**6, CONTENT + b"more") == CONTENT
    assert waited == []


def test_another_part_than_was_asked_for_is_not_taken(server: Server, waited: list[float]) -> None:
    server.tricks = (on("file", lambda asked: asked.give(206, b"xyz", {"Content-Range": "bytes 5-7/8"})),)
    with pytest.raises(Unreachable, match="another part"):
        read(web(server, waited), "file", 10)


def test_a_body_in_another_encoding_is_not_taken(server: Server, waited: list[float]) -> None:
    server.tricks = (on("file", lambda asked: asked.give(200, b"\x1f\x8b", {"Content-Encoding": "gzip"})),)
    with pytest.raises(Unreachable, match="something else than the file's own bytes"):
        read(web(server, waited), "file", 10)


def to(target: str) -> object:
    return on("file", lambda asked: asked.give(302, b"", {"Location": target}))


def test_a_redirect_within_the_host_is_followed(server: Server, waited: list[float]) -> None:
    server.tricks = (to("/a%20b/%D9%86%251"),)  # type: ignore[assignment]
    assert read(web(server, waited), "file", 100) == b"named"


def test_a_redirect_to_another_host_is_refused_unless_it_is_listed(
    server: Server, waited: list[float]
) -> None:
    with Server({"file": b"elsewhere"}) as other:
        away = other.address.replace("127.0.0.1", "localhost")
        server.tricks = (to(away + "file"),)  # type: ignore[assignment]
        with pytest.raises(Unreachable, match="a host that is not listed, 'localhost'"):
            read(web(server, waited), "file", 100)
        assert other.asked == {}
        assert read(web(server, waited, hosts=frozenset({"localhost"})), "file", 100) == b"elsewhere"


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/file", "http://user:word@127.0.0.1/file", "https://", ""],
)
def test_a_redirect_to_something_else_than_a_plain_address_is_refused(
    server: Server, waited: list[float], target: str
) -> None:
    server.tricks = (to(target),)  # type: ignore[assignment]
    with pytest.raises(Unreachable):
        read(web(server, waited), "file", 100)


def test_redirects_in_a_circle_end(server: Server, waited: list[float]) -> None:
    server.tricks = (to("/file"),)  # type: ignore[assignment]
    with pytest.raises(Unreachable, match="round in a circle"):
        read(web(server, waited), "file", 100)
    assert server.asked["file"] == 6


def test_cookies_are_not_kept(server: Server, waited: list[float]) -> None:
    seen: list[str] = []

    def watch(asked: Asked) -> bool:
        seen.extend(asked.headers.keys())
        asked.give(200, b"x", {"Set-Cookie": "who=you; Path=/"})
        return True

    server.tricks = (watch,)
    source = web(server, waited)
    for _ in range(2):
        read(source, "file", 10)
    assert {name.lower() for name in seen} == {"host", "user-agent", "accept-encoding"}


@pytest.mark.parametrize(
    "address",
    ["", "copy", "ftp://a/", "http://", "http://u:p@a/", "http://a/?q", "http://a/#f", "http://a:99999/"],
)
def test_an_address_that_is_no_folder_on_the_web_is_refused(address: str) -> None:
    with pytest.raises(Unreachable):
        checked(address)


def test_a_certificate_that_is_not_trusted_ends_it_at_once(waited: list[float]) -> None:
    plain = socket.create_server(("127.0.0.1", 0))
    port = plain.getsockname()[1]

    def answer() -> None:
        try:
            while True:
                with plain.accept()[0] as line:
                    line.recv(1000)
                    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        except OSError:
            return

    threading.Thread(target=answer, daemon=True).start()
    source = Web(f"https://127.0.0.1:{port}/", wait=waited.append, patience=PATIENCE)
    with pytest.raises(Unreachable):
        read(source, "file", 10)
    plain.close()
    context = ssl.create_default_context()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_bytes_that_no_server_of_files_sends_are_an_error_and_no_crash(waited: list[float]) -> None:
    for said in (
        b"\x00" * 100,
        b"HTTP/1.1 999999 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"SSH-2.0\r\n",
    ):
        with socket.create_server(("127.0.0.1", 0)) as odd:

            def answer(odd: socket.socket = odd, said: bytes = said) -> None:
                try:
                    while True:
                        with odd.accept()[0] as line:
                            line.recv(1000)
                            line.sendall(said)
                except OSError:
                    return

            threading.Thread(target=answer, daemon=True).start()
            source = Web(f"http://127.0.0.1:{odd.getsockname()[1]}/", wait=waited.append, patience=PATIENCE)
            try:
                assert read(source, "file", 10) == b""
            except Unreachable:
                continue


def test_a_sink_can_begin_anew() -> None:
    sink = Buffer(b"old")
    sink.restart()
    sink.write(b"new")
    assert (sink.content(), sink.size) == (b"new", 3)

"""A second reader is held to the words of the text, whatever it sends back, and changes no claim."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.reading.prose import read
from holdfire.reading.prose.page.shadow import shadow
from holdfire.reading.second import compared, heard
from holdfire.seconding import Second
from holdfire.tables import rows
from prosing import context, report

TEXT = "The Northern Army shelled Marrow on Saturday, killing five people, the Strip Monitor said."
SHOWN = shadow(TEXT)
RIGHT = {
    "content": "The Northern Army shelled Marrow on Saturday, killing five people",
    "trigger": "shelled",
    "type": "attack.shelling",
    "chain": [{"source": "the Strip Monitor", "cue": "said"}],
    "stance": "asserts",
    "modality": "actual",
    "negated": False,
    "kind": "reported",
    "actors": ["Northern Army"],
    "targets": [],
    "time": "Saturday",
    "place": "Marrow",
    "number": "five",
    "value": 5,
}
Answer = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def chat(content: str, tokens: int = 40) -> bytes:
    """Return an answer of the chat protocol."""
    return json.dumps(
        {"choices": [{"message": {"content": content}}], "usage": {"total_tokens": tokens}}
    ).encode()


def saying(*claims: dict[str, Any]) -> str:
    return json.dumps({"claims": list(claims)})


class Server:
    """A local server of the chat protocol that answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answer: Answer = lambda handler, _: self.send(handler, chat(saying(RIGHT)))
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append((body, dict(self.headers)))
                outer.answer(self, body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()


def second(server: Server, shelf: Path | None = None, **given: Any) -> Second:
    return Second(server.url, "small", shelf, **given)


def test_a_claim_that_stands_in_the_text_is_heard_with_its_words(server: Server) -> None:
    hearing = second(server).read(SHOWN, report(TEXT))
    assert hearing is not None
    (claim,) = hearing.claims
    assert (hearing.refused, hearing.dropped, claim.dropped) == (0, 0, ())
    words = {name: TEXT[slice(*getattr(claim, name))] for name in ("trigger", "time", "place", "number")}
    assert words == {"trigger": "shelled", "time": "Saturday", "place": "Marrow", "number": "five"}
    assert [TEXT[slice(*source)] for source, _ in claim.chain] == ["the Strip Monitor"]
    ours = list(rows(read(TEXT, report(TEXT), context())))
    side = compared(ours, hearing.claims)
    assert side.agreed == tuple(row["claim_id"] for row in ours)
    assert not side.unread


def test_the_question_is_asked_at_temperature_0_and_names_every_event_type(server: Server) -> None:
    second(server, key="k-1").read(SHOWN, report(TEXT))
    ((body, headers),) = server.asked
    assert (body["temperature"], body["model"]) == (0, "small")
    assert "attack.airstrike" in body["messages"][0]["content"]
    assert TEXT in body["messages"][1]["content"]
    assert headers["Authorization"] == "Bearer k-1"


@pytest.mark.parametrize("name", ["trigger", "time", "place", "number"])
def test_an_invented_string_is_dropped_and_counted(server: Server, name: str) -> None:
    server.answer = lambda handler, _: Server.send(
        handler, chat(saying(RIGHT | {name: "at dawn on 3 March"}))
    )
    asked = second(server)
    hearing = asked.read(SHOWN, report(TEXT))
    assert hearing is not None
    assert getattr(hearing.claims[0], name) is None
    assert name in hearing.claims[0].dropped
    assert asked.counts["dropped"] == len(hearing.claims[0].dropped)


def test_a_claim_whose_words_or_type_are_invented_is_refused(server: Server) -> None:
    wrong = [RIGHT | {"content": "The River Brigade shelled Tarn"}, RIGHT | {"type": "attack.magic"}]
    server.answer = lambda handler, _: Server.send(handler, chat(saying(*wrong, RIGHT)))
    hearing = second(server).read(SHOWN, report(TEXT))
    assert hearing is not None
    assert (len(hearing.claims), hearing.refused) == (1, 2)


def test_a_difference_goes_to_review_and_overwrites_nothing(server: Server) -> None:
    server.answer = lambda handler, _: Server.send(handler, chat(saying(RIGHT | {"modality": "intended"})))
    before = list(rows(read(TEXT, report(TEXT), context())))
    hearing = second(server).read(SHOWN, report(TEXT))
    assert hearing is not None
    side = compared(before, hearing.claims)
    ((name, fields, _),) = side.differing
    assert (name, fields) == (before[0]["claim_id"], ("modality",))
    assert list(rows(read(TEXT, report(TEXT), context()))) == before


def slow(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    time.sleep(1.5)


def dripping(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _n in range(20):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def redirecting(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    Server.send(handler, b"", 307, Location="http://127.0.0.1:9/elsewhere")


MISBEHAVING: dict[str, Answer] = {
    "times out": slow,
    "drips": dripping,
    "redirects": redirecting,
    "fails": lambda h, _: Server.send(h, b"{}", 500),
    "a page": lambda h, _: Server.send(h, b"<html>busy</html>"),
    "no object": lambda h, _: Server.send(h, b"[1, 2]"),
    "no choices": lambda h, _: Server.send(h, b'{"choices": []}'),
    "nothing said": lambda h, _: Server.send(h, b'{"choices": [{"message": {"content": null}}]}'),
    "not text": lambda h, _: Server.send(h, b"\xff\xfe\x00"),
    "too deep": lambda h, _: Server.send(h, b'{"choices": ' + b"[" * 100_000),
    "too large": lambda h, _: Server.send(h, b"x" * ((4 << 20) + 10)),
    "cut off": lambda h, _: (h.send_response(200), h.send_header("Content-Length", "999"), h.end_headers())[
        0
    ],
}


@pytest.mark.parametrize("how", sorted(MISBEHAVING))
def test_whatever_goes_wrong_is_counted_and_no_answer_is_kept(
    server: Server, how: str, tmp_path: Path
) -> None:
    server.answer = MISBEHAVING[how]
    asked = second(server, tmp_path / "second", wait=0.5)
    assert asked.read(SHOWN, report(TEXT)) is None
    assert asked.counts == {"asked": 1, "failed": 1}
    assert asked.spent > 0
    assert not (tmp_path / "second").exists()


def test_a_key_is_sent_to_no_other_address(server: Server) -> None:
    other = Server()
    server.answer = lambda h, _: Server.send(h, b"", 307, Location=f"{other.url}/chat/completions")
    assert second(server, key="k-1").read(SHOWN, report(TEXT)) is None
    assert other.asked == []
    other.http.shutdown()


@pytest.mark.parametrize("broken", ["{", "", "sorry", '{"claims": 3}', '{"claim": []}', "[" * 50_000, '"x"'])
def test_broken_json_is_an_answer_without_claims(broken: str) -> None:
    hearing = heard(broken, SHOWN)
    assert hearing.claims == ()
    assert hearing.broken


def test_an_answer_is_asked_for_once_and_kept_with_its_model_and_prompt(
    server: Server, tmp_path: Path
) -> None:
    first = second(server, tmp_path / "second").read(SHOWN, report(TEXT))
    again = second(server, tmp_path / "second")
    assert again.read(SHOWN, report(TEXT)) == first
    assert len(server.asked) == 1
    assert (again.counts, again.spent) == ({"kept": 1}, 0)
    (file,) = (tmp_path / "second").iterdir()
    kept = json.loads(file.read_text())
    assert (kept["model"], len(kept["prompt"])) == ("small", 64)
    other = Second(server.url, "large", tmp_path / "second")
    other.read(SHOWN, report(TEXT))
    assert len(server.asked) == 2  # another model is another question


def test_the_cap_is_never_passed(server: Server) -> None:
    server.answer = lambda handler, _: Server.send(handler, chat(saying(RIGHT), tokens=3_000))
    asked = second(server, cap=20_000, answer=500)
    for n in range(12):
        asked.read(shadow(f"{TEXT} {n}"), report(TEXT))
    assert asked.spent <= 20_000
    assert asked.counts["unasked"] > 0
    assert asked.counts["asked"] == len(server.asked) > 0


@pytest.mark.parametrize(("url", "model"), [("ftp://x/v1", "m"), ("nonsense", "m"), ("http://x/v1", "")])
def test_a_wrong_address_is_said_so(url: str, model: str) -> None:
    with pytest.raises(BadInput):
        Second(url, model)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(TEXT.split()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(sorted(RIGHT)), inner, max_size=8)
    ),
    max_leaves=20,
)


@given(
    st.lists(JSON | st.dictionaries(st.sampled_from(sorted(RIGHT)), JSON), max_size=5),
    st.sampled_from(sorted(RIGHT)),
    JSON,
)
def test_nothing_that_is_heard_is_outside_the_text(claims: list[Any], name: str, value: Any) -> None:
    hearing = heard(json.dumps({"claims": [*claims, RIGHT | {name: value}]}), SHOWN)
    for claim in hearing.claims:
        spans = [
            claim.content,
            claim.trigger,
            claim.time,
            claim.place,
            claim.number,
            *claim.actors,
            *claim.targets,
        ]
        spans += [part for link in claim.chain for part in link]
        assert all(span is None or 0 <= span[0] < span[1] <= len(TEXT) for span in spans)

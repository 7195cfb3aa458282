"""Asks a second reader, over the OpenAI chat protocol, and keeps its answers.

Off unless an address is given. An answer is kept under the digest of the whole request, so nothing is asked
twice and a reading can be made again without asking. Whatever the other side does (times out, invents,
answers with a page of HTML), our own reading stands and the count of what went wrong is told. Texts leave
this machine only for the address given; no redirect is followed, and the key is in no file, log or error.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from holdfire.errors import BadInput, HoldfireError
from holdfire.folder import Folder
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.reading.prose.page.shadow import Shadow
from holdfire.reading.second import Hearing, asked, heard, prompt_digest
from holdfire.reading.second.asking import key_of
from holdfire.records.report import Report

KEY = "HOLDFIRE_SECOND_READER_KEY"
"""Environment variable that holds the key of the address, if it wants one."""

LARGEST = 4 << 20
"""Most bytes of an answer."""

BYTES_A_TOKEN = 2
"""Fewest bytes a token stands for, so that an estimate of tokens is never too low for prose."""


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the text and the key are for the address that was given."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Return nothing, which makes a redirect an error."""


@dataclass
class Second:
    """A second reader, and what it has cost and got wrong so far.

    Attributes:
        url: Address, such as http://127.0.0.1:8080/v1.
        model: Name of the model.
        shelf: Folder that answers are kept in, under the start of their report's id; None: they are not kept.
        key: Key of the address; empty: it wants none.
        cap: Most tokens to spend, asked and answered; what would pass it is not asked.
        answer: Most tokens of one answer.
        wait: Longest wait for an answer [s].
        clock: Reads a clock that only goes forward [s].
        spent: Tokens spent in this process.
        counts: What happened, by name: asked, kept, failed, broken, refused, dropped, unasked,
            unread (claims that only it has).
    """

    url: str
    model: str
    shelf: Path | None = None
    key: str = ""
    cap: int = 1_000_000
    answer: int = 4096
    wait: float = 120.0
    clock: Callable[[], float] = time.monotonic
    spent: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise BadInput(f'"{self.url}" is no address', hint="--second-reader http://127.0.0.1:8080/v1")
        if not self.model:
            raise BadInput("the second reader needs the name of its model", hint="--model NAME")

    @property
    def host(self) -> str:
        """Return whom texts are sent to."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def provenance(self) -> dict[str, str]:
        """Return what made its readings: the model and the digest of the question."""
        return {"model": self.model, "prompt": prompt_digest()}

    def read(self, shown: Shadow, report: Report) -> Hearing | None:
        """Return what it says of a text, held to the text; None: it was not asked, or gave no answer."""
        body = asked(shown.text, self.model, report.published, self.answer)
        file = self.shelf / f"{report.id[:24]}-{key_of(body, self.url)[:16]}.json" if self.shelf else None
        kept = _kept(file) if file else None
        if kept is None:
            kept = self._ask(body)
            if kept is None:
                return None
            if file:
                make_folder(file.parent)
                replace_file(file, json.dumps({"answer": kept, **self.provenance}).encode())
        else:
            self.count("kept")
        found = heard(kept, shown)
        self.count("broken", bool(found.broken))
        self.count("refused", found.refused)
        self.count("dropped", found.dropped)
        return found

    def _ask(self, body: Mapping[str, Any]) -> str | None:
        sent = json.dumps(body).encode()
        likely = len(sent) // BYTES_A_TOKEN + self.answer
        if self.spent + likely > self.cap:
            self.count("unasked")
            return None
        self.count("asked")
        try:
            given = self._post(sent)
            content = given["choices"][0]["message"]["content"]
        except (OSError, HTTPException, ValueError, RecursionError, LookupError, TypeError):
            self.spent += likely  # it may have been charged; the cap errs on the safe side
            self.count("failed")
            return None
        usage = given.get("usage")
        total = usage.get("total_tokens") if isinstance(usage, dict) else None
        self.spent += total if isinstance(total, int) and total > 0 else likely
        if not isinstance(content, str):
            self.count("failed")
            return None
        return content

    def _post(self, sent: bytes) -> dict[str, Any]:
        address = self.url.rstrip("/")
        if not address.endswith("/chat/completions"):
            address += "/chat/completions"
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(address, sent, headers, method="POST")  # noqa: S310 - checked
        with urllib.request.build_opener(_Stays).open(request, timeout=self.wait) as answer:
            raw = self._whole(answer)
        given = json.loads(raw)
        if not isinstance(given, dict):
            raise TypeError("the answer is no object")
        return given

    def _whole(self, answer: HTTPResponse) -> bytes:
        """Return an answer that comes within the time and the size allowed, however slowly it drips."""
        until, raw = self.clock() + self.wait, b""
        while part := answer.read1(1 << 16):
            raw += part
            if len(raw) > LARGEST:
                raise ValueError("the answer is too large")
            if self.clock() > until:
                raise TimeoutError("the answer takes too long")
        return raw

    def count(self, what: str, number: int = 1) -> None:
        """Count something that happened."""
        if number:
            self.counts[what] = self.counts.get(what, 0) + number


def shelf_of(where: Path) -> Path | None:
    """Return the folder that a case keeps answers in; None: there is no case here, and none are kept."""
    try:
        return Folder.find(where).made / "second"
    except HoldfireError:
        return None


def answers(shelf: Path, report: str) -> Iterator[str]:
    """Yield what second readers were kept to have said of a report, oldest name first."""
    for file in sorted(shelf.glob(f"{report[:24]}-*.json")):
        if (answer := _kept(file)) is not None:
            yield answer


def _kept(file: Path) -> str | None:
    """Return an answer kept before; None: there is none, or it cannot be read."""
    try:
        answer = json.loads(file.read_bytes())["answer"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return answer if isinstance(answer, str) else None

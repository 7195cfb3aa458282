"""Put a bundle before verify.html in a real browser, and listen for anything it asks of the network."""

from __future__ import annotations

import base64
import io
import json
import threading
import time
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from browsing import Chromium
from holdfire.ledger.page.page import verify_html

MIRROR = "192.0.2.7"
"""An address (RFC 5737) that the browser finds on this machine: to it, a plain-http page from afar."""

_FROM_BASE64 = "const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));"


class Listener:
    """A web server on loopback that serves one page and writes down what it is asked, by whatever name."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                if self.path != "/verify.html":
                    self.send_error(404)
                    return
                content = verify_html()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_CONNECT = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 (names of http.server)

            def log_message(self, *told: object) -> None:
                """Say nothing."""

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Reader:
    """A browser that shows verify.html."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.page = folder / "verify.html"
        self.page.write_bytes(verify_html())
        self.browser = Chromium(*flags)

    def open(self, fragment: str = "", page: Path | None = None, keep: bool = False, **look: Any) -> None:
        """Show the page anew from disk; `keep`: with what it remembers."""
        self.browser.order("Page.navigate", url="about:blank")
        self.browser.open(page or self.page, fragment, **look)
        self.browser.until("!!window.holdfireCheck")
        if not keep:
            self.browser.ask("localStorage.clear()")

    def visit(self, address: str) -> None:
        """Show the page from a server."""
        self.browser.order("Page.navigate", url=address)
        self.browser.until("document.readyState === 'complete' && !!window.holdfireCheck")

    def check(
        self, given: bytes | Mapping[str, bytes], fingerprint: str = "", at: object = None, memory: Any = None
    ) -> dict[str, Any]:
        """Return what the page answers to a zip, or to files by name."""
        if isinstance(given, bytes):
            what = f"bytes({json.dumps(base64.b64encode(given).decode())})"
        else:
            files = [[name, base64.b64encode(content).decode()] for name, content in given.items()]
            what = f"new Map({json.dumps(files)}.map(([name, text]) => [name, bytes(text)]))"
        asked = json.dumps({"fingerprint": fingerprint, "at": at, "memory": memory})
        answer = self.browser.ask(f"(() => {{ {_FROM_BASE64} return holdfireCheck({what}, {asked}) }})()")
        assert isinstance(answer, dict)
        return answer

    def pick(self, which: str, place: Path) -> None:
        """Choose a file or folder as a person does, through the input `zip`, `folder` or `load`."""
        self.give(which, place)
        if which != "load":
            self.browser.until("document.getElementById('taken').textContent.length > 0")

    def give(self, which: str, place: Path) -> None:
        """Give a file or folder to the input of this id."""
        root = self.browser.order("DOM.getDocument")["root"]["nodeId"]
        node = self.browser.order("DOM.querySelector", nodeId=root, selector=f"#{which}")["nodeId"]
        self.browser.order("DOM.setFileInputFiles", nodeId=node, files=[str(place)])

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key and let it go."""
        told = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.browser.order(
            "Input.dispatchKeyEvent", type="keyDown", **told, **({"text": text} if text else {})
        )
        self.browser.order("Input.dispatchKeyEvent", type="keyUp", **told)

    def answer(self) -> str:
        """Press the button and return the words of the answer."""
        self.browser.ask("document.getElementById('check').click()")
        return self.answered()

    def answered(self) -> str:
        """Wait for an answer and return its words."""
        self.browser.until(
            "!document.getElementById('check').disabled && !!document.querySelector('.answer')"
        )
        return str(self.browser.ask("document.getElementById('answer').innerText"))

    def close(self) -> None:
        self.browser.close()


def zipped(files: Mapping[str, bytes], stored: bool = False) -> bytes:
    """Return files as a zip whose members follow one another."""
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr = (0o040755 if name.endswith("/") else 0o100644) << 16
            archive.writestr(member, files[name], method)
    return whole.getvalue()


def laid(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write files into a folder and return it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def codes(answer: Mapping[str, Any]) -> set[str]:
    """Return the codes of what was found."""
    return {each["code"] for each in answer["findings"]}


def soon(seconds: float) -> None:
    """Let the browser do what it would do by itself."""
    time.sleep(seconds)

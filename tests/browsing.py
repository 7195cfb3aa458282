"""Drive a Chromium through its own pipe: no other tool is needed than the browser itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SOFTWARE_GL = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


def binary() -> str | None:
    """Return where a Chromium is; None if there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Chromium:
    """A browser with one page, on DevTools over file descriptors 3 and 4."""

    def __init__(self, *flags: str) -> None:
        self.folder = tempfile.mkdtemp()
        down, self._send = os.pipe()
        self._receive, up = os.pipe()
        os.set_inheritable(down, True)
        os.set_inheritable(up, True)
        quiet = ("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
        command = [str(binary()), "--headless", "--no-sandbox", *quiet, "--disable-component-update"]
        command += [f"--user-data-dir={self.folder}", "--remote-debugging-pipe", *flags]
        # The browser reads orders on descriptor 3 and answers on 4, whatever numbers the pipes have here.
        shell = f'exec "$@" 3<&{down} 4>&{up}'
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "bash", *command],
            pass_fds=(down, up),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(down)
        os.close(up)
        self._left = b""
        self._number = 0
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self._session: str | None = None
        target = self.order("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.order("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.order(f"{domain}.enable")

    def order(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order and return its answer; what the page asks for meanwhile is kept."""
        self._number += 1
        number = self._number
        told = {"id": number, "method": method, "params": parameters}
        if self._session:
            told["sessionId"] = self._session
        os.write(self._send, json.dumps(told).encode() + b"\0")
        while True:
            heard = self._next()
            if heard.get("id") == number:
                assert "error" not in heard, heard["error"]
                return heard["result"]  # type: ignore[no-any-return]
            self._note(heard)

    def open(
        self, page: Path, fragment: str = "", width: int = 1200, height: int = 900, dark: bool = False
    ) -> None:
        """Show a page from disk."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.order("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.order("Emulation.setEmulatedMedia", features=[scheme])
        self.order("Page.navigate", url=page.as_uri() + fragment)
        self.until("document.readyState === 'complete'")

    def ask(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        told = self.order("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, expression: str, seconds: float = 30) -> None:
        """Wait until an expression holds; fail if it does not in time."""
        end = time.monotonic() + seconds
        while not self.ask(expression):
            assert time.monotonic() < end, f"not in {seconds} s: {expression}"
            time.sleep(0.1)

    def colours(self, canvas: str) -> int:
        """Return how many different colours a canvas holds, as a sign of what is drawn on it."""
        return int(
            self.ask(
                "(c => { const copy = document.createElement('canvas');"
                "copy.width = c.width; copy.height = c.height;"
                "const pen = copy.getContext('2d'); pen.drawImage(c, 0, 0);"
                "const data = pen.getImageData(0, 0, c.width, c.height).data;"
                "return new Set(new Uint32Array(data.buffer)).size })"
                f"(document.querySelector({json.dumps(canvas)}))"
            )
        )

    def close(self) -> None:
        """End the browser and leave nothing behind."""
        self.process.terminate()
        self.process.wait(timeout=20)
        os.close(self._send)
        os.close(self._receive)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            more = os.read(self._receive, 1 << 16)
            assert more, "the browser ended"
            self._left += more
        message, self._left = self._left.split(b"\0", 1)
        return json.loads(message)  # type: ignore[no-any-return]

    def _note(self, heard: dict[str, Any]) -> None:
        method, told = heard.get("method"), heard.get("params", {})
        if method == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(told["exceptionDetails"].get("text", ""))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.complaints.append(told["entry"]["text"])

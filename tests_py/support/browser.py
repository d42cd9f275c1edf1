"""A real browser, driven by its DevTools protocol over two pipes: no driver, no port."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from typing_extensions import Self

from barter_python._json import Json

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium is here to open reports in; CHROMIUM=... names one"
_PATIENCE = 120.0


def find_browser() -> str | None:
    """Find a Chromium; `CHROMIUM` names another. Its pipes need a POSIX shell."""
    if os.name != "posix":
        return None
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def is_needed() -> bool:
    """Tell whether tests fail without a browser: `make test-report` says so."""
    return os.environ.get("BARTER_NEEDS_CHROMIUM") == "1"


class Browser:
    """A browser with one page.

    Attributes
    ----------
    requests : list of str
        The addresses that the page has asked for.
    errors : list of str
        Exceptions of the page's scripts, and what the browser logged as an error.
    """

    def __init__(self, output: IO[bytes], answers: IO[bytes]) -> None:
        self._output = output
        self._answers = answers
        self._unread = b""
        self._number = 0
        self._session: str | None = None
        self._loaded = False
        self.requests: list[str] = []
        self.errors: list[str] = []
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._session = str(session["sessionId"])
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, parameters: Mapping[str, object] | None = None) -> dict[str, Json]:
        """Call a method of the protocol and give its result."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method}
        message["params"] = dict(parameters or {})
        if self._session is not None:
            message["sessionId"] = self._session
        self._output.write(json.dumps(message).encode() + b"\0")
        self._output.flush()
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result = answer["result"]
                assert isinstance(result, dict)
                return result
            self._note(answer)

    def _next(self) -> dict[str, Json]:
        end = time.monotonic() + _PATIENCE
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._answers], [], [], end - time.monotonic())
            assert ready, "the browser does not answer"
            part = os.read(self._answers.fileno(), 1 << 20)
            assert part, "the browser has ended"
            self._unread += part
        text, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Json] = json.loads(text)
        return message

    def _note(self, message: Mapping[str, Json]) -> None:
        method, parameters = message.get("method"), message.get("params")
        assert isinstance(parameters, dict), message
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            request = parameters["request"]
            assert isinstance(request, dict)
            self.requests.append(str(request["url"]))
        elif method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(parameters["exceptionDetails"]))
        elif method == "Log.entryAdded":
            entry = parameters["entry"]
            if isinstance(entry, dict) and entry["level"] in {"error", "warning"}:
                self.errors.append(json.dumps(entry))

    def open(self, address: str, *, is_scripted: bool = True) -> Self:
        """Open a page and wait until it is loaded and, if scripts run, drawn."""
        self.requests.clear()
        self.errors.clear()
        self._loaded = False
        self.call("Page.navigate", {"url": address})
        while not self._loaded:
            self._note(self._next())
        if is_scripted:
            self.draw()
        return self

    def draw(self) -> None:
        """Wait for two frames: one to draw in, one to have drawn."""
        self.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def evaluate(self, expression: str) -> Json:
        """Evaluate an expression in the page, wait for it, and give its value."""
        outcome = self.call(
            "Runtime.evaluate",
            {"expression": expression, "returnByValue": True, "awaitPromise": True},
        )
        assert "exceptionDetails" not in outcome, outcome
        result = outcome["result"]
        assert isinstance(result, dict)
        return result.get("value")

    def texts(self, selector: str) -> list[str]:
        """Give the texts of the elements that a selector finds."""
        found = self.evaluate(
            f"[...document.querySelectorAll({json.dumps(selector)})].map(each => each.innerText)"
        )
        assert isinstance(found, list)
        return [str(each) for each in found]

    def size(self, width: int, height: int, *, is_dark: bool = False, scale: int = 1) -> None:
        """Set the size of the screen, and its colours."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.call("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.draw()

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            code = {"Tab": 9, "Enter": 13}.get(key, 0)
            text = "\r" if key == "Enter" else key if len(key) == 1 else ""
            event = {"key": key, "windowsVirtualKeyCode": code, "text": text}
            self.call("Input.dispatchKeyEvent", {"type": "keyDown", **event})
            self.call("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def move(self, x: float, y: float) -> None:
        """Move the mouse."""
        self.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})

    def picture(self, *, is_whole: bool = True) -> bytes:
        """Take a picture of the page."""
        options = {"format": "png", "captureBeyondViewport": is_whole}
        return base64.b64decode(str(self.call("Page.captureScreenshot", options)["data"]))

    def pdf(self) -> bytes:
        """Print the page."""
        options = {"preferCSSPageSize": True, "printBackground": True}
        return base64.b64decode(str(self.call("Page.printToPDF", options)["data"]))

    def close(self) -> None:
        """End the browser in good order; one that has ended already is closed."""
        self._session = None
        with suppress(BrokenPipeError):
            self.call("Browser.close")


@contextmanager
def browser(program: str, options: Sequence[str] = ()) -> Iterator[Browser]:
    """Run a browser; it has a profile of its own, and ends with the block."""
    commands, ours = os.pipe()
    answers, theirs = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [
            program,
            "--headless=new",
            "--remote-debugging-pipe",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--hide-scrollbars",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={profile}",
            *options,
        ]
        # The protocol speaks over the file descriptors 3 and 4.
        launch = f'exec "$@" 3<&{commands} 4>&{theirs}'
        with (Path(profile) / "log").open("wb") as log:
            process = subprocess.Popen(
                ["/bin/bash", "-c", launch, "browser", *arguments],
                pass_fds=(commands, theirs),
                stdout=log,
                stderr=log,
            )
            os.close(commands)
            os.close(theirs)
            with os.fdopen(ours, "wb", buffering=0) as output, os.fdopen(answers, "rb") as input_:
                try:
                    page = Browser(output, input_)
                    yield page
                    page.close()
                finally:
                    try:
                        process.wait(20)
                    except subprocess.TimeoutExpired:
                        process.kill()
                        process.wait()

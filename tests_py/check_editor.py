"""Asks a real language server for what an editor would show of the installed package.

    python tests_py/check_editor.py

Needs basedpyright. As a control the same questions are asked of a copy of the package without its
stub: there the answers must be missing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import barter_python

SECONDS = 120
START = "from basedpyright.langserver import main; main()"
PRELUDE = """\
import barter_python as bp
from barter_python import Side
def hook(state: bp.EngineView, instrument: bp.InstrumentView, data: bp.MarketData) -> None:
    """

# What is asked, the code with the cursor at `|`, and what must be in the answer.
CASES = [
    ("completion", "state.|", ["updated", "event", "instruments_iter", "next_cid", "time_ns"]),
    ("completion", "state.updated.|", ["mid_f64", "position", "limit_order", "best_bid"]),
    ("completion", "instrument.position.|", ["quantity_abs", "price_entry_average"]),
    ("completion", "state.event.|", ["kind", "exchange"]),
    ("completion", "Side.|", ["BUY", "SELL"]),
    ("completion", "bp.InstrumentFilter.|", ["exchanges", "instruments", "underlyings"]),
    ("completion", "data[0].|", ["exchange"]),
    (
        "signatureHelp",
        "bp.build_ioc_market_order_to_close_position(|)",
        ["exchange: int", "side: Side", "quantity: Decimal | int | float", "PyOrderRequestOpen"],
    ),
    ("signatureHelp", "instrument.market_order(|)", ["quantity: Decimal | int", "strategy_id: "]),
    ("hover", "state.upd|ated", ["InstrumentView | None", "instrument of the market"]),
    ("hover", "instrument.mid_f|64", ["float | None"]),
    ("hover", "bp.Reconn|ecting", ["class", "A stream was lost"]),
]
# Written in Python, so it is there without the stub too: the control shows that the server works.
ALWAYS = ("completion", "bp.|", ["EngineView", "Strategy", "run_backtest"])


class Server:
    """A language server on the other end of a pipe."""

    def __init__(self, root: Path) -> None:
        pipe, command = subprocess.PIPE, [sys.executable, "-c", START, "--stdio"]
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=root)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.input, self.output = self.process.stdin, self.process.stdout
        # Of a server that hangs the pipe is closed: reading ends, and the check fails.
        self.watchdog = threading.Timer(SECONDS, self.process.kill)
        self.watchdog.daemon = True
        self.watchdog.start()
        self.requests = 0
        can, folder = {"workspace": {"configuration": True}}, {"uri": root.as_uri(), "name": "user"}
        self.ask("initialize", {"capabilities": can, "workspaceFolders": [folder]})
        self.send({"method": "initialized", "params": {}})

    def send(self, message: dict[str, object]) -> None:
        """Send a message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.input.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.input.flush()

    def ask(self, method: str, params: object) -> object:
        """Send a request and wait for its answer, answering what the server asks meanwhile."""
        self.requests += 1
        self.send({"id": self.requests, "method": method, "params": params})
        while head := self.output.readline():
            if head.lower().startswith(b"content-length:"):
                length = int(head.split(b":")[1])
                while self.output.readline().strip():
                    pass
                message = json.loads(self.output.read(length))
                if message.get("method") == "workspace/configuration":
                    items = message["params"]["items"]
                    result = [{"pythonPath": sys.executable}] * len(items)
                    self.send({"id": message["id"], "result": result})
                elif "method" in message and "id" in message:
                    self.send({"id": message["id"], "result": None})
                elif message.get("id") == self.requests:
                    answer: object = message["result"]
                    return answer
        raise RuntimeError(f"the language server ended before it answered {method}")

    def missing(self, file: Path, method: str, code: str, wanted: list[str]) -> list[str]:
        """Ask a case and give what its answer lacks."""
        uri, (before, _, after) = file.as_uri(), (PRELUDE + code).partition("|")
        document = {"uri": uri, "languageId": "python", "version": 1, "text": before + after}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        last = before.split("\n")[-1]
        position = {"line": before.count("\n"), "character": len(last)}
        place = {"textDocument": {"uri": uri}, "position": position}
        answer = self.ask(f"textDocument/{method}", place)
        if method == "completion":
            offered = (
                [item["label"] for item in answer["items"]] if isinstance(answer, dict) else []
            )
            return [name for name in wanted if name not in offered]
        return [text for text in wanted if text not in json.dumps(answer)]

    def close(self) -> None:
        """End the server: asked to, its own child processes end with it."""
        self.ask("shutdown", None)
        self.send({"method": "exit"})
        self.process.communicate()
        self.watchdog.cancel()


def ask_all(root: Path) -> list[list[str]]:
    """Ask every case from a directory and give what is missing from each answer."""
    server = Server(root)
    cases = enumerate([*CASES, ALWAYS])
    missing = [server.missing(root / f"case_{number}.py", *case) for number, case in cases]
    server.close()
    return missing


def main() -> int:
    """Check, and print what is wrong."""
    with tempfile.TemporaryDirectory(prefix="editor-") as name:
        user, control = Path(name).resolve() / "user", Path(name).resolve() / "control"
        user.mkdir()
        hidden = shutil.ignore_patterns("*.pyi", "__pycache__")
        installed = Path(barter_python.__file__).parent
        shutil.copytree(installed, control / "barter_python", ignore=hidden)
        missing, control_missing = ask_all(user), ask_all(control)
    failures = ["the control does not see the package"] if control_missing.pop() else []
    if missing.pop():
        failures.append("the package is not seen")
    for (method, code, _), lacking, control_lacking in zip(
        CASES, missing, control_missing, strict=True
    ):
        if lacking:
            failures.append(f"{method} at {code!r} lacks {lacking}")
        if not control_lacking:
            failures.append(f"{method} at {code!r} proves nothing: it needs no stub")
    for failure in failures:
        print(f"FAIL {failure}")
    print(f"{len(failures)} of {len(CASES)} answers are wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""A language server on the other end of a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

SECONDS = 300


class Server:
    """A language server, asked in a directory."""

    def __init__(self, root: Path, *command: str) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [sys.executable, *command], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, cwd=root
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.input, self.output = self.process.stdin, self.process.stdout
        # Of a server that hangs the pipe is closed: reading ends, and the check fails.
        self.watchdog = threading.Timer(SECONDS, self.process.kill)
        self.watchdog.daemon = True
        self.watchdog.start()
        self.requests = 0
        folder = {"uri": root.as_uri(), "name": "user"}
        can = {
            "workspace": {"configuration": True},
            "textDocument": {
                "completion": {"completionItem": {"documentationFormat": ["plaintext"]}}
            },
        }
        arguments = {"processId": None, "rootUri": root.as_uri(), "workspaceFolders": [folder]}
        self.ask("initialize", {"capabilities": can, **arguments})
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
                    answer: object = message.get("result")
                    return answer
        raise RuntimeError(f"the language server ended before it answered {method}")

    def answer(self, file: Path, method: str, code: str) -> str:
        """Ask at the `|` of a text, and give the answer: of a completion, the names, one a line."""
        uri, (before, _, after) = file.as_uri(), code.partition("|")
        document = {"uri": uri, "languageId": "python", "version": 1, "text": before + after}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        last = before.split("\n")[-1]
        position = {"line": before.count("\n"), "character": len(last)}
        place: dict[str, object] = {"textDocument": {"uri": uri}, "position": position}
        if method == "rename":
            place["newName"] = "renamed"
        answer = self.ask(f"textDocument/{method}", place)
        if method == "completion":
            items = answer["items"] if isinstance(answer, dict) else answer or []
            assert isinstance(items, list)
            return "\n".join(["", *(item["label"] for item in items), ""])
        return json.dumps(answer, ensure_ascii=False)

    def close(self) -> None:
        """End the server: asked to, its own child processes end with it."""
        self.ask("shutdown", None)
        self.send({"method": "exit"})
        self.process.communicate()
        self.watchdog.cancel()

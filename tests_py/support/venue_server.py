"""A server on 127.0.0.1 that stands in for venues: each connection follows a script of the test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from typing_extensions import Self
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from barter_python.streams import Address

PATIENCE = 60.0
"""Seconds that a test waits at most for what is certain to come."""
LIFE = 3 * PATIENCE
"""Seconds after which a server that nobody has ended ends by itself."""


@dataclass
class Visit:
    """One connection of a client: its number from zero, its path, and what it has sent."""

    number: int
    path: str
    socket: ServerConnection
    received: list[str] = field(default_factory=list)

    async def receive(self) -> str:
        """Give the client's next message."""
        message = await self.socket.recv(decode=True)
        self.received.append(message)
        return message

    async def send(self, *messages: object) -> None:
        """Send messages: text as it is, everything else as JSON."""
        for message in messages:
            await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def stay(self) -> None:
        """Keep the connection open, and silent, until the client goes."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed:
            pass

    async def close(self) -> None:
        """Close the connection, as a venue does that restarts."""
        await self.socket.close(1001, "restart")


Script = Callable[[Visit], Awaitable[None]]
Rest = Callable[[str], object]


class VenueServer:
    """Runs while its `with` does; each connection is handed to the script.

    `rest` answers requests by HTTP: it gets path and query, and gives what is sent as JSON, or a
    status. After `life` seconds the server ends by itself.
    """

    def __init__(self, script: Script, *, rest: Rest | None = None, life: float = LIFE) -> None:
        self.visits: list[Visit] = []
        self.requests: list[str] = []
        self.errors: list[BaseException] = []
        self._script = script
        self._rest = rest
        self._life = life
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._ready = threading.Event()
        self._scripts: list[asyncio.Task[object]] = []
        self._port = 0
        self._thread = threading.Thread(target=self._run, name="venue-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(RuntimeError):  # it has ended by itself: its errors say so
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        if self.errors and error == (None, None, None):
            raise self.errors[0]

    def address(self, path: str = "/ws") -> Address:
        """Give the server's address for a venue whose WebSocket is at that path."""
        return Address(
            websocket=f"ws://127.0.0.1:{self._port}{path}", http=f"http://127.0.0.1:{self._port}"
        )

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        async with serve(
            self._handle, "127.0.0.1", 0, process_request=self._answer, close_timeout=1
        ) as server:
            (socket,) = server.sockets
            self._port = socket.getsockname()[1]
            self._ready.set()
            try:
                await asyncio.wait_for(self._end.wait(), self._life)
            except asyncio.TimeoutError:
                self.errors.append(TimeoutError("nobody has ended the server"))
            for task in self._scripts:
                task.cancel()

    async def _handle(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        visit = Visit(len(self.visits), socket.request.path, socket)
        self.visits.append(visit)
        task = asyncio.current_task()
        assert task is not None
        self._scripts.append(task)
        try:
            await self._script(visit)
        except (ConnectionClosed, asyncio.CancelledError):
            pass  # the client has gone, or the server ends
        except BaseException as error:
            self.errors.append(error)
            raise

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        if "Upgrade" in request.headers:
            return None
        self.requests.append(request.path)
        answer = HTTPStatus.NOT_FOUND if self._rest is None else self._rest(request.path)
        if isinstance(answer, HTTPStatus):
            return connection.respond(answer, answer.phrase)
        response = connection.respond(HTTPStatus.OK, json.dumps(answer))
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = "application/json"
        return response

"""The audit of a running system, for a reader on another thread or in an event loop."""

import socket
from collections.abc import AsyncIterator, Iterator
from queue import Empty, SimpleQueue

from typing_extensions import Self, override

from .._core import AuditSnapshot, AuditTick
from ..errors import StreamError
from ..streams.waiting import wait_readable

_LOOK = 0.1
"""Seconds between two looks for Ctrl-C, which a longer wait would not notice on Windows."""


class AuditStream(Iterator[AuditSnapshot | AuditTick], AsyncIterator[AuditSnapshot | AuditTick]):
    """The audit of a system from the moment at which `System.take_audit` took it.

    The first is an `AuditSnapshot` of the state, then comes an `AuditTick` for each event, in their
    order and without a gap: what a `StateReplica` follows. A plain loop and `async for` (asyncio or
    trio) read it; both end with the system. What is not read waits in memory, so that a reader who
    is slower than the engine for long, or has stopped, lets it grow.

    Examples
    --------
    >>> from barter_python import AuditSnapshot
    >>> from barter_python.live import System
    >>> def count_ticks(system: System) -> int:
    ...     return sum(not isinstance(each, AuditSnapshot) for each in system.take_audit())
    """

    def __init__(self) -> None:
        """Make an audit that nobody writes yet."""
        self._waiting: SimpleQueue[AuditSnapshot | AuditTick | None] = SimpleQueue()
        self._reader, self._writer = socket.socketpair()
        self._reader.settimeout(0)
        self._writer.settimeout(0)
        self._is_armed = False
        self._is_awaited = False

    def _put(self, each: AuditSnapshot | AuditTick | None) -> None:
        """Take the next from the engine; `None` at the end."""
        self._waiting.put(each)
        if self._is_armed:
            self._is_armed = False
            self._writer.send(b"!")

    @override
    def __iter__(self) -> Self:
        return self

    @override
    def __next__(self) -> AuditSnapshot | AuditTick:
        while True:
            try:
                each = self._waiting.get(timeout=_LOOK)
            except Empty:
                continue
            if each is None:
                self._waiting.put(None)  # the next reader finds the end as well
                raise StopIteration
            return each

    @override
    def __aiter__(self) -> Self:
        return self

    @override
    async def __anext__(self) -> AuditSnapshot | AuditTick:
        if self._is_awaited:
            raise StreamError("the audit has a reader already: read it in one task")
        self._is_awaited = True
        try:
            while self._waiting.empty():
                await self._wait()
        finally:
            self._is_awaited = False
        each = self._waiting.get_nowait()
        if each is None:
            self._waiting.put(None)
            raise StopAsyncIteration
        return each

    async def _wait(self) -> None:
        """Wait until something may be there."""
        self._is_armed = True
        if not self._waiting.empty():
            self._is_armed = False  # it came before the alarm was set
            return
        await wait_readable(self._reader.fileno())
        self._reader.recv(64)

    def __del__(self) -> None:
        """Close the sockets."""
        self._reader.close()
        self._writer.close()

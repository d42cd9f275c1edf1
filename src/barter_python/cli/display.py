"""What `barter-python paper` shows of a run that goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, time_ns
from typing import TYPE_CHECKING, TypeAlias

from .._core import StreamStatus
from .._exact import fixed
from .._json import time_text
from ..errors import StreamError
from ..live import System
from ..report.text import duration, percent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

State: TypeAlias = dict[str, list[str]]
"""Lines by what they are about."""

_MOST = 3
"""So many lines of one kind are shown, so that all fit on a terminal."""
_SECOND = 1_000_000_000


@dataclass
class Watched:
    """A system, and what was seen of it last."""

    system: System
    _events: int = 0
    _looked: float = field(default_factory=monotonic)

    def state(self) -> State:
        """Give what there is to say now; nothing if it has just ended."""
        system = self.system
        if not system.events:
            return {"waiting": ["for the first market event"]}
        try:
            view = system.snapshot()
            equity, refusals = system._standing()
        except StreamError:
            return {}
        positions = [
            f"{each.name} {each.position.side.value} {each.position.quantity_abs}"
            for each in view.instruments
            if each.position is not None
        ]
        orders = [
            f"{each.name} {order.side.value} {order.quantity} at {order.price}"
            for each in view.instruments
            for order in each.orders
        ]
        return {
            "time": [_second(system.time_ns)],
            "trading": [view.trading.value],
            "events": [f"{system.events:,}, {self._rate():,.0f}/s"],
            "lag": [f"{system.lag.total_seconds():.3f} s"],
            "equity": _some([f"{fixed(amount, 4)} {asset}" for asset, amount, _ in equity]),
            "drawdown": _some(
                [f"{percent(fall)} {asset}" for asset, _, fall in equity if fall is not None]
            ),
            "positions": _some(positions),
            "open orders": _some(orders),
            "connections": _some(connections(system.statuses, time_ns())),
            "refused last": [f"{_second(time)[11:-1]} {reason}" for time, reason in refusals]
            or ["none"],
        }

    def _rate(self) -> float:
        """Count the events a second since the last look."""
        events, now = self.system.events, monotonic()
        rate = (events - self._events) / max(now - self._looked, 1e-9)
        self._events, self._looked = events, now
        return rate


def connections(statuses: Sequence[StreamStatus], now_ns: int) -> list[str]:
    """Say what each connection has told last, and how long ago."""
    last = {(each.exchange, each.sub_kind): each for each in statuses}
    return [
        f"{exchange.value} {kind.value} {each.kind.value} for {_age(now_ns - each.time_ns)}"
        for (exchange, kind), each in last.items()
    ]


def _age(nanoseconds: int) -> str:
    """Write a length of time in whole seconds; another clock may have set the machine's back."""
    return duration(max(nanoseconds, 0) // _SECOND * _SECOND)


def _second(nanoseconds: int) -> str:
    return time_text(nanoseconds // _SECOND * _SECOND)


def _some(texts: Sequence[str]) -> list[str]:
    """Give the first, and how many more there are."""
    more = [f"and {len(texts) - _MOST} more"] if len(texts) > _MOST else []
    return [*texts[:_MOST], *more] or ["none"]


class _Lines:
    """Prints a line now and then, where nobody looks at a terminal."""

    def __init__(self) -> None:
        self._next = monotonic()
        self._names: set[str] = set()

    def __call__(self, state: State) -> None:
        if state and (monotonic() >= self._next or self._names != set(state)):
            self._next = monotonic() + 10
            self._names = set(state)
            line = ", ".join(f"{name} {'; '.join(texts)}" for name, texts in state.items())
            print(f"PAPER {line}", file=sys.stderr, flush=True)


def table_of(state: State) -> Table:
    """Lay the state out, each text in one line, however long it is."""
    from rich.table import Table  # noqa: PLC0415 - only commands need it
    from rich.text import Text  # noqa: PLC0415 - only commands need it

    table = Table(expand=True)
    table.add_column("PAPER", no_wrap=True)
    table.add_column("no order leaves this machine", no_wrap=True, overflow="ellipsis", ratio=1)
    for name, texts in state.items():
        # Not markup, which brackets in a text would be.
        table.add_row(name, Text("\n".join(texts)))
    return table


class _Drawn:
    """Draws the state in place on a terminal."""

    def __init__(self, console: Console) -> None:
        from rich.live import Live  # noqa: PLC0415 - only commands need it

        self.live = Live(console=console, auto_refresh=False, transient=True)

    def __call__(self, state: State) -> None:
        self.live.update(table_of(state), refresh=True)


@contextmanager
def display() -> Iterator[Callable[[State], None]]:
    """Give what shows a state: in place on a terminal, else as lines."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console  # noqa: PLC0415 - only commands need it

    drawn = _Drawn(Console(stderr=True))
    with drawn.live:
        yield drawn

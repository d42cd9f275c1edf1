"""The command `inspect-data`, which describes a history."""

from __future__ import annotations

import sys
import warnings
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import groupby, pairwise
from pathlib import Path
from typing import TypeAlias

from .._json import time_text
from ..data import MarketData, MarketEvent
from ..instrument import IndexedInstruments
from ..report.tables import aligned
from ..system import SystemConfig
from .errors import one_line
from .histories import Files

_PAUSES_SHOWN = 5
_END_OF_1970 = 365 * 24 * 3600 * 1_000_000_000
_FROM_2000 = 946_684_800 * 1_000_000_000
_TO_2100 = 4_102_444_800 * 1_000_000_000


@dataclass(frozen=True)
class Inspection:
    """The arguments of the command."""

    files: Files
    config: Path | None = None

    def run(self) -> None:
        """Count the events and print tables."""
        self.files.check_options()
        with warnings.catch_warnings():
            # The tables say more.
            warnings.simplefilter("ignore")
            instruments = None
            if self.config is not None:
                with one_line(self.config):
                    instruments = SystemConfig.from_json(self.config).index()
            data, instruments = self.files.load_as_it_is(instruments)
        names = _names(instruments)
        counts: Counter[_Key] = Counter()
        received, exchanged, positions = array("q"), array("q"), array("q")
        for position, event in enumerate(data):
            exchange = event.exchange.value
            if isinstance(event, MarketEvent):
                counts[exchange, event.instrument, type(event.kind).__name__] += 1
                received.append(event.time_received_ns)
                exchanged.append(event.time_exchange_ns)
                positions.append(position)
            else:
                counts[exchange, -1, type(event).__name__] += 1
        _print_table(
            f"{len(data)} events in {self.files.paths[0]}",
            ["exchange", "instrument", "kind", "events"],
            [[*_shown(key, names), str(count)] for key, count in sorted(counts.items())],
        )
        first, last = min(received), max(received)
        _print_table(
            f"Span: {_seconds(last - first)} seconds",
            ["", "time_received"],
            [["first", time_text(first)], ["last", time_text(last)]],
        )
        # In the order of time: streams that were written one after the other have no gap there.
        in_time = sorted(range(len(received)), key=received.__getitem__)
        pauses = nlargest(
            _PAUSES_SHOWN,
            ((received[after] - received[before], -before) for before, after in pairwise(in_time)),
        )
        _print_table(
            "Gaps: the largest pauses between one time_received and the next in time; events count "
            "from 0",
            ["after event", "received", "pause in seconds"],
            [
                [str(positions[-index]), time_text(received[-index]), _seconds(pause)]
                for pause, index in pauses
                if pause > 0
            ],
        )
        rows = []
        for name, times in (("time_received", received), ("time_exchange", exchanged)):
            steps = [before - after for before, after in pairwise(times) if after < before]
            rows.append([name, str(len(steps)), _seconds(max(steps, default=0))])
        _print_table(
            "Order: steps back from one event to the next in the file",
            ["time", "steps back", "seconds at most"],
            rows,
        )
        of_times = (("time_received", received), ("time_exchange", exchanged))
        _print_found(
            "Units: times in 1970, which whole numbers of seconds, milliseconds or "
            "microseconds are if they are taken for nanoseconds",
            ["time", "events"],
            [
                [name, str(sum(0 < time < _END_OF_1970 for time in times))]
                for name, times in of_times
            ],
        )
        _print_found(
            "Years: times before 2000 or after 2099, those of 1970 left out",
            ["time", "events"],
            [[name, str(sum(map(_is_implausible, times)))] for name, times in of_times],
        )
        _print_found(
            "Duplicates: events that are the same as one before them; events count from 0",
            ["exchange", "instrument", "kind", "events", "first event"],
            _rows(data, _duplicates(data, received, positions, in_time), names),
        )
        _print_found(
            "Crossed: quotes with a best bid above the best ask, and events that leave an order "
            "book so; events count from 0",
            ["exchange", "instrument", "kind", "events", "first event"],
            _rows(data, data._crossed(), names),
        )
        _print_found(
            "Too early: candles that are events before their close, which a run refuses",
            ["exchange", "instrument", "kind", "events", "first event"],
            _rows(data, data._before_close(), names),
        )


_Key: TypeAlias = tuple[str, int, str]
"""Exchange, index of the instrument (-1 if there is none) and kind."""


def _names(instruments: IndexedInstruments | None) -> Sequence[str]:
    """Give the exchanges' names of the instruments, if they are known."""
    if instruments is None:
        return ()
    return [instrument.name_exchange for instrument in instruments.instruments]


def _shown(key: _Key, names: Sequence[str]) -> list[str]:
    exchange, index, kind = key
    name = names[index] if 0 <= index < len(names) else str(index)
    return [exchange, "-" if index == -1 else name, kind]


def _duplicates(
    data: MarketData, received: Sequence[int], positions: Sequence[int], in_time: Iterable[int]
) -> Iterator[int]:
    """Give the positions of the events that are the same as one before them."""
    for _, group in groupby(in_time, key=received.__getitem__):
        numbers = list(group)
        if len(numbers) == 1:
            continue  # as most are: nothing to compare
        seen = set()
        for position in map(positions.__getitem__, numbers):
            event = data[position]
            if event in seen:
                yield position
            seen.add(event)


def _rows(data: MarketData, positions: Iterable[int], names: Sequence[str]) -> list[list[str]]:
    """Count the events at some positions by exchange, instrument and kind."""
    found: dict[_Key, list[int]] = {}
    for position in positions:
        event = data[position]
        if isinstance(event, MarketEvent):
            key = event.exchange.value, event.instrument, type(event.kind).__name__
            found.setdefault(key, []).append(position)
    return [
        [*_shown(key, names), str(len(events)), str(min(events))]
        for key, events in sorted(found.items())
    ]


def _is_implausible(time: int) -> bool:
    return not (_FROM_2000 <= time < _TO_2100 or 0 < time < _END_OF_1970)


def _print_found(title: str, names: list[str], rows: list[list[str]]) -> None:
    """Print a table of what looks wrong, if anything does."""
    if any(row[names.index("events")] != "0" for row in rows):
        _print_table(title, names, rows)


def _seconds(nanoseconds: int) -> str:
    whole, fraction = divmod(nanoseconds, 1_000_000_000)
    return f"{whole}.{fraction:09d}"


def _print_table(title: str, names: list[str], rows: list[list[str]]) -> None:
    """Print a table, fitted to the terminal; plain and complete if the output is not a terminal."""
    if not sys.stdout.isatty():
        print(title, *aligned([names, *rows]), "", sep="\n")
        return
    from rich import box  # noqa: PLC0415 - only commands need it
    from rich.console import Console  # noqa: PLC0415 - only commands need it
    from rich.table import Table  # noqa: PLC0415 - only commands need it

    table = Table(box=box.SIMPLE_HEAD)
    for column, name in enumerate(names):
        table.add_column(name, justify="right" if column else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    print(title)
    Console().print(table)

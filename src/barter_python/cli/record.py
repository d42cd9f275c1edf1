"""The command `record`, which writes live market data into files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic

from .._json import time_text
from ..errors import StreamError
from ..instrument import InstrumentConfig
from ..streams import (
    StreamOptions,
    Streams,
    StreamStatus,
    SubKind,
    Subscription,
)
from ..system import SystemConfig
from .connections import addresses_of, ended_by_sigterm
from .errors import UsageError, one_line
from .parameters import positive_duration

KINDS = {
    "trades": SubKind.PUBLIC_TRADES,
    "l1": SubKind.ORDER_BOOKS_L1,
    "l2": SubKind.ORDER_BOOKS_L2,
    "liquidations": SubKind.LIQUIDATIONS,
}
"""What the option `--kind` calls them."""

RECORD_EPILOG = """\b
Example:
  barter-python record --config system.json --kind trades --kind l1 --out btc.jsonl.gz --for 1h

\b
The configuration's instruments give the events their indices: a backtest with the same
configuration reads the file as it is. Ctrl-C ends the recording in order.
"""

_MEGABYTE = 1_000_000
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Record:
    """The arguments of the command."""

    config: Path
    out: Path
    kinds: Sequence[str]
    instruments: Sequence[str]
    duration: str | None
    rotate_every: str | None
    rotate_mb: int | None
    addresses: Sequence[str]

    def run(self) -> None:
        """Record until the time is over, or until Ctrl-C."""
        duration = positive_duration("--for", self.duration)
        rotate_every = positive_duration("--rotate-every", self.rotate_every)
        options = StreamOptions(addresses=addresses_of(self.addresses))
        with one_line(self.config):
            config = SystemConfig.from_json(self.config)
            index = config.index()
            subscriptions = Subscription.each(self._chosen(config), *self._kinds())
        with ended_by_sigterm():
            try:
                streams = Streams.connect(subscriptions, options=options, instruments=index)
            except StreamError as error:
                raise UsageError(str(error)) from error
            with streams:
                with one_line(self.out):
                    recording = streams.record(
                        self.out,
                        rotate_bytes=None if self.rotate_mb is None else self.rotate_mb * _MEGABYTE,
                        rotate_every=rotate_every,
                    )
                try:
                    _read(streams, duration)
                except KeyboardInterrupt:
                    print("interrupted: the recording is being closed", file=sys.stderr)
                finally:
                    recording.close()
        files = ", ".join(str(path) for path in recording.files)
        print(f"{recording.events} events in {files}")

    def _kinds(self) -> list[SubKind]:
        for name in self.kinds:
            if name not in KINDS:
                raise UsageError(f"--kind must be one of {', '.join(KINDS)}, got {name!r}")
        return [KINDS[name] for name in self.kinds]

    def _chosen(self, config: SystemConfig) -> list[InstrumentConfig]:
        if not self.instruments:
            return list(config.instruments)
        index = config.index()
        chosen = {index.instrument_index(name) for name in self.instruments}
        return [
            instrument
            for instrument in config.instruments
            if index.instrument_index((instrument.exchange, instrument.name_exchange)) in chosen
        ]


def _read(streams: Streams, duration: timedelta | None) -> None:
    """Read, and print what the connections tell, until the time is over."""
    end = None if duration is None else monotonic() + duration.total_seconds()
    while True:
        left = _MOMENT if end is None else min(_MOMENT, timedelta(seconds=end - monotonic()))
        if left <= timedelta(0):
            return
        item = streams.next(left)
        if isinstance(item, StreamStatus):
            _print_status(item)


def _print_status(status: StreamStatus) -> None:
    connection = f"{status.exchange.value} {status.sub_kind.value}"
    reason = f": {status.reason}" if status.reason else ""
    text = f"{time_text(status.time_ns)} {connection} {status.kind.value}{reason}"
    print(text, file=sys.stderr, flush=True)

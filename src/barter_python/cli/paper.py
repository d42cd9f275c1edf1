"""The commands `paper` and `replay`: a strategy on live data, and the same run once more."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic

from .._json import time_text
from ..errors import BarterError, StreamError
from ..live import KillSwitch, PaperOptions, PaperResult, ShutdownPolicy, System, replay
from ..streams import StreamOptions
from ..system import SystemConfig
from .backtest import print_text, raised_outside
from .connections import addresses_of, ended_by_sigterm
from .errors import StrategyError, UsageError, one_line
from .limits import risk_limits
from .parameters import bind, convert_to, positive_duration
from .strategies import make_strategy

PAPER_EPILOG = """\b
Example:
  barter-python paper --config system.json --strategy my_strategy.py:EmaCross \\
    --latency 50ms --record session.jsonl.gz --kill max_silence=30s --for 8h
  barter-python replay session.jsonl.gz --strategy my_strategy.py:EmaCross

\b
No order leaves this machine: exchanges are simulated, as in a backtest.
Ctrl-C ends the run in order: --cancel-at-end and --close-at-end are done first.
A second Ctrl-C does not wait for that.

\b
--kill turns trading off: max_drawdown=0.02, max_silence=30s, max_lag=5s, max_rejections=10.
"""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Paper:
    """The arguments of the command `paper`."""

    config: Path
    strategy: str
    parameters: Sequence[str]
    duration: str | None
    record: Path | None
    latency: str | None
    candles: str | None
    cancel_at_end: bool
    close_at_end: bool
    risk: Sequence[str]
    kill: Sequence[str]
    addresses: Sequence[str]

    def run(self) -> int:
        """Run until the time is over, or until Ctrl-C, and print the result."""
        with one_line(self.config):
            config = SystemConfig.from_json(self.config)
        strategy = make_strategy(self.strategy, self.parameters)
        bound = bind(KillSwitch, self.kill, "--kill")
        with one_line("--kill"):
            kill_switch = KillSwitch(*bound.args, **bound.kwargs)
        options: PaperOptions = {
            "duration": positive_duration("--for", self.duration),
            "record": self.record,
            "shutdown": ShutdownPolicy(
                cancel_orders=self.cancel_at_end, close_positions=self.close_at_end
            ),
            "kill_switch": kill_switch,
            "risk_manager": risk_limits(self.risk),
            "candles": positive_duration("--candles", self.candles),
            "stream_options": StreamOptions(addresses=addresses_of(self.addresses)),
        }
        if self.latency is not None:
            options["latency"] = convert_to(self.latency, timedelta, "--latency")
        with ended_by_sigterm():
            try:
                with one_line(self.record or self.config):
                    system = System.start(strategy, config, **options)
                result = _watch(system)
            except UsageError:
                raise
            except KeyboardInterrupt:
                raise
            except StreamError as error:
                raise UsageError(str(error)) from error
            except BaseException as error:
                raise _described(error) from error
        print_text(str(result))
        return 0


def _watch(system: System) -> PaperResult:
    """Show how the run goes, and give its result."""
    try:
        with _display() as show:
            while True:
                result = system.wait(_SECOND)
                if result is not None:
                    return result
                show(_state(system))
    except KeyboardInterrupt as interrupt:
        try:
            result = system.shutdown()
        except StreamError:
            # No market event has come: there is nothing to show.
            raise interrupt from None
        print("interrupted: the run has been shut down", file=sys.stderr)
        return result


def _state(system: System) -> dict[str, str]:
    """Give what there is to say of a run that goes on."""
    if not system.events:
        return {"waiting": "for the first market event"}
    try:
        view = system.snapshot()
    except StreamError:
        return {}  # it has just ended
    positions = [
        f"{instrument.name} {instrument.position.side.value} {instrument.position.quantity_abs}"
        for instrument in view.instruments
        if instrument.position is not None
    ]
    last = {(each.exchange, each.sub_kind): each for each in system.statuses}
    connections = [
        f"{exchange.value} {kind.value} {each.kind.value}"
        for (exchange, kind), each in last.items()
    ]
    return {
        "time": time_text(system.time_ns // 1_000_000_000 * 1_000_000_000),
        "trading": view.trading.value,
        "events": f"{system.events:,}",
        "lag": f"{system.lag.total_seconds():.3f} s",
        "open orders": str(sum(len(instrument.orders) for instrument in view.instruments)),
        "positions": ", ".join(positions) or "none",
        "connections": ", ".join(connections),
    }


class _Lines:
    """Prints a line now and then, where nobody looks at a terminal."""

    def __init__(self) -> None:
        self._next = monotonic()
        self._names: set[str] = set()

    def __call__(self, state: dict[str, str]) -> None:
        if state and (monotonic() >= self._next or self._names != set(state)):
            self._next = monotonic() + 10
            self._names = set(state)
            line = ", ".join(f"{name} {value}" for name, value in state.items())
            print(f"PAPER {line}", file=sys.stderr, flush=True)


class _Table:
    """Draws the state in place on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - only commands need it
        from rich.live import Live  # noqa: PLC0415 - only commands need it

        self.live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)

    def __call__(self, state: dict[str, str]) -> None:
        from rich.table import Table  # noqa: PLC0415 - only commands need it

        table = Table("PAPER", "no order leaves this machine", title_justify="left")
        for name, value in state.items():
            table.add_row(name, value)
        self.live.update(table, refresh=True)


@contextmanager
def _display() -> Iterator[_Lines | _Table]:
    if not sys.stderr.isatty():
        yield _Lines()
        return
    table = _Table()
    with table.live:
        yield table


@dataclass(frozen=True)
class Replay:
    """The arguments of the command `replay`."""

    record: Path
    strategy: str
    parameters: Sequence[str]
    risk: Sequence[str]

    def run(self) -> int:
        """Print the result, and the first difference; 1 if there is one."""
        strategy = make_strategy(self.strategy, self.parameters)
        try:
            replayed = replay(self.record, strategy, risk_manager=risk_limits(self.risk))
        except OSError as error:
            raise UsageError(f"{error.filename}: {error.strerror}") from error
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise _described(error) from error
        print_text(str(replayed.result))
        if replayed.difference is None:
            print("same decisions as in the record")
            return 0
        print(f"differs from the record: {replayed.difference}", file=sys.stderr)
        return 1


def _described(error: BaseException) -> UsageError | StrategyError:
    if isinstance(error, (BarterError, ValueError)) and not raised_outside(error):
        return UsageError(str(error))
    return StrategyError(error)

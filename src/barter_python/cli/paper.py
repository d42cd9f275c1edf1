"""The commands `paper` and `replay`: a strategy on live data, and the same run once more."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ..errors import BarterError, StreamError
from ..live import KillSwitch, PaperOptions, PaperResult, ShutdownPolicy, System, replay
from ..streams import StreamOptions
from ..system import SystemConfig
from .backtest import load_warmup, print_text, raised_outside
from .connections import addresses_of, ended_by_sigterm
from .display import Watched, display
from .errors import StrategyError, UsageError, one_line
from .histories import Files
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
    warmup: Files | None
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
            "warmup": load_warmup(self.warmup, config),
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
                    system = System._connect(strategy, config, options)
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
    """Have the run begin, show how it goes, and give its result."""
    try:
        system._begin()
        watched = Watched(system)
        with display() as show:
            while True:
                result = system.wait(_SECOND)
                if result is not None:
                    return result
                show(watched.state())
    except KeyboardInterrupt as interrupt:
        try:
            result = system.shutdown()
        except StreamError:
            # No market event has come, or the strategy does not return: there is nothing to show.
            raise interrupt from None
        print("interrupted: the run has been shut down", file=sys.stderr)
        return result


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

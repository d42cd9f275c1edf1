"""Paper trading from its start to its result in one call."""

from typing_extensions import Unpack

from ..strategy import AlgoStrategy
from ..system import SystemConfig
from .result import PaperResult
from .session import PaperOptions
from .system import System


def run_paper(
    strategy: AlgoStrategy, config: SystemConfig, **options: Unpack[PaperOptions]
) -> PaperResult:
    """Trade on paper: live market data, simulated exchanges, the wall clock.

    The run is that of `run_backtest` on events that come now. It lasts for `duration`, or until
    Ctrl-C. The strategy runs on a thread of its own, as that of `System` does, so that Ctrl-C never
    cuts one of its decisions in half. No order leaves this machine.

    Parameters
    ----------
    strategy : Strategy
        The strategy, as of `run_backtest`: trading is enabled with the first market event.
    config : SystemConfig
        The instruments to trade, and how their exchanges are simulated. Without a latency, an
        exchange decides at once.
    **options : PaperOptions
        `subscriptions`, what to subscribe to: by default the trades of each instrument, and its
        best prices where the venue streams them; `stream_options`, a `StreamOptions`.

        `duration`, a `timedelta`; `shutdown`, a `ShutdownPolicy`, by default neither cancels nor
        closes; `kill_switch`, a `KillSwitch`, by default without limits.

        `record`, the path of a new file for the market events. `replay` and
        `MarketData.from_json_lines` read it; the session's file beside it, with
        `.session.jsonl.gz` behind the name, has the configuration, commands and requests.

        `warmup`, a `MarketData` of events before the run, which the strategy is shown as in
        `run_backtest`, when the first live event is there. The live events that come meanwhile
        wait, and `duration` does not count it. A record has them in a third file, with
        `.warmup.jsonl.gz` behind the name.

        `latency`, `fee_rate`, `fill_price`, `close_at_end`, `risk_free_return`, `interval`,
        `audit`, `risk_manager`, `guard_commands`, `equity_interval`, `equity_conversions` and
        `candles` as of `run_backtest`.

    Returns
    -------
    PaperResult
        The results of a backtest, with what has happened to the connections.

    Raises
    ------
    StreamError
        If a venue cannot be reached, refuses a subscription, or no market event comes in time.
    FileExistsError
        If there is a file of that record already.
    ConfigError, ValueError, TypeError
        As of `run_backtest`, before anything connects; if `warmup` ends after the first live event,
        when that has come.
    Exception
        What the strategy raises, unchanged, after the shutdown by the policy.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python import DefaultStrategy, SystemConfig
    >>> from barter_python.live import run_paper
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> def an_hour_on_paper() -> None:  # call it: it connects to Binance
    ...     print(run_paper(DefaultStrategy(), config, duration=timedelta(hours=1)))
    """
    with System._connect(strategy, config, options) as system:
        system._begin()
        system.wait()
    return system.shutdown()  # it has ended: this is its result

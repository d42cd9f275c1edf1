"""What a result remembers of how its run was made."""

from collections.abc import Collection
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import timedelta

from .._core import FillPrice
from ..exchange import MockExecutionConfig
from ..report.plain import plain_text


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """How a run was made, for its report.

    Attributes
    ----------
    strategy : str
        Name of the strategy's class.
    parameters : dict of str to str
        The fields that a strategy that is a dataclass was made of, as they were before the run.
        Objects that are no plain values have the name of their class.
    executions : tuple of MockExecutionConfig
        How the exchanges were simulated, with the latency and the fee rate of the run.
    fill_price : FillPrice
        At which price market orders were filled.
    close_at_end : bool
        Whether open positions were closed when the history was over.
    risk_manager : str, optional
        The risk manager, written as a parameter is.
    events : int
        How many events of the history were processed.
    warmup_events : int
        How many events the strategy was shown before the run; zero without a warm-up.
    since_ns : int, optional
        `since` in nanoseconds since 1970: where the run's part of the history begins.
    until_ns : int, optional
        `until` in nanoseconds since 1970: where the part and the run end.
    candles : timedelta, optional
        The length of the candles that the run has built from trades.
    remarks : tuple of str
        What the run warned of, such as faults outside the history.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> result = run_backtest(DefaultStrategy(), MarketData.from_json_lines(history), config)
    >>> result.settings.strategy, result.settings.events
    ('DefaultStrategy', 50000)
    """

    strategy: str
    parameters: dict[str, str]
    executions: tuple[MockExecutionConfig, ...]
    fill_price: FillPrice
    close_at_end: bool
    risk_manager: str | None
    events: int
    warmup_events: int
    since_ns: int | None
    until_ns: int | None
    candles: timedelta | None
    remarks: tuple[str, ...]


def parameters_of(strategy: object) -> dict[str, str]:
    """Write the fields that a dataclass was made of, but for the empty ones that a factory made."""
    if not is_dataclass(strategy) or isinstance(strategy, type):
        return {}
    values = {
        item.name: getattr(strategy, item.name, None)
        for item in fields(strategy)
        if item.init and item.repr and not item.name.startswith("_")
    }
    made_anew = {item.name for item in fields(strategy) if item.default_factory is not MISSING}
    return {
        name: plain_text(value)
        for name, value in values.items()
        if not (name in made_anew and isinstance(value, Collection) and not len(value))
    }

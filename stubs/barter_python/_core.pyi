# Generated from rust/ by `make stubs`. Do not edit.
# ruff: noqa: E501, F401, F403, F405
r"""
The native module: private, use the public modules of barter_python.
"""

import barter_python
from barter_python import engine
from barter_python import system
import builtins
import collections.abc
import datetime
import decimal
import enum
import operator
import os
import typing
import typing_extensions
__all__ = [
    "AccountEvent",
    "AccountReconnecting",
    "AccountSnapshot",
    "AssetBalance",
    "AssetState",
    "AuditSnapshot",
    "AuditTick",
    "BacktestOutput",
    "Balance",
    "CalmarRatio",
    "Candle",
    "CheckFailHigherThan",
    "CheckHigherThan",
    "Connectivity",
    "DataSetSummary",
    "Dispersion",
    "Drawdown",
    "DrawdownGenerator",
    "Engine",
    "EngineView",
    "EquityPoint",
    "ExchangeId",
    "FailedCancel",
    "FeeAsset",
    "FillPrice",
    "Health",
    "IndexedAsset",
    "IndexedInstrument",
    "IndexedInstruments",
    "InstrumentAccountSnapshot",
    "InstrumentFilter",
    "InstrumentQuoteAsset",
    "InstrumentView",
    "Level",
    "Liquidation",
    "Liquidity",
    "MarketData",
    "MarketDataIterator",
    "MarketEvent",
    "MaxDrawdownGenerator",
    "MeanDrawdown",
    "MeanDrawdownGenerator",
    "OpenPosition",
    "OptionExercise",
    "OptionKind",
    "Order",
    "OrderBook",
    "OrderBookL1",
    "OrderBookSnapshot",
    "OrderBookUpdate",
    "OrderFailure",
    "OrderFailureKind",
    "OrderKind",
    "OrderReport",
    "OrderResponseCancel",
    "OrderStatus",
    "PnLReturns",
    "PositionExited",
    "ProfitFactor",
    "PublicTrade",
    "PyOrderRequestOpen",
    "QueuePosition",
    "Range",
    "RateOfReturn",
    "Reconnecting",
    "SharpeRatio",
    "Shutdown",
    "Side",
    "SortinoRatio",
    "StateReplica",
    "TearSheet",
    "TearSheetAsset",
    "TearSheetAssetGenerator",
    "TearSheetGenerator",
    "TimeInForce",
    "TimeInterval",
    "Trade",
    "TradingState",
    "TradingSummary",
    "TradingSummaryGenerator",
    "WinRate",
    "__version__",
    "build_ioc_market_order_to_close_position",
    "calculate_abs_percent_difference",
    "calculate_delta",
    "calculate_mean",
    "calculate_population_variance",
    "calculate_quote_notional",
    "calculate_recurrence_relation_m",
    "calculate_sample_variance",
    "check_closing_order",
    "check_executions",
    "check_number",
    "close_open_positions_with_market_orders",
    "event_from_json",
    "event_to_json",
    "report_by_strategy",
    "run_backtest",
    "set_logging_level",
    "wrapped_crates",
]

__version__: builtins.str = '0.1.0'
@typing.final
class AccountEvent:
    r"""
    Something that an exchange told of an account (`barter_execution::AccountEvent`).

    Examples
    --------
    >>> from barter_python import AccountEvent, AssetBalance, Balance
    >>> event = AccountEvent(0, AssetBalance(1, Balance(100, 90), "2024-01-01T00:00:00Z"))
    >>> AccountEvent.from_json(event.to_json()) == event
    True
    """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of the exchange.
        """
    @property
    def kind(self) -> AccountSnapshot  |  AssetBalance  |  Order  |  OrderResponseCancel  |  Trade:
        r"""
        What it told.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, kind: AccountSnapshot  |  AssetBalance  |  Order  |  OrderResponseCancel  |  Trade) -> AccountEvent: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[AccountEvent], tuple[object, ...]]: ...
    def to_json(self) -> builtins.str:
        r"""
        The event as barter writes it: its `AccountStreamEvent`, decimals as text, digit for digit.
        """
    @staticmethod
    def from_json(text: builtins.str) -> AccountEvent:
        r"""
        Reads what barter writes, an `AccountStreamEvent` or the `AccountEvent` in it.

        Numbers are read digit for digit; what does not fit exactly is a `ValueError`, where barter
        itself would round. So is a text that holds an `AccountReconnecting`.
        """

@typing.final
class AccountReconnecting:
    r"""
    The connection to an account was lost and is being opened again
    (`barter_data::streams::reconnect::Event::Reconnecting` of an account's stream).
    """
    @property
    def exchange(self) -> ExchangeId:
        r"""
        The exchange whose connection was lost.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: ExchangeId) -> AccountReconnecting: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[AccountReconnecting], tuple[object, ...]]: ...
    def to_json(self) -> builtins.str:
        r"""
        The event as barter writes it: its `AccountStreamEvent`.
        """
    @staticmethod
    def from_json(text: builtins.str) -> AccountReconnecting:
        r"""
        Reads what barter writes; a text that holds an `AccountEvent` is a `ValueError`.
        """

@typing.final
class AccountSnapshot:
    r"""
    All that an exchange holds of an account (`barter_execution::AccountSnapshot`).
    """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of the exchange.
        """
    @property
    def balances(self) -> builtins.list[AssetBalance]:
        r"""
        Balances of its assets.
        """
    @property
    def instruments(self) -> builtins.list[InstrumentAccountSnapshot]:
        r"""
        Orders of its instruments.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, balances: typing.Sequence[AssetBalance], instruments: typing.Sequence[InstrumentAccountSnapshot]) -> AccountSnapshot: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[AccountSnapshot], tuple[object, ...]]: ...

@typing.final
class AssetBalance:
    r"""
    The new balance of an asset (`barter_execution::balance::AssetBalance`).
    """
    @property
    def asset(self) -> builtins.int:
        r"""
        Index of the asset.
        """
    @property
    def balance(self) -> Balance:
        r"""
        Its balance.
        """
    @property
    def time_exchange(self) -> datetime.datetime:
        r"""
        Since when, in UTC.
        """
    @property
    def time_exchange_ns(self) -> builtins.int:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, asset: builtins.int, balance: Balance, time_exchange: datetime.datetime | builtins.int | builtins.str) -> AssetBalance: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[AssetBalance], tuple[object, ...]]: ...

@typing.final
class AssetState:
    r"""
    An asset and its balance (`barter::engine::state::asset::AssetState`).
    """
    @property
    def index(self) -> builtins.int:
        r"""
        Index of the asset.
        """
    @property
    def exchange(self) -> ExchangeId:
        r"""
        The exchange that it is held on.
        """
    @property
    def name(self) -> builtins.str:
        r"""
        barter's own name, in lower case, such as `btc`.
        """
    @property
    def name_exchange(self) -> builtins.str:
        r"""
        The exchange's name.
        """
    @property
    def balance(self) -> typing.Optional[Balance]:
        r"""
        Its balance; `None` before the exchange has told it.
        """
    @property
    def time_exchange(self) -> typing.Optional[datetime.datetime]:
        r"""
        Since when, in UTC.
        """
    @property
    def time_exchange_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, index: builtins.int, exchange: ExchangeId, name: builtins.str, name_exchange: builtins.str, balance: typing.Optional[Balance], time_exchange: typing.Optional[datetime.datetime | builtins.int | builtins.str]) -> AssetState: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[AssetState], tuple[object, ...]]: ...

@typing.final
class AuditSnapshot:
    r"""
    The engine's state as it was when it was asked for, numbered like an audit tick.

    What barter's `Auditor::audit_snapshot` gives; a `StateReplica` starts from it, in another process too:
    it can be pickled. Two are equal when number, time and state are.
    """
    @property
    def sequence(self) -> builtins.int:
        r"""
        Its place among the audit ticks: the first of them has the next.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        The engine's time, in UTC.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    @property
    def state(self) -> EngineView:
        r"""
        The state, as a view that is valid anywhere.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    @staticmethod
    def _of(state: EngineView, sequence: builtins.int, time_ns: builtins.int) -> AuditSnapshot:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[AuditSnapshot]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> AuditSnapshot: ...

@typing.final
class AuditTick:
    r"""
    What the engine did with an event (`barter::engine::audit::AuditTick`).

    `Engine.process` gives it, and `audit=` of `run_backtest` is called with it. It can be compared,
    pickled and written as JSON.
    """
    @property
    def sequence(self) -> builtins.int:
        r"""
        How many events the engine had processed before, the snapshot of its state included.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        The engine's time, in UTC.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    @property
    def event(self) -> barter_python.engine.EngineEvent | None:
        r"""
        The event; `None` when the feed of events had ended.
        """
    @property
    def outputs(self) -> tuple[barter_python.engine.EngineOutput, ...]:
        r"""
        What the engine did, in the order in which it did it.
        """
    @property
    def errors(self) -> builtins.list[builtins.str]:
        r"""
        barter's texts of the errors after which the engine cannot go on.
        """
    @property
    def is_terminal(self) -> builtins.bool:
        r"""
        Whether it is the last: after a `Shutdown`, an error, or the end of the feed.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def to_json(self) -> builtins.str:
        r"""
        barter's JSON, as `from_json` reads it.
        """
    @staticmethod
    def from_json(text: builtins.str) -> AuditTick:
        r"""
        Reads barter's JSON; `ValueError` when it is none.
        """
    def __hash__(self) -> builtins.int: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[AuditTick]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> AuditTick: ...

@typing.final
class BacktestOutput:
    r"""
    What a run has brought forth, for `barter_python.backtest.BacktestResult`.
    """
    @property
    def time_start(self) -> datetime.datetime:
        r"""
        When the first event was received, in UTC.
        """
    @property
    def summary(self) -> TradingSummary:
        r"""
        barter's summary.
        """
    @property
    def orders(self) -> builtins.list[OrderReport]:
        r"""
        Orders, in the order in which they were sent.
        """
    @property
    def fills(self) -> builtins.list[Trade]:
        r"""
        Our fills, in their order.
        """
    @property
    def failed_cancels(self) -> builtins.list[FailedCancel]:
        r"""
        Cancels that failed, in their order.
        """
    @property
    def refused(self) -> builtins.list[barter_python.RiskRefusal]:
        r"""
        What the risk manager has refused, in its order.
        """
    @property
    def positions(self) -> builtins.list[PositionExited]:
        r"""
        Closed positions, in the order of their closing.
        """
    @property
    def open_positions(self) -> builtins.list[OpenPosition]:
        r"""
        Positions still open at the end.
        """
    @property
    def marks(self) -> builtins.list[typing.Optional[decimal.Decimal]]:
        r"""
        By instrument index, what open positions are valued at; `None` without a price.
        """
    @property
    def equity(self) -> builtins.list[EquityPoint]:
        r"""
        Equity by quote asset at the start, after each fill and at the end.
        """
    @property
    def balances(self) -> builtins.list[Balance]:
        r"""
        Balances at the end, by asset index.
        """
    @property
    def time_start_ns(self) -> builtins.int:
        r"""
        `time_start` in nanoseconds since 1970 in UTC.
        """
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> BacktestOutput: ...

@typing.final
class Balance:
    r"""
    An amount of an asset (`barter_execution::balance::Balance`).
    """
    @property
    def total(self) -> decimal.Decimal:
        r"""
        All that is held.
        """
    @property
    def free(self) -> decimal.Decimal:
        r"""
        What is not reserved by orders.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, total: decimal.Decimal | builtins.int, free: decimal.Decimal | builtins.int) -> Balance: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Balance], tuple[object, ...]]: ...

@typing.final
class CalmarRatio:
    r"""
    Excess return over the deepest drawdown (`barter::statistic::metric::calmar::CalmarRatio`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.statistic import CalmarRatio, TimeInterval
    >>> ratio = CalmarRatio.calculate(
    ...     risk_free_return=0, mean_return=Decimal("0.02"), max_drawdown=Decimal("0.1"),
    ...     returns_period=TimeInterval.DAILY)
    >>> ratio.value
    Decimal('0.2')
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        barter's figure: without a drawdown, the greatest decimal for an excess return, the least
        for a lack of it, zero for neither.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The time that the figure is for.
        """
    @property
    def ratio(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure where it is a number: `None` without a drawdown, and where scaling gave a number
        that does not fit, which barter shows as the greatest decimal whatever its sign.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> CalmarRatio: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[CalmarRatio], tuple[object, ...]]: ...
    @staticmethod
    def calculate(risk_free_return: decimal.Decimal | builtins.int, mean_return: decimal.Decimal | builtins.int, max_drawdown: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> CalmarRatio:
        r"""
        (mean return - risk-free return) / deepest drawdown, without its sign.

        Parameters
        ----------
        risk_free_return : Decimal or int
            What is earned without a risk in the period.
        mean_return : Decimal or int
            The mean of the returns.
        max_drawdown : Decimal or int
            The deepest drawdown, as a fraction of the peak; its sign is not looked at.
        returns_period : TimeInterval or timedelta
            The period that a return is for.

        Raises
        ------
        ValueError
            When the ratio does not fit into 28 digits, or the period is not positive.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> CalmarRatio:
        r"""
        The ratio of another interval: times the root of the quotient of the two lengths.
        """

@typing.final
class Candle:
    r"""
    A candle (`barter_data::subscription::candle::Candle`).
    """
    @property
    def close_time(self) -> datetime.datetime:
        r"""
        When it closed, in UTC.
        """
    @property
    def open(self) -> decimal.Decimal:
        r"""
        First price, in the quote asset.
        """
    @property
    def high(self) -> decimal.Decimal:
        r"""
        Highest price.
        """
    @property
    def low(self) -> decimal.Decimal:
        r"""
        Lowest price.
        """
    @property
    def close(self) -> decimal.Decimal:
        r"""
        Last price.
        """
    @property
    def volume(self) -> decimal.Decimal:
        r"""
        Quantity traded, in the base asset.
        """
    @property
    def trade_count(self) -> builtins.int:
        r"""
        Number of trades.
        """
    @property
    def close_time_ns(self) -> builtins.int:
        r"""
        `close_time` in nanoseconds since 1970 in UTC.
        """
    @property
    def close_f64(self) -> builtins.float:
        r"""
        `close` as the nearest float.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, close_time: datetime.datetime | builtins.int | builtins.str, open: decimal.Decimal | builtins.int, high: decimal.Decimal | builtins.int, low: decimal.Decimal | builtins.int, close: decimal.Decimal | builtins.int, volume: decimal.Decimal | builtins.int, trade_count: builtins.int) -> Candle: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Candle], tuple[object, ...]]: ...

@typing.final
class CheckFailHigherThan:
    r"""
    What did not pass a `CheckHigherThan` (`barter::risk::check::CheckFailHigherThan`); `str` gives barter's text.
    """
    @property
    def limit(self) -> decimal.Decimal:
        r"""
        The greatest number that passes.
        """
    @property
    def input(self) -> decimal.Decimal:
        r"""
        The number that did not.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, limit: decimal.Decimal | builtins.int, input: decimal.Decimal | builtins.int) -> CheckFailHigherThan: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[CheckFailHigherThan], tuple[object, ...]]: ...
    def __str__(self) -> builtins.str: ...

@typing.final
class CheckHigherThan:
    r"""
    Whether a number is above a limit (`barter::risk::check::CheckHigherThan`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.risk import CheckHigherThan
    >>> largest = CheckHigherThan(Decimal(50))
    >>> largest.check(Decimal(50)) is None
    True
    >>> print(largest.check(Decimal("50.1")))
    CheckHigherThanFailed: input 50.1 > limit 50
    """
    @property
    def limit(self) -> decimal.Decimal:
        r"""
        The greatest number that passes.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, limit: decimal.Decimal | builtins.int) -> CheckHigherThan: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[CheckHigherThan], tuple[object, ...]]: ...
    @staticmethod
    def name() -> builtins.str:
        r"""
        Give the check's name.
        """
    def check(self, input: decimal.Decimal | builtins.int) -> typing.Optional[CheckFailHigherThan]:
        r"""
        Check a number: `None` when it is not above the limit, else what is wrong.
        """

@typing.final
class Connectivity:
    r"""
    The connections to an exchange (`barter::engine::state::connectivity::ConnectivityState`).
    """
    @property
    def exchange(self) -> ExchangeId:
        r"""
        The exchange.
        """
    @property
    def market_data(self) -> Health:
        r"""
        That of market data.
        """
    @property
    def account(self) -> Health:
        r"""
        That of the account.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: ExchangeId, market_data: Health, account: Health) -> Connectivity: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Connectivity], tuple[object, ...]]: ...

@typing.final
class DataSetSummary:
    r"""
    Count, sum, mean and dispersion of values (`barter::statistic::summary::dataset::DataSetSummary`).

    barter's `update` changes a summary in place; here `updated` gives the next one.

    Examples
    --------
    >>> from barter_python.statistic import DataSetSummary
    >>> summary = DataSetSummary.of([2, 6])
    >>> summary.mean, summary.dispersion.variance, summary.dispersion.range.high
    (Decimal('4'), Decimal('4'), Decimal('6'))
    """
    @property
    def count(self) -> decimal.Decimal:
        r"""
        How many values there were.
        """
    @property
    def sum(self) -> decimal.Decimal:
        r"""
        Their sum.
        """
    @property
    def mean(self) -> decimal.Decimal:
        r"""
        Their mean.
        """
    @property
    def dispersion(self) -> Dispersion:
        r"""
        How they are spread.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, count: decimal.Decimal | builtins.int, sum: decimal.Decimal | builtins.int, mean: decimal.Decimal | builtins.int, dispersion: Dispersion) -> DataSetSummary: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[DataSetSummary], tuple[object, ...]]: ...
    @staticmethod
    def default() -> DataSetSummary:
        r"""
        The summary of no values.
        """
    @staticmethod
    def of(values: collections.abc.Iterable[decimal.Decimal | int]) -> DataSetSummary:
        r"""
        The summary of some values, which are looked at once.

        Raises
        ------
        ValueError
            When a value, or a figure of it, does not fit into 28 digits.
        """
    def updated(self, next_value: decimal.Decimal | builtins.int) -> DataSetSummary:
        r"""
        The summary with another value.

        Raises
        ------
        ValueError
            When a figure does not fit into 28 digits.
        """

@typing.final
class Dispersion:
    r"""
    How values are spread (`barter::statistic::summary::dataset::dispersion::Dispersion`).

    barter's `update` changes a dispersion in place; here `updated` gives the next one.

    Examples
    --------
    >>> from barter_python.statistic import Dispersion
    >>> Dispersion.default().updated(prev_mean=0, new_mean=3, new_value=3, value_count=1).variance
    Decimal('0')
    """
    @property
    def range(self) -> Range:
        r"""
        The least and the greatest value.
        """
    @property
    def recurrence_relation_m(self) -> decimal.Decimal:
        r"""
        The sum of squared distances from the mean.
        """
    @property
    def variance(self) -> decimal.Decimal:
        r"""
        The variance of the population: that sum over the count.
        """
    @property
    def std_dev(self) -> decimal.Decimal:
        r"""
        The root of the variance.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, range: Range, recurrence_relation_m: decimal.Decimal | builtins.int, variance: decimal.Decimal | builtins.int, std_dev: decimal.Decimal | builtins.int) -> Dispersion: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Dispersion], tuple[object, ...]]: ...
    @staticmethod
    def default() -> Dispersion:
        r"""
        The dispersion of no values.
        """
    def updated(self, prev_mean: decimal.Decimal | builtins.int, new_mean: decimal.Decimal | builtins.int, new_value: decimal.Decimal | builtins.int, value_count: decimal.Decimal | builtins.int) -> Dispersion:
        r"""
        The dispersion with another value.

        Parameters
        ----------
        prev_mean : Decimal or int
            The mean before.
        new_mean : Decimal or int
            The mean with it.
        new_value : Decimal or int
            The value.
        value_count : Decimal or int
            How many values there are with it.

        Raises
        ------
        ValueError
            When a square does not fit.
        """

@typing.final
class Drawdown:
    r"""
    A fall from a peak (`barter::statistic::metric::drawdown::Drawdown`).
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        Depth, as a fraction of the peak.
        """
    @property
    def time_start(self) -> datetime.datetime:
        r"""
        When the peak was, in UTC.
        """
    @property
    def time_end(self) -> datetime.datetime:
        r"""
        When it ended, or was last looked at, in UTC.
        """
    @property
    def time_start_ns(self) -> builtins.int:
        r"""
        `time_start` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_end_ns(self) -> builtins.int:
        r"""
        `time_end` in nanoseconds since 1970 in UTC.
        """
    @property
    def duration(self) -> datetime.timedelta:
        r"""
        How long it took.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, time_start: datetime.datetime | builtins.int | builtins.str, time_end: datetime.datetime | builtins.int | builtins.str) -> Drawdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Drawdown], tuple[object, ...]]: ...

@typing.final
class DrawdownGenerator:
    r"""
    Finds drawdowns in a run of values (`barter::statistic::metric::drawdown::DrawdownGenerator`).

    A fall is measured as a fraction of its peak, so barter sees none below a peak that is zero or less.

    Examples
    --------
    >>> from barter_python.statistic import DrawdownGenerator
    >>> generator = DrawdownGenerator.init(100, "2024-01-01T00:00:00Z")
    >>> generator.update(80, "2024-01-02T00:00:00Z")
    >>> generator.generate().value
    Decimal('0.20')
    >>> generator.update(110, "2024-01-03T00:00:00Z").duration.days
    2
    """
    @property
    def peak(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The greatest value so far.
        """
    @property
    def drawdown_max(self) -> decimal.Decimal:
        r"""
        The deepest fall since the peak, as a fraction of it.
        """
    @property
    def time_peak(self) -> typing.Optional[datetime.datetime]:
        r"""
        When the peak was, in UTC.
        """
    @property
    def time_peak_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_peak` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_now(self) -> datetime.datetime:
        r"""
        When the last value was, in UTC; 1970 without any.
        """
    @property
    def time_now_ns(self) -> builtins.int:
        r"""
        `time_now` in nanoseconds since 1970 in UTC.
        """
    @staticmethod
    def default() -> DrawdownGenerator:
        r"""
        A generator without a value.
        """
    @staticmethod
    def init(value: decimal.Decimal | builtins.int, time: datetime.datetime | builtins.int | builtins.str) -> DrawdownGenerator:
        r"""
        A generator with its first value.

        Parameters
        ----------
        value : Decimal or int
            The first peak.
        time : datetime or int or str
            When it was: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
        """
    def update(self, value: decimal.Decimal | builtins.int, time: datetime.datetime | builtins.int | builtins.str) -> typing.Optional[Drawdown]:
        r"""
        Takes the next value; gives the drawdown that it ends by rising above the peak.

        Parameters
        ----------
        value : Decimal or int
            The next value.
        time : datetime or int or str
            When it was: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.

        Raises
        ------
        ValueError
            When the fall from the peak does not fit; the generator is unchanged then.
        """
    def generate(self) -> typing.Optional[Drawdown]:
        r"""
        The drawdown that is not over; `None` at the peak. Nothing changes.
        """
    @staticmethod
    def _from_json(text: builtins.str) -> DrawdownGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[DrawdownGenerator]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> DrawdownGenerator: ...

@typing.final
class Engine:
    r"""
    barter's engine, which its user drives event by event (`barter::engine::Engine`).

    Nothing is simulated here: the requests that the engine sends are in the audit of the event that
    caused them, and what an exchange would answer is given to `process` as account events.
    `run_backtest` is the engine with a history and a simulated exchange around it.

    Trading is disabled at first, as barter's: process `TradingState.ENABLED`. The strategy's
    `on_start` runs when the engine is made. An engine belongs to the thread that made it.

    Parameters
    ----------
    strategy : AlgoStrategy
        An instance of its own for each engine.
    instruments : IndexedInstruments
        What is traded.
    time_start : datetime or int
        Where the engine's clock stands at first; an `int` counts nanoseconds since 1970.
    risk_manager : RiskManager or RiskLimits, optional
        What approves or refuses the orders and cancels of `generate_algo_orders`.
    guard_commands : bool
        Whether it also checks commands, from hooks and from outside, and closing orders. What it
        refuses of them is in the audit as `Commanded(AlgoOrders(...))` in which nothing was sent.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, TradingState, Underlying
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSD", Underlying("btc", "usd"))])
    >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
    >>> tick = engine.process(TradingState.ENABLED)
    >>> tick.sequence, tick.event, tick.outputs
    (0, <TradingState.ENABLED: 'enabled'>, ())
    >>> engine.snapshot().trading
    <TradingState.ENABLED: 'enabled'>
    """
    @property
    def last_tick(self) -> typing.Optional[AuditTick]:
        r"""
        The audit of the event processed last.
        """
    @property
    def last_ticks(self) -> builtins.list[AuditTick]:
        r"""
        The audits of all that the last call of `process` has done.

        The first is that of the event. One more follows for each change of trading that a hook has
        asked for, which the engine processes as a further event.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        The engine's time, in UTC.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __new__(cls, strategy: barter_python.AlgoStrategy, instruments: IndexedInstruments, *, time_start: datetime.datetime | builtins.int | builtins.str, risk_manager: barter_python.RiskManagerLike | barter_python.RiskLimits | None = None, guard_commands: builtins.bool = False) -> Engine: ...
    def process(self, event: barter_python.engine.EngineEvent, *, time: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None) -> AuditTick:
        r"""
        Has the engine process one event.

        Parameters
        ----------
        event : EngineEvent
            A market or account event, a command, a trading state, or `Shutdown`.
        time : datetime or int, optional
            When the engine gets it; otherwise `time_received` of a market event, and the time that an
            account event tells. The engine's clock never runs backwards.

        Returns
        -------
        AuditTick
            What the engine did with the event. Where `on_disconnect` or `on_trading_disabled` has
            turned trading on or off, that is processed as a further event before this returns, and
            its audit is in `last_ticks`.

        Raises
        ------
        MarketDataError, AccountEventError, OrderRequestError, UnknownKeyError
            When barter would panic on the event, or be led astray; nothing has changed then.
        EnginePoisonedError
            When barter has panicked, now or before.
        Exception
            What the strategy raises, unchanged. The event has been processed all the same, as
            `last_tick` says; what the strategy would have sent was not.
        """
    def snapshot(self) -> EngineView:
        r"""
        A copy of the engine's state, as a view that is valid anywhere.
        """
    def audit_snapshot(self) -> AuditSnapshot:
        r"""
        The same with a number among the audit ticks, for a `StateReplica` to start from.

        It takes a number of its own, as barter's `audit_snapshot` does.
        """
    def trading_summary(self, *, risk_free_return: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta) -> TradingSummary:
        r"""
        barter's summary of the session so far (`Engine::trading_summary_generator`).

        Parameters
        ----------
        risk_free_return : Decimal or int
            For barter's ratios.
        interval : TimeInterval or timedelta
            What ratios and returns are scaled to.
        """
    def __repr__(self) -> builtins.str: ...

@typing.final
class EngineView:
    r"""
    The running engine, as a strategy's callbacks see it.

    One view serves the whole run and reads the engine's state in place
    (`barter::engine::state::EngineState`). It is valid only inside the callbacks of its run and on
    their thread; anywhere else it raises `ViewError`. The values that it gives can be kept.
    """
    @property
    def updated(self) -> typing.Optional[InstrumentView]:
        r"""
        The instrument of the market event just processed; `None` for every other event.
        """
    @property
    def event(self) -> typing.Optional[MarketEvent  |  Reconnecting  |  AccountEvent]:
        r"""
        The event just processed, made when it is asked for; `None` before the first.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        The engine's time, in UTC: the greatest `time_received` so far, or the time of a response.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    @property
    def trading(self) -> TradingState:
        r"""
        Whether the engine asks the strategy for orders.
        """
    @property
    def health(self) -> Health:
        r"""
        How the connections are, all together: healthy when all are.
        """
    @property
    def connectivity(self) -> builtins.list[Connectivity]:
        r"""
        The connections to each exchange; the position in the list is the exchange's index.
        """
    @property
    def assets(self) -> builtins.list[AssetState]:
        r"""
        All assets and their balances; the position in the list is the index.
        """
    @property
    def is_snapshot(self) -> builtins.bool:
        r"""
        Whether it is a copy, valid anywhere, or a view of a running engine, valid in its callbacks.
        """
    @property
    def trading_enabled(self) -> builtins.bool:
        r"""
        Whether the engine asks the strategy for orders (`TradingState::Enabled`).
        """
    @property
    def instruments(self) -> builtins.list[InstrumentView]:
        r"""
        Views of all instruments; the position in the list is the index.
        """
    def snapshot(self) -> EngineView:
        r"""
        A copy of the state, as a view that is valid anywhere and changes no more.

        It has the same attributes, and can be pickled and copied. Two such views are equal when time and
        state are.
        """
    def _own_data(self) -> object:
        r"""
        For `barter_python.strategy.own_data`.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def instrument(self, key: int | str | tuple[ExchangeId, str]) -> InstrumentView:
        r"""
        The view of an instrument.

        Parameters
        ----------
        key : int or str or tuple of ExchangeId and str
            Its index, its internal name such as `binancespot-btc_usdt`, or its exchange and the name that
            the exchange gives it, in the case that was configured.

        Raises
        ------
        UnknownKeyError
            When there is none, or when the exchange gives several of them that name.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Underlying
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))])
        >>> state = Engine(DefaultStrategy(), instruments, time_start=0).snapshot()
        >>> state.instrument((ExchangeId.BINANCE_SPOT, "BTCUSDT")).name
        'binancespot-btc_usdt'
        """
    def instruments_iter(self, filter: typing.Optional[InstrumentFilter] = None) -> collections.abc.Iterator[InstrumentView]:
        r"""
        Iterates over the views of the instruments that pass a filter, in the order of their indices.
        """
    def exchange_index(self, exchange: ExchangeId) -> builtins.int:
        r"""
        Index of an exchange, for filters; `UnknownKeyError` when no instrument is on it.
        """
    def balance(self, exchange: ExchangeId, asset: builtins.str) -> Balance:
        r"""
        The balance of an asset of an exchange; `UnknownKeyError` when no instrument has the asset.
        """
    def tear_sheet_asset(self, exchange: ExchangeId, asset: builtins.str) -> TearSheetAsset:
        r"""
        barter's figures of the balance of an asset of an exchange, from the start until now.

        Parameters
        ----------
        exchange : ExchangeId
            The exchange.
        asset : str
            Its name, in any case.

        Raises
        ------
        UnknownKeyError
            When no instrument has the asset.
        ValueError
            When a figure does not fit into 28 digits.
        """
    def next_cid(self) -> barter_python.ClientOrderId:
        r"""
        A client order id that no order of the run has had so far, the same in every run of the same
        inputs.
        """
    @staticmethod
    def _from_kept(instruments: IndexedInstruments, text: builtins.str, own_data: list[object]) -> EngineView:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[EngineView]]]: ...
    def _repr_html_(self) -> builtins.str:
        r"""
        Tables of instruments and balances, for notebooks.
        """
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> EngineView: ...

@typing.final
class EquityPoint:
    r"""
    What the account was worth in one quote asset.
    """
    @property
    def asset(self) -> builtins.int:
        r"""
        Index of the quote asset.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        When, in UTC.
        """
    @property
    def equity(self) -> decimal.Decimal:
        r"""
        The asset's balance at the start, plus profit and loss since then: realised, and unrealised
        at the mid (the last trade, or the last candle's close, where there is no book).
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, asset: builtins.int, time: datetime.datetime | builtins.int | builtins.str, equity: decimal.Decimal | builtins.int) -> EquityPoint: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[EquityPoint], tuple[object, ...]]: ...

@typing.final
class FailedCancel:
    r"""
    A cancel that failed.
    """
    @property
    def response(self) -> OrderResponseCancel:
        r"""
        The answer, with its `failure`.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        When the exchange refused it, in UTC.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, response: OrderResponseCancel, time: datetime.datetime | builtins.int | builtins.str) -> FailedCancel: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[FailedCancel], tuple[object, ...]]: ...

@typing.final
class IndexedAsset:
    r"""
    An asset with the index that barter gave it (`barter_instrument::asset::ExchangeAsset`).
    """
    @property
    def index(self) -> builtins.int:
        r"""
        Index of the asset.
        """
    @property
    def exchange_id(self) -> ExchangeId:
        r"""
        The exchange that it is held on.
        """
    @property
    def name(self) -> builtins.str:
        r"""
        barter's own name, in lower case, such as `btc`.
        """
    @property
    def name_exchange(self) -> builtins.str:
        r"""
        The exchange's name.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, index: builtins.int, exchange_id: ExchangeId, name: builtins.str, name_exchange: builtins.str) -> IndexedAsset: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[IndexedAsset], tuple[object, ...]]: ...

@typing.final
class IndexedInstrument:
    r"""
    An instrument with the indices that barter gave it (`barter_instrument::instrument::Instrument`).
    """
    @property
    def index(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of its exchange.
        """
    @property
    def exchange_id(self) -> ExchangeId:
        r"""
        Its exchange.
        """
    @property
    def name(self) -> builtins.str:
        r"""
        barter's own name, unique in a system, such as `binancespot-btc_usdt`.
        """
    @property
    def name_exchange(self) -> builtins.str:
        r"""
        The exchange's name, such as `BTCUSDT`.
        """
    @property
    def underlying(self) -> barter_python.Underlying[int]:
        r"""
        Indices of the base and the quote asset.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, index: builtins.int, exchange: builtins.int, exchange_id: ExchangeId, name: builtins.str, name_exchange: builtins.str, underlying: barter_python.Underlying[int]) -> IndexedInstrument: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[IndexedInstrument], tuple[object, ...]]: ...

@typing.final
class IndexedInstruments:
    r"""
    Instruments, assets and exchanges with the indices that the engine uses.

    barter sorts what it is given and removes doubles, so an index is only ever taken from here.
    Wraps `barter_instrument::index::IndexedInstruments`.

    Parameters
    ----------
    instruments : iterable of InstrumentConfig
        What to index, in any order.

    Raises
    ------
    ConfigError
        When there are none, or when two different instruments or assets have one internal name:
        barter would keep one of them and shift all later indices.

    Examples
    --------
    >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    >>> def spot(base: str) -> InstrumentConfig:
    ...     return InstrumentConfig(
    ...         ExchangeId.BINANCE_SPOT, f"{base}USDT".upper(), Underlying(base, "usdt"))
    >>> instruments = IndexedInstruments([spot("eth"), spot("btc")])
    >>> [instrument.name for instrument in instruments.instruments]
    ['binancespot-btc_usdt', 'binancespot-eth_usdt']
    >>> instruments.instrument_index("binancespot-eth_usdt")
    1
    """
    @property
    def exchanges(self) -> builtins.list[ExchangeId]:
        r"""
        The exchanges; the position in the list is the index.
        """
    @property
    def assets(self) -> builtins.list[IndexedAsset]:
        r"""
        The assets of all exchanges; the position in the list is the index.
        """
    @property
    def instruments(self) -> builtins.list[IndexedInstrument]:
        r"""
        The instruments; the position in the list is the index.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, instruments: collections.abc.Iterable[barter_python.InstrumentConfig]) -> IndexedInstruments: ...
    def exchange_index(self, exchange: ExchangeId) -> builtins.int:
        r"""
        Index of an exchange; `UnknownKeyError` when no instrument is on it.
        """
    def asset_index(self, exchange: ExchangeId, name: builtins.str) -> builtins.int:
        r"""
        Index of an asset of an exchange, by its name in any case; `UnknownKeyError` when there is none.
        """
    def instrument_index(self, name: builtins.str) -> builtins.int:
        r"""
        Index of an instrument, by its internal name; `UnknownKeyError` when there is none.
        """
    def __len__(self) -> builtins.int: ...
    def __reduce__(self) -> tuple[type[IndexedInstruments], tuple[object, ...]]: ...
    def __repr__(self) -> builtins.str: ...

@typing.final
class InstrumentAccountSnapshot:
    r"""
    The orders of an instrument (`barter_execution::InstrumentAccountSnapshot`).
    """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def orders(self) -> builtins.list[Order]:
        r"""
        Its orders.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, instrument: builtins.int, orders: typing.Sequence[Order]) -> InstrumentAccountSnapshot: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[InstrumentAccountSnapshot], tuple[object, ...]]: ...

@typing.final
class InstrumentFilter:
    r"""
    Which instruments a command or a helper is for.

    Wraps `barter::engine::state::instrument::filter::InstrumentFilter`. Made by its static methods;
    keys are sorted and doubles removed, so that filters with the same keys are equal.

    Examples
    --------
    >>> from barter_python import InstrumentFilter
    >>> InstrumentFilter.exchanges([1, 0])
    InstrumentFilter.exchanges([0, 1])
    >>> InstrumentFilter.instruments([2]).matches(exchange=0, instrument=2)
    True
    >>> match InstrumentFilter.none():
    ...     case InstrumentFilter(kind="none"):
    ...         print("every instrument")
    every instrument
    """
    @property
    def kind(self) -> typing.Literal['none', 'exchanges', 'instruments', 'underlyings']:
        r"""
        Which static method made it: for `match`.
        """
    @property
    def keys(self) -> tuple[int, ...] | tuple[barter_python.Underlying[int], ...]:
        r"""
        What it was made from, sorted; empty for `none()`.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    @staticmethod
    def none() -> InstrumentFilter:
        r"""
        Every instrument.
        """
    @staticmethod
    def exchanges(exchanges: collections.abc.Iterable[builtins.int]) -> InstrumentFilter:
        r"""
        The instruments of some exchanges, by exchange index; `ValueError` when there are none.
        """
    @staticmethod
    def instruments(instruments: collections.abc.Iterable[builtins.int]) -> InstrumentFilter:
        r"""
        Some instruments, by instrument index; `ValueError` when there are none.
        """
    @staticmethod
    def underlyings(underlyings: collections.abc.Iterable[barter_python.Underlying[int]]) -> InstrumentFilter:
        r"""
        The instruments of some underlying pairs, by asset indices; `ValueError` when there are none.
        """
    def matches(self, exchange: builtins.int, instrument: builtins.int, underlying: typing.Optional[barter_python.Underlying[int]] = None) -> builtins.bool:
        r"""
        Whether an instrument passes, as barter's `InstrumentStates::instruments(filter)` decides it.

        Parameters
        ----------
        exchange : int
            Index of the instrument's exchange.
        instrument : int
            Index of the instrument.
        underlying : Underlying, optional
            Asset indices of its base and quote.

        Raises
        ------
        ValueError
            When the filter is by underlying and the underlying is not given.
        """
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[InstrumentFilter]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> InstrumentFilter: ...

@typing.final
class InstrumentView:
    r"""
    An instrument of the running engine, as a strategy's callbacks see it.

    Reads `barter::engine::state::instrument::InstrumentState` in place; valid where its `EngineView`
    is. Prices are exact decimals; their twins that end in `_f64` are the nearest floats, for
    indicators.
    """
    @property
    def index(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument, as the plain `InstrumentState` calls it.
        """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of its exchange.
        """
    @property
    def exchange_id(self) -> ExchangeId:
        r"""
        Its exchange.
        """
    @property
    def name(self) -> builtins.str:
        r"""
        barter's own name, such as `binancespot-btc_usdt`.
        """
    @property
    def name_exchange(self) -> builtins.str:
        r"""
        The exchange's name, such as `BTCUSDT`.
        """
    @property
    def underlying(self) -> barter_python.Underlying[int]:
        r"""
        Asset indices of base and quote.
        """
    @property
    def definition(self) -> barter_python.InstrumentConfig:
        r"""
        The instrument as it was configured, made when it is asked for.

        It is equal to the `InstrumentConfig` that was indexed: names are those of the exchange, as they
        were written. barter's own names in lower case are `name`, and `AssetState.name`.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Underlying
        >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
        >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
        >>> view = engine.snapshot().instrument(0)
        >>> view.definition == config, view.name
        (True, 'kraken-xbt_usd')
        """
    @property
    def kind(self) -> barter_python.system.InstrumentKind:
        r"""
        What it is: spot, perpetual, future or option, with its contract.
        """
    @property
    def spec(self) -> barter_python.system.InstrumentSpec | None:
        r"""
        The exchange's rules for orders; `None` where the configuration has none.
        """
    @property
    def price(self) -> typing.Optional[decimal.Decimal]:
        r"""
        barter's price: the mid weighted by volume, else the last trade, else the last candle's close.
        """
    @property
    def price_f64(self) -> typing.Optional[builtins.float]:
        r"""
        `price` as the nearest float.
        """
    @property
    def book(self) -> typing.Optional[OrderBook]:
        r"""
        A copy of the order book (level 2), made when it is asked for; `None` before its first event.

        It is what the snapshots and updates have made it, even where a newer L1 gives the best prices.
        """
    @property
    def mid(self) -> typing.Optional[decimal.Decimal]:
        r"""
        Half way between best bid and best ask.
        """
    @property
    def mid_f64(self) -> typing.Optional[builtins.float]:
        r"""
        `mid` as the nearest float.
        """
    @property
    def best_bid(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The highest bid's price, of the last L1 or of the order book, whichever is newer.
        """
    @property
    def best_bid_f64(self) -> typing.Optional[builtins.float]:
        r"""
        `best_bid` as the nearest float.
        """
    @property
    def best_ask(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The lowest ask's price, of the last L1 or of the order book, whichever is newer.
        """
    @property
    def best_ask_f64(self) -> typing.Optional[builtins.float]:
        r"""
        `best_ask` as the nearest float.
        """
    @property
    def last_trade(self) -> typing.Optional[decimal.Decimal]:
        r"""
        Price of the last public trade.
        """
    @property
    def last_trade_f64(self) -> typing.Optional[builtins.float]:
        r"""
        `last_trade` as the nearest float.
        """
    @property
    def position(self) -> typing.Optional[OpenPosition]:
        r"""
        The open position, if there is one.
        """
    @property
    def positions_by_strategy(self) -> builtins.dict[builtins.str, OpenPosition]:
        r"""
        The open positions of all strategies by id, in the order of the ids.
        """
    @property
    def orders(self) -> builtins.list[Order]:
        r"""
        Orders in flight and open, in the order of their client order ids.
        """
    @property
    def has_orders(self) -> builtins.bool:
        r"""
        Whether an order is in flight or open.
        """
    def _own_data(self) -> object:
        r"""
        For `barter_python.strategy.own_data`.
        """
    def position_of(self, strategy_id: barter_python.StrategyId | builtins.str) -> typing.Optional[OpenPosition]:
        r"""
        The open position of one strategy, where several trade the instrument.

        It is made of the fills of orders with this strategy's id, by a position manager of barter's.
        `position` is that of all together.

        Parameters
        ----------
        strategy_id : StrategyId or str
            Whose.
        """
    def order(self, cid: barter_python.ClientOrderId | builtins.str) -> typing.Optional[Order]:
        r"""
        The order with that id, in flight or open; `None` where there is none.

        Parameters
        ----------
        cid : ClientOrderId or str
            The order's id.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Side, Underlying
        >>> from barter_python.engine import SendOpenRequests
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
        >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
        >>> view = engine.snapshot().instrument(0)
        >>> request = view.limit_order(Side.BUY, 99, 1, strategy_id="me", cid="mine")
        >>> _ = engine.process(SendOpenRequests([request]))
        >>> order = engine.snapshot().instrument(0).order("mine")
        >>> None if order is None else order.status
        <OrderStatus.OPEN_IN_FLIGHT: 'open_in_flight'>
        """
    def tear_sheet(self, *, risk_free_return: decimal.Decimal | builtins.int = decimal.Decimal('0'), interval: TimeInterval  |  datetime.timedelta = ...) -> TearSheet:
        r"""
        barter's figures of the instrument's closed positions, from the start until now.

        Nothing changes: they are generated on a copy. `BacktestResult.statistics` has those that barter's
        tear sheet has wrong.

        Parameters
        ----------
        risk_free_return : Decimal or int
            What is earned without a risk; barter takes it off the mean return as it is.
        interval : TimeInterval or timedelta
            What ratios and returns are scaled to, of whole seconds; a year of 365 days when not given.

        Raises
        ------
        ValueError
            When a ratio does not fit, or the interval is not positive or has a fraction of a second.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Underlying
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
        >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
        >>> engine.snapshot().instrument(0).tear_sheet().pnl
        Decimal('0')
        """
    def market_order(self, side: Side, quantity: decimal.Decimal | builtins.int, *, strategy_id: barter_python.StrategyId | builtins.str, time_in_force: typing.Optional[TimeInForce] = None, cid: typing.Optional[barter_python.ClientOrderId | builtins.str] = None) -> barter_python.OrderRequestOpen:
        r"""
        A request for a market order at the best opposite price.

        Where there is no opposite price, the request names `price` instead.

        Parameters
        ----------
        side : Side
            Side of the order.
        quantity : Decimal or int
            Quantity in the base asset, positive.
        strategy_id : StrategyId or str
            Who asks.
        time_in_force : TimeInForce, optional
            `FILL_OR_KILL` fills all of it or nothing; `IMMEDIATE_OR_CANCEL` when not given.
        cid : ClientOrderId or str, optional
            The order's id, a new one when it is not given.

        Raises
        ------
        ValueError
            When the quantity is not positive, or no price is known yet.
        """
    def limit_order(self, side: Side, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, *, strategy_id: barter_python.StrategyId | builtins.str, time_in_force: typing.Optional[TimeInForce] = None, cid: typing.Optional[barter_python.ClientOrderId | builtins.str] = None) -> barter_python.OrderRequestOpen:
        r"""
        A request for a limit order.

        Parameters
        ----------
        side : Side
            Side of the order.
        price : Decimal or int
            The worst price to accept, in the quote asset.
        quantity : Decimal or int
            Quantity in the base asset, positive.
        strategy_id : StrategyId or str
            Who asks.
        time_in_force : TimeInForce, optional
            How long it stays open, until it is cancelled when not given.
        cid : ClientOrderId or str, optional
            The order's id, a new one when it is not given.

        Raises
        ------
        ValueError
            When the quantity is not positive.
        """
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> InstrumentView: ...

@typing.final
class Level:
    r"""
    A price of an order book and what is on offer there (`barter_data::books::Level`).
    """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        Price, in the quote asset.
        """
    @property
    def amount(self) -> decimal.Decimal:
        r"""
        Quantity, in the base asset.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, price: decimal.Decimal | builtins.int, amount: decimal.Decimal | builtins.int) -> Level: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Level], tuple[object, ...]]: ...

@typing.final
class Liquidation:
    r"""
    A position of somebody else that the exchange closed (`barter_data::subscription::liquidation::Liquidation`).
    """
    @property
    def side(self) -> Side:
        r"""
        Side of the closing order.
        """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        Price, in the quote asset.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity, in the base asset.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        When it happened, in UTC.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, side: Side, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, time: datetime.datetime | builtins.int | builtins.str) -> Liquidation: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Liquidation], tuple[object, ...]]: ...

@typing.final
class MarketData:
    r"""
    A history of market events, in the order given.

    It is read once, without the interpreter's lock, and can serve any number of runs. Indexing and
    iterating make the events as Python objects, one by one.

    Examples
    --------
    >>> from barter_python import MarketData
    >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
    >>> len(data)
    50000
    >>> data[0].instrument
    1
    """
    @property
    def time_start(self) -> datetime.datetime:
        r"""
        When the first event was received, in UTC.
        """
    @property
    def time_start_ns(self) -> builtins.int:
        r"""
        `time_start` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_end(self) -> datetime.datetime:
        r"""
        When the last event was received, in UTC: the greatest time, since times can step back.
        """
    @property
    def time_end_ns(self) -> builtins.int:
        r"""
        `time_end` in nanoseconds since 1970 in UTC.
        """
    @staticmethod
    def from_json_lines(path: str | os.PathLike[str]) -> MarketData:
        r"""
        Reads a file of JSON lines, each a `MarketStreamEvent` (or `MarketStreamResult`) of barter.

        Parameters
        ----------
        path : str or os.PathLike
            The file, plain or compressed with gzip.

        Raises
        ------
        MarketDataError
            When a line cannot be read exactly, naming file, line and reason; when there is no event.
        OSError
            When the file cannot be opened.
        """
    @staticmethod
    def from_json(path: str | os.PathLike[str]) -> MarketData:
        r"""
        Reads a file that holds one JSON array of events, as some of barter's examples do.

        Parameters
        ----------
        path : str or os.PathLike
            The file, plain or compressed with gzip.

        Raises
        ------
        MarketDataError
            When an element cannot be read exactly, naming file, position and reason; when there is no event.
        OSError
            When the file cannot be opened.
        """
    @staticmethod
    def from_events(events: collections.abc.Iterable[MarketEvent | Reconnecting]) -> MarketData:
        r"""
        Takes events made in Python, in the order given.

        Parameters
        ----------
        events : iterable of MarketEvent or Reconnecting
            Read to its end; an exception that it raises arrives unchanged.

        Raises
        ------
        MarketDataError
            When an event holds a number that barter's arithmetic cannot take; when there is no event.
        """
    def __len__(self) -> builtins.int: ...
    def __getitem__(self, position: int, /) -> MarketEvent  |  Reconnecting: ...
    def __iter__(self) -> MarketDataIterator: ...
    @staticmethod
    def _from_packed(packed: bytes, source: typing.Optional[builtins.str]) -> MarketData:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[MarketData]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> MarketData: ...

@typing.final
class MarketDataIterator:
    r"""
    Iterates over the events of a `MarketData`.
    """
    def __iter__(self) -> MarketDataIterator: ...
    def __next__(self) -> MarketEvent  |  Reconnecting: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> MarketDataIterator: ...

@typing.final
class MarketEvent:
    r"""
    Something that happened on a market (`barter_data::event::MarketEvent`).
    """
    @property
    def time_exchange(self) -> datetime.datetime:
        r"""
        When it happened, by the exchange's clock, in UTC.
        """
    @property
    def time_received(self) -> datetime.datetime:
        r"""
        When a trader's machine had it, in UTC.
        """
    @property
    def exchange(self) -> ExchangeId:
        r"""
        The exchange.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def kind(self) -> PublicTrade  |  OrderBookL1  |  OrderBookSnapshot  |  OrderBookUpdate  |  Candle  |  Liquidation:
        r"""
        What happened.
        """
    @property
    def time_exchange_ns(self) -> builtins.int:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_received_ns(self) -> builtins.int:
        r"""
        `time_received` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, time_exchange: datetime.datetime | builtins.int | builtins.str, time_received: datetime.datetime | builtins.int | builtins.str, exchange: ExchangeId, instrument: builtins.int, kind: PublicTrade  |  OrderBookL1  |  OrderBookSnapshot  |  OrderBookUpdate  |  Candle  |  Liquidation) -> MarketEvent: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[MarketEvent], tuple[object, ...]]: ...

@typing.final
class MaxDrawdownGenerator:
    r"""
    Keeps the deepest of drawdowns (`barter::statistic::metric::drawdown::max::MaxDrawdownGenerator`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.statistic import Drawdown, MaxDrawdownGenerator
    >>> generator = MaxDrawdownGenerator.init(Drawdown(Decimal("0.1"), 0, 1_000_000))
    >>> generator.update(Drawdown(Decimal("0.05"), 2_000_000, 3_000_000))
    >>> generator.generate().value
    Decimal('0.1')
    """
    @staticmethod
    def default() -> MaxDrawdownGenerator:
        r"""
        A generator without a drawdown.
        """
    @staticmethod
    def init(drawdown: Drawdown) -> MaxDrawdownGenerator:
        r"""
        A generator with its first drawdown.
        """
    def generate(self) -> typing.Optional[Drawdown]:
        r"""
        The deepest drawdown so far. Nothing changes.
        """
    def update(self, next_drawdown: Drawdown) -> None:
        r"""
        Takes the next drawdown.
        """
    @staticmethod
    def _from_json(text: builtins.str) -> MaxDrawdownGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[MaxDrawdownGenerator]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> MaxDrawdownGenerator: ...

@typing.final
class MeanDrawdown:
    r"""
    The mean of several drawdowns (`barter::statistic::metric::drawdown::mean::MeanDrawdown`).
    """
    @property
    def mean_drawdown(self) -> decimal.Decimal:
        r"""
        Mean depth, as a fraction of the peak.
        """
    @property
    def mean_drawdown_ms(self) -> builtins.int:
        r"""
        Mean duration, in milliseconds.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, mean_drawdown: decimal.Decimal | builtins.int, mean_drawdown_ms: builtins.int) -> MeanDrawdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[MeanDrawdown], tuple[object, ...]]: ...

@typing.final
class MeanDrawdownGenerator:
    r"""
    Keeps the mean of drawdowns (`barter::statistic::metric::drawdown::mean::MeanDrawdownGenerator`).

    barter rounds the mean duration to whole milliseconds at every step, so that it may drift:
    `mean_duration` is exact.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.statistic import Drawdown, MeanDrawdownGenerator
    >>> generator = MeanDrawdownGenerator.init(Drawdown(Decimal("0.1"), 0, 1_000_000))
    >>> generator.update(Drawdown(Decimal("0.05"), 2_000_000, 4_000_000))
    >>> generator.generate()
    MeanDrawdown(mean_drawdown=Decimal('0.0750'), mean_drawdown_ms=1)
    >>> generator.mean_duration
    datetime.timedelta(microseconds=1500)
    """
    @property
    def count(self) -> builtins.int:
        r"""
        How many drawdowns there were.
        """
    @property
    def mean_duration(self) -> typing.Optional[datetime.timedelta]:
        r"""
        The mean duration, exact to the microsecond below; `None` without a drawdown.
        """
    @staticmethod
    def default() -> MeanDrawdownGenerator:
        r"""
        A generator without a drawdown.
        """
    @staticmethod
    def init(drawdown: Drawdown) -> MeanDrawdownGenerator:
        r"""
        A generator with its first drawdown.
        """
    def generate(self) -> typing.Optional[MeanDrawdown]:
        r"""
        The mean so far. Nothing changes.
        """
    def update(self, next_drawdown: Drawdown) -> None:
        r"""
        Takes the next drawdown.

        Raises
        ------
        ValueError
            When the distance from the mean does not fit; the generator is unchanged then.
        """
    @staticmethod
    def _from_json(text: builtins.str) -> MeanDrawdownGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[MeanDrawdownGenerator]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> MeanDrawdownGenerator: ...

@typing.final
class OpenPosition:
    r"""
    An open position of a running engine (`barter::engine::state::position::Position`).
    """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def side(self) -> Side:
        r"""
        Buy for a long position, sell for a short one.
        """
    @property
    def price_entry_average(self) -> decimal.Decimal:
        r"""
        Average price of entry, in the quote asset.
        """
    @property
    def quantity_abs(self) -> decimal.Decimal:
        r"""
        Quantity, without a sign, in the base asset.
        """
    @property
    def quantity_abs_max(self) -> decimal.Decimal:
        r"""
        The greatest quantity that it had.
        """
    @property
    def pnl_unrealised(self) -> decimal.Decimal:
        r"""
        Profit or loss if it were closed now (at the instrument's `price` in a view, at the mid in
        a result), less the fees of closing that barter estimates, in the quote asset. barter
        itself refreshes it with fills only.
        """
    @property
    def pnl_realised(self) -> decimal.Decimal:
        r"""
        Profit or loss so far, fees included, in the quote asset.
        """
    @property
    def fees_enter(self) -> decimal.Decimal:
        r"""
        Fees of entry, in the quote asset.
        """
    @property
    def fees_exit(self) -> decimal.Decimal:
        r"""
        Fees of exit so far, in the quote asset.
        """
    @property
    def time_enter(self) -> datetime.datetime:
        r"""
        When it was entered, in UTC.
        """
    @property
    def time_exchange_update(self) -> datetime.datetime:
        r"""
        When its last fill happened, in UTC.
        """
    @property
    def trades(self) -> builtins.list[builtins.str]:
        r"""
        Ids of its fills.
        """
    @property
    def time_enter_ns(self) -> builtins.int:
        r"""
        `time_enter` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_exchange_update_ns(self) -> builtins.int:
        r"""
        `time_exchange_update` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, instrument: builtins.int, side: Side, price_entry_average: decimal.Decimal | builtins.int, quantity_abs: decimal.Decimal | builtins.int, quantity_abs_max: decimal.Decimal | builtins.int, pnl_unrealised: decimal.Decimal | builtins.int, pnl_realised: decimal.Decimal | builtins.int, fees_enter: decimal.Decimal | builtins.int, fees_exit: decimal.Decimal | builtins.int, time_enter: datetime.datetime | builtins.int | builtins.str, time_exchange_update: datetime.datetime | builtins.int | builtins.str, trades: typing.Sequence[builtins.str]) -> OpenPosition: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OpenPosition], tuple[object, ...]]: ...

@typing.final
class Order:
    r"""
    An order and where it stands (`barter_execution::order::Order`).

    Raises
    ------
    ValueError
        When the fields after `status` contradict it. What each status has, and nothing else:

        - OPEN: `order_id`, `filled_quantity`, `time_exchange`;
        - CANCEL_IN_FLIGHT: the same, or `filled_quantity` zero alone, where the order was not known to be open;
        - CANCELLED: `order_id`, `time_exchange`;
        - FULLY_FILLED: `filled_quantity`, which is `quantity`;
        - OPEN_IN_FLIGHT: `filled_quantity` zero;
        - OPEN_FAILED: `filled_quantity` zero, `failure`;
        - EXPIRED: none of them.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import Order, OrderKind, OrderStatus, Side, TimeInForce
    >>> order = Order(
    ...     0, 1, "ema", "cid-1", Side.BUY, Decimal("9.75"), 2, OrderKind.LIMIT,
    ...     TimeInForce.GOOD_UNTIL_CANCELLED, OrderStatus.OPEN, order_id="42",
    ...     filled_quantity=Decimal("0.5"), time_exchange="2024-01-01T00:00:00Z")
    >>> order.quantity - (order.filled_quantity or 0)
    Decimal('1.5')
    """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of the exchange.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def strategy_id(self) -> builtins.str:
        r"""
        Id of the strategy that sent it.
        """
    @property
    def client_order_id(self) -> builtins.str:
        r"""
        The order's id, chosen by the strategy.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the order.
        """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        Price of the request, in the quote asset.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity of the request, in the base asset.
        """
    @property
    def kind(self) -> OrderKind:
        r"""
        Kind of the order.
        """
    @property
    def time_in_force(self) -> TimeInForce:
        r"""
        How long it stays open.
        """
    @property
    def status(self) -> OrderStatus:
        r"""
        Where it stands.
        """
    @property
    def order_id(self) -> typing.Optional[builtins.str]:
        r"""
        The exchange's id, once it has one.
        """
    @property
    def filled_quantity(self) -> typing.Optional[decimal.Decimal]:
        r"""
        Quantity filled so far, in the base asset; `None` where barter's state does not say, which is
        after a cancel and an expiry.
        """
    @property
    def time_exchange(self) -> typing.Optional[datetime.datetime]:
        r"""
        When the exchange opened, last changed or cancelled it, in UTC; `None` where barter's state
        does not say.
        """
    @property
    def failure(self) -> typing.Optional[OrderFailure]:
        r"""
        Why it failed, where it did.
        """
    @property
    def time_exchange_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, instrument: builtins.int, strategy_id: builtins.str, client_order_id: builtins.str, side: Side, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, kind: OrderKind, time_in_force: TimeInForce, status: OrderStatus, order_id: typing.Optional[builtins.str] = None, filled_quantity: typing.Optional[decimal.Decimal | builtins.int] = None, time_exchange: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None, failure: typing.Optional[OrderFailure] = None) -> Order: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Order], tuple[object, ...]]: ...
    def to_request_cancel(self) -> barter_python.OrderRequestCancel | None:
        r"""
        The request that cancels it (`barter_execution::order::Order::to_request_cancel`).

        Returns
        -------
        OrderRequestCancel or None
            `None` where a cancel is under way, or the order has ended.

        Examples
        --------
        >>> from barter_python import EngineView, Orders
        >>> class Impatient:
        ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
        ...         orders = [order for view in state.instruments for order in view.orders]
        ...         cancels = [order.to_request_cancel() for order in orders]
        ...         return [cancel for cancel in cancels if cancel is not None], []
        """

@typing.final
class OrderBook:
    r"""
    What is on offer at each price (`barter_data::books::OrderBook`).

    The levels may be given in any order; the book has the best first, as barter sorts them. It may be
    crossed. A `MarketData` refuses a side that has a price twice, negative amounts, and amounts of zero
    in a snapshot.

    Parameters
    ----------
    sequence : int
        The exchange's number of the book's state. It is kept as it is given: barter's `OrderBook`
        does not check it, and nothing here does.
    time_engine : datetime.datetime or int or str, optional
        When the exchange's matching engine had it, in UTC, where the exchange says so.
    bids : iterable of Level
        What others buy at each price.
    asks : iterable of Level
        What others sell at each price.

    Examples
    --------
    >>> from barter_python import Level, OrderBook
    >>> book = OrderBook(1, None, bids=[Level(98, 5), Level(99, 2)], asks=[Level(101, 3)])
    >>> book.bids[0]
    Level(price=Decimal('99'), amount=Decimal('2'))
    """
    @property
    def sequence(self) -> builtins.int:
        r"""
        The exchange's number of the book's state.
        """
    @property
    def time_engine(self) -> typing.Optional[datetime.datetime]:
        r"""
        When the exchange's matching engine had it, in UTC, where the exchange says so.
        """
    @property
    def time_engine_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_engine` in nanoseconds since 1970 in UTC.
        """
    @property
    def bids(self) -> tuple[Level, ...]:
        r"""
        What others buy at each price, the highest first. A new tuple for each reading.
        """
    @property
    def asks(self) -> tuple[Level, ...]:
        r"""
        What others sell at each price, the lowest first. A new tuple for each reading.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, sequence: builtins.int, time_engine: typing.Optional[datetime.datetime | builtins.int | builtins.str], bids: collections.abc.Iterable[Level], asks: collections.abc.Iterable[Level]) -> OrderBook: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderBook], tuple[object, ...]]: ...

@typing.final
class OrderBookL1:
    r"""
    The best bid and the best ask (`barter_data::subscription::book::OrderBookL1`).
    """
    @property
    def last_update_time(self) -> datetime.datetime:
        r"""
        When the book last changed, by the exchange's clock, in UTC.
        """
    @property
    def best_bid(self) -> typing.Optional[Level]:
        r"""
        The highest bid, `None` when nobody bids.
        """
    @property
    def best_ask(self) -> typing.Optional[Level]:
        r"""
        The lowest ask, `None` when nobody asks.
        """
    @property
    def last_update_time_ns(self) -> builtins.int:
        r"""
        `last_update_time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, last_update_time: datetime.datetime | builtins.int | builtins.str, best_bid: typing.Optional[Level], best_ask: typing.Optional[Level]) -> OrderBookL1: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderBookL1], tuple[object, ...]]: ...

@typing.final
class OrderBookSnapshot:
    r"""
    The whole order book, in place of what was known of it
    (`barter_data::subscription::book::OrderBookEvent::Snapshot`).

    Examples
    --------
    >>> from barter_python import Level, OrderBook, OrderBookSnapshot
    >>> snapshot = OrderBookSnapshot(OrderBook(1, None, [Level(99, 2)], [Level(101, 3)]))
    >>> match snapshot:
    ...     case OrderBookSnapshot(book=book):
    ...         print(book.asks[0].price - book.bids[0].price)
    2
    """
    @property
    def book(self) -> OrderBook:
        r"""
        The book.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, book: OrderBook) -> OrderBookSnapshot: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderBookSnapshot], tuple[object, ...]]: ...

@typing.final
class OrderBookUpdate:
    r"""
    Levels of the order book that have changed
    (`barter_data::subscription::book::OrderBookEvent::Update`).

    Each amount is the new amount at its price; zero takes the level away. Sequence and time are
    the book's from then on.

    Examples
    --------
    >>> from barter_python import Level, OrderBook, OrderBookUpdate
    >>> OrderBookUpdate(OrderBook(2, None, bids=[Level(99, 0)], asks=[])).book.bids
    (Level(price=Decimal('99'), amount=Decimal('0')),)
    """
    @property
    def book(self) -> OrderBook:
        r"""
        The changed levels, with the sequence and the time of the book after them.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, book: OrderBook) -> OrderBookUpdate: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderBookUpdate], tuple[object, ...]]: ...

@typing.final
class OrderFailure:
    r"""
    Why a request failed (`barter_execution::error::OrderError`).

    Raises
    ------
    ValueError
        When a field is missing that the kind has, or given that it has not: `detail` goes with
        SOCKET, ASSET_INVALID, INSTRUMENT_INVALID, BALANCE_INSUFFICIENT and ORDER_REJECTED, `asset`
        with ASSET_INVALID and BALANCE_INSUFFICIENT, `instrument` with INSTRUMENT_INVALID,
        `exchange` with EXCHANGE_OFFLINE.

    Examples
    --------
    >>> from barter_python import OrderFailure, OrderFailureKind
    >>> OrderFailure(OrderFailureKind.ORDER_REJECTED, "price off the tick").message
    'order rejected: order rejected: price off the tick'
    >>> OrderFailure(OrderFailureKind.TIMEOUT, "too slow")
    Traceback (most recent call last):
        ...
    ValueError: detail must be None with OrderFailureKind.TIMEOUT, got "too slow"
    """
    @property
    def kind(self) -> OrderFailureKind:
        r"""
        The reason as a kind, to act on.
        """
    @property
    def detail(self) -> typing.Optional[builtins.str]:
        r"""
        The exchange's own words, where the kind has some.
        """
    @property
    def asset(self) -> typing.Optional[builtins.int]:
        r"""
        Index of the asset that it is about.
        """
    @property
    def instrument(self) -> typing.Optional[builtins.int]:
        r"""
        Index of the instrument that it is about.
        """
    @property
    def exchange(self) -> typing.Optional[ExchangeId]:
        r"""
        The exchange that is offline.
        """
    @property
    def message(self) -> builtins.str:
        r"""
        barter's text, to read.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, kind: OrderFailureKind, detail: typing.Optional[builtins.str] = None, asset: typing.Optional[builtins.int] = None, instrument: typing.Optional[builtins.int] = None, exchange: typing.Optional[ExchangeId] = None) -> OrderFailure: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderFailure], tuple[object, ...]]: ...

@typing.final
class OrderReport:
    r"""
    An order of a run: where it stood at the end, what its fills add up to, and its times.

    `order` is barter's, and its `filled_quantity` is `None` where its state carries none: that of an
    order which was cancelled or has expired, also after fills. That of the report is always right.
    """
    @property
    def order(self) -> Order:
        r"""
        The order, where it stood at the end.
        """
    @property
    def order_id(self) -> typing.Optional[builtins.str]:
        r"""
        The exchange's id of the order, whatever its end, as in its trades' `order_id`; `None` where
        it was refused or not answered.
        """
    @property
    def filled_quantity(self) -> decimal.Decimal:
        r"""
        What its fills add up to, in the order's own quantity; zero without fills.
        """
    @property
    def maker_quantity(self) -> decimal.Decimal:
        r"""
        What of that was filled while the order rested; the rest took liquidity.
        """
    @property
    def fees(self) -> decimal.Decimal:
        r"""
        The sum of its trades' `fees`, in the quote asset.
        """
    @property
    def average_price(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The sum of price × quantity over its fills, divided by `filled_quantity` and rounded to what a
        decimal holds; `None` without fills.
        """
    @property
    def time_sent(self) -> datetime.datetime:
        r"""
        When the engine sent it, in UTC.
        """
    @property
    def time_finished(self) -> typing.Optional[datetime.datetime]:
        r"""
        When the exchange ended it, in UTC; `None` where it is open at the end of the run.
        """
    @property
    def time_sent_ns(self) -> builtins.int:
        r"""
        `time_sent` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_finished_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_finished` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, order: Order, order_id: typing.Optional[builtins.str], filled_quantity: decimal.Decimal | builtins.int, maker_quantity: decimal.Decimal | builtins.int, fees: decimal.Decimal | builtins.int, average_price: typing.Optional[decimal.Decimal | builtins.int], time_sent: datetime.datetime | builtins.int | builtins.str, time_finished: typing.Optional[datetime.datetime | builtins.int | builtins.str]) -> OrderReport: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderReport], tuple[object, ...]]: ...

@typing.final
class OrderResponseCancel:
    r"""
    The answer to a cancel (`barter_execution::order::request::OrderResponseCancel`).

    Raises
    ------
    ValueError
        When there is neither a `failure` nor `order_id` and `time_exchange`, or both.

    Examples
    --------
    >>> from barter_python import OrderResponseCancel
    >>> OrderResponseCancel(0, 1, "ema", "cid-1", "42", "2024-01-01T00:00:00Z").failure is None
    True
    """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of the exchange.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def strategy_id(self) -> builtins.str:
        r"""
        Id of the strategy whose order it is.
        """
    @property
    def client_order_id(self) -> builtins.str:
        r"""
        The order's id, chosen by the strategy.
        """
    @property
    def order_id(self) -> typing.Optional[builtins.str]:
        r"""
        The exchange's id of the order; `None` when it was not cancelled.
        """
    @property
    def time_exchange(self) -> typing.Optional[datetime.datetime]:
        r"""
        When the exchange cancelled it, in UTC; `None` when it did not.
        """
    @property
    def failure(self) -> typing.Optional[OrderFailure]:
        r"""
        Why the order was not cancelled; `None` when it was.
        """
    @property
    def time_exchange_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, instrument: builtins.int, strategy_id: builtins.str, client_order_id: builtins.str, order_id: typing.Optional[builtins.str] = None, time_exchange: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None, failure: typing.Optional[OrderFailure] = None) -> OrderResponseCancel: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderResponseCancel], tuple[object, ...]]: ...

@typing.final
class PnLReturns:
    r"""
    Profit and loss and returns of closed positions (`barter::statistic::summary::pnl::PnLReturns`).

    barter's `update` changes it in place; here `updated` gives the next one.

    Examples
    --------
    >>> from barter_python.statistic import PnLReturns
    >>> PnLReturns.default().pnl_raw
    Decimal('0')
    """
    @property
    def pnl_raw(self) -> decimal.Decimal:
        r"""
        Sum of profits and losses, in the quote asset.
        """
    @property
    def total(self) -> DataSetSummary:
        r"""
        The returns: profit or loss over average price of entry times greatest quantity.
        """
    @property
    def losses(self) -> DataSetSummary:
        r"""
        The returns below zero.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, pnl_raw: decimal.Decimal | builtins.int, total: DataSetSummary, losses: DataSetSummary) -> PnLReturns: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[PnLReturns], tuple[object, ...]]: ...
    @staticmethod
    def default() -> PnLReturns:
        r"""
        No positions.
        """
    def updated(self, position: PositionExited) -> PnLReturns:
        r"""
        The same with another closed position.

        Raises
        ------
        ValueError
            When the position was entered for nothing, or a figure does not fit into 28 digits.
        """

@typing.final
class PositionExited:
    r"""
    A closed position (`barter::engine::state::position::PositionExited`).
    """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def side(self) -> Side:
        r"""
        Buy for a long position, sell for a short one.
        """
    @property
    def price_entry_average(self) -> decimal.Decimal:
        r"""
        Average price of entry, in the quote asset.
        """
    @property
    def quantity_abs_max(self) -> decimal.Decimal:
        r"""
        The greatest quantity that it had, in the base asset.
        """
    @property
    def pnl_realised(self) -> decimal.Decimal:
        r"""
        Profit or loss, fees included, in the quote asset.
        """
    @property
    def fees_enter(self) -> decimal.Decimal:
        r"""
        Fees of entry, in the quote asset.
        """
    @property
    def fees_exit(self) -> decimal.Decimal:
        r"""
        Fees of exit, in the quote asset.
        """
    @property
    def time_enter(self) -> datetime.datetime:
        r"""
        When it was entered, in UTC.
        """
    @property
    def time_exit(self) -> datetime.datetime:
        r"""
        When it was closed, in UTC.
        """
    @property
    def trades(self) -> builtins.list[builtins.str]:
        r"""
        Ids of its fills.
        """
    @property
    def time_enter_ns(self) -> builtins.int:
        r"""
        `time_enter` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_exit_ns(self) -> builtins.int:
        r"""
        `time_exit` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, instrument: builtins.int, side: Side, price_entry_average: decimal.Decimal | builtins.int, quantity_abs_max: decimal.Decimal | builtins.int, pnl_realised: decimal.Decimal | builtins.int, fees_enter: decimal.Decimal | builtins.int, fees_exit: decimal.Decimal | builtins.int, time_enter: datetime.datetime | builtins.int | builtins.str, time_exit: datetime.datetime | builtins.int | builtins.str, trades: typing.Sequence[builtins.str]) -> PositionExited: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[PositionExited], tuple[object, ...]]: ...

@typing.final
class ProfitFactor:
    r"""
    Profits over losses (`barter::statistic::metric::profit_factor::ProfitFactor`).

    Examples
    --------
    >>> from barter_python.statistic import ProfitFactor
    >>> factor = ProfitFactor.calculate(profits_gross_abs=6, losses_gross_abs=-4)
    >>> None if factor is None else factor.value
    Decimal('1.50')
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        barter's figure: the greatest decimal without losses, and the least without profits.
        """
    @property
    def ratio(self) -> typing.Optional[decimal.Decimal]:
        r"""
        Profits over losses: `None` without losses, zero without profits.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> ProfitFactor: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[ProfitFactor], tuple[object, ...]]: ...
    @staticmethod
    def calculate(profits_gross_abs: decimal.Decimal | builtins.int, losses_gross_abs: decimal.Decimal | builtins.int) -> typing.Optional[ProfitFactor]:
        r"""
        barter's profit factor; `None` without both profits and losses, and where the quotient does not fit.

        Parameters
        ----------
        profits_gross_abs : Decimal or int
            Sum of the profits; its sign is not looked at.
        losses_gross_abs : Decimal or int
            Sum of the losses; its sign is not looked at.
        """

@typing.final
class PublicTrade:
    r"""
    A trade between others (`barter_data::subscription::trade::PublicTrade`).
    """
    @property
    def id(self) -> builtins.str:
        r"""
        The exchange's id of the trade.
        """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        Price, in the quote asset.
        """
    @property
    def amount(self) -> decimal.Decimal:
        r"""
        Quantity, in the base asset.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the order that took liquidity.
        """
    @property
    def price_f64(self) -> builtins.float:
        r"""
        `price` as the nearest float.
        """
    @property
    def amount_f64(self) -> builtins.float:
        r"""
        `amount` as the nearest float.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, id: builtins.str, price: decimal.Decimal | builtins.int, amount: decimal.Decimal | builtins.int, side: Side) -> PublicTrade: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[PublicTrade], tuple[object, ...]]: ...

@typing.final
class PyOrderRequestOpen:
    r"""
    barter's request to open an order, as the native function gives it.

    Wraps `barter_execution::order::request::OrderRequestOpen`. In strategies, write the dataclass
    `barter_python.OrderRequestOpen` instead.
    """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of the exchange.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def strategy_id(self) -> builtins.str:
        r"""
        Id of the strategy that asks.
        """
    @property
    def client_order_id(self) -> builtins.str:
        r"""
        The order's id, chosen by the strategy.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the order.
        """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        Price, in the instrument's quote asset.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity, in the instrument's base asset.
        """
    @property
    def kind(self) -> OrderKind:
        r"""
        Kind of the order.
        """
    @property
    def time_in_force(self) -> TimeInForce:
        r"""
        How long it stays open.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, instrument: builtins.int, strategy_id: builtins.str, client_order_id: builtins.str, side: Side, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, kind: OrderKind, time_in_force: TimeInForce) -> PyOrderRequestOpen: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[PyOrderRequestOpen], tuple[object, ...]]: ...

@typing.final
class Range:
    r"""
    The least and the greatest value (`barter::statistic::summary::dataset::dispersion::Range`).

    barter's `update` changes a range in place; here `updated` gives the next one.

    Examples
    --------
    >>> from barter_python.statistic import Range
    >>> Range.init(3).updated(5).range
    Decimal('2')
    """
    @property
    def activated(self) -> builtins.bool:
        r"""
        Whether there was a value.
        """
    @property
    def high(self) -> decimal.Decimal:
        r"""
        The greatest value, zero without any.
        """
    @property
    def low(self) -> decimal.Decimal:
        r"""
        The least value, zero without any.
        """
    @property
    def range(self) -> decimal.Decimal:
        r"""
        Greatest less least value; `ValueError` when that does not fit.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, activated: builtins.bool, high: decimal.Decimal | builtins.int, low: decimal.Decimal | builtins.int) -> Range: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Range], tuple[object, ...]]: ...
    @staticmethod
    def default() -> Range:
        r"""
        The range of no values.
        """
    @staticmethod
    def init(first_value: decimal.Decimal | builtins.int) -> Range:
        r"""
        The range of one value.
        """
    def updated(self, new_value: decimal.Decimal | builtins.int) -> Range:
        r"""
        The range with another value.
        """

@typing.final
class RateOfReturn:
    r"""
    A return of a period (`barter::statistic::metric::rate_of_return::RateOfReturn`).

    Examples
    --------
    >>> from datetime import timedelta
    >>> from decimal import Decimal
    >>> from barter_python.statistic import RateOfReturn, TimeInterval
    >>> daily = RateOfReturn.calculate(Decimal("0.01"), TimeInterval.DAILY)
    >>> daily.scale(TimeInterval.ANNUAL_365).value, daily.scale(timedelta(hours=12)).value
    (Decimal('3.65'), Decimal('0.0050'))
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        barter's figure: the greatest decimal where scaling gave a number that does not fit,
        whatever its sign.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The time that the figure is for.
        """
    @property
    def rate(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure where it fits, else `None`.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, rate: typing.Optional[decimal.Decimal | builtins.int]) -> RateOfReturn: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[RateOfReturn], tuple[object, ...]]: ...
    @staticmethod
    def calculate(mean_return: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> RateOfReturn:
        r"""
        The mean return, with its period.

        Parameters
        ----------
        mean_return : Decimal or int
            The mean of the returns.
        returns_period : TimeInterval or timedelta
            The period that a return is for.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> RateOfReturn:
        r"""
        The return of another interval: times the quotient of the two lengths, without compounding.
        """

@typing.final
class Reconnecting:
    r"""
    A stream was lost and is being opened again (`barter_data::streams::reconnect::Event::Reconnecting`).
    """
    @property
    def exchange(self) -> ExchangeId:
        r"""
        The exchange whose stream was lost.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: ExchangeId) -> Reconnecting: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Reconnecting], tuple[object, ...]]: ...

@typing.final
class SharpeRatio:
    r"""
    Excess return over the deviation of returns (`barter::statistic::metric::sharpe::SharpeRatio`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.statistic import SharpeRatio, TimeInterval
    >>> daily = SharpeRatio.calculate(
    ...     risk_free_return=Decimal("0.0015"), mean_return=Decimal("0.0025"),
    ...     std_dev_returns=Decimal("0.02"), returns_period=TimeInterval.DAILY)
    >>> daily.value
    Decimal('0.05')
    >>> round(daily.scale(TimeInterval.ANNUAL_252).value, 10)
    Decimal('0.7937253933')
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        barter's figure: the greatest decimal where returns do not vary, even when they are losses.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The time that the figure is for.
        """
    @property
    def ratio(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure where it is a number: `None` where returns do not vary, and where scaling gave a
        number that does not fit, which barter shows as the greatest decimal whatever its sign.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> SharpeRatio: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[SharpeRatio], tuple[object, ...]]: ...
    @staticmethod
    def calculate(risk_free_return: decimal.Decimal | builtins.int, mean_return: decimal.Decimal | builtins.int, std_dev_returns: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> SharpeRatio:
        r"""
        (mean return - risk-free return) / deviation of returns.

        Parameters
        ----------
        risk_free_return : Decimal or int
            What is earned without a risk in the period.
        mean_return : Decimal or int
            The mean of the returns.
        std_dev_returns : Decimal or int
            Their standard deviation.
        returns_period : TimeInterval or timedelta
            The period that a return is for.

        Raises
        ------
        ValueError
            When the ratio does not fit into 28 digits, or the period is not positive.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> SharpeRatio:
        r"""
        The ratio of another interval: times the root of the quotient of the two lengths.
        """

@typing.final
class Shutdown:
    r"""
    The end of a session (`barter::shutdown::Shutdown`).
    """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls) -> Shutdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Shutdown], tuple[object, ...]]: ...

@typing.final
class SortinoRatio:
    r"""
    Excess return over the deviation of losses (`barter::statistic::metric::sortino::SortinoRatio`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.statistic import SortinoRatio, TimeInterval
    >>> ratio = SortinoRatio.calculate(
    ...     risk_free_return=0, mean_return=Decimal("0.003"),
    ...     std_dev_loss_returns=Decimal("0.012"), returns_period=TimeInterval.DAILY)
    >>> ratio.value
    Decimal('0.25')
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        barter's figure: where losses do not vary, the greatest decimal for an excess return, the
        least for a lack of it, zero for neither.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The time that the figure is for.
        """
    @property
    def ratio(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure where it is a number: `None` where losses do not vary, and where scaling gave a
        number that does not fit, which barter shows as the greatest decimal whatever its sign.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> SortinoRatio: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[SortinoRatio], tuple[object, ...]]: ...
    @staticmethod
    def calculate(risk_free_return: decimal.Decimal | builtins.int, mean_return: decimal.Decimal | builtins.int, std_dev_loss_returns: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> SortinoRatio:
        r"""
        (mean return - risk-free return) / deviation of the returns that are losses.

        Parameters
        ----------
        risk_free_return : Decimal or int
            What is earned without a risk in the period.
        mean_return : Decimal or int
            The mean of all returns.
        std_dev_loss_returns : Decimal or int
            The standard deviation of those that are losses.
        returns_period : TimeInterval or timedelta
            The period that a return is for.

        Raises
        ------
        ValueError
            When the ratio does not fit into 28 digits, or the period is not positive.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> SortinoRatio:
        r"""
        The ratio of another interval: times the root of the quotient of the two lengths.
        """

@typing.final
class StateReplica:
    r"""
    A copy of an engine's state, kept up to date by the audit of what the engine does.

    Wraps `barter::engine::audit::state_replica::StateReplicaManager`, and also records the orders and
    cancels that were sent, which barter's own replica forgets.

    Parameters
    ----------
    snapshot : AuditSnapshot
        Where to start.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Reconnecting, StateReplica, Underlying
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSD", Underlying("btc", "usd"))])
    >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
    >>> replica = StateReplica(engine.audit_snapshot())
    >>> replica.update(engine.process(Reconnecting(ExchangeId.KRAKEN)))
    >>> replica.state == engine.snapshot()
    True
    """
    @property
    def sequence(self) -> builtins.int:
        r"""
        The number of the last tick.
        """
    @property
    def state(self) -> EngineView:
        r"""
        The copy as it is now, as a view that is valid anywhere.
        """
    def __new__(cls, snapshot: AuditSnapshot) -> StateReplica: ...
    def update(self, tick: AuditTick) -> None:
        r"""
        Does to the copy what the engine did to its state.

        A tick that it has seen already is passed over, as barter does.

        Parameters
        ----------
        tick : AuditTick
            The next one.

        Raises
        ------
        AuditOrderError
            When ticks are missing before it; nothing is changed then.
        Exception
            What the strategy's own data raises on the event.
        """
    def __repr__(self) -> builtins.str: ...

@typing.final
class TearSheet:
    r"""
    barter's figures of an instrument, as barter calculates them (`barter::statistic::summary::instrument::TearSheet`).

    `win_rate` and `profit_factor` are not what their names say: see `barter_python.statistic.PositionStatistics`.
    The ratios are those of `SharpeRatio.value` and so on, with what barter shows where there is no number.
    """
    @property
    def pnl(self) -> decimal.Decimal:
        r"""
        Profit and loss of closed positions, in the quote asset.
        """
    @property
    def pnl_return(self) -> decimal.Decimal:
        r"""
        Mean return of a position, scaled to the interval.
        """
    @property
    def sharpe_ratio(self) -> decimal.Decimal:
        r"""
        Sharpe ratio, scaled to the interval; the greatest decimal where returns do not vary.
        """
    @property
    def sortino_ratio(self) -> decimal.Decimal:
        r"""
        Sortino ratio, scaled to the interval; the greatest decimal where losses do not vary.
        """
    @property
    def calmar_ratio(self) -> decimal.Decimal:
        r"""
        Calmar ratio, scaled to the interval; the greatest decimal without a drawdown.
        """
    @property
    def pnl_drawdown(self) -> typing.Optional[Drawdown]:
        r"""
        The drawdown that was not over at the end.
        """
    @property
    def pnl_drawdown_mean(self) -> typing.Optional[MeanDrawdown]:
        r"""
        The mean of all drawdowns.
        """
    @property
    def pnl_drawdown_max(self) -> typing.Optional[Drawdown]:
        r"""
        The deepest drawdown.
        """
    @property
    def win_rate(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The share of positions that lost: barter counts losses where wins are meant.
        """
    @property
    def profit_factor(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The net return over the sum of losses: barter takes the net where gross profit is meant.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, pnl: decimal.Decimal | builtins.int, pnl_return: decimal.Decimal | builtins.int, sharpe_ratio: decimal.Decimal | builtins.int, sortino_ratio: decimal.Decimal | builtins.int, calmar_ratio: decimal.Decimal | builtins.int, pnl_drawdown: typing.Optional[Drawdown], pnl_drawdown_mean: typing.Optional[MeanDrawdown], pnl_drawdown_max: typing.Optional[Drawdown], win_rate: typing.Optional[decimal.Decimal | builtins.int], profit_factor: typing.Optional[decimal.Decimal | builtins.int]) -> TearSheet: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[TearSheet], tuple[object, ...]]: ...

@typing.final
class TearSheetAsset:
    r"""
    barter's figures of an asset's balance (`barter::statistic::summary::asset::TearSheetAsset`).
    """
    @property
    def balance_end(self) -> typing.Optional[Balance]:
        r"""
        The balance at the end.
        """
    @property
    def drawdown(self) -> typing.Optional[Drawdown]:
        r"""
        The drawdown that was not over at the end.
        """
    @property
    def drawdown_mean(self) -> typing.Optional[MeanDrawdown]:
        r"""
        The mean of all drawdowns.
        """
    @property
    def drawdown_max(self) -> typing.Optional[Drawdown]:
        r"""
        The deepest drawdown.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, balance_end: typing.Optional[Balance], drawdown: typing.Optional[Drawdown], drawdown_mean: typing.Optional[MeanDrawdown], drawdown_max: typing.Optional[Drawdown]) -> TearSheetAsset: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[TearSheetAsset], tuple[object, ...]]: ...

@typing.final
class TearSheetAssetGenerator:
    r"""
    Makes the tear sheet of an asset (`barter::statistic::summary::asset::TearSheetAssetGenerator`).

    barter's `generate` changes its generator, so that the mean drawdown of a second call differs. Here
    it changes nothing.

    Examples
    --------
    >>> from barter_python import AssetBalance, Balance
    >>> from barter_python.statistic import TearSheetAssetGenerator
    >>> generator = TearSheetAssetGenerator.init(Balance(100, 100), "2024-01-01T00:00:00Z")
    >>> generator.update_from_balance(AssetBalance(0, Balance(75, 75), "2024-01-02T00:00:00Z"))
    >>> generator.generate().drawdown_max.value
    Decimal('0.25')
    """
    @property
    def balance_now(self) -> typing.Optional[Balance]:
        r"""
        The last balance.
        """
    @staticmethod
    def default() -> TearSheetAssetGenerator:
        r"""
        A generator without a balance.
        """
    @staticmethod
    def init(balance: Balance, time: datetime.datetime | builtins.int | builtins.str) -> TearSheetAssetGenerator:
        r"""
        A generator with its first balance.

        Parameters
        ----------
        balance : Balance
            The balance.
        time : datetime or int or str
            Since when: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
        """
    def update_from_balance(self, balance: AssetBalance) -> None:
        r"""
        Takes the next balance, of whatever asset.

        Raises
        ------
        ValueError
            When the fall from the peak does not fit; the generator is unchanged then.
        """
    def generate(self) -> TearSheetAsset:
        r"""
        barter's tear sheet as of now. Nothing changes.
        """
    def reset(self, balance: Balance, time: datetime.datetime | builtins.int | builtins.str) -> None:
        r"""
        Forgets everything and starts with another balance.
        """
    @staticmethod
    def _from_json(text: builtins.str) -> TearSheetAssetGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[TearSheetAssetGenerator]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> TearSheetAssetGenerator: ...

@typing.final
class TearSheetGenerator:
    r"""
    Makes the tear sheet of an instrument (`barter::statistic::summary::instrument::TearSheetGenerator`).

    barter's `generate` changes its generator, so that the mean drawdown of a second call differs. Here
    it changes nothing.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import PositionExited, Side
    >>> from barter_python.statistic import TearSheetGenerator, TimeInterval
    >>> generator = TearSheetGenerator.init("2024-01-01T00:00:00Z")
    >>> for day, pnl in enumerate([10, -5, 20, 5], start=2):
    ...     time = f"2024-01-0{day}T00:00:00Z"
    ...     generator.update_from_position(
    ...         PositionExited(0, Side.BUY, Decimal(100), 1, pnl, 0, 0, time, time, []))
    >>> sheet = generator.generate(risk_free_return=0, interval=TimeInterval.DAILY)
    >>> sheet.pnl, sheet.win_rate, generator.statistics.win_ratio
    (Decimal('30'), Decimal('0.25'), Decimal('0.75'))
    """
    @property
    def pnl_returns(self) -> PnLReturns:
        r"""
        The returns so far, of which the ratios are made.
        """
    @property
    def statistics(self) -> barter_python.PositionStatistics:
        r"""
        Wins and losses as the names mean them, which barter's tear sheet has wrong.
        """
    @property
    def time_engine_start(self) -> datetime.datetime:
        r"""
        When trading started, in UTC.
        """
    @property
    def time_engine_start_ns(self) -> builtins.int:
        r"""
        `time_engine_start` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_engine_now(self) -> datetime.datetime:
        r"""
        When the last position was closed, in UTC: the end of the period of the ratios.
        """
    @property
    def time_engine_now_ns(self) -> builtins.int:
        r"""
        `time_engine_now` in nanoseconds since 1970 in UTC.
        """
    @staticmethod
    def init(time_engine_start: datetime.datetime | builtins.int | builtins.str) -> TearSheetGenerator:
        r"""
        A generator without positions.

        Parameters
        ----------
        time_engine_start : datetime or int or str
            When trading started: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
        """
    def update_from_position(self, position: PositionExited) -> None:
        r"""
        Takes a closed position.

        Raises
        ------
        ValueError
            When the position was entered for nothing, or a figure does not fit into 28 digits; the
            generator is unchanged then.
        """
    def generate(self, risk_free_return: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta) -> TearSheet:
        r"""
        barter's tear sheet as of now. Nothing changes.

        Parameters
        ----------
        risk_free_return : Decimal or int
            What is earned without a risk; barter takes it off the mean return as it is.
        interval : TimeInterval or timedelta
            What ratios and returns are scaled to, of whole seconds.

        Raises
        ------
        ValueError
            When a ratio does not fit, or the interval is not positive or has a fraction of a second.
        """
    def reset(self, time_engine_start: datetime.datetime | builtins.int | builtins.str) -> None:
        r"""
        Forgets everything and starts at another time.
        """
    @staticmethod
    def _from_json(text: builtins.str) -> TearSheetGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[TearSheetGenerator]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> TearSheetGenerator: ...

@typing.final
class Trade:
    r"""
    One of our fills (`barter_execution::trade::Trade`).
    """
    @property
    def id(self) -> builtins.str:
        r"""
        The exchange's id of the trade.
        """
    @property
    def order_id(self) -> builtins.str:
        r"""
        The exchange's id of the order.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def strategy_id(self) -> builtins.str:
        r"""
        Id of the strategy whose order it was.
        """
    @property
    def time_exchange(self) -> datetime.datetime:
        r"""
        When it happened, in UTC.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of our order.
        """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        Price, in the quote asset.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity, in the base asset.
        """
    @property
    def fees(self) -> decimal.Decimal:
        r"""
        Fees, in the quote asset.
        """
    @property
    def time_exchange_ns(self) -> builtins.int:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, id: builtins.str, order_id: builtins.str, instrument: builtins.int, strategy_id: builtins.str, time_exchange: datetime.datetime | builtins.int | builtins.str, side: Side, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, fees: decimal.Decimal | builtins.int) -> Trade: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Trade], tuple[object, ...]]: ...

@typing.final
class TradingSummary:
    r"""
    barter's summary of a run (`barter::statistic::summary::TradingSummary`).

    A summary is a run's `result.summary`, or comes from a `TradingSummaryGenerator`.
    """
    @property
    def time_engine_start(self) -> datetime.datetime:
        r"""
        When the engine started, in UTC.
        """
    @property
    def time_engine_end(self) -> datetime.datetime:
        r"""
        When the engine stopped, in UTC.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        What ratios and returns are scaled to.
        """
    @property
    def instruments(self) -> builtins.dict[builtins.str, TearSheet]:
        r"""
        Figures by internal name of the instrument, in the order of the indices.
        """
    @property
    def assets(self) -> builtins.dict[builtins.str, TearSheetAsset]:
        r"""
        Figures by exchange and internal name of the asset, such as `binance_spot_usdt`.
        """
    @property
    def time_engine_start_ns(self) -> builtins.int:
        r"""
        `time_engine_start` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_engine_end_ns(self) -> builtins.int:
        r"""
        `time_engine_end` in nanoseconds since 1970 in UTC.
        """
    @property
    def trading_duration(self) -> datetime.timedelta:
        r"""
        From the start to the end.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, time_engine_start: datetime.datetime | builtins.int | builtins.str, time_engine_end: datetime.datetime | builtins.int | builtins.str, interval: TimeInterval  |  datetime.timedelta, instruments: typing.Mapping[builtins.str, TearSheet], assets: typing.Mapping[builtins.str, TearSheetAsset]) -> TradingSummary: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[TradingSummary], tuple[object, ...]]: ...

@typing.final
class TradingSummaryGenerator:
    r"""
    Makes the summary of a run (`barter::statistic::summary::TradingSummaryGenerator`).

    barter's `generate` changes its generator, so that the mean drawdowns of a second call differ. Here
    it changes nothing.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import (
    ...     ExchangeId, IndexedInstruments, InstrumentConfig, PositionExited, Side, Underlying)
    >>> from barter_python.statistic import TimeInterval, TradingSummaryGenerator
    >>> start, end = "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"
    >>> generator = TradingSummaryGenerator.init(0, start, start, IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))]))
    >>> generator.update_from_position(
    ...     PositionExited(0, Side.BUY, Decimal(100), 1, 7, 0, 0, start, end, []))
    >>> summary = generator.generate(TimeInterval.DAILY)
    >>> {name: sheet.pnl for name, sheet in summary.instruments.items()}
    {'binancespot-btc_usdt': Decimal('7')}
    >>> summary.trading_duration
    datetime.timedelta(days=1)
    """
    @property
    def statistics(self) -> builtins.dict[builtins.str, barter_python.PositionStatistics]:
        r"""
        Wins and losses by name of the instrument, as the names mean them, which barter has wrong.
        """
    @property
    def risk_free_return(self) -> decimal.Decimal:
        r"""
        What is earned without a risk.
        """
    @property
    def time_engine_start(self) -> datetime.datetime:
        r"""
        When trading started, in UTC.
        """
    @property
    def time_engine_start_ns(self) -> builtins.int:
        r"""
        `time_engine_start` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_engine_now(self) -> datetime.datetime:
        r"""
        The end of the summary, in UTC.
        """
    @property
    def time_engine_now_ns(self) -> builtins.int:
        r"""
        `time_engine_now` in nanoseconds since 1970 in UTC.
        """
    @staticmethod
    def init(risk_free_return: decimal.Decimal | builtins.int, time_engine_start: datetime.datetime | builtins.int | builtins.str, time_engine_now: datetime.datetime | builtins.int | builtins.str, instruments: IndexedInstruments) -> TradingSummaryGenerator:
        r"""
        A generator without positions and balances.

        Parameters
        ----------
        risk_free_return : Decimal or int
            What is earned without a risk; barter takes it off the mean return as it is.
        time_engine_start : datetime or int or str
            When trading started: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
        time_engine_now : datetime or int or str
            What the time is, in the same forms.
        instruments : IndexedInstruments
            The instruments and assets that positions and balances tell of by index.
        """
    def update_time_now(self, time_now: datetime.datetime | builtins.int | builtins.str) -> None:
        r"""
        Moves the end of the summary.
        """
    def update_from_position(self, position: PositionExited) -> None:
        r"""
        Takes a closed position; the end of the summary moves to its closing, if that is later.

        Raises
        ------
        UnknownKeyError
            When no instrument has the position's index.
        ValueError
            When the position was entered for nothing, or a figure does not fit into 28 digits; the
            generator is unchanged then.
        """
    def update_from_balance(self, balance: AssetBalance) -> None:
        r"""
        Takes a balance; the end of the summary moves to its time, if that is later.

        Raises
        ------
        UnknownKeyError
            When no asset has the balance's index.
        ValueError
            When the fall from the peak does not fit; the generator is unchanged then.
        """
    def generate(self, interval: TimeInterval  |  datetime.timedelta) -> TradingSummary:
        r"""
        barter's summary as of now. Nothing changes.

        Parameters
        ----------
        interval : TimeInterval or timedelta
            What ratios and returns are scaled to, of whole seconds.

        Raises
        ------
        ValueError
            When a ratio does not fit, or the interval is not positive or has a fraction of a second.
        """
    @staticmethod
    def _from_json(text: builtins.str) -> TradingSummaryGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[TradingSummaryGenerator]]]: ...
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> TradingSummaryGenerator: ...

@typing.final
class WinRate:
    r"""
    Wins over all positions (`barter::statistic::metric::win_rate::WinRate`).

    Examples
    --------
    >>> from barter_python.statistic import WinRate
    >>> WinRate.calculate(wins=3, total=4)
    WinRate(value=Decimal('0.75'))
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        The quotient.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int) -> WinRate: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[WinRate], tuple[object, ...]]: ...
    @staticmethod
    def calculate(wins: decimal.Decimal | builtins.int, total: decimal.Decimal | builtins.int) -> typing.Optional[WinRate]:
        r"""
        barter's win rate; `None` when the total is zero, and where the quotient does not fit.

        Parameters
        ----------
        wins : Decimal or int
            How many positions won; its sign is not looked at.
        total : Decimal or int
            How many positions there were; its sign is not looked at.
        """

@typing.final
class ExchangeId(enum.Enum):
    r"""
    Exchanges that barter knows (`barter_instrument::exchange::ExchangeId`).
    """
    OTHER = ...
    SIMULATED = ...
    MOCK = ...
    BINANCE_FUTURES_COIN = ...
    BINANCE_FUTURES_USD = ...
    BINANCE_OPTIONS = ...
    BINANCE_PORTFOLIO_MARGIN = ...
    BINANCE_SPOT = ...
    BINANCE_US = ...
    BITAZZA = ...
    BITFINEX = ...
    BITFLYER = ...
    BITGET = ...
    BITMART = ...
    BITMART_FUTURES_USD = ...
    BITMEX = ...
    BITSO = ...
    BITSTAMP = ...
    BITVAVO = ...
    BITHUMB = ...
    BYBIT_PERPETUALS_USD = ...
    BYBIT_SPOT = ...
    CEXIO = ...
    COINBASE = ...
    COINBASE_INTERNATIONAL = ...
    CRYPTOCOM = ...
    DERIBIT = ...
    GATEIO_FUTURES_BTC = ...
    GATEIO_FUTURES_USD = ...
    GATEIO_OPTIONS = ...
    GATEIO_PERPETUALS_BTC = ...
    GATEIO_PERPETUALS_USD = ...
    GATEIO_SPOT = ...
    GEMINI = ...
    HITBTC = ...
    HTX = ...
    KRAKEN = ...
    KUCOIN = ...
    LIQUID = ...
    MEXC = ...
    OKX = ...
    POLONIEX = ...

    _value_: builtins.str

@typing.final
class FeeAsset(enum.Enum):
    r"""
    The asset in which a simulated exchange takes its fees of spot fills.
    """
    QUOTE = ...
    r"""
    The quote asset, on top of what a buy costs and out of what a sale brings.
    """
    RECEIVED = ...
    r"""
    The asset that the fill brings: the base asset of a buy, the quote asset of a sale.
    """

    _value_: builtins.str

@typing.final
class FillPrice(enum.Enum):
    r"""
    At which price the simulated exchange fills market orders.
    """
    BEST_OPPOSITE = ...
    r"""
    What the market offers at the time of the fill: the asks to a buy, the bids to a sale, of the last L1 or of the order book, whichever is newer. Where there is neither, the last trade; without trades, the last candle's close.
    """
    REQUESTED = ...
    r"""
    The price that the request names, whatever the market shows: as barter's `MockExchange`.
    """

    _value_: builtins.str

@typing.final
class Health(enum.Enum):
    r"""
    How a connection is (`barter::engine::state::connectivity::Health`).
    """
    HEALTHY = ...
    r"""
    Events have come since it was lost.
    """
    RECONNECTING = ...
    r"""
    It was lost, or nothing has come yet.
    """

    _value_: builtins.str

@typing.final
class InstrumentQuoteAsset(enum.Enum):
    r"""
    Which asset of the underlying pair an instrument's prices are in (`InstrumentQuoteAsset`).
    """
    UNDERLYING_BASE = ...
    r"""
    Prices are in the base asset.
    """
    UNDERLYING_QUOTE = ...
    r"""
    Prices are in the quote asset.
    """

    _value_: builtins.str

@typing.final
class Liquidity(enum.Enum):
    r"""
    How much can be had at the prices that the market shows.
    """
    SHOWN = ...
    r"""
    The amounts that are shown, less what our orders have taken of them.
    """
    INFINITE = ...
    r"""
    Any amount at the best price.
    """

    _value_: builtins.str

@typing.final
class OptionExercise(enum.Enum):
    r"""
    When an option can be exercised (`OptionExercise`).
    """
    AMERICAN = ...
    r"""
    At any time before its expiry.
    """
    BERMUDAN = ...
    r"""
    At some times before its expiry.
    """
    EUROPEAN = ...
    r"""
    At its expiry.
    """

    _value_: builtins.str

@typing.final
class OptionKind(enum.Enum):
    r"""
    The right that an option gives (`barter_instrument::instrument::kind::option::OptionKind`).
    """
    CALL = ...
    r"""
    The right to buy.
    """
    PUT = ...
    r"""
    The right to sell.
    """

    _value_: builtins.str

@typing.final
class OrderFailureKind(enum.Enum):
    r"""
    Why a request failed (`barter_execution::error::ConnectivityError` and `ApiError`).
    """
    EXCHANGE_OFFLINE = ...
    r"""
    The exchange is offline.
    """
    TIMEOUT = ...
    r"""
    The answer did not come in time.
    """
    SOCKET = ...
    r"""
    The connection failed.
    """
    ASSET_INVALID = ...
    r"""
    The exchange does not know the asset.
    """
    INSTRUMENT_INVALID = ...
    r"""
    The exchange does not know the instrument.
    """
    RATE_LIMIT = ...
    r"""
    Too many requests.
    """
    BALANCE_INSUFFICIENT = ...
    r"""
    The free balance does not cover the order.
    """
    ORDER_REJECTED = ...
    r"""
    Refused for another reason, which the detail gives.
    """
    ORDER_ALREADY_CANCELLED = ...
    r"""
    A cancel came for an order that is cancelled already.
    """
    ORDER_ALREADY_FULLY_FILLED = ...
    r"""
    A cancel came for an order that is filled already.
    """

    _value_: builtins.str

@typing.final
class OrderKind(enum.Enum):
    r"""
    Kind of an order (`barter_execution::order::OrderKind`).
    """
    MARKET = ...
    r"""
    Filled at once at the market's price.
    """
    LIMIT = ...
    r"""
    Filled at its price or better.
    """

    _value_: builtins.str

@typing.final
class OrderStatus(enum.Enum):
    r"""
    Where an order stands (`barter_execution::order::state::OrderState`).
    """
    OPEN_IN_FLIGHT = ...
    r"""
    Sent, not yet answered.
    """
    OPEN = ...
    r"""
    Open on the exchange.
    """
    CANCEL_IN_FLIGHT = ...
    r"""
    A cancel was sent and not yet answered.
    """
    CANCELLED = ...
    r"""
    Cancelled.
    """
    FULLY_FILLED = ...
    r"""
    Filled wholly.
    """
    OPEN_FAILED = ...
    r"""
    Refused; `failure` says why.
    """
    EXPIRED = ...
    r"""
    Expired.
    """

    _value_: builtins.str

@typing.final
class QueuePosition(enum.Enum):
    r"""
    Where a resting order stands among what the market shows at its price.
    """
    FRONT = ...
    r"""
    First: every trade at the price fills it.
    """
    BACK = ...
    r"""
    Behind all that was there when it began to rest; whoever cancels was behind it.
    """
    PROPORTIONAL = ...
    r"""
    As `BACK`, but of what is cancelled a proportional part was ahead of it.
    """

    _value_: builtins.str

@typing.final
class Side(enum.Enum):
    r"""
    Side of an order, a trade or a position (`barter_instrument::Side`).
    """
    BUY = ...
    r"""
    Buy, or long.
    """
    SELL = ...
    r"""
    Sell, or short.
    """

    _value_: builtins.str

@typing.final
class TimeInForce(enum.Enum):
    r"""
    How long an order stays open (`barter_execution::order::TimeInForce`).

    barter's good-until-cancelled carries a flag; here its two values are two members, which
    `post_only` tells apart.
    """
    GOOD_UNTIL_CANCELLED = ...
    r"""
    Until it is filled or cancelled.
    """
    GOOD_UNTIL_CANCELLED_POST_ONLY = ...
    r"""
    Until it is filled or cancelled, and rejected if it would take liquidity.
    """
    GOOD_UNTIL_END_OF_DAY = ...
    r"""
    Until the end of the trading day.
    """
    FILL_OR_KILL = ...
    r"""
    Filled wholly at once, or not at all.
    """
    IMMEDIATE_OR_CANCEL = ...
    r"""
    What cannot be filled at once is cancelled.
    """

    _value_: builtins.str
    @property
    def post_only(self) -> builtins.bool:
        r"""
        Whether the order is rejected if it would take liquidity.
        """

@typing.final
class TimeInterval(enum.Enum):
    r"""
    The time that ratios and returns are scaled to (`barter::statistic::time`).
    """
    DAILY = ...
    r"""
    A day.
    """
    ANNUAL_252 = ...
    r"""
    A year of 252 days, as of traditional markets.
    """
    ANNUAL_365 = ...
    r"""
    A year of 365 days.
    """

    _value_: builtins.str

@typing.final
class TradingState(enum.Enum):
    r"""
    Whether the engine asks the strategy for orders (`barter::engine::state::trading::TradingState`).
    """
    ENABLED = ...
    r"""
    It does.
    """
    DISABLED = ...
    r"""
    It follows events and carries out commands, and asks for nothing.
    """

    _value_: builtins.str

def build_ioc_market_order_to_close_position(exchange: builtins.int, instrument: builtins.int, side: Side, quantity: decimal.Decimal | builtins.int | builtins.float, strategy_id: barter_python.StrategyId | builtins.str, price: decimal.Decimal | builtins.int | builtins.float, client_order_id: typing.Optional[barter_python.ClientOrderId | builtins.str] = None) -> PyOrderRequestOpen:
    r"""
    barter's order that closes a position at once: a market order, immediate or cancel.

    This is the binding of `barter::strategy::close_positions::build_ioc_market_order_to_close_position`.
    `barter_python.strategy.build_ioc_market_order_to_close_position` takes a position and gives the
    dataclass `OrderRequestOpen`, which is what strategies return: prefer it.

    Parameters
    ----------
    exchange, instrument : int
        Indices of the exchange and of the position's instrument.
    side : Side
        Side of the position; the order has the opposite side.
    quantity : Decimal or int or float
        Quantity of the position, positive. Floats are read by their shortest form.
    strategy_id : StrategyId or str
        Who asks.
    price : Decimal or int or float
        Price of the request; zero and below are accepted, as some instruments have such prices.
    client_order_id : ClientOrderId or str, optional
        The order's id, `close-{instrument}` when it is not given.

    Raises
    ------
    ValueError
        When a number is not finite or does not fit exactly into 28 digits, when the quantity is not
        positive, when an index is negative or an id blank.
    TypeError
        When an argument is of another type; `bool` and `str` are no numbers.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import Side, build_ioc_market_order_to_close_position
    >>> request = build_ioc_market_order_to_close_position(
    ...     0, 1, Side.BUY, Decimal("0.50"), "ema", Decimal("2059.10"))
    >>> request.side, request.quantity, request.client_order_id
    (<Side.SELL: 'sell'>, Decimal('0.50'), 'close-1')
    """

def calculate_abs_percent_difference(current: decimal.Decimal | builtins.int, other: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    Calculate how far two prices are apart, as a fraction of the second: |current − other| / other.

    `barter::risk::check::util::calculate_abs_percent_difference`: in spite of its name, 0.05 is 5 %,
    and the result is negative where `other` is.

    Parameters
    ----------
    current : Decimal or int
        The one price.
    other : Decimal or int
        The price to compare it with, not zero.

    Raises
    ------
    ValueError
        When `other` is zero or the quotient is too large for barter's decimal, where barter gives
        `None`.

    Examples
    --------
    >>> from barter_python.risk import calculate_abs_percent_difference
    >>> calculate_abs_percent_difference(95, 100)
    Decimal('0.05')
    """

def calculate_delta(instrument_delta: decimal.Decimal | builtins.int, contract_size: decimal.Decimal | builtins.int, side: Side, quantity_in_kind: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    Calculate the delta of a quantity: positive when it gains with the underlying.

    `barter::risk::check::util::calculate_delta`.

    Parameters
    ----------
    instrument_delta : Decimal or int
        Delta of one unit: 1 for spot, perpetuals and futures, from -1 to 1 for options.
    contract_size : Decimal or int
        Units of the base asset in one contract, 1 for spot.
    side : Side
        Buy for long, sell for short.
    quantity_in_kind : Decimal or int
        Units or contracts.

    Raises
    ------
    ValueError
        When the product is too large for barter's decimal, where barter panics.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import Side
    >>> from barter_python.risk import calculate_delta
    >>> calculate_delta(Decimal("0.5"), 100, Side.SELL, 2)
    Decimal('-100.0')
    """

def calculate_mean(prev_mean: decimal.Decimal | builtins.int, next_value: decimal.Decimal | builtins.int, count: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    The mean after the next value (`barter::statistic::algorithm::welford_online::calculate_mean`).

    Parameters
    ----------
    prev_mean : Decimal or int
        The mean of the values before.
    next_value : Decimal or int
        The next value.
    count : Decimal or int
        How many values there are with it; not zero.

    Raises
    ------
    ValueError
        When the count is zero, or the result does not fit.

    Examples
    --------
    >>> from barter_python.statistic import calculate_mean
    >>> calculate_mean(prev_mean=2, next_value=5, count=3)
    Decimal('3')
    """

def calculate_population_variance(recurrence_relation_m: decimal.Decimal | builtins.int, count: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    The variance of a population, M / count; zero below a count of one
    (`barter::statistic::algorithm::welford_online::calculate_population_variance`).

    Parameters
    ----------
    recurrence_relation_m : Decimal or int
        The sum of squared distances from the mean.
    count : Decimal or int
        How many values there are.

    Examples
    --------
    >>> from barter_python.statistic import calculate_population_variance
    >>> calculate_population_variance(recurrence_relation_m=8, count=4)
    Decimal('2')
    """

def calculate_quote_notional(quantity: decimal.Decimal | builtins.int, price: decimal.Decimal | builtins.int, contract_size: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    Calculate the value of a quantity in the quote asset: quantity × price × contract size.

    `barter::risk::check::util::calculate_quote_notional`. A product with more digits than barter's
    decimal holds is rounded.

    Parameters
    ----------
    quantity : Decimal or int
        Units or contracts.
    price : Decimal or int
        Price of one, in the quote asset; of an option, its strike.
    contract_size : Decimal or int
        Units of the base asset in one contract, 1 for spot.

    Raises
    ------
    ValueError
        When the product is too large for barter's decimal, where barter gives `None`.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.risk import calculate_quote_notional
    >>> calculate_quote_notional(Decimal("0.5"), 100, 1)
    Decimal('50.0')
    """

def calculate_recurrence_relation_m(prev_m: decimal.Decimal | builtins.int, prev_mean: decimal.Decimal | builtins.int, new_value: decimal.Decimal | builtins.int, new_mean: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    The sum of squared distances from the mean after the next value
    (`barter::statistic::algorithm::welford_online::calculate_recurrence_relation_m`).

    Parameters
    ----------
    prev_m : Decimal or int
        The sum before, zero at the start.
    prev_mean : Decimal or int
        The mean before.
    new_value : Decimal or int
        The next value.
    new_mean : Decimal or int
        The mean with it.

    Raises
    ------
    ValueError
        When the result does not fit.

    Examples
    --------
    >>> from barter_python.statistic import calculate_recurrence_relation_m
    >>> calculate_recurrence_relation_m(prev_m=2, prev_mean=2, new_value=5, new_mean=3)
    Decimal('8')
    """

def calculate_sample_variance(recurrence_relation_m: decimal.Decimal | builtins.int, count: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    The variance of a sample, M / (count - 1); zero below a count of two
    (`barter::statistic::algorithm::welford_online::calculate_sample_variance`).

    Parameters
    ----------
    recurrence_relation_m : Decimal or int
        The sum of squared distances from the mean.
    count : Decimal or int
        How many values there are.

    Examples
    --------
    >>> from barter_python.statistic import calculate_sample_variance
    >>> calculate_sample_variance(recurrence_relation_m=8, count=3)
    Decimal('4')
    """

def check_closing_order(exchange: builtins.int, instrument: builtins.int, side: Side, quantity: decimal.Decimal | builtins.int | builtins.float, price: decimal.Decimal | int | float | None, *, skip_missing_price: builtins.bool = False) -> builtins.bool:
    r"""
    Checks all that a closing order is made of, so that an id is asked for only when it can be made.

    Parameters
    ----------
    exchange, instrument, side, quantity, price
        As for `build_ioc_market_order_to_close_position`; the price may be missing.
    skip_missing_price : bool
        What to do when it is: give `False`, or raise `ValueError`.

    Returns
    -------
    bool
        Whether the order can be made.

    Raises
    ------
    ValueError, TypeError
        As `build_ioc_market_order_to_close_position` raises them.
    """

def check_executions(instruments: IndexedInstruments, executions: collections.abc.Sequence[barter_python.MockExecutionConfig]) -> None:
    r"""
    Checks that executions fit instruments, for `barter_python.system.SystemConfig`.

    Parameters
    ----------
    instruments : IndexedInstruments
        What is to be traded.
    executions : sequence of MockExecutionConfig
        How.

    Raises
    ------
    ConfigError
        When an exchange has no execution or two, an execution has no instruments or an unknown asset,
        or a balance cannot be kept.
    """

def check_number(name: builtins.str, number: decimal.Decimal | int | float) -> None:
    r"""
    Checks that a number is one that barter's decimal holds exactly.

    Parameters
    ----------
    name : str
        What the message calls it.
    number : Decimal or int or float
        The number.

    Raises
    ------
    ValueError
        When it is not finite, or does not fit exactly into 28 digits.
    TypeError
        When it is of another type; `bool` and `str` are no numbers.
    """

def close_open_positions_with_market_orders(strategy_id: barter_python.StrategyId | builtins.str, state: EngineView, filter: InstrumentFilter, gen_cid: collections.abc.Callable[[InstrumentView], barter_python.ClientOrderId | str | None] | None = None, *, skip_missing_price: builtins.bool = False) -> builtins.list[PyOrderRequestOpen]:
    r"""
    barter's orders that close the open positions of a running engine, in the order of its instruments.

    This is the binding of `barter::strategy::close_positions::close_open_positions_with_market_orders`;
    `barter_python.strategy.close_open_positions_with_market_orders` calls it when it is given an
    `EngineView`: prefer it.

    Parameters
    ----------
    strategy_id : StrategyId or str
        Who asks.
    state : EngineView
        The running engine.
    filter : InstrumentFilter
        Which instruments.
    gen_cid : callable, optional
        Called once for each order with the instrument's view; `state.next_cid()` when it is not given,
        or when it returns `None`.
    skip_missing_price : bool
        Whether a position without a price is passed over, as barter does, or raises `ValueError`.
    """

def event_from_json(text: builtins.str) -> barter_python.engine.EngineEvent:
    r"""
    Reads an event that barter or `event_to_json` has written; `ValueError` when the text is none.

    Examples
    --------
    >>> from barter_python import CancelOrders, InstrumentFilter
    >>> from barter_python.engine import event_from_json, event_to_json
    >>> event_from_json(event_to_json(CancelOrders(InstrumentFilter.exchanges([0]))))
    CancelOrders(filter=InstrumentFilter.exchanges([0]))
    """

def event_to_json(event: barter_python.engine.EngineEvent) -> builtins.str:
    r"""
    Writes an event as barter does (`barter::EngineEvent`), digit for digit.

    A number that barter holds as a float is written as one, where that reads back digit for digit.

    Parameters
    ----------
    event : EngineEvent
        Any event that `Engine.process` takes.

    Examples
    --------
    >>> from barter_python import TradingState
    >>> from barter_python.engine import event_from_json, event_to_json
    >>> event_to_json(TradingState.ENABLED)
    '{"TradingStateUpdate":"Enabled"}'
    >>> event_from_json('{"Market":{"Reconnecting":"kraken"}}')
    Reconnecting(exchange=ExchangeId.KRAKEN)
    """

def report_by_strategy(fills: typing.Sequence[Trade], marks: typing.Sequence[typing.Optional[decimal.Decimal | builtins.int]]) -> tuple[builtins.list[tuple[builtins.str, PositionExited]], builtins.list[tuple[builtins.str, OpenPosition]], builtins.list[tuple[builtins.str, builtins.int, decimal.Decimal]]]:
    r"""
    Tells strategies apart by the fills of a run; `BacktestResult.by_strategy` calls it.

    Parameters
    ----------
    fills : sequence of Trade
        The fills, in their order.
    marks : sequence of Decimal or None
        By instrument index, what open positions are valued at; at their entry where it is `None`.
    """

def run_backtest(strategy: barter_python.AlgoStrategy, data: MarketData, instruments: IndexedInstruments, executions: collections.abc.Sequence[barter_python.MockExecutionConfig], *, close_at_end: builtins.bool, fill_price: FillPrice, risk_free_return: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, progress: collections.abc.Callable[[int, int], object] | None = None, audit: collections.abc.Callable[[AuditSnapshot | AuditTick], object] | None = None, risk_manager: barter_python.RiskManagerLike | barter_python.RiskLimits | None = None, guard_commands: builtins.bool = False) -> BacktestOutput:
    r"""
    Runs a strategy over a history, for `barter_python.backtest.run_backtest`, which see.
    """

def set_logging_level(level: typing.Optional[builtins.int]) -> None:
    r"""
    Have barter's events of this level and above reach Python's `logging`; `None` for none of them.

    Parameters
    ----------
    level : int, optional
        A level of `logging`.

    Raises
    ------
    RuntimeError
        When something else in this module has taken tracing for itself.
    """

def wrapped_crates() -> builtins.dict[builtins.str, builtins.str]:
    r"""
    Give the versions of the barter crates that the native module is built with.

    Examples
    --------
    >>> from barter_python import wrapped_crates
    >>> sorted(wrapped_crates())
    ['barter', 'barter-data', 'barter-execution', 'barter-instrument', 'barter-integration']
    """

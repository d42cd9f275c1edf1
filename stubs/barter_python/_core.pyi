# Generated from rust/ by `make stubs`. Do not edit.
# ruff: noqa: E501, F401, F403, F405
r"""
The native module: private, use the public modules of barter_python.
"""

import barter_python
from barter_python.backtest import options
from barter_python import indicators
from barter_python.live import audit
from barter_python.live import policy
import builtins
import collections.abc
import datetime
import decimal
import operator
import os
import pathlib
import typing
import typing_extensions
__all__ = [
    "AccountEquity",
    "AccountEvent",
    "AccountReconnecting",
    "AccountSnapshot",
    "ArrowTable",
    "AssetBalance",
    "AssetState",
    "AuditSnapshot",
    "AuditTick",
    "BacktestOutput",
    "Balance",
    "CalmarRatio",
    "Candle",
    "CandleFills",
    "CandlePrice",
    "CheckFailHigherThan",
    "CheckHigherThan",
    "Connectivity",
    "DataSetSummary",
    "DatabentoSchema",
    "Dispersion",
    "Drawdown",
    "DrawdownGenerator",
    "Engine",
    "EngineView",
    "EquityBar",
    "EquityBarRows",
    "EquityDrawdown",
    "EquityDrawdownRows",
    "EquityRatios",
    "ExchangeId",
    "FailedCancel",
    "FailedCancelRows",
    "FeeAsset",
    "FillPrice",
    "Funding",
    "FundingPayment",
    "FundingPaymentRows",
    "Health",
    "IndexedAsset",
    "IndexedInstrument",
    "IndexedInstruments",
    "InstrumentAccountSnapshot",
    "InstrumentFilter",
    "InstrumentQuoteAsset",
    "InstrumentView",
    "Lag",
    "Level",
    "Liquidation",
    "Liquidity",
    "LiveOutput",
    "MarketData",
    "MarketDataIterator",
    "MarketEvent",
    "MarketFeed",
    "MarketScan",
    "MarketScanIterator",
    "MaxDrawdownGenerator",
    "MeanDrawdown",
    "MeanDrawdownGenerator",
    "NamedMarketEvent",
    "NativeFunction",
    "OpenPosition",
    "OpenPositionRows",
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
    "OrderReportRows",
    "OrderResponseCancel",
    "OrderStatus",
    "Overflow",
    "PeriodReturn",
    "PeriodReturnRows",
    "PnLReturns",
    "PositionExited",
    "PositionExitedRows",
    "ProfitFactor",
    "PublicTrade",
    "PyOrderRequestOpen",
    "QueuePosition",
    "Range",
    "RateOfReturn",
    "Reconnecting",
    "RefusedRequestRows",
    "RowOrder",
    "Settlement",
    "SharpeRatio",
    "Shutdown",
    "Side",
    "SortinoRatio",
    "StateReplica",
    "Stop",
    "StopKind",
    "StopOrder",
    "StopTrigger",
    "StreamStatus",
    "StreamStatusKind",
    "SubKind",
    "SystemControls",
    "TakeProfitOrder",
    "TearSheet",
    "TearSheetAsset",
    "TearSheetAssetGenerator",
    "TearSheetGenerator",
    "TimeInForce",
    "TimeInterval",
    "TimeUnit",
    "Timer",
    "Trade",
    "TradeRows",
    "TradingState",
    "TradingSummary",
    "TradingSummaryGenerator",
    "TrailingStopOrder",
    "TriggerPrice",
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
    "check_address",
    "check_closing_order",
    "check_executions",
    "check_number",
    "check_subscription",
    "close_open_positions_with_market_orders",
    "csv_first_rows",
    "csv_values",
    "event_from_json",
    "event_to_json",
    "failure_counts",
    "fees_by_instrument",
    "nanoseconds_of",
    "read_csv_files",
    "read_databento",
    "report_by_strategy",
    "result_json",
    "run_backtest",
    "run_paper",
    "set_logging_level",
    "statistics_by_instrument",
    "table_of",
    "window_ns",
    "wrapped_crates",
]

__version__: builtins.str = '0.2.0'
@typing.final
class AccountEquity:
    r"""
    The equity of a run, for `barter_python.backtest.BacktestResult`.

    Lines are the quote assets in the order of their indices and, after them, the account as a whole if
    it has several quote assets that are of one name or converted.
    """
    @property
    def interval_ns(self) -> builtins.int:
        r"""
        The interval of the bars in nanoseconds.
        """
    @property
    def assets(self) -> builtins.list[typing.Optional[builtins.int]]:
        r"""
        By line, the index of its asset; `None` for the account as a whole.
        """
    @property
    def total(self) -> typing.Optional[builtins.str]:
        r"""
        The name of the asset that the account as a whole is in, if that is a line of its own.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def ends(self, line: builtins.int) -> typing.Optional[tuple[decimal.Decimal, decimal.Decimal]]:
        r"""
        The first and the last equity of a line; `None` if it was never marked.
        """
    def bars(self, line: builtins.int, length: builtins.int, instruments: IndexedInstruments) -> EquityBarRows:
        r"""
        The bars of a line, for a multiple of the interval in nanoseconds.
        """
    def drawdowns(self, line: builtins.int, count: builtins.int, by_share: builtins.bool, instruments: IndexedInstruments) -> EquityDrawdownRows:
        r"""
        The deepest drawdowns of a line, `count` at most, by share of the peak or by amount.
        """
    def returns(self, line: builtins.int, length: builtins.int, instruments: IndexedInstruments) -> PeriodReturnRows:
        r"""
        The returns of a line, for a multiple of the interval in nanoseconds.

        Raises
        ------
        ValueError
            If there are more than a million.
        """
    def ratios(self, line: builtins.int, length: builtins.int, risk_free_return: decimal.Decimal | builtins.int, year: TimeInterval  |  datetime.timedelta) -> EquityRatios:
        r"""
        The ratios of a line's returns, for a multiple of the interval in nanoseconds.

        Raises
        ------
        ValueError
            If there are more than a million returns.
        """
    @staticmethod
    def _from_pickled(text: builtins.str) -> AccountEquity: ...
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[AccountEquity]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> AccountEquity: ...

@typing.final
class AccountEvent:
    r"""
    An event of an account (`barter_execution::AccountEvent`).

    Examples
    --------
    >>> from barter_python import AccountEvent, AssetBalance, Balance
    >>> event = AccountEvent(0, AssetBalance(1, Balance(total=100, free=90), "2024-01-01T00:00:00Z"))
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
        The event itself.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, kind: AccountSnapshot  |  AssetBalance  |  Order  |  OrderResponseCancel  |  Trade) -> AccountEvent: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., AccountEvent], tuple[type[AccountEvent], tuple[()], dict[str, object]]]: ...
    def to_json(self) -> builtins.str:
        r"""
        The event as barter writes it: its `AccountStreamEvent`, decimals as text, digit for digit.
        """
    @staticmethod
    def from_json(text: builtins.str) -> AccountEvent:
        r"""
        Reads barter's JSON: an `AccountStreamEvent`, or the `AccountEvent` in it.

        Numbers are read digit for digit; a number that does not fit exactly is a `ValueError`, where barter
        itself would round. So is a text that holds an `AccountReconnecting`.
        """

@typing.final
class AccountReconnecting:
    r"""
    The connection to an account was lost and is being opened again
    (`barter_data::streams::reconnect::Event::Reconnecting` of an account's stream).

    Examples
    --------
    >>> from barter_python import ExchangeId
    >>> from barter_python.execution import AccountReconnecting
    >>> lost = AccountReconnecting(ExchangeId.KRAKEN)
    >>> AccountReconnecting.from_json(lost.to_json()) == lost
    True
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., AccountReconnecting], tuple[type[AccountReconnecting], tuple[()], dict[str, object]]]: ...
    def to_json(self) -> builtins.str:
        r"""
        The event as barter writes it: its `AccountStreamEvent`.
        """
    @staticmethod
    def from_json(text: builtins.str) -> AccountReconnecting:
        r"""
        Reads barter's JSON; a text that holds an `AccountEvent` is a `ValueError`.
        """

@typing.final
class AccountSnapshot:
    r"""
    All that an exchange holds of an account (`barter_execution::AccountSnapshot`).

    Examples
    --------
    >>> from barter_python.execution import AccountSnapshot, AssetBalance, Balance
    >>> held = AssetBalance(1, Balance(total=1000, free=900), "2024-01-01T00:00:00Z")
    >>> snapshot = AccountSnapshot(0, [held], [])
    >>> snapshot.balances[0].balance.free
    Decimal('900')
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., AccountSnapshot], tuple[type[AccountSnapshot], tuple[()], dict[str, object]]]: ...

@typing.final
class ArrowTable:
    r"""
    A table for other libraries, which read it through the Arrow C stream interface.

    `polars.DataFrame(table)`, `pyarrow.table(table)`, `pandas.DataFrame.from_arrow(table)` and
    `duckdb.sql("from table")` take it, as often as they like.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> run_backtest(DefaultStrategy(), data, config).fills.to_arrow().column_names[:3]
    ['id', 'order_id', 'instrument']
    """
    @property
    def column_names(self) -> builtins.list[builtins.str]:
        r"""
        The names of the columns, in their order.
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        r"""
        Give the stream of the Arrow PyCapsule interface, for the library that reads the table.

        Parameters
        ----------
        requested_schema : object, optional
            Passed over, as the interface allows: the library converts what it gets.
        """
    def _texts(self) -> builtins.list[tuple[builtins.str, builtins.bool, builtins.list[typing.Optional[builtins.str]]]]:
        r"""
        Each column: its name, whether it has numbers, and the text of each value.
        """
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> ArrowTable: ...

@typing.final
class AssetBalance:
    r"""
    The new balance of an asset (`barter_execution::balance::AssetBalance`).

    Examples
    --------
    >>> from barter_python.execution import AssetBalance, Balance
    >>> held = AssetBalance(1, Balance(total=1000, free=900), "2024-01-01T00:00:00Z")
    >>> held.asset, held.time_exchange.isoformat()
    (1, '2024-01-01T00:00:00+00:00')
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., AssetBalance], tuple[type[AssetBalance], tuple[()], dict[str, object]]]: ...

@typing.final
class AssetState:
    r"""
    An asset and its balance (`barter::engine::state::asset::AssetState`).

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
    >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    >>> asset = engine.snapshot().assets[0]
    >>> asset.name, asset.name_exchange, asset.balance
    ('usd', 'USD', None)
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
        Its balance; `None` before the exchange has sent one.
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., AssetState], tuple[type[AssetState], tuple[()], dict[str, object]]]: ...

@typing.final
class AuditSnapshot:
    r"""
    The engine's state at one moment, with a number among the audit ticks.

    What barter's `Auditor::audit_snapshot` gives; a `StateReplica` starts from it, in another process too:
    it can be pickled. Two snapshots are equal if their numbers, times and states are.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    >>> snapshot = engine.audit_snapshot()
    >>> snapshot.sequence, snapshot.state == engine.snapshot()
    (0, True)
    """
    @property
    def sequence(self) -> builtins.int:
        r"""
        Its number among the audit ticks: the first tick after it has the next number.
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

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Reconnecting, Underlying
    >>> from barter_python.engine import AuditTick
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    >>> tick = engine.process(Reconnecting(ExchangeId.KRAKEN))
    >>> tick.sequence, tick.event
    (0, Reconnecting(exchange=ExchangeId.KRAKEN, time_received=None))
    >>> AuditTick.from_json(tick.to_json()) == tick
    True
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
        Reads barter's JSON.

        Raises
        ------
        ValueError
            If the text is none, or holds a number or time that does not fit exactly, or an unknown key.
        """
    def __hash__(self) -> builtins.int: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[AuditTick]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> AuditTick: ...

@typing.final
class BacktestOutput:
    r"""
    The results of a run, for `barter_python.backtest.BacktestResult`.
    """
    @property
    def time_start(self) -> datetime.datetime:
        r"""
        When the first event was received, in UTC.
        """
    @property
    def time_end(self) -> datetime.datetime:
        r"""
        When the last event was received, in UTC: the greatest time, since times can step back.
        """
    @property
    def events(self) -> builtins.int:
        r"""
        How many events of the history were processed.
        """
    @property
    def summary(self) -> TradingSummary:
        r"""
        barter's summary.
        """
    @property
    def orders(self) -> OrderReportRows:
        r"""
        Orders, in the order in which they were sent.
        """
    @property
    def fills(self) -> TradeRows:
        r"""
        Our fills, in their order.
        """
    @property
    def funding(self) -> FundingPaymentRows:
        r"""
        Funding of positions, in its order.
        """
    @property
    def failed_cancels(self) -> FailedCancelRows:
        r"""
        Cancels that failed, in their order.
        """
    @property
    def refused(self) -> RefusedRequestRows:
        r"""
        Requests that the risk manager has refused, in their order.
        """
    @property
    def positions(self) -> PositionExitedRows:
        r"""
        Closed positions, in the order of their closing.
        """
    @property
    def open_positions(self) -> OpenPositionRows:
        r"""
        Positions still open at the end.
        """
    @property
    def marks(self) -> builtins.list[typing.Optional[decimal.Decimal]]:
        r"""
        By instrument index, the prices that open positions are valued at; `None` without a price.
        """
    @property
    def equity(self) -> AccountEquity:
        r"""
        The equity of the account.
        """
    @property
    def balances(self) -> builtins.list[Balance]:
        r"""
        Balances at the end, by asset index.
        """
    @property
    def overdrawn(self) -> builtins.list[tuple[builtins.int, decimal.Decimal]]:
        r"""
        The indices of the assets whose balances are negative at the end, and these.
        """
    @property
    def missing_quotes(self) -> builtins.list[builtins.str]:
        r"""
        The attributes of quotes that a strategy without orders has read, and that were `None` each time
        although the instrument had other prices.
        """
    @property
    def crossed(self) -> typing.Optional[tuple[builtins.int, builtins.int, builtins.int]]:
        r"""
        How many events have left a market with a best bid above its best ask; of the first, when it
        was received, in nanoseconds since 1970, and its instrument's index.
        """
    @property
    def requests(self) -> builtins.list[tuple[builtins.int, builtins.str]]:
        r"""
        If they were asked for: when the engine has sent a request, in nanoseconds since 1970, and the
        request as barter's JSON.
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
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> BacktestOutput: ...

@typing.final
class Balance:
    r"""
    An amount of an asset (`barter_execution::balance::Balance`).

    Examples
    --------
    >>> from barter_python.execution import Balance
    >>> balance = Balance(total=1000, free=900)
    >>> balance.total - balance.free
    Decimal('100')
    """
    @property
    def total(self) -> decimal.Decimal:
        r"""
        All that is held.
        """
    @property
    def free(self) -> decimal.Decimal:
        r"""
        The part that no order reserves.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, total: decimal.Decimal | builtins.int, free: decimal.Decimal | builtins.int) -> Balance: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Balance], tuple[type[Balance], tuple[()], dict[str, object]]]: ...

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

    >>> ratio.scale(TimeInterval.ANNUAL_365).interval
    <TimeInterval.ANNUAL_365: 'annual_365'>
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        barter's figure: without a drawdown, the greatest decimal for a positive excess return, the
        least for a negative one, zero for none.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The interval of the figure.
        """
    @property
    def ratio(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure as a number: `None` without a drawdown, and if scaling gave a number that does not
        fit, which barter shows as the greatest decimal whatever its sign.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> CalmarRatio: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., CalmarRatio], tuple[type[CalmarRatio], tuple[()], dict[str, object]]]: ...
    @staticmethod
    def calculate(*, risk_free_return: decimal.Decimal | builtins.int, mean_return: decimal.Decimal | builtins.int, max_drawdown: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> CalmarRatio:
        r"""
        (mean return - risk-free return) / deepest drawdown, without its sign.

        Parameters
        ----------
        risk_free_return : Decimal or int
            The return without a risk in the period.
        mean_return : Decimal or int
            The mean of the returns.
        max_drawdown : Decimal or int
            The deepest drawdown, as a fraction of the peak; its sign is ignored.
        returns_period : TimeInterval or timedelta
            The period of a return.

        Raises
        ------
        ValueError
            If the ratio does not fit into 28 digits, or the period is not positive.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> CalmarRatio:
        r"""
        The ratio of another interval: times the root of the quotient of the two lengths.
        """

@typing.final
class Candle:
    r"""
    A candle (`barter_data::subscription::candle::Candle`).

    Examples
    --------
    >>> from barter_python import Candle
    >>> candle = Candle(
    ...     "2024-01-01T00:01:00Z", open=10, high=12, low=9, close=11, volume=5, trade_count=3)
    >>> candle.high, candle.close_f64, candle.close_time.isoformat()
    (Decimal('12'), 11.0, '2024-01-01T00:01:00+00:00')
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
    def __new__(cls, close_time: datetime.datetime | builtins.int | builtins.str, *, open: decimal.Decimal | builtins.int, high: decimal.Decimal | builtins.int, low: decimal.Decimal | builtins.int, close: decimal.Decimal | builtins.int, volume: decimal.Decimal | builtins.int, trade_count: builtins.int) -> Candle: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Candle], tuple[type[Candle], tuple[()], dict[str, object]]]: ...

@typing.final
class CheckFailHigherThan:
    r"""
    What did not pass a `CheckHigherThan` (`barter::risk::check::CheckFailHigherThan`); `str` gives barter's text.

    Examples
    --------
    >>> from barter_python.risk import CheckHigherThan
    >>> failure = CheckHigherThan(10).check(11)
    >>> None if failure is None else (failure.limit, failure.input)
    (Decimal('10'), Decimal('11'))
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
    def __new__(cls, *, limit: decimal.Decimal | builtins.int, input: decimal.Decimal | builtins.int) -> CheckFailHigherThan: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., CheckFailHigherThan], tuple[type[CheckFailHigherThan], tuple[()], dict[str, object]]]: ...
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., CheckHigherThan], tuple[type[CheckHigherThan], tuple[()], dict[str, object]]]: ...
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

    Examples
    --------
    >>> from barter_python import ExchangeId
    >>> from barter_python.engine import Connectivity, Health
    >>> Connectivity(ExchangeId.KRAKEN, Health.HEALTHY, Health.RECONNECTING).account
    <Health.RECONNECTING: 'reconnecting'>
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Connectivity], tuple[type[Connectivity], tuple[()], dict[str, object]]]: ...

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

    >>> summary.updated(10) == DataSetSummary.of([2, 6, 10])
    True
    """
    @property
    def count(self) -> decimal.Decimal:
        r"""
        The count of the values.
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
        Their spread.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, count: decimal.Decimal | builtins.int, sum: decimal.Decimal | builtins.int, mean: decimal.Decimal | builtins.int, dispersion: Dispersion) -> DataSetSummary: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., DataSetSummary], tuple[type[DataSetSummary], tuple[()], dict[str, object]]]: ...
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
            If a value, or a figure of it, does not fit into 28 digits.
        """
    def updated(self, next_value: decimal.Decimal | builtins.int) -> DataSetSummary:
        r"""
        The summary with another value.

        Raises
        ------
        ValueError
            If a figure does not fit into 28 digits.
        """

@typing.final
class Dispersion:
    r"""
    The spread of values (`barter::statistic::summary::dataset::dispersion::Dispersion`).

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
    def __new__(cls, range: Range, *, recurrence_relation_m: decimal.Decimal | builtins.int, variance: decimal.Decimal | builtins.int, std_dev: decimal.Decimal | builtins.int) -> Dispersion: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Dispersion], tuple[type[Dispersion], tuple[()], dict[str, object]]]: ...
    @staticmethod
    def default() -> Dispersion:
        r"""
        The dispersion of no values.
        """
    def updated(self, *, prev_mean: decimal.Decimal | builtins.int, new_mean: decimal.Decimal | builtins.int, new_value: decimal.Decimal | builtins.int, value_count: decimal.Decimal | builtins.int) -> Dispersion:
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
            How many values there are, this one included.

        Raises
        ------
        ValueError
            If a square does not fit.
        """

@typing.final
class Drawdown:
    r"""
    A fall from a peak (`barter::statistic::metric::drawdown::Drawdown`).

    Examples
    --------
    >>> from barter_python.statistic import Drawdown
    >>> fall = Drawdown(1, "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
    >>> fall.value, fall.time_end - fall.time_start
    (Decimal('1'), datetime.timedelta(days=1))
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
        Its length.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, time_start: datetime.datetime | builtins.int | builtins.str, time_end: datetime.datetime | builtins.int | builtins.str) -> Drawdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Drawdown], tuple[type[Drawdown], tuple[()], dict[str, object]]]: ...

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
            Time of the value: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
        """
    def update(self, value: decimal.Decimal | builtins.int, time: datetime.datetime | builtins.int | builtins.str) -> typing.Optional[Drawdown]:
        r"""
        Takes the next value; gives the drawdown that it ends by rising above the peak.

        Parameters
        ----------
        value : Decimal or int
            The next value.
        time : datetime or int or str
            Time of the value: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.

        Raises
        ------
        ValueError
            If the fall from the peak does not fit; the generator is unchanged then.
        """
    def generate(self) -> typing.Optional[Drawdown]:
        r"""
        The drawdown that is not over; `None` at the peak. Nothing changes.
        """
    def __repr__(self) -> builtins.str: ...
    @staticmethod
    def _from_json(text: builtins.str) -> DrawdownGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[DrawdownGenerator]]]: ...
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
            account event has. The engine's clock never runs backwards.

        Returns
        -------
        AuditTick
            What the engine did with the event. Where `on_disconnect` or `on_trading_disabled` has
            turned trading on or off, that is processed as a further event before this returns, and
            its audit is in `last_ticks`.

        Raises
        ------
        MarketDataError, AccountEventError, OrderRequestError, UnknownKeyError
            If barter would panic on the event, or its state would be wrong after it. Nothing has
            changed then.
        EnginePoisonedError
            If barter has panicked, now or before.
        Exception
            What the strategy raises, unchanged. The event has been processed all the same, as
            `last_tick` says; what the strategy would have sent was not. What a guard raises at a command
            comes before: nothing has changed then.
        """
    def advance(self, time: datetime.datetime | builtins.int | builtins.str) -> builtins.list[AuditTick]:
        r"""
        Moves the engine's time, and has the strategy called for each timer that is due by then.

        `process` moves the time too, but calls no timer: advance to an event's time before you process
        it, as a backtest does.

        Parameters
        ----------
        time : datetime or int or str
            An aware `datetime`, nanoseconds since 1970, or RFC 3339 text. The engine's clock never runs
            backwards.

        Returns
        -------
        list of AuditTick
            What the engine did for each timer, in their order; `last_ticks` has the changes of trading
            as well. barter knows no timers: the event in the audit is the current trading state.

        Raises
        ------
        EnginePoisonedError
            If barter has panicked, now or before.
        Exception
            What the strategy raises, unchanged. Later timers are still to come then.

        Examples
        --------
        >>> from datetime import timedelta
        >>> from barter_python import NO_ORDERS, EngineView, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Orders, Strategy, Timer, TradingState, Underlying
        >>> class Clock(Strategy):
        ...     def on_start(self, state: EngineView, /) -> None:
        ...         state.call_at(10, every=timedelta(microseconds=1))
        ...     def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        ...         print(timer.time_ns, state.time_ns)
        ...         return NO_ORDERS
        ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
        ...         return NO_ORDERS
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))])
        >>> engine = Engine(Clock(), instruments, time_start=0)
        >>> tick = engine.process(TradingState.ENABLED)
        >>> ticks = engine.advance(1_500)
        10 10
        1010 1010
        >>> engine.time_ns
        1500
        """
    def snapshot(self) -> EngineView:
        r"""
        A copy of the engine's state, as a view that is valid anywhere.
        """
    def audit_snapshot(self) -> AuditSnapshot:
        r"""
        A snapshot with a number among the audit ticks, for a `StateReplica` to start from.

        The snapshot takes a number of its own, as barter's `audit_snapshot` does.
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

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, TimeInterval, Underlying
        >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
        >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
        >>> summary = engine.trading_summary(risk_free_return=0, interval=TimeInterval.DAILY)
        >>> summary.instruments["kraken-xbt_usd"].pnl
        Decimal('0')
        """
    def __repr__(self) -> builtins.str: ...

@typing.final
class EngineView:
    r"""
    The running engine, as a strategy's callbacks see it.

    One view serves the whole run and reads the engine's state in place
    (`barter::engine::state::EngineState`). It is valid only inside the callbacks of its run and on
    their thread; anywhere else it raises `ViewError`. The values that it gives stay valid.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, InstrumentFilter, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    >>> state = engine.snapshot()
    >>> state.instrument("kraken-xbt_usd").index, state.exchange_index(ExchangeId.KRAKEN)
    (0, 0)
    >>> [view.name for view in state.instruments_iter(InstrumentFilter.exchanges([0]))]
    ['kraken-xbt_usd']
    >>> state.balance(ExchangeId.KRAKEN, "usd")
    Balance(total=Decimal('0'), free=Decimal('0'))
    >>> state.tear_sheet_asset(ExchangeId.KRAKEN, "usd").drawdown is None
    True
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
    @property
    def timers(self) -> builtins.list[Timer]:
        r"""
        The timers to come, the next one first. A snapshot has none.
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
            If there is none, or when the exchange gives several of them that name.

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
        Index of an exchange, for filters; `UnknownKeyError` if no instrument is on it.
        """
    def balance(self, exchange: ExchangeId, asset: builtins.str) -> Balance:
        r"""
        The balance of an asset of an exchange; `UnknownKeyError` if no instrument has the asset.
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
            If no instrument has the asset.
        ValueError
            If a figure does not fit into 28 digits.
        """
    def next_cid(self) -> barter_python.ClientOrderId:
        r"""
        A client order id that no order of the run has had so far, the same in every run of the same
        inputs.
        """
    def place_stop(self, order: StopOrder  |  TakeProfitOrder  |  TrailingStopOrder, *, one_cancels_other: typing.Optional[builtins.int] = None) -> builtins.int:
        r"""
        Places a stop, which the run holds until a price triggers it.

        Once triggered it becomes an order of the strategy, which passes the risk manager and travels to the
        exchange. `docs/stops.md` has the rules.

        Parameters
        ----------
        order : StopOrder or TakeProfitOrder or TrailingStopOrder
            The stop.
        one_cancels_other : int, optional
            The id of a stop that waits: whichever of the two is triggered withdraws the other. More stops
            can join them in the same way.

        Returns
        -------
        int
            The id of the stop.

        Raises
        ------
        UnknownKeyError
            If there is no such instrument.
        ValueError
            If the other stop does not wait, no price is known that a trailing stop could follow, or it is
            not known whose stop it is.
        ViewError
            If the view is a snapshot, in which nothing can be placed.

        Examples
        --------
        >>> from barter_python import NO_ORDERS, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Side, StopOrder, Strategy, Underlying
        >>> class Protected(Strategy):
        ...     def on_start(self, state):
        ...         state.place_stop(StopOrder(0, Side.SELL, quantity=1, trigger_price=95, strategy_id="me"))
        ...     def generate_algo_orders(self, state):
        ...         return NO_ORDERS
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
        >>> engine = Engine(Protected(), instruments, time_start=0)
        >>> [stop.trigger_price for stop in engine.snapshot().instrument(0).stops]
        [Decimal('95')]
        """
    def cancel_stop(self, id: builtins.int) -> builtins.bool:
        r"""
        Withdraws a stop.

        Parameters
        ----------
        id : int
            What `place_stop` gave.

        Returns
        -------
        bool
            Whether it waited: not if it was triggered or withdrawn before.

        Raises
        ------
        ViewError
            If the view is a snapshot.

        Examples
        --------
        >>> from barter_python import NO_ORDERS, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Side, StopOrder, Strategy, Underlying
        >>> class Undecided(Strategy):
        ...     def on_start(self, state):
        ...         stop = state.place_stop(StopOrder(0, Side.SELL, quantity=1, trigger_price=95, strategy_id="me"))
        ...         print(state.cancel_stop(stop), state.cancel_stop(stop))
        ...     def generate_algo_orders(self, state):
        ...         return NO_ORDERS
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
        >>> engine = Engine(Undecided(), instruments, time_start=0)
        True False
        """
    def _act_as(self, strategy_id: str | None) -> None:
        r"""
        For `StrategyGroup`: whose the orders are that are given no id from now on.
        """
    @staticmethod
    def _from_snapshot(instruments: IndexedInstruments, text: builtins.str, own_data: list[object]) -> EngineView:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[EngineView]]]: ...
    def _repr_html_(self) -> builtins.str:
        r"""
        Tables of instruments and balances, for notebooks.
        """
    def __repr__(self) -> builtins.str: ...
    def call_at(self, time: datetime.datetime | builtins.int | builtins.str, *, every: typing.Optional[datetime.timedelta] = None) -> Timer:
        r"""
        Asks for a call of the strategy's hook `on_timer(timer, state)` at a time.

        `docs/strategy.md` says what comes first of several things at one time.

        Parameters
        ----------
        time : datetime or int or str
            When, after the engine's time: an aware `datetime`, nanoseconds since 1970, or RFC 3339 text.
        every : timedelta, optional
            After how long again, and so on; otherwise the hook is called once. `Timer.every` shows its
            whole microseconds.

        Returns
        -------
        Timer
            For `cancel_timer`.

        Raises
        ------
        ValueError
            If `time` is not after the engine's time, if `every` is not positive, or if the strategy has
            no `on_timer`.
        ViewError
            If this is not the state of a running engine.

        Examples
        --------
        >>> from datetime import timedelta
        >>> from barter_python import NO_ORDERS, EngineView, Orders, Strategy, Timer
        >>> class EachMinute(Strategy):
        ...     def on_start(self, state: EngineView, /) -> None:
        ...         minute = timedelta(minutes=1)
        ...         state.call_at(state.time + minute, every=minute)
        ...     def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        ...         return NO_ORDERS
        ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
        ...         return NO_ORDERS
        """
    def cancel_timer(self, timer: Timer) -> builtins.bool:
        r"""
        Takes a timer back.

        Parameters
        ----------
        timer : Timer
            What `call_at` returned, or what `on_timer` gets to end a repeating one.

        Returns
        -------
        bool
            Whether it was still to come.

        Raises
        ------
        ViewError
            If this is not the state of a running engine.

        Examples
        --------
        >>> from barter_python import NO_ORDERS, EngineView, Orders, Strategy, Timer
        >>> class OnceOnly(Strategy):
        ...     def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        ...         state.cancel_timer(timer)
        ...         return NO_ORDERS
        ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
        ...         return NO_ORDERS
        """
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> EngineView: ...

@typing.final
class EquityBar:
    r"""
    What the account was worth in an interval of simulated time.

    The equity is the balance at the start plus the profit and loss since then: realised, and
    unrealised at the mid (the last trade, or the last candle's close, where there is no book). It is
    marked at the start, at every market event of an instrument with an open position, after every
    fill, and at the end; `docs/backtest.md` has the rules.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.backtest import EquityBar
    >>> bar = EquityBar(1, "2024-01-01T00:00:59.5Z", equity=Decimal(9990), low=9985, high=10010, peak=10020)
    >>> bar.peak - bar.equity
    Decimal('30')
    """
    @property
    def asset(self) -> typing.Optional[builtins.int]:
        r"""
        Index of the quote asset; `None` for the account as a whole.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        The last mark of the interval, in UTC.
        """
    @property
    def equity(self) -> decimal.Decimal:
        r"""
        The equity at that mark, in the quote asset.
        """
    @property
    def low(self) -> decimal.Decimal:
        r"""
        The lowest equity of the interval's marks.
        """
    @property
    def high(self) -> decimal.Decimal:
        r"""
        The highest equity of the interval's marks.
        """
    @property
    def peak(self) -> decimal.Decimal:
        r"""
        The highest equity from the start to the end of the interval.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, asset: typing.Optional[builtins.int], time: datetime.datetime | builtins.int | builtins.str, *, equity: decimal.Decimal | builtins.int, low: decimal.Decimal | builtins.int, high: decimal.Decimal | builtins.int, peak: decimal.Decimal | builtins.int) -> EquityBar: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., EquityBar], tuple[type[EquityBar], tuple[()], dict[str, object]]]: ...

@typing.final
class EquityBarRows:
    r"""
    The equity over time, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[EquityBar], instruments: IndexedInstruments) -> EquityBarRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> EquityBar:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> EquityBarRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: EquityBarRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> EquityBarRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[EquityBarRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> EquityBarRows: ...

@typing.final
class EquityDrawdown:
    r"""
    A fall of the equity below its peak, exact at every mark.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.backtest import EquityDrawdown
    >>> fall = EquityDrawdown(
    ...     1, peak=Decimal(10_000), trough=Decimal(7_500), depth=Decimal(2_500), share=Decimal("0.25"),
    ...     time_start="2024-01-01T00:00:00Z", time_trough="2024-01-02T00:00:00Z", time_end=None)
    >>> fall.depth, fall.time_end
    (Decimal('2500'), None)
    """
    @property
    def asset(self) -> typing.Optional[builtins.int]:
        r"""
        Index of the quote asset; `None` for the account as a whole.
        """
    @property
    def peak(self) -> decimal.Decimal:
        r"""
        The highest equity until then, in the quote asset.
        """
    @property
    def trough(self) -> decimal.Decimal:
        r"""
        The lowest equity of the drawdown.
        """
    @property
    def depth(self) -> decimal.Decimal:
        r"""
        `peak` less `trough`.
        """
    @property
    def share(self) -> typing.Optional[decimal.Decimal]:
        r"""
        `depth` divided by `peak`, rounded to what a decimal holds; `None` if the peak is not
        positive.
        """
    @property
    def time_start(self) -> datetime.datetime:
        r"""
        The first mark below the peak, in UTC: the equity was at the peak until then.
        """
    @property
    def time_trough(self) -> datetime.datetime:
        r"""
        The first mark at the trough, in UTC.
        """
    @property
    def time_end(self) -> typing.Optional[datetime.datetime]:
        r"""
        The first mark that is not below the peak any more, in UTC; `None` if the run ends before.
        """
    @property
    def time_start_ns(self) -> builtins.int:
        r"""
        `time_start` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_trough_ns(self) -> builtins.int:
        r"""
        `time_trough` in nanoseconds since 1970 in UTC.
        """
    @property
    def time_end_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_end` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, asset: typing.Optional[builtins.int], *, peak: decimal.Decimal | builtins.int, trough: decimal.Decimal | builtins.int, depth: decimal.Decimal | builtins.int, share: typing.Optional[decimal.Decimal | builtins.int], time_start: datetime.datetime | builtins.int | builtins.str, time_trough: datetime.datetime | builtins.int | builtins.str, time_end: typing.Optional[datetime.datetime | builtins.int | builtins.str]) -> EquityDrawdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., EquityDrawdown], tuple[type[EquityDrawdown], tuple[()], dict[str, object]]]: ...

@typing.final
class EquityDrawdownRows:
    r"""
    Drawdowns, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[EquityDrawdown], instruments: IndexedInstruments) -> EquityDrawdownRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> EquityDrawdown:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> EquityDrawdownRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: EquityDrawdownRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> EquityDrawdownRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[EquityDrawdownRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> EquityDrawdownRows: ...

@typing.final
class EquityRatios:
    r"""
    Ratios of the returns of an equity, scaled to a year.

    A ratio is `None` where it is not defined: without two returns, without a return that is not zero,
    if a return is not defined, if the risk that it is divided by is zero, and in a run without a
    fill. `docs/statistic.md` has the formulas.

    Examples
    --------
    >>> from barter_python.statistic import EquityRatios
    >>> ratios = EquityRatios(
    ...     1, annual_return=None, volatility=None, sharpe=None, sortino=None, calmar=None)
    >>> ratios.sharpe is None
    True
    """
    @property
    def returns(self) -> builtins.int:
        r"""
        How many returns there are.
        """
    @property
    def annual_return(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The mean return times the returns of a year, without compounding.
        """
    @property
    def volatility(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The standard deviation of the returns, times the root of the returns of a year.
        """
    @property
    def sharpe(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The mean excess return over the standard deviation, times the root of the returns of a year.
        """
    @property
    def sortino(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The mean excess return over the downside deviation, times the root of the returns of a year.
        """
    @property
    def calmar(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The mean excess return times the returns of a year, over the deepest drawdown by share.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, returns: builtins.int, *, annual_return: typing.Optional[decimal.Decimal | builtins.int], volatility: typing.Optional[decimal.Decimal | builtins.int], sharpe: typing.Optional[decimal.Decimal | builtins.int], sortino: typing.Optional[decimal.Decimal | builtins.int], calmar: typing.Optional[decimal.Decimal | builtins.int]) -> EquityRatios: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., EquityRatios], tuple[type[EquityRatios], tuple[()], dict[str, object]]]: ...

@typing.final
class FailedCancel:
    r"""
    A cancel that failed.

    Examples
    --------
    >>> from barter_python import OrderFailure, OrderFailureKind, OrderResponseCancel
    >>> from barter_python.backtest import FailedCancel
    >>> answer = OrderResponseCancel(
    ...     exchange=0, instrument=0, strategy_id="me", client_order_id="cid-1",
    ...     failure=OrderFailure(OrderFailureKind.TIMEOUT))
    >>> failed = FailedCancel(answer, "2024-01-01T00:00:00Z")
    >>> failed.response.client_order_id, failed.time.isoformat()
    ('cid-1', '2024-01-01T00:00:00+00:00')
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., FailedCancel], tuple[type[FailedCancel], tuple[()], dict[str, object]]]: ...

@typing.final
class FailedCancelRows:
    r"""
    Cancels that failed, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[FailedCancel], instruments: IndexedInstruments) -> FailedCancelRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> FailedCancel:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> FailedCancelRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: FailedCancelRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> FailedCancelRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[FailedCancelRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> FailedCancelRows: ...

@typing.final
class Funding:
    r"""
    A funding of a perpetual: those who hold it pay each other. barter has no such event.

    It happens to the position that the simulated exchange holds when the run comes to the event, so
    both times of the `MarketEvent` are best the time of the funding. `docs/exchange.md` has the rule.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.data import Funding
    >>> Funding(Decimal("0.0001"), mark_price=Decimal("64250.5")).rate
    Decimal('0.0001')
    """
    @property
    def rate(self) -> decimal.Decimal:
        r"""
        What a long position pays to a short one, as a fraction of its value; shorts pay longs if it is
        negative.
        """
    @property
    def mark_price(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The price at which positions are valued, in the quote asset; `None` for the mark of the run.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, rate: decimal.Decimal | builtins.int, *, mark_price: typing.Optional[decimal.Decimal | builtins.int] = None) -> Funding: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Funding], tuple[type[Funding], tuple[()], dict[str, object]]]: ...

@typing.final
class FundingPayment:
    r"""
    A funding that our position in a perpetual has paid or received.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import Side
    >>> from barter_python.backtest import FundingPayment
    >>> paid = FundingPayment(
    ...     "2024-01-01T08:00:00Z", 0, Side.BUY, quantity=2, mark_price=100,
    ...     rate=Decimal("0.0001"), amount=Decimal("-0.02"))
    >>> paid.amount == -paid.rate * paid.quantity * 100
    True
    """
    @property
    def time(self) -> datetime.datetime:
        r"""
        When the exchange booked it, in UTC.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the position: who is long pays if `rate` is positive.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity of the position, in the base asset.
        """
    @property
    def mark_price(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The price at which the position was valued; `None` for what it was entered for, since the run
        knew no price.
        """
    @property
    def rate(self) -> decimal.Decimal:
        r"""
        The fraction of the value that is paid.
        """
    @property
    def amount(self) -> decimal.Decimal:
        r"""
        The change of the quote balance: negative for what was paid.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, time: datetime.datetime | builtins.int | builtins.str, instrument: builtins.int, side: Side, *, quantity: decimal.Decimal | builtins.int, mark_price: typing.Optional[decimal.Decimal | builtins.int], rate: decimal.Decimal | builtins.int, amount: decimal.Decimal | builtins.int) -> FundingPayment: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., FundingPayment], tuple[type[FundingPayment], tuple[()], dict[str, object]]]: ...

@typing.final
class FundingPaymentRows:
    r"""
    Funding of a run, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[FundingPayment], instruments: IndexedInstruments) -> FundingPaymentRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> FundingPayment:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> FundingPaymentRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: FundingPaymentRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> FundingPaymentRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[FundingPaymentRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> FundingPaymentRows: ...

@typing.final
class IndexedAsset:
    r"""
    An asset with the index that barter gave it (`barter_instrument::asset::ExchangeAsset`).

    Examples
    --------
    >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
    >>> asset = IndexedInstruments([config]).assets[0]
    >>> asset.index, asset.name, asset.name_exchange
    (0, 'usd', 'USD')
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., IndexedAsset], tuple[type[IndexedAsset], tuple[()], dict[str, object]]]: ...

@typing.final
class IndexedInstrument:
    r"""
    An instrument with the indices that barter gave it (`barter_instrument::instrument::Instrument`).

    Examples
    --------
    >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
    >>> instrument = IndexedInstruments([config]).instruments[0]
    >>> instrument.name, instrument.underlying
    ('kraken-xbt_usd', Underlying(base=1, quote=0))
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
    def __new__(cls, *, index: builtins.int, exchange: builtins.int, exchange_id: ExchangeId, name: builtins.str, name_exchange: builtins.str, underlying: barter_python.Underlying[int]) -> IndexedInstrument: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., IndexedInstrument], tuple[type[IndexedInstrument], tuple[()], dict[str, object]]]: ...

@typing.final
class IndexedInstruments:
    r"""
    Instruments, assets and exchanges with the indices that the engine uses.

    barter sorts the instruments and removes doubles, so that only this class knows their indices.
    Wraps `barter_instrument::index::IndexedInstruments`.

    Parameters
    ----------
    instruments : iterable of InstrumentConfig
        The instruments to index, in any order.

    Raises
    ------
    ConfigError
        If there are none, or if two different instruments or assets have one internal name:
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
    def _asset_names(self) -> builtins.list[builtins.str]:
        r"""
        The names of the assets with their exchanges, such as `binance_spot_usdt`, by index.
        """
    def exchange_index(self, exchange: ExchangeId) -> builtins.int:
        r"""
        Index of an exchange; `UnknownKeyError` if no instrument is on it.

        Examples
        --------
        >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
        >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
        >>> IndexedInstruments([config]).exchange_index(ExchangeId.KRAKEN)
        0
        """
    def asset_index(self, exchange: ExchangeId, name: builtins.str) -> builtins.int:
        r"""
        Index of an asset of an exchange, by its name in any case; `UnknownKeyError` if there is none.

        Examples
        --------
        >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
        >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
        >>> IndexedInstruments([config]).asset_index(ExchangeId.KRAKEN, "USD")
        0
        """
    def instrument_index(self, key: str | tuple[ExchangeId, str]) -> builtins.int:
        r"""
        Index of an instrument.

        Parameters
        ----------
        key : str or tuple of ExchangeId and str
            Its internal name such as `binancespot-btc_usdt`, or its exchange and the name that the
            exchange gives it, in the case that was configured.

        Raises
        ------
        UnknownKeyError
            If there is no such instrument, or if the exchange gives several of them that name.

        Examples
        --------
        >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd")),
        ...      InstrumentConfig(ExchangeId.KRAKEN, "ETHUSD", Underlying("eth", "usd"))])
        >>> instruments.instrument_index("kraken-xbt_usd")
        1
        >>> instruments.instrument_index((ExchangeId.KRAKEN, "ETHUSD"))
        0
        """
    def __len__(self) -> builtins.int: ...
    def __reduce__(self) -> tuple[type[IndexedInstruments], tuple[object, ...]]: ...
    def __repr__(self) -> builtins.str: ...

@typing.final
class InstrumentAccountSnapshot:
    r"""
    The orders of an instrument (`barter_execution::InstrumentAccountSnapshot`).

    Examples
    --------
    >>> from barter_python.execution import InstrumentAccountSnapshot
    >>> InstrumentAccountSnapshot(0, []).orders
    []
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., InstrumentAccountSnapshot], tuple[type[InstrumentAccountSnapshot], tuple[()], dict[str, object]]]: ...

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

        Examples
        --------
        >>> from barter_python import InstrumentFilter, Underlying
        >>> InstrumentFilter.underlyings([Underlying(0, 1)])
        InstrumentFilter.underlyings([Underlying(base=0, quote=1)])
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
            If the filter is by underlying and the underlying is not given.
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

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Side, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    >>> view = engine.snapshot().instrument(0)
    >>> view.price, view.position, view.position_of("me"), view.orders
    (None, None, None, [])
    >>> price = view.round_price(99.123456, Side.BUY)
    >>> order = view.limit_order(
    ...     Side.BUY, price=price, quantity=view.round_quantity(0.5), strategy_id="me", cid="first")
    >>> order.state.price, order.state.quantity, str(order.key.cid)
    (Decimal('99.123456'), Decimal('0.5'), 'first')
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
    def kind(self) -> barter_python.instrument.InstrumentKind:
        r"""
        What it is: spot, perpetual, future or option, with its contract.
        """
    @property
    def spec(self) -> barter_python.instrument.InstrumentSpec | None:
        r"""
        The exchange's rules for orders; `None` if the configuration has none.
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
        Half way between best bid and best ask; `None` without both, as with trades and candles only.
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
    def candle(self) -> typing.Optional[Candle]:
        r"""
        The last candle: of the history, or of those that the run builds from trades (`candles` of
        `run_backtest`).
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
    def stops(self) -> builtins.list[Stop]:
        r"""
        The stops that wait for a price of the instrument, in the order of their ids.

        They are held by the run, and are not among `orders` before they are triggered.
        """
    @property
    def has_orders(self) -> builtins.bool:
        r"""
        Whether an order is in flight or open.
        """
    def depth(self, levels: builtins.int) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        r"""
        The best levels of the order book, without a copy of the rest of it.

        Parameters
        ----------
        levels : int
            How many levels of each side at most.

        Returns
        -------
        tuple of tuple of Level
            The bids, the highest first, and the asks, the lowest first. Before the first event of the book
            they are those of the last L1.

        Raises
        ------
        ValueError
            If the number is not positive.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Underlying
        >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
        >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
        >>> engine.snapshot().instrument(0).depth(5)
        ((), ())
        """
    def depth_f64(self, levels: builtins.int) -> tuple[builtins.list[tuple[builtins.float, builtins.float]], builtins.list[tuple[builtins.float, builtins.float]]]:
        r"""
        `depth` as the nearest floats: pairs of price and amount.

        Parameters
        ----------
        levels : int
            How many levels of each side at most.

        Returns
        -------
        tuple of list of tuple of float
            The bids, the highest first, and the asks, the lowest first.

        Raises
        ------
        ValueError
            If the number is not positive.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Underlying
        >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
        >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
        >>> bids, asks = engine.snapshot().instrument(0).depth_f64(5)
        >>> sum(amount for _, amount in bids) - sum(amount for _, amount in asks)
        0
        """
    def market_order(self, side: Side, quantity: decimal.Decimal | builtins.int, *, strategy_id: typing.Optional[barter_python.StrategyId | builtins.str] = None, time_in_force: typing.Optional[TimeInForce] = None, cid: typing.Optional[barter_python.ClientOrderId | builtins.str] = None) -> barter_python.OrderRequestOpen:
        r"""
        A request for a market order at the best opposite price.

        Where there is no opposite price, the request names `price` instead.

        Parameters
        ----------
        side : Side
            Side of the order.
        quantity : Decimal or int
            Quantity in the base asset, positive.
        strategy_id : StrategyId or str, optional
            Id of the strategy whose order it is. If it is not given, that of the strategy that is being
            called: its attribute `strategy_id`, or its id in a `StrategyGroup`.
        time_in_force : TimeInForce, optional
            `FILL_OR_KILL` fills all of it or nothing; `IMMEDIATE_OR_CANCEL` when not given.
        cid : ClientOrderId or str, optional
            The order's id, a new one when it is not given.

        Raises
        ------
        ValueError
            If the quantity is not positive, or no price is known yet.
        TypeError
            If no `strategy_id` is given, and the strategy has none.

        Examples
        --------
        A strategy that buys once and holds:

        >>> from barter_python import NO_ORDERS, EngineView, Orders, Side, Strategy
        >>> class Holds(Strategy):
        ...     strategy_id = "holds"
        ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
        ...         view = state.instrument(0)
        ...         if view.price is None or view.position is not None or view.has_orders:
        ...             return NO_ORDERS
        ...         return [], [view.market_order(Side.BUY, 1)]
        """
    def limit_order(self, side: Side, *, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, strategy_id: typing.Optional[barter_python.StrategyId | builtins.str] = None, time_in_force: typing.Optional[TimeInForce] = None, cid: typing.Optional[barter_python.ClientOrderId | builtins.str] = None) -> barter_python.OrderRequestOpen:
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
        strategy_id : StrategyId or str, optional
            Id of the strategy whose order it is. If it is not given, that of the strategy that is being
            called: its attribute `strategy_id`, or its id in a `StrategyGroup`.
        time_in_force : TimeInForce, optional
            How long the order stays open; if not given, until it is cancelled.
        cid : ClientOrderId or str, optional
            The order's id, a new one when it is not given.

        Raises
        ------
        ValueError
            If the quantity is not positive.
        TypeError
            If no `strategy_id` is given, and the strategy has none.
        """
    def round_quantity(self, quantity: decimal.Decimal | builtins.int | builtins.float) -> decimal.Decimal:
        r"""
        Rounds a quantity down to what an order can have.

        That is a multiple of the increment of the instrument's `spec`, if it has one, and of 10⁻¹², which
        the simulated exchange counts in. So money divided by a price becomes a
        quantity that can be ordered.

        Parameters
        ----------
        quantity : Decimal or int or float
            A quantity in the base asset, not negative, with any number of digits; a float is taken by its
            shortest form.

        Returns
        -------
        Decimal
            Zero if it is less than the least quantity of the `spec`: there is no order of that size.

        Raises
        ------
        ValueError
            If the quantity is negative, not finite or too large.

        Examples
        --------
        A quantity of all the money, in a callback::

            free = state.balance(ExchangeId.BINANCE_SPOT, "usdt").free
            quantity = instrument.round_quantity(free / instrument.best_ask)
        """
    def round_price(self, price: decimal.Decimal | builtins.int | builtins.float, side: Side) -> decimal.Decimal:
        r"""
        Rounds a price to what a limit order can have, never to a worse one than given.

        That is a multiple of the tick of the instrument's `spec`: down for a buy, up for a sale. Without a
        tick the price keeps the digits that a decimal of 96 bits holds.

        Parameters
        ----------
        price : Decimal or int or float
            A price in the quote asset, not negative, with any number of digits; a float is taken by its
            shortest form.
        side : Side
            Side of the order: `BUY` rounds down, `SELL` rounds up.

        Returns
        -------
        Decimal
            Zero if a buy is below the first tick.

        Raises
        ------
        ValueError
            If the price is negative, not finite or too large.

        Examples
        --------
        A buy one per mille below the market, in a callback::

            price = instrument.round_price(instrument.mid * Decimal("0.999"), Side.BUY)
        """
    def _own_data(self) -> object:
        r"""
        For `barter_python.strategy.own_data`.
        """
    def value(self, node: indicators.Node) -> typing.Optional[builtins.float]:
        r"""
        The last value of an indicator or a condition of `barter_python.indicators`.

        Parameters
        ----------
        node : Node
            A condition of the strategy's `wake_on`, or a condition or an indicator inside one. The value of
            a condition is 0 if it did not hold at the last event of the instrument.

        Returns
        -------
        float or None
            The value; `None` before there is one.

        Raises
        ------
        ValueError
            If it is neither in the strategy's `wake_on` nor inside one of the conditions there.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
        >>> from barter_python import InstrumentConfig, Underlying
        >>> from barter_python.indicators import CrossesAbove, Ema, Source
        >>> average = Ema(Source.MID, 50)
        >>> class Patient(DefaultStrategy):
        ...     wake_on = (CrossesAbove(Source.MID, average),)
        >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
        >>> engine = Engine(Patient(), IndexedInstruments([config]), time_start=0)
        >>> engine.snapshot().instrument(0).value(average) is None
        True
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
        The order with that id, in flight or open; `None` if there is none.

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
        >>> request = view.limit_order(Side.BUY, price=99, quantity=1, strategy_id="me", cid="mine")
        >>> _ = engine.process(SendOpenRequests([request]))
        >>> order = engine.snapshot().instrument(0).order("mine")
        >>> None if order is None else order.status
        <OrderStatus.OPEN_IN_FLIGHT: 'open_in_flight'>
        """
    def tear_sheet(self, *, risk_free_return: decimal.Decimal | builtins.int = decimal.Decimal('0'), interval: typing.Optional[TimeInterval  |  datetime.timedelta] = None) -> TearSheet:
        r"""
        barter's figures of the instrument's closed positions, from the start until now.

        Nothing changes: they are generated on a copy. `BacktestResult.statistics` has the right
        values of the figures that barter's tear sheet has wrong.

        Parameters
        ----------
        risk_free_return : Decimal or int
            What is earned without a risk; barter takes it off the mean return as it is.
        interval : TimeInterval or timedelta, optional
            What ratios and returns are scaled to, of whole seconds; a year of 365 days when not given.

        Raises
        ------
        ValueError
            If a ratio does not fit, or the interval is not positive or has a fraction of a second.

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
    def __repr__(self) -> builtins.str: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> InstrumentView: ...

@typing.final
class Lag:
    r"""
    How far the reader of `Streams` is behind.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python.streams import Lag
    >>> lag = Lag(waiting=3, age=timedelta(milliseconds=20), replaced=0)
    >>> lag.waiting, lag.age < timedelta(seconds=1)
    (3, True)
    """
    @property
    def waiting(self) -> builtins.int:
        r"""
        How many events wait for the reader.
        """
    @property
    def age(self) -> datetime.timedelta:
        r"""
        How long ago the oldest of them was received; zero if none waits.
        """
    @property
    def replaced(self) -> builtins.int:
        r"""
        How many quotes newer ones have replaced; always zero without `Overflow.LATEST`.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, waiting: builtins.int, age: datetime.timedelta, replaced: builtins.int) -> Lag: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Lag], tuple[type[Lag], tuple[()], dict[str, object]]]: ...

@typing.final
class Level:
    r"""
    A price of an order book and the amount on offer there (`barter_data::books::Level`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import Level
    >>> Level(price=Decimal("99.5"), amount=2)
    Level(price=Decimal('99.5'), amount=Decimal('2'))
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
    def __new__(cls, *, price: decimal.Decimal | builtins.int, amount: decimal.Decimal | builtins.int) -> Level: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Level], tuple[type[Level], tuple[()], dict[str, object]]]: ...

@typing.final
class Liquidation:
    r"""
    A position of another trader that the exchange has closed (`barter_data::subscription::liquidation::Liquidation`).

    Examples
    --------
    >>> from barter_python import Liquidation, Side
    >>> Liquidation(Side.SELL, price=99, quantity=2, time="2024-01-01T00:00:00Z").quantity
    Decimal('2')
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
    def __new__(cls, side: Side, *, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, time: datetime.datetime | builtins.int | builtins.str) -> Liquidation: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Liquidation], tuple[type[Liquidation], tuple[()], dict[str, object]]]: ...

@typing.final
class LiveOutput:
    r"""
    The results of a live run, for `barter_python.live`.
    """
    @property
    def output(self) -> BacktestOutput:
        r"""
        The results, as those of a backtest.
        """
    @property
    def until_ns(self) -> builtins.int:
        r"""
        When the run ended, in nanoseconds since 1970: the `until` of a backtest over its record.
        """
    @property
    def failure(self) -> typing.Optional[builtins.BaseException]:
        r"""
        What ended it, if that was an exception.
        """
    @property
    def trips(self) -> builtins.list[tuple[builtins.int, builtins.str]]:
        r"""
        When the kill switch tripped, in nanoseconds since 1970, and why.
        """
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> LiveOutput: ...

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
    @property
    def span(self) -> datetime.timedelta:
        r"""
        The time from `time_start` to `time_end`, in microseconds as all `timedelta`s.
        """
    def candles(self, every: datetime.timedelta) -> MarketData:
        r"""
        The candles of the history, which are built from its trades: for a chart, a file, or a run on
        candles alone.

        They are those that `run_backtest(..., candles=every)` shows a strategy beside the trades. A candle
        has the trades of an instrument that are received from one multiple of `every`, counted from
        1970 in UTC, until the next. A trade counts as received at the greatest `time_received` so far.
        The next multiple is the `close_time` of the candle and both times of its event; a trade that is
        received at exactly that time belongs to the next candle. An interval without a trade has no
        candle. A candle that no later event of the history shows to be complete is left out. Candles of
        one time come in the order of their instruments.

        Parameters
        ----------
        every : timedelta
            The length of a candle: positive, a year at most.

        Raises
        ------
        ValueError
            If `every` is not positive or above a year.
        MarketDataError
            If no candle is complete; if the volume of one reaches 10²⁵.

        Examples
        --------
        >>> from datetime import timedelta
        >>> from barter_python import MarketData
        >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
        >>> candles = data.candles(timedelta(minutes=1))
        >>> len(candles)
        9
        >>> bitcoin = candles[0].kind
        >>> bitcoin.close_time.isoformat(), bitcoin.close, bitcoin.volume, bitcoin.trade_count
        ('2025-03-25T23:08:00+00:00', Decimal('87245.13'), Decimal('13.81108'), 1186)
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
            If a line cannot be read exactly, naming file, line and reason; if there is no event.
        OSError
            If the file cannot be opened.
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
            If an element cannot be read exactly, naming file, position and reason; if there is no event.
        OSError
            If the file cannot be opened.

        Examples
        --------
        >>> import json, tempfile
        >>> from pathlib import Path
        >>> from barter_python import MarketData
        >>> from barter_python.engine import event_to_json
        >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
        >>> event = MarketData.from_json_lines(history)[0]
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "events.json"
        ...     _ = path.write_text(json.dumps([json.loads(event_to_json(event))["Market"]]))
        ...     MarketData.from_json(path)[0] == event
        True
        """
    @staticmethod
    def open(path: str | os.PathLike[str]) -> MarketData:
        r"""
        Reads a history that `save` has written, whole.

        `MarketScan([path])` reads it block by block, for histories that memory does not hold.

        Parameters
        ----------
        path : str or os.PathLike
            The file.

        Raises
        ------
        MarketDataError
            If the file is not such a history, is of another version, was cut off or is damaged.
        OSError
            If the file cannot be opened.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from barter_python import MarketData
        >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
        >>> data = MarketData.from_json_lines(history)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "history.bph"
        ...     data.save(path, compressed=True)
        ...     list(MarketData.open(path)) == list(data)
        True
        """
    def save(self, path: str | os.PathLike[str], *, compressed: builtins.bool = False) -> None:
        r"""
        Writes the history to a file that `open` and `MarketScan` read, much faster than JSON.

        The events come back as they are, digit for digit. The file is written beside `path` and put there
        when it is whole, so that whoever reads a file of that name goes on reading the old one.
        `docs/binary_histories.md` describes the form.

        Parameters
        ----------
        path : str or os.PathLike
            The file, which is replaced if it is there.
        compressed : bool
            Whether blocks of events are compressed, which makes the file smaller. A plain file is mapped,
            so that several processes share its bytes.

        Raises
        ------
        OSError
            If the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from barter_python import MarketData
        >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
        >>> data = MarketData.from_json_lines(history)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "history.bph"
        ...     data.save(path)
        ...     len(MarketData.open(path))
        50000
        """
    @staticmethod
    def from_events(events: collections.abc.Iterable[MarketEvent | NamedMarketEvent | Reconnecting], *, instruments: typing.Optional[IndexedInstruments] = None) -> MarketData:
        r"""
        Takes events made in Python, in the order given.

        Parameters
        ----------
        events : iterable of MarketEvent, NamedMarketEvent or Reconnecting
            Read to its end; an exception that it raises arrives unchanged.
        instruments : IndexedInstruments, optional
            Where the instruments of a `NamedMarketEvent` are looked up: `config.index()`. The events
            of the history have their indices. Events that have an index are checked against it too.

        Raises
        ------
        MarketDataError
            If an event holds a number that barter's arithmetic cannot take; if there is no event.
            If `instruments` does not have the exchange or the instrument of an event.

        Warns
        -----
        UserWarning
            If the first time looks like seconds, milliseconds or microseconds since 1970: whole
            numbers count nanoseconds.

        Examples
        --------
        >>> from barter_python import ExchangeId, MarketData, NamedMarketEvent, PublicTrade, Side
        >>> from barter_python import SystemConfig
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> time = "2025-03-24T21:30:00Z"
        >>> trade = PublicTrade("1", price=2065, amount=1, side=Side.BUY)
        >>> event = NamedMarketEvent(time, time, ExchangeId.BINANCE_SPOT, "ETHUSDT", trade)
        >>> MarketData.from_events([event], instruments=config.index())[0].instrument
        1
        """
    def __len__(self) -> builtins.int: ...
    def __iter__(self) -> MarketDataIterator: ...
    def _check_against(self, instruments: IndexedInstruments, argument: typing.Optional[builtins.str] = None) -> None:
        r"""
        Refuses events whose exchange or instrument the configuration does not have; the error begins
        with `argument` if it is given.
        """
    @staticmethod
    def _read(path: str | os.PathLike[str]) -> MarketData:
        r"""
        Reads a file by its content.
        """
    @staticmethod
    def _as_it_is(path: str | os.PathLike[str]) -> MarketData:
        r"""
        Reads a file for `inspect-data`, which counts candles before their close.
        """
    def _crossed(self) -> builtins.list[builtins.int]:
        r"""
        The positions of the events that are crossed quotes, or that leave an order book crossed.
        """
    def _before_close(self) -> builtins.list[builtins.int]:
        r"""
        The positions of the candles that are events before their close.
        """
    def _saved_at(self) -> typing.Optional[tuple[pathlib.Path, builtins.str]]:
        r"""
        The file that has the events, with its mark, if `save` has written it and it has not changed.
        """
    def _source(self) -> typing.Optional[builtins.str]:
        r"""
        Where the events come from, as messages name it.
        """
    @staticmethod
    def _from_saved(path: str | os.PathLike[str], mark: typing.Optional[builtins.str], source: typing.Optional[builtins.str]) -> MarketData:
        r"""
        Reads a file that `save` has written, as the history of another source; an error if the file does
        not have the mark.
        """
    @staticmethod
    def _from_packed(packed: bytes, source: typing.Optional[builtins.str]) -> MarketData:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[MarketData]]]: ...
    def __repr__(self) -> builtins.str: ...
    @typing.overload
    def __getitem__(self, position: int, /) -> MarketEvent | Reconnecting:
        r"""
        The event at a position, which is made as a Python object.
        """
    @typing.overload
    def __getitem__(self, position: slice, /) -> MarketData:
        r"""
        A part of the history, which shares the events; the step of the slice must be 1.
        """
    @staticmethod
    def merge(*histories: MarketData) -> MarketData:
        r"""
        Merges histories into one, by the times at which their events were received.

        Each history keeps its own order. At equal times their events come in the order in which the
        histories are given: give trades before the book that they changed. If times step back in a
        history, its events count as received at the greatest time before, and so does a lost stream.

        Parameters
        ----------
        *histories : MarketData
            The histories, at least one.

        Raises
        ------
        ValueError
            If no history is given.

        Examples
        --------
        >>> from barter_python import ExchangeId, MarketData, MarketEvent, PublicTrade, Side
        >>> def trades(*seconds):
        ...     times = [f"2025-03-24T21:30:0{second}Z" for second in seconds]
        ...     trade = PublicTrade("1", price=2065, amount=1, side=Side.BUY)
        ...     return MarketData.from_events(
        ...         MarketEvent(time, time, ExchangeId.BINANCE_SPOT, len(times), trade)
        ...         for time in times)
        >>> data = MarketData.merge(trades(1, 3, 5), trades(2, 3))
        >>> [(event.time_received.second, event.instrument) for event in data]
        [(1, 3), (2, 2), (3, 3), (3, 2), (5, 3)]
        """
    def between(self, since: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None, until: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None) -> MarketData:
        r"""
        The part of the history that is received from one time until another.

        The events count as received when the clock of a run would process them: at the greatest
        `time_received` so far, also a lost stream. So they follow one another in the history, and the
        part shares them with it. It keeps nothing of what was known before: a book that is only
        updated after `since` lacks its older levels, so begin at a snapshot.

        Parameters
        ----------
        since : datetime, int or str, optional
            The first time of the part. If `None`, the part begins with the history.
        until : datetime, int or str, optional
            The first time that does not belong to the part any more. If `None`, the part ends with
            the history.

        Raises
        ------
        ValueError
            If `since` is not before `until`.
        MarketDataError
            If there is no event in between.

        Warns
        -----
        UserWarning
            If a time looks like seconds, milliseconds or microseconds since 1970: whole numbers count
            nanoseconds.

        Examples
        --------
        >>> from barter_python import MarketData
        >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
        >>> minute = data.between("2025-03-25T23:08:00Z", "2025-03-25T23:09:00Z")
        >>> len(minute), minute.span.total_seconds()
        (11002, 59.660187)
        """
    def _between_ns(self, since: typing.Optional[builtins.int], until: typing.Optional[builtins.int]) -> MarketData:
        r"""
        As `between`, of times that are checked.
        """
    def to_arrow(self, kind: type[PublicTrade | OrderBookL1 | OrderBook | OrderBookSnapshot | OrderBookUpdate | Candle | Liquidation | Funding | Settlement], *, instruments: IndexedInstruments, decimals: typing.Literal['exact', 'float'] = 'exact') -> ArrowTable:
        r"""
        Gives the events of one kind as a table for polars, pyarrow, pandas or DuckDB.

        All tables of a kind have the same columns. `position` is that of the event in the history,
        `instrument` its index and `instrument_name` the internal name. A book has a row for each level,
        with the number of its event; one without levels has a row without side, price and amount. A
        `Reconnecting` is in no table. `docs/other_tools.md` has the types.

        Parameters
        ----------
        kind : type
            `PublicTrade`, `OrderBookL1`, `Candle`, `Liquidation`, `Funding` or `Settlement`;
            `OrderBookSnapshot`, `OrderBookUpdate`, or `OrderBook` for both of these.
        instruments : IndexedInstruments
            What the indices in the history stand for: `config.index()`.
        decimals : "exact" or "float"
            Prices and amounts as decimals of the greatest scale in the column, or as the nearest floats.

        Raises
        ------
        TypeError
            If the kind is another class.
        MarketDataError
            If `instruments` does not have the exchange or the instrument of an event.
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it; if a number of
            trades or of a message does not fit into 64 bits with a sign.

        Examples
        --------
        >>> import polars as pl
        >>> from barter_python import MarketData, PublicTrade, SystemConfig
        >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> trades = pl.DataFrame(data.to_arrow(PublicTrade, instruments=config.index()))
        >>> trades.select("instrument_name", "side", "price", "amount").row(0)
        ('binancespot-btc_usdt', 'sell', Decimal('87232.00'), Decimal('0.00012'))
        """
    @staticmethod
    def from_csv(path: str | os.PathLike[str] | collections.abc.Sequence[str | os.PathLike[str]], columns: barter_python.TradeColumns | barter_python.L1Columns | barter_python.BookColumns | barter_python.BookSnapshotColumns | barter_python.CandleColumns | barter_python.LiquidationColumns | barter_python.FundingColumns | barter_python.SettlementColumns, *, instruments: IndexedInstruments, instrument: str | tuple[ExchangeId, str] | None = None, header: collections.abc.Sequence[str] | None = None, delimiter: typing.Optional[builtins.str] = None, unit: typing.Optional[TimeUnit] = None, feed_latency: datetime.timedelta = ..., order: RowOrder = ..., assume_utc: builtins.bool = False) -> MarketData:
        r"""
        Reads CSV, each row an event, or a part of one.

        Text becomes exact decimals, without a float in between. The file is read in pieces, without the
        interpreter's lock.

        Parameters
        ----------
        path : str or os.PathLike, or sequence of them
            The file: plain, compressed with gzip, or a zip archive, of which all members whose names
            end in `.csv` are read in the archive's order. Several files are read one after the other.
        columns : TradeColumns, L1Columns, BookColumns, BookSnapshotColumns, CandleColumns, LiquidationColumns,
            FundingColumns or SettlementColumns
            What a row is, and which columns have what.
        instruments : IndexedInstruments
            Where the names of instruments are looked up: `config.index()`.
        instrument : str or tuple of ExchangeId and str, optional
            The instrument of all rows: its internal name, the exchange's name if only one instrument
            has it, or the exchange with its name. Not needed if there is only one instrument, or if a
            column has the names.
        header : sequence of str, optional
            The names of the columns of a file whose first row is data. Without it, the first row has
            them.
        delimiter : str, optional
            What separates the cells: one character, a comma if it is not given.
        unit : TimeUnit, optional
            What whole numbers in columns of times count since 1970 in UTC. Not needed for text such as
            `2025-03-25T23:07:00.123Z`.
        feed_latency : timedelta
            What is added to the exchange's time for the time of receiving, if no column has it. The
            default is zero: the strategy then sees an event when it happens.
        order : RowOrder
            What becomes of rows that are not in the order of `time_received`.
        assume_utc : bool
            Whether times without a zone are in UTC. Otherwise they are an error.

        Raises
        ------
        MarketDataError
            If a column is missing or a row cannot be read exactly, naming file, line, column and value;
            if `order` is `RowOrder.REFUSE` and a row's time steps back; if there is no row.
        UnknownKeyError
            If `instruments` has no instrument called `instrument`.
        TypeError
            If it is not said which instrument the rows are about.
        ValueError
            If an argument is out of range, or `feed_latency` is given and a column has the time of
            receiving.
        OSError
            If the file cannot be opened.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, MarketData
        >>> from barter_python import TradeColumns, Underlying
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "trades.csv")
        ...     _ = path.write_text("when,price,amount,side\n2025-03-25T23:07:00Z,87232.50,0.1,sell\n")
        ...     data = MarketData.from_csv(path, TradeColumns(time_exchange="when"), instruments=instruments)
        >>> data[0].kind
        PublicTrade(id='1', price=Decimal('87232.50'), amount=Decimal('0.1'), side=Side.SELL)
        """
    @staticmethod
    def from_arrow(table: barter_python.ArrowStream, columns: barter_python.TradeColumns | barter_python.L1Columns | barter_python.BookColumns | barter_python.BookSnapshotColumns | barter_python.CandleColumns | barter_python.LiquidationColumns | barter_python.FundingColumns | barter_python.SettlementColumns, *, instruments: IndexedInstruments, instrument: str | tuple[ExchangeId, str] | None = None, unit: typing.Optional[TimeUnit] = None, feed_latency: datetime.timedelta = ..., order: RowOrder = ..., assume_utc: builtins.bool = False) -> MarketData:
        r"""
        Reads a table of another library, each row an event, or a part of one.

        Parameters
        ----------
        table : ArrowStream
            Anything with the method `__arrow_c_stream__`: a table of polars, pyarrow or duckdb, or one
            of pandas if pyarrow is installed. Its rows are read once, in pieces. Numbers are decimals,
            text, whole numbers, or floats, which are read by their shortest form; times are timestamps
            with a zone, text, or whole numbers with a `unit`.
        columns : TradeColumns, L1Columns, BookColumns, BookSnapshotColumns, CandleColumns, LiquidationColumns,
            FundingColumns or SettlementColumns
            What a row is, and which columns have what.
        instruments : IndexedInstruments
            Where the names of instruments are looked up: `config.index()`.
        instrument : str or tuple of ExchangeId and str, optional
            The instrument of all rows: its internal name, the exchange's name if only one instrument
            has it, or the exchange with its name. Not needed if there is only one instrument, or if a
            column has the names.
        unit : TimeUnit, optional
            What whole numbers in columns of times count since 1970 in UTC.
        feed_latency : timedelta
            What is added to the exchange's time for the time of receiving, if no column has it.
        order : RowOrder
            What becomes of rows that are not in the order of `time_received`.
        assume_utc : bool
            Whether times without a zone are in UTC. Otherwise they are an error.

        Raises
        ------
        MarketDataError
            If a column is missing or a row cannot be read exactly, naming row, column and value; if
            `order` is `RowOrder.REFUSE` and a row's time steps back; if there is no row.
        UnknownKeyError
            If `instruments` has no instrument called `instrument`.
        TypeError
            If `table` is no such table, or it is not said which instrument the rows are about.
        ValueError
            If an argument is out of range, or `feed_latency` is given and a column has the time of
            receiving.
        ImportError
            If the table needs another library to give its rows, as pandas needs pyarrow.

        Examples
        --------
        A table of polars whose candles have the time at which they open:

        >>> from datetime import datetime, timedelta, timezone
        >>> import polars as pl
        >>> from barter_python import CandleColumns, ExchangeId, IndexedInstruments, InstrumentConfig
        >>> from barter_python import MarketData, Underlying
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
        >>> table = pl.DataFrame({
        ...     "date": [datetime(2025, 3, 25, tzinfo=timezone.utc)],
        ...     "open": [87000.5], "high": [88000.0], "low": [86000.0], "close": [87500.5], "volume": [12]})
        >>> columns = CandleColumns(open_time="date", length=timedelta(days=1))
        >>> event = MarketData.from_arrow(table, columns, instruments=instruments)[0]
        >>> event.time_received
        datetime.datetime(2025, 3, 26, 0, 0, tzinfo=datetime.timezone.utc)
        """
    @staticmethod
    def from_parquet(path: str | os.PathLike[str] | collections.abc.Sequence[str | os.PathLike[str]], columns: barter_python.TradeColumns | barter_python.L1Columns | barter_python.BookColumns | barter_python.BookSnapshotColumns | barter_python.CandleColumns | barter_python.LiquidationColumns | barter_python.FundingColumns | barter_python.SettlementColumns, *, instruments: IndexedInstruments, instrument: str | tuple[ExchangeId, str] | None = None, unit: typing.Optional[TimeUnit] = None, feed_latency: datetime.timedelta = ..., order: RowOrder = ..., assume_utc: builtins.bool = False) -> MarketData:
        r"""
        Reads Parquet files, by pyarrow or polars, whichever is installed.

        Parameters
        ----------
        path : str or os.PathLike, or sequence of them
            The file, or several that are read one after the other. pyarrow reads a file in pieces,
            polars as a whole.
        columns : TradeColumns, L1Columns, BookColumns, BookSnapshotColumns, CandleColumns, LiquidationColumns,
            FundingColumns or SettlementColumns
            What a row is, and which columns have what.
        instruments, instrument, unit, feed_latency, order, assume_utc
            As for `from_arrow`.

        Raises
        ------
        MarketDataError, UnknownKeyError, TypeError, ValueError
            As `from_arrow`.
        ImportError
            If neither pyarrow nor polars is installed.
        OSError
            If the file cannot be opened.

        Examples
        --------
        >>> import tempfile
        >>> from datetime import datetime, timezone
        >>> from pathlib import Path
        >>> import polars as pl
        >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, MarketData
        >>> from barter_python import TradeColumns, Underlying
        >>> instruments = IndexedInstruments(
        ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
        >>> table = pl.DataFrame({
        ...     "time_exchange": [datetime(2025, 3, 25, tzinfo=timezone.utc)],
        ...     "price": ["87232.50"], "amount": ["0.1"], "side": ["buy"]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "trades.parquet")
        ...     table.write_parquet(path)
        ...     len(MarketData.from_parquet(path, TradeColumns(), instruments=instruments))
        1
        """
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
    An event of a market (`barter_data::event::MarketEvent`).

    Examples
    --------
    >>> from barter_python import ExchangeId, MarketEvent, PublicTrade, Side
    >>> trade = PublicTrade("t1", price=100, amount=2, side=Side.BUY)
    >>> sent, received = "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.005Z"
    >>> event = MarketEvent(sent, received, ExchangeId.BINANCE_SPOT, 0, trade)
    >>> event.instrument, event.time_received.isoformat()
    (0, '2024-01-01T00:00:00.005000+00:00')
    """
    @property
    def time_exchange(self) -> datetime.datetime:
        r"""
        When it happened, by the exchange's clock, in UTC.
        """
    @property
    def time_received(self) -> datetime.datetime:
        r"""
        When a trader's machine received it, in UTC.
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
    def kind(self) -> PublicTrade  |  OrderBookL1  |  OrderBookSnapshot  |  OrderBookUpdate  |  Candle  |  Liquidation  |  Funding  |  Settlement:
        r"""
        The event itself.
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
    def __new__(cls, time_exchange: datetime.datetime | builtins.int | builtins.str, time_received: datetime.datetime | builtins.int | builtins.str, exchange: ExchangeId, instrument: builtins.int, kind: PublicTrade  |  OrderBookL1  |  OrderBookSnapshot  |  OrderBookUpdate  |  Candle  |  Liquidation  |  Funding  |  Settlement) -> MarketEvent: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., MarketEvent], tuple[type[MarketEvent], tuple[()], dict[str, object]]]: ...

@typing.final
class MarketFeed:
    r"""
    Live events of any number of venues, for one reader: what `barter_python.streams.Streams` reads.
    """
    def __new__(cls, instruments: IndexedInstruments, subscriptions: typing.Sequence[tuple[builtins.int, SubKind]], addresses: typing.Sequence[tuple[ExchangeId, typing.Optional[builtins.str], typing.Optional[builtins.str]]], *, capacity: builtins.int, overflow: Overflow, open_timeout: datetime.timedelta, silence: typing.Optional[datetime.timedelta], backoff: datetime.timedelta, backoff_max: datetime.timedelta, steady: datetime.timedelta, wait_for_connection: builtins.bool) -> MarketFeed:
        r"""
        Starts to connect.
        """
    def wait_until_connected(self) -> None:
        r"""
        Waits until each connection is subscribed; Ctrl-C ends the wait.
        """
    def is_connected(self) -> builtins.bool:
        r"""
        Whether each connection is subscribed.
        """
    def next(self, timeout: typing.Optional[datetime.timedelta] = None) -> typing.Optional[MarketEvent  |  Reconnecting  |  StreamStatus]:
        r"""
        The next item; `None` if nothing came within the time, or if the feed is closed.
        """
    def arm(self) -> None:
        r"""
        Has the next item, and the end, make the descriptor readable.
        """
    def fileno(self) -> builtins.int:
        r"""
        The descriptor that an event loop can wait for.
        """
    def statuses(self) -> builtins.list[StreamStatus]:
        r"""
        The statuses that the reader has come past, the last thousand.
        """
    def book(self, instrument: builtins.int) -> typing.Optional[OrderBook]:
        r"""
        The book of the instrument after what the reader has taken, `None` if it is unknown.
        """
    def lag(self) -> Lag:
        r"""
        How far the reader is behind.
        """
    def record(self, path: str | os.PathLike[str], rotate_bytes: typing.Optional[builtins.int], rotate_every: typing.Optional[datetime.timedelta]) -> None:
        r"""
        Writes what the reader takes into a file.
        """
    def recorded(self) -> tuple[list[pathlib.Path], int, str | None]:
        r"""
        The files of the recording, the number of events in them, and why it failed if it did.
        """
    def stop_recording(self) -> tuple[list[pathlib.Path], int, str | None]:
        r"""
        Ends the recording, and gives what `recorded` does.
        """
    def is_at_end(self) -> builtins.bool:
        r"""
        Whether the feed is closed, and all read.
        """
    def close(self) -> builtins.int:
        r"""
        Ends all connections; the number of events that nobody has read.
        """

@typing.final
class MarketScan:
    r"""
    A history in parts, opened one after the other by each run: for more than memory holds.

    A run over a scan gives the result of a run over the whole history in memory, byte for byte. It
    holds one part (or one block of 16,384 events, of a file that `MarketData.save` has written) at a
    time: it lets go of a part before it opens the next. Each run, and each worker
    of `run_backtests`, opens the parts anew.

    Parameters
    ----------
    parts : iterable of str, os.PathLike, callable or MarketData
        In the order of time: files of JSON lines or of one JSON array, plain or gzip; files that
        `MarketData.save` has written, which are read block by block; functions that return a
        `MarketData`; or such a history, which stays in memory. Processes get functions by pickling: use
        `functools.partial` of a function at the top of a module.

    Raises
    ------
    ValueError
        If there is no part.
    TypeError
        If a part is something else.

    Examples
    --------
    >>> from functools import partial
    >>> from barter_python import DefaultStrategy, MarketData, MarketScan, SystemConfig, run_backtest
    >>> def part(since, until):
    ...     data = MarketData.from_json_lines(
    ...         "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
    ...     return data.between(since, until)
    >>> half = "2025-03-25T23:08:30Z"
    >>> scan = MarketScan([partial(part, None, half), partial(part, half, None)])
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> run_backtest(DefaultStrategy(), scan, config).settings.events
    50000
    """
    @property
    def parts(self) -> tuple[str | os.PathLike[str] | collections.abc.Callable[[], MarketData] | MarketData, ...]:
        r"""
        The parts as they were given; of merged scans, those of one after the other.
        """
    def __new__(cls, parts: collections.abc.Iterable[str | os.PathLike[str] | collections.abc.Callable[[], MarketData] | MarketData]) -> MarketScan: ...
    @staticmethod
    def merge(*scans: MarketScan | MarketData) -> MarketScan:
        r"""
        Merges scans into one, by the times at which their events were received.

        The rules are those of `MarketData.merge`. A run holds one part of each scan at a time.

        Parameters
        ----------
        *scans : MarketScan or MarketData
            The scans, at least one; a history in memory counts as a scan of one part.

        Raises
        ------
        ValueError
            If no scan is given.

        Examples
        --------
        >>> from barter_python import MarketScan
        >>> trades, books = MarketScan(["trades.jsonl.gz"]), MarketScan(["books.jsonl.gz"])
        >>> MarketScan.merge(trades, books).parts
        ('trades.jsonl.gz', 'books.jsonl.gz')
        """
    def __iter__(self) -> MarketScanIterator: ...
    def __reduce__(self) -> tuple[operator.methodcaller | type[MarketScan], tuple[object, ...]]: ...
    def __repr__(self) -> builtins.str: ...

@typing.final
class MarketScanIterator:
    r"""
    Iterates over the parts of a `MarketScan`, opening one at a time; of merged scans, over pieces.
    """
    def __iter__(self) -> MarketScanIterator: ...
    def __next__(self) -> MarketData: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> MarketScanIterator: ...

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
    def __repr__(self) -> builtins.str: ...
    @staticmethod
    def _from_json(text: builtins.str) -> MaxDrawdownGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[MaxDrawdownGenerator]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> MaxDrawdownGenerator: ...

@typing.final
class MeanDrawdown:
    r"""
    The mean of several drawdowns (`barter::statistic::metric::drawdown::mean::MeanDrawdown`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.statistic import MeanDrawdown
    >>> MeanDrawdown(mean_drawdown=Decimal("0.1"), mean_drawdown_ms=60_000).mean_drawdown
    Decimal('0.1')
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
    def __new__(cls, *, mean_drawdown: decimal.Decimal | builtins.int, mean_drawdown_ms: builtins.int) -> MeanDrawdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., MeanDrawdown], tuple[type[MeanDrawdown], tuple[()], dict[str, object]]]: ...

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
            If the distance from the mean does not fit; the generator is unchanged then.
        """
    def __repr__(self) -> builtins.str: ...
    @staticmethod
    def _from_json(text: builtins.str) -> MeanDrawdownGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[MeanDrawdownGenerator]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> MeanDrawdownGenerator: ...

@typing.final
class NamedMarketEvent:
    r"""
    A market event that names its instrument, for `MarketData.from_events`.

    The engine knows instruments by their indices, which are in barter's order and not in that of
    the configuration. `MarketData.from_events(events, instruments=config.index())` looks the index
    up, so that the history holds a `MarketEvent`.

    Examples
    --------
    >>> from barter_python import ExchangeId, NamedMarketEvent, PublicTrade, Side
    >>> trade = PublicTrade("t1", price=100, amount=2, side=Side.BUY)
    >>> time = "2024-01-01T00:00:00Z"
    >>> NamedMarketEvent(time, time, ExchangeId.BINANCE_SPOT, "BTCUSDT", trade).instrument
    'BTCUSDT'
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
    def instrument(self) -> builtins.str:
        r"""
        The exchange's name of the instrument, such as `BTCUSDT`, or its internal name, such as
        `binancespot-btc_usdt`.
        """
    @property
    def kind(self) -> PublicTrade  |  OrderBookL1  |  OrderBookSnapshot  |  OrderBookUpdate  |  Candle  |  Liquidation  |  Funding  |  Settlement:
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
    def __new__(cls, time_exchange: datetime.datetime | builtins.int | builtins.str, time_received: datetime.datetime | builtins.int | builtins.str, exchange: ExchangeId, instrument: builtins.str, kind: PublicTrade  |  OrderBookL1  |  OrderBookSnapshot  |  OrderBookUpdate  |  Candle  |  Liquidation  |  Funding  |  Settlement) -> NamedMarketEvent: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., NamedMarketEvent], tuple[type[NamedMarketEvent], tuple[()], dict[str, object]]]: ...

@typing.final
class NativeFunction:
    r"""
    A native function, with what its own state is at the start of a run.

    `barter_python.compiled` makes it; nobody else needs to.

    Parameters
    ----------
    function : ctypes function
        A C function of ctypes, declared with the signature of `CFunction`.
    name : str
        The name of the function in errors.
    instruments : sequence of str
        The names of the instruments whose events it is called with.
    own : bytes
        The records of these instruments, one behind the other, each a multiple of 8 bytes.
    failure : callable
        Called without arguments where the function has failed; returns its exception, what else is known
        in words, or `None`.
    levels : int
        How many levels of each side of the book it reads.
    account_events : bool
        Whether it is called after events of the account too.
    is_python : bool
        Whether it is Python behind ctypes, for which the interpreter's lock is kept.

    Raises
    ------
    TypeError
        If the function is of another type or signature.
    ValueError
        If it is a null pointer, or the records have no common size.
    """
    def __new__(cls, function: builtins.object, name: builtins.str, *, instruments: typing.Sequence[builtins.str], own: bytes, failure: builtins.object, levels: builtins.int, account_events: builtins.bool, is_python: builtins.bool) -> NativeFunction: ...
    def record(self, instrument: builtins.str) -> bytes:
        r"""
        The record of an instrument, in the run that has begun last; before that, as it is at a start.

        Parameters
        ----------
        instrument : str
            The name of the instrument.

        Raises
        ------
        UnknownKeyError
            If the function has no state of that instrument.
        ViewError
            If the run goes on in another thread.
        """

@typing.final
class OpenPosition:
    r"""
    An open position of a running engine (`barter::engine::state::position::Position`).

    Examples
    --------
    >>> from barter_python.engine import OpenPosition
    >>> from barter_python import Side
    >>> position = OpenPosition(
    ...     0, Side.BUY, price_entry_average=100, quantity_abs=2, quantity_abs_max=2,
    ...     pnl_unrealised=6, pnl_realised=-1, fees_enter=1, fees_exit=0,
    ...     time_enter=0, time_exchange_update=0,
    ...     trades=["t1"])
    >>> position.side, position.quantity_abs, position.pnl_unrealised
    (<Side.BUY: 'buy'>, Decimal('2'), Decimal('6'))
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
        Ids of its fills, copied each time that they are read.
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
    def __new__(cls, instrument: builtins.int, side: Side, *, price_entry_average: decimal.Decimal | builtins.int, quantity_abs: decimal.Decimal | builtins.int, quantity_abs_max: decimal.Decimal | builtins.int, pnl_unrealised: decimal.Decimal | builtins.int, pnl_realised: decimal.Decimal | builtins.int, fees_enter: decimal.Decimal | builtins.int, fees_exit: decimal.Decimal | builtins.int, time_enter: datetime.datetime | builtins.int | builtins.str, time_exchange_update: datetime.datetime | builtins.int | builtins.str, trades: typing.Sequence[builtins.str]) -> OpenPosition: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OpenPosition], tuple[type[OpenPosition], tuple[()], dict[str, object]]]: ...

@typing.final
class OpenPositionRows:
    r"""
    Open positions, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[OpenPosition], instruments: IndexedInstruments) -> OpenPositionRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> OpenPosition:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> OpenPositionRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: OpenPositionRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> OpenPositionRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[OpenPositionRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> OpenPositionRows: ...

@typing.final
class Order:
    r"""
    An order and its state (`barter_execution::order::Order`).

    Raises
    ------
    ValueError
        If the fields after `status` contradict it. Each status has these fields and no others:

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
    ...     exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1", side=Side.BUY,
    ...     price=Decimal("9.75"), quantity=2, kind=OrderKind.LIMIT,
    ...     time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED, status=OrderStatus.OPEN, order_id="42",
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
        Its state.
        """
    @property
    def order_id(self) -> typing.Optional[builtins.str]:
        r"""
        The exchange's id, once it has one.
        """
    @property
    def filled_quantity(self) -> typing.Optional[decimal.Decimal]:
        r"""
        Quantity filled so far, in the base asset; `None` if barter's state does not say, which is
        after a cancel and an expiry.
        """
    @property
    def time_exchange(self) -> typing.Optional[datetime.datetime]:
        r"""
        When the exchange opened, last changed or cancelled it, in UTC; `None` if barter's state
        does not say.
        """
    @property
    def failure(self) -> typing.Optional[OrderFailure]:
        r"""
        The reason of the failure; `None` for other states.
        """
    @property
    def time_exchange_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, exchange: builtins.int, instrument: builtins.int, strategy_id: builtins.str, client_order_id: builtins.str, side: Side, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, kind: OrderKind, time_in_force: TimeInForce, status: OrderStatus, order_id: typing.Optional[builtins.str] = None, filled_quantity: typing.Optional[decimal.Decimal | builtins.int] = None, time_exchange: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None, failure: typing.Optional[OrderFailure] = None) -> Order: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Order], tuple[type[Order], tuple[()], dict[str, object]]]: ...
    def to_request_cancel(self) -> barter_python.OrderRequestCancel | None:
        r"""
        The request that cancels it (`barter_execution::order::Order::to_request_cancel`).

        Returns
        -------
        OrderRequestCancel or None
            `None` if a cancel is under way, or the order has ended.

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
    The amounts on offer at each price (`barter_data::books::OrderBook`).

    The levels may be given in any order; the book has the best first, as barter sorts them. It may be
    crossed. A `MarketData` refuses a side that has a price twice, negative amounts, and amounts of zero
    in a snapshot.

    Parameters
    ----------
    sequence : int
        The exchange's number of the book's state. It is not checked, neither here nor by barter's
        `OrderBook`.
    time_engine : datetime.datetime or int or str, optional
        Time of the book at the exchange's matching engine, in UTC, if the exchange gives it.
    bids : iterable of Level
        The amounts that others buy, by price.
    asks : iterable of Level
        The amounts that others sell, by price.

    Examples
    --------
    >>> from barter_python import Level, OrderBook
    >>> bids = [Level(price=98, amount=5), Level(price=99, amount=2)]
    >>> book = OrderBook(1, None, bids, asks=[Level(price=101, amount=3)])
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
        Time of the book at the exchange's matching engine, in UTC, if the exchange gives it.
        """
    @property
    def time_engine_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_engine` in nanoseconds since 1970 in UTC.
        """
    @property
    def bids(self) -> tuple[Level, ...]:
        r"""
        The amounts that others buy, the highest price first. A new tuple for each reading.
        """
    @property
    def asks(self) -> tuple[Level, ...]:
        r"""
        The amounts that others sell, the lowest price first. A new tuple for each reading.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, sequence: builtins.int, time_engine: typing.Optional[datetime.datetime | builtins.int | builtins.str], bids: collections.abc.Iterable[Level], asks: collections.abc.Iterable[Level]) -> OrderBook: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OrderBook], tuple[type[OrderBook], tuple[()], dict[str, object]]]: ...

@typing.final
class OrderBookL1:
    r"""
    The best bid and the best ask (`barter_data::subscription::book::OrderBookL1`).

    Examples
    --------
    >>> from barter_python import Level, OrderBookL1
    >>> book = OrderBookL1("2024-01-01T00:00:00Z", Level(price=99, amount=1), None)
    >>> book.best_bid, book.best_ask
    (Level(price=Decimal('99'), amount=Decimal('1')), None)
    """
    @property
    def last_update_time(self) -> datetime.datetime:
        r"""
        When the book last changed, by the exchange's clock, in UTC.
        """
    @property
    def best_bid(self) -> typing.Optional[Level]:
        r"""
        The highest bid, `None` if nobody bids.
        """
    @property
    def best_ask(self) -> typing.Optional[Level]:
        r"""
        The lowest ask, `None` if nobody asks.
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OrderBookL1], tuple[type[OrderBookL1], tuple[()], dict[str, object]]]: ...

@typing.final
class OrderBookSnapshot:
    r"""
    The whole order book, which replaces the known one
    (`barter_data::subscription::book::OrderBookEvent::Snapshot`).

    Examples
    --------
    >>> from barter_python import Level, OrderBook, OrderBookSnapshot
    >>> bids, asks = [Level(price=99, amount=2)], [Level(price=101, amount=3)]
    >>> snapshot = OrderBookSnapshot(OrderBook(1, None, bids, asks))
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OrderBookSnapshot], tuple[type[OrderBookSnapshot], tuple[()], dict[str, object]]]: ...

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
    >>> OrderBookUpdate(OrderBook(2, None, bids=[Level(price=99, amount=0)], asks=[])).book.bids
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OrderBookUpdate], tuple[type[OrderBookUpdate], tuple[()], dict[str, object]]]: ...

@typing.final
class OrderFailure:
    r"""
    The reason why a request failed (`barter_execution::error::OrderError`).

    Raises
    ------
    ValueError
        If a field that the kind has is missing, or a field that it does not have is given. `detail`
        goes with SOCKET, ASSET_INVALID, INSTRUMENT_INVALID, BALANCE_INSUFFICIENT and ORDER_REJECTED,
        `asset` with ASSET_INVALID and BALANCE_INSUFFICIENT, `instrument` with INSTRUMENT_INVALID,
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
    def __new__(cls, kind: OrderFailureKind, detail: typing.Optional[builtins.str] = None, *, asset: typing.Optional[builtins.int] = None, instrument: typing.Optional[builtins.int] = None, exchange: typing.Optional[ExchangeId] = None) -> OrderFailure: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OrderFailure], tuple[type[OrderFailure], tuple[()], dict[str, object]]]: ...

@typing.final
class OrderReport:
    r"""
    An order of a run: its state at the end, the sums over its fills, and its times.

    `order` is barter's, and its `filled_quantity` is `None` if the order was cancelled or has expired,
    even after fills. The report's own `filled_quantity` is always right.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import NO_ORDERS, MarketData, Side, SystemConfig, run_backtest
    >>> class BuysOnce:
    ...     def generate_algo_orders(self, state, /):
    ...         view = state.instrument(0)
    ...         if view.mid is None or view.position is not None or view.has_orders:
    ...             return NO_ORDERS
    ...         return [], [view.market_order(Side.BUY, Decimal("0.001"), strategy_id="me")]
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> result = run_backtest(BuysOnce(), data, config, until="2025-03-25T23:08:00Z")
    >>> report = result.orders[0]
    >>> report.order.side, report.filled_quantity, report.average_price
    (<Side.BUY: 'buy'>, Decimal('0.001'), Decimal('87232.01'))
    """
    @property
    def order(self) -> Order:
        r"""
        The order, in its state at the end.
        """
    @property
    def order_id(self) -> typing.Optional[builtins.str]:
        r"""
        The exchange's id of the order, as in its trades' `order_id`; `None` if the order was refused,
        or has no answer yet.
        """
    @property
    def filled_quantity(self) -> decimal.Decimal:
        r"""
        The sum of its fills, in units of the order's quantity; zero without fills.
        """
    @property
    def maker_quantity(self) -> decimal.Decimal:
        r"""
        The part of it that was filled while the order rested; the rest took liquidity.
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
        When the exchange ended it, in UTC; `None` if it is open at the end of the run.
        """
    @property
    def stop(self) -> typing.Optional[StopTrigger]:
        r"""
        What triggered it, if a stop has become this order; `None` for an order of the strategy.
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
    def __new__(cls, order: Order, order_id: typing.Optional[builtins.str], *, filled_quantity: decimal.Decimal | builtins.int, maker_quantity: decimal.Decimal | builtins.int, fees: decimal.Decimal | builtins.int, average_price: typing.Optional[decimal.Decimal | builtins.int], time_sent: datetime.datetime | builtins.int | builtins.str, time_finished: typing.Optional[datetime.datetime | builtins.int | builtins.str], stop: typing.Optional[StopTrigger] = None) -> OrderReport: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OrderReport], tuple[type[OrderReport], tuple[()], dict[str, object]]]: ...

@typing.final
class OrderReportRows:
    r"""
    Orders of a run, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[OrderReport], instruments: IndexedInstruments) -> OrderReportRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> OrderReport:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> OrderReportRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: OrderReportRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> OrderReportRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[OrderReportRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> OrderReportRows: ...

@typing.final
class OrderResponseCancel:
    r"""
    The answer to a cancel (`barter_execution::order::request::OrderResponseCancel`).

    Raises
    ------
    ValueError
        If there is neither a `failure` nor `order_id` and `time_exchange`, or both.

    Examples
    --------
    >>> from barter_python import OrderResponseCancel
    >>> answer = OrderResponseCancel(
    ...     exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1", order_id="42",
    ...     time_exchange="2024-01-01T00:00:00Z")
    >>> answer.failure is None
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
        The exchange's id of the order; `None` if it was not cancelled.
        """
    @property
    def time_exchange(self) -> typing.Optional[datetime.datetime]:
        r"""
        When the exchange cancelled it, in UTC; `None` if it did not.
        """
    @property
    def failure(self) -> typing.Optional[OrderFailure]:
        r"""
        The reason why the order was not cancelled; `None` if it was.
        """
    @property
    def time_exchange_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_exchange` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, exchange: builtins.int, instrument: builtins.int, strategy_id: builtins.str, client_order_id: builtins.str, order_id: typing.Optional[builtins.str] = None, time_exchange: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None, failure: typing.Optional[OrderFailure] = None) -> OrderResponseCancel: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., OrderResponseCancel], tuple[type[OrderResponseCancel], tuple[()], dict[str, object]]]: ...

@typing.final
class PeriodReturn:
    r"""
    The return of the equity in a period of time.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.statistic import PeriodReturn
    >>> day = PeriodReturn("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", Decimal("0.01"))
    >>> f"{day.time_start:%Y-%m-%d} {day.value:.1%}"
    '2024-01-01 1.0%'
    """
    @property
    def time_start(self) -> datetime.datetime:
        r"""
        When the period begins, in UTC.
        """
    @property
    def time_end(self) -> datetime.datetime:
        r"""
        When it ends, in UTC; the end is not part of it.
        """
    @property
    def value(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The change of the equity divided by the equity at the beginning, rounded to what a decimal
        holds; `None` if the equity at the beginning is not positive.
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
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, time_start: datetime.datetime | builtins.int | builtins.str, time_end: datetime.datetime | builtins.int | builtins.str, value: typing.Optional[decimal.Decimal | builtins.int]) -> PeriodReturn: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., PeriodReturn], tuple[type[PeriodReturn], tuple[()], dict[str, object]]]: ...

@typing.final
class PeriodReturnRows:
    r"""
    Returns, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[PeriodReturn], instruments: IndexedInstruments) -> PeriodReturnRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> PeriodReturn:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> PeriodReturnRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: PeriodReturnRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> PeriodReturnRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[PeriodReturnRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> PeriodReturnRows: ...

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

    >>> from barter_python import PositionExited, Side
    >>> position = PositionExited(
    ...     0, Side.BUY, price_entry_average=100, quantity_abs_max=2, pnl_realised=5,
    ...     fees_enter=1, fees_exit=1, time_enter=0, time_exit=1, trades=["t1", "t2"])
    >>> PnLReturns.default().updated(position).pnl_raw
    Decimal('5')
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., PnLReturns], tuple[type[PnLReturns], tuple[()], dict[str, object]]]: ...
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
            If the position was entered for nothing, or a figure does not fit into 28 digits.
        """

@typing.final
class PositionExited:
    r"""
    A closed position (`barter::engine::state::position::PositionExited`).

    Examples
    --------
    >>> from barter_python import Side
    >>> from barter_python.engine import PositionExited
    >>> start, end = "2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"
    >>> position = PositionExited(
    ...     0, Side.BUY, price_entry_average=100, quantity_abs_max=2, pnl_realised=5,
    ...     fees_enter=1, fees_exit=1, time_enter=start, time_exit=end, trades=["t1", "t2"])
    >>> position.pnl_realised, position.time_exit - position.time_enter
    (Decimal('5'), datetime.timedelta(seconds=3600))
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
    def __new__(cls, instrument: builtins.int, side: Side, *, price_entry_average: decimal.Decimal | builtins.int, quantity_abs_max: decimal.Decimal | builtins.int, pnl_realised: decimal.Decimal | builtins.int, fees_enter: decimal.Decimal | builtins.int, fees_exit: decimal.Decimal | builtins.int, time_enter: datetime.datetime | builtins.int | builtins.str, time_exit: datetime.datetime | builtins.int | builtins.str, trades: typing.Sequence[builtins.str]) -> PositionExited: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., PositionExited], tuple[type[PositionExited], tuple[()], dict[str, object]]]: ...

@typing.final
class PositionExitedRows:
    r"""
    Closed positions, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[PositionExited], instruments: IndexedInstruments) -> PositionExitedRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> PositionExited:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> PositionExitedRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: PositionExitedRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> PositionExitedRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[PositionExitedRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> PositionExitedRows: ...

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
    def __new__(cls, *, value: decimal.Decimal | builtins.int, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> ProfitFactor: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., ProfitFactor], tuple[type[ProfitFactor], tuple[()], dict[str, object]]]: ...
    @staticmethod
    def calculate(*, profits_gross_abs: decimal.Decimal | builtins.int, losses_gross_abs: decimal.Decimal | builtins.int) -> typing.Optional[ProfitFactor]:
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

    Examples
    --------
    >>> from barter_python import PublicTrade, Side
    >>> trade = PublicTrade("t1", price=100, amount=2, side=Side.BUY)
    >>> trade.price, trade.amount_f64
    (Decimal('100'), 2.0)
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
    def __new__(cls, id: builtins.str, *, price: decimal.Decimal | builtins.int, amount: decimal.Decimal | builtins.int, side: Side) -> PublicTrade: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., PublicTrade], tuple[type[PublicTrade], tuple[()], dict[str, object]]]: ...

@typing.final
class PyOrderRequestOpen:
    r"""
    barter's request to open an order, as the native function gives it.

    Wraps `barter_execution::order::request::OrderRequestOpen`. In strategies, write the dataclass
    `barter_python.OrderRequestOpen` instead.

    Examples
    --------
    >>> from barter_python import Side, build_ioc_market_order_to_close_position
    >>> request = build_ioc_market_order_to_close_position(0, 1, Side.BUY, 2, "me", 100)
    >>> request.side, request.quantity, request.kind
    (<Side.SELL: 'sell'>, Decimal('2'), <OrderKind.MARKET: 'market'>)
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., PyOrderRequestOpen], tuple[type[PyOrderRequestOpen], tuple[()], dict[str, object]]]: ...

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
    def __new__(cls, activated: builtins.bool, *, high: decimal.Decimal | builtins.int, low: decimal.Decimal | builtins.int) -> Range: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Range], tuple[type[Range], tuple[()], dict[str, object]]]: ...
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
        barter's figure: the greatest decimal if scaling gave a number that does not fit, whatever its
        sign.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The interval of the figure.
        """
    @property
    def rate(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure, or `None` if it does not fit.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, rate: typing.Optional[decimal.Decimal | builtins.int]) -> RateOfReturn: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., RateOfReturn], tuple[type[RateOfReturn], tuple[()], dict[str, object]]]: ...
    @staticmethod
    def calculate(mean_return: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> RateOfReturn:
        r"""
        The mean return, with its period.

        Parameters
        ----------
        mean_return : Decimal or int
            The mean of the returns.
        returns_period : TimeInterval or timedelta
            The period of a return.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> RateOfReturn:
        r"""
        The return of another interval: times the quotient of the two lengths, without compounding.
        """

@typing.final
class Reconnecting:
    r"""
    A stream was lost and is being opened again (`barter_data::streams::reconnect::Event::Reconnecting`).

    barter does not say when. A history may: without a time, the stream is lost at the time of the event
    before. An audit has the event as barter has it, beside the time of its tick.

    Examples
    --------
    >>> from barter_python import ExchangeId, Reconnecting
    >>> Reconnecting(ExchangeId.BINANCE_SPOT).exchange
    <ExchangeId.BINANCE_SPOT: 'binance_spot'>
    >>> Reconnecting(ExchangeId.BINANCE_SPOT, time_received="2025-03-28T08:00:00Z").time_received_ns
    1743148800000000000
    """
    @property
    def exchange(self) -> ExchangeId:
        r"""
        The exchange whose stream was lost.
        """
    @property
    def time_received(self) -> typing.Optional[datetime.datetime]:
        r"""
        When that was known, in UTC, if the history says so.
        """
    @property
    def time_received_ns(self) -> typing.Optional[builtins.int]:
        r"""
        `time_received` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: ExchangeId, *, time_received: typing.Optional[datetime.datetime | builtins.int | builtins.str] = None) -> Reconnecting: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Reconnecting], tuple[type[Reconnecting], tuple[()], dict[str, object]]]: ...

@typing.final
class RefusedRequestRows:
    r"""
    Requests that the risk manager has refused, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[barter_python.RefusedRequest], instruments: IndexedInstruments) -> RefusedRequestRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> barter_python.RefusedRequest:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> RefusedRequestRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: RefusedRequestRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> RefusedRequestRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[RefusedRequestRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> RefusedRequestRows: ...

@typing.final
class Settlement:
    r"""
    The settlement of a future at or after its expiry. barter has no such event.

    The simulated exchange closes the position at this price, without a fee. `docs/exchange.md` has the
    rule.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.data import Settlement
    >>> Settlement(price=Decimal("64250.5"))
    Settlement(price=Decimal('64250.5'))
    """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        The price of the settlement, in the quote asset.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, price: decimal.Decimal | builtins.int) -> Settlement: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Settlement], tuple[type[Settlement], tuple[()], dict[str, object]]]: ...

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
        barter's figure: the greatest decimal if returns do not vary, even if they are losses.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The interval of the figure.
        """
    @property
    def ratio(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure as a number: `None` if returns do not vary, and if scaling gave a number that does
        not fit, which barter shows as the greatest decimal whatever its sign.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> SharpeRatio: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., SharpeRatio], tuple[type[SharpeRatio], tuple[()], dict[str, object]]]: ...
    @staticmethod
    def calculate(*, risk_free_return: decimal.Decimal | builtins.int, mean_return: decimal.Decimal | builtins.int, std_dev_returns: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> SharpeRatio:
        r"""
        (mean return - risk-free return) / deviation of returns.

        Parameters
        ----------
        risk_free_return : Decimal or int
            The return without a risk in the period.
        mean_return : Decimal or int
            The mean of the returns.
        std_dev_returns : Decimal or int
            The standard deviation of the returns.
        returns_period : TimeInterval or timedelta
            The period of a return.

        Raises
        ------
        ValueError
            If the ratio does not fit into 28 digits, or the period is not positive.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> SharpeRatio:
        r"""
        The ratio of another interval: times the root of the quotient of the two lengths.
        """

@typing.final
class Shutdown:
    r"""
    The end of a session (`barter::shutdown::Shutdown`).

    Examples
    --------
    >>> from barter_python.engine import Shutdown, event_to_json
    >>> event_to_json(Shutdown())
    '{"Shutdown":null}'
    """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls) -> Shutdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Shutdown], tuple[type[Shutdown], tuple[()], dict[str, object]]]: ...

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

    >>> ratio.scale(TimeInterval.ANNUAL_365).interval
    <TimeInterval.ANNUAL_365: 'annual_365'>
    """
    @property
    def value(self) -> decimal.Decimal:
        r"""
        barter's figure: if losses do not vary, the greatest decimal for a positive excess return, the
        least for a negative one, zero for none.
        """
    @property
    def interval(self) -> TimeInterval  |  datetime.timedelta:
        r"""
        The interval of the figure.
        """
    @property
    def ratio(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The figure as a number: `None` if losses do not vary, and if scaling gave a number that does
        not fit, which barter shows as the greatest decimal whatever its sign.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, value: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta, ratio: typing.Optional[decimal.Decimal | builtins.int]) -> SortinoRatio: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., SortinoRatio], tuple[type[SortinoRatio], tuple[()], dict[str, object]]]: ...
    @staticmethod
    def calculate(*, risk_free_return: decimal.Decimal | builtins.int, mean_return: decimal.Decimal | builtins.int, std_dev_loss_returns: decimal.Decimal | builtins.int, returns_period: TimeInterval  |  datetime.timedelta) -> SortinoRatio:
        r"""
        (mean return - risk-free return) / deviation of the returns that are losses.

        Parameters
        ----------
        risk_free_return : Decimal or int
            The return without a risk in the period.
        mean_return : Decimal or int
            The mean of all returns.
        std_dev_loss_returns : Decimal or int
            The standard deviation of the returns that are losses.
        returns_period : TimeInterval or timedelta
            The period of a return.

        Raises
        ------
        ValueError
            If the ratio does not fit into 28 digits, or the period is not positive.
        """
    def scale(self, target: TimeInterval  |  datetime.timedelta) -> SortinoRatio:
        r"""
        The ratio of another interval: times the root of the quotient of the two lengths.
        """

@typing.final
class StateReplica:
    r"""
    A copy of an engine's state, which follows the engine's audit.

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
            If ticks are missing before it; nothing is changed then.
        Exception
            What the strategy's own data raises on the event.
        """
    def __repr__(self) -> builtins.str: ...

@typing.final
class Stop:
    r"""
    A stop that waits for its trigger: `InstrumentView.stops` has those of an instrument.

    Examples
    --------
    >>> from barter_python import NO_ORDERS, Side, Strategy
    >>> from barter_python.stops import StopOrder
    >>> class Protects(Strategy):
    ...     strategy_id = "protects"
    ...     def generate_algo_orders(self, state, /):
    ...         view = state.instrument(0)
    ...         if view.position is not None and not view.stops:
    ...             stop = state.place_stop(StopOrder(0, Side.SELL, quantity=1, trigger_price=95))
    ...             print(stop.id, stop.trigger_price)
    ...         return NO_ORDERS
    """
    @property
    def id(self) -> builtins.int:
        r"""
        Its number, from 1, over all stops of the run.
        """
    @property
    def kind(self) -> StopKind:
        r"""
        Kind of the stop.
        """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def strategy_id(self) -> builtins.str:
        r"""
        Whose order it becomes.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the order.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity of the order, in the base asset.
        """
    @property
    def trigger_price(self) -> decimal.Decimal:
        r"""
        The price that triggers it now, in the quote asset.
        """
    @property
    def limit_price(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The worst price to accept once triggered; `None` for a market order.
        """
    @property
    def distance(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The distance of a trailing stop; `None` for other kinds.
        """
    @property
    def trigger(self) -> TriggerPrice:
        r"""
        Which price of the market triggers it.
        """
    @property
    def group(self) -> builtins.int:
        r"""
        The same for all stops of which one cancels the others: the `id` of the first.
        """
    @property
    def until_closed(self) -> builtins.bool:
        r"""
        Whether the closing of the instrument's position withdraws it.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, *, id: builtins.int, kind: StopKind, instrument: builtins.int, strategy_id: builtins.str, side: Side, quantity: decimal.Decimal | builtins.int, trigger_price: decimal.Decimal | builtins.int, limit_price: typing.Optional[decimal.Decimal | builtins.int], distance: typing.Optional[decimal.Decimal | builtins.int], trigger: TriggerPrice, group: builtins.int, until_closed: builtins.bool) -> Stop: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Stop], tuple[type[Stop], tuple[()], dict[str, object]]]: ...

@typing.final
class StopOrder:
    r"""
    A stop to place: it sells if the price falls to the trigger, or buys if it rises to it.

    `EngineView.place_stop` places it. Once triggered it is a market order, or a limit order if there
    is a `limit_price`.

    Parameters
    ----------
    instrument : int
        Index of the instrument.
    side : Side
        Side of the order.
    quantity : Decimal or int
        Quantity of the order in the base asset, positive.
    trigger_price : Decimal or int
        The price that triggers it, in the quote asset, positive.
    limit_price : Decimal or int, optional
        The worst price to accept once triggered; a market order if `None`.
    trigger : TriggerPrice
        Which price of the market triggers it.
    strategy_id : str, optional
        Id of the strategy whose order it is; if `None`, that of the strategy that is being called.
    until_closed : bool
        Whether the closing of the instrument's position withdraws it.

    Raises
    ------
    ValueError
        If the quantity or a price is not positive or is too large.

    Examples
    --------
    >>> from barter_python import Side, StopOrder
    >>> StopOrder(0, Side.SELL, quantity=1, trigger_price=95).trigger
    <TriggerPrice.MARK: 'mark'>
    """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the order.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity of the order, in the base asset.
        """
    @property
    def trigger_price(self) -> decimal.Decimal:
        r"""
        The price that triggers it, in the quote asset.
        """
    @property
    def limit_price(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The worst price to accept once triggered; `None` for a market order.
        """
    @property
    def trigger(self) -> TriggerPrice:
        r"""
        Which price of the market triggers it.
        """
    @property
    def strategy_id(self) -> typing.Optional[builtins.str]:
        r"""
        Whose order it is; `None` for the strategy that is being called.
        """
    @property
    def until_closed(self) -> builtins.bool:
        r"""
        Whether the closing of the instrument's position withdraws it.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, instrument: builtins.int, side: Side, *, quantity: decimal.Decimal | builtins.int, trigger_price: decimal.Decimal | builtins.int, limit_price: typing.Optional[decimal.Decimal | builtins.int] = None, trigger: TriggerPrice = ..., strategy_id: typing.Optional[builtins.str] = None, until_closed: builtins.bool = False) -> StopOrder: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., StopOrder], tuple[type[StopOrder], tuple[()], dict[str, object]]]: ...

@typing.final
class StopTrigger:
    r"""
    What triggered an order that a stop has become.

    Examples
    --------
    >>> from barter_python.stops import StopKind, StopTrigger
    >>> StopTrigger(1, StopKind.STOP, trigger_price=95, price=94).price
    Decimal('94')
    """
    @property
    def stop_id(self) -> builtins.int:
        r"""
        `id` of the stop.
        """
    @property
    def kind(self) -> StopKind:
        r"""
        Kind of the stop.
        """
    @property
    def trigger_price(self) -> decimal.Decimal:
        r"""
        The price that it waited for, in the quote asset.
        """
    @property
    def price(self) -> decimal.Decimal:
        r"""
        The price that triggered it: beyond `trigger_price` if the market has jumped.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, stop_id: builtins.int, kind: StopKind, *, trigger_price: decimal.Decimal | builtins.int, price: decimal.Decimal | builtins.int) -> StopTrigger: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., StopTrigger], tuple[type[StopTrigger], tuple[()], dict[str, object]]]: ...

@typing.final
class StreamStatus:
    r"""
    What has happened to a connection of `Streams`. Each venue has one connection for each kind of
    subscription.

    Examples
    --------
    >>> from barter_python import ExchangeId
    >>> from barter_python.streams import StreamStatus, StreamStatusKind, SubKind
    >>> lost = StreamStatus(
    ...     StreamStatusKind.LOST, ExchangeId.KRAKEN, SubKind.PUBLIC_TRADES, None,
    ...     time="2024-01-01T00:00:00Z", reason="closed by the venue")
    >>> lost.kind, lost.reason
    (<StreamStatusKind.LOST: 'lost'>, 'closed by the venue')
    """
    @property
    def kind(self) -> StreamStatusKind:
        r"""
        What has happened.
        """
    @property
    def exchange(self) -> ExchangeId:
        r"""
        The venue.
        """
    @property
    def sub_kind(self) -> SubKind:
        r"""
        What the connection is subscribed to.
        """
    @property
    def instrument(self) -> typing.Optional[builtins.int]:
        r"""
        Index of the instrument, `None` if the status is about the whole connection.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        When it happened, by the clock of this machine, in UTC.
        """
    @property
    def reason(self) -> builtins.str:
        r"""
        Why, such as what the venue said; empty if there is nothing to say.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, kind: StreamStatusKind, exchange: ExchangeId, sub_kind: SubKind, instrument: typing.Optional[builtins.int], *, time: datetime.datetime | builtins.int | builtins.str, reason: builtins.str) -> StreamStatus: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., StreamStatus], tuple[type[StreamStatus], tuple[()], dict[str, object]]]: ...

@typing.final
class SystemControls:
    r"""
    The handle of a running system, for any thread.
    """
    def __new__(cls) -> SystemControls: ...
    def command(self, command: barter_python.engine.Command | TradingState) -> None:
        r"""
        Has the engine process a command, and waits until it has.
        """
    def snapshot(self) -> EngineView:
        r"""
        A copy of the engine's state.
        """
    def standing(self) -> tuple[builtins.list[tuple[builtins.int, decimal.Decimal, typing.Optional[decimal.Decimal]]], builtins.list[tuple[builtins.int, builtins.str]]]:
        r"""
        By index of the quote asset the equity and how far it is below its peak, as a share of the peak;
        the last refusals with their times in nanoseconds since 1970, the last first.
        """
    def take_audit(self, reader: audit.AuditStream) -> None:
        r"""
        Hands a snapshot of the state, and then the audit of each event, to a reader.
        """
    def stop(self) -> None:
        r"""
        Has the run end, by its policy.
        """
    def abort(self) -> None:
        r"""
        Has the run end at once, without its policy.
        """
    def progress(self) -> tuple[builtins.int, builtins.int, builtins.int]:
        r"""
        How many market events were processed, the engine's time in nanoseconds since 1970, and how far
        it is behind the wall clock in nanoseconds.
        """

@typing.final
class TakeProfitOrder:
    r"""
    A take-profit order to place: it sells if the price rises to the trigger, or buys if it falls to it.

    `EngineView.place_stop` places it. Once triggered it is a market order, or a limit order if there
    is a `limit_price`.

    Parameters
    ----------
    instrument : int
        Index of the instrument.
    side : Side
        Side of the order.
    quantity : Decimal or int
        Quantity of the order in the base asset, positive.
    trigger_price : Decimal or int
        The price that triggers it, in the quote asset, positive.
    limit_price : Decimal or int, optional
        The worst price to accept once triggered; a market order if `None`.
    trigger : TriggerPrice
        Which price of the market triggers it.
    strategy_id : str, optional
        Id of the strategy whose order it is; if `None`, that of the strategy that is being called.
    until_closed : bool
        Whether the closing of the instrument's position withdraws it.

    Raises
    ------
    ValueError
        If the quantity or a price is not positive or is too large.

    Examples
    --------
    >>> from barter_python import Side, TakeProfitOrder
    >>> TakeProfitOrder(0, Side.SELL, quantity=1, trigger_price=110, until_closed=True).trigger_price
    Decimal('110')
    """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the order.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity of the order, in the base asset.
        """
    @property
    def trigger_price(self) -> decimal.Decimal:
        r"""
        The price that triggers it, in the quote asset.
        """
    @property
    def limit_price(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The worst price to accept once triggered; `None` for a market order.
        """
    @property
    def trigger(self) -> TriggerPrice:
        r"""
        Which price of the market triggers it.
        """
    @property
    def strategy_id(self) -> typing.Optional[builtins.str]:
        r"""
        Whose order it is; `None` for the strategy that is being called.
        """
    @property
    def until_closed(self) -> builtins.bool:
        r"""
        Whether the closing of the instrument's position withdraws it.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, instrument: builtins.int, side: Side, *, quantity: decimal.Decimal | builtins.int, trigger_price: decimal.Decimal | builtins.int, limit_price: typing.Optional[decimal.Decimal | builtins.int] = None, trigger: TriggerPrice = ..., strategy_id: typing.Optional[builtins.str] = None, until_closed: builtins.bool = False) -> TakeProfitOrder: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., TakeProfitOrder], tuple[type[TakeProfitOrder], tuple[()], dict[str, object]]]: ...

@typing.final
class TearSheet:
    r"""
    barter's figures of an instrument, as barter calculates them (`barter::statistic::summary::instrument::TearSheet`).

    `win_rate` and `profit_factor` are not what their names say: see `barter_python.statistic.PositionStatistics`.
    The ratios are those of `SharpeRatio.value` and so on: barter shows a decimal even if there is no number.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python.statistic import TearSheetGenerator
    >>> sheet = TearSheetGenerator.init("2024-01-01T00:00:00Z").generate(0, timedelta(days=1))
    >>> sheet.pnl, sheet.win_rate
    (Decimal('0'), None)
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
        Sharpe ratio, scaled to the interval; the greatest decimal if returns do not vary.
        """
    @property
    def sortino_ratio(self) -> decimal.Decimal:
        r"""
        Sortino ratio, scaled to the interval; the greatest decimal if losses do not vary.
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
    def __new__(cls, *, pnl: decimal.Decimal | builtins.int, pnl_return: decimal.Decimal | builtins.int, sharpe_ratio: decimal.Decimal | builtins.int, sortino_ratio: decimal.Decimal | builtins.int, calmar_ratio: decimal.Decimal | builtins.int, pnl_drawdown: typing.Optional[Drawdown], pnl_drawdown_mean: typing.Optional[MeanDrawdown], pnl_drawdown_max: typing.Optional[Drawdown], win_rate: typing.Optional[decimal.Decimal | builtins.int], profit_factor: typing.Optional[decimal.Decimal | builtins.int]) -> TearSheet: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., TearSheet], tuple[type[TearSheet], tuple[()], dict[str, object]]]: ...

@typing.final
class TearSheetAsset:
    r"""
    barter's figures of an asset's balance (`barter::statistic::summary::asset::TearSheetAsset`).

    Examples
    --------
    >>> from barter_python.execution import Balance
    >>> from barter_python.statistic import TearSheetAssetGenerator
    >>> generator = TearSheetAssetGenerator.init(Balance(total=9, free=9), "2024-01-01T00:00:00Z")
    >>> generator.generate().balance_end
    Balance(total=Decimal('9'), free=Decimal('9'))
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., TearSheetAsset], tuple[type[TearSheetAsset], tuple[()], dict[str, object]]]: ...

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
    >>> generator = TearSheetAssetGenerator.init(Balance(total=100, free=100), "2024-01-01T00:00:00Z")
    >>> generator.update_from_balance(AssetBalance(0, Balance(total=75, free=75), "2024-01-02T00:00:00Z"))
    >>> generator.generate().drawdown_max.value
    Decimal('0.25')

    >>> generator.reset(Balance(total=5, free=5), "2024-02-01T00:00:00Z")
    >>> generator.generate().drawdown_max is None
    True
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
            If the fall from the peak does not fit; the generator is unchanged then.
        """
    def generate(self) -> TearSheetAsset:
        r"""
        barter's tear sheet as of now. Nothing changes.
        """
    def reset(self, balance: Balance, time: datetime.datetime | builtins.int | builtins.str) -> None:
        r"""
        Forgets everything and starts with another balance.
        """
    def __repr__(self) -> builtins.str: ...
    @staticmethod
    def _from_json(text: builtins.str) -> TearSheetAssetGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[TearSheetAssetGenerator]]]: ...
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
    ...         PositionExited(0, Side.BUY, price_entry_average=Decimal(100), quantity_abs_max=1,
    ...             pnl_realised=pnl, fees_enter=0, fees_exit=0, time_enter=time, time_exit=time, trades=[]))
    >>> sheet = generator.generate(risk_free_return=0, interval=TimeInterval.DAILY)
    >>> sheet.pnl, sheet.win_rate, generator.statistics.win_ratio
    (Decimal('30'), Decimal('0.25'), Decimal('0.75'))

    >>> generator.reset("2024-02-01T00:00:00Z")
    >>> generator.generate(risk_free_return=0, interval=TimeInterval.DAILY).pnl
    Decimal('0')
    """
    @property
    def pnl_returns(self) -> PnLReturns:
        r"""
        The returns so far, from which the ratios are computed.
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
            Time when trading started: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
        """
    def update_from_position(self, position: PositionExited) -> None:
        r"""
        Takes a closed position.

        Raises
        ------
        ValueError
            If the position was entered for nothing, or a figure does not fit into 28 digits; the
            generator is unchanged then.
        """
    def generate(self, risk_free_return: decimal.Decimal | builtins.int, interval: TimeInterval  |  datetime.timedelta) -> TearSheet:
        r"""
        barter's tear sheet as of now. Nothing changes.

        Parameters
        ----------
        risk_free_return : Decimal or int
            The return without a risk; barter subtracts it from the mean return as it is.
        interval : TimeInterval or timedelta
            The interval that ratios and returns are scaled to, of whole seconds.

        Raises
        ------
        ValueError
            If a ratio does not fit, or the interval is not positive or has a fraction of a second.
        """
    def reset(self, time_engine_start: datetime.datetime | builtins.int | builtins.str) -> None:
        r"""
        Forgets everything and starts at another time.
        """
    def __repr__(self) -> builtins.str: ...
    @staticmethod
    def _from_json(text: builtins.str) -> TearSheetGenerator:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[TearSheetGenerator]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> TearSheetGenerator: ...

@typing.final
class Timer:
    r"""
    A time at which the strategy is called, as `EngineView.call_at` makes it.

    barter has no timers: this is an addition.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python import Timer
    >>> timer = Timer(1, "2024-01-01T00:00:00Z", timedelta(minutes=1), None)
    >>> timer.time.isoformat(), timer.every
    ('2024-01-01T00:00:00+00:00', datetime.timedelta(seconds=60))
    """
    @property
    def id(self) -> builtins.int:
        r"""
        Its number among the timers of the run, from 1.
        """
    @property
    def time(self) -> datetime.datetime:
        r"""
        When it is due, or was due if it is given to `on_timer`, in UTC.
        """
    @property
    def every(self) -> typing.Optional[datetime.timedelta]:
        r"""
        After how long it is due again; `None` if it is due once.
        """
    @property
    def strategy_id(self) -> typing.Optional[builtins.str]:
        r"""
        The id of the strategy that has asked for it, if it has one.
        """
    @property
    def time_ns(self) -> builtins.int:
        r"""
        `time` in nanoseconds since 1970 in UTC.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, id: builtins.int, time: datetime.datetime | builtins.int | builtins.str, every: typing.Optional[datetime.timedelta], strategy_id: typing.Optional[builtins.str]) -> Timer: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Timer], tuple[type[Timer], tuple[()], dict[str, object]]]: ...

@typing.final
class Trade:
    r"""
    One of our fills (`barter_execution::trade::Trade`).

    Examples
    --------
    >>> from barter_python import Side, Trade
    >>> trade = Trade(
    ...     "t1", "o1", 0, "me", "2024-01-01T00:00:00Z", Side.BUY, price=100, quantity=2, fees=1)
    >>> trade.price * trade.quantity + trade.fees
    Decimal('201')
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
        Id of the strategy whose order it was; `bp-settlement` for the settlement of a future,
        `bp-liquidation` for the closing of a position that is liquidated.
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
    def __new__(cls, id: builtins.str, order_id: builtins.str, instrument: builtins.int, strategy_id: builtins.str, time_exchange: datetime.datetime | builtins.int | builtins.str, side: Side, *, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, fees: decimal.Decimal | builtins.int) -> Trade: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., Trade], tuple[type[Trade], tuple[()], dict[str, object]]]: ...

@typing.final
class TradeRows:
    r"""
    Fills, for `barter_python.Records`.
    """
    @property
    def kind(self) -> builtins.str:
        r"""
        The name of the class of the rows.
        """
    @staticmethod
    def of(rows: typing.Sequence[Trade], instruments: IndexedInstruments) -> TradeRows: ...
    def __len__(self) -> builtins.int: ...
    def item(self, position: builtins.int) -> Trade:
        r"""
        The row at a position, as a new object.
        """
    def chosen(self, positions: typing.Sequence[builtins.int]) -> TradeRows:
        r"""
        The rows at the positions.
        """
    def equals(self, other: TradeRows) -> builtins.bool:
        r"""
        Whether the other has equal rows in the same order.
        """
    def to_arrow(self, decimals: typing.Literal['exact', 'float']) -> ArrowTable:
        r"""
        The rows as a table.

        Raises
        ------
        ValueError
            If decimals are to be exact, and a column needs more than 38 digits for it.
        """
    @staticmethod
    def _from_packed(packed: bytes, instruments: IndexedInstruments) -> TradeRows:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[TradeRows]]]: ...
    def __new__(cls, _not_constructible: typing_extensions.Never, /) -> TradeRows: ...

@typing.final
class TradingSummary:
    r"""
    barter's summary of a run (`barter::statistic::summary::TradingSummary`).

    A summary is a run's `result.summary`, or comes from a `TradingSummaryGenerator`.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> result = run_backtest(DefaultStrategy(), data, config, until="2025-03-25T23:08:00Z")
    >>> summary = result.summary
    >>> sorted(summary.instruments)[0], summary.interval
    ('binancespot-btc_usdt', <TimeInterval.ANNUAL_365: 'annual_365'>)
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
        The interval that ratios and returns are scaled to.
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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., TradingSummary], tuple[type[TradingSummary], tuple[()], dict[str, object]]]: ...

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
    ...     PositionExited(0, Side.BUY, price_entry_average=Decimal(100), quantity_abs_max=1,
    ...         pnl_realised=7, fees_enter=0, fees_exit=0, time_enter=start, time_exit=end, trades=[]))
    >>> summary = generator.generate(TimeInterval.DAILY)
    >>> {name: sheet.pnl for name, sheet in summary.instruments.items()}
    {'binancespot-btc_usdt': Decimal('7')}
    >>> summary.trading_duration
    datetime.timedelta(days=1)

    >>> from barter_python.execution import AssetBalance, Balance
    >>> generator.update_from_balance(
    ...     AssetBalance(0, Balance(total=9, free=9), "2024-01-03T00:00:00Z"))
    >>> generator.update_time_now("2024-01-04T00:00:00Z")
    >>> generator.generate(TimeInterval.DAILY).trading_duration.days
    3
    """
    @property
    def statistics(self) -> builtins.dict[builtins.str, barter_python.PositionStatistics]:
        r"""
        Wins and losses by name of the instrument, as the names mean them, which barter has wrong.
        """
    @property
    def risk_free_return(self) -> decimal.Decimal:
        r"""
        The return without a risk.
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
            The return without a risk; barter subtracts it from the mean return as it is.
        time_engine_start : datetime or int or str
            Time when trading started: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
        time_engine_now : datetime or int or str
            The current time, in the same forms.
        instruments : IndexedInstruments
            The instruments and assets that positions and balances refer to by index.
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
            If no instrument has the position's index.
        ValueError
            If the position was entered for nothing, or a figure does not fit into 28 digits; the
            generator is unchanged then.
        """
    def update_from_balance(self, balance: AssetBalance) -> None:
        r"""
        Takes a balance; the end of the summary moves to its time, if that is later.

        Raises
        ------
        UnknownKeyError
            If no asset has the balance's index.
        ValueError
            If the fall from the peak does not fit; the generator is unchanged then.
        """
    def generate(self, interval: TimeInterval  |  datetime.timedelta) -> TradingSummary:
        r"""
        barter's summary as of now. Nothing changes.

        Parameters
        ----------
        interval : TimeInterval or timedelta
            The interval that ratios and returns are scaled to, of whole seconds.

        Raises
        ------
        ValueError
            If a ratio does not fit, or the interval is not positive or has a fraction of a second.
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
class TrailingStopOrder:
    r"""
    A trailing stop to place: a stop whose trigger follows the price at a distance.

    The trigger of a sale is the highest price since it was placed, less the distance; that of a
    purchase is the lowest, plus the distance. `EngineView.place_stop` places it. Once triggered it is a
    market order.

    Parameters
    ----------
    instrument : int
        Index of the instrument.
    side : Side
        Side of the order.
    quantity : Decimal or int
        Quantity of the order in the base asset, positive.
    distance : Decimal or int
        The distance from the price, in the quote asset, positive.
    trigger : TriggerPrice
        Which price of the market it follows.
    strategy_id : str, optional
        Id of the strategy whose order it is; if `None`, that of the strategy that is being called.
    until_closed : bool
        Whether the closing of the instrument's position withdraws it.

    Raises
    ------
    ValueError
        If the quantity or the distance is not positive or is too large.

    Examples
    --------
    >>> from barter_python import Side, TrailingStopOrder
    >>> TrailingStopOrder(0, Side.SELL, quantity=1, distance=5).distance
    Decimal('5')
    """
    @property
    def instrument(self) -> builtins.int:
        r"""
        Index of the instrument.
        """
    @property
    def side(self) -> Side:
        r"""
        Side of the order.
        """
    @property
    def quantity(self) -> decimal.Decimal:
        r"""
        Quantity of the order, in the base asset.
        """
    @property
    def distance(self) -> decimal.Decimal:
        r"""
        The distance of the trigger from the price, in the quote asset.
        """
    @property
    def trigger(self) -> TriggerPrice:
        r"""
        Which price of the market it follows.
        """
    @property
    def strategy_id(self) -> typing.Optional[builtins.str]:
        r"""
        Whose order it is; `None` for the strategy that is being called.
        """
    @property
    def until_closed(self) -> builtins.bool:
        r"""
        Whether the closing of the instrument's position withdraws it.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, instrument: builtins.int, side: Side, *, quantity: decimal.Decimal | builtins.int, distance: decimal.Decimal | builtins.int, trigger: TriggerPrice = ..., strategy_id: typing.Optional[builtins.str] = None, until_closed: builtins.bool = False) -> TrailingStopOrder: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[collections.abc.Callable[..., TrailingStopOrder], tuple[type[TrailingStopOrder], tuple[()], dict[str, object]]]: ...

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
    def __reduce__(self) -> tuple[collections.abc.Callable[..., WinRate], tuple[type[WinRate], tuple[()], dict[str, object]]]: ...
    @staticmethod
    def calculate(*, wins: decimal.Decimal | builtins.int, total: decimal.Decimal | builtins.int) -> typing.Optional[WinRate]:
        r"""
        barter's win rate; `None` if the total is zero, or if the quotient does not fit.

        Parameters
        ----------
        wins : Decimal or int
            How many positions won; its sign is ignored.
        total : Decimal or int
            How many positions were closed; its sign is ignored.
        """

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
        If a number is not finite or does not fit exactly into 28 digits, if the quantity is not
        positive, if the price is `None`, if an index is negative or an id blank.
    TypeError
        If an argument is of another type; `bool` and `str` are no numbers.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import Side, build_ioc_market_order_to_close_position
    >>> request = build_ioc_market_order_to_close_position(
    ...     0, 1, Side.BUY, Decimal("0.50"), "ema", Decimal("2059.10"))
    >>> request.side, request.quantity, request.client_order_id
    (<Side.SELL: 'sell'>, Decimal('0.50'), 'close-1')
    """

def calculate_abs_percent_difference(*, current: decimal.Decimal | builtins.int, other: decimal.Decimal | builtins.int) -> decimal.Decimal:
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
        If `other` is zero or the quotient is too large for barter's decimal, where barter gives
        `None`.

    Examples
    --------
    >>> from barter_python.risk import calculate_abs_percent_difference
    >>> calculate_abs_percent_difference(current=95, other=100)
    Decimal('0.05')
    """

def calculate_delta(*, instrument_delta: decimal.Decimal | builtins.int, contract_size: decimal.Decimal | builtins.int, side: Side, quantity_in_kind: decimal.Decimal | builtins.int) -> decimal.Decimal:
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
        If the product is too large for barter's decimal, where barter panics.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import Side
    >>> from barter_python.risk import calculate_delta
    >>> calculate_delta(
    ...     instrument_delta=Decimal("0.5"), contract_size=100, side=Side.SELL, quantity_in_kind=2)
    Decimal('-100.0')
    """

def calculate_mean(*, prev_mean: decimal.Decimal | builtins.int, next_value: decimal.Decimal | builtins.int, count: decimal.Decimal | builtins.int) -> decimal.Decimal:
    r"""
    The mean after the next value (`barter::statistic::algorithm::welford_online::calculate_mean`).

    Parameters
    ----------
    prev_mean : Decimal or int
        The mean of the values before.
    next_value : Decimal or int
        The next value.
    count : Decimal or int
        How many values there are, this one included; not zero.

    Raises
    ------
    ValueError
        If the count is zero, or the result does not fit.

    Examples
    --------
    >>> from barter_python.statistic import calculate_mean
    >>> calculate_mean(prev_mean=2, next_value=5, count=3)
    Decimal('3')
    """

def calculate_population_variance(*, recurrence_relation_m: decimal.Decimal | builtins.int, count: decimal.Decimal | builtins.int) -> decimal.Decimal:
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

def calculate_quote_notional(*, quantity: decimal.Decimal | builtins.int, price: decimal.Decimal | builtins.int, contract_size: decimal.Decimal | builtins.int) -> decimal.Decimal:
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
        If the product is too large for barter's decimal, where barter gives `None`.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python.risk import calculate_quote_notional
    >>> calculate_quote_notional(quantity=Decimal("0.5"), price=100, contract_size=1)
    Decimal('50.0')
    """

def calculate_recurrence_relation_m(*, prev_m: decimal.Decimal | builtins.int, prev_mean: decimal.Decimal | builtins.int, new_value: decimal.Decimal | builtins.int, new_mean: decimal.Decimal | builtins.int) -> decimal.Decimal:
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
        If the result does not fit.

    Examples
    --------
    >>> from barter_python.statistic import calculate_recurrence_relation_m
    >>> calculate_recurrence_relation_m(prev_m=2, prev_mean=2, new_value=5, new_mean=3)
    Decimal('8')
    """

def calculate_sample_variance(*, recurrence_relation_m: decimal.Decimal | builtins.int, count: decimal.Decimal | builtins.int) -> decimal.Decimal:
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

def check_address(websocket: typing.Optional[builtins.str], http: typing.Optional[builtins.str]) -> None:
    r"""
    Refuses what is not an address.

    Parameters
    ----------
    websocket : str or None
        Address of a WebSocket.
    http : str or None
        Base of the addresses of requests.

    Raises
    ------
    ValueError
        If one of them is not an address, or not one of its kind.
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

def check_executions(instruments: IndexedInstruments, executions: typing.Sequence[barter_python.MockExecutionConfig]) -> None:
    r"""
    Checks that executions fit instruments, for `barter_python.system.SystemConfig`.

    Parameters
    ----------
    instruments : IndexedInstruments
        The instruments that are traded.
    executions : sequence of MockExecutionConfig
        The configurations of their exchanges.

    Raises
    ------
    ConfigError
        If an exchange has no execution or two, an execution has no instruments or an unknown asset,
        or a balance is too large or has more than 12 decimal places.
    """

def check_number(name: builtins.str, number: decimal.Decimal | int | float) -> None:
    r"""
    Checks that a number is one that barter's decimal holds exactly.

    Parameters
    ----------
    name : str
        The name of the number in the message.
    number : Decimal or int or float
        The number.

    Raises
    ------
    ValueError
        If it is not finite, or does not fit exactly into 28 digits.
    TypeError
        If it is of another type; `bool` and `str` are not numbers.
    """

def check_subscription(instruments: IndexedInstruments, kind: SubKind) -> None:
    r"""
    Refuses a subscription that barter-data does not have.

    Parameters
    ----------
    instruments : IndexedInstruments
        An index of the one instrument.
    kind : SubKind
        What the subscription asks for.

    Raises
    ------
    ValueError
        If barter-data does not stream that kind for the instrument; the message says what it has.
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

def csv_first_rows(path: str | os.PathLike[str]) -> builtins.list[tuple[builtins.str, builtins.list[builtins.str]]]:
    r"""
    Gives the name and the cells of the first row of each CSV in a file.

    Parameters
    ----------
    path : str or os.PathLike
        The file: plain, compressed with gzip, or a zip archive, which may have several.

    Raises
    ------
    MarketDataError
        If the file is no CSV.
    OSError
        If the file cannot be opened.
    """

def csv_values(path: str | os.PathLike[str], column: builtins.str) -> builtins.list[builtins.str]:
    r"""
    Gives the values that a column of CSV has, each once, in alphabetical order.

    Parameters
    ----------
    path : str or os.PathLike
        The file: plain, compressed with gzip, or a zip archive.
    column : str
        The name of the column.

    Raises
    ------
    MarketDataError
        If the file is no CSV, or has no such column.
    OSError
        If the file cannot be opened.
    """

def event_from_json(text: builtins.str) -> barter_python.engine.EngineEvent:
    r"""
    Reads an event that barter or `event_to_json` has written.

    Numbers are read digit for digit, whether they are numbers or text in the JSON.

    Raises
    ------
    ValueError
        If the text is none, or holds a number or time that does not fit exactly, or an unknown key.

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

    A number that barter holds as a float is written as a number, of which barter reads the nearest float.

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
    Reconnecting(exchange=ExchangeId.KRAKEN, time_received=None)
    """

def failure_counts(orders: barter_python.Records[OrderReport], failed_cancels: barter_python.Records[FailedCancel]) -> builtins.list[tuple[OrderFailure, builtins.int]]:
    r"""
    Counts what exchanges gave as reasons, in the order of their first.

    Parameters
    ----------
    orders : Records of OrderReport
        The orders of a run, which come first.
    failed_cancels : Records of FailedCancel
        Its cancels that failed.
    """

def fees_by_instrument(fills: barter_python.Records[Trade]) -> builtins.list[tuple[builtins.int, decimal.Decimal]]:
    r"""
    Adds the fees of fills by instrument, in the order of their first fill.

    Parameters
    ----------
    fills : Records of Trade
        Fills of a run.
    """

def nanoseconds_of(length: datetime.timedelta) -> builtins.int:
    r"""
    Gives a length of time in nanoseconds.

    Parameters
    ----------
    length : timedelta
        The length; a subclass may have `nanoseconds` beyond its microseconds, as pandas' `Timedelta` has.

    Raises
    ------
    ValueError
        If the `nanoseconds` of a subclass are not from 0 to 999.
    """

def read_csv_files(files: collections.abc.Sequence[tuple[str | os.PathLike[str], barter_python.data.Columns, collections.abc.Sequence[str] | None, str | tuple[ExchangeId, str] | None]], instruments: IndexedInstruments, symbols: collections.abc.Mapping[str, str] | None, feed_latency: datetime.timedelta, order: RowOrder) -> MarketData:
    r"""
    Reads CSV files of a venue, one after the other.

    Whole numbers in columns of times count what the size of the first one of a file says.

    Parameters
    ----------
    files : sequence of tuple
        Of each file its path, the description of its columns, their names if the file does not have
        them in its first row, and the instrument if no column has it.
    instruments : IndexedInstruments
        Where the names of instruments are looked up.
    symbols : mapping of str to str, optional
        What `instruments` calls the instruments that the files name.
    feed_latency : timedelta
        What is added to the last time that a row has.
    order : RowOrder
        What becomes of rows that are not in the order of `time_received`.

    Raises
    ------
    MarketDataError, UnknownKeyError, TypeError, ValueError, OSError
        As `MarketData.from_csv`.
    """

def read_databento(table: barter_python.ArrowStream, *, instruments: IndexedInstruments, symbols: collections.abc.Mapping[str, str], schema: DatabentoSchema, unknown_side: typing.Optional[Side] = None, order: RowOrder = ...) -> MarketData:
    r"""
    Reads a table of Databento.

    The tables are those that `DBNStore.to_df` and `to_parquet` of Databento's library make, or others
    with the same columns. Whole numbers in columns of prices count 10^-9 and become exact decimals;
    floats become the nearest multiple of 10^-9, which all prices are. The time of receiving is
    `ts_recv`, the exchange's is `ts_event`. Side A says that the seller took liquidity, side B that the
    buyer did.

    Of `mbp-1` and `mbp-10`, rows with the action T are trades, and the others are states of the book,
    an `OrderBookL1` or an `OrderBookSnapshot` of ten levels: what is deeper is not known. Several rows
    that are one event of the exchange, which its last row marks by a flag, give the last state of the
    book. A row of `tbbo` is the best bid and ask, and then the trade that met them. A candle is an event
    when it closes: `ts_event` is when it opens.

    Parameters
    ----------
    table : ArrowStream
        Anything with the method `__arrow_c_stream__`, such as a table of polars or pyarrow, or one of
        pandas if pyarrow is installed. It has the column `symbol`, as `to_df` makes it by default.
    instruments : IndexedInstruments
        Where the instruments are looked up: `config.index()`.
    symbols : mapping of str to str
        The names that `instruments` has for Databento's symbols.
    schema : DatabentoSchema
        What the rows are.
    unknown_side : Side, optional
        The side of trades with the side N, which is not known. Without it, such a trade is an error.
    order : RowOrder
        What becomes of rows that are not in the order of `ts_recv`.

    Raises
    ------
    MarketDataError
        If a column is missing or a row cannot be read exactly, naming row, column and value; if a row
        is of another schema; if rows of an instrument are of several venues; if `order` is
        `RowOrder.REFUSE` and a row's time steps back; if there is no row.
    TypeError, ValueError
        If an argument is of another type, or `symbols` is empty.
    ImportError
        If the table needs another library to give its rows, as pandas needs pyarrow.

    Notes
    -----
    Sizes are contracts or shares. The simulated exchange has contracts of one unit of the base asset:
    where a contract is for more, multiply prices or sizes in the table before.

    Examples
    --------
    >>> import polars as pl
    >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    >>> from barter_python.data import DatabentoSchema, read_databento
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.OTHER, "ES", Underlying("es", "usd"))])
    >>> time = 1_600_000_000_000_000_000
    >>> table = pl.DataFrame({
    ...     "ts_recv": [time + 5], "ts_event": [time], "rtype": [0], "publisher_id": [1],
    ...     "side": ["A"], "price": [3_720_250_000_000], "size": [2], "symbol": ["ESZ0"]})
    >>> data = read_databento(
    ...     table, instruments=instruments, symbols={"ESZ0": "ES"}, schema=DatabentoSchema.TRADES)
    >>> data[0].kind
    PublicTrade(id='1', price=Decimal('3720.25'), amount=Decimal('2'), side=Side.SELL)
    """

def report_by_strategy(orders: barter_python.Records[OrderReport], fills: barter_python.Records[Trade], marks: typing.Sequence[typing.Optional[decimal.Decimal | builtins.int]]) -> builtins.list[tuple[builtins.str, OrderReportRows, TradeRows, PositionExitedRows, OpenPositionRows, builtins.list[tuple[builtins.int, decimal.Decimal]]]]:
    r"""
    Computes what each strategy has done, in the order of their first orders, for
    `BacktestResult.by_strategy`.

    Parameters
    ----------
    orders : Records of OrderReport
        The orders of a run.
    fills : Records of Trade
        Its fills.
    marks : sequence of Decimal or None
        By instrument index, the prices that open positions are valued at; `None` stands for the entry.
    """

def result_json(*, time_start_ns: builtins.int, pnl: typing.Mapping[builtins.str, builtins.str], fees: typing.Mapping[builtins.str, builtins.str], balances: typing.Mapping[builtins.str, Balance], summary: TradingSummary, orders: barter_python.Records[OrderReport], fills: barter_python.Records[Trade], funding: barter_python.Records[FundingPayment], failed_cancels: barter_python.Records[FailedCancel], refused: barter_python.Records[barter_python.RefusedRequest], positions: barter_python.Records[PositionExited], open_positions: barter_python.Records[OpenPosition], refusal_counts: typing.Mapping[builtins.str, builtins.int], equity: typing.Mapping[builtins.str, barter_python.Records[EquityBar]], drawdowns: typing.Mapping[builtins.str, barter_python.Records[EquityDrawdown]], instruments: IndexedInstruments, indent: typing.Optional[builtins.int]) -> builtins.str:
    r"""
    Writes the results of a run as JSON, as `json.dumps` separates it.

    Parameters
    ----------
    time_start_ns : int
        When the run started, in nanoseconds since 1970 in UTC.
    pnl, fees : mapping of str to str
        Profit and loss and fees, by the name of the quote asset.
    balances : mapping of str to Balance
        The balances at the end, by name.
    summary : TradingSummary
        barter's summary.
    orders, fills, funding, failed_cancels, refused, positions, open_positions : Records
        The records of the run.
    refusal_counts : mapping of str to int
        Refusals by reason.
    equity, drawdowns : mapping of str to Records
        The equity and its deepest falls, by the name of the line.
    instruments : IndexedInstruments
        The instruments of the run.
    indent : int, optional
        How many spaces a level is indented by; one line without it.

    Raises
    ------
    ValueError
        If a time is outside the years 1677 to 2262.
    """

def run_backtest(strategy: barter_python.AlgoStrategy, data: MarketData  |  MarketScan, instruments: IndexedInstruments, executions: typing.Sequence[barter_python.MockExecutionConfig], options: options.RunOptions) -> BacktestOutput:
    r"""
    Runs a strategy over a history. See `barter_python.backtest.run_backtest`.
    """

def run_paper(strategy: barter_python.AlgoStrategy, feed: MarketFeed, instruments: IndexedInstruments, executions: typing.Sequence[barter_python.MockExecutionConfig], options: options.RunOptions, live: policy.LiveOptions, controls: SystemControls) -> LiveOutput:
    r"""
    Runs a strategy on live market data with simulated exchanges. See `barter_python.live.run_paper`.
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
        If something else in this module has taken tracing for itself.
    """

def statistics_by_instrument(positions: barter_python.Records[PositionExited], instruments: IndexedInstruments) -> builtins.dict[builtins.str, barter_python.PositionStatistics]:
    r"""
    Counts wins and losses by the name of the instrument, for `RunResult.statistics`.

    Parameters
    ----------
    positions : Records of PositionExited
        Closed positions.
    instruments : IndexedInstruments
        The instruments that their indices stand for.
    """

def table_of(columns: typing.Sequence[tuple[str, typing.Literal["decimal", "flag", "float", "integer", "text", "time"], collections.abc.Sequence[object]]], decimals: typing.Literal['exact', 'float']) -> ArrowTable:
    r"""
    Makes a table of columns, each with its name, the kind of its values, and the values.

    Parameters
    ----------
    columns : sequence of tuple of str, str and sequence
        The columns, all of one length.
    decimals : {"exact", "float"}
        How the table gives decimals.

    Raises
    ------
    ValueError
        If the lengths differ, or exact decimals need more than 38 digits.
    """

def window_ns(since: typing.Optional[datetime.datetime | builtins.int | builtins.str], until: typing.Optional[datetime.datetime | builtins.int | builtins.str]) -> tuple[typing.Optional[builtins.int], typing.Optional[builtins.int]]:
    r"""
    The times of a part of a history in nanoseconds since 1970, checked.

    Parameters
    ----------
    since : datetime, int or str, optional
        The first time that belongs to the part.
    until : datetime, int or str, optional
        The first time that does not belong to it any more.

    Raises
    ------
    ValueError
        If `since` is not before `until`, or nanoseconds since 1970 cannot hold one.

    Warns
    -----
    UserWarning
        If a time looks like seconds, milliseconds or microseconds since 1970.
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

import enum

@typing.final
class CandleFills(enum.Enum):
    r"""
    Which prices of a candle fill resting orders, if the history shows nothing better than candles.

    Examples
    --------
    >>> from barter_python.exchange import CandleFills
    >>> [fills.value for fills in CandleFills]
    ['path', 'close_only']
    """
    PATH = "path"
    r"""
    Its open, then the extreme that is nearer to the open, then the other extreme, then its close.
    """
    CLOSE_ONLY = "close_only"
    r"""
    Its close.
    """

@typing.final
class CandlePrice(enum.Enum):
    r"""
    Which price of a candle a market order gets, if the history shows nothing better than candles.

    Examples
    --------
    >>> from barter_python.exchange import CandlePrice
    >>> [price.value for price in CandlePrice]
    ['close', 'next_open']
    """
    CLOSE = "close"
    r"""
    The close of the last candle, when the order arrives.
    """
    NEXT_OPEN = "next_open"
    r"""
    The open of the next candle, for which the order waits.
    """

@typing.final
class DatabentoSchema(enum.Enum):
    r"""
    A schema of Databento that `read_databento` reads.

    Examples
    --------
    >>> from barter_python.data import DatabentoSchema
    >>> sorted(schema.value for schema in DatabentoSchema)[:2]
    ['mbp-1', 'mbp-10']
    """
    TRADES = "trades"
    r"""
    Each trade.
    """
    TBBO = "tbbo"
    r"""
    Each trade, with the best bid and ask before it.
    """
    MBP_1 = "mbp-1"
    r"""
    Each trade and each change of the best bid and ask.
    """
    MBP_10 = "mbp-10"
    r"""
    Each trade and each change of the ten best levels.
    """
    OHLCV_1S = "ohlcv-1s"
    r"""
    Candles of a second.
    """
    OHLCV_1M = "ohlcv-1m"
    r"""
    Candles of a minute.
    """
    OHLCV_1H = "ohlcv-1h"
    r"""
    Candles of an hour.
    """
    OHLCV_1D = "ohlcv-1d"
    r"""
    Candles of a day in UTC.
    """

@typing.final
class ExchangeId(enum.Enum):
    r"""
    Exchanges that barter knows (`barter_instrument::exchange::ExchangeId`).

    Examples
    --------
    >>> from barter_python import ExchangeId
    >>> ExchangeId("binance_spot"), ExchangeId.KRAKEN.value
    (<ExchangeId.BINANCE_SPOT: 'binance_spot'>, 'kraken')
    """
    OTHER = "other"
    r"""
    """
    SIMULATED = "simulated"
    r"""
    """
    MOCK = "mock"
    r"""
    """
    BINANCE_FUTURES_COIN = "binance_futures_coin"
    r"""
    """
    BINANCE_FUTURES_USD = "binance_futures_usd"
    r"""
    """
    BINANCE_OPTIONS = "binance_options"
    r"""
    """
    BINANCE_PORTFOLIO_MARGIN = "binance_portfolio_margin"
    r"""
    """
    BINANCE_SPOT = "binance_spot"
    r"""
    """
    BINANCE_US = "binance_us"
    r"""
    """
    BITAZZA = "bitazza"
    r"""
    """
    BITFINEX = "bitfinex"
    r"""
    """
    BITFLYER = "bitflyer"
    r"""
    """
    BITGET = "bitget"
    r"""
    """
    BITMART = "bitmart"
    r"""
    """
    BITMART_FUTURES_USD = "bitmart_futures_usd"
    r"""
    """
    BITMEX = "bitmex"
    r"""
    """
    BITSO = "bitso"
    r"""
    """
    BITSTAMP = "bitstamp"
    r"""
    """
    BITVAVO = "bitvavo"
    r"""
    """
    BITHUMB = "bithumb"
    r"""
    """
    BYBIT_PERPETUALS_USD = "bybit_perpetuals_usd"
    r"""
    """
    BYBIT_SPOT = "bybit_spot"
    r"""
    """
    CEXIO = "cexio"
    r"""
    """
    COINBASE = "coinbase"
    r"""
    """
    COINBASE_INTERNATIONAL = "coinbase_international"
    r"""
    """
    CRYPTOCOM = "cryptocom"
    r"""
    """
    DERIBIT = "deribit"
    r"""
    """
    GATEIO_FUTURES_BTC = "gateio_futures_btc"
    r"""
    """
    GATEIO_FUTURES_USD = "gateio_futures_usd"
    r"""
    """
    GATEIO_OPTIONS = "gateio_options"
    r"""
    """
    GATEIO_PERPETUALS_BTC = "gateio_perpetuals_btc"
    r"""
    """
    GATEIO_PERPETUALS_USD = "gateio_perpetuals_usd"
    r"""
    """
    GATEIO_SPOT = "gateio_spot"
    r"""
    """
    GEMINI = "gemini"
    r"""
    """
    HITBTC = "hitbtc"
    r"""
    """
    HTX = "htx"
    r"""
    """
    KRAKEN = "kraken"
    r"""
    """
    KUCOIN = "kucoin"
    r"""
    """
    LIQUID = "liquid"
    r"""
    """
    MEXC = "mexc"
    r"""
    """
    OKX = "okx"
    r"""
    """
    POLONIEX = "poloniex"
    r"""
    """

@typing.final
class FeeAsset(enum.Enum):
    r"""
    The asset in which a simulated exchange takes its fees of spot fills.

    Examples
    --------
    >>> from barter_python.exchange import FeeAsset
    >>> [asset.value for asset in FeeAsset]
    ['quote', 'received']
    """
    QUOTE = "quote"
    r"""
    The quote asset: a fee is added to the cost of a buy and taken from the proceeds of a sale.
    """
    RECEIVED = "received"
    r"""
    The asset that the fill brings: the base asset of a buy, the quote asset of a sale.
    """

@typing.final
class FillPrice(enum.Enum):
    r"""
    At which price the simulated exchange fills market orders.

    Examples
    --------
    >>> from barter_python import FillPrice
    >>> [price.value for price in FillPrice]
    ['best_opposite', 'requested']
    """
    BEST_OPPOSITE = "best_opposite"
    r"""
    At the offers of the market at the time of the fill: the asks for a buy, the bids for a sale,
    of the last L1 or of the order book, whichever is newer. Without either, at the price of the
    last trade; without trades, at the last candle's close.
    """
    REQUESTED = "requested"
    r"""
    At the price in the request, whatever the market shows, as barter's `MockExchange` does.
    """

@typing.final
class Health(enum.Enum):
    r"""
    How a connection is (`barter::engine::state::connectivity::Health`).

    Examples
    --------
    >>> from barter_python.engine import Health
    >>> [health.value for health in Health]
    ['healthy', 'reconnecting']
    """
    HEALTHY = "healthy"
    r"""
    Events have come since it was lost.
    """
    RECONNECTING = "reconnecting"
    r"""
    It was lost, or nothing has come yet.
    """

@typing.final
class InstrumentQuoteAsset(enum.Enum):
    r"""
    Which asset of the underlying pair an instrument's prices are in (`InstrumentQuoteAsset`).

    Examples
    --------
    >>> from barter_python.instrument import InstrumentQuoteAsset
    >>> [asset.value for asset in InstrumentQuoteAsset]
    ['underlying_base', 'underlying_quote']
    """
    UNDERLYING_BASE = "underlying_base"
    r"""
    Prices are in the base asset.
    """
    UNDERLYING_QUOTE = "underlying_quote"
    r"""
    Prices are in the quote asset.
    """

@typing.final
class Liquidity(enum.Enum):
    r"""
    How much our orders can take at the prices that the market shows.

    Examples
    --------
    >>> from barter_python.exchange import Liquidity
    >>> [liquidity.value for liquidity in Liquidity]
    ['shown', 'infinite']
    """
    SHOWN = "shown"
    r"""
    The amounts that are shown, less those that our orders have taken.
    """
    INFINITE = "infinite"
    r"""
    Any amount at the best price.
    """

@typing.final
class OptionExercise(enum.Enum):
    r"""
    When an option can be exercised (`OptionExercise`).

    Examples
    --------
    >>> from barter_python.instrument import OptionExercise
    >>> [exercise.value for exercise in OptionExercise]
    ['american', 'bermudan', 'european']
    """
    AMERICAN = "american"
    r"""
    At any time before its expiry.
    """
    BERMUDAN = "bermudan"
    r"""
    At some times before its expiry.
    """
    EUROPEAN = "european"
    r"""
    At its expiry.
    """

@typing.final
class OptionKind(enum.Enum):
    r"""
    The right that an option gives (`barter_instrument::instrument::kind::option::OptionKind`).

    Examples
    --------
    >>> from barter_python.instrument import OptionKind
    >>> [kind.value for kind in OptionKind]
    ['call', 'put']
    """
    CALL = "call"
    r"""
    The right to buy.
    """
    PUT = "put"
    r"""
    The right to sell.
    """

@typing.final
class OrderFailureKind(enum.Enum):
    r"""
    The kind of a failed request (`barter_execution::error::ConnectivityError` and `ApiError`).

    Examples
    --------
    >>> from barter_python import OrderFailureKind
    >>> OrderFailureKind("timeout")
    <OrderFailureKind.TIMEOUT: 'timeout'>
    """
    EXCHANGE_OFFLINE = "exchange_offline"
    r"""
    The exchange is offline.
    """
    TIMEOUT = "timeout"
    r"""
    The answer did not come in time.
    """
    SOCKET = "socket"
    r"""
    The connection failed.
    """
    ASSET_INVALID = "asset_invalid"
    r"""
    The exchange does not know the asset.
    """
    INSTRUMENT_INVALID = "instrument_invalid"
    r"""
    The exchange does not know the instrument.
    """
    RATE_LIMIT = "rate_limit"
    r"""
    Too many requests.
    """
    BALANCE_INSUFFICIENT = "balance_insufficient"
    r"""
    The free balance does not cover the order.
    """
    ORDER_REJECTED = "order_rejected"
    r"""
    Refused for another reason, which the detail gives.
    """
    ORDER_ALREADY_CANCELLED = "order_already_cancelled"
    r"""
    A cancel came for an order that is cancelled already.
    """
    ORDER_ALREADY_FULLY_FILLED = "order_already_fully_filled"
    r"""
    A cancel came for an order that is filled already.
    """

@typing.final
class OrderKind(enum.Enum):
    r"""
    Kind of an order (`barter_execution::order::OrderKind`).

    Examples
    --------
    >>> from barter_python import OrderKind
    >>> [kind.value for kind in OrderKind]
    ['market', 'limit']
    """
    MARKET = "market"
    r"""
    Filled at once at the market's price.
    """
    LIMIT = "limit"
    r"""
    Filled at its price or better.
    """

@typing.final
class OrderStatus(enum.Enum):
    r"""
    Where an order stands (`barter_execution::order::state::OrderState`).

    Examples
    --------
    >>> from barter_python import OrderStatus
    >>> OrderStatus.FULLY_FILLED.value, OrderStatus("open")
    ('fully_filled', <OrderStatus.OPEN: 'open'>)
    """
    OPEN_IN_FLIGHT = "open_in_flight"
    r"""
    Sent, not yet answered.
    """
    OPEN = "open"
    r"""
    Open on the exchange.
    """
    CANCEL_IN_FLIGHT = "cancel_in_flight"
    r"""
    A cancel was sent and not yet answered.
    """
    CANCELLED = "cancelled"
    r"""
    Cancelled.
    """
    FULLY_FILLED = "fully_filled"
    r"""
    Filled wholly.
    """
    OPEN_FAILED = "open_failed"
    r"""
    Refused; `failure` says why.
    """
    EXPIRED = "expired"
    r"""
    Expired.
    """

@typing.final
class Overflow(enum.Enum):
    r"""
    What `Streams` does with an event if the reader has fallen behind so far that the queue is full.

    Examples
    --------
    >>> from barter_python.streams import Overflow
    >>> [overflow.value for overflow in Overflow]
    ['wait', 'latest', 'raise']
    """
    WAIT = "wait"
    r"""
    Stop reading from the connection until the reader has made room. Nothing is lost here, but a
    venue may close a connection that is read too slowly.
    """
    LATEST = "latest"
    r"""
    Drop each queued `OrderBookL1` that has a newer one of its instrument behind it. `Lag.replaced`
    counts them. Other events are never dropped: without such quotes the connection waits.
    """
    RAISE = "raise"
    r"""
    End the streams: the reader gets what is queued and then a `StreamError`.
    """

@typing.final
class QueuePosition(enum.Enum):
    r"""
    The place of a resting order in the queue at its price.

    Examples
    --------
    >>> from barter_python.exchange import QueuePosition
    >>> [position.value for position in QueuePosition]
    ['front', 'back', 'proportional']
    """
    FRONT = "front"
    r"""
    First: every trade at the price fills it.
    """
    BACK = "back"
    r"""
    Behind all that was shown when it began to rest; orders that are cancelled were behind it.
    """
    PROPORTIONAL = "proportional"
    r"""
    As `BACK`, but a proportional part of the cancelled orders was ahead of it.
    """

@typing.final
class RowOrder(enum.Enum):
    r"""
    What becomes of rows that are not in the order of `time_received`.

    Examples
    --------
    >>> from barter_python.data import RowOrder
    >>> [order.value for order in RowOrder]
    ['refuse', 'sort', 'as_given']
    """
    REFUSE = "refuse"
    r"""
    A step back from one row to the next is an error.
    """
    SORT = "sort"
    r"""
    Rows are sorted by `time_received`, then by id, numbers before text; rows that are equal in
    both keep their order.
    """
    AS_GIVEN = "as_given"
    r"""
    Rows stay in the order given.
    """

@typing.final
class Side(enum.Enum):
    r"""
    Side of an order, a trade or a position (`barter_instrument::Side`).

    Examples
    --------
    >>> from barter_python import Side
    >>> Side("buy"), Side.SELL.value
    (<Side.BUY: 'buy'>, 'sell')
    """
    BUY = "buy"
    r"""
    Buy, or long.
    """
    SELL = "sell"
    r"""
    Sell, or short.
    """

@typing.final
class StopKind(enum.Enum):
    r"""
    The kind of a stop that a run holds.

    Examples
    --------
    >>> from barter_python.stops import StopKind
    >>> [kind.value for kind in StopKind]
    ['stop', 'take_profit', 'trailing']
    """
    STOP = "stop"
    r"""
    A sale if the price falls to the trigger, a purchase if it rises to it.
    """
    TAKE_PROFIT = "take_profit"
    r"""
    A sale if the price rises to the trigger, a purchase if it falls to it.
    """
    TRAILING = "trailing"
    r"""
    A stop whose trigger follows the price at a distance, and never comes back.
    """

@typing.final
class StreamStatusKind(enum.Enum):
    r"""
    What has happened to a connection of `Streams`.

    Examples
    --------
    >>> from barter_python.streams import StreamStatusKind
    >>> StreamStatusKind("lost")
    <StreamStatusKind.LOST: 'lost'>
    """
    CONNECTED = "connected"
    r"""
    The venue has accepted the subscriptions of the connection for the first time.
    """
    LOST = "lost"
    r"""
    The connection has ended; it is being opened again.
    """
    BACK = "back"
    r"""
    The connection is open and subscribed again.
    """
    REFUSED = "refused"
    r"""
    The connection could not be opened, or the venue refused a subscription.
    """
    SILENT = "silent"
    r"""
    Nothing has come for too long: from the venue, or for one instrument.
    """
    UNREADABLE = "unreadable"
    r"""
    Messages came that barter-data cannot read. They are counted in the reason and passed over.
    """

@typing.final
class SubKind(enum.Enum):
    r"""
    What a subscription asks for (`barter_data::subscription::SubKind`).

    Examples
    --------
    >>> from barter_python.streams import SubKind
    >>> SubKind("public_trades")
    <SubKind.PUBLIC_TRADES: 'public_trades'>
    """
    PUBLIC_TRADES = "public_trades"
    r"""
    Trades between others: events of `PublicTrade`.
    """
    ORDER_BOOKS_L1 = "order_books_l1"
    r"""
    The best bid and the best ask: events of `OrderBookL1`.
    """
    ORDER_BOOKS_L2 = "order_books_l2"
    r"""
    The amounts at each price: events of `OrderBookSnapshot` and `OrderBookUpdate`.
    """
    ORDER_BOOKS_L3 = "order_books_l3"
    r"""
    Single orders. barter-data has them of no exchange.
    """
    LIQUIDATIONS = "liquidations"
    r"""
    Positions of others that the exchange has closed: events of `Liquidation`.
    """
    CANDLES = "candles"
    r"""
    Candles. barter-data streams them from no exchange.
    """

@typing.final
class TimeInForce(enum.Enum):
    r"""
    How long an order stays open (`barter_execution::order::TimeInForce`).

    barter's good-until-cancelled carries a flag; here its two values are two members with different
    values of `post_only`.

    Examples
    --------
    >>> from barter_python import TimeInForce
    >>> TimeInForce("fill_or_kill")
    <TimeInForce.FILL_OR_KILL: 'fill_or_kill'>
    >>> TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY.post_only
    True
    """
    GOOD_UNTIL_CANCELLED = "good_until_cancelled"
    r"""
    Until it is filled or cancelled.
    """
    GOOD_UNTIL_CANCELLED_POST_ONLY = "good_until_cancelled_post_only"
    r"""
    Until it is filled or cancelled, and rejected if it would take liquidity.
    """
    GOOD_UNTIL_END_OF_DAY = "good_until_end_of_day"
    r"""
    Until the end of the trading day.
    """
    FILL_OR_KILL = "fill_or_kill"
    r"""
    Filled wholly at once, or not at all.
    """
    IMMEDIATE_OR_CANCEL = "immediate_or_cancel"
    r"""
    The quantity that cannot be filled at once is cancelled.
    """
    @property
    def post_only(self) -> builtins.bool:
        r"""
        Whether the order is rejected if it would take liquidity.
        """

@typing.final
class TimeInterval(enum.Enum):
    r"""
    The time that ratios and returns are scaled to (`barter::statistic::time`).

    Examples
    --------
    >>> from barter_python import TimeInterval
    >>> [interval.value for interval in TimeInterval]
    ['daily', 'annual_252', 'annual_365']
    """
    DAILY = "daily"
    r"""
    A day.
    """
    ANNUAL_252 = "annual_252"
    r"""
    A year of 252 days, as of traditional markets.
    """
    ANNUAL_365 = "annual_365"
    r"""
    A year of 365 days.
    """

@typing.final
class TimeUnit(enum.Enum):
    r"""
    What whole numbers in a column of times count since 1970 in UTC.

    Examples
    --------
    >>> from barter_python.data import TimeUnit
    >>> [unit.value for unit in TimeUnit]
    ['s', 'ms', 'us', 'ns']
    """
    SECONDS = "s"
    r"""
    Seconds.
    """
    MILLISECONDS = "ms"
    r"""
    Thousandths of a second.
    """
    MICROSECONDS = "us"
    r"""
    Millionths of a second.
    """
    NANOSECONDS = "ns"
    r"""
    Billionths of a second.
    """

@typing.final
class TradingState(enum.Enum):
    r"""
    Whether the engine asks the strategy for orders (`barter::engine::state::trading::TradingState`).

    Examples
    --------
    >>> from barter_python import TradingState
    >>> [state.value for state in TradingState]
    ['enabled', 'disabled']
    """
    ENABLED = "enabled"
    r"""
    It does.
    """
    DISABLED = "disabled"
    r"""
    It follows events and carries out commands, and asks for nothing.
    """

@typing.final
class TriggerPrice(enum.Enum):
    r"""
    Which price of the market triggers a stop.

    Examples
    --------
    >>> from barter_python.stops import TriggerPrice
    >>> [price.value for price in TriggerPrice]
    ['mark', 'last_trade']
    """
    MARK = "mark"
    r"""
    The price at which positions are valued: the mid; without one the last trade, else the candle.
    """
    LAST_TRADE = "last_trade"
    r"""
    The price of the last trade; while there is none, the candle.
    """

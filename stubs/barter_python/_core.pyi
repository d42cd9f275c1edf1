# Generated from rust/ by `make stubs`. Do not edit.
# ruff: noqa: E501, F401, F403, F405
r"""
The native module: private, use the public modules of barter_python.
"""

import barter_python
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
    "AssetBalance",
    "BacktestOutput",
    "Balance",
    "Candle",
    "CheckFailHigherThan",
    "CheckHigherThan",
    "Drawdown",
    "EngineView",
    "EquityPoint",
    "ExchangeId",
    "FillPrice",
    "IndexedAsset",
    "IndexedInstrument",
    "IndexedInstruments",
    "InstrumentFilter",
    "InstrumentQuoteAsset",
    "InstrumentView",
    "Level",
    "Liquidation",
    "MarketData",
    "MarketDataIterator",
    "MarketEvent",
    "MeanDrawdown",
    "OpenPosition",
    "OptionExercise",
    "OptionKind",
    "Order",
    "OrderBookL1",
    "OrderFailure",
    "OrderFailureKind",
    "OrderKind",
    "OrderReport",
    "OrderResponseCancel",
    "OrderStatus",
    "PositionExited",
    "PublicTrade",
    "PyOrderRequestOpen",
    "Reconnecting",
    "Side",
    "TearSheet",
    "TearSheetAsset",
    "TimeInForce",
    "TimeInterval",
    "Trade",
    "TradingSummary",
    "__version__",
    "build_ioc_market_order_to_close_position",
    "calculate_abs_percent_difference",
    "calculate_delta",
    "calculate_quote_notional",
    "check_closing_order",
    "check_executions",
    "check_number",
    "close_open_positions_with_market_orders",
    "run_backtest",
    "wrapped_crates",
]

__version__: builtins.str = '0.1.0'
@typing.final
class AccountEvent:
    r"""
    Something that an exchange told of an account (`barter_execution::AccountEvent`).
    """
    @property
    def exchange(self) -> builtins.int:
        r"""
        Index of the exchange.
        """
    @property
    def kind(self) -> AssetBalance  |  Order  |  OrderResponseCancel  |  Trade:
        r"""
        What it told.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, kind: AssetBalance  |  Order  |  OrderResponseCancel  |  Trade) -> AccountEvent: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[AccountEvent], tuple[object, ...]]: ...

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
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, value: decimal.Decimal | builtins.int, time_start: datetime.datetime | builtins.int | builtins.str, time_end: datetime.datetime | builtins.int | builtins.str) -> Drawdown: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Drawdown], tuple[object, ...]]: ...

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
    def trading_enabled(self) -> builtins.bool:
        r"""
        Whether the engine asks the strategy for orders (`TradingState::Enabled`).
        """
    @property
    def instruments(self) -> builtins.list[InstrumentView]:
        r"""
        Views of all instruments; the position in the list is the index.
        """
    def instrument(self, key: int | str) -> InstrumentView:
        r"""
        The view of an instrument, by its index or its internal name; `UnknownKeyError` when there is none.
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
    def next_cid(self) -> barter_python.ClientOrderId:
        r"""
        A client order id that no order of the run has had so far, the same in every run of the same
        inputs.
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
    @staticmethod
    def _from_barter_json(text: builtins.str) -> IndexedInstruments:
        r"""
        Reads what pickling has written.
        """
    def __reduce__(self) -> tuple[operator.methodcaller, tuple[type[IndexedInstruments]]]: ...
    def __repr__(self) -> builtins.str: ...

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
        The highest bid's price.
        """
    @property
    def best_bid_f64(self) -> typing.Optional[builtins.float]:
        r"""
        `best_bid` as the nearest float.
        """
    @property
    def best_ask(self) -> typing.Optional[decimal.Decimal]:
        r"""
        The lowest ask's price.
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
    def orders(self) -> builtins.list[Order]:
        r"""
        Orders in flight and open, in the order of their client order ids.
        """
    @property
    def has_orders(self) -> builtins.bool:
        r"""
        Whether an order is in flight or open.
        """
    def market_order(self, side: Side, quantity: decimal.Decimal | builtins.int, *, strategy_id: barter_python.StrategyId | builtins.str, cid: typing.Optional[barter_python.ClientOrderId | builtins.str] = None) -> barter_python.OrderRequestOpen:
        r"""
        A request for a market order, immediate or cancel, at the best opposite price.

        Where there is no opposite price, the request names `price` instead.

        Parameters
        ----------
        side : Side
            Side of the order.
        quantity : Decimal or int
            Quantity in the base asset, positive.
        strategy_id : StrategyId or str
            Who asks.
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
    def kind(self) -> PublicTrade  |  OrderBookL1  |  Candle  |  Liquidation:
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
    def __new__(cls, time_exchange: datetime.datetime | builtins.int | builtins.str, time_received: datetime.datetime | builtins.int | builtins.str, exchange: ExchangeId, instrument: builtins.int, kind: PublicTrade  |  OrderBookL1  |  Candle  |  Liquidation) -> MarketEvent: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[MarketEvent], tuple[object, ...]]: ...

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
    def failure(self) -> typing.Optional[OrderFailure]:
        r"""
        Why it failed, where it did.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, instrument: builtins.int, strategy_id: builtins.str, client_order_id: builtins.str, side: Side, price: decimal.Decimal | builtins.int, quantity: decimal.Decimal | builtins.int, kind: OrderKind, time_in_force: TimeInForce, status: OrderStatus, order_id: typing.Optional[builtins.str], filled_quantity: typing.Optional[decimal.Decimal | builtins.int], failure: typing.Optional[OrderFailure]) -> Order: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[Order], tuple[object, ...]]: ...

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
class OrderFailure:
    r"""
    Why an exchange refused a request (`barter_execution::error::OrderError`).
    """
    @property
    def kind(self) -> OrderFailureKind:
        r"""
        The reason as a kind, to act on.
        """
    @property
    def message(self) -> builtins.str:
        r"""
        barter's text, to read.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, kind: OrderFailureKind, message: builtins.str) -> OrderFailure: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderFailure], tuple[object, ...]]: ...

@typing.final
class OrderReport:
    r"""
    An order of a run, with its times.
    """
    @property
    def order(self) -> Order:
        r"""
        The order, where it stood at the end.
        """
    @property
    def time_sent(self) -> datetime.datetime:
        r"""
        When the engine sent it, in UTC.
        """
    @property
    def time_finished(self) -> typing.Optional[datetime.datetime]:
        r"""
        When it ended, in UTC.
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
    def __new__(cls, order: Order, time_sent: datetime.datetime | builtins.int | builtins.str, time_finished: typing.Optional[datetime.datetime | builtins.int | builtins.str]) -> OrderReport: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderReport], tuple[object, ...]]: ...

@typing.final
class OrderResponseCancel:
    r"""
    The answer to a cancel (`barter_execution::order::request::OrderResponseCancel`).
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
    def failure(self) -> typing.Optional[OrderFailure]:
        r"""
        Why the order was not cancelled; `None` when it was.
        """
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, exchange: builtins.int, instrument: builtins.int, strategy_id: builtins.str, client_order_id: builtins.str, failure: typing.Optional[OrderFailure]) -> OrderResponseCancel: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[OrderResponseCancel], tuple[object, ...]]: ...

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
class TearSheet:
    r"""
    barter's figures of an instrument, as barter calculates them (`barter::statistic::summary::instrument::TearSheet`).

    `win_rate` and `profit_factor` are not what their names say: see `barter_python.statistic.PositionStatistics`.
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
    def interval(self) -> TimeInterval:
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
    def __eq__(self, other: builtins.object, /) -> builtins.bool: ...
    def __hash__(self) -> builtins.int: ...
    def __new__(cls, time_engine_start: datetime.datetime | builtins.int | builtins.str, time_engine_end: datetime.datetime | builtins.int | builtins.str, interval: TimeInterval, instruments: typing.Mapping[builtins.str, TearSheet], assets: typing.Mapping[builtins.str, TearSheetAsset]) -> TradingSummary: ...
    def __repr__(self) -> builtins.str: ...
    def __reduce__(self) -> tuple[type[TradingSummary], tuple[object, ...]]: ...

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
class FillPrice(enum.Enum):
    r"""
    At which price the simulated exchange fills market orders.
    """
    BEST_OPPOSITE = ...
    r"""
    The best opposite price at the time of the fill: the ask for a buy, the bid for a sell. Where there is no book, the last trade; without trades, the last candle's close.
    """
    REQUESTED = ...
    r"""
    The price that the request names, whatever the market shows: as barter's `MockExchange`.
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
    Why an exchange refused a request (`barter_execution::error::ApiError`).
    """
    CONNECTIVITY = ...
    r"""
    The request did not reach the exchange, or the answer did not come.
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
    Refused for another reason, which the message gives.
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
        When an exchange has no execution or two, or an execution has no instruments or an unknown asset.
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

def run_backtest(strategy: barter_python.AlgoStrategy, data: MarketData, instruments: IndexedInstruments, executions: collections.abc.Sequence[barter_python.MockExecutionConfig], *, close_at_end: builtins.bool, fill_price: FillPrice, risk_free_return: decimal.Decimal | builtins.int, interval: TimeInterval, progress: collections.abc.Callable[[int, int], object] | None = None, risk_manager: barter_python.RiskManagerLike | barter_python.RiskLimits | None = None, guard_commands: builtins.bool = False) -> BacktestOutput:
    r"""
    Runs a strategy over a history, for `barter_python.backtest.run_backtest`, which see.
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

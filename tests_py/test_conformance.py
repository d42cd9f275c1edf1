"""What the stub says must hold for real values: `stubtest` compares names, not types.

Every return type of the stub and every type that it lets in is a *place*. Samples and a small run
visit the places with real values; a place that nothing visits fails, so that a new binding has to
add a sample.
"""

from __future__ import annotations

import ast
import copy
import enum
import gzip
import importlib
import pickle
import pkgutil
import types
import typing
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from typeguard import CollectionCheckStrategy, TypeCheckError, check_type
from typing_extensions import override

import barter_python as bp
from barter_python import _core
from barter_python.backtest import FailedCancel
from barter_python.engine import (
    AssetState,
    Connectivity,
    EngineEvent,
    EquityPoint,
    Health,
    OrderReport,
    event_to_json,
)
from barter_python.instrument import (
    IndexedAsset,
    IndexedInstrument,
    InstrumentQuoteAsset,
    OptionExercise,
    OptionKind,
)
from barter_python.risk import CheckFailHigherThan, CheckHigherThan, DefaultRiskManager
from barter_python.statistic import (
    CalmarRatio,
    DataSetSummary,
    Dispersion,
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
    PnLReturns,
    ProfitFactor,
    Range,
    RateOfReturn,
    SharpeRatio,
    SortinoRatio,
    TearSheet,
    TearSheetAsset,
    TearSheetAssetGenerator,
    TearSheetGenerator,
    TradingSummaryGenerator,
    WinRate,
)
from barter_python.system import (
    FutureContract,
    InstrumentKind,
    InstrumentSpec,
    OptionContract,
    PerpetualContract,
)

EXCHANGE = bp.ExchangeId.BINANCE_SPOT
NANOSECONDS = 1_704_067_200_123_456_789
TIME = datetime(2024, 1, 1, 0, 0, 0, 123456, tzinfo=timezone.utc)

STUB = ast.parse((Path(bp.__file__).parent / "_core.pyi").read_text(encoding="utf-8"))
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
FUNCTIONS = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}

NATIVE_ONLY = {
    "BacktestOutput": "barter_python.backtest.BacktestResult is made of it",
    "MarketDataIterator": "met only as an Iterator",
    "check_executions": "SystemConfig calls it",
    "check_closing_order": "the closing helpers call it",
    "check_number": "the Python layer's own checks call it",
    "close_open_positions_with_market_orders": "strategy has one that takes plain states too",
    "report_by_strategy": "BacktestResult.by_strategy calls it",
    "run_backtest": "backtest has one that takes a configuration",
    "set_logging_level": "barter_python.logging calls it",
}
"""Names of `_core` that no public module re-exports, and why."""

NOT_OF_FIELDS = {"Engine", "IndexedInstruments", "StateReplica"}
"""Classes whose values do not have what they were made of as attributes."""


def _names() -> dict[str, object]:
    names: dict[str, object] = dict(vars(_core))
    for node in STUB.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.name.partition(".")[0]] = importlib.import_module(alias.name)
    names["collections"] = importlib.import_module("collections")
    return names


NAMES = _names()


def evaluate(node: ast.expr | None) -> object:
    """Give the type that an annotation of the stub stands for."""
    assert node is not None, "the stub leaves a type out"
    expected: object = eval(ast.unparse(node), NAMES)
    return types.NoneType if expected is None else expected


def arms(expected: object) -> tuple[object, ...]:
    """Split a union."""
    if typing.get_origin(expected) in (typing.Union, types.UnionType):
        return typing.get_args(expected)
    return (expected,)


def is_a(value: object, expected: object) -> bool:
    """Tell whether a value is of a type, more strictly than PEP 484: an int is no float."""
    if expected is float:
        return isinstance(value, float)
    if isinstance(value, datetime) and value.utcoffset() != timedelta(0):
        return False
    try:
        check_type(value, expected, collection_check_strategy=CollectionCheckStrategy.ALL_ITEMS)
    except TypeCheckError:
        return False
    return True


def methods(class_name: str) -> Iterator[ast.FunctionDef]:
    """Give the functions of a class in the stub."""
    for node in CLASSES[class_name].body:
        if isinstance(node, ast.FunctionDef):
            yield node


def is_property(node: ast.FunctionDef) -> bool:
    """Tell a property from a method."""
    return any(isinstance(item, ast.Name) and item.id == "property" for item in node.decorator_list)


def is_static(node: ast.FunctionDef) -> bool:
    """Tell a static method from a method."""
    return any(
        isinstance(item, ast.Name) and item.id == "staticmethod" for item in node.decorator_list
    )


def properties(class_name: str) -> list[ast.FunctionDef]:
    """Give the properties of a class in the stub."""
    return [node for node in methods(class_name) if is_property(node)]


def parameters(node: ast.FunctionDef) -> list[tuple[str, object]]:
    """Give names and types of a function's parameters, without `self`, `cls` and `Never`."""
    found = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [
        (argument.arg, evaluate(argument.annotation))
        for argument in found
        if argument.annotation is not None and "Never" not in ast.unparse(argument.annotation)
    ]


def is_constructible(class_name: str) -> bool:
    """Tell whether the stub lets a class be called."""
    return any(
        node.name == "__new__" and "Never" not in ast.unparse(node.args)
        for node in methods(class_name)
    )


def is_enum(class_name: str) -> bool:
    """Tell whether the stub says that a class is an `enum.Enum`."""
    return any(ast.unparse(base) == "enum.Enum" for base in CLASSES[class_name].bases)


class Call:
    """The arguments of a call."""

    def __init__(self, *positional: object, **named: object) -> None:
        self.positional = positional
        self.named = named


TRADE = bp.PublicTrade("7", Decimal("100.50"), Decimal("0.25"), bp.Side.BUY)
BOOK = bp.OrderBookL1(NANOSECONDS, bp.Level(Decimal("99.9"), 1), bp.Level(Decimal("100.1"), 2))
CANDLE = bp.Candle(NANOSECONDS, 1, Decimal("2.5"), Decimal("0.5"), 2, 10, 3)
ORDER_BOOK = bp.OrderBook(
    7, NANOSECONDS, [bp.Level(Decimal("99.8"), 5), bp.Level(Decimal("99.9"), 1)],
    (bp.Level(Decimal("100.1"), 2),),
)  # fmt: skip
SNAPSHOT = bp.OrderBookSnapshot(ORDER_BOOK)
UPDATE = bp.OrderBookUpdate(bp.OrderBook(8, None, [bp.Level(Decimal("99.90"), 0)], []))
LIQUIDATION = bp.Liquidation(bp.Side.SELL, Decimal("1.5"), 2, NANOSECONDS)
FAILURE = bp.OrderFailure(bp.OrderFailureKind.ORDER_REJECTED, 'it\'s "too" much\n')
BALANCE = bp.Balance(Decimal("10.10"), 5)
ASSET_BALANCE = bp.AssetBalance(1, BALANCE, NANOSECONDS)
CANCELLED = bp.OrderResponseCancel(0, 1, "ema", "cid-1", "42", NANOSECONDS)
FILL = bp.Trade(
    "t", "o", 1, "ema", NANOSECONDS, bp.Side.SELL, Decimal("9.75"), 2, Decimal("0.0195")
)
ORDER = bp.Order(
    0, 1, "ema", "cid-1", bp.Side.BUY, Decimal("9.75"), 2, bp.OrderKind.LIMIT,
    bp.TimeInForce.GOOD_UNTIL_CANCELLED, bp.OrderStatus.OPEN, "42", Decimal("0.5"), NANOSECONDS,
)  # fmt: skip
REFUSED = bp.Order(
    0, 1, "ema", "cid-2", bp.Side.SELL, Decimal("9.75"), 2, bp.OrderKind.MARKET,
    bp.TimeInForce.IMMEDIATE_OR_CANCEL, bp.OrderStatus.OPEN_FAILED, None, 0, None, FAILURE,
)  # fmt: skip
EXPIRED = bp.Order(
    0, 1, "ema", "cid-3", bp.Side.SELL, Decimal("9.75"), 2, bp.OrderKind.LIMIT,
    bp.TimeInForce.GOOD_UNTIL_END_OF_DAY, bp.OrderStatus.EXPIRED,
)  # fmt: skip
ORDERS = bp.InstrumentAccountSnapshot(1, [ORDER, EXPIRED])
ACCOUNT_SNAPSHOT = bp.AccountSnapshot(0, [ASSET_BALANCE], [ORDERS])
ACCOUNT_EVENT = bp.AccountEvent(0, FILL)
ACCOUNT_RECONNECTING = bp.AccountReconnecting(EXCHANGE)
DRAWDOWN = Drawdown(Decimal("0.1"), NANOSECONDS, NANOSECONDS + 1)
MEAN_DRAWDOWN = MeanDrawdown(Decimal("0.05"), 1500)
SHEET = TearSheet(
    1, Decimal("0.1"), 2, 3, 4, DRAWDOWN, MEAN_DRAWDOWN, DRAWDOWN, Decimal("0.5"), Decimal("1.5")
)
ASSET_SHEET = TearSheetAsset(BALANCE, DRAWDOWN, MEAN_DRAWDOWN, DRAWDOWN)
EXITED = bp.PositionExited(
    1, bp.Side.SELL, Decimal("9.75"), 3, Decimal("-0.25"), Decimal("0.01"), Decimal("0.02"),
    NANOSECONDS, NANOSECONDS + 1, ["t"],
)  # fmt: skip
RANGE = Range(True, Decimal("2.5"), -1)
DISPERSION = Dispersion(RANGE, Decimal("6.125"), Decimal("3.0625"), Decimal("1.75"))
DATA_SET = DataSetSummary(2, Decimal("1.5"), Decimal("0.75"), DISPERSION)
WEEK = timedelta(7)

CONFIG = bp.SystemConfig(
    [
        bp.InstrumentConfig(EXCHANGE, "BTCUSDT", bp.Underlying("btc", "usdt")),
        bp.InstrumentConfig(EXCHANGE, "ETHUSDT", bp.Underlying("eth", "usdt")),
    ],
    [bp.MockExecutionConfig(EXCHANGE, {"btc": 1, "usdt": 100_000})],
)


def market_event(
    seconds: int,
    instrument: int,
    kind: bp.PublicTrade
    | bp.OrderBookL1
    | bp.OrderBookSnapshot
    | bp.OrderBookUpdate
    | bp.Candle
    | bp.Liquidation,
) -> bp.MarketEvent:
    """Make an event so many seconds after the start, with nanoseconds."""
    time = NANOSECONDS + seconds * 1_000_000_000
    return bp.MarketEvent(time, time + 1, EXCHANGE, instrument, kind)


def book(seconds: int, instrument: int, price: int) -> bp.MarketEvent:
    """Make a best bid and ask."""
    levels = bp.Level(price - 1, 5), bp.Level(price + 1, 5)
    return market_event(seconds, instrument, bp.OrderBookL1(NANOSECONDS, *levels))


LINE = gzip.compress(
    b'{"Item":{"time_exchange":"2024-01-01T00:00:00Z","time_received":"2024-01-01T00:00:00Z",'
    b'"exchange":"binance_spot","instrument":0,'
    b'"kind":{"Trade":{"id":"1","price":"1.5","amount":"2","side":"Buy"}}}}'
)
"""A history as pickling packs it."""

HISTORY = bp.MarketData.from_events(
    [
        book(0, 0, 100),
        book(1, 1, 50),
        market_event(2, 0, TRADE),
        bp.Reconnecting(EXCHANGE),
        market_event(4, 1, CANDLE),
        market_event(5, 1, LIQUIDATION),
        market_event(5, 0, SNAPSHOT),
        market_event(5, 0, UPDATE),
        book(6, 0, 110),
        book(7, 1, 51),
        book(8, 0, 120),
    ]
)

ENGINE = bp.Engine(bp.DefaultStrategy(), CONFIG.index(), time_start=NANOSECONDS)
AUDIT_SNAPSHOT = ENGINE.audit_snapshot()
REQUEST = bp.OrderRequestOpen(
    bp.OrderKey(0, 1, bp.StrategyId("ema"), bp.ClientOrderId("mine")),
    bp.RequestOpen(
        bp.Side.BUY, Decimal(1), Decimal(2), bp.OrderKind.MARKET, bp.TimeInForce.FILL_OR_KILL
    ),
)
EVENTS: list[EngineEvent] = [
    HISTORY[1], bp.Reconnecting(EXCHANGE), ACCOUNT_RECONNECTING, ACCOUNT_EVENT,
    bp.TradingState.ENABLED, bp.SendOpenRequests([REQUEST]),
    bp.SendCancelRequests([bp.OrderRequestCancel(REQUEST.key)]),
    bp.CancelOrders(bp.InstrumentFilter.none()), bp.ClosePositions(bp.InstrumentFilter.none()),
    bp.Shutdown(),
]  # fmt: skip
TICKS = [ENGINE.process(event) for event in EVENTS]
CONTRACTS: list[InstrumentKind] = [
    PerpetualContract(1, "usdt"),
    FutureContract(1, "usdt", TIME),
    OptionContract(1, "usdt", OptionKind.CALL, OptionExercise.AMERICAN, TIME, 9),
]
ALL_KINDS = bp.Engine(
    bp.DefaultStrategy(),
    bp.IndexedInstruments(
        bp.InstrumentConfig(
            EXCHANGE, f"{base}usdt".upper(), bp.Underlying(base, "usdt"), kind=contract,
            spec=InstrumentSpec(0, 1, "usdt", 1, 1, 1),
        )
        for base, contract in zip(["eth", "sol", "xrp"], CONTRACTS, strict=True)
    ),
    time_start=NANOSECONDS,
).snapshot()  # fmt: skip
FEED_ENDED = bp.AuditTick.from_json(
    '{"event":"FeedEnded","context":{"sequence":9,"time":"2024-01-01T00:00:00Z"}}'
)

SAMPLES: list[object] = [
    bp.Engine(bp.DefaultStrategy(), CONFIG.index(), time_start=0),
    ENGINE, AUDIT_SNAPSHOT, ENGINE.snapshot(), ALL_KINDS, *TICKS, FEED_ENDED,
    bp.StateReplica(AUDIT_SNAPSHOT), bp.Shutdown(),
    AssetState(1, EXCHANGE, "btc", "BTC", None, None),
    AssetState(1, EXCHANGE, "btc", "BTC", BALANCE, NANOSECONDS),
    Connectivity(EXCHANGE, Health.HEALTHY, Health.RECONNECTING), *Health, *bp.TradingState,
    BALANCE, ASSET_BALANCE, TRADE, BOOK, ORDER_BOOK, UPDATE.book, SNAPSHOT, UPDATE, CANDLE,
    LIQUIDATION, FAILURE, CANCELLED, FILL, ORDER, REFUSED, EXPIRED, DRAWDOWN, MEAN_DRAWDOWN, SHEET,
    ASSET_SHEET, HISTORY, iter(HISTORY), CONFIG.index(),
    *(
        bp.AccountEvent(0, kind)
        for kind in (ACCOUNT_SNAPSHOT, ASSET_BALANCE, ORDER, CANCELLED, FILL)
    ),
    ACCOUNT_RECONNECTING, ORDERS, ACCOUNT_SNAPSHOT,
    bp.OrderFailure(bp.OrderFailureKind.RATE_LIMIT),
    bp.OrderFailure(bp.OrderFailureKind.EXCHANGE_OFFLINE, exchange=EXCHANGE),
    bp.OrderFailure(bp.OrderFailureKind.BALANCE_INSUFFICIENT, "too little", asset=2),
    bp.OrderFailure(bp.OrderFailureKind.INSTRUMENT_INVALID, "unknown", instrument=1),
    *(
        market_event(0, 1, kind)
        for kind in (TRADE, BOOK, SNAPSHOT, UPDATE, CANDLE, LIQUIDATION)
    ),
    CheckHigherThan(Decimal("0.1")), CheckFailHigherThan(Decimal("0.1"), 1),
    EquityPoint(2, NANOSECONDS, Decimal("99.99")),
    IndexedAsset(2, EXCHANGE, "usdt", "USDT"),
    IndexedInstrument(1, 0, EXCHANGE, "binancespot-eth_usdt", "ETHUSDT", bp.Underlying(1, 2)),
    bp.InstrumentFilter.none(),
    bp.InstrumentFilter.exchanges([0]),
    bp.InstrumentFilter.instruments([1, 0]),
    bp.InstrumentFilter.underlyings([bp.Underlying(0, 2)]),
    bp.Level(Decimal("9.5"), 3),
    bp.OpenPosition(
        1, bp.Side.BUY, Decimal("9.75"), 2, 3, Decimal("0.5"), Decimal("-0.25"), Decimal("0.01"), 0,
        NANOSECONDS, NANOSECONDS + 1, ["t", "u"],
    ),
    bp.OrderBookL1(NANOSECONDS, None, None),
    bp.OrderResponseCancel(0, 1, "ema", "cid-1", failure=FAILURE),
    OrderReport(
        ORDER, "42", Decimal("0.5"), Decimal("0.25"), Decimal("0.01"), Decimal("9.75"), NANOSECONDS,
        None,
    ),
    OrderReport(REFUSED, None, 0, 0, 0, None, NANOSECONDS, NANOSECONDS + 1),
    FailedCancel(bp.OrderResponseCancel(0, 1, "ema", "cid-1", failure=FAILURE), NANOSECONDS),
    EXITED,
    bp.PyOrderRequestOpen(
        0, 1, "ema", "cid-1", bp.Side.BUY, Decimal("9.75"), 2, bp.OrderKind.MARKET,
        bp.TimeInForce.IMMEDIATE_OR_CANCEL,
    ),
    bp.Reconnecting(EXCHANGE),
    TearSheet(0, 0, 0, 0, 0, None, None, None, None, None),
    TearSheetAsset(None, None, None, None),
    bp.TradingSummary(
        NANOSECONDS, NANOSECONDS + 1, bp.TimeInterval.DAILY, {"binancespot-eth_usdt": SHEET},
        {"binance_spot_usdt": ASSET_SHEET},
    ),
    bp.TradingSummary(NANOSECONDS, NANOSECONDS + 1, WEEK, {}, {}),
    RANGE, DISPERSION, DATA_SET,
    PnLReturns(Decimal("-0.25"), DATA_SET, DataSetSummary.of([])),
    *(
        figure(Decimal("0.5"), interval, number)
        for figure in (SharpeRatio, SortinoRatio, CalmarRatio, RateOfReturn)
        for interval, number in ((bp.TimeInterval.DAILY, 2), (WEEK, None))
    ),
    ProfitFactor(Decimal("1.5"), 2),
    ProfitFactor(1, None),
    WinRate(Decimal("0.5")),
    DrawdownGenerator.default(),
    *(DrawdownGenerator.init(peak, NANOSECONDS) for peak in (10, 12)),
    MaxDrawdownGenerator.default(),
    MaxDrawdownGenerator.init(DRAWDOWN),
    MeanDrawdownGenerator.default(),
    MeanDrawdownGenerator.init(DRAWDOWN),
    TearSheetAssetGenerator.default(),
    TearSheetAssetGenerator.init(BALANCE, NANOSECONDS),
    TearSheetGenerator.init(NANOSECONDS),
    TradingSummaryGenerator.init(0, NANOSECONDS, NANOSECONDS + 1, CONFIG.index()),
    *bp.ExchangeId, *bp.FeeAsset, *bp.FillPrice, *InstrumentQuoteAsset, *bp.Liquidity,
    *OptionExercise, *OptionKind, *bp.OrderFailureKind, *bp.OrderKind, *bp.OrderStatus,
    *bp.QueuePosition, *bp.Side, *bp.TimeInForce, *bp.TimeInterval,
]  # fmt: skip


def anew(request: bp.OrderRequestOpen) -> bp.OrderRequestOpen:
    """Give the request an id that nothing had before."""
    key = replace(request.key, cid=bp.ClientOrderId.random())
    return replace(request, key=key)


RUN_OPTIONS: dict[str, object] = {
    "close_at_end": True,
    "fill_price": bp.FillPrice.BEST_OPPOSITE,
    "interval": bp.TimeInterval.DAILY,
}


def pickled_snapshot(state: bp.EngineView) -> Call:
    """Give what pickling writes: what `__reduce__` calls has it as its arguments."""
    reduced = state.__reduce__()[0].__reduce__()
    assert isinstance(reduced, tuple)
    return Call(*reduced[1][1:])


def pickled_generator(generator: object) -> Call:
    """Give what pickling writes of a generator of statistics."""
    text: object = generator.__reduce__()[0].__reduce__()[1][1]
    return Call(text)


TIMES = (TIME, NANOSECONDS, "2024-01-01T00:00:00.123456789Z")
"""One of each form that a time is taken in."""


def statistic_calls() -> dict[str, list[Call]]:
    """Give the calls of statistics."""
    half = Decimal("0.5")
    ratio = [Call(0, half, 2, WEEK), Call(half, 1, half, bp.TimeInterval.DAILY)]
    ratio += [Call(0, 1, 1, WEEK)]
    scale = [Call(bp.TimeInterval.ANNUAL_365), Call(WEEK)]
    asset_balances = [Call(balance=BALANCE, time=time) for time in TIMES]
    values = [Call(value, time) for value, time in zip((half, 11, 12), TIMES, strict=True)]
    pairs = [Call(half, 2), Call(1, half)]
    drawdowns = [Call(DRAWDOWN)]
    summary = [
        Call(risk, start, now, CONFIG.index())
        for risk, start, now in zip((0, half, 0), TIMES, TIMES, strict=True)
    ]
    return {
        "SharpeRatio.calculate": ratio,
        "SortinoRatio.calculate": ratio,
        "CalmarRatio.calculate": ratio,
        "RateOfReturn.calculate": [Call(1, WEEK), Call(half, bp.TimeInterval.DAILY)],
        "SharpeRatio.scale": scale,
        "SortinoRatio.scale": scale,
        "CalmarRatio.scale": scale,
        "RateOfReturn.scale": scale,
        "ProfitFactor.calculate": [*pairs, Call(0, 0)],
        "WinRate.calculate": [*pairs, Call(0, 0)],
        "Range.init": [Call(1), Call(half)],
        "Range.updated": [Call(1), Call(half)],
        "Dispersion.updated": [Call(1, 1, 1, 3), Call(half, half, half, half)],
        "DataSetSummary.of": [Call(iter([1, half])), Call([2])],
        "DataSetSummary.updated": [Call(1), Call(half)],
        "PnLReturns.updated": [Call(EXITED)],
        "DrawdownGenerator.init": values,
        "DrawdownGenerator.update": values,
        "DrawdownGenerator._from_json": [pickled_generator(DrawdownGenerator.default())],
        "MaxDrawdownGenerator.init": drawdowns,
        "MaxDrawdownGenerator.update": drawdowns,
        "MaxDrawdownGenerator._from_json": [pickled_generator(MaxDrawdownGenerator.default())],
        "MeanDrawdownGenerator.init": drawdowns,
        "MeanDrawdownGenerator.update": drawdowns,
        "MeanDrawdownGenerator._from_json": [pickled_generator(MeanDrawdownGenerator.default())],
        "TearSheetAssetGenerator.init": asset_balances,
        "TearSheetAssetGenerator.reset": asset_balances,
        "TearSheetAssetGenerator.update_from_balance": [Call(ASSET_BALANCE)],
        "TearSheetAssetGenerator._from_json": [
            pickled_generator(TearSheetAssetGenerator.default())
        ],
        "TearSheetGenerator.init": [Call(time) for time in TIMES],
        "TearSheetGenerator.reset": [Call(time) for time in TIMES],
        "TearSheetGenerator.update_from_position": [Call(EXITED)],
        "TearSheetGenerator.generate": [Call(0, WEEK), Call(half, bp.TimeInterval.DAILY)],
        "TearSheetGenerator._from_json": [pickled_generator(TearSheetGenerator.init(TIME))],
        "TradingSummaryGenerator.init": summary,
        "TradingSummaryGenerator.update_time_now": [Call(time) for time in TIMES],
        "TradingSummaryGenerator.update_from_position": [Call(EXITED)],
        "TradingSummaryGenerator.update_from_balance": [Call(ASSET_BALANCE)],
        "TradingSummaryGenerator.generate": [Call(WEEK), Call(bp.TimeInterval.ANNUAL_252)],
        "TradingSummaryGenerator._from_json": [
            pickled_generator(TradingSummaryGenerator.init(0, TIME, TIME, CONFIG.index()))
        ],
        "calculate_mean": [Call(half, half, half), Call(1, 2, 3)],
        "calculate_recurrence_relation_m": [Call(half, half, half, half), Call(1, 2, 3, 4)],
        "calculate_sample_variance": pairs,
        "calculate_population_variance": pairs,
    }


def calls() -> dict[str, list[Call]]:
    """Give the calls of functions and methods that need arguments; a run calls the views'."""
    everything = bp.InstrumentFilter.none()
    underlying = bp.Underlying(0, 1)
    identifiers = bp.StrategyId("ema"), bp.ClientOrderId("cid-1")
    close = (0, 1, bp.Side.BUY)
    order = (bp.Side.BUY, Decimal("0.5"))
    limit = (bp.Side.SELL, Decimal("9.5"), 1)
    data = Path(__file__).parents[1] / "examples" / "data"
    lines = data / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    array = data / "binance_spot_market_data_with_disconnect_events.json"
    run = (bp.DefaultStrategy(), HISTORY, CONFIG.index(), CONFIG.executions)
    return {
        "AccountEvent.from_json": [Call(ACCOUNT_EVENT.to_json())],
        "AccountReconnecting.from_json": [Call(ACCOUNT_RECONNECTING.to_json())],
        "AuditTick.from_json": [Call(TICKS[0].to_json())],
        "Engine.__new__": [
            Call(bp.DefaultStrategy(), CONFIG.index(), time_start=time)
            for time in (TIME, NANOSECONDS, "2024-01-01T00:00:00Z")
        ]
        + [
            Call(
                bp.DefaultStrategy(),
                CONFIG.index(),
                time_start=0,
                risk_manager=manager,
                guard_commands=True,
            )
            for manager in (None, DefaultRiskManager(), bp.RiskLimits(max_open_orders=9))
        ],
        "Engine.process": [
            *(Call(event) for event in EVENTS if not isinstance(event, bp.SendOpenRequests)),
            Call(bp.SendOpenRequests([anew(REQUEST)])),
            *(Call(bp.Shutdown(), time=time) for time in (None, TIME, NANOSECONDS)),
            Call(bp.Shutdown(), time="2024-01-01T00:00:00Z"),
        ],
        "event_from_json": [
            Call(event_to_json(event))
            for event in (*EVENTS, bp.AccountEvent(0, ORDER), bp.TradingState.DISABLED)
        ],
        "event_to_json": [Call(event) for event in EVENTS],
        "Engine.trading_summary": [
            Call(risk_free_return=number, interval=bp.TimeInterval.DAILY)
            for number in (0, Decimal("0.01"))
        ]
        + [Call(risk_free_return=0, interval=timedelta(days=7))],
        "StateReplica.__new__": [Call(AUDIT_SNAPSHOT)],
        "StateReplica.update": [Call(tick) for tick in TICKS],
        "CheckHigherThan.check": [Call(Decimal("0.1")), Call(1)],
        "AuditSnapshot._of": [Call(AUDIT_SNAPSHOT.state, sequence=1, time_ns=NANOSECONDS)],
        "EngineView._from_kept": [pickled_snapshot(AUDIT_SNAPSHOT.state)],
        "EngineView.instrument": [
            Call(0), Call("binancespot-eth_usdt"), Call((EXCHANGE, "ETHUSDT")),
        ],
        "EngineView.tear_sheet_asset": [Call(EXCHANGE, "usdt"), Call(EXCHANGE, asset="eth")],
        "EngineView.instruments_iter": [Call(None), Call(filter=everything)],
        "EngineView.exchange_index": [Call(EXCHANGE)],
        "EngineView.balance": [Call(EXCHANGE, "usdt"), Call(EXCHANGE, asset="eth")],
        "IndexedInstruments.exchange_index": [Call(EXCHANGE)],
        "IndexedInstruments.asset_index": [Call(EXCHANGE, "usdt")],
        "IndexedInstruments.instrument_index": [Call("binancespot-eth_usdt")],
        "MarketData._from_packed": [Call(LINE, None), Call(LINE, "events.jsonl")],
        "IndexedInstruments.__new__": [Call(iter(CONFIG.instruments))],
        "InstrumentFilter.exchanges": [Call(iter([0])), Call((0,)), Call({1, 2})],
        "InstrumentFilter.instruments": [Call(iter([0])), Call(exchange for exchange in [1])],
        "InstrumentFilter.underlyings": [Call(iter([underlying])), Call(underlyings={underlying})],
        "InstrumentFilter.matches": [Call(0, 1), Call(0, 1, None), Call(0, 1, underlying)],
        "InstrumentView.position_of": [Call("ema"), Call(identifiers[0]), Call("another")],
        "InstrumentView.order": [Call("mine"), Call(cid=identifiers[1])],
        "InstrumentView.tear_sheet": [
            Call(), Call(risk_free_return=1), Call(interval=timedelta(days=7)),
            Call(risk_free_return=Decimal("0.01"), interval=bp.TimeInterval.DAILY),
        ],
        "InstrumentView.market_order": [
            Call(*order, strategy_id="ema"),
            Call(bp.Side.SELL, 1, strategy_id=identifiers[0], cid=identifiers[1]),
            Call(*order, strategy_id="ema", time_in_force=bp.TimeInForce.FILL_OR_KILL),
            Call(*order, strategy_id="ema", time_in_force=None, cid="cid-1"),
            Call(*order, strategy_id="ema", cid=None),
        ],
        "InstrumentView.limit_order": [
            Call(*limit, strategy_id="ema", time_in_force=bp.TimeInForce.FILL_OR_KILL),
            Call(bp.Side.BUY, 9, Decimal(1), strategy_id=identifiers[0], cid=identifiers[1]),
            Call(*limit, strategy_id="ema", time_in_force=None, cid="cid-1"),
            Call(*limit, strategy_id="ema", cid=None),
        ],
        "MarketData.from_json_lines": [Call(lines), Call(str(lines))],
        "MarketData.from_json": [Call(array), Call(str(array))],
        "MarketData.from_events": [Call(iter(HISTORY))],
        "MarketData.__getitem__": [Call(0), Call(3), Call(-1)],
        "MarketDataIterator.__next__": [Call()] * 4,
        "build_ioc_market_order_to_close_position": [
            Call(*close, Decimal("0.5"), "ema", Decimal("9.5")),
            Call(*close, 1, identifiers[0], 9, identifiers[1]),
            Call(*close, 0.5, "ema", 9.5, client_order_id="cid-1"),
            Call(*close, 0.5, "ema", 9.5, None),
        ],
        "calculate_abs_percent_difference": [Call(1, Decimal("1.5")), Call(Decimal("1.5"), 1)],
        "calculate_delta": [
            Call(1, Decimal(1), bp.Side.BUY, 2),
            Call(Decimal("0.5"), 1, bp.Side.SELL, Decimal(2)),
        ],
        "calculate_quote_notional": [Call(1, Decimal(2), 1), Call(Decimal(1), 2, Decimal(1))],
        "check_closing_order": [
            Call(*close, Decimal("0.5"), Decimal("9.5")),
            Call(*close, 1, 9),
            Call(*close, 0.5, 9.5, skip_missing_price=False),
            Call(*close, 0.5, None, skip_missing_price=True),
        ],
        "check_executions": [Call(CONFIG.index(), CONFIG.executions)],
        "check_number": [Call("price", Decimal(1)), Call("price", 1), Call("price", 1.5)],
        "close_open_positions_with_market_orders": [
            Call("ema", VIEW, everything),
            Call(identifiers[0], VIEW, everything, None, skip_missing_price=True),
            Call("ema", VIEW, filter=everything, gen_cid=lambda view: f"close {view.index}"),
            Call("ema", VIEW, everything, lambda _: identifiers[1]),
            Call("ema", VIEW, everything, lambda _: None),
        ],
        "report_by_strategy": [Call([FILL], [None, Decimal(2)]), Call((FILL,), (Decimal(1),))],
        "run_backtest": [
            Call(*run, **RUN_OPTIONS, risk_free_return=0, progress=None, risk_manager=None),
            Call(
                *run, **RUN_OPTIONS, risk_free_return=0, risk_manager=DefaultRiskManager(),
                guard_commands=True,
            ),
            Call(*run, **RUN_OPTIONS, risk_free_return=0, risk_manager=bp.RiskLimits()),
            Call(
                *run,
                **RUN_OPTIONS | {"interval": WEEK},
                risk_free_return=Decimal("0.01"),
                progress=lambda _, __: None,
            ),
            Call(*run, **RUN_OPTIONS, risk_free_return=0, audit=None),
            Call(*run, **RUN_OPTIONS, risk_free_return=0, audit=lambda _: None),
        ],
        "set_logging_level": [Call(20), Call(None)],
        "wrapped_crates": [Call()],
    } | statistic_calls()  # fmt: skip


DOCUMENTED_ERRORS: dict[str, type[Exception]] = {
    "EngineView.__reduce__": TypeError,  # of a running engine
    "EngineView.balance": bp.UnknownKeyError,  # not this exchange's asset
    "EngineView.tear_sheet_asset": bp.UnknownKeyError,
    "Order.__new__": ValueError,  # fields that contradict the status
    "OrderFailure.__new__": ValueError,  # fields that contradict the kind
    "OrderResponseCancel.__new__": ValueError,  # both a failure and none
    "InstrumentFilter.matches": ValueError,  # by underlying, without an underlying
    "InstrumentView.market_order": ValueError,  # no price yet
}
"""What calls may raise for some values; each must also succeed for others."""

VIEW = object()
"""Stands in a call for the view, which is there in a run only."""


class Checker:
    """Visits places with real values and keeps what was wrong."""

    def __init__(self) -> None:
        self.visited: defaultdict[str, set[object]] = defaultdict(set)
        self.failures: defaultdict[str, list[str]] = defaultdict(list)
        self.calls = calls()

    def visit(self, place: str, value: object, expected: object) -> None:
        matching = [arm for arm in arms(expected) if is_a(value, arm)]
        self.visited[place].update(matching)
        if not matching:
            self.failures[place].append(f"{value!r} is no {expected}")

    def visit_items(self, place: str, value: object, expected: object) -> None:
        """Check what a returned iterator gives, which `visit` cannot see."""
        if isinstance(value, Iterator) and typing.get_origin(expected) is Iterator:
            (item_type,) = typing.get_args(expected)
            for item in value:
                if not is_a(item, item_type):
                    self.failures[place].append(f"the item {item!r} is no {item_type}")

    def call(self, place: str, node: ast.FunctionDef, function: object, call: Call) -> object:
        """Call a function, checking what goes in and what comes out."""
        assert callable(function), place
        try:
            result: object = function(*call.positional, **call.named)
        except DOCUMENTED_ERRORS.get(place, ()):
            return None
        except Exception as error:
            self.failures[place].append(f"{call.positional} {call.named} raises {error!r}")
            return None
        types_by_name = dict(parameters(node))
        for name, value in zip(types_by_name, call.positional, strict=False):
            self.visit(f"{place}({name})", value, types_by_name[name])
        for name, named in call.named.items():
            self.visit(f"{place}({name})", named, types_by_name[name])
        self.visit_items(place, result, evaluate(node.returns))
        self.visit(place, result, evaluate(node.returns))
        return result

    def value(self, value: object) -> None:
        """Read every property and call every method of a value, and of what it holds."""
        if isinstance(value, (list, tuple)):
            for item in value:
                self.value(item)
            return
        if isinstance(value, dict):
            self.value(list(value.values()))
            return
        name = type(value).__name__
        if type(value).__module__ != _core.__name__ or name not in CLASSES:
            return
        for node in methods(name):
            place = f"{name}.{node.name}"
            if is_property(node):
                held: object = getattr(value, node.name)
                self.visit(place, held, evaluate(node.returns))
                self.value(held)
            elif node.name == "__new__":
                self.visit(place, value, evaluate(node.returns))
            elif not is_static(node):
                self.method(place, node, value)

    def method(self, place: str, node: ast.FunctionDef, value: object) -> None:
        given = self.calls.get(place, [])
        if node.name == "__eq__":
            given = [Call(value), Call(Decimal(1))]
        elif not given and not parameters(node):
            given = [Call()]
        for call in given:
            name = node.name
            # Calling `__eq__` itself gives NotImplemented, which no user ever sees.
            function: Callable[[object], object] = (
                (lambda other: value == other) if name == "__eq__" else getattr(value, name)
            )
            self.call(place, node, function, call)

    def constructors(self, value: object) -> None:
        """Make the value again from its fields, once with each type allowed for each of them."""
        name = type(value).__name__
        if not is_constructible(name) or name in NOT_OF_FIELDS:
            return
        (node,) = (node for node in methods(name) if node.name == "__new__")
        fields: list[object] = [getattr(value, field) for field, _ in parameters(node)]
        for position, (_, expected) in enumerate(parameters(node)):
            for arm in arms(expected):
                for example in examples(arm, fields[position]):
                    arguments = [*fields[:position], example, *fields[position + 1 :]]
                    self.call(f"{name}.__new__", node, type(value), Call(*arguments))

    def functions(self, place: str, view: object = None) -> None:
        """Call a function of the module."""
        for call in self.calls.get(place, []):
            positional = [view if item is VIEW else item for item in call.positional]
            function: object = getattr(_core, place)
            self.value(
                self.call(place, FUNCTIONS[place], function, Call(*positional, **call.named))
            )


def examples(arm: object, current: object) -> Iterator[object]:
    """Give values of a type that a constructor should take."""
    origin = typing.get_origin(arm)
    if is_a(current, arm):
        yield current
    elif arm is int:
        yield NANOSECONDS
    elif arm is types.NoneType:
        yield None
    elif arm is datetime:
        yield TIME
    elif arm is str:
        yield "2024-01-01T00:00:00.123456789Z"
    if origin is not None and isinstance(current, Sequence) and issubclass(origin, Sequence):
        yield tuple(current)
    if origin is not None and isinstance(current, Mapping) and issubclass(origin, Mapping):
        yield types.MappingProxyType(dict(current))


class Inspector(bp.Strategy):
    """Checks the views from inside, and trades so that there is something to see."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.calls = 0

    def look(self, state: bp.EngineView) -> None:
        self.checker.value(state)
        for instrument in state.instruments_iter():
            self.checker.value(instrument)
        self.checker.functions("close_open_positions_with_market_orders", state)

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        self.look(state)

    @override
    def on_disconnect(self, exchange: bp.ExchangeId, state: bp.EngineView, /) -> tuple[()]:
        self.look(state)
        return ()

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.look(state)
        first, second = state.instruments
        self.calls += 1
        match self.calls:
            case 1:
                return [], [first.market_order(bp.Side.BUY, 1, strategy_id="ema")]
            case 3:
                return [], [second.limit_order(bp.Side.BUY, 10, 1, strategy_id="ema")]
        if state.updated is not None and state.updated.price == 110:
            return [], [first.market_order(bp.Side.SELL, 1, strategy_id="ema")]
        if state.updated is not None and state.updated.price == 51:
            return [], [second.market_order(bp.Side.BUY, 1, strategy_id="ema")]
        return bp.NO_ORDERS


@pytest.fixture(scope="module")
def checker() -> Checker:
    """Visit all places."""
    made = Checker()
    bp.run_backtest(Inspector(made), HISTORY, CONFIG, latency=timedelta(milliseconds=1))
    for value in SAMPLES:
        made.value(value)
        made.constructors(value)
    for name in CLASSES:
        for node in methods(name):
            if is_static(node) or (node.name == "__new__" and is_constructible(name)):
                place = f"{name}.{node.name}"
                given = made.calls.get(place, [] if parameters(node) else [Call()])
                owner: object = getattr(_core, name)
                function: object = owner if node.name == "__new__" else getattr(owner, node.name)
                for call in given:
                    made.call(place, node, function, call)
    inspected = "close_open_positions_with_market_orders"
    for name in FUNCTIONS.keys() - {inspected}:
        made.functions(name)
    output: object = _core.run_backtest(
        Buyer(), HISTORY, CONFIG.index(), CONFIG.executions, close_at_end=False,
        fill_price=bp.FillPrice.REQUESTED, risk_free_return=0, interval=bp.TimeInterval.DAILY,
    )  # fmt: skip
    made.value(output)
    return made


class Buyer(bp.Strategy):
    """Leaves a position open."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        first = state.instruments[0]
        if first.price is None or first.position is not None or first.has_orders:
            return bp.NO_ORDERS
        return [], [first.market_order(bp.Side.BUY, 1, strategy_id="ema")]


def places() -> Iterator[tuple[str, object]]:
    """Give every return type and every parameter type of the stub."""
    functions = list(FUNCTIONS.items())
    for name in CLASSES:
        for node in methods(name):
            if node.name == "__new__" and not is_constructible(name):
                continue
            functions.append((f"{name}.{node.name}", node))
    for place, node in functions:
        yield place, evaluate(node.returns)
        for name, expected in parameters(node):
            yield f"{place}({name})", expected


@pytest.mark.parametrize(("place", "expected"), [pytest.param(*it, id=it[0]) for it in places()])
def test_types_of_the_stub_hold(checker: Checker, place: str, expected: object) -> None:
    assert checker.failures[place] == []
    assert place in checker.visited, "nothing checks this: add a sample or a call"
    unseen = set(arms(expected)) - checker.visited[place]
    assert unseen == set(), "no sample is of these types: add one, or the stub says too much"


def test_nothing_else_went_wrong(checker: Checker) -> None:
    assert {place: found for place, found in checker.failures.items() if found} == {}


def test_every_class_has_a_sample(checker: Checker) -> None:
    visited = {place.partition(".")[0] for place in checker.visited}
    sampled = {type(value).__name__ for value in SAMPLES}
    assert set(CLASSES) - visited - sampled == set()


def test_names_of_the_stub_are_those_of_the_module() -> None:
    (declared,) = (
        ast.literal_eval(node.value)
        for node in STUB.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    assert sorted(declared) == declared
    assert sorted(_core.__all__) == declared
    assert {*CLASSES, *FUNCTIONS, "__version__"} == set(declared)


@pytest.mark.parametrize("name", CLASSES)
def test_module_of_classes(name: str) -> None:
    native: type = getattr(_core, name)
    assert (native.__module__, native.__qualname__) == ("barter_python._core", name)


@pytest.mark.parametrize("name", [name for name in CLASSES if not is_enum(name)])
def test_classes_without_a_constructor_cannot_be_called(name: str) -> None:
    if not is_constructible(name):
        native: object = getattr(_core, name)
        assert callable(native)
        with pytest.raises(TypeError, match=r"No constructor defined|cannot create"):
            native()


RECORDS = [
    pytest.param(value, id=f"{type(value).__name__}-{position}")
    for position, value in enumerate(SAMPLES)
    if is_constructible(type(value).__name__) or isinstance(value, bp.InstrumentFilter)
    if not isinstance(value, (bp.Engine, bp.StateReplica))
]
FIELDS = {
    name: [field for field, _ in parameters(node)]
    for name in CLASSES
    for node in methods(name)
    if node.name == "__new__" and name != "IndexedInstruments"
}


@pytest.mark.parametrize("value", RECORDS)
def test_records_are_pickled_and_copied(value: object) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert (again, type(again), hash(again)) == (value, type(value), hash(value))
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value


@pytest.mark.parametrize("value", RECORDS)
def test_nanoseconds_survive_pickling(value: object) -> None:
    again = pickle.loads(pickle.dumps(value))
    for node in properties(type(value).__name__):
        if node.name.endswith("_ns"):
            nanoseconds: object = getattr(value, node.name)
            assert getattr(again, node.name) == nanoseconds
            assert nanoseconds in (NANOSECONDS, NANOSECONDS + 1, None)


@pytest.mark.parametrize(
    ("name", "time"),
    [
        pytest.param(name, node.name, id=f"{name}.{node.name}")
        for name in CLASSES
        for node in properties(name)
        if datetime in arms(evaluate(node.returns))
    ],
)
def test_every_time_has_a_twin_in_nanoseconds(name: str, time: str) -> None:
    twins = {node.name: evaluate(node.returns) for node in properties(name)}
    assert f"{time}_ns" in twins
    assert int in arms(twins[f"{time}_ns"])
    for value in SAMPLES:
        if type(value).__name__ == name and getattr(value, time) is not None:
            since_1970 = getattr(value, time) - datetime(1970, 1, 1, tzinfo=timezone.utc)
            assert since_1970 // timedelta(microseconds=1) == getattr(value, f"{time}_ns") // 1000


@pytest.mark.parametrize("value", RECORDS)
def test_records_are_frozen(value: object) -> None:
    for node in properties(type(value).__name__):
        with pytest.raises(AttributeError):
            setattr(value, node.name, getattr(value, node.name))
    with pytest.raises(AttributeError):
        setattr(value, "another", 1)  # noqa: B010 - a checker would refuse the plain assignment


@pytest.mark.parametrize("value", RECORDS)
def test_repr_shows_every_field(value: object) -> None:
    shown = repr(value)
    assert shown.startswith(type(value).__name__)
    for field in FIELDS.get(type(value).__name__, []):
        assert f"{field}=" in shown


# What barter has indexed is no record: its repr lists names.
READABLE = [value for value in RECORDS if not isinstance(value.values[0], bp.IndexedInstruments)]


@pytest.mark.parametrize("value", READABLE)
def test_repr_reads_back(value: object) -> None:
    names = NAMES | {"Decimal": Decimal, "Underlying": bp.Underlying}
    again: object = eval(repr(value), names)
    assert again == value


ENUMS = [name for name in CLASSES if is_enum(name)]


def enumeration(name: str) -> type[enum.Enum]:
    """Give an enum of the module."""
    native: object = getattr(_core, name)
    assert isinstance(native, type)
    assert issubclass(native, enum.Enum)
    return native


def test_enums_of_the_stub_are_those_of_the_module() -> None:
    real = {name for name, item in vars(_core).items() if isinstance(item, enum.EnumMeta)}
    assert set(ENUMS) == real


@pytest.mark.parametrize("name", ENUMS)
def test_enums_are_real_enums(name: str) -> None:
    native = enumeration(name)
    declared = [
        ast.unparse(node.targets[0]) for node in CLASSES[name].body if isinstance(node, ast.Assign)
    ]
    assert [member.name for member in native] == declared
    assert list(native.__members__) == declared  # no aliases
    assert len({hash(member) for member in native}) == len(declared)
    for member in native:
        assert isinstance(member.value, str)
        assert native(member.value) is member
        assert native[member.name] is member
        assert {member: 1}[native(member.value)] == 1
        assert copy.copy(member) is member
        assert copy.deepcopy(member) is member
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(member, protocol)) is member
    with pytest.raises(ValueError, match="is not a valid"):
        native("no such value")


PUBLIC_MODULES = [
    "barter_python",
    *(
        f"barter_python.{module.name}"
        for module in pkgutil.iter_modules(bp.__path__)
        if not module.name.startswith("_")
    ),
]


def public_names(module: str) -> list[str]:
    """Give `__all__` of a module."""
    names: list[str] = importlib.import_module(module).__all__
    return names


def order_of_names(name: str) -> tuple[int, str]:
    """Sort as ruff does: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


@pytest.mark.parametrize("module", PUBLIC_MODULES)
def test_public_names_exist_and_are_sorted(module: str) -> None:
    names = public_names(module)
    assert names == sorted(set(names), key=order_of_names)
    missing = [name for name in names if not hasattr(importlib.import_module(module), name)]
    assert missing == []


def test_every_native_name_is_public_somewhere() -> None:
    exported: set[str] = set()
    for module in PUBLIC_MODULES:
        loaded = importlib.import_module(module)
        for name in public_names(module):
            if getattr(loaded, name) is getattr(_core, name, None):
                exported.add(name)
    assert set(_core.__all__) - exported == set(NATIVE_ONLY)


def test_top_level_names_are_those_of_the_modules() -> None:
    exported = {
        id(getattr(importlib.import_module(module), name))
        for module in PUBLIC_MODULES[1:]
        for name in public_names(module)
    }
    native = {"__version__", "build_ioc_market_order_to_close_position", "wrapped_crates"}
    elsewhere = [name for name in bp.__all__ if id(getattr(bp, name)) not in exported]
    assert set(elsewhere) <= native

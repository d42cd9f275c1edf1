"""Samples of every class of the native module, and calls of its functions."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import barter_python as bp
from barter_python import _core, compiled, indicators
from barter_python._core import AccountEquity
from barter_python._rows import Rows
from barter_python.backtest import EquityBar, EquityDrawdown, FailedCancel, FundingPayment
from barter_python.backtest.options import RunOptions
from barter_python.engine import (
    AssetState,
    Connectivity,
    EngineEvent,
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
    EquityRatios,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
    PeriodReturn,
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
from barter_python.streams import Lag, Overflow, StreamStatus, StreamStatusKind, SubKind
from barter_python.system import (
    FutureContract,
    InstrumentKind,
    InstrumentSpec,
    OptionContract,
    PerpetualContract,
)
from support import ROOT
from support.calls import Call, by_name
from support.compiled import Own, act
from support.table_samples import table_calls

EXCHANGE = bp.ExchangeId.BINANCE_SPOT
NANOSECONDS = 1_704_067_200_123_456_789
TIME = datetime(2024, 1, 1, 0, 0, 0, 123456, tzinfo=timezone.utc)


TRADE = bp.PublicTrade("7", price=Decimal("100.50"), amount=Decimal("0.25"), side=bp.Side.BUY)
BOOK = bp.OrderBookL1(
    NANOSECONDS,
    bp.Level(price=Decimal("99.9"), amount=1),
    bp.Level(price=Decimal("100.1"), amount=2),
)
CANDLE = bp.Candle(
    NANOSECONDS, open=1, high=Decimal("2.5"), low=Decimal("0.5"), close=2, volume=10, trade_count=3
)
ORDER_BOOK = bp.OrderBook(
    7, NANOSECONDS, [bp.Level(price=Decimal("99.8"), amount=5), bp.Level(price=Decimal("99.9"),
        amount=1)],
    (bp.Level(price=Decimal("100.1"), amount=2),),
)  # fmt: skip
SNAPSHOT = bp.OrderBookSnapshot(ORDER_BOOK)
UPDATE = bp.OrderBookUpdate(bp.OrderBook(8, None, [bp.Level(price=Decimal("99.90"), amount=0)], []))
FUNDING = bp.Funding(Decimal("0.0001"), mark_price=Decimal("64250.5"))
FUNDING_WITHOUT_MARK = bp.Funding(Decimal("-0.0003"))
SETTLEMENT = bp.Settlement(price=Decimal(63980))
LIQUIDATION = bp.Liquidation(bp.Side.SELL, price=Decimal("1.5"), quantity=2, time=NANOSECONDS)
FAILURE = bp.OrderFailure(bp.OrderFailureKind.ORDER_REJECTED, 'it\'s "too" much\n')
BALANCE = bp.Balance(total=Decimal("10.10"), free=5)
ASSET_BALANCE = bp.AssetBalance(1, BALANCE, NANOSECONDS)
CANCELLED = bp.OrderResponseCancel(
    exchange=0,
    instrument=1,
    strategy_id="ema",
    client_order_id="cid-1",
    order_id="42",
    time_exchange=NANOSECONDS,
)
FILL = bp.Trade(
    "t",
    "o",
    1,
    "ema",
    NANOSECONDS,
    bp.Side.SELL,
    price=Decimal("9.75"),
    quantity=2,
    fees=Decimal("0.0195"),
)
ORDER = bp.Order(
    exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1", side=bp.Side.BUY,
    price=Decimal("9.75"), quantity=2, kind=bp.OrderKind.LIMIT,
    time_in_force=bp.TimeInForce.GOOD_UNTIL_CANCELLED, status=bp.OrderStatus.OPEN, order_id="42",
    filled_quantity=Decimal("0.5"), time_exchange=NANOSECONDS,
)  # fmt: skip
REFUSED = bp.Order(
    exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-2", side=bp.Side.SELL,
    price=Decimal("9.75"), quantity=2, kind=bp.OrderKind.MARKET,
    time_in_force=bp.TimeInForce.IMMEDIATE_OR_CANCEL, status=bp.OrderStatus.OPEN_FAILED,
    order_id=None, filled_quantity=0, time_exchange=None, failure=FAILURE,
)  # fmt: skip
EXPIRED = bp.Order(
    exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-3", side=bp.Side.SELL,
    price=Decimal("9.75"), quantity=2, kind=bp.OrderKind.LIMIT,
    time_in_force=bp.TimeInForce.GOOD_UNTIL_END_OF_DAY, status=bp.OrderStatus.EXPIRED,
)  # fmt: skip
ORDERS = bp.InstrumentAccountSnapshot(1, [ORDER, EXPIRED])
ACCOUNT_SNAPSHOT = bp.AccountSnapshot(0, [ASSET_BALANCE], [ORDERS])
ACCOUNT_EVENT = bp.AccountEvent(0, FILL)
ACCOUNT_RECONNECTING = bp.AccountReconnecting(EXCHANGE)
DRAWDOWN = Drawdown(Decimal("0.1"), NANOSECONDS, NANOSECONDS + 1)
MEAN_DRAWDOWN = MeanDrawdown(mean_drawdown=Decimal("0.05"), mean_drawdown_ms=1500)
SHEET = TearSheet(
    pnl=1,
    pnl_return=Decimal("0.1"),
    sharpe_ratio=2,
    sortino_ratio=3,
    calmar_ratio=4,
    pnl_drawdown=DRAWDOWN,
    pnl_drawdown_mean=MEAN_DRAWDOWN,
    pnl_drawdown_max=DRAWDOWN,
    win_rate=Decimal("0.5"),
    profit_factor=Decimal("1.5"),
)
ASSET_SHEET = TearSheetAsset(BALANCE, DRAWDOWN, MEAN_DRAWDOWN, DRAWDOWN)
EXITED = bp.PositionExited(
    1, bp.Side.SELL, price_entry_average=Decimal("9.75"), quantity_abs_max=3,
    pnl_realised=Decimal("-0.25"), fees_enter=Decimal("0.01"), fees_exit=Decimal("0.02"),
    time_enter=NANOSECONDS, time_exit=NANOSECONDS + 1, trades=["t"],
)  # fmt: skip
RANGE = Range(True, high=Decimal("2.5"), low=-1)
DISPERSION = Dispersion(
    RANGE,
    recurrence_relation_m=Decimal("6.125"),
    variance=Decimal("3.0625"),
    std_dev=Decimal("1.75"),
)
DATA_SET = DataSetSummary(count=2, sum=Decimal("1.5"), mean=Decimal("0.75"), dispersion=DISPERSION)
WEEK = timedelta(7)

ACCOUNT_EQUITY = AccountEquity._from_pickled(
    """{
        "interval": 2,
        "lines": [
            {
                "asset": 2, "start": [5, "100"], "bars": [[7, "99.5", "99", "100"]],
                "by_amount": [
                    {"peak": "100", "trough": "99", "start": 6, "bottom": 6, "end": null}
                ],
                "by_share": []
            },
            {"asset": null, "start": null, "bars": [], "by_amount": [], "by_share": []}
        ],
        "total": "usdt"
    }"""
)

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
    | bp.Liquidation
    | bp.Funding
    | bp.Settlement,
) -> bp.MarketEvent:
    """Make an event so many seconds after the start, with nanoseconds."""
    time = NANOSECONDS + seconds * 1_000_000_000
    return bp.MarketEvent(time, time + 1, EXCHANGE, instrument, kind)


def book(seconds: int, instrument: int, price: int) -> bp.MarketEvent:
    """Make a best bid and ask."""
    levels = bp.Level(price=price - 1, amount=5), bp.Level(price=price + 1, amount=5)
    return market_event(seconds, instrument, bp.OrderBookL1(NANOSECONDS, *levels))


NAMED = bp.NamedMarketEvent(NANOSECONDS, NANOSECONDS + 1, EXCHANGE, "ETHUSDT", TRADE)
ALL_NAMED = [
    bp.NamedMarketEvent(NANOSECONDS, NANOSECONDS + 1, EXCHANGE, "ETHUSDT", kind)
    for kind in (TRADE, BOOK, SNAPSHOT, UPDATE, CANDLE, LIQUIDATION, FUNDING, SETTLEMENT)
]

CROSSED = market_event(
    0, 0, bp.OrderBookL1(0, bp.Level(price=2, amount=1), bp.Level(price=1, amount=1))
)
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

FOLDER = TemporaryDirectory()
"""Is there as long as the samples."""
SAVED = Path(FOLDER.name) / "history.bph"
HISTORY.save(SAVED)
OPENED = bp.MarketData.open(shutil.copy(SAVED, SAVED.with_name("opened.bph")))
"""A history whose file does not change."""
OPENED_PATH, OPENED_MARK = OPENED._saved_at() or ("", "")
PACKED = HISTORY.__reduce__()[0].__reduce__()[1][1]
"""A history as pickling packs it."""
SCAN = bp.MarketScan([HISTORY, partial(HISTORY.between, NANOSECONDS + 8_000_000_000)])

MIDS = indicators.Changes(indicators.Source.MID)
AVERAGE = indicators.Sma(indicators.Source.MID, 9)


class Waking(bp.DefaultStrategy):
    """Has the engine compute something."""

    wake_on = (MIDS, indicators.Computed(AVERAGE))


ENGINE = bp.Engine(Waking(), CONFIG.index(), time_start=NANOSECONDS)
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
    OptionContract(1, "usdt", OptionKind.CALL, OptionExercise.AMERICAN, TIME, strike=9),
]
ALL_KINDS = bp.Engine(
    bp.DefaultStrategy(),
    bp.IndexedInstruments(
        bp.InstrumentConfig(
            EXCHANGE, f"{base}usdt".upper(), bp.Underlying(base, "usdt"), kind=contract,
            spec=InstrumentSpec(price_min=0, price_tick_size=1, quantity_unit="usdt",
                quantity_min=1, quantity_increment=1, notional_min=1),
        )
        for base, contract in zip(["eth", "sol", "xrp"], CONTRACTS, strict=True)
    ),
    time_start=NANOSECONDS,
).snapshot()  # fmt: skip
FEED_ENDED = bp.AuditTick.from_json(
    '{"event":"FeedEnded","context":{"sequence":9,"time":"2024-01-01T00:00:00Z"}}'
)

SENT = OrderReport(
    ORDER, "42", filled_quantity=Decimal("0.5"), maker_quantity=Decimal("0.25"),
    fees=Decimal("0.01"), average_price=Decimal("9.75"), time_sent=NANOSECONDS,
    time_finished=None,
    stop=bp.StopTrigger(1, bp.StopKind.STOP, trigger_price=10, price=Decimal("9.75")),
)  # fmt: skip
FAILED_CANCEL = FailedCancel(
    bp.OrderResponseCancel(
        exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1", failure=FAILURE
    ),
    NANOSECONDS,
)
FUNDED = FundingPayment(
    NANOSECONDS,
    1,
    bp.Side.SELL,
    quantity=2,
    mark_price=Decimal("9.75"),
    rate=Decimal("0.0001"),
    amount=Decimal("0.00195"),
)
FUNDED_AT_ENTRY = FundingPayment(
    NANOSECONDS, 0, bp.Side.BUY, quantity=2, mark_price=None, rate=0, amount=0
)
OPEN_POSITION = bp.OpenPosition(
    1, bp.Side.BUY, price_entry_average=Decimal("9.75"), quantity_abs=2, quantity_abs_max=3,
    pnl_unrealised=Decimal("0.5"), pnl_realised=Decimal("-0.25"), fees_enter=Decimal("0.01"),
    fees_exit=0,
    time_enter=NANOSECONDS, time_exchange_update=NANOSECONDS + 1, trades=["t", "u"],
)  # fmt: skip
BAR = EquityBar(2, NANOSECONDS, equity=Decimal("99.99"), low=Decimal("99.98"), high=101, peak=102)
REFUSED_REQUEST = bp.RefusedRequest(TIME, NANOSECONDS, REQUEST, "too much")
FALL = EquityDrawdown(
    2, peak=100, trough=Decimal("99.9"), depth=Decimal("0.1"), share=Decimal("0.001"),
    time_start=NANOSECONDS, time_trough=NANOSECONDS + 1,
    time_end=NANOSECONDS + 1,
)  # fmt: skip
RETURN = PeriodReturn(NANOSECONDS, NANOSECONDS + 1, Decimal("0.01"))
FILL_ROWS = _core.TradeRows.of([FILL, FILL], CONFIG.index())
SENT_ROWS = _core.OrderReportRows.of([SENT], CONFIG.index())
BAR_ROWS = _core.EquityBarRows.of([BAR], CONFIG.index())
FALL_ROWS = _core.EquityDrawdownRows.of([FALL], CONFIG.index())
FAILED_ROWS = _core.FailedCancelRows.of([FAILED_CANCEL], CONFIG.index())
FUNDED_ROWS = _core.FundingPaymentRows.of([FUNDED], CONFIG.index())
OPEN_ROWS = _core.OpenPositionRows.of([OPEN_POSITION], CONFIG.index())
RETURN_ROWS = _core.PeriodReturnRows.of([RETURN], CONFIG.index())
EXITED_ROWS = _core.PositionExitedRows.of([EXITED], CONFIG.index())
REFUSED_ROWS = _core.RefusedRequestRows.of([REFUSED_REQUEST], CONFIG.index())
ROWS: list[Rows[object]] = [
    FILL_ROWS, SENT_ROWS, BAR_ROWS, FALL_ROWS, FAILED_ROWS, FUNDED_ROWS, OPEN_ROWS, RETURN_ROWS,
    EXITED_ROWS, REFUSED_ROWS,
]  # fmt: skip
COLUMNS: list[
    tuple[
        str,
        Literal["decimal", "flag", "float", "integer", "text", "time"],
        Sequence[object],
    ]
] = [
    ("price", "decimal", [Decimal("1.5"), None]), ("is_new", "flag", [True, None]),
    ("ratio", "float", [0.5, None]), ("fast", "integer", [3, None]),
    ("name", "text", ["a", None]), ("time", "time", [TIME, None]),
]  # fmt: skip

STOP_SAMPLES: list[object] = [
    StreamStatusKind.LOST,
    SubKind.PUBLIC_TRADES,
    Overflow.WAIT,
    Lag(waiting=2, age=timedelta(milliseconds=3), replaced=1),
    *(
        StreamStatus(
            StreamStatusKind.LOST,
            EXCHANGE,
            SubKind.PUBLIC_TRADES,
            instrument,
            time=NANOSECONDS,
            reason="closed",
        )
        for instrument in (None, 1)
    ),
    bp.StopOrder(0, bp.Side.SELL, quantity=1, trigger_price=95),
    bp.StopOrder(
        0,
        bp.Side.BUY,
        quantity=Decimal("0.5"),
        trigger_price=105,
        limit_price=106,
        trigger=bp.TriggerPrice.LAST_TRADE,
        strategy_id="ema",
        until_closed=True,
    ),
    bp.TakeProfitOrder(
        0, bp.Side.SELL, quantity=1, trigger_price=105, limit_price=104, strategy_id="ema"
    ),
    bp.TakeProfitOrder(0, bp.Side.BUY, quantity=1, trigger_price=95, until_closed=True),
    bp.TrailingStopOrder(0, bp.Side.SELL, quantity=1, distance=Decimal("2.5")),
    bp.TrailingStopOrder(
        0,
        bp.Side.BUY,
        quantity=1,
        distance=2,
        trigger=bp.TriggerPrice.LAST_TRADE,
        strategy_id="ema",
        until_closed=True,
    ),
    bp.Stop(
        id=1,
        kind=bp.StopKind.STOP,
        instrument=0,
        strategy_id="ema",
        side=bp.Side.SELL,
        quantity=1,
        trigger_price=95,
        limit_price=94,
        distance=None,
        trigger=bp.TriggerPrice.MARK,
        group=1,
        until_closed=False,
    ),
    bp.Stop(
        id=2,
        kind=bp.StopKind.TRAILING,
        instrument=0,
        strategy_id="ema",
        side=bp.Side.SELL,
        quantity=1,
        trigger_price=Decimal("97.5"),
        limit_price=None,
        distance=Decimal("2.5"),
        trigger=bp.TriggerPrice.MARK,
        group=1,
        until_closed=True,
    ),
    bp.StopTrigger(2, bp.StopKind.TAKE_PROFIT, trigger_price=105, price=106),
]
NATIVE_FUNCTION = act.strategy({"btc": Own()}, strategy_id="act", jit=False)._native_function
SAMPLES: list[object] = [
    NATIVE_FUNCTION,
    StreamStatusKind.LOST, SubKind.PUBLIC_TRADES, Overflow.WAIT,
    Lag(waiting=2, age=timedelta(milliseconds=3), replaced=1),
    *(StreamStatus(StreamStatusKind.LOST, EXCHANGE, SubKind.PUBLIC_TRADES, instrument,
        time=NANOSECONDS, reason="closed") for instrument in (None, 1)),
    *ROWS, FILL_ROWS.to_arrow("exact"),
    bp.Engine(bp.DefaultStrategy(), CONFIG.index(), time_start=0),
    ENGINE, AUDIT_SNAPSHOT, ENGINE.snapshot(), ALL_KINDS, *TICKS, FEED_ENDED,
    bp.StateReplica(AUDIT_SNAPSHOT), bp.Shutdown(),
    AssetState(1, EXCHANGE, "btc", "BTC", None, None),
    AssetState(1, EXCHANGE, "btc", "BTC", BALANCE, NANOSECONDS),
    Connectivity(EXCHANGE, Health.HEALTHY, Health.RECONNECTING), *Health, *bp.TradingState,
    bp.Timer(1, NANOSECONDS, None, None), bp.Timer(2, NANOSECONDS, timedelta(minutes=1), "ema"),
    BALANCE, ASSET_BALANCE, TRADE, BOOK, ORDER_BOOK, UPDATE.book, SNAPSHOT, UPDATE, CANDLE,
    LIQUIDATION, FUNDING, FUNDING_WITHOUT_MARK, SETTLEMENT,
    FAILURE, CANCELLED, FILL, ORDER, REFUSED, EXPIRED, DRAWDOWN, MEAN_DRAWDOWN, SHEET,
    ASSET_SHEET, HISTORY, OPENED, iter(HISTORY), SCAN, iter(SCAN), CONFIG.index(),
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
        for kind in (TRADE, BOOK, SNAPSHOT, UPDATE, CANDLE, LIQUIDATION, FUNDING, SETTLEMENT)
    ),
    CheckHigherThan(Decimal("0.1")), CheckFailHigherThan(limit=Decimal("0.1"), input=1),
    ACCOUNT_EQUITY,
    BAR,
    EquityBar(None, NANOSECONDS, equity=1, low=1, high=1, peak=1),
    FALL,
    EquityDrawdown(None, peak=0, trough=-1, depth=1, share=None, time_start=NANOSECONDS,
        time_trough=NANOSECONDS, time_end=None),
    RETURN,
    PeriodReturn(NANOSECONDS, NANOSECONDS + 1, None),
    EquityRatios(2, annual_return=Decimal("0.1"), volatility=Decimal("0.2"), sharpe=Decimal("0.5"),
        sortino=Decimal("0.6"), calmar=2),
    EquityRatios(0, annual_return=None, volatility=None, sharpe=None, sortino=None, calmar=None),
    IndexedAsset(2, EXCHANGE, "usdt", "USDT"),
    IndexedInstrument(index=1, exchange=0, exchange_id=EXCHANGE, name="binancespot-eth_usdt",
        name_exchange="ETHUSDT", underlying=bp.Underlying(1, 2)),
    bp.InstrumentFilter.none(),
    bp.InstrumentFilter.exchanges([0]),
    bp.InstrumentFilter.instruments([1, 0]),
    bp.InstrumentFilter.underlyings([bp.Underlying(0, 2)]),
    bp.Level(price=Decimal("9.5"), amount=3),
    OPEN_POSITION,
    bp.OrderBookL1(NANOSECONDS, None, None),
    bp.OrderResponseCancel(exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1",
        failure=FAILURE),
    SENT,
    OrderReport(REFUSED, None, filled_quantity=0, maker_quantity=0, fees=0, average_price=None,
        time_sent=NANOSECONDS, time_finished=NANOSECONDS + 1, stop=None),
    FAILED_CANCEL,
    FUNDED,
    FUNDED_AT_ENTRY,
    *STOP_SAMPLES,
    EXITED,
    bp.PyOrderRequestOpen(
        0, 1, "ema", "cid-1", bp.Side.BUY, Decimal("9.75"), 2, bp.OrderKind.MARKET,
        bp.TimeInForce.IMMEDIATE_OR_CANCEL,
    ),
    bp.Reconnecting(EXCHANGE, time_received=NANOSECONDS), *ALL_NAMED,
    TearSheet(pnl=0, pnl_return=0, sharpe_ratio=0, sortino_ratio=0, calmar_ratio=0,
        pnl_drawdown=None, pnl_drawdown_mean=None, pnl_drawdown_max=None, win_rate=None,
        profit_factor=None),
    TearSheetAsset(None, None, None, None),
    bp.TradingSummary(
        NANOSECONDS, NANOSECONDS + 1, bp.TimeInterval.DAILY, {"binancespot-eth_usdt": SHEET},
        {"binance_spot_usdt": ASSET_SHEET},
    ),
    bp.TradingSummary(NANOSECONDS, NANOSECONDS + 1, WEEK, {}, {}),
    RANGE, DISPERSION, DATA_SET,
    PnLReturns(Decimal("-0.25"), DATA_SET, DataSetSummary.of([])),
    *(
        figure(value=Decimal("0.5"), interval=interval, ratio=number)
        for figure in (SharpeRatio, SortinoRatio, CalmarRatio)
        for interval, number in ((bp.TimeInterval.DAILY, 2), (WEEK, None))
    ),
    RateOfReturn(value=Decimal("0.5"), interval=bp.TimeInterval.DAILY, rate=2),
    RateOfReturn(value=Decimal("0.5"), interval=WEEK, rate=None),
    ProfitFactor(value=Decimal("1.5"), ratio=2),
    ProfitFactor(value=1, ratio=None),
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
    *bp.CandleFills, *bp.CandlePrice, *bp.DatabentoSchema,
    *bp.ExchangeId, *bp.FeeAsset, *bp.FillPrice, *InstrumentQuoteAsset, *bp.Liquidity,
    *OptionExercise, *OptionKind, *bp.OrderFailureKind, *bp.OrderKind, *bp.OrderStatus,
    *bp.QueuePosition, *bp.RowOrder, *bp.Side, *bp.StopKind, *bp.TimeInForce, *bp.TimeInterval,
    *bp.TimeUnit, *bp.TriggerPrice,
]  # fmt: skip


def anew(request: bp.OrderRequestOpen) -> bp.OrderRequestOpen:
    """Give the request an id that nothing had before."""
    key = replace(request.key, cid=bp.ClientOrderId.random())
    return replace(request, key=key)


RUN_OPTIONS = RunOptions(
    latency=None,
    fee_rate=None,
    fill_price=bp.FillPrice.BEST_OPPOSITE,
    close_at_end=True,
    risk_free_return=0,
    interval=bp.TimeInterval.DAILY,
    risk_manager=None,
    guard_commands=False,
)


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
    ratio = "risk_free_return mean_return {} returns_period"
    ratios = ((0, half, 2, WEEK), (half, 1, half, bp.TimeInterval.DAILY), (0, 1, 1, WEEK))
    scale = [Call(bp.TimeInterval.ANNUAL_365), Call(WEEK)]
    asset_balances = [Call(balance=BALANCE, time=time) for time in TIMES]
    values = [Call(value, time) for value, time in zip((half, 11, 12), TIMES, strict=True)]
    pairs = ((half, 2), (1, half))
    drawdowns = [Call(DRAWDOWN)]
    summary = [
        Call(risk, start, now, CONFIG.index())
        for risk, start, now in zip((0, half, 0), TIMES, TIMES, strict=True)
    ]
    return {
        "SharpeRatio.calculate": by_name(ratio.format("std_dev_returns"), *ratios),
        "SortinoRatio.calculate": by_name(ratio.format("std_dev_loss_returns"), *ratios),
        "CalmarRatio.calculate": by_name(ratio.format("max_drawdown"), *ratios),
        "RateOfReturn.calculate": [Call(1, WEEK), Call(half, bp.TimeInterval.DAILY)],
        "SharpeRatio.scale": scale,
        "SortinoRatio.scale": scale,
        "CalmarRatio.scale": scale,
        "RateOfReturn.scale": scale,
        "ProfitFactor.calculate": by_name("profits_gross_abs losses_gross_abs", *pairs, (0, 0)),
        "WinRate.calculate": by_name("wins total", *pairs, (0, 0)),
        "Range.init": [Call(1), Call(half)],
        "Range.updated": [Call(1), Call(half)],
        "Dispersion.updated": by_name(
            "prev_mean new_mean new_value value_count", (1, 1, 1, 3), (half, half, half, half)
        ),
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
        "calculate_mean": by_name("prev_mean next_value count", (half, half, half), (1, 2, 3)),
        "calculate_recurrence_relation_m": by_name(
            "prev_m prev_mean new_value new_mean", (half, half, half, half), (1, 2, 3, 4)
        ),
        "calculate_sample_variance": by_name("recurrence_relation_m count", *pairs),
        "calculate_population_variance": by_name("recurrence_relation_m count", *pairs),
    }


def packed(rows: object) -> bytes:
    """Give the bytes in the pickle of rows."""
    reduced = rows.__reduce__()
    assert isinstance(reduced, tuple)
    bytes_of_rows: bytes = reduced[0].__reduce__()[1][1]
    return bytes_of_rows


def rows_calls() -> dict[str, list[Call]]:
    """Give the calls of the rows of records."""
    given: dict[str, list[Call]] = {}
    for rows in ROWS:
        name = type(rows).__name__
        given |= {
            f"{name}.of": [Call([rows.item(0)], CONFIG.index())],
            f"{name}._from_packed": [Call(packed(rows), CONFIG.index())],
            f"{name}.item": [Call(0), Call(position=0)],
            f"{name}.chosen": [Call([0, 0]), Call(range(1))],
            f"{name}.equals": [Call(rows)],
            f"{name}.to_arrow": [Call("exact"), Call(decimals="float")],
        }
    return given


def calls() -> dict[str, list[Call]]:
    """Give the calls of functions and methods that need arguments; a run calls the views'."""
    everything = bp.InstrumentFilter.none()
    underlying = bp.Underlying(0, 1)
    identifiers = bp.StrategyId("ema"), bp.ClientOrderId("cid-1")
    close = (0, 1, bp.Side.BUY)
    order = (bp.Side.BUY, Decimal("0.5"))
    limit = {"side": bp.Side.SELL, "price": Decimal("9.5"), "quantity": 1}
    data = ROOT / "examples" / "data"
    lines = data / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    array = data / "binance_spot_market_data_with_disconnect_events.json"
    run = (CONFIG.index(), CONFIG.executions, RUN_OPTIONS)
    return {
        "AccountEvent.from_json": [Call(ACCOUNT_EVENT.to_json())],
        "ArrowTable.__arrow_c_stream__": [Call(), Call(None), Call(requested_schema=object())],
        "AccountReconnecting.from_json": [Call(ACCOUNT_RECONNECTING.to_json())],
        "AccountEquity._from_pickled": [Call(ACCOUNT_EQUITY.__reduce__()[0].__reduce__()[1][1])],
        "AccountEquity.bars": [
            Call(0, 2, CONFIG.index()), Call(0, length=4, instruments=CONFIG.index())
        ],
        "AccountEquity.drawdowns": [
            Call(0, 3, True, CONFIG.index()),
            Call(0, count=1, by_share=False, instruments=CONFIG.index()),
        ],
        "AccountEquity.ends": [Call(0), Call(line=1)],
        "AccountEquity.returns": [Call(0, 10**18, CONFIG.index())],
        "AccountEquity.ratios": [
            Call(0, 10**18, 0, bp.TimeInterval.DAILY), Call(0, 10**18, Decimal("0.01"), WEEK)
        ],
        "AuditTick.from_json": [Call(TICKS[0].to_json())],
        "NativeFunction.__new__": [
            Call(
                compiled.CFunction(lambda *_: 0), "idle", instruments=["btc"], own=bytes(16),
                failure=lambda: None, levels=2, account_events=False, is_python=False,
            )
        ],
        "NativeFunction.record": [Call("btc"), Call(instrument="btc")],
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
        "Engine.advance": [
            Call(0), Call(TIME), Call("2024-01-01T00:00:00Z"),
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
        "EngineView._act_as": [Call(None), Call("ema")],
        "EngineView._from_snapshot": [pickled_snapshot(AUDIT_SNAPSHOT.state)],
        "EngineView.call_at": [
            Call(datetime(2100, 1, 1, tzinfo=timezone.utc)),
            Call(time=9 * 10**18, every=None),
            Call("2101-01-01T00:00:00Z", every=timedelta(minutes=1)),
        ],
        "EngineView.cancel_timer": [Call(bp.Timer(1, NANOSECONDS, None, None))],
        "StopOrder.__new__": [
            Call(0, bp.Side.SELL, quantity=1, trigger_price=95, limit_price=94)
        ],
        "TakeProfitOrder.__new__": [
            Call(0, bp.Side.SELL, quantity=1, trigger_price=105, limit_price=104)
        ],
        "TrailingStopOrder.__new__": [Call(0, bp.Side.SELL, quantity=1, distance=5)],
        "EngineView.place_stop": [
            Call(bp.StopOrder(0, bp.Side.SELL, quantity=1, trigger_price=Decimal("0.01"))),
            Call(
                bp.TakeProfitOrder(1, bp.Side.SELL, quantity=1, trigger_price=10**6),
                one_cancels_other=1,
            ),
            Call(
                bp.TrailingStopOrder(1, bp.Side.SELL, quantity=1, distance=10**6),
                one_cancels_other=None,
            ),
        ],
        "EngineView.cancel_stop": [Call(10**6), Call(id=10**6)],
        "EngineView.instrument": [
            Call(0), Call("binancespot-eth_usdt"), Call((EXCHANGE, "ETHUSDT")),
        ],
        "EngineView.tear_sheet_asset": [Call(EXCHANGE, "usdt"), Call(EXCHANGE, asset="eth")],
        "EngineView.instruments_iter": [Call(None), Call(filter=everything)],
        "EngineView.exchange_index": [Call(EXCHANGE)],
        "EngineView.balance": [Call(EXCHANGE, "usdt"), Call(EXCHANGE, asset="eth")],
        "IndexedInstruments.exchange_index": [Call(EXCHANGE)],
        "IndexedInstruments.asset_index": [Call(EXCHANGE, "usdt")],
        "IndexedInstruments.instrument_index": [
            Call("binancespot-eth_usdt"), Call(key=(EXCHANGE, "ETHUSDT")),
        ],
        "MarketData._check_against": [Call(CONFIG.index(), None), Call(CONFIG.index(), "warmup")],
        "MarketData._as_it_is": [Call(lines), Call(str(array))],
        "MarketData._read": [Call(lines), Call(str(array))],
        "MarketData._from_packed": [Call(PACKED, None), Call(PACKED, "events.jsonl")],
        "MarketData._from_saved": [
            Call(SAVED, None, None), Call(str(OPENED_PATH), OPENED_MARK, "events.jsonl"),
        ],
        "IndexedInstruments.__new__": [Call(iter(CONFIG.instruments))],
        "InstrumentFilter.exchanges": [Call(iter([0])), Call((0,)), Call({1, 2})],
        "InstrumentFilter.instruments": [Call(iter([0])), Call(exchange for exchange in [1])],
        "InstrumentFilter.underlyings": [Call(iter([underlying])), Call(underlyings={underlying})],
        "InstrumentFilter.matches": [Call(0, 1), Call(0, 1, None), Call(0, 1, underlying)],
        "InstrumentView.position_of": [Call("ema"), Call(identifiers[0]), Call("another")],
        "InstrumentView.value": [Call(MIDS), Call(AVERAGE)],
        "InstrumentView.depth": [Call(1), Call(levels=50)],
        "InstrumentView.depth_f64": [Call(1), Call(levels=50)],
        "InstrumentView.order": [Call("mine"), Call(cid=identifiers[1])],
        "InstrumentView.tear_sheet": [
            Call(), Call(risk_free_return=1), Call(interval=timedelta(days=7)), Call(interval=None),
            Call(risk_free_return=Decimal("0.01"), interval=bp.TimeInterval.DAILY),
        ],
        "InstrumentView.market_order": [
            Call(*order, strategy_id="ema"),
            Call(bp.Side.SELL, 1, strategy_id=identifiers[0], cid=identifiers[1]),
            Call(*order, strategy_id="ema", time_in_force=bp.TimeInForce.FILL_OR_KILL),
            Call(*order, strategy_id="ema", time_in_force=None, cid="cid-1"),
            Call(*order, strategy_id="ema", cid=None),
            Call(*order), Call(*order, strategy_id=None),
        ],
        "InstrumentView.limit_order": [
            Call(**limit, strategy_id="ema", time_in_force=bp.TimeInForce.FILL_OR_KILL),
            Call(bp.Side.BUY, price=9, quantity=Decimal(1), strategy_id=identifiers[0],
                 cid=identifiers[1]),
            Call(**limit, strategy_id="ema", time_in_force=None, cid="cid-1"),
            Call(**limit, strategy_id="ema", cid=None),
            Call(**limit), Call(**limit, strategy_id=None),
        ],
        "InstrumentView.round_quantity": [Call(Decimal(1) / 3), Call(1), Call(quantity=0.5)],
        "InstrumentView.round_price": [
            Call(Decimal(1) / 3, bp.Side.BUY), Call(1, side=bp.Side.SELL), Call(0.5, bp.Side.BUY),
        ],
        "MarketData.from_json_lines": [Call(lines), Call(str(lines))],
        "MarketData.from_json": [Call(array), Call(str(array))],
        "MarketData.open": [Call(SAVED), Call(path=str(SAVED))],
        "MarketData.save": [Call(SAVED), Call(str(SAVED), compressed=True)],
        "MarketData.from_events": [
            Call(iter(HISTORY)),
            Call([NAMED, bp.Reconnecting(EXCHANGE)], instruments=CONFIG.index()),
            Call(HISTORY, instruments=None),
        ],
        "MarketData.__getitem__": [Call(0), Call(3), Call(-1), Call(slice(1, 4))],
        "MarketData.between": [
            Call(), Call(TIME), Call(None, NANOSECONDS + 3_000_000_000),
            Call("2024-01-01T00:00:02Z", until=TIME + timedelta(seconds=4)),
            Call(NANOSECONDS, "2024-01-01T00:00:03Z"), Call("2024-01-01T00:00:03Z", None),
        ],
        "MarketData.candles": [Call(timedelta(seconds=1)), Call(every=timedelta(seconds=1))],
        "MarketData.to_arrow": [
            Call(bp.PublicTrade, instruments=CONFIG.index()),
            Call(bp.OrderBook, instruments=CONFIG.index(), decimals="float"),
            Call(kind=bp.Candle, instruments=CONFIG.index(), decimals="exact"),
        ],
        "MarketData._between_ns": [Call(None, None), Call(NANOSECONDS, NANOSECONDS + 5)],
        "MarketData.merge": [Call(HISTORY), Call(HISTORY, HISTORY[2:5])],
        "MarketDataIterator.__next__": [Call()] * 4,
        "MarketScan.__new__": [Call([lines, str(array)]), Call(iter([HISTORY, HISTORY.between]))],
        "MarketScan.merge": [Call(SCAN, HISTORY)],
        "MarketScanIterator.__next__": [Call()] * 2,
        "build_ioc_market_order_to_close_position": [
            Call(*close, Decimal("0.5"), "ema", Decimal("9.5")),
            Call(*close, 1, identifiers[0], 9, identifiers[1]),
            Call(*close, 0.5, "ema", 9.5, client_order_id="cid-1"),
            Call(*close, 0.5, "ema", 9.5, None),
        ],
        "calculate_abs_percent_difference": by_name(
            "current other", (1, Decimal("1.5")), (Decimal("1.5"), 1)
        ),
        "calculate_delta": by_name(
            "instrument_delta contract_size side quantity_in_kind",
            (1, Decimal(1), bp.Side.BUY, 2),
            (Decimal("0.5"), 1, bp.Side.SELL, Decimal(2)),
        ),
        "calculate_quote_notional": by_name(
            "quantity price contract_size", (1, Decimal(2), 1), (Decimal(1), 2, Decimal(1))
        ),
        "check_closing_order": [
            Call(*close, Decimal("0.5"), Decimal("9.5")),
            Call(*close, 1, 9),
            Call(*close, 0.5, 9.5, skip_missing_price=False),
            Call(*close, 0.5, None, skip_missing_price=True),
        ],
        "check_executions": [Call(CONFIG.index(), CONFIG.executions)],
        "window_ns": [
            Call(None, None), Call(TIME, None), Call(0, 1), Call("2024-01-01T00:00:00Z", TIME),
            Call(None, "2024-01-01T00:00:00Z"),
        ],
        "check_address": [Call("ws://127.0.0.1", None), Call(None, "http://127.0.0.1:80")],
        "check_number": [Call("price", Decimal(1)), Call("price", 1), Call("price", 1.5)],
        "check_subscription": [Call(CONFIG.index(), SubKind.PUBLIC_TRADES)],
        "close_open_positions_with_market_orders": [
            Call("ema", VIEW, everything),
            Call(identifiers[0], VIEW, everything, None, skip_missing_price=True),
            Call("ema", VIEW, filter=everything, gen_cid=lambda view: f"close {view.index}"),
            Call("ema", VIEW, everything, lambda _: identifiers[1]),
            Call("ema", VIEW, everything, lambda _: None),
        ],
        "nanoseconds_of": [Call(WEEK)],
        "failure_counts": [Call(bp.Records(SENT_ROWS), bp.Records(FAILED_ROWS))],
        "fees_by_instrument": [Call(bp.Records(FILL_ROWS))],
        "statistics_by_instrument": [Call(bp.Records(EXITED_ROWS), CONFIG.index())],
        "result_json": [
            Call(
                time_start_ns=0, pnl={"usdt": "1"}, fees={"usdt": "0"},
                balances={"usdt": BALANCE}, summary=bp.TradingSummary(0, 1, WEEK, {}, {}),
                orders=bp.Records(SENT_ROWS),
                fills=bp.Records(FILL_ROWS), funding=bp.Records(FUNDED_ROWS),
                failed_cancels=bp.Records(FAILED_ROWS), refused=bp.Records(REFUSED_ROWS),
                positions=bp.Records(EXITED_ROWS), open_positions=bp.Records(OPEN_ROWS),
                refusal_counts={"too much": 1}, equity={"usdt": bp.Records(BAR_ROWS)},
                drawdowns={"usdt": bp.Records(FALL_ROWS)}, instruments=CONFIG.index(),
                indent=indent,
            )
            for indent in (None, 2)
        ],
        "report_by_strategy": [
            Call(bp.Records(SENT_ROWS), bp.Records(FILL_ROWS), [None, Decimal(2)]),
            Call(bp.Records(SENT_ROWS), bp.Records(FILL_ROWS), (Decimal(1),)),
        ],
        "run_backtest": [
            Call(bp.DefaultStrategy(), of, *run)
            for of in (HISTORY, SCAN, bp.MarketData.from_events([CROSSED]))
        ],
        "set_logging_level": [Call(20), Call(None)],
        "wrapped_crates": [Call()],
        "table_of": [Call(COLUMNS, "exact"), Call(COLUMNS, decimals="float")],
    } | statistic_calls() | rows_calls() | table_calls(CONFIG.index())  # fmt: skip


VIEW = object()
"""Stands in a call for the view, which is there in a run only."""

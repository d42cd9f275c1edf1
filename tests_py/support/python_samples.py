"""One value or more of every public dataclass."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import barter_python as bp
from barter_python import engine, exchange, indicators, instrument, live, risk, streams
from barter_python.backtest import BacktestRun, StrategyResult
from barter_python.data import BuyerIsMaker
from support.samples import CONFIG, EXITED, HISTORY, NANOSECONDS
from support.table_samples import TABLES

TIME = datetime(2024, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
UNDERLYING = bp.Underlying("btc", "usdt")
KEY = bp.OrderKey(0, 1, bp.StrategyId("ema"), bp.ClientOrderId("cid-1"))
ASKED = bp.RequestOpen(
    bp.Side.BUY, Decimal("9.75"), Decimal(2), bp.OrderKind.LIMIT, bp.TimeInForce.FILL_OR_KILL
)
OPEN = bp.OrderRequestOpen(KEY, ASKED)
CANCEL = bp.OrderRequestCancel(KEY, bp.OrderId("42"))
REFUSED = risk.RiskRefused(OPEN, "too large")
SPEC = instrument.InstrumentSpec(
    price_min=1,
    price_tick_size=Decimal("0.1"),
    quantity_unit="btc",
    quantity_min=0,
    quantity_increment=Decimal("0.001"),
    notional_min=10,
)
POSITION = bp.Position(1, bp.Side.SELL, 0.5, Decimal(10))
STATE = bp.InstrumentState(1, 0, POSITION, 9, bp.Underlying(0, 1))
RESULT = bp.run_backtest(bp.DefaultStrategy(), HISTORY, CONFIG)
PAPER = live.PaperResult(
    **{each.name: getattr(RESULT, each.name) for each in fields(RESULT)},
    until_ns=NANOSECONDS,
    statuses=(),
    trips=(live.KillSwitchTrip(NANOSECONDS, "max_lag"),),
)
MID, TRADE = indicators.Source.MID, indicators.Source.TRADE
TICKS = indicators.TickBars(3)
NODES: list[indicators.Node] = [
    *(kind(MID, 3) for kind in (indicators.Ema, indicators.Sma, indicators.Rsi)),
    *(kind(MID, 3) for kind in (indicators.Minimum, indicators.Maximum, indicators.Return)),
    *(kind(TRADE, 3) for kind in (indicators.Deviation, indicators.ZScore)),
    indicators.Atr(14, TICKS),
    indicators.Bar(indicators.VolumeBars(2.5), indicators.Source.HIGH),
    indicators.Vwap(9),
    indicators.Imbalance(2),
    indicators.Number(7),
    indicators.Crosses(MID, TRADE),
    indicators.CrossesAbove(MID, 100),
    indicators.CrossesBelow(MID, indicators.Ema(MID, 2)),
    indicators.Changes(MID),
    indicators.Computed(MID),
    indicators.Events(),
    indicators.Trades(),
    indicators.Quotes(),
    indicators.Candles(),
    indicators.Fills(),
    indicators.Every(SECOND),
    indicators.Instruments([0, 1]),
    indicators.Trades() | indicators.Fills(),
    indicators.Trades() & indicators.Quotes(),
]
CANCELS = engine.CancelsSent((CANCEL,), ((CANCEL, "lost"),))
OPENS = engine.OpensSent((OPEN,), ((OPEN, "lost"),))
BOTH = engine.CancelsAndOpensSent(CANCELS, OPENS)

VALUES: list[object] = [
    UNDERLYING,
    KEY,
    ASKED,
    OPEN,
    CANCEL,
    bp.OrderRequestCancel(KEY, None),
    REFUSED,
    bp.RiskDecision((CANCEL,), (OPEN,), (risk.RiskRefused(CANCEL, "late"),), (REFUSED,)),
    bp.RiskLimits(max_order_quantity=Decimal("0.5"), max_open_orders=3),
    risk.RefusedRequest(TIME, NANOSECONDS, OPEN, "too large"),
    *TABLES.values(),
    BuyerIsMaker("m"),
    bp.TradeColumns(side=BuyerIsMaker("m")),
    *NODES,
    TICKS,
    indicators.VolumeBars(2.5),
    SPEC,
    instrument.PerpetualContract(Decimal("0.1"), "usdt"),
    instrument.FutureContract(1, "usdt", TIME),
    instrument.OptionContract(
        1,
        "usdt",
        instrument.OptionKind.CALL,
        instrument.OptionExercise.AMERICAN,
        TIME,
        strike=Decimal(100),
    ),
    bp.InstrumentConfig(bp.ExchangeId.KRAKEN, "XBTUSD", UNDERLYING, spec=SPEC),
    CONFIG,
    CONFIG.executions[0],
    POSITION,
    STATE,
    bp.EngineState((STATE,)),
    bp.PositionStatistics(
        closed=2, wins=1, losses=1, gross_profit=Decimal(3), gross_loss=Decimal(1)
    ),
    exchange.RateLimit(3, SECOND),
    exchange.Disconnect(TIME, SECOND),
    exchange.RejectRequests(TIME, SECOND, "maintenance"),
    exchange.DelayAnswers(TIME, SECOND, SECOND),
    exchange.DuplicateAnswers(TIME, SECOND),
    exchange.UniformLatency(SECOND, 2 * SECOND, seed=1),
    exchange.EmpiricalLatency([SECOND, 2 * SECOND], seed=1),
    CANCELS,
    OPENS,
    BOTH,
    engine.AlgoOrders(CANCELS, OPENS, (risk.RiskRefused(CANCEL, "late"),), (REFUSED,)),
    engine.Commanded(BOTH),
    engine.TradingDisabled((BOTH, CANCELS)),
    engine.MarketDisconnect((BOTH,)),
    engine.AccountDisconnect((CANCELS,)),
    engine.PositionExit(EXITED),
    streams.Subscription(CONFIG.instruments[0], streams.SubKind.PUBLIC_TRADES),
    streams.Address(websocket="wss://stream.example.com/ws", http="https://example.com"),
    streams.StreamOptions(
        silence=None, addresses={bp.ExchangeId.OKX: streams.Address(websocket="ws://127.0.0.1")}
    ),
    *(kind("ema") for kind in (bp.StrategyId, bp.ClientOrderId, bp.OrderId)),
    bp.SendCancelRequests((CANCEL,)),
    bp.SendOpenRequests((OPEN,)),
    bp.ClosePositions(bp.InstrumentFilter.none()),
    bp.CancelOrders(bp.InstrumentFilter.instruments([1])),
    RESULT,
    RESULT.settings,
    *RESULT.by_strategy().values(),
    StrategyResult(RESULT.orders, RESULT.fills, RESULT.positions, RESULT.open_positions, {}),
    BacktestRun({"fast": 1}, RESULT, None, None),
    live.ShutdownPolicy(cancel_orders=True, timeout=SECOND),
    live.KillSwitch(max_drawdown=Decimal("0.5"), max_lag=SECOND, max_rejections=3),
    live.KillSwitchTrip(NANOSECONDS, "max_lag"),
    PAPER,
    live.RecordedRequest(NANOSECONDS, "{}"),
    live.Difference(0, live.RecordedRequest(NANOSECONDS, "{}"), None),
    live.Replay(RESULT, None),
    BacktestRun({"fast": 1}, None, ValueError("wrong"), "Traceback"),
]

"""What mypy must reject, each with its exact code: an ignore that is not needed is an error too.

Never imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from typing_extensions import assert_type, override

import barter_python as bp
from barter_python import Side, live, statistic, strategy, streams
from barter_python.backtest import BacktestResult
from barter_python.instrument import InstrumentQuoteAsset

TIME = datetime(2024, 1, 1, tzinfo=timezone.utc)
SPOT = bp.ExchangeId.BINANCE_SPOT
ID = bp.StrategyId("typed")
KEY = bp.OrderKey(0, 0, ID, bp.ClientOrderId("cid"))
POSITION = bp.Position(0, Side.BUY, 0.5, 10)
PLAIN = bp.EngineState([bp.InstrumentState(0, 0, POSITION, 9)])
DATA = bp.MarketData.from_events([bp.Reconnecting(SPOT)])
CONFIG = bp.SystemConfig([bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("b", "q"))], [])
INDEXED = CONFIG.index()
RESULT = bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG)

# Floats and text where exact numbers belong.
bp.Level(price=1.5, amount=1)  # type: ignore[arg-type]
bp.Level(price="1.5", amount=1)  # type: ignore[arg-type]
bp.Balance(total=1, free=0.5)  # type: ignore[arg-type]
bp.PublicTrade("id", price=1.5, amount=1, side=Side.BUY)  # type: ignore[arg-type]
bp.OrderBook(1.5, None, [], [])  # type: ignore[arg-type]
bp.OrderBook(1, None, [(99, 1)], [])  # type: ignore[list-item]
bp.OrderBookSnapshot([bp.Level(price=99, amount=1)])  # type: ignore[arg-type]
bp.Candle(TIME, open=1.5, high=1, low=1, close=1, volume=1, trade_count=1)  # type: ignore[arg-type]
bp.Liquidation(Side.BUY, price=1.5, quantity=1, time=TIME)  # type: ignore[arg-type]
bp.Funding(0.0001)  # type: ignore[arg-type]
bp.Funding(1, 2)  # type: ignore[call-arg]
bp.Settlement(1)  # type: ignore[call-arg]
bp.StopOrder(0, Side.SELL, quantity=1.5, trigger_price=1)  # type: ignore[arg-type]
bp.StopOrder(0, Side.SELL, quantity=1)  # type: ignore[call-arg]
bp.TakeProfitOrder(0, "sell", quantity=1, trigger_price=1)  # type: ignore[arg-type]
bp.TrailingStopOrder(0, Side.SELL, quantity=1, distance="1")  # type: ignore[arg-type]
bp.MockExecutionConfig(SPOT, {"usdt": 1}, maintenance_margin=0.005)  # type: ignore[arg-type]
bp.RequestOpen(Side.BUY, 1.5, Decimal(1), bp.OrderKind.MARKET, bp.TimeInForce.FILL_OR_KILL)  # type: ignore[arg-type]
bp.MockExecutionConfig(SPOT, {"usdt": 1.5})  # type: ignore[dict-item]
bp.MockExecutionConfig(SPOT, {"usdt": 1}, fee_rate=0.001)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, fee_rate=0.001)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, risk_free_return="0")  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, "9.5")  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, None)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, "1", "ema", 9)  # type: ignore[arg-type]

# Text where enums belong, and members that are not there.
bp.PublicTrade("id", price=1, amount=1, side="buy")  # type: ignore[arg-type]
bp.Reconnecting("binance_spot")  # type: ignore[arg-type]
bp.InstrumentConfig("binance_spot", "BTCUSDT", bp.Underlying("b", "q"))  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, fill_price="requested")  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, interval="daily")  # type: ignore[arg-type]
statistic.RateOfReturn.calculate(0.1, bp.TimeInterval.DAILY)  # type: ignore[arg-type]
statistic.RateOfReturn.calculate(1, "daily")  # type: ignore[arg-type]
statistic.RateOfReturn.calculate(1, 86_400)  # type: ignore[arg-type]
statistic.DataSetSummary.of([0.1])  # type: ignore[list-item]
statistic.DrawdownGenerator()  # type: ignore[call-arg]
statistic.WinRate.calculate(wins=1, total=2).value  # type: ignore[union-attr]
bp.build_ioc_market_order_to_close_position(0, 1, "buy", 1, "ema", 9)  # type: ignore[arg-type]
Side.HOLD  # type: ignore[attr-defined]
Side.BUY.post_only  # type: ignore[attr-defined]
Side.BUY.name = "SELL"  # type: ignore[misc]
InstrumentQuoteAsset.UNDERLYING_QUOTE.value = "base"  # type: ignore[misc]

# Missing, unknown and misplaced arguments.
bp.Level(price=1)  # type: ignore[call-arg]
bp.Level(1, 1)  # type: ignore[call-arg]
bp.Level(price=1, quantity=1)  # type: ignore[call-arg]
bp.MarketEvent(TIME, TIME, SPOT, 0)  # type: ignore[call-arg]
bp.MarketEvent(TIME, TIME, SPOT, 0, bp.Level(price=1, amount=1))  # type: ignore[arg-type]
bp.Reconnecting()  # type: ignore[call-arg]
bp.OrderRequestOpen(KEY)  # type: ignore[call-arg]
bp.OrderRequestCancel("cid")  # type: ignore[arg-type]
bp.OrderKey(0, 0, "typed", bp.ClientOrderId("cid"))  # type: ignore[arg-type]
bp.OrderKey(0, 0, ID, "cid")  # type: ignore[arg-type]
bp.OrderKey(0, 0, bp.ClientOrderId("cid"), bp.ClientOrderId("cid"))  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA)  # type: ignore[call-arg]
bp.run_backtest(bp.DefaultStrategy, DATA, CONFIG)  # type: ignore[arg-type]
bp.run_backtest(object(), DATA, CONFIG)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, timedelta(0))  # type: ignore[call-arg, arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, latency=100)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), [], CONFIG)  # type: ignore[arg-type]
bp.run_backtests(bp.DefaultStrategy, [], DATA, CONFIG, executor="processes")  # type: ignore[arg-type]
RESULT.to_html()  # type: ignore[call-arg]
RESULT.to_html("report.html", "history.jsonl")  # type: ignore[arg-type]
RESULT.show(height="900")  # type: ignore[arg-type]
bp.MarketData.from_events([bp.Level(price=1, amount=1)])  # type: ignore[list-item]
bp.MarketData.from_json_lines(b"events.jsonl")  # type: ignore[arg-type]
bp.MarketData.merge([DATA, DATA])  # type: ignore[arg-type]
DATA.between(1.5)  # type: ignore[arg-type]
DATA.to_arrow(bp.Level, instruments=CONFIG.index())  # type: ignore[arg-type]
DATA.to_arrow(bp.PublicTrade)  # type: ignore[call-arg]
DATA["0"]  # type: ignore[call-overload]
bp.MarketScan(DATA)  # type: ignore[arg-type]
bp.MarketScan([lambda: [DATA]])  # type: ignore[list-item, return-value]
bp.MarketScan.merge(lambda: DATA)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, until=timedelta(1))  # type: ignore[arg-type]
bp.TradeColumns(prize="prize")  # type: ignore[call-arg]
bp.TradeColumns("time_exchange")  # type: ignore[call-arg]
bp.TradeColumns(side=bp.Side.BUY)  # type: ignore[arg-type]
bp.TradeColumns().price = "px"  # type: ignore[misc]
bp.CandleColumns(open_time="date", length=60)  # type: ignore[arg-type]
bp.BookSnapshotColumns()  # type: ignore[call-arg]
bp.MarketData.from_csv("trades.csv", bp.TradeColumns())  # type: ignore[call-arg]
bp.MarketData.from_csv("trades.csv", "price", instruments=INDEXED)  # type: ignore[arg-type]
bp.MarketData.from_csv("t.csv", bp.TradeColumns(), instruments=INDEXED, unit="ms")  # type: ignore[arg-type]
bp.MarketData.from_csv("t.csv", bp.TradeColumns(), instruments=INDEXED, order="sort")  # type: ignore[arg-type]
bp.MarketData.from_arrow([1, 2], bp.TradeColumns(), instruments=INDEXED)  # type: ignore[arg-type]
bp.read_binance("t.zip")  # type: ignore[call-arg]
bp.read_binance("t.zip", instruments=INDEXED, market="spot")  # type: ignore[arg-type]
bp.read_tardis("t.csv.gz", instruments=INDEXED, symbols=["X"])  # type: ignore[arg-type]
bp.read_tardis("t.csv.gz", instruments=INDEXED, unknown_side="buy")  # type: ignore[arg-type]
bp.read_databento([1], instruments=INDEXED, symbols={}, schema=bp.DatabentoSchema.TRADES)  # type: ignore[arg-type]
bp.read_databento(DATA.to_arrow(bp.PublicTrade, instruments=INDEXED), instruments=INDEXED)  # type: ignore[call-arg]
bp.MarketData.from_parquet(5, bp.TradeColumns(), instruments=INDEXED)  # type: ignore[arg-type]

# Native objects that only the engine makes.
bp.EngineView()  # type: ignore[call-arg]
bp.InstrumentView()  # type: ignore[call-arg]
bp.MarketData([])  # type: ignore[arg-type]
bp.InstrumentFilter()  # type: ignore[call-arg]
bp.Strategy()  # type: ignore[abstract]

# Frozen values.
bp.Level(price=1, amount=1).price = Decimal(2)  # type: ignore[misc]
KEY.cid = bp.ClientOrderId("another")  # type: ignore[misc]
bp.OrderBook(1, None, [], []).bids = ()  # type: ignore[misc]
bp.OrderBook(1, None, [], []).bids[0] = bp.Level(price=1, amount=1)  # type: ignore[index]
POSITION.side = Side.SELL  # type: ignore[misc]
CONFIG.risk_free_return = Decimal(0)  # type: ignore[misc]
bp.Level(price=1, amount=1).size  # type: ignore[attr-defined]

# Filters.
bp.InstrumentFilter.exchanges([SPOT])  # type: ignore[list-item]
bp.InstrumentFilter.exchanges(0)  # type: ignore[arg-type]
bp.InstrumentFilter.instruments(["btc_usdt"])  # type: ignore[list-item]
bp.InstrumentFilter.underlyings([(0, 1)])  # type: ignore[list-item]
bp.InstrumentFilter.underlyings([bp.Underlying("btc", "usdt")])  # type: ignore[arg-type]
bp.InstrumentFilter.none().matches(0, 0, bp.Underlying("btc", "usdt"))  # type: ignore[arg-type]
bp.Underlying(1.5, 2)  # type: ignore[type-var]
bp.Underlying[float](1, 2)  # type: ignore[type-var]
bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying(0, 1))  # type: ignore[arg-type]
bp.ClosePositions([0])  # type: ignore[arg-type]


def id_of_view(view: bp.InstrumentView) -> str:
    """Take the live state only."""
    return view.name


def id_of_plain(instrument: bp.InstrumentState) -> str:
    """Take the plain state only."""
    return str(instrument.instrument)


def number_of_plain(instrument: bp.InstrumentState) -> int:
    """Give what is no id."""
    return instrument.instrument


bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=id_of_view)  # type: ignore[arg-type]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=number_of_plain)  # type: ignore[arg-type]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=lambda: "cid")  # type: ignore[arg-type, misc]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=lambda one: one.name)  # type: ignore[attr-defined]
bp.close_open_positions_with_market_orders(ID, PLAIN, on_missing_price="ignore")  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, [0])  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(1, PLAIN)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN.instruments)  # type: ignore[call-overload]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, 9, lambda one: "cid")  # type: ignore[arg-type, misc]
strategy.build_ioc_market_order_to_close_position(0, None, ID, 9)  # type: ignore[arg-type]


def with_live_state(state: bp.EngineView, instrument: bp.InstrumentView) -> None:
    """Misuse the views."""
    bp.close_open_positions_with_market_orders(ID, state, gen_cid=id_of_plain)  # type: ignore[arg-type]
    state.updated.price  # type: ignore[union-attr]
    state.event.kind  # type: ignore[union-attr]
    state.time_ns = 1  # type: ignore[misc]
    state.instruments = []  # type: ignore[misc]
    state.instrument(1.5)  # type: ignore[arg-type]
    state.instrument(SPOT)  # type: ignore[arg-type]
    state.instrument(("binance_spot", "BTCUSDT"))  # type: ignore[arg-type]
    state.tear_sheet_asset("binance_spot", "usdt")  # type: ignore[arg-type]
    instrument.definition = None  # type: ignore[misc, assignment]
    instrument.order(1)  # type: ignore[arg-type]
    instrument.tear_sheet(0)  # type: ignore[call-arg]
    instrument.tear_sheet(risk_free_return=0.5)  # type: ignore[arg-type]
    state.exchange_index("binance_spot")  # type: ignore[arg-type]
    state.exchange_index(0)  # type: ignore[arg-type]
    state.balance("binance_spot", "usdt")  # type: ignore[arg-type]
    state.instruments_iter([0])  # type: ignore[arg-type]
    state.now  # type: ignore[attr-defined]
    instrument.last_trade = Decimal(1)  # type: ignore[misc]
    instrument.price + 1  # type: ignore[operator]
    instrument.position.quantity_abs  # type: ignore[union-attr]
    instrument.mid_f64 * Decimal(2)  # type: ignore[operator]
    instrument.market_order(Side.BUY, 0.5, strategy_id="ema")  # type: ignore[arg-type]
    instrument.market_order("buy", 1, strategy_id="ema")  # type: ignore[arg-type]
    instrument.market_order(Side.BUY, 1, "ema")  # type: ignore[call-arg]
    instrument.market_order(Side.BUY, 1, strategy_id=1)  # type: ignore[arg-type]
    instrument.market_order(Side.BUY, 1, strategy_id="ema", cid=7)  # type: ignore[arg-type]
    instrument.limit_order(Side.BUY, price=1, strategy_id="ema")  # type: ignore[call-arg]
    instrument.limit_order(Side.BUY, price=9.5, quantity=1, strategy_id="ema")  # type: ignore[arg-type]
    instrument.limit_order(Side.BUY, price=9, quantity=1, strategy_id="ema", time_in_force="gtc")  # type: ignore[arg-type]
    instrument.limit_order(Side.BUY, 9, 1, strategy_id="ema")  # type: ignore[call-arg]
    instrument.round_quantity("1")  # type: ignore[arg-type]
    instrument.round_price(1)  # type: ignore[call-arg]
    instrument.round_price(1, "buy")  # type: ignore[arg-type]


def with_events_of_accounts(event: bp.AccountEvent, failure: bp.OrderFailure) -> None:
    """Misuse the records."""
    bp.AccountEvent(0, bp.Balance(total=1, free=1))  # type: ignore[arg-type]
    bp.AccountEvent(0, event)  # type: ignore[arg-type]
    bp.AccountEvent(bp.ExchangeId.KRAKEN, bp.AccountSnapshot(0, [], []))  # type: ignore[arg-type]
    bp.AccountSnapshot(0, [bp.Balance(total=1, free=1)], [])  # type: ignore[list-item]
    bp.AccountReconnecting(0)  # type: ignore[arg-type]
    bp.OrderFailure("timeout")  # type: ignore[arg-type]
    bp.OrderFailure(bp.OrderFailureKind.CONNECTIVITY)  # type: ignore[attr-defined]
    bp.OrderFailure(bp.OrderFailureKind.SOCKET, message="lost")  # type: ignore[call-arg]
    failure.message = "another"  # type: ignore[misc]
    failure.detail.upper()  # type: ignore[union-attr]
    event.kind.quantity  # type: ignore[union-attr]


def with_unmatched_event(event: bp.MarketEvent | bp.Reconnecting | bp.AccountEvent) -> str:  # type: ignore[return]
    """Forget an event."""
    match event:
        case bp.MarketEvent() | bp.Reconnecting():
            return "market"


def with_unmatched_side(side: Side) -> str:  # type: ignore[return]
    """Forget a side."""
    match side:
        case Side.BUY:
            return "buy"


class Misspelt(bp.Strategy):
    """A hook that nobody would call."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        return bp.NO_ORDERS

    @override
    def on_disconnected(self, state: bp.EngineView, /) -> None:  # type: ignore[misc]
        """Act on nothing."""


class Incomplete(bp.Strategy):
    """Without the hook that is needed."""

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        """Do nothing."""


Incomplete()  # type: ignore[abstract]


class ReturnsNothing(bp.Strategy):
    """A hook that gives something else."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> None:  # type: ignore[override]
        return None

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> bp.Orders:  # type: ignore[override]
        return bp.NO_ORDERS

    @override
    def on_disconnect(self, exchange: str, state: bp.EngineView, /) -> Sequence[bp.Command]:  # type: ignore[override]
        return ()

    @override
    def close_positions_requests(self, state: bp.EngineView, /) -> bp.Orders:  # type: ignore[override]
        return bp.NO_ORDERS


class ReturnsWrongValues(bp.Strategy):
    """Values of other types from hooks with the right signature."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        native = bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, "ema", 9)
        if state.trading_enabled:
            return [native]  # type: ignore[return-value]
        if state.updated is None:
            return None  # type: ignore[return-value]
        return [], [native]  # type: ignore[list-item]

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> Sequence[bp.Command]:
        return [bp.InstrumentFilter.none()]  # type: ignore[list-item]


class AlmostStructural:
    """What only looks like a strategy."""

    def generate_algo_orders(self, state: bp.EngineView, /) -> list[bp.OrderRequestOpen]:
        """Give one list instead of two."""
        return []


bp.run_backtest(AlmostStructural(), DATA, CONFIG)  # type: ignore[arg-type]


class AlmostRiskManager:
    """What only looks like a risk manager."""

    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bool:
        """Give a bool instead of a decision."""
        return True


class MistakenRiskManager(bp.RiskManager):
    """A risk manager with mistakes."""

    @override
    def check(  # type: ignore[override]
        self, state: bp.EngineView, opens: Sequence[bp.OrderRequestOpen], /
    ) -> bp.RiskDecision:
        bp.RiskDecision(opens)  # type: ignore[arg-type]
        bp.RiskDecision.of([], opens, lambda _: False)  # type: ignore[arg-type,return-value]
        return bp.RiskDecision(refused_opens=opens)  # type: ignore[arg-type]

    @override
    def chek(self) -> None: ...  # type: ignore[misc]


bp.RiskManager()  # type: ignore[abstract]
bp.RiskLimits(1)  # type: ignore[call-arg]
bp.RiskLimits(max_order_quantity=1.5)  # type: ignore[arg-type]
bp.RiskLimits(max_open_orders=Decimal(1))  # type: ignore[arg-type]
bp.RiskLimits(max_quantity=1)  # type: ignore[call-arg]
bp.RiskLimits().max_drawdown = Decimal(0)  # type: ignore[misc]
bp.RiskRefused("order", "reason")  # type: ignore[type-var]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, risk_manager=AlmostRiskManager())  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, risk_manager=bp.RiskLimits)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, guard_commands=1)  # type: ignore[arg-type]


class MistakenHooks(bp.DefaultStrategy):
    """Hooks with mistakes."""

    @override
    def on_fill(self, position: bp.PositionExited, state: bp.EngineView, /) -> None: ...  # type: ignore[override]

    @override
    def on_position_close(self) -> None: ...  # type: ignore[misc]


bp.Strategies()  # type: ignore[call-arg]
bp.Strategies(bp.DefaultStrategy(), on_fill=bp.DefaultStrategy())  # type: ignore[call-arg]
bp.Strategies(bp.DefaultStrategy(), close_positions=bp.RiskLimits())  # type: ignore[arg-type]
bp.StrategyGroup([bp.DefaultStrategy()])  # type: ignore[arg-type]
bp.cancel_all_orders_on_disconnect("binance_spot")  # type: ignore[call-arg,arg-type]
bp.close_all_positions_on_trading_disabled()  # type: ignore[call-arg]


def wrong_list(result: BacktestResult) -> list[bp.Trade]:
    """Give records as a list."""
    return result.fills  # type: ignore[return-value]


def wrong_kind(result: BacktestResult) -> bp.Records[bp.Order]:
    """Give records as those of another kind."""
    return result.orders  # type: ignore[return-value]


WRONG_ORDERS: bp.Orders = ([], [bp.TradingState.DISABLED])  # type: ignore[list-item]


def with_result(result: BacktestResult) -> None:
    """Misuse a result."""
    result.fills = result.fills  # type: ignore[misc]
    result.fills.append(result.fills[0])  # type: ignore[attr-defined]
    result.fills[0] = result.fills[1]  # type: ignore[index]
    result.fills["0"]  # type: ignore[call-overload]
    result.fills.to_arrow("float")  # type: ignore[call-arg]
    result.fills.to_arrow(decimals="rounded")  # type: ignore[arg-type]
    bp.ArrowTable()  # type: ignore[call-arg]
    result.refused[0].item.state  # type: ignore[union-attr]
    result.summary.sharpe  # type: ignore[attr-defined]
    result.equity["usdt"]  # type: ignore[index]
    result.equity(every=1)  # type: ignore[arg-type]
    result.drawdown(by="depth")  # type: ignore[arg-type]
    result.ratios().sharpe + 1  # type: ignore[operator]
    result.pnl["usdt"] + 1.5  # type: ignore[operator]
    result.pnl.clear()  # type: ignore[attr-defined]
    result.fees["usdt"] = Decimal(0)  # type: ignore[index]
    del result.balances["usdt"]  # type: ignore[attr-defined]
    result.by_strategy().popitem()  # type: ignore[attr-defined]
    result.to_json(2)  # type: ignore[call-arg]
    assert_type(result.fills[0].price, float)  # type: ignore[assert-type]


bp.enable_logging(1.5)  # type: ignore[arg-type]
bp.enable_logging(None)  # type: ignore[arg-type]
bp.no_such_name  # type: ignore[attr-defined]


def with_streams(opened: streams.Streams, subscription: streams.Subscription) -> None:
    streams.Subscription("BTCUSDT", streams.SubKind.CANDLES)  # type: ignore[arg-type]
    streams.Subscription(subscription.instrument, "trades")  # type: ignore[arg-type]
    subscription.kind = streams.SubKind.CANDLES  # type: ignore[misc]
    streams.Streams.connect(subscription)  # type: ignore[arg-type]
    streams.Streams.connect([subscription], streams.StreamOptions())  # type: ignore[call-arg]
    streams.StreamOptions(65_536)  # type: ignore[call-arg]
    streams.StreamOptions(silence=60)  # type: ignore[arg-type]
    streams.StreamOptions(overflow="wait")  # type: ignore[arg-type]
    opened.next(5)  # type: ignore[arg-type]
    opened.book(None)  # type: ignore[arg-type]
    opened.record("market.jsonl", 1000)  # type: ignore[call-arg]
    opened.lag.waiting = 0  # type: ignore[misc]
    for event in opened:
        event.kind  # type: ignore[union-attr]


def with_system(system: live.System, config: bp.SystemConfig) -> None:
    """Misuse a running system."""
    system.trading_state("disabled")  # type: ignore[arg-type]
    system.close_positions([0])  # type: ignore[arg-type]
    system.wait(10)  # type: ignore[arg-type]
    system.wait().trips  # type: ignore[union-attr]
    live.run_paper(system, config)  # type: ignore[arg-type]
    live.KillSwitch(max_silence=30)  # type: ignore[arg-type]
    live.ShutdownPolicy(True)  # type: ignore[call-arg]

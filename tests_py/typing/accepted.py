"""The types that a strategy's author sees: mypy checks them, and pytest runs what can run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import duckdb
import polars as pl
import pytest
from typing_extensions import assert_never, assert_type, override

import barter_python as bp
from barter_python import Side, live, strategy, streams, system
from barter_python.backtest import (
    EquityBar,
    EquityDrawdown,
    FailedCancel,
    FundingPayment,
    OrderReport,
    RunSettings,
    sweep_to_html,
)
from barter_python.data import Columns, OrderBookEvent
from barter_python.instrument import IndexedAsset, IndexedInstrument
from barter_python.risk import (
    CheckFailHigherThan,
    CheckHigherThan,
    DefaultRiskManager,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)
from barter_python.statistic import (
    DataSetSummary,
    Drawdown,
    DrawdownGenerator,
    EquityRatios,
    MeanDrawdown,
    MeanDrawdownGenerator,
    PeriodReturn,
    PositionStatistics,
    RateOfReturn,
    SharpeRatio,
    TearSheet,
    TearSheetAsset,
    TearSheetGenerator,
    TradingSummaryGenerator,
    WinRate,
)

NANOSECONDS = 1_704_067_200_000_000_000
SPOT = bp.ExchangeId.BINANCE_SPOT


def describe_side(side: Side) -> str:
    """Match a side: mypy knows that there is no third."""
    match side:
        case Side.BUY:
            return "buy"
        case Side.SELL:
            return "sell"
        case _:
            assert_never(side)


def describe_event(event: bp.MarketEvent | bp.Reconnecting | bp.AccountEvent | None) -> str:
    """Match what a state's event can be: mypy knows that there is nothing else."""
    match event:
        case None:
            return "start"
        case bp.MarketEvent():
            return describe_market(event.kind)
        case bp.Reconnecting():
            assert_type(event.exchange, bp.ExchangeId)
            return event.exchange.value
        case bp.AccountEvent():
            return describe_account(event.kind)
        case _:
            assert_never(event)


def describe_market(
    kind: bp.PublicTrade
    | bp.OrderBookL1
    | bp.OrderBookSnapshot
    | bp.OrderBookUpdate
    | bp.Candle
    | bp.Liquidation
    | bp.Funding
    | bp.Settlement,
) -> str:
    """Match what the market shows."""
    match kind:
        case bp.PublicTrade():
            assert_type(kind.price, Decimal)
            assert_type(kind.price_f64, float)
            assert_type(kind.amount, Decimal)
            assert_type(kind.amount_f64, float)
            assert_type(kind.side, Side)
            assert_type(kind.id, str)
            return "trade"
        case bp.OrderBookL1():
            assert_type(kind.best_bid, bp.Level | None)
            assert_type(kind.best_ask, bp.Level | None)
            assert_type(kind.last_update_time, datetime)
            assert_type(kind.last_update_time_ns, int)
            return "book"
        case bp.OrderBookSnapshot(book=book) | bp.OrderBookUpdate(book=book):
            assert_type(book, bp.OrderBook)
            assert_type(book.sequence, int)
            assert_type(book.time_engine, datetime | None)
            assert_type(book.time_engine_ns, int | None)
            assert_type(book.bids, tuple[bp.Level, ...])
            assert_type(book.asks, tuple[bp.Level, ...])
            assert_type(describe_change(kind), str)
            return "order book"
        case bp.Candle():
            assert_type(kind.close_time, datetime)
            assert_type(kind.close_time_ns, int)
            assert_type(kind.open, Decimal)
            assert_type(kind.high, Decimal)
            assert_type(kind.low, Decimal)
            assert_type(kind.close, Decimal)
            assert_type(kind.close_f64, float)
            assert_type(kind.volume, Decimal)
            assert_type(kind.trade_count, int)
            return "candle"
        case bp.Liquidation():
            assert_type(kind.side, Side)
            assert_type(kind.price, Decimal)
            assert_type(kind.quantity, Decimal)
            assert_type(kind.time, datetime)
            assert_type(kind.time_ns, int)
            return "liquidation"
        case bp.Funding():
            assert_type(kind.rate, Decimal)
            assert_type(kind.mark_price, Decimal | None)
            return "funding"
        case bp.Settlement():
            assert_type(kind.price, Decimal)
            return "settlement"
        case _:
            assert_never(kind)


def describe_change(event: OrderBookEvent) -> str:
    """Match the two kinds of change of an order book."""
    match event:
        case bp.OrderBookSnapshot():
            return "snapshot"
        case bp.OrderBookUpdate():
            return "update"
        case _:
            assert_never(event)


def describe_account(
    kind: bp.AccountSnapshot | bp.AssetBalance | bp.Order | bp.OrderResponseCancel | bp.Trade,
) -> str:
    """Match what happens to an account."""
    match kind:
        case bp.AccountSnapshot():
            assert_type(kind.exchange, int)
            assert_type(kind.balances, list[bp.AssetBalance])
            assert_type(kind.instruments, list[bp.InstrumentAccountSnapshot])
            assert_type(kind.instruments[0].instrument, int)
            assert_type(kind.instruments[0].orders, list[bp.Order])
            assert_type(kind.balances[0].balance, bp.Balance)
            return "snapshot"
        case bp.AssetBalance():
            assert_type(kind.asset, int)
            assert_type(kind.balance, bp.Balance)
            assert_type(kind.balance.total, Decimal)
            assert_type(kind.balance.free, Decimal)
            assert_type(kind.time_exchange_ns, int)
            return "balance"
        case bp.Order():
            check_order(kind)
            return "order"
        case bp.OrderResponseCancel():
            assert_type(kind.client_order_id, str)
            assert_type(kind.order_id, str | None)
            assert_type(kind.time_exchange, datetime | None)
            assert_type(kind.time_exchange_ns, int | None)
            assert_type(kind.failure, bp.OrderFailure | None)
            return "cancel"
        case bp.Trade():
            check_fill(kind)
            return "fill"
        case _:
            assert_never(kind)


def check_order(order: bp.Order) -> None:
    """An order of the account."""
    assert_type(order.exchange, int)
    assert_type(order.instrument, int)
    assert_type(order.strategy_id, str)
    assert_type(order.client_order_id, str)
    assert_type(order.order_id, str | None)
    assert_type(order.side, Side)
    assert_type(order.price, Decimal)
    assert_type(order.quantity, Decimal)
    assert_type(order.filled_quantity, Decimal | None)
    assert_type(order.kind, bp.OrderKind)
    assert_type(order.time_in_force, bp.TimeInForce)
    assert_type(order.time_in_force.post_only, bool)
    assert_type(order.status, bp.OrderStatus)
    assert_type(order.time_exchange, datetime | None)
    assert_type(order.time_exchange_ns, int | None)
    assert_type(order.failure, bp.OrderFailure | None)
    if order.failure is not None:
        assert_type(order.failure.kind, bp.OrderFailureKind)
        assert_type(order.failure.detail, str | None)
        assert_type(order.failure.asset, int | None)
        assert_type(order.failure.instrument, int | None)
        assert_type(order.failure.exchange, bp.ExchangeId | None)
        assert_type(order.failure.message, str)


def check_fill(fill: bp.Trade) -> None:
    """A fill of ours."""
    assert_type(fill.id, str)
    assert_type(fill.order_id, str)
    assert_type(fill.instrument, int)
    assert_type(fill.strategy_id, str)
    assert_type(fill.side, Side)
    assert_type(fill.price, Decimal)
    assert_type(fill.quantity, Decimal)
    assert_type(fill.fees, Decimal)
    assert_type(fill.time_exchange, datetime)
    assert_type(fill.time_exchange_ns, int)


def check_open_position(position: bp.OpenPosition) -> None:
    """An open position of the engine."""
    assert_type(position.instrument, int)
    assert_type(position.side, Side)
    assert_type(position.price_entry_average, Decimal)
    assert_type(position.quantity_abs, Decimal)
    assert_type(position.quantity_abs_max, Decimal)
    assert_type(position.pnl_unrealised, Decimal)
    assert_type(position.pnl_realised, Decimal)
    assert_type(position.fees_enter, Decimal)
    assert_type(position.fees_exit, Decimal)
    assert_type(position.time_enter, datetime)
    assert_type(position.time_enter_ns, int)
    assert_type(position.time_exchange_update, datetime)
    assert_type(position.time_exchange_update_ns, int)
    assert_type(position.trades, list[str])


def check_instrument(instrument: bp.InstrumentView) -> None:
    """A view of an instrument."""
    assert_type(instrument.index, int)
    assert_type(instrument.instrument, int)
    assert_type(instrument.exchange, int)
    assert_type(instrument.exchange_id, bp.ExchangeId)
    assert_type(instrument.name, str)
    assert_type(instrument.name_exchange, str)
    assert_type(instrument.underlying, bp.Underlying[int])
    assert_type(instrument.underlying.base, int)
    assert_type(instrument.price, Decimal | None)
    assert_type(instrument.price_f64, float | None)
    assert_type(instrument.book, bp.OrderBook | None)
    assert_type(instrument.mid, Decimal | None)
    assert_type(instrument.mid_f64, float | None)
    assert_type(instrument.best_bid, Decimal | None)
    assert_type(instrument.best_bid_f64, float | None)
    assert_type(instrument.best_ask, Decimal | None)
    assert_type(instrument.best_ask_f64, float | None)
    assert_type(instrument.last_trade, Decimal | None)
    assert_type(instrument.last_trade_f64, float | None)
    assert_type(instrument.position, bp.OpenPosition | None)
    assert_type(instrument.orders, list[bp.Order])
    assert_type(instrument.has_orders, bool)
    assert_type(instrument.order("mine"), bp.Order | None)
    assert_type(instrument.order(bp.ClientOrderId("mine")), bp.Order | None)
    assert_type(instrument.definition, bp.InstrumentConfig)
    assert_type(instrument.kind, system.InstrumentKind)
    assert_type(instrument.spec, system.InstrumentSpec | None)
    assert_type(instrument.tear_sheet(), TearSheet)
    assert_type(
        instrument.tear_sheet(risk_free_return=Decimal("0.01"), interval=timedelta(days=7)),
        TearSheet,
    )
    for order in instrument.orders:
        check_order(order)
    if instrument.position is not None:
        check_open_position(instrument.position)
    if instrument.price is not None:
        assert_type(instrument.round_quantity(Decimal(100) / instrument.price), Decimal)
        assert_type(instrument.round_price(instrument.price * 2, Side.BUY), Decimal)
        assert_type(instrument.round_price(0.5, side=Side.SELL), Decimal)
        market = instrument.market_order(Side.BUY, 1, strategy_id="typed", cid=None)
        assert_type(market, bp.OrderRequestOpen)
    limit = instrument.limit_order(
        Side.SELL,
        price=Decimal("9.5"),
        quantity=1,
        strategy_id=bp.StrategyId("typed"),
        time_in_force=bp.TimeInForce.GOOD_UNTIL_CANCELLED,
        cid=bp.ClientOrderId("limit-1"),
    )
    check_request(limit)


def check_request(request: bp.OrderRequestOpen) -> None:
    """A request that a strategy returns."""
    assert_type(request.key, bp.OrderKey)
    assert_type(request.key.exchange, int)
    assert_type(request.key.instrument, int)
    assert_type(request.key.strategy, bp.StrategyId)
    assert_type(request.key.cid, bp.ClientOrderId)
    assert_type(request.key.cid.value, str)
    assert_type(request.state, bp.RequestOpen)
    assert_type(request.state.side, Side)
    assert_type(request.state.price, Decimal)
    assert_type(request.state.quantity, Decimal)
    assert_type(request.state.kind, bp.OrderKind)
    assert_type(request.state.time_in_force, bp.TimeInForce)


def view_id(view: bp.InstrumentView) -> bp.ClientOrderId:
    """Make an id from the live state."""
    return bp.ClientOrderId(f"close {view.name}")


def plain_id(instrument: bp.InstrumentState) -> str | None:
    """Make an id from the plain state."""
    return None if instrument.price is None else f"close {instrument.instrument}"


def loose_id(instrument: object) -> str:
    """Make an id from anything."""
    return f"close {id(instrument)}"


def own_id(instrument: OwnInstrument) -> str:
    """Make an id from a class of the user's own, by what only that class has."""
    return instrument.nickname


@dataclass
class Typed(bp.Strategy):
    """A user's strategy with every hook."""

    quantities: Mapping[str, Decimal]
    seen: list[str] = field(default_factory=list)
    strategy_id = bp.StrategyId("typed")

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        assert_type(self.id, bp.StrategyId)
        self.look(state)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.look(state)
        instrument = state.updated
        if instrument is None or instrument.price is None or instrument.has_orders:
            return bp.NO_ORDERS
        position = instrument.position
        if position is None:
            quantity = self.quantities[instrument.name]
            order = instrument.market_order(Side.BUY, quantity, strategy_id=self.id)
            return [], [order]
        closing = strategy.build_ioc_market_order_to_close_position(
            instrument.exchange, position, self.id, instrument.price, gen_cid=state.next_cid
        )
        assert_type(closing, bp.OrderRequestOpen)
        cancels = [bp.OrderRequestCancel(key=closing.key)]
        return (cancels[:0], (closing,))

    @override
    def close_positions_requests(
        self, state: bp.EngineView, filter: bp.InstrumentFilter, /
    ) -> bp.Orders:
        return super().close_positions_requests(state, filter)

    @override
    def on_disconnect(
        self, exchange: bp.ExchangeId, state: bp.EngineView, /
    ) -> Sequence[bp.Command]:
        lost = bp.InstrumentFilter.exchanges([state.exchange_index(exchange)])
        return [bp.CancelOrders(lost), bp.ClosePositions(lost)]

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> Sequence[bp.Command]:
        return [bp.SendOpenRequests([]), bp.SendCancelRequests(())]

    def look(self, state: bp.EngineView) -> None:
        """Read all that a state has."""
        assert_type(state.updated, bp.InstrumentView | None)
        assert_type(state.event, bp.MarketEvent | bp.Reconnecting | bp.AccountEvent | None)
        assert_type(state.time, datetime)
        assert_type(state.time_ns, int)
        assert_type(state.trading_enabled, bool)
        assert_type(state.instruments, list[bp.InstrumentView])
        assert_type(state.instruments_iter(), Iterator[bp.InstrumentView])
        assert_type(state.instrument(0), bp.InstrumentView)
        assert_type(state.instrument("binancespot-btc_usdt"), bp.InstrumentView)
        assert_type(state.instrument((SPOT, "BTCUSDT")), bp.InstrumentView)
        assert_type(state.tear_sheet_asset(SPOT, "usdt"), TearSheetAsset)
        assert_type(state.snapshot(), bp.EngineView)
        assert_type(state.exchange_index(SPOT), int)
        assert_type(state.balance(SPOT, "usdt"), bp.Balance)
        assert_type(state.next_cid(), bp.ClientOrderId)
        self.seen.append(describe_event(state.event))
        for instrument in state.instruments:
            check_instrument(instrument)
        everything = bp.InstrumentFilter.none()
        close = strategy.close_open_positions_with_market_orders
        for cancels, opens in (
            close("typed", state),
            close("typed", state, everything, view_id, on_missing_price="skip"),
            close(self.id, state, gen_cid=lambda view: view.name),
            close("typed", state, None, loose_id),
        ):
            assert_type(cancels, list[bp.OrderRequestCancel])
            assert_type(opens, list[bp.OrderRequestOpen])


class Structural:
    """A strategy without the base class, by the Protocol alone."""

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Do nothing."""
        return (), ()


ALGO: bp.AlgoStrategy = Structural()
HOOKS: tuple[
    bp.AlgoStrategy,
    bp.ClosePositionsStrategy,
    bp.OnDisconnectStrategy,
    bp.OnTradingDisabledStrategy,
] = (Typed({}), Typed({}), Typed({}), Typed({}))


@dataclass(frozen=True)
class OwnInstrument:
    """A user's own state of an instrument: the helpers take it by its attributes."""

    nickname: str
    exchange: int
    price: Decimal | None
    position: bp.Position | None


class OwnState:
    """A user's own state of an engine."""

    def instruments_iter(
        self, filter: bp.InstrumentFilter | None = None
    ) -> Iterator[OwnInstrument]:
        """Give one instrument."""
        position = bp.Position(1, Side.BUY, 2, 10)
        yield OwnInstrument("mine", 0, Decimal("9.5"), position)


def book(seconds: int, price: int) -> bp.MarketEvent:
    """Make a best bid and ask."""
    time = NANOSECONDS + seconds * 1_000_000_000
    level = bp.OrderBookL1(
        time, bp.Level(price=price, amount=Decimal("1.5")), bp.Level(price=price + 1, amount=1)
    )
    return bp.MarketEvent(time, time, SPOT, 0, level)


def system_config() -> bp.SystemConfig:
    """One spot pair."""
    return bp.SystemConfig(
        instruments=[bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        executions=(bp.MockExecutionConfig(SPOT, {"usdt": 10_000, "btc": Decimal(1)}),),
    )


def test_sides_and_other_enums() -> None:
    buy: Literal["buy"] = Side.BUY.value
    assert Side(buy) is Side.BUY
    assert_type(list(Side), list[Side])
    assert_type(Side("buy"), Side)
    by_name: Side = Side["BUY"]
    assert by_name is Side.BUY
    assert [describe_side(side) for side in Side] == ["buy", "sell"]


def test_underlyings_keep_the_type_of_their_keys() -> None:
    # Not of literals, which ty takes for types of their own.
    def check(name: str, index: int) -> None:
        names = bp.Underlying(name, name)
        assert_type(names, bp.Underlying[str])
        assert_type(names.base, str)
        indices = bp.Underlying(index, index)
        assert_type(indices, bp.Underlying[int])
        assert_type(indices.quote, int)
        assert (names.quote, indices.base) == (name, index)

    check("usdt", 0)


def test_ids() -> None:
    assert_type(bp.ClientOrderId.random(), bp.ClientOrderId)
    assert_type(bp.ClientOrderId.new("a"), bp.ClientOrderId)
    assert_type(bp.StrategyId.unknown(), bp.StrategyId)
    assert_type(bp.OrderId("a").value, str)
    assert str(bp.OrderId("a")) == "a"


def test_filters() -> None:
    filters = [
        bp.InstrumentFilter.none(),
        bp.InstrumentFilter.exchanges([0]),
        bp.InstrumentFilter.instruments({0, 1}),
        bp.InstrumentFilter.underlyings(bp.Underlying(key, 1) for key in (0, 2)),
    ]
    assert_type(filters, list[bp.InstrumentFilter])
    for one in filters:
        assert_type(one.kind, Literal["none", "exchanges", "instruments", "underlyings"])
    assert_type(filters[0].keys, tuple[int, ...] | tuple[bp.Underlying[int], ...])
    assert_type(filters[0].matches(0, 0), bool)
    assert filters[3].matches(0, 0, bp.Underlying(2, 1))
    assert [one.kind for one in filters] == ["none", "exchanges", "instruments", "underlyings"]


def test_closing_a_position() -> None:
    position = bp.Position(instrument=1, side=Side.BUY, quantity_abs=0.5, entry_price=1)
    build = strategy.build_ioc_market_order_to_close_position
    orders = [
        build(0, position, "typed", Decimal("9.5")),
        build(0, position, bp.StrategyId("typed"), 9.5, lambda: "cid"),
        build(0, position, "typed", 9, bp.ClientOrderId("cid")),
        build(0, position, "typed", 9, gen_cid=bp.ClientOrderId.random),
        build(0, position, "typed", 9, gen_cid=None),
    ]
    assert_type(orders, list[bp.OrderRequestOpen])
    assert [order.state.quantity for order in orders] == [Decimal("0.5")] * 5
    native = bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 0.5, "typed", 9)
    assert_type(native, bp.PyOrderRequestOpen)
    assert native.side is Side.SELL


def test_gen_cid_gets_what_the_state_holds() -> None:
    close = bp.close_open_positions_with_market_orders
    position = bp.Position(0, Side.SELL, Decimal(2), 10)
    plain = bp.EngineState([bp.InstrumentState(0, 0, position, 9)])
    by_lambda = close("typed", plain, gen_cid=lambda instrument: f"i{instrument.instrument}")
    assert_type(by_lambda, tuple[list[bp.OrderRequestCancel], list[bp.OrderRequestOpen]])
    assert by_lambda[1][0].key.cid.value == "i0"
    assert close("typed", plain, None, plain_id)[1][0].key.cid.value == "close 0"
    assert close("typed", plain, gen_cid=loose_id)[1]
    assert_type(plain.instruments_iter(), Iterator[bp.InstrumentState])
    own = close("typed", OwnState(), gen_cid=own_id)[1]
    assert [order.key.cid.value for order in own] == ["mine"]
    assert close("typed", OwnState(), gen_cid=lambda one: one.nickname)[1] == own


def test_default_strategy_needs_no_state() -> None:
    default = bp.DefaultStrategy("typed")
    assert_type(bp.DefaultStrategy.default(), bp.DefaultStrategy)
    assert_type(default.generate_algo_orders(), bp.Orders)
    cancels, opens = default.close_positions_requests(OwnState())
    assert_type(cancels, list[bp.OrderRequestCancel])
    assert_type(opens, list[bp.OrderRequestOpen])
    assert default.on_disconnect(SPOT) == default.on_trading_disabled() == ()


class Stream:
    """A table of one's own: anything with the method."""

    def __init__(self, table: bp.ArrowStream) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def test_tables() -> None:
    instruments = bp.IndexedInstruments(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))]
    )
    trades = bp.TradeColumns(time_exchange="at", side=bp.BuyerIsMaker("maker"), id=None)
    assert_type(trades.side, str | bp.BuyerIsMaker)
    assert_type(trades.id, str | None)
    every: list[Columns] = [
        trades,
        bp.L1Columns(),
        bp.BookColumns(),
        bp.BookSnapshotColumns(levels=5),
        bp.CandleColumns(open_time="date", length=timedelta(days=1)),
        bp.LiquidationColumns(),
    ]
    assert len({type(columns) for columns in every}) == len(every)
    frame = pl.DataFrame({"at": [1_742_943_900_123], "price": [1], "amount": [1], "maker": [True]})
    relation: bp.ArrowStream = duckdb.from_arrow(frame)
    assert hasattr(relation, "__arrow_c_stream__")
    for table in (frame, Stream(frame)):
        data = bp.MarketData.from_arrow(
            table,
            trades,
            instruments=instruments,
            instrument=(SPOT, "BTCUSDT"),
            unit=bp.TimeUnit.MILLISECONDS,
            feed_latency=timedelta(milliseconds=1),
            order=bp.RowOrder.SORT,
            assume_utc=True,
        )
        assert_type(data, bp.MarketData)
    with TemporaryDirectory() as folder:
        path = Path(folder, "trades.csv")
        frame.write_csv(path)
        several: Sequence[str | Path] = [path, str(path)]
        for paths in (path, str(path), several):
            data = bp.MarketData.from_csv(
                paths,
                trades,
                instruments=instruments,
                unit=bp.TimeUnit.MILLISECONDS,
                order=bp.RowOrder.AS_GIVEN,
            )
            assert_type(data, bp.MarketData)
        frame.write_parquet(path)
        data = bp.MarketData.from_parquet(
            path, trades, instruments=instruments, unit=bp.TimeUnit.MILLISECONDS
        )
        assert_type(data, bp.MarketData)


def test_venues() -> None:
    instruments = bp.IndexedInstruments(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))]
    )
    path = Path(__file__).parents[1] / "data" / "files" / "BTCUSDT-trades-2025-03-25.csv"
    several: Sequence[str | Path] = [str(path)]
    for paths in (path, several):
        data = bp.read_binance(
            paths,
            instruments=instruments,
            instrument=(SPOT, "BTCUSDT"),
            market=bp.BinanceMarket.SPOT,
            feed_latency=timedelta(milliseconds=1),
            order=bp.RowOrder.SORT,
        )
        assert_type(data, bp.MarketData)
    data = bp.read_tardis(
        path.with_name("binance-futures_trades_2020-09-01_BTCUSDT.csv"),
        instruments=instruments,
        symbols={"BTCUSDT": "binancespot-btc_usdt"},
        unknown_side=Side.BUY,
        count_trades=True,
        reconnecting=True,
        order=bp.RowOrder.SORT,
    )
    assert_type(data, bp.MarketData)
    frame = pl.DataFrame(
        {
            "ts_recv": [1_600_000_000_000_000_005],
            "ts_event": [1_600_000_000_000_000_000],
            "rtype": [0],
            "publisher_id": [1],
            "side": ["N"],
            "price": [3_720_250_000_000],
            "size": [2],
            "symbol": ["ESZ0"],
        }
    )
    data = bp.read_databento(
        frame,
        instruments=instruments,
        symbols={"ESZ0": "BTCUSDT"},
        schema=bp.DatabentoSchema.TRADES,
        unknown_side=Side.BUY,
        order=bp.RowOrder.SORT,
    )
    assert_type(data, bp.MarketData)


def test_data() -> None:
    data = bp.MarketData.from_events([book(0, 100), bp.Reconnecting(SPOT)])
    assert_type(data, bp.MarketData)
    assert_type(data[0], bp.MarketEvent | bp.Reconnecting)
    assert_type(list(data), list[bp.MarketEvent | bp.Reconnecting])
    assert_type(next(iter(data)), bp.MarketEvent | bp.Reconnecting)
    assert_type(len(data), int)
    assert_type(data[:1], bp.MarketData)
    assert_type(data.between("2020-01-01T00:00:00Z"), bp.MarketData)
    assert_type(bp.MarketData.merge(data, data[:1]), bp.MarketData)
    assert_type(data.span, timedelta)
    table = data.to_arrow(bp.OrderBookL1, instruments=system_config().index(), decimals="float")
    assert_type(table.column_names, list[str])
    scan = bp.MarketScan([Path("lines.jsonl"), "more.jsonl", data, lambda: data])
    assert_type(scan, bp.MarketScan)
    assert_type(bp.MarketScan.merge(scan, data), bp.MarketScan)
    assert_type(list(bp.MarketScan([data])), list[bp.MarketData])
    event = data[0]
    assert isinstance(event, bp.MarketEvent)
    assert_type(event.time_exchange, datetime)
    assert_type(event.time_received, datetime)
    assert_type(event.time_exchange_ns, int)
    assert_type(event.time_received_ns, int)
    assert_type(event.exchange, bp.ExchangeId)
    assert_type(event.instrument, int)
    assert isinstance(event.kind, bp.OrderBookL1)
    assert event.kind.best_bid is not None
    assert_type(event.kind.best_bid.price, Decimal)
    assert_type(event.kind.best_bid.amount, Decimal)


def test_configuration() -> None:
    config = system_config()
    assert_type(config.instruments, Sequence[bp.InstrumentConfig])
    assert_type(config.executions, Sequence[bp.MockExecutionConfig])
    assert_type(config.instruments[0].underlying, bp.Underlying[str])
    assert_type(config.executions[0].latency, timedelta | bp.UniformLatency | bp.EmpiricalLatency)
    assert_type(config.executions[0].fee_rate, Decimal | int)
    indexed = config.index()
    assert_type(indexed, bp.IndexedInstruments)
    assert_type(indexed.exchanges, list[bp.ExchangeId])
    assert_type(indexed.assets, list[IndexedAsset])
    assert_type(indexed.instruments, list[IndexedInstrument])
    assert_type(indexed.instruments[0].underlying, bp.Underlying[int])
    assert_type(indexed.exchange_index(SPOT), int)
    assert_type(indexed.asset_index(SPOT, "usdt"), int)
    assert_type(indexed.instrument_index("binancespot-btc_usdt"), int)
    assert len(indexed) == 1


def check_summary(summary: bp.TradingSummary) -> None:
    """barter's summary of a run."""
    assert_type(summary.time_engine_start, datetime)
    assert_type(summary.time_engine_end_ns, int)
    assert_type(summary.interval, bp.TimeInterval | timedelta)
    assert_type(summary.instruments, dict[str, TearSheet])
    assert_type(summary.assets, dict[str, TearSheetAsset])
    for sheet in summary.instruments.values():
        assert_type(sheet.pnl, Decimal)
        assert_type(sheet.sharpe_ratio, Decimal)
        assert_type(sheet.win_rate, Decimal | None)
        assert_type(sheet.pnl_drawdown, Drawdown | None)
        assert_type(sheet.pnl_drawdown_mean, MeanDrawdown | None)
    for asset in summary.assets.values():
        assert_type(asset.balance_end, bp.Balance | None)
        assert_type(asset.drawdown_max, Drawdown | None)


def check_statistics(position: bp.PositionExited, summary: bp.TradingSummary) -> None:
    """Figures outside of a run."""
    week = timedelta(weeks=1)
    ratio = SharpeRatio.calculate(
        risk_free_return=0,
        mean_return=Decimal("0.1"),
        std_dev_returns=2,
        returns_period=bp.TimeInterval.DAILY,
    )
    assert_type(ratio.scale(week), SharpeRatio)
    assert_type(ratio.value, Decimal)
    assert_type(ratio.ratio, Decimal | None)
    assert_type(ratio.interval, bp.TimeInterval | timedelta)
    assert_type(RateOfReturn.calculate(1, week).scale(target=ratio.interval), RateOfReturn)
    assert_type(WinRate.calculate(wins=1, total=2), WinRate | None)
    assert_type(DataSetSummary.of([1, Decimal(2)]).dispersion.range.high, Decimal)
    drawdowns = DrawdownGenerator.init(1, summary.time_engine_start)
    assert_type(drawdowns.update(Decimal("0.5"), "2024-01-01T00:00:00Z"), Drawdown | None)
    average = MeanDrawdownGenerator.default()
    assert_type(average.generate(), MeanDrawdown | None)
    assert_type(average.mean_duration, timedelta | None)
    generator = TearSheetGenerator.init(0)
    generator.update_from_position(position)
    assert_type(generator.generate(risk_free_return=0, interval=week), TearSheet)
    assert_type(generator.statistics, bp.PositionStatistics)
    summaries = TradingSummaryGenerator.init(0, 0, 1, system_config().index())
    assert_type(summaries.generate(bp.TimeInterval.ANNUAL_365), bp.TradingSummary)
    assert_type(summaries.statistics, dict[str, bp.PositionStatistics])


class Stopping(bp.Strategy):
    """Places stops, lists them and withdraws them."""

    strategy_id = "stopping"

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        stop = bp.StopOrder(0, Side.SELL, quantity=1, trigger_price=5, limit_price=Decimal(4))
        assert_type(stop.limit_price, Decimal | None)
        first = state.place_stop(stop)
        assert_type(first, int)
        target = bp.TakeProfitOrder(
            0, Side.SELL, quantity=1, trigger_price=Decimal(900), trigger=bp.TriggerPrice.LAST_TRADE
        )
        state.place_stop(target, one_cancels_other=first)
        assert_type(state.instrument(0).stops, list[bp.Stop])
        for waiting in state.instrument(0).stops:
            assert_type(waiting.id, int)
            assert_type(waiting.kind, bp.StopKind)
            assert_type(waiting.side, Side)
            assert_type(waiting.trigger_price, Decimal)
            assert_type(waiting.distance, Decimal | None)
            assert_type(waiting.trigger, bp.TriggerPrice)
            assert_type(state.cancel_stop(waiting.id), bool)
        return bp.NO_ORDERS


def test_stops() -> None:
    trailing = bp.TrailingStopOrder(0, Side.BUY, quantity=1, distance=Decimal("0.5"))
    assert_type(trailing.distance, Decimal)
    assert_type(trailing.until_closed, bool)
    data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
    result = bp.run_backtest(Stopping(), data, system_config())
    assert_type(result.orders, bp.Records[OrderReport])
    for report in result.orders:
        assert_type(report.stop, bp.StopTrigger | None)
    trigger = bp.StopTrigger(1, bp.StopKind.TRAILING, trigger_price=9, price=Decimal(8))
    assert_type(trigger.stop_id, int)
    assert_type(trigger.price, Decimal)
    margin = bp.MockExecutionConfig(SPOT, {}, maintenance_margin=Decimal("0.005"))
    assert_type(margin.maintenance_margin, Decimal | int | None)


def test_a_run() -> None:
    typed = Typed({"binancespot-btc_usdt": Decimal("0.5")})
    data = bp.MarketData.from_events(
        [book(0, 100), bp.Reconnecting(SPOT), book(2, 110), book(4, 120)]
    )
    result = bp.run_backtest(
        typed,
        data,
        system_config(),
        latency=timedelta(milliseconds=100),
        fee_rate=Decimal("0.001"),
        fill_price=bp.FillPrice.BEST_OPPOSITE,
        close_at_end=True,
        risk_free_return=0,
        interval=bp.TimeInterval.DAILY,
    )
    assert_type(result, bp.BacktestResult)
    assert_type(result.instruments, bp.IndexedInstruments)
    assert_type(result.time_start, datetime)
    assert_type(result.summary, bp.TradingSummary)
    assert_type(result.orders, bp.Records[OrderReport])
    assert_type(result.orders[0].order, bp.Order)
    assert_type(result.orders[0].time_sent, datetime)
    assert_type(result.orders[0].time_finished, datetime | None)
    assert_type(result.orders[0].order_id, str | None)
    assert_type(result.orders[0].fees, Decimal)
    assert_type(result.orders[0].average_price, Decimal | None)
    assert_type(result.open_orders, bp.Records[OrderReport])
    assert_type(result.order_counts, Mapping[str, int])
    assert_type(result.fills_of(result.orders[0]), bp.Records[bp.Trade])
    assert_type(result.funding, bp.Records[FundingPayment])
    for payment in result.funding:
        assert_type(payment.time, datetime)
        assert_type(payment.time_ns, int)
        assert_type(payment.instrument, int)
        assert_type(payment.side, Side)
        assert_type(payment.quantity, Decimal)
        assert_type(payment.mark_price, Decimal | None)
        assert_type(payment.rate, Decimal)
        assert_type(payment.amount, Decimal)
    assert_type(result.funding_by_asset, Mapping[str, Decimal])
    assert_type(result.failed_cancels, bp.Records[FailedCancel])
    assert_type(result.failed_cancels[0].response, bp.OrderResponseCancel)
    assert_type(result.fills, bp.Records[bp.Trade])
    assert_type(result.positions, bp.Records[bp.PositionExited])
    assert_type(result.positions[0].pnl_realised, Decimal)
    assert_type(result.positions[0].time_exit, datetime)
    assert_type(result.open_positions, bp.Records[bp.OpenPosition])
    assert_type(result.balances, Mapping[str, bp.Balance])
    assert_type(result.equity(), Mapping[str, bp.Records[EquityBar]])
    assert_type(result.fills[0], bp.Trade)
    assert_type(result.fills[1:], bp.Records[bp.Trade])
    assert_type(list(result.fills), list[bp.Trade])
    assert_type(max(fill.price for fill in result.fills), Decimal)
    assert_type(min(result.fills, key=lambda fill: fill.price).fees, Decimal)
    assert_type(result.fills == [], bool)
    assert_type(result.fills.to_arrow(decimals="float"), bp.ArrowTable)
    assert_type(result.fills.to_arrow().column_names, list[str])
    anything: bp.Records[object] = result.fills
    assert len(anything) == len(result.fills)
    assert_type(result.equity(timedelta(days=1))["binance_spot_usdt"][0].low, Decimal)
    assert_type(result.equity_interval_ns, int)
    assert_type(result.drawdown(), EquityDrawdown | None)
    assert_type(result.drawdowns(3, by="share"), bp.Records[EquityDrawdown])
    for fall in result.drawdowns(asset="binance_spot_usdt"):
        assert_type(fall.depth, Decimal)
        assert_type(fall.share, Decimal | None)
        assert_type(fall.time_end, datetime | None)
    assert_type(result.returns(), bp.Records[PeriodReturn])
    assert_type(result.returns(every=timedelta(days=2))[0].value, Decimal | None)
    ratios = result.ratios(risk_free_return=Decimal("0.02"), year=bp.TimeInterval.ANNUAL_252)
    assert_type(ratios, EquityRatios)
    assert_type(ratios.sharpe, Decimal | None)
    assert_type(result.pnl, Mapping[str, Decimal])
    assert_type(result.statistics, Mapping[str, PositionStatistics])
    statistics = next(iter(result.statistics.values()))
    assert_type(statistics.win_ratio, Decimal | None)
    assert_type(statistics.gross_profit_factor, Decimal | None)
    assert_type(result.to_json(indent=2), str)
    assert_type(result.settings, RunSettings)
    assert_type(result.settings.parameters, dict[str, str])
    assert_type(result.settings.risk_manager, str | None)
    with TemporaryDirectory() as folder:
        result.to_html(Path(folder) / "report.html", data)
        result.to_html(f"{folder}/report.html")
        runs = bp.run_backtests(
            bp.DefaultStrategy, {"strategy_id": ["a"]}, data, system_config(), executor="threads"
        )
        assert_type(runs, bp.Records[bp.BacktestRun])
        assert_type(runs[0].result, bp.BacktestResult | None)
        sweep_to_html(runs, f"{folder}/sweep.html", asset="usdt")
    check_summary(result.summary)
    check_statistics(result.positions[0], result.summary)
    assert {"start", "book", "balance", "order", "fill", "binance_spot"} <= set(typed.seen)
    assert bp.run_backtest(ALGO, data, system_config()).orders == []


def test_events_of_accounts_are_made_and_read() -> None:
    balance = bp.AssetBalance(0, bp.Balance(total=1, free=Decimal("0.5")), "2024-01-01T00:00:00Z")
    orders = bp.InstrumentAccountSnapshot(0, [])
    event = bp.AccountEvent(0, bp.AccountSnapshot(0, [balance], (orders,)))
    assert_type(event.to_json(), str)
    assert_type(bp.AccountEvent.from_json(event.to_json()), bp.AccountEvent)
    lost = bp.AccountReconnecting(bp.ExchangeId.KRAKEN)
    assert_type(lost.exchange, bp.ExchangeId)
    assert_type(bp.AccountReconnecting.from_json(lost.to_json()), bp.AccountReconnecting)
    offline = bp.OrderFailure(bp.OrderFailureKind.EXCHANGE_OFFLINE, exchange=bp.ExchangeId.KRAKEN)
    answer = bp.OrderResponseCancel(
        exchange=0, instrument=0, strategy_id="ema", client_order_id="cid-1", failure=offline
    )
    assert describe_account(answer) == "cancel"
    assert describe_account(event.kind) == "snapshot"


class Checks(bp.RiskManager):
    """A risk manager that reads what it is given."""

    @override
    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bp.RiskDecision:
        largest = CheckHigherThan(Decimal(100))
        assert_type(largest.limit, Decimal)

        def refusal(order: bp.OrderRequestOpen) -> str | None:
            value = calculate_quote_notional(
                quantity=order.state.quantity, price=order.state.price, contract_size=1
            )
            assert_type(value, Decimal)
            failure = largest.check(value)
            assert_type(failure, CheckFailHigherThan | None)
            return None if failure is None else str(failure.input)

        decision = bp.RiskDecision.of(cancels, opens, refusal)
        assert_type(decision, bp.RiskDecision)
        assert_type(decision.opens, Sequence[bp.OrderRequestOpen])
        assert_type(decision.refused_cancels, Sequence[bp.RiskRefused[bp.OrderRequestCancel]])
        return decision


class StructuralChecks:
    """A risk manager without the base class."""

    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bp.RiskDecision:
        """Refuse the orders."""
        refused = [bp.RiskRefused(order, "never") for order in opens]
        assert_type(refused, list[bp.RiskRefused[bp.OrderRequestOpen]])
        assert_type(refused[0].item if refused else None, bp.OrderRequestOpen | None)
        return bp.RiskDecision(cancels, refused_opens=refused)


def test_risk_managers() -> None:
    limits = bp.RiskLimits(max_order_quantity=1, max_drawdown=Decimal("0.1"))
    limits = (
        bp.RiskLimits(max_open_orders=2, instruments={"binancespot-btc_usdt": limits})
        if (limits.max_drawdown is None)
        else limits
    )
    managers: list[bp.RiskManagerLike | bp.RiskLimits | None] = [
        Checks(), StructuralChecks(), DefaultRiskManager(), limits, None,
    ]  # fmt: skip
    data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
    for manager in managers:
        typed = Typed({"binancespot-btc_usdt": Decimal("0.5")})
        result = bp.run_backtest(
            typed, data, system_config(), risk_manager=manager, guard_commands=True
        )
        assert_type(result.refused, bp.Records[bp.RefusedRequest])
        for refusal in result.refused:
            assert_type(refusal.time, datetime)
            assert_type(refusal.time_ns, int)
            assert_type(refusal.item, bp.OrderRequestCancel | bp.OrderRequestOpen)
            assert_type(refusal.reason, str)
    assert_type(calculate_abs_percent_difference(current=1, other=Decimal(2)), Decimal)
    assert_type(
        calculate_delta(
            instrument_delta=1, contract_size=1, side=Side.BUY, quantity_in_kind=Decimal(2)
        ),
        Decimal,
    )


def test_levels_of_logging() -> None:
    for level in (10, "INFO"):
        bp.enable_logging(level)
    bp.disable_logging()
    start: Callable[[], None] = bp.enable_logging
    start()
    bp.disable_logging()


class Hooked(bp.Strategy):
    """A strategy with all hooks."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        return bp.NO_ORDERS

    @override
    def on_fill(self, trade: bp.Trade, state: bp.EngineView, /) -> None:
        assert_type(trade.price, Decimal)

    @override
    def on_position_closed(self, position: bp.PositionExited, state: bp.EngineView, /) -> None:
        assert_type(position.pnl_realised, Decimal)

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        assert_type(timer.id, int)
        assert_type(timer.time, datetime)
        assert_type(timer.time_ns, int)
        assert_type(timer.every, timedelta | None)
        assert_type(timer.strategy_id, str | None)
        assert_type(state.call_at(timer.time_ns + 1), bp.Timer)
        assert_type(state.call_at(timer.time, every=timedelta(minutes=1)), bp.Timer)
        assert_type(state.timers, list[bp.Timer])
        assert_type(state.cancel_timer(timer), bool)
        return bp.NO_ORDERS

    @override
    def on_disconnect(
        self, exchange: bp.ExchangeId, state: bp.EngineView, /
    ) -> Sequence[bp.HookCommand]:
        return [*bp.cancel_all_orders_on_disconnect(exchange, state), bp.TradingState.DISABLED]

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> Sequence[bp.Command]:
        return bp.close_all_positions_on_trading_disabled(state)


def test_hooks_and_several_strategies() -> None:
    hooked = Hooked()
    traits: tuple[
        bp.AlgoStrategy,
        bp.ClosePositionsStrategy,
        bp.OnDisconnectStrategy,
        bp.OnTradingDisabledStrategy,
        bp.OnFillStrategy,
        bp.OnPositionClosedStrategy,
    ] = (hooked, hooked, hooked, hooked, hooked, hooked)
    joined = bp.Strategies(traits[0], close_positions=traits[1], on_disconnect=traits[2])
    members = {"a": hooked, "b": Hooked()}
    strategies: list[bp.AlgoStrategy] = [joined, bp.StrategyGroup(members)]
    for joined_or_group in strategies:
        data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
        result = bp.run_backtest(joined_or_group, data, system_config())
        assert_type(result.by_strategy(), Mapping[str, bp.StrategyResult])
        for one in result.by_strategy().values():
            assert_type(one.pnl, Mapping[str, Decimal])
            assert_type(one.positions, bp.Records[bp.PositionExited])


async def on_paper(strategy: bp.Strategy, config: bp.SystemConfig) -> None:
    """Run a system: for checkers only, it connects."""
    result = live.run_paper(strategy, config, duration=timedelta(hours=1), close_at_end=True)
    assert_type(result, live.PaperResult)
    assert_type(result.trips, tuple[live.KillSwitchTrip, ...])
    backtest: bp.BacktestResult = result
    assert_type(backtest.orders[0].time_sent, datetime)
    with live.System.start(
        strategy, config, kill_switch=live.KillSwitch(max_drawdown=1), record=Path("a.jsonl.gz")
    ) as system:
        assert_type(system, live.System)
        system.trading_state(bp.TradingState.DISABLED)
        assert_type(system.snapshot(), bp.EngineView)
        assert_type(system.wait(timedelta(seconds=1)), live.PaperResult | None)
        assert_type(await system.wait_async(), live.PaperResult)
    assert_type(live.replay("a.jsonl.gz", strategy).difference, live.Difference | None)


def test_errors_have_one_root() -> None:
    errors: list[type[bp.BarterError]] = [
        bp.AccountEventError,
        bp.ConfigError,
        bp.EnginePoisonedError,
        bp.MarketDataError,
        bp.OrderRequestError,
        bp.StrategyBusyError,
        bp.StreamError,
        bp.UnknownKeyError,
        bp.ViewError,
    ]
    values: list[type[ValueError]] = [
        bp.AccountEventError,
        bp.ConfigError,
        bp.MarketDataError,
        bp.OrderRequestError,
    ]
    assert all(issubclass(error, bp.BarterError) for error in errors)
    assert all(issubclass(error, ValueError) for error in values)


def stream_options() -> streams.StreamOptions:
    return streams.StreamOptions(
        overflow=streams.Overflow.LATEST,
        silence=None,
        addresses={bp.ExchangeId.BINANCE_SPOT: streams.Address(websocket="ws://127.0.0.1:9")},
    )


def test_streams_need_subscriptions() -> None:
    instrument = system_config().instruments[0]
    subscription = streams.Subscription(instrument, streams.SubKind.PUBLIC_TRADES)
    assert_type(subscription.exchange, bp.ExchangeId)
    both = streams.Subscription.each([instrument], streams.SubKind.ORDER_BOOKS_L1)
    assert_type(both, list[streams.Subscription])
    with pytest.raises(bp.StreamError):
        read_streams([subscription, *both])


def read_streams(subscriptions: list[streams.Subscription]) -> None:
    """Not called to its end: nobody listens there."""
    with streams.Streams.connect(subscriptions, options=stream_options()) as opened:
        assert_type(opened, streams.Streams)
        assert_type(opened.lag.waiting, int)
        assert_type(opened.book("binancespot-btc_usdt"), bp.OrderBook | None)
        assert_type(opened.statuses, tuple[streams.StreamStatus, ...])
        for event in opened:
            assert_type(event, bp.MarketEvent | bp.Reconnecting)
            match event:
                case bp.MarketEvent(kind=bp.PublicTrade() as trade):
                    assert_type(trade.price, Decimal)
                case bp.Reconnecting():
                    assert_type(event.exchange, bp.ExchangeId)
                case _:
                    pass
        match opened.next(timedelta(seconds=1)):
            case streams.StreamStatus() as status:
                assert_type(status.kind, streams.StreamStatusKind)
                assert_type(status.instrument, int | None)
            case _:
                pass
        with opened.record("market.jsonl.gz", rotate_every=timedelta(hours=1)) as recording:
            assert_type(recording.events, int)


async def read_streams_async(subscriptions: list[streams.Subscription]) -> None:
    """Not called: only checkers read it."""
    async with streams.Streams.connect_async(subscriptions) as opened:
        assert_type(opened, streams.Streams)
        async for event in opened:
            assert_type(event, bp.MarketEvent | bp.Reconnecting)
    assert_type(await streams.Streams.connect_async(subscriptions), streams.Streams)

"""Small histories, configurations and strategies for tests, all typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    BacktestResult,
    Candle,
    ClientOrderId,
    EngineView,
    ExchangeId,
    Funding,
    InstrumentConfig,
    Level,
    Liquidation,
    Liquidity,
    MarketData,
    MarketEvent,
    MarketScan,
    MockExecutionConfig,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    OrderKey,
    OrderKind,
    OrderRequestCancel,
    OrderRequestOpen,
    Orders,
    PublicTrade,
    Reconnecting,
    RequestOpen,
    Settlement,
    Side,
    Strategy,
    StrategyId,
    SystemConfig,
    TimeInForce,
    Underlying,
    run_backtest,
)

START_NS = 1_700_000_000_123_456_789
"""When small histories start: with digits that a `datetime` does not hold."""

MILLISECOND = 1_000_000
SPOT = ExchangeId.BINANCE_SPOT
BTC, ETH = 0, 1


def at(milliseconds: int) -> int:
    """Nanoseconds since 1970 of a time in a small history."""
    return START_NS + milliseconds * MILLISECOND


def event(
    milliseconds: int,
    kind: PublicTrade
    | OrderBookL1
    | OrderBookSnapshot
    | OrderBookUpdate
    | Candle
    | Liquidation
    | Funding
    | Settlement,
    *,
    instrument: int = BTC,
    exchange: ExchangeId = SPOT,
) -> MarketEvent:
    """Make an event that is received when it happens."""
    time = at(milliseconds)
    return MarketEvent(time, time, exchange, instrument, kind)


def l1(
    milliseconds: int,
    bid: str | None,
    ask: str | None,
    *,
    instrument: int = BTC,
    exchange: ExchangeId = SPOT,
    bid_amount: str = "1",
    ask_amount: str = "1",
) -> MarketEvent:
    """Make an event with the best bid and the best ask."""
    best_bid = None if bid is None else Level(price=Decimal(bid), amount=Decimal(bid_amount))
    best_ask = None if ask is None else Level(price=Decimal(ask), amount=Decimal(ask_amount))
    book = OrderBookL1(at(milliseconds), best_bid, best_ask)
    return event(milliseconds, book, instrument=instrument, exchange=exchange)


Amounts = Mapping[str, str]
"""Levels of one side of a book: amounts by price."""


def order_book(bids: Amounts, asks: Amounts, sequence: int = 1) -> OrderBook:
    """Make a book."""
    sides = [
        [Level(price=Decimal(price), amount=Decimal(amount)) for price, amount in side.items()]
        for side in (bids, asks)
    ]
    return OrderBook(sequence, None, *sides)


def snapshot(
    milliseconds: int, bids: Amounts, asks: Amounts, *, sequence: int = 1, instrument: int = BTC
) -> MarketEvent:
    """Make an event with a whole book."""
    kind = OrderBookSnapshot(order_book(bids, asks, sequence))
    return event(milliseconds, kind, instrument=instrument)


def update(
    milliseconds: int, bids: Amounts, asks: Amounts, *, sequence: int = 1, instrument: int = BTC
) -> MarketEvent:
    """Make an event with what has changed in a book."""
    kind = OrderBookUpdate(order_book(bids, asks, sequence))
    return event(milliseconds, kind, instrument=instrument)


def trade(
    milliseconds: int,
    price: str,
    amount: str = "1",
    *,
    instrument: int = BTC,
    exchange: ExchangeId = SPOT,
    side: Side = Side.BUY,
) -> MarketEvent:
    """Make an event with a public trade."""
    tick = PublicTrade(
        f"trade-{milliseconds}", price=Decimal(price), amount=Decimal(amount), side=side
    )
    return event(milliseconds, tick, instrument=instrument, exchange=exchange)


def candle(
    milliseconds: int, close: str, *, instrument: int = BTC, exchange: ExchangeId = SPOT
) -> MarketEvent:
    """Make an event with a candle whose four prices are one."""
    price = Decimal(close)
    bar = Candle(
        at(milliseconds),
        open=price,
        high=price,
        low=price,
        close=price,
        volume=Decimal(10),
        trade_count=3,
    )
    return event(milliseconds, bar, instrument=instrument, exchange=exchange)


def reconnecting(exchange: ExchangeId = SPOT, milliseconds: int | None = None) -> Reconnecting:
    """Make the event of a lost stream."""
    return Reconnecting(exchange, time_received=None if milliseconds is None else at(milliseconds))


def history(*events: MarketEvent | Reconnecting) -> MarketData:
    """Make a history."""
    return MarketData.from_events(events)


def quotes(count: int, *, bid: str = "100", ask: str = "102") -> MarketData:
    """Make a history of one bitcoin quote every 100 ms."""
    return MarketData.from_events(l1(100 * number, bid, ask) for number in range(count))


def spot(base: str, quote: str = "usdt", exchange: ExchangeId = SPOT) -> InstrumentConfig:
    """Configure a spot instrument."""
    return InstrumentConfig(exchange, f"{base}{quote}".upper(), Underlying(base, quote))


def execution(
    exchange: ExchangeId = SPOT,
    *,
    balances: Mapping[str, Decimal | int] | None = None,
    latency: timedelta = timedelta(0),
    fee_rate: Decimal | int = Decimal(0),
) -> MockExecutionConfig:
    """Configure an exchange whose best offer has any amount: most tests are not about amounts."""
    held = {"usdt": 10_000, "btc": 10, "eth": 10} if balances is None else balances
    return MockExecutionConfig(
        exchange, held, latency, fee_rate=fee_rate, liquidity=Liquidity.INFINITE
    )


def with_execution(config: SystemConfig, **fields: object) -> SystemConfig:
    """Give the same configuration with other fields of all its executions."""
    changed: Callable[..., MockExecutionConfig] = replace
    executions = [changed(one, **fields) for one in config.executions]
    return replace(config, executions=executions)


def two_instruments(
    *,
    balances: Mapping[str, Decimal | int] | None = None,
    latency: timedelta = timedelta(0),
    fee_rate: Decimal | int = Decimal(0),
) -> SystemConfig:
    """Configure bitcoin (index 0) and ether (index 1) against USDT on one exchange."""
    one = execution(balances=balances, latency=latency, fee_rate=fee_rate)
    return SystemConfig([spot("eth"), spot("btc")], [one])


def two_exchanges() -> SystemConfig:
    """Configure bitcoin on two exchanges: Binance has the indices 0, Coinbase 1."""
    return SystemConfig(
        [spot("btc"), spot("btc", "usd", ExchangeId.COINBASE)],
        [
            execution(balances={"usdt": 10_000, "btc": 10}),
            execution(ExchangeId.COINBASE, balances={"usd": 10_000, "btc": 10}),
        ],
    )


def market_request(
    cid: str,
    *,
    side: Side = Side.BUY,
    price: Decimal = Decimal(101),
    quantity: Decimal = Decimal(1),
    kind: OrderKind = OrderKind.MARKET,
    instrument: int = BTC,
    exchange: int = 0,
) -> OrderRequestOpen:
    """Make a request without a view."""
    return OrderRequestOpen(
        OrderKey(exchange, instrument, StrategyId("test"), ClientOrderId(cid)),
        RequestOpen(side, price, quantity, kind, TimeInForce.IMMEDIATE_OR_CANCEL),
    )


def limit_request(
    cid: str,
    price: Decimal | int,
    quantity: Decimal | int = 1,
    side: Side = Side.BUY,
    time_in_force: TimeInForce = TimeInForce.GOOD_UNTIL_CANCELLED,
    instrument: int = BTC,
) -> OrderRequestOpen:
    """Make a request for a limit order on the first exchange without a view."""
    return OrderRequestOpen(
        OrderKey(0, instrument, StrategyId("test"), ClientOrderId(cid)),
        RequestOpen(side, Decimal(price), Decimal(quantity), OrderKind.LIMIT, time_in_force),
    )


def cancel_request(cid: str, *, instrument: int = BTC, exchange: int = 0) -> OrderRequestCancel:
    """Make a cancel without a view."""
    return OrderRequestCancel(
        OrderKey(exchange, instrument, StrategyId("test"), ClientOrderId(cid))
    )


def buy(state: EngineView, quantity: Decimal | int = 1, instrument: int = BTC) -> Orders:
    """Buy at the market."""
    view = state.instrument(instrument)
    return [], [view.market_order(Side.BUY, quantity, strategy_id="test")]


Action = Callable[[EngineView], Orders]


@dataclass(eq=False)
class Acting(Strategy):
    """Does after each event what a function says."""

    action: Action

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        return self.action(state)


@dataclass(eq=False)
class OnMarketEvents(Strategy):
    """Does after some market events, counted from zero, what a function says."""

    actions: Mapping[int, Action]
    count: int = 0
    seen: list[object] = field(default_factory=list)
    """Kinds of the events that the strategy was asked after."""

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        happened = state.event
        self.seen.append(happened)
        if not isinstance(happened, MarketEvent):
            return NO_ORDERS
        action = self.actions.get(self.count)
        self.count += 1
        return NO_ORDERS if action is None else action(state)


def run(
    action: Action, data: MarketData | MarketScan | None = None, config: SystemConfig | None = None
) -> BacktestResult:
    """Run a function as a strategy, over a few quotes unless something else is given."""
    return run_backtest(
        Acting(action),
        quotes(3) if data is None else data,
        two_instruments() if config is None else config,
    )


def watch(
    look: Callable[[EngineView], object],
    data: MarketData | MarketScan | None = None,
    config: SystemConfig | None = None,
) -> list[object]:
    """Run a strategy that only looks after each event, and give what it saw."""
    seen: list[object] = []

    def action(state: EngineView) -> Orders:
        seen.append(look(state))
        return NO_ORDERS

    run(action, data, config)
    return seen


def orders(opens: Iterable[OrderRequestOpen]) -> Orders:
    """Give opens only."""
    return [], list(opens)

"""Random and hostile events, strategies and risk managers, and what must hold after each event.

All of it is drawn from one `random.Random`: a plain one for long runs, hypothesis' own for runs
whose failures are made small.
"""

from __future__ import annotations

import gc
import pickle
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import TypeVar, cast

from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AccountReconnecting,
    AccountSnapshot,
    AssetBalance,
    AuditTick,
    Balance,
    BarterError,
    CancelOrders,
    Candle,
    ClientOrderId,
    ClosePositions,
    Command,
    Engine,
    EnginePoisonedError,
    EngineView,
    ExchangeId,
    IndexedInstruments,
    InstrumentAccountSnapshot,
    InstrumentFilter,
    Level,
    Liquidation,
    MarketEvent,
    Order,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    OrderFailure,
    OrderFailureKind,
    OrderId,
    OrderKey,
    OrderKind,
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    Orders,
    OrderStatus,
    PublicTrade,
    Reconnecting,
    RequestOpen,
    RiskDecision,
    RiskLimits,
    RiskManager,
    RiskRefused,
    SendCancelRequests,
    SendOpenRequests,
    Shutdown,
    Side,
    StateReplica,
    Strategy,
    StrategyId,
    TimeInForce,
    TimeInterval,
    Trade,
    TradingState,
    Underlying,
)
from barter_python.engine import EngineEvent
from support.histories import MILLISECOND, SPOT, START_NS, spot
from support.odd_sequences import LENGTHS, Odd, asked

T = TypeVar("T")

COINBASE = ExchangeId.COINBASE
INSTRUMENTS = IndexedInstruments(
    [spot("btc"), spot("eth"), spot("eth", "btc"), spot("btc", "usd", COINBASE)]
)
PLACES = [(one.exchange, one.exchange_id, one.index) for one in INSTRUMENTS.instruments]
ASSETS = [(asset.exchange_id, asset.index) for asset in INSTRUMENTS.assets]

# Near the greatest that barter's decimal holds, near the limit of the checks, with all its digits,
# and what is no exact number at all.
NUMBERS: list[object] = [
    Decimal(0),
    Decimal("-0"),
    Decimal(-1),
    Decimal("1E-28"),
    Decimal("3E-28"),
    Decimal(99999999999999),
    Decimal(-99999999999999),
    Decimal("99999999999999.99999999999999"),
    Decimal(100000000000000),
    Decimal(79228162514264337593543950335),
    Decimal(-79228162514264337593543950335),
    Decimal("1E+28"),
    Decimal("1E+30"),
    Decimal("0.1234567890123456789012345678"),
    Decimal("0.3333333333333333333333333333"),
    Decimal("1E-29"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("-Infinity"),
    Decimal("1E+400"),
    Decimal("5E-15"),
    Decimal(10000000),
    0,
    -3,
    10**13,
    10**30,
    True,
    0.5,
    float("nan"),
    float("inf"),
    "1",
    None,
]
TIMES: list[object] = [
    0,
    -1,
    START_NS - 10**15,
    START_NS + 10**15,
    2**63 - 1,
    -(2**63),
    2**63,
    "2024-01-01T00:00:00Z",
    "yesterday",
    datetime(2024, 1, 1, tzinfo=timezone.utc),
    datetime(2024, 1, 1),  # naive
    datetime(1, 1, 1, tzinfo=timezone.utc),
    datetime.max.replace(tzinfo=timezone.utc),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
    None,
    1.5,
]
INDICES: list[object] = [4, 77, -1, 2**63, 2**64, True, "0", None, 1.0]
TEXTS: list[object] = ["", " ", "\x00", "é" * 50, 7, None]
NO_EVENTS: list[object] = [None, 1, "event", NO_ORDERS, Shutdown, object(), Side.BUY]


class BrokenError(Exception):
    """What hostile strategies raise."""


@dataclass(eq=False)
class Hostile:
    """Makes events, most of them plausible, some of them impossible."""

    random: Random
    time: int = START_NS
    spite: int = 12
    """One value in so many is taken from the lists above."""

    # Values

    def below(self, count: int) -> int:
        """Give a number from zero, as `randrange` does, but faster."""
        return int(self.random.random() * count)

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def once_in(self, count: int) -> bool:
        return self.below(count) == count - 1

    def spoil(self, value: T, others: Sequence[object], rarely: int = 1) -> T:
        """Give the value, or now and then one that no type checker would let through."""
        return cast("T", self.pick(others)) if self.once_in(self.spite * rarely) else value

    def number(self) -> Decimal:
        plain = Decimal(1 + self.below(30_000)).scaleb(-self.below(5))
        return self.spoil(plain, NUMBERS)

    def moment(self) -> int:
        self.time += self.below(3) * MILLISECOND
        return self.spoil(self.time - self.below(2) * 5 * MILLISECOND, TIMES, 3)

    def text(self, plain: Sequence[str]) -> str:
        return self.spoil(self.pick(plain), TEXTS, 6)

    def cid(self) -> str:
        return self.text(("a", "b", "c", "d", "e", "f", "g", "bp-1", "bp-3", "bp-4294967295"))

    def owner(self) -> str:
        return self.text(("hostile", "other"))

    def index(self, plain: int) -> int:
        return self.spoil(plain, INDICES, 5)

    def place(self) -> tuple[int, ExchangeId, int]:
        exchange, name, instrument = self.pick(PLACES)
        if self.once_in(30):
            exchange = self.pick((0, 1))
        if self.once_in(30):
            name = self.pick((SPOT, COINBASE, ExchangeId.KRAKEN))
        return self.index(exchange), name, self.index(instrument)

    def side(self) -> Side:
        return self.pick((Side.BUY, Side.SELL))

    def level(self) -> Level:
        return Level(price=self.number(), amount=self.number())

    def maybe(self, make: Callable[[], T]) -> T | None:
        return None if self.once_in(4) else make()

    def some(self, make: Callable[[], T], most: int = 3) -> Sequence[T]:
        """Make some; now and then what holds them is untrue about its length."""
        items = [make() for _ in range(self.below(most + 1))]
        return Odd(items, self.pick(LENGTHS)) if self.once_in(self.spite) else items

    # Market events

    def market(self) -> MarketEvent:
        _, exchange, instrument = self.place()
        time = self.moment()
        return MarketEvent(time, self.moment(), exchange, instrument, self.market_kind(time))

    def market_kind(
        self, time: int
    ) -> PublicTrade | OrderBookL1 | OrderBookSnapshot | OrderBookUpdate | Candle | Liquidation:
        which = self.below(6)
        if which < 2:
            return self.trade()
        if which < 4:
            return self.l1()
        return self.book() if which == 4 else self.bar(time)

    def trade(self) -> PublicTrade:
        return PublicTrade(
            self.text(("t",)), price=self.number(), amount=self.number(), side=self.side()
        )

    def l1(self) -> OrderBookL1:
        return OrderBookL1(self.moment(), self.maybe(self.level), self.maybe(self.level))

    def book(self) -> OrderBookSnapshot | OrderBookUpdate:
        sequence = self.below(5)
        sides = self.some(self.level), self.some(self.level)
        book = OrderBook(sequence, self.maybe(self.moment), *sides)
        return OrderBookSnapshot(book) if self.once_in(2) else OrderBookUpdate(book)

    def bar(self, time: int) -> Candle | Liquidation:
        if self.once_in(2):
            return Liquidation(
                self.side(), price=self.number(), quantity=self.number(), time=self.moment()
            )
        # Rarely one that is an event before its close.
        close_time = self.moment() if self.once_in(self.spite) else time
        return Candle(
            close_time,
            open=self.number(),
            high=self.number(),
            low=self.number(),
            close=self.number(),
            volume=self.number(),
            trade_count=self.below(9),
        )

    # Events of accounts

    def account(self, state: EngineView) -> AccountEvent:
        exchange, _, instrument = self.place()
        if self.once_in(5):
            return AccountEvent(exchange, self.whole_account(exchange))
        if self.once_in(5):
            return AccountEvent(exchange, self.answer(exchange, instrument))
        if self.once_in(3):
            # Of an order that is there.
            live = [order for one in state.instruments for order in one.orders]
            if live:
                known = self.pick(live)
                return AccountEvent(known.exchange, self.progress(known))
        which = self.below(6)
        if which < 3:
            return AccountEvent(exchange, self.fill(instrument, state))
        if which < 5:
            return AccountEvent(exchange, self.order(exchange, instrument))
        return AccountEvent(exchange, self.balance(exchange))

    def balance(self, exchange: int) -> AssetBalance:
        names = {index: name for index, name, _ in PLACES}
        plain = [index for name, index in ASSETS if name == names.get(exchange)] or [0]
        balance = Balance(total=self.number(), free=self.number())
        return AssetBalance(self.index(self.pick(plain)), balance, self.moment())

    def fill(self, instrument: int, state: EngineView) -> Trade:
        quantity = self.number()
        if self.once_in(3) and instrument in range(len(PLACES)):
            position = state.instruments[instrument].position
            if position is not None:
                quantity = position.quantity_abs
        fees = self.number() if self.once_in(3) else Decimal("0.1")
        return Trade(
            self.text(("f",)), self.text(("x",)), instrument, self.owner(), self.moment(),
            self.side(), price=self.number(), quantity=quantity, fees=fees,
        )  # fmt: skip

    def order(self, exchange: int, instrument: int) -> Order:
        quantity = self.number()
        status = self.pick(list(OrderStatus))
        filled = {
            OrderStatus.FULLY_FILLED: quantity,
            OrderStatus.OPEN: self.pick((quantity, Decimal(0), self.number())),
        }.get(status, Decimal(0))
        told = status in (OrderStatus.OPEN, OrderStatus.CANCELLED)
        if status is OrderStatus.CANCEL_IN_FLIGHT and self.once_in(2):
            told = True
        silent = status in (OrderStatus.CANCELLED, OrderStatus.EXPIRED)
        return Order(
            exchange=exchange,
            instrument=instrument,
            strategy_id=self.owner(),
            client_order_id=self.cid(),
            side=self.side(),
            price=self.number(),
            quantity=quantity,
            kind=self.pick(list(OrderKind)),
            time_in_force=self.pick(list(TimeInForce)),
            status=self.spoil(status, [None, 1]),
            order_id=self.text(("x", "y")) if told else None,
            filled_quantity=None if silent else filled,
            time_exchange=self.moment() if told else None,
            failure=self.failure() if status is OrderStatus.OPEN_FAILED else None,
        )

    def progress(self, order: Order) -> Order | OrderResponseCancel:
        """Tell what has come of an order that the engine knows."""
        which = self.below(4)
        if which == 0:
            return self.answer(order.exchange, order.instrument, order.client_order_id)
        status = (OrderStatus.OPEN, OrderStatus.FULLY_FILLED, OrderStatus.EXPIRED)[which - 1]
        filled = self.pick((Decimal(0), order.quantity / 2, order.quantity, order.quantity * 2))
        quantity = self.spoil(order.quantity, [order.quantity * 2, order.quantity / 3])
        return Order(
            exchange=order.exchange,
            instrument=order.instrument,
            strategy_id=order.strategy_id,
            client_order_id=order.client_order_id,
            side=order.side,
            price=order.price,
            quantity=quantity,
            kind=order.kind,
            time_in_force=order.time_in_force,
            status=status,
            order_id="x" if status is OrderStatus.OPEN else None,
            filled_quantity={
                OrderStatus.OPEN: filled,
                OrderStatus.FULLY_FILLED: quantity,
                OrderStatus.EXPIRED: None,
            }[status],
            time_exchange=self.moment() if status is OrderStatus.OPEN else None,
        )

    def failure(self) -> OrderFailure:
        kind = self.pick(list(OrderFailureKind))
        name = kind.name
        has_asset = name in ("ASSET_INVALID", "BALANCE_INSUFFICIENT")
        told = has_asset or name in ("SOCKET", "INSTRUMENT_INVALID", "ORDER_REJECTED")
        return OrderFailure(
            kind,
            self.text(("no",)) if told else None,
            asset=self.index(self.below(len(ASSETS))) if has_asset else None,
            instrument=self.index(0) if name == "INSTRUMENT_INVALID" else None,
            exchange=SPOT if name == "EXCHANGE_OFFLINE" else None,
        )

    def answer(self, exchange: int, instrument: int, cid: str | None = None) -> OrderResponseCancel:
        owner, cid = self.owner(), self.cid() if cid is None else cid
        failed = self.once_in(2)
        return OrderResponseCancel(
            exchange=exchange,
            instrument=instrument,
            strategy_id=owner,
            client_order_id=cid,
            failure=self.failure() if failed else None,
            order_id=None if failed else self.text(("x",)),
            time_exchange=None if failed else self.moment(),
        )

    def whole_account(self, exchange: int) -> AccountSnapshot:
        instruments: list[InstrumentAccountSnapshot] = []
        for place, _, instrument in PLACES:
            if place == exchange and self.once_in(2):
                orders = [self.order(exchange, instrument) for _ in range(self.below(4))]
                instruments.append(InstrumentAccountSnapshot(self.index(instrument), orders))
        balances = self.some(lambda: self.balance(exchange), 4)
        return AccountSnapshot(self.index(exchange), balances, instruments)

    # Requests and commands

    def key(self) -> OrderKey:
        exchange, _, instrument = self.place()
        return OrderKey(exchange, instrument, StrategyId(self.owner()), ClientOrderId(self.cid()))

    def open(self) -> OrderRequestOpen:
        request = RequestOpen(
            self.side(), self.number(), self.number(),
            self.pick(list(OrderKind)), self.pick(list(TimeInForce)),
        )  # fmt: skip
        return OrderRequestOpen(self.spoil(self.key(), [None], 4), self.spoil(request, [1], 4))

    def cancel(self) -> OrderRequestCancel:
        return OrderRequestCancel(self.key(), self.maybe(lambda: OrderId(self.text(("x",)))))

    def filter(self) -> InstrumentFilter:
        which, index = self.below(4), self.index(self.below(4))
        if which == 0:
            return InstrumentFilter.instruments([index])
        if which == 1:
            return InstrumentFilter.exchanges([self.index(1)])
        if which == 2:
            return InstrumentFilter.underlyings([Underlying(index, self.index(2))])
        return InstrumentFilter.none()

    def command(self) -> Command:
        which = self.below(5)
        if which < 2:
            return SendOpenRequests(self.spoil(self.some(self.open, 2 - which), [None, 1, [1]]))
        if which == 2:
            return SendCancelRequests(self.spoil(self.some(self.cancel), [None, "x"]))
        if which == 3:
            return ClosePositions(self.spoil(self.filter(), [None]))
        return CancelOrders(self.filter())

    def event(self, state: EngineView) -> EngineEvent:
        """Make an event; what its classes refuse is raised here."""
        which = self.below(100)
        if which < 45:
            return self.market()
        if which < 80:
            return self.account(state)
        if which < 92:
            return self.command()
        exchange = self.spoil(self.pick((SPOT, COINBASE)), [ExchangeId.KRAKEN, None, "kraken"])
        if which < 94:
            return Reconnecting(
                exchange, time_received=self.pick((None, START_NS + self.below(100) * MILLISECOND))
            )
        if which < 95:
            return AccountReconnecting(exchange)
        if which < 98:
            return TradingState.ENABLED
        if which < 99:
            return TradingState.DISABLED
        return cast("EngineEvent", self.pick(NO_EVENTS)) if self.once_in(2) else Shutdown()


@dataclass(eq=False)
class HostileStrategy(Strategy):
    """Sends things back at random, fails at random, and returns what is not allowed."""

    hostile: Hostile
    errors: int = 0
    held: list[object] = field(default_factory=list)
    """What makes circles: the engine that the strategy is in, and views of it."""

    def hold_sometimes(self, state: EngineView) -> None:
        """Hold views, and collect garbage while the engine is processing."""
        if self.hostile.once_in(100):
            self.held[1:] = [state, state.snapshot(), state.instruments]
            gc.collect()

    def fail_sometimes(self, one_in: int = 40) -> None:
        if self.hostile.once_in(one_in):
            raise BrokenError

    def orders(self, state: EngineView) -> Orders:
        hostile = self.hostile
        self.fail_sometimes()
        if hostile.once_in(20):
            none_of: list[object] = [
                None, 5, (), ([], [], []), ([1], []), ([], [None]), "ab",
                ([], range(10**9)), (range(10**9), []), (Odd([None], asked), []),
            ]  # fmt: skip
            return cast("Orders", hostile.pick(none_of))
        if hostile.once_in(3):
            view = state.instruments[hostile.below(len(PLACES))]
            if view.price is not None:
                return [], [
                    view.market_order(hostile.side(), hostile.number(), strategy_id="hostile")
                ]
        if hostile.once_in(3):
            orders = [order for view in state.instruments for order in view.orders]
            keys = [
                OrderKey(
                    order.exchange, order.instrument,
                    StrategyId(order.strategy_id), ClientOrderId(order.client_order_id),
                )
                for order in orders[:3]
            ]  # fmt: skip
            return [OrderRequestCancel(key) for key in keys], []
        return hostile.some(hostile.cancel, 1), hostile.some(hostile.open, 2)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.hold_sometimes(state)
        return self.orders(state) if self.hostile.once_in(4) else NO_ORDERS

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        if self.hostile.once_in(3):
            return self.orders(state)
        return super().close_positions_requests(state, filter)

    def commands(self) -> Sequence[Command]:
        self.fail_sometimes(10)
        if self.hostile.once_in(15):
            wrong: list[object] = [None, 5, [5], "x", range(10**9), Odd([5], asked)]
            return cast("Sequence[Command]", self.hostile.pick(wrong))
        return self.hostile.some(self.hostile.command)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        return self.commands()

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[Command]:
        return self.commands()


class OrdinaryClosing(HostileStrategy):
    """The same, whose positions barter closes."""

    close_positions_requests = Strategy.close_positions_requests


@dataclass(eq=False)
class HostileRisk(RiskManager):
    """Approves, refuses, changes and forgets requests at random."""

    hostile: Hostile

    @override
    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        hostile = self.hostile
        if hostile.once_in(20):
            raise BrokenError
        if hostile.once_in(20):
            return cast("RiskDecision", hostile.pick([None, 5, (cancels, opens)]))
        if hostile.once_in(10):
            return RiskDecision(cancels, [hostile.open(), *opens])
        refused = [RiskRefused(order, "odd") for order in opens[1::2]]
        if hostile.once_in(2):
            return RiskDecision(
                [], opens[::2], [RiskRefused(one, "no") for one in cancels], refused
            )
        return RiskDecision(cancels, opens[::2], refused_opens=refused)


def limits(hostile: Hostile) -> RiskLimits:
    """Make some limits."""
    small = Decimal(1 + hostile.below(2000)) / 10
    return RiskLimits(
        max_order_quantity=hostile.maybe(lambda: small),
        max_order_notional=hostile.maybe(lambda: small * 1000),
        max_position_quantity=hostile.maybe(lambda: small * 5),
        max_open_orders=hostile.maybe(lambda: 3),
        max_price_deviation=hostile.maybe(lambda: Decimal("0.5")),
        max_drawdown=hostile.maybe(lambda: Decimal("0.5")),
        instruments={"binancespot-eth_usdt": RiskLimits(max_order_quantity=10**9)},
    )


def look_at(state: EngineView) -> None:
    """Read everything that a view shows."""
    repr(state)
    for view in state.instruments:
        repr(view)
        _ = view.price, view.mid, view.best_bid, view.best_ask, view.last_trade, view.book
        _ = view.price_f64, view.mid_f64, view.best_bid_f64, view.best_ask_f64
        _ = view.last_trade_f64, view.orders, view.has_orders, repr(view.position)
    _ = state.health, repr(state.connectivity), repr(state.assets), state.time, repr(state.event)
    hash(state)


@dataclass(eq=False)
class Episode:
    """An engine, its replica, and what was thrown at them."""

    random: Random
    counts: Counter[str] = field(default_factory=Counter)
    state: EngineView = field(init=False)
    """As it was after the last event."""

    def __post_init__(self) -> None:
        self.hostile = hostile = Hostile(self.random, spite=8 * (1 + int(self.random.random() * 8)))
        calm = Hostile(self.random, spite=4 * hostile.spite)
        self.strategy = hostile.pick((HostileStrategy, OrdinaryClosing))(calm)
        risk = hostile.pick((None, None, HostileRisk(calm), limits(hostile)))
        self.engine = Engine(
            self.strategy, INSTRUMENTS, time_start=START_NS,
            risk_manager=risk, guard_commands=hostile.once_in(2),
        )  # fmt: skip
        # A circle, which must be freed, and must not be while it is in use.
        self.strategy.held.append(self.engine)
        start = self.engine.audit_snapshot()
        self.replica, self.state = StateReplica(start), start.state
        if not hostile.once_in(8):
            self.step(TradingState.ENABLED)

    def run(self, events: int) -> None:
        """Make and process so many events."""
        for _ in range(events):
            try:
                event = self.hostile.event(self.state)
            except (ValueError, TypeError) as error:
                self.counts[f"not made: {type(error).__name__}"] += 1
                continue
            self.step(event)

    def step(self, event: EngineEvent) -> None:
        """Process an event, and check all that must hold after it."""
        engine, hostile = self.engine, self.hostile
        before, number = self.state, self.replica.sequence
        given = hostile.moment() if hostile.once_in(20) else None
        try:
            tick = engine.process(event, time=given)
        except EnginePoisonedError:
            raise
        except (BarterError, ValueError, TypeError, BrokenError) as error:
            self.counts[f"raised: {type(error).__name__}"] += 1
            last = engine.last_tick
            if last is None or last.sequence <= number:
                # It was refused.
                assert engine.snapshot() == before
                return
            # It was processed, and the strategy has failed at it.
            tick = last
        self.counts[f"processed: {type(event).__name__}"] += 1
        self.replica.update(tick)
        self.state = after = engine.snapshot()
        assert self.replica.sequence == number + 1
        assert self.replica.state == after
        assert after.time_ns >= before.time_ns
        assert AuditTick.from_json(tick.to_json()) == tick
        assert tick.errors == []
        if isinstance(event, MarketEvent | AccountEvent | Reconnecting | TradingState):
            if isinstance(event, Reconnecting):
                event = Reconnecting(event.exchange)  # barter's form has no time
            assert tick.event == event
        for output in tick.outputs:
            self.counts[f"output: {type(output).__name__}"] += 1
        if hostile.once_in(16):
            look_at(after)
            assert pickle.loads(pickle.dumps(tick)) == tick
            repr(tick)
        if hostile.once_in(200):
            try:
                repr(engine.trading_summary(risk_free_return=0, interval=TimeInterval.DAILY))
            except (BarterError, ValueError) as error:
                self.counts[f"summary: {type(error).__name__}"] += 1

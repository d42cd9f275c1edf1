"""`Engine.process` against barter's engine: a Rust program that shares no code with the binding.

It is `rust/examples/engine_oracle.rs`, built by `cargo build --release --example engine_oracle`. It
reads the events out of our audit with barter's own types and has barter's own instrument data, so
the events are such that barter's data takes all of them: strictly newer ones of L1 and trades.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TypeAlias, cast

import pytest
from support import LONG_RUN
from support.histories import SPOT
from support.oracle import KINDS, SIDES, oracle_path
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AccountReconnecting,
    AccountSnapshot,
    AssetBalance,
    AuditTick,
    Balance,
    CancelOrders,
    ClosePositions,
    Command,
    Engine,
    EngineView,
    ExchangeId,
    InstrumentAccountSnapshot,
    InstrumentFilter,
    MarketData,
    MarketEvent,
    OpenPosition,
    Order,
    OrderBookL1,
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
    SendOpenRequests,
    Shutdown,
    Side,
    Strategy,
    StrategyId,
    SystemConfig,
    TimeInForce,
    TimeInterval,
    Trade,
    TradingState,
)
from barter_python.engine import (
    AccountDisconnect,
    ActionOutput,
    AlgoOrders,
    CancelsAndOpensSent,
    CancelsSent,
    Commanded,
    EngineEvent,
    MarketDisconnect,
    OpensSent,
    TradingDisabled,
)
from barter_python.execution import ClientOrderId
from barter_python.strategy import close_open_positions_with_market_orders

EVERYTHING = InstrumentFilter.none()

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | None"
Object: TypeAlias = dict[str, "Json"]


@dataclass(eq=False)
class Native(Strategy):
    """The twin of the oracle's strategy."""

    id: StrategyId = field(default_factory=lambda: StrategyId("native"))
    questions: int = 0
    ids: int = 0

    def next_id(self) -> ClientOrderId:
        self.ids += 1
        return ClientOrderId(f"native-{self.ids}")

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.questions += 1
        if self.questions % 53:
            return NO_ORDERS
        cancels: list[OrderRequestCancel] = []
        opens: list[OrderRequestOpen] = []
        for view in state.instruments:
            cancels += [cancel_of(order) for order in view.orders if cancellable(order)]
            if view.orders:
                continue
            request = RequestOpen(
                Side.BUY if view.position is None else Side.SELL,
                Decimal(self.questions).scaleb(-2),
                Decimal(self.questions % 7 + 1).scaleb(-1),
                OrderKind.LIMIT,
                TimeInForce.GOOD_UNTIL_CANCELLED,
            )
            key = OrderKey(view.exchange, view.index, self.id, self.next_id())
            opens.append(OrderRequestOpen(key, request))
        return cancels, opens

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        cancels, opens = close_open_positions_with_market_orders(
            self.id, state, filter, lambda _: self.next_id()
        )
        return list(cancels), list(opens)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        return [ClosePositions(InstrumentFilter.instruments([0]))]

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[Command]:
        return [ClosePositions(EVERYTHING)]


def cancellable(order: Order) -> bool:
    return order.status is not OrderStatus.CANCEL_IN_FLIGHT


def cancel_of(order: Order) -> OrderRequestCancel:
    key = OrderKey(
        order.exchange,
        order.instrument,
        StrategyId(order.strategy_id),
        ClientOrderId(order.client_order_id),
    )
    return OrderRequestCancel(key, None if order.order_id is None else OrderId(order.order_id))


# What an exchange might answer


def sent_by(tick: AuditTick) -> Iterator[OrderRequestOpen | OrderRequestCancel]:
    """Give the requests that have left the engine."""

    def of(action: ActionOutput) -> Iterator[OrderRequestOpen | OrderRequestCancel]:
        match action:
            case CancelsSent(cancels, errors):
                assert errors == ()
                yield from cancels
            case OpensSent(opens, errors):
                assert errors == ()
                yield from opens
            case CancelsAndOpensSent(cancelled, opened) | AlgoOrders(cancelled, opened):
                yield from of(cancelled)
                yield from of(opened)

    for output in tick.outputs:
        match output:
            case AlgoOrders():
                yield from of(output)
            case Commanded(action):
                yield from of(action)
            case TradingDisabled(actions) | MarketDisconnect(actions) | AccountDisconnect(actions):
                for action in actions:
                    yield from of(action)


@dataclass
class Exchange:
    """Answers requests in many ways, and says things of its own accord."""

    random: Random
    fills: int = 0

    def order(self, request: OrderRequestOpen, status: OrderStatus, **told: object) -> AccountEvent:
        key, asked = request.key, request.state
        return AccountEvent(
            key.exchange,
            Order(
                exchange=key.exchange,
                instrument=key.instrument,
                strategy_id=key.strategy.value,
                client_order_id=key.cid.value,
                side=asked.side,
                price=asked.price,
                quantity=asked.quantity,
                kind=asked.kind,
                time_in_force=asked.time_in_force,
                status=status,
                order_id=cast("str | None", told.get("order_id")),
                filled_quantity=cast("Decimal | None", told.get("filled_quantity")),
                time_exchange=cast("int | None", told.get("time_exchange")),
                failure=cast("OrderFailure | None", told.get("failure")),
            ),
        )

    def fill(self, request: OrderRequestOpen, quantity: Decimal, time: int) -> AccountEvent:
        self.fills += 1
        cent = Decimal("0.01")
        price = (request.state.price + self.random.randrange(1, 5) * cent).quantize(cent)
        fees = (price * quantity / 1000).quantize(Decimal("0.000001"))
        return AccountEvent(
            0,
            Trade(
                f"fill-{self.fills}",
                f"x-{request.key.cid}",
                request.key.instrument,
                request.key.strategy.value,
                time,
                request.state.side,
                price=price,
                quantity=quantity,
                fees=fees,
            ),
        )

    def balance(self, asset: int, time: int) -> AssetBalance:
        total = Decimal(self.random.randrange(10_000)).scaleb(-1)
        return AssetBalance(asset, Balance(total=total, free=total / 2), time)

    def answers(self, request: OrderRequestOpen, time: int) -> Iterator[AccountEvent]:
        quantity, half = request.state.quantity, request.state.quantity / 2
        number = f"x-{request.key.cid}"
        how = self.random.randrange(8)
        if how == 0:
            failure = OrderFailure(OrderFailureKind.BALANCE_INSUFFICIENT, "too little", asset=1)
            yield self.order(
                request, OrderStatus.OPEN_FAILED, failure=failure, filled_quantity=Decimal(0)
            )
            return
        if how == 1:
            return  # never answered
        yield self.order(
            request,
            OrderStatus.OPEN,
            order_id=number,
            filled_quantity=Decimal(0),
            time_exchange=time,
        )
        if how == 2:
            return  # it rests
        yield self.fill(request, half, time + 1)
        yield self.order(
            request, OrderStatus.OPEN, order_id=number, filled_quantity=half, time_exchange=time + 1
        )
        if how == 3:
            yield self.order(request, OrderStatus.EXPIRED)
            return
        # Older than what is known: barter keeps the newer.
        yield self.order(
            request, OrderStatus.OPEN, order_id=number, filled_quantity=half / 2, time_exchange=time
        )
        yield self.fill(request, quantity - half, time + 2)
        if how < 6:
            yield self.order(request, OrderStatus.FULLY_FILLED, filled_quantity=quantity)
        else:
            yield self.order(
                request,
                OrderStatus.OPEN,
                order_id=number,
                filled_quantity=quantity,
                time_exchange=time + 2,
            )
        yield AccountEvent(0, self.balance(self.random.randrange(4), time + 2))

    def cancelled(self, request: OrderRequestCancel, time: int) -> AccountEvent:
        key = request.key
        done = self.random.randrange(3) > 0
        answer = OrderResponseCancel(
            exchange=key.exchange,
            instrument=key.instrument,
            strategy_id=key.strategy.value,
            client_order_id=key.cid.value,
            order_id=f"x-{key.cid}" if done else None,
            time_exchange=time if done else None,
            failure=None if done else OrderFailure(OrderFailureKind.TIMEOUT),
        )
        return AccountEvent(0, answer)

    def whole_account(self, state: EngineView, time: int) -> AccountEvent:
        balances = [self.balance(asset, time) for asset in range(4)]
        orders = [
            InstrumentAccountSnapshot(
                view.index, [one for one in view.orders if one.status is OrderStatus.OPEN]
            )
            for view in state.instruments
        ]
        return AccountEvent(0, AccountSnapshot(0, balances, orders))

    def unasked(self, state: EngineView, number: int) -> list[EngineEvent]:
        time = state.time_ns
        mine = OrderRequestOpen(
            OrderKey(0, number % 3, StrategyId("by hand"), ClientOrderId(f"mine-{number}")),
            RequestOpen(
                self.random.choice([Side.BUY, Side.SELL]),
                Decimal(number),
                Decimal("0.5"),
                OrderKind.MARKET,
                TimeInForce.FILL_OR_KILL,
            ),
        )
        events: list[list[EngineEvent]] = [
            [Reconnecting(SPOT)],
            [AccountReconnecting(SPOT)],
            [TradingState.DISABLED, TradingState.DISABLED, TradingState.ENABLED],
            [ClosePositions(InstrumentFilter.instruments([number % 3]))],
            [CancelOrders(EVERYTHING)],
            [SendOpenRequests((mine,))],
            [self.whole_account(state, time)],
            [Shutdown()],
        ]
        return self.random.choice(events)


def strictly_newer(data: MarketData) -> Iterator[MarketEvent]:
    """Give the events that barter's own instrument data takes."""
    last: dict[tuple[int, type], int] = {}
    for event in data:
        if not isinstance(event, MarketEvent):
            continue
        kind = event.kind
        time = event.time_exchange_ns
        if isinstance(kind, OrderBookL1):
            time = min(time, kind.last_update_time_ns)
        key = event.instrument, type(kind)
        if time > last.get(key, -1):
            last[key] = max(
                event.time_exchange_ns,
                kind.last_update_time_ns if isinstance(kind, OrderBookL1) else 0,
            )
            yield event


# Ours


@dataclass
class Told:
    """An event as we have processed it."""

    tick: AuditTick
    state: EngineView | None


@dataclass
class Session:
    """All that our engine has done."""

    engine: Engine
    exchange: Exchange
    told: list[Told] = field(default_factory=list)

    def process(self, event: EngineEvent) -> None:
        """Process an event, and then what the exchange answers."""
        waiting = [event]
        while waiting:
            tick = self.engine.process(waiting.pop(0))
            keep = bool(tick.outputs) or len(self.told) % 50 == 0
            keep = keep or isinstance(tick.event, AccountEvent)
            self.told.append(Told(tick, self.engine.snapshot() if keep else None))
            for request in sent_by(tick):
                if isinstance(request, OrderRequestOpen):
                    waiting.extend(self.exchange.answers(request, tick.time_ns))
                else:
                    waiting.append(self.exchange.cancelled(request, tick.time_ns))


def ours(data: MarketData, config: SystemConfig, seed: int, most: int) -> Session:
    engine = Engine(Native(), config.index(), time_start=data.time_start_ns)
    session = Session(engine, Exchange(Random(seed)))
    session.process(TradingState.ENABLED)
    for number, event in enumerate(strictly_newer(data)):
        if number == most:
            break
        session.process(event)
        if number % 101 == 100:
            for happened in session.exchange.unasked(engine.snapshot(), number):
                session.process(happened)
    session.process(TradingState.DISABLED)
    return session


# Theirs


def as_barter_writes(tick: AuditTick) -> Object:
    """Give our JSON of an audit with floats where barter has them and we have exact numbers."""
    audit: Object = json.loads(tick.to_json())
    happened = tick.event
    if isinstance(happened, MarketEvent) and isinstance(happened.kind, PublicTrade):
        value: object = audit
        for name in ("event", "Process", "event", "Market", "Item", "kind", "Trade"):
            value = cast("Object", value)[name]
        traded = cast("Object", value)
        for name in ("price", "amount"):
            traded[name] = float(cast("str", traded[name]))
    return audit


def theirs(session: Session, config_path: Path, time_start: str) -> list[Object]:
    """Have the oracle process the same events."""
    instruments = json.loads(config_path.read_text(encoding="utf-8"))["instruments"]
    lines = [json.dumps({"time_start": time_start, "instruments": instruments})]
    for told in session.told:
        audit = as_barter_writes(told.tick)
        context, process = cast("Object", audit["context"]), cast("Object", audit["event"])
        step = {
            "time": context["time"],
            "event": cast("Object", process["Process"])["event"],
            "state": told.state is not None,
        }
        lines.append(json.dumps(step))
    ended = subprocess.run(
        [oracle_path("engine_oracle")],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


TIMES_IN_FORCE = {
    '{"GoodUntilCancelled": {"post_only": false}}': TimeInForce.GOOD_UNTIL_CANCELLED,
    '"FillOrKill"': TimeInForce.FILL_OR_KILL,
    '"ImmediateOrCancel"': TimeInForce.IMMEDIATE_OR_CANCEL,
}


def order_of(order: Object) -> Order:
    """Read barter's order."""
    key = cast("Object", order["key"])
    state = order["state"]
    status, detail = (
        (state, None) if isinstance(state, str) else next(iter(cast("Object", state).items()))
    )
    opened = cast("Object | None", detail)
    if status == "CancelInFlight":
        assert opened is not None
        opened = cast("Object | None", opened["order"])
    return Order(
        exchange=cast("int", key["exchange"]),
        instrument=cast("int", key["instrument"]),
        strategy_id=str(key["strategy"]),
        client_order_id=str(key["cid"]),
        side=SIDES[str(order["side"])],
        price=Decimal(str(order["price"])),
        quantity=Decimal(str(order["quantity"])),
        kind=KINDS[str(order["kind"])],
        time_in_force=TIMES_IN_FORCE[json.dumps(order["time_in_force"])],
        status={
            "OpenInFlight": OrderStatus.OPEN_IN_FLIGHT,
            "Open": OrderStatus.OPEN,
            "CancelInFlight": OrderStatus.CANCEL_IN_FLIGHT,
        }[str(status)],
        order_id=str(opened["id"]) if opened else None,
        filled_quantity=Decimal(str(opened["filled_quantity"])) if opened else Decimal(0),
        time_exchange=str(opened["time_exchange"]) if opened else None,
    )


def position_of(position: Object | None, view: OpenPosition | None) -> OpenPosition | None:
    """Read barter's position; its unrealised profit and loss is as old as its last fill."""
    if position is None or view is None:
        assert position is None
        return None
    number = {name: Decimal(str(value)) for name, value in position.items() if is_number(value)}
    enter, leave = (
        Decimal(str(cast("Object", position[name])["fees"])) for name in ("fees_enter", "fees_exit")
    )
    return OpenPosition(
        cast("int", position["instrument"]),
        SIDES[str(position["side"])],
        price_entry_average=number["price_entry_average"],
        quantity_abs=number["quantity_abs"],
        quantity_abs_max=number["quantity_abs_max"],
        pnl_unrealised=view.pnl_unrealised,
        pnl_realised=number["pnl_realised"],
        fees_enter=enter,
        fees_exit=leave,
        time_enter=str(position["time_enter"]),
        time_exchange_update=str(position["time_exchange_update"]),
        trades=[str(trade) for trade in cast("Sequence[Json]", position["trades"])],
    )


def is_number(value: Json) -> bool:
    return isinstance(value, str) and value.lstrip("-").replace(".", "", 1).isdigit()


def assert_same(state: EngineView, expected: Object) -> None:
    """Compare our state with barter's, field by field."""
    assert state.trading.value == str(expected["trading"]).lower()
    assert state.health.value == str(expected["global"]).lower()
    connectivity = [
        {
            "exchange": one.exchange.value,
            "market_data": one.market_data.name.capitalize(),
            "account": one.account.name.capitalize(),
        }
        for one in state.connectivity
    ]
    assert connectivity == expected["exchanges"]
    for asset, told in zip(state.assets, cast("list[Object]", expected["assets"]), strict=True):
        assert (asset.exchange.value, asset.name) == (told["exchange"], told["name"])
        if asset.balance is None:
            assert told["balance"] is None
            continue
        held = cast("Object", told["balance"])
        assert asset.balance == Balance(
            total=Decimal(str(held["total"])), free=Decimal(str(held["free"]))
        )
        assert asset == type(asset)(
            asset.index,
            asset.exchange,
            asset.name,
            asset.name_exchange,
            asset.balance,
            str(told["time"]),
        )
    instruments = cast("list[Object]", expected["instruments"])
    for view, told in zip(state.instruments, instruments, strict=True):
        assert view.name == told["name"]
        price = told["price"]
        assert view.price == (None if price is None else Decimal(str(price)))
        assert view.orders == [order_of(one) for one in cast("list[Object]", told["orders"])]
        position = cast("Object | None", told["position"])
        assert view.position == position_of(position, view.position)


@pytest.mark.parametrize("seed", range(5 if LONG_RUN else 1))
def test_the_engine_does_what_barters_does(
    seed: int, real_history: MarketData, real_config: SystemConfig, examples: Path
) -> None:
    session = ours(real_history, real_config, seed, 10**9 if LONG_RUN else 8_000)
    start = json.loads(session.told[0].tick.to_json())["context"]["time"]
    answers = theirs(session, examples / "system_config.json", start)
    counts: Counter[str] = Counter()
    for told, answer in zip(session.told, answers, strict=True):
        assert as_barter_writes(told.tick) == answer["audit"]
        if told.state is not None:
            assert_same(told.state, cast("Object", answer["state"]))
            counts["states"] += 1
        counts.update(type(output).__name__ for output in told.tick.outputs)
        counts.update([type(told.tick.event).__name__])
    summary = session.engine.trading_summary(risk_free_return=0, interval=TimeInterval.DAILY)
    last = cast("Object", answers[-1]["state"])
    for one in cast("list[Object]", last["instruments"]):
        assert summary.instruments[str(one["name"])].pnl == Decimal(str(one["pnl"]))
    wanted = {
        "states": 1000,
        "AccountEvent": 1000,
        "MarketEvent": 8000,
        "AlgoOrders": 100,
        "PositionExit": 40,
        "Commanded": 10,
        "MarketDisconnect": 3,
        "AccountDisconnect": 3,
        "TradingDisabled": 3,
        "Shutdown": 3,
    }
    assert {name: count for name, count in wanted.items() if counts[name] < count} == {}

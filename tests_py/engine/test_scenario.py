"""A session of a few days, told event by event, with every figure calculated by hand.

The figures are those of barter's own test `test_engine_process_engine_event_with_audit`: a strategy
buys one of each instrument and holds; the first position is closed by a command, with a profit, the
second by a limit order, with a loss. Every fill costs a tenth of its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from support.histories import SPOT, spot
from typing_extensions import override

from barter_python import (
    AccountEvent,
    AccountSnapshot,
    AssetBalance,
    AuditTick,
    Balance,
    ClientOrderId,
    ClosePositions,
    Engine,
    EngineView,
    IndexedInstruments,
    InstrumentFilter,
    InstrumentView,
    MarketEvent,
    Order,
    OrderKey,
    OrderKind,
    OrderRequestOpen,
    Orders,
    OrderStatus,
    PublicTrade,
    Reconnecting,
    RequestOpen,
    SendOpenRequests,
    Side,
    StateReplica,
    Strategy,
    StrategyId,
    TimeInForce,
    TimeInterval,
    Trade,
    TradingState,
)
from barter_python.engine import (
    AlgoOrders,
    CancelsAndOpensSent,
    CancelsSent,
    Commanded,
    Connectivity,
    EngineEvent,
    EngineOutput,
    Health,
    MarketDisconnect,
    OpensSent,
    PositionExit,
    PositionExited,
    TradingDisabled,
)
from barter_python.strategy import close_open_positions_with_market_orders

START = datetime(2024, 1, 1, tzinfo=timezone.utc)
EXCHANGE = 0
BTC_USDT, ETH_BTC = 0, 1
BTC, ETH, USDT = 0, 1, 2
OWNER = "buy-and-hold"
NOTHING_CANCELLED = CancelsSent((), ())


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def request(
    instrument: int,
    side: Side,
    price: str,
    kind: OrderKind = OrderKind.MARKET,
    time_in_force: TimeInForce = TimeInForce.IMMEDIATE_OR_CANCEL,
) -> OrderRequestOpen:
    """Ask for one unit, under the only id that an instrument's orders have here."""
    key = OrderKey(EXCHANGE, instrument, StrategyId(OWNER), ClientOrderId(f"only-{instrument}"))
    return OrderRequestOpen(key, RequestOpen(side, Decimal(price), Decimal(1), kind, time_in_force))


@dataclass(eq=False)
class BuyAndHold(Strategy):
    """Buys one of all that has a price and is neither held nor ordered."""

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        return [], [self.bought(one) for one in state.instruments if self.wants(one)]

    @staticmethod
    def wants(instrument: InstrumentView) -> bool:
        free = instrument.position is None and not instrument.has_orders
        return free and instrument.price is not None

    @staticmethod
    def bought(instrument: InstrumentView) -> OrderRequestOpen:
        return request(instrument.index, Side.BUY, str(instrument.price))

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        cancels, opens = close_open_positions_with_market_orders(
            OWNER, state, filter, lambda one: ClientOrderId(f"only-{one.index}")
        )
        return list(cancels), list(opens)


@dataclass
class Session:
    """An engine, a replica that follows it, and the number of the tick that is due."""

    engine: Engine
    replica: StateReplica
    due: int = 1

    def expect(self, happened: EngineEvent, *outputs: EngineOutput) -> EngineView:
        """Process an event: the audit says exactly this of it."""
        tick: AuditTick = self.engine.process(happened)
        assert (tick.sequence, tick.event, tick.outputs) == (self.due, happened, outputs)
        assert (tick.errors, tick.is_terminal) == ([], False)
        self.due += 1
        self.replica.update(tick)
        state = self.engine.snapshot()
        assert self.replica.state == state
        return state


@pytest.fixture
def session() -> Session:
    instruments = IndexedInstruments([spot("btc"), spot("eth", "btc")])
    names = [one.name for one in instruments.instruments]
    assert names == ["binancespot-btc_usdt", "binancespot-eth_btc"]
    assert [one.name for one in instruments.assets] == ["btc", "eth", "usdt"]
    engine = Engine(BuyAndHold(), instruments, time_start=START)
    return Session(engine, StateReplica(engine.audit_snapshot()))


def public(number: int, instrument: int, price: str) -> MarketEvent:
    kind = PublicTrade(str(number), price=Decimal(price), amount=Decimal(1), side=Side.BUY)
    return MarketEvent(day(number), day(number), SPOT, instrument, kind)


def acknowledged(number: int, instrument: int, side: Side, price: str, filled: int) -> AccountEvent:
    """Make the exchange's answer to an order, which it calls a limit order."""
    return AccountEvent(
        EXCHANGE,
        Order(
            exchange=EXCHANGE,
            instrument=instrument,
            strategy_id=OWNER,
            client_order_id=f"only-{instrument}",
            side=side,
            price=Decimal(price),
            quantity=Decimal(1),
            kind=OrderKind.LIMIT,
            time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
            status=OrderStatus.OPEN,
            order_id=f"order-{instrument}",
            filled_quantity=filled,
            time_exchange=day(number),
        ),
    )


def fill(number: int, instrument: int, side: Side, price: str, fees: str) -> AccountEvent:
    return AccountEvent(
        EXCHANGE,
        Trade(
            f"fill-{number}", f"order-{instrument}", instrument, OWNER, day(number), side,
            price=Decimal(price), quantity=Decimal(1), fees=Decimal(fees),
        ),
    )  # fmt: skip


def balance(number: int, asset: int, total: str, free: str | None = None) -> AccountEvent:
    amounts = Balance(total=Decimal(total), free=Decimal(total if free is None else free))
    return AccountEvent(EXCHANGE, AssetBalance(asset, amounts, day(number)))


def closed(
    instrument: int, entry: str, pnl: str, fees: Sequence[str], exit_day: int
) -> PositionExit:
    """Make the end of a long position of one unit that was entered on the second day."""
    enter, leave = map(Decimal, fees)
    ids = ["fill-2", f"fill-{exit_day}"]
    return PositionExit(
        PositionExited(
            instrument,
            Side.BUY,
            price_entry_average=Decimal(entry),
            quantity_abs_max=1,
            pnl_realised=Decimal(pnl),
            fees_enter=enter,
            fees_exit=leave,
            time_enter=day(2),
            time_exit=day(exit_day),
            trades=ids,
        )
    )


def test_buying_holding_and_closing(session: Session) -> None:
    expect = session.expect
    assert session.engine.snapshot().health is Health.RECONNECTING

    # The account first, then a price of each instrument.
    held = [
        AssetBalance(asset, Balance(total=amount, free=amount), START)
        for asset, amount in ((BTC, 1), (ETH, 10), (USDT, 40_000))
    ]
    state = expect(AccountEvent(EXCHANGE, AccountSnapshot(EXCHANGE, held, [])))
    assert state.health is Health.RECONNECTING
    assert [asset.balance for asset in state.assets] == [one.balance for one in held]
    assert [asset.time_exchange for asset in state.assets] == [START] * 3
    assert expect(public(1, BTC_USDT, "10000")).health is Health.HEALTHY
    state = expect(public(1, ETH_BTC, "0.1"))
    assert [one.price for one in state.instruments] == [10_000, Decimal("0.1")]
    assert session.engine.time == day(1)

    # Trading begins: the strategy buys one of each. Then it ends, and what was sent stays sent.
    bought = request(BTC_USDT, Side.BUY, "10000"), request(ETH_BTC, Side.BUY, "0.1")
    state = expect(
        TradingState.ENABLED, AlgoOrders(NOTHING_CANCELLED, OpensSent(bought, ()), (), ())
    )
    in_flight = [
        (order.status, order.quantity) for one in state.instruments for order in one.orders
    ]
    assert in_flight == [(OrderStatus.OPEN_IN_FLIGHT, Decimal(1))] * 2
    expect(TradingState.DISABLED, TradingDisabled(()))

    # One bitcoin for 10,000 USDT and 1,000 USDT of fees.
    state = expect(acknowledged(2, BTC_USDT, Side.BUY, "10000", filled=1))
    assert state.instrument(BTC_USDT).orders == []
    state = expect(fill(2, BTC_USDT, Side.BUY, "10000", fees="1000"))
    position = state.instrument(BTC_USDT).position
    assert position is not None
    assert position.side is Side.BUY
    assert [position.quantity_abs, position.price_entry_average] == [1, 10_000]
    assert [position.pnl_realised, position.fees_enter] == [-1000, 1000]
    assert position.time_enter == day(2)
    expect(balance(2, USDT, "9000"))
    state = expect(balance(2, BTC, "2"))
    assert state.balance(SPOT, "usdt") == Balance(total=9000, free=9000)
    assert state.balance(SPOT, "btc") == Balance(total=2, free=2)

    # One ether for 0.1 bitcoin and 0.01 bitcoin of fees.
    state = expect(acknowledged(2, ETH_BTC, Side.BUY, "0.1", filled=1))
    assert state.instrument(ETH_BTC).orders == []
    expect(fill(2, ETH_BTC, Side.BUY, "0.1", fees="0.01"))
    expect(balance(2, BTC, "0.99"))
    state = expect(balance(2, ETH, "11"))
    assert state.assets[BTC].balance == Balance(total=Decimal("0.99"), free=Decimal("0.99"))
    assert (state.assets[ETH].balance, state.assets[ETH].time_exchange) == (
        Balance(total=11, free=11), day(2),
    )  # fmt: skip

    # Bitcoin doubles, ether halves. Worth 20,000 - 10,000, less both fees: barter takes that of
    # leaving for that of entering.
    state = expect(public(3, BTC_USDT, "20000"))
    position = state.instrument(BTC_USDT).position
    assert position is not None
    assert position.pnl_unrealised == 20_000 - 10_000 - 1000
    expect(public(3, ETH_BTC, "0.05"))

    # A command closes the bitcoin position, although trading is disabled.
    sold = request(BTC_USDT, Side.SELL, "20000")
    closing = CancelsAndOpensSent(NOTHING_CANCELLED, OpensSent((sold,), ()))
    expect(ClosePositions(InstrumentFilter.instruments([BTC_USDT])), Commanded(closing))
    state = expect(acknowledged(3, BTC_USDT, Side.SELL, "20000", filled=1))
    assert state.instrument(BTC_USDT).orders == []
    expect(balance(3, USDT, "27000"))
    state = expect(balance(3, BTC, "1"))
    assert state.balance(SPOT, "usdt") == Balance(total=27_000, free=27_000)
    # (20,000 - 2,000) - (10,000 + 1,000)
    state = expect(
        fill(3, BTC_USDT, Side.SELL, "20000", fees="2000"),
        closed(BTC_USDT, "10000", "7000", ("1000", "2000"), 3),
    )
    assert state.instrument(BTC_USDT).position is None

    # The market's stream is lost, the account's is not.
    state = expect(Reconnecting(SPOT), MarketDisconnect(()))
    assert state.health is Health.RECONNECTING
    assert state.connectivity == [Connectivity(SPOT, Health.RECONNECTING, Health.HEALTHY)]

    # A limit order for the ether rests, takes what it sells out of the free balance, and is filled.
    resting = request(
        ETH_BTC, Side.SELL, "0.05", OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY
    )
    expect(SendOpenRequests((resting,)), Commanded(OpensSent((resting,), ())))
    rests = acknowledged(4, ETH_BTC, Side.SELL, "0.05", filled=0)
    assert expect(rests).instrument(ETH_BTC).orders == [rests.kind]
    state = expect(balance(4, ETH, "11", free="10"))
    assert state.balance(SPOT, "eth") == Balance(total=11, free=10)
    done = Order(
        exchange=EXCHANGE,
        instrument=ETH_BTC,
        strategy_id=OWNER,
        client_order_id="only-1",
        side=Side.SELL,
        price=Decimal("0.05"),
        quantity=1,
        kind=OrderKind.LIMIT,
        time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
        status=OrderStatus.FULLY_FILLED,
        filled_quantity=1,
    )
    state = expect(AccountEvent(EXCHANGE, done))
    assert state.instrument(ETH_BTC).orders == []
    # (0.05 - 0.005) - (0.1 + 0.01)
    expect(
        fill(5, ETH_BTC, Side.SELL, "0.05", fees="0.005"),
        closed(ETH_BTC, "0.1", "-0.065", ("0.01", "0.005"), 5),
    )
    state = expect(balance(5, ETH, "10"))
    assert state.balance(SPOT, "eth") == Balance(total=10, free=10)
    assert [one.position for one in state.instruments] == [None, None]

    assert session.due == 28
    assert session.engine.time == day(5)
    summary = session.engine.trading_summary(
        risk_free_return=Decimal("0.05"), interval=TimeInterval.DAILY
    )
    assert (summary.time_engine_start, summary.time_engine_end) == (START, day(5))
    profits = {name: sheet.pnl for name, sheet in summary.instruments.items()}
    assert profits == {"binancespot-btc_usdt": 7000, "binancespot-eth_btc": Decimal("-0.065")}
    ends = {name: sheet.balance_end for name, sheet in summary.assets.items()}
    assert list(ends.values()) == [
        Balance(total=1, free=1),
        Balance(total=10, free=10),
        Balance(total=27_000, free=27_000),
    ]

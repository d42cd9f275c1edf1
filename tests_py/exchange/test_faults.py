"""The script of faults: what the strategy is told, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    START_NS,
    Action,
    at,
    buy,
    cancel_request,
    history,
    l1,
    limit_request,
    market_request,
    quotes,
    trade,
    two_exchanges,
    two_instruments,
    with_execution,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AccountReconnecting,
    AccountSnapshot,
    AssetBalance,
    AuditSnapshot,
    AuditTick,
    BacktestResult,
    DelayAnswers,
    Disconnect,
    DuplicateAnswers,
    EngineView,
    ExchangeId,
    Fault,
    HookCommand,
    MarketData,
    MarketEvent,
    Order,
    OrderFailure,
    OrderFailureKind,
    OrderRequestOpen,
    OrderResponseCancel,
    Orders,
    OrderStatus,
    RejectRequests,
    SendOpenRequests,
    Side,
    StateReplica,
    Strategy,
    SystemConfig,
    Trade,
    TradingState,
    UniformLatency,
    run_backtest,
)

MS = timedelta(milliseconds=1)
OFFLINE = OrderFailureKind.EXCHANGE_OFFLINE
REJECTED = OrderFailureKind.ORDER_REJECTED


def moment(milliseconds: int) -> datetime:
    """Give a time in a small history, which begins 789 nanoseconds after a whole microsecond."""
    start = datetime.fromtimestamp(START_NS // 10**9, timezone.utc)
    return start + timedelta(microseconds=START_NS % 10**9 // 1000 + 1000 * milliseconds)


def after(milliseconds: int) -> int:
    """Give the same in nanoseconds."""
    return at(milliseconds) - START_NS % 1000


@dataclass(eq=False)
class Log(Strategy):
    """Does after some market events what a function says, and notes what it is told, and when."""

    actions: Mapping[int, Action] = field(default_factory=dict)
    commands: Sequence[HookCommand] = ()
    count: int = 0
    told: list[tuple[int, object]] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        happened = state.event
        if isinstance(happened, MarketEvent):
            action = self.actions.get(self.count)
            self.count += 1
            return NO_ORDERS if action is None else action(state)
        if isinstance(happened, AccountEvent):
            self.told.append((state.time_ns, name(happened)))
        else:
            assert happened is None
            self.told.append((state.time_ns, "asked"))
        return NO_ORDERS

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        self.told.append((state.time_ns, f"lost {exchange.value}"))
        return self.commands


def name(event: AccountEvent) -> object:
    """Name what an event tells."""
    match event.kind:
        case Order(status=OrderStatus.OPEN_FAILED, failure=OrderFailure(kind=kind)):
            return kind
        case Order(status=status):
            return status
        case OrderResponseCancel(failure=None):
            return "cancelled"
        case OrderResponseCancel(failure=OrderFailure(kind=kind)):
            return kind
        case AssetBalance():
            return "balance"
        case Trade():
            return "trade"
        case AccountSnapshot():
            return "snapshot"
        case _:
            pytest.fail(f"{event}")


def sending(*requests: OrderRequestOpen) -> Action:
    """Send these."""
    return lambda state: ([], list(requests))


def cancelling(*cids: str) -> Action:
    """Cancel these."""
    return lambda state: ([cancel_request(cid) for cid in cids], [])


def config(*faults: Fault, **fields: object) -> SystemConfig:
    """Configure an exchange with this script."""
    return with_execution(two_instruments(), faults=faults, **fields)


def audited(strategy: Log, data: MarketData, config: SystemConfig) -> list[AuditTick]:
    """Run a strategy, and give what the engine did."""
    ticks: list[AuditTick] = []

    def keep(tick: AuditSnapshot | AuditTick) -> None:
        if isinstance(tick, AuditTick):
            ticks.append(tick)

    run_backtest(strategy, data, config, audit=keep)
    return ticks


FILLED: list[object] = ["balance", "balance", "trade", OrderStatus.FULLY_FILLED]


def all_at(milliseconds: int, names: Sequence[object]) -> list[tuple[int, object]]:
    return [(at(milliseconds), one) for one in names]


def exactly_at(milliseconds: int, names: Sequence[object]) -> list[tuple[int, object]]:
    return [(after(milliseconds), one) for one in names]


# Disconnects


def test_a_disconnect_holds_answers_and_ends_with_a_snapshot() -> None:
    fault = Disconnect(moment(50), 200 * MS)
    # Sent at 0 and decided at 40, its answer would come at 80.
    strategy = Log({0: buy})
    result = run_backtest(
        strategy, quotes(5), config(fault, latency=40 * MS, answer_latency=40 * MS)
    )
    assert strategy.told == [
        *exactly_at(50, ["lost binance_spot", "asked"]),
        *exactly_at(250, [*FILLED, "snapshot"]),
    ]
    (report,) = result.orders
    assert report.time_finished_ns == result.fills[0].time_exchange_ns == at(40)


def test_requests_to_a_lost_exchange_are_answered_at_once() -> None:
    fault = Disconnect(moment(50), 200 * MS)
    one, two = limit_request("one", 100), market_request("two")
    strategy = Log({0: sending(one), 1: lambda state: ([cancel_request("one")], [two])})
    result = run_backtest(
        strategy, quotes(5), config(fault, latency=20 * MS, answer_latency=10 * MS)
    )
    assert strategy.told == [
        *all_at(30, ["balance", OrderStatus.OPEN]),
        *exactly_at(50, ["lost binance_spot", "asked"]),
        *all_at(120, [OFFLINE, OFFLINE]),
        *exactly_at(250, ["snapshot"]),
    ]
    assert [report.order.status for report in result.orders] == [
        OrderStatus.OPEN,
        OrderStatus.OPEN_FAILED,
    ]
    assert result.orders[1].time_finished_ns == at(120)
    failure = result.orders[1].order.failure
    assert failure is not None
    assert failure.exchange is ExchangeId.BINANCE_SPOT


def test_resting_orders_are_filled_while_the_exchange_is_lost() -> None:
    fault = Disconnect(moment(50), 200 * MS)
    orders: list[tuple[int, list[str]]] = []
    strategy = Log({0: sending(limit_request("one", 99), limit_request("two", 98))})
    data = history(
        l1(0, "100", "102"),
        trade(100, "98.5", side=Side.SELL),
        l1(200, "100", "102"),
        l1(300, "100", "102"),
    )

    def look(state: EngineView) -> Orders:
        ids = sorted(order.client_order_id for order in state.instrument(BTC).orders)
        orders.append((state.time_ns, ids))
        return NO_ORDERS

    strategy.actions = {**strategy.actions, 1: look, 2: look, 3: look}
    ticks = audited(strategy, data, config(fault))
    assert strategy.told == [
        *all_at(0, ["balance", OrderStatus.OPEN] * 2),
        *exactly_at(50, ["lost binance_spot", "asked"]),
        *exactly_at(250, [*FILLED, "snapshot"]),
    ]
    assert orders == [
        (at(100), ["one", "two"]),
        (at(200), ["one", "two"]),
        (at(300), ["two"]),
    ]
    (snapshot,) = (
        tick.event.kind
        for tick in ticks
        if isinstance(tick.event, AccountEvent) and isinstance(tick.event.kind, AccountSnapshot)
    )
    (instrument,) = snapshot.instruments
    (order,) = instrument.orders
    assert (order.client_order_id, order.status, order.order_id) == ("two", OrderStatus.OPEN, "2")
    totals = {balance.asset: balance.balance.total for balance in snapshot.balances}
    frees = {balance.asset: balance.balance.free for balance in snapshot.balances}
    # One bitcoin for 99, and 98 reserved: btc, eth, usdt.
    assert totals == {0: 11, 1: 10, 2: 9_901}
    assert frees == {0: 11, 1: 10, 2: 9_803}
    assert {balance.time_exchange_ns for balance in snapshot.balances} == {after(250)}


@pytest.mark.filterwarnings("ignore:faults.*outside the history")
def test_what_is_due_at_the_start_is_delivered_and_at_the_end_waits_for_it() -> None:
    """At equal times, messages are delivered before a fault begins or ends."""
    whole = timedelta(microseconds=1)
    start = START_NS // 1000 * 1000 + 1000
    data = MarketData.from_events(
        [MarketEvent(start, start, ExchangeId.BINANCE_SPOT, BTC, l1(0, "100", "102").kind)]
    )
    first = datetime.fromtimestamp(start // 10**9, timezone.utc) + timedelta(
        microseconds=start % 10**9 // 1000
    )
    fault = Disconnect(first + 10 * whole, 10 * whole)
    for latency, expected in ((10, 10), (11, 20), (20, 20), (21, 21)):
        ticks = audited(Log({0: buy}), data, config(fault, answer_latency=latency * whole))
        times = [
            (tick.time_ns - start) // 1000
            for tick in ticks
            if isinstance(tick.event, AccountEvent) and isinstance(tick.event.kind, Trade)
        ]
        assert times == [expected]


def test_commands_of_on_disconnect_are_sent() -> None:
    strategy = Log(commands=[SendOpenRequests([market_request("late")])])
    result = run_backtest(
        strategy, quotes(5), config(Disconnect(moment(50), 200 * MS), latency=300 * MS)
    )
    # It arrives when the exchange is back.
    assert [fill.time_exchange_ns for fill in result.fills] == [after(350)]


@pytest.mark.filterwarnings("ignore:faults.*outside the history")
def test_a_disconnect_that_has_begun_begins_with_the_run_and_one_that_is_over_does_not() -> None:
    over, begun = Disconnect(moment(-100), 100 * MS), Disconnect(moment(0), 150 * MS)
    strategy = Log({0: buy})
    run_backtest(strategy, quotes(3), config(begun, over))
    assert strategy.told == [
        *all_at(0, ["lost binance_spot", "asked", OFFLINE]),
        *exactly_at(150, ["snapshot"]),
    ]


def test_after_the_history_a_disconnect_ends_only_for_what_waits() -> None:
    fault = Disconnect(moment(50), 200 * MS)
    for actions, names in (({}, []), ({1: buy}, [OFFLINE]), ({0: buy}, [*FILLED, "snapshot"])):
        ticks = audited(Log(actions), quotes(2), config(fault, answer_latency=60 * MS))
        told = [name(tick.event) for tick in ticks if isinstance(tick.event, AccountEvent)]
        assert told == names
        assert sum(isinstance(tick.event, AccountReconnecting) for tick in ticks) == 1


@pytest.mark.filterwarnings("ignore:faults.*outside the history")
def test_after_the_history_nobody_turns_trading_on() -> None:
    strategy = Log({1: buy}, commands=[TradingState.ENABLED])
    fault = Disconnect(moment(150), 200 * MS)
    run_backtest(strategy, quotes(2), config(fault, latency=100 * MS))
    assert strategy.told == exactly_at(150, ["lost binance_spot"])


def test_only_the_lost_exchange_is_lost() -> None:
    both = two_exchanges()
    binance, coinbase = both.executions
    faults = [Disconnect(moment(50), 200 * MS)]
    lost = SystemConfig(both.instruments, [binance, replace(coinbase, faults=faults)])
    strategy = Log({1: lambda state: ([], [*buy(state)[1], *buy(state, instrument=1)[1]])})
    data = history(
        l1(0, "100", "102", instrument=1, exchange=ExchangeId.COINBASE),
        l1(100, "100", "102"),
        l1(300, "100", "102"),
    )
    run_backtest(strategy, data, lost)
    assert strategy.told == [
        *exactly_at(50, ["lost coinbase", "asked"]),
        *all_at(100, [*FILLED, OFFLINE]),
        *exactly_at(250, ["snapshot"]),
    ]


# Refusals, delays and doubles


def test_requests_are_refused_with_the_reason_of_the_script() -> None:
    fault = RejectRequests(moment(50), 200 * MS, "the engine is overloaded")
    one = limit_request("one", 100)
    strategy = Log(
        {
            0: sending(one),
            1: lambda state: ([cancel_request("one")], [market_request("two")]),
            4: cancelling("one", "two"),
        }
    )
    result = run_backtest(strategy, quotes(5), config(fault, answer_latency=5 * MS))
    assert strategy.told == [
        *all_at(5, ["balance", OrderStatus.OPEN]),
        *all_at(105, [REJECTED, REJECTED]),
    ]
    assert [report.order.status for report in result.orders] == [
        OrderStatus.CANCELLED,
        OrderStatus.OPEN_FAILED,
    ]
    failure = result.orders[1].order.failure
    assert failure is not None
    assert failure.detail == "the engine is overloaded"


def test_the_first_refusal_of_the_script_gives_the_reason() -> None:
    faults = [
        RejectRequests(moment(0), 500 * MS, "first"),
        RejectRequests(moment(0), 500 * MS, "second"),
    ]
    result = run_backtest(Log({1: buy}), quotes(3), config(*faults))
    failure = result.orders[0].order.failure
    assert failure is not None
    assert failure.detail == "first"


def test_answers_are_delayed_by_all_that_is_in_force_and_not_overtaken() -> None:
    faults = [DelayAnswers(moment(50), 100 * MS, 250 * MS), DelayAnswers(moment(90), MS, 7 * MS)]
    extra = DelayAnswers(moment(60), 80 * MS, 8 * MS)
    strategy = Log(dict.fromkeys(range(4), buy))
    run_backtest(strategy, quotes(8), config(*faults, extra, answer_latency=10 * MS))
    # Decided at 0, 100, 200 and 300; at 100 two delays are in force: 100 + 10 + 250 + 8. What is
    # told at 200 and 300 would come before that.
    assert strategy.told == [
        *all_at(10, FILLED),
        *all_at(368, FILLED * 3),
    ]


def equity_of(result: BacktestResult) -> list[Decimal]:
    return [point.equity for point in result.equity()["binance_spot_usdt"]]


def test_doubled_answers_are_reported_once_and_booked_twice_by_barter() -> None:
    fault = DuplicateAnswers(moment(50), 100 * MS)
    strategy = Log({1: buy, 2: sending(limit_request("rest", 99))})
    ticks: list[AuditSnapshot | AuditTick] = []
    result = run_backtest(strategy, quotes(5), config(fault), audit=ticks.append)
    assert strategy.told == [
        *all_at(100, FILLED * 2),
        *all_at(200, ["balance", OrderStatus.OPEN]),
    ]
    assert [fill.id for fill in result.fills] == ["1"]
    assert [report.order.status for report in result.orders] == [
        OrderStatus.FULLY_FILLED,
        OrderStatus.OPEN,
    ]
    assert result.orders[0].filled_quantity == 1
    assert result.balances["binance_spot_btc"].total == 11
    # barter's position has two.
    assert [position.quantity_abs for position in result.open_positions] == [2]
    # Two at 102, valued at 101.
    assert equity_of(result) == [10_000, 9_998, 9_998, 9_998, 9_998]
    first, *rest = ticks
    assert isinstance(first, AuditSnapshot)
    replica = StateReplica(first)
    for tick in rest:
        assert isinstance(tick, AuditTick)
        replica.update(tick)


def test_doubled_answers_of_orders_that_rest_and_end() -> None:
    fault = DuplicateAnswers(moment(0), 1000 * MS)
    strategy = Log(
        {
            0: sending(limit_request("one", 99), limit_request("two", 98)),
            2: cancelling("two"),
            3: sending(limit_request("two", 97)),
        }
    )
    data = history(
        l1(0, "100", "102"),
        trade(100, "98.5", side=Side.SELL),
        l1(200, "100", "102"),
        l1(300, "100", "102"),
        l1(400, "100", "102"),
    )
    result = run_backtest(strategy, data, config(fault))
    assert strategy.told == [
        *all_at(0, ["balance", OrderStatus.OPEN] * 4),
        *all_at(100, FILLED * 2),
        *all_at(200, ["balance", "cancelled"] * 2),
        *all_at(300, ["balance", OrderStatus.OPEN] * 2),
    ]
    statuses = [report.order.status for report in result.orders]
    assert statuses == [OrderStatus.FULLY_FILLED, OrderStatus.CANCELLED, OrderStatus.OPEN]
    assert len(result.fills) == 1


def test_offline_answers_draw_nothing() -> None:
    """What the client answers itself takes no latency from the exchange's answers."""
    latency = UniformLatency(1 * MS, 60 * MS, 5)
    fault = Disconnect(moment(50), 100 * MS)
    alone, offline = Log({2: buy}), Log({1: buy, 2: buy})
    run_backtest(alone, quotes(5), config(fault, answer_latency=latency))
    run_backtest(offline, quotes(5), config(fault, answer_latency=latency))
    assert [one for one in offline.told if one[1] is not OFFLINE] == alone.told
    assert (at(100), OFFLINE) in offline.told

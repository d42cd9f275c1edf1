"""Audits of runs, and replicas that follow them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest
from support.engines import EVERYTHING, BrokenError, Cautious, engine
from support.histories import (
    ETH,
    SPOT,
    Action,
    OnMarketEvents,
    buy,
    history,
    l1,
    market_request,
    quotes,
    trade,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AccountSnapshot,
    AssetBalance,
    AuditOrderError,
    AuditSnapshot,
    AuditTick,
    CancelOrders,
    ClientOrderId,
    DefaultStrategy,
    Engine,
    EngineView,
    MarketData,
    OrderKey,
    OrderRequestCancel,
    Orders,
    OrderStatus,
    Reconnecting,
    RiskLimits,
    SendOpenRequests,
    Side,
    StateReplica,
    Strategy,
    StrategyId,
    SystemConfig,
    TradingState,
    run_backtest,
)
from barter_python.engine import (
    AlgoOrders,
    EngineEvent,
    TradingDisabled,
)


def audited(
    strategy: Strategy, data: MarketData, config: SystemConfig
) -> tuple[AuditSnapshot, list[AuditTick]]:
    told: list[AuditSnapshot | AuditTick] = []
    run_backtest(strategy, data, config, close_at_end=True, audit=told.append)
    first, *rest = told
    assert isinstance(first, AuditSnapshot)
    ticks = [tick for tick in rest if isinstance(tick, AuditTick)]
    assert len(ticks) == len(rest)
    return first, ticks


@pytest.mark.parametrize("limits", [None, RiskLimits(max_order_quantity=2)])
def test_a_run_is_the_same_with_an_audit_and_without(limits: RiskLimits | None) -> None:
    """Without one, the driver leaves out what makes barter's audit of market events."""

    def sized(quantity: int) -> Action:
        return lambda state: buy(state, quantity)

    data = history(*(l1(second, str(100 + second), str(102 + second)) for second in range(1, 9)))
    told: list[AuditSnapshot | AuditTick] = []
    results = [
        run_backtest(
            OnMarketEvents({1: sized(1), 3: sized(3), 5: sized(2)}), data, two_instruments(),
            risk_manager=limits, close_at_end=True, audit=audit,
        )
        for audit in (None, told.append)
    ]  # fmt: skip
    without, audited = results
    assert told
    assert len(without.orders) == (4 if limits is None else 3)
    assert len(without.refused) == (0 if limits is None else 1)
    assert without.positions
    assert without == audited


def test_a_run_tells_its_whole_audit() -> None:
    snapshot, ticks = audited(OnMarketEvents({1: buy}), quotes(3), two_instruments())
    assert snapshot.sequence == 0
    assert snapshot.state.trading is TradingState.ENABLED
    assert [tick.sequence for tick in ticks] == list(range(1, len(ticks) + 1))
    kinds = [type(tick.event).__name__ for tick in ticks]
    answers = ["AccountEvent"] * 4
    assert kinds == [
        *["MarketEvent"] * 2, *answers, "MarketEvent", "TradingState", "ClosePositions", *answers,
    ]  # fmt: skip
    assert sum(isinstance(output, AlgoOrders) for tick in ticks for output in tick.outputs) == 1


def test_what_an_audit_raises_stops_the_run() -> None:
    def refuse(told: AuditSnapshot | AuditTick) -> None:
        if isinstance(told, AuditTick) and told.sequence == 2:
            raise BrokenError("enough")

    with pytest.raises(BrokenError, match="enough"):
        run_backtest(DefaultStrategy(), quotes(3), two_instruments(), audit=refuse)
    with pytest.raises(TypeError, match="audit must be callable, got int 5"):
        run_backtest(DefaultStrategy(), quotes(3), two_instruments(), audit=5)  # type: ignore[arg-type]


def test_a_replica_needs_every_tick() -> None:
    snapshot, ticks = audited(OnMarketEvents({0: buy}), quotes(3), two_instruments())
    replica = StateReplica(snapshot)
    with pytest.raises(AuditOrderError, match="audit tick 3 does not follow tick 0"):
        replica.update(ticks[2])
    assert (replica.sequence, replica.state) == (0, snapshot.state)
    replica.update(ticks[0])
    replica.update(ticks[0])
    assert replica.sequence == 1


def test_two_replicas_do_not_share_their_state() -> None:
    snapshot, ticks = audited(OnMarketEvents({0: buy}), quotes(3), two_instruments())
    one, other = StateReplica(snapshot), StateReplica(snapshot)
    one.update(ticks[0])
    assert one.state != other.state
    assert other.state == snapshot.state


def test_a_replica_has_orders_in_flight() -> None:
    made = engine(Cautious())
    replica = StateReplica(made.audit_snapshot())
    events: list[EngineEvent] = [
        l1(0, "100", "102"),
        SendOpenRequests([market_request("mine", instrument=ETH)]),
        Reconnecting(SPOT),
        TradingState.DISABLED,
        CancelOrders(EVERYTHING),
        history(trade(9, "7"))[0],
    ]
    for happened in events:
        replica.update(made.process(happened))
        assert replica.state == made.snapshot()
    statuses = {order.client_order_id: order.status for order in replica.state.instrument(0).orders}
    assert statuses == {"bp-1": OrderStatus.CANCEL_IN_FLIGHT}


@dataclass(eq=False)
class Alternating(Strategy):
    """Buys or sells now and then, and cancels what is under way."""

    count: int = 0

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        self.count += 1
        if instrument is None or self.count % 97:
            return NO_ORDERS
        if instrument.orders:
            key = instrument.orders[0]
            cid, owner = ClientOrderId(key.client_order_id), StrategyId(key.strategy_id)
            return [OrderRequestCancel(OrderKey(0, instrument.index, owner, cid))], []
        side = Side.BUY if instrument.position is None else Side.SELL
        return [], [instrument.market_order(side, Decimal("0.01"), strategy_id="alternating")]


def test_the_engine_step_by_step_is_the_engine_of_a_run(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    """An engine that is given a run's events does the same, and replicas follow each step."""
    snapshot, ticks = audited(Alternating(), real_history, real_config)
    strategy = Alternating()
    made = Engine(strategy, real_config.index(), time_start=snapshot.time_ns)
    balances = [
        AssetBalance(asset.index, asset.balance, asset.time_exchange_ns)
        for asset in snapshot.state.assets
        if asset.balance is not None and asset.time_exchange_ns is not None
    ]
    made.process(AccountEvent(0, AccountSnapshot(0, balances, [])))
    made.process(TradingState.ENABLED)
    strategy.count = 0  # it was asked for orders just now
    replica, follower = StateReplica(snapshot), StateReplica(made.audit_snapshot())
    assert snapshot.state == made.snapshot()
    kinds: Counter[str] = Counter()
    for number, tick in enumerate(ticks):
        assert tick.event is not None
        again = made.process(tick.event, time=tick.time_ns)
        replica.update(tick)
        follower.update(again)
        # To take a snapshot is to copy it.
        if tick.outputs or isinstance(tick.event, AccountEvent) or number % 20 == 0:
            assert replica.state == made.snapshot()
            assert follower.state == made.snapshot()
        assert again.time_ns == tick.time_ns
        if tick.event is TradingState.DISABLED:
            # In the run nobody is told: the end of a history is no decision of the trader.
            assert (again.outputs, tick.outputs) == ((TradingDisabled(()),), ())
        else:
            assert (again.event, again.outputs) == (tick.event, tick.outputs)
        kinds.update(type(output).__name__ for output in tick.outputs)
    assert len(ticks) > 51_000
    assert kinds["AlgoOrders"] > 300
    assert kinds["PositionExit"] > 100
    assert kinds["Commanded"] == 1

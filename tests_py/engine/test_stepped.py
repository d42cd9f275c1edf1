"""The engine in the hands of its user: events one by one, and their audit."""

from __future__ import annotations

import copy
import pickle
import threading
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from support.engines import EVERYTHING, INSTRUMENTS, BrokenError, Cautious, engine
from support.histories import (
    BTC,
    ETH,
    SPOT,
    START_NS,
    Acting,
    OnMarketEvents,
    at,
    buy,
    candle,
    event,
    l1,
    market_request,
    quotes,
    trade,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountReconnecting,
    AuditTick,
    CancelOrders,
    ClosePositions,
    DefaultStrategy,
    Engine,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    Liquidation,
    MarketDataError,
    OrderRequestError,
    Orders,
    OrderStatus,
    Reconnecting,
    RiskLimits,
    SendCancelRequests,
    SendOpenRequests,
    Shutdown,
    Side,
    StrategyBusyError,
    TimeInterval,
    TradingState,
    UnknownKeyError,
    ViewError,
    run_backtest,
)
from barter_python.engine import (
    AlgoOrders,
    CancelsAndOpensSent,
    CancelsSent,
    Commanded,
    Connectivity,
    EngineEvent,
    Health,
    MarketDisconnect,
    OpensSent,
    TradingDisabled,
    event_from_json,
    event_to_json,
)

# The clock


def test_the_clock_starts_where_it_is_told_and_never_runs_backwards() -> None:
    made = Engine(DefaultStrategy(), INSTRUMENTS, time_start=START_NS)
    assert made.time_ns == START_NS
    assert made.time == datetime(2023, 11, 14, 22, 13, 20, 123456, tzinfo=timezone.utc)
    assert made.process(l1(10, "1", "2")).time_ns == at(10)
    assert made.process(l1(5, "1", "2")).time_ns == at(10)
    assert made.process(l1(11, "1", "2"), time=at(20)).time_ns == at(20)
    assert made.process(Reconnecting(SPOT)).time_ns == at(20)
    assert made.process(Reconnecting(SPOT), time=made.time).time_ns == at(20)
    assert made.process(Reconnecting(SPOT, time_received=at(15))).time_ns == at(20)
    assert made.time_ns == at(20)
    assert made.process(Reconnecting(SPOT, time_received=at(25))).time_ns == at(25)


def test_ticks_are_numbered_from_zero() -> None:
    made = Engine(DefaultStrategy(), INSTRUMENTS, time_start=0)
    assert made.last_tick is None
    ticks = [made.process(one) for one in (TradingState.ENABLED, l1(0, "1", "2"), Shutdown())]
    assert [tick.sequence for tick in ticks] == [0, 1, 2]
    assert [tick.is_terminal for tick in ticks] == [False, False, True]
    assert made.last_tick == ticks[-1]
    assert made.audit_snapshot().sequence == 3
    assert made.process(Shutdown()).sequence == 4


# Events


EVENTS: list[EngineEvent] = [
    l1(0, "100", "102"),
    l1(0, None, "102.5"),
    trade(1, "101.123456789012345678"),
    candle(2, "99.5"),
    event(3, Liquidation(Side.SELL, price=Decimal("98.5"), quantity=2, time=at(3))),
    Reconnecting(SPOT),
    AccountReconnecting(SPOT),
    TradingState.ENABLED,
    TradingState.DISABLED,
    Shutdown(),
    SendOpenRequests((market_request("mine"),)),
    ClosePositions(InstrumentFilter.instruments([1])),
    CancelOrders(EVERYTHING),
]


@pytest.mark.parametrize("happened", EVENTS, ids=repr)
def test_the_audit_holds_the_event_and_survives_json_and_pickle(happened: EngineEvent) -> None:
    tick = Engine(DefaultStrategy(), INSTRUMENTS, time_start=START_NS).process(happened)
    assert tick.event == happened
    assert tick.errors == []
    for copied in (
        AuditTick.from_json(tick.to_json()),
        pickle.loads(pickle.dumps(tick)),
        copy.deepcopy(tick),
    ):
        assert copied == tick
        assert hash(copied) == hash(tick)
        assert copied.event == happened
        assert copied.outputs == tick.outputs
        assert copied.time_ns == tick.time_ns


@pytest.mark.parametrize("happened", EVENTS, ids=repr)
def test_events_are_written_and_read_as_barter_writes_them(happened: EngineEvent) -> None:
    assert event_from_json(event_to_json(happened)) == happened


def test_a_text_that_is_no_event_is_refused() -> None:
    for text in ("", "{}", "null", '{"Market":{"Item":{}}}', '{"Shutdown":null} and more'):
        with pytest.raises(ValueError, match="text is no event"):
            event_from_json(text)
    with pytest.raises(TypeError, match="expected an event"):
        event_to_json("Shutdown")  # type: ignore[arg-type]


def test_a_text_that_is_no_audit_is_refused() -> None:
    with pytest.raises(ValueError, match="not an audit tick: EOF"):
        AuditTick.from_json("{")


def test_other_objects_are_no_events() -> None:
    made = engine()
    for wrong in (None, "Shutdown", 1, NO_ORDERS, EVERYTHING, Shutdown, Side.BUY):
        with pytest.raises(TypeError, match="expected an event"):
            made.process(wrong)  # type: ignore[arg-type]
    assert made.audit_snapshot().sequence == 1


def test_events_that_barter_panics_on_are_refused_and_nothing_changes() -> None:
    made = engine()
    before = made.snapshot()
    refused: list[tuple[EngineEvent, type[Exception], str]] = [
        (l1(0, "1", "2", instrument=2), UnknownKeyError, "there is no instrument 2"),
        (l1(0, "1", "2", exchange=ExchangeId.KRAKEN), UnknownKeyError, "kraken"),
        (Reconnecting(ExchangeId.KRAKEN), UnknownKeyError, "kraken"),
        (AccountReconnecting(ExchangeId.KRAKEN), UnknownKeyError, "kraken"),
        (l1(0, "1", "100000000000000"), MarketDataError, "too large"),
        (trade(0, "1", "-1"), MarketDataError, "amount must not be negative, got -1"),
        (SendOpenRequests([]), ValueError, "the command has no requests"),
        (SendCancelRequests(()), ValueError, "the command has no requests"),
        (
            SendOpenRequests([market_request("a"), market_request("a")]),
            OrderRequestError,
            'client order id "a" is live already',
        ),
        (
            SendOpenRequests([market_request("a", instrument=7)]),
            OrderRequestError,
            "there is no instrument 7",
        ),
    ]
    for happened, error, text in refused:
        with pytest.raises(error, match=text):
            made.process(happened)
        assert made.snapshot() == before
    assert made.audit_snapshot().sequence == 1


# What the engine does


def test_orders_of_the_strategy_are_in_the_audit_and_in_flight() -> None:
    made = engine(OnMarketEvents({0: buy}))
    tick = made.process(l1(0, "100", "102"))
    (output,) = tick.outputs
    match output:
        case AlgoOrders(CancelsSent((), ()), OpensSent((order,), ()), (), ()):
            assert order.key.cid.value == "bp-1"
            assert order.state.quantity == 1
        case _:
            pytest.fail(f"{output!r}")
    (live,) = made.snapshot().instrument(BTC).orders
    assert (live.client_order_id, live.status) == ("bp-1", OrderStatus.OPEN_IN_FLIGHT)


def test_trading_disabled_keeps_the_strategy_silent() -> None:
    made = Engine(OnMarketEvents({0: buy}), INSTRUMENTS, time_start=0)
    assert made.process(l1(0, "100", "102")).outputs == ()
    assert made.snapshot().trading is TradingState.DISABLED
    assert made.process(TradingState.ENABLED).outputs == ()
    assert made.process(TradingState.DISABLED).outputs == (TradingDisabled(()),)


def test_what_hooks_have_the_engine_do_is_in_the_audit() -> None:
    strategy = Cautious()
    made = engine(strategy)
    made.process(l1(0, "100", "102"))
    (output,) = made.process(Reconnecting(SPOT)).outputs
    match output:
        case MarketDisconnect((CancelsSent((cancel,), ()),)):
            assert cancel.key.cid.value == "bp-1"
        case _:
            pytest.fail(f"{output!r}")
    (order,) = made.snapshot().instrument(BTC).orders
    assert order.status is OrderStatus.CANCEL_IN_FLIGHT
    (output,) = made.process(TradingState.DISABLED).outputs
    # The cancel is under way already: barter sends no second one.
    empty = CancelsAndOpensSent(CancelsSent((), ()), OpensSent((), ()))
    assert output == TradingDisabled((empty,))
    assert strategy.log == ["disconnect binance_spot", "disabled"]


def test_commands_are_carried_out_whether_trading_is_enabled_or_not() -> None:
    made = Engine(DefaultStrategy(), INSTRUMENTS, time_start=0)
    requests = (market_request("one"), market_request("two", instrument=ETH))
    (output,) = made.process(SendOpenRequests(requests)).outputs
    assert output == Commanded(OpensSent(requests, ()))
    tick = made.process(CancelOrders(InstrumentFilter.instruments([ETH])))
    match tick.outputs:
        case (Commanded(CancelsSent((cancel,), ())),):
            assert cancel.key == requests[1].key
        case outputs:
            pytest.fail(f"{outputs!r}")
    # The engine gets the cancels themselves, in a fixed order, instead of the filter.
    assert tick.event == SendCancelRequests((cancel,))


def test_a_guard_checks_commands_from_outside_and_its_refusals_are_in_the_audit() -> None:
    limits = RiskLimits(max_order_quantity=1)
    made = Engine(
        DefaultStrategy(), INSTRUMENTS, time_start=0, risk_manager=limits, guard_commands=True
    )
    small, large = market_request("small"), market_request("large", quantity=Decimal(2))
    match made.process(SendOpenRequests((small, large))).outputs:
        case (Commanded(OpensSent(sent, ())), Commanded(AlgoOrders(_, nothing, (), (refused,)))):
            assert sent == (small,)
            assert nothing == OpensSent((), ())
            assert refused.item == large
            assert "max_order_quantity" in refused.reason
        case outputs:
            pytest.fail(f"{outputs!r}")
    tick = made.process(SendOpenRequests((large,)))
    assert tick.event == SendOpenRequests((large,))
    match tick.outputs:
        case (Commanded(AlgoOrders(_, nothing, (), (again,))),):
            assert (nothing, again) == (OpensSent((), ()), refused)
        case outputs:
            pytest.fail(f"{outputs!r}")
    unguarded = Engine(DefaultStrategy(), INSTRUMENTS, time_start=0, risk_manager=limits)
    assert unguarded.process(SendOpenRequests((large,))).outputs == (
        Commanded(OpensSent((large,), ())),
    )


def test_refusals_of_the_strategys_orders_are_in_the_audit() -> None:
    made = Engine(
        OnMarketEvents({0: lambda state: buy(state, 2)}),
        INSTRUMENTS,
        time_start=0,
        risk_manager=RiskLimits(max_order_quantity=1),
    )
    made.process(TradingState.ENABLED)
    match made.process(l1(0, "100", "102")).outputs:
        case (AlgoOrders(CancelsSent((), ()), OpensSent((), ()), (), (refused,)),):
            assert refused.item.state.quantity == 2
        case outputs:
            pytest.fail(f"{outputs!r}")
    assert made.snapshot().instrument(BTC).orders == []


def test_cancels_come_in_the_order_of_instruments_and_ids() -> None:
    made = Engine(DefaultStrategy(), INSTRUMENTS, time_start=0)
    ids = [f"order-{number:02}" for number in range(30)]
    for name in reversed(ids):
        made.process(SendOpenRequests([market_request(name, instrument=ETH)]))
        made.process(SendOpenRequests([market_request(f"b-{name}")]))
    match made.process(CancelOrders(EVERYTHING)).outputs:
        case (Commanded(CancelsSent(sent, ())),):
            assert [cancel.key.cid.value for cancel in sent] == [f"b-{i}" for i in ids] + ids
        case outputs:
            pytest.fail(f"{outputs!r}")


def test_connectivity_follows_the_events() -> None:
    made = engine()
    snapshot = made.snapshot()
    assert snapshot.health is Health.RECONNECTING
    assert snapshot.connectivity == [Connectivity(SPOT, Health.RECONNECTING, Health.RECONNECTING)]
    made.process(trade(0, "1"))
    assert made.snapshot().connectivity == [Connectivity(SPOT, Health.HEALTHY, Health.RECONNECTING)]
    made.process(Reconnecting(SPOT))
    assert made.snapshot().connectivity == snapshot.connectivity


def test_a_summary_of_the_session_so_far() -> None:
    made = engine()
    made.process(l1(1000, "1", "2"))
    summary = made.trading_summary(risk_free_return=0, interval=TimeInterval.DAILY)
    assert (summary.time_engine_start_ns, summary.time_engine_end_ns) == (START_NS, at(1000))
    assert set(summary.instruments) == {"binancespot-btc_usdt", "binancespot-eth_usdt"}


# When the strategy fails


def fail(_: EngineView) -> Orders:
    raise BrokenError("on purpose")


def test_an_exception_arrives_unchanged_and_the_engine_goes_on() -> None:
    made = engine(OnMarketEvents({0: fail, 1: buy}))
    with pytest.raises(BrokenError, match="on purpose") as caught:
        made.process(l1(0, "100", "102"))
    assert caught.traceback[-1].name == "fail"
    # The price has arrived all the same, and the audit of it is not lost.
    assert made.snapshot().instrument(BTC).best_bid == 100
    assert made.last_tick is not None
    assert (made.last_tick.sequence, made.last_tick.outputs) == (1, ())
    assert len(made.process(l1(1, "100", "102")).outputs) == 1


def test_the_strategy_cannot_have_the_engine_process_another_event() -> None:
    def again(_: EngineView) -> Orders:
        made.process(l1(0, "1", "2"))
        return NO_ORDERS

    def look(_: EngineView) -> Orders:
        made.snapshot()
        return NO_ORDERS

    for action in (again, look):
        made = Engine(Acting(action), INSTRUMENTS, time_start=0)
        with pytest.raises(StrategyBusyError, match="is processing an event"):
            made.process(TradingState.ENABLED)


def test_an_engine_belongs_to_its_thread() -> None:
    made = engine()
    caught: list[Exception] = []

    def use() -> None:
        try:
            made.process(l1(0, "1", "2"))
        except ViewError as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert "belongs to the thread that made it" in str(caught[0])
    assert made.audit_snapshot().sequence == 1


def test_on_start_runs_when_the_engine_is_made() -> None:
    class Failing(Cautious):
        @override
        def on_start(self, state: EngineView, /) -> None:
            assert state.trading is TradingState.DISABLED
            fail(state)

    with pytest.raises(BrokenError, match="on purpose"):
        Engine(Failing(), INSTRUMENTS, time_start=0)


# Snapshots


def test_a_snapshot_is_valid_anywhere_and_changes_no_more() -> None:
    made = engine(OnMarketEvents({0: buy}))
    made.process(l1(0, "100", "102"))
    snapshot = made.snapshot()
    made.process(l1(1, "200", "202"))
    assert snapshot.is_snapshot
    assert snapshot.time_ns == at(0)
    assert snapshot.event == l1(0, "100", "102")
    assert snapshot.updated is not None
    assert snapshot.updated.index == BTC
    assert snapshot.instrument("binancespot-btc_usdt").mid == 101
    assert [order.client_order_id for order in snapshot.instrument(BTC).orders] == ["bp-1"]
    assert snapshot.next_cid().value == "bp-2"
    assert "binancespot-btc_usdt" in repr(snapshot)
    assert made.snapshot() != snapshot
    seen: list[Decimal | None] = []
    thread = threading.Thread(target=lambda: seen.append(snapshot.instrument(BTC).mid))
    thread.start()
    thread.join()
    assert seen == [101]


def test_snapshots_are_equal_when_states_are() -> None:
    one, other = engine(OnMarketEvents({0: buy})), engine(OnMarketEvents({0: buy}))
    for number in range(3):
        assert one.snapshot() == other.snapshot()
        assert hash(one.snapshot()) == hash(other.snapshot())
        one.process(l1(number, "100", "102"))
        assert one.snapshot() != other.snapshot()
        other.process(l1(number, "100", "102"))
    assert one.snapshot() != "a snapshot"


def test_a_strategy_can_keep_snapshots_of_its_run() -> None:
    kept: list[EngineView] = []
    live: list[EngineView] = []

    def keep(state: EngineView) -> Orders:
        kept.append(state.snapshot())
        live.append(state)
        assert not state.is_snapshot
        return NO_ORDERS

    run_backtest(Acting(keep), quotes(3), two_instruments())
    assert [snapshot.time_ns for snapshot in kept] == [at(0), at(100), at(200)]
    assert [snapshot.instrument(BTC).mid for snapshot in kept] == [101, 101, 101]
    assert kept[0].balance(SPOT, "usdt").total == 10_000
    assert [asset.name for asset in kept[0].assets] == ["btc", "eth", "usdt"]
    assert kept[0].assets[2].balance == kept[0].balance(SPOT, "usdt")
    assert live[0] == live[1]
    with pytest.raises(ViewError):
        live[0].snapshot()

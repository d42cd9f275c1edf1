"""Hooks of strategies: fills, closed positions, lost streams, several objects as one strategy."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from support.engines import INSTRUMENTS, BrokenError
from support.histories import (
    BTC,
    ETH,
    SPOT,
    START_NS,
    OnMarketEvents,
    at,
    buy,
    history,
    l1,
    market_request,
    orders,
    quotes,
    reconnecting,
    two_exchanges,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AlgoStrategy,
    AuditSnapshot,
    AuditTick,
    CancelOrders,
    ClosePositions,
    Command,
    DefaultStrategy,
    Engine,
    EngineView,
    ExchangeId,
    HookCommand,
    InstrumentFilter,
    Order,
    OrderKind,
    Orders,
    OrderStatus,
    PositionExited,
    Reconnecting,
    SendOpenRequests,
    Shutdown,
    Side,
    Strategies,
    Strategy,
    StrategyBusyError,
    Trade,
    TradingState,
    UnknownKeyError,
    cancel_all_orders_on_disconnect,
    close_all_positions_on_trading_disabled,
    run_backtest,
)
from barter_python.engine import (
    CancelsAndOpensSent,
    CancelsSent,
    MarketDisconnect,
    OpensSent,
    PositionExit,
    TradingDisabled,
)

COINBASE = ExchangeId.COINBASE


def sell(state: EngineView, quantity: Decimal | int = 1, instrument: int = BTC) -> Orders:
    """Sell at the market."""
    view = state.instrument(instrument)
    return orders([view.market_order(Side.SELL, quantity, strategy_id="test")])


def fill_event(
    number: int, side: Side = Side.BUY, quantity: Decimal | int = 1, price: Decimal | int = 100
) -> AccountEvent:
    """Make the event of a fill."""
    trade = Trade(
        f"fill-{number}",
        f"order-{number}",
        BTC,
        "test",
        at(number),
        side,
        price=price,
        quantity=quantity,
        fees=0,
    )
    return AccountEvent(0, trade)


# The two ready answers


@dataclass(eq=False)
class Ready(OnMarketEvents):
    """Answers with the ready functions, and keeps what they said."""

    said: list[Sequence[Command]] = field(default_factory=list)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        self.said.append(cancel_all_orders_on_disconnect(exchange, state))
        return self.said[-1]

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        self.said.append(close_all_positions_on_trading_disabled(state))
        return self.said[-1]


def order_event(made: Engine, index: int, status: OrderStatus) -> AccountEvent:
    """Make the exchange's answer to the order of an instrument."""
    (order,) = made.snapshot().instrument(index).orders
    answered = Order(
        exchange=order.exchange,
        instrument=order.instrument,
        strategy_id=order.strategy_id,
        client_order_id=order.client_order_id,
        side=order.side,
        price=order.price,
        quantity=order.quantity,
        kind=order.kind,
        time_in_force=order.time_in_force,
        status=status,
        order_id=f"exchange-{index}",
        time_exchange=at(1),
        filled_quantity=0 if status is OrderStatus.OPEN else None,
    )
    return AccountEvent(order.exchange, answered)


def test_a_lost_stream_cancels_the_orders_of_its_exchange() -> None:
    made = Engine(Ready({}), two_exchanges().index(), time_start=START_NS)
    made.process(SendOpenRequests([market_request("one", kind=OrderKind.LIMIT)]))
    other = market_request("other", kind=OrderKind.LIMIT, instrument=1, exchange=1)
    made.process(SendOpenRequests([other]))
    for index in (0, 1):
        made.process(order_event(made, index, OrderStatus.OPEN))
    assert cancel_all_orders_on_disconnect(SPOT, made.snapshot()) == [
        CancelOrders(InstrumentFilter.instruments([0]))
    ]
    assert cancel_all_orders_on_disconnect(COINBASE, made.snapshot()) == [
        CancelOrders(InstrumentFilter.instruments([1]))
    ]
    (output,) = made.process(Reconnecting(SPOT)).outputs
    match output:
        case MarketDisconnect((CancelsSent((cancel,), ()),)):
            assert cancel.key.cid.value == "one"
        case _:
            pytest.fail(f"{output!r}")
    made.process(order_event(made, 0, OrderStatus.CANCELLED))
    assert [len(view.orders) for view in made.snapshot().instruments] == [0, 1]


def test_without_orders_a_lost_stream_cancels_nothing() -> None:
    state = Engine(DefaultStrategy(), INSTRUMENTS, time_start=0).snapshot()
    assert cancel_all_orders_on_disconnect(SPOT, state) == []
    assert close_all_positions_on_trading_disabled(state) == []
    with pytest.raises(UnknownKeyError, match="kraken"):
        cancel_all_orders_on_disconnect(ExchangeId.KRAKEN, state)


def test_orders_are_cancelled_and_positions_closed_when_trading_is_disabled() -> None:
    class Stops(Ready):
        @override
        def on_disconnect(
            self, exchange: ExchangeId, state: EngineView, /
        ) -> Sequence[HookCommand]:
            return [TradingState.DISABLED]

    strategy = Stops({0: lambda s: buy(s, 2, ETH), 1: buy})
    data = history(
        l1(0, "10", "12", instrument=ETH),
        l1(200, "100", "102"),
        reconnecting(),
        l1(400, "100", "102"),
    )
    config = two_instruments(latency=timedelta(milliseconds=100))
    ticks: list[AuditTick] = []

    def audit(tick: AuditSnapshot | AuditTick) -> None:
        if isinstance(tick, AuditTick):
            ticks.append(tick)

    result = run_backtest(strategy, data, config, audit=audit)
    assert strategy.said == [
        [
            CancelOrders(InstrumentFilter.instruments([BTC])),
            ClosePositions(InstrumentFilter.instruments([ETH])),
        ]
    ]
    (disabled,) = (
        output for tick in ticks for output in tick.outputs if isinstance(output, TradingDisabled)
    )
    match disabled.outputs:
        case (CancelsSent((cancel,), ()), CancelsAndOpensSent(_, OpensSent((closing,), ()))):
            assert cancel.key.instrument == BTC
            assert (closing.key.instrument, closing.state.quantity) == (ETH, Decimal(2))
        case outputs:
            pytest.fail(f"{outputs!r}")
    assert [position.instrument for position in result.positions] == [ETH]
    # The market order was filled before its cancel arrived.
    assert [position.instrument for position in result.open_positions] == [BTC]


def test_the_ready_answers_are_the_same_for_a_view_and_its_snapshot() -> None:
    compared = 0

    def compare(state: EngineView) -> Orders:
        nonlocal compared
        copied = state.snapshot()
        for answer in (
            cancel_all_orders_on_disconnect(SPOT, state),
            close_all_positions_on_trading_disabled(state),
        ):
            compared += len(answer)
        assert cancel_all_orders_on_disconnect(SPOT, copied) == cancel_all_orders_on_disconnect(
            SPOT, state
        )
        assert close_all_positions_on_trading_disabled(
            copied
        ) == close_all_positions_on_trading_disabled(state)
        return NO_ORDERS

    strategy = OnMarketEvents({0: buy, 1: buy, 2: compare})
    data = history(*(l1(time, "100", "102") for time in (0, 100, 100, 200)))
    run_backtest(strategy, data, two_instruments(latency=timedelta(milliseconds=50)))
    assert compared == 3


# Fills and closed positions


@dataclass(eq=False)
class Told(OnMarketEvents):
    """Writes down in which order what is called, and what the state then holds."""

    log: list[tuple[str, object, Decimal | None]] = field(default_factory=list)

    def note(self, what: str, told: object, state: EngineView) -> None:
        position = state.instrument(BTC).position
        self.log.append((what, told, None if position is None else position.quantity_abs))

    @override
    def on_fill(self, trade: Trade, state: EngineView, /) -> None:
        happened = state.event
        assert isinstance(happened, AccountEvent)
        assert happened.kind == trade
        self.note("fill", trade, state)

    @override
    def on_position_closed(self, position: PositionExited, state: EngineView, /) -> None:
        self.note("closed", position, state)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.note("asked", None, state)
        return super().generate_algo_orders(state)

    def told(self, what: str) -> list[object]:
        """Give what was told by one hook."""
        return [told for name, told, _ in self.log if name == what]


def test_hooks_are_told_all_fills_and_closed_positions_of_a_run() -> None:
    strategy = Told({0: buy, 1: buy, 2: lambda s: sell(s, 3), 4: buy})
    result = run_backtest(
        strategy,
        quotes(6),
        two_instruments(latency=timedelta(milliseconds=50)),
        fee_rate=Decimal("0.001"),
    )
    assert strategy.told("fill") == result.fills
    assert strategy.told("closed") == result.positions
    assert (len(result.fills), len(result.positions)) == (4, 2)


def test_a_fill_is_told_after_it_is_booked_and_before_the_strategy_is_asked() -> None:
    strategy = Told({0: buy, 1: lambda s: sell(s, 3)})
    run_backtest(strategy, quotes(2), two_instruments())
    happened = [
        (what, None if quantity is None else int(quantity)) for what, _, quantity in strategy.log
    ]
    fills = [position for position, (what, _) in enumerate(happened) if what == "fill"]
    first, second = fills
    assert happened[first - 1] == ("asked", None)
    assert happened[first : first + 2] == [("fill", 1), ("asked", 1)]
    # The sale of 3 closes the position of 1 and opens one of 2.
    assert happened[second - 1] == ("asked", 1)
    assert happened[second : second + 3] == [("fill", 2), ("closed", 2), ("asked", 2)]


def test_a_closed_position_is_the_one_of_the_audit() -> None:
    audited: list[PositionExited] = []

    def audit(tick: AuditSnapshot | AuditTick) -> None:
        if isinstance(tick, AuditTick):
            audited.extend(
                output.position for output in tick.outputs if isinstance(output, PositionExit)
            )

    strategy = Told({number: (buy if number % 3 else lambda s: sell(s, 2)) for number in range(9)})
    run_backtest(strategy, quotes(12), two_instruments(fee_rate=Decimal("0.00075")), audit=audit)
    assert len(audited) > 2
    assert strategy.told("closed") == audited


def test_hooks_are_told_while_trading_is_disabled_and_at_the_end_of_a_run() -> None:
    strategy = Told({0: buy})
    result = run_backtest(strategy, quotes(2), two_instruments(), close_at_end=True)
    assert strategy.log[-2:] == [
        ("fill", result.fills[-1], None),
        ("closed", result.positions[-1], None),
    ]


def test_hooks_in_the_engine_of_its_user() -> None:
    strategy = Told({})
    made = Engine(strategy, INSTRUMENTS, time_start=START_NS)
    made.process(fill_event(1, quantity=2))
    made.process(TradingState.ENABLED)
    tick = made.process(fill_event(2, Side.SELL, 2, 103))
    (output,) = tick.outputs
    assert isinstance(output, PositionExit)
    assert [what for what, _, _ in strategy.log] == ["fill", "asked", "fill", "closed", "asked"]
    assert strategy.told("closed") == [output.position]
    assert output.position.pnl_realised == 6


@pytest.mark.parametrize("trading", TradingState)
def test_an_exception_of_on_fill_arrives_unchanged_and_nothing_else_is_called(
    trading: TradingState,
) -> None:
    @dataclass(eq=False)
    class Breaks(Told):
        @override
        def on_fill(self, trade: Trade, state: EngineView, /) -> None:
            super().on_fill(trade, state)
            if trade.side is Side.SELL:
                raise BrokenError(trade.id)

    strategy = Breaks({})
    made = Engine(strategy, INSTRUMENTS, time_start=START_NS)
    made.process(trading)
    made.process(fill_event(1))
    strategy.log.clear()
    with pytest.raises(BrokenError, match="fill-2") as caught:
        made.process(fill_event(2, Side.SELL))
    assert caught.traceback[-1].name == "on_fill"
    assert [what for what, _, _ in strategy.log] == ["fill"]
    # The fill is booked all the same, and not told again.
    assert made.snapshot().instrument(BTC).position is None
    strategy.log.clear()
    made.process(l1(3, "1", "2"))
    assert strategy.told("fill") == []


def test_an_exception_of_on_position_closed_ends_a_run() -> None:
    class Breaks(OnMarketEvents):
        @override
        def on_position_closed(self, position: PositionExited, state: EngineView, /) -> None:
            raise BrokenError("closed")

    with pytest.raises(BrokenError, match="closed"):
        run_backtest(Breaks({0: buy, 1: sell}), quotes(3), two_instruments())


def test_hooks_need_no_base_class_and_can_be_put_on_an_instance() -> None:
    class Plain:
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            view = state.instrument(BTC)
            return NO_ORDERS if view.position or view.has_orders else buy(state)

        def on_fill(self, trade: Trade, state: EngineView, /) -> None:
            seen.append(trade)

    seen: list[Trade] = []
    assert run_backtest(Plain(), quotes(2), two_instruments()).fills == seen
    default = DefaultStrategy()
    seen.clear()
    default.on_fill = lambda trade, _: seen.append(trade)  # type: ignore[method-assign]
    Engine(default, INSTRUMENTS, time_start=0).process(fill_event(1))
    assert [trade.id for trade in seen] == ["fill-1"]


@pytest.mark.parametrize("hook", ["on_fill", "on_position_closed"])
def test_a_hook_that_cannot_be_called_is_refused(hook: str) -> None:
    strategy = OnMarketEvents({})
    setattr(strategy, hook, 1)
    with pytest.raises(TypeError, match=f"OnMarketEvents.{hook} is not callable"):
        Engine(strategy, INSTRUMENTS, time_start=0)


def test_the_inherited_hooks_are_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []

    def noticed(*arguments: object) -> None:
        calls.append(arguments)

    monkeypatch.setattr(Strategy, "on_fill", noticed)
    monkeypatch.setattr(Strategy, "on_position_closed", noticed)
    result = run_backtest(OnMarketEvents({0: buy, 1: sell}), quotes(3), two_instruments())
    assert (len(result.positions), calls) == (1, [])


def test_a_hook_cannot_have_the_engine_process_another_event() -> None:
    class Again(OnMarketEvents):
        @override
        def on_fill(self, trade: Trade, state: EngineView, /) -> None:
            made.process(Shutdown())

    made = Engine(Again({}), INSTRUMENTS, time_start=0)
    with pytest.raises(StrategyBusyError, match="is processing an event"):
        made.process(fill_event(1))


# Several objects as one strategy


class Closer:
    """Closes by orders of its own."""

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        return orders(
            view.market_order(Side.SELL, view.position.quantity_abs, strategy_id="closer")
            for view in state.instruments_iter(filter)
            if view.position is not None
        )


class Stopper:
    """Disables trading when a stream is lost, and closes when it is disabled."""

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        return [TradingState.DISABLED]

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        return close_all_positions_on_trading_disabled(state)


def test_parts_are_joined() -> None:
    algo = Told({0: buy})
    strategy = Strategies(
        algo, close_positions=Closer(), on_disconnect=Stopper(), on_trading_disabled=Stopper()
    )
    data = history(l1(0, "100", "102"), l1(1, "100", "102"), reconnecting(), l1(2, "100", "102"))
    result = run_backtest(strategy, data, two_instruments())
    _, closing = result.orders
    assert closing.order.strategy_id == "closer"
    assert len(result.positions) == 1
    assert algo.told("fill") == result.fills


def test_what_is_not_given_is_the_algos_or_barters() -> None:
    class Bare:
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            view = state.instrument(BTC)
            return NO_ORDERS if view.position or view.has_orders else buy(state)

    def closing_id(algo: AlgoStrategy) -> str:
        result = run_backtest(Strategies(algo), quotes(2), two_instruments(), close_at_end=True)
        return result.orders[-1].order.strategy_id

    assert closing_id(Bare()) == "default"
    named = OnMarketEvents({0: buy})
    named.id = type(named.id)("mine")
    assert closing_id(named) == "mine"
    assert not hasattr(Strategies(Bare()), "on_fill")


def test_parts_are_checked_and_pickled() -> None:
    with pytest.raises(TypeError, match="close_positions must have the method close_pos"):
        Strategies(DefaultStrategy(), close_positions=Stopper())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="algo must have the method generate_algo_orders"):
        Strategies(Closer())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"did you mean Stopper\(\)\?"):
        Strategies(DefaultStrategy(), on_disconnect=Stopper)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="on_trading_disabled must have"):
        Strategies(DefaultStrategy(), on_trading_disabled=Closer())  # type: ignore[arg-type]
    again = pickle.loads(pickle.dumps(Strategies(DefaultStrategy(), close_positions=Closer())))
    assert isinstance(again, Strategies)
    assert run_backtest(again, quotes(2), two_instruments()).orders == []


def test_the_audit_of_the_ready_answers_has_the_cancels() -> None:
    made = Engine(Ready({}), INSTRUMENTS, time_start=0)
    requests = [market_request("b"), market_request("a")]
    made.process(SendOpenRequests(requests))
    (output,) = made.process(Reconnecting(SPOT)).outputs
    match output:
        case MarketDisconnect((CancelsSent(sent, ()),)):
            assert [cancel.key.cid.value for cancel in sent] == ["a", "b"]
        case _:
            pytest.fail(f"{output!r}")

"""What a risk manager decides on commands and closes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    START_NS,
    OnMarketEvents,
    buy,
    cancel_request,
    history,
    l1,
    limit_request,
    market_request,
    orders,
    quotes,
    reconnecting,
    two_instruments,
)
from support.risk_managers import (
    Cancels,
    Deciding,
    Noting,
    OddError,
    Opens,
    approve,
    ids,
    refuse,
    refused,
    sent,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    BacktestResult,
    CancelOrders,
    ClosePositions,
    Command,
    Engine,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    MarketData,
    OrderRequestCancel,
    Orders,
    RiskDecision,
    RiskLimits,
    RiskManagerLike,
    RiskRefused,
    SendCancelRequests,
    SendOpenRequests,
    Side,
    StopOrder,
    TradingState,
    run_backtest,
)
from barter_python.risk import (
    DefaultRiskManager,
)


@dataclass(eq=False)
class Commanding(OnMarketEvents):
    """Gives these commands when the stream is lost."""

    commands: Sequence[Command] = ()

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        return self.commands


LOST = history(l1(0, "100", "102"), l1(100, "100", "102"), reconnecting(), l1(300, "100", "102"))


def command(
    manager: RiskManagerLike | RiskLimits,
    *commands: Command,
    guard_commands: bool,
    data: MarketData = LOST,
) -> BacktestResult:
    return run_backtest(
        Commanding({0: buy}, commands=commands),
        data,
        two_instruments(),
        risk_manager=manager,
        guard_commands=guard_commands,
    )


OPEN = SendOpenRequests(
    [market_request("small", quantity=Decimal("0.5")), market_request("big", quantity=Decimal(2))]
)
CLOSE = ClosePositions(InstrumentFilter.none())


@pytest.mark.parametrize("guard_commands", [False, True])
def test_orders_of_commands(guard_commands: bool) -> None:
    result = command(RiskLimits(max_order_quantity=1), OPEN, guard_commands=guard_commands)
    if guard_commands:
        assert sent(result) == ["bp-1", "small"]
        assert refused(result) == [("big", "max_order_quantity: quantity 2 is above 1")]
        assert result.refused[0].time_ns == result.time_start_ns + 100_000_000
    else:
        assert (sent(result), list(result.refused)) == (["bp-1", "small", "big"], [])


def test_a_command_of_which_nothing_is_left() -> None:
    result = command(RiskLimits(max_order_quantity=0), OPEN, guard_commands=True)
    assert sent(result) == []
    assert [cid for cid, _ in refused(result)] == ["bp-1", "small", "big"]


def test_commands_are_checked_one_after_the_other() -> None:
    first = SendOpenRequests([market_request("first")])
    second = SendOpenRequests([market_request("second")])
    limits = RiskLimits(max_open_orders=1)
    result = command(limits, first, second, guard_commands=True)
    assert (sent(result), [cid for cid, _ in refused(result)]) == (["bp-1", "first"], ["second"])


@pytest.mark.parametrize("guard_commands", [False, True])
def test_closes_of_commands(guard_commands: bool) -> None:
    def only_buys(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        return RiskDecision.of(
            cancels, opens, lambda it: "no sales" if it.state.side is Side.SELL else None
        )

    manager = Deciding(only_buys)
    result = command(manager, CLOSE, guard_commands=guard_commands)
    assert len(manager.asked) == 1 + guard_commands
    assert len(result.open_positions) == guard_commands
    assert [reason for _, reason in refused(result)] == ["no sales"] * guard_commands


@pytest.mark.parametrize("guard_commands", [False, True])
def test_a_strategy_s_own_closes(guard_commands: bool) -> None:
    class Closing(Commanding):
        """Closes in its own way."""

        @override
        def close_positions_requests(
            self, state: EngineView, filter: InstrumentFilter, /
        ) -> Orders:
            return [cancel_request("other")], [market_request("own", side=Side.SELL)]

    manager = Deciding(lambda *asked: (refuse if "own" in ids(asked[2]) else approve)(*asked))
    result = run_backtest(
        Closing({0: buy}, commands=[CLOSE]),
        LOST,
        two_instruments(),
        risk_manager=manager,
        guard_commands=guard_commands,
    )
    assert sent(result) == (["bp-1"] if guard_commands else ["bp-1", "own"])
    assert [cid for cid, _ in refused(result)] == (["other", "own"] if guard_commands else [])


@pytest.mark.parametrize("guard_commands", [False, True])
def test_the_close_at_the_end(guard_commands: bool) -> None:
    manager = Deciding(lambda *asked: (approve if "bp-1" in ids(asked[2]) else refuse)(*asked))
    result = run_backtest(
        OnMarketEvents({0: buy}),
        quotes(3),
        two_instruments(),
        close_at_end=True,
        risk_manager=manager,
        guard_commands=guard_commands,
    )
    assert len(result.open_positions) == guard_commands
    assert [cid for cid, _ in refused(result)] == ["bp-2"] * guard_commands


@pytest.mark.parametrize("guard_commands", [False, True])
@pytest.mark.parametrize(
    "cancels", [SendCancelRequests([cancel_request("x")]), CancelOrders(InstrumentFilter.none())]
)
def test_cancels_of_commands(guard_commands: bool, cancels: Command) -> None:
    def no_cancels(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        refusals = [RiskRefused(request, "stays") for request in cancels]
        return RiskDecision(opens=opens, refused_cancels=refusals)

    result = run_backtest(
        Commanding({0: lambda _: orders([market_request("x")])}, commands=[cancels]),
        LOST,
        two_instruments(),
        latency=timedelta(seconds=1),
        risk_manager=Deciding(no_cancels),
        guard_commands=guard_commands,
    )
    assert refused(result) == [("x", "stays")] * guard_commands
    assert all(isinstance(refusal.item, OrderRequestCancel) for refusal in result.refused)


def test_after_an_exception_of_the_guard_nothing_is_called() -> None:
    called: list[str] = []

    def fail(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        called.extend(ids(opens))
        if "first" in ids(opens):
            raise OddError("guard")
        return RiskDecision(cancels, opens)

    class Noting(Commanding):
        """Notes what it is called for."""

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            called.append("asked")
            return NO_ORDERS

    commands = [SendOpenRequests([market_request(cid)]) for cid in ("first", "second")]
    with pytest.raises(OddError, match="guard"):
        run_backtest(
            Noting({}, commands=commands),
            LOST,
            two_instruments(),
            risk_manager=Deciding(fail),
            guard_commands=True,
        )
    assert called == ["asked", "asked", "first"]


def test_the_guard_alone_guards_nothing() -> None:
    assert command(DefaultRiskManager(), OPEN, guard_commands=True).refused == []


# What a manager sees when it is asked


@dataclass
class Failing(Noting):
    """Fails at cancels, if it is to."""

    fails: bool = False

    @override
    def check(self, state: EngineView, cancels: Cancels, opens: Opens, /) -> RiskDecision:
        decision = super().check(state, cancels, opens)
        if self.fails and cancels:
            raise OddError("no")
        return decision


class Protected(Commanding):
    """Has a stop and two limit orders."""

    strategy_id = "protected"

    @override
    def on_start(self, state: EngineView, /) -> None:
        state.place_stop(StopOrder(BTC, Side.SELL, quantity=1, trigger_price=50))

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        if state.instrument(BTC).orders:
            return NO_ORDERS
        return orders([limit_request("one", 90), limit_request("two", 91)])


EVENT = l1(0, "100", "102")
LATER = START_NS + 5_000_000_000
CANCEL_ALL = CancelOrders(InstrumentFilter.none())


def started(manager: Noting, *commands: Command) -> Engine:
    """Give an engine whose strategy has a stop and two orders, and has just seen a quote."""
    engine = Engine(
        Protected({}, commands=commands),
        two_instruments().index(),
        time_start=START_NS,
        risk_manager=manager,
        guard_commands=True,
    )
    engine.process(TradingState.ENABLED)
    engine.process(EVENT)
    manager.seen.clear()
    return engine


@pytest.mark.parametrize("given", [CANCEL_ALL, OPEN])
def test_a_stepped_engine_asks_at_the_time_of_a_command(given: Command) -> None:
    manager = Noting()
    engine = started(manager)
    engine.process(given, time=LATER)
    assert manager.seen == [(LATER, "NoneType", 1)]
    engine.process(SendOpenRequests([market_request("third")]), time=START_NS)
    left = 0 if given is CANCEL_ALL else 1
    # The engine's clock never runs backwards.
    assert manager.seen[1:] == [(LATER, "NoneType", left)]


def test_after_an_exception_of_the_guard_a_stepped_engine_is_as_before() -> None:
    manager = Failing(fails=True)
    engine = started(manager)
    before, last = engine.snapshot(), engine.last_ticks
    with pytest.raises(OddError):
        engine.process(CANCEL_ALL, time=LATER)
    after = engine.snapshot()
    assert (after, engine.time_ns, engine.last_ticks) == (before, START_NS, last)
    assert (after.time_ns, len(after.instrument(BTC).stops)) == (START_NS, 1)
    manager.fails = False
    engine.process(CANCEL_ALL, time=LATER)
    assert engine.snapshot().instrument(BTC).stops == []


@pytest.mark.parametrize("fails", [False, True])
def test_a_hook_s_cancels_withdraw_stops_once_they_may_pass(fails: bool) -> None:
    manager = Failing(fails=fails)
    engine = started(manager, CANCEL_ALL)
    with pytest.raises(OddError) if fails else nullcontext():
        engine.process(reconnecting())
    assert [stops for _, _, stops in manager.seen] == [1]
    assert len(engine.snapshot().instrument(BTC).stops) == fails

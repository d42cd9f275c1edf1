"""What a risk manager decides on commands and closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from support.histories import (
    OnMarketEvents,
    buy,
    cancel_request,
    history,
    l1,
    market_request,
    orders,
    quotes,
    reconnecting,
    two_instruments,
)
from support.risk_managers import (
    Cancels,
    Deciding,
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

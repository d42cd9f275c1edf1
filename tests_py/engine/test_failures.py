"""What fails in a hook reaches the caller as it was raised, and leaves the engine usable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import pytest
from support.histories import BTC, SPOT, START_NS, at, l1, market_request, two_instruments
from typing_extensions import override

from barter_python import (
    AccountEvent,
    AccountReconnecting,
    AuditTick,
    CancelOrders,
    ClosePositions,
    Command,
    Engine,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    OrderRequestCancel,
    OrderRequestOpen,
    Orders,
    Reconnecting,
    RiskDecision,
    RiskManager,
    SendOpenRequests,
    Side,
    StateReplica,
    Strategy,
    Trade,
    TradingState,
)
from barter_python.engine import EngineEvent

T = TypeVar("T")

EVERYTHING = InstrumentFilter.none()


class BrokenError(BaseException):
    """Not even an `Exception`, as Ctrl-C is none."""


@dataclass
class Failing:
    """Which hook fails, and the calls so far."""

    hook: str = ""
    wrong: object = BrokenError
    calls: list[str] = field(default_factory=list)

    def call(self, hook: str, answer: T) -> T:
        self.calls.append(hook)
        if hook == self.hook:
            if self.wrong is BrokenError:
                raise BrokenError(hook)
            return self.wrong  # type: ignore[return-value]
        return answer


@dataclass(eq=False)
class Hooks(Strategy):
    """Uses each hook, and fails where it is told to."""

    failing: Failing

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        view = state.instruments[BTC]
        opens: list[OrderRequestOpen] = []
        if view.price is not None and len(view.orders) < 2:
            opens = [view.market_order(Side.BUY, 1, strategy_id="hooks")]
        return self.failing.call("generate_algo_orders", ([], opens))

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        orders = super().close_positions_requests(state, filter)
        return self.failing.call("close_positions_requests", orders)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        return self.failing.call("on_disconnect", [CancelOrders(EVERYTHING)])

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[Command]:
        return self.failing.call("on_trading_disabled", [ClosePositions(EVERYTHING)])


@dataclass(eq=False)
class Checks(RiskManager):
    """Approves everything, and fails where it is told to."""

    failing: Failing

    @override
    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        return self.failing.call("check", RiskDecision(cancels, opens))


@dataclass
class Made:
    """An engine that holds a position and has orders, its replica, and who fails."""

    failing: Failing
    engine: Engine
    replica: StateReplica

    @classmethod
    def trading(cls) -> Made:
        failing = Failing()
        engine = Engine(
            Hooks(failing), two_instruments().index(), time_start=START_NS,
            risk_manager=Checks(failing), guard_commands=True,
        )  # fmt: skip
        made = cls(failing, engine, StateReplica(engine.audit_snapshot()))
        made.process(TradingState.ENABLED)
        made.process(l1(0, "100", "102"))
        fill = Trade(
            "f",
            "o",
            BTC,
            "hooks",
            at(1),
            Side.BUY,
            price=Decimal(102),
            quantity=1,
            fees=Decimal("0.1"),
        )
        made.process(AccountEvent(0, fill))
        failing.calls.clear()
        return made

    def process(self, event: EngineEvent) -> AuditTick:
        tick = self.engine.process(event)
        self.replica.update(tick)
        assert self.replica.state == self.engine.snapshot()
        return tick


PROVOKED: list[tuple[str, EngineEvent]] = [
    ("generate_algo_orders", l1(2, "100", "102")),
    ("generate_algo_orders", CancelOrders(EVERYTHING)),
    ("close_positions_requests", ClosePositions(EVERYTHING)),
    ("close_positions_requests", TradingState.DISABLED),
    ("on_disconnect", Reconnecting(SPOT)),
    ("on_disconnect", AccountReconnecting(SPOT)),
    ("on_trading_disabled", TradingState.DISABLED),
    ("check", Reconnecting(SPOT)),
    ("check", ClosePositions(EVERYTHING)),
    ("check", TradingState.DISABLED),
]
WRONG: list[object] = [BrokenError, None, 5, "orders", ([1], []), [None]]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(("hook", "event"), PROVOKED, ids=lambda value: repr(value)[:40])
def test_a_failing_hook_leaves_the_engine_usable(
    hook: str, event: EngineEvent, wrong: object
) -> None:
    made = Made.trading()
    made.failing.hook, made.failing.wrong = hook, wrong
    before = made.replica.sequence
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - the class is looked at below
        made.engine.process(event)
    if wrong is BrokenError:
        assert type(caught.value) is BrokenError
        assert caught.value.args == (hook,)
        assert caught.traceback[-1].name == "call"
    else:
        assert type(caught.value) is TypeError
        assert hook in str(caught.value)
    # No hook is called after one that has failed.
    assert made.failing.calls[-1] == hook
    assert made.failing.calls.count(hook) == 1
    # The event itself was processed, and its audit is not lost.
    tick = made.engine.last_tick
    assert tick is not None
    assert tick.sequence == before + 1
    made.replica.update(tick)
    assert made.replica.state == made.engine.snapshot()

    # From here on the engine does what one does that has never failed.
    made.failing.hook = ""
    healthy = Made.trading()
    healthy.process(event)
    asked_before = len(made.failing.calls)
    for later in (TradingState.DISABLED, TradingState.ENABLED, l1(9, "100", "102")):
        made.process(later)
    kinds = made.failing.calls[asked_before:]
    assert kinds.count("generate_algo_orders") == 2
    made.process(CancelOrders(EVERYTHING))
    healthy_state, state = healthy.engine.snapshot(), made.engine.snapshot()
    assert state.instrument(BTC).position == healthy_state.instrument(BTC).position


def test_a_failing_guard_refuses_a_command_and_nothing_has_happened() -> None:
    made = Made.trading()
    made.failing.hook = "check"
    before, last = made.engine.snapshot(), made.engine.last_tick
    with pytest.raises(BrokenError):
        made.engine.process(SendOpenRequests((market_request("mine"),)))
    assert (made.engine.snapshot(), made.engine.last_tick) == (before, last)
    made.failing.hook = ""
    made.process(SendOpenRequests((market_request("mine"),)))
    assert "mine" in [
        order.client_order_id for order in made.engine.snapshot().instrument(BTC).orders
    ]


def test_what_fails_before_the_engine_is_made_leaves_the_strategy_usable() -> None:
    class Starting(Hooks):
        @override
        def on_start(self, state: EngineView, /) -> None:
            self.failing.call("on_start", None)

    strategy = Starting(Failing("on_start"))
    with pytest.raises(BrokenError, match="on_start"):
        Engine(strategy, two_instruments().index(), time_start=START_NS)
    strategy.failing.hook = ""
    engine = Engine(strategy, two_instruments().index(), time_start=START_NS)
    engine.process(TradingState.ENABLED)
    assert strategy.failing.calls == ["on_start", "on_start", "generate_algo_orders"]

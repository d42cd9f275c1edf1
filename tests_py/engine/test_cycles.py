"""Engines, snapshots and replicas in circles with Python objects: freed, but never too early."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from support.histories import (
    BTC,
    START_NS,
    l1,
    market_request,
    quotes,
    reconnecting,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AuditSnapshot,
    AuditTick,
    DefaultStrategy,
    Engine,
    EnginePoisonedError,
    EngineView,
    ExchangeId,
    HookCommand,
    InstrumentFilter,
    InstrumentView,
    MarketEvent,
    OrderRequestCancel,
    OrderRequestOpen,
    Orders,
    PositionExited,
    RiskDecision,
    StateReplica,
    Strategy,
    Trade,
    TradingState,
    own_data,
    run_backtest,
)
from barter_python.instrument import IndexedInstrument

INSTRUMENTS = two_instruments().index()


@pytest.fixture(autouse=True)
def _few_objects() -> Iterator[None]:
    """Leave what tests and libraries before have made out of the many collections."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@dataclass(eq=False)
class Node(Strategy):
    """A strategy that can hold anything."""

    held: list[object] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        return NO_ORDERS


class Data:
    """Data of a strategy's own that can hold anything."""

    def __init__(self) -> None:
        self.held: list[object] = []

    def on_market(self, event: MarketEvent, /) -> None:
        gc.collect()

    def on_account(self, event: AccountEvent, /) -> None:
        gc.collect()

    def __deepcopy__(self, memo: dict[int, object]) -> Data:
        return Data()


@dataclass(eq=False)
class WithData(Node):
    """A strategy with data of its own."""

    @override
    def global_data(self) -> Data:
        return Data()

    @override
    def instrument_data(self, instrument: IndexedInstrument, /) -> Data:
        return Data()


@dataclass(eq=False)
class Approving:
    """A risk manager that can hold anything."""

    held: list[object] = field(default_factory=list)

    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        gc.collect()
        return RiskDecision(cancels, opens)


def engine(strategy: Strategy, risk: Approving | None = None, guard: bool = False) -> Engine:
    return Engine(
        strategy, INSTRUMENTS, time_start=START_NS, risk_manager=risk, guard_commands=guard
    )


def by_strategy() -> list[object]:
    strategy = Node()
    strategy.held.append(engine(strategy))
    return [strategy]


def by_hook() -> list[object]:
    """The hook is not the class's."""
    strategy = DefaultStrategy()
    held: list[object] = []

    def on_disconnect(exchange: ExchangeId, state: EngineView) -> list[HookCommand]:
        held.clear()
        return []

    setattr(strategy, "on_disconnect", on_disconnect)  # noqa: B010
    held.append(engine(strategy))
    return [strategy, on_disconnect]


def by_risk_manager(guard: bool = False) -> list[object]:
    risk = Approving()
    risk.held.append(engine(Node(), risk, guard))
    return [risk]


def by_own_data_of_an_engine() -> list[object]:
    strategy = WithData()
    made = engine(strategy)
    data: list[Data] = []

    @dataclass(eq=False)
    class Looking(WithData):
        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            data.extend([own_data(state, Data), own_data(state.instrument(BTC), Data)])
            return NO_ORDERS

    looking = Looking()
    made = engine(looking)
    made.process(TradingState.ENABLED)
    for each in data:
        each.held.append(made)
    return [*data]


def by_snapshot() -> list[object]:
    snapshot = engine(WithData()).snapshot()
    data = own_data(snapshot, Data)
    data.held.append(snapshot)
    return [data]


def by_instrument_of_a_snapshot() -> list[object]:
    view = engine(WithData()).snapshot().instrument(BTC)
    data = own_data(view, Data)
    data.held.append(view)
    return [data]


def by_audit_snapshot() -> list[object]:
    snapshot = engine(WithData()).audit_snapshot()
    data = own_data(snapshot.state, Data)
    data.held.append(snapshot)
    return [data]


def by_replica() -> list[object]:
    snapshot = engine(WithData()).audit_snapshot()
    data = own_data(snapshot.state, Data)
    data.held.append(StateReplica(snapshot))
    return [data]


CIRCLES: list[Callable[[], list[object]]] = [
    by_strategy,
    by_hook,
    by_risk_manager,
    lambda: by_risk_manager(guard=True),
    by_own_data_of_an_engine,
    by_snapshot,
    by_instrument_of_a_snapshot,
    by_audit_snapshot,
    by_replica,
]


@pytest.mark.parametrize("make", CIRCLES)
def test_a_circle_is_freed(make: Callable[[], list[object]]) -> None:
    alive = [weakref.ref(each) for each in make()]
    gc.collect()
    assert [each() for each in alive] == [None] * len(alive)


@pytest.mark.parametrize("make", CIRCLES)
def test_a_circle_that_is_held_stays(make: Callable[[], list[object]]) -> None:
    held = make()
    for _ in range(3):
        gc.collect()
    for each in held:
        if isinstance(each, Node | Data | Approving):
            assert each.held


def test_two_thousand_engines_in_circles_are_freed() -> None:
    alive = [weakref.ref(by_strategy()[0]) for _ in range(2_000)]
    gc.collect()
    assert sum(each() is not None for each in alive) == 0


def test_what_one_view_of_a_snapshot_needs_stays_with_it() -> None:
    """The snapshot goes, a view of one of its instruments stays, and so must the data."""
    snapshot = engine(WithData()).snapshot()
    view, data = snapshot.instrument(BTC), own_data(snapshot.instrument(BTC), Data)
    data.held.append(data)
    alive = weakref.ref(data)
    del snapshot, data
    gc.collect()
    assert own_data(view, Data) is alive()
    assert own_data(view, Data).held
    del view
    gc.collect()
    assert alive() is None


def test_what_a_finalizer_finds_of_a_cleared_engine() -> None:
    """Finalizers run before anything is cleared: the engine works, and its circle is gone after."""
    found: list[object] = []

    class Dying(Node):
        def __del__(self) -> None:
            made = self.held[0]
            assert isinstance(made, Engine)
            found.append(made.process(TradingState.ENABLED).sequence)

    strategy = Dying()
    strategy.held.append(engine(strategy))
    del strategy
    gc.collect()
    assert found == [0]


def test_an_engine_that_comes_back_after_it_was_cleared_refuses_everything() -> None:
    class Leaving:
        """Refers to the engine from outside of its circle when it is freed."""

        def __init__(self, made: Engine) -> None:
            self.made = made

        def __del__(self) -> None:
            left.append(self.made)

    left: list[Engine] = []
    strategy = Node()
    made = engine(strategy)
    strategy.held.append(Leaving(made))
    del strategy, made
    gc.collect()
    (made,) = left
    try:
        made.process(TradingState.ENABLED)
    except EnginePoisonedError as error:
        assert "garbage" in str(error)  # noqa: PT017
    left.clear()


# Collections at every moment


class Collecting(WithData):
    """Collects garbage in every callback, with snapshots and circles alive."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: set[str] = set()

    def look(self, name: str, state: EngineView) -> None:
        self.calls.add(name)
        snapshot = state.snapshot()
        own_data(snapshot, Data).held.append(snapshot)
        self.held[:] = [snapshot, state, state.instruments, *by_strategy(), *by_snapshot()]
        gc.collect()
        assert own_data(snapshot, Data).held == [snapshot]
        assert own_data(state, Data) is own_data(state, Data)

    @override
    def on_start(self, state: EngineView, /) -> None:
        self.look("on_start", state)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.look("generate_algo_orders", state)
        view = state.instrument(BTC)
        if view.position is None and not view.has_orders and view.price is not None:
            return [], [market_request(state.next_cid().value)]
        return NO_ORDERS

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        self.look("close_positions_requests", state)
        return super().close_positions_requests(state, filter)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        self.look("on_disconnect", state)
        return [TradingState.DISABLED, TradingState.ENABLED]

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        self.look("on_trading_disabled", state)
        return []

    @override
    def on_fill(self, fill: Trade, state: EngineView, /) -> None:
        self.look("on_fill", state)

    @override
    def on_position_closed(self, position: PositionExited, state: EngineView, /) -> None:
        self.look("on_position_closed", state)


HOOKS = {
    "on_start",
    "generate_algo_orders",
    "close_positions_requests",
    "on_disconnect",
    "on_trading_disabled",
    "on_fill",
    "on_position_closed",
}


def test_collections_in_every_callback_of_a_run() -> None:
    strategy = Collecting()
    audited: list[object] = []
    replica: list[StateReplica] = []

    def audit(told: AuditSnapshot | AuditTick) -> None:
        audited.append(told)
        if isinstance(told, AuditSnapshot):
            replica.append(StateReplica(told))
        else:
            replica[0].update(told)
        gc.collect()

    data = [*quotes(3), reconnecting(), *quotes(5)]
    result = run_backtest(
        strategy,
        type(quotes(1)).from_events(data),
        two_instruments(),
        close_at_end=True,
        audit=audit,
        risk_manager=Approving(),
        guard_commands=True,
        progress=lambda done, of: gc.collect(),
    )
    assert len(result.positions) == 1
    assert strategy.calls == HOOKS


def test_collections_in_every_callback_of_an_engine() -> None:
    strategy = Collecting()
    made = engine(strategy, Approving(), guard=True)
    strategy.held.append(made)
    replica = StateReplica(made.audit_snapshot())
    tick = made.process(TradingState.ENABLED)
    replica.update(tick)
    for event in (l1(0, "1", "2"), reconnecting(), TradingState.DISABLED):
        made.process(event)
        for tick in made.last_ticks:
            replica.update(tick)
        gc.collect()
    assert replica.state == made.snapshot() or replica.sequence > 0
    alive = weakref.ref(strategy)
    del strategy, made, replica, tick
    gc.collect()
    assert alive() is None


def test_collections_while_a_state_is_copied() -> None:
    """Copying the strategy's data runs Python while the engine is locked."""

    class Copied(Data):
        @override
        def __deepcopy__(self, memo: dict[int, object]) -> Data:
            gc.collect()
            return Copied()

    class Own(Node):
        def global_data(self) -> Data:
            return Copied()

    made = engine(Own())
    first = made.snapshot()
    own_data(first, Copied).held.append(first)
    replica = StateReplica(made.audit_snapshot())
    for state in (made.snapshot(), replica.state, first.snapshot()):
        assert type(own_data(state, Copied)) is Copied
    assert own_data(first, Copied).held == [first]


def references_of(native: object) -> list[object]:
    """What the collector is told beside the class, each once for each reference."""
    return [each for each in gc.get_referents(native) if not isinstance(each, type)]


def test_each_reference_is_visited_once() -> None:
    """A reference visited twice would make the collector free what is held."""
    made = engine(WithData())
    for guard in (False, True):
        risk = Approving()
        made = engine(WithData(), risk, guard)
        told = [each for each in references_of(made) if isinstance(each, Data)]
        assert len(told) == len({id(each) for each in told}) == 3
        checks = [each for each in references_of(made) if getattr(each, "__self__", None) is risk]
        assert len(checks) == 1
    snapshot = made.snapshot()
    views = [each for each in references_of(snapshot) if isinstance(each, InstrumentView)]
    assert len(views) == 2
    (visitor,) = (each for each in references_of(snapshot) if not isinstance(each, InstrumentView))
    for view in views:
        assert references_of(view) == [visitor]
    assert all(isinstance(each, Data) for each in references_of(visitor))
    assert len(references_of(visitor)) == 3
    assert references_of(made.audit_snapshot().state)


def test_views_of_a_state_without_data_visit_nothing() -> None:
    snapshot = engine(Node()).snapshot()
    assert all(isinstance(each, InstrumentView) for each in references_of(snapshot))
    assert references_of(snapshot.instrument(BTC)) == []


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Start without garbage, and fail if something cannot be collected."""
    gc.collect()
    yield
    gc.collect()
    assert gc.garbage == []
    assert sys.getrefcount(INSTRUMENTS) < 10_000

"""Data of a strategy's own in the engine's state: what it sees, and that copies are copies."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from support.histories import BTC, ETH, OnMarketEvents, at, buy, l1, quotes, trade, two_instruments
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AssetBalance,
    AuditSnapshot,
    AuditTick,
    Balance,
    DefaultStrategy,
    Engine,
    EngineView,
    MarketData,
    MarketEvent,
    Order,
    Orders,
    PublicTrade,
    StateReplica,
    StrategyData,
    Trade,
    TradingState,
    ViewError,
    own_data,
    run_backtest,
)
from barter_python.instrument import IndexedInstrument

INSTRUMENTS = two_instruments().index()


@dataclass
class Tape:
    """What it has seen."""

    of: str
    market: list[str] = field(default_factory=list)
    account: list[str] = field(default_factory=list)
    traded: Decimal = Decimal(0)

    def on_market(self, event: MarketEvent, /) -> None:
        self.market.append(f"{type(event.kind).__name__} {event.instrument}")
        if isinstance(event.kind, PublicTrade):
            self.traded += event.kind.amount

    def on_account(self, event: AccountEvent, /) -> None:
        self.account.append(type(event.kind).__name__)


@dataclass(eq=False)
class Recording(OnMarketEvents):
    """Has data for every instrument but one, and for all."""

    without: int | None = None
    seen_by_strategy: list[tuple[int, int]] = field(default_factory=list)

    @override
    def instrument_data(self, instrument: IndexedInstrument, /) -> StrategyData | None:
        return None if instrument.index == self.without else Tape(instrument.name)

    @override
    def global_data(self, /) -> StrategyData | None:
        return Tape("all")

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        tape, instrument = own_data(state, Tape), state.instrument(BTC)
        self.seen_by_strategy.append((len(tape.market), len(own_data(instrument, Tape).market)))
        return super().generate_algo_orders(state)


def last_snapshot(strategy: Recording, data: MarketData) -> tuple[list[EngineView], list[Tape]]:
    """Run, and give snapshots of the start and of the end, and the tapes in the last of them."""
    replica: list[StateReplica] = []
    views: list[EngineView] = []

    def audit(told: AuditSnapshot | AuditTick) -> None:
        if isinstance(told, AuditSnapshot):
            replica.append(StateReplica(told))
            views.append(told.state)
        else:
            replica[0].update(told)

    run_backtest(strategy, data, two_instruments(), audit=audit)
    views.append(replica[0].state)
    return views, list(tapes(views[-1]))


def tapes(state: EngineView) -> Iterator[Tape]:
    yield own_data(state, Tape)
    for instrument in state.instruments:
        yield own_data(instrument, Tape)


HISTORY = MarketData.from_events(
    [
        l1(0, "100", "102"),
        trade(10, "7", "3", instrument=ETH),
        l1(20, "10", "12", instrument=ETH),
        trade(30, "101", "0.5"),
    ]
)


def test_data_sees_each_event_of_its_own_before_the_strategy_is_asked() -> None:
    strategy = Recording({0: buy})
    (before, _), (everything, bitcoin, ether) = last_snapshot(strategy, HISTORY)
    assert everything.market == ["OrderBookL1 0", "PublicTrade 1", "OrderBookL1 1", "PublicTrade 0"]
    assert bitcoin.market == ["OrderBookL1 0", "PublicTrade 0"]
    assert ether.market == ["PublicTrade 1", "OrderBookL1 1"]
    assert (everything.traded, bitcoin.traded, ether.traded) == (
        Decimal("3.5"), Decimal("0.5"), Decimal(3),
    )  # fmt: skip
    # The snapshot of the account comes first; an instrument's data sees no balances.
    fill = ["AssetBalance", "AssetBalance", "Trade", "Order"]
    assert everything.account == ["AccountSnapshot", *fill]
    assert bitcoin.account == ["Trade", "Order"]
    assert ether.account == []
    assert [tape.of for tape in tapes(before)] == [
        "all", "binancespot-btc_usdt", "binancespot-eth_usdt",
    ]  # fmt: skip
    assert strategy.seen_by_strategy[:1] == [(1, 1)]
    assert strategy.seen_by_strategy[-1] == (4, 2)


def test_copies_share_nothing() -> None:
    (before, after), _ = last_snapshot(Recording({0: buy}), HISTORY)
    assert own_data(before, Tape).market == []
    assert before != after
    engine = Engine(Recording({}), INSTRUMENTS, time_start=0)
    engine.process(l1(0, "100", "102"))
    one, other = engine.snapshot(), engine.snapshot()
    assert one == other
    own_data(one, Tape).market.append("mine")
    assert one != other
    assert other == engine.snapshot()


def test_snapshots_are_pickled_with_their_data() -> None:
    (before, after), tapes_after = last_snapshot(Recording({0: buy}, without=None), HISTORY)
    for state in (before, after):
        again = pickle.loads(pickle.dumps(state))
        assert again == state
        assert list(tapes(again)) == list(tapes(state))
        own_data(again, Tape).market.append("mine")
        assert again != state
    assert list(tapes(copy.deepcopy(after))) == tapes_after


def test_replicas_have_data_of_their_own() -> None:
    engine = Engine(Recording({}), INSTRUMENTS, time_start=0)
    snapshot = engine.audit_snapshot()
    one, other = StateReplica(snapshot), StateReplica(snapshot)
    tick = engine.process(trade(0, "5", "2"))
    one.update(tick)
    assert one.state == engine.snapshot()
    assert own_data(one.state, Tape).traded == 2
    assert own_data(other.state, Tape).traded == 0
    assert own_data(snapshot.state, Tape).traded == 0


def test_a_run_s_copy_is_the_engine_s_own() -> None:
    """What a replica has at the end is what the strategy's own objects have."""
    strategy = Recording({0: buy})
    kept: list[Tape] = []

    class Keeping(Recording):
        @override
        def global_data(self, /) -> StrategyData | None:
            kept.append(Tape("all"))
            return kept[0]

    strategy = Keeping({0: buy})
    _, (everything, _, _) = last_snapshot(strategy, HISTORY)
    assert everything == kept[0]
    assert everything is not kept[0]


def test_data_is_asked_for_by_its_class() -> None:
    engine = Engine(Recording({}, without=ETH), INSTRUMENTS, time_start=0)
    state = engine.snapshot()
    assert own_data(state.instrument(BTC), Tape).of == "binancespot-btc_usdt"
    with pytest.raises(TypeError, match="expected data of the class Tape, but there is none"):
        own_data(state.instrument(ETH), Tape)
    with pytest.raises(TypeError, match="expected data of the class Order, but it is a Tape"):
        own_data(state, Order)
    with pytest.raises(TypeError, match="there is none"):
        own_data(Engine(DefaultStrategy(), INSTRUMENTS, time_start=0).snapshot(), Tape)


def test_what_is_no_data_is_said_at_the_start() -> None:
    class Half:
        def on_market(self, event: MarketEvent, /) -> None:
            """Have only one of the two."""

    for wrong, text in (
        (5, r"Wrong\.global_data returned int, which has no method on_market\(event\)"),
        (Half(), r"returned Half, which has no method on_account\(event\)"),
        (Tape, r"returned the class <class .*Tape'>, expected an instance"),
    ):

        class Wrong(DefaultStrategy):
            given: object = wrong

            @override
            def global_data(self, /) -> StrategyData | None:
                return self.given  # type: ignore[return-value] # a mistake on purpose

        with pytest.raises(TypeError, match=text):
            run_backtest(Wrong(), quotes(1), two_instruments())
        with pytest.raises(TypeError, match=text):
            Engine(Wrong(), INSTRUMENTS, time_start=0)


class BrokenError(RuntimeError):
    pass


@dataclass
class Breaking(Tape):
    """Fails at its second market event, or at its first fill."""

    @override
    def on_market(self, event: MarketEvent, /) -> None:
        super().on_market(event)
        if len(self.market) == 2:
            raise BrokenError("on the market")

    @override
    def on_account(self, event: AccountEvent, /) -> None:
        if isinstance(event.kind, Trade):
            raise BrokenError("on the account")


@dataclass(eq=False)
class Fragile(OnMarketEvents):
    asked: int = 0

    @override
    def instrument_data(self, instrument: IndexedInstrument, /) -> StrategyData | None:
        return Breaking(instrument.name)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.asked += 1
        return super().generate_algo_orders(state)


def test_what_data_raises_stops_the_run_before_the_strategy_is_asked() -> None:
    strategy = Fragile({})
    with pytest.raises(BrokenError, match="on the market") as caught:
        run_backtest(strategy, quotes(3), two_instruments())
    assert caught.traceback[-1].name == "on_market"
    assert strategy.asked == 1
    with pytest.raises(BrokenError, match="on the account"):
        run_backtest(Fragile({0: buy}), quotes(3), two_instruments())


def test_what_data_raises_arrives_from_engines_and_replicas_too() -> None:
    engine = Engine(Fragile({}), INSTRUMENTS, time_start=0)
    replica = StateReplica(engine.audit_snapshot())
    replica.update(engine.process(l1(0, "1", "2")))
    with pytest.raises(BrokenError, match="on the market"):
        engine.process(l1(1, "1", "2"))
    # The engine goes on, and so does the replica: both have seen the event.
    assert engine.last_tick is not None
    with pytest.raises(BrokenError, match="on the market"):
        replica.update(engine.last_tick)
    tick = engine.process(l1(2, "1", "2"))
    replica.update(tick)
    assert replica.state == engine.snapshot()


def test_views_raise_inside_data() -> None:
    views: list[EngineView] = []

    class Looking(Tape):
        def on_market(self, event: MarketEvent, /) -> None:
            if views:
                assert views[0].time_ns == at(0)

    class Peeking(DefaultStrategy):
        def global_data(self, /) -> StrategyData | None:
            return Looking("all")

        def generate_algo_orders(self, state: object = None, /) -> Orders:
            assert isinstance(state, EngineView)
            views.append(state)
            return NO_ORDERS

    with pytest.raises(ViewError, match="only valid inside the callbacks"):
        run_backtest(Peeking(), quotes(2), two_instruments())


def test_what_cannot_be_copied_cannot_be_kept() -> None:
    class Stubborn(Tape):
        def __deepcopy__(self, memo: object) -> Stubborn:
            raise BrokenError("not to be copied")

    class Having(DefaultStrategy):
        def global_data(self, /) -> StrategyData | None:
            return Stubborn("all")

    engine = Engine(Having(), INSTRUMENTS, time_start=0)
    engine.process(TradingState.ENABLED)
    with pytest.raises(BrokenError, match="not to be copied"):
        engine.snapshot()
    engine.process(AccountEvent(0, AssetBalance(0, Balance(total=1, free=1), 5)))
    assert engine.time_ns == 5
    assert run_backtest(Having(), quotes(2), two_instruments()).orders == []

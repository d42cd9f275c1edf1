"""When a strategy with conditions is asked, and what it may ask for."""

from __future__ import annotations

import pickle
import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from support.binance import quick
from support.examples import ema_cross, example
from support.histories import history, l1, trade, two_instruments
from support.paper import CONFIG, until, venue
from support.venue_server import VenueServer
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AuditSnapshot,
    AuditTick,
    DefaultStrategy,
    Engine,
    EngineView,
    MarketData,
    Orders,
    RiskLimits,
    Side,
    StateReplica,
    Strategies,
    Strategy,
    StrategyGroup,
    SystemConfig,
    Timer,
    run_backtest,
)
from barter_python.indicators import (
    Atr,
    Candles,
    Changes,
    Computed,
    Condition,
    Crosses,
    Ema,
    Events,
    Fills,
    Instruments,
    Source,
    Trades,
)
from barter_python.live import System, replay

QUANTITIES = {
    "binancespot-btc_usdt": Decimal("0.001"),
    "binancespot-eth_usdt": Decimal("0.05"),
    "binancespot-sol_usdt": Decimal(1),
}
MS = timedelta(milliseconds=1)
CROSS = Crosses(Ema(Source.MID, 2), Ema(Source.MID, 5))


@pytest.mark.parametrize("limits", [None, RiskLimits(max_drawdown=Decimal("0.5"))])
def test_the_crossing_of_the_engine_trades_as_the_one_of_python(
    limits: RiskLimits | None, real_history: MarketData, real_config: SystemConfig
) -> None:
    woken = example("ema_indicators", "EmaCross")
    results = [
        run_backtest(
            strategy(QUANTITIES),
            real_history,
            real_config,
            latency=100 * MS,
            fee_rate=Decimal("0.001"),
            close_at_end=True,
            risk_manager=limits,
        )
        for strategy in (ema_cross(), woken)
    ]
    plain, of_engine = (result.to_json() for result in results)
    assert len(results[0].orders) == 41
    assert plain == of_engine


class Buyer(Strategy):
    """Buys one at each event at which it is asked, and notes when that was."""

    strategy_id = "buyer"

    def __init__(self, *conditions: Condition) -> None:
        self.wake_on: Sequence[Condition] | None = conditions
        self.asked: list[str] = []

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.asked.append(type(state.event).__name__)
        instrument = state.instrument(0)
        if len(self.asked) > 2 or instrument.price is None:
            return NO_ORDERS
        return [], [instrument.market_order(Side.BUY, 1)]


DATA = history(l1(0, "99", "101"), trade(1, "100"), trade(2, "100"), l1(3, "99", "102"))


def test_fills_wake_it_and_no_other_event_of_the_account() -> None:
    buyer = Buyer(Trades(), Fills())
    result = run_backtest(buyer, DATA, two_instruments())
    assert len(result.fills) == 2
    assert buyer.asked == ["MarketEvent", "AccountEvent", "AccountEvent", "MarketEvent"]


def test_without_the_condition_fills_do_not_wake_it() -> None:
    buyer = Buyer(Trades())
    run_backtest(buyer, DATA, two_instruments())
    assert buyer.asked == ["MarketEvent", "MarketEvent"]


def test_fills_are_those_of_the_instrument() -> None:
    buyer = Buyer(Trades(), Fills() & Instruments([1]))
    run_backtest(buyer, DATA, two_instruments())
    assert buyer.asked == ["MarketEvent", "MarketEvent"]


def test_other_hooks_do_not_depend_on_conditions() -> None:
    called: list[str] = []

    class Timed(Buyer):
        @override
        def on_start(self, state: EngineView, /) -> None:
            called.append("start")
            state.call_at(state.time_ns + 1_500_000)

        @override
        def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
            called.append("timer")
            return NO_ORDERS

    run_backtest(Timed(Trades() & Instruments([1])), DATA, two_instruments())
    assert called == ["start", "timer"]


def test_parts_hand_their_conditions_on() -> None:
    buyer = Buyer(Trades())
    run_backtest(Strategies(buyer), DATA, two_instruments())
    assert buyer.asked == ["MarketEvent", "MarketEvent"]
    run_backtest(Strategies(object_without_conditions()), DATA, two_instruments())


def object_without_conditions() -> DefaultStrategy:
    return DefaultStrategy("plain")


def test_a_group_refuses_conditions() -> None:
    with pytest.raises(TypeError, match=r"strategies\['a'\] has wake_on, but a group asks"):
        StrategyGroup({"a": Buyer(Trades())})


@pytest.mark.parametrize(
    ("conditions", "error", "message"),
    [
        ((), ValueError, "Buyer.wake_on is empty, so that the strategy would never be asked"),
        (
            Trades(),
            TypeError,
            "Buyer.wake_on must be a sequence of conditions, such as (Trades(),), got Trades "
            "Trades()",
        ),
        (
            (Ema(Source.MID, 3),),
            TypeError,
            "Buyer.wake_on[0]: expected a condition of barter_python.indicators, got "
            "Ema(source=<Source.MID: 'mid'>, period=3); an indicator is none: compare it with "
            "Crosses, or wrap it in Changes or Computed",
        ),
        ((Trades(), Trades), TypeError, "got the class Trades"),
        ((Instruments([0, 2]),), ValueError, "names the instrument 2, but there are 2"),
        ((Trades() | (Fills() & Instruments([7])),), ValueError, "names the instrument 7"),
    ],
)
def test_what_are_no_conditions_is_refused_before_the_run(
    conditions: object, error: type[Exception], message: str
) -> None:
    buyer = Buyer()
    vars(buyer)["wake_on"] = conditions
    with pytest.raises(error, match=re.escape(message)):
        run_backtest(buyer, DATA, two_instruments())
    assert buyer.asked == []


def test_only_what_is_computed_can_be_read() -> None:
    class Reader(Buyer):
        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            state.instrument(0).value(Ema(Source.MID, 3))
            return NO_ORDERS

    with pytest.raises(ValueError, match=r"no condition of the strategy's wake_on has this node"):
        run_backtest(Reader(Events()), DATA, two_instruments())
    with pytest.raises(ValueError, match=r"add Computed\(node\) to wake_on"):
        run_backtest(type("Plain", (Reader,), {})(Events() & Trades()), DATA, two_instruments())
    run_backtest(Reader(Events(), Computed(Ema(Source.MID, 3))), DATA, two_instruments())


def test_snapshots_replicas_and_pickles_have_the_values() -> None:
    average, change = Ema(Source.MID, 3), Changes(Source.MID)
    engine = Engine(
        Buyer(Trades(), Computed(average), Computed(change)),
        two_instruments().index(),
        time_start=0,
    )
    replica = StateReplica(engine.audit_snapshot())
    for number, event in enumerate([*DATA, *DATA]):
        tick = engine.process(event)
        replica.update(tick)
        snapshot = engine.snapshot()
        again = pickle.loads(pickle.dumps(snapshot))
        assert replica.state == snapshot == again, number
        read = snapshot.instrument(0).value(average)
        assert read is not None
        for state in (replica.state, again):
            assert state.instrument(0).value(average) == read
            assert state.instrument(0).value(change) == snapshot.instrument(0).value(change)
    # What was read back goes on computing.
    restored = pickle.loads(pickle.dumps(engine.audit_snapshot()))
    assert isinstance(restored, AuditSnapshot)
    later = StateReplica(restored)
    for event in DATA:
        tick = engine.process(event)
        assert isinstance(tick, AuditTick)
        later.update(tick)
    assert later.state.instrument(0).value(average) == engine.snapshot().instrument(0).value(
        average
    )


class Crossing(Strategy):
    """Trades at crossings, on paper too."""

    strategy_id = "crossing"
    wake_on = (CROSS,)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        assert instrument is not None
        side = Side.BUY if instrument.value(CROSS) == 1 else Side.SELL
        return [], [instrument.market_order(side, Decimal("0.01"))]


def test_a_run_on_paper_wakes_as_its_replay_and_a_backtest(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    record = tmp_path_factory.mktemp("paper") / "paper.jsonl.gz"
    with (
        VenueServer(venue()) as server,
        System.start(
            Crossing(), CONFIG, stream_options=quick(server), latency=2 * MS, record=record
        ) as system,
    ):
        until(system, 1200)
        result = system.shutdown()
    assert result.orders
    replayed = replay(record, Crossing())
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()
    backtest = run_backtest(
        Crossing(),
        MarketData.from_json_lines(record),
        CONFIG,
        latency=2 * MS,
        until=result.until_ns,
    )
    assert backtest.to_json() == result.to_json()


def test_candles_that_the_run_builds_are_samples_as_those_of_a_history(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    closes, ranges = Ema(Source.CLOSE, 3), Atr(4)

    class Collects(Strategy):
        strategy_id = "collects"
        wake_on = (Candles(), Computed(closes), Computed(ranges))

        def __init__(self) -> None:
            self.read: list[tuple[int, float | None, float | None]] = []

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            assert state.updated is not None
            index, view = state.updated.index, state.updated
            self.read.append((index, view.value(closes), view.value(ranges)))
            return NO_ORDERS

    built, given = Collects(), Collects()
    every = timedelta(seconds=5)
    run_backtest(built, real_history, real_config, candles=every)
    run_backtest(given, real_history.candles(every=every), real_config)
    assert built.read[-1][2] is not None
    for index in range(3):
        of_built = [row for row in built.read if row[0] == index]
        of_given = [row for row in given.read if row[0] == index]
        # The history ends in the middle of the last one.
        assert len(of_built) > 30
        assert of_given[: len(of_built)] == of_built


def test_indicators_warm_up_and_conditions_wake_then_too() -> None:
    average = Ema(Source.MID, 3)

    class Warmed(Buyer):
        read: list[float | None]

        @override
        def on_warmup(self, state: EngineView, /) -> None:
            self.asked.append("warm-up")

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            self.asked.append("run")
            self.read = [state.instrument(0).value(average)]
            return NO_ORDERS

    buyer = Warmed(Trades(), Computed(average))
    run_backtest(buyer, history(trade(4, "100")), two_instruments(), warmup=DATA)
    assert buyer.asked == ["warm-up", "warm-up", "run"]
    # Four samples: 100 at each but the last event, and 100.5 there.
    assert buyer.read == [100.375]

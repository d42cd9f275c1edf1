"""Compiled, interpreted and written over views, a strategy gives the same bytes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.binance import quick
from support.compiled import HAS_NUMBA, JIT, Own, Twin, act
from support.examples import ema_cross, example_module
from support.histories import candle, history, l1, snapshot, trade, two_instruments
from support.paper import CONFIG, until, venue
from support.venue_server import VenueServer

from barter_python import (
    AuditSnapshot,
    AuditTick,
    BacktestResult,
    Engine,
    MarketData,
    MarketEvent,
    RiskLimits,
    Strategy,
    SystemConfig,
    TradingState,
    run_backtest,
)
from barter_python.compiled import CompiledStrategy
from barter_python.live import System, replay

MS = timedelta(milliseconds=1)
OWN = {"binancespot-btc_usdt": Own(), "binancespot-eth_usdt": Own(0.25)}
REAL = {f"binancespot-{base}_usdt": Own(0.01) for base in ("btc", "eth", "sol")}


def strategies(own: dict[str, Own]) -> list[CompiledStrategy[Own]]:
    """Give the function as it can run here."""
    jits = [False, True] if HAS_NUMBA else [False]
    return [act.strategy(own, strategy_id="act", jit=jit) for jit in jits]


def check_twins(
    own: dict[str, Own], data: MarketData, config: SystemConfig, limits: RiskLimits | None = None
) -> BacktestResult:
    """Run all, and compare results and own state."""

    def run(strategy: Strategy) -> BacktestResult:
        return run_backtest(
            strategy,
            data,
            config,
            latency=3 * MS,
            fee_rate=Decimal("0.001"),
            close_at_end=True,
            risk_manager=limits,
        )

    twin = Twin(own)
    expected = run(twin)
    for strategy in strategies(own):
        assert run(strategy).to_json() == expected.to_json()
        assert {name: strategy.state_of(name) for name in own} == twin.own
    return expected


@pytest.mark.parametrize("limits", [None, RiskLimits(max_drawdown=Decimal("0.5"))])
def test_real_history(
    limits: RiskLimits | None, real_history: MarketData, real_config: SystemConfig
) -> None:
    first = MarketData.from_events(islice(real_history, 3_000))
    result = check_twins(REAL, first, real_config, limits)
    assert len(result.fills) > 100


@pytest.mark.parametrize("jit", [False, True] if HAS_NUMBA else [False])
def test_the_example_trades_as_the_one_of_python(
    jit: bool, real_history: MarketData, real_config: SystemConfig
) -> None:
    quantities = {"btc": Decimal("0.001"), "eth": Decimal("0.05"), "sol": Decimal(1)}
    names = {f"binancespot-{base}_usdt": quantity for base, quantity in quantities.items()}
    module = example_module("ema_compiled")
    own = {name: module.Ema(float(quantity)) for name, quantity in names.items()}
    results = [
        run_backtest(
            strategy,
            real_history,
            real_config,
            latency=100 * MS,
            fee_rate=Decimal("0.001"),
            close_at_end=True,
        )
        for strategy in (
            ema_cross()(names),
            module.ema_cross.strategy(own, strategy_id="ema", jit=jit),
        )
    ]
    assert len(results[0].orders) == 41
    assert results[0].to_json() == results[1].to_json()


PRICES = st.integers(99, 103)
AMOUNTS = st.sampled_from(["0.3", "1", "1.7", "12"])


@st.composite
def histories(draw: st.DrawFn) -> list[MarketEvent]:
    """Draw events of two instruments, in time."""
    # Without quotes a strategy over views is warned that it reads none.
    events = [l1(0, "99", "101", instrument=instrument) for instrument in (0, 1)]
    time = 0
    for _ in range(draw(st.integers(1, 60))):
        time += draw(st.sampled_from([0, 1, 5]))
        instrument, price = draw(st.integers(0, 1)), draw(PRICES)
        bid, ask = str(price), str(price + draw(st.integers(1, 2)))
        match draw(st.sampled_from(["quote", "quote", "quote", "bid", "trade", "candle", "book"])):
            case "quote":
                bid_amount, ask_amount = draw(AMOUNTS), draw(AMOUNTS)
                event = l1(
                    *(time, bid, ask),
                    instrument=instrument,
                    bid_amount=bid_amount,
                    ask_amount=ask_amount,
                )
            case "bid":
                event = l1(time, bid, None, instrument=instrument)
            case "trade":
                event = trade(time, bid, draw(AMOUNTS), instrument=instrument)
            case "candle":
                event = candle(time, bid, instrument=instrument)
            case _:
                bids = {bid: draw(AMOUNTS), "98": draw(AMOUNTS), "97": draw(AMOUNTS)}
                event = snapshot(time, bids, {ask: draw(AMOUNTS)}, instrument=instrument)
        events.append(event)
    return events


@given(histories(), st.booleans())
def test_random_histories(events: list[MarketEvent], is_limited: bool) -> None:
    limits = RiskLimits(max_open_orders=3) if is_limited else None
    check_twins(OWN, history(*events), two_instruments(), limits)


def test_a_warm_up_calls_it_and_drops_its_orders() -> None:
    before = [l1(number, "99", str(101 + number % 3), bid_amount="2") for number in range(20)]
    events = [l1(30 + number, "98", str(100 + number % 4)) for number in range(20)]
    twin = Twin(OWN)
    expected = run_backtest(
        twin, history(*events), two_instruments(), latency=3 * MS, warmup=history(*before)
    )
    assert expected.orders
    for strategy in strategies(OWN):
        result = run_backtest(
            strategy, history(*events), two_instruments(), latency=3 * MS, warmup=history(*before)
        )
        assert result.to_json() == expected.to_json()
        assert {name: strategy.state_of(name) for name in OWN} == twin.own


def test_an_audit_changes_nothing() -> None:
    events = [l1(number, "99", str(101 + number % 3), bid_amount="2") for number in range(30)]
    ticks: list[list[str]] = []
    for strategy in (Twin(OWN), *strategies(OWN)):
        seen: list[str] = []

        def note(tick: AuditTick | AuditSnapshot, seen: list[str] = seen) -> None:
            if isinstance(tick, AuditTick):
                seen.append(tick.to_json())

        run_backtest(strategy, history(*events), two_instruments(), latency=3 * MS, audit=note)
        ticks.append(seen)
    assert len(ticks[0]) > 60
    assert all(each == ticks[0] for each in ticks)


@JIT
def test_a_run_on_paper_is_its_replay_and_a_backtest(
    jit: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = tmp_path_factory.mktemp("paper") / "paper.jsonl.gz"

    def strategy() -> CompiledStrategy[Own]:
        return act.strategy(REAL, strategy_id="act", jit=jit)

    ran, replayer, tester = strategy(), strategy(), strategy()
    with (
        VenueServer(venue()) as server,
        System.start(
            ran, CONFIG, stream_options=quick(server), latency=2 * MS, record=record
        ) as system,
    ):
        until(system, 1200)
        result = system.shutdown()
    assert result.orders
    replayed = replay(record, replayer)
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()
    backtest = run_backtest(
        tester,
        MarketData.from_json_lines(record),
        CONFIG,
        latency=2 * MS,
        until=result.until_ns,
    )
    assert backtest.to_json() == result.to_json()
    for name in REAL:
        assert ran.state_of(name) == replayer.state_of(name)
        assert ran.state_of(name).events > 0


def test_a_stepped_engine_calls_it_as_a_run_does() -> None:
    events = [l1(0, "99", "101"), l1(1, "99", "103"), l1(2, "98", "101", bid_amount="5")]
    found: list[list[str]] = []
    for strategy in (Twin(OWN), *strategies(OWN)):
        engine = Engine(strategy, two_instruments().index(), time_start=0)
        engine.process(TradingState.ENABLED)
        ticks = [engine.process(event).to_json() for event in events]
        assert len(engine.snapshot().instrument(0).orders) == 3
        found.append(ticks)
        if isinstance(strategy, CompiledStrategy):
            assert strategy.state_of("binancespot-btc_usdt").events == 3
    assert all(ticks == found[0] for ticks in found)

"""Candles that a run builds from trades: what the strategy sees, and what nobody else does."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import (
    BTC,
    ETH,
    SPOT,
    START_NS,
    candle,
    history,
    spot,
    trade,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AuditSnapshot,
    AuditTick,
    BacktestResult,
    Candle,
    EngineView,
    MarketData,
    MarketDataError,
    MarketEvent,
    MarketScan,
    MockExecutionConfig,
    Orders,
    PublicTrade,
    Side,
    StateReplica,
    Strategy,
    SystemConfig,
    Timer,
    run_backtest,
    run_backtests,
)

SECOND = timedelta(seconds=1)
SECOND_NS = 10**9
FULL = START_NS // SECOND_NS * SECOND_NS
"""A full second."""
CONFIG = SystemConfig(
    [spot("eth"), spot("btc")],
    [MockExecutionConfig(SPOT, {"usdt": 10_000, "btc": 10, "eth": 10}, timedelta(milliseconds=30))],
)


def tick(time: int, price: str = "10", amount: str = "1", *, instrument: int = BTC) -> MarketEvent:
    """Make a trade at a time in nanoseconds."""
    kind = PublicTrade("1", price=Decimal(price), amount=Decimal(amount), side=Side.SELL)
    return MarketEvent(time, time, SPOT, instrument, kind)


@dataclass(eq=False)
class Watcher(Strategy):
    """Keeps the candles that it sees, and when it sees them."""

    seen: list[MarketEvent] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        match state.event:
            case MarketEvent(kind=Candle() as bar) as event:
                self.seen.append(event)
                assert state.updated is not None
                assert state.updated.candle == bar
                assert state.updated.index == event.instrument
                assert state.time_ns == event.time_received_ns == bar.close_time_ns
            case _:
                pass
        return NO_ORDERS


def seen(data: MarketData | MarketScan, until: int | None = None) -> list[MarketEvent]:
    """Give the candles of a second that a strategy sees."""
    strategy = Watcher()
    run_backtest(strategy, data, CONFIG, candles=SECOND, until=until)
    return strategy.seen


STEPS = st.lists(
    st.tuples(
        st.integers(-300, 2_000),
        st.sampled_from((BTC, ETH)),
        st.decimals("8", "12", places=1),
        st.decimals("0.1", "3", places=1),
    ),
    min_size=1,
    max_size=60,
)


def drawn(steps: list[tuple[int, int, Decimal, Decimal]]) -> MarketData:
    """Make a history of trades."""
    time = 0
    events: list[MarketEvent] = []
    for step, instrument, price, amount in steps:
        time += step
        events.append(trade(time, str(price), str(amount), instrument=instrument))
    return history(*events, trade(time + 5_000, "10"))


@given(STEPS)
def test_a_strategy_sees_the_candles_of_the_history(
    steps: list[tuple[int, int, Decimal, Decimal]],
) -> None:
    data = drawn(steps)
    expected = list(data.candles(SECOND))
    assert seen(data) == expected
    parts = [data[:1], data[1:]]
    if parts[0].time_end <= parts[1].time_start:
        assert seen(MarketScan(parts)) == expected


class Gambler(Strategy):
    """Sends orders at random trades, and nothing at candles."""

    strategy_id = "gambler"

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        match state.event:
            case MarketEvent(kind=PublicTrade()) if self._draw.random() < 0.5:
                pass
            case _:
                return NO_ORDERS
        instrument = state.updated
        assert instrument is not None
        side = self._draw.choice([Side.BUY, Side.SELL])
        if self._draw.random() < 0.5:
            return [], [instrument.market_order(side, 1)]
        price = Decimal(self._draw.randrange(8, 13))
        return [], [instrument.limit_order(side, price=price, quantity=Decimal(2))]


@given(STEPS, st.integers(0, 1_000))
def test_the_exchange_does_not_see_them(
    steps: list[tuple[int, int, Decimal, Decimal]], seed: int
) -> None:
    def result(candles: timedelta | None) -> BacktestResult:
        return run_backtest(Gambler(seed), drawn(steps), CONFIG, candles=candles)

    with_candles, without = result(timedelta(milliseconds=100)), result(None)
    assert with_candles.to_json() == without.to_json()
    assert with_candles.equity() == without.equity()
    assert with_candles.settings == replace(without.settings, candles=timedelta(milliseconds=100))


class Log(Strategy):
    """Keeps what happens in turn, and buys at the first trade."""

    strategy_id = "log"

    def __init__(self) -> None:
        self.log: list[str] = []

    @override
    def on_start(self, state: EngineView, /) -> None:
        state.call_at(FULL + SECOND_NS)

    @override
    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        self.log.append("timer")
        return NO_ORDERS

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        match state.event:
            case MarketEvent(instrument=instrument, kind=PublicTrade()):
                self.log.append(f"trade of {instrument}")
                if len(self.log) == 1:
                    return [], [state.instrument(instrument).market_order(Side.BUY, 1)]
            case MarketEvent(instrument=instrument, kind=Candle()):
                self.log.append(f"candle of {instrument}")
                if instrument == BTC:
                    return [], [state.instrument(BTC).market_order(Side.BUY, 1)]
            case _:
                if self.log[-1] != "account":
                    self.log.append("account")
        return NO_ORDERS


def test_what_is_due_at_one_nanosecond_has_one_order() -> None:
    early = FULL + SECOND_NS // 2
    data = history(
        tick(early, instrument=ETH),
        tick(early, instrument=BTC),
        tick(FULL + SECOND_NS),
        tick(FULL + SECOND_NS, instrument=ETH),
    )
    half = timedelta(milliseconds=250)
    strategy = Log()
    run_backtest(
        strategy,
        data,
        CONFIG.with_executions(latency=half, answer_latency=half),
        candles=SECOND,
    )
    assert strategy.log[:8] == [
        f"trade of {ETH}",
        f"trade of {BTC}",
        "account",
        f"candle of {BTC}",
        f"candle of {ETH}",
        "timer",
        f"trade of {BTC}",
        f"trade of {ETH}",
    ]
    # Without a latency, what the first candle causes comes before the second.
    strategy = Log()
    run_backtest(strategy, data, CONFIG.with_executions(latency=timedelta(0)), candles=SECOND)
    assert strategy.log[3:8] == [
        f"candle of {BTC}",
        "account",
        f"candle of {ETH}",
        "timer",
        f"trade of {BTC}",
    ]


def test_a_candle_in_progress_at_the_end_is_not_seen() -> None:
    data = history(tick(FULL), tick(FULL + 1))
    assert seen(data) == []
    assert seen(data, until=FULL + SECOND_NS - 1) == []
    assert len(seen(data, until=FULL + SECOND_NS)) == 1


def kinds_of(ticks: list[AuditSnapshot | AuditTick]) -> list[type]:
    """Give the kinds of the market events of an audit."""
    events = [each.event for each in ticks if isinstance(each, AuditTick)]
    return [type(event.kind) for event in events if isinstance(event, MarketEvent)]


def test_answers_after_the_history_do_not_complete_one() -> None:
    strategy = Log()
    slow = CONFIG.with_executions(latency=5 * SECOND)
    ticks: list[AuditSnapshot | AuditTick] = []
    result = run_backtest(strategy, history(tick(FULL)), slow, candles=SECOND, audit=ticks.append)
    assert result.orders[0].time_finished_ns == FULL + 5 * SECOND_NS
    assert strategy.log == [f"trade of {BTC}"]
    assert kinds_of(ticks) == [PublicTrade]


def test_a_long_gap_costs_nothing() -> None:
    day = 86_400 * SECOND_NS
    data = history(tick(FULL), tick(FULL + 365 * day), tick(FULL + 730 * day))
    strategy = Watcher()
    run_backtest(strategy, data, CONFIG, candles=timedelta(milliseconds=1))
    assert len(strategy.seen) == 2


def test_events_count_those_of_the_history() -> None:
    data = history(tick(FULL), tick(FULL + SECOND_NS), tick(FULL + 2 * SECOND_NS))
    result = run_backtest(Watcher(), data, CONFIG, candles=SECOND)
    assert result.settings.events == 3
    assert result.settings.candles == SECOND


def test_the_report_says_their_length(tmp_path: Path) -> None:
    data = history(tick(FULL), tick(FULL + SECOND_NS))
    path = tmp_path / "report.html"
    run_backtest(Watcher(), data, CONFIG, candles=SECOND).to_html(path)
    text = path.read_text(encoding="utf-8")
    assert "<dt>Candles</dt><dd>built from trades, 1 s each</dd>" in text
    run_backtest(Watcher(), data, CONFIG).to_html(path)
    assert "<dt>Candles</dt>" not in path.read_text(encoding="utf-8")


def test_they_are_in_the_audit() -> None:
    ticks: list[AuditSnapshot | AuditTick] = []
    data = history(tick(FULL), tick(FULL + SECOND_NS))
    run_backtest(Watcher(), data, CONFIG, candles=SECOND, audit=ticks.append)
    first, *rest = ticks
    assert isinstance(first, AuditSnapshot)
    replica = StateReplica(first)
    for each in rest:
        assert isinstance(each, AuditTick)
        replica.update(each)
    assert kinds_of(rest) == [PublicTrade, Candle, PublicTrade]
    known = replica.state.instrument(BTC).candle
    assert known is not None
    assert known.close_time_ns == FULL + SECOND_NS


def test_candles_of_the_history_itself_are_refused_before_the_run() -> None:
    own = history(trade(0, "10"), candle(1, "10"), trade(5_000, "10"))
    strategy = Log()
    with pytest.raises(
        MarketDataError,
        match=r"the history has candles of its own, the first of binancespot-btc_usdt at .*: "
        "run without candles=, or leave these events out",
    ):
        run_backtest(strategy, own, CONFIG, candles=SECOND)
    assert strategy.log == []
    assert seen(own[:1], until=own.time_start_ns + 2 * SECOND_NS)  # the part has none
    with pytest.raises(MarketDataError, match="the history has candles of its own"):
        seen(MarketScan([own[:1], own[1:]]))


def test_each_run_of_a_sweep_builds_its_own() -> None:
    data = history(*(tick(FULL + number * SECOND_NS // 4) for number in range(20)))
    runs = run_backtests(
        Gambler, {"seed": [1, 2]}, data, two_instruments(), candles=SECOND, executor="threads"
    )
    for run, seed in zip(runs, [1, 2], strict=True):
        assert run.result is not None
        assert run.result.settings.candles == SECOND
        alone = run_backtest(Gambler(seed), data, two_instruments(), candles=SECOND)
        assert run.result.to_json() == alone.to_json()

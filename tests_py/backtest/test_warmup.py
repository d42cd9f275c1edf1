"""A warm-up: what the strategy is shown before a run, and that the run has nothing of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from support.histories import (
    BTC,
    ETH,
    MILLISECOND,
    START_NS,
    Acting,
    at,
    buy,
    candle,
    history,
    l1,
    quotes,
    reconnecting,
    trade,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AuditSnapshot,
    AuditTick,
    Candle,
    DefaultStrategy,
    EngineView,
    ExchangeId,
    HookCommand,
    MarketData,
    MarketDataError,
    MarketEvent,
    MarketScan,
    OrderBookL1,
    Orders,
    SendOpenRequests,
    Side,
    StopOrder,
    Strategies,
    Strategy,
    StrategyData,
    StrategyGroup,
    Timer,
    TradingState,
    own_data,
    run_backtest,
    run_backtests,
)
from barter_python.instrument import IndexedInstrument

BEFORE = history(l1(-200, "90", "92"), trade(-100, "91"))
"""Before the first of `quotes`."""


def walk(seed: int = 5, start: int = -1000, end: int = 1000) -> MarketData:
    """Give trades and quotes at random prices, some at one time."""
    draw = random.Random(seed)
    events: list[MarketEvent] = []
    price = 100
    for number in range(start, end):
        price += draw.choice([-1, 0, 1])
        if draw.random() < 0.3:
            events.append(trade(number // 2, str(price)))
        events.append(l1(number // 2, str(price), str(price + 1)))
    return history(*events)


@dataclass
class Crossing(Strategy):
    """Holds one bitcoin while the price is above its average."""

    average: float = 100
    strategy_id = "crossing"

    def learn(self, price: float) -> bool:
        self.average += (price - self.average) / 500
        return price > self.average

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        if instrument is None or instrument.mid_f64 is None:
            return NO_ORDERS
        is_above = self.learn(instrument.mid_f64)
        if instrument.has_orders or is_above is (instrument.position is not None):
            return NO_ORDERS
        return [], [instrument.market_order(Side.BUY if is_above else Side.SELL, 1)]


@pytest.mark.parametrize("latency", [timedelta(0), timedelta(milliseconds=7)])
def test_the_average_is_that_of_a_strategy_that_was_fed_by_hand(latency: timedelta) -> None:
    data, config = walk(), two_instruments(latency=latency)
    before = data.between(until=START_NS)
    fed = Crossing()
    mid: float | None = None
    for each in before:
        assert isinstance(each, MarketEvent)
        if isinstance(each.kind, OrderBookL1):
            assert each.kind.best_bid is not None
            mid = float(each.kind.best_bid.price) + 0.5
        if mid is not None:
            fed.learn(mid)
    cold = run_backtest(Crossing(), data, config, since=START_NS)
    expected = run_backtest(fed, data, config, since=START_NS)
    warm = run_backtest(Crossing(), data, config, since=START_NS, warmup=before)
    assert warm.orders
    assert warm.to_json() == expected.to_json() != cold.to_json()
    assert (warm.settings.warmup_events, warm.settings.events) == (
        len(before),
        len(data) - len(before),
    )


@dataclass
class Busy(Strategy):
    """Trades at every event, also before the run if it is told to."""

    learns: bool
    strategy_id = "busy"

    @override
    def on_start(self, state: EngineView, /) -> None:
        state.call_at(START_NS + 1)

    @override
    def on_warmup(self, state: EngineView, /) -> None:
        if self.learns:
            state.place_stop(StopOrder(BTC, Side.SELL, quantity=1, trigger_price=1000))
            self.generate_algo_orders(state)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        if instrument is None or instrument.price is None:
            return NO_ORDERS
        if instrument.stops == []:
            price = instrument.price
            state.place_stop(StopOrder(BTC, Side.SELL, quantity=1, trigger_price=price))
        return [], [instrument.market_order(Side.BUY, 1)]

    @override
    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        return buy(state)


def test_the_result_has_nothing_of_what_a_strategy_does_before_the_run() -> None:
    audits: list[list[AuditSnapshot | AuditTick]] = [[], []]
    results = [
        run_backtest(Busy(learns=learns), quotes(5), two_instruments(), warmup=BEFORE, audit=note)
        for learns, note in zip((False, True), (one.append for one in audits), strict=True)
    ]
    without, learned = results
    assert learned.to_json() == without.to_json()
    assert audits[0] == audits[1]
    assert [one.order.client_order_id for one in learned.orders][:2] == ["bp-1", "bp-2"]
    assert learned.time_start_ns == START_NS
    bars = [bar for each in learned.equity().values() for bar in each]
    assert min(bar.time_ns for bar in bars) == START_NS
    assert (learned.settings.events, learned.settings.warmup_events) == (5, 2)
    assert learned.summary.time_engine_start == learned.time_start


def test_it_changes_nothing_for_a_strategy_that_does_not_look() -> None:
    kept: list[list[AuditSnapshot | AuditTick]] = [[], []]
    cold = run_backtest(DefaultStrategy(), quotes(5), two_instruments(), audit=kept[0].append)
    warm = run_backtest(
        DefaultStrategy(), quotes(5), two_instruments(), audit=kept[1].append, warmup=BEFORE
    )
    assert warm.to_json() == cold.to_json()
    first, other = (each[0] for each in kept)
    assert isinstance(first, AuditSnapshot)
    assert isinstance(other, AuditSnapshot)
    assert first.sequence == other.sequence
    assert first.state.instruments[BTC].price is None
    # The prices are known, and the last is that of the warm-up.
    assert other.state.instruments[BTC].mid == 91
    assert kept[0][1:] == kept[1][1:]


@dataclass
class Notes(Strategy):
    """Writes down when it is called, and wants to trade each time."""

    said: list[tuple[object, ...]] = field(default_factory=list)
    strategy_id = "notes"

    def note(self, hook: str, state: EngineView) -> None:
        milliseconds = (state.time_ns - START_NS) // 1_000_000
        updated = None if state.updated is None else state.updated.index
        self.said.append((hook, milliseconds, state.trading.value, updated))

    @override
    def on_start(self, state: EngineView, /) -> None:
        self.note("start", state)
        state.call_at(at(-150), every=timedelta(milliseconds=100))

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        if state.event is not None:
            self.note(type(state.event).__name__, state)
        return buy(state) if state.trading is TradingState.DISABLED else NO_ORDERS

    @override
    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        self.note("timer", state)
        return buy(state) if state.trading is TradingState.DISABLED else NO_ORDERS

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        self.note("lost", state)
        return [SendOpenRequests(buy(state)[1]), TradingState.ENABLED]

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        self.note("disabled", state)
        return ()


def test_each_event_and_timer_is_shown_in_its_order_with_trading_disabled() -> None:
    strategy = Notes()
    before = history(
        l1(-200, "90", "92"), reconnecting(), trade(-100, "20", instrument=ETH), candle(-60, "91")
    )
    result = run_backtest(strategy, quotes(2), two_instruments(), warmup=before)
    off, on = "disabled", "enabled"
    assert strategy.said == [
        ("start", -200, off, None),
        ("MarketEvent", -200, off, BTC),
        ("lost", -200, off, None),
        ("Reconnecting", -200, off, None),
        ("timer", -150, off, None),
        ("MarketEvent", -100, off, ETH),
        ("MarketEvent", -60, off, BTC),
        ("timer", -50, off, None),
        ("MarketEvent", 0, on, BTC),
        ("timer", 50, on, None),
        ("MarketEvent", 100, on, BTC),
    ]
    assert not result.orders


def test_a_timer_of_the_first_moment_belongs_to_the_run() -> None:
    class Early(Acting):
        trading: TradingState | None = None

        @override
        def on_start(self, state: EngineView, /) -> None:
            state.call_at(START_NS)

        @override
        def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
            self.trading = state.trading
            return NO_ORDERS

    strategy = Early(lambda _: NO_ORDERS)
    run_backtest(strategy, quotes(1), two_instruments(), warmup=BEFORE)
    assert strategy.trading is TradingState.ENABLED


def test_exchanges_do_not_see_its_offers() -> None:
    def buy_both(state: EngineView) -> Orders:
        if state.time_ns < START_NS or state.updated is None:
            return NO_ORDERS
        assert state.instruments[ETH].price is not None
        return [], [*buy(state)[1], *buy(state, instrument=ETH)[1]]

    before = history(l1(-2, "10", "11", instrument=ETH), l1(-1, "90", "92"))
    data = history(trade(0, "100"), l1(1, "100", "102"))
    result = run_backtest(Acting(buy_both), data, two_instruments(), warmup=before)
    assert [fill.price for fill in result.fills] == [Decimal(100), Decimal(102)]
    assert {fill.instrument for fill in result.fills} == {BTC}
    # Ether has no event in the run, and no offers.
    assert {one.order.instrument for one in result.orders if one.average_price is None} == {ETH}


@dataclass
class Sum:
    """The traded amount."""

    amount: Decimal = Decimal(0)

    def on_market(self, event: MarketEvent, /) -> None:
        self.amount += getattr(event.kind, "amount", 0)

    def on_account(self, event: object, /) -> None:
        pass


def test_the_strategys_own_data_follows() -> None:
    class Summing(Strategy):
        @override
        def instrument_data(self, instrument: IndexedInstrument, /) -> StrategyData | None:
            return Sum()

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            sums.append(own_data(state.instrument(BTC), Sum).amount)
            return NO_ORDERS

    sums: list[Decimal] = []
    before = history(trade(-2, "100", "3"), trade(-1, "100", "4"))
    run_backtest(Summing(), history(trade(0, "100", "5")), two_instruments(), warmup=before)
    assert sums == [3, 7, 12]


class Plain:
    """A strategy of one method."""

    def __init__(self) -> None:
        self.states: list[TradingState] = []

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.states.append(state.trading)
        return NO_ORDERS


class Learner(Plain):
    """Has the hook, and no base class."""

    def __init__(self) -> None:
        super().__init__()
        self.learned: list[int] = []

    def on_warmup(self, state: EngineView, /) -> None:
        self.learned.append(state.time_ns - START_NS)


def test_a_strategy_without_the_hook_is_asked_for_orders() -> None:
    plain, learner = Plain(), Learner()
    off, on = TradingState.DISABLED, TradingState.ENABLED
    for strategy in (plain, learner):
        run_backtest(strategy, quotes(1), two_instruments(), warmup=BEFORE)
    assert plain.states == [off, off, on]
    assert learner.learned == [-200_000_000, -100_000_000]
    assert learner.states == [on]


def test_groups_and_parts_pass_it_on() -> None:
    plain, learner, part, whole = Plain(), Learner(), Plain(), Learner()
    group = StrategyGroup({"plain": plain, "learner": learner})
    off, on = TradingState.DISABLED, TradingState.ENABLED
    for strategy in (group, Strategies(part), Strategies(whole)):
        run_backtest(strategy, quotes(1), two_instruments(), warmup=BEFORE)
    assert plain.states == part.states == [off, off, on]
    assert learner.learned == whole.learned == [-200_000_000, -100_000_000]
    assert learner.states == whole.states == [on]


def test_a_member_of_a_group_acts_as_itself() -> None:
    class Named:
        ids: tuple[str, ...] = ()

        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            if state.updated is None:
                return NO_ORDERS
            order = state.instrument(BTC).market_order(Side.BUY, 1)
            self.ids += (order.key.strategy.value,)
            return [], [order]

    one, two = Named(), Named()
    group = StrategyGroup({"one": one, "two": two})
    result = run_backtest(group, quotes(1), two_instruments(), warmup=BEFORE)
    assert (set(one.ids), set(two.ids)) == ({"one"}, {"two"})
    assert len(result.orders) + 4 == len(one.ids + two.ids)


def failing(state: EngineView) -> Orders:
    raise ZeroDivisionError(state.time_ns)


class FailingData(Sum):
    """Cannot take an event."""

    @override
    def on_market(self, event: MarketEvent, /) -> None:
        raise ZeroDivisionError(event.time_received_ns)


class Holding(DefaultStrategy):
    @override
    def global_data(self, /) -> StrategyData | None:
        return FailingData()


class FailingTimer(DefaultStrategy):
    @override
    def on_start(self, state: EngineView, /) -> None:
        state.call_at(at(-200) + 1)

    @override
    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        return failing(state)


@pytest.mark.parametrize("make", [lambda: Acting(failing), Holding, FailingTimer])
def test_an_exception_arrives_unchanged(make: Callable[[], Strategy]) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        run_backtest(make(), quotes(1), two_instruments(), warmup=BEFORE)
    assert raised.value.args[0] in (at(-200), at(-200) + 1)


def test_it_ends_before_the_run_begins() -> None:
    config = two_instruments()
    for data in (quotes(2), MarketScan([quotes(2)])):
        run_backtest(DefaultStrategy(), data, config, warmup=history(l1(0, "90", "92")))
        with pytest.raises(ValueError, match=r"until=\.\.\.") as raised:
            run_backtest(DefaultStrategy(), data, config, warmup=quotes(2))
        assert str(raised.value) == (
            "warmup must end no later than the run begins: its last event was received at "
            "2023-11-14T22:13:20.223456789Z, the first of the run at "
            "2023-11-14T22:13:20.123456789Z; give the part of it before that, such as "
            "warmup.between(until=...)"
        )
    # What counts is the part that is run.
    run_backtest(DefaultStrategy(), quotes(3), config, since=at(150), warmup=quotes(2))


def test_it_must_be_of_the_same_instruments() -> None:
    strange = history(l1(-1, "90", "92", instrument=2))
    with pytest.raises(MarketDataError, match=r"^warmup: .*event 0: there is no instrument 2"):
        run_backtest(DefaultStrategy(), quotes(1), two_instruments(), warmup=strange)


def test_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^warmup must be a MarketData, got list"):
        run_backtest(
            DefaultStrategy(),
            quotes(1),
            two_instruments(),
            warmup=[l1(-1, "90", "92")],  # type: ignore[arg-type] # a mistake on purpose
        )


def test_a_loss_at_its_end_is_over_with_the_next_event() -> None:
    kept: list[object] = []

    def look(state: EngineView) -> Orders:
        kept.append(state.connectivity[0].market_data.value)
        return NO_ORDERS

    before = history(l1(-1, "90", "92"), reconnecting())
    run_backtest(Acting(look), quotes(1), two_instruments(), warmup=before)
    assert kept == ["healthy", "reconnecting", "healthy"]


def test_each_run_of_many_is_warmed_up() -> None:
    data, config = walk(), two_instruments()
    before = data.between(until=START_NS)
    (run,) = run_backtests(
        Crossing,
        {"average": [80.0]},
        data,
        config,
        since=START_NS,
        warmup=before,
        executor="threads",
    )
    alone = run_backtest(Crossing(80.0), data, config, since=START_NS, warmup=before)
    assert run.result is not None
    assert run.result.to_json() == alone.to_json()
    assert run.result.settings.warmup_events == len(before)


def test_candles_are_built_of_its_trades_too() -> None:
    kept: list[tuple[int, int, int]] = []

    def look(state: EngineView) -> Orders:
        if isinstance(state.event, MarketEvent) and isinstance(state.event.kind, Candle):
            bar = state.event.kind
            kept.append(((state.time_ns - minute) // 1_000_000_000, int(bar.open), int(bar.close)))
        return NO_ORDERS

    minute = START_NS - START_NS % 60_000_000_000
    offset = (minute - START_NS) // MILLISECOND
    trades = [trade(offset + 1000 * s, str(200 + s)) for s in (-130, -80, -50, 10, 40, 70, 130)]
    before, data = history(*trades[:4]), history(*trades[4:])
    run = partial(run_backtest, config=two_instruments(), candles=timedelta(minutes=1))
    run(Acting(look), data, warmup=before)
    whole = kept.copy()
    kept.clear()
    run(Acting(look), history(*trades))
    # Each at its close, whether that is before the run or in it.
    assert whole == kept
    assert whole == [
        (-120, 70, 70),
        (-60, 120, 120),
        (0, 150, 150),
        (60, 210, 240),
        (120, 270, 270),
    ]


def test_candles_of_its_own_stand_in_the_place_of_trades() -> None:
    run = partial(run_backtest, config=two_instruments(), candles=timedelta(minutes=1))
    data = history(trade(0, "100"))
    run(DefaultStrategy(), data, warmup=history(candle(-1, "100")))
    with pytest.raises(MarketDataError, match=r"^warmup has candles beside the trades"):
        run(DefaultStrategy(), data, warmup=history(candle(-2, "100"), trade(-1, "100")))

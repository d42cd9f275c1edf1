"""Where views are valid, when strategies are freed, and runs inside runs."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    SPOT,
    Acting,
    at,
    buy,
    quotes,
    run,
    two_instruments,
    watch,
)

import barter_python
from barter_python import (
    NO_ORDERS,
    AccountEvent,
    BarterError,
    DefaultStrategy,
    EngineView,
    InstrumentView,
    MarketEvent,
    OpenPosition,
    Orders,
    Side,
    StrategyBusyError,
    ViewError,
    run_backtest,
)
from barter_python.indicators import Source


def leak() -> tuple[EngineView, InstrumentView, Iterator[InstrumentView]]:
    """Give views that have outlived their run."""
    kept: list[tuple[EngineView, InstrumentView, Iterator[InstrumentView]]] = []

    def look(state: EngineView) -> None:
        kept.append((state, state.instrument(BTC), state.instruments_iter()))

    watch(look, quotes(1))
    return kept[0]


STATE_READS: list[Callable[[EngineView], object]] = [
    lambda state: state.updated,
    lambda state: state.event,
    lambda state: state.time,
    lambda state: state.time_ns,
    lambda state: state.trading_enabled,
    lambda state: state.instruments,
    lambda state: state.instrument(BTC),
    lambda state: state.instrument("binancespot-btc_usdt"),
    lambda state: state.instrument("unknown"),
    lambda state: state.instrument((SPOT, "BTCUSDT")),
    lambda state: state.tear_sheet_asset(SPOT, "btc"),
    lambda state: state.instruments_iter(),
    lambda state: state.exchange_index(SPOT),
    lambda state: state.balance(SPOT, "btc"),
    lambda state: state.balance(SPOT, "unknown"),
    lambda state: state.next_cid(),
    lambda state: barter_python.close_open_positions_with_market_orders("id", state),
]
VIEW_METHODS: dict[str, Callable[[InstrumentView], object]] = {
    "depth": lambda view: view.depth(1),
    "depth_f64": lambda view: view.depth_f64(1),
    "limit_order": lambda view: view.limit_order(Side.BUY, price=1, quantity=1, strategy_id="s"),
    "market_order": lambda view: view.market_order(Side.BUY, 1, strategy_id="s"),
    "order": lambda view: view.order("mine"),
    "position_of": lambda view: view.position_of("s"),
    "round_price": lambda view: view.round_price(1, Side.BUY),
    "round_quantity": lambda view: view.round_quantity(1),
    "tear_sheet": lambda view: view.tear_sheet(),
    "value": lambda view: view.value(Source.MID),
}
VIEW_NAMES = [name for name in dir(InstrumentView) if not name.startswith("_")]
VIEW_READS: list[Callable[[InstrumentView], object]] = [
    *[
        lambda view, name=name: getattr(view, name)
        for name in VIEW_NAMES
        if not callable(getattr(InstrumentView, name))
    ],
    *VIEW_METHODS.values(),
]


def test_no_method_of_an_instrument_is_left_out() -> None:
    methods = {name for name in VIEW_NAMES if callable(getattr(InstrumentView, name))}
    assert methods == VIEW_METHODS.keys()


@pytest.mark.parametrize("number", range(len(STATE_READS)))
def test_a_state_raises_after_its_run(number: int) -> None:
    with pytest.raises(ViewError, match="only valid inside the callbacks of its run") as caught:
        STATE_READS[number](leak()[0])
    assert isinstance(caught.value, BarterError)
    assert "keep the values" in str(caught.value)


@pytest.mark.parametrize("number", range(len(VIEW_READS)))
def test_an_instrument_raises_after_its_run(number: int) -> None:
    with pytest.raises(ViewError, match="only valid inside the callbacks of its run"):
        VIEW_READS[number](leak()[1])


def test_an_iterator_of_views_raises_with_its_views() -> None:
    for view in leak()[2]:
        with pytest.raises(ViewError):
            _ = view.price


def test_a_view_of_an_earlier_run_raises_in_a_later_one() -> None:
    earlier, _, _ = leak()
    with pytest.raises(ViewError):
        watch(lambda state: earlier.time)


def test_a_view_raises_after_a_run_that_failed() -> None:
    kept: list[EngineView] = []

    def action(state: EngineView) -> Orders:
        kept.append(state)
        raise KeyError

    with pytest.raises(KeyError):
        run(action)
    with pytest.raises(ViewError):
        _ = kept[0].time


def on_a_thread(work: Callable[[], object]) -> BaseException | None:
    raised: list[BaseException] = []

    def target() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    return raised[0] if raised else None


def test_a_view_raises_on_another_thread() -> None:
    def look(state: EngineView) -> list[BaseException | None]:
        view = state.instrument(BTC)
        works: list[Callable[[], object]] = [lambda: state.time, lambda: view.price, state.next_cid]
        raised = [on_a_thread(work) for work in works]
        assert (state.time_ns, view.mid) == (at(0), Decimal(101))
        return [*raised]

    (raised,) = watch(look, quotes(1))
    assert isinstance(raised, list)
    assert [type(one) for one in raised] == [ViewError] * 3
    assert all("another thread" in str(one) for one in raised)


def test_values_outlive_the_run() -> None:
    kept: list[object] = []

    def action(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        balance = state.balance(SPOT, "btc")
        kept.extend([state.event, view.position, balance, view.orders, view.price, state.time])
        return buy(state) if state.time_ns == at(0) and state.updated else NO_ORDERS

    run(action, quotes(2))
    gc.collect()
    events = [one for one in kept if isinstance(one, (MarketEvent, AccountEvent))]
    assert len(events) == 6
    assert isinstance(events[1], AccountEvent)
    positions = [one for one in kept if isinstance(one, OpenPosition)]
    assert {position.price_entry_average for position in positions} == {Decimal(102)}
    assert repr(positions[-1]).startswith("OpenPosition(instrument=0, side=")
    assert any(isinstance(one, datetime) for one in kept)
    assert on_a_thread(lambda: [repr(one) for one in kept]) is None


def test_the_strategy_and_its_views_are_freed() -> None:
    kept: list[object] = []

    def look(state: EngineView) -> Orders:
        kept[:] = [state, state.instrument(BTC), object()]
        return NO_ORDERS

    def reference() -> weakref.ref[Acting]:
        strategy = Acting(look)
        run_backtest(strategy, quotes(3), two_instruments(), close_at_end=True)
        return weakref.ref(strategy)

    weak = reference()
    gc.collect()
    assert weak() is None
    # The list alone holds the state, and the state its instruments.
    of_state, of_view, of_other = [sys.getrefcount(kept[number]) for number in range(3)]
    assert (of_state, of_view) == (of_other, of_other + 1)


def test_a_strategy_that_failed_is_freed() -> None:
    class Failing(DefaultStrategy):
        def on_start(self, state: EngineView, /) -> None:
            raise RuntimeError

    def reference() -> weakref.ref[Failing]:
        strategy = Failing()
        with pytest.raises(RuntimeError):
            run_backtest(strategy, quotes(1), two_instruments())
        return weakref.ref(strategy)

    weak = reference()
    gc.collect()
    assert weak() is None


# Runs inside runs


def test_a_strategy_may_run_another_one() -> None:
    inner_results: list[object] = []

    def outer(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        before = (state.time_ns, view.mid, state.event)

        def inner(inner_state: EngineView) -> Orders:
            # Both are valid: the outer callback has not returned.
            inner_results.append((inner_state.instrument(BTC).mid, view.mid, inner_state is state))
            return NO_ORDERS

        run(inner, quotes(1, bid="1", ask="3"))
        assert (state.time_ns, view.mid, state.event) == before
        return buy(state) if view.position is None and state.updated is not None else NO_ORDERS

    result = run(outer, quotes(2))
    assert inner_results == [(2, 101, False)] * 6
    assert len(result.fills) == 1


def test_a_strategy_cannot_run_itself() -> None:
    class Recursive(DefaultStrategy):
        calls = 0

        def on_start(self, state: EngineView, /) -> None:
            self.calls += 1
            if self.calls == 1:
                run_backtest(self, quotes(1), two_instruments())

    strategy = Recursive()
    with pytest.raises(StrategyBusyError, match="Recursive") as caught:
        run_backtest(strategy, quotes(1), two_instruments())
    assert isinstance(caught.value, BarterError)
    run_backtest(strategy, quotes(1), two_instruments())
    assert strategy.calls == 2


def test_a_strategy_cannot_run_on_two_threads() -> None:
    raised: list[BaseException | None] = []

    def action(state: EngineView) -> Orders:
        if not raised:
            raised.append(on_a_thread(lambda: run_backtest(strategy, quotes(1), two_instruments())))
        return NO_ORDERS

    strategy = Acting(action)
    run_backtest(strategy, quotes(2), two_instruments())
    assert [type(one) for one in raised] == [StrategyBusyError]

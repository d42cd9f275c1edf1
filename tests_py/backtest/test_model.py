"""Runs against the independent model of `docs/backtest.md`: all numbers, times and calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import backtest as model
from models import script as script_model
from models.backtest_cases import (
    BTC_USDT,
    EXCHANGES,
    INDEX,
    INSTRUMENTS,
    MILLISECOND,
    PRICE_STEP,
    QUANTITY_STEP,
    START,
    compare,
    executions,
    quote_event,
)
from models.comparison import (
    Case,
    Scripted,
    check_balances,
    check_fills,
    check_orders,
    event_for_model,
    run_both,
    setup_of,
)
from support import LONG_RUN

import barter_python as bp


def of_grid(step: Decimal, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Decimal]:
    return numbers.map(lambda number: step * number)


# Mostly good prices; zero and below are there to be refused.
PRICES = of_grid(PRICE_STEP, st.integers(1, 20) | st.integers(-1, 20))
LEVELS = st.builds(bp.Level, price=PRICES, amount=of_grid(QUANTITY_STEP, st.integers(0, 3)))
MAYBE_LEVELS = LEVELS | LEVELS | st.none()


def of_one_side(amount: st.SearchStrategy[int]) -> st.SearchStrategy[list[bp.Level]]:
    """Give levels in any order, with a price at most once each."""
    sides = st.builds(bp.Level, price=PRICES, amount=of_grid(QUANTITY_STEP, amount))
    return st.lists(sides, max_size=4, unique_by=lambda one: one.price)


def books(amount: st.SearchStrategy[int]) -> st.SearchStrategy[bp.OrderBook]:
    return st.builds(
        bp.OrderBook, st.integers(0, 9), st.none(), of_one_side(amount), of_one_side(amount)
    )


SNAPSHOTS = st.builds(bp.OrderBookSnapshot, books(st.integers(1, 3)))
UPDATES = st.builds(bp.OrderBookUpdate, books(st.integers(0, 2)))
TICKS = st.integers(-3, 0).map(lambda tick: tick * MILLISECOND)


@st.composite
def histories(draw: st.DrawFn) -> list[bp.MarketEvent | bp.Reconnecting]:
    events: list[bp.MarketEvent | bp.Reconnecting] = []
    received = START
    for _ in range(draw(st.integers(1, 40))):
        received += draw(st.sampled_from((0, 1, 1, 2, 4, -2))) * MILLISECOND
        what = draw(
            st.sampled_from(
                ("quote",) * 5
                + ("snapshot",) * 2
                + ("update",) * 4
                + ("trade", "trade", "candle", "liquidation", "lost")
            )
        )
        if what == "lost" and events:
            known = draw(st.sampled_from((received, None)))
            events.append(bp.Reconnecting(draw(st.sampled_from(EXCHANGES)), time_received=known))
            continue
        instrument = INDEX.instruments[draw(st.integers(0, len(INSTRUMENTS) - 1))]
        time = received + draw(TICKS)
        kind: (
            bp.OrderBookL1
            | bp.OrderBookSnapshot
            | bp.OrderBookUpdate
            | bp.PublicTrade
            | bp.Candle
            | bp.Liquidation
        )
        if what == "snapshot":
            kind = draw(SNAPSHOTS)
        elif what == "update":
            kind = draw(UPDATES)
        elif what == "quote":
            kind = bp.OrderBookL1(received + draw(TICKS), draw(MAYBE_LEVELS), draw(MAYBE_LEVELS))
        elif what == "trade":
            amount = draw(of_grid(QUANTITY_STEP, st.integers(1, 4)))
            kind = bp.PublicTrade(
                "1", price=draw(PRICES), amount=amount, side=draw(st.sampled_from(bp.Side))
            )
        elif what == "liquidation":
            kind = bp.Liquidation(bp.Side.SELL, price=draw(PRICES), quantity=Decimal(1), time=time)
        else:
            close = draw(PRICES)
            kind = bp.Candle(
                time,
                open=close,
                high=close,
                low=close,
                close=close,
                volume=Decimal(1),
                trade_count=1,
            )
        events.append(
            bp.MarketEvent(time, received, instrument.exchange_id, instrument.index, kind)
        )
    return events


INSTRUMENT_INDICES = st.integers(0, len(INSTRUMENTS) - 1)
QUANTITIES_OF_GRID = of_grid(QUANTITY_STEP, st.integers(1, 6)).map(Fraction)
WISHES = st.builds(
    script_model.Wish, INSTRUMENT_INDICES, st.booleans(), QUANTITIES_OF_GRID
) | st.builds(
    script_model.Wish,
    INSTRUMENT_INDICES,
    st.booleans(),
    QUANTITIES_OF_GRID,
    PRICES.map(Fraction),
    st.sampled_from((False,) * 9 + (True,)),
    st.sampled_from((False,) * 9 + (True,)),
)
# The events are milliseconds apart: some timers are due at the time of an event, some between.
TIMERS = st.builds(
    script_model.TimerWish,
    st.sampled_from((1, 500_000, 1_000_000, 2_000_000, 3_000_001)),
    st.sampled_from((None, None, 500_000, 1_000_000, 5_000_000)),
    st.sampled_from((False, False, True)),
)
LATENCIES = st.sampled_from((0, 0, 1, 2, 5, 1000)).map(lambda ms: timedelta(milliseconds=ms))
EQUITY_INTERVALS = st.sampled_from((None, None, timedelta(microseconds=500), timedelta(seconds=1)))
# The quote asset of one is the base of both others.
CONVERSIONS = {"usdt": "binancespot-btc_usdt", "usd": "kraken-btc_usd"}
FEE_RATES = st.sampled_from(("0", "0.001", "0.00075", "0.25")).map(Decimal)


@st.composite
def windows(
    draw: st.DrawFn, events: Sequence[bp.MarketEvent | bp.Reconnecting]
) -> tuple[int | None, int | None]:
    """Give `since` and `until` with an event between them, often at or beside its time."""
    times = [event.time_received_ns for event in events]
    received = [time for time in times if time is not None]
    clock = max(received[: draw(st.integers(1, len(received)))])
    before = st.sampled_from((0, 0, 1, MILLISECOND, 10 * MILLISECOND))
    after = st.sampled_from((1, MILLISECOND, 3 * MILLISECOND, 20 * MILLISECOND, 2000 * MILLISECOND))
    since = draw(st.none() | before.map(lambda length: clock - length))
    until = draw(st.none() | after.map(lambda length: clock + length))
    return since, until


@st.composite
def cases(draw: st.DrawFn) -> Case:
    events = draw(histories())
    since, until = draw(windows(events))
    calls = st.integers(0, len(events) + 20)
    return Case(
        config=bp.SystemConfig(
            INSTRUMENTS,
            executions(
                (draw(LATENCIES), draw(LATENCIES)),
                (draw(FEE_RATES), draw(FEE_RATES)),
                draw(of_grid(PRICE_STEP, st.integers(0, 200))),
                draw(of_grid(QUANTITY_STEP, st.integers(0, 40))),
            ),
        ),
        events=events,
        script=draw(st.dictionaries(calls, st.lists(WISHES, min_size=1, max_size=3))),
        fill_price=draw(st.sampled_from(bp.FillPrice)),
        close_at_end=draw(st.booleans()),
        equity_interval=draw(EQUITY_INTERVALS),
        equity_conversions=draw(st.sampled_from((None, None, CONVERSIONS))),
        since=since,
        until=until,
        timers=draw(st.dictionaries(calls, st.lists(TIMERS, min_size=1, max_size=2))),
    )


examples_of = settings(
    max_examples=2000 if LONG_RUN else 60,
    database=None,
    report_multiple_bugs=False,
)


@pytest.mark.parametrize(
    ("lost", "since", "start"),
    [
        (None, None, -1),
        (None, -1, -1),
        (None, 0, 1),
        (-5, None, -5),
        (-5, -2, -1),
        (-5, 0, 1),
        (1, None, 1),
        (1, -1, 1),
        (1, 1, 1),
    ],
)
def test_the_clock_starts_with_a_lost_stream_that_has_a_time(
    lost: int | None, since: int | None, start: int
) -> None:
    """Then come events at -1 and 1: the clock never runs backwards."""
    config = bp.SystemConfig(
        INSTRUMENTS, executions((timedelta(0),) * 2, (Decimal(0),) * 2, Decimal(0), Decimal(0))
    )
    events: list[bp.MarketEvent | bp.Reconnecting] = [
        bp.Reconnecting(
            EXCHANGES[0], time_received=None if lost is None else START + lost * MILLISECOND
        ),
        quote_event(BTC_USDT, -1, Decimal(100), Decimal(101)),
        quote_event(BTC_USDT, 1, Decimal(100), Decimal(101)),
    ]
    case = Case(config, events, {}, since=None if since is None else START + since * MILLISECOND)
    compare(case)
    result, _, _ = run_both(case)
    assert result.time_start_ns == START + start * MILLISECOND


@examples_of
@given(cases())
def test_random_histories_give_what_the_model_gives(case: Case) -> None:
    compare(case)


@st.composite
def long_numbers(draw: st.DrawFn) -> Case:
    """Prices, quantities and fee rates whose products have up to 38 digits."""
    prices = st.integers(10**11, 10**12).map(lambda number: Decimal(number).scaleb(-8))
    quantities = st.integers(10**9, 10**10).map(lambda number: Fraction(number, 10**9))
    events = [
        quote_event(BTC_USDT, position, draw(prices), draw(prices))
        for position in range(draw(st.integers(1, 6)))
    ]
    script = {
        call: [script_model.Wish(BTC_USDT, draw(st.booleans()), draw(quantities))]
        for call in range(0, draw(st.integers(1, 30)), 2)
    }
    fee_rate = Decimal(draw(st.integers(0, 10**16 - 1))).scaleb(-17)
    config = bp.SystemConfig(
        INSTRUMENTS,
        executions((timedelta(0),) * 2, (fee_rate,) * 2, Decimal(10**9), Decimal(1000)),
    )
    return Case(config, events, script)


@pytest.mark.filterwarnings("ignore:.*best bid above the best ask")
@examples_of
@given(long_numbers())
def test_products_and_sums_are_cut_to_twelve_places(case: Case) -> None:
    result = bp.run_backtest(
        Scripted(case.script), bp.MarketData.from_events(case.events), case.config
    )
    setup = setup_of(case.config, case.fill_price, case.close_at_end)
    events = [event_for_model(event, INDEX) for event in case.events]
    run = model.run(setup, events, script_model.Scripted(case.script))
    check_orders(result, run)
    check_fills(result, run)
    check_balances(result, run)

"""Runs against the independent model of `docs/backtest.md`: all numbers, times and calls."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import backtest_model as model
import market_model
import pytest
import script_model
from comparison import (
    Case,
    Scripted,
    check_balances,
    check_calls,
    check_everything,
    check_fills,
    check_number,
    check_orders,
    event_for_model,
    is_buy,
    recording,
    run_both,
    setup_of,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import barter_python as bp
from barter_python.statistic import PositionStatistics

REPOSITORY = Path(__file__).parent.parent
HISTORY = REPOSITORY / "examples" / "data" / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
CONFIG = REPOSITORY / "examples" / "data" / "system_config.json"
EXAMPLE = REPOSITORY / "examples" / "ema_cross.py"
QUANTITIES = {
    "binancespot-btc_usdt": Decimal("0.001"),
    "binancespot-eth_usdt": Decimal("0.05"),
    "binancespot-sol_usdt": Decimal(1),
}
# The bundled history


@cache
def real_events() -> list[market_model.Event]:
    return market_model.read_json_lines(HISTORY, ["binance_spot"])


@cache
def example_strategy() -> Callable[[Mapping[str, Decimal]], bp.Strategy]:
    """Give the class of the example itself, which is no package."""
    specification = importlib.util.spec_from_file_location("example_ema_cross", EXAMPLE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    # Its dataclasses look their module up.
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    strategy: Callable[[Mapping[str, Decimal]], bp.Strategy] = module.EmaCross
    return strategy


@dataclass(frozen=True)
class RealCase:
    latency: timedelta
    fee_rate: Decimal
    fill_price: bp.FillPrice = bp.FillPrice.BEST_OPPOSITE
    close_at_end: bool = True
    balances: Mapping[str, Decimal] | None = None
    failures: bool = False

    @property
    def config(self) -> bp.SystemConfig:
        config = bp.SystemConfig.from_json(CONFIG)
        (execution,) = config.executions
        execution = replace(execution, latency=self.latency, fee_rate=self.fee_rate)
        if self.balances is not None:
            execution = replace(execution, balances=self.balances)
        return replace(config, executions=[execution])


REAL_CASES = {
    "no latency, no fees": RealCase(timedelta(0), Decimal(0)),
    "latency and fees": RealCase(timedelta(milliseconds=100), Decimal("0.001")),
    "fees only": RealCase(timedelta(0), Decimal("0.001"), close_at_end=False),
    "little money": RealCase(
        timedelta(milliseconds=100),
        Decimal("0.001"),
        balances={"usdt": Decimal("300.25"), "sol": Decimal("0.5")},
        failures=True,
    ),
    "at the request's price": RealCase(
        timedelta(milliseconds=7), Decimal("0.00075"), fill_price=bp.FillPrice.REQUESTED
    ),
}


@pytest.mark.parametrize("name", REAL_CASES)
def test_real_history_gives_what_the_model_gives(name: str, real_history: bp.MarketData) -> None:
    case = REAL_CASES[name]
    config = case.config
    result = bp.run_backtest(
        example_strategy()(QUANTITIES),
        real_history,
        config,
        fill_price=case.fill_price,
        close_at_end=case.close_at_end,
    )
    quantities = {name: Fraction(quantity) for name, quantity in QUANTITIES.items()}
    setup = setup_of(config, case.fill_price, case.close_at_end)
    run = model.run(setup, real_events(), script_model.EmaCross(quantities))

    check_everything(result, run)

    # Only a fill at the quotient that a closing order names can be inexact.
    assert run.exact is (case.fill_price is bp.FillPrice.BEST_OPPOSITE)
    statuses = Counter(order.status for order in run.orders)
    assert statuses["fully_filled"] > 20
    assert ("open_failed" in statuses) is case.failures
    assert {position.instrument for position in run.closed} == {0, 1, 2}


def test_arguments_stand_for_the_configuration(real_history: bp.MarketData) -> None:
    case = REAL_CASES["latency and fees"]
    given_as_arguments = bp.run_backtest(
        example_strategy()(QUANTITIES),
        real_history,
        replace(REAL_CASES["no latency, no fees"].config),
        latency=case.latency,
        fee_rate=case.fee_rate,
        close_at_end=True,
    )
    configured = bp.run_backtest(
        example_strategy()(QUANTITIES), real_history, case.config, close_at_end=True
    )
    assert given_as_arguments.to_json() == configured.to_json()


def test_real_history_shows_the_strategy_what_the_model_shows(real_history: bp.MarketData) -> None:
    config = REAL_CASES["latency and fees"].config
    strategy = recording(example_strategy()(QUANTITIES), config)
    result = bp.run_backtest(strategy, real_history, config, close_at_end=True)
    quantities = {name: Fraction(quantity) for name, quantity in QUANTITIES.items()}
    setup = setup_of(config, bp.FillPrice.BEST_OPPOSITE, close_at_end=True)
    run = model.run(setup, real_events(), script_model.EmaCross(quantities))
    check_calls(strategy, run)
    check_everything(result, run)
    assert len(strategy.calls) > 50_000


def test_position_statistics_of_the_real_history(real_history: bp.MarketData) -> None:
    case = REAL_CASES["no latency, no fees"]
    result = bp.run_backtest(
        example_strategy()(QUANTITIES), real_history, case.config, close_at_end=True
    )
    quantities = {name: Fraction(quantity) for name, quantity in QUANTITIES.items()}
    setup = setup_of(case.config, case.fill_price, case.close_at_end)
    run = model.run(setup, real_events(), script_model.EmaCross(quantities))
    pnls = [position.pnl for position in run.closed]

    statistics = PositionStatistics.of(result.positions)

    assert statistics.closed == len(pnls)
    assert statistics.wins == sum(pnl > 0 for pnl in pnls)
    assert statistics.losses == sum(pnl < 0 for pnl in pnls)
    assert statistics.wins > 0
    assert statistics.losses > 0
    profit = sum((pnl for pnl in pnls if pnl > 0), Fraction(0))
    loss = -sum((pnl for pnl in pnls if pnl < 0), Fraction(0))
    assert Fraction(statistics.gross_profit) == profit
    assert Fraction(statistics.gross_loss) == loss
    ratio, factor = statistics.win_ratio, statistics.gross_profit_factor
    assert ratio is not None
    assert factor is not None
    check_number("win ratio", ratio, Fraction(statistics.wins, len(pnls)), exact=False)
    check_number("profit factor", factor, profit / loss, exact=False)


# Determinism


def test_the_same_inputs_give_the_same_bytes(real_history: bp.MarketData) -> None:
    case = REAL_CASES["latency and fees"]
    results = {
        bp.run_backtest(
            example_strategy()(QUANTITIES), real_history, case.config, close_at_end=True
        ).to_json()
        for _ in range(20)
    }
    assert len(results) == 1


def test_processes_with_other_hash_seeds_give_the_same_bytes(real_history: bp.MarketData) -> None:
    code = (
        "import hashlib, runpy, sys\n"
        "result = runpy.run_path(sys.argv[1])['main']()\n"
        "print(hashlib.sha256(result.to_json().encode()).hexdigest())\n"
    )
    digests = []
    for seed in ("1", "4242"):
        finished = subprocess.run(
            [sys.executable, "-c", code, str(EXAMPLE)],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        )
        digests.append(finished.stdout.splitlines()[-1])
    case = REAL_CASES["latency and fees"]
    here = bp.run_backtest(
        example_strategy()(QUANTITIES), real_history, case.config, close_at_end=True
    )
    expected = hashlib.sha256(here.to_json().encode()).hexdigest()
    assert digests == [expected, expected]


# Small random histories

START = 1_700_000_000_000_000_000
MILLISECOND = 1_000_000
PRICE_STEP = Decimal("25.2")
QUANTITY_STEP = Decimal("0.5")
EXCHANGES = (bp.ExchangeId.BINANCE_SPOT, bp.ExchangeId.KRAKEN)


def spot(exchange: bp.ExchangeId, base: str, quote: str) -> bp.InstrumentConfig:
    return bp.InstrumentConfig(exchange, f"{base}{quote}".upper(), bp.Underlying(base, quote))


# The base of one instrument is the quote of another, and both exchanges have a `btc`.
INSTRUMENTS = (
    spot(EXCHANGES[1], "btc", "usd"),
    spot(EXCHANGES[0], "eth", "btc"),
    spot(EXCHANGES[0], "btc", "usdt"),
    spot(EXCHANGES[0], "eth", "usdt"),
)
INDEX = bp.IndexedInstruments(INSTRUMENTS)
BTC_USDT = INDEX.instrument_index("binancespot-btc_usdt")


def check_conservation(result: bp.BacktestResult, run: model.Run) -> None:
    """What positions say has moved is what has moved in the balances."""
    expected = list(run.setup.balances)
    instruments = run.setup.instruments
    for closed in result.positions:
        expected[instruments[closed.instrument].quote] += Fraction(closed.pnl_realised)
    for position in result.open_positions:
        instrument = instruments[position.instrument]
        held = Fraction(position.quantity_abs) * (1 if is_buy(position.side) else -1)
        paid = held * Fraction(position.price_entry_average) - Fraction(position.pnl_realised)
        expected[instrument.base] += held
        expected[instrument.quote] -= paid
    for balance, total in zip(result.balances.values(), expected, strict=True):
        check_number("balance by positions", balance.total, total, exact=run.exact)


def compare(case: Case) -> model.Run:
    """Run both, and compare everything."""
    result, strategy, run = run_both(case)
    check_calls(strategy, run)
    check_everything(result, run)
    check_conservation(result, run)
    return run


def executions(
    latencies: Sequence[timedelta], fee_rates: Sequence[Decimal], money: Decimal, coins: Decimal
) -> list[bp.MockExecutionConfig]:
    return [
        bp.MockExecutionConfig(
            exchange,
            {quote: money, "btc": coins} | ({"eth": coins} if quote == "usdt" else {}),
            latency,
            fee_rate,
        )
        for exchange, quote, latency, fee_rate in zip(
            EXCHANGES, ("usdt", "usd"), latencies, fee_rates, strict=True
        )
    ]


def of_grid(step: Decimal, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Decimal]:
    return numbers.map(lambda number: step * number)


# Mostly good prices; zero and below are there to be refused.
PRICES = of_grid(PRICE_STEP, st.integers(1, 20) | st.integers(-1, 20))
LEVELS = st.builds(bp.Level, PRICES, of_grid(QUANTITY_STEP, st.integers(0, 3)))
MAYBE_LEVELS = LEVELS | LEVELS | st.none()


def of_one_side(amount: st.SearchStrategy[int]) -> st.SearchStrategy[list[bp.Level]]:
    """Give levels in any order, with a price at most once each."""
    sides = st.builds(bp.Level, PRICES, of_grid(QUANTITY_STEP, amount))
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
            events.append(bp.Reconnecting(draw(st.sampled_from(EXCHANGES))))
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
            kind = bp.PublicTrade("1", draw(PRICES), amount, draw(st.sampled_from(bp.Side)))
        elif what == "liquidation":
            kind = bp.Liquidation(bp.Side.SELL, draw(PRICES), Decimal(1), time)
        else:
            close = draw(PRICES)
            kind = bp.Candle(time, close, close, close, close, Decimal(1), 1)
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
LATENCIES = st.sampled_from((0, 0, 1, 2, 5, 1000)).map(lambda ms: timedelta(milliseconds=ms))
FEE_RATES = st.sampled_from(("0", "0.001", "0.00075", "0.25")).map(Decimal)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    events = draw(histories())
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
    )


examples_of = settings(
    max_examples=2000 if os.environ.get("BARTER_LONG_TESTS") == "1" else 60,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)


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


# The rules, one by one: each has its figures written out


def quote_event(
    instrument: int,
    milliseconds: int,
    bid: Decimal | None,
    ask: Decimal | None,
    *,
    updated: int | None = None,
) -> bp.MarketEvent:
    time = START + milliseconds * MILLISECOND
    update = time if updated is None else START + updated * MILLISECOND
    levels = [None if price is None else bp.Level(price, Decimal(100)) for price in (bid, ask)]
    book = bp.OrderBookL1(update, *levels)
    return bp.MarketEvent(time, time, INDEX.instruments[instrument].exchange_id, instrument, book)


def simple(
    events: Sequence[bp.MarketEvent | bp.Reconnecting],
    script: Mapping[int, Sequence[script_model.Wish]],
    *,
    latency: int = 0,
    fee_rate: str = "0",
    money: str = "1000",
    coins: str = "10",
    close_at_end: bool = False,
) -> Case:
    config = bp.SystemConfig(
        INSTRUMENTS,
        executions(
            (timedelta(milliseconds=latency),) * 2,
            (Decimal(fee_rate),) * 2,
            Decimal(money),
            Decimal(coins),
        ),
    )
    return Case(config, events, script, close_at_end=close_at_end)


BUY = script_model.Wish(BTC_USDT, buy=True, quantity=Fraction(2))
SELL = script_model.Wish(BTC_USDT, buy=False, quantity=Fraction(2))


def quotes(*pairs: tuple[int, int, int]) -> list[bp.MarketEvent]:
    """Make quotes of BTC: milliseconds, bid and ask."""
    return [quote_event(BTC_USDT, time, Decimal(bid), Decimal(ask)) for time, bid, ask in pairs]


def prices_of(run: model.Run) -> list[tuple[int, str]]:
    """Time in milliseconds and price of each fill."""
    return [((fill.time - START) // MILLISECOND, str(fill.price)) for fill in run.fills]


def test_a_response_comes_before_a_market_event_of_the_same_time() -> None:
    events = quotes((0, 90, 100), (5, 91, 110), (6, 92, 120))
    run = compare(simple(events, {0: [BUY]}, latency=5))
    assert prices_of(run) == [(5, "100")]


def test_without_latency_the_response_follows_at_once() -> None:
    events = quotes((0, 90, 100), (0, 91, 110))
    run = compare(simple(events, {0: [BUY]}))
    assert prices_of(run) == [(0, "100")]
    assert [call.what[0] for call in run.calls] == [
        "market",
        "balance",
        "balance",
        "trade",
        "order",
        "market",
    ]


def test_time_never_runs_backwards() -> None:
    events = quotes((10, 90, 100), (3, 91, 110), (14, 92, 120), (15, 93, 130), (16, 94, 140))
    # Sent with the second event, whose time is held at 10 by the first: due at 15.
    run = compare(simple(events, {1: [BUY]}, latency=5))
    assert [order.time_sent - START for order in run.orders] == [10 * MILLISECOND]
    # The second book is older than the first and was ignored; the third was the last before 15.
    assert prices_of(run) == [(15, "120")]


def test_what_is_under_way_at_the_end_is_delivered_and_then_closed() -> None:
    events = quotes((0, 90, 100), (1, 92, 104))
    run = compare(simple(events, {1: [BUY]}, latency=50, close_at_end=True))
    assert prices_of(run) == [(51, "104"), (101, "92")]
    assert [position.pnl for position in run.closed] == [2 * (92 - 104)]
    assert [call.what[0] for call in run.calls] == ["market", "market"]


@pytest.mark.parametrize(
    ("money", "status"), [("202", "fully_filled"), ("201.999999", "open_failed")]
)
def test_a_purchase_needs_value_and_fee(money: str, status: str) -> None:
    # 2 at 100 with 1 % is 202.
    run = compare(simple(quotes((0, 90, 100)), {0: [BUY]}, fee_rate="0.01", money=money))
    assert [order.status for order in run.orders] == [status]
    coins = 12 if status == "fully_filled" else 10
    assert run.balances[INDEX.asset_index(EXCHANGES[0], "btc")].total == coins


@pytest.mark.parametrize(("coins", "status"), [("2", "fully_filled"), ("1.999", "open_failed")])
def test_a_sale_needs_the_quantity(coins: str, status: str) -> None:
    run = compare(simple(quotes((0, 90, 100)), {0: [SELL]}, coins=coins, money="0"))
    assert [order.status for order in run.orders] == [status]


def event(milliseconds: int, kind: bp.PublicTrade | bp.Candle, *, at: int) -> bp.MarketEvent:
    """Make an event of BTC that was received at one time and happened at another."""
    received, happened = (START + time * MILLISECOND for time in (milliseconds, at))
    return bp.MarketEvent(happened, received, EXCHANGES[0], BTC_USDT, kind)


def public_trade(price: int) -> bp.PublicTrade:
    return bp.PublicTrade("1", Decimal(price), Decimal(100), bp.Side.BUY)


def candle(close: int) -> bp.Candle:
    return bp.Candle(START, *(Decimal(close),) * 4, Decimal(100), 1)


def test_a_book_with_one_side_gives_the_other_no_price() -> None:
    events = [
        event(0, public_trade(95), at=0),
        quote_event(BTC_USDT, 1, Decimal(90), None),
        quote_event(BTC_USDT, 2, None, None),
    ]
    wish = replace(BUY, price=Fraction(50))
    run = compare(simple(events, {0: [wish], 5: [wish], 7: [wish]}))
    failures = [None if order.failure is None else order.failure.detail for order in run.orders]
    assert failures == [None, "no price of binancespot-btc_usdt to buy at is known", None]
    assert prices_of(run) == [(0, "95"), (2, "95")]


def test_an_equal_time_replaces_and_an_older_one_does_not() -> None:
    events = [
        event(1, candle(60), at=5),
        event(2, candle(61), at=5),
        event(3, candle(62), at=4),
        event(4, public_trade(70), at=5),
        event(5, public_trade(71), at=5),
        event(6, public_trade(72), at=4),
        quote_event(BTC_USDT, 7, Decimal(79), Decimal(80), updated=5),
        quote_event(BTC_USDT, 8, Decimal(78), Decimal(81), updated=5),
        quote_event(BTC_USDT, 9, Decimal(77), Decimal(82), updated=4),
    ]
    # Each fill is told in four events, so the next market event is five calls away.
    run = compare(simple(events, {call: [BUY] for call in range(0, 45, 5)}, money="10000"))
    assert [int(fill.price) for fill in run.fills] == [60, 61, 61, 70, 71, 71, 80, 81, 81]


def book_event(
    milliseconds: int, kind: bp.OrderBookSnapshot | bp.OrderBookUpdate, *, at: int
) -> bp.MarketEvent:
    """Make an event of the book of BTC that was received at one time and happened at another."""
    received, happened = (START + time * MILLISECOND for time in (milliseconds, at))
    return bp.MarketEvent(happened, received, EXCHANGES[0], BTC_USDT, kind)


def side(*pairs: tuple[int, int]) -> list[bp.Level]:
    """Make levels of prices and amounts."""
    return [bp.Level(level_price, amount) for level_price, amount in pairs]


def test_the_newer_of_quote_and_book_has_the_opposite_price() -> None:
    snapshot = bp.OrderBookSnapshot(bp.OrderBook(1, None, [], side((102, 9), (101, 9))))
    gone = bp.OrderBookUpdate(bp.OrderBook(2, None, [], side((101, 0))))
    nearer = bp.OrderBookUpdate(bp.OrderBook(3, None, [], side((99, 9))))
    nothing = bp.OrderBookSnapshot(bp.OrderBook(4, None, [], []))
    events = [
        event(0, public_trade(95), at=0),
        quote_event(BTC_USDT, 5, None, Decimal(100)),
        book_event(6, snapshot, at=5),
        quote_event(BTC_USDT, 7, None, Decimal(103), updated=4),
        quote_event(BTC_USDT, 8, None, Decimal(103), updated=7),
        # Older than the quote, but not left out of the book.
        book_event(9, gone, at=6),
        book_event(10, nearer, at=8),
        book_event(11, nothing, at=9),
    ]
    # Each fill is told in four events, so the next market event is five calls away.
    run = compare(simple(events, {call: [BUY] for call in range(0, 40, 5)}, money="10000"))
    assert [int(fill.price) for fill in run.fills] == [95, 100, 101, 101, 103, 103, 99, 95]
    known = [call.books[BTC_USDT] for call in run.calls[::5]]
    assert [None if one is None else len(one[1]) for one in known] == [None, None, 2, 2, 2, 1, 2, 0]


def test_a_price_of_zero_is_no_offer() -> None:
    events = [event(0, public_trade(price), at=0) for price in (0, -1, 1)]
    run = compare(simple(events, {0: [SELL], 2: [SELL], 4: [SELL]}))
    failures = [None if order.failure is None else order.failure.kind for order in run.orders]
    assert failures == ["order_rejected", "order_rejected", None]


def test_empty_levels_give_the_mid_as_the_price_to_close_at() -> None:
    bid, ask = (bp.Level(Decimal(price), Decimal(0)) for price in (90, 100))
    book = bp.OrderBookL1(START, bid, ask)
    events = [bp.MarketEvent(START, START, EXCHANGES[0], BTC_USDT, book)]
    case = simple(events, {0: [BUY]}, close_at_end=True)
    executions = [replace(one, liquidity=bp.Liquidity.INFINITE) for one in case.config.executions]
    run = compare(replace(case, config=replace(case.config, executions=executions)))
    assert [order.request.price for order in run.orders] == [100, 95]
    assert prices_of(run) == [(0, "100"), (0, "90")]


def test_a_cancel_goes_before_the_orders_and_is_answered() -> None:
    cancel = replace(BUY, cancel=True)
    events: list[bp.MarketEvent | bp.Reconnecting] = []
    events += quotes((0, 90, 100), (1, 91, 101))
    events.append(bp.Reconnecting(EXCHANGES[1]))
    run = compare(simple(events, {1: [BUY, cancel]}))
    assert [call.what[0] for call in run.calls] == [
        "market",
        "market",
        "cancel",
        "balance",
        "balance",
        "trade",
        "order",
        "reconnecting",
    ]


def test_barter_forgets_an_order_under_way_whose_cancel_has_failed() -> None:
    """One cancel goes before the order that it is for, and is answered before the other."""
    cancel = replace(BUY, cancel=True)
    events: list[bp.MarketEvent | bp.Reconnecting] = []
    events += quotes((0, 90, 100), (0, 91, 101), (9, 90, 100))
    run = compare(simple(events, {0: [BUY, cancel], 1: [cancel]}, latency=5))
    assert [(call.what[0], call.live[BTC_USDT]) for call in run.calls[1:4]] == [
        ("market", (("bp-1", "open_in_flight", Fraction(0)),)),
        ("cancel", ()),
        ("balance", ()),
    ]
    assert prices_of(run) == [(5, "101")]


@pytest.mark.parametrize(
    ("price", "fee"), [("0.2500001", "2E-12"), ("0.4999999", "4E-12"), ("0.09", "0")]
)
def test_a_fee_is_cut_to_twelve_places(price: str, fee: str) -> None:
    quote = quote_event(BTC_USDT, 0, None, Decimal(price))
    wish = replace(BUY, quantity=Fraction(1))
    run = compare(simple([quote], {0: [wish]}, fee_rate="1E-11", money="1"))
    assert [fill.fee for fill in run.fills] == [Fraction(fee)]


def test_an_increase_averages_the_entry_and_adds_its_fee() -> None:
    events = quotes((0, 90, 100), (1, 110, 130))
    run = compare(
        simple(events, {0: [BUY], 5: [replace(BUY, quantity=Fraction(4))]}, fee_rate="0.01")
    )
    position = run.current[BTC_USDT]
    # 2 at 100 for 2, 4 at 130 for 5.2.
    assert position.average == 120
    assert position.pnl == Fraction("-7.2")
    assert position.quantity_max == 6


def test_a_flip_shares_its_fee() -> None:
    events = quotes((0, 90, 100), (1, 110, 120))
    sale = replace(SELL, quantity=Fraction(8))
    run = compare(simple(events, {0: [BUY], 5: [sale]}, fee_rate="0.01"))
    # Bought 2 at 100 for 2; sold 8 at 110 for 8.8, of which a quarter closes.
    (closed,) = run.closed
    assert closed.pnl == 2 * (110 - 100) - 2 - Fraction("2.2")
    assert run.current[BTC_USDT].fees_enter == Fraction("6.6")
    assert not run.current[BTC_USDT].buy

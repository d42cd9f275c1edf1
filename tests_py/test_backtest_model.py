"""Runs against the independent model of `docs/backtest.md`: all numbers, times and calls."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import backtest_model as model
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

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
# barter's quotients (the average entry, the volume-weighted mid, shares of fees) are rounded to the
# 28 digits or 96 bits of its decimal. Prices here have at most six digits before the point, so what
# follows from a quotient is right to more than 20 places; everything else must be right exactly.
QUOTIENT_TOLERANCE = Fraction(1, 10**20)


def check_number(what: str, actual: Decimal, expected: Fraction, *, exact: bool = True) -> None:
    """Compare a number, exactly unless a quotient stands behind it."""
    difference = abs(Fraction(actual) - expected)
    limit = 0 if exact else QUOTIENT_TOLERANCE
    assert difference <= limit, f"{what}: {actual} instead of {float(expected)}"


def is_buy(side: bp.Side) -> bool:
    return side is bp.Side.BUY


def nanoseconds(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1) * 1000


def setup_of(config: bp.SystemConfig, fill_price: bp.FillPrice, close_at_end: bool) -> model.Setup:
    """Give the model the same configuration; indices are barter's own."""
    index = config.index()
    by_exchange = {execution.mocked_exchange: execution for execution in config.executions}
    return model.Setup(
        instruments=[
            model.Instrument(
                instrument.name,
                instrument.exchange,
                instrument.underlying.base,
                instrument.underlying.quote,
            )
            for instrument in index.instruments
        ],
        exchanges=[
            model.Exchange(
                nanoseconds(by_exchange[exchange].latency),
                Fraction(by_exchange[exchange].fee_rate),
            )
            for exchange in index.exchanges
        ],
        balances=[
            Fraction(by_exchange[asset.exchange_id].balances.get(asset.name, 0))
            for asset in index.assets
        ],
        fill_as_requested=fill_price is bp.FillPrice.REQUESTED,
        close_at_end=close_at_end,
    )


def check_orders(result: bp.BacktestResult, run: model.Run) -> None:
    assert len(result.orders) == len(run.orders)
    for report, expected in zip(result.orders, run.orders, strict=True):
        order, request = report.order, expected.request
        instrument = run.setup.instruments[request.instrument]
        assert (
            order.exchange,
            order.instrument,
            order.strategy_id,
            order.client_order_id,
            is_buy(order.side),
            Fraction(order.quantity),
            order.kind is bp.OrderKind.LIMIT,
            order.time_in_force,
            order.status.value,
            None if order.failure is None else order.failure.kind.value,
            report.time_sent_ns,
            report.time_finished_ns,
        ) == (
            instrument.exchange,
            request.instrument,
            request.strategy,
            request.cid,
            request.buy,
            request.quantity,
            request.limit,
            bp.TimeInForce.IMMEDIATE_OR_CANCEL,
            expected.status,
            expected.failure,
            expected.time_sent,
            expected.time_finished,
        )
        filled = request.quantity if expected.status == "fully_filled" else 0
        assert order.filled_quantity == filled
        # A closing order names barter's volume-weighted mid, (bid.price * ask.amount + ask.price *
        # bid.amount) / (bid.amount + ask.amount): a quotient without an end, which is rounded.
        check_number("request", order.price, request.price, exact=model.fits(request.price))


def check_fills(result: bp.BacktestResult, run: model.Run) -> None:
    assert len(result.fills) == len(run.fills)
    for fill, expected in zip(result.fills, run.fills, strict=True):
        request = expected.request
        assert (
            fill.id,
            fill.order_id,
            fill.instrument,
            fill.strategy_id,
            fill.time_exchange_ns,
            is_buy(fill.side),
            Fraction(fill.quantity),
        ) == (
            str(expected.number),
            str(expected.number),
            request.instrument,
            request.strategy,
            expected.time,
            request.buy,
            request.quantity,
        )
        check_number("price", fill.price, expected.price, exact=run.fills_exact)
        check_number("fee", fill.fees, expected.fee, exact=run.fills_exact)


def check_balances(result: bp.BacktestResult, run: model.Run) -> None:
    assets = result.instruments.assets
    assert len(run.balances) == len(assets) == len(result.balances)
    for asset, expected in zip(assets, run.balances, strict=True):
        name = f"{asset.exchange_id.value}_{asset.name}"
        balance = result.balances[name]
        check_number(name, balance.total, expected, exact=run.fills_exact)
        assert balance.free == balance.total
        # barter's own bookkeeping has been told of every change.
        assert result.summary.assets[name].balance_end == balance


def check_positions(result: bp.BacktestResult, run: model.Run) -> None:
    assert len(result.positions) == len(run.closed)
    for closed, expected in zip(result.positions, run.closed, strict=True):
        assert (
            closed.instrument,
            is_buy(closed.side),
            Fraction(closed.quantity_abs_max),
            closed.time_enter_ns,
            closed.time_exit_ns,
            closed.trades,
        ) == (
            expected.instrument,
            expected.buy,
            expected.quantity_max,
            expected.time_enter,
            expected.time_update,
            [str(number) for number in expected.fills],
        )
        exact = expected.exact
        check_number("average", closed.price_entry_average, expected.average, exact=exact)
        check_number("pnl", closed.pnl_realised, expected.pnl, exact=exact)
        check_number("fees of entry", closed.fees_enter, expected.fees_enter, exact=exact)
        check_number("fees of exit", closed.fees_exit, expected.fees_exit, exact=exact)

    assert [position.instrument for position in result.open_positions] == sorted(run.current)
    for position in result.open_positions:
        expected = run.current[position.instrument]
        assert (
            is_buy(position.side),
            Fraction(position.quantity_abs),
            Fraction(position.quantity_abs_max),
            position.time_enter_ns,
            position.time_exchange_update_ns,
            position.trades,
        ) == (
            expected.buy,
            expected.quantity,
            expected.quantity_max,
            expected.time_enter,
            expected.time_update,
            [str(number) for number in expected.fills],
        )
        exact = expected.exact
        check_number("average", position.price_entry_average, expected.average, exact=exact)
        check_number("pnl", position.pnl_realised, expected.pnl, exact=exact)
        check_number("fees of entry", position.fees_enter, expected.fees_enter, exact=exact)
        check_number("fees of exit", position.fees_exit, expected.fees_exit, exact=exact)
        mark = run.markets[position.instrument].mark
        if mark is not None:
            # barter estimates the fees of closing from those of entry.
            share = expected.quantity / expected.quantity_max
            unrealised = expected.gain(expected.quantity, mark) - share * expected.fees_enter
            exact = exact and model.fits(share)
            check_number("unrealised", position.pnl_unrealised, unrealised, exact=exact)


def check_equity(result: bp.BacktestResult, run: model.Run) -> None:
    assets = result.instruments.assets
    names = {asset.index: f"{asset.exchange_id.value}_{asset.name}" for asset in assets}
    curves = result.equity()
    assert list(curves) == [names[asset] for asset in run.equity_by_asset]
    profits: dict[str, Fraction] = {}
    for asset, expected_points in run.equity_by_asset.items():
        points = curves[names[asset]]
        assert [(point.asset, point.time_ns) for point in points] == [
            (point.asset, point.time) for point in expected_points
        ]
        for point, expected in zip(points, expected_points, strict=True):
            check_number("equity", point.equity, expected.equity, exact=run.exact)
        name = assets[asset].name
        profit = expected_points[-1].equity - expected_points[0].equity
        profits[name] = profits.get(name, Fraction(0)) + profit
    assert result.pnl.keys() == profits.keys()
    for name, profit in profits.items():
        check_number(f"pnl in {name}", result.pnl[name], profit, exact=run.exact)


def check_statistics(result: bp.BacktestResult, run: model.Run) -> None:
    assert list(result.statistics) == [instrument.name for instrument in run.setup.instruments]
    for index, (name, statistics) in enumerate(result.statistics.items()):
        positions = [position for position in run.closed if position.instrument == index]
        exact = all(position.exact for position in positions)
        pnls = [position.pnl for position in positions]
        profits = [pnl for pnl in pnls if pnl > 0]
        losses = [-pnl for pnl in pnls if pnl < 0]
        sheet = result.summary.instruments[name]
        check_number(
            "gross profit", statistics.gross_profit, sum(profits, Fraction(0)), exact=exact
        )
        check_number("gross loss", statistics.gross_loss, sum(losses, Fraction(0)), exact=exact)
        check_number("barter's pnl", sheet.pnl, sum(pnls, Fraction(0)), exact=exact)
        if not exact:
            # A rounded quotient can turn a pnl of zero into a loss of 1e-24.
            continue
        counted = (statistics.closed, statistics.wins, statistics.losses)
        assert counted == (len(pnls), len(profits), len(losses))
        if not pnls:
            assert statistics.win_ratio is None
            continue
        ratio, barters = statistics.win_ratio, sheet.win_rate
        assert ratio is not None
        assert barters is not None
        check_number("win ratio", ratio, Fraction(len(profits), len(pnls)), exact=False)
        check_number("barter's win rate", barters, Fraction(len(losses), len(pnls)), exact=False)


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


def check_everything(result: bp.BacktestResult, run: model.Run) -> None:
    check_orders(result, run)
    check_fills(result, run)
    check_balances(result, run)
    check_positions(result, run)
    check_equity(result, run)
    check_statistics(result, run)
    check_conservation(result, run)
    summary = result.summary
    start = run.equity[0].time
    assert (result.time_start_ns, summary.time_engine_start_ns) == (start, start)
    assert summary.time_engine_end_ns == run.now


@dataclass
class Recording:
    """Notes what a strategy sees in each call; it has no hook but the necessary one."""

    inner: bp.AlgoStrategy
    assets: Sequence[tuple[bp.ExchangeId, str]]
    calls: list[model.Call] = field(default_factory=list)

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        balances = []
        for exchange, asset in self.assets:
            balance = state.balance(exchange, asset)
            assert balance is not None
            balances.append(Fraction(balance.free))
        positions = [instrument.position for instrument in state.instruments]
        self.calls.append(
            model.Call(
                time=state.time_ns,
                what=what_happened(state),
                updated=None if state.updated is None else state.updated.index,
                balances=tuple(balances),
                positions=tuple(
                    None
                    if position is None
                    else (is_buy(position.side), Fraction(position.quantity_abs))
                    for position in positions
                ),
                live=tuple(
                    tuple(order.client_order_id for order in instrument.orders)
                    for instrument in state.instruments
                ),
                best=tuple(
                    (price(instrument.best_bid), price(instrument.best_ask))
                    for instrument in state.instruments
                ),
                books=tuple(book(instrument.book) for instrument in state.instruments),
            )
        )
        return self.inner.generate_algo_orders(state)


def price(shown: Decimal | None) -> Fraction | None:
    return None if shown is None else Fraction(shown)


def book(
    shown: bp.OrderBook | None,
) -> tuple[tuple[model.Level, ...], tuple[model.Level, ...]] | None:
    return None if shown is None else (levels(shown.bids), levels(shown.asks))


def levels(shown: Sequence[bp.Level]) -> tuple[model.Level, ...]:
    return tuple(model.Level(Fraction(one.price), Fraction(one.amount)) for one in shown)


def what_happened(state: bp.EngineView) -> str:
    event = state.event
    match event:
        case bp.MarketEvent():
            return "market"
        case bp.Reconnecting():
            return "reconnecting"
        case bp.AccountEvent(kind=bp.AssetBalance()):
            return "balance"
        case bp.AccountEvent(kind=bp.Trade()):
            return "trade"
        case bp.AccountEvent(kind=bp.Order()):
            return "order"
        case bp.AccountEvent(kind=bp.OrderResponseCancel() as response):
            # Filled or refused, the order is gone.
            assert response.failure is not None
            return "cancel"
        case _:
            return repr(event)


def recording(inner: bp.AlgoStrategy, config: bp.SystemConfig) -> Recording:
    return Recording(inner, [(asset.exchange_id, asset.name) for asset in config.index().assets])


def check_calls(strategy: Recording, run: model.Run) -> None:
    for actual, expected in zip(strategy.calls, run.calls, strict=False):
        assert actual == expected
    assert len(strategy.calls) == len(run.calls)


# The bundled history


@cache
def real_events() -> list[model.Event]:
    return model.read_json_lines(HISTORY, ["binance_spot"])


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
    run = model.run(setup, real_events(), model.EmaCross(quantities))

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
    run = model.run(setup, real_events(), model.EmaCross(quantities))
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
    run = model.run(setup, real_events(), model.EmaCross(quantities))
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


@dataclass(frozen=True)
class Case:
    config: bp.SystemConfig
    events: Sequence[bp.MarketEvent | bp.Reconnecting]
    script: Mapping[int, Sequence[model.Wish]]
    fill_price: bp.FillPrice = bp.FillPrice.BEST_OPPOSITE
    close_at_end: bool = False


@dataclass
class Scripted(bp.Strategy):
    """The script of `backtest_model.Scripted`, played to the engine."""

    script: Mapping[int, Sequence[model.Wish]]
    call: int = -1
    last: bp.OrderKey | None = None

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.call += 1
        cancels = []
        opens = []
        for wish in self.script.get(self.call, ()):
            if wish.cancel:
                if self.last is not None:
                    cancels.append(bp.OrderRequestCancel(self.last))
                continue
            instrument = state.instrument(wish.instrument)
            side = bp.Side.BUY if wish.buy else bp.Side.SELL
            quantity = decimal(wish.quantity)
            if wish.price is not None:
                key = bp.OrderKey(
                    instrument.exchange,
                    instrument.index,
                    bp.StrategyId("script"),
                    state.next_cid(),
                )
                kind = bp.OrderKind.LIMIT if wish.limit else bp.OrderKind.MARKET
                request = bp.RequestOpen(
                    side, decimal(wish.price), quantity, kind, bp.TimeInForce.IMMEDIATE_OR_CANCEL
                )
                opens.append(bp.OrderRequestOpen(key, request))
            elif instrument.price is not None or opposite(instrument, side) is not None:
                opens.append(instrument.market_order(side, quantity, strategy_id="script"))
            if opens:
                self.last = opens[-1].key
        return cancels, opens


def opposite(instrument: bp.InstrumentView, side: bp.Side) -> Decimal | None:
    return instrument.best_ask if side is bp.Side.BUY else instrument.best_bid


def decimal(fraction: Fraction) -> Decimal:
    """Convert what the tests' grids hold, which ends after few places."""
    places = next(places for places in range(29) if (fraction * 10**places).denominator == 1)
    return Decimal(int(fraction * 10**places)).scaleb(-places)


def event_for_model(event: bp.MarketEvent | bp.Reconnecting) -> model.Event:
    if isinstance(event, bp.Reconnecting):
        return model.Lost(INDEX.exchange_index(event.exchange))
    kind: model.Quote | model.BookChange | model.PublicTrade | model.Candle | model.Liquidation
    match event.kind:
        case bp.OrderBookL1() as l1:
            kind = model.Quote(l1.last_update_time_ns, level(l1.best_bid), level(l1.best_ask))
        case bp.OrderBookSnapshot(book=changed) | bp.OrderBookUpdate(book=changed):
            whole = isinstance(event.kind, bp.OrderBookSnapshot)
            kind = model.BookChange(whole, amounts(changed.bids), amounts(changed.asks))
        case bp.PublicTrade() as trade:
            kind = model.PublicTrade(Fraction(trade.price))
        case bp.Candle() as candle:
            kind = model.Candle(Fraction(candle.close))
        case bp.Liquidation():
            kind = model.Liquidation()
    return model.Item(
        event.time_exchange_ns,
        event.time_received_ns,
        INDEX.exchange_index(event.exchange),
        event.instrument,
        kind,
    )


def level(given_level: bp.Level | None) -> model.Level | None:
    if given_level is None:
        return None
    return model.Level(Fraction(given_level.price), Fraction(given_level.amount))


def amounts(side: Sequence[bp.Level]) -> dict[Fraction, Fraction]:
    return {Fraction(one.price): Fraction(one.amount) for one in side}


def compare(case: Case) -> model.Run:
    """Run both, and compare everything."""
    strategy = recording(Scripted(case.script), case.config)
    result = bp.run_backtest(
        strategy,
        bp.MarketData.from_events(case.events),
        case.config,
        fill_price=case.fill_price,
        close_at_end=case.close_at_end,
    )
    setup = setup_of(case.config, case.fill_price, case.close_at_end)
    events = [event_for_model(event) for event in case.events]
    run = model.run(setup, events, model.Scripted(case.script))
    check_calls(strategy, run)
    check_everything(result, run)
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
            kind = bp.PublicTrade("1", draw(PRICES), Decimal(1), bp.Side.BUY)
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
WISHES = st.builds(model.Wish, INSTRUMENT_INDICES, st.booleans(), QUANTITIES_OF_GRID) | st.builds(
    model.Wish,
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
        call: [model.Wish(BTC_USDT, draw(st.booleans()), draw(quantities))]
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
def test_products_and_sums_that_do_not_fit_are_rounded_half_to_even(case: Case) -> None:
    result = bp.run_backtest(
        Scripted(case.script), bp.MarketData.from_events(case.events), case.config
    )
    setup = setup_of(case.config, case.fill_price, case.close_at_end)
    events = [event_for_model(event) for event in case.events]
    run = model.run(setup, events, model.Scripted(case.script))
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
    levels = [None if price is None else bp.Level(price, Decimal(1)) for price in (bid, ask)]
    book = bp.OrderBookL1(update, *levels)
    return bp.MarketEvent(time, time, INDEX.instruments[instrument].exchange_id, instrument, book)


def simple(
    events: Sequence[bp.MarketEvent | bp.Reconnecting],
    script: Mapping[int, Sequence[model.Wish]],
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


BUY = model.Wish(BTC_USDT, buy=True, quantity=Fraction(2))
SELL = model.Wish(BTC_USDT, buy=False, quantity=Fraction(2))


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
    assert [call.what for call in run.calls] == [
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
    assert [call.what for call in run.calls] == ["market", "market"]


@pytest.mark.parametrize(
    ("money", "status"), [("202", "fully_filled"), ("201.999999", "open_failed")]
)
def test_a_purchase_needs_value_and_fee(money: str, status: str) -> None:
    # 2 at 100 with 1 % is 202.
    run = compare(simple(quotes((0, 90, 100)), {0: [BUY]}, fee_rate="0.01", money=money))
    assert [order.status for order in run.orders] == [status]
    coins = 12 if status == "fully_filled" else 10
    assert run.balances[INDEX.asset_index(EXCHANGES[0], "btc")] == coins


@pytest.mark.parametrize(("coins", "status"), [("2", "fully_filled"), ("1.999", "open_failed")])
def test_a_sale_needs_the_quantity(coins: str, status: str) -> None:
    run = compare(simple(quotes((0, 90, 100)), {0: [SELL]}, coins=coins, money="0"))
    assert [order.status for order in run.orders] == [status]


def event(milliseconds: int, kind: bp.PublicTrade | bp.Candle, *, at: int) -> bp.MarketEvent:
    """Make an event of BTC that was received at one time and happened at another."""
    received, happened = (START + time * MILLISECOND for time in (milliseconds, at))
    return bp.MarketEvent(happened, received, EXCHANGES[0], BTC_USDT, kind)


def public_trade(price: int) -> bp.PublicTrade:
    return bp.PublicTrade("1", Decimal(price), Decimal(1), bp.Side.BUY)


def candle(close: int) -> bp.Candle:
    return bp.Candle(START, *(Decimal(close),) * 4, Decimal(1), 1)


def test_a_book_with_one_side_gives_the_other_no_price() -> None:
    events = [
        event(0, public_trade(95), at=0),
        quote_event(BTC_USDT, 1, Decimal(90), None),
        quote_event(BTC_USDT, 2, None, None),
    ]
    wish = replace(BUY, price=Fraction(50))
    run = compare(simple(events, {0: [wish], 5: [wish], 7: [wish]}))
    assert [order.failure for order in run.orders] == [None, "order_rejected", None]
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
    snapshot = bp.OrderBookSnapshot(bp.OrderBook(1, None, [], side((102, 1), (101, 1))))
    gone = bp.OrderBookUpdate(bp.OrderBook(2, None, [], side((101, 0))))
    nearer = bp.OrderBookUpdate(bp.OrderBook(3, None, [], side((99, 1))))
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


def test_a_price_of_zero_is_refused() -> None:
    events = [event(0, public_trade(price), at=0) for price in (0, -1, 1)]
    run = compare(simple(events, {0: [SELL], 2: [SELL], 4: [SELL]}))
    failures = [order.failure for order in run.orders]
    assert failures == ["order_rejected", "order_rejected", None]


def test_empty_levels_give_the_mid_as_the_price_to_close_at() -> None:
    bid, ask = (bp.Level(Decimal(price), Decimal(0)) for price in (90, 100))
    book = bp.OrderBookL1(START, bid, ask)
    events = [bp.MarketEvent(START, START, EXCHANGES[0], BTC_USDT, book)]
    run = compare(simple(events, {0: [BUY]}, close_at_end=True))
    assert [order.request.price for order in run.orders] == [100, 95]
    assert prices_of(run) == [(0, "100"), (0, "90")]


def test_a_cancel_goes_before_the_orders_and_is_answered() -> None:
    cancel = replace(BUY, cancel=True)
    events: list[bp.MarketEvent | bp.Reconnecting] = []
    events += quotes((0, 90, 100), (1, 91, 101))
    events.append(bp.Reconnecting(EXCHANGES[1]))
    run = compare(simple(events, {1: [BUY, cancel]}))
    assert [call.what for call in run.calls] == [
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
    assert [(call.what, call.live[BTC_USDT]) for call in run.calls[1:4]] == [
        ("market", ("bp-1",)),
        ("cancel", ()),
        ("balance", ()),
    ]
    assert prices_of(run) == [(5, "101")]


@pytest.mark.parametrize(
    ("price", "fee"), [("0.25", "2E-28"), ("0.35", "4E-28"), ("0.2500001", "3E-28")]
)
def test_a_fee_half_way_between_two_decimals_goes_to_the_even_one(price: str, fee: str) -> None:
    quote = quote_event(BTC_USDT, 0, None, Decimal(price))
    wish = replace(BUY, quantity=Fraction(1))
    run = compare(simple([quote], {0: [wish]}, fee_rate="1E-27", money="1"))
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

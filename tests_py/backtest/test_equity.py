"""The equity over time: bars, drawdowns, returns, ratios. `test_model` has random histories."""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import equity as model
from support.histories import (
    BTC,
    ETH,
    START_NS,
    Acting,
    OnMarketEvents,
    at,
    buy,
    candle,
    execution,
    history,
    l1,
    market_request,
    spot,
    trade,
    two_exchanges,
    two_instruments,
)

import barter_python as bp
from barter_python import NO_ORDERS, BacktestResult, EngineView, ExchangeId, Orders, Side
from barter_python.statistic import EquityRatios

USDT = "binance_spot_usdt"
DAY = 86_400_000


def sell(state: EngineView, quantity: Decimal | int = 1, instrument: int = BTC) -> Orders:
    view = state.instrument(instrument)
    return [], [view.market_order(Side.SELL, quantity, strategy_id="test")]


def path(
    prices: Sequence[Decimal | int | str],
    *,
    every: int = 100,
    equity_interval: timedelta | None = None,
) -> BacktestResult:
    """Buy a bitcoin at the first of some prices and hold it."""
    events = [trade(every * place, str(price)) for place, price in enumerate(prices)]
    data = history(*events)
    return bp.run_backtest(
        OnMarketEvents({0: buy}), data, two_instruments(), equity_interval=equity_interval
    )


def equities(result: BacktestResult, every: timedelta | None = None) -> list[Decimal]:
    return [bar.equity for bar in result.equity(every)[USDT]]


# Marks and bars


def test_what_is_held_is_marked_at_every_event_of_its_market() -> None:
    events = [trade(0, "100"), trade(1, "50"), trade(2, "110"), trade(2, "5", instrument=ETH)]
    events += [trade(3, "108"), trade(4, "1"), trade(5, "2")]
    strategy = OnMarketEvents({0: buy, 4: sell})
    result = bp.run_backtest(strategy, history(*events), two_instruments())
    bars = result.equity()[USDT]
    assert [bar.equity for bar in bars] == [10_000, 9_950, 10_010, 10_008, 10_008]
    # Not at the ether's event, nor while nothing is held, but at the end.
    assert [bar.time_ns for bar in bars] == [at(0), at(1), at(2), at(3), at(5)]
    assert [bar.peak for bar in bars] == [10_000, 10_000, 10_010, 10_010, 10_010]


def test_a_bar_has_the_range_of_its_marks() -> None:
    result = path([100, 90, 120, 95, 100], equity_interval=timedelta(days=1))
    (bar,) = result.equity()[USDT]
    assert [bar.equity, bar.low, bar.high, bar.peak] == [10_000, 9_990, 10_020, 10_020]
    assert bar.time_ns == at(400)
    assert result.equity_interval_ns == DAY * 10**6
    fall = result.drawdown()
    assert fall is not None
    assert fall.depth == 25
    assert fall.time_trough_ns == at(300)


def test_intervals_are_counted_from_1970() -> None:
    # 13:20.123 is in the second 20, 13:20.923 too, 13:21.023 is not.
    result = path(["100", "99", "98"], every=400)
    seconds = [bar.time_ns // 10**9 for bar in result.equity(timedelta(seconds=1))[USDT]]
    assert seconds == [START_NS // 10**9]
    result = path(["100", "99", "98", "97"], every=400)
    bars = result.equity(timedelta(seconds=1))[USDT]
    assert [bar.equity for bar in bars] == [9_998, 9_997]
    assert [bar.time_ns for bar in bars] == [at(800), at(1200)]
    assert [bar.low for bar in bars] == [9_998, 9_997]


def test_a_position_without_a_mark_is_worth_its_entry() -> None:
    def send(state: EngineView) -> Orders:
        return [], [market_request("one", price=Decimal(95))]

    result = bp.run_backtest(
        OnMarketEvents({0: send}),
        history(l1(0, None, "102"), l1(1, None, "50"), candle(2, "90")),
        two_instruments(),
        fill_price=bp.FillPrice.REQUESTED,
    )
    assert equities(result) == [10_000, 10_000, 9_995]


def test_the_interval_grows_with_the_bars_and_nothing_else_changes() -> None:
    prices = [100 + (place * 7919) % 211 for place in range(20_000)]
    fine = path(prices, every=1, equity_interval=timedelta(milliseconds=1))
    grown = path(prices, every=1)
    assert grown.equity_interval_ns == 10 * 10**6
    bars = grown.equity()[USDT]
    assert 4096 / 10 < len(bars) <= 4096
    assert bars == fine.equity(timedelta(milliseconds=10))[USDT]
    assert grown.drawdowns(100) == fine.drawdowns(100)
    assert grown.drawdowns(100, by="share") == fine.drawdowns(100, by="share")
    every = timedelta(milliseconds=100)
    assert grown.returns(every) == fine.returns(every)
    assert grown.equity(every) == fine.equity(every)
    assert len(fine.equity()[USDT]) == 20_000


def test_every_must_be_a_multiple_of_the_interval() -> None:
    result = path([100, 101], equity_interval=timedelta(seconds=2))
    for every in (timedelta(seconds=3), timedelta(seconds=1), timedelta(seconds=2.5)):
        for ask in (result.equity, result.returns, result.ratios):
            with pytest.raises(ValueError, match=r"every must be a multiple of 2 s.*equity_inter"):
                ask(every)
    assert equities(result, timedelta(seconds=4)) == [10_001]


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1), timedelta(days=36_501)])
def test_lengths_of_time_are_positive_and_not_too_long(length: timedelta) -> None:
    result = path([100])
    for ask in (result.equity, result.returns, result.ratios):
        with pytest.raises(ValueError, match="every must be positive and not above 36500 days"):
            ask(length)
    with pytest.raises(ValueError, match="equity_interval must be positive"):
        path([100], equity_interval=length)


# Drawdowns


def test_drawdowns_are_found_at_every_mark() -> None:
    prices = [100, 100, 80, 90, 80, 100, 95, 200, 170]
    result = path(prices, equity_interval=timedelta(days=1))
    falls = result.drawdowns()
    assert [fall.peak for fall in falls] == [10_100, 10_000, 10_000]
    assert [fall.trough for fall in falls] == [10_070, 9_980, 9_995]
    assert [fall.depth for fall in falls] == [30, 20, 5]
    times = [(fall.time_start_ns, fall.time_trough_ns, fall.time_end_ns) for fall in falls]
    assert times == [
        (at(800), at(800), None),
        (at(200), at(200), at(500)),
        (at(600), at(600), at(700)),
    ]
    assert falls[1].share == Decimal("0.002")
    assert result.drawdown() == falls[0]
    assert result.drawdowns(1) == falls[:1]
    assert result.drawdowns(0) == []


def test_the_deepest_by_share_can_be_another_one() -> None:
    def all_in(state: EngineView) -> Orders:
        return buy(state, 100)

    events = [trade(100 * place, price) for place, price in enumerate(["100", "60", "300", "250"])]
    result = bp.run_backtest(OnMarketEvents({0: all_in}), history(*events), two_instruments())
    by_amount, by_share = result.drawdown(), result.drawdown(by="share")
    assert by_amount is not None
    assert by_share is not None
    assert [by_amount.depth, by_share.depth] == [5_000, 4_000]
    assert by_share.share == Decimal("0.4")


def test_a_peak_that_is_not_positive_has_no_share() -> None:
    config = two_instruments(balances={"usdt": 0, "btc": 10})
    events = history(trade(0, "100"), trade(1, "150"), trade(2, "90"))
    result = bp.run_backtest(OnMarketEvents({0: sell}), events, config)
    fall = result.drawdown()
    assert fall is not None
    assert fall.depth == 50
    assert fall.share is None
    assert result.drawdown(by="share") is None
    values = [one.value for one in result.returns(every=timedelta(milliseconds=1))]
    assert values == [None, None, None]


def test_arguments_of_drawdowns_are_checked() -> None:
    result = path([100, 99])
    with pytest.raises(ValueError, match="count must be from 0 to 100, got 101"):
        result.drawdowns(101)
    with pytest.raises(ValueError, match="by must be 'amount' or 'share', got 'depth'"):
        result.drawdowns(by="depth")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"asset must be one of {USDT}, got 'usdt'"):
        result.drawdown("usdt")
    with pytest.raises(TypeError, match="asset must be a str"):
        result.drawdown(1)  # type: ignore[arg-type]


def independent_drawdown(file: Path, quantity: Fraction) -> tuple[Fraction, Fraction]:
    """Buy at the first ask of bitcoin and hold; give depth and share, from the file's text."""
    entry: Fraction | None = None
    peak = Fraction(10_000)
    depth, share = Fraction(0), Fraction(0)
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line, parse_float=Decimal).get("Item")
            if item is None or item["instrument"] != 0 or "OrderBookL1" not in item["kind"]:
                continue
            book = item["kind"]["OrderBookL1"]
            bid, ask = (Fraction(book[side]["price"]) for side in ("best_bid", "best_ask"))
            entry = ask if entry is None else entry
            equity = 10_000 + quantity * ((bid + ask) / 2 - entry)
            peak = max(peak, equity)
            depth, share = max(depth, peak - equity), max(share, (peak - equity) / peak)
    return depth, share


def test_buy_and_hold_over_the_real_history(
    real_history: bp.MarketData, real_config: bp.SystemConfig, real_path: Path
) -> None:
    def hold(state: EngineView) -> Orders:
        view = state.instrument("binancespot-btc_usdt")
        if view.best_ask is None or view.position is not None or view.has_orders:
            return NO_ORDERS
        return [], [view.market_order(Side.BUY, Decimal("0.1"), strategy_id="hold")]

    result = bp.run_backtest(
        Acting(hold), real_history, real_config, fee_rate=0, latency=timedelta(0)
    )
    depth, share = independent_drawdown(real_path, Fraction(1, 10))
    fall = result.drawdown()
    assert fall is not None
    assert fall == result.drawdown(by="share")
    assert Fraction(fall.depth) == depth
    assert fall.share is not None
    assert abs(Fraction(fall.share) - share) < Fraction(1, 10**27)
    assert f"{fall.share:.3%}" == "0.056%"


# Returns and ratios

DAILY = [100, 101, 99, 103, 103, 102, 107, 100]


def marks_of(prices: Sequence[Decimal | int | str]) -> list[model.Mark]:
    """Give the marks of `path(prices, every=DAY)`."""
    first = Fraction(prices[0])
    return [
        model.Mark(at(DAY * place), 10_000 + Fraction(price) - first)
        for place, price in enumerate(prices)
    ]


def test_returns_are_of_whole_intervals_those_without_a_mark_included() -> None:
    events = history(trade(0, "100"), trade(2 * DAY, "200"), trade(4 * DAY, "300"))
    result = bp.run_backtest(OnMarketEvents({0: buy, 1: sell}), events, two_instruments())
    returns = result.returns()
    assert [one.value for one in returns] == [0, 0, Decimal("0.01"), 0, 0]
    assert [f"{one.time_start:%d %H:%M}" for one in returns][:2] == ["14 00:00", "15 00:00"]
    assert all(one.time_end - one.time_start == timedelta(days=1) for one in returns)


def check_ratios(
    ratios: EquityRatios, marks: Sequence[model.Mark], every: timedelta, free: Fraction, year: int
) -> None:
    length = every // timedelta(microseconds=1) * 1000
    falls = model.deepest(marks, by_share=True)
    expected = model.ratios(
        model.returns(marks, length),
        falls[0].share if falls else None,
        length,
        free,
        year * DAY * 10**6,
    )
    for name in ("annual_return", "volatility", "sharpe", "sortino", "calmar"):
        actual, wanted = getattr(ratios, name), getattr(expected, name)
        assert (actual is None) == (wanted is None), name
        if actual is not None:
            assert abs(actual - wanted) <= abs(wanted) * Decimal("1e-12") + Decimal("1e-18"), name


@pytest.mark.parametrize("every", [timedelta(days=1), timedelta(days=2), timedelta(hours=12)])
@pytest.mark.parametrize("free", [Decimal(0), Decimal("0.02")])
@pytest.mark.parametrize("year", [bp.TimeInterval.ANNUAL_365, bp.TimeInterval.ANNUAL_252])
def test_ratios(every: timedelta, free: Decimal, year: bp.TimeInterval) -> None:
    result = path(DAILY, every=DAY)
    ratios = result.ratios(every, risk_free_return=free, year=year)
    days = {bp.TimeInterval.ANNUAL_365: 365, bp.TimeInterval.ANNUAL_252: 252}[year]
    check_ratios(ratios, marks_of(DAILY), every, Fraction(free), days)
    assert ratios.returns == len(result.returns(every))
    assert ratios == result.ratios(
        every, risk_free_return=free, year=timedelta(days=days), asset=USDT
    )


def test_ratios_by_hand() -> None:
    # Returns 0, 0.01, 0.02 from 10,000: the mean is 0.01, the deviation 0.01.
    ratios = path([100, 200, 402], every=DAY).ratios(year=timedelta(days=400))
    assert ratios.returns == 3
    assert ratios.annual_return == 4
    assert ratios.volatility == Decimal("0.2")
    assert ratios.sharpe == 20
    assert (ratios.sortino, ratios.calmar) == (None, None)


@settings(max_examples=60, database=None)
@given(
    prices=st.lists(st.integers(1, 10**7).map(lambda n: Decimal(n).scaleb(-5)), max_size=12),
    free=st.integers(-50, 50),
)
def test_random_ratios(prices: list[Decimal], free: int) -> None:
    prices = [Decimal(100), *prices]
    ratios = path(prices, every=DAY).ratios(risk_free_return=Decimal(free) / 1000)
    check_ratios(ratios, marks_of(prices), timedelta(days=1), Fraction(free, 1000), 365)


NOTHING = (None, None, None, None, None)


def figures(ratios: EquityRatios) -> tuple[Decimal | None, ...]:
    return (
        ratios.annual_return, ratios.volatility, ratios.sharpe, ratios.sortino, ratios.calmar
    )  # fmt: skip


def test_a_run_that_did_not_trade_has_no_ratio() -> None:
    events = history(*(trade(DAY * place, str(price)) for place, price in enumerate(DAILY)))
    result = bp.run_backtest(bp.DefaultStrategy(), events, two_instruments())
    ratios = result.ratios(risk_free_return=Decimal("0.05"))
    assert (ratios.returns, *figures(ratios)) == (8, *NOTHING)
    assert result.drawdown() is None
    # Nor by the price of what converts its equity.
    config, conversions = in_bitcoin()
    btc = config.index().instrument_index(conversions["btc"])
    events = history(
        *(trade(DAY * place, str(price), instrument=btc) for place, price in enumerate(DAILY))
    )
    result = bp.run_backtest(bp.DefaultStrategy(), events, config, equity_conversions=conversions)
    assert result.drawdown() is not None
    assert any(one.value for one in result.returns())
    assert figures(result.ratios()) == NOTHING


def test_two_returns_make_a_ratio() -> None:
    assert figures(path([100, 200]).ratios()) == NOTHING
    assert path([100, 200], every=DAY).ratios().sharpe is not None


def test_too_many_returns_are_refused() -> None:
    result = path([100, 101], every=DAY)
    with pytest.raises(ValueError, match=r"every: the run has 86400000001 intervals of 1000 ns"):
        result.returns(timedelta(microseconds=1))


def test_arguments_of_ratios_are_checked() -> None:
    result = path([100, 101])
    with pytest.raises(TypeError, match="risk_free_return must be a Decimal or an int"):
        result.ratios(risk_free_return=0.02)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="year must be a TimeInterval or timedelta"):
        result.ratios(year=365)  # type: ignore[arg-type]


# The account as a whole


def in_bitcoin() -> tuple[bp.SystemConfig, Mapping[str, str]]:
    """Configure ether in bitcoin (index 1) and bitcoin in USDT (index 0) on one exchange."""
    config = bp.SystemConfig(
        [spot("eth", "btc"), spot("btc")], [execution(balances={"usdt": 1_000, "btc": 2})]
    )
    return config, {"btc": "binancespot-btc_usdt"}


def test_equity_in_another_asset_is_converted() -> None:
    config, conversions = in_bitcoin()
    index = config.index()
    btc, eth = (index.instrument_index(f"binancespot-{n}") for n in ("btc_usdt", "eth_btc"))
    events = history(
        trade(0, "0.1", instrument=eth),
        trade(1, "100", instrument=btc),
        trade(2, "110", instrument=btc),
        trade(3, "0.2", instrument=eth),
    )
    strategy = OnMarketEvents({0: lambda state: buy(state, 10, eth)})
    result = bp.run_backtest(strategy, events, config, equity_conversions=conversions)
    assert list(result.equity()) == ["binance_spot_btc", "binance_spot_usdt", "usdt"]
    bars = result.equity()["usdt"]
    # Nothing before BTC has a price; then 1,000 USDT and 2 BTC, at the end 3 BTC.
    assert [bar.time_ns for bar in bars] == [at(1), at(2), at(3)]
    assert [bar.equity for bar in bars] == [1_200, 1_220, 1_330]
    assert {bar.asset for bar in bars} == {None}
    assert result.pnl == {"btc": 1, "usdt": 0}
    in_btc = bp.run_backtest(
        OnMarketEvents({}), events, config, equity_conversions={"usdt": "binancespot-btc_usdt"}
    )
    assert [bar.equity for bar in in_btc.equity()["btc"]][:1] == [12]
    assert in_btc.drawdown() == in_btc.drawdown("btc")


def test_quote_assets_of_one_name_are_summed() -> None:
    held = {"usdt": 10_000}
    config = bp.SystemConfig(
        [spot("btc"), spot("btc", "usdt", ExchangeId.KRAKEN)],
        [execution(balances=held), execution(ExchangeId.KRAKEN, balances=held)],
    )
    events = history(
        trade(0, "100"),
        trade(1, "100", instrument=1, exchange=ExchangeId.KRAKEN),
        trade(2, "60"),
        trade(3, "120", instrument=1, exchange=ExchangeId.KRAKEN),
    )
    strategy = OnMarketEvents({0: buy, 1: lambda state: buy(state, 1, 1)})
    result = bp.run_backtest(strategy, events, config)
    assert list(result.equity()) == ["binance_spot_usdt", "kraken_usdt", "usdt"]
    assert [bar.equity for bar in result.equity()["usdt"]] == [20_000, 20_000, 19_960, 19_980]
    fall = result.drawdown()
    assert fall is not None
    assert fall.depth == 40
    assert fall.asset is None
    assert result.pnl == {"usdt": -20}


def test_an_account_in_two_assets_has_to_be_asked_for_one() -> None:
    result = bp.run_backtest(bp.DefaultStrategy(), history(trade(0, "100")), two_exchanges())
    for ask in (result.drawdown, result.drawdowns, result.returns, result.ratios):
        with pytest.raises(ValueError, match=r"asset must be one of binance_spot_usdt, coinbase_u"):
            ask()
    assert result.drawdown("coinbase_usd") is None


@pytest.mark.parametrize(
    ("conversions", "error", "message"),
    [
        ({"eth": "binancespot-eth_btc"}, ValueError, "no instrument is quoted in 'eth'; quote as"),
        ({"btc": "binancespot-eth_usdt"}, bp.UnknownKeyError, "binancespot-eth_usdt"),
        ({"usdt": "binancespot-eth_btc"}, ValueError, "does not trade usdt against another asset"),
        ({}, ValueError, "must lead to one asset, and these leave btc, usdt"),
        ({"btc": "binancespot-eth_btc"}, ValueError, "must lead to one asset, and these leave eth"),
        ([("btc", "x")], TypeError, "equity_conversions must be a Mapping"),
        ({"btc": 0}, TypeError, r"equity_conversions\['btc'\] must be a str"),
    ],
)
def test_conversions_are_checked(
    conversions: Mapping[str, str], error: type[Exception], message: str
) -> None:
    config, _ = in_bitcoin()
    data = history(trade(0, "100"))
    with pytest.raises(error, match=message):
        bp.run_backtest(bp.DefaultStrategy(), data, config, equity_conversions=conversions)
    with pytest.raises(error, match=message):
        bp.run_backtests(
            bp.DefaultStrategy, [{}], data, config, equity_conversions=conversions
        )  # fmt: skip


def test_a_sweep_passes_the_options_of_the_equity_on() -> None:
    config, conversions = in_bitcoin()
    data = history(trade(0, "100", instrument=config.index().instrument_index(conversions["btc"])))
    with ThreadPoolExecutor(1) as executor:
        (run,) = bp.run_backtests(
            bp.DefaultStrategy,
            [{}],
            data,
            config,
            executor=executor,
            equity_interval=timedelta(hours=1),
            equity_conversions=conversions,
        )
    assert run.result is not None
    assert run.result.equity_interval_ns == 3600 * 10**9
    assert list(run.result.equity()) == ["binance_spot_btc", "binance_spot_usdt", "usdt"]


def test_the_equity_is_pickled_with_the_result() -> None:
    result = path(DAILY)
    copied: BacktestResult = pickle.loads(pickle.dumps(result))
    assert copied.equity() == result.equity()
    assert copied.drawdowns() == result.drawdowns()
    assert copied.returns() == result.returns()
    assert copied == result
    assert path(DAILY[:-1]) != result

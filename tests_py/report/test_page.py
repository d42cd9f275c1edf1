"""The page of a run: the result's figures, the same bytes, small, and safe from users' text."""

from __future__ import annotations

import decimal
import os
import random
import re
import subprocess
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from support import ROOT
from support.histories import (
    BTC,
    SPOT,
    Acting,
    OnMarketEvents,
    buy,
    candle,
    execution,
    history,
    l1,
    limit_request,
    orders,
    quotes,
    trade,
    two_exchanges,
    two_instruments,
    with_execution,
)
from support.html import Node, read
from support.reports import Demo, unpacked
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    DefaultStrategy,
    Disconnect,
    EngineView,
    ExchangeId,
    InstrumentConfig,
    MarketData,
    OrderRequestCancel,
    OrderRequestOpen,
    Orders,
    RiskDecision,
    RiskManager,
    Side,
    Strategy,
    SystemConfig,
    Underlying,
    run_backtest,
)
from barter_python._json import time_text
from barter_python.backtest.prices import prices_of
from barter_python.report.facts import Facts
from barter_python.report.html import report_html
from barter_python.report.plots import Plots
from barter_python.report.run import Prices

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & \"'"


def cards(page: Node) -> dict[str, list[Decimal]]:
    """Give the exact numbers of the figures at the top."""
    (section,) = page.find("section", id="figures")
    return {
        card.find("h3")[0].text: [
            Decimal(node.attributes["value"]) for node in card.find("p")[0].find("data")
        ]
        for card in section.find("li")
    }


def rows(page: Node, section: str) -> list[list[str]]:
    """Give the cells of the tables of a section."""
    (found,) = page.find("section", id=section)
    return [
        [cell.text for cell in row.inside if isinstance(cell, Node)] for row in found.find("tr")
    ]


def test_the_figures_are_the_results(demo: Demo, demo_page: Path) -> None:
    page = read(demo_page.read_text(encoding="utf-8"))
    result = demo.result
    fees = sum(fill.fees for fill in result.fills)
    bars = result.equity()["binance_spot_usdt"]
    figures = cards(page)
    assert figures["Net profit"] == [result.pnl["usdt"]]
    assert figures["Fees"] == [fees]
    assert figures["Before fees"] == [result.pnl["usdt"] + fees]
    assert figures["Return"] == [pytest.approx(result.pnl["usdt"] / bars[0].equity)]
    assert figures["Closed positions"] == [len(result.positions)]
    assert figures["Orders"] == [len(result.orders)]


def test_the_tables_are_the_results(demo: Demo, demo_page: Path) -> None:
    page = read(demo_page.read_text(encoding="utf-8"))
    result = demo.result
    (section,) = page.find("section", id="instruments")
    body, foot = section.find("tbody")[0], section.find("tfoot")[0]
    names = [row.find("th")[0].text for row in body.find("tr")]
    assert names == [instrument.name for instrument in result.instruments.instruments]
    numbers = [
        [Decimal(node.attributes["value"]) for node in row.find("data")] for row in body.find("tr")
    ]
    for index, of_row in enumerate(numbers):
        fills = [fill for fill in result.fills if fill.instrument == index]
        profit = sum(each.pnl_realised for each in result.positions if each.instrument == index)
        _, _, before, fees, shown, volume, _, _ = of_row
        assert shown == profit
        assert fees == sum(fill.fees for fill in fills)
        assert before == profit + fees
        assert volume == sum(fill.price * fill.quantity for fill in fills)
    sums = [Decimal(node.attributes["value"]) for node in foot.find("data")]
    assert sums[4] == sum(of_row[4] for of_row in numbers)
    assert abs(sums[4] - result.pnl["usdt"]) < Decimal("1e-20")
    assert rows(page, "orders")[1:] == [["filled", "33", "80.5 %"], ["expired", "8", "19.5 %"]]
    (positions,) = page.find("section", id="positions")
    assert len(positions.find("tbody")[0].find("tr")) == len(result.positions)


def test_the_drawdowns_and_returns_are_the_results(demo: Demo, demo_page: Path) -> None:
    page = read(demo_page.read_text(encoding="utf-8"))
    deepest = demo.result.drawdown(by="share")
    assert deepest is not None
    assert cards(page)["Max drawdown"] == [-deepest.depth]
    (section,) = page.find("section", id="drawdowns")
    times = [node.attributes["datetime"] for node in section.find("time")]
    assert times[:2] == [time_text(deepest.time_start_ns), time_text(deepest.time_trough_ns)]
    (grid,) = page.find("section", id="returns")
    *shown, hour = [Decimal(node.attributes["value"]) for node in grid.find("data")]
    minutes = demo.result.returns(every=timedelta(minutes=1))
    assert [float(each) for each in shown] == pytest.approx(
        [float(minute.value) for minute in minutes if minute.value is not None]
    )
    assert [hour] == cards(page)["Return"]


def test_a_position_held_through_a_fall_shows_its_drawdown(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    """Buying 0.1 bitcoin once and holding it: the deepest mark is between fills."""

    held: list[Decimal] = []

    def hold(state: EngineView) -> Orders:
        bitcoin = state.instrument("binancespot-btc_usdt")
        if bitcoin.position is not None and bitcoin.mid is not None:
            entry = bitcoin.position.price_entry_average
            held.append((bitcoin.mid - entry) * bitcoin.position.quantity_abs)
        if bitcoin.price is None or bitcoin.has_orders or bitcoin.position is not None:
            return NO_ORDERS
        return buy(state, Decimal("0.1"), bitcoin.index)

    free = real_config.with_executions(fee_rate=0)
    result = run_backtest(Acting(hold), real_history, free)
    assert len(result.fills) > 0
    peak = deepest = Decimal(0)
    for profit in held:
        peak = max(peak, profit)
        deepest = min(deepest, profit - peak)
    assert deepest < -5
    page = read(report_html(result, None))
    assert cards(page)["Max drawdown"] == [deepest]
    (line,) = Plots(Facts(result)).data["lines"]
    falls = unpacked(line["falls"])
    assert min(falls) == Fraction(deepest)
    # What holds on after a mark is the drawdown then, not the deepest of its interval.
    after = dict(zip(unpacked(line["fall_times"]), falls, strict=True))
    for bar in result.equity()["binance_spot_usdt"]:
        assert after[Fraction(bar.time_ns // 1_000, 1_000_000)] == bar.equity - bar.peak


def test_ratios_are_the_results(demo: Demo, demo_page: Path) -> None:
    day = 86_400_000
    prices = ["100", "101", "99", "104", "103"]
    data = history(*(l1(day * number, price, price) for number, price in enumerate(prices)))
    result = run_backtest(OnMarketEvents({0: buy}), data, two_instruments())
    page = read(report_html(result, None))
    ratios = result.ratios()
    (section,) = page.find("section", id="ratios")
    shown = [Decimal(node.attributes["value"]) for node in section.find("data")]
    assert shown == [
        ratios.annual_return,
        ratios.volatility,
        ratios.sharpe,
        ratios.sortino,
        ratios.calmar,
    ]
    assert None not in shown
    # One day has no volatility.
    page = read(demo_page.read_text(encoding="utf-8"))
    row = page.find("section", id="ratios")[0].find("tbody")[0].find("tr")[0]
    assert row.text == "binance_spot_usdt1\N{EN DASH}\N{EN DASH}\N{EN DASH}\N{EN DASH}\N{EN DASH}"


def test_slippage_is_measured_against_the_mid_at_sending(demo: Demo, demo_page: Path) -> None:
    mids: dict[int, list[tuple[int, Decimal]]] = {}

    class Watching(Strategy):
        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            instrument = state.updated
            if instrument is not None and instrument.mid is not None:
                mids.setdefault(instrument.index, []).append((state.time_ns, instrument.mid))
            return NO_ORDERS

    config = SystemConfig.from_json(ROOT / "examples" / "data" / "system_config.json")
    run_backtest(Watching(), demo.data, config)
    page = read(demo_page.read_text(encoding="utf-8"))
    (section,) = page.find("section", id="instruments")
    for index, row in enumerate(section.find("tbody")[0].find("tr")):
        worse, value = Decimal(0), Decimal(0)
        for report in demo.result.orders:
            if report.order.instrument != index or report.average_price is None:
                continue
            mid = [mid for time, mid in mids[index] if time <= report.time_sent_ns][-1]
            sign = 1 if report.order.side is Side.BUY else -1
            worse += sign * (report.average_price - mid) * report.filled_quantity
            value += mid * report.filled_quantity
        shown = Decimal(row.find("data")[-1].attributes["value"])
        assert float(shown) == pytest.approx(float(worse / value))


def test_the_policy_lets_in_what_the_page_has(demo_page: Path) -> None:
    page = read(demo_page.read_text(encoding="utf-8"))
    (policy,) = page.find("meta", **{"http-equiv": "Content-Security-Policy"})
    directives = policy.attributes["content"].split("; ")
    assert directives[0] == "default-src 'none'"
    assert not re.search(r"unsafe|https?:|\*|data:", policy.attributes["content"])
    scripts = [node for node in page.find("script") if "type" not in node.attributes]
    assert len(scripts) == 3
    assert len(directives[1].split()) == 1 + len(scripts)
    assert "The MIT License" in scripts[0].text
    # Nothing has a style or a handler of its own, and nothing is loaded.
    for node in page.all():
        assert not node.attributes.keys() & {"style", "src", "href", "srcset", "action"}
        assert not [name for name in node.attributes if name.startswith("on")]


def test_the_same_inputs_give_the_same_bytes(demo: Demo, demo_page: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    with decimal.localcontext(decimal.Context(prec=4, rounding=decimal.ROUND_UP)):
        demo.result.to_html(again, demo.data)
    assert again.read_bytes() == demo_page.read_bytes()
    assert b"\r" not in demo_page.read_bytes()


PROGRAM = """
import hashlib, sys
from pathlib import Path
from support.histories import quotes, two_instruments
from support.sweeps import BuyOnce
from barter_python import run_backtest
data = quotes(5)
run_backtest(BuyOnce("1"), data, two_instruments()).to_html(sys.argv[1], data)
"""


def test_other_processes_give_the_same_bytes(tmp_path: Path) -> None:
    found = set()
    for seed in ("0", "1"):
        path = tmp_path / f"{seed}.html"
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(path)],
            check=True,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join([str(ROOT / "tests_py"), *sys.path]),
            },
        )
        found.add(path.read_bytes())
    assert len(found) == 1


def test_the_demo_is_small(demo_page: Path) -> None:
    assert demo_page.stat().st_size < 1_000_000


@dataclass(eq=False)
class Flipping(Strategy):
    """Trades after each quote, and leaves an order in the book each time."""

    count: int = 0

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        if state.updated is None:
            return NO_ORDERS
        self.count += 1
        side = Side.BUY if self.count % 2 else Side.SELL
        far = limit_request(str(state.next_cid()), 90, Decimal("0.00001"))
        return [], [state.updated.market_order(side, Decimal("0.1"), strategy_id="f"), far]


def test_a_long_run_stays_small_and_says_what_it_leaves_out() -> None:
    config = two_instruments(balances={"usdt": 10**9, "btc": 10, "eth": 10})
    result = run_backtest(Flipping(), quotes(5_500), config)
    assert len(result.fills) == 5_500
    draw, price, step = random.Random(1), 100_000.0, 10_000_000
    values = array("d")
    for _ in range(1_000_000):
        price = round(price + draw.choice((-0.01, 0.01, 0.02, -0.02)), 2)
        values.append(price)
    times = array("q", (result.time_start_ns + number * step for number in range(1_000_000)))
    page = report_html(result, [Prices(times, values), Prices()])
    assert len(page.encode()) <= 3_000_000
    notes = read(page).find("section", id="notes")[0].text
    assert "An instrument has 1,000,000 prices; the chart shows 60,000 at most" in notes
    assert "An instrument has 5,500 fills; the chart shows 5,000 at most" in notes
    assert "5,499 limit orders that rested; the chart shows the 5,000 that rested" in notes
    assert "The first 500 of 2,750 closed positions" in page


def hostile_strategy(text: str) -> Strategy:
    @dataclass
    class Hostile(Strategy):
        note: str = ""

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            return buy(state) if state.updated is not None else NO_ORDERS

    Hostile.__qualname__ = text
    return Hostile(text)


class HostileManager(RiskManager):
    """Refuses each order for a hostile reason."""

    @override
    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        return RiskDecision.of(cancels, opens, lambda _: HOSTILE)


def hostile_page(data: MarketData) -> str:
    result = run_backtest(
        hostile_strategy(HOSTILE), data, two_instruments(), risk_manager=HostileManager()
    )
    return report_html(result, None)


def test_text_of_users_is_escaped() -> None:
    html = hostile_page(quotes(3))
    page = read(html)
    assert page.find("img") == []
    assert len(page.find("script")) == 4
    assert page.find("h1")[0].text == f"{HOSTILE} backtest"
    assert HOSTILE in page.find("p", **{"class": "parameters"})[0].text
    assert [HOSTILE, "3"] in rows(page, "orders")
    assert page.find("title")[0].text == f"{HOSTILE}: backtest"


# Other runs


def notes(page: Node) -> str:
    return page.find("section", id="notes")[0].text


def test_a_run_without_a_fill_says_so() -> None:
    data = quotes(3)
    result = run_backtest(DefaultStrategy(), data, two_instruments())
    page = read(report_html(result, None))
    assert cards(page)["Net profit"] == [0]
    assert "The run has no fill." in notes(page)
    assert "No order reached the exchange." in page.find("section", id="orders")[0].text
    assert "never fell" in page.find("section", id="drawdowns")[0].text
    assert page.find("section", id="price") == []


def test_notes_tell_what_to_beware_of(real_history: MarketData) -> None:
    start = datetime(2020, 1, 1, tzinfo=timezone.utc)
    config = with_execution(two_instruments(), faults=[Disconnect(start, timedelta(hours=1))])
    with pytest.warns(UserWarning, match="outside the history"):
        result = run_backtest(OnMarketEvents({0: buy}), quotes(3), config)
    text = notes(read(report_html(result, None)))
    assert "The sample is tiny: 0 closed positions." in text
    assert "The run covers 200 ms: figures that are scaled to a year say nothing." in text
    assert "1 position is open at the end" in text
    assert "Warning of the run: faults[0] of binance_spot, Disconnect(" in text
    assert "Coins held from the start are not valued." in text
    assert "nothing was left out" in text


def test_open_positions_are_valued_at_the_mid_by_instrument() -> None:
    data = history(l1(0, "100", "102"), l1(100, "110", "114"), l1(200, "120", "124"))
    result = run_backtest(OnMarketEvents({0: buy}), data, two_instruments(fee_rate=Decimal("0.01")))
    page = read(report_html(result, None))
    (row, _) = page.find("section", id="instruments")[0].find("tbody")[0].find("tr")
    numbers = [Decimal(node.attributes["value"]) for node in row.find("data")]
    # Bought at 102 for a fee of 1.02, worth 122.
    assert numbers[:3] == [20, Decimal("1.02"), Decimal("18.98")]
    assert cards(page)["Net profit"] == [Decimal("18.98")]
    assert rows(page, "positions")[1][1] == "open"


def test_resting_orders_have_a_life() -> None:
    cancelled = limit_request("rests", 90)

    def cancel(state: EngineView) -> Orders:
        return [OrderRequestCancel(cancelled.key)], []

    actions = {0: lambda state: orders([cancelled, limit_request("stays", 80)]), 2: cancel}
    result = run_backtest(OnMarketEvents(actions), quotes(4), two_instruments())
    (market, _) = Plots(Facts(result, [Prices(), Prices()])).data["markets"]
    lives = market["orders"]
    assert lives["sides"] == "bb"
    starts, ends = unpacked(lives["starts"]), unpacked(lives["ends"])
    assert [round(float(end - start), 6) for start, end in zip(starts, ends, strict=True)] == [
        0.2,
        0.3,
    ]
    assert unpacked(lives["prices"]) == [90, 80]


def test_prices_are_the_mid_else_the_last_trade_else_the_close() -> None:
    config = two_instruments()
    data = history(
        candle(0, "99"),
        trade(100, "100"),
        l1(200, "100", None),
        l1(300, "100", "104"),
        candle(400, "5"),
    )
    settings = run_backtest(DefaultStrategy(), data, config).settings
    prices, events, start_ns = prices_of(data, config.index(), settings)
    assert (events, start_ns) == (5, data.time_start_ns)
    assert list(prices[BTC].values) == [99.0, 100.0, 102.0]
    assert [time - data.time_start_ns for time in prices[BTC].times] == [0, 10**8, 3 * 10**8]
    assert list(prices[1].values) == []


def test_only_the_history_of_the_run_is_taken(demo: Demo, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the history of this run, with 50,000 events"):
        demo.result.to_html(tmp_path / "report.html", quotes(3))
    with pytest.raises(TypeError, match="data must be a MarketData or MarketScan, got list"):
        demo.result.to_html(tmp_path / "report.html", [])  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_without_the_history_the_fills_are_still_shown(demo: Demo) -> None:
    page = read(report_html(demo.result, None))
    assert "Without the history only the fills are shown" in page.text
    assert "Slippage" not in page.find("section", id="instruments")[0].text


def test_amounts_of_different_assets_are_not_added() -> None:
    data = history(
        l1(0, "100", "102"),
        l1(0, "10", "11", instrument=1, exchange=ExchangeId.COINBASE),
        l1(100, "104", "106"),
    )
    actions = {0: buy, 1: lambda state: buy(state, instrument=1)}
    result = run_backtest(OnMarketEvents(actions), data, two_exchanges())
    page = read(report_html(result, None))
    assert cards(page)["Net profit"] == [Decimal(3), Decimal("-0.5")]
    units = [row[1] for row in rows(page, "instruments")[1:]]
    assert units == ["usdt", "usd"]
    assert page.find("tfoot") == []


@pytest.mark.parametrize(
    ("length", "name"),
    [
        (timedelta(minutes=3), "minute"),
        (timedelta(hours=4), "hour"),
        (timedelta(days=4), "day"),
        (timedelta(days=90), "month"),
    ],
)
def test_returns_are_of_the_periods_that_suit_the_run(length: timedelta, name: str) -> None:
    milliseconds = length // timedelta(milliseconds=1)
    data = history(
        l1(0, "100", "100"), l1(milliseconds // 2, "100", "100"), l1(milliseconds, "120", "120")
    )
    result = run_backtest(OnMarketEvents({0: buy}), data, two_instruments())
    page = read(report_html(result, None))
    (section,) = page.find("section", id="returns")
    assert section.find("h2")[0].text == f"Returns by {name}"
    *numbers, last = [
        [Decimal(node.attributes["value"]) for node in row.find("data")]
        for row in section.find("tr")[1:]
    ]
    # The last of a row is the whole row; all was won in the last period.
    assert last[-2:] == [Decimal("0.002")] * 2
    assert {number for row in [*numbers, last[:-2]] for number in row} <= {Decimal(0)}
    if name == "month":
        assert section.find("thead")[0].text == "UTCJanFebNovDecYear"


def test_names_of_instruments_and_assets_are_escaped() -> None:
    names = Underlying("<i>base", "<u>quote")
    config = SystemConfig([InstrumentConfig(SPOT, "X<img src=x>", names)], [execution(balances={})])
    data = history(l1(0, "100", "100"), l1(100, "90", "90"))
    result = run_backtest(OnMarketEvents({0: buy}), data, config)
    prices, _, _ = prices_of(data, config.index(), result.settings)
    text = report_html(result, prices)
    page = read(text)
    for tag in ("i", "u", "img"):
        assert page.find(tag) == []
    assert "<u>quote" in page.find("section", id="figures")[0].text
    assert "<u>quote" not in text

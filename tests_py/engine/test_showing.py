"""States and results as text and as tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

from support.engines import engine
from support.histories import (
    BTC,
    ETH,
    SPOT,
    Acting,
    OnMarketEvents,
    at,
    buy,
    history,
    l1,
    market_request,
    quotes,
    run,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AssetBalance,
    Balance,
    DefaultStrategy,
    Engine,
    EngineView,
    IndexedInstruments,
    InstrumentConfig,
    Orders,
    Side,
    SystemConfig,
    Trade,
    Underlying,
    run_backtest,
)
from barter_python.engine import (
    SendOpenRequests,
)


class Page(HTMLParser):
    """The text of each cell of each row of each table, and of each paragraph."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.paragraphs: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
        elif tag == "p":
            self.paragraphs.append("")
        else:
            assert tag in ("thead", "tbody")

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.tables[-1][-1][-1] += data
        elif self.open and self.open[-1] == "p":
            self.paragraphs[-1] += data
        else:
            assert not data.strip()


def traded() -> Engine:
    """An engine with a position, orders and a balance."""
    made = engine()
    made.process(l1(0, "100.10", "100.20", ask_amount="2"))
    made.process(
        AccountEvent(
            0, Trade("1", "1", BTC, "me", at(0), Side.SELL, price=Decimal(102), quantity=2, fees=0)
        )
    )
    made.process(
        AccountEvent(0, AssetBalance(2, Balance(total=Decimal("1000.50"), free=900), at(0)))
    )
    made.process(SendOpenRequests([market_request("one"), market_request("two")]))
    made.process(SendOpenRequests([market_request("one", instrument=ETH)]))
    return made


def test_reprs_are_one_line_each() -> None:
    state = traded().snapshot()
    assert repr(state) == (
        "<EngineView snapshot at 2023-11-14T22:13:20.123456789+00:00: "
        "binancespot-btc_usdt, binancespot-eth_usdt>"
    )
    assert [repr(view) for view in state.instruments] == [
        "<InstrumentView 0 binancespot-btc_usdt: price 100.13333333, short 2, 2 orders>",
        "<InstrumentView 1 binancespot-eth_usdt: price unknown, no position, 1 order>",
    ]


def test_a_state_is_shown_as_tables() -> None:
    state = traded().snapshot()
    page = Page(state._repr_html_())
    assert page.paragraphs == [
        "snapshot at 2023-11-14T22:13:20.123456789Z, trading enabled",
    ]
    instruments, assets = page.tables
    # Short 2 from 102 at 100 + 0.1 + 0.1 / 3.
    assert instruments == [
        ["instrument", "bid", "ask", "price", "position", "pnl unrealised", "orders"],
        ["binancespot-btc_usdt", "100.1", "100.2", "100.13333333", "short 2", "3.73333333", "2"],
        ["binancespot-eth_usdt", "-", "-", "-", "-", "-", "1"],
    ]
    assert assets == [
        ["asset", "total", "free"],
        ["binance_spot btc", "-", "-"],
        ["binance_spot eth", "-", "-"],
        ["binance_spot usdt", "1000.5", "900"],
    ]


def test_a_running_engine_is_shown_in_its_callbacks() -> None:
    shown: list[str] = []

    def show(state: EngineView) -> Orders:
        shown.append(state._repr_html_())
        return NO_ORDERS

    run(show)
    assert Page(shown[0]).paragraphs == [
        "running engine at 2023-11-14T22:13:20.123456789Z, trading enabled"
    ]
    assert Page(shown[0]).tables[0][1][:3] == ["binancespot-btc_usdt", "100", "102"]


def test_a_result_is_shown_as_tables() -> None:
    result = run_backtest(OnMarketEvents({0: buy}), quotes(3), two_instruments())
    page = Page(result._repr_html_())
    lines = [line for line in str(result).splitlines() if line]
    assert page.paragraphs == [*lines[:3], lines[-1]]
    cells = [row for table in page.tables for row in table]
    assert [" ".join(row).split() for row in cells] == [line.split() for line in lines[3:-1]]


def test_text_in_tables_is_escaped() -> None:
    config = InstrumentConfig(SPOT, "X", Underlying("<script>&", "usdt"))
    instruments = IndexedInstruments([config])
    state = Engine(DefaultStrategy(), instruments, time_start=0).snapshot()
    text = state._repr_html_()
    assert "<script" not in text
    assert "&lt;script&gt;&amp;" in text
    rows, assets = Page(text).tables
    assert rows[1][0] == "binancespot-<script>&_usdt"
    assert assets[1][0] == "binance_spot <script>&"
    empty = history(l1(0, "1", "2"))
    held = replace(two_instruments().executions[0], balances={"<script>&": 1, "usdt": 1})
    result = run_backtest(Acting(lambda _: NO_ORDERS), empty, SystemConfig([config], [held]))
    assert "<script" not in result._repr_html_()

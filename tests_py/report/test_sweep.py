"""The report of a sweep: rank, grid and curves, and runs that failed or did not trade."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from support.histories import (
    BTC,
    OnMarketEvents,
    buy,
    history,
    l1,
    two_exchanges,
    two_instruments,
)
from support.html import Node, read
from support.reports import unpacked

from barter_python import BacktestRun, DefaultStrategy, MarketData, Strategy, run_backtests
from barter_python.backtest import sweep_to_html
from barter_python.report.plots import seconds
from barter_python.report.sweep import sweep_html

RISING = history(*(l1(100 * number, str(100 + number), str(100 + number)) for number in range(5)))


def buyer(quantity: int, after: int, name: str = "") -> Strategy:
    """Make a strategy that buys some quantity after some event."""
    if quantity < 0:
        raise ValueError(f"a quantity of {quantity} <b>bold</b>")
    if quantity == 0:
        return DefaultStrategy()
    return OnMarketEvents({after: lambda state: buy(state, quantity)})


def swept(parameters: dict[str, Sequence[object]], data: MarketData = RISING) -> list[BacktestRun]:
    return list(run_backtests(buyer, parameters, data, two_instruments(), executor="threads"))


def cells(page: Node, section: str) -> list[list[str]]:
    (found,) = page.find("section", id=section)
    return [
        [cell.text for cell in row.inside if isinstance(cell, Node)] for row in found.find("tr")
    ]


def test_runs_are_ranked_by_profit() -> None:
    page = read(sweep_html(swept({"quantity": [1, 0, 3, -1, 2], "after": [0]}), None))
    table = cells(page, "runs")
    assert table[0][:4] == ["Rank", "quantity", "after", "Net profit"]
    assert [row[:4] for row in table[1:]] == [
        ["1", "3", "0", "12.000"],
        ["2", "2", "0", "8.0000"],
        ["3", "1", "0", "4.0000"],
        ["no trade", "0", "0", "0"],
    ]
    assert cells(page, "failed")[1] == [
        "1",
        "-1",
        "0",
        "ValueError: a quantity of -1 <b>bold</b>",
    ]
    assert page.find("section", id="grid") == []
    notes = page.find("section", id="notes")[0].text
    assert "1 runs did not trade; they have no rank and are never the best." in notes


def test_two_parameters_make_a_grid() -> None:
    runs = swept({"quantity": [10, 2], "after": [3, 0, 4]})
    page = read(sweep_html(runs, "usdt"))
    assert page.find("section", id="grid")[0].find("h2")[0].text == (
        "Net profit in usdt by quantity and after"
    )
    assert cells(page, "grid") == [
        ["quantity ↓ after →", "0", "3", "4"],
        ["2", "8.0000", "2.0000", "0"],
        ["10", "40.000", "10.000", "0"],
    ]
    colours = {
        cell.text: cell.attributes["class"].split()[-1]
        for cell in page.find("section", id="grid")[0].find("td")
    }
    assert colours == {"40.000": "g5", "10.000": "g2", "8.0000": "g2", "2.0000": "g1", "0": "z"}


def test_of_three_parameters_the_third_is_the_best_runs() -> None:
    runs = swept({"quantity": [1, 2], "after": [0, 3], "name": ["a", "b"]})
    page = read(sweep_html(runs, None))
    assert page.find("section", id="grid")[0].find("p")[0].text == "Of the best run: name a."
    assert len(cells(page, "grid")) == 3


def test_curves_are_those_of_the_best_the_median_and_the_worst() -> None:
    runs = swept({"quantity": [1, 2, 3, 4, 5], "after": [0]})
    html = sweep_html(runs, None)
    page = read(html)
    legend = page.find("p", **{"class": "legend always"})[0]
    assert [key.text for key in legend.find("span")] == [
        "— best: quantity 5, after 0",
        "— median: quantity 3, after 0",
        "— worst: quantity 1, after 0",
    ]
    (script,) = page.find("script", id="data")
    data = json.loads(script.text)
    ends = [float(unpacked(curve["equity"])[-1]) for curve in data["curves"]]
    assert ends == [10_020.0, 10_012.0, 10_004.0]
    assert data["start"] == seconds(RISING.time_start_ns)


def test_amounts_of_different_assets_are_not_compared(tmp_path: Path) -> None:
    runs = run_backtests(
        buyer, {"quantity": [1], "after": [0]}, RISING, two_exchanges(), executor="threads"
    )
    with pytest.raises(ValueError, match="asset must be one of usdt, usd: amounts of different"):
        sweep_to_html(runs, tmp_path / "sweep.html")
    with pytest.raises(ValueError, match="asset must be one of usdt, usd, got 'eur'"):
        sweep_to_html(runs, tmp_path / "sweep.html", asset="eur")
    sweep_to_html(runs, tmp_path / "sweep.html", asset="usdt")
    page = read((tmp_path / "sweep.html").read_text(encoding="utf-8"))
    assert cells(page, "runs")[1][3] == "4.0000"


def test_a_sweep_without_a_result_still_has_a_page() -> None:
    page = read(sweep_html(swept({"quantity": [-1, -2], "after": [0]}), None))
    assert len(cells(page, "failed")) == 3
    assert page.find("section", id="curves") == []
    assert read(sweep_html([], None)).find("h1")[0].text == "Strategy 0 backtests"


def test_mistakes_are_named(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"runs\[0\] must be a BacktestRun, got int 5"):
        sweep_to_html([5], tmp_path / "sweep.html")  # type: ignore[list-item]
    with pytest.raises(TypeError, match="asset must be a str"):
        sweep_to_html([], tmp_path / "sweep.html", asset=5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be 'threads', an Executor or None, got 'x'"):
        run_backtests(buyer, [], RISING, two_instruments(), executor="x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be 'threads', an Executor or None, got int"):
        run_backtests(buyer, [], RISING, two_instruments(), executor=5)  # type: ignore[arg-type]


def test_the_same_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        sweep_to_html(swept({"quantity": [1, 2], "after": [0, 1]}), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_open_positions_count_for_the_rank() -> None:
    assert BTC == 0
    (run,) = swept({"quantity": [1], "after": [0]})
    assert run.result is not None
    assert run.result.pnl == {"usdt": Decimal(4)}

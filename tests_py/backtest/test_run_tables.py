"""The runs of a sweep as records and as a table."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from support.frames import READERS, with_pyarrow
from support.histories import (
    OnMarketEvents,
    buy,
    history,
    l1,
    market_request,
    two_exchanges,
    two_instruments,
)

import barter_python as bp
from barter_python import BacktestRun, DefaultStrategy, Records, RiskLimits, Side, Strategy
from barter_python.backtest import sweep_to_html

DAY = 86_400_000
RISING = history(
    *(l1(DAY * number, bid, bid) for number, bid in enumerate(["100", "90", "120", "110"]))
)
"""A quote a day, without a spread."""


def maker(quantity: int, after: int = 0, **others: object) -> Strategy:
    """Make a strategy that buys after an event, and sells again after the third."""
    if quantity < 0:
        raise ValueError(f"a quantity of {quantity}")
    if quantity == 0:
        return DefaultStrategy()
    sell = market_request("sell", side=Side.SELL, quantity=Decimal(quantity))
    return OnMarketEvents(
        {after: lambda state: buy(state, quantity), 2: lambda state: ([], [sell])}
    )


def swept(
    parameters: Mapping[str, Sequence[object]] | Sequence[Mapping[str, object]],
    config: bp.SystemConfig | None = None,
) -> Records[BacktestRun]:
    return bp.run_backtests(
        maker,
        parameters,
        RISING,
        config or two_instruments(balances={"usdt": 1000}),
        executor="threads",
        fee_rate=Decimal("0.001"),
        risk_manager=RiskLimits(max_order_quantity=5),
    )


def test_runs_are_records() -> None:
    runs = swept({"quantity": [1, 2, -1]})
    assert repr(runs) == "<Records of 3 BacktestRun>"
    assert runs[0] is runs[-3]
    assert runs[1:] == [runs[1], runs[2]]
    assert [run.parameters["quantity"] for run in runs] == [1, 2, -1]
    again = pickle.loads(pickle.dumps(runs[:2]))
    assert again == runs[:2]
    assert again != runs[1:]
    assert list(again) == again


def test_a_table_has_a_row_a_run_with_its_parameters_and_figures() -> None:
    runs = swept([{"quantity": 1, "after": 1}, {"quantity": 0}, {"quantity": -1}, {"quantity": 9}])
    table = with_pyarrow(runs.to_arrow())
    for reader in READERS.values():
        assert reader(runs) == table
    assert table["parameter_quantity"] == [1, 0, -1, 9]
    assert table["parameter_after"] == [1, None, None, None]
    assert table["error"] == [None, None, "ValueError: a quantity of -1", None]
    assert table["orders"] == [2, 0, None, 0]
    assert table["fills"] == [2, 0, None, 0]
    assert table["refused"] == [0, 0, None, 2]
    assert table["positions"] == [1, 0, None, 0]
    assert table["positions_won"] == [1, 0, None, 0]
    assert table["open_positions"] == [0, 0, None, 0]
    # Bought at 90 and sold at 120, with a fee of a thousandth of each.
    assert table["fees_usdt"] == [Decimal("0.21"), 0, None, 0]
    assert table["pnl_usdt"] == [Decimal("29.79"), 0, None, 0]
    assert table["profit_binance_spot_usdt"] == [Decimal("29.79"), 0, None, 0]
    # The fee of the sale takes more than that of the purchase, which is 0.09.
    assert table["drawdown_binance_spot_usdt"] == [Decimal("0.12"), None, None, None]


@pytest.mark.parametrize("line", ["binance_spot_usdt"])
def test_figures_are_those_of_the_result(line: str) -> None:
    runs = swept({"quantity": [1, 2, 3]})
    rows = pl.DataFrame(runs).rows(named=True)
    for run, row in zip(runs, rows, strict=True):
        result = run.result
        assert result is not None
        fall, ratios = result.drawdown(by="share"), result.ratios()
        assert fall is not None
        assert row[f"drawdown_{line}"] == fall.depth
        assert row[f"drawdown_share_{line}"] == fall.share
        assert row[f"volatility_{line}"] == ratios.volatility is not None
        assert row[f"sharpe_{line}"] == ratios.sharpe is not None
        assert row[f"sortino_{line}"] == ratios.sortino is not None
        assert row[f"calmar_{line}"] == ratios.calmar is not None
        assert row["pnl_usdt"] == result.pnl["usdt"]


def test_each_quote_asset_has_columns() -> None:
    names = swept({"quantity": [1]}, two_exchanges()).to_arrow().column_names
    assert {"pnl_usdt", "fees_usdt", "pnl_usd", "fees_usd"} <= set(names)
    assert sum(name.startswith("sharpe_") for name in names) == 2


ZONE = timezone(timedelta(hours=2))
TYPES: dict[str, tuple[list[object], pa.DataType, list[object]]] = {
    "flags": ([True, False, None], pa.bool_(), [True, False, None]),
    "integers": ([1, np.int32(2), -(2**63)], pa.int64(), [1, 2, -(2**63)]),
    "decimals": (
        [Decimal("0.10"), 2, None], pa.decimal128(38, 2), [Decimal("0.10"), Decimal(2), None]
    ),
    "floats": ([0.5, 1, Decimal(2)], pa.float64(), [0.5, 1.0, 2.0]),
    "numpy": ([np.float32(0.5), np.float64(1), 2], pa.float64(), [0.5, 1.0, 2.0]),
    "times": (
        [datetime(2024, 1, 1, 2, tzinfo=ZONE), None, None],
        pa.timestamp("ns", "UTC"),
        [1_704_067_200_000_000_000, None, None],
    ),
    "texts": (["a", None, "c"], pa.large_string(), ["a", None, "c"]),
    "enums": ([Side.BUY, Side.SELL, None], pa.large_string(), ["buy", "sell", None]),
    "large": ([2**63, 1, None], pa.decimal128(38, 0), [Decimal(2**63), Decimal(1), None]),
    "enormous": ([10**400, 1, None], pa.large_string(), ["1" + "0" * 400, "1", None]),
    "not numbers": ([Decimal("NaN"), "x", None], pa.large_string(), ["NaN", "x", None]),
    "lengths": ([timedelta(seconds=90), None, None], pa.large_string(), ["90 s", None, None]),
    "lists": ([[1, 2], (3,), None], pa.large_string(), ["[1, 2]", "[3]", None]),
    "flags and numbers": ([True, 1, None], pa.large_string(), ["True", "1", None]),
    "nothing": ([None, None, None], pa.large_string(), [None, None, None]),
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_parameters_have_the_narrowest_type(kind: str) -> None:
    values, expected, read = TYPES[kind]
    runs = swept([{"quantity": 0, "x": value} for value in values])
    assert pa.table(runs).schema.field("parameter_x").type == expected
    assert with_pyarrow(runs)["parameter_x"] == read


def test_no_runs_and_no_results() -> None:
    assert with_pyarrow(swept([])) == {"error": []}
    failed = with_pyarrow(swept([{"quantity": -1}]))
    assert list(failed) == ["parameter_quantity", "error"]


def test_floats_are_as_asked_for() -> None:
    table = pa.table(swept({"quantity": [1]}).to_arrow(decimals="float"))
    assert table.schema.field("pnl_usdt").type == pa.float64()


def test_a_report_takes_records_and_lists(tmp_path: object) -> None:
    runs = swept({"quantity": [1, 2]})
    for name, given in (("records", runs), ("list", list(runs))):
        sweep_to_html(given, f"{tmp_path}/{name}.html")
    with pytest.raises(TypeError, match=r"runs must be a Records or list or tuple, got int 5"):
        sweep_to_html(5, f"{tmp_path}/wrong.html")  # type: ignore[arg-type]

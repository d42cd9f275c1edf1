"""Records as tables: four libraries read the same rows, exactly, in the right types."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT
from support.frames import READERS, Frame, to_pandas, with_pyarrow
from support.samples import (
    BAR,
    CONFIG,
    EXITED,
    FAILED_CANCEL,
    FALL,
    FILL,
    FUNDED,
    FUNDED_AT_ENTRY,
    NANOSECONDS,
    OPEN_POSITION,
    REFUSED,
    REFUSED_REQUEST,
    RETURN,
    SENT,
    TIME,
)
from typing_extensions import override

import barter_python as bp
from barter_python import Records, _core
from barter_python._rows import Rows
from barter_python.backtest import EquityBar, EquityDrawdown, OrderReport
from barter_python.statistic import PeriodReturn

INDEXED = CONFIG.index()
BTC, ETH = "binancespot-btc_usdt", "binancespot-eth_usdt"
MESSAGE = 'order rejected: order rejected: it\'s "too" much\n'
CANCEL = bp.RefusedRequest(
    TIME, NANOSECONDS, bp.OrderRequestCancel(REFUSED_REQUEST.item.key, bp.OrderId("42")), "late"
)
NO_ID = bp.RefusedRequest(
    TIME, NANOSECONDS, bp.OrderRequestCancel(REFUSED_REQUEST.item.key), "late"
)


def fills(*rows: bp.Trade) -> Records[bp.Trade]:
    return Records(_core.TradeRows.of(rows, INDEXED))


def fill_at(price: Decimal) -> bp.Trade:
    return bp.Trade("t", "o", 1, "ema", NANOSECONDS, bp.Side.BUY, price=price, quantity=1, fees=0)


def kept(rows: Rows[object], expected: Frame) -> tuple[Records[object], Frame]:
    return Records(rows), expected


KINDS: dict[str, tuple[Records[object], Frame]] = {
    "fills": kept(
        _core.TradeRows.of([FILL, fill_at(Decimal("1.125"))], INDEXED),
        {
            "id": ["t", "t"],
            "order_id": ["o", "o"],
            "instrument": [1, 1],
            "instrument_name": [ETH, ETH],
            "strategy_id": ["ema", "ema"],
            "time_exchange": [NANOSECONDS, NANOSECONDS],
            "side": ["sell", "buy"],
            "price": [Decimal("9.75"), Decimal("1.125")],
            "quantity": [Decimal(2), Decimal(1)],
            "fees": [Decimal("0.0195"), Decimal(0)],
        },
    ),
    "orders": kept(
        _core.OrderReportRows.of(
            [
                SENT,
                OrderReport(
                    REFUSED,
                    None,
                    filled_quantity=0,
                    maker_quantity=0,
                    fees=0,
                    average_price=None,
                    time_sent=NANOSECONDS,
                    time_finished=NANOSECONDS + 1,
                    stop=None,
                ),
            ],
            INDEXED,
        ),
        {
            "exchange": [0, 0],
            "exchange_name": ["binance_spot", "binance_spot"],
            "instrument": [1, 1],
            "instrument_name": [ETH, ETH],
            "strategy_id": ["ema", "ema"],
            "client_order_id": ["cid-1", "cid-2"],
            "order_id": ["42", None],
            "side": ["buy", "sell"],
            "price": [Decimal("9.75"), Decimal("9.75")],
            "quantity": [Decimal(2), Decimal(2)],
            "kind": ["limit", "market"],
            "time_in_force": ["good_until_cancelled", "immediate_or_cancel"],
            "status": ["open", "open_failed"],
            "filled_quantity": [Decimal("0.5"), Decimal(0)],
            "maker_quantity": [Decimal("0.25"), Decimal(0)],
            "fees": [Decimal("0.01"), Decimal(0)],
            "average_price": [Decimal("9.75"), None],
            "time_sent": [NANOSECONDS, NANOSECONDS],
            "time_exchange": [NANOSECONDS, None],
            "time_finished": [None, NANOSECONDS + 1],
            "failure_kind": [None, "order_rejected"],
            "failure_message": [None, MESSAGE],
            "stop_kind": ["stop", None],
            "stop_trigger_price": [Decimal(10), None],
            "stop_price": [Decimal("9.75"), None],
        },
    ),
    "failed cancels": kept(
        _core.FailedCancelRows.of([FAILED_CANCEL], INDEXED),
        {
            "time": [NANOSECONDS],
            "exchange": [0],
            "exchange_name": ["binance_spot"],
            "instrument": [1],
            "instrument_name": [ETH],
            "strategy_id": ["ema"],
            "client_order_id": ["cid-1"],
            "failure_kind": ["order_rejected"],
            "failure_message": [MESSAGE],
        },
    ),
    "funding": kept(
        _core.FundingPaymentRows.of([FUNDED, FUNDED_AT_ENTRY], INDEXED),
        {
            "time": [NANOSECONDS] * 2,
            "instrument": [1, 0],
            "instrument_name": [ETH, BTC],
            "side": ["sell", "buy"],
            "quantity": [Decimal(2)] * 2,
            "mark_price": [Decimal("9.75"), None],
            "rate": [Decimal("0.0001"), Decimal(0)],
            "amount": [Decimal("0.00195"), Decimal(0)],
        },
    ),
    "refused": kept(
        _core.RefusedRequestRows.of([REFUSED_REQUEST, CANCEL, NO_ID], INDEXED),
        {
            "time": [NANOSECONDS] * 3,
            "request": ["open", "cancel", "cancel"],
            "exchange": [0] * 3,
            "exchange_name": ["binance_spot"] * 3,
            "instrument": [1] * 3,
            "instrument_name": [ETH] * 3,
            "strategy_id": ["ema"] * 3,
            "client_order_id": ["mine"] * 3,
            "order_id": [None, "42", None],
            "side": ["buy", None, None],
            "price": [Decimal(1), None, None],
            "quantity": [Decimal(2), None, None],
            "kind": ["market", None, None],
            "time_in_force": ["fill_or_kill", None, None],
            "reason": ["too much", "late", "late"],
        },
    ),
    "positions": kept(
        _core.PositionExitedRows.of([EXITED], INDEXED),
        {
            "instrument": [1],
            "instrument_name": [ETH],
            "side": ["sell"],
            "price_entry_average": [Decimal("9.75")],
            "quantity_abs_max": [Decimal(3)],
            "pnl_realised": [Decimal("-0.25")],
            "fees_enter": [Decimal("0.01")],
            "fees_exit": [Decimal("0.02")],
            "time_enter": [NANOSECONDS],
            "time_exit": [NANOSECONDS + 1],
            "trades": [["t"]],
        },
    ),
    "open positions": kept(
        _core.OpenPositionRows.of([OPEN_POSITION], INDEXED),
        {
            "instrument": [1],
            "instrument_name": [ETH],
            "side": ["buy"],
            "price_entry_average": [Decimal("9.75")],
            "quantity_abs": [Decimal(2)],
            "quantity_abs_max": [Decimal(3)],
            "pnl_unrealised": [Decimal("0.5")],
            "pnl_realised": [Decimal("-0.25")],
            "fees_enter": [Decimal("0.01")],
            "fees_exit": [Decimal(0)],
            "time_enter": [NANOSECONDS],
            "time_exchange_update": [NANOSECONDS + 1],
            "trades": [["t", "u"]],
        },
    ),
    "drawdowns": kept(
        _core.EquityDrawdownRows.of(
            [
                FALL,
                EquityDrawdown(
                    None,
                    peak=0,
                    trough=-1,
                    depth=1,
                    share=None,
                    time_start=NANOSECONDS,
                    time_trough=NANOSECONDS,
                    time_end=None,
                ),
            ],
            INDEXED,
        ),
        {
            "asset": [2, None],
            "asset_name": ["binance_spot_usdt", None],
            "peak": [Decimal(100), Decimal(0)],
            "trough": [Decimal("99.9"), Decimal(-1)],
            "depth": [Decimal("0.1"), Decimal(1)],
            "share": [Decimal("0.001"), None],
            "time_start": [NANOSECONDS, NANOSECONDS],
            "time_trough": [NANOSECONDS + 1, NANOSECONDS],
            "time_end": [NANOSECONDS + 1, None],
        },
    ),
    "returns": kept(
        _core.PeriodReturnRows.of(
            [RETURN, PeriodReturn(NANOSECONDS, NANOSECONDS + 1, None)], INDEXED
        ),
        {
            "time_start": [NANOSECONDS, NANOSECONDS],
            "time_end": [NANOSECONDS + 1, NANOSECONDS + 1],
            "value": [Decimal("0.01"), None],
        },
    ),
    "equity": kept(
        _core.EquityBarRows.of(
            [BAR, EquityBar(None, NANOSECONDS, equity=1, low=1, high=1, peak=1)], INDEXED
        ),
        {
            "asset": [2, None],
            "asset_name": ["binance_spot_usdt", None],
            "time": [NANOSECONDS, NANOSECONDS],
            "equity": [Decimal("99.99"), Decimal(1)],
            "low": [Decimal("99.98"), Decimal(1)],
            "high": [Decimal(101), Decimal(1)],
            "peak": [Decimal(102), Decimal(1)],
        },
    ),
}


def to_microseconds(expected: Frame) -> Frame:
    """Cut times for DuckDB before 2, the last for CPython 3.10, whose UTC ends at microseconds."""
    if not duckdb.__version__.startswith("1."):
        return expected
    return {
        name: [
            value // 1000 * 1000 if isinstance(value, int) and value >= NANOSECONDS else value
            for value in values
        ]
        for name, values in expected.items()
    }


@pytest.mark.parametrize("library", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_libraries_read_the_same_rows(kind: str, library: str) -> None:
    records, expected = KINDS[kind]
    read = READERS[library](records)
    assert list(read) == list(expected)
    assert read == (to_microseconds(expected) if library == "duckdb" else expected)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_read_as_often_as_one_likes(kind: str) -> None:
    records, expected = KINDS[kind]
    table = records.to_arrow()
    assert table.column_names == list(expected)
    assert [with_pyarrow(table) for _ in range(2)] == [expected, expected]


@pytest.mark.parametrize("library", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_have_the_same_columns(kind: str, library: str) -> None:
    records, expected = KINDS[kind]
    assert READERS[library](records[:0]) == {name: [] for name in expected}


def type_of(values: list[object]) -> pa.DataType:
    """Give the type that a column of such values should have, but for the scale of decimals."""
    first = next(value for value in values if value is not None)
    if isinstance(first, Decimal):
        return pa.decimal128(38, 0)
    if isinstance(first, int):
        return pa.int64() if first < NANOSECONDS else pa.timestamp("ns", "UTC")
    return pa.large_string() if isinstance(first, str) else pa.large_list(pa.large_string())


@pytest.mark.parametrize("kind", KINDS)
def test_types_are_those_of_the_values_also_without_rows(kind: str) -> None:
    records, expected = KINDS[kind]
    schema = pa.table(records[:0]).schema
    assert dict(zip(schema.names, schema.types, strict=True)) == {
        name: type_of(values) for name, values in expected.items()
    }
    full = pa.table(records).schema
    for field, empty in zip(full, schema, strict=True):
        if pa.types.is_decimal(field.type):
            scales = map(scale_of, decimals(expected[field.name]))
            assert field.type == pa.decimal128(38, max(scales))
        else:
            assert field.type == empty.type


def decimals(values: list[object]) -> list[Decimal]:
    return [value for value in values if isinstance(value, Decimal)]


def in_duckdb(query: str, records: Records[object]) -> list[tuple[object, ...]]:
    """Ask DuckDB, which finds `records` by its name."""
    relation = duckdb.sql(query)
    assert relation is not None
    return relation.fetchall()


def test_types_in_each_library() -> None:
    records, _ = KINDS["positions"]
    polars = pl.DataFrame(records).schema
    assert polars["time_exit"] == pl.Datetime("ns", "UTC")
    assert polars["side"] == pl.String()
    assert polars["pnl_realised"] == pl.Decimal(38, 2)
    assert polars["trades"] == pl.List(pl.String())
    frame = to_pandas(records)
    assert str(frame["time_exit"].dtype) == "datetime64[ns, UTC]"
    assert pd.api.types.is_string_dtype(frame["side"])
    types = {name: kind for name, kind, *_ in in_duckdb("describe from records", records)}
    assert types["pnl_realised"] == "DECIMAL(38,2)"
    assert "TIMESTAMP" in str(types["time_exit"])
    assert types["trades"] == "VARCHAR[]"


def decimal_of(coefficient: int, scale: int) -> Decimal:
    """Make a decimal, whatever the precision of the context is."""
    digits = tuple(map(int, str(abs(coefficient))))
    return Decimal((int(coefficient < 0), digits, -scale))


# As barter's: the scale is 28 at most, and the coefficient below 2^96.
DECIMALS = st.builds(
    decimal_of,
    st.integers(-(2**96) + 1, 2**96 - 1) | st.integers(-(10**9), 10**9),
    st.integers(0, 28),
)


def scale_of(value: Decimal) -> int:
    """Give the places after the point."""
    return -int(value.as_tuple().exponent)


def without_zeros(value: Decimal) -> Decimal:
    """Take the zeros at the end of the places off."""
    whole, _, places = f"{value:f}".partition(".")
    return Decimal(f"{whole}.{places.rstrip('0')}")


def digits_of(values: list[Decimal]) -> tuple[int, int]:
    """Count the digits that a column needs, and those of them that are after the point."""
    scale = max(map(scale_of, values))
    coefficients = [abs(Fraction(value)) * 10**scale for value in values]
    assert all(coefficient.denominator == 1 for coefficient in coefficients)
    most = max(len(str(coefficient.numerator)) for coefficient in coefficients)
    return (most if any(coefficients) else 0), scale


@pytest.mark.parametrize("library", READERS)
@given(values=st.lists(DECIMALS, min_size=1, max_size=6))
def test_decimals_are_exact_or_refused(library: str, values: list[Decimal]) -> None:
    records = fills(*map(fill_at, values))
    digits, scale = digits_of(values)
    if digits > 38:
        digits, scale = digits_of([without_zeros(value) for value in values])
    if digits > 38:
        message = (
            f"price: exact decimals have at most 38 digits, and the column needs {digits}, "
            f'{scale} of them after the point: to_arrow(decimals="float") gives the nearest floats'
        )
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            records.to_arrow()
        with pytest.raises((ValueError, duckdb.Error), match=re.escape(message)):
            READERS[library](records)
        return
    read = decimals(READERS[library](records)["price"])
    assert read == values
    assert pa.table(records).schema.field("price").type == pa.decimal128(38, scale)


@given(values=st.lists(DECIMALS, min_size=1, max_size=6))
def test_floats_are_the_nearest(values: list[Decimal]) -> None:
    table = fills(*map(fill_at, values)).to_arrow(decimals="float")
    for reader in READERS.values():
        assert reader(table)["price"] == [float(value) for value in values]


def test_the_most_that_fits_and_the_least_that_does_not() -> None:
    tiny = decimal_of(1, 28)
    fits = [Decimal(9_999_999_999), tiny]
    assert with_pyarrow(fills(*map(fill_at, fits)))["price"] == fits
    with pytest.raises(ValueError, match="the column needs 39, 28 of them"):
        pa.table(fills(*map(fill_at, [Decimal(10_000_000_000), tiny])))


class TakesAndGives(bp.Strategy):
    """Buys and sells in turns, so that there are hundreds of fills."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        btc = state.instruments[0]
        if btc.price is None or btc.has_orders:
            return bp.NO_ORDERS
        side = bp.Side.BUY if btc.position is None else bp.Side.SELL
        return [], [btc.market_order(side, Decimal("0.001"), strategy_id="turns")]


@pytest.fixture(scope="module")
def turns(real_history: bp.MarketData, real_config: bp.SystemConfig) -> bp.BacktestResult:
    """Run it over real quotes."""
    return bp.run_backtest(TakesAndGives(), real_history, real_config)


def exact(values: Iterable[object]) -> Fraction:
    """Add decimals without rounding."""
    return sum((Fraction(value) for value in values if isinstance(value, Decimal)), Fraction(0))


def test_sums_of_a_run_are_exact_in_each_library(turns: bp.BacktestResult) -> None:
    fees = exact(fill.fees for fill in turns.fills)
    assert len(turns.fills) > 100
    assert fees == exact(turns.fees.values())
    fills = turns.fills
    assert exact(in_duckdb("select sum(fees) from records", fills)[0]) == fees
    assert exact([pl.DataFrame(fills)["fees"].sum()]) == fees
    assert exact([pc.sum(pa.table(fills)["fees"]).as_py()]) == fees
    assert exact(to_pandas(fills)["fees"]) == fees
    by_side = in_duckdb("select side, count(*) from records group by 1 order by 1", fills)
    assert by_side == pl.DataFrame(fills)["side"].value_counts().sort("side").rows()
    assert {side for side, _ in by_side} == {"buy", "sell"}


def test_records_of_a_run_are_those_of_its_table(turns: bp.BacktestResult) -> None:
    frame = pl.DataFrame(turns.orders)
    assert frame["client_order_id"].to_list() == [
        report.order.client_order_id for report in turns.orders
    ]
    assert frame["time_sent"].dt.epoch("ns").to_list() == [
        report.time_sent_ns for report in turns.orders
    ]
    (bars,) = turns.equity().values()
    assert pl.DataFrame(bars)["low"].to_list() == [bar.low for bar in bars]
    half = turns.fills[::2]
    assert pl.DataFrame(half).rows() == pl.DataFrame(turns.fills).rows()[::2]


def test_a_table_of_many_batches_has_all_rows_in_their_order() -> None:
    count = 300_001
    rows = _core.TradeRows.of([fill_at(Decimal(1)), fill_at(Decimal(2))], INDEXED)
    records = Records(rows.chosen([position % 2 for position in range(count)]))
    table = pa.table(records)
    assert [len(batch) for batch in table.to_batches()] == [131_072, 131_072, 37_857]
    assert table["price"].to_pylist() == [Decimal(1 + position % 2) for position in range(count)]
    assert pl.DataFrame(records).height == count


def test_an_index_that_no_library_holds_is_refused() -> None:
    fill = bp.Trade("t", "o", 2**63, "ema", NANOSECONDS, bp.Side.BUY, price=1, quantity=1, fees=0)
    with pytest.raises(ValueError, match=f"^instrument: {2**63} does not fit into 64 bits"):
        pa.table(fills(fill))
    unknown = bp.Trade("t", "o", 7, "ema", NANOSECONDS, bp.Side.BUY, price=1, quantity=1, fees=0)
    assert with_pyarrow(fills(unknown))["instrument_name"] == [None]


def test_a_time_that_nanoseconds_do_not_hold_is_refused() -> None:
    early = datetime(1, 1, 1, tzinfo=timezone.utc)
    fill = bp.Trade("t", "o", 1, "ema", early, bp.Side.BUY, price=1, quantity=1, fees=0)
    with pytest.raises(ValueError, match=r"^time_exchange 0001-01-01.*outside the years 1677 to"):
        pa.table(fills(fill))


def test_a_wrong_kind_of_decimals_is_named() -> None:
    wrong: dict[str, Any] = {"decimals": "rounded"}
    with pytest.raises(ValueError, match=r'^decimals: must be "exact" or "float", got "rounded"'):
        fills().to_arrow(**wrong)
    wrong["decimals"] = 2
    with pytest.raises(TypeError, match=r'^decimals: must be "exact" or "float", got int'):
        fills().to_arrow(**wrong)


def test_a_capsule_that_nobody_reads_is_freed() -> None:
    for _ in range(10):
        assert type(fills(FILL).__arrow_c_stream__()).__name__ == "PyCapsule"


def test_columns_of_python_values_have_one_length() -> None:
    with pytest.raises(ValueError, match=r"^b: a column of 1 values beside one of 2$"):
        _core.table_of([("a", "integer", [1, 2]), ("b", "text", ["x"])], "exact")
    wrong: Any = [("a", "letters", [])]
    with pytest.raises(ValueError, match='item 0: a: "letters" is no kind of values'):
        _core.table_of(wrong, "exact")


def test_the_package_imports_none_of_the_libraries() -> None:
    script = """if True:
        import sys
        import barter_python as bp
        data = bp.MarketData.from_json_lines(sys.argv[1])
        config = bp.SystemConfig.from_json(sys.argv[2])
        result = bp.run_backtest(bp.DefaultStrategy(), data, config)
        result.orders.to_arrow().__arrow_c_stream__()
        print(sorted({"duckdb", "numpy", "pandas", "polars", "pyarrow"} & {*sys.modules}))
    """
    folder = ROOT / "examples" / "data"
    files = "binance_spot_l1_trades_btc_eth_sol.jsonl.gz", "system_config.json"
    run = [sys.executable, "-c", script, *(str(folder / file) for file in files)]
    assert subprocess.run(run, check=True, capture_output=True, text=True).stdout == "[]\n"

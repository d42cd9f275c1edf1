"""Records: sequences of what a run has given, whose objects are made when they are asked for."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import (
    OnMarketEvents,
    cancel_request,
    market_request,
    quotes,
    two_instruments,
)
from support.samples import CONFIG, FILL, ROWS, SENT

import barter_python as bp
from barter_python import BacktestResult, Records, RiskLimits, _core, run_backtest
from barter_python._rows import Rows
from barter_python.backtest.runs import BacktestRunRows

COUNT = 5


def rows_of(count: int) -> Records[bp.Trade]:
    made = [
        bp.Trade(f"{number}", "o", 1, "ema", number, bp.Side.BUY, price=number, quantity=1, fees=0)
        for number in range(count)
    ]
    return Records(_core.TradeRows.of(made, CONFIG.index()))


@pytest.fixture(scope="module")
def result() -> BacktestResult:
    """Give a run with records of every kind."""
    strategy = OnMarketEvents(
        {
            0: lambda _: ([cancel_request("none")], [market_request("one")]),
            2: lambda _: ([], [market_request("two", side=bp.Side.SELL)]),
            4: lambda _: (
                [],
                [market_request("three"), market_request("large", quantity=Decimal(900))],
            ),
        }
    )
    config = two_instruments(balances={"usdt": 10**6, "btc": 10**3})
    return run_backtest(
        strategy, quotes(9), config, risk_manager=RiskLimits(max_order_quantity=100)
    )


def kinds(result: BacktestResult) -> dict[str, Records[object]]:
    (share,) = result.by_strategy().values()
    return {
        "orders": result.orders,
        "fills": result.fills,
        "failed cancels": result.failed_cancels,
        "refused": result.refused,
        "positions": result.positions,
        "open positions": result.open_positions,
        **result.equity(),
        "drawdowns": result.drawdowns(),
        "returns": result.returns(),
        "orders of a strategy": share.orders,
        "fills of a strategy": share.fills,
        "positions of a strategy": share.positions,
        "open positions of a strategy": share.open_positions,
        "fills of an order": result.fills_of(result.orders[0]),
    }


def test_every_kind_is_a_sequence_that_is_pickled_and_copied(result: BacktestResult) -> None:
    for kind, records in kinds(result).items():
        assert len(records) > 0, kind
        assert isinstance(records, Records)
        assert list(records) == [records[place] for place in range(len(records))]
        assert list(reversed(records)) == [*records][::-1]
        assert repr(records) == f"<Records of {len(records)} {type(records[0]).__name__}>"
        for again in (pickle.loads(pickle.dumps(records)), copy.copy(records)):
            assert again == records
            assert again.to_arrow().column_names == records.to_arrow().column_names
        assert copy.deepcopy(records) == records
        assert records[0] in records
        assert object() not in records


def test_every_kind_is_printed_as_a_table(
    result: BacktestResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    for kind, records in kinds(result).items():
        first, head, *rows = str(records).splitlines()
        assert first == repr(records)
        assert head.split()[0] in records.to_arrow().column_names, kind
        assert len(rows) == len(records) <= 10


def test_the_ends_of_many_records_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    lines = str(rows_of(1_000)).splitlines()
    assert lines[:2] == [
        "<Records of 1000 Trade>",
        "id   order_id  instrument_name       strategy_id  time_exchange                   side"
        "  price  quantity  fees",
    ]
    assert [line.split()[0] for line in lines[2:7]] == ["0", "1", "2", "3", "4"]
    assert lines[7] == "... 990 more ..."
    assert [line.split()[0] for line in lines[8:]] == ["995", "996", "997", "998", "999"]
    assert lines[-1].split() == [
        "999", "o", "binancespot-eth_usdt", "ema", "1970-01-01T00:00:00.000000999Z", "buy", "999",
        "1", "0",
    ]  # fmt: skip
    assert str(rows_of(11)).splitlines()[7] == "... 1 more ..."
    assert len(str(rows_of(10)).splitlines()) == 12
    assert str(rows_of(0)) == "<Records of 0 Trade>"


def test_a_table_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert str(rows_of(1)).splitlines() == [
        "<Records of 1 Trade>",
        "id  order_id  instrument_name",
        "0   o         binancespot-eth_usdt",
        "not shown: strategy_id, time_exchange,",
        "side, price, quantity, fees",
    ]


def test_no_value_breaks_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    price = Decimal("1.0000000000000000000000000001")
    trade = bp.Trade(
        "a\nb\x1b[2J", "o" * 40, 1, "", 0, bp.Side.BUY, price=price, quantity=10**20, fees=price
    )
    row = str(Records(_core.TradeRows.of([trade], CONFIG.index()))).splitlines()[2]
    assert row.split() == [
        "a\\nb\\x1b[2J", f"{'o' * 29}...", "binancespot-eth_usdt", "1970-01-01T00:00:00Z", "buy",
        "1.00000000000...", "1" + "0" * 20, "1.00000000000...",
    ]  # fmt: skip


def test_the_runs_of_a_sweep_are_printed() -> None:
    failed: list[bp.BacktestRun] = [
        bp.BacktestRun({"fast": fast}, None, ValueError("too slow"), None) for fast in (5, 10)
    ]
    rows: BacktestRunRows[BacktestResult] = BacktestRunRows(failed)
    assert str(Records(rows)).splitlines() == [
        "<Records of 2 BacktestRun>",
        "parameter_fast  error",
        "             5  ValueError: too slow",
        "            10  ValueError: too slow",
    ]


def test_a_time_that_no_table_holds_is_not_printed() -> None:
    late = bp.Trade(
        "1", "o", 1, "ema", "9999-01-01T00:00:00Z", bp.Side.BUY, price=1, quantity=1, fees=0
    )
    records = Records(_core.TradeRows.of([late], CONFIG.index()))
    assert str(records) == repr(records)


def test_a_pickled_result_has_its_instruments_once(result: BacktestResult) -> None:
    name = CONFIG.index().instruments[0].name_exchange.encode()
    assert pickle.dumps(result).count(name) == pickle.dumps(result.instruments).count(name) > 0
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.to_json() == result.to_json()


def test_results_cannot_be_hashed_as_their_records(result: BacktestResult) -> None:
    for unhashable in (result, result.fills):
        with pytest.raises(TypeError, match="unhashable type: 'Records'"):
            hash(unhashable)


def test_records_are_neither_lists_nor_abstract_sequences(result: BacktestResult) -> None:
    fills: object = result.fills
    assert not isinstance(fills, (list, Sequence))


def test_objects_are_new_each_time_and_equal() -> None:
    records = rows_of(1)
    assert records[0] == records[0]
    assert records[0] is not records[0]


@given(st.integers(-8, 8))
def test_indices_are_those_of_a_list(index: int) -> None:
    records = rows_of(COUNT)
    objects = list(records)
    if -COUNT <= index < COUNT:
        assert records[index] == objects[index]
        return
    with pytest.raises(IndexError, match=f"^there are 5 records, so .* none at index {index}$"):
        records[index]


BOUNDS = st.none() | st.integers(-8, 8)


@given(BOUNDS, BOUNDS, st.none() | st.integers(-3, 3).filter(bool))
def test_slices_are_those_of_a_list(start: int | None, stop: int | None, step: int | None) -> None:
    records = rows_of(COUNT)
    part = records[start:stop:step]
    assert isinstance(part, Records)
    assert part == list(records)[start:stop:step]


def test_a_slice_of_a_slice_and_of_nothing() -> None:
    records = rows_of(COUNT)
    assert records[1:][1:] == records[2:]
    assert rows_of(0)[:] == []
    with pytest.raises(ValueError, match="slice step cannot be zero"):
        records[::0]


class Third:
    """An index that is no int, as numpy's are."""

    def __index__(self) -> int:
        return 2


def test_other_indices() -> None:
    records: Any = rows_of(COUNT)
    assert records[Third()] == records[2]
    for wrong in ("0", 1.0, None):
        found = type(wrong).__name__
        with pytest.raises(TypeError, match=f"^an index must be an int or a slice, got {found}$"):
            records[wrong]
    with pytest.raises(IndexError, match="none at index 100000000000000000000"):
        records[10**20]


@given(st.lists(st.integers(0, 2), max_size=3), st.lists(st.integers(0, 2), max_size=3))
def test_comparisons_are_those_of_lists(left: list[int], right: list[int]) -> None:
    records = rows_of(3)
    mine, other = records._chosen(left), records._chosen(right)
    assert (mine == other) == (left == right)
    assert (mine != other) == (left != right)
    assert (mine == list(other)) == (list(mine) == other) == (left == right)


def test_what_records_are_not_equal_to() -> None:
    fills, orders = rows_of(1), Records(_core.OrderReportRows.of([SENT], CONFIG.index()))
    nothing: list[object] = [fills, FILL, (fills[0],), {}, None]
    assert [fills == other for other in nothing] == [True, False, False, False, False]
    assert fills != orders
    # As lists, of which it is not known what they could hold.
    assert fills[:0] == orders[:0]
    assert fills != [*fills, fills[0]]
    assert [*fills, fills[0]] != fills


def test_records_of_other_instruments_are_compared_by_their_rows() -> None:
    eth = bp.InstrumentConfig(bp.ExchangeId.KRAKEN, "ETHUSD", bp.Underlying("eth", "usd"))
    elsewhere = Records(_core.TradeRows.of([FILL], bp.IndexedInstruments([eth])))
    assert elsewhere == Records(_core.TradeRows.of([FILL], CONFIG.index()))


@pytest.mark.parametrize("rows", ROWS, ids=lambda rows: rows.kind)
def test_rows_are_made_of_objects_and_give_them_back(rows: Rows[object]) -> None:
    records = Records(rows)
    assert pickle.loads(pickle.dumps([*records])) == records
    assert records == records[:]
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(records, protocol)) == records


def test_records_do_not_change(result: BacktestResult) -> None:
    fills: Any = result.fills
    with pytest.raises(TypeError, match="does not support item assignment"):
        fills[0] = fills[1]
    with pytest.raises(AttributeError):
        fills.another = 1
    whole: Any = result
    with pytest.raises(FrozenInstanceError):
        whole.fills = []


def test_a_row_that_is_not_there_is_named() -> None:
    with pytest.raises(IndexError, match=r"^there is no row 1 of 1$"):
        rows_of(1)._rows.item(1)


def test_wrong_objects_are_named() -> None:
    wrong: Any = [bp.RefusedRequest(bp.Side.BUY, 0, "request", "why")]  # type: ignore[arg-type] # it is what is tested
    with pytest.raises(TypeError, match="item 0: item: expected OrderRequestCancel, got str"):
        _core.RefusedRequestRows.of(wrong, CONFIG.index())

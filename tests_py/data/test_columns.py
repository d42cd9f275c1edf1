"""Descriptions of tables check themselves."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest
from support.tables import ONE

from barter_python import (
    BookColumns,
    BookSnapshotColumns,
    BuyerIsMaker,
    CandleColumns,
    FundingColumns,
    L1Columns,
    LiquidationColumns,
    MarketData,
    SettlementColumns,
    TradeColumns,
)
from barter_python.data import Columns

MINUTE = timedelta(minutes=1)


ALL: list[Columns] = [
    TradeColumns(),
    L1Columns(),
    BookColumns(),
    BookSnapshotColumns(levels=1),
    CandleColumns(close_time="closed"),
    LiquidationColumns(),
    FundingColumns(),
    SettlementColumns(),
]


@pytest.mark.parametrize("columns", ALL, ids=lambda columns: type(columns).__name__)
def test_descriptions_are_values(columns: Columns) -> None:
    assert pickle.loads(pickle.dumps(columns)) == columns
    assert len({columns, columns}) == 1
    with pytest.raises(FrozenInstanceError):
        columns.instrument = "name"  # type: ignore[misc] # what is tested
    with pytest.raises(TypeError):
        type(columns)("time_exchange")  # type: ignore[call-arg,arg-type] # by keyword only


@pytest.mark.parametrize("columns", ALL, ids=lambda columns: type(columns).__name__)
@pytest.mark.parametrize(("wrong", "error"), [("", ValueError), (" ", ValueError), (5, TypeError)])
def test_every_name_is_checked(columns: Columns, wrong: object, error: type[Exception]) -> None:
    replaced: Callable[..., object] = replace
    for name in vars(columns):
        if name in ("unknown_side", "snapshot_is_reconnect", "close_is_inclusive", "length"):
            continue
        if name in ("levels", "first_level"):
            continue
        with pytest.raises(error, match=rf"{name} must"):
            replaced(columns, **{name: wrong})


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: BuyerIsMaker(" "), ValueError, "column must not be blank"),
        (
            lambda: TradeColumns(unknown_side="buy"),  # type: ignore[arg-type]
            TypeError,
            "unknown_side must be a Side",
        ),
        (
            lambda: BookColumns(snapshot_is_reconnect=1),  # type: ignore[arg-type]
            TypeError,
            "snapshot_is_reconnect must be",
        ),
        (CandleColumns, ValueError, "Give open_time with a length, as most files need it"),
        (
            lambda: CandleColumns(open_time="date"),
            ValueError,
            "open_time='date' needs the length of a candle, such as length=timedelta",
        ),
        (
            lambda: CandleColumns(open_time="date", close_time="closed", length=MINUTE),
            ValueError,
            "but not both",
        ),
        (
            lambda: CandleColumns(open_time="date", length=timedelta(0)),
            ValueError,
            "length must be positive",
        ),
        (
            lambda: CandleColumns(open_time="date", length=MINUTE, close_is_inclusive=True),
            ValueError,
            "close_is_inclusive is about close_time",
        ),
        (lambda: BookSnapshotColumns(levels=0), ValueError, "levels must be from 1 to 1000, got 0"),
        (lambda: BookSnapshotColumns(levels=10**9), ValueError, "levels must be from 1 to 1000"),
        (lambda: BookSnapshotColumns(levels=True), TypeError, "levels must be an int"),
        (
            lambda: BookSnapshotColumns(levels=1, bid_price="bid"),
            ValueError,
            "bid_price must have {level} for the number of the level, got 'bid'",
        ),
        *(
            (
                lambda template=template: BookSnapshotColumns(levels=1, ask_amount=template),
                ValueError,
                "ask_amount must have {level}",
            )
            for template in ("{}", "{0}", "{level", "{level.nothing}", "{level}{x}", "{level:s}")
        ),
    ],
)
def test_what_makes_no_sense(make: object, error: type[Exception], message: str) -> None:
    assert callable(make)
    with pytest.raises(error) as caught:
        make()
    assert message in str(caught.value)


@pytest.mark.parametrize("wrong", [None, "price", {"price": "px"}, TradeColumns])
def test_what_is_no_description(wrong: object) -> None:
    with pytest.raises(TypeError, match="columns must be a description such as TradeColumns"):
        MarketData.from_csv("never_opened.csv", wrong, instruments=ONE)  # type: ignore[arg-type]


def test_names_of_levels() -> None:
    columns = BookSnapshotColumns(
        levels=2,
        first_level=9,
        bid_price="bid_px_{level:02}",
        bid_amount="bid_sz_{level:02}",
    )
    assert columns.bids == [("bid_px_09", "bid_sz_09"), ("bid_px_10", "bid_sz_10")]
    assert columns.asks == [
        ("asks[9].price", "asks[9].amount"),
        ("asks[10].price", "asks[10].amount"),
    ]

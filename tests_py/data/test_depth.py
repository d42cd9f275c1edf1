"""The best levels of a book, in a strategy."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import Amounts, l1, order_book, snapshot, two_instruments, update

from barter_python import DefaultStrategy, Engine, InstrumentView, Level, MarketEvent

LEVELS = st.dictionaries(st.integers(1, 30).map(str), st.integers(0, 3).map(str), max_size=8)
"""An amount of zero takes a level away."""


def view(*events: MarketEvent) -> InstrumentView:
    """Show the first instrument after some events."""
    engine = Engine(DefaultStrategy(), two_instruments().index(), time_start=0)
    for event in events:
        engine.process(event)
    return engine.snapshot().instrument(0)


def pairs(levels: tuple[Level, ...]) -> list[tuple[float, float]]:
    return [(float(level.price), float(level.amount)) for level in levels]


@given(LEVELS, LEVELS, LEVELS, st.integers(1, 12))
def test_they_are_the_first_of_the_whole_book(
    bids: Amounts, asks: Amounts, changed: Amounts, count: int
) -> None:
    real = [
        {price: amount for price, amount in side.items() if amount != "0"} for side in (bids, asks)
    ]
    after = view(snapshot(0, *real), update(1, changed, changed))
    book = after.book
    assert book is not None
    assert after.depth(count) == (book.bids[:count], book.asks[:count])
    assert after.depth_f64(count) == tuple(pairs(side) for side in after.depth(count))
    # A second way: the dictionaries themselves.
    for side, whole, backwards in zip(real, (book.bids, book.asks), (True, False), strict=True):
        left = {price: amount for price, amount in {**side, **changed}.items() if amount != "0"}
        prices = sorted(map(int, left), reverse=backwards)
        expected = tuple(Level(price=price, amount=Decimal(left[str(price)])) for price in prices)
        assert whole == expected


def test_without_a_book_they_are_those_of_the_last_l1() -> None:
    quoted = view(l1(0, "99", "101", bid_amount="2"))
    bid, ask = Level(price=99, amount=2), Level(price=101, amount=1)
    assert quoted.depth(3) == ((bid,), (ask,))
    assert quoted.depth_f64(1) == ([(99.0, 2.0)], [(101.0, 1.0)])
    assert view(l1(0, None, "101")).depth(1) == ((), (ask,))
    assert view().depth(1) == ((), ())


def test_a_book_counts_even_where_an_l1_is_newer() -> None:
    both = view(snapshot(0, {"90": "1"}, {"110": "1"}), l1(1, "99", "101"))
    assert both.depth(2)[0] == order_book({"90": "1"}, {}).bids
    assert both.best_bid == 99


@pytest.mark.parametrize(("levels", "error"), [(0, ValueError), (-1, ValueError), ("5", TypeError)])
def test_other_numbers_of_levels_are_refused(levels: object, error: type[Exception]) -> None:
    depth = getattr(view(), "depth_f64")  # noqa: B009 - mistakes on purpose
    with pytest.raises(error, match="levels"):
        depth(levels)

"""Order books of level 2: from Python and JSON into histories, and into the views of a run."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from support.histories import (
    BTC,
    ETH,
    START_NS,
    Amounts,
    at,
    buy,
    event,
    history,
    l1,
    order_book,
    reconnecting,
    run,
    snapshot,
    trade,
    update,
    watch,
)

from barter_python import (
    EngineView,
    Level,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderBook,
    OrderBookSnapshot,
    OrderBookUpdate,
    Orders,
    data,
)

BIDS = {"99.50": "1.00", "99.75": "0.00000001", "98": "7"}
ASKS = {"101": "2", "100.25": "3.5"}

# The classes


def test_a_book_has_the_best_first_however_it_is_given() -> None:
    sides = [
        [Level(price=Decimal(price), amount=1) for price in prices] for prices in ("132", "465")
    ]
    shuffled = [
        OrderBook(5, None, bids, asks)
        for bids in itertools.permutations(sides[0])
        for asks in itertools.permutations(sides[1])
    ]
    for book in shuffled:
        assert [level.price for level in book.bids] == [3, 2, 1]
        assert [level.price for level in book.asks] == [4, 5, 6]
        assert (book, hash(book)) == (shuffled[0], hash(shuffled[0]))
    assert len({*shuffled, OrderBook(6, None, *sides), OrderBook(5, None, *sides[::-1])}) == 3


def test_every_digit_and_nanosecond_is_kept() -> None:
    book = OrderBook(
        2**64 - 1, START_NS, (Level(price=Decimal("99.50"), amount=Decimal("0.00000001")),), []
    )
    assert book.sequence == 2**64 - 1
    assert book.time_engine == datetime.fromtimestamp(START_NS // 10**9, tz=timezone.utc).replace(
        microsecond=123_456
    )
    assert book.time_engine_ns == START_NS
    assert [(str(level.price), str(level.amount)) for level in book.bids] == [
        ("99.50", "1E-8"),
    ]
    assert book.asks == ()
    assert pickle.loads(pickle.dumps(book)) == book == copy.deepcopy(book)
    assert OrderBook(1, None, [], []).time_engine is None
    assert OrderBook(1, None, [], []).time_engine_ns is None


def test_levels_come_from_any_iterable() -> None:
    book = OrderBook(1, None, (Level(price=price, amount=1) for price in (1, 2)), iter(()))
    assert book == OrderBook(1, None, [Level(price=2, amount=1), Level(price=1, amount=1)], ())


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((-1, None, [], []), "sequence: "),
        ((2**64, None, [], []), "sequence: "),
        (("1", None, [], []), "sequence"),
        ((1, 1.5, [], []), "time_engine"),
        ((1, None, 5, []), "bids"),
        ((1, None, [], [(99, 1)]), "asks"),
        ((1, None, [], [None]), "asks"),
    ],
)
def test_wrong_arguments(arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises((TypeError, ValueError), match=name):
        OrderBook(*arguments)  # type: ignore[arg-type]


def test_a_snapshot_is_no_update() -> None:
    book = order_book(BIDS, ASKS)
    assert OrderBookSnapshot(book) != OrderBookUpdate(book)
    assert isinstance(OrderBookSnapshot(book), data.OrderBookEvent)
    assert isinstance(OrderBookUpdate(book), data.OrderBookEvent)
    assert not isinstance(book, data.OrderBookEvent)


def test_repr_reads_back() -> None:
    book = OrderBook(1, None, [Level(price=Decimal("99.50"), amount=1)], [])
    assert repr(OrderBookUpdate(book)) == (
        "OrderBookUpdate(book=OrderBook(sequence=1, time_engine=None, "
        "bids=(Level(price=Decimal('99.50'), amount=Decimal('1')),), asks=()))"
    )


# Histories


def line(kind: str, bids: Amounts, asks: Amounts, **more: object) -> str:
    """Write an event as barter's serde does (a Rust test holds it to that)."""
    sides = {
        name: {"levels": [{"price": price, "amount": amount} for price, amount in side.items()]}
        for name, side in (("bids", bids), ("asks", asks))
    }
    item = {
        "time_exchange": "2023-11-14T22:13:20.123456789Z",
        "time_received": "2023-11-14T22:13:20.123456789Z",
        "exchange": "binance_spot",
        "instrument": BTC,
        "kind": {"OrderBook": {kind: {"sequence": 1, "time_engine": None, **sides, **more}}},
    }
    return json.dumps({"Item": item})


def load(path: Path, *lines: str) -> MarketData:
    path.write_text("\n".join(lines), encoding="utf-8")
    return MarketData.from_json_lines(path)


def test_lines_are_read_exactly(tmp_path: Path) -> None:
    read = load(
        tmp_path / "books.jsonl",
        line("Snapshot", BIDS, ASKS),
        line("Update", {"99.75": "0"}, {}, time_engine="2023-11-14T22:13:20.123456789Z"),
        line("Update", {}, {"99.75": "1"}).replace('"time_engine": null, ', ""),
    )
    gone = OrderBook(1, START_NS, [Level(price=Decimal("99.75"), amount=0)], [])
    assert list(read) == [
        snapshot(0, BIDS, ASKS),
        event(0, OrderBookUpdate(gone)),
        update(0, {}, {"99.75": "1"}),
    ]
    first = read[0]
    assert isinstance(first, MarketEvent)
    assert isinstance(first.kind, OrderBookSnapshot)
    assert [str(level.price) for level in first.kind.book.bids] == ["99.75", "99.50", "98"]
    assert [str(level.amount) for level in first.kind.book.bids] == ["1E-8", "1.00", "7"]


def test_a_side_may_be_named_and_a_book_be_empty(tmp_path: Path) -> None:
    """Some day barter may write what it asks for when it reads."""
    empty = line("Snapshot", {}, {})
    named = empty.replace('"bids": {', '"bids": {"side": null, ')
    assert list(load(tmp_path / "a", named)) == list(load(tmp_path / "b", empty))


def test_histories_with_books_are_pickled_and_read_as_results(tmp_path: Path) -> None:
    lines = [line("Snapshot", BIDS, ASKS), line("Update", {"99.75": "0"}, {}, time_engine=None)]
    read = load(tmp_path / "plain", *lines)
    again = pickle.loads(pickle.dumps(read))
    assert list(again) == list(read)
    first = again[0]
    assert [str(level.amount) for level in first.kind.book.bids] == ["1E-8", "1.00", "7"]
    results = [one.replace('{"Item": {', '{"Item": {"Ok": {') + "}" for one in lines]
    assert list(load(tmp_path / "results", *results)) == list(read)
    assert list(history(*(one for one in read))) == list(read)


def test_crossed_books_are_taken_as_they_are(tmp_path: Path) -> None:
    crossed = {"100": "1"}, {"99": "1"}
    assert list(load(tmp_path / "one", line("Snapshot", *crossed))) == [snapshot(0, *crossed)]


WRONG = [
    pytest.param("Snapshot", {"9": "0"}, {}, "bids amount at 9 is zero", id="empty level"),
    pytest.param("Snapshot", {}, {"9": "0.00"}, "asks amount at 9 is zero", id="empty ask"),
    pytest.param("Snapshot", {"9": "1", "9.0": "2"}, {}, r"bids price 9.* is there", id="twice"),
    pytest.param("Update", {}, {"9": "1", "9.0": "0"}, r"asks price 9.* is there", id="update"),
    pytest.param("Snapshot", {"9": "-1"}, {}, "bids amount must not be neg.*-1", id="below"),
    pytest.param("Update", {}, {"9": "-1"}, "asks amount must not be neg.*-1", id="less"),
    pytest.param(
        "Update", {"100000000000000": "1"}, {}, "bids price 100000000000000 is too", id="price"
    ),
    pytest.param(
        "Update", {}, {"1": f"1{'0' * 25}"}, "asks amount 10{25} is too large", id="amount"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "bids", "asks", "reason"), WRONG)
def test_wrong_books_are_refused(
    tmp_path: Path, kind: str, bids: Amounts, asks: Amounts, reason: str
) -> None:
    path = tmp_path / "wrong.jsonl"
    good = line("Snapshot", BIDS, ASKS)
    with pytest.raises(MarketDataError, match=reason) as caught:
        load(path, good, line(kind, bids, asks), good)
    assert str(caught.value).startswith(f"{path}, line 2: ")
    make = snapshot if kind == "Snapshot" else update
    with pytest.raises(MarketDataError, match=f"event 1: {reason}"):
        history(snapshot(0, BIDS, ASKS), make(0, bids, asks))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"Snapshot"', '"Change"', "unknown variant `Change`"),
        ('"sequence": 1, ', "", "missing field `sequence`"),
        ('"sequence": 1', '"sequence": -1', "-1"),
        ('"bids"', '"bid"', "unknown field `bid`.* did you mean `bids`"),
        ('"levels"', '"level"', "unknown field `level`.* did you mean `levels`"),
        ('"amount"', '"size"', "unknown field `size`, expected `price` or `amount`"),
        ('"98"', '"NaN"', "not a finite number"),
        ('"98"', '"1.23456789012345678901234567895"', "29 decimal places"),
        ('"time_engine": null', '"time_engine": "2300-01-01T00:00:00Z"', "time_engine 2300.*2262"),
    ],
)
def test_broken_lines_are_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = line("Snapshot", BIDS, ASKS)
    assert old in text
    with pytest.raises(MarketDataError, match=f"line 1: .*{reason}"):
        load(tmp_path / "broken", text.replace(old, new))


def test_a_time_that_nanoseconds_cannot_hold() -> None:
    far = datetime(2300, 1, 1, tzinfo=timezone.utc)
    with pytest.raises(MarketDataError, match="time_engine 2300"):
        history(event(0, OrderBookSnapshot(OrderBook(1, far, [], []))))


# Runs


def shown(state: EngineView) -> OrderBook | None:
    return state.instrument(BTC).book


def test_the_view_shows_the_book_as_its_events_made_it() -> None:
    seen = watch(
        shown,
        history(
            l1(0, "1", "2"),
            update(1, {"98": "1", "97": "0"}, {}, sequence=3),
            snapshot(2, {"99": "1", "98": "2"}, {"101": "3"}, sequence=10),
            update(3, {"99": "4", "97": "5"}, {"101": "0", "102": "6"}, sequence=7),
            snapshot(4, {"9": "9"}, {}, instrument=ETH),
            reconnecting(),
            trade(5, "50"),
            snapshot(5, {}, {}, sequence=11),
        ),
    )
    changed = order_book({"99": "4", "98": "2", "97": "5"}, {"102": "6"}, 7)
    assert seen == [
        None,
        order_book({"98": "1"}, {}, 3),
        order_book({"99": "1", "98": "2"}, {"101": "3"}, 10),
        *[changed] * 4,
        order_book({}, {}, 11),
    ]


def test_a_book_is_a_copy_that_may_be_kept() -> None:
    events = [snapshot(0, {"9": "1"}, {}), update(1, {"9": "2"}, {})]
    first, second = watch(shown, history(*events))
    assert isinstance(first, OrderBook)
    assert isinstance(second, OrderBook)
    assert [first.bids[0].amount, second.bids[0].amount] == [1, 2]


def test_the_event_is_shown() -> None:
    events = [snapshot(0, BIDS, ASKS), update(1, {"99.75": "0"}, {})]
    assert watch(lambda state: state.event, history(*events)) == events


def test_prices_of_the_book_and_their_float_twins() -> None:
    def prices(state: EngineView) -> tuple[object, ...]:
        view = state.instrument(BTC)
        return (
            (view.best_bid, view.best_ask, view.mid, view.price),
            (view.best_bid_f64, view.best_ask_f64, view.mid_f64, view.price_f64),
        )

    data = history(
        snapshot(0, {"100.1": "3", "99": "5"}, {"100.4": "1", "101": "7"}),
        update(1, {"100.1": "1"}, {}),
        update(2, {"100.1": "0"}, {"100.4": "0", "101": "0"}),
        trade(3, "50.5"),
        l1(4, "60", "62"),
        update(5, {}, {"100.5": "5"}),
    )
    expected: list[tuple[str | None, ...]] = [
        ("100.1", "100.4", "100.25", "100.325"),
        ("100.1", "100.4", "100.25", "100.25"),
        # One side alone has no mid.
        ("99", None, None, None),
        ("99", None, None, "50.5"),
        ("60", "62", "61", "61"),
        ("99", "100.5", "99.75", "99.75"),
    ]
    exact = [tuple(one and Decimal(one) for one in row) for row in expected]
    floats = [tuple(one and float(one) for one in row) for row in expected]
    assert watch(prices, data) == list(zip(exact, floats, strict=True))


def test_the_newer_of_quote_and_book_gives_the_best_prices() -> None:
    seen = watch(
        lambda state: state.instrument(BTC).best_bid,
        history(
            l1(5, "1", None),
            snapshot(4, {"2": "1"}, {}),  # older than the quote
            snapshot(5, {"3": "1"}, {}),  # an equal time replaces
            l1(4, "4", None),
            l1(5, "5", None),
            update(6, {"6": "1"}, {}),
            update(2, {"7": "1"}, {}),  # the book stays as new as it was
            l1(7, "8", None),
            update(6, {"9": "1"}, {}),
            update(8, {"9": "0"}, {}),
        ),
    )
    assert seen == [1, 1, 3, 3, 5, 6, 7, 8, 8, 7]


def test_an_order_is_filled_at_the_best_price_of_the_book() -> None:
    def action(state: EngineView) -> Orders:
        return buy(state) if state.event == first else ([], [])

    first = snapshot(0, {"99": "1"}, {"101": "0.001", "102": "9"})
    result = run(action, history(first, snapshot(1, {"98": "1"}, {"100": "1"})))
    (fill,) = result.fills
    # Whole, whatever the amount there.
    assert (fill.price, fill.quantity) == (Decimal(101), Decimal(1))
    assert fill.time_exchange_ns == at(0)
    (position,) = result.open_positions
    assert position.pnl_unrealised == 99 - 101

"""A candle is an event at its close, never before: else it tells the strategy the future."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.command import run_command
from support.histories import SPOT, START_NS, spot

import barter_python as bp
from barter_python.engine import event_from_json, event_to_json

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
CURE = "if the times of the event are those of the candle's opening, add the length of the candle"


def candle(exchange: int, received: int, close: int = 0) -> bp.MarketEvent:
    """Make an event of a candle, all times in nanoseconds from the start."""
    bar = bp.Candle(START_NS + close, open=1, high=1, low=1, close=1, volume=9, trade_count=1)
    return bp.MarketEvent(START_NS + exchange, START_NS + received, SPOT, 0, bar)


def is_refused(exchange: int, received: int) -> bool:
    """The rule: the exchange's clock is the candle's, ours may be a second behind."""
    return exchange < 0 or received < -SECOND


def lines(tmp_path: Path, *events: bp.MarketEvent) -> Path:
    path = tmp_path / "lines.jsonl"
    texts = [json.dumps(json.loads(event_to_json(event))["Market"]) for event in events]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def array(tmp_path: Path, *events: bp.MarketEvent) -> Path:
    path = tmp_path / "array.json"
    texts = lines(tmp_path, *events).read_text(encoding="utf-8").splitlines()
    path.write_text(f"[{','.join(texts)}]", encoding="utf-8")
    return path


Load = Callable[[Path, bp.MarketEvent], bp.MarketData]
LOADS: dict[str, Load] = {
    "events": lambda _, event: bp.MarketData.from_events([event]),
    "named": lambda _, event: bp.MarketData.from_events(
        [
            bp.NamedMarketEvent(
                event.time_exchange_ns, event.time_received_ns, SPOT, "BTCUSDT", event.kind
            )
        ],
        instruments=bp.IndexedInstruments([spot("btc")]),
    ),
    "lines": lambda path, event: bp.MarketData.from_json_lines(lines(path, event)),
    "array": lambda path, event: bp.MarketData.from_json(array(path, event)),
}
EVERYWHERE = pytest.mark.parametrize("load", LOADS.values(), ids=LOADS)

REFUSED = [(-1, 0), (-MINUTE, -MINUTE), (0, -SECOND - 1), (5, -MINUTE)]
TAKEN = [(0, 0), (0, -SECOND), (MINUTE, MINUTE), (3_000_000, 0), (MINUTE, -1)]


@EVERYWHERE
@pytest.mark.parametrize(("exchange", "received"), REFUSED)
def test_a_candle_before_its_close_is_refused(
    tmp_path: Path, load: Load, exchange: int, received: int
) -> None:
    event = candle(exchange, received)
    with pytest.raises(bp.MarketDataError) as caught:
        load(tmp_path, event)
    name = "time_exchange" if exchange < 0 else "time_received"
    message = str(caught.value)
    assert "close_time 2023-11-14T22:13:20.123456789Z is after " + name in message
    assert "a candle is an event at its close, never before; " + CURE in message


@EVERYWHERE
@pytest.mark.parametrize(("exchange", "received"), TAKEN)
def test_a_candle_at_its_close_is_taken(
    tmp_path: Path, load: Load, exchange: int, received: int
) -> None:
    event = candle(exchange, received)
    data = load(tmp_path, event)
    assert list(data) == [event]
    assert list(pickle.loads(pickle.dumps(data))) == [event]


@given(
    st.integers(-2 * SECOND, 2 * SECOND) | st.integers(-2, 2),
    st.integers(-2 * SECOND, 2 * SECOND) | st.integers(-SECOND - 2, -SECOND + 2),
)
def test_any_times_follow_the_rule(exchange: int, received: int) -> None:
    event = candle(exchange, received)
    if is_refused(exchange, received):
        with pytest.raises(bp.MarketDataError, match="event 0: close_time"):
            bp.MarketData.from_events([event])
    else:
        assert len(bp.MarketData.from_events([event])) == 1


def test_other_kinds_have_no_close() -> None:
    """An update may be stamped later than its event: clocks of one exchange differ."""
    later = START_NS + MINUTE
    kinds: list[bp.OrderBookL1 | bp.OrderBookSnapshot | bp.Liquidation] = [
        bp.OrderBookL1(later, None, bp.Level(price=1, amount=1)),
        bp.OrderBookSnapshot(bp.OrderBook(1, later, [], [])),
        bp.Liquidation(bp.Side.BUY, price=1, quantity=1, time=later),
    ]
    events = [bp.MarketEvent(START_NS, START_NS, SPOT, 0, kind) for kind in kinds]
    assert len(bp.MarketData.from_events(events)) == 3


def test_the_engine_refuses_it_too() -> None:
    engine = bp.Engine(
        bp.DefaultStrategy(), bp.IndexedInstruments([spot("btc")]), time_start=START_NS
    )
    with pytest.raises(bp.MarketDataError, match="close_time"):
        engine.process(candle(-1, 0))
    # A log of events can still be read.
    text = event_to_json(candle(-1, 0))
    assert event_from_json(text) == candle(-1, 0)


@pytest.mark.parametrize("write", [lines, array])
def test_inspect_data_counts_them(tmp_path: Path, write: Callable[..., Path]) -> None:
    good, early = candle(0, 0), candle(-MINUTE, -MINUTE)
    path = write(tmp_path, good, early, early, good)
    done = run_command("inspect-data", path)
    assert done.returncode == 0
    title, names, row = done.stdout[done.stdout.index("Too early") :].splitlines()[:3]
    assert title == "Too early: candles that are events before their close, which a run refuses"
    assert names.split() == ["exchange", "instrument", "kind", "events", "first", "event"]
    assert row.split() == ["binance_spot", "0", "Candle", "2", "1"]
    assert "Too early" not in run_command("inspect-data", write(tmp_path, good)).stdout


def test_inspect_data_counts_crossed_quotes_and_books(tmp_path: Path) -> None:
    def book(kind: type[bp.OrderBookSnapshot | bp.OrderBookUpdate], bid: int, ask: int) -> object:
        return kind(
            bp.OrderBook(1, None, [bp.Level(price=bid, amount=1)], [bp.Level(price=ask, amount=1)])
        )

    kinds = [
        (0, bp.OrderBookL1(START_NS, bp.Level(price=2, amount=1), bp.Level(price=1, amount=1))),
        (0, bp.OrderBookL1(START_NS, bp.Level(price=1, amount=1), bp.Level(price=1, amount=1))),
        (1, book(bp.OrderBookSnapshot, 3, 4)),
        (1, book(bp.OrderBookUpdate, 5, 6)),
        (1, bp.PublicTrade("1", price=1, amount=1, side=bp.Side.BUY)),
        (1, book(bp.OrderBookUpdate, 3, 7)),
        (1, book(bp.OrderBookSnapshot, 9, 8)),
    ]
    events = [
        bp.MarketEvent(START_NS, START_NS, SPOT, index, kind)  # type: ignore[arg-type]
        for index, kind in kinds
    ]
    done = run_command("inspect-data", lines(tmp_path, *events))
    title, _, *rows = done.stdout[done.stdout.index("Crossed") :].splitlines()[:5]
    assert title.startswith("Crossed: quotes with a best bid above the best ask, and events that")
    assert [row.split() for row in rows] == [
        ["binance_spot", "0", "OrderBookL1", "1", "0"],
        ["binance_spot", "1", "OrderBookSnapshot", "1", "6"],
        ["binance_spot", "1", "OrderBookUpdate", "2", "3"],
    ]

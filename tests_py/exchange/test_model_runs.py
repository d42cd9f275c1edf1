"""Whole runs of the model: times under way, lost connections, faults."""

from __future__ import annotations

from dataclasses import replace

from models.account import Rules
from models.backtest import Run, Setup, run
from models.bench import SPOT, at, l1, number, trade
from models.market import (
    Event,
    Item,
    Kind,
)
from models.order import (
    GOOD_UNTIL_CANCELLED,
)
from models.script import Scripted, Wish
from models.wire import (
    Constant,
    DelayAnswers,
    Disconnect,
    DuplicateAnswers,
    Empirical,
    RejectRequests,
    Wire,
)


def drive(wire: Wire, script: dict[int, list[Wish]], *events: tuple[int, Kind]) -> Run:
    items: list[Event] = [Item(time, time, 0, 0, kind) for time, kind in events]
    setup = Setup([SPOT], [Rules()], [wire], [number(100), number(10000)], [0, 0])
    return run(setup, items, Scripted(script))


BUY = Wish(0, True, number(1), number(97), limit=True, time_in_force=GOOD_UNTIL_CANCELLED, cid="a")
QUOTE = l1(at(98, 5), at(100, 5))


def seen(result: Run) -> list[tuple[int, object]]:
    return [(call.time, call.what[0]) for call in result.calls]


def test_there_and_back_take_their_time_and_nothing_overtakes() -> None:
    wire = Wire(Empirical([9, 2], 1234567), Constant(3))
    # The first draw of the seed is in the lower half, the second too, the third is not.
    result = drive(
        wire, {0: [BUY], 1: [replace(BUY, cancel=True)]}, (0, QUOTE), (1, QUOTE), (20, QUOTE)
    )
    assert [(order.status, order.time_finished) for order in result.orders] == [("cancelled", 10)]
    assert seen(result) == [
        (0, "market"),
        (1, "market"),
        (12, "balance"),
        (12, "order"),
        (13, "balance"),
        (13, "cancel"),
        (20, "market"),
    ]


def test_a_market_event_fills_before_a_request_that_answers_it() -> None:
    sale = trade(90, 1, buy=False)
    cancel = replace(BUY, cancel=True)
    result = drive(Wire(), {0: [BUY], 3: [cancel]}, (0, QUOTE), (5, sale))
    assert [order.status for order in result.orders] == ["fully_filled"]
    last = result.calls[-1].what
    assert (last[0], last[-1]) != ("cancel", None)


def test_a_disconnected_client_waits_and_then_learns_all() -> None:
    wire = Wire(Constant(0), Constant(0), [Disconnect(2, 8)])
    sale = trade(97, 7, buy=False)
    late = replace(BUY, cid="b")
    result = drive(wire, {0: [BUY], 4: [late]}, (0, QUOTE), (5, sale), (9, QUOTE))
    assert seen(result) == [
        (0, "market"),
        (0, "balance"),
        (0, "order"),
        (2, "account_reconnecting"),
        (5, "market"),
        (5, "order"),
        (8, "snapshot"),
        (9, "market"),
    ]
    assert result.orders[1].failure is not None
    assert result.orders[1].failure.kind == "exchange_offline"


def test_answers_late_and_twice_and_requests_refused() -> None:
    wire = Wire(
        Constant(0),
        Constant(1),
        [DelayAnswers(0, 2, 4), DuplicateAnswers(5, 9), RejectRequests(5, 9, "shut")],
    )
    late = replace(BUY, cid="b")
    result = drive(wire, {0: [BUY], 3: [late]}, (0, QUOTE), (5, QUOTE), (9, QUOTE))
    assert seen(result) == [
        (0, "market"),
        (5, "balance"),
        (5, "order"),
        (5, "market"),
        (6, "order"),
        (6, "order"),
        (9, "market"),
    ]
    assert result.orders[1].failure is not None
    assert result.orders[1].failure.detail == "shut"

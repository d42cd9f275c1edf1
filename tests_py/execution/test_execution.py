"""Events of accounts: made in Python, turned into barter's own and back."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import barter_python as bp
from barter_python import OrderFailureKind, OrderStatus

NANOSECONDS = 1_704_067_200_123_456_789
TIME = "2024-01-01T00:00:00.123456789Z"

indices = st.integers(0, 2**32)
texts = st.text(st.characters(exclude_categories=["Cs"]))
times = st.integers(-(2**63), 2**63 - 1)
decimals = st.builds(
    lambda sign, digits, places: Decimal((sign, tuple(map(int, str(digits))), -places)),
    st.integers(0, 1),
    st.integers(0, 2**96 - 1),
    st.integers(0, 28),
)

FIELDS_OF_KINDS: Mapping[OrderFailureKind, frozenset[str]] = {
    OrderFailureKind.EXCHANGE_OFFLINE: frozenset({"exchange"}),
    OrderFailureKind.TIMEOUT: frozenset(),
    OrderFailureKind.SOCKET: frozenset({"detail"}),
    OrderFailureKind.ASSET_INVALID: frozenset({"asset", "detail"}),
    OrderFailureKind.INSTRUMENT_INVALID: frozenset({"instrument", "detail"}),
    OrderFailureKind.RATE_LIMIT: frozenset(),
    OrderFailureKind.BALANCE_INSUFFICIENT: frozenset({"asset", "detail"}),
    OrderFailureKind.ORDER_REJECTED: frozenset({"detail"}),
    OrderFailureKind.ORDER_ALREADY_CANCELLED: frozenset(),
    OrderFailureKind.ORDER_ALREADY_FULLY_FILLED: frozenset(),
}


@st.composite
def failures(draw: st.DrawFn) -> bp.OrderFailure:
    kind = draw(st.sampled_from(OrderFailureKind))
    has = FIELDS_OF_KINDS[kind]
    return bp.OrderFailure(
        kind,
        draw(texts) if "detail" in has else None,
        asset=draw(indices) if "asset" in has else None,
        instrument=draw(indices) if "instrument" in has else None,
        exchange=draw(st.sampled_from(bp.ExchangeId)) if "exchange" in has else None,
    )


@st.composite
def orders(draw: st.DrawFn) -> bp.Order:
    status = draw(st.sampled_from(OrderStatus))
    quantity = draw(decimals)
    order_id, filled, time, failure = None, None, None, None
    is_open = status is OrderStatus.OPEN or (
        status is OrderStatus.CANCEL_IN_FLIGHT and draw(st.booleans())
    )
    if is_open or status is OrderStatus.CANCELLED:
        order_id, time = draw(texts), draw(times)
    if is_open:
        filled = draw(decimals)
    elif status is OrderStatus.FULLY_FILLED:
        filled = quantity
    elif status not in (OrderStatus.CANCELLED, OrderStatus.EXPIRED):
        filled = Decimal(0)
    if status is OrderStatus.OPEN_FAILED:
        failure = draw(failures())
    return bp.Order(
        exchange=draw(indices),
        instrument=draw(indices),
        strategy_id=draw(texts),
        client_order_id=draw(texts),
        side=draw(st.sampled_from(bp.Side)),
        price=draw(decimals),
        quantity=quantity,
        kind=draw(st.sampled_from(bp.OrderKind)),
        time_in_force=draw(st.sampled_from(bp.TimeInForce)),
        status=status,
        order_id=order_id,
        filled_quantity=filled,
        time_exchange=time,
        failure=failure,
    )


balances = st.builds(
    bp.AssetBalance, indices, st.builds(bp.Balance, total=decimals, free=decimals), times
)
keys = {
    "exchange": indices,
    "instrument": indices,
    "strategy_id": texts,
    "client_order_id": texts,
}
answers = st.one_of(
    st.builds(bp.OrderResponseCancel, **keys, order_id=texts, time_exchange=times),
    st.builds(bp.OrderResponseCancel, **keys, failure=failures()),
)
trades = st.builds(
    bp.Trade,
    texts,
    texts,
    indices,
    texts,
    times,
    st.sampled_from(bp.Side),
    price=decimals,
    quantity=decimals,
    fees=decimals,
)
snapshots = st.builds(
    bp.AccountSnapshot,
    indices,
    st.lists(balances, max_size=2),
    st.lists(
        st.builds(bp.InstrumentAccountSnapshot, indices, st.lists(orders(), max_size=2)),
        max_size=2,
    ),
)
events = st.builds(
    bp.AccountEvent, indices, st.one_of(snapshots, balances, orders(), answers, trades)
)


@given(events)
def test_events_come_back_as_they_were(event: bp.AccountEvent) -> None:
    """JSON is written by barter, from its own types."""
    again = bp.AccountEvent.from_json(event.to_json())
    assert again == event
    assert repr(again) == repr(event)
    assert hash(again) == hash(event)
    assert pickle.loads(pickle.dumps(event)) == event


@pytest.mark.parametrize("exchange", bp.ExchangeId)
def test_a_lost_stream_comes_back_as_it_was(exchange: bp.ExchangeId) -> None:
    lost = bp.AccountReconnecting(exchange)
    assert json.loads(lost.to_json()) == {"Reconnecting": exchange.value}
    assert bp.AccountReconnecting.from_json(lost.to_json()) == lost


def order(
    status: OrderStatus,
    order_id: str | None = None,
    filled_quantity: Decimal | int | None = None,
    time_exchange: str | None = None,
    failure: bp.OrderFailure | None = None,
) -> bp.Order:
    """Make an order of 2."""
    return bp.Order(
        exchange=0,
        instrument=1,
        strategy_id="ema",
        client_order_id="cid-1",
        side=bp.Side.BUY,
        price=Decimal("9.75"),
        quantity=2,
        kind=bp.OrderKind.LIMIT,
        time_in_force=bp.TimeInForce.FILL_OR_KILL,
        status=status,
        order_id=order_id,
        filled_quantity=filled_quantity,
        time_exchange=time_exchange,
        failure=failure,
    )


REJECTED = bp.OrderFailure(OrderFailureKind.ORDER_REJECTED, "no")


def test_json_is_barters() -> None:
    """Written by hand from barter's definitions."""
    event = bp.AccountEvent(0, order(OrderStatus.OPEN, "42", Decimal("0.50"), TIME))
    assert json.loads(event.to_json()) == {
        "Item": {
            "exchange": 0,
            "kind": {
                "OrderSnapshot": {
                    "key": {"exchange": 0, "instrument": 1, "strategy": "ema", "cid": "cid-1"},
                    "side": "Buy",
                    "price": "9.75",
                    "quantity": "2",
                    "kind": "Limit",
                    "time_in_force": "FillOrKill",
                    "state": {
                        "Active": {
                            "Open": {"id": "42", "time_exchange": TIME, "filled_quantity": "0.50"}
                        }
                    },
                }
            },
        }
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "text is not an event of an account: EOF"),
        ('{"Reconnecting":"binance_spot"}', "text holds an AccountReconnecting"),
        ('{"Reconnecting":"nowhere"}', "nowhere"),
        (
            bp.AccountEvent(0, order(OrderStatus.FULLY_FILLED, None, 2))
            .to_json()
            .replace('"9.75"', "0.00000000000000000000000000001"),
            "price: 0.00000000000000000000000000001 does not fit exactly",
        ),
    ],
)
def test_what_cannot_be_read_is_a_value_error(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        bp.AccountEvent.from_json(text)


def test_an_item_is_no_lost_stream() -> None:
    text = bp.AccountEvent(0, order(OrderStatus.EXPIRED)).to_json()
    with pytest.raises(ValueError, match="text holds an AccountEvent, not"):
        bp.AccountReconnecting.from_json(text)


@pytest.mark.parametrize(
    ("status", "fields", "reason"),
    [
        (OrderStatus.OPEN_IN_FLIGHT, {}, "filled_quantity must be 0 .*IN_FLIGHT, got None"),
        (OrderStatus.OPEN_IN_FLIGHT, {"filled_quantity": 1}, "must be 0 with .*, got 1"),
        (OrderStatus.OPEN_IN_FLIGHT, {"filled_quantity": 0, "order_id": "4"}, 'None .*got "4"'),
        (OrderStatus.OPEN, {"filled_quantity": 0, "time_exchange": TIME}, "order_id must be given"),
        (OrderStatus.OPEN, {"order_id": "4", "filled_quantity": 0}, "time_exchange must be given"),
        (OrderStatus.OPEN, {"order_id": "4", "time_exchange": TIME}, "filled_quantity must be giv"),
        (
            OrderStatus.OPEN,
            {"order_id": "4", "filled_quantity": 0, "time_exchange": TIME, "failure": REJECTED},
            r"failure must be None with OrderStatus\.OPEN, got",
        ),
        (OrderStatus.CANCEL_IN_FLIGHT, {}, "filled_quantity must be 0"),
        (OrderStatus.CANCEL_IN_FLIGHT, {"filled_quantity": 1}, "filled_quantity must be 0"),
        (OrderStatus.CANCEL_IN_FLIGHT, {"filled_quantity": 0, "order_id": "4"}, "time_exchange"),
        (OrderStatus.CANCEL_IN_FLIGHT, {"filled_quantity": 0, "time_exchange": TIME}, "order_id"),
        (OrderStatus.CANCELLED, {"order_id": "4"}, "time_exchange must be given"),
        (
            OrderStatus.CANCELLED,
            {"order_id": "4", "time_exchange": TIME, "filled_quantity": 1},
            "filled_quantity must be None .*CANCELLED, got 1",
        ),
        (OrderStatus.FULLY_FILLED, {"filled_quantity": 1}, "must be 2 .*FULLY_FILLED, got 1"),
        (OrderStatus.FULLY_FILLED, {}, "must be 2 .*FULLY_FILLED, got None"),
        (
            OrderStatus.FULLY_FILLED,
            {"filled_quantity": 2, "time_exchange": TIME},
            "time_exchange must be None .*got 2024-01-01T00:00:00.123456789Z",
        ),
        (OrderStatus.OPEN_FAILED, {"filled_quantity": 0}, "failure must be given"),
        (OrderStatus.OPEN_FAILED, {"failure": REJECTED}, "filled_quantity must be 0"),
        (OrderStatus.EXPIRED, {"filled_quantity": 0}, "filled_quantity must be None"),
    ],
)
def test_contradictory_orders_are_refused(
    status: OrderStatus, fields: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        order(status, **fields)  # type: ignore[arg-type]


@given(orders())
def test_a_live_order_gives_the_request_that_cancels_it(order: bp.Order) -> None:
    if not (order.strategy_id.strip() and order.client_order_id.strip()):
        return
    if order.status not in (OrderStatus.OPEN_IN_FLIGHT, OrderStatus.OPEN):
        assert order.to_request_cancel() is None
        return
    if order.order_id is not None and not order.order_id.strip():
        return
    request = order.to_request_cancel()
    assert request == bp.OrderRequestCancel(
        bp.OrderKey(
            order.exchange,
            order.instrument,
            bp.StrategyId(order.strategy_id),
            bp.ClientOrderId(order.client_order_id),
        ),
        None if order.order_id is None else bp.OrderId(order.order_id),
    )


@pytest.mark.parametrize("kind", OrderFailureKind)
def test_failures_have_the_fields_of_their_kind(kind: OrderFailureKind) -> None:
    values: dict[str, object] = {
        "detail": "why", "asset": 3, "instrument": 4, "exchange": bp.ExchangeId.KRAKEN,
    }  # fmt: skip
    has = FIELDS_OF_KINDS[kind]
    right = {name: value for name, value in values.items() if name in has}
    failure = bp.OrderFailure(kind, **right)  # type: ignore[arg-type]
    assert {name: getattr(failure, name) for name in values} == dict.fromkeys(values) | right
    assert all(str(value) in failure.message for value in right.values() if value in ("why", 3, 4))
    for name, value in values.items():
        wrong = {one: right[one] for one in right if one != name} if name in has else right | {
            name: value
        }  # fmt: skip
        problem = "given" if name in has else "None"
        with pytest.raises(ValueError, match=rf"^{name} must be {problem} with OrderFailureKind\."):
            bp.OrderFailure(kind, **wrong)  # type: ignore[arg-type]


def test_a_cancel_has_failed_or_not() -> None:
    for fields, reason in (
        ({}, "order_id must be given without a failure"),
        ({"order_id": "42"}, "time_exchange must be given without a failure"),
        ({"order_id": "42", "failure": REJECTED}, 'order_id must be None with a failure, got "42"'),
        ({"time_exchange": TIME, "failure": REJECTED}, "time_exchange must be None with a failure"),
    ):
        with pytest.raises(ValueError, match=reason):
            bp.OrderResponseCancel(
                exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1", **fields
            )


def test_messages_are_barters() -> None:
    offline = bp.OrderFailure(OrderFailureKind.EXCHANGE_OFFLINE, exchange=bp.ExchangeId.KRAKEN)
    assert offline.message == "connectivity: Exchange offline: Kraken"
    assert REJECTED.message == "order rejected: order rejected: no"


def test_times_keep_their_nanoseconds() -> None:
    cancelled = order(OrderStatus.CANCELLED, "42", None, TIME)
    assert cancelled.time_exchange == datetime(2024, 1, 1, 0, 0, 0, 123456, timezone.utc)
    assert cancelled.time_exchange_ns == NANOSECONDS
    assert f"time_exchange='{TIME}', failure=None" in repr(cancelled)
    assert pickle.loads(pickle.dumps(cancelled)).time_exchange_ns == NANOSECONDS
    expired = order(OrderStatus.EXPIRED)
    assert (expired.time_exchange, expired.time_exchange_ns) == (None, None)
    assert "filled_quantity=None, time_exchange=None, failure=None" in repr(expired)
    answer = bp.OrderResponseCancel(
        exchange=0,
        instrument=1,
        strategy_id="ema",
        client_order_id="cid-1",
        order_id="42",
        time_exchange=TIME,
    )
    assert answer.time_exchange_ns == NANOSECONDS

"""Orders, fills and the events of an account."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from typing_extensions import assert_never, assert_type

import barter_python as bp
from barter_python import Side


def describe_account(
    kind: bp.AccountSnapshot | bp.AssetBalance | bp.Order | bp.OrderResponseCancel | bp.Trade,
) -> str:
    """Match what happens to an account."""
    match kind:
        case bp.AccountSnapshot():
            assert_type(kind.exchange, int)
            assert_type(kind.balances, list[bp.AssetBalance])
            assert_type(kind.instruments, list[bp.InstrumentAccountSnapshot])
            assert_type(kind.instruments[0].instrument, int)
            assert_type(kind.instruments[0].orders, list[bp.Order])
            assert_type(kind.balances[0].balance, bp.Balance)
            return "snapshot"
        case bp.AssetBalance():
            assert_type(kind.asset, int)
            assert_type(kind.balance, bp.Balance)
            assert_type(kind.balance.total, Decimal)
            assert_type(kind.balance.free, Decimal)
            assert_type(kind.time_exchange_ns, int)
            return "balance"
        case bp.Order():
            check_order(kind)
            return "order"
        case bp.OrderResponseCancel():
            assert_type(kind.client_order_id, str)
            assert_type(kind.order_id, str | None)
            assert_type(kind.time_exchange, datetime | None)
            assert_type(kind.time_exchange_ns, int | None)
            assert_type(kind.failure, bp.OrderFailure | None)
            return "cancel"
        case bp.Trade():
            check_fill(kind)
            return "fill"
        case _:
            assert_never(kind)


def check_order(order: bp.Order) -> None:
    """An order of the account."""
    assert_type(order.exchange, int)
    assert_type(order.instrument, int)
    assert_type(order.strategy_id, str)
    assert_type(order.client_order_id, str)
    assert_type(order.order_id, str | None)
    assert_type(order.side, Side)
    assert_type(order.price, Decimal)
    assert_type(order.quantity, Decimal)
    assert_type(order.filled_quantity, Decimal | None)
    assert_type(order.kind, bp.OrderKind)
    assert_type(order.time_in_force, bp.TimeInForce)
    assert_type(order.time_in_force.post_only, bool)
    assert_type(order.status, bp.OrderStatus)
    assert_type(order.time_exchange, datetime | None)
    assert_type(order.time_exchange_ns, int | None)
    assert_type(order.failure, bp.OrderFailure | None)
    if order.failure is not None:
        assert_type(order.failure.kind, bp.OrderFailureKind)
        assert_type(order.failure.detail, str | None)
        assert_type(order.failure.asset, int | None)
        assert_type(order.failure.instrument, int | None)
        assert_type(order.failure.exchange, bp.ExchangeId | None)
        assert_type(order.failure.message, str)


def check_fill(fill: bp.Trade) -> None:
    """A fill of ours."""
    assert_type(fill.id, str)
    assert_type(fill.order_id, str)
    assert_type(fill.instrument, int)
    assert_type(fill.strategy_id, str)
    assert_type(fill.side, Side)
    assert_type(fill.price, Decimal)
    assert_type(fill.quantity, Decimal)
    assert_type(fill.fees, Decimal)
    assert_type(fill.time_exchange, datetime)
    assert_type(fill.time_exchange_ns, int)


def check_request(request: bp.OrderRequestOpen) -> None:
    """A request that a strategy returns."""
    assert_type(request.key, bp.OrderKey)
    assert_type(request.key.exchange, int)
    assert_type(request.key.instrument, int)
    assert_type(request.key.strategy, bp.StrategyId)
    assert_type(request.key.cid, bp.ClientOrderId)
    assert_type(request.key.cid.value, str)
    assert_type(request.state, bp.RequestOpen)
    assert_type(request.state.side, Side)
    assert_type(request.state.price, Decimal)
    assert_type(request.state.quantity, Decimal)
    assert_type(request.state.kind, bp.OrderKind)
    assert_type(request.state.time_in_force, bp.TimeInForce)


def test_ids() -> None:
    assert_type(bp.ClientOrderId.random(), bp.ClientOrderId)
    assert_type(bp.ClientOrderId.new("a"), bp.ClientOrderId)
    assert_type(bp.StrategyId.unknown(), bp.StrategyId)
    assert_type(bp.OrderId("a").value, str)
    assert str(bp.OrderId("a")) == "a"


def test_events_of_accounts_are_made_and_read() -> None:
    balance = bp.AssetBalance(0, bp.Balance(total=1, free=Decimal("0.5")), "2024-01-01T00:00:00Z")
    orders = bp.InstrumentAccountSnapshot(0, [])
    event = bp.AccountEvent(0, bp.AccountSnapshot(0, [balance], (orders,)))
    assert_type(event.to_json(), str)
    assert_type(bp.AccountEvent.from_json(event.to_json()), bp.AccountEvent)
    lost = bp.AccountReconnecting(bp.ExchangeId.KRAKEN)
    assert_type(lost.exchange, bp.ExchangeId)
    assert_type(bp.AccountReconnecting.from_json(lost.to_json()), bp.AccountReconnecting)
    offline = bp.OrderFailure(bp.OrderFailureKind.EXCHANGE_OFFLINE, exchange=bp.ExchangeId.KRAKEN)
    answer = bp.OrderResponseCancel(
        exchange=0, instrument=0, strategy_id="ema", client_order_id="cid-1", failure=offline
    )
    assert describe_account(answer) == "cancel"
    assert describe_account(event.kind) == "snapshot"

"""The words for why something was refused."""

from __future__ import annotations

from .._core import OrderFailure, OrderFailureKind


def reason_of_exchange(failure: OrderFailure) -> str:
    """Give the exchange's text if an order broke a rule of it, else the kind of the failure."""
    if failure.kind is OrderFailureKind.ORDER_REJECTED and failure.detail is not None:
        return failure.detail
    return failure.kind.value.replace("_", " ")


def reason_of_risk_manager(reason: str) -> str:
    """Give a risk manager's reason up to the first colon, after which it has numbers."""
    return reason.partition(":")[0]

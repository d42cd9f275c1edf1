"""The JSON of a result, written in Python from what Python sees of it."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, Union

import barter_python as bp

Json: TypeAlias = Union[bool, int, str, list["Json"], dict[str, "Json"], None]  # noqa: UP007 - recursive


def time_text(nanoseconds: int) -> str:
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    text = datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0").rstrip(".")
    return f"{text}{digits}Z"


def of_value(value: object) -> Json:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bp.RefusedRequest):
        return of_refusal(value)
    if isinstance(value, Mapping):
        return {str(key): of_value(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [of_value(item) for item in value]
    return {name: of_member(value, name) for name in names_of(type(value))}


def of_member(value: object, name: str) -> Json:
    nanoseconds: object = getattr(value, f"{name}_ns", None)
    if isinstance(nanoseconds, int):
        return time_text(nanoseconds)
    member: object = getattr(value, name)
    assert not isinstance(member, datetime), f"{name} has no twin in nanoseconds"
    return of_value(member)


def names_of(kind: type) -> list[str]:
    """Give the names of the constructor's arguments."""
    if dataclasses.is_dataclass(kind):
        return [item.name for item in dataclasses.fields(kind)]
    arguments = (kind.__text_signature__ or "()").strip("()").split(",")
    names = (argument.partition("=")[0].strip() for argument in arguments)
    return [name for name in names if name not in ("", "*")]


def of_refusal(refusal: bp.RefusedRequest) -> Json:
    key = refusal.item.key
    values: dict[str, Json] = {
        "time": time_text(refusal.time_ns),
        "reason": refusal.reason,
        "request": "open" if isinstance(refusal.item, bp.OrderRequestOpen) else "cancel",
        "exchange": key.exchange,
        "instrument": key.instrument,
        "strategy_id": str(key.strategy),
        "client_order_id": str(key.cid),
    }
    if isinstance(refusal.item, bp.OrderRequestCancel):
        return {**values, "id": None if refusal.item.id is None else str(refusal.item.id)}
    names = ("side", "price", "quantity", "kind", "time_in_force")
    return values | {name: of_value(getattr(refusal.item.state, name)) for name in names}


def fees(result: bp.BacktestResult) -> dict[str, Decimal]:
    assets, instruments = result.instruments.assets, result.instruments.instruments
    quotes = [assets[instrument.underlying.quote].name for instrument in instruments]
    return {
        name: bp.statistic.exact_sum(
            fill.fees for fill in result.fills if quotes[fill.instrument] == name
        )
        for name in result.pnl
    }


def statistics(result: bp.BacktestResult) -> dict[str, bp.PositionStatistics]:
    return {
        instrument.name: bp.PositionStatistics.of(
            position for position in result.positions if position.instrument == instrument.index
        )
        for instrument in result.instruments.instruments
    }


def reason_of(failure: bp.OrderFailure) -> str:
    if failure.kind is bp.OrderFailureKind.ORDER_REJECTED and failure.detail is not None:
        return failure.detail
    return failure.kind.value.replace("_", " ")


def refusal_counts(result: bp.BacktestResult) -> dict[str, int]:
    failures = [report.order.failure for report in result.orders]
    failures += [failed.response.failure for failed in result.failed_cancels]
    reasons = [reason_of(failure) for failure in failures if failure is not None]
    reasons += [refusal.reason.partition(":")[0] for refusal in result.refused]
    return dict(Counter(reasons).most_common())


def values_of(result: bp.BacktestResult) -> dict[str, Json]:
    """Give the results as JSON values."""
    values = {
        "pnl": result.pnl,
        "fees": fees(result),
        "balances": result.balances,
        "statistics": statistics(result),
        "summary": result.summary,
        "orders": result.orders,
        "fills": result.fills,
        "funding": result.funding,
        "failed_cancels": result.failed_cancels,
        "refused": result.refused,
        "positions": result.positions,
        "open_positions": result.open_positions,
        "refusal_counts": refusal_counts(result),
        "equity": result.equity(),
        "drawdowns": {name: result.drawdowns(asset=name) for name in result.equity()},
        "instruments": result.instruments.instruments,
    }
    start: dict[str, Json] = {"time_start": time_text(result.time_start_ns)}
    return start | {name: of_value(value) for name, value in values.items()}


def text_of(result: bp.BacktestResult, indent: int | None = None) -> str:
    """Give the results as JSON text."""
    return json.dumps(values_of(result), indent=indent, ensure_ascii=False)

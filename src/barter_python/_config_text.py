"""Writes the JSON configurations that `_config_json` reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from ._checks import in_seconds
from ._core import nanoseconds_of
from ._json import Json
from .exchange import (
    DelayAnswers,
    Disconnect,
    DuplicateAnswers,
    EmpiricalLatency,
    Fault,
    Latency,
    MockExecutionConfig,
    RejectRequests,
    UniformLatency,
)
from .instrument import (
    FutureContract,
    InstrumentConfig,
    InstrumentKind,
    InstrumentSpec,
    OptionContract,
    OrderQuantityUnits,
    Spot,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def config_json(
    instruments: Iterable[InstrumentConfig],
    executions: Iterable[MockExecutionConfig],
    risk_free_return: Decimal | int,
) -> dict[str, Json]:
    """Give the configuration as JSON values; numbers are text, which barter reads too."""
    return {
        "risk_free_return": str(risk_free_return),
        "instruments": [_instrument(instrument) for instrument in instruments],
        "executions": [_execution(execution) for execution in executions],
    }


def _instrument(instrument: InstrumentConfig) -> dict[str, Json]:
    fields: dict[str, Json] = {
        "exchange": instrument.exchange.value,
        "name_exchange": instrument.name_exchange,
        "underlying": {"base": instrument.underlying.base, "quote": instrument.underlying.quote},
        "quote": instrument.quote.value,
        "kind": _kind(instrument.kind),
    }
    if instrument.spec is not None:
        fields["spec"] = _spec(instrument.spec)
    return fields


def _kind(kind: InstrumentKind) -> Json:
    if isinstance(kind, Spot):
        return "spot"
    fields: dict[str, Json] = {
        "contract_size": str(kind.contract_size),
        "settlement_asset": kind.settlement_asset,
    }
    if isinstance(kind, FutureContract):
        return {"future": fields | {"expiry": _milliseconds("expiry", kind.expiry - _EPOCH)}}
    if isinstance(kind, OptionContract):
        option: dict[str, Json] = {
            "kind": kind.kind.value,
            "exercise": kind.exercise.value,
            "expiry": _milliseconds("expiry", kind.expiry - _EPOCH),
            "strike": str(kind.strike),
        }
        return {"option": fields | option}
    return {"perpetual": fields}


def _spec(spec: InstrumentSpec) -> Json:
    unit: Json
    if isinstance(spec.quantity_unit, OrderQuantityUnits):
        unit = spec.quantity_unit.value
    else:
        unit = {"asset": spec.quantity_unit}
    return {
        "price": {"min": str(spec.price_min), "tick_size": str(spec.price_tick_size)},
        "quantity": {
            "unit": unit,
            "min": str(spec.quantity_min),
            "increment": str(spec.quantity_increment),
        },
        "notional": {"min": str(spec.notional_min)},
    }


def _execution(execution: MockExecutionConfig) -> dict[str, Json]:
    exchange = execution.mocked_exchange.value
    maker = execution.maker_fee_rate
    limit = execution.rate_limit
    fields: dict[str, Json] = {
        "mocked_exchange": exchange,
        "initial_state": {
            "exchange": exchange,
            "balances": [
                {
                    "asset": asset,
                    "balance": {"total": str(total), "free": str(total)},
                    "time_exchange": "1970-01-01T00:00:00Z",
                }
                for asset, total in execution.balances.items()
            ],
            "instruments": [],
        },
        **_latency("latency", execution.latency),
        "fees_percent": str(execution.fee_rate),
        "fee_asset": execution.fee_asset.value,
        **_latency("answer_latency", execution.answer_latency),
        "liquidity": execution.liquidity.value,
        "queue": execution.queue.value,
        "leverage": str(execution.leverage),
        "end_of_day_ms": _milliseconds("end_of_day", execution.end_of_day),
        "faults": [_fault(fault) for fault in execution.faults],
        "candle_fills": execution.candle_fills.value,
        "candle_price": execution.candle_price.value,
    }
    if maker is not None:
        fields["maker_fee_rate"] = str(maker)
    if execution.maintenance_margin is not None:
        fields["maintenance_margin"] = str(execution.maintenance_margin)
    if limit is not None:
        interval = _milliseconds("interval", limit.interval)
        fields["rate_limit"] = {"requests": limit.requests, "interval_ms": interval}
    return fields


def _latency(name: str, latency: Latency) -> dict[str, Json]:
    if isinstance(latency, UniformLatency):
        return {
            name: {
                "uniform": {
                    "low_ms": _milliseconds(name, latency.low),
                    "high_ms": _milliseconds(name, latency.high),
                    "seed": latency.seed,
                }
            }
        }
    if isinstance(latency, EmpiricalLatency):
        samples: list[Json] = [_milliseconds(name, sample) for sample in latency.samples]
        return {name: {"empirical": {"samples_ms": samples, "seed": latency.seed}}}
    return {f"{name}_ms": _milliseconds(name, latency)}


def _fault(fault: Fault) -> Json:
    fields: dict[str, Json] = {
        "start": fault.start.isoformat(),
        "duration_ms": _milliseconds("duration", fault.duration),
    }
    match fault:
        case Disconnect():
            return {"disconnect": fields}
        case DuplicateAnswers():
            return {"duplicate_answers": fields}
        case RejectRequests(reason=reason):
            return {"reject_requests": fields | {"reason": reason}}
        case DelayAnswers(delay=delay):
            return {"delay_answers": fields | {"delay_ms": _milliseconds("delay", delay)}}


def _milliseconds(name: str, length: timedelta) -> int:
    """Give a length in milliseconds: barter's configurations have no smaller unit."""
    milliseconds, beyond = divmod(nanoseconds_of(length), 1_000_000)
    if beyond:
        raise ValueError(
            f"{name} is {in_seconds(length)}, which a JSON configuration cannot hold: it counts "
            "whole milliseconds"
        )
    return milliseconds

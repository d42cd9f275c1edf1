"""How exchanges are simulated: the fields, their checks, and their JSON."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

import pytest
from histories import SPOT, quotes, spot

import barter_python as bp
from barter_python import (
    ConfigError,
    DelayAnswers,
    Disconnect,
    DuplicateAnswers,
    EmpiricalLatency,
    Fault,
    FeeAsset,
    Liquidity,
    MockExecutionConfig,
    QueuePosition,
    RateLimit,
    RejectRequests,
    SystemConfig,
    UniformLatency,
    backtest,
    exchange,
    system,
)

START = datetime(2025, 3, 24, 21, 30, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
MS = timedelta(milliseconds=1)
HELD = {"btc": 1, "usdt": 1000}
FAULTS: list[Fault] = [
    Disconnect(START, MINUTE),
    RejectRequests(START, MINUTE, "overloaded"),
    DelayAnswers(START, MINUTE, 5 * MS),
    DuplicateAnswers(START, MINUTE),
]
FULL = MockExecutionConfig(
    SPOT,
    HELD,
    UniformLatency(2 * MS, 8 * MS, 7),
    Decimal("0.001"),
    maker_fee_rate=Decimal("-0.0002"),
    fee_asset=FeeAsset.RECEIVED,
    answer_latency=EmpiricalLatency([MS, 3 * MS], 2**64 - 1),
    liquidity=Liquidity.INFINITE,
    queue=QueuePosition.PROPORTIONAL,
    leverage=Decimal("2.5"),
    end_of_day=timedelta(hours=8),
    rate_limit=RateLimit(10, timedelta(seconds=1)),
    faults=FAULTS,
)


def test_defaults() -> None:
    plain = MockExecutionConfig(SPOT, HELD)
    assert plain.maker_fee_rate is None
    assert plain.fee_asset is FeeAsset.QUOTE
    assert plain.latency == plain.answer_latency == plain.end_of_day == timedelta(0)
    assert plain.liquidity is Liquidity.SHOWN
    assert plain.queue is QueuePosition.BACK
    assert (plain.leverage, plain.rate_limit, plain.faults) == (1, None, ())


@pytest.mark.parametrize(
    "value", [FULL, *FAULTS, FULL.latency, FULL.answer_latency, FULL.rate_limit], ids=repr
)
def test_values_are_copied_and_pickled_and_frozen(value: object) -> None:
    assert copy.deepcopy(value) == value
    loaded = pickle.loads(pickle.dumps(value))
    assert loaded == value
    assert repr(loaded) == repr(value)
    if value is not FULL:
        assert hash(loaded) == hash(value)
    (field, *_) = vars(value)
    with pytest.raises(FrozenInstanceError):
        setattr(value, field, None)


def test_faults_of_one_shape_are_not_equal() -> None:
    assert len(set(FAULTS)) == 4
    assert Disconnect(START, MINUTE) == Disconnect(START, MINUTE)
    assert FAULTS[0] != FAULTS[3]
    assert replace(FULL, faults=FAULTS[:1]) != FULL


def test_sequences_are_kept_as_tuples() -> None:
    samples = [MS, 2 * MS]
    latency = EmpiricalLatency(samples, 1)
    samples.clear()
    assert latency.samples == (MS, 2 * MS)
    assert FULL.faults == tuple(FAULTS)


def test_names_are_importable_from_where_they_were() -> None:
    assert backtest.FillPrice is exchange.FillPrice is bp.FillPrice
    assert system.MockExecutionConfig is exchange.MockExecutionConfig
    for name in exchange.__all__:
        assert getattr(bp, name) is getattr(exchange, name)


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: UniformLatency(-MS, MS, 1), r"low must not be negative or above 365 days.*-1, "),
    (lambda: UniformLatency(MS, timedelta(days=366), 1), r"high must not .*366"),
    (lambda: UniformLatency(2 * MS, MS, 1), r"low must not be greater than high.*2000.*1000"),
    (lambda: UniformLatency(MS, MS, -1), r"seed must be from 0 to 18446744073709551615, got -1"),
    (lambda: UniformLatency(MS, MS, 2**64), r"seed must be .*got 18446744073709551616"),
    (lambda: EmpiricalLatency([], 1), "samples must not be empty"),
    (lambda: EmpiricalLatency([MS, -MS], 1), r"samples\[1\] must not be negative"),
    (lambda: EmpiricalLatency([MS], 2**64), "seed must be"),
    (lambda: RateLimit(0, MS), r"requests must be from 1 to \d+, got 0"),
    (lambda: RateLimit(2**32, MS), "requests must be from 1 to 4294967295, got 4294967296"),
    (lambda: RateLimit(1, timedelta(0)), r"interval must be positive, got .*0"),
    (lambda: Disconnect(datetime(2025, 1, 1), MINUTE), "start has no time zone"),
    (lambda: Disconnect(START.replace(year=1600), MINUTE), r"start must be in the years.*1600"),
    (lambda: Disconnect(START.replace(year=2262), MINUTE), r"start must be in the years.*2262"),
    (lambda: Disconnect(START, timedelta(0)), "duration must be positive"),
    (lambda: RejectRequests(START, MINUTE, " "), "reason must not be blank"),
    (lambda: RejectRequests(START, -MINUTE, "no"), "duration must be positive"),
    (lambda: DelayAnswers(START, MINUTE, timedelta(0)), "delay must be positive"),
    (lambda: DelayAnswers(START, MINUTE, timedelta(days=366)), "delay must not be .*366"),
    (lambda: replace(FULL, latency=-MS), "latency must not be negative"),
    (lambda: replace(FULL, answer_latency=-MS), "answer_latency must not be negative"),
    (lambda: replace(FULL, fee_rate=1), "fee_rate must be .*got 1"),
    (lambda: replace(FULL, maker_fee_rate=-1), "maker_fee_rate must be .*got -1"),
    (lambda: replace(FULL, maker_fee_rate=1), "maker_fee_rate must be .*got 1"),
    (lambda: replace(FULL, leverage=0), "leverage must be positive, got 0"),
    (lambda: replace(FULL, leverage=Decimal(-2)), "leverage must be positive, got -2"),
    (lambda: replace(FULL, end_of_day=-MS), "end_of_day must be from 0"),
    (lambda: replace(FULL, end_of_day=timedelta(days=1)), "end_of_day must be .*days=1"),
    (
        lambda: replace(FULL, faults=[Disconnect(START + 59 * 1000 * MS, MINUTE), FAULTS[0]]),
        "faults must not have disconnects at once.*21, 30.*21, 30, 59",
    ),
]


@pytest.mark.parametrize(("make", "reason"), WRONG)
def test_wrong_values_are_refused_when_built(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make()


changed: Callable[..., MockExecutionConfig] = partial(replace, FULL)
"""Give the same with other values, of whatever type."""

WRONG_TYPES: list[tuple[Callable[[], object], str]] = [
    (lambda: UniformLatency(0.5, MS, 1), "low must be a timedelta, got float 0.5"),  # type: ignore[arg-type]
    (lambda: UniformLatency(MS, MS, True), "seed must be an int, got bool True"),
    (lambda: UniformLatency(MS, MS, 1.0), "seed must be an int, got float 1.0"),  # type: ignore[arg-type]
    (lambda: EmpiricalLatency(MS, 1), "samples must be a Sequence"),  # type: ignore[arg-type]
    (lambda: EmpiricalLatency([1], 1), r"samples\[0\] must be a timedelta, got int 1"),  # type: ignore[list-item]
    (lambda: RateLimit("1", MS), "requests must be an int, got str '1'"),  # type: ignore[arg-type]
    (lambda: RateLimit(1, 5), "interval must be a timedelta, got int 5"),  # type: ignore[arg-type]
    (lambda: Disconnect("2025", MINUTE), "start must be a datetime"),  # type: ignore[arg-type]
    (lambda: RejectRequests(START, MINUTE, 3), "reason must be a str, got int 3"),  # type: ignore[arg-type]
    (lambda: changed(latency=5), "latency must be a timedelta or UniformLatency or"),
    (lambda: changed(answer_latency=None), "answer_latency must be a timedelta or"),
    (lambda: changed(maker_fee_rate=0.1), "maker_fee_rate must be a Decimal .*float 0.1"),
    (lambda: changed(leverage=2.0), "leverage must be a Decimal or an int, got float"),
    (lambda: changed(fee_asset="quote"), "fee_asset must be a FeeAsset, got str 'quote'"),
    (lambda: changed(liquidity=None), "liquidity must be a Liquidity"),
    (lambda: changed(queue="back"), "queue must be a QueuePosition"),
    (lambda: changed(end_of_day=0), "end_of_day must be a timedelta, got int 0"),
    (lambda: changed(rate_limit=(1, MS)), "rate_limit must be a RateLimit, got tuple"),
    (lambda: changed(faults=FAULTS[0]), "faults must be a Sequence, got Disconnect"),
    (lambda: changed(faults=[FAULTS[0], 1]), r"faults\[1\] must be a Disconnect or .*int 1"),
]


@pytest.mark.parametrize(("make", "reason"), WRONG_TYPES)
def test_wrong_types_are_refused_when_built(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        make()


def test_disconnects_may_follow_one_another() -> None:
    follows = [Disconnect(START + MINUTE, MINUTE), Disconnect(START, MINUTE)]
    assert len(replace(FULL, faults=follows).faults) == 2


@pytest.mark.parametrize("total", [Decimal("0.1234567890123"), Decimal(10**15), 10**15 + 1])
def test_balances_that_cannot_be_kept_are_refused_with_the_configuration(
    total: Decimal | int,
) -> None:
    with pytest.raises(ConfigError, match=rf"(?s)executions.*usdt.*{total}"):
        SystemConfig([spot("btc")], [MockExecutionConfig(SPOT, {"usdt": total})])
    kept = Decimal("0.123456789012"), Decimal("999999999999999.999999999999")
    for one in kept:
        SystemConfig([spot("btc")], [MockExecutionConfig(SPOT, {"usdt": one})])


@pytest.mark.parametrize("latency", [5, "5ms"])
def test_latency_of_a_run_is_checked(latency: object) -> None:
    config = SystemConfig([spot("btc")], [MockExecutionConfig(SPOT, HELD)])
    with pytest.raises(TypeError, match="latency must be a timedelta or"):
        bp.run_backtest(bp.DefaultStrategy(), quotes(2), config, latency=latency)  # type: ignore[arg-type]


# JSON


DOCUMENT: dict[str, object] = {
    "mocked_exchange": "binance_spot",
    "fees_percent": 0.001,
    "initial_state": {
        "exchange": "binance_spot",
        "balances": [
            {"asset": "btc", "balance": {"total": 1, "free": 1}},
            {"asset": "usdt", "balance": {"total": 1000, "free": 1000}},
        ],
    },
}
TIMED = {"start": "2025-03-24T21:30:00Z", "duration_ms": 60_000}
EVERYTHING: dict[str, object] = {
    "latency": {"uniform": {"low_ms": 2, "high_ms": 8, "seed": 7}},
    "maker_fee_rate": "-0.0002",
    "fee_asset": "received",
    "answer_latency": {"empirical": {"samples_ms": [1, 3], "seed": 2**64 - 1}},
    "liquidity": "infinite",
    "queue": "proportional",
    "leverage": 2.5,
    "end_of_day_ms": 8 * 3600 * 1000,
    "rate_limit": {"requests": 10, "interval_ms": 1000},
    "faults": [
        {"disconnect": TIMED},
        {"reject_requests": {**TIMED, "reason": "overloaded"}},
        {"delay_answers": {**TIMED, "delay_ms": 5}},
        {"duplicate_answers": TIMED},
    ],
}
INSTRUMENT: dict[str, object] = {
    "exchange": "binance_spot",
    "name_exchange": "BTCUSDT",
    "underlying": {"base": "btc", "quote": "usdt"},
    "quote": "underlying_quote",
    "kind": "spot",
}


def read(**fields: object) -> MockExecutionConfig:
    """Read an execution with these fields."""
    document = {"instruments": [INSTRUMENT], "executions": [{**DOCUMENT, **fields}]}
    return SystemConfig.from_json_text(json.dumps(document)).executions[0]


def test_everything_is_read() -> None:
    assert read(**EVERYTHING) == FULL


def test_constant_latencies_are_read() -> None:
    made = MockExecutionConfig(SPOT, HELD, 5 * MS, Decimal("0.001"), answer_latency=6 * MS)
    assert read(latency_ms=5, answer_latency_ms=6) == made
    plain = read(latency_ms=0)
    assert plain == MockExecutionConfig(SPOT, HELD, timedelta(0), Decimal("0.001"))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-03-24T21:30:00.25Z", START.replace(microsecond=250_000)),
        ("2025-03-24T22:30:00.000001+01:00", START.replace(microsecond=1)),
        ("2025-03-24t21:30:00z", START),
    ],
)
def test_times_of_faults_are_read(text: str, time: datetime) -> None:
    config = read(latency_ms=0, faults=[{"duplicate_answers": {**TIMED, "start": text}}])
    assert config.faults == (DuplicateAnswers(time, MINUTE),)


MISTAKES: list[tuple[dict[str, object], str]] = [
    ({}, r"executions\[0\]: the field 'latency_ms' is missing"),
    ({"latency_ms": 1.5}, r"\.latency_ms: expected a whole number of milliseconds, got 1.5"),
    ({"latency_ms": -1}, r"executions\[0\]: latency must not be negative"),
    ({"latency_ms": 1, "latency": {}}, r"\.latency: latency_ms is given too"),
    ({"latency": {}}, r"\.latency: expected either 'uniform' or 'empirical'"),
    ({"latency": 5}, r"\.latency: expected an object, got 5"),
    (
        {"latency": {"uniform": {"low_ms": 2}}},
        r"\.latency\.uniform: the field 'high_ms' is missing",
    ),
    (
        {"latency": {"uniform": {"low_ms": 3, "high_ms": 2, "seed": 1}}},
        r"\.latency\.uniform: low must not be greater than high",
    ),
    (
        {"latency": {"uniform": {"low_ms": 1, "high_ms": 2, "seed": 1.5}}},
        r"\.uniform\.seed: expected a whole number, got 1.5",
    ),
    (
        {"latency": {"empirical": {"samples_ms": [1, "2"], "seed": 1}}},
        r"\.empirical\.samples_ms\[1\]: expected a whole number of milliseconds, got '2'",
    ),
    (
        {"latency": {"empirical": {"samples_ms": [], "seed": 1}}},
        r"\.latency\.empirical: samples must not be empty",
    ),
    ({"latency_ms": 0, "answer_latency_ms": -2}, r"\[0\]: answer_latency must not be negative"),
    ({"latency_ms": 0, "fee_asset": "btc"}, r"\.fee_asset: unknown FeeAsset 'btc'; there are"),
    ({"latency_ms": 0, "liquidity": 1}, r"\.liquidity: expected a string, got 1"),
    ({"latency_ms": 0, "queue": "last"}, r"\.queue: unknown QueuePosition 'last'"),
    ({"latency_ms": 0, "leverage": 0}, r"\[0\]: leverage must be positive"),
    ({"latency_ms": 0, "maker_fee_rate": "x"}, r"\.maker_fee_rate: expected a number, got 'x'"),
    ({"latency_ms": 0, "end_of_day_ms": 86_400_000}, r"\[0\]: end_of_day must be from 0"),
    ({"latency_ms": 0, "rate_limit": {"requests": 1}}, r"\.rate_limit: the field 'interval_ms'"),
    (
        {"latency_ms": 0, "rate_limit": {"requests": 0, "interval_ms": 1}},
        r"\.rate_limit: requests must be from 1",
    ),
    ({"latency_ms": 0, "faults": {}}, r"\.faults: expected an array, got an object"),
    ({"latency_ms": 0, "faults": [{}]}, r"\.faults\[0\]: expected one of 'disconnect'"),
    (
        {"latency_ms": 0, "faults": [{"disconnect": {**TIMED, "start": "yesterday"}}]},
        r"\.faults\[0\]\.disconnect\.start: expected a time as of RFC 3339",
    ),
    (
        {"latency_ms": 0, "faults": [{"disconnect": {**TIMED, "start": "2025-02-30T00:00:00Z"}}]},
        r"\.faults\[0\]\.disconnect\.start: .*day",
    ),
    (
        {"latency_ms": 0, "faults": [{"disconnect": {**TIMED, "duration_ms": 0}}]},
        r"\.faults\[0\]\.disconnect: duration must be positive",
    ),
    (
        {"latency_ms": 0, "faults": [{"reject_requests": TIMED}]},
        r"\.faults\[0\]\.reject_requests: the field 'reason' is missing",
    ),
    (
        {"latency_ms": 0, "faults": [{"disconnect": TIMED}, {"disconnect": TIMED}]},
        r"\[0\]: faults must not have disconnects at once",
    ),
]


@pytest.mark.parametrize(("fields", "reason"), MISTAKES)
def test_mistakes_in_json_name_the_place(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        read(**fields)

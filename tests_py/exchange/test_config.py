"""How exchanges are simulated: the fields, their checks, and their JSON."""

from __future__ import annotations

import copy
import json
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

import pytest
from support.histories import SPOT, quotes, spot

import barter_python as bp
from barter_python import (
    CandleFills,
    CandlePrice,
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
    fee_rate=Decimal("0.001"),
    maker_fee_rate=Decimal("-0.0002"),
    fee_asset=FeeAsset.RECEIVED,
    answer_latency=EmpiricalLatency([MS, 3 * MS], 2**64 - 1),
    liquidity=Liquidity.INFINITE,
    queue=QueuePosition.PROPORTIONAL,
    leverage=Decimal("2.5"),
    end_of_day=timedelta(hours=8),
    rate_limit=RateLimit(10, timedelta(seconds=1)),
    faults=FAULTS,
    candle_fills=CandleFills.CLOSE_ONLY,
    candle_price=CandlePrice.NEXT_OPEN,
    maintenance_margin=Decimal("0.005"),
)


def test_defaults() -> None:
    plain = MockExecutionConfig(SPOT, HELD)
    assert plain.maker_fee_rate is None
    assert plain.fee_asset is FeeAsset.QUOTE
    assert plain.latency == plain.answer_latency == plain.end_of_day == timedelta(0)
    assert plain.liquidity is Liquidity.SHOWN
    assert plain.queue is QueuePosition.BACK
    assert plain.candle_fills is CandleFills.PATH
    assert plain.candle_price is CandlePrice.CLOSE
    assert plain.maintenance_margin is None
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


def test_balances_are_a_copy_that_does_not_change() -> None:
    held: dict[str, Decimal | int] = {"btc": 1, "usdt": 1000}
    config = MockExecutionConfig(SPOT, held)
    held["usdt"] = -5
    held["doge"] = 1
    assert config.balances == HELD
    assert config.balances != held
    assert str(config.balances) == repr(config.balances) == str(HELD)
    assert list(config.balances) == ["btc", "usdt"]
    assert pickle.loads(pickle.dumps(config)).balances == HELD
    assert replace(config, fee_rate=0) == config
    with pytest.raises(TypeError, match="item assignment"):
        config.balances["usdt"] = 1  # type: ignore[index] # what is tested


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
    (
        lambda: UniformLatency(-MS, MS, 1),
        r"low must not be negative or above 365 days, got -0\.001 s$",
    ),
    (lambda: UniformLatency(MS, timedelta(days=366), 1), r"high must not .*, got 31622400 s"),
    (
        lambda: UniformLatency(2 * MS, MS, 1),
        r"low must not be greater than high, got 0\.002 s and 0\.001 s",
    ),
    (lambda: UniformLatency(MS, MS, -1), r"seed must be from 0 to 18446744073709551615, got -1"),
    (lambda: UniformLatency(MS, MS, 2**64), r"seed must be .*got 18446744073709551616"),
    (lambda: EmpiricalLatency([], 1), "samples must not be empty"),
    (lambda: EmpiricalLatency([MS, -MS], 1), r"samples\[1\] must not be negative"),
    (lambda: EmpiricalLatency([MS], 2**64), "seed must be"),
    (lambda: RateLimit(0, MS), r"requests must be from 1 to \d+, got 0"),
    (lambda: RateLimit(2**32, MS), "requests must be from 1 to 4294967295, got 4294967296"),
    (lambda: RateLimit(1, timedelta(0)), r"interval must be positive .*, got 0 s"),
    (lambda: Disconnect(datetime(2025, 1, 1), MINUTE), "start has no time zone"),
    (lambda: Disconnect(START.replace(year=1600), MINUTE), r"start must be in the years.*1600"),
    (lambda: Disconnect(START.replace(year=2262), MINUTE), r"start must be in the years.*2262"),
    (lambda: Disconnect(START, timedelta(0)), "duration must be positive"),
    (lambda: RejectRequests(START, MINUTE, " "), "reason must not be blank"),
    (lambda: RejectRequests(START, -MINUTE, "no"), "duration must be positive"),
    (lambda: DelayAnswers(START, MINUTE, timedelta(0)), "delay must be positive"),
    (lambda: DelayAnswers(START, MINUTE, timedelta(days=366)), "delay must be .*31622400 s"),
    (
        lambda: RateLimit(1, timedelta.max),
        r"interval must be .*365 days, got 86399999999999\.999999 s",
    ),
    (lambda: Disconnect(START, timedelta.max), r"duration must be .*365 days, got 86399999999999"),
    (lambda: DuplicateAnswers(START, timedelta(days=366)), r"duration must be .*got 31622400 s"),
    (
        lambda: Disconnect(START.replace(year=2261, month=6), timedelta(days=300)),
        r"duration must end before the year 2262, got 25920000 s from .*2261, 6",
    ),
    (lambda: RejectRequests(START, MINUTE, "\ud800"), r"reason must not have half .*ud800"),
    (lambda: MockExecutionConfig(SPOT, {"\udc00": 1}), r"name of a balance must not have .*udc00"),
    (
        lambda: MockExecutionConfig(SPOT, {" ": 1}),
        "the name of a balance must not be blank, got ' '",
    ),
    (lambda: replace(FULL, latency=-5 * MS), r"latency must not be negative.*, got -0\.005 s$"),
    (lambda: replace(FULL, answer_latency=-MS), "answer_latency must not be negative"),
    (lambda: replace(FULL, fee_rate=1), "fee_rate must be .*got 1"),
    (lambda: replace(FULL, maker_fee_rate=-1), "maker_fee_rate must be .*got -1"),
    (lambda: replace(FULL, maker_fee_rate=1), "maker_fee_rate must be .*got 1"),
    (lambda: replace(FULL, leverage=0), r"leverage must be from 0\.001 to 1000, got 0"),
    (lambda: replace(FULL, leverage=Decimal(-2)), "leverage must be .*, got -2"),
    (lambda: replace(FULL, leverage=1001), "leverage must be .*, got 1001"),
    (lambda: replace(FULL, leverage=Decimal("1E-28")), "leverage must be .*, got 1E-28"),
    (lambda: replace(FULL, end_of_day=-MS), "end_of_day must be from 0"),
    (
        lambda: replace(FULL, end_of_day=timedelta(days=1)),
        "end_of_day must be .*24 hours, got 86400 s",
    ),
    (
        lambda: replace(FULL, faults=[Disconnect(START + 59 * 1000 * MS, MINUTE), FAULTS[0]]),
        r"^faults\[0\] and faults\[1\] of binance_spot are disconnects that overlap.*30, 59.*30",
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
    (lambda: EmpiricalLatency(MS, 1), "samples must be a list or tuple, got"),  # type: ignore[arg-type]
    (lambda: EmpiricalLatency([1], 1), r"samples\[0\] must be a timedelta, got int 1"),  # type: ignore[list-item]
    (lambda: RateLimit("1", MS), "requests must be an int, got str '1'"),  # type: ignore[arg-type]
    (lambda: RateLimit(1, 5), "interval must be a timedelta, got int 5"),  # type: ignore[arg-type]
    (lambda: Disconnect("2025", MINUTE), "start must be a datetime"),  # type: ignore[arg-type]
    (lambda: RejectRequests(START, MINUTE, 3), "reason must be a str, got int 3"),  # type: ignore[arg-type]
    (
        lambda: changed(latency=5),
        "latency must be a timedelta, UniformLatency or EmpiricalLatency, got int 5",
    ),
    (
        lambda: changed(answer_latency=None),
        "answer_latency must be a timedelta, UniformLatency or Emp",
    ),
    (lambda: changed(maker_fee_rate=0.1), "maker_fee_rate must be a Decimal .*float 0.1"),
    (lambda: changed(leverage=2.0), "leverage must be a Decimal or an int, got float"),
    (lambda: changed(fee_asset="quote"), "fee_asset must be a FeeAsset, got str 'quote'"),
    (lambda: changed(liquidity=None), "liquidity must be a Liquidity"),
    (lambda: changed(queue="back"), "queue must be a QueuePosition"),
    (lambda: changed(candle_fills="path"), "candle_fills must be a CandleFills"),
    (lambda: changed(candle_price=CandleFills.PATH), "candle_price must be a CandlePrice"),
    (
        lambda: changed(maintenance_margin=0.005),
        "maintenance_margin must be a Decimal or an int, got float",
    ),
    (lambda: changed(end_of_day=0), "end_of_day must be a timedelta, got int 0"),
    (lambda: changed(rate_limit=(1, MS)), "rate_limit must be a RateLimit, got tuple"),
    (lambda: changed(faults=FAULTS[0]), "faults must be a list or tuple, got Disconnect"),
    (lambda: changed(faults=[FAULTS[0], 1]), r"faults\[1\] must be a Disconnect, .* or Dup.*int 1"),
]


@pytest.mark.parametrize(("make", "reason"), WRONG_TYPES)
def test_wrong_types_are_refused_when_built(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        make()


def test_disconnects_may_follow_one_another() -> None:
    follows = [Disconnect(START + MINUTE, MINUTE), Disconnect(START, MINUTE)]
    assert len(replace(FULL, faults=follows).faults) == 2


@pytest.mark.parametrize(
    ("margin", "leverage"), [(0, 1), (1, 1), (Decimal("0.1"), 10), (Decimal("-0.1"), 2)]
)
def test_a_maintenance_margin_is_less_than_that_of_a_new_position(
    margin: Decimal | int, leverage: int
) -> None:
    reason = (
        f"must be positive and less than 1 / leverage.* got {margin} with the leverage {leverage}"
    )
    with pytest.raises(ValueError, match=reason):
        replace(FULL, maintenance_margin=margin, leverage=leverage)
    replace(FULL, maintenance_margin=Decimal("0.0999"), leverage=10)


@pytest.mark.parametrize("total", [Decimal("0.1234567890123"), Decimal(10**15), 10**15 + 1])
def test_balances_that_cannot_be_kept_are_refused_with_the_configuration(
    total: Decimal | int,
) -> None:
    with pytest.raises(ConfigError, match=rf"(?s)executions.*usdt on binance_spot must .*{total}"):
        SystemConfig([spot("btc")], [MockExecutionConfig(SPOT, {"usdt": total})])
    kept = Decimal("0.123456789012"), Decimal("999999999999999.999999999999")
    for one in kept:
        SystemConfig([spot("btc")], [MockExecutionConfig(SPOT, {"usdt": one})])


@pytest.mark.parametrize("latency", [5, "5ms"])
def test_latency_of_a_run_is_checked(latency: object) -> None:
    config = SystemConfig([spot("btc")], [MockExecutionConfig(SPOT, HELD)])
    with pytest.raises(TypeError, match="latency must be a timedelta, UniformLatency or"):
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
    "candle_fills": "close_only",
    "candle_price": "next_open",
    "maintenance_margin": "0.005",
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
    made = MockExecutionConfig(SPOT, HELD, 5 * MS, fee_rate=Decimal("0.001"), answer_latency=6 * MS)
    assert read(latency_ms=5, answer_latency_ms=6) == made
    plain = read(latency_ms=0)
    assert plain == MockExecutionConfig(SPOT, HELD, timedelta(0), fee_rate=Decimal("0.001"))


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
    ({"latency_ms": -1}, r"\.latency_ms: must be from 0 to 31536000000 milliseconds, got -1"),
    ({"latency_ms": 1, "latency": {}}, r"\.latency: latency_ms is also given"),
    ({"latency": {}}, r"\.latency: expected one latency of 'uniform', 'empirical', got an empty"),
    (
        {"latency": {"normal": {}}},
        r"\.latency: unknown latency 'normal'; there are 'uniform', 'emp",
    ),
    (
        {"latency": {"uniform": {}, "empirical": {}}},
        r"\.latency: expected one latency of .*, got 'uniform', 'empirical'",
    ),
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
    ({"latency_ms": 0, "answer_latency_ms": -2}, r"\.answer_latency_ms: must be .*, got -2"),
    ({"latency_ms": 0, "fee_asset": "btc"}, r"\.fee_asset: unknown FeeAsset 'btc'; there are"),
    ({"latency_ms": 0, "liquidity": 1}, r"\.liquidity: expected a string, got 1"),
    ({"latency_ms": 0, "queue": "last"}, r"\.queue: unknown QueuePosition 'last'"),
    ({"latency_ms": 0, "candle_fills": "open"}, r"\.candle_fills: unknown CandleFills 'open'"),
    ({"latency_ms": 0, "leverage": 0}, r"\[0\]: leverage must be from"),
    ({"latency_ms": 0, "maker_fee_rate": "x"}, r"\.maker_fee_rate: expected a number, got 'x'"),
    (
        {"latency_ms": 0, "end_of_day_ms": 86_400_000},
        r"\.end_of_day_ms: must be from 0 to 86399999 .*got 86400000",
    ),
    ({"latency_ms": 0, "rate_limit": {"requests": 1}}, r"\.rate_limit: the field 'interval_ms'"),
    (
        {"latency_ms": 0, "rate_limit": {"requests": 0, "interval_ms": 1}},
        r"\.rate_limit: requests must be from 1",
    ),
    ({"latency_ms": 0, "faults": {}}, r"\.faults: expected an array, got an object"),
    ({"latency_ms": 0, "faults": [{}]}, r"\.faults\[0\]: expected one fault of 'disconnect'"),
    (
        {"latency_ms": 0, "faults": [{"disconect": TIMED}]},
        r"\.faults\[0\]: unknown fault 'disconect'; there are 'disconnect', 'reject_requests', 'd",
    ),
    (
        {"latency_ms": 0, "faults": [{"disconnect": {**TIMED, "start": "yesterday"}}]},
        r"\.faults\[0\]\.disconnect\.start: expected a time as of RFC 3339",
    ),
    (
        {"latency_ms": 0, "faults": [{"disconnect": {**TIMED, "start": "2025-02-30T00:00:00Z"}}]},
        r"\.faults\[0\]\.disconnect\.start: '2025-02-30T00:00:00Z' is not a time: .*day",
    ),
    (
        {"latency_ms": 0, "faults": [{"disconnect": {**TIMED, "duration_ms": 0}}]},
        r"\.faults\[0\]\.disconnect\.duration_ms: must be from 1 to 31536000000 .*, got 0",
    ),
    (
        {"latency_ms": 0, "faults": [{"reject_requests": TIMED}]},
        r"\.faults\[0\]\.reject_requests: the field 'reason' is missing",
    ),
    (
        {"latency_ms": 0, "faults": [{"disconnect": TIMED}, {"disconnect": TIMED}]},
        r"\[0\]: faults\[0\] and faults\[1\] of binance_spot are disconnects that",
    ),
]


@pytest.mark.parametrize(("fields", "reason"), MISTAKES)
def test_mistakes_in_json_name_the_place(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        read(**fields)


UNKNOWN: list[tuple[dict[str, object], str]] = [
    ({"maker_fee": 0}, r"executions\[0\]: unknown key 'maker_fee'; there are 'mocked_exchange', "),
    ({"fee_rate": 0}, r"executions\[0\]: unknown key 'fee_rate'; did you mean 'fees_percent'\?"),
    ({"end_of_day": 0}, r"unknown key 'end_of_day'; did you mean 'end_of_day_ms'\?"),
    ({"liquidty": None}, r"executions\[0\]: unknown key 'liquidty'"),
    (
        {"rate_limit": {"requests": 1, "interval_ms": 1, "burst": 2}},
        r"\.rate_limit: unknown key 'burst'; there are 'requests', 'interval_ms'",
    ),
    (
        {"latency": {"uniform": {"low_ms": 1, "high_ms": 2, "seed": 1, "sed": 2}}},
        r"\.latency\.uniform: unknown key 'sed'; there are 'low_ms', 'high_ms', 'seed'",
    ),
    (
        {"answer_latency": {"empirical": {"samples_ms": [1], "seed": 1, "low_ms": 2}}},
        r"\.answer_latency\.empirical: unknown key 'low_ms'; there are 'samples_ms', 'seed'",
    ),
    (
        {"faults": [{"disconnect": {**TIMED, "reason": "x"}}]},
        r"\.faults\[0\]\.disconnect: unknown key 'reason'; there are 'start', 'duration_ms'",
    ),
    (
        {"initial_state": {"exchange": "binance_spot", "balances": [], "orders": []}},
        r"\.initial_state: unknown key 'orders'; there are 'exchange', 'balances', 'instruments'",
    ),
]


@pytest.mark.parametrize(("fields", "reason"), UNKNOWN)
def test_unknown_keys_are_refused(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        read(**{"latency_ms": 0, **fields} if "latency" not in fields else fields)


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_names_may_be_spelled_as_members_are(spell: Callable[[str], str]) -> None:
    fault = {spell("disconnect"): TIMED}
    made = read(
        latency_ms=0,
        fee_asset=spell("received"),
        liquidity=spell("infinite"),
        queue=spell("proportional"),
        faults=[fault],
        candle_fills=spell("close_only"),
        candle_price=spell("next_open"),
    )
    assert made == MockExecutionConfig(
        SPOT,
        HELD,
        fee_rate=Decimal("0.001"),
        fee_asset=FeeAsset.RECEIVED,
        liquidity=Liquidity.INFINITE,
        queue=QueuePosition.PROPORTIONAL,
        faults=FAULTS[:1],
        candle_fills=CandleFills.CLOSE_ONLY,
        candle_price=CandlePrice.NEXT_OPEN,
    )


# Faults outside the history


def with_faults(*faults: Fault) -> SystemConfig:
    return SystemConfig([spot("btc")], [MockExecutionConfig(SPOT, HELD, faults=faults)])


def test_faults_outside_the_history_are_told_of() -> None:
    data = quotes(3)
    begin, end = data.time_start, data.time_end
    within = (Disconnect(begin - MINUTE, MINUTE + MS), DuplicateAnswers(end, MINUTE))
    outside = (Disconnect(begin - 2 * MINUTE, MINUTE), DuplicateAnswers(end + MS, MINUTE))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bp.run_backtest(bp.DefaultStrategy(), data, with_faults(*within))
    with pytest.warns(UserWarning, match="outside the history") as told:
        bp.run_backtest(bp.DefaultStrategy(), data, with_faults(*within, *outside))
    texts = [str(one.message) for one in told]
    span = f"from {begin.isoformat()} to {end.isoformat()}"
    assert [text.split(",")[0] for text in texts] == [
        "faults[2] of binance_spot",
        "faults[3] of binance_spot",
    ]
    assert all(text.endswith(span) for text in texts)
    assert {one.filename for one in told} == {__file__}


def test_several_runs_are_told_once_of_faults_outside_the_history() -> None:
    data = quotes(3)
    config = with_faults(Disconnect(data.time_start - MINUTE, MINUTE))
    with ThreadPoolExecutor(1) as executor, pytest.warns(UserWarning, match="outside") as told:
        runs = bp.run_backtests(
            bp.DefaultStrategy, {"strategy_id": ["one", "two"]}, data, config, executor=executor
        )
    assert [run.error for run in runs] == [None, None]
    assert [one.filename for one in told] == [__file__]

"""A configuration that is written as JSON is read as an equal one."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barter_python import (
    CandleFills,
    CandlePrice,
    DelayAnswers,
    Disconnect,
    DuplicateAnswers,
    EmpiricalLatency,
    ExchangeId,
    FeeAsset,
    InstrumentConfig,
    Liquidity,
    MockExecutionConfig,
    QueuePosition,
    RateLimit,
    RejectRequests,
    SystemConfig,
    Underlying,
    UniformLatency,
)
from barter_python.instrument import (
    FutureContract,
    InstrumentSpec,
    OptionContract,
    OptionExercise,
    OptionKind,
    OrderQuantityUnits,
    PerpetualContract,
    Spot,
)

MS = timedelta(milliseconds=1)
lengths = st.integers(1, 10_000).map(lambda count: count * MS)
seeds = st.integers(0, 2**64 - 1)
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc))
expiries = st.integers(1, 4_000_000_000_000).map(
    lambda count: datetime(1970, 1, 1, tzinfo=timezone.utc) + count * MS
)
numbers = st.decimals("0.00000001", 1000, places=8)
shares = st.decimals("0", "0.005", places=6)
latencies = st.one_of(
    lengths,
    st.tuples(lengths, lengths, seeds).map(
        lambda drawn: UniformLatency(min(drawn[:2]), max(drawn[:2]), drawn[2])
    ),
    st.builds(EmpiricalLatency, st.lists(lengths, min_size=1, max_size=3), seeds),
)
specs = st.builds(
    InstrumentSpec,
    price_min=numbers,
    price_tick_size=numbers,
    quantity_unit=st.sampled_from(["btc", *OrderQuantityUnits]),
    quantity_min=numbers,
    quantity_increment=numbers,
    notional_min=numbers,
)
kinds = st.one_of(
    st.just(Spot.SPOT),
    st.builds(PerpetualContract, numbers, st.just("usdt")),
    st.builds(FutureContract, numbers, st.just("usdt"), expiries),
    st.builds(
        OptionContract,
        numbers,
        st.just("usdt"),
        st.sampled_from(OptionKind),
        st.sampled_from(OptionExercise),
        expiries,
        strike=numbers,
    ),
)
instruments = st.builds(
    InstrumentConfig,
    st.just(ExchangeId.BINANCE_SPOT),
    st.text(min_size=1, max_size=9).filter(lambda name: name.strip() == name),
    st.just(Underlying("btc", "usdt")),
    kind=kinds,
    spec=st.none() | specs,
)
faults = st.one_of(
    st.builds(Disconnect, times, lengths),
    st.builds(DuplicateAnswers, times, lengths),
    st.builds(RejectRequests, times, lengths, st.text(max_size=9).filter(str.strip)),
    st.builds(DelayAnswers, times, lengths, lengths),
)
EXECUTION = {
    "mocked_exchange": st.just(ExchangeId.BINANCE_SPOT),
    "balances": st.fixed_dictionaries({"usdt": numbers}),
    "latency": latencies,
    "fee_rate": shares,
    "maker_fee_rate": st.none() | shares,
    "fee_asset": st.sampled_from(FeeAsset),
    "answer_latency": latencies,
    "liquidity": st.sampled_from(Liquidity),
    "queue": st.sampled_from(QueuePosition),
    "leverage": st.integers(1, 100),
    "end_of_day": st.integers(0, 86_399_999).map(lambda count: count * MS),
    "rate_limit": st.none() | st.builds(RateLimit, st.integers(1, 99), lengths),
    "faults": st.lists(faults, max_size=4, unique_by=type),
    "candle_fills": st.sampled_from(CandleFills),
    "candle_price": st.sampled_from(CandlePrice),
    "maintenance_margin": st.none() | st.decimals("0.001", "0.009", places=3),
}
executions = st.fixed_dictionaries(EXECUTION).map(lambda drawn: MockExecutionConfig(**drawn))


def test_every_field_of_an_execution_is_drawn() -> None:
    assert set(EXECUTION) == {each.name for each in fields(MockExecutionConfig)}


@given(instruments, executions, st.decimals(0, 1, places=4), st.sampled_from([None, 2]))
def test_what_is_written_is_read_as_it_was(
    instrument: InstrumentConfig,
    execution: MockExecutionConfig,
    risk_free_return: Decimal,
    indent: int | None,
) -> None:
    config = SystemConfig([instrument], [execution], risk_free_return)
    assert SystemConfig.from_json_text(config.to_json_text(indent=indent)) == config


def test_a_length_below_a_millisecond_is_refused() -> None:
    config = SystemConfig.from_json("examples/data/system_config.json")
    quick = config.with_executions(answer_latency=timedelta(microseconds=1))
    with pytest.raises(ValueError, match=r"answer_latency is 0\.000001 s, which a JSON conf"):
        quick.to_json_text()

"""Runs of the package against the model of `docs/exchange.md`: fill by fill, call by call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from models import backtest as model
from models import market as market_model
from models import script as script_model
from models.comparison import Maker, check_calls, check_everything, compare, recording, setup_of
from models.exchange_cases import INDEX, INSTRUMENTS, START, Case, case_of
from models.exchange_cases import Maker as CaseMaker
from models.order import Failure
from support import LONG_RUN, ROOT

import barter_python as bp

HISTORY = ROOT / "examples" / "data" / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"

# The bundled history, of which a part is enough for the short runs


@cache
def real_events(count: int) -> list[market_model.Event]:
    return market_model.read_json_lines(HISTORY, ["binance_spot"])[:count]


@cache
def real_part(history: bp.MarketData, count: int) -> bp.MarketData:
    return bp.MarketData.from_events(list(history)[:count])


QUANTITIES = (Fraction("0.05"), Fraction("0.8"), Fraction("12.5"))
BEGIN = datetime(2025, 3, 25, 23, 7, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)


def real_config(config: bp.SystemConfig, changes: Mapping[str, object]) -> bp.SystemConfig:
    (execution,) = config.executions
    base = {
        "balances": {"usdt": Decimal(60_000), "btc": Decimal("0.5"), "eth": 8, "sol": 120},
        "fee_rate": Decimal("0.00075"),
        "maker_fee_rate": Decimal("0.0002"),
        "latency": 5 * MILLISECOND,
        "answer_latency": 3 * MILLISECOND,
    }
    return replace(config, executions=[replace_fields(execution, {**base, **changes})])


def replace_fields(
    execution: bp.MockExecutionConfig, changes: Mapping[str, object]
) -> bp.MockExecutionConfig:
    changed: bp.MockExecutionConfig = replace(execution, **changes)  # type: ignore[arg-type]  # by name
    return changed


SETTINGS: dict[str, Mapping[str, object]] = {
    "shown, back": {},
    "front": {"queue": bp.QueuePosition.FRONT},
    "proportional": {"queue": bp.QueuePosition.PROPORTIONAL},
    "infinite, back": {"liquidity": bp.Liquidity.INFINITE},
    "infinite, proportional": {
        "liquidity": bp.Liquidity.INFINITE,
        "queue": bp.QueuePosition.PROPORTIONAL,
    },
    "fees of what is received": {"fee_asset": bp.FeeAsset.RECEIVED},
    "rebate": {"maker_fee_rate": Decimal("-0.0001")},
    "uniform latencies": {
        "latency": bp.UniformLatency(MILLISECOND, 40 * MILLISECOND, 7),
        "answer_latency": bp.UniformLatency(0 * MILLISECOND, 90 * MILLISECOND, 2**63 + 5),
    },
    "empirical latencies": {
        "latency": bp.EmpiricalLatency([MILLISECOND, 9 * MILLISECOND, 200 * MILLISECOND], 1),
        "answer_latency": bp.EmpiricalLatency([0 * MILLISECOND, 20 * MILLISECOND], 2),
    },
    "few requests": {"rate_limit": bp.RateLimit(12, SECOND)},
    "little money": {"balances": {"usdt": Decimal("3000.5"), "eth": 1}},
    "disconnects": {
        "faults": (
            bp.Disconnect(BEGIN, 2 * SECOND),
            bp.Disconnect(BEGIN + 4 * SECOND, SECOND),
        )
    },
    "refusals": {"faults": (bp.RejectRequests(BEGIN, 2 * SECOND, "closed"),)},
    "delays": {"faults": (bp.DelayAnswers(BEGIN, 2 * SECOND, 300 * MILLISECOND),)},
    "duplicates": {"faults": (bp.DuplicateAnswers(BEGIN, SECOND),)},
    "all faults": {
        "faults": (
            bp.DelayAnswers(BEGIN, 3 * SECOND, 300 * MILLISECOND),
            bp.Disconnect(BEGIN + SECOND, SECOND),
            bp.DuplicateAnswers(BEGIN, 3 * SECOND),
            bp.RejectRequests(BEGIN + 4 * SECOND, SECOND, "closed"),
        )
    },
}


@pytest.mark.parametrize("name", SETTINGS)
def test_market_making_on_real_data_gives_what_the_model_gives(
    name: str, real_history: bp.MarketData, real_config_: bp.SystemConfig
) -> None:
    count = 50_000 if LONG_RUN else 3_000
    config = real_config(real_config_, SETTINGS[name])
    strategy = recording(Maker(script_model.Making(QUANTITIES)), config)
    history = real_part(real_history, count)
    result = bp.run_backtest(strategy, history, config, close_at_end=True)
    setup = setup_of(config, bp.FillPrice.BEST_OPPOSITE, close_at_end=True)
    run = model.run(setup, real_events(count), script_model.Maker(script_model.Making(QUANTITIES)))
    check_calls(strategy, run)
    check_everything(result, run)
    statuses = Counter(order.status for order in run.orders)
    assert statuses["fully_filled"] > 5
    assert statuses["cancelled"] > 5


@pytest.fixture
def real_config_(examples: Path) -> bp.SystemConfig:
    return bp.SystemConfig.from_json(examples / "system_config.json")


# Random histories, settings and scripts

examples_of = settings(
    max_examples=5_000 if LONG_RUN else 100,
    database=None,
    derandomize=not LONG_RUN,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.data_too_large],
)


@pytest.mark.filterwarnings("ignore:faults.*outside the history")
@examples_of
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_random_runs_give_what_the_model_gives(random: Random, most: int) -> None:
    compare(CaseMaker(random).case(most))


@pytest.mark.filterwarnings("ignore:faults.*outside the history")
def test_many_random_runs_give_what_the_model_gives() -> None:
    """What hypothesis is too slow for; and a look at what the generator comes to."""
    counts: Counter[str] = Counter()
    for seed in range(20_000 if LONG_RUN else 300):
        try:
            run = compare(case_of(seed))
        except BaseException:
            print(f"failed: case_of({seed})")
            raise
        counts.update(what_came(run))
    rare = {name: counts[name] for name in WANTED if not counts[name]}
    assert not rare, sorted(counts.items())


WANTED = (
    "status open",
    "status cancelled",
    "status expired",
    "status fully_filled",
    "in several fills",
    "resting filled",
    "settled",
    "liquidated",
    "funding of a long",
    "funding of a short",
    "event account_reconnecting",
    "event snapshot",
    "failure balance_insufficient",
    "failure exchange_offline",
    "failure instrument_invalid",
    "failure rate_limit",
    "failure order_already_cancelled",
    "failure order_already_fully_filled",
    "text closed",
    "text a market order cannot be post-only",
    "text post-only: the order would take liquidity",
    "text quantity",
    "text price",
    "text notional",
    "text the limit price",
    "text no price of",
    "text nothing to",
    "text there is no order",
    "text the order",
)


def what_came(run: model.Run) -> Sequence[str]:
    """Name what a run has come to."""
    names = [f"status {order.status}" for order in run.orders]
    fills = Counter(fill.order for fill in run.exchanges.fills)
    names += ["in several fills" for count in fills.values() if count > 1]
    names += ["resting filled" for order in run.orders if order.maker]
    names += ["liquidated" for fill in run.fills if fill.request.strategy == "bp-liquidation"]
    names += ["settled" for fill in run.fills if fill.request.strategy == "bp-settlement"]
    for payment in run.funding:
        names.append("funding of a long" if payment.buy else "funding of a short")
    for call in run.calls:
        names.append(f"event {call.what[0]}")
        failure = call.what[-1]
        if isinstance(failure, Failure):
            names.append(f"failure {failure.kind}")
            names += [
                wanted
                for wanted in WANTED
                if wanted.startswith("text ")
                and (failure.detail or "").startswith(wanted.removeprefix("text "))
            ]
    return names


def test_an_id_can_be_in_use_that_the_engine_has_forgotten() -> None:
    """Two cancels that fail, one of them before its order arrives: see the page on cancels."""
    index = INDEX.instrument_index("kraken-btc_usd")
    order = script_model.Wish(
        index, True, Fraction(1), Fraction(90), True, False, "good_until_cancelled", "a"
    )
    cancel = replace(order, cancel=True)
    trade = bp.PublicTrade("1", price=95, amount=1, side=bp.Side.BUY)
    events = [
        bp.MarketEvent(time, time, bp.ExchangeId.KRAKEN, index, trade)
        for time in (START, START + 1, START + 5_000)
    ]
    latency = timedelta(microseconds=1)
    executions = [
        bp.MockExecutionConfig(exchange, {money: 1000}, latency, fee_rate=0)
        for exchange, money in ((bp.ExchangeId.BINANCE_SPOT, "usdt"), (bp.ExchangeId.KRAKEN, "usd"))
    ]
    script = {0: [cancel, order], 1: [replace(cancel, number="77")], 2: [order]}
    run = compare(Case(bp.SystemConfig(INSTRUMENTS, executions), events, script))
    details = [None if one.failure is None else one.failure.detail for one in run.orders]
    assert details == [None, "the client order id a is in use"]


@pytest.mark.parametrize("liquidity", bp.Liquidity)
@pytest.mark.parametrize("queue", bp.QueuePosition)
@pytest.mark.parametrize("fee_asset", bp.FeeAsset)
def test_each_setting_gives_what_the_model_gives(
    liquidity: bp.Liquidity, queue: bp.QueuePosition, fee_asset: bp.FeeAsset
) -> None:
    for seed in range(1_000 if LONG_RUN else 10):
        case = case_of(seed + 10**9, faults=False)
        executions = [
            replace(execution, liquidity=liquidity, queue=queue, fee_asset=fee_asset)
            for execution in case.config.executions
        ]
        compare(replace(case, config=replace(case.config, executions=executions)))

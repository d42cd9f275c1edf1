"""Hostile events of `support.hostile` against the engine: `fuzz.engine` is for long runs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import LONG_RUN
from support.histories import START_NS, execution, l1, spot
from support.hostile import (
    COINBASE,
    INSTRUMENTS,
    BrokenError,
    Episode,
    Hostile,
    HostileRisk,
    HostileStrategy,
    limits,
)

from barter_python import (
    AccountEvent,
    AccountEventError,
    BacktestResult,
    BarterError,
    ClientOrderId,
    Engine,
    EnginePoisonedError,
    MarketData,
    MarketDataError,
    MarketEvent,
    Order,
    OrderKey,
    OrderKind,
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    OrderStatus,
    Reconnecting,
    RequestOpen,
    SendCancelRequests,
    SendOpenRequests,
    Side,
    StrategyId,
    SystemConfig,
    TimeInForce,
    run_backtest,
)
from barter_python.engine import EngineEvent

random_runs = settings(
    max_examples=1_000 if LONG_RUN else 25,
    derandomize=not LONG_RUN,
    database=None,
    suppress_health_check=[HealthCheck.data_too_large],
)


@random_runs
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_no_events_break_the_engine(random: Random, events: int) -> None:
    Episode(random).run(events)


def test_long_sequences_do_not_break_the_engine() -> None:
    """What hypothesis is too slow for; and a look at what the generator comes to."""
    counts: Counter[str] = Counter()
    for seed in range(400 if LONG_RUN else 40):
        Episode(Random(seed), counts).run(250)
    reached = {name for name, count in counts.items() if count >= 10}
    wanted = """
        output: AccountDisconnect|output: AlgoOrders|output: Commanded|output: MarketDisconnect
        |output: PositionExit|output: TradingDisabled|processed: AccountEvent
        |processed: AccountReconnecting|processed: CancelOrders|processed: ClosePositions
        |processed: MarketEvent|processed: Reconnecting|processed: SendCancelRequests
        |processed: SendOpenRequests|processed: Shutdown|processed: TradingState
        |raised: AccountEventError|raised: BrokenError|raised: MarketDataError
        |raised: OrderRequestError|raised: TypeError|raised: UnknownKeyError|raised: ValueError
    """
    assert {name.strip() for name in wanted.split("|")} - reached == set()


# Runs


CONFIG = SystemConfig(
    [spot("btc"), spot("eth"), spot("eth", "btc"), spot("btc", "usd", COINBASE)],
    [
        execution(fee_rate=Decimal("0.001")),
        execution(COINBASE, balances={"usd": 10**9, "btc": Decimal("0.1")}),
    ],
)


def backtest(random: Random, events: int) -> BacktestResult | Exception:
    """Run something hostile; what a user may meet is returned, all else is raised."""
    hostile = Hostile(random, spite=120)
    calm = Hostile(random, spite=500)
    state = Engine(HostileStrategy(calm), INSTRUMENTS, time_start=START_NS).snapshot()
    history: list[MarketEvent | Reconnecting] = []
    for _ in range(events):
        try:
            happened = hostile.event(state)
        except (ValueError, TypeError):
            continue
        if isinstance(happened, MarketEvent | Reconnecting):
            history.append(happened)
    risk = hostile.pick((None, None, HostileRisk(calm), limits(hostile)))
    try:
        result = run_backtest(
            HostileStrategy(calm),
            MarketData.from_events(history),
            CONFIG,
            risk_manager=risk,
            guard_commands=hostile.once_in(2),
            close_at_end=hostile.once_in(2),
        )
    except EnginePoisonedError:
        raise
    except (BarterError, ValueError, TypeError, BrokenError) as error:
        return error
    str(result)
    result.to_json()
    return result


@pytest.mark.filterwarnings("ignore:.*best bid above the best ask")
@random_runs
@given(st.randoms(use_true_random=False), st.integers(1, 20))
def test_no_history_and_no_strategy_break_a_run(random: Random, events: int) -> None:
    backtest(random, events)


@pytest.mark.filterwarnings("ignore:.*best bid above the best ask")
def test_longer_runs_do_not_break_either() -> None:
    results = [backtest(Random(seed), 40) for seed in range(5_000 if LONG_RUN else 300)]
    finished = [one for one in results if isinstance(one, BacktestResult)]
    assert len(finished) > len(results) // 10
    assert sum(len(one.fills) for one in finished) > len(results) // 20


# What long runs have found


HUGE = "79228162514264337593543950335"
KEY = OrderKey(0, 0, StrategyId("s"), ClientOrderId("c"))
REQUEST = RequestOpen(
    Side.BUY, Decimal(1), Decimal(1), OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL
)


def live(strategy: str = "s", cid: str = "c", number: str = "x") -> AccountEvent:
    """Make the news of an open order."""
    order = Order(
        exchange=0,
        instrument=0,
        strategy_id=strategy,
        client_order_id=cid,
        side=Side.BUY,
        price=Decimal(1),
        quantity=1,
        kind=OrderKind.LIMIT,
        time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED,
        status=OrderStatus.OPEN,
        order_id=number,
        filled_quantity=0,
        time_exchange=START_NS,
    )
    return AccountEvent(0, order)


@pytest.mark.parametrize(
    ("event", "error", "text"),
    [
        (l1(0, HUGE, HUGE), MarketDataError, "best_bid.price .* is too large"),
        (
            SendOpenRequests([OrderRequestOpen(KEY, cast("RequestOpen", 1))]),
            TypeError,
            "state must be of the class RequestOpen, got int",
        ),
        (
            SendOpenRequests([OrderRequestOpen(cast("OrderKey", None), REQUEST)]),
            TypeError,
            "key must be of the class OrderKey, got NoneType",
        ),
        (
            SendCancelRequests([OrderRequestCancel(cast("OrderKey", "c"))]),
            TypeError,
            "key must be of the class OrderKey, got str",
        ),
        (live(strategy=" "), AccountEventError, 'order "c": strategy_id must not be blank'),
        (live(cid=""), AccountEventError, "client_order_id must not be blank"),
        (live(number="\t"), AccountEventError, 'order "c": order_id must not be blank'),
        (
            AccountEvent(
                0,
                OrderResponseCancel(
                    exchange=0,
                    instrument=0,
                    strategy_id="",
                    client_order_id="c",
                    order_id="x",
                    time_exchange=START_NS,
                ),
            ),
            AccountEventError,
            'order "c": strategy_id must not be blank',
        ),
    ],
    ids=repr,
)
def test_refused_with_an_error_that_says_why(
    event: EngineEvent, error: type[Exception], text: str
) -> None:
    engine = Engine(HostileStrategy(Hostile(Random(0))), INSTRUMENTS, time_start=START_NS)
    before = engine.snapshot()
    with pytest.raises(error, match=text):
        engine.process(event)
    assert engine.snapshot() == before
    assert engine.last_tick is None


def test_prices_too_large_for_their_sum_are_refused_in_histories() -> None:
    with pytest.raises(MarketDataError, match="too large"):
        MarketData.from_events([l1(0, HUGE, HUGE)])


@pytest.mark.parametrize("time", [2**63, -(2**63) - 1, 10**400])
def test_times_that_do_not_fit_are_value_errors(time: int) -> None:
    with pytest.raises(ValueError, match="outside the years 1677 to 2262"):
        Engine(HostileStrategy(Hostile(Random(0))), INSTRUMENTS, time_start=time)


def test_a_datetime_before_the_first_year_is_a_value_error() -> None:
    early = datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        Engine(HostileStrategy(Hostile(Random(0))), INSTRUMENTS, time_start=early)

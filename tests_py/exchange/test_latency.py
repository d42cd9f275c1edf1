"""The way there and back: what is drawn, what overtakes nothing, and what meets on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from support.histories import (
    BTC,
    MILLISECOND,
    START_NS,
    Action,
    OnMarketEvents,
    at,
    buy,
    cancel_request,
    history,
    l1,
    limit_request,
    quotes,
    trade,
    two_exchanges,
    two_instruments,
    with_execution,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AuditTick,
    Balance,
    ClosePositions,
    EmpiricalLatency,
    EngineView,
    ExchangeId,
    FeeAsset,
    InstrumentFilter,
    Latency,
    Liquidity,
    MarketEvent,
    Order,
    OrderFailure,
    OrderFailureKind,
    OrderRequestOpen,
    OrderResponseCancel,
    Orders,
    OrderStatus,
    QueuePosition,
    SendCancelRequests,
    Side,
    Strategy,
    TimeInForce,
    Trade,
    UniformLatency,
    run_backtest,
)

MS = timedelta(milliseconds=1)


def splitmix64(seed: int) -> Iterator[int]:
    """Draw as Steele, Lea and Flood (2014) do: a Weyl sequence, and two rounds of mixing."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        mixed = state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        yield mixed ^ (mixed >> 31)


def test_the_generator_of_this_test() -> None:
    """The first value of the seed 0 is in everybody's list."""
    assert next(splitmix64(0)) == 0xE220A8397B1DCDAF


def expected(latency: Latency, count: int, way: int = 0) -> list[int]:
    """Give the first latencies of a way in nanoseconds, as the page says."""
    if isinstance(latency, timedelta):
        return [latency // timedelta(microseconds=1) * 1000] * count
    draws = splitmix64((latency.seed + way) % 2**64)
    if isinstance(latency, UniformLatency):
        low, high = expected(latency.low, 1)[0], expected(latency.high, 1)[0]
        return [low + next(draws) * (high - low + 1) // 2**64 for _ in range(count)]
    samples = [expected(sample, 1)[0] for sample in latency.samples]
    return [samples[next(draws) * len(samples) // 2**64] for _ in range(count)]


@dataclass(eq=False)
class Sending(Strategy):
    """Buys a little after each market event, and notes when it is told of its orders."""

    orders_at_once: int = 1
    instruments: tuple[int, ...] = (BTC,)
    sent: list[int] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        match state.event:
            case AccountEvent(kind=Order(client_order_id=cid)):
                self.told.append((state.time_ns, cid))
            case MarketEvent():
                opens: list[OrderRequestOpen] = []
                for index in self.instruments:
                    view = state.instrument(index)
                    if view.price is not None:
                        opens.extend(
                            view.market_order(Side.BUY, Decimal("0.001"), strategy_id="test")
                            for _ in range(self.orders_at_once)
                        )
                self.sent.extend(state.time_ns for _ in opens)
                return [], opens
            case _:
                pass
        return NO_ORDERS


DRAWN: list[Latency] = [
    UniformLatency(0 * MS, 90 * MS, 1),
    UniformLatency(3 * MS, 3 * MS, 2),
    UniformLatency(20 * MS, 450 * MS, 2**64 - 1),
    EmpiricalLatency([5 * MS, 40 * MS, 330 * MS, 41 * MS, 0 * MS], 0),
    EmpiricalLatency([7 * MS], 9),
    130 * MS,
]


@pytest.mark.parametrize("there", DRAWN, ids=repr)
@pytest.mark.parametrize("back", DRAWN[::2], ids=repr)
@pytest.mark.parametrize("at_once", [1, 3])
def test_latencies_are_the_draws_and_nothing_overtakes(
    there: Latency, back: Latency, at_once: int
) -> None:
    strategy = Sending(at_once)
    config = with_execution(two_instruments(), latency=there, answer_latency=back)
    result = run_backtest(strategy, quotes(40), config)
    count = 40 * at_once
    assert len(strategy.sent) == count
    due = map(sum, zip(strategy.sent, expected(there, count), strict=True))
    decided = list(accumulate(due, max))
    assert [fill.time_exchange_ns for fill in result.fills] == decided
    assert [report.time_finished_ns for report in result.orders] == decided
    told = map(sum, zip(decided, expected(back, count, 1), strict=True))
    delivered = list(accumulate(told, max))
    # After the history the strategy is not asked any more.
    within = [time for time in delivered if time <= at(3900)]
    assert [time for time, _ in strategy.told] == within
    cids = [cid for _, cid in strategy.told]
    assert cids == [report.order.client_order_id for report in result.orders][: len(within)]


def test_one_latency_draws_anew_for_each_way_and_exchange() -> None:
    latency = UniformLatency(0 * MS, 50 * MS, 2**64 - 2)
    ways = [expected(latency, 3, way) for way in range(4)]
    assert len({tuple(way) for way in ways}) == 4
    # The seeds start anew at 0 beyond the largest.
    assert ways[3] == expected(replace(latency, seed=1), 3)
    strategy = Sending()
    config = with_execution(two_instruments(), latency=latency, answer_latency=latency)
    result = run_backtest(strategy, quotes(1), config)
    (report,) = result.orders
    assert report.time_finished_ns == report.time_sent_ns + ways[0][0]


def test_a_latency_for_one_run() -> None:
    latency = UniformLatency(5 * MS, 50 * MS, 3)
    result = run_backtest(Sending(), quotes(5), two_instruments(), latency=latency)
    delays = [
        fill.time_exchange_ns - report.time_sent_ns
        for fill, report in zip(result.fills, result.orders, strict=True)
    ]
    assert delays == expected(latency, 5)


def test_exchanges_and_ways_draw_for_themselves() -> None:
    latency = UniformLatency(5 * MS, 50 * MS, 3)
    strategy = Sending(instruments=(0, 1))
    config = with_execution(two_exchanges(), latency=latency, answer_latency=latency)
    coinbase = ExchangeId.COINBASE
    data = history(
        l1(0, "100", "102"),
        l1(100, "100", "102", instrument=1, exchange=coinbase),
        l1(200, "100", "102"),
        l1(400, "100", "102"),
    )
    result = run_backtest(strategy, data, config)
    for instrument, events in ((0, (0, 100, 200, 400)), (1, (100, 200, 400))):
        decided = [
            at(event) + delay
            for event, delay in zip(
                events, expected(latency, len(events), 2 * instrument), strict=True
            )
        ]
        fills = [fill.time_exchange_ns for fill in result.fills if fill.instrument == instrument]
        assert fills == decided


# What meets on the way


def sending(*requests: OrderRequestOpen) -> Action:
    """Send these."""
    return lambda state: ([], list(requests))


def cancelling(*cids: str) -> Action:
    """Cancel these."""
    return lambda state: ([cancel_request(cid) for cid in cids], [])


def told(strategy: OnMarketEvents) -> list[object]:
    """Name what the strategy was told of its account, in order."""
    names: list[object] = []
    for one in strategy.seen:
        match one:
            case AccountEvent(kind=Order(status=status)):
                names.append(status)
            case AccountEvent(kind=OrderResponseCancel(failure=None)):
                names.append("cancelled")
            case AccountEvent(kind=OrderResponseCancel(failure=OrderFailure(kind=kind))):
                names.append(kind)
            case AccountEvent(kind=Trade(price=price)):
                names.append(price)
            case _:
                pass
    return names


def test_a_cancel_that_meets_a_fill_comes_too_late() -> None:
    strategy = OnMarketEvents({0: sending(limit_request("one", 100)), 1: cancelling("one")})
    config = with_execution(two_instruments(), latency=50 * MS, answer_latency=50 * MS)
    data = history(
        l1(0, "100", "102"),
        l1(100, "100", "102"),
        trade(120, "99", "1", side=Side.SELL),
        l1(160, "100", "102"),
        l1(300, "100", "102"),
    )
    result = run_backtest(strategy, data, config)
    assert told(strategy) == [
        OrderStatus.OPEN,
        Decimal(100),
        OrderStatus.FULLY_FILLED,
        OrderFailureKind.ORDER_ALREADY_FULLY_FILLED,
    ]
    (report,) = result.orders
    assert report.order.status is OrderStatus.FULLY_FILLED
    assert report.filled_quantity == 1
    # Filled by the trade, while the cancel is under way, and told after the cancel has arrived.
    assert report.time_finished_ns == result.fills[0].time_exchange_ns == at(120)
    assert result.balances["binance_spot_usdt"] == Balance(total=9_900, free=9_900)


def test_a_cancel_in_time_frees_what_was_reserved() -> None:
    strategy = OnMarketEvents({0: sending(limit_request("one", 100)), 1: cancelling("one")})
    config = with_execution(two_instruments(), latency=10 * MS, answer_latency=5 * MS)
    data = history(
        l1(0, "100", "102"),
        l1(100, "100", "102"),
        trade(120, "99", "1", side=Side.SELL),
        l1(300, "100", "102"),
    )
    result = run_backtest(strategy, data, config)
    assert told(strategy) == [OrderStatus.OPEN, "cancelled"]
    (report,) = result.orders
    assert report.order.status is OrderStatus.CANCELLED
    assert report.order.time_exchange_ns == report.time_finished_ns == at(110)
    assert report.order.order_id == "1"
    assert report.filled_quantity == 0
    assert report.order.filled_quantity is None
    assert result.balances["binance_spot_usdt"] == Balance(total=10_000, free=10_000)
    assert result.fills == []


def test_a_cancel_does_not_overtake_its_order() -> None:
    samples = [250 * MS, 1 * MS]
    seed = next(
        seed
        for seed in range(100)
        if expected(EmpiricalLatency(samples, seed), 2) == [250 * MILLISECOND, MILLISECOND]
    )
    latency = EmpiricalLatency(samples, seed)
    strategy = OnMarketEvents({0: sending(limit_request("one", 100)), 1: cancelling("one")})
    config = with_execution(two_instruments(), latency=latency)
    result = run_backtest(strategy, quotes(5), config)
    assert told(strategy) == [OrderStatus.OPEN, "cancelled"]
    assert result.orders[0].time_finished_ns == at(250)


def test_a_partly_filled_order_that_is_cancelled_keeps_what_is_filled() -> None:
    strategy = OnMarketEvents({0: sending(limit_request("one", 100, 3)), 3: cancelling("one")})
    config = with_execution(
        two_instruments(fee_rate=Decimal("0.01")),
        liquidity=Liquidity.SHOWN,
        queue=QueuePosition.FRONT,
        fee_asset=FeeAsset.RECEIVED,
    )
    data = history(
        l1(0, "100", "102"),
        trade(100, "100", "0.5", side=Side.SELL),
        trade(200, "100", "0.25", side=Side.SELL),
        l1(300, "100", "102"),
    )
    result = run_backtest(strategy, data, config)
    assert [fill.quantity for fill in result.fills] == [Decimal("0.495"), Decimal("0.2475")]
    (report,) = result.orders
    assert report.order.status is OrderStatus.CANCELLED
    # In the order's own quantity: the fee is not taken off.
    assert report.filled_quantity == Decimal("0.75")


def test_an_order_that_fills_in_part_at_once_says_how_much() -> None:
    strategy = OnMarketEvents({0: lambda state: buy(state, 3)})
    config = with_execution(two_instruments(), liquidity=Liquidity.SHOWN)
    result = run_backtest(strategy, history(l1(0, "100", "102")), config)
    (report,) = result.orders
    assert report.order.status is OrderStatus.EXPIRED
    assert report.filled_quantity == 1
    assert report.order.filled_quantity is None


# What comes to pass without a market event


def test_a_day_order_ends_between_two_market_events() -> None:
    day_order = limit_request("day", 100, time_in_force=TimeInForce.GOOD_UNTIL_END_OF_DAY)
    strategy = OnMarketEvents({0: sending(day_order)})
    # The history starts at 22:13:20.123456789 UTC; the day ends 200 ms after 22:13:20.
    end = timedelta(hours=22, minutes=13, seconds=20, milliseconds=200)
    config = with_execution(two_instruments(), end_of_day=end, answer_latency=7 * MS)
    result = run_backtest(strategy, quotes(3), config)
    assert told(strategy) == [OrderStatus.OPEN, OrderStatus.EXPIRED]
    (report,) = result.orders
    assert report.order.status is OrderStatus.EXPIRED
    assert report.time_finished_ns == START_NS - 123_456_789 + 200 * MILLISECOND
    assert result.balances["binance_spot_usdt"] == Balance(total=10_000, free=10_000)


def test_after_the_history_an_order_ends_only_while_something_is_under_way() -> None:
    day_order = limit_request("day", 100, time_in_force=TimeInForce.GOOD_UNTIL_END_OF_DAY)
    end = timedelta(hours=22, minutes=13, seconds=20, milliseconds=200)
    config = with_execution(two_instruments(), end_of_day=end)
    alone = run_backtest(OnMarketEvents({0: sending(day_order)}), quotes(1), config)
    assert [report.order.status for report in alone.orders] == [OrderStatus.OPEN]
    assert alone.balances["binance_spot_usdt"] == Balance(total=10_000, free=9_900)
    slow = with_execution(config, answer_latency=100 * MS)
    ended = run_backtest(OnMarketEvents({0: sending(day_order)}), quotes(1), slow)
    assert [report.order.status for report in ended.orders] == [OrderStatus.EXPIRED]


def test_close_at_end_cancels_what_rests_and_then_closes() -> None:
    resting = [limit_request(cid, price) for cid, price in (("b", 90), ("a", 95), ("c", 80))]
    strategy = Closing({0: lambda state: ([], [*buy(state)[1], *resting])})
    config = with_execution(two_instruments(), latency=20 * MS, answer_latency=30 * MS)
    ticks: list[AuditTick] = []
    result = run_backtest(
        strategy,
        quotes(3),
        config,
        close_at_end=True,
        audit=lambda tick: ticks.append(tick) if isinstance(tick, AuditTick) else None,
    )
    assert [report.order.status for report in result.orders] == [
        OrderStatus.FULLY_FILLED,
        *[OrderStatus.CANCELLED] * 3,
        OrderStatus.FULLY_FILLED,
    ]
    finished = [report.time_finished_ns for report in result.orders]
    # Cancels arrive 20 ms after the last event, and are told 30 ms later; then the sale is sent.
    assert finished == [at(20), at(220), at(220), at(220), at(270)]
    assert result.open_positions == []
    assert result.balances["binance_spot_usdt"] == Balance(total=9_998, free=9_998)
    cancels = [tick.event for tick in ticks if isinstance(tick.event, SendCancelRequests)]
    (sent,) = cancels
    assert [str(request.key.cid) for request in sent.requests] == ["a", "b", "c"]
    assert strategy.orders_when_closing == [0]


@dataclass(eq=False)
class Closing(OnMarketEvents):
    """Notes how many orders are open when positions are closed."""

    orders_when_closing: list[int] = field(default_factory=list)

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        self.orders_when_closing.append(len(state.instrument(BTC).orders))
        return super().close_positions_requests(state, filter)


def test_close_at_end_without_open_orders_gives_one_command() -> None:
    ticks: list[AuditTick] = []
    run_backtest(
        OnMarketEvents({0: buy}),
        quotes(2),
        two_instruments(),
        close_at_end=True,
        audit=lambda tick: ticks.append(tick) if isinstance(tick, AuditTick) else None,
    )
    commands = [
        tick.event for tick in ticks if isinstance(tick.event, (SendCancelRequests, ClosePositions))
    ]
    assert commands == [ClosePositions(InstrumentFilter.none())]

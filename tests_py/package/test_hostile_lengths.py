"""Sequences that are longer than memory, or lie about their length: the first wrong item raises."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar, cast

import pytest
from support.histories import (
    START_NS,
    OnMarketEvents,
    cancel_request,
    execution,
    history,
    l1,
    market_request,
    quotes,
    reconnecting,
    run,
    spot,
    two_instruments,
)
from support.odd_sequences import LENGTHS, Odd
from support.samples import RUN_OPTIONS
from typing_extensions import override

from barter_python import (
    AccountSnapshot,
    AssetBalance,
    Balance,
    DefaultStrategy,
    Engine,
    EngineView,
    HookCommand,
    IndexedInstruments,
    InstrumentAccountSnapshot,
    InstrumentFilter,
    MarketData,
    OpenPosition,
    OrderBook,
    Orders,
    PositionExited,
    Records,
    RiskDecision,
    SendCancelRequests,
    SendOpenRequests,
    Side,
    SystemConfig,
    TradingState,
    _core,
    run_backtest,
)
from barter_python.exchange import EmpiricalLatency
from barter_python.statistic import DataSetSummary

T = TypeVar("T")

Hostile: TypeAlias = Any
"""What no type checker would let through."""


class Returning(DefaultStrategy):
    """Returns from each hook what it was given."""

    def __init__(self, returned: object) -> None:
        self.returned = cast("Any", returned)

    @override
    def close_positions_requests(self, state: Hostile, filter: Hostile = None) -> Hostile:
        return [], self.returned

    @override
    def on_disconnect(self, exchange: Hostile, state: Hostile = None) -> Sequence[HookCommand]:
        return cast("Sequence[HookCommand]", self.returned)

    @override
    def on_trading_disabled(self, state: Hostile = None) -> Sequence[HookCommand]:
        return cast("Sequence[HookCommand]", self.returned)


def process(strategy: object, *events: Hostile) -> None:
    engine = Engine(cast("Any", strategy), two_instruments().index(), time_start=START_NS)
    for event in events:
        engine.process(event)


def decided(decision: RiskDecision) -> None:
    class Deciding:
        def check(self, state: EngineView, cancels: object, opens: object, /) -> RiskDecision:
            return decision

    strategy = OnMarketEvents({0: lambda state: ([], [market_request("one")])})
    run_backtest(strategy, quotes(1), two_instruments(), risk_manager=Deciding())


def position(trades: Hostile) -> PositionExited:
    return PositionExited(
        0,
        Side.BUY,
        price_entry_average=1,
        quantity_abs_max=1,
        pnl_realised=0,
        fees_enter=0,
        fees_exit=0,
        time_enter=START_NS,
        time_exit=START_NS,
        trades=trades,
    )


def open_position(trades: Hostile) -> OpenPosition:
    return OpenPosition(
        0,
        Side.BUY,
        price_entry_average=1,
        quantity_abs=1,
        quantity_abs_max=1,
        pnl_unrealised=0,
        pnl_realised=0,
        fees_enter=0,
        fees_exit=0,
        time_enter=START_NS,
        time_exchange_update=START_NS,
        trades=trades,
    )


INDEXED = two_instruments().index()


def fills(rows: Hostile) -> _core.TradeRows:
    return _core.TradeRows.of(rows, INDEXED)


def config(executions: Hostile) -> None:
    _core.check_executions(two_instruments().index(), executions)


def native_run(executions: Hostile) -> None:
    _core.run_backtest(
        DefaultStrategy(), quotes(1), two_instruments().index(), executions, RUN_OPTIONS
    )


PLACES: dict[str, Callable[[Any], object]] = {
    "opens": lambda items: run(lambda state: ([], items)),
    "cancels": lambda items: run(lambda state: (items, [])),
    "closes": lambda items: run_backtest(
        Returning(items), quotes(1), two_instruments(), close_at_end=True
    ),
    "on_disconnect": lambda items: process(Returning(items), reconnecting()),
    "on_trading_disabled": lambda items: process(
        Returning(items), TradingState.ENABLED, TradingState.DISABLED
    ),
    "commands of a hook": lambda items: process(
        Returning([SendOpenRequests(items)]), reconnecting()
    ),
    "SendOpenRequests": lambda items: process(DefaultStrategy(), SendOpenRequests(items)),
    "SendCancelRequests": lambda items: process(DefaultStrategy(), SendCancelRequests(items)),
    "RiskDecision.cancels": lambda items: decided(RiskDecision(items)),
    "RiskDecision.opens": lambda items: decided(RiskDecision([], items)),
    "RiskDecision.refused_cancels": lambda items: decided(
        RiskDecision([], [], refused_cancels=items)
    ),
    "RiskDecision.refused_opens": lambda items: decided(RiskDecision([], [], refused_opens=items)),
    "AccountSnapshot.balances": lambda items: AccountSnapshot(0, items, []),
    "AccountSnapshot.instruments": lambda items: AccountSnapshot(0, [], items),
    "InstrumentAccountSnapshot": lambda items: InstrumentAccountSnapshot(0, items),
    "PositionExited.trades": position,
    "OpenPosition.trades": open_position,
    "OrderBook.bids": lambda items: OrderBook(0, None, items, []),
    "OrderBook.asks": lambda items: OrderBook(0, None, [], items),
    "InstrumentFilter.underlyings": InstrumentFilter.underlyings,
    "IndexedInstruments": IndexedInstruments,
    "SystemConfig.instruments": lambda items: SystemConfig(items, [execution()]),
    "SystemConfig.executions": lambda items: SystemConfig([spot("btc")], items),
    "check_executions": config,
    "executions": native_run,
    "faults": lambda items: replace(execution(), faults=items),
    "samples": lambda items: EmpiricalLatency(items, seed=1),
    "TradeRows.of": fills,
    "table_of": lambda items: _core.table_of(items, "exact"),
    "table_of.values": lambda items: _core.table_of([("id", "text", items)], "exact"),
    "from_events": MarketData.from_events,
    "own data": lambda items: EngineView._from_snapshot(two_instruments().index(), "{", items),
}
"""Where a sequence comes in whose items cannot be numbers."""

NUMBERS_PLACES: dict[str, Callable[[Any], object]] = {
    "InstrumentFilter.instruments": InstrumentFilter.instruments,
    "InstrumentFilter.exchanges": InstrumentFilter.exchanges,
    "TradeRows.chosen": lambda items: fills([]).chosen(items),
    "report_by_strategy.marks": lambda items: _core.report_by_strategy(
        Records(_core.OrderReportRows.of([], INDEXED)), Records(fills([])), items
    ),
    "DataSetSummary.of": DataSetSummary.of,
}
"""Where the items are numbers."""


@pytest.mark.parametrize("place", sorted({*PLACES} - {"own data"}))
def test_a_sequence_longer_than_memory_ends_at_its_first_item(place: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        PLACES[place](range(10**9))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("place", sorted({*PLACES, *NUMBERS_PLACES} - {"own data"}))
def test_nobody_asks_for_the_length_before_a_wrong_item(
    place: str, length: Callable[[], int]
) -> None:
    enter = {**PLACES, **NUMBERS_PLACES}[place]
    with pytest.raises((TypeError, ValueError)):
        enter(Odd([object()], length))


@pytest.mark.parametrize("length", LENGTHS)
def test_nobody_asks_for_the_length_of_right_items(length: Callable[[], int]) -> None:
    def odd(*items: T) -> Sequence[T]:
        return Odd(list(items), length)

    def action(state: EngineView) -> Orders:
        return odd(cancel_request("none")), odd(market_request(state.next_cid().value))

    data = MarketData.from_events(odd(l1(0, "100", "102"), l1(1, "100", "102"), reconnecting()))
    assert len(data) == 3
    strategy = OnMarketEvents({0: action})
    result = run_backtest(strategy, data, two_instruments())
    assert len(result.fills) == 1
    assert position(odd("a", "b")).trades == ["a", "b"]
    balance = AssetBalance(0, Balance(total=1, free=1), START_NS)
    assert AccountSnapshot(0, odd(balance), odd()).balances == [balance]
    assert InstrumentFilter.instruments(odd(1, 0)) == InstrumentFilter.instruments([0, 1])
    assert len(IndexedInstruments(odd(spot("btc"), spot("eth"))).instruments) == 2
    assert DataSetSummary.of(odd(1, 3)).mean == 2
    moment = timedelta(milliseconds=1)
    assert EmpiricalLatency(odd(moment), seed=1).samples == (moment,)
    instruments, executions = odd(spot("btc")), odd(execution(balances={"usdt": 1}))
    assert len(SystemConfig(instruments, executions).index().instruments) == 1
    process(
        DefaultStrategy(),
        SendOpenRequests(odd(market_request("one"))),
        SendCancelRequests(odd(cancel_request("one"))),
    )


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (
            "opens",
            r"Acting\.generate_algo_orders returned wrong opens\[0\]: .*int",
        ),
        ("on_disconnect", r"Returning\.on_disconnect returned wrong commands\[0\]: .*got int"),
        (
            "SendOpenRequests",
            r"SendOpenRequests\.requests\[0\]: .* OrderRequestOpen, got int",
        ),
        ("AccountSnapshot.balances", r"balances.*item 0: .*int.*AssetBalance"),
        ("PositionExited.trades", r"trades.*item 0: .*int.*str"),
        ("IndexedInstruments", r"instruments\[0\]"),
        ("from_events", "event 0 must be a MarketEvent, .* or a Reconnecting, got int"),
    ],
)
def test_the_first_wrong_item_is_named(place: str, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        PLACES[place](range(10**9))


@pytest.mark.parametrize("text", ["ab", b"ab", bytearray(b"ab"), memoryview(b"ab")])
@pytest.mark.parametrize("place", ["opens", "AccountSnapshot.balances", "PositionExited.trades"])
def test_text_is_no_sequence(place: str, text: object) -> None:
    with pytest.raises(TypeError, match=f"{type(text).__name__}"):
        PLACES[place](text)


def test_reading_without_end_can_be_interrupted() -> None:
    """Ctrl-C, sent by the items themselves."""

    def events() -> Iterator[object]:
        count = 0
        while True:
            count += 1
            if count == 50_000:
                signal.raise_signal(signal.SIGINT)
            yield l1(0, "1", "2")

    with pytest.raises(KeyboardInterrupt):
        history(*cast("Any", MarketData.from_events(cast("Any", events()))))


def test_numbers_are_the_only_hostile_items_left() -> None:
    """A list of numbers too long for memory is read until its first wrong one."""
    numbers = Odd([Decimal(1), Decimal("NaN")], lambda: sys.maxsize)
    with pytest.raises(ValueError, match=r"values\[1\].*NaN"):
        DataSetSummary.of(numbers)

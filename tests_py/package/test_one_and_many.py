"""One value where many are wanted, and many where one is: the error names what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.histories import quotes
from support.samples import CONFIG

from barter_python import (
    DefaultStrategy,
    IndexedInstruments,
    InstrumentFilter,
    MarketData,
    MarketScan,
    StrategyGroup,
    Underlying,
    run_backtest,
    run_backtests,
)
from barter_python.statistic import DataSetSummary
from barter_python.streams import SubKind, Subscription

DATA = quotes(2)
STRATEGY = DefaultStrategy()
ONE = "put a single value into a list"
STAR = "a star spreads it, as in"
# Checkers refuse all of these, so the functions are called as what takes anything.
merge: Callable[..., object] = MarketData.merge
merge_scans: Callable[..., object] = MarketScan.merge
scan: Callable[..., object] = MarketScan
from_events: Callable[..., object] = MarketData.from_events
indexed: Callable[..., object] = IndexedInstruments
exchanges: Callable[..., object] = InstrumentFilter.exchanges
instruments: Callable[..., object] = InstrumentFilter.instruments
underlyings: Callable[..., object] = InstrumentFilter.underlyings
summary: Callable[..., object] = DataSetSummary.of
group: Callable[..., object] = StrategyGroup
each: Callable[..., object] = Subscription.each
backtest: Callable[..., object] = run_backtest
backtests: Callable[..., object] = run_backtests

WRONG: dict[str, Callable[[], object]] = {
    f"history 0 must be a MarketData, got list: {STAR} MarketData.merge(*histories)": (
        lambda: merge([DATA, DATA])
    ),
    "history 1 must be a MarketData, got int": lambda: merge(DATA, 5),
    f"scan 0 must be a MarketScan or a MarketData, got tuple: {STAR} MarketScan.merge(*scans)": (
        lambda: merge_scans((DATA, DATA))
    ),
    f"parts: expected an iterable such as a list, got str 'trades.jsonl': {ONE}": (
        lambda: scan("trades.jsonl")
    ),
    "events: expected an iterable such as a list, got MarketEvent": lambda: from_events(DATA[0]),
    "instruments: expected an iterable such as a list, got InstrumentConfig": (
        lambda: indexed(CONFIG.instruments[0])
    ),
    f"exchanges: expected an iterable such as a list, got int 0: {ONE}": lambda: exchanges(0),
    f"instruments: expected an iterable such as a list, got int 1: {ONE}": lambda: instruments(1),
    "underlyings: expected an iterable such as a list, got Underlying": (
        lambda: underlyings(Underlying(0, 1))
    ),
    f"values: expected an iterable such as a list, got int 3: {ONE}": lambda: summary(3),
    "strategies must be a mapping, got list: give each strategy by its id": (
        lambda: group([STRATEGY])
    ),
    "kinds[0] must be a SubKind, got list [<SubKind.PUBLIC_TRADES: 'public_trades'>]: a star": (
        lambda: each(CONFIG.instruments, [SubKind.PUBLIC_TRADES])
    ),
    "instruments must be an iterable of InstrumentConfig, got one: put it into a list": (
        lambda: each(CONFIG.instruments[0], SubKind.PUBLIC_TRADES)
    ),
    "data must be a MarketData or a MarketScan, got list: MarketData.merge(*data) makes one": (
        lambda: backtest(STRATEGY, [DATA, DATA], CONFIG)
    ),
    "data must be a MarketData or a MarketScan, got str: MarketData.from_json_lines and": (
        lambda: backtest(STRATEGY, "trades.jsonl", CONFIG)
    ),
    "parameters[0] must be a mapping of the factory's arguments, got int 5: a grid of one": (
        lambda: backtests(DefaultStrategy, [5, 10], DATA, CONFIG)
    ),
}


@pytest.mark.parametrize("message", WRONG)
def test_the_error_has_its_cure(message: str) -> None:
    with pytest.raises(TypeError) as caught:
        WRONG[message]()
    assert str(caught.value).startswith(message)


def test_what_is_iterated_by_its_items_is_an_iterable() -> None:
    class Old:
        """It has `__getitem__`, and no `__iter__`."""

        def __getitem__(self, position: int) -> int:
            return [0, 1][position]

    assert instruments(Old()) == InstrumentFilter.instruments([0, 1])

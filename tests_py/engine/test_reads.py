"""What callbacks read takes no more time and room when a run has had many fills."""

from __future__ import annotations

import pickle
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from support.histories import quotes, two_instruments
from typing_extensions import override

import barter_python as bp


class NeverFlat(bp.Strategy):
    """Buys two and sells one, again and again, and keeps what it reads."""

    strategy_id = "never flat"

    def __init__(self) -> None:
        self.count = 0
        self.read: list[bp.OpenPosition] = []
        self.closed: list[bp.PositionExited] = []

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        view = state.updated
        if view is None:
            return bp.NO_ORDERS
        self.count += 1
        for position in (
            view.position,
            view.position_of("never flat"),
            *view.positions_by_strategy.values(),
        ):
            if position is not None:
                self.read.append(position)
        side, quantity = (bp.Side.BUY, 2) if self.count % 2 else (bp.Side.SELL, 1)
        return [], [view.market_order(side, quantity)]


class Turning(NeverFlat):
    """Turns a position round now and then."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        cancels, opens = super().generate_algo_orders(state)
        view = state.updated
        if view is not None and self.count % 7 == 0:
            return cancels, [view.market_order(bp.Side.SELL, 5)]
        return cancels, opens

    @override
    def on_position_closed(self, position: bp.PositionExited, state: bp.EngineView, /) -> None:
        self.closed.append(position)


def run(strategy: bp.AlgoStrategy, count: int) -> bp.BacktestResult:
    config = two_instruments(balances={"usdt": 10**9, "btc": 10**6})
    return bp.run_backtest(strategy, quotes(count), config)


def ids_after(fills: bp.Records[bp.Trade]) -> dict[str, list[str]]:
    """Give the ids of the position after each fill: one that turns it round begins the next."""
    net, held, found = Decimal(0), list[str](), dict[str, list[str]]()
    for fill in fills:
        before = net
        net += fill.quantity if fill.side is bp.Side.BUY else -fill.quantity
        turned = before == 0 or (before > 0) != (net > 0)
        held = [fill.id] if turned else [*held, fill.id]
        found[fill.id] = held
    return found


@pytest.mark.parametrize("make", [NeverFlat, Turning])
def test_ids_are_those_of_the_moment_when_a_position_was_read(make: type[NeverFlat]) -> None:
    strategy = make()
    result = run(strategy, 60)
    ids = ids_after(result.fills)
    for position in strategy.read:
        assert position.trades == ids[position.trades[-1]]
    assert len(strategy.read) > 100
    again = [pickle.loads(pickle.dumps(position)) for position in strategy.read]
    assert again == strategy.read
    assert [hash(position) for position in again] == [hash(position) for position in strategy.read]
    assert strategy.read[0] != strategy.read[-1]


def test_closed_positions_are_told_as_barter_closes_them() -> None:
    strategy = Turning()
    result = run(strategy, 60)
    assert strategy.closed == result.positions
    assert len(result.positions) >= 5


ROOM = """
import resource, sys
sys.path.insert(0, {tests!r})
from engine.test_reads import NeverFlat, run
strategy = NeverFlat()
run(strategy, {count})
assert len(strategy.read) == 3 * ({count} - 1), len(strategy.read)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def room(count: int) -> int:
    tests = str(Path(__file__).parents[1])
    text = ROOM.format(tests=tests, count=count)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss is that of Linux")
def test_positions_that_were_kept_share_their_ids() -> None:
    # With copies, the ids of 4,000 fills at 3 reads each take 24 million strings: over a gigabyte.
    assert room(4000) - room(400) < 100_000

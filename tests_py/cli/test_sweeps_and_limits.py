"""Sweeps and limits of risk on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from support.command import refused, run_command

import barter_python as bp
from barter_python.cli.limits import risk_limits

STRATEGY = """
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import barter_python as bp


class Way(Enum):
    UP = "up"
    DOWN = "down"


@dataclass
class Trader(bp.Strategy):
    quantity: Decimal
    every: int = 5000
    way: Way = Way.UP
    spans: tuple[int, ...] = ()
    count: int = 0

    strategy_id = "trader"

    def generate_algo_orders(self, state, /):
        view = state.updated
        if view is None or view.index:
            return bp.NO_ORDERS
        self.count += 1
        if self.every < 0:
            raise RuntimeError("from the run")
        if self.count % self.every:
            return bp.NO_ORDERS
        side = bp.Side.BUY if self.way is Way.UP else bp.Side.SELL
        return [], [view.market_order(side, self.quantity)]
"""


@pytest.fixture
def trader(tmp_path: Path, inputs: list[str]) -> Callable[..., list[str]]:
    """Make the arguments of a run of `Trader`."""
    file = tmp_path / "trader.py"
    file.write_text(STRATEGY)

    def make(*more: str) -> list[str]:
        strategy = f"{file}:Trader"
        return ["backtest", *inputs, "--strategy", strategy, "--fee-rate", "0", *more]

    return make


def test_a_sweep_shows_the_best_runs_in_a_table(
    trader: Callable[..., list[str]], tmp_path: Path
) -> None:
    file = tmp_path / "runs.json"
    done = run_command(
        *trader("--param", "quantity=0.1", "--sweep", "every=1000,2000,4000"),
        *("--sweep", "way=up,down", "--best", "4", "--json", str(file)),
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "6 runs, the best 4 by profit in usdt"
    assert lines[2].split() == [
        "every",
        "way",
        "pnl",
        "usdt",
        "closed",
        "positions",
        "orders",
        "fills",
    ]
    rows = [line.split() for line in lines[3:]]
    assert len(rows) == 4
    profits = [Decimal(row[2]) for row in rows]
    assert profits == sorted(profits, reverse=True)
    runs = json.loads(file.read_text())
    assert [run["parameters"] for run in runs] == [
        {"every": every, "way": way} for every in ("1000", "2000", "4000") for way in ("up", "down")
    ]
    # What each run alone gives.
    best = rows[0]
    alone = tmp_path / "alone.json"
    run_command(
        *trader("--param", "quantity=0.1", "--param", f"every={best[0]}"),
        *("--param", f"way={best[1]}", "--json", str(alone)),
    )
    result = json.loads(alone.read_text())
    assert [run["result"] for run in runs if list(run["parameters"].values()) == best[:2]] == [
        result
    ]
    assert max(Decimal(run["result"]["pnl"]["usdt"]) for run in runs) == Decimal(
        result["pnl"]["usdt"]
    )


def test_values_can_be_a_json_array_and_failed_runs_are_listed(
    trader: Callable[..., list[str]],
) -> None:
    done = run_command(
        *trader("--sweep", 'quantity=[0.10, "0.20"]', "--sweep", "spans=[[1, 2], []]"),
        *("--sweep", "every=-1,9000"),
    )
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "8 runs, the best 4 by profit in usdt"
    failed = [line for line in lines if line.startswith("failed: ")]
    assert failed[0] == "failed: quantity=0.10, spans=[1, 2], every=-1: RuntimeError: from the run"
    assert len(failed) == 4


def test_where_all_runs_fail_the_first_traceback_is_shown(
    trader: Callable[..., list[str]],
) -> None:
    done = run_command(*trader("--param", "quantity=1", "--sweep", "every=-1,-2"))
    assert (done.returncode, done.stdout) == (1, "")
    assert 'raise RuntimeError("from the run")' in done.stderr
    assert done.stderr.rstrip().endswith("RuntimeError: from the run")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sweep", "every"], "--sweep: expected name=value,value, got 'every'"),
        (["--sweep", "every=1", "--sweep", "every=2"], "--sweep every is given twice"),
        (["--sweep", "every=1,x"], "--param every: expected an int, got 'x'"),
        (["--sweep", "every=[1"], "--sweep every: not a JSON array"),
        (["--sweep", "every=[]"], "--sweep every: expected a JSON array of values, got '[]'"),
        (["--sweep", "other=1,2"], "--param other: Trader has no such parameter"),
        (["--param", "every=1", "--sweep", "every=1,2"], "--param every is given twice"),
        (["--sweep", "every=1,2", "--risk", '{"instruments": {"x": {"max_open_orders": 1}}}'],
         "no instrument is called"),
        (["--risk", "max_open_orders=x"], "--risk max_open_orders: expected an int"),
        (["--risk", "max_orders=1"], "--risk max_orders: RiskLimits has no such parameter; it has"),
        (["--risk", "max_drawdown=1"], "max_drawdown must be a fraction from 0 to less than 1"),
        (["--risk", '{"max_open_orders": null}'], "--risk max_open_orders: expected a number"),
        (["--risk", '{"max_open_orders": 1'], "--risk: not JSON"),
        (["--risk", '{"instruments": [1]}'], "--risk: instruments must be a JSON object"),
        (["--risk", '{"instruments": {"x": 1}}'], "--risk instruments x: expected a JSON object"),
    ],
)  # fmt: skip
def test_mistakes_are_one_line(
    trader: Callable[..., list[str]], arguments: list[str], message: str
) -> None:
    assert message in refused(*trader("--param", "quantity=1", *arguments))


def test_limits_by_options_and_by_json() -> None:
    assert risk_limits([]) is None
    assert risk_limits(["max_open_orders=2", "max_drawdown=0.20"]) == bp.RiskLimits(
        max_open_orders=2, max_drawdown=Decimal("0.20")
    )
    found = risk_limits(
        [
            '{"max_order_notional": 0.1000000000000000000000001, "instruments": '
            '{"a": {"max_position_quantity": "0.1"}, "b": {"max_open_orders": 1}}}',
            "max_open_orders=3",
        ]
    )
    assert found == bp.RiskLimits(
        max_order_notional=Decimal("0.1000000000000000000000001"),
        max_open_orders=3,
        instruments={
            "a": bp.RiskLimits(max_position_quantity=Decimal("0.1")),
            "b": bp.RiskLimits(max_open_orders=1),
        },
    )


def test_limits_hold_in_a_run(trader: Callable[..., list[str]]) -> None:
    done = run_command(
        *trader("--param", "quantity=1", "--risk", "max_order_quantity=0.5", "--json", "-")
    )
    result = json.loads(done.stdout)
    assert result["orders"] == []
    assert result["refused"]
    assert all("max_order_quantity" in refusal["reason"] for refusal in result["refused"])

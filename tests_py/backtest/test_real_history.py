"""Runs of the real history against the model, and the same bytes from the same inputs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from models import backtest as model
from models import market as market_model
from models import script as script_model
from models.comparison import (
    check_calls,
    check_everything,
    check_number,
    recording,
    setup_of,
)
from support import ROOT
from support.examples import ema_cross

import barter_python as bp
from barter_python.statistic import PositionStatistics

HISTORY = ROOT / "examples" / "data" / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
CONFIG = ROOT / "examples" / "data" / "system_config.json"
EXAMPLE = ROOT / "examples" / "ema_cross.py"
QUANTITIES = {
    "binancespot-btc_usdt": Decimal("0.001"),
    "binancespot-eth_usdt": Decimal("0.05"),
    "binancespot-sol_usdt": Decimal(1),
}
# The bundled history


@cache
def real_events() -> list[market_model.Event]:
    return market_model.read_json_lines(HISTORY, ["binance_spot"])


def ema_setup(config: bp.SystemConfig, fill_price: bp.FillPrice, close_at_end: bool) -> model.Setup:
    """Give the model the configuration, and the name of the example's strategy."""
    return replace(setup_of(config, fill_price, close_at_end), closing_id="ema")


@dataclass(frozen=True)
class RealCase:
    latency: timedelta
    fee_rate: Decimal
    fill_price: bp.FillPrice = bp.FillPrice.BEST_OPPOSITE
    close_at_end: bool = True
    balances: Mapping[str, Decimal] | None = None
    failures: bool = False

    @property
    def config(self) -> bp.SystemConfig:
        config = bp.SystemConfig.from_json(CONFIG)
        (execution,) = config.executions
        execution = replace(execution, latency=self.latency, fee_rate=self.fee_rate)
        if self.balances is not None:
            execution = replace(execution, balances=self.balances)
        return replace(config, executions=[execution])


REAL_CASES = {
    "no latency, no fees": RealCase(timedelta(0), Decimal(0)),
    "latency and fees": RealCase(timedelta(milliseconds=100), Decimal("0.001")),
    "fees only": RealCase(timedelta(0), Decimal("0.001"), close_at_end=False),
    "little money": RealCase(
        timedelta(milliseconds=100),
        Decimal("0.001"),
        balances={"usdt": Decimal("300.25"), "sol": Decimal("0.5")},
        failures=True,
    ),
    "at the request's price": RealCase(
        timedelta(milliseconds=7), Decimal("0.00075"), fill_price=bp.FillPrice.REQUESTED
    ),
}


@pytest.mark.parametrize("name", REAL_CASES)
def test_real_history_gives_what_the_model_gives(name: str, real_history: bp.MarketData) -> None:
    case = REAL_CASES[name]
    config = case.config
    result = bp.run_backtest(
        ema_cross()(QUANTITIES),
        real_history,
        config,
        fill_price=case.fill_price,
        close_at_end=case.close_at_end,
    )
    quantities = {name: Fraction(quantity) for name, quantity in QUANTITIES.items()}
    setup = ema_setup(config, case.fill_price, case.close_at_end)
    run = model.run(setup, real_events(), script_model.EmaCross(quantities))

    check_everything(result, run)

    # Only a fill at the quotient that a closing order names can be inexact.
    assert run.exact is (case.fill_price is bp.FillPrice.BEST_OPPOSITE)
    statuses = Counter(order.status for order in run.orders)
    assert statuses["fully_filled"] > 20
    assert ("open_failed" in statuses) is case.failures
    assert {position.instrument for position in run.closed} == {0, 1, 2}


def test_arguments_stand_for_the_configuration(real_history: bp.MarketData) -> None:
    case = REAL_CASES["latency and fees"]
    given_as_arguments = bp.run_backtest(
        ema_cross()(QUANTITIES),
        real_history,
        replace(REAL_CASES["no latency, no fees"].config),
        latency=case.latency,
        fee_rate=case.fee_rate,
        close_at_end=True,
    )
    configured = bp.run_backtest(
        ema_cross()(QUANTITIES), real_history, case.config, close_at_end=True
    )
    assert given_as_arguments.to_json() == configured.to_json()


def test_real_history_shows_the_strategy_what_the_model_shows(real_history: bp.MarketData) -> None:
    config = REAL_CASES["latency and fees"].config
    strategy = recording(ema_cross()(QUANTITIES), config)
    result = bp.run_backtest(strategy, real_history, config, close_at_end=True)
    quantities = {name: Fraction(quantity) for name, quantity in QUANTITIES.items()}
    setup = ema_setup(config, bp.FillPrice.BEST_OPPOSITE, close_at_end=True)
    run = model.run(setup, real_events(), script_model.EmaCross(quantities))
    check_calls(strategy, run)
    check_everything(result, run)
    assert len(strategy.calls) > 50_000


def test_position_statistics_of_the_real_history(real_history: bp.MarketData) -> None:
    case = REAL_CASES["no latency, no fees"]
    result = bp.run_backtest(ema_cross()(QUANTITIES), real_history, case.config, close_at_end=True)
    quantities = {name: Fraction(quantity) for name, quantity in QUANTITIES.items()}
    setup = ema_setup(case.config, case.fill_price, case.close_at_end)
    run = model.run(setup, real_events(), script_model.EmaCross(quantities))
    pnls = [position.pnl for position in run.closed]

    statistics = PositionStatistics.of(result.positions)

    assert statistics.closed == len(pnls)
    assert statistics.wins == sum(pnl > 0 for pnl in pnls)
    assert statistics.losses == sum(pnl < 0 for pnl in pnls)
    assert statistics.wins > 0
    assert statistics.losses > 0
    profit = sum((pnl for pnl in pnls if pnl > 0), Fraction(0))
    loss = -sum((pnl for pnl in pnls if pnl < 0), Fraction(0))
    assert Fraction(statistics.gross_profit) == profit
    assert Fraction(statistics.gross_loss) == loss
    ratio, factor = statistics.win_ratio, statistics.gross_profit_factor
    assert ratio is not None
    assert factor is not None
    check_number("win ratio", ratio, Fraction(statistics.wins, len(pnls)), exact=False)
    check_number("profit factor", factor, profit / loss, exact=False)


# Determinism


def test_the_same_inputs_give_the_same_bytes(real_history: bp.MarketData) -> None:
    case = REAL_CASES["latency and fees"]
    results = {
        bp.run_backtest(
            ema_cross()(QUANTITIES), real_history, case.config, close_at_end=True
        ).to_json()
        for _ in range(20)
    }
    assert len(results) == 1


def test_processes_with_other_hash_seeds_give_the_same_bytes(real_history: bp.MarketData) -> None:
    code = (
        "import hashlib, runpy, sys\n"
        "result = runpy.run_path(sys.argv[1])['main']()\n"
        "print(hashlib.sha256(result.to_json().encode()).hexdigest())\n"
    )
    digests = []
    for seed in ("1", "4242"):
        finished = subprocess.run(
            [sys.executable, "-c", code, str(EXAMPLE)],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        )
        digests.append(finished.stdout.splitlines()[-1])
    case = REAL_CASES["latency and fees"]
    here = bp.run_backtest(ema_cross()(QUANTITIES), real_history, case.config, close_at_end=True)
    expected = hashlib.sha256(here.to_json().encode()).hexdigest()
    assert digests == [expected, expected]

"""What a run says where one would wonder: no quotes, endless requests, reasons, processes."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import textwrap
import warnings
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from support.histories import (
    Acting,
    OnMarketEvents,
    buy,
    candle,
    history,
    l1,
    market_request,
    quotes,
    reconnecting,
    run,
    trade,
    two_instruments,
)
from typing_extensions import override

import barter_python as bp

CANDLES = history(candle(0, "100"), candle(100, "101"))


def reading(*attributes: str) -> Acting:
    def look(state: bp.EngineView) -> bp.Orders:
        for name in attributes:
            getattr(state.instrument(0), name)
        return bp.NO_ORDERS

    return Acting(look)


# Prices that are never there


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (["mid"], r"no orders, and `mid` was None each time .*`price` has a value"),
        (["mid_f64"], "`mid` was None"),
        (["best_bid", "best_ask_f64", "price"], "`best_bid` and `best_ask` were None"),
    ],
)
@pytest.mark.parametrize("data", [CANDLES, history(trade(0, "1"))], ids=["candles", "trades"])
def test_a_strategy_that_waits_for_quotes_in_vain_is_told(
    attributes: list[str], message: str, data: bp.MarketData
) -> None:
    with pytest.warns(UserWarning, match=message) as told:
        bp.run_backtest(reading(*attributes), data, two_instruments())
    assert len(told) == 1
    assert told[0].filename == __file__


@pytest.mark.parametrize(
    ("strategy", "data"),
    [
        (reading("price", "last_trade"), CANDLES),
        (reading("mid"), quotes(2)),
        (reading("mid"), history(candle(0, "100"), l1(1, "1", "2"))),
        # Nothing is known at all.
        (reading("mid"), history(candle(0, "100", instrument=1))),
        (OnMarketEvents({0: lambda state: (state.instrument(0).mid, buy(state))[1]}), CANDLES),
    ],
    ids=["other prices", "quotes", "a quote at last", "another instrument", "orders"],
)
def test_nothing_is_said_without_reason(strategy: bp.AlgoStrategy, data: bp.MarketData) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        bp.run_backtest(strategy, data, two_instruments())
    assert not told


# Requests without end


def test_requests_without_end_say_what_was_refused_and_what_helps() -> None:
    def insist(state: bp.EngineView) -> bp.Orders:
        if state.instrument(0).price is None:
            return bp.NO_ORDERS
        return [], [market_request(str(state.next_cid()), quantity=Decimal(1000))]

    with pytest.raises(bp.OrderRequestError) as refused:
        run(insist)
    words = str(refused.value)
    assert "100000 requests were answered" in words
    assert 'The last refusal: order "bp-' in words
    assert "not covered" in words or "insufficient" in words
    for cure in ("latency", "has_orders", "state.updated"):
        assert cure in words


# Reasons


def test_the_table_counts_reasons_and_knows_one_from_many() -> None:
    def too_much(state: bp.EngineView) -> bp.Orders:
        return buy(state, 1000)

    result = bp.run_backtest(OnMarketEvents({0: too_much}), quotes(3), two_instruments())
    reason = "balance insufficient"
    assert result.refusal_counts == {reason: 1}
    lines = str(result).splitlines()
    assert lines[1:4] == [
        "1 order: 1 refused",
        "0 fills, 0 closed positions, 0 open positions",
        f"refused: 1 {reason}",
    ]
    many = bp.run_backtest(
        OnMarketEvents({0: too_much, 1: too_much, 2: buy}), quotes(4), two_instruments()
    )
    assert many.refusal_counts == {reason: 2}
    assert "3 orders: 1 filled, 2 refused" in str(many)
    assert "1 fill, 0 closed positions, 1 open position" in str(many)
    assert f"refused: 2 {reason}" in many._repr_html_()


def test_the_commonest_reasons_come_first_and_a_few_are_shown() -> None:
    def some(state: bp.EngineView) -> bp.Orders:
        quantities = [Decimal(f"0.{'0' * 12}{digit}") for digit in range(1, 8)]
        return [], [
            market_request(f"{quantity}-{number}", quantity=quantity)
            for quantity in quantities
            for number in range(2 if quantity == quantities[3] else 1)
        ]

    result = bp.run_backtest(OnMarketEvents({0: some}), quotes(3), two_instruments())
    assert sum(result.refusal_counts.values()) == 8
    assert next(iter(result.refusal_counts.values())) == max(result.refusal_counts.values())
    (shown,) = (line for line in str(result).splitlines() if line.startswith("refused"))
    assert shown.count(",") <= 5


# Processes


def test_what_new_processes_cannot_import_is_refused_before_they_start() -> None:
    class Local(bp.DefaultStrategy):
        pass

    for factory, words in (
        (
            lambda size: bp.DefaultStrategy(str(size)),
            r"is a lambda, .*at the top of a module.*executor=\"threads\"",
        ),
        (Local, r"Local is a local name of a function, which new processes cannot import"),
    ):
        with pytest.raises(ValueError, match=words):
            bp.run_backtests(factory, [{}], quotes(2), two_instruments())
    assert not multiprocessing.active_children()
    with ThreadPoolExecutor() as threads:
        runs = bp.run_backtests(Local, [{}], quotes(2), two_instruments(), executor=threads)
    assert runs[0].error is None


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
import barter_python as bp
from support.histories import quotes, two_instruments

class Mine(bp.DefaultStrategy):
    pass

{guard}
    runs = bp.run_backtests(Mine, [{{}}], quotes(2), two_instruments())
    print("errors", [run.error for run in runs])
"""


def program(guard: str) -> str:
    tests = str(Path(__file__).parents[1])
    return textwrap.dedent(PROGRAM).format(tests=tests, guard=guard)


def last_line(arguments: list[str], text: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def test_a_program_without_a_file_says_what_to_do(tmp_path: Path) -> None:
    words = last_line(["-"], program("if True:"))
    assert words.startswith("ValueError: factory Mine is defined in __main__, which is not a file")
    assert 'executor="threads"' in words


def test_a_script_without_a_guard_says_what_to_do(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(program("if True:"))
    assert 'under `if __name__ == "__main__":`' in last_line([str(script)])
    script.write_text(program('if __name__ == "__main__":'))
    assert last_line([str(script)]) == "errors [None]"


# Tables as data


@pytest.mark.parametrize("table", [[{"price": 1}] * 1000, {"price": [1] * 1000}])
def test_a_table_as_data_is_not_written_out(table: object) -> None:
    with pytest.raises(TypeError, match=r"got \w+: MarketData.from_events makes one") as refused:
        bp.run_backtest(bp.DefaultStrategy(), table, two_instruments())  # type: ignore[arg-type]
    assert len(str(refused.value)) < 200


# A run inside a run


class Inside(bp.DefaultStrategy):
    """Runs itself when a stream is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []

    @override
    def on_disconnect(
        self, exchange: bp.ExchangeId | str, state: object = None
    ) -> tuple[bp.HookCommand, ...]:
        lost = history(l1(0, "1", "2"), reconnecting())
        try:
            self.found.append(bp.run_backtest(self, lost, two_instruments()).pnl)
        except bp.StrategyBusyError as busy:
            self.found.append(str(busy).partition(",")[0])
        return ()


def test_a_hook_of_ones_own_engine_may_run_its_strategy_and_one_of_a_backtest_may_not() -> None:
    strategy = Inside()
    engine = bp.Engine(strategy, two_instruments().index(), time_start=0)
    engine.process(bp.Reconnecting(bp.ExchangeId.BINANCE_SPOT))
    # The inner run loses a stream too, and is a backtest already.
    assert strategy.found == ["this Inside is in a run already", {"usdt": 0}]

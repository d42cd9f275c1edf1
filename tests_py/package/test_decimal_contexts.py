"""No figure depends on the `decimal` context of the thread that asks for it."""

from __future__ import annotations

import decimal
import inspect
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path

import pytest
from support import ROOT
from support.binance import quick
from support.calls import Call
from support.compiled import Own, act
from support.histories import l1, two_instruments
from support.paper import CONFIG as PAPER
from support.paper import Trader, venue
from support.public import MODULES
from support.samples import calls
from support.table_samples import DATABENTO
from support.venue_server import VenueServer
from typing_extensions import override

import barter_python as bp
from barter_python import cli
from barter_python.backtest import sweep_to_html
from barter_python.engine import event_from_json, event_to_json
from barter_python.live import PaperResult, replay, run_paper
from barter_python.risk import RiskLimits
from barter_python.statistic import PositionStatistics, exact_sum
from barter_python.strategy import (
    Position,
    build_ioc_market_order_to_close_position,
    close_positions_of_strategy,
)

CONTEXTS = {
    "six digits, rounded up": decimal.Context(prec=6, rounding=decimal.ROUND_UP, traps=[]),
    "inexact is trapped": decimal.Context(
        prec=28,
        traps=[
            decimal.Inexact,
            decimal.Rounded,
            decimal.InvalidOperation,
            decimal.FloatOperation,
        ],
    ),
    "six digits, inexact is trapped": decimal.Context(
        prec=6, rounding=decimal.ROUND_CEILING, traps=[decimal.Inexact, decimal.Rounded]
    ),
    "one digit, a small range": decimal.Context(
        prec=1, rounding=decimal.ROUND_FLOOR, Emin=-1, Emax=1, clamp=1, traps=[]
    ),
}


class Trading(bp.Strategy):
    """Wins, loses, stays open, and calls in its hooks all that needs a running engine."""

    def __init__(self) -> None:
        self.count = 0
        self.seen: list[str] = []

    @override
    def global_data(self, /) -> Data:
        return Data()

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        view = state.updated
        if view is None:
            return bp.NO_ORDERS
        self.count += 1
        self.seen.append(
            str(
                (
                    bp.cancel_all_orders_on_disconnect(view.exchange_id, state),
                    bp.close_all_positions_on_trading_disabled(state),
                    bp.close_open_positions_with_market_orders("one", state),
                    close_positions_of_strategy("one", state),
                    bp.own_data(state, Data).__class__,
                    view.tear_sheet(),
                    view.positions_by_strategy,
                    state._repr_html_(),
                )
            )
        )
        side = (bp.Side.BUY, bp.Side.SELL, bp.Side.BUY, bp.Side.SELL, bp.Side.BUY)[self.count - 1]
        return [], [view.market_order(side, Decimal("0.123456789"), strategy_id="one")]


class Data:
    """Nothing; to be found again."""

    def on_market(self, event: object, /) -> None:
        """Keep nothing."""

    def on_account(self, event: object, /) -> None:
        """Keep nothing."""


HISTORY = bp.MarketData.from_events(
    [
        l1(0, "61234.567891", "61234.678912"),
        l1(1000, "61300.123456", "61300.234567"),
        l1(2000, "61310.987654", "61311.098765"),
        l1(3000, "60999.111111", "60999.222222"),
        l1(4000, "61001.333333", "61001.444444"),
    ]
)
CONFIG = bp.SystemConfig(
    two_instruments().instruments,
    [
        bp.MockExecutionConfig(
            bp.ExchangeId.BINANCE_SPOT,
            {"btc": Decimal("1.23456789"), "usdt": Decimal("1234567.891234")},
            fee_rate=Decimal("0.00012345"),
        )
    ],
    risk_free_return=Decimal("0.0012345678"),
)
CONFIG_JSON = """
{"risk_free_return": 0.0012345678, "system": {
  "instruments": [{"exchange": "binance_spot", "name_exchange": "BTCUSDT",
    "quote": "underlying_quote", "underlying": {"base": "btc", "quote": "usdt"}, "kind": "spot"}],
  "executions": [{"mocked_exchange": "binance_spot", "latency_ms": 1, "fees_percent": 0.012345678,
    "initial_state": {"exchange": "binance_spot", "balances": [
      {"asset": "usdt", "balance": {"total": 1234567.891234, "free": "1234567.891234"},
       "time_exchange": "2025-03-24T21:30:00Z"}], "instruments": []}}]}}
"""


def trading(strategy: type[Trading] = Trading) -> tuple[bp.BacktestResult, list[str]]:
    """Run once."""
    made = strategy()
    return bp.run_backtest(
        made, HISTORY, CONFIG, risk_manager=RiskLimits(max_open_orders=9)
    ), made.seen


def command(tmp: Path) -> tuple[int, str, str]:
    """Run the command line."""
    (tmp / "config.json").write_text(CONFIG_JSON)
    (tmp / "data.jsonl").write_text(
        '{"Item":{"time_exchange":"2024-01-01T00:00:00Z","time_received":"2024-01-01T00:00:00Z",'
        '"exchange":"binance_spot","instrument":0,'
        '"kind":{"Trade":{"id":"1","price":61234.567891,"amount":"2","side":"Buy"}}}}\n'
    )
    (tmp / "patient.py").write_text(
        "from datetime import timedelta\nfrom decimal import Decimal\nimport barter_python as bp\n"
        "class Patient(bp.Strategy):\n"
        "    def __init__(self, size: Decimal, patience: timedelta): self.size = size\n"
        "    def generate_algo_orders(self, state, /): return bp.NO_ORDERS\n"
    )
    status = cli.main(
        ["backtest", "--config", f"{tmp}/config.json", "--data", f"{tmp}/data.jsonl",
         "--strategy", f"{tmp}/patient.py:Patient", "--param", "size=1.23456789012345678",
         "--param", "patience=1234.567891s", "--latency", "1234.567ms",
         "--fee-rate", "0.0123456789", "--json", f"{tmp}/result.json"]
    )  # fmt: skip
    return status, (tmp / "result.json").read_text(), ""


def native(name: str) -> Callable[[Path], object]:
    """Call a native function with the samples of it."""
    function = getattr(bp._core, name)

    def call(_: Path) -> object:
        return [function(*sample.positional, **sample.named) for sample in SAMPLES[name]]

    return call


SAMPLES: dict[str, list[Call]] = calls()
HELD = Position(0, bp.Side.BUY, Decimal("0.123456789"), Decimal("61234.567891"))
DIGITS = [Decimal("79228162514264.123456789"), Decimal("-0.0000000001"), Decimal("61234.567891")]


def in_a_run(_: Path) -> object:
    """Call what needs a running engine."""
    return trading()[1]


def logged(_: Path) -> object:
    """Turn the log on and off."""
    bp.enable_logging()
    bp.disable_logging()
    return None


def sweep(_: Path) -> object:
    """Run several in threads, each with the context of this one."""
    context = decimal.getcontext()
    with ThreadPoolExecutor(2, initializer=lambda: decimal.setcontext(context.copy())) as executor:
        runs = bp.run_backtests(Trading, [{}, {}], HISTORY, CONFIG, executor=executor)
    assert [run.traceback for run in runs] == [None, None]
    return [figures(run.result) for run in runs]


def sweep_report(folder: Path) -> object:
    runs = bp.run_backtests(Trading, [{}, {}], HISTORY, CONFIG, executor="threads")
    path = folder / "sweep.html"
    sweep_to_html(runs, path)
    return path.read_text(encoding="utf-8")


def on_paper(record: Path) -> PaperResult:
    """Trade on paper for a moment."""
    with VenueServer(venue(20)) as server:
        return run_paper(
            Trader(),
            PAPER,
            stream_options=quick(server),
            record=record,
            duration=timedelta(milliseconds=300),
        )


def replayed_at_once(_: Path) -> object:
    """Tell whether paper and its replay agree."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "paper.jsonl.gz"
        return on_paper(record).to_json() == replay(record, Trader()).result.to_json()


@cache
def paper_record() -> tuple[Path, tempfile.TemporaryDirectory[str]]:
    """Record once, in the context of whoever is first."""
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "paper.jsonl.gz"
    on_paper(path)
    return path, folder


def compiled_run(_: Path) -> object:
    """Run a function as it is without numba, which is a C function of ctypes."""
    own = {"binancespot-btc_usdt": Own(0.123456789)}
    strategy = act.strategy(own, strategy_id="act", jit=False)
    data = bp.MarketData.from_events([l1(0, "61234.5", "61234.75"), l1(1, "61233.5", "61234.25")])
    return figures(bp.run_backtest(strategy, data, two_instruments(fee_rate=Decimal("0.00123"))))


FUNCTIONS: dict[str, Callable[[Path], object]] = {
    "build_ioc_market_order_to_close_position": lambda _: (
        build_ioc_market_order_to_close_position(0, HELD, "one", 61234.567891),
        bp.build_ioc_market_order_to_close_position(
            0, 0, bp.Side.BUY, Decimal("0.123456789"), "one", Decimal("61234.567891")
        ),
    ),
    "calculate_abs_percent_difference": native("calculate_abs_percent_difference"),
    "calculate_delta": native("calculate_delta"),
    "calculate_mean": native("calculate_mean"),
    "calculate_population_variance": native("calculate_population_variance"),
    "calculate_quote_notional": native("calculate_quote_notional"),
    "calculate_recurrence_relation_m": native("calculate_recurrence_relation_m"),
    "calculate_sample_variance": native("calculate_sample_variance"),
    "c_function": compiled_run,
    "cancel_all_orders_on_disconnect": in_a_run,
    "close_all_positions_on_trading_disabled": in_a_run,
    "close_open_positions_with_market_orders": in_a_run,
    "close_positions_of_strategy": in_a_run,
    "compiled": compiled_run,
    "disable_logging": logged,
    "enable_logging": logged,
    "event_from_json": lambda _: [event_from_json(event_to_json(event)) for event in HISTORY],
    "event_to_json": native("event_to_json"),
    "exact_sum": lambda _: exact_sum(DIGITS),
    "main": command,
    "own_data": in_a_run,
    "read_binance": lambda _: figures(
        bp.read_binance(
            ROOT / "tests_py" / "data" / "files" / "BTCUSDT-trades-2025-03-25.csv",
            instruments=CONFIG.index(),
        )[0]
    ),
    "read_databento": lambda _: figures(
        bp.read_databento(
            DATABENTO,
            instruments=CONFIG.index(),
            symbols={"ESZ0": "binancespot-btc_usdt"},
            schema=bp.DatabentoSchema.TRADES,
        )[0]
    ),
    "read_tardis": lambda _: figures(
        bp.read_tardis(
            ROOT / "tests_py" / "data" / "files" / "binance-futures_trades_2020-09-01_BTCUSDT.csv",
            instruments=CONFIG.index(),
            symbols={"BTCUSDT": "binancespot-btc_usdt"},
        )[0]
    ),
    "run_backtest": lambda _: figures(trading()[0]),
    "run_backtests": sweep,
    "replay": lambda _: figures(replay(paper_record()[0], Trader()).result),
    "run_paper": replayed_at_once,
    "sweep_to_html": sweep_report,
    "wrapped_crates": native("wrapped_crates"),
}  # fmt: skip


def figures(value: object, depth: int = 0) -> object:
    """Give all that can be read of a value: attributes, properties, methods without arguments."""
    if value is None or isinstance(value, (bool, int, float, str, Decimal, Enum, timedelta)):
        return repr(value)
    if isinstance(value, Mapping):
        return {repr(key): figures(item, depth) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [figures(item, depth) for item in value]
    if depth == 4:
        return repr(value)
    found: dict[str, object] = {"str": str(value), "repr": repr(value)}
    for name in dir(value):
        if name.startswith("_") and name != "_repr_html_":
            continue
        member: object = getattr(value, name)
        if inspect.isroutine(member):
            if name in READERS:
                found[name] = figures(member(), depth + 1)
        else:
            found[name] = figures(member, depth + 1)
    return found


READERS = {
    "_repr_html_",
    "by_strategy",
    "drawdown",
    "drawdowns",
    "equity",
    "ratios",
    "returns",
    "to_dict",
    "to_json",
}


def test_every_public_function_is_called() -> None:
    public = {
        name
        for module in (bp, *MODULES.values())
        for name in module.__all__
        if inspect.isroutine(getattr(module, name))
    }
    assert set(FUNCTIONS) == public


def test_every_method_of_a_result_is_read() -> None:
    methods = {
        name
        for name, _ in inspect.getmembers(bp.BacktestResult, inspect.isfunction)
        if name == "_repr_html_" or not name.startswith("_")
    }
    others = {"fills_of", "show", "to_html"}
    assert methods - READERS == others, "what takes no argument is to be in READERS"


def test_the_figures_have_more_digits_than_the_contexts() -> None:
    result, _ = trading()
    assert [position.pnl_realised > 0 for position in result.positions] == [True, False]
    for number in (
        result.pnl["usdt"],
        result.statistics["binancespot-btc_usdt"].gross_profit_factor,
    ):
        assert number is not None
        assert len(number.as_tuple().digits) > 6


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("context", CONTEXTS)
def test_functions(function: str, context: str, tmp_path: Path) -> None:
    call = FUNCTIONS[function]
    expected = repr(call(tmp_path))
    with decimal.localcontext(CONTEXTS[context]):
        assert unplaced(repr(call(tmp_path))) == unplaced(expected)


def unplaced(text: str) -> str:
    """Take the addresses of objects away."""
    return re.sub(r"0x[0-9a-f]+", "", text)


@pytest.mark.parametrize("context", CONTEXTS)
def test_figures_of_a_result(context: str, tmp_path: Path) -> None:
    result, _ = trading()
    expected = figures(result)
    result.to_html(tmp_path / "plain.html", HISTORY)
    with decimal.localcontext(CONTEXTS[context]):
        assert figures(result) == expected
        assert result.fills_of(result.orders[0]) == [result.fills[0]]
        result.to_html(tmp_path / "hostile.html", HISTORY)
        assert figures(PositionStatistics.of(result.positions)) == figures(
            result.statistics["binancespot-btc_usdt"]
        )
    hostile, plain = (tmp_path / f"{name}.html" for name in ("hostile", "plain"))
    assert hostile.read_bytes() == plain.read_bytes()


@pytest.mark.parametrize("context", CONTEXTS)
def test_configurations(context: str) -> None:
    with pytest.warns(UserWarning, match=r"charged 1\.234567800 % of") as expected:
        config = bp.SystemConfig.from_json_text(CONFIG_JSON)
    wrong = CONFIG_JSON.replace("0.012345678,", '"no number",')
    with decimal.localcontext(CONTEXTS[context]):
        with pytest.warns(UserWarning, match="fees_percent") as found:
            assert bp.SystemConfig.from_json_text(CONFIG_JSON) == config
        assert str(found[0].message) == str(expected[0].message)
        with pytest.raises(
            bp.ConfigError, match=r"fees_percent: expected a number, got 'no number'"
        ):
            bp.SystemConfig.from_json_text(wrong)
        with pytest.raises(bp.ConfigError, match="not JSON"):
            bp.SystemConfig.from_json_text("[1e99999999999999999999]")

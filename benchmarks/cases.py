"""What is timed, but for the closing of many positions: that is in `closing.py`."""

from __future__ import annotations

import gc
import gzip
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from time import perf_counter_ns

from typing_extensions import override

import barter_python as bp
from barter_python import OrderKind, Side, TimeInForce
from barter_python.compiled import CompiledInstrument, CompiledOrders, compiled
from barter_python.indicators import CrossesAbove, Source, Trades
from barter_python.strategy import build_ioc_market_order_to_close_position

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
HISTORY = EXAMPLES / "data" / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
CONFIG = EXAMPLES / "data" / "system_config.json"

sys.path.append(str(EXAMPLES))
# The examples are scripts, not a package.
from ema_compiled import Ema as CompiledEma  # noqa: E402
from ema_compiled import ema_cross as compiled_ema_cross  # noqa: E402
from ema_cross import Ema, EmaCross  # noqa: E402
from ema_indicators import EmaCross as WokenEmaCross  # noqa: E402

CALLS = 20_000
QUANTITIES = {
    "binancespot-btc_usdt": Decimal("0.001"),
    "binancespot-eth_usdt": Decimal("0.05"),
    "binancespot-sol_usdt": Decimal(1),
}

OWN = {name: CompiledEma(float(quantity)) for name, quantity in QUANTITIES.items()}


@compiled(CompiledEma)
def compiled_noop(
    time_ns: int, instrument: CompiledInstrument, own: CompiledEma, orders: CompiledOrders
) -> None:
    """Do nothing, compiled."""


Case = Callable[[], float]
"""Does its work once and gives nanoseconds a unit."""


class Noop(bp.Strategy):
    """Does nothing, in Python."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Give no orders."""
        return bp.NO_ORDERS


class Waiting(Noop):
    """Waits for a price that does not come."""

    wake_on = (CrossesAbove(Source.MID, 1e12),)


class AtTrades(Noop):
    """Does nothing at trades, and is not asked at other events."""

    wake_on = (Trades(),)


class NewLists(bp.Strategy):
    """Gives two new lists, which are empty."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Give no orders, as lists."""
        return [], []


@dataclass
class Hold(bp.Strategy):
    """Buys each instrument once and holds it."""

    waiting: dict[str, Decimal] = field(default_factory=lambda: dict(QUANTITIES))

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Buy what is not bought yet."""
        if not self.waiting:
            return bp.NO_ORDERS
        instrument = state.updated
        if instrument is None or instrument.best_ask is None:
            return bp.NO_ORDERS
        quantity = self.waiting.pop(instrument.name, None)
        if quantity is None:
            return bp.NO_ORDERS
        return [], [instrument.market_order(Side.BUY, quantity, strategy_id="hold")]


@dataclass
class ReadFloat(bp.Strategy):
    """Reads one price as a float."""

    mid: float | None = None

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Read the price."""
        instrument = state.updated
        if instrument is not None:
            self.mid = instrument.mid_f64
        return bp.NO_ORDERS


@dataclass
class ReadDecimal(bp.Strategy):
    """Reads one price as a Decimal."""

    mid: Decimal | None = None

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Read the price."""
        instrument = state.updated
        if instrument is not None:
            self.mid = instrument.mid
        return bp.NO_ORDERS


@dataclass
class Recorder(bp.Strategy):
    """Keeps what the EMA example sees: index and mid of the instrument of each event."""

    seen: list[tuple[int, float]] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Keep index and mid."""
        instrument = state.updated
        if instrument is not None and instrument.mid_f64 is not None:
            self.seen.append((instrument.index, instrument.mid_f64))
        return bp.NO_ORDERS


def timed(work: Callable[[], object], units: int) -> float:
    """Do the work, with garbage collected before, and give nanoseconds a unit."""
    gc.collect()
    start = perf_counter_ns()
    work()
    return (perf_counter_ns() - start) / units


def engine_cases() -> dict[str, Case]:
    """Give the runs over the bundled history, nanoseconds an event."""
    data, config = bp.MarketData.from_json_lines(HISTORY), bp.SystemConfig.from_json(CONFIG)
    events = len(data)
    recorder = Recorder()
    bp.run_backtest(recorder, data, config)

    def run(make: Callable[[], bp.Strategy]) -> Case:
        def case() -> float:
            strategy = make()
            return timed(lambda: bp.run_backtest(strategy, data, config), events)

        return case

    def loop() -> None:
        emas: defaultdict[int, Ema] = defaultdict(Ema)
        for index, mid in recorder.seen:
            emas[index].crossed(mid)

    return {
        "engine_native_ns": run(bp.DefaultStrategy),
        "waiting_ns": run(Waiting),
        "at_trades_ns": run(AtTrades),
        "noop_ns": run(Noop),
        "new_lists_ns": run(NewLists),
        "held_ns": run(Hold),
        "read_float_ns": run(ReadFloat),
        "read_decimal_ns": run(ReadDecimal),
        "ema_ns": run(lambda: EmaCross(QUANTITIES)),
        "ema_loop_ns": lambda: timed(loop, events),
        "ema_woken_ns": run(lambda: WokenEmaCross(QUANTITIES)),
        "noop_compiled_ns": run(lambda: compiled_noop.strategy(OWN, strategy_id="noop")),
        "ema_compiled_ns": run(lambda: compiled_ema_cross.strategy(OWN, strategy_id="ema")),
    }


def helper_cases() -> dict[str, Case]:
    """Give three ways to one closing order, nanoseconds a call."""
    quantity, price = Decimal("0.50"), Decimal("2059.10")
    position = bp.Position(1, Side.BUY, quantity, price)
    strategy_id = bp.StrategyId("ema")
    # CPython 3.11 takes its time to look up a member of an enum; that is nobody's fault here.
    buy, sell, market = Side.BUY, Side.SELL, OrderKind.MARKET
    immediate = TimeInForce.IMMEDIATE_OR_CANCEL

    def calls() -> Iterable[None]:
        return repeat(None, CALLS)

    def binding() -> None:
        build = bp.build_ioc_market_order_to_close_position
        for _ in calls():
            build(0, 1, buy, quantity, strategy_id, price)

    def helper() -> None:
        build = build_ioc_market_order_to_close_position
        for _ in calls():
            build(0, position, strategy_id, price)

    def plain() -> None:
        for _ in calls():
            bp.OrderRequestOpen(
                key=bp.OrderKey(
                    exchange=0,
                    instrument=1,
                    strategy=bp.StrategyId("ema"),
                    cid=bp.ClientOrderId("close-1"),
                ),
                state=bp.RequestOpen(
                    side=sell,
                    price=price,
                    quantity=quantity,
                    kind=market,
                    time_in_force=immediate,
                ),
            )

    return {
        "binding_ns": lambda: timed(binding, CALLS),
        "helper_ns": lambda: timed(helper, CALLS),
        "plain_python_ns": lambda: timed(plain, CALLS),
    }


def load_cases(folder: Path) -> dict[str, Case]:
    """Give the reading of the bundled history, nanoseconds an event, unpacked into `folder`."""
    plain = folder / "events.jsonl"
    with gzip.open(HISTORY) as packed:
        plain.write_bytes(packed.read())
    data = bp.MarketData.from_json_lines(plain)
    events = len(data)
    records, blocks = folder / "plain.bph", folder / "compressed.bph"
    data.save(records)
    data.save(blocks, compressed=True)
    return {
        "load_records_ns": lambda: timed(lambda: bp.MarketData.open(records), events),
        "load_blocks_ns": lambda: timed(lambda: bp.MarketData.open(blocks), events),
        "load_json_ns": lambda: timed(lambda: bp.MarketData.from_json_lines(plain), events),
        "load_gzip": lambda: timed(lambda: bp.MarketData.from_json_lines(HISTORY), events),
    }


def import_ms() -> float:
    """Milliseconds of `import barter_python` in a new interpreter that has started."""
    return _printed_by(
        "import time; start = time.perf_counter(); import barter_python; "
        "print((time.perf_counter() - start) * 1e3)"
    )


def peak_mb() -> float:
    """Peak memory of a process that runs the demo, in megabytes.

    To be asked before this process grows: on Linux the peak of a new process starts at that of the
    process which started it.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    return _printed_by(
        f"import resource, runpy; runpy.run_path({str(EXAMPLES / 'ema_cross.py')!r}, "
        f"run_name='__main__'); "
        f"print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * {unit} / 1e6)"
    )


def wheel_mb() -> float | None:
    """Size of the newest wheel in `dist/`, in megabytes; `None` when there is none."""
    wheels = sorted((ROOT / "dist").glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)
    return wheels[-1].stat().st_size / 1e6 if wheels else None


def _printed_by(code: str) -> float:
    """Run code in a new interpreter and take the number in its last line."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.split()[-1])

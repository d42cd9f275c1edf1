"""Times everything in one go, prints a table and writes `target/bench.json`.

Run it with `make bench`, or `python benchmarks/run.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cases import ROOT, engine_cases, helper_cases, import_ms, load_cases, peak_mb, wheel_mb
from closing import Closings
from reading import reading_cases
from resting import RestingOrders
from results import Results
from scan import scan_figures
from stops import WaitingStops
from sweep import sweep_figures
from tables import Tables

ROUNDS = 25
CLOSING_ROUNDS = 2
RESTING_ROUNDS = 5
SWEEP_ROUNDS = 2
TABLE_ROUNDS = 3
IMPORTS = 10
SCANNED_EVENTS = 4_000_000

HEAD = ("figure", "what", "value", "ratio", "wanted", "met")

Figures = dict[str, float | None]

KEYS = (
    "engine_native_ns",
    "noop_ns",
    "held_ns",
    "read_float_ns",
    "read_decimal_ns",
    "ema_ns",
    "ema_loop_ns",
    "binding_ns",
    "helper_ns",
    "plain_python_ns",
    "close_native_ns",
    "close_python_ns",
    "import_ms",
    "peak_mb",
    "load_events_per_s",
    "load_gzip_events_per_s",
    "wheel_mb",
)
"""What `target/bench.json` holds; the table has some more."""


def measure() -> Figures:
    """Take all figures: of each the best of several repetitions, all cases in turn."""
    figures: Figures = {"peak_mb": peak_mb()}  # first, while this process is small
    figures["import_ms"] = min(import_ms() for _ in range(IMPORTS))
    figures["wheel_mb"] = wheel_mb()
    with TemporaryDirectory() as folder:
        cases = {**engine_cases(), **helper_cases(), **load_cases(Path(folder))}
        cases |= reading_cases(Path(folder))
        samples: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(ROUNDS):
            for name, case in cases.items():
                samples[name].append(case())
    closings = Closings()
    for _ in range(CLOSING_ROUNDS):
        for name, times in closings.run().items():
            samples.setdefault(name, []).extend(times)
    resting = RestingOrders()
    for _ in range(RESTING_ROUNDS):
        for name, time in resting.run().items():
            samples.setdefault(name, []).append(time)
    waiting = WaitingStops()
    for _ in range(RESTING_ROUNDS):
        for name, time in waiting.run().items():
            samples.setdefault(name, []).append(time)
    tables = Tables()
    for _ in range(TABLE_ROUNDS):
        for name, time in tables.run().items():
            samples.setdefault(name, []).append(time)
    results = Results()
    for _ in range(TABLE_ROUNDS):
        for name, time in results.run().items():
            samples.setdefault(name, []).append(time)
    best = {name: min(times) for name, times in samples.items()}
    figures["load_events_per_s"] = 1e9 / best["load_json_ns"]
    figures["load_gzip_events_per_s"] = 1e9 / best.pop("load_gzip")
    return {
        **figures,
        **best,
        **sweep_figures(SWEEP_ROUNDS),
        **scan_figures(SCANNED_EVENTS),
    }


@dataclass(frozen=True)
class Line:
    """A line of the table.

    Parameters
    ----------
    name : str
        The figure.
    what : str
        What it is, for people.
    against : tuple of str
        The figures whose sum it is divided by; of none, there is no ratio.
    wanted : float, optional
        What the ratio (or the figure, where there is no ratio) should not be above.
    at_least : bool
        Whether it should rather not be below.
    """

    name: str
    what: str
    against: tuple[str, ...] = ()
    wanted: float | None = None
    at_least: bool = False

    def row(self, figures: Mapping[str, float | None]) -> tuple[str, ...]:
        """Give the cells."""
        value = figures[self.name]
        if value is None:
            return (self.name, self.what, "-", "", "", "")
        ratio = value / sum(figures[name] or 0 for name in self.against) if self.against else None
        reached = value if ratio is None else ratio
        cells = (self.name, self.what, _number(value), "" if ratio is None else f"{ratio:.2f} x")
        if self.wanted is None:
            return (*cells, "", "")
        met = reached >= self.wanted if self.at_least else reached <= self.wanted
        sign = ">=" if self.at_least else "<="
        return (*cells, f"{sign} {_number(self.wanted)}", "yes" if met else "NO")


LINES = (
    Line("engine_native_ns", "engine, driver and exchange; a Rust strategy that does nothing"),
    Line("noop_ns", "a Python strategy that does nothing", ("engine_native_ns",), 1.5),
    Line("held_ns", "... that holds all instruments, marked at every event", ("noop_ns",)),
    Line("read_float_ns", "... that reads a float", ("engine_native_ns",)),
    Line("read_decimal_ns", "... that reads a Decimal", ("engine_native_ns",)),
    Line("ema_loop_ns", "the EMA's arithmetic in a Python loop, no engine"),
    Line("ema_ns", "the EMA example", ("ema_loop_ns",), 1.5),
    Line("ema_woken_ns", "the same with indicators of the engine", ("ema_ns",)),
    Line("waiting_ns", "a strategy with a condition that never holds", ("engine_native_ns",)),
    Line("at_trades_ns", "one that is asked at trades only", ("engine_native_ns",)),
    Line("new_lists_ns", "one that gives two new lists at each event", ("noop_ns",)),
    Line("noop_compiled_ns", "a compiled strategy that does nothing", ("noop_ns",)),
    Line("ema_compiled_ns", "the EMA example compiled", ("ema_ns",)),
    Line("binding_ns", "the binding's call", (), 300),
    Line("plain_python_ns", "the same dataclasses built in plain Python"),
    Line("helper_ns", "the Python helper", ("plain_python_ns", "binding_ns"), 1.5),
    Line("close_native_ns", "10,000 positions closed by a command in the engine"),
    Line(
        "close_python_ns",
        "... by the helper over plain states",
        ("close_native_ns",),
        5,
        at_least=True,
    ),
    Line("close_views_ns", "... by the helper in a hook, over views", ("close_native_ns",)),
    Line("close_hook_ns", "... by the helper in a hook, one call", ("close_native_ns",)),
    Line("resting_1_ns", "an event with 1 order resting below the best bid"),
    Line("resting_100_ns", "... with 100", ("resting_1_ns",), 1.25),
    Line("resting_10000_ns", "... with 10,000", ("resting_1_ns",), 1.25),
    Line("touched_1_ns", "an event with 1 order at the best bid"),
    Line("touched_100_ns", "... with 100", ("touched_1_ns",)),
    Line("touched_10000_ns", "... with 10,000", ("touched_1_ns",)),
    Line("stops_0_ns", "an event while no stop waits"),
    Line("stops_1_ns", "... while 1 waits away from the price"),
    Line("stops_100_ns", "... while 100 wait", ("stops_1_ns",), 1.25),
    Line("stops_10000_ns", "... while 10,000 wait", ("stops_1_ns",), 1.25),
    Line("sweep_one_s", "a grid of 360 EMA runs on one worker process, seconds"),
    Line("sweep_two_s", "... on two"),
    Line("sweep_speedup", "... how many times faster that is", (), 1.8, at_least=True),
    Line("sweep_one_processor_s", "... processor time of one worker, start-up apart, seconds"),
    Line("sweep_two_processor_s", "... of both", ("sweep_one_processor_s",), 1.15),
    Line("sweep_one_start_s", "... of the start-up of one worker"),
    Line("sweep_two_start_s", "... of both", ("sweep_one_start_s",)),
    Line("sweep_plain_s", "the same grid in Python on two processes, only the orders counted"),
    Line("sweep_compiled_s", "... compiled, on two threads"),
    Line("sweep_compiled_speedup", "... how many times faster that is"),
    Line("sweep_plain_processor_s", "... processor time of the processes, start-up apart"),
    Line("sweep_compiled_processor_s", "... of the threads", ("sweep_plain_processor_s",)),
    Line("sweep_load", "... the load of the machine then, of other programs included"),
    Line("short_run_ns", "a native run of 1,000 events in a worker process, with its result"),
    Line("short_kept_ns", "... of which only the profit is kept", ("short_run_ns",)),
    Line("result_ms", "100,000 orders: from the last event to the result, milliseconds"),
    Line("order_objects_ns", "... list(result.orders), an order"),
    Line("order_json_ns", "... result.to_json(), an order and its fill"),
    Line("order_pickle_ns", "... pickled and back, an order and its fill"),
    Line("result_json_1000_ns", "a result of 1,000 orders as JSON, an order and its fill"),
    Line("result_json_10000_ns", "... of 10,000"),
    Line("result_json_100000_ns", "... of 100,000"),
    Line("result_json_exponent", "... as a power of the orders", (), 1.1),
    Line("result_pickle_1000_ns", "a result of 1,000 orders pickled, an order and its fill"),
    Line("result_pickle_10000_ns", "... of 10,000"),
    Line("result_pickle_100000_ns", "... of 100,000"),
    Line("result_pickle_exponent", "... as a power of the orders", (), 1.1),
    Line("result_unpickle_1000_ns", "the pickle of 1,000 orders read, an order and its fill"),
    Line("result_unpickle_10000_ns", "... of 10,000"),
    Line("result_unpickle_100000_ns", "... of 100,000"),
    Line("result_unpickle_exponent", "... as a power of the orders", (), 1.1),
    Line("row_arrow_ns", "a million fills as an Arrow stream, exact, a row"),
    Line("row_float_ns", "... with floats"),
    Line("row_polars_ns", "... that table made a frame by polars", ("row_arrow_ns",)),
    Line("row_pandas_ns", "... by pandas", ("row_arrow_ns",)),
    Line("row_duckdb_ns", "... a table by DuckDB", ("row_arrow_ns",)),
    Line("scan_ns", "4,000,000 events in parts, their making included", ("engine_native_ns",)),
    Line("scan_mb", "... and the peak memory of the process", (), 300),
    Line("import_ms", "import barter_python", (), 50),
    Line("peak_mb", "peak memory of the demo", (), 120),
    Line("load_events_per_s", "plain JSON lines", (), 900_000, at_least=True),
    Line("load_json_ns", "... an event"),
    Line("load_records_ns", "a binary history, plain", ("load_json_ns",), 0.2),
    Line("load_blocks_ns", "... compressed", ("load_json_ns",), 0.2),
    Line("load_gzip_events_per_s", "JSON lines in gzip"),
    Line("csv_ns", "a row of Binance's trades in CSV", (), 700),
    Line("csv_gzip_ns", "... in gzip", ("csv_ns",)),
    Line("csv_zip_ns", "... in a zip archive", ("csv_ns",)),
    Line("frame_ns", "... in a frame of polars whose numbers are text", ("csv_ns",)),
    Line("wheel_mb", "the wheel", (), 8),
)


def show(figures: Mapping[str, float | None]) -> str:
    """Give the table."""
    rows = [HEAD, *(line.row(figures) for line in LINES)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = {2, 3}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    """Measure, print, write."""
    figures = measure()
    print(show(figures))
    path = ROOT / "target" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    chosen = {key: figures[key] for key in KEYS}
    path.write_text(json.dumps(chosen, indent=2) + "\n", encoding="utf-8")
    print(f"\nBest of {ROUNDS} rounds, all cases in turn; written to {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

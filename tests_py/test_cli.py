"""The command `barter-python`, as a process of its own."""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import json
import os
import pty
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

import barter_python as bp
from barter_python import FillPrice, MarketData, MarketEvent, Side, SystemConfig, TimeInterval
from barter_python._cli_parameters import UsageError, bind, convert

QUANTITIES = {
    "binancespot-btc_usdt": "0.001",
    "binancespot-eth_usdt": "0.05",
    "binancespot-sol_usdt": "1",
}

INHERITED = """
from __future__ import annotations

from dataclasses import dataclass

from base import Base

@dataclass
class Derived(Base):
    count: int = 0
"""

BASE = """
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal as Exact

import barter_python as bp

@dataclass
class Base(bp.Strategy):
    size: Exact

    def generate_algo_orders(self, state, /):
        return bp.NO_ORDERS
"""

STRATEGIES = '''
from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import barter_python as bp
from helper import BUY

if TYPE_CHECKING:
    from nowhere import Nothing


@dataclass
class Buyer(bp.Strategy):
    """Buys once."""

    quantity: Decimal
    after: int = 1000
    fails: str = ""
    unresolved: Nothing | None = None

    def __post_init__(self):
        self.count = 0
        if self.fails == "constructor":
            raise ValueError("from the constructor")

    def generate_algo_orders(self, state, /):
        self.count += 1
        if self.count == self.after + 1:
            if self.fails == "run":
                raise ValueError("from the run")
            if self.fails == "exit":
                sys.exit(0)
            if self.fails == "lookup":
                state.instrument(1000)
            if self.fails == "answer":
                return 5
            if self.fails == "order":
                return [], [state.instrument(0).market_order(BUY, 1, strategy_id="x")] * 2
            if self.fails == "interrupt":
                os.kill(os.getpid(), signal.SIGINT)
                return bp.NO_ORDERS
            return [], [state.instrument(0).market_order(BUY, self.quantity, strategy_id="x")]
        return bp.NO_ORDERS


class Abstract(bp.Strategy):
    pass


class Other:
    pass


from decimal import Decimal
'''


def run_command(
    *arguments: str | Path, cwd: Path | None = None, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a pipe."""
    added = {} if path is None else {"PYTHONPATH": os.pathsep.join([str(path), *sys.path])}
    return subprocess.run(
        [sys.executable, "-m", "barter_python.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **added},
    )


def refused(*arguments: str | Path, cwd: Path | None = None) -> str:
    """Give the one line with which the command refuses something."""
    done = run_command(*arguments, cwd=cwd)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("barter-python: ")
    return done.stderr.removeprefix("barter-python: ").strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with strategies and their helper."""
    folder = tmp_path_factory.mktemp("strategies")
    (folder / "statistics.py").write_text(STRATEGIES, encoding="utf-8")
    (folder / "inherited.py").write_text(INHERITED)
    (folder / "base.py").write_text(BASE)
    (folder / "helper.py").write_text("from barter_python import Side\nBUY = Side.BUY\n")
    (folder / "broken.py").write_text("x = 1\nraise RuntimeError('from the import')\n")
    (folder / "unclosed.py").write_text("x = (\n")
    (folder / "needy.py").write_text("import no_such_module\n")
    (folder / "__init__.py").write_text("")
    return folder


@pytest.fixture
def inputs(real_path: Path, examples: Path) -> list[str]:
    """The arguments that name the bundled files."""
    return ["--config", str(examples / "system_config.json"), "--data", str(real_path)]


@pytest.fixture
def buyer(folder: Path, inputs: list[str]) -> Callable[..., list[str]]:
    """Make the arguments of a run of `Buyer`."""

    def make(*more: str) -> list[str]:
        strategy = f"{folder / 'statistics.py'}:Buyer"
        return ["backtest", *inputs, "--strategy", strategy, "--param", "quantity=0.01", *more]

    return make


# Backtests


def test_a_run_is_what_run_backtest_gives(
    repository: Path,
    inputs: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    real_history: MarketData,
    real_config: SystemConfig,
) -> None:
    file = tmp_path / "result.json"
    ema = repository / "examples" / "ema_cross.py"
    done = run_command(
        *("backtest", *inputs, "--strategy", f"{ema}:EmaCross"),
        *("--param", f"quantities={json.dumps(QUANTITIES)}"),
        *("--latency", "250ms", "--fee-rate", "0.002", "--close-at-end"),
        *("--fill-price", "requested", "--interval", "daily", "--json", str(file)),
    )
    assert (done.returncode, done.stderr) == (0, "")
    spec = importlib.util.spec_from_file_location("ema_cross", ema)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "ema_cross", module)
    spec.loader.exec_module(module)
    script = bp.run_backtest(
        module.EmaCross({name: Decimal(quantity) for name, quantity in QUANTITIES.items()}),
        real_history,
        real_config,
        latency=timedelta(milliseconds=250),
        fee_rate=Decimal("0.002"),
        close_at_end=True,
        fill_price=FillPrice.REQUESTED,
        interval=TimeInterval.DAILY,
    )
    assert script.fills
    assert file.read_text(encoding="utf-8") == script.to_json(indent=2) + "\n"
    assert done.stdout == f"{script}\n"


def test_defaults_are_those_of_run_backtest(
    inputs: list[str], real_history: MarketData, real_config: SystemConfig
) -> None:
    done = run_command(
        "backtest", *inputs, "--strategy", "barter_python:DefaultStrategy", "--json", "-"
    )
    expected = bp.run_backtest(bp.DefaultStrategy(), real_history, real_config)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected.to_json(indent=2) + "\n"


def test_a_file_imports_its_neighbours_and_hides_no_module(
    buyer: Callable[..., list[str]],
) -> None:
    done = run_command(*buyer("--param", "after=2000"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 orders: 1 filled\n1 fills" in done.stdout


def test_a_module_is_found_from_the_current_folder(folder: Path, inputs: list[str]) -> None:
    done = run_command(
        *("backtest", *inputs, "--strategy", f"{folder.name}.helper:Side"), cwd=folder.parent
    )
    assert "Side has no method generate_algo_orders(state)" in done.stderr


def test_one_array_is_read_as_well(examples: Path, tmp_path: Path) -> None:
    array = examples / "binance_spot_market_data_with_disconnect_events.json"
    packed = tmp_path / "array.gz"
    packed.write_bytes(gzip.compress(b"\n " + array.read_bytes()))
    config = examples / "system_config.json"
    for file in (array, packed):
        done = run_command(
            *("backtest", "--config", config, "--data", file, "--json", "-"),
            *("--strategy", "barter_python:DefaultStrategy"),
        )
        assert (done.returncode, done.stderr) == (0, "")
        expected = bp.run_backtest(
            bp.DefaultStrategy(), MarketData.from_json(array), SystemConfig.from_json(config)
        )
        assert done.stdout == expected.to_json(indent=2) + "\n"


def test_a_great_fee_is_noted_unless_it_is_replaced(
    examples: Path, real_path: Path, tmp_path: Path
) -> None:
    text = (examples / "system_config.json").read_text(encoding="utf-8")
    config = tmp_path / "config.json"
    config.write_text(text.replace('"fees_percent": 0.001', '"fees_percent": 0.05'))
    arguments = ["backtest", "--config", str(config), "--data", str(real_path)]
    arguments += ["--strategy", "barter_python:DefaultStrategy"]
    done = run_command(*arguments)
    assert done.returncode == 0
    assert done.stderr.startswith("barter-python: note: ")
    assert done.stderr.count("\n") == 1
    assert "fees_percent is 0.05" in done.stderr
    assert run_command(*arguments, "--fee-rate", "0.001").stderr == ""


# Progress


def test_progress_is_shown_on_a_terminal(buyer: Callable[..., list[str]]) -> None:
    ours, theirs = pty.openpty()
    with (
        os.fdopen(ours, "rb", buffering=0) as terminal,
        subprocess.Popen(
            [sys.executable, "-m", "barter_python.cli", *buyer()],
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "NO_COLOR": "1"},
        ) as process,
    ):
        os.close(theirs)
        shown = b""
        try:
            while chunk := terminal.read(65536):
                shown += chunk
        except OSError:  # Linux says so that nobody has the other side any more
            pass
        assert process.stdout is not None
        table = process.stdout.read()
    assert process.returncode == 0
    last = shown.decode().split("\r")[-2]
    assert "50,000/50,000 events" in last
    assert "/s" in last
    assert "0:00:00 left" in last
    assert table.startswith("Backtest from 2025-03-25")


# What is wrong with what was given


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--strategy", "no/such.py:X"], "--strategy: no such file: no/such.py"),
        (["--strategy", "no_such:X"], "--strategy: No module named 'no_such'"),
        (["--strategy", "barter_python.no:X"], "--strategy: No module named 'barter_python.no'"),
        (["--strategy", "barter_python"], "--strategy: expected path/to/file.py:Class or"),
        (["--strategy", "some/folder:X"], "--strategy: neither a file that ends in .py nor"),
        (["--strategy", "{folder}/statistics.py:Byer"], "no class 'Byer'; strategies: Buyer"),
        (["--strategy", "{folder}/statistics.py:Other"], "Other has no method generate_algo"),
        (["--strategy", "{folder}/statistics.py:Abstract"], "is abstract: it lacks generate_algo"),
        (["--strategy", "{folder}/statistics.py:Buyer"], "Buyer needs --param quantity=... (a fin"),
        (
            ["--strategy", "{folder}/statistics.py:Buyer", "--param", "unresolved=none"],
            "--param unresolved: the annotation 'Nothing | None' cannot be resolved",
        ),
        (
            ["--strategy", "{folder}/inherited.py:Derived", "--param", "size=x"],
            "--param size: expected a finite Decimal, got 'x'",
        ),
        (["--param", "quantity"], "--param: expected name=value, got 'quantity'"),
        (
            ["--param", "size=1"],
            "--param size: DefaultStrategy has no such parameter; it has strategy_id",
        ),
        (["--latency", "100"], "--latency: expected whole microseconds with a unit"),
        (["--latency", "1500ns"], "--latency: expected whole microseconds"),
        (["--latency", "-1ms"], "latency must not be negative"),
        (["--fee-rate", "much"], "--fee-rate: expected a finite Decimal, got 'much'"),
        (["--fee-rate", "1"], "fee_rate must be a fraction"),
        (
            ["--interval", "weekly"],
            "--interval: expected one of daily, annual_252, annual_365, got 'weekly'",
        ),
        (
            ["--fill-price", "best"],
            "--fill-price: expected one of best_opposite, requested, got 'best'",
        ),
        (["--json", "no_such_folder/result.json"], "--json no_such_folder/result.json: not a file"),
        (["--config", "no_such.json"], "no_such.json: No such file or directory"),
        (["--config", "{folder}"], "Is a directory"),
        (["--config", "{folder}/helper.py"], "helper.py: not JSON"),
        (["--data", "no_such.jsonl"], "no_such.jsonl: No such file or directory"),
        (["--data", "{folder}"], "Is a directory"),
        (["--data", "{folder}/helper.py"], "helper.py"),
        (["--no-such-option"], "--no-such-option"),
    ],
)
def test_refusals(folder: Path, inputs: list[str], arguments: list[str], reason: str) -> None:
    given = [argument.replace("{folder}", str(folder)) for argument in arguments]
    strategy = ["--strategy", "barter_python:DefaultStrategy"]
    assert reason in refused("backtest", *inputs, *strategy, *given)


def test_other_refusals(
    examples: Path, real_path: Path, tmp_path: Path, buyer: Callable[..., list[str]]
) -> None:
    assert "Missing command" in refused()
    assert "no_such" in refused("no_such")
    assert "'--data'" in refused("backtest", "--config", "x", "--strategy", "x:X")
    assert "no_such.jsonl: No such file" in refused("inspect-data", "no_such.jsonl")
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(real_path.read_bytes()[:10_000])
    assert "cut.jsonl.gz" in refused("inspect-data", cut)
    config = json.loads((examples / "system_config.json").read_text(encoding="utf-8"))
    config["instruments"].pop()
    config["executions"][0]["initial_state"]["balances"].pop()
    smaller = tmp_path / "smaller.json"
    smaller.write_text(json.dumps(config))
    assert "instrument" in refused(*buyer("--config", str(smaller)))


def test_an_order_that_must_not_reach_the_engine_is_one_line(
    buyer: Callable[..., list[str]],
) -> None:
    assert "order" in refused(*buyer("--param", "fails=order"))


# Exceptions of strategies


@pytest.mark.parametrize(
    ("fails", "last_line"),
    [
        ("constructor", "ValueError: from the constructor"),
        ("run", "ValueError: from the run"),
        ("exit", "SystemExit: 0"),
        ("lookup", "barter_python.errors.UnknownKeyError: "),
    ],
)
def test_exceptions_keep_their_traceback(
    buyer: Callable[..., list[str]], fails: str, last_line: str
) -> None:
    done = run_command(*buyer("--param", f"fails={fails}"))
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1].startswith(last_line)
    assert 'statistics.py", line ' in done.stderr


def test_a_wrong_answer_is_an_exception_of_the_strategy(buyer: Callable[..., list[str]]) -> None:
    done = run_command(*buyer("--param", "fails=answer"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert "\nTypeError: " in done.stderr


@pytest.mark.parametrize(
    ("file", "last_line"),
    [
        ("broken.py", "RuntimeError: from the import"),
        ("unclosed.py", "SyntaxError: '(' was never closed"),
        ("needy.py", "ModuleNotFoundError: No module named 'no_such_module'"),
    ],
)
def test_imports_keep_their_traceback(
    folder: Path, inputs: list[str], file: str, last_line: str
) -> None:
    for place in (str(folder / file), f"{folder.name}.{file.removesuffix('.py')}"):
        done = run_command("backtest", *inputs, "--strategy", f"{place}:X", cwd=folder.parent)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Traceback (most recent call last):")
        assert done.stderr.splitlines()[-1] == last_line
        assert f'{file}", line ' in done.stderr


def test_ctrl_c_is_one_line(buyer: Callable[..., list[str]]) -> None:
    done = run_command(*buyer("--param", "fails=interrupt"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "barter-python: interrupted\n")


def test_a_reader_that_leaves_is_no_traceback(buyer: Callable[..., list[str]]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "barter_python.cli", *buyer("--json", "-")],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


# Parameters


@dataclass
class Parameters:
    """What a strategy's constructor may ask for."""

    text: str = ""
    count: int = 0
    ratio: float = 0.0
    price: Decimal = Decimal(0)
    flag: bool = False
    pause: timedelta = timedelta(0)
    side: Side = Side.BUY
    maybe: int | None = 0
    number: Decimal | int = 0
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    sides: dict[Side, list[timedelta]] = field(default_factory=dict)
    spans: Sequence[int] = ()
    pair: tuple[int, str] = (0, "")
    limits: tuple[Decimal | None, ...] = ()
    start: InitVar[int] = 0
    known: Literal["a"] = "a"


GOOD: list[tuple[str, object]] = [
    ("text=a=b", "a=b"),
    ("text=", ""),
    ("count=-5", -5),
    ("ratio=1e-3", 0.001),
    ("price=0.1000", Decimal("0.1000")),
    ("flag=True", True),
    ("flag=false", False),
    ("pause=100ms", timedelta(milliseconds=100)),
    ("pause=1.5s", timedelta(seconds=1.5)),
    ("pause=2m", timedelta(minutes=2)),
    ("pause=7us", timedelta(microseconds=7)),
    ("pause=3000ns", timedelta(microseconds=3)),
    ("side=sell", Side.SELL),
    ("side=SELL", Side.SELL),
    ("maybe=none", None),
    ("maybe=3", 3),
    ("number=5", Decimal(5)),
    ('quantities={"btc": "0.10", "eth": 0.10}', {"btc": Decimal("0.10"), "eth": Decimal("0.10")}),
    ('sides={"buy": ["1s", "2ms"]}', {Side.BUY: [timedelta(seconds=1), timedelta(0, 0, 2000)]}),
    ("spans=[1, 2]", (1, 2)),
    ('pair=[1, "a"]', (1, "a")),
    ("limits=[null, 2.50]", (None, Decimal("2.50"))),
    ("start=4", 4),
]


@pytest.mark.parametrize(("given", "expected"), GOOD, ids=[given for given, _ in GOOD])
def test_parameters_are_converted(given: str, expected: object) -> None:
    value = bind(Parameters, [given]).arguments[given.partition("=")[0]]
    assert value == expected
    assert type(value) is type(expected)
    assert str(value) == str(expected)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("count=1.5", "--param count: expected an int, got '1.5'"),
        ("ratio=nan", "--param ratio: expected a finite float, got 'nan'"),
        ("ratio=1e999", "--param ratio: expected a finite float, got '1e999'"),
        ("price=Infinity", "--param price: expected a finite Decimal, got 'Infinity'"),
        ("flag=1", "--param flag: expected true or false, got '1'"),
        ("pause=5", "--param pause: expected whole microseconds with a unit (ns, us, ms, s, m)"),
        ("pause=1ns", "--param pause: expected whole microseconds"),
        ("pause=99999999999999m", "--param pause: expected whole microseconds"),
        ("side=up", "--param side: expected one of buy, sell, got 'up'"),
        ("maybe=x", "--param maybe: expected an int or none, got 'x'"),
        ("quantities=5", "--param quantities: expected a JSON object for Mapping[str, Decimal]"),
        ('quantities={"a": true}', "--param quantities: expected a JSON object"),
        ('quantities={"a": 1, "a": 2}', "--param quantities: expected a JSON object"),
        ('quantities={"a": NaN}', "--param quantities: expected a JSON object"),
        ("spans=[1.5]", "--param spans: expected a JSON array for Sequence[int]"),
        ('pair=[1, "a", 2]', "--param pair: expected a JSON array for tuple[int, str]"),
        ("pair=[1, 2]", "--param pair: expected a JSON array for tuple[int, str]"),
        ("known=a", "--param known: no text can be converted to the annotation Literal['a']"),
        ("unknown=1", "--param unknown: Parameters has no such parameter; it has text, count"),
        ("=1", "--param: expected name=value, got '=1'"),
    ],
)
def test_parameters_that_cannot_be_converted(given: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        bind(Parameters, [given])
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


def test_parameters_are_given_once_and_completely() -> None:
    class Needy:
        def __init__(self, first: int, second, /, third: Missing, *rest: int) -> None:  # type: ignore[no-untyped-def,name-defined]  # noqa: ANN001, F821 - what the test is about
            self.first = first

    with pytest.raises(UsageError, match=r"^--param first is given twice$"):
        bind(Needy, ["first=1", "first=1"])
    with pytest.raises(UsageError, match=r"^--param rest: Needy has no such parameter"):
        bind(Needy, ["rest=1"])
    with pytest.raises(UsageError, match=r"^--param second: the parameter has no annotation"):
        bind(Needy, ["second=1"])
    with pytest.raises(UsageError, match=r"^--param third: the annotation 'Missing' cannot be"):
        bind(Needy, ["third=1"])
    with pytest.raises(UsageError, match=r"^Needy needs --param second=.* and --param third="):
        bind(Needy, ["first=1"])


def test_positional_parameters_are_passed_by_position() -> None:
    class Positional:
        def __init__(self, first: int, /, second: str = "") -> None:
            self.both = first, second

    bound = bind(Positional, ["second=x", "first=1"])
    assert Positional(*bound.args, **bound.kwargs).both == (1, "x")


def test_conversion_names_what_was_given() -> None:
    with pytest.raises(UsageError, match=r"^--latency: expected"):
        convert("x", timedelta, "--latency")


# Help, versions, data


def test_help_teaches() -> None:
    done = run_command("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("backtest", "inspect-data", "--param 'quantities=", "--latency 100ms", "130"):
        assert word in done.stdout
    done = run_command("backtest", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in (
        "--config",
        "--no-close-at-end",
        "best_opposite",
        "annual_365",
        "timedelta",
        "answer_latency_ms",
    ):
        assert word in done.stdout


def test_version() -> None:
    done = run_command("--version")
    assert (done.returncode, done.stderr) == (0, "")
    crates = [f"{crate} {version}" for crate, version in bp.wrapped_crates().items()]
    assert done.stdout.splitlines() == [f"barter-python {bp.__version__}", *crates]


def figures(output: str) -> list[list[str]]:
    return [line.split() for line in output.splitlines()]


def test_inspect_data_counts_as_python_does(real_path: Path, real_history: MarketData) -> None:
    done = run_command("inspect-data", real_path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = figures(done.stdout)
    events = [event for event in real_history if isinstance(event, MarketEvent)]
    assert len(events) == len(real_history)
    counts = Counter(
        (event.exchange.value, str(event.instrument), type(event.kind).__name__) for event in events
    )
    assert rows[0][:2] == ["50000", "events"]
    end = rows.index([])
    assert {tuple(row[:3]): int(row[3]) for row in rows[2:end]} == counts

    received = [event.time_received_ns for event in events]
    span, first, last = (
        next(row for row in rows if row[:1] == [word]) for word in ("Span:", "first", "last")
    )
    assert Decimal(span[1]) * 10**9 == max(received) - min(received)
    assert [first[1][:23], last[1][:23]] == [
        f"{time:%Y-%m-%dT%H:%M:%S.%f}"[:23]
        for time in (
            min(event.time_received for event in events),
            max(event.time_received for event in events),
        )
    ]

    in_order = sorted(received)
    pauses = sorted(b - a for a, b in itertools.pairwise(in_order))[:-6:-1]
    start = next(number for number, row in enumerate(rows) if row[:1] == ["Gaps:"]) + 2
    gaps = rows[start : start + 5]
    assert [Decimal(row[2]) * 10**9 for row in gaps] == pauses
    for row, pause in zip(gaps, pauses, strict=True):
        before = received[int(row[0])]
        assert min(time for time in received if time > before) - before == pause

    for name in ("time_received", "time_exchange"):
        times = [getattr(event, f"{name}_ns") for event in events]
        steps = [a - b for a, b in itertools.pairwise(times) if b < a]
        row = next(row for row in rows if row[:1] == [name] and len(row) == 3)
        assert (int(row[1]), Decimal(row[2]) * 10**9) == (len(steps), max(steps))


def test_inspect_data_counts_snapshots_and_updates_of_the_order_book(tmp_path: Path) -> None:
    level = '{"levels":[{"price":"1.5","amount":"2"}]}'
    book = f'{{"sequence":1,"time_engine":null,"bids":{level},"asks":{{"levels":[]}}}}'
    time = "2025-03-25T23:07:00Z"
    lines = [
        f'{{"Item":{{"time_exchange":"{time}","time_received":"{time}","exchange":"binance_spot",'
        f'"instrument":0,"kind":{{"OrderBook":{{"{kind}":{book}}}}}}}}}\n'
        for kind in ("Snapshot", "Update", "Update")
    ]
    path = tmp_path / "books.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    done = run_command("inspect-data", path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = figures(done.stdout)
    assert ["binance_spot", "0", "OrderBookSnapshot", "1"] in rows
    assert ["binance_spot", "0", "OrderBookUpdate", "2"] in rows


def test_inspect_data_counts_lost_streams(examples: Path) -> None:
    done = run_command(
        "inspect-data", examples / "binance_spot_market_data_with_disconnect_events.json"
    )
    rows = figures(done.stdout)
    assert ["binance_spot", "-", "Reconnecting", "3"] in rows
    assert ["time_received", "0", "0.000000000"] in rows


# Without the extra


def test_importing_the_package_imports_no_dependency_of_the_command() -> None:
    script = (
        "import sys, barter_python\n"
        "print([n for n in sys.modules if n.startswith(('typer', 'rich', 'barter_python.cli'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["typer", "rich"])
def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, module: str) -> None:
    text = f"raise ModuleNotFoundError(\"No module named '{module}'\", name='{module}')\n"
    (tmp_path / f"{module}.py").write_text(text)
    done = run_command("--help", path=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "pip install 'barter-python[cli]'" in done.stderr

"""Mistakes of users: a checker reports each at its line, or a clear error answers it, or both.

`mistakes/` has them by topic. A mistake begins with a line `=== name | error | unchecked`: the
error is `Class: pattern` as running it raises, or `None` where nothing does; `unchecked` says that
no checker can know. `# <-` marks the line that the checkers report.
"""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from support import ROOT
from support.checkers import CHECKERS, OLDEST

import barter_python as bp

HERE = Path(__file__).parent / "mistakes"
MARK = "  # <-"
PRELUDE = '''
from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from typing_extensions import override

import barter_python as bp
from barter_python import Side, strategy

SPOT = bp.ExchangeId.BINANCE_SPOT
START = 1_704_067_200_000_000_000
LEVELS = bp.Level(price=99, amount=9), bp.Level(price=101, amount=9)
DATA = bp.MarketData.from_events(
    [bp.MarketEvent(START, START, SPOT, 0, bp.OrderBookL1(START, *LEVELS))]
)
CONFIG = bp.SystemConfig(
    [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))],
    [bp.MockExecutionConfig(SPOT, {"usdt": 1000})],
)
HELD = bp.Position(0, Side.BUY, 1, 10)
PLAIN = bp.EngineState([bp.InstrumentState(0, 0, HELD, 9)])
UNPRICED = bp.EngineState([bp.InstrumentState(0, 0, HELD, None)])
RESULT = bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG)


def run(mine: bp.AlgoStrategy) -> None:
    """Run a strategy."""
    bp.run_backtest(mine, DATA, CONFIG)


def order(make: Callable[[bp.InstrumentView], bp.OrderRequestOpen]) -> None:
    """Send one order."""

    class Sends(bp.Strategy):
        strategy_id = "sends"

        @override
        def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
            return [], [make(state.instrument(0))]

    run(Sends())


def start(look: Callable[[bp.EngineView], object]) -> None:
    """Look at the state once."""

    class Looks(bp.DefaultStrategy):
        @override
        def on_start(self, state: bp.EngineView, /) -> None:
            look(state)

    run(Looks())


'''.lstrip()


class Mistake(NamedTuple):
    """A mistake, and who sees it."""

    code: str
    error: str
    unchecked: bool

    @property
    def line(self) -> int | None:
        """Which line of the whole file is marked."""
        lines = (PRELUDE + self.code).splitlines()
        marked = [number for number, line in enumerate(lines, start=1) if line.endswith(MARK)]
        assert len(marked) == (0 if self.unchecked else 1)
        return marked[0] if marked else None


def mistakes() -> Iterator[tuple[str, Mistake]]:
    """Read all of them."""
    for file in sorted(HERE.glob("*.txt")):
        _, *blocks = re.split(r"^=== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for block in blocks:
            head, _, code = block.partition("\n")
            name, error, *unchecked = head.split(" | ")
            yield f"{file.stem}_{name}", Mistake(code.strip() + "\n", error, bool(unchecked))


MISTAKES = dict(mistakes())


def test_there_are_enough_and_hardly_any_passes_unseen() -> None:
    assert len(MISTAKES) >= 60
    unseen = [name for name, it in MISTAKES.items() if it.unchecked and it.error == "None"]
    assert len(unseen) <= 3


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write each mistake as a file of its own."""
    directory = tmp_path_factory.mktemp("mistakes") / "project"
    directory.mkdir()
    for name, mistake in MISTAKES.items():
        text = (PRELUDE + mistake.code).replace(MARK, "")
        (directory / f"{name}.py").write_text(text, encoding="utf-8")
    assert not directory.resolve().is_relative_to(ROOT)
    return directory


@pytest.mark.parametrize("checker", ["mypy", "basedpyright"])
def test_checkers_report_the_line(checker: str, project: Path) -> None:
    before = len(PRELUDE.splitlines())  # which is right, but not all of it is used each time
    problems = [it for it in CHECKERS[checker](project, OLDEST) if it.line > before]
    found = {(it.file, it.line): it.message for it in problems}
    wanted = {(f"{name}.py", it.line) for name, it in MISTAKES.items() if not it.unchecked}
    assert sorted(wanted - found.keys()) == [], "not reported"
    assert {place: found[place] for place in found.keys() - wanted} == {}, "reported beside them"


def error_class(name: str) -> tuple[type[BaseException], ...]:
    """Give the classes of `ValueError`, `bp.ViewError` or `TypeError|AttributeError`."""
    names = name.strip("()").split("|")
    classes = [
        getattr(bp, it[3:]) if it.startswith("bp.") else getattr(builtins, it) for it in names
    ]
    return tuple(classes)


@pytest.mark.parametrize("name", [name for name, it in MISTAKES.items() if it.error != "None"])
def test_running_it_raises_a_clear_error(name: str) -> None:
    mistake = MISTAKES[name]
    kind, _, pattern = mistake.error.partition(": ")
    code = compile(PRELUDE + mistake.code, f"{name}.py", "exec")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error_class(kind), match=pattern):
            exec(code, {"__name__": name})


def test_the_prelude_itself_is_right(tmp_path: Path) -> None:
    file = tmp_path / "prelude.py"
    file.write_text(PRELUDE, encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", file], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()

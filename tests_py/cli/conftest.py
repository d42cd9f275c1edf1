"""Strategies and arguments for runs of the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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

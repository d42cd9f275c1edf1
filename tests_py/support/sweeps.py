"""Strategies that processes of a sweep import by name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    BacktestResult,
    EngineView,
    OrderRequestCancel,
    OrderRequestOpen,
    Orders,
    RiskDecision,
    RiskManager,
    Side,
    Strategy,
)


@dataclass
class BuyOnce(Strategy):
    """Buys a quantity at the first price, and notes in which process it ran."""

    quantity: str
    folder: str = ""
    bought: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if self.folder:
            Path(self.folder, str(os.getpid())).touch()

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        if self.bought or instrument is None or instrument.price is None:
            return NO_ORDERS
        self.bought = True
        return [], [instrument.market_order(Side.BUY, Decimal(self.quantity), strategy_id="once")]


@dataclass
class FirstOnly(RiskManager):
    """Lets only the first order that it ever sees pass."""

    seen: bool = False

    @override
    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        before, self.seen = self.seen, True
        return RiskDecision.of(cancels, opens, lambda _: "only the first" if before else None)


class TwoArgumentsError(Exception):
    """Cannot be unpickled: its arguments are not what it was made with."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def fail_on(kind: str) -> Strategy:
    """Make a strategy, or fail in one of several ways."""
    if kind == "plain":
        raise LookupError("no such thing")
    if kind == "unsendable":
        raise TwoArgumentsError("cannot be", "sent")
    return BuyOnce("1")


def bought(result: BacktestResult) -> Decimal:
    """Give what a run has bought."""
    return result.fills[0].quantity


def by_name(result: BacktestResult) -> dict[str, Decimal]:
    """Give it by its name."""
    return {"bought": bought(result)}


def fail_to_keep(result: BacktestResult) -> object:
    """Give the quantity of the first run, fail for the second, and give what cannot be sent."""
    quantity = bought(result)
    if quantity == 2:
        raise LookupError("no second one")
    return quantity if quantity == 1 else lambda: quantity


class Endless(Strategy):
    """Says that it runs, and takes its time."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self.folder = Path(options["folder"])

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        (self.folder / str(os.getpid())).touch()
        sum(range(10_000))
        return NO_ORDERS

"""What a report says of a run: taken from its result, counted and added up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cached_property

from .._core import (
    IndexedAsset,
    IndexedInstrument,
    OrderKind,
    OrderReport,
    OrderStatus,
    Side,
    Trade,
)
from ..statistic import PositionStatistics, exact_sum
from .equity import EquityLine, equity_lines
from .refusals import reason_of_exchange, reason_of_risk_manager
from .run import Prices, Run

MOST_REASONS = 20
"""How many reasons of refusals are told apart."""

_CONTEXT = Context(prec=60)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def share_of(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Divide, whatever the caller's decimal context; `None` if the whole is not positive."""
    return _CONTEXT.divide(Decimal(part), Decimal(whole)) if whole > 0 else None


def product(*factors: Decimal | int) -> Decimal:
    """Multiply without rounding."""
    total = Decimal(1)
    for factor in factors:
        total = _CONTEXT.multiply(total, Decimal(factor))
    return total


def difference(first: Decimal, second: Decimal) -> Decimal:
    """Subtract without rounding."""
    return _CONTEXT.subtract(first, second)


@dataclass(frozen=True)
class Money:
    """Profit and fees in one quote asset, of all exchanges together."""

    unit: str
    profit: Decimal
    fees: Decimal
    funding: Decimal | None
    """What perpetuals have received less what they have paid, a part of the profit."""

    @property
    def before_fees(self) -> Decimal:
        """The profit if nothing had been charged."""
        return exact_sum([self.profit, self.fees])


@dataclass(frozen=True)
class InstrumentFacts:
    """The figures of one instrument.

    `slippage` is the mean over the filled quantity's value of how much worse than the mid at
    sending the orders were filled, as a share of the mid: `None` without the history's prices.
    """

    index: int
    name: str
    unit: str
    statistics: PositionStatistics
    profit: Decimal
    fees: Decimal
    funding: Decimal
    volume: Decimal
    orders: int
    maker_share: Decimal | None
    slippage: Decimal | None


class Facts:
    """A run's figures, each calculated once.

    Parameters
    ----------
    result : Run
        The run.
    prices : sequence of Prices, optional
        The prices of its instruments.
    """

    def __init__(self, result: Run, prices: Sequence[Prices] | None = None) -> None:
        self.result = result
        self.prices = prices
        self.instruments: list[IndexedInstrument] = result.instruments.instruments
        self.assets: list[IndexedAsset] = result.instruments.assets
        self.start_ns: int = result.time_start_ns
        self.end_ns: int = max(
            result.summary.time_engine_end_ns,
            *(line.bars[-1].time_ns for line in self.lines if line.bars),
            result.time_start_ns,
        )

    @cached_property
    def lines(self) -> list[EquityLine]:
        """The equity by quote asset."""
        return equity_lines(self.result)

    @cached_property
    def main_lines(self) -> list[EquityLine]:
        """The equity to judge the run by: the account as a whole, else each quote asset."""
        whole = [line for line in self.lines if line.asset is None]
        return whole or self.lines

    @cached_property
    def statistics(self) -> PositionStatistics:
        """Wins and losses of all instruments; amounts only count where all have one quote asset."""
        return PositionStatistics.of(self.result.positions)

    @cached_property
    def money(self) -> list[Money]:
        """Profit and fees by quote asset: sums of different assets are never added."""
        result = self.result
        funding = result.funding_by_asset
        return [
            Money(name, profit, result.fees[name], funding.get(name))
            for name, profit in result.pnl.items()
        ]

    @cached_property
    def has_funding(self) -> bool:
        """Whether a position has paid or received funding."""
        return len(self.result.funding) > 0

    def _funding(self, index: int) -> Decimal:
        payments = self.result.funding
        return exact_sum(each.amount for each in payments if each.instrument == index)

    def unit_of(self, instrument: int) -> str:
        """Name the quote asset of an instrument."""
        return self.assets[self.instruments[instrument].underlying.quote].name

    @cached_property
    def order_of(self) -> Mapping[str, OrderReport]:
        """The orders by the exchange's id."""
        return {
            report.order_id: report for report in self.result.orders if report.order_id is not None
        }

    @cached_property
    def fills_by_instrument(self) -> list[list[Trade]]:
        """The fills of each instrument, in their order."""
        fills: list[list[Trade]] = [[] for _ in self.instruments]
        for fill in self.result.fills:
            fills[fill.instrument].append(fill)
        return fills

    @cached_property
    def orders_by_instrument(self) -> list[list[OrderReport]]:
        """The orders of each instrument, in their order."""
        orders: list[list[OrderReport]] = [[] for _ in self.instruments]
        for report in self.result.orders:
            orders[report.order.instrument].append(report)
        return orders

    @cached_property
    def by_instrument(self) -> list[InstrumentFacts]:
        """The figures of each instrument, in the order of the indices."""
        statistics = self.result.statistics
        return [
            self._instrument(index, instrument.name, statistics[instrument.name])
            for index, instrument in enumerate(self.instruments)
        ]

    def _instrument(self, index: int, name: str, statistics: PositionStatistics) -> InstrumentFacts:
        fills, orders = self.fills_by_instrument[index], self.orders_by_instrument[index]
        filled = exact_sum(report.filled_quantity for report in orders)
        maker = exact_sum(report.maker_quantity for report in orders)
        return InstrumentFacts(
            index=index,
            name=name,
            unit=self.unit_of(index),
            statistics=statistics,
            profit=self._profit(index),
            fees=exact_sum(fill.fees for fill in fills),
            funding=self._funding(index),
            volume=exact_sum(product(fill.price, fill.quantity) for fill in fills),
            orders=len(orders),
            maker_share=share_of(maker, filled),
            slippage=self._slippage(index, orders),
        )

    def _profit(self, index: int) -> Decimal:
        result = self.result
        parts = [each.pnl_realised for each in result.positions if each.instrument == index]
        parts.append(self._funding(index))
        for position in result.open_positions:
            if position.instrument == index:
                parts.append(position.pnl_realised)
                mark = result._marks[index]
                if mark is not None:
                    sign = 1 if position.side is Side.BUY else -1
                    change = difference(mark, position.price_entry_average)
                    parts.append(product(change, position.quantity_abs, sign))
        return exact_sum(parts)

    def _slippage(self, index: int, orders: Iterable[OrderReport]) -> Decimal | None:
        if self.prices is None:
            return None
        prices = self.prices[index]
        worse, value = 0.0, 0.0
        for report in orders:
            position = bisect_right(prices.times, report.time_sent_ns) - 1
            if report.average_price is None or position < 0:
                continue
            mid, quantity = prices.values[position], float(report.filled_quantity)
            sign = 1 if report.order.side is Side.BUY else -1
            worse += sign * (float(report.average_price) - mid) * quantity
            value += mid * quantity
        return Decimal(repr(worse / value)) if value > 0 else None

    def wait_of(self, fill: Trade) -> int | None:
        """Give how long after its order was sent a fill came, in nanoseconds."""
        report = self.order_of.get(fill.order_id)
        return None if report is None else fill.time_exchange_ns - report.time_sent_ns

    def role_of(self, fill: Trade) -> str:
        """Say whether a fill's order made or took liquidity: `m`, `t`, or `b` for both."""
        report = self.order_of.get(fill.order_id)
        if report is None or not report.maker_quantity:
            return "t"
        return "m" if report.maker_quantity == report.filled_quantity else "b"

    def resting(self, index: int) -> list[OrderReport]:
        """Give the limit orders of an instrument that could wait in the book."""
        return [
            report
            for report in self.orders_by_instrument[index]
            if report.order.kind is OrderKind.LIMIT
            and report.order.status is not OrderStatus.OPEN_FAILED
            and (report.time_finished_ns or self.end_ns) > report.time_sent_ns
        ]

    def held(self, index: int) -> tuple[list[int], list[Decimal]]:
        """Give the times at which a position changed, and its size from then on."""
        times, sizes, size = [self.start_ns], [Decimal(0)], Decimal(0)
        for fill in self.fills_by_instrument[index]:
            quantity = fill.quantity if fill.side is Side.BUY else fill.quantity.copy_negate()
            size = exact_sum([size, quantity])
            times.append(fill.time_exchange_ns)
            sizes.append(size)
        return times, sizes

    @cached_property
    def refusals(self) -> dict[str, Counter[str]]:
        """Count why orders, cancels and requests were refused, by who refused them."""
        orders: Counter[str] = Counter()
        for report in self.result.orders:
            failure = report.order.failure
            if report.order.status is OrderStatus.OPEN_FAILED and failure is not None:
                orders[reason_of_exchange(failure)] += 1
        cancels: Counter[str] = Counter()
        for failed in self.result.failed_cancels:
            failure = failed.response.failure
            if failure is not None:
                cancels[reason_of_exchange(failure)] += 1
        requests = Counter(
            reason_of_risk_manager(refusal.reason) for refusal in self.result.refused
        )
        return {
            "Orders that the exchange refused": _grouped(orders),
            "Cancels that the exchange refused": _grouped(cancels),
            "Requests that the risk manager refused": _grouped(requests),
        }


def _grouped(reasons: Counter[str]) -> Counter[str]:
    """Join reasons that differ in their numbers, such as prices, if there are too many to show."""
    if len(reasons) <= MOST_REASONS:
        return reasons
    grouped: Counter[str] = Counter()
    for reason, count in reasons.items():
        grouped[_NUMBER.sub("…", reason)] += count
    return grouped

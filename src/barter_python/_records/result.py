"""The results that runs of every kind have."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from .._checks import check_int, check_type
from .._core import (
    AccountEquity,
    Balance,
    FailedCancel,
    FundingPayment,
    IndexedInstruments,
    OpenPosition,
    OrderReport,
    OrderStatus,
    PositionExited,
    TimeInterval,
    Trade,
    TradingSummary,
    failure_counts,
    result_json,
    statistics_by_instrument,
)
from .._json import Json
from .._rows import Records
from ..report.refusals import reason_of_exchange, reason_of_risk_manager
from ..report.tables import AccountFigures, Profit, Tables, tables
from ..risk import RefusedRequest
from ..statistic import PositionStatistics
from .by_strategy import StrategyResult, results_by_strategy
from .equity import EquityResults

_OUTCOMES = {
    OrderStatus.FULLY_FILLED: "filled",
    OrderStatus.OPEN: "open",
    OrderStatus.CANCEL_IN_FLIGHT: "open",
    OrderStatus.OPEN_IN_FLIGHT: "not answered",
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.OPEN_FAILED: "refused",
}


@dataclass(frozen=True)
class RunResult(EquityResults):
    """The results of a run; the public subclasses document the attributes."""

    instruments: IndexedInstruments
    time_start: datetime
    time_start_ns: int
    summary: TradingSummary
    orders: Records[OrderReport]
    fills: Records[Trade]
    funding: Records[FundingPayment]
    failed_cancels: Records[FailedCancel]
    refused: Records[RefusedRequest]
    positions: Records[PositionExited]
    open_positions: Records[OpenPosition]
    balances: Mapping[str, Balance]
    _equity: AccountEquity = field(repr=False)
    _marks: list[Decimal | None] = field(repr=False)

    _run: ClassVar[str]
    """What such a run is called in the table."""

    @property
    def open_orders(self) -> Records[OrderReport]:
        """Orders that rest at the end or are not answered yet, in the order of sending."""
        orders = enumerate(self.orders)
        return self.orders._chosen(
            [position for position, report in orders if report.time_finished is None]
        )

    @property
    def order_counts(self) -> Mapping[str, int]:
        """Order counts by outcome, omitting zeros.

        The outcomes are `filled`, `open`, `not answered`, `cancelled`, `expired` and `refused`. An
        order that was cancelled or has expired counts as that, even if a part of it was filled.
        """
        outcomes = [_OUTCOMES[report.order.status] for report in self.orders]
        counts = {outcome: outcomes.count(outcome) for outcome in _OUTCOMES.values()}
        return {outcome: count for outcome, count in counts.items() if count}

    def fills_of(self, report: OrderReport) -> Records[Trade]:
        """Give the fills of one of `orders`, in their order.

        Parameters
        ----------
        report : OrderReport
            An order of this result.
        """
        check_type("report", report, OrderReport)
        no_fills: list[int] = []
        if report.order_id is None:
            return self.fills._chosen(no_fills)
        return self.fills._chosen(self._fills_by_order.get(report.order_id, no_fills))

    @cached_property
    def _fills_by_order(self) -> dict[str, list[int]]:
        positions: dict[str, list[int]] = {}
        for position, fill in enumerate(self.fills):
            positions.setdefault(fill.order_id, []).append(position)
        return positions

    @property
    def refusal_counts(self) -> Mapping[str, int]:
        """Count the refused orders and cancels by reason, the commonest first.

        The reason is the kind of the exchange's failure, such as `balance insufficient`, or its
        text if the order broke a rule of the exchange. For the risk manager it is its reason up to
        the first colon.
        """
        counts: Counter[str] = Counter()
        for failure, count in failure_counts(self.orders, self.failed_cancels):
            counts[reason_of_exchange(failure)] += count
        counts.update(reason_of_risk_manager(refusal.reason) for refusal in self.refused)
        return dict(counts.most_common())

    @property
    def statistics(self) -> Mapping[str, PositionStatistics]:
        """Wins and losses by instrument's name: correct where barter's `summary` is not."""
        return statistics_by_instrument(self.positions, self.instruments)

    def by_strategy(self) -> Mapping[str, StrategyResult]:
        """Split the results by strategy, where strategies with ids of their own share one engine.

        The keys are the ids of the orders, in the order of the first order of each. `positions`
        here are those of the account: if two strategies trade one instrument, a buy of one may
        close a short position of the other. `by_strategy` books each fill for the strategy that
        sent the order, with barter's own position manager. The profits and losses of all strategies
        add up to those of the account less its funding, up to the rounding of average prices. The
        settlement of a future, and a liquidation, close the positions of all strategies.
        """
        return results_by_strategy(self.orders, self.fills, self.instruments, self._marks)

    def to_dict(self) -> dict[str, Json]:
        """Give all results as JSON values: decimals and times as text, times with nanoseconds."""
        import json  # noqa: PLC0415 - not needed to import the package

        values: dict[str, Json] = json.loads(self.to_json())
        return values

    def to_json(self, *, indent: int | None = None) -> str:
        """Give `to_dict()` as JSON text: the same bytes for the same inputs.

        Parameters
        ----------
        indent : int, optional
            How many spaces a level is indented by, up to 100; the text is one line without it.

        Raises
        ------
        ValueError
            If the indent is not from 0 to 100.
        """
        if indent is not None:
            check_int("indent", indent, 0, 100)
        equity = self.equity()
        return result_json(
            time_start_ns=self.time_start_ns,
            pnl=_texts(self.pnl),
            fees=_texts(self.fees),
            balances=self.balances,
            summary=self.summary,
            orders=self.orders,
            fills=self.fills,
            funding=self.funding,
            failed_cancels=self.failed_cancels,
            refused=self.refused,
            positions=self.positions,
            open_positions=self.open_positions,
            refusal_counts=self.refusal_counts,
            equity=equity,
            drawdowns={name: self.drawdowns(asset=name) for name in equity},
            instruments=self.instruments,
            indent=indent,
        )

    def __str__(self) -> str:
        """Give a plain table."""
        return self._tables().to_text()

    def _repr_html_(self) -> str:
        """Give the same table as HTML, for notebooks."""
        return self._tables().to_html()

    @property
    def _year(self) -> TimeInterval:
        """The year that ratios are scaled to: that of barter's, if it is one."""
        is_252 = self.summary.interval is TimeInterval.ANNUAL_252
        return TimeInterval.ANNUAL_252 if is_252 else TimeInterval.ANNUAL_365

    def _accounts(self) -> list[AccountFigures]:
        """Give the figures of the account in each quote asset, and of it as a whole."""
        lines = range(len(self._equity.assets))
        figures = (self._account_figures(line, self._year) for line in lines)
        return [each for each in figures if each is not None]

    def _tables(self) -> Tables:
        funding = self.funding_by_asset
        return tables(
            run=self._run,
            start=self.time_start,
            summary=self.summary,
            statistics=self.statistics,
            balances=self.balances,
            orders=self.order_counts,
            counts={
                "fill": len(self.fills),
                **({"funding payment": len(self.funding)} if self.funding else {}),
                "closed position": len(self.positions),
                "open position": len(self.open_positions),
                **({"failed cancel": len(self.failed_cancels)} if self.failed_cancels else {}),
                **({"refused request": len(self.refused)} if self.refused else {}),
            },
            refusals=self.refusal_counts,
            accounts=self._accounts(),
            profits={
                name: Profit(profit, self.fees[name], funding.get(name))
                for name, profit in self.pnl.items()
            },
            year="365 days" if self._year is TimeInterval.ANNUAL_365 else "252 days",
        )


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    """Write amounts, which may have more digits than native decimals."""
    return {name: f"{amount:f}" for name, amount in amounts.items()}

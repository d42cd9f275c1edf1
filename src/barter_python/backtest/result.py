"""The results of a backtest."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import ClassVar, TypedDict

from typing_extensions import Self

from .._checks import check_int, check_path, check_type
from .._core import (
    AccountEquity,
    BacktestOutput,
    Balance,
    FailedCancel,
    FundingPayment,
    IndexedInstruments,
    MarketData,
    MarketScan,
    OpenPosition,
    OrderReport,
    PositionExited,
    Trade,
    TradingSummary,
)
from .._json import time_text
from .._records.result import RunResult
from .._rows import Records
from ..errors import MarketDataError
from ..risk import RefusedRequest
from .prices import prices_of
from .settings import RunSettings


class ResultFields(TypedDict):
    """What a `BacktestResult` is made of."""

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
    balances: dict[str, Balance]
    _equity: AccountEquity
    _marks: list[Decimal | None]
    settings: RunSettings


def result_fields(
    output: BacktestOutput, instruments: IndexedInstruments, settings: RunSettings
) -> ResultFields:
    """Put what native code has recorded in the fields of a result."""
    return ResultFields(
        instruments=instruments,
        time_start=output.time_start,
        time_start_ns=output.time_start_ns,
        summary=output.summary,
        orders=Records(output.orders),
        fills=Records(output.fills),
        funding=Records(output.funding),
        failed_cancels=Records(output.failed_cancels),
        refused=Records(output.refused),
        positions=Records(output.positions),
        open_positions=Records(output.open_positions),
        balances=dict(zip(instruments._asset_names(), output.balances, strict=True)),
        _equity=output.equity,
        _marks=output.marks,
        settings=settings,
    )


@dataclass(frozen=True)
class BacktestResult(RunResult):
    """The results of a backtest. `print` them for a table.

    Attributes
    ----------
    instruments : IndexedInstruments
        The traded instruments; indices in orders, fills and positions refer to them.
    time_start : datetime
        When the first event was received, in UTC.
    time_start_ns : int
        The same in nanoseconds since 1970.
    summary : TradingSummary
        barter's own summary, as barter calculates it.
    orders : Records of OrderReport
        All orders, in the order in which they were sent.
    fills : Records of Trade
        Our fills, in their order.
    funding : Records of FundingPayment
        What positions in perpetuals have paid and received, in its order.
    failed_cancels : Records of FailedCancel
        Failed cancels, in their order: the exchange's answer, and when it refused.
    refused : Records of RefusedRequest
        Requests that the risk manager refused, in the order of refusal.
    positions : Records of PositionExited
        Closed positions, in the order in which they were closed.
    open_positions : Records of OpenPosition
        Positions that are open at the end, valued at the mid.
    balances : mapping of str to Balance
        Balances at the end, such as `binance_spot_usdt`.
    settings : RunSettings
        How the run was made; results are compared without it.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from decimal import Decimal
    >>> from barter_python import NO_ORDERS, MarketData, Side, Strategy, SystemConfig, run_backtest
    >>> class BuysOnce(Strategy):
    ...     strategy_id = "once"
    ...     def generate_algo_orders(self, state, /):
    ...         view = state.instrument(0)
    ...         if view.mid is None or view.position is not None or view.has_orders:
    ...             return NO_ORDERS
    ...         return [], [view.market_order(Side.BUY, Decimal("0.001"))]
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> result = run_backtest(BuysOnce(), MarketData.from_json_lines(history), config)
    >>> [(fill.side, fill.quantity) for fill in result.fills_of(result.orders[0])]
    [(<Side.BUY: 'buy'>, Decimal('0.001'))]
    >>> len(result.drawdowns()) > 0, len(result.returns(timedelta(hours=1)))
    (True, 1)
    >>> result.ratios().returns
    1
    >>> result.to_json()[:14]
    '{"time_start":'
    """

    settings: RunSettings = field(repr=False, compare=False, kw_only=True)

    _run: ClassVar[str] = "Backtest"

    @classmethod
    def _of(
        cls, output: BacktestOutput, instruments: IndexedInstruments, settings: RunSettings
    ) -> Self:
        return cls(**result_fields(output, instruments, settings))

    def to_html(
        self, path: str | PathLike[str], data: MarketData | MarketScan | None = None
    ) -> None:
        """Write the report of the run: one HTML file that works offline.

        The same inputs give the same bytes. `docs/report.md` says how to read it.

        Parameters
        ----------
        path : str or os.PathLike
            The file to write.
        data : MarketData or MarketScan, optional
            The history of the run, for its prices and the slippage of orders; a result does not
            keep it. Of a run with `since` or `until` it may be the whole history or that part.

        Raises
        ------
        ValueError
            If `data` is not the history of this run.
        OSError
            If the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
        >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
        >>> data = MarketData.from_json_lines(history)
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> result = run_backtest(DefaultStrategy(), data, config)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     result.to_html(Path(folder) / "report.html", data)
        ...     (Path(folder) / "report.html").stat().st_size < 1_000_000
        True
        """
        from ..report.show import write  # noqa: PLC0415 - not needed to import the package

        check_path("path", path)
        write(self._report(data), Path(path))

    def show(self, data: MarketData | MarketScan | None = None, *, height: int = 900) -> None:
        """Show the report of the run: in place in a notebook, else in the browser.

        Parameters
        ----------
        data : MarketData or MarketScan, optional
            As of `to_html`.
        height : int
            How many pixels it takes in a notebook.

        Raises
        ------
        ValueError
            If `data` is not the history of this run, or the height is not from 100 to 10,000.
        """
        from ..report.show import show  # noqa: PLC0415 - not needed to import the package

        check_int("height", height, 100, 10_000)
        show(self._report(data), height)

    def _report(self, data: MarketData | MarketScan | None) -> str:
        from ..report.html import report_html  # noqa: PLC0415 - not needed to import the package

        if data is None:
            return report_html(self, None)
        check_type("data", data, MarketData, MarketScan)
        if isinstance(data, MarketData):
            try:
                data = data._between_ns(self.settings.since_ns, self.settings.until_ns)
            except MarketDataError as error:
                raise ValueError(f"data must be the history of this run: {error}") from error
            self._check_history(len(data), data.time_start_ns)
        prices, events, time_start_ns = prices_of(data, self.instruments, self.settings)
        self._check_history(events, time_start_ns)
        return report_html(self, prices)

    def _check_history(self, events: int, time_start_ns: int) -> None:
        """Require that a history is that of this run, as far as its length and its start tell."""
        if (events, time_start_ns) != (self.settings.events, self.time_start_ns):
            raise ValueError(
                f"data must be the history of this run, with {self.settings.events:,} events from "
                f"{time_text(self.time_start_ns)}, got {events:,} events from "
                f"{time_text(time_start_ns)}"
            )

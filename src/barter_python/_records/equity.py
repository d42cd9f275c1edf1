"""The equity of a run over time."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from .._checks import check_exact, check_int, check_type, in_seconds
from .._core import (
    AccountEquity,
    EquityBar,
    EquityDrawdown,
    EquityRatios,
    FundingPayment,
    IndexedAsset,
    IndexedInstruments,
    PeriodReturn,
    TimeInterval,
    Trade,
    fees_by_instrument,
    nanoseconds_of,
)
from .._rows import Records
from ..report.tables import AccountFigures
from ..statistic import exact_sum

_LONGEST = timedelta(days=36_500)


class EquityResults:
    """The part of a run's results that its equity gives."""

    instruments: IndexedInstruments
    fills: Records[Trade]
    funding: Records[FundingPayment]
    _equity: AccountEquity

    def equity(self, every: timedelta | None = None) -> Mapping[str, Records[EquityBar]]:
        """Give the worth of the account over time, by quote asset.

        The equity is the balance of the asset at the start, plus the profit and loss of all
        instruments quoted in it: realised, and unrealised at the mid, and their funding. It is
        marked at the start, at every market event of an instrument with an open position, after
        every fill and every funding, and at the end. A bar holds the marks of an interval of
        simulated time; an interval without a mark has no bar, since the equity stayed what it was.
        `docs/backtest.md` has the rules.

        The keys are such as `binance_spot_usdt`: assets of one name on several exchanges have a
        line each. The account as a whole has the last line if it has several quote assets that are
        of one name, or that `equity_conversions` of `run_backtest` brings to one; its key is that
        name, such as `usdt`. Coins held from the start are not valued.

        Parameters
        ----------
        every : timedelta, optional
            The interval of a bar, counted from 1970 in UTC: a multiple of `equity_interval_ns`,
            which it is if this is not given.

        Raises
        ------
        ValueError
            If `every` is not such a multiple.

        Examples
        --------
        >>> from datetime import timedelta
        >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
        >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
        >>> data = MarketData.from_json_lines(history)
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> result = run_backtest(DefaultStrategy(), data, config)
        >>> [bar.equity for bar in result.equity(every=timedelta(days=1))["binance_spot_usdt"]]
        [Decimal('10000')]
        """
        length = _length_of_bars(every, self._equity)
        return {
            name: Records(self._equity.bars(line, length, self.instruments))
            for line, name in enumerate(_line_names(self._equity, self.instruments))
        }

    @property
    def equity_interval_ns(self) -> int:
        """The interval of `equity()` in nanoseconds, which the run has chosen or was given.

        It is chosen so that there are 4096 bars at most.
        """
        return self._equity.interval_ns

    def drawdown(
        self, asset: str | None = None, *, by: Literal["amount", "share"] = "amount"
    ) -> EquityDrawdown | None:
        """Give the deepest fall of the equity below its peak; `None` if it never fell.

        Every mark counts, whatever the interval of the bars.

        Parameters
        ----------
        asset : str, optional
            A key of `equity()`; the account as a whole if it is not given.
        by : {"amount", "share"}
            What the deepest is: that of the greatest amount, or of the greatest share of its peak.
            A fall from a peak that is not positive has no share, and is passed over.

        Raises
        ------
        ValueError
            If the asset is not a key of `equity()`, or is not given where the account has no
            equity in one asset.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
        >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
        >>> data = MarketData.from_json_lines(history)
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> run_backtest(DefaultStrategy(), data, config).drawdown() is None
        True
        """
        return next(iter(self.drawdowns(1, asset=asset, by=by)), None)

    def drawdowns(
        self, count: int = 5, *, asset: str | None = None, by: Literal["amount", "share"] = "amount"
    ) -> Records[EquityDrawdown]:
        """Give the deepest falls of the equity below its peak, the deepest first.

        Of equal ones the earliest comes first.

        Parameters
        ----------
        count : int
            How many at most, up to 100.
        asset : str, optional
            A key of `equity()`; the account as a whole if it is not given.
        by : {"amount", "share"}
            As of `drawdown`.

        Raises
        ------
        ValueError
            As of `drawdown`, and if the count is not from 0 to 100.
        """
        check_int("count", count, 0, 100)
        _check_order(by)
        line = _line_of(asset, self._equity, self.instruments)
        return Records(self._equity.drawdowns(line, count, by == "share", self.instruments))

    def returns(
        self, every: timedelta = timedelta(days=1), *, asset: str | None = None
    ) -> Records[PeriodReturn]:
        """Give the returns of the equity, of each interval from the start to the end of the run.

        The first and the last interval are those that the run begins and ends in, however much of
        them it covers. A return is the change of the equity divided by the equity at the beginning
        of the interval, and `None` if that is not positive.

        Parameters
        ----------
        every : timedelta
            The interval, counted from 1970 in UTC: a multiple of `equity_interval_ns`.
        asset : str, optional
            A key of `equity()`; the account as a whole if it is not given.

        Raises
        ------
        ValueError
            If `every` is not such a multiple, or gives more than a million returns, and as of
            `drawdown`.
        """
        line = _line_of(asset, self._equity, self.instruments)
        length = _length_of_bars(every, self._equity)
        return Records(self._equity.returns(line, length, self.instruments))

    def ratios(
        self,
        every: timedelta = timedelta(days=1),
        *,
        risk_free_return: Decimal | int = 0,
        year: TimeInterval | timedelta = TimeInterval.ANNUAL_365,
        asset: str | None = None,
    ) -> EquityRatios:
        """Give Sharpe, Sortino and Calmar ratio, volatility and return of a year, from `returns`.

        What is not defined is `None`, which is every ratio of a run without a fill.
        `docs/statistic.md` has the formulas.

        Parameters
        ----------
        every : timedelta
            As of `returns`.
        risk_free_return : Decimal or int
            What is earned without a risk in a year, as a fraction.
        year : TimeInterval or timedelta
            The length of a year: 365 days for markets that never close, `ANNUAL_252` for daily
            returns of those that close on weekends and holidays.
        asset : str, optional
            A key of `equity()`; the account as a whole if it is not given.

        Raises
        ------
        ValueError
            As of `returns`.
        """
        check_exact("risk_free_return", risk_free_return)
        check_type("year", year, TimeInterval, timedelta)
        line = _line_of(asset, self._equity, self.instruments)
        length = _length_of_bars(every, self._equity)
        ratios = self._equity.ratios(line, length, risk_free_return, year)
        if self.fills:
            return ratios
        return EquityRatios(
            ratios.returns,
            annual_return=None,
            volatility=None,
            sharpe=None,
            sortino=None,
            calmar=None,
        )

    @property
    def pnl(self) -> Mapping[str, Decimal]:
        """Profit and loss by quote asset's name, of all exchanges: realised and unrealised.

        Funding counts, though barter's own figures leave it out.
        """
        profits: dict[str, list[Decimal]] = {}
        for line, asset in enumerate(self._equity.assets):
            ends = self._equity.ends(line)
            if asset is not None and ends is not None:
                first, last = ends
                profits.setdefault(self.instruments.assets[asset].name, []).extend(
                    [last, first.copy_negate()]
                )
        return {name: exact_sum(changes) for name, changes in profits.items()}

    @property
    def fees(self) -> Mapping[str, Decimal]:
        """The fees that were paid, by quote asset's name, of all exchanges."""
        assets, instruments = self.instruments.assets, self.instruments.instruments
        sums = [
            (assets[instruments[instrument].underlying.quote].name, fees)
            for instrument, fees in fees_by_instrument(self.fills)
        ]
        return {name: exact_sum(fees for quote, fees in sums if quote == name) for name in self.pnl}

    @property
    def funding_by_asset(self) -> Mapping[str, Decimal]:
        """What perpetuals have received less what they have paid, by quote asset's name.

        It is a part of `pnl`. Assets without a funding are left out.
        """
        assets, instruments = self.instruments.assets, self.instruments.instruments
        amounts: dict[str, list[Decimal]] = {}
        for payment in self.funding:
            quote = instruments[payment.instrument].underlying.quote
            amounts.setdefault(assets[quote].name, []).append(payment.amount)
        return {name: exact_sum(parts) for name, parts in amounts.items()}

    def _account_figures(self, line: int, year: TimeInterval) -> AccountFigures | None:
        ends = self._equity.ends(line)
        if ends is None:
            return None
        name = _line_names(self._equity, self.instruments)[line]
        asset = self._equity.assets[line]
        fees = None
        if asset is not None:
            instruments = self.instruments.instruments
            fees = exact_sum(
                paid
                for instrument, paid in fees_by_instrument(self.fills)
                if instruments[instrument].underlying.quote == asset
            )
        day = timedelta(days=1)
        has_days = nanoseconds_of(day) % self.equity_interval_ns == 0
        return AccountFigures(
            name,
            *ends,
            fees,
            self.drawdown(name, by="share") or self.drawdown(name),
            self.ratios(day, year=year, asset=name) if has_days else None,
        )


def asset_name(asset: IndexedAsset) -> str:
    """Give an asset's name with its exchange, such as `binance_spot_usdt`."""
    return f"{asset.exchange_id.value}_{asset.name}"


def _line_names(equity: AccountEquity, instruments: IndexedInstruments) -> list[str]:
    """Name the quote assets, such as `binance_spot_usdt`, and the asset of the whole account."""
    assets = instruments.assets
    return [
        str(equity.total) if asset is None else asset_name(assets[asset]) for asset in equity.assets
    ]


def _line_of(asset: str | None, equity: AccountEquity, instruments: IndexedInstruments) -> int:
    """Find the line of an asset; without one, that of the account as a whole."""
    names = _line_names(equity, instruments)
    if asset is None:
        if equity.total is None and len(names) > 1:
            raise ValueError(
                f"asset must be one of {', '.join(names)}: the account has no equity in one asset; "
                "run_backtest(equity_conversions=...) names the instruments that convert it"
            )
        return len(names) - 1
    check_type("asset", asset, str)
    if asset not in names:
        raise ValueError(f"asset must be one of {', '.join(names)}, got {asset!r}")
    return names.index(asset)


def _check_order(by: object) -> None:
    """Require an order of drawdowns."""
    if by not in {"amount", "share"}:
        raise ValueError(f"by must be 'amount' or 'share', got {by!r}")


def positive_nanoseconds(name: str, length: timedelta) -> int:
    """Require a positive length of time, in nanoseconds."""
    check_type(name, length, timedelta)
    if not timedelta(0) < length <= _LONGEST:
        raise ValueError(
            f"{name} must be positive and not above {_LONGEST.days} days, got {in_seconds(length)}"
        )
    return nanoseconds_of(length)


def _length_of_bars(every: timedelta | None, equity: AccountEquity) -> int:
    """Require a multiple of the interval that the run has kept, in nanoseconds."""
    kept = equity.interval_ns
    if every is None:
        return kept
    length = positive_nanoseconds("every", every)
    if length % kept:
        raise ValueError(
            f"every must be a multiple of {kept / 10**9:g} s, which is the interval of this run's "
            f"equity, got {in_seconds(every)}; run_backtest(equity_interval=...) sets it"
        )
    return length


def conversions_of(
    conversions: Mapping[str, str] | None, instruments: IndexedInstruments
) -> list[tuple[int, int]]:
    """Give the instrument of each quote asset that is converted, by their indices."""
    if conversions is None:
        return []
    check_type("equity_conversions", conversions, Mapping)
    assets = instruments.assets
    quotes = sorted({instrument.underlying.quote for instrument in instruments.instruments})
    names = {assets[quote].name for quote in quotes}
    remaining = names - set(conversions)
    indices: dict[str, int] = {}
    for asset, instrument in conversions.items():
        check_type("equity_conversions: an asset", asset, str)
        check_type(f"equity_conversions[{asset!r}]", instrument, str)
        if asset not in names:
            raise ValueError(
                f"equity_conversions: no instrument is quoted in {asset!r}; quote assets are "
                f"{', '.join(sorted(names))}"
            )
        index = instruments.instrument_index(instrument)
        underlying = instruments.instruments[index].underlying
        pair = [assets[underlying.base].name, assets[underlying.quote].name]
        if asset not in pair or pair[0] == pair[1]:
            raise ValueError(
                f"equity_conversions[{asset!r}]: {instrument} does not trade {asset} against "
                "another asset"
            )
        pair.remove(asset)
        remaining |= set(pair)
        indices[asset] = index
    if len(remaining) > 1 or remaining & set(conversions):
        raise ValueError(
            "equity_conversions must lead to one asset, and these leave "
            f"{', '.join(sorted(remaining))}"
        )
    return [
        (quote, indices[assets[quote].name]) for quote in quotes if assets[quote].name in indices
    ]

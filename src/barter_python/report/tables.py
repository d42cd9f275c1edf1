"""Results and states as plain tables, and as tables for notebooks."""

from __future__ import annotations

import dataclasses
import html
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from .._exact import fixed, product, quotient, significant
from .._json import time_text
from ..statistic import exact_sum

if TYPE_CHECKING:
    from .._core import (
        Balance,
        EngineView,
        EquityDrawdown,
        EquityRatios,
        InstrumentView,
        TradingSummary,
    )
    from ..statistic import PositionStatistics

# barter's infinite ratios are the greatest decimal.
_INFINITE = Decimal("1e20")
_REASONS_SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Tables:
    """A result as lines of text around tables, each with a header row and a column of names."""

    head: list[str]
    accounts: list[list[str]]
    instruments: list[list[str]]
    assets: list[list[str]]
    foot: list[str]

    def to_text(self) -> str:
        """Lay the tables out as text."""
        tables = (self.accounts, self.instruments, self.assets)
        parts = [self.head, *(aligned(_fitting(table)) for table in tables), self.foot]
        return "\n\n".join("\n".join(lines) for lines in parts)

    def to_html(self) -> str:
        """Lay the tables out as HTML."""
        return "\n".join(
            [
                *(text_html(line) for line in self.head),
                *(_table_html(table) for table in (self.accounts, self.instruments, self.assets)),
                *(text_html(line) for line in self.foot),
            ]
        )


@dataclasses.dataclass(frozen=True)
class AccountFigures:
    """The equity of a run in one asset, or of the account as a whole.

    Attributes
    ----------
    name : str
        The asset, such as `binance_spot_usdt`.
    start, end : Decimal
        The equity at the start and at the end.
    fees : Decimal, optional
        The fees that were paid in the asset; `None` for the account as a whole.
    drawdown : EquityDrawdown, optional
        The deepest, `None` without one.
    ratios : EquityRatios, optional
        Its ratios, `None` where the bars are of no interval that a day is a multiple of.
    """

    name: str
    start: Decimal
    end: Decimal
    fees: Decimal | None
    drawdown: EquityDrawdown | None
    ratios: EquityRatios | None

    def column(self) -> list[str]:
        """Write the figures, as `_ACCOUNT_ROWS` names them."""
        profit = exact_sum([self.end, self.start.copy_negate()])
        before = None if self.fees is None else exact_sum([profit, self.fees])
        fall, ratios = self.drawdown, self.ratios
        return [
            self.name,
            _amount(self.start),
            _amount(self.end),
            _amount(before),
            _amount(self.fees),
            _amount(profit),
            _percent(_quotient(profit, self.start)),
            _amount(None if fall is None else fall.depth),
            _percent(None if fall is None else fall.share),
            *(["-"] * 4 if ratios is None else _ratio_cells(ratios)),
        ]


@dataclasses.dataclass(frozen=True)
class Profit:
    """Profit and loss in one quote asset; `funding` is a part of it, `None` without any."""

    profit: Decimal
    fees: Decimal
    funding: Decimal | None

    def described(self, asset: str) -> str:
        """Write it in words."""
        before = _amount(exact_sum([self.profit, self.fees]))
        funding = "" if self.funding is None else f", of it funding {_amount(self.funding)}"
        return (
            f"{_amount(self.profit)} {asset} (before fees {before}, fees {_amount(self.fees)}"
            f"{funding})"
        )


_ACCOUNT_ROWS = (
    "equity at the start",
    "equity at the end",
    "profit before fees",
    "fees",
    "profit after fees",
    "return",
    "max drawdown",
    "max drawdown, share",
    "volatility",
    "Sharpe",
    "Sortino",
    "Calmar",
)


def tables(
    *,
    run: str,
    start: datetime,
    summary: TradingSummary,
    statistics: Mapping[str, PositionStatistics],
    balances: Mapping[str, Balance],
    orders: Mapping[str, int],
    counts: Mapping[str, int],
    refusals: Mapping[str, int],
    accounts: Sequence[AccountFigures],
    profits: Mapping[str, Profit],
    year: str,
) -> Tables:
    """Lay a result out; `profits` is by name of the asset."""
    end = summary.time_engine_end
    head = [
        f"{run} from {start:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC ({end - start})",
        _several(sum(orders.values()), "order") + (f": {_counted(orders)}" if orders else ""),
        ", ".join(_several(count, what) for what, count in counts.items()),
    ]
    if refusals:
        head.append(f"refused: {_commonest(refusals)}")
    columns = [
        [f"ratios: daily returns, {year}", *_ACCOUNT_ROWS],
        *(account.column() for account in accounts),
    ]
    falls = {account.name: account.drawdown for account in accounts}
    # Free balances have a column only if resting orders or positions reserve some.
    is_held = any(balance.free != balance.total for balance in balances.values())
    assets = [["asset", "balance", *(["free"] if is_held else []), "max drawdown of the equity"]]
    for name, balance in balances.items():
        fall = falls.get(name)
        amounts = [balance.total, balance.free] if is_held else [balance.total]
        share = _percent(None if fall is None else fall.share)
        assets.append([name, *map(_plain, amounts), share])
    parts = [profit.described(asset) for asset, profit in profits.items()]
    return Tables(
        head,
        _turned(columns),
        _instrument_rows(summary, statistics),
        assets,
        [f"profit and loss {', '.join(parts)}"],
    )


def _instrument_rows(
    summary: TradingSummary, statistics: Mapping[str, PositionStatistics]
) -> list[list[str]]:
    sheets = list(summary.instruments.items())
    figures = [statistics[name] for name, _ in sheets]
    length = summary.interval
    interval = str(length) if isinstance(length, timedelta) else length.value.replace("_", " ")

    def barters(show: Callable[[Decimal | None], str], figure: str) -> list[str]:
        # Without a closed position barter has the greatest decimal, or zero.
        return [
            show(getattr(sheet, figure)) if statistics[name].closed else "-"
            for name, sheet in sheets
        ]

    return [
        ["", *(name for name, _ in sheets)],
        ["closed positions", *(str(figure.closed) for figure in figures)],
        ["wins / losses", *(f"{figure.wins} / {figure.losses}" for figure in figures)],
        ["win ratio", *(_percent(figure.win_ratio) for figure in figures)],
        ["gross profit factor", *(_ratio(figure.gross_profit_factor) for figure in figures)],
        ["pnl of closed positions", *(_amount(sheet.pnl) for _, sheet in sheets)],
        [f"barter's return, {interval}", *barters(_percent, "pnl_return")],
        [f"barter's Sharpe, {interval}", *barters(_ratio, "sharpe_ratio")],
        [f"barter's Sortino, {interval}", *barters(_ratio, "sortino_ratio")],
        [f"barter's Calmar, {interval}", *barters(_ratio, "calmar_ratio")],
    ]


def _ratio_cells(ratios: EquityRatios) -> list[str]:
    figures = (ratios.sharpe, ratios.sortino, ratios.calmar)
    return [_percent(ratios.volatility), *map(_ratio, figures)]


def _turned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _fitting(rows: list[list[str]]) -> list[list[str]]:
    """Turn a table that is too wide for the terminal, if it is narrower then."""
    turned = _turned(rows)
    width = _width(rows)
    is_too_wide = width > shutil.get_terminal_size().columns
    return turned if is_too_wide and _width(turned) < width else rows


def _width(rows: Sequence[Sequence[str]]) -> int:
    return max(map(len, aligned(rows)))


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items())


def _several(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _commonest(refusals: Mapping[str, int]) -> str:
    """Count the commonest reasons of refusals, which come first."""
    shown = dict(list(refusals.items())[:_REASONS_SHOWN])
    rest = sum(list(refusals.values())[_REASONS_SHOWN:])
    return _counted(shown | ({"for other reasons": rest} if rest else {}))


def state_html(state: EngineView) -> str:
    """Show the engine's state as tables of instruments and balances."""
    instruments = [["instrument", "bid", "ask", "price", "position", "pnl unrealised", "orders"]]
    instruments += [_instrument_row(view) for view in state.instruments]
    assets = [["asset", "total", "free"]]
    for asset in state.assets:
        balance = asset.balance
        amounts = ["-", "-"] if balance is None else [_plain(balance.total), _plain(balance.free)]
        assets.append([f"{asset.exchange.value} {asset.name}", *amounts])
    what = "snapshot" if state.is_snapshot else "running engine"
    head = f"{what} at {time_text(state.time_ns)}, trading {state.trading.value}"
    return "\n".join([text_html(head), _table_html(instruments), _table_html(assets)])


def _instrument_row(view: InstrumentView) -> list[str]:
    position = view.position
    if position is None:
        held, pnl = "-", None
    else:
        side = "long" if position.side.value == "buy" else "short"
        held, pnl = f"{side} {_plain(position.quantity_abs)}", position.pnl_unrealised
    numbers = (view.best_bid, view.best_ask, view.price)
    shown = [_rounded(number) for number in numbers]
    return [view.name, *shown, held, _rounded(pnl), str(len(view.orders))]


def text_html(text: str) -> str:
    """Lay a line of text out as HTML."""
    return f"<p>{html.escape(text)}</p>"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay rows out as lines of text, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _table_html(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = ["<table>", "<thead>", _row_html(head, names="th", numbers="th"), "</thead>", "<tbody>"]
    lines += [_row_html(row, names="th", numbers="td") for row in body]
    return "\n".join([*lines, "</tbody>", "</table>"])


def _row_html(row: Sequence[str], *, names: str, numbers: str) -> str:
    cells = [
        f'<{tag} style="text-align: {align}">{html.escape(cell)}</{tag}>'
        for index, cell in enumerate(row)
        for tag, align in [(numbers, "right") if index else (names, "left")]
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _plain(value: Decimal) -> str:
    """Write a number without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal | None) -> str:
    """Write a price or a profit with at most eight decimal places; barter's have twenty or more."""
    return "-" if value is None else _plain(Decimal(fixed(value, 8)))


def _quotient(number: Decimal, by: Decimal) -> Decimal | None:
    return quotient(number, by) if by > 0 else None


def _amount(value: Decimal | None) -> str:
    """Write an amount with ten significant digits at most: it may be of dollars or of satoshis."""
    return "-" if value is None else _plain(significant(value, 10))


def _ratio(value: Decimal | None) -> str:
    """Write a ratio with five significant digits at most, as barter's infinite ones in words."""
    if value is None:
        return "-"
    if value.copy_abs() >= _INFINITE:
        return "infinite" if value > 0 else "-infinite"
    return _plain(significant(value, 5))


def _percent(value: Decimal | None) -> str:
    """Write a share with two decimal places, a small one with two significant digits."""
    if value is None or value.copy_abs() >= _INFINITE:
        return _ratio(value)
    percent = product(value, 100)
    if percent and percent.copy_abs() < Decimal("0.1"):
        return f"{_plain(significant(percent, 2))}%"
    return f"{fixed(percent, 2)}%"

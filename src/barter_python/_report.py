"""Results and states as JSON, as plain tables and as tables for notebooks."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from ._core import Balance, EngineView, InstrumentView, TradingSummary
    from .statistic import PositionStatistics

Json: TypeAlias = Union[bool, int, str, list["Json"], dict[str, "Json"], None]  # noqa: UP007 - recursive
"""A JSON value; decimals are text, so there are no floats."""


_INFINITE = Decimal("1e20")


def time_text(nanoseconds: int) -> str:
    """Write a time as RFC 3339 in UTC, with as many digits as it has."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    text = datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0").rstrip(".")
    return f"{text}{digits}Z"


def to_json_value(value: object) -> Json:  # noqa: PLR0911 - one for each kind of value
    """Convert values, records and dataclasses."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {str(key): to_json_value(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [to_json_value(item) for item in value]
    return {name: _member(value, name) for name in _fields(value)}


def _member(value: object, name: str) -> Json:
    nanoseconds = getattr(value, f"{name}_ns", None)
    return (
        time_text(nanoseconds)
        if isinstance(nanoseconds, int)
        else to_json_value(getattr(value, name))
    )


def _fields(value: object) -> list[str]:
    """Give the names of a record's values: its constructor's arguments, as the stub has them."""
    if dataclasses.is_dataclass(value):
        return [item.name for item in dataclasses.fields(value)]
    signature = type(value).__text_signature__ or "()"
    # Without defaults, which are all `None`.
    names = (argument.partition("=")[0] for argument in signature.strip("()").split(","))
    return [name.strip() for name in names if name.strip()]


@dataclasses.dataclass(frozen=True)
class Tables:
    """What a result shows: lines of text around two tables, each with a head and names first."""

    head: list[str]
    instruments: list[list[str]]
    assets: list[list[str]]
    foot: list[str]

    def to_text(self) -> str:
        """Lay it out as text."""
        parts = [self.head, _aligned(self.instruments), _aligned(self.assets), self.foot]
        return "\n\n".join("\n".join(lines) for lines in parts)

    def to_html(self) -> str:
        """Lay it out as HTML."""
        return "\n".join(
            [
                *(text_html(line) for line in self.head),
                _table_html(self.instruments),
                _table_html(self.assets),
                *(text_html(line) for line in self.foot),
            ]
        )


def tables(
    *,
    start: datetime,
    summary: TradingSummary,
    statistics: Mapping[str, PositionStatistics],
    pnl: Mapping[str, Decimal],
    balances: Mapping[str, Balance],
    orders: Mapping[str, int],
    counts: Mapping[str, int],
    fees: Decimal,
) -> Tables:
    """Lay a result out."""
    end = summary.time_engine_end
    head = [
        f"Backtest from {start:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC ({end - start})",
        f"{sum(orders.values())} orders" + (f": {_counted(orders)}" if orders else ""),
        _counted(counts),
    ]
    names = list(summary.instruments)
    sheets = list(summary.instruments.values())
    figures = [statistics[name] for name in names]
    length = summary.interval
    interval = str(length) if isinstance(length, timedelta) else length.value.replace("_", " ")
    rows = [
        ["", *names],
        ["closed positions", *(str(figure.closed) for figure in figures)],
        ["wins / losses", *(f"{figure.wins} / {figure.losses}" for figure in figures)],
        ["win ratio", *(_percent(figure.win_ratio) for figure in figures)],
        ["gross profit factor", *(_number(figure.gross_profit_factor) for figure in figures)],
        ["pnl", *(_number(sheet.pnl) for sheet in sheets)],
        [f"barter's return, {interval}", *(_percent(sheet.pnl_return) for sheet in sheets)],
        [f"barter's Sharpe, {interval}", *(_number(sheet.sharpe_ratio) for sheet in sheets)],
        [f"barter's Sortino, {interval}", *(_number(sheet.sortino_ratio) for sheet in sheets)],
        [f"barter's Calmar, {interval}", *(_number(sheet.calmar_ratio) for sheet in sheets)],
    ]
    # What resting orders and positions hold back is worth a column only where there is some.
    is_held = any(balance.free != balance.total for balance in balances.values())
    assets = [["asset", "balance", *(["free"] if is_held else []), "max drawdown"]]
    for name, balance in balances.items():
        deepest = summary.assets[name].drawdown_max
        amounts = [balance.total, balance.free] if is_held else [balance.total]
        drawdown = _percent(None if deepest is None else deepest.value)
        assets.append([name, *(f"{amount:f}" for amount in amounts), drawdown])
    total = ", ".join(f"{_number(value)} {asset}" for asset, value in pnl.items())
    foot = [f"profit and loss {total}, after fees of {_number(fees)}"]
    return Tables(head, rows, assets, foot)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items())


def state_html(state: EngineView) -> str:
    """Show the engine's state as tables of instruments and balances."""
    instruments = [["instrument", "bid", "ask", "price", "position", "pnl unrealised", "orders"]]
    instruments += [_instrument_row(view) for view in state.instruments]
    assets = [["asset", "total", "free"]]
    for asset in state.assets:
        balance = asset.balance
        amounts = ["-", "-"] if balance is None else [_exact(balance.total), _exact(balance.free)]
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
        held, pnl = f"{side} {_exact(position.quantity_abs)}", position.pnl_unrealised
    numbers = (view.best_bid, view.best_ask, view.price)
    shown = [_rounded(number) for number in numbers]
    return [view.name, *shown, held, _rounded(pnl), str(len(view.orders))]


def text_html(text: str) -> str:
    """Give a line of text."""
    return f"<p>{html.escape(text)}</p>"


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


def _exact(value: Decimal) -> str:
    """Write a number without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal | None) -> str:
    """Write a price or a profit with eight places at most: barter's have twenty and more."""
    return "-" if value is None else _exact(Decimal(f"{value:.8f}"))


def _number(value: Decimal | None) -> str:
    # barter has the greatest decimal for an infinite ratio.
    if value is None:
        return "-"
    return f"{value:.4f}" if abs(value) < _INFINITE else "∞" if value > 0 else "-∞"


def _percent(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:.2%}" if abs(value) < _INFINITE else "∞"


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]

"""Parts of a report's page: tables, cards, a histogram. Their arguments are HTML already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .text import NOTHING, amount, escaped, percent, tagged

_LEVELS = 5
_INFINITE = Decimal("1e20")


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and whether it holds numbers."""

    heading: str
    is_number: bool = True


def text_column(heading: str) -> Column:
    """Make a column of text."""
    return Column(heading, is_number=False)


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    foot: Iterable[Sequence[str]] = (),
    is_sortable: bool = False,
    label: str,
) -> str:
    """Lay out a table whose first column names the rows; on narrow screens it scrolls."""
    kinds = [' class="number"' if column.is_number else "" for column in columns]
    heads = [
        f'<th scope="col"{kind}>'
        + (f'<button type="button">{column.heading}</button>' if is_sortable else column.heading)
        + "</th>"
        for column, kind in zip(columns, kinds, strict=True)
    ]
    lines = [
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">',
        f"<table{' data-sortable' if is_sortable else ''}>",
        f"<thead><tr>{''.join(heads)}</tr></thead>",
        "<tbody>",
        *(_row(row, kinds) for row in rows),
        "</tbody>",
    ]
    ends = [_row(row, kinds) for row in foot]
    if ends:
        lines += ["<tfoot>", *ends, "</tfoot>"]
    return "\n".join([*lines, "</table>", "</div>"])


def _row(cells: Sequence[str], kinds: Sequence[str]) -> str:
    first, *others = cells
    head = f'<th scope="row"{kinds[0]}>{first}</th>'
    body = (f"<td{kind}>{cell}</td>" for cell, kind in zip(others, kinds[1:], strict=True))
    return f"<tr>{head}{''.join(body)}</tr>"


def card(title: str, figures: Sequence[str], note: str = "") -> str:
    """Lay out one of the figures at the top."""
    size = "" if len(figures) == 1 else ' class="several"'
    shown = "".join(f"<span>{figure}</span>" for figure in figures)
    return (
        f"<li><h3>{title}</h3><p{size}>{shown}</p>"
        + (f"<small>{note}</small>" if note else "")
        + "</li>"
    )


def money(value: Decimal, unit: str, plus: str = "") -> str:
    """Write an amount of an asset; what is positive with a plus, if that is given."""
    sign = plus if value > 0 else ""
    return f"{tagged(value, sign + amount(value))} <abbr>{escaped(unit)}</abbr>"


def optional_amount(value: Decimal | None) -> str:
    """Write an amount, or that there is none."""
    return NOTHING if value is None else tagged(value, amount(value))


def optional_percent(value: Decimal | None, decimals: int | None = None) -> str:
    """Write a share, or that there is none."""
    return NOTHING if value is None else tagged(value, percent(value, decimals))


def optional_ratio(value: Decimal | None) -> str:
    """Write a ratio, or that there is none; barter has the greatest decimal for an infinite one."""
    if value is not None and value.copy_abs() >= _INFINITE:
        return tagged(value, "infinite" if value > 0 else "\N{MINUS SIGN}infinite")
    return optional_amount(value)


def heat(value: Decimal, greatest: Decimal) -> str:
    """Name the colour of a cell: `l1` to `l5` for losses, `g1` to `g5` for gains."""
    if not value or not greatest:
        return "z"
    level = min(_LEVELS, int(abs(float(value)) * _LEVELS / float(greatest)) + 1)
    return f"{'l' if value < 0 else 'g'}{level}"


def heat_cell(value: Decimal | None, greatest: Decimal, text: str) -> str:
    """Lay out a cell with a colour by its value."""
    if value is None:
        return f"<td>{NOTHING}</td>"
    return f'<td class="number heat {heat(value, greatest)}">{tagged(value, text)}</td>'


def heat_table(
    corner: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], label: str
) -> str:
    """Lay out a grid of cells that `heat_cell` has made."""
    heads = "".join(f'<th scope="col" class="number">{column}</th>' for column in columns)
    lines = [
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">',
        '<table class="grid">',
        f'<thead><tr><th scope="col">{corner}</th>{heads}</tr></thead>',
        "<tbody>",
        *(f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>' for name, cells in rows),
        "</tbody>",
    ]
    return "\n".join([*lines, "</table>", "</div>"])


_WIDTH, _HEIGHT, _BINS, _NEAR = 640, 120, 24, 60


def histogram(shares: Sequence[Decimal], label: str) -> str:
    """Draw how often a position ended with which result, in percent of its value at entry."""
    values = [float(share) for share in shares]
    least, most = min(0.0, *values), max(0.0, *values)
    if least == most:
        return ""
    width = (most - least) / _BINS
    # Zero is the border of two bins, so that none holds wins and losses.
    first = -int(-least / width + 0.999999)
    counts = [0] * (int(most / width + 0.999999) - first)
    for value in values:
        place = int(value / width) if value >= 0 else -int(-value / width + 0.999999)
        counts[min(place - first, len(counts) - 1)] += 1
    step, top = _WIDTH / len(counts), max(counts)
    bars = "".join(
        f'<rect class="{"gain" if first + place >= 0 else "fall"}" x="{place * step + 1:.2f}" '
        f'y="{_HEIGHT - count / top * (_HEIGHT - 4):.2f}" width="{max(step - 2, 1):.2f}" '
        f'height="{count / top * (_HEIGHT - 4):.2f}"><title>{count}</title></rect>'
        for place, count in enumerate(counts)
        if count
    )
    zero = -first * step
    edge = f'x1="{zero:.2f}" x2="{zero:.2f}"'
    ends = [(0.0, "start", first), (float(_WIDTH), "end", first + len(counts))]
    labels = [(x, anchor, percent(Decimal(repr(bins * width)))) for x, anchor, bins in ends]
    anchor = "start" if zero < _NEAR else "end" if zero > _WIDTH - _NEAR else "middle"
    labels = [(zero, anchor, "0"), *(label for label in labels if abs(label[0] - zero) > _NEAR)]
    texts = "".join(
        f'<text x="{x:.2f}" y="{_HEIGHT + 16}" text-anchor="{anchor}">{text}</text>'
        for x, anchor, text in labels
    )
    return (
        f'<svg class="histogram" viewBox="0 0 {_WIDTH} {_HEIGHT + 20}" role="img" '
        f'aria-label="{label}"><line class="zero" {edge} y1="0" y2="{_HEIGHT}"/>'
        f'<line class="floor" x1="0" x2="{_WIDTH}" y1="{_HEIGHT}" y2="{_HEIGHT}"/>'
        f"{bars}{texts}</svg>"
    )

"""The report of a sweep: its runs as a table, a grid of two parameters, three curves of equity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypedDict

from .charts import Packed, pack, pack_times
from .equity import EquityLine, merged_bars
from .facts import Facts, Money, difference, share_of
from .identity import terms
from .page import page, section
from .parts import (
    Column,
    card,
    heat_cell,
    heat_table,
    money,
    optional_percent,
    table,
    text_column,
)
from .plain import plain_text
from .plots import equity_points, seconds
from .run import SweptRun
from .text import NOTHING, amount, escaped, tagged

_MOST_ROWS = 1_000
_MOST_BARS = 10_000


class CurveData(TypedDict):
    """One curve of equity."""

    name: str
    colour: str
    times: Packed
    equity: Packed


@dataclass(frozen=True)
class _Ranked:
    """A run that has a result."""

    parameters: Mapping[str, str]
    facts: Facts
    unit: str

    @cached_property
    def money(self) -> Money:
        return next(each for each in self.facts.money if each.unit == self.unit)

    @cached_property
    def line(self) -> EquityLine:
        lines = [line for line in self.facts.lines if line.unit == self.unit]
        return next((line for line in lines if line.asset is None), lines[0])

    @property
    def traded(self) -> bool:
        return len(self.facts.result.fills) > 0

    def cells(self, names: Sequence[str]) -> list[str]:
        statistics, line = self.facts.statistics, self.line
        deepest = line.episodes[0] if line.episodes else None
        figures = (self.money.profit, self.money.before_fees, self.money.fees)
        return [
            *(escaped(self.parameters.get(name, NOTHING)) for name in names),
            *(tagged(value, amount(value)) for value in figures),
            optional_percent(share_of(difference(line.end, line.start), line.start)),
            NOTHING if deepest is None else _amount(deepest.depth.copy_negate()),
            NOTHING
            if deepest is None or deepest.share is None
            else optional_percent(deepest.share.copy_negate()),
            _count(statistics.closed),
            optional_percent(share_of(statistics.wins, statistics.closed)),
            _count(len(self.facts.result.orders)),
            _count(self.facts.result.order_counts.get("refused", 0)),
        ]


_FIGURES = (
    "Net profit",
    "Before fees",
    "Fees",
    "Return",
    "Max drawdown",
    "Of the peak",
    "Closed",
    "Won",
    "Orders",
    "Refused",
)


def sweep_html(runs: Sequence[SweptRun], asset: str | None) -> str:
    """Give the report of a sweep, the same bytes for the same inputs.

    Raises
    ------
    ValueError
        If the runs have several quote assets and none is named, or none of that name.
    """
    unit = _unit(runs, asset)
    ranked = [
        _Ranked(_texts(run.parameters), Facts(run.result), unit)
        for run in runs
        if run.result is not None
    ]
    # Python's sort is stable: of equal runs the earlier comes first.
    ranked.sort(key=lambda run: (not run.traded, run.money.profit.copy_negate()))
    failed = [run for run in runs if run.result is None]
    names = list(dict.fromkeys(name for run in runs for name in run.parameters))
    chosen = _chosen([run for run in ranked if run.traded])
    strategies = dict.fromkeys(run.facts.result.settings.strategy for run in ranked)
    name = ", ".join(strategies) or "Strategy"
    return page(
        f"{name}: {len(runs):,} backtests",
        _header(name, len(runs), ranked),
        [
            _figures(ranked, len(failed), unit),
            _curves(chosen, names),
            _grid(ranked, names, unit),
            _runs(ranked, names),
            _failed(failed, names),
            _notes(len(runs), ranked),
        ],
        _data(chosen),
    )


def _unit(runs: Sequence[SweptRun], asset: str | None) -> str:
    units = list(dict.fromkeys(unit for run in runs if run.result for unit in run.result.pnl))
    if asset is None and len(units) > 1:
        raise ValueError(
            f"asset must be one of {', '.join(units)}: amounts of different assets are not compared"
        )
    if asset is not None and units and asset not in units:
        raise ValueError(f"asset must be one of {', '.join(units)}, got {asset!r}")
    return asset or (units[0] if units else "")


def _texts(parameters: Mapping[str, object]) -> dict[str, str]:
    return {name: plain_text(value) for name, value in parameters.items()}


def _chosen(traded: Sequence[_Ranked]) -> dict[str, _Ranked]:
    """Choose the runs whose curves are drawn: of one or two runs there is no median."""
    if not traded:
        return {}
    named = {"best": traded[0]}
    if len(traded) > 2:
        named["median"] = traded[len(traded) // 2]
    if len(traded) > 1:
        named["worst"] = traded[-1]
    return named


def _header(name: str, count: int, ranked: Sequence[_Ranked]) -> str:
    shown = terms(ranked[0].facts) if ranked else ""
    return f"<h1>{escaped(name)} <small>{count:,} backtests</small></h1>{shown}"


def _figures(ranked: Sequence[_Ranked], failed: int, unit: str) -> str:
    traded = [run for run in ranked if run.traded]
    profits = [run.money.profit for run in traded]
    won = sum(profit > 0 for profit in profits)
    cards = [
        card("Best net profit", [money(profits[0], unit, "+")]) if profits else "",
        card("Median net profit", [money(profits[len(profits) // 2], unit, "+")])
        if profits
        else "",
        card("Worst net profit", [money(profits[-1], unit, "+")]) if profits else "",
        card(
            "Runs with a profit",
            [_count(won)],
            f"{optional_percent(share_of(won, len(profits)))} of those that traded",
        ),
        card("Runs that traded", [_count(len(traded))], f"{len(ranked) - len(traded):,} did not"),
        card("Runs that failed", [_count(failed)]),
    ]
    return section("figures", "Figures", f"<ul>{''.join(cards)}</ul>")


def _curves(chosen: Mapping[str, _Ranked], names: Sequence[str]) -> str:
    if not chosen:
        return ""
    items = "".join(
        f'<span class="key {_COLOURS[rank]}">— {rank}: {_named(run.parameters, names)}</span>'
        for rank, run in chosen.items()
    )
    return section(
        "curves",
        f"Equity of the {', the '.join(chosen)}",
        '<p class="readout" data-for="curves"></p>',
        '<div class="chart" id="chart-curves" tabindex="0" role="group" '
        'aria-label="Equity over time"></div>',
        f'<p class="legend always">{items}</p>',
    )


_COLOURS = {"best": "gain", "median": "equity", "worst": "loss"}


def _named(parameters: Mapping[str, str], names: Sequence[str]) -> str:
    return ", ".join(
        f"{escaped(name)} {escaped(parameters[name])}" for name in names if name in parameters
    )


def _data(chosen: Mapping[str, _Ranked]) -> dict[str, object]:
    if not chosen:
        return {"start": 0, "end": 0}
    curves = [_curve(rank, run) for rank, run in chosen.items()]
    starts = [run.facts.start_ns for run in chosen.values()]
    ends = [run.facts.end_ns for run in chosen.values()]
    return {"start": seconds(min(starts)), "end": seconds(max(ends)), "curves": curves}


def _curve(rank: str, run: _Ranked) -> CurveData:
    line, facts = run.line, run.facts
    bars = merged_bars(line.bars, _MOST_BARS)
    points = equity_points(line, bars, facts.start_ns, facts.end_ns)
    return {
        "name": rank,
        "colour": _COLOURS[rank],
        "times": pack_times([time for time, _ in points]),
        "equity": pack([equity for _, equity in points]),
    }


def _grid(ranked: Sequence[_Ranked], names: Sequence[str], unit: str) -> str:
    """Lay out the profit by two parameters; of more, the others are those of the best run."""
    values = {name: _values(ranked, name) for name in names}
    varied = [name for name in names if len(values[name]) > 1]
    if len(varied) < 2:
        return ""
    row, column, *others = varied
    best = ranked[0].parameters
    fixed = {name: best.get(name) for name in others}
    cells = {
        (run.parameters.get(row), run.parameters.get(column)): run
        for run in reversed(ranked)
        if all(run.parameters.get(name) == value for name, value in fixed.items())
    }
    profits = [run.money.profit.copy_abs() for run in cells.values() if run.traded]
    greatest = max(profits, default=Decimal(0))
    rows = [
        (
            escaped(down),
            [_profit_cell(cells.get((down, across)), greatest) for across in values[column]],
        )
        for down in values[row]
    ]
    corner = f"{escaped(row)} ↓ {escaped(column)} →"
    where = ", ".join(
        f"{escaped(name)} {escaped(value or NOTHING)}" for name, value in fixed.items()
    )
    return section(
        "grid",
        f"Net profit in {escaped(unit)} by {escaped(row)} and {escaped(column)}",
        f"<p>Of the best run: {where}.</p>" if where else "",
        heat_table(corner, [escaped(each) for each in values[column]], rows, "Net profit"),
    )


def _values(ranked: Sequence[_Ranked], name: str) -> list[str]:
    """Give the values of a parameter: numbers by size, other text as it is sorted."""
    found = {run.parameters[name] for run in ranked if name in run.parameters}
    return sorted(found, key=_order)


def _order(text: str) -> tuple[int, float, str]:
    try:
        return (0, float(text), text)
    except ValueError:
        return (1, 0.0, text)


def _profit_cell(run: _Ranked | None, greatest: Decimal) -> str:
    if run is None:
        return "<td></td>"
    if not run.traded:
        return f'<td class="number">{NOTHING}</td>'
    return heat_cell(run.money.profit, greatest, amount(run.money.profit))


def _runs(ranked: Sequence[_Ranked], names: Sequence[str]) -> str:
    if not ranked:
        return ""
    columns = [text_column("Rank"), *map(text_column, map(escaped, names)), *map(Column, _FIGURES)]
    rows = [
        [_count(rank) if run.traded else "no trade", *run.cells(names)]
        for rank, run in enumerate(ranked[:_MOST_ROWS], 1)
    ]
    more = (
        f'<p class="hint">The first {_MOST_ROWS:,} of {len(ranked):,} runs.</p>'
        if len(ranked) > _MOST_ROWS
        else ""
    )
    return section("runs", "Runs", table(columns, rows, is_sortable=True, label="Runs"), more)


def _failed(failed: Sequence[SweptRun], names: Sequence[str]) -> str:
    if not failed:
        return ""
    rows = []
    for number, run in enumerate(failed[:_MOST_ROWS], 1):
        texts = _texts(run.parameters)
        cells = [escaped(texts.get(name, NOTHING)) for name in names]
        error = f"{type(run.error).__name__}: {run.error}"
        rows.append([str(number), *cells, escaped(error[:300])])
    columns = [text_column("#"), *map(text_column, map(escaped, names)), text_column("Error")]
    return section("failed", "Runs that failed", table(columns, rows, label="Runs that failed"))


def _notes(count: int, ranked: Sequence[_Ranked]) -> str:
    idle = sum(not run.traded for run in ranked)
    notes = [
        f"The best of {count:,} runs is partly the luckiest of {count:,}: judge it on a history "
        "that the search has not seen.",
        *(
            [f"{idle:,} runs did not trade; they have no rank and are never the best."]
            if idle
            else []
        ),
        "Runs are ranked by their net profit: realised, and unrealised at the mid, after fees.",
        "All times are UTC. Figures are rounded for reading; the page's source has the exact "
        "numbers.",
    ]
    items = "".join(f"<li>{note}</li>" for note in notes)
    return section("notes", "Notes", f"<ul>{items}</ul>")


def _count(count: int) -> str:
    return f'<data value="{count}">{count:,}</data>'


def _amount(value: Decimal) -> str:
    return tagged(value, amount(value))

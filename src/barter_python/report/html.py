"""The report of a run as an HTML page: what it shows, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .._core import Side, TimeInterval
from ..statistic import exact_sum
from .equity import year_of
from .facts import MOST_REASONS, Facts, InstrumentFacts, product, share_of
from .figures import figures
from .identity import header
from .page import page, section
from .parts import (
    Column,
    heat_cell,
    heat_table,
    histogram,
    money,
    optional_amount,
    optional_percent,
    optional_ratio,
    table,
    text_column,
)
from .periods import Change, by_row, changes, period_of, whole_row
from .plots import Plots
from .run import Prices, Run
from .text import NOTHING, amount, duration, escaped, exact, percent, tagged, time_tag

_RATIOS = ("Sharpe", "Sortino", "Calmar")
_MOST_POSITIONS = 500
_FEW_POSITIONS = 30
_DAY = 86_400 * 10**9
_SHORT_RUN = 30 * _DAY
_FINE_TIMES = 3_600 * 10**9


def report_html(result: Run, prices: Sequence[Prices] | None) -> str:
    """Give the report of a run, the same bytes for the same inputs."""
    facts = Facts(result, prices)
    plots = Plots(facts)
    writer = _Writer(facts)
    sections = [
        figures(facts),
        writer.equity(),
        writer.prices(),
        writer.instruments(),
        writer.returns(),
        writer.drawdowns(),
        writer.ratios(),
        writer.orders(),
        writer.positions(),
        writer.notes(plots.remarks),
    ]
    return page(f"{result.settings.strategy}: backtest", header(facts), sections, plots.data)


class _Writer:
    """Writes the sections."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.result = facts.result
        self.decimals = 3 if facts.end_ns - facts.start_ns < _FINE_TIMES else 0

    # The charts, which the page's script draws

    def equity(self) -> str:
        """Write equity and drawdown, one above the other."""
        return section(
            "equity",
            "Equity and drawdown",
            '<div class="choices" data-for="equity" role="group" aria-label="Asset"></div>',
            '<p class="readout" data-for="equity"></p>',
            _chart("equity", "Equity over time"),
            _chart("drawdown", "Drawdown below the peak over time"),
            _NO_SCRIPT,
        )

    def prices(self) -> str:
        """Write the chart of the price with the run's fills and the lives of its limit orders."""
        if not self.result.fills and self.facts.prices is None:
            return ""
        hint = "" if self.facts.prices is not None else _NO_PRICES
        return section(
            "price",
            "Price and fills",
            '<div class="choices" data-for="price" role="group" aria-label="Instrument"></div>',
            '<p class="readout" data-for="price"></p>',
            _chart("price", "Price over time with fills"),
            _LEGEND,
            hint,
        )

    # Tables

    def instruments(self) -> str:
        """Write the table by instrument."""
        rows = self.facts.by_instrument
        units = list(dict.fromkeys(row.unit for row in rows))
        columns = [text_column("Instrument"), text_column("Asset")] + [
            Column(heading)
            for heading in (
                "Orders",
                "Closed",
                "Won",
                "Profit factor",
                "Before fees",
                "Fees",
                *(["Funding"] if self.facts.has_funding else []),
                "Profit",
                "Volume",
                "Maker",
                *(["Slippage"] if self.facts.prices is not None else []),
            )
        ]
        foot = [self._sum(unit, [row for row in rows if row.unit == unit]) for unit in units]
        return section(
            "instruments",
            "By instrument",
            table(
                columns,
                [self._instrument(row) for row in rows],
                foot=foot if len(rows) > len(units) else (),
                label="Figures by instrument",
            ),
            '<p class="hint">Slippage is how much worse than the mid at sending the orders were '
            "filled, weighted by value.</p>"
            if self.facts.prices is not None
            else "",
        )

    def _instrument(self, row: InstrumentFacts) -> list[str]:
        statistics = row.statistics
        return [
            escaped(row.name),
            escaped(row.unit),
            f"{row.orders:,}",
            f"{statistics.closed:,}",
            optional_percent(share_of(statistics.wins, statistics.closed)),
            optional_amount(share_of(statistics.gross_profit, statistics.gross_loss)),
            tagged(exact_sum([row.profit, row.fees]), amount(exact_sum([row.profit, row.fees]))),
            tagged(row.fees, amount(row.fees)),
            *([tagged(row.funding, amount(row.funding))] if self.facts.has_funding else []),
            tagged(row.profit, amount(row.profit)),
            tagged(row.volume, amount(row.volume)),
            optional_percent(row.maker_share),
            *([_slippage(row.slippage)] if self.facts.prices is not None else []),
        ]

    def _sum(self, unit: str, rows: Sequence[InstrumentFacts]) -> list[str]:
        closed = sum(row.statistics.closed for row in rows)
        won = sum(row.statistics.wins for row in rows)
        gained = exact_sum(row.statistics.gross_profit for row in rows)
        lost = exact_sum(row.statistics.gross_loss for row in rows)
        profit, fees = (
            exact_sum(row.profit for row in rows),
            exact_sum(row.fees for row in rows),
        )
        funding = exact_sum(row.funding for row in rows)
        before = exact_sum([profit, fees])
        volume = exact_sum(row.volume for row in rows)
        return [
            "Sum",
            escaped(unit),
            f"{sum(row.orders for row in rows):,}",
            f"{closed:,}",
            optional_percent(share_of(won, closed)),
            optional_amount(share_of(gained, lost)),
            tagged(before, amount(before)),
            tagged(fees, amount(fees)),
            *([tagged(funding, amount(funding))] if self.facts.has_funding else []),
            tagged(profit, amount(profit)),
            tagged(volume, amount(volume)),
            "",
            *([""] if self.facts.prices is not None else []),
        ]

    def returns(self) -> str:
        """Write the returns by period, and how the results of positions are distributed."""
        facts = self.facts
        period = period_of(facts.end_ns - facts.start_ns)
        grids = []
        for line in facts.main_lines:
            rows = by_row(changes(line, period, facts.start_ns, facts.end_ns))
            columns = sorted({column for row in rows.values() for column in row})
            wholes = {name: whole_row(row) for name, row in rows.items()}
            # Of the periods only: whole rows would take their colours away.
            shares = [each.share for row in rows.values() for each in row.values()]
            greatest = max(
                (share.copy_abs() for share in shares if share is not None), default=Decimal(0)
            )
            cells = [
                (
                    name,
                    [
                        _change_cell(change, greatest)
                        for change in (*map(row.get, columns), wholes[name])
                    ],
                )
                for name, row in rows.items()
            ]
            headings = [*map(period.heading, columns), period.whole]
            grids.append(heat_table("UTC", headings, cells, f"Returns of {escaped(line.name)}"))
        return section("returns", f"Returns by {period.name}", *grids, self._distribution())

    def _distribution(self) -> str:
        shares = []
        for position in self.result.positions:
            value = product(position.price_entry_average, position.quantity_abs_max)
            share = share_of(position.pnl_realised, value)
            if share is not None:
                shares.append(share)
        drawn = histogram(shares, "How many positions ended with which result") if shares else ""
        if not drawn:
            return ""
        return f"<h3>Results of closed positions, in percent of their value</h3>\n{drawn}"

    def drawdowns(self) -> str:
        """Write the deepest drawdowns."""
        parts = []
        for line in self.facts.main_lines:
            rows = [
                [
                    str(rank),
                    money(episode.depth.copy_negate(), line.unit),
                    NOTHING if episode.share is None else percent(episode.share.copy_negate()),
                    time_tag(episode.time_start_ns, self.decimals),
                    time_tag(episode.time_trough_ns, self.decimals),
                    "not recovered"
                    if episode.time_end_ns is None
                    else time_tag(episode.time_end_ns, self.decimals),
                    duration((episode.time_end_ns or self.facts.end_ns) - episode.time_start_ns),
                ]
                for rank, episode in enumerate(line.episodes[:5], 1)
            ]
            if not rows:
                parts.append(f"<p>The equity in {escaped(line.name)} never fell.</p>")
                continue
            columns = [
                Column("#"),
                Column("Depth"),
                Column("Of the peak"),
                text_column("First below the peak (UTC)"),
                text_column("Deepest"),
                text_column("Recovered"),
                Column("Length"),
            ]
            parts.append(table(columns, rows, label=f"Drawdowns of {escaped(line.name)}"))
        return section("drawdowns", "Deepest drawdowns", *parts)

    def ratios(self) -> str:
        """Write the ratios of the equity, and then barter's own."""
        is_252 = year_of(self.result) is TimeInterval.ANNUAL_252
        rows = [
            [
                escaped(line.name),
                f"{ratios.returns:,}",
                optional_percent(ratios.annual_return),
                optional_percent(ratios.volatility),
                *(optional_ratio(each) for each in (ratios.sharpe, ratios.sortino, ratios.calmar)),
            ]
            for line in self.facts.main_lines
            if (ratios := line.ratios) is not None
        ]
        headings = ("Daily returns", "Return of a year", "Volatility", *_RATIOS)
        columns = [text_column("Equity"), *map(Column, headings)]
        days = "252" if is_252 else "365"
        hint = (
            f'<p class="hint">From daily returns, scaled to a year of {days} days, without a '
            f"risk-free return. {NOTHING} stands for what is not defined, such as the volatility "
            "of one return.</p>"
        )
        own = table(columns, rows, label="Ratios of the equity") + hint if rows else ""
        summary = self.result.summary
        closed = self.result.statistics
        barter = [
            [
                escaped(name),
                *(
                    optional_ratio(value) if closed[name].closed else NOTHING
                    for value in (sheet.sharpe_ratio, sheet.sortino_ratio, sheet.calmar_ratio)
                ),
            ]
            for name, sheet in summary.instruments.items()
        ]
        columns = [text_column("Instrument"), *map(Column, _RATIOS)]
        theirs = "<h3>barter's own, from the returns of closed positions</h3>" + table(
            columns, barter, label="Ratios of barter"
        )
        return section("ratios", "Ratios", own, theirs if self.result.positions else "")

    def orders(self) -> str:
        """Write how orders ended, and why they were refused."""
        counts, refusals = self.result.order_counts, self.facts.refusals
        parts = []
        if counts:
            rows = [
                [
                    escaped(end),
                    f"{count:,}",
                    optional_percent(share_of(count, len(self.result.orders))),
                ]
                for end, count in counts.items()
            ]
            columns = [text_column("End"), Column("Orders"), Column("Share")]
            parts.append(table(columns, rows, label="How orders ended"))
        else:
            parts.append("<p>No order reached the exchange.</p>")
        for heading, reasons in refusals.items():
            if not reasons:
                continue
            shown = [
                [escaped(reason), f"{count:,}"]
                for reason, count in reasons.most_common(MOST_REASONS)
            ]
            rest = reasons.total() - sum(count for _, count in reasons.most_common(MOST_REASONS))
            if rest:
                shown.append(["other reasons", f"{rest:,}"])
            columns = [text_column("Reason"), Column("Count")]
            parts.append(f"<div><h3>{heading}</h3>{table(columns, shown, label=heading)}</div>")
        return section("orders", "Orders", f'<div class="beside">{"".join(parts)}</div>')

    def positions(self) -> str:
        """Write the positions, the closed ones and then those that are open."""
        result = self.result
        if not result.positions and not result.open_positions:
            return ""
        rows = []
        for position in result.positions[:_MOST_POSITIONS]:
            value = product(position.price_entry_average, position.quantity_abs_max)
            rows.append(
                [
                    time_tag(position.time_enter_ns, self.decimals),
                    time_tag(position.time_exit_ns, self.decimals),
                    _length(position.time_exit_ns - position.time_enter_ns),
                    escaped(self.facts.instruments[position.instrument].name),
                    "long" if position.side is Side.BUY else "short",
                    _exact(position.quantity_abs_max),
                    _price(position.price_entry_average),
                    optional_amount(exact_sum([position.fees_enter, position.fees_exit])),
                    money(position.pnl_realised, self.facts.unit_of(position.instrument)),
                    optional_percent(share_of(position.pnl_realised, value)),
                ]
            )
        for held in result.open_positions:
            rows.append(
                [
                    time_tag(held.time_enter_ns, self.decimals),
                    "open",
                    _length(self.facts.end_ns - held.time_enter_ns),
                    escaped(self.facts.instruments[held.instrument].name),
                    "long" if held.side is Side.BUY else "short",
                    _exact(held.quantity_abs_max),
                    _price(held.price_entry_average),
                    optional_amount(exact_sum([held.fees_enter, held.fees_exit])),
                    NOTHING,
                    NOTHING,
                ]
            )
        columns = [
            text_column("Entered (UTC)"),
            text_column("Closed"),
            Column("Held"),
            text_column("Instrument"),
            text_column("Side"),
            Column("Quantity"),
            Column("Entry"),
            Column("Fees"),
            Column("Profit"),
            Column("Return"),
        ]
        count = len(result.positions)
        more = (
            f'<p class="hint">The first {_MOST_POSITIONS:,} of {count:,} closed positions; '
            "<code>result.positions</code> has all.</p>"
            if count > _MOST_POSITIONS
            else ""
        )
        shown = table(columns, rows, is_sortable=True, label="Positions")
        return section("positions", "Positions", shown, more)

    def notes(self, reduced: Sequence[str]) -> str:
        """Write what to know before believing the figures."""
        facts, result = self.facts, self.result
        length, closed = facts.end_ns - facts.start_ns, facts.statistics.closed
        notes = []
        if not result.fills:
            notes.append("The run has no fill.")
        elif closed < _FEW_POSITIONS:
            what = f"{closed:,} closed position{'' if closed == 1 else 's'}"
            notes.append(f"The sample is tiny: {what}. Shares of wins and ratios mean little.")
        if length < _SHORT_RUN:
            notes.append(
                f"The run covers {duration(length)}: figures that are scaled to a year say nothing."
            )
        if result.open_positions:
            count = len(result.open_positions)
            notes.append(
                f"{count:,} position{' is' if count == 1 else 's are'} open at the end and valued "
                "at the mid; closing would cost fees and the spread."
            )
        unanswered = result.order_counts.get("not answered", 0)
        if unanswered:
            notes.append(f"{unanswered:,} orders had no answer when the run ended.")
        notes.extend(f"Warning of the run: {escaped(each)}" for each in result.settings.remarks)
        notes.append(
            "Equity is the balance of a quote asset at the start plus profit and loss, realised "
            "and unrealised at the mid. Coins held from the start are not valued."
        )
        notes.extend(reduced)
        notes.append(
            "All times are UTC. Figures are rounded for reading; the page's source has the exact "
            "numbers."
        )
        items = "".join(f"<li>{note}</li>" for note in notes)
        return section("notes", "Notes", f"<ul>{items}</ul>")


def _chart(name: str, label: str) -> str:
    attributes = f'id="chart-{name}" tabindex="0" role="group" aria-label="{label}"'
    return f'<div class="chart" {attributes}></div>'


def _change_cell(change: Change | None, greatest: Decimal) -> str:
    if change is None:
        return "<td></td>"
    share = change.share
    text = "" if share is None else percent(share, _decimals(greatest))
    return heat_cell(share, greatest, text)


def _slippage(value: Decimal | None) -> str:
    # A negative one is no loss.
    return NOTHING if value is None else f'<data value="{value:f}">{percent(value)}</data>'


def _exact(value: Decimal) -> str:
    return tagged(value, exact(value))


def _price(value: Decimal) -> str:
    return f'<data value="{value:f}">{amount(value)}</data>'


def _length(nanoseconds: int) -> str:
    return f'<data value="{nanoseconds}">{duration(nanoseconds)}</data>'


def _decimals(greatest: Decimal) -> int:
    """Give the decimals of percentages in one grid: three digits of the greatest."""
    return min(max(1, -greatest.adjusted()), 6) if greatest else 0


_NO_SCRIPT = (
    "<noscript><p>The charts need a script; all figures and tables are here without.</p></noscript>"
)
_NO_PRICES = (
    '<p class="hint">Without the history only the fills are shown: '
    "<code>result.to_html(path, data)</code> draws the price too.</p>"
)
_LEGEND = (
    '<p class="legend"><span class="key buy">▲ bought</span><span class="key sell">▼ sold</span>'
    '<span class="key order">— limit order while it rested, in the colour of its side</span>'
    '<span class="key long">▬ long</span><span class="key short">▬ short</span>'
    '<span class="keys">Drag to zoom, double-click for all; keys: ← → move, + - zoom, 0 all, '
    "n p next and previous fill</span></p>"
)

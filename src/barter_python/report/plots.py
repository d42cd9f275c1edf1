"""What the page's script draws: the series of the charts, reduced to what a page can hold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict

from .._core import EquityBar, EquityDrawdown, Side
from .charts import Packed, extremes, pack, pack_times
from .equity import EquityLine, merged_bars
from .facts import Facts, difference

_MOST_BARS = 30_000
_MOST_PRICES = 120_000
_MOST_FILLS = 10_000
_MOST_ORDERS = 10_000
_FEWEST = 200


class LineData(TypedDict):
    """The equity in one asset; a drawdown is negative, a share of it in percent of the peak."""

    name: str
    unit: str
    times: Packed
    equity: Packed
    fall_times: Packed
    falls: Packed
    peaks: Packed
    episodes: list[tuple[float, float, float]]


class FillsData(TypedDict):
    """The fills of an instrument; `sides` and `roles` have a letter for each."""

    times: Packed
    prices: Packed
    quantities: Packed
    fees: Packed
    waits: Packed
    sides: str
    roles: str


class OrdersData(TypedDict):
    """The limit orders of an instrument that rested."""

    starts: Packed
    ends: Packed
    prices: Packed
    sides: str


class MarketData(TypedDict):
    """What is drawn of an instrument."""

    name: str
    unit: str
    times: Packed
    prices: Packed
    held_times: Packed
    held: Packed
    fills: FillsData
    orders: OrdersData


class PageData(TypedDict, total=False):
    """The whole data of a page: what is not there is not drawn."""

    start: float
    end: float
    lines: list[LineData]
    markets: list[MarketData]


def seconds(nanoseconds: int) -> float:
    """Give a time as the script has it."""
    return nanoseconds // 1_000 / 1_000_000


def line_data(line: EquityLine, start_ns: int, end_ns: int, most: int) -> LineData:
    """Give what is drawn of an equity."""
    bars = merged_bars(line.bars, most)
    points = equity_points(line, bars, start_ns, end_ns)
    falls = _falls(line, bars, start_ns, end_ns)
    return {
        "name": line.name,
        "unit": line.unit,
        "times": pack_times([time for time, _ in points]),
        "equity": pack([equity for _, equity in points]),
        "fall_times": pack_times([time for time, _, _ in falls]),
        "falls": pack([fall for _, fall, _ in falls]),
        "peaks": pack([peak for _, _, peak in falls]),
        "episodes": [_episode(episode, end_ns) for episode in line.episodes],
    }


def equity_points(
    line: EquityLine, bars: Sequence[EquityBar], start_ns: int, end_ns: int
) -> list[tuple[int, Decimal]]:
    """Give the steps of an equity: a bar's low and high are spikes at the time of its last mark."""
    points = [(start_ns, line.start)]
    for bar in bars:
        before = points[-1][1]
        if bar.low < min(before, bar.equity):
            points.append((bar.time_ns, bar.low))
        if bar.high > max(before, bar.equity):
            points.append((bar.time_ns, bar.high))
        points.append((bar.time_ns, bar.equity))
    return [*points, (end_ns, line.end)]


def _falls(
    line: EquityLine, bars: Sequence[EquityBar], start_ns: int, end_ns: int
) -> list[tuple[int, Decimal, Decimal]]:
    """Give the steps of the drawdown, with the troughs exactly."""
    peak = line.start
    found = [(start_ns, Decimal(0), peak)]
    for bar in bars:
        # The low may have come before the bar's own peak, so it is compared with the peak before.
        deepest, now = difference(bar.low, peak), difference(bar.equity, bar.peak)
        if deepest < now:
            found.append((bar.time_ns, deepest, peak))
        found.append((bar.time_ns, now, bar.peak))
        peak = bar.peak
    found.append((end_ns, min(difference(line.end, peak), Decimal(0)), peak))
    troughs = [(each.time_trough_ns, each.depth.copy_negate(), each.peak) for each in line.episodes]
    # At equal times the trough comes first: the last point is what holds on.
    return sorted([*troughs, *found], key=lambda point: point[0])


def _episode(episode: EquityDrawdown, end_ns: int) -> tuple[float, float, float]:
    end = end_ns if episode.time_end_ns is None else episode.time_end_ns
    return seconds(episode.time_start_ns), seconds(episode.time_trough_ns), seconds(end)


class Plots:
    """The data of a run's charts.

    Attributes
    ----------
    data : PageData
        What the script draws.
    remarks : list of str
        What was left out, for the notes of the page.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.remarks: list[str] = []
        self.data: PageData = {
            "start": seconds(facts.start_ns),
            "end": seconds(facts.end_ns),
            "lines": self._lines(),
            "markets": self._markets(),
        }
        if not self.remarks:
            self.remarks.append("The charts show every point: nothing was left out.")

    def _lines(self) -> list[LineData]:
        facts = self._facts
        most = max(_FEWEST, _MOST_BARS // len(facts.lines))
        longest = max(len(line.bars) for line in facts.lines)
        if longest > most:
            self.remarks.append(
                f"The equity has {longest:,} intervals; the chart joins neighbours to {most:,} and "
                "keeps the lowest and the highest equity of each."
            )
        # The account as a whole comes first, since the page opens with the first.
        ordered = [*facts.main_lines, *(line for line in facts.lines if line.asset is not None)]
        unique = list({line.name: line for line in ordered}.values())
        return [line_data(line, facts.start_ns, facts.end_ns, most) for line in unique]

    def _markets(self) -> list[MarketData]:
        facts = self._facts
        count = len(facts.instruments)
        if facts.prices is None and not facts.result.fills:
            return []
        used = [facts.fills_by_instrument[index] for index in range(count)]
        ordered = sorted(range(count), key=lambda index: (not used[index], index))
        markets = [self._market(index, count) for index in ordered]
        if facts.prices is not None:
            longest = max(len(prices.values) for prices in facts.prices)
            self._say("prices", longest, max(_FEWEST, _MOST_PRICES // count), "price")
        self._say("fills", max(map(len, used)), max(_FEWEST, _MOST_FILLS // count), "price")
        resting = max(len(facts.resting(index)) for index in range(count))
        most = max(_FEWEST, _MOST_ORDERS // count)
        if resting > most:
            self.remarks.append(
                f"An instrument has {resting:,} limit orders that rested; the chart shows the "
                f"{most:,} that rested longest."
            )
        return markets

    def _say(self, what: str, longest: int, most: int, of: str) -> None:
        if longest > most:
            self.remarks.append(
                f"An instrument has {longest:,} {what}; the chart shows {most:,} at most, the "
                f"lowest and the highest {of} of each stretch, so that no spike is lost."
            )

    def _market(self, index: int, count: int) -> MarketData:
        facts = self._facts
        times: Sequence[int] = []
        values: Sequence[float] = []
        if facts.prices is not None and facts.prices[index].values:
            prices = facts.prices[index]
            kept = extremes(prices.values, max(_FEWEST, _MOST_PRICES // count))
            # The last price holds until the end.
            times = [*(prices.times[position] for position in kept), facts.end_ns]
            values = [*(prices.values[position] for position in kept), prices.values[-1]]
        held_times, held = facts.held(index)
        sizes = [float(size) for size in held]
        kept = extremes(sizes, max(_FEWEST, _MOST_FILLS // count))
        return {
            "name": facts.instruments[index].name,
            "unit": facts.unit_of(index),
            "times": pack_times(times),
            "prices": pack(values),
            "held_times": pack_times([held_times[position] for position in kept]),
            "held": pack([held[position] for position in kept]),
            "fills": self._fills(index, max(_FEWEST, _MOST_FILLS // count)),
            "orders": self._orders(index, max(_FEWEST, _MOST_ORDERS // count)),
        }

    def _fills(self, index: int, most: int) -> FillsData:
        facts = self._facts
        fills = facts.fills_by_instrument[index]
        fills = [fills[each] for each in extremes([float(fill.price) for fill in fills], most)]
        waits = [facts.wait_of(fill) or 0 for fill in fills]
        return {
            "times": pack_times([fill.time_exchange_ns for fill in fills]),
            "prices": pack([fill.price for fill in fills]),
            "quantities": pack([fill.quantity for fill in fills]),
            "fees": pack([fill.fees for fill in fills]),
            "waits": pack([Decimal(f"{wait // 1_000}e-6") for wait in waits]),
            "sides": "".join("b" if fill.side is Side.BUY else "s" for fill in fills),
            "roles": "".join(facts.role_of(fill) for fill in fills),
        }

    def _orders(self, index: int, most: int) -> OrdersData:
        end_ns = self._facts.end_ns
        lives = [
            (report.time_sent_ns, report.time_finished_ns or end_ns, report.order)
            for report in self._facts.resting(index)
        ]
        if len(lives) > most:
            lives.sort(key=lambda life: life[0] - life[1])
            lives = sorted(lives[:most], key=lambda life: life[0])
        return {
            "starts": pack_times([start for start, _, _ in lives]),
            "ends": pack_times([end for _, end, _ in lives]),
            "prices": pack([order.price for _, _, order in lives]),
            "sides": "".join("b" if order.side is Side.BUY else "s" for _, _, order in lives),
        }

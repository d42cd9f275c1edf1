"""The figures at the top of a report: a trader decides by them whether to read on."""

from __future__ import annotations

from decimal import Decimal

from ..statistic import exact_sum
from .equity import EquityLine
from .facts import Facts, difference, share_of
from .page import section
from .parts import card, money, optional_percent
from .text import amount, escaped


def figures(facts: Facts) -> str:
    """Write the seven figures, and the funding if there was any."""
    result, statistics = facts.result, facts.statistics
    lines, all_money = facts.main_lines, facts.money
    won = optional_percent(share_of(statistics.wins, statistics.closed))
    ends = ", ".join(f"{count:,} {end}" for end, count in result.order_counts.items())
    cards = [
        card("Net profit", [money(each.profit, each.unit, "+") for each in all_money]),
        card("Before fees", [money(each.before_fees, each.unit, "+") for each in all_money]),
        card("Fees", [money(each.fees, each.unit) for each in all_money], _volumes(facts)),
        *([_funding(facts)] if facts.has_funding else []),
        card("Return", [_named(_return(line), line, lines) for line in lines], _starts(lines)),
        card("Max drawdown", [_drawdown(line, lines) for line in lines], _shares(lines)),
        card(
            "Closed positions",
            [_count(statistics.closed)],
            f"{statistics.wins:,} won ({won}), {statistics.losses:,} lost",
        ),
        card("Orders", [_count(len(result.orders))], ends),
    ]
    return section("figures", "Figures", f"<ul>{''.join(cards)}</ul>")


def _funding(facts: Facts) -> str:
    sums = [(each.funding, each.unit) for each in facts.money if each.funding is not None]
    count = len(facts.result.funding)
    note = f"in {count:,} payment{'' if count == 1 else 's'}, part of the profit"
    return card("Funding", [money(funding, unit, "+") for funding, unit in sums], note)


def _named(text: str, line: EquityLine, lines: list[EquityLine]) -> str:
    return text if len(lines) == 1 else f"{text} <abbr>{escaped(line.name)}</abbr>"


def _return(line: EquityLine) -> str:
    return optional_percent(share_of(difference(line.end, line.start), line.start))


def _starts(lines: list[EquityLine]) -> str:
    starts = [f"{amount(line.start)} {escaped(line.unit)}" for line in lines]
    return f"of {', '.join(starts)} at the start"


def _drawdown(line: EquityLine, lines: list[EquityLine]) -> str:
    if not line.episodes:
        return _named("none", line, lines)
    return money(line.episodes[0].depth.copy_negate(), line.unit)


def _shares(lines: list[EquityLine]) -> str:
    falls = [line.episodes[0].share for line in lines if line.episodes]
    shares = [optional_percent(share.copy_negate()) for share in falls if share is not None]
    return f"{', '.join(shares)} of the peak" if shares else ""


def _volumes(facts: Facts) -> str:
    volumes: dict[str, list[Decimal]] = {}
    for each in facts.by_instrument:
        volumes.setdefault(each.unit, []).append(each.volume)
    sums = {unit: exact_sum(parts) for unit, parts in volumes.items()}
    texts = [f"{amount(volume)} {escaped(unit)}" for unit, volume in sums.items() if volume]
    return f"on a volume of {', '.join(texts)}" if texts else ""


def _count(count: int) -> str:
    return f'<data value="{count}">{count:,}</data>'

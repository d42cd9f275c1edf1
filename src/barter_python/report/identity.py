"""The lines at the top of a report that say which run it is of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .._core import FillPrice, __version__, nanoseconds_of, wrapped_crates
from .._json import time_text
from ..exchange import EmpiricalLatency, FeeAsset, Latency, MockExecutionConfig, UniformLatency
from .facts import Facts
from .text import duration, escaped, exact, moment, percent


def identity(facts: Facts) -> list[tuple[str, str]]:
    """Give the terms and what they are for this run, as HTML."""
    settings = facts.result.settings
    length = facts.end_ns - facts.start_ns
    decimals = 0 if length > 600 * 10**9 else 3
    span = f"{moment(facts.start_ns, decimals)} to {moment(facts.end_ns, decimals)} UTC"
    names = [escaped(instrument.name) for instrument in facts.instruments]
    crates = wrapped_crates()
    return [
        ("Span", f"{span} ({duration(length)})"),
        *_part(settings.since_ns, settings.until_ns),
        ("Instruments", _several(names)),
        ("Events", f"{settings.events:,}"),
        *(
            [("Warm-up", f"{settings.warmup_events:,} events before the run")]
            if settings.warmup_events
            else []
        ),
        *_executions(settings.executions),
        ("Market orders", escaped(_FILLS[settings.fill_price])),
        *(
            [("Candles", f"built from trades, {duration(nanoseconds_of(settings.candles))} each")]
            if settings.candles is not None
            else []
        ),
        *([("At the end", "positions are closed")] if settings.close_at_end else []),
        *(
            [("Risk manager", escaped(settings.risk_manager))]
            if settings.risk_manager is not None
            else []
        ),
        ("Versions", f"barter-python {__version__}, barter {crates['barter']}"),
    ]


_FILLS = {
    FillPrice.BEST_OPPOSITE: "filled at the best opposite prices",
    FillPrice.REQUESTED: "filled at the price that the request names",
}


def _part(since_ns: int | None, until_ns: int | None) -> list[tuple[str, str]]:
    """Say which part of the history was run."""
    since = None if since_ns is None else f"from {time_text(since_ns)}"
    until = None if until_ns is None else f"until {time_text(until_ns)}"
    found = [each for each in (since, until) if each is not None]
    return [("Part of the history", " ".join(found))] if found else []


def _several(names: Sequence[str], most: int = 6) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _executions(executions: Sequence[MockExecutionConfig]) -> list[tuple[str, str]]:
    """Describe the exchanges: once if they are alike, else each."""
    described = {execution.mocked_exchange.value: _execution(execution) for execution in executions}
    found: list[tuple[str, str]] = []
    for term in dict.fromkeys(term for terms in described.values() for term in terms):
        texts = {name: terms.get(term, "none") for name, terms in described.items()}
        if len(set(texts.values())) == 1:
            found.append((term, next(iter(texts.values()))))
        else:
            found.append((term, "; ".join(f"{name}: {text}" for name, text in texts.items())))
    return found


def _execution(execution: MockExecutionConfig) -> dict[str, str]:
    latency = f"{_latency(execution.latency)} to the exchange"
    latency += f", {_latency(execution.answer_latency)} back"
    fees = percent(Decimal(execution.fee_rate))
    if execution.maker_fee_rate is not None:
        fees = f"taker {fees}, maker {percent(Decimal(execution.maker_fee_rate))}"
    if execution.fee_asset is not FeeAsset.QUOTE:
        fees += f", in the asset {execution.fee_asset.value.replace('_', ' ')}"
    terms = {
        "Latency": latency,
        "Fees": fees,
        "Queue": f"{execution.queue.value.replace('_', ' ')}, "
        f"offers {execution.liquidity.value.replace('_', ' ')}",
    }
    if execution.leverage != 1:
        terms["Leverage"] = exact(Decimal(execution.leverage))
    if execution.maintenance_margin is not None:
        terms["Maintenance margin"] = percent(Decimal(execution.maintenance_margin))
    if execution.rate_limit is not None:
        limit = execution.rate_limit
        terms["Rate limit"] = f"{limit.requests:,} in {duration(nanoseconds_of(limit.interval))}"
    if execution.faults:
        terms["Faults"] = f"{len(execution.faults)} in the script"
    return terms


def _latency(latency: Latency) -> str:
    if isinstance(latency, UniformLatency):
        low, high = duration(nanoseconds_of(latency.low)), duration(nanoseconds_of(latency.high))
        return f"{low} to {high} (drawn evenly, seed {latency.seed})"
    if isinstance(latency, EmpiricalLatency):
        return f"drawn from {len(latency.samples):,} samples (seed {latency.seed})"
    return duration(nanoseconds_of(latency))


def terms(facts: Facts) -> str:
    """Give the terms of a run as HTML."""
    items = (f"<div><dt>{term}</dt><dd>{text}</dd></div>" for term, text in identity(facts))
    return f"<dl>{''.join(items)}</dl>"


def header(facts: Facts) -> str:
    """Give the top of the page."""
    settings = facts.result.settings
    parameters = "".join(
        f"<span><b>{escaped(name)}</b> {escaped(text)}</span>"
        for name, text in settings.parameters.items()
    )
    return (
        f"<h1>{escaped(settings.strategy)} <small>backtest</small></h1>"
        + (f'<p class="parameters">{parameters}</p>' if parameters else "")
        + terms(facts)
    )

"""Two exchanges and four instruments, and runs on them that are compared with the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import barter_python as bp
from models import backtest as model
from models.comparison import (
    Case,
    check_calls,
    check_everything,
    check_number,
    is_buy,
    run_both,
)

START = 1_700_000_000_000_000_000
MILLISECOND = 1_000_000
PRICE_STEP = Decimal("25.2")
QUANTITY_STEP = Decimal("0.5")
EXCHANGES = (bp.ExchangeId.BINANCE_SPOT, bp.ExchangeId.KRAKEN)


def spot(exchange: bp.ExchangeId, base: str, quote: str) -> bp.InstrumentConfig:
    return bp.InstrumentConfig(exchange, f"{base}{quote}".upper(), bp.Underlying(base, quote))


# The base of one instrument is the quote of another, and both exchanges have a `btc`.
INSTRUMENTS = (
    spot(EXCHANGES[1], "btc", "usd"),
    spot(EXCHANGES[0], "eth", "btc"),
    spot(EXCHANGES[0], "btc", "usdt"),
    spot(EXCHANGES[0], "eth", "usdt"),
)
INDEX = bp.IndexedInstruments(INSTRUMENTS)
BTC_USDT = INDEX.instrument_index("binancespot-btc_usdt")


def check_conservation(result: bp.BacktestResult, run: model.Run) -> None:
    """What positions say has moved is what has moved in the balances."""
    expected = list(run.setup.balances)
    instruments = run.setup.instruments
    for closed in result.positions:
        expected[instruments[closed.instrument].quote] += Fraction(closed.pnl_realised)
    for position in result.open_positions:
        instrument = instruments[position.instrument]
        held = Fraction(position.quantity_abs) * (1 if is_buy(position.side) else -1)
        paid = held * Fraction(position.price_entry_average) - Fraction(position.pnl_realised)
        expected[instrument.base] += held
        expected[instrument.quote] -= paid
    for balance, total in zip(result.balances.values(), expected, strict=True):
        check_number("balance by positions", balance.total, total, exact=run.exact)


def compare(case: Case) -> model.Run:
    """Run both, and compare everything."""
    result, strategy, run = run_both(case)
    check_calls(strategy, run)
    check_everything(result, run)
    check_conservation(result, run)
    return run


def executions(
    latencies: Sequence[timedelta], fee_rates: Sequence[Decimal], money: Decimal, coins: Decimal
) -> list[bp.MockExecutionConfig]:
    return [
        bp.MockExecutionConfig(
            exchange,
            {quote: money, "btc": coins} | ({"eth": coins} if quote == "usdt" else {}),
            latency,
            fee_rate=fee_rate,
        )
        for exchange, quote, latency, fee_rate in zip(
            EXCHANGES, ("usdt", "usd"), latencies, fee_rates, strict=True
        )
    ]


def quote_event(
    instrument: int,
    milliseconds: int,
    bid: Decimal | None,
    ask: Decimal | None,
    *,
    updated: int | None = None,
) -> bp.MarketEvent:
    time = START + milliseconds * MILLISECOND
    update = time if updated is None else START + updated * MILLISECOND
    levels = [
        None if price is None else bp.Level(price=price, amount=Decimal(100))
        for price in (bid, ask)
    ]
    book = bp.OrderBookL1(update, *levels)
    return bp.MarketEvent(time, time, INDEX.instruments[instrument].exchange_id, instrument, book)

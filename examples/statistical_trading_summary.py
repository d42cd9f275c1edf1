"""A trading summary without an engine: from closed positions and balances that come from elsewhere.

The twin of barter's example of the same name, with other trades. The figures are barter's own,
except wins and profit factor, which barter calculates wrongly (`docs/statistic.md`). Those come
from `statistics`, where they are what their names say.

Run it with `python examples/statistical_trading_summary.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import barter_python as bp
from barter_python import AssetBalance, Balance, PositionExited, Side, TimeInterval
from barter_python.statistic import TradingSummaryGenerator

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
INSTRUMENTS = bp.IndexedInstruments(
    [
        bp.InstrumentConfig(
            bp.ExchangeId.BINANCE_SPOT, f"{base.upper()}USDT", bp.Underlying(base, "usdt")
        )
        for base in ("btc", "eth")
    ]
)

# Day of entry, days held, base, side, price of entry, quantity, profit or loss, fees each way.
POSITIONS = [
    (0, 2, "btc", Side.BUY, "95000", "0.10", "310", "9.5"),
    (1, 1, "eth", Side.BUY, "3400", "1.5", "240", "5.1"),
    (3, 2, "btc", Side.SELL, "97200", "0.05", "-85", "4.9"),
    (4, 3, "eth", Side.SELL, "3300", "2", "-120", "6.6"),
    (6, 1, "btc", Side.BUY, "94100", "0.10", "-250", "9.4"),
    (7, 1, "eth", Side.BUY, "3150", "1", "-30", "3.2"),
    (8, 1, "btc", Side.BUY, "93800", "0.10", "180", "9.4"),
    (9, 2, "eth", Side.BUY, "3120", "1", "95", "3.1"),
]


def position(number: int) -> PositionExited:
    """Make the closed position of a line of the table."""
    day, held, base, side, price, quantity, pnl, fees = POSITIONS[number]
    instrument = next(
        each.index
        for each in INSTRUMENTS.instruments
        if each.name_exchange == f"{base.upper()}USDT"
    )
    entered = START + timedelta(days=day)
    return PositionExited(
        instrument=instrument,
        side=side,
        price_entry_average=Decimal(price),
        quantity_abs_max=Decimal(quantity),
        pnl_realised=Decimal(pnl),
        fees_enter=Decimal(fees),
        fees_exit=Decimal(fees),
        time_enter=entered,
        time_exit=entered + timedelta(days=held),
        trades=[f"{number}-enter", f"{number}-exit"],
    )


def main() -> bp.TradingSummary:
    """Feed the generator, and print its summary."""
    generator = TradingSummaryGenerator.init(0, START, START, INSTRUMENTS)
    usdt = next(asset.index for asset in INSTRUMENTS.assets if asset.name == "usdt")
    cash = Decimal(10_000)
    generator.update_from_balance(AssetBalance(usdt, Balance(total=cash, free=cash), START))
    closed = sorted(map(position, range(len(POSITIONS))), key=lambda each: each.time_exit)
    for exited in closed:
        cash += exited.pnl_realised
        generator.update_from_position(exited)
        generator.update_from_balance(
            AssetBalance(usdt, Balance(total=cash, free=cash), exited.time_exit)
        )
    summary = generator.generate(TimeInterval.ANNUAL_365)

    print(f"From {summary.time_engine_start:%Y-%m-%d}, {summary.trading_duration.days} days")
    for name, sheet in summary.instruments.items():
        wins = generator.statistics[name]
        print(f"\n{name}")
        print(f"  pnl             {sheet.pnl}")
        print(f"  wins / losses   {wins.wins} / {wins.losses}")
        print(f"  profit factor   {wins.gross_profit_factor or 0:.4f}")
        print(f"  annual Sharpe   {sheet.sharpe_ratio:.4f}")
        print(f"  annual Sortino  {sheet.sortino_ratio:.4f}")
        print(f"  annual Calmar   {sheet.calmar_ratio:.4f}")
    asset = summary.assets["binance_spot_usdt"]
    if asset.balance_end is not None and asset.drawdown_max is not None:
        deepest = asset.drawdown_max
        print(f"\nusdt at the end {asset.balance_end.total}")
        print(f"  deepest drawdown {deepest.value:.2%}, from {deepest.time_start:%Y-%m-%d}")
    return summary


if __name__ == "__main__":
    main()

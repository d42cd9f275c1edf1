"""A basis trade: hold the coin and sell its perpetual while that is dear, and earn the funding.

The history has quotes of both each hour, and a `Funding` each eight hours. The strategy opens both
legs when the perpetual is far enough above the spot price, and closes them when it is not any more.
Whatever the coin does, one leg gains what the other loses; what is left is the change of the basis,
the funding and the fees.

Run it with `python examples/basis.py`; a path as argument also writes the report of the run.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import Side
from barter_python.strategy import build_ioc_market_order_to_close_position
from barter_python.system import PerpetualContract

HISTORY = Path(__file__).parent / "data" / "okx_btc_spot_perpetual_funding.jsonl.gz"
OKX = bp.ExchangeId.OKX


@dataclass
class Basis(bp.Strategy):
    """Trades the difference between two contracts of one coin."""

    spot: str
    perpetual: str
    quantity: Decimal
    enter: Decimal
    """How far above spot the perpetual must be, as a fraction, before both legs are opened."""
    leave: Decimal
    """At which premium they are closed."""

    strategy_id = "basis"

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        spot, perpetual = state.instrument(self.spot), state.instrument(self.perpetual)
        if state.updated is None or spot.has_orders or perpetual.has_orders:
            return bp.NO_ORDERS
        # The quote of the perpetual is the second of the two of an hour.
        if state.updated.name != self.perpetual or spot.mid is None or perpetual.mid is None:
            return bp.NO_ORDERS
        premium = perpetual.mid / spot.mid - 1
        if spot.position is None and premium > self.enter:
            return [], [
                spot.market_order(Side.BUY, self.quantity),
                perpetual.market_order(Side.SELL, self.quantity),
            ]
        if spot.position is not None and premium < self.leave:
            return [], [
                build_ioc_market_order_to_close_position(
                    leg.exchange, leg.position, self.id, leg.price, gen_cid=state.next_cid
                )
                for leg in (spot, perpetual)
                if leg.position is not None and leg.price is not None
            ]
        return bp.NO_ORDERS


def main(report: str | None = None) -> bp.BacktestResult:
    """Run the strategy, and print what each part has earned, and the result."""
    underlying = bp.Underlying("btc", "usdt")
    config = bp.SystemConfig(
        [
            bp.InstrumentConfig(OKX, "BTC-USDT", underlying),
            bp.InstrumentConfig(
                OKX, "BTC-USDT-SWAP", underlying, kind=PerpetualContract(Decimal(1), "usdt")
            ),
        ],
        [
            bp.MockExecutionConfig(
                OKX,
                {"usdt": 100_000},
                latency=timedelta(milliseconds=50),
                fee_rate=Decimal("0.0002"),
                leverage=5,
                maintenance_margin=Decimal("0.004"),
            )
        ],
    )
    data = bp.MarketData.from_json_lines(HISTORY)
    strategy = Basis(
        "okx-btc_usdt",
        "okx-btc_usdt-perpetual",
        Decimal("0.5"),
        enter=Decimal("0.0012"),
        leave=Decimal("0.0004"),
    )
    result = bp.run_backtest(strategy, data, config, close_at_end=True)
    legs = {name: sheet.pnl for name, sheet in result.summary.instruments.items()}
    for name, pnl in legs.items():
        print(f"{name:24} {pnl:10.2f}")
    funding = result.funding_by_asset["usdt"]
    print(f"{'both legs, after fees':24} {sum(legs.values()):10.2f}")
    print(f"{f'funding, {len(result.funding)} times':24} {funding:10.2f}")
    print(f"{'together':24} {result.pnl['usdt']:10.2f}")
    print(result)
    if report is not None:
        result.to_html(report, data)
    return result


if __name__ == "__main__":
    main(*sys.argv[1:2])

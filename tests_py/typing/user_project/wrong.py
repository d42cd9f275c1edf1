"""Mistakes in a user's code, each of which the checker must report; never imported."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import assert_type, override

import barter_python as bp
from barter_python import Side
from barter_python.strategy import close_open_positions_with_market_orders

CONFIG = bp.SystemConfig.from_json("system_config.json")
DATA = bp.MarketData.from_json_lines("events.jsonl")

bp.Level(price=1.5, amount=1)  # type: ignore[arg-type]
bp.Level(price=1)  # type: ignore[call-arg]
bp.Level(price=1, amount=1).price = Decimal(2)  # type: ignore[misc]
bp.PublicTrade("1", price=1, amount=1, side="buy")  # type: ignore[arg-type]
bp.EngineView()  # type: ignore[call-arg]
bp.InstrumentFilter.exchanges(["binance_spot"])  # type: ignore[list-item]
bp.run_backtest(bp.DefaultStrategy(), DATA)  # type: ignore[call-arg]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, fee_rate=0.001)  # type: ignore[arg-type]
print(bp.no_such_name)  # type: ignore[attr-defined]
assert_type(Side.BUY, int)  # type: ignore[assert-type]


def plain_id(instrument: bp.InstrumentState) -> str:
    """Make an id of what the live state does not hold."""
    return str(instrument.instrument)


class Mistaken(bp.Strategy):
    """Mistakes where strategies make them."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        close_open_positions_with_market_orders("id", state, gen_cid=plain_id)  # type: ignore[arg-type]
        instrument = state.instrument(0)
        instrument.market_order(Side.BUY, 0.5, strategy_id="id")  # type: ignore[arg-type]
        instrument.market_order(Side.HOLD, 1, strategy_id="id")  # type: ignore[attr-defined]
        print(instrument.position.quantity_abs)  # type: ignore[union-attr]
        print(state.updated.price)  # type: ignore[union-attr]
        assert_type(state.time_ns, float)  # type: ignore[assert-type]
        if instrument.has_orders:
            return None  # type: ignore[return-value]
        return [instrument.limit_order(Side.BUY, price=9, quantity=1, strategy_id="id")]  # type: ignore[return-value]

    @override
    def on_disconnected(self, state: bp.EngineView, /) -> None:  # type: ignore[misc]
        """Never called: the hook is `on_disconnect`."""

    @override
    def on_start(self, state: bp.EngineView) -> int:  # type: ignore[override]
        return 0

"""What a strategy sees of the running engine."""

from __future__ import annotations

from decimal import Decimal

import barter_python as bp
from barter_python import Side
from rejected.closing import id_of_plain
from rejected.shared import ID, SPOT

bp.EngineView()  # type: ignore[call-arg]
bp.InstrumentView()  # type: ignore[call-arg]


def with_live_state(state: bp.EngineView, instrument: bp.InstrumentView) -> None:
    """Misuse the views."""
    bp.close_open_positions_with_market_orders(ID, state, gen_cid=id_of_plain)  # type: ignore[arg-type]
    state.updated.price  # type: ignore[union-attr]
    state.event.kind  # type: ignore[union-attr]
    state.time_ns = 1  # type: ignore[misc]
    state.instruments = []  # type: ignore[misc]
    state.instrument(1.5)  # type: ignore[arg-type]
    state.instrument(SPOT)  # type: ignore[arg-type]
    state.instrument(("binance_spot", "BTCUSDT"))  # type: ignore[arg-type]
    state.tear_sheet_asset("binance_spot", "usdt")  # type: ignore[arg-type]
    instrument.definition = None  # type: ignore[misc, assignment]
    instrument.order(1)  # type: ignore[arg-type]
    instrument.tear_sheet(0)  # type: ignore[call-arg]
    instrument.tear_sheet(risk_free_return=0.5)  # type: ignore[arg-type]
    state.exchange_index("binance_spot")  # type: ignore[arg-type]
    state.exchange_index(0)  # type: ignore[arg-type]
    state.balance("binance_spot", "usdt")  # type: ignore[arg-type]
    state.instruments_iter([0])  # type: ignore[arg-type]
    state.now  # type: ignore[attr-defined]
    instrument.last_trade = Decimal(1)  # type: ignore[misc]
    instrument.candle.close  # type: ignore[union-attr]
    instrument.candle = None  # type: ignore[misc]
    instrument.price + 1  # type: ignore[operator]
    instrument.position.quantity_abs  # type: ignore[union-attr]
    instrument.mid_f64 * Decimal(2)  # type: ignore[operator]
    instrument.market_order(Side.BUY, 0.5, strategy_id="ema")  # type: ignore[arg-type]
    instrument.market_order("buy", 1, strategy_id="ema")  # type: ignore[arg-type]
    instrument.market_order(Side.BUY, 1, "ema")  # type: ignore[call-arg]
    instrument.market_order(Side.BUY, 1, strategy_id=1)  # type: ignore[arg-type]
    instrument.market_order(Side.BUY, 1, strategy_id="ema", cid=7)  # type: ignore[arg-type]
    instrument.limit_order(Side.BUY, price=1, strategy_id="ema")  # type: ignore[call-arg]
    instrument.limit_order(Side.BUY, price=9.5, quantity=1, strategy_id="ema")  # type: ignore[arg-type]
    instrument.limit_order(Side.BUY, price=9, quantity=1, strategy_id="ema", time_in_force="gtc")  # type: ignore[arg-type]
    instrument.limit_order(Side.BUY, 9, 1, strategy_id="ema")  # type: ignore[call-arg]
    instrument.round_quantity("1")  # type: ignore[arg-type]
    instrument.round_price(1)  # type: ignore[call-arg]
    instrument.round_price(1, "buy")  # type: ignore[arg-type]


def with_unmatched_event(event: bp.MarketEvent | bp.Reconnecting | bp.AccountEvent) -> str:  # type: ignore[return]
    """Forget an event."""
    match event:
        case bp.MarketEvent() | bp.Reconnecting():
            return "market"

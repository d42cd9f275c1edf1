"""The filter of instruments, and the requests that close positions."""

from __future__ import annotations

import barter_python as bp
from barter_python import Side, strategy
from rejected.shared import ID, PLAIN, POSITION, SPOT

# One order: of a position, and the native function.
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, "9.5")  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, None)  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, 9, lambda one: "cid")  # type: ignore[arg-type, misc]
strategy.build_ioc_market_order_to_close_position(0, None, ID, 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, "1", "ema", 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, "buy", 1, "ema", 9)  # type: ignore[arg-type]

# Filters.
bp.InstrumentFilter()  # type: ignore[call-arg]
bp.InstrumentFilter.exchanges([SPOT])  # type: ignore[list-item]
bp.InstrumentFilter.exchanges(0)  # type: ignore[arg-type]
bp.InstrumentFilter.instruments(["btc_usdt"])  # type: ignore[list-item]
bp.InstrumentFilter.underlyings([(0, 1)])  # type: ignore[list-item]
bp.InstrumentFilter.underlyings([bp.Underlying("btc", "usdt")])  # type: ignore[arg-type]
bp.InstrumentFilter.none().matches(0, 0, bp.Underlying("btc", "usdt"))  # type: ignore[arg-type]
bp.ClosePositions([0])  # type: ignore[arg-type]


def id_of_view(view: bp.InstrumentView) -> str:
    """Take the live state only."""
    return view.name


def id_of_plain(instrument: bp.InstrumentState) -> str:
    """Take the plain state only."""
    return str(instrument.instrument)


def number_of_plain(instrument: bp.InstrumentState) -> int:
    """Give what is no id."""
    return instrument.instrument


bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=id_of_view)  # type: ignore[arg-type]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=number_of_plain)  # type: ignore[arg-type]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=lambda: "cid")  # type: ignore[arg-type, misc]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=lambda one: one.name)  # type: ignore[attr-defined]
bp.close_open_positions_with_market_orders(ID, PLAIN, on_missing_price="ignore")  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, [0])  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(1, PLAIN)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN.instruments)  # type: ignore[call-overload]

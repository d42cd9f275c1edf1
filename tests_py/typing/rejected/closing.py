"""The filter of instruments, and the requests that close positions."""

from __future__ import annotations

from decimal import Decimal

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
bp.build_ioc_market_order_to_close_position("0", 1, Side.BUY, 1, ID, 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(SPOT, 1, Side.BUY, 1, ID, 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1.0, Side.BUY, 1, ID, 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, None, ID, 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, 7, 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, None, 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, bp.ClientOrderId("a"), 9)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, "9")  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, None)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID)  # type: ignore[call-arg]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, 9, 7)  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, 9, lambda: "a")  # type: ignore[arg-type]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, 9, cid="a")  # type: ignore[call-arg]
bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, 9, None, None)  # type: ignore[call-arg]
bp.build_ioc_market_order_to_close_position(0, POSITION, ID, 9)  # type: ignore[arg-type, call-arg]
strategy.build_ioc_market_order_to_close_position(SPOT, POSITION, ID, 9)  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, PLAIN, ID, 9)  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, 9)  # type: ignore[arg-type, call-arg]
strategy.build_ioc_market_order_to_close_position(0, POSITION, 7, 9)  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, None, 9)  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID)  # type: ignore[call-arg]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, 9, 7)  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, 9, lambda: 7)  # type: ignore[arg-type, return-value]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, 9, bp.OrderId("a"))  # type: ignore[arg-type]
strategy.build_ioc_market_order_to_close_position(0, POSITION, ID, 9, client_order_id="a")  # type: ignore[call-arg]

# The native request.
REQUEST = bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, ID, 9)
bp.PyOrderRequestOpen()  # type: ignore[call-arg]
bp.PyOrderRequestOpen(0, 1, ID, "a", Side.BUY, 9, 1, REQUEST.kind, REQUEST.time_in_force)  # type: ignore[arg-type]
bp.PyOrderRequestOpen(0, 1, "i", REQUEST, Side.BUY, 9, 1, REQUEST.kind, REQUEST.time_in_force)  # type: ignore[arg-type]
bp.PyOrderRequestOpen(0, 1, "i", "a", "buy", 9, 1, REQUEST.kind, REQUEST.time_in_force)  # type: ignore[arg-type]
bp.PyOrderRequestOpen(0, 1, "i", "a", Side.BUY, 9.5, 1, REQUEST.kind, REQUEST.time_in_force)  # type: ignore[arg-type]
bp.PyOrderRequestOpen(0, 1, "i", "a", Side.BUY, 9, 0.5, REQUEST.kind, REQUEST.time_in_force)  # type: ignore[arg-type]
bp.PyOrderRequestOpen(0, 1, "i", "a", Side.BUY, 9, 1, "market", REQUEST.time_in_force)  # type: ignore[arg-type]
bp.PyOrderRequestOpen(0, 1, "i", "a", Side.BUY, 9, 1, REQUEST.kind, "ioc")  # type: ignore[arg-type]
bp.PyOrderRequestOpen(0, 1, "i", "a", Side.BUY, 9, 1, REQUEST.kind)  # type: ignore[call-arg]
REQUEST.price = Decimal(2)  # type: ignore[misc]
REQUEST.exchange = 1  # type: ignore[misc]
REQUEST.instrument = 1  # type: ignore[misc]
REQUEST.strategy_id = "i"  # type: ignore[misc]
REQUEST.client_order_id = "a"  # type: ignore[misc]
REQUEST.side = Side.BUY  # type: ignore[misc]
REQUEST.quantity = Decimal(1)  # type: ignore[misc]
REQUEST.kind = bp.OrderKind.LIMIT  # type: ignore[misc]
REQUEST.time_in_force = bp.TimeInForce.FILL_OR_KILL  # type: ignore[misc]
REQUEST.cid  # type: ignore[attr-defined]
REQUEST.state  # type: ignore[attr-defined]
REQUEST.price + 1.5  # type: ignore[operator]
WRONG_REQUEST: bp.OrderRequestOpen = REQUEST  # type: ignore[assignment]

# Filters.
bp.InstrumentFilter()  # type: ignore[call-arg]
bp.InstrumentFilter.exchanges([SPOT])  # type: ignore[list-item]
bp.InstrumentFilter.exchanges(0)  # type: ignore[arg-type]
bp.InstrumentFilter.instruments(["btc_usdt"])  # type: ignore[list-item]
bp.InstrumentFilter.underlyings([(0, 1)])  # type: ignore[list-item]
bp.InstrumentFilter.underlyings([bp.Underlying("btc", "usdt")])  # type: ignore[arg-type]
bp.InstrumentFilter.none().matches(0, 0, bp.Underlying("btc", "usdt"))  # type: ignore[arg-type]
bp.InstrumentFilter.none(0)  # type: ignore[call-arg]
bp.InstrumentFilter.exchanges()  # type: ignore[call-arg]
bp.InstrumentFilter.exchanges(0, 1)  # type: ignore[arg-type, call-arg]
bp.InstrumentFilter.exchanges(None)  # type: ignore[arg-type]
bp.InstrumentFilter.exchanges(indices=[0])  # type: ignore[call-arg]
bp.InstrumentFilter.instruments()  # type: ignore[call-arg]
bp.InstrumentFilter.instruments(0)  # type: ignore[arg-type]
bp.InstrumentFilter.instruments([1.0])  # type: ignore[list-item]
bp.InstrumentFilter.instruments("01")  # type: ignore[arg-type]
bp.InstrumentFilter.underlyings([0])  # type: ignore[list-item]
bp.InstrumentFilter.underlyings(bp.Underlying(0, 1))  # type: ignore[arg-type]
bp.InstrumentFilter.assets([0])  # type: ignore[attr-defined]
bp.InstrumentFilter.none().matches(0)  # type: ignore[call-arg]
bp.InstrumentFilter.none().matches("0", 0)  # type: ignore[arg-type]
bp.InstrumentFilter.none().matches(0, SPOT)  # type: ignore[arg-type]
bp.InstrumentFilter.none().matches(0, 0, (0, 1))  # type: ignore[arg-type]
bp.InstrumentFilter.none().kind = "instruments"  # type: ignore[misc]
bp.InstrumentFilter.none().keys = ()  # type: ignore[misc]
bp.InstrumentFilter.none().keys.append(0)  # type: ignore[union-attr]


class OwnFilter(bp.InstrumentFilter):  # type: ignore[misc]
    """What is final."""


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
bp.close_open_positions_with_market_orders(ID, PLAIN, None, None, "skip")  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, bp.InstrumentFilter)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid="cid")  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, gen_cid=bp.ClientOrderId("cid"))  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, on_missing_price=None)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, on_missing_price=True)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, PLAIN, filters=bp.InstrumentFilter.none())  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, POSITION)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID, None)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(PLAIN, ID)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(ID)  # type: ignore[call-overload]
bp.close_open_positions_with_market_orders(state=PLAIN)  # type: ignore[call-overload]


def with_view(state: bp.EngineView) -> list[bp.OrderRequestOpen]:
    """Misuse the overload for the running engine's view."""
    bp.close_open_positions_with_market_orders(7, state)  # type: ignore[call-overload]
    bp.close_open_positions_with_market_orders(ID, state.instruments)  # type: ignore[call-overload]
    bp.close_open_positions_with_market_orders(ID, state, [0])  # type: ignore[call-overload]
    bp.close_open_positions_with_market_orders(ID, state, gen_cid=number_of_plain)  # type: ignore[arg-type]
    bp.close_open_positions_with_market_orders(ID, state, gen_cid=lambda: "cid")  # type: ignore[arg-type, misc]
    bp.close_open_positions_with_market_orders(ID, state, gen_cid=lambda view: view.index)  # type: ignore[arg-type, return-value]
    bp.close_open_positions_with_market_orders(ID, state, gen_cid=lambda view: view.nickname)  # type: ignore[attr-defined]
    bp.close_open_positions_with_market_orders(ID, state, gen_cid=state.next_cid)  # type: ignore[arg-type]
    bp.close_open_positions_with_market_orders(ID, state, on_missing_price="ignore")  # type: ignore[call-overload]
    bp.close_open_positions_with_market_orders(ID, state, None, None, "skip")  # type: ignore[call-overload]
    if state.trading_enabled:
        return [REQUEST]  # type: ignore[list-item]
    return bp.close_open_positions_with_market_orders(ID, state)  # type: ignore[return-value]

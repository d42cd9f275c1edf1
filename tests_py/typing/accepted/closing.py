"""The filter of instruments, and the requests that close positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from typing_extensions import assert_type

import barter_python as bp
from barter_python import Side, strategy


def view_id(view: bp.InstrumentView) -> bp.ClientOrderId:
    """Make an id from the live state."""
    return bp.ClientOrderId(f"close {view.name}")


def plain_id(instrument: bp.InstrumentState) -> str | None:
    """Make an id from the plain state."""
    return None if instrument.price is None else f"close {instrument.instrument}"


def loose_id(instrument: object) -> str:
    """Make an id from anything."""
    return f"close {id(instrument)}"


def own_id(instrument: OwnInstrument) -> str:
    """Make an id from a class of the user's own, by what only that class has."""
    return instrument.nickname


@dataclass(frozen=True)
class OwnInstrument:
    """A user's own state of an instrument: the helpers take it by its attributes."""

    nickname: str
    exchange: int
    price: Decimal | None
    position: bp.Position | None


class OwnState:
    """A user's own state of an engine."""

    def instruments_iter(
        self, filter: bp.InstrumentFilter | None = None
    ) -> Iterator[OwnInstrument]:
        """Give one instrument."""
        position = bp.Position(1, Side.BUY, 2, 10)
        yield OwnInstrument("mine", 0, Decimal("9.5"), position)


def test_filters() -> None:
    filters = [
        bp.InstrumentFilter.none(),
        bp.InstrumentFilter.exchanges([0]),
        bp.InstrumentFilter.instruments({0, 1}),
        bp.InstrumentFilter.underlyings(bp.Underlying(key, 1) for key in (0, 2)),
    ]
    assert_type(filters, list[bp.InstrumentFilter])
    for one in filters:
        assert_type(one.kind, Literal["none", "exchanges", "instruments", "underlyings"])
    assert_type(filters[0].keys, tuple[int, ...] | tuple[bp.Underlying[int], ...])
    assert_type(filters[0].matches(0, 0), bool)
    assert filters[3].matches(0, 0, bp.Underlying(2, 1))
    assert [one.kind for one in filters] == ["none", "exchanges", "instruments", "underlyings"]


def test_closing_a_position() -> None:
    position = bp.Position(instrument=1, side=Side.BUY, quantity_abs=0.5, entry_price=1)
    build = strategy.build_ioc_market_order_to_close_position
    orders = [
        build(0, position, "typed", Decimal("9.5")),
        build(0, position, bp.StrategyId("typed"), 9.5, lambda: "cid"),
        build(0, position, "typed", 9, bp.ClientOrderId("cid")),
        build(0, position, "typed", 9, gen_cid=bp.ClientOrderId.random),
        build(0, position, "typed", 9, gen_cid=None),
    ]
    assert_type(orders, list[bp.OrderRequestOpen])
    assert [order.state.quantity for order in orders] == [Decimal("0.5")] * 5
    native = bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 0.5, "typed", 9)
    assert_type(native, bp.PyOrderRequestOpen)
    assert native.side is Side.SELL


def test_gen_cid_gets_what_the_state_holds() -> None:
    close = bp.close_open_positions_with_market_orders
    position = bp.Position(0, Side.SELL, Decimal(2), 10)
    plain = bp.EngineState([bp.InstrumentState(0, 0, position, 9)])
    by_lambda = close("typed", plain, gen_cid=lambda instrument: f"i{instrument.instrument}")
    assert_type(by_lambda, tuple[list[bp.OrderRequestCancel], list[bp.OrderRequestOpen]])
    assert by_lambda[1][0].key.cid.value == "i0"
    assert close("typed", plain, None, plain_id)[1][0].key.cid.value == "close 0"
    assert close("typed", plain, gen_cid=loose_id)[1]
    assert_type(plain.instruments_iter(), Iterator[bp.InstrumentState])
    own = close("typed", OwnState(), gen_cid=own_id)[1]
    assert [order.key.cid.value for order in own] == ["mine"]
    assert close("typed", OwnState(), gen_cid=lambda one: one.nickname)[1] == own

"""The filter of instruments, and the requests that close positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from typing_extensions import assert_type, override

import barter_python as bp
from accepted.shared import book, system_config
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


class OwnPosition:
    """A user's own position, with what the helper reads of one."""

    instrument = 1
    side = Side.BUY
    quantity_abs = 0.5


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
    by_name = [
        bp.InstrumentFilter.exchanges(exchanges=(1, 0)),
        bp.InstrumentFilter.instruments(instruments=range(2)),
        bp.InstrumentFilter.underlyings(underlyings=[bp.Underlying(base=0, quote=1)]),
    ]
    assert_type(by_name, list[bp.InstrumentFilter])
    assert all(
        one.matches(exchange=0, instrument=1, underlying=bp.Underlying(0, 1)) for one in by_name
    )
    assert by_name[0].matches(0, 0, None)
    assert len({*filters, *by_name, bp.InstrumentFilter.exchanges(iter([0, 1]))}) == 6


def test_filters_are_matched() -> None:
    found: list[object] = []
    for one in (bp.InstrumentFilter.none(), bp.InstrumentFilter.instruments([2])):
        match one:
            case bp.InstrumentFilter(kind="none"):
                found.append("every instrument")
            case bp.InstrumentFilter(kind="instruments", keys=keys):
                assert_type(keys, tuple[int, ...] | tuple[bp.Underlying[int], ...])
                found.append(keys)
            case _:
                raise AssertionError
    assert found == ["every instrument", (2,)]


def test_native_requests() -> None:
    build = bp.build_ioc_market_order_to_close_position
    request = build(
        exchange=0,
        instrument=1,
        side=Side.SELL,
        quantity=Decimal("0.50"),
        strategy_id=bp.StrategyId("typed"),
        price=Decimal(9),
        client_order_id=bp.ClientOrderId("mine"),
    )
    assert_type(request.exchange, int)
    assert_type(request.instrument, int)
    assert_type(request.strategy_id, str)
    assert_type(request.client_order_id, str)
    assert_type(request.side, Side)
    assert_type(request.price, Decimal)
    assert_type(request.quantity, Decimal)
    assert_type(request.kind, bp.OrderKind)
    assert_type(request.time_in_force, bp.TimeInForce)
    assert_type(hash(request), int)
    assert_type(request == request.side, bool)
    same = [
        build(0, 1, Side.SELL, 0.50, "typed", 9.0, "mine"),
        build(
            0,
            1,
            Side.SELL,
            quantity=Decimal("0.50"),
            strategy_id="typed",
            price=9,
            client_order_id="mine",
        ),
        bp.PyOrderRequestOpen(
            0, 1, "typed", "mine", Side.BUY, 9, Decimal("0.50"), request.kind, request.time_in_force
        ),
        bp.PyOrderRequestOpen(
            exchange=0,
            instrument=1,
            strategy_id="typed",
            client_order_id="mine",
            side=Side.BUY,
            price=Decimal(9),
            quantity=Decimal("0.5"),
            kind=bp.OrderKind.MARKET,
            time_in_force=bp.TimeInForce.IMMEDIATE_OR_CANCEL,
        ),
    ]
    assert_type(same, list[bp.PyOrderRequestOpen])
    assert set(same) == {request}
    without = [build(0, 1, Side.BUY, 2, "typed", 9), build(0, 1, Side.BUY, 2, "typed", 9, None)]
    assert [one.client_order_id for one in without] == ["close-1"] * 2


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
    named = build(
        exchange=0, position=position, strategy_id=bp.StrategyId("typed"), price=9, gen_cid="mine"
    )
    assert_type(named.key, bp.OrderKey)
    assert_type(named.state, bp.RequestOpen)
    assert_type(named.key.cid, bp.ClientOrderId)
    assert build(0, OwnPosition(), "typed", 9, "mine") == named
    # From the function, `None` means the same as no function.
    assert str(build(0, position, "typed", 9, lambda: None).key.cid) == "close-1"


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


def test_closing_all_positions() -> None:
    close = bp.close_open_positions_with_market_orders
    positions = [bp.Position(index, Side.BUY, 2, 10) for index in (0, 1)]
    unpriced = bp.EngineState(
        [bp.InstrumentState(0, 0, positions[0], None), bp.InstrumentState(1, 0, positions[1], 9)]
    )
    both = close(
        strategy_id=bp.StrategyId("typed"),
        state=unpriced,
        filter=bp.InstrumentFilter.exchanges([0]),
        gen_cid=None,
        on_missing_price="skip",
    )
    assert_type(both, tuple[list[bp.OrderRequestCancel], list[bp.OrderRequestOpen]])
    last = bp.InstrumentFilter.instruments([1])
    assert close("typed", unpriced, last, on_missing_price="raise") == both
    assert close("typed", unpriced, last, lambda one: None if one.price else "unpriced") == both
    assert close("typed", unpriced, last, lambda _: bp.ClientOrderId("close-1")) == both


class Closing(bp.Strategy):
    """Closes what the running engine holds, by each way of the overload for its view."""

    strategy_id = "closing"

    def __init__(self) -> None:
        self.closed = 0

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        position = state.instrument(0).position
        if position is None:
            return [], [state.instrument(0).market_order(Side.BUY, 1, strategy_id=self.id)]
        close = bp.close_open_positions_with_market_orders
        every: Literal["raise", "skip"] = "skip"
        for cancels, opens in (
            close("closing", state),
            close(bp.StrategyId("closing"), state, None, None, on_missing_price=every),
            close("closing", state, bp.InstrumentFilter.none(), view_id),
            close("closing", state, gen_cid=lambda view: view.name),
            close(
                "closing", state, gen_cid=lambda view: None if view.has_orders else view_id(view)
            ),
            close(strategy_id=self.id, state=state, filter=bp.InstrumentFilter.instruments([0])),
        ):
            assert_type(cancels, list[bp.OrderRequestCancel])
            assert_type(opens, list[bp.OrderRequestOpen])
            self.closed += len(opens)
        build = strategy.build_ioc_market_order_to_close_position
        assert_type(position, bp.OpenPosition)
        own = [
            build(0, position, self.id, 9, state.next_cid),
            build(0, position, self.id, price=9, gen_cid=lambda: state.next_cid().value),
        ]
        assert_type(own, list[bp.OrderRequestOpen])
        return bp.NO_ORDERS


def test_closing_in_a_run() -> None:
    closing = Closing()
    data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
    bp.run_backtest(closing, data, system_config())
    assert closing.closed
    assert closing.closed % 6 == 0

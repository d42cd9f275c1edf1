"""The native closing function, and the request that it makes."""

from __future__ import annotations

import copy
import inspect
import pickle
from decimal import Decimal

import pytest
from support.closing import KEPT_NUMBERS, ident, native_close

import barter_python
import barter_python.engine
from barter_python import (
    _core,
    strategy,
)
from barter_python.execution import (
    ClientOrderId,
    OrderId,
    OrderKind,
    PyOrderRequestOpen,
    StrategyId,
    TimeInForce,
)
from barter_python.instrument import Side
from barter_python.strategy import (
    build_ioc_market_order_to_close_position,
)


class TestNative:
    def test_top_level_name_is_the_native_function(self) -> None:
        native = _core.build_ioc_market_order_to_close_position
        assert barter_python.build_ioc_market_order_to_close_position is native
        wrapper = strategy.build_ioc_market_order_to_close_position
        assert inspect.isfunction(wrapper)
        assert inspect.isbuiltin(native)

    def test_each_docstring_says_what_the_other_is_for(self) -> None:
        native = barter_python.build_ioc_market_order_to_close_position.__doc__
        wrapper = build_ioc_market_order_to_close_position.__doc__
        assert native is not None
        assert "barter_python.strategy.build_ioc_market_order_to_close_position" in native
        assert "OrderRequestOpen" in native
        assert wrapper is not None
        assert "barter_python.build_ioc_market_order_to_close_position" in wrapper

    def test_signature(self) -> None:
        signature = inspect.signature(_core.build_ioc_market_order_to_close_position)
        assert list(signature.parameters) == [
            "exchange",
            "instrument",
            "side",
            "quantity",
            "strategy_id",
            "price",
            "client_order_id",
        ]
        kinds = {parameter.kind for parameter in signature.parameters.values()}
        assert kinds == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
        assert signature.parameters["client_order_id"].default is None

    @pytest.mark.parametrize(("side", "closing"), [(Side.BUY, Side.SELL), (Side.SELL, Side.BUY)])
    def test_fields_come_back(self, side: Side, closing: Side) -> None:
        request = _core.build_ioc_market_order_to_close_position(
            4, 7, side, Decimal("0.50"), StrategyId("ema"), Decimal("2059.10"), ClientOrderId("c1")
        )
        assert request == PyOrderRequestOpen(
            4,
            7,
            "ema",
            "c1",
            closing,
            Decimal("2059.10"),
            Decimal("0.50"),
            OrderKind.MARKET,
            TimeInForce.IMMEDIATE_OR_CANCEL,
        )
        assert type(request) is PyOrderRequestOpen
        assert (request.exchange, request.instrument) == (4, 7)
        assert (request.strategy_id, request.client_order_id) == ("ema", "c1")
        assert request.side is closing
        assert (str(request.price), str(request.quantity)) == ("2059.10", "0.50")
        assert type(request.price) is Decimal
        assert type(request.quantity) is Decimal
        assert request.kind is OrderKind.MARKET
        assert request.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL

    def test_client_order_id(self) -> None:
        assert native_close().client_order_id == "close-1"
        assert native_close(instrument=12, client_order_id=None).client_order_id == "close-12"
        assert native_close(client_order_id="mine").client_order_id == "mine"
        assert native_close(client_order_id=ClientOrderId("mine")).client_order_id == "mine"

    @pytest.mark.parametrize("blank", ["", " ", "\t\n"])
    def test_blank_ids(self, blank: str) -> None:
        with pytest.raises(ValueError, match="client order id"):
            native_close(client_order_id=blank)
        with pytest.raises(ValueError, match="strategy id"):
            native_close(strategy_id=blank)

    @pytest.mark.parametrize("wrong", [5, b"x", OrderId("x"), ["x"]], ids=repr)
    def test_ids_of_another_type(self, wrong: object) -> None:
        with pytest.raises(TypeError):
            native_close(client_order_id=wrong)
        with pytest.raises(TypeError):
            native_close(strategy_id=wrong)

    def test_ids_are_not_mixed_up(self) -> None:
        with pytest.raises(TypeError):
            native_close(client_order_id=StrategyId("x"))
        with pytest.raises(TypeError):
            native_close(strategy_id=ClientOrderId("x"))

    @pytest.mark.parametrize("side", ["buy", "BUY", 1, None, OrderKind.MARKET], ids=repr)
    def test_side_of_another_type(self, side: object) -> None:
        with pytest.raises(TypeError):
            native_close(side=side)

    @pytest.mark.parametrize(
        ("number", "text"), KEPT_NUMBERS, ids=[ident(number) for number, _ in KEPT_NUMBERS]
    )
    def test_numbers_are_kept(self, number: object, text: str) -> None:
        request = native_close(price=number, quantity=number)
        assert (str(request.price), str(request.quantity)) == (text, text)


class TestPyOrderRequestOpen:
    FIELDS = (
        "exchange",
        "instrument",
        "strategy_id",
        "client_order_id",
        "side",
        "price",
        "quantity",
        "kind",
        "time_in_force",
    )

    def test_frozen(self) -> None:
        request = native_close()
        for name in (*self.FIELDS, "other"):
            with pytest.raises(AttributeError):
                setattr(request, name, 1)
        with pytest.raises(AttributeError):
            del request.price

    def test_compares_and_hashes_by_value(self) -> None:
        request = native_close()
        assert request == native_close()
        assert hash(request) == hash(native_close())
        assert {request, native_close()} == {request}
        assert request != object()
        different = [
            native_close(exchange=1),
            native_close(instrument=2, client_order_id="close-1"),
            native_close(strategy_id="other"),
            native_close(client_order_id="other"),
            native_close(side=Side.SELL),
            native_close(price=1),
            native_close(quantity=1),
        ]
        assert len({request, *different}) == len(different) + 1
        for other in different:
            assert request != other

    def test_equal_numbers_of_another_scale(self) -> None:
        one, other = native_close(price=Decimal("1.0")), native_close(price=Decimal("1.00"))
        assert one == other
        assert hash(one) == hash(other)

    @pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
    def test_pickles(self, protocol: int) -> None:
        request = native_close()
        back = pickle.loads(pickle.dumps(request, protocol))
        assert type(back) is PyOrderRequestOpen
        assert back == request
        assert (str(back.price), str(back.quantity)) == ("2059.10", "0.50")
        assert copy.deepcopy(request) == request

    def test_repr_shows_every_field(self) -> None:
        text = repr(native_close(exchange=31, instrument=47))
        assert text.startswith("PyOrderRequestOpen(")
        for name in self.FIELDS:
            assert f"{name}=" in text
        for value in ("31", "47", "ema", "close-47", "SELL", "2059.10", "0.50", "MARKET"):
            assert value in text
        assert "IMMEDIATE_OR_CANCEL" in text

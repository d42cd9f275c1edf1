"""Quantities, prices, numbers and indices that the closing helpers refuse."""

from __future__ import annotations

import inspect
from decimal import Decimal

import pytest
from support.closing import (
    SHORT,
    Calls,
    close,
    close_all,
    expected_order,
    ident,
    native_close,
    position_of,
    stand_in,
    state_of,
)

from barter_python import (
    _core,
)
from barter_python.instrument import Side
from barter_python.strategy import (
    EngineState,
    InstrumentFilter,
    close_open_positions_with_market_orders,
)

# What each of these must do as a price, as a quantity, and at every level: (value, error, message).
BAD_NUMBERS: list[tuple[object, type[Exception], str]] = [
    (Decimal("NaN"), ValueError, "finite"),
    (Decimal("-NaN"), ValueError, "finite"),
    (Decimal("sNaN"), ValueError, "finite"),
    (Decimal("Infinity"), ValueError, "finite"),
    (Decimal("-Infinity"), ValueError, "finite"),
    (float("nan"), ValueError, "finite"),
    (float("inf"), ValueError, "finite"),
    (float("-inf"), ValueError, "finite"),
    (Decimal(1234567890123456789012345678901234567890), ValueError, "28"),
    (Decimal("1.234567890123456789012345678901234567890"), ValueError, "28"),
    (Decimal("1234567890.123456789012345678901234567890"), ValueError, "28"),
    (Decimal(2**96), ValueError, "28"),
    (Decimal("1E+29"), ValueError, "28"),
    (Decimal("1E-29"), ValueError, "28"),
    (Decimal("1E+999999"), ValueError, "28"),
    (Decimal("1E-999999"), ValueError, "28"),
    (10**40, ValueError, "28"),
    (2**96, ValueError, "28"),
    (10**5000, ValueError, "digits"),
    (1e300, ValueError, "28"),
    (5e-324, ValueError, "28"),
    (1.1e-28, ValueError, "28"),
    (True, TypeError, "bool"),
    (False, TypeError, "bool"),
    ("1", TypeError, "str"),
    ("", TypeError, "str"),
    (b"1", TypeError, "bytes"),
    (1j, TypeError, "complex"),
    ([1], TypeError, "list"),
    (..., TypeError, "ellipsis"),
]

NOT_POSITIVE: list[object] = [
    -1,
    -0.5,
    Decimal("-0.5"),
    Decimal("-1E-28"),
    0,
    0.0,
    -0.0,
    Decimal(0),
    Decimal("0.000"),
    Decimal("-0"),
    Decimal("0E+3"),
]

BAD_INDICES: list[tuple[object, type[Exception]]] = [
    (-1, ValueError),
    (-(2**70), ValueError),
    (2**64, ValueError),
    (True, TypeError),
    (1.0, TypeError),
    (Decimal(1), TypeError),
    ("1", TypeError),
    (None, TypeError),
]


# Negative quantities and missing prices first: these cost money.


@pytest.mark.parametrize("quantity", NOT_POSITIVE, ids=ident)
class TestQuantityThatIsNotPositive:
    def test_one(self, quantity: object) -> None:
        gen_cid = Calls()
        with pytest.raises(ValueError, match="quantity must be positive"):
            close(position=position_of(quantity_abs=quantity), gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_short(self, quantity: object) -> None:
        with pytest.raises(ValueError, match="quantity must be positive"):
            close(position=position_of(quantity_abs=quantity, side=Side.SELL))

    def test_many(self, quantity: object) -> None:
        gen_cid = Calls()
        state = EngineState([state_of(position=position_of(quantity_abs=quantity))])
        for on_missing_price in ("raise", "skip"):
            with pytest.raises(ValueError, match="quantity must be positive"):
                close_all(state, gen_cid=gen_cid, on_missing_price=on_missing_price)
        assert gen_cid.seen == []

    def test_native(self, quantity: object) -> None:
        with pytest.raises(ValueError, match="quantity must be positive"):
            native_close(quantity=quantity)

    def test_is_checked_before_the_price(self, quantity: object) -> None:
        position = position_of(quantity_abs=quantity)
        with pytest.raises(ValueError, match="quantity must be positive"):
            close(position=position, price=None)
        state = EngineState([state_of(position=position, price=None)])
        for on_missing_price in ("raise", "skip"):
            with pytest.raises(ValueError, match="quantity must be positive"):
                close_all(state, on_missing_price=on_missing_price)


class TestMissingPrice:
    def test_one(self) -> None:
        gen_cid = Calls()
        with pytest.raises(ValueError, match="price"):
            close(price=None, gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_many_raises_by_default(self) -> None:
        gen_cid = Calls()
        state = EngineState([state_of(price=None)])
        with pytest.raises(ValueError, match="price"):
            close_all(state, gen_cid=gen_cid)
        with pytest.raises(ValueError, match="price"):
            close_all(state, gen_cid=gen_cid, on_missing_price="raise")
        assert gen_cid.seen == []

    def test_many_skips_as_barter_does(self) -> None:
        gen_cid = Calls()
        missing = state_of(instrument=5, position=SHORT, price=None)
        cancels, opens = close_all(
            EngineState([missing, state_of(), missing]), gen_cid=gen_cid, on_missing_price="skip"
        )
        assert cancels == []
        assert opens == [expected_order(cid="mine")]
        assert gen_cid.seen == [(state_of(),)]

    def test_skip_is_for_missing_prices_only(self) -> None:
        state = EngineState([state_of(price=float("nan"))])
        with pytest.raises(ValueError, match="finite"):
            close_all(state, on_missing_price="skip")

    def test_no_position_needs_no_price(self) -> None:
        state = EngineState([state_of(position=None, price=None), state_of()])
        assert close_all(state) == ([], [expected_order()])

    def test_other_options_are_refused(self) -> None:
        for option in ("ignore", "", None, True):
            with pytest.raises((ValueError, TypeError), match="on_missing_price"):
                close_all(EngineState([]), on_missing_price=option)

    def test_the_docstring_says_which_one_is_barters(self) -> None:
        doc = inspect.getdoc(close_open_positions_with_market_orders)
        assert doc is not None
        assert '"skip"' in doc
        assert "barter's own function skips it" in doc

    def test_native(self) -> None:
        with pytest.raises((ValueError, TypeError), match="price"):
            native_close(price=None)


@pytest.mark.parametrize(
    ("number", "error", "message"), BAD_NUMBERS, ids=[ident(number) for number, _, _ in BAD_NUMBERS]
)
class TestBadNumbers:
    def test_price_of_one(self, number: object, error: type[Exception], message: str) -> None:
        gen_cid = Calls()
        with pytest.raises(error, match=f"(?s)price.*{message}"):
            close(price=number, gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_quantity_of_one(self, number: object, error: type[Exception], message: str) -> None:
        gen_cid = Calls()
        with pytest.raises(error, match=f"(?s)quantity.*{message}"):
            close(position=position_of(quantity_abs=number), gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_price_of_many(self, number: object, error: type[Exception], message: str) -> None:
        gen_cid = Calls()
        state = EngineState([state_of(price=number)])
        for on_missing_price in ("raise", "skip"):
            with pytest.raises(error, match=f"(?s)price.*{message}"):
                close_all(state, gen_cid=gen_cid, on_missing_price=on_missing_price)
        assert gen_cid.seen == []

    def test_quantity_of_many(self, number: object, error: type[Exception], message: str) -> None:
        gen_cid = Calls()
        state = EngineState([state_of(position=position_of(quantity_abs=number))])
        with pytest.raises(error, match=f"(?s)quantity.*{message}"):
            close_all(state, gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_native(self, number: object, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            native_close(price=number)
        with pytest.raises(error, match=message):
            native_close(quantity=number)

    def test_binding_is_not_called(
        self,
        number: object,
        error: type[Exception],
        message: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        calls: list[tuple[object, ...]] = []
        monkeypatch.setattr(_core, "build_ioc_market_order_to_close_position", stand_in(calls))
        with pytest.raises(error, match=message):
            close(price=number)
        with pytest.raises(error, match=message):
            close(position=position_of(quantity_abs=number))
        assert calls == []


@pytest.mark.parametrize(("index", "error"), BAD_INDICES, ids=[ident(i) for i, _ in BAD_INDICES])
class TestBadIndices:
    def test_exchange_of_one(self, index: object, error: type[Exception]) -> None:
        gen_cid = Calls()
        with pytest.raises(error):
            close(exchange=index, gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_instrument_of_one(self, index: object, error: type[Exception]) -> None:
        gen_cid = Calls()
        with pytest.raises(error):
            close(position=position_of(instrument=index), gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_many(self, index: object, error: type[Exception]) -> None:
        gen_cid = Calls()
        with pytest.raises(error):
            close_all(EngineState([state_of(exchange=index)]), gen_cid=gen_cid)
        position = position_of(instrument=index)
        with pytest.raises(error):
            close_all(EngineState([state_of(position=position)]), gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_native(self, index: object, error: type[Exception]) -> None:
        with pytest.raises(error):
            native_close(exchange=index)
        with pytest.raises(error):
            native_close(instrument=index)

    def test_filter(self, index: object, error: type[Exception]) -> None:
        for make in (InstrumentFilter.exchanges, InstrumentFilter.instruments):
            with pytest.raises(error):
                make([0, index])  # type: ignore[list-item]
        with pytest.raises(error):
            InstrumentFilter.none().matches(index, 0)  # type: ignore[arg-type]
        with pytest.raises(error):
            InstrumentFilter.none().matches(0, index)  # type: ignore[arg-type]

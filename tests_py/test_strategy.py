"""The contract of `barter_python.strategy`: closing helpers, filters, ids, where names live."""

from __future__ import annotations

import copy
import enum
import inspect
import itertools
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from decimal import Decimal
from typing import NoReturn

import pytest
from typing_extensions import assert_type, override

import barter_python
import barter_python.engine
from barter_python import (
    BacktestResult,
    ClosePositions,
    Command,
    EngineView,
    ExchangeId,
    InstrumentConfig,
    InstrumentView,
    Level,
    Liquidity,
    MarketData,
    MarketEvent,
    MockExecutionConfig,
    OrderBookL1,
    Reconnecting,
    SystemConfig,
    _core,
    execution,
    instrument,
    run_backtest,
    strategy,
)
from barter_python.execution import (
    ClientOrderId,
    OrderId,
    OrderKey,
    OrderKind,
    OrderRequestCancel,
    OrderRequestOpen,
    PyOrderRequestOpen,
    RequestOpen,
    StrategyId,
    TimeInForce,
)
from barter_python.instrument import Side, Underlying
from barter_python.strategy import (
    NO_ORDERS,
    AlgoStrategy,
    ClosePositionsStrategy,
    DefaultStrategy,
    EngineState,
    EngineStateLike,
    InstrumentFilter,
    InstrumentState,
    InstrumentStateLike,
    Number,
    OnDisconnectStrategy,
    OnTradingDisabledStrategy,
    Orders,
    Position,
    PositionLike,
    Strategy,
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
)

LONG = Position(1, Side.BUY, Decimal("0.50"), Decimal(2000))
SHORT = Position(2, Side.SELL, Decimal(3), Decimal(10))

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
    (object(), TypeError, "object"),
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

# Given, and what must come back, character by character.
KEPT_NUMBERS: list[tuple[Number, str]] = [
    (Decimal("2059.10"), "2059.10"),
    (Decimal("51000.00000"), "51000.00000"),
    (Decimal("0.0000000000000000000000000001"), "1E-28"),
    (Decimal(9999999999999999999999999999), "9999999999999999999999999999"),
    (Decimal("0.1234567890123456789012345678"), "0.1234567890123456789012345678"),
    (Decimal("12345678901234.56789012345678"), "12345678901234.56789012345678"),
    (Decimal("1E-7"), "1E-7"),
    (Decimal("1.50E-3"), "0.00150"),
    (7, "7"),
    (10**27, "1" + "0" * 27),
    (51000.0, "51000.0"),
    (0.1, "0.1"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1e-7, "1E-7"),
    (0.00001, "0.00001"),
    (123456789012345.6, "123456789012345.6"),
    (1e15, "1000000000000000.0"),
    # Half way between two shortest forms: the even digit, as `str` has it.
    (562949953421312.25, "562949953421312.2"),
    (2.5e-5, "0.000025"),
]


def ident(value: object) -> str:
    """Name a case; `repr` refuses integers of 5000 digits."""
    if isinstance(value, int) and value > 10**100:
        return "int-huge"
    return f"{type(value).__name__}-{value!r}"


def position_of(**changes: object) -> Position:
    """Make a position with any values, also wrong ones."""
    arguments: dict[str, object] = {
        "instrument": 1,
        "side": Side.BUY,
        "quantity_abs": Decimal("0.50"),
        "entry_price": Decimal(2000),
    }
    return Position(**(arguments | changes))  # type: ignore[arg-type]


def state_of(**changes: object) -> InstrumentState:
    """Make an instrument's state with any values, also wrong ones."""
    arguments: dict[str, object] = {
        "instrument": 1,
        "exchange": 0,
        "position": LONG,
        "price": Decimal("2059.10"),
    }
    return InstrumentState(**(arguments | changes))  # type: ignore[arg-type]


def close(**changes: object) -> OrderRequestOpen:
    """Call the Python helper for one position with any arguments, also wrong ones."""
    arguments: dict[str, object] = {
        "exchange": 0,
        "position": LONG,
        "strategy_id": "ema",
        "price": Decimal("2059.10"),
    }
    return build_ioc_market_order_to_close_position(**(arguments | changes))  # type: ignore[arg-type]


def close_all(
    state: object, **changes: object
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
    """Call the Python helper for many positions with any arguments, also wrong ones."""
    arguments: dict[str, object] = {"strategy_id": "ema", "state": state}
    result: tuple[list[OrderRequestCancel], list[OrderRequestOpen]]
    result = close_open_positions_with_market_orders(**(arguments | changes))  # type: ignore[call-overload]
    return result


def native_close(**changes: object) -> PyOrderRequestOpen:
    """Call the native function with any arguments, also wrong ones."""
    arguments: dict[str, object] = {
        "exchange": 0,
        "instrument": 1,
        "side": Side.BUY,
        "quantity": Decimal("0.50"),
        "strategy_id": "ema",
        "price": Decimal("2059.10"),
    }
    return _core.build_ioc_market_order_to_close_position(**(arguments | changes))  # type: ignore[arg-type]


def expected_order(
    *,
    exchange: int = 0,
    instrument: int = 1,
    strategy_id: str = "ema",
    cid: str = "close-1",
    side: Side = Side.SELL,
    price: Decimal = Decimal("2059.10"),
    quantity: Decimal = Decimal("0.50"),
) -> OrderRequestOpen:
    return OrderRequestOpen(
        key=OrderKey(exchange, instrument, StrategyId(strategy_id), ClientOrderId(cid)),
        state=RequestOpen(side, price, quantity, OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL),
    )


class Calls:
    """A `gen_cid` that counts its calls."""

    def __init__(self, gives: object = "mine") -> None:
        self.gives = gives
        self.seen: list[tuple[object, ...]] = []

    def __call__(self, *arguments: object) -> object:
        self.seen.append(arguments)
        return self.gives


def stand_in(calls: list[tuple[object, ...]]) -> Callable[..., PyOrderRequestOpen]:
    """Something in place of the native function whose results cannot be mistaken for its own."""

    def build(*arguments: object) -> PyOrderRequestOpen:
        calls.append(arguments)
        return PyOrderRequestOpen(
            exchange=70 + len(calls),
            instrument=80 + len(calls),
            strategy_id="from-the-stand-in",
            client_order_id=f"stand-in-{len(calls)}",
            side=Side.BUY,
            price=Decimal("77.7700"),
            quantity=Decimal("88.80"),
            kind=OrderKind.LIMIT,
            time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
        )

    return build


def stand_in_order(number: int) -> OrderRequestOpen:
    return OrderRequestOpen(
        key=OrderKey(
            70 + number,
            80 + number,
            StrategyId("from-the-stand-in"),
            ClientOrderId(f"stand-in-{number}"),
        ),
        state=RequestOpen(
            Side.BUY,
            Decimal("77.7700"),
            Decimal("88.80"),
            OrderKind.LIMIT,
            TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
        ),
    )


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


# 1. The native function


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


# 2. Data holders


class TestHolders:
    def test_position(self) -> None:
        assert [field.name for field in fields(Position)] == [
            "instrument",
            "side",
            "quantity_abs",
            "entry_price",
        ]
        keywords = Position(instrument=1, side=Side.BUY, quantity_abs=0.5, entry_price=2)
        assert Position(1, Side.BUY, 0.5, 2) == keywords
        assert keywords.instrument == 1
        assert keywords.side is Side.BUY
        assert keywords.quantity_abs == 0.5
        assert keywords.entry_price == 2

    def test_instrument_state(self) -> None:
        assert [field.name for field in fields(InstrumentState)] == [
            "instrument",
            "exchange",
            "position",
            "price",
            "underlying",
        ]
        keywords = InstrumentState(
            instrument=1, exchange=0, position=LONG, price=5, underlying=Underlying(2, 3)
        )
        assert InstrumentState(1, 0, LONG, 5, Underlying(2, 3)) == keywords
        assert InstrumentState(1, 0, None, None).underlying is None

    def test_engine_state(self) -> None:
        assert [field.name for field in fields(EngineState)] == ["instruments"]
        first, second = state_of(instrument=4), state_of(instrument=2)
        state = EngineState(instruments=[first, second])
        assert EngineState([first, second]) == state
        iterated = state.instruments_iter()
        assert isinstance(iterated, Iterator)
        assert [id(item) for item in iterated] == [id(first), id(second)]
        assert list(state.instruments_iter(None)) == [first, second]
        assert list(state.instruments_iter(filter=InstrumentFilter.instruments([2]))) == [second]
        assert list(EngineState(()).instruments_iter()) == []
        assert list(EngineState((second, first)).instruments_iter()) == [second, first]

    def test_filters(self) -> None:
        states = [
            InstrumentState(i, i % 2, None, None, Underlying(i % 3, 9)) for i in (5, 3, 1, 0, 2)
        ]
        state = EngineState(states)

        def chosen(filter: InstrumentFilter) -> list[int]:
            return [item.instrument for item in state.instruments_iter(filter)]

        assert chosen(InstrumentFilter.none()) == [5, 3, 1, 0, 2]
        assert chosen(InstrumentFilter.exchanges([1])) == [5, 3, 1]
        assert chosen(InstrumentFilter.exchanges([0, 1])) == [5, 3, 1, 0, 2]
        assert chosen(InstrumentFilter.instruments([2, 5, 77])) == [5, 2]
        assert chosen(InstrumentFilter.underlyings([Underlying(2, 9)])) == [5, 2]
        assert chosen(InstrumentFilter.underlyings([Underlying(9, 2)])) == []

    def test_underlying_filter_needs_the_underlying(self) -> None:
        pair = InstrumentFilter.underlyings([Underlying(0, 1)])
        with pytest.raises(ValueError, match="underlying"):
            list(EngineState([state_of()]).instruments_iter(pair))
        with pytest.raises(ValueError, match="underlying"):
            close_all(EngineState([state_of()]), filter=pair)

    def test_position_decides_on_the_instrument(self) -> None:
        state = state_of(instrument=40, position=position_of(instrument=41))
        _, opens = close_all(EngineState([state]))
        assert [(order.key.instrument, order.key.cid.value) for order in opens] == [
            (41, "close-41")
        ]

    def test_protocols_take_plain_and_live_state(self) -> None:
        # The annotations are what is tested here, by the type checker.
        position: PositionLike = LONG
        one: InstrumentStateLike = state_of()
        many: EngineStateLike[InstrumentState] = EngineState([])

        def live(view: EngineView, instrument: InstrumentView) -> EngineStateLike[InstrumentView]:
            _: InstrumentStateLike = instrument
            return view

        assert position.quantity_abs == Decimal("0.50")
        assert one.exchange == 0
        assert list(many.instruments_iter()) == []
        assert callable(live)


# 3. One position


class TestClosePosition:
    @pytest.mark.parametrize(("side", "closing"), [(Side.BUY, Side.SELL), (Side.SELL, Side.BUY)])
    def test_result(self, side: Side, closing: Side) -> None:
        order = build_ioc_market_order_to_close_position(
            3, Position(8, side, Decimal("0.50"), 1), "ema", Decimal("2059.10")
        )
        assert order == expected_order(exchange=3, instrument=8, cid="close-8", side=closing)
        assert type(order) is OrderRequestOpen
        assert type(order.key) is OrderKey
        assert type(order.state) is RequestOpen
        assert type(order.key.strategy) is StrategyId
        assert type(order.key.cid) is ClientOrderId
        assert order.state.side is closing
        assert order.state.kind is OrderKind.MARKET
        assert order.state.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL
        assert type(order.state.price) is Decimal
        assert type(order.state.quantity) is Decimal

    def test_every_parameter_by_keyword(self) -> None:
        order = build_ioc_market_order_to_close_position(
            exchange=0, position=LONG, strategy_id="ema", price=Decimal("2059.10"), gen_cid="mine"
        )
        assert order == expected_order(cid="mine")
        parameters = inspect.signature(build_ioc_market_order_to_close_position).parameters
        assert list(parameters) == ["exchange", "position", "strategy_id", "price", "gen_cid"]
        assert build_ioc_market_order_to_close_position(
            0, LONG, "ema", Decimal("2059.10"), "mine"
        ) == expected_order(cid="mine")

    def test_frozen_and_hashable(self) -> None:
        order = close()
        with pytest.raises(FrozenInstanceError):
            order.key = order.key  # type: ignore[misc]
        with pytest.raises(FrozenInstanceError):
            order.key.exchange = 3  # type: ignore[misc]
        with pytest.raises(FrozenInstanceError):
            order.state.price = Decimal(1)  # type: ignore[misc]
        assert hash(order) == hash(close())
        assert len({order, close(), close(price=1)}) == 2
        assert close(price=1) != order
        assert replace(order, state=replace(order.state, price=Decimal(1))) == close(price=1)
        assert pickle.loads(pickle.dumps(order)) == order

    @pytest.mark.parametrize(
        ("number", "text"), KEPT_NUMBERS, ids=[ident(number) for number, _ in KEPT_NUMBERS]
    )
    def test_numbers_are_kept(self, number: Number, text: str) -> None:
        order = close(price=number, position=position_of(quantity_abs=number))
        assert (str(order.state.price), str(order.state.quantity)) == (text, text)
        if isinstance(number, float):
            assert order.state.price == Decimal(str(number))
        state = EngineState([state_of(price=number, position=position_of(quantity_abs=number))])
        (in_batch,) = close_all(state)[1]
        assert (str(in_batch.state.price), str(in_batch.state.quantity)) == (text, text)

    @pytest.mark.parametrize(
        "price",
        [0, 0.0, Decimal("0.00"), -1, -37.63, Decimal("-0.10")],
        ids=ident,
    )
    def test_zero_and_negative_prices_are_accepted(self, price: Number) -> None:
        order = close(price=price)
        assert str(order.state.price) == str(Decimal(str(price)))
        assert order.state.side is Side.SELL
        (in_batch,) = close_all(EngineState([state_of(price=price)]))[1]
        assert in_batch == order
        assert native_close(price=price).price == order.state.price

    def test_entry_price_does_not_matter(self) -> None:
        assert close(position=position_of(entry_price=float("nan"))) == close()

    def test_strategy_id(self) -> None:
        assert close(strategy_id=StrategyId("ema")) == close(strategy_id="ema")

    @pytest.mark.parametrize("given", ["mine", ClientOrderId("mine")], ids=repr)
    def test_client_order_id_is_a_value(self, given: object) -> None:
        assert close(gen_cid=given).key.cid == ClientOrderId("mine")

    @pytest.mark.parametrize("given", ["mine", ClientOrderId("mine")], ids=repr)
    def test_client_order_id_is_given_by_a_callable(self, given: object) -> None:
        gen_cid = Calls(given)
        assert close(gen_cid=gen_cid).key.cid == ClientOrderId("mine")
        assert gen_cid.seen == [()]

    def test_client_order_id_by_default(self) -> None:
        gen_cid = Calls(None)
        position = position_of(instrument=12)
        assert close(position=position).key.cid == ClientOrderId("close-12")
        assert close(position=position, gen_cid=None).key.cid == ClientOrderId("close-12")
        assert close(position=position, gen_cid=gen_cid).key.cid == ClientOrderId("close-12")
        assert gen_cid.seen == [()]

    @pytest.mark.parametrize("blank", ["", " ", "\t\n"], ids=repr)
    def test_blank_client_order_id(self, blank: str) -> None:
        with pytest.raises(ValueError, match="client order id"):
            close(gen_cid=blank)
        with pytest.raises(ValueError, match="client order id"):
            close(gen_cid=lambda: blank)
        with pytest.raises(ValueError, match="client order id"):
            close_all(EngineState([state_of()]), gen_cid=Calls(blank))

    @pytest.mark.parametrize("wrong", [5, b"x", StrategyId("x")], ids=repr)
    def test_client_order_id_of_another_type(self, wrong: object) -> None:
        with pytest.raises(TypeError):
            close(gen_cid=wrong)
        with pytest.raises(TypeError):
            close(gen_cid=Calls(wrong))

    def test_exception_of_gen_cid(self) -> None:
        error = KeyError("no more ids")

        def fail(*_: object) -> NoReturn:
            raise error

        with pytest.raises(KeyError) as caught:
            close(gen_cid=fail)
        assert caught.value is error
        with pytest.raises(KeyError) as caught:
            close_all(EngineState([state_of()]), gen_cid=fail)
        assert caught.value is error

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"strategy_id": ""}, ValueError),
            ({"strategy_id": "  "}, ValueError),
            ({"strategy_id": 5}, TypeError),
            ({"strategy_id": None}, TypeError),
            ({"position": position_of(side="buy")}, TypeError),
            ({"position": position_of(side=None)}, TypeError),
        ],
        ids=repr,
    )
    def test_gen_cid_is_not_called_where_the_call_must_fail(
        self, changes: dict[str, object], error: type[Exception]
    ) -> None:
        gen_cid = Calls()
        with pytest.raises(error):
            close(**changes, gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_results_flow_through_the_native_function(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[tuple[object, ...]] = []
        monkeypatch.setattr(_core, "build_ioc_market_order_to_close_position", stand_in(calls))
        order = build_ioc_market_order_to_close_position(
            0, LONG, "ema", Decimal("2059.10"), lambda: "mine"
        )
        assert order == stand_in_order(1)
        assert (str(order.state.price), str(order.state.quantity)) == ("77.7700", "88.80")
        assert calls == [
            (0, 1, Side.BUY, Decimal("0.50"), StrategyId("ema"), Decimal("2059.10"), "mine")
        ]

        state = EngineState([state_of(), state_of(position=None), state_of(position=SHORT)])
        cancels, opens = close_open_positions_with_market_orders("ema", state)
        assert cancels == []
        assert opens == [stand_in_order(2), stand_in_order(3)]
        assert len(calls) == 3


# 4. Many positions, plain state


class TestCloseAll:
    def test_result(self) -> None:
        state = EngineState(
            [
                InstrumentState(2, 1, SHORT, Decimal("9.50")),
                InstrumentState(0, 0, None, Decimal(1)),
                InstrumentState(1, 0, LONG, Decimal("2059.10")),
            ]
        )
        result = close_open_positions_with_market_orders("ema", state)
        assert type(result) is tuple
        cancels, opens = result
        assert type(cancels) is list
        assert type(opens) is list
        assert cancels == []
        assert opens == [
            expected_order(
                exchange=1,
                instrument=2,
                cid="close-2",
                side=Side.BUY,
                price=Decimal("9.50"),
                quantity=Decimal(3),
            ),
            expected_order(),
        ]
        assert close_open_positions_with_market_orders("ema", EngineState([])) == ([], [])

    def test_every_parameter_by_keyword(self) -> None:
        result = close_open_positions_with_market_orders(
            strategy_id="ema",
            state=EngineState([state_of()]),
            filter=InstrumentFilter.none(),
            gen_cid=lambda state: f"mine-{state.instrument}",
            on_missing_price="raise",
        )
        assert result == ([], [expected_order(cid="mine-1")])
        parameters = inspect.signature(close_open_positions_with_market_orders).parameters
        assert list(parameters) == ["strategy_id", "state", "filter", "gen_cid", "on_missing_price"]
        assert parameters["on_missing_price"].kind is inspect.Parameter.KEYWORD_ONLY

    def test_positional(self) -> None:
        state = EngineState([state_of(), state_of(exchange=5)])
        result = close_open_positions_with_market_orders(
            StrategyId("ema"), state, InstrumentFilter.exchanges([5]), lambda _: "mine"
        )
        assert result == ([], [expected_order(exchange=5, cid="mine")])

    def test_filter(self) -> None:
        states = [
            state_of(instrument=i, exchange=i % 2, underlying=Underlying(i % 3, 9))
            for i in range(6)
        ]

        def exchanges(filter: InstrumentFilter | None) -> list[int]:
            seen: list[int] = []
            close_open_positions_with_market_orders(
                "ema", EngineState(states), filter, lambda state: seen.append(state.instrument)
            )
            return seen

        assert exchanges(None) == list(range(6))
        assert exchanges(InstrumentFilter.none()) == list(range(6))
        assert exchanges(InstrumentFilter.exchanges([1])) == [1, 3, 5]
        assert exchanges(InstrumentFilter.instruments([4, 2])) == [2, 4]
        assert exchanges(InstrumentFilter.underlyings([Underlying(0, 9)])) == [0, 3]

    def test_filter_leaves_broken_positions_alone(self) -> None:
        broken = state_of(instrument=7, price=None, position=position_of(quantity_abs=-1))
        state = EngineState([broken, state_of()])
        _, opens = close_open_positions_with_market_orders(
            "ema", state, InstrumentFilter.instruments([1])
        )
        assert opens == [expected_order()]

    def test_any_object_with_matches_works_as_filter(self) -> None:
        class Odd:
            def matches(
                self, exchange: int, instrument: int, underlying: Underlying[int] | None = None
            ) -> bool:
                return instrument % 2 == 1

        states = [state_of(instrument=i, exchange=i) for i in range(4)]
        _, opens = close_all(EngineState(states), filter=Odd())
        assert [order.key.exchange for order in opens] == [1, 3]

    def test_eager(self) -> None:
        gen_cid = Calls()
        result = close_all(EngineState([state_of(), state_of()]), gen_cid=gen_cid)
        assert len(gen_cid.seen) == 2
        assert len(result[1]) == 2

    def test_gen_cid_gets_the_state_once_for_each_order(self) -> None:
        first, flat, second = state_of(), state_of(position=None), state_of(exchange=2)
        gen_cid = Calls()
        close_all(EngineState([first, flat, second]), gen_cid=gen_cid)
        assert [[id(argument) for argument in call] for call in gen_cid.seen] == [
            [id(first)],
            [id(second)],
        ]

    def test_gen_cid_may_give_none(self) -> None:
        _, opens = close_all(EngineState([state_of()]), gen_cid=Calls(None))
        assert opens == [expected_order(cid="close-1")]
        _, opens = close_all(EngineState([state_of()]), gen_cid=Calls(ClientOrderId("mine")))
        assert opens == [expected_order(cid="mine")]

    @pytest.mark.parametrize(
        "broken",
        [
            state_of(price=None),
            state_of(price=Decimal("NaN")),
            state_of(position=position_of(quantity_abs=0)),
            state_of(position=position_of(quantity_abs=True)),
            state_of(position=position_of(instrument=-1)),
            state_of(exchange=-1),
        ],
        ids=repr,
    )
    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_an_error_on_any_position_returns_nothing(
        self, broken: InstrumentState, place: int
    ) -> None:
        states = [state_of(), state_of()]
        states.insert(place, broken)
        gen_cid = Calls()
        with pytest.raises((ValueError, TypeError)):
            close_all(EngineState(states), gen_cid=gen_cid)
        assert broken not in [call[0] for call in gen_cid.seen]

    def test_gen_cid_is_not_called_for_a_blank_strategy(self) -> None:
        gen_cid = Calls()
        with pytest.raises(ValueError, match="strategy id"):
            close_all(EngineState([state_of()]), strategy_id=" ", gen_cid=gen_cid)
        assert gen_cid.seen == []

    def test_gen_cid_is_typed_by_what_the_state_holds(self) -> None:
        @dataclass(frozen=True)
        class Mine:
            exchange: int
            position: Position | None
            price: Decimal | int | float | None
            tag: str

        @dataclass(frozen=True)
        class Book:
            items: Sequence[Mine]

            def instruments_iter(self, filter: InstrumentFilter | None = None) -> Iterator[Mine]:
                return iter(self.items)

        def tag(state: Mine) -> str:
            assert_type(state, Mine)
            return state.tag

        _, opens = close_open_positions_with_market_orders(
            "ema", Book([Mine(0, LONG, Decimal("2059.10"), "tagged")]), gen_cid=tag
        )
        assert opens == [expected_order(cid="tagged")]


# 4. Many positions, the engine's own live state

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
END = START + 1000 * SECOND
NAMES = [
    (ExchangeId.BINANCE_SPOT, "btc", "usdt"),
    (ExchangeId.BINANCE_SPOT, "eth", "usdt"),
    (ExchangeId.COINBASE, "btc", "usd"),
    (ExchangeId.COINBASE, "eth", "usd"),
]
CONFIG = SystemConfig(
    instruments=[
        InstrumentConfig(exchange, base + quote, Underlying(base, quote))
        for exchange, base, quote in NAMES
    ],
    executions=[
        MockExecutionConfig(
            exchange, {"btc": 100, "eth": 100, quote: 1_000_000}, liquidity=Liquidity.INFINITE
        )
        for exchange, quote in ((ExchangeId.BINANCE_SPOT, "usdt"), (ExchangeId.COINBASE, "usd"))
    ],
)
INSTRUMENTS = CONFIG.index()
BOUGHT, SOLD = 1, 2
"""Instruments with a long and a short position; the others have none."""


def book(index: int, seconds: int, *, empty: bool = False) -> MarketEvent:
    """Make a book whose weighted mid has many digits, or one that nobody is in."""
    time = START + seconds * SECOND
    bid = None if empty else Level(Decimal("99.10") + index, Decimal("1.3"))
    ask = None if empty else Level(Decimal("99.30") + index, Decimal("2.9"))
    exchange = INSTRUMENTS.instruments[index].exchange_id
    return MarketEvent(time, time, exchange, index, OrderBookL1(time, bid, ask))


@dataclass
class Live(Strategy):
    """Buys one instrument, sells another, and looks at the live state at the end."""

    look: Callable[[EngineView], None]
    looked: int = 0

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        updated = state.updated
        if updated is None:
            return NO_ORDERS
        if state.time_ns == END:
            self.looked += 1
            self.look(state)
        elif state.time_ns == START:
            if updated.index == BOUGHT:
                return [], [updated.market_order(Side.BUY, Decimal("0.50"), strategy_id="live")]
            if updated.index == SOLD:
                return [], [updated.market_order(Side.SELL, Decimal("1.250"), strategy_id="live")]
        return NO_ORDERS


def look_at_live_state(
    look: Callable[[EngineView], None], *, without_price: Sequence[int] = ()
) -> None:
    """Call `look` with a running engine that has one long and one short position."""
    events = [
        *(book(index, 0) for index in range(len(NAMES))),
        *(book(index, 10, empty=True) for index in without_price),
        book(0, 1000),
    ]
    run = Live(look)
    run_backtest(run, MarketData.from_events(events), CONFIG)
    assert run.looked == 1


def plain(view: EngineView) -> EngineState:
    """Copy what the helpers read of a live state into plain holders."""
    return EngineState(
        [
            InstrumentState(
                instrument=item.instrument,
                exchange=item.exchange,
                position=None
                if item.position is None
                else Position(
                    item.position.instrument,
                    item.position.side,
                    item.position.quantity_abs,
                    item.position.price_entry_average,
                ),
                price=item.price,
                underlying=item.underlying,
            )
            for item in view.instruments
        ]
    )


def digits(orders: Sequence[OrderRequestOpen]) -> list[tuple[str, str]]:
    return [(str(order.state.price), str(order.state.quantity)) for order in orders]


def live_cid(view: InstrumentView) -> str:
    return f"mine-{view.index}"


def plain_cid(state: InstrumentState) -> str:
    return f"mine-{state.instrument}"


class TestLiveState:
    @pytest.mark.parametrize(
        "filter",
        [
            None,
            InstrumentFilter.none(),
            InstrumentFilter.exchanges([0]),
            InstrumentFilter.exchanges([1]),
            InstrumentFilter.exchanges([0, 1, 9]),
            InstrumentFilter.instruments([BOUGHT]),
            InstrumentFilter.instruments([SOLD, 0]),
            InstrumentFilter.instruments([77]),
            InstrumentFilter.underlyings([INSTRUMENTS.instruments[BOUGHT].underlying]),
            InstrumentFilter.underlyings([INSTRUMENTS.instruments[SOLD].underlying]),
            InstrumentFilter.underlyings([Underlying(90, 91)]),
        ],
        ids=repr,
    )
    @pytest.mark.parametrize("on_missing_price", ["raise", "skip"])
    def test_same_as_with_plain_state(
        self, filter: InstrumentFilter | None, on_missing_price: str
    ) -> None:
        def look(view: EngineView) -> None:
            live = close_all(
                view, filter=filter, gen_cid=live_cid, on_missing_price=on_missing_price
            )
            copied = close_all(
                plain(view), filter=filter, gen_cid=plain_cid, on_missing_price=on_missing_price
            )
            assert live == copied
            assert digits(live[1]) == digits(copied[1])
            assert type(live[0]) is list
            assert type(live[1]) is list
            assert {type(order) for order in live[1]} <= {OrderRequestOpen}
            iterated = [item.index for item in view.instruments_iter(filter)]
            assert iterated == [item.instrument for item in plain(view).instruments_iter(filter)]

        look_at_live_state(look)

    def test_values(self) -> None:
        def look(view: EngineView) -> None:
            cancels, opens = close_open_positions_with_market_orders("ema", view, gen_cid=live_cid)
            assert cancels == []
            prices = [view.instrument(index).price for index in (BOUGHT, SOLD)]
            bought_price, sold_price = prices
            assert bought_price is not None
            assert sold_price is not None
            assert opens == [
                expected_order(
                    exchange=0, instrument=BOUGHT, cid=f"mine-{BOUGHT}", price=bought_price
                ),
                expected_order(
                    exchange=1,
                    instrument=SOLD,
                    cid=f"mine-{SOLD}",
                    side=Side.BUY,
                    price=sold_price,
                    quantity=Decimal("1.250"),
                ),
            ]
            assert [text for _, text in digits(opens)] == ["0.5", "1.25"]

        look_at_live_state(look)

    def test_one_position_of_a_live_state(self) -> None:
        def look(view: EngineView) -> None:
            item = view.instrument(BOUGHT)
            position, price = item.position, item.price
            assert position is not None
            assert price is not None
            order = build_ioc_market_order_to_close_position(
                item.exchange, position, StrategyId("ema"), price, view.next_cid
            )
            assert order.state == close(price=price).state
            assert order.key.instrument == BOUGHT

        look_at_live_state(look)

    def test_gen_cid_gets_the_view_once_for_each_order(self) -> None:
        def look(view: EngineView) -> None:
            seen: list[InstrumentView] = []

            def gen_cid(item: InstrumentView) -> ClientOrderId:
                seen.append(item)
                return ClientOrderId(f"mine-{item.index}")

            _, opens = close_open_positions_with_market_orders("ema", view, None, gen_cid)
            assert [type(item) for item in seen] == [InstrumentView, InstrumentView]
            assert [item.index for item in seen] == [BOUGHT, SOLD]
            assert [order.key.cid.value for order in opens] == ["mine-1", "mine-2"]

        look_at_live_state(look)

    def test_ids_by_default_are_not_those_of_other_orders(self) -> None:
        def look(view: EngineView) -> None:
            _, first = close_open_positions_with_market_orders("ema", view)
            _, second = close_open_positions_with_market_orders("ema", view, gen_cid=lambda _: None)
            ids = [order.key.cid for order in (*first, *second)] + [view.next_cid()]
            assert len(set(ids)) == 5

        look_at_live_state(look)

    def test_exception_of_gen_cid_arrives_unchanged_and_ends_the_calls(self) -> None:
        class OwnError(Exception):
            pass

        error = OwnError("no more ids")
        calls: list[int] = []

        def gen_cid(item: InstrumentView) -> NoReturn:
            calls.append(item.index)
            raise error

        def look(view: EngineView) -> None:
            with pytest.raises(OwnError) as caught:
                close_open_positions_with_market_orders("ema", view, None, gen_cid)
            assert caught.value is error
            assert caught.traceback[-1].name == "gen_cid"
            assert calls == [BOUGHT]
            # Uncaught, it ends the run and arrives at its caller.
            close_open_positions_with_market_orders("ema", view, None, gen_cid)

        with pytest.raises(OwnError) as caught:
            look_at_live_state(look)
        assert caught.value is error

    def test_exception_on_the_second_order_returns_nothing(self) -> None:
        def look(view: EngineView) -> None:
            ids = iter(["first"])
            with pytest.raises(StopIteration):
                close_open_positions_with_market_orders("ema", view, gen_cid=lambda _: next(ids))

        look_at_live_state(look)

    @pytest.mark.parametrize(
        ("given", "error", "message"),
        [
            ("", ValueError, "client order id"),
            ("  ", ValueError, "client order id"),
            (5, TypeError, "client order id"),
            (StrategyId("x"), TypeError, "client order id"),
        ],
        ids=repr,
    )
    def test_wrong_ids(self, given: object, error: type[Exception], message: str) -> None:
        def look(view: EngineView) -> None:
            with pytest.raises(error, match=message):
                close_all(view, gen_cid=Calls(given))

        look_at_live_state(look)

    @pytest.mark.parametrize(("blank", "error"), [(" ", ValueError), (5, TypeError)])
    def test_wrong_strategy_id(self, blank: object, error: type[Exception]) -> None:
        gen_cid = Calls()

        def look(view: EngineView) -> None:
            with pytest.raises(error, match="strategy id"):
                close_all(view, strategy_id=blank, gen_cid=gen_cid)

        look_at_live_state(look)
        assert gen_cid.seen == []

    def test_missing_price_raises_before_any_id_is_made(self) -> None:
        gen_cid = Calls()

        def look(view: EngineView) -> None:
            assert view.instrument(SOLD).position is not None
            assert view.instrument(SOLD).price is None
            with pytest.raises(ValueError, match="price"):
                close_all(view, gen_cid=gen_cid)
            with pytest.raises(ValueError, match="price"):
                close_all(view, gen_cid=gen_cid, on_missing_price="raise")
            with pytest.raises(ValueError, match="price"):
                close_all(plain(view))

        look_at_live_state(look, without_price=[SOLD])
        assert gen_cid.seen == []

    def test_missing_price_is_skipped(self) -> None:
        def look(view: EngineView) -> None:
            seen: list[int] = []

            def gen_cid(item: InstrumentView) -> str:
                seen.append(item.index)
                return live_cid(item)

            result = close_open_positions_with_market_orders(
                "ema", view, gen_cid=gen_cid, on_missing_price="skip"
            )
            assert seen == [BOUGHT]
            assert result == close_all(plain(view), gen_cid=plain_cid, on_missing_price="skip")
            assert [order.key.instrument for order in result[1]] == [BOUGHT]

        look_at_live_state(look, without_price=[SOLD])

    def test_missing_price_of_others_does_not_matter(self) -> None:
        def look(view: EngineView) -> None:
            assert view.instrument(3).price is None
            only = InstrumentFilter.instruments([BOUGHT, 3])
            _, opens = close_open_positions_with_market_orders("ema", view, only)
            assert [order.key.instrument for order in opens] == [BOUGHT]

        look_at_live_state(look, without_price=[SOLD, 3])

    def test_any_object_with_matches_works_as_filter(self) -> None:
        class Second:
            def matches(
                self, exchange: int, instrument: int, underlying: Underlying[int] | None = None
            ) -> bool:
                return exchange == 1

        def look(view: EngineView) -> None:
            _, opens = close_all(view, filter=Second(), gen_cid=live_cid)
            assert [order.key.instrument for order in opens] == [SOLD]

        look_at_live_state(look)

    def test_one_native_call_makes_the_whole_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls: list[tuple[object, ...]] = []
        ones: list[tuple[object, ...]] = []

        def batch(*arguments: object, **_: object) -> list[PyOrderRequestOpen]:
            build = stand_in(calls)
            return [build(*arguments)]

        monkeypatch.setattr(_core, "close_open_positions_with_market_orders", batch)
        monkeypatch.setattr(_core, "build_ioc_market_order_to_close_position", stand_in(ones))

        def look(view: EngineView) -> None:
            result = close_open_positions_with_market_orders("ema", view)
            assert result == ([], [stand_in_order(1)])

        look_at_live_state(look)
        assert len(calls) == 1
        assert ones == []

    def test_default_strategy(self) -> None:
        def look(view: EngineView) -> None:
            default = DefaultStrategy("mine")
            cancels, opens = default.close_positions_requests(view)
            assert cancels == []
            assert [order.key.instrument for order in opens] == [BOUGHT, SOLD]
            assert {order.key.strategy for order in opens} == {StrategyId("mine")}
            _, opens = default.close_positions_requests(view, InstrumentFilter.exchanges([1]))
            assert [order.key.instrument for order in opens] == [SOLD]
            assert default.generate_algo_orders(view) == ([], [])

        look_at_live_state(look)


# 5. The filter

ALL_FILTERS = [
    InstrumentFilter.none(),
    InstrumentFilter.exchanges([0, 1]),
    InstrumentFilter.instruments([0, 1]),
    InstrumentFilter.underlyings([Underlying(0, 1)]),
]


def describe(filter: InstrumentFilter) -> str:
    match filter:
        case InstrumentFilter(kind="none"):
            return "all"
        case InstrumentFilter(kind="exchanges", keys=(0, 1)):
            return "exchanges 0 and 1"
        case InstrumentFilter(kind="exchanges"):
            return "other exchanges"
        case InstrumentFilter(kind="instruments", keys=keys):
            return f"instruments {keys}"
        case InstrumentFilter(kind="underlyings", keys=(Underlying(base=base),)):
            return f"pair with {base}"
        case InstrumentFilter():
            return "several pairs"


class TestFilter:
    def test_one_class_everywhere(self) -> None:
        assert barter_python.InstrumentFilter is strategy.InstrumentFilter
        assert strategy.InstrumentFilter is _core.InstrumentFilter
        top = barter_python.InstrumentFilter.none()
        assert type(ClosePositions(top).filter) is _core.InstrumentFilter
        # The annotations are for the type checker.
        one: strategy.InstrumentFilter = top
        two: _core.InstrumentFilter = one
        assert two is top

    def test_engine_commands_take_it(self) -> None:
        received: list[InstrumentFilter] = []

        class Closing(Live):
            @override
            def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> list[Command]:
                return [
                    ClosePositions(InstrumentFilter.exchanges([state.exchange_index(exchange)]))
                ]

            @override
            def close_positions_requests(
                self, state: EngineView, filter: InstrumentFilter, /
            ) -> Orders:
                received.append(filter)
                return super().close_positions_requests(state, filter)

        events: list[MarketEvent | Reconnecting] = [
            *(book(index, 0) for index in range(len(NAMES))),
            book(0, 10),
            Reconnecting(ExchangeId.COINBASE),
            book(0, 20),
        ]
        result = run_backtest(Closing(lambda _: None), MarketData.from_events(events), CONFIG)
        assert received == [InstrumentFilter.exchanges([1])]
        assert [type(given) for given in received] == [InstrumentFilter]
        assert [position.instrument for position in result.positions] == [SOLD]

    @pytest.mark.parametrize(
        "make",
        [InstrumentFilter.exchanges, InstrumentFilter.instruments, InstrumentFilter.underlyings],
        ids=lambda make: str(make.__name__),
    )
    def test_empty(self, make: Callable[[Sequence[NoReturn]], InstrumentFilter]) -> None:
        with pytest.raises(ValueError, match="requires at least one entry"):
            make([])
        with pytest.raises(ValueError, match="requires at least one entry"):
            make(())

    def test_any_iterable(self) -> None:
        expected = InstrumentFilter.exchanges([0, 1])
        assert InstrumentFilter.exchanges((0, 1)) == expected
        assert InstrumentFilter.exchanges({0, 1}) == expected
        assert InstrumentFilter.exchanges(range(2)) == expected
        assert InstrumentFilter.exchanges(index for index in (0, 1)) == expected
        assert InstrumentFilter.instruments({0: "a"}) == InstrumentFilter.instruments([0])
        pairs = [Underlying(0, 1), Underlying(2, 3)]
        assert InstrumentFilter.underlyings(iter(pairs)) == InstrumentFilter.underlyings(pairs)

    def test_exception_of_the_iterable(self) -> None:
        def keys() -> Iterator[int]:
            yield 1
            raise LookupError("broken")

        with pytest.raises(LookupError, match="broken"):
            InstrumentFilter.exchanges(keys())

    @pytest.mark.parametrize("keys", [5, None, "01", ["0"], [None], [Underlying(0, 1)]], ids=repr)
    def test_keys_of_another_type(self, keys: object) -> None:
        for make in (InstrumentFilter.exchanges, InstrumentFilter.instruments):
            with pytest.raises(TypeError):
                make(keys)  # type: ignore[arg-type]

    @pytest.mark.parametrize("keys", [[0], [(0, 1)], [None], [Underlying("btc", "usdt")]], ids=repr)
    def test_underlyings_of_another_type(self, keys: object) -> None:
        with pytest.raises(TypeError):
            InstrumentFilter.underlyings(keys)  # type: ignore[arg-type]

    def test_equality_and_hash(self) -> None:
        twins = [
            InstrumentFilter.none(),
            InstrumentFilter.exchanges([1, 0, 1]),
            InstrumentFilter.instruments([1, 0, 1]),
            InstrumentFilter.underlyings([Underlying(0, 1), Underlying(0, 1)]),
        ]
        for made, twin in zip(ALL_FILTERS, twins, strict=True):
            assert made == twin
            assert hash(made) == hash(twin)
        for one, other in itertools.combinations(ALL_FILTERS, 2):
            assert one != other
        assert len({*ALL_FILTERS, *twins}) == 4
        assert InstrumentFilter.exchanges([0]) != InstrumentFilter.exchanges([1])
        assert InstrumentFilter.underlyings([Underlying(0, 1)]) != InstrumentFilter.underlyings(
            [Underlying(1, 0)]
        )
        assert InstrumentFilter.none() != object()

    def test_frozen(self) -> None:
        for made in ALL_FILTERS:
            for name in ("kind", "keys", "other"):
                with pytest.raises(AttributeError):
                    setattr(made, name, "none")

    def test_is_made_by_its_methods_only(self) -> None:
        with pytest.raises(TypeError):
            InstrumentFilter()  # type: ignore[call-arg]

    @pytest.mark.parametrize("filter", ALL_FILTERS, ids=repr)
    def test_pickles(self, filter: InstrumentFilter) -> None:
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            back = pickle.loads(pickle.dumps(filter, protocol))
            assert type(back) is InstrumentFilter
            assert back == filter
        assert copy.deepcopy(filter) == filter
        assert copy.copy(filter) == filter

    def test_repr_can_be_read_back(self) -> None:
        names = {"InstrumentFilter": InstrumentFilter, "Underlying": Underlying}
        for made in ALL_FILTERS:
            assert eval(repr(made), names) == made

    def test_match(self) -> None:
        assert describe(InstrumentFilter.none()) == "all"
        assert describe(InstrumentFilter.exchanges([1, 0])) == "exchanges 0 and 1"
        assert describe(InstrumentFilter.exchanges([2])) == "other exchanges"
        assert describe(InstrumentFilter.instruments([4])) == "instruments (4,)"
        assert describe(InstrumentFilter.underlyings([Underlying(6, 1)])) == "pair with 6"
        pairs = [Underlying(6, 1), Underlying(7, 1)]
        assert describe(InstrumentFilter.underlyings(pairs)) == "several pairs"

    def test_matches(self) -> None:
        every = list(itertools.product(range(3), range(3)))
        assert all(InstrumentFilter.none().matches(*pair) for pair in every)
        exchanges, instruments = (
            InstrumentFilter.exchanges([0, 2]),
            InstrumentFilter.instruments([1]),
        )
        for exchange, index in every:
            assert exchanges.matches(exchange, index) is (exchange in (0, 2))
            assert instruments.matches(exchange, index) is (index == 1)
            assert instruments.matches(instrument=index, exchange=exchange) is (index == 1)
            assert instruments.matches(exchange, index, Underlying(0, 0)) is (index == 1)
        underlyings = InstrumentFilter.underlyings([Underlying(0, 1), Underlying(2, 1)])
        assert underlyings.matches(0, 0, Underlying(0, 1)) is True
        assert underlyings.matches(exchange=0, instrument=0, underlying=Underlying(2, 1)) is True
        assert underlyings.matches(0, 0, Underlying(1, 0)) is False
        assert underlyings.matches(0, 0, Underlying(0, 2)) is False

    def test_matches_does_not_guess(self) -> None:
        underlyings = InstrumentFilter.underlyings([Underlying(0, 1)])
        with pytest.raises(ValueError, match="underlying"):
            underlyings.matches(0, 0)
        with pytest.raises(ValueError, match="underlying"):
            underlyings.matches(0, 0, None)
        with pytest.raises(TypeError):
            underlyings.matches(0, 0, (0, 1))  # type: ignore[arg-type]


# 6. Ids, enums, defaults

ENUMS: list[type[enum.Enum]] = [
    Side,
    OrderKind,
    TimeInForce,
    ExchangeId,
    barter_python.FeeAsset,
    barter_python.FillPrice,
    barter_python.Liquidity,
    barter_python.OrderFailureKind,
    barter_python.QueuePosition,
    barter_python.TimeInterval,
    barter_python.TradingState,
    barter_python.engine.Health,
    execution.OrderStatus,
    instrument.InstrumentQuoteAsset,
    instrument.OptionExercise,
    instrument.OptionKind,
]


class TestEnums:
    @pytest.mark.parametrize("enumeration", ENUMS, ids=str)
    def test_true_enums(self, enumeration: type[enum.Enum]) -> None:
        assert type(enumeration) is enum.EnumMeta
        assert issubclass(enumeration, enum.Enum)
        members = list(enumeration)
        assert members
        for member in members:
            assert isinstance(member, enumeration)
            assert enumeration[member.name] is member
            assert enumeration(member.value) is member
            assert pickle.loads(pickle.dumps(member)) is member
            assert copy.deepcopy(member) is member
        assert len(set(members)) == len(members)
        with pytest.raises(AttributeError):
            setattr(enumeration, members[0].name, 1)

    def test_every_enum_of_the_native_module_is_in_the_list(self) -> None:
        found = [
            value
            for value in vars(_core).values()
            if isinstance(value, type) and issubclass(value, enum.Enum)
        ]
        assert set(found) == set(ENUMS)

    def test_members(self) -> None:
        assert [member.name for member in Side] == ["BUY", "SELL"]
        assert [member.name for member in OrderKind] == ["MARKET", "LIMIT"]
        assert {member.name for member in TimeInForce} == {
            "GOOD_UNTIL_CANCELLED",
            "GOOD_UNTIL_CANCELLED_POST_ONLY",
            "GOOD_UNTIL_END_OF_DAY",
            "FILL_OR_KILL",
            "IMMEDIATE_OR_CANCEL",
        }

    def test_post_only(self) -> None:
        post_only = [member for member in TimeInForce if member.post_only]
        assert post_only == [TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY]
        assert TimeInForce.GOOD_UNTIL_CANCELLED.post_only is False


@pytest.mark.parametrize("id_class", [ClientOrderId, StrategyId, OrderId])
class TestIds:
    def test_value(self, id_class: type[ClientOrderId | StrategyId | OrderId]) -> None:
        made = id_class("x")
        assert made.value == "x"
        assert id_class(value="x") == made
        assert id_class.new("x") == made
        assert type(id_class.new("x")) is id_class
        assert hash(id_class.new("x")) == hash(made)
        assert id_class("y") != made
        text: object = "x"
        assert made != text
        with pytest.raises(FrozenInstanceError):
            made.value = "y"  # type: ignore[misc]
        assert pickle.loads(pickle.dumps(made)) == made
        assert "x" in repr(made)
        assert id_class.__name__ in repr(made)

    @pytest.mark.parametrize("blank", ["", " ", "\t\n "], ids=repr)
    def test_blank(self, id_class: type[ClientOrderId | StrategyId | OrderId], blank: str) -> None:
        with pytest.raises(ValueError, match="blank"):
            id_class(blank)
        with pytest.raises(ValueError, match="blank"):
            id_class.new(blank)

    @pytest.mark.parametrize("wrong", [None, 5, b"x", ["x"]], ids=repr)
    def test_another_type(
        self, id_class: type[ClientOrderId | StrategyId | OrderId], wrong: object
    ) -> None:
        with pytest.raises(TypeError):
            id_class(wrong)  # type: ignore[arg-type]


class TestIdsTogether:
    def test_class_counts(self) -> None:
        ids: list[object] = [ClientOrderId("x"), StrategyId("x"), OrderId("x")]
        for one, other in itertools.combinations(ids, 2):
            assert one != other
        assert len(set(ids)) == 3

    def test_blank_says_which(self) -> None:
        with pytest.raises(ValueError, match="client order id"):
            ClientOrderId("")
        with pytest.raises(ValueError, match="strategy id"):
            StrategyId("")
        with pytest.raises(ValueError, match="order id"):
            OrderId("")

    def test_random(self) -> None:
        ids = {ClientOrderId.random() for _ in range(100)}
        assert len(ids) == 100
        assert {type(random) for random in ids} == {ClientOrderId}

    def test_unknown(self) -> None:
        assert StrategyId.unknown() == StrategyId("unknown")
        assert type(StrategyId.unknown()) is StrategyId


class TestDefaultStrategy:
    def test_id(self) -> None:
        assert DefaultStrategy().id == StrategyId("default")
        assert DefaultStrategy.default().id == StrategyId("default")
        assert type(DefaultStrategy.default()) is DefaultStrategy
        assert DefaultStrategy("mine").id == StrategyId("mine")
        assert DefaultStrategy(strategy_id="mine").id == StrategyId("mine")
        assert DefaultStrategy(strategy_id=StrategyId("mine")).id == StrategyId("mine")
        with pytest.raises(ValueError, match="strategy id"):
            DefaultStrategy(" ")

    @pytest.mark.parametrize("wrong", [None, 5, ClientOrderId("x")], ids=repr)
    def test_id_of_another_type(self, wrong: object) -> None:
        with pytest.raises(TypeError):
            DefaultStrategy(wrong)  # type: ignore[arg-type]

    def test_makes_no_orders(self) -> None:
        assert DefaultStrategy().generate_algo_orders(EngineState([state_of()])) == ([], [])

    def test_closes_positions(self) -> None:
        state = EngineState([state_of(), state_of(exchange=3, position=SHORT)])
        default = DefaultStrategy()
        expected = close_open_positions_with_market_orders("default", state)
        assert default.close_positions_requests(state) == expected
        assert len(expected[1]) == 2
        only = InstrumentFilter.exchanges([3])
        assert default.close_positions_requests(state=state, filter=only) == ([], expected[1][1:])
        assert default.close_positions_requests(state, only) == ([], expected[1][1:])
        assert default.close_positions_requests(state, None) == expected
        with pytest.raises(ValueError, match="price"):
            default.close_positions_requests(EngineState([state_of(price=None)]))
        with pytest.raises(ValueError, match="quantity must be positive"):
            default.close_positions_requests(
                EngineState([state_of(position=position_of(quantity_abs=-1))])
            )

    def test_hooks_do_nothing(self) -> None:
        default, state = DefaultStrategy(), EngineState([state_of()])
        for commands in (
            default.on_disconnect("binance_spot"),
            default.on_disconnect(ExchangeId.BINANCE_SPOT),
            default.on_disconnect("binance_spot", state),
            default.on_disconnect("binance_spot", state=state),
            default.on_trading_disabled(),
            default.on_trading_disabled(state),
            default.on_trading_disabled(state=state),
        ):
            assert not commands

    def test_runs(self) -> None:
        events: list[MarketEvent | Reconnecting] = [
            book(0, 0),
            Reconnecting(ExchangeId.COINBASE),
            book(0, 1),
        ]
        result = run_backtest(DefaultStrategy(), MarketData.from_events(events), CONFIG)
        assert result.orders == []


class Structural:
    """A strategy without a base class."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.called.append("generate_algo_orders")
        updated = state.updated
        if updated is not None and updated.index == BOUGHT and not updated.has_orders:
            return [], [updated.market_order(Side.BUY, 1, strategy_id="structural")]
        return NO_ORDERS

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        self.called.append(f"close_positions_requests {filter}")
        return close_open_positions_with_market_orders("structural", state, filter)

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        self.called.append(f"on_disconnect {exchange.name}")
        return []

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[Command]:
        self.called.append("on_trading_disabled")
        return []


class TestProtocols:
    @pytest.mark.parametrize(
        ("protocol", "hook"),
        [
            (AlgoStrategy, "generate_algo_orders"),
            (ClosePositionsStrategy, "close_positions_requests"),
            (OnDisconnectStrategy, "on_disconnect"),
            (OnTradingDisabledStrategy, "on_trading_disabled"),
        ],
    )
    def test_protocol_has_its_hook(self, protocol: type, hook: str) -> None:
        assert getattr(protocol, "_is_protocol", False) is True
        assert [name for name in vars(protocol) if not name.startswith("_")] == [hook]
        assert callable(getattr(Strategy, hook))
        assert callable(getattr(DefaultStrategy, hook))
        with pytest.raises(TypeError):
            protocol()

    def test_who_satisfies_them(self) -> None:
        # The annotations are what is tested here, by the type checker.
        for one in (Structural(), Live(lambda _: None), DefaultStrategy()):
            algo: AlgoStrategy = one
            closing: ClosePositionsStrategy = one
            disconnected: OnDisconnectStrategy = one
            disabled: OnTradingDisabledStrategy = one
            together: list[object] = [algo, closing, disconnected, disabled]
            assert together == [one] * 4

    def test_structural_strategy_runs(self) -> None:
        strategy_without_base = Structural()
        events: list[MarketEvent | Reconnecting] = [
            book(BOUGHT, 0),
            Reconnecting(ExchangeId.COINBASE),
            book(BOUGHT, 1),
        ]
        result: BacktestResult = run_backtest(
            strategy_without_base, MarketData.from_events(events), CONFIG, close_at_end=True
        )
        assert strategy_without_base.called[0] == "generate_algo_orders"
        assert "on_disconnect COINBASE" in strategy_without_base.called
        assert "close_positions_requests InstrumentFilter.none()" in strategy_without_base.called
        assert result.open_positions == []
        assert [position.instrument for position in result.positions] == [BOUGHT]

    def test_strategy_is_abstract(self) -> None:
        with pytest.raises(TypeError, match="generate_algo_orders"):
            Strategy()  # type: ignore[abstract]


# 7. Where the names live


class TestWhereNamesLive:
    @pytest.mark.parametrize("name", ["Side", "Underlying", "ExchangeId", "IndexedInstruments"])
    def test_instrument(self, name: str) -> None:
        assert name in instrument.__all__
        assert hasattr(instrument, name)

    @pytest.mark.parametrize(
        "name",
        [
            "ClientOrderId",
            "StrategyId",
            "OrderId",
            "OrderKey",
            "OrderKind",
            "TimeInForce",
            "RequestOpen",
            "OrderRequestOpen",
            "OrderRequestCancel",
            "PyOrderRequestOpen",
        ],
    )
    def test_execution(self, name: str) -> None:
        assert name in execution.__all__
        assert getattr(execution, name) is getattr(barter_python, name)

    @pytest.mark.parametrize(
        "name",
        [
            "AlgoStrategy",
            "ClosePositionsStrategy",
            "DefaultStrategy",
            "EngineState",
            "InstrumentFilter",
            "InstrumentState",
            "OnDisconnectStrategy",
            "OnTradingDisabledStrategy",
            "Position",
            "build_ioc_market_order_to_close_position",
            "close_open_positions_with_market_orders",
        ],
    )
    def test_strategy(self, name: str) -> None:
        assert name in strategy.__all__
        if name != "build_ioc_market_order_to_close_position":
            assert getattr(strategy, name) is getattr(barter_python, name)

    @pytest.mark.parametrize(
        "module", [barter_python, execution, instrument, strategy], ids=lambda m: str(m.__name__)
    )
    def test_no_name_is_for_type_checkers_only(self, module: object) -> None:
        names = getattr(module, "__all__", [])
        assert names
        assert [name for name in names if not hasattr(module, name)] == []
        source = inspect.getsource(module)  # type: ignore[arg-type]
        assert "TYPE_CHECKING" not in source

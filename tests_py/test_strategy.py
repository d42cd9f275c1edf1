"""The contract of the closing helpers of `barter_python.strategy`, with plain state."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import FrozenInstanceError, dataclass, replace
from decimal import Decimal
from typing import NoReturn

import pytest
from support.closing import (
    KEPT_NUMBERS,
    LONG,
    SHORT,
    Calls,
    close,
    close_all,
    expected_order,
    ident,
    native_close,
    position_of,
    stand_in,
    stand_in_order,
    state_of,
)
from typing_extensions import assert_type

from barter_python import (
    _core,
)
from barter_python.execution import (
    ClientOrderId,
    OrderKey,
    OrderKind,
    OrderRequestOpen,
    RequestOpen,
    StrategyId,
    TimeInForce,
)
from barter_python.instrument import Side, Underlying
from barter_python.strategy import (
    EngineState,
    InstrumentFilter,
    InstrumentState,
    Number,
    Position,
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
)

# One position


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


# Many positions, plain state


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

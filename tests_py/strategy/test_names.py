"""Enums, ids, and the modules where names live."""

from __future__ import annotations

import copy
import enum
import inspect
import itertools
import pickle
from dataclasses import FrozenInstanceError

import pytest

import barter_python
import barter_python.engine
import barter_python.streams
from barter_python import (
    ExchangeId,
    _core,
    execution,
    instrument,
    strategy,
)
from barter_python.execution import (
    ClientOrderId,
    OrderId,
    OrderKind,
    StrategyId,
    TimeInForce,
)
from barter_python.instrument import Side

ENUMS: list[type[enum.Enum]] = [
    Side,
    OrderKind,
    TimeInForce,
    ExchangeId,
    barter_python.FeeAsset,
    barter_python.FillPrice,
    barter_python.CandleFills,
    barter_python.CandlePrice,
    barter_python.DatabentoSchema,
    barter_python.Liquidity,
    barter_python.OrderFailureKind,
    barter_python.QueuePosition,
    barter_python.RowOrder,
    barter_python.StopKind,
    barter_python.TriggerPrice,
    barter_python.TimeInterval,
    barter_python.TimeUnit,
    barter_python.TradingState,
    barter_python.engine.Health,
    barter_python.streams.Overflow,
    barter_python.streams.StreamStatusKind,
    barter_python.streams.SubKind,
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


# Where the names live


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

"""Plain positions and states, and the filter that chooses among them."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import NoReturn

import pytest
from support.closing import CONFIG, LONG, NAMES, SOLD, Live, book, close_all, position_of, state_of
from typing_extensions import override

import barter_python
import barter_python.engine
from barter_python import (
    ClosePositions,
    Command,
    EngineView,
    ExchangeId,
    InstrumentView,
    MarketData,
    MarketEvent,
    Reconnecting,
    _core,
    run_backtest,
    strategy,
)
from barter_python.instrument import Side, Underlying
from barter_python.strategy import (
    EngineState,
    EngineStateLike,
    InstrumentFilter,
    InstrumentState,
    InstrumentStateLike,
    Orders,
    Position,
    PositionLike,
)


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


# The filter

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
        with pytest.raises(ValueError, match="a filter needs at least one index, got none: "):
            make([])
        with pytest.raises(ValueError, match="a filter needs at least one index, got none: "):
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

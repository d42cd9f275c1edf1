"""What the stub says must hold for real values: `stubtest` compares names, not types.

Every return type of the stub and every type that it lets in is a *place*. Samples and a small run
visit the places with real values; a place that nothing visits fails, so that a new binding has to
add a sample.
"""

from __future__ import annotations

import ast
import copy
import enum
import pickle
import types
import typing
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.binance import quick
from support.calls import Call
from support.feeds import feed_calls
from support.paper import CONFIG as PAPER
from support.paper import Failing, Trader, venue
from support.python_samples import CANCEL, OPEN
from support.samples import (
    CONFIG,
    HISTORY,
    NANOSECONDS,
    ROWS,
    RUN_OPTIONS,
    SAMPLES,
    TIME,
    VIEW,
    calls,
)
from support.stub import (
    CLASSES,
    FUNCTIONS,
    STUB,
    arms,
    evaluate,
    is_a,
    is_constructible,
    is_enum,
    is_overload,
    is_property,
    is_static,
    methods,
    parameters,
)
from support.venue_server import VenueServer
from typing_extensions import override

import barter_python as bp
from barter_python import _core
from barter_python.live import AuditStream, KillSwitch, PaperOptions, System
from barter_python.live.session import Session

NOT_OF_FIELDS = {"Engine", "IndexedInstruments", "NativeFunction", "StateReplica"}
"""Classes whose values do not have what they were made of as attributes."""


DOCUMENTED_ERRORS: dict[str, type[Exception] | tuple[type[Exception], ...]] = {
    "AccountEquity.ends": ValueError,  # no such line
    "EngineView.__reduce__": TypeError,  # of a running engine
    "EngineView.balance": bp.UnknownKeyError,  # not this exchange's asset
    "EngineView.call_at": (bp.ViewError, ValueError),  # a snapshot; a strategy without on_timer
    "EngineView.cancel_timer": bp.ViewError,  # a snapshot
    "EngineView.tear_sheet_asset": bp.UnknownKeyError,
    "MarketData._between_ns": bp.MarketDataError,  # no events between
    "MarketData.between": bp.MarketDataError,
    "MarketData.candles": bp.MarketDataError,  # none is complete
    "EngineView.place_stop": (bp.ViewError, ValueError),  # in a snapshot, and no price yet
    "EngineView.cancel_stop": bp.ViewError,  # in a snapshot
    "Order.__new__": ValueError,  # fields that contradict the status
    "OrderFailure.__new__": ValueError,  # fields that contradict the kind
    "OrderResponseCancel.__new__": ValueError,  # both a failure and none
    "StopOrder.__new__": ValueError,  # a number that is too large
    "TakeProfitOrder.__new__": ValueError,
    "TrailingStopOrder.__new__": ValueError,
    "InstrumentFilter.matches": ValueError,  # by underlying, without an underlying
    "InstrumentView.value": ValueError,  # of a strategy that has nothing computed
    "InstrumentView.limit_order": TypeError,  # no strategy id, of a snapshot
    "InstrumentView.market_order": (TypeError, ValueError),  # the same, and no price yet
    **{
        f"{type(rows).__name__}.{method}": IndexError  # a result without such records
        for rows in ROWS
        for method in ("item", "chosen")
    },
}
"""What calls may raise for some values; each must also succeed for others."""


class Checker:
    """Visits places with real values and keeps what was wrong."""

    def __init__(self) -> None:
        self.visited: defaultdict[str, set[object]] = defaultdict(set)
        self.failures: defaultdict[str, list[str]] = defaultdict(list)
        self.calls = calls()

    def visit(self, place: str, value: object, expected: object) -> None:
        matching = [arm for arm in arms(expected) if is_a(value, arm)]
        self.visited[place].update(matching)
        if not matching:
            self.failures[place].append(f"{value!r} is no {expected}")

    def visit_items(self, place: str, value: object, expected: object) -> None:
        """Check what a returned iterator gives, which `visit` cannot see."""
        if isinstance(value, Iterator) and typing.get_origin(expected) is Iterator:
            (item_type,) = typing.get_args(expected)
            for item in value:
                if not is_a(item, item_type):
                    self.failures[place].append(f"the item {item!r} is no {item_type}")

    def call(self, place: str, node: ast.FunctionDef, function: object, call: Call) -> object:
        """Call a function, checking what goes in and what comes out."""
        assert callable(function), place
        try:
            result: object = function(*call.positional, **call.named)
        except DOCUMENTED_ERRORS.get(place, ()):
            return None
        except Exception as error:
            self.failures[place].append(f"{call.positional} {call.named} raises {error!r}")
            return None
        types_by_name = dict(parameters(node))
        for name, value in zip(types_by_name, call.positional, strict=False):
            self.visit(f"{place}({name})", value, types_by_name[name])
        for name, named in call.named.items():
            self.visit(f"{place}({name})", named, types_by_name[name])
        self.visit_items(place, result, evaluate(node.returns))
        self.visit(place, result, evaluate(node.returns))
        return result

    def value(self, value: object) -> None:
        """Read every property and call every method of a value, and of what it holds."""
        if isinstance(value, (list, tuple)):
            for item in value:
                self.value(item)
            return
        if isinstance(value, dict):
            self.value(list(value.values()))
            return
        name = type(value).__name__
        if type(value).__module__ != _core.__name__ or name not in CLASSES:
            return
        for node in methods(name):
            place = f"{name}.{node.name}"
            if is_property(node):
                held: object = getattr(value, node.name)
                self.visit(place, held, evaluate(node.returns))
                self.value(held)
            elif node.name == "__new__":
                self.visit(place, value, evaluate(node.returns))
            elif not is_static(node):
                self.method(place, node, value)

    def method(self, place: str, node: ast.FunctionDef, value: object) -> None:
        given = self.calls.get(place, [])
        if node.name == "__eq__":
            given = [Call(value), Call(Decimal(1))]
        elif not given and not parameters(node):
            given = [Call()]
        if is_overload(node):
            expected = [of for _, of in parameters(node)]
            given = [call for call in given if all(map(is_a, call.positional, expected))]
        for call in given:
            name = node.name
            # Calling `__eq__` itself gives NotImplemented, which no user ever sees.
            function: Callable[[object], object] = (
                (lambda other: value == other) if name == "__eq__" else getattr(value, name)
            )
            self.call(place, node, function, call)

    def constructors(self, value: object) -> None:
        """Make the value again from its fields, once with each type allowed for each of them."""
        name = type(value).__name__
        if not is_constructible(name) or name in NOT_OF_FIELDS:
            return
        (node,) = (node for node in methods(name) if node.name == "__new__")
        fields: dict[str, object] = {it: getattr(value, it) for it, _ in parameters(node)}
        for field, expected in parameters(node):
            for arm in arms(expected):
                for example in examples(arm, fields[field]):
                    made_of = fields | {field: example}
                    self.call(f"{name}.__new__", node, type(value), Call(**made_of))

    def functions(self, place: str, view: object = None) -> None:
        """Call a function of the module."""
        for call in self.calls.get(place, []):
            positional = [view if item is VIEW else item for item in call.positional]
            function: object = getattr(_core, place)
            self.value(
                self.call(place, FUNCTIONS[place], function, Call(*positional, **call.named))
            )


def examples(arm: object, current: object) -> Iterator[object]:
    """Give values of a type that a constructor should take."""
    origin = typing.get_origin(arm)
    if is_a(current, arm):
        yield current
    elif arm is int:
        yield NANOSECONDS
    elif arm is types.NoneType:
        yield None
    elif arm is datetime:
        yield TIME
    elif arm is str:
        yield "2024-01-01T00:00:00.123456789Z"
    if origin is not None and isinstance(current, Sequence) and issubclass(origin, Sequence):
        yield tuple(current)
    if origin is not None and isinstance(current, Mapping) and issubclass(origin, Mapping):
        yield types.MappingProxyType(dict(current))


class Inspector(bp.Strategy):
    """Checks the views from inside, and trades so that there is something to see."""

    strategy_id = "ema"

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.calls = 0

    def look(self, state: bp.EngineView) -> None:
        self.checker.value(state)
        for instrument in state.instruments_iter():
            self.checker.value(instrument)
        self.checker.functions("close_open_positions_with_market_orders", state)

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        self.look(state)

    @override
    def on_disconnect(self, exchange: bp.ExchangeId, state: bp.EngineView, /) -> tuple[()]:
        self.look(state)
        return ()

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        self.checker.value(timer)
        return bp.NO_ORDERS

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.look(state)
        first, second = state.instruments
        self.calls += 1
        match self.calls:
            case 1:
                return [], [first.market_order(bp.Side.BUY, 1, strategy_id="ema")]
            case 3:
                return [], [
                    second.limit_order(bp.Side.BUY, price=10, quantity=1, strategy_id="ema")
                ]
        if state.updated is not None and state.updated.price == 110:
            return [], [first.market_order(bp.Side.SELL, 1, strategy_id="ema")]
        if state.updated is not None and state.updated.price == 51:
            return [], [second.market_order(bp.Side.BUY, 1, strategy_id="ema")]
        return bp.NO_ORDERS


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """Visit all places, once: calls change the samples that have a state."""
    made = Checker()
    bp.run_backtest(Inspector(made), HISTORY, CONFIG, latency=timedelta(milliseconds=1))
    for value in SAMPLES:
        made.value(value)
        made.constructors(value)
    for name in CLASSES:
        for node in methods(name):
            if is_static(node) or (node.name == "__new__" and is_constructible(name)):
                place = f"{name}.{node.name}"
                given = made.calls.get(place, [] if parameters(node) else [Call()])
                owner: object = getattr(_core, name)
                function: object = owner if node.name == "__new__" else getattr(owner, node.name)
                for call in given:
                    made.call(place, node, function, call)
    inspected = "close_open_positions_with_market_orders"
    for name in FUNCTIONS.keys() - {inspected}:
        made.functions(name)
    options = replace(RUN_OPTIONS, close_at_end=False, fill_price=bp.FillPrice.REQUESTED)
    output: object = _core.run_backtest(
        Buyer(), HISTORY, CONFIG.index(), CONFIG.executions, options
    )
    made.value(output)
    visit_feed(made, tmp_path_factory.mktemp("feed"))
    visit_system(made)
    return made


CONTROLS = [
    ("command", Call(bp.TradingState.ENABLED)),
    ("command", Call(bp.SendOpenRequests((OPEN,)))),
    ("command", Call(bp.SendCancelRequests((CANCEL,)))),
    ("command", Call(bp.CancelOrders(bp.InstrumentFilter.none()))),
    ("command", Call(bp.ClosePositions(bp.InstrumentFilter.none()))),
    ("snapshot", Call()),
    ("standing", Call()),
    ("take_audit", Call(AuditStream())),
    ("progress", Call()),
    ("stop", Call()),
    ("abort", Call()),
]


def visit_system(made: Checker) -> None:
    """Run a system, call the methods of its controls, and make a run that ends by itself."""
    nodes = {node.name: node for node in methods("SystemControls")}
    with VenueServer(venue(50)) as server:
        options = quick(server)
        with System.start(Trader(), PAPER, stream_options=options) as system:
            controls = system._session.controls
            for name, call in CONTROLS:
                function: object = getattr(controls, name)
                made.value(made.call(f"SystemControls.{name}", nodes[name], function, call))
        for strategy in (Trader(1), Failing()):
            made.calls["run_paper"] = []
            asked: PaperOptions = {
                "stream_options": options,
                "duration": timedelta(seconds=1),
                "kill_switch": KillSwitch(max_silence=timedelta(seconds=0.05)),
            }
            session = Session.open(strategy, PAPER, asked)
            with session.streams:
                run = Call(
                    strategy,
                    session.streams._feed,
                    PAPER.index(),
                    PAPER.executions,
                    session.run_options,
                    session.live_options,
                    session.controls,
                )
                made.calls["run_paper"].append(run)
                made.functions("run_paper")


def visit_feed(made: Checker, folder: Path) -> None:
    """Make a feed and call its methods in an order that makes sense."""
    nodes = {node.name: node for node in methods("MarketFeed")}
    feed: object = _core.MarketFeed
    with feed_calls(folder) as of_feed:
        for name, call in of_feed:
            function: object = _core.MarketFeed if name == "__new__" else getattr(feed, name)
            result = made.call(f"MarketFeed.{name}", nodes[name], function, call)
            feed = result if name == "__new__" else feed
            made.value(result if name != "__new__" else None)


class Buyer(bp.Strategy):
    """Leaves a position open."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        first = state.instruments[0]
        if first.price is None or first.position is not None or first.has_orders:
            return bp.NO_ORDERS
        return [], [first.market_order(bp.Side.BUY, 1, strategy_id="ema")]


def places() -> Iterator[tuple[str, object]]:
    """Give every return type and every parameter type of the stub."""
    functions = list(FUNCTIONS.items())
    for name in CLASSES:
        for node in methods(name):
            if node.name == "__new__" and not is_constructible(name):
                continue
            functions.append((f"{name}.{node.name}", node))
    for place, node in functions:
        yield place, evaluate(node.returns)
        for name, expected in parameters(node):
            yield f"{place}({name})", expected


@pytest.mark.parametrize(("place", "expected"), [pytest.param(*it, id=it[0]) for it in places()])
def test_types_of_the_stub_hold(checker: Checker, place: str, expected: object) -> None:
    assert checker.failures[place] == []
    assert place in checker.visited, "nothing checks this: add a sample or a call"
    unseen = set(arms(expected)) - checker.visited[place]
    assert unseen == set(), "no sample is of these types: add one, or the stub says too much"


def test_nothing_else_went_wrong(checker: Checker) -> None:
    assert {place: found for place, found in checker.failures.items() if found} == {}


def test_every_class_has_a_sample(checker: Checker) -> None:
    visited = {place.partition(".")[0] for place in checker.visited}
    sampled = {type(value).__name__ for value in SAMPLES}
    assert set(CLASSES) - visited - sampled == set()


def test_names_of_the_stub_are_those_of_the_module() -> None:
    (declared,) = (
        ast.literal_eval(node.value)
        for node in STUB.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    assert sorted(declared) == declared
    assert sorted(_core.__all__) == declared
    assert {*CLASSES, *FUNCTIONS, "__version__"} == set(declared)


@pytest.mark.parametrize("name", CLASSES)
def test_module_of_classes(name: str) -> None:
    native: type = getattr(_core, name)
    assert (native.__module__, native.__qualname__) == ("barter_python._core", name)


@pytest.mark.parametrize("name", [name for name in CLASSES if not is_enum(name)])
def test_classes_without_a_constructor_cannot_be_called(name: str) -> None:
    if not is_constructible(name):
        native: object = getattr(_core, name)
        assert callable(native)
        with pytest.raises(TypeError, match=r"No constructor defined|cannot create"):
            native()


ENUMS = [name for name in CLASSES if is_enum(name)]


def enumeration(name: str) -> type[enum.Enum]:
    """Give an enum of the module."""
    native: object = getattr(_core, name)
    assert isinstance(native, type)
    assert issubclass(native, enum.Enum)
    return native


def test_enums_of_the_stub_are_those_of_the_module() -> None:
    real = {name for name, item in vars(_core).items() if isinstance(item, enum.EnumMeta)}
    assert set(ENUMS) == real


@pytest.mark.parametrize("name", ENUMS)
def test_enums_are_real_enums(name: str) -> None:
    native = enumeration(name)
    values = {
        ast.unparse(node.targets[0]): ast.literal_eval(node.value)
        for node in CLASSES[name].body
        if isinstance(node, ast.Assign)
    }
    assert {member.name: member.value for member in native} == values
    declared = list(values)
    assert [member.name for member in native] == declared
    assert list(native.__members__) == declared  # no aliases
    assert len({hash(member) for member in native}) == len(declared)
    for member in native:
        assert isinstance(member.value, str)
        assert native(member.value) is member
        assert native[member.name] is member
        assert {member: 1}[native(member.value)] == 1
        assert copy.copy(member) is member
        assert copy.deepcopy(member) is member
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(member, protocol)) is member
    with pytest.raises(ValueError, match="is not a valid"):
        native("no such value")

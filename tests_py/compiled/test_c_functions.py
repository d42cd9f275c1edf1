"""C functions: of ctypes, of cffi, and of a C compiler, if there is one."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from support.histories import history, l1, trade, two_instruments

from barter_python import (
    CompiledStrategyError,
    OrderKind,
    Side,
    TimeInForce,
    run_backtest,
)
from barter_python._core import NativeFunction
from barter_python.compiled import C_DECLARATIONS, CFunction, c_function, layout

BTC = "binancespot-btc_usdt"
DATA = history(l1(0, "99", "101"), trade(1, "100"), l1(2, "98", "101"))
CC = shutil.which("cc")
cffi = pytest.importorskip("cffi")


@dataclass
class Own:
    """What the C functions below have."""

    quantity: float
    events: int = 0
    is_done: bool = False


SOURCE = (
    "#include <stdatomic.h>\n#include <stdint.h>\n#include <time.h>\n"
    + C_DECLARATIONS
    + """
struct own { double quantity; int64_t events; _Bool is_done; };

int64_t on_event(
    int64_t time_ns, const barter_instrument *instrument, void *own, barter_requests *requests)
{
    struct own *mine = own;
    mine->events++;
    if (!mine->is_done && instrument->bid_count > 0) {
        mine->is_done = 1;
        requests->requests[requests->count++] = (barter_request){
            .action = 3, .post_only = 1, .price = instrument->bids[0].price - 1,
            .quantity = mine->quantity};
        requests->requests[requests->count++] = (barter_request){
            .action = 2, .quantity = instrument->bids[0].amount / 2};
    }
    if (mine->events == 3)
        mine->quantity = instrument->orders[0].price + instrument->position;
    return mine->quantity < 0 ? 7 : 0;
}

static atomic_int runs_that_wait;

/* Waits for another run to get here too: for a minute, then it fails. */
int64_t meet(
    int64_t time_ns, const barter_instrument *instrument, void *own, barter_requests *requests)
{
    struct own *mine = own;
    if (mine->events++ == 0) {
        time_t end = time(NULL) + 60;
        atomic_fetch_add(&runs_that_wait, 1);
        while (atomic_load(&runs_that_wait) < 2)
            if (time(NULL) > end)
                return 8;
    }
    return 0;
}
"""
)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the functions."""
    if CC is None:
        pytest.skip("there is no C compiler")
    folder = tmp_path_factory.mktemp("c")
    (folder / "strategy.c").write_text(SOURCE, encoding="utf-8")
    path = folder / "strategy.so"
    command = [CC, "-O1", "-Wall", "-Werror", "-Wno-unused", "-shared", "-fPIC", "-o", str(path)]
    subprocess.run([*command, str(folder / "strategy.c")], check=True)
    return path


def of_ctypes(path: Path, name: str = "on_event") -> object:
    function = getattr(ctypes.CDLL(str(path)), name)
    function.restype = ctypes.c_int64
    function.argtypes = [ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    return function


def of_cffi(path: Path) -> object:
    ffi = cffi.FFI()
    ffi.cdef(
        C_DECLARATIONS
        + "int64_t on_event(int64_t, const barter_instrument *, void *, barter_requests *);"
    )
    opened = ffi.dlopen(str(path))
    return ffi.addressof(opened, "on_event")


@pytest.mark.parametrize("load", [of_ctypes, of_cffi])
def test_a_function_of_a_c_compiler_trades(load: Callable[[Path], object], library: Path) -> None:
    function = c_function(load(library), Own, name="on_event", levels=1)
    strategy = function.strategy({BTC: Own(0.5)}, strategy_id="c")
    result = run_backtest(strategy, DATA, two_instruments())
    first, second = (report.order for report in result.orders)
    assert (first.kind, first.side, str(first.price)) == (OrderKind.LIMIT, Side.BUY, "98")
    assert first.time_in_force is TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY
    assert (second.kind, second.side, str(second.quantity)) == (OrderKind.MARKET, Side.SELL, "0.5")
    assert {first.strategy_id, second.strategy_id} == {"c"}
    assert strategy.state_of(BTC) == Own(97.5, 3, is_done=True)


def test_a_result_that_is_not_zero_stops_the_run(library: Path) -> None:
    function = c_function(of_ctypes(library), Own)
    strategy = function.strategy({BTC: Own(-1.0)}, strategy_id="c")
    with pytest.raises(
        CompiledStrategyError, match=f"on_event failed at an event of {BTC}: it returned 7"
    ) as caught:
        run_backtest(strategy, DATA, two_instruments())
    assert (caught.value.function, caught.value.instrument) == ("on_event", BTC)
    assert caught.value.__cause__ is None


def test_runs_in_threads_do_not_wait_for_one_another(library: Path) -> None:
    function = c_function(of_ctypes(library, "meet"), Own)

    def run(strategy_id: str) -> int:
        strategy = function.strategy({BTC: Own(1.0)}, strategy_id=strategy_id)
        run_backtest(strategy, DATA, two_instruments())
        return strategy.state_of(BTC).events

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(run, ["a", "b"])) == [3, 3]


@CFunction
def unknown_action(time_ns: int, instrument: int, own: int, requests: int) -> int:
    room = layout.Requests.from_address(requests)
    layout.Request.from_address(room.requests_address).action = 9
    room.count = 1
    return 0


@CFunction
def wrong_count(time_ns: int, instrument: int, own: int, requests: int) -> int:
    layout.Requests.from_address(requests).count = -1
    return 0


@CFunction
def wrong_id(time_ns: int, instrument: int, own: int, requests: int) -> int:
    room = layout.Requests.from_address(requests)
    request = layout.Request.from_address(room.requests_address)
    request.action, request.id, request.quantity = 1, room.next_id + 5, 1.0
    room.count = 1
    return 0


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (unknown_action, "it asked for action 9, but there are 1 to 7"),
        (wrong_count, "it asked for more than 256 orders"),
        (wrong_id, "it took the id 6 for an order that has the id bp-1"),
    ],
)
def test_wrong_requests_stop_the_run(function: object, reason: str) -> None:
    strategy = c_function(function, Own, name="wrong").strategy({BTC: Own(1)}, strategy_id="c")
    with pytest.raises(CompiledStrategyError, match=f"wrong failed .*: {reason}"):
        run_backtest(strategy, DATA, two_instruments())


# Signatures


class SameOwn(ctypes.Structure):
    """The fields of `Own`."""

    _fields_ = (
        ("quantity", ctypes.c_double),
        ("events", ctypes.c_int64),
        ("is_done", ctypes.c_bool),
    )


class OtherOwn(ctypes.Structure):
    """Two fields the other way round."""

    _fields_ = (
        ("events", ctypes.c_int64),
        ("quantity", ctypes.c_double),
        ("is_done", ctypes.c_bool),
    )


I64, ANY = ctypes.c_int64, ctypes.c_void_p


def declared(result: type | None, *arguments: type) -> object:
    """Declare a function with a signature."""
    return ctypes.CFUNCTYPE(result, *arguments)(lambda *_: 0)


def test_a_signature_may_name_the_structures() -> None:
    function = declared(
        I64,
        I64,
        ctypes.POINTER(layout.Instrument),
        ctypes.POINTER(SameOwn),
        ctypes.POINTER(layout.Requests),
    )
    strategy = c_function(function, Own, name="typed").strategy({BTC: Own(1)}, strategy_id="c")
    assert not run_backtest(strategy, DATA, two_instruments()).orders


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (declared(None, I64, ANY, ANY, ANY), "must return c_int64, its restype is None"),
        (declared(ctypes.c_double, I64, ANY, ANY, ANY), "must return c_int64"),
        (declared(I64, I64, ANY, ANY), "must take 4 arguments, it takes 3"),
        (declared(I64, ctypes.c_int32, ANY, ANY, ANY), "time_ns must be c_int64"),
        (declared(I64, I64, ANY, ctypes.POINTER(OtherOwn), ANY), "own must be c_void_p or a"),
        (declared(I64, I64, ctypes.POINTER(SameOwn), ANY, ANY), "instrument must be c_void_p"),
        (declared(I64, I64, ANY, ANY, I64), "requests must be c_void_p"),
        (ctypes.pythonapi.PyErr_Clear, "function has no argtypes"),
        (140_000_000_000, "function must be a function of ctypes or .*, got int 140000000000"),
        (ctypes.c_void_p(5), "function must be a function of ctypes or .*, got c_void_p"),
        (print, "function must be a function of ctypes or .*, got builtin_function_or_method"),
        (lambda *_: 0, "function must be a function of ctypes or .*, got function"),
    ],
)
def test_other_signatures_and_bare_addresses_are_refused(function: object, reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        c_function(function, Own)


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("int(*)(int64_t, void *, void *, void *)", "must take an int64_t and return one"),
        ("int64_t(*)(int64_t, void *, void *)", "must take 4 arguments, it takes 3"),
        ("int64_t(*)(int64_t, void *, double *, void *)", "own must be a void \\*"),
        ("int64_t(*)(int64_t, barter_level *, void *, void *)", "instrument must be a void \\*"),
        ("int64_t(*)(int64_t, void *, void *, void *, ...)", "must take an int64_t and return one"),
        ("int64_t *", "must be a function pointer, it is a int64_t \\*"),
    ],
)
def test_other_signatures_of_cffi_are_refused(declaration: str, reason: str) -> None:
    ffi = cffi.FFI()
    ffi.cdef(C_DECLARATIONS)
    with pytest.raises(TypeError, match=reason):
        c_function(ffi.cast(declaration, 1), Own)


def test_null_pointers_are_refused() -> None:
    ffi = cffi.FFI()
    ffi.cdef(C_DECLARATIONS)
    for null in (CFunction(0), ffi.cast("barter_function", 0)):
        with pytest.raises(ValueError, match="function is a null pointer"):
            c_function(null, Own, name="null")


def test_the_native_class_takes_no_other_functions() -> None:
    make: Callable[..., object] = NativeFunction
    for function in (5, print, declared(I64, I64), ctypes.c_void_p(5)):
        with pytest.raises(TypeError, match="function must be"):
            make(
                function,
                "wrong",
                instruments=[BTC],
                own=bytes(8),
                failure=lambda: None,
                levels=0,
                account_events=False,
                is_python=False,
            )
    for size in (4, 12):
        with pytest.raises(ValueError, match=f"own has {size} bytes"):
            make(
                CFunction(lambda *_: 0),
                "wrong",
                instruments=[BTC],
                own=bytes(size),
                failure=lambda: None,
                levels=0,
                account_events=False,
                is_python=False,
            )


# The structures


@pytest.mark.parametrize(
    ("structure", "declared_as"),
    [
        (layout.Level, "barter_level"),
        (layout.Order, "barter_order"),
        (layout.Instrument, "barter_instrument"),
        (layout.Request, "barter_request"),
        (layout.Requests, "barter_requests"),
    ],
)
def test_the_declarations_of_c_are_those_of_ctypes(
    structure: type[ctypes.Structure], declared_as: str
) -> None:
    ffi = import_module("cffi").FFI()
    ffi.cdef(C_DECLARATIONS)
    assert ffi.sizeof(declared_as) == ctypes.sizeof(structure)
    found = [
        (name, field.offset, "pointer" if field.type.kind == "pointer" else field.type.cname)
        for name, field in ffi.typeof(declared_as).fields
    ]
    assert found == [
        (name, offset, "pointer" if name in {"orders", "bids", "asks", "requests"} else kind)
        for name, offset, kind in layout.places(structure)
    ]

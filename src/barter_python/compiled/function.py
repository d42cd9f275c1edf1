"""Functions that the engine calls without Python, and the strategies made of them."""

import threading
from collections.abc import Callable, Mapping
from ctypes import Structure
from typing import Generic, Protocol, TypeVar, final

from typing_extensions import override

from .._checks import check_int, check_name, check_type, shown
from .._core import EngineView, NativeFunction
from ..execution import StrategyId
from ..strategy import Orders, Strategy
from . import layout
from .interpreted import Interpreted
from .protocols import EventFunction
from .signature import checked_entry

OwnT = TypeVar("OwnT")

MOST_LEVELS = 1_000
"""How many levels of a side a function can read at most."""

_MISSING = (
    "a compiled strategy needs numba: python -m pip install 'barter-python[compiled]'; with "
    "jit=False the function runs without it"
)


class _Entry(Protocol):
    """A function as the engine calls it."""

    @property
    def entry(self) -> object: ...

    @property
    def is_python(self) -> bool: ...

    def failure(self) -> BaseException | str | None: ...


class _Declared:
    """A C function that somebody else has compiled."""

    is_python = False

    def __init__(self, entry: object, function: object) -> None:
        self.entry = entry
        self._kept = function  # what the library or the callback lives as long as

    def failure(self) -> None:
        """Say that nothing is known but the result."""


@final
class CompiledStrategy(Strategy, Generic[OwnT]):
    """A strategy whose function the engine calls by itself: made by `CompiledFunction.strategy`.

    It runs wherever a strategy does, but for a `StrategyGroup`. Each run begins with a copy of the
    state. Like any strategy it is in one run at a time: threads make one each, of one function.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Own:
    ...     events: int = 0
    >>> @compiled(Own)
    ... def count(time_ns, instrument, own, orders):
    ...     own.events += 1
    >>> strategy = count.strategy({"kraken-xbt_usd": Own()}, strategy_id="count", jit=False)
    >>> strategy.state_of("kraken-xbt_usd"), strategy.id
    (Own(events=0), StrategyId(value='count'))
    """

    def __init__(
        self, native: NativeFunction, own: type[OwnT], strategy_id: StrategyId | str
    ) -> None:
        self._native_function = native
        self._own = own
        self._structure = layout.own_structure(own)
        self.strategy_id: StrategyId | str = strategy_id

    def state_of(self, instrument: str) -> OwnT:
        """Give the function's own state of an instrument, as the run that began last has left it.

        Parameters
        ----------
        instrument : str
            The name of the instrument.

        Returns
        -------
        OwnT
            A copy; before the first run it is the state that runs begin with.

        Raises
        ------
        UnknownKeyError
            If the strategy has no state of that instrument.
        ViewError
            If the run goes on in another thread.
        """
        record = self._native_function.record(instrument)
        return layout.value_of(record, self._own, self._structure)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Refuse: the engine calls the function itself, unless the strategy is part of another.

        Raises
        ------
        TypeError
            If it is called, as by a `StrategyGroup`.
        """
        raise TypeError(
            "a compiled strategy runs by itself: give it to the run, not to a StrategyGroup or to "
            "a strategy of your own"
        )


class CompiledFunction(Generic[OwnT]):
    """A function that the engine calls without Python: made by `compiled` and `c_function`.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Own:
    ...     events: int = 0
    >>> @compiled(Own)
    ... def count(time_ns, instrument, own, orders):
    ...     own.events += 1
    >>> strategy = count.strategy({"kraken-xbt_usd": Own(5)}, strategy_id="count", jit=False)
    >>> strategy.state_of("kraken-xbt_usd")
    Own(events=5)
    """

    def __init__(
        self,
        name: str,
        own: type[OwnT],
        entry: Callable[[bool], _Entry],
        *,
        levels: int,
        account_events: bool,
    ) -> None:
        self._name = name
        self._own = own
        self._structure = layout.own_structure(own)
        self._make_entry = entry
        self._levels = levels
        self._account_events = account_events
        self._entries: dict[bool, _Entry] = {}
        self._lock = threading.Lock()

    def strategy(
        self, own: Mapping[str, OwnT], *, strategy_id: StrategyId | str, jit: bool = True
    ) -> CompiledStrategy[OwnT]:
        """Make a strategy that trades these instruments.

        Parameters
        ----------
        own : mapping of str to OwnT
            The function's own state at the start of a run, by the names of instruments. The
            function is called with the events of these instruments.
        strategy_id : StrategyId or str
            Whose the orders are.
        jit : bool
            `False` calls the Python function itself, without numba, with the same results: for
            tests and debuggers. It does not matter for a C function.

        Raises
        ------
        TypeError
            If a state is of another class or has another value than a number, or if numba cannot
            compile the function.
        ValueError
            If there is no instrument, or a number does not fit.
        ImportError
            If numba is not installed.
        """
        check_type("own", own, Mapping)
        if not own:
            raise ValueError("own needs at least one instrument")
        check_type("jit", jit, bool)
        records = []
        for name, value in own.items():
            check_name("the name of an instrument", name)
            place = f"own[{shown(name)}]"
            check_type(place, value, self._own)
            records.append(layout.record_of(place, value, self._structure))
        strategy_id = (
            strategy_id if isinstance(strategy_id, StrategyId) else StrategyId(strategy_id)
        )
        entry = self._entry(jit)
        native = NativeFunction(
            entry.entry,
            self._name,
            instruments=list(own),
            own=b"".join(records),
            failure=entry.failure,
            levels=self._levels,
            account_events=self._account_events,
            is_python=entry.is_python,
        )
        return CompiledStrategy(native, self._own, strategy_id)

    def _entry(self, jit: bool) -> _Entry:  # noqa: FBT001 - the key of what is kept
        with self._lock:
            if jit not in self._entries:
                self._entries[jit] = self._make_entry(jit)
            return self._entries[jit]


def compiled(
    own: type[OwnT], *, levels: int = 0, account_events: bool = False
) -> Callable[[EventFunction[OwnT]], CompiledFunction[OwnT]]:
    """Make a function a strategy that numba compiles, so that no event costs a call of Python.

    numba compiles the function when its first strategy is made: it knows arithmetic, `math`, `if`,
    loops and calls of other compiled functions, but no Python objects.

    Parameters
    ----------
    own : type of OwnT
        The function's own state: a dataclass with fields of `float`, `int` (of 64 bits) and `bool`.
        Each instrument has one.
    levels : int
        How many levels of each side of the book `instrument.bid` and `instrument.ask` give, up to
        1,000.
    account_events : bool
        Whether the function is called after fills, and after news of orders and cancels, as well as
        after market events; `instrument.event` tells them apart.

    Raises
    ------
    TypeError
        If `own` is no dataclass of numbers, or an argument is of another type.
    ValueError
        If `levels` is out of range.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Own:
    ...     quantity: float
    ...     was_bought: bool = False
    >>> @compiled(Own)
    ... def buy_once(time_ns, instrument, own, orders):
    ...     if not own.was_bought:
    ...         own.was_bought = True
    ...         orders.market_buy(own.quantity)
    >>> strategy = buy_once.strategy({"kraken-xbt_usd": Own(0.5)}, strategy_id="once", jit=False)
    """
    structure = layout.own_structure(own)
    _check_options(levels, account_events)

    def decorate(function: EventFunction[OwnT]) -> CompiledFunction[OwnT]:
        if not callable(function):
            raise TypeError(f"compiled is for a function, got {shown(function)}")
        name: str = getattr(function, "__name__", repr(function))

        def entry(jit: bool) -> _Entry:  # noqa: FBT001 - as it is kept
            return _jitted(function, structure) if jit else Interpreted(function, structure)

        return CompiledFunction(name, own, entry, levels=levels, account_events=account_events)

    return decorate


def _check_options(levels: int, account_events: bool) -> None:  # noqa: FBT001 - as they are called
    check_int("levels", levels, 0, MOST_LEVELS)
    check_type("account_events", account_events, bool)


def _jitted(function: EventFunction[OwnT], structure: type[Structure]) -> _Entry:
    try:
        from .jit import Compiled  # noqa: PLC0415 - numba is optional, and slow to import
    except ModuleNotFoundError as error:
        if error.name not in ("numba", "numpy"):
            raise
        raise ModuleNotFoundError(_MISSING, name=error.name) from error
    return Compiled(function, structure)


def c_function(
    function: object,
    own: type[OwnT],
    *,
    name: str | None = None,
    levels: int = 0,
    account_events: bool = False,
) -> CompiledFunction[OwnT]:
    """Make a C function a strategy: one that a compiler of C, Rust or another language has made.

    `C_DECLARATIONS` says what it reads and writes; `own` points to a structure with the fields of
    the dataclass, in their order. It puts at most `capacity` requests into `requests` and sets
    `count`; it returns 0, and anything else to stop the run.

    The declared signature is compared with what the engine calls. Nobody can check that the
    declaration is true, or that the function stays within what it is given: that is the
    responsibility of the caller. A function that is declared wrongly can crash the process. In a
    backtest the interpreter's lock is not held during a call, so that runs on several threads can
    call the function at the same time.

    Parameters
    ----------
    function : ctypes function or cffi function pointer
        The function, with its `argtypes` and `restype` set, or of `CFunction`; of cffi, such as
        `ffi.addressof(library, "on_event")`. A plain address is refused.
    own : type of OwnT
        The function's own state: a dataclass with fields of `float` (`double`), `int` (`int64_t`)
        and `bool` (`_Bool`). Each instrument has one.
    name : str, optional
        The name of the function in errors; of ctypes it is known.
    levels : int
        How many levels of each side of the book the function reads, up to 1,000.
    account_events : bool
        Whether the function is called after events of the account too, as in `compiled`.

    Raises
    ------
    TypeError
        If the function is of another kind or declared with another signature, `own` is no dataclass
        of numbers, or an argument is of another type.
    ValueError
        If `levels` is out of range, or the function is a null pointer.

    Examples
    --------
    A function of ctypes; that of a library of C is handed over in the same way:

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Own:
    ...     events: int = 0
    >>> @CFunction
    ... def idle(time_ns, instrument, own, requests):
    ...     return 0
    >>> function = c_function(idle, Own, name="idle")
    >>> strategy = function.strategy({"kraken-xbt_usd": Own()}, strategy_id="idle")
    """
    _check_options(levels, account_events)
    entry = _Declared(checked_entry(function, layout.own_structure(own)), function)
    if name is None:
        name = str(getattr(function, "__name__", "the C function"))
    check_name("name", name)
    return CompiledFunction(
        name, own, lambda _: entry, levels=levels, account_events=account_events
    )

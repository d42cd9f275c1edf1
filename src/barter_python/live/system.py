"""A running system in the hands of other threads."""

import asyncio
import atexit
import ctypes
import os
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import NamedTuple

from typing_extensions import Self, Unpack

from .._checks import check_duration, check_type
from .._command import CancelOrders, ClosePositions, SendCancelRequests, SendOpenRequests
from .._core import EngineView, InstrumentFilter, StreamStatus, SystemControls, TradingState
from .._records.equity import asset_name
from ..errors import StrategyBusyError, StreamError
from ..execution import OrderRequestCancel, OrderRequestOpen
from ..strategy import AlgoStrategy
from ..system import SystemConfig
from .audit import AuditStream
from .result import PaperResult
from .session import PaperOptions, Session

_EVERY = InstrumentFilter.none()
_LOOK = 0.1
"""Seconds between two looks for Ctrl-C, which a longer wait would not notice on Windows."""
_GRACE = 1.0
"""Seconds that a run has to end in when it is aborted."""


class Standing(NamedTuple):
    """How the account of a running system stands, and what was refused last."""

    equity: Sequence[tuple[str, Decimal, Decimal | None]]
    """By quote asset: what the account is worth, and how far below its peak, as a share of it."""
    refusals: Sequence[tuple[int, str]]
    """When, in nanoseconds since 1970 in UTC, and what and why; the last first."""


class System:
    """A system that trades on paper on a thread of its own (`barter::system::System`).

    All methods can be called from any thread but that of the strategy. A command returns when the
    engine has processed it; it does not wait for market events in front of it.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python import DefaultStrategy, SystemConfig, TradingState
    >>> from barter_python.live import System
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> def a_minute_on_paper() -> None:  # call it: it connects to Binance
    ...     with System.start(DefaultStrategy(), config) as system:
    ...         if system.wait(timedelta(minutes=1)) is None:
    ...             system.trading_state(TradingState.DISABLED)
    ...             print(system.shutdown())
    """

    _session: Session
    _thread: threading.Thread
    _process: int
    _ended: threading.Event
    _at_end: list[Callable[[], object]]
    _has_begun: bool
    _is_aborted: bool
    _result: PaperResult | None
    _failure: BaseException | None

    @classmethod
    def start(
        cls, strategy: AlgoStrategy, config: SystemConfig, **options: Unpack[PaperOptions]
    ) -> Self:
        """Connect, and start the engine on a thread.

        Parameters
        ----------
        strategy : Strategy
            The strategy; its callbacks run on the new thread.
        config : SystemConfig
            The instruments to trade, and how their exchanges are simulated.
        **options : PaperOptions
            As of `run_paper`.

        Returns
        -------
        System
            The running system. Use it in a `with`, or call `shutdown`.

        Raises
        ------
        StreamError
            If a venue cannot be reached or refuses a subscription.
        ConfigError, ValueError, TypeError
            As of `run_backtest`, before anything connects.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, StreamError, SystemConfig
        >>> from barter_python import ExchangeId
        >>> from barter_python.live import System
        >>> from barter_python.streams import Address, StreamOptions
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> nobody = {ExchangeId.BINANCE_SPOT: Address(websocket="ws://127.0.0.1:9/ws")}
        >>> try:
        ...     System.start(DefaultStrategy(), config,
        ...                  stream_options=StreamOptions(addresses=nobody))
        ... except StreamError as error:
        ...     print(str(error).partition(" ")[0])
        binance_spot
        """
        system = cls._connect(strategy, config, options)
        try:
            system._begin()
        except KeyboardInterrupt:
            system._finish()
            raise
        return system

    @classmethod
    def _connect(cls, strategy: AlgoStrategy, config: SystemConfig, options: PaperOptions) -> Self:
        """Connect. Who catches Ctrl-C has a system to end before its thread runs."""
        system = cls.__new__(cls)
        system._process = os.getpid()
        system._ended = threading.Event()
        system._at_end = []
        system._has_begun = False
        system._is_aborted = False
        system._result = None
        system._failure = None
        system._session = Session.open(strategy, config, options)
        # A daemon: a plain thread would be waited for before the hook below could stop it.
        system._thread = threading.Thread(target=system._run, name="barter-system", daemon=True)
        return system

    def _begin(self) -> None:
        """Start the engine on its thread."""
        _RUNNING.add(self)
        self._has_begun = True
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result, self._failure = self._session.run()
        except BaseException as failure:
            self._failure = failure
        finally:
            self._ended.set()
            for tell in list(self._at_end):
                tell()

    @property
    def _controls(self) -> SystemControls:
        if os.getpid() != self._process:
            raise StreamError(
                "this system runs in the parent process, whose threads a fork does not copy: "
                'start a system in the child, or start the child with "spawn"'
            )
        return self._session.controls

    def _stop(self) -> None:
        """Have the run end by its policy."""
        controls = self._controls
        if threading.current_thread() is self._thread:
            raise StrategyBusyError(
                "the strategy runs in the system whose end it would wait for: return "
                "TradingState.DISABLED from a hook, or raise an exception, instead"
            )
        controls.stop()

    def trading_state(self, state: TradingState) -> None:
        """Turn trading on or off (`System::trading_state`).

        Parameters
        ----------
        state : TradingState
            The new state. `ENABLED` also arms a kill switch anew that has tripped.

        Raises
        ------
        StreamError
            If the system has ended.
        StrategyBusyError
            If the strategy itself calls it.

        Examples
        --------
        >>> from barter_python import TradingState
        >>> from barter_python.live import System
        >>> def pause(system: System) -> None:
        ...     system.trading_state(TradingState.DISABLED)
        """
        check_type("state", state, TradingState)
        self._controls.command(state)

    def close_positions(self, filter: InstrumentFilter = _EVERY, /) -> None:
        """Close positions (`System::close_positions`).

        The orders are those of the strategy's `close_positions_requests`.

        Parameters
        ----------
        filter : InstrumentFilter
            The instruments; all by default.

        Raises
        ------
        StreamError
            If the system has ended.

        Examples
        --------
        >>> from barter_python import InstrumentFilter
        >>> from barter_python.live import System
        >>> def leave_the_first_instrument(system: System) -> None:
        ...     system.close_positions(InstrumentFilter.instruments([0]))
        """
        self._controls.command(ClosePositions(filter))

    def cancel_orders(self, filter: InstrumentFilter = _EVERY, /) -> None:
        """Cancel open orders, and withdraw stops (`System::cancel_orders`).

        Parameters
        ----------
        filter : InstrumentFilter
            The instruments; all by default.

        Raises
        ------
        StreamError
            If the system has ended.

        Examples
        --------
        >>> from barter_python.live import System
        >>> def withdraw_everything(system: System) -> None:
        ...     system.cancel_orders()
        """
        self._controls.command(CancelOrders(filter))

    def send_open_requests(self, requests: Sequence[OrderRequestOpen]) -> None:
        """Send orders (`System::send_open_requests`).

        Parameters
        ----------
        requests : sequence of OrderRequestOpen
            The orders. They pass the risk manager if `guard_commands` is set.

        Raises
        ------
        StreamError
            If the system has ended.
        OrderRequestError, ValueError
            If an order must not reach the engine.

        Examples
        --------
        >>> from barter_python import Side
        >>> from barter_python.live import System
        >>> def buy_one(system: System) -> None:
        ...     first = system.snapshot().instruments[0]
        ...     system.send_open_requests([first.market_order(Side.BUY, 1, strategy_id="me")])
        """
        self._controls.command(SendOpenRequests(requests))

    def send_cancel_requests(self, requests: Sequence[OrderRequestCancel]) -> None:
        """Send cancels (`System::send_cancel_requests`).

        Parameters
        ----------
        requests : sequence of OrderRequestCancel
            The cancels.

        Raises
        ------
        StreamError
            If the system has ended.
        OrderRequestError, ValueError
            If a cancel must not reach the engine.

        Examples
        --------
        >>> from barter_python.live import System
        >>> def cancel_the_oldest(system: System) -> None:
        ...     order = system.snapshot().instruments[0].orders[0]
        ...     cancel = order.to_request_cancel()
        ...     if cancel is not None:
        ...         system.send_cancel_requests([cancel])
        """
        self._controls.command(SendCancelRequests(requests))

    def snapshot(self) -> EngineView:
        """Give a copy of the engine's state, which is valid on any thread.

        Raises
        ------
        StreamError
            If the system has ended.
        """
        return self._controls.snapshot()

    def take_audit(self) -> AuditStream:
        """Give the audit from now on (`System::take_audit`): it can be taken once.

        Until it is taken it costs nothing.

        Returns
        -------
        AuditStream
            A snapshot of the state, and the audit of each event after it.

        Raises
        ------
        ValueError
            If it was taken before, or the run has the option `audit`.
        StreamError
            If the system has ended.

        Examples
        --------
        >>> from barter_python import AuditSnapshot, StateReplica
        >>> from barter_python.live import System
        >>> def follow(system: System) -> StateReplica:
        ...     audit = system.take_audit()
        ...     start = next(audit)
        ...     assert isinstance(start, AuditSnapshot)
        ...     replica = StateReplica(start)
        ...     for tick in audit:
        ...         assert not isinstance(tick, AuditSnapshot)
        ...         replica.update(tick)
        ...     return replica
        """
        audit = AuditStream()
        self._controls.take_audit(audit)
        self._at_end.append(partial(audit._put, None))
        if self._ended.is_set():
            audit._put(None)  # it has ended meanwhile: a second end does no harm
        return audit

    def _standing(self) -> Standing:
        """Give how the account stands, and what was refused last, for who shows it."""
        equity, refusals = self._controls.standing()
        assets = self._session.config.index().assets
        named = [(asset_name(assets[asset]), amount, fall) for asset, amount, fall in equity]
        return Standing(named, refusals)

    @property
    def is_running(self) -> bool:
        """Whether the system has not ended."""
        return not self._ended.is_set()

    @property
    def events(self) -> int:
        """How many market events the engine has processed."""
        return self._controls.progress()[0]

    @property
    def time_ns(self) -> int:
        """The engine's time in nanoseconds since 1970 in UTC; zero before the first event."""
        return self._controls.progress()[1]

    @property
    def lag(self) -> timedelta:
        """How long after its arrival the last event was processed."""
        return timedelta(microseconds=self._controls.progress()[2] // 1_000)

    @property
    def statuses(self) -> tuple[StreamStatus, ...]:
        """What has happened to the connections so far: the last thousand statuses."""
        return self._session.streams.statuses

    def wait(self, timeout: timedelta | None = None) -> PaperResult | None:
        """Wait for the end of the run.

        Ctrl-C while it waits shuts the system down by its policy, and is raised then.

        Parameters
        ----------
        timeout : datetime.timedelta, optional
            How long to wait; by default until the end.

        Returns
        -------
        PaperResult or None
            The result; `None` if the system still runs after the timeout.

        Raises
        ------
        Exception
            What ended the run, unchanged: such as an exception of the strategy.

        Examples
        --------
        >>> from datetime import timedelta
        >>> from barter_python.live import System
        >>> def has_ended(system: System) -> bool:
        ...     return system.wait(timedelta(seconds=1)) is not None
        """
        left = None
        if timeout is not None:
            check_duration("timeout", timeout)
            left = timeout.total_seconds()
        try:
            ended = self._wait(left)
        except KeyboardInterrupt:
            self._finish()
            raise
        return self._outcome() if ended else None

    def _finish(self) -> None:
        """Stop the run and wait for its end; Ctrl-C does not wait for it."""
        if self._is_aborted:
            return
        if not self._has_begun:
            self._session.streams.close()
            self._ended.set()
            return
        try:
            self._stop()
            self._wait(None)
        except KeyboardInterrupt:
            self.abort()
            raise

    def _wait(self, seconds: float | None) -> bool:
        self._controls  # noqa: B018 - it refuses other processes
        # `Thread.join` would take an interrupted thread for an ended one.
        while seconds is None or seconds > 0:
            if self._ended.wait(_LOOK if seconds is None else min(_LOOK, seconds)):
                self._thread.join(_GRACE)  # there is nothing left for it to do
                return True
            if seconds is not None:
                seconds -= _LOOK
        return self._ended.is_set()

    async def wait_async(self) -> PaperResult:
        """Wait for the end of the run in asyncio, as `wait` does.

        Raises
        ------
        Exception
            What ended the run, unchanged.
        """
        self._controls  # noqa: B018 - it refuses other processes
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def tell() -> None:
            with suppress(RuntimeError):  # the loop has been closed
                loop.call_soon_threadsafe(ended.set)

        self._at_end.append(tell)
        if self._ended.is_set():
            ended.set()
        await ended.wait()
        return self._outcome()

    def _outcome(self) -> PaperResult:
        if self._failure is not None:
            raise self._failure
        if self._result is None:
            raise StreamError("the system was aborted, and its strategy has not returned")
        return self._result

    def shutdown(self) -> PaperResult:
        """End the run by its `ShutdownPolicy` (`System::shutdown`); a second call gives the same.

        Returns
        -------
        PaperResult
            The result, with what is left open.

        Raises
        ------
        StreamError
            If no market event has come at all.
        Exception
            What ended the run before, unchanged.
        """
        self._finish()
        return self._outcome()

    def abort(self) -> None:
        """End the run at once, without its `ShutdownPolicy` (`System::abort`).

        Open orders and positions are in `result` as they are. A strategy that does not return from
        a callback is interrupted with `KeyboardInterrupt` after a second.

        Raises
        ------
        StreamError
            In a forked process.
        StrategyBusyError
            If the strategy itself calls it.
        """
        self._stop()
        self._is_aborted = True
        self._controls.abort()
        if not self._wait(_GRACE):
            # The interpreter must not end while the thread runs Python code in a native call.
            number = ctypes.c_ulong(self._thread.ident or 0)
            raised = ctypes.py_object(KeyboardInterrupt)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(number, raised)
            self._wait(_GRACE)

    @property
    def result(self) -> PaperResult | None:
        """The result, also of a run that an exception ended; `None` while it runs."""
        return self._result

    def __enter__(self) -> Self:
        """Give the system."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Shut the system down; an exception in the block is what is raised."""
        self._finish()
        if error is None and self._failure is not None:
            raise self._failure

    def __repr__(self) -> str:
        """Say whether it runs."""
        state = "running" if self.is_running else "ended"
        return f"<System on paper, {state}, {self.events} events>"


_RUNNING: "weakref.WeakSet[System]" = weakref.WeakSet()
"""The systems to stop at the end of the interpreter."""


def _stop_all() -> None:
    systems = [each for each in _RUNNING if each._process == os.getpid() and each.is_running]
    for system in systems:
        system._stop()
    for system in systems:
        if system._is_aborted:
            continue
        ended = False
        with suppress(KeyboardInterrupt):
            ended = system._wait(system._session.live_options.shutdown.timeout.total_seconds())
        if not ended:
            system.abort()


atexit.register(_stop_all)

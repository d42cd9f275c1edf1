"""What a live run has beside the options of a backtest."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from .._checks import check_duration, check_exact, check_int, check_type
from .._core import nanoseconds_of


@dataclass(frozen=True, kw_only=True)
class ShutdownPolicy:
    """What happens to orders and positions when a run is shut down.

    If orders are to be cancelled or positions closed, trading is turned off first, and the
    strategy's `on_trading_disabled` is called.

    Parameters
    ----------
    cancel_orders : bool
        Whether open orders are cancelled.
    close_positions : bool
        Whether positions are then closed, with the strategy's `close_positions_requests`.
    timeout : datetime.timedelta
        How long the exchanges' answers may take. What is left then is in the result, as
        `open_orders` and `open_positions`.

    Raises
    ------
    TypeError
        If a value is of a wrong type.
    ValueError
        If the time is not positive.

    Examples
    --------
    >>> from barter_python.live import ShutdownPolicy
    >>> ShutdownPolicy(cancel_orders=True).timeout.total_seconds()
    10.0
    """

    cancel_orders: bool = False
    close_positions: bool = False
    timeout: timedelta = timedelta(seconds=10)

    def __post_init__(self) -> None:
        """Check the values."""
        check_type("cancel_orders", self.cancel_orders, bool)
        check_type("close_positions", self.close_positions, bool)
        check_duration("timeout", self.timeout)


@dataclass(frozen=True, kw_only=True)
class KillSwitch:
    """Limits at which a run turns trading off by itself.

    The switch trips once. Turning trading on again arms it anew.

    Parameters
    ----------
    max_drawdown : Decimal or int, optional
        The greatest fall of the equity in a quote asset from its peak, as a share of the peak, as
        that of `RiskLimits`.
    max_silence : datetime.timedelta, optional
        How long no market event may come.
    max_lag : datetime.timedelta, optional
        How long after its arrival an event may be processed; a slow strategy makes this longer.
    max_rejections : int, optional
        The number of orders refused by exchanges, one after the other, at which the switch trips.
    cancel_orders : bool
        Whether open orders are cancelled when it trips.

    Raises
    ------
    TypeError
        If a value is of a wrong type.
    ValueError
        If a number or a time is out of range.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from decimal import Decimal
    >>> from barter_python.live import KillSwitch
    >>> KillSwitch(max_drawdown=Decimal("0.02"), max_silence=timedelta(seconds=30)).cancel_orders
    True
    """

    max_drawdown: Decimal | int | None = None
    max_silence: timedelta | None = None
    max_lag: timedelta | None = None
    max_rejections: int | None = None
    cancel_orders: bool = True

    def __post_init__(self) -> None:
        """Check the values."""
        if self.max_drawdown is not None:
            check_exact("max_drawdown", self.max_drawdown)
            if not 0 < self.max_drawdown < 1:
                raise ValueError(
                    f"max_drawdown must be between 0 and 1, such as 0.02 for 2 %, "
                    f"got {self.max_drawdown}"
                )
        for name, length in (("max_silence", self.max_silence), ("max_lag", self.max_lag)):
            if length is not None:
                check_duration(name, length)
        if self.max_rejections is not None:
            check_int("max_rejections", self.max_rejections, 1, 1_000_000)
        check_type("cancel_orders", self.cancel_orders, bool)


@dataclass(frozen=True, kw_only=True)
class LiveOptions:
    """The options of a live run, checked; native code reads them by name."""

    duration: timedelta | None
    record: str | None
    session: str
    """The first line of the record: how the run was started, as JSON."""
    shutdown: ShutdownPolicy
    kill_switch: KillSwitch

    @property
    def duration_ns(self) -> int | None:
        """How long the run may go on, in nanoseconds."""
        return _nanoseconds(self.duration)

    @property
    def shutdown_cancel_orders(self) -> bool:
        """As of `ShutdownPolicy`."""
        return self.shutdown.cancel_orders

    @property
    def shutdown_close_positions(self) -> bool:
        """As of `ShutdownPolicy`."""
        return self.shutdown.close_positions

    @property
    def shutdown_timeout_ns(self) -> int:
        """As of `ShutdownPolicy`, in nanoseconds."""
        return nanoseconds_of(self.shutdown.timeout)

    @property
    def max_drawdown(self) -> Decimal | int | None:
        """As of `KillSwitch`."""
        return self.kill_switch.max_drawdown

    @property
    def max_silence_ns(self) -> int | None:
        """As of `KillSwitch`, in nanoseconds."""
        return _nanoseconds(self.kill_switch.max_silence)

    @property
    def max_lag_ns(self) -> int | None:
        """As of `KillSwitch`, in nanoseconds."""
        return _nanoseconds(self.kill_switch.max_lag)

    @property
    def max_rejections(self) -> int | None:
        """As of `KillSwitch`."""
        return self.kill_switch.max_rejections

    @property
    def kill_cancel_orders(self) -> bool:
        """As of `KillSwitch`."""
        return self.kill_switch.cancel_orders


def _nanoseconds(length: timedelta | None) -> int | None:
    return None if length is None else nanoseconds_of(length)

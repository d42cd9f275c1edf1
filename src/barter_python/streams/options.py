"""How streams treat their connections and their reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from .. import _core
from .._checks import check_duration, check_int, check_type
from .._core import ExchangeId, Overflow

MOST_WAITING = 10_000_000
"""The largest capacity: some gigabytes."""


@dataclass(frozen=True)
class Address:
    """Where a venue is, if not at its own address: a testnet, a relay, a server for tests.

    Parameters
    ----------
    websocket : str, optional
        Address of the WebSocket, with its path, such as `wss://stream.testnet.binance.vision/ws`.
    http : str, optional
        Base of the addresses of requests, such as `https://testnet.binance.vision`. Only the order
        books of Binance use it, for their snapshots.

    Raises
    ------
    ValueError
        If one of them is not such an address.

    Examples
    --------
    >>> from barter_python.streams import Address
    >>> Address(websocket="ws://127.0.0.1:8765/ws").http is None
    True
    """

    websocket: str | None = None
    http: str | None = None

    def __post_init__(self) -> None:
        """Check the addresses."""
        for name, text in (("websocket", self.websocket), ("http", self.http)):
            if text is not None:
                check_type(name, text, str)
        _core.check_address(self.websocket, self.http)


@dataclass(frozen=True, kw_only=True)
class StreamOptions:
    """How `Streams` treats its connections and its reader.

    A connection that is lost is opened again, after a pause that doubles from `backoff` up to
    `backoff_max` with each attempt. The pause starts anew once a connection has lasted for
    `steady`, so that a venue which accepts and closes at once is not hammered.

    Parameters
    ----------
    capacity : int
        How many events may wait for the reader.
    overflow : Overflow
        What happens to an event that comes when so many wait.
    open_timeout : datetime.timedelta
        How long opening a connection may take, with the venue's answers and the snapshots.
    silence : datetime.timedelta or None
        If nothing comes from a venue for so long, the connection counts as lost; if nothing comes
        for one instrument while the connection is open, a status says so. `None` waits for ever.
        Liquidations are so rare that it does not apply to them.
    backoff : datetime.timedelta
        The pause before the first attempt to open a lost connection again.
    backoff_max : datetime.timedelta
        The longest pause.
    steady : datetime.timedelta
        How long a connection must last for the pauses to start anew.
    wait_for_connection : bool
        Whether a first attempt that fails is tried again, as later ones are. Without, it raises.
    addresses : mapping of ExchangeId to Address
        Addresses of venues that are not to be reached at their own.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python.streams import Overflow, StreamOptions
    >>> StreamOptions(overflow=Overflow.RAISE, silence=timedelta(seconds=10)).capacity
    65536
    """

    capacity: int = 65_536
    overflow: Overflow = Overflow.WAIT
    open_timeout: timedelta = timedelta(seconds=10)
    silence: timedelta | None = timedelta(seconds=60)
    backoff: timedelta = timedelta(milliseconds=125)
    backoff_max: timedelta = timedelta(seconds=60)
    steady: timedelta = timedelta(seconds=10)
    wait_for_connection: bool = False
    addresses: Mapping[ExchangeId, Address] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the values."""
        check_int("capacity", self.capacity, 1, MOST_WAITING)
        check_type("overflow", self.overflow, Overflow)
        check_duration("open_timeout", self.open_timeout)
        if self.silence is not None:
            check_duration("silence", self.silence)
        check_duration("backoff", self.backoff)
        check_duration("backoff_max", self.backoff_max)
        if self.backoff_max < self.backoff:
            raise ValueError(
                f"backoff_max must not be below backoff, {self.backoff}, got {self.backoff_max}"
            )
        check_duration("steady", self.steady)
        check_type("wait_for_connection", self.wait_for_connection, bool)
        check_type("addresses", self.addresses, Mapping)
        for exchange, address in self.addresses.items():
            check_type("exchange of addresses", exchange, ExchangeId)
            check_type(f"addresses[{exchange}]", address, Address)

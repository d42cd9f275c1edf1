"""The events of live streams, for a plain loop and for `async for`."""

from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from datetime import timedelta
from os import PathLike
from types import TracebackType

from typing_extensions import Self, override

from .._checks import check_duration, check_int, check_path, check_type
from .._core import (
    IndexedInstruments,
    Lag,
    MarketEvent,
    MarketFeed,
    OrderBook,
    Reconnecting,
    StreamStatus,
)
from ..errors import StreamError, UnknownKeyError
from .options import StreamOptions
from .recording import Recording
from .subscription import Subscription
from .waiting import wait_readable

_NOW = timedelta(0)
_MOST_BYTES = 2**63 - 1


class Streams(Iterator[MarketEvent | Reconnecting], AsyncIterator[MarketEvent | Reconnecting]):
    """Live events of any number of venues, in the order in which they came.

    Each venue has one connection for each kind of subscription. A connection that is lost is
    opened again; the reader gets one `Reconnecting` for each loss, and `statuses` has the reasons.
    Between two connections events are missed: books of level 2 begin anew with a snapshot, trades
    have a gap.

    One reader reads them: a plain loop, or `async for` in asyncio or trio. The threads of the
    network never touch Python, so that a slow reader delays itself but nothing else; `lag` says
    how far it is behind.

    `Streams.connect` and `Streams.connect_async` make one.

    Examples
    --------
    >>> from barter_python import (
    ...     ExchangeId, InstrumentConfig, MarketEvent, PublicTrade, Reconnecting, Underlying)
    >>> from barter_python.streams import Streams, SubKind, Subscription
    >>> bitcoin = InstrumentConfig(
    ...     ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))
    >>> subscriptions = Subscription.each(
    ...     [bitcoin], SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1)
    >>> def print_trades() -> None:  # call it: it connects to Binance
    ...     with Streams.connect(subscriptions) as streams:
    ...         for event in streams:
    ...             match event:
    ...                 case MarketEvent(kind=PublicTrade() as trade):
    ...                     print(event.time_exchange, trade.price, trade.amount)
    ...                 case Reconnecting():
    ...                     print("lost:", streams.statuses[-1].reason)
    """

    _feed: MarketFeed
    _instruments: IndexedInstruments
    _is_awaited: bool

    def __init__(self) -> None:
        raise TypeError("Streams cannot be made without a connection: use Streams.connect")

    @classmethod
    def connect(
        cls,
        subscriptions: Iterable[Subscription],
        *,
        options: StreamOptions | None = None,
        instruments: IndexedInstruments | None = None,
    ) -> Self:
        """Connect, and wait until the venues have accepted the subscriptions.

        Parameters
        ----------
        subscriptions : iterable of Subscription
            What to subscribe to.
        options : StreamOptions, optional
            How connections and reader are treated, and the venues' addresses.
        instruments : IndexedInstruments, optional
            Gives the events the indices of its instruments, such as `SystemConfig.index()` does for
            those of a system. By default an index of the subscribed instruments.

        Returns
        -------
        Streams
            The open streams. Use it in a `with`, or `close` it.

        Raises
        ------
        ValueError
            If there are no subscriptions.
        UnknownKeyError
            If `instruments` does not have an instrument of the subscriptions.
        StreamError
            If a venue cannot be reached or refuses a subscription.

        Examples
        --------
        >>> from datetime import timedelta
                >>> from barter_python import ExchangeId, InstrumentConfig, StreamError, Underlying
        >>> from barter_python.streams import (
        ...     Address, StreamOptions, Streams, SubKind, Subscription)
        >>> bitcoin = InstrumentConfig(
        ...     ExchangeId.COINBASE, "BTC-USD", Underlying("btc", "usd"))
        >>> nobody = {ExchangeId.COINBASE: Address(websocket="ws://127.0.0.1:9")}
        >>> try:
        ...     Streams.connect(
        ...         [Subscription(bitcoin, SubKind.PUBLIC_TRADES)],
        ...         options=StreamOptions(addresses=nobody, open_timeout=timedelta(seconds=1)))
        ... except StreamError as error:
        ...     print(str(error).partition(":")[0])
        coinbase public_trades
        """
        streams = cls._start(subscriptions, options, instruments)
        try:
            streams._feed.wait_until_connected()
        except BaseException:
            streams.close()
            raise
        return streams

    @classmethod
    def connect_async(
        cls,
        subscriptions: Iterable[Subscription],
        *,
        options: StreamOptions | None = None,
        instruments: IndexedInstruments | None = None,
    ) -> "StreamsConnecting":
        """Do as `connect`, for `async with` or `await`.

        Parameters
        ----------
        subscriptions : iterable of Subscription
            What to subscribe to.
        options : StreamOptions, optional
            How connections and reader are treated, and the venues' addresses.
        instruments : IndexedInstruments, optional
            Gives the events the indices of its instruments.

        Returns
        -------
        StreamsConnecting
            Gives the `Streams`, for which it waits in asyncio or trio.

        Raises
        ------
        ValueError
            If there are no subscriptions.
        UnknownKeyError
            If `instruments` does not have an instrument of the subscriptions.
        StreamError
            If a venue cannot be reached or refuses a subscription; it is raised by the wait.

        Examples
        --------
        >>> from barter_python.streams import Streams, Subscription
        >>> async def first_event(subscriptions: list[Subscription]) -> object:
        ...     async with Streams.connect_async(subscriptions) as streams:
        ...         async for event in streams:
        ...             return event
        """
        return StreamsConnecting(cls._start(subscriptions, options, instruments))

    @classmethod
    def _start(
        cls,
        subscriptions: Iterable[Subscription],
        options: StreamOptions | None,
        instruments: IndexedInstruments | None,
    ) -> Self:
        subscriptions = tuple(subscriptions)
        for position, subscription in enumerate(subscriptions):
            check_type(f"subscriptions[{position}]", subscription, Subscription)
        if not subscriptions:
            raise ValueError("subscriptions must not be empty")
        options = StreamOptions() if options is None else options
        check_type("options", options, StreamOptions)
        if instruments is None:
            instruments = IndexedInstruments([each.instrument for each in subscriptions])
        check_type("instruments", instruments, IndexedInstruments)
        keys = [
            instruments.instrument_index((each.exchange, each.instrument.name_exchange))
            for each in subscriptions
        ]
        streams = cls.__new__(cls)
        streams._instruments = instruments
        streams._is_awaited = False
        streams._feed = MarketFeed(
            instruments,
            [(key, each.kind) for key, each in zip(keys, subscriptions, strict=True)],
            [
                (exchange, address.websocket, address.http)
                for exchange, address in options.addresses.items()
            ],
            capacity=options.capacity,
            overflow=options.overflow,
            open_timeout=options.open_timeout,
            silence=options.silence,
            backoff=options.backoff,
            backoff_max=options.backoff_max,
            steady=options.steady,
            wait_for_connection=options.wait_for_connection,
        )
        return streams

    @property
    def instruments(self) -> IndexedInstruments:
        """The instruments, with the indices that events have."""
        return self._instruments

    @property
    def statuses(self) -> tuple[StreamStatus, ...]:
        """What has happened to the connections, up to where the reader is: the last thousand."""
        return tuple(self._feed.statuses())

    @property
    def lag(self) -> Lag:
        """How far the reader is behind."""
        return self._feed.lag()

    def book(self, instrument: int | str) -> OrderBook | None:
        """Give the order book of an instrument, made of `SubKind.ORDER_BOOKS_L2`.

        Binance's books begin with 1,000 levels a side: levels below them are not known, and levels
        that fall out of them stay.

        Parameters
        ----------
        instrument : int or str
            Its index, or its name, such as `binancespot-btc_usdt`.

        Returns
        -------
        OrderBook or None
            The book after the last event that the reader has got. `None` if it is unknown: before
            the first snapshot, and after a loss until the next.

        Raises
        ------
        UnknownKeyError
            If no instrument has that index or name.

        Examples
        --------
        >>> from barter_python.streams import Streams
        >>> def best_bid(streams: Streams) -> object:
        ...     book = streams.book("binancespot-btc_usdt")
        ...     return book.bids[0] if book is not None and book.bids else None
        """
        if isinstance(instrument, str):
            return self._feed.book(self._instruments.instrument_index(instrument))
        count = len(self._instruments.instruments)
        if not 0 <= instrument < count:
            raise UnknownKeyError(
                f"there is no instrument {instrument}; there are {count} (0 to {count - 1})",
                kind="instrument",
                key=instrument,
            )
        return self._feed.book(instrument)

    def next(
        self, timeout: timedelta | None = None
    ) -> MarketEvent | Reconnecting | StreamStatus | None:
        """Wait for the next event or status.

        Parameters
        ----------
        timeout : datetime.timedelta, optional
            How long to wait; without, until something comes.

        Returns
        -------
        MarketEvent or Reconnecting or StreamStatus or None
            What came; `None` if nothing came in time, or if the streams are closed.

        Raises
        ------
        StreamError
            If the reader fell behind and the overflow is `Overflow.RAISE`, or in a forked process.

        Examples
        --------
        >>> from datetime import timedelta
                >>> from barter_python.streams import Streams, StreamStatus
        >>> def watch(streams: Streams) -> None:
        ...     match streams.next(timedelta(seconds=5)):
        ...         case None:
        ...             print("nothing for five seconds")
        ...         case StreamStatus() as status:
        ...             print(status.kind, status.reason)
        """
        if timeout is not None:
            check_duration("timeout", timeout)
        return self._feed.next(timeout)

    @override
    def __iter__(self) -> Self:
        return self

    @override
    def __next__(self) -> MarketEvent | Reconnecting:
        while (item := self._feed.next()) is not None:
            if not isinstance(item, StreamStatus):
                return item
        raise StopIteration

    @override
    def __aiter__(self) -> Self:
        return self

    @override
    async def __anext__(self) -> MarketEvent | Reconnecting:
        if self._is_awaited:
            raise StreamError("the streams have a reader already: read them in one task")
        self._is_awaited = True
        try:
            while True:
                item = self._feed.next(_NOW)
                if item is None:
                    self._feed.arm()
                    item = self._feed.next(_NOW)
                if item is None:
                    if self._feed.is_at_end():
                        raise StopAsyncIteration
                    await wait_readable(self._feed.fileno())
                elif not isinstance(item, StreamStatus):
                    return item
        finally:
            self._is_awaited = False

    def record(
        self,
        path: str | PathLike[str],
        *,
        rotate_bytes: int | None = None,
        rotate_every: timedelta | None = None,
    ) -> Recording:
        """Write what the reader gets from now on, as lines of barter's JSON.

        `MarketData.from_json_lines` reads the files. They are written each second; a file of gzip
        is a row of members, so that all but the last second can be read if the process is killed.

        Parameters
        ----------
        path : str or os.PathLike
            The file, which must not be there yet; compressed with gzip if it ends in `.gz`.
        rotate_bytes : int, optional
            A file that has so many bytes is followed by a new one.
        rotate_every : datetime.timedelta, optional
            A file that has been written to for so long is followed by a new one. With one of the
            two, files are numbered: `btc.jsonl.gz` begins with `btc.0001.jsonl.gz`.

        Returns
        -------
        Recording
            Use it in a `with`, or `close` it. The end of the streams closes it too.

        Raises
        ------
        OSError
            If the file cannot be created, or is there already.
        StreamError
            If the streams are being recorded already.

        Examples
        --------
        >>> from barter_python.streams import Streams
        >>> def record_thousand(streams: Streams) -> None:
        ...     with streams.record("market.jsonl.gz") as recording:
        ...         for _, _ in zip(range(1000), streams, strict=False):
        ...             pass
        ...     print(recording.events, "events in", recording.files)
        """
        check_path("path", path)
        if rotate_bytes is not None:
            check_int("rotate_bytes", rotate_bytes, 1, _MOST_BYTES)
        if rotate_every is not None:
            check_duration("rotate_every", rotate_every)
        self._feed.record(path, rotate_bytes, rotate_every)
        return Recording(self._feed)

    def close(self) -> int:
        """End all connections. A second call does nothing.

        Returns
        -------
        int
            The number of events that came and that nobody has read.

        Examples
        --------
        >>> from barter_python.streams import Streams
        >>> def end(streams: Streams) -> None:
        ...     print(streams.close(), "events are dropped")
        """
        return self._feed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class StreamsConnecting:
    """Streams that are being connected: what `Streams.connect_async` gives.

    Examples
    --------
    >>> async def first_event(subscriptions):
    ...     async with Streams.connect_async(subscriptions) as streams:
    ...         async for event in streams:
    ...             return event
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    def __await__(self) -> Generator[object, None, Streams]:
        """Wait until the venues have accepted the subscriptions."""
        return self._connected().__await__()

    async def _connected(self) -> Streams:
        feed = self._streams._feed
        try:
            while True:
                feed.arm()
                if feed.is_connected():
                    return self._streams
                await wait_readable(feed.fileno())
        except BaseException:
            self._streams.close()
            raise

    async def __aenter__(self) -> Streams:
        return await self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._streams.close()

"""What is written of streams while they are read."""

from pathlib import Path
from types import TracebackType

from typing_extensions import Self

from .._core import MarketFeed
from ..errors import StreamError


class Recording:
    """A recording of `Streams`: what `Streams.record` gives.

    Leave its `with`, or `close` it, so that the last second is written too.

    Examples
    --------
    >>> from barter_python.streams import Streams
    >>> def record_rest(streams: Streams) -> None:
    ...     with streams.record("market.jsonl.gz") as recording:
    ...         for event in streams:
    ...             if recording.events > 1_000_000:
    ...                 break
    """

    def __init__(self, feed: MarketFeed) -> None:
        self._feed = feed
        self._at_end: tuple[tuple[Path, ...], int] | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files so far, in the order in which they were begun."""
        return self._written()[0]

    @property
    def events(self) -> int:
        """How many events are in the files; the last second's may still be on their way."""
        return self._written()[1]

    def _written(self) -> tuple[tuple[Path, ...], int]:
        if self._at_end is not None:
            return self._at_end
        files, events, _ = self._feed.recorded()
        return tuple(files), events

    def close(self) -> None:
        """Write what is left and close the file. A second call does nothing.

        Raises
        ------
        StreamError
            If not all could be written.

        Examples
        --------
        >>> from barter_python.streams import Streams
        >>> def record_one(streams: Streams) -> int:
        ...     recording = streams.record("market.jsonl.gz")
        ...     next(streams)
        ...     recording.close()
        ...     return recording.events
        """
        if self._at_end is not None:
            return
        files, events, failure = self._feed.stop_recording()
        self._at_end = tuple(files), events
        if failure is not None:
            raise StreamError(f"{files[-1]} cannot be written: {failure}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

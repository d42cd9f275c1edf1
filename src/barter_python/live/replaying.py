"""A recorded run once more, and whether its decisions are the same."""

from dataclasses import dataclass, replace
from itertools import zip_longest
from os import PathLike

from .._checks import check_path
from .._core import MarketData
from ..backtest import BacktestResult
from ..backtest.run import PreparedRun
from ..risk import RiskLimits, RiskManagerLike
from ..strategy import AlgoStrategy
from .record import RecordedRequest, read_session


@dataclass(frozen=True)
class Difference:
    """The first request in which a replay differs from the record.

    Parameters
    ----------
    position : int
        How many requests before it are the same.
    recorded : RecordedRequest, optional
        What the recorded run sent there; `None` if nothing.
    replayed : RecordedRequest, optional
        What the replay sent there; `None` if nothing.

    Examples
    --------
    >>> from barter_python.live import Difference, RecordedRequest
    >>> print(Difference(0, RecordedRequest(5, '{"Open":1}'), None))
    request 0: recorded {"Open":1} at 5 ns, replayed nothing
    """

    position: int
    recorded: RecordedRequest | None
    replayed: RecordedRequest | None

    def __str__(self) -> str:
        """Say what differs."""
        recorded, replayed = (
            "nothing" if each is None else f"{each.request} at {each.time_ns} ns"
            for each in (self.recorded, self.replayed)
        )
        return f"request {self.position}: recorded {recorded}, replayed {replayed}"


@dataclass(frozen=True)
class Replay:
    """A run over a record.

    Attributes
    ----------
    result : BacktestResult
        The results of the replay.
    difference : Difference, optional
        The first decision that differs from the record; `None` if all are the same.

    Examples
    --------
    >>> from barter_python.live import Replay
    >>> def is_as_recorded(replayed: Replay) -> bool:
    ...     return replayed.difference is None
    """

    result: BacktestResult
    difference: Difference | None


def replay(
    record: str | PathLike[str],
    strategy: AlgoStrategy,
    *,
    risk_manager: RiskManagerLike | RiskLimits | None = None,
) -> Replay:
    """Run a strategy over the record of a run on paper, with its configuration and its commands.

    The same strategy sends the same requests at the same nanoseconds, and `result.to_json()` has
    the same bytes. If the strategy was changed, `difference` has its first
    decision that differs.

    Parameters
    ----------
    record : str or os.PathLike
        The path that was `record` of `run_paper`: the session's file is beside it.
    strategy : Strategy
        A new instance.
    risk_manager : RiskManager or RiskLimits, optional
        That of the recorded run, if it had one: a record cannot hold it.

    Returns
    -------
    Replay
        The results, and the first difference.

    Raises
    ------
    OSError
        If a file of the record cannot be opened.
    MarketDataError
        If a file is no record.
    ValueError
        If the recorded run had a risk manager and none is given, or the other way round.
    Exception
        What the strategy raises, unchanged.

    Examples
    --------
    >>> from barter_python import DefaultStrategy
    >>> from barter_python.live import replay
    >>> try:
    ...     replay("no_such_record.jsonl.gz", DefaultStrategy())
    ... except FileNotFoundError as error:
    ...     print(error.filename)
    no_such_record.jsonl.gz.session.jsonl.gz
    """
    check_path("record", record)
    session = read_session(record)
    if session.has_risk_manager is not (risk_manager is not None):
        had = "had a risk manager" if session.has_risk_manager else "had no risk manager"
        raise ValueError(f"the recorded run {had}: give risk_manager what it was given")
    data = MarketData.from_json_lines(record)
    config = session.config
    instruments = config.index()
    options = replace(session.options, risk_manager=risk_manager).for_instruments(instruments)
    # Not `PreparedRun.of`: that some faults came after the end of the session is no news.
    prepared = PreparedRun(data, instruments, config.executions, options)
    result, sent = prepared.run_with_requests(strategy)
    replayed = [RecordedRequest(time, request) for time, request in sent]
    difference = None
    for position, (one, other) in enumerate(zip_longest(session.requests, replayed)):
        if session.until_ns is None and one is None:
            break  # the recorded process was killed: what it sent last is not in the record
        if one != other:
            difference = Difference(position, one, other)
            break
    return Replay(result, difference)

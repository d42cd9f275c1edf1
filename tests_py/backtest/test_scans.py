"""Runs over histories in parts: the same, byte for byte, as over the history in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from distributed import Client, LocalCluster
from models.comparison import Case, Recording, Scripted
from models.exchange_cases import case_of
from support import LONG_RUN
from support.histories import at, history, l1, quotes, run, trade, two_instruments, with_execution
from support.scans import hundred, missing
from support.sweeps import BuyOnce
from typing_extensions import override

import barter_python as bp
from barter_python import (
    NO_ORDERS,
    BacktestResult,
    DefaultStrategy,
    EngineView,
    MarketData,
    MarketDataError,
    MarketEvent,
    MarketScan,
    Orders,
    Reconnecting,
    Strategy,
    run_backtest,
    run_backtests,
)
from barter_python.exchange import Disconnect

Event = MarketEvent | bp.NamedMarketEvent | Reconnecting
Events = Sequence[Event]
START = 1_800_000_000_000_000_000


# The same results


def pieces(random: Random, events: Iterable[Event]) -> list[Events]:
    """Cut where a part may end: no later event is received before what is ahead of it."""
    cut: list[list[Event]] = [[]]
    end = 0
    for event in events:
        if isinstance(event, MarketEvent):
            received = event.time_received_ns
            has_event = any(isinstance(before, MarketEvent) for before in cut[-1])
            if has_event and received >= end and random.randrange(3) == 0:
                cut.append([])
            end = max(end, received)
        cut[-1].append(event)
    return list(cut)


def outcome(case: Case, data: MarketData | MarketScan) -> tuple[str, object]:
    """Run a case; give all results and all that the strategy saw."""
    strategy = Recording(Scripted(case.script), case.config.index())
    result = run_backtest(
        strategy,
        data,
        case.config,
        fill_price=case.fill_price,
        close_at_end=case.close_at_end,
        since=case.since,
        until=case.until,
    )
    return result.to_json(), strategy.calls


@pytest.mark.filterwarnings(
    "ignore:faults.*outside the history",
    "ignore:the strategy sent no",
    "ignore:.*left a best bid above the best ask",
    "ignore:the run ends with a negative balance",
)
def test_random_runs_over_parts_are_those_over_the_whole() -> None:
    parts = 0
    for seed in range(2_000 if LONG_RUN else 100):
        case = case_of(seed)
        cut = pieces(Random(seed), case.events)
        parts += len(cut)
        whole = outcome(case, MarketData.from_events(case.events))
        scan = MarketScan(partial(MarketData.from_events, part) for part in cut)
        assert outcome(case, scan) == whole, f"case_of({seed})"
    assert parts > 300


def by_instrument(events: Events) -> list[Events]:
    """Give the events of each instrument; a lost stream is with the event before."""
    streams: dict[int, list[Event]] = {}
    instrument = next(event.instrument for event in events if isinstance(event, MarketEvent))
    for event in events:
        if isinstance(event, MarketEvent):
            instrument = event.instrument
        streams.setdefault(instrument, []).append(event)
    return list(streams.values())


@pytest.mark.filterwarnings(
    "ignore:faults.*outside the history",
    "ignore:the strategy sent no",
    "ignore:.*left a best bid above the best ask",
    "ignore:the run ends with a negative balance",
)
def test_random_runs_over_merged_scans_are_those_over_merged_histories() -> None:
    merged = 0
    for seed in range(2_000 if LONG_RUN else 60):
        case = case_of(seed)
        streams = by_instrument(case.events)
        merged += len(streams) > 1
        data = MarketData.merge(*map(MarketData.from_events, streams))
        scans = [
            MarketScan(partial(MarketData.from_events, part) for part in pieces(Random(seed), one))
            for one in streams
        ]
        assert outcome(case, MarketScan.merge(*scans)) == outcome(case, data), f"case_of({seed})"
    assert merged > 30


@pytest.fixture(scope="module")
def in_order(real_history: MarketData) -> MarketData:
    """The bundled history by `time_received`."""
    events = [event for event in real_history if isinstance(event, MarketEvent)]
    events.sort(key=lambda event: event.time_received_ns)
    return MarketData.from_events(events)


@pytest.mark.parametrize("since", [None, "2025-03-25T23:08:00Z"])
@pytest.mark.parametrize("until", [None, "2025-03-25T23:09:00Z"])
def test_the_bundled_history_in_parts(
    in_order: MarketData, real_config: bp.SystemConfig, since: str | None, until: str | None
) -> None:
    def result(data: MarketData | MarketScan) -> BacktestResult:
        return run_backtest(
            BuyOnce("0.01"),
            data,
            real_config,
            since=since,
            until=until,
            latency=timedelta(milliseconds=30),
            close_at_end=True,
        )

    whole = result(in_order)
    scan = result(MarketScan(in_order[start : start + 9_999] for start in range(0, 50_000, 9_999)))
    assert whole.fills
    assert scan.to_json() == whole.to_json()
    assert scan.settings == whole.settings
    assert scan == whole


# What a run opens


def counted(count: int, opened: list[int]) -> Iterator[Callable[[], MarketData]]:
    """Make functions that say when they are called; a part has ten quotes in a second."""

    def part(number: int) -> MarketData:
        opened.append(number)
        return MarketData.from_events(
            l1(1000 * number + 100 * quote, "100", "102") for quote in range(10)
        )

    return (partial(part, number) for number in range(count))


def test_each_run_opens_the_parts_anew_and_no_more_than_it_needs() -> None:
    opened: list[int] = []
    scan, config = MarketScan(counted(4, opened)), two_instruments()
    run_backtest(DefaultStrategy(), scan, config)
    run_backtest(DefaultStrategy(), scan, config)
    assert opened == [0, 1, 2, 3, 0, 1, 2, 3]
    opened.clear()
    run_backtest(DefaultStrategy(), scan, config, until=at(1500))
    assert opened == [0, 1], "the second part has an event at `until`"
    opened.clear()
    result = run_backtest(DefaultStrategy(), scan, config, since=at(2500))
    assert opened == [0, 1, 2, 3]
    assert result.settings.events == 15
    assert result.time_start_ns == at(2500)


def test_a_part_is_opened_when_the_one_ahead_is_done() -> None:
    opened: list[int] = []
    seen: list[int] = []

    def look(state: EngineView) -> Orders:
        seen.append(len(opened))
        return NO_ORDERS

    run(look, MarketScan(counted(3, opened)))
    assert seen == [1] * 10 + [2] * 10 + [3] * 10


class Slow(Strategy):
    """Keeps the processor busy for a while at every event."""

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        sum(range(1_000_000))
        return NO_ORDERS


def test_progress_is_that_of_the_parts() -> None:
    calls: list[tuple[int, int]] = []
    scan = MarketScan(counted(3, []))
    config = two_instruments()
    run_backtest(DefaultStrategy(), scan, config, progress=lambda *call: calls.append(call))
    assert calls[-1] == (3, 3)
    assert calls == sorted(set(calls))

    calls.clear()
    merged = MarketScan.merge(MarketScan(counted(2, [])), history(trade(5000, "1")))
    run_backtest(Slow(), merged, config, progress=lambda *call: calls.append(call))
    assert calls[-1] == (3, 3)
    assert calls == sorted(set(calls))
    assert len(calls) > 1
    assert {total for _, total in calls} == {3}


# What goes wrong


def test_a_part_that_is_not_in_order_stops_the_run() -> None:
    scan = MarketScan([history(trade(5, "1")), history(trade(4, "1"))])
    with pytest.raises(MarketDataError, match=r"parts\[1\] of the scan begins at .* before"):
        run_backtest(DefaultStrategy(), scan, two_instruments())


def test_keys_of_each_part_are_checked_before_its_events() -> None:
    calls: list[object] = []

    def note(state: EngineView) -> Orders:
        calls.append(state.event)
        return NO_ORDERS

    scan = MarketScan([quotes(2), history(l1(200, "1", "2"), l1(300, "1", "2", instrument=7))])
    with pytest.raises(MarketDataError, match=r"parts\[1\] of the scan: the data, event 1: .*7"):
        run(note, scan)
    assert len(calls) == 2


def test_what_a_function_raises_ends_the_run_unchanged() -> None:
    class BrokenError(BaseException):
        pass

    error = BrokenError()

    def broken() -> MarketData:
        raise error

    strategy = DefaultStrategy()
    for scan in (MarketScan([broken]), MarketScan([quotes(2), broken])):
        with pytest.raises(BrokenError) as caught:
            run_backtest(strategy, scan, two_instruments())
        assert caught.value is error
        assert caught.traceback[-1].name == "broken"
    # The strategy is free for another run.
    run_backtest(strategy, quotes(2), two_instruments())


def test_a_scan_without_an_event_in_the_part() -> None:
    scan = MarketScan([quotes(2), history(trade(500, "1"))])
    expected = (
        r"no market events from 2023-11-14T22:13:21\S+: its own were received from "
        r"2023-11-14T22:13:20\.123456789Z to 2023-11-14T22:13:20\.623456789Z"
    )
    with pytest.raises(MarketDataError, match=expected):
        run_backtest(DefaultStrategy(), scan, two_instruments(), since=at(900))
    with pytest.raises(MarketDataError, match="no market events until"):
        run_backtest(DefaultStrategy(), scan, two_instruments(), until=at(0))


def test_a_function_may_run_a_backtest_itself() -> None:
    def part() -> MarketData:
        inner = run_backtest(DefaultStrategy(), quotes(3), two_instruments())
        return history(trade(inner.settings.events, "1"))

    result = run_backtest(DefaultStrategy(), MarketScan([part]), two_instruments())
    assert result.time_start_ns == at(3)


def test_faults_outside_a_scan_are_a_warning_once_its_end_is_known() -> None:
    start = datetime(2023, 11, 14, 22, 13, 22, tzinfo=timezone.utc)  # 1.9 s after the first quote
    config = with_execution(two_instruments(), faults=[Disconnect(start, timedelta(seconds=1))])
    run_backtest(DefaultStrategy(), MarketScan(counted(3, [])), config)
    with pytest.warns(UserWarning, match="outside the history") as warned:
        result = run_backtest(DefaultStrategy(), MarketScan(counted(1, [])), config)
    assert [Path(one.filename).name for one in warned] == ["test_scans.py"]
    assert result.settings.remarks == tuple(str(one.message) for one in warned)


@pytest.mark.parametrize("wrong", [[quotes(1)], "lines.jsonl", None])
def test_what_is_no_history(wrong: object) -> None:
    with pytest.raises(TypeError, match="data must be a MarketData or a MarketScan, got"):
        run_backtest(DefaultStrategy(), wrong, two_instruments())  # type: ignore[arg-type]


# Sweeps and reports


def hundreds(count: int = 3) -> MarketScan:
    return MarketScan(partial(hundred, START + 10**9 * number) for number in range(count))


def check_sweep(runs: Iterable[bp.BacktestRun]) -> None:
    data = MarketData.merge(*hundreds())
    for one in runs:
        assert one.result is not None, one.traceback
        quantity = str(one.parameters["quantity"])
        alone = run_backtest(BuyOnce(quantity), data, two_instruments())
        assert one.result.to_json() == alone.to_json()
        assert one.result.settings == alone.settings


@pytest.mark.parametrize("executor", [None, "threads"])
def test_sweeps_open_the_parts_in_each_run(executor: Literal["threads"] | None) -> None:
    grid = {"quantity": ["0.1", "0.2", "0.3"]}
    check_sweep(run_backtests(BuyOnce, grid, hundreds(), two_instruments(), executor=executor))


def test_sweeps_on_dask() -> None:
    grid = {"quantity": ["0.1", "0.2", "0.3"]}
    with (
        # distributed has no types for these two.
        LocalCluster(2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,  # type: ignore[no-untyped-call]
        Client(cluster) as client,  # type: ignore[no-untyped-call]
        client.get_executor() as executor,
    ):
        check_sweep(run_backtests(BuyOnce, grid, hundreds(), two_instruments(), executor=executor))


def test_a_part_that_fails_in_a_sweep_is_in_each_run() -> None:
    scan = MarketScan([partial(hundred, START), partial(missing, 5)])
    runs = run_backtests(BuyOnce, {"quantity": ["1", "2"]}, scan, two_instruments())
    assert [repr(one.error) for one in runs] == ["FileNotFoundError('no part of 5')"] * 2
    assert "in missing" in str(runs[0].traceback)


@pytest.mark.parametrize("part", [lambda: quotes(1), partial(partial(lambda: quotes(1)))])
def test_functions_that_processes_cannot_import_are_named(part: Callable[[], MarketData]) -> None:
    scan = MarketScan([partial(hundred, START), part])
    with pytest.raises(ValueError, match=r"^parts\[1\] of data .* is a lambda, which new proc"):
        run_backtests(BuyOnce, {"quantity": ["1"]}, scan, two_instruments())
    runs = run_backtests(
        BuyOnce, {"quantity": ["1"]}, MarketScan([part]), two_instruments(), executor="threads"
    )
    assert runs[0].error is None


def test_a_report_takes_the_scan(tmp_path: Path) -> None:
    result = run_backtest(BuyOnce("0.1"), hundreds(), two_instruments(), until=START + 10**9 + 1)
    pages = [tmp_path / name for name in ("scan.html", "memory.html")]
    result.to_html(pages[0], hundreds())
    result.to_html(pages[1], MarketData.merge(*hundreds()))
    assert pages[0].read_bytes() == pages[1].read_bytes()
    with pytest.raises(ValueError, match="data must be the history of this run, with 101 events"):
        result.to_html(pages[0], hundreds(1))

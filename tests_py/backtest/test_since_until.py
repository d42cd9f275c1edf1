"""Runs over a part of a history: what belongs to it, how it ends, and what its report says."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
from models import backtest as model
from models import script as script_model
from models.backtest_cases import (
    BTC_USDT,
    INSTRUMENTS,
    MILLISECOND,
    START,
    compare,
    executions,
    quote_event,
)
from models.comparison import Case
from support.histories import at, quotes, two_instruments, with_execution
from support.sweeps import BuyOnce
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    BacktestResult,
    DefaultStrategy,
    EngineView,
    FillPrice,
    MarketData,
    MarketDataError,
    Orders,
    Side,
    Strategy,
    SystemConfig,
    TimeInterval,
    run_backtest,
    run_backtests,
)
from barter_python.backtest.options import RunOptions
from barter_python.backtest.run import PreparedRun
from barter_python.exchange import Disconnect

EVENTS = [
    quote_event(BTC_USDT, time, Decimal(bid), Decimal(ask))
    for time, bid, ask in [(0, 90, 100), (4, 91, 110), (10, 92, 120), (12, 93, 130)]
]


def part(*, since: int | None = None, until: int | None = None, latency: int = 0) -> Case:
    """Run `EVENTS` in part, buying at the first event; times are milliseconds."""
    times = [None if time is None else START + time * MILLISECOND for time in (since, until)]
    latencies = (timedelta(milliseconds=latency),) * 2
    config = SystemConfig(
        INSTRUMENTS, executions(latencies, (Decimal(0),) * 2, Decimal(1000), Decimal(10))
    )
    buy = script_model.Wish(BTC_USDT, buy=True, quantity=Fraction(2))
    return Case(config, EVENTS, {0: [buy]}, since=times[0], until=times[1])


def told(run: model.Run) -> list[tuple[int, str]]:
    """When the strategy was called, in milliseconds, and after what."""
    return [((call.time - START) // MILLISECOND, str(call.what[0])) for call in run.calls]


ANSWER = ("balance", "balance", "trade", "order")


def test_an_event_at_until_is_left_out_and_one_at_since_is_not() -> None:
    assert told(compare(part(since=4, until=10))) == [
        (4, "market"),
        *((4, what) for what in ANSWER),
    ]


def test_an_answer_due_at_until_is_delivered_while_the_strategy_trades() -> None:
    run = compare(part(until=8, latency=8))
    assert told(run) == [(0, "market"), (4, "market"), *((8, what) for what in ANSWER)]
    assert run.now - START == 8 * MILLISECOND


def test_an_answer_due_later_is_delivered_without_a_call() -> None:
    run = compare(part(until=8, latency=9))
    assert told(run) == [(0, "market"), (4, "market")]
    assert [fill.price for fill in run.fills] == [110]
    assert run.now - START == 9 * MILLISECOND


def test_a_run_goes_on_to_until_when_the_history_is_over() -> None:
    without, until = compare(part(latency=50)), compare(part(until=200, latency=50))
    assert len(without.calls) == 4
    assert told(until)[4:] == [(50, what) for what in ANSWER]
    assert without.equity[-1].time - START == 50 * MILLISECOND
    assert until.equity[-1].time - START == 200 * MILLISECOND


def test_a_run_over_a_part_is_that_over_the_part_of_the_data(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    since, until = "2025-03-25T23:08:00Z", datetime(2025, 3, 25, 23, 9, tzinfo=timezone.utc)

    def result(
        data: MarketData, since: str | None = None, until: datetime | None = None
    ) -> BacktestResult:
        latency = timedelta(milliseconds=30)
        return run_backtest(
            BuyOnce("0.01"), data, real_config, since=since, until=until, latency=latency
        )

    whole = result(real_history, since=since, until=until)
    assert whole.fills
    assert whole.to_json() == result(real_history.between(since, until), until=until).to_json()
    assert whole.to_json() != result(real_history, until=until).to_json()
    assert whole.to_json() != result(real_history, since=since).to_json()
    assert whole.settings.events == len(real_history.between(since, until)) == 11_002
    assert whole.settings.until_ns == 1_742_944_140_000_000_000
    assert whole.time_start_ns >= (whole.settings.since_ns or 0) > 0


@dataclass
class Started(Strategy):
    """Notes that it was asked anything."""

    calls: list[str] = field(default_factory=list)

    @override
    def on_start(self, state: EngineView, /) -> None:
        self.calls.append("start")

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.calls.append("orders")
        return NO_ORDERS


@pytest.mark.parametrize(
    ("window", "error", "text"),
    [
        ({"since": at(300)}, MarketDataError, r"no market events from 2023-\S+: its own were"),
        ({"until": at(0)}, MarketDataError, r"no market events until 2023-\S+: its own were"),
        (
            {"since": at(2), "until": at(2)},
            ValueError,
            "since must be before until, got since 2023",
        ),
        ({"since": at(2), "until": at(1)}, ValueError, "since must be before until"),
        ({"since": "today"}, ValueError, 'since: "today" is not a time'),
        ({"until": 1.5}, TypeError, "until: expected an aware datetime"),
        ({"until": datetime(2025, 1, 1)}, ValueError, "until: .* has no time zone"),
        ({"until": "9000-01-01T00:00:00Z"}, ValueError, "until .* is outside the years"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(
    window: dict[str, object], error: type[Exception], text: str
) -> None:
    strategy = Started()
    with pytest.raises(error, match=text):
        run_backtest(strategy, quotes(3), two_instruments(), **window)  # type: ignore[arg-type]
    with pytest.raises(error, match=text):
        run_backtests(
            DefaultStrategy,
            {"strategy_id": ["one"]},
            quotes(3),
            two_instruments(),
            executor="threads",
            **window,  # type: ignore[arg-type]
        )
    assert strategy.calls == []


def test_a_time_in_seconds_is_a_warning() -> None:
    with pytest.warns(UserWarning, match=r"since is 1970-01-01T\S+: .* multiply by 1000000000"):
        run_backtest(DefaultStrategy(), quotes(3), two_instruments(), since=at(0) // 10**9)


@pytest.mark.parametrize("executor", [None, "threads"])
def test_sweeps_run_the_part(executor: Literal["threads"] | None) -> None:
    data, config = quotes(50), two_instruments()
    since, until = at(1000), at(2000)
    runs = run_backtests(
        BuyOnce,
        {"quantity": ["0.1", "0.2"]},
        data,
        config,
        executor=executor,
        since=since,
        until=until,
    )
    for run in runs:
        quantity = str(run.parameters["quantity"])
        expected = run_backtest(BuyOnce(quantity), data, config, since=since, until=until)
        assert run.result is not None
        assert run.result.to_json() == expected.to_json()
        assert run.result.settings == expected.settings
        assert run.result.settings.events == 10


def test_a_worker_gets_no_more_than_the_part() -> None:
    def events_of(since: int) -> int:
        options = RunOptions(
            since_ns=at(since),
            latency=None,
            fee_rate=None,
            fill_price=FillPrice.BEST_OPPOSITE,
            close_at_end=False,
            risk_free_return=Decimal(0),
            interval=TimeInterval.DAILY,
            risk_manager=None,
            guard_commands=False,
        )
        sent = pickle.dumps(PreparedRun.of(quotes(1000), two_instruments(), options))
        prepared: PreparedRun = pickle.loads(sent)
        assert isinstance(prepared.data, MarketData)
        return len(prepared.data)

    assert (events_of(0), events_of(99_000)) == (1000, 10)


def test_faults_outside_the_part_are_a_warning() -> None:
    start = datetime(2023, 11, 14, 22, 13, 22, tzinfo=timezone.utc)  # 1.9 s after the first quote
    config = with_execution(two_instruments(), faults=[Disconnect(start, timedelta(seconds=1))])
    run_backtest(DefaultStrategy(), quotes(30), config)
    with pytest.warns(UserWarning, match="outside the history"):
        run_backtest(DefaultStrategy(), quotes(30), config, until=at(1000))
    with pytest.warns(UserWarning, match="outside the history"):
        run_backtest(DefaultStrategy(), quotes(30), config, since=at(2900))
    # The history ends before the fault, the run does not.
    run_backtest(DefaultStrategy(), quotes(10), config, until=at(2000))


def test_the_report_is_checked_against_the_part(tmp_path: Path) -> None:
    data = quotes(50)
    since, until = at(1000), at(2000)
    result = run_backtest(BuyOnce("0.1"), data, two_instruments(), since=since, until=until)
    pages = [tmp_path / name for name in ("whole.html", "part.html")]
    result.to_html(pages[0], data)
    result.to_html(pages[1], data.between(since, until))
    text, other = (page.read_text(encoding="utf-8") for page in pages)
    assert text == other
    assert "Part of the history" in text
    assert "from 2023-11-14T22:13:21.123456789Z until 2023-11-14T22:13:22.123456789Z" in text
    for wrong in (quotes(15), quotes(5), data.between(at(1000), at(1900))):
        with pytest.raises(ValueError, match="data must be the history of this run"):
            result.to_html(tmp_path / "wrong.html", wrong)
    whole = run_backtest(DefaultStrategy(), data, two_instruments())
    whole.to_html(pages[0], data)
    assert "Part of the history" not in pages[0].read_text(encoding="utf-8")


def test_positions_are_closed_at_until() -> None:
    result = run_backtest(
        BuyOnce("0.1"), quotes(50), two_instruments(), until=at(950), close_at_end=True
    )
    assert [(fill.side, fill.time_exchange_ns) for fill in result.fills] == [
        (Side.BUY, at(0)),
        (Side.SELL, at(950)),
    ]

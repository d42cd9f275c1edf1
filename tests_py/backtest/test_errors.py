"""What a run refuses, and how exceptions of strategies come out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    SPOT,
    buy,
    history,
    l1,
    market_request,
    quotes,
    reconnecting,
    run,
    two_exchanges,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    ClientOrderId,
    ClosePositions,
    Command,
    ConfigError,
    DefaultStrategy,
    EngineView,
    ExchangeId,
    FillPrice,
    InstrumentFilter,
    InstrumentView,
    MarketData,
    MarketDataError,
    OrderKey,
    OrderRequestOpen,
    Orders,
    Strategy,
    TimeInterval,
    close_open_positions_with_market_orders,
    run_backtest,
)

FORTY_DIGITS = "1234567890123456789012345678901234567890"

# Exceptions of strategies


class Custom(BaseException):
    """Something that no `except Exception` catches."""


@dataclass(eq=False)
class Failing(Strategy):
    """Raises in one hook, as long as it has something to raise."""

    hook: str
    error: BaseException | None
    calls_after: int = 0

    def fail(self, hook: str) -> None:
        if self.error is not None and hook == self.hook:
            self.raised = True
            raise self.error
        if getattr(self, "raised", False):
            self.calls_after += 1

    @override
    def on_start(self, state: EngineView, /) -> None:
        self.fail("on_start")

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.fail("generate_algo_orders")
        view = state.instrument(BTC)
        wanted = view.position is None and not view.has_orders and state.updated is view
        return buy(state) if wanted else NO_ORDERS

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        self.fail("close_positions_requests")

        def gen_cid(view: InstrumentView) -> ClientOrderId:
            self.fail("gen_cid")
            return ClientOrderId(f"close-{view.name}")

        return close_open_positions_with_market_orders("s", state, filter, gen_cid)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        self.fail("on_disconnect")
        return [ClosePositions(InstrumentFilter.none())]


HOOKS = [
    "on_start",
    "generate_algo_orders",
    "close_positions_requests",
    "gen_cid",
    "on_disconnect",
]


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    "error",
    [
        ValueError("wrong"),
        KeyboardInterrupt(),
        SystemExit(3),
        Custom("custom"),
        StopIteration(),
        GeneratorExit(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_surfaces_as_it_was_raised(hook: str, error: BaseException) -> None:
    error.__traceback__ = None
    strategy = Failing(hook, error)
    data = history(l1(0, "100", "102"), reconnecting(), *quotes(3))
    with pytest.raises(type(error)) as caught:
        run_backtest(strategy, data, two_instruments())
    assert caught.value is error
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    names = [entry.name for entry in caught.traceback]
    assert names[-1] == "fail"
    assert hook in names
    assert strategy.calls_after == 0
    # The same strategy can run again.
    strategy.error = None
    result = run_backtest(strategy, data, two_instruments(), close_at_end=True)
    assert result.open_positions == []


@pytest.mark.parametrize("hook", ["close_positions_requests", "gen_cid"])
def test_an_exception_at_the_end_surfaces(hook: str) -> None:
    error = Custom()
    with pytest.raises(Custom) as caught:
        run_backtest(Failing(hook, error), quotes(2), two_instruments(), close_at_end=True)
    assert caught.value is error


def test_an_exception_of_a_returned_sequence_surfaces() -> None:
    class Opens(Sequence[OrderRequestOpen]):
        def __len__(self) -> int:
            return 1

        def __getitem__(self, position: object) -> OrderRequestOpen:  # type: ignore[override]
            raise Custom

    with pytest.raises(Custom):
        run(lambda state: ([], Opens()))


def test_an_exception_of_a_returned_order_surfaces() -> None:
    class Lazy(OrderRequestOpen):
        @property
        def key(self) -> OrderKey:
            raise error

    error = Custom()
    with pytest.raises(Custom) as caught:
        run(lambda state: ([], [object.__new__(Lazy)]))
    assert caught.value is error


def test_no_callback_runs_after_an_exception() -> None:
    """`process` calls the next hook even when one before has failed."""
    strategy = Failing("on_disconnect", ValueError())
    with pytest.raises(ValueError, match=r"^$"):
        run_backtest(strategy, history(l1(0, "1", "2"), reconnecting()), two_instruments())
    assert strategy.calls_after == 0


# Arguments


def test_a_strategy_given_as_its_class() -> None:
    with pytest.raises(TypeError, match=r"DefaultStrategy; did you mean DefaultStrategy\(\)"):
        run_backtest(DefaultStrategy, quotes(1), two_instruments())  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [None, 5, object(), "strategy"])
def test_a_strategy_without_orders(wrong: object) -> None:
    with pytest.raises(TypeError, match=rf"generate_algo_orders.*{type(wrong).__name__}"):
        run_backtest(wrong, quotes(1), two_instruments())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "hook",
    ["generate_algo_orders", "on_start", "on_disconnect", "close_positions_requests"],
)
def test_a_hook_that_cannot_be_called(hook: str) -> None:
    strategy = DefaultStrategy()
    setattr(strategy, hook, 5)
    with pytest.raises(TypeError, match=rf"DefaultStrategy\.{hook} is not callable"):
        run_backtest(strategy, quotes(1), two_instruments())


def test_an_abstract_strategy_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="generate_algo_orders"):
        Strategy()  # type: ignore[abstract]


def told(error: BaseException) -> str:
    """Give all that Python prints of an error: its text and its notes."""
    notes: list[str] = getattr(error, "__notes__", [])
    return "\n".join([str(error), *notes])


@pytest.mark.parametrize("wrong", [[l1(0, "1", "2")], None, "events.jsonl"])
def test_wrong_data_is_named(wrong: object) -> None:
    with pytest.raises(TypeError) as caught:
        run_backtest(DefaultStrategy(), wrong, two_instruments())  # type: ignore[arg-type]
    assert "data must be a MarketData" in told(caught.value)
    assert "MarketData" in told(caught.value)


@pytest.mark.parametrize("wrong", [{}, None, "system_config.json"])
def test_a_wrong_configuration_is_named(wrong: object) -> None:
    with pytest.raises(TypeError) as caught:
        run_backtest(DefaultStrategy(), quotes(1), wrong)  # type: ignore[arg-type]
    assert "config" in told(caught.value)
    assert "SystemConfig" in told(caught.value)


def idle() -> DefaultStrategy:
    return DefaultStrategy()


@pytest.mark.parametrize(
    ("name", "value", "culprit"),
    [
        ("latency", 100, "int"),
        ("fee_rate", 0.001, "float"),
        ("fee_rate", "0.1", "str"),
        ("fee_rate", True, "bool"),
        ("fill_price", "requested", "FillPrice"),
        ("fill_price", None, "FillPrice"),
        ("close_at_end", "no", "bool"),
        ("close_at_end", None, "bool"),
        ("close_at_end", 1, "bool"),
        ("risk_free_return", 0.1, "float"),
        ("interval", "daily", "TimeInterval"),
        ("interval", 86_400, "TimeInterval or timedelta"),
    ],
)
def test_arguments_of_wrong_types_are_named(name: str, value: object, culprit: str) -> None:
    options = {name: value}
    with pytest.raises(TypeError) as caught:
        run_backtest(idle(), quotes(1), two_instruments(), **options)  # type: ignore[arg-type]
    assert name in told(caught.value)
    assert culprit in told(caught.value)


def test_options_are_keywords_and_known() -> None:
    with pytest.raises(TypeError, match="positional"):
        run_backtest(idle(), quotes(1), two_instruments(), timedelta(0))  # type: ignore[call-arg, arg-type]
    with pytest.raises(TypeError, match="fees"):
        run_backtest(idle(), quotes(1), two_instruments(), fees=0)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("name", "value", "culprit"),
    [
        ("latency", timedelta(microseconds=-1), "must not be negative"),
        ("latency", timedelta.max, "latency"),
        ("fee_rate", Decimal("-0.1"), "-0.1"),
        ("fee_rate", 1, "got 1"),
        ("fee_rate", Decimal("NaN"), "NaN"),
        ("fee_rate", Decimal("1e-40"), "1E-40"),
        ("interval", timedelta(0), "must be positive"),
        ("interval", timedelta(-1), "must be positive"),
        ("interval", timedelta(milliseconds=1500), r"whole seconds.* 1\.5 s"),
        ("risk_free_return", Decimal("NaN"), "NaN"),
        ("risk_free_return", Decimal(FORTY_DIGITS), FORTY_DIGITS),
    ],
)
def test_wrong_values_are_named(name: str, value: object, culprit: str) -> None:
    options = {name: value}
    with pytest.raises(ValueError, match=culprit) as caught:
        run_backtest(idle(), quotes(1), two_instruments(), **options)  # type: ignore[arg-type]
    assert name in told(caught.value)


def test_options_are_enums() -> None:
    for interval in TimeInterval:
        for fill_price in FillPrice:
            result = run_backtest(
                idle(), quotes(1), two_instruments(), interval=interval, fill_price=fill_price
            )
            assert result.summary.interval is interval


# Data that does not fit


@pytest.mark.parametrize(
    ("data", "culprit"),
    [
        (
            history(l1(0, "1", "2"), l1(1, "1", "2", instrument=2)),
            "event 1: there is no instrument 2",
        ),
        (history(l1(0, "1", "2", instrument=10**9)), f"event 0: there is no instrument {10**9}"),
        (history(l1(0, "1", "2", exchange=ExchangeId.KRAKEN)), "event 0.*kraken"),
        (history(l1(0, "1", "2"), reconnecting(ExchangeId.KRAKEN)), "event 1.*kraken"),
    ],
)
def test_data_that_the_configuration_does_not_have(data: MarketData, culprit: str) -> None:
    with pytest.raises(MarketDataError, match=culprit):
        run_backtest(DefaultStrategy(), data, two_instruments())


def test_data_of_an_instrument_on_another_exchange() -> None:
    data = history(l1(0, "1", "2", instrument=1))
    with pytest.raises(MarketDataError, match=r"instrument 1 is coinbase-btc_usd.*binance_spot"):
        run_backtest(DefaultStrategy(), data, two_exchanges())


def test_the_file_is_named_when_it_does_not_fit(real_history: MarketData) -> None:
    with pytest.raises(MarketDataError, match=r"binance_spot_l1.*gz, event \d+: .*instrument 2"):
        run_backtest(DefaultStrategy(), real_history, two_instruments())


def test_a_configuration_that_does_not_fit() -> None:
    with pytest.raises(ConfigError, match=SPOT.value):
        replace(two_instruments(), executions=[])


def test_keys_are_checked_where_they_are_made() -> None:
    with pytest.raises(ValueError, match="client order id must not be blank"):
        ClientOrderId(" ")
    with pytest.raises(TypeError, match="client order id must be a str, got int"):
        ClientOrderId(5)  # type: ignore[arg-type]
    key = market_request("one").key
    assert key == OrderKey(0, 0, key.strategy, ClientOrderId.new("one"))

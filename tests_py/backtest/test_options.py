"""The options of a run: checked and applied once, whichever are given."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

import barter_python as bp
from barter_python import _core, system
from barter_python.backtest.options import RunOptions

SPOT = bp.ExchangeId.BINANCE_SPOT
TIME = 1_700_000_000_000_000_000
DATA = bp.MarketData.from_events(
    [
        bp.MarketEvent(
            TIME + second,
            TIME + second,
            SPOT,
            0,
            bp.PublicTrade("1", price=10, amount=1, side=bp.Side.BUY),
        )
        for second in range(3)
    ]
)


def config() -> bp.SystemConfig:
    """Make a configuration of one instrument."""
    return bp.SystemConfig(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        [bp.MockExecutionConfig(SPOT, {"usdt": 1000})],
    )


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List how often instruments are indexed, and executions checked against them."""
    done: list[str] = []

    def counted(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            done.append(name)
            return function(*arguments)

        return call

    monkeypatch.setattr(system, "IndexedInstruments", counted("index", bp.IndexedInstruments))
    monkeypatch.setattr(_core, "check_executions", counted("check", _core.check_executions))
    return done


def run_once(config: bp.SystemConfig, **options: object) -> bp.BacktestResult:
    """Run the default strategy."""
    return bp.run_backtest(bp.DefaultStrategy(), DATA, config, **options)  # type: ignore[arg-type]


def run_several(config: bp.SystemConfig, **options: object) -> bp.BacktestResult:
    """Run the default strategy twice, and give the second result."""
    with ThreadPoolExecutor() as executor:
        runs = bp.run_backtests(
            bp.DefaultStrategy,
            {"strategy_id": ["one", "two"]},
            DATA,
            config,
            executor=executor,
            **options,  # type: ignore[arg-type]
        )
    result = runs[1].result
    assert result is not None, runs[1].traceback
    return result


RUNS = [run_once, run_several]
OPTIONS: dict[str, object] = {
    "latency": timedelta(milliseconds=5),
    "fee_rate": Decimal("0.001"),
    "risk_free_return": Decimal("0.05"),
}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("options", [{}, *({name: OPTIONS[name]} for name in OPTIONS), OPTIONS])
def test_a_configuration_is_indexed_once_and_a_run_does_not_repeat_it(
    run: Callable[..., bp.BacktestResult], options: dict[str, object], work: list[str]
) -> None:
    made = config()
    assert work == ["index", "check"]
    run(made, **options)
    assert work == ["index", "check"]


@pytest.mark.parametrize("run", RUNS)
def test_options_replace_what_the_configuration_says(run: Callable[..., bp.BacktestResult]) -> None:
    made = config()
    changed = bp.SystemConfig(
        made.instruments,
        [
            bp.MockExecutionConfig(
                SPOT, {"usdt": 1000}, latency=timedelta(milliseconds=5), fee_rate=Decimal("0.001")
            )
        ],
        Decimal("0.05"),
    )
    assert run(made, **OPTIONS).to_json() == run(changed).to_json()
    assert made == config()


WRONG: list[tuple[str, object, type[Exception], str]] = [
    ("latency", 5, TypeError, "latency must be"),
    ("latency", timedelta(-1), ValueError, "latency must not be negative"),
    ("fee_rate", 0.1, TypeError, "fee_rate must be a Decimal or an int"),
    ("fee_rate", 1, ValueError, "fee_rate must be a fraction"),
    ("fill_price", "best", TypeError, "fill_price must be a FillPrice"),
    ("close_at_end", 1, TypeError, "close_at_end must be a bool"),
    ("risk_free_return", 0.1, TypeError, "risk_free_return must be a Decimal or an int"),
    ("risk_free_return", 10**40, ValueError, "risk_free_return"),
    ("interval", 5, TypeError, "interval must be a TimeInterval or timedelta"),
    ("guard_commands", None, TypeError, "guard_commands must be a bool"),
    ("candles", 60, TypeError, "candles must be a timedelta"),
    ("candles", timedelta(0), ValueError, "candles must be positive"),
    ("candles", timedelta(days=366), ValueError, "candles must be positive and not above 365"),
]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize(("name", "value", "error", "text"), WRONG)
def test_a_wrong_option_is_named_before_anything_runs(
    run: Callable[..., bp.BacktestResult],
    name: str,
    value: object,
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=f"^{text}"):
        run(config(), **{name: value})


@pytest.mark.parametrize("name", ["progress", "audit"])
def test_callbacks_must_be_callable(name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be callable, got int 5"):
        run_once(config(), **{name: 5})


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"interval": timedelta(milliseconds=1500)}, ValueError, "seconds"),
        ({"risk_manager": object()}, TypeError, "risk_manager"),
    ],
)
def test_native_code_names_the_option_that_it_checks(
    changes: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text) as caught:
        run_once(config(), **changes)
    assert type(caught.value) is error


def test_options_are_one_value() -> None:
    one, two = (
        RunOptions(
            latency=None,
            fee_rate=None,
            fill_price=bp.FillPrice.BEST_OPPOSITE,
            close_at_end=False,
            risk_free_return=0,
            interval=bp.TimeInterval.DAILY,
            risk_manager=None,
            guard_commands=False,
        )
        for _ in range(2)
    )
    assert one == two
    made = config()
    assert one.executions(made) is made.executions

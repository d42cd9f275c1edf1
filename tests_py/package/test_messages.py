"""What error messages say: the argument, the value (cut), the cure; and what they pass on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from support.histories import (
    SPOT,
    START_NS,
    history,
    l1,
    market_request,
    quotes,
    run,
    spot,
    two_instruments,
)

from barter_python import (
    AccountEvent,
    AccountSnapshot,
    AssetBalance,
    Balance,
    Candle,
    ClientOrderId,
    DefaultStrategy,
    Engine,
    EngineView,
    IndexedInstruments,
    InstrumentFilter,
    Level,
    Liquidation,
    MarketData,
    MarketEvent,
    MockExecutionConfig,
    OrderBookL1,
    Orders,
    PublicTrade,
    RiskLimits,
    SendOpenRequests,
    Side,
    StrategyId,
    SystemConfig,
    Trade,
    build_ioc_market_order_to_close_position,
    run_backtest,
    run_backtests,
)
from barter_python import strategy as closing
from barter_python.exchange import EmpiricalLatency, RateLimit
from barter_python.statistic import SharpeRatio

Hostile: TypeAlias = Any
"""What no type checker would let through."""

LONG = "x" * 1_000_000
DIGITS = "1234567890" * 100


def engine() -> Engine:
    return Engine(DefaultStrategy(), two_instruments().index(), time_start=START_NS)


# Long values


class Wordy:
    """Something whose repr is that of a frame."""

    def __repr__(self) -> str:
        return LONG


WORDY: Any = Wordy()

LONG_VALUES: dict[str, Callable[[], object]] = {
    "data": lambda: run_backtest(DefaultStrategy(), WORDY, two_instruments()),
    "config": lambda: run_backtest(DefaultStrategy(), quotes(1), WORDY),
    "an event": lambda: MarketData.from_events(WORDY),
    "events": lambda: MarketData.from_events([WORDY]),
    "a price": lambda: Level(price=WORDY, amount=1),
    "a time": lambda: AssetBalance(0, Balance(total=1, free=1), WORDY),
    "an enum": lambda: PublicTrade("t", price=1, amount=1, side=WORDY),
    "an interval": lambda: run_backtest(
        DefaultStrategy(), quotes(1), two_instruments(), interval=WORDY
    ),
    "a limit": lambda: RiskLimits(max_open_orders=WORDY),
    "a balance": lambda: MockExecutionConfig(SPOT, {"usdt": WORDY}),
    "a latency": lambda: MockExecutionConfig(SPOT, {}, WORDY),
    "a sample": lambda: EmpiricalLatency([WORDY], 1),
    "requests": lambda: RateLimit(WORDY, timedelta(1)),
    "instruments": lambda: SystemConfig(WORDY, []),
    "parameters": lambda: run_backtests(
        DefaultStrategy, {"x": WORDY}, quotes(1), two_instruments()
    ),
    "digits": lambda: Level(price=Decimal(f"0.{DIGITS}"), amount=1),
    "an int": lambda: Level(price=10**4000, amount=1),
    "text as a time": lambda: AssetBalance(0, Balance(total=1, free=1), LONG),
    "an int as a time": lambda: AssetBalance(0, Balance(total=1, free=1), 10**4000),
    "a name": lambda: two_instruments().index().instrument_index(LONG),
    "an asset": lambda: two_instruments().index().asset_index(SPOT, LONG),
    "a key": lambda: engine().snapshot().instrument(WORDY),
    "an index": lambda: InstrumentFilter.instruments([10**4000]),
    "an order": lambda: run(lambda state: ([], [market_request(LONG, instrument=7)])),
    "a key of JSON": lambda: SystemConfig.from_json_text(json.dumps({LONG: 1})),
    "a value of JSON": lambda: SystemConfig.from_json_text(
        json.dumps({"instruments": [{"exchange": LONG}], "executions": []})
    ),
    "an id": lambda: ClientOrderId(WORDY),
}


@pytest.mark.parametrize("name", sorted(LONG_VALUES))
def test_long_values_are_cut(name: str) -> None:
    with pytest.raises((TypeError, ValueError, LookupError)) as caught:
        LONG_VALUES[name]()
    assert len(str(caught.value)) < 1_000


def test_lines_with_long_values_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    for text in (f'{{"Item":{{"{LONG}":1}}}}', f'{{"{LONG}":1}}', f'{{"Item":{{"Err":"{LONG}"}}}}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match="line 1") as caught:
            MarketData.from_json_lines(path)
        assert len(str(caught.value)) < 600


def test_many_names_are_cut() -> None:
    indexed = IndexedInstruments([spot(f"coin{number}") for number in range(300)])
    with pytest.raises(LookupError, match="and 280 more]") as caught:
        indexed.instrument_index("btc")
    assert len(str(caught.value)) < 1_000


def test_a_cut_value_says_how_long_it_was() -> None:
    with pytest.raises(TypeError, match=r"x\.\.\. \(1000000 characters\)"):
        Level(price=WORDY, amount=1)
    with pytest.raises(TypeError, match=r"x\.\.\. \(1000000 characters\)"):
        RateLimit(WORDY, timedelta(1))


# Ctrl-C


class Interruption(BaseException):
    """As `KeyboardInterrupt`, at which pytest itself would stop."""


class Interrupting:
    """Is interrupted while it is written down."""

    def __repr__(self) -> str:
        raise Interruption

    __str__ = __repr__


class MetaInterrupting(type):
    def __repr__(cls) -> str:
        raise Interruption


class OfInterruptedClass(metaclass=MetaInterrupting):
    """Is interrupted while its class is written down."""


class InterruptedDecimal(Decimal):
    def __str__(self) -> str:
        raise Interruption

    __repr__ = __str__


class InterruptedInt(int):
    def __repr__(self) -> str:
        raise Interruption

    __str__ = __repr__


def value_error(*values: object) -> Hostile:
    """Make a sequence whose items raise a plain error that shows a value."""

    class Raising(list[object]):
        def __iter__(self) -> Hostile:
            raise ValueError(*values)

    return Raising()


PLACES: dict[str, Callable[[Any], object]] = {
    "a price": lambda value: Level(price=value, amount=1),
    "a number": lambda value: Candle(
        0, open=value, high=1, low=1, close=1, volume=1, trade_count=1
    ),
    "a time": lambda value: AssetBalance(0, Balance(total=1, free=1), value),
    "an index": lambda value: AssetBalance(value, Balance(total=1, free=1), 0),
    "an enum": lambda value: PublicTrade("t", price=1, amount=1, side=value),
    "an event": lambda value: MarketData.from_events([value]),
    "events": MarketData.from_events,
    "a position": lambda value: quotes(1)[value],
    "a key": lambda value: engine().snapshot().instrument(value),
    "an interval": lambda value: SharpeRatio(value=1, interval=value, ratio=None),
    "an order": lambda value: run(lambda state: ([], [value])),
    "orders": lambda value: run(lambda state: value),
    "opens": lambda value: run(lambda state: ([], value)),
    "an event of the engine": lambda value: engine().process(value),
    "requests": lambda value: engine().process(SendOpenRequests(value)),
    "balances": lambda value: AccountSnapshot(0, value, []),
    "a filter": InstrumentFilter.instruments,
    "instruments": IndexedInstruments,
    "a strategy": lambda value: run_backtest(value, quotes(1), two_instruments()),
    "a risk manager": lambda value: Engine(
        DefaultStrategy(), two_instruments().index(), time_start=0, risk_manager=value
    ),
    "own data": lambda value: Engine(
        type("Own", (DefaultStrategy,), {"global_data": lambda self: value})(),
        two_instruments().index(),
        time_start=0,
    ),
    "a check": lambda value: MockExecutionConfig(SPOT, {"usdt": value}),
    "a closing price": lambda value: build_ioc_market_order_to_close_position(
        0, 0, Side.BUY, 1, "s", value
    ),
}


@pytest.mark.parametrize(
    "value",
    [
        Interrupting(),
        Interrupting,
        OfInterruptedClass(),
        OfInterruptedClass,
        InterruptedDecimal("1e-40"),
        InterruptedInt(10**30),
        value_error(Interrupting()),
    ],
    ids=lambda value: type.__name__ if isinstance(value, type) else type(value).__name__,
)
@pytest.mark.parametrize("place", sorted(PLACES))
def test_an_interruption_while_a_message_is_made_is_passed_on(
    place: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is raised, or there was nothing to interrupt; it is never only printed."""
    printed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", printed.append)
    with pytest.raises((Interruption, TypeError, ValueError, LookupError)):
        PLACES[place](value)
    assert printed == []


def test_interruptions_reach_the_caller() -> None:
    for make in (
        lambda: Level(price=Interrupting(), amount=1),  # type: ignore[arg-type]
        lambda: Level(price=InterruptedDecimal(1), amount=1),
        lambda: PublicTrade("t", price=1, amount=1, side=Interrupting()),  # type: ignore[arg-type]
        lambda: AssetBalance(0, Balance(total=1, free=1), Interrupting()),  # type: ignore[arg-type]
        lambda: AccountSnapshot(0, [Interrupting()], []),  # type: ignore[list-item]
    ):
        try:
            make()
        except Interruption:
            continue
        except TypeError as error:
            assert "AssetBalance" in str(error)  # noqa: PT017


# What is wrong, and what to do about it


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Candle(0, open=1, high=1.5, low=1, close=1, volume=1, trade_count=1),  # type: ignore[arg-type]
            r"^high: must be a Decimal or an int, got float 1\.5: .*Decimal\(str\(x\)\)",
        ),
        (
            lambda: Liquidation(Side.BUY, price=1, quantity=0.1, time=0),  # type: ignore[arg-type]
            r"^quantity: must be .*Decimal\(str\(x\)\)",
        ),
        (lambda: OrderBookL1("yesterday", None, None), '^last_update_time: "yesterday" is not'),
        (
            lambda: MarketEvent(0, "x", SPOT, 0, None),  # type: ignore[arg-type]
            "^time_received: ",
        ),
        (
            lambda: Trade("t", "o", -1, "s", 0, Side.BUY, price=1, quantity=1, fees=0),
            "^instrument: .*got -1",
        ),
        (
            lambda: AccountSnapshot(0, [1], []),  # type: ignore[list-item]
            "^balances: item 0: .*AssetBalance",
        ),
    ],
)
def test_the_field_of_a_record_is_named(make: Callable[[], object], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_a_size_by_division_says_what_does_not_fit() -> None:
    size = Decimal(5000) / Decimal("61234.6")

    def action(state: EngineView) -> Orders:
        return [], [state.instrument(0).market_order(Side.BUY, size, strategy_id="s")]

    with pytest.raises(ValueError, match="29 decimal places, at most 28 fit; round it") as caught:
        run(action)
    assert str(caught.value).startswith("quantity: ")
    assert "28 significant digits" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.08165318300437987673635493659", "29 decimal places"),
        ("1e-29", "29 decimal places"),
        ("12345.6789012345678901234567891", "28 significant digits: it has 30"),
        ("1e29", "too large, the limit is 79228162514264337593543950335"),
        ("79228162514264337593543950336", "too large"),
    ],
)
def test_why_a_number_does_not_fit(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Level(price=Decimal(text), amount=1)


class Int64:
    """As `numpy.int64`: a whole number that is no `int`."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


def test_what_is_an_index_can_be_a_time() -> None:
    time: Any = Int64(START_NS)
    assert AssetBalance(0, Balance(total=1, free=1), time).time_exchange_ns == START_NS
    made = Engine(DefaultStrategy(), two_instruments().index(), time_start=time)
    assert made.time_ns == START_NS
    others: list[Hostile] = [1.5, None, [], True, Int64]
    for wrong in others:
        with pytest.raises(TypeError, match="expected an aware datetime"):
            AssetBalance(0, Balance(total=1, free=1), wrong)
    late: Any = Int64(2**70)
    with pytest.raises(ValueError, match="1677 to 2262"):
        AssetBalance(0, Balance(total=1, free=1), late)


def test_an_exception_of_an_index_arrives() -> None:
    class Broken:
        def __index__(self) -> int:
            raise Interruption

    broken: Any = Broken()
    with pytest.raises(Interruption):
        AssetBalance(0, Balance(total=1, free=1), broken)


LEAP = "2016-12-31T23:59:60.5Z"


def test_leap_seconds_are_refused() -> None:
    reason = "a leap second has no place"
    with pytest.raises(ValueError, match=f"time_exchange: .*{reason}"):
        AssetBalance(0, Balance(total=1, free=1), LEAP)
    text = history(l1(0, "1", "2"))[0]
    assert isinstance(text, MarketEvent)
    event = AccountEvent(0, AssetBalance(0, Balance(total=1, free=1), "2016-12-31T23:59:59.5Z"))
    leaping = AccountEvent.from_json(event.to_json().replace("23:59:59.5", "23:59:60.5"))
    with pytest.raises(ValueError, match=f"time_exchange .*{reason}"):
        engine().process(leaping)


def test_a_missing_price_is_a_value_error() -> None:
    price: Any = None
    with pytest.raises(ValueError, match=r"^price is missing"):
        build_ioc_market_order_to_close_position(0, 0, Side.BUY, 1, "s", price)
    position = closing.Position(0, Side.BUY, Decimal(1), Decimal(1))
    with pytest.raises(ValueError, match="price"):
        closing.build_ioc_market_order_to_close_position(0, position, StrategyId("s"), price)


def test_a_native_request_that_a_strategy_returns_names_the_other_helper() -> None:
    native: Hostile = build_ioc_market_order_to_close_position(0, 0, Side.BUY, 1, "s", 1)
    with pytest.raises(TypeError, match=r"barter_python\.strategy\.build_ioc_market_order"):
        run(lambda state: ([], [native]))

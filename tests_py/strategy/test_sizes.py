"""Sizes and prices of orders from quotients: rounded to what an order can have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import (
    OnMarketEvents,
    history,
    l1,
    run,
    spot,
    two_instruments,
    watch,
)

import barter_python as bp
from barter_python.instrument import InstrumentSpec

GRID = Fraction(1, 10**12)


def with_spec(
    tick: str = "0", increment: str = "0", least: str = "0", least_price: str = "0"
) -> bp.SystemConfig:
    """Configure bitcoin with steps."""
    numbers = [Decimal(text) for text in (least_price, tick, least, increment)]
    spec = InstrumentSpec(
        price_min=numbers[0],
        price_tick_size=numbers[1],
        quantity_unit="btc",
        quantity_min=numbers[2],
        quantity_increment=numbers[3],
        notional_min=0,
    )
    config = two_instruments()
    return replace(config, instruments=[replace(spot("btc"), spec=spec), spot("eth")])


def in_callback(
    read: Callable[[bp.InstrumentView], Decimal], config: bp.SystemConfig | None = None
) -> Decimal:
    """Give what a callback reads of bitcoin."""
    data = history(l1(0, "61234.5", "61234.6"))
    (number,) = watch(lambda state: read(state.instrument(0)), data, config)
    assert isinstance(number, Decimal)
    return number


def quantity_of(number: Decimal | float, config: bp.SystemConfig | None = None) -> Decimal:
    return in_callback(lambda view: view.round_quantity(number), config)


def price_of(
    number: Decimal | float, side: bp.Side, config: bp.SystemConfig | None = None
) -> Decimal:
    return in_callback(lambda view: view.round_price(number, side), config)


THIRD = Decimal(5000) / Decimal("61234.6")  # 29 decimal places


@pytest.mark.parametrize(
    ("number", "increment", "expected"),
    [
        (THIRD, "0", "0.081653183004"),
        (THIRD, "0.001", "0.081"),
        (THIRD, "0.00001", "0.08165"),
        (Decimal("0.81653183004379876736354936590"), "0", "0.816531830043"),
        (Decimal("1E+3"), "7", "994"),
        (12, "5", "10"),
        (0.1 + 0.2, "0", "0.3"),
        (1e-13, "0", "0"),
        (Decimal("1E-400"), "0", "0"),
        (0, "0.1", "0"),
        # A multiple of the increment and of what the exchange counts in.
        (1, "0.0000000000004", "1"),
        (Decimal("0.000000000005"), "0.0000000000004", "0.000000000004"),
    ],
)
def test_a_quantity_is_rounded_down(number: Decimal | float, increment: str, expected: str) -> None:
    assert f"{quantity_of(number, with_spec(increment=increment)):f}" == expected
    if increment == "0":
        assert f"{quantity_of(number):f}" == expected


def test_a_quantity_below_the_least_is_none() -> None:
    config = with_spec(increment="0.1", least="0.3")
    assert [str(quantity_of(Decimal(text), config)) for text in ("0.39", "0.3", "0.29")] == [
        "0.3",
        "0.3",
        "0",
    ]


@pytest.mark.parametrize(
    ("number", "tick", "down", "up"),
    [
        (Decimal("61234.56"), "0.1", "61234.5", "61234.6"),
        (Decimal("61234.5"), "0.1", "61234.5", "61234.5"),
        (Decimal("61234.50000000000000000000000000000000001"), "0.1", "61234.5", "61234.6"),
        (61234, "25", "61225", "61250"),
        (0.1, "0", "0.1", "0.1"),
        (Decimal("0.04"), "0.1", "0", "0.1"),
        (THIRD, "0", "0.0816531830043798767363549365", "0.0816531830043798767363549366"),
        (
            Decimal("61234.123456789012345678901234567"),
            "0",
            "61234.123456789012345678901234",
            "61234.123456789012345678901235",
        ),
    ],
)
def test_a_price_is_never_worse_than_given(
    number: Decimal | float, tick: str, down: str, up: str
) -> None:
    config = with_spec(tick=tick)
    assert str(price_of(number, bp.Side.BUY, config)) == down
    assert str(price_of(number, bp.Side.SELL, config)) == up


steps = st.sampled_from(["0", "1", "0.001", "0.25", "3", "0.07", "0.0000000000003", "1000"])
numbers = st.decimals(0, 10**14, places=40, allow_nan=False) | st.decimals(0, 10, places=3)


@given(steps, numbers)
def test_quantities_are_the_greatest_multiples(step: str, number: Decimal) -> None:
    """By `Fraction`: the step is the least common multiple of the increment and the grid."""
    increment = Fraction(step)
    of = GRID if increment == 0 else increment * (increment / GRID).denominator
    rounded = Fraction(quantity_of(number, with_spec(increment=step)))
    assert rounded == floor(Fraction(number) / of) * of


@given(steps.filter(lambda step: step != "0"), numbers, st.sampled_from(bp.Side))
def test_prices_are_the_nearest_multiples(step: str, number: Decimal, side: bp.Side) -> None:
    tick, exact = Fraction(step), Fraction(number)
    count = floor(exact / tick) if side is bp.Side.BUY else ceil(exact / tick)
    assert Fraction(price_of(number, side, with_spec(tick=step))) == count * tick


@given(numbers, st.sampled_from(bp.Side))
def test_without_a_tick_prices_keep_what_fits(number: Decimal, side: bp.Side) -> None:
    rounded, exact = Fraction(price_of(number, side)), Fraction(number)
    # With one digit more, the next number in the direction would not fit into 96 bits.
    places = next(
        places for places in range(28, -1, -1) if _rounded(exact, places, side) * 10**places < 2**96
    )
    assert rounded == _rounded(exact, places, side)


def _rounded(number: Fraction, places: int, side: bp.Side) -> Fraction:
    count = number * 10**places
    return Fraction(floor(count) if side is bp.Side.BUY else ceil(count), 10**places)


@pytest.mark.parametrize(
    ("number", "error", "reason"),
    [
        (Decimal(-1), ValueError, "must not be negative, got Decimal"),
        (-0.5, ValueError, "must not be negative, got -0.5"),
        (Decimal("NaN"), ValueError, "must be finite, got Decimal"),
        (float("inf"), ValueError, "must be finite, got inf"),
        (float("nan"), ValueError, "must be finite, got nan"),
        (Decimal("1E+60"), ValueError, "is too large"),
        (10**40, ValueError, "is too large"),
        ("1", TypeError, "must be a Decimal, int or float, got str '1'"),
        (True, TypeError, "must be a Decimal, int or float, got bool True"),
        (None, TypeError, "must be a Decimal, int or float, got NoneType None"),
    ],
)
def test_what_is_no_size_is_refused(number: object, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=f"^quantity:? .*{reason}"):
        quantity_of(number)  # type: ignore[arg-type]
    with pytest.raises(error, match=f"^price:? .*{reason}"):
        price_of(number, bp.Side.BUY)  # type: ignore[arg-type]


def test_the_context_of_the_caller_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(quantity_of(Decimal("1.23456789"))) == "1.23456789"


# Money divided by price


@pytest.mark.parametrize("money", [10_000, 100_000])
@pytest.mark.parametrize("spec", [None, "0.00001"])
def test_money_divided_by_price_is_an_order(money: int, spec: str | None) -> None:
    """Without the rounding, one of the two quotients fits no decimal and the other no exchange."""

    def buy(state: bp.EngineView) -> bp.Orders:
        view = state.instrument(0)
        assert view.best_ask is not None
        quantity = view.round_quantity(Decimal(money) / 2 / view.best_ask)
        return [], [view.market_order(bp.Side.BUY, quantity, strategy_id="all")]

    config = two_instruments() if spec is None else with_spec(increment=spec)
    execution = replace(config.executions[0], balances={"usdt": money})
    strategy = OnMarketEvents({0: buy})
    data = history(l1(0, "61234.5", "61234.6"), l1(1, "61234.5", "61234.6"))
    result = bp.run_backtest(strategy, data, replace(config, executions=[execution]))
    assert result.order_counts == {"filled": 1}
    (fill,) = result.fills
    left = Decimal(money) / 2 - fill.price * fill.quantity
    step = Decimal("1E-12") if spec is None else Decimal(spec)
    assert 0 <= left < step * fill.price


def test_the_error_of_a_quotient_is_true_and_names_the_cure() -> None:
    def buy(state: bp.EngineView) -> bp.Orders:
        view = state.instrument(0)
        return [], [view.market_order(bp.Side.BUY, THIRD, strategy_id="all")]

    with pytest.raises(ValueError, match=r"quantity: .* 29 decimal places, at most 28") as caught:
        run(buy, history(l1(0, "61234.5", "61234.6")))
    assert "round_quantity or round_price of the instrument" in str(caught.value)

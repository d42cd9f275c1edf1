"""barter's checks and its calculations for them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from barter_python import (
    Side,
)
from barter_python.risk import (
    CheckFailHigherThan,
    CheckHigherThan,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)


def test_check_higher_than() -> None:
    check = CheckHigherThan(limit=Decimal("0.10"))
    assert CheckHigherThan.name() == "CheckHigherThan"
    assert check.check(Decimal("0.1")) is None
    failure = check.check(Decimal("0.11"))
    assert failure == CheckFailHigherThan(limit=Decimal("0.1"), input=Decimal("0.11"))
    assert str(failure) == "CheckHigherThanFailed: input 0.11 > limit 0.10"
    with pytest.raises(TypeError, match="input: must be a Decimal or an int, got float"):
        check.check(0.5)  # type: ignore[arg-type]


def test_barter_s_calculations() -> None:
    assert (
        calculate_quote_notional(quantity=Decimal("0.5"), price=Decimal("100.2"), contract_size=10)
        == 501
    )
    assert calculate_quote_notional(quantity=-1, price=5, contract_size=1) == -5
    assert calculate_abs_percent_difference(current=95, other=100) == Decimal("0.05")
    assert calculate_abs_percent_difference(current=105, other=100) == Decimal("0.05")
    assert calculate_abs_percent_difference(current=-95, other=-100) == Decimal("-0.05")
    assert (
        calculate_delta(
            instrument_delta=Decimal("0.5"), contract_size=10, side=Side.BUY, quantity_in_kind=3
        )
        == 15
    )
    assert (
        calculate_delta(
            instrument_delta=Decimal("0.5"), contract_size=10, side=Side.SELL, quantity_in_kind=3
        )
        == -15
    )
    assert (
        calculate_delta(
            instrument_delta=Decimal("-0.5"), contract_size=10, side=Side.SELL, quantity_in_kind=3
        )
        == 15
    )


GREATEST = Decimal(79228162514264337593543950335)


@pytest.mark.parametrize(
    ("calculate", "message"),
    [
        (
            lambda: calculate_quote_notional(quantity=GREATEST, price=2, contract_size=1),
            rf"quantity {GREATEST} \* price 2",
        ),
        (
            lambda: calculate_quote_notional(quantity=1, price=GREATEST, contract_size=2),
            "contract_size 2 is too large",
        ),
        (lambda: calculate_abs_percent_difference(current=1, other=0), "other must not be zero"),
        (
            lambda: calculate_abs_percent_difference(current=GREATEST, other=-1),
            "current.*too large",
        ),
        (
            lambda: calculate_abs_percent_difference(current=GREATEST, other=Decimal("0.1")),
            "too large",
        ),
        (
            lambda: calculate_delta(
                instrument_delta=1, contract_size=GREATEST, side=Side.BUY, quantity_in_kind=2
            ),
            r"quantity_in_kind 2 \* contract_size",
        ),
        (
            lambda: calculate_delta(
                instrument_delta=2, contract_size=GREATEST, side=Side.SELL, quantity_in_kind=1
            ),
            "instrument_delta 2",
        ),
    ],
)
def test_what_does_not_fit(calculate: Callable[[], Decimal], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calculate()


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(TypeError, match="price: must be a Decimal"):
        calculate_quote_notional(quantity=1, price=0.5, contract_size=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="other: must be a Decimal"):
        calculate_abs_percent_difference(current=1, other="1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="side"):
        calculate_delta(instrument_delta=1, contract_size=1, side="buy", quantity_in_kind=1)  # type: ignore[arg-type]

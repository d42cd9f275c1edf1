"""Decimals that cross, again and again: what has been seen before is given back as it was."""

from __future__ import annotations

import gc
import threading
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from barter_python import Level

# Few digits and many scales, so that equal values of different digits meet in the caches.
DECIMALS = st.builds(
    # `scaleb` would round 29 digits to the 28 of the context.
    lambda digits, scale: Decimal(f"{digits}E-{scale}"),
    st.integers(-50, 50) | st.integers(-(2**96) + 1, 2**96 - 1),
    st.integers(0, 28),
)


def same(one: Decimal, other: Decimal) -> bool:
    return one.as_tuple() == other.as_tuple()


@given(st.lists(DECIMALS, min_size=1, max_size=300))
def test_decimals_come_back_digit_for_digit(numbers: list[Decimal]) -> None:
    for number in numbers + numbers:
        level = Level(price=number, amount=number)
        expected = abs(number) if number.is_zero() else number
        assert same(level.price, expected)
        assert same(level.amount, expected)


def test_equal_values_keep_their_own_digits() -> None:
    texts = ["1", "1.0", "1.00", "-1", "-1.0", "0", "0.0", "10", "1E+1"]
    for text in texts * 3:
        found = Level(price=Decimal(text), amount=1).price
        assert same(found, Decimal(10) if text == "1E+1" else Decimal(text)), text


def test_a_new_number_at_an_old_address_is_read_anew() -> None:
    for number in range(10_000):
        # The number before is freed, but for the cache: its address must not come up again.
        assert Level(price=Decimal(number), amount=1).price == number
    gc.collect()


class Halved(Decimal):
    """Says something else each time it is read."""

    readings = 0

    def __str__(self) -> str:
        Halved.readings += 1
        return str(Halved.readings)


def test_a_subclass_is_read_each_time() -> None:
    number = Halved("8")
    assert [Level(price=number, amount=1).price for _ in range(3)] == [1, 2, 3]


def test_each_thread_has_what_it_has_seen() -> None:
    numbers = [Decimal(number).scaleb(-3) for number in range(1000)]
    wrong: list[Decimal] = []

    def look() -> None:
        for _ in range(20):
            wrong.extend(
                number
                for number in numbers
                if not same(Level(price=number, amount=1).price, number)
            )

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong

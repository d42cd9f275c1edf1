"""The closing helpers against barter itself: a Rust program that shares no code with the binding.

It is `rust/examples/closing_oracle.rs`, built by `cargo build --release --example closing_oracle`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import LONG_RUN
from support.oracle import KINDS, SIDES, oracle_path
from typing_extensions import Self

from barter_python import (
    InstrumentFilter,
    OrderRequestOpen,
    PyOrderRequestOpen,
    Side,
    StrategyId,
    TimeInForce,
    Underlying,
)
from barter_python import build_ioc_market_order_to_close_position as native_close
from barter_python.strategy import (
    EngineState,
    InstrumentState,
    Number,
    Position,
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
)

thorough = settings(
    max_examples=10_000 if LONG_RUN else 200,
    derandomize=not LONG_RUN,
    database=None,
)

SIDE_NAMES = {side: name for name, side in SIDES.items()}
TIMES_IN_FORCE = {
    "GoodUntilEndOfDay": TimeInForce.GOOD_UNTIL_END_OF_DAY,
    "FillOrKill": TimeInForce.FILL_OR_KILL,
    "ImmediateOrCancel": TimeInForce.IMMEDIATE_OR_CANCEL,
}


class Request(TypedDict):
    """An order request, as the oracle writes it."""

    exchange: int
    instrument: int
    strategy_id: str
    client_order_id: str
    side: str
    price: str
    quantity: str
    kind: str
    time_in_force: str


class Layout(TypedDict):
    """Where barter has put an instrument."""

    name: str
    exchange: int
    base: int
    quote: int


class Batch(TypedDict):
    """What barter makes of a whole engine."""

    cancels: int
    opens: list[Request]
    layout: list[Layout]
    filtered: list[int]
    missing_prices: list[int]


class Failure(TypedDict):
    """Why there is no answer."""

    error: str


class Oracle:
    """The running program: one line in, one line out."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.communicate()
        assert self.process.returncode == 0

    def _ask(self, case: Mapping[str, object]) -> str:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(case) + "\n")
        stdin.flush()
        answer = stdout.readline()
        assert answer, f"the oracle has ended on {case}"
        return answer

    def close(self, case: Mapping[str, object]) -> Request:
        """Close one position."""
        answer: Request | Failure = json.loads(self._ask({"case": "close", **case}))
        assert "error" not in answer, f"{answer} on {case}"
        return answer

    def refusal(self, case: Mapping[str, object]) -> str:
        """Try to close one position that the oracle cannot read."""
        answer: Failure = json.loads(self._ask({"case": "close", **case}))
        assert set(answer) == {"error"}, f"{answer} on {case}"
        return answer["error"]

    def batch(self, case: Mapping[str, object]) -> Batch:
        """Close all positions of an engine."""
        answer: Batch | Failure = json.loads(self._ask({"case": "batch", **case}))
        assert "error" not in answer, f"{answer} on {case}"
        return answer


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle(oracle_path("closing_oracle")) as running:
        yield running


def decimal(coefficient: int, scale: int, *, negative: bool = False) -> Decimal:
    """Make a Decimal without rounding, whatever the context."""
    return Decimal((int(negative), tuple(int(digit) for digit in str(coefficient)), -scale))


def text_of(number: Number) -> str:
    """Write a number without an exponent: floats by their shortest form."""
    return format(Decimal(str(number)), "f")


# barter's decimal is an integer of 96 bits and a scale from 0 to 28. All numbers here fit into it
# by construction: floats of this range have at most 17 digits and a scale of at most 22.
COEFFICIENT_MAX = 2**96 - 1
coefficients = st.one_of(
    st.integers(0, 28).flatmap(lambda digits: st.integers(0, 10**digits - 1)),
    st.integers(0, COEFFICIENT_MAX),
)
scales = st.integers(0, 28)
positive_floats = st.floats(1e-5, 1e15)
prices: st.SearchStrategy[Number] = st.one_of(
    st.builds(
        lambda coefficient, scale, negative: decimal(coefficient, scale, negative=negative),
        coefficients,
        scales,
        st.booleans(),
    ),
    st.integers(-COEFFICIENT_MAX, COEFFICIENT_MAX),
    positive_floats,
    positive_floats.map(lambda price: -price),
    st.just(0.0),
)
quantities: st.SearchStrategy[Number] = st.one_of(
    st.builds(
        decimal,
        coefficients.map(lambda coefficient: max(1, coefficient)),
        scales,
    ),
    st.integers(1, COEFFICIENT_MAX),
    positive_floats,
)

# None of these fits: too many digits, too small a step, or both.
numbers_that_do_not_fit = st.one_of(
    st.builds(decimal, st.integers(COEFFICIENT_MAX + 1, 10**40), scales),
    st.builds(decimal, st.integers(1, COEFFICIENT_MAX), st.integers(29, 60)),
    st.builds(decimal, st.integers(8, COEFFICIENT_MAX), st.integers(-60, -28)),
)

indices = st.integers(0, 2**64 - 1)
sides = st.sampled_from(list(Side))
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: bool(text.strip())
)
positions = st.builds(Position, indices, sides, quantities, prices)

ASSETS = ["ada", "btc", "eth"]
UNIVERSE = [
    (exchange, base, quote)
    for exchange in ("binance_spot", "coinbase", "kraken")
    for base in ASSETS
    for quote in ("usd", "usdt")
]
keys = st.integers(0, 8)
pairs = st.builds(Underlying, keys, keys)


@dataclass(frozen=True)
class Instrument:
    """An instrument of a batch."""

    exchange: str
    base: str
    quote: str
    position: Position | None
    price: Number | None

    @property
    def name(self) -> str:
        return f"{self.exchange}-{self.base}_{self.quote}"


instruments = st.lists(
    st.builds(
        lambda place, position, price: Instrument(place[0], place[1], place[2], position, price),
        st.sampled_from(UNIVERSE),
        st.none() | positions,
        st.none() | prices,
    ),
    max_size=8,
    unique_by=lambda instrument: instrument.name,
)
filters = st.one_of(
    st.just(InstrumentFilter.none()),
    st.lists(st.integers(0, 3), min_size=1, max_size=4).map(InstrumentFilter.exchanges),
    st.lists(keys, min_size=1, max_size=6).map(InstrumentFilter.instruments),
    st.lists(pairs, min_size=1, max_size=12).map(InstrumentFilter.underlyings),
)


def position_case(position: Position) -> dict[str, object]:
    return {
        "instrument": position.instrument,
        "side": SIDE_NAMES[position.side],
        "quantity": text_of(position.quantity_abs),
    }


def instrument_case(instrument: Instrument) -> dict[str, object]:
    position, price = instrument.position, instrument.price
    return {
        "name": instrument.name,
        "exchange": instrument.exchange,
        "base": instrument.base,
        "quote": instrument.quote,
        "position": None if position is None else position_case(position),
        "price": None if price is None else text_of(price),
    }


def filter_case(filter: InstrumentFilter) -> dict[str, object]:
    if filter.kind == "none":
        return {"kind": "none"}
    return {
        "kind": filter.kind,
        "keys": [
            [key.base, key.quote] if isinstance(key, Underlying) else key for key in filter.keys
        ],
    }


def same(order: OrderRequestOpen, request: Request) -> None:
    """Compare field by field, numbers digit by digit."""
    assert order.key.exchange == request["exchange"]
    assert order.key.instrument == request["instrument"]
    assert order.key.strategy.value == request["strategy_id"]
    assert order.key.cid.value == request["client_order_id"]
    assert order.state.side is SIDES[request["side"]]
    assert str(order.state.price) == str(Decimal(request["price"]))
    assert str(order.state.quantity) == str(Decimal(request["quantity"]))
    assert order.state.kind is KINDS[request["kind"]]
    assert order.state.time_in_force is TIMES_IN_FORCE[request["time_in_force"]]


def same_native(order: PyOrderRequestOpen, request: Request) -> None:
    """Compare field by field, numbers digit by digit."""
    assert order.exchange == request["exchange"]
    assert order.instrument == request["instrument"]
    assert order.strategy_id == request["strategy_id"]
    assert order.client_order_id == request["client_order_id"]
    assert order.side is SIDES[request["side"]]
    assert str(order.price) == str(Decimal(request["price"]))
    assert str(order.quantity) == str(Decimal(request["quantity"]))
    assert order.kind is KINDS[request["kind"]]
    assert order.time_in_force is TIMES_IN_FORCE[request["time_in_force"]]


def all_same(orders: Sequence[OrderRequestOpen], requests: Sequence[Request]) -> None:
    assert len(orders) == len(requests)
    for order, request in zip(orders, requests, strict=True):
        same(order, request)


def kept(result: Decimal, given: Number) -> None:
    """Check that the digits given came back; only the sign of zero may be lost, as in barter."""
    expected = Decimal(text_of(given))
    assert str(result) == str(abs(expected) if expected.is_zero() else expected)


@thorough
@given(
    exchange=indices,
    position=positions,
    strategy_id=names,
    price=prices,
    cid=st.none() | names,
    generated=st.booleans(),
)
def test_one_position(
    oracle: Oracle,
    exchange: int,
    position: Position,
    strategy_id: str,
    price: Number,
    cid: str | None,
    generated: bool,
) -> None:
    request = oracle.close(
        {
            "exchange": exchange,
            "position": position_case(position),
            "strategy_id": strategy_id,
            "price": text_of(price),
            "cid": f"close-{position.instrument}" if cid is None else cid,
        }
    )
    order = build_ioc_market_order_to_close_position(
        exchange, position, strategy_id, price, (lambda: cid) if generated else cid
    )
    same(order, request)
    kept(order.state.price, price)
    kept(order.state.quantity, position.quantity_abs)
    same_native(
        native_close(
            exchange,
            position.instrument,
            position.side,
            position.quantity_abs,
            StrategyId(strategy_id),
            price,
            cid,
        ),
        request,
    )


@thorough
@given(
    instruments=instruments,
    chosen=filters,
    strategy_id=names,
    cid_prefix=st.none() | names,
)
def test_many_positions(
    oracle: Oracle,
    instruments: list[Instrument],
    chosen: InstrumentFilter,
    strategy_id: str,
    cid_prefix: str | None,
) -> None:
    answer = oracle.batch(
        {
            "instruments": [instrument_case(instrument) for instrument in instruments],
            "filter": filter_case(chosen),
            "strategy_id": strategy_id,
            "cid_prefix": cid_prefix,
        }
    )
    by_name = {instrument.name: instrument for instrument in instruments}
    state = EngineState(
        [
            InstrumentState(
                instrument=index,
                exchange=layout["exchange"],
                position=by_name[layout["name"]].position,
                price=by_name[layout["name"]].price,
                underlying=Underlying(layout["base"], layout["quote"]),
            )
            for index, layout in enumerate(answer["layout"])
        ]
    )
    assert len(state.instruments) == len(instruments)
    assert [item.instrument for item in state.instruments_iter(chosen)] == answer["filtered"]
    asked: list[int] = []

    def gen_cid(item: InstrumentState) -> str:
        asked.append(item.instrument)
        return f"{cid_prefix}{item.instrument}"

    given_ids = None if cid_prefix is None else gen_cid
    cancels, opens = close_open_positions_with_market_orders(
        strategy_id, state, chosen, given_ids, on_missing_price="skip"
    )
    assert len(cancels) == answer["cancels"] == 0
    all_same(opens, answer["opens"])
    assert len(asked) == (0 if cid_prefix is None else len(opens))

    if answer["missing_prices"]:
        with pytest.raises(ValueError, match="price"):
            close_open_positions_with_market_orders(strategy_id, state, chosen, given_ids)
    else:
        result = close_open_positions_with_market_orders(strategy_id, state, chosen, given_ids)
        assert result[0] == []
        all_same(result[1], answer["opens"])


@thorough
@given(number=numbers_that_do_not_fit, negative=st.booleans())
def test_numbers_that_do_not_fit(oracle: Oracle, number: Decimal, negative: bool) -> None:
    price = number.copy_negate() if negative else number
    fine = Position(1, Side.BUY, 1, 1)
    too_large = Position(1, Side.BUY, number, 1)
    case = {"exchange": 0, "strategy_id": "ema", "cid": "mine"}
    oracle.refusal({**case, "position": position_case(fine), "price": text_of(price)})
    oracle.refusal({**case, "position": position_case(too_large), "price": "1"})
    with pytest.raises(ValueError, match="price"):
        build_ioc_market_order_to_close_position(0, fine, "ema", price)
    with pytest.raises(ValueError, match="quantity"):
        build_ioc_market_order_to_close_position(0, too_large, "ema", 1)
    with pytest.raises(ValueError, match="does not fit exactly"):
        native_close(0, 1, Side.BUY, 1, "ema", price)
    with pytest.raises(ValueError, match="does not fit exactly"):
        native_close(0, 1, Side.BUY, number, "ema", 1)
    states = EngineState([InstrumentState(0, 0, fine, 1), InstrumentState(1, 0, fine, price)])
    with pytest.raises(ValueError, match="price"):
        close_open_positions_with_market_orders("ema", states, on_missing_price="skip")

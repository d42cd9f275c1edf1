"""Positions, states, calls with any arguments and a live run for tests of the closing helpers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from typing_extensions import override

from barter_python import (
    EngineView,
    ExchangeId,
    InstrumentConfig,
    InstrumentView,
    Level,
    Liquidity,
    MarketData,
    MarketEvent,
    MockExecutionConfig,
    OrderBookL1,
    SystemConfig,
    _core,
    run_backtest,
)
from barter_python.execution import (
    ClientOrderId,
    OrderKey,
    OrderKind,
    OrderRequestCancel,
    OrderRequestOpen,
    PyOrderRequestOpen,
    RequestOpen,
    StrategyId,
    TimeInForce,
)
from barter_python.instrument import Side, Underlying
from barter_python.strategy import (
    NO_ORDERS,
    EngineState,
    InstrumentState,
    Number,
    Orders,
    Position,
    Strategy,
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
)

LONG = Position(1, Side.BUY, Decimal("0.50"), Decimal(2000))
SHORT = Position(2, Side.SELL, Decimal(3), Decimal(10))

# Given, and what must come back, character by character.
KEPT_NUMBERS: list[tuple[Number, str]] = [
    (Decimal("2059.10"), "2059.10"),
    (Decimal("51000.00000"), "51000.00000"),
    (Decimal("0.0000000000000000000000000001"), "1E-28"),
    (Decimal(9999999999999999999999999999), "9999999999999999999999999999"),
    (Decimal("0.1234567890123456789012345678"), "0.1234567890123456789012345678"),
    (Decimal("12345678901234.56789012345678"), "12345678901234.56789012345678"),
    (Decimal("1E-7"), "1E-7"),
    (Decimal("1.50E-3"), "0.00150"),
    (7, "7"),
    (10**27, "1" + "0" * 27),
    (51000.0, "51000.0"),
    (0.1, "0.1"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1e-7, "1E-7"),
    (0.00001, "0.00001"),
    (123456789012345.6, "123456789012345.6"),
    (1e15, "1000000000000000.0"),
    # Half way between two shortest forms: the even digit, as `str` has it.
    (562949953421312.25, "562949953421312.2"),
    (2.5e-5, "0.000025"),
]


def ident(value: object) -> str:
    """Name a case; `repr` refuses integers of 5000 digits."""
    if isinstance(value, int) and value > 10**100:
        return "int-huge"
    return f"{type(value).__name__}-{value!r}"


def position_of(**changes: object) -> Position:
    """Make a position with any values, also wrong ones."""
    arguments: dict[str, object] = {
        "instrument": 1,
        "side": Side.BUY,
        "quantity_abs": Decimal("0.50"),
        "entry_price": Decimal(2000),
    }
    return Position(**(arguments | changes))  # type: ignore[arg-type]


def state_of(**changes: object) -> InstrumentState:
    """Make an instrument's state with any values, also wrong ones."""
    arguments: dict[str, object] = {
        "instrument": 1,
        "exchange": 0,
        "position": LONG,
        "price": Decimal("2059.10"),
    }
    return InstrumentState(**(arguments | changes))  # type: ignore[arg-type]


def close(**changes: object) -> OrderRequestOpen:
    """Call the Python helper for one position with any arguments, also wrong ones."""
    arguments: dict[str, object] = {
        "exchange": 0,
        "position": LONG,
        "strategy_id": "ema",
        "price": Decimal("2059.10"),
    }
    return build_ioc_market_order_to_close_position(**(arguments | changes))  # type: ignore[arg-type]


def close_all(
    state: object, **changes: object
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
    """Call the Python helper for many positions with any arguments, also wrong ones."""
    arguments: dict[str, object] = {"strategy_id": "ema", "state": state}
    result: tuple[list[OrderRequestCancel], list[OrderRequestOpen]]
    result = close_open_positions_with_market_orders(**(arguments | changes))  # type: ignore[call-overload]
    return result


def native_close(**changes: object) -> PyOrderRequestOpen:
    """Call the native function with any arguments, also wrong ones."""
    arguments: dict[str, object] = {
        "exchange": 0,
        "instrument": 1,
        "side": Side.BUY,
        "quantity": Decimal("0.50"),
        "strategy_id": "ema",
        "price": Decimal("2059.10"),
    }
    return _core.build_ioc_market_order_to_close_position(**(arguments | changes))  # type: ignore[arg-type]


def expected_order(
    *,
    exchange: int = 0,
    instrument: int = 1,
    strategy_id: str = "ema",
    cid: str = "close-1",
    side: Side = Side.SELL,
    price: Decimal = Decimal("2059.10"),
    quantity: Decimal = Decimal("0.50"),
) -> OrderRequestOpen:
    return OrderRequestOpen(
        key=OrderKey(exchange, instrument, StrategyId(strategy_id), ClientOrderId(cid)),
        state=RequestOpen(side, price, quantity, OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL),
    )


class Calls:
    """A `gen_cid` that counts its calls."""

    def __init__(self, gives: object = "mine") -> None:
        self.gives = gives
        self.seen: list[tuple[object, ...]] = []

    def __call__(self, *arguments: object) -> object:
        self.seen.append(arguments)
        return self.gives


def stand_in(calls: list[tuple[object, ...]]) -> Callable[..., PyOrderRequestOpen]:
    """Something in place of the native function whose results cannot be mistaken for its own."""

    def build(*arguments: object) -> PyOrderRequestOpen:
        calls.append(arguments)
        return PyOrderRequestOpen(
            exchange=70 + len(calls),
            instrument=80 + len(calls),
            strategy_id="from-the-stand-in",
            client_order_id=f"stand-in-{len(calls)}",
            side=Side.BUY,
            price=Decimal("77.7700"),
            quantity=Decimal("88.80"),
            kind=OrderKind.LIMIT,
            time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
        )

    return build


def stand_in_order(number: int) -> OrderRequestOpen:
    return OrderRequestOpen(
        key=OrderKey(
            70 + number,
            80 + number,
            StrategyId("from-the-stand-in"),
            ClientOrderId(f"stand-in-{number}"),
        ),
        state=RequestOpen(
            Side.BUY,
            Decimal("77.7700"),
            Decimal("88.80"),
            OrderKind.LIMIT,
            TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
        ),
    )


# Many positions, the engine's own live state

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
END = START + 1000 * SECOND
NAMES = [
    (ExchangeId.BINANCE_SPOT, "btc", "usdt"),
    (ExchangeId.BINANCE_SPOT, "eth", "usdt"),
    (ExchangeId.COINBASE, "btc", "usd"),
    (ExchangeId.COINBASE, "eth", "usd"),
]
CONFIG = SystemConfig(
    instruments=[
        InstrumentConfig(exchange, base + quote, Underlying(base, quote))
        for exchange, base, quote in NAMES
    ],
    executions=[
        MockExecutionConfig(
            exchange, {"btc": 100, "eth": 100, quote: 1_000_000}, liquidity=Liquidity.INFINITE
        )
        for exchange, quote in ((ExchangeId.BINANCE_SPOT, "usdt"), (ExchangeId.COINBASE, "usd"))
    ],
)
INSTRUMENTS = CONFIG.index()
BOUGHT, SOLD = 1, 2
"""Instruments with a long and a short position; the others have none."""


def book(index: int, seconds: int, *, empty: bool = False) -> MarketEvent:
    """Make a book whose weighted mid has many digits, or one that nobody is in."""
    time = START + seconds * SECOND
    bid = None if empty else Level(price=Decimal("99.10") + index, amount=Decimal("1.3"))
    ask = None if empty else Level(price=Decimal("99.30") + index, amount=Decimal("2.9"))
    exchange = INSTRUMENTS.instruments[index].exchange_id
    return MarketEvent(time, time, exchange, index, OrderBookL1(time, bid, ask))


@dataclass
class Live(Strategy):
    """Buys one instrument, sells another, and looks at the live state at the end."""

    look: Callable[[EngineView], None]
    looked: int = 0

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        updated = state.updated
        if updated is None:
            return NO_ORDERS
        if state.time_ns == END:
            self.looked += 1
            self.look(state)
        elif state.time_ns == START:
            if updated.index == BOUGHT:
                return [], [updated.market_order(Side.BUY, Decimal("0.50"), strategy_id="live")]
            if updated.index == SOLD:
                return [], [updated.market_order(Side.SELL, Decimal("1.250"), strategy_id="live")]
        return NO_ORDERS


def look_at_live_state(
    look: Callable[[EngineView], None], *, without_price: Sequence[int] = ()
) -> None:
    """Call `look` with a running engine that has one long and one short position."""
    events = [
        *(book(index, 0) for index in range(len(NAMES))),
        *(book(index, 10, empty=True) for index in without_price),
        book(0, 1000),
    ]
    run = Live(look)
    run_backtest(run, MarketData.from_events(events), CONFIG)
    assert run.looked == 1


def plain(view: EngineView) -> EngineState:
    """Copy what the helpers read of a live state into plain holders."""
    return EngineState(
        [
            InstrumentState(
                instrument=item.instrument,
                exchange=item.exchange,
                position=None
                if item.position is None
                else Position(
                    item.position.instrument,
                    item.position.side,
                    item.position.quantity_abs,
                    item.position.price_entry_average,
                ),
                price=item.price,
                underlying=item.underlying,
            )
            for item in view.instruments
        ]
    )


def digits(orders: Sequence[OrderRequestOpen]) -> list[tuple[str, str]]:
    return [(str(order.state.price), str(order.state.quantity)) for order in orders]


def live_cid(view: InstrumentView) -> str:
    return f"mine-{view.index}"


def plain_cid(state: InstrumentState) -> str:
    return f"mine-{state.instrument}"

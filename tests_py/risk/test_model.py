"""The native limits against the rules of `docs/risk.md` as a plain program, on random orders.

The program keeps its own books with `fractions.Fraction`: it is told events, reads no position, no
order and no price of the engine, and reckons equity from cash and holdings instead of from barter's
profit and loss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import event, given, settings
from hypothesis import strategies as st
from support.histories import history, l1, market_request, two_instruments
from typing_extensions import override

from barter_python import (
    AccountEvent,
    EngineView,
    MarketData,
    MarketEvent,
    Order,
    OrderBookL1,
    OrderKind,
    OrderRequestOpen,
    Orders,
    OrderStatus,
    RiskLimits,
    Side,
    Strategy,
    Trade,
    run_backtest,
)

NAMES = ("binancespot-btc_usdt", "binancespot-eth_usdt")
START = Fraction(10_000)
SIGNS = {Side.BUY: 1, Side.SELL: -1}


@dataclass
class Books:
    """What is known of an instrument."""

    bid: Fraction | None = None
    ask: Fraction | None = None
    position: Fraction = Fraction(0)
    working: dict[str, tuple[Side, Fraction]] = field(default_factory=dict)

    @property
    def price(self) -> Fraction | None:
        """The market's price: amounts are always equal here, so it is the mid."""
        return None if self.bid is None or self.ask is None else (self.bid + self.ask) / 2


@dataclass
class Model:
    """The rules."""

    limits: RiskLimits
    books: tuple[Books, Books] = field(default_factory=lambda: (Books(), Books()))
    cash: Fraction = START
    peak: Fraction = START
    stopped: bool = False

    def limit(self, name: str, instrument: int) -> Fraction | None:
        own = self.limits.instruments.get(NAMES[instrument])
        value = None if own is None else getattr(own, name)
        value = getattr(self.limits, name) if value is None else value
        return None if value is None else Fraction(value)

    def learn(self, happened: object) -> None:
        match happened:
            case MarketEvent(instrument=index, kind=OrderBookL1(best_bid=bid, best_ask=ask)):
                assert bid is not None
                assert ask is not None
                books = self.books[index]
                books.bid, books.ask = Fraction(bid.price), Fraction(ask.price)
            case AccountEvent(kind=Trade() as fill):
                quantity = SIGNS[fill.side] * Fraction(fill.quantity)
                self.books[fill.instrument].position += quantity
                self.cash -= quantity * Fraction(fill.price) + Fraction(fill.fees)
            case AccountEvent(kind=Order() as order):
                # Limit orders are immediate or cancel here: none rests.
                assert order.status in (
                    OrderStatus.FULLY_FILLED,
                    OrderStatus.OPEN_FAILED,
                    OrderStatus.EXPIRED,
                )
                del self.books[order.instrument].working[order.client_order_id]
        equity = self.cash + sum(
            books.position * books.price for books in self.books if books.price is not None
        )
        self.peak = max(self.peak, equity)
        if self.limits.max_drawdown is not None:
            self.stopped |= self.peak - equity > Fraction(self.limits.max_drawdown) * self.peak

    def decide(self, order: OrderRequestOpen) -> str | None:
        """Give the name of the limit that the order breaks; else it is under way from now on."""
        index, asked = order.key.instrument, order.state
        books, quantity = self.books[index], Fraction(asked.quantity)
        same = sum(it for side, it in books.working.values() if side is asked.side)
        position = SIGNS[asked.side] * books.position + same + quantity
        own, market = abs(Fraction(asked.price)), books.price
        named = max(own, market or 0) if asked.kind is OrderKind.MARKET else own
        figures: list[tuple[str, Fraction | None]] = [
            ("max_order_quantity", quantity),
            ("max_order_notional", quantity * named),
            ("max_position_quantity", position),
            ("max_open_orders", Fraction(len(books.working) + 1)),
            (
                "max_price_deviation",
                None if market is None else abs(Fraction(asked.price) - market) / market,
            ),
        ]
        if self.stopped and position > 0:
            return "max_drawdown"
        for name, figure in figures:
            limit = self.limit(name, index)
            if limit is not None and (figure is None or figure > limit):
                return name
        books.working[str(order.key.cid)] = (asked.side, quantity)
        return None


@dataclass
class Checked(Strategy):
    """Sends what was planned for each call, and decides on it by the model."""

    plan: Sequence[Sequence[OrderRequestOpen]]
    model: Model
    calls: int = 0
    approved: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.model.learn(state.event)
        planned = self.plan[self.calls] if self.calls < len(self.plan) else ()
        self.calls += 1
        for order in planned:
            reason = self.model.decide(order)
            if reason is None:
                self.approved.append(str(order.key.cid))
            else:
                self.refused.append((str(order.key.cid), reason))
        return [], planned


def draw_limits(random: Random, *, of_account: bool = True) -> RiskLimits:
    """Draw limits, each of which may be left out."""

    def maybe(*texts: str) -> Decimal | None:
        return Decimal(random.choice(texts)) if random.random() < 0.3 else None

    count = maybe("1", "2", "4")
    own = [name for name in NAMES if of_account and random.random() < 0.2]
    return RiskLimits(
        max_order_quantity=maybe("0.5", "2.5", "9.99"),
        max_order_notional=maybe("60", "300", "1000.5"),
        max_position_quantity=maybe("0.6", "2.5", "11"),
        max_open_orders=None if count is None else int(count),
        max_price_deviation=maybe("0.05", "0.2"),
        # Not to be met exactly: barter's average price of entry may be rounded.
        max_drawdown=maybe("0.00312345678", "0.0212345678", "0.0512345678") if of_account else None,
        instruments={name: draw_limits(random, of_account=False) for name in own},
    )


def draw_orders(random: Random, call: int) -> list[OrderRequestOpen]:
    """Draw what is asked for at one call."""
    return [
        market_request(
            f"{call}-{place}",
            instrument=random.randrange(2),
            side=random.choice(list(Side)),
            quantity=Decimal(random.choice(["0.1", "0.5", "1", "2.5", "10"])),
            price=Decimal(random.randint(85, 115)),
            kind=random.choice([OrderKind.MARKET, OrderKind.MARKET, OrderKind.LIMIT]),
        )
        for place in range(random.choice([0, 0, 1, 1, 3]))
    ]


def draw_history(random: Random) -> MarketData:
    """Draw a walk of the mids, with a spread of two."""
    mids = [100, 100]
    events = []
    for position in range(60):
        index = random.randrange(2)
        mids[index] = max(50, mids[index] + random.randint(-5, 5))
        bid, ask = mids[index] - 1, mids[index] + 1
        events.append(l1(100 * position, str(bid), str(ask), instrument=index))
    return history(*events)


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_limits_are_those_of_the_model(seed: int) -> None:
    random = Random(seed)
    limits = draw_limits(random)
    strategy = Checked([draw_orders(random, call) for call in range(80)], Model(limits))
    result = run_backtest(
        strategy,
        draw_history(random),
        two_instruments(fee_rate=Decimal(random.choice(["0", "0.001"]))),
        latency=timedelta(milliseconds=random.choice([0, 50, 150, 400])),
        risk_manager=limits,
    )
    told = [
        (str(refusal.item.key.cid), refusal.reason.partition(":")[0]) for refusal in result.refused
    ]
    assert told == strategy.refused
    assert [report.order.client_order_id for report in result.orders] == strategy.approved
    for name, count in Counter(name for _, name in told).items():
        event(f"{name}: {'some' if count < 5 else 'many'}")

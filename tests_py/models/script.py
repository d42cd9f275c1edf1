"""Strategies for the model; those of the package are beside the tests that compare the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from models.backtest import LiveOrder, Run, closing_request
from models.order import IMMEDIATE_OR_CANCEL, POST_ONLY, Cancel, Request
from models.stops import Stop


@dataclass
class EmaCross:
    """The crossing of `examples/ema_cross.py`; floats, in the same order of operations."""

    quantities: Mapping[str, Fraction]
    fast_span: int = 50
    slow_span: int = 200
    averages: dict[int, tuple[float, float, bool]] = field(default_factory=dict)

    def crossed(self, instrument: int, price: float) -> int:
        """Take a price: 1 when fast has crossed above slow, -1 below, else 0."""
        if instrument not in self.averages:
            self.averages[instrument] = (price, price, False)
            return 0
        fast, slow, was_above = self.averages[instrument]
        fast = fast + (price - fast) * (2 / (self.fast_span + 1))
        slow = slow + (price - slow) * (2 / (self.slow_span + 1))
        self.averages[instrument] = (fast, slow, fast > slow)
        return int(fast > slow) - int(was_above)

    def requests(self, run: Run, updated: int | None) -> list[Request | Cancel]:
        """Buy when the fast average rises above the slow one, close when it falls below."""
        if updated is None:
            return []
        market = run.markets[updated]
        if market.mid is None:
            return []
        cross = self.crossed(updated, float(market.mid))
        if cross == 0 or run.live[updated]:
            return []
        position, price = run.current.get(updated), market.price
        ask = market.opposite(buy=True)
        if cross > 0 and position is None and ask is not None:
            quantity = self.quantities[run.setup.instruments[updated].name]
            return [Request(updated, True, quantity, ask, run.next_cid(), "ema")]
        if cross < 0 and position is not None and price is not None:
            return [closing_request(position, price, run.next_cid(), "ema")]
        return []


@dataclass(frozen=True)
class Wish:
    """An order of a script; without a price it is made with `InstrumentView.market_order`.

    It is left out where its client order id is live. With `cancel`, it is instead the cancel of the
    order with that id, else of the order that the script has sent last, if there is one.
    """

    instrument: int
    buy: bool
    quantity: Fraction
    price: Fraction | None = None
    limit: bool = False
    cancel: bool = False
    time_in_force: str = IMMEDIATE_OR_CANCEL
    cid: str | None = None
    number: str | None = None
    stop: StopWish | None = None
    """Instead of an order, a stop to place."""
    cancel_stop: int | None = None
    """Instead of an order, the number of a stop to withdraw."""


@dataclass(frozen=True)
class StopWish:
    """What a stop has beside its instrument, side and quantity; a trailing one has a distance."""

    kind: str
    trigger: Fraction
    limit: Fraction | None = None
    by_trade: bool = False
    until_closed: bool = False
    joins: bool = False
    """Whether it and the stop that was placed last, if it waits, cancel one another."""


def place(run: Run, wish: Wish, stop: StopWish) -> None:
    """Place a stop; a trailing one only where there is a price to follow."""
    market = run.markets[wish.instrument]
    price = market.without_book if stop.by_trade else market.mark
    trigger, distance = stop.trigger, None
    if stop.kind == "trailing":
        if price is None:
            return
        distance = stop.trigger
        trigger = price + distance if wish.buy else price - distance
    waiting = [one.number for one in run.stops.waiting]
    run.stops.place(
        Stop(
            0,
            0,
            wish.instrument,
            wish.buy,
            wish.quantity,
            stop.kind,
            trigger,
            None if stop.kind == "trailing" else stop.limit,
            distance,
            stop.by_trade,
            stop.until_closed,
        ),
        max(waiting, default=None) if stop.joins else None,
    )


@dataclass(frozen=True)
class TimerWish:
    """A timer of a script: after how long in nanoseconds, and after how long again.

    With `cancel`, it is instead the end of the timer that the script has asked for last.
    """

    after: int
    every: int | None = None
    cancel: bool = False


@dataclass
class Scripted:
    """Sends given orders at given calls, counted from 0, and asks for timers."""

    script: Mapping[int, Sequence[Wish]]
    timers: Mapping[int, Sequence[TimerWish]] = field(default_factory=dict)
    timer: int | None = None
    call: int = -1
    last: Request | None = None

    def requests(self, run: Run, updated: int | None) -> list[Request | Cancel]:
        """Give the orders of this call; a market order without any price is left out."""
        self.call += 1
        for asked in self.timers.get(self.call, ()):
            if not asked.cancel:
                self.timer = run.call_at(run.now + asked.after, asked.every)
            elif self.timer is not None:
                run.cancel_timer(self.timer)
        requests: list[Request | Cancel] = []
        opened: set[tuple[int, str]] = set()
        for wish in self.script.get(self.call, ()):
            if wish.stop is not None:
                place(run, wish, wish.stop)
                continue
            if wish.cancel_stop is not None:
                run.stops.cancel(wish.cancel_stop)
                continue
            if wish.cancel:
                if wish.cid is not None:
                    requests.append(Cancel(wish.instrument, wish.cid, wish.number))
                elif self.last is not None:
                    last = self.last
                    requests.append(Cancel(last.instrument, last.cid, wish.number))
                continue
            if wish.cid is not None and (
                wish.cid in run.live[wish.instrument] or (wish.instrument, wish.cid) in opened
            ):
                continue
            price = wish.price
            if price is None:
                market = run.markets[wish.instrument]
                opposite = market.opposite(buy=wish.buy)
                price = market.price if opposite is None else opposite
            if price is None:
                continue
            named = wish.cid is not None and wish.price is not None
            self.last = Request(
                instrument=wish.instrument,
                buy=wish.buy,
                quantity=wish.quantity,
                price=price,
                cid=wish.cid if named and wish.cid is not None else run.next_cid(),
                strategy="script",
                limit=wish.limit,
                time_in_force=IMMEDIATE_OR_CANCEL if wish.price is None else wish.time_in_force,
            )
            opened.add((wish.instrument, self.last.cid))
            requests.append(self.last)
        return requests


@dataclass(frozen=True)
class Seen:
    """What a market maker looks at: an instrument, its best prices, and its live orders."""

    instrument: int
    bid: Fraction
    ask: Fraction
    live: Sequence[LiveOrder]


@dataclass
class Making:
    """Quotes both sides of what is updated, and takes now and then; all by counting its calls.

    It decides from plain numbers, so that it is the same strategy for model and package.
    """

    quantities: Sequence[Fraction]
    pause: int = 7
    """Calls between two looks."""
    calls: int = 0
    looks: int = 0
    orders: int = 0

    def wishes(self, seen: Seen | None) -> list[Wish]:
        """Give the orders and cancels of this call."""
        self.calls += 1
        if seen is None or self.calls % self.pause:
            return []
        self.looks += 1
        index, quantity = seen.instrument, self.quantities[seen.instrument]
        cancels = [
            Wish(index, buy=True, quantity=quantity, cancel=True, cid=cid)
            for place, (cid, status, _) in enumerate(seen.live)
            if status == "open" and (self.looks + place) % 3 == 0
        ]
        spread = seen.ask - seen.bid
        wishes = []
        # Under, at and over the best price; some take at once.
        offset = spread * (self.looks % 5 - 2)
        if len(seen.live) - len(cancels) < 6:
            for buy in (True, False):
                price = seen.bid + offset if buy else seen.ask - offset
                force = ("good_until_cancelled", POST_ONLY, "good_until_end_of_day")[self.looks % 3]
                wishes.append(self.order(index, quantity, price, force, buy=buy))
        if self.looks % 11 == 0:
            force = ("fill_or_kill", IMMEDIATE_OR_CANCEL)[self.looks % 2]
            amount = quantity * (1 + 40 * (self.looks % 4))
            wishes.append(self.order(index, amount, seen.ask + spread, force, buy=True))
        if self.looks % 13 == 0:
            wishes.append(Wish(index, buy=bool(self.looks % 2), quantity=quantity))
        return [*cancels, *wishes]

    def order(
        self, index: int, quantity: Fraction, price: Fraction, force: str, *, buy: bool
    ) -> Wish:
        """Give a limit order with an id of its own."""
        self.orders += 1
        return Wish(index, buy, quantity, price, True, False, force, f"m{self.orders}")


@dataclass
class Maker:
    """`Making` for the model."""

    making: Making

    def requests(self, run: Run, updated: int | None) -> list[Request | Cancel]:
        """Give the requests for what it wishes."""
        seen = None
        if updated is not None:
            bid, ask = run.markets[updated].best
            live = tuple(
                (cid, one.status, one.filled) for cid, one in sorted(run.live[updated].items())
            )
            if bid is not None and ask is not None:
                seen = Seen(updated, bid, ask, live)
        return Scripted({0: self.making.wishes(seen)}).requests(run, updated)

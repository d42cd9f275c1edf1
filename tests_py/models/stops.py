"""`docs/stops.md` as a plain and slow program: what a run does with the stops that it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from models.market import Candle, Item, Market


@dataclass
class Stop:
    """A stop that waits; `trigger` is its price now."""

    number: int
    group: int
    instrument: int
    buy: bool
    quantity: Fraction
    kind: str
    trigger: Fraction
    limit: Fraction | None = None
    distance: Fraction | None = None
    by_trade: bool = False
    until_closed: bool = False
    strategy: str = "script"

    @property
    def falling(self) -> bool:
        """Whether a falling price triggers it."""
        return self.buy == (self.kind == "take_profit")

    def reached(self, price: Fraction) -> bool:
        """Whether a price triggers it."""
        return price <= self.trigger if self.falling else price >= self.trigger

    def trail(self, price: Fraction) -> None:
        """Follow the price."""
        if self.distance is None:
            return
        if self.buy:
            self.trigger = min(self.trigger, price + self.distance)
        else:
            self.trigger = max(self.trigger, price - self.distance)


@dataclass(frozen=True)
class Fired:
    """A stop that was triggered: at which price, and by which candle's path."""

    stop: Stop
    price: Fraction
    candle: Candle | None


@dataclass
class Stops:
    """The stops of a run."""

    waiting: list[Stop] = field(default_factory=list)
    count: int = 0

    def place(self, stop: Stop, other: int | None) -> None:
        """Place a stop under the next number, alone or with another."""
        self.count += 1
        stop.number = stop.group = self.count
        for one in self.waiting:
            if one.number == other:
                stop.group = one.group
        self.waiting.append(stop)

    def cancel(self, number: int) -> None:
        """Withdraw a stop, if it waits."""
        self.waiting = [stop for stop in self.waiting if stop.number != number]

    def position_closed(self, instrument: int) -> None:
        """Withdraw what waits for no longer than a position."""
        self.waiting = [
            stop
            for stop in self.waiting
            if not (stop.until_closed and stop.instrument == instrument)
        ]

    def look(self, item: Item, market: Market, *, counts: bool, path: bool) -> list[Fired]:
        """Look at what an event shows; `path` says whether candles count by their path."""
        fired: list[Fired] = []
        for by_trade in (False, True):
            price = market.without_book if by_trade else market.mark
            if price is None:
                continue
            of_candle = market.trade is None and (by_trade or market.mid is None)
            kind = item.kind
            if isinstance(kind, Candle) and counts and of_candle and path:
                points, candle = kind.path, kind
                self.follow(item.instrument, points, by_trade, candle, fired)
            else:
                self.follow(item.instrument, (price,), by_trade, None, fired)
        return fired

    def follow(
        self,
        instrument: int,
        points: tuple[Fraction, ...],
        by_trade: bool,
        candle: Candle | None,
        fired: list[Fired],
    ) -> None:
        """Let the price jump to the first point, and move on from each to the next."""
        before: Fraction | None = None
        for price in points:
            if before is None:
                self.trail(instrument, price, by_trade=by_trade)
            while True:
                reached = [
                    stop for stop in self.of(instrument, by_trade=by_trade) if stop.reached(price)
                ]
                if not reached:
                    break
                if before is None:
                    first, at = min(reached, key=lambda stop: stop.number), price
                else:
                    start = before
                    first = min(reached, key=lambda stop: (abs(stop.trigger - start), stop.number))
                    at = first.trigger
                fired.append(Fired(first, at, candle))
                self.waiting = [stop for stop in self.waiting if stop.group != first.group]
            self.trail(instrument, price, by_trade=by_trade)
            before = price

    def of(self, instrument: int, *, by_trade: bool) -> list[Stop]:
        """Give the stops of an instrument that wait for one price."""
        return [
            stop
            for stop in self.waiting
            if stop.instrument == instrument and stop.by_trade == by_trade
        ]

    def trail(self, instrument: int, price: Fraction, *, by_trade: bool) -> None:
        """Let the trailing stops follow."""
        for stop in self.of(instrument, by_trade=by_trade):
            stop.trail(price)

"""What the models know of a market: its events, and what `docs/backtest.md` keeps of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias, Union

PLACES = 10**12


def cut(exact: Fraction) -> Fraction:
    """Leave out what comes after the twelfth decimal place, towards zero."""
    units = abs(exact.numerator) * PLACES // exact.denominator
    return Fraction(units if exact >= 0 else -units, PLACES)


@dataclass(frozen=True)
class Level:
    """A price and what is on offer there."""

    price: Fraction
    amount: Fraction


@dataclass(frozen=True)
class Quote:
    """Best bid and ask."""

    time_update: int
    bid: Level | None
    ask: Level | None


@dataclass(frozen=True)
class BookChange:
    """The whole order book, or what has changed in it: amounts by price, zero for what is gone."""

    whole: bool
    bids: Mapping[Fraction, Fraction]
    asks: Mapping[Fraction, Fraction]


@dataclass(frozen=True)
class PublicTrade:
    """A trade of others; `buy` says whether who took liquidity bought."""

    price: Fraction
    amount: Fraction
    buy: bool


@dataclass(frozen=True)
class Candle:
    """A candle."""

    open: Fraction
    high: Fraction
    low: Fraction
    close: Fraction
    volume: Fraction

    @property
    def path(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Open, nearer extreme (the low if they are equally near), other extreme, close."""
        if abs(self.high - self.open) < abs(self.low - self.open):
            return self.open, self.high, self.low, self.close
        return self.open, self.low, self.high, self.close


@dataclass(frozen=True)
class Liquidation:
    """A liquidation, which changes no price."""


@dataclass(frozen=True)
class Funding:
    """The funding of a perpetual; `mark` is the price that the event gives."""

    rate: Fraction
    mark: Fraction | None


@dataclass(frozen=True)
class Settlement:
    """The settlement of a future."""

    price: Fraction


Kind: TypeAlias = Quote | BookChange | PublicTrade | Candle | Liquidation | Funding | Settlement


@dataclass(frozen=True)
class Item:
    """A market event; times are nanoseconds since 1970."""

    time_exchange: int
    time_received: int
    exchange: int
    instrument: int
    kind: Kind


@dataclass(frozen=True)
class Lost:
    """The stream of an exchange was lost, at a time that may be known."""

    exchange: int
    time_received: int | None = None


Event: TypeAlias = Item | Lost


@dataclass
class Book:
    """An order book: amounts by price, and the greatest time of its events."""

    time: int
    bids: dict[Fraction, Fraction] = field(default_factory=dict)
    asks: dict[Fraction, Fraction] = field(default_factory=dict)

    def change(self, change: BookChange) -> None:
        """Take the whole book, or what has changed in it."""
        for side, changed in ((self.bids, change.bids), (self.asks, change.asks)):
            if change.whole:
                side.clear()
            side.update(changed)
            for price in [price for price, amount in side.items() if amount == 0]:
                del side[price]

    @property
    def levels(self) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        """Bids and asks, the best first."""
        return (
            tuple(Level(price, self.bids[price]) for price in sorted(self.bids, reverse=True)),
            tuple(Level(price, self.asks[price]) for price in sorted(self.asks)),
        )

    @property
    def best(self) -> Quote:
        """The best level of each side."""
        bids, asks = self.levels
        return Quote(self.time, bids[0] if bids else None, asks[0] if asks else None)


def better(price: Fraction, than: Fraction, *, bids: bool) -> bool:
    """Whether a price of a side comes before another."""
    return price > than if bids else price < than


def is_crossed(bid: Level | None, ask: Level | None) -> bool:
    """Whether the bid is above the ask, if both are there."""
    return bid is not None and ask is not None and bid.price > ask.price


@dataclass
class Market:
    """What is known of an instrument's market; times tell what is older."""

    quote: Quote | None = None
    """Best bid and ask of the last L1 or of the book."""
    of_book: bool = False
    """Whether they are those of the book."""
    book: Book | None = None
    trade: tuple[int, Level] | None = None
    candle: tuple[int, Level] | None = None
    last_candle: Candle | None = None
    """The same, whole."""

    def apply(self, item: Item) -> bool:
        """Take an event, unless it is older than what it would replace; tell whether it is not."""
        kind, of_book = item.kind, False
        if isinstance(kind, BookChange):
            # A change is never left out, however old it is.
            if self.book is None:
                self.book = Book(item.time_exchange)
            self.book.time = max(self.book.time, item.time_exchange)
            self.book.change(kind)
            kind, of_book = self.book.best, True
        if isinstance(kind, Quote):
            if self.quote is None or kind.time_update >= self.quote.time_update:
                self.quote, self.of_book = kind, of_book
                return True
        elif isinstance(kind, PublicTrade):
            if self.trade is None or item.time_exchange >= self.trade[0]:
                self.trade = (item.time_exchange, Level(kind.price, kind.amount))
                return True
        elif isinstance(kind, Candle) and (
            self.candle is None or item.time_exchange >= self.candle[0]
        ):
            self.candle = (item.time_exchange, Level(kind.close, kind.volume))
            self.last_candle = kind
            return True
        return False

    @property
    def sides(self) -> tuple[Level | None, Level | None]:
        """Best bid and best ask."""
        return (None, None) if self.quote is None else (self.quote.bid, self.quote.ask)

    @property
    def best(self) -> tuple[Fraction | None, Fraction | None]:
        """Prices of best bid and best ask."""
        bid, ask = self.sides
        return None if bid is None else bid.price, None if ask is None else ask.price

    @property
    def last(self) -> Level | None:
        """The last trade, else the last candle's close."""
        last = self.trade or self.candle
        return None if last is None else last[1]

    @property
    def without_book(self) -> Fraction | None:
        """The price of the last trade, else the last candle's close."""
        return None if self.last is None else self.last.price

    @property
    def of_candles(self) -> bool:
        """Whether all that is known of the prices comes from candles."""
        return self.without_sides and self.trade is None

    @property
    def without_sides(self) -> bool:
        """Whether neither side is there."""
        return self.sides == (None, None)

    @property
    def crossed(self) -> bool:
        """Whether the best bid is above the best ask."""
        return is_crossed(*self.sides)

    def is_crossed_by(self, kind: Kind) -> bool:
        """Whether an event is a crossed quote, or a change that has left the book crossed."""
        if isinstance(kind, BookChange) and self.book is not None:
            kind = self.book.best
        return isinstance(kind, Quote) and is_crossed(kind.bid, kind.ask)

    def opposite(self, *, buy: bool) -> Fraction | None:
        """Give the price that a market order names."""
        if self.without_sides:
            return self.without_book
        bid, ask = self.sides
        level = ask if buy != self.crossed else bid
        return None if level is None else level.price

    def offers(self, *, buy: bool) -> list[Level]:
        """Give what is offered to a buyer or a seller, the best first, before we took of it."""
        if self.without_sides:
            found = [] if self.last is None else [self.last]
        else:
            book: tuple[Level, ...] = ()
            if self.book is not None:
                bids, asks = self.book.levels
                book = asks if buy else bids
            if self.of_book:
                found = list(book)
            else:
                bid, ask = self.sides
                first = ask if buy else bid
                found = []
                if first is not None:
                    worse = [
                        level for level in book if better(first.price, level.price, bids=not buy)
                    ]
                    found = [first, *worse]
        if self.crossed:
            bid, ask = self.sides
            own = bid if buy else ask
            assert own is not None
            found = [level for level in found if not better(level.price, own.price, bids=not buy)]
        return [Level(level.price, cut(level.amount)) for level in found if level.price > 0]

    def shown(self, price: Fraction, *, bids: bool) -> Fraction | None:
        """Give the amount shown at a price of a side; `None` where it is not known."""
        if self.without_sides:
            return None
        bid, ask = self.sides
        best = bid if bids else ask
        if best is None or better(price, best.price, bids=bids):
            return Fraction(0)
        if price == best.price:
            return cut(best.amount)
        if self.book is None:
            return None
        side = self.book.bids if bids else self.book.asks
        return cut(side.get(price, Fraction(0)))

    @property
    def mid(self) -> Fraction | None:
        """Half way between best bid and best ask."""
        bid, ask = self.sides
        return None if bid is None or ask is None else (bid.price + ask.price) / 2

    @property
    def mark(self) -> Fraction | None:
        """What positions are valued at."""
        return self.without_book if self.mid is None else self.mid

    @property
    def price(self) -> Fraction | None:
        """The mid weighted by volume, which closing requests name."""
        bid, ask = self.sides
        if bid is None or ask is None:
            return self.without_book
        amount = bid.amount + ask.amount
        if amount == 0:
            return self.mid
        return (bid.price * ask.amount + ask.price * bid.amount) / amount


Json: TypeAlias = Union[bool, int, str, Decimal, "list[Json]", "dict[str, Json]", None]

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def member(value: Json, *names: str) -> Json:
    """Go down into objects."""
    for name in names:
        if not isinstance(value, dict):
            raise TypeError(name)
        value = value[name]
    return value


def text(value: Json) -> str:
    """Take a text."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def exact_number(value: Json) -> Fraction:
    """Take a number, or a text that holds one."""
    if isinstance(value, (str, Decimal, int)):
        return Fraction(value)
    raise TypeError(value)


def nanoseconds(value: Json) -> int:
    """Read an RFC 3339 time in UTC, with up to nine decimal places."""
    head, _, fraction = text(value).removesuffix("Z").partition(".")
    since = datetime.fromisoformat(f"{head}+00:00") - EPOCH
    return since // timedelta(seconds=1) * 10**9 + int(fraction.ljust(9, "0"))


def level_of(value: Json) -> Level | None:
    """Read a level."""
    if value is None:
        return None
    return Level(exact_number(member(value, "price")), exact_number(member(value, "amount")))


def event_of(line: Json, exchanges: Sequence[str]) -> Event:
    """Read an event; `exchanges` are the names by index."""
    if not isinstance(line, dict):
        raise TypeError(line)
    if "Reconnecting" in line:
        return Lost(exchanges.index(text(line["Reconnecting"])))
    item = line["Item"]
    instrument, kinds = member(item, "instrument"), member(item, "kind")
    if not isinstance(instrument, int) or not isinstance(kinds, dict):
        raise TypeError(item)
    kind: Quote | PublicTrade
    if "Trade" in kinds:
        trade = kinds["Trade"]
        kind = PublicTrade(
            exact_number(member(trade, "price")),
            exact_number(member(trade, "amount")),
            text(member(trade, "side")).lower() == "buy",
        )
    else:
        book = kinds["OrderBookL1"]
        kind = Quote(
            nanoseconds(member(book, "last_update_time")),
            level_of(member(book, "best_bid")),
            level_of(member(book, "best_ask")),
        )
    return Item(
        time_exchange=nanoseconds(member(item, "time_exchange")),
        time_received=nanoseconds(member(item, "time_received")),
        exchange=exchanges.index(text(member(item, "exchange"))),
        instrument=instrument,
        kind=kind,
    )


def read_json_lines(path: Path, exchanges: Sequence[str]) -> list[Event]:
    """Read a file of JSON lines that is compressed with gzip."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [event_of(json.loads(line, parse_float=Decimal), exchanges) for line in lines]

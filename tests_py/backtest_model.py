"""A simple, slow and exact model of `docs/backtest.md`: it shares no code with the package.

Money is `fractions.Fraction`. `run` takes a history, what is traded and a strategy, and gives every
call of the strategy, order, fill, closed position, balance and point of the equity.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Protocol, TypeAlias, Union

COEFFICIENT_LIMIT = 2**96
MOST_DECIMAL_PLACES = 28


def rounded(exact: Fraction) -> Fraction:
    """Round half to even, to as many decimal places as 96 bits and 28 places allow."""
    for places in range(MOST_DECIMAL_PLACES, -1, -1):
        coefficient = round(exact * 10**places)
        if abs(coefficient) < COEFFICIENT_LIMIT:
            return Fraction(coefficient, 10**places)
    message = f"{exact} is too large for barter's decimal"
    raise OverflowError(message)


def fits(exact: Fraction) -> bool:
    """Whether barter's decimal holds a number without rounding it."""
    return rounded(exact) == exact


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
    """A trade of others."""

    price: Fraction


@dataclass(frozen=True)
class Candle:
    """A candle, of which only the close matters."""

    close: Fraction


@dataclass(frozen=True)
class Liquidation:
    """A liquidation, which changes no price."""


@dataclass(frozen=True)
class Item:
    """A market event; times are nanoseconds since 1970."""

    time_exchange: int
    time_received: int
    exchange: int
    instrument: int
    kind: Quote | BookChange | PublicTrade | Candle | Liquidation


@dataclass(frozen=True)
class Lost:
    """The stream of an exchange was lost."""

    exchange: int


Event: TypeAlias = Item | Lost


@dataclass(frozen=True)
class Instrument:
    """What is traded: indices of exchange, base asset and quote asset."""

    name: str
    exchange: int
    base: int
    quote: int


@dataclass(frozen=True)
class Exchange:
    """How an exchange answers: latency in nanoseconds, fee as a fraction of the value."""

    latency: int
    fee_rate: Fraction


@dataclass(frozen=True)
class Setup:
    """All that a run depends on but its history and its strategy; balances are by asset index."""

    instruments: Sequence[Instrument]
    exchanges: Sequence[Exchange]
    balances: Sequence[Fraction]
    fill_as_requested: bool = False
    close_at_end: bool = False


@dataclass(frozen=True)
class Request:
    """An order that a strategy asks for; `buy` is its side."""

    instrument: int
    buy: bool
    quantity: Fraction
    price: Fraction
    cid: str
    strategy: str
    limit: bool = False


@dataclass(frozen=True)
class Cancel:
    """A request to cancel an order, which always comes too late."""

    instrument: int
    cid: str


@dataclass
class OrderRecord:
    """An order and its end: `status` and `failure` are the values of the package's enums."""

    request: Request
    time_sent: int
    time_finished: int | None = None
    status: str = "open_in_flight"
    failure: str | None = None


@dataclass(frozen=True)
class Fill:
    """A fill; its number is the id of trade and order."""

    number: int
    time: int
    request: Request
    price: Fraction
    fee: Fraction


@dataclass
class Position:
    """A position; `exact` is false where a quotient does not fit barter's decimal."""

    instrument: int
    buy: bool
    average: Fraction
    quantity: Fraction
    quantity_max: Fraction
    pnl: Fraction
    fees_enter: Fraction
    fees_exit: Fraction
    time_enter: int
    time_update: int
    fills: list[int]
    exact: bool

    def gain(self, quantity: Fraction, price: Fraction) -> Fraction:
        """Give what closing `quantity` at `price` earns, before fees."""
        return quantity * (price - self.average) * (1 if self.buy else -1)


@dataclass(frozen=True)
class EquityPoint:
    """Worth of the account in one quote asset."""

    asset: int
    time: int
    equity: Fraction


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


@dataclass
class Market:
    """What is known of an instrument's market; times tell what is older."""

    quote: Quote | None = None
    """Best bid and ask of the last L1 or of the book."""
    book: Book | None = None
    trade: tuple[int, Fraction] | None = None
    candle: tuple[int, Fraction] | None = None

    def apply(self, item: Item) -> None:
        """Take an event, unless it is older than what it would replace."""
        kind = item.kind
        if isinstance(kind, BookChange):
            # A change is never left out, however old it is.
            if self.book is None:
                self.book = Book(item.time_exchange)
            self.book.time = max(self.book.time, item.time_exchange)
            self.book.change(kind)
            kind = self.book.best
        if isinstance(kind, Quote):
            if self.quote is None or kind.time_update >= self.quote.time_update:
                self.quote = kind
        elif isinstance(kind, PublicTrade):
            if self.trade is None or item.time_exchange >= self.trade[0]:
                self.trade = (item.time_exchange, kind.price)
        elif isinstance(kind, Candle) and (
            self.candle is None or item.time_exchange >= self.candle[0]
        ):
            self.candle = (item.time_exchange, kind.close)

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
    def without_book(self) -> Fraction | None:
        """The last trade, else the last candle's close."""
        last = self.trade or self.candle
        return None if last is None else last[1]

    def opposite(self, *, buy: bool) -> Fraction | None:
        """Give the price that a market order gets."""
        bid, ask = self.sides
        if bid is None and ask is None:
            return self.without_book
        level = ask if buy else bid
        return None if level is None else level.price

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


@dataclass(frozen=True)
class Call:
    """A call of the strategy: what had happened, and the account that it saw."""

    time: int
    what: str
    updated: int | None
    balances: tuple[Fraction, ...]
    positions: tuple[tuple[bool, Fraction] | None, ...]
    live: tuple[tuple[str, ...], ...]
    best: tuple[tuple[Fraction | None, Fraction | None], ...]
    books: tuple[tuple[tuple[Level, ...], tuple[Level, ...]] | None, ...]


class Strategy(Protocol):
    """What makes orders."""

    def requests(self, run: Run, updated: int | None) -> list[Request | Cancel]:
        """Give orders; `updated` is the instrument of the market event just processed."""
        ...


@dataclass
class Run:
    """A run; everything that it brings forth stays here."""

    setup: Setup
    strategy: Strategy
    now: int
    balances: list[Fraction] = field(default_factory=list)
    markets: list[Market] = field(default_factory=list)
    current: dict[int, Position] = field(default_factory=dict)
    live: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    cancelling: set[str] = field(default_factory=set)
    pending: list[tuple[int, int, OrderRecord | Cancel]] = field(default_factory=list)
    realised: dict[int, Fraction] = field(default_factory=dict)
    sent: int = 0
    ids: int = 0
    trading: bool = False
    fills_exact: bool = True
    calls: list[Call] = field(default_factory=list)
    orders: list[OrderRecord] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    closed: list[Position] = field(default_factory=list)
    equity: list[EquityPoint] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        """Whether no number of the run had to be rounded by a quotient."""
        positions = [*self.closed, *self.current.values()]
        return self.fills_exact and all(position.exact for position in positions)

    @property
    def equity_by_asset(self) -> dict[int, list[EquityPoint]]:
        """The points of each quote asset."""
        curves: dict[int, list[EquityPoint]] = {}
        for point in self.equity:
            curves.setdefault(point.asset, []).append(point)
        return curves

    def next_cid(self) -> str:
        """Give a new client order id."""
        self.ids += 1
        return f"bp-{self.ids}"

    def drive(self, events: Iterable[Event]) -> None:
        """Run the whole history."""
        self.balances = list(self.setup.balances)
        self.markets = [Market() for _ in self.setup.instruments]
        quotes = sorted({instrument.quote for instrument in self.setup.instruments})
        self.realised = {asset: self.balances[asset] for asset in quotes}
        # The snapshots of the accounts come before trading: nobody is asked about them.
        self.trading = True
        for asset in quotes:
            self.record_equity(asset)
        for event in events:
            if isinstance(event, Item):
                time = max(self.now, event.time_received)
                self.deliver(time)
                self.now = time
                self.markets[event.instrument].apply(event)
                self.ask("market", event.instrument)
            else:
                self.ask("reconnecting", None)
            self.deliver(self.now)
        self.trading = False
        self.deliver(None)
        if self.setup.close_at_end:
            for index in range(len(self.setup.instruments)):
                position, price = self.current.get(index), self.markets[index].price
                if position is not None and price is not None:
                    cid = self.next_cid()
                    self.send(closing_request(position, price, cid, "default"))
            self.deliver(None)
        for asset in quotes:
            self.record_equity(asset)

    def ask(self, what: str, updated: int | None) -> None:
        """Let the strategy act on an event that has been processed."""
        if not self.trading:
            return
        held = [self.current.get(index) for index in range(len(self.markets))]
        call = Call(
            time=self.now,
            what=what,
            updated=updated,
            balances=tuple(self.balances),
            positions=tuple(
                None if position is None else (position.buy, position.quantity) for position in held
            ),
            live=tuple(tuple(sorted(self.live[index])) for index in range(len(self.markets))),
            best=tuple(market.best for market in self.markets),
            books=tuple(
                None if market.book is None else market.book.levels for market in self.markets
            ),
        )
        self.calls.append(call)
        requests = self.strategy.requests(self, updated)
        # barter sends cancels before opens.
        for request in sorted(requests, key=lambda request: isinstance(request, Request)):
            self.send(request)

    def send(self, request: Request | Cancel) -> None:
        """Send a request on its way."""
        exchange = self.setup.exchanges[self.setup.instruments[request.instrument].exchange]
        sent: OrderRecord | Cancel
        if isinstance(request, Request):
            sent = OrderRecord(request, self.now)
            self.orders.append(sent)
            self.live[request.instrument].append(request.cid)
        else:
            sent = request
            if request.cid in self.live[request.instrument]:
                self.cancelling.add(request.cid)
        self.sent += 1
        self.pending.append((self.now + exchange.latency, self.sent, sent))

    def deliver(self, until: int | None) -> None:
        """Let everything arrive that is due, the earliest first, then the first sent."""
        while self.pending:
            following = min(self.pending, key=lambda pending: pending[:2])
            due, _, sent = following
            if until is not None and due > until:
                return
            self.pending.remove(following)
            self.now = due
            if isinstance(sent, OrderRecord):
                self.answer(sent)
            else:
                # barter's engine forgets an order under way when one of its cancels has failed.
                if sent.cid in self.cancelling:
                    self.forget(sent.instrument, sent.cid)
                self.ask("cancel", None)

    def answer(self, record: OrderRecord) -> None:
        """Fill or refuse an order that arrives now, and tell the strategy."""
        request = record.request
        instrument = self.setup.instruments[request.instrument]
        record.time_finished = self.now
        price = self.markets[request.instrument].opposite(buy=request.buy)
        if self.setup.fill_as_requested:
            price = request.price
        if request.limit or price is None or price <= 0:
            self.refuse(record, "order_rejected")
            return
        value = rounded(price * request.quantity)
        fee = rounded(value * self.setup.exchanges[instrument.exchange].fee_rate)
        if request.buy:
            base, quote = request.quantity, -rounded(value + fee)
        else:
            base, quote = -request.quantity, rounded(value - fee)
        if self.balances[instrument.base] + base < 0 or self.balances[instrument.quote] + quote < 0:
            self.refuse(record, "balance_insufficient")
            return
        self.fills_exact = self.fills_exact and fits(price)
        number = len(self.fills) + 1
        # Both balances move at once in the exchange; the strategy sees one after the other.
        self.balances[instrument.base] = rounded(self.balances[instrument.base] + base)
        self.ask("balance", None)
        self.balances[instrument.quote] = rounded(self.balances[instrument.quote] + quote)
        self.ask("balance", None)
        fill = Fill(number, self.now, request, price, fee)
        self.fills.append(fill)
        self.book(fill)
        self.ask("trade", None)
        self.record_equity(instrument.quote)
        record.status = "fully_filled"
        self.forget(request.instrument, request.cid)
        self.ask("order", None)

    def refuse(self, record: OrderRecord, failure: str) -> None:
        """Tell that an order failed."""
        record.status, record.failure = "open_failed", failure
        self.forget(record.request.instrument, record.request.cid)
        self.ask("order", None)

    def forget(self, instrument: int, cid: str) -> None:
        """Count an order as no longer under way."""
        if cid in self.live[instrument]:
            self.live[instrument].remove(cid)

    def book(self, fill: Fill) -> None:
        """Move the position of the fill's instrument."""
        request, index = fill.request, fill.request.instrument
        position = self.current.get(index)
        if position is None:
            self.current[index] = opened(fill, request.quantity, fill.fee, exact=fits(fill.price))
            return
        position.fills.append(fill.number)
        position.time_update = fill.time
        position.exact = position.exact and fits(fill.price)
        if position.buy == request.buy:
            total = position.quantity + request.quantity
            worth = position.average * position.quantity + fill.price * request.quantity
            position.average = worth / total
            position.exact = position.exact and fits(position.average)
            position.quantity = total
            position.quantity_max = max(position.quantity_max, total)
            position.pnl -= fill.fee
            position.fees_enter += fill.fee
            return
        quantity = min(position.quantity, request.quantity)
        share = quantity / request.quantity
        exact = fits(share) and fits(fill.fee * share) and fits(fill.fee * (1 - share))
        position.exact = position.exact and exact
        position.pnl += position.gain(quantity, fill.price) - fill.fee * share
        position.fees_exit += fill.fee * share
        position.quantity -= quantity
        if position.quantity > 0:
            return
        self.closed.append(position)
        self.realised[self.setup.instruments[index].quote] += position.pnl
        del self.current[index]
        remaining = request.quantity - quantity
        if remaining > 0:
            exact = exact and fits(fill.price)
            self.current[index] = opened(fill, remaining, fill.fee * (1 - share), exact=exact)

    def record_equity(self, asset: int) -> None:
        """Note what the account is worth in a quote asset now."""
        equity = self.realised[asset]
        for index, position in self.current.items():
            if self.setup.instruments[index].quote == asset:
                mark = self.markets[index].mark
                price = position.average if mark is None else mark
                equity += position.pnl + position.gain(position.quantity, price)
        self.equity.append(EquityPoint(asset, self.now, equity))


def opened(fill: Fill, quantity: Fraction, fee: Fraction, *, exact: bool) -> Position:
    """Open a position with (what is left of) a fill."""
    return Position(
        instrument=fill.request.instrument,
        buy=fill.request.buy,
        average=fill.price,
        quantity=quantity,
        quantity_max=quantity,
        pnl=-fee,
        fees_enter=fee,
        fees_exit=Fraction(0),
        time_enter=fill.time,
        time_update=fill.time,
        fills=[fill.number],
        exact=exact,
    )


def closing_request(position: Position, price: Fraction, cid: str, strategy: str) -> Request:
    """Ask for the opposite of a position."""
    return Request(position.instrument, not position.buy, position.quantity, price, cid, strategy)


def run(setup: Setup, events: Sequence[Event], strategy: Strategy) -> Run:
    """Run a strategy over a history, from the time when the first event was received."""
    start = next(event.time_received for event in events if isinstance(event, Item))
    result = Run(setup, strategy, start)
    result.drive(events)
    return result


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

    With `cancel`, it is the cancel of the order that the script has sent last, if there is one.
    """

    instrument: int
    buy: bool
    quantity: Fraction
    price: Fraction | None = None
    limit: bool = False
    cancel: bool = False


@dataclass
class Scripted:
    """Sends given orders at given calls, counted from 0."""

    script: Mapping[int, Sequence[Wish]]
    call: int = -1
    last: Request | None = None

    def requests(self, run: Run, updated: int | None) -> list[Request | Cancel]:
        """Give the orders of this call; a market order without any price is left out."""
        self.call += 1
        requests: list[Request | Cancel] = []
        for wish in self.script.get(self.call, ()):
            if wish.cancel:
                if self.last is not None:
                    requests.append(Cancel(self.last.instrument, self.last.cid))
                continue
            price = wish.price
            if price is None:
                market = run.markets[wish.instrument]
                opposite = market.opposite(buy=wish.buy)
                price = market.price if opposite is None else opposite
            if price is None:
                continue
            self.last = Request(
                instrument=wish.instrument,
                buy=wish.buy,
                quantity=wish.quantity,
                price=price,
                cid=run.next_cid(),
                strategy="script",
                limit=wish.limit,
            )
            requests.append(self.last)
        return requests


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
        kind = PublicTrade(exact_number(member(kinds, "Trade", "price")))
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

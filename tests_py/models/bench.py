"""The model of the exchanges on a bench: short spellings, and one instrument's orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from models.account import Account, Instrument, Rules
from models.exchange import Exchanges
from models.market import (
    BookChange,
    Candle,
    Item,
    Kind,
    Level,
    Market,
    PublicTrade,
    Quote,
)
from models.order import (
    GOOD_UNTIL_CANCELLED,
    Fill,
    Message,
    Order,
    Request,
)

SPOT = Instrument("spot", 0, 0, 1)
PERPETUAL = Instrument("perpetual", 0, 0, 1, contract=True)


def number(text: str | int) -> Fraction:
    return Fraction(text)


def at(price: str | int, amount: str | int) -> Level:
    return Level(number(price), number(amount))


def l1(bid: Level | None, ask: Level | None, time: int = 0) -> Quote:
    return Quote(time, bid, ask)


def book(
    *, whole: bool = True, bids: Sequence[Level] = (), asks: Sequence[Level] = ()
) -> BookChange:
    return BookChange(
        whole,
        {level.price: level.amount for level in bids},
        {level.price: level.amount for level in asks},
    )


def trade(price: str | int, amount: str | int, *, buy: bool) -> PublicTrade:
    return PublicTrade(number(price), number(amount), buy)


def bar(
    start: str | int, high: str | int, low: str | int, close: str | int, volume: str | int
) -> Candle:
    return Candle(number(start), number(high), number(low), number(close), number(volume))


@dataclass
class Bench:
    """One instrument on one exchange; time is the number of what happens."""

    rules: Rules = field(default_factory=Rules)
    instrument: Instrument = SPOT
    base: str = "100"
    quote: str = "10000"
    now: int = 0
    as_requested: bool = False

    def __post_init__(self) -> None:
        account = Account([self.instrument], [self.rules], [number(self.base), number(self.quote)])
        self.market = Market()
        self.exchanges = Exchanges(
            [self.instrument], [self.rules], [self.market], account, self.as_requested
        )
        self.cids = 0

    def show(self, kind: Kind) -> list[tuple[Fraction, Fraction]]:
        """Let an event happen, and give price and quantity of each fill."""
        self.now += 1
        item = Item(self.now, self.now, 0, 0, kind)
        counts = self.market.apply(item)
        messages = self.exchanges.meet(item, self.now, counts=counts)
        return [pair for _, message in messages for pair in fills(message)]

    def send(
        self,
        side: str,
        quantity: str | int,
        limit: str | int | None = None,
        force: str = GOOD_UNTIL_CANCELLED,
        *,
        cid: str | None = None,
        price: str | int = 0,
    ) -> tuple[Order, Message]:
        """Let an order arrive."""
        self.now += 1
        self.cids += 1
        request = Request(
            0,
            side == "buy",
            number(quantity),
            number(price if limit is None else limit),
            str(self.cids) if cid is None else cid,
            "s",
            limit is not None,
            force,
        )
        order = Order(request, self.now)
        message = self.exchanges.open(order, self.now)
        return order, [] if message is None else message

    def balances(self) -> list[tuple[Fraction, Fraction]]:
        """Give total and free of both assets."""
        told = [self.exchanges.balance(asset, self.now) for asset in (0, 1)]
        return [(balance.total, balance.free) for balance in told]


def fills(message: Message) -> list[tuple[Fraction, Fraction]]:
    return [(told.price, told.quantity) for told in message if isinstance(told, Fill)]


def pairs(*numbers: tuple[str | int, str | int]) -> list[tuple[Fraction, Fraction]]:
    return [(number(first), number(second)) for first, second in numbers]

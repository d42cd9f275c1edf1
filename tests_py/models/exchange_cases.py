"""Random histories, settings and scripts for the simulated exchange, cheap to make.

All of it follows from a `random.Random`: small grids of prices and quantities, so that orders meet
levels and each other, and times that are often equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TypeVar

import barter_python as bp
from barter_python.system import FutureContract, InstrumentSpec, PerpetualContract
from models.comparison import Case
from models.script import StopWish, TimerWish, Wish

T = TypeVar("T")

MILLISECOND = 1_000_000
START = 1_700_006_399_990_000_000
"""10 ms before midnight."""
START_TIME = datetime(2023, 11, 14, 23, 59, 59, 990_000, tzinfo=timezone.utc)
BINANCE, KRAKEN = bp.ExchangeId.BINANCE_SPOT, bp.ExchangeId.KRAKEN
TICK = Decimal("0.25")
LOT = Decimal("0.5")
SPEC = InstrumentSpec(
    price_min=Decimal(98),
    price_tick_size=Decimal("0.5"),
    quantity_unit="eth",
    quantity_min=Decimal(1),
    quantity_increment=Decimal(1),
    notional_min=Decimal(150),
)


def spot(
    exchange: bp.ExchangeId, base: str, quote: str, spec: InstrumentSpec | None = None
) -> bp.InstrumentConfig:
    name = f"{base}{quote}".upper()
    return bp.InstrumentConfig(exchange, name, bp.Underlying(base, quote), spec=spec)


def perpetual(exchange: bp.ExchangeId, base: str, quote: str) -> bp.InstrumentConfig:
    return bp.InstrumentConfig(
        exchange,
        f"{base}{quote}PERP".upper(),
        bp.Underlying(base, quote),
        kind=PerpetualContract(Decimal(1), quote),
    )


def future(exchange: bp.ExchangeId, base: str, quote: str) -> bp.InstrumentConfig:
    expiry = START_TIME + timedelta(milliseconds=12)
    return bp.InstrumentConfig(
        exchange,
        f"{base}{quote}FUT".upper(),
        bp.Underlying(base, quote),
        kind=FutureContract(Decimal(1), quote, expiry),
        spec=InstrumentSpec(
            price_min=0,
            price_tick_size=0,
            quantity_unit=base,
            quantity_min=Decimal("0.5"),
            quantity_increment=Decimal("0.5"),
            notional_min=0,
        ),
    )


# The base of one instrument is the quote of another, contracts and coins share their quote, and
# both exchanges have a `btc`.
INSTRUMENTS = (
    spot(BINANCE, "btc", "usdt"),
    spot(BINANCE, "eth", "usdt", SPEC),
    spot(BINANCE, "eth", "btc"),
    perpetual(BINANCE, "sol", "usdt"),
    future(BINANCE, "ada", "usdt"),
    spot(KRAKEN, "btc", "usd"),
)
INDEX = bp.IndexedInstruments(INSTRUMENTS)
SPOT = INDEX.instrument_index("binancespot-btc_usdt")
PERPETUAL = INDEX.instrument_index("binancespot-sol_usdt")
FUTURE = INDEX.instrument_index("binancespot-ada_usdt")
EXPIRY = START + 12 * MILLISECOND


@dataclass
class Maker:
    """Makes cases; what it draws often is what matters often."""

    random: Random
    crossed_in: int = 10
    """One in how many quotes may be crossed."""
    tight: bool = False
    """Whether all is about contracts, of accounts so small that a little loss exceeds them."""

    def pick(self, *choices: T) -> T:
        return choices[self.random.randrange(len(choices))]

    def once_in(self, often: int) -> bool:
        return self.random.randrange(often) == 0

    def price(self) -> Decimal:
        if self.once_in(60):
            return self.pick(Decimal(0), Decimal(-1), Decimal("1.25"))
        most = 20 if self.tight else 6
        return 100 + TICK * self.random.randint(-most, most)

    def amount(self) -> Decimal:
        if self.once_in(100):
            # Its value is too large, or nearly.
            return Decimal(10**13)
        if self.once_in(12):
            places = 13 if self.once_in(10) else 12
            return Decimal(self.random.randrange(1, 10 ** (places + 1))).scaleb(-places)
        return LOT * self.random.randint(1, 8)

    def level(self, price: Decimal | None = None) -> bp.Level:
        amount = Decimal(0) if self.once_in(25) else self.amount()
        return bp.Level(price=self.price() if price is None else price, amount=amount)

    def sides(self) -> tuple[bp.Level | None, bp.Level | None]:
        """Give best bid and ask, rarely crossed and rarely missing."""
        bid, ask = self.level(), self.level()
        if bid.price > ask.price and not self.once_in(self.crossed_in):
            bid, ask = (
                bp.Level(price=ask.price, amount=bid.amount),
                bp.Level(price=bid.price, amount=ask.amount),
            )
        return (
            None if self.once_in(12) else bid,
            None if self.once_in(12) else ask,
        )

    def levels(self, *, bids: bool, whole: bool) -> list[bp.Level]:
        prices = {100 + TICK * self.random.randint(-6, 1) for _ in range(self.random.randint(0, 4))}
        prices = prices if bids else {200 - price for price in prices}
        return [
            bp.Level(
                price=price, amount=Decimal(0) if not whole and self.once_in(3) else self.amount()
            )
            for price in sorted(prices, reverse=bids)
        ]

    def kind(
        self, time: int, received: int
    ) -> (
        bp.OrderBookL1
        | bp.OrderBookSnapshot
        | bp.OrderBookUpdate
        | bp.PublicTrade
        | bp.Candle
        | bp.Liquidation
    ):
        number = self.random.randrange(20)
        if number < 7:
            update = received + self.pick(0, 0, 0, -1, -3) * MILLISECOND
            return bp.OrderBookL1(update, *self.sides())
        if number < 12:
            side = self.pick(bp.Side.BUY, bp.Side.SELL)
            return bp.PublicTrade("1", price=self.price(), amount=self.amount(), side=side)
        if number < 18:
            whole = number < 14
            book = bp.OrderBook(
                1, None, *(self.levels(bids=bids, whole=whole) for bids in (True, False))
            )
            return bp.OrderBookSnapshot(book) if whole else bp.OrderBookUpdate(book)
        if number < 19:
            return self.candle(time)
        return bp.Liquidation(bp.Side.SELL, price=self.price(), quantity=self.amount(), time=time)

    def candle(self, time: int) -> bp.Candle:
        """Make a candle, rarely one whose extremes are none."""
        prices = [self.price() for _ in range(4)]
        low, first, second, high = prices if self.once_in(20) else sorted(prices)
        start, close = (first, second) if self.once_in(2) else (second, first)
        return bp.Candle(
            time, open=start, high=high, low=low, close=close, volume=self.amount(), trade_count=1
        )

    def candles(self, most: int) -> Case:
        """Make a case of which the history has nothing but candles, or hardly anything else."""
        others = self.pick(0, 0, 1)
        events: list[bp.MarketEvent | bp.Reconnecting] = []
        for number in range(self.random.randint(1, most)):
            received = START + number * MILLISECOND
            time = received - self.pick(0, 0, 0, 0, 3) * MILLISECOND
            index = self.pick(SPOT, PERPETUAL, FUTURE)
            kind = self.for_holders(index, received) or self.candle(time)
            if others and self.once_in(12):
                kind_before = self.kind(time, received)
                events.append(bp.MarketEvent(time, received, BINANCE, index, kind_before))
            events.append(bp.MarketEvent(time, received, BINANCE, index, kind))
        held = {name: self.balance() for name in ("usdt", "btc", "eth")}
        return Case(
            config=bp.SystemConfig(
                INSTRUMENTS,
                [
                    self.execution(BINANCE, held, faults=self.once_in(3)),
                    self.execution(KRAKEN, {}, faults=False),
                ],
            ),
            events=events,
            script=self.script(len(events) + 4),
            fill_price=self.pick(bp.FillPrice.BEST_OPPOSITE, *bp.FillPrice),
            close_at_end=self.once_in(3),
        )

    def events(self, most: int) -> list[bp.MarketEvent | bp.Reconnecting]:
        events: list[bp.MarketEvent | bp.Reconnecting] = []
        received = START
        count = self.random.randint(1, most)
        few = self.once_in(2)
        for _ in range(count):
            received += self.pick(0, 0, 1, 1, 2, 4, -2) * MILLISECOND
            if events and self.once_in(30):
                known = received if self.once_in(2) else None
                events.append(bp.Reconnecting(self.pick(BINANCE, KRAKEN), time_received=known))
                continue
            index = self.random.randrange(len(INSTRUMENTS))
            index = self.pick(SPOT, PERPETUAL, FUTURE) if few else index
            index = self.pick(PERPETUAL, FUTURE) if self.tight else index
            time = received + self.pick(0, 0, 0, -1, -3) * MILLISECOND
            kind = self.for_holders(index, received) or self.kind(time, received)
            exchange = INDEX.instruments[index].exchange_id
            events.append(bp.MarketEvent(time, received, exchange, index, kind))
        return events

    def for_holders(self, index: int, received: int) -> bp.Funding | bp.Settlement | None:
        """Make a funding of the perpetual, or a settlement of the expired future, at times."""
        if index == PERPETUAL and self.once_in(5):
            return self.funding()
        if index == FUTURE and received >= EXPIRY and self.once_in(3):
            return bp.Settlement(price=100 + TICK * self.random.randint(-6, 6))
        return None

    def funding(self) -> bp.Funding:
        rates = ("0", "0.0001", "-0.00025", "0.0123456789012345", "-1", "1")
        mark = 100 + TICK * self.random.randint(-6, 6)
        return bp.Funding(Decimal(self.pick(*rates)), mark_price=self.pick(None, mark))

    def wish(self) -> Wish:
        index = self.pick(SPOT, SPOT, PERPETUAL, PERPETUAL, FUTURE, *range(len(INSTRUMENTS)))
        index = self.pick(PERPETUAL, FUTURE) if self.tight else index
        buy = self.once_in(2)
        cid = self.pick("a", "b", "c", "d", "e", None, None, None)
        quantity = Fraction(self.amount())
        if self.once_in(7):
            return self.stop_wish(index, quantity, buy=buy)
        if self.once_in(5):
            number = self.pick(None, None, str(self.random.randint(1, 9)))
            return Wish(index, buy, quantity, cancel=True, cid=cid, number=number)
        if self.once_in(2 if self.tight else 5):
            return Wish(index, buy, quantity)
        force = self.pick(
            bp.TimeInForce.GOOD_UNTIL_CANCELLED,
            bp.TimeInForce.GOOD_UNTIL_CANCELLED,
            bp.TimeInForce.GOOD_UNTIL_CANCELLED,
            *bp.TimeInForce,
        )
        limit = not self.once_in(8)
        return Wish(index, buy, quantity, Fraction(self.price()), limit, False, force.value, cid)

    def stop_wish(self, index: int, quantity: Fraction, *, buy: bool) -> Wish:
        """Make a stop to place, or to withdraw."""
        if self.once_in(8):
            number = self.random.randint(1, 6)
            return Wish(index, buy, quantity, cancel_stop=number)
        price = 100 + TICK * self.random.randint(-6, 6)
        limit = price + TICK * self.random.randint(-2, 2)
        kind = self.pick("stop", "stop", "take_profit", "trailing")
        return Wish(
            index,
            buy,
            quantity,
            stop=StopWish(
                kind,
                Fraction(TICK * self.random.randint(1, 5) if kind == "trailing" else price),
                Fraction(limit) if self.once_in(3) else None,
                by_trade=self.once_in(3),
                until_closed=self.once_in(3),
                joins=self.once_in(2),
            ),
        )

    def script(self, calls: int) -> dict[int, list[Wish]]:
        script: dict[int, list[Wish]] = {}
        for _ in range(self.random.randint(1, calls)):
            wishes = script.setdefault(self.random.randrange(calls * 2), [])
            wishes += [self.wish() for _ in range(self.pick(1, 1, 2, 3))]
        return script

    def duration(self) -> timedelta:
        return timedelta(milliseconds=self.pick(0, 0, 1, 2, 3, 10))

    def latency(self) -> bp.Latency:
        seed = self.random.randrange(2**64)
        number = self.random.randrange(6)
        if number == 0:
            low = self.duration()
            return bp.UniformLatency(low, low + self.duration(), seed)
        if number == 1:
            samples = [self.duration() for _ in range(self.random.randint(1, 4))]
            return bp.EmpiricalLatency(samples, seed)
        return timedelta(0) if number < 4 else self.duration()

    def faults(self) -> list[bp.Fault]:
        """Make a few; disconnects must not overlap."""
        faults: list[bp.Fault] = []
        disconnected = -5
        for _ in range(self.pick(0, 0, 1, 2)):
            begins = self.random.randint(-4, 30)
            start = START_TIME + timedelta(milliseconds=begins)
            lasts = self.random.randint(1, 12)
            duration = timedelta(milliseconds=lasts)
            number = self.random.randrange(4)
            if number == 0 and begins > disconnected:
                disconnected = 100
                faults.append(bp.Disconnect(start, duration))
            elif number == 1:
                faults.append(bp.RejectRequests(start, duration, self.pick("closed", "maintained")))
            elif number == 2:
                faults.append(
                    bp.DelayAnswers(start, duration, self.duration() + timedelta(milliseconds=1))
                )
            else:
                faults.append(bp.DuplicateAnswers(start, duration))
        return faults

    def execution(
        self, exchange: bp.ExchangeId, balances: Mapping[str, Decimal], *, faults: bool
    ) -> bp.MockExecutionConfig:
        rates = (Decimal(0), Decimal("0.001"), Decimal("0.00075"), Decimal("0.1234567890123"))
        leverage, nearly = self.pick(
            ("1", "0.9912345678901"), ("3", "0.3212345678901"), ("12.5", "0.079123456789")
        )
        if self.tight:
            leverage, nearly = self.pick(("12.5", "0.079123456789"), ("100", "0.0099"))
        limit = bp.RateLimit(self.random.randint(1, 4), timedelta(milliseconds=self.pick(1, 5, 20)))
        return bp.MockExecutionConfig(
            exchange,
            balances,
            self.latency(),
            fee_rate=self.pick(*rates),
            maker_fee_rate=self.pick(None, Decimal(0), Decimal("-0.0002"), *rates),
            fee_asset=self.pick(*bp.FeeAsset),
            answer_latency=self.latency(),
            liquidity=self.pick(bp.Liquidity.SHOWN, *bp.Liquidity),
            queue=self.pick(*bp.QueuePosition),
            leverage=Decimal(leverage),
            end_of_day=self.pick(timedelta(0), timedelta(milliseconds=8), timedelta(hours=17)),
            rate_limit=limit if self.once_in(8) else None,
            faults=self.faults() if faults else (),
            candle_fills=self.pick(bp.CandleFills.PATH, *bp.CandleFills),
            candle_price=self.pick(*bp.CandlePrice),
            maintenance_margin=self.pick(None, Decimal("0.005"), Decimal(nearly)),
        )

    def near(self, price: int | Decimal) -> Decimal:
        return price + TICK * self.pick(0, 0, 0, 1, -1)

    def busy_kind(
        self, received: int
    ) -> bp.OrderBookL1 | bp.OrderBookSnapshot | bp.OrderBookUpdate | bp.PublicTrade:
        """Make what moves a queue: the prices hardly change, the amounts do."""
        number = self.random.randrange(10)
        prices = (101, 99) if self.once_in(self.crossed_in) else (99, 101)
        small = [bp.Level(price=self.near(price), amount=self.amount()) for price in prices]
        if number < 4:
            return bp.OrderBookL1(received, *small)
        if number < 8:
            buy = self.once_in(2)
            side = bp.Side.BUY if buy else bp.Side.SELL
            return bp.PublicTrade(
                "1", price=self.near(101 if buy else 99), amount=self.amount(), side=side
            )
        if number < 9:
            gone = self.once_in(3)
            one = [bp.Level(price=small[0].price, amount=Decimal(0))] if gone else small[:1]
            return bp.OrderBookUpdate(bp.OrderBook(1, None, one, [] if gone else small[1:]))
        far = [
            bp.Level(price=price, amount=self.amount())
            for price in (Decimal("98.5"), Decimal("101.5"))
        ]
        return bp.OrderBookSnapshot(bp.OrderBook(1, None, [small[0], far[0]], [small[1], far[1]]))

    def busy(self, most: int) -> Case:
        """Make a case of one instrument whose orders rest near its prices, in queues."""
        index = self.pick(SPOT, SPOT, FUTURE)
        exchange = INDEX.instruments[index].exchange_id
        events: list[bp.MarketEvent | bp.Reconnecting] = []
        for number in range(self.random.randint(most // 2 + 1, most + 1)):
            time = START + number * MILLISECOND // 4
            events.append(bp.MarketEvent(time, time, exchange, index, self.busy_kind(time)))
        script: dict[int, list[Wish]] = {}
        for _ in range(self.random.randint(2, 8)):
            buy = self.once_in(2)
            price = Fraction(self.near(99 if buy else 101))
            wish = Wish(
                index, buy, Fraction(self.amount()), price, True, False, "good_until_cancelled"
            )
            if self.once_in(4):
                wish = Wish(index, buy, Fraction(self.amount()))
            script.setdefault(self.random.randrange(most * 2), []).append(wish)
        held = {name: Decimal(100_000) for name in ("usdt", "btc", "eth")}
        one, other = (
            replace(
                self.execution(exchange, balances, faults=False),
                latency=timedelta(0),
                answer_latency=timedelta(0),
                rate_limit=None,
                queue=self.pick(*bp.QueuePosition, bp.QueuePosition.PROPORTIONAL),
            )
            for exchange, balances in ((BINANCE, held), (KRAKEN, {}))
        )
        return Case(bp.SystemConfig(INSTRUMENTS, [one, other]), events, script)

    def balance(self) -> Decimal:
        if self.tight:
            return self.pick(Decimal(5), Decimal(12), Decimal(40))
        number = self.random.randrange(8)
        if number < 3:
            return self.pick(Decimal(0), Decimal(400), Decimal("123.456789012345"))
        return Decimal(100_000)

    def case(self, most: int = 40, *, faults: bool = True) -> Case:
        """Make a case of at most so many events."""
        self.crossed_in = self.pick(2, 4, 10)
        self.tight = self.once_in(3)
        if self.once_in(3):
            return self.busy(most)
        if self.once_in(4):
            return self.candles(most)
        events = self.events(most)
        held = {name: self.balance() for name in ("usdt", "btc", "eth")}
        others = {"usd": self.balance(), "btc": self.balance()}
        executions = [
            self.execution(BINANCE, held, faults=faults),
            self.execution(KRAKEN, others, faults=faults),
        ]
        if self.once_in(6):
            # Then the engine always knows what is.
            executions = [
                replace(one, latency=timedelta(0), answer_latency=timedelta(0), faults=())
                for one in executions
            ]
        script = self.script(len(events) + 4)
        fill_price = self.pick(
            bp.FillPrice.BEST_OPPOSITE, bp.FillPrice.BEST_OPPOSITE, bp.FillPrice.REQUESTED
        )
        close_at_end = self.once_in(3)
        since, until = self.window(events)
        return Case(
            config=bp.SystemConfig(INSTRUMENTS, executions),
            events=events,
            script=script,
            fill_price=fill_price,
            close_at_end=close_at_end,
            since=since,
            until=until,
            timers=self.timers(),
        )

    def timers(self) -> dict[int, list[TimerWish]]:
        """Ask for timers, some of which repeat, and take some back."""
        if not self.once_in(3):
            return {}
        return {
            self.random.randint(0, 9): [
                TimerWish(
                    self.pick(1, MILLISECOND, 20 * MILLISECOND, 10**9),
                    self.pick(None, None, 10**9, 60 * 10**9),
                    cancel=self.once_in(4),
                )
            ]
            for _ in range(self.random.randint(1, 3))
        }

    def window(
        self, events: Sequence[bp.MarketEvent | bp.Reconnecting]
    ) -> tuple[int | None, int | None]:
        """Mostly the whole history, else from a little before an event until some time after."""
        times = [event.time_received_ns for event in events]
        received = [time for time in times if time is not None]
        clock = max(received[: self.random.randint(1, len(received))])
        since, until = None, None
        if self.once_in(5):
            since = clock - self.pick(0, 1, 5 * MILLISECOND)
        if self.once_in(3):
            until = clock + self.pick(1, MILLISECOND, 5 * MILLISECOND, 20 * MILLISECOND, 10**9)
        return since, until


def case_of(seed: int, most: int = 40, *, faults: bool = True) -> Case:
    """Make the case of a seed."""
    return Maker(Random(seed)).case(most, faults=faults)


__all__ = ["INDEX", "INSTRUMENTS", "START", "Case", "Maker", "Sequence", "case_of"]

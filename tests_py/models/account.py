"""What the account of a simulated exchange books and reserves, by `docs/exchange.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from models.market import cut

ZERO = Fraction(0)


@dataclass(frozen=True)
class Spec:
    """An exchange's rules for the orders of an instrument."""

    price_min: Fraction
    tick: Fraction
    quantity_min: Fraction
    increment: Fraction
    notional_min: Fraction


@dataclass(frozen=True)
class Instrument:
    """What is traded: indices of exchange, base asset and quote asset; when a future expires."""

    name: str
    exchange: int
    base: int
    quote: int
    contract: bool = False
    expiry: int | None = None
    spec: Spec | None = None


@dataclass(frozen=True)
class Rules:
    """How an exchange decides; its rates are fractions of the value."""

    fee_rate: Fraction = ZERO
    maker_fee_rate: Fraction = ZERO
    fee_of_received: bool = False
    infinite: bool = False
    queue: str = "back"
    leverage: Fraction = Fraction(1)
    end_of_day: int = 0
    rate_limit: tuple[int, int] | None = None
    """Requests, and the interval in nanoseconds."""
    candle_path: bool = True
    """Whether a candle fills resting orders along its path, not at its close only."""
    next_open: bool = False
    """Whether market orders wait for the open of the next candle."""
    maintenance: Fraction | None = None
    """The share of the value of contracts that the equity must cover."""


@dataclass
class Held:
    """What is held of a contract: side, quantity, entry value and margin."""

    buy: bool
    quantity: Fraction
    entry: Fraction
    margin: Fraction


@dataclass
class Account:
    """Totals by asset, and what is held of contracts."""

    instruments: Sequence[Instrument]
    rules: Sequence[Rules]
    totals: list[Fraction]
    held: dict[int, Held] = field(default_factory=dict)

    def rules_of(self, index: int) -> Rules:
        """Give the rules of an instrument's exchange."""
        return self.rules[self.instruments[index].exchange]

    def book(
        self, index: int, price: Fraction, quantity: Fraction, rate: Fraction, *, buy: bool
    ) -> tuple[Fraction, Fraction]:
        """Book a fill with a rate of fees, and give the quantity and the fees of its trade."""
        instrument, rules = self.instruments[index], self.rules_of(index)
        value = cut(price * quantity)
        if instrument.contract:
            fee = cut(value * rate)
            profit = self.move(index, price, quantity, buy=buy)
            self.totals[instrument.quote] += profit - fee
            return quantity, fee
        if buy and rules.fee_of_received:
            fee = cut(quantity * rate)
            self.totals[instrument.base] += quantity - fee
            self.totals[instrument.quote] -= value
            return quantity - fee, cut(price * fee)
        fee = cut(value * rate)
        sign = 1 if buy else -1
        self.totals[instrument.base] += sign * quantity
        self.totals[instrument.quote] -= sign * value + fee
        return quantity, fee

    def fund(self, index: int, rate: Fraction, mark: Fraction | None) -> Fraction:
        """Book the funding of what is held, and give the change of the balance."""
        held = self.held[index]
        value = held.entry if mark is None else cut(mark * held.quantity)
        payment = cut(value * rate)
        change = -payment if held.buy else payment
        self.totals[self.instruments[index].quote] += change
        return change

    def move(self, index: int, price: Fraction, quantity: Fraction, *, buy: bool) -> Fraction:
        """Close and open what a fill of a contract does, and give the profit."""
        profit, opens = ZERO, quantity
        held = self.held.get(index)
        if held is not None and held.buy != buy:
            closes = min(quantity, held.quantity)
            entry, margin = held.entry, held.margin
            if closes != held.quantity:
                entry = cut(held.entry * closes / held.quantity)
                margin = cut(held.margin * closes / held.quantity)
            gain = cut(price * closes) - entry
            profit = gain if held.buy else -gain
            held.quantity -= closes
            held.entry -= entry
            held.margin -= margin
            opens -= closes
            if held.quantity == 0:
                del self.held[index]
        if opens > 0:
            held = self.held.setdefault(index, Held(buy, ZERO, ZERO, ZERO))
            value = cut(price * opens)
            held.quantity += opens
            held.entry += value
            held.margin += cut(value / self.rules_of(index).leverage)
        return profit

    def reserved(
        self, index: int, limit: Fraction, left: Fraction, *, buy: bool
    ) -> tuple[int, Fraction]:
        """Give what a resting order reserves: the asset and the amount."""
        instrument, rules = self.instruments[index], self.rules_of(index)
        if not instrument.contract and not buy:
            return instrument.base, left
        value = cut(limit * left)
        fee = max(ZERO, cut(value * rules.maker_fee_rate))
        if instrument.contract:
            return instrument.quote, cut(value / rules.leverage) + fee
        return instrument.quote, value if rules.fee_of_received else value + fee

    def contracts_of(self, index: int) -> list[int]:
        """Give the contracts that share the balance of one."""
        exchange, quote = self.instruments[index].exchange, self.instruments[index].quote
        return [
            number
            for number, one in enumerate(self.instruments)
            if one.contract and (one.exchange, one.quote) == (exchange, quote)
        ]

    def is_short_of_margin(self, index: int, marks: Mapping[int, Fraction | None]) -> bool:
        """Whether the equity of a contract's account is less than its maintenance margin."""
        rate = self.rules_of(index).maintenance
        if rate is None:
            return False
        equity, required = self.totals[self.instruments[index].quote], ZERO
        for number in self.contracts_of(index):
            held, mark = self.held.get(number), marks[number]
            if held is not None:
                value = held.entry if mark is None else cut(mark * held.quantity)
                equity += (value - held.entry) * (1 if held.buy else -1)
                required += cut(value * rate)
        return equity < required

    def margins(self, asset: int) -> Fraction:
        """Add up the margins that are in an asset."""
        margins = (
            held.margin
            for index, held in self.held.items()
            if self.instruments[index].quote == asset
        )
        return sum(margins, ZERO)

    def copy(self) -> Account:
        """Give an account to try things with."""
        held = {
            index: Held(one.buy, one.quantity, one.entry, one.margin)
            for index, one in self.held.items()
        }
        return Account(self.instruments, self.rules, list(self.totals), held)

"""`docs/exchange.md` as a plain, slow and exact program: how the simulated exchanges decide.

It shares no code with the package. Money is `fractions.Fraction`, time is in nanoseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from models.account import ZERO, Account, Instrument, Rules
from models.market import (
    PLACES,
    BookChange,
    Candle,
    Funding,
    Item,
    Level,
    Market,
    PublicTrade,
    Quote,
    Settlement,
    better,
    cut,
)
from models.order import (
    FILL_OR_KILL,
    GOOD_UNTIL_END_OF_DAY,
    IMMEDIATE_OR_CANCEL,
    POST_ONLY,
    BalanceTold,
    Cancel,
    CancelTold,
    Failure,
    Fill,
    FundingTold,
    Message,
    Order,
    OrderTold,
    Request,
    SnapshotTold,
    is_multiple,
    plain,
    rejected,
    told,
)

DAY = 24 * 60 * 60 * 10**9
TOO_LARGE = 10**15


@dataclass
class Take:
    """What our orders have taken of an offer, and the amount that was shown."""

    amount: Fraction
    taken: Fraction


@dataclass
class Exchanges:
    """All exchanges of a run; the markets are those that the engine knows."""

    instruments: Sequence[Instrument]
    rules: Sequence[Rules]
    markets: Sequence[Market]
    account: Account
    as_requested: bool = False
    decided: list[Order] = field(default_factory=list)
    """Orders that have arrived, also those that were refused, in the order of their decision."""
    resting: list[Order] = field(default_factory=list)
    """In the order in which they began to rest."""
    fills: list[Fill] = field(default_factory=list)
    passed: dict[int, list[int]] = field(default_factory=dict)
    takes: dict[tuple[int, bool, Fraction], Take] = field(default_factory=dict)
    of_last: dict[int, bool] = field(default_factory=dict)
    """Whether the offers of an instrument came from its last trade or candle."""
    taken_of_last: dict[int, Fraction] = field(default_factory=dict)
    """What was taken of that offer, which is one for both sides."""
    at: dict[int, Level] = field(default_factory=dict)
    """The one offer while a candle is followed along its path."""
    waiting: list[Order] = field(default_factory=list)
    """Market orders that wait for a candle's open, in the order of their arrival."""
    history_over: bool = False
    numbers: int = 0

    # Balances

    def reserved(self, asset: int) -> Fraction:
        """Add up what is reserved of an asset."""
        reserved = self.account.margins(asset)
        for order in self.resting:
            request = order.request
            of, amount = self.account.reserved(
                request.instrument, request.price, order.left, buy=request.buy
            )
            if of == asset:
                reserved += amount
        return reserved

    def free(self, asset: int) -> Fraction:
        """Give what is not reserved of an asset."""
        return self.account.totals[asset] - self.reserved(asset)

    def balance(self, asset: int, now: int) -> BalanceTold:
        """Tell a balance."""
        return BalanceTold(now, asset, self.account.totals[asset], self.free(asset))

    def balance_reserved(self, order: Order, now: int) -> BalanceTold:
        """Tell the balance that an order reserves from."""
        request = order.request
        asset, _ = self.account.reserved(
            request.instrument, request.price, order.left, buy=request.buy
        )
        return self.balance(asset, now)

    # Offers

    def offers(self, index: int, *, buy: bool) -> list[Level]:
        """Give what is offered, the best first, without what we have taken."""
        left = []
        for offer in self.shown_offers(index, buy=buy):
            take = self.takes.get((index, buy, offer.price))
            amount = offer.amount - (ZERO if take is None else take.taken)
            if index in self.at or self.markets[index].without_sides:
                amount = offer.amount - self.taken_of_last.get(index, ZERO)
            if amount > 0 or self.rules[self.instruments[index].exchange].infinite:
                left.append(Level(offer.price, amount))
        return left

    def shown_offers(self, index: int, *, buy: bool) -> list[Level]:
        """Give what is offered, the best first, as it is shown."""
        at = self.at.get(index)
        if at is None:
            return self.markets[index].offers(buy=buy)
        return [Level(at.price, cut(at.amount))] if at.price > 0 else []

    def take(self, index: int, offer: Level, amount: Fraction, *, buy: bool) -> None:
        """Take from an offer; without a book there is one for both sides."""
        if index in self.at or self.markets[index].without_sides:
            self.taken_of_last[index] = self.taken_of_last.get(index, ZERO) + amount
            return
        key = (index, buy, offer.price)
        if key not in self.takes:
            self.takes[key] = Take(self.amount(index, offer.price, buy=buy), ZERO)
        self.takes[key].taken += amount

    def amount(self, index: int, price: Fraction, *, buy: bool) -> Fraction:
        """Give the amount that the market offers at a price, or less than zero for none."""
        for offer in self.markets[index].offers(buy=buy):
            if offer.price == price:
                return offer.amount
        return Fraction(-1)

    def reachable(
        self, index: int, quantity: Fraction, limit: Fraction | None, *, buy: bool
    ) -> list[tuple[Level, Fraction]]:
        """Give the offers that an order reaches, and how much of each it takes."""
        infinite = self.account.rules_of(index).infinite
        reached: list[tuple[Level, Fraction]] = []
        for offer in self.offers(index, buy=buy):
            within = limit is None or not better(limit, offer.price, bids=not buy)
            if not within or quantity == 0:
                break
            if infinite:
                return [(offer, quantity)]
            amount = min(quantity, offer.amount)
            reached.append((offer, amount))
            quantity -= amount
        return reached

    def first_fills(self, request: Request) -> list[tuple[Level, Fraction]]:
        """Give what an order would be filled from when it arrives."""
        quantity = request.quantity
        if self.as_requested and not request.limit:
            return [(Level(request.price, ZERO), quantity)]
        if request.limit and request.time_in_force == POST_ONLY:
            return []
        limit = request.price if request.limit else None
        fills = self.reachable(request.instrument, quantity, limit, buy=request.buy)
        whole = sum((amount for _, amount in fills), ZERO) == quantity
        return fills if whole or request.time_in_force != FILL_OR_KILL else []

    # Requests

    def gate(self, exchange: int, now: int) -> Failure | None:
        """Count a request, unless too many have passed."""
        limit = self.rules[exchange].rate_limit
        passed = self.passed.setdefault(exchange, [])
        if limit is not None:
            requests, interval = limit
            if sum(time >= now - interval for time in passed) >= requests:
                return Failure("rate_limit")
        passed.append(now)
        return None

    def refuse(self, order: Order, failure: Failure, now: int) -> Message:
        """Refuse an order, and remember it."""
        order.status, order.failure, order.time_finished = "open_failed", failure, now
        self.decided.append(order)
        return [OrderTold(now, order.request, order.status, None, ZERO, failure)]

    def open(self, order: Order, now: int) -> Message | None:
        """Take an order that has arrived; `None` if it waits for a candle's open."""
        index = order.request.instrument
        failure = self.gate(self.instruments[index].exchange, now)
        if failure is not None:
            return self.refuse(order, failure, now)
        market = self.markets[index]
        fired = order.fired
        if (
            fired is not None
            and fired.candle is not None
            and market.of_candles
            and market.last_candle is fired.candle
        ):
            self.at[index] = Level(fired.price, fired.candle.volume)
            message = self.decide(order, now)
            del self.at[index]
            return message
        if (
            self.account.rules_of(index).next_open
            and not (self.history_over or self.as_requested or order.request.limit)
            and market.of_candles
            and market.candle is not None
        ):
            self.waiting.append(order)
            return None
        return self.decide(order, now)

    def end_waiting(self, index: int, now: int) -> list[tuple[int, Message]]:
        """Decide the orders of an instrument that wait."""
        exchange = self.instruments[index].exchange
        ended = [order for order in self.waiting if order.request.instrument == index]
        self.waiting = [order for order in self.waiting if order.request.instrument != index]
        return [(exchange, self.decide(order, now)) for order in ended]

    def decide(self, order: Order, now: int) -> Message:
        """Decide an order."""
        request = order.request
        failure = self.fault_of(request, now)
        if failure is not None:
            return self.refuse(order, failure, now)
        buy, index, force = request.buy, request.instrument, request.time_in_force
        fills = self.first_fills(request)
        left = request.quantity - sum((amount for _, amount in fills), ZERO)
        rests = left > 0 and request.limit and force not in {FILL_OR_KILL, IMMEDIATE_OR_CANCEL}
        short = self.short_of(request, fills, left if rests else ZERO)
        if short is not None:
            return self.refuse(order, Failure("balance_insufficient", asset=short), now)

        self.numbers += 1
        order.number = self.numbers
        self.decided.append(order)
        message: Message = []
        for offer, amount in fills:
            if self.takes_of(request):
                self.take(index, offer, amount, buy=buy)
            message += self.fill(order, offer.price, amount, now, maker=False)
        if rests:
            self.rest(order, now)
            message.append(self.balance_reserved(order, now))
        elif order.left == 0:
            order.status, order.time_finished = "fully_filled", now
        else:
            order.status, order.time_finished = "expired", now
        message.append(told(order, now))
        return message

    def takes_of(self, request: Request) -> bool:
        """Whether the fills of an order are missing from the offers afterwards."""
        of_market = request.limit or not self.as_requested
        return of_market and not self.account.rules_of(request.instrument).infinite

    def fault_of(self, request: Request, now: int) -> Failure | None:
        """Look at an order as 4 to 13 of the page do."""
        instrument = self.instruments[request.instrument]
        quantity, price, spec = request.quantity, request.price, instrument.spec
        side = "buy" if request.buy else "sell"
        if instrument.expiry is not None and now >= instrument.expiry:
            return Failure("instrument_invalid", "the contract has expired")
        if self.resting_with(request.instrument, request.cid) is not None:
            return rejected(f"the client order id {request.cid} is in use")
        if not request.limit and request.time_in_force == POST_ONLY:
            return rejected("a market order cannot be post-only")
        if not is_multiple(quantity, Fraction(1, PLACES)):
            return rejected(f"quantity {plain(quantity)} has more than 12 decimal places")
        if spec is not None and quantity < spec.quantity_min:
            return rejected(
                f"quantity {plain(quantity)} is below the minimum {plain(spec.quantity_min)}"
            )
        if spec is not None and not is_multiple(quantity, spec.increment):
            return rejected(
                f"quantity {plain(quantity)} is not a multiple of {plain(spec.increment)}"
            )
        if request.limit:
            if price <= 0:
                return rejected(f"the limit price must be positive, it is {plain(price)}")
            if spec is not None and price < spec.price_min:
                return rejected(
                    f"price {plain(price)} is below the minimum {plain(spec.price_min)}"
                )
            if spec is not None and not is_multiple(price, spec.tick):
                return rejected(f"price {plain(price)} is not a multiple of {plain(spec.tick)}")
        elif self.as_requested:
            if price <= 0:
                return rejected(f"the price of the fill must be positive, it is {plain(price)}")
        else:
            offers = self.shown_offers(request.instrument, buy=request.buy)
            if not offers:
                market = self.markets[request.instrument]
                bid, ask = market.best
                if bid is not None and ask is not None and market.crossed:
                    return rejected(
                        f"nothing to {side} in the crossed market of {instrument.name}: "
                        f"the best bid is {plain(bid)}, the best ask {plain(ask)}"
                    )
                return rejected(f"no price of {instrument.name} to {side} at is known")
            price = offers[0].price
        for one in [price, *(offer.price for offer, _ in self.first_fills(request))]:
            if one * quantity >= TOO_LARGE:
                return rejected(f"the value of {plain(quantity)} at {plain(one)} is too large")
        if spec is not None and price * quantity < spec.notional_min:
            return rejected(
                f"notional {plain(cut(price * quantity))} is below the minimum"
                f" {plain(spec.notional_min)}"
            )
        if request.limit and request.time_in_force == POST_ONLY:
            offers = self.offers(request.instrument, buy=request.buy)
            if offers and not better(price, offers[0].price, bids=not request.buy):
                return rejected("post-only: the order would take liquidity")
        return None

    def short_of(
        self, request: Request, fills: Sequence[tuple[Level, Fraction]], rests: Fraction
    ) -> int | None:
        """Give the asset of which more is needed than is free, if there is one."""
        index, buy = request.instrument, request.buy
        instrument = self.instruments[index]
        asset = instrument.quote if buy or instrument.contract else instrument.base
        trial = self.account.copy()
        for offer, amount in fills:
            trial.book(index, offer.price, amount, self.account.rules_of(index).fee_rate, buy=buy)
        reserved = ZERO
        if rests > 0:
            _, reserved = trial.reserved(index, request.price, rests, buy=buy)
        if instrument.contract:
            held = self.account.held.get(index)
            filled = sum((amount for _, amount in fills), ZERO)
            smaller = filled == 0 or (
                held is not None and held.buy != buy and filled <= held.quantity
            )
            if smaller and rests == 0:
                return None
            others = self.reserved(asset) - self.account.margins(asset)
            free = trial.totals[asset] - trial.margins(asset) - others - reserved
            return asset if free < 0 else None
        needed = self.account.totals[asset] - trial.totals[asset] + reserved
        return asset if needed > self.free(asset) else None

    def cancel(self, cancel: Cancel, now: int) -> Message:
        """Decide a cancel that has arrived."""
        failure = self.gate(self.instruments[cancel.instrument].exchange, now)
        if failure is not None:
            return [CancelTold(now, cancel.instrument, cancel.cid, None, failure)]
        waits = self.found_waiting(cancel)
        if waits is not None:
            self.waiting.remove(waits)
            self.numbers += 1
            waits.number = self.numbers
            waits.status, waits.time_finished = "cancelled", now
            self.decided.append(waits)
            return [CancelTold(now, cancel.instrument, cancel.cid, waits.number)]
        order = self.found(cancel)
        if order is None:
            name = cancel.cid if cancel.number is None else cancel.number
            failure = rejected(f"there is no order {name}")
            return [CancelTold(now, cancel.instrument, cancel.cid, None, failure)]
        request = order.request
        if order in self.resting:
            self.resting.remove(order)
            order.status, order.time_finished = "cancelled", now
            return [
                self.balance_reserved(order, now),
                CancelTold(now, request.instrument, request.cid, order.number),
            ]
        name = cancel.cid if cancel.number is None else cancel.number
        failures = {
            "fully_filled": Failure("order_already_fully_filled"),
            "cancelled": Failure("order_already_cancelled"),
            "expired": rejected(f"the order {name} has expired"),
            "open_failed": rejected(f"the order {name} was refused"),
        }
        return [CancelTold(now, request.instrument, request.cid, None, failures[order.status])]

    def resting_with(self, instrument: int, cid: str) -> Order | None:
        """Give the resting order of an instrument with a client order id."""
        for order in self.resting:
            if (order.request.instrument, order.request.cid) == (instrument, cid):
                return order
        return None

    def found_waiting(self, cancel: Cancel) -> Order | None:
        """Find the waiting order of a cancel, unless another order with its id rests."""
        resting = self.resting_with(cancel.instrument, cancel.cid)
        if cancel.number is not None or resting is not None:
            return None
        for order in self.waiting:
            if (order.request.instrument, order.request.cid) == (cancel.instrument, cancel.cid):
                return order
        return None

    def found(self, cancel: Cancel) -> Order | None:
        """Find the order of a cancel."""
        if cancel.number is not None:
            exchange = self.instruments[cancel.instrument].exchange
            for order in self.decided:
                of = self.instruments[order.request.instrument].exchange
                if order.number is not None and str(order.number) == cancel.number:
                    return order if of == exchange else None
            return None
        resting = self.resting_with(cancel.instrument, cancel.cid)
        if resting is not None:
            return resting
        for order in reversed(self.decided):
            request = order.request
            if (request.instrument, request.cid) == (cancel.instrument, cancel.cid):
                return order
        return None

    # Fills, and orders that rest

    def fill(
        self, order: Order, price: Fraction, quantity: Fraction, now: int, *, maker: bool
    ) -> Message:
        """Book a fill, and tell it."""
        request = order.request
        index, number = request.instrument, order.number
        if number is None:
            raise AssertionError(order)
        rules = self.account.rules_of(index)
        rate = rules.maker_fee_rate if maker else rules.fee_rate
        traded, fee = self.account.book(index, price, quantity, rate, buy=request.buy)
        order.filled += quantity
        order.maker += quantity if maker else 0
        order.fees += fee
        order.value += price * quantity
        fill = Fill(len(self.fills) + 1, number, now, request, price, traded, fee)
        self.fills.append(fill)
        if order in self.resting and order.left == 0:
            self.resting.remove(order)
            order.status, order.time_finished = "fully_filled", now
        instrument = self.instruments[index]
        message: Message = []
        if not instrument.contract:
            message.append(self.balance(instrument.base, now))
        return [*message, self.balance(instrument.quote, now), fill]

    def rest(self, order: Order, now: int) -> None:
        """Let an order rest."""
        request = order.request
        instrument = self.instruments[request.instrument]
        rules = self.rules[instrument.exchange]
        ends = [] if instrument.expiry is None else [instrument.expiry]
        if request.time_in_force == GOOD_UNTIL_END_OF_DAY:
            ends.append(((now - rules.end_of_day) // DAY + 1) * DAY + rules.end_of_day)
        order.status, order.ends = "open", min(ends, default=None)
        shown = self.markets[request.instrument].shown(request.price, bids=request.buy)
        order.ahead, order.shown = shown, ZERO if shown is None else shown
        if rules.queue == "front":
            order.ahead = ZERO
        self.resting.append(order)

    def next_end(self) -> int | None:
        """Tell when the next resting order ends."""
        return min((order.ends for order in self.resting if order.ends is not None), default=None)

    def end_orders(self, now: int) -> list[tuple[int, Message]]:
        """End what ends now: exchange and message of each order."""
        ended = [order for order in self.resting if order.ends is not None and order.ends <= now]
        return self.expire(ended, now)

    def expire(self, ended: Sequence[Order], now: int) -> list[tuple[int, Message]]:
        """End resting orders: exchange and message of each."""
        messages: list[tuple[int, Message]] = []
        for order in sorted(ended, key=lambda order: order.number or 0):
            self.resting.remove(order)
            order.status, order.time_finished = "expired", now
            exchange = self.instruments[order.request.instrument].exchange
            messages.append((exchange, [self.balance_reserved(order, now), told(order, now)]))
        return messages

    def meet(self, item: Item, now: int, *, counts: bool) -> list[tuple[int, Message]]:
        """Let resting orders meet an event; `counts` is false for what was older than known."""
        index, market = item.instrument, self.markets[item.instrument]
        kind = item.kind
        if isinstance(kind, Funding):
            return self.fund(index, kind, now)
        if isinstance(kind, Settlement):
            return self.settle(index, kind, now)
        if isinstance(kind, (Quote, Candle)) and not counts:
            return []
        of_candle = market.of_candles
        self.bring_back(item, of_candle=of_candle)
        messages: list[tuple[int, Message]] = []
        if not of_candle:
            messages += self.end_waiting(index, now)
        elif isinstance(kind, Candle):
            self.at[index] = Level(kind.open, kind.volume)
            messages += self.end_waiting(index, now)
            del self.at[index]
        got: list[tuple[Order, Fraction]] = []
        if isinstance(kind, PublicTrade):
            got = self.by_trade(index, kind)
        elif isinstance(kind, (Quote, BookChange)):
            self.show(index, kind)
            got = self.by_offers(index)
        elif isinstance(kind, Candle) and of_candle:
            if self.account.rules_of(index).candle_path:
                for price in kind.path:
                    self.at[index] = Level(price, kind.volume)
                    messages += self.filled(index, self.by_offers(index), now)
                del self.at[index]
            else:
                got = self.by_offers(index)
        return messages + self.filled(index, got, now)

    def fund(self, index: int, funding: Funding, now: int) -> list[tuple[int, Message]]:
        """Let what is held of a perpetual pay or receive."""
        held = self.account.held.get(index)
        if held is None:
            return []
        mark = self.markets[index].mark if funding.mark is None else funding.mark
        amount = self.account.fund(index, funding.rate, mark)
        instrument = self.instruments[index]
        asset = instrument.quote
        told = FundingTold(
            now,
            asset,
            self.account.totals[asset],
            self.free(asset),
            index,
            held.buy,
            held.quantity,
            mark,
            funding.rate,
            amount,
        )
        return [(instrument.exchange, [told])]

    def settle(self, index: int, settlement: Settlement, now: int) -> list[tuple[int, Message]]:
        """End what waits of an expired future, and close what is held of it."""
        messages = self.end_waiting(index, now)
        held = self.account.held.get(index)
        if held is None:
            return messages
        price = settlement.price
        return [*messages, self.close_held(index, price, ZERO, "bp-settlement", now)]

    def close_held(
        self, index: int, price: Fraction, rate: Fraction, name: str, now: int
    ) -> tuple[int, Message]:
        """Close what is held of a contract, by an order of the exchange's own."""
        held, instrument = self.account.held[index], self.instruments[index]
        request = Request(index, not held.buy, held.quantity, price, name, name)
        self.numbers += 1
        order = Order(request, now, now, "fully_filled", number=self.numbers)
        self.decided.append(order)
        traded, fee = self.account.book(index, price, held.quantity, rate, buy=request.buy)
        fill = Fill(len(self.fills) + 1, self.numbers, now, request, price, traded, fee)
        self.fills.append(fill)
        return instrument.exchange, [self.balance(instrument.quote, now), fill]

    def liquidate(self, index: int, now: int) -> list[tuple[int, Message]]:
        """Close what shares a balance, if its equity does not cover the maintenance margin."""
        if index not in self.account.held:
            return []
        marks = {number: market.mark for number, market in enumerate(self.markets)}
        if not self.account.is_short_of_margin(index, marks):
            return []
        contracts = self.account.contracts_of(index)
        messages = self.expire(
            [order for order in self.resting if order.request.instrument in contracts], now
        )
        for number in contracts:
            mark = marks[number]
            if number in self.account.held and mark is not None and mark > 0:
                rate = self.account.rules_of(number).fee_rate
                messages.append(self.close_held(number, mark, rate, "bp-liquidation", now))
        return messages

    def filled(
        self, index: int, got: Sequence[tuple[Order, Fraction]], now: int
    ) -> list[tuple[int, Message]]:
        """Fill resting orders with what they get: exchange and message of each."""
        exchange = self.instruments[index].exchange
        messages: list[tuple[int, Message]] = []
        for order, quantity in got:
            message = self.fill(order, order.request.price, quantity, now, maker=True)
            messages.append((exchange, [*message, told(order, now)]))
        return messages

    def bring_back(self, item: Item, *, of_candle: bool) -> None:
        """Forget what was taken of offers that an event shows anew."""
        market, kind = self.markets[item.instrument], item.kind
        of_last = market.without_sides
        anew = of_last != self.of_last.get(item.instrument, True) or (
            of_last and (isinstance(kind, PublicTrade) or (isinstance(kind, Candle) and of_candle))
        )
        self.of_last[item.instrument] = of_last
        if anew or not of_last:
            self.taken_of_last.pop(item.instrument, None)
        for key, take in list(self.takes.items()):
            index, buy, price = key
            if index == item.instrument and (
                anew or self.amount(index, price, buy=buy) != take.amount
            ):
                del self.takes[key]

    def in_turn(self, index: int, *, buy: bool) -> list[Order]:
        """Give the resting orders of a side: the best price first, then who rests longest."""
        orders = [
            order
            for order in self.resting
            if order.request.instrument == index and order.request.buy == buy
        ]
        return sorted(orders, key=lambda order: order.request.price, reverse=buy)

    def by_offers(self, index: int) -> list[tuple[Order, Fraction]]:
        """Give what each order gets of the offers at its limit or better."""
        got: list[tuple[Order, Fraction]] = []
        infinite = self.account.rules_of(index).infinite
        for buy in (True, False):
            for order in self.in_turn(index, buy=buy):
                gets = ZERO
                for offer, amount in self.reachable(
                    index, order.left, order.request.price, buy=buy
                ):
                    gets += amount
                    if not infinite:
                        self.take(index, offer, amount, buy=buy)
                if gets > 0:
                    got.append((order, gets))
        return got

    def by_trade(self, index: int, trade: PublicTrade) -> list[tuple[Order, Fraction]]:
        """Give what each order gets of a trade."""
        got: list[tuple[Order, Fraction]] = []
        rules = self.account.rules_of(index)
        amount = cut(trade.amount)
        left = amount
        for buy, at_price in self.turns_of(index, trade):
            for order in self.in_turn(index, buy=buy):
                there = amount if rules.infinite else left
                if not at_price and better(order.request.price, trade.price, bids=buy):
                    gets = order.left if rules.infinite else min(order.left, there)
                elif at_price and order.request.price == trade.price:
                    order.traded += amount
                    if order.ahead is None:
                        continue
                    past = max(ZERO, there - order.ahead)
                    gets = min(order.left, self.lots(index, past))
                    if rules.infinite and past > 0:
                        gets = order.left
                    order.ahead = max(ZERO, order.ahead - there)
                else:
                    continue
                left -= gets
                if gets > 0:
                    got.append((order, gets))
        return got

    def turns_of(self, index: int, trade: PublicTrade) -> list[tuple[bool, bool]]:
        """Give the sides that a trade fills in turn, and whether at its price or past it."""
        past = [(not trade.buy, False)]
        if self.markets[index].without_sides:
            past = [(True, False), (False, False)]
        return [*past, (not trade.buy, True)]

    def show(self, index: int, kind: Quote | BookChange) -> None:
        """Let orders learn what is shown at their prices."""
        queue = self.account.rules_of(index).queue
        if queue == "front":
            return
        market = self.markets[index]
        for order in self.resting:
            request = order.request
            if request.instrument != index:
                continue
            shown = market.shown(request.price, bids=request.buy)
            if shown is None or not self.is_shown_by(index, kind, request):
                continue
            if order.ahead is None:
                order.ahead = shown
            elif shown == order.shown:
                continue
            elif queue == "proportional":
                remained = order.shown - order.traded
                if shown < remained:
                    order.ahead = cut(order.ahead * shown / remained)
            order.ahead = min(order.ahead, shown)
            order.shown, order.traded = shown, ZERO

    def lots(self, index: int, quantity: Fraction) -> Fraction:
        """Round a quantity down to whole lots, where there are some."""
        spec = self.instruments[index].spec
        if spec is None or spec.increment == 0:
            return quantity
        return quantity // spec.increment * spec.increment

    def is_shown_by(self, index: int, kind: Quote | BookChange, request: Request) -> bool:
        """Whether an event shows the price of an order anew."""
        bid, ask = self.markets[index].sides
        best = bid if request.buy else ask
        ahead = best is None or better(request.price, best.price, bids=request.buy)
        if isinstance(kind, Quote):
            return ahead or (best is not None and best.price == request.price)
        changed = kind.bids if request.buy else kind.asks
        return kind.whole or ahead or request.price in changed

    def snapshot(self, exchange: int, assets: Sequence[int], now: int) -> SnapshotTold:
        """Tell all of an account."""
        orders = [
            order
            for order in self.resting
            if self.instruments[order.request.instrument].exchange == exchange
        ]
        orders.sort(key=lambda order: (order.request.instrument, order.number))
        return SnapshotTold(
            now,
            exchange,
            tuple(self.balance(asset, now) for asset in assets),
            tuple(told(order, now) for order in orders),
        )

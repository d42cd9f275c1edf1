"""A simple, slow and exact model of a run: it shares no code with the package.

This is `docs/backtest.md` and, with `models.exchange`, `docs/exchange.md`. `run` takes a history,
what is traded and a strategy, and gives every call of the strategy, order, fill, closed position,
balance and point of the equity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol, TypeAlias

from models.account import Account, Instrument, Rules
from models.exchange import Exchanges
from models.market import Event, Item, Level, Lost, Market
from models.order import (
    GOOD_UNTIL_CANCELLED,
    IMMEDIATE_OR_CANCEL,
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
    Told,
    rejected,
)
from models.position import Position, Positions, fits, rounded
from models.stops import Fired, Stops
from models.wire import (
    DelayAnswers,
    Disconnect,
    Draws,
    DuplicateAnswers,
    Fault,
    RejectRequests,
    Wire,
)


@dataclass(frozen=True)
class Setup:
    """All that a run depends on but its history and its strategy; balances are by asset index."""

    instruments: Sequence[Instrument]
    rules: Sequence[Rules]
    wires: Sequence[Wire]
    balances: Sequence[Fraction]
    asset_exchanges: Sequence[int]
    fill_as_requested: bool = False
    close_at_end: bool = False
    conversions: Sequence[tuple[int, int]] = ()
    """Quote assets whose equity is converted, each with the instrument at whose mark."""
    asset_names: Sequence[str] = ()
    total: bool = False
    """Whether the account as a whole has an equity."""
    closing_id: str = "default"
    """The strategy's id, which its closing orders have."""


@dataclass(frozen=True)
class EquityPoint:
    """A mark: worth of the account in one quote asset."""

    asset: int | None
    """`None` for the account as a whole."""
    time: int
    equity: Fraction


@dataclass
class Live:
    """An order as barter's engine knows it; `open` is its last state as an open order."""

    request: Request
    cancelling: bool = False
    open: OrderTold | None = None

    @property
    def status(self) -> str:
        """The value of the package's status."""
        if self.cancelling:
            return "cancel_in_flight"
        return "open_in_flight" if self.open is None else "open"

    @property
    def filled(self) -> Fraction:
        """What is known to be filled."""
        return Fraction(0) if self.open is None else self.open.filled


LiveOrder: TypeAlias = tuple[str, str, Fraction]
"""Client order id, status and filled quantity."""

Happened: TypeAlias = tuple[object, ...]
"""What an event was, with all that it told."""


@dataclass(frozen=True)
class Call:
    """A call of the strategy: what had happened, and the account that it saw."""

    time: int
    what: Happened
    updated: int | None
    balances: tuple[tuple[Fraction, Fraction], ...]
    positions: tuple[tuple[bool, Fraction] | None, ...]
    live: tuple[tuple[LiveOrder, ...], ...]
    best: tuple[tuple[Fraction | None, Fraction | None], ...]
    books: tuple[tuple[tuple[Level, ...], tuple[Level, ...]] | None, ...]
    stops: tuple[tuple[int, Fraction], ...]
    """Numbers and trigger prices of those that wait."""


class Strategy(Protocol):
    """What makes orders."""

    def requests(self, run: Run, updated: int | None) -> list[Request | Cancel]:
        """Give orders; `updated` is the instrument of the market event just processed."""
        ...


@dataclass(frozen=True)
class UnderWay:
    """A message on its way back."""

    due: int
    number: int
    exchange: int
    message: Message
    twice: bool


@dataclass
class Run:
    """A run; everything that it brings forth stays here."""

    setup: Setup
    strategy: Strategy
    now: int
    balances: list[BalanceTold] = field(default_factory=list)
    """As the engine knows them."""
    markets: list[Market] = field(default_factory=list)
    positions: Positions = field(default_factory=Positions)
    live: list[dict[str, Live]] = field(default_factory=list)
    requests: list[tuple[int, int, Order | Cancel]] = field(default_factory=list)
    messages: list[UnderWay] = field(default_factory=list)
    waiting: list[UnderWay] = field(default_factory=list)
    """What is due while its exchange is disconnected."""
    changes: list[tuple[int, bool, int, int, Fault]] = field(default_factory=list)
    """Times of faults: whether it begins, its exchange, its place in the script, and itself."""
    in_force: list[tuple[int, int, Fault]] = field(default_factory=list)
    realised: dict[int, Fraction] = field(default_factory=dict)
    timers: list[tuple[int, int, int | None]] = field(default_factory=list)
    """When each is due, its number, and after how long it is due again."""
    timer_count: int = 0
    sent: int = 0
    ids: int = 0
    trading: bool = False
    calls: list[Call] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    stops: Stops = field(default_factory=Stops)
    fills: list[Fill] = field(default_factory=list)
    """As the engine was told of them, each once."""
    funding: list[FundingTold] = field(default_factory=list)
    """Likewise."""
    told: set[int] = field(default_factory=set)
    failed_cancels: list[CancelTold] = field(default_factory=list)
    """Likewise."""
    equity: list[EquityPoint] = field(default_factory=list)
    crossed: list[Item] = field(default_factory=list)
    """The events that are crossed quotes, or that leave a book crossed."""

    def __post_init__(self) -> None:
        setup = self.setup
        self.markets = [Market() for _ in setup.instruments]
        self.live = [{} for _ in setup.instruments]
        account = Account(setup.instruments, setup.rules, list(setup.balances))
        self.exchanges = Exchanges(
            setup.instruments, setup.rules, self.markets, account, setup.fill_as_requested
        )
        self.there = [Draws(wire.latency, 2 * place) for place, wire in enumerate(setup.wires)]
        self.back = [
            Draws(wire.answer_latency, 2 * place + 1) for place, wire in enumerate(setup.wires)
        ]
        self.last_arrival = [self.now for _ in setup.wires]
        self.last_due = [self.now for _ in setup.wires]
        for exchange, wire in enumerate(setup.wires):
            for place, fault in enumerate(wire.faults):
                if fault.end > self.now:
                    begins = max(fault.start, self.now)
                    self.changes.append((begins, True, exchange, place, fault))
                    self.changes.append((fault.end, False, exchange, place, fault))
        # Of one time, ends come before beginnings.
        self.changes.sort(key=lambda change: change[:4])

    @property
    def current(self) -> dict[int, Position]:
        """Open positions by instrument."""
        return self.positions.current

    @property
    def closed(self) -> list[Position]:
        """Closed positions."""
        return self.positions.closed

    @property
    def exact(self) -> bool:
        """Whether no number of the run had to be rounded by a quotient."""
        return all(position.exact for position in [*self.closed, *self.current.values()])

    @property
    def equity_by_asset(self) -> dict[int | None, list[EquityPoint]]:
        """The marks of each quote asset, and of the account as a whole."""
        curves: dict[int | None, list[EquityPoint]] = {}
        for point in self.equity:
            curves.setdefault(point.asset, []).append(point)
        return curves

    def next_cid(self) -> str:
        """Give a new client order id."""
        self.ids += 1
        return f"bp-{self.ids}"

    def call_at(self, time: int, every: int | None) -> int:
        """Ask for a call of the strategy, and give the timer's number."""
        self.timer_count += 1
        self.timers.append((time, self.timer_count, every))
        return self.timer_count

    def cancel_timer(self, number: int) -> None:
        """Take a timer back, if it is still to come."""
        self.timers = [timer for timer in self.timers if timer[1] != number]

    def drive(self, events: Iterable[Event], until: int | None = None) -> None:
        """Run the history, and on to `until`."""
        assets = range(len(self.setup.balances))
        self.balances = [self.exchanges.balance(asset, self.now) for asset in assets]
        quotes = sorted({instrument.quote for instrument in self.setup.instruments})
        self.realised = {asset: self.setup.balances[asset] for asset in quotes}
        # The snapshots of the accounts come before trading: nobody is asked about them.
        self.trading = True
        self.record_all(quotes)
        for event in events:
            if isinstance(event, Item):
                time = max(self.now, event.time_received)
                self.deliver(time)
                self.now = time
                market = self.markets[event.instrument]
                counts = market.apply(event)
                if market.is_crossed_by(event.kind):
                    self.crossed.append(event)
                self.look_at_stops(event, counts=counts)
                self.ask(("market",), event.instrument)
                if event.instrument in self.current:
                    self.record_equity(self.setup.instruments[event.instrument].quote)
                elif any(event.instrument == at for _, at in self.setup.conversions):
                    self.record_total()
                for exchange, message in self.exchanges.meet(event, self.now, counts=counts):
                    self.tell(exchange, message)
                for exchange, message in self.exchanges.liquidate(event.instrument, self.now):
                    self.tell(exchange, message)
            else:
                if event.time_received is not None:
                    time = max(self.now, event.time_received)
                    self.deliver(time)
                    self.now = time
                self.ask(("reconnecting", event.exchange), None)
            self.deliver(self.now)
        if until is not None:
            self.deliver(until)
            self.now = max(self.now, until)
        self.trading = False
        self.exchanges.history_over = True
        for index in range(len(self.setup.instruments)):
            for exchange, message in self.exchanges.end_waiting(index, self.now):
                self.tell(exchange, message)
        self.deliver(None)
        if self.setup.close_at_end:
            self.close()
        self.record_all(quotes)

    def look_at_stops(self, item: Item, *, counts: bool) -> None:
        """Send the orders of the stops that an event triggers."""
        path = self.setup.rules[item.exchange].candle_path
        market = self.markets[item.instrument]
        for fired in self.stops.look(item, market, counts=counts, path=path):
            stop = fired.stop
            request = Request(
                stop.instrument,
                stop.buy,
                stop.quantity,
                fired.price if stop.limit is None else stop.limit,
                self.next_cid(),
                stop.strategy,
                stop.limit is not None,
                IMMEDIATE_OR_CANCEL if stop.limit is None else GOOD_UNTIL_CANCELLED,
            )
            self.send(request, fired)

    def close(self) -> None:
        """Cancel all orders, then close all positions."""
        self.stops.waiting.clear()
        cancels = [
            (self.setup.instruments[index].exchange, index, live.request.strategy, cid, live)
            for index, orders in enumerate(self.live)
            for cid, live in orders.items()
            if not live.cancelling
        ]
        for _, index, _, cid, live in sorted(cancels, key=lambda cancel: cancel[:4]):
            self.send(Cancel(index, cid, None if live.open is None else str(live.open.number)))
        self.deliver(None)
        for index in range(len(self.setup.instruments)):
            position, price = self.current.get(index), self.markets[index].price
            if position is not None and price is not None:
                self.send(closing_request(position, price, self.next_cid(), self.setup.closing_id))
        self.deliver(None)

    def ask(self, what: Happened, updated: int | None) -> None:
        """Let the strategy act on an event that has been processed."""
        if not self.trading:
            return
        held = [self.current.get(index) for index in range(len(self.markets))]
        call = Call(
            time=self.now,
            what=what,
            updated=updated,
            balances=tuple((balance.total, balance.free) for balance in self.balances),
            positions=tuple(
                None if position is None else (position.buy, position.quantity) for position in held
            ),
            live=tuple(
                tuple((cid, live.status, live.filled) for cid, live in sorted(orders.items()))
                for orders in self.live
            ),
            best=tuple(market.best for market in self.markets),
            books=tuple(
                None if market.book is None else market.book.levels for market in self.markets
            ),
            stops=tuple((stop.number, stop.trigger) for stop in self.stops.waiting),
        )
        self.calls.append(call)
        requests = self.strategy.requests(self, updated)
        # barter sends cancels before opens.
        for request in sorted(requests, key=lambda request: isinstance(request, Request)):
            self.send(request)

    def send(self, request: Request | Cancel, fired: Fired | None = None) -> None:
        """Send a request on its way."""
        exchange = self.setup.instruments[request.instrument].exchange
        sent: Order | Cancel
        if isinstance(request, Request):
            sent = Order(request, self.now, fired=fired)
            self.orders.append(sent)
            self.live[request.instrument][request.cid] = Live(request)
        else:
            sent = request
            live = self.live[request.instrument].get(request.cid)
            if live is not None:
                live.cancelling = True
        arrives = max(self.now + self.there[exchange].next(), self.last_arrival[exchange])
        self.last_arrival[exchange] = arrives
        self.sent += 1
        self.requests.append((arrives, self.sent, sent))

    def tell(self, exchange: int, message: Message) -> None:
        """Send a message on its way back."""
        faults = [fault for of, _, fault in self.in_force if of == exchange]
        due = self.now + self.back[exchange].next()
        due += sum(fault.delay for fault in faults if isinstance(fault, DelayAnswers))
        due = max(due, self.last_due[exchange])
        self.last_due[exchange] = due
        self.sent += 1
        twice = any(isinstance(fault, DuplicateAnswers) for fault in faults)
        self.messages.append(UnderWay(due, self.sent, exchange, message, twice))

    def disconnected(self, exchange: int) -> bool:
        """Whether the client of an exchange is offline."""
        return any(
            of == exchange and isinstance(fault, Disconnect) for of, _, fault in self.in_force
        )

    def deliver(self, until: int | None) -> None:
        """Let everything happen that is due; after the history, while something is under way."""
        while True:
            times: list[tuple[int, int, int]] = []
            times += [(message.due, 0, message.number) for message in self.messages]
            ends = self.exchanges.next_end()
            times += [] if ends is None else [(ends, 1, 0)]
            times += [(change[0], 2, 0) for change in self.changes[:1]]
            times += [(request[0], 3, request[1]) for request in self.requests]
            if until is not None:
                times += [(timer[0], 4, timer[1]) for timer in self.timers]
            over = until is None and not (self.messages or self.waiting or self.requests)
            if over or not times:
                return
            time, rank, number = min(times)
            if until is not None and time > until:
                return
            self.now = time
            if rank == 0:
                (message,) = [one for one in self.messages if one.number == number]
                self.messages.remove(message)
                if self.disconnected(message.exchange):
                    self.waiting.append(message)
                else:
                    self.process(message)
            elif rank == 1:
                for exchange, ended in self.exchanges.end_orders(time):
                    self.tell(exchange, ended)
            elif rank == 2:
                self.change(*self.changes.pop(0))
            elif rank == 4:
                (timer,) = [one for one in self.timers if one[1] == number]
                self.timers.remove(timer)
                if timer[2] is not None:
                    self.timers.append((time + timer[2], number, timer[2]))
                self.ask(("timer", number, time), None)
            else:
                (request,) = [one for one in self.requests if one[1] == number]
                self.requests.remove(request)
                self.arrive(request[2])

    def change(self, time: int, begins: bool, exchange: int, place: int, fault: Fault) -> None:
        """Let a fault begin or end."""
        if begins:
            self.in_force.append((exchange, place, fault))
            self.in_force.sort(key=lambda one: one[:2])
        else:
            self.in_force.remove((exchange, place, fault))
        if not isinstance(fault, Disconnect):
            return
        if begins:
            self.ask(("account_reconnecting",), None)
            return
        for message in [one for one in self.waiting if one.exchange == exchange]:
            self.waiting.remove(message)
            self.process(message)
        of = self.setup.asset_exchanges
        assets = [asset for asset, on in enumerate(of) if on == exchange]
        self.know(self.exchanges.snapshot(exchange, assets, time))

    def arrive(self, sent: Order | Cancel) -> None:
        """Let a request arrive at its exchange."""
        instrument = sent.request.instrument if isinstance(sent, Order) else sent.instrument
        exchange = self.setup.instruments[instrument].exchange
        refused = [
            rejected(fault.reason)
            for of, _, fault in self.in_force
            if of == exchange and isinstance(fault, RejectRequests)
        ]
        offline = self.disconnected(exchange)
        if offline or refused:
            failure = Failure("exchange_offline") if offline else refused[0]
            if isinstance(sent, Order):
                message = self.exchanges.refuse(sent, failure, self.now)
            else:
                message = [CancelTold(self.now, sent.instrument, sent.cid, None, failure)]
            if offline:
                for told in message:
                    self.know(told)
                return
        elif isinstance(sent, Order):
            decided = self.exchanges.open(sent, self.now)
            if decided is None:
                return
            message = decided
        else:
            message = self.exchanges.cancel(sent, self.now)
        self.tell(exchange, message)

    def process(self, under_way: UnderWay) -> None:
        """Let the engine process a message."""
        for _ in range(2 if under_way.twice else 1):
            for told in under_way.message:
                self.know(told)

    def know(self, told: Told) -> None:
        """Let the engine process an event, and ask the strategy."""
        is_funding = isinstance(told, FundingTold) and not any(told is one for one in self.funding)
        if isinstance(told, BalanceTold):
            self.know_balance(told)
        elif isinstance(told, Fill):
            self.know_fill(told)
        elif isinstance(told, OrderTold):
            self.know_order(told)
        elif isinstance(told, CancelTold):
            self.know_cancel(told)
        else:
            for balance in told.balances:
                self.know_balance(balance)
            for order in told.orders:
                self.know_order(order)
        self.ask(happened(told), None)
        if isinstance(told, Fill):
            self.record_equity(self.setup.instruments[told.request.instrument].quote)
        if isinstance(told, FundingTold) and is_funding:
            self.funding.append(told)
            self.realised[told.asset] += told.amount
            self.record_equity(told.asset)

    def know_balance(self, told: BalanceTold) -> None:
        """Take a balance, unless a newer one is known."""
        if told.time >= self.balances[told.asset].time:
            self.balances[told.asset] = told

    def know_fill(self, fill: Fill) -> None:
        """Move a position."""
        if fill.number not in self.told:
            self.told.add(fill.number)
            self.fills.append(fill)
        closed = self.positions.book(fill)
        if closed is not None:
            self.stops.position_closed(closed.instrument)
            self.realised[self.setup.instruments[closed.instrument].quote] += closed.pnl

    def know_order(self, told: OrderTold) -> None:
        """Take where an order stands, as barter's engine does."""
        orders, cid = self.live[told.request.instrument], told.request.cid
        if told.status != "open":
            orders.pop(cid, None)
            return
        live = orders.setdefault(cid, Live(told.request, open=told))
        if live.open is None or live.open.time <= told.time:
            live.open = told

    def know_cancel(self, told: CancelTold) -> None:
        """Take the answer to a cancel, as barter's engine does."""
        if told.failure is not None and not any(told is one for one in self.failed_cancels):
            self.failed_cancels.append(told)
        orders = self.live[told.instrument]
        live = orders.get(told.cid)
        if live is None:
            return
        if told.failure is None or (live.cancelling and live.open is None):
            # Also an order under way, of which a cancel has failed.
            del orders[told.cid]
        else:
            live.cancelling = False

    def record_all(self, quotes: Sequence[int]) -> None:
        """Note what the account is worth in each quote asset, and as a whole."""
        for asset in quotes:
            self.equity.append(EquityPoint(asset, self.now, self.worth(asset)))
        self.record_total()

    def record_equity(self, asset: int) -> None:
        """Note what the account is worth in a quote asset now, and as a whole."""
        self.equity.append(EquityPoint(asset, self.now, self.worth(asset)))
        self.record_total()

    def worth(self, asset: int) -> Fraction:
        """Give what the account is worth in a quote asset now."""
        equity = self.realised[asset]
        for index, position in self.current.items():
            if self.setup.instruments[index].quote == asset:
                mark = self.markets[index].mark
                price = position.average if mark is None else mark
                equity += position.pnl + position.gain(position.quantity, price)
        return equity

    def record_total(self) -> None:
        """Note what the account is worth as a whole, if each part of it has a price."""
        if not self.setup.total:
            return
        at = dict(self.setup.conversions)
        sum_of_parts = Fraction(0)
        for asset in self.realised:
            equity = self.worth(asset)
            if asset in at and equity != 0:
                mark = self.markets[at[asset]].mark
                names = self.setup.asset_names
                is_base = names[self.setup.instruments[at[asset]].base] == names[asset]
                if mark is None or (mark == 0 and not is_base):
                    return
                equity = equity * mark if is_base else equity / mark
            sum_of_parts += equity
        self.equity.append(EquityPoint(None, self.now, sum_of_parts))


def happened(told: Told) -> Happened:
    """Describe an event of the account."""
    if isinstance(told, BalanceTold):
        return ("balance", told.time, told.asset, told.total, told.free)
    if isinstance(told, Fill):
        return (
            "trade",
            told.time,
            told.number,
            told.order,
            told.request.instrument,
            told.request.buy,
            told.price,
            told.quantity,
            told.fee,
        )
    if isinstance(told, OrderTold):
        request = told.request
        filled = Fraction(0) if told.status in {"open_failed", "expired"} else told.filled
        number = told.number if told.status == "open" else None
        return (
            "order", request.instrument, request.cid, told.status, number, filled, told.failure
        )  # fmt: skip
    if isinstance(told, CancelTold):
        return ("cancel", told.instrument, told.cid, told.number, told.failure)
    return (
        "snapshot",
        told.exchange,
        tuple((balance.asset, balance.total, balance.free) for balance in told.balances),
        tuple(
            (order.request.instrument, order.request.cid, order.number, order.filled)
            for order in told.orders
        ),
    )


def closing_request(position: Position, price: Fraction, cid: str, strategy: str) -> Request:
    """Ask for the opposite of a position, at a price that a decimal holds."""
    return Request(
        position.instrument,
        not position.buy,
        position.quantity,
        rounded(price),
        cid,
        strategy,
        rounded=not fits(price),
    )


def part_of(
    events: Sequence[Event], since: int | None, until: int | None
) -> tuple[list[Event], int]:
    """Give the events at which the clock of a run over all of them is in the part.

    Also gives the clock at the first of them.
    """
    clock = next(event.time_received for event in events if event.time_received is not None)
    part, clocks = [], []
    for event in events:
        if event.time_received is not None:
            clock = max(clock, event.time_received)
        if (since is None or since <= clock) and (until is None or clock < until):
            part.append(event)
            clocks.append(clock)
    return part, clocks[0]


def run(
    setup: Setup,
    events: Sequence[Event],
    strategy: Strategy,
    since: int | None = None,
    until: int | None = None,
) -> Run:
    """Run a strategy over a history, from the time of its clock at the first event."""
    part, start = part_of(events, since, until)
    result = Run(setup, strategy, start)
    result.drive(part, until)
    return result


__all__ = [
    "Call",
    "EquityPoint",
    "Lost",
    "Run",
    "Setup",
    "Strategy",
    "closing_request",
    "part_of",
    "run",
]

"""What must hold of every run with the simulated exchange, whatever the orders.

All is reckoned from what the public API tells, with the sums of `models.account`.
"""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from typing_extensions import override

import barter_python as bp
from barter_python.backtest import FundingPayment
from models.account import Account
from models.comparison import decimal, is_buy, key_of, nanoseconds, place, setup_of
from models.exchange_cases import INDEX, Case
from models.market import PLACES, cut
from models.script import Wish

FINAL = {
    bp.OrderStatus.CANCELLED,
    bp.OrderStatus.EXPIRED,
    bp.OrderStatus.FULLY_FILLED,
    bp.OrderStatus.OPEN_FAILED,
}
ZERO = Fraction(0)


class Ledger:
    """The account, reckoned from the trades that were told."""

    def __init__(self, case: Case) -> None:
        setup = setup_of(case.config, case.fill_price, case.close_at_end)
        self.instruments = setup.instruments
        self.account = Account(setup.instruments, setup.rules, list(setup.balances))

    def book(self, trade: bp.Trade) -> Fraction:
        """Book a trade, check its fee, and give its quantity before a fee in the base asset."""
        price, traded = Fraction(trade.price), Fraction(trade.quantity)
        rules = self.account.rules_of(trade.instrument)
        rates = (rules.fee_rate, rules.maker_fee_rate)
        if trade.strategy_id == "bp-settlement":
            rates = (ZERO, ZERO)
        if trade.strategy_id == "bp-liquidation":
            rates = (rules.fee_rate, rules.fee_rate)
        for quantity in self.quantities(trade):
            for rate in rates:
                trial = self.account.copy()
                booked = trial.book(trade.instrument, price, quantity, rate, buy=is_buy(trade.side))
                if booked == (traded, Fraction(trade.fees)):
                    self.account = trial
                    return quantity
        message = f"no rate gives the fees of {trade}"
        raise AssertionError(message)

    def quantities(self, trade: bp.Trade) -> list[Fraction]:
        """Give what may have been filled: more than is told, where the fee was taken from it."""
        traded, price = Fraction(trade.quantity), Fraction(trade.price)
        rules = self.account.rules_of(trade.instrument)
        instrument = self.instruments[trade.instrument]
        if instrument.contract or not rules.fee_of_received or not is_buy(trade.side):
            return [traded]
        # The fee in quote is cut(price * fee): from it the fee in base, to a digit where the
        # price is one or more.
        around = int(Fraction(trade.fees) / price * PLACES)
        return [
            traded + Fraction(around + step, PLACES)
            for step in (0, 1, -1, 2)
            if cut(price * Fraction(around + step, PLACES)) == Fraction(trade.fees)
        ]

    def fund(self, payment: FundingPayment) -> None:
        """Check what a position has paid by its own figures, and book it."""
        mark = payment.mark_price
        if mark is not None:
            value = cut(Fraction(mark) * Fraction(payment.quantity))
            paid = cut(value * Fraction(payment.rate))
            assert Fraction(payment.amount) == (-paid if is_buy(payment.side) else paid), payment
        quote = self.instruments[payment.instrument].quote
        self.account.totals[quote] += Fraction(payment.amount)

    def check_balance(
        self, asset: int, balance: bp.Balance, orders: Sequence[bp.Order], where: str
    ) -> None:
        """Compare a balance with the trades, and with what open orders reserve."""
        total, free = Fraction(balance.total), Fraction(balance.free)
        assert total == self.account.totals[asset], f"{where}: total of {asset}"
        reserved = self.account.margins(asset)
        for order in orders:
            left = Fraction(order.quantity) - Fraction(order.filled_quantity or 0)
            of, amount = self.account.reserved(
                order.instrument, Fraction(order.price), left, buy=is_buy(order.side)
            )
            reserved += amount if of == asset else ZERO
        assert free == total - reserved, f"{where}: free of {asset}"


@dataclass
class Flow(bp.Strategy):
    """Sends what a script says, each order under a strategy's id of its own, and looks."""

    case: Case
    settled: bool
    """Whether the engine knows all at each market event: no latency and no faults."""
    seen: list[bp.AccountEvent] = field(default_factory=list)
    under_way: set[tuple[int, str]] = field(default_factory=set)
    """Instruments and client order ids of orders that have not ended.

    The engine's own list lacks those that it has forgotten, since a cancel of them failed while
    they were under way (`docs/exchange.md`); their ids are not free.
    """
    crossed: dict[str, Decimal] = field(default_factory=dict)
    """The price that an order must not be better than when it arrives in a crossed market."""
    calls: int = -1
    timers: int = 0
    sent: int = 0

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.case)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.calls += 1
        event = state.event
        if isinstance(event, bp.AccountEvent):
            self.seen.append(event)
            self.forget_ended(event.kind)
            if isinstance(event.kind, bp.Trade) and self.settled:
                self.ledger.book(event.kind)
        elif self.settled:
            # A market order that waits for a candle's open reserves nothing. Nor does the order of
            # a stop that this event has triggered, since it is on its way.
            orders = [
                order
                for instrument in state.instruments
                for order in instrument.orders
                if order.status is not bp.OrderStatus.OPEN_IN_FLIGHT
            ]
            for asset in INDEX.assets:
                balance = state.balance(asset.exchange_id, asset.name)
                assert balance is not None
                self.ledger.check_balance(asset.index, balance, orders, f"call {self.calls}")
            if isinstance(event, bp.MarketEvent) and isinstance(event.kind, bp.Funding):
                self.fund(state, event.instrument, event.kind)
        return self.wishes(state)

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        self.calls += 1
        self.timers += 1
        assert state.time_ns == timer.time_ns
        return self.wishes(state)

    def wishes(self, state: bp.EngineView) -> bp.Orders:
        """Do what the script says for this call."""
        for asked in self.case.timers.get(self.calls, ()):
            if asked.cancel:
                for timer in state.timers[:1]:
                    state.cancel_timer(timer)
            else:
                every = None if asked.every is None else timedelta(microseconds=asked.every // 1000)
                state.call_at(state.time_ns + asked.after, every=every)
        return self.requests(state, self.case.script.get(self.calls, ()))

    def fund(self, state: bp.EngineView, index: int, funding: bp.Funding) -> None:
        """Book the funding that follows, of what is held now."""
        view = state.instrument(index)
        if view.position is not None:
            found = (funding.mark_price, view.mid, view.last_trade, view.price)
            mark = next((price for price in found if price is not None), None)
            rate = Fraction(funding.rate)
            self.ledger.account.fund(index, rate, None if mark is None else Fraction(mark))

    def forget_ended(self, told: object) -> None:
        """Free the id of an order that has ended."""
        if (isinstance(told, bp.Order) and told.status in FINAL) or (
            isinstance(told, bp.OrderResponseCancel) and told.failure is None
        ):
            self.under_way.discard((told.instrument, str(told.client_order_id)))

    def requests(self, state: bp.EngineView, wishes: Sequence[Wish]) -> bp.Orders:
        """Give what the script says."""
        cancels, opens = [], []
        for wish in wishes:
            view = state.instrument(wish.instrument)
            if wish.stop is not None:
                self.sent += 1
                place(state, wish, wish.stop, f"order-{self.sent}")
                continue
            if wish.cancel_stop is not None:
                state.cancel_stop(wish.cancel_stop)
                continue
            if wish.cancel:
                number = None if wish.number is None else bp.OrderId(wish.number)
                cancels.append(bp.OrderRequestCancel(key_of(view, wish.cid or "a"), number))
                continue
            cid = str(state.next_cid()) if wish.cid is None else wish.cid
            # A message that comes twice brings an ended order back into the engine's list.
            live = {order.client_order_id for order in view.orders}
            if cid in live or (view.index, cid) in self.under_way:
                continue
            self.under_way.add((view.index, cid))
            self.sent += 1
            key = bp.OrderKey(
                view.exchange,
                view.index,
                bp.StrategyId(f"order-{self.sent}"),
                bp.ClientOrderId(cid),
            )
            price = Decimal(100) if wish.price is None else decimal(wish.price)
            request = bp.RequestOpen(
                bp.Side.BUY if wish.buy else bp.Side.SELL,
                price,
                decimal(wish.quantity),
                bp.OrderKind.LIMIT if wish.limit else bp.OrderKind.MARKET,
                bp.TimeInForce(wish.time_in_force),
            )
            opens.append(bp.OrderRequestOpen(key, request))
            bid, ask = view.best_bid, view.best_ask
            if bid is not None and ask is not None and bid > ask:
                self.crossed[str(key.strategy)] = bid if wish.buy else ask
        return cancels, opens


def least(latency: bp.Latency) -> int:
    """Give the shortest time that a latency can be."""
    if isinstance(latency, timedelta):
        return nanoseconds(latency)
    if isinstance(latency, bp.UniformLatency):
        return nanoseconds(latency.low)
    return min(nanoseconds(one) for one in latency.samples)


def is_settled(case: Case) -> bool:
    """Whether the engine knows all at each market event."""
    return all(
        execution.latency == execution.answer_latency == timedelta(0) and not execution.faults
        for execution in case.config.executions
    )


def check(case: Case, counts: Counter[str], *, again: bool = False) -> None:
    """Run a case and check all properties."""
    strategy, result = play(case)
    if again:
        assert play(case)[1].to_json() == result.to_json()
    ledger, filled = check_fills(case, result)
    counts["fills in crossed markets"] += check_crossed(case, result, strategy)
    check_orders(case, result, filled, strategy)
    check_balances(case, result, ledger, strategy)
    check_positions(case, result)
    counts["runs"] += 1
    counts["orders"] += len(result.orders)
    counts["fills"] += len(result.fills)
    counts["fundings"] += len(result.funding)
    counts["liquidations"] += sum(fill.strategy_id == "bp-liquidation" for fill in result.fills)
    counts["settlements"] += sum(fill.strategy_id == "bp-settlement" for fill in result.fills)
    counts["timers"] += strategy.timers
    counts["settled runs"] += is_settled(case)
    counts.update(report.order.status.value for report in result.orders)


def play(case: Case) -> tuple[Flow, bp.BacktestResult]:
    """Run a case."""
    strategy = Flow(case, is_settled(case))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* left a best bid above the best ask")
        warnings.filterwarnings("ignore", "the run ends with a negative balance")
        result = bp.run_backtest(
            strategy,
            bp.MarketData.from_events(case.events),
            case.config,
            fill_price=case.fill_price,
            close_at_end=case.close_at_end,
        )
    return strategy, result


def check_fills(case: Case, result: bp.BacktestResult) -> tuple[Ledger, Mapping[str, Fraction]]:
    """Book all fills; give what was filled of each order, by the strategy's id."""
    ledger = Ledger(case)
    orders = {report.order.strategy_id: report for report in result.orders}
    executions = {one.mocked_exchange: one for one in case.config.executions}
    filled: dict[str, Fraction] = defaultdict(Fraction)
    # Two exchanges may tell of their fills in another order than they make them.
    for fill in sorted(result.fills, key=lambda fill: int(fill.id)):
        quantity = ledger.book(fill)
        assert quantity > 0
        if fill.strategy_id in {"default", "bp-settlement", "bp-liquidation"}:
            continue
        filled[fill.strategy_id] += quantity
        report = orders[fill.strategy_id]
        order = report.order
        assert (order.instrument, order.side) == (fill.instrument, fill.side)
        exchange = INDEX.instruments[order.instrument].exchange_id
        arrival = report.time_sent_ns + least(executions[exchange].latency)
        assert fill.time_exchange_ns >= arrival
        if report.time_finished_ns is not None:
            assert fill.time_exchange_ns <= report.time_finished_ns
        if order.kind is bp.OrderKind.LIMIT:
            through = fill.price > order.price if is_buy(order.side) else fill.price < order.price
            assert not through, f"{fill} is through the limit of {order}"
    for payment in result.funding:
        ledger.fund(payment)
    assert [int(fill.id) for fill in sorted(result.fills, key=lambda fill: int(fill.id))] == list(
        range(1, len(result.fills) + 1)
    )
    return ledger, filled


def check_crossed(case: Case, result: bp.BacktestResult, strategy: Flow) -> int:
    """Nobody who takes buys below the bid or sells above the ask; give how many fills show it."""
    fills = 0
    for report in result.orders:
        bound = strategy.crossed.get(report.order.strategy_id)
        requested = case.fill_price is bp.FillPrice.REQUESTED
        if bound is None or not strategy.settled or requested or report.maker_quantity:
            continue
        for fill in result.fills_of(report):
            buys = is_buy(report.order.side)
            assert fill.price >= bound if buys else fill.price <= bound, (fill, bound)
            fills += 1
    return fills


def check_orders(
    case: Case, result: bp.BacktestResult, filled: Mapping[str, Fraction], strategy: Flow
) -> None:
    """No order is filled beyond its quantity, and each ends once, unless it rests."""
    twice = any(
        isinstance(fault, bp.DuplicateAnswers)
        for execution in case.config.executions
        for fault in execution.faults
    )
    ends: Counter[str] = Counter()
    for event in strategy.seen:
        kind = event.kind
        ended = isinstance(kind, bp.Order) and kind.status in FINAL
        cancelled = isinstance(kind, bp.OrderResponseCancel) and kind.failure is None
        if isinstance(kind, bp.Order | bp.OrderResponseCancel) and (ended or cancelled):
            ends[kind.strategy_id] += 1
    for report in result.orders:
        order = report.order
        ours = order.strategy_id != "default"
        if ours:
            assert Fraction(report.filled_quantity) == filled.get(order.strategy_id, ZERO)
            assert ends[order.strategy_id] <= (2 if twice else 1)
        assert 0 <= report.filled_quantity <= order.quantity
        assert (report.time_finished_ns is None) == (order.status is bp.OrderStatus.OPEN)
        if order.status is bp.OrderStatus.OPEN:
            assert order.kind is bp.OrderKind.LIMIT
            assert not ends[order.strategy_id]
            assert order.filled_quantity == report.filled_quantity < order.quantity
        else:
            assert order.status in FINAL, order
        if order.status is bp.OrderStatus.FULLY_FILLED:
            assert report.filled_quantity == order.quantity
        if order.status is bp.OrderStatus.OPEN_FAILED:
            assert report.filled_quantity == 0


def check_balances(case: Case, result: bp.BacktestResult, ledger: Ledger, strategy: Flow) -> None:
    """What is held is what the fills say, and what is free is what open orders leave."""
    orders = [
        report.order for report in result.orders if report.order.status is bp.OrderStatus.OPEN
    ]
    contracts = {
        ledger.instruments[fill.instrument].quote
        for fill in result.fills
        if ledger.instruments[fill.instrument].contract
    }
    for asset in INDEX.assets:
        balance = result.balances[f"{asset.exchange_id.value}_{asset.name}"]
        ledger.check_balance(asset.index, balance, orders, "at the end")
        if asset.index not in contracts:
            assert 0 <= balance.free <= balance.total
    for event in strategy.seen:
        if isinstance(event.kind, bp.AssetBalance):
            balance = event.kind.balance
            assert balance.free <= balance.total
            assert event.kind.asset in contracts or balance.free >= 0


def check_positions(case: Case, result: bp.BacktestResult) -> None:
    """The engine's positions are what the fills add up to, unless it was told them twice."""
    for execution in case.config.executions:
        if any(isinstance(fault, bp.DuplicateAnswers) for fault in execution.faults):
            return
    net: dict[int, Decimal] = defaultdict(Decimal)
    for fill in result.fills:
        net[fill.instrument] += fill.quantity if is_buy(fill.side) else -fill.quantity
    held = {
        position.instrument: (1 if is_buy(position.side) else -1) * position.quantity_abs
        for position in result.open_positions
    }
    assert held == {index: quantity for index, quantity in net.items() if quantity}

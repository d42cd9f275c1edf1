"""The model of `docs/exchange.md` against figures that were worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest
from account_model import Account, Instrument, Rules, Spec
from backtest_model import Run, Setup, run
from exchange_model import DAY, Exchanges
from market_model import (
    BookChange,
    Candle,
    Event,
    Item,
    Kind,
    Level,
    Market,
    PublicTrade,
    Quote,
    cut,
)
from order_model import (
    FILL_OR_KILL,
    GOOD_UNTIL_CANCELLED,
    GOOD_UNTIL_END_OF_DAY,
    IMMEDIATE_OR_CANCEL,
    POST_ONLY,
    BalanceTold,
    Cancel,
    CancelTold,
    Fill,
    Message,
    Order,
    OrderTold,
    Request,
    plain,
)
from script_model import Scripted, Wish
from wire_model import (
    Constant,
    DelayAnswers,
    Disconnect,
    Draws,
    DuplicateAnswers,
    Empirical,
    RejectRequests,
    Uniform,
    Wire,
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
        return order, self.exchanges.open(order, self.now)

    def balances(self) -> list[tuple[Fraction, Fraction]]:
        """Give total and free of both assets."""
        told = [self.exchanges.balance(asset, self.now) for asset in (0, 1)]
        return [(balance.total, balance.free) for balance in told]


def fills(message: Message) -> list[tuple[Fraction, Fraction]]:
    return [(told.price, told.quantity) for told in message if isinstance(told, Fill)]


def pairs(*numbers: tuple[str | int, str | int]) -> list[tuple[Fraction, Fraction]]:
    return [(number(first), number(second)) for first, second in numbers]


def test_numbers_are_cut_towards_zero_and_written_plainly() -> None:
    assert cut(Fraction(2, 3)) == number("0.666666666666")
    assert cut(-Fraction(2, 3)) == number("-0.666666666666")
    assert [plain(number(text)) for text in ("-0.050", "12", "3.10")] == ["-0.05", "12", "3.1"]


def test_split_mix_gives_the_published_sequence() -> None:
    draws = Draws(Uniform(0, 0, 1234567))
    assert [draws.split_mix() for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_latencies_are_drawn_evenly() -> None:
    first = 6457827717110365317
    assert Draws(Uniform(10, 19, 1234567)).next() == 10 + first * 10 // 2**64 == 13
    assert Draws(Empirical([7, 8, 9], 1234567)).next() == 8
    assert Draws(Constant(5)).next() == 5


def test_offers_are_the_book_where_it_is_newest_and_else_the_l1_before_what_is_worse() -> None:
    bench = Bench()
    assert bench.market.offers(buy=True) == []
    bench.show(trade("5.0000000000019", "2", buy=True))
    assert bench.market.offers(buy=True) == [at("5.0000000000019", 2)]
    bench.show(book(bids=[at(8, 1)], asks=[at(10, 1), at(9, 2), at(11, 3), at(-1, 1)]))
    assert bench.market.offers(buy=True) == [at(9, 2), at(10, 1), at(11, 3)]
    bench.show(l1(None, at(10, "0.5000000000009"), time=3))
    assert bench.market.offers(buy=True) == [at(10, "0.5"), at(11, 3)]
    assert bench.market.offers(buy=False) == []
    bench.show(l1(None, None, time=4))
    assert bench.market.offers(buy=False) == [at("5.0000000000019", 2)]


def test_a_market_order_goes_down_the_offers_and_its_rest_expires() -> None:
    bench = Bench(Rules(fee_rate=number("0.001")))
    bench.show(book(bids=[at(99, 5)], asks=[at(100, 1), at(101, 2)]))
    order, message = bench.send("buy", 4, None, IMMEDIATE_OR_CANCEL)
    assert fills(message) == pairs((100, 1), (101, 2))
    assert (order.status, order.filled, order.number) == ("expired", number(3), 1)
    # 302 and a fee of 0.1 and 0.202.
    assert bench.balances() == pairs((103, 103), ("9697.698", "9697.698"))
    totals = [told.total for told in message if isinstance(told, BalanceTold)]
    assert totals == [101, number("9899.9"), 103, number("9697.698")]
    # Nothing is left there, but there is an offer: the next one is not refused.
    order, message = bench.send("buy", 1, None, IMMEDIATE_OR_CANCEL)
    assert (order.status, len(message)) == ("expired", 1)


def test_what_was_taken_comes_back_with_another_amount_or_when_the_price_was_away() -> None:
    bench = Bench()
    asks = [at(100, 5)]
    bench.show(book(bids=[at(99, 5)], asks=asks))
    bench.send("buy", 3, 100, IMMEDIATE_OR_CANCEL)
    bench.show(book(whole=False, bids=[at(99, 6)]))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 2)]
    bench.show(book(whole=False, asks=[at(100, 4)]))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 4)]
    bench.send("buy", 3, 100, IMMEDIATE_OR_CANCEL)
    bench.show(book(whole=False, asks=[at(100, 0)]))
    bench.show(book(whole=False, asks=[at(100, 4)]))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 4)]


def test_a_last_trade_is_one_offer_to_both_sides_until_the_next() -> None:
    bench = Bench()
    bench.show(trade(10, 5, buy=True))
    bench.send("buy", 3, 10, IMMEDIATE_OR_CANCEL)
    assert bench.exchanges.offers(0, buy=False) == [at(10, 2)]
    bench.show(Candle(number(10), number(7)))
    assert bench.exchanges.offers(0, buy=False) == [at(10, 2)]
    bench.show(trade(10, 5, buy=False))
    assert bench.exchanges.offers(0, buy=False) == [at(10, 5)]


def test_infinite_liquidity_fills_all_at_the_best_offer() -> None:
    bench = Bench(Rules(infinite=True))
    bench.show(l1(at(99, 1), at(100, 0)))
    for _ in range(2):
        _, message = bench.send("buy", 7, 105)
        assert fills(message) == pairs((100, 7))


def test_at_the_requested_price_an_order_is_filled_whole_and_takes_nothing() -> None:
    bench = Bench(as_requested=True)
    bench.show(l1(at(99, 1), at(100, 1)))
    _, message = bench.send("buy", 7, None, IMMEDIATE_OR_CANCEL, price=50)
    assert fills(message) == pairs((50, 7))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 1)]
    order, _ = bench.send("buy", 7, None, IMMEDIATE_OR_CANCEL, price=0)
    assert order.failure is not None
    assert order.failure.detail == "the price of the fill must be positive, it is 0"


def test_a_limit_order_takes_then_rests_and_reserves_value_and_fee() -> None:
    bench = Bench(Rules(number("0.01"), number("0.001")))
    bench.show(l1(at(99, 1), at(100, 2)))
    order, message = bench.send("buy", 5, "100.5")
    kinds = [type(told) for told in message]
    assert kinds == [BalanceTold, BalanceTold, Fill, BalanceTold, OrderTold]
    assert (order.status, order.filled) == ("open", number(2))
    # Paid 200 + 2; reserved 3 at 100.5 and a thousandth of it.
    assert bench.balances() == pairs((102, 102), (9798, "9496.1985"))
    message = bench.exchanges.cancel(Cancel(0, "1"), 9)
    assert [type(told) for told in message] == [BalanceTold, CancelTold]
    assert bench.balances() == pairs((102, 102), (9798, 9798))
    assert (order.status, order.time_finished) == ("cancelled", 9)


def test_resting_orders_are_filled_at_their_limits_with_the_makers_fee() -> None:
    bench = Bench(Rules(number("0.01"), -number("0.001")))
    bench.show(l1(at(99, 1), at(110, 2)))
    first, _ = bench.send("buy", 2, 98)
    second, _ = bench.send("buy", 2, "98.5")
    # A rebate is not reserved: 196 and 197.
    assert bench.balances() == pairs((100, 100), (10000, 9607))
    assert bench.show(l1(at(97, 1), at(98, 3), time=5)) == pairs(("98.5", 2), (98, 1))
    assert (second.status, first.status, first.filled) == ("fully_filled", "open", number(1))
    # 197 - 0.197 and 98 - 0.098 are paid.
    assert bench.balances() == pairs((103, 103), ("9705.295", "9607.295"))
    # What was taken of 98 is gone until another amount is shown.
    assert bench.show(l1(at(97, 2), at(98, 3), time=6)) == []
    assert bench.show(l1(at(97, 2), at(98, 2), time=7)) == pairs((98, 1))


def test_a_trade_past_the_limit_is_shared_and_ignores_the_queue() -> None:
    bench = Bench()
    bench.show(l1(at(98, 50), at(110, 2)))
    bench.send("buy", 2, 97)
    bench.send("buy", 2, 98)
    assert bench.show(trade("96.5", 3, buy=True)) == []
    assert bench.show(trade("96.5", 3, buy=False)) == pairs((98, 2), (97, 1))


def test_without_a_book_a_trade_of_either_side_fills_what_is_better() -> None:
    bench = Bench()
    bench.send("buy", 2, 97)
    bench.send("buy", 2, 96)
    bench.send("sell", 2, 95)
    bench.send("sell", 2, 96)
    # A buy fills the sales at its price; of both sides first what is past it.
    assert bench.show(trade(96, 5, buy=True)) == pairs((97, 2), (95, 2))
    shown = Bench(Rules(queue="front"))
    shown.send("buy", 2, 97)
    shown.send("sell", 2, 96)
    assert shown.show(trade(96, 5, buy=True)) == pairs((97, 2), (96, 2))


def test_at_its_price_an_order_waits_for_what_was_there_before() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(110, 2)))
    order, _ = bench.send("buy", 2, 98)
    later, _ = bench.send("buy", 2, 98)
    assert order.ahead == 5
    assert bench.show(trade(98, 50, buy=True)) == []
    assert bench.show(trade(98, 3, buy=False)) == []
    assert [order.ahead, later.ahead] == [2, 2]
    assert bench.show(trade(98, 3, buy=False)) == pairs((98, 1))
    assert [order.ahead, later.ahead] == [0, 0]
    # The first wants one more; two are left for the other.
    assert bench.show(trade(98, "2.5", buy=False)) == pairs((98, 1), (98, "1.5"))


def test_who_cancels_was_behind_or_anywhere() -> None:
    for queue in ("front", "back", "proportional"):
        bench = Bench(Rules(queue=queue))
        bench.show(l1(at(98, 10), at(110, 2)))
        order, _ = bench.send("buy", 2, 98)
        bench.show(l1(at(98, 12), at(110, 2), time=3))
        bench.show(trade(98, 4, buy=False))
        # 12 - 4 = 8 were left, 6 of them before the order; 16/3 remain, then of 8 - 2.
        bench.show(l1(at(98, 8), at(110, 2), time=4))
        bench.show(l1(at(98, "16/3"), at(110, 2), time=5))
        expected = {"front": "0", "back": "5.333333333333", "proportional": "3.999999999999"}
        assert order.ahead is not None
        assert order.ahead == number(expected[queue]), queue


def test_the_same_amount_again_does_not_start_the_trades_anew() -> None:
    bench = Bench(Rules(queue="proportional"))
    bench.show(l1(at(98, 10), at(110, 2)))
    order, _ = bench.send("buy", 2, 98)
    bench.show(l1(at(98, 12), at(110, 2), time=3))
    bench.show(trade(98, 4, buy=False))
    bench.show(l1(at(98, 12), at(110, 3), time=4))
    # 6 of 8 stay: 4.5 of 6.
    bench.show(l1(at(98, 6), at(110, 3), time=5))
    assert order.ahead == number("4.5")


def test_what_a_trade_gives_in_the_queue_is_whole_lots() -> None:
    spec = Spec(number(0), number(0), number(0), number("0.5"), number(0))
    bench = Bench(Rules(queue="proportional"), replace(SPOT, spec=spec))
    bench.show(l1(at(98, 10), at(110, 2)))
    order, _ = bench.send("buy", 2, 98)
    bench.show(l1(at(98, 12), at(110, 2), time=3))
    bench.show(l1(at(98, 8), at(110, 2), time=4))
    # 10 times 8/12 is 6.67: of 1.33 the order gets 1.
    assert order.ahead == number("6.666666666666")
    assert bench.show(trade(98, 8, buy=False)) == pairs((98, 1))
    assert order.ahead == 0


def test_an_unknown_queue_fills_by_nothing_at_the_price_until_it_is_shown() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(110, 2)))
    order, _ = bench.send("buy", 2, 97)
    assert [order.ahead] == [None]
    assert bench.show(trade(97, 99, buy=False)) == []
    bench.show(l1(at(97, 1), at(110, 2), time=4))
    assert order.ahead == 1
    assert bench.show(trade(97, 2, buy=False)) == pairs((97, 1))
    better, _ = bench.send("sell", 2, 100)
    assert better.ahead == 0


def test_a_book_shows_each_of_its_prices() -> None:
    bench = Bench()
    bench.show(book(bids=[at(98, 5), at(97, 4)], asks=[at(110, 1)]))
    order, _ = bench.send("buy", 2, 97)
    none, _ = bench.send("buy", 2, 96)
    assert [order.ahead, none.ahead] == [4, 0]
    bench.show(book(whole=False, bids=[at(98, 1)]))
    assert order.ahead == 4
    bench.show(book(whole=False, bids=[at(97, 3)]))
    assert order.ahead == 3
    bench.show(book(whole=False, bids=[at(98, 0), at(97, 0)]))
    assert order.ahead == 0


REFUSALS = [
    ("sell", 1, -1, GOOD_UNTIL_CANCELLED, "the limit price must be positive, it is -1"),
    ("sell", "1.0000000000001", 1, IMMEDIATE_OR_CANCEL, "more than 12 decimal places"),
    ("buy", "0.2", 100, GOOD_UNTIL_CANCELLED, "quantity 0.2 is below the minimum 0.5"),
    ("buy", "0.6", 100, GOOD_UNTIL_CANCELLED, "quantity 0.6 is not a multiple of 0.25"),
    ("buy", 1, "1.5", GOOD_UNTIL_CANCELLED, "price 1.5 is below the minimum 2"),
    ("buy", 1, "2.05", GOOD_UNTIL_CANCELLED, "price 2.05 is not a multiple of 0.1"),
    ("buy", "0.5", 15, GOOD_UNTIL_CANCELLED, "notional 7.5 is below the minimum 10"),
    ("buy", 10**13, 100, GOOD_UNTIL_CANCELLED, "the value of 10000000000000 at 100 is too large"),
    ("buy", 1, 100, POST_ONLY, "post-only: the order would take liquidity"),
    ("buy", 1, None, POST_ONLY, "a market order cannot be post-only"),
]


@pytest.mark.parametrize(("side", "quantity", "limit", "force", "text"), REFUSALS)
def test_refusals(
    side: str, quantity: str | int, limit: str | int | None, force: str, text: str
) -> None:
    spec = Spec(number(2), number("0.1"), number("0.5"), number("0.25"), number(10))
    bench = Bench(instrument=replace(SPOT, spec=spec))
    bench.show(l1(at(98, 5), at(100, 2)))
    order, message = bench.send(side, quantity, limit, force)
    assert order.status == "open_failed"
    assert order.failure is not None
    assert text in (order.failure.detail or "")
    assert len(message) == 1
    assert bench.exchanges.numbers == 0


def test_a_client_order_id_is_free_again_when_its_order_has_ended() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(100, 2)))
    bench.send("buy", 1, 97, cid="a")
    again, _ = bench.send("buy", 1, 97, cid="a")
    assert again.failure is not None
    assert again.failure.detail == "the client order id a is in use"
    # The refusal does not hide the one that rests.
    assert len(bench.exchanges.cancel(Cancel(0, "a"), 9)) == 2
    third, _ = bench.send("buy", 1, 97, cid="a")
    assert (third.status, third.number) == ("open", 2)


def test_cancels_that_come_too_late_say_why() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(100, 2)))
    bench.send("buy", 1, 100, cid="filled")
    bench.send("buy", 1, 97, cid="cancelled")
    bench.send("buy", 1, 97, IMMEDIATE_OR_CANCEL, cid="expired")
    bench.send("buy", 1, 0, cid="refused")
    bench.exchanges.cancel(Cancel(0, "cancelled"), 9)
    found = []
    for cancel in (
        *(Cancel(0, cid) for cid in ("filled", "cancelled", "expired", "refused", "unknown")),
        Cancel(0, "unknown", "1"),
        Cancel(0, "filled", "77"),
    ):
        (told,) = bench.exchanges.cancel(cancel, 10)
        assert isinstance(told, CancelTold)
        assert told.failure is not None
        found.append((told.cid, told.failure.detail or told.failure.kind))
    assert found == [
        ("filled", "order_already_fully_filled"),
        ("cancelled", "order_already_cancelled"),
        ("expired", "the order expired has expired"),
        ("refused", "the order refused was refused"),
        ("unknown", "there is no order unknown"),
        ("filled", "order_already_fully_filled"),
        ("filled", "there is no order 77"),
    ]


def test_too_many_requests_within_the_interval_are_refused() -> None:
    bench = Bench(Rules(rate_limit=(2, 3)))
    bench.show(l1(at(98, 5), at(100, 2)))
    # At 2, 3, 4, 5, 6: at 5 the one of 2 still counts, and the refused one does not.
    kinds = []
    for _ in range(5):
        order, _ = bench.send("buy", 1, 97)
        kinds.append(None if order.failure is None else order.failure.kind)
    assert kinds == [None, None, "rate_limit", "rate_limit", None]


@pytest.mark.parametrize(("quote", "status"), [("200.2", "open"), ("200.1999", "open_failed")])
def test_a_purchase_needs_its_fills_and_what_then_rests(quote: str, status: str) -> None:
    bench = Bench(Rules(number("0.001"), number("0.001")), quote=quote)
    bench.show(l1(at(98, 5), at(100, 1)))
    order, _ = bench.send("buy", 2, 100)
    assert order.status == status
    if order.failure is not None:
        assert (order.failure.kind, order.failure.asset) == ("balance_insufficient", 1)


def test_a_sale_that_does_not_rest_needs_only_what_it_fills() -> None:
    bench = Bench(base="3")
    bench.show(l1(at(98, 3), at(100, 1)))
    assert bench.send("sell", 4, 98)[0].status == "open_failed"
    assert bench.send("sell", 4, 98, FILL_OR_KILL)[0].status == "expired"
    assert bench.send("sell", 4, 98, IMMEDIATE_OR_CANCEL)[0].filled == 3
    assert bench.balances() == pairs((0, 0), (10294, 10294))


def test_a_fee_of_what_is_received() -> None:
    bench = Bench(Rules(number("0.001"), number("0.001"), fee_of_received=True))
    bench.show(l1(at(98, 5), at("100.1", 5)))
    _, message = bench.send("buy", 3, None, IMMEDIATE_OR_CANCEL)
    (fill,) = (told for told in message if isinstance(told, Fill))
    # 0.003 coins at 100.1 are 0.3003.
    assert (fill.quantity, fill.fee) == (number("2.997"), number("0.3003"))
    assert bench.balances() == pairs(("102.997", "102.997"), ("9699.7", "9699.7"))
    _, message = bench.send("sell", 3, None, IMMEDIATE_OR_CANCEL)
    (fill,) = (told for told in message if isinstance(told, Fill))
    assert [fill.quantity, fill.fee] == [3, number("0.294")]
    bench.send("buy", 3, 97)
    # No fee is reserved: 9993.406 - 291.
    assert bench.balances()[1] == (number("9993.406"), number("9702.406"))


def test_orders_end_at_the_end_of_the_day_and_with_their_future() -> None:
    hour = DAY // 24
    bench = Bench(Rules(end_of_day=17 * hour), now=17 * hour - 3)
    bench.show(l1(at(98, 5), at(100, 1)))
    today, _ = bench.send("buy", 1, 97, GOOD_UNTIL_END_OF_DAY)
    tomorrow, _ = bench.send("buy", 1, 97, GOOD_UNTIL_END_OF_DAY)
    assert (today.ends, tomorrow.ends) == (17 * hour, 17 * hour + DAY)
    ((_, message),) = bench.exchanges.end_orders(17 * hour)
    assert [type(told) for told in message] == [BalanceTold, OrderTold]
    assert (today.status, tomorrow.status) == ("expired", "open")
    future = Bench(instrument=replace(PERPETUAL, expiry=3))
    future.show(l1(at(98, 5), at(100, 1)))
    order, _ = future.send("buy", 1, 97)
    late, _ = future.send("buy", 1, 97)
    assert (order.ends, late.status) == (3, "open_failed")


def test_a_perpetual_books_profit_and_reserves_margin() -> None:
    bench = Bench(Rules(number("0.001"), leverage=Fraction(3)), PERPETUAL, quote="100")
    bench.show(l1(at(98, 9), at(100, 9)))
    _, message = bench.send("sell", 2, None, IMMEDIATE_OR_CANCEL)
    assert [type(told) for told in message] == [BalanceTold, Fill, OrderTold]
    # 196 sold: a fee of 0.196, and a margin of 65.333333333333.
    assert bench.balances()[1] == (number("99.804"), number("34.470666666667"))
    bench.send("buy", 1, 90)
    # 30 and no maker's fee.
    assert bench.balances()[1] == (number("99.804"), number("4.470666666667"))
    assert bench.show(trade(80, 9, buy=False)) == pairs((90, 1))
    # Half of 196 less 90 is the profit, and half of the margin is back: 32.666666666667 stays.
    assert bench.balances()[1] == (number("107.804"), number("75.137333333333"))
    held = bench.exchanges.account.held[0]
    assert (held.buy, held.quantity, held.entry) == (False, number(1), number(98))
    assert held.margin == number("32.666666666667")
    # Closes one at 100 and opens two: a loss of 2, a fee of 0.3, a margin of 66.666666666666.
    _, message = bench.send("buy", 3, None, IMMEDIATE_OR_CANCEL)
    assert bench.balances()[1] == (number("105.504"), number("38.837333333334"))
    assert (held.quantity, bench.exchanges.account.held[0].buy) == (number(0), True)


def test_what_only_makes_smaller_is_always_taken() -> None:
    bench = Bench(Rules(leverage=Fraction(10)), PERPETUAL, quote="100")
    bench.show(l1(at(98, 9), at(100, 9)))
    bench.send("sell", 9, None, IMMEDIATE_OR_CANCEL)
    bench.show(l1(at(150, 9), at(160, 30), time=2))
    assert bench.send("buy", 4, None, IMMEDIATE_OR_CANCEL)[0].status == "fully_filled"
    assert bench.balances()[1][1] < 0
    assert bench.send("buy", 6, None, IMMEDIATE_OR_CANCEL)[0].status == "open_failed"
    assert bench.send("buy", 5, 1)[0].status == "open_failed"
    assert bench.send("buy", 5, 1, IMMEDIATE_OR_CANCEL)[0].status == "expired"
    assert bench.send("buy", 5, None, IMMEDIATE_OR_CANCEL)[0].status == "fully_filled"
    # Sold 9 at 98, bought 9 at 160.
    assert bench.balances()[1] == (number(100 - 9 * 62), number(100 - 9 * 62))


def test_what_finds_nothing_is_taken_even_without_means() -> None:
    bench = Bench(Rules(leverage=Fraction(10)), PERPETUAL, quote="100")
    bench.show(l1(at(98, 9), at(100, 9)))
    bench.send("sell", 9, None, IMMEDIATE_OR_CANCEL)
    bench.show(l1(at(150, 9), at(160, 30), time=2))
    bench.send("buy", 4, None, IMMEDIATE_OR_CANCEL)
    assert bench.balances()[1][1] < 0
    assert bench.send("sell", 1, 155, IMMEDIATE_OR_CANCEL)[0].status == "expired"
    assert bench.send("sell", 1, 150, IMMEDIATE_OR_CANCEL)[0].status == "open_failed"


def test_a_margin_is_of_the_value_that_was_cut() -> None:
    bench = Bench(Rules(leverage=Fraction("0.1")), PERPETUAL)
    bench.show(l1(None, at("1.5", 1)))
    bench.send("buy", "0.000000000001", None, IMMEDIATE_OR_CANCEL)
    held = bench.exchanges.account.held[0]
    assert (held.entry, held.margin) == (number("1E-12"), number("1E-11"))


def test_all_comes_back_when_offers_begin_or_cease_to_be_the_last_trade() -> None:
    bench = Bench()
    bench.show(trade(10, 5, buy=True))
    bench.send("buy", 3, 10, IMMEDIATE_OR_CANCEL)
    bench.show(l1(None, at(10, 5), time=2))
    assert bench.exchanges.offers(0, buy=True) == [at(10, 5)]
    bench.send("buy", 3, 10, IMMEDIATE_OR_CANCEL)
    bench.show(l1(None, None, time=3))
    assert bench.exchanges.offers(0, buy=True) == [at(10, 5)]


def test_an_older_l1_shows_nothing() -> None:
    bench = Bench()
    bench.show(l1(at(98, 10), at(110, 2), time=5))
    order, _ = bench.send("buy", 2, 98)
    bench.show(l1(at(98, 3), at(110, 2), time=4))
    assert order.ahead == 10
    assert bench.show(trade(98, 10, buy=False)) == []


def test_the_value_at_every_price_of_the_fills_must_fit() -> None:
    bench = Bench()
    bench.show(l1(at("100.5", 10**14), at(110, 2)))
    order, _ = bench.send("sell", 10**13 - 10**10, 100)
    assert order.failure is not None
    assert order.failure.detail == "the value of 9990000000000 at 100.5 is too large"


# Whole runs


def drive(wire: Wire, script: dict[int, list[Wish]], *events: tuple[int, Kind]) -> Run:
    items: list[Event] = [Item(time, time, 0, 0, kind) for time, kind in events]
    setup = Setup([SPOT], [Rules()], [wire], [number(100), number(10000)], [0, 0])
    return run(setup, items, Scripted(script))


BUY = Wish(0, True, number(1), number(97), limit=True, time_in_force=GOOD_UNTIL_CANCELLED, cid="a")
QUOTE = l1(at(98, 5), at(100, 5))


def seen(result: Run) -> list[tuple[int, object]]:
    return [(call.time, call.what[0]) for call in result.calls]


def test_there_and_back_take_their_time_and_nothing_overtakes() -> None:
    wire = Wire(Empirical([9, 2], 1234567), Constant(3))
    # The first draw of the seed is in the lower half, the second too, the third is not.
    result = drive(
        wire, {0: [BUY], 1: [replace(BUY, cancel=True)]}, (0, QUOTE), (1, QUOTE), (20, QUOTE)
    )
    assert [(order.status, order.time_finished) for order in result.orders] == [("cancelled", 10)]
    assert seen(result) == [
        (0, "market"),
        (1, "market"),
        (12, "balance"),
        (12, "order"),
        (13, "balance"),
        (13, "cancel"),
        (20, "market"),
    ]


def test_a_market_event_fills_before_a_request_that_answers_it() -> None:
    sale = trade(90, 1, buy=False)
    cancel = replace(BUY, cancel=True)
    result = drive(Wire(), {0: [BUY], 3: [cancel]}, (0, QUOTE), (5, sale))
    assert [order.status for order in result.orders] == ["fully_filled"]
    last = result.calls[-1].what
    assert (last[0], last[-1]) != ("cancel", None)


def test_a_disconnected_client_waits_and_then_learns_all() -> None:
    wire = Wire(Constant(0), Constant(0), [Disconnect(2, 8)])
    sale = trade(97, 7, buy=False)
    late = replace(BUY, cid="b")
    result = drive(wire, {0: [BUY], 4: [late]}, (0, QUOTE), (5, sale), (9, QUOTE))
    assert seen(result) == [
        (0, "market"),
        (0, "balance"),
        (0, "order"),
        (2, "account_reconnecting"),
        (5, "market"),
        (5, "order"),
        (8, "snapshot"),
        (9, "market"),
    ]
    assert result.orders[1].failure is not None
    assert result.orders[1].failure.kind == "exchange_offline"


def test_answers_late_and_twice_and_requests_refused() -> None:
    wire = Wire(
        Constant(0),
        Constant(1),
        [DelayAnswers(0, 2, 4), DuplicateAnswers(5, 9), RejectRequests(5, 9, "shut")],
    )
    late = replace(BUY, cid="b")
    result = drive(wire, {0: [BUY], 3: [late]}, (0, QUOTE), (5, QUOTE), (9, QUOTE))
    assert seen(result) == [
        (0, "market"),
        (5, "balance"),
        (5, "order"),
        (5, "market"),
        (6, "order"),
        (6, "order"),
        (9, "market"),
    ]
    assert result.orders[1].failure is not None
    assert result.orders[1].failure.detail == "shut"

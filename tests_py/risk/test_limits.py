"""Each of the native limits by hand: what passes, what does not, and the reason that says so."""

from __future__ import annotations

import copy
import pickle
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from types import FrameType

import pytest
from support.histories import (
    BTC,
    ETH,
    Action,
    OnMarketEvents,
    cancel_request,
    history,
    l1,
    market_request,
    orders,
    quotes,
    reconnecting,
    trade,
    two_exchanges,
    two_instruments,
)

from barter_python import (
    BacktestResult,
    Command,
    EngineView,
    ExchangeId,
    MarketData,
    OrderKind,
    OrderRequestOpen,
    Orders,
    RiskLimits,
    SendOpenRequests,
    Side,
    SystemConfig,
    UnknownKeyError,
    run_backtest,
)
from barter_python import risk as risk_module

BITCOIN = "binancespot-btc_usdt"
SLOW = timedelta(seconds=1)


def sending(*requests: OrderRequestOpen) -> Action:
    def action(state: EngineView) -> Orders:
        return orders(requests)

    return action


def run(
    limits: RiskLimits,
    actions: Mapping[int, Action],
    data: MarketData | None = None,
    config: SystemConfig | None = None,
    latency: timedelta = timedelta(0),
) -> BacktestResult:
    return run_backtest(
        OnMarketEvents(actions),
        quotes(10) if data is None else data,
        two_instruments() if config is None else config,
        latency=latency,
        risk_manager=limits,
    )


def sent(result: BacktestResult) -> list[str]:
    return [report.order.client_order_id for report in result.orders]


def refused(result: BacktestResult) -> dict[str, str]:
    return {str(refusal.item.key.cid): refusal.reason for refusal in result.refused}


def number(text: str) -> Decimal:
    return Decimal(text)


def test_order_quantity() -> None:
    requests = [
        market_request("least", quantity=number("1.5")),
        market_request("more", quantity=number("1.50000001")),
        market_request("sale", quantity=number("2"), side=Side.SELL),
    ]
    result = run(RiskLimits(max_order_quantity=number("1.50")), {0: sending(*requests)})
    assert sent(result) == ["least"]
    assert refused(result) == {
        "more": "max_order_quantity: quantity 1.50000001 is above 1.5",
        "sale": "max_order_quantity: quantity 2 is above 1.5",
    }


def test_a_refusal_has_time_and_request() -> None:
    request = market_request("more", quantity=Decimal(2))
    result = run(RiskLimits(max_order_quantity=1), {3: sending(request)})
    (refusal,) = result.refused
    assert refusal.item == request
    assert refusal.time_ns == result.time_start_ns + 300_000_000
    assert refusal.time == result.time_start + timedelta(milliseconds=300)


def test_order_notional() -> None:
    # The market's price is 101; a market order counts by the higher one of it and its own.
    requests = [
        market_request("at the limit", price=number("101"), quantity=number("2")),
        market_request("names little", price=number("1"), quantity=number("2.01")),
        market_request("names much", price=number("202.01"), quantity=number("1")),
        market_request(
            "patient", price=number("50"), quantity=number("4.04"), kind=OrderKind.LIMIT
        ),
        market_request(
            "impatient", price=number("50.1"), quantity=number("4.04"), kind=OrderKind.LIMIT
        ),
        market_request("below zero", price=number("-203"), quantity=number("1")),
    ]
    result = run(RiskLimits(max_order_notional=202), {0: sending(*requests)})
    assert sent(result) == ["at the limit", "patient"]
    assert refused(result) == {
        "names little": "max_order_notional: notional 203.01 is above 202",
        "names much": "max_order_notional: notional 202.01 is above 202",
        "impatient": "max_order_notional: notional 202.404 is above 202",
        "below zero": "max_order_notional: notional 203 is above 202",
    }


def test_notional_of_a_market_without_a_price_is_by_the_order_s_own() -> None:
    data = history(l1(0, "100", "102", instrument=ETH))
    requests = [market_request("one", price=Decimal(50)), market_request("two", price=Decimal(51))]
    result = run(RiskLimits(max_order_notional=50), {0: sending(*requests)}, data)
    assert (sent(result), list(refused(result))) == (["one"], ["two"])


def test_position_counts_what_is_held() -> None:
    actions = {
        0: sending(market_request("long", quantity=number("1.5"))),
        1: sending(market_request("longer", quantity=number("0.1"))),
        2: sending(market_request("flip too far", quantity=number("3.1"), side=Side.SELL)),
        3: sending(market_request("flip", quantity=number("3"), side=Side.SELL)),
        4: sending(market_request("shorter", quantity=number("0.1"), side=Side.SELL)),
        5: sending(market_request("cover", quantity=number("1.4"))),
    }
    result = run(RiskLimits(max_position_quantity=number("1.5")), actions)
    assert sent(result) == ["long", "flip", "cover"]
    assert refused(result) == {
        "longer": "max_position_quantity: position 1.6 is above 1.5",
        "flip too far": "max_position_quantity: position 1.6 is above 1.5",
        "shorter": "max_position_quantity: position 1.6 is above 1.5",
    }


def test_position_counts_what_is_under_way_on_the_same_side() -> None:
    requests = [
        market_request("first", quantity=number("1")),
        market_request("second", quantity=number("1")),
        market_request("other side", quantity=number("1.5"), side=Side.SELL),
        market_request("third", quantity=number("0.5")),
    ]
    actions = {0: sending(*requests), 1: sending(market_request("next", quantity=number("0.01")))}
    result = run(RiskLimits(max_position_quantity=number("1.5")), actions, latency=SLOW)
    assert sent(result) == ["first", "other side", "third"]
    assert refused(result) == {
        "second": "max_position_quantity: position 2 is above 1.5",
        "next": "max_position_quantity: position 1.51 is above 1.5",
    }


def test_an_order_that_reduces_is_within_the_position_limit() -> None:
    limits = RiskLimits(max_position_quantity=0)
    actions = {
        1: sending(market_request("less", quantity=number("0.4"), side=Side.SELL)),
        2: sending(market_request("all", quantity=number("0.6"), side=Side.SELL)),
        3: sending(market_request("short", quantity=number("0.1"), side=Side.SELL)),
    }

    class Disconnected(OnMarketEvents):
        """Opens a position by a command, which nothing checks."""

        def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> list[Command]:
            return [SendOpenRequests([market_request("long")])]

    data = history(*quotes(1), reconnecting(), *(l1(100 * n, "100", "102") for n in range(1, 5)))
    result = run_backtest(Disconnected(actions), data, two_instruments(), risk_manager=limits)
    assert sent(result) == ["long", "less", "all"]
    assert refused(result) == {"short": "max_position_quantity: position 0.1 is above 0"}


def test_open_orders() -> None:
    other = market_request("other instrument", instrument=ETH)
    actions = {
        0: sending(*(market_request(cid) for cid in ("one", "two", "three")), other),
        1: sending(market_request("four")),
    }
    result = run(RiskLimits(max_open_orders=2), actions, latency=SLOW)
    assert sent(result) == ["one", "two", "other instrument"]
    reason = "max_open_orders: count 3 is above 2"
    assert refused(result) == {"three": reason, "four": reason}
    # Without latency the first two are filled when the fourth comes.
    assert "four" in sent(run(RiskLimits(max_open_orders=2), actions))


def test_price_deviation() -> None:
    # The market's price is 101.
    prices = ["111.1", "111.11", "90.9", "90.89", "0", "-101"]
    requests = [market_request(price, price=number(price)) for price in prices]
    kinds = [
        market_request(f"{price} limit", price=number(price), kind=OrderKind.LIMIT)
        for price in prices[:2]
    ]
    result = run(RiskLimits(max_price_deviation=number("0.1")), {0: sending(*requests, *kinds)})
    assert sent(result) == ["111.1", "90.9", "111.1 limit"]
    reasons = refused(result)
    assert list(reasons) == ["111.11", "90.89", "0", "-101", "111.11 limit"]
    assert reasons["0"] == "max_price_deviation: deviation 1 is above 0.1 (price 0, market 101)"
    assert reasons["-101"] == (
        "max_price_deviation: deviation 2 is above 0.1 (price -101, market 101)"
    )
    assert reasons["111.11"].startswith("max_price_deviation: deviation 0.10009900990099")


@pytest.mark.parametrize(
    ("market", "price", "reason"),
    [
        (None, "101", "max_price_deviation: the market has no price"),
        ("0", "1", "max_price_deviation: price 1 cannot be compared with the market's 0"),
        ("-100", "-111", "max_price_deviation: deviation 0.11 is above 0.1 "
         "(price -111, market -100)"),
        ("-100", "-110", None),
    ],
)  # fmt: skip
def test_price_deviation_of_strange_markets(
    market: str | None, price: str, reason: str | None
) -> None:
    instrument = ETH if market is None else BTC
    data = history(trade(0, market or "1", instrument=instrument))
    request = market_request("one", price=number(price))
    result = run(RiskLimits(max_price_deviation=number("0.1")), {0: sending(request)}, data)
    assert refused(result) == ({} if reason is None else {"one": reason})


def falling(*mids: str) -> MarketData:
    """Make a history of bitcoin with these mids, and one of ether at 101."""
    one = Decimal(1)
    books = [l1(0, "100", "102", instrument=ETH)]
    for position, mid in enumerate(mids):
        books.append(l1(100 * position, str(Decimal(mid) - one), str(Decimal(mid) + one)))
    return history(*books)


def test_drawdown_stops_everything_but_what_reduces() -> None:
    # Long 50 from 102, with 10,000 at the start: 82 gives 9,000, just the limit, 80.01 8,900.5.
    data = falling("101", "82", "82", "80.01", "300", "300", "300", "300")
    actions = {
        1: sending(market_request("long", quantity=number("50"))),
        3: sending(market_request("before", kind=OrderKind.LIMIT, price=number("50"))),
        4: sending(
            market_request("too late"),
            market_request("other instrument", instrument=ETH),
            market_request("part", quantity=number("20"), side=Side.SELL),
            market_request("too much", quantity=number("30.1"), side=Side.SELL),
        ),
        6: sending(
            market_request("rest", quantity=number("30"), side=Side.SELL),
            market_request("after", side=Side.SELL),
        ),
        7: sending(market_request("at the end")),
    }
    result = run(RiskLimits(max_drawdown=number("0.1")), actions, data)
    assert sent(result) == ["long", "before", "part", "rest"]
    reason = (
        "max_drawdown: drawdown 0.10995 is above 0.1 "
        "(equity 8900.5 after a peak of 10000 binance_spot_usdt)"
    )
    assert refused(result) == dict.fromkeys(
        ["too late", "other instrument", "too much", "after", "at the end"], reason
    )


def test_drawdown_is_from_the_highest_peak_between_orders() -> None:
    # Long 10 from 102: 10,980 at 200, and 9,977 at 99.7, 9.13 % less. No order marks the peak.
    data = falling("101", "101", "200", "99.7", "200")
    actions = {
        1: sending(market_request("long", quantity=number("10"))),
        4: sending(market_request("refused", kind=OrderKind.LIMIT, price=number("50"))),
        5: sending(market_request("and later", kind=OrderKind.LIMIT, price=number("50"))),
    }
    result = run(RiskLimits(max_drawdown=number("0.09")), actions, data)
    assert list(refused(result)) == ["refused", "and later"]
    assert "equity 9977 after a peak of 10980" in refused(result)["refused"]
    assert refused(run(RiskLimits(max_drawdown=number("0.0914")), actions, data)) == {}


def test_drawdown_counts_fees_and_closed_positions() -> None:
    # 10 from 102 to 100 and back again: 20 of loss, and 2.02 of fees at 1 in 1,000.
    round_trip = {
        0: sending(market_request("in", quantity=number("10"))),
        1: sending(market_request("out", quantity=number("10"), side=Side.SELL)),
        2: sending(market_request("next", quantity=number("1"))),
    }
    config = two_instruments(fee_rate=number("0.001"))
    exact = run(RiskLimits(max_drawdown=number("0.002202")), round_trip, config=config)
    assert refused(exact) == {}
    less = run(RiskLimits(max_drawdown=number("0.0022019")), round_trip, config=config)
    assert refused(less) == {
        "next": "max_drawdown: drawdown 0.002202 is above 0.0022019 "
        "(equity 9977.98 after a peak of 10000 binance_spot_usdt)"
    }


def test_without_money_there_is_no_peak_to_fall_from() -> None:
    # Short of the held coins from 100, while the market rises: there never was a profit.
    data = falling("101", "150", "160")
    config = two_instruments(balances={"btc": 10})
    actions = {
        1: sending(market_request("short", side=Side.SELL)),
        2: sending(market_request("shorter", side=Side.SELL)),
    }
    assert refused(run(RiskLimits(max_drawdown=0), actions, data, config)) == {}


def test_each_quote_asset_has_its_own_peak() -> None:
    coinbase = ExchangeId.COINBASE
    data = history(
        l1(0, "100", "102"),
        l1(0, "100", "102", instrument=1, exchange=coinbase),
        l1(100, "50", "52", instrument=1, exchange=coinbase),
    )
    long = market_request("long", quantity=number("50"), instrument=1, exchange=1)
    actions = {1: sending(long), 2: sending(market_request("on the other"))}
    result = run(RiskLimits(max_drawdown=number("0.2")), actions, data, two_exchanges())
    assert refused(result) == {
        "on the other": "max_drawdown: drawdown 0.255 is above 0.2 "
        "(equity 7450 after a peak of 10000 coinbase_usd)"
    }


def test_limits_of_an_instrument_replace_the_general_ones() -> None:
    limits = RiskLimits(
        max_order_quantity=1,
        max_open_orders=5,
        instruments={BITCOIN: RiskLimits(max_order_quantity=3, max_price_deviation=1)},
    )
    requests = [
        market_request("btc 3", quantity=number("3")),
        market_request("btc 4", quantity=number("4")),
        market_request("btc far", price=number("203")),
        market_request("eth 1", instrument=ETH, price=number("203")),
        market_request("eth 2", instrument=ETH, quantity=number("2")),
        *(market_request(f"btc {count}th", quantity=number("0.1")) for count in range(2, 7)),
    ]
    result = run(limits, {0: sending(*requests)}, latency=SLOW)
    assert {cid: reason.partition(":")[0] for cid, reason in refused(result).items()} == {
        "btc 4": "max_order_quantity",
        "btc far": "max_price_deviation",
        "eth 2": "max_order_quantity",
        "btc 6th": "max_open_orders",
    }


def test_limits_of_an_unknown_instrument() -> None:
    with pytest.raises(UnknownKeyError, match="BTCUSDT"):
        run(RiskLimits(instruments={"BTCUSDT": RiskLimits()}), {})


def test_cancels_always_pass() -> None:
    def action(state: EngineView) -> Orders:
        return [cancel_request("other")], [market_request("one")]

    strict = RiskLimits(max_order_quantity=0, max_open_orders=0, max_position_quantity=0)
    result = run(strict, {0: action})
    assert list(refused(result)) == ["one"]


def test_the_first_limit_that_is_broken_is_the_reason() -> None:
    limits: dict[str, Decimal | int] = {
        "max_order_quantity": 0,
        "max_order_notional": 0,
        "max_position_quantity": 0,
        "max_open_orders": 0,
        "max_price_deviation": 0,
    }
    request = market_request("one", price=Decimal(102))
    reasons = []
    while limits:
        # A dictionary of limits has no static type.
        result = run(RiskLimits(**limits), {0: sending(request)})  # type: ignore[arg-type]
        reasons.append(refused(result)["one"].partition(":")[0])
        del limits[reasons[-1]]
    assert reasons == [
        "max_order_quantity",
        "max_order_notional",
        "max_position_quantity",
        "max_open_orders",
        "max_price_deviation",
    ]


def test_no_python_is_called_for_an_order() -> None:
    called: list[str] = []

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename == risk_module.__file__:
            called.append(frame.f_code.co_name)

    limits = RiskLimits(max_order_quantity=10, max_drawdown=number("0.5"))
    strategy = OnMarketEvents({0: sending(market_request("one"))})
    sys.setprofile(profile)
    try:
        result = run_backtest(strategy, quotes(3), two_instruments(), risk_manager=limits)
    finally:
        sys.setprofile(None)
    assert sent(result) == ["one"]
    assert called == []


# The class itself


FULL = RiskLimits(
    max_order_quantity=number("1.5"),
    max_order_notional=1000,
    max_position_quantity=3,
    max_open_orders=2,
    max_price_deviation=number("0.1"),
    max_drawdown=number("0.2"),
    instruments={BITCOIN: RiskLimits(max_open_orders=1)},
)


@pytest.mark.parametrize("limits", [RiskLimits(), FULL])
def test_limits_are_values(limits: RiskLimits) -> None:
    again: object = eval(repr(limits), {"RiskLimits": RiskLimits, "Decimal": Decimal})
    for same in (again, pickle.loads(pickle.dumps(limits)), copy.deepcopy(limits)):
        assert same == limits
        assert hash(same) == hash(limits)
    assert RiskLimits(max_open_orders=3) != limits
    with pytest.raises(AttributeError):
        limits.max_open_orders = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: RiskLimits(max_order_quantity=-1), ValueError, "max_order_quantity.*-1"),
        (lambda: RiskLimits(max_order_notional=number("-0.1")), ValueError, "max_order_notional"),
        (lambda: RiskLimits(max_open_orders=-1), ValueError, "max_open_orders.*-1"),
        (lambda: RiskLimits(max_open_orders=number("1")), TypeError, "max_open_orders.*int"),  # type: ignore[arg-type]
        (lambda: RiskLimits(max_open_orders=True), TypeError, "max_open_orders"),
        (lambda: RiskLimits(max_position_quantity=1.5), TypeError, "max_position_quantity"),  # type: ignore[arg-type]
        (lambda: RiskLimits(max_price_deviation="1"), TypeError, "max_price_deviation"),  # type: ignore[arg-type]
        (lambda: RiskLimits(max_price_deviation=number("NaN")), ValueError, "max_price_deviation"),
        (lambda: RiskLimits(max_drawdown=1), ValueError, "max_drawdown.*fraction.*got 1"),
        (lambda: RiskLimits(max_drawdown=20), ValueError, "max_drawdown.*fraction.*got 20"),
        (lambda: RiskLimits(instruments=[]), TypeError, "instruments must be a Mapping"),  # type: ignore[arg-type]
        (lambda: RiskLimits(instruments={BITCOIN: 1}), TypeError, BITCOIN),  # type: ignore[dict-item]
        (lambda: RiskLimits(instruments={0: RiskLimits()}), TypeError, "name.*int 0"),  # type: ignore[dict-item]
        (
            lambda: RiskLimits(instruments={BITCOIN: RiskLimits(max_drawdown=0)}),
            ValueError,
            "max_drawdown.*account",
        ),
        (lambda: RiskLimits(instruments={BITCOIN: FULL}), ValueError, "max_drawdown"),
        (
            lambda: RiskLimits(
                instruments={BITCOIN: RiskLimits(instruments={BITCOIN: RiskLimits()})}
            ),
            ValueError,
            "must not have instruments of its own",
        ),
    ],
)
def test_wrong_limits(make: Callable[[], RiskLimits], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()

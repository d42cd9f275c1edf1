"""Funding, settlement and liquidation, with numbers calculated by hand from `docs/exchange.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from models.comparison import Case, compare
from models.script import Wish
from support.histories import (
    BTC,
    ETH,
    MILLISECOND,
    SPOT,
    START_NS,
    Action,
    OnMarketEvents,
    at,
    candle,
    event,
    history,
    market_request,
    orders,
    spot,
    trade,
)

import barter_python as bp
from barter_python.system import FutureContract, InstrumentKind, PerpetualContract

_EXPIRY_US = (START_NS + 50 * MILLISECOND) // 1000
EXPIRY = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=_EXPIRY_US)
"""A little before 50 ms after the start: times here have nanoseconds."""
PERPETUAL: InstrumentKind = PerpetualContract(Decimal(1), "usdt")
FUTURE: InstrumentKind = FutureContract(Decimal(1), "usdt", EXPIRY)


def contract(
    kind: InstrumentKind, *, money: Decimal | int = 1000, **fields: object
) -> bp.SystemConfig:
    """Configure bitcoin with a leverage of ten, and no fees."""
    execution = bp.MockExecutionConfig(SPOT, {"usdt": money}, leverage=10)
    execution = replace(execution, **fields)  # type: ignore[arg-type]  # by name
    return bp.SystemConfig([replace(spot("btc"), kind=kind)], [execution])


def play(
    config: bp.SystemConfig,
    events: Sequence[bp.MarketEvent],
    actions: Mapping[int, Action],
    **options: object,
) -> bp.BacktestResult:
    """Run what is done after market events of a number."""
    strategy = OnMarketEvents(actions)
    run = bp.run_backtest
    return run(strategy, history(*events), config, **options)  # type: ignore[arg-type]  # by name


def market(side: bp.Side, quantity: Decimal | int = 1) -> Action:
    """Trade at the market."""
    return lambda state: orders(
        [market_request(str(state.next_cid()), side=side, quantity=Decimal(quantity))]
    )


# Funding


def test_longs_pay_and_shorts_receive() -> None:
    events = [
        trade(0, "100", "50"),
        event(1, bp.Funding(Decimal("0.0001"), mark_price=110)),
        trade(2, "120", "50"),
        # Without a price of its own, the mark: the last trade.
        event(3, bp.Funding(Decimal("-0.0002"))),
    ]
    for side, sign in ((bp.Side.BUY, -1), (bp.Side.SELL, 1)):
        result = play(contract(PERPETUAL), events, {0: market(side, 3)})
        # 3 * 110 * 0.0001 = 0.033, and 3 * 120 * -0.0002 = -0.072
        paid, received = result.funding
        assert (paid.time_ns, paid.instrument, paid.side) == (at(1), 0, side)
        assert [paid.quantity, paid.mark_price, paid.rate] == [3, 110, Decimal("0.0001")]
        assert paid.amount == sign * Decimal("0.033")
        assert [received.mark_price, received.amount] == [120, sign * Decimal("-0.072")]
        funding = sign * Decimal("-0.039")
        assert result.funding_by_asset == {"usdt": funding}
        assert result.balances["binance_spot_usdt"].total == 1000 + funding
        # The position has gained 3 * 20, which is not booked.
        assert result.pnl == {"usdt": -sign * 60 + funding}
        (held,) = result.open_positions
        assert held.pnl_realised == 0
        assert result.summary.instruments["binancespot-btc_usdt"].pnl == 0


def test_amounts_are_cut_towards_zero() -> None:
    rate = Decimal("0.1234567890123")
    # cut(1.5 * 7.000000000001) = 10.500000000001 (.5 is cut), times the rate 1.296296284629...
    events = [
        trade(0, "7.000000000001", "50"),
        event(1, bp.Funding(rate)),
        event(2, bp.Funding(-rate)),
    ]
    buy = {0: market(bp.Side.BUY, Decimal("1.5"))}
    first, second = play(contract(PERPETUAL), events, buy).funding
    exact = Decimal("10.500000000001") * rate
    assert first.amount == -exact.quantize(Decimal("1e-12"), rounding="ROUND_DOWN")
    assert second.amount == -first.amount


def test_only_the_position_at_the_event_pays() -> None:
    events = [
        event(0, bp.Funding(Decimal("0.01"), mark_price=100)),
        trade(1, "100", "50"),
        event(2, bp.Funding(Decimal("0.01"))),
        trade(3, "100", "50"),
        event(4, bp.Funding(Decimal("0.01"))),
        event(5, bp.Funding(Decimal("0.01"))),
    ]
    actions = {1: market(bp.Side.BUY, 2), 4: market(bp.Side.SELL, 2)}
    result = play(contract(PERPETUAL, latency=timedelta(milliseconds=2)), events, actions)
    # The purchase arrives at 3 ms, the sale that answers the event of 4 ms at 6 ms: after the end.
    assert [fill.time_exchange_ns for fill in result.fills] == [at(3), at(6)]
    assert [payment.time_ns for payment in result.funding] == [at(4), at(5)]
    # Without latency, the sale is there before the next funding.
    result = play(contract(PERPETUAL), events, actions)
    assert [payment.time_ns for payment in result.funding] == [at(2), at(4)]


def test_the_balance_is_told_with_the_latency_of_answers_and_then_counts() -> None:
    events = [
        trade(0, "100", "50"),
        event(10, bp.Funding(Decimal("0.01"))),
        trade(12, "100", "50"),
        trade(20, "100", "50"),
    ]
    config = contract(PERPETUAL, answer_latency=timedelta(milliseconds=5))
    seen: list[tuple[int, Decimal]] = []

    class Looking(OnMarketEvents):
        def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
            balance = state.balance(SPOT, "usdt")
            assert balance is not None
            seen.append((state.time_ns, balance.total))
            return super().generate_algo_orders(state)

    strategy = Looking({0: market(bp.Side.BUY, 3)})
    result = bp.run_backtest(strategy, history(*events), config)
    assert (at(12), Decimal(1000)) in seen
    assert (at(15), Decimal(997)) in seen
    bars = result.equity(timedelta(milliseconds=1))["binance_spot_usdt"]
    assert [bar.equity for bar in bars if bar.time_ns in (at(12), at(15))] == [1000, 997]
    fall = result.drawdown()
    assert fall is not None
    assert [fall.depth, fall.time_start_ns] == [3, at(15)]


def test_a_doubled_message_counts_once() -> None:
    events = [trade(0, "100", "50"), event(10, bp.Funding(Decimal("0.01"))), trade(20, "100")]
    start = datetime.fromtimestamp(START_NS // 10**9, tz=timezone.utc)
    faults = [bp.DuplicateAnswers(start + timedelta(milliseconds=130), timedelta(milliseconds=10))]
    result = play(contract(PERPETUAL, faults=faults), events, {0: market(bp.Side.BUY, 3)})
    (payment,) = result.funding
    assert payment.amount == -3
    assert result.pnl == {"usdt": Decimal(-3)}


@pytest.mark.filterwarnings("ignore:the run ends with a negative balance")
def test_funding_leaves_orders_alone_and_can_make_a_balance_negative() -> None:
    events = [
        trade(0, "100", "50"),
        *(event(1 + number, bp.Funding(1, mark_price=100)) for number in range(12)),
        trade(20, "100", "50"),
    ]
    result = play(contract(PERPETUAL), events, {0: market(bp.Side.BUY), 3: market(bp.Side.BUY)})
    # The second purchase needs a margin of 10, and 1000 - 10 - 300 are free.
    assert len(result.fills) == 2
    amounts = [payment.amount for payment in result.funding]
    assert amounts == [-100] * 3 + [-200] * 9
    assert result.balances["binance_spot_usdt"].total == -1100


def test_a_drawdown_by_funding_stops_orders() -> None:
    events = [
        trade(0, "100", "50"),
        event(1, bp.Funding(1, mark_price=100)),
        trade(2, "100", "50"),
    ]
    actions = {0: market(bp.Side.BUY), 2: market(bp.Side.BUY)}
    limits = bp.RiskLimits(max_drawdown=Decimal("0.05"))
    result = play(contract(PERPETUAL), events, actions, risk_manager=limits)
    (refusal,) = result.refused
    assert "drawdown 0.1 " in refusal.reason
    loose = bp.RiskLimits(max_drawdown=Decimal("0.11"))
    assert not play(contract(PERPETUAL), events, actions, risk_manager=loose).refused


def test_funding_of_anything_else_ends_the_run() -> None:
    with pytest.raises(bp.MarketDataError, match=r"has a Funding at .*, which is for perpetuals"):
        play(contract(FUTURE), [event(0, bp.Funding(0))], {})
    config = bp.SystemConfig([spot("btc")], [bp.MockExecutionConfig(SPOT, {"usdt": 1})])
    with pytest.raises(bp.MarketDataError, match="which is for perpetuals only"):
        play(config, [event(0, bp.Funding(0))], {})
    with pytest.raises(bp.MarketDataError, match="which is for futures only"):
        play(config, [event(0, bp.Settlement(price=1))], {})


def test_what_cannot_be_is_refused_with_the_history() -> None:
    for rate in ("1.0001", "-1.0001", "5"):
        with pytest.raises(ValueError, match=f"fraction .* from -1 to 1 .*, got {rate}"):
            history(event(0, bp.Funding(Decimal(rate))))
    with pytest.raises(ValueError, match="mark_price must be positive, got 0"):
        history(event(0, bp.Funding(0, mark_price=0)))
    with pytest.raises(ValueError, match=r"mark_price .* is too large"):
        history(event(0, bp.Funding(0, mark_price=10**14)))
    with pytest.raises(ValueError, match="price must be positive, got -1"):
        history(event(0, bp.Settlement(price=-1)))


def test_the_results_show_funding(tmp_path: Path) -> None:
    events = [trade(0, "100", "50"), event(1, bp.Funding(Decimal("0.01"), mark_price=110))]
    result = play(contract(PERPETUAL), events, {0: market(bp.Side.BUY, 3)})
    assert "1 funding payment" in str(result)
    assert "fees 0, of it funding -3.3)" in str(result)
    told = json.loads(result.to_json())["funding"]
    assert [Decimal(payment["amount"]) for payment in told] == [Decimal("-3.3")]
    result.to_html(tmp_path / "report.html", history(*events))
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<h3>Funding</h3>" in page
    assert "in 1 payment, part of the profit" in page
    without = play(contract(PERPETUAL), events[:1], {0: market(bp.Side.BUY, 3)})
    assert "unding" not in str(without)
    without.to_html(tmp_path / "report.html", history(*events[:1]))
    assert "<h3>Funding</h3>" not in (tmp_path / "report.html").read_text("utf-8")


# Settlement


def settled(*events: bp.MarketEvent, at_ms: int = 50, price: str = "90") -> list[bp.MarketEvent]:
    """Make a history that begins with a trade at 100 and has a settlement."""
    settlement = event(at_ms, bp.Settlement(price=Decimal(price)))
    return [trade(0, "100", "50"), *events, settlement]


@pytest.mark.parametrize("side", bp.Side)
def test_a_settlement_closes_the_position_at_its_price(side: bp.Side) -> None:
    config = contract(FUTURE, fee_rate=Decimal("0.001"))
    result = play(config, settled(), {0: market(side, 3)})
    _, fill = result.fills
    other = bp.Side.SELL if side is bp.Side.BUY else bp.Side.BUY
    assert fill.side is other
    assert [fill.price, fill.quantity, fill.fees] == [90, 3, 0]
    assert (fill.id, fill.order_id, fill.strategy_id) == ("2", "2", "bp-settlement")
    assert fill.time_exchange_ns == at(50)
    (closed,) = result.positions
    profit = (-30 if side is bp.Side.BUY else 30) - Decimal("0.3")
    assert closed.pnl_realised == profit
    balance = result.balances["binance_spot_usdt"]
    assert balance.total == balance.free == 1000 + profit
    assert len(result.orders) == 1
    assert result.fills_of(result.orders[0]) == [result.fills[0]]


def test_strategies_share_a_settlement_by_what_each_holds() -> None:
    def first(state: bp.EngineView) -> bp.Orders:
        view = state.instrument(0)
        return [], [
            view.market_order(bp.Side.BUY, 5, strategy_id="long"),
            view.market_order(bp.Side.SELL, 2, strategy_id="short"),
        ]

    result = play(contract(FUTURE), settled(), {0: first})
    by = result.by_strategy()
    assert list(by) == ["long", "short"]
    assert {name: one.pnl for name, one in by.items()} == {
        "long": {"usdt": -50},
        "short": {"usdt": 20},
    }
    assert all(not one.open_positions for one in by.values())
    assert result.pnl == {"usdt": -30}
    assert [len(one.positions) for one in by.values()] == [1, 1]


def test_orders_end_with_the_contract() -> None:
    wait = contract(FUTURE, candle_price=bp.CandlePrice.NEXT_OPEN)
    events = [candle(0, "100"), event(60, bp.Settlement(price=90)), candle(70, "95")]
    result = play(wait, events, {0: market(bp.Side.BUY), 1: market(bp.Side.BUY)})
    # An order that waits for an open is refused at the settlement, a later one at the next open.
    assert not result.fills
    failures = [report.order.failure for report in result.orders]
    assert [failure.detail if failure else None for failure in failures] == [
        "the contract has expired"
    ] * 2
    assert [report.time_finished_ns for report in result.orders] == [at(60), at(70)]


def test_a_settlement_before_the_expiry_ends_the_run() -> None:
    with pytest.raises(bp.MarketDataError, match=r"has a Settlement at .*, before it expires at"):
        play(contract(FUTURE), settled(at_ms=49), {})


def test_a_second_settlement_finds_nothing() -> None:
    events = settled(event(50, bp.Settlement(price=80)))
    result = play(contract(FUTURE), events, {0: market(bp.Side.BUY)})
    assert [fill.price for fill in result.fills] == [100, 80]


def test_a_stop_that_waits_for_the_position_goes_with_it() -> None:
    waiting: list[int] = []

    def first(state: bp.EngineView) -> bp.Orders:
        state.place_stop(
            bp.StopOrder(
                0, bp.Side.SELL, quantity=1, trigger_price=50, strategy_id="s", until_closed=True
            )
        )
        return market(bp.Side.BUY)(state)

    def look(state: bp.EngineView) -> bp.Orders:
        waiting.append(len(state.instrument(0).stops))
        return bp.NO_ORDERS

    events = [*settled(), trade(60, "95")]
    play(contract(FUTURE), events, {0: first, 1: look, 2: look})
    assert waiting == [1, 0]


@pytest.mark.parametrize("kind", [PERPETUAL, FUTURE])
def test_a_leveraged_run_gives_what_the_model_gives(kind: InstrumentKind) -> None:
    """Fees, latencies and digits that are cut."""
    config = contract(
        kind,
        fee_rate=Decimal("0.00075"),
        leverage=Decimal("3.7"),
        latency=timedelta(milliseconds=2),
        answer_latency=timedelta(milliseconds=3),
    )
    events: list[bp.MarketEvent] = []
    for number in range(40):
        events.append(trade(number * 5, f"{100 + number % 7}.{number:02}", "5"))
        if kind is PERPETUAL:
            rate = Decimal(f"0.000{number}1234567")
            events.append(event(number * 5 + 1, bp.Funding(rate if number % 3 else -rate)))
        elif number == 20:
            events.append(event(number * 5 + 1, bp.Settlement(price=Decimal("101.123456789"))))
    script = {
        call: [Wish(BTC, kind is FUTURE or call % 4 < 2, Fraction(call % 5 + 1, 4))]
        for call in range(0, 60, 3)
    }
    run = compare(Case(config, events, script))
    if kind is PERPETUAL:
        assert {payment.buy for payment in run.funding} == {True, False}
    else:
        assert run.fills[-1].request.strategy == "bp-settlement"


# Liquidation

MARGIN = Decimal("0.005")


def test_an_account_below_its_maintenance_margin_is_closed_at_the_mark() -> None:
    config = contract(
        PERPETUAL, money=100, maintenance_margin=Decimal("0.05"), fee_rate=Decimal("0.001")
    )
    # Bought 8 at 100: a fee of 0.8. With 99.2 the equity at 92 is 35.2, and 36.8 are required; at
    # 92.5 it is 39.2, and 37 are.
    events = [trade(0, "100", "50"), trade(1, "92.5", "50"), trade(2, "92", "1"), trade(3, "120")]
    result = play(config, events, {0: market(bp.Side.BUY, 8)})
    _, fill = result.fills
    assert (fill.strategy_id, fill.side, fill.order_id) == ("bp-liquidation", bp.Side.SELL, "2")
    # Whatever is offered: the last trade has an amount of 1. The fee is 8 * 92 * 0.001.
    assert [fill.price, fill.quantity, fill.fees] == [92, 8, Decimal("0.736")]
    assert fill.time_exchange_ns == at(2)
    balance = result.balances["binance_spot_usdt"]
    assert balance.total == balance.free == Decimal("99.2") - 64 - Decimal("0.736")
    # Without the margin the position is carried on, and gains in the end.
    loose = play(
        contract(PERPETUAL, money=100, fee_rate=Decimal("0.001")),
        events,
        {0: market(bp.Side.BUY, 8)},
    )
    assert loose.pnl == {"usdt": Decimal("159.2")}


def test_equity_that_just_covers_the_margin_is_left_alone() -> None:
    # 2 at 100: at 90 the equity is 21 - 20 = 1, and 2 * 90 * 0.005 = 0.9 is required.
    events = [trade(0, "100", "50"), trade(1, "90", "50"), trade(2, "89.95", "50")]
    buy = {0: market(bp.Side.BUY, 2)}
    result = play(contract(PERPETUAL, money=21, maintenance_margin=MARGIN), events[:2], buy)
    assert len(result.fills) == 1
    # At 89.95 it is 0.9, and 0.8995 is required. With 20.9995 it is 0.8995, which is enough.
    exact = contract(PERPETUAL, money=Decimal("20.9995"), maintenance_margin=MARGIN)
    assert len(play(exact, events, buy).fills) == 1
    below = contract(PERPETUAL, money=Decimal("20.999499999999"), maintenance_margin=MARGIN)
    assert [fill.price for fill in play(below, events, buy).fills] == [100, Decimal("89.95")]


def test_contracts_that_share_a_balance_go_together() -> None:
    kinds = replace(spot("btc"), kind=PERPETUAL), replace(spot("eth"), kind=FUTURE)
    execution = bp.MockExecutionConfig(
        SPOT, {"usdt": 100}, leverage=10, maintenance_margin=Decimal("0.05")
    )
    config = bp.SystemConfig([*kinds, spot("sol")], [execution])

    def both(state: bp.EngineView) -> bp.Orders:
        btc, eth = state.instrument(BTC), state.instrument(ETH)
        return [], [
            btc.market_order(bp.Side.BUY, 4, strategy_id="one"),
            eth.market_order(bp.Side.SELL, 3, strategy_id="two"),
            btc.limit_order(bp.Side.BUY, price=10, quantity=1, strategy_id="one"),
            eth.limit_order(bp.Side.SELL, price=900, quantity=Decimal("0.1"), strategy_id="two"),
        ]

    events = [
        trade(0, "100", "50", instrument=ETH),
        trade(1, "100", "50"),
        # 100 - 4 * 15 = 40 cover (340 + 300) * 0.05 = 32.
        trade(2, "85", "50"),
        # With 3 * 3 less there are 31, and (340 + 309) * 0.05 = 32.45 are needed.
        trade(3, "103", "50", instrument=ETH),
    ]
    result = play(config, events, {1: both})
    closings = result.fills[2:]
    assert [fill.strategy_id for fill in closings] == ["bp-liquidation"] * 2
    assert [fill.instrument for fill in closings] == [BTC, ETH]
    assert [fill.price for fill in closings] == [85, 103]
    assert result.order_counts == {"filled": 2, "expired": 2}
    balance = result.balances["binance_spot_usdt"]
    assert balance.total == balance.free == 31
    assert [one.pnl for one in result.by_strategy().values()] == [{"usdt": -60}, {"usdt": -9}]


def test_a_funding_can_liquidate() -> None:
    config = contract(PERPETUAL, money=10, maintenance_margin=MARGIN)
    events = [trade(0, "100", "50"), event(1, bp.Funding(Decimal("0.096"))), trade(2, "101")]
    result = play(config, events, {0: market(bp.Side.BUY)})
    # 10 - 9.6 = 0.4 do not cover 0.5.
    assert [fill.time_exchange_ns for fill in result.fills] == [at(0), at(1)]
    assert result.balances["binance_spot_usdt"].total == Decimal("0.4")


def test_a_gap_leaves_less_than_nothing_and_the_run_warns() -> None:
    config = contract(PERPETUAL, money=11, maintenance_margin=MARGIN)
    events = [trade(0, "100", "50"), trade(1, "80", "50")]
    reason = "the run ends with a negative balance: binance_spot_usdt is -9"
    with pytest.warns(UserWarning, match=reason) as told:
        result = play(config, events, {0: market(bp.Side.BUY)})
    assert len(told) == 1
    assert told[0].filename == __file__
    assert result.settings.remarks == (str(told[0].message),)
    assert result.balances["binance_spot_usdt"].total == -9


def test_a_candle_liquidates_at_its_close_only() -> None:
    def bar(milliseconds: int, *prices: int) -> bp.MarketEvent:
        first, high, low, last = prices
        return event(
            milliseconds,
            bp.Candle(
                at(milliseconds),
                open=first,
                high=high,
                low=low,
                close=last,
                volume=100,
                trade_count=1,
            ),
        )

    events = [bar(0, 100, 100, 100, 100), bar(1, 100, 101, 60, 99), bar(2, 99, 99, 80, 80)]
    result = play(
        contract(PERPETUAL, money=15, maintenance_margin=MARGIN),
        events[:2],
        {0: market(bp.Side.BUY)},
    )
    assert len(result.fills) == 1

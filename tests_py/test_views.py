"""What views show, and where they are valid."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from histories import (
    BTC,
    ETH,
    SPOT,
    Acting,
    OnMarketEvents,
    at,
    buy,
    candle,
    event,
    history,
    l1,
    market_request,
    quotes,
    run,
    trade,
    two_exchanges,
    two_instruments,
    watch,
)

import barter_python
from barter_python import (
    NO_ORDERS,
    AccountEvent,
    BarterError,
    ClientOrderId,
    DefaultStrategy,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    InstrumentView,
    Liquidation,
    MarketEvent,
    OpenPosition,
    Order,
    OrderKind,
    Orders,
    OrderStatus,
    Side,
    StrategyBusyError,
    StrategyId,
    TimeInForce,
    Underlying,
    UnknownKeyError,
    ViewError,
    backtest,
    engine,
    execution,
    run_backtest,
    statistic,
)
from barter_python import data as data_module

# What they show


def prices(state: EngineView) -> list[Decimal | float | None]:
    view = state.instrument(BTC)
    return [
        view.price,
        view.mid,
        view.best_bid,
        view.best_ask,
        view.last_trade,
        view.price_f64,
        view.mid_f64,
        view.best_bid_f64,
        view.best_ask_f64,
        view.last_trade_f64,
    ]


def test_prices_and_their_float_twins() -> None:
    data = history(
        l1(0, "100.1", "100.4", bid_amount="3"),
        trade(1, "100.25"),
        l1(2, None, "100.5"),
        l1(3, "100.3", None),
        l1(4, None, None),
        l1(5, "100.2", "100.3", bid_amount="0", ask_amount="0"),
    )
    exact: list[list[Decimal | None]] = [
        [Decimal("100.325"), Decimal("100.25"), Decimal("100.1"), Decimal("100.4"), None],
        [
            Decimal("100.325"),
            Decimal("100.25"),
            Decimal("100.1"),
            Decimal("100.4"),
            Decimal("100.25"),
        ],
        [Decimal("100.25"), None, None, Decimal("100.5"), Decimal("100.25")],
        [Decimal("100.25"), None, Decimal("100.3"), None, Decimal("100.25")],
        [Decimal("100.25"), None, None, None, Decimal("100.25")],
        [
            Decimal("100.25"),
            Decimal("100.25"),
            Decimal("100.2"),
            Decimal("100.3"),
            Decimal("100.25"),
        ],
    ]
    seen = watch(prices, data)
    for row, expected in zip(seen, exact, strict=True):
        assert row == [*expected, *[None if one is None else float(one) for one in expected]]


def test_types_of_prices() -> None:
    (row,) = watch(lambda state: [type(one) for one in prices(state)], history(l1(0, "1", "2")))
    floats, none = float, type(None)
    assert row == [Decimal, Decimal, Decimal, Decimal, none, floats, floats, floats, floats, none]


def test_a_candle_is_the_price_where_nothing_better_is_known() -> None:
    data = history(candle(0, "50"), candle(1, "51"), trade(2, "60"), candle(3, "52"))
    assert watch(lambda state: state.instrument(BTC).price, data) == [50, 51, 60, 60]
    assert watch(lambda state: state.instrument(BTC).mid, data) == [None] * 4


def test_older_events_do_not_replace_newer_ones() -> None:
    data = history(
        l1(10, "1", "2"), l1(5, "3", "4"), l1(10, "5", "6"), trade(10, "7"), trade(5, "8")
    )
    bids = watch(lambda state: state.instrument(BTC).best_bid, data)
    trades = watch(lambda state: state.instrument(BTC).last_trade, data)
    assert bids == [1, 1, 5, 5, 5]
    assert trades == [None, None, None, 7, 7]


def test_a_liquidation_is_told_and_changes_no_price() -> None:
    liquidation = event(1, Liquidation(Side.SELL, Decimal(5), Decimal(1), at(1)))
    data = history(l1(0, "1", "3"), liquidation)
    assert watch(lambda state: (state.event, state.instrument(BTC).price), data)[1] == (
        liquidation,
        2,
    )


def test_names_and_indices() -> None:
    def look(state: EngineView) -> tuple[object, ...]:
        view = state.instrument("coinbase-btc_usd")
        assert view is state.instrument(1) is state.instruments[1]
        return (
            view.index,
            view.instrument,
            view.exchange,
            view.exchange_id,
            view.name,
            view.name_exchange,
            view.underlying,
        )

    assert watch(look, quotes(1), two_exchanges()) == [
        (1, 1, 1, ExchangeId.COINBASE, "coinbase-btc_usd", "BTCUSD", Underlying(2, 3))
    ]


def test_look_ups() -> None:
    def look(state: EngineView) -> list[object]:
        assert state.trading_enabled
        filters = [
            None,
            InstrumentFilter.none(),
            InstrumentFilter.exchanges([1]),
            InstrumentFilter.instruments([1, 0]),
            InstrumentFilter.underlyings([Underlying(0, 1)]),
            InstrumentFilter.instruments([7]),
        ]
        return [[view.index for view in state.instruments_iter(one)] for one in filters]

    expected = [[0, 1], [0, 1], [1], [0, 1], [0], []]
    assert watch(look, quotes(1), two_exchanges()) == [expected]
    index = watch(
        lambda state: state.exchange_index(ExchangeId.COINBASE), quotes(1), two_exchanges()
    )
    assert index == [1]


@pytest.mark.parametrize(
    ("look", "error", "culprit"),
    [
        (lambda state: state.instrument(2), UnknownKeyError, "no instrument 2; there are 2"),
        (lambda state: state.instrument("BTCUSDT"), UnknownKeyError, "BTCUSDT"),
        (lambda state: state.instrument(-1), ValueError, "-1"),
        (lambda state: state.instrument(10**30), ValueError, str(10**30)),
        (lambda state: state.instrument(1.0), TypeError, "float"),
        (lambda state: state.instrument(None), TypeError, "NoneType"),
        (lambda state: state.instrument(True), TypeError, "bool"),
        (lambda state: state.exchange_index(ExchangeId.KRAKEN), UnknownKeyError, "kraken"),
        (lambda state: state.exchange_index("binance_spot"), TypeError, "ExchangeId.*binance_spot"),
        (lambda state: state.balance(SPOT, "doge"), UnknownKeyError, "doge"),
        (lambda state: state.balance(ExchangeId.KRAKEN, "btc"), UnknownKeyError, "kraken"),
        (lambda state: state.instruments_iter([1]), TypeError, "list"),
    ],
)
def test_wrong_look_ups_name_the_culprit(
    look: Callable[[EngineView], object], error: type[Exception], culprit: str
) -> None:
    with pytest.raises(error, match=culprit):
        watch(look)


def test_a_position_is_valued_at_the_price_now() -> None:
    seen: list[OpenPosition | None] = []

    def action(state: EngineView) -> Orders:
        if isinstance(state.event, MarketEvent):
            seen.append(state.instrument(BTC).position)
        return buy(state, 2) if len(seen) == 1 and not seen[0] and state.updated else NO_ORDERS

    data = history(l1(0, "100", "102"), l1(100, "109", "111"))
    config = two_instruments(fee_rate=Decimal("0.01"))
    result = run(action, data, config)
    assert seen[0] is None
    position = seen[1]
    assert position is not None
    assert position.side is Side.BUY
    assert position.instrument == BTC
    assert (position.quantity_abs, position.quantity_abs_max) == (Decimal(2), Decimal(2))
    assert position.price_entry_average == 102
    assert (position.fees_enter, position.fees_exit) == (Decimal("2.04"), Decimal(0))
    assert position.pnl_realised == Decimal("-2.04")
    assert position.pnl_unrealised == 2 * (110 - 102) - Decimal("2.04")
    assert position.time_enter_ns == position.time_exchange_update_ns == at(0)
    assert position.trades == [result.fills[0].id]


def test_orders_are_shown_in_flight() -> None:
    def send(state: EngineView) -> Orders:
        return [], [market_request(cid) for cid in ("b", "a")]

    seen: list[list[Order]] = []

    def look(state: EngineView) -> Orders:
        seen.append(state.instrument(BTC).orders)
        return NO_ORDERS

    strategy = OnMarketEvents({0: send, 1: look})
    run_backtest(strategy, quotes(2), two_instruments(latency=timedelta(seconds=1)))
    (orders,) = seen
    assert [order.client_order_id for order in orders] == ["a", "b"]
    assert {order.status for order in orders} == {OrderStatus.OPEN_IN_FLIGHT}
    assert {order.strategy_id for order in orders} == {"test"}


def test_balances() -> None:
    def look(state: EngineView) -> list[object]:
        asked = [state.balance(SPOT, name) for name in ("btc", "BTC", "usdt", "eth")]
        return [(one.total, one.free) for one in asked]

    config = two_instruments(balances={"btc": Decimal("0.10"), "usdt": 5})
    expected = [(Decimal("0.1"), Decimal("0.1"))] * 2 + [(5, 5), (0, 0)]
    assert watch(look, quotes(1), config) == [expected]


def test_client_order_ids_are_new_and_the_same_in_every_run() -> None:
    ids = watch(lambda state: state.next_cid())
    assert len(set(ids)) == 3
    assert all(isinstance(one, ClientOrderId) for one in ids)
    assert watch(lambda state: state.next_cid()) == ids


def test_sugar_for_orders() -> None:
    def look(state: EngineView) -> list[object]:
        view = state.instrument(BTC)
        market = view.market_order(Side.SELL, 2, strategy_id=StrategyId("a"), cid="mine")
        limit = view.limit_order(
            Side.BUY, Decimal("99.5"), 1, strategy_id="b", time_in_force=TimeInForce.FILL_OR_KILL
        )
        rest = view.limit_order(Side.BUY, 99, 1, strategy_id="b", cid=ClientOrderId("c"))
        assert market == market_request(
            "mine", side=Side.SELL, price=Decimal(100), quantity=Decimal(2)
        ).__class__(market.key, market.state)
        return [market, limit, rest]

    ((market, limit, rest),) = [
        tuple(row) for row in watch(look, quotes(1)) if isinstance(row, list)
    ]
    assert (market.key.exchange, market.key.instrument) == (0, BTC)
    assert (market.key.strategy, market.key.cid) == (StrategyId("a"), ClientOrderId("mine"))
    assert (market.state.price, market.state.quantity) == (Decimal(100), Decimal(2))
    assert market.state.kind is OrderKind.MARKET
    assert market.state.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL
    assert limit.state.kind is OrderKind.LIMIT
    assert (limit.state.price, limit.state.time_in_force) == (
        Decimal("99.5"),
        TimeInForce.FILL_OR_KILL,
    )
    assert rest.state.time_in_force is TimeInForce.GOOD_UNTIL_CANCELLED
    assert rest.key.cid != limit.key.cid


@pytest.mark.parametrize(
    ("make", "error", "culprit"),
    [
        (lambda view: view.market_order(Side.BUY, 0, strategy_id="s"), ValueError, "quantity.*0"),
        (lambda view: view.market_order(Side.BUY, -1, strategy_id="s"), ValueError, "quantity.*-1"),
        (
            lambda view: view.market_order(Side.BUY, 0.5, strategy_id="s"),
            TypeError,
            "quantity.*float",
        ),
        (lambda view: view.market_order("buy", 1, strategy_id="s"), TypeError, "side.*buy"),
        (lambda view: view.market_order(Side.BUY, 1, strategy_id=" "), ValueError, "strategy id"),
        (lambda view: view.market_order(Side.BUY, 1, strategy_id=1), TypeError, "strategy id.*int"),
        (lambda view: view.market_order(Side.BUY, 1), TypeError, "strategy_id"),
        (
            lambda view: view.market_order(Side.BUY, 1, strategy_id="s", cid=5),
            TypeError,
            "client order id",
        ),
        (
            lambda view: view.limit_order(Side.BUY, Decimal("NaN"), 1, strategy_id="s"),
            ValueError,
            "price.*NaN",
        ),
        (
            lambda view: view.limit_order(Side.BUY, 1.5, 1, strategy_id="s"),
            TypeError,
            "price.*float",
        ),
        (
            lambda view: view.limit_order(Side.BUY, 1, 1, strategy_id="s", time_in_force="gtc"),
            TypeError,
            "time_in_force.*gtc",
        ),
        (
            lambda view: view.market_order(Side.BUY, 1, strategy_id="s", time_in_force=1),
            TypeError,
            "time_in_force.*got 1",
        ),
    ],
)
def test_wrong_arguments_of_the_sugar_are_named(
    make: Callable[[InstrumentView], object], error: type[Exception], culprit: str
) -> None:
    with pytest.raises(error, match=culprit):
        watch(lambda state: make(state.instrument(BTC)))


def test_a_market_order_needs_a_price() -> None:
    with pytest.raises(ValueError, match="no price of binancespot-eth_usdt is known yet"):
        watch(lambda state: state.instrument(ETH).market_order(Side.BUY, 1, strategy_id="s"))


def test_repr() -> None:
    def look(state: EngineView) -> tuple[EngineView, InstrumentView, str, str]:
        view = state.instrument(BTC)
        return state, view, repr(state), repr(view)

    ((state, view, state_inside, view_inside),) = [
        row for row in watch(look, quotes(1)) if isinstance(row, tuple)
    ]
    assert "binancespot-btc_usdt" in state_inside
    assert "binancespot-btc_usdt" in view_inside
    assert "101" in view_inside
    assert "outside" in repr(state)
    assert "outside" in repr(view)


MODULES = [barter_python, backtest, data_module, engine, execution, statistic]


def test_every_time_has_a_twin_in_nanoseconds() -> None:
    missing = set()
    for module in MODULES:
        for name in module.__all__:
            cls: object = getattr(module, name)
            if not isinstance(cls, type):
                continue
            fields: dict[str, object] = getattr(cls, "__dataclass_fields__", {})
            names = {*dir(cls), *fields}
            times = {one for one in names if one == "time" or one.startswith("time_")}
            times = {one for one in times if not one.endswith("_ns")} - {"time_in_force"}
            missing |= {f"{name}.{one}" for one in times if f"{one}_ns" not in names}
    assert missing == set()


# Where they are valid


def leak() -> tuple[EngineView, InstrumentView, Iterator[InstrumentView]]:
    """Give views that have outlived their run."""
    kept: list[tuple[EngineView, InstrumentView, Iterator[InstrumentView]]] = []

    def look(state: EngineView) -> None:
        kept.append((state, state.instrument(BTC), state.instruments_iter()))

    watch(look, quotes(1))
    return kept[0]


STATE_READS: list[Callable[[EngineView], object]] = [
    lambda state: state.updated,
    lambda state: state.event,
    lambda state: state.time,
    lambda state: state.time_ns,
    lambda state: state.trading_enabled,
    lambda state: state.instruments,
    lambda state: state.instrument(BTC),
    lambda state: state.instrument("binancespot-btc_usdt"),
    lambda state: state.instrument("unknown"),
    lambda state: state.instrument((SPOT, "BTCUSDT")),
    lambda state: state.tear_sheet_asset(SPOT, "btc"),
    lambda state: state.instruments_iter(),
    lambda state: state.exchange_index(SPOT),
    lambda state: state.balance(SPOT, "btc"),
    lambda state: state.balance(SPOT, "unknown"),
    lambda state: state.next_cid(),
    lambda state: barter_python.close_open_positions_with_market_orders("id", state),
]
VIEW_READS: list[Callable[[InstrumentView], object]] = [
    *[
        lambda view, name=name: getattr(view, name)
        for name in dir(InstrumentView)
        if not name.startswith("_")
        and name not in ("market_order", "limit_order", "order", "position_of", "tear_sheet")
    ],
    lambda view: view.order("mine"),
    lambda view: view.tear_sheet(),
    lambda view: view.market_order(Side.BUY, 1, strategy_id="s"),
    lambda view: view.limit_order(Side.BUY, 1, 1, strategy_id="s"),
    lambda view: view.position_of("s"),
]


@pytest.mark.parametrize("number", range(len(STATE_READS)))
def test_a_state_raises_after_its_run(number: int) -> None:
    with pytest.raises(ViewError, match="only valid inside the callbacks of its run") as caught:
        STATE_READS[number](leak()[0])
    assert isinstance(caught.value, BarterError)
    assert "keep the values" in str(caught.value)


@pytest.mark.parametrize("number", range(len(VIEW_READS)))
def test_an_instrument_raises_after_its_run(number: int) -> None:
    with pytest.raises(ViewError, match="only valid inside the callbacks of its run"):
        VIEW_READS[number](leak()[1])


def test_an_iterator_of_views_raises_with_its_views() -> None:
    for view in leak()[2]:
        with pytest.raises(ViewError):
            _ = view.price


def test_a_view_of_an_earlier_run_raises_in_a_later_one() -> None:
    earlier, _, _ = leak()
    with pytest.raises(ViewError):
        watch(lambda state: earlier.time)


def test_a_view_raises_after_a_run_that_failed() -> None:
    kept: list[EngineView] = []

    def action(state: EngineView) -> Orders:
        kept.append(state)
        raise KeyError

    with pytest.raises(KeyError):
        run(action)
    with pytest.raises(ViewError):
        _ = kept[0].time


def on_a_thread(work: Callable[[], object]) -> BaseException | None:
    raised: list[BaseException] = []

    def target() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    return raised[0] if raised else None


def test_a_view_raises_on_another_thread() -> None:
    def look(state: EngineView) -> list[BaseException | None]:
        view = state.instrument(BTC)
        works: list[Callable[[], object]] = [lambda: state.time, lambda: view.price, state.next_cid]
        raised = [on_a_thread(work) for work in works]
        assert (state.time_ns, view.mid) == (at(0), Decimal(101))
        return [*raised]

    (raised,) = watch(look, quotes(1))
    assert isinstance(raised, list)
    assert [type(one) for one in raised] == [ViewError] * 3
    assert all("another thread" in str(one) for one in raised)


def test_values_outlive_the_run() -> None:
    kept: list[object] = []

    def action(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        balance = state.balance(SPOT, "btc")
        kept.extend([state.event, view.position, balance, view.orders, view.price, state.time])
        return buy(state) if state.time_ns == at(0) and state.updated else NO_ORDERS

    run(action, quotes(2))
    gc.collect()
    events = [one for one in kept if isinstance(one, (MarketEvent, AccountEvent))]
    assert len(events) == 6
    assert isinstance(events[1], AccountEvent)
    positions = [one for one in kept if isinstance(one, OpenPosition)]
    assert {position.price_entry_average for position in positions} == {Decimal(102)}
    assert repr(positions[-1]).startswith("OpenPosition(instrument=0, side=")
    assert any(isinstance(one, datetime) for one in kept)
    assert on_a_thread(lambda: [repr(one) for one in kept]) is None


def test_the_strategy_and_its_views_are_freed() -> None:
    kept: list[object] = []

    def look(state: EngineView) -> Orders:
        kept[:] = [state, state.instrument(BTC), object()]
        return NO_ORDERS

    def reference() -> weakref.ref[Acting]:
        strategy = Acting(look)
        run_backtest(strategy, quotes(3), two_instruments(), close_at_end=True)
        return weakref.ref(strategy)

    weak = reference()
    gc.collect()
    assert weak() is None
    # The list alone holds the state, and the state its instruments.
    of_state, of_view, of_other = [sys.getrefcount(kept[number]) for number in range(3)]
    assert (of_state, of_view) == (of_other, of_other + 1)


def test_a_strategy_that_failed_is_freed() -> None:
    class Failing(DefaultStrategy):
        def on_start(self, state: EngineView, /) -> None:
            raise RuntimeError

    def reference() -> weakref.ref[Failing]:
        strategy = Failing()
        with pytest.raises(RuntimeError):
            run_backtest(strategy, quotes(1), two_instruments())
        return weakref.ref(strategy)

    weak = reference()
    gc.collect()
    assert weak() is None


# Runs inside runs


def test_a_strategy_may_run_another_one() -> None:
    inner_results: list[object] = []

    def outer(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        before = (state.time_ns, view.mid, state.event)

        def inner(inner_state: EngineView) -> Orders:
            # Both are valid: the outer callback has not returned.
            inner_results.append((inner_state.instrument(BTC).mid, view.mid, inner_state is state))
            return NO_ORDERS

        run(inner, quotes(1, bid="1", ask="3"))
        assert (state.time_ns, view.mid, state.event) == before
        return buy(state) if view.position is None and state.updated is not None else NO_ORDERS

    result = run(outer, quotes(2))
    assert inner_results == [(2, 101, False)] * 6
    assert len(result.fills) == 1


def test_a_strategy_cannot_run_itself() -> None:
    class Recursive(DefaultStrategy):
        calls = 0

        def on_start(self, state: EngineView, /) -> None:
            self.calls += 1
            if self.calls == 1:
                run_backtest(self, quotes(1), two_instruments())

    strategy = Recursive()
    with pytest.raises(StrategyBusyError, match="Recursive") as caught:
        run_backtest(strategy, quotes(1), two_instruments())
    assert isinstance(caught.value, BarterError)
    run_backtest(strategy, quotes(1), two_instruments())
    assert strategy.calls == 2


def test_a_strategy_cannot_run_on_two_threads() -> None:
    raised: list[BaseException | None] = []

    def action(state: EngineView) -> Orders:
        if not raised:
            raised.append(on_a_thread(lambda: run_backtest(strategy, quotes(1), two_instruments())))
        return NO_ORDERS

    strategy = Acting(action)
    run_backtest(strategy, quotes(2), two_instruments())
    assert [type(one) for one in raised] == [StrategyBusyError]

"""What views show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    ETH,
    SPOT,
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
    ClientOrderId,
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
    StrategyId,
    TimeInForce,
    Underlying,
    UnknownKeyError,
    backtest,
    engine,
    execution,
    run_backtest,
    statistic,
)
from barter_python import data as data_module


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
    with pytest.warns(UserWarning, match="`mid` was None each time"):
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
    liquidation = event(
        1, Liquidation(Side.SELL, price=Decimal(5), quantity=Decimal(1), time=at(1))
    )
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
            Side.BUY,
            price=Decimal("99.5"),
            quantity=1,
            strategy_id="b",
            time_in_force=TimeInForce.FILL_OR_KILL,
        )
        rest = view.limit_order(
            Side.BUY, price=99, quantity=1, strategy_id="b", cid=ClientOrderId("c")
        )
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
            lambda view: view.limit_order(
                Side.BUY, price=Decimal("NaN"), quantity=1, strategy_id="s"
            ),
            ValueError,
            "price.*NaN",
        ),
        (
            lambda view: view.limit_order(Side.BUY, price=1.5, quantity=1, strategy_id="s"),
            TypeError,
            "price.*float",
        ),
        (
            lambda view: view.limit_order(
                Side.BUY, price=1, quantity=1, strategy_id="s", time_in_force="gtc"
            ),
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
            # The attributes of these are names of columns.
            if not isinstance(cls, type) or name.endswith("Columns"):
                continue
            fields: dict[str, object] = getattr(cls, "__dataclass_fields__", {})
            names = {*dir(cls), *fields}
            times = {one for one in names if one == "time" or one.startswith("time_")}
            times = {one for one in times if not one.endswith("_ns")} - {"time_in_force"}
            missing |= {f"{name}.{one}" for one in times if f"{one}_ns" not in names}
    assert missing == set()

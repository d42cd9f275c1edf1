"""What a run does: which hooks it calls and when, how orders are answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    ETH,
    SPOT,
    START_NS,
    Action,
    OnMarketEvents,
    at,
    buy,
    cancel_request,
    candle,
    history,
    l1,
    market_request,
    quotes,
    reconnecting,
    run,
    trade,
    two_instruments,
    watch,
    with_execution,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AssetBalance,
    BacktestResult,
    Balance,
    CancelOrders,
    ClosePositions,
    Command,
    DefaultStrategy,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    Liquidity,
    MarketData,
    MarketEvent,
    Order,
    OrderFailure,
    OrderFailureKind,
    OrderResponseCancel,
    Orders,
    OrderStatus,
    Reconnecting,
    SendCancelRequests,
    SendOpenRequests,
    Side,
    Strategy,
    StrategyId,
    SystemConfig,
    Trade,
    close_open_positions_with_market_orders,
    run_backtest,
)


def statuses(result: BacktestResult) -> list[tuple[str, OrderStatus]]:
    return [(report.order.client_order_id, report.order.status) for report in result.orders]


# Hooks


@dataclass(eq=False)
class Diary(Strategy):
    """Writes down which hook is called, and what it is told."""

    entries: list[tuple[object, ...]] = field(default_factory=list)

    @override
    def on_start(self, state: EngineView, /) -> None:
        balances = [state.balance(SPOT, asset) for asset in ("btc", "eth", "usdt")]
        prices = [instrument.price for instrument in state.instruments_iter()]
        self.entries.append(("start", state.event, state.updated, state.time_ns, balances, prices))

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.entries.append(("orders", state.event))
        return NO_ORDERS

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        self.entries.append(("lost", exchange, state.event, state.updated))
        return ()


def test_on_start_comes_once_and_first_with_balances_and_without_prices() -> None:
    diary, data = Diary(), quotes(3)
    run_backtest(diary, data, two_instruments())
    ten = Balance(total=10, free=10)
    balances = [ten, ten, Balance(total=10_000, free=10_000)]
    assert diary.entries[0] == ("start", None, None, START_NS, balances, [None, None])
    assert diary.entries[1:] == [("orders", one) for one in data]


def test_a_lost_stream_calls_on_disconnect_and_then_for_orders() -> None:
    diary = Diary()
    data = history(reconnecting(), l1(0, "1", "2"), reconnecting())
    run_backtest(diary, data, two_instruments())
    lost = [("lost", SPOT, reconnecting(), None), ("orders", reconnecting())]
    assert diary.entries[1:] == [*lost, ("orders", data[1]), *lost]


def test_the_bundled_lost_streams(disconnects: MarketData, real_config: SystemConfig) -> None:
    diary = Diary()
    run_backtest(diary, disconnects, real_config)
    assert [entry[0] for entry in diary.entries].count("lost") == 3
    assert [entry[1] for entry in diary.entries if entry[0] == "orders"] == list(disconnects)


def test_hooks_are_optional() -> None:
    class OnlyOrders:
        count = 0

        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            self.count += 1
            return buy(state) if self.count == 1 else NO_ORDERS

    strategy = OnlyOrders()
    data = history(l1(0, "100", "102"), reconnecting(), l1(100, "100", "102"))
    result = run_backtest(strategy, data, two_instruments(), close_at_end=True)
    assert strategy.count == 3 + 4
    assert [fill.side for fill in result.fills] == [Side.BUY, Side.SELL]
    assert result.open_positions == []


def test_the_default_strategy_does_nothing(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    result = run_backtest(DefaultStrategy(), real_history, real_config, close_at_end=True)
    assert [*result.orders, *result.fills, *result.positions] == []
    assert result.pnl == {"usdt": 0}


def test_views_are_the_same_objects_over_the_run() -> None:
    def look(state: EngineView) -> tuple[object, ...]:
        by_name = state.instrument("binancespot-eth_usdt")
        assert state.instrument(ETH) is by_name is state.instruments[ETH]
        assert list(state.instruments_iter()) == state.instruments
        return id(state), *map(id, state.instruments)

    data = history(*quotes(3), l1(400, "1", "2", instrument=ETH), reconnecting())
    assert len(set(watch(look, data))) == 1


def test_updated_is_the_instrument_of_the_market_event() -> None:
    data = history(
        l1(0, "1", "2"),
        trade(1, "3", instrument=ETH),
        reconnecting(),
        candle(2, "4", instrument=ETH),
    )
    assert watch(lambda s: s.updated and s.updated.index, data) == [BTC, ETH, None, ETH]
    assert watch(lambda s: s.updated is s.instrument(BTC), data) == [True, False, False, False]


def test_time_never_steps_back() -> None:
    data = history(l1(0, "1", "2"), l1(20, "1", "2"), l1(10, "1", "2"), reconnecting())
    assert watch(lambda state: state.time_ns, data) == [at(0), at(20), at(20), at(20)]
    first = watch(lambda state: state.time, data)[0]
    assert str(first) == "2023-11-14 22:13:20.123456+00:00"


# The events of an order


def test_a_fill_tells_balances_then_the_trade_then_the_order() -> None:
    seen: list[tuple[object, ...]] = []

    def action(state: EngineView) -> Orders:
        view, happened = state.instrument(BTC), state.event
        bitcoin, tether = state.balance(SPOT, "btc"), state.balance(SPOT, "usdt")
        assert bitcoin is not None
        assert tether is not None
        kind = happened.kind if isinstance(happened, AccountEvent) else happened
        quantity = None if view.position is None else view.position.quantity_abs
        seen.append((type(kind), bitcoin.total, tether.total, quantity, view.has_orders))
        assert (state.updated is None) == isinstance(happened, AccountEvent)
        return buy(state, 2) if len(seen) == 1 else NO_ORDERS

    result = run(action, quotes(2), two_instruments(fee_rate=Decimal("0.01")))
    after = 10_000 - 2 * 102 - Decimal("2.04")
    assert seen == [
        (MarketEvent, 10, 10_000, None, False),
        (AssetBalance, 12, 10_000, None, True),
        (AssetBalance, 12, after, None, True),
        (Trade, 12, after, 2, True),
        (Order, 12, after, 2, False),
        (MarketEvent, 12, after, 2, False),
    ]
    (fill,) = result.fills
    assert (fill.price, fill.quantity, fill.fees) == (Decimal(102), Decimal(2), Decimal("2.04"))
    assert result.balances["binance_spot_usdt"] == Balance(total=after, free=after)


def test_the_response_comes_after_its_latency_in_simulated_time() -> None:
    config = two_instruments(latency=timedelta(milliseconds=150))
    prices = [l1(0, "100", "102"), l1(100, "110", "112"), l1(200, "120", "122")]
    strategy = OnMarketEvents({0: buy})
    result = run_backtest(strategy, history(*prices), config)
    kinds = [type(one) for one in strategy.seen]
    assert kinds == [MarketEvent, MarketEvent, *[AccountEvent] * 4, MarketEvent]
    (fill,) = result.fills
    assert (fill.time_exchange_ns, fill.price) == (at(150), Decimal(112))


def test_at_equal_times_the_response_comes_before_the_market_event() -> None:
    config = two_instruments(latency=timedelta(milliseconds=100))
    prices = [l1(0, "100", "102"), l1(100, "110", "112")]
    strategy = OnMarketEvents({0: buy})
    result = run_backtest(strategy, history(*prices), config)
    assert isinstance(strategy.seen[-1], MarketEvent)
    assert result.fills[0].price == 102


def test_arguments_of_the_run_go_before_the_configuration() -> None:
    def prices(latency: timedelta | None, fee_rate: Decimal | None) -> tuple[Decimal, Decimal]:
        data = history(l1(0, "100", "102"), l1(100, "110", "112"), l1(300, "120", "122"))
        config = two_instruments(latency=timedelta(milliseconds=250), fee_rate=Decimal("0.5"))
        result = run_backtest(
            OnMarketEvents({0: buy}), data, config, latency=latency, fee_rate=fee_rate
        )
        return result.fills[0].price, result.fills[0].fees

    assert prices(None, None) == (Decimal(112), Decimal(56))
    assert prices(timedelta(0), Decimal(0)) == (Decimal(102), Decimal(0))


def failures(result: BacktestResult) -> list[OrderFailure | None]:
    assert all(report.order.status is OrderStatus.OPEN_FAILED for report in result.orders)
    return [report.order.failure for report in result.orders]


def test_a_rejected_order_is_told_once_and_forgotten() -> None:
    strategy = OnMarketEvents({0: lambda state: buy(state, 1000)})
    result = run_backtest(strategy, quotes(2), two_instruments())
    assert [type(one) for one in strategy.seen] == [MarketEvent, AccountEvent, MarketEvent]
    match strategy.seen[1]:
        case AccountEvent(
            exchange=0,
            kind=Order(
                status=OrderStatus.OPEN_FAILED,
                failure=OrderFailure(kind=OrderFailureKind.BALANCE_INSUFFICIENT, message=text),
            ),
        ):
            assert "102000" in text
        case other:
            pytest.fail(f"{other}")
    assert result.fills == []
    assert result.balances["binance_spot_usdt"].total == 10_000
    assert [failure and failure.kind for failure in failures(result)] == [
        OrderFailureKind.BALANCE_INSUFFICIENT
    ]


def test_a_sale_needs_the_base_asset() -> None:
    def sell(state: EngineView) -> Orders:
        return [], [state.instrument(BTC).market_order(Side.SELL, 11, strategy_id="test")]

    (failure,) = failures(run_backtest(OnMarketEvents({0: sell}), quotes(2), two_instruments()))
    assert failure is not None
    assert failure.kind is OrderFailureKind.BALANCE_INSUFFICIENT


def test_limit_orders_rest_where_nobody_sells_as_low() -> None:
    def limit(state: EngineView) -> Orders:
        return [], [
            state.instrument(BTC).limit_order(Side.BUY, price=100, quantity=1, strategy_id="test")
        ]

    result = run_backtest(OnMarketEvents({0: limit}), quotes(2), two_instruments())
    assert statuses(result) == [("bp-1", OrderStatus.OPEN)]
    assert result.balances["binance_spot_usdt"] == Balance(total=10_000, free=9_900)


def answers(actions: dict[int, Action], latency: timedelta = timedelta(0)) -> list[object]:
    """Give the kinds of the answers to cancels."""
    strategy = OnMarketEvents(actions)
    run_backtest(strategy, quotes(6), two_instruments(latency=latency))
    kinds = [one.kind for one in strategy.seen if isinstance(one, AccountEvent)]
    return [
        kind.failure and kind.failure.kind
        for kind in kinds
        if isinstance(kind, OrderResponseCancel)
    ]


def test_a_cancel_of_a_filled_order_comes_too_late() -> None:
    def send(state: EngineView) -> Orders:
        return [], [market_request("first")]

    def cancel(state: EngineView) -> Orders:
        return [cancel_request("first")], []

    late = [OrderFailureKind.ORDER_ALREADY_FULLY_FILLED]
    assert answers({0: send, 1: cancel}) == late
    # Under way at the same time: the order arrives first.
    assert answers({0: send, 1: cancel}, timedelta(milliseconds=250)) == late


def test_a_cancel_of_no_order_is_answered() -> None:
    assert answers({1: lambda state: ([cancel_request("none")], [])}) == [
        OrderFailureKind.ORDER_REJECTED
    ]


def test_an_id_may_be_used_again_when_the_order_is_done() -> None:
    def send(state: EngineView) -> Orders:
        return [], [market_request("again")]

    result = run_backtest(OnMarketEvents({0: send, 1: send}), quotes(3), two_instruments())
    assert statuses(result) == [("again", OrderStatus.FULLY_FILLED)] * 2


# Commands


@dataclass(eq=False)
class Commanding(Strategy):
    """Buys bitcoin and ether after the first event, and gives commands when a stream is lost."""

    commands: Callable[[EngineView], Sequence[Command]]
    log: list[str] = field(default_factory=list)
    sent: bool = False

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        if isinstance(state.event, AccountEvent):
            self.log.append(type(state.event.kind).__name__)
        if self.sent or state.instrument(ETH).price is None:
            return NO_ORDERS
        self.sent = True
        return [], [market_request("btc"), market_request("eth", instrument=ETH)]

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        self.log.append(f"close {filter!r}")
        return close_open_positions_with_market_orders("closer", state, filter)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        return self.commands(state)


def commanded(
    commands: Callable[[EngineView], Sequence[Command]], *, latency_ms: int = 0
) -> tuple[Commanding, BacktestResult]:
    strategy = Commanding(commands)
    prices = [l1(0, "100", "102"), l1(0, "10", "12", instrument=ETH)]
    data = history(*prices, l1(10, "100", "102"), reconnecting(), l1(500, "100", "102"))
    config = two_instruments(latency=timedelta(milliseconds=latency_ms))
    return strategy, run_backtest(strategy, data, config)


def test_close_positions_is_carried_out() -> None:
    strategy, result = commanded(lambda state: [ClosePositions(InstrumentFilter.none())])
    assert [(fill.instrument, fill.side) for fill in result.fills] == [
        (BTC, Side.BUY),
        (ETH, Side.BUY),
        (BTC, Side.SELL),
        (ETH, Side.SELL),
    ]
    assert {fill.strategy_id for fill in result.fills[2:]} == {"closer"}
    assert result.open_positions == []
    assert "close InstrumentFilter.none()" in strategy.log


def test_close_positions_keeps_to_its_filter() -> None:
    def commands(state: EngineView) -> Sequence[Command]:
        exchange = InstrumentFilter.exchanges([state.exchange_index(SPOT)])
        assert len(list(state.instruments_iter(exchange))) == 2
        return (ClosePositions(InstrumentFilter.instruments([ETH])),)

    _, result = commanded(commands)
    assert [one.instrument for one in result.open_positions] == [BTC]


def test_cancel_orders_cancels_what_is_in_flight() -> None:
    everything = InstrumentFilter.none()
    strategy, result = commanded(lambda state: [CancelOrders(everything)], latency_ms=100)
    assert strategy.log.count("OrderResponseCancel") == 2
    assert statuses(result) == [
        ("btc", OrderStatus.FULLY_FILLED),
        ("eth", OrderStatus.FULLY_FILLED),
    ]


def test_cancel_orders_without_orders_does_nothing() -> None:
    strategy, _ = commanded(lambda state: [CancelOrders(InstrumentFilter.none())])
    assert "OrderResponseCancel" not in strategy.log


def test_requests_as_commands_are_carried_out() -> None:
    def commands(state: EngineView) -> Sequence[Command]:
        return [
            SendCancelRequests([cancel_request("btc"), cancel_request("eth", instrument=ETH)]),
            SendOpenRequests([market_request("more"), market_request("other", instrument=ETH)]),
            SendOpenRequests([]),
            SendCancelRequests(()),
        ]

    strategy, result = commanded(commands)
    assert strategy.log.count("OrderResponseCancel") == 2
    assert [cid for cid, _ in statuses(result)] == ["btc", "eth", "more", "other"]
    assert len(result.fills) == 4


def test_commands_of_the_bundled_lost_streams(
    disconnects: MarketData, real_config: SystemConfig
) -> None:
    class Leaving(DefaultStrategy):
        lost = 0

        @override
        def on_disconnect(self, exchange: ExchangeId | str, state: object = None) -> list[Command]:
            assert exchange is ExchangeId.BINANCE_SPOT
            assert isinstance(state, EngineView)
            assert state.event == Reconnecting(ExchangeId.BINANCE_SPOT)
            self.lost += 1
            return [
                SendOpenRequests([market_request(f"lost-{self.lost}", quantity=Decimal("0.01"))])
            ]

    config = with_execution(real_config, liquidity=Liquidity.INFINITE)
    result = run_backtest(Leaving(), disconnects, config, close_at_end=True)
    assert [cid for cid, _ in statuses(result)] == ["lost-1", "lost-2", "lost-3", "bp-1"]
    assert result.open_positions == []


# The end


def test_close_at_end_uses_the_strategys_own_hook() -> None:
    strategy = Commanding(lambda state: ())
    prices = [l1(0, "100", "102"), l1(0, "10", "12", instrument=ETH)]
    result = run_backtest(strategy, history(*prices), two_instruments(), close_at_end=True)
    assert strategy.log.count("close InstrumentFilter.none()") == 1
    assert [fill.strategy_id for fill in result.fills] == ["test", "test", "closer", "closer"]
    assert [one.pnl_realised for one in result.positions] == [-2, -2]


def test_close_at_end_without_a_hook_is_barters_own_with_the_strategys_id() -> None:
    class Renamed(OnMarketEvents):
        """Inherits the hook of `Strategy`, and takes another id while it runs."""

        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            self.id = StrategyId("late")
            return super().generate_algo_orders(state)

    class Hooked(Renamed):
        """Does in Python what the hook of `Strategy` does."""

        @override
        def close_positions_requests(
            self, state: EngineView, filter: InstrumentFilter, /
        ) -> Orders:
            return super().close_positions_requests(state, filter)

    natively, in_python = (
        run_backtest(strategy, quotes(3), two_instruments(), close_at_end=True)
        for strategy in (Renamed({0: buy}), Hooked({0: buy}))
    )
    assert [(fill.side, fill.strategy_id) for fill in natively.fills] == [
        (Side.BUY, "test"),
        (Side.SELL, "late"),
    ]
    assert natively.to_json() == in_python.to_json()


def test_a_wrong_id_is_said_when_barter_closes() -> None:
    class Nameless(OnMarketEvents):
        id = " "  # type: ignore[assignment] # a mistake on purpose

    with pytest.raises(ValueError, match="id: strategy id must not be blank"):
        run_backtest(Nameless({0: buy}), quotes(3), two_instruments(), close_at_end=True)


def test_without_close_at_end_positions_stay_open() -> None:
    result = run_backtest(OnMarketEvents({0: buy}), quotes(2), two_instruments())
    (position,) = result.open_positions
    assert (position.side, position.quantity_abs) == (Side.BUY, Decimal(1))
    assert position.price_entry_average == 102
    assert result.positions == []
    assert result.pnl == {"usdt": -1}


def test_orders_under_way_at_the_end_are_answered() -> None:
    config = two_instruments(latency=timedelta(hours=1))
    strategy = OnMarketEvents({2: buy})
    result = run_backtest(strategy, quotes(3), config, close_at_end=True)
    assert len(strategy.seen) == 3
    assert [fill.time_exchange_ns - at(200) for fill in result.fills] == [
        3_600_000_000_000,
        7_200_000_000_000,
    ]

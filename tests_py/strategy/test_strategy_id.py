"""A strategy names itself once: whose the orders of `market_order` and `limit_order` are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from support.histories import SPOT, history, l1, quotes, reconnecting, two_instruments
from typing_extensions import override

import barter_python as bp
from barter_python import strategy as helpers

LOST = history(l1(0, "100", "102"), l1(100, "100", "102"), reconnecting(), l1(200, "100", "102"))


class Named(bp.Strategy):
    """Buys once at the market and once with a limit."""

    strategy_id: bp.StrategyId | str = "ema"
    count = 0

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        view = state.updated
        self.count += view is not None
        if view is None or self.count != 1:
            return bp.NO_ORDERS
        return [], [
            view.market_order(bp.Side.BUY, 1),
            view.limit_order(bp.Side.BUY, price=50, quantity=1),
        ]


class Nameless:
    """Buys without a name."""

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        view = state.instrument(0)
        if view.price is None or view.has_orders or view.position is not None:
            return bp.NO_ORDERS
        return [], [view.market_order(bp.Side.BUY, 1)]


class Closer:
    """Closes with a name of its own."""

    strategy_id = bp.StrategyId("closer")

    def close_positions_requests(
        self, state: bp.EngineView, filter: bp.InstrumentFilter, /
    ) -> bp.Orders:
        return [], [state.instrument(0).market_order(bp.Side.SELL, 1)]


class Leaving:
    """Sells when the stream is lost, under whoever's name."""

    def on_disconnect(
        self, exchange: bp.ExchangeId, state: bp.EngineView, /
    ) -> Sequence[bp.HookCommand]:
        order = state.instrument(0).market_order(bp.Side.SELL, 1)
        return [bp.SendOpenRequests([order])]


def ids(result: bp.BacktestResult) -> list[str]:
    return [report.order.strategy_id for report in result.orders]


def run(strategy: bp.AlgoStrategy, data: bp.MarketData | None = None) -> bp.BacktestResult:
    return bp.run_backtest(
        strategy, quotes(3) if data is None else data, two_instruments(), close_at_end=True
    )


def test_the_attribute_is_the_id_of_orders_and_closes() -> None:
    assert ids(run(Named())) == ["ema", "ema", "ema"]
    assert Named().id == bp.StrategyId("ema")


def test_an_instance_and_an_object_without_the_base_class_can_have_it() -> None:
    strategy = Named()
    strategy.strategy_id = bp.StrategyId("other")
    assert set(ids(run(strategy))) == {"other"}
    nameless = Nameless()
    nameless.strategy_id = "duck"  # type: ignore[attr-defined]  # what any object may have
    assert ids(run(nameless)) == ["duck", "duck"]


def test_the_argument_goes_before_the_attribute() -> None:
    class Two(Named):
        @override
        def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
            view = state.updated
            self.count += view is not None
            if view is None or self.count > 1:
                return bp.NO_ORDERS
            return [], [view.market_order(bp.Side.BUY, 1, strategy_id="given")]

    assert ids(run(Two())) == ["given", "ema"]


@pytest.mark.parametrize(
    "make",
    [
        lambda view: view.market_order(bp.Side.BUY, 1),
        lambda view: view.limit_order(bp.Side.BUY, price=1, quantity=1),
    ],
)
def test_without_a_name_the_error_says_where_to_put_it(
    make: Callable[[bp.InstrumentView], bp.OrderRequestOpen],
) -> None:
    class Bare(bp.Strategy):
        @override
        def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
            return [], [make(state.instrument(0))]

    with pytest.raises(TypeError, match=r"_order does not know whose .* the attribute strategy_id"):
        run(Bare())
    engine = bp.Engine(Named(), two_instruments().index(), time_start=0)
    with pytest.raises(TypeError, match="attribute strategy_id"):
        make(engine.snapshot().instrument(0))


def test_a_wrong_name_is_refused_at_the_start() -> None:
    class Wrong(Named):
        strategy_id: bp.StrategyId | str = " "

    with pytest.raises(ValueError, match="strategy_id: strategy id must not be blank"):
        run(Wrong())


def test_default_strategy_is_named_by_its_argument() -> None:
    assert bp.DefaultStrategy("closing").strategy_id == bp.DefaultStrategy("closing").id
    assert bp.DefaultStrategy().id == bp.StrategyId("default")


def test_each_part_has_its_name_and_else_that_of_algo() -> None:
    parts = bp.Strategies(Named(), close_positions=Closer(), on_disconnect=Leaving())
    # The market order, the limit order, the sale of `Leaving`, the close.
    assert ids(run(parts, LOST)) == ["ema", "ema", "ema", "closer"]
    assert parts.strategy_id == "ema"
    with pytest.raises(TypeError, match="attribute strategy_id"):
        run(bp.Strategies(Nameless(), close_positions=Closer()))


def test_members_of_a_group_have_their_ids() -> None:
    group = bp.StrategyGroup({"slow": Named(), "fast": Nameless()})
    result = run(group)
    assert ids(result) == ["slow", "slow", "fast", "slow", "fast"]


def test_a_group_calls_each_hook_with_the_id_of_its_member() -> None:
    class Prepared(Named):
        made: bp.OrderRequestOpen | None = None

        @override
        def on_fill(self, trade: bp.Trade, state: bp.EngineView, /) -> None:
            self.made = state.instrument(0).limit_order(bp.Side.BUY, price=1, quantity=1)

        @override
        def on_disconnect(
            self, exchange: bp.ExchangeId, state: bp.EngineView, /
        ) -> Sequence[bp.HookCommand]:
            assert exchange is SPOT
            return Leaving().on_disconnect(exchange, state)

    members = {"a": Prepared(), "b": Prepared()}
    result = run(bp.StrategyGroup(members), LOST)
    assert ids(result) == ["a", "a", "b", "b", "a", "b"]
    for strategy_id, member in members.items():
        assert member.made is not None
        assert member.made.key.strategy == bp.StrategyId(strategy_id)


def test_the_engine_of_ones_own_knows_it_too() -> None:
    engine = bp.Engine(Named(), two_instruments().index(), time_start=0)
    engine.process(bp.TradingState.ENABLED)
    output = engine.process(quotes(1)[0])
    assert "ema" in output.to_json()


def test_the_native_request_is_refused_with_the_name_of_the_helper() -> None:
    class Native(Named):
        @override
        def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
            request = bp.build_ioc_market_order_to_close_position(0, 0, bp.Side.BUY, 1, "s", 100)
            return [], [request]  # type: ignore[list-item]  # the mistake

    with pytest.raises(TypeError, match=helpers.__name__ + r"\.build_ioc_market_order_to_close"):
        run(Native())

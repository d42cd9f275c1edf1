"""Several strategies in one engine, told apart by the ids of their orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import pytest
from support.histories import (
    BTC,
    START_NS,
    Action,
    OnMarketEvents,
    at,
    cancel_request,
    history,
    l1,
    quotes,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    AccountEvent,
    AccountEventError,
    BacktestResult,
    CancelOrders,
    DefaultStrategy,
    Engine,
    EngineView,
    ExchangeId,
    HookCommand,
    InstrumentFilter,
    MarketEvent,
    OrderRequestError,
    Orders,
    Reconnecting,
    Side,
    StateReplica,
    Strategy,
    StrategyData,
    StrategyGroup,
    Trade,
    TradingState,
    run_backtest,
)
from barter_python.instrument import IndexedInstrument
from barter_python.strategy import close_positions_of_strategy

PRICES = ("100", "104", "99", "120", "115", "111")


def order(side: Side, strategy_id: str, quantity: int = 1) -> Action:
    """Give an action that sends an order."""

    def act(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        return [], [view.market_order(side, quantity, strategy_id=strategy_id)]

    return act


@dataclass(eq=False)
class Noting(OnMarketEvents):
    """Keeps the fills that it is told of."""

    fills: list[Trade] = field(default_factory=list)

    @override
    def on_fill(self, trade: Trade, state: EngineView, /) -> None:
        self.fills.append(trade)


def group_run(*, close_at_end: bool = False) -> tuple[BacktestResult, dict[str, Noting]]:
    """Run two strategies against each other on one instrument."""
    members = {
        "long": Noting(
            {0: order(Side.BUY, "long", 2), 3: order(Side.SELL, "long"), 4: order(Side.BUY, "long")}
        ),
        "short": Noting(
            {1: order(Side.SELL, "short", 3), 2: order(Side.BUY, "short", 3),
             4: order(Side.SELL, "short")}
        ),
    }  # fmt: skip
    data = history(*(l1(100 * i, price, price) for i, price in enumerate(PRICES)))
    config = two_instruments(fee_rate=Decimal("0.001"))
    result = run_backtest(StrategyGroup(members), data, config, close_at_end=close_at_end)
    return result, members


def profit_by_strategy(result: BacktestResult, mark: str) -> dict[str, Fraction]:
    """Give the cash flow of each strategy's fills and the worth of what it holds."""
    profits: dict[str, Fraction] = {}
    for fill in result.fills:
        sign = 1 if fill.side is Side.BUY else -1
        quantity, price = sign * Fraction(fill.quantity), Fraction(fill.price)
        worth = quantity * (Fraction(mark) - price) - Fraction(fill.fees)
        profits[fill.strategy_id] = profits.get(fill.strategy_id, Fraction(0)) + worth
    return profits


@pytest.mark.parametrize("close_at_end", [False, True])
def test_results_are_told_apart(close_at_end: bool) -> None:
    result, members = group_run(close_at_end=close_at_end)
    by_strategy = result.by_strategy()
    assert list(by_strategy) == ["long", "short"]
    assert sum(len(one.orders) for one in by_strategy.values()) == len(result.orders)
    expected = profit_by_strategy(result, PRICES[-1])
    for name, one in by_strategy.items():
        assert one.fills == [fill for fill in result.fills if fill.strategy_id == name]
        assert members[name].fills == one.fills
        assert {report.order.strategy_id for report in one.orders} == {name}
        assert abs(Fraction(one.pnl["usdt"]) - expected[name]) < Fraction(1, 10**20)
        assert one.statistics.closed == len(one.positions)
    total = sum(Fraction(one.pnl["usdt"]) for one in by_strategy.values())
    assert abs(total - Fraction(result.pnl["usdt"])) < Fraction(1, 10**20)


def test_positions_are_those_of_each() -> None:
    result, _ = group_run()
    long, short = result.by_strategy().values()
    # Bought 2, sold 1, bought 1: never closed.
    (position,) = long.open_positions
    assert (position.side, position.quantity_abs) == (Side.BUY, Decimal(2))
    assert long.positions == []
    # Sold 3, bought 3, sold 1: one closed, one open.
    (closed,) = short.positions
    assert (closed.side, closed.quantity_abs_max) == (Side.SELL, Decimal(3))
    assert closed.pnl_realised == 3 * (104 - 99) - 3 * (Decimal("0.104") + Decimal("0.099"))
    (position,) = short.open_positions
    assert (position.side, position.quantity_abs) == (Side.SELL, Decimal(1))
    # Those of the account are others.
    assert [position.quantity_abs for position in result.open_positions] == [1]
    assert len(result.positions) == 2


def test_a_single_strategy_has_what_the_account_has() -> None:
    actions = {0: order(Side.BUY, "only"), 1: order(Side.SELL, "only", 3)}
    result = run_backtest(OnMarketEvents(actions), quotes(4), two_instruments())
    (only,) = result.by_strategy().values()
    assert only.orders == result.orders
    assert only.positions == result.positions
    assert only.open_positions == result.open_positions
    assert only.pnl == result.pnl
    assert run_backtest(DefaultStrategy(), quotes(2), two_instruments()).by_strategy() == {}


def test_closing_closes_the_position_of_each() -> None:
    result, _ = group_run(close_at_end=True)
    closing = [(report.order.strategy_id, report.order.side, report.order.quantity)
               for report in result.orders[-2:]]  # fmt: skip
    assert closing == [("long", Side.SELL, Decimal(2)), ("short", Side.BUY, Decimal(1))]
    assert all(one.open_positions == [] for one in result.by_strategy().values())


def fill(number: int, strategy_id: str, side: Side, quantity: Decimal | int = 1) -> AccountEvent:
    """Make the event of a fill."""
    return AccountEvent(
        0,
        Trade(
            f"{number}",
            f"{number}",
            BTC,
            strategy_id,
            at(number),
            side,
            price=100,
            quantity=quantity,
            fees=0,
        ),
    )


def test_the_live_state_tells_positions_apart() -> None:
    made = Engine(DefaultStrategy(), two_instruments().index(), time_start=START_NS)
    replica = StateReplica(made.audit_snapshot())
    before = made.snapshot()
    for event in (fill(1, "b", Side.SELL, 2), fill(2, "a", Side.BUY, 3), l1(3, "100", "102")):
        replica.update(made.process(event))
    state = made.snapshot()
    view = state.instrument(BTC)
    assert {
        name: (one.side, one.quantity_abs) for name, one in view.positions_by_strategy.items()
    } == {
        "a": (Side.BUY, Decimal(3)),
        "b": (Side.SELL, Decimal(2)),
    }
    assert view.position_of("a") == view.positions_by_strategy["a"]
    assert (view.position_of("c"), view.position is not None) == (None, True)
    assert before.instrument(BTC).positions_by_strategy == {}
    assert replica.state == state
    # One strategy's position only, and only where the filter lets it pass.
    cancels, (closing,) = close_positions_of_strategy("b", state)
    assert (cancels, closing.key.strategy.value) == ([], "b")
    assert (closing.state.side, closing.state.quantity) == (Side.BUY, Decimal(2))
    assert close_positions_of_strategy("c", state) == ([], [])
    made.process(fill(4, "b", Side.BUY, 2))
    assert list(made.snapshot().instrument(BTC).positions_by_strategy) == ["a"]


def test_a_missing_price_is_an_error_or_passed_over() -> None:
    made = Engine(DefaultStrategy(), two_instruments().index(), time_start=START_NS)
    made.process(fill(1, "a", Side.BUY))
    state = made.snapshot()
    with pytest.raises(ValueError, match="price is missing"):
        close_positions_of_strategy("a", state)
    assert close_positions_of_strategy("a", state, on_missing_price="skip") == ([], [])
    with pytest.raises(ValueError, match="on_missing_price must be"):
        close_positions_of_strategy("a", state, on_missing_price="never")  # type: ignore[arg-type]


def test_a_position_that_only_one_strategy_makes_too_large_is_refused() -> None:
    made = Engine(DefaultStrategy(), two_instruments().index(), time_start=START_NS)
    large = 6 * 10**13
    made.process(fill(1, "a", Side.BUY, large))
    made.process(fill(2, "b", Side.SELL, large))
    assert made.snapshot().instrument(BTC).position is None
    with pytest.raises(AccountEventError, match="makes the position of 60000000000000 too large"):
        made.process(fill(3, "a", Side.BUY, large))
    made.process(fill(4, "c", Side.BUY, large))


def test_a_member_cannot_send_orders_of_another() -> None:
    members = {"a": OnMarketEvents({0: order(Side.BUY, "b")}), "b": OnMarketEvents({})}
    with pytest.raises(OrderRequestError, match="strategy 'a' sent the request 'bp-1' with the"):
        run_backtest(StrategyGroup(members), quotes(1), two_instruments())
    members["a"] = OnMarketEvents({0: lambda _: ([cancel_request("x")], [])})
    with pytest.raises(OrderRequestError, match="the request 'x' with the strategy id 'test'"):
        run_backtest(StrategyGroup(members), quotes(1), two_instruments())
    members["a"] = OnMarketEvents({0: lambda _: []})  # type: ignore[dict-item,return-value]
    with pytest.raises(TypeError, match="strategy 'a' returned list: expected a pair"):
        run_backtest(StrategyGroup(members), quotes(1), two_instruments())


def test_a_group_is_checked() -> None:
    same = DefaultStrategy()
    with pytest.raises(ValueError, match="strategies must not be empty: "):
        StrategyGroup({})
    with pytest.raises(ValueError, match="strategy id must not be blank"):
        StrategyGroup({" ": same})
    with pytest.raises(ValueError, match=r"strategies\['b'\] is in the group already"):
        StrategyGroup({"a": same, "b": same})
    with pytest.raises(TypeError, match=r"strategies\['a'\] must be an instance"):
        StrategyGroup({"a": DefaultStrategy})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match=r"strategies\['a'\] must have the method"):
        StrategyGroup({"a": 1})  # type: ignore[dict-item]


def test_each_member_is_started_and_told_what_is_lost() -> None:

    log: list[str] = []

    @dataclass(eq=False)
    class Member(Strategy):
        name: str

        @override
        def on_start(self, state: EngineView, /) -> None:
            log.append(f"{self.name} starts")

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            return [], []

        @override
        def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> list[HookCommand]:
            log.append(f"{self.name} lost {exchange.value}")
            return [TradingState.DISABLED]

        @override
        def on_trading_disabled(self, state: EngineView, /) -> list[HookCommand]:
            log.append(f"{self.name} is disabled")
            return [CancelOrders(InstrumentFilter.none())]

    class Bare:
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            return [], []

    group = StrategyGroup({"a": Member("a"), "bare": Bare(), "b": Member("b")})
    made = Engine(group, two_instruments().index(), time_start=0)
    made.process(TradingState.ENABLED)
    made.process(Reconnecting(ExchangeId.BINANCE_SPOT))
    assert log == [
        "a starts",
        "b starts",
        "a lost binance_spot",
        "b lost binance_spot",
        "a is disabled",
        "b is disabled",
    ]
    # Each has asked for it, and there was nothing left to do for the second.
    assert len(made.last_ticks) == 3
    made.process(fill(1, "bare", Side.BUY))


class Keeping(DefaultStrategy):
    """A strategy whose data is the engine's to keep, of all instruments or of each."""

    def __init__(self, data: StrategyData, *, of_each: bool) -> None:
        """Keep it until it is asked for."""
        super().__init__()
        self.data, self.of_each = data, of_each

    @override
    def global_data(self, /) -> StrategyData | None:
        return None if self.of_each else self.data

    @override
    def instrument_data(self, instrument: IndexedInstrument, /) -> StrategyData | None:
        return self.data if self.of_each else None


class Ignoring:
    """Data that learns nothing."""

    def on_market(self, event: MarketEvent, /) -> None:
        """Look away."""

    def on_account(self, event: AccountEvent, /) -> None:
        """Look away."""


@pytest.mark.parametrize(("of_each", "method"), [(True, "instrument_data"), (False, "global_data")])
def test_a_group_refuses_strategies_with_data_of_their_own(*, of_each: bool, method: str) -> None:
    group = StrategyGroup({"a": DefaultStrategy(), "b": Keeping(Ignoring(), of_each=of_each)})
    with pytest.raises(
        TypeError, match=rf"strategy 'b' has data of its own \({method} returned a Ignoring\)"
    ):
        Engine(group, two_instruments().index(), time_start=START_NS)

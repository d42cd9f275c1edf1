"""The default strategy, and strategies without a base class."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.closing import BOUGHT, CONFIG, SHORT, Live, book, position_of, state_of

from barter_python import (
    BacktestResult,
    Command,
    EngineView,
    ExchangeId,
    MarketData,
    MarketEvent,
    Reconnecting,
    run_backtest,
)
from barter_python.execution import (
    ClientOrderId,
    StrategyId,
)
from barter_python.instrument import Side
from barter_python.strategy import (
    NO_ORDERS,
    AlgoStrategy,
    ClosePositionsStrategy,
    DefaultStrategy,
    EngineState,
    InstrumentFilter,
    OnDisconnectStrategy,
    OnTradingDisabledStrategy,
    Orders,
    Strategy,
    close_open_positions_with_market_orders,
)


class TestDefaultStrategy:
    def test_id(self) -> None:
        assert DefaultStrategy().id == StrategyId("default")
        assert DefaultStrategy.default().id == StrategyId("default")
        assert type(DefaultStrategy.default()) is DefaultStrategy
        assert DefaultStrategy("mine").id == StrategyId("mine")
        assert DefaultStrategy(strategy_id="mine").id == StrategyId("mine")
        assert DefaultStrategy(strategy_id=StrategyId("mine")).id == StrategyId("mine")
        with pytest.raises(ValueError, match="strategy id"):
            DefaultStrategy(" ")

    @pytest.mark.parametrize("wrong", [None, 5, ClientOrderId("x")], ids=repr)
    def test_id_of_another_type(self, wrong: object) -> None:
        with pytest.raises(TypeError):
            DefaultStrategy(wrong)  # type: ignore[arg-type]

    def test_makes_no_orders(self) -> None:
        assert DefaultStrategy().generate_algo_orders(EngineState([state_of()])) == ([], [])

    def test_closes_positions(self) -> None:
        state = EngineState([state_of(), state_of(exchange=3, position=SHORT)])
        default = DefaultStrategy()
        expected = close_open_positions_with_market_orders("default", state)
        assert default.close_positions_requests(state) == expected
        assert len(expected[1]) == 2
        only = InstrumentFilter.exchanges([3])
        assert default.close_positions_requests(state=state, filter=only) == ([], expected[1][1:])
        assert default.close_positions_requests(state, only) == ([], expected[1][1:])
        assert default.close_positions_requests(state, None) == expected
        with pytest.raises(ValueError, match="price"):
            default.close_positions_requests(EngineState([state_of(price=None)]))
        with pytest.raises(ValueError, match="quantity must be positive"):
            default.close_positions_requests(
                EngineState([state_of(position=position_of(quantity_abs=-1))])
            )

    def test_hooks_do_nothing(self) -> None:
        default, state = DefaultStrategy(), EngineState([state_of()])
        for commands in (
            default.on_disconnect("binance_spot"),
            default.on_disconnect(ExchangeId.BINANCE_SPOT),
            default.on_disconnect("binance_spot", state),
            default.on_disconnect("binance_spot", state=state),
            default.on_trading_disabled(),
            default.on_trading_disabled(state),
            default.on_trading_disabled(state=state),
        ):
            assert not commands

    def test_runs(self) -> None:
        events: list[MarketEvent | Reconnecting] = [
            book(0, 0),
            Reconnecting(ExchangeId.COINBASE),
            book(0, 1),
        ]
        result = run_backtest(DefaultStrategy(), MarketData.from_events(events), CONFIG)
        assert result.orders == []


class Structural:
    """A strategy without a base class."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.called.append("generate_algo_orders")
        updated = state.updated
        if updated is not None and updated.index == BOUGHT and not updated.has_orders:
            return [], [updated.market_order(Side.BUY, 1, strategy_id="structural")]
        return NO_ORDERS

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        self.called.append(f"close_positions_requests {filter}")
        return close_open_positions_with_market_orders("structural", state, filter)

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        self.called.append(f"on_disconnect {exchange.name}")
        return []

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[Command]:
        self.called.append("on_trading_disabled")
        return []


class TestProtocols:
    @pytest.mark.parametrize(
        ("protocol", "hook"),
        [
            (AlgoStrategy, "generate_algo_orders"),
            (ClosePositionsStrategy, "close_positions_requests"),
            (OnDisconnectStrategy, "on_disconnect"),
            (OnTradingDisabledStrategy, "on_trading_disabled"),
        ],
    )
    def test_protocol_has_its_hook(self, protocol: type, hook: str) -> None:
        assert getattr(protocol, "_is_protocol", False) is True
        assert [name for name in vars(protocol) if not name.startswith("_")] == [hook]
        assert callable(getattr(Strategy, hook))
        assert callable(getattr(DefaultStrategy, hook))
        with pytest.raises(TypeError):
            protocol()

    def test_who_satisfies_them(self) -> None:
        # The annotations are what is tested here, by the type checker.
        for one in (Structural(), Live(lambda _: None), DefaultStrategy()):
            algo: AlgoStrategy = one
            closing: ClosePositionsStrategy = one
            disconnected: OnDisconnectStrategy = one
            disabled: OnTradingDisabledStrategy = one
            together: list[object] = [algo, closing, disconnected, disabled]
            assert together == [one] * 4

    def test_structural_strategy_runs(self) -> None:
        strategy_without_base = Structural()
        events: list[MarketEvent | Reconnecting] = [
            book(BOUGHT, 0),
            Reconnecting(ExchangeId.COINBASE),
            book(BOUGHT, 1),
        ]
        result: BacktestResult = run_backtest(
            strategy_without_base, MarketData.from_events(events), CONFIG, close_at_end=True
        )
        assert strategy_without_base.called[0] == "generate_algo_orders"
        assert "on_disconnect COINBASE" in strategy_without_base.called
        assert "close_positions_requests InstrumentFilter.none()" in strategy_without_base.called
        assert result.open_positions == []
        assert [position.instrument for position in result.positions] == [BOUGHT]

    def test_strategy_is_abstract(self) -> None:
        with pytest.raises(TypeError, match="generate_algo_orders"):
            Strategy()  # type: ignore[abstract]

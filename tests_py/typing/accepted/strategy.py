"""Strategies: by the base class, by the Protocols, and several at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import assert_type, override

import barter_python as bp
from accepted.closing import OwnState, loose_id, view_id
from accepted.shared import SPOT, book, system_config
from accepted.view import check_instrument, describe_event
from barter_python import Side, strategy
from barter_python.statistic import (
    TearSheetAsset,
)


@dataclass
class Typed(bp.Strategy):
    """A user's strategy with every hook."""

    quantities: Mapping[str, Decimal]
    seen: list[str] = field(default_factory=list)
    strategy_id = bp.StrategyId("typed")

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        assert_type(self.id, bp.StrategyId)
        self.look(state)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.look(state)
        instrument = state.updated
        if instrument is None or instrument.price is None or instrument.has_orders:
            return bp.NO_ORDERS
        position = instrument.position
        if position is None:
            quantity = self.quantities[instrument.name]
            order = instrument.market_order(Side.BUY, quantity, strategy_id=self.id)
            return [], [order]
        closing = strategy.build_ioc_market_order_to_close_position(
            instrument.exchange, position, self.id, instrument.price, gen_cid=state.next_cid
        )
        assert_type(closing, bp.OrderRequestOpen)
        cancels = [bp.OrderRequestCancel(key=closing.key)]
        return (cancels[:0], (closing,))

    @override
    def close_positions_requests(
        self, state: bp.EngineView, filter: bp.InstrumentFilter, /
    ) -> bp.Orders:
        return super().close_positions_requests(state, filter)

    @override
    def on_disconnect(
        self, exchange: bp.ExchangeId, state: bp.EngineView, /
    ) -> Sequence[bp.Command]:
        lost = bp.InstrumentFilter.exchanges([state.exchange_index(exchange)])
        return [bp.CancelOrders(lost), bp.ClosePositions(lost)]

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> Sequence[bp.Command]:
        return [bp.SendOpenRequests([]), bp.SendCancelRequests(())]

    def look(self, state: bp.EngineView) -> None:
        """Read all that a state has."""
        assert_type(state.updated, bp.InstrumentView | None)
        assert_type(state.event, bp.MarketEvent | bp.Reconnecting | bp.AccountEvent | None)
        assert_type(state.time, datetime)
        assert_type(state.time_ns, int)
        assert_type(state.trading_enabled, bool)
        assert_type(state.instruments, list[bp.InstrumentView])
        assert_type(state.instruments_iter(), Iterator[bp.InstrumentView])
        assert_type(state.instrument(0), bp.InstrumentView)
        assert_type(state.instrument("binancespot-btc_usdt"), bp.InstrumentView)
        assert_type(state.instrument((SPOT, "BTCUSDT")), bp.InstrumentView)
        assert_type(state.tear_sheet_asset(SPOT, "usdt"), TearSheetAsset)
        assert_type(state.snapshot(), bp.EngineView)
        assert_type(state.exchange_index(SPOT), int)
        assert_type(state.balance(SPOT, "usdt"), bp.Balance)
        assert_type(state.next_cid(), bp.ClientOrderId)
        self.seen.append(describe_event(state.event))
        for instrument in state.instruments:
            check_instrument(instrument)
        everything = bp.InstrumentFilter.none()
        close = strategy.close_open_positions_with_market_orders
        for cancels, opens in (
            close("typed", state),
            close("typed", state, everything, view_id, on_missing_price="skip"),
            close(self.id, state, gen_cid=lambda view: view.name),
            close("typed", state, None, loose_id),
        ):
            assert_type(cancels, list[bp.OrderRequestCancel])
            assert_type(opens, list[bp.OrderRequestOpen])


class Structural:
    """A strategy without the base class, by the Protocol alone."""

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Do nothing."""
        return (), ()


ALGO: bp.AlgoStrategy = Structural()
HOOKS: tuple[
    bp.AlgoStrategy,
    bp.ClosePositionsStrategy,
    bp.OnDisconnectStrategy,
    bp.OnTradingDisabledStrategy,
] = (Typed({}), Typed({}), Typed({}), Typed({}))


def test_default_strategy_needs_no_state() -> None:
    default = bp.DefaultStrategy("typed")
    assert_type(bp.DefaultStrategy.default(), bp.DefaultStrategy)
    assert_type(default.generate_algo_orders(), bp.Orders)
    cancels, opens = default.close_positions_requests(OwnState())
    assert_type(cancels, list[bp.OrderRequestCancel])
    assert_type(opens, list[bp.OrderRequestOpen])
    assert default.on_disconnect(SPOT) == default.on_trading_disabled() == ()


class Hooked(bp.Strategy):
    """A strategy with all hooks."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        return bp.NO_ORDERS

    @override
    def on_fill(self, trade: bp.Trade, state: bp.EngineView, /) -> None:
        assert_type(trade.price, Decimal)

    @override
    def on_position_closed(self, position: bp.PositionExited, state: bp.EngineView, /) -> None:
        assert_type(position.pnl_realised, Decimal)

    @override
    def on_warmup(self, state: bp.EngineView, /) -> None:
        assert_type(state.trading, bp.TradingState)
        assert state.trading is bp.TradingState.DISABLED

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        assert_type(timer.id, int)
        assert_type(timer.time, datetime)
        assert_type(timer.time_ns, int)
        assert_type(timer.every, timedelta | None)
        assert_type(timer.strategy_id, str | None)
        assert_type(state.call_at(timer.time_ns + 1), bp.Timer)
        assert_type(state.call_at(timer.time, every=timedelta(minutes=1)), bp.Timer)
        assert_type(state.timers, list[bp.Timer])
        assert_type(state.cancel_timer(timer), bool)
        return bp.NO_ORDERS

    @override
    def on_disconnect(
        self, exchange: bp.ExchangeId, state: bp.EngineView, /
    ) -> Sequence[bp.HookCommand]:
        return [*bp.cancel_all_orders_on_disconnect(exchange, state), bp.TradingState.DISABLED]

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> Sequence[bp.Command]:
        return bp.close_all_positions_on_trading_disabled(state)


def test_hooks_and_several_strategies() -> None:
    hooked = Hooked()
    traits: tuple[
        bp.AlgoStrategy,
        bp.ClosePositionsStrategy,
        bp.OnDisconnectStrategy,
        bp.OnTradingDisabledStrategy,
        bp.OnFillStrategy,
        bp.OnPositionClosedStrategy,
        bp.OnWarmupStrategy,
    ] = (hooked, hooked, hooked, hooked, hooked, hooked, hooked)
    joined = bp.Strategies(traits[0], close_positions=traits[1], on_disconnect=traits[2])
    members = {"a": hooked, "b": Hooked()}
    strategies: list[bp.AlgoStrategy] = [joined, bp.StrategyGroup(members)]
    for joined_or_group in strategies:
        data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
        before = bp.MarketData.from_events([book(0, 100)])
        result = bp.run_backtest(joined_or_group, data, system_config(), warmup=before)
        assert_type(result.settings.warmup_events, int)
        assert_type(result.by_strategy(), Mapping[str, bp.StrategyResult])
        for one in result.by_strategy().values():
            assert_type(one.pnl, Mapping[str, Decimal])
            assert_type(one.positions, bp.Records[bp.PositionExited])

"""Definitions, tear sheets and look-ups of an engine's state."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from support.engines import engine
from support.histories import (
    BTC,
    ETH,
    SPOT,
    at,
    cancel_request,
    market_request,
    run,
    spot,
    two_exchanges,
)
from support.snapshots import Keeping, again

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AssetBalance,
    AuditSnapshot,
    AuditTick,
    Balance,
    ClientOrderId,
    DefaultStrategy,
    Engine,
    EngineView,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    MarketData,
    Orders,
    OrderStatus,
    Side,
    StateReplica,
    SystemConfig,
    TimeInterval,
    Trade,
    Underlying,
    UnknownKeyError,
    ViewError,
    run_backtest,
)
from barter_python.engine import (
    PositionExit,
    SendCancelRequests,
    SendOpenRequests,
)
from barter_python.instrument import InstrumentQuoteAsset, OptionExercise, OptionKind
from barter_python.statistic import TearSheetAssetGenerator, TearSheetGenerator
from barter_python.system import (
    FutureContract,
    InstrumentKind,
    InstrumentSpec,
    OptionContract,
    OrderQuantityUnits,
    PerpetualContract,
    Spot,
)

EXPIRY = datetime(2030, 6, 28, 8, 0, 0, 123457, tzinfo=timezone.utc)
KINDS: list[InstrumentKind] = [
    Spot.SPOT,
    PerpetualContract(Decimal("0.010"), "USDT"),
    FutureContract(1, "btc", EXPIRY),
    OptionContract(
        10, "USDC", OptionKind.PUT, OptionExercise.BERMUDAN, EXPIRY, strike=Decimal("1E+3")
    ),
]
SPECS = [
    None,
    InstrumentSpec(
        price_min=Decimal("0.01"),
        price_tick_size=Decimal("0.010"),
        quantity_unit="BTC",
        quantity_min=0,
        quantity_increment=Decimal("1E-8"),
        notional_min=10,
    ),
    InstrumentSpec(
        price_min=0,
        price_tick_size=1,
        quantity_unit=OrderQuantityUnits.CONTRACT,
        quantity_min=1,
        quantity_increment=1,
        notional_min=0,
    ),
    InstrumentSpec(
        price_min=0,
        price_tick_size=1,
        quantity_unit=OrderQuantityUnits.QUOTE,
        quantity_min=1,
        quantity_increment=1,
        notional_min=0,
    ),
]


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("quote", InstrumentQuoteAsset)
def test_a_definition_is_what_was_configured(
    quote: InstrumentQuoteAsset, kind: InstrumentKind, spec: InstrumentSpec | None
) -> None:
    base = "BTC" if spec is not None and spec.quantity_unit == "BTC" else "btc"
    if isinstance(kind, FutureContract):
        kind = replace(kind, settlement_asset=base)
    config = InstrumentConfig(SPOT, "BTC-X", Underlying(base, "UsdT2"), quote, kind, spec)
    other = spot("aaa", exchange=ExchangeId.COINBASE)
    indexed = IndexedInstruments([other, config])
    state = Engine(DefaultStrategy(), indexed, time_start=0).snapshot()
    view = state.instrument((SPOT, "BTC-X"))
    assert (view.definition, view.kind, view.spec) == (config, config.kind, config.spec)
    assert view.name == "binancespot-btc_usdt2"
    assert state.instrument((ExchangeId.COINBASE, "AAAUSDT")).definition == other
    # Indexed again, it is the same; barter's JSON would cut the expiry to milliseconds.
    assert IndexedInstruments([each.definition for each in state.instruments]) == indexed
    assert pickle.loads(pickle.dumps(indexed)) == indexed
    loaded = again(state)
    assert loaded == state
    assert loaded.instrument(view.name).definition == config


# Tear sheets


def test_tear_sheets_are_those_of_the_session(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    """Three ways: the view, barter's summary of the session, and the generator fed by hand."""
    instruments = real_config.index()
    told: list[AuditSnapshot | AuditTick] = []
    ended = run_backtest(Keeping(), real_history, real_config, audit=told.append)
    start, *ticks = told
    assert isinstance(start, AuditSnapshot)
    replica = StateReplica(start)
    generators = [TearSheetGenerator.init(start.time_ns) for _ in instruments.instruments]
    for tick in ticks:
        assert isinstance(tick, AuditTick)
        replica.update(tick)
        for output in tick.outputs:
            if isinstance(output, PositionExit):
                position = output.position
                generators[position.instrument].update_from_position(position)
    state = replica.state
    for number, view in enumerate(state.instruments):
        default = view.tear_sheet()
        assert view.tear_sheet() == default  # generating changes nothing
        assert default == ended.summary.instruments[view.name]
        assert default == again(state).instrument(number).tear_sheet()
        for free, interval in ((0, timedelta(days=7)), (Decimal("0.01"), TimeInterval.DAILY)):
            sheet = view.tear_sheet(risk_free_return=free, interval=interval)
            expected = generators[number].generate(risk_free_return=free, interval=interval)
            assert sheet == expected
            assert sheet != default
    for asset in state.assets:
        sheet_of_asset = state.tear_sheet_asset(asset.exchange, asset.name.upper())
        assert sheet_of_asset == state.tear_sheet_asset(asset.exchange, asset.name)
        assert sheet_of_asset == ended.summary.assets[f"binance_spot_{asset.name}"]
    assert state.tear_sheet_asset(SPOT, "usdt").drawdown_max is not None


def test_the_tear_sheet_of_an_asset_is_of_its_balances() -> None:
    made = engine()
    generator = TearSheetAssetGenerator.default()
    for number, total in enumerate([100, 50, 120, 90]):
        balance = AssetBalance(2, Balance(total=total, free=total), at(number))
        made.process(AccountEvent(0, balance))
        generator.update_from_balance(balance)
        assert made.snapshot().tear_sheet_asset(SPOT, "usdt") == generator.generate()
    assert made.snapshot().tear_sheet_asset(SPOT, "btc").balance_end is None
    with pytest.raises(UnknownKeyError, match="no instrument on binance_spot has the asset"):
        made.snapshot().tear_sheet_asset(SPOT, "sol")


def test_arguments_of_tear_sheets_are_checked() -> None:
    view = engine().snapshot().instrument(BTC)
    with pytest.raises(ValueError, match="interval must be of whole seconds"):
        view.tear_sheet(interval=timedelta(milliseconds=1500))
    with pytest.raises(ValueError, match="interval: must be positive"):
        view.tear_sheet(interval=timedelta(0))
    with pytest.raises(TypeError, match="risk_free_return"):
        view.tear_sheet(risk_free_return=0.5)  # type: ignore[arg-type]


def test_a_tear_sheet_that_does_not_fit_is_an_error() -> None:
    made = engine()
    most = 10**28 - 1
    trades = [
        (Side.BUY, "1000"), (Side.SELL, "1001"), (Side.BUY, "1000"), (Side.SELL, "1001.1"),
    ]  # fmt: skip
    for number, (side, price) in enumerate(trades):
        fill = Trade(
            "fill", "order", BTC, "me", at(number), side, price=Decimal(price), quantity=1, fees=0
        )
        made.process(AccountEvent(0, fill))
    view = made.snapshot().instrument(BTC)
    assert view.tear_sheet().pnl == Decimal("2.1")
    with pytest.raises(ValueError, match=f"a ratio does not fit with risk_free_return=-{most}"):
        view.tear_sheet(risk_free_return=-most)


# Looking up


def test_instruments_by_the_exchange_s_name() -> None:
    indexed = two_exchanges().index()
    state = Engine(DefaultStrategy(), indexed, time_start=0).snapshot()
    assert state.instrument((SPOT, "BTCUSDT")) is state.instrument(0)
    assert state.instrument((ExchangeId.COINBASE, "BTCUSD")) is state.instrument(1)
    for exchange, name in ((SPOT, "BTCUSD"), (SPOT, "btcusdt"), (ExchangeId.KRAKEN, "BTCUSDT")):
        with pytest.raises(
            UnknownKeyError, match=f"no instrument on {exchange.value} is called .{name}. there"
        ):
            state.instrument((exchange, name))
    wrong: list[object] = [("binance_spot", "BTCUSDT"), (SPOT, 0), (SPOT,), None, 1.0, [SPOT, "A"]]
    for key in wrong:
        with pytest.raises(TypeError, match="its index, its name, or a pair"):
            state.instrument(key)  # type: ignore[arg-type]


def test_one_name_for_several_instruments_is_ambiguous() -> None:
    configs = [
        InstrumentConfig(SPOT, "SAME", Underlying(base, "usdt")) for base in ("btc", "eth", "sol")
    ]
    other = spot("xrp")
    state = Engine(
        DefaultStrategy(), IndexedInstruments([*configs, other]), time_start=0
    ).snapshot()
    with pytest.raises(UnknownKeyError, match=r"several .*binancespot-btc_usdt.*binancespot-sol"):
        state.instrument((SPOT, "SAME"))
    assert state.instrument((SPOT, "XRPUSDT")).definition == other


def test_orders_by_id() -> None:
    made = engine()
    made.process(SendOpenRequests([market_request("mine"), market_request("other")]))
    made.process(SendCancelRequests([cancel_request("mine")]))
    state = made.snapshot()
    view = state.instrument(BTC)
    assert [view.order("mine"), view.order(ClientOrderId("other"))] == view.orders
    order = view.order("mine")
    assert order is not None
    assert order.status is OrderStatus.CANCEL_IN_FLIGHT
    assert view.order("unknown") is None
    assert state.instrument(ETH).order("mine") is None
    with pytest.raises(TypeError, match="must be a str or a ClientOrderId"):
        view.order(5)  # type: ignore[arg-type]


def test_nothing_is_looked_up_outside_callbacks() -> None:
    kept: list[EngineView] = []

    def keep(state: EngineView) -> Orders:
        kept.append(state)
        return NO_ORDERS

    instruments = []

    def keep_instrument(state: EngineView) -> Orders:
        instruments.append(state.instrument(BTC))
        return keep(state)

    run(keep_instrument)
    state, view = kept[0], instruments[0]
    looks: list[Callable[[], object]] = [
        lambda: state.instrument((SPOT, "BTCUSDT")),
        lambda: state.tear_sheet_asset(SPOT, "usdt"),
        lambda: view.definition,
        lambda: view.kind,
        lambda: view.spec,
        view.tear_sheet,
        lambda: view.order("mine"),
    ]
    for look in looks:
        with pytest.raises(ViewError):
            look()
    assert repr(view) == "<InstrumentView 0 outside the callbacks of its run>"
    assert repr(state) == "<EngineView outside the callbacks of its run>"
    assert state._repr_html_() == "<p>&lt;EngineView outside the callbacks of its run&gt;</p>"

"""Snapshots of the engine's state: pickled, compared, followed, looked up and shown."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from histories import (
    BTC,
    ETH,
    SPOT,
    Acting,
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
    snapshot,
    spot,
    trade,
    two_exchanges,
    two_instruments,
    update,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AccountEventError,
    AssetBalance,
    AuditSnapshot,
    AuditTick,
    Balance,
    ClientOrderId,
    ConfigError,
    DefaultStrategy,
    Engine,
    EngineView,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    MarketData,
    OrderRequestError,
    Orders,
    OrderStatus,
    Side,
    StateReplica,
    Strategy,
    SystemConfig,
    TimeInterval,
    Trade,
    Underlying,
    UnknownKeyError,
    ViewError,
    run_backtest,
)
from barter_python.engine import (
    EngineEvent,
    PositionExit,
    SendCancelRequests,
    SendOpenRequests,
    TradingState,
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

INSTRUMENTS = two_instruments().index()


def engine(strategy: Strategy | None = None) -> Engine:
    made = Engine(strategy or DefaultStrategy(), INSTRUMENTS, time_start=at(-1))
    made.process(TradingState.ENABLED)
    return made


def again(state: EngineView) -> EngineView:
    made: object = pickle.loads(pickle.dumps(state))
    assert isinstance(made, EngineView)
    return made


def anew(start: AuditSnapshot) -> AuditSnapshot:
    made: object = pickle.loads(pickle.dumps(start))
    assert isinstance(made, AuditSnapshot)
    return made


def seen(state: EngineView) -> list[object]:
    """Everything that a snapshot shows, but for what a new view makes anew."""
    updated = state.updated
    return [
        state.time_ns,
        None if updated is None else updated.index,
        state.event,
        state.trading,
        state.health,
        state.connectivity,
        state.assets,
        repr(state),
        *(
            [
                view.definition,
                view.price,
                view.book,
                (view.mid_f64, view.best_bid_f64, view.best_ask_f64, view.last_trade_f64),
                view.position,
                view.orders,
                view.tear_sheet(),
                repr(view),
            ]
            for view in state.instruments
        ),
    ]


# Pickling


@pytest.mark.parametrize(
    "happened",
    [
        None,
        l1(0, "100.10", "102"),
        l1(0, None, "102", instrument=ETH),
        trade(0, "0.1"),
        candle(0, "87232.100"),
        snapshot(0, {"100": "1"}, {"101": "2"}),
        reconnecting(),
        AccountEvent(0, AssetBalance(2, Balance(100, 100), at(0))),
        TradingState.DISABLED,
    ],
    ids=lambda happened: type(happened).__name__,
)
def test_a_pickled_snapshot_keeps_everything(happened: EngineEvent | None) -> None:
    made = engine(OnMarketEvents({0: buy}))
    made.process(l1(-1, "100", "101"))
    if happened is not None:
        made.process(happened)
    original = made.snapshot()
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        loaded: object = pickle.loads(pickle.dumps(original, protocol))
        assert isinstance(loaded, EngineView)
        assert loaded.is_snapshot
        assert loaded == original
        assert hash(loaded) == hash(original)
        assert seen(loaded) == seen(original)
    assert copy.copy(original) == original
    assert copy.deepcopy(original) == original
    # Ids go on where they were, each for itself.
    copied = again(original)
    expected = original.next_cid()
    assert [copied.next_cid(), again(copied).next_cid().value != expected.value] == [expected, True]


def test_a_pickled_snapshot_changes_no_more() -> None:
    made = engine()
    made.process(l1(0, "100", "102"))
    data = pickle.dumps(made.snapshot())
    made.process(l1(1, "200", "202"))
    loaded: object = pickle.loads(data)
    assert isinstance(loaded, EngineView)
    assert loaded.instrument(BTC).mid == 101
    assert loaded != made.snapshot()


def test_a_live_view_says_to_take_a_snapshot() -> None:
    kept: list[EngineView] = []

    def keep(state: EngineView) -> Orders:
        for dump in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match=r"running engine .* take a snapshot\(\)"):
                dump(state)
        kept.append(state)
        return NO_ORDERS

    run(keep)
    with pytest.raises(TypeError, match=r"take a snapshot\(\)"):
        pickle.dumps(kept[0])


def test_what_is_no_snapshot_is_refused() -> None:
    reduced = engine().snapshot().__reduce__()[0].__reduce__()
    assert isinstance(reduced, tuple)
    instruments, text, _ = reduced[1][1:]
    assert EngineView._from_kept(instruments, text, []) == engine().snapshot()
    with pytest.raises(ConfigError, match="not a snapshot of an engine"):
        EngineView._from_kept(instruments, "{}", [])
    with pytest.raises(ConfigError, match="other instruments"):
        EngineView._from_kept(two_exchanges().index(), text, [])


@dataclass(eq=False)
class Keeping(Strategy):
    """Trades now and then, and takes a snapshot where there is something to keep."""

    count: int = 0
    kept: list[EngineView] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.count += 1
        if self.count % 400 == 0 or (isinstance(state.event, AccountEvent) and self.count % 7 == 0):
            self.kept.append(state.snapshot())
        instrument = state.updated
        if instrument is None or self.count % 97 or instrument.has_orders:
            return NO_ORDERS
        side = Side.BUY if instrument.position is None else Side.SELL
        return [], [instrument.market_order(side, Decimal("0.01"), strategy_id="keeping")]


def test_snapshots_of_a_run_of_real_data_are_pickled_exactly(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    strategy = Keeping()
    told: list[AuditSnapshot | AuditTick] = []
    run_backtest(
        strategy,
        real_history,
        real_config,
        latency=timedelta(milliseconds=500),
        audit=told.append,
    )
    met: Counter[str] = Counter()
    before: EngineView | None = None
    for kept in strategy.kept:
        loaded = again(kept)
        assert loaded == kept
        assert loaded != before
        assert seen(loaded) == seen(kept)
        # The text shows what equality does not, such as zeros at the end of decimals.
        assert kept_text(loaded) == kept_text(kept)
        before = kept
        for view in kept.instruments:
            met["orders"] += len(view.orders)
            met["positions"] += view.position is not None
            met["closed"] += view.tear_sheet().pnl != 0
        met["drawdowns"] += kept.tear_sheet_asset(SPOT, "usdt").drawdown_max is not None
        met["account"] += isinstance(kept.event, AccountEvent)
    assert len(strategy.kept) > 200
    assert min(met[what] for what in ("orders", "positions", "closed", "drawdowns", "account")) > 20

    # A replica of the pickled start follows the whole run, and so does one of that replica's ticks.
    start, *ticks = told
    assert isinstance(start, AuditSnapshot)
    replica, follower = StateReplica(start), StateReplica(anew(start))
    for number, tick in enumerate(ticks):
        assert isinstance(tick, AuditTick)
        replica.update(tick)
        follower.update(tick)
        if number % 500 == 0:
            assert follower.state == replica.state
            assert again(follower.state) == replica.state
    assert follower.sequence == replica.sequence == len(ticks)


def kept_text(state: EngineView) -> dict[str, object]:
    """What pickling writes; orders are a hash map, whose order is of no meaning."""
    reduced = state.__reduce__()[0].__reduce__()
    assert isinstance(reduced, tuple)
    # Where barter has a negative zero, what is read back is zero.
    written = re.sub(r'"-(0(\.0*)?)"', r'"\1"', reduced[1][2])
    text: dict[str, object] = json.loads(written)
    return text


# Any events, and then more of them


def _events() -> st.SearchStrategy[EngineEvent]:
    milliseconds = st.integers(0, 50)
    instrument = st.sampled_from([BTC, ETH])
    price = st.decimals(1, 1000, places=3)
    text = price.map(str)
    levels = st.dictionaries(text.filter(lambda price: Decimal(price) < 500), text, max_size=3)
    asks = st.dictionaries(text.filter(lambda price: Decimal(price) >= 500), text, max_size=3)
    ids = st.sampled_from(["one", "two", "three"])

    def fill(milliseconds: int, side: Side, instrument: int, price: Decimal) -> AccountEvent:
        return AccountEvent(
            0, Trade("fill", "order", instrument, "me", at(milliseconds), side, price, 1, 0)
        )

    def market(price: str, distance: Decimal, milliseconds: int, instrument: int) -> EngineEvent:
        ask = str(Decimal(price) + distance)
        return l1(milliseconds, price, ask, instrument=instrument)

    return st.one_of(
        st.builds(market, text, price, milliseconds, instrument),
        st.builds(lambda ms, of: l1(ms, None, None, instrument=of), milliseconds, instrument),
        st.builds(lambda ms, of, at: trade(ms, at, instrument=of), milliseconds, instrument, text),
        st.builds(candle, milliseconds, text),
        st.builds(snapshot, milliseconds, levels, asks),
        st.builds(update, milliseconds, levels, asks),
        st.just(reconnecting()),
        st.sampled_from(TradingState),
        st.builds(
            lambda cid, of: SendOpenRequests([market_request(cid, instrument=of)]), ids, instrument
        ),
        st.builds(
            lambda cid, of: SendCancelRequests([cancel_request(cid, instrument=of)]),
            ids,
            instrument,
        ),
        st.builds(fill, milliseconds, st.sampled_from(Side), instrument, price),
        st.builds(
            lambda ms, total: AccountEvent(0, AssetBalance(2, Balance(total, total), at(ms))),
            milliseconds,
            price,
        ),
    )


def processed(made: Engine, happened: EngineEvent) -> list[AuditTick]:
    """The tick of an event; none where the engine refuses it."""
    try:
        return [made.process(happened)]
    except (OrderRequestError, AccountEventError):
        return []


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(before=st.lists(_events(), max_size=12), after=st.lists(_events(), max_size=6))
def test_any_state_is_pickled_exactly(before: list[EngineEvent], after: list[EngineEvent]) -> None:
    made = engine()
    for happened in before:
        processed(made, happened)
    original = made.snapshot()
    loaded = again(original)
    assert loaded == original
    assert seen(loaded) == seen(original)
    assert kept_text(loaded) == kept_text(original)
    start = made.audit_snapshot()
    replica = StateReplica(anew(start))
    for happened in after:
        for tick in processed(made, happened):
            replica.update(tick)
        assert replica.state == made.snapshot()


# Audit snapshots


def test_audit_snapshots_are_pickled_and_compared() -> None:
    made = engine()
    made.process(l1(0, "100", "102"))
    start = made.audit_snapshot()
    loaded = anew(start)
    assert (loaded, hash(loaded), repr(loaded)) == (start, hash(start), repr(start))
    assert (loaded.sequence, loaded.time_ns, loaded.state) == (
        start.sequence,
        start.time_ns,
        start.state,
    )
    assert copy.copy(start) == copy.deepcopy(start) == start
    later = made.audit_snapshot()
    assert later.state == start.state
    assert later != start  # its number is another
    made.process(trade(0, "7"))
    other = engine()
    other.process(l1(0, "100", "102"))
    assert other.audit_snapshot() == start
    other.process(l1(0, "100", "103"))
    assert other.audit_snapshot() != made.audit_snapshot()
    assert start != "a snapshot"


# Definitions

EXPIRY = datetime(2030, 6, 28, 8, 0, 0, 123457, tzinfo=timezone.utc)
KINDS: list[InstrumentKind] = [
    Spot.SPOT,
    PerpetualContract(Decimal("0.010"), "USDT"),
    FutureContract(1, "btc", EXPIRY),
    OptionContract(10, "USDC", OptionKind.PUT, OptionExercise.BERMUDAN, EXPIRY, Decimal("1E+3")),
]
SPECS = [
    None,
    InstrumentSpec(Decimal("0.01"), Decimal("0.010"), "BTC", 0, Decimal("1E-8"), 10),
    InstrumentSpec(0, 1, OrderQuantityUnits.CONTRACT, 1, 1, 0),
    InstrumentSpec(0, 1, OrderQuantityUnits.QUOTE, 1, 1, 0),
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
        balance = AssetBalance(2, Balance(total, total), at(number))
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
        fill = Trade("fill", "order", BTC, "me", at(number), side, Decimal(price), 1, 0)
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


# Showing


class Page(HTMLParser):
    """The text of each cell of each row of each table, and of each paragraph."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.paragraphs: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
        elif tag == "p":
            self.paragraphs.append("")
        else:
            assert tag in ("thead", "tbody")

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.tables[-1][-1][-1] += data
        elif self.open and self.open[-1] == "p":
            self.paragraphs[-1] += data
        else:
            assert not data.strip()


def traded() -> Engine:
    """An engine with a position, orders and a balance."""
    made = engine()
    made.process(l1(0, "100.10", "100.20", ask_amount="2"))
    made.process(AccountEvent(0, Trade("1", "1", BTC, "me", at(0), Side.SELL, Decimal(102), 2, 0)))
    made.process(AccountEvent(0, AssetBalance(2, Balance(Decimal("1000.50"), 900), at(0))))
    made.process(SendOpenRequests([market_request("one"), market_request("two")]))
    made.process(SendOpenRequests([market_request("one", instrument=ETH)]))
    return made


def test_reprs_are_one_line_each() -> None:
    state = traded().snapshot()
    assert repr(state) == (
        "<EngineView snapshot at 2023-11-14T22:13:20.123456789+00:00: "
        "binancespot-btc_usdt, binancespot-eth_usdt>"
    )
    assert [repr(view) for view in state.instruments] == [
        "<InstrumentView 0 binancespot-btc_usdt: price 100.13333333, short 2, 2 orders>",
        "<InstrumentView 1 binancespot-eth_usdt: price unknown, no position, 1 order>",
    ]


def test_a_state_is_shown_as_tables() -> None:
    state = traded().snapshot()
    page = Page(state._repr_html_())
    assert page.paragraphs == [
        "snapshot at 2023-11-14T22:13:20.123456789Z, trading enabled",
    ]
    instruments, assets = page.tables
    # Short 2 from 102 at 100 + 0.1 + 0.1 / 3.
    assert instruments == [
        ["instrument", "bid", "ask", "price", "position", "pnl unrealised", "orders"],
        ["binancespot-btc_usdt", "100.1", "100.2", "100.13333333", "short 2", "3.73333333", "2"],
        ["binancespot-eth_usdt", "-", "-", "-", "-", "-", "1"],
    ]
    assert assets == [
        ["asset", "total", "free"],
        ["binance_spot btc", "-", "-"],
        ["binance_spot eth", "-", "-"],
        ["binance_spot usdt", "1000.5", "900"],
    ]


def test_a_running_engine_is_shown_in_its_callbacks() -> None:
    shown: list[str] = []

    def show(state: EngineView) -> Orders:
        shown.append(state._repr_html_())
        return NO_ORDERS

    run(show)
    assert Page(shown[0]).paragraphs == [
        "running engine at 2023-11-14T22:13:20.123456789Z, trading enabled"
    ]
    assert Page(shown[0]).tables[0][1][:3] == ["binancespot-btc_usdt", "100", "102"]


def test_a_result_is_shown_as_tables() -> None:
    result = run_backtest(OnMarketEvents({0: buy}), quotes(3), two_instruments())
    page = Page(result._repr_html_())
    lines = [line for line in str(result).splitlines() if line]
    assert page.paragraphs == [*lines[:3], lines[-1]]
    instruments, assets = page.tables
    cells = [row for table in (instruments, assets) for row in table]
    assert [" ".join(row).split() for row in cells] == [line.split() for line in lines[3:-1]]


def test_text_in_tables_is_escaped() -> None:
    config = InstrumentConfig(SPOT, "X", Underlying("<script>&", "usdt"))
    instruments = IndexedInstruments([config])
    state = Engine(DefaultStrategy(), instruments, time_start=0).snapshot()
    text = state._repr_html_()
    assert "<script" not in text
    assert "&lt;script&gt;&amp;" in text
    rows, assets = Page(text).tables
    assert rows[1][0] == "binancespot-<script>&_usdt"
    assert assets[1][0] == "binance_spot <script>&"
    empty = history(l1(0, "1", "2"))
    held = replace(two_instruments().executions[0], balances={"<script>&": 1, "usdt": 1})
    result = run_backtest(Acting(lambda _: NO_ORDERS), empty, SystemConfig([config], [held]))
    assert "<script" not in result._repr_html_()

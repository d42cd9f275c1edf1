"""Snapshots of the engine's state: pickled and compared."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.engines import engine
from support.histories import (
    BTC,
    ETH,
    SPOT,
    OnMarketEvents,
    at,
    buy,
    cancel_request,
    candle,
    l1,
    market_request,
    reconnecting,
    run,
    snapshot,
    trade,
    two_exchanges,
    update,
)
from support.snapshots import Keeping, again

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AccountEventError,
    AssetBalance,
    AuditSnapshot,
    AuditTick,
    Balance,
    ConfigError,
    Engine,
    EngineView,
    MarketData,
    OrderRequestError,
    Orders,
    Side,
    StateReplica,
    SystemConfig,
    Trade,
    run_backtest,
)
from barter_python.engine import (
    EngineEvent,
    SendCancelRequests,
    SendOpenRequests,
    TradingState,
)


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
        AccountEvent(0, AssetBalance(2, Balance(total=100, free=100), at(0))),
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
    assert EngineView._from_snapshot(instruments, text, []) == engine().snapshot()
    with pytest.raises(ConfigError, match="not a snapshot of an engine"):
        EngineView._from_snapshot(instruments, "{}", [])
    with pytest.raises(ConfigError, match="other instruments"):
        EngineView._from_snapshot(two_exchanges().index(), text, [])


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
            0,
            Trade(
                "fill",
                "order",
                instrument,
                "me",
                at(milliseconds),
                side,
                price=price,
                quantity=1,
                fees=0,
            ),
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
            lambda ms, total: AccountEvent(
                0, AssetBalance(2, Balance(total=total, free=total), at(ms))
            ),
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


@settings(max_examples=150)
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

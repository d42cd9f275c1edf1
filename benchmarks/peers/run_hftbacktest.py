"""hftbacktest, with its strategies compiled by numba.

`pip install hftbacktest`, then `python benchmarks/peers/run_hftbacktest.py`.

hftbacktest has no best bid and ask, but levels of a book, so each side that an event changes is a
row with the new level, after one that deletes the level before when the price has moved. A trade is
a row. All rows of an event have its time, which is ours, moved on by a nanosecond where two events
share one; so a strategy wakes once an event. Exchange and strategy see an event at the same time. A
strategy is not told of the last row, so there is one more.

A market order arrives after 100 ms and is filled and answered then, whole, at the best opposite
price; fees 0.1 %. There are no balances that an order could exceed.

The strategy is machine code: what is written here as Python never runs as such, and `Ema` of the
example is written out over arrays. It is compiled in a run that is not timed. The clock runs while
the compiled function does.
"""

from __future__ import annotations

import hftbacktest
import numpy
from common import (
    AMOUNTS,
    FEE_RATE,
    LATENCY_NS,
    SYMBOLS,
    Counts,
    Quote,
    events,
    report,
    timed,
)
from hftbacktest import (
    BUY_EVENT,
    DEPTH_EVENT,
    EXCH_EVENT,
    FILLED,
    GTC,
    LOCAL_EVENT,
    MARKET,
    SELL_EVENT,
    TRADE_EVENT,
    BacktestAsset,
    HashMapMarketDepthBacktest,
)
from hftbacktest.types import event_dtype
from numba import njit

BOTH = EXCH_EVENT | LOCAL_EVENT
BID, ASK = BOTH | DEPTH_EVENT | BUY_EVENT, BOTH | DEPTH_EVENT | SELL_EVENT
BUY, SELL = BOTH | TRADE_EVENT | BUY_EVENT, BOTH | TRADE_EVENT | SELL_EVENT
LOTS = (1e-5, 1e-4, 1e-3)
FEED = 2
ANSWERS = WAIT = False
FOREVER = 10**18
FAST, SLOW = 2 / 51, 2 / 201


def history():
    """Give the rows of each instrument."""
    rows = [[] for _ in SYMBOLS]
    levels = [{BID: None, ASK: None} for _ in SYMBOLS]
    time = 0
    for event in events():
        time = max(event.time, time + 1)
        own, known = rows[event.instrument], levels[event.instrument]
        if isinstance(event, Quote):
            sides = (BID, event.bid, event.bid_amount), (ASK, event.ask, event.ask_amount)
            changed = [side for side in sides if known[side[0]] != side[1:]]
            for kind, price, _ in changed:
                old = known[kind]
                if old is not None and old[0] != price:
                    own.append((kind, time, time, float(old[0]), 0, 0, 0, 0))
            for kind, price, amount in changed:
                known[kind] = (price, amount)
                own.append((kind, time, time, float(price), float(amount), 0, 0, 0))
        else:
            kind = BUY if event.is_buy else SELL
            own.append((kind, time, time, float(event.price), float(event.amount), 0, 0, 0))
    rows[0].append((*rows[0][-1][:1], time + 1, time + 1, *rows[0][-1][3:]))
    return [numpy.array(each, dtype=event_dtype) for each in rows]


@njit
def noop(engine):
    """Do nothing, once an event."""
    while engine.wait_next_feed(ANSWERS, FOREVER) == FEED:
        pass


@njit("int64(UniTuple(int64, 2))")
def received(latency):
    """Give the second of a pair; the signature tells numba that there is a pair."""
    return latency[1]


@njit
def ema_cross(engine, amounts, counts):
    """Long while the fast average is above the slow one; one position an instrument."""
    assets = len(amounts)
    fast, slow = numpy.full(assets, numpy.nan), numpy.full(assets, numpy.nan)
    above = numpy.zeros(assets, dtype=numpy.int64)
    order = numpy.zeros(assets, dtype=numpy.uint64)
    last = numpy.uint64(0)
    while engine.wait_next_feed(ANSWERS, FOREVER) == FEED:
        counts[0] += 1
        for asset in range(assets):
            latency = engine.feed_latency(asset)
            if latency is None or received(latency) != engine.current_timestamp:
                continue
            depth = engine.depth(asset)
            mid = (depth.best_bid + depth.best_ask) / 2
            if numpy.isnan(mid):
                break
            if numpy.isnan(fast[asset]):
                fast[asset] = slow[asset] = mid
                break
            fast[asset] += (mid - fast[asset]) * FAST
            slow[asset] += (mid - slow[asset]) * SLOW
            now = int(fast[asset] > slow[asset])
            cross = now - above[asset]
            above[asset] = now
            if cross == 0:
                break
            if order[asset] > 0:
                sent = engine.orders(asset).get(order[asset])
                if sent is not None and sent.status != FILLED:
                    break
                counts[2] += 1
                order[asset] = 0
            position = engine.position(asset)
            if cross > 0 and position == 0:
                last += numpy.uint64(1)
                engine.submit_buy_order(asset, last, mid, amounts[asset], GTC, MARKET, WAIT)
            elif cross < 0 and position > 0:
                last += numpy.uint64(1)
                engine.submit_sell_order(asset, last, mid, position, GTC, MARKET, WAIT)
            else:
                break
            order[asset] = last
            counts[1] += 1
            break


def engine_of(arrays):
    """Give an engine that is ready to run."""
    return HashMapMarketDepthBacktest(
        [
            BacktestAsset()
            .data([rows])
            .linear_asset(1.0)
            .constant_order_latency(LATENCY_NS, 0)
            .risk_adverse_queue_model()
            .no_partial_fill_exchange()
            .trading_value_fee_model(FEE_RATE, FEE_RATE)
            .tick_size(0.01)
            .lot_size(lot)
            for rows, lot in zip(arrays, LOTS, strict=True)
        ]
    )


def main():
    """Count, time and report."""
    arrays = history()
    amounts = numpy.array([float(amount) for amount in AMOUNTS])

    def run_noop():
        engine = engine_of(arrays)
        nanoseconds = timed(lambda: noop(engine))
        engine.close()
        return nanoseconds

    def run_ema():
        engine, counts = engine_of(arrays), numpy.zeros(3, dtype=numpy.int64)
        nanoseconds = timed(lambda: ema_cross(engine, amounts, counts))
        engine.close()
        return nanoseconds

    engine, counts = engine_of(arrays), numpy.zeros(3, dtype=numpy.int64)
    ema_cross(engine, amounts, counts)
    fills = sum(int(engine.state_values(asset).num_trades) for asset in range(len(SYMBOLS)))
    engine.close()
    run_noop()
    report(
        "hftbacktest, strategy compiled by numba",
        hftbacktest.__version__,
        Counts(int(counts[0]), int(counts[1]), fills),
        run_noop,
        run_ema,
    )


if __name__ == "__main__":
    main()

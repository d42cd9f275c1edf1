"""hftbacktest's fills of the orders of `orders.py`, for `fills.py`.

Its book is made of the L1: each side that has changed is a row with the new level, after rows that
delete the levels which are better than that. Levels that are worse stay as they were last shown, as
with hftbacktest's own `FuseMarketDepth`, or are deleted too, as the run says. Exchange and strategy
see an event at our time of it; the rows of an event, and events of one time, keep their order.

The amounts are floats there, and are read back in whole lots.
"""

from __future__ import annotations

import numpy
from common import SYMBOLS, Quote, events
from hftbacktest import (
    BUY_EVENT,
    DEPTH_EVENT,
    EXCH_EVENT,
    GTC,
    LIMIT,
    LOCAL_EVENT,
    MARKET,
    SELL_EVENT,
    TRADE_EVENT,
    BacktestAsset,
    HashMapMarketDepthBacktest,
)
from hftbacktest.types import event_dtype
from numba import njit
from orders import ANSWER_NS, LATENCY_NS, LOTS, RUNS, TICK, Fill, orders, write_fills

BOTH = EXCH_EVENT | LOCAL_EVENT
BID, ASK = BOTH | DEPTH_EVENT | BUY_EVENT, BOTH | DEPTH_EVENT | SELL_EVENT
BUY, SELL = BOTH | TRADE_EVENT | BUY_EVENT, BOTH | TRADE_EVENT | SELL_EVENT
END_OF_DATA, STATUSES = 1, (0, 1, 2, 3)
ASSET, ANSWERS, WAIT = 0, True, False
FOREVER = 4 * 10**18
WANTED = numpy.dtype(
    [
        ("number", "i8"),
        ("sent", "i8"),
        ("cancelled", "i8"),
        ("is_buy", "?"),
        ("is_market", "?"),
        ("price", "f8"),
        ("quantity", "f8"),
    ]
)
FOUND = numpy.dtype(
    [("number", "i8"), ("time", "i8"), ("ticks", "i8"), ("lots", "i8"), ("maker", "?")]
)


def history(*, keeps_levels):
    """Give the rows of each instrument."""
    rows = [[] for _ in SYMBOLS]
    books = [{BID: {}, ASK: {}} for _ in SYMBOLS]
    for event in events():
        own = rows[event.instrument]

        def add(kind, price, amount, own=own, time=event.time):
            own.append((kind, time, time, price, amount, 0, 0, 0))

        if isinstance(event, Quote):
            sides = (
                (BID, 1, float(event.bid), float(event.bid_amount)),
                (ASK, -1, float(event.ask), float(event.ask_amount)),
            )
            for kind, sign, price, _ in sides:
                levels = books[event.instrument][kind]
                better = {level for level in levels if sign * level > sign * price}
                for level in sorted(better if keeps_levels else levels.keys() - {price}):
                    add(kind, level, 0.0)
                    del levels[level]
            for kind, _, price, amount in sides:
                if books[event.instrument][kind].get(price) != amount:
                    add(kind, price, amount)
                    books[event.instrument][kind][price] = amount
        else:
            add(BUY if event.is_buy else SELL, float(event.price), float(event.amount))
    return [numpy.array(each, dtype=event_dtype) for each in rows]


@njit
def submit(engine, order):
    """Send an order."""
    number, price, quantity = numpy.uint64(order["number"]), order["price"], order["quantity"]
    kind = MARKET if order["is_market"] else LIMIT
    if order["is_buy"]:
        engine.submit_buy_order(ASSET, number, price, quantity, GTC, kind, WAIT)
    else:
        engine.submit_sell_order(ASSET, number, price, quantity, GTC, kind, WAIT)


@njit
def cancel(engine, order):
    """Cancel an order, if it is known to be open."""
    number = numpy.uint64(order["number"])
    known = engine.orders(ASSET).get(number)
    if known is not None and known.cancellable:
        engine.cancel(ASSET, number, WAIT)


@njit
def send(engine, wanted, lot, found):
    """Send and cancel the orders, and give how many fills the answers tell."""
    count, fills, sent, cancelled = len(wanted), 0, 0, 0
    left = wanted["quantity"].copy()
    status = engine.elapse(0)
    while status != END_OF_DATA:
        now = engine.current_timestamp
        while sent < count and wanted[sent]["sent"] <= now:
            submit(engine, wanted[sent])
            sent += 1
        while cancelled < sent and wanted[cancelled]["cancelled"] <= now:
            cancel(engine, wanted[cancelled])
            cancelled += 1
        until = wanted[sent]["sent"] if sent < count else FOREVER
        if cancelled < sent:
            until = min(until, wanted[cancelled]["cancelled"])
        status = engine.wait_next_feed(ANSWERS, until - now)
        if status not in STATUSES:
            raise ValueError("the engine has failed")
        for index in range(sent):
            if left[index] == 0.0:
                continue
            known = engine.orders(ASSET).get(numpy.uint64(wanted[index]["number"]))
            if known is None:
                continue
            filled = numpy.round((left[index] - known.leaves_qty) / lot)
            if filled > 0:
                found[fills]["number"] = known.order_id
                found[fills]["time"] = known.exch_timestamp
                found[fills]["ticks"] = known.exec_price_tick
                found[fills]["lots"] = filled
                found[fills]["maker"] = known.arr[0].maker
                fills += 1
                left[index] = known.leaves_qty if known.leaves_qty > lot / 2 else 0.0
    return fills


def engine_of(rows, lot, run):
    """Give an engine of one instrument under the rules of a run."""
    asset = (
        BacktestAsset()
        .data([rows])
        .linear_asset(1.0)
        .constant_order_latency(LATENCY_NS, ANSWER_NS)
        .trading_value_fee_model(0.0, 0.0)
        .tick_size(float(TICK))
        .lot_size(lot)
    )
    if run.is_proportional:
        asset.power_prob_queue_model(1.0)
    else:
        asset.risk_adverse_queue_model()
    if run.is_shown:
        asset.partial_fill_exchange()
    else:
        asset.no_partial_fill_exchange()
    return HashMapMarketDepthBacktest([asset])


def fills(rows, instrument, wanted, run):
    """Run an engine over an instrument's rows with some orders."""
    wanted_array = numpy.array(
        [
            (
                order.number,
                order.sent,
                FOREVER if order.cancelled is None else order.cancelled,
                order.is_buy,
                order.is_market,
                float(order.price),
                float(order.quantity),
            )
            for order in wanted
        ],
        dtype=WANTED,
    )
    found = numpy.zeros(len(wanted) * 1_000, dtype=FOUND)
    lot = float(LOTS[instrument])
    engine = engine_of(rows, lot, run)
    count = send(engine, wanted_array, lot, found)
    engine.close()
    for each in found[:count]:
        yield Fill(
            int(each["number"]),
            int(each["time"]),
            int(each["ticks"]) * TICK,
            int(each["lots"]) * LOTS[instrument],
            bool(each["maker"]),
        )


def main():
    """Run all orders under all rules."""
    kept, dropped = history(keeps_levels=True), history(keeps_levels=False)
    for run in RUNS:
        rows = kept if run.keeps_levels else dropped
        found = []
        for instrument in range(len(SYMBOLS)):
            wanted = [order for order in orders() if order.instrument == instrument]
            for group in [[order] for order in wanted] if run.is_alone else [wanted]:
                found += fills(rows[instrument], instrument, group, run)
        write_fills("hftbacktest", run, found)


if __name__ == "__main__":
    main()

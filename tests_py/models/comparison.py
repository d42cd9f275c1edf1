"""Compares runs of the package with those of the models: all numbers, times and calls."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from typing_extensions import override

import barter_python as bp
from barter_python.instrument import IndexedInstrument
from barter_python.system import FutureContract, Spot
from models import account as account_model
from models import backtest as model
from models import equity as equity_model
from models import market as market_model
from models import order as order_model
from models import result_json
from models import wire as wire_model
from models.position import fits
from models.script import Making, Seen, StopWish, TimerWish, Wish
from models.script import Scripted as ModelScripted

# barter's quotients (the average entry, the volume-weighted mid, shares of fees) are rounded to the
# 28 digits or 96 bits of its decimal. Prices here have at most six digits before the point, so what
# follows from a quotient is right to more than 20 places; everything else must be right exactly.
QUOTIENT_TOLERANCE = Fraction(1, 10**20)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def check_number(what: str, actual: Decimal, expected: Fraction, *, exact: bool = True) -> None:
    """Compare a number, exactly unless a quotient stands behind it."""
    difference = abs(Fraction(actual) - expected)
    limit = 0 if exact else QUOTIENT_TOLERANCE
    assert difference <= limit, f"{what}: {actual} instead of {float(expected)}"


def is_buy(side: bp.Side) -> bool:
    return side is bp.Side.BUY


def nanoseconds(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1) * 1000


# What the model is given


def latency_of(latency: bp.Latency) -> wire_model.Latency:
    if isinstance(latency, timedelta):
        return wire_model.Constant(nanoseconds(latency))
    if isinstance(latency, bp.UniformLatency):
        return wire_model.Uniform(nanoseconds(latency.low), nanoseconds(latency.high), latency.seed)
    return wire_model.Empirical([nanoseconds(one) for one in latency.samples], latency.seed)


def fault_of(fault: bp.Fault) -> wire_model.Fault:
    start = nanoseconds(fault.start - EPOCH)
    end = start + nanoseconds(fault.duration)
    match fault:
        case bp.Disconnect():
            return wire_model.Disconnect(start, end)
        case bp.RejectRequests():
            return wire_model.RejectRequests(start, end, fault.reason)
        case bp.DelayAnswers():
            return wire_model.DelayAnswers(start, end, nanoseconds(fault.delay))
        case bp.DuplicateAnswers():
            return wire_model.DuplicateAnswers(start, end)


def rules_of(execution: bp.MockExecutionConfig) -> account_model.Rules:
    limit = execution.rate_limit
    maker, maintenance = execution.maker_fee_rate, execution.maintenance_margin
    return account_model.Rules(
        fee_rate=Fraction(execution.fee_rate),
        maker_fee_rate=Fraction(execution.fee_rate if maker is None else maker),
        fee_of_received=execution.fee_asset is bp.FeeAsset.RECEIVED,
        infinite=execution.liquidity is bp.Liquidity.INFINITE,
        queue=execution.queue.value,
        leverage=Fraction(execution.leverage),
        end_of_day=nanoseconds(execution.end_of_day),
        rate_limit=None if limit is None else (limit.requests, nanoseconds(limit.interval)),
        candle_path=execution.candle_fills is bp.CandleFills.PATH,
        next_open=execution.candle_price is bp.CandlePrice.NEXT_OPEN,
        maintenance=None if maintenance is None else Fraction(maintenance),
    )


def instrument_of(
    indexed: IndexedInstrument, configs: Sequence[bp.InstrumentConfig]
) -> account_model.Instrument:
    (config,) = [
        config
        for config in configs
        if (config.exchange, config.name_exchange) == (indexed.exchange_id, indexed.name_exchange)
    ]
    spec = config.spec
    expiry = None
    if isinstance(config.kind, FutureContract):
        expiry = nanoseconds(config.kind.expiry - EPOCH)
    return account_model.Instrument(
        indexed.name,
        indexed.exchange,
        indexed.underlying.base,
        indexed.underlying.quote,
        contract=not isinstance(config.kind, Spot),
        expiry=expiry,
        spec=None
        if spec is None
        else account_model.Spec(
            Fraction(spec.price_min),
            Fraction(spec.price_tick_size),
            Fraction(spec.quantity_min),
            Fraction(spec.quantity_increment),
            Fraction(spec.notional_min),
        ),
    )


def setup_of(
    config: bp.SystemConfig,
    fill_price: bp.FillPrice,
    close_at_end: bool,
    equity_conversions: Mapping[str, str] | None = None,
) -> model.Setup:
    """Give the model the same configuration; indices are barter's own."""
    index = config.index()
    by_exchange = {execution.mocked_exchange: execution for execution in config.executions}
    executions = [by_exchange[exchange] for exchange in index.exchanges]
    quotes = {instrument.underlying.quote for instrument in index.instruments}
    conversions = [
        (quote, index.instrument_index(equity_conversions[index.assets[quote].name]))
        for quote in quotes
        if equity_conversions is not None and index.assets[quote].name in equity_conversions
    ]
    is_one_name = len(quotes) > 1 and len({index.assets[quote].name for quote in quotes}) == 1
    return model.Setup(
        instruments=[
            instrument_of(instrument, config.instruments) for instrument in index.instruments
        ],
        rules=[rules_of(execution) for execution in executions],
        wires=[
            wire_model.Wire(
                latency_of(execution.latency),
                latency_of(execution.answer_latency),
                [fault_of(fault) for fault in execution.faults],
            )
            for execution in executions
        ],
        balances=[
            Fraction(by_exchange[asset.exchange_id].balances.get(asset.name, 0))
            for asset in index.assets
        ],
        asset_exchanges=[index.exchange_index(asset.exchange_id) for asset in index.assets],
        asset_names=[asset.name for asset in index.assets],
        conversions=conversions,
        total=is_one_name or equity_conversions is not None,
        fill_as_requested=fill_price is bp.FillPrice.REQUESTED,
        close_at_end=close_at_end,
    )


def event_for_model(
    event: bp.MarketEvent | bp.Reconnecting, index: bp.IndexedInstruments
) -> market_model.Event:
    if isinstance(event, bp.Reconnecting):
        return market_model.Lost(index.exchange_index(event.exchange), event.time_received_ns)
    kind: market_model.Kind
    match event.kind:
        case bp.OrderBookL1() as l1:
            kind = market_model.Quote(
                l1.last_update_time_ns, level(l1.best_bid), level(l1.best_ask)
            )
        case bp.OrderBookSnapshot(book=changed) | bp.OrderBookUpdate(book=changed):
            whole = isinstance(event.kind, bp.OrderBookSnapshot)
            kind = market_model.BookChange(whole, amounts(changed.bids), amounts(changed.asks))
        case bp.PublicTrade() as trade:
            kind = market_model.PublicTrade(
                Fraction(trade.price), Fraction(trade.amount), is_buy(trade.side)
            )
        case bp.Candle() as candle:
            kind = market_model.Candle(
                *map(Fraction, (candle.open, candle.high, candle.low, candle.close, candle.volume))
            )
        case bp.Liquidation():
            kind = market_model.Liquidation()
        case bp.Funding() as funding:
            kind = market_model.Funding(Fraction(funding.rate), price(funding.mark_price))
        case bp.Settlement() as settlement:
            kind = market_model.Settlement(Fraction(settlement.price))
    return market_model.Item(
        event.time_exchange_ns,
        event.time_received_ns,
        index.exchange_index(event.exchange),
        event.instrument,
        kind,
    )


def level(given_level: bp.Level | None) -> market_model.Level | None:
    if given_level is None:
        return None
    return market_model.Level(Fraction(given_level.price), Fraction(given_level.amount))


def amounts(side: Sequence[bp.Level]) -> dict[Fraction, Fraction]:
    return {Fraction(one.price): Fraction(one.amount) for one in side}


# What comes out


def failure_of(failure: bp.OrderFailure | None) -> order_model.Failure | None:
    """Give a failure as the model has it: the page gives no text for a lack of balance."""
    if failure is None:
        return None
    kind = failure.kind
    detail = None if kind is bp.OrderFailureKind.BALANCE_INSUFFICIENT else failure.detail
    return order_model.Failure(
        kind.value, None if detail is None else normal(detail), failure.asset
    )


def normal(words: str) -> str:
    """Write the numbers of a text without zeros at the end."""
    return re.sub(r"\d+\.\d+", lambda found: found[0].rstrip("0").rstrip("."), words)


def check_orders(result: bp.BacktestResult, run: model.Run) -> None:
    assert len(result.orders) == len(run.orders)
    for report, expected in zip(result.orders, run.orders, strict=True):
        order, request = report.order, expected.request
        instrument = run.setup.instruments[request.instrument]
        assert (
            order.exchange,
            order.instrument,
            order.strategy_id,
            order.client_order_id,
            is_buy(order.side),
            Fraction(order.quantity),
            order.kind is bp.OrderKind.LIMIT,
            order.time_in_force.value,
            order.status.value,
            failure_of(order.failure),
            report.order_id,
            Fraction(report.filled_quantity),
            Fraction(report.maker_quantity),
            report.time_sent_ns,
            report.time_finished_ns,
        ) == (
            instrument.exchange,
            request.instrument,
            request.strategy,
            request.cid,
            request.buy,
            request.quantity,
            request.limit,
            request.time_in_force,
            expected.status,
            expected.failure,
            None if expected.number is None else str(expected.number),
            expected.filled,
            expected.maker,
            expected.time_sent,
            expected.time_finished,
        )
        # A closing order names barter's volume-weighted mid, (bid.price * ask.amount + ask.price *
        # bid.amount) / (bid.amount + ask.amount): a quotient without an end, which is rounded.
        check_number("request", order.price, request.price, exact=not request.rounded)
        check_number("fees of an order", report.fees, expected.fees)
        if report.stop is None:
            assert expected.fired is None
        else:
            assert expected.fired is not None
            stop = expected.fired.stop
            assert (report.stop.stop_id, report.stop.kind.value) == (stop.number, stop.kind)
            check_number("trigger", report.stop.trigger_price, stop.trigger)
            check_number("price at the trigger", report.stop.price, expected.fired.price)
        fills = [fill for fill in run.fills if fill.order == expected.number]
        assert [fill.id for fill in result.fills_of(report)] == [str(fill.number) for fill in fills]
        if report.average_price is None:
            assert not fills
        else:
            average = expected.value / expected.filled
            exact = fits(average) and all(fill.exact for fill in fills)
            check_number("average price", report.average_price, average, exact=exact)


def check_fills(result: bp.BacktestResult, run: model.Run) -> None:
    assert len(result.fills) == len(run.fills)
    for fill, expected in zip(result.fills, run.fills, strict=True):
        request = expected.request
        assert (
            fill.id,
            fill.order_id,
            fill.instrument,
            fill.strategy_id,
            fill.time_exchange_ns,
            is_buy(fill.side),
            Fraction(fill.quantity),
        ) == (
            str(expected.number),
            str(expected.order),
            request.instrument,
            request.strategy,
            expected.time,
            request.buy,
            expected.quantity,
        )
        check_number("price", fill.price, expected.price, exact=expected.exact)
        check_number("fee", fill.fees, expected.fee)


def check_funding(result: bp.BacktestResult, run: model.Run) -> None:
    assert [
        (
            payment.time_ns,
            payment.instrument,
            is_buy(payment.side),
            Fraction(payment.quantity),
            price(payment.mark_price),
            Fraction(payment.rate),
            Fraction(payment.amount),
        )
        for payment in result.funding
    ] == [
        (told.time, told.instrument, told.buy, told.quantity, told.mark, told.rate, told.amount)
        for told in run.funding
    ]
    sums: dict[str, Fraction] = {}
    for told in run.funding:
        name = result.instruments.assets[told.asset].name
        sums[name] = sums.get(name, Fraction(0)) + told.amount
    found = {name: Fraction(amount) for name, amount in result.funding_by_asset.items()}
    assert found == sums


def check_failed_cancels(result: bp.BacktestResult, run: model.Run) -> None:
    assert [
        (
            failed.response.instrument,
            failed.response.client_order_id,
            failure_of(failed.response.failure),
            failed.time_ns,
        )
        for failed in result.failed_cancels
    ] == [(told.instrument, told.cid, told.failure, told.time) for told in run.failed_cancels]


def check_balances(result: bp.BacktestResult, run: model.Run) -> None:
    assets = result.instruments.assets
    assert len(assets) == len(result.balances)
    for asset in assets:
        name = f"{asset.exchange_id.value}_{asset.name}"
        balance, expected = result.balances[name], run.exchanges.balance(asset.index, run.now)
        check_number(name, balance.total, expected.total)
        check_number(name, balance.free, expected.free)
        # barter's own bookkeeping has been told of every change.
        assert result.summary.assets[name].balance_end == balance


def check_positions(result: bp.BacktestResult, run: model.Run) -> None:
    assert len(result.positions) == len(run.closed)
    for closed, expected in zip(result.positions, run.closed, strict=True):
        assert (
            closed.instrument,
            is_buy(closed.side),
            Fraction(closed.quantity_abs_max),
            closed.time_enter_ns,
            closed.time_exit_ns,
            closed.trades,
        ) == (
            expected.instrument,
            expected.buy,
            expected.quantity_max,
            expected.time_enter,
            expected.time_update,
            [str(number) for number in expected.fills],
        )
        exact = expected.exact
        check_number("average", closed.price_entry_average, expected.average, exact=exact)
        check_number("pnl", closed.pnl_realised, expected.pnl, exact=exact)
        check_number("fees of entry", closed.fees_enter, expected.fees_enter, exact=exact)
        check_number("fees of exit", closed.fees_exit, expected.fees_exit, exact=exact)

    assert [position.instrument for position in result.open_positions] == sorted(run.current)
    for position in result.open_positions:
        expected = run.current[position.instrument]
        assert (
            is_buy(position.side),
            Fraction(position.quantity_abs),
            Fraction(position.quantity_abs_max),
            position.time_enter_ns,
            position.time_exchange_update_ns,
            position.trades,
        ) == (
            expected.buy,
            expected.quantity,
            expected.quantity_max,
            expected.time_enter,
            expected.time_update,
            [str(number) for number in expected.fills],
        )
        exact = expected.exact
        check_number("average", position.price_entry_average, expected.average, exact=exact)
        check_number("pnl", position.pnl_realised, expected.pnl, exact=exact)
        check_number("fees of entry", position.fees_enter, expected.fees_enter, exact=exact)
        check_number("fees of exit", position.fees_exit, expected.fees_exit, exact=exact)
        mark = run.markets[position.instrument].mark
        if mark is not None:
            # barter estimates the fees of closing from those of entry.
            share = expected.quantity / expected.quantity_max
            unrealised = expected.gain(expected.quantity, mark) - share * expected.fees_enter
            exact = exact and fits(share)
            check_number("unrealised", position.pnl_unrealised, unrealised, exact=exact)


INTERVALS = (timedelta(microseconds=1), timedelta(milliseconds=3), timedelta(1), timedelta(7))
"""Of bars and returns, besides that of the run."""


def check_equity(result: bp.BacktestResult, run: model.Run) -> None:
    assets = result.instruments.assets
    names = [f"{asset.exchange_id.value}_{asset.name}" for asset in assets]
    marks: dict[str, list[equity_model.Mark]] = {}
    for asset, points in run.equity_by_asset.items():
        # The name of the account as a whole is not a matter of the model.
        name = list(result.equity())[-1] if asset is None else names[asset]
        marks[name] = [equity_model.Mark(point.time, point.equity) for point in points]
    if run.setup.total and None not in run.equity_by_asset:
        *_, whole = result.equity()
        assert result.equity()[whole] == result.drawdowns() == result.returns() == []
        assert list(result.equity()) == [*marks, whole]
    else:
        assert list(result.equity()) == list(marks)
    exact = run.exact and not run.setup.conversions
    for name, of_asset in marks.items():
        check_bars(result, name, of_asset, exact=exact)
        check_drawdowns(result, name, of_asset, exact=exact)
        check_returns(result, name, of_asset, exact=exact)
    profits: dict[str, Fraction] = {}
    for asset, points in run.equity_by_asset.items():
        if asset is not None:
            profit = points[-1].equity - points[0].equity
            profits[assets[asset].name] = profits.get(assets[asset].name, Fraction(0)) + profit
    assert result.pnl.keys() == profits.keys()
    for name, profit in profits.items():
        check_number(f"pnl in {name}", result.pnl[name], profit, exact=run.exact)


def check_bars(
    result: bp.BacktestResult, name: str, marks: Sequence[equity_model.Mark], *, exact: bool
) -> None:
    lengths: list[tuple[timedelta | None, int]] = [(None, result.equity_interval_ns)]
    lengths += [
        (every, nanoseconds(every))
        for every in INTERVALS
        if nanoseconds(every) % result.equity_interval_ns == 0
    ]
    for every, length in lengths:
        bars = result.equity(every)[name]
        expected_bars = equity_model.bars(marks, length)
        assert [bar.time_ns for bar in bars] == [bar.time for bar in expected_bars]
        for bar, expected in zip(bars, expected_bars, strict=True):
            check_number("equity", bar.equity, expected.equity, exact=exact)
            check_number("low", bar.low, expected.low, exact=exact)
            check_number("high", bar.high, expected.high, exact=exact)
            check_number("peak", bar.peak, expected.peak, exact=exact)


def check_drawdowns(
    result: bp.BacktestResult, name: str, marks: Sequence[equity_model.Mark], *, exact: bool
) -> None:
    """Compare the drawdowns; where numbers are rounded, equal ones can come in another order."""
    for by_share in (False, True):
        by: Literal["amount", "share"] = "share" if by_share else "amount"
        found = result.drawdowns(100, asset=name, by=by)
        expected_falls = equity_model.deepest(marks, by_share=by_share)[:100]
        if not exact:
            for expected, fall in zip(expected_falls[:1], found[:1], strict=True):
                check_number("depth", fall.depth, expected.depth, exact=False)
            continue
        assert len(found) == len(expected_falls)
        assert result.drawdown(name, by=by) == (found[0] if found else None)
        for fall, expected in zip(found, expected_falls, strict=True):
            assert (
                Fraction(fall.peak),
                Fraction(fall.trough),
                Fraction(fall.depth),
                fall.time_start_ns,
                fall.time_trough_ns,
                fall.time_end_ns,
            ) == (
                expected.peak,
                expected.trough,
                expected.depth,
                expected.start,
                expected.bottom,
                expected.end,
            )
            assert (fall.share is None) == (expected.share is None)
            if fall.share is not None and expected.share is not None:
                check_number("share", fall.share, expected.share, exact=False)


def check_returns(
    result: bp.BacktestResult, name: str, marks: Sequence[equity_model.Mark], *, exact: bool
) -> None:
    every = timedelta(milliseconds=3)
    length = nanoseconds(every)
    is_long = (marks[-1].time - marks[0].time) // length > 1000
    if is_long or length % result.equity_interval_ns:
        every, length = timedelta(1), nanoseconds(timedelta(1))
    if length % result.equity_interval_ns:
        return
    returns = result.returns(every, asset=name)
    expected_returns = equity_model.returns(marks, length)
    assert [(one.time_start_ns, one.time_end_ns) for one in returns] == [
        (one.start, one.end) for one in expected_returns
    ]
    if not exact:
        return
    for one, expected in zip(returns, expected_returns, strict=True):
        assert (one.value is None) == (expected.value is None)
        if one.value is not None and expected.value is not None:
            check_number("return", one.value, expected.value, exact=False)


def check_statistics(result: bp.BacktestResult, run: model.Run) -> None:
    assert list(result.statistics) == [instrument.name for instrument in run.setup.instruments]
    for index, (name, statistics) in enumerate(result.statistics.items()):
        positions = [position for position in run.closed if position.instrument == index]
        exact = all(position.exact for position in positions)
        pnls = [position.pnl for position in positions]
        profits = [pnl for pnl in pnls if pnl > 0]
        losses = [-pnl for pnl in pnls if pnl < 0]
        sheet = result.summary.instruments[name]
        check_number(
            "gross profit", statistics.gross_profit, sum(profits, Fraction(0)), exact=exact
        )
        check_number("gross loss", statistics.gross_loss, sum(losses, Fraction(0)), exact=exact)
        check_number("barter's pnl", sheet.pnl, sum(pnls, Fraction(0)), exact=exact)
        if not exact:
            # A rounded quotient can turn a pnl of zero into a loss of 1e-24.
            continue
        counted = (statistics.closed, statistics.wins, statistics.losses)
        assert counted == (len(pnls), len(profits), len(losses))
        if not pnls:
            assert statistics.win_ratio is None
            continue
        ratio, barters = statistics.win_ratio, sheet.win_rate
        assert ratio is not None
        assert barters is not None
        check_number("win ratio", ratio, Fraction(len(profits), len(pnls)), exact=False)
        check_number("barter's win rate", barters, Fraction(len(losses), len(pnls)), exact=False)


def check_written(result: bp.BacktestResult) -> None:
    """Compare the JSON with that of the model, byte for byte, and a pickle with the result."""
    assert result.to_json() == result_json.text_of(result)
    again: bp.BacktestResult = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.to_json() == result.to_json()


def check_everything(result: bp.BacktestResult, run: model.Run) -> None:
    check_orders(result, run)
    check_fills(result, run)
    check_funding(result, run)
    check_failed_cancels(result, run)
    check_balances(result, run)
    check_positions(result, run)
    check_equity(result, run)
    check_statistics(result, run)
    check_written(result)
    summary = result.summary
    start = run.equity[0].time
    assert (result.time_start_ns, summary.time_engine_start_ns) == (start, start)
    assert summary.time_engine_end_ns == run.now


# What a strategy sees


@dataclass
class Recording:
    """Notes what a strategy sees in each call."""

    inner: bp.AlgoStrategy
    index: bp.IndexedInstruments
    calls: list[model.Call] = field(default_factory=list)

    @property
    def strategy_id(self) -> object:
        """The id of the orders that the inner strategy makes."""
        return getattr(self.inner, "strategy_id", None)

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.note(state, what_happened(state, self.index))
        return self.inner.generate_algo_orders(state)

    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        assert state.event is None
        self.note(state, ("timer", timer.id, timer.time_ns))
        # A script goes on by its count of calls, whoever calls.
        return self.inner.generate_algo_orders(state)

    def note(self, state: bp.EngineView, what: model.Happened) -> None:
        balances = []
        for asset in self.index.assets:
            balance = state.balance(asset.exchange_id, asset.name)
            assert balance is not None
            balances.append((Fraction(balance.total), Fraction(balance.free)))
        positions = [instrument.position for instrument in state.instruments]
        self.calls.append(
            model.Call(
                time=state.time_ns,
                what=what,
                updated=None if state.updated is None else state.updated.index,
                balances=tuple(balances),
                positions=tuple(
                    None
                    if position is None
                    else (is_buy(position.side), Fraction(position.quantity_abs))
                    for position in positions
                ),
                live=tuple(live(instrument) for instrument in state.instruments),
                best=tuple(
                    (price(instrument.best_bid), price(instrument.best_ask))
                    for instrument in state.instruments
                ),
                books=tuple(book(instrument.book) for instrument in state.instruments),
                stops=tuple(
                    (stop.id, Fraction(stop.trigger_price)) for stop in waiting_stops(state)
                ),
            )
        )


def live(instrument: bp.InstrumentView) -> tuple[model.LiveOrder, ...]:
    return tuple(
        (order.client_order_id, order.status.value, Fraction(order.filled_quantity or 0))
        for order in instrument.orders
    )


def price(shown: Decimal | None) -> Fraction | None:
    return None if shown is None else Fraction(shown)


def book(
    shown: bp.OrderBook | None,
) -> tuple[tuple[market_model.Level, ...], tuple[market_model.Level, ...]] | None:
    return None if shown is None else (levels(shown.bids), levels(shown.asks))


def levels(shown: Sequence[bp.Level]) -> tuple[market_model.Level, ...]:
    return tuple(market_model.Level(Fraction(one.price), Fraction(one.amount)) for one in shown)


def number(order_id: str | None) -> int | None:
    return None if order_id is None else int(order_id)


def amount(balance: bp.AssetBalance) -> tuple[int, Fraction, Fraction]:
    return balance.asset, Fraction(balance.balance.total), Fraction(balance.balance.free)


def what_happened(state: bp.EngineView, index: bp.IndexedInstruments) -> model.Happened:
    event = state.event
    match event:
        case bp.MarketEvent():
            return ("market",)
        case bp.Reconnecting(exchange=exchange):
            return ("reconnecting", index.exchange_index(exchange))
        case None:
            # The view has no event for it.
            return ("account_reconnecting",)
        case bp.AccountEvent(kind=bp.AssetBalance() as told):
            return ("balance", told.time_exchange_ns, *amount(told))
        case bp.AccountEvent(kind=bp.Trade() as trade):
            return (
                "trade",
                trade.time_exchange_ns,
                int(trade.id),
                int(trade.order_id),
                trade.instrument,
                is_buy(trade.side),
                Fraction(trade.price),
                Fraction(trade.quantity),
                Fraction(trade.fees),
            )
        case bp.AccountEvent(kind=bp.Order() as order):
            is_open = order.status is bp.OrderStatus.OPEN
            return (
                "order",
                order.instrument,
                order.client_order_id,
                order.status.value,
                number(order.order_id) if is_open else None,
                Fraction(order.filled_quantity or 0),
                failure_of(order.failure),
            )
        case bp.AccountEvent(kind=bp.OrderResponseCancel() as response):
            return (
                "cancel",
                response.instrument,
                response.client_order_id,
                number(response.order_id),
                failure_of(response.failure),
            )
        case bp.AccountEvent(kind=bp.AccountSnapshot() as snapshot):
            return (
                "snapshot",
                snapshot.exchange,
                tuple(amount(balance) for balance in snapshot.balances),
                tuple(
                    (
                        order.instrument,
                        order.client_order_id,
                        number(order.order_id),
                        Fraction(order.filled_quantity or 0),
                    )
                    for instrument in snapshot.instruments
                    for order in instrument.orders
                ),
            )
        case bp.AccountEvent():
            return (repr(event),)


def recording(inner: bp.AlgoStrategy, config: bp.SystemConfig) -> Recording:
    return Recording(inner, config.index())


def check_calls(strategy: Recording, run: model.Run) -> None:
    for place, (actual, expected) in enumerate(zip(strategy.calls, run.calls, strict=False)):
        assert actual == expected, f"call {place}"
    assert len(strategy.calls) == len(run.calls)


# Strategies that the model has too


@dataclass
class Scripted(bp.Strategy):
    """The script of `script_model.Scripted`, played to the engine."""

    script: Mapping[int, Sequence[Wish]]
    timers: Mapping[int, Sequence[TimerWish]] = field(default_factory=dict)
    timer: bp.Timer | None = None
    call: int = -1
    last: bp.OrderKey | None = None

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.call += 1
        for asked in self.timers.get(self.call, ()):
            if not asked.cancel:
                every = None if asked.every is None else timedelta(microseconds=asked.every // 1000)
                self.timer = state.call_at(state.time_ns + asked.after, every=every)
            elif self.timer is not None:
                state.cancel_timer(self.timer)
        cancels = []
        opens = []
        opened: set[tuple[int, str]] = set()
        key: bp.OrderKey | None
        for wish in self.script.get(self.call, ()):
            instrument = state.instrument(wish.instrument)
            if wish.stop is not None:
                place(state, wish, wish.stop)
                continue
            if wish.cancel_stop is not None:
                state.cancel_stop(wish.cancel_stop)
                continue
            if wish.cancel:
                key = self.last
                if wish.cid is not None:
                    key = key_of(instrument, wish.cid)
                if key is not None:
                    order_id = None if wish.number is None else bp.OrderId(wish.number)
                    cancels.append(bp.OrderRequestCancel(key, order_id))
                continue
            if wish.cid is not None and (
                any(order.client_order_id == wish.cid for order in instrument.orders)
                or (wish.instrument, wish.cid) in opened
            ):
                continue
            side = bp.Side.BUY if wish.buy else bp.Side.SELL
            quantity = decimal(wish.quantity)
            if wish.price is not None:
                cid = str(state.next_cid()) if wish.cid is None else wish.cid
                key = key_of(instrument, cid)
                kind = bp.OrderKind.LIMIT if wish.limit else bp.OrderKind.MARKET
                force = bp.TimeInForce(wish.time_in_force)
                request = bp.RequestOpen(side, decimal(wish.price), quantity, kind, force)
                opens.append(bp.OrderRequestOpen(key, request))
            elif instrument.price is not None or opposite(instrument, side) is not None:
                opens.append(instrument.market_order(side, quantity, strategy_id="script"))
            if opens:
                self.last = opens[-1].key
                opened.add((self.last.instrument, str(self.last.cid)))
        return cancels, opens


def waiting_stops(state: bp.EngineView) -> list[bp.Stop]:
    """Give all stops that wait, in the order of their placing."""
    stops = [stop for instrument in state.instruments for stop in instrument.stops]
    return sorted(stops, key=lambda stop: stop.id)


def place(state: bp.EngineView, wish: Wish, stop: StopWish, strategy: str = "script") -> int | None:
    """Place a stop; a trailing one only where there is a price to follow."""
    side = bp.Side.BUY if wish.buy else bp.Side.SELL
    trigger = bp.TriggerPrice.LAST_TRADE if stop.by_trade else bp.TriggerPrice.MARK
    index, quantity, price = wish.instrument, decimal(wish.quantity), decimal(stop.trigger)
    order: bp.StopOrder | bp.TakeProfitOrder | bp.TrailingStopOrder
    if stop.kind == "trailing":
        order = bp.TrailingStopOrder(
            index,
            side,
            quantity=quantity,
            distance=price,
            trigger=trigger,
            strategy_id=strategy,
            until_closed=stop.until_closed,
        )
    else:
        limit = None if stop.limit is None else decimal(stop.limit)
        make = bp.StopOrder if stop.kind == "stop" else bp.TakeProfitOrder
        order = make(
            index,
            side,
            quantity=quantity,
            trigger_price=price,
            limit_price=limit,
            trigger=trigger,
            strategy_id=strategy,
            until_closed=stop.until_closed,
        )
    waiting = [one.id for one in waiting_stops(state)]
    other = max(waiting, default=None) if stop.joins else None
    try:
        return state.place_stop(order, one_cancels_other=other)
    except ValueError:
        if stop.kind == "trailing":
            return None
        raise


def key_of(instrument: bp.InstrumentView, cid: str) -> bp.OrderKey:
    return bp.OrderKey(
        instrument.exchange, instrument.index, bp.StrategyId("script"), bp.ClientOrderId(cid)
    )


def opposite(instrument: bp.InstrumentView, side: bp.Side) -> Decimal | None:
    return instrument.best_ask if side is bp.Side.BUY else instrument.best_bid


def decimal(fraction: Fraction) -> Decimal:
    """Convert what the tests' grids hold, which ends after few places."""
    places = next(places for places in range(29) if (fraction * 10**places).denominator == 1)
    return Decimal(int(fraction * 10**places)).scaleb(-places)


@dataclass
class Maker(bp.Strategy):
    """`script_model.Making` for the engine."""

    making: Making

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        seen = None
        updated = state.updated
        if updated is not None:
            bid, ask = price(updated.best_bid), price(updated.best_ask)
            if bid is not None and ask is not None:
                seen = Seen(updated.index, bid, ask, live(updated))
        return Scripted({0: self.making.wishes(seen)}).generate_algo_orders(state)


@dataclass(frozen=True)
class Case:
    """A run for both."""

    config: bp.SystemConfig
    events: Sequence[bp.MarketEvent | bp.Reconnecting]
    script: Mapping[int, Sequence[Wish]]
    fill_price: bp.FillPrice = bp.FillPrice.BEST_OPPOSITE
    close_at_end: bool = False
    equity_interval: timedelta | None = None
    equity_conversions: Mapping[str, str] | None = None
    since: int | None = None
    until: int | None = None
    timers: Mapping[int, Sequence[TimerWish]] = field(default_factory=dict)


def run_both(case: Case) -> tuple[bp.BacktestResult, Recording, model.Run]:
    """Run a case with the package and with the model."""
    strategy = recording(Scripted(case.script, case.timers), case.config)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        result = bp.run_backtest(
            strategy,
            bp.MarketData.from_events(case.events),
            case.config,
            since=case.since,
            until=case.until,
            fill_price=case.fill_price,
            close_at_end=case.close_at_end,
            equity_interval=case.equity_interval,
            equity_conversions=case.equity_conversions,
        )
    setup = setup_of(case.config, case.fill_price, case.close_at_end, case.equity_conversions)
    index = case.config.index()
    events = [event_for_model(event, index) for event in case.events]
    script = ModelScripted(case.script, case.timers)
    run = model.run(setup, events, script, case.since, case.until)
    check_warnings([str(warning.message) for warning in told], case, run)
    return result, strategy, run


def check_warnings(told: Sequence[str], case: Case, run: model.Run) -> None:
    """Compare what was said of crossed markets and negative balances; the rest is of random cases.

    Their strategies read everything, also quotes that a history may lack, and faults are anywhere.
    """
    below = [
        f"{asset.exchange_id.value}_{asset.name} is "
        for asset in case.config.index().assets
        if run.exchanges.account.totals[asset.index] < 0
    ]
    overdrawn = [text for text in told if text.startswith("the run ends with a negative balance")]
    assert len(overdrawn) == (1 if below else 0)
    assert all(name in overdrawn[0] for name in below)
    told = [text for text in told if text not in overdrawn]
    said = [text for text in told if "best bid above the best ask" in text]
    for text in told:
        known = text.startswith("the strategy sent no orders") or "outside the history" in text
        assert known or text in said, text
    if not run.crossed:
        assert said == []
        return
    (text,) = said
    first = run.crossed[0]
    count = len(run.crossed)
    assert text.startswith("1 event has" if count == 1 else f"{count:,} events have")
    found = re.search(r"first at (\S+) with (\S+): ", text)
    assert found is not None
    assert market_model.nanoseconds(found[1]) == first.time_received
    assert found[2] == case.config.index().instruments[first.instrument].name


def compare(case: Case) -> model.Run:
    """Run both, and compare everything."""
    result, strategy, run = run_both(case)
    check_calls(strategy, run)
    check_everything(result, run)
    return run

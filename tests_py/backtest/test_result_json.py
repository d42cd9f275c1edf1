"""Results as JSON, with the bytes of `models.result_json`, and as pickles of equal values."""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.comparison import check_written
from models.result_json import text_of, values_of
from support.histories import Acting, OnMarketEvents, buy, quotes, two_instruments
from support.python_samples import PAPER
from support.samples import (
    CONFIG,
    EXITED,
    FAILED_CANCEL,
    FILL,
    FUNDED,
    FUNDED_AT_ENTRY,
    OPEN_POSITION,
    ORDER,
    REFUSED_REQUEST,
    ROWS,
    SENT,
    packed,
)

import barter_python as bp
from barter_python import BacktestResult, Records, _core
from barter_python.backtest import FailedCancel, FundingPayment, OrderReport

INDEX = CONFIG.index()
EMPTY = bp.run_backtest(bp.DefaultStrategy(), quotes(1), CONFIG)


def orders(*reports: OrderReport) -> Records[OrderReport]:
    return Records(_core.OrderReportRows.of(reports, INDEX))


def fills(*trades: bp.Trade) -> Records[bp.Trade]:
    return Records(_core.TradeRows.of(trades, INDEX))


def positions(*closed: bp.PositionExited) -> Records[bp.PositionExited]:
    return Records(_core.PositionExitedRows.of(closed, INDEX))


def refused(*refusals: bp.RefusedRequest) -> Records[bp.RefusedRequest]:
    return Records(_core.RefusedRequestRows.of(refusals, INDEX))


def failed(*cancels: FailedCancel) -> Records[FailedCancel]:
    return Records(_core.FailedCancelRows.of(cancels, INDEX))


# Odd values: no text, number or time is written otherwise than Python writes it.

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
NUMBERS = st.decimals(-(10**10), 10**10, allow_nan=False, places=9) | st.sampled_from(
    [Decimal(0), Decimal("0.00"), Decimal(2**96 - 1), Decimal(1).scaleb(-28), Decimal(1 - 2**96)]
)
TIMES = st.integers(-(2**63), 2**63 - 1)


@given(TEXTS, NUMBERS, TIMES, st.sampled_from([*bp.Side]))
def test_any_text_number_and_time(text: str, number: Decimal, time: int, side: bp.Side) -> None:
    failure = bp.OrderFailure(bp.OrderFailureKind.ORDER_REJECTED, text)
    order = bp.Order(
        exchange=0, instrument=1, strategy_id=text, client_order_id=text, side=side, price=number,
        quantity=number, kind=bp.OrderKind.MARKET,
        time_in_force=bp.TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
        status=bp.OrderStatus.OPEN_FAILED, filled_quantity=0, failure=failure,
    )  # fmt: skip
    report = OrderReport(
        order, None, filled_quantity=number, maker_quantity=0, fees=number, average_price=None,
        time_sent=time, time_finished=time,
    )  # fmt: skip
    trade = bp.Trade(text, text, 1, text, time, side, price=number, quantity=number, fees=number)
    closed = bp.PositionExited(
        1, side, price_entry_average=number, quantity_abs_max=number, pnl_realised=number,
        fees_enter=number, fees_exit=number, time_enter=time, time_exit=time, trades=[text, text],
    )  # fmt: skip
    odd = replace(
        EMPTY,
        orders=orders(report, SENT, report),
        fills=fills(trade, FILL, trade, trade),
        positions=positions(closed, EXITED, closed),
        balances={text: bp.Balance(total=number, free=number)},
    )
    check_written(odd)
    assert odd.to_json(indent=2) == text_of(odd, 2)


KEY = bp.OrderKey(0, 1, bp.StrategyId("ü"), bp.ClientOrderId('\x7f\x1f"\\/\u2028'))
REFUSALS = [
    REFUSED_REQUEST,
    replace(REFUSED_REQUEST, item=bp.OrderRequestCancel(KEY), reason="too late: 3 s"),
    replace(REFUSED_REQUEST, item=bp.OrderRequestCancel(KEY, bp.OrderId("9")), reason="too late"),
    *(
        replace(
            REFUSED_REQUEST,
            item=bp.OrderRequestOpen(
                KEY,
                bp.RequestOpen(
                    side=bp.Side.BUY, price=Decimal("1.50"), quantity=Decimal(1), kind=kind,
                    time_in_force=time_in_force,
                ),
            ),
        )
        for kind in bp.OrderKind
        for time_in_force in bp.TimeInForce
    ),
]  # fmt: skip
FAILURES = [
    bp.OrderFailure(bp.OrderFailureKind.RATE_LIMIT),
    bp.OrderFailure(bp.OrderFailureKind.EXCHANGE_OFFLINE, exchange=bp.ExchangeId.KRAKEN),
    bp.OrderFailure(bp.OrderFailureKind.BALANCE_INSUFFICIENT, "too little", asset=2),
    bp.OrderFailure(bp.OrderFailureKind.INSTRUMENT_INVALID, "unknown", instrument=1),
    bp.OrderFailure(bp.OrderFailureKind.ORDER_REJECTED, "too little"),
    bp.OrderFailure(bp.OrderFailureKind.RATE_LIMIT),
]


def test_every_kind_of_record() -> None:
    cancels = [
        FailedCancel(
            bp.OrderResponseCancel(
                exchange=0, instrument=1, strategy_id="me", client_order_id="1", failure=failure
            ),
            number,
        )
        for number, failure in enumerate(FAILURES)
    ]
    funding: Records[FundingPayment] = Records(
        _core.FundingPaymentRows.of([FUNDED, FUNDED_AT_ENTRY], INDEX)
    )
    still_open: Records[bp.OpenPosition] = Records(
        _core.OpenPositionRows.of([OPEN_POSITION], INDEX)
    )
    full = replace(
        EMPTY,
        orders=orders(SENT, replace_stop(SENT)),
        fills=fills(FILL),
        funding=funding,
        failed_cancels=failed(FAILED_CANCEL, *cancels),
        refused=refused(*REFUSALS),
        positions=positions(EXITED),
        open_positions=still_open,
    )
    check_written(full)
    assert [*full.refusal_counts.items()][:2] == [
        ("too much", len(REFUSALS) - 2),
        ("rate limit", 2),
    ]


def replace_stop(report: OrderReport) -> OrderReport:
    """Give the report of an order that was no stop."""
    return OrderReport(
        ORDER, report.order_id, filled_quantity=0, maker_quantity=0, fees=0, average_price=None,
        time_sent=report.time_sent_ns, time_finished=report.time_sent_ns,
    )  # fmt: skip


def test_sums_beyond_a_native_decimal() -> None:
    largest = Decimal(2**96 - 1)
    closed = bp.PositionExited(
        1, bp.Side.BUY, price_entry_average=1, quantity_abs_max=1, pnl_realised=largest,
        fees_enter=0, fees_exit=0, time_enter=0, time_exit=0, trades=[],
    )  # fmt: skip
    loss = bp.PositionExited(
        1, bp.Side.BUY, price_entry_average=1, quantity_abs_max=1, pnl_realised=Decimal(1 - 2**96),
        fees_enter=0, fees_exit=0, time_enter=0, time_exit=0, trades=[],
    )  # fmt: skip
    trade = bp.Trade("1", "1", 1, "me", 0, bp.Side.BUY, price=1, quantity=1, fees=largest)
    rich = replace(
        EMPTY, positions=positions(closed, loss, closed, loss), fills=fills(trade, trade, trade)
    )
    name = INDEX.instruments[1].name
    tally = rich.statistics[name]
    assert int(tally.gross_profit) == int(tally.gross_loss) == 2 * (2**96 - 1)
    assert sum(int(fees) for fees in rich.fees.values()) == 3 * (2**96 - 1)
    check_written(rich)


def little(state: bp.EngineView) -> bp.Orders:
    """Buy little, or sell it again."""
    view = state.updated
    if view is None or view.has_orders or state.time_ns // 1_000 % 11:
        return bp.NO_ORDERS
    side = bp.Side.BUY if view.position is None else bp.Side.SELL
    return [], [view.market_order(side, Decimal("0.001"), strategy_id="odd")]


def test_runs_of_each_kind(real_history: bp.MarketData, real_config: bp.SystemConfig) -> None:
    check_written(EMPTY)
    assert EMPTY.to_json(indent=1) == text_of(EMPTY, 1)
    check_written(PAPER)
    for interval in (timedelta(days=1), timedelta(hours=30, seconds=1), bp.TimeInterval.DAILY):
        result = bp.run_backtest(
            Acting(little), real_history, real_config, interval=interval, fee_rate=Decimal("0.001")
        )
        assert len(result.positions) > 10
        check_written(result)
        assert result.to_dict() == values_of(result)
        for indent in (None, 0, 1, 2, 7, 100):
            assert result.to_json(indent=indent) == text_of(result, indent)


@pytest.mark.parametrize("indent", [-1, 101, 10**30])
def test_an_indent_that_is_none(indent: int) -> None:
    with pytest.raises(ValueError, match=r"^indent must be .* 0 .* 100, got"):
        EMPTY.to_json(indent=indent)


def test_json_is_read_as_it_was_written() -> None:
    result = bp.run_backtest(OnMarketEvents({0: buy}), quotes(3), two_instruments())
    assert json.loads(result.to_json()) == result.to_dict()


# Pickles


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_rows_come_back_from_pickles_of_each_protocol(protocol: int) -> None:
    for rows in ROWS:
        again = pickle.loads(pickle.dumps(rows, protocol))
        assert type(again) is type(rows)
        assert again.equals(rows)
        assert [repr(item) for item in Records(again)] == [repr(item) for item in Records(rows)]


PACKED_FILLS = bytes.fromhex("")


def test_the_form_of_a_pickle_has_not_changed() -> None:
    """If this fails, rows of an older version are not read: raise `FORMAT` in `stored.rs`."""
    rows = _core.TradeRows.of([FILL], INDEX)
    assert packed(rows).hex() == FORM_1
    assert _core.TradeRows._from_packed(bytes.fromhex(FORM_1), INDEX).equals(rows)


FORM_1 = "627072000100b38689db010174016f0103656d61808290d90c959aef3a019e0f020400860304"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda old: old[:4] + b"\x02\x00" + old[6:], "^the pickle is of form 2, and this version"),
        (lambda old: old[:-1], "^the pickle is damaged"),
        (lambda old: old + b"\x00", "^the pickle is damaged"),
        (lambda old: old[:-1] + bytes([old[-1] ^ 1]), "^the pickle is damaged"),
        (lambda old: b"x" + old[1:], "^the pickle is damaged"),
        (lambda _: b"", "^the pickle is damaged"),
    ],
)
def test_a_pickle_that_is_not_of_this_form_is_refused(
    change: Callable[[bytes], bytes], reason: str
) -> None:
    rows = _core.TradeRows.of([FILL], INDEX)
    with pytest.raises(ValueError, match=reason):
        _core.TradeRows._from_packed(change(packed(rows)), INDEX)


@given(st.binary(max_size=200))
def test_no_bytes_end_the_process(payload: bytes) -> None:
    """The checksum is right, so that only what reads the rows can refuse them."""
    head = bytes.fromhex(FORM_1)[:6]
    given_bytes = head + zlib.crc32(payload).to_bytes(4, "little") + payload
    for kind in (_core.OrderReportRows, _core.TradeRows, _core.RefusedRequestRows):
        with suppress(ValueError):
            assert len(kind._from_packed(given_bytes, INDEX)) <= len(payload)


def test_a_pickle_is_smaller_than_its_objects() -> None:
    result = bp.run_backtest(
        OnMarketEvents(dict.fromkeys(range(100), buy)), quotes(200), two_instruments()
    )
    assert len(result.orders) == 100
    assert len(pickle.dumps(result.orders)) < len(pickle.dumps(list(result.orders))) / 2


def kind_of(result: BacktestResult) -> str:
    return type(result).__name__


def test_a_result_keeps_its_class() -> None:
    for result in (EMPTY, PAPER):
        assert kind_of(pickle.loads(pickle.dumps(result))) == kind_of(result)

"""What a result says of orders: their fills, how they ended, and cancels that failed."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal

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
    limit_request,
    market_request,
    quotes,
    trade,
    two_instruments,
    with_execution,
)

import barter_python as bp
from barter_python import (
    BacktestResult,
    DuplicateAnswers,
    EngineView,
    FeeAsset,
    Liquidity,
    MarketData,
    OrderFailureKind,
    Orders,
    OrderStatus,
    QueuePosition,
    Side,
    SystemConfig,
    TimeInForce,
    backtest,
    engine,
    run_backtest,
)
from barter_python.system import ExecutionChanges

MS = timedelta(milliseconds=1)
RULES: ExecutionChanges = {
    "latency": 20 * MS,
    "answer_latency": 30 * MS,
    "fee_rate": Decimal("0.001"),
    "maker_fee_rate": Decimal("0.0005"),
    "liquidity": Liquidity.SHOWN,
    "queue": QueuePosition.FRONT,
}


def sending(*requests: bp.OrderRequestOpen) -> Action:
    return lambda _state: ([], list(requests))


def busy_history() -> MarketData:
    """Show two at 102 and nothing behind; then one is sold at 101, and the market stays."""
    return history(
        l1(0, "100", "102", ask_amount="2"),
        l1(100, "100", "104"),
        trade(200, "103", "1", side=Side.SELL),
        l1(300, "100", "104"),
        l1(400, "100", "104"),
    )


def busy(**changes: object) -> BacktestResult:
    """One order that takes two and rests for four, of which one is filled; then others."""

    def cancel(_state: EngineView) -> Orders:
        return [cancel_request("mixed"), cancel_request("none")], []

    strategy = OnMarketEvents(
        {
            0: sending(limit_request("mixed", 103, 6)),
            1: sending(
                limit_request("fok", 104, 5, time_in_force=TimeInForce.FILL_OR_KILL),
                market_request("part", quantity=Decimal(3)),
            ),
            3: cancel,
            4: sending(limit_request("rests", 99), limit_request("dear", 99, 1000)),
        }
    )
    config = with_execution(two_instruments().with_executions(**RULES), **changes)
    return run_backtest(strategy, busy_history(), config)


def report_of(result: BacktestResult, cid: str) -> bp.OrderReport:
    return next(one for one in result.orders if one.order.client_order_id == cid)


def amounts(report: bp.OrderReport) -> list[Decimal]:
    return [report.filled_quantity, report.maker_quantity]


@pytest.mark.parametrize("is_doubled", [False, True])
def test_an_order_has_its_id_and_what_its_fills_add_up_to(is_doubled: bool) -> None:
    start = datetime.fromtimestamp(START_NS // 10**9, timezone.utc)
    faults = [DuplicateAnswers(start, timedelta(hours=1))] if is_doubled else []
    result = busy(faults=faults)
    mixed = report_of(result, "mixed")
    assert mixed.order.status is OrderStatus.CANCELLED
    assert mixed.order_id == "1"
    assert amounts(mixed) == [3, 1]
    # 204 at 0.1 %, and 103 at 0.05 %.
    assert mixed.fees == Decimal("0.204") + Decimal("0.0515")
    assert mixed.average_price == Decimal("102.33333333333333333333333333")
    fills = result.fills_of(mixed)
    assert [fill.price for fill in fills] == [102, 103]
    assert [fill.quantity for fill in fills] == [2, 1]
    assert sum(fill.fees for fill in fills) == mixed.fees
    part = report_of(result, "part")
    assert part.order.status is OrderStatus.EXPIRED
    assert part.order.filled_quantity is None
    assert amounts(part) == [1, 0]
    assert part.average_price == 104
    assert [fill.order_id for fill in result.fills_of(part)] == [part.order_id]


def test_an_order_without_fills_has_none_of_them() -> None:
    result = busy()
    expired, refused = report_of(result, "fok"), result.orders[-1]
    assert expired.order.status is OrderStatus.EXPIRED
    assert refused.order.status is OrderStatus.OPEN_FAILED
    for report, order_id in ((expired, "2"), (refused, None)):
        assert report.order_id == order_id
        assert [*amounts(report), report.fees] == [0, 0, 0]
        assert report.average_price is None
        assert result.fills_of(report) == []


def test_amounts_are_those_of_the_order_where_the_fee_is_taken_off() -> None:
    mixed = report_of(busy(fee_asset=FeeAsset.RECEIVED), "mixed")
    assert amounts(mixed) == [3, 1]
    assert mixed.average_price == Decimal("102.33333333333333333333333333")
    assert mixed.fees == Decimal("0.204") + Decimal("0.0515")


def test_fills_of_needs_a_report() -> None:
    result = busy()
    with pytest.raises(TypeError, match=r"report must be.*OrderReport.*str"):
        result.fills_of("1")  # type: ignore[arg-type] # it is what is tested
    assert len(result.fills_of(result.orders[0])) == 2
    assert pickle.loads(pickle.dumps(result)) == result


def test_open_orders_are_those_without_an_end() -> None:
    result = busy()
    assert [report.order.client_order_id for report in result.open_orders] == ["rests"]
    assert result.open_orders == [report for report in result.orders if not report.time_finished]
    assert run_backtest(bp.DefaultStrategy(), quotes(2), two_instruments()).open_orders == []


def test_cancels_that_failed_are_told_with_their_time() -> None:
    result = busy()
    (failed,) = result.failed_cancels
    assert failed.response.client_order_id == "none"
    assert failed.response.failure is not None
    assert failed.response.failure.kind is OrderFailureKind.ORDER_REJECTED
    # When it arrives, not when the engine is told.
    assert failed.time_ns == at(320)
    (told,) = bp_list(result.to_dict()["failed_cancels"])
    assert isinstance(told, dict)
    assert told["time"] == "2023-11-14T22:13:20.443456789Z"


def bp_list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def test_everything_of_an_order_is_in_the_json() -> None:
    told = bp_list(busy().to_dict()["orders"])[0]
    assert isinstance(told, dict)
    names = ("order_id", "filled_quantity", "maker_quantity", "fees", "average_price")
    assert [told[name] for name in names] == [
        "1", "3", "1", "0.2555", "102.33333333333333333333333333"
    ]  # fmt: skip


def test_the_table_says_how_orders_ended_and_what_is_held_back() -> None:
    result = busy()
    assert result.order_counts == {"open": 1, "cancelled": 1, "expired": 2, "refused": 1}
    assert list(result.order_counts) == ["open", "cancelled", "expired", "refused"]
    lines = str(result).splitlines()
    assert lines[1] == "5 orders: 1 open, 1 cancelled, 2 expired, 1 refused"
    assert lines[2] == "3 fills, 0 closed positions, 1 open position, 1 failed cancel"
    usdt = result.balances["binance_spot_usdt"]
    row = next(line for line in lines if line.startswith("binance_spot_usdt")).split()
    assert row[1:3] == [f"{usdt.total:f}", f"{usdt.free:f}"]
    assert usdt.total - usdt.free == 99 * (1 + Decimal("0.0005"))
    heads = [line.split() for line in lines]
    assert ["asset", "balance", "free", "max", "drawdown", "of", "the", "equity"] in heads
    html = result._repr_html_()
    assert f"<p>{lines[1]}</p>" in html
    assert ">free</th>" in html


def test_the_table_has_no_column_of_what_is_free_where_all_is() -> None:
    result = run_backtest(bp.DefaultStrategy(), quotes(2), two_instruments())
    lines = str(result).splitlines()
    assert lines[1:3] == ["0 orders", "0 fills, 0 closed positions, 0 open positions"]
    heads = [line.split() for line in lines]
    assert ["asset", "balance", "max", "drawdown", "of", "the", "equity"] in heads
    assert ">free</th>" not in result._repr_html_()


def test_a_market_order_can_be_filled_wholly_or_not_at_all() -> None:
    def send(state: EngineView) -> Orders:
        view, kill = state.instrument(BTC), TimeInForce.FILL_OR_KILL
        return [], [
            view.market_order(Side.BUY, 2, strategy_id="test", time_in_force=kill),
            view.market_order(Side.BUY, 1, strategy_id="test", time_in_force=kill),
        ]

    config = two_instruments().with_executions(liquidity=Liquidity.SHOWN)
    result = run_backtest(OnMarketEvents({0: send}), quotes(2), config)
    assert [report.order.status for report in result.orders] == [
        OrderStatus.EXPIRED,
        OrderStatus.FULLY_FILLED,
    ]
    assert [report.filled_quantity for report in result.orders] == [0, 1]


def test_names_can_be_imported_from_where_they_are_met() -> None:
    assert backtest.OrderReport is engine.OrderReport is bp.OrderReport
    assert {"EquityBar", "FailedCancel", "OrderReport"} <= set(backtest.__all__)


# The same changes to every execution


def test_executions_are_changed_all_alike() -> None:
    config = SystemConfig.from_json("examples/data/system_config.json")
    changed = config.with_executions(latency=7 * MS, maker_fee_rate=Decimal("-0.0001"))
    assert changed == with_execution(config, latency=7 * MS, maker_fee_rate=Decimal("-0.0001"))
    assert changed.executions[0].balances == config.executions[0].balances
    assert changed.with_executions(maker_fee_rate=None).executions[0].maker_fee_rate is None
    assert config.with_executions() == config
    fields = set(bp.MockExecutionConfig.__dataclass_fields__) - {"mocked_exchange", "balances"}
    assert set(ExecutionChanges.__annotations__) == fields


def test_changes_of_executions_are_checked() -> None:
    config = two_instruments()
    with pytest.raises(
        TypeError, match=r"no argument 'balances'; its arguments are latency, fee_rate"
    ):
        config.with_executions(balances={})  # type: ignore[call-arg] # it is what is tested
    with pytest.raises(ValueError, match="fee_rate must be a fraction"):
        config.with_executions(fee_rate=1)
    with pytest.raises(TypeError, match="queue must be"):
        config.with_executions(queue="front")  # type: ignore[arg-type] # it is what is tested

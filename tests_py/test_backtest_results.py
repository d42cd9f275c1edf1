"""What comes of a run: prices, the same bytes for the same inputs, a table and JSON."""

from __future__ import annotations

import json
import pickle
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from histories import (
    BTC,
    Acting,
    OnMarketEvents,
    buy,
    candle,
    history,
    l1,
    market_request,
    quotes,
    trade,
    two_exchanges,
    two_instruments,
)

from barter_python import (
    NO_ORDERS,
    BacktestResult,
    EngineView,
    ExchangeId,
    FillPrice,
    MarketData,
    MarketEvent,
    OrderFailure,
    OrderFailureKind,
    OrderKind,
    Orders,
    OrderStatus,
    Side,
    SystemConfig,
    run_backtest,
)

# Prices of fills


def failures(result: BacktestResult) -> list[OrderFailure | None]:
    assert all(report.order.status is OrderStatus.OPEN_FAILED for report in result.orders)
    return [report.order.failure for report in result.orders]


@pytest.mark.parametrize(
    ("fill_price", "side", "expected"),
    [
        (FillPrice.BEST_OPPOSITE, Side.BUY, 102),
        (FillPrice.BEST_OPPOSITE, Side.SELL, 100),
        (FillPrice.REQUESTED, Side.BUY, 95),
        (FillPrice.REQUESTED, Side.SELL, 95),
    ],
)
def test_the_price_of_a_fill(fill_price: FillPrice, side: Side, expected: int) -> None:
    def send(state: EngineView) -> Orders:
        return [], [market_request("one", side=side, price=Decimal(95))]

    strategy = OnMarketEvents({0: send})
    result = run_backtest(strategy, quotes(2), two_instruments(), fill_price=fill_price)
    assert [fill.price for fill in result.fills] == [expected]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([candle(0, "50")], 50),
        ([candle(0, "50"), trade(1, "60")], 60),
        ([trade(0, "60"), candle(1, "50")], 60),
        ([trade(0, "60"), l1(1, "70", "72")], 72),
        ([l1(0, "70", "72"), trade(1, "60")], 72),
        ([l1(0, None, "72")], 72),
    ],
)
def test_the_price_without_a_whole_book(events: list[MarketEvent], expected: int) -> None:
    last = len(events) - 1
    result = run_backtest(OnMarketEvents({last: buy}), history(*events), two_instruments())
    assert [fill.price for fill in result.fills] == [expected]


@pytest.mark.parametrize("events", [[l1(0, "70", None)], [l1(0, None, None)]])
def test_an_order_without_a_price_is_rejected(events: list[MarketEvent]) -> None:
    def send(state: EngineView) -> Orders:
        return [], [market_request("one")]

    result = run_backtest(OnMarketEvents({0: send}), history(*events), two_instruments())
    (failure,) = failures(result)
    assert failure is not None
    assert failure.kind is OrderFailureKind.ORDER_REJECTED
    assert "binancespot-btc_usdt" in failure.message


# Several runs


def noisy(number: int) -> Acting:
    """Make a strategy that trades often, by a rule of its own."""

    def action(state: EngineView) -> Orders:
        updated = state.updated
        if updated is None or updated.has_orders or state.time_ns // 1000 % (number + 11):
            return NO_ORDERS
        side = Side.BUY if updated.position is None else Side.SELL
        return [], [updated.market_order(side, Decimal("0.001"), strategy_id=str(number))]

    return Acting(action)


def test_the_same_inputs_give_the_same_bytes(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    texts = [run_backtest(noisy(1), real_history, real_config).to_json() for _ in range(2)]
    assert texts[0] == texts[1]
    assert len(json.loads(texts[0])["fills"]) > 10


def test_two_threads_give_the_results_of_each_alone(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    numbers = (0, 1)
    alone = [run_backtest(noisy(number), real_history, real_config).to_json() for number in numbers]
    together: dict[int, str] = {}
    start = threading.Barrier(len(numbers))

    def work(number: int) -> None:
        start.wait()
        together[number] = run_backtest(noisy(number), real_history, real_config).to_json()

    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in numbers] == alone
    assert alone[0] != alone[1]


# Results


def result_with_trades() -> BacktestResult:
    config = two_instruments(fee_rate=Decimal("0.001"), latency=timedelta(milliseconds=50))

    def sell(state: EngineView) -> Orders:
        order = state.instrument(BTC).market_order(Side.SELL, Decimal("0.50"), strategy_id="test")
        return [], [order]

    strategy = OnMarketEvents({0: lambda state: buy(state, Decimal("0.50")), 2: sell})
    return run_backtest(strategy, quotes(5), config)


def test_the_table() -> None:
    text = str(result_with_trades())
    assert "Backtest from 2023-11-14 22:13:20 to 2023-11-14 22:13:20 UTC" in text
    assert "\n2 orders: 2 filled\n2 fills, 1 closed positions, 0 open positions\n" in text
    rows = {line.split("  ")[0]: line.split()[-2:] for line in text.splitlines() if line}
    assert rows[""] == ["binancespot-btc_usdt", "binancespot-eth_usdt"]
    assert rows["closed positions"] == ["1", "0"]
    assert rows["pnl"] == ["-1.1010", "0.0000"]
    assert "profit and loss -1.1010 usdt, after fees of 0.1010" in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_json_has_everything_as_text_with_nanoseconds() -> None:
    result = result_with_trades()
    assert json.loads(result.to_json()) == result.to_dict()
    document = json.loads(result.to_json(indent=2))
    assert document["pnl"] == {"usdt": "-1.101"}
    fill = document["fills"][0]
    assert (fill["price"], fill["quantity"], fill["fees"]) == ("102", "0.5", "0.051")
    assert (fill["side"], fill["instrument"]) == ("buy", 0)
    assert fill["time_exchange"] == "2023-11-14T22:13:20.173456789Z"
    assert document["positions"][0]["time_exit"] == "2023-11-14T22:13:20.373456789Z"
    assert document["balances"]["binance_spot_btc"] == {"total": "10", "free": "10"}
    assert document["summary"]["instruments"].keys() == {
        "binancespot-btc_usdt",
        "binancespot-eth_usdt",
    }
    assert [one["name"] for one in document["instruments"]] == [
        "binancespot-btc_usdt",
        "binancespot-eth_usdt",
    ]

    def floats(value: object) -> list[float]:
        if isinstance(value, dict):
            return [found for item in value.values() for found in floats(item)]
        if isinstance(value, list):
            return [found for item in value for found in floats(item)]
        return [value] if isinstance(value, float) else []

    assert floats(document) == []


def test_every_time_in_json_has_nanoseconds() -> None:
    document = json.loads(result_with_trades().to_json())
    assert document["time_start"] == "2023-11-14T22:13:20.123456789Z"
    order = document["orders"][0]
    assert order["time_sent"] == "2023-11-14T22:13:20.123456789Z"
    assert order["time_finished"] == "2023-11-14T22:13:20.173456789Z"
    curve = document["equity"]["binance_spot_usdt"]
    assert curve[0]["time"] == "2023-11-14T22:13:20.123456789Z"
    assert document["summary"]["time_engine_start"] == "2023-11-14T22:13:20.123456789Z"


def test_two_exchanges_keep_their_books_apart() -> None:
    events = [l1(0, "100", "102"), l1(0, "90", "92", instrument=1, exchange=ExchangeId.COINBASE)]

    def send(state: EngineView) -> Orders:
        view = state.instrument("coinbase-btc_usd")
        assert (view.exchange, view.exchange_id) == (1, ExchangeId.COINBASE)
        return [], [view.market_order(Side.BUY, 1, strategy_id="test")]

    result = run_backtest(OnMarketEvents({1: send}), history(*events), two_exchanges())
    balances = {name: balance.total for name, balance in result.balances.items()}
    assert balances == {
        "binance_spot_btc": 10,
        "binance_spot_usdt": 10_000,
        "coinbase_btc": 11,
        "coinbase_usd": 9_908,
    }
    assert set(result.equity()) == {"binance_spot_usdt", "coinbase_usd"}


def test_kinds_of_orders_in_the_report() -> None:
    report = result_with_trades().orders[0]
    assert (report.order.kind, report.order.side) == (OrderKind.MARKET, Side.BUY)
    assert (report.order.price, report.order.quantity) == (Decimal(102), Decimal("0.50"))
    assert report.order.status is OrderStatus.FULLY_FILLED


def test_results_can_be_sent_to_another_process() -> None:
    result = result_with_trades()
    copied: BacktestResult = pickle.loads(pickle.dumps(result))
    assert copied.to_json() == result.to_json()
    assert copied == result

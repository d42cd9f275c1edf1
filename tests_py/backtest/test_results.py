"""What comes of a run: prices, the same bytes for the same inputs, a table and JSON."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    Acting,
    OnMarketEvents,
    buy,
    candle,
    execution,
    history,
    l1,
    market_request,
    quotes,
    spot,
    trade,
    two_exchanges,
    two_instruments,
)

from barter_python import (
    NO_ORDERS,
    BacktestResult,
    DefaultStrategy,
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
    RiskLimits,
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
    assert "\n2 orders: 2 filled\n2 fills, 1 closed position, 0 open positions\n" in text
    rows = {line.split("  ")[0]: line.split()[-2:] for line in text.splitlines() if line}
    assert rows[""] == ["binancespot-btc_usdt", "binancespot-eth_usdt"]
    assert rows["closed positions"] == ["1", "0"]
    assert rows["pnl of closed positions"] == ["-1.101", "0"]
    assert rows["barter's Sharpe, annual 365"][-1] == "-"
    assert rows["binance_spot_usdt"][-1] == "0.011%"
    assert "profit and loss -1.101 usdt (before fees -1, fees 0.101)" in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_account_comes_first_in_the_table() -> None:
    lines = [line for line in str(result_with_trades()).splitlines() if line]
    rows = {line.split("  ")[0]: line.split()[-1] for line in reversed(lines)}
    assert {
        name: rows[name]
        for name in ("profit before fees", "fees", "profit after fees", "return", "max drawdown")
    } == {
        "profit before fees": "-1",
        "fees": "0.101",
        "profit after fees": "-1.101",
        "return": "-0.011%",
        "max drawdown": "1.101",
    }
    # Seconds give no daily returns.
    assert [rows[name] for name in ("volatility", "Sharpe", "Sortino", "Calmar")] == ["-"] * 4


def test_small_amounts_keep_their_digits() -> None:
    config = SystemConfig(
        [spot("dnt", "btc")], [execution(balances={"btc": 1}, fee_rate=Decimal("0.001"))]
    )
    events = [l1(place, price, price) for place, price in enumerate(["0.00000442", "0.00000453"])]

    def trade_it(side: Side) -> Callable[[EngineView], Orders]:
        def send(state: EngineView) -> Orders:
            order = state.instrument(0).market_order(side, Decimal("51.306"), strategy_id="test")
            return [], [order]

        return send

    strategy = OnMarketEvents({0: trade_it(Side.BUY), 1: trade_it(Side.SELL)})
    text = str(run_backtest(strategy, history(*events), config))
    assert text.splitlines()[-1] == (
        "profit and loss 0.000005184472 btc (before fees 0.00000564366, fees 0.000000459188)"
    )


def many_instruments() -> BacktestResult:
    bases = [f"coin{number}" for number in range(30)]
    config = SystemConfig([spot(base) for base in bases], [execution(balances={"usdt": 1})])
    return run_backtest(DefaultStrategy(), quotes(1), config)


def test_many_instruments_are_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = str(many_instruments()).splitlines()
    assert sum(line.startswith("binancespot-coin") for line in lines) == 30
    assert max(map(len, lines)) < 300
    monkeypatch.setenv("COLUMNS", "2000")
    lines = str(many_instruments()).splitlines()
    assert not any(line.startswith("binancespot-coin") for line in lines)


def test_refusals_are_counted_by_reason() -> None:
    def send(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        small, large = Decimal("0.1"), 1000
        return [], [
            view.market_order(Side.BUY, quantity, strategy_id="test")
            for quantity in (large, small, large, 5)
        ]

    limits = RiskLimits(max_open_orders=3)
    result = run_backtest(
        OnMarketEvents({0: send}), quotes(1), two_instruments(), risk_manager=limits
    )
    assert result.refusal_counts == {"balance insufficient": 2, "max_open_orders": 1}
    assert "refused: 2 balance insufficient, 1 max_open_orders" in str(result)


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
    fall = document["drawdowns"]["binance_spot_usdt"][0]
    assert (fall["depth"], fall["time_end"]) == ("1.101", None)
    assert fall["time_start"] == "2023-11-14T22:13:20.173456789Z"
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

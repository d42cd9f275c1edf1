"""What errors carry besides their message: at every kind of place that raises them."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support.histories import (
    SPOT,
    START_NS,
    OnMarketEvents,
    cancel_request,
    execution,
    history,
    l1,
    market_request,
    quotes,
    run,
    spot,
    trade,
    two_exchanges,
    two_instruments,
)

from barter_python import (
    AccountEvent,
    AccountReconnecting,
    AssetBalance,
    Balance,
    BarterError,
    ConfigError,
    DefaultStrategy,
    Engine,
    EngineView,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderRequestError,
    OrderRequestOpen,
    Orders,
    RiskDecision,
    SendOpenRequests,
    StrategyGroup,
    SystemConfig,
    Underlying,
    UnknownKeyError,
    run_backtest,
)
from barter_python.instrument import InstrumentQuoteAsset
from barter_python.statistic import TradingSummaryGenerator
from barter_python.system import PerpetualContract

KRAKEN = ExchangeId.KRAKEN


def raised(error: type[BarterError], make: Callable[[], object]) -> BarterError:
    """Give the error that `make` raises, after its copies have been compared with it."""
    with pytest.raises(error) as caught:
        make()
    original = caught.value
    for again in (
        pickle.loads(pickle.dumps(original)),
        copy.copy(original),
        copy.deepcopy(original),
    ):
        assert type(again) is type(original)
        assert str(again) == str(original)
        assert vars(again) == vars(original)
    return original


# Market data


def engine() -> Engine:
    return Engine(DefaultStrategy(), two_instruments().index(), time_start=START_NS)


def written(folder: Path, text: str, name: str = "data.jsonl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


RECONNECTING = '{"Reconnecting":"binance_spot"}'


def test_a_line_of_a_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, f"{RECONNECTING}\n[\n")
    error = raised(MarketDataError, lambda: MarketData.from_json_lines(path))
    assert isinstance(error, MarketDataError)
    assert (error.path, error.line) == (path, 2)
    assert str(error) == f"{path}, line 2: {error.reason}"


def test_pickled_data_is_of_no_file() -> None:
    packed = quotes(2).__reduce__()[0].__reduce__()[1][1]
    assert isinstance(packed, bytes)
    error = raised(MarketDataError, lambda: MarketData._from_packed(packed[:-9], None))
    assert isinstance(error, MarketDataError)
    assert (error.path, error.line) == (None, None)
    assert str(error) == f"pickled market data: {error.reason}"


def test_a_file_that_holds_no_array(tmp_path: Path) -> None:
    path = written(tmp_path, "{}")
    error = raised(MarketDataError, lambda: MarketData.from_json(path))
    assert isinstance(error, MarketDataError)
    assert (error.path, error.line) == (path, None)
    assert str(error) == f"{path}: {error.reason}"


def test_data_without_events(tmp_path: Path) -> None:
    path = written(tmp_path, RECONNECTING)
    error = raised(MarketDataError, lambda: MarketData.from_json_lines(path))
    assert str(error) == f"{path} holds no market events"
    assert vars(error) == {"path": path, "line": None, "reason": "holds no market events"}
    error = raised(MarketDataError, lambda: MarketData.from_events([]))
    assert str(error) == "the data holds no market events"
    assert vars(error) == {"path": None, "line": None, "reason": "holds no market events"}


NEGATIVE = "amount must not be negative, got -1"


def test_events_of_python() -> None:
    error = raised(MarketDataError, lambda: history(trade(0, "1"), trade(1, "1", "-1")))
    assert str(error) == f"event 1: {NEGATIVE}"
    assert vars(error) == {"path": None, "line": None, "reason": NEGATIVE}
    error = raised(MarketDataError, lambda: engine().process(trade(0, "1", "-1")))
    assert vars(error) == {"path": None, "line": None, "reason": str(error)}
    assert str(error).endswith(NEGATIVE)


def test_data_that_does_not_fit_the_configuration(
    real_history: MarketData, real_path: Path
) -> None:
    def ran(data: MarketData) -> Callable[[], object]:
        return lambda: run_backtest(DefaultStrategy(), data, two_instruments())

    reason = "there is no instrument 2; the configuration has 2 (0 to 1)"
    error = raised(MarketDataError, ran(history(l1(0, "1", "2", instrument=2))))
    assert str(error) == f"the data, event 0: {reason}"
    assert vars(error) == {"path": None, "line": None, "reason": reason}
    error = raised(MarketDataError, ran(real_history))
    assert str(error).startswith(f"{real_path}, event ")
    assert vars(error) == {"path": real_path, "line": None, "reason": reason}


# Keys


def summary() -> TradingSummaryGenerator:
    return TradingSummaryGenerator.init(0, START_NS, START_NS, two_instruments().index())


def looked_up(look: Callable[[EngineView], object]) -> Callable[[], object]:
    def action(state: EngineView) -> Orders:
        look(state)
        return [], []

    return lambda: run(action)


def processed(event: MarketEvent | AccountEvent | AccountReconnecting) -> Callable[[], object]:
    return lambda: engine().process(event)


def balance(asset: int, exchange: int = 0) -> AccountEvent:
    return AccountEvent(exchange, AssetBalance(asset, Balance(total=1, free=1), START_NS))


@pytest.mark.parametrize(
    ("make", "kind", "key"),
    [
        (lambda: two_instruments().index().exchange_index(KRAKEN), "exchange", "kraken"),
        (lambda: two_instruments().index().asset_index(SPOT, "doge"), "asset", "doge"),
        (lambda: two_instruments().index().instrument_index("BTC"), "instrument", "BTC"),
        (looked_up(lambda state: state.instrument(2)), "instrument", 2),
        (looked_up(lambda state: state.instrument("BTC")), "instrument", "BTC"),
        (looked_up(lambda state: state.instrument((SPOT, "BTC"))), "instrument", "BTC"),
        (looked_up(lambda state: state.balance(SPOT, "doge")), "asset", "doge"),
        (looked_up(lambda state: state.balance(KRAKEN, "btc")), "asset", "btc"),
        (looked_up(lambda state: state.exchange_index(KRAKEN)), "exchange", "kraken"),
        (processed(l1(0, "1", "2", instrument=2)), "instrument", 2),
        (processed(l1(0, "1", "2", exchange=KRAKEN)), "exchange", "kraken"),
        (processed(AccountReconnecting(KRAKEN)), "exchange", "kraken"),
        (processed(balance(9)), "asset", 9),
        (processed(balance(0, exchange=9)), "exchange", 9),
        (
            lambda: summary().update_from_balance(AssetBalance(3, Balance(total=1, free=1), 0)),
            "asset",
            3,
        ),
    ],
)
def test_an_unknown_key_is_given(make: Callable[[], object], kind: str, key: int | str) -> None:
    error = raised(UnknownKeyError, make)
    assert isinstance(error, LookupError)
    assert vars(error) == {"kind": kind, "key": key}
    assert str(key) in str(error)


def test_an_instrument_of_another_exchange_is_the_unknown_key() -> None:
    made = Engine(DefaultStrategy(), two_exchanges().index(), time_start=START_NS)
    error = raised(UnknownKeyError, lambda: made.process(l1(0, "1", "2", instrument=1)))
    assert vars(error) == {"kind": "instrument", "key": 1}


# Orders


def changed(**changes: object) -> OrderRequestOpen:
    request = market_request("one")
    return replace(request, state=replace(request.state, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "instrument", "reason"),
    [
        (market_request("one", instrument=7), 7, "there is no instrument 7; there are 2"),
        (market_request("one", exchange=1), 0,
         "instrument 0 (binancespot-btc_usdt) is on exchange 0, not on 1"),
        (changed(quantity=Decimal(0)), 0, "quantity must be positive, got 0"),
        (changed(price=Decimal(10) ** 15), 0,
         "price 1000000000000000 is too large, the limit is 100000000000000"),
    ],
)  # fmt: skip
def test_an_order_of_a_hook(request_: OrderRequestOpen, instrument: int, reason: str) -> None:
    error = raised(OrderRequestError, lambda: run(lambda state: ([], [request_])))
    assert vars(error) == {"cid": "one", "instrument": instrument, "reason": reason}
    assert str(error) == f'Acting.generate_algo_orders: order "one": {reason}'


def test_an_id_that_is_live_already() -> None:
    twice = [market_request("one"), market_request("one")]
    error = raised(OrderRequestError, lambda: run(lambda state: ([], twice)))
    assert isinstance(error, OrderRequestError)
    assert (error.cid, error.instrument) == ("one", 0)
    assert error.reason.startswith('client order id "one" is live already')


def test_a_cancel_of_a_hook() -> None:
    error = raised(
        OrderRequestError, lambda: run(lambda state: ([cancel_request("x", instrument=7)], []))
    )
    reason = "there is no instrument 7; there are 2"
    assert vars(error) == {"cid": "x", "instrument": 7, "reason": reason}
    assert str(error) == f"Acting.generate_algo_orders: cancel: {reason}"


def test_an_order_of_a_command() -> None:
    command = SendOpenRequests([market_request("one", instrument=7)])
    error = raised(OrderRequestError, lambda: engine().process(command))
    reason = "there is no instrument 7; there are 2"
    assert vars(error) == {"cid": "one", "instrument": 7, "reason": reason}


class Deciding:
    """A risk manager that decides as a function says."""

    def __init__(self, decide: Callable[[object, object], RiskDecision]) -> None:
        self._decide = decide

    def check(self, state: EngineView, cancels: object, opens: object, /) -> RiskDecision:
        return self._decide(cancels, opens)


ONE, TWO = market_request("one"), market_request("two", instrument=1)


@pytest.mark.parametrize(
    ("decision", "cid", "instrument", "reason"),
    [
        (RiskDecision([], [ONE]), "two", 1, "was neither approved nor refused"),
        (RiskDecision([], [ONE, TWO, TWO]), "two", 1, "was decided twice"),
        (RiskDecision([], [ONE, TWO, market_request("three")]), "three", 0,
         "was not asked for (a request may be changed, but not its key)"),
    ],
)  # fmt: skip
def test_an_order_that_a_risk_manager_decides_wrongly(
    decision: RiskDecision, cid: str, instrument: int, reason: str
) -> None:
    def ran() -> object:
        strategy = OnMarketEvents({0: lambda state: ([], [ONE, TWO])})
        manager = Deciding(lambda cancels, opens: decision)
        return run_backtest(strategy, quotes(1), two_instruments(), risk_manager=manager)

    error = raised(OrderRequestError, ran)
    assert vars(error) == {"cid": cid, "instrument": instrument, "reason": reason}
    assert str(error) == f'Deciding.check: order "{cid}" on instrument {instrument} {reason}'


def test_an_order_of_another_member_of_a_group() -> None:
    group = StrategyGroup({"a": OnMarketEvents({0: lambda state: ([], [TWO])})})
    error = raised(OrderRequestError, lambda: run_backtest(group, quotes(1), two_instruments()))
    reason = "it has the id of another strategy, 'test'"
    assert vars(error) == {"cid": "two", "instrument": 1, "reason": reason}


def test_requests_without_end_are_of_no_order() -> None:
    error = raised(OrderRequestError, lambda: run(lambda state: ([cancel_request("none")], [])))
    assert vars(error) == {"cid": None, "instrument": None, "reason": str(error)}


# Configurations


def same_names_of_barter() -> object:
    kind = PerpetualContract(1, "usdt")
    other = InstrumentConfig(SPOT, "PERP", Underlying("btc", "usdt"), kind=kind)
    return IndexedInstruments([other, replace(other, name_exchange="PERP2")])


def quoted_in_base() -> object:
    instrument = InstrumentConfig(
        SPOT, "BTCUSDT", Underlying("btc", "usdt"), InstrumentQuoteAsset.UNDERLYING_BASE
    )
    config = SystemConfig([instrument], [execution(balances={})])
    return run_backtest(DefaultStrategy(), quotes(1), config)


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: SystemConfig([spot("btc")], []), "executions"),
        (lambda: SystemConfig([spot("btc")], [execution(balances={})] * 2), "executions"),
        (lambda: SystemConfig([spot("btc")], [execution(KRAKEN, balances={})]), "executions"),
        (lambda: SystemConfig([spot("btc")], [execution(balances={"doge": 1})]), "executions"),
        (lambda: IndexedInstruments([]), None),
        (lambda: IndexedInstruments([spot("btc", "usdt"), spot("eth", "USDT")]), None),
        (same_names_of_barter, None),
        (quoted_in_base, None),
        (lambda: EngineView._from_snapshot(two_instruments().index(), "{", []), None),
    ],
)
def test_the_part_of_a_configuration(make: Callable[[], object], place: str | None) -> None:
    error = raised(ConfigError, make)
    assert vars(error) == {"place": place}
    assert place is None or str(error).startswith(f"{place}: ")


def configured(path: Path, change: tuple[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    return text.replace(*change, 1)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("{", "["), ""),
        (('"instruments":', '"instrumente":'), ""),
        (('"name_exchange"', '"name_exchange":1, "name_exchange"'), ""),
        (('"kind": "spot"', '"kind": "spotty"'), ".instruments[0].kind"),
        (('"base": "', '"base": "doge", "bases": "'), ".instruments[0].underlying"),
        (('"latency_ms": ', '"latency_ms": -1'), ".executions[0].latency_ms"),
    ],
)
def test_the_place_in_json(
    tmp_path: Path, examples: Path, change: tuple[str, str], place: str
) -> None:
    text = configured(examples / "system_config.json", change)
    path = written(tmp_path, text, "config.json")
    for source, make in [
        (str(path), lambda: SystemConfig.from_json(path)),
        ("the configuration", lambda: SystemConfig.from_json_text(text)),
    ]:
        error = raised(ConfigError, make)
        assert vars(error) == {"place": source + place}
        assert str(error).startswith(f"{source}{place}: ")


def test_a_configuration_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"\xff")
    error = raised(ConfigError, lambda: SystemConfig.from_json(path))
    assert vars(error) == {"place": str(path)}


# Errors made by a user


@pytest.mark.parametrize(
    ("error", "attributes"),
    [
        (ConfigError("text"), {"place": None}),
        (MarketDataError("text"), {"path": None, "line": None, "reason": "text"}),
        (OrderRequestError("text"), {"cid": None, "instrument": None, "reason": "text"}),
        (UnknownKeyError("text"), {"kind": None, "key": None}),
    ],
)
def test_what_is_not_known_is_none(error: BarterError, attributes: dict[str, object]) -> None:
    assert vars(error) == attributes
    assert error.args == ("text",)

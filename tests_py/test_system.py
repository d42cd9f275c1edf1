"""Configurations: from JSON, from Python objects, and what they are indexed to."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from histories import SPOT, execution, quotes, spot, two_exchanges, two_instruments

from barter_python import (
    BarterError,
    ConfigError,
    DefaultStrategy,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    MockExecutionConfig,
    SystemConfig,
    Underlying,
    UnknownKeyError,
    run_backtest,
)
from barter_python.instrument import InstrumentQuoteAsset, OptionExercise, OptionKind
from barter_python.system import (
    FutureContract,
    InstrumentSpec,
    OptionContract,
    OrderQuantityUnits,
    PerpetualContract,
    Spot,
)

EXPIRY = datetime(2026, 3, 27, 8, tzinfo=timezone.utc)
EXPIRY_MS = int(EXPIRY.timestamp()) * 1000
PERPETUAL = '{"perpetual": {"contract_size": 0.001, "settlement_asset": "usdt"}}'
FUTURE = f'{{"future": {{"contract_size": 10, "settlement_asset": "usd", "expiry": {EXPIRY_MS}}}}}'
OPTION = (
    f'{{"option": {{"contract_size": 1, "settlement_asset": "btc", "kind": "call", '
    f'"exercise": "european", "expiry": {EXPIRY_MS}, "strike": 100000.5}}}}'
)
SPEC = (
    '{"price": {"min": 0.01, "tick_size": 0.01}, '
    '"quantity": {"unit": "contract", "min": 1, "increment": 1}, "notional": {"min": 5}}'
)
CENT = Decimal("0.01")
RULES = InstrumentSpec(CENT, CENT, "btc", CENT, CENT, 5)
BACKTEST_SHAPE = """
{
  "risk_free_return": 0.05,
  "system": {
    "instruments": [
      {
        "exchange": "binance_spot",
        "name_exchange": "BTCUSDT",
        "underlying": {"base": "btc", "quote": "usdt"},
        "quote": "underlying_quote",
        "kind": "spot"
      }
    ],
    "executions": [
      {
        "mocked_exchange": "binance_spot",
        "latency_ms": 100,
        "fees_percent": 0.001,
        "initial_state": {
          "exchange": "binance_spot",
          "balances": [
            {
              "asset": "usdt",
              "balance": {"total": 98765432109.123456789012, "free": 98765432109.123456789012},
              "time_exchange": "2025-03-24T21:30:00Z"
            },
            {
              "asset": "btc",
              "balance": {"total": "0.10", "free": 0.1},
              "time_exchange": "2025-03-24T21:30:00Z"
            }
          ],
          "instruments": [{"instrument": "BTCUSDT", "orders": []}]
        }
      }
    ]
  }
}
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def with_kind(kind: str, spec: str = "null") -> str:
    """Give a configuration whose instrument is of another kind."""
    return BACKTEST_SHAPE.replace('"kind": "spot"', f'"kind": {kind}, "spec": {spec}')


# Both ways


def test_both_shapes_and_python_objects_are_equal(real_config: SystemConfig) -> None:
    held: dict[str, Decimal | int] = {
        "usdt": 10_000,
        "btc": Decimal("0.1"),
        "eth": Decimal("1.0"),
        "sol": Decimal("10.0"),
    }
    latency = timedelta(milliseconds=100)
    made = SystemConfig(
        [spot("btc"), spot("eth"), spot("sol")],
        [MockExecutionConfig(SPOT, held, latency, Decimal("0.001"))],
    )
    assert made == real_config
    assert made.index() == real_config.index()
    assert hash(made.index()) == hash(real_config.index())
    assert made != two_instruments()


def test_the_shape_of_backtests(tmp_path: Path) -> None:
    read = SystemConfig.from_json(write(tmp_path / "backtest.json", BACKTEST_SHAPE))
    total = Decimal("98765432109.123456789012")
    assert read == SystemConfig(
        [spot("btc")],
        [
            MockExecutionConfig(
                SPOT,
                {"usdt": total, "btc": Decimal("0.1")},
                timedelta(milliseconds=100),
                Decimal("0.001"),
            )
        ],
        risk_free_return=Decimal("0.05"),
    )
    assert str(read.executions[0].balances["usdt"]) == str(total)
    assert str(read.executions[0].balances["btc"]) == "0.10"
    assert read == SystemConfig.from_json(str(tmp_path / "backtest.json"))
    assert read == SystemConfig.from_json_text(BACKTEST_SHAPE)


def test_a_system_alone_is_the_other_shape() -> None:
    document = json.loads(BACKTEST_SHAPE, parse_float=str)["system"]
    alone = SystemConfig.from_json_text(json.dumps(document).replace('"0.10"', "0.10"))
    whole = SystemConfig.from_json_text(BACKTEST_SHAPE)
    assert alone.instruments == whole.instruments
    assert alone.executions == whole.executions
    assert alone.risk_free_return == 0


@pytest.mark.parametrize(
    ("json_kind", "kind"),
    [
        ('"spot"', Spot.SPOT),
        (PERPETUAL, PerpetualContract(Decimal("0.001"), "usdt")),
        (FUTURE, FutureContract(10, "usd", EXPIRY)),
        (
            OPTION,
            OptionContract(
                1, "btc", OptionKind.CALL, OptionExercise.EUROPEAN, EXPIRY, Decimal("100000.5")
            ),
        ),
    ],
)
def test_kinds(
    json_kind: str, kind: Spot | PerpetualContract | FutureContract | OptionContract
) -> None:
    read = SystemConfig.from_json_text(with_kind(json_kind))
    made = InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt"), kind=kind)
    assert list(read.instruments) == [made]
    assert [one.name for one in read.index().instruments] == ["binancespot-btc_usdt"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ('"contract"', OrderQuantityUnits.CONTRACT),
        ('"quote"', OrderQuantityUnits.QUOTE),
        ('{"Asset": "btc"}', "btc"),
        ('"CONTRACT"', OrderQuantityUnits.CONTRACT),
        ('"Quote"', OrderQuantityUnits.QUOTE),
        ('{"asset": "btc"}', "btc"),
    ],
)
def test_spec(unit: str, expected: OrderQuantityUnits | str) -> None:
    text = with_kind('"spot"', SPEC.replace('"contract"', unit))
    cent = Decimal("0.01")
    assert SystemConfig.from_json_text(text).instruments[0].spec == InstrumentSpec(
        cent, cent, expected, 1, 1, 5
    )


def test_names_are_read_in_both_of_barters_spellings() -> None:
    text = BACKTEST_SHAPE.replace('"underlying_quote"', '"UnderlyingQuote"')
    assert SystemConfig.from_json_text(text) == SystemConfig.from_json_text(BACKTEST_SHAPE)
    base = BACKTEST_SHAPE.replace('"underlying_quote"', '"underlying_base"')
    quote = SystemConfig.from_json_text(base).instruments[0].quote
    assert quote is InstrumentQuoteAsset.UNDERLYING_BASE


# The warning


@pytest.mark.parametrize("fees", ["0.01", "0.05", "0.99"])
def test_high_fees_warn_at_the_callers_line(tmp_path: Path, fees: str) -> None:
    path = write(tmp_path / "fees.json", BACKTEST_SHAPE.replace("0.001", fees))
    with pytest.warns(UserWarning, match=r"fees_percent is 0\.\d+") as record:
        config = SystemConfig.from_json(path)
    assert config.executions[0].fee_rate == Decimal(fees)
    (warning,) = record
    assert f"{path}.system.executions[0].fees_percent" in str(warning.message)
    assert f"{Decimal(fees) * 100} %" in str(warning.message)
    assert warning.filename == __file__


@pytest.mark.parametrize("fees", ["0", "0.001", "0.00999"])
def test_low_fees_do_not_warn(fees: str) -> None:
    config = SystemConfig.from_json_text(BACKTEST_SHAPE.replace("0.001", fees))
    assert config.executions[0].fee_rate == Decimal(fees)


# Indices


def test_indices_are_barters_not_the_order_given() -> None:
    bases = ["sol", "btc", "eth"]
    indexed = IndexedInstruments([spot(base) for base in bases])
    names = [instrument.name for instrument in indexed.instruments]
    assert names == ["binancespot-btc_usdt", "binancespot-eth_usdt", "binancespot-sol_usdt"]
    for position, instrument in enumerate(indexed.instruments):
        assert instrument.index == position
        assert indexed.instrument_index(instrument.name) == position
        assert instrument.exchange == indexed.exchange_index(instrument.exchange_id) == 0
    for position, asset in enumerate(indexed.assets):
        assert asset.index == position
        assert indexed.asset_index(asset.exchange_id, asset.name) == position
        assert indexed.asset_index(asset.exchange_id, asset.name.upper()) == position
    assert len(indexed) == 3
    assert repr(indexed) == f"IndexedInstruments({', '.join(names)})"
    reordered = IndexedInstruments([spot(base) for base in sorted(bases)])
    assert reordered == indexed


def test_indices_of_two_exchanges() -> None:
    indexed = two_exchanges().index()
    assert indexed.exchanges == [ExchangeId.BINANCE_SPOT, ExchangeId.COINBASE]
    assert [asset.name for asset in indexed.assets] == ["btc", "usdt", "btc", "usd"]
    assert indexed.asset_index(ExchangeId.COINBASE, "btc") == 2
    coinbase = indexed.instruments[indexed.instrument_index("coinbase-btc_usd")]
    assert (coinbase.exchange, coinbase.exchange_id) == (1, ExchangeId.COINBASE)
    assert coinbase.underlying == Underlying(2, 3)
    assert coinbase.name_exchange == "BTCUSD"


@pytest.mark.parametrize(
    "look_up",
    [
        lambda indexed: indexed.instrument_index("BTCUSDT"),
        lambda indexed: indexed.asset_index(SPOT, "doge"),
        lambda indexed: indexed.asset_index(ExchangeId.KRAKEN, "btc"),
        lambda indexed: indexed.exchange_index(ExchangeId.KRAKEN),
    ],
)
def test_unknown_names(look_up: Callable[[IndexedInstruments], int]) -> None:
    with pytest.raises(UnknownKeyError) as caught:
        look_up(two_instruments().index())
    assert isinstance(caught.value, LookupError)
    assert any(name in str(caught.value) for name in ("BTCUSDT", "doge", "kraken"))


def test_instruments_of_one_name_collide() -> None:
    perpetual = InstrumentConfig(
        SPOT, "BTCUSDT-PERP", Underlying("btc", "usdt"), kind=PerpetualContract(1, "usdt")
    )
    with pytest.raises(ConfigError, match=r"BTCUSDT.*BTCUSDT-PERP.*binancespot-btc_usdt"):
        SystemConfig([spot("btc"), perpetual], [execution()]).index()


def test_assets_of_one_name_collide() -> None:
    with pytest.raises(ConfigError, match=r"binance_spot.*usdt"):
        SystemConfig([spot("btc", "usdt"), spot("eth", "USDT")], [execution()]).index()


def test_one_name_on_two_exchanges_does_not_collide() -> None:
    both = [spot("btc"), spot("btc", exchange=ExchangeId.COINBASE)]
    names = [instrument.name for instrument in IndexedInstruments(both).instruments]
    assert names == ["binancespot-btc_usdt", "coinbase-btc_usdt"]


def test_the_same_instrument_twice_is_one_or_refused() -> None:
    """barter removes doubles; what must not happen are two indices for one name."""
    try:
        indexed = IndexedInstruments([spot("btc"), spot("btc")])
    except ConfigError:
        return
    assert len(indexed) == len({one.name for one in indexed.instruments}) == 1


def test_no_instruments() -> None:
    with pytest.raises(ConfigError, match="instruments"):
        SystemConfig([], [execution()])
    with pytest.raises(ConfigError, match="instruments"):
        IndexedInstruments([])


# Mistakes in JSON: each names the file and the place


SYSTEM = ".system"
EXECUTION = ".system.executions[0]"
INSTRUMENT = ".system.instruments[0]"
USDT = ".system.executions[0].initial_state.balances[0]"
FORTY_DIGITS = "1234567890123456789012345678901234567890"
TOTAL = '"total": 98765432109.123456789012, "free": 98765432109.123456789012'


def both(number: str) -> tuple[str, str]:
    return TOTAL, f'"total": {number}, "free": {number}'


STATE_OF_ANOTHER = (
    '"initial_state": {\n          "exchange": "binance_spot"',
    '"initial_state": {\n          "exchange": "kraken"',
)
UNKNOWN_EXCHANGE = (
    '"exchange": "binance_spot",\n        "name',
    '"exchange": "nowhere",\n        "name',
)
MISTAKES = [
    pytest.param(('"system": {', '"system": '), "", "not JSON.*line", id="broken JSON"),
    pytest.param(("0.05", "NaN"), "", "NaN is not a number", id="NaN"),
    pytest.param(("0.001", "Infinity"), "", "Infinity is not a number", id="Infinity"),
    pytest.param(("0.05", FORTY_DIGITS), "", FORTY_DIGITS, id="risk-free return of 40 digits"),
    pytest.param(("0.05", '"much"'), ".risk_free_return", "a number.*'much'", id="risk-free text"),
    pytest.param(
        ('"instruments": [\n', '"instrument": [\n'),
        SYSTEM,
        "unknown key 'instrument'; there are 'instruments'",
        id="no instruments",
    ),
    pytest.param(
        ('"executions"', '"execution"'),
        SYSTEM,
        "unknown key 'execution'; there are",
        id="no executions",
    ),
    pytest.param(
        ('"risk_free_return": 0.05', '"risk_free": 0.05'),
        "",
        "unknown key 'risk_free'; there are 'risk_free_return', 'system'",
        id="unknown key of the whole",
    ),
    pytest.param(
        ('"kind": "spot"', '"kind": "spot", "specs": null'),
        INSTRUMENT,
        "unknown key 'specs'; there are 'exchange', .*'spec'",
        id="unknown key of an instrument",
    ),
    pytest.param(
        ('{"base": "btc", "quote"', '{"base": "btc", "kind": "spot", "quote"'),
        f"{INSTRUMENT}.underlying",
        "unknown key 'kind'; there are 'base', 'quote'",
        id="unknown key of an underlying",
    ),
    pytest.param(
        (
            '"kind": "spot"',
            f'"kind": {PERPETUAL}'.replace('"contract_size"', '"size": 1, "contract_size"'),
        ),
        f"{INSTRUMENT}.kind.perpetual",
        "unknown key 'size'; there are 'contract_size', 'settlement_asset'",
        id="unknown key of a contract",
    ),
    pytest.param(
        ('"kind": "spot"', '"kind": {"swap": {}}'),
        f"{INSTRUMENT}.kind",
        "unknown kind 'swap'; there are 'perpetual', 'future', 'option'",
        id="unknown contract",
    ),
    pytest.param(
        ('"kind": "spot"', f'"kind": "spot", "spec": {SPEC}'.replace('"tick_size"', '"tick"')),
        f"{INSTRUMENT}.spec.price",
        "unknown key 'tick'; there are 'min', 'tick_size'",
        id="unknown key of a spec",
    ),
    pytest.param(
        ('"kind": "spot"', f'"kind": "spot", "spec": {SPEC}'.replace('"min": 5', '"min": -5')),
        f"{INSTRUMENT}.spec",
        "notional_min must not be negative, got -5",
        id="negative number of a spec",
    ),
    pytest.param(
        (TOTAL, f'{TOTAL}, "used": 0'),
        f"{USDT}.balance",
        "unknown key 'used'; there are 'total', 'free'",
        id="unknown key of a balance",
    ),
    pytest.param(
        ('"latency_ms": 100', '"latency_ms": 100, "latency_ms": 5'),
        "",
        "the key 'latency_ms' is given twice in one object, with 'mocked_exchange', 'latency_ms'",
        id="key twice",
    ),
    pytest.param(
        ('"name_exchange": "BTCUSDT",', ""), INSTRUMENT, "'name_exchange' is missing", id="no name"
    ),
    pytest.param(
        ('"name_exchange": "BTCUSDT"', '"name_exchange": 5'),
        f"{INSTRUMENT}.name_exchange",
        "a string, got 5",
        id="name of a wrong type",
    ),
    pytest.param(
        ('"name_exchange": "BTCUSDT"', '"name_exchange": " "'),
        INSTRUMENT,
        "name_exchange must not be blank",
        id="blank name",
    ),
    pytest.param(
        ('"base": "btc"', '"base": ""'),
        f"{INSTRUMENT}.underlying",
        "base must not be blank",
        id="blank asset",
    ),
    pytest.param(
        ('{"base": "btc", "quote": "usdt"}', '"btc"'),
        f"{INSTRUMENT}.underlying",
        "an object, got 'btc'",
        id="underlying of a wrong type",
    ),
    pytest.param(
        UNKNOWN_EXCHANGE,
        f"{INSTRUMENT}.exchange",
        "unknown ExchangeId 'nowhere'",
        id="unknown exchange",
    ),
    pytest.param(
        ('"mocked_exchange": "binance_spot"', '"mocked_exchange": "nowhere"'),
        f"{EXECUTION}.mocked_exchange",
        "unknown ExchangeId 'nowhere'",
        id="unknown mocked exchange",
    ),
    pytest.param(
        ('"kind": "spot"', '"kind": "swap"'),
        f"{INSTRUMENT}.kind",
        "unknown kind 'swap'; expected 'spot'",
        id="unknown kind",
    ),
    pytest.param(
        ('"kind": "spot"', '"kind": {"perpetual": {"settlement_asset": "usdt"}}'),
        f"{INSTRUMENT}.kind.perpetual",
        "'contract_size' is missing",
        id="no contract size",
    ),
    pytest.param(
        ('"kind": "spot"', f'"kind": {PERPETUAL}'.replace("0.001", FORTY_DIGITS)),
        f"{INSTRUMENT}",
        FORTY_DIGITS,
        id="contract size of 40 digits",
    ),
    pytest.param(
        ('"kind": "spot"', f'"kind": {FUTURE}'.replace(str(EXPIRY_MS), "1" + "0" * 30)),
        f"{INSTRUMENT}.kind",
        "1" + "0" * 30,
        id="expiry far away",
    ),
    pytest.param(
        ('"kind": "spot"', f'"kind": {FUTURE}'.replace(str(EXPIRY_MS), '"2026"')),
        f"{INSTRUMENT}.kind.future.expiry",
        "milliseconds.*'2026'",
        id="expiry as text",
    ),
    pytest.param(
        ('"kind": "spot"', f'"kind": "spot", "spec": {SPEC}'.replace("0.01", FORTY_DIGITS)),
        f"{INSTRUMENT}",
        FORTY_DIGITS,
        id="tick size of 40 digits",
    ),
    pytest.param(
        ('"quote": "underlying_quote"', '"quote": "usdt"'),
        f"{INSTRUMENT}.quote",
        "'usdt'",
        id="unknown quote",
    ),
    pytest.param(
        ('"latency_ms": 100', '"latency_ms": -1'),
        f"{EXECUTION}.latency_ms",
        "must be from 0 to 31536000000 milliseconds, got -1",
        id="negative latency",
    ),
    pytest.param(
        ('"latency_ms": 100', '"latency_ms": 0.5'),
        f"{EXECUTION}.latency_ms",
        "whole number of milliseconds, got 0.5",
        id="latency with a fraction",
    ),
    pytest.param(
        ('"latency_ms": 100', f'"latency_ms": {FORTY_DIGITS}'),
        f"{EXECUTION}.latency_ms",
        FORTY_DIGITS,
        id="endless latency",
    ),
    pytest.param(
        ('"fees_percent": 0.001', '"fees_percent": -0.001'),
        EXECUTION,
        "fee_rate must be a fraction.*-0.001",
        id="negative fee",
    ),
    pytest.param(
        ('"fees_percent": 0.001', '"fees_percent": 1'),
        EXECUTION,
        "fee_rate must be a fraction.*got 1",
        id="fee of one",
    ),
    pytest.param(
        ('"fees_percent": 0.001', '"fees_percent": true'),
        f"{EXECUTION}.fees_percent",
        "a number, got True",
        id="fee of a wrong type",
    ),
    pytest.param(
        ('"fees_percent": 0.001', '"fees_percent": "NaN"'),
        EXECUTION,
        "NaN",
        id="fee of NaN as text",
    ),
    pytest.param(
        both("-1"),
        EXECUTION,
        "balance of 'usdt' must not be negative, got -1",
        id="negative balance",
    ),
    pytest.param(both(FORTY_DIGITS), EXECUTION, FORTY_DIGITS, id="balance of 40 digits"),
    pytest.param(both('"NaN"'), EXECUTION, "finite.*NaN", id="balance of NaN as text"),
    pytest.param(both('"sNaN"'), EXECUTION, "NaN", id="balance of sNaN as text"),
    pytest.param(both("null"), f"{USDT}.balance", "'total' is missing", id="balance of null"),
    pytest.param(
        both("[]"), f"{USDT}.balance.total", "a number, got an array", id="balance of a wrong type"
    ),
    pytest.param(
        (TOTAL, '"total": 2, "free": 1'),
        f"{USDT}.balance",
        "total 2 and free 1 differ",
        id="total is not free",
    ),
    pytest.param(
        ('"asset": "btc"', '"asset": "usdt"'),
        f"{EXECUTION}.initial_state.balances[1]",
        "'usdt' is given twice",
        id="asset twice",
    ),
    pytest.param(
        ('"asset": "btc"', '"asset": "USDT"'),
        EXECUTION,
        "'usdt' and 'USDT' are of one asset",
        id="asset twice in two spellings",
    ),
    pytest.param(
        ('"orders": []', '"orders": [{}]'),
        f"{EXECUTION}.initial_state.instruments[0].orders",
        "starts without orders",
        id="open orders",
    ),
    pytest.param(
        STATE_OF_ANOTHER,
        f"{EXECUTION}.initial_state.exchange",
        "not the mocked exchange",
        id="state of another exchange",
    ),
    pytest.param(
        ('"asset": "btc"', '"asset": "doge"'),
        ": executions",
        "doge",
        id="balance of an unknown asset",
    ),
]


@pytest.mark.parametrize(("change", "place", "reason"), MISTAKES)
def test_a_mistake_in_json_is_named(
    tmp_path: Path, change: tuple[str, str], place: str, reason: str
) -> None:
    before, after = change
    assert before in BACKTEST_SHAPE
    path = write(tmp_path / "wrong.json", BACKTEST_SHAPE.replace(before, after))
    with pytest.raises(ConfigError, match=reason) as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(f"{path}{place}")
    assert isinstance(caught.value, BarterError)
    assert isinstance(caught.value, ValueError)


def changed(change: Callable[[dict[str, list[dict[str, object]]]], None]) -> str:
    document = json.loads(BACKTEST_SHAPE, parse_float=str)
    system = document["system"]
    change(system)
    return json.dumps(document)


def test_instruments_must_not_be_empty_in_json(tmp_path: Path) -> None:
    text = changed(lambda system: system["instruments"].clear())
    path = write(tmp_path / "empty.json", text)
    with pytest.raises(ConfigError, match="there are no instruments") as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(str(path))


def test_an_exchange_without_execution_in_json(tmp_path: Path) -> None:
    path = write(tmp_path / "missing.json", changed(lambda system: system["executions"].clear()))
    with pytest.raises(ConfigError, match=r"executions.*binance_spot") as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(str(path))


def test_an_execution_for_an_exchange_without_instruments_in_json(tmp_path: Path) -> None:
    def add(system: dict[str, list[dict[str, object]]]) -> None:
        other = copy.deepcopy(system["executions"][0])
        other["mocked_exchange"] = "kraken"
        other["initial_state"] = {"exchange": "kraken", "balances": []}
        system["executions"].append(other)

    path = write(tmp_path / "more.json", changed(add))
    with pytest.raises(ConfigError, match=r"executions.*kraken") as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(str(path))


def test_an_exchange_executed_twice_in_json(tmp_path: Path) -> None:
    path = write(
        tmp_path / "twice.json",
        changed(lambda system: system["executions"].append(system["executions"][0])),
    )
    with pytest.raises(ConfigError, match=r"binance_spot.*twice") as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("text", ["", "[]", "5", '"text"', "null", "{}", '{"system": []}'])
def test_json_that_is_no_configuration(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "other.json", text)
    with pytest.raises(ConfigError) as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("content", [b"\xff\xfe{}", b"\x80" * 10, BACKTEST_SHAPE.encode("utf-16")])
def test_a_configuration_that_is_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "binary.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(str(path))


def test_json_nested_too_deeply(tmp_path: Path) -> None:
    path = write(tmp_path / "deep.json", "[" * 100_000 + "]" * 100_000)
    with pytest.raises(ConfigError) as caught:
        SystemConfig.from_json(path)
    assert str(caught.value).startswith(str(path))


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        SystemConfig.from_json(tmp_path / "missing.json")
    assert Path(str(caught.value.filename)) == tmp_path / "missing.json"


# Mistakes in Python


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: execution(latency=timedelta(microseconds=-1)), "latency must not be negative"),
        (lambda: execution(fee_rate=Decimal("-0.1")), "fee_rate must be a fraction.*-0.1"),
        (lambda: execution(fee_rate=1), "fee_rate must be a fraction.*got 1"),
        (lambda: execution(fee_rate=Decimal("NaN")), "fee_rate: NaN"),
        (lambda: execution(fee_rate=Decimal("sNaN")), "fee_rate: sNaN"),
        (lambda: execution(balances={"usdt": -1}), "balance of 'usdt' must not be negative"),
        (lambda: execution(balances={"usdt": Decimal("Infinity")}), "balance of 'usdt': Infinity"),
        (lambda: execution(balances={"usdt": int(FORTY_DIGITS)}), FORTY_DIGITS),
        (lambda: SystemConfig([spot("btc")], [], Decimal("NaN")), "risk_free_return: NaN"),
        (lambda: spot(""), "base must not be blank"),
    ],
)
def test_wrong_values_in_python(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make()


@pytest.mark.parametrize(
    "field",
    ["price_min", "price_tick_size", "quantity_min", "quantity_increment", "notional_min"],
)
def test_rules_for_orders_have_no_negative_numbers(field: str) -> None:
    changed_rules: Callable[..., InstrumentSpec] = partial(replace, RULES)
    with pytest.raises(ValueError, match=rf"{field} must not be negative, got -0\.01"):
        changed_rules(**{field: -CENT})
    assert changed_rules(**{field: 0}) != RULES


def test_wrong_types_in_python() -> None:
    with pytest.raises(TypeError, match="fee_rate must be a Decimal or an int, got float"):
        execution(fee_rate=0.001)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"latency must be a timedelta, .*, got int"):
        execution(latency=100)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'usdt' must be a Decimal or an int, got float"):
        execution(balances={"usdt": 0.5})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="mocked_exchange must be an ExchangeId"):
        execution("binance_spot")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="exchange must be an ExchangeId"):
        spot("btc", exchange="binance_spot")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="name_exchange must be a str"):
        InstrumentConfig(SPOT, 5, Underlying("btc", "usdt"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"underlying\.base must be a str"):
        InstrumentConfig(SPOT, "BTCUSDT", Underlying(0, 1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="risk_free_return must be a Decimal or an int"):
        SystemConfig([spot("btc")], [], 0.5)  # type: ignore[arg-type]


def test_wrong_parts_name_their_argument() -> None:
    """An argument of another type must not surface later as a missing attribute."""
    with pytest.raises(TypeError, match="instruments"):
        SystemConfig(["btc"], [execution()]).index()  # type: ignore[list-item]
    with pytest.raises(TypeError, match="underlying"):
        InstrumentConfig(SPOT, "BTCUSDT", "btc")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="kind"):
        SystemConfig(
            [InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt"), kind="spot")],  # type: ignore[arg-type]
            [],
        ).index()


def test_numbers_of_contracts_are_checked_when_they_are_made() -> None:
    with pytest.raises(ValueError, match=f"contract_size: {FORTY_DIGITS}"):
        PerpetualContract(Decimal(FORTY_DIGITS), "usdt")


# What a run refuses


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (PERPETUAL, "has the contract size 0.001"),
        (PERPETUAL.replace("0.001", "1").replace("usdt", "btc"), "settled in"),
        (FUTURE, "has the contract size 10"),
        (OPTION, "is an option"),
    ],
)
def test_a_run_refuses_what_it_cannot_book(kind: str, reason: str) -> None:
    config = SystemConfig.from_json_text(with_kind(kind))
    with pytest.raises(ConfigError, match=f"binancespot-btc_usdt.*{reason}"):
        run_backtest(DefaultStrategy(), quotes(2), config)


def test_a_run_refuses_prices_in_the_base_asset() -> None:
    text = BACKTEST_SHAPE.replace('"underlying_quote"', '"underlying_base"')
    with pytest.raises(ConfigError, match=r"binancespot-btc_usdt is quoted in its base asset"):
        run_backtest(DefaultStrategy(), quotes(2), SystemConfig.from_json_text(text))


@pytest.mark.parametrize(
    ("executions", "reason"),
    [
        ([], "binance_spot.*no execution"),
        ([execution(balances={}), execution(balances={})], "binance_spot is configured twice"),
        (
            [execution(balances={}), execution(ExchangeId.KRAKEN, balances={})],
            "no instrument is on.*kraken",
        ),
        ([execution(balances={"doge": 1})], "doge"),
    ],
)
def test_executions_that_do_not_fit_are_refused(
    executions: list[MockExecutionConfig], reason: str
) -> None:
    with pytest.raises(ConfigError, match=f"executions.*{reason}"):
        SystemConfig([spot("btc")], executions)


def test_two_spellings_of_an_asset_are_refused() -> None:
    with pytest.raises(ValueError, match="balances of 'usdt' and 'USDT' are of one asset"):
        execution(balances={"usdt": 1, "USDT": 2})

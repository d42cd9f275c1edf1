"""Mistakes in a configuration's JSON: each names the file and the place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.system_json import (
    BACKTEST_SHAPE,
    EXPIRY_MS,
    FORTY_DIGITS,
    FUTURE,
    PERPETUAL,
    SPEC,
    write,
)

from barter_python import (
    BarterError,
    ConfigError,
    SystemConfig,
)

SYSTEM = ".system"
EXECUTION = ".system.executions[0]"
INSTRUMENT = ".system.instruments[0]"
USDT = ".system.executions[0].initial_state.balances[0]"
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
        "'usdt' and 'USDT', which are the same asset",
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

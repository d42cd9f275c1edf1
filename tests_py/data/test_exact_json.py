"""JSON loses no digit of a number or time, and no key; Python's `json` is the oracle."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lines import (
    CANDLE_LINE,
    FUNDING_LINE,
    L1_LINE,
    LIQUIDATION_LINE,
    SETTLEMENT_LINE,
    TRADE_LINE,
)

from barter_python import (
    AccountEvent,
    AssetBalance,
    Balance,
    Candle,
    ConfigError,
    Funding,
    Liquidation,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    PublicTrade,
    Settlement,
    SystemConfig,
)
from barter_python.engine import event_from_json, event_to_json

BOOK_LINE = (
    '{"Item":{"time_exchange":"2025-03-25T23:07:00Z","time_received":"2025-03-25T23:07:00Z",'
    '"exchange":"binance_spot","instrument":0,"kind":{"OrderBook":{"%s":{"sequence":1,'
    '"time_engine":"2025-03-25T23:07:00Z","bids":{"levels":[{"price":"7","amount":"8"}]},'
    '"asks":{"levels":[{"price":"9","amount":"6"}]}}}}}}'
)
SNAPSHOT_LINE, UPDATE_LINE = BOOK_LINE % "Snapshot", BOOK_LINE % "Update"
BALANCE_LINE = AccountEvent(0, AssetBalance(1, Balance(total=70, free=60), 0)).to_json()


def market(line: str) -> object:
    """Read an event of a market, as the engine's log has it."""
    event = event_from_json(f'{{"Market":{line}}}')
    assert isinstance(event, MarketEvent)
    return event.kind


def account(line: str) -> Balance:
    kind = AccountEvent.from_json(line).kind
    assert isinstance(kind, AssetBalance)
    return kind.balance


@dataclass(frozen=True)
class Place:
    """A number of an event: the text that is replaced, and how it is read again."""

    line: str
    number: str
    value: Callable[[object], Decimal]


def of_trade(kind: object) -> PublicTrade:
    assert isinstance(kind, PublicTrade)
    return kind


def of_quote(kind: object) -> Decimal:
    assert isinstance(kind, OrderBookL1)
    assert kind.best_bid is not None
    return kind.best_bid.amount


def of_candle(kind: object) -> Candle:
    assert isinstance(kind, Candle)
    return kind


def of_liquidation(kind: object) -> Decimal:
    assert isinstance(kind, Liquidation)
    return kind.quantity


def of_funding(kind: object) -> Decimal:
    assert isinstance(kind, Funding)
    assert kind.mark_price is not None
    return kind.mark_price


def of_settlement(kind: object) -> Decimal:
    assert isinstance(kind, Settlement)
    return kind.price


def of_book(kind: object) -> Decimal:
    assert isinstance(kind, (OrderBookSnapshot, OrderBookUpdate))
    (level,) = kind.book.asks
    return level.amount


PLACES = {
    "price of a trade": Place(TRADE_LINE, "87232.5", lambda kind: of_trade(kind).price),
    "amount of a trade": Place(TRADE_LINE, "0.00012", lambda kind: of_trade(kind).amount),
    "level 1": Place(L1_LINE, '"33.09140000"', of_quote),
    "close": Place(CANDLE_LINE, "2.5", lambda kind: of_candle(kind).close),
    "volume": Place(CANDLE_LINE, "100.25", lambda kind: of_candle(kind).volume),
    "liquidation": Place(LIQUIDATION_LINE, "3.5", of_liquidation),
    "mark of a funding": Place(FUNDING_LINE, '"87232.5"', of_funding),
    "settlement": Place(SETTLEMENT_LINE, '"87232.50"', of_settlement),
    "snapshot": Place(SNAPSHOT_LINE, '"6"', of_book),
    "update": Place(UPDATE_LINE, '"6"', of_book),
}

numbers = st.tuples(
    st.from_regex(r"0|[1-9][0-9]{0,14}", fullmatch=True),
    st.from_regex(r"[0-9]{1,30}", fullmatch=True),
    st.sampled_from(["", "", "e-3", "E2", "e+1", "e-18"]),
).map(lambda parts: f"{parts[0]}.{parts[1]}{parts[2]}")


def fits(number: Decimal) -> bool:
    """Whether 96 bits with at most 28 decimal places hold a number."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    coefficient = int("".join(map(str, digits)))
    return exponent >= -28 and coefficient * 10 ** max(exponent, 0) < 2**96


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@given(number=numbers, as_text=st.booleans())
def test_a_number_of_a_market_is_exact_or_refused(
    place: Place, tmp_path_factory: pytest.TempPathFactory, number: str, as_text: bool
) -> None:
    (expected,) = json.loads(f"[{number}]", parse_float=Decimal)
    assert place.number in place.line
    line = place.line.replace(place.number, f'"{number}"' if as_text else number)
    path = tmp_path_factory.getbasetemp() / "exact.jsonl"
    path.write_text(line, encoding="utf-8")
    array = path.with_suffix(".json")
    array.write_text(f"[{line}]", encoding="utf-8")
    if not fits(expected):
        for read in (MarketData.from_json_lines, MarketData.from_json):
            with pytest.raises(MarketDataError, match="does not fit exactly"):
                read(path if read is MarketData.from_json_lines else array)
        with pytest.raises(ValueError, match="does not fit exactly"):
            market(line)
        return
    got = place.value(market(line))
    assert f"{got:f}" == f"{expected:f}"
    if expected >= 10**14 or expected == 0:
        return
    for data in (MarketData.from_json_lines(path), MarketData.from_json(array)):
        event = data[0]
        assert isinstance(event, MarketEvent)
        assert f"{place.value(event.kind):f}" == f"{expected:f}"
        assert event_from_json(event_to_json(event)) == event


@given(number=numbers, as_text=st.booleans())
def test_a_number_of_an_account_is_exact_or_refused(number: str, as_text: bool) -> None:
    (expected,) = json.loads(f"[{number}]", parse_float=Decimal)
    line = BALANCE_LINE.replace('"70"', f'"{number}"' if as_text else number)
    assert line != BALANCE_LINE
    for read in (account, lambda text: account(item_of_account(text))):
        if fits(expected):
            assert f"{read(line).total:f}" == f"{expected:f}"
        else:
            with pytest.raises(ValueError, match=r"total: .* does not fit exactly|Decimal"):
                read(line)


def item_of_account(line: str) -> str:
    """Read a line as an event of the engine, and write that as one of an account."""
    event = event_from_json(f'{{"Account":{line}}}')
    assert isinstance(event, AccountEvent)
    return event.to_json()


ORDER = (
    '{"Command":{"SendOpenRequests":{"One":{"key":{"exchange":0,"instrument":0,"strategy":"s",'
    '"cid":"c"},"state":{"side":"Buy","price":%s,"quantity":%s,"kind":"Limit",'
    '"time_in_force":"FillOrKill"}}}}}'
)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0.1234567890123456789012345678", '"0.1234567890123456789012345678"'),
        ("3526246938.98713386", '"3526246938.98713386"'),
        ("79228162514264337593543950335", '"79228162514264337593543950335"'),
        ("0.12345678901234567890123456789", None),
        ('"0.12345678901234567890123456789"', None),
    ],
)
def test_a_number_of_a_command_is_exact_or_refused(number: str, written: str | None) -> None:
    for text in (ORDER % (number, 1), ORDER % (1, number)):
        if written is None:
            with pytest.raises(
                ValueError, match=r"state\.(price|quantity): .* does not fit exactly"
            ):
                event_from_json(text)
        else:
            assert event_to_json(event_from_json(text)).count(written) == 1


def test_a_number_of_a_configuration_is_exact_or_refused(examples: Path, tmp_path: Path) -> None:
    text = (examples / "system_config.json").read_text(encoding="utf-8")
    path = tmp_path / "config.json"
    field = '"fees_percent": 0.001'
    assert field in text
    path.write_text(text.replace(field, '"fees_percent": 0.000123456789012345678'))
    config = SystemConfig.from_json(path)
    assert str(config.executions[0].fee_rate) == "0.000123456789012345678"
    path.write_text(text.replace(field, '"fees_percent": 0.00012345678901234567890123456789'))
    with pytest.raises(ConfigError, match=r"fee_rate.* 32 decimal places, at most 28 fit"):
        SystemConfig.from_json(path)


# Times


@pytest.mark.parametrize(
    "line", [L1_LINE, TRADE_LINE, CANDLE_LINE, LIQUIDATION_LINE, SNAPSHOT_LINE]
)
def test_a_time_beyond_nanoseconds_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "line.jsonl"
    for start in ('time_exchange":"', 'time_received":"', 'time_engine":"', 'close_time":"'):
        if start not in line:
            continue
        before, _, after = line.partition(start)
        time, _, after = after.partition('"')
        for fraction, is_read in (("1234567890", True), ("1234567891", False)):
            finer = f'{before}{start}{time[:19]}.{fraction}Z"{after}'
            path.write_text(finer, encoding="utf-8")
            if is_read:
                assert len(MarketData.from_json_lines(path)) == 1
                market(finer)
                continue
            with pytest.raises(MarketDataError, match="more digits than nanoseconds have"):
                MarketData.from_json_lines(path)
            with pytest.raises(ValueError, match="more digits than nanoseconds have"):
                market(finer)
    finer = BALANCE_LINE.replace("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.1234567891Z")
    assert finer != BALANCE_LINE
    with pytest.raises(ValueError, match=r"time_exchange: .* more digits than nanoseconds have"):
        AccountEvent.from_json(finer)
    with pytest.raises(ValueError, match="more digits than nanoseconds have"):
        MarketEvent("2024-01-01T00:00:00.1234567891Z", 0, *[None] * 3)  # type: ignore[arg-type]


# Keys


KEYS = [
    (line, key)
    for line in (L1_LINE, TRADE_LINE, CANDLE_LINE, LIQUIDATION_LINE, SNAPSHOT_LINE, UPDATE_LINE)
    for key in sorted(
        {
            word
            for word in line.replace(":", '"').split('"')
            if f'"{word}":' in line and word.islower()
        }
    )
]


@pytest.mark.parametrize(("line", "key"), KEYS)
def test_a_misspelt_key_is_an_error(tmp_path: Path, line: str, key: str) -> None:
    misspelt = key[:-1] if len(key) > 2 else key + "d"
    path = tmp_path / "misspelt.jsonl"
    path.write_text(line.replace(f'"{key}":', f'"{misspelt}":'), encoding="utf-8")
    expected = f"unknown field `{misspelt}`, expected .*; did you mean `{key}`"
    with pytest.raises(MarketDataError, match=expected):
        MarketData.from_json_lines(path)
    path.write_text(f"[{path.read_text(encoding='utf-8')}]", encoding="utf-8")
    with pytest.raises(MarketDataError, match=expected):
        MarketData.from_json(path)


@pytest.mark.parametrize(("line", "key"), KEYS)
def test_a_key_too_many_is_an_error(tmp_path: Path, line: str, key: str) -> None:
    path = tmp_path / "more.jsonl"
    path.write_text(line.replace(f'"{key}":', f'"something_else":1,"{key}":'), encoding="utf-8")
    with pytest.raises(MarketDataError, match="unknown field `something_else`"):
        MarketData.from_json_lines(path)


def test_a_side_as_barter_asks_for_it_is_known(tmp_path: Path) -> None:
    """barter's reader needs a `side` in each side of a book, which its writer leaves out."""
    path = tmp_path / "side.jsonl"
    path.write_text(SNAPSHOT_LINE.replace('{"levels"', '{"side":null,"levels"'), encoding="utf-8")
    (event,) = MarketData.from_json_lines(path)
    path.write_text(SNAPSHOT_LINE, encoding="utf-8")
    assert [event] == list(MarketData.from_json_lines(path))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"total"', '"totl"', "missing field `total`"),
        (
            '"free":"60"',
            '"free":"60","fre":"61"',
            r'unknown key "Item\..*\.fre"; did you mean "free"',
        ),
        ('"exchange":0', '"exchange":0,"x":[[1]]', 'unknown key "Item.x"'),
    ],
)
def test_a_misspelt_key_of_an_account_event_is_an_error(old: str, new: str, reason: str) -> None:
    assert old in BALANCE_LINE
    text = BALANCE_LINE.replace(old, new)
    with pytest.raises(ValueError, match=reason):
        AccountEvent.from_json(text)
    with pytest.raises(ValueError, match=reason.replace("Item", "Account.Item")):
        event_from_json(f'{{"Account":{text}}}')

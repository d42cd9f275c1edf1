"""Files that hold no history: what is wrong is named."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from support.lines import FORTY_DIGITS, L1_LINE, LINES, TRADE_LINE, refused

from barter_python import (
    MarketData,
    MarketDataError,
)


@pytest.mark.parametrize("read", [MarketData.from_json_lines, MarketData.from_json])
def test_a_file_that_is_not_there(tmp_path: Path, read: object) -> None:
    path = tmp_path / "missing.jsonl"
    assert callable(read)
    with pytest.raises(FileNotFoundError) as caught:
        read(path)
    assert caught.value.filename == str(path)
    assert caught.value.errno is not None
    assert os.strerror(caught.value.errno) in str(caught.value)


@pytest.mark.parametrize("read", [MarketData.from_json_lines, MarketData.from_json])
def test_a_directory(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(IsADirectoryError) as caught:
        read(tmp_path)
    assert Path(str(caught.value.filename)) == tmp_path


@pytest.mark.parametrize("wrong", [None, 5, 1.5, [], b"bytes"])
def test_a_path_of_a_wrong_type(wrong: object) -> None:
    with pytest.raises(TypeError):
        MarketData.from_json_lines(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n \r\n\t\n", gzip.compress(b"", mtime=0), gzip.compress(b"\n\n", mtime=0)],
)
def test_a_file_without_events(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(content)
    message = refused(path)
    assert str(path) in message
    assert "no market events" in message


@pytest.mark.parametrize(
    "text", ["", "[]", "[", "{}", "[1]", f"[{TRADE_LINE},]", f"[{L1_LINE}, null]"]
)
def test_an_array_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "array.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MarketDataError, match=r"array\.json"):
        MarketData.from_json(path)


def test_a_broken_element_is_named(tmp_path: Path) -> None:
    path = tmp_path / "array.json"
    path.write_text(f"[{TRADE_LINE}, {TRADE_LINE.replace('Sell', 'Hold')}]", encoding="utf-8")
    with pytest.raises(MarketDataError, match=r"array\.json: element 1: .*`Hold`"):
        MarketData.from_json(path)


WRONG_LINES = [
    pytest.param("{", "EOF", id="cut off"),
    pytest.param("nothing", "expected", id="no JSON"),
    pytest.param("[]", "expected|invalid", id="an array"),
    pytest.param('"Item"', "expected|invalid", id="a string"),
    pytest.param('{"Something":1}', "unknown variant `Something`", id="unknown event"),
    pytest.param(TRADE_LINE + TRADE_LINE, "trailing characters", id="two on one line"),
    pytest.param(
        TRADE_LINE.replace("binance_spot", "binance_spott"),
        "unknown variant `binance_spott`",
        id="exchange",
    ),
    pytest.param('{"Reconnecting":"nowhere"}', "unknown variant `nowhere`", id="lost exchange"),
    pytest.param(
        TRADE_LINE.replace('"instrument":0,', ""), "missing field `instrument`", id="no instrument"
    ),
    pytest.param(
        TRADE_LINE.replace('"side":"Sell"', '"sid":"Sell"'),
        "unknown field `sid`, expected one of .*; did you mean `side`?",
        id="no side",
    ),
    pytest.param(TRADE_LINE.replace('"id":"4744868157",', ""), "missing field `id`", id="no id"),
    pytest.param(TRADE_LINE.replace("87232.5", "NaN"), "expected value", id="NaN"),
    pytest.param(
        TRADE_LINE.replace("87232.5", '"NaN"'), "NaN is not a finite number", id="NaN as text"
    ),
    pytest.param(TRADE_LINE.replace("87232.5", "null"), "null.*a number", id="null"),
    pytest.param(TRADE_LINE.replace("87232.5", "Infinity"), "expected value", id="Infinity"),
    pytest.param(
        L1_LINE.replace("2059.11000000", "Infinity"),
        "Infinity is not a finite number",
        id="Infinity as text",
    ),
    pytest.param(
        L1_LINE.replace("2059.11000000", FORTY_DIGITS),
        f"{FORTY_DIGITS} does not fit exactly",
        id="40 digits",
    ),
    pytest.param(
        L1_LINE.replace("2059.11000000", "1e40"), "1e40 does not fit exactly", id="1e40 as text"
    ),
    pytest.param(TRADE_LINE.replace("87232.5", "1e300"), "does not fit exactly", id="1e300"),
    pytest.param(
        TRADE_LINE.replace("87232.5", "1e400"),
        "1e400 does not fit exactly: it is too large",
        id="1e400",
    ),
    pytest.param(
        TRADE_LINE.replace("87232.5", "100000000000000.0"),
        "price 100000000000000.0 is too large",
        id="too large",
    ),
    pytest.param(
        L1_LINE.replace("33.09140000", f"1{'0' * 25}"),
        "best_bid.amount 10000000000000000000000000 is too large",
        id="large amount",
    ),
    pytest.param(TRADE_LINE.replace("87232.5", '"abc"'), '"abc" is not a number', id="text"),
    pytest.param(TRADE_LINE.replace('"Sell"', '"Hold"'), "unknown variant `Hold`", id="side"),
    pytest.param(
        L1_LINE.replace("33.09140000", "-33"),
        "best_bid.amount must not be negative, got -33",
        id="negative amount",
    ),
    pytest.param(
        TRADE_LINE.replace("0.00012", "-0.00012"), "amount.*-0.00012", id="negative trade"
    ),
    pytest.param(
        TRADE_LINE.replace('"instrument":0', '"instrument":-1'), "`-1`", id="negative index"
    ),
    pytest.param(
        TRADE_LINE.replace("2025-03-25T23:07:00.773684644Z", "yesterday"),
        "invalid characters|premature|input",
        id="time",
    ),
    pytest.param(TRADE_LINE.replace("2025", "2300"), "1677 to 2262", id="far future"),
    pytest.param(
        '{"Item":{"Err":{"Socket":"closed"}}}',
        "the recorded stream had an error.*closed",
        id="recorded error",
    ),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG_LINES)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_broken_line_is_named(tmp_path: Path, wrong: str, reason: str, packed: bool) -> None:
    path = tmp_path / "broken.jsonl"
    # A blank line before it must count, and lines after it must not matter.
    content = f"{L1_LINE}\n\n{TRADE_LINE}\r\n{wrong}\n{TRADE_LINE}\n".encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(MarketDataError, match=reason) as caught:
        MarketData.from_json_lines(path)
    assert str(caught.value).startswith(f"{path}, line 4: ")


def test_a_broken_line_far_into_a_file(tmp_path: Path) -> None:
    """Lines are read in batches; the count must go on."""
    path = tmp_path / "long.jsonl"
    path.write_text(f"{TRADE_LINE}\n" * 20_500 + "{\n", encoding="utf-8")
    assert refused(path).startswith(f"{path}, line 20501: ")


@pytest.mark.parametrize("kept", [5, 15, 60, -1])
def test_a_truncated_gzip(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "truncated.gz"
    path.write_bytes(gzip.compress("\n".join(LINES).encode())[:kept])
    message = refused(path)
    assert str(path) in message
    assert "no market events" not in message


def test_a_gzip_with_a_wrong_check_sum(tmp_path: Path) -> None:
    content = bytearray(gzip.compress("\n".join(LINES).encode()))
    content[-6] ^= 0xFF
    path = tmp_path / "damaged.gz"
    path.write_bytes(content)
    assert str(path) in refused(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bytes(range(128, 256)) * 20, "UTF-8"),
        (TRADE_LINE.encode().replace(b"4744868157", b"\xff\xfe"), "UTF-8"),
        (TRADE_LINE.encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04 a zip file", "not JSON, but a zip archive: unpack it"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "junk.jsonl"
    path.write_bytes(content)
    message = refused(path)
    assert str(path) in message
    assert reason in message

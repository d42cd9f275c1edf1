"""Input without bounds, and files that are something else: refused, with a word that helps."""

from __future__ import annotations

import gzip
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.bombs import bomb, bounded_memory
from support.histories import l1, quotes, two_instruments

from barter_python import (
    DefaultStrategy,
    MarketData,
    MarketDataError,
    SystemConfig,
    run_backtest,
    run_backtests,
)

Read = Callable[[Path], MarketData]
READERS: list[Read] = [MarketData.from_json_lines, MarketData.from_json]
LINE = (
    '{"Item":{"time_exchange":"2024-01-01T00:00:00Z","time_received":"2024-01-01T00:00:00Z",'
    '"exchange":"binance_spot","instrument":0,'
    '"kind":{"Trade":{"id":"1","price":1,"amount":1,"side":"Buy"}}}}'
)


@pytest.fixture
def bounded() -> Iterator[None]:
    """Bound the memory."""
    with bounded_memory():
        yield


TOO_LONG = "is longer than 64 MB"


@pytest.mark.parametrize("filler", [b"a", b" "])
@pytest.mark.usefixtures("bounded")
def test_a_line_that_never_ends(tmp_path: Path, filler: bytes) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(bomb(f"{LINE}\n".encode(), filler))
    with pytest.raises(MarketDataError, match=f"line 2: the line {TOO_LONG}") as caught:
        MarketData.from_json_lines(path)
    assert caught.value.line == 2


@pytest.mark.parametrize("start", [f'[{LINE}, "', f"[{LINE}] "])
@pytest.mark.usefixtures("bounded")
def test_an_element_that_never_ends(tmp_path: Path, start: str) -> None:
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(bomb(start.encode(), b" "))
    with pytest.raises(MarketDataError, match=f"an element {TOO_LONG}"):
        MarketData.from_json(path)


def test_long_lines_below_the_limit_are_read(tmp_path: Path) -> None:
    """A text of the greatest length is read, one byte more is not."""
    path = tmp_path / "long.jsonl"
    length = (64 << 20) - len(LINE) - 1
    text = LINE.replace('"id":"1"', f'"id":"1{"x" * length}"')
    path.write_text(f"{text}\n{LINE}\n", encoding="utf-8")
    assert len(MarketData.from_json_lines(path)) == 2
    path.write_text(f"{text}x\n{LINE}\n", encoding="utf-8")
    with pytest.raises(MarketDataError, match=TOO_LONG):
        MarketData.from_json_lines(path)


def test_many_events_make_no_long_element(tmp_path: Path) -> None:
    """The limit is one of elements, not of the file."""
    path = tmp_path / "many.json.gz"
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write("[" + LINE)
        for _ in range(350):
            file.write(("," + LINE) * 1_000)
        file.write("]")
    assert len(MarketData.from_json(path)) == 350_001


# Files that are something else


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "a zip archive: unpack it, or MarketData.from_csv"),
        (b"\x28\xb5\x2f\xfdrest", "compressed with zstd"),
        (b"\xfd7zXZ\x00rest", "compressed with xz"),
        (b"BZh91AY", "compressed with bzip2"),
        (b"7z\xbc\xaf\x27\x1crest", "a 7z archive"),
        (b"\x04\x22\x4d\x18rest", "compressed with lz4"),
        (b"PAR1rest", "a Parquet file, which .*from_parquet"),
        (b"ARROW1\0\0rest", "an Arrow file"),
        (b"SQLite format 3\0rest", "a SQLite database"),
        (b"DBN\x02rest", "a file of Databento"),
        (LINE.encode("utf-16-le"), "UTF-16: save it as UTF-8"),
        (LINE.encode("utf-16-be"), "UTF-16: save it as UTF-8"),
        (LINE.encode("utf-16"), "UTF-16: save it as UTF-8"),
        (b"\xfe\xff" + LINE.encode("utf-16-be"), "UTF-16: save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_another_kind_of_file_is_named(
    tmp_path: Path, read: Read, content: bytes, message: str, packed: bool
) -> None:
    path = tmp_path / "other"
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(MarketDataError, match=f"not JSON, but .*{message}") as caught:
        read(path)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (
            MarketData.from_json_lines,
            "time,price\n1,2\n",
            "line 1: .*looks like CSV, which .*from_csv",
        ),
        (MarketData.from_json_lines, "\n\n1700000,2.5\n", "line 3: .*looks like CSV"),
        (MarketData.from_json_lines, "time;price\n", "looks like CSV"),
        (MarketData.from_json_lines, '"time","price"\n"1","2"\n', "looks like CSV"),
        (MarketData.from_json, "time,price\n1,2\n", "looks like CSV, which .*from_csv reads"),
        (MarketData.from_json_lines, f"[{LINE},{LINE}]", "line 1: .*JSON array.*from_json reads"),
        (MarketData.from_json_lines, f"[\n{LINE}\n]", "line 1: .*JSON array.*from_json reads"),
        (MarketData.from_json, f"{LINE}\n{LINE}\n", "lines of JSON.*from_json_lines reads"),
    ],
)
def test_another_kind_of_text_is_named(tmp_path: Path, read: Read, text: str, message: str) -> None:
    path = tmp_path / "other"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MarketDataError, match=message):
        read(path)


def test_a_wrong_line_far_in_is_no_other_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(f"{LINE}\n[1,2]\n", encoding="utf-8")
    with pytest.raises(MarketDataError, match="line 2") as caught:
        MarketData.from_json_lines(path)
    assert "array, which" not in str(caught.value)


@pytest.mark.parametrize("packed", [False, True])
def test_a_byte_order_mark_is_passed_over(tmp_path: Path, examples: Path, packed: bool) -> None:
    path = tmp_path / "marked"
    for read, text in [(MarketData.from_json_lines, LINE), (MarketData.from_json, f"[{LINE}]")]:
        content = text.encode("utf-8-sig")
        path.write_bytes(gzip.compress(content) if packed else content)
        assert len(read(path)) == 1
    text = (examples / "system_config.json").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig")
    assert len(SystemConfig.from_json(path).instruments) == 3


# Times and indices


@pytest.mark.parametrize("field", ["time_exchange", "time_received"])
def test_a_leap_second_is_refused(tmp_path: Path, field: str) -> None:
    path = tmp_path / "leap.jsonl"
    leaping = LINE.replace(f'"{field}":"2024-01-01T00:00:00Z"', f'"{field}":"2016-12-31T23:59:60Z"')
    path.write_text(leaping, encoding="utf-8")
    with pytest.raises(MarketDataError, match=f"{field} .*a leap second has no place"):
        MarketData.from_json_lines(path)


class CountingError(Exception):
    """A strategy was made or asked."""


def counting(**_: object) -> DefaultStrategy:
    raise CountingError


@pytest.mark.parametrize("index", [2, 10**9, 2**64 - 1])
def test_an_index_that_cannot_exist_is_refused_before_a_run(tmp_path: Path, index: int) -> None:
    path = tmp_path / "far.jsonl"
    path.write_text(LINE.replace('"instrument":0', f'"instrument":{index}'), encoding="utf-8")
    data = MarketData.from_json_lines(path)

    class Starting(DefaultStrategy):
        def on_start(self, state: object, /) -> None:
            raise CountingError

    with pytest.raises(MarketDataError, match=f"event 0: there is no instrument {index};"):
        run_backtest(Starting(), data, two_instruments())
    with pytest.raises(MarketDataError, match=f"event 0: there is no instrument {index};"):
        run_backtests(counting, {"x": [1, 2]}, data, two_instruments())


def test_pickles_are_as_before() -> None:
    data = MarketData.from_events([l1(0, "1", "2"), *quotes(3)])
    again = pickle.loads(pickle.dumps(data))
    assert [*again] == [*data]

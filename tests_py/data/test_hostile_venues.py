"""Files of venues that are cut, endless, mixed up or full of junk: refused, and nothing else."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bombs import bomb, bounded_memory
from support.tables import FUTURES, SPOT

from barter_python import (
    BinanceMarket,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    MarketData,
    MarketDataError,
    RowOrder,
    Underlying,
    read_binance,
    read_tardis,
)
from barter_python.cli.errors import UsageError
from barter_python.cli.histories import Files

FILES = Path(__file__).parent / "files"
Read: TypeAlias = Callable[..., MarketData]


def instruments(exchange: ExchangeId) -> IndexedInstruments:
    """Make the Bitcoin of an exchange."""
    return IndexedInstruments([InstrumentConfig(exchange, "BTCUSDT", Underlying("btc", "usdt"))])


def binance(path: Path, order: RowOrder = RowOrder.REFUSE) -> MarketData:
    return read_binance(path, instruments=instruments(SPOT), order=order)


def binance_um(path: Path, order: RowOrder = RowOrder.REFUSE) -> MarketData:
    return read_binance(
        path, instruments=instruments(FUTURES), market=BinanceMarket.USD_M, order=order
    )


def tardis(path: Path, order: RowOrder = RowOrder.REFUSE) -> MarketData:
    return read_tardis(path, instruments=instruments(FUTURES), order=order)


def looked_at(path: Path, _: RowOrder = RowOrder.REFUSE) -> MarketData:
    """Read as the command `inspect-data` does."""
    try:
        return Files([path], None, RowOrder.AS_GIVEN).load_as_it_is(None)[0]
    except UsageError as error:
        raise MarketDataError(str(error), path=path, reason=str(error)) from error


TARDIS = "binance-futures_{}_2020-09-01_BTCUSDT.csv"
CASES: Sequence[tuple[Read, Path]] = [
    (binance, FILES / "BTCUSDT-aggTrades-2025-03-25.csv"),
    (binance, FILES / "BTCUSDT-trades-2025-03-25.csv"),
    (binance, FILES / "BTCUSDT-1m-2025-03-25.csv"),
    (binance_um, FILES / "um" / "BTCUSDT-aggTrades-2024-03-25.csv"),
    (binance_um, FILES / "um" / "BTCUSDT-bookTicker-2024-01-02.csv"),
    (tardis, FILES / TARDIS.format("trades")),
    (tardis, FILES / TARDIS.format("quotes")),
    (tardis, FILES / TARDIS.format("book_snapshot_5")),
    (tardis, FILES / TARDIS.format("incremental_book_L2")),
    (tardis, FILES / TARDIS.format("liquidations")),
    (looked_at, FILES / TARDIS.format("quotes")),
    (looked_at, FILES / "BTCUSDT-aggTrades-2025-03-25.csv"),
]
EVERY = pytest.mark.parametrize(
    ("read", "file"), CASES, ids=[f"{read.__name__}-{file.stem}" for read, file in CASES]
)


def as_zip(path: Path, content: bytes) -> bytes:
    """Pack the content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(path.name, content)
    return buffer.getvalue()


def refused(read: Read, path: Path) -> str:
    """Give the message with which a file is refused."""
    with pytest.raises(MarketDataError) as caught:
        read(path)
    assert caught.value.path == path
    assert str(path) in str(caught.value)
    return str(caught.value)


@EVERY
def test_a_row_that_never_ends(tmp_path: Path, read: Read, file: Path) -> None:
    path = tmp_path / f"{file.name}.gz"
    path.write_bytes(bomb(file.read_bytes(), b"7", 100))
    with bounded_memory():
        assert "the row is longer than 1 MB" in refused(read, path)


@EVERY
def test_a_first_row_that_never_ends(tmp_path: Path, read: Read, file: Path) -> None:
    path = tmp_path / f"{file.name}.gz"
    path.write_bytes(bomb(file.read_bytes()[:10], b"7", 100))
    with bounded_memory():
        assert "the row is longer than 1 MB" in refused(read, path)


@EVERY
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_was_cut(tmp_path: Path, read: Read, file: Path, packed: bool) -> None:
    content = file.read_bytes()
    path = tmp_path / f"{file.stem}.zip" if packed else tmp_path / f"{file.name}.gz"
    whole = as_zip(file, content) if packed else gzip.compress(content)
    path.write_bytes(whole)
    assert len(read(path)) > 0
    for kept in (2, 10, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        path.write_bytes(whole[:kept])
        assert "no market events" not in refused(read, path)


@EVERY
def test_text_that_is_none(tmp_path: Path, read: Read, file: Path) -> None:
    for content in (
        file.read_text().encode("utf-16"),
        b"\x28\xb5\x2f\xfd" + file.read_bytes(),
        b'{"Item": {}}\n',
        b"[]",
        b"",
        b"\n\n",
        bytes(range(128, 256)) * 20,
    ):
        path = tmp_path / file.name
        path.write_bytes(content)
        refused(read, path)


def rows_of(file: Path) -> list[list[str]]:
    """Give the cells of a file."""
    return list(csv.reader(io.StringIO(file.read_text())))


def written(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write cells to a file."""
    # Not `csv.writer`, which cannot write a NUL on CPython 3.10.
    lines = [",".join(in_quotes(cell) for cell in row) for row in rows]
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")
    return path


def in_quotes(cell: str) -> str:
    """Put a cell in quotation marks, if it needs them."""
    quoted = cell.replace('"', '""')
    return f'"{quoted}"' if set(cell) & set('",\r\n') else cell


JUNK = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.integers(-(2**80), 2**80).map(str),
    st.sampled_from(["", "-0", "1e400", "0x10", "true", "buy", "2025-03-25", "9" * 400]),
)


@EVERY
@given(junk=JUNK, random=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_junk_in_a_cell_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, read: Read, file: Path, junk: str, random: Random
) -> None:
    """Any cell of any row, the header's included; what is read has as many rows as before."""
    rows = rows_of(file)
    row = random.randrange(len(rows))
    rows[row][random.randrange(len(rows[row]))] = junk
    path = written(tmp_path_factory.mktemp("junk") / file.name, rows)
    try:
        found = len(read(path))
    except MarketDataError as error:
        reason = str(error)
    else:
        assert 0 < found <= len(rows)
        return
    assert str(path) in reason
    assert "\n" not in reason


@EVERY
def test_a_line_break_in_any_cell_stays_on_one_line(tmp_path: Path, read: Read, file: Path) -> None:
    rows = rows_of(file)
    for row in (0, len(rows) - 1):
        for column in range(len(rows[row])):
            changed = [list(each) for each in rows]
            changed[row][column] = "0\n0"
            reason = ""
            try:
                read(written(tmp_path / file.name, changed))
            except MarketDataError as error:
                reason = str(error)
            assert "\n" not in reason


@EVERY
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_rows_that_lack_cells_or_have_more(
    tmp_path_factory: pytest.TempPathFactory, read: Read, file: Path, random: Random
) -> None:
    rows = rows_of(file)
    row = random.randrange(1, len(rows))
    rows[row] = rows[row] + ["1"] if random.random() < 0.5 else rows[row][:-1]
    path = written(tmp_path_factory.mktemp("cells") / file.name, rows)
    assert f"line {row + 1}: the row has {len(rows[row])} cells" in refused(read, path)


TIMES = [
    (read, file)
    for read, file in CASES
    if read is not looked_at and not file.stem.endswith("1m-2025-03-25") and "liqu" not in file.stem
]
"""Those with several rows whose times have one unit to be mixed up."""


@pytest.mark.parametrize(("read", "file"), TIMES, ids=[file.stem for _, file in TIMES])
def test_units_of_time_that_are_mixed(tmp_path: Path, read: Read, file: Path) -> None:
    """The times of the last row, counted in another unit than those before."""
    rows = rows_of(file)
    rows[-1] = [
        f"{cell}000" if cell.isdigit() and len(cell) in (13, 16) else cell for cell in rows[-1]
    ]
    message = refused(read, written(tmp_path / file.name, rows))
    assert f"line {len(rows)}: " in message
    assert "a file has one unit" in message

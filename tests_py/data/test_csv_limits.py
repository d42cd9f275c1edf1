"""CSV without bounds, and CSV that was cut: refused in bounded memory."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.bombs import bomb, bounded_memory
from support.tables import ONE

from barter_python import MarketData, MarketDataError, TimeUnit, TradeColumns

ROW = b"1742943900123,87232.50,1,buy\n"
START = b"time_exchange,price,amount,side\n" + ROW
TOO_LONG = "line 3: the row is longer than 1 MB, which no event is"


def refused(path: Path) -> str:
    """Give the message with which a file is refused."""
    with pytest.raises(MarketDataError) as caught:
        MarketData.from_csv(path, TradeColumns(), instruments=ONE, unit=TimeUnit.MILLISECONDS)
    assert caught.value.path == path
    return str(caught.value)


def zipped(start: bytes, filler: bytes, megabytes: int) -> bytes:
    """Pack a start and so many megabytes of one byte."""
    buffer = io.BytesIO()
    deflated = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(buffer, "w", deflated, compresslevel=1) as archive,
        archive.open("bomb.csv", "w") as member,
    ):
        member.write(start)
        for _ in range(megabytes):
            member.write(filler * (1 << 20))
    return buffer.getvalue()


@pytest.mark.parametrize("filler", [b"a", b" ", b",", b'"', b"\x00"])
def test_a_row_that_never_ends(tmp_path: Path, filler: bytes) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(bomb(START, filler, 100))
    with bounded_memory():
        assert TOO_LONG in refused(path)


def test_a_long_row_in_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(START)
        for _ in range(100):
            file.write(b"7" * (1 << 20))
    with bounded_memory():
        assert TOO_LONG in refused(path)


def test_a_header_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(bomb(b"time_exchange,", b"a", 100))
    with bounded_memory():
        assert "line 1: the row is longer than 1 MB" in refused(path)


def test_a_zip_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped(START, b"a", 100))
    with bounded_memory():
        assert TOO_LONG in refused(path)


def test_rows_below_the_limit_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    wide = ROW.replace(b"87232.50", b" " * 900_000 + b"87232.50")
    path.write_bytes(START + wide * 5)
    data = MarketData.from_csv(path, TradeColumns(), instruments=ONE, unit=TimeUnit.MILLISECONDS)
    assert len(data) == 6


def as_zip(content: bytes) -> bytes:
    """Pack the content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", content)
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, as_zip])
@pytest.mark.parametrize("kept", [3, 15, 0.5, -9, -1])
def test_a_file_that_was_cut(tmp_path: Path, pack: Callable[[bytes], bytes], kept: float) -> None:
    path = tmp_path / "cut"
    # Rows that differ, so that half of the packed bytes are a part of the rows.
    rows = b"".join(ROW.replace(b"50", str(number).encode()) for number in range(10_000))
    packed = pack(START + rows)
    path.write_bytes(packed[: int(kept * len(packed)) if kept == 0.5 else int(kept)])
    message = refused(path)
    assert str(path) in message
    assert "no market events" not in message


def test_a_wrong_check_sum(tmp_path: Path) -> None:
    path = tmp_path / "damaged"
    content = bytearray(gzip.compress(START))
    content[-6] ^= 0xFF
    path.write_bytes(content)
    assert re.search("corrupt|checksum|crc", refused(path))
    packed = bytearray(as_zip(START))
    position = packed.index(b"rows.csv") + len(b"rows.csv") + 5
    packed[position] ^= 0xFF
    path.write_bytes(packed)
    refused(path)


def test_an_encrypted_zip(tmp_path: Path) -> None:
    packed = bytearray(as_zip(START))
    # The flag of encryption in the local header and in the directory.
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(packed)
    assert re.search("[Pp]assword", refused(path))

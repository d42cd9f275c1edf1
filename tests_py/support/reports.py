"""What the tests of reports share."""

from __future__ import annotations

import struct
from base64 import b64decode
from dataclasses import dataclass
from fractions import Fraction

from barter_python import BacktestResult, MarketData
from barter_python.report.charts import Packed


@dataclass(frozen=True)
class Demo:
    """The run of `examples/ema_cross.py`, and its history."""

    result: BacktestResult
    data: MarketData


def unpacked(packed: Packed) -> list[Fraction]:
    """Read a series as the page's script does."""
    content = b64decode(packed["numbers"])
    numbers = struct.unpack(f"<{len(content) // 4}I", content)
    scale = Fraction(10) ** packed["digits"]
    return [(packed["base"] + number) / scale for number in numbers]

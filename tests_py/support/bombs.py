"""Files that unpack to more than memory holds."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@cache
def bomb(start: bytes, filler: bytes, megabytes: int = 400) -> bytes:
    """Compress a start and so many megabytes of one byte."""
    packer = zlib.compressobj(1, wbits=31)
    pieces = [packer.compress(start)]
    block = filler * (1 << 20)
    pieces += [packer.compress(block) for _ in range(megabytes)]
    return b"".join([*pieces, packer.flush()])


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Allow a quarter of a gigabyte more than the process has, where that can be set."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - Windows has none

    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    now = int(pages) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + (1 << 28), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)

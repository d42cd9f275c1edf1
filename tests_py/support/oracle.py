"""Rust programs that do with barter alone what the package does: those of `rust/examples/`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from barter_python import OrderKind, Side
from support import ROOT

# barter's own names of its variants, which the programs write and read.
SIDES = {"Buy": Side.BUY, "Sell": Side.SELL}
KINDS = {"Market": OrderKind.MARKET, "Limit": OrderKind.LIMIT}


def oracle_path(name: str) -> Path:
    """Give the file of a program, which has to be built."""
    variable = f"BARTER_{name.upper()}"
    path = Path(os.environ.get(variable) or ROOT / f"target/release/examples/{name}")
    if not path.is_file():
        pytest.fail(
            f"{path} is missing: build it with `cargo build --release --example {name}`, "
            f"or name it in {variable}"
        )
    return path

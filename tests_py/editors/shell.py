"""Asks IPython to complete names and to show help (`?`), and prints what is missing."""

from __future__ import annotations

import re
import sys

from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import barter_python as bp

COMPLETED = {
    "bp.Instr": "InstrumentFilter",
    "bp.run_b": "run_backtest",
    "bp.close_open": "close_open_positions_with_market_orders",
    "bp.ExchangeId.BINANCE_S": "BINANCE_SPOT",
    "InstrumentFilter.": "underlyings",
    "every.": "matches",
    "Side.": "BUY",
    "bp.Level(price=1, amount=2).": "price",
}
SHOWN = {
    "bp.build_ioc_market_order_to_close_position": ("client_order_id=None", "28 digits"),
    "bp.close_open_positions_with_market_orders": ("on_missing_price: ", "always empty"),
    "bp.run_backtest": ("fill_price: ", "simulated time"),
    "InstrumentFilter.matches": ("underlying=None", "Index of the instrument"),
    "bp.PyOrderRequestOpen": ("client_order_id", "as the native function gives it"),
    "bp.InstrumentView.limit_order": ("time_in_force=None", "in the quote asset", "ValueError"),
}
COLOURS = re.compile(r"\x1b\[[\d;]*m")


def missing(shell: InteractiveShell) -> list[str]:
    """Ask, and give what the answers lack."""
    found = []
    for text, wanted in COMPLETED.items():
        with provisionalcompleter():
            offered = [item.text for item in shell.Completer.completions(text, len(text))]
        if not any(item.rpartition(".")[2] == wanted for item in offered):
            found.append(f"completion of {text!r} lacks {wanted}")
    for name, texts in SHOWN.items():
        with capture_output() as captured:
            shell.run_line_magic("pinfo", name)
        said = COLOURS.sub("", captured.stdout)
        found += [f"{name}? lacks {text!r}" for text in texts if text not in said]
    return found


def main() -> int:
    """Check, and print what is wrong."""
    shell = InteractiveShell.instance()
    shell.user_ns |= {"bp": bp, "InstrumentFilter": bp.InstrumentFilter, "Side": bp.Side}
    shell.user_ns["every"] = bp.InstrumentFilter.none()
    found = missing(shell)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

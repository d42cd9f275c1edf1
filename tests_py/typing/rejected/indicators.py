"""Indicators and conditions."""

from __future__ import annotations

import barter_python as bp
from barter_python import indicators as on
from barter_python.indicators import Ema, Source

Ema(Source.MID, 2.5)  # type: ignore[arg-type]
Ema("mid", 2)  # type: ignore[arg-type]
Ema(Source.MID)  # type: ignore[call-arg]
on.Crosses(Ema(Source.MID, 2), "70")  # type: ignore[arg-type]
on.Changes(on.Trades())  # type: ignore[arg-type]
on.AnyOf([Source.MID])  # type: ignore[list-item]
on.Trades() | Source.MID  # type: ignore[operator]
on.Every(5)  # type: ignore[arg-type]
on.Instruments(["btc"])  # type: ignore[list-item]
on.Atr(14, 100)  # type: ignore[arg-type]
on.Vwap(9).period = 8  # type: ignore[misc]


class Wrong(bp.DefaultStrategy):
    """Its condition is none."""

    wake_on = (Ema(Source.MID, 2),)  # type: ignore[assignment]


def read(view: bp.InstrumentView) -> None:
    """Read what is no node."""
    view.value("mid")  # type: ignore[arg-type]
    view.value(on.TickBars(3))  # type: ignore[arg-type]

"""What the wrong lines of several topics need."""

from __future__ import annotations

from datetime import datetime, timezone

import barter_python as bp
from barter_python import Side

TIME = datetime(2024, 1, 1, tzinfo=timezone.utc)
SPOT = bp.ExchangeId.BINANCE_SPOT
ID = bp.StrategyId("typed")
KEY = bp.OrderKey(0, 0, ID, bp.ClientOrderId("cid"))
POSITION = bp.Position(0, Side.BUY, 0.5, 10)
PLAIN = bp.EngineState([bp.InstrumentState(0, 0, POSITION, 9)])
DATA = bp.MarketData.from_events([bp.Reconnecting(SPOT)])
CONFIG = bp.SystemConfig([bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("b", "q"))], [])
INDEXED = CONFIG.index()
RESULT = bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG)

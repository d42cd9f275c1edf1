"""Market data: its events, its readers and its scans."""

from __future__ import annotations

from decimal import Decimal

import barter_python as bp
from barter_python import Side
from rejected.shared import CONFIG, DATA, INDEXED, SPOT, TIME

# Floats and text where exact numbers belong.
bp.Level(price=1.5, amount=1)  # type: ignore[arg-type]
bp.Level(price="1.5", amount=1)  # type: ignore[arg-type]
bp.PublicTrade("id", price=1.5, amount=1, side=Side.BUY)  # type: ignore[arg-type]
bp.OrderBook(1.5, None, [], [])  # type: ignore[arg-type]
bp.OrderBook(1, None, [(99, 1)], [])  # type: ignore[list-item]
bp.OrderBookSnapshot([bp.Level(price=99, amount=1)])  # type: ignore[arg-type]
bp.Candle(TIME, open=1.5, high=1, low=1, close=1, volume=1, trade_count=1)  # type: ignore[arg-type]
bp.Liquidation(Side.BUY, price=1.5, quantity=1, time=TIME)  # type: ignore[arg-type]
bp.Funding(0.0001)  # type: ignore[arg-type]
bp.Funding(1, 2)  # type: ignore[call-arg]
bp.Settlement(1)  # type: ignore[call-arg]

# Text where enums belong.
bp.PublicTrade("id", price=1, amount=1, side="buy")  # type: ignore[arg-type]
bp.Reconnecting("binance_spot")  # type: ignore[arg-type]

# Missing, unknown and misplaced arguments.
bp.Level(price=1)  # type: ignore[call-arg]
bp.Level(1, 1)  # type: ignore[call-arg]
bp.Level(price=1, quantity=1)  # type: ignore[call-arg]
bp.MarketEvent(TIME, TIME, SPOT, 0)  # type: ignore[call-arg]
bp.MarketEvent(TIME, TIME, SPOT, 0, bp.Level(price=1, amount=1))  # type: ignore[arg-type]
bp.Reconnecting()  # type: ignore[call-arg]
bp.MarketData.from_events([bp.Level(price=1, amount=1)])  # type: ignore[list-item]
bp.MarketData.from_json_lines(b"events.jsonl")  # type: ignore[arg-type]
bp.MarketData.open(b"events.bph")  # type: ignore[arg-type]
DATA.save("events.bph", True)  # type: ignore[call-arg]
DATA.save("events.bph", compressed="lz4")  # type: ignore[arg-type]
bp.MarketData.merge([DATA, DATA])  # type: ignore[arg-type]
DATA.between(1.5)  # type: ignore[arg-type]
DATA.candles(60)  # type: ignore[arg-type]
DATA.to_arrow(bp.Level, instruments=CONFIG.index())  # type: ignore[arg-type]
DATA.to_arrow(bp.PublicTrade)  # type: ignore[call-arg]
DATA["0"]  # type: ignore[call-overload]

# Scans.
bp.MarketScan(DATA)  # type: ignore[arg-type]
bp.MarketScan([lambda: [DATA]])  # type: ignore[list-item, return-value]
bp.MarketScan.merge(lambda: DATA)  # type: ignore[arg-type]

# Columns, and the readers of files and tables.
bp.TradeColumns(prize="prize")  # type: ignore[call-arg]
bp.TradeColumns("time_exchange")  # type: ignore[call-arg]
bp.TradeColumns(side=bp.Side.BUY)  # type: ignore[arg-type]
bp.TradeColumns().price = "px"  # type: ignore[misc]
bp.CandleColumns(open_time="date", length=60)  # type: ignore[arg-type]
bp.BookSnapshotColumns()  # type: ignore[call-arg]
bp.MarketData.from_csv("trades.csv", bp.TradeColumns())  # type: ignore[call-arg]
bp.MarketData.from_csv("trades.csv", "price", instruments=INDEXED)  # type: ignore[arg-type]
bp.MarketData.from_csv("t.csv", bp.TradeColumns(), instruments=INDEXED, unit="ms")  # type: ignore[arg-type]
bp.MarketData.from_csv("t.csv", bp.TradeColumns(), instruments=INDEXED, order="sort")  # type: ignore[arg-type]
bp.MarketData.from_arrow([1, 2], bp.TradeColumns(), instruments=INDEXED)  # type: ignore[arg-type]
bp.read_binance("t.zip")  # type: ignore[call-arg]
bp.read_binance("t.zip", instruments=INDEXED, market="spot")  # type: ignore[arg-type]
bp.read_tardis("t.csv.gz", instruments=INDEXED, symbols=["X"])  # type: ignore[arg-type]
bp.read_tardis("t.csv.gz", instruments=INDEXED, unknown_side="buy")  # type: ignore[arg-type]
bp.read_databento([1], instruments=INDEXED, symbols={}, schema=bp.DatabentoSchema.TRADES)  # type: ignore[arg-type]
bp.read_databento(DATA.to_arrow(bp.PublicTrade, instruments=INDEXED), instruments=INDEXED)  # type: ignore[call-arg]
bp.MarketData.from_parquet(5, bp.TradeColumns(), instruments=INDEXED)  # type: ignore[arg-type]

# Values that the package makes, and frozen values.
bp.MarketData([])  # type: ignore[arg-type]
bp.Level(price=1, amount=1).price = Decimal(2)  # type: ignore[misc]
bp.OrderBook(1, None, [], []).bids = ()  # type: ignore[misc]
bp.OrderBook(1, None, [], []).bids[0] = bp.Level(price=1, amount=1)  # type: ignore[index]
bp.Level(price=1, amount=1).size  # type: ignore[attr-defined]

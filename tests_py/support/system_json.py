"""Configurations in JSON."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

EXPIRY = datetime(2026, 3, 27, 8, tzinfo=timezone.utc)
EXPIRY_MS = int(EXPIRY.timestamp()) * 1000
PERPETUAL = '{"perpetual": {"contract_size": 0.001, "settlement_asset": "usdt"}}'
FUTURE = f'{{"future": {{"contract_size": 10, "settlement_asset": "usd", "expiry": {EXPIRY_MS}}}}}'
OPTION = (
    f'{{"option": {{"contract_size": 1, "settlement_asset": "btc", "kind": "call", '
    f'"exercise": "european", "expiry": {EXPIRY_MS}, "strike": 100000.5}}}}'
)
SPEC = (
    '{"price": {"min": 0.01, "tick_size": 0.01}, '
    '"quantity": {"unit": "contract", "min": 1, "increment": 1}, "notional": {"min": 5}}'
)
BACKTEST_SHAPE = """
{
  "risk_free_return": 0.05,
  "system": {
    "instruments": [
      {
        "exchange": "binance_spot",
        "name_exchange": "BTCUSDT",
        "underlying": {"base": "btc", "quote": "usdt"},
        "quote": "underlying_quote",
        "kind": "spot"
      }
    ],
    "executions": [
      {
        "mocked_exchange": "binance_spot",
        "latency_ms": 100,
        "fees_percent": 0.001,
        "initial_state": {
          "exchange": "binance_spot",
          "balances": [
            {
              "asset": "usdt",
              "balance": {"total": 98765432109.123456789012, "free": 98765432109.123456789012},
              "time_exchange": "2025-03-24T21:30:00Z"
            },
            {
              "asset": "btc",
              "balance": {"total": "0.10", "free": 0.1},
              "time_exchange": "2025-03-24T21:30:00Z"
            }
          ],
          "instruments": [{"instrument": "BTCUSDT", "orders": []}]
        }
      }
    ]
  }
}
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def with_kind(kind: str, spec: str = "null") -> str:
    """Give a configuration whose instrument is of another kind."""
    return BACKTEST_SHAPE.replace('"kind": "spot"', f'"kind": {kind}, "spec": {spec}')


FORTY_DIGITS = "1234567890123456789012345678901234567890"

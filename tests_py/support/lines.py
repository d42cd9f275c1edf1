"""Lines of histories in barter's JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from barter_python import (
    BarterError,
    MarketData,
    MarketDataError,
)

TIMES = (
    '"time_exchange":"2025-03-25T23:07:00.773674205Z",'
    '"time_received":"2025-03-25T23:07:00.773684644Z"'
)
L1_LINE = (
    f'{{"Item":{{{TIMES},"exchange":"binance_spot","instrument":1,"kind":{{"OrderBookL1":'
    '{"last_update_time":"2025-03-25T23:07:00.773674205Z",'
    '"best_bid":{"price":"2059.10000000","amount":"33.09140000"},'
    '"best_ask":{"price":"2059.11000000","amount":"3.01460000"}}}}}'
)
TRADE_LINE = (
    f'{{"Item":{{{TIMES},"exchange":"binance_spot","instrument":0,'
    '"kind":{"Trade":{"id":"4744868157","price":87232.5,"amount":0.00012,"side":"Sell"}}}}'
)
CANDLE_LINE = (
    f'{{"Item":{{{TIMES},"exchange":"binance_spot","instrument":0,"kind":{{"Candle":'
    '{"close_time":"2025-03-25T23:07:00Z","open":1.5,"high":3.5,"low":0.5,"close":2.5,'
    '"volume":100.25,"trade_count":7}}}}'
)
LIQUIDATION_LINE = (
    f'{{"Item":{{{TIMES},"exchange":"binance_spot","instrument":0,"kind":{{"Liquidation":'
    '{"side":"Buy","price":2.5,"quantity":3.5,"time":"2025-03-25T23:07:00.000000001Z"}}}}'
)
FUNDING_LINE = (
    f'{{"Item":{{{TIMES},"exchange":"binance_spot","instrument":0,"kind":{{"Funding":'
    '{"rate":"-0.00012500","mark_price":"87232.5"}}}}'
)
SETTLEMENT_LINE = (
    f'{{"Item":{{{TIMES},"exchange":"binance_spot","instrument":0,"kind":{{"Settlement":'
    '{"price":"87232.50"}}}}'
)
RECONNECTING_LINE = '{"Reconnecting":"binance_spot"}'
LINES = [
    L1_LINE,
    TRADE_LINE,
    CANDLE_LINE,
    LIQUIDATION_LINE,
    FUNDING_LINE,
    SETTLEMENT_LINE,
    RECONNECTING_LINE,
]
FORTY_DIGITS = "1234567890123456789012345678901234567890"


def refused(path: Path) -> str:
    """Give the message with which a file is refused."""
    with pytest.raises(MarketDataError) as caught:
        MarketData.from_json_lines(path)
    assert isinstance(caught.value, BarterError)
    assert isinstance(caught.value, ValueError)
    return str(caught.value)

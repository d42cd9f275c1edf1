"""Configurations and their indices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from typing_extensions import assert_type

import barter_python as bp
from accepted.shared import SPOT, system_config
from barter_python.instrument import IndexedAsset, IndexedInstrument


def test_configuration() -> None:
    config = system_config()
    assert_type(config.instruments, Sequence[bp.InstrumentConfig])
    assert_type(config.executions, Sequence[bp.MockExecutionConfig])
    assert_type(config.instruments[0].underlying, bp.Underlying[str])
    assert_type(config.executions[0].latency, timedelta | bp.UniformLatency | bp.EmpiricalLatency)
    assert_type(config.executions[0].fee_rate, Decimal | int)
    indexed = config.index()
    assert_type(indexed, bp.IndexedInstruments)
    assert_type(indexed.exchanges, list[bp.ExchangeId])
    assert_type(indexed.assets, list[IndexedAsset])
    assert_type(indexed.instruments, list[IndexedInstrument])
    assert_type(indexed.instruments[0].underlying, bp.Underlying[int])
    assert_type(indexed.exchange_index(SPOT), int)
    assert_type(indexed.asset_index(SPOT, "usdt"), int)
    assert_type(indexed.instrument_index("binancespot-btc_usdt"), int)
    assert len(indexed) == 1

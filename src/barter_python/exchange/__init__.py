"""The simulated exchanges: `docs/exchange.md` has their rules."""

from __future__ import annotations

from .._core import CandleFills, CandlePrice, FeeAsset, FillPrice, Liquidity, QueuePosition
from .._public import publish
from .config import MockExecutionConfig, RateLimit
from .faults import DelayAnswers, Disconnect, DuplicateAnswers, Fault, RejectRequests
from .latency import EmpiricalLatency, Latency, UniformLatency

__all__ = [
    "CandleFills",
    "CandlePrice",
    "DelayAnswers",
    "Disconnect",
    "DuplicateAnswers",
    "EmpiricalLatency",
    "Fault",
    "FeeAsset",
    "FillPrice",
    "Latency",
    "Liquidity",
    "MockExecutionConfig",
    "QueuePosition",
    "RateLimit",
    "RejectRequests",
    "UniformLatency",
]

publish(__name__, globals(), __name__)

"""The results of a run, whatever drove it."""

from __future__ import annotations

from .by_strategy import StrategyResult
from .result import RunResult

__all__ = ["RunResult", "StrategyResult"]

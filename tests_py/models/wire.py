"""Latencies and faults of `docs/exchange.md`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

WORD = 2**64


@dataclass(frozen=True)
class Constant:
    """Always the same latency."""

    nanoseconds: int


@dataclass(frozen=True)
class Uniform:
    """Any latency from the lowest to the highest."""

    low: int
    high: int
    seed: int


@dataclass(frozen=True)
class Empirical:
    """One of the samples."""

    samples: Sequence[int]
    seed: int


Latency: TypeAlias = Constant | Uniform | Empirical


class Draws:
    """The latencies of the way with this number, one after the other."""

    def __init__(self, latency: Latency, way: int = 0) -> None:
        self.latency = latency
        self.state = 0 if isinstance(latency, Constant) else (latency.seed + way) % WORD

    def split_mix(self) -> int:
        """Draw 64 bits as SplitMix64 does."""
        self.state = (self.state + 0x9E3779B97F4A7C15) % WORD
        mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % WORD
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % WORD
        return mixed ^ (mixed >> 31)

    def next(self) -> int:
        """Give the next latency in nanoseconds."""
        latency = self.latency
        if isinstance(latency, Constant):
            return latency.nanoseconds
        draw = self.split_mix()
        if isinstance(latency, Uniform):
            return latency.low + draw * (latency.high - latency.low + 1) // WORD
        return latency.samples[draw * len(latency.samples) // WORD]


@dataclass(frozen=True)
class Fault:
    """A fault from `start` to `end`, of the kind that its class says."""

    start: int
    end: int


@dataclass(frozen=True)
class Disconnect(Fault):
    """The client is not connected."""


@dataclass(frozen=True)
class RejectRequests(Fault):
    """Requests are refused."""

    reason: str


@dataclass(frozen=True)
class DelayAnswers(Fault):
    """Messages take longer."""

    delay: int


@dataclass(frozen=True)
class DuplicateAnswers(Fault):
    """Messages come twice."""


@dataclass(frozen=True)
class Wire:
    """The way to an exchange and back."""

    latency: Latency = Constant(0)
    answer_latency: Latency = Constant(0)
    faults: Sequence[Fault] = ()

"""Latencies of requests and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from .._checks import check_int, check_latency, check_type, checked_items, in_seconds

_LARGEST_SEED = 2**64 - 1


@dataclass(frozen=True)
class UniformLatency:
    """A random latency, uniformly distributed from `low` to `high`.

    Parameters
    ----------
    low, high : timedelta
        The shortest and the longest latency.
    seed : int
        Seed of the random numbers, from 0 to 2⁶⁴ - 1. The same seed gives the same latencies in
        every run, and different ones for each exchange and for requests and answers.

    Raises
    ------
    ValueError
        If `low` is negative or greater than `high`, or a number is out of range.

    Examples
    --------
    >>> from datetime import timedelta
    >>> UniformLatency(timedelta(milliseconds=20), timedelta(milliseconds=80), seed=1).seed
    1
    """

    low: timedelta
    high: timedelta
    seed: int

    def __post_init__(self) -> None:
        """Check the values."""
        check_latency("low", self.low)
        check_latency("high", self.high)
        if self.low > self.high:
            raise ValueError(
                "low must not be greater than high, "
                f"got {in_seconds(self.low)} and {in_seconds(self.high)}"
            )
        check_int("seed", self.seed, 0, _LARGEST_SEED)


@dataclass(frozen=True)
class EmpiricalLatency:
    """A random latency, drawn from measured ones.

    Parameters
    ----------
    samples : sequence of timedelta
        The measured latencies, each equally likely; stored as a tuple.
    seed : int
        Seed of the random numbers, from 0 to 2⁶⁴ - 1. The same seed gives the same latencies in
        every run, and different ones for each exchange and for requests and answers.

    Raises
    ------
    ValueError
        If there are no samples, or a number is out of range.

    Examples
    --------
    >>> from datetime import timedelta
    >>> measured = [timedelta(milliseconds=number) for number in (21, 22, 22, 25, 140)]
    >>> len(EmpiricalLatency(measured, seed=7).samples)
    5
    """

    samples: Sequence[timedelta]
    seed: int

    def __post_init__(self) -> None:
        """Check the values."""
        object.__setattr__(self, "samples", checked_items("samples", self.samples, check_latency))
        if not self.samples:
            raise ValueError("samples must not be empty")
        check_int("seed", self.seed, 0, _LARGEST_SEED)


Latency: TypeAlias = timedelta | UniformLatency | EmpiricalLatency
"""A latency: constant, or drawn for each request or answer."""


def check_any_latency(name: str, latency: object) -> None:
    """Require a latency: constant or random."""
    if not isinstance(latency, (UniformLatency, EmpiricalLatency)):
        if not isinstance(latency, timedelta):
            check_type(name, latency, timedelta, UniformLatency, EmpiricalLatency)
        check_latency(name, latency)

"""Configurations, from Python objects and barter's JSON: the module `barter::system::config`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from os import PathLike
from typing import TypedDict

from typing_extensions import Self, Unpack

from . import _config_json, _core
from ._checks import check_exact, check_type, shown
from ._config_text import config_json
from ._core import IndexedInstruments
from .exchange import (
    CandleFills,
    CandlePrice,
    Fault,
    FeeAsset,
    Latency,
    Liquidity,
    MockExecutionConfig,
    QueuePosition,
    RateLimit,
)
from .instrument import (
    FutureContract,
    InstrumentConfig,
    InstrumentKind,
    InstrumentSpec,
    OptionContract,
    OrderQuantityUnits,
    PerpetualContract,
    Spot,
)

__all__ = [
    "ExecutionChanges",
    "FutureContract",
    "InstrumentConfig",
    "InstrumentKind",
    "InstrumentSpec",
    "MockExecutionConfig",
    "OptionContract",
    "OrderQuantityUnits",
    "PerpetualContract",
    "Spot",
    "SystemConfig",
]


class ExecutionChanges(TypedDict, total=False):
    """The fields of `MockExecutionConfig` that `SystemConfig.with_executions` can replace.

    Examples
    --------
    >>> changes: ExecutionChanges = {"fee_rate": Decimal("0.001")}
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> config = config.with_executions(**changes)
    >>> {execution.fee_rate for execution in config.executions}
    {Decimal('0.001')}
    """

    latency: Latency
    fee_rate: Decimal | int
    maker_fee_rate: Decimal | int | None
    fee_asset: FeeAsset
    answer_latency: Latency
    liquidity: Liquidity
    queue: QueuePosition
    leverage: Decimal | int
    end_of_day: timedelta
    rate_limit: RateLimit | None
    faults: Sequence[Fault]
    candle_fills: CandleFills
    candle_price: CandlePrice
    maintenance_margin: Decimal | int | None


@dataclass(frozen=True)
class SystemConfig:
    """The instruments to trade and the exchanges (`barter::system::config::SystemConfig`).

    Parameters
    ----------
    instruments : sequence of InstrumentConfig
        The instruments to trade.
    executions : sequence of MockExecutionConfig
        How each exchange of the instruments is simulated.
    risk_free_return : Decimal or int
        Return without risk, which barter subtracts from mean returns without scaling it.

    Raises
    ------
    ConfigError
        If names collide, an exchange has no execution or two, an execution has no instruments, or
        its balances have an unknown asset or more of one than the simulated exchange can represent.

    Examples
    --------
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> [instrument.name_exchange for instrument in config.instruments]
    ['BTCUSDT', 'ETHUSDT', 'SOLUSDT']
    """

    instruments: Sequence[InstrumentConfig]
    executions: Sequence[MockExecutionConfig]
    risk_free_return: Decimal | int = Decimal(0)

    def __post_init__(self) -> None:
        """Check that everything fits together."""
        check_type("instruments", self.instruments, Sequence)
        for position, instrument in enumerate(self.instruments):
            check_type(f"instruments[{position}]", instrument, InstrumentConfig)
        check_type("executions", self.executions, Sequence)
        for position, execution in enumerate(self.executions):
            check_type(f"executions[{position}]", execution, MockExecutionConfig)
        check_exact("risk_free_return", self.risk_free_return)
        _core.check_executions(self.index(), self.executions)

    @classmethod
    def from_json(cls, path: str | PathLike[str]) -> Self:
        """Read a JSON file in either of the two shapes of barter's examples.

        In addition to barter's fields, an execution may have the fields of `MockExecutionConfig`.
        Lengths of time are in milliseconds, as barter's `latency_ms`:

        - `answer_latency_ms`; for a random latency, `latency` and `answer_latency` are objects:
          `{"uniform": {"low_ms": 5, "high_ms": 25, "seed": 1}}` or
          `{"empirical": {"samples_ms": [5, 7, 40], "seed": 1}}`;
        - `maker_fee_rate`, `leverage`, `end_of_day_ms`;
        - `fee_asset`, `liquidity` and `queue`, for example `"received"`, `"infinite"`, `"front"`;
        - `rate_limit`, for example `{"requests": 50, "interval_ms": 10000}`;
        - `faults`, an array such as `[{"disconnect": {"start": "2025-03-25T23:08:00Z",
          "duration_ms": 5000}}]`, of `disconnect`, `reject_requests` (with a `reason`),
          `delay_answers` (with a `delay_ms`) and `duplicate_answers`.

        Parameters
        ----------
        path : str or os.PathLike
            The file.

        Raises
        ------
        ConfigError
            If the file is not such a configuration; the message names the place in the file.
        OSError
            If the file cannot be opened.

        Warns
        -----
        UserWarning
            If `fees_percent` is 0.01 or more: it is a plain factor, so that 0.05 charges 5 %.
        """
        config, remarks = _config_json.read(path, cls)
        for remark in remarks:
            warnings.warn(remark, stacklevel=2)
        return config

    @classmethod
    def from_json_text(cls, text: str) -> Self:
        """Read JSON text as `from_json` reads a file.

        Examples
        --------
        >>> from pathlib import Path
        >>> text = Path("examples/data/system_config.json").read_text(encoding="utf-8")
        >>> len(SystemConfig.from_json_text(text).instruments)
        3
        """
        config, remarks = _config_json.parse(text, "the configuration", cls)
        for remark in remarks:
            warnings.warn(remark, stacklevel=2)
        return config

    def to_json_text(self, *, indent: int | None = None) -> str:
        """Write JSON text that `from_json_text` reads as an equal configuration.

        Parameters
        ----------
        indent : int, optional
            Spaces to indent by; without, the text is one line.

        Raises
        ------
        ValueError
            If a length of time is no whole number of milliseconds, the unit of such configurations.

        Examples
        --------
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> SystemConfig.from_json_text(config.to_json_text()) == config
        True
        """
        import json  # noqa: PLC0415 - not needed to import the package

        value = config_json(self.instruments, self.executions, self.risk_free_return)
        return json.dumps(value, indent=indent, ensure_ascii=False)

    def with_executions(self, **changes: Unpack[ExecutionChanges]) -> Self:
        """Give the configuration with the same changes to every execution.

        Parameters
        ----------
        **changes : ExecutionChanges
            New values for fields of `MockExecutionConfig`, except `mocked_exchange` and `balances`.

        Raises
        ------
        TypeError
            If a name is not one of these fields, or its value has the wrong type.
        ValueError
            If a number is out of range.
        ConfigError
            If the changed executions contradict the instruments.

        Examples
        --------
        >>> from datetime import timedelta
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> slow = config.with_executions(latency=timedelta(milliseconds=250))
        >>> slow.executions[0].latency.total_seconds()
        0.25
        """
        known = ExecutionChanges.__annotations__
        unknown = [name for name in changes if name not in known]
        if unknown:
            raise TypeError(
                f"with_executions has no argument {shown(unknown[0])}; "
                f"its arguments are {', '.join(known)}"
            )
        executions = [replace(execution, **changes) for execution in self.executions]
        return replace(self, executions=executions)

    def index(self) -> IndexedInstruments:
        """Index the instruments as barter does.

        Raises
        ------
        ConfigError
            If names collide.
        """
        return self._indexed

    @cached_property
    def _indexed(self) -> IndexedInstruments:
        """Index once: barter's time grows with the square of the number of assets."""
        return IndexedInstruments(self.instruments)

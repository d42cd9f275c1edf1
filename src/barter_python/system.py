"""Configurations, from Python objects and barter's JSON: the module `barter::system::config`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from . import _core
from ._checks import check_aware, check_exact, check_name, check_not_negative, check_type
from ._core import ExchangeId, IndexedInstruments, InstrumentQuoteAsset, OptionExercise, OptionKind
from .exchange import (
    Fault,
    FeeAsset,
    Latency,
    Liquidity,
    MockExecutionConfig,
    QueuePosition,
    RateLimit,
)
from .instrument import Underlying

if TYPE_CHECKING:
    from typing_extensions import Unpack

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


class Spot(Enum):
    """The kind of instrument that is the asset itself (`InstrumentKind::Spot`)."""

    SPOT = "spot"
    """The only member."""


@dataclass(frozen=True)
class _Contract:
    contract_size: Decimal | int
    settlement_asset: str

    def __post_init__(self) -> None:
        """Check the values."""
        check_exact("contract_size", self.contract_size)
        check_name("settlement_asset", self.settlement_asset)


@dataclass(frozen=True)
class PerpetualContract(_Contract):
    """A perpetual (`barter_instrument::instrument::kind::perpetual::PerpetualContract`).

    Parameters
    ----------
    contract_size : Decimal or int
        Units of the base asset in one contract.
    settlement_asset : str
        Name of the asset that profit and loss are paid in.
    """


@dataclass(frozen=True)
class FutureContract(_Contract):
    """A future (`barter_instrument::instrument::kind::future::FutureContract`).

    Parameters
    ----------
    contract_size : Decimal or int
        Units of the base asset in one contract.
    settlement_asset : str
        Name of the asset that profit and loss are paid in.
    expiry : datetime
        When it expires, with a time zone.
    """

    expiry: datetime

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        check_aware("expiry", self.expiry)


@dataclass(frozen=True)
class OptionContract(_Contract):
    """An option (`barter_instrument::instrument::kind::option::OptionContract`).

    Parameters
    ----------
    contract_size : Decimal or int
        Units of the base asset in one contract.
    settlement_asset : str
        Name of the asset that profit and loss are paid in.
    kind : OptionKind
        Call or put.
    exercise : OptionExercise
        When it can be exercised.
    expiry : datetime
        When it expires, with a time zone.
    strike : Decimal or int
        The price at which it can be exercised.
    """

    kind: OptionKind
    exercise: OptionExercise
    expiry: datetime
    strike: Decimal | int

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        check_type("kind", self.kind, OptionKind)
        check_type("exercise", self.exercise, OptionExercise)
        check_aware("expiry", self.expiry)
        check_exact("strike", self.strike)


InstrumentKind: TypeAlias = Spot | PerpetualContract | FutureContract | OptionContract
"""What an instrument is (`barter_instrument::instrument::kind::InstrumentKind`)."""


class OrderQuantityUnits(Enum):
    """What quantities count, where they do not count an asset (`OrderQuantityUnits`)."""

    CONTRACT = "contract"
    """Contracts."""
    QUOTE = "quote"
    """The quote asset."""


@dataclass(frozen=True)
class InstrumentSpec:
    """The exchange's rules for orders (`barter_instrument::instrument::spec::InstrumentSpec`).

    Parameters
    ----------
    price_min, price_tick_size : Decimal or int
        Least price, and the step between prices.
    quantity_unit : str or OrderQuantityUnits
        Name of the asset that quantities count, or what else they count.
    quantity_min, quantity_increment : Decimal or int
        Least quantity, and the step between quantities.
    notional_min : Decimal or int
        Least value of an order.

    Raises
    ------
    ValueError
        When a number is negative.
    """

    price_min: Decimal | int
    price_tick_size: Decimal | int
    quantity_unit: str | OrderQuantityUnits
    quantity_min: Decimal | int
    quantity_increment: Decimal | int
    notional_min: Decimal | int

    def __post_init__(self) -> None:
        """Check the values."""
        check_not_negative("price_min", self.price_min)
        check_not_negative("price_tick_size", self.price_tick_size)
        check_not_negative("quantity_min", self.quantity_min)
        check_not_negative("quantity_increment", self.quantity_increment)
        check_not_negative("notional_min", self.notional_min)
        if not isinstance(self.quantity_unit, OrderQuantityUnits):
            check_name("quantity_unit", self.quantity_unit)


@dataclass(frozen=True)
class InstrumentConfig:
    """An instrument to trade (`barter::system::config::InstrumentConfig`).

    Parameters
    ----------
    exchange : ExchangeId
        Where it is traded.
    name_exchange : str
        The exchange's name, such as `BTCUSDT`.
    underlying : Underlying of str
        Names of base and quote asset.
    quote : InstrumentQuoteAsset
        Which of the two prices are in.
    kind : Spot, PerpetualContract, FutureContract or OptionContract
        What it is.
    spec : InstrumentSpec, optional
        The exchange's rules for orders.

    Examples
    --------
    >>> InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt")).kind
    <Spot.SPOT: 'spot'>
    """

    exchange: ExchangeId
    name_exchange: str
    underlying: Underlying[str]
    quote: InstrumentQuoteAsset = InstrumentQuoteAsset.UNDERLYING_QUOTE
    kind: InstrumentKind = Spot.SPOT
    spec: InstrumentSpec | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        check_type("exchange", self.exchange, ExchangeId)
        check_name("name_exchange", self.name_exchange)
        check_type("underlying", self.underlying, Underlying)
        check_name("underlying.base", self.underlying.base)
        check_name("underlying.quote", self.underlying.quote)
        check_type("quote", self.quote, InstrumentQuoteAsset)
        check_type("kind", self.kind, Spot, PerpetualContract, FutureContract, OptionContract)
        if self.spec is not None:
            check_type("spec", self.spec, InstrumentSpec)


class ExecutionChanges(TypedDict, total=False):
    """What `SystemConfig.with_executions` replaces: fields of `MockExecutionConfig`."""

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


@dataclass(frozen=True)
class SystemConfig:
    """What to trade and how to execute (`barter::system::config::SystemConfig`).

    Parameters
    ----------
    instruments : sequence of InstrumentConfig
        What to trade.
    executions : sequence of MockExecutionConfig
        One for each exchange of the instruments.
    risk_free_return : Decimal or int
        Return without risk, which barter subtracts from mean returns as it is.

    Raises
    ------
    ConfigError
        When names collide, an exchange has no execution or two, or an execution has no instruments
        or holds an unknown asset, or more of one than the simulated exchange keeps exactly.

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
    def from_json(cls, path: str | PathLike[str]) -> SystemConfig:
        """Read a JSON file of either shape of barter's examples.

        Beside barter's fields, an execution may have those of `MockExecutionConfig` by their names;
        lengths of time count milliseconds, as barter's `latency_ms`:

        - `answer_latency_ms`; where a latency is drawn, `latency` and `answer_latency` have
          `{"uniform": {"low_ms": 5, "high_ms": 25, "seed": 1}}` or
          `{"empirical": {"samples_ms": [5, 7, 40], "seed": 1}}`;
        - `maker_fee_rate`, `leverage`, `end_of_day_ms`;
        - `fee_asset`, `liquidity` and `queue`, such as `"received"`, `"infinite"` and `"front"`;
        - `rate_limit`, such as `{"requests": 50, "interval_ms": 10000}`;
        - `faults`, a list such as `[{"disconnect": {"start": "2025-03-25T23:08:00Z",
          "duration_ms": 5000}}]`, with `disconnect`, `reject_requests` (and its `reason`),
          `delay_answers` (and its `delay_ms`) and `duplicate_answers`.

        Parameters
        ----------
        path : str or os.PathLike
            The file.

        Raises
        ------
        ConfigError
            When the file is not such a configuration, naming the place in it.
        OSError
            When it cannot be opened.

        Warns
        -----
        UserWarning
            When `fees_percent` is 0.01 or more: it is a plain factor, and 0.05 charges 5 %.
        """
        from . import _config_json  # noqa: PLC0415 - it imports this module

        config, remarks = _config_json.read(path)
        for remark in remarks:
            warnings.warn(remark, stacklevel=2)
        return config

    @classmethod
    def from_json_text(cls, text: str) -> SystemConfig:
        """Read JSON text, as `from_json` reads a file."""
        from . import _config_json  # noqa: PLC0415 - it imports this module

        config, remarks = _config_json.parse(text, "the configuration")
        for remark in remarks:
            warnings.warn(remark, stacklevel=2)
        return config

    def with_executions(self, **changes: Unpack[ExecutionChanges]) -> SystemConfig:
        """Give the same configuration with the same changes to every execution.

        Parameters
        ----------
        **changes : ExecutionChanges
            Fields of `MockExecutionConfig`, all but `mocked_exchange` and `balances`; what is not
            given stays as it is.

        Raises
        ------
        TypeError
            When a name is not one of these fields, or a value is none for it.
        ValueError
            When a number is out of its range.
        ConfigError
            When the changed executions contradict the instruments.

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
                f"with_executions has no argument {unknown[0]!r}; there are {', '.join(known)}"
            )
        executions = [replace(execution, **changes) for execution in self.executions]
        return replace(self, executions=executions)

    def index(self) -> IndexedInstruments:
        """Index the instruments as barter does.

        Raises
        ------
        ConfigError
            When names collide.
        """
        return self._indexed

    @cached_property
    def _indexed(self) -> IndexedInstruments:
        """Index once: the time that barter takes grows with the square of the assets."""
        return IndexedInstruments(self.instruments)

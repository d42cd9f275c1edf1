"""Configurations, from Python objects and barter's JSON: the module `barter::system::config`."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from os import PathLike
from typing import TypeAlias

from . import _core
from ._core import ExchangeId, IndexedInstruments, InstrumentQuoteAsset, OptionExercise, OptionKind
from .instrument import Underlying

__all__ = [
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
        _check_exact("contract_size", self.contract_size)
        _check_name("settlement_asset", self.settlement_asset)


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
        _check_aware("expiry", self.expiry)


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
        _check_type("kind", self.kind, OptionKind)
        _check_type("exercise", self.exercise, OptionExercise)
        _check_aware("expiry", self.expiry)
        _check_exact("strike", self.strike)


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
    """

    price_min: Decimal | int
    price_tick_size: Decimal | int
    quantity_unit: str | OrderQuantityUnits
    quantity_min: Decimal | int
    quantity_increment: Decimal | int
    notional_min: Decimal | int

    def __post_init__(self) -> None:
        """Check the values."""
        _check_exact("price_min", self.price_min)
        _check_exact("price_tick_size", self.price_tick_size)
        _check_exact("quantity_min", self.quantity_min)
        _check_exact("quantity_increment", self.quantity_increment)
        _check_exact("notional_min", self.notional_min)
        if not isinstance(self.quantity_unit, OrderQuantityUnits):
            _check_name("quantity_unit", self.quantity_unit)


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
        _check_type("exchange", self.exchange, ExchangeId)
        _check_name("name_exchange", self.name_exchange)
        _check_type("underlying", self.underlying, Underlying)
        _check_name("underlying.base", self.underlying.base)
        _check_name("underlying.quote", self.underlying.quote)
        _check_type("quote", self.quote, InstrumentQuoteAsset)
        _check_type("kind", self.kind, Spot, PerpetualContract, FutureContract, OptionContract)
        if self.spec is not None:
            _check_type("spec", self.spec, InstrumentSpec)


@dataclass(frozen=True)
class MockExecutionConfig:
    """How an exchange is simulated (`barter_execution::client::mock::MockExecutionConfig`).

    Parameters
    ----------
    mocked_exchange : ExchangeId
        The exchange.
    balances : mapping of str to Decimal or int
        Name of each asset and what is held of it at the start.
    latency : timedelta
        Time between a request and the exchange's answer, in simulated time.
    fee_rate : Decimal or int
        Fraction of a fill's value that is charged in the quote asset: `Decimal("0.001")` is 0.1 %.
        barter's JSON calls the same plain factor `fees_percent`.

    Raises
    ------
    ValueError
        When a balance, the latency or the fee rate is negative, or the fee rate is 1 or more.
    """

    mocked_exchange: ExchangeId
    balances: Mapping[str, Decimal | int]
    latency: timedelta = timedelta(0)
    fee_rate: Decimal | int = Decimal(0)

    def __post_init__(self) -> None:
        """Check the numbers."""
        _check_type("mocked_exchange", self.mocked_exchange, ExchangeId)
        _check_type("balances", self.balances, Mapping)
        spellings: dict[str, str] = {}
        for asset, total in self.balances.items():
            _check_name("balances", asset)
            _check_exact(f"balance of {asset!r}", total)
            if total < 0:
                raise ValueError(f"balance of {asset!r} must not be negative, got {total}")
            # barter's internal names are in lower case.
            other = spellings.setdefault(asset.lower(), asset)
            if other != asset:
                raise ValueError(f"balances of {other!r} and {asset!r} are of one asset")
        _check_type("latency", self.latency, timedelta)
        if not timedelta(0) <= self.latency <= _MAX_LATENCY:
            raise ValueError(
                f"latency must not be negative or above {_MAX_LATENCY}, got {self.latency!r}"
            )
        _check_exact("fee_rate", self.fee_rate)
        if not 0 <= self.fee_rate < 1:
            raise ValueError(
                "fee_rate must be a fraction from 0 to less than 1 (0.001 is 0.1 %), "
                f"got {self.fee_rate}"
            )

    @property
    def latency_ns(self) -> int:
        """`latency` in nanoseconds."""
        return self.latency // timedelta(microseconds=1) * 1000

    @property
    def initial_balances(self) -> list[tuple[str, Decimal | int]]:
        """`balances` as pairs, for the native module."""
        return list(self.balances.items())


_MAX_LATENCY = timedelta(days=365)


def _check_exact(name: str, number: object) -> None:
    if isinstance(number, bool) or not isinstance(number, (Decimal, int)):
        raise TypeError(
            f"{name} must be a Decimal or an int, got {type(number).__name__} {number!r}"
        )
    _core.check_number(name, number)


def _check_type(name: str, value: object, *classes: type) -> None:
    if not isinstance(value, classes):
        names = " or ".join(class_.__name__ for class_ in classes)
        article = "an" if names[0] in "AEIOU" else "a"
        found = f"{type(value).__name__} {value!r}"
        raise TypeError(f"{name} must be {article} {names}, got {found}")


def _check_name(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, got {type(value).__name__} {value!r}")
    if not value.strip():
        raise ValueError(f"{name} must not be blank, got {value!r}")


def _check_aware(name: str, time: object) -> None:
    if not isinstance(time, datetime):
        raise TypeError(f"{name} must be a datetime, got {type(time).__name__} {time!r}")
    if time.tzinfo is None:
        raise ValueError(f"{name} has no time zone, got {time!r}")


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
        or holds an unknown asset.

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
        _check_type("instruments", self.instruments, Sequence)
        for position, instrument in enumerate(self.instruments):
            _check_type(f"instruments[{position}]", instrument, InstrumentConfig)
        _check_type("executions", self.executions, Sequence)
        for position, execution in enumerate(self.executions):
            _check_type(f"executions[{position}]", execution, MockExecutionConfig)
        _check_exact("risk_free_return", self.risk_free_return)
        _core.check_executions(self.index(), self.executions)

    @classmethod
    def from_json(cls, path: str | PathLike[str]) -> SystemConfig:
        """Read a JSON file of either shape of barter's examples.

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

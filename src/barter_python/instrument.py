"""Sides, exchanges, assets, instruments and their specs: the crate `barter-instrument`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

from ._checks import check_aware, check_exact, check_name, check_not_negative, check_type, shown
from ._core import (
    ExchangeId,
    IndexedAsset,
    IndexedInstrument,
    IndexedInstruments,
    InstrumentQuoteAsset,
    OptionExercise,
    OptionKind,
    Side,
)

__all__ = [
    "ExchangeId",
    "FutureContract",
    "IndexedAsset",
    "IndexedInstrument",
    "IndexedInstruments",
    "InstrumentConfig",
    "InstrumentKind",
    "InstrumentQuoteAsset",
    "InstrumentSpec",
    "OptionContract",
    "OptionExercise",
    "OptionKind",
    "OrderQuantityUnits",
    "PerpetualContract",
    "Side",
    "Spot",
    "Underlying",
]


AssetKeyT_co = TypeVar("AssetKeyT_co", bound="int | str", covariant=True)


@dataclass(frozen=True)
class Underlying(Generic[AssetKeyT_co]):
    """The pair of assets behind an instrument (`barter_instrument::Underlying`).

    By asset names (`str`) in configurations, by asset indices (`int`) in filters and views.

    Parameters
    ----------
    base : int or str
        The asset that is bought and sold.
    quote : int or str
        The asset that it is paid with.

    Raises
    ------
    ValueError
        If an index is negative or a name is blank.
    TypeError
        If a key is neither an `int` nor a `str`.

    Examples
    --------
    >>> Underlying("btc", "usdt").base
    'btc'
    """

    base: AssetKeyT_co
    quote: AssetKeyT_co

    def __post_init__(self) -> None:
        """Check the keys."""
        for name, key in (("base", self.base), ("quote", self.quote)):
            if isinstance(key, bool) or not isinstance(key, (int, str)):
                raise TypeError(f"{name} must be an int or a str, got {type(key).__name__}")
            if isinstance(key, int) and key < 0:
                raise ValueError(f"{name} must not be negative, got {key}")
            if isinstance(key, str) and not key.strip():
                raise ValueError(f"{name} must not be blank, got {shown(key)}")


class Spot(Enum):
    """The kind of instrument that is the asset itself (`InstrumentKind::Spot`).

    Examples
    --------
    >>> Spot.SPOT
    <Spot.SPOT: 'spot'>
    """

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
        Name of the asset in which profit and loss are paid.

    Examples
    --------
    >>> PerpetualContract(1, "usdt").settlement_asset
    'usdt'
    """


@dataclass(frozen=True)
class FutureContract(_Contract):
    """A future (`barter_instrument::instrument::kind::future::FutureContract`).

    Parameters
    ----------
    contract_size : Decimal or int
        Units of the base asset in one contract.
    settlement_asset : str
        Name of the asset in which profit and loss are paid.
    expiry : datetime
        Time of expiry, with a time zone.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> FutureContract(1, "usdt", datetime(2024, 6, 28, 8, tzinfo=timezone.utc)).expiry.year
    2024
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
        Name of the asset in which profit and loss are paid.
    kind : OptionKind
        Call or put.
    exercise : OptionExercise
        When the option can be exercised.
    expiry : datetime
        Time of expiry, with a time zone.
    strike : Decimal or int
        The price at which the option can be exercised.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> from barter_python.instrument import OptionContract, OptionExercise, OptionKind
    >>> expiry = datetime(2024, 6, 28, 8, tzinfo=timezone.utc)
    >>> option = OptionContract(
    ...     1, "usdt", OptionKind.CALL, OptionExercise.EUROPEAN, expiry, strike=70_000)
    >>> option.kind, option.strike
    (<OptionKind.CALL: 'call'>, 70000)
    """

    kind: OptionKind
    exercise: OptionExercise
    expiry: datetime
    strike: Decimal | int = field(kw_only=True)

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        check_type("kind", self.kind, OptionKind)
        check_type("exercise", self.exercise, OptionExercise)
        check_aware("expiry", self.expiry)
        check_exact("strike", self.strike)


InstrumentKind: TypeAlias = Spot | PerpetualContract | FutureContract | OptionContract
"""The kind of an instrument (`barter_instrument::instrument::kind::InstrumentKind`)."""


class OrderQuantityUnits(Enum):
    """Units of quantities that are not quantities of an asset (`OrderQuantityUnits`).

    Examples
    --------
    >>> [unit.value for unit in OrderQuantityUnits]
    ['contract', 'quote']
    """

    CONTRACT = "contract"
    """Contracts."""
    QUOTE = "quote"
    """The quote asset."""


@dataclass(frozen=True, kw_only=True)
class InstrumentSpec:
    """The exchange's rules for orders (`barter_instrument::instrument::spec::InstrumentSpec`).

    Parameters
    ----------
    price_min, price_tick_size : Decimal or int
        Lowest price, and the step between prices.
    quantity_unit : str or OrderQuantityUnits
        Name of the asset in which quantities are counted, or another unit.
    quantity_min, quantity_increment : Decimal or int
        Smallest quantity, and the step between quantities.
    notional_min : Decimal or int
        Smallest value of an order.

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> spec = InstrumentSpec(
    ...     price_min=0, price_tick_size=Decimal("0.01"), quantity_unit="btc", quantity_min=0,
    ...     quantity_increment=Decimal("0.001"), notional_min=10)
    >>> spec.price_tick_size
    Decimal('0.01')
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
        The exchange that trades the instrument.
    name_exchange : str
        The exchange's name for it, such as `BTCUSDT`.
    underlying : Underlying of str
        Names of base and quote asset.
    quote : InstrumentQuoteAsset
        The asset in which prices are quoted.
    kind : Spot, PerpetualContract, FutureContract or OptionContract
        The kind of instrument.
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

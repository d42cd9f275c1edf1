"""What is subscribed to."""

from collections.abc import Iterable
from dataclasses import dataclass

from .. import _core
from .._checks import check_type, shown
from .._core import ExchangeId, IndexedInstruments, SubKind
from ..instrument import InstrumentConfig


@dataclass(frozen=True)
class Subscription:
    """One kind of events of one instrument (`barter_data::subscription::Subscription`).

    Parameters
    ----------
    instrument : InstrumentConfig
        The instrument, with its exchange and the name that the exchange has for it.
    kind : SubKind
        What is asked for.

    Raises
    ------
    ValueError
        If barter-data does not stream that kind for such an instrument there; the message says
        what it has.

    Examples
    --------
    >>> from barter_python import ExchangeId, InstrumentConfig, Underlying
    >>> from barter_python.streams import SubKind, Subscription
    >>> bitcoin = InstrumentConfig(ExchangeId.KRAKEN, "XBT/USD", Underlying("xbt", "usd"))
    >>> Subscription(bitcoin, SubKind.ORDER_BOOKS_L1).exchange
    <ExchangeId.KRAKEN: 'kraken'>
    >>> try:
    ...     Subscription(bitcoin, SubKind.LIQUIDATIONS)
    ... except ValueError as error:
    ...     print(str(error).split(", ")[1])
    SubKind.PUBLIC_TRADES or SubKind.ORDER_BOOKS_L1
    """

    instrument: InstrumentConfig
    kind: SubKind

    def __post_init__(self) -> None:
        """Check that there is such a stream."""
        check_type("instrument", self.instrument, InstrumentConfig)
        check_type("kind", self.kind, SubKind)
        _core.check_subscription(IndexedInstruments([self.instrument]), self.kind)

    @property
    def exchange(self) -> ExchangeId:
        """The exchange of the instrument."""
        return self.instrument.exchange

    @classmethod
    def each(cls, instruments: Iterable[InstrumentConfig], *kinds: SubKind) -> "list[Subscription]":
        """Make a subscription of each kind for each instrument.

        Parameters
        ----------
        instruments : iterable of InstrumentConfig
            The instruments, such as those of a `SystemConfig`.
        *kinds : SubKind
            What is asked for, of each of them.

        Returns
        -------
        list of Subscription
            Instrument by instrument.

        Raises
        ------
        TypeError
            If the instruments are a single one, or a kind is none, such as a list of kinds.
        ValueError
            If barter-data does not stream one of the kinds for one of the instruments.

        Examples
        --------
        >>> from barter_python import ExchangeId, InstrumentConfig, Underlying
        >>> from barter_python.streams import SubKind, Subscription
        >>> spot = [
        ...     InstrumentConfig(ExchangeId.BYBIT_SPOT, f"{base}USDT", Underlying(base, "usdt"))
        ...     for base in ("BTC", "ETH")
        ... ]
        >>> both = (SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1)
        >>> len(Subscription.each(spot, *both))
        4
        """
        if isinstance(instruments, InstrumentConfig):
            raise TypeError(
                "instruments must be an iterable of InstrumentConfig, got one: put it into a list"
            )
        for position, kind in enumerate(kinds):
            if not isinstance(kind, SubKind):
                raise TypeError(
                    f"kinds[{position}] must be a SubKind, got {type(kind).__name__} "
                    f"{shown(kind)}: a star spreads several, as in each(instruments, *kinds)"
                )
        return [cls(instrument, kind) for instrument in instruments for kind in kinds]

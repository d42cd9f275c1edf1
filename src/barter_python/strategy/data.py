"""A strategy's own data in the state of the engine."""

from __future__ import annotations

from typing import Protocol, TypeVar

from .._core import AccountEvent, EngineView, InstrumentView, MarketEvent


class StrategyData(Protocol):
    """A strategy's own data, as a part of the state of the engine.

    As barter's `InstrumentDataState` and global data, it sees each event before the strategy is
    asked for orders. Snapshots and replicas have copies of it (`copy.deepcopy`), and comparing
    states compares it (`==`). Views raise inside its methods, because the engine is changing its
    state then. An exception of its methods stops the run and reaches the caller unchanged.

    Examples
    --------
    >>> class Count:
    ...     events = 0
    ...     def on_market(self, event, /):
    ...         self.events += 1
    ...     def on_account(self, event, /):
    ...         self.events += 1
    >>> count: StrategyData = Count()
    """

    def on_market(self, event: MarketEvent, /) -> None:
        """Process a market event; an instrument's data gets only those of its own instrument."""
        ...

    def on_account(self, event: AccountEvent, /) -> None:
        """Process an account event.

        As in barter, an instrument's data gets orders, cancels and fills of its own instrument, but
        no balances.
        """
        ...


StrategyDataT = TypeVar("StrategyDataT")


def own_data(view: EngineView | InstrumentView, kind: type[StrategyDataT]) -> StrategyDataT:
    """Give the strategy's own data: of an instrument from its view, global data from the engine's.

    Parameters
    ----------
    view : EngineView or InstrumentView
        A view in a callback, or a view of a snapshot, which has copies of the data.
    kind : type
        The class of the data.

    Raises
    ------
    TypeError
        If the data has another class, or there is none.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Reconnecting
    >>> class Counter:
    ...     count = 0
    ...     def on_market(self, event, /):
    ...         self.count += 1
    ...     def on_account(self, event, /):
    ...         self.count += 1
    >>> class Counting(DefaultStrategy):
    ...     def global_data(self, /):
    ...         return Counter()
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSD", Underlying("btc", "usd"))])
    >>> engine = Engine(Counting(), instruments, time_start=0)
    >>> own_data(engine.snapshot(), Counter).count
    0
    """
    data = view._own_data()
    if not isinstance(data, kind):
        found = "there is none" if data is None else f"it is a {type(data).__name__}"
        raise TypeError(f"expected data of the class {kind.__name__}, but {found}")
    return data

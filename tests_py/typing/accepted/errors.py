"""The errors and their bases."""

from __future__ import annotations

import barter_python as bp


def test_errors_have_one_root() -> None:
    errors: list[type[bp.BarterError]] = [
        bp.AccountEventError,
        bp.ConfigError,
        bp.EnginePoisonedError,
        bp.MarketDataError,
        bp.OrderRequestError,
        bp.StrategyBusyError,
        bp.StreamError,
        bp.UnknownKeyError,
        bp.ViewError,
    ]
    values: list[type[ValueError]] = [
        bp.AccountEventError,
        bp.ConfigError,
        bp.MarketDataError,
        bp.OrderRequestError,
    ]
    assert all(issubclass(error, bp.BarterError) for error in errors)
    assert all(issubclass(error, ValueError) for error in values)

"""The exceptions that end the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import BarterError


class UsageError(Exception):
    """A wrong argument, file or configuration; the command prints its text as one line."""


class StrategyError(Exception):
    """An exception of the strategy; the command prints its traceback."""

    def __init__(self, raised: BaseException) -> None:
        super().__init__(raised)
        self.raised = raised


@contextmanager
def one_line(name: object) -> Iterator[None]:
    """Turn errors about a file or an argument into a `UsageError`."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from error
    except BarterError as error:
        raise UsageError(str(error)) from error
    except (ValueError, TypeError) as error:
        raise UsageError(str(error)) from error

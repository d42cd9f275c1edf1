"""The arguments of a call, for tests that make calls from a list."""

from __future__ import annotations

from collections.abc import Sequence


class Call:
    """The arguments of a call."""

    def __init__(self, *positional: object, **named: object) -> None:
        self.positional = positional
        self.named = named


def by_name(names: str, *calls: Sequence[object]) -> list[Call]:
    """Make calls whose arguments have these names."""
    return [Call(**dict(zip(names.split(), call, strict=True))) for call in calls]

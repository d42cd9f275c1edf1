"""Risk limits, as the command line has them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ..risk import RiskLimits
from .errors import UsageError, one_line
from .parameters import bind

_OPTION = "--risk"


def risk_limits(given: Sequence[str]) -> RiskLimits | None:
    """Read limits such as `max_open_orders=2`, and objects of JSON; `None` if there are none."""
    texts: list[str] = []
    instruments: dict[str, RiskLimits] = {}
    for item in given:
        if item.lstrip().startswith("{"):
            more, of_instruments = _from_json(item)
            texts += more
            instruments |= of_instruments
        else:
            texts.append(item)
    return _limits(texts, instruments) if given else None


def _limits(texts: Sequence[str], instruments: Mapping[str, RiskLimits]) -> RiskLimits:
    bound = bind(RiskLimits, texts, _OPTION)
    if instruments:
        bound.arguments["instruments"] = instruments
    with one_line(_OPTION):
        return RiskLimits(*bound.args, **bound.kwargs)


def _from_json(text: str) -> tuple[list[str], dict[str, RiskLimits]]:
    # Numbers stay as they were written; `bind` converts them, as those without JSON.
    try:
        value: object = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{_OPTION}: not JSON: {error}") from error
    return _fields(value, _OPTION)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is given twice")
    return value


def _fields(value: object, place: str) -> tuple[list[str], dict[str, RiskLimits]]:
    if not isinstance(value, dict):
        raise UsageError(f"{place}: expected a JSON object of limits, got {value!r}")
    instruments = value.pop("instruments", {})
    if not isinstance(instruments, dict):
        raise UsageError(f"{place}: instruments must be a JSON object, got {instruments!r}")
    for name, number in value.items():
        if not isinstance(number, str):
            raise UsageError(f"{place} {name}: expected a number, got {number!r}")
    of_instruments = {
        name: _limits(*_fields(limits, f"{place} instruments {name}"))
        for name, limits in instruments.items()
    }
    return [f"{name}={number}" for name, number in value.items()], of_instruments

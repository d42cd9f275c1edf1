"""Reads barter's JSON configurations with exact numbers, naming the place of every mistake."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import TypeVar

from ._core import ExchangeId, InstrumentQuoteAsset, OptionExercise, OptionKind
from .errors import ConfigError
from .exchange import (
    DelayAnswers,
    Disconnect,
    DuplicateAnswers,
    EmpiricalLatency,
    Fault,
    FeeAsset,
    Latency,
    Liquidity,
    MockExecutionConfig,
    QueuePosition,
    RateLimit,
    RejectRequests,
    UniformLatency,
)
from .instrument import Underlying
from .system import (
    FutureContract,
    InstrumentConfig,
    InstrumentKind,
    InstrumentSpec,
    OptionContract,
    OrderQuantityUnits,
    PerpetualContract,
    Spot,
    SystemConfig,
)

EnumT = TypeVar("EnumT", bound=Enum)
ValueT = TypeVar("ValueT")

# barter's own names for the same exchange (`#[serde(alias)]`).
_EXCHANGE_ALIASES = {"huobi": "htx"}
_TIME = re.compile(
    r"(?P<seconds>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.(?P<fraction>\d{1,6}))?"
    r"(?P<zone>[Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)


class _Node:
    """A JSON value and where it stands."""

    def __init__(self, value: object, place: str) -> None:
        self.value = value
        self.place = place

    def wrong(self, reason: str) -> ConfigError:
        return ConfigError(f"{self.place}: {reason}")

    def _expected(self, what: str) -> ConfigError:
        return self.wrong(f"expected {what}, got {_show(self.value)}")

    def get(self, name: str) -> _Node | None:
        """Give a field, `None` when it is absent or null."""
        if not isinstance(self.value, dict):
            raise self._expected("an object")
        value = self.value.get(name)
        return None if value is None else _Node(value, f"{self.place}.{name}")

    def __getitem__(self, name: str) -> _Node:
        node = self.get(name)
        if node is None:
            raise self.wrong(f"the field {name!r} is missing")
        return node

    def items(self) -> list[_Node]:
        if not isinstance(self.value, list):
            raise self._expected("an array")
        return [_Node(value, f"{self.place}[{index}]") for index, value in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self._expected("a string")
        return self.value

    def number(self) -> Decimal | int:
        """Give a number, or a string that holds one, exactly."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
            raise self._expected("a number")
        if not isinstance(value, str):
            return value
        try:
            number = Decimal(value)
        except ArithmeticError:
            raise self._expected("a number") from None
        if not number.is_finite():
            raise self._expected("a finite number")
        return number

    def whole_number(self) -> int:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._expected("a whole number")
        return value

    def duration(self) -> timedelta:
        milliseconds = self.milliseconds()
        return self.build(lambda: timedelta(milliseconds=milliseconds))

    def time(self) -> datetime:
        """Give a time of RFC 3339, to the microsecond as `datetime` holds it."""
        parts = _TIME.fullmatch(self.text())
        if parts is None:
            raise self._expected("a time as of RFC 3339, with microseconds at most")
        fraction, zone = (parts["fraction"] or "").ljust(6, "0"), parts["zone"]
        text = f"{parts['seconds']}.{fraction}{'+00:00' if zone in 'Zz' else zone}"
        return self.build(lambda: datetime.fromisoformat(text))

    def milliseconds(self) -> int:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._expected("a whole number of milliseconds")
        return value

    def milliseconds_since_1970(self) -> datetime:
        """Give an expiry: barter writes all other times as text."""
        milliseconds = self.milliseconds()
        start = datetime(1970, 1, 1, tzinfo=timezone.utc)
        return self.build(lambda: start + timedelta(milliseconds=milliseconds))

    def member(self, enum: type[EnumT]) -> EnumT:
        text = self.text()
        name = text if not text[:1].isupper() or "_" in text else _snake(text)
        name = _EXCHANGE_ALIASES.get(name, name).lower()
        for member in enum:
            if member.value == name:
                return member
        known = ", ".join(repr(member.value) for member in enum)
        raise self.wrong(f"unknown {enum.__name__} {text!r}; there are {known}")

    def build(self, make: Callable[[], ValueT]) -> ValueT:
        """Make a value whose own checks do not know the place."""
        try:
            return make()
        except OverflowError as error:
            raise self.wrong(f"{_show(self.value)} is out of range") from error
        except (TypeError, ValueError) as error:
            raise self.wrong(str(error)) from error


def _snake(name: str) -> str:
    """`UnderlyingQuote` as `underlying_quote`: barter's JSON takes both."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def _show(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return "null" if value is None else repr(value) if isinstance(value, str) else str(value)


def _no_constant(name: str) -> Decimal:
    raise ValueError(f"{name} is not a number")


def read(path: str | PathLike[str]) -> tuple[SystemConfig, list[str]]:
    """Read a file: the configuration, and what its author should be told of it."""
    content = Path(path).read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{fspath(path)}: not UTF-8: {error}") from error
    return parse(text, fspath(path))


def parse(text: str, source: str) -> tuple[SystemConfig, list[str]]:
    """Read a text that came from `source`."""
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{source}: not JSON: {error}") from error
    root = _Node(value, source)
    system = root.get("system") or root
    instruments = [_instrument(node) for node in system["instruments"].items()]
    execution_nodes = system["executions"].items()
    executions = [_execution(node) for node in execution_nodes]
    risk_free = root.get("risk_free_return") or system.get("risk_free_return")
    risk_free_return = Decimal(0) if risk_free is None else risk_free.number()
    config = root.build(lambda: SystemConfig(instruments, executions, risk_free_return))
    remarks = [
        f"{node.place}.fees_percent is {execution.fee_rate}: barter uses it as a plain factor, so "
        f"each fill is charged {execution.fee_rate * 100} % of its value; "
        "fee_rate= of run_backtest overrides it"
        for node, execution in zip(execution_nodes, executions, strict=True)
        if execution.fee_rate >= Decimal("0.01")
    ]
    return config, remarks


def _underlying(node: _Node) -> Underlying[str]:
    base, quote = node["base"].text(), node["quote"].text()
    return node.build(lambda: Underlying(base, quote))


def _instrument(node: _Node) -> InstrumentConfig:
    exchange = node["exchange"].member(ExchangeId)
    name = node["name_exchange"].text()
    underlying = _underlying(node["underlying"])
    quote = node["quote"].member(InstrumentQuoteAsset)
    kind = _kind(node["kind"])
    spec_node = node.get("spec")
    spec = None if spec_node is None else _spec(spec_node)
    return node.build(lambda: InstrumentConfig(exchange, name, underlying, quote, kind, spec))


def _kind(node: _Node) -> InstrumentKind:
    if node.value == "spot":
        return Spot.SPOT
    for name in ("perpetual", "future", "option"):
        contract = node.get(name) if isinstance(node.value, dict) else None
        if contract is None:
            continue
        size = contract["contract_size"].number()
        settlement = contract["settlement_asset"].text()
        if name == "perpetual":
            return contract.build(partial(PerpetualContract, size, settlement))
        expiry = contract["expiry"].milliseconds_since_1970()
        if name == "future":
            return contract.build(partial(FutureContract, size, settlement, expiry))
        kind = contract["kind"].member(OptionKind)
        exercise = contract["exercise"].member(OptionExercise)
        strike = contract["strike"].number()
        return contract.build(
            partial(OptionContract, size, settlement, kind, exercise, expiry, strike)
        )
    raise node.wrong(
        "expected 'spot' or an object with 'perpetual', 'future' or 'option', "
        f"got {_show(node.value)}"
    )


def _spec(node: _Node) -> InstrumentSpec:
    price, quantity, notional = node["price"], node["quantity"], node["notional"]
    unit = quantity["unit"]
    asset = unit.get("Asset") if isinstance(unit.value, dict) else None
    quantity_unit = unit.member(OrderQuantityUnits) if asset is None else asset.text()
    price_min, price_tick_size = price["min"].number(), price["tick_size"].number()
    quantity_min, increment = quantity["min"].number(), quantity["increment"].number()
    notional_min = notional["min"].number()
    return node.build(
        lambda: InstrumentSpec(
            price_min, price_tick_size, quantity_unit, quantity_min, increment, notional_min
        )
    )


def _execution(node: _Node) -> MockExecutionConfig:
    exchange = node["mocked_exchange"].member(ExchangeId)
    state = node["initial_state"]
    if state["exchange"].member(ExchangeId) is not exchange:
        raise state["exchange"].wrong(f"is not the mocked exchange {exchange.value!r}")
    balances: dict[str, Decimal | int] = {}
    for entry in state["balances"].items():
        asset, balance = entry["asset"].text(), entry["balance"]
        total, free = balance["total"].number(), balance["free"].number()
        if total != free:
            raise balance.wrong(
                f"total {total} and free {free} differ: a simulated account starts without orders"
            )
        if asset in balances:
            raise entry.wrong(f"the asset {asset!r} is given twice")
        balances[asset] = total
    instruments = state.get("instruments")
    for entry in [] if instruments is None else instruments.items():
        orders = entry.get("orders")
        if orders is not None and orders.items():
            raise orders.wrong("a simulated account starts without orders")
    fee_rate = node["fees_percent"].number()
    latency = _latency(node, "latency")
    if latency is None:
        # As barter's own configuration, which has no other.
        latency = node["latency_ms"].duration()
    answer_latency = _latency(node, "answer_latency")
    answer_latency = timedelta(0) if answer_latency is None else answer_latency
    maker = node.get("maker_fee_rate")
    maker_fee_rate = None if maker is None else maker.number()
    fee_asset = _member(node, "fee_asset", FeeAsset.QUOTE)
    liquidity = _member(node, "liquidity", Liquidity.SHOWN)
    queue = _member(node, "queue", QueuePosition.BACK)
    leverage_node, end_node = node.get("leverage"), node.get("end_of_day_ms")
    leverage = 1 if leverage_node is None else leverage_node.number()
    end_of_day = timedelta(0) if end_node is None else end_node.duration()
    limit_node, faults_node = node.get("rate_limit"), node.get("faults")
    rate_limit = None if limit_node is None else _rate_limit(limit_node)
    faults = [] if faults_node is None else [_fault(entry) for entry in faults_node.items()]
    return node.build(
        lambda: MockExecutionConfig(
            exchange,
            balances,
            latency,
            fee_rate,
            maker_fee_rate,
            fee_asset,
            answer_latency,
            liquidity,
            queue,
            leverage,
            end_of_day,
            rate_limit,
            faults,
        )
    )


def _member(node: _Node, name: str, default: EnumT) -> EnumT:
    member = node.get(name)
    return default if member is None else member.member(type(default))


def _latency(node: _Node, name: str) -> Latency | None:
    """Read `{name}_ms`, or what is drawn from `name`."""
    constant, drawn = node.get(f"{name}_ms"), node.get(name)
    if drawn is None:
        return None if constant is None else constant.duration()
    if constant is not None:
        raise drawn.wrong(f"{name}_ms is given too")
    uniform, empirical = drawn.get("uniform"), drawn.get("empirical")
    if uniform is not None and empirical is None:
        low, high = uniform["low_ms"].duration(), uniform["high_ms"].duration()
        seed = uniform["seed"].whole_number()
        return uniform.build(lambda: UniformLatency(low, high, seed))
    if empirical is not None and uniform is None:
        samples = [sample.duration() for sample in empirical["samples_ms"].items()]
        seed = empirical["seed"].whole_number()
        return empirical.build(lambda: EmpiricalLatency(samples, seed))
    raise drawn.wrong("expected either 'uniform' or 'empirical'")


def _rate_limit(node: _Node) -> RateLimit:
    requests, interval = node["requests"].whole_number(), node["interval_ms"].duration()
    return node.build(lambda: RateLimit(requests, interval))


def _fault(node: _Node) -> Fault:
    names = ("disconnect", "reject_requests", "delay_answers", "duplicate_answers")
    given = [(name, fault) for name in names if (fault := node.get(name)) is not None]
    if len(given) != 1:
        raise node.wrong(f"expected one of {', '.join(map(repr, names))}")
    ((name, fault),) = given
    start, duration = fault["start"].time(), fault["duration_ms"].duration()
    if name == "disconnect":
        return fault.build(lambda: Disconnect(start, duration))
    if name == "duplicate_answers":
        return fault.build(lambda: DuplicateAnswers(start, duration))
    if name == "reject_requests":
        reason = fault["reason"].text()
        return fault.build(lambda: RejectRequests(start, duration, reason))
    delay = fault["delay_ms"].duration()
    return fault.build(lambda: DelayAnswers(start, duration, delay))

"""Reads barter's JSON configurations with exact numbers; errors name the place in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import partial
from os import PathLike, fspath
from typing import TypeAlias, TypeVar

from ._checks import LONGEST, check_path, shown
from ._core import ExchangeId, InstrumentQuoteAsset, OptionExercise, OptionKind
from ._exact import parsed, product
from .errors import ConfigError
from .exchange import (
    CandleFills,
    CandlePrice,
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
from .instrument import (
    FutureContract,
    InstrumentConfig,
    InstrumentKind,
    InstrumentSpec,
    OptionContract,
    OrderQuantityUnits,
    PerpetualContract,
    Spot,
    Underlying,
)

EnumT = TypeVar("EnumT", bound=Enum)
ValueT = TypeVar("ValueT")
ConfigT = TypeVar("ConfigT")
MakeConfig: TypeAlias = Callable[
    [Sequence[InstrumentConfig], Sequence[MockExecutionConfig], Decimal | int], ConfigT
]
"""What makes a configuration of instruments, executions and the risk-free return."""

# barter's own names for the same exchange (`#[serde(alias)]`).
_EXCHANGE_ALIASES = {"huobi": "htx"}
_MILLISECOND = timedelta(milliseconds=1)
_LONGEST_MS = LONGEST // _MILLISECOND
_DAY_MS = timedelta(days=1) // _MILLISECOND
# Names that people write by mistake, and the right ones.
_HINTS = {"fee_rate": "fees_percent", "end_of_day": "end_of_day_ms"}
_EXECUTION_FIELDS = (
    "mocked_exchange",
    "initial_state",
    "latency_ms",
    "fees_percent",
    "latency",
    "maker_fee_rate",
    "fee_asset",
    "answer_latency_ms",
    "answer_latency",
    "liquidity",
    "queue",
    "leverage",
    "end_of_day_ms",
    "rate_limit",
    "faults",
    "candle_fills",
    "candle_price",
    "maintenance_margin",
)
_CONTRACTS: dict[str, tuple[str, ...]] = {
    "perpetual": ("contract_size", "settlement_asset"),
    "future": ("contract_size", "settlement_asset", "expiry"),
    "option": ("contract_size", "settlement_asset", "kind", "exercise", "expiry", "strike"),
}
_FAULT_FIELDS: dict[str, tuple[str, ...]] = {
    "disconnect": ("start", "duration_ms"),
    "reject_requests": ("start", "duration_ms", "reason"),
    "delay_answers": ("start", "duration_ms", "delay_ms"),
    "duplicate_answers": ("start", "duration_ms"),
}
# Compiled when it is needed, which is not to import the package.
_TIME = (
    r"(?P<seconds>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.(?P<fraction>\d{1,6}))?"
    r"(?P<zone>[Zz]|[+-]\d\d:\d\d)"
)


class _Node:
    """A JSON value and its place in the file."""

    def __init__(self, value: object, place: str) -> None:
        self.value = value
        self.place = place

    def wrong(self, reason: str) -> ConfigError:
        return ConfigError(f"{self.place}: {reason}", place=self.place)

    def _expected(self, what: str) -> ConfigError:
        return self.wrong(f"expected {what}, got {_show(self.value)}")

    def fields(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self._expected("an object")
        return self.value

    def only(self, *names: str) -> _Node:
        """Require that all fields are known; give the node itself."""
        for name in self.fields():
            if name not in names:
                hint = _HINTS.get(name)
                meant = f"did you mean {hint!r}? There" if hint in names else "there"
                raise self.wrong(f"unknown key {shown(name)}; {meant} are {_list(names)}")
        return self

    def one_of(self, what: str, *names: str) -> tuple[str, _Node]:
        """Give the only field of an object, with its name in snake case."""
        given = list(self.fields())
        plain = [_plain(name) for name in given]
        for name, known in zip(given, plain, strict=True):
            if known not in names:
                raise self.wrong(f"unknown {what} {shown(name)}; there are {_list(names)}")
        if len(given) != 1:
            found = _list(given) or "an empty object"
            raise self.wrong(f"expected one {what} of {_list(names)}, got {found}")
        (name,), (known,) = given, plain
        return known, _Node(self.fields()[name], f"{self.place}.{name}")

    def get(self, name: str) -> _Node | None:
        """Give a field, or `None` if it is absent or null."""
        value = self.fields().get(name)
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
        """Give the exact value of a number or of a string with a number."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
            raise self._expected("a number")
        if not isinstance(value, str):
            return value
        try:
            number = parsed(value)
        except ArithmeticError:
            raise self._expected("a number") from None
        if not number.is_finite():
            raise self._expected("a finite number")
        return number

    def whole_number(self, unit: str = "") -> int:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._expected(f"a whole number{unit}")
        return value

    def duration(self, least: int = 0, most: int = _LONGEST_MS) -> timedelta:
        milliseconds = self.whole_number(" of milliseconds")
        if not least <= milliseconds <= most:
            raise self.wrong(f"must be from {least} to {most} milliseconds, got {milliseconds}")
        return timedelta(milliseconds=milliseconds)

    def time(self) -> datetime:
        """Give a time of RFC 3339 with at most microseconds, the precision of `datetime`."""
        parts = re.fullmatch(_TIME, self.text(), re.ASCII)
        if parts is None:
            raise self._expected("a time as of RFC 3339, with microseconds at most")
        fraction, zone = (parts["fraction"] or "").ljust(6, "0"), parts["zone"]
        text = f"{parts['seconds']}.{fraction}{'+00:00' if zone in 'Zz' else zone}"
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise self.wrong(f"{_show(self.value)} is not a time: {error}") from error

    def milliseconds_since_1970(self) -> datetime:
        """Give an expiry; barter writes all other times as text."""
        milliseconds = self.whole_number(" of milliseconds")
        start = datetime(1970, 1, 1, tzinfo=timezone.utc)
        return self.build(lambda: start + timedelta(milliseconds=milliseconds))

    def member(self, enum: type[EnumT]) -> EnumT:
        text = self.text()
        name = _plain(text)
        name = _EXCHANGE_ALIASES.get(name, name)
        for member in enum:
            if member.value == name:
                return member
        known = _list([str(member.value) for member in enum])
        raise self.wrong(f"unknown {enum.__name__} {shown(text)}; there are {known}")

    def build(self, make: Callable[[], ValueT]) -> ValueT:
        """Make a value, and add the place to the errors of its own checks."""
        try:
            return make()
        except OverflowError as error:
            raise self.wrong(f"{_show(self.value)} is out of range") from error
        except (TypeError, ValueError) as error:
            raise self.wrong(str(error)) from error


def _plain(name: str) -> str:
    """Give `underlying_quote` for `UnderlyingQuote`, as in barter's JSON, or for capitals."""
    if not name[:1].isupper() or "_" in name or name.isupper():
        return name.lower()
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names))


def _show(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    if value is None:
        return "null"
    return str(value) if isinstance(value, Decimal) else shown(value)


def _no_constant(name: str) -> Decimal:
    raise ValueError(f"{name} is not a number")


def read(path: str | PathLike[str], make: MakeConfig[ConfigT]) -> tuple[ConfigT, list[str]]:
    """Read a file: the configuration, and what its author should be warned of."""
    check_path("path", path)
    with open(path, "rb") as file:
        content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = fspath(path)
        raise ConfigError(f"{source}: not UTF-8: {error}", place=source) from error
    return parse(text, fspath(path), make)


def parse(text: str, source: str, make: MakeConfig[ConfigT]) -> tuple[ConfigT, list[str]]:
    """Read the text of the file or argument `source`."""
    import json  # noqa: PLC0415 - not needed to import the package

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise ConfigError(
                f"{source}: the key {shown(twice)} is given twice in one object, "
                f"with {_list(list(fields))}",
                place=source,
            )
        return fields

    try:
        value = json.loads(
            text, parse_float=parsed, parse_constant=_no_constant, object_pairs_hook=unique
        )
    except ConfigError:
        raise
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise ConfigError(f"{source}: not JSON: {error}", place=source) from error
    root = _Node(value, source)
    whole = ("instruments", "executions", "risk_free_return")
    system = root.get("system")
    if system is None:
        system = root.only(*whole, "system")
    else:
        root.only("risk_free_return", "system")
        system.only(*whole)
    instruments = [_instrument(node) for node in system["instruments"].items()]
    execution_nodes = system["executions"].items()
    executions = [_execution(node) for node in execution_nodes]
    risk_free = root.get("risk_free_return") or system.get("risk_free_return")
    risk_free_return = Decimal(0) if risk_free is None else risk_free.number()
    config = root.build(lambda: make(instruments, executions, risk_free_return))
    remarks = [
        f"{node.place}.fees_percent is {execution.fee_rate}: barter uses it as a plain factor, so "
        f"each fill is charged {product(execution.fee_rate, 100)} % of its value; "
        "fee_rate= of run_backtest overrides it"
        for node, execution in zip(execution_nodes, executions, strict=True)
        if execution.fee_rate >= Decimal("0.01")
    ]
    return config, remarks


def _underlying(node: _Node) -> Underlying[str]:
    node.only("base", "quote")
    base, quote = node["base"].text(), node["quote"].text()
    return node.build(lambda: Underlying(base, quote))


def _instrument(node: _Node) -> InstrumentConfig:
    node.only("exchange", "name_exchange", "underlying", "quote", "kind", "spec")
    exchange = node["exchange"].member(ExchangeId)
    name = node["name_exchange"].text()
    underlying = _underlying(node["underlying"])
    quote = node["quote"].member(InstrumentQuoteAsset)
    kind = _kind(node["kind"])
    spec_node = node.get("spec")
    spec = None if spec_node is None else _spec(spec_node)
    return node.build(lambda: InstrumentConfig(exchange, name, underlying, quote, kind, spec))


def _kind(node: _Node) -> InstrumentKind:
    if isinstance(node.value, str):
        if _plain(node.value) == "spot":
            return Spot.SPOT
        raise node.wrong(
            f"unknown kind {shown(node.value)}; expected 'spot' or an object with one of "
            f"{_list(list(_CONTRACTS))}"
        )
    if not isinstance(node.value, dict):
        raise node.wrong(
            f"expected 'spot' or an object with one of {_list(list(_CONTRACTS))}, "
            f"got {_show(node.value)}"
        )
    name, contract = node.one_of("kind", *_CONTRACTS)
    contract.only(*_CONTRACTS[name])
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
        partial(OptionContract, size, settlement, kind, exercise, expiry, strike=strike)
    )


def _spec(node: _Node) -> InstrumentSpec:
    node.only("price", "quantity", "notional")
    price = node["price"].only("min", "tick_size")
    quantity = node["quantity"].only("unit", "min", "increment")
    notional = node["notional"].only("min")
    unit = quantity["unit"]
    quantity_unit: str | OrderQuantityUnits
    if isinstance(unit.value, dict):
        quantity_unit = unit.one_of("unit", "asset")[1].text()
    else:
        quantity_unit = unit.member(OrderQuantityUnits)
    price_min, price_tick_size = price["min"].number(), price["tick_size"].number()
    quantity_min, increment = quantity["min"].number(), quantity["increment"].number()
    notional_min = notional["min"].number()
    return node.build(
        lambda: InstrumentSpec(
            price_min=price_min,
            price_tick_size=price_tick_size,
            quantity_unit=quantity_unit,
            quantity_min=quantity_min,
            quantity_increment=increment,
            notional_min=notional_min,
        )
    )


def _execution(node: _Node) -> MockExecutionConfig:
    node.only(*_EXECUTION_FIELDS)
    exchange = node["mocked_exchange"].member(ExchangeId)
    state = node["initial_state"].only("exchange", "balances", "instruments")
    if state["exchange"].member(ExchangeId) is not exchange:
        raise state["exchange"].wrong(f"is not the mocked exchange {exchange.value!r}")
    balances: dict[str, Decimal | int] = {}
    for entry in state["balances"].items():
        entry.only("asset", "balance", "time_exchange")
        asset, balance = entry["asset"].text(), entry["balance"].only("total", "free")
        total, free = balance["total"].number(), balance["free"].number()
        if total != free:
            raise balance.wrong(
                f"total {total} and free {free} differ: a simulated account starts without orders"
            )
        if asset in balances:
            raise entry.wrong(f"the asset {shown(asset)} is given twice")
        balances[asset] = total
    instruments = state.get("instruments")
    for entry in [] if instruments is None else instruments.items():
        orders = entry.only("instrument", "orders").get("orders")
        if orders is not None and orders.items():
            raise orders.wrong("a simulated account starts without orders")
    fee_rate = node["fees_percent"].number()
    latency = _latency(node, "latency")
    if latency is None:
        # Required, as in barter's own configuration.
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
    end_of_day = timedelta(0) if end_node is None else end_node.duration(most=_DAY_MS - 1)
    limit_node, faults_node = node.get("rate_limit"), node.get("faults")
    rate_limit = None if limit_node is None else _rate_limit(limit_node)
    faults = [] if faults_node is None else [_fault(entry) for entry in faults_node.items()]
    candle_fills = _member(node, "candle_fills", CandleFills.PATH)
    candle_price = _member(node, "candle_price", CandlePrice.CLOSE)
    margin_node = node.get("maintenance_margin")
    maintenance_margin = None if margin_node is None else margin_node.number()
    return node.build(
        lambda: MockExecutionConfig(
            exchange,
            balances,
            latency,
            fee_rate=fee_rate,
            maker_fee_rate=maker_fee_rate,
            fee_asset=fee_asset,
            answer_latency=answer_latency,
            liquidity=liquidity,
            queue=queue,
            leverage=leverage,
            end_of_day=end_of_day,
            rate_limit=rate_limit,
            faults=faults,
            candle_fills=candle_fills,
            candle_price=candle_price,
            maintenance_margin=maintenance_margin,
        )
    )


def _member(node: _Node, name: str, default: EnumT) -> EnumT:
    member = node.get(name)
    return default if member is None else member.member(type(default))


def _latency(node: _Node, name: str) -> Latency | None:
    """Read a constant latency, `{name}_ms`, or a random one, `name`."""
    constant, drawn = node.get(f"{name}_ms"), node.get(name)
    if drawn is None:
        return None if constant is None else constant.duration()
    if constant is not None:
        raise drawn.wrong(f"{name}_ms is also given; a configuration has one of the two")
    shape, given = drawn.one_of("latency", "uniform", "empirical")
    if shape == "uniform":
        given.only("low_ms", "high_ms", "seed")
        low, high = given["low_ms"].duration(), given["high_ms"].duration()
        seed = given["seed"].whole_number()
        return given.build(lambda: UniformLatency(low, high, seed))
    given.only("samples_ms", "seed")
    samples = [sample.duration() for sample in given["samples_ms"].items()]
    seed = given["seed"].whole_number()
    return given.build(lambda: EmpiricalLatency(samples, seed))


def _rate_limit(node: _Node) -> RateLimit:
    node.only("requests", "interval_ms")
    requests, interval = node["requests"].whole_number(), node["interval_ms"].duration(1)
    return node.build(lambda: RateLimit(requests, interval))


def _fault(node: _Node) -> Fault:
    name, fault = node.one_of("fault", *_FAULT_FIELDS)
    fault.only(*_FAULT_FIELDS[name])
    start, duration = fault["start"].time(), fault["duration_ms"].duration(1)
    if name == "disconnect":
        return fault.build(lambda: Disconnect(start, duration))
    if name == "duplicate_answers":
        return fault.build(lambda: DuplicateAnswers(start, duration))
    if name == "reject_requests":
        reason = fault["reason"].text()
        return fault.build(lambda: RejectRequests(start, duration, reason))
    delay = fault["delay_ms"].duration(1)
    return fault.build(lambda: DelayAnswers(start, duration, delay))

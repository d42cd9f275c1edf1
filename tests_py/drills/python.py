"""Changes of the Python layer: nothing has to be built for them."""

from __future__ import annotations

from .row import Drill, Step

ERRORS = "src/barter_python/errors.py"
RISK = "src/barter_python/risk.py"
COMMAND = "src/barter_python/_command.py"
CLOSING = "src/barter_python/strategy/closing.py"
STATISTIC = "src/barter_python/statistic.py"
BASE = "src/barter_python/strategy/base.py"
LAYOUT = "src/barter_python/compiled/layout.py"
RUN = "src/barter_python/backtest/run.py"
BUILD = "build_ioc_market_order_to_close_position"
CLOSE_ALL = "close_open_positions_with_market_orders"

CHEAP = (
    Drill(
        "RiskDecision",
        "not frozen",
        RISK,
        (
            (
                "@dataclass(frozen=True)\nclass RiskDecision:",
                "@dataclass(unsafe_hash=True)\nclass RiskDecision:",
            ),
        ),
        Step.PYTHON_CONFORMANCE,
        "test_values_are_frozen[RiskDecision]",
    ),
    Drill(
        "ClosePositions",
        "not hashable",
        COMMAND,
        (
            (
                "@dataclass(frozen=True)\nclass ClosePositions:",
                "@dataclass(frozen=True, eq=False)\nclass ClosePositions:",
            ),
        ),
        Step.PYTHON_CONFORMANCE,
        "test_values_compare_and_hash[ClosePositions]",
    ),
    Drill(
        "ViewError",
        "without its builtin base",
        ERRORS,
        (("class ViewError(BarterError, RuntimeError):", "class ViewError(BarterError):"),),
        Step.PYTHON_CONFORMANCE,
        "ViewError",
    ),
    Drill(
        CLOSE_ALL,
        "an overload's default that is not the real one",
        CLOSING,
        (
            (
                "    gen_cid: Callable[[InstrumentView], ClientOrderId | str | None] | None = None,\n    *,\n"
                '    on_missing_price: Literal["raise", "skip"] = "raise",\n',
                "    gen_cid: Callable[[InstrumentView], ClientOrderId | str | None] | None = None,\n    *,\n"
                '    on_missing_price: Literal["raise", "skip"] = "skip",\n',
            ),
        ),
        Step.PYTHON_CONFORMANCE,
        f"test_defaults_of_overloads_are_the_real_ones[closing.{CLOSE_ALL}]",
    ),
    Drill(
        "RiskLimits",
        "numbers by position",
        RISK,
        (
            (
                "@dataclass(frozen=True, kw_only=True)\nclass RiskLimits:",
                "@dataclass(frozen=True)\nclass RiskLimits:",
            ),
        ),
        Step.LIKE_NUMBERS,
        "test_no_two_numbers_are_taken_by_position[RiskLimits]",
    ),
)
"""What pytest tries each time."""

WRAPPERS = (
    Drill(
        BUILD,
        "the wrapper passes exchange and instrument the wrong way round",
        CLOSING,
        (
            (
                "    request = _core.build_ioc_market_order_to_close_position(\n        exchange, instrument, side, quantity, strategy_id, price, cid\n    )\n    return _order_request_open(request)",
                "    request = _core.build_ioc_market_order_to_close_position(\n        instrument, exchange, side, quantity, strategy_id, price, cid\n    )\n    return _order_request_open(request)",
            ),
        ),
        Step.CLOSING,
        "exchange",
    ),
    Drill(
        BUILD,
        "the wrapper returns the native request",
        CLOSING,
        (
            (
                "price, cid\n    )\n    return _order_request_open(request)",
                "price, cid\n    )\n    return request",
            ),
        ),
        Step.MYPY,
        'Incompatible return value type (got "PyOrderRequestOpen", expected "OrderRequestOpen")',
    ),
    Drill(
        BUILD,
        "the wrapper passes text for a number",
        CLOSING,
        (
            (
                "        exchange, instrument, side, quantity, strategy_id, price, cid\n    )\n    return",
                "        exchange, instrument, side, str(quantity), strategy_id, price, cid\n    )\n    return",
            ),
        ),
        Step.MYPY,
        f'Argument 4 to "{BUILD}" has incompatible type "str"',
    ),
    Drill(
        CLOSE_ALL,
        "the wrapper calls a function that is not there",
        CLOSING,
        (
            (
                "        requests = _core.close_open_positions_with_market_orders(",
                "        requests = _core.close_positions_with_market_orders(",
            ),
        ),
        Step.MYPY,
        'Module has no attribute "close_positions_with_market_orders"',
    ),
    Drill(
        CLOSE_ALL,
        "the wrapper returns one list",
        CLOSING,
        (
            (
                "        return [], [_order_request_open(request) for request in requests]",
                "        return [_order_request_open(request) for request in requests]",
            ),
        ),
        Step.MYPY,
        "src/barter_python/strategy/closing.py",
    ),
    Drill(
        BUILD,
        "a parameter of the wrapper renamed",
        CLOSING,
        (
            (
                "    position: PositionLike,\n    strategy_id: StrategyId | str,\n    price: Number,",
                "    open_position: PositionLike,\n    strategy_id: StrategyId | str,\n    price: Number,",
            ),
            (
                "instrument, side, quantity = position.instrument, position.side, position.quantity_abs\n    _core",
                "instrument, side, quantity = open_position.instrument, open_position.side, open_position.quantity_abs\n    _core",
            ),
        ),
        Step.DOCSTRINGS,
        f"test_parameters_are_those_of_the_signature[{BUILD}]",
    ),
    Drill(
        BUILD,
        "a parameter that takes more than it should",
        CLOSING,
        (
            (
                "    strategy_id: StrategyId | str,\n    price: Number,\n    gen_cid: ",
                "    strategy_id: StrategyId | str,\n    price: Number | str,\n    gen_cid: ",
            ),
        ),
        Step.MYPY,
        f'"{BUILD}" has incompatible type "Decimal | int | float | str"',
    ),
    Drill(
        CLOSE_ALL,
        "an overload that takes any callable",
        CLOSING,
        (
            (
                "    gen_cid: Callable[[InstrumentStateT], ClientOrderId | str | None] | None = None,",
                "    gen_cid: Callable[..., object] | None = None,",
            ),
        ),
        Step.REJECTED,
        "gen_cid=number_of_plain",
    ),
    Drill(
        CLOSE_ALL,
        "a docstring that names another parameter",
        CLOSING,
        (
            (
                "    gen_cid : callable, optional\n        Called once for each order with the instrument's state",
                "    get_cid : callable, optional\n        Called once for each order with the instrument's state",
            ),
        ),
        Step.DOCSTRINGS,
        f"test_parameters_are_those_of_the_signature[{CLOSE_ALL}]",
    ),
    Drill(
        "close_positions_of_strategy",
        "a docstring that hides an error",
        CLOSING,
        (
            (
                "    Raises\n    ------\n    ValueError\n        If a price is missing, or the id is blank.\n\n",
                "",
            ),
        ),
        Step.DOCSTRINGS,
        "test_errors_that_are_raised_are_named[close_positions_of_strategy]",
    ),
    Drill(
        "EngineState.instruments_iter",
        "an example with another result",
        CLOSING,
        (
            (
                "InstrumentFilter.instruments([1]))]\n        [2]",
                "InstrumentFilter.instruments([1]))]\n        [1]",
            ),
        ),
        Step.EXAMPLES,
        "test_docstring[strategy.EngineState.instruments_iter]",
    ),
    Drill(
        "Position",
        "a field of another type",
        CLOSING,
        (
            (
                "    quantity_abs: Number\n    entry_price: Number",
                "    quantity_abs: Number\n    entry_price: int",
            ),
        ),
        Step.PYTHON_CONFORMANCE,
        "test_fields_are_of_their_types[Position]",
    ),
    Drill(
        "InstrumentState",
        "an optional field made required",
        CLOSING,
        (
            (
                "    underlying: Underlying[int] | None = None\n",
                "    underlying: Underlying[int] | None\n",
            ),
        ),
        Step.MYPY,
        'Missing positional argument "underlying" in call to "InstrumentState"',
    ),
)
"""The wrappers of the seed's functions, and what they read."""

OTHERS = (
    Drill(
        "C_DECLARATIONS",
        "two fields of a structure change places",
        LAYOUT,
        (("double best_bid, best_ask, mid,", "double best_ask, best_bid, mid,"),),
        Step.COMPILED,
        "test_the_declarations_of_c_are_those_of_ctypes[Instrument-barter_instrument]",
    ),
    Drill(
        "CFunction",
        "declared with one argument less",
        LAYOUT,
        (
            (
                "        ctypes.c_int64,\n        ctypes.c_void_p,\n        ctypes.c_void_p,\n",
                "        ctypes.c_int64,\n        ctypes.c_void_p,\n",
            ),
        ),
        Step.COMPILED,
        "function must be declared with the signature",
        apart=True,
    ),
    Drill(
        "run_backtest",
        "a keyword renamed",
        RUN,
        (
            (
                "    fee_rate: Decimal | int | None = None,",
                "    fees: Decimal | int | None = None,",
            ),
            ("        fee_rate=fee_rate,", "        fee_rate=fees,"),
        ),
        Step.ACCEPTED,
        '"fee_rate"',
    ),
    Drill(
        "run_backtest",
        "a number that may be a float",
        RUN,
        (
            (
                "    fee_rate: Decimal | int | None = None,",
                "    fee_rate: Decimal | float | None = None,",
            ),
            (
                "        fee_rate=fee_rate,",
                "        fee_rate=None if fee_rate is None else Decimal(fee_rate),",
            ),
        ),
        Step.REJECTED,
        "CONFIG, fee_rate=0.001",
    ),
    Drill(
        "Strategy.generate_algo_orders",
        "no longer abstract",
        BASE,
        (("    @abstractmethod\n    def generate_algo_orders", "    def generate_algo_orders"),),
        Step.REJECTED,
        "Incomplete()",
    ),
    Drill(
        "Strategy",
        "misspelt hooks pass",
        BASE,
        (("        _warn_of_misspelt_hooks(cls)\n", ""),),
        Step.MISSPELT_HOOKS,
        "test_misspelt_hooks",
    ),
    Drill(
        "PositionStatistics.win_ratio",
        "a property of another type",
        STATISTIC,
        (
            (
                "    def win_ratio(self) -> Decimal | None:",
                "    def win_ratio(self) -> float | None:",
            ),
        ),
        Step.MYPY,
        "src/barter_python/statistic.py",
    ),
    Drill(
        "exact_sum",
        "a parameter without a type",
        STATISTIC,
        (
            (
                "def exact_sum(numbers: Iterable[Decimal]) -> Decimal:",
                "def exact_sum(numbers) -> Decimal:",
            ),
        ),
        Step.COMPLETENESS,
        "barter_python.statistic.exact_sum",
    ),
    Drill(
        "TearSheet",
        "a native name that is public nowhere",
        STATISTIC,
        (('    "TearSheet",\n', ""),),
        Step.PUBLIC_NAMES,
        "TearSheet",
    ),
    Drill(
        "PositionLike",
        "a name that its module does not have",
        "src/barter_python/strategy/__init__.py",
        (('    "PositionLike",\n    "Strategies",', '    "PositionLiked",\n    "Strategies",'),),
        Step.PUBLIC_NAMES,
        "PositionLiked",
        apart=True,
    ),
    Drill(
        "InstrumentFilter",
        "no longer at the top",
        "src/barter_python/__init__.py",
        (('    "InstrumentFilter",\n', ""),),
        Step.ACCEPTED,
        "InstrumentFilter",
    ),
    Drill(
        "PyOrderRequestOpen",
        "no longer at the top",
        "src/barter_python/__init__.py",
        (('    "PyOrderRequestOpen",\n', ""),),
        Step.ACCEPTED,
        "PyOrderRequestOpen",
    ),
    Drill(
        "RateLimit",
        "a class that says it lives in a private file",
        "src/barter_python/exchange/__init__.py",
        (("publish(__name__, globals(), __name__)\n", ""),),
        Step.PUBLIC_MODULES,
        "test_the_public_module_is_their_module[exchange.RateLimit]",
    ),
    Drill(
        "AlgoOrders",
        "a type that is there for checkers only",
        "src/barter_python/engine.py",
        (
            ("from typing import TypeAlias\n", "from typing import TYPE_CHECKING, TypeAlias\n"),
            (
                "from .risk import RiskRefused\n",
                "if TYPE_CHECKING:\n    from .risk import RiskRefused\n",
            ),
        ),
        Step.PUBLIC_MODULES,
        "test_annotations_of_classes_resolve[engine.AlgoOrders]",
        apart=True,
    ),
    Drill(
        "AlgoStrategy",
        "a protocol that asks for another hook",
        "src/barter_python/strategy/protocols.py",
        (
            (
                "    def generate_algo_orders(self, state: EngineView, /) -> Orders:",
                "    def generate_orders(self, state: EngineView, /) -> Orders:",
            ),
        ),
        Step.MYPY,
        '"generate_orders"',
    ),
    Drill(
        "RefusedRequest",
        "a field renamed",
        RISK,
        (
            (
                "    item: OrderRequestCancel | OrderRequestOpen\n    reason: str\n\n    def to_dict",
                "    request: OrderRequestCancel | OrderRequestOpen\n    reason: str\n\n    def to_dict",
            ),
        ),
        Step.MYPY,
        '"RefusedRequest" has no attribute "item"',
        apart=True,
    ),
)
"""The rest."""

ROWS = CHEAP + WRAPPERS + OTHERS

"""Changes of the Rust source."""

from __future__ import annotations

from .row import Drill, Step, Stub

CLOSING = "rust/src/strategy/close_positions.rs"
COMPILED = "rust/src/compiled/function.rs"
ENUMS = "rust/src/instrument/enumerations.rs"
ENGINE_VIEW = "rust/src/view/engine_view.rs"
FILTER = "rust/src/state/filter.rs"
INSTRUMENT_VIEW = "rust/src/view/instrument_view.rs"
KINDS = "rust/src/execution/kind.rs"
MODULE = "rust/src/lib.rs"
ORDERS = "rust/src/view/instrument_orders.rs"
REQUEST = "rust/src/execution/request.rs"
SIZES = "rust/src/view/instrument_sizes.rs"
WELFORD = "rust/src/statistic/algorithm.rs"
WRAPPED = "rust/src/wrapped.rs"

BUILD = "build_ioc_market_order_to_close_position"
CLOSE_ALL = "close_open_positions_with_market_orders"

FORGOTTEN = (
    Drill(
        "NativeFunction",
        "a parameter made positional",
        COMPILED,
        (("(function, name, *, instruments, own,", "(function, name, instruments, *, own,"),),
        Step.STUBS,
        "NativeFunction",
    ),
    Drill(
        BUILD,
        "a parameter renamed",
        CLOSING,
        (
            ("strategy_id, price, client_order_id=None))]", "strategy_id, price, cid=None))]"),
            (
                "    client_order_id: Option<Id<ClientOrderIdClass>>,\n)",
                "    cid: Option<Id<ClientOrderIdClass>>,\n)",
            ),
            ("|| match &client_order_id {", "|| match &cid {"),
        ),
        Step.STUBS,
        f"+ {BUILD}: def {BUILD}(",
    ),
    Drill(
        BUILD,
        "an optional parameter made required",
        CLOSING,
        (
            (
                "strategy_id, price, client_order_id=None))]",
                "strategy_id, price, client_order_id))]",
            ),
        ),
        Step.STUBS,
        f"+ {BUILD}: def {BUILD}(",
    ),
    Drill(
        BUILD,
        "a parameter made keyword-only",
        CLOSING,
        (("price, client_order_id=None))]", "price, *, client_order_id=None))]"),),
        Step.STUBS,
        f"+ {BUILD}: def {BUILD}(",
    ),
    Drill(
        BUILD,
        "two parameters change places",
        CLOSING,
        (
            (
                "(exchange, instrument, side, quantity, strat",
                "(instrument, exchange, side, quantity, strat",
            ),
            (
                f"pub fn {BUILD}(\n    #[pyo3(from_py_with = exchange)] exchange: Index,\n"
                "    #[pyo3(from_py_with = instrument)] instrument: Index,\n",
                f"pub fn {BUILD}(\n    #[pyo3(from_py_with = instrument)] instrument: Index,\n"
                "    #[pyo3(from_py_with = exchange)] exchange: Index,\n",
            ),
        ),
        Step.STUBS,
        f"+ {BUILD}: def {BUILD}(instrument: ",
    ),
    Drill(
        CLOSE_ALL,
        "a keyword-only parameter made positional",
        CLOSING,
        (
            (
                "filter, gen_cid=None, *, skip_missing_price=false))]",
                "filter, gen_cid=None, skip_missing_price=false))]",
            ),
        ),
        Step.STUBS,
        f"+ {CLOSE_ALL}: def {CLOSE_ALL}(",
    ),
    Drill(
        CLOSE_ALL,
        "another default",
        CLOSING,
        (
            (
                "gen_cid=None, *, skip_missing_price=false))]",
                "gen_cid=None, *, skip_missing_price=true))]",
            ),
        ),
        Step.STUBS,
        "skip_missing_price: builtins.bool = True",
    ),
    Drill(
        "InstrumentFilter.matches",
        "an optional parameter made required",
        FILTER,
        (("(exchange, instrument, underlying=None))]", "(exchange, instrument, underlying))]"),),
        Step.STUBS,
        "+ InstrumentFilter: def matches(",
    ),
    Drill(
        "InstrumentFilter.none",
        "a static method dropped",
        FILTER,
        (
            (
                "    /// Every instrument.\n    #[staticmethod]\n    const fn none() -> Self {\n"
                "        Self(InstrumentFilter::None)\n    }\n\n",
                "",
            ),
        ),
        Step.STUBS,
        "- InstrumentFilter: def none(",
    ),
    Drill(
        "InstrumentFilter.kind",
        "a getter renamed",
        FILTER,
        (("#[getter(kind)]", "#[getter(made_by)]"),),
        Step.STUBS,
        "+ InstrumentFilter: def made_by(",
    ),
    Drill(
        "PyOrderRequestOpen",
        "a field renamed",
        REQUEST,
        (
            (
                "        /// The order's id, chosen by the strategy.\n        client_order_id: String,",
                "        /// The order's id, chosen by the strategy.\n        cid: String,",
            ),
            (
                "            client_order_id: cid.0.into(),\n            side: side.into(),",
                "            cid: cid.0.into(),\n            side: side.into(),",
            ),
        ),
        Step.STUBS,
        "+ PyOrderRequestOpen: def cid(",
    ),
    Drill(
        "PyOrderRequestOpen",
        "two fields change places",
        REQUEST,
        (
            (
                "        price: Dec,\n        /// Quantity, in the instrument's base asset.\n        quantity: Dec,\n",
                "        quantity: Dec,\n        /// Quantity, in the instrument's base asset.\n        price: Dec,\n",
            ),
        ),
        Step.STUBS,
        "+ PyOrderRequestOpen: def __new__(",
    ),
    Drill(
        "InstrumentView.mid_f64",
        "a getter of another type",
        INSTRUMENT_VIEW,
        (
            (
                "fn mid_f64(&self) -> PyResult<Option<f64>> {\n        self.quote(Quote::Mid, |market| present(market.quote.mid_f64))",
                "fn mid_f64(&self) -> PyResult<f64> {\n        self.market(|market| market.quote.mid_f64)",
            ),
        ),
        Step.STUBS,
        "+ InstrumentView: def mid_f64(self) -> builtins.float:",
    ),
    Drill(
        "InstrumentView.order",
        "a parameter renamed",
        INSTRUMENT_VIEW,
        (
            (
                "fn order(&self, cid: Id<ClientOrderIdClass>) -> PyResult<Option<Order>> {\n        let cid = ClientOrderId(cid.0);",
                "fn order(&self, id: Id<ClientOrderIdClass>) -> PyResult<Option<Order>> {\n        let cid = ClientOrderId(id.0);",
            ),
        ),
        Step.STUBS,
        "+ InstrumentView: def order(self, id: ",
    ),
    Drill(
        "InstrumentView.has_orders",
        "a method instead of a getter",
        INSTRUMENT_VIEW,
        (
            (
                "    /// Whether an order is in flight or open.\n    #[getter]\n",
                "    /// Whether an order is in flight or open.\n",
            ),
        ),
        Step.STUBS,
        # Only the line above it is gone.
        "is out of date",
    ),
    Drill(
        "EngineView.call_at",
        "a parameter made positional",
        "rust/src/view/timers.rs",
        (("(signature = (time, *, every=None))", "(signature = (time, every=None))"),),
        Step.STUBS,
        "+ EngineView: def call_at(self, time: ",
    ),
    Drill(
        "Side",
        "a member's value changed",
        ENUMS,
        (('SELL = "sell" =>', 'SELL = "sale" =>'),),
        Step.STUBS,
        '+ Side: SELL = "sale"',
    ),
    Drill(
        "OrderKind",
        "a member renamed",
        KINDS,
        (('MARKET = "market" =>', 'MARKT = "market" =>'),),
        Step.STUBS,
        '+ OrderKind: MARKT = "market"',
    ),
    Drill(
        "calculate_mean",
        "a docstring changed",
        WELFORD,
        (
            (
                "///     How many values there are, this one included; not zero.",
                "///     How many values there are.",
            ),
        ),
        Step.STUBS,
        "+ calculate_mean: How many values there are.",
    ),
)
"""The stub is not generated again."""

REFUSED = (
    Drill(
        "InstrumentFilter",
        "compared, but without a hash",
        FILTER,
        (
            (
                "    eq,\n    hash,\n    from_py_object,\n    name",
                "    eq,\n    from_py_object,\n    name",
            ),
        ),
        Step.STUBS,
        "InstrumentFilter: __eq__ without __hash__",
        Stub.REFUSED,
    ),
    Drill(
        "InstrumentView",
        "a class without its module",
        INSTRUMENT_VIEW,
        (
            (
                '#[pyclass(frozen, module = "barter_python._core")]\npub struct InstrumentView',
                "#[pyclass(frozen)]\npub struct InstrumentView",
            ),
        ),
        Step.STUBS,
        "InstrumentView: without module",
        Stub.REFUSED,
    ),
    Drill(
        "EngineView.next_cid",
        "an object without a type",
        ENGINE_VIEW,
        (
            (
                '    #[gen_stub(override_return_type(\n        type_repr = "barter_python.ClientOrderId",\n        imports = ("barter_python")\n    ))]\n    fn next_cid',
                "    fn next_cid",
            ),
        ),
        Step.STUBS,
        "EngineView.next_cid: `typing.Any` is untyped",
        Stub.REFUSED,
    ),
    Drill(
        "InstrumentFilter.keys",
        "a tuple of anything",
        FILTER,
        (
            (
                'type_repr = "tuple[int, ...] | tuple[barter_python.Underlying[int], ...]"',
                'type_repr = "tuple"',
            ),
        ),
        Step.STUBS,
        "InstrumentFilter.keys: `tuple` lacks its parameters",
        Stub.REFUSED,
    ),
)
"""The generator does not write the stub."""

MADE = (
    Drill(
        "InstrumentView.mid_f64",
        "an override that lies about a getter",
        INSTRUMENT_VIEW,
        (
            (
                "    #[getter]\n    fn mid_f64(",
                '    #[getter]\n    #[gen_stub(override_return_type(type_repr = "builtins.int | None", imports = ("builtins")))]\n    fn mid_f64(',
            ),
        ),
        Step.CONFORMANCE,
        "test_types_of_the_stub_hold[InstrumentView.mid_f64]",
        Stub.MADE,
    ),
    Drill(
        "InstrumentView.kind",
        "an override that lies about an object",
        INSTRUMENT_VIEW,
        (
            (
                'type_repr = "barter_python.instrument.InstrumentKind"',
                'type_repr = "barter_python.instrument.Spot"',
            ),
        ),
        Step.CONFORMANCE,
        "test_types_of_the_stub_hold[InstrumentView.kind]",
        Stub.MADE,
    ),
    Drill(
        "InstrumentFilter.keys",
        "an override that forgets a type",
        FILTER,
        (
            (
                'type_repr = "tuple[int, ...] | tuple[barter_python.Underlying[int], ...]"',
                'type_repr = "tuple[int, ...]"',
            ),
        ),
        Step.CONFORMANCE,
        "test_types_of_the_stub_hold[InstrumentFilter.keys]",
        Stub.MADE,
    ),
    Drill(
        CLOSE_ALL,
        "an override that lies about a callable",
        CLOSING,
        (
            (
                "Callable[[InstrumentView], barter_python.ClientOrderId | str | None] | None",
                "Callable[[InstrumentView, int], barter_python.ClientOrderId | str | None] | None",
            ),
        ),
        Step.CONFORMANCE,
        f"test_types_of_the_stub_hold[{CLOSE_ALL}(gen_cid)]",
        Stub.MADE,
    ),
    Drill(
        BUILD,
        "a parameter of another type",
        CLOSING,
        (
            (
                "    #[pyo3(from_py_with = price)] price: Number,\n    client_order_id: ",
                "    #[pyo3(from_py_with = limit)] price: Dec,\n    client_order_id: ",
            ),
            ("    convert::{Id, Index, Number, ", "    convert::{Dec, Id, Index, Number, "),
            (
                "/// Reads `price`, of which",
                'fn limit(object: &Bound<\'_, PyAny>) -> PyResult<Dec> {\n    extract_named("price", object)\n}\n\n/// Reads `price`, of which',
            ),
        ),
        Step.MYPY,
        f'Argument 6 to "{BUILD}" has incompatible type',
        Stub.MADE,
    ),
    Drill(
        "InstrumentView.limit_order",
        "price and quantity by position",
        ORDERS,
        (
            (
                "(signature = (side, *, price, quantity, strategy_id",
                "(signature = (side, price, quantity, *, strategy_id",
            ),
        ),
        Step.LIKE_NUMBERS,
        "test_no_two_numbers_are_taken_by_position[InstrumentView.limit_order]",
        Stub.MADE,
    ),
    Drill(
        "Level",
        "price and amount by position",
        "rust/src/data/level.rs",
        (("    #[signature(*, price, amount)]\n    pub struct Level", "    pub struct Level"),),
        Step.LIKE_NUMBERS,
        "test_no_two_numbers_are_taken_by_position[Level]",
        Stub.MADE,
    ),
    Drill(
        "InstrumentView.tear_sheet",
        "a default that is shown as another",
        INSTRUMENT_VIEW,
        (
            (
                'text_signature = "($self, *, risk_free_return=0, interval=None)"',
                'text_signature = "($self, *, risk_free_return, interval=None)"',
            ),
        ),
        Step.STUBTEST,
        "barter_python._core.InstrumentView.tear_sheet is inconsistent",
        Stub.MADE,
    ),
    Drill(
        "EngineView.call_at",
        "methods that the stub does not have",
        "rust/src/view/timers.rs",
        (
            (
                "#[gen_stub_pymethods]\n#[pymethods]\nimpl EngineView",
                "#[pymethods]\nimpl EngineView",
            ),
        ),
        Step.STUBTEST,
        "barter_python._core.EngineView.call_at is not present in stub",
        Stub.MADE,
    ),
    Drill(
        "InstrumentView.order",
        "a docstring that names another parameter",
        INSTRUMENT_VIEW,
        (
            (
                "    /// cid : ClientOrderId or str\n    ///     The order's id.\n",
                "    /// id : ClientOrderId or str\n    ///     The order's id.\n",
            ),
        ),
        Step.DOCSTRINGS,
        "test_parameters_are_those_of_the_signature[native InstrumentView.order]",
        Stub.MADE,
    ),
    Drill(
        "InstrumentView.round_price",
        "a docstring that names an error that is not there",
        SIZES,
        (
            (
                "    /// ValueError\n    ///     If the price is negative, not finite or too large.",
                "    /// PriceError\n    ///     If the price is negative, not finite or too large.",
            ),
        ),
        Step.DOCSTRINGS,
        "test_errors_that_are_named_exist[native InstrumentView.round_price]",
        Stub.MADE,
    ),
    Drill(
        "calculate_mean",
        "an example with another result",
        WELFORD,
        (
            (
                "/// Decimal('3')\n#[gen_stub_pyfunction(module = \"barter_python._core\")]\n#[pyfunction]\n#[pyo3(signature = (*, prev_mean, next_value, count))]",
                "/// Decimal('4')\n#[gen_stub_pyfunction(module = \"barter_python._core\")]\n#[pyfunction]\n#[pyo3(signature = (*, prev_mean, next_value, count))]",
            ),
        ),
        Step.EXAMPLES,
        "test_docstring[statistic.calculate_mean]",
        Stub.MADE,
    ),
    Drill(
        "wrapped_crates",
        "a function that the stub does not have",
        WRAPPED,
        (
            ('#[gen_stub_pyfunction(module = "barter_python._core")]\n', ""),
            ("use pyo3_stub_gen::derive::gen_stub_pyfunction;\n", ""),
        ),
        Step.STUBTEST,
        "wrapped_crates",
        Stub.MADE,
        apart=True,
    ),
    Drill(
        "PyOrderRequestOpen",
        "a class that the module does not have",
        MODULE,
        (
            (
                "InstrumentAccountSnapshot, Order, OrderFailure, OrderResponseCancel, PyOrderRequestOpen,",
                "InstrumentAccountSnapshot, Order, OrderFailure, OrderResponseCancel,",
            ),
        ),
        Step.STUBTEST,
        "PyOrderRequestOpen",
        Stub.MADE,
        apart=True,
    ),
)
"""The stub is generated again: it agrees with the source, and yet something is wrong."""

ROWS = FORGOTTEN + REFUSED + MADE

//! What the engine did with an event: the module `barter::engine::audit`.

use super::{build::RunEngine, event::event_object};
use crate::{
    command::{ENGINE, cancel_object, make, open_object, tuple},
    convert::{ReducedByMethod, UtcTime, from_json, nanos, reduce_by_method},
    data::MarketKind,
    risk::Request,
    state::PositionExited,
    strategy::HookOutput,
};
use barter::{
    EngineEvent,
    engine::{
        EngineOutput,
        action::{
            ActionOutput,
            generate_algo_orders::GenerateAlgoOrdersOutput,
            send_requests::{SendCancelsAndOpensOutput, SendRequestsOutput},
        },
        audit::{self, Auditor, EngineAudit, ProcessAudit, context::EngineContext},
        error::EngineError,
    },
    risk::RiskRefused,
};
use barter_execution::order::{
    OrderEvent,
    request::{RequestCancel, RequestOpen},
};
use barter_integration::Terminal;
use pyo3::{IntoPyObjectExt, exceptions::PyValueError, prelude::*, types::PyTuple};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::sync::Arc;

/// What the engine did.
pub type Output = EngineOutput<HookOutput, HookOutput>;

/// barter's audit of an event.
pub type Audit = EngineAudit<EngineEvent<MarketKind>, Output>;

/// The same, numbered and dated.
pub type Tick = audit::AuditTick<Audit, EngineContext>;

/// What the engine did with an event (`barter::engine::audit::AuditTick`).
///
/// `Engine.process` gives it, and `audit=` of `run_backtest` is called with it. It can be compared,
/// pickled and written as JSON.
///
/// Examples
/// --------
/// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
/// >>> from barter_python import InstrumentConfig, Reconnecting, Underlying
/// >>> from barter_python.engine import AuditTick
/// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
/// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
/// >>> tick = engine.process(Reconnecting(ExchangeId.KRAKEN))
/// >>> tick.sequence, tick.event
/// (0, Reconnecting(exchange=ExchangeId.KRAKEN, time_received=None))
/// >>> AuditTick.from_json(tick.to_json()) == tick
/// True
#[gen_stub_pyclass]
#[pyclass(frozen, eq, from_py_object, module = "barter_python._core")]
#[derive(Clone, PartialEq, Debug)]
pub struct AuditTick(pub Arc<Tick>);

impl AuditTick {
    /// Numbers and dates what the engine has just done.
    pub fn take(engine: &mut RunEngine, audit: Audit) -> Self {
        Self(Arc::new(Auditor::<Audit>::audit(engine, audit)))
    }

    /// The event and what came of it; `None` at the end of a feed.
    fn process(&self) -> Option<&ProcessAudit<EngineEvent<MarketKind>, Output>> {
        match &self.0.event {
            EngineAudit::FeedEnded => None,
            EngineAudit::Process(process) => Some(process),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AuditTick {
    /// How many events the engine had processed before, the snapshot of its state included.
    #[getter]
    fn sequence(&self) -> u64 {
        self.0.context.sequence.value()
    }

    /// The engine's time, in UTC.
    #[getter]
    fn time(&self) -> UtcTime {
        UtcTime(self.0.context.time)
    }

    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.0.context.time)
    }

    /// The event; `None` when the feed of events had ended.
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.engine.EngineEvent | None",
        imports = ("barter_python")
    ))]
    fn event<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.process()
            .map(|process| event_object(py, &process.event))
            .transpose()
    }

    /// What the engine did, in the order in which it did it.
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "tuple[barter_python.engine.EngineOutput, ...]",
        imports = ("barter_python")
    ))]
    fn outputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let outputs = self
            .process()
            .into_iter()
            .flat_map(|process| &process.outputs);
        tuple(py, outputs, output_object)
    }

    /// barter's texts of the errors after which the engine cannot go on.
    #[getter]
    fn errors(&self) -> Vec<String> {
        let errors = self
            .process()
            .into_iter()
            .flat_map(|process| &process.errors);
        errors.map(ToString::to_string).collect()
    }

    /// Whether it is the last: after a `Shutdown`, an error, or the end of the feed.
    #[getter]
    fn is_terminal(&self) -> bool {
        self.0.event.is_terminal()
    }

    /// barter's JSON, as `from_json` reads it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string(&*self.0).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// Reads barter's JSON.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the text is none, or holds a number or time that does not fit exactly, or an unknown key.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        let tick = from_json(text)
            .map_err(|error| PyValueError::new_err(format!("not an audit tick: {error}")))?;
        Ok(Self(Arc::new(tick)))
    }

    fn __hash__(&self) -> u64 {
        self.sequence()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let event = slf.getattr("event")?.repr()?;
        let outputs = slf.getattr("outputs")?.repr()?;
        let sequence = slf.get().sequence();
        Ok(format!("<AuditTick {sequence}: {event} -> {outputs}>"))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        reduce_by_method(slf.as_any(), ("from_json", slf.get().to_json()?))
    }
}

/// The audit with what a guard has refused, which barter does not know of.
pub fn with_refused(audit: Audit, refused: Vec<RiskRefused<Request>>) -> Audit {
    let EngineAudit::Process(process) = audit else {
        return audit;
    };
    if refused.is_empty() {
        return EngineAudit::Process(process);
    }
    let (mut cancels, mut opens) = (Vec::new(), Vec::new());
    for RiskRefused { item, reason } in refused {
        match item {
            Request::Cancel(item) => cancels.push(RiskRefused { item, reason }),
            Request::Open(item) => opens.push(RiskRefused { item, reason }),
        }
    }
    let output = GenerateAlgoOrdersOutput {
        cancels_refused: cancels.into_iter().collect(),
        opens_refused: opens.into_iter().collect(),
        ..GenerateAlgoOrdersOutput::default()
    };
    let output: Output = EngineOutput::Commanded(ActionOutput::GenerateAlgoOrders(output));
    EngineAudit::Process(process.add_output(output))
}

fn output_object<'py>(py: Python<'py>, output: &Output) -> PyResult<Bound<'py, PyAny>> {
    match output {
        EngineOutput::Commanded(action) => {
            make(py, ENGINE, "Commanded", (action_object(py, action)?,))
        }
        EngineOutput::OnTradingDisabled(actions) => make(
            py,
            ENGINE,
            "TradingDisabled",
            (tuple(py, actions, action_object)?,),
        ),
        EngineOutput::AccountDisconnect(actions) => make(
            py,
            ENGINE,
            "AccountDisconnect",
            (tuple(py, actions, action_object)?,),
        ),
        EngineOutput::MarketDisconnect(actions) => make(
            py,
            ENGINE,
            "MarketDisconnect",
            (tuple(py, actions, action_object)?,),
        ),
        EngineOutput::PositionExit(position) => make(
            py,
            ENGINE,
            "PositionExit",
            (PositionExited::from(position.clone()),),
        ),
        EngineOutput::AlgoOrders(orders) => algo_orders_object(py, orders),
    }
}

fn action_object<'py>(py: Python<'py>, action: &ActionOutput) -> PyResult<Bound<'py, PyAny>> {
    match action {
        ActionOutput::GenerateAlgoOrders(orders) => algo_orders_object(py, orders),
        ActionOutput::CancelOrders(cancels) => cancels_object(py, cancels),
        ActionOutput::OpenOrders(opens) => opens_object(py, opens),
        ActionOutput::ClosePositions(SendCancelsAndOpensOutput { cancels, opens }) => make(
            py,
            ENGINE,
            "CancelsAndOpensSent",
            (cancels_object(py, cancels)?, opens_object(py, opens)?),
        ),
    }
}

fn algo_orders_object<'py>(
    py: Python<'py>,
    orders: &GenerateAlgoOrdersOutput,
) -> PyResult<Bound<'py, PyAny>> {
    let GenerateAlgoOrdersOutput {
        cancels_and_opens: SendCancelsAndOpensOutput { cancels, opens },
        cancels_refused,
        opens_refused,
    } = orders;
    let arguments = (
        cancels_object(py, cancels)?,
        opens_object(py, opens)?,
        tuple(py, cancels_refused, |py, RiskRefused { item, reason }| {
            let request = cancel_object(py, item)?;
            make(py, "barter_python.risk", "RiskRefused", (request, reason))
        })?,
        tuple(py, opens_refused, |py, RiskRefused { item, reason }| {
            let request = open_object(py, item)?;
            make(py, "barter_python.risk", "RiskRefused", (request, reason))
        })?,
    );
    make(py, ENGINE, "AlgoOrders", arguments)
}

fn cancels_object<'py>(
    py: Python<'py>,
    output: &SendRequestsOutput<RequestCancel>,
) -> PyResult<Bound<'py, PyAny>> {
    sent_object(py, "CancelsSent", output, cancel_object)
}

fn opens_object<'py>(
    py: Python<'py>,
    output: &SendRequestsOutput<RequestOpen>,
) -> PyResult<Bound<'py, PyAny>> {
    sent_object(py, "OpensSent", output, open_object)
}

fn sent_object<'py, Kind>(
    py: Python<'py>,
    class: &str,
    output: &SendRequestsOutput<Kind>,
    object: impl Fn(Python<'py>, &OrderEvent<Kind>) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let SendRequestsOutput { sent, errors } = output;
    let failed = |py, (request, error): &(OrderEvent<Kind>, EngineError)| {
        (object(py, request)?, error.to_string()).into_bound_py_any(py)
    };
    make(
        py,
        ENGINE,
        class,
        (tuple(py, sent, &object)?, tuple(py, errors, failed)?),
    )
}

//! A copy of the engine's state that follows the audit: the module `barter::engine::audit::state_replica`.

use super::{
    AuditTick,
    audit::{Audit, Output, Tick},
    build::RunEngine,
};
use crate::{
    convert::{ReducedByMethod, UtcTime, datetime_from_nanos, nanos, reduce_by_method},
    error::Error,
    state::{Failure, SharedRun, State, copied, take_own_data, visit_own_data},
    strategy::HookOutput,
    view::EngineView,
};
use barter::{
    Sequence,
    engine::{
        EngineOutput,
        action::{
            ActionOutput,
            generate_algo_orders::GenerateAlgoOrdersOutput,
            send_requests::{SendCancelsAndOpensOutput, SendRequestsOutput},
        },
        audit::{
            self, Auditor, EngineAudit,
            context::EngineContext,
            state_replica::{AUDIT_REPLICA_STATE_UPDATE_SPAN_NAME, StateReplicaManager},
        },
        state::order::in_flight_recorder::InFlightRequestRecorder,
    },
};
use barter_execution::order::request::{RequestCancel, RequestOpen};
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::error_span;

/// The engine's state at one moment, with a number among the audit ticks.
///
/// What barter's `Auditor::audit_snapshot` gives; a `StateReplica` starts from it, in another process too:
/// it can be pickled. Two snapshots are equal if their numbers, times and states are.
///
/// Examples
/// --------
/// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
/// >>> from barter_python import InstrumentConfig, Underlying
/// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
/// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
/// >>> snapshot = engine.audit_snapshot()
/// >>> snapshot.sequence, snapshot.state == engine.snapshot()
/// (0, True)
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct AuditSnapshot {
    context: EngineContext,
    run: SharedRun,
}

impl AuditSnapshot {
    /// Numbers and dates the copy of the engine's state in `run`.
    pub fn take(engine: &mut RunEngine, run: SharedRun) -> Self {
        let tick: Tick = Auditor::<Audit>::audit(engine, Audit::FeedEnded);
        let context = tick.context;
        Self { context, run }
    }
}

#[pymethods]
impl AuditSnapshot {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.run.visit(&visit)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AuditSnapshot {
    /// Its number among the audit ticks: the first tick after it has the next number.
    #[getter]
    fn sequence(&self) -> u64 {
        self.context.sequence.value()
    }

    /// The engine's time, in UTC.
    #[getter]
    fn time(&self) -> UtcTime {
        UtcTime(self.context.time)
    }

    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.context.time)
    }

    /// The state, as a view that is valid anywhere.
    #[getter]
    fn state(&self, py: Python<'_>) -> PyResult<EngineView> {
        EngineView::new(py, self.run.clone_ref(py))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else {
            return false;
        };
        let other = other.get();
        self.context == other.context
            && (Arc::ptr_eq(&self.run, &other.run) || self.run.is_same(&other.run))
    }

    fn __hash__(&self) -> u64 {
        self.sequence()
    }

    /// Reads what pickling has written.
    #[staticmethod]
    fn _of(py: Python<'_>, state: &EngineView, sequence: u64, time_ns: i64) -> Self {
        Self {
            context: EngineContext {
                sequence: Sequence(sequence),
                time: datetime_from_nanos(time_ns),
            },
            run: state.run().clone_ref(py),
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let snapshot = slf.get();
        let state = snapshot.state(slf.py())?;
        let arguments = ("_of", state, snapshot.sequence(), snapshot.time_ns()?);
        reduce_by_method(slf.as_any(), arguments)
    }

    fn __repr__(&self) -> String {
        let EngineContext { sequence, time } = self.context;
        format!(
            "<AuditSnapshot {} at {}>",
            sequence.value(),
            time.to_rfc3339()
        )
    }
}

/// A copy of an engine's state, which follows the engine's audit.
///
/// Wraps `barter::engine::audit::state_replica::StateReplicaManager`, and also records the orders and
/// cancels that were sent, which barter's own replica forgets.
///
/// Parameters
/// ----------
/// snapshot : AuditSnapshot
///     Where to start.
///
/// Examples
/// --------
/// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
/// >>> from barter_python import InstrumentConfig, Reconnecting, StateReplica, Underlying
/// >>> instruments = IndexedInstruments(
/// ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSD", Underlying("btc", "usd"))])
/// >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
/// >>> replica = StateReplica(engine.audit_snapshot())
/// >>> replica.update(engine.process(Reconnecting(ExchangeId.KRAKEN)))
/// >>> replica.state == engine.snapshot()
/// True
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct StateReplica {
    run: SharedRun,
    replica: Mutex<StateReplicaManager<State, ()>>,
    /// Of the strategy's data in the copy.
    failure: Failure,
}

impl StateReplica {
    fn replica(&self) -> MutexGuard<'_, StateReplicaManager<State, ()>> {
        self.replica.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl StateReplica {
    /// Nothing of the copy while it is changed or copied.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.run.visit(&visit)?;
        match self.replica.try_lock() {
            Ok(replica) => visit_own_data(&replica.state_replica.event, &visit),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let Ok(mut replica) = self.replica.try_lock() else {
            return;
        };
        let own_data = take_own_data(&mut replica.state_replica.event);
        // Their finalizers may look at the replica.
        drop(replica);
        drop(own_data);
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl StateReplica {
    #[new]
    fn __new__(py: Python<'_>, snapshot: &AuditSnapshot) -> PyResult<Self> {
        let (state, failure) = snapshot.run.state.read(copied)??;
        let tick = audit::AuditTick {
            event: state,
            context: snapshot.context,
        };
        Ok(Self {
            run: snapshot.run.clone_ref(py),
            replica: Mutex::new(StateReplicaManager::new(tick, ())),
            failure,
        })
    }

    /// Does to the copy what the engine did to its state.
    ///
    /// A tick that it has seen already is passed over, as barter does.
    ///
    /// Parameters
    /// ----------
    /// tick : AuditTick
    ///     The next one.
    ///
    /// Raises
    /// ------
    /// AuditOrderError
    ///     If ticks are missing before it; nothing is changed then.
    /// Exception
    ///     What the strategy's own data raises on the event.
    fn update(&self, tick: &AuditTick) -> PyResult<()> {
        let Tick { event, context } = &*tick.0;
        // By this span, `AuditSpanFilter` knows that the engine has logged this already. No handler may run here in
        // any case: it could ask for this replica, which is locked. barter's span is of level INFO,
        // and would let warnings through where only they are asked for.
        let span = error_span!(target: "barter_python", AUDIT_REPLICA_STATE_UPDATE_SPAN_NAME);
        let _entered = span.enter();
        let mut replica = self.replica();
        let last = replica.state_replica.context.sequence.value();
        let next = context.sequence.value();
        if next <= last {
            return Ok(());
        }
        if last.checked_add(1) != Some(next) {
            return Err(Error::AuditOrder(format!(
                "audit tick {next} does not follow tick {last}, the last that the replica has seen"
            ))
            .into());
        }
        replica.state_replica.context = *context;
        let EngineAudit::Process(process) = event else {
            return Ok(());
        };
        replica.update_from_event(process.event.clone());
        for output in &process.outputs {
            record_output(&mut replica.state_replica.event, output);
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    /// The number of the last tick.
    #[getter]
    fn sequence(&self) -> u64 {
        self.replica().state_replica.context.sequence.value()
    }

    /// The copy as it is now, as a view that is valid anywhere.
    #[getter]
    fn state(&self, py: Python<'_>) -> PyResult<EngineView> {
        let replica = self.replica();
        let audit::AuditTick { event, context } = &replica.state_replica;
        let (run, time) = (self.run.snapshot(event)?, context.time);
        drop(replica);
        run.set_time(nanos(time)?);
        run.set_other_event(None);
        EngineView::new(py, SharedRun::of_snapshot(py, run)?)
    }

    fn __repr__(&self) -> String {
        format!("<StateReplica at {}>", self.sequence())
    }
}

/// barter's replica forgets what was sent; the engine has it in flight.
fn record_output(state: &mut State, output: &Output) {
    match output {
        EngineOutput::Commanded(action) => record_action(state, action),
        EngineOutput::OnTradingDisabled(actions)
        | EngineOutput::AccountDisconnect(actions)
        | EngineOutput::MarketDisconnect(actions) => record_actions(state, actions),
        EngineOutput::AlgoOrders(orders) => record_algo_orders(state, orders),
        EngineOutput::PositionExit(_) => {}
    }
}

fn record_actions(state: &mut State, actions: &HookOutput) {
    for action in actions {
        record_action(state, action);
    }
}

fn record_action(state: &mut State, action: &ActionOutput) {
    match action {
        ActionOutput::GenerateAlgoOrders(orders) => record_algo_orders(state, orders),
        ActionOutput::CancelOrders(cancels) => record_cancels(state, cancels),
        ActionOutput::OpenOrders(opens) => record_opens(state, opens),
        ActionOutput::ClosePositions(SendCancelsAndOpensOutput { cancels, opens }) => {
            record_cancels(state, cancels);
            record_opens(state, opens);
        }
    }
}

fn record_algo_orders(state: &mut State, orders: &GenerateAlgoOrdersOutput) {
    record_cancels(state, &orders.cancels_and_opens.cancels);
    record_opens(state, &orders.cancels_and_opens.opens);
}

fn record_cancels(state: &mut State, cancels: &SendRequestsOutput<RequestCancel>) {
    state.record_in_flight_cancels(&cancels.sent);
}

fn record_opens(state: &mut State, opens: &SendRequestsOutput<RequestOpen>) {
    state.record_in_flight_opens(&opens.sent);
}

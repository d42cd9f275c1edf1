//! What others ask of a running system.

use crate::{
    engine::Event,
    error::Error,
    simulation::{Standing, check_command},
    streams::Nudge,
    view::EngineView,
};
use pyo3::prelude::*;
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pymethods},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
    time::Duration,
};

/// How long a wait lasts between two looks for Ctrl-C.
const BETWEEN_SIGNALS: Duration = Duration::from_millis(50);

/// Something that the engine is asked for.
pub enum Control {
    /// A command, or trading on or off.
    Command(Event, Reply<()>),
    /// A copy of the state.
    Snapshot(Reply<Py<EngineView>>),
    /// How the account stands.
    Standing(Reply<Standing>),
    /// The audit, for a callable that takes each part of it.
    Audit(Py<PyAny>, Reply<()>),
}

/// `barter_python.live.audit.AuditStream`: what takes an audit.
struct AuditReader(Py<PyAny>);

impl<'a, 'py> FromPyObject<'a, 'py> for AuditReader {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(object.getattr("_put")?.unbind()))
    }
}

impl PyStubType for AuditReader {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module("audit.AuditStream", "barter_python.live.audit".into())
    }
}

fn ended() -> Error {
    Error::Stream("the system has ended: it takes no commands any more".to_owned())
}

type Slot<T> = Arc<(Mutex<Option<PyResult<T>>>, Condvar)>;

/// Where the engine puts an answer. Who waits for it is told if the engine never does.
pub struct Reply<T>(Slot<T>);

impl<T> Reply<T> {
    /// Gives the answer.
    pub fn give(&self, answer: PyResult<T>) {
        let (slot, given) = &*self.0;
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        given.notify_all();
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        let (slot, given) = &*self.0;
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(Err(ended().into()));
        }
        drop(slot);
        given.notify_all();
    }
}

/// Waits for the answer; Ctrl-C ends the wait.
fn wait<T: Send>(py: Python<'_>, slot: &Slot<T>) -> PyResult<T> {
    loop {
        let answer = py.detach(|| {
            let (slot, given) = &**slot;
            let slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let (mut slot, _) = given
                .wait_timeout_while(slot, BETWEEN_SIGNALS, |answer| answer.is_none())
                .unwrap_or_else(PoisonError::into_inner);
            slot.take()
        });
        if let Some(answer) = answer {
            return answer;
        }
        py.check_signals()?;
    }
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Control>,
    /// Where the engine runs, while it does.
    engine: Option<ThreadId>,
    /// What ends the engine's wait for market events.
    nudge: Option<Nudge>,
    is_stopped: bool,
    is_aborted: bool,
    has_ended: bool,
    progress: LiveProgress,
}

impl State {
    /// Has the engine look here, whatever it waits for.
    fn nudge(&self) {
        if let Some(nudge) = &self.nudge {
            nudge.nudge();
        }
    }
}

/// What there is to say of a run that goes on.
#[derive(Clone, Copy, Default)]
pub struct LiveProgress {
    /// How many market events were processed.
    pub events: usize,
    /// The engine's time, in nanoseconds since 1970.
    pub time: i64,
    /// How far that is behind the wall clock, in nanoseconds.
    pub lag: i64,
}

/// The handle of a running system, for any thread.
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
#[derive(Default)]
pub struct SystemControls(Mutex<State>);

impl SystemControls {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine runs on this thread, and `nudge` ends its waits.
    pub fn begin(&self, nudge: Nudge) {
        let mut state = self.state();
        state.engine = Some(thread::current().id());
        state.nudge = Some(nudge);
    }

    /// The engine takes nothing any more: who waits is told.
    pub fn end(&self) {
        let mut state = self.state();
        state.has_ended = true;
        state.engine = None;
        state.nudge = None;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop(waiting);
    }

    /// What is asked for next.
    pub fn take(&self) -> Option<Control> {
        self.state().waiting.pop_front()
    }

    /// Whether the run is to end.
    pub fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    /// Whether it is to end without its policy.
    pub fn is_aborted(&self) -> bool {
        self.state().is_aborted
    }

    /// Says how far the run has come.
    pub fn report(&self, progress: LiveProgress) {
        self.state().progress = progress;
    }

    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        control: impl FnOnce(Reply<T>) -> Control,
    ) -> PyResult<T> {
        let slot = Slot::default();
        self.hand_in(control(Reply(Arc::clone(&slot))))?;
        wait(py, &slot)
    }

    fn hand_in(&self, control: Control) -> Result<(), Error> {
        let mut state = self.state();
        if state.has_ended {
            return Err(ended());
        }
        if state.engine == Some(thread::current().id()) {
            return Err(Error::Busy(
                "the strategy runs in the system that it commands: return orders, or commands from \
                 the hooks for them, instead"
                    .to_owned(),
            ));
        }
        state.waiting.push_back(control);
        state.nudge();
        Ok(())
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl SystemControls {
    #[new]
    fn __new__() -> Self {
        Self::default()
    }

    /// Has the engine process a command, and waits until it has.
    fn command(
        &self,
        py: Python<'_>,
        #[gen_stub(override_type(
            type_repr = "barter_python.engine.Command | TradingState",
            imports = ("barter_python")
        ))]
        command: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let event: Event = command.extract()?;
        check_command(&event)?;
        self.ask(py, |reply| Control::Command(event, reply))
    }

    /// A copy of the engine's state.
    fn snapshot(&self, py: Python<'_>) -> PyResult<Py<EngineView>> {
        self.ask(py, Control::Snapshot)
    }

    /// By index of the quote asset the equity and how far it is below its peak, as a share of the peak;
    /// the last refusals with their times in nanoseconds since 1970, the last first.
    fn standing(&self, py: Python<'_>) -> PyResult<Standing> {
        self.ask(py, Control::Standing)
    }

    /// Hands a snapshot of the state, and then the audit of each event, to a reader.
    fn take_audit(&self, py: Python<'_>, reader: AuditReader) -> PyResult<()> {
        self.ask(py, |reply| Control::Audit(reader.0, reply))
    }

    /// Has the run end, by its policy.
    fn stop(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        state.nudge();
    }

    /// Has the run end at once, without its policy.
    fn abort(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        state.is_aborted = true;
        state.nudge();
    }

    /// How many market events were processed, the engine's time in nanoseconds since 1970, and how far
    /// it is behind the wall clock in nanoseconds.
    fn progress(&self) -> (usize, i64, i64) {
        let LiveProgress { events, time, lag } = self.state().progress;
        (events, time, lag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        state::PyTradingState,
        streams::{Next, Overflow, Queue},
    };
    use barter::engine::state::trading::TradingState;

    const AN_HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn what_is_asked_for_ends_the_wait_of_the_engine() {
        let queue = Arc::new(Queue::new(1, Overflow::Wait));
        let controls = Arc::new(SystemControls::default());
        let engine = thread::spawn({
            let controls = Arc::clone(&controls);
            move || {
                controls.begin(Nudge::new(Arc::clone(&queue)));
                let mut commands: usize = 0;
                while !controls.is_stopped() {
                    while let Some(Control::Command(_, reply)) = controls.take() {
                        commands = commands.saturating_add(1);
                        reply.give(Ok(()));
                    }
                    if !matches!(queue.next(AN_HOUR), Next::TimedOut) {
                        break;
                    }
                }
                controls.end();
                commands
            }
        });
        let slot: Slot<()> = Slot::default();
        let event = Event::Trading(PyTradingState(TradingState::Disabled));
        let command = Control::Command(event, Reply(Arc::clone(&slot)));
        assert!(controls.hand_in(command).is_ok());
        let (answer, given) = &*slot;
        let answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = given.wait_while(answer, |answer| answer.is_none());
        assert!(matches!(answer.as_deref(), Ok(Some(Ok(())))));
        drop(answer);
        controls.stop();
        assert!(matches!(engine.join(), Ok(1)));
    }
}

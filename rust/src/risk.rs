//! Risk managers: the module `barter::risk`.

mod check;
mod drawdown;
mod limits;
mod python;
mod refusal;

pub use check::{
    CheckFailHigherThan, CheckHigherThan, calculate_abs_percent_difference, calculate_delta,
    calculate_quote_notional,
};
pub use refusal::{Refusal, Refused, Request, refused};

use crate::{
    convert::import,
    engine::{Run, State},
    rare::Rare,
    strategy::Orders,
};
use barter::{
    engine::command::Command,
    risk::{RiskApproved, RiskManager, RiskRefused},
};
use barter_execution::order::request::{OrderRequestCancel, OrderRequestOpen};
use barter_integration::collection::one_or_many::OneOrMany;
use limits::{Limits, RiskLimits};
use pyo3::{exceptions::PyTypeError, prelude::*, sync::PyOnceLock, types::PyType};
use python::PythonRisk;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// What a risk manager has said to requests.
#[derive(Default)]
pub struct Reviewed {
    cancels: Rare<OrderRequestCancel>,
    opens: Rare<OrderRequestOpen>,
    refused_cancels: Rare<RiskRefused<OrderRequestCancel>>,
    refused_opens: Rare<RiskRefused<OrderRequestOpen>>,
}

/// barter's `RiskManager` over nothing, limits, or a Python object.
#[derive(Clone, Default)]
pub enum PyRiskManager {
    /// barter's `DefaultRiskManager`: everything is approved.
    #[default]
    Default,
    /// Something that looks at each request.
    Checked(Arc<Checked>),
}

/// A risk manager with what it has to tell the driver.
pub struct Checked {
    rules: Rules,
    /// Whether one of the two below holds something.
    told: AtomicBool,
    /// barter's `check` cannot fail: the exception is kept here until the driver takes it.
    failure: Mutex<Option<PyErr>>,
    /// What the guard has refused, which barter's audit does not know of.
    refused: Mutex<Vec<Refused>>,
}

enum Rules {
    Limits(Limits),
    Python(PythonRisk),
}

impl PyRiskManager {
    /// Reads the argument `risk_manager`.
    pub fn new(object: &Bound<'_, PyAny>, run: &Arc<Run>) -> PyResult<Self> {
        static LIMITS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static DEFAULT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = object.py();
        if let Ok(class) = object.cast::<PyType>() {
            return Err(PyTypeError::new_err(format!(
                "risk_manager must be an instance, got the class {}; did you mean {0}()?",
                class.name()?
            )));
        }
        let class = |cell, name| import(py, cell, "barter_python.risk", name);
        let rules = if object.is_instance(class(&LIMITS, "RiskLimits")?)? {
            Rules::Limits(Limits::new(&object.extract::<RiskLimits>()?, &run.indexed)?)
        } else if object.get_type().is(class(&DEFAULT, "DefaultRiskManager")?) {
            return Ok(Self::Default);
        } else {
            Rules::Python(PythonRisk::new(object, run)?)
        };
        Ok(Self::Checked(Arc::new(Checked {
            rules,
            told: AtomicBool::new(false),
            failure: Mutex::new(None),
            refused: Mutex::new(Vec::new()),
        })))
    }

    /// Checks requests that barter sends unchecked, and gives those that may pass.
    pub fn guard(&self, state: &State, (cancels, opens): Orders) -> PyResult<Orders> {
        let Self::Checked(checked) = self else {
            return Ok((cancels, opens));
        };
        let reviewed = checked.rules.review(state, cancels, opens)?;
        let cancels = reviewed.refused_cancels.map(refused);
        let opens = reviewed.refused_opens.map(refused);
        checked
            .refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(cancels.chain(opens));
        checked.told.store(true, Ordering::Relaxed);
        Ok((reviewed.cancels.collect(), reviewed.opens.collect()))
    }

    /// Checks the requests of a command that barter sends unchecked; `None` when none may pass.
    ///
    /// What `ClosePositions` asks for is known only to the strategy, which guards it itself.
    pub fn guard_command(&self, state: &State, command: Command) -> PyResult<Option<Command>> {
        match command {
            Command::SendCancelRequests(requests) => {
                let requests = requests.into_iter().collect();
                let (cancels, _) = self.guard(state, (requests, Vec::new()))?;
                Ok((!cancels.is_empty())
                    .then(|| Command::SendCancelRequests(OneOrMany::from_iter(cancels))))
            }
            Command::SendOpenRequests(requests) => {
                let requests = requests.into_iter().collect();
                let (_, opens) = self.guard(state, (Vec::new(), requests))?;
                Ok((!opens.is_empty())
                    .then(|| Command::SendOpenRequests(OneOrMany::from_iter(opens))))
            }
            Command::ClosePositions(_) | Command::CancelOrders(_) => Ok(Some(command)),
        }
    }
}

impl Checked {
    /// What the guard has refused since the last call, or the exception that a check has raised.
    pub fn take_refused(&self) -> PyResult<Vec<Refused>> {
        if !self.told.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        self.told.store(false, Ordering::Relaxed);
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = failure.take() {
            return Err(failure);
        }
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut refused))
    }

    /// What barter's `check` gives: nothing where it fails.
    #[cold]
    #[inline(never)]
    fn review(
        &self,
        state: &State,
        cancels: Rare<OrderRequestCancel>,
        opens: Rare<OrderRequestOpen>,
    ) -> Reviewed {
        if cancels.is_empty() && opens.is_empty() && !self.rules.look_at_every_event() {
            return Reviewed::default();
        }
        self.rules
            .review(state, cancels.collect(), opens.collect())
            .unwrap_or_else(|error| {
                let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
                *failure = Some(error);
                self.told.store(true, Ordering::Relaxed);
                Reviewed::default()
            })
    }
}

impl Rules {
    /// Whether they have to know of events at which nothing is asked for.
    const fn look_at_every_event(&self) -> bool {
        match self {
            Self::Limits(limits) => limits.look_at_every_event(),
            Self::Python(_) => false,
        }
    }

    fn review(
        &self,
        state: &State,
        cancels: Vec<OrderRequestCancel>,
        opens: Vec<OrderRequestOpen>,
    ) -> PyResult<Reviewed> {
        match self {
            Self::Limits(limits) => Ok(limits.review(state, cancels, opens)),
            Self::Python(manager) => manager.review(state, cancels, opens),
        }
    }
}

impl RiskManager for PyRiskManager {
    type State = State;

    #[inline]
    fn check(
        &self,
        state: &State,
        cancels: impl IntoIterator<Item = OrderRequestCancel>,
        opens: impl IntoIterator<Item = OrderRequestOpen>,
    ) -> (
        impl IntoIterator<Item = RiskApproved<OrderRequestCancel>>,
        impl IntoIterator<Item = RiskApproved<OrderRequestOpen>>,
        impl IntoIterator<Item = RiskRefused<OrderRequestCancel>>,
        impl IntoIterator<Item = RiskRefused<OrderRequestOpen>>,
    ) {
        let (cancels, opens) = (Rare::from_iter(cancels), Rare::from_iter(opens));
        let Reviewed {
            cancels,
            opens,
            refused_cancels,
            refused_opens,
        } = match self {
            Self::Default => Reviewed {
                cancels,
                opens,
                ..Reviewed::default()
            },
            Self::Checked(checked) => checked.review(state, cancels, opens),
        };
        (
            cancels.map(RiskApproved::new),
            opens.map(RiskApproved::new),
            refused_cancels,
            refused_opens,
        )
    }
}

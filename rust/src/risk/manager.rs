//! barter's risk manager over limits or a Python object, and the guard over commands.

use super::{
    limits::{Limits, RiskLimits},
    python::PythonRisk,
    refused_request::{Request, of_either_kind},
};
use crate::{
    command::Orders,
    convert::import,
    sparse_iter::SparseIter,
    state::{Failure, Run, State},
};
use barter::{
    engine::command::Command,
    risk::{RiskApproved, RiskManager, RiskRefused},
};
use barter_execution::order::request::{OrderRequestCancel, OrderRequestOpen};
use barter_integration::collection::one_or_many::OneOrMany;
use pyo3::{
    PyTraverseError, PyVisit, exceptions::PyTypeError, prelude::*, sync::PyOnceLock, types::PyType,
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// What a risk manager has said to requests.
#[derive(Default)]
pub struct Reviewed {
    pub(super) cancels: SparseIter<OrderRequestCancel>,
    pub(super) opens: SparseIter<OrderRequestOpen>,
    pub(super) refused_cancels: SparseIter<RiskRefused<OrderRequestCancel>>,
    pub(super) refused_opens: SparseIter<RiskRefused<OrderRequestOpen>>,
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

/// A risk manager with the results that the driver is to take.
pub struct Checked {
    rules: Rules,
    /// barter's `check` cannot fail: the driver takes the exception from here.
    failure: Failure,
    /// Whether the guard has refused something: looked at at every event.
    has_refused: AtomicBool,
    /// What the guard has refused, which barter's audit does not know of.
    refused: Mutex<Vec<RiskRefused<Request>>>,
}

enum Rules {
    Limits(Limits),
    Python(PythonRisk),
}

impl PyRiskManager {
    /// Reads the argument `risk_manager`.
    pub fn new(object: &Bound<'_, PyAny>, run: &Arc<Run>, failure: Failure) -> PyResult<Self> {
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
            Rules::Limits(Limits::new(&object.extract::<RiskLimits>()?, run)?)
        } else if object.get_type().is(class(&DEFAULT, "DefaultRiskManager")?) {
            return Ok(Self::Default);
        } else {
            Rules::Python(PythonRisk::new(object, run)?)
        };
        Ok(Self::Checked(Arc::new(Checked {
            rules,
            failure,
            has_refused: AtomicBool::new(false),
            refused: Mutex::new(Vec::new()),
        })))
    }

    /// Whether barter has to ask it after each event, also if the strategy asks for nothing.
    #[inline]
    pub fn look_at_every_event(&self) -> bool {
        match self {
            Self::Default => false,
            Self::Checked(checked) => checked.rules.look_at_every_event(),
        }
    }

    /// Checks requests that barter sends unchecked, and gives those that may pass.
    pub fn guard(&self, state: &State, (cancels, opens): Orders) -> PyResult<Orders> {
        let Self::Checked(checked) = self else {
            return Ok((cancels, opens));
        };
        let reviewed = checked.rules.review(state, cancels, opens)?;
        let cancels = reviewed.refused_cancels.map(of_either_kind);
        let opens = reviewed.refused_opens.map(of_either_kind);
        checked
            .refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(cancels.chain(opens));
        checked.has_refused.store(true, Ordering::Relaxed);
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
    /// Whether the guard has refused something since the last call of `take_refused`.
    #[inline]
    pub fn has_refused(&self) -> bool {
        self.has_refused.load(Ordering::Relaxed)
    }

    /// The requests that the guard has refused since the last call.
    pub fn take_refused(&self) -> Vec<RiskRefused<Request>> {
        if !self.has_refused() {
            return Vec::new();
        }
        self.has_refused.store(false, Ordering::Relaxed);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut refused)
    }

    /// What barter's `check` gives: nothing where it fails.
    #[cold]
    #[inline(never)]
    fn review(
        &self,
        state: &State,
        cancels: SparseIter<OrderRequestCancel>,
        opens: SparseIter<OrderRequestOpen>,
    ) -> Reviewed {
        if cancels.is_empty() && opens.is_empty() && !self.rules.look_at_every_event() {
            return Reviewed::default();
        }
        self.rules
            .review(state, cancels.collect(), opens.collect())
            .unwrap_or_else(|error| {
                self.failure.set(error);
                Reviewed::default()
            })
    }
}

impl PyRiskManager {
    /// For `__traverse__` of the engine that owns it and `guard`, which may be the same.
    pub fn visit(&self, guard: &Self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Self::Checked(checked) = self else {
            return Ok(());
        };
        let owned = match guard {
            Self::Checked(other) if Arc::ptr_eq(checked, other) => 2,
            Self::Checked(_) | Self::Default => 1,
        };
        // Another owner may have a share of it.
        if Arc::strong_count(checked) > owned {
            return Ok(());
        }
        match &checked.rules {
            Rules::Limits(_) => Ok(()),
            Rules::Python(manager) => manager.visit(visit),
        }
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
        let (cancels, opens) = (SparseIter::from_iter(cancels), SparseIter::from_iter(opens));
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

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
pub use refusal::{Refusal, Refused, refused};

use crate::{
    convert::import,
    engine::{Run, State},
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
use std::sync::{Arc, Mutex, PoisonError};

/// What a risk manager has said to requests.
#[derive(Default)]
pub struct Reviewed {
    cancels: Vec<OrderRequestCancel>,
    opens: Vec<OrderRequestOpen>,
    refused_cancels: Vec<RiskRefused<OrderRequestCancel>>,
    refused_opens: Vec<RiskRefused<OrderRequestOpen>>,
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
            failure: Mutex::new(None),
            refused: Mutex::new(Vec::new()),
        })))
    }

    /// The exception that a check raised, if one did.
    pub fn take_failure(&self) -> Option<PyErr> {
        let Self::Checked(checked) = self else {
            return None;
        };
        let mut failure = checked
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        failure.take()
    }

    /// What the guard has refused since the last call.
    pub fn take_refused(&self) -> Vec<Refused> {
        let Self::Checked(checked) = self else {
            return Vec::new();
        };
        let mut refused = checked
            .refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut refused)
    }

    /// Checks requests that barter sends unchecked, and gives those that may pass.
    pub fn guard(&self, state: &State, (cancels, opens): Orders) -> PyResult<Orders> {
        let Self::Checked(checked) = self else {
            return Ok((cancels, opens));
        };
        let reviewed = checked.rules.review(state, cancels, opens)?;
        let cancels = reviewed.refused_cancels.into_iter().map(refused);
        let opens = reviewed.refused_opens.into_iter().map(refused);
        checked
            .refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(cancels.chain(opens));
        Ok((reviewed.cancels, reviewed.opens))
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

impl Rules {
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
        let (cancels, opens) = (cancels.into_iter().collect(), opens.into_iter().collect());
        let reviewed =
            match self {
                Self::Default => Reviewed {
                    cancels,
                    opens,
                    ..Reviewed::default()
                },
                Self::Checked(checked) => checked
                    .rules
                    .review(state, cancels, opens)
                    .unwrap_or_else(|error| {
                        let mut failure = checked
                            .failure
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner);
                        *failure = Some(error);
                        Reviewed::default()
                    }),
            };
        (
            reviewed.cancels.into_iter().map(RiskApproved::new),
            reviewed.opens.into_iter().map(RiskApproved::new),
            reviewed.refused_cancels,
            reviewed.refused_opens,
        )
    }
}

//! The script of the faults of an exchange and of its links.

use crate::{
    convert::{Length, UtcTime, extract_field, import, nanos},
    error::Error,
};
use barter_instrument::exchange::ExchangeIndex;
use pyo3::{exceptions::PyTypeError, prelude::*, sync::PyOnceLock};

/// A fault in the script of an exchange.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Start of the fault, in nanoseconds since 1970.
    pub start: i64,
    /// End of the fault (exclusive).
    pub end: i64,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// What goes wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// The client loses the connection to the exchange.
    Disconnect,
    /// The exchange refuses requests, for this reason.
    RejectRequests(String),
    /// Answers take longer, by this many nanoseconds.
    DelayAnswers(i64),
    /// Answers are delivered twice.
    DuplicateAnswers,
}

/// A change of the connection to an exchange, as its client notices it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConnectionChange {
    /// The connection is lost.
    Lost(ExchangeIndex),
    /// The connection is there again.
    Restored(ExchangeIndex),
}

/// The script of a run, and how far it has come.
#[derive(Debug, Default)]
pub struct Script {
    changes: Vec<Change>,
    next: usize,
    /// By exchange index, in the order of the script.
    faults: Vec<Vec<ScriptedFault>>,
}

#[derive(Debug)]
struct ScriptedFault {
    kind: FaultKind,
    is_in_force: bool,
}

/// A fault that begins or ends; ordered as they come.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Change {
    time: i64,
    begins: bool,
    exchange: usize,
    fault: usize,
}

impl Script {
    /// The faults of each exchange, in a run that starts at `start`. A fault that is over by then never
    /// comes to pass, and one that has begun begins with the run.
    pub fn new(faults: Vec<Vec<Fault>>, start: i64) -> Self {
        let mut script = Self::default();
        for (exchange, faults) in faults.into_iter().enumerate() {
            let to_come = faults.into_iter().filter(|fault| fault.end > start);
            let mut scripted = Vec::new();
            for (
                position,
                Fault {
                    start: from,
                    end,
                    kind,
                },
            ) in to_come.enumerate()
            {
                for (time, begins) in [(from.max(start), true), (end, false)] {
                    script.changes.push(Change {
                        time,
                        begins,
                        exchange,
                        fault: position,
                    });
                }
                scripted.push(ScriptedFault {
                    kind,
                    is_in_force: false,
                });
            }
            script.faults.push(scripted);
        }
        script.changes.sort_unstable();
        script
    }

    /// When the next fault begins or ends, in nanoseconds since 1970.
    pub fn next(&self) -> Option<i64> {
        self.changes.get(self.next).map(|change| change.time)
    }

    /// Begins or ends the next fault; the change of the connection, if the fault makes one.
    pub fn advance(&mut self) -> Result<Option<ConnectionChange>, Error> {
        let change = self.changes.get(self.next);
        let fault = change.and_then(|change| {
            let faults = self.faults.get_mut(change.exchange)?;
            faults.get_mut(change.fault)
        });
        let (Some(change), Some(fault)) = (change, fault) else {
            return Err(Error::inconsistent("there is no next fault"));
        };
        self.next = self.next.saturating_add(1);
        fault.is_in_force = change.begins;
        let exchange = ExchangeIndex(change.exchange);
        Ok(match (&fault.kind, change.begins) {
            (FaultKind::Disconnect, true) => Some(ConnectionChange::Lost(exchange)),
            (FaultKind::Disconnect, false) => Some(ConnectionChange::Restored(exchange)),
            (
                FaultKind::RejectRequests(_)
                | FaultKind::DelayAnswers(_)
                | FaultKind::DuplicateAnswers,
                _,
            ) => None,
        })
    }

    /// The faults in force, in the order of the script.
    fn in_force(&self, exchange: ExchangeIndex) -> impl Iterator<Item = &FaultKind> {
        let faults = self.faults.get(exchange.index());
        faults
            .into_iter()
            .flatten()
            .filter(|fault| fault.is_in_force)
            .map(|fault| &fault.kind)
    }

    /// Whether the client has lost the connection to the exchange.
    pub fn is_disconnected(&self, exchange: ExchangeIndex) -> bool {
        self.in_force(exchange)
            .any(|fault| *fault == FaultKind::Disconnect)
    }

    /// The reason for which requests are refused; `None` if they are accepted.
    pub fn rejects(&self, exchange: ExchangeIndex) -> Option<&str> {
        self.in_force(exchange).find_map(|fault| match fault {
            FaultKind::RejectRequests(reason) => Some(reason.as_str()),
            FaultKind::Disconnect | FaultKind::DelayAnswers(_) | FaultKind::DuplicateAnswers => {
                None
            }
        })
    }

    /// By how many nanoseconds answers take longer.
    pub fn delay(&self, exchange: ExchangeIndex) -> i64 {
        self.in_force(exchange)
            .fold(0, |sum: i64, fault| match fault {
                FaultKind::DelayAnswers(delay) => sum.saturating_add(*delay),
                FaultKind::Disconnect
                | FaultKind::RejectRequests(_)
                | FaultKind::DuplicateAnswers => sum,
            })
    }

    /// Whether answers are delivered twice.
    pub fn duplicates(&self, exchange: ExchangeIndex) -> bool {
        self.in_force(exchange)
            .any(|fault| *fault == FaultKind::DuplicateAnswers)
    }
}

/// One of the classes `Disconnect`, `RejectRequests`, `DelayAnswers` and `DuplicateAnswers`.
impl<'a, 'py> FromPyObject<'a, 'py> for FaultKind {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        static DISCONNECT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static REJECT_REQUESTS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static DELAY_ANSWERS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static DUPLICATE_ANSWERS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let is_a = |class: &'static PyOnceLock<Py<PyAny>>, name: &str| {
            object.is_instance(import(object.py(), class, "barter_python.exchange", name)?)
        };
        if is_a(&DISCONNECT, "Disconnect")? {
            Ok(Self::Disconnect)
        } else if is_a(&REJECT_REQUESTS, "RejectRequests")? {
            Ok(Self::RejectRequests(extract_field(&object, "reason")?))
        } else if is_a(&DELAY_ANSWERS, "DelayAnswers")? {
            let delay: Length = extract_field(&object, "delay")?;
            Ok(Self::DelayAnswers(delay.nanos()?))
        } else if is_a(&DUPLICATE_ANSWERS, "DuplicateAnswers")? {
            Ok(Self::DuplicateAnswers)
        } else {
            Err(PyTypeError::new_err(format!(
                "expected a Disconnect, RejectRequests, DelayAnswers or DuplicateAnswers, got {}",
                object.get_type().name()?
            )))
        }
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Fault {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let kind = object.extract()?;
        let UtcTime(start) = extract_field(&object, "start")?;
        let duration: Length = extract_field(&object, "duration")?;
        let start = nanos(start)?;
        Ok(Self {
            start,
            end: start.saturating_add(duration.nanos()?),
            kind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(start: i64, end: i64, kind: FaultKind) -> Fault {
        Fault { start, end, kind }
    }

    #[test]
    fn faults_begin_and_end_in_their_order() {
        let (first, second) = (ExchangeIndex(0), ExchangeIndex(1));
        let mut script = Script::new(
            vec![
                vec![
                    fault(5, 9, FaultKind::DelayAnswers(1)),
                    fault(9, 12, FaultKind::Disconnect),
                    fault(5, 20, FaultKind::DelayAnswers(2)),
                    fault(0, 3, FaultKind::DuplicateAnswers),
                    fault(0, 4, FaultKind::RejectRequests("shut".to_owned())),
                ],
                vec![fault(1, 9, FaultKind::Disconnect)],
            ],
            3,
        );
        assert_eq!(script.next(), Some(3));
        assert_eq!(script.advance().unwrap(), None);
        assert_eq!(script.rejects(first), Some("shut"));
        assert!(!script.duplicates(first));
        assert_eq!(script.next(), Some(3));
        assert_eq!(
            script.advance().unwrap(),
            Some(ConnectionChange::Lost(second))
        );
        assert!(script.is_disconnected(second) && !script.is_disconnected(first));
        let mut changes = Vec::new();
        while let Some(time) = script.next() {
            changes.push((time, script.advance().unwrap(), script.delay(first)));
        }
        assert_eq!(
            changes,
            [
                (4, None, 0),
                (5, None, 1),
                (5, None, 3),
                // Ends come before beginnings.
                (9, None, 2),
                (9, Some(ConnectionChange::Restored(second)), 2),
                (9, Some(ConnectionChange::Lost(first)), 2),
                (12, Some(ConnectionChange::Restored(first)), 2),
                (20, None, 0),
            ]
        );
        assert_eq!(script.rejects(first), None);
    }
}

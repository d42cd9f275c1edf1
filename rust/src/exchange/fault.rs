//! The script of what goes wrong with an exchange.

use super::duration_nanos;
use crate::convert::{UtcTime, nanos};
use barter_instrument::exchange::ExchangeIndex;
use chrono::TimeDelta;
use pyo3::{exceptions::PyValueError, prelude::*};

/// What goes wrong, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// From when, in nanoseconds since 1970.
    pub start: i64,
    /// Until when, and without it.
    pub end: i64,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// What goes wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// The client has lost the exchange.
    Disconnect,
    /// The exchange refuses requests, for this reason.
    RejectRequests(String),
    /// What the exchange tells takes longer, by so many nanoseconds.
    DelayAnswers(i64),
    /// What the exchange tells comes twice.
    DuplicateAnswers,
}

/// What the client notices when a fault begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Noticed {
    /// The exchange is lost.
    Lost(ExchangeIndex),
    /// The exchange is back.
    Back(ExchangeIndex),
    /// Nothing as yet.
    Nothing,
}

/// Where the script of a run stands.
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
    /// The faults of each exchange, in a run that starts at `start`. What is over then never comes to
    /// pass, and what has begun begins with the run.
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

    /// Lets the next fault begin or end.
    pub fn advance(&mut self) -> Noticed {
        let Some(change) = self.changes.get(self.next) else {
            return Noticed::Nothing;
        };
        self.next = self.next.saturating_add(1);
        let faults = self.faults.get_mut(change.exchange);
        let Some(fault) = faults.and_then(|faults| faults.get_mut(change.fault)) else {
            return Noticed::Nothing;
        };
        fault.is_in_force = change.begins;
        let exchange = ExchangeIndex(change.exchange);
        match (&fault.kind, change.begins) {
            (FaultKind::Disconnect, true) => Noticed::Lost(exchange),
            (FaultKind::Disconnect, false) => Noticed::Back(exchange),
            (
                FaultKind::RejectRequests(_)
                | FaultKind::DelayAnswers(_)
                | FaultKind::DuplicateAnswers,
                _,
            ) => Noticed::Nothing,
        }
    }

    /// What is in force, in the order of the script.
    fn in_force(&self, exchange: ExchangeIndex) -> impl Iterator<Item = &FaultKind> {
        let faults = self.faults.get(exchange.index());
        faults
            .into_iter()
            .flatten()
            .filter(|fault| fault.is_in_force)
            .map(|fault| &fault.kind)
    }

    /// Whether the exchange is lost.
    pub fn is_disconnected(&self, exchange: ExchangeIndex) -> bool {
        self.in_force(exchange)
            .any(|fault| *fault == FaultKind::Disconnect)
    }

    /// Why requests are refused, where they are.
    pub fn rejects(&self, exchange: ExchangeIndex) -> Option<&str> {
        self.in_force(exchange).find_map(|fault| match fault {
            FaultKind::RejectRequests(reason) => Some(reason.as_str()),
            FaultKind::Disconnect | FaultKind::DelayAnswers(_) | FaultKind::DuplicateAnswers => {
                None
            }
        })
    }

    /// By how many nanoseconds what is told takes longer.
    pub fn delay(&self, exchange: ExchangeIndex) -> i64 {
        self.in_force(exchange)
            .fold(0, |sum: i64, fault| match fault {
                FaultKind::DelayAnswers(delay) => sum.saturating_add(*delay),
                FaultKind::Disconnect
                | FaultKind::RejectRequests(_)
                | FaultKind::DuplicateAnswers => sum,
            })
    }

    /// Whether what is told comes twice.
    pub fn duplicates(&self, exchange: ExchangeIndex) -> bool {
        self.in_force(exchange)
            .any(|fault| *fault == FaultKind::DuplicateAnswers)
    }
}

/// Told apart by the name of their kind.
#[derive(FromPyObject)]
struct FaultConfig {
    start: UtcTime,
    duration: TimeDelta,
    #[pyo3(attribute("_kind"))]
    kind: String,
    #[pyo3(attribute("_reason"))]
    reason: String,
    #[pyo3(attribute("_delay"))]
    delay: TimeDelta,
}

impl<'a, 'py> FromPyObject<'a, 'py> for Fault {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let FaultConfig {
            start,
            duration,
            kind,
            reason,
            delay,
        } = object.extract()?;
        let start = nanos(start.0)?;
        let kind = match kind.as_str() {
            "disconnect" => FaultKind::Disconnect,
            "reject_requests" => FaultKind::RejectRequests(reason),
            "delay_answers" => FaultKind::DelayAnswers(duration_nanos(delay)?),
            "duplicate_answers" => FaultKind::DuplicateAnswers,
            other => {
                return Err(PyValueError::new_err(format!(
                    "there is no fault {other:?}"
                )));
            }
        };
        Ok(Self {
            start,
            end: start.saturating_add(duration_nanos(duration)?),
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
        assert_eq!(script.advance(), Noticed::Nothing);
        assert_eq!(script.rejects(first), Some("shut"));
        assert!(!script.duplicates(first));
        assert_eq!(script.next(), Some(3));
        assert_eq!(script.advance(), Noticed::Lost(second));
        assert!(script.is_disconnected(second) && !script.is_disconnected(first));
        let mut noticed = Vec::new();
        while let Some(time) = script.next() {
            noticed.push((time, script.advance(), script.delay(first)));
        }
        assert_eq!(
            noticed,
            [
                (4, Noticed::Nothing, 0),
                (5, Noticed::Nothing, 1),
                (5, Noticed::Nothing, 3),
                // What ends comes before what begins.
                (9, Noticed::Nothing, 2),
                (9, Noticed::Back(second), 2),
                (9, Noticed::Lost(first), 2),
                (12, Noticed::Back(first), 2),
                (20, Noticed::Nothing, 0),
            ]
        );
        assert_eq!(script.rejects(first), None);
    }
}

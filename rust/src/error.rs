//! The one table from what goes wrong here, and in barter, to the classes of `barter_python.errors`.

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use std::{borrow::Cow, path::PathBuf};

/// Everything that the native module raises, besides `TypeError` and `ValueError` for single arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// A configuration that contradicts itself, or that barter would misread.
    Config(String),
    /// Market data that cannot be read or used.
    MarketData(String),
    /// A line of a file of market data that cannot be read.
    MarketDataLine {
        /// The file.
        path: PathBuf,
        /// Line number, from one.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A name or an index that stands for nothing.
    UnknownKey(String),
    /// An order that must not reach the engine.
    Order(String),
    /// An event of an account that must not reach the engine.
    AccountEvent(String),
    /// A view used where it is not valid.
    View(Cow<'static, str>),
    /// A strategy that is already in a run.
    Busy(String),
    /// An audit tick that does not follow the one before.
    AuditOrder(String),
    /// barter panicked: the state of the engine is unknown.
    Poisoned(String),
}

impl Error {
    const fn class(&self) -> &'static str {
        match self {
            Self::Config(_) => "ConfigError",
            Self::MarketData(_) | Self::MarketDataLine { .. } => "MarketDataError",
            Self::UnknownKey(_) => "UnknownKeyError",
            Self::Order(_) => "OrderRequestError",
            Self::AccountEvent(_) => "AccountEventError",
            Self::View(_) => "ViewError",
            Self::Busy(_) => "StrategyBusyError",
            Self::AuditOrder(_) => "AuditOrderError",
            Self::Poisoned(_) => "EnginePoisonedError",
        }
    }
}

impl Error {
    /// What a panic of barter becomes.
    pub fn panicked(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Self::Poisoned(format!("barter panicked and cannot go on: {text}"))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Config(text)
            | Self::MarketData(text)
            | Self::UnknownKey(text)
            | Self::Order(text)
            | Self::AccountEvent(text)
            | Self::Busy(text)
            | Self::AuditOrder(text)
            | Self::Poisoned(text) => f.write_str(text),
            Self::MarketDataLine { path, line, reason } => {
                write!(f, "{}, line {line}: {reason}", path.display())
            }
            Self::View(text) => f.write_str(text),
        }
    }
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        Python::attach(|py| {
            let raised = py
                .import("barter_python.errors")
                .and_then(|module| module.getattr(error.class()))
                .and_then(|class| class.call1((error.to_string(),)));
            match raised {
                Ok(exception) => Self::from_value(exception),
                Err(failure) => {
                    let fallback = PyRuntimeError::new_err(error.to_string());
                    fallback.set_cause(py, Some(failure));
                    fallback
                }
            }
        })
    }
}

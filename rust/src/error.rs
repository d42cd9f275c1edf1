//! The one table from what goes wrong here, and in barter, to the classes of `barter_python.errors`.

use barter_execution::order::OrderKey;
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyDict};
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

/// Everything that the native module raises, besides `TypeError` and `ValueError` for single arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// A configuration that contradicts itself, or that barter would misread.
    Config {
        /// The whole message.
        text: String,
        /// The part of the configuration, where it is known.
        place: Option<&'static str>,
    },
    /// Market data that cannot be read or used.
    MarketData {
        /// The whole message.
        text: String,
        /// The file, where the data came from one.
        path: Option<PathBuf>,
        /// Line number in the file, from one.
        line: Option<usize>,
        /// The message without the place.
        reason: String,
    },
    /// A name or an index that stands for nothing.
    UnknownKey {
        /// The whole message.
        text: String,
        /// What was looked up.
        kind: KeyKind,
        /// The name or index that was looked up.
        key: Key,
    },
    /// An order that must not reach the engine.
    Order {
        /// The whole message.
        text: String,
        /// Client order id and instrument, where the error is about one order.
        order: Option<(String, usize)>,
        /// The message without the place and the order.
        reason: String,
    },
    /// An event of an account that must not reach the engine.
    AccountEvent(String),
    /// A view used where it is not valid.
    View(Cow<'static, str>),
    /// A strategy that is already in a run.
    Busy(String),
    /// An audit tick that does not follow the one before.
    AuditOrder(String),
    /// A connection that could not be opened, or streams that have ended.
    Stream(String),
    /// A compiled strategy that has failed.
    Compiled {
        /// The whole message.
        text: String,
        /// The name of its function.
        function: String,
        /// The name of the instrument of the event.
        instrument: String,
    },
    /// barter panicked: the state of the engine is unknown.
    Poisoned(String),
}

impl Error {
    const fn class(&self) -> &'static str {
        match self {
            Self::Config { .. } => "ConfigError",
            Self::MarketData { .. } => "MarketDataError",
            Self::UnknownKey { .. } => "UnknownKeyError",
            Self::Order { .. } => "OrderRequestError",
            Self::AccountEvent(_) => "AccountEventError",
            Self::View(_) => "ViewError",
            Self::Busy(_) => "StrategyBusyError",
            Self::AuditOrder(_) => "AuditOrderError",
            Self::Stream(_) => "StreamError",
            Self::Compiled { .. } => "CompiledStrategyError",
            Self::Poisoned(_) => "EnginePoisonedError",
        }
    }
}

/// What an unknown name or index was to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyKind {
    /// An exchange.
    Exchange,
    /// An asset of an exchange.
    Asset,
    /// An instrument.
    Instrument,
}

impl KeyKind {
    /// Its name in messages, and the error's `kind`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Asset => "asset",
            Self::Instrument => "instrument",
        }
    }
}

/// A name or an index that was looked up.
#[derive(Clone, PartialEq, Eq, Debug, IntoPyObject)]
pub enum Key {
    /// By index.
    Index(usize),
    /// By name.
    Name(String),
}

impl From<usize> for Key {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl Error {
    /// A configuration that is wrong as a whole.
    pub const fn config(text: String) -> Self {
        Self::Config { text, place: None }
    }

    /// A configuration that is wrong at `place`.
    pub fn config_at(place: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Config {
            text: format!("{place}: {reason}"),
            place: Some(place),
        }
    }

    /// Market data of no file.
    pub fn market_data(reason: String) -> Self {
        Self::MarketData {
            text: reason.clone(),
            path: None,
            line: None,
            reason,
        }
    }

    /// The same error of market data, with the place before its message.
    #[must_use]
    pub fn at(self, place: &str) -> Self {
        match self {
            Self::MarketData {
                text,
                path,
                line,
                reason,
            } => Self::MarketData {
                text: format!("{place}: {text}"),
                path,
                line,
                reason,
            },
            other => other,
        }
    }

    /// Market data of `path`, at `place` there (empty for the whole).
    pub fn market_data_of(path: Option<&Path>, place: &str, reason: String) -> Self {
        Self::MarketData {
            text: format!("{place}: {reason}"),
            path: path.map(Path::to_owned),
            line: None,
            reason,
        }
    }

    /// A key that stands for nothing.
    pub fn unknown(kind: KeyKind, key: impl Into<Key>, text: String) -> Self {
        Self::UnknownKey {
            text,
            kind,
            key: key.into(),
        }
    }

    /// Orders of which none is to blame alone.
    pub fn orders(text: String) -> Self {
        Self::Order {
            reason: text.clone(),
            text,
            order: None,
        }
    }

    /// One order; `text` is the whole message.
    pub fn order(key: &OrderKey, text: String, reason: String) -> Self {
        Self::Order {
            text,
            order: Some((key.cid.0.to_string(), key.instrument.index())),
            reason,
        }
    }

    /// A compiled strategy's function that has failed at an event of the instrument.
    pub fn compiled(function: &str, instrument: &str, reason: impl std::fmt::Display) -> Self {
        Self::Compiled {
            text: format!("{function} failed at an event of {instrument}: {reason}"),
            function: function.to_owned(),
            instrument: instrument.to_owned(),
        }
    }

    /// The attributes that the exception has besides its message.
    fn attributes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let attributes = PyDict::new(py);
        match self {
            Self::Config { text: _, place } => attributes.set_item("place", place)?,
            Self::MarketData {
                text: _,
                path,
                line,
                reason,
            } => {
                attributes.set_item("path", path.as_deref())?;
                attributes.set_item("line", line)?;
                attributes.set_item("reason", reason)?;
            }
            Self::UnknownKey { text: _, kind, key } => {
                attributes.set_item("kind", kind.as_str())?;
                attributes.set_item("key", key.clone())?;
            }
            Self::Order {
                text: _,
                order,
                reason,
            } => {
                let (cid, instrument) = order.as_ref().map(|(cid, index)| (cid, index)).unzip();
                attributes.set_item("cid", cid)?;
                attributes.set_item("instrument", instrument)?;
                attributes.set_item("reason", reason)?;
            }
            Self::Compiled {
                text: _,
                function,
                instrument,
            } => {
                attributes.set_item("function", function)?;
                attributes.set_item("instrument", instrument)?;
            }
            Self::AccountEvent(_)
            | Self::View(_)
            | Self::Busy(_)
            | Self::AuditOrder(_)
            | Self::Stream(_)
            | Self::Poisoned(_) => {}
        }
        Ok(attributes)
    }

    /// What a panic of barter becomes.
    pub fn panicked(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Self::Poisoned(format!("barter panicked and cannot go on: {text}"))
    }

    /// A contradiction in our own data, which only a bug in this package can bring about.
    pub fn inconsistent(contradiction: impl Into<String>) -> Self {
        Self::Poisoned(format!(
            "this is a bug in barter_python, and the run cannot go on: {}",
            contradiction.into()
        ))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Config { text, .. }
            | Self::MarketData { text, .. }
            | Self::UnknownKey { text, .. }
            | Self::Order { text, .. }
            | Self::Compiled { text, .. }
            | Self::AccountEvent(text)
            | Self::Busy(text)
            | Self::AuditOrder(text)
            | Self::Stream(text)
            | Self::Poisoned(text) => f.write_str(text),
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
                .and_then(|class| {
                    let attributes = error.attributes(py)?;
                    class.call((error.to_string(),), Some(&attributes))
                });
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

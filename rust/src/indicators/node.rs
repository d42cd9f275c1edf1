//! What a strategy asks the engine to compute, as `barter_python.indicators` writes it.

use crate::convert::{import, shown};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    intern,
    prelude::*,
    sync::PyOnceLock,
};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use serde::{Deserialize, Serialize};

/// Where the samples of an indicator come from.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Mid,
    BestBid,
    BestAsk,
    Trade,
    TradeAmount,
    Open,
    High,
    Low,
    Close,
    Volume,
}

/// A price of a bar, written as a node of its own.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum BarPrice {
    Source(Source),
}

/// When a bar of trades is complete.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Bars {
    TickBars { trades: usize },
    VolumeBars { volume: f64 },
}

/// An indicator or a condition; the variants are the classes of the Python layer, with their fields.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Node {
    Source(Source),
    Number { value: f64 },
    Bar { bars: Bars, price: BarPrice },
    Ema { source: Box<Node>, period: usize },
    Sma { source: Box<Node>, period: usize },
    Minimum { source: Box<Node>, period: usize },
    Maximum { source: Box<Node>, period: usize },
    Deviation { source: Box<Node>, period: usize },
    ZScore { source: Box<Node>, period: usize },
    Return { source: Box<Node>, period: usize },
    Rsi { source: Box<Node>, period: usize },
    Atr { period: usize, bars: Option<Bars> },
    Vwap { period: usize },
    Imbalance { levels: usize },
    Crosses { first: Box<Node>, second: Box<Node> },
    CrossesAbove { first: Box<Node>, second: Box<Node> },
    CrossesBelow { first: Box<Node>, second: Box<Node> },
    Changes { source: Box<Node> },
    Events {},
    Trades {},
    Quotes {},
    Candles {},
    Fills {},
    Every { interval: i64 },
    Instruments { instruments: Vec<usize> },
    AnyOf { conditions: Vec<Node> },
    AllOf { conditions: Vec<Node> },
    Computed { source: Box<Node> },
}

impl Node {
    /// Reads the text that the Python layer gives.
    pub fn read(text: &str) -> PyResult<Self> {
        serde_json::from_str(text)
            .map_err(|error| PyValueError::new_err(format!("not an indicator: {error}")))
    }

    /// The instruments that it names, wherever in it.
    pub fn instruments(&self) -> Vec<usize> {
        match self {
            Self::Instruments { instruments } => instruments.clone(),
            Self::AnyOf { conditions } | Self::AllOf { conditions } => {
                conditions.iter().flat_map(Self::instruments).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A node as its text, which the Python layer makes once.
pub struct NodeText(pub String);

impl<'a, 'py> FromPyObject<'a, 'py> for NodeText {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = import(object.py(), &CLASS, "barter_python.indicators", "Node")?;
        if !object.is_instance(class)? {
            return Err(PyTypeError::new_err(format!(
                "expected an indicator or a condition of barter_python.indicators, got {} {}",
                object.get_type().name()?,
                shown(&object)?
            )));
        }
        Ok(Self(
            object.getattr(intern!(object.py(), "_text"))?.extract()?,
        ))
    }
}

impl PyStubType for NodeText {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module("indicators.Node", "barter_python.indicators".into())
    }
}

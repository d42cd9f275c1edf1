//! What a live run has beside the options of a backtest.

use crate::convert::{Dec, extract_field};
use pyo3::prelude::*;
use pyo3_stub_gen::{PyStubType, TypeInfo};
use std::path::PathBuf;

/// `barter_python.live.policy.LiveOptions`.
pub struct LiveOptions {
    /// How long the run may go on, in nanoseconds.
    pub duration: Option<i64>,
    /// Where its record goes, and the first line of it.
    pub record: Option<(PathBuf, String)>,
    pub shutdown: ShutdownPolicy,
    pub kill_switch: KillSwitchLimits,
}

/// What happens to orders and positions at the end.
pub struct ShutdownPolicy {
    pub cancel_orders: bool,
    pub close_positions: bool,
    /// How long the answers may take, in nanoseconds.
    pub timeout: i64,
}

/// What trips the kill switch.
#[derive(Clone, Copy)]
pub struct KillSwitchLimits {
    /// A fall of the equity, as a share of its peak.
    pub max_drawdown: Option<Dec>,
    /// How long no market event may come, in nanoseconds.
    pub max_silence: Option<i64>,
    /// How far the engine may be behind the wall clock, in nanoseconds.
    pub max_lag: Option<i64>,
    /// How many orders may be refused without one that is accepted between them.
    pub max_rejections: Option<u32>,
    /// Whether it cancels the open orders.
    pub cancel_orders: bool,
}

impl<'a, 'py> FromPyObject<'a, 'py> for LiveOptions {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let record: Option<PathBuf> = extract_field(&object, "record")?;
        let session: String = extract_field(&object, "session")?;
        Ok(Self {
            duration: extract_field(&object, "duration_ns")?,
            record: record.map(|path| (path, session)),
            shutdown: ShutdownPolicy {
                cancel_orders: extract_field(&object, "shutdown_cancel_orders")?,
                close_positions: extract_field(&object, "shutdown_close_positions")?,
                timeout: extract_field(&object, "shutdown_timeout_ns")?,
            },
            kill_switch: KillSwitchLimits {
                max_drawdown: extract_field(&object, "max_drawdown")?,
                max_silence: extract_field(&object, "max_silence_ns")?,
                max_lag: extract_field(&object, "max_lag_ns")?,
                max_rejections: extract_field(&object, "max_rejections")?,
                cancel_orders: extract_field(&object, "kill_cancel_orders")?,
            },
        })
    }
}

impl PyStubType for LiveOptions {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module("policy.LiveOptions", "barter_python.live.policy".into())
    }
}

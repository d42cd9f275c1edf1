//! Drawdowns: the module `barter::statistic::metric::drawdown`.

use crate::convert::{Dec, UtcTime, nanos, record};
use barter::statistic::metric::drawdown;
use chrono::TimeDelta;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use serde::Serialize;

record! {
    /// A fall from a peak (`barter::statistic::metric::drawdown::Drawdown`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import Drawdown
    /// >>> fall = Drawdown(1, "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
    /// >>> fall.value, fall.time_end - fall.time_start
    /// (Decimal('1'), datetime.timedelta(days=1))
    #[derive(Serialize)]
    pub struct Drawdown {
        /// Depth, as a fraction of the peak.
        value: Dec,
        /// When the peak was, in UTC.
        time_start: UtcTime,
        /// When it ended, or was last looked at, in UTC.
        time_end: UtcTime,
    }
}

impl From<drawdown::Drawdown> for Drawdown {
    fn from(drawdown: drawdown::Drawdown) -> Self {
        let drawdown::Drawdown {
            value,
            time_start,
            time_end,
        } = drawdown;
        Self {
            value: Dec(value),
            time_start: UtcTime(time_start),
            time_end: UtcTime(time_end),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Drawdown {
    /// `time_start` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_start_ns(&self) -> PyResult<i64> {
        nanos(self.time_start.0)
    }

    /// `time_end` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_end_ns(&self) -> PyResult<i64> {
        nanos(self.time_end.0)
    }

    /// Its length.
    #[getter]
    fn duration(&self) -> TimeDelta {
        drawdown::Drawdown::from(self.clone()).duration()
    }
}

record! {
    /// The mean of several drawdowns (`barter::statistic::metric::drawdown::mean::MeanDrawdown`).
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.statistic import MeanDrawdown
    /// >>> MeanDrawdown(mean_drawdown=Decimal("0.1"), mean_drawdown_ms=60_000).mean_drawdown
    /// Decimal('0.1')
    #[derive(Serialize)]
    #[signature(*, mean_drawdown, mean_drawdown_ms)]
    pub struct MeanDrawdown {
        /// Mean depth, as a fraction of the peak.
        mean_drawdown: Dec,
        /// Mean duration, in milliseconds.
        mean_drawdown_ms: i64,
    }
}

impl From<Drawdown> for drawdown::Drawdown {
    fn from(drawdown: Drawdown) -> Self {
        Self {
            value: drawdown.value.0,
            time_start: drawdown.time_start.0,
            time_end: drawdown.time_end.0,
        }
    }
}

impl From<drawdown::mean::MeanDrawdown> for MeanDrawdown {
    fn from(mean: drawdown::mean::MeanDrawdown) -> Self {
        let drawdown::mean::MeanDrawdown {
            mean_drawdown,
            mean_drawdown_ms,
        } = mean;
        Self {
            mean_drawdown: Dec(mean_drawdown),
            mean_drawdown_ms,
        }
    }
}

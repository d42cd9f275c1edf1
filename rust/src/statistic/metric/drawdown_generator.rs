//! Generators of drawdowns, which take values one after the other.

use super::{Drawdown, MeanDrawdown};
use crate::{
    convert::{Dec, UtcTime, named_argument, nanos, record_repr},
    statistic::guard::{Held, pickled_as_json, too_large},
};
use barter::{
    Timed,
    statistic::metric::drawdown::{self, max, mean},
};
use chrono::TimeDelta;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use serde::{Deserialize, Serialize};

named_argument! {
    value: Dec,
    time: UtcTime,
}

/// Finds drawdowns in a run of values (`barter::statistic::metric::drawdown::DrawdownGenerator`).
///
/// A fall is measured as a fraction of its peak, so barter sees none below a peak that is zero or less.
///
/// Examples
/// --------
/// >>> from barter_python.statistic import DrawdownGenerator
/// >>> generator = DrawdownGenerator.init(100, "2024-01-01T00:00:00Z")
/// >>> generator.update(80, "2024-01-02T00:00:00Z")
/// >>> generator.generate().value
/// Decimal('0.20')
/// >>> generator.update(110, "2024-01-03T00:00:00Z").duration.days
/// 2
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct DrawdownGenerator(Held<drawdown::DrawdownGenerator>);

#[gen_stub_pymethods]
#[pymethods]
impl DrawdownGenerator {
    /// A generator without a value.
    #[staticmethod]
    fn default() -> Self {
        Self(Held::default())
    }

    /// A generator with its first value.
    ///
    /// Parameters
    /// ----------
    /// value : Decimal or int
    ///     The first peak.
    /// time : datetime or int or str
    ///     Time of the value: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
    #[staticmethod]
    fn init(
        #[pyo3(from_py_with = value)] value: Dec,
        #[pyo3(from_py_with = time)] time: UtcTime,
    ) -> Self {
        let point = Timed::new(value.0, time.0);
        Self(Held::new(drawdown::DrawdownGenerator::init(point)))
    }

    /// Takes the next value; gives the drawdown that it ends by rising above the peak.
    ///
    /// Parameters
    /// ----------
    /// value : Decimal or int
    ///     The next value.
    /// time : datetime or int or str
    ///     Time of the value: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the fall from the peak does not fit; the generator is unchanged then.
    fn update(
        &self,
        #[pyo3(from_py_with = value)] value: Dec,
        #[pyo3(from_py_with = time)] time: UtcTime,
    ) -> PyResult<Option<Drawdown>> {
        let mut generator = self.0.lock();
        if let Some(peak) = generator.peak
            && value.0 <= peak
            && peak.checked_sub(value.0).is_none()
        {
            let arguments = [("peak", peak), ("value", value.0)];
            return Err(too_large("the fall from the peak", &arguments));
        }
        Ok(generator
            .update(Timed::new(value.0, time.0))
            .map(Into::into))
    }

    /// The drawdown that is not over; `None` at the peak. Nothing changes.
    fn generate(&self) -> Option<Drawdown> {
        self.0.get().generate().map(Into::into)
    }

    /// The greatest value so far.
    #[getter]
    fn peak(&self) -> Option<Dec> {
        self.0.lock().peak.map(Dec)
    }

    /// The deepest fall since the peak, as a fraction of it.
    #[getter]
    fn drawdown_max(&self) -> Dec {
        Dec(self.0.lock().drawdown_max)
    }

    /// When the peak was, in UTC.
    #[getter]
    fn time_peak(&self) -> Option<UtcTime> {
        self.0.lock().time_peak.map(UtcTime)
    }

    /// `time_peak` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_peak_ns(&self) -> PyResult<Option<i64>> {
        self.0.get().time_peak.map(nanos).transpose()
    }

    /// When the last value was, in UTC; 1970 without any.
    #[getter]
    fn time_now(&self) -> UtcTime {
        UtcTime(self.0.lock().time_now)
    }

    /// `time_now` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_now_ns(&self) -> PyResult<i64> {
        nanos(self.0.get().time_now)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["peak", "drawdown_max", "time_peak", "time_now"];
        record_repr(slf.as_any(), &fields)
    }
}

pickled_as_json!(DrawdownGenerator);

/// Keeps the deepest of drawdowns (`barter::statistic::metric::drawdown::max::MaxDrawdownGenerator`).
///
/// Examples
/// --------
/// >>> from decimal import Decimal
/// >>> from barter_python.statistic import Drawdown, MaxDrawdownGenerator
/// >>> generator = MaxDrawdownGenerator.init(Drawdown(Decimal("0.1"), 0, 1_000_000))
/// >>> generator.update(Drawdown(Decimal("0.05"), 2_000_000, 3_000_000))
/// >>> generator.generate().value
/// Decimal('0.1')
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct MaxDrawdownGenerator(Held<max::MaxDrawdownGenerator>);

#[gen_stub_pymethods]
#[pymethods]
impl MaxDrawdownGenerator {
    /// A generator without a drawdown.
    #[staticmethod]
    fn default() -> Self {
        Self(Held::default())
    }

    /// A generator with its first drawdown.
    #[staticmethod]
    fn init(drawdown: Drawdown) -> Self {
        let generator = max::MaxDrawdownGenerator::init(drawdown.into());
        Self(Held::new(generator))
    }

    /// The deepest drawdown so far. Nothing changes.
    fn generate(&self) -> Option<Drawdown> {
        self.0.lock().generate().map(|max| max.0.into())
    }

    /// Takes the next drawdown.
    fn update(&self, next_drawdown: Drawdown) {
        self.0.lock().update(&next_drawdown.into());
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let max = slf.get().generate().into_pyobject(slf.py())?;
        Ok(format!("MaxDrawdownGenerator(max={})", max.repr()?))
    }
}

pickled_as_json!(MaxDrawdownGenerator);

/// barter's generator, and the exact sum of the durations that it rounds.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Mean {
    barter: mean::MeanDrawdownGenerator,
    duration_ns: i128,
}

impl Mean {
    fn update(&mut self, drawdown: &drawdown::Drawdown) {
        self.barter.update(drawdown);
        self.duration_ns = self
            .duration_ns
            .saturating_add(nanoseconds(drawdown.duration()));
    }
}

fn nanoseconds(duration: TimeDelta) -> i128 {
    i128::from(duration.num_seconds())
        .saturating_mul(1_000_000_000)
        .saturating_add(duration.subsec_nanos().into())
}

/// Keeps the mean of drawdowns (`barter::statistic::metric::drawdown::mean::MeanDrawdownGenerator`).
///
/// barter rounds the mean duration to whole milliseconds at every step, so that it may drift:
/// `mean_duration` is exact.
///
/// Examples
/// --------
/// >>> from decimal import Decimal
/// >>> from barter_python.statistic import Drawdown, MeanDrawdownGenerator
/// >>> generator = MeanDrawdownGenerator.init(Drawdown(Decimal("0.1"), 0, 1_000_000))
/// >>> generator.update(Drawdown(Decimal("0.05"), 2_000_000, 4_000_000))
/// >>> generator.generate()
/// MeanDrawdown(mean_drawdown=Decimal('0.0750'), mean_drawdown_ms=1)
/// >>> generator.mean_duration
/// datetime.timedelta(microseconds=1500)
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct MeanDrawdownGenerator(Held<Mean>);

#[gen_stub_pymethods]
#[pymethods]
impl MeanDrawdownGenerator {
    /// A generator without a drawdown.
    #[staticmethod]
    fn default() -> Self {
        Self(Held::default())
    }

    /// A generator with its first drawdown.
    #[staticmethod]
    fn init(drawdown: Drawdown) -> Self {
        let drawdown = drawdown::Drawdown::from(drawdown);
        Self(Held::new(Mean {
            duration_ns: nanoseconds(drawdown.duration()),
            barter: mean::MeanDrawdownGenerator::init(drawdown),
        }))
    }

    /// The mean so far. Nothing changes.
    fn generate(&self) -> Option<MeanDrawdown> {
        self.0.lock().barter.generate().map(Into::into)
    }

    /// Takes the next drawdown.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the distance from the mean does not fit; the generator is unchanged then.
    fn update(&self, next_drawdown: Drawdown) -> PyResult<()> {
        let value = next_drawdown.value.0;
        self.0.change(
            || format!("next_drawdown: {value} is too far from the mean to fit"),
            |generator| generator.update(&next_drawdown.into()),
        )
    }

    /// How many drawdowns there were.
    #[getter]
    fn count(&self) -> u64 {
        self.0.lock().barter.count
    }

    /// The mean duration, exact to the microsecond below; `None` without a drawdown.
    #[getter]
    fn mean_duration(&self) -> Option<TimeDelta> {
        let Mean {
            barter,
            duration_ns,
        } = self.0.get();
        let microseconds = duration_ns
            .div_euclid(1000)
            .checked_div_euclid(barter.count.into())?;
        i64::try_from(microseconds)
            .ok()
            .map(TimeDelta::microseconds)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let mean = slf.get().generate().into_pyobject(slf.py())?;
        let count = slf.get().count();
        Ok(format!(
            "MeanDrawdownGenerator(count={count}, mean_drawdown={})",
            mean.repr()?
        ))
    }
}

pickled_as_json!(MeanDrawdownGenerator);

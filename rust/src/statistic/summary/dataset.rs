//! Summaries of a data set: the module `barter::statistic::summary::dataset`.

use crate::{
    convert::{Dec, each_item, extract_named, iterator, named_argument, record},
    statistic::guard::{guarded, too_large},
};
use barter::statistic::summary::dataset;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

named_argument! {
    first_value: Dec,
    new_value: Dec,
    next_value: Dec,
    prev_mean: Dec,
    new_mean: Dec,
    value_count: Dec,
}

record! {
    /// The least and the greatest value (`barter::statistic::summary::dataset::dispersion::Range`).
    ///
    /// barter's `update` changes a range in place; here `updated` gives the next one.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import Range
    /// >>> Range.init(3).updated(5).range
    /// Decimal('2')
    #[signature(activated, *, high, low)]
    pub struct Range {
        /// Whether there was a value.
        activated: bool,
        /// The greatest value, zero without any.
        high: Dec,
        /// The least value, zero without any.
        low: Dec,
    }
}

impl From<dataset::dispersion::Range> for Range {
    fn from(range: dataset::dispersion::Range) -> Self {
        let dataset::dispersion::Range {
            activated,
            high,
            low,
        } = range;
        Self {
            activated,
            high: Dec(high),
            low: Dec(low),
        }
    }
}

impl From<Range> for dataset::dispersion::Range {
    fn from(range: Range) -> Self {
        Self {
            activated: range.activated,
            high: range.high.0,
            low: range.low.0,
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Range {
    /// The range of no values.
    #[staticmethod]
    fn default() -> Self {
        dataset::dispersion::Range::default().into()
    }

    /// The range of one value.
    #[staticmethod]
    fn init(#[pyo3(from_py_with = first_value)] first_value: Dec) -> Self {
        dataset::dispersion::Range::init(first_value.0).into()
    }

    /// The range with another value.
    fn updated(&self, #[pyo3(from_py_with = new_value)] new_value: Dec) -> Self {
        let mut range = dataset::dispersion::Range::from(self.clone());
        range.update(new_value.0);
        range.into()
    }

    /// Greatest less least value; `ValueError` when that does not fit.
    #[getter]
    fn range(&self) -> PyResult<Dec> {
        let range = dataset::dispersion::Range::from(self.clone());
        if range.high.checked_sub(range.low).is_none() {
            let arguments = [("high", range.high), ("low", range.low)];
            return Err(too_large("the range", &arguments));
        }
        Ok(Dec(range.range()))
    }
}

record! {
    /// The spread of values (`barter::statistic::summary::dataset::dispersion::Dispersion`).
    ///
    /// barter's `update` changes a dispersion in place; here `updated` gives the next one.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import Dispersion
    /// >>> Dispersion.default().updated(prev_mean=0, new_mean=3, new_value=3, value_count=1).variance
    /// Decimal('0')
    #[signature(range, *, recurrence_relation_m, variance, std_dev)]
    pub struct Dispersion {
        /// The least and the greatest value.
        range: Range,
        /// The sum of squared distances from the mean.
        recurrence_relation_m: Dec,
        /// The variance of the population: that sum over the count.
        variance: Dec,
        /// The root of the variance.
        std_dev: Dec,
    }
}

impl From<dataset::dispersion::Dispersion> for Dispersion {
    fn from(dispersion: dataset::dispersion::Dispersion) -> Self {
        let dataset::dispersion::Dispersion {
            range,
            recurrence_relation_m,
            variance,
            std_dev,
        } = dispersion;
        Self {
            range: range.into(),
            recurrence_relation_m: Dec(recurrence_relation_m),
            variance: Dec(variance),
            std_dev: Dec(std_dev),
        }
    }
}

impl From<Dispersion> for dataset::dispersion::Dispersion {
    fn from(dispersion: Dispersion) -> Self {
        Self {
            range: dispersion.range.into(),
            recurrence_relation_m: dispersion.recurrence_relation_m.0,
            variance: dispersion.variance.0,
            std_dev: dispersion.std_dev.0,
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Dispersion {
    /// The dispersion of no values.
    #[staticmethod]
    fn default() -> Self {
        dataset::dispersion::Dispersion::default().into()
    }

    /// The dispersion with another value.
    ///
    /// Parameters
    /// ----------
    /// prev_mean : Decimal or int
    ///     The mean before.
    /// new_mean : Decimal or int
    ///     The mean with it.
    /// new_value : Decimal or int
    ///     The value.
    /// value_count : Decimal or int
    ///     How many values there are, this one included.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If a square does not fit.
    #[pyo3(signature = (*, prev_mean, new_mean, new_value, value_count))]
    fn updated(
        &self,
        #[pyo3(from_py_with = prev_mean)] prev_mean: Dec,
        #[pyo3(from_py_with = new_mean)] new_mean: Dec,
        #[pyo3(from_py_with = new_value)] new_value: Dec,
        #[pyo3(from_py_with = value_count)] value_count: Dec,
    ) -> PyResult<Self> {
        let mut dispersion = dataset::dispersion::Dispersion::from(self.clone());
        guarded(
            || {
                format!(
                    "the dispersion does not fit: prev_mean={}, new_mean={}, new_value={}, value_count={}",
                    prev_mean.0, new_mean.0, new_value.0, value_count.0
                )
            },
            || {
                dispersion.update(prev_mean.0, new_mean.0, new_value.0, value_count.0);
                dispersion.into()
            },
        )
    }
}

record! {
    /// Count, sum, mean and dispersion of values (`barter::statistic::summary::dataset::DataSetSummary`).
    ///
    /// barter's `update` changes a summary in place; here `updated` gives the next one.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import DataSetSummary
    /// >>> summary = DataSetSummary.of([2, 6])
    /// >>> summary.mean, summary.dispersion.variance, summary.dispersion.range.high
    /// (Decimal('4'), Decimal('4'), Decimal('6'))
    ///
    /// >>> summary.updated(10) == DataSetSummary.of([2, 6, 10])
    /// True
    #[signature(*, count, sum, mean, dispersion)]
    pub struct DataSetSummary {
        /// The count of the values.
        count: Dec,
        /// Their sum.
        sum: Dec,
        /// Their mean.
        mean: Dec,
        /// Their spread.
        dispersion: Dispersion,
    }
}

impl From<dataset::DataSetSummary> for DataSetSummary {
    fn from(summary: dataset::DataSetSummary) -> Self {
        let dataset::DataSetSummary {
            count,
            sum,
            mean,
            dispersion,
        } = summary;
        Self {
            count: Dec(count),
            sum: Dec(sum),
            mean: Dec(mean),
            dispersion: dispersion.into(),
        }
    }
}

impl From<DataSetSummary> for dataset::DataSetSummary {
    fn from(summary: DataSetSummary) -> Self {
        Self {
            count: summary.count.0,
            sum: summary.sum.0,
            mean: summary.mean.0,
            dispersion: summary.dispersion.into(),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl DataSetSummary {
    /// The summary of no values.
    #[staticmethod]
    fn default() -> Self {
        dataset::DataSetSummary::default().into()
    }

    /// The summary of some values, which are looked at once.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If a value, or a figure of it, does not fit into 28 digits.
    #[staticmethod]
    fn of(
        #[gen_stub(override_type(
            type_repr = "collections.abc.Iterable[decimal.Decimal | int]",
            imports = ("collections.abc", "decimal")
        ))]
        values: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let mut summary = dataset::DataSetSummary::default();
        each_item(&iterator("values", values)?, |position, value| {
            let value = extract_named(&format!("values[{position}]"), value)?;
            summary = updated(summary.clone(), value)?;
            Ok(())
        })?;
        Ok(summary.into())
    }

    /// The summary with another value.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If a figure does not fit into 28 digits.
    fn updated(&self, #[pyo3(from_py_with = next_value)] next_value: Dec) -> PyResult<Self> {
        updated(self.clone().into(), next_value).map(Into::into)
    }
}

fn updated(summary: dataset::DataSetSummary, next_value: Dec) -> PyResult<dataset::DataSetSummary> {
    let before = (summary.count, summary.sum, summary.mean);
    guarded(
        || {
            format!(
                "the summary does not fit with next_value={} after count={}, sum={}, mean={}",
                next_value.0, before.0, before.1, before.2
            )
        },
        move || {
            let mut summary = summary;
            summary.update(next_value.0);
            summary
        },
    )
}

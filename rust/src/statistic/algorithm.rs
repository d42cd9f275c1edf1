//! Welford's running figures: the module `barter::statistic::algorithm`.

use super::guard::guarded;
use crate::convert::{Dec, named_argument};
use barter::statistic::algorithm::welford_online;
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pyfunction;

named_argument! {
    prev_mean: Dec,
    next_value: Dec,
    count: Dec,
    prev_m: Dec,
    new_value: Dec,
    new_mean: Dec,
    recurrence_relation_m: Dec,
}

/// The mean after the next value (`barter::statistic::algorithm::welford_online::calculate_mean`).
///
/// Parameters
/// ----------
/// prev_mean : Decimal or int
///     The mean of the values before.
/// next_value : Decimal or int
///     The next value.
/// count : Decimal or int
///     How many values there are, this one included; not zero.
///
/// Raises
/// ------
/// ValueError
///     If the count is zero, or the result does not fit.
///
/// Examples
/// --------
/// >>> from barter_python.statistic import calculate_mean
/// >>> calculate_mean(prev_mean=2, next_value=5, count=3)
/// Decimal('3')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (*, prev_mean, next_value, count))]
pub fn calculate_mean(
    #[pyo3(from_py_with = prev_mean)] prev_mean: Dec,
    #[pyo3(from_py_with = next_value)] next_value: Dec,
    #[pyo3(from_py_with = count)] count: Dec,
) -> PyResult<Dec> {
    if count.0.is_zero() {
        return Err(PyValueError::new_err("count must not be zero"));
    }
    guarded(
        || {
            format!(
                "the mean does not fit: prev_mean={}, next_value={}, count={}",
                prev_mean.0, next_value.0, count.0
            )
        },
        || {
            Dec(welford_online::calculate_mean(
                prev_mean.0,
                next_value.0,
                count.0,
            ))
        },
    )
}

/// The sum of squared distances from the mean after the next value
/// (`barter::statistic::algorithm::welford_online::calculate_recurrence_relation_m`).
///
/// Parameters
/// ----------
/// prev_m : Decimal or int
///     The sum before, zero at the start.
/// prev_mean : Decimal or int
///     The mean before.
/// new_value : Decimal or int
///     The next value.
/// new_mean : Decimal or int
///     The mean with it.
///
/// Raises
/// ------
/// ValueError
///     If the result does not fit.
///
/// Examples
/// --------
/// >>> from barter_python.statistic import calculate_recurrence_relation_m
/// >>> calculate_recurrence_relation_m(prev_m=2, prev_mean=2, new_value=5, new_mean=3)
/// Decimal('8')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (*, prev_m, prev_mean, new_value, new_mean))]
pub fn calculate_recurrence_relation_m(
    #[pyo3(from_py_with = prev_m)] prev_m: Dec,
    #[pyo3(from_py_with = prev_mean)] prev_mean: Dec,
    #[pyo3(from_py_with = new_value)] new_value: Dec,
    #[pyo3(from_py_with = new_mean)] new_mean: Dec,
) -> PyResult<Dec> {
    guarded(
        || {
            format!(
                "M does not fit: prev_m={}, prev_mean={}, new_value={}, new_mean={}",
                prev_m.0, prev_mean.0, new_value.0, new_mean.0
            )
        },
        || {
            Dec(welford_online::calculate_recurrence_relation_m(
                prev_m.0,
                prev_mean.0,
                new_value.0,
                new_mean.0,
            ))
        },
    )
}

/// The variance of a sample, M / (count - 1); zero below a count of two
/// (`barter::statistic::algorithm::welford_online::calculate_sample_variance`).
///
/// Parameters
/// ----------
/// recurrence_relation_m : Decimal or int
///     The sum of squared distances from the mean.
/// count : Decimal or int
///     How many values there are.
///
/// Examples
/// --------
/// >>> from barter_python.statistic import calculate_sample_variance
/// >>> calculate_sample_variance(recurrence_relation_m=8, count=3)
/// Decimal('4')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (*, recurrence_relation_m, count))]
pub fn calculate_sample_variance(
    #[pyo3(from_py_with = recurrence_relation_m)] recurrence_relation_m: Dec,
    #[pyo3(from_py_with = count)] count: Dec,
) -> Dec {
    // Divided by one at least: it always fits.
    Dec(welford_online::calculate_sample_variance(
        recurrence_relation_m.0,
        count.0,
    ))
}

/// The variance of a population, M / count; zero below a count of one
/// (`barter::statistic::algorithm::welford_online::calculate_population_variance`).
///
/// Parameters
/// ----------
/// recurrence_relation_m : Decimal or int
///     The sum of squared distances from the mean.
/// count : Decimal or int
///     How many values there are.
///
/// Examples
/// --------
/// >>> from barter_python.statistic import calculate_population_variance
/// >>> calculate_population_variance(recurrence_relation_m=8, count=4)
/// Decimal('2')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (*, recurrence_relation_m, count))]
pub fn calculate_population_variance(
    #[pyo3(from_py_with = recurrence_relation_m)] recurrence_relation_m: Dec,
    #[pyo3(from_py_with = count)] count: Dec,
) -> Dec {
    // Divided by one at least: it always fits.
    Dec(welford_online::calculate_population_variance(
        recurrence_relation_m.0,
        count.0,
    ))
}

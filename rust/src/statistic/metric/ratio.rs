//! Figures of an interval, and their scaling to another.

use crate::{
    convert::Dec,
    named_argument, record,
    statistic::{
        guard::{guarded, too_large},
        time::{Interval, comparable},
    },
};
use barter::statistic::metric;
use chrono::TimeDelta;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use rust_decimal::Decimal;

named_argument! {
    risk_free_return: Dec,
    mean_return: Dec,
    std_dev_returns: Dec,
    std_dev_loss_returns: Dec,
    max_drawdown: Dec,
    returns_period: Interval,
    target: Interval,
}

/// Refuses what barter would panic on: it subtracts and divides unless the risk is zero.
fn check_quotient(
    risk_free_return: Decimal,
    mean_return: Decimal,
    (risk_name, risk): (&str, Decimal),
) -> PyResult<Option<Decimal>> {
    if risk.is_zero() {
        return Ok(None);
    }
    let quotient = mean_return
        .checked_sub(risk_free_return)
        .and_then(|excess| excess.checked_div(risk));
    quotient.map(Some).ok_or_else(|| {
        too_large(
            "the ratio",
            &[
                ("risk_free_return", risk_free_return),
                ("mean_return", mean_return),
                (risk_name, risk),
            ],
        )
    })
}

/// Scales barter's figure, and the figure that is a number where there is one.
fn scale(
    value: Dec,
    number: Option<Dec>,
    (current, target): (Interval, Interval),
    scaled: impl Fn(Decimal, TimeDelta, TimeDelta) -> Decimal,
) -> PyResult<(Dec, Option<Dec>)> {
    let (from, to) = comparable(current, target)?;
    guarded(
        || {
            format!(
                "{} cannot be scaled from {current:?} to {target:?}",
                value.0
            )
        },
        || {
            let number = number
                .map(|Dec(number)| scaled(number, from, to))
                // barter has the greatest decimal for what does not fit, below zero too.
                .filter(|number| *number != Decimal::MAX);
            (Dec(scaled(value.0, from, to)), number.map(Dec))
        },
    )
}

record! {
    /// Excess return over the deviation of returns (`barter::statistic::metric::sharpe::SharpeRatio`).
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.statistic import SharpeRatio, TimeInterval
    /// >>> daily = SharpeRatio.calculate(
    /// ...     risk_free_return=Decimal("0.0015"), mean_return=Decimal("0.0025"),
    /// ...     std_dev_returns=Decimal("0.02"), returns_period=TimeInterval.DAILY)
    /// >>> daily.value
    /// Decimal('0.05')
    /// >>> round(daily.scale(TimeInterval.ANNUAL_252).value, 10)
    /// Decimal('0.7937253933')
    pub struct SharpeRatio {
        /// barter's figure: the greatest decimal where returns do not vary, even when they are losses.
        value: Dec,
        /// The time that the figure is for.
        interval: Interval,
        /// The figure where it is a number: `None` where returns do not vary, and where scaling gave a
        /// number that does not fit, which barter shows as the greatest decimal whatever its sign.
        ratio: Option<Dec>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl SharpeRatio {
    /// (mean return - risk-free return) / deviation of returns.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     What is earned without a risk in the period.
    /// mean_return : Decimal or int
    ///     The mean of the returns.
    /// std_dev_returns : Decimal or int
    ///     Their standard deviation.
    /// returns_period : TimeInterval or timedelta
    ///     The period that a return is for.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     When the ratio does not fit into 28 digits, or the period is not positive.
    #[staticmethod]
    fn calculate(
        #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
        #[pyo3(from_py_with = mean_return)] mean_return: Dec,
        #[pyo3(from_py_with = std_dev_returns)] std_dev_returns: Dec,
        #[pyo3(from_py_with = returns_period)] returns_period: Interval,
    ) -> PyResult<Self> {
        let risk = ("std_dev_returns", std_dev_returns.0);
        let ratio = check_quotient(risk_free_return.0, mean_return.0, risk)?;
        let metric::sharpe::SharpeRatio { value, interval } =
            metric::sharpe::SharpeRatio::calculate(
                risk_free_return.0,
                mean_return.0,
                std_dev_returns.0,
                returns_period,
            );
        Ok(Self {
            value: Dec(value),
            interval,
            ratio: ratio.map(Dec),
        })
    }

    /// The ratio of another interval: times the root of the quotient of the two lengths.
    #[pyo3(signature = (target))]
    fn scale(&self, #[pyo3(from_py_with = target)] target: Interval) -> PyResult<Self> {
        let intervals = (self.interval, target);
        let (value, ratio) = scale(self.value, self.ratio, intervals, |value, interval, to| {
            metric::sharpe::SharpeRatio { value, interval }
                .scale(to)
                .value
        })?;
        Ok(Self {
            value,
            interval: target,
            ratio,
        })
    }
}

record! {
    /// Excess return over the deviation of losses (`barter::statistic::metric::sortino::SortinoRatio`).
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.statistic import SortinoRatio, TimeInterval
    /// >>> ratio = SortinoRatio.calculate(
    /// ...     risk_free_return=0, mean_return=Decimal("0.003"),
    /// ...     std_dev_loss_returns=Decimal("0.012"), returns_period=TimeInterval.DAILY)
    /// >>> ratio.value
    /// Decimal('0.25')
    pub struct SortinoRatio {
        /// barter's figure: where losses do not vary, the greatest decimal for an excess return, the
        /// least for a lack of it, zero for neither.
        value: Dec,
        /// The time that the figure is for.
        interval: Interval,
        /// The figure where it is a number: `None` where losses do not vary, and where scaling gave a
        /// number that does not fit, which barter shows as the greatest decimal whatever its sign.
        ratio: Option<Dec>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl SortinoRatio {
    /// (mean return - risk-free return) / deviation of the returns that are losses.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     What is earned without a risk in the period.
    /// mean_return : Decimal or int
    ///     The mean of all returns.
    /// std_dev_loss_returns : Decimal or int
    ///     The standard deviation of those that are losses.
    /// returns_period : TimeInterval or timedelta
    ///     The period that a return is for.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     When the ratio does not fit into 28 digits, or the period is not positive.
    #[staticmethod]
    fn calculate(
        #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
        #[pyo3(from_py_with = mean_return)] mean_return: Dec,
        #[pyo3(from_py_with = std_dev_loss_returns)] std_dev_loss_returns: Dec,
        #[pyo3(from_py_with = returns_period)] returns_period: Interval,
    ) -> PyResult<Self> {
        let risk = ("std_dev_loss_returns", std_dev_loss_returns.0);
        let ratio = check_quotient(risk_free_return.0, mean_return.0, risk)?;
        let metric::sortino::SortinoRatio { value, interval } =
            metric::sortino::SortinoRatio::calculate(
                risk_free_return.0,
                mean_return.0,
                std_dev_loss_returns.0,
                returns_period,
            );
        Ok(Self {
            value: Dec(value),
            interval,
            ratio: ratio.map(Dec),
        })
    }

    /// The ratio of another interval: times the root of the quotient of the two lengths.
    #[pyo3(signature = (target))]
    fn scale(&self, #[pyo3(from_py_with = target)] target: Interval) -> PyResult<Self> {
        let intervals = (self.interval, target);
        let (value, ratio) = scale(self.value, self.ratio, intervals, |value, interval, to| {
            metric::sortino::SortinoRatio { value, interval }
                .scale(to)
                .value
        })?;
        Ok(Self {
            value,
            interval: target,
            ratio,
        })
    }
}

record! {
    /// Excess return over the deepest drawdown (`barter::statistic::metric::calmar::CalmarRatio`).
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.statistic import CalmarRatio, TimeInterval
    /// >>> ratio = CalmarRatio.calculate(
    /// ...     risk_free_return=0, mean_return=Decimal("0.02"), max_drawdown=Decimal("0.1"),
    /// ...     returns_period=TimeInterval.DAILY)
    /// >>> ratio.value
    /// Decimal('0.2')
    pub struct CalmarRatio {
        /// barter's figure: without a drawdown, the greatest decimal for an excess return, the least
        /// for a lack of it, zero for neither.
        value: Dec,
        /// The time that the figure is for.
        interval: Interval,
        /// The figure where it is a number: `None` without a drawdown, and where scaling gave a number
        /// that does not fit, which barter shows as the greatest decimal whatever its sign.
        ratio: Option<Dec>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl CalmarRatio {
    /// (mean return - risk-free return) / deepest drawdown, without its sign.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     What is earned without a risk in the period.
    /// mean_return : Decimal or int
    ///     The mean of the returns.
    /// max_drawdown : Decimal or int
    ///     The deepest drawdown, as a fraction of the peak; its sign is not looked at.
    /// returns_period : TimeInterval or timedelta
    ///     The period that a return is for.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     When the ratio does not fit into 28 digits, or the period is not positive.
    #[staticmethod]
    fn calculate(
        #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
        #[pyo3(from_py_with = mean_return)] mean_return: Dec,
        #[pyo3(from_py_with = max_drawdown)] max_drawdown: Dec,
        #[pyo3(from_py_with = returns_period)] returns_period: Interval,
    ) -> PyResult<Self> {
        let risk = ("max_drawdown", max_drawdown.0.abs());
        let ratio = check_quotient(risk_free_return.0, mean_return.0, risk)?;
        let metric::calmar::CalmarRatio { value, interval } =
            metric::calmar::CalmarRatio::calculate(
                risk_free_return.0,
                mean_return.0,
                max_drawdown.0,
                returns_period,
            );
        Ok(Self {
            value: Dec(value),
            interval,
            ratio: ratio.map(Dec),
        })
    }

    /// The ratio of another interval: times the root of the quotient of the two lengths.
    #[pyo3(signature = (target))]
    fn scale(&self, #[pyo3(from_py_with = target)] target: Interval) -> PyResult<Self> {
        let intervals = (self.interval, target);
        let (value, ratio) = scale(self.value, self.ratio, intervals, |value, interval, to| {
            metric::calmar::CalmarRatio { value, interval }
                .scale(to)
                .value
        })?;
        Ok(Self {
            value,
            interval: target,
            ratio,
        })
    }
}

record! {
    /// A return of a period (`barter::statistic::metric::rate_of_return::RateOfReturn`).
    ///
    /// Examples
    /// --------
    /// >>> from datetime import timedelta
    /// >>> from decimal import Decimal
    /// >>> from barter_python.statistic import RateOfReturn, TimeInterval
    /// >>> daily = RateOfReturn.calculate(Decimal("0.01"), TimeInterval.DAILY)
    /// >>> daily.scale(TimeInterval.ANNUAL_365).value, daily.scale(timedelta(hours=12)).value
    /// (Decimal('3.65'), Decimal('0.0050'))
    pub struct RateOfReturn {
        /// barter's figure: the greatest decimal where scaling gave a number that does not fit,
        /// whatever its sign.
        value: Dec,
        /// The time that the figure is for.
        interval: Interval,
        /// The figure where it fits, else `None`.
        rate: Option<Dec>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl RateOfReturn {
    /// The mean return, with its period.
    ///
    /// Parameters
    /// ----------
    /// mean_return : Decimal or int
    ///     The mean of the returns.
    /// returns_period : TimeInterval or timedelta
    ///     The period that a return is for.
    #[staticmethod]
    fn calculate(
        #[pyo3(from_py_with = mean_return)] mean_return: Dec,
        #[pyo3(from_py_with = returns_period)] returns_period: Interval,
    ) -> Self {
        let metric::rate_of_return::RateOfReturn { value, interval } =
            metric::rate_of_return::RateOfReturn::calculate(mean_return.0, returns_period);
        Self {
            value: Dec(value),
            interval,
            rate: Some(Dec(value)),
        }
    }

    /// The return of another interval: times the quotient of the two lengths, without compounding.
    #[pyo3(signature = (target))]
    fn scale(&self, #[pyo3(from_py_with = target)] target: Interval) -> PyResult<Self> {
        let intervals = (self.interval, target);
        let (value, rate) = scale(self.value, self.rate, intervals, |value, interval, to| {
            metric::rate_of_return::RateOfReturn { value, interval }
                .scale(to)
                .value
        })?;
        Ok(Self {
            value,
            interval: target,
            rate,
        })
    }
}

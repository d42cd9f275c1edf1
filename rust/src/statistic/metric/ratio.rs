//! Figures of an interval, and their scaling to another.

use crate::{
    convert::{Dec, named_argument, record},
    statistic::{
        guard::{guarded, too_large},
        time::{Interval, comparable},
    },
};
use barter::statistic::metric;
use chrono::TimeDelta;
use pyo3::prelude::*;
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

/// The quotient that barter computes unless the risk is zero; an error if barter would panic on it.
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

/// Scales barter's figure, and the figure as a number if there is one.
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

/// Declares a figure of an interval with its constructor `calculate` and its method `scale`.
macro_rules! figure {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident in $module:ident {
            $(#[doc = $value_doc:literal])* value,
            $(#[doc = $number_doc:literal])* $number:ident,
        }
        $(#[doc = $scale_doc:literal])* scale;
        $($calculate:tt)+
    ) => {
        record! {
            $(#[doc = $doc])*
            #[signature(*, value, interval, $number)]
            pub struct $name {
                $(#[doc = $value_doc])*
                value: Dec,
                /// The interval of the figure.
                interval: Interval,
                $(#[doc = $number_doc])*
                $number: Option<Dec>,
            }
            impl {
                $($calculate)+

                $(#[doc = $scale_doc])*
                #[pyo3(signature = (target))]
                fn scale(
                    &self,
                    #[pyo3(from_py_with = target)] target: Interval,
                ) -> PyResult<Self> {
                    let intervals = (self.interval, target);
                    let scaled = |value, interval, target| {
                        metric::$module::$name { value, interval }.scale(target).value
                    };
                    let (value, $number) = scale(self.value, self.$number, intervals, scaled)?;
                    Ok(Self { value, interval: target, $number })
                }
            }
        }
    };
}

/// Declares a ratio of excess return to a risk.
macro_rules! ratio {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident in $module:ident {
            $(#[doc = $value_doc:literal])* value,
            $(#[doc = $ratio_doc:literal])* ratio,
        }
        $(#[doc = $calculate_doc:literal])* calculate($risk:ident as $divisor:expr);
    ) => {
        figure! {
            $(#[doc = $doc])*
            pub struct $name in $module {
                $(#[doc = $value_doc])* value,
                $(#[doc = $ratio_doc])* ratio,
            }
            /// The ratio of another interval: times the root of the quotient of the two lengths.
            scale;
            $(#[doc = $calculate_doc])*
            ///
            /// Raises
            /// ------
            /// ValueError
            ///     If the ratio does not fit into 28 digits, or the period is not positive.
            #[staticmethod]
            #[pyo3(signature = (*, risk_free_return, mean_return, $risk, returns_period))]
            fn calculate(
                #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
                #[pyo3(from_py_with = mean_return)] mean_return: Dec,
                #[pyo3(from_py_with = $risk)] $risk: Dec,
                #[pyo3(from_py_with = returns_period)] returns_period: Interval,
            ) -> PyResult<Self> {
                let divisor: fn(Decimal) -> Decimal = $divisor;
                let risk = (stringify!($risk), divisor($risk.0));
                let ratio = check_quotient(risk_free_return.0, mean_return.0, risk)?;
                let metric::$module::$name { value, interval } = metric::$module::$name::calculate(
                    risk_free_return.0,
                    mean_return.0,
                    $risk.0,
                    returns_period,
                );
                Ok(Self {
                    value: Dec(value),
                    interval,
                    ratio: ratio.map(Dec),
                })
            }
        }
    };
}

ratio! {
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
    pub struct SharpeRatio in sharpe {
        /// barter's figure: the greatest decimal if returns do not vary, even if they are losses.
        value,
        /// The figure as a number: `None` if returns do not vary, and if scaling gave a number that does
        /// not fit, which barter shows as the greatest decimal whatever its sign.
        ratio,
    }
    /// (mean return - risk-free return) / deviation of returns.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     The return without a risk in the period.
    /// mean_return : Decimal or int
    ///     The mean of the returns.
    /// std_dev_returns : Decimal or int
    ///     The standard deviation of the returns.
    /// returns_period : TimeInterval or timedelta
    ///     The period of a return.
    calculate(std_dev_returns as |deviation| deviation);
}

ratio! {
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
    ///
    /// >>> ratio.scale(TimeInterval.ANNUAL_365).interval
    /// <TimeInterval.ANNUAL_365: 'annual_365'>
    pub struct SortinoRatio in sortino {
        /// barter's figure: if losses do not vary, the greatest decimal for a positive excess return, the
        /// least for a negative one, zero for none.
        value,
        /// The figure as a number: `None` if losses do not vary, and if scaling gave a number that does
        /// not fit, which barter shows as the greatest decimal whatever its sign.
        ratio,
    }
    /// (mean return - risk-free return) / deviation of the returns that are losses.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     The return without a risk in the period.
    /// mean_return : Decimal or int
    ///     The mean of all returns.
    /// std_dev_loss_returns : Decimal or int
    ///     The standard deviation of the returns that are losses.
    /// returns_period : TimeInterval or timedelta
    ///     The period of a return.
    calculate(std_dev_loss_returns as |deviation| deviation);
}

ratio! {
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
    ///
    /// >>> ratio.scale(TimeInterval.ANNUAL_365).interval
    /// <TimeInterval.ANNUAL_365: 'annual_365'>
    pub struct CalmarRatio in calmar {
        /// barter's figure: without a drawdown, the greatest decimal for a positive excess return, the
        /// least for a negative one, zero for none.
        value,
        /// The figure as a number: `None` without a drawdown, and if scaling gave a number that does not
        /// fit, which barter shows as the greatest decimal whatever its sign.
        ratio,
    }
    /// (mean return - risk-free return) / deepest drawdown, without its sign.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     The return without a risk in the period.
    /// mean_return : Decimal or int
    ///     The mean of the returns.
    /// max_drawdown : Decimal or int
    ///     The deepest drawdown, as a fraction of the peak; its sign is ignored.
    /// returns_period : TimeInterval or timedelta
    ///     The period of a return.
    calculate(max_drawdown as |drawdown| drawdown.abs());
}

figure! {
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
    pub struct RateOfReturn in rate_of_return {
        /// barter's figure: the greatest decimal if scaling gave a number that does not fit, whatever its
        /// sign.
        value,
        /// The figure, or `None` if it does not fit.
        rate,
    }
    /// The return of another interval: times the quotient of the two lengths, without compounding.
    scale;
    /// The mean return, with its period.
    ///
    /// Parameters
    /// ----------
    /// mean_return : Decimal or int
    ///     The mean of the returns.
    /// returns_period : TimeInterval or timedelta
    ///     The period of a return.
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
}

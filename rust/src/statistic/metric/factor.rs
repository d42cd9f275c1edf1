//! Figures without an interval.

use crate::convert::{Dec, named_argument, record};
use barter::statistic::metric;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

named_argument! {
    profits_gross_abs: Dec,
    losses_gross_abs: Dec,
    wins: Dec,
    total: Dec,
}

record! {
    /// Profits over losses (`barter::statistic::metric::profit_factor::ProfitFactor`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import ProfitFactor
    /// >>> factor = ProfitFactor.calculate(profits_gross_abs=6, losses_gross_abs=-4)
    /// >>> None if factor is None else factor.value
    /// Decimal('1.50')
    #[signature(*, value, ratio)]
    pub struct ProfitFactor {
        /// barter's figure: the greatest decimal without losses, and the least without profits.
        value: Dec,
        /// Profits over losses: `None` without losses, zero without profits.
        ratio: Option<Dec>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl ProfitFactor {
    /// barter's profit factor; `None` without both profits and losses, and where the quotient does not fit.
    ///
    /// Parameters
    /// ----------
    /// profits_gross_abs : Decimal or int
    ///     Sum of the profits; its sign is not looked at.
    /// losses_gross_abs : Decimal or int
    ///     Sum of the losses; its sign is not looked at.
    #[staticmethod]
    #[pyo3(signature = (*, profits_gross_abs, losses_gross_abs))]
    fn calculate(
        #[pyo3(from_py_with = profits_gross_abs)] profits_gross_abs: Dec,
        #[pyo3(from_py_with = losses_gross_abs)] losses_gross_abs: Dec,
    ) -> Option<Self> {
        let (Dec(profits), Dec(losses)) = (profits_gross_abs, losses_gross_abs);
        let factor = metric::profit_factor::ProfitFactor::calculate(profits, losses)?;
        let metric::profit_factor::ProfitFactor { value } = factor;
        let ratio = profits.abs().checked_div(losses.abs());
        Some(Self {
            value: Dec(value),
            ratio: ratio.map(Dec),
        })
    }
}

record! {
    /// Wins over all positions (`barter::statistic::metric::win_rate::WinRate`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import WinRate
    /// >>> WinRate.calculate(wins=3, total=4)
    /// WinRate(value=Decimal('0.75'))
    pub struct WinRate {
        /// The quotient.
        value: Dec,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl WinRate {
    /// barter's win rate; `None` if the total is zero, or if the quotient does not fit.
    ///
    /// Parameters
    /// ----------
    /// wins : Decimal or int
    ///     How many positions won; its sign is ignored.
    /// total : Decimal or int
    ///     How many positions were closed; its sign is ignored.
    #[staticmethod]
    #[pyo3(signature = (*, wins, total))]
    fn calculate(
        #[pyo3(from_py_with = wins)] wins: Dec,
        #[pyo3(from_py_with = total)] total: Dec,
    ) -> Option<Self> {
        let metric::win_rate::WinRate { value } =
            metric::win_rate::WinRate::calculate(wins.0, total.0)?;
        Some(Self { value: Dec(value) })
    }
}

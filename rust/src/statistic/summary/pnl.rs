//! Returns of positions: the module `barter::statistic::summary::pnl`.

use super::DataSetSummary;
use crate::{
    convert::{Dec, ExactSum, Index, PythonClass, record},
    error::{Error, KeyKind},
    state::PositionExited,
    statistic::guard::{guarded, too_large},
};
use barter::statistic::summary::pnl;
use pyo3::{exceptions::PyValueError, prelude::*, sync::PyOnceLock, types::PyDict};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pymethods};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

record! {
    /// Profit and loss and returns of closed positions (`barter::statistic::summary::pnl::PnLReturns`).
    ///
    /// barter's `update` changes it in place; here `updated` gives the next one.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import PnLReturns
    /// >>> PnLReturns.default().pnl_raw
    /// Decimal('0')
    ///
    /// >>> from barter_python import PositionExited, Side
    /// >>> position = PositionExited(
    /// ...     0, Side.BUY, price_entry_average=100, quantity_abs_max=2, pnl_realised=5,
    /// ...     fees_enter=1, fees_exit=1, time_enter=0, time_exit=1, trades=["t1", "t2"])
    /// >>> PnLReturns.default().updated(position).pnl_raw
    /// Decimal('5')
    pub struct PnLReturns {
        /// Sum of profits and losses, in the quote asset.
        pnl_raw: Dec,
        /// The returns: profit or loss over average price of entry times greatest quantity.
        total: DataSetSummary,
        /// The returns below zero.
        losses: DataSetSummary,
    }
}

impl From<pnl::PnLReturns> for PnLReturns {
    fn from(returns: pnl::PnLReturns) -> Self {
        let pnl::PnLReturns {
            pnl_raw,
            total,
            losses,
        } = returns;
        Self {
            pnl_raw: Dec(pnl_raw),
            total: total.into(),
            losses: losses.into(),
        }
    }
}

impl From<PnLReturns> for pnl::PnLReturns {
    fn from(returns: PnLReturns) -> Self {
        Self {
            pnl_raw: returns.pnl_raw.0,
            total: returns.total.into(),
            losses: returns.losses.into(),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl PnLReturns {
    /// No positions.
    #[staticmethod]
    fn default() -> Self {
        pnl::PnLReturns::default().into()
    }

    /// The same with another closed position.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the position was entered for nothing, or a figure does not fit into 28 digits.
    fn updated(&self, position: &PositionExited) -> PyResult<Self> {
        check_cost(position)?;
        let mut returns = pnl::PnLReturns::from(self.clone());
        guarded(
            || too_large_text(position),
            || {
                returns.update(&position.to_barter());
                returns.into()
            },
        )
    }
}

/// barter divides by the cost of the position.
pub fn check_cost(position: &PositionExited) -> PyResult<()> {
    let (Dec(price), Dec(quantity)) = (position.price_entry_average, position.quantity_abs_max);
    match price.checked_mul(quantity) {
        Some(cost) if cost.is_zero() => Err(PyValueError::new_err(format!(
            "position: its return divides by price_entry_average * quantity_abs_max, \
             which must not be zero, got {price} * {quantity}"
        ))),
        Some(_) => Ok(()),
        None => Err(too_large(
            "position: its cost",
            &[
                ("price_entry_average", price),
                ("quantity_abs_max", quantity),
            ],
        )),
    }
}

/// The text of the error if barter's figures of a position do not fit.
pub fn too_large_text(position: &PositionExited) -> String {
    format!(
        "position: the figures do not fit with pnl_realised={}, price_entry_average={}, quantity_abs_max={}",
        position.pnl_realised.0, position.price_entry_average.0, position.quantity_abs_max.0
    )
}

/// Wins and losses as the names mean them, for `barter_python.statistic.PositionStatistics`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Tally {
    closed: u64,
    wins: u64,
    losses: u64,
    gross_profit: Decimal,
    gross_loss: Decimal,
}

impl Tally {
    /// The same with another closed position.
    pub fn updated(mut self, position: &PositionExited) -> PyResult<Self> {
        let Dec(pnl) = position.pnl_realised;
        self.closed = self.closed.saturating_add(1);
        let (count, sum) = match pnl.cmp(&Decimal::ZERO) {
            std::cmp::Ordering::Greater => (&mut self.wins, &mut self.gross_profit),
            std::cmp::Ordering::Less => (&mut self.losses, &mut self.gross_loss),
            std::cmp::Ordering::Equal => return Ok(self),
        };
        *count = count.saturating_add(1);
        *sum = sum.checked_add(pnl.abs()).ok_or_else(|| {
            too_large("position: the sum", &[("sum", *sum), ("pnl_realised", pnl)])
        })?;
        Ok(self)
    }
}

/// The same over closed positions, with sums of any length.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
pub struct ExactTally {
    closed: u64,
    wins: u64,
    losses: u64,
    gross_profit: ExactSum,
    gross_loss: ExactSum,
}

impl ExactTally {
    /// Counts another closed position.
    pub fn add(&mut self, position: &PositionExited) {
        let Dec(pnl) = position.pnl_realised;
        self.closed = self.closed.saturating_add(1);
        let (count, sum) = match pnl.cmp(&Decimal::ZERO) {
            std::cmp::Ordering::Greater => (&mut self.wins, &mut self.gross_profit),
            std::cmp::Ordering::Less => (&mut self.losses, &mut self.gross_loss),
            std::cmp::Ordering::Equal => return,
        };
        *count = count.saturating_add(1);
        sum.add(pnl.abs());
    }
}

impl<'py> IntoPyObject<'py> for ExactTally {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let fields = PyDict::new(py);
        fields.set_item("closed", self.closed)?;
        fields.set_item("wins", self.wins)?;
        fields.set_item("losses", self.losses)?;
        fields.set_item("gross_profit", self.gross_profit)?;
        fields.set_item("gross_loss", self.gross_loss)?;
        StatisticsClass::class(py)?.call((), Some(&fields))
    }
}

impl PyStubType for ExactTally {
    fn type_output() -> TypeInfo {
        StatisticsClass::type_info()
    }
}

struct StatisticsClass;

impl PythonClass for StatisticsClass {
    const MODULE: &'static str = "statistic";
    const NAME: &'static str = "PositionStatistics";
    const WHAT: &'static str = "statistics of positions";

    fn cell() -> &'static PyOnceLock<Py<PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        &CELL
    }
}

impl<'py> IntoPyObject<'py> for Tally {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let fields = PyDict::new(py);
        fields.set_item("closed", self.closed)?;
        fields.set_item("wins", self.wins)?;
        fields.set_item("losses", self.losses)?;
        fields.set_item("gross_profit", Dec(self.gross_profit))?;
        fields.set_item("gross_loss", Dec(self.gross_loss))?;
        StatisticsClass::class(py)?.call((), Some(&fields))
    }
}

impl PyStubType for Tally {
    fn type_output() -> TypeInfo {
        StatisticsClass::type_info()
    }
}

/// Index of a position's instrument, or of a balance's asset, if there are so many.
pub fn known(index: Index, count: usize, kind: KeyKind) -> Result<usize, Error> {
    let Index(index) = index;
    if index < count {
        return Ok(index);
    }
    let text = format!(
        "no {} has the index {index}; there are {count}",
        kind.as_str()
    );
    Err(Error::unknown(kind, index, text))
}

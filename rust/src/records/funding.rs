//! Funding of perpetuals.

use crate::{
    convert::{Columns, Dec, EnumText, Index, UtcTime, nanos, record, rows},
    instrument::{PyIndexedInstruments, PySide},
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use serde::{Deserialize, Serialize};

record! {
    /// A funding that our position in a perpetual has paid or received.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python import Side
    /// >>> from barter_python.backtest import FundingPayment
    /// >>> paid = FundingPayment(
    /// ...     "2024-01-01T08:00:00Z", 0, Side.BUY, quantity=2, mark_price=100,
    /// ...     rate=Decimal("0.0001"), amount=Decimal("-0.02"))
    /// >>> paid.amount == -paid.rate * paid.quantity * 100
    /// True
    #[derive(Serialize, Deserialize)]
    #[signature(time, instrument, side, *, quantity, mark_price, rate, amount)]
    pub struct FundingPayment {
        /// When the exchange booked it, in UTC.
        time: UtcTime,
        /// Index of the instrument.
        instrument: Index,
        /// Side of the position: who is long pays if `rate` is positive.
        side: PySide,
        /// Quantity of the position, in the base asset.
        quantity: Dec,
        /// The price at which the position was valued; `None` for what it was entered for, since the run
        /// knew no price.
        mark_price: Option<Dec>,
        /// The fraction of the value that is paid.
        rate: Dec,
        /// The change of the quote balance: negative for what was paid.
        amount: Dec,
    }
}

rows! {
    /// Funding of a run, for `barter_python.Records`.
    pub struct FundingPaymentRows of FundingPayment, named by PyIndexedInstruments
}

impl FundingPayment {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .time("time", |row: &Self| Some(row.time))
            .named("instrument", indexed.instrument_names(), |row| {
                Some(row.instrument)
            })
            .text("side", |row| Some(row.side.text().into()))
            .decimal("quantity", |row| Some(row.quantity))
            .decimal("mark_price", |row| row.mark_price)
            .decimal("rate", |row| Some(row.rate))
            .decimal("amount", |row| Some(row.amount));
        columns
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl FundingPayment {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}

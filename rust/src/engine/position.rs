//! Positions: the module `barter::engine::state::position`.

use crate::{
    convert::{Dec, Index, UtcTime, nanos},
    instrument::PySide,
    record,
};
use barter::engine::state::position;
use barter_execution::trade::{AssetFees, TradeId};
use barter_instrument::{asset::QuoteAsset, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use rust_decimal::Decimal;

record! {
    /// An open position of a running engine (`barter::engine::state::position::Position`).
    pub struct OpenPosition {
        /// Index of the instrument.
        instrument: Index,
        /// Buy for a long position, sell for a short one.
        side: PySide,
        /// Average price of entry, in the quote asset.
        price_entry_average: Dec,
        /// Quantity, without a sign, in the base asset.
        quantity_abs: Dec,
        /// The greatest quantity that it had.
        quantity_abs_max: Dec,
        /// Profit or loss if it were closed now (at the instrument's `price` in a view, at the mid in
        /// a result), less the fees of closing that barter estimates, in the quote asset. barter
        /// itself refreshes it with fills only.
        pnl_unrealised: Dec,
        /// Profit or loss so far, fees included, in the quote asset.
        pnl_realised: Dec,
        /// Fees of entry, in the quote asset.
        fees_enter: Dec,
        /// Fees of exit so far, in the quote asset.
        fees_exit: Dec,
        /// When it was entered, in UTC.
        time_enter: UtcTime,
        /// When its last fill happened, in UTC.
        time_exchange_update: UtcTime,
        /// Ids of its fills.
        trades: Vec<String>,
    }
}

impl OpenPosition {
    /// barter's position, its unrealised profit and loss taken at `price`.
    pub fn from_barter(position: &position::Position<QuoteAsset>, price: Option<Decimal>) -> Self {
        let mut position = position.clone();
        if let Some(price) = price {
            position.update_pnl_unrealised(price);
        }
        let position::Position {
            instrument,
            side,
            price_entry_average,
            quantity_abs,
            quantity_abs_max,
            pnl_unrealised,
            pnl_realised,
            fees_enter,
            fees_exit,
            time_enter,
            time_exchange_update,
            trades,
        } = position;
        Self {
            instrument: Index(instrument.index()),
            side: side.into(),
            price_entry_average: Dec(price_entry_average),
            quantity_abs: Dec(quantity_abs),
            quantity_abs_max: Dec(quantity_abs_max),
            pnl_unrealised: Dec(pnl_unrealised),
            pnl_realised: Dec(pnl_realised),
            fees_enter: Dec(fees_enter.fees),
            fees_exit: Dec(fees_exit.fees),
            time_enter: UtcTime(time_enter),
            time_exchange_update: UtcTime(time_exchange_update),
            trades: trades.into_iter().map(|id| id.0.to_string()).collect(),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl OpenPosition {
    /// `time_enter` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_enter_ns(&self) -> PyResult<i64> {
        nanos(self.time_enter.0)
    }

    /// `time_exchange_update` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_update_ns(&self) -> PyResult<i64> {
        nanos(self.time_exchange_update.0)
    }
}

record! {
    /// A closed position (`barter::engine::state::position::PositionExited`).
    pub struct PositionExited {
        /// Index of the instrument.
        instrument: Index,
        /// Buy for a long position, sell for a short one.
        side: PySide,
        /// Average price of entry, in the quote asset.
        price_entry_average: Dec,
        /// The greatest quantity that it had, in the base asset.
        quantity_abs_max: Dec,
        /// Profit or loss, fees included, in the quote asset.
        pnl_realised: Dec,
        /// Fees of entry, in the quote asset.
        fees_enter: Dec,
        /// Fees of exit, in the quote asset.
        fees_exit: Dec,
        /// When it was entered, in UTC.
        time_enter: UtcTime,
        /// When it was closed, in UTC.
        time_exit: UtcTime,
        /// Ids of its fills.
        trades: Vec<String>,
    }
}

impl From<position::PositionExited<QuoteAsset>> for PositionExited {
    fn from(position: position::PositionExited<QuoteAsset>) -> Self {
        let position::PositionExited {
            instrument,
            side,
            price_entry_average,
            quantity_abs_max,
            pnl_realised,
            fees_enter,
            fees_exit,
            time_enter,
            time_exit,
            trades,
        } = position;
        Self {
            instrument: Index(instrument.index()),
            side: side.into(),
            price_entry_average: Dec(price_entry_average),
            quantity_abs_max: Dec(quantity_abs_max),
            pnl_realised: Dec(pnl_realised),
            fees_enter: Dec(fees_enter.fees),
            fees_exit: Dec(fees_exit.fees),
            time_enter: UtcTime(time_enter),
            time_exit: UtcTime(time_exit),
            trades: trades.into_iter().map(|id| id.0.to_string()).collect(),
        }
    }
}

impl PositionExited {
    /// barter's closed position, as its statistics look at it.
    pub fn to_barter(&self) -> position::PositionExited<QuoteAsset> {
        position::PositionExited {
            instrument: InstrumentIndex(self.instrument.0),
            side: self.side.0,
            price_entry_average: self.price_entry_average.0,
            quantity_abs_max: self.quantity_abs_max.0,
            pnl_realised: self.pnl_realised.0,
            fees_enter: AssetFees::quote_fees(self.fees_enter.0),
            fees_exit: AssetFees::quote_fees(self.fees_exit.0),
            time_enter: self.time_enter.0,
            time_exit: self.time_exit.0,
            trades: self.trades.iter().map(|id| TradeId(id.into())).collect(),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl PositionExited {
    /// `time_enter` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_enter_ns(&self) -> PyResult<i64> {
        nanos(self.time_enter.0)
    }

    /// `time_exit` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exit_ns(&self) -> PyResult<i64> {
        nanos(self.time_exit.0)
    }
}

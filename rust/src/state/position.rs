//! Positions: the module `barter::engine::state::position`.

use super::TradeIds;
use crate::{
    convert::{Columns, Dec, EnumText, Index, Sequence, UtcTime, nanos, record, rows},
    instrument::{PyIndexedInstruments, PySide},
};
use barter::engine::state::position;
use barter_execution::trade::{AssetFees, TradeId};
use barter_instrument::{asset::QuoteAsset, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

record! {
    /// An open position of a running engine (`barter::engine::state::position::Position`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.engine import OpenPosition
    /// >>> from barter_python import Side
    /// >>> position = OpenPosition(
    /// ...     0, Side.BUY, price_entry_average=100, quantity_abs=2, quantity_abs_max=2,
    /// ...     pnl_unrealised=6, pnl_realised=-1, fees_enter=1, fees_exit=0,
    /// ...     time_enter=0, time_exchange_update=0,
    /// ...     trades=["t1"])
    /// >>> position.side, position.quantity_abs, position.pnl_unrealised
    /// (<Side.BUY: 'buy'>, Decimal('2'), Decimal('6'))
    #[derive(Serialize, Deserialize)]
    #[signature(
        instrument, side, *, price_entry_average, quantity_abs, quantity_abs_max, pnl_unrealised,
        pnl_realised, fees_enter, fees_exit, time_enter, time_exchange_update, trades
    )]
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
        /// Ids of its fills, copied each time that they are read.
        trades: TradeIds,
    }
}

rows! {
    /// Open positions, for `barter_python.Records`.
    pub struct OpenPositionRows of OpenPosition, named by PyIndexedInstruments
}

impl OpenPosition {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .named("instrument", indexed.instrument_names(), |row: &Self| {
                Some(row.instrument)
            })
            .text("side", |row| Some(row.side.text().into()))
            .decimal("price_entry_average", |row| Some(row.price_entry_average))
            .decimal("quantity_abs", |row| Some(row.quantity_abs))
            .decimal("quantity_abs_max", |row| Some(row.quantity_abs_max))
            .decimal("pnl_unrealised", |row| Some(row.pnl_unrealised))
            .decimal("pnl_realised", |row| Some(row.pnl_realised))
            .decimal("fees_enter", |row| Some(row.fees_enter))
            .decimal("fees_exit", |row| Some(row.fees_exit))
            .time("time_enter", |row| Some(row.time_enter))
            .time("time_exchange_update", |row| Some(row.time_exchange_update))
            .texts("trades", |row| row.trades.to_strings());
        columns
    }

    /// barter's position with a copy of its ids, its unrealised profit and loss taken at `price`.
    pub fn from_barter(position: &position::Position<QuoteAsset>, price: Option<Decimal>) -> Self {
        Self::with_trades(position, price, TradeIds::copied(&position.trades))
    }

    /// barter's position with the ids that are given, its unrealised profit and loss taken at `price`.
    pub fn with_trades(
        position: &position::Position<QuoteAsset>,
        price: Option<Decimal>,
        trades: TradeIds,
    ) -> Self {
        let mut position = without_trades(position);
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
            trades: _,
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
            trades,
        }
    }
}

/// A copy of all but the ids of its fills, which grow with the run.
pub fn without_trades(position: &position::Position<QuoteAsset>) -> position::Position<QuoteAsset> {
    position::Position {
        instrument: position.instrument,
        side: position.side,
        price_entry_average: position.price_entry_average,
        quantity_abs: position.quantity_abs,
        quantity_abs_max: position.quantity_abs_max,
        pnl_unrealised: position.pnl_unrealised,
        pnl_realised: position.pnl_realised,
        fees_enter: position.fees_enter.clone(),
        fees_exit: position.fees_exit.clone(),
        time_enter: position.time_enter,
        time_exchange_update: position.time_exchange_update,
        trades: Vec::new(),
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
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Side
    /// >>> from barter_python.engine import PositionExited
    /// >>> start, end = "2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"
    /// >>> position = PositionExited(
    /// ...     0, Side.BUY, price_entry_average=100, quantity_abs_max=2, pnl_realised=5,
    /// ...     fees_enter=1, fees_exit=1, time_enter=start, time_exit=end, trades=["t1", "t2"])
    /// >>> position.pnl_realised, position.time_exit - position.time_enter
    /// (Decimal('5'), datetime.timedelta(seconds=3600))
    #[derive(Serialize, Deserialize)]
    #[signature(
        instrument, side, *, price_entry_average, quantity_abs_max, pnl_realised, fees_enter,
        fees_exit, time_enter, time_exit, trades
    )]
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
        trades: Sequence<String>,
    }
}

rows! {
    /// Closed positions, for `barter_python.Records`.
    pub struct PositionExitedRows of PositionExited, named by PyIndexedInstruments
}

impl PositionExited {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .named("instrument", indexed.instrument_names(), |row: &Self| {
                Some(row.instrument)
            })
            .text("side", |row| Some(row.side.text().into()))
            .decimal("price_entry_average", |row| Some(row.price_entry_average))
            .decimal("quantity_abs_max", |row| Some(row.quantity_abs_max))
            .decimal("pnl_realised", |row| Some(row.pnl_realised))
            .decimal("fees_enter", |row| Some(row.fees_enter))
            .decimal("fees_exit", |row| Some(row.fees_exit))
            .time("time_enter", |row| Some(row.time_enter))
            .time("time_exit", |row| Some(row.time_exit))
            .texts("trades", |row| row.trades.to_vec());
        columns
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

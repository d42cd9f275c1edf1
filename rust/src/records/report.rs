//! Records of a run besides barter's own.

use crate::{
    convert::{Columns, Dec, EnumText, UtcTime, nanos, record, rows},
    execution::{Order, OrderFailure, OrderResponseCancel},
    instrument::PyIndexedInstruments,
    stops::StopTrigger,
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use serde::{Deserialize, Serialize};

record! {
    /// An order of a run: its state at the end, the sums over its fills, and its times.
    ///
    /// `order` is barter's, and its `filled_quantity` is `None` if the order was cancelled or has expired,
    /// even after fills. The report's own `filled_quantity` is always right.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python import NO_ORDERS, MarketData, Side, SystemConfig, run_backtest
    /// >>> class BuysOnce:
    /// ...     def generate_algo_orders(self, state, /):
    /// ...         view = state.instrument(0)
    /// ...         if view.mid is None or view.position is not None or view.has_orders:
    /// ...             return NO_ORDERS
    /// ...         return [], [view.market_order(Side.BUY, Decimal("0.001"), strategy_id="me")]
    /// >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    /// >>> data = MarketData.from_json_lines(history)
    /// >>> config = SystemConfig.from_json("examples/data/system_config.json")
    /// >>> result = run_backtest(BuysOnce(), data, config, until="2025-03-25T23:08:00Z")
    /// >>> report = result.orders[0]
    /// >>> report.order.side, report.filled_quantity, report.average_price
    /// (<Side.BUY: 'buy'>, Decimal('0.001'), Decimal('87232.01'))
    #[derive(Serialize, Deserialize)]
    #[signature(
        order, order_id, *, filled_quantity, maker_quantity, fees, average_price, time_sent,
        time_finished, stop=None
    )]
    pub struct OrderReport {
        /// The order, in its state at the end.
        order: Order,
        /// The exchange's id of the order, as in its trades' `order_id`; `None` if the order was refused,
        /// or has no answer yet.
        order_id: Option<String>,
        /// The sum of its fills, in units of the order's quantity; zero without fills.
        filled_quantity: Dec,
        /// The part of it that was filled while the order rested; the rest took liquidity.
        maker_quantity: Dec,
        /// The sum of its trades' `fees`, in the quote asset.
        fees: Dec,
        /// The sum of price × quantity over its fills, divided by `filled_quantity` and rounded to what a
        /// decimal holds; `None` without fills.
        average_price: Option<Dec>,
        /// When the engine sent it, in UTC.
        time_sent: UtcTime,
        /// When the exchange ended it, in UTC; `None` if it is open at the end of the run.
        time_finished: Option<UtcTime>,
        /// What triggered it, if a stop has become this order; `None` for an order of the strategy.
        stop: Option<StopTrigger>,
    }
}

record! {
    /// A cancel that failed.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import OrderFailure, OrderFailureKind, OrderResponseCancel
    /// >>> from barter_python.backtest import FailedCancel
    /// >>> answer = OrderResponseCancel(
    /// ...     exchange=0, instrument=0, strategy_id="me", client_order_id="cid-1",
    /// ...     failure=OrderFailure(OrderFailureKind.TIMEOUT))
    /// >>> failed = FailedCancel(answer, "2024-01-01T00:00:00Z")
    /// >>> failed.response.client_order_id, failed.time.isoformat()
    /// ('cid-1', '2024-01-01T00:00:00+00:00')
    #[derive(Serialize, Deserialize)]
    pub struct FailedCancel {
        /// The answer, with its `failure`.
        response: OrderResponseCancel,
        /// When the exchange refused it, in UTC.
        time: UtcTime,
    }
}

rows! {
    /// Orders of a run, for `barter_python.Records`.
    pub struct OrderReportRows of OrderReport, named by PyIndexedInstruments
}

rows! {
    /// Cancels that failed, for `barter_python.Records`.
    pub struct FailedCancelRows of FailedCancel, named by PyIndexedInstruments
}

impl OrderReport {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .named("exchange", indexed.exchange_names(), |row: &Self| {
                Some(row.order.exchange)
            })
            .named("instrument", indexed.instrument_names(), |row| {
                Some(row.order.instrument)
            })
            .text("strategy_id", |row| Some((&row.order.strategy_id).into()))
            .text("client_order_id", |row| {
                Some((&row.order.client_order_id).into())
            })
            .text("order_id", |row| row.order_id.as_deref().map(Into::into))
            .text("side", |row| Some(row.order.side.text().into()))
            .decimal("price", |row| Some(row.order.price))
            .decimal("quantity", |row| Some(row.order.quantity))
            .text("kind", |row| Some(row.order.kind.text().into()))
            .text("time_in_force", |row| {
                Some(row.order.time_in_force.text().into())
            })
            .text("status", |row| Some(row.order.status.text().into()))
            .decimal("filled_quantity", |row| Some(row.filled_quantity))
            .decimal("maker_quantity", |row| Some(row.maker_quantity))
            .decimal("fees", |row| Some(row.fees))
            .decimal("average_price", |row| row.average_price)
            .time("time_sent", |row| Some(row.time_sent))
            .time("time_exchange", |row| row.order.time_exchange)
            .time("time_finished", |row| row.time_finished);
        failure_columns(&mut columns, |row| row.order.failure.as_ref());
        columns
            .text("stop_kind", |row| {
                Some(row.stop.as_ref()?.kind.text().into())
            })
            .decimal("stop_trigger_price", |row| {
                Some(row.stop.as_ref()?.trigger_price)
            })
            .decimal("stop_price", |row| Some(row.stop.as_ref()?.price));
        columns
    }
}

impl FailedCancel {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .time("time", |row: &Self| Some(row.time))
            .named("exchange", indexed.exchange_names(), |row| {
                Some(row.response.exchange)
            })
            .named("instrument", indexed.instrument_names(), |row| {
                Some(row.response.instrument)
            })
            .text("strategy_id", |row| {
                Some((&row.response.strategy_id).into())
            })
            .text("client_order_id", |row| {
                Some((&row.response.client_order_id).into())
            });
        failure_columns(&mut columns, |row| row.response.failure.as_ref());
        columns
    }
}

fn failure_columns<T: 'static>(columns: &mut Columns<T>, read: fn(&T) -> Option<&OrderFailure>) {
    columns
        .text("failure_kind", move |row| {
            Some(read(row)?.kind.text().into())
        })
        .text("failure_message", move |row| Some(read(row)?.text().into()));
}

#[gen_stub_pymethods]
#[pymethods]
impl OrderReport {
    /// `time_sent` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_sent_ns(&self) -> PyResult<i64> {
        nanos(self.time_sent.0)
    }

    /// `time_finished` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_finished_ns(&self) -> PyResult<Option<i64>> {
        self.time_finished.map(|time| nanos(time.0)).transpose()
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl FailedCancel {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}

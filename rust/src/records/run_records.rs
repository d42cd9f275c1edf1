//! Records of a run, made as it goes on: barter forgets ended orders and fills.

use super::{
    AccountEquity, EquityOptions, FailedCancel, FundingPayment, MarkedEquity, OrderReport,
};
use crate::{
    convert::{Dec, UtcTime, datetime_from_nanos, quoted},
    error::Error,
    execution::{Order, OrderIndex, OrderStatus, Trade},
    instrument::Indexed,
    risk::{RefusedRequest, Request},
    state::{OpenPosition, PositionExited, State},
    stops::StopTrigger,
};
use barter::{engine::state::position::PositionExited as BarterPositionExited, risk::RiskRefused};
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::{
        id::OrderId,
        request::OrderRequestOpen,
        state::{Cancelled, InactiveOrderState, OrderState},
    },
};
use barter_instrument::{
    asset::{AssetIndex, QuoteAsset},
    instrument::InstrumentIndex,
};
use barter_integration::collection::snapshot::Snapshot;
use rust_decimal::Decimal;
use std::cmp::Reverse;

/// Among how many of the last orders a refused one is looked for.
const ORDERS_LOOKED_AT: usize = 1_000;

/// The records of a run.
#[derive(Default)]
pub struct DriverOutput {
    /// Orders, in the order in which they were sent.
    pub orders: Vec<OrderReport>,
    /// Our fills, in their order.
    pub fills: Vec<Trade>,
    /// Funding of positions, in its order.
    pub funding: Vec<FundingPayment>,
    /// Cancels that failed, in their order.
    pub failed_cancels: Vec<FailedCancel>,
    /// Requests that the risk manager has refused, in their order.
    pub refused: Vec<RefusedRequest>,
    /// Closed positions, in the order of their closing.
    pub positions: Vec<PositionExited>,
    /// Positions still open at the end.
    pub open_positions: Vec<OpenPosition>,
    /// By instrument index, the prices that open positions are valued at.
    pub marks: Vec<Option<Dec>>,
    /// The equity of the account.
    pub equity: AccountEquity,
}

/// The sums over the fills of an order.
#[derive(Clone, Debug)]
pub struct OrderTotals {
    /// The exchange's id of the order.
    pub order_id: OrderId,
    /// In units of the order's quantity.
    pub filled_quantity: Decimal,
    /// The part of it that was filled while the order rested.
    pub maker_quantity: Decimal,
    /// In the quote asset.
    pub fees: Decimal,
    /// `None` without fills.
    pub average_price: Option<Decimal>,
}

/// Records a run.
pub struct Records {
    output: DriverOutput,
    /// The account's equity so far.
    pub equity: MarkedEquity,
    /// How many orders the exchanges have refused since they took one.
    pub refused_in_a_row: u32,
}

impl Records {
    /// Empty records; `balance` gives the balances at the start.
    pub fn new(
        indexed: &Indexed,
        equity: &EquityOptions,
        balance: impl Fn(AssetIndex) -> Decimal,
    ) -> Self {
        Self {
            equity: MarkedEquity::new(indexed, equity, balance),
            output: DriverOutput::default(),
            refused_in_a_row: 0,
        }
    }

    /// Records an order that is sent, and gives its index.
    pub fn record_order(
        &mut self,
        now: i64,
        open: &OrderRequestOpen,
        stop: Option<StopTrigger>,
    ) -> OrderIndex {
        let index = OrderIndex(self.output.orders.len());
        let order = barter_execution::order::Order::from(open);
        self.output.orders.push(OrderReport {
            order: (&order).into(),
            order_id: None,
            filled_quantity: Dec(Decimal::ZERO),
            maker_quantity: Dec(Decimal::ZERO),
            fees: Dec(Decimal::ZERO),
            average_price: None,
            time_sent: UtcTime(datetime_from_nanos(now)),
            time_finished: None,
            stop,
        });
        index
    }

    /// Records the events of an answer that an exchange has decided at `time`, in nanoseconds since 1970.
    ///
    /// `order` is the order whose state the answer changes, with the sums over its fills so far, which a
    /// refused order has not.
    pub fn record_answer(
        &mut self,
        time: i64,
        events: &[AccountEvent],
        order: Option<(OrderIndex, Option<OrderTotals>)>,
    ) -> Result<(), Error> {
        let time = UtcTime(datetime_from_nanos(time));
        let DriverOutput {
            orders,
            fills,
            failed_cancels,
            ..
        } = &mut self.output;
        let mut report = None;
        if let Some((OrderIndex(index), totals)) = order {
            let Some(known) = orders.get_mut(index) else {
                return Err(Error::inconsistent(format!(
                    "an answer to order {index} of the run, which was not sent"
                )));
            };
            if let Some(totals) = totals {
                known.add_totals(totals);
            }
            report = Some(known);
        }
        for event in events {
            match &event.kind {
                AccountEventKind::Trade(trade) => fills.push(trade.into()),
                AccountEventKind::OrderSnapshot(Snapshot(order)) => {
                    self.refused_in_a_row = match &order.state {
                        OrderState::Inactive(InactiveOrderState::OpenFailed(_)) => {
                            self.refused_in_a_row.saturating_add(1)
                        }
                        OrderState::Active(_)
                        | OrderState::Inactive(
                            InactiveOrderState::Cancelled(_)
                            | InactiveOrderState::FullyFilled
                            | InactiveOrderState::Expired,
                        ) => 0,
                    };
                    if let Some(report) = &mut report {
                        report.order = order.into();
                        if matches!(order.state, OrderState::Inactive(_)) {
                            report.time_finished = Some(time);
                        }
                    }
                }
                AccountEventKind::OrderCancelled(response) => match &response.state {
                    Ok(cancelled) => {
                        if let Some(report) = &mut report {
                            report.cancel(cancelled);
                            report.time_finished = Some(time);
                        }
                    }
                    Err(_) => failed_cancels.push(FailedCancel {
                        response: response.into(),
                        time,
                    }),
                },
                AccountEventKind::Snapshot(_) | AccountEventKind::BalanceSnapshot(_) => {}
            }
        }
        Ok(())
    }

    /// Records a funding of which the engine has processed the balance.
    pub fn record_funding(&mut self, now: i64, payment: FundingPayment) {
        let instrument = InstrumentIndex(payment.instrument.0);
        self.equity.on_funding(now, instrument, payment.amount.0);
        self.output.funding.push(payment);
    }

    /// Records a closed position.
    pub fn record_closed(&mut self, position: BarterPositionExited<QuoteAsset>) {
        self.equity
            .realise(position.instrument, position.pnl_realised);
        self.output.positions.push(position.into());
    }

    /// Records requests that the risk manager has refused.
    pub fn record_refused(
        &mut self,
        now: i64,
        refused: impl IntoIterator<Item = RiskRefused<Request>>,
    ) {
        let refused = refused.into_iter();
        self.output
            .refused
            .extend(refused.map(|refused| RefusedRequest::new(refused, now)));
    }

    /// The last request that an exchange refused, and the reason.
    pub fn last_refusal(&self) -> Option<String> {
        let mut orders = self.output.orders.iter().rev();
        let order = orders.find_map(|report| Some((&report.order, report.order.failure.as_ref()?)));
        if let Some((order, failure)) = order {
            let reason = failure.text();
            return Some(format!(
                "order {}, {reason}",
                quoted(&order.client_order_id)
            ));
        }
        let failed = self.output.failed_cancels.last()?;
        let reason = failed.response.failure.as_ref()?.text();
        let id = quoted(&failed.response.client_order_id);
        Some(format!("cancel of order {id}, {reason}"))
    }

    /// The last `most` refusals, of exchanges and of the risk manager: when, in nanoseconds since 1970, and
    /// why. Of the orders only the last are looked at.
    pub fn last_refusals(&self, most: usize) -> Vec<(i64, String)> {
        let DriverOutput {
            orders,
            failed_cancels,
            refused,
            ..
        } = &self.output;
        let orders = orders.iter().rev().take(ORDERS_LOOKED_AT);
        let of_orders = orders.filter_map(|report| {
            let failure = report.order.failure.as_ref()?;
            let UtcTime(time) = report.time_finished?;
            let id = quoted(&report.order.client_order_id);
            let text = format!("order {id}: {}", failure.text());
            Some((time.timestamp_nanos_opt()?, text))
        });
        let of_cancels = failed_cancels.iter().rev().filter_map(|failed| {
            let failure = failed.response.failure.as_ref()?;
            let id = quoted(&failed.response.client_order_id);
            let text = format!("cancel of {id}: {}", failure.text());
            Some((failed.time.0.timestamp_nanos_opt()?, text))
        });
        let of_manager = refused.iter().rev().map(RefusedRequest::told);
        let mut all: Vec<(i64, String)> = of_orders
            .take(most)
            .chain(of_cancels.take(most))
            .chain(of_manager.take(most))
            .collect();
        all.sort_by_key(|(time, _)| Reverse(*time));
        all.truncate(most);
        all
    }

    /// Takes the records, at the end of the run.
    pub fn finish(&mut self, now: i64, state: &State) -> DriverOutput {
        self.output.equity = self.equity.finish(now);
        let instruments = state.instruments.0.values();
        self.output.marks = instruments
            .clone()
            .map(|instrument| instrument.data.market.mark().map(Dec))
            .collect();
        self.output.open_positions = instruments
            .filter_map(|instrument| {
                let position = instrument.position.current.as_ref()?;
                Some(OpenPosition::from_barter(
                    position,
                    instrument.data.market.mark(),
                ))
            })
            .collect();
        std::mem::take(&mut self.output)
    }
}

impl OrderReport {
    fn add_totals(&mut self, totals: OrderTotals) {
        let OrderTotals {
            order_id,
            filled_quantity,
            maker_quantity,
            fees,
            average_price,
        } = totals;
        self.order_id = Some(order_id.to_string());
        self.filled_quantity = Dec(filled_quantity);
        self.maker_quantity = Dec(maker_quantity);
        self.fees = Dec(fees);
        self.average_price = average_price.map(Dec);
    }

    fn cancel(&mut self, cancelled: &Cancelled) {
        let Cancelled { id, time_exchange } = cancelled;
        self.order = Order {
            status: OrderStatus::Cancelled.into(),
            order_id: Some(id.to_string()),
            filled_quantity: None,
            time_exchange: Some(UtcTime(*time_exchange)),
            ..self.order.clone()
        };
    }
}

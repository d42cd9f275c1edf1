//! What a run brings forth, kept as it happens: barter forgets ended orders and fills.

use super::{
    EquityPoint, FailedCancel, OpenPosition, OrderReport, PositionExited, RunEngine, State,
    queue::{Told, ToldOrder},
    with_open_positions,
};
use crate::{
    convert::{Dec, Index, UtcTime, datetime_from_nanos},
    execution::{Order, OrderStatus, Trade},
    instrument::Indexed,
    risk::{Refusal, Refused},
};
use barter::engine::state::position::PositionExited as BarterPositionExited;
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::{
        OrderKey,
        id::ClientOrderId,
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
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What a run has brought forth.
#[derive(Default)]
pub struct DriverOutput {
    /// Orders, in the order in which they were sent.
    pub orders: Vec<OrderReport>,
    /// Our fills, in their order.
    pub fills: Vec<Trade>,
    /// Cancels that failed, in their order.
    pub failed_cancels: Vec<FailedCancel>,
    /// What the risk manager has refused, in its order.
    pub refused: Vec<Refusal>,
    /// Closed positions, in the order of their closing.
    pub positions: Vec<PositionExited>,
    /// Positions still open at the end.
    pub open_positions: Vec<OpenPosition>,
    /// By instrument index, what open positions are valued at.
    pub marks: Vec<Option<Dec>>,
    /// Equity by quote asset at the start, after each fill and at the end.
    pub equity: Vec<EquityPoint>,
}

/// Keeps the output of a run.
pub struct Records {
    indexed: Arc<Indexed>,
    output: DriverOutput,
    /// Which of all orders rests under an id.
    resting: HashMap<(InstrumentIndex, ClientOrderId), usize>,
    /// By quote asset: the balance at the start and the profit of closed positions since.
    realised: BTreeMap<AssetIndex, Decimal>,
}

impl Records {
    /// Nothing yet, with what is held at the start.
    pub fn new(indexed: &Arc<Indexed>, held: impl Fn(AssetIndex) -> Decimal) -> Self {
        let quotes = indexed
            .instruments
            .instruments()
            .iter()
            .map(|keyed| keyed.value.underlying.quote);
        Self {
            realised: quotes.map(|quote| (quote, held(quote))).collect(),
            indexed: Arc::clone(indexed),
            output: DriverOutput::default(),
            resting: HashMap::new(),
        }
    }

    /// An order is sent; gives its number.
    pub fn sent(&mut self, now: i64, open: &OrderRequestOpen) -> usize {
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
        });
        self.output.orders.len().saturating_sub(1)
    }

    /// Which order a message of an exchange is about, which is `sent` where it answers that one, and
    /// under which id.
    pub fn order_of(
        &mut self,
        message: &[AccountEvent],
        sent: Option<usize>,
    ) -> Option<(usize, OrderKey)> {
        let (key, rests) = message.iter().rev().find_map(|event| match &event.kind {
            AccountEventKind::OrderSnapshot(Snapshot(order)) => {
                Some((&order.key, matches!(order.state, OrderState::Active(_))))
            }
            AccountEventKind::OrderCancelled(response) if response.state.is_ok() => {
                Some((&response.key, false))
            }
            AccountEventKind::OrderCancelled(_)
            | AccountEventKind::Snapshot(_)
            | AccountEventKind::BalanceSnapshot(_)
            | AccountEventKind::Trade(_) => None,
        })?;
        let id = (key.instrument, key.cid.clone());
        let resting = self.resting.get(&id).copied();
        let order = sent.or(resting)?;
        if rests {
            self.resting.insert(id, order);
        } else if resting == Some(order) {
            self.resting.remove(&id);
        }
        Some((order, key.clone()))
    }

    /// An event of a message is delivered for the first time.
    pub fn told(&mut self, told: &Told, event: &AccountEvent) {
        match &event.kind {
            AccountEventKind::Trade(trade) => self.output.fills.push(trade.into()),
            AccountEventKind::OrderCancelled(response) if response.state.is_err() => {
                self.output.failed_cancels.push(FailedCancel {
                    response: response.into(),
                    time: UtcTime(datetime_from_nanos(told.time)),
                });
            }
            AccountEventKind::OrderCancelled(_)
            | AccountEventKind::OrderSnapshot(_)
            | AccountEventKind::Snapshot(_)
            | AccountEventKind::BalanceSnapshot(_) => {}
        }
        let Some(ToldOrder { number, executed }) = &told.order else {
            return;
        };
        let Some(report) = self.output.orders.get_mut(*number) else {
            return;
        };
        let finished = match &event.kind {
            AccountEventKind::OrderSnapshot(Snapshot(order)) => {
                report.order = order.into();
                matches!(order.state, OrderState::Inactive(_))
            }
            AccountEventKind::OrderCancelled(response) => {
                let Ok(Cancelled { id, time_exchange }) = &response.state else {
                    return;
                };
                report.order = Order {
                    status: OrderStatus::Cancelled.into(),
                    order_id: Some(id.to_string()),
                    filled_quantity: None,
                    time_exchange: Some(UtcTime(*time_exchange)),
                    ..report.order.clone()
                };
                true
            }
            AccountEventKind::Snapshot(_)
            | AccountEventKind::BalanceSnapshot(_)
            | AccountEventKind::Trade(_) => return,
        };
        if let Some((id, executed)) = executed {
            report.order_id = Some(id.to_string());
            report.filled_quantity = Dec(executed.quantity.decimal());
            report.maker_quantity = Dec(executed.maker.decimal());
            report.fees = Dec(executed.fees.decimal());
            report.average_price = executed.average_price().map(Dec);
        }
        if finished {
            report.time_finished = Some(UtcTime(datetime_from_nanos(told.time)));
        }
    }

    /// The quote asset of a fill.
    pub fn quote_asset(&self, instrument: InstrumentIndex) -> Option<AssetIndex> {
        self.indexed
            .instrument(instrument.index())
            .map(|instrument| instrument.underlying.quote)
    }

    /// A position is closed.
    pub fn closed(&mut self, position: BarterPositionExited<QuoteAsset>) {
        if let Some(realised) = self
            .quote_asset(position.instrument)
            .and_then(|asset| self.realised.get_mut(&asset))
        {
            *realised = realised.saturating_add(position.pnl_realised);
        }
        self.output.positions.push(position.into());
    }

    /// The risk manager has refused something.
    pub fn refused(&mut self, now: i64, refused: impl IntoIterator<Item = Refused>) {
        let refusals = refused
            .into_iter()
            .map(|refused| Refusal::new(refused, now));
        self.output.refused.extend(refusals);
    }

    /// Notes what the account is worth in each quote asset.
    pub fn equity_of_all(&mut self, now: i64, state: &State) {
        for asset in self.realised.keys().copied().collect::<Vec<_>>() {
            self.equity(now, state, asset);
        }
    }

    /// Notes what the account is worth in one quote asset.
    pub fn equity(&mut self, now: i64, state: &State, asset: AssetIndex) {
        let realised = self.realised.get(&asset).copied().unwrap_or_default();
        let equity = with_open_positions(realised, state, asset);
        self.output.equity.push(EquityPoint {
            asset: Index(asset.index()),
            time: UtcTime(datetime_from_nanos(now)),
            equity: Dec(equity),
        });
    }

    /// Everything, at the end of the run.
    pub fn finish(&mut self, now: i64, engine: &RunEngine) -> DriverOutput {
        self.equity_of_all(now, &engine.state);
        let instruments = engine.state.instruments.0.values();
        self.output.marks = instruments
            .clone()
            .map(|instrument| instrument.data.mark().map(Dec))
            .collect();
        self.output.open_positions = instruments
            .filter_map(|instrument| {
                let position = instrument.position.current.as_ref()?;
                Some(OpenPosition::from_barter(position, instrument.data.mark()))
            })
            .collect();
        std::mem::take(&mut self.output)
    }
}

/// Whether the order was refused, so that nothing of it is filled.
pub fn is_refused(message: &[AccountEvent]) -> bool {
    message.iter().any(|event| match &event.kind {
        AccountEventKind::OrderSnapshot(Snapshot(order)) => matches!(
            order.state,
            OrderState::Inactive(InactiveOrderState::OpenFailed(_))
        ),
        AccountEventKind::Snapshot(_)
        | AccountEventKind::BalanceSnapshot(_)
        | AccountEventKind::OrderCancelled(_)
        | AccountEventKind::Trade(_) => false,
    })
}

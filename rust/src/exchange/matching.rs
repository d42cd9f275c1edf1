//! One instrument of an exchange at one time, with everything that a fill changes.

use super::{
    accepted::{AcceptedOrders, Stage, order_id},
    account::Accounts,
    amount::Amount,
    booking::{Booking, Fill, Terms},
    contract::Holding,
    events,
    protocol::{Answer, AnsweredOrder},
    resting::{OrderRef, RestingOrders},
    taken::TakenLiquidity,
    waiting::WaitingOrders,
};
use crate::error::Error;
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::{OrderKey, state::OrderState},
    trade::{AssetFees, Trade, TradeId},
};
use barter_instrument::instrument::InstrumentIndex;
use chrono::{DateTime, Utc};
use smol_str::format_smolstr;

/// The state of one instrument on its exchange.
#[derive(Debug)]
pub struct InstrumentBook {
    pub resting: RestingOrders,
    pub taken: TakenLiquidity,
    pub holding: Holding,
    pub waiting: WaitingOrders,
}

impl Default for InstrumentBook {
    fn default() -> Self {
        Self {
            resting: RestingOrders::default(),
            taken: TakenLiquidity::default(),
            holding: Holding::NOTHING,
            waiting: WaitingOrders::new(),
        }
    }
}

impl InstrumentBook {
    /// Whether no market event changes anything.
    pub fn is_idle(&self) -> bool {
        self.resting.is_empty() && self.taken.is_empty() && self.waiting.is_empty()
    }
}

/// Matches the orders of one instrument with its market.
pub struct Matching<'a> {
    pub time: DateTime<Utc>,
    pub index: InstrumentIndex,
    pub terms: Terms<'a>,
    pub accounts: &'a mut Accounts,
    pub orders: &'a mut AcceptedOrders,
    pub book: &'a mut InstrumentBook,
    /// How many fills there were on all exchanges.
    pub fills: &'a mut u64,
}

impl Matching<'_> {
    /// Books a fill, and adds its events.
    pub fn book_fill(
        &mut self,
        fill: &Fill,
        booking: &Booking,
        key: &OrderKey,
        number: u64,
        events: &mut Vec<AccountEvent>,
    ) -> Result<(), Error> {
        let (base, quote) = (self.terms.base(), self.terms.quote());
        self.accounts.change(quote, booking.quote)?;
        if let Some(holding) = booking.holding {
            let margin = holding.margin.minus(self.book.holding.margin);
            self.accounts.reserve(quote, margin)?;
            self.book.holding = holding;
        }
        if let Some(change) = booking.base {
            self.accounts.change(base, change)?;
            events.push(self.accounts.event(key.exchange, base, self.time));
        }
        events.push(self.accounts.event(key.exchange, quote, self.time));
        *self.fills = self.fills.saturating_add(1);
        events.push(AccountEvent::new(
            key.exchange,
            AccountEventKind::Trade(Trade {
                id: TradeId(format_smolstr!("{}", self.fills)),
                order_id: order_id(number),
                instrument: key.instrument,
                strategy: key.strategy.clone(),
                time_exchange: self.time,
                side: fill.side,
                price: fill.price,
                quantity: booking.traded.decimal(),
                fees: AssetFees::quote_fees(booking.fees.decimal()),
            }),
        ));
        Ok(())
    }

    /// Fills a part of a resting order at its limit.
    pub fn fill_resting(&mut self, filled: &OrderRef, quantity: Amount) -> Result<Answer, Error> {
        let Some(order) = self.book.resting.get_mut(filled) else {
            return Err(filled.missing());
        };
        let fill = Fill {
            side: filled.side,
            price: filled.price,
            quantity,
            fee_rate: self.terms.rules.maker_fee_rate,
        };
        let left = order.left.minus(quantity);
        // Both amounts are less than those that fitted when the order arrived.
        let (Some(booking), Some(reserved)) = (
            self.terms.booking(&fill, &self.book.holding),
            self.terms.reserved(filled.side, filled.price, left),
        ) else {
            return Err(Error::inconsistent(format!(
                "a fill of {} at {} for the resting order {} cannot be booked",
                quantity.decimal(),
                filled.price,
                filled.number
            )));
        };
        let freed = order.reserved;
        order.left = left;
        order.reserved = reserved;
        order.time = self.time;
        order.executed.add_resting(&fill, &booking);
        let (index, executed, request) = (order.index, order.executed, order.request.clone());
        self.accounts
            .reserve(freed.asset, reserved.amount.minus(freed.amount))?;
        let mut events = Vec::with_capacity(4);
        self.book_fill(&fill, &booking, &request.key, filled.number, &mut events)?;
        // The order comes last, so that balances and position are right when the strategy sees its end.
        let state = if left.is_zero() {
            let order = self.book.resting.remove(filled)?;
            self.orders.finish(&order, Stage::Filled)?;
            OrderState::fully_filled()
        } else {
            events::open(filled.number, self.time, executed.quantity)
        };
        let exchange = request.key.exchange;
        events.push(events::order_event(request, state));
        Ok(Answer {
            exchange,
            order: Some(AnsweredOrder {
                index,
                executed: Some((order_id(filled.number), executed)),
            }),
            funded: None,
            events,
        })
    }
}

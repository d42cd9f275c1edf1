//! One instrument of an exchange at one time, with all that a fill changes.

use super::{
    Message,
    account::Accounts,
    amount::Amount,
    booking::{Booking, Fill, Terms},
    contract::Holding,
    offers::Taken,
    orders::{Orders, Stage, order_id},
    resting::{Found, RestingOrders},
    tell,
};
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::{OrderKey, state::OrderState},
    trade::{AssetFees, Trade, TradeId},
};
use chrono::{DateTime, Utc};
use smol_str::format_smolstr;

/// What an exchange keeps of one instrument.
#[derive(Debug)]
pub struct InstrumentBook {
    pub resting: RestingOrders,
    pub taken: Taken,
    pub holding: Holding,
}

impl Default for InstrumentBook {
    fn default() -> Self {
        Self {
            resting: RestingOrders::default(),
            taken: Taken::default(),
            holding: Holding::NOTHING,
        }
    }
}

impl InstrumentBook {
    /// Whether no market event changes anything.
    pub fn is_idle(&self) -> bool {
        self.resting.is_empty() && self.taken.is_empty()
    }
}

/// Where orders of one instrument are decided.
pub struct Desk<'a> {
    pub time: DateTime<Utc>,
    pub terms: Terms<'a>,
    pub accounts: &'a mut Accounts,
    pub orders: &'a mut Orders,
    pub book: &'a mut InstrumentBook,
    /// How many fills there were.
    pub fills: &'a mut u64,
}

impl Desk<'_> {
    /// Books a fill, and tells it.
    pub fn book_fill(
        &mut self,
        fill: &Fill,
        booking: &Booking,
        key: &OrderKey,
        number: u64,
        message: &mut Message,
    ) {
        let (base, quote) = (self.terms.base(), self.terms.quote());
        self.accounts.change(quote, booking.quote);
        if let Some(holding) = booking.holding {
            let margin = holding.margin.minus(self.book.holding.margin);
            self.accounts.reserve(quote, margin);
            self.book.holding = holding;
        }
        if let Some(change) = booking.base {
            self.accounts.change(base, change);
            message.push(self.accounts.event(key.exchange, base, self.time));
        }
        message.push(self.accounts.event(key.exchange, quote, self.time));
        *self.fills = self.fills.saturating_add(1);
        message.push(AccountEvent::new(
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
    }

    /// Fills a resting order at its limit; the message that tells it, if the order could be filled.
    pub fn fill_resting(&mut self, found: &Found, quantity: Amount) -> Option<Message> {
        let order = self.book.resting.get_mut(found)?;
        let fill = Fill {
            side: found.side,
            price: found.price,
            quantity,
            fee_rate: self.terms.rules.maker_fee_rate,
        };
        // All of these are less than what was found to fit when the order arrived.
        let booking = self.terms.booking(&fill, &self.book.holding)?;
        let left = order.left.minus(quantity);
        let reserved = self.terms.reserved(found.side, found.price, left)?;
        let freed = order.reserved;
        order.left = left;
        order.reserved = reserved;
        order.time = self.time;
        let request = order.request.clone();
        let filled = order.filled();
        self.accounts
            .reserve(freed.asset, reserved.amount.minus(freed.amount));
        if let Some(known) = self.orders.get_mut(found.number) {
            known.executed.add_resting(&fill, &booking);
        }
        let mut message = Vec::with_capacity(4);
        self.book_fill(&fill, &booking, &request.key, found.number, &mut message);
        // The order comes last, so that what is held is right when the strategy sees its end.
        let state = if left.is_zero() {
            if let Some(order) = self.book.resting.remove(found) {
                self.orders.finish(&order, Stage::Filled);
            }
            OrderState::fully_filled()
        } else {
            tell::open(found.number, self.time, filled)
        };
        message.push(tell::order_event(request, state));
        Some(message)
    }
}

//! What events bring those who hold a contract, without an order of theirs: funding and settlement.

use super::{
    accepted::Stage,
    amount::Amount,
    booking::Fill,
    contract::Holding,
    matching::Matching,
    offered::Offered,
    protocol::{Answer, Funded},
    simulated::SimulatedExchange,
};
use crate::{
    convert::{datetime_from_nanos, time_text},
    data::{FundingTick, MarketState, SettlementTick, opposite},
    error::Error,
    execution::SETTLEMENT_ID,
    instrument::BarterInstrument,
};
use barter_execution::order::{
    OrderKey,
    id::{ClientOrderId, StrategyId},
};
use barter_instrument::{
    Side,
    instrument::{InstrumentIndex, kind::InstrumentKind},
};
use rust_decimal::Decimal;

impl SimulatedExchange {
    /// Has the position in a perpetual pay or receive its funding; no answer without a position.
    pub(super) fn fund(
        &mut self,
        time: i64,
        index: InstrumentIndex,
        instrument: &BarterInstrument,
        funding: &FundingTick,
        market: &MarketState,
    ) -> Result<Option<Answer>, Error> {
        let name = &instrument.name_internal;
        let InstrumentKind::Perpetual(_) = instrument.kind else {
            return Err(Error::market_data(format!(
                "{name} has a Funding at {}, which is for perpetuals only",
                time_text(datetime_from_nanos(time))
            )));
        };
        if !self.is_held(index) {
            return Ok(None);
        }
        let matching = self.matching(time, index, instrument)?;
        let Holding {
            side,
            quantity,
            entry,
            ..
        } = matching.book.holding;
        let mark_price = funding.mark_price.or_else(|| market.mark());
        let value = mark_price.map_or(Some(entry), |mark| quantity.times(mark));
        let value = value.filter(|value| value.max(&value.negated()) < &Amount::LIMIT);
        let Some(paid) = value.and_then(|value| value.times(funding.rate)) else {
            return Err(Error::market_data(format!(
                "the funding of {} {name} cannot be booked: its value is too large",
                quantity.decimal()
            )));
        };
        let amount = match side {
            Side::Buy => paid.negated(),
            Side::Sell => paid,
        };
        let (exchange, quote) = (instrument.exchange.key, matching.terms.quote());
        matching.accounts.change(quote, amount)?;
        Ok(Some(Answer {
            exchange,
            order: None,
            funded: Some(Funded {
                instrument: index,
                side,
                quantity: quantity.decimal(),
                mark_price,
                rate: funding.rate,
                amount: amount.decimal(),
            }),
            events: vec![matching.accounts.event(exchange, quote, matching.time)],
        }))
    }

    /// Ends what waits of an expired future, and closes its position at the price of its settlement.
    pub(super) fn settle(
        &mut self,
        time: i64,
        index: InstrumentIndex,
        instrument: &BarterInstrument,
        settlement: &SettlementTick,
        market: &MarketState,
    ) -> Result<Vec<Answer>, Error> {
        let name = &instrument.name_internal;
        let now = datetime_from_nanos(time);
        let InstrumentKind::Future(future) = &instrument.kind else {
            return Err(Error::market_data(format!(
                "{name} has a Settlement at {}, which is for futures only",
                time_text(now)
            )));
        };
        if now < future.expiry {
            return Err(Error::market_data(format!(
                "{name} has a Settlement at {}, before it expires at {}",
                time_text(now),
                time_text(future.expiry)
            )));
        }
        let mut answers = Vec::new();
        if self.books.len() > index.index() {
            let mut matching = self.matching(time, index, instrument)?;
            matching.decide_all_waiting(market, Offered::Market(market), &mut answers)?;
            if !matching.book.holding.quantity.is_zero() {
                let answer =
                    matching.close_position(SETTLEMENT_ID, settlement.price, Decimal::ZERO)?;
                answers.push(answer);
            }
        }
        Ok(answers)
    }

    /// Whether there is a position in the contract.
    #[inline]
    pub(super) fn is_held(&self, index: InstrumentIndex) -> bool {
        let book = self.books.get(index.index());
        book.is_some_and(|book| !book.holding.quantity.is_zero())
    }
}

impl Matching<'_> {
    /// Closes the position by an order of the exchange's own, whose strategy and client order id are `id`.
    pub fn close_position(
        &mut self,
        id: &'static str,
        price: Decimal,
        fee_rate: Decimal,
    ) -> Result<Answer, Error> {
        let holding = self.book.holding;
        let fill = Fill {
            side: opposite(holding.side),
            price,
            quantity: holding.quantity,
            fee_rate,
        };
        let value = fill.quantity.times(price);
        let booking = self.terms.booking(&fill, &holding);
        let booking = booking.filter(|_| value.is_some_and(|value| value < Amount::LIMIT));
        let Some(booking) = booking else {
            return Err(Error::market_data(format!(
                "the closing of {} {} at {price} cannot be booked: its value is too large",
                holding.quantity.decimal(),
                self.terms.instrument.name_internal
            )));
        };
        let key = OrderKey {
            exchange: self.terms.instrument.exchange.key,
            instrument: self.index,
            strategy: StrategyId::new(id),
            cid: ClientOrderId::new(id),
        };
        let number = self.orders.add(key.clone(), Stage::Filled);
        let mut events = Vec::with_capacity(2);
        self.book_fill(&fill, &booking, &key, number, &mut events)?;
        Ok(Answer {
            exchange: key.exchange,
            order: None,
            funded: None,
            events,
        })
    }
}

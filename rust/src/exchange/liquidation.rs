//! Liquidates an account whose equity does not cover the maintenance margin of its contracts.

use super::{
    amount::Amount, contract::Holding, protocol::Answer, resting::OrderRef,
    simulated::SimulatedExchange,
};
use crate::{
    data::MarketState, error::Error, execution::LIQUIDATION_ID, instrument::BarterInstrument,
};
use barter_instrument::{
    Side,
    instrument::{InstrumentIndex, kind::InstrumentKind},
};
use rust_decimal::Decimal;

/// A contract of an account, at its mark.
struct Contract<'a> {
    index: InstrumentIndex,
    instrument: &'a BarterInstrument,
    mark: Option<Decimal>,
}

impl SimulatedExchange {
    /// Whether an event of the instrument can liquidate an account: there is a position in it, and its
    /// exchange has a maintenance margin.
    #[inline]
    pub fn is_on_margin(&self, index: InstrumentIndex) -> bool {
        self.has_maintenance_margin && self.is_held(index)
    }

    /// Liquidates the account of an instrument if its equity is less than the maintenance margin: its
    /// orders expire, and its positions are closed at their marks. `look` gives an instrument and its
    /// market.
    pub fn liquidate<'a>(
        &mut self,
        time: i64,
        index: InstrumentIndex,
        look: impl Fn(InstrumentIndex) -> Result<(&'a BarterInstrument, &'a MarketState), Error>,
    ) -> Result<Vec<Answer>, Error> {
        let (changed, _) = look(index)?;
        let (exchange, asset) = (changed.exchange.key, changed.underlying.quote);
        let rules = self.exchanges.get(exchange.index()).map(|one| &one.rules);
        let Some((rate, fee_rate)) =
            rules.and_then(|rules| Some((rules.maintenance_margin?, rules.taker_fee_rate)))
        else {
            return Ok(Vec::new());
        };
        let mut contracts = Vec::new();
        for place in 0..self.books.len() {
            let index = InstrumentIndex(place);
            let (instrument, market) = look(index)?;
            let is_spot = matches!(instrument.kind, InstrumentKind::Spot);
            let underlying = &instrument.underlying;
            if !is_spot && instrument.exchange.key == exchange && underlying.quote == asset {
                contracts.push(Contract {
                    index,
                    instrument,
                    mark: market.mark(),
                });
            }
        }
        let (mut equity, mut required) = (self.accounts.total(asset), Amount::ZERO);
        for contract in &contracts {
            let (gained, margin) = self.gained_and_margin(contract, rate)?;
            equity = equity.plus(gained);
            required = required.plus(margin);
        }
        if equity >= required {
            return Ok(Vec::new());
        }
        let mut answers = self.expire_all(time, &contracts)?;
        for contract in contracts {
            let mark = contract.mark.filter(|mark| *mark > Decimal::ZERO);
            if let Some(mark) = mark
                && self.is_held(contract.index)
            {
                let mut matching = self.matching(time, contract.index, contract.instrument)?;
                answers.push(matching.close_position(LIQUIDATION_ID, mark, fee_rate)?);
            }
        }
        Ok(answers)
    }

    /// The profit of a position at its mark, and its maintenance margin. Without a mark, what it was
    /// entered for counts.
    fn gained_and_margin(
        &self,
        contract: &Contract<'_>,
        rate: Decimal,
    ) -> Result<(Amount, Amount), Error> {
        let book = self.books.get(contract.index.index());
        let Holding {
            side,
            quantity,
            entry,
            ..
        } = book.map_or(Holding::NOTHING, |book| book.holding);
        let value = contract
            .mark
            .map_or(Some(entry), |mark| quantity.times(mark));
        let margin = value.and_then(|value| value.times(rate));
        let (Some(value), Some(margin)) = (value, margin) else {
            return Err(Error::market_data(format!(
                "the margin of {} {} does not fit: its value is too large",
                quantity.decimal(),
                contract.instrument.name_internal
            )));
        };
        let gained = value.minus(entry);
        Ok(match side {
            Side::Buy => (gained, margin),
            Side::Sell => (gained.negated(), margin),
        })
    }

    /// Ends all resting orders of the contracts, by their numbers.
    fn expire_all(&mut self, time: i64, contracts: &[Contract<'_>]) -> Result<Vec<Answer>, Error> {
        let mut resting = Vec::new();
        for contract in contracts {
            let book = self.books.get(contract.index.index());
            let orders = book.into_iter().flat_map(|book| book.resting.iter());
            resting.extend(orders.map(|order| {
                let order = OrderRef {
                    side: order.request.state.side,
                    price: order.request.state.price,
                    number: order.number,
                };
                (contract.index, order)
            }));
        }
        resting.sort_by_key(|(_, order)| order.number);
        let expired = resting.into_iter();
        expired
            .map(|(index, order)| self.expire(time, index, &order))
            .collect()
    }
}

//! Market orders that wait for the open of the next candle.

use super::{
    accepted::{Stage, order_id},
    events,
    executed::Executed,
    matching::Matching,
    offered::Offered,
    protocol::{Answer, AnsweredOrder},
    rules::{CandleFills, CandlePrice, FillPrice},
    simulated::SimulatedExchange,
};
use crate::{
    convert::datetime_from_nanos,
    data::{MarketKind, MarketState},
    error::Error,
    execution::OrderIndex,
    instrument::BarterInstrument,
    stops::PathPrice,
};
use barter_execution::order::{
    OrderKind,
    request::{OrderRequestCancel, OrderRequestOpen},
    state::Cancelled,
};
use barter_instrument::instrument::InstrumentIndex;
use std::collections::VecDeque;

/// The waiting orders of one instrument, in the order in which they have arrived.
pub type WaitingOrders = VecDeque<WaitingOrder>;

/// A market order that waits.
#[derive(Clone, Debug)]
pub struct WaitingOrder {
    /// Index of the order among the orders of the run.
    pub index: OrderIndex,
    pub request: OrderRequestOpen,
}

impl Matching<'_> {
    /// Whether the candle that has triggered an order is still the last, and filled orders along its path.
    pub fn is_on_path(&self, path: &PathPrice, market: &MarketState) -> bool {
        self.terms.rules.candle_fills == CandleFills::Path
            && market.is_of_candles()
            && market.is_last_candle(&path.candle)
    }

    /// Whether an order that arrives waits for the next candle.
    pub fn waits(
        &self,
        request: &OrderRequestOpen,
        fill_price: FillPrice,
        market: &MarketState,
    ) -> bool {
        self.terms.rules.candle_price == CandlePrice::NextOpen
            && request.state.kind == OrderKind::Market
            && fill_price == FillPrice::BestOpposite
            && market.is_of_candles()
            && market.candle.is_some()
    }

    /// Decides the orders that wait, if the event ends their waiting; `market` is the market after it.
    pub fn decide_waiting(
        &mut self,
        event: &MarketKind,
        market: &MarketState,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        let offered = match event {
            _ if !market.is_of_candles() => Offered::Market(market),
            MarketKind::Candle(candle) => Offered::candle(candle, candle.open),
            MarketKind::Trade(_)
            | MarketKind::L1(_)
            | MarketKind::L2(_)
            | MarketKind::Liquidation(_)
            | MarketKind::Funding(_)
            | MarketKind::Settlement(_) => return Ok(()),
        };
        self.decide_all_waiting(market, offered, answers)
    }

    /// Decides the orders that wait.
    pub fn decide_all_waiting(
        &mut self,
        market: &MarketState,
        offered: Offered<'_>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        for WaitingOrder { index, request } in std::mem::take(&mut self.book.waiting) {
            answers.push(self.open(index, request, FillPrice::BestOpposite, market, offered)?);
        }
        Ok(())
    }
}

impl SimulatedExchange {
    /// Notes that no candle comes any more: no order waits from now on.
    pub const fn end_history(&mut self) {
        self.is_history_over = true;
    }

    /// The instruments that have waiting orders.
    pub fn instruments_waiting(&self) -> Vec<InstrumentIndex> {
        let books = self.books.iter().enumerate();
        books
            .filter(|(_, book)| !book.waiting.is_empty())
            .map(|(index, _)| InstrumentIndex(index))
            .collect()
    }

    /// Decides the waiting orders of an instrument by the market as it is known.
    pub fn decide_waiting(
        &mut self,
        time: i64,
        index: InstrumentIndex,
        instrument: &BarterInstrument,
        market: &MarketState,
    ) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::new();
        self.matching(time, index, instrument)?.decide_all_waiting(
            market,
            Offered::Market(market),
            &mut answers,
        )?;
        Ok(answers)
    }

    /// Ends the waiting order that a cancel names, if there is one: by its client order id, unless another
    /// order with that id rests.
    pub(super) fn cancel_waiting(
        &mut self,
        time: i64,
        request: &OrderRequestCancel,
    ) -> Option<Answer> {
        let key = &request.key;
        if request.state.id.is_some() || self.orders.is_open(key) {
            return None;
        }
        let waiting = &mut self.books.get_mut(key.instrument.index())?.waiting;
        let is_named = |order: &WaitingOrder| order.request.key.cid == key.cid;
        let WaitingOrder { index, request } = waiting.remove(waiting.iter().position(is_named)?)?;
        let number = self.orders.add(request.key.clone(), Stage::Cancelled);
        let cancelled = Cancelled {
            id: order_id(number),
            time_exchange: datetime_from_nanos(time),
        };
        Some(Answer {
            exchange: request.key.exchange,
            order: Some(AnsweredOrder {
                index,
                executed: Some((order_id(number), Executed::NOTHING)),
            }),
            funded: None,
            events: vec![events::cancelled(request.key, Ok(cancelled))],
        })
    }
}

//! Matches resting orders with a market event: with the offers that it shows, or with its trade.

use super::{
    amount::Amount,
    matching::Matching,
    offered::Offered,
    protocol::Answer,
    resting::{OrderRef, PriceQueue},
    rules::{CandleFills, Liquidity, QueuePosition},
    taken::{Walk, accepts},
};
use crate::{
    data::{MarketKind, MarketState, TradeTick, opposite},
    error::Error,
};
use barter_data::subscription::book::OrderBookEvent;
use barter_instrument::Side;
use rust_decimal::Decimal;

const SIDES: [Side; 2] = [Side::Buy, Side::Sell];

impl Matching<'_> {
    /// Matches resting orders with an event, and adds the answer of each order that is filled; `market`
    /// is the market after the event.
    pub fn match_event(
        &mut self,
        event: &MarketKind,
        market: &MarketState,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        // An L1 older than the best bid and ask, or a candle older than the last, changes nothing.
        let is_old = match event {
            MarketKind::L1(quote) => quote.l1.last_update_time < market.quote.l1.last_update_time,
            MarketKind::Candle(candle) => !market.is_last_candle(candle),
            MarketKind::Trade(_)
            | MarketKind::L2(_)
            | MarketKind::Liquidation(_)
            | MarketKind::Funding(_)
            | MarketKind::Settlement(_) => false,
        };
        if is_old {
            return Ok(());
        }
        self.book.taken.refresh(event, market);
        self.decide_waiting(event, market, answers)?;
        if self.book.resting.is_empty() {
            return Ok(());
        }
        match event {
            MarketKind::Trade(trade) => self.match_trade(trade, market, answers),
            MarketKind::L1(_) => {
                self.show_l1(market);
                self.match_offers(Offered::Market(market), answers)
            }
            MarketKind::L2(event) => {
                self.show_book(event, market);
                self.match_offers(Offered::Market(market), answers)
            }
            MarketKind::Candle(candle) if market.is_of_candles() => {
                match self.terms.rules.candle_fills {
                    CandleFills::CloseOnly => self.match_offers(Offered::Market(market), answers),
                    CandleFills::Path => {
                        for price in candle.path() {
                            self.match_offers(Offered::candle(candle, price), answers)?;
                        }
                        Ok(())
                    }
                }
            }
            MarketKind::Candle(_)
            | MarketKind::Liquidation(_)
            | MarketKind::Funding(_)
            | MarketKind::Settlement(_) => Ok(()),
        }
    }

    /// Fills orders from what is left of the offers at their limits or better.
    fn match_offers(
        &mut self,
        offered: Offered<'_>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        for side in SIDES {
            let best = offered.to(side).next();
            let is_matched =
                |limit: Decimal| best.is_some_and(|best| accepts(side, Some(limit), best.price));
            let first = self.book.resting.first(side);
            if !first.is_some_and(|(order, _)| is_matched(order.price)) {
                continue;
            }
            let mut walk = Walk::new(side, offered);
            let mut takes = Vec::new();
            while let Some((order, left)) = self.book.resting.first(side) {
                let limit = Some(order.price);
                let quantity = match self.terms.rules.liquidity {
                    Liquidity::Infinite if is_matched(order.price) => left,
                    Liquidity::Infinite => Amount::ZERO,
                    Liquidity::Shown => {
                        let mut sum = Amount::ZERO;
                        while let Some(take) = walk.take(&self.book.taken, limit, left.minus(sum)) {
                            sum = sum.plus(take.quantity);
                            takes.push(take);
                        }
                        sum
                    }
                };
                if !quantity.is_positive() {
                    break;
                }
                answers.push(self.fill_resting(&order, quantity)?);
                if quantity < left {
                    break;
                }
            }
            for take in &takes {
                self.book.taken.add(side, offered.is_quoted(), take);
            }
        }
        Ok(())
    }

    /// Shares out the amount of a trade: first to the orders whose limits it went past, then to those at
    /// its price, in their queue.
    ///
    /// A trade shows what was offered by the side that it took from. If nothing else is known of the
    /// market, it shows what was offered by both sides.
    fn match_trade(
        &mut self,
        trade: &TradeTick,
        market: &MarketState,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        let taken_from = opposite(trade.side);
        let mut pool = Pool {
            amount: Amount::cut(trade.amount),
            left: Amount::cut(trade.amount),
            liquidity: self.terms.rules.liquidity,
        };
        for side in SIDES {
            if side == taken_from || !market.is_quoted() {
                self.match_trade_past_limits(side, trade, &mut pool, answers)?;
            }
        }
        self.match_trade_in_queue(taken_from, trade, &mut pool, answers)
    }

    fn match_trade_past_limits(
        &mut self,
        side: Side,
        trade: &TradeTick,
        pool: &mut Pool,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        while let Some((order, wanted)) = self.book.resting.first(side) {
            if order.price == trade.price || !accepts(side, Some(order.price), trade.price) {
                break;
            }
            let quantity = pool.past(wanted);
            self.fill_from(pool, &order, quantity, answers)?;
            if quantity < wanted {
                break;
            }
        }
        Ok(())
    }

    fn match_trade_in_queue(
        &mut self,
        side: Side,
        trade: &TradeTick,
        pool: &mut Pool,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        let first = self.book.resting.first(side).map(|(order, _)| order.price);
        if !first.is_some_and(|first| accepts(side, Some(first), trade.price)) {
            return Ok(());
        }
        let increment = self.terms.increment();
        let mut after = 0;
        while let Some(order) = self.book.resting.next_mut(side, trade.price, after) {
            after = order.number;
            let beyond = order.place.match_trade(pool.amount, pool.reach());
            let quantity = match pool.liquidity {
                Liquidity::Infinite if beyond.is_positive() => order.left,
                Liquidity::Infinite => Amount::ZERO,
                Liquidity::Shown => increment
                    .map_or(beyond, |step| beyond.whole_steps(step))
                    .min(order.left),
            };
            let order = OrderRef {
                side,
                price: trade.price,
                number: after,
            };
            self.fill_from(pool, &order, quantity, answers)?;
        }
        Ok(())
    }

    /// Fills an order from the amount of a trade, if it gets anything.
    fn fill_from(
        &mut self,
        pool: &mut Pool,
        order: &OrderRef,
        quantity: Amount,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        if quantity.is_positive() {
            answers.push(self.fill_resting(order, quantity)?);
            pool.left = pool.left.minus(quantity).max(Amount::ZERO);
        }
        Ok(())
    }

    /// Updates the queues at the prices that the L1 has or is worse than.
    fn show_l1(&mut self, market: &MarketState) {
        if !self.follows_queues() || !market.is_quoted() {
            return;
        }
        for side in SIDES {
            let best = market.best(side).map(|best| best.price);
            for (price, queue) in self.book.resting.best_mut(side, best) {
                let shown = market.shown(side, *price).map(Amount::cut);
                show(queue, shown);
            }
        }
    }

    /// Updates the queues at the prices that an event of the order book shows.
    fn show_book(&mut self, event: &OrderBookEvent, market: &MarketState) {
        if !self.follows_queues() || !market.is_quoted() {
            return;
        }
        for side in SIDES {
            if !self.book.resting.has(side) {
                continue;
            }
            match event {
                OrderBookEvent::Snapshot(_) => {
                    for (price, queue) in self.book.resting.all_mut(side) {
                        show(queue, market.shown(side, *price).map(Amount::cut));
                    }
                }
                OrderBookEvent::Update(update) => {
                    let best = market.best(side).map(|best| best.price);
                    for (price, queue) in self.book.resting.best_mut(side, best) {
                        if best != Some(*price) {
                            show(queue, Some(Amount::ZERO));
                        }
                    }
                    let levels = match side {
                        Side::Buy => update.bids().levels(),
                        Side::Sell => update.asks().levels(),
                    };
                    for changed in levels {
                        if let Some(queue) = self.book.resting.queue_mut(side, changed.price) {
                            show(queue, market.shown(side, changed.price).map(Amount::cut));
                        }
                    }
                }
            }
        }
    }

    fn follows_queues(&self) -> bool {
        self.terms.rules.queue != QueuePosition::Front
    }
}

fn show(queue: &mut PriceQueue, shown: Option<Amount>) {
    let Some(shown) = shown else { return };
    for order in queue.values_mut() {
        order.place.show(shown);
    }
}

/// The amount of a trade that our orders share.
struct Pool {
    amount: Amount,
    left: Amount,
    liquidity: Liquidity,
}

impl Pool {
    /// How much of the trade reaches a queue at its price.
    const fn reach(&self) -> Amount {
        match self.liquidity {
            Liquidity::Shown => self.left,
            Liquidity::Infinite => self.amount,
        }
    }

    /// The quantity that an order gets if nothing is ahead of it.
    fn past(&self, wanted: Amount) -> Amount {
        match self.liquidity {
            Liquidity::Shown => wanted.min(self.left),
            Liquidity::Infinite => wanted,
        }
    }
}

//! Resting orders meet what the market shows, and its trades.

use super::{
    Message,
    amount::Amount,
    desk::Desk,
    offers::{Walk, accepts},
    resting::{Found, Level},
    rules::{Liquidity, QueuePosition},
};
use crate::data::{MarketKind, MarketState, TradeTick, opposite};
use barter_data::subscription::book::OrderBookEvent;
use barter_instrument::Side;
use rust_decimal::Decimal;

const SIDES: [Side; 2] = [Side::Buy, Side::Sell];

impl Desk<'_> {
    /// What resting orders do at an event; `market` is after it.
    pub fn meet(&mut self, event: &MarketKind, market: &MarketState, told: &mut Vec<Message>) {
        if let MarketKind::L1(quote) = event
            && quote.l1.last_update_time < market.quote.l1.last_update_time
        {
            // It is older than what is known, and changes nothing.
            return;
        }
        self.book.taken.refresh(event, market);
        if self.book.resting.is_empty() {
            return;
        }
        match event {
            MarketKind::Trade(trade) => self.meet_trade(trade, market, told),
            MarketKind::L1(_) => {
                self.meet_l1(market);
                self.meet_offers(market, told);
            }
            MarketKind::L2(event) => {
                self.meet_book(event, market);
                self.meet_offers(market, told);
            }
            MarketKind::Candle(_) => {
                if !market.is_quoted() && market.last_trade.is_none() {
                    self.meet_offers(market, told);
                }
            }
            MarketKind::Liquidation(_) => {}
        }
    }

    /// Orders get what the offers at their limit or better still have.
    fn meet_offers(&mut self, market: &MarketState, told: &mut Vec<Message>) {
        for side in SIDES {
            let best = market.offers(side).next();
            let is_met =
                |limit: Decimal| best.is_some_and(|best| accepts(side, Some(limit), best.price));
            let first = self.book.resting.first(side);
            if !first.is_some_and(|(found, _)| is_met(found.price)) {
                continue;
            }
            let mut walk = Walk::new(side, market);
            let mut takings = Vec::new();
            while let Some((found, left)) = self.book.resting.first(side) {
                let limit = Some(found.price);
                let before = takings.len();
                let quantity = match self.terms.rules.liquidity {
                    Liquidity::Infinite if is_met(found.price) => left,
                    Liquidity::Infinite => Amount::ZERO,
                    Liquidity::Shown => {
                        let mut got = Amount::ZERO;
                        while let Some(taking) = walk.take(&self.book.taken, limit, left.minus(got))
                        {
                            got = got.plus(taking.quantity);
                            takings.push(taking);
                        }
                        got
                    }
                };
                if !quantity.is_positive() {
                    break;
                }
                let Some(message) = self.fill_resting(&found, quantity) else {
                    takings.truncate(before);
                    break;
                };
                told.push(message);
                if quantity < left {
                    break;
                }
            }
            for taking in &takings {
                self.book.taken.note(side, market.is_quoted(), taking);
            }
        }
    }

    /// Orders share what a trade shows: those that it went past, then those at its price in their queue.
    ///
    /// A trade tells what was offered by the side that it took from. Where nothing else is known of the
    /// market, it tells of both.
    fn meet_trade(&mut self, trade: &TradeTick, market: &MarketState, told: &mut Vec<Message>) {
        let met = opposite(trade.side);
        let mut pool = Pool {
            amount: Amount::cut(trade.amount),
            left: Amount::cut(trade.amount),
            liquidity: self.terms.rules.liquidity,
        };
        for side in SIDES {
            if side == met || !market.is_quoted() {
                self.meet_trade_past(side, trade, &mut pool, told);
            }
        }
        self.meet_trade_in_queue(met, trade, &mut pool, told);
    }

    fn meet_trade_past(
        &mut self,
        side: Side,
        trade: &TradeTick,
        pool: &mut Pool,
        told: &mut Vec<Message>,
    ) {
        while let Some((found, wanted)) = self.book.resting.first(side) {
            if found.price == trade.price || !accepts(side, Some(found.price), trade.price) {
                break;
            }
            let quantity = pool.past(wanted);
            if !self.fill_from(pool, &found, quantity, told) || quantity < wanted {
                break;
            }
        }
    }

    fn meet_trade_in_queue(
        &mut self,
        side: Side,
        trade: &TradeTick,
        pool: &mut Pool,
        told: &mut Vec<Message>,
    ) {
        let first = self.book.resting.first(side).map(|(found, _)| found.price);
        if !first.is_some_and(|first| accepts(side, Some(first), trade.price)) {
            return;
        }
        let increment = self.terms.increment();
        let mut after = 0;
        while let Some(order) = self.book.resting.next_mut(side, trade.price, after) {
            after = order.number;
            let beyond = order.place.meet_trade(pool.amount, pool.reach());
            let quantity = match pool.liquidity {
                Liquidity::Infinite if beyond.is_positive() => order.left,
                Liquidity::Infinite => Amount::ZERO,
                Liquidity::Shown => increment
                    .map_or(beyond, |step| beyond.whole_steps(step))
                    .min(order.left),
            };
            let found = Found {
                side,
                price: trade.price,
                number: after,
            };
            self.fill_from(pool, &found, quantity, told);
        }
    }

    /// Whether the order was filled.
    fn fill_from(
        &mut self,
        pool: &mut Pool,
        found: &Found,
        quantity: Amount,
        told: &mut Vec<Message>,
    ) -> bool {
        if !quantity.is_positive() {
            return false;
        }
        let Some(message) = self.fill_resting(found, quantity) else {
            return false;
        };
        told.push(message);
        pool.left = pool.left.minus(quantity).max(Amount::ZERO);
        true
    }

    /// Shows anew the prices that the L1 has or is worse than.
    fn meet_l1(&mut self, market: &MarketState) {
        if !self.follows_queues() || !market.is_quoted() {
            return;
        }
        for side in SIDES {
            let best = market.best(side).map(|best| best.price);
            for (price, level) in self.book.resting.best_mut(side, best) {
                let shown = market.shown(side, *price).map(Amount::cut);
                show(level, shown);
            }
        }
    }

    /// Shows anew what an event of the order book is about.
    fn meet_book(&mut self, event: &OrderBookEvent, market: &MarketState) {
        if !self.follows_queues() || !market.is_quoted() {
            return;
        }
        for side in SIDES {
            if !self.book.resting.has(side) {
                continue;
            }
            match event {
                OrderBookEvent::Snapshot(_) => {
                    for (price, level) in self.book.resting.all_mut(side) {
                        show(level, market.shown(side, *price).map(Amount::cut));
                    }
                }
                OrderBookEvent::Update(update) => {
                    let best = market.best(side).map(|best| best.price);
                    for (price, level) in self.book.resting.best_mut(side, best) {
                        if best != Some(*price) {
                            show(level, Some(Amount::ZERO));
                        }
                    }
                    let levels = match side {
                        Side::Buy => update.bids().levels(),
                        Side::Sell => update.asks().levels(),
                    };
                    for changed in levels {
                        if let Some(level) = self.book.resting.level_mut(side, changed.price) {
                            show(level, market.shown(side, changed.price).map(Amount::cut));
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

fn show(level: &mut Level, shown: Option<Amount>) {
    let Some(shown) = shown else { return };
    for order in level.values_mut() {
        order.place.meet_showing(shown);
    }
}

/// What a trade has for our orders.
struct Pool {
    amount: Amount,
    left: Amount,
    liquidity: Liquidity,
}

impl Pool {
    /// How far the trade reaches into a queue.
    const fn reach(&self) -> Amount {
        match self.liquidity {
            Liquidity::Shown => self.left,
            Liquidity::Infinite => self.amount,
        }
    }

    /// What an order gets that has nothing ahead.
    fn past(&self, wanted: Amount) -> Amount {
        match self.liquidity {
            Liquidity::Shown => wanted.min(self.left),
            Liquidity::Infinite => wanted,
        }
    }
}

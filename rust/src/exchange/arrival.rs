//! Decides an order that arrives: whether it is refused, its fills, and the end of its open quantity.

use super::{
    accepted::{Stage, order_id},
    account::Reserved,
    amount::{Amount, is_multiple, is_product_below},
    booking::{Booking, Fill},
    events,
    executed::Executed,
    matching::Matching,
    offered::Offered,
    place::Place,
    protocol::{Answer, AnsweredOrder},
    resting::Resting,
    rules::{FillPrice, Liquidity},
    taken::{Take, Walk, accepts},
};
use crate::{data::MarketState, error::Error, execution::OrderIndex};
use barter_execution::{
    error::ApiError,
    order::{
        OrderKey, OrderKind, TimeInForce,
        request::{OrderRequestOpen, RequestOpen},
        state::OrderState,
    },
};
use barter_instrument::{
    Side,
    instrument::{kind::InstrumentKind, spec::InstrumentSpec},
};
use rust_decimal::Decimal;

/// The decision on an order that is not refused.
struct Plan {
    /// In the order in which they are booked.
    fills: Vec<PlannedFill>,
    /// The sums over the fills.
    executed: Executed,
    /// The quantity that is not filled.
    left: Amount,
    rest: Rest,
}

/// A fill that has been found to fit.
struct PlannedFill {
    take: Take,
    fill: Fill,
    booking: Booking,
}

/// What becomes of the quantity that is not filled.
enum Rest {
    Nothing,
    Expires,
    Rests(Reserved),
}

fn rejected<T>(reason: String) -> Result<T, ApiError> {
    Err(ApiError::OrderRejected(reason))
}

const fn is_post_only(order: &RequestOpen) -> bool {
    matches!(
        order.time_in_force,
        TimeInForce::GoodUntilCancelled { post_only: true }
    )
}

/// The limit of a limit order.
const fn limit_of(order: &RequestOpen) -> Option<Decimal> {
    match order.kind {
        OrderKind::Limit => Some(order.price),
        OrderKind::Market => None,
    }
}

impl Matching<'_> {
    /// Decides an order that the rate limit has admitted, by the offers that it meets.
    pub fn open(
        &mut self,
        index: OrderIndex,
        request: OrderRequestOpen,
        fill_price: FillPrice,
        market: &MarketState,
        offered: Offered<'_>,
    ) -> Result<Answer, Error> {
        let plan = self.check(&request.key, &request.state).and_then(|()| {
            let quantity = self.checked_quantity(&request.state)?;
            self.plan(&request.state, quantity, fill_price, offered)
        });
        match plan {
            Ok(plan) => self.carry_out(index, request, plan, market, offered),
            Err(error) => {
                self.orders.note_refused(&request.key);
                Ok(events::refusal(index, request, error.into()))
            }
        }
    }

    /// The checks that do not depend on price or quantity.
    fn check(&self, key: &OrderKey, order: &RequestOpen) -> Result<(), ApiError> {
        if let InstrumentKind::Future(future) = &self.terms.instrument.kind
            && future.expiry <= self.time
        {
            return Err(ApiError::InstrumentInvalid(
                key.instrument,
                "the contract has expired".to_owned(),
            ));
        }
        if self.orders.is_open(key) {
            return rejected(format!("the client order id {} is in use", key.cid));
        }
        if order.kind == OrderKind::Market && is_post_only(order) {
            return rejected("a market order cannot be post-only".to_owned());
        }
        Ok(())
    }

    /// Checks quantity and limit price against the grid of amounts and the instrument's specification.
    fn checked_quantity(&self, order: &RequestOpen) -> Result<Amount, ApiError> {
        let RequestOpen {
            quantity, price, ..
        } = *order;
        if quantity <= Decimal::ZERO {
            return rejected(format!("the quantity must be positive, it is {quantity}"));
        }
        let Some(amount) = Amount::exact(quantity) else {
            return rejected(format!(
                "quantity {quantity} has more than 12 decimal places"
            ));
        };
        let spec = self.terms.instrument.spec.as_ref();
        if let Some(InstrumentSpec { quantity: spec, .. }) = spec {
            if quantity < spec.min {
                return rejected(format!(
                    "quantity {quantity} is below the minimum {}",
                    spec.min
                ));
            }
            if !spec.increment.is_zero() && !is_multiple(quantity, spec.increment) {
                return rejected(format!(
                    "quantity {quantity} is not a multiple of {}",
                    spec.increment
                ));
            }
        }
        if limit_of(order).is_none() {
            return Ok(amount);
        }
        if price <= Decimal::ZERO {
            return rejected(format!("the limit price must be positive, it is {price}"));
        }
        if let Some(InstrumentSpec { price: spec, .. }) = spec {
            if price < spec.min {
                return rejected(format!("price {price} is below the minimum {}", spec.min));
            }
            if !spec.tick_size.is_zero() && !is_multiple(price, spec.tick_size) {
                return rejected(format!(
                    "price {price} is not a multiple of {}",
                    spec.tick_size
                ));
            }
        }
        Ok(amount)
    }

    /// The fills of the order and the end of its open quantity, or the reason to refuse it.
    fn plan(
        &self,
        order: &RequestOpen,
        quantity: Amount,
        fill_price: FillPrice,
        offered: Offered<'_>,
    ) -> Result<Plan, ApiError> {
        let price = self.first_price(order, fill_price, offered)?;
        let takes = self.takes(order, quantity, fill_price, offered);
        let prices = takes.iter().map(|take| take.price);
        for price in std::iter::once(price).chain(prices) {
            self.check_value(order, price, quantity)?;
        }
        if let Some(InstrumentSpec { notional, .. }) = &self.terms.instrument.spec
            && is_product_below(price, quantity, notional.min)
        {
            let value = quantity.times(price).unwrap_or_default().decimal();
            return rejected(format!(
                "notional {value} is below the minimum {}",
                notional.min
            ));
        }
        if is_post_only(order) && self.would_take(order, offered) {
            return rejected("post-only: the order would take liquidity".to_owned());
        }
        let filled = takes
            .iter()
            .fold(Amount::ZERO, |sum, take| sum.plus(take.quantity));
        let left = quantity.minus(filled);
        let rests = match (order.kind, order.time_in_force) {
            (OrderKind::Market, _)
            | (OrderKind::Limit, TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill) => false,
            (
                OrderKind::Limit,
                TimeInForce::GoodUntilCancelled { post_only: _ } | TimeInForce::GoodUntilEndOfDay,
            ) => true,
        };
        let rest = if !left.is_positive() {
            Rest::Nothing
        } else if rests {
            let reserved = self.terms.reserved(order.side, order.price, left);
            Rest::Rests(reserved.ok_or_else(|| self.too_large(order, price))?)
        } else {
            Rest::Expires
        };
        let fills = self.planned_fills(order, takes)?;
        let mut executed = Executed::NOTHING;
        for PlannedFill { fill, booking, .. } in &fills {
            executed.add(fill, booking);
        }
        let plan = Plan {
            fills,
            executed,
            left,
            rest,
        };
        self.check_balance(order, &plan)?;
        Ok(plan)
    }

    /// The bookings of the fills, one after the other.
    fn planned_fills(
        &self,
        order: &RequestOpen,
        takes: Vec<Take>,
    ) -> Result<Vec<PlannedFill>, ApiError> {
        let mut holding = self.book.holding;
        let planned = takes.into_iter().map(|take| {
            let fill = self.fill(order, &take);
            let Some(booking) = self.terms.booking(&fill, &holding) else {
                return Err(self.too_large(order, take.price));
            };
            holding = booking.holding.unwrap_or(holding);
            Ok(PlannedFill {
                take,
                fill,
                booking,
            })
        });
        planned.collect()
    }

    /// The limit, or the price of a market order's first fill.
    fn first_price(
        &self,
        order: &RequestOpen,
        fill_price: FillPrice,
        offered: Offered<'_>,
    ) -> Result<Decimal, ApiError> {
        if let Some(limit) = limit_of(order) {
            return Ok(limit);
        }
        match fill_price {
            FillPrice::Requested if order.price <= Decimal::ZERO => rejected(format!(
                "the price of the fill must be positive, it is {}",
                order.price
            )),
            FillPrice::Requested => Ok(order.price),
            FillPrice::BestOpposite => match offered.to(order.side).next() {
                Some(best) => Ok(best.price),
                None => rejected(self.no_offer(order.side, offered)),
            },
        }
    }

    /// Why nothing is offered.
    fn no_offer(&self, side: Side, offered: Offered<'_>) -> String {
        let name = &self.terms.instrument.name_internal;
        match offered.crossing() {
            Some((bid, ask)) => format!(
                "nothing to {side} in the crossed market of {name}: the best bid is {bid}, the best ask {ask}"
            ),
            None => format!("no price of {name} to {side} at is known"),
        }
    }

    /// The quantities that the order takes at once.
    fn takes(
        &self,
        order: &RequestOpen,
        quantity: Amount,
        fill_price: FillPrice,
        offered: Offered<'_>,
    ) -> Vec<Take> {
        let limit = limit_of(order);
        if is_post_only(order) {
            return Vec::new();
        }
        let whole = |price| Take {
            price,
            quantity,
            shown: None,
        };
        if limit.is_none() && fill_price == FillPrice::Requested {
            return vec![whole(order.price)];
        }
        let mut takes = Vec::new();
        let mut left = quantity;
        match self.terms.rules.liquidity {
            Liquidity::Infinite => {
                let best = offered.to(order.side).next();
                if let Some(best) = best.filter(|best| accepts(order.side, limit, best.price)) {
                    takes.push(whole(best.price));
                    left = Amount::ZERO;
                }
            }
            Liquidity::Shown => {
                let mut walk = Walk::new(order.side, offered);
                while let Some(take) = walk.take(&self.book.taken, limit, left) {
                    left = left.minus(take.quantity);
                    takes.push(take);
                }
            }
        }
        if order.time_in_force == TimeInForce::FillOrKill && left.is_positive() {
            takes.clear();
        }
        takes
    }

    /// Whether the order would take liquidity at its limit.
    fn would_take(&self, order: &RequestOpen, offered: Offered<'_>) -> bool {
        let limit = limit_of(order);
        match self.terms.rules.liquidity {
            Liquidity::Infinite => {
                let best = offered.to(order.side).next();
                best.is_some_and(|best| accepts(order.side, limit, best.price))
            }
            Liquidity::Shown => Walk::new(order.side, offered).has(&self.book.taken, limit),
        }
    }

    fn too_large(&self, order: &RequestOpen, price: Decimal) -> ApiError {
        ApiError::OrderRejected(format!(
            "the value of {} at {price} is too large",
            order.quantity
        ))
    }

    fn check_value(
        &self,
        order: &RequestOpen,
        price: Decimal,
        quantity: Amount,
    ) -> Result<(), ApiError> {
        match quantity.times(price) {
            Some(value) if value < Amount::LIMIT => Ok(()),
            Some(_) | None => Err(self.too_large(order, price)),
        }
    }

    fn fill(&self, order: &RequestOpen, take: &Take) -> Fill {
        Fill {
            side: order.side,
            price: take.price,
            quantity: take.quantity,
            fee_rate: self.terms.rules.taker_fee_rate,
        }
    }

    /// Refuses an order that needs more than the free balance.
    fn check_balance(&self, order: &RequestOpen, plan: &Plan) -> Result<(), ApiError> {
        let is_spot = self.terms.is_spot();
        let asset = match order.side {
            Side::Sell if is_spot => self.terms.base(),
            Side::Buy | Side::Sell => self.terms.quote(),
        };
        let before = self.book.holding;
        let (mut holding, mut needed) = (before, Amount::ZERO);
        for PlannedFill { booking, .. } in &plan.fills {
            let change = match (booking.base, order.side) {
                (Some(base), Side::Sell) => base,
                (Some(_), Side::Buy) | (None, _) => booking.quote,
            };
            needed = needed.minus(change);
            holding = booking.holding.unwrap_or(holding);
        }
        needed = needed.plus(holding.margin.minus(before.margin));
        if let Rest::Rests(reserved) = &plan.rest {
            needed = needed.plus(reserved.amount);
        } else if !is_spot && before.is_reduced_by(order.side, plan.executed.quantity) {
            return Ok(());
        }
        let free = self.accounts.free(asset);
        if needed <= free {
            return Ok(());
        }
        Err(ApiError::BalanceInsufficient(
            asset,
            format!(
                "{} of {} {} needs {}, free is {}",
                order.side,
                order.quantity,
                self.terms.instrument.name_internal,
                needed.decimal(),
                free.decimal(),
            ),
        ))
    }

    /// Books the fills, and lets the open quantity rest or end.
    fn carry_out(
        &mut self,
        index: OrderIndex,
        request: OrderRequestOpen,
        plan: Plan,
        market: &MarketState,
        offered: Offered<'_>,
    ) -> Result<Answer, Error> {
        let Plan {
            fills,
            executed,
            left,
            rest,
        } = plan;
        let (side, price) = (request.state.side, request.state.price);
        let stage = match rest {
            Rest::Nothing => Stage::Filled,
            Rest::Expires => Stage::Expired,
            Rest::Rests(_) => Stage::Rests { side, price },
        };
        let number = self.orders.add(request.key.clone(), stage);
        let mut events = Vec::with_capacity(4);
        for PlannedFill {
            take,
            fill,
            booking,
        } in &fills
        {
            self.book_fill(fill, booking, &request.key, number, &mut events)?;
            self.book.taken.add(side, offered.is_quoted(), take);
        }
        let order_state = match rest {
            Rest::Nothing => OrderState::fully_filled(),
            Rest::Expires => OrderState::expired(),
            Rest::Rests(reserved) => {
                self.accounts.reserve(reserved.asset, reserved.amount)?;
                let (exchange, asset) = (request.key.exchange, reserved.asset);
                events.push(self.accounts.event(exchange, asset, self.time));
                let end = self.end_of(&request.state);
                if let Some(end) = end {
                    self.orders.note_end(end, number);
                }
                let queue = self.terms.rules.queue;
                self.book.resting.insert(Resting {
                    number,
                    index,
                    request: request.clone(),
                    executed,
                    left,
                    reserved,
                    place: Place::new(queue, side, price, market),
                    time: self.time,
                    end,
                });
                events::open(number, self.time, executed.quantity)
            }
        };
        let exchange = request.key.exchange;
        // The order comes last, so that `has_orders` holds until position and balances are right.
        events.push(events::order_event(request, order_state));
        Ok(Answer {
            exchange,
            order: Some(AnsweredOrder {
                index,
                executed: Some((order_id(number), executed)),
            }),
            funded: None,
            events,
        })
    }

    /// When a resting order ends by time.
    fn end_of(&self, order: &RequestOpen) -> Option<i64> {
        let of_day = match order.time_in_force {
            TimeInForce::GoodUntilEndOfDay => self
                .time
                .timestamp_nanos_opt()
                .and_then(|now| self.terms.rules.next_end_of_day(now)),
            TimeInForce::GoodUntilCancelled { post_only: _ }
            | TimeInForce::FillOrKill
            | TimeInForce::ImmediateOrCancel => None,
        };
        let of_contract = match &self.terms.instrument.kind {
            InstrumentKind::Future(future) => future.expiry.timestamp_nanos_opt(),
            InstrumentKind::Spot | InstrumentKind::Perpetual(_) | InstrumentKind::Option(_) => None,
        };
        of_day.into_iter().chain(of_contract).min()
    }
}

//! An order arrives: whether it is taken, what it gets, and what becomes of the rest.

use super::{
    Message,
    account::Reserved,
    amount::{Amount, is_multiple, is_product_below},
    booking::Fill,
    desk::Desk,
    executed::Executed,
    offers::{Taking, Walk, accepts},
    orders::Stage,
    queue::Place,
    resting::Resting,
    rules::{FillPrice, Liquidity},
    tell,
};
use crate::data::MarketState;
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

/// What an order does when it arrives.
struct Plan {
    quantity: Amount,
    takings: Vec<Taking>,
    rest: Rest,
}

/// What becomes of what is not filled.
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

impl Desk<'_> {
    /// Decides an order that was let in.
    pub fn open(
        &mut self,
        request: OrderRequestOpen,
        fill_price: FillPrice,
        market: &MarketState,
    ) -> Message {
        let plan = self.check(&request.key, &request.state).and_then(|()| {
            let quantity = self.checked_quantity(&request.state)?;
            self.plan(&request.state, quantity, fill_price, market)
        });
        match plan {
            Ok(plan) => self.carry_out(request, &plan, market),
            Err(error) => {
                self.orders.note_refused(&request.key);
                vec![tell::refused(request, error.into())]
            }
        }
    }

    /// What is refused whatever the numbers.
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

    /// The quantity, and the limit price, against the grid and the instrument's specification.
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

    /// What the order would get and leave, or why it is refused.
    fn plan(
        &self,
        order: &RequestOpen,
        quantity: Amount,
        fill_price: FillPrice,
        market: &MarketState,
    ) -> Result<Plan, ApiError> {
        let price = self.first_price(order, fill_price, market)?;
        let takings = self.takings(order, quantity, fill_price, market);
        let prices = takings.iter().map(|taking| taking.price);
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
        if is_post_only(order) && self.would_take(order, market) {
            return rejected("post-only: the order would take liquidity".to_owned());
        }
        let filled = takings
            .iter()
            .fold(Amount::ZERO, |sum, taking| sum.plus(taking.quantity));
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
        let plan = Plan {
            quantity,
            takings,
            rest,
        };
        self.check_balance(order, &plan)?;
        Ok(plan)
    }

    /// The limit, or the price that a market order gets first.
    fn first_price(
        &self,
        order: &RequestOpen,
        fill_price: FillPrice,
        market: &MarketState,
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
            FillPrice::BestOpposite => match market.offers(order.side).next() {
                Some(best) => Ok(best.price),
                None => rejected(format!(
                    "no price of {} to {} at is known",
                    self.terms.instrument.name_internal, order.side
                )),
            },
        }
    }

    /// What the order gets at once.
    fn takings(
        &self,
        order: &RequestOpen,
        quantity: Amount,
        fill_price: FillPrice,
        market: &MarketState,
    ) -> Vec<Taking> {
        let limit = limit_of(order);
        if is_post_only(order) {
            return Vec::new();
        }
        let whole = |price| Taking {
            price,
            quantity,
            shown: None,
        };
        if limit.is_none() && fill_price == FillPrice::Requested {
            return vec![whole(order.price)];
        }
        let mut takings = Vec::new();
        let mut left = quantity;
        match self.terms.rules.liquidity {
            Liquidity::Infinite => {
                let best = market.offers(order.side).next();
                if let Some(best) = best.filter(|best| accepts(order.side, limit, best.price)) {
                    takings.push(whole(best.price));
                    left = Amount::ZERO;
                }
            }
            Liquidity::Shown => {
                let mut walk = Walk::new(order.side, market);
                while let Some(taking) = walk.take(&self.book.taken, limit, left) {
                    left = left.minus(taking.quantity);
                    takings.push(taking);
                }
            }
        }
        if order.time_in_force == TimeInForce::FillOrKill && left.is_positive() {
            takings.clear();
        }
        takings
    }

    /// Whether there is something to take at the order's limit.
    fn would_take(&self, order: &RequestOpen, market: &MarketState) -> bool {
        let limit = limit_of(order);
        match self.terms.rules.liquidity {
            Liquidity::Infinite => {
                let best = market.offers(order.side).next();
                best.is_some_and(|best| accepts(order.side, limit, best.price))
            }
            Liquidity::Shown => Walk::new(order.side, market).has(&self.book.taken, limit),
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

    fn fill(&self, order: &RequestOpen, taking: &Taking) -> Fill {
        Fill {
            side: order.side,
            price: taking.price,
            quantity: taking.quantity,
            fee_rate: self.terms.rules.taker_fee_rate,
        }
    }

    /// Refuses what needs more than is free.
    fn check_balance(&self, order: &RequestOpen, plan: &Plan) -> Result<(), ApiError> {
        let is_spot = self.terms.is_spot();
        let asset = match order.side {
            Side::Sell if is_spot => self.terms.base(),
            Side::Buy | Side::Sell => self.terms.quote(),
        };
        let before = self.book.holding;
        let (mut holding, mut needed, mut filled) = (before, Amount::ZERO, Amount::ZERO);
        for taking in &plan.takings {
            let fill = self.fill(order, taking);
            let Some(booking) = self.terms.booking(&fill, &holding) else {
                return Err(self.too_large(order, taking.price));
            };
            filled = filled.plus(fill.quantity);
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
        } else if !is_spot && before.is_reduced_by(order.side, filled) {
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

    /// Does what was planned, and tells it.
    fn carry_out(
        &mut self,
        request: OrderRequestOpen,
        plan: &Plan,
        market: &MarketState,
    ) -> Message {
        let order = &request.state;
        let number = self.orders.next_number();
        let mut message = Vec::with_capacity(4);
        let mut executed = Executed::NOTHING;
        for taking in &plan.takings {
            let fill = self.fill(order, taking);
            // `check_balance` has found that it fits.
            if let Some(booking) = self.terms.booking(&fill, &self.book.holding) {
                self.book_fill(&fill, &booking, &request.key, number, &mut message);
                let taken = &mut self.book.taken;
                taken.note(order.side, market.is_quoted(), taking);
                executed.add(&fill, &booking);
            }
        }
        let (stage, told) = match plan.rest {
            Rest::Nothing => (Stage::Filled, OrderState::fully_filled()),
            Rest::Expires => (Stage::Expired, OrderState::expired()),
            Rest::Rests(_) => (
                Stage::Rests {
                    side: order.side,
                    price: order.price,
                },
                tell::open(number, self.time, executed.quantity),
            ),
        };
        self.orders.add(request.key.clone(), stage, executed);
        if let Rest::Rests(reserved) = plan.rest {
            self.accounts.reserve(reserved.asset, reserved.amount);
            let (exchange, asset) = (request.key.exchange, reserved.asset);
            message.push(self.accounts.event(exchange, asset, self.time));
            let end = self.end_of(order);
            if let Some(end) = end {
                self.orders.note_end(end, number);
            }
            let queue = self.terms.rules.queue;
            self.book.resting.insert(Resting {
                number,
                request: request.clone(),
                quantity: plan.quantity,
                left: plan.quantity.minus(executed.quantity),
                reserved,
                place: Place::new(queue, order.side, order.price, market),
                time: self.time,
                end,
            });
        }
        // Last, so that `has_orders` holds until position and balances are right.
        message.push(tell::order_event(request, told));
        message
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

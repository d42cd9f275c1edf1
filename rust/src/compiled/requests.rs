//! What a compiled function asks for, as requests of barter's.

use super::layout::Request;
use crate::{
    command::Orders,
    convert::{Unrounded, decimal_from_f64},
    state::{InstrumentData, Run},
    view::{rounded_price, rounded_quantity},
};
use barter::{
    engine::state::instrument::{InstrumentState, data::InstrumentDataState},
    strategy::close_positions::build_ioc_market_order_to_close_position,
};
use barter_execution::order::{
    Order, OrderKey, OrderKind, TimeInForce,
    id::{ClientOrderId, StrategyId},
    request::{OrderRequestOpen, RequestOpen},
};
use barter_instrument::Side;
use rust_decimal::Decimal;

/// The requests of one event, being read.
pub struct Reading<'a> {
    instrument: &'a InstrumentState<InstrumentData>,
    run: &'a Run,
    strategy: StrategyId,
    orders: Orders,
}

impl<'a> Reading<'a> {
    /// Nothing is read yet.
    pub fn new(
        instrument: &'a InstrumentState<InstrumentData>,
        run: &'a Run,
        strategy: StrategyId,
    ) -> Self {
        Self {
            instrument,
            run,
            strategy,
            orders: Orders::default(),
        }
    }

    /// What was read.
    pub fn orders(self) -> Orders {
        self.orders
    }

    /// Reads a request; an error says what is wrong with it.
    pub fn read(&mut self, request: &Request) -> Result<(), String> {
        match request.action {
            1 => self.market_order(Side::Buy, request),
            2 => self.market_order(Side::Sell, request),
            3 => self.limit_order(Side::Buy, request),
            4 => self.limit_order(Side::Sell, request),
            5 => self.close(request),
            6 => {
                self.cancel(request.id);
                Ok(())
            }
            7 => {
                self.cancel_all();
                Ok(())
            }
            other => Err(format!("it asked for action {other}, but there are 1 to 7")),
        }
    }

    fn market_order(&mut self, side: Side, request: &Request) -> Result<(), String> {
        let price = self.instrument.data.market.price_of_market_order(side);
        let price = price.ok_or("it asked for a market order, but no price is known yet")?;
        let time_in_force = TimeInForce::ImmediateOrCancel;
        self.open(side, price, OrderKind::Market, time_in_force, request)
    }

    fn limit_order(&mut self, side: Side, request: &Request) -> Result<(), String> {
        let wrong = |reason| format!("price of a limit order {reason}, got {}", request.price);
        let price = Unrounded::of_float(request.price).map_err(wrong)?;
        let spec = self.instrument.instrument.spec.as_ref();
        let price = rounded_price(spec, price, side).ok_or_else(|| wrong("is too large"))?;
        let time_in_force = TimeInForce::GoodUntilCancelled {
            post_only: request.post_only != 0,
        };
        self.open(side, price, OrderKind::Limit, time_in_force, request)
    }

    fn open(
        &mut self,
        side: Side,
        price: Decimal,
        kind: OrderKind,
        time_in_force: TimeInForce,
        request: &Request,
    ) -> Result<(), String> {
        let wrong = |reason| format!("quantity of an order {reason}, got {}", request.quantity);
        let exact = Unrounded::of_float(request.quantity).map_err(wrong)?;
        let spec = self.instrument.instrument.spec.as_ref();
        let quantity = rounded_quantity(spec, exact).ok_or_else(|| wrong("is too large"))?;
        if quantity.is_zero() {
            return Err(match decimal_from_f64(request.quantity) {
                Ok(asked) if !asked.is_zero() => wrong("is less than an order can have"),
                _ => wrong("must be positive"),
            });
        }
        let cid = self.next_id(request)?;
        let key = OrderKey {
            exchange: self.instrument.instrument.exchange,
            instrument: self.instrument.key,
            strategy: self.strategy.clone(),
            cid,
        };
        let state = RequestOpen {
            side,
            price,
            quantity,
            kind,
            time_in_force,
        };
        self.orders.1.push(OrderRequestOpen { key, state });
        Ok(())
    }

    fn close(&mut self, request: &Request) -> Result<(), String> {
        let Some(position) = &self.instrument.position.current else {
            return Ok(());
        };
        let price = self.instrument.data.price();
        let price = price.ok_or("it asked to close the position, but no price is known")?;
        let cid = self.next_id(request)?;
        self.orders.1.push(build_ioc_market_order_to_close_position(
            self.instrument.instrument.exchange,
            position,
            self.strategy.clone(),
            price,
            || cid.clone(),
        ));
        Ok(())
    }

    fn cancel(&mut self, id: i64) {
        let cid = self.run.client_order_id(id);
        let order = self.instrument.orders.0.get(&cid);
        self.orders
            .0
            .extend(order.and_then(Order::to_request_cancel));
    }

    fn cancel_all(&mut self) {
        let orders = self.instrument.orders.0.values();
        let mut cancels: Vec<_> = orders.filter_map(Order::to_request_cancel).collect();
        cancels.sort();
        self.orders.0.extend(cancels);
    }

    /// The next id of the run, which must be the one that the function counted on, if it did.
    fn next_id(&self, request: &Request) -> Result<ClientOrderId, String> {
        let cid = self.run.next_client_order_id();
        if request.id != 0 && self.run.client_order_id(request.id) != cid {
            return Err(format!(
                "it took the id {} for an order that has the id {}",
                request.id, cid.0
            ));
        }
        Ok(cid)
    }
}

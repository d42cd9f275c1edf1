//! `barter_python.RiskLimits`: limits that are checked without a call of Python.

use super::{drawdown::DrawdownSwitch, manager::Reviewed, reason::at_most};
use crate::{
    convert::{Dec, Index, Named},
    error::Error,
    state::{InstrumentData, Run, State},
};
use barter::{
    engine::state::instrument::{InstrumentState, data::InstrumentDataState},
    risk::{
        RiskRefused,
        check::util::{calculate_abs_percent_difference, calculate_quote_notional},
    },
};
use barter_execution::order::{
    OrderKind,
    request::{OrderRequestCancel, OrderRequestOpen, RequestOpen},
};
use barter_instrument::{Side, instrument::InstrumentIndex};
use pyo3::prelude::*;
use rust_decimal::Decimal;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// `barter_python.RiskLimits`, read; the class has checked its values.
#[derive(FromPyObject)]
pub struct RiskLimits {
    max_order_quantity: Option<Dec>,
    max_order_notional: Option<Dec>,
    max_position_quantity: Option<Dec>,
    max_open_orders: Option<Index>,
    max_price_deviation: Option<Dec>,
    max_drawdown: Option<Dec>,
    instruments: Named<RiskLimits>,
}

/// The limits of one instrument.
struct InstrumentLimits {
    max_order_quantity: Option<Decimal>,
    max_order_notional: Option<Decimal>,
    max_position_quantity: Option<Decimal>,
    max_open_orders: Option<usize>,
    max_price_deviation: Option<Decimal>,
}

impl InstrumentLimits {
    /// An instrument's own limits where it has them, else the general ones.
    fn new(own: Option<&RiskLimits>, general: &RiskLimits) -> Self {
        let number = |limit: fn(&RiskLimits) -> Option<Dec>| {
            own.and_then(limit)
                .or_else(|| limit(general))
                .map(|limit| limit.0)
        };
        Self {
            max_order_quantity: number(|limits| limits.max_order_quantity),
            max_order_notional: number(|limits| limits.max_order_notional),
            max_position_quantity: number(|limits| limits.max_position_quantity),
            max_open_orders: own
                .and_then(|own| own.max_open_orders)
                .or(general.max_open_orders)
                .map(|limit| limit.0),
            max_price_deviation: number(|limits| limits.max_price_deviation),
        }
    }
}

/// Orders of an instrument that are under way, those just approved included.
struct Working {
    orders: usize,
    buys: Decimal,
    sells: Decimal,
}

impl Working {
    fn new(instrument: &InstrumentState<InstrumentData>) -> Self {
        let mut working = Self {
            orders: 0,
            buys: Decimal::ZERO,
            sells: Decimal::ZERO,
        };
        for order in instrument.orders.0.values() {
            let filled = order
                .state
                .open_meta()
                .map_or(Decimal::ZERO, |open| open.filled_quantity);
            working.add(order.side, order.quantity.saturating_sub(filled));
        }
        working
    }

    fn add(&mut self, side: Side, quantity: Decimal) {
        self.orders = self.orders.saturating_add(1);
        let total = match side {
            Side::Buy => &mut self.buys,
            Side::Sell => &mut self.sells,
        };
        *total = total.saturating_add(quantity);
    }

    /// The position on the request's side if it and all orders of its side were filled: negative
    /// where they only reduce a position of the other side.
    fn position_after(
        &self,
        instrument: &InstrumentState<InstrumentData>,
        request: &RequestOpen,
    ) -> Decimal {
        let working = match request.side {
            Side::Buy => self.buys,
            Side::Sell => self.sells,
        };
        let after = working.saturating_add(request.quantity);
        match &instrument.position.current {
            Some(position) if position.side == request.side => {
                after.saturating_add(position.quantity_abs)
            }
            Some(position) => after.saturating_sub(position.quantity_abs),
            None => after,
        }
    }
}

/// Limits by instrument index, and the switch for all.
pub struct Limits {
    instruments: Vec<InstrumentLimits>,
    drawdown: Option<Mutex<DrawdownSwitch>>,
}

impl Limits {
    /// Finds the instruments that have limits of their own.
    pub fn new(limits: &RiskLimits, run: &Arc<Run>) -> Result<Self, Error> {
        let indexed = &run.indexed;
        let mut own = HashMap::new();
        for (name, limits) in &limits.instruments.0 {
            own.insert(indexed.instrument_index(name)?, limits);
        }
        let instruments = indexed.instruments.instruments().iter();
        Ok(Self {
            instruments: instruments
                .map(|keyed| InstrumentLimits::new(own.get(&keyed.key).copied(), limits))
                .collect(),
            drawdown: limits
                .max_drawdown
                .map(|limit| Mutex::new(DrawdownSwitch::new(limit.0, run))),
        })
    }

    /// Whether a peak of the equity could be missed.
    pub const fn look_at_every_event(&self) -> bool {
        self.drawdown.is_some()
    }

    /// Approves all cancels, and the opens that are within the limits, one after the other.
    pub fn review(
        &self,
        state: &State,
        cancels: Vec<OrderRequestCancel>,
        opens: Vec<OrderRequestOpen>,
    ) -> Reviewed {
        let mut switch = self
            .drawdown
            .as_ref()
            .map(|switch| switch.lock().unwrap_or_else(PoisonError::into_inner));
        let stopped = switch.as_mut().and_then(|switch| switch.look(state));
        let (mut approved, mut refused) = (Vec::new(), Vec::new());
        let mut working = HashMap::new();
        for open in opens {
            match self.check(state, &mut working, stopped, &open) {
                Ok(()) => approved.push(open),
                Err(reason) => refused.push(RiskRefused::new(open, reason)),
            }
        }
        Reviewed {
            cancels: cancels.into(),
            opens: approved.into(),
            refused_opens: refused.into(),
            ..Reviewed::default()
        }
    }

    fn check(
        &self,
        state: &State,
        working: &mut HashMap<InstrumentIndex, Working>,
        stopped: Option<&str>,
        OrderRequestOpen {
            key,
            state: request,
        }: &OrderRequestOpen,
    ) -> Result<(), String> {
        let index = key.instrument.index();
        let (Some((_, instrument)), Some(limits)) = (
            state.instruments.0.get_index(index),
            self.instruments.get(index),
        ) else {
            return Err(format!("there is no instrument {index}"));
        };
        let working = working
            .entry(key.instrument)
            .or_insert_with(|| Working::new(instrument));
        let position = working.position_after(instrument, request);
        if let Some(reason) = stopped.filter(|_| position > Decimal::ZERO) {
            return Err(reason.to_owned());
        }
        at_most(
            "max_order_quantity",
            "quantity",
            request.quantity,
            limits.max_order_quantity,
        )?;
        if limits.max_order_notional.is_some() {
            at_most(
                "max_order_notional",
                "notional",
                notional(instrument, request),
                limits.max_order_notional,
            )?;
        }
        at_most(
            "max_position_quantity",
            "position",
            position,
            limits.max_position_quantity,
        )?;
        let orders = working.orders.saturating_add(1);
        at_most(
            "max_open_orders",
            "count",
            orders.into(),
            limits.max_open_orders.map(Decimal::from),
        )?;
        if limits.max_price_deviation.is_some() {
            check_deviation(instrument, request.price, limits.max_price_deviation)?;
        }
        working.add(request.side, request.quantity);
        Ok(())
    }
}

/// What the order is worth, in the quote asset.
///
/// A market order is not filled at the price that it names: it counts by the market's where that is
/// higher. What is too large for a decimal counts as the greatest.
fn notional(instrument: &InstrumentState<InstrumentData>, request: &RequestOpen) -> Decimal {
    let market = match request.kind {
        OrderKind::Market => instrument.data.price(),
        OrderKind::Limit => None,
    };
    let price = market.map_or(request.price.abs(), |market| {
        request.price.abs().max(market.abs())
    });
    let contract_size = instrument.instrument.kind.contract_size();
    calculate_quote_notional(request.quantity, price, contract_size).unwrap_or(Decimal::MAX)
}

fn check_deviation(
    instrument: &InstrumentState<InstrumentData>,
    price: Decimal,
    limit: Option<Decimal>,
) -> Result<(), String> {
    let Some(market) = instrument.data.price() else {
        return Err("max_price_deviation: the market has no price".to_owned());
    };
    let Some(deviation) = calculate_abs_percent_difference(price, market) else {
        return Err(format!(
            "max_price_deviation: price {} cannot be compared with the market's {}",
            price.normalize(),
            market.normalize()
        ));
    };
    // barter's quotient has the sign of the market's price.
    at_most("max_price_deviation", "deviation", deviation.abs(), limit).map_err(|reason| {
        format!(
            "{reason} (price {}, market {})",
            price.normalize(),
            market.normalize()
        )
    })
}

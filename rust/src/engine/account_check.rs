//! Checks of account events before barter sees them.
//!
//! barter looks up by index and panics, multiplies and divides unchecked, and books every event as it
//! comes: after a panic its state is lost. So an event that barter cannot process is refused before
//! anything is changed.

mod fill;

use crate::{
    convert::{check_time, is_blank, quoted},
    data::MAGNITUDE_LIMIT,
    error::{Error, KeyKind},
    state::{InstrumentData, State},
};
use barter::{
    engine::state::{asset::AssetState, instrument::InstrumentState},
    execution::AccountStreamEvent,
};
use barter_execution::{
    AccountEvent, AccountEventKind, AccountSnapshot,
    balance::AssetBalance,
    error::{ApiError, ConnectivityError, OrderError},
    order::{
        OrderKey, OrderSnapshot,
        id::ClientOrderId,
        state::{ActiveOrderState, CancelInFlight, InactiveOrderState, OrderState},
    },
    trade::Trade,
};
use barter_instrument::{
    asset::{AssetIndex, QuoteAsset},
    exchange::{ExchangeId, ExchangeIndex},
    instrument::InstrumentIndex,
};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Refuses an event on which barter would panic, or which would leave its state wrong.
///
/// - What the event names must be there: exchanges, instruments and assets, all of one exchange, which is
///   the event's.
/// - Numbers are below `MAGNITUDE_LIMIT`, but for balances, which barter only subtracts; times are within
///   the years 1677 to 2262, as those of market events.
/// - Ids of orders are not blank: the engine sends them back in cancels.
/// - Quantities of fills and orders are positive. An order is not filled beyond its quantity: neither
///   its own nor the one that the engine tracks, which barter keeps.
/// - The position after a fill can be closed: barter divides by its cost.
/// - No sum overflows that barter keeps, of a position or in its statistics.
pub fn check_account_event(event: &AccountStreamEvent, state: &State) -> Result<(), Error> {
    match event {
        AccountStreamEvent::Reconnecting(exchange) => {
            if state.connectivity.exchanges.contains_key(exchange) {
                Ok(())
            } else {
                let name = exchange.as_str();
                let text = format!("no instrument is on the exchange {name:?}");
                Err(Error::unknown(KeyKind::Exchange, name, text))
            }
        }
        AccountStreamEvent::Item(event) => {
            let AccountEvent { exchange, kind } = event;
            let account = Account::new(*exchange, state)?;
            match kind {
                AccountEventKind::Snapshot(snapshot) => account.snapshot(snapshot),
                AccountEventKind::BalanceSnapshot(Snapshot(balance)) => {
                    account.balances(std::slice::from_ref(balance))
                }
                AccountEventKind::OrderSnapshot(Snapshot(order)) => account.orders(&[order]),
                AccountEventKind::OrderCancelled(response) => {
                    account.instrument_of(&response.key)?;
                    match &response.state {
                        Ok(cancelled) => in_order(&response.key.cid, || {
                            time("time_exchange", cancelled.time_exchange)
                        }),
                        Err(failure) => account.failure(failure),
                    }
                }
                AccountEventKind::Trade(trade) => account.trade(trade),
            }
        }
    }
}

/// The exchange that an event is of, and the state that it would change.
struct Account<'a> {
    exchange: ExchangeIndex,
    id: ExchangeId,
    state: &'a State,
}

impl<'a> Account<'a> {
    fn new(exchange: ExchangeIndex, state: &'a State) -> Result<Self, Error> {
        let exchanges = &state.connectivity.exchanges;
        let Some((id, _)) = exchanges.get_index(exchange.index()) else {
            return Err(unknown(
                KeyKind::Exchange,
                exchange.index(),
                exchanges.len(),
            ));
        };
        Ok(Self {
            exchange,
            id: *id,
            state,
        })
    }

    fn same_exchange(
        &self,
        exchange: ExchangeIndex,
        what: impl FnOnce() -> String,
    ) -> Result<(), Error> {
        if exchange == self.exchange {
            return Ok(());
        }
        Err(Error::AccountEvent(format!(
            "{} is on exchange {}, its event is of exchange {}",
            what(),
            exchange.index(),
            self.exchange.index(),
        )))
    }

    fn instrument(
        &self,
        index: InstrumentIndex,
    ) -> Result<&'a InstrumentState<InstrumentData>, Error> {
        let instruments = &self.state.instruments.0;
        let Some((name, instrument)) = instruments.get_index(index.index()) else {
            return Err(unknown(
                KeyKind::Instrument,
                index.index(),
                instruments.len(),
            ));
        };
        self.same_exchange(instrument.instrument.exchange, || {
            format!("instrument {} ({name})", index.index())
        })?;
        Ok(instrument)
    }

    /// The instrument of an order, which must be on the order's exchange and the event's.
    fn instrument_of(&self, key: &OrderKey) -> Result<&'a InstrumentState<InstrumentData>, Error> {
        let what = || format!("order {}", quoted(&key.cid.0));
        named("strategy_id", &key.strategy.0)
            .and_then(|()| named("client_order_id", &key.cid.0))
            .map_err(|error| prefixed(&what(), error))?;
        self.same_exchange(key.exchange, what)?;
        self.instrument(key.instrument)
    }

    fn asset(&self, index: AssetIndex) -> Result<&'a AssetState, Error> {
        let assets = &self.state.assets.0;
        let Some((asset, state)) = assets.get_index(index.index()) else {
            return Err(unknown(KeyKind::Asset, index.index(), assets.len()));
        };
        if asset.exchange != self.id {
            return Err(Error::AccountEvent(format!(
                "asset {} ({}) is on {}, its event is of {}",
                index.index(),
                asset.asset.name(),
                asset.exchange.as_str(),
                self.id.as_str(),
            )));
        }
        Ok(state)
    }

    fn snapshot(&self, snapshot: &AccountSnapshot) -> Result<(), Error> {
        let AccountSnapshot {
            exchange,
            balances,
            instruments,
        } = snapshot;
        self.same_exchange(*exchange, || "the snapshot".to_owned())?;
        self.balances(balances)?;
        let mut orders = Vec::new();
        for instrument in instruments {
            self.instrument(instrument.instrument)?;
            for order in &instrument.orders {
                if order.key.instrument != instrument.instrument {
                    return Err(Error::AccountEvent(format!(
                        "order {} is of instrument {}, but listed under instrument {}",
                        quoted(&order.key.cid.0),
                        order.key.instrument.index(),
                        instrument.instrument.index(),
                    )));
                }
                orders.push(order);
            }
        }
        self.orders(&orders)
    }

    /// barter takes any balance, negative ones too, and subtracts it from the greatest so far.
    fn balances(&self, balances: &[AssetBalance<AssetIndex>]) -> Result<(), Error> {
        let mut peaks = HashMap::new();
        for AssetBalance {
            asset,
            balance,
            time_exchange,
        } in balances
        {
            let state = self.asset(*asset)?;
            let in_asset = |error| prefixed(&format!("balance of asset {}", asset.index()), error);
            time("time_exchange", *time_exchange).map_err(in_asset)?;
            let peak = peaks
                .entry(*asset)
                .or_insert_with(|| state.statistics.drawdown.peak.unwrap_or(balance.total));
            let fits = balance.total > *peak || peak.checked_sub(balance.total).is_some();
            if !fits || balance.total.checked_sub(balance.free).is_none() {
                return Err(in_asset(Error::AccountEvent(format!(
                    "total {} and free {} are too large: barter's arithmetic would overflow",
                    balance.total, balance.free
                ))));
            }
            *peak = balance.total.max(*peak);
        }
        Ok(())
    }

    fn orders(&self, orders: &[&OrderSnapshot]) -> Result<(), Error> {
        // What barter tracks after those before, by instrument and id.
        let mut quantities: HashMap<(InstrumentIndex, &ClientOrderId), Decimal> = HashMap::new();
        for order in orders {
            let instrument = self.instrument_of(&order.key)?;
            let tracked = instrument.orders.0.get(&order.key.cid);
            let quantity = quantities
                .entry((order.key.instrument, &order.key.cid))
                .or_insert_with(|| tracked.map_or(order.quantity, |tracked| tracked.quantity));
            in_order(&order.key.cid, || {
                positive("quantity", order.quantity)?;
                within("price", order.price)?;
                let open = match &order.state {
                    OrderState::Active(active) => match active {
                        ActiveOrderState::OpenInFlight(_) => None,
                        ActiveOrderState::Open(open) => Some(open),
                        ActiveOrderState::CancelInFlight(CancelInFlight { order }) => {
                            order.as_ref()
                        }
                    },
                    OrderState::Inactive(inactive) => match inactive {
                        InactiveOrderState::Cancelled(cancelled) => {
                            time("time_exchange", cancelled.time_exchange)?;
                            None
                        }
                        InactiveOrderState::OpenFailed(failure) => {
                            self.failure(failure)?;
                            None
                        }
                        InactiveOrderState::FullyFilled | InactiveOrderState::Expired => None,
                    },
                };
                let Some(open) = open else { return Ok(()) };
                named("order_id", &open.id.0)?;
                time("time_exchange", open.time_exchange)?;
                let filled = open.filled_quantity;
                if filled < Decimal::ZERO || filled > order.quantity || filled > *quantity {
                    return Err(Error::AccountEvent(format!(
                        "filled_quantity must be from 0 to the quantity {}, got {filled}",
                        order.quantity.min(*quantity),
                    )));
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// barter only shows what a failure names, but a reader looks it up.
    fn failure(&self, failure: &OrderError) -> Result<(), Error> {
        match failure {
            OrderError::Connectivity(
                ConnectivityError::ExchangeOffline(_)
                | ConnectivityError::Timeout
                | ConnectivityError::Socket(_),
            ) => Ok(()),
            OrderError::Rejected(error) => match error {
                ApiError::AssetInvalid(asset, _) | ApiError::BalanceInsufficient(asset, _) => {
                    self.asset(*asset).map(drop)
                }
                ApiError::InstrumentInvalid(instrument, _) => {
                    self.instrument(*instrument).map(drop)
                }
                ApiError::RateLimit
                | ApiError::OrderRejected(_)
                | ApiError::OrderAlreadyCancelled
                | ApiError::OrderAlreadyFullyFilled => Ok(()),
            },
        }
    }

    fn trade(&self, trade: &Trade<QuoteAsset, InstrumentIndex>) -> Result<(), Error> {
        let instrument = self.instrument(trade.instrument)?;
        let checked = time("time_exchange", trade.time_exchange)
            .and_then(|()| positive("quantity", trade.quantity))
            .and_then(|()| within("price", trade.price))
            .and_then(|()| within("fees", trade.fees.fees))
            .and_then(|()| fill::check(instrument, trade).map_err(Error::AccountEvent));
        checked.map_err(|error| prefixed(&format!("trade {}", quoted(&trade.id.0)), error))
    }
}

fn unknown(kind: KeyKind, index: usize, count: usize) -> Error {
    let text = format!("there is no {} {index}; there are {count}", kind.as_str());
    Error::unknown(kind, index, text)
}

fn prefixed(what: &str, error: Error) -> Error {
    match error {
        Error::AccountEvent(text) => Error::AccountEvent(format!("{what}: {text}")),
        other => other,
    }
}

fn in_order(cid: &ClientOrderId, check: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    check().map_err(|error| prefixed(&format!("order {}", quoted(&cid.0)), error))
}

/// Requests for an order that the engine tracks carry its ids, and no request has blank ones.
fn named(name: &str, id: &str) -> Result<(), Error> {
    if is_blank(id) {
        return Err(Error::AccountEvent(format!(
            "{name} must not be blank, got {}",
            quoted(id)
        )));
    }
    Ok(())
}

fn time(name: &str, time: DateTime<Utc>) -> Result<(), Error> {
    check_time(name, time).map_err(Error::AccountEvent)
}

fn within(name: &str, number: Decimal) -> Result<(), Error> {
    if number.abs() < MAGNITUDE_LIMIT {
        return Ok(());
    }
    Err(Error::AccountEvent(format!(
        "{name} {number} is too large: barter's arithmetic needs less than {MAGNITUDE_LIMIT}"
    )))
}

fn positive(name: &str, number: Decimal) -> Result<(), Error> {
    if number <= Decimal::ZERO {
        return Err(Error::AccountEvent(format!(
            "{name} must be positive, got {number}"
        )));
    }
    within(name, number)
}

#[cfg(test)]
mod tests;

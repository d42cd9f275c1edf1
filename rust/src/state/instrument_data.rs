//! What the engine's state holds of an instrument beside barter's own records.

use super::{StrategyData, StrategyPositions};
use crate::{
    data::{MarketKind, MarketState, StoredMarketEvent},
    indicators::{Indicators, Seen},
};
use barter::engine::{
    Processor,
    state::{
        instrument::data::InstrumentDataState, order::in_flight_recorder::InFlightRequestRecorder,
    },
};
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::request::{OrderRequestCancel, OrderRequestOpen},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The data of an instrument, in place of barter's `DefaultInstrumentMarketData`.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, Serialize)]
pub struct InstrumentData {
    /// What is known of its market.
    pub market: MarketState,
    /// The strategy's own data of the instrument. It is pickled beside the text of a state.
    #[serde(skip)]
    pub own: Option<StrategyData>,
    /// What the strategy has the engine compute, if it has conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicators: Option<Box<Indicators>>,
    /// Nothing before the first fill.
    by_strategy: Option<Box<StrategyPositions>>,
}

impl InstrumentData {
    /// The open positions of each strategy, once there was a fill.
    pub fn by_strategy(&self) -> Option<&StrategyPositions> {
        self.by_strategy.as_deref()
    }
}

impl InstrumentDataState for InstrumentData {
    type MarketEventKind = MarketKind;

    fn price(&self) -> Option<Decimal> {
        self.market.price()
    }
}

impl Processor<&StoredMarketEvent> for InstrumentData {
    type Audit = ();

    fn process(&mut self, event: &StoredMarketEvent) {
        self.market.update(event.time_exchange, &event.kind);
        if let Some(indicators) = &mut self.indicators {
            indicators.look(&Seen {
                kind: Some(&event.kind),
                market: &self.market,
                time: event
                    .time_received
                    .timestamp_nanos_opt()
                    .unwrap_or(i64::MAX),
                instrument: event.instrument.index(),
            });
        }
        if let Some(own) = &self.own {
            own.on_market(event);
        }
    }
}

impl Processor<&AccountEvent> for InstrumentData {
    type Audit = ();

    fn process(&mut self, event: &AccountEvent) {
        if let Some(own) = &self.own {
            own.on_account(event);
        }
        if let AccountEventKind::Trade(fill) = &event.kind {
            if let Some(indicators) = &mut self.indicators {
                indicators.look(&Seen {
                    kind: None,
                    market: &self.market,
                    time: fill.time_exchange.timestamp_nanos_opt().unwrap_or(i64::MAX),
                    instrument: fill.instrument.index(),
                });
            }
            let positions = self.by_strategy.get_or_insert_default();
            // barter's own position of the instrument is the one whose closing counts.
            drop(positions.update(fill));
        }
    }
}

impl InFlightRequestRecorder for InstrumentData {
    fn record_in_flight_cancel(&mut self, _: &OrderRequestCancel) {}

    fn record_in_flight_open(&mut self, _: &OrderRequestOpen) {}
}

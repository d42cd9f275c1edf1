//! A compiled function in a run.

use super::{
    function::{NativeFunction, Reason},
    layout::{Buffer, Instrument, Level, MOST_REQUESTS, OpenOrder, Requests},
    memory::Running,
    requests::Reading,
};
use crate::{
    command::{Orders, check_orders},
    convert::f64_from_decimal,
    data::{MarketKind, MarketState, StoredMarketEvent},
    error::Error,
    state::{InstrumentData, Run, State},
};
use barter::{
    EngineEvent, engine::state::instrument::InstrumentState, execution::AccountStreamEvent,
};
use barter_data::{books, streams::consumer::MarketStreamEvent};
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::{id::StrategyId, state::ActiveOrderState},
};
use barter_instrument::Side;
use pyo3::{PyTraverseError, PyVisit, exceptions::PyException, prelude::*};
use std::cell::{Cell, RefCell};

/// The event that is being processed, as a function is told of it.
#[derive(Clone, Copy)]
struct Seen {
    instrument: usize,
    kind: EventKind,
    fill_price: f64,
    /// Negative for a sale.
    fill_quantity: f64,
}

/// `barter_python.compiled.EventKind`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EventKind {
    Trade = 1,
    L1 = 2,
    L2 = 3,
    Candle = 4,
    Liquidation = 5,
    Funding = 6,
    Settlement = 7,
    Fill = 8,
    Order = 9,
    Cancel = 10,
}

/// `barter_python.compiled.OrderStage`.
#[derive(Clone, Copy)]
enum OrderStage {
    InFlight = 1,
    Open = 2,
    CancelInFlight = 3,
}

/// What the function is shown of an instrument, and its own state of it.
struct Known {
    shown: Instrument,
    orders: Vec<OpenOrder>,
    bids: Vec<Level>,
    asks: Vec<Level>,
    /// When position and orders were last looked at.
    version: u64,
    /// Where its own state begins.
    start: usize,
}

/// A compiled function in a run, with what it is shown and its own state.
pub struct Compiled {
    function: Py<NativeFunction>,
    memory: Running,
    record_words: usize,
    /// By index; `None` where the function has no state of the instrument.
    instruments: Vec<Option<RefCell<Known>>>,
    seen: Cell<Option<Seen>>,
    /// Counts what may have changed positions or orders.
    version: Cell<u64>,
    requests: RefCell<Requests>,
    buffer: Buffer,
}

impl Compiled {
    /// The function of a strategy; `None` if the strategy is none of `barter_python.compiled`.
    pub fn of(strategy: &Bound<'_, PyAny>, run: &Run) -> PyResult<Option<Self>> {
        let Some(native) = strategy.getattr_opt("_native_function")? else {
            return Ok(None);
        };
        let Ok(native) = native.cast_into::<NativeFunction>() else {
            return Ok(None);
        };
        let function = native.get();
        let count = run.indexed.instruments.instruments().len();
        let mut instruments: Vec<_> = std::iter::repeat_with(|| None).take(count).collect();
        let record_words = function.record_words();
        for (place, name) in function.instruments.iter().enumerate() {
            let index = run.indexed.instrument_index(name)?.index();
            if let Some(slot) = instruments.get_mut(index) {
                *slot = Some(RefCell::new(Known {
                    shown: Instrument::new(index),
                    orders: Vec::new(),
                    bids: Vec::new(),
                    asks: Vec::new(),
                    version: 0,
                    start: place.saturating_mul(record_words),
                }));
            }
        }
        let buffer = Buffer::new();
        Ok(Some(Self {
            memory: Running::new(function.begin()),
            record_words,
            instruments,
            seen: Cell::new(None),
            version: Cell::new(1),
            requests: RefCell::new(Requests {
                count: 0,
                capacity: i64::try_from(MOST_REQUESTS).unwrap_or_default(),
                next_id: 0,
                position: 0.0,
                requests: buffer.address(),
            }),
            buffer,
            function: native.unbind(),
        }))
    }

    /// For `__traverse__` of the one owner.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)
    }

    /// The function, for whoever lets go of it; the run is over.
    pub fn into_function(self) -> Py<PyAny> {
        self.function.into_any()
    }

    /// Whether it is Python after all.
    pub fn is_python(&self) -> bool {
        self.function.get().is_python
    }

    /// Position or orders may have changed.
    #[inline]
    pub fn note_change(&self) {
        self.version.set(self.version.get().wrapping_add(1));
    }

    /// The item of a market is the event of which the function is told next.
    #[inline]
    pub fn see_item(&self, event: &StoredMarketEvent) {
        let kind = match &event.kind {
            MarketKind::Trade(_) => EventKind::Trade,
            MarketKind::L1(_) => EventKind::L1,
            MarketKind::L2(_) => EventKind::L2,
            MarketKind::Candle(_) => EventKind::Candle,
            MarketKind::Liquidation(_) => EventKind::Liquidation,
            MarketKind::Funding(_) => EventKind::Funding,
            MarketKind::Settlement(_) => EventKind::Settlement,
        };
        self.seen.set(Some(Seen {
            instrument: event.instrument.index(),
            kind,
            fill_price: f64::NAN,
            fill_quantity: 0.0,
        }));
    }

    /// The same of any other event, which may change positions and orders.
    pub fn see(&self, event: &EngineEvent<MarketKind>) {
        self.note_change();
        match event {
            EngineEvent::Market(MarketStreamEvent::Item(event)) => self.see_item(event),
            EngineEvent::Account(AccountStreamEvent::Item(event)) => {
                let is_shown = self.function.get().account_events;
                self.seen.set(seen_of(event).filter(|_| is_shown));
            }
            EngineEvent::Market(MarketStreamEvent::Reconnecting(_))
            | EngineEvent::Account(AccountStreamEvent::Reconnecting(_))
            | EngineEvent::Command(_)
            | EngineEvent::TradingStateUpdate(_)
            | EngineEvent::Shutdown(_) => self.seen.set(None),
        }
    }

    /// Calls the function, if the event is one of its instruments'. Gives what it asks for, if anything.
    #[inline]
    pub fn ask(&self, state: &State, run: &Run) -> PyResult<Option<Orders>> {
        let Some(seen) = self.seen.take() else {
            return Ok(None);
        };
        let Some(Some(known)) = self.instruments.get(seen.instrument) else {
            return Ok(None);
        };
        let Some((_, instrument)) = state.instruments.0.get_index(seen.instrument) else {
            return Ok(None);
        };
        let function = self.function.get();
        let known = &mut *known.borrow_mut();
        known.show(seen, instrument, run, function.levels, self.version.get());
        let requests = &mut *self.requests.borrow_mut();
        requests.count = 0;
        requests.position = known.shown.position;
        requests.next_id = i64::try_from(run.client_order_ids())
            .unwrap_or(i64::MAX)
            .saturating_add(1);
        let own = self.memory.words(known.start, self.record_words);
        let result = function.entry.call(run.now(), &known.shown, own, requests);
        if result == 0 && requests.count == 0 {
            return Ok(None);
        }
        self.read(result, requests.count, instrument, state, run)
            .map(Some)
    }

    #[cold]
    #[inline(never)]
    fn read(
        &self,
        result: i64,
        count: i64,
        instrument: &InstrumentState<InstrumentData>,
        state: &State,
        run: &Run,
    ) -> PyResult<Orders> {
        let function = self.function.get();
        let name = instrument.instrument.name_internal.name();
        let failed = |reason: String| Error::compiled(&function.name, name, reason);
        if result != 0 {
            return Err(self.failure(result, name));
        }
        let count = usize::try_from(count)
            .ok()
            .filter(|it| *it <= MOST_REQUESTS);
        let Some(count) = count else {
            return Err(failed(format!(
                "it asked for more than {MOST_REQUESTS} orders and cancels at one event"
            ))
            .into());
        };
        let strategy = run
            .strategy_id()
            .map_or_else(StrategyId::unknown, StrategyId);
        let mut reading = Reading::new(instrument, run, strategy);
        for request in self.buffer.first(count) {
            reading.read(&request).map_err(failed)?;
        }
        let (cancels, opens) = reading.orders();
        self.note_change();
        check_orders(&function.name, &cancels, &opens, state)?;
        Ok((cancels, opens))
    }

    /// The error of a function that did not return zero.
    fn failure(&self, result: i64, instrument: &str) -> PyErr {
        let function = self.function.get();
        Python::attach(|py| {
            let (reason, cause) = match function.reason(py) {
                Ok(None) => (format!("it returned {result}"), None),
                Ok(Some(Reason::Text(reason))) => (reason, None),
                Ok(Some(Reason::Exception(cause))) if cause.is_instance_of::<PyException>(py) => {
                    (cause.to_string(), Some(cause))
                }
                // Ctrl-C and its like are no failures of the function.
                Ok(Some(Reason::Exception(other))) | Err(other) => return other,
            };
            let error = PyErr::from(Error::compiled(&function.name, instrument, reason));
            error.set_cause(py, cause);
            error
        })
    }
}

impl Known {
    /// Shows what the event has changed; all of it if more may have happened since the last one.
    #[inline]
    fn show(
        &mut self,
        seen: Seen,
        instrument: &InstrumentState<InstrumentData>,
        run: &Run,
        levels: usize,
        version: u64,
    ) {
        let market = &instrument.data.market;
        self.shown.event = seen.kind as i64;
        self.shown.fill_price = seen.fill_price;
        self.shown.fill_quantity = seen.fill_quantity;
        if self.version != version {
            self.version = version;
            self.show_account(instrument, run);
            self.show_trade(market);
            self.show_candle(market);
            self.show_quote(market, levels);
            return;
        }
        match seen.kind {
            EventKind::L1 | EventKind::L2 => self.show_quote(market, levels),
            EventKind::Trade => self.show_trade(market),
            EventKind::Candle => self.show_candle(market),
            EventKind::Liquidation
            | EventKind::Funding
            | EventKind::Settlement
            | EventKind::Fill
            | EventKind::Order
            | EventKind::Cancel => {}
        }
    }

    #[inline]
    fn show_quote(&mut self, market: &MarketState, levels: usize) {
        self.shown.best_bid = market.quote.best_bid_f64;
        self.shown.best_ask = market.quote.best_ask_f64;
        self.shown.mid = market.quote.mid_f64;
        if levels > 0 {
            self.show_levels(market, levels);
        }
    }

    #[inline]
    fn show_trade(&mut self, market: &MarketState) {
        if let Some((trade, _)) = &market.last_trade {
            self.shown.last_trade = trade.price_f64;
            self.shown.last_trade_amount = f64_from_decimal(trade.amount);
            self.shown.last_trade_side = sign(trade.side);
        }
    }

    fn show_candle(&mut self, market: &MarketState) {
        if let Some((candle, _)) = &market.candle {
            self.shown.candle_close = candle.close_f64;
        }
    }

    fn show_levels(&mut self, market: &MarketState, count: usize) {
        let copy = |to: &mut Vec<Level>, from: &[books::Level]| {
            to.clear();
            to.extend(from.iter().take(count).map(|level| Level {
                price: f64_from_decimal(level.price),
                amount: f64_from_decimal(level.amount),
            }));
        };
        let [bids, asks] = market.best_levels();
        copy(&mut self.bids, bids);
        copy(&mut self.asks, asks);
        let Self {
            shown, bids, asks, ..
        } = self;
        (shown.bid_count, shown.bids) = place(bids);
        (shown.ask_count, shown.asks) = place(asks);
    }

    #[cold]
    #[inline(never)]
    fn show_account(&mut self, instrument: &InstrumentState<InstrumentData>, run: &Run) {
        let shown = &mut self.shown;
        (shown.position, shown.entry_price) = match &instrument.position.current {
            None => (0.0, f64::NAN),
            Some(position) => (
                signed(position.side, f64_from_decimal(position.quantity_abs)),
                f64_from_decimal(position.price_entry_average),
            ),
        };
        let mut orders: Vec<_> = instrument.orders.0.values().collect();
        orders.sort_unstable_by(|a, b| a.key.cid.cmp(&b.key.cid));
        self.orders.clear();
        self.orders.extend(orders.into_iter().map(|order| {
            let (stage, filled) = match &order.state {
                ActiveOrderState::OpenInFlight(_) => (OrderStage::InFlight, None),
                ActiveOrderState::Open(open) => (OrderStage::Open, Some(open.filled_quantity)),
                ActiveOrderState::CancelInFlight(cancel) => (
                    OrderStage::CancelInFlight,
                    cancel.order.as_ref().map(|open| open.filled_quantity),
                ),
            };
            OpenOrder {
                id: run.number_of(&order.key.cid),
                side: sign(order.side),
                stage: stage as i64,
                price: f64_from_decimal(order.price),
                quantity: f64_from_decimal(order.quantity),
                filled: filled.map_or(0.0, f64_from_decimal),
            }
        }));
        (shown.order_count, shown.orders) = place(&self.orders);
    }
}

/// Length and address of what a function reads.
fn place<T>(items: &[T]) -> (i64, usize) {
    let count = i64::try_from(items.len()).unwrap_or_default();
    (count, items.as_ptr().expose_provenance())
}

const fn sign(side: Side) -> i64 {
    match side {
        Side::Buy => 1,
        Side::Sell => -1,
    }
}

fn signed(side: Side, amount: f64) -> f64 {
    match side {
        Side::Buy => amount,
        Side::Sell => -amount,
    }
}

/// An event of an account, if it is one of an instrument.
fn seen_of(event: &AccountEvent) -> Option<Seen> {
    let seen = |instrument: usize, kind| {
        Some(Seen {
            instrument,
            kind,
            fill_price: f64::NAN,
            fill_quantity: 0.0,
        })
    };
    match &event.kind {
        AccountEventKind::Trade(fill) => Some(Seen {
            instrument: fill.instrument.index(),
            kind: EventKind::Fill,
            fill_price: f64_from_decimal(fill.price),
            fill_quantity: signed(fill.side, f64_from_decimal(fill.quantity)),
        }),
        AccountEventKind::OrderSnapshot(order) => {
            seen(order.0.key.instrument.index(), EventKind::Order)
        }
        AccountEventKind::OrderCancelled(cancelled) => {
            seen(cancelled.key.instrument.index(), EventKind::Cancel)
        }
        AccountEventKind::Snapshot(_) | AccountEventKind::BalanceSnapshot(_) => None,
    }
}

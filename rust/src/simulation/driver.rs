//! The events of a run through the engine, and its beginning and end.

use super::{interrupts::Interrupts, script::SentRequest, warmup::Warmup};
use crate::{
    command::{in_fixed_order, withdraw_stops},
    convert::Dec,
    data::{
        CandleBuilder, CrossedEvents, MarketKind, MarketState, StoredEvent, StoredMarketEvent,
        leaves_crossed,
    },
    engine::{Audit, DrivenEngine, Turn},
    error::Error,
    exchange::SimulatedExchange,
    network::{Network, Route},
    records::{DriverOutput, EquityOptions, Records},
    risk::of_either_kind,
};
use barter::{
    EngineEvent,
    engine::{
        EngineOutput,
        audit::{EngineAudit, ProcessAudit},
        command::Command,
        state::{instrument::filter::InstrumentFilter, trading::TradingState},
    },
    execution::AccountStreamEvent,
};
use barter_data::streams::consumer::MarketStreamEvent;
use barter_instrument::exchange::{ExchangeId, ExchangeIndex};
use pyo3::{exceptions::PyValueError, prelude::*};

/// How many refusals are told of a run that goes on.
const REFUSALS_TOLD: usize = 3;

/// Of a run that goes on: by index of the quote asset the equity and how far it is below its peak, as a share
/// of the peak; the last refusals, with their times in nanoseconds since 1970, the last first.
pub type Standing = (Vec<(usize, Dec, Option<Dec>)>, Vec<(i64, String)>);

/// A run: the engine, and the exchanges that are simulated behind it.
///
/// Whoever has it gives it the market events, of a history or of now, and says what time it is.
pub struct Driver {
    pub driven: DrivenEngine,
    pub(super) exchange: SimulatedExchange,
    pub(super) network: Network,
    pub(super) now: i64,
    pub(super) responses_now: u32,
    pub(super) is_history_over: bool,
    pub(super) interrupts: Interrupts,
    pub(super) records: Records,
    /// Called with a snapshot of the state at the start, and with the audit of each event.
    audit: Option<Py<PyAny>>,
    /// What the engine has sent, for who asks to know.
    pub requests: Option<Vec<SentRequest>>,
    /// The events so far that have left a market crossed.
    pub crossed: CrossedEvents,
    /// Builds candles from the trades, if that is asked for.
    pub(super) candles: Option<CandleBuilder>,
    /// What the strategy is shown at the start.
    pub(super) warmup: Option<Warmup>,
    /// If it is shown something, what the exchanges know of the markets, by instrument index.
    pub(super) markets: Option<Vec<MarketState>>,
}

impl Driver {
    /// An engine at the start of the history, with trading disabled; `routes` are by exchange index.
    pub fn new(
        driven: DrivenEngine,
        exchange: SimulatedExchange,
        routes: Vec<Route>,
        equity: &EquityOptions,
        audit: Option<Py<PyAny>>,
    ) -> Self {
        let now = driven.run.now();
        let held = |asset| exchange.balance(asset).total;
        Self {
            network: Network::new(routes, now),
            now,
            responses_now: 0,
            is_history_over: false,
            interrupts: Interrupts::default(),
            records: Records::new(&driven.run.indexed, equity, held),
            exchange,
            driven,
            audit,
            requests: None,
            crossed: CrossedEvents::default(),
            candles: None,
            warmup: None,
            markets: None,
        }
    }

    /// Gives the engine its balances, lets the strategy prepare and warm up, and enables trading.
    ///
    /// An error if `is_stopped` while it warms up.
    pub fn start(&mut self, py: Python<'_>, is_stopped: &dyn Fn() -> bool) -> PyResult<()> {
        self.rewind();
        let exchanges: Vec<(ExchangeIndex, ExchangeId)> = self
            .driven
            .run
            .indexed
            .instruments
            .exchanges()
            .iter()
            .map(|keyed| (keyed.key, keyed.value))
            .collect();
        for (index, id) in exchanges {
            let snapshot = self.account_snapshot(index, id, Vec::new());
            self.process(EngineEvent::Account(AccountStreamEvent::Item(snapshot)))?;
        }
        self.driven.run.set_other_event(None);
        self.driven.start()?;
        self.warm_up(py, is_stopped)?;
        self.driven.engine.state.trading = TradingState::Enabled;
        self.emit_snapshot()?;
        self.records.equity.mark_all(self.now);
        Ok(())
    }

    /// Processes the event at `position` of those that were set last, and before it everything that is due
    /// by then.
    pub fn market(&mut self, position: usize, event: &StoredEvent) -> PyResult<()> {
        self.responses_now = 0;
        if let Some(received) = event.received_ns() {
            self.reach(received)?;
        }
        match event {
            StoredEvent::Item(event) => {
                let now = self.now;
                if let Some(candles) = &mut self.candles {
                    candles.add(now, event)?;
                }
                self.driven
                    .run
                    .set_market_event(position, Some(event.instrument));
                self.process_item(event)?;
                self.show_exchanges(event);
                self.look_for_crossing(event);
                if self.records.equity.is_marked(event.instrument) {
                    let equity = &mut self.records.equity;
                    equity.on_market(now, &self.driven.engine.state, event.instrument);
                }
                if event.kind.is_for_holders() || self.exchange.is_watching(event.instrument) {
                    self.observe(event.instrument, &event.kind)?;
                }
                if self.exchange.is_on_margin(event.instrument) {
                    self.liquidate(event.instrument)?;
                }
            }
            StoredEvent::Reconnecting(lost) => {
                self.driven.run.set_market_event(position, None);
                let lost = MarketStreamEvent::Reconnecting(lost.exchange);
                self.process(EngineEvent::Market(lost))?;
            }
        }
        self.deliver(self.now)
    }

    /// Ends the run, at `until` if that is given: what is due then is delivered while the strategy still
    /// trades, and what is under way after that while it does not.
    pub fn finish(&mut self, until: Option<i64>, close_at_end: bool) -> PyResult<DriverOutput> {
        if let Some(until) = until {
            self.reach(until)?;
        }
        // The strategy has no say any more: `on_trading_disabled` is not called.
        self.driven.engine.state.trading = TradingState::Disabled;
        if self.audit.is_some() {
            let event = EngineEvent::TradingStateUpdate(TradingState::Disabled);
            self.emit_audit(Audit::Process(ProcessAudit::with_event(event)))?;
        }
        self.is_history_over = true;
        self.exchange.end_history();
        self.decide_waiting()?;
        self.deliver(i64::MAX)?;
        if close_at_end {
            let cancels = Command::CancelOrders(InstrumentFilter::None);
            withdraw_stops(&cancels, &self.driven.run, &self.driven.engine.state);
            if let Some(cancels) = in_fixed_order(cancels, &self.driven.engine.state) {
                self.process(EngineEvent::Command(cancels))?;
                self.deliver(i64::MAX)?;
            }
            self.process(EngineEvent::Command(Command::ClosePositions(
                InstrumentFilter::None,
            )))?;
            self.deliver(i64::MAX)?;
        }
        Ok(self.records.finish(self.now, &self.driven.engine.state))
    }

    /// Lets the exchanges know the event, if their knowledge is not the engine's.
    pub(super) fn show_exchanges(&mut self, event: &StoredMarketEvent) {
        if let Some(markets) = &mut self.markets
            && let Some(market) = markets.get_mut(event.instrument.index())
        {
            market.update(event.time_exchange, &event.kind);
        }
    }

    /// Gives the results of a run that cannot go on.
    pub fn break_off(&mut self) -> DriverOutput {
        self.records.finish(self.now, &self.driven.engine.state)
    }

    /// Counts the event if it has left its market crossed.
    fn look_for_crossing(&mut self, event: &StoredMarketEvent) {
        let market = || {
            let instruments = &self.driven.engine.state.instruments.0;
            let (_, known) = instruments.get_index(event.instrument.index())?;
            Some(&known.data.market)
        };
        if leaves_crossed(&event.kind, market) {
            self.crossed.add(event);
        }
    }

    /// Whether events mostly need no Python: what needs it takes the interpreter's lock itself.
    pub fn is_native(&self) -> bool {
        self.audit.is_none() && self.driven.is_native()
    }

    /// The time of the run, in nanoseconds since 1970.
    pub const fn now(&self) -> i64 {
        self.now
    }

    /// Whether a request or an answer is in flight.
    pub fn is_busy(&self) -> bool {
        self.network.is_busy()
    }

    /// How many orders the exchanges have refused since they took one.
    pub const fn refused_in_a_row(&self) -> u32 {
        self.records.refused_in_a_row
    }

    /// How the account stands, and what was refused last.
    pub fn standing(&self) -> Standing {
        let equity = self.records.equity.now();
        let equity =
            equity.map(|(asset, equity, fall)| (asset.index(), Dec(equity), fall.map(Dec)));
        (equity.collect(), self.records.last_refusals(REFUSALS_TOLD))
    }

    /// Does everything that is due by `time`, and goes on to it.
    pub(super) fn reach(&mut self, time: i64) -> PyResult<()> {
        let time = self.now.max(time);
        self.deliver(time)?;
        self.set_time(time);
        Ok(())
    }

    /// Moves the time of the run.
    pub(super) fn set_time(&mut self, now: i64) {
        if now != self.now {
            self.now = now;
            self.responses_now = 0;
        }
        self.driven.set_time(now);
    }

    /// Puts an event through the engine, and then the changes of trading that hooks have asked for.
    pub(super) fn process(&mut self, event: EngineEvent<MarketKind>) -> PyResult<()> {
        self.process_one(event)?;
        self.change_trading()
    }

    fn process_one(&mut self, event: EngineEvent<MarketKind>) -> PyResult<()> {
        self.driven.check(&event)?;
        match self.driven.turn(event) {
            Some(turn) => self.settle(*turn),
            None => Ok(()),
        }
    }

    pub(super) fn process_item(&mut self, event: &StoredMarketEvent) -> PyResult<()> {
        if let Some(turn) = self.driven.turn_item(event) {
            self.settle(*turn)?;
        }
        self.change_trading()
    }

    /// After the history no hook can enable trading again.
    #[inline]
    pub(super) fn change_trading(&mut self) -> PyResult<()> {
        if self.driven.keeps_trading_state() {
            return Ok(());
        }
        self.process_changes_of_trading()
    }

    #[cold]
    fn process_changes_of_trading(&mut self) -> PyResult<()> {
        while let Some(trading) = self.driven.next_trading_state()? {
            if self.is_history_over {
                continue;
            }
            self.driven.run.set_other_event(None);
            self.process_one(EngineEvent::TradingStateUpdate(trading))?;
        }
        Ok(())
    }

    /// Records what came of an event, and sends its requests. An exception ends the run.
    #[inline(never)]
    pub(super) fn settle(&mut self, turn: Turn) -> PyResult<()> {
        let Turn {
            audit,
            refused,
            requests,
            triggered,
            failure,
        } = turn;
        if let Some(failure) = failure {
            return Err(failure);
        }
        self.records.record_refused(self.now, refused);
        // The events before the snapshot are in it.
        if self.driven.is_audited {
            self.emit_audit(audit.clone())?;
        }
        let EngineAudit::Process(ProcessAudit {
            event: _,
            outputs,
            errors,
        }) = audit
        else {
            return Ok(());
        };
        if let Some(error) = errors.into_iter().next() {
            return Err(Error::Poisoned(format!("barter's engine cannot go on: {error}")).into());
        }
        for output in outputs {
            match output {
                EngineOutput::PositionExit(position) => self.records.record_closed(position),
                EngineOutput::AlgoOrders(orders) => {
                    let cancels = orders.cancels_refused.into_iter().map(of_either_kind);
                    self.records.record_refused(self.now, cancels);
                    let opens = orders.opens_refused.into_iter().map(of_either_kind);
                    self.records.record_refused(self.now, opens);
                }
                EngineOutput::Commanded(_)
                | EngineOutput::OnTradingDisabled(_)
                | EngineOutput::AccountDisconnect(_)
                | EngineOutput::MarketDisconnect(_) => {}
            }
        }
        Ok(self.send_requests(requests, triggered)?)
    }

    /// From now on `call` gets a snapshot of the state, and the audit of each event; an error if somebody
    /// gets them already.
    pub fn begin_audit(&mut self, call: Py<PyAny>) -> PyResult<()> {
        if self.audit.is_some() {
            return Err(PyValueError::new_err(
                "the audit is taken already: by take_audit, or by the option audit",
            ));
        }
        self.audit = Some(call);
        self.emit_snapshot()
    }

    fn emit_snapshot(&mut self) -> PyResult<()> {
        let Some(call) = &self.audit else {
            return Ok(());
        };
        let snapshot = Python::attach(|py| self.driven.audit_snapshot(py))?;
        self.driven.is_audited = true;
        Python::attach(|py| call.call1(py, (snapshot,))).map(drop)
    }

    fn emit_audit(&mut self, audit: Audit) -> PyResult<()> {
        let Some(call) = &self.audit else {
            return Ok(());
        };
        let tick = self.driven.tick(audit);
        Python::attach(|py| call.call1(py, (tick,))).map(drop)
    }

    /// The attributes that the strategy has read without ever finding a price.
    pub fn missing_quotes(&self) -> Vec<String> {
        self.driven.run.quotes.always_missing()
    }

    /// The assets whose balances are negative, and these.
    pub fn overdrawn(&self) -> Vec<(usize, Dec)> {
        let assets = self.driven.run.indexed.instruments.assets().iter();
        let totals =
            assets.map(|keyed| (keyed.key.index(), self.exchange.balance(keyed.key).total));
        totals
            .filter(|(_, total)| total.is_sign_negative() && !total.is_zero())
            .map(|(asset, total)| (asset, Dec(total)))
            .collect()
    }

    /// Balances at the end, by asset index.
    pub fn balances(&self) -> Vec<crate::execution::Balance> {
        let assets = self.driven.run.indexed.instruments.assets().iter();
        assets
            .map(|keyed| self.exchange.balance(keyed.key).into())
            .collect()
    }
}

//! Drives barter's engine over a history, in simulated time.

mod traffic;

use super::{
    AuditSnapshot, AuditTick, DriverOutput, EngineView, Progress, Run, RunEngine,
    audit::{Audit, Output, with_refused},
    check::check,
    network::{Network, Route},
    record::Records,
};
use crate::{
    data::{MarketKind, StoredEvent, StoredMarketEvent},
    error::Error,
    exchange::SimulatedExchange,
    risk::{PyRiskManager, Refused, refused},
    strategy::{PyStrategy, in_fixed_order},
};
use barter::{
    EngineEvent,
    engine::{
        EngineOutput, Processor,
        action::generate_algo_orders::GenerateAlgoOrders,
        audit::{EngineAudit, ProcessAudit},
        command::Command,
        error::UnrecoverableEngineError,
        state::{instrument::filter::InstrumentFilter, trading::TradingState},
    },
    execution::AccountStreamEvent,
};
use barter_data::streams::consumer::MarketStreamEvent;
use barter_instrument::exchange::{ExchangeId, ExchangeIndex};
use pyo3::prelude::*;
use std::sync::Arc;

/// How many events are processed between two looks at Ctrl-C.
const EVENTS_AT_ONCE: usize = 256;

/// Drives one run.
pub struct Driver {
    /// The engine, for its summary.
    pub engine: RunEngine,
    exchange: SimulatedExchange,
    run: Arc<Run>,
    network: Network,
    now: i64,
    responses_now: u32,
    is_history_over: bool,
    records: Records,
    /// Called with a snapshot of the state at the start, and with the audit of each event.
    audit: Option<Py<PyAny>>,
    /// Whether it has had the snapshot.
    is_told: bool,
}

impl Driver {
    /// An engine at the start of the history, with trading disabled; the ways to the exchanges are by
    /// exchange index.
    pub fn new(
        engine: RunEngine,
        run: Arc<Run>,
        exchange: SimulatedExchange,
        routes: Vec<Route>,
        audit: Option<Py<PyAny>>,
    ) -> Self {
        let now = run.now();
        Self {
            engine,
            network: Network::new(routes, now),
            now,
            responses_now: 0,
            is_history_over: false,
            records: Records::new(&run.indexed, |asset| exchange.balance(asset).total),
            exchange,
            run,
            audit,
            is_told: false,
        }
    }

    /// Runs the whole history.
    pub fn drive(
        &mut self,
        py: Python<'_>,
        close_at_end: bool,
        mut progress: Option<Progress>,
    ) -> PyResult<DriverOutput> {
        self.start()?;
        let events = self.run.events();
        for (position, event) in events.iter().enumerate() {
            if position.is_multiple_of(EVENTS_AT_ONCE) {
                py.check_signals()?;
            }
            if let Some(progress) = &mut progress {
                progress.tell(py, position, events.len())?;
            }
            self.market(py, position, event)?;
        }
        if let Some(progress) = &mut progress {
            progress.tell(py, events.len(), events.len())?;
        }
        // The history is over, and with it the strategy's say: it is not told that trading is disabled.
        self.engine.state.trading = TradingState::Disabled;
        if self.audit.is_some() {
            let event = EngineEvent::TradingStateUpdate(TradingState::Disabled);
            self.tell_audit(Audit::Process(ProcessAudit::with_event(event)))?;
        }
        self.is_history_over = true;
        self.deliver(py, i64::MAX)?;
        if close_at_end {
            let cancels = Command::CancelOrders(InstrumentFilter::None);
            if let Some(cancels) = in_fixed_order(cancels, &self.engine.state) {
                self.process(EngineEvent::Command(cancels))?;
                self.deliver(py, i64::MAX)?;
            }
            self.process(EngineEvent::Command(Command::ClosePositions(
                InstrumentFilter::None,
            )))?;
            self.deliver(py, i64::MAX)?;
        }
        Ok(self.records.finish(self.now, &self.engine))
    }

    /// Tells the engine what it holds, lets the strategy prepare, and enables trading.
    fn start(&mut self) -> PyResult<()> {
        let exchanges: Vec<(ExchangeIndex, ExchangeId)> = self
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
        self.run.set_other_event(None);
        self.engine.strategy.on_start(&self.engine.state)?;
        self.engine.state.trading = TradingState::Enabled;
        self.tell_snapshot()?;
        self.records.equity_of_all(self.now, &self.engine.state);
        Ok(())
    }

    /// Processes the event at `position` of the history, and what has to come before it.
    fn market(&mut self, py: Python<'_>, position: usize, event: &StoredEvent) -> PyResult<()> {
        self.responses_now = 0;
        match event {
            StoredEvent::Item(event) => {
                let received = event.time_received.timestamp_nanos_opt();
                let now = received.map_or(self.now, |received| self.now.max(received));
                self.deliver(py, now)?;
                self.set_time(now);
                self.run.set_market_event(position, Some(event.instrument));
                if self.is_told {
                    let item = MarketStreamEvent::Item(event.clone());
                    self.process(EngineEvent::Market(item))?;
                } else {
                    self.process_item(event)?;
                }
                if self.exchange.is_watching(event.instrument) {
                    self.observe(event.instrument, &event.kind)?;
                }
            }
            StoredEvent::Reconnecting(exchange) => {
                self.run.set_market_event(position, None);
                let lost = MarketStreamEvent::Reconnecting(*exchange);
                self.process(EngineEvent::Market(lost))?;
            }
        }
        self.deliver(py, self.now)
    }

    fn set_time(&mut self, now: i64) {
        if now != self.now {
            self.now = now;
            self.responses_now = 0;
        }
        self.run.set_time(now);
        self.engine.clock.advance(now);
    }

    /// An event, and what hooks want trading to be after it.
    fn process(&mut self, event: EngineEvent<MarketKind>) -> PyResult<()> {
        self.process_one(event)?;
        self.change_trading()
    }

    fn change_trading(&mut self) -> PyResult<()> {
        while let Some(trading) = self.engine.strategy.next_trading_state()? {
            if self.is_history_over {
                continue;
            }
            self.run.set_other_event(None);
            self.process_one(EngineEvent::TradingStateUpdate(trading))?;
        }
        Ok(())
    }

    /// One event through barter's engine, and what came of it.
    fn process_one(&mut self, event: EngineEvent<MarketKind>) -> PyResult<()> {
        if let EngineEvent::Account(event) = &event {
            check(event, &self.engine.state)?;
        }
        self.engine.strategy.prepare(&event, &self.engine.state);
        let audit = self.engine.process(event);
        self.engine.strategy.tell_fill(&self.engine.state);
        if let Some(failure) = self.engine.strategy.take_failure() {
            return Err(failure);
        }
        let refused_by_guard = self.note_refused_by_guard()?;
        // The events before the snapshot are in it.
        if self.is_told {
            self.tell_audit(with_refused(audit.clone(), refused_by_guard))?;
        }
        // An audit is large and most hold nothing: it is moved only where it does.
        match audit {
            EngineAudit::Process(ProcessAudit {
                outputs, errors, ..
            }) if !outputs.is_none() || !errors.is_none() => {
                self.note(outputs, errors.into_iter().next())
            }
            EngineAudit::FeedEnded | EngineAudit::Process(_) => Ok(()),
        }
    }

    /// What barter's engine does with an item of a market, without the audit, for which it would take
    /// a copy of the event and move it about.
    fn process_item(&mut self, event: &StoredMarketEvent) -> PyResult<()> {
        self.engine.state.update_from_market(event);
        let orders = match self.engine.state.trading {
            TradingState::Enabled => Some(self.engine.generate_algo_orders()),
            TradingState::Disabled => None,
        };
        if let Some(failure) = self.engine.strategy.take_failure() {
            return Err(failure);
        }
        self.note_refused_by_guard()?;
        match orders {
            Some(orders) if !orders.is_empty() => {
                let mut errors = orders.unrecoverable_errors().into_iter().flatten();
                self.note([EngineOutput::AlgoOrders(orders)], errors.next())?;
            }
            Some(_) | None => {}
        }
        self.change_trading()
    }

    fn note_refused_by_guard(&mut self) -> PyResult<Vec<Refused>> {
        let PyRiskManager::Checked(checked) = &self.engine.risk else {
            return Ok(Vec::new());
        };
        let refused = checked.take_refused()?;
        self.records.refused(self.now, refused.iter().cloned());
        Ok(refused)
    }

    /// Keeps what came of an event, and sends requests on their way.
    #[inline(never)]
    fn note(
        &mut self,
        outputs: impl IntoIterator<Item = Output>,
        error: Option<UnrecoverableEngineError>,
    ) -> PyResult<()> {
        if let Some(error) = error {
            return Err(Error::Poisoned(format!("barter's engine cannot go on: {error}")).into());
        }
        for output in outputs {
            match output {
                EngineOutput::PositionExit(position) => self.records.closed(position),
                EngineOutput::AlgoOrders(orders) => {
                    let cancels = orders.cancels_refused.into_iter().map(refused);
                    self.records.refused(self.now, cancels);
                    let opens = orders.opens_refused.into_iter().map(refused);
                    self.records.refused(self.now, opens);
                }
                EngineOutput::Commanded(_)
                | EngineOutput::OnTradingDisabled(_)
                | EngineOutput::AccountDisconnect(_)
                | EngineOutput::MarketDisconnect(_) => {}
            }
        }
        Ok(self.send_requests()?)
    }

    fn tell_snapshot(&mut self) -> PyResult<()> {
        let Some(audit) = &self.audit else {
            return Ok(());
        };
        let run = Arc::new(self.run.kept(&self.engine.state)?);
        let snapshot = AuditSnapshot::take(&mut self.engine, run);
        self.is_told = true;
        Python::attach(|py| audit.call1(py, (snapshot,))).map(drop)
    }

    fn tell_audit(&mut self, audit: Audit) -> PyResult<()> {
        let Some(call) = &self.audit else {
            return Ok(());
        };
        let tick = AuditTick::take(&mut self.engine, audit);
        Python::attach(|py| call.call1(py, (tick,))).map(drop)
    }

    /// Balances at the end, by asset index.
    pub fn balances(&self) -> Vec<crate::execution::Balance> {
        let assets = self.run.indexed.instruments.assets().iter();
        assets
            .map(|keyed| self.exchange.balance(keyed.key).into())
            .collect()
    }
}

impl PyStrategy {
    /// The view that goes with a new run.
    pub fn in_run(py: Python<'_>, object: &Bound<'_, PyAny>, run: &Arc<Run>) -> PyResult<Self> {
        let view = Py::new(py, EngineView::new(py, run)?)?;
        Self::new(object, view, Arc::clone(run))
    }
}

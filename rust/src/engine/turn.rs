//! One event through barter's engine: what the stepped `Engine`, a backtest and a live run share. The
//! driver decides when an event comes, what ends the run and what is recorded.

use super::{
    account_check::check_account_event,
    audit::{Audit, AuditTick, with_refused},
    build::{RunEngine, engine_of},
    replica::AuditSnapshot,
};
use crate::{
    command::{Orders, withdraw_stops},
    data::{MarketKind, StoredMarketEvent},
    error::Error,
    risk::{PyRiskManager, Request},
    state::{PendingTimer, Run, SharedRun, take_own_data, visit_own_data},
    stops::Triggered,
};
use barter::{
    EngineEvent,
    engine::{
        EngineOutput, Processor,
        action::generate_algo_orders::{GenerateAlgoOrders, GenerateAlgoOrdersOutput},
        audit::{EngineAudit, ProcessAudit},
        command::Command,
        state::{instrument::filter::InstrumentFilter, trading::TradingState},
    },
    execution::request::ExecutionRequest,
    risk::RiskRefused,
};
use barter_data::streams::consumer::MarketStreamEvent;
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use std::{mem, sync::Arc};

/// barter's engine and the run that its views show, as a driver puts events through it.
pub struct DrivenEngine {
    /// barter's engine.
    pub engine: RunEngine,
    /// What the views show beside its state.
    pub run: Arc<Run>,
    /// Whether `turn` gives the audit of every event.
    pub is_audited: bool,
    triggered: Vec<Triggered>,
}

/// What came of an event.
pub struct Turn {
    /// barter's audit, with what the guard refused, of which barter does not know.
    pub audit: Audit,
    /// The requests that the guard refused.
    pub refused: Vec<RiskRefused<Request>>,
    /// The requests that the engine sent.
    pub requests: Vec<ExecutionRequest>,
    /// The orders of stops that the event has triggered, also of those that were refused.
    pub triggered: Vec<Triggered>,
    /// The exception of a callback; no later callback ran.
    pub failure: Option<PyErr>,
}

/// An event from outside the run, once the guard has looked at it.
pub enum Guarded {
    /// The event, a command without the requests that the guard refused.
    Passing(EngineEvent<MarketKind>),
    /// A command of which the guard refused every request.
    Refused(EngineEvent<MarketKind>),
}

/// The audit that barter would have made of an event.
fn audit_of(event: EngineEvent<MarketKind>, outputs: Vec<GenerateAlgoOrdersOutput>) -> Audit {
    let mut process = ProcessAudit::with_event(event);
    for orders in outputs {
        process = match orders.unrecoverable_errors() {
            Some(errors) => process.add_errors(errors),
            None => process.add_output(EngineOutput::AlgoOrders(orders)),
        };
    }
    EngineAudit::Process(process)
}

impl DrivenEngine {
    /// An engine that has processed nothing yet, with trading disabled.
    pub fn new(
        strategy: &Bound<'_, PyAny>,
        risk_manager: Option<&Bound<'_, PyAny>>,
        guard_commands: bool,
        run: Arc<Run>,
    ) -> PyResult<Self> {
        Ok(Self {
            engine: engine_of(strategy, risk_manager, guard_commands, &run)?,
            run,
            is_audited: false,
            triggered: Vec::new(),
        })
    }

    /// Whether a market event needs no Python, unless something comes of it.
    pub fn is_native(&self) -> bool {
        let mut instruments = self.engine.state.instruments.0.values();
        self.engine.strategy.is_native() && instruments.all(|known| known.data.own.is_none())
    }

    /// Lets the strategy prepare.
    pub fn start(&self) -> PyResult<()> {
        self.engine.strategy.on_start(&self.engine.state)
    }

    /// Moves the time of the engine and of its views.
    pub fn set_time(&mut self, now: i64) {
        self.run.set_time(now);
        self.engine.clock.advance(now);
    }

    /// Refuses an account event on which barter would panic, or which would leave its state wrong. Market
    /// events are checked where they are read.
    pub fn check(&self, event: &EngineEvent<MarketKind>) -> Result<(), Error> {
        match event {
            EngineEvent::Account(event) => check_account_event(event, &self.engine.state),
            EngineEvent::Market(_)
            | EngineEvent::Command(_)
            | EngineEvent::TradingStateUpdate(_)
            | EngineEvent::Shutdown(_) => Ok(()),
        }
    }

    /// Lets the guard look at an event from outside the run, at the time and event that are set.
    ///
    /// Then withdraws the stops of the instruments whose orders it cancels: none if the guard raises.
    pub fn guard(
        &self,
        event: EngineEvent<MarketKind>,
        cancelled: Option<InstrumentFilter>,
    ) -> PyResult<Guarded> {
        let (strategy, state) = (&self.engine.strategy, &self.engine.state);
        let guarded = match event {
            EngineEvent::Command(command) => {
                let passing = strategy.guard_command(state, command.clone())?;
                passing.map_or(Guarded::Refused(EngineEvent::Command(command)), |command| {
                    Guarded::Passing(EngineEvent::Command(command))
                })
            }
            event => Guarded::Passing(event),
        };
        if let Some(filter) = cancelled {
            withdraw_stops(&Command::CancelOrders(filter), &self.run, state);
        }
        Ok(guarded)
    }

    /// Puts an event that the guard has looked at through the engine.
    pub fn turn_guarded(&mut self, event: Guarded) -> Box<Turn> {
        let audit = match event {
            Guarded::Passing(event) => self.process(event),
            Guarded::Refused(event) => Audit::process(event),
        };
        self.settle(audit)
    }

    /// Puts an event through the engine. `None` if nothing came of it and no audit is asked for.
    pub fn turn(&mut self, event: EngineEvent<MarketKind>) -> Option<Box<Turn>> {
        let audit = self.process(event);
        let is_quiet = match &audit {
            EngineAudit::FeedEnded => true,
            EngineAudit::Process(ProcessAudit {
                event: _,
                outputs,
                errors,
            }) => outputs.is_none() && errors.is_none(),
        };
        if is_quiet && !self.is_audited && !self.has_pending() {
            return None;
        }
        Some(self.settle(audit))
    }

    fn process(&mut self, event: EngineEvent<MarketKind>) -> Audit {
        if let EngineEvent::Market(MarketStreamEvent::Item(item)) = &event
            && !self.run.stops.is_empty()
        {
            let outputs = self.process_item(item);
            return audit_of(event, outputs);
        }
        self.engine.strategy.prepare(&event, &self.engine.state);
        let audit = self.engine.process(event);
        self.engine.strategy.notify_fill(&self.engine.state);
        audit
    }

    /// Has the strategy called for a timer.
    ///
    /// barter knows no timers. The event is trading as it is, which changes nothing and after which
    /// barter asks for orders if trading is enabled.
    pub fn turn_timer(&mut self, timer: PendingTimer) -> Box<Turn> {
        self.run.set_other_event(None);
        self.engine.strategy.set_due(Some(timer));
        let trading = self.engine.state.trading;
        let audit = self.process(EngineEvent::TradingStateUpdate(trading));
        self.engine.strategy.set_due(None);
        self.settle(audit)
    }

    /// Puts an item of a market through the engine, as `turn` does.
    ///
    /// Without an audit these are barter's own two steps: `Engine::process` would take a copy of the
    /// event and move it about, for an audit that nobody reads.
    pub fn turn_item(&mut self, event: &StoredMarketEvent) -> Option<Box<Turn>> {
        if self.is_audited {
            let item = MarketStreamEvent::Item(event.clone());
            return self.turn(EngineEvent::Market(item));
        }
        let outputs = self.process_item(event);
        if outputs.is_empty() && !self.has_pending() {
            return None;
        }
        Some(self.settle_item(event, outputs))
    }

    /// The steps of barter's engine for an item, and between them the orders of the stops that it triggers.
    ///
    /// Gives what was sent or refused: mostly nothing, and an output is large to hand on.
    #[inline]
    fn process_item(&mut self, event: &StoredMarketEvent) -> Vec<GenerateAlgoOrdersOutput> {
        self.engine.strategy.see_item(event);
        self.engine.state.update_from_market(event);
        if self.engine.state.trading != TradingState::Enabled {
            return Vec::new();
        }
        if !self.run.stops.is_empty() || self.engine.risk.look_at_every_event() {
            return self.process_watched_item(event);
        }
        match self.engine.strategy.ask(&self.engine.state) {
            None => Vec::new(),
            Some(orders) => self.send(orders).into_iter().collect(),
        }
    }

    /// What follows an item if a stop waits, or the risk manager looks at every event.
    #[inline(never)]
    fn process_watched_item(&mut self, event: &StoredMarketEvent) -> Vec<GenerateAlgoOrdersOutput> {
        let stops = if self.run.stops.is_empty() {
            None
        } else {
            self.send_stops(event)
        };
        stops.into_iter().chain(self.send_orders()).collect()
    }

    /// Sends the orders of the strategy, if it asks for any.
    ///
    /// The strategy is asked before barter's engine is: empty lists on their way through it cost more
    /// than the rest of an event.
    fn send_orders(&mut self) -> Option<GenerateAlgoOrdersOutput> {
        if !self.engine.risk.look_at_every_event() {
            let orders = self.engine.strategy.ask(&self.engine.state)?;
            return self.send(orders);
        }
        let orders = self.engine.generate_algo_orders();
        (!orders.is_empty()).then_some(orders)
    }

    /// Has barter's engine send these orders.
    #[cold]
    #[inline(never)]
    fn send(&mut self, (cancels, opens): Orders) -> Option<GenerateAlgoOrdersOutput> {
        if cancels.is_empty() && opens.is_empty() {
            return None;
        }
        self.engine.strategy.give_orders((cancels, opens));
        let orders = self.engine.generate_algo_orders();
        (!orders.is_empty()).then_some(orders)
    }

    /// Sends the orders of the stops that an item triggers, as barter sends those of a strategy.
    fn send_stops(&mut self, event: &StoredMarketEvent) -> Option<GenerateAlgoOrdersOutput> {
        let (_, state) = self
            .engine
            .state
            .instruments
            .0
            .get_index(event.instrument.index())?;
        let triggered = self.run.stops.look(
            state.instrument.exchange,
            event.instrument,
            &event.kind,
            &state.data.market,
            || self.run.next_client_order_id(),
        );
        if triggered.is_empty() {
            return None;
        }
        let orders = triggered.iter().map(|one| one.request.clone()).collect();
        self.triggered.extend(triggered);
        self.engine.strategy.give_orders((Vec::new(), orders));
        Some(self.engine.generate_algo_orders())
    }

    #[cold]
    #[inline(never)]
    fn settle_item(
        &mut self,
        event: &StoredMarketEvent,
        outputs: Vec<GenerateAlgoOrdersOutput>,
    ) -> Box<Turn> {
        let item = MarketStreamEvent::Item(event.clone());
        self.settle(audit_of(EngineEvent::Market(item), outputs))
    }

    /// Takes what came of an event out of the engine.
    #[cold]
    #[inline(never)]
    fn settle(&mut self, audit: Audit) -> Box<Turn> {
        let refused = match &self.engine.risk {
            PyRiskManager::Default => Vec::new(),
            PyRiskManager::Checked(checked) => checked.take_refused(),
        };
        Box::new(Turn {
            audit: with_refused(audit, refused.clone()),
            refused,
            requests: self.engine.execution_txs.take(),
            triggered: mem::take(&mut self.triggered),
            failure: self.engine.strategy.take_failure(),
        })
    }

    /// Whether a callback has raised, or the guard has refused something.
    #[inline]
    fn has_pending(&self) -> bool {
        self.engine.strategy.has_failed()
            || match &self.engine.risk {
                PyRiskManager::Default => false,
                PyRiskManager::Checked(checked) => checked.has_refused(),
            }
    }

    /// Whether no hook has asked for a change of trading.
    #[inline]
    pub fn keeps_trading_state(&self) -> bool {
        self.engine.strategy.keeps_trading_state()
    }

    /// The next change of trading that a hook has asked for: an event of its own, which follows at once.
    pub fn next_trading_state(&self) -> Result<Option<TradingState>, Error> {
        self.engine.strategy.next_trading_state()
    }

    /// Numbers and dates the audit of the event just processed.
    pub fn tick(&mut self, audit: Audit) -> AuditTick {
        AuditTick::take(&mut self.engine, audit)
    }

    /// For `__traverse__` of the one owner.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let engine = &self.engine;
        engine.strategy.visit(visit)?;
        engine.risk.visit(engine.strategy.guard(), visit)?;
        visit_own_data(&engine.state, visit)
    }

    /// Takes the Python objects out, for `__clear__`; no callback may run any more. The caller lets go
    /// of the engine before it drops them.
    pub fn take_python(&mut self) -> impl Sized + use<> {
        let hooks = self.engine.strategy.take_hooks();
        let risk = mem::take(&mut self.engine.risk);
        let own_data = take_own_data(&mut self.engine.state);
        (hooks, risk, own_data)
    }

    /// A copy of the state, cut off from what happens later.
    pub fn snapshot(&self, py: Python<'_>) -> PyResult<SharedRun> {
        SharedRun::of_snapshot(py, self.run.snapshot(&self.engine.state)?)
    }

    /// A snapshot with a number among the audit ticks.
    pub fn audit_snapshot(&mut self, py: Python<'_>) -> PyResult<AuditSnapshot> {
        let snapshot = self.snapshot(py)?;
        Ok(AuditSnapshot::take(&mut self.engine, snapshot))
    }
}

//! Drives barter's engine over a history, in simulated time.

use super::{
    AuditSnapshot, AuditTick, EngineView, EquityPoint, OpenPosition, OrderReport, PositionExited,
    Progress, Run, RunEngine, SeenEvent,
    audit::{Audit, Output, with_refused},
    check::check,
    pending::Pending,
    with_open_positions,
};
use crate::{
    convert::{Dec, Index, UtcTime, datetime_from_nanos},
    data::{MarketKind, StoredEvent, StoredMarketEvent},
    error::Error,
    exchange::SimulatedExchange,
    execution::Trade,
    risk::{PyRiskManager, Refusal, Refused, refused},
    strategy::PyStrategy,
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
    execution::{AccountStreamEvent, request::ExecutionRequest},
};
use barter_data::streams::consumer::MarketStreamEvent;
use barter_execution::{
    AccountEvent, AccountEventKind, AccountSnapshot,
    balance::AssetBalance,
    order::{OrderKey, id::ClientOrderId},
};
use barter_instrument::{
    asset::AssetIndex,
    exchange::{ExchangeId, ExchangeIndex},
    instrument::InstrumentIndex,
};
use barter_integration::collection::snapshot::Snapshot;
use pyo3::prelude::*;
use rust_decimal::Decimal;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap},
    sync::Arc,
};

/// How many events are processed between two looks at Ctrl-C.
const EVENTS_AT_ONCE: usize = 256;

/// With latency zero, a strategy that answers every response with an order would never let the next
/// event come.
const RESPONSES_AT_ONE_TIME: u32 = 100_000;

/// What a run has brought forth.
#[derive(Default)]
pub struct DriverOutput {
    /// Orders, in the order in which they were sent.
    pub orders: Vec<OrderReport>,
    /// Our fills, in their order.
    pub fills: Vec<Trade>,
    /// What the risk manager has refused, in its order.
    pub refused: Vec<Refusal>,
    /// Closed positions, in the order of their closing.
    pub positions: Vec<PositionExited>,
    /// Positions still open at the end.
    pub open_positions: Vec<OpenPosition>,
    /// By instrument index, what open positions are valued at.
    pub marks: Vec<Option<Dec>>,
    /// Equity by quote asset at the start, after each fill and at the end.
    pub equity: Vec<EquityPoint>,
}

/// Drives one run.
pub struct Driver {
    /// The engine, for its summary.
    pub engine: RunEngine,
    exchange: SimulatedExchange,
    run: Arc<Run>,
    /// By exchange index, in nanoseconds.
    latencies: Vec<i64>,
    pending: BinaryHeap<Reverse<Pending>>,
    sent: u64,
    now: i64,
    responses_now: u32,
    reports: HashMap<(InstrumentIndex, ClientOrderId), usize>,
    /// By quote asset: the balance at the start and the profit of closed positions since.
    realised: BTreeMap<AssetIndex, Decimal>,
    output: DriverOutput,
    /// Called with a snapshot of the state at the start, and with the audit of each event.
    audit: Option<Py<PyAny>>,
    /// Whether it has had the snapshot.
    is_told: bool,
}

impl Driver {
    /// An engine at the start of the history, with trading disabled.
    pub fn new(
        engine: RunEngine,
        run: Arc<Run>,
        exchange: SimulatedExchange,
        latencies: Vec<i64>,
        audit: Option<Py<PyAny>>,
    ) -> Self {
        let start = run.now();
        let quotes = run
            .indexed
            .instruments
            .instruments()
            .iter()
            .map(|keyed| keyed.value.underlying.quote);
        let realised = quotes
            .map(|quote| (quote, exchange.balance(quote).total))
            .collect();
        Self {
            engine,
            exchange,
            run,
            latencies,
            pending: BinaryHeap::new(),
            sent: 0,
            now: start,
            responses_now: 0,
            reports: HashMap::new(),
            realised,
            output: DriverOutput::default(),
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
        // The history is over, and with it the strategy's say: no hook is told.
        self.engine.state.trading = TradingState::Disabled;
        if self.audit.is_some() {
            let event = EngineEvent::TradingStateUpdate(TradingState::Disabled);
            self.tell_audit(Audit::Process(ProcessAudit::with_event(event)))?;
        }
        self.deliver(py, i64::MAX)?;
        if close_at_end {
            self.process(EngineEvent::Command(Command::ClosePositions(
                InstrumentFilter::None,
            )))?;
            self.deliver(py, i64::MAX)?;
        }
        Ok(self.finish())
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
            let assets = self.run.indexed.instruments.assets().iter();
            let balances = assets
                .filter(|keyed| keyed.value.exchange == id)
                .map(|keyed| AssetBalance {
                    asset: keyed.key,
                    balance: self.exchange.balance(keyed.key),
                    time_exchange: datetime_from_nanos(self.now),
                })
                .collect();
            let snapshot = AccountSnapshot {
                exchange: index,
                balances,
                instruments: Vec::new(),
            };
            let event = AccountEvent::new(index, AccountEventKind::Snapshot(snapshot));
            self.process(EngineEvent::Account(AccountStreamEvent::Item(event)))?;
        }
        self.run.set_other_event(None);
        self.engine.strategy.on_start(&self.engine.state)?;
        self.engine.state.trading = TradingState::Enabled;
        self.tell_snapshot()?;
        for asset in self.realised.keys().copied().collect::<Vec<_>>() {
            self.record_equity(asset);
        }
        Ok(())
    }

    /// Processes the event at `position` of the history, and what has to come before it.
    fn market(&mut self, py: Python<'_>, position: usize, event: &StoredEvent) -> PyResult<()> {
        self.responses_now = 0;
        let event = match event {
            StoredEvent::Item(event) => {
                let received = event.time_received.timestamp_nanos_opt();
                let now = received.map_or(self.now, |received| self.now.max(received));
                self.deliver(py, now)?;
                self.set_time(now);
                self.run.set_market_event(position, Some(event.instrument));
                if !self.is_told {
                    self.process_item(event)?;
                    return self.deliver(py, self.now);
                }
                MarketStreamEvent::Item(event.clone())
            }
            StoredEvent::Reconnecting(exchange) => {
                self.run.set_market_event(position, None);
                MarketStreamEvent::Reconnecting(*exchange)
            }
        };
        self.process(EngineEvent::Market(event))?;
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

    /// Lets every request that arrives by `until` arrive, in order.
    fn deliver(&mut self, py: Python<'_>, until: i64) -> PyResult<()> {
        while self
            .pending
            .peek()
            .is_some_and(|Reverse(next)| next.due <= until)
        {
            let Some(Reverse(Pending { due, request, .. })) = self.pending.pop() else {
                break;
            };
            self.set_time(due);
            self.responses_now = self.responses_now.saturating_add(1);
            if self.responses_now > RESPONSES_AT_ONE_TIME {
                return Err(Error::Order(format!(
                    "{RESPONSES_AT_ONE_TIME} requests were answered at {} without an event between: \
                     without latency, a request in answer to every response never ends",
                    datetime_from_nanos(due),
                ))
                .into());
            }
            if (self.responses_now as usize).is_multiple_of(EVENTS_AT_ONCE) {
                py.check_signals()?;
            }
            let events = self.execute(request);
            for event in events {
                self.account(event)?;
            }
        }
        Ok(())
    }

    fn execute(&mut self, request: ExecutionRequest) -> Vec<AccountEvent> {
        let instrument = match &request {
            ExecutionRequest::Open(request) => request.key.instrument,
            ExecutionRequest::Cancel(request) => request.key.instrument,
            ExecutionRequest::Shutdown => return Vec::new(),
        };
        let definition = self.run.indexed.instrument(instrument.index());
        let state = self
            .engine
            .state
            .instruments
            .0
            .get_index(instrument.index());
        let (Some(definition), Some((_, state))) = (definition, state) else {
            return Vec::new();
        };
        self.exchange.execute(
            datetime_from_nanos(self.now),
            request,
            definition,
            &state.data,
        )
    }

    /// Processes an event of an account, and keeps what barter forgets: ended orders and fills.
    fn account(&mut self, event: AccountEvent) -> PyResult<()> {
        self.run
            .set_other_event(Some(SeenEvent::Account(event.clone())));
        let mut filled = None;
        match &event.kind {
            AccountEventKind::OrderSnapshot(Snapshot(order)) => {
                let key = (order.key.instrument, order.key.cid.clone());
                let report = self
                    .reports
                    .remove(&key)
                    .and_then(|index| self.output.orders.get_mut(index));
                if let Some(report) = report {
                    report.order = order.into();
                    report.time_finished = Some(UtcTime(datetime_from_nanos(self.now)));
                }
            }
            AccountEventKind::Trade(trade) => {
                self.output.fills.push(trade.into());
                filled = self.quote_asset(trade.instrument);
            }
            AccountEventKind::Snapshot(_)
            | AccountEventKind::BalanceSnapshot(_)
            | AccountEventKind::OrderCancelled(_) => {}
        }
        self.process(EngineEvent::Account(AccountStreamEvent::Item(event)))?;
        if let Some(asset) = filled {
            self.record_equity(asset);
        }
        Ok(())
    }

    fn quote_asset(&self, instrument: InstrumentIndex) -> Option<AssetIndex> {
        self.run
            .indexed
            .instrument(instrument.index())
            .map(|instrument| instrument.underlying.quote)
    }

    /// An event, and what hooks want trading to be after it.
    fn process(&mut self, event: EngineEvent<MarketKind>) -> PyResult<()> {
        self.process_one(event)?;
        self.change_trading()
    }

    fn change_trading(&mut self) -> PyResult<()> {
        while let Some(trading) = self.engine.strategy.next_trading_state()? {
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
        self.note_refused(refused.iter().cloned());
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
                EngineOutput::PositionExit(position) => {
                    if let Some(realised) = self
                        .quote_asset(position.instrument)
                        .and_then(|asset| self.realised.get_mut(&asset))
                    {
                        *realised = realised.saturating_add(position.pnl_realised);
                    }
                    self.output.positions.push(position.into());
                }
                EngineOutput::AlgoOrders(orders) => {
                    self.note_refused(orders.cancels_refused.into_iter().map(refused));
                    self.note_refused(orders.opens_refused.into_iter().map(refused));
                }
                EngineOutput::Commanded(_)
                | EngineOutput::OnTradingDisabled(_)
                | EngineOutput::AccountDisconnect(_)
                | EngineOutput::MarketDisconnect(_) => {}
            }
        }
        Ok(self.collect_requests()?)
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

    fn note_refused(&mut self, refused: impl IntoIterator<Item = Refused>) {
        let refusals = refused
            .into_iter()
            .map(|refused| Refusal::new(refused, self.now));
        self.output.refused.extend(refusals);
    }

    /// Sends what the engine has asked for on its way.
    fn collect_requests(&mut self) -> Result<(), Error> {
        for request in self.engine.execution_txs.take() {
            let key = match &request {
                ExecutionRequest::Shutdown => continue,
                ExecutionRequest::Cancel(request) => &request.key,
                ExecutionRequest::Open(open) => {
                    let OrderKey {
                        instrument, cid, ..
                    } = &open.key;
                    self.reports
                        .insert((*instrument, cid.clone()), self.output.orders.len());
                    let order = barter_execution::order::Order::from(open);
                    self.output.orders.push(OrderReport {
                        order: (&order).into(),
                        time_sent: UtcTime(datetime_from_nanos(self.now)),
                        time_finished: None,
                    });
                    &open.key
                }
            };
            let latency = self
                .latencies
                .get(key.exchange.index())
                .copied()
                .unwrap_or_default();
            let Some(due) = self.now.checked_add(latency) else {
                return Err(Error::Order(format!(
                    "the answer to order {:?} would come after the year 2262",
                    key.cid.0.as_str()
                )));
            };
            self.sent = self.sent.saturating_add(1);
            self.pending.push(Reverse(Pending {
                due,
                sequence: self.sent,
                request,
            }));
        }
        Ok(())
    }

    fn record_equity(&mut self, asset: AssetIndex) {
        let realised = self.realised.get(&asset).copied().unwrap_or_default();
        let equity = with_open_positions(realised, &self.engine.state, asset);
        self.output.equity.push(EquityPoint {
            asset: Index(asset.index()),
            time: UtcTime(datetime_from_nanos(self.now)),
            equity: Dec(equity),
        });
    }

    fn finish(&mut self) -> DriverOutput {
        for asset in self.realised.keys().copied().collect::<Vec<_>>() {
            self.record_equity(asset);
        }
        let instruments = self.engine.state.instruments.0.values();
        self.output.marks = instruments
            .clone()
            .map(|instrument| instrument.data.mark().map(Dec))
            .collect();
        self.output.open_positions = instruments
            .filter_map(|instrument| {
                let position = instrument.position.current.as_ref()?;
                Some(OpenPosition::from_barter(position, instrument.data.mark()))
            })
            .collect();
        std::mem::take(&mut self.output)
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

//! A Python object as one of barter's strategies.

use super::{
    hooks::{Closing, Hooks},
    identity::{Acting, HookIds, strategy_id_of},
    trading::TradingChanges,
};
use crate::{
    command::{Orders, commands, in_fixed_order, orders, withdraw_stops},
    compiled::Compiled,
    convert::{Id, extract_field, import},
    data::{MarketKind, StoredMarketEvent},
    error::Error,
    execution::StrategyIdClass,
    instrument::PyExchangeId,
    risk::PyRiskManager,
    sparse_iter::SparseIter,
    state::{Failure, PendingTimer, PyInstrumentFilter, Run, SharedRun, State, Timer},
    view::EngineView,
};
use barter::{
    EngineEvent,
    engine::{
        Engine,
        action::ActionOutput,
        clock::EngineClock,
        command::Command,
        execution_tx::ExecutionTxMap,
        state::{instrument::filter::InstrumentFilter, trading::TradingState},
    },
    execution::AccountStreamEvent,
    risk::RiskManager,
    strategy::{
        algo::AlgoStrategy,
        close_positions::{ClosePositionsStrategy, close_open_positions_with_market_orders},
        on_disconnect::OnDisconnectStrategy,
        on_trading_disabled::OnTradingDisabled,
    },
};
use barter_execution::{
    AccountEventKind,
    order::{
        id::StrategyId,
        request::{OrderRequestCancel, OrderRequestOpen},
    },
};
use barter_instrument::{
    Side,
    asset::AssetIndex,
    exchange::{ExchangeId, ExchangeIndex},
    instrument::InstrumentIndex,
};
use pyo3::{PyTraverseError, PyVisit, prelude::*, sync::PyOnceLock};
use smol_str::SmolStr;
use std::{
    cell::{Cell, RefCell},
    sync::Arc,
};

/// What comes in the place of `generate_algo_orders`.
enum Instead {
    /// Orders that are there before barter asks: those of triggered stops, or the strategy's.
    Orders(Orders),
    /// A timer: the strategy is asked by `on_timer`.
    Timer(PendingTimer),
}

/// What the hooks of a strategy had the engine do.
pub type HookOutput = Vec<ActionOutput>;

/// barter's four strategy traits over a Python object.
///
/// barter's callbacks cannot fail. The first exception waits in `failure`, no later callback runs, and the
/// driver takes the exception out after the event.
pub struct PyStrategy {
    run: Arc<Run>,
    view: Py<EngineView>,
    name: String,
    ids: HookIds,
    hooks: Hooks,
    /// The native function that is asked in the place of `generate_algo_orders`.
    compiled: Option<Compiled>,
    trading: TradingChanges,
    /// Whether it is asked only when one of its conditions holds.
    has_conditions: bool,
    /// The instrument of the fill that is being processed, for a strategy with conditions.
    filled: Cell<Option<InstrumentIndex>>,
    /// What barter gets in the place of the strategy's orders when it asks next.
    instead: RefCell<Option<Box<Instead>>>,
    no_orders: Py<PyAny>,
    /// Checks what barter sends without asking its risk manager.
    guard: PyRiskManager,
    failure: Failure,
    /// The instrument and side of the position that the event being processed may close.
    open_before: Cell<Option<(InstrumentIndex, Side)>>,
    /// Whether it is shown events before the run: what it returns is dropped.
    is_warming: Cell<bool>,
}

impl PyStrategy {
    /// Looks the hooks up. The guard also checks closes and the commands of hooks; `failure` is that of
    /// the whole engine.
    pub fn new(
        object: &Bound<'_, PyAny>,
        has_conditions: bool,
        run: Arc<Run>,
        guard: PyRiskManager,
        failure: Failure,
    ) -> PyResult<Self> {
        let py = object.py();
        let view = Py::new(
            py,
            EngineView::new(py, SharedRun::of_engine(Arc::clone(&run)))?,
        )?;
        let hooks = Hooks::look_up(object, &view)?;
        run.set_timer_hook(hooks.on_timer.is_some());
        Ok(Self {
            compiled: Compiled::of(object, &run)?,
            hooks,
            ids: HookIds::new(object, &run)?,
            name: object.get_type().name()?.to_string(),
            trading: TradingChanges::default(),
            has_conditions,
            filled: Cell::new(None),
            instead: RefCell::default(),
            no_orders: py.import("barter_python")?.getattr("NO_ORDERS")?.unbind(),
            run,
            view,
            guard,
            failure,
            open_before: Cell::new(None),
            is_warming: Cell::new(false),
        })
    }

    /// For `__traverse__` of the engine that owns it, which visits the risk manager.
    ///
    /// Exceptions are not visited: one waits only while an event is processed.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Self {
            run: _,
            view,
            name: _,
            ids: _,
            hooks,
            compiled,
            trading: _,
            has_conditions: _,
            filled: _,
            instead: _,
            no_orders,
            guard: _,
            failure: _,
            open_before: _,
            is_warming: _,
        } = self;
        visit.call(view)?;
        hooks.visit(visit)?;
        if let Some(compiled) = compiled {
            compiled.visit(visit)?;
        }
        visit.call(no_orders)
    }

    /// The risk manager that checks commands and closes.
    pub const fn guard(&self) -> &PyRiskManager {
        &self.guard
    }

    /// Takes out what leads to the strategy, for `__clear__`; no callback may run any more.
    pub fn take_hooks(&mut self) -> Vec<Py<PyAny>> {
        self.guard = PyRiskManager::Default;
        let compiled = self.compiled.take().map(Compiled::into_function);
        self.hooks.take().into_iter().chain(compiled).collect()
    }

    /// What of a command passes the guard; `None` when nothing does.
    pub fn guard_command(&self, state: &State, command: Command) -> PyResult<Option<Command>> {
        self.guard.guard_command(state, command)
    }

    /// Whether it is asked for orders after an event without Python: it is compiled, has conditions, or never
    /// asks for any.
    pub fn is_native(&self) -> bool {
        match &self.compiled {
            Some(compiled) => !compiled.is_python(),
            None => self.has_conditions || self.hooks.generate_algo_orders.is_none(),
        }
    }

    /// Lets the strategy prepare; what it returns is ignored.
    pub fn on_start(&self, state: &State) -> PyResult<()> {
        let Some(hook) = &self.hooks.on_start else {
            return Ok(());
        };
        self.callback(state, |py| hook.bind(py).call1((&self.view,)).map(drop));
        self.take_failure().map_or(Ok(()), Err)
    }

    /// Whether what the strategy returns is dropped.
    pub fn set_warming(&self, is_warming: bool) {
        self.is_warming.set(is_warming);
    }

    /// Shows the strategy the event just processed, before the run.
    pub fn on_warmup(&self, state: &State) -> PyResult<()> {
        if self.compiled.is_some() {
            self.ask(state);
        } else if let Some(hook) = &self.hooks.on_warmup
            && (!self.has_conditions || self.is_awake(state))
        {
            self.callback(state, |py| hook.bind(py).call0().map(drop));
        }
        self.take_failure().map_or(Ok(()), Err)
    }

    /// Calls the strategy for a timer that is due before the run.
    pub fn show_timer(&self, state: &State, timer: &PendingTimer) -> PyResult<()> {
        self.on_timer(state, timer);
        self.take_failure().map_or(Ok(()), Err)
    }

    /// Looks at an event that barter is about to process, for `on_fill` and `on_position_closed`.
    #[inline]
    pub fn prepare(&self, event: &EngineEvent<MarketKind>, state: &State) {
        if let Some(compiled) = &self.compiled {
            compiled.see(event);
        }
        if self.has_conditions {
            self.filled.set(filled_instrument(event));
        }
        if let EngineEvent::Account(AccountStreamEvent::Item(event)) = event {
            self.hooks.notices.prepare(event, state);
            if let AccountEventKind::Trade(trade) = &event.kind
                && !self.run.stops.is_empty()
            {
                let position = position_of(state, trade.instrument);
                self.open_before
                    .set(position.map(|side| (trade.instrument, side)));
            }
        }
    }

    /// Looks at an item of a market on its way to the engine, which `prepare` does not see.
    #[inline]
    pub fn see_item(&self, event: &StoredMarketEvent) {
        if let Some(compiled) = &self.compiled {
            compiled.see_item(event);
        }
    }

    /// Has barter send these orders when it asks for orders next, instead of asking the strategy.
    pub fn give_orders(&self, orders: Orders) {
        if let Some(compiled) = &self.compiled {
            compiled.note_change();
        }
        self.instead
            .replace(Some(Box::new(Instead::Orders(orders))));
    }

    /// The orders that the strategy asks for after an event; mostly there are none.
    #[inline]
    pub fn ask(&self, state: &State) -> Option<Orders> {
        self.notify_fill(state);
        if let Some(compiled) = &self.compiled {
            return self.ask_compiled(compiled, state);
        }
        let generate_algo_orders = self.hooks.generate_algo_orders.as_ref()?;
        if self.has_conditions && !self.is_awake(state) {
            return None;
        }
        self.callback(state, |py| {
            let returned = generate_algo_orders.bind(py).call0()?;
            if returned.is(&self.no_orders) {
                return Ok(None);
            }
            let hook = format!("{}.generate_algo_orders", self.name);
            orders(&hook, &returned, state, &self.run).map(Some)
        })
    }

    /// The orders of a native function, which needs neither the interpreter nor a view.
    #[inline]
    fn ask_compiled(&self, compiled: &Compiled, state: &State) -> Option<Orders> {
        if self.has_failed() {
            return None;
        }
        compiled.ask(state, &self.run).unwrap_or_else(|error| {
            self.failure.set(error);
            None
        })
    }

    /// Whether one of its conditions holds at the event: one of a market, or one of our fills.
    #[inline]
    fn is_awake(&self, state: &State) -> bool {
        let filled = self.filled.take();
        let instrument = self.run.updated_instrument().or(filled);
        instrument
            .and_then(|index| state.instruments.0.get_index(index.index()))
            .and_then(|(_, instrument)| instrument.data.indicators.as_ref())
            .is_some_and(|indicators| indicators.is_awake())
    }

    /// Withdraws the stops of a position that the event has closed.
    #[inline]
    fn withdraw_stops(&self, state: &State) {
        if let Some((instrument, side)) = self.open_before.take()
            && position_of(state, instrument) != Some(side)
        {
            self.run.stops.position_closed(instrument);
        }
    }

    /// Calls these two, unless that has happened before the strategy was asked for orders.
    #[inline]
    pub fn notify_fill(&self, state: &State) {
        self.withdraw_stops(state);
        if self.hooks.notices.is_due() {
            self.call_fill_hooks(state);
        }
    }

    #[cold]
    #[inline(never)]
    fn call_fill_hooks(&self, state: &State) {
        self.callback(state, |py| self.hooks.notices.notify(py, &self.view));
    }

    /// The next event stands for a timer, or no longer: the strategy is then asked for orders by
    /// `on_timer`.
    pub fn set_due(&self, timer: Option<PendingTimer>) {
        let instead = timer.map(|timer| Box::new(Instead::Timer(timer)));
        self.instead.replace(instead);
    }

    #[cold]
    #[inline(never)]
    fn orders_instead(&self, state: &State, instead: Instead) -> Orders {
        match instead {
            Instead::Orders(orders) => orders,
            Instead::Timer(timer) => self.on_timer(state, &timer),
        }
    }

    fn on_timer(&self, state: &State, timer: &PendingTimer) -> Orders {
        let Some(hook) = &self.hooks.on_timer else {
            return Orders::default();
        };
        let _acting = Acting::new(&self.run, timer.strategy_id.as_ref());
        self.callback(state, |py| {
            let returned = hook.bind(py).call1((Timer::from(timer), &self.view))?;
            if self.is_warming.get() {
                return Ok(Orders::default());
            }
            let name = format!("{}.on_timer", self.name);
            orders(&name, &returned, state, &self.run)
        })
    }

    /// Whether no hook has asked for a change of trading.
    #[inline]
    pub fn keeps_trading_state(&self) -> bool {
        self.trading.is_idle()
    }

    /// What a hook wants trading to be: the next event.
    pub fn next_trading_state(&self) -> Result<Option<TradingState>, Error> {
        self.trading.next(&self.name)
    }

    /// The exception that a callback raised, if one did; callbacks run again.
    pub fn take_failure(&self) -> Option<PyErr> {
        self.failure.take()
    }

    /// Whether a callback has raised, so that no later one runs.
    #[inline]
    pub fn has_failed(&self) -> bool {
        self.failure.is_set()
    }

    /// Runs a callback with the state lent to the view; after a failure, no callback runs.
    fn callback<T: Default>(
        &self,
        state: &State,
        call: impl FnOnce(Python<'_>) -> PyResult<T>,
    ) -> T {
        if self.has_failed() {
            return T::default();
        }
        Python::attach(|py| match self.run.state.lend(state, || call(py)) {
            Ok(value) => value,
            Err(error) => {
                self.failure.set(error);
                T::default()
            }
        })
    }

    fn commands(
        &self,
        state: &State,
        hook: Option<&Py<PyAny>>,
        id: Option<&SmolStr>,
        name: &str,
        call: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<Py<PyAny>>,
    ) -> Vec<Command> {
        let Some(hook) = hook else {
            return Vec::new();
        };
        let _acting = Acting::new(&self.run, id);
        self.callback(state, |py| {
            let returned = call(hook.bind(py))?;
            if self.is_warming.get() {
                return Ok(Vec::new());
            }
            let (commands, trading) = commands(
                &format!("{}.{name}", self.name),
                returned.bind(py),
                state,
                &self.run,
            )?;
            self.trading.extend(trading);
            Ok(commands)
        })
    }
}

impl AlgoStrategy for PyStrategy {
    type State = State;

    fn generate_algo_orders(
        &self,
        state: &State,
    ) -> (
        impl IntoIterator<Item = OrderRequestCancel>,
        impl IntoIterator<Item = OrderRequestOpen>,
    ) {
        let (cancels, opens) = match self.instead.take() {
            Some(instead) => self.orders_instead(state, *instead),
            None => self.ask(state).unwrap_or_default(),
        };
        (SparseIter::from(cancels), SparseIter::from(opens))
    }
}

impl ClosePositionsStrategy for PyStrategy {
    type State = State;

    fn close_positions_requests<'a>(
        &'a self,
        state: &'a State,
        filter: &'a InstrumentFilter,
    ) -> (
        impl IntoIterator<Item = OrderRequestCancel> + 'a,
        impl IntoIterator<Item = OrderRequestOpen> + 'a,
    )
    where
        ExchangeIndex: 'a,
        AssetIndex: 'a,
        InstrumentIndex: 'a,
    {
        let _acting = Acting::new(&self.run, self.ids.close_positions.as_ref());
        self.callback(state, |py| {
            let requests = match &self.hooks.close_positions_requests {
                Closing::Own(hook) => {
                    let returned = hook
                        .bind(py)
                        .call1((&self.view, PyInstrumentFilter(filter.clone())))?;
                    orders(
                        &format!("{}.close_positions_requests", self.name),
                        &returned,
                        state,
                        &self.run,
                    )?
                }
                Closing::Barters(object) => {
                    let id = match object {
                        Some(object) => closing_id(object.bind(py))?,
                        None => StrategyId::new("default"),
                    };
                    let (_, opens) =
                        close_open_positions_with_market_orders(&id, state, filter, |_| {
                            self.run.next_client_order_id()
                        });
                    (Vec::new(), opens.into_iter().collect())
                }
            };
            self.guard.guard(state, requests)
        })
    }
}

/// The instrument of one of our fills.
fn filled_instrument(event: &EngineEvent<MarketKind>) -> Option<InstrumentIndex> {
    match event {
        EngineEvent::Account(AccountStreamEvent::Item(event)) => match &event.kind {
            AccountEventKind::Trade(trade) => Some(trade.instrument),
            _ => None,
        },
        _ => None,
    }
}

/// The side of an instrument's position, if it is open.
fn position_of(state: &State, instrument: InstrumentIndex) -> Option<Side> {
    let (_, instrument) = state.instruments.0.get_index(instrument.index())?;
    Some(instrument.position.current.as_ref()?.side)
}

/// The id of closing orders, which a strategy may set anew at any time: `id` of a `Strategy`, and
/// `strategy_id` of others.
fn closing_id(object: &Bound<'_, PyAny>) -> PyResult<StrategyId> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let base = import(object.py(), &CLASS, "barter_python.strategy", "Strategy")?;
    if object.is_instance(base)? {
        let id: Id<StrategyIdClass> = extract_field(object, "id")?;
        return Ok(StrategyId(id.0));
    }
    let id = strategy_id_of(object)?;
    Ok(id.map_or_else(|| StrategyId::new("default"), StrategyId))
}

/// Carries out what a hook asked for.
fn act<Clock, Txs, Risk>(
    engine: &mut Engine<Clock, State, Txs, PyStrategy, Risk>,
    commands: Vec<Command>,
) -> HookOutput
where
    Clock: EngineClock,
    Txs: ExecutionTxMap,
    Risk: RiskManager,
{
    let mut outputs = HookOutput::new();
    for command in commands {
        if engine.strategy.has_failed() {
            break;
        }
        let (strategy, state) = (&engine.strategy, &engine.state);
        let guarded = in_fixed_order(command.clone(), state).and_then(|command| {
            strategy.callback(state, |_| strategy.guard_command(state, command))
        });
        if !strategy.has_failed() {
            withdraw_stops(&command, &strategy.run, state);
        }
        if let Some(command) = guarded {
            outputs.push(engine.action(&command));
        }
    }
    outputs
}

impl<Clock, Txs, Risk> OnDisconnectStrategy<Clock, State, Txs, Risk> for PyStrategy
where
    Clock: EngineClock,
    Txs: ExecutionTxMap,
    Risk: RiskManager,
{
    type OnDisconnect = HookOutput;

    fn on_disconnect(
        engine: &mut Engine<Clock, State, Txs, Self, Risk>,
        exchange: ExchangeId,
    ) -> HookOutput {
        let strategy = &engine.strategy;
        let commands = strategy.commands(
            &engine.state,
            strategy.hooks.on_disconnect.as_ref(),
            strategy.ids.on_disconnect.as_ref(),
            "on_disconnect",
            |hook| {
                Ok(hook
                    .call1((PyExchangeId(exchange), &strategy.view))?
                    .unbind())
            },
        );
        act(engine, commands)
    }
}

impl<Clock, Txs, Risk> OnTradingDisabled<Clock, State, Txs, Risk> for PyStrategy
where
    Clock: EngineClock,
    Txs: ExecutionTxMap,
    Risk: RiskManager,
{
    type OnTradingDisabled = HookOutput;

    fn on_trading_disabled(engine: &mut Engine<Clock, State, Txs, Self, Risk>) -> HookOutput {
        let strategy = &engine.strategy;
        let hook = strategy.hooks.on_trading_disabled.as_ref();
        let id = strategy.ids.on_trading_disabled.as_ref();
        let name = "on_trading_disabled";
        let commands = strategy.commands(&engine.state, hook, id, name, |hook| {
            Ok(hook.call1((&strategy.view,))?.unbind())
        });
        act(engine, commands)
    }
}

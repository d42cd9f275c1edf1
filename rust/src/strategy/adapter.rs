//! A Python object as one of barter's strategies.

use super::{
    DataFailure, PyInstrumentFilter,
    notice::Notices,
    orders::{Orders, commands, in_fixed_order, orders},
};
use crate::{
    convert::{Id, extract_field, import},
    data::MarketKind,
    engine::{EngineView, HookOutput, Run, State},
    error::Error,
    execution::StrategyIdClass,
    instrument::PyExchangeId,
    rare::Rare,
    risk::PyRiskManager,
};
use barter::{
    EngineEvent,
    engine::{
        Engine,
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
use barter_execution::order::{
    id::StrategyId,
    request::{OrderRequestCancel, OrderRequestOpen},
};
use barter_instrument::{
    asset::AssetIndex,
    exchange::{ExchangeId, ExchangeIndex},
    instrument::InstrumentIndex,
};
use pyo3::{exceptions::PyTypeError, prelude::*, sync::PyOnceLock, types::PyType};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    sync::Arc,
};

/// `on_trading_disabled` may enable trading, and something else disable it again, but not for ever.
const TRADING_CHANGES_AT_ONCE: usize = 1000;

/// Who closes positions.
enum Closing {
    /// The strategy's own method.
    Own(Py<PyAny>),
    /// barter's function, as `Strategy` has it, with the id of that strategy; no Python is called
    /// for an order.
    Barters(Option<Py<PyAny>>),
}

/// barter's four strategy traits over a Python object.
///
/// barter's callbacks cannot fail. The first exception is kept here, no later callback runs, and the
/// driver takes the exception out after the event.
pub struct PyStrategy {
    run: Arc<Run>,
    view: Py<EngineView>,
    name: String,
    /// `None` for barter's `DefaultStrategy`, which makes no orders: Python need not be asked.
    generate_algo_orders: Option<Py<PyAny>>,
    close_positions_requests: Closing,
    on_start: Option<Py<PyAny>>,
    on_disconnect: Option<Py<PyAny>>,
    on_trading_disabled: Option<Py<PyAny>>,
    notices: Notices,
    /// What hooks want trading to be, which takes events of their own.
    trading: RefCell<VecDeque<TradingState>>,
    trading_changes: Cell<usize>,
    no_orders: Py<PyAny>,
    /// Checks what barter sends without asking its risk manager.
    guard: PyRiskManager,
    failed: Cell<bool>,
    failure: RefCell<Option<PyErr>>,
    /// That of the strategy's own data, where it has some.
    data_failure: Option<DataFailure>,
}

impl PyStrategy {
    /// Looks the hooks up; only `generate_algo_orders` must be there.
    pub fn new(object: &Bound<'_, PyAny>, view: Py<EngineView>, run: Arc<Run>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(class) = object.cast::<PyType>() {
            return Err(PyTypeError::new_err(format!(
                "strategy must be an instance, got the class {}; did you mean {0}()?",
                class.name()?
            )));
        }
        let name = object.get_type().name()?.to_string();
        let hook = |hook: &str| -> PyResult<Option<Py<PyAny>>> {
            let Some(method) = object.getattr_opt(hook)? else {
                return Ok(None);
            };
            if !method.is_callable() {
                return Err(PyTypeError::new_err(format!(
                    "{name}.{hook} is not callable"
                )));
            }
            Ok(Some(method.unbind()))
        };
        // Those of `Strategy` do nothing, and need not be called.
        let own_hook = |name: &str| -> PyResult<Option<Py<PyAny>>> {
            match hook(name)? {
                Some(_) if inherited_from(object, name)?.is_some() => Ok(None),
                found => Ok(found),
            }
        };
        let Some(generate_algo_orders) = hook("generate_algo_orders")? else {
            return Err(PyTypeError::new_err(format!(
                "strategy must have the method generate_algo_orders(state), which {name} has not"
            )));
        };
        Ok(Self {
            generate_algo_orders: if is_default(object)? {
                None
            } else {
                Some(with_view(generate_algo_orders.bind(py), &view)?)
            },
            close_positions_requests: match hook("close_positions_requests")? {
                Some(method) => match inherited_from(object, "close_positions_requests")? {
                    Some(owner) => Closing::Barters(Some(owner)),
                    None => Closing::Own(method),
                },
                None => Closing::Barters(None),
            },
            on_start: hook("on_start")?,
            on_disconnect: hook("on_disconnect")?,
            on_trading_disabled: hook("on_trading_disabled")?,
            notices: Notices::new(own_hook("on_fill")?, own_hook("on_position_closed")?),
            trading: RefCell::default(),
            trading_changes: Cell::new(0),
            no_orders: py.import("barter_python")?.getattr("NO_ORDERS")?.unbind(),
            guard: PyRiskManager::Default,
            run,
            view,
            name,
            failed: Cell::new(false),
            failure: RefCell::new(None),
            data_failure: None,
        })
    }

    /// With data of its own in the state.
    pub fn with_data(mut self, failure: Option<DataFailure>) -> Self {
        self.data_failure = failure;
        self
    }

    /// With a risk manager that also checks closes and the commands of hooks.
    pub fn guarded_by(mut self, guard: PyRiskManager) -> Self {
        self.guard = guard;
        self
    }

    /// What of a command passes that risk manager; `None` when nothing does.
    pub fn guard_command(&self, state: &State, command: Command) -> PyResult<Option<Command>> {
        self.guard.guard_command(state, command)
    }

    /// Lets the strategy prepare; what it returns is ignored.
    pub fn on_start(&self, state: &State) -> PyResult<()> {
        let Some(hook) = &self.on_start else {
            return Ok(());
        };
        self.callback(state, |py| hook.bind(py).call1((&self.view,)).map(drop));
        self.take_failure().map_or(Ok(()), Err)
    }

    /// Looks at an event that barter is about to process, for `on_fill` and `on_position_closed`.
    #[inline]
    pub fn prepare(&self, event: &EngineEvent<MarketKind>, state: &State) {
        if let EngineEvent::Account(AccountStreamEvent::Item(event)) = event {
            self.notices.prepare(event, state);
        }
    }

    /// Calls these two, unless that has happened before the strategy was asked for orders.
    #[inline]
    pub fn tell_fill(&self, state: &State) {
        if self.notices.is_due() {
            self.tell_notice(state);
        }
    }

    #[inline(never)]
    fn tell_notice(&self, state: &State) {
        self.callback(state, |py| self.notices.tell(py, &self.view));
    }

    /// What a hook wants trading to be: the next event.
    #[inline]
    pub fn next_trading_state(&self) -> Result<Option<TradingState>, Error> {
        if self.trading_changes.get() == 0 && self.trading.borrow().is_empty() {
            return Ok(None);
        }
        self.count_trading_state()
    }

    #[inline(never)]
    fn count_trading_state(&self) -> Result<Option<TradingState>, Error> {
        let next = self.trading.borrow_mut().pop_front();
        let changes = self.trading_changes.get();
        if next.is_some() && changes >= TRADING_CHANGES_AT_ONCE {
            self.trading.borrow_mut().clear();
            self.trading_changes.set(0);
            return Err(Error::Order(format!(
                "the hooks of {} have turned trading on and off {TRADING_CHANGES_AT_ONCE} times \
                 without an event between",
                self.name
            )));
        }
        let changes = next.map_or(0, |_| changes.saturating_add(1));
        self.trading_changes.set(changes);
        Ok(next)
    }

    /// The exception that a callback raised, if one did.
    #[inline]
    pub fn take_failure(&self) -> Option<PyErr> {
        if self.data_failure.is_none() && !self.failed.get() {
            return None;
        }
        self.take_kept_failure()
    }

    #[inline(never)]
    fn take_kept_failure(&self) -> Option<PyErr> {
        if let Some(failure) = self.data_failure.as_ref().and_then(DataFailure::take) {
            return Some(failure);
        }
        self.failure.borrow_mut().take()
    }

    /// The same, and later callbacks run again.
    pub fn recover(&self) -> Option<PyErr> {
        let failure = self.take_failure();
        self.failed.set(false);
        failure
    }

    fn has_failed(&self) -> bool {
        self.failed.get() || self.data_failure.as_ref().is_some_and(DataFailure::is_set)
    }

    /// Runs a callback with the state lent to the view; after a failure, no callback runs again.
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
                self.failed.set(true);
                self.failure.replace(Some(error));
                T::default()
            }
        })
    }

    fn commands(
        &self,
        state: &State,
        hook: Option<&Py<PyAny>>,
        name: &str,
        call: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<Py<PyAny>>,
    ) -> Vec<Command> {
        let Some(hook) = hook else {
            return Vec::new();
        };
        self.callback(state, |py| {
            let returned = call(hook.bind(py))?;
            let (commands, trading) = commands(
                &format!("{}.{name}", self.name),
                returned.bind(py),
                state,
                &self.run,
            )?;
            self.trading.borrow_mut().extend(trading);
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
        self.tell_fill(state);
        let Some(generate_algo_orders) = &self.generate_algo_orders else {
            return (Rare::default(), Rare::<OrderRequestOpen>::default());
        };
        let (cancels, opens) = self.callback(state, |py| {
            let returned = generate_algo_orders.bind(py).call0()?;
            if returned.is(&self.no_orders) {
                return Ok(Orders::default());
            }
            orders(
                &format!("{}.generate_algo_orders", self.name),
                &returned,
                state,
                &self.run,
            )
        });
        (cancels.into(), opens.into())
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
        self.callback(state, |py| {
            let requests = match &self.close_positions_requests {
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
                    let id = strategy_id(py, object.as_ref())?;
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

/// The strategy's `id`, which it may set anew at any time.
fn strategy_id(py: Python<'_>, object: Option<&Py<PyAny>>) -> PyResult<StrategyId> {
    let Some(object) = object else {
        return Ok(StrategyId::new("default"));
    };
    let id: Id<StrategyIdClass> = extract_field(object.bind(py), "id")?;
    Ok(StrategyId(id.0))
}

/// The object whose method it is, where the method is the one of `Strategy`.
fn inherited_from(object: &Bound<'_, PyAny>, method: &str) -> PyResult<Option<Py<PyAny>>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let base = import(object.py(), &CLASS, "barter_python.strategy", "Strategy")?;
    let bound = object.getattr(method)?;
    match bound.getattr_opt("__func__")? {
        Some(function) if function.is(&base.getattr(method)?) => {
            Ok(Some(bound.getattr("__self__")?.unbind()))
        }
        _ => Ok(None),
    }
}

/// Whether it is a `DefaultStrategy` itself, and no other method was put on the instance.
fn is_default(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = import(
        object.py(),
        &CLASS,
        "barter_python.strategy",
        "DefaultStrategy",
    )?;
    if !object.get_type().is(class) {
        return Ok(false);
    }
    let method = object.getattr("generate_algo_orders")?;
    let function = method.getattr_opt("__func__")?;
    Ok(function.is_some_and(|function| {
        class
            .getattr("generate_algo_orders")
            .is_ok_and(|own| own.is(&function))
    }))
}

/// The method with its view bound to it, as a callable without arguments.
///
/// The stable interface of CPython 3.10 has no call with arguments that makes no tuple, and the
/// method is called at every event. A bound method is taken apart, so that it need not be joined
/// with its instance at every call.
fn with_view(method: &Bound<'_, PyAny>, view: &Py<EngineView>) -> PyResult<Py<PyAny>> {
    let py = method.py();
    let partial = py.import("functools")?.getattr("partial")?;
    let bound = py.import("types")?.getattr("MethodType")?;
    let callable = if method.get_type().is(&bound) {
        partial.call1((
            method.getattr("__func__")?,
            method.getattr("__self__")?,
            view,
        ))?
    } else {
        partial.call1((method, view))?
    };
    Ok(callable.unbind())
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
        let command = in_fixed_order(command, state).and_then(|command| {
            strategy.callback(state, |_| strategy.guard_command(state, command))
        });
        if let Some(command) = command {
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
            strategy.on_disconnect.as_ref(),
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
        let hook = strategy.on_trading_disabled.as_ref();
        let commands = strategy.commands(&engine.state, hook, "on_trading_disabled", |hook| {
            Ok(hook.call1((&strategy.view,))?.unbind())
        });
        act(engine, commands)
    }
}

//! The engine, event by event, in the hands of its user.

use super::{
    AuditSnapshot, AuditTick,
    event::Event,
    turn::{DrivenEngine, Guarded, Turn},
};
use crate::{
    convert::{Dec, UtcTime, datetime_from_nanos, nanos, warn_of_unit},
    data::MarketKind,
    error::Error,
    instrument::PyIndexedInstruments,
    state::{Run, SeenEvent},
    statistic::{Interval, TradingSummary},
    view::EngineView,
};
use barter::{EngineEvent, engine::state::instrument::filter::InstrumentFilter};
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, MutexGuard, TryLockError},
};

/// barter's engine, which its user drives event by event (`barter::engine::Engine`).
///
/// Nothing is simulated here: the requests that the engine sends are in the audit of the event that
/// caused them, and what an exchange would answer is given to `process` as account events.
/// `run_backtest` is the engine with a history and a simulated exchange around it.
///
/// Trading is disabled at first, as barter's: process `TradingState.ENABLED`. The strategy's
/// `on_start` runs when the engine is made. An engine belongs to the thread that made it.
///
/// Parameters
/// ----------
/// strategy : AlgoStrategy
///     An instance of its own for each engine.
/// instruments : IndexedInstruments
///     What is traded.
/// time_start : datetime or int
///     Where the engine's clock stands at first; an `int` counts nanoseconds since 1970.
/// risk_manager : RiskManager or RiskLimits, optional
///     What approves or refuses the orders and cancels of `generate_algo_orders`.
/// guard_commands : bool
///     Whether it also checks commands, from hooks and from outside, and closing orders. What it
///     refuses of them is in the audit as `Commanded(AlgoOrders(...))` in which nothing was sent.
///
/// Examples
/// --------
/// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
/// >>> from barter_python import InstrumentConfig, TradingState, Underlying
/// >>> instruments = IndexedInstruments(
/// ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSD", Underlying("btc", "usd"))])
/// >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
/// >>> tick = engine.process(TradingState.ENABLED)
/// >>> tick.sequence, tick.event, tick.outputs
/// (0, <TradingState.ENABLED: 'enabled'>, ())
/// >>> engine.snapshot().trading
/// <TradingState.ENABLED: 'enabled'>
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct Engine {
    run: Arc<Run>,
    inner: Mutex<Inner>,
}

struct Inner {
    driven: DrivenEngine,
    now: i64,
    poisoned: Option<String>,
    /// What the last call of `process` has done.
    last: Vec<AuditTick>,
}

impl Engine {
    fn inner(&self) -> Result<MutexGuard<'_, Inner>, Error> {
        match self.inner.try_lock() {
            Ok(inner) => Ok(inner),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::Busy(
                "the engine is processing an event: its strategy cannot have it process another, \
                 and no other thread can use it"
                    .to_owned(),
            )),
        }
    }
}

impl Engine {
    /// The engine, if it can process something now, on this thread.
    fn ready(&self) -> Result<MutexGuard<'_, Inner>, Error> {
        let inner = self.inner()?;
        inner.check_healthy()?;
        // On another thread the views would not work; said here, before anything has changed.
        if self.run.state.check_thread().is_err() {
            return Err(Error::View(
                "an engine belongs to the thread that made it, and was used on another: make one there"
                    .into(),
            ));
        }
        Ok(inner)
    }
}

impl Inner {
    /// Moves the time, but never back.
    fn set_time(&mut self, now: i64) {
        self.now = self.now.max(now);
        self.driven.set_time(self.now);
    }

    /// Lets the guard look at an event at its time. If it raises, as it can at a command alone, nothing
    /// has changed.
    fn guard(
        &self,
        event: EngineEvent<MarketKind>,
        cancelled: Option<InstrumentFilter>,
        seen: Option<SeenEvent>,
        now: i64,
    ) -> PyResult<Guarded> {
        let run = &self.driven.run;
        let before = match &event {
            EngineEvent::Command(_) => run.event(),
            EngineEvent::Market(_)
            | EngineEvent::Account(_)
            | EngineEvent::TradingStateUpdate(_)
            | EngineEvent::Shutdown(_) => None,
        };
        run.set_time(self.now.max(now));
        run.set_other_event(seen);
        self.driven.guard(event, cancelled).inspect_err(|_| {
            run.set_time(self.now);
            run.set_other_event(before);
        })
    }

    /// Has the engine process one event; the exception is that of the strategy or risk manager.
    fn advance(
        &mut self,
        turn: impl FnOnce(&mut DrivenEngine) -> Box<Turn>,
    ) -> Result<(AuditTick, Option<PyErr>), Error> {
        let driven = &mut self.driven;
        let turned = panic::catch_unwind(AssertUnwindSafe(|| turn(driven)));
        let turn = turned.map_err(|panic| {
            let reason = Error::panicked(&*panic);
            self.poisoned = Some(reason.to_string());
            reason
        })?;
        let Turn {
            audit,
            refused: _,
            // What was sent is in the audit.
            requests: _,
            triggered: _,
            failure,
        } = *turn;
        let tick = self.driven.tick(audit);
        self.last.push(tick.clone());
        Ok((tick, failure))
    }

    /// Processes the changes of trading that hooks have asked for; gives the first exception of all.
    fn change_trading(&mut self, failure: Option<PyErr>) -> Result<Option<PyErr>, Error> {
        let mut failure = failure;
        while let Some(trading) = self.driven.next_trading_state()? {
            self.driven.run.set_other_event(None);
            let change = Guarded::Passing(EngineEvent::TradingStateUpdate(trading));
            let (_, failed) = self.advance(|driven| driven.turn_guarded(change))?;
            failure = failure.or(failed);
        }
        Ok(failure)
    }

    fn check_healthy(&self) -> Result<(), Error> {
        match &self.poisoned {
            Some(reason) => Err(Error::Poisoned(reason.clone())),
            None => Ok(()),
        }
    }
}

#[pymethods]
impl Engine {
    /// Nothing while an event is processed: what Python code runs then holds the engine anyway.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(inner) = self.inner.try_lock() else {
            return Ok(());
        };
        inner.driven.visit(&visit)
    }

    fn __clear__(&self) {
        let Ok(mut inner) = self.inner.try_lock() else {
            return;
        };
        inner.poisoned = Some("the garbage collector has taken the engine's strategy".to_owned());
        let taken = inner.driven.take_python();
        // Their finalizers may look at the engine.
        drop(inner);
        drop(taken);
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (strategy, instruments, *, time_start, risk_manager=None, guard_commands=false))]
    fn __new__(
        #[gen_stub(override_type(type_repr = "barter_python.AlgoStrategy", imports = ("barter_python")))]
        strategy: &Bound<'_, PyAny>,
        instruments: &PyIndexedInstruments,
        time_start: UtcTime,
        #[gen_stub(override_type(
            type_repr = "barter_python.RiskManagerLike | barter_python.RiskLimits | None",
            imports = ("barter_python")
        ))]
        risk_manager: Option<&Bound<'_, PyAny>>,
        guard_commands: bool,
    ) -> PyResult<Self> {
        let indexed = &instruments.0;
        warn_of_unit(strategy.py(), "time_start", time_start.0)?;
        let start = nanos(time_start.0)?;
        let run = Arc::new(Run::new(Arc::clone(indexed), start));
        let driven = DrivenEngine::new(strategy, risk_manager, guard_commands, Arc::clone(&run))?;
        driven.start()?;
        let inner = Inner {
            driven,
            now: start,
            poisoned: None,
            last: Vec::new(),
        };
        Ok(Self {
            run,
            inner: Mutex::new(inner),
        })
    }

    /// Has the engine process one event.
    ///
    /// Parameters
    /// ----------
    /// event : EngineEvent
    ///     A market or account event, a command, a trading state, or `Shutdown`.
    /// time : datetime or int, optional
    ///     When the engine gets it; otherwise `time_received` of a market event, and the time that an
    ///     account event has. The engine's clock never runs backwards.
    ///
    /// Returns
    /// -------
    /// AuditTick
    ///     What the engine did with the event. Where `on_disconnect` or `on_trading_disabled` has
    ///     turned trading on or off, that is processed as a further event before this returns, and
    ///     its audit is in `last_ticks`.
    ///
    /// Raises
    /// ------
    /// MarketDataError, AccountEventError, OrderRequestError, UnknownKeyError
    ///     If barter would panic on the event, or its state would be wrong after it. Nothing has
    ///     changed then.
    /// EnginePoisonedError
    ///     If barter has panicked, now or before.
    /// Exception
    ///     What the strategy raises, unchanged. The event has been processed all the same, as
    ///     `last_tick` says; what the strategy would have sent was not. What a guard raises at a command
    ///     comes before: nothing has changed then.
    #[pyo3(signature = (event, *, time=None))]
    fn process(
        &self,
        #[gen_stub(override_type(type_repr = "barter_python.engine.EngineEvent", imports = ("barter_python")))]
        event: &Bound<'_, PyAny>,
        time: Option<UtcTime>,
    ) -> PyResult<AuditTick> {
        let mut inner = self.ready()?;
        let event: Event = event.extract()?;
        event.check_market(&self.run.indexed)?;
        let given = time.map(|time| nanos(time.0)).transpose()?;
        let now = given.or_else(|| event.time()).unwrap_or(inner.now);
        let seen = event.seen();
        let cancelled = event.cancelled();
        let event = event.for_engine(&inner.driven.engine.state, &self.run)?;
        inner.driven.check(&event)?;
        let event = inner.guard(event, cancelled, seen, now)?;
        inner.set_time(now);
        inner.last.clear();
        let (tick, failure) = inner.advance(|driven| driven.turn_guarded(event))?;
        match inner.change_trading(failure)? {
            Some(failure) => Err(failure),
            None => Ok(tick),
        }
    }

    /// Moves the engine's time, and has the strategy called for each timer that is due by then.
    ///
    /// `process` moves the time too, but calls no timer: advance to an event's time before you process
    /// it, as a backtest does.
    ///
    /// Parameters
    /// ----------
    /// time : datetime or int or str
    ///     An aware `datetime`, nanoseconds since 1970, or RFC 3339 text. The engine's clock never runs
    ///     backwards.
    ///
    /// Returns
    /// -------
    /// list of AuditTick
    ///     What the engine did for each timer, in their order; `last_ticks` has the changes of trading
    ///     as well. barter knows no timers: the event in the audit is the current trading state.
    ///
    /// Raises
    /// ------
    /// EnginePoisonedError
    ///     If barter has panicked, now or before.
    /// Exception
    ///     What the strategy raises, unchanged. Later timers are still to come then.
    ///
    /// Examples
    /// --------
    /// >>> from datetime import timedelta
    /// >>> from barter_python import NO_ORDERS, EngineView, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Orders, Strategy, Timer, TradingState, Underlying
    /// >>> class Clock(Strategy):
    /// ...     def on_start(self, state: EngineView, /) -> None:
    /// ...         state.call_at(10, every=timedelta(microseconds=1))
    /// ...     def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
    /// ...         print(timer.time_ns, state.time_ns)
    /// ...         return NO_ORDERS
    /// ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    /// ...         return NO_ORDERS
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))])
    /// >>> engine = Engine(Clock(), instruments, time_start=0)
    /// >>> tick = engine.process(TradingState.ENABLED)
    /// >>> ticks = engine.advance(1_500)
    /// 10 10
    /// 1010 1010
    /// >>> engine.time_ns
    /// 1500
    fn advance(&self, py: Python<'_>, time: UtcTime) -> PyResult<Vec<AuditTick>> {
        let until = nanos(time.0)?;
        let mut inner = self.ready()?;
        inner.last.clear();
        let mut ticks = Vec::new();
        while let Some(due) = inner.driven.run.next_timer().filter(|due| *due <= until) {
            py.check_signals()?;
            inner.set_time(due);
            let Some(timer) = inner.driven.run.take_timer(due) else {
                break;
            };
            let (tick, failure) = inner.advance(|driven| driven.turn_timer(timer))?;
            ticks.push(tick);
            let failure = inner.change_trading(failure)?;
            if let Some(failure) = failure {
                return Err(failure);
            }
        }
        inner.set_time(until);
        Ok(ticks)
    }

    /// The audit of the event processed last.
    #[getter]
    fn last_tick(&self) -> PyResult<Option<AuditTick>> {
        Ok(self.inner()?.last.last().cloned())
    }

    /// The audits of all that the last call of `process` has done.
    ///
    /// The first is that of the event. One more follows for each change of trading that a hook has
    /// asked for, which the engine processes as a further event.
    #[getter]
    fn last_ticks(&self) -> PyResult<Vec<AuditTick>> {
        Ok(self.inner()?.last.clone())
    }

    /// The engine's time, in UTC.
    #[getter]
    fn time(&self) -> PyResult<UtcTime> {
        Ok(UtcTime(datetime_from_nanos(self.inner()?.now)))
    }

    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        Ok(self.inner()?.now)
    }

    /// A copy of the engine's state, as a view that is valid anywhere.
    fn snapshot(&self, py: Python<'_>) -> PyResult<EngineView> {
        let inner = self.inner()?;
        inner.check_healthy()?;
        let snapshot = inner.driven.snapshot(py)?;
        drop(inner);
        EngineView::new(py, snapshot)
    }

    /// A snapshot with a number among the audit ticks, for a `StateReplica` to start from.
    ///
    /// The snapshot takes a number of its own, as barter's `audit_snapshot` does.
    fn audit_snapshot(&self, py: Python<'_>) -> PyResult<AuditSnapshot> {
        let mut inner = self.inner()?;
        inner.check_healthy()?;
        inner.driven.audit_snapshot(py)
    }

    /// barter's summary of the session so far (`Engine::trading_summary_generator`).
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     For barter's ratios.
    /// interval : TimeInterval or timedelta
    ///     What ratios and returns are scaled to.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, TimeInterval, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    /// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    /// >>> summary = engine.trading_summary(risk_free_return=0, interval=TimeInterval.DAILY)
    /// >>> summary.instruments["kraken-xbt_usd"].pnl
    /// Decimal('0')
    #[pyo3(signature = (*, risk_free_return, interval))]
    fn trading_summary(
        &self,
        risk_free_return: Dec,
        interval: Interval,
    ) -> PyResult<TradingSummary> {
        let interval = interval.in_whole_seconds()?;
        let inner = self.inner()?;
        inner.check_healthy()?;
        let generator = inner
            .driven
            .engine
            .trading_summary_generator(risk_free_return.0);
        Ok(TradingSummary::generate(generator, interval))
    }

    fn __repr__(&self) -> String {
        match self.inner() {
            Ok(inner) => format!(
                "<Engine at {}, {} processed>",
                datetime_from_nanos(inner.now).to_rfc3339(),
                inner.driven.engine.meta.sequence.value()
            ),
            Err(_) => "<Engine, processing>".to_owned(),
        }
    }
}

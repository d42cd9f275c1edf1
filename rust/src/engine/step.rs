//! The engine, event by event, in the hands of its user.

use super::{
    AuditSnapshot, AuditTick, EngineView, Run, RunEngine,
    audit::{Audit, with_refused},
    event::Event,
    state::engine_of,
};
use crate::{
    convert::{Dec, UtcTime, datetime_from_nanos, nanos},
    data::MarketKind,
    error::Error,
    instrument::PyIndexedInstruments,
    risk::PyRiskManager,
    statistic::{Interval, TradingSummary},
};
use barter::{EngineEvent, engine::Processor};
use pyo3::prelude::*;
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
    engine: RunEngine,
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

impl Inner {
    /// The event as it may pass the guard; `None` for a command of which nothing may.
    fn guarded(
        &self,
        event: &EngineEvent<MarketKind>,
    ) -> PyResult<Option<EngineEvent<MarketKind>>> {
        let EngineEvent::Command(command) = event else {
            return Ok(Some(event.clone()));
        };
        let state = &self.engine.state;
        let passing = self.engine.strategy.guard_command(state, command.clone())?;
        Ok(passing.map(EngineEvent::Command))
    }

    /// Has the engine process one event; the exception is that of the strategy or risk manager.
    fn advance(
        &mut self,
        event: EngineEvent<MarketKind>,
        passing: Option<EngineEvent<MarketKind>>,
    ) -> Result<(AuditTick, Option<PyErr>), Error> {
        let engine = &mut self.engine;
        let processed = match passing {
            Some(event) => panic::catch_unwind(AssertUnwindSafe(|| {
                engine.strategy.prepare(&event, &engine.state);
                let audit = engine.process(event);
                engine.strategy.tell_fill(&engine.state);
                audit
            })),
            None => Ok(Audit::process(event)),
        };
        let audit = match processed {
            Ok(audit) => audit,
            Err(panic) => {
                let reason = Error::panicked(&*panic);
                self.poisoned = Some(reason.to_string());
                return Err(reason);
            }
        };
        // What was sent is in the audit.
        drop(engine.execution_txs.take());
        let refused = match &engine.risk {
            PyRiskManager::Default => Ok(Vec::new()),
            PyRiskManager::Checked(checked) => checked.take_refused(),
        };
        let (refused, failure) = match refused {
            Ok(refused) => (refused, None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        let tick = AuditTick::take(engine, with_refused(audit, refused));
        let failure = engine.strategy.recover().or(failure);
        Ok((tick, failure))
    }

    fn check_healthy(&self) -> Result<(), Error> {
        match &self.poisoned {
            Some(reason) => Err(Error::Poisoned(reason.clone())),
            None => Ok(()),
        }
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
        let start = nanos(time_start.0)?;
        let run = Arc::new(Run::new(Arc::clone(indexed), Arc::default(), start));
        let engine = engine_of(strategy, risk_manager, guard_commands, &run)?;
        engine.strategy.on_start(&engine.state)?;
        let inner = Inner {
            engine,
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
    ///     account event tells. The engine's clock never runs backwards.
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
    ///     When barter would panic on the event, or be led astray; nothing has changed then.
    /// EnginePoisonedError
    ///     When barter has panicked, now or before.
    /// Exception
    ///     What the strategy raises, unchanged. The event has been processed all the same, as
    ///     `last_tick` says; what the strategy would have sent was not.
    #[pyo3(signature = (event, *, time=None))]
    fn process(
        &self,
        #[gen_stub(override_type(type_repr = "barter_python.engine.EngineEvent", imports = ("barter_python.engine")))]
        event: &Bound<'_, PyAny>,
        time: Option<UtcTime>,
    ) -> PyResult<AuditTick> {
        let mut inner = self.inner()?;
        inner.check_healthy()?;
        // On another thread the views would not work; said here, before anything has changed.
        if self.run.state.check_thread().is_err() {
            return Err(Error::View(
                "an engine belongs to the thread that made it, and was used on another".into(),
            )
            .into());
        }
        let event: Event = event.extract()?;
        event.check(&self.run.indexed, &inner.engine.state)?;
        let given = time.map(|time| nanos(time.0)).transpose()?;
        let now = given.or_else(|| event.time()).unwrap_or(inner.now);
        let seen = event.seen();
        let event = event.for_engine(&inner.engine.state, &self.run)?;
        let passing = inner.guarded(&event)?;

        inner.now = inner.now.max(now);
        self.run.set_time(inner.now);
        self.run.set_other_event(seen);
        let now = inner.now;
        inner.engine.clock.advance(now);
        inner.last.clear();
        let (tick, mut failure) = inner.advance(event, passing)?;
        inner.last.push(tick.clone());
        while let Some(trading) = inner.engine.strategy.next_trading_state()? {
            self.run.set_other_event(None);
            let event = EngineEvent::TradingStateUpdate(trading);
            let (tick, failed) = inner.advance(event.clone(), Some(event))?;
            inner.last.push(tick);
            failure = failure.or(failed);
        }
        match failure {
            Some(failure) => Err(failure),
            None => Ok(tick),
        }
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
        let run = Arc::new(self.run.kept(&inner.engine.state)?);
        drop(inner);
        EngineView::new(py, &run)
    }

    /// The same with a number among the audit ticks, for a `StateReplica` to start from.
    ///
    /// It takes a number of its own, as barter's `audit_snapshot` does.
    fn audit_snapshot(&self) -> PyResult<AuditSnapshot> {
        let mut inner = self.inner()?;
        inner.check_healthy()?;
        let run = Arc::new(self.run.kept(&inner.engine.state)?);
        Ok(AuditSnapshot::take(&mut inner.engine, run))
    }

    /// barter's summary of the session so far (`Engine::trading_summary_generator`).
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     For barter's ratios.
    /// interval : TimeInterval or timedelta
    ///     What ratios and returns are scaled to.
    #[pyo3(signature = (*, risk_free_return, interval))]
    fn trading_summary(
        &self,
        risk_free_return: Dec,
        interval: Interval,
    ) -> PyResult<TradingSummary> {
        let interval = interval.in_whole_seconds()?;
        let inner = self.inner()?;
        inner.check_healthy()?;
        let generator = inner.engine.trading_summary_generator(risk_free_return.0);
        Ok(TradingSummary::generate(generator, interval))
    }

    fn __repr__(&self) -> String {
        match self.inner() {
            Ok(inner) => format!(
                "<Engine at {}, {} processed>",
                datetime_from_nanos(inner.now).to_rfc3339(),
                inner.engine.meta.sequence.value()
            ),
            Err(_) => "<Engine, processing>".to_owned(),
        }
    }
}

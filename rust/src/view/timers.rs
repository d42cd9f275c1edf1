//! The timers of a strategy, asked for through the view.

use super::EngineView;
use crate::{
    convert::{Length, UtcTime, nanos},
    error::Error,
    state::Timer,
};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pymethods;

impl EngineView {
    fn check_running(&self) -> PyResult<()> {
        self.read(|_| ())?;
        if self.run().is_snapshot() {
            let reason = "a snapshot has no timers: ask the state that a callback gets";
            return Err(Error::View(reason.into()).into());
        }
        Ok(())
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl EngineView {
    /// Asks for a call of the strategy's hook `on_timer(timer, state)` at a time.
    ///
    /// `docs/strategy.md` says what comes first of several things at one time.
    ///
    /// Parameters
    /// ----------
    /// time : datetime or int or str
    ///     When, after the engine's time: an aware `datetime`, nanoseconds since 1970, or RFC 3339 text.
    /// every : timedelta, optional
    ///     After how long again, and so on; otherwise the hook is called once. `Timer.every` shows its
    ///     whole microseconds.
    ///
    /// Returns
    /// -------
    /// Timer
    ///     For `cancel_timer`.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If `time` is not after the engine's time, if `every` is not positive, or if the strategy has
    ///     no `on_timer`.
    /// ViewError
    ///     If this is not the state of a running engine.
    ///
    /// Examples
    /// --------
    /// >>> from datetime import timedelta
    /// >>> from barter_python import NO_ORDERS, EngineView, Orders, Strategy, Timer
    /// >>> class EachMinute(Strategy):
    /// ...     def on_start(self, state: EngineView, /) -> None:
    /// ...         minute = timedelta(minutes=1)
    /// ...         state.call_at(state.time + minute, every=minute)
    /// ...     def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
    /// ...         return NO_ORDERS
    /// ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    /// ...         return NO_ORDERS
    #[pyo3(signature = (time, *, every=None))]
    fn call_at(&self, time: UtcTime, every: Option<Length>) -> PyResult<Timer> {
        self.check_running()?;
        let every = every.map(Length::nanos).transpose()?;
        let timer = self.run().add_timer(nanos(time.0)?, every);
        timer.map_err(PyValueError::new_err)
    }

    /// Takes a timer back.
    ///
    /// Parameters
    /// ----------
    /// timer : Timer
    ///     What `call_at` returned, or what `on_timer` gets to end a repeating one.
    ///
    /// Returns
    /// -------
    /// bool
    ///     Whether it was still to come.
    ///
    /// Raises
    /// ------
    /// ViewError
    ///     If this is not the state of a running engine.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import NO_ORDERS, EngineView, Orders, Strategy, Timer
    /// >>> class OnceOnly(Strategy):
    /// ...     def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
    /// ...         state.cancel_timer(timer)
    /// ...         return NO_ORDERS
    /// ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    /// ...         return NO_ORDERS
    fn cancel_timer(&self, timer: &Timer) -> PyResult<bool> {
        self.check_running()?;
        Ok(self.run().cancel_timer(timer.id))
    }

    /// The timers to come, the next one first. A snapshot has none.
    #[getter]
    fn timers(&self) -> PyResult<Vec<Timer>> {
        self.read(|_| ())?;
        Ok(self.run().timers())
    }
}

//! Drives a run with what comes now.

use super::{
    clock::WallClock,
    controls::{Control, LiveProgress, SystemControls},
    journal::Journal,
    kill_switch::{KillSwitch, Observed},
    options::ShutdownPolicy,
};
use crate::{
    command::CommandRequest,
    data::{SharedEvents, StoredEvent},
    engine::Event,
    error::Error,
    simulation::{Driver, ReadyCommand},
    state::PyTradingState,
    streams::{Feed, FeedItem, Next},
    view::EngineView,
};
use barter::engine::{
    command::Command,
    state::{instrument::filter::InstrumentFilter, trading::TradingState},
};
use chrono::DateTime;
use pyo3::prelude::*;
use std::time::Duration;

/// How long a wait lasts between two looks for Ctrl-C. A command ends it.
const PATIENCE: Duration = Duration::from_millis(50);

/// A run on live market data.
pub struct LiveRun<'a, 'py> {
    pub py: Python<'py>,
    pub driver: &'a mut Driver,
    pub feed: &'a Feed,
    pub controls: &'a SystemControls,
    pub clock: WallClock,
    pub journal: Option<Journal>,
    pub kill_switch: KillSwitch,
    /// Whether the kill switch cancels the open orders.
    pub kill_cancels: bool,
    /// When the kill switch has tripped, in nanoseconds since 1970, and why.
    pub trips: Vec<(i64, String)>,
    /// How many market events were processed.
    pub events: usize,
    /// The greatest time at which an event was received, in nanoseconds since 1970.
    pub time_end: i64,
    /// When the last event was taken.
    pub taken: i64,
    /// How far the engine was behind then.
    pub lag: i64,
    /// When the engine took the first event: those that wait for it by then are no sign of slowness.
    /// Before that, when the first event came.
    pub ready: i64,
}

impl LiveRun<'_, '_> {
    /// Runs from the first event until `end`, or until someone stops it.
    pub fn run(&mut self, first: StoredEvent, end: Option<i64>) -> PyResult<()> {
        // Before `on_start` can fail: so the record of such a run is one as well.
        let first = self.note(first)?;
        let (controls, begun) = (self.controls, self.ready);
        self.driver.start(self.py, &|| controls.is_stopped())?;
        self.ready = self.clock.now();
        self.taken = self.ready;
        // A warm-up, and writing it down, take nothing from the time of the run.
        let preparing = self.ready.saturating_sub(begun);
        let end = end.map(|end| end.saturating_add(preparing));
        self.process_market(first)?;
        self.keep_record()?;
        while !self.controls.is_stopped() && end.is_none_or(|end| self.clock.now() < end) {
            if !self.turn(end)? {
                break;
            }
        }
        Ok(())
    }

    /// Turns trading off, cancels and closes, as far as the policy says so, and gives the answers time.
    pub fn shut_down(&mut self, policy: &ShutdownPolicy) -> PyResult<()> {
        let ShutdownPolicy {
            cancel_orders,
            close_positions,
            timeout,
        } = *policy;
        if self.controls.is_aborted() || !(cancel_orders || close_positions) {
            return Ok(());
        }
        let deadline = self.clock.now().saturating_add(timeout);
        self.command(Event::Trading(PyTradingState(TradingState::Disabled)))?;
        if cancel_orders {
            self.command(cancel_all())?;
            self.await_answers(deadline)?;
        }
        if close_positions && !self.controls.is_aborted() {
            let close = Command::ClosePositions(InstrumentFilter::None);
            self.command(Event::Command(CommandRequest(close)))?;
            self.await_answers(deadline)?;
        }
        Ok(())
    }

    fn await_answers(&mut self, deadline: i64) -> PyResult<()> {
        while self.driver.is_busy() && self.clock.now() < deadline && !self.controls.is_aborted() {
            if !self.turn(Some(deadline))? {
                break;
            }
        }
        Ok(())
    }

    /// Does what is asked for, and what comes or is due next; whether the feed goes on.
    fn turn(&mut self, end: Option<i64>) -> PyResult<bool> {
        self.py.check_signals()?;
        while let Some(control) = self.controls.take() {
            self.control(control)?;
        }
        let (feed, patience) = (self.feed, self.patience(end));
        match self.py.detach(|| feed.next(patience))? {
            Next::Item(FeedItem::Market(event)) => self.market(event)?,
            Next::Item(FeedItem::Status(_)) => {}
            Next::TimedOut => {
                self.driver.deliver(self.clock.now())?;
                self.report();
            }
            Next::Closed => return Ok(false),
            Next::Failed(reason) => return Err(Error::Stream(reason).into()),
        }
        self.look()?;
        self.keep_record()?;
        Ok(true)
    }

    /// How long there is nothing to do, if nothing comes.
    fn patience(&self, end: Option<i64>) -> Duration {
        let now = self.clock.now();
        let due = self.driver.next_due().map(|(due, _)| due);
        let next = [due, end].into_iter().flatten().min();
        next.map_or(PATIENCE, |next| {
            let nanos = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
            PATIENCE.min(Duration::from_nanos(nanos))
        })
    }

    /// An event that has just come.
    fn market(&mut self, event: StoredEvent) -> PyResult<()> {
        let event = self.note(event)?;
        self.process_market(event)
    }

    /// Takes an event and writes it down.
    ///
    /// It is received when the engine takes it, never before what the engine has done already: so a run
    /// over the record has everything in the same order. A stream is lost when the engine hears of it.
    fn note(&mut self, mut event: StoredEvent) -> PyResult<StoredEvent> {
        self.taken = self.clock.now();
        match &mut event {
            StoredEvent::Item(item) => {
                let now = self.driver.now();
                let received = item.time_received.timestamp_nanos_opt().unwrap_or(now);
                self.lag = self.taken.saturating_sub(received);
                let received = received.max(now);
                item.time_received = DateTime::from_timestamp_nanos(received);
                self.time_end = received;
            }
            StoredEvent::Reconnecting(lost) => {
                let received = self.taken.max(self.driver.now());
                lost.time_received = Some(DateTime::from_timestamp_nanos(received));
                self.time_end = received;
            }
        }
        if let Some(journal) = &mut self.journal {
            journal.market(&event)?;
        }
        self.events = self.events.saturating_add(1);
        Ok(event)
    }

    fn process_market(&mut self, event: StoredEvent) -> PyResult<()> {
        let events = SharedEvents::from(vec![event]);
        self.driver.driven.run.set_events(events.clone());
        for event in events.iter() {
            self.driver.market(0, event)?;
        }
        self.report();
        Ok(())
    }

    /// Tells how far the run is: before every answer, which must not be ahead of it.
    fn report(&self) {
        self.controls.report(LiveProgress {
            events: self.events,
            time: self.driver.now(),
            lag: self.lag,
        });
    }

    fn control(&mut self, control: Control) -> PyResult<()> {
        self.report();
        match control {
            Control::Snapshot(reply) => {
                let snapshot = self.driver.driven.snapshot(self.py);
                let view =
                    snapshot.and_then(|run| Py::new(self.py, EngineView::new(self.py, run)?));
                reply.give(view);
                Ok(())
            }
            Control::Standing(reply) => {
                reply.give(Ok(self.driver.standing()));
                Ok(())
            }
            Control::Audit(call, reply) => {
                reply.give(self.driver.begin_audit(call));
                Ok(())
            }
            Control::Command(event, reply) => {
                // What is due comes first, and is no matter of the command's.
                self.driver.deliver(self.clock.now())?;
                if matches!(&event, Event::Trading(state) if state.0 == TradingState::Enabled) {
                    self.kill_switch.rearm(&self.driver.driven.run);
                }
                let time = self.clock.now().max(self.driver.now());
                match self.driver.ready(time, event.clone()) {
                    Err(error) => {
                        reply.give(Err(error));
                        Ok(())
                    }
                    Ok(ready) => {
                        let done = self.process(time, &event, ready);
                        self.report();
                        reply.give(
                            done.as_ref()
                                .copied()
                                .map_err(|error| error.clone_ref(self.py)),
                        );
                        done
                    }
                }
            }
        }
    }

    /// Has the engine process a command of ours now.
    fn command(&mut self, event: Event) -> PyResult<()> {
        let time = self.clock.now().max(self.driver.now());
        let ready = self.driver.ready(time, event.clone())?;
        self.process(time, &event, ready)
    }

    fn process(&mut self, time: i64, event: &Event, ready: ReadyCommand) -> PyResult<()> {
        if let Some(journal) = &mut self.journal {
            journal.command(time, event)?;
        }
        self.driver.command(ready)
    }

    /// Looks at what the kill switch looks at.
    fn look(&mut self) -> PyResult<()> {
        let observed = Observed {
            silence: self.clock.now().saturating_sub(self.taken),
            lag: self.lag.min(self.taken.saturating_sub(self.ready)),
            rejections: self.driver.refused_in_a_row(),
        };
        let state = &self.driver.driven.engine.state;
        let Some(reason) = self.kill_switch.look(state, &observed) else {
            return Ok(());
        };
        let reason = reason.to_owned();
        tracing::warn!(reason, "the kill switch has tripped");
        self.trips.push((self.clock.now(), reason));
        self.command(Event::Trading(PyTradingState(TradingState::Disabled)))?;
        if self.kill_cancels {
            self.command(cancel_all())?;
        }
        Ok(())
    }

    /// Writes down what the engine has sent.
    fn keep_record(&mut self) -> PyResult<()> {
        if let (Some(journal), Some(sent)) = (&mut self.journal, &mut self.driver.requests) {
            journal.requests(sent)?;
            sent.clear();
            journal.flush_if_due()?;
        }
        Ok(())
    }
}

fn cancel_all() -> Event {
    Event::Command(CommandRequest(Command::CancelOrders(
        InstrumentFilter::None,
    )))
}

//! A live run from its arguments to its results.

use super::{
    clock::WallClock, controls::SystemControls, drive::LiveRun, journal::Journal,
    kill_switch::KillSwitch, options::LiveOptions,
};
use crate::{
    convert::datetime_from_nanos,
    data::{SharedEvents, StoredEvent},
    error::Error,
    instrument::PyIndexedInstruments,
    network::Executions,
    simulation::{BacktestOutput, Covered, Driver, RunOptions, simulate},
    streams::{Feed, FeedItem, MarketFeed, Next},
};
use pyo3::{exceptions::PyBaseException, prelude::*};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pyfunction};
use std::time::Duration;

/// How long a wait for the first event lasts between two looks for Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(50);

/// The results of a live run, for `barter_python.live`.
#[gen_stub_pyclass]
#[pyclass(frozen, get_all, module = "barter_python._core")]
pub struct LiveOutput {
    /// The results, as those of a backtest.
    output: Py<BacktestOutput>,
    /// When the run ended, in nanoseconds since 1970: the `until` of a backtest over its record.
    until_ns: i64,
    /// What ended it, if that was an exception.
    failure: Option<Py<PyBaseException>>,
    /// When the kill switch tripped, in nanoseconds since 1970, and why.
    trips: Vec<(i64, String)>,
}

/// Ends the controls when the run ends, however it does.
struct Open<'a>(&'a SystemControls);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// How a run came to its end.
struct End {
    until: i64,
    failure: Option<PyErr>,
    trips: Vec<(i64, String)>,
}

/// Runs a strategy on live market data with simulated exchanges. See `barter_python.live.run_paper`.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn run_paper(
    py: Python<'_>,
    #[gen_stub(override_type(type_repr = "barter_python.AlgoStrategy", imports = ("barter_python")))]
    strategy: &Bound<'_, PyAny>,
    feed: &Bound<'_, MarketFeed>,
    instruments: &Bound<'_, PyIndexedInstruments>,
    executions: Executions,
    options: RunOptions,
    live: LiveOptions,
    controls: &Bound<'_, SystemControls>,
) -> PyResult<LiveOutput> {
    let feed = &feed.get().0;
    let controls = controls.get();
    let _open = Open(controls);
    controls.begin(feed.nudge());
    let clock = WallClock::start();
    let end = live
        .duration
        .map(|duration| clock.now().saturating_add(duration));
    let first = first_event(py, feed, controls, &clock, end)?;
    let StoredEvent::Item(item) = &first else {
        return Err(Error::inconsistent("the first event is none".to_owned()).into());
    };
    let time_start = item.time_received;
    let close_at_end = options.close_at_end;
    let warmup = options
        .warmup
        .as_ref()
        .map(|warmup| warmup.get().events.clone());
    let mut ended = None;
    let output = simulate(
        py,
        strategy,
        instruments,
        executions,
        options,
        time_start,
        |driver| {
            let (output, covered, end) = drive(
                py,
                driver,
                feed,
                controls,
                clock,
                live,
                first,
                end,
                close_at_end,
                warmup.as_ref(),
            )?;
            ended = Some(end);
            Ok((output, covered))
        },
    )?;
    let Some(End {
        until,
        failure,
        trips,
    }) = ended
    else {
        return Err(Error::inconsistent("a run without an end".to_owned()).into());
    };
    Ok(LiveOutput {
        output: Py::new(py, output)?,
        until_ns: until,
        failure: failure.map(|failure| failure.into_value(py)),
        trips,
    })
}

#[allow(clippy::too_many_arguments)]
fn drive(
    py: Python<'_>,
    driver: &mut Driver,
    feed: &Feed,
    controls: &SystemControls,
    clock: WallClock,
    live: LiveOptions,
    first: StoredEvent,
    end: Option<i64>,
    close_at_end: bool,
    warmup: Option<&SharedEvents>,
) -> PyResult<(crate::records::DriverOutput, Covered, End)> {
    let LiveOptions {
        duration: _,
        record,
        shutdown,
        kill_switch,
    } = live;
    let begun = clock.now();
    let journal = match record {
        Some((path, session)) => Some(Journal::create(py, &path, &session, warmup)?),
        None => None,
    };
    driver.requests = journal.is_some().then(Vec::new);
    let start = driver.now();
    let mut run = LiveRun {
        py,
        kill_switch: KillSwitch::new(kill_switch, &driver.driven.run),
        driver,
        feed,
        controls,
        clock,
        journal,
        kill_cancels: kill_switch.cancel_orders,
        trips: Vec::new(),
        events: 0,
        time_end: start,
        taken: clock.now(),
        lag: 0,
        ready: begun,
    };
    let failure = run.run(first, end).err();
    let failure = failure.or(run.shut_down(&shutdown).err());
    let LiveRun {
        driver,
        mut journal,
        trips,
        events,
        time_end,
        ..
    } = run;
    // Later than the last event, which a backtest until then has to include.
    let mut until = driver.now().saturating_add(1);
    if failure.is_none() && !controls.is_aborted() {
        until = until.max(clock.now());
    }
    let output = if failure.is_none() {
        driver.finish(Some(until), close_at_end)
    } else {
        // A strategy that has failed is not called any more.
        Ok(driver.break_off())
    };
    if let (Some(journal), Some(sent)) = (&mut journal, &driver.requests) {
        journal.requests(sent)?;
        journal.end(until)?;
    }
    let output = output?;
    let covered = Covered {
        time_start: datetime_from_nanos(start),
        time_end: datetime_from_nanos(time_end),
        events,
    };
    let end = End {
        until,
        failure,
        trips,
    };
    Ok((output, covered, end))
}

/// Waits for the first event with a time.
fn first_event(
    py: Python<'_>,
    feed: &Feed,
    controls: &SystemControls,
    clock: &WallClock,
    end: Option<i64>,
) -> PyResult<StoredEvent> {
    loop {
        py.check_signals()?;
        if controls.is_stopped() || end.is_some_and(|end| clock.now() >= end) {
            return Err(Error::Stream(
                "the run ended before its first market event came".to_owned(),
            )
            .into());
        }
        match py.detach(|| feed.next(PATIENCE))? {
            Next::Item(FeedItem::Market(event @ StoredEvent::Item(_))) => return Ok(event),
            Next::Item(FeedItem::Market(StoredEvent::Reconnecting(_)) | FeedItem::Status(_))
            | Next::TimedOut => {}
            Next::Closed => return Err(Error::Stream("the streams are closed".to_owned()).into()),
            Next::Failed(reason) => return Err(Error::Stream(reason).into()),
        }
    }
}

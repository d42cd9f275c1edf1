//! Drives a run over a history, in simulated time.

use super::feed::Feed;
use crate::{
    data::{SharedEvents, StoredEvent},
    records::{DriverOutput, Progress},
    simulation::{Driver, Script, ScriptedCommand, look_now},
};
use pyo3::prelude::*;

/// How many events are processed between two looks at Ctrl-C.
const EVENTS_AT_ONCE: usize = 256;
/// The same without the interpreter's lock, which a look needs and another thread may have.
const EVENTS_WITHOUT_LOCK: usize = 65_536;

/// Runs the whole history, and on to its `until` if it ends before.
///
/// The interpreter's lock is let go of where events need no Python, so that such runs go on in several threads.
pub fn drive(
    driver: &mut Driver,
    py: Python<'_>,
    feed: &mut Feed,
    close_at_end: bool,
    mut progress: Option<Progress>,
    mut script: Script,
) -> PyResult<DriverOutput> {
    driver.start(py, &|| false)?;
    let is_native = driver.is_native();
    while let Some(events) = feed.next(py)? {
        driver.driven.run.set_events(events.clone());
        let mut part = || run_part(driver, feed, &events, is_native, &mut progress, &mut script);
        if is_native {
            py.detach(part)?;
        } else {
            part()?;
        }
        driver.driven.run.set_events(SharedEvents::default());
    }
    if let Some(progress) = progress {
        progress.finish(py, feed.total())?;
    }
    commands(driver, &mut script, feed.given())?;
    driver.finish(feed.until()?, close_at_end)
}

/// Processes the events that were set last, and the commands that come between them.
fn run_part(
    driver: &mut Driver,
    feed: &mut Feed,
    events: &[StoredEvent],
    is_native: bool,
    progress: &mut Option<Progress>,
    script: &mut Script,
) -> PyResult<()> {
    let before = feed.given().saturating_sub(events.len());
    let between_looks = if is_native {
        EVENTS_WITHOUT_LOCK
    } else {
        EVENTS_AT_ONCE
    };
    for (position, event) in events.iter().enumerate() {
        if position.is_multiple_of(between_looks) {
            look_now()?;
        }
        if let Some(progress) = progress {
            progress.report(position, || feed.progress(position))?;
        }
        commands(driver, script, before.saturating_add(position))?;
        driver.market(position, event)?;
    }
    Ok(())
}

/// Has the engine process the commands that come before the market event after `events` of them.
#[inline]
fn commands(driver: &mut Driver, script: &mut Script, events: usize) -> PyResult<()> {
    while let Some(ScriptedCommand {
        after: _,
        time,
        event,
    }) = script.next(events)
    {
        let command = driver.ready(time, event)?;
        driver.command(command)?;
    }
    Ok(())
}

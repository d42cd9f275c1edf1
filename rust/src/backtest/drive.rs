//! Drives a run over a history, in simulated time.

use super::feed::Feed;
use crate::{
    data::SharedEvents,
    records::{DriverOutput, Progress},
    simulation::{Driver, Script, ScriptedCommand},
};
use pyo3::prelude::*;

/// How many events are processed between two looks at Ctrl-C.
const EVENTS_AT_ONCE: usize = 256;

/// Runs the whole history, and on to its `until` if it ends before.
pub fn drive(
    driver: &mut Driver,
    py: Python<'_>,
    feed: &mut Feed,
    close_at_end: bool,
    mut progress: Option<Progress>,
    mut script: Script,
) -> PyResult<DriverOutput> {
    driver.start(py, &|| false)?;
    while let Some(events) = feed.next(py)? {
        let before = feed.given().saturating_sub(events.len());
        driver.driven.run.set_events(events.clone());
        for (position, event) in events.iter().enumerate() {
            if position.is_multiple_of(EVENTS_AT_ONCE) {
                py.check_signals()?;
            }
            if let Some(progress) = &mut progress {
                progress.report(py, position, || feed.progress(position))?;
            }
            commands(driver, py, &mut script, before.saturating_add(position))?;
            driver.market(py, position, event)?;
        }
        driver.driven.run.set_events(SharedEvents::default());
    }
    if let Some(progress) = progress {
        progress.finish(py, feed.total())?;
    }
    commands(driver, py, &mut script, feed.given())?;
    driver.finish(py, feed.until()?, close_at_end)
}

/// Has the engine process the commands that come before the market event after `events` of them.
#[inline]
fn commands(
    driver: &mut Driver,
    py: Python<'_>,
    script: &mut Script,
    events: usize,
) -> PyResult<()> {
    while let Some(ScriptedCommand {
        after: _,
        time,
        event,
    }) = script.next(events)
    {
        let command = driver.ready(py, time, event)?;
        driver.command(py, command)?;
    }
    Ok(())
}

//! The switch that turns trading off when something goes wrong.

use super::options::KillSwitchLimits;
use crate::{
    risk::DrawdownSwitch,
    state::{Run, State},
};
use std::sync::Arc;

/// Trips once, and is armed again when somebody turns trading on.
pub struct KillSwitch {
    limits: KillSwitchLimits,
    drawdown: Option<DrawdownSwitch>,
    reason: Option<String>,
}

/// What the switch looks at.
pub struct Observed {
    /// How long ago the last market event was received, in nanoseconds.
    pub silence: i64,
    /// How far the engine is behind the wall clock, in nanoseconds.
    pub lag: i64,
    /// How many orders were refused since the last that was accepted.
    pub rejections: u32,
}

impl KillSwitch {
    /// An armed switch.
    pub fn new(limits: KillSwitchLimits, run: &Arc<Run>) -> Self {
        Self {
            limits,
            drawdown: limits
                .max_drawdown
                .map(|limit| DrawdownSwitch::new(limit.0, run)),
            reason: None,
        }
    }

    /// Why it trips now, if it does: not a second time.
    pub fn look(&mut self, state: &State, observed: &Observed) -> Option<&str> {
        if self.reason.is_some() {
            return None;
        }
        self.reason = self.tripped(state, observed);
        self.reason.as_deref()
    }

    fn tripped(&mut self, state: &State, observed: &Observed) -> Option<String> {
        let Observed {
            silence,
            lag,
            rejections,
        } = *observed;
        let KillSwitchLimits {
            max_drawdown: _,
            max_silence,
            max_lag,
            max_rejections,
            cancel_orders: _,
        } = self.limits;
        let too_long = |name: &str, length: i64, limit: Option<i64>| {
            let limit = limit.filter(|limit| length > *limit)?;
            Some(format!(
                "{name} {:.3} s, the limit is {:.3} s",
                seconds(length),
                seconds(limit)
            ))
        };
        let drawdown = self
            .drawdown
            .as_mut()
            .and_then(|switch| switch.look(state).map(str::to_owned));
        drawdown
            .or_else(|| too_long("max_silence: no market event for", silence, max_silence))
            .or_else(|| too_long("max_lag: the engine is behind by", lag, max_lag))
            .or_else(|| {
                let limit = max_rejections.filter(|limit| rejections >= *limit)?;
                Some(format!(
                    "max_rejections: {rejections} orders were refused in a row, the limit is {limit}"
                ))
            })
    }

    /// Somebody has turned trading on again.
    pub fn rearm(&mut self, run: &Arc<Run>) {
        *self = Self::new(self.limits, run);
    }
}

#[allow(clippy::cast_precision_loss)] // For a message.
fn seconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1e9
}

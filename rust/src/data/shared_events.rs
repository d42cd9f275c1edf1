//! Events that several histories and runs share.

use super::kind::StoredEvent;
use std::{
    ops::{Deref, Range},
    sync::Arc,
};

/// A part of a history's events, without a copy of them.
#[derive(Clone, Debug, Default)]
pub struct SharedEvents {
    all: Arc<Vec<StoredEvent>>,
    range: Range<usize>,
}

impl SharedEvents {
    /// The events in the range, which is cut to those that are there.
    pub fn part(&self, range: Range<usize>) -> Self {
        let within = |position: usize| {
            let position = self.range.start.saturating_add(position);
            position.min(self.range.end)
        };
        Self {
            all: Arc::clone(&self.all),
            range: within(range.start)..within(range.end),
        }
    }
}

impl From<Vec<StoredEvent>> for SharedEvents {
    fn from(events: Vec<StoredEvent>) -> Self {
        let range = 0..events.len();
        Self {
            all: Arc::new(events),
            range,
        }
    }
}

impl Deref for SharedEvents {
    type Target = [StoredEvent];

    fn deref(&self) -> &[StoredEvent] {
        self.all.get(self.range.clone()).unwrap_or_default()
    }
}

//! Several histories as one, by the times at which their events were received.

use super::{SharedEvents, StoredEvent};
use chrono::{DateTime, Utc};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Merges histories, each of which is given in one piece or piece by piece.
///
/// Each keeps its own order. An event has the greatest time received so far in its history, a lost
/// stream too; at equal times the history with the lower number comes first.
#[derive(Debug, Default)]
pub struct Merger {
    heads: Vec<Head>,
    /// When the next event of each history comes, by the number of the history.
    order: BinaryHeap<Reverse<(DateTime<Utc>, usize)>>,
    last_due: Option<DateTime<Utc>>,
}

/// What is left of a piece of a history.
#[derive(Debug)]
struct Head {
    events: SharedEvents,
    next: usize,
    clock: DateTime<Utc>,
}

impl Head {
    /// When the next event comes; `None` if none is left.
    fn due(&self) -> Option<DateTime<Utc>> {
        let event = self.events.get(self.next)?;
        let received = event.time_received();
        Some(received.map_or(self.clock, |received| received.max(self.clock)))
    }
}

impl Merger {
    /// Adds a history, whose number is that of the histories before it; `time_start` is when its first
    /// event was received.
    pub fn add(&mut self, events: SharedEvents, time_start: DateTime<Utc>) {
        let number = self.heads.len();
        self.heads.push(Head {
            events: SharedEvents::default(),
            next: 0,
            clock: time_start,
        });
        self.put(number, events);
    }

    /// Gives the next piece of a history, which is not empty.
    pub fn put(&mut self, number: usize, events: SharedEvents) {
        if let Some(head) = self.heads.get_mut(number) {
            head.events = events;
            head.next = 0;
            if let Some(due) = head.due() {
                self.order.push(Reverse((due, number)));
            }
        }
    }

    /// When the next event comes.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        self.order.peek().map(|Reverse((due, _))| *due)
    }

    /// When the last event came.
    pub const fn last_due(&self) -> Option<DateTime<Utc>> {
        self.last_due
    }

    /// Appends copies of the next events, until there are `most`. Gives the number of a history whose
    /// piece ends before; it no longer holds that piece.
    pub fn merge(&mut self, into: &mut Vec<StoredEvent>, most: usize) -> Option<usize> {
        while into.len() < most {
            let Reverse((mut due, number)) = self.order.pop()?;
            let head = self.heads.get_mut(number)?;
            let other = self.order.peek().map(|Reverse(other)| *other);
            // As long as no other history comes before.
            while into.len() < most && other.is_none_or(|other| (due, number) < other) {
                into.extend(head.events.get(head.next).cloned());
                head.next = head.next.saturating_add(1);
                head.clock = due;
                self.last_due = Some(due);
                let Some(next) = head.due() else {
                    head.events = SharedEvents::default();
                    return Some(number);
                };
                due = next;
            }
            self.order.push(Reverse((due, number)));
        }
        None
    }
}

//! In which order the events of a table come.

use super::rows::Fault;
use crate::{
    convert::{datetime_from_nanos, py_enum, time_text},
    data::kind::StoredEvent,
};
use smol_str::SmolStr;

/// What becomes of rows that are not in the order of their time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RowOrder {
    /// They are an error.
    Refuse,
    /// They are sorted.
    Sort,
    /// They stay as they are.
    AsGiven,
}

py_enum! {
    /// What becomes of rows that are not in the order of `time_received`.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.data import RowOrder
    /// >>> [order.value for order in RowOrder]
    /// ['refuse', 'sort', 'as_given']
    pub enum PyRowOrder(RowOrder) as "RowOrder" {
        /// A step back from one row to the next is an error.
        REFUSE = "refuse" => RowOrder::Refuse,
        /// Rows are sorted by `time_received`, then by id, numbers before text; rows that are equal in
        /// both keep their order.
        SORT = "sort" => RowOrder::Sort,
        /// Rows stay in the order given.
        AS_GIVEN = "as_given" => RowOrder::AsGiven,
    }
}

/// What rows of one time are sorted by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SortId {
    /// Nothing.
    None,
    /// A number.
    Number(u64),
    /// An id that is no number.
    Text(SmolStr),
}

impl SortId {
    /// Of an id as text.
    pub fn of(id: &SmolStr) -> Self {
        id.parse()
            .map_or_else(|_| Self::Text(id.clone()), Self::Number)
    }
}

/// The events so far.
#[derive(Debug)]
pub struct Events {
    order: RowOrder,
    events: Vec<StoredEvent>,
    /// By what to sort each event, if they are to be sorted.
    keys: Vec<(i64, SortId)>,
    /// When the last event was received.
    last: Option<i64>,
}

impl Events {
    pub const fn new(order: RowOrder) -> Self {
        Self {
            order,
            events: Vec::new(),
            keys: Vec::new(),
            last: None,
        }
    }

    /// Whether events have ids to be sorted by.
    pub const fn is_sorted(&self) -> bool {
        matches!(self.order, RowOrder::Sort)
    }

    /// Adds an event that barter can take.
    pub fn push(&mut self, received: i64, id: SortId, event: StoredEvent) -> Result<(), Fault> {
        event.check().map_err(Fault::of_row)?;
        match self.order {
            RowOrder::Refuse => {
                if let Some(last) = self.last
                    && received < last
                {
                    let text = |nanos| time_text(datetime_from_nanos(nanos));
                    return Err(Fault::of_row(format!(
                        "time_received steps back from {} to {}: order=RowOrder.SORT sorts by time \
                         and id, order=RowOrder.AS_GIVEN keeps the rows in this order",
                        text(last),
                        text(received)
                    )));
                }
                self.last = Some(received);
            }
            RowOrder::Sort => self.keys.push((received, id)),
            RowOrder::AsGiven => {}
        }
        self.events.push(event);
        Ok(())
    }

    /// All events, in order.
    pub fn into_ordered(self) -> Vec<StoredEvent> {
        let mut events = self.events;
        if matches!(self.order, RowOrder::Sort) {
            let mut keyed = self.keys.into_iter().zip(events).collect::<Vec<_>>();
            keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
            events = keyed.into_iter().map(|(_, event)| event).collect();
        }
        events.shrink_to_fit();
        events
    }
}

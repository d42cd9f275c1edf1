//! What a strategy is told of its fills.

use crate::{
    engine::{EngineView, PositionExited, State},
    execution::Trade,
};
use barter_execution::{AccountEvent, AccountEventKind};
use pyo3::prelude::*;
use std::cell::{Cell, RefCell};

/// A fill, and the position that it closes.
struct Notice {
    fill: Trade,
    closed: Option<PositionExited>,
}

/// The hooks that are told of fills, and what they are to be told next.
///
/// barter has no such hooks: it asks the strategy for orders right after it has applied a fill. So
/// the fill is kept here before barter sees it, and told before anything else is asked.
pub struct Notices {
    on_fill: Option<Py<PyAny>>,
    on_position_closed: Option<Py<PyAny>>,
    next: RefCell<Option<Notice>>,
    /// Whether the above holds something: looked at at every event.
    is_due: Cell<bool>,
}

impl Notices {
    /// With the hooks that there are.
    pub const fn new(on_fill: Option<Py<PyAny>>, on_position_closed: Option<Py<PyAny>>) -> Self {
        Self {
            on_fill,
            on_position_closed,
            next: RefCell::new(None),
            is_due: Cell::new(false),
        }
    }

    /// Keeps what the event, which barter is about to process, has to tell.
    ///
    /// The position that it closes is what barter's own manager makes of a copy: barter hands its
    /// own to the audit only, after it has asked the strategy for orders.
    pub fn prepare(&self, event: &AccountEvent, state: &State) {
        if self.on_fill.is_none() && self.on_position_closed.is_none() {
            return;
        }
        let AccountEventKind::Trade(trade) = &event.kind else {
            return;
        };
        let closed = self.on_position_closed.as_ref().and_then(|_| {
            let (_, instrument) = state.instruments.0.get_index(trade.instrument.index())?;
            instrument.position.clone().update_from_trade(trade)
        });
        self.next.replace(Some(Notice {
            fill: trade.into(),
            closed: closed.map(PositionExited::from),
        }));
        self.is_due.set(true);
    }

    /// Whether there is something to tell.
    #[inline]
    pub const fn is_due(&self) -> bool {
        self.is_due.get()
    }

    /// Calls the hooks, inside a callback.
    pub fn tell(&self, py: Python<'_>, view: &Py<EngineView>) -> PyResult<()> {
        let Some(Notice { fill, closed }) = self.drop_next() else {
            return Ok(());
        };
        if let Some(hook) = &self.on_fill {
            hook.bind(py).call1((fill, view))?;
        }
        if let (Some(hook), Some(closed)) = (&self.on_position_closed, closed) {
            hook.bind(py).call1((closed, view))?;
        }
        Ok(())
    }

    fn drop_next(&self) -> Option<Notice> {
        self.is_due.set(false);
        self.next.take()
    }
}

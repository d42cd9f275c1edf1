//! Notices of fills and closed positions, for the strategy's hooks.

use crate::{
    execution::Trade,
    state::{PositionExited, State, without_trades},
    view::EngineView,
};
use barter::engine::state::position::PositionManager;
use barter_execution::{AccountEvent, AccountEventKind};
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use std::cell::{Cell, RefCell};

/// A fill, and the position that it closes.
struct Notice {
    fill: Trade,
    closed: Option<PositionExited>,
}

/// The hooks `on_fill` and `on_position_closed`, and the next notice for them.
///
/// barter has no such hooks: it asks the strategy for orders right after it has applied a fill. So
/// the notice is made before barter sees the fill, and the hooks run before the strategy is asked.
pub struct Notices {
    on_fill: Option<Py<PyAny>>,
    on_position_closed: Option<Py<PyAny>>,
    next: RefCell<Option<Notice>>,
    /// Whether there is a next notice: checked at every event.
    is_due: Cell<bool>,
}

impl Notices {
    /// Without a notice, for the hooks that the strategy has.
    pub const fn new(on_fill: Option<Py<PyAny>>, on_position_closed: Option<Py<PyAny>>) -> Self {
        Self {
            on_fill,
            on_position_closed,
            next: RefCell::new(None),
            is_due: Cell::new(false),
        }
    }

    /// For `__traverse__` of its one owner. A notice holds no Python objects.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.on_fill)?;
        visit.call(&self.on_position_closed)
    }

    /// Takes the hooks out.
    pub fn take_hooks(&mut self) -> [Option<Py<PyAny>>; 2] {
        [self.on_fill.take(), self.on_position_closed.take()]
    }

    /// Makes the notice of an event that barter is about to process, if it is a fill.
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
            // Most fills close nothing, which a copy without the ids of all fills before says.
            let current = instrument.position.current.as_ref().map(without_trades);
            PositionManager { current }.update_from_trade(trade)?;
            instrument.position.clone().update_from_trade(trade)
        });
        self.next.replace(Some(Notice {
            fill: trade.into(),
            closed: closed.map(PositionExited::from),
        }));
        self.is_due.set(true);
    }

    /// Whether there is a notice.
    #[inline]
    pub const fn is_due(&self) -> bool {
        self.is_due.get()
    }

    /// Calls the hooks with the notice, inside a callback.
    pub fn notify(&self, py: Python<'_>, view: &Py<EngineView>) -> PyResult<()> {
        let Some(Notice { fill, closed }) = self.take_next() else {
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

    fn take_next(&self) -> Option<Notice> {
        self.is_due.set(false);
        self.next.take()
    }
}

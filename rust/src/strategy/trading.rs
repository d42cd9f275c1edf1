//! The changes of trading that hooks ask for: each is an event of its own.

use crate::error::Error;
use barter::engine::state::trading::TradingState;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

/// `on_trading_disabled` may enable trading, and something else disable it again, but not for ever.
const CHANGES_AT_ONCE: usize = 1000;

/// The changes asked for, and how many there were since the last event of another kind.
#[derive(Default)]
pub struct TradingChanges {
    next: RefCell<VecDeque<TradingState>>,
    count: Cell<usize>,
}

impl TradingChanges {
    /// Adds what a hook asked for.
    pub fn extend(&self, changes: impl IntoIterator<Item = TradingState>) {
        self.next.borrow_mut().extend(changes);
    }

    /// Whether no hook has asked for a change since the last event of another kind.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.count.get() == 0 && self.next.borrow().is_empty()
    }

    /// Takes the next change; `strategy` is the name of who asks for them.
    #[cold]
    #[inline(never)]
    pub fn next(&self, strategy: &str) -> Result<Option<TradingState>, Error> {
        let next = self.next.borrow_mut().pop_front();
        let count = self.count.get();
        if next.is_some() && count >= CHANGES_AT_ONCE {
            self.next.borrow_mut().clear();
            self.count.set(0);
            return Err(Error::orders(format!(
                "the hooks of {strategy} have turned trading on and off {CHANGES_AT_ONCE} times \
                 without an event between"
            )));
        }
        self.count.set(next.map_or(0, |_| count.saturating_add(1)));
        Ok(next)
    }
}

//! Where the indicators of a run are, by the texts that views ask with.

use super::{Indicators, Node, NodeText};
use pyo3::{exceptions::PyValueError, prelude::*};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The positions that were asked for so far: the same in the indicators of each instrument.
#[derive(Default)]
pub struct Positions(Mutex<HashMap<String, usize>>);

impl Positions {
    /// Where a node is computed; an error if it is in no condition of the strategy.
    pub fn of(&self, node: NodeText, indicators: Option<&Indicators>) -> PyResult<usize> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = known.get(&node.0) {
            return Ok(*position);
        }
        let read = Node::read(&node.0)?;
        let position = indicators.and_then(|indicators| indicators.find(&read));
        let position = position.ok_or_else(|| {
            PyValueError::new_err(
                "no condition of the strategy's wake_on has this node in it, so that nobody computes \
                 it: add Computed(node) to wake_on",
            )
        })?;
        known.insert(node.0, position);
        Ok(position)
    }
}

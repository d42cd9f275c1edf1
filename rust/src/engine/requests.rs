//! The requests that the engine sends: they are collected until the driver takes them.

use barter::{
    engine::{error::UnrecoverableEngineError, execution_tx::ExecutionTxMap},
    execution::request::ExecutionRequest,
};
use barter_instrument::{exchange::ExchangeIndex, index::error::IndexError};
use barter_integration::{Unrecoverable, channel::Tx};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the engine puts its requests.
#[derive(Clone, Debug, Default)]
pub struct RequestTx(Arc<Mutex<Vec<ExecutionRequest>>>);

/// Putting a request away cannot fail.
#[derive(Debug)]
pub enum Never {}

impl Unrecoverable for Never {
    fn is_unrecoverable(&self) -> bool {
        match *self {}
    }
}

impl Tx for RequestTx {
    type Item = ExecutionRequest;
    type Error = Never;

    fn send<Item: Into<Self::Item>>(&self, item: Item) -> Result<(), Never> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(item.into());
        Ok(())
    }
}

/// One channel for all exchanges.
#[derive(Debug)]
pub struct RequestTxs {
    tx: RequestTx,
    exchanges: usize,
}

impl RequestTxs {
    /// For the exchanges from zero to `exchanges`.
    pub fn new(exchanges: usize) -> Self {
        Self {
            tx: RequestTx::default(),
            exchanges,
        }
    }

    /// What the engine has sent since the last call.
    pub fn take(&self) -> Vec<ExecutionRequest> {
        std::mem::take(&mut *self.tx.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ExecutionTxMap for RequestTxs {
    type ExecutionTx = RequestTx;

    fn find(&self, exchange: &ExchangeIndex) -> Result<&RequestTx, UnrecoverableEngineError> {
        if exchange.index() < self.exchanges {
            return Ok(&self.tx);
        }
        Err(IndexError::ExchangeIndex(format!("there is no exchange {}", exchange.index())).into())
    }

    fn iter<'a>(&'a self) -> impl Iterator<Item = &'a RequestTx>
    where
        RequestTx: 'a,
    {
        std::iter::once(&self.tx)
    }
}

//! Ids of the fills of positions, which callbacks may read at every event.

use crate::convert::Items;
use barter_execution::{order::id::StrategyId, trade::TradeId};
use pyo3::{prelude::*, types::PyList};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;
use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Ids of a position's fills: the first `count` of a list that only grows.
///
/// Positions that were read one after another share the list, so that to read one takes as long after
/// ten thousand fills as after the first. The ids are copied when Python asks for them.
#[derive(Clone, Debug)]
pub struct TradeIds {
    ids: Arc<Mutex<Vec<SmolStr>>>,
    count: usize,
}

impl TradeIds {
    fn new(ids: Vec<SmolStr>) -> Self {
        Self {
            count: ids.len(),
            ids: Arc::new(Mutex::new(ids)),
        }
    }

    /// A list of its own.
    pub fn copied(trades: &[TradeId]) -> Self {
        Self::new(trades.iter().map(|id| id.0.clone()).collect())
    }

    fn ids(&self) -> MutexGuard<'_, Vec<SmolStr>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn to_vec(&self) -> Vec<SmolStr> {
        self.ids().iter().take(self.count).cloned().collect()
    }

    /// The ids as texts.
    pub fn to_strings(&self) -> Vec<String> {
        self.to_vec().into_iter().map(String::from).collect()
    }

    /// The same and those that have come since.
    fn extended(&self, trades: &[TradeId]) -> Self {
        let mut ids = self.ids();
        let new = trades.iter().skip(ids.len());
        ids.extend(new.map(|id| id.0.clone()));
        Self {
            ids: Arc::clone(&self.ids),
            count: trades.len(),
        }
    }
}

impl PartialEq for TradeIds {
    fn eq(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.ids, &other.ids) {
            return self.count == other.count;
        }
        // One lock at a time, since another thread may compare the two the other way round.
        self.count == other.count && self.to_vec() == other.to_vec()
    }
}

impl Eq for TradeIds {}

impl Hash for TradeIds {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_vec().hash(state);
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for TradeIds {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let Items(ids): Items<String> = object.extract()?;
        Ok(Self::new(ids.into_iter().map(SmolStr::from).collect()))
    }
}

impl<'py> IntoPyObject<'py> for TradeIds {
    type Target = PyList;
    type Output = Bound<'py, PyList>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        PyList::new(py, self.to_vec().iter().map(SmolStr::as_str))
    }
}

impl Serialize for TradeIds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.ids().iter().take(self.count).map(SmolStr::as_str))
    }
}

impl<'de> Deserialize<'de> for TradeIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ids = Vec::<String>::deserialize(deserializer)?;
        Ok(Self::new(ids.into_iter().map(SmolStr::from).collect()))
    }
}

impl PyStubType for TradeIds {
    fn type_output() -> TypeInfo {
        Vec::<String>::type_output()
    }

    fn type_input() -> TypeInfo {
        Vec::<String>::type_input()
    }
}

/// The ids of an instrument's open positions, as far as they were read.
#[derive(Default)]
pub struct TradeLogs(Mutex<Logs>);

#[derive(Default)]
struct Logs {
    of_all: Option<TradeLog>,
    by_strategy: HashMap<StrategyId, TradeLog>,
}

struct TradeLog {
    /// Tells the position apart from those before and after it.
    number: u64,
    ids: TradeIds,
}

impl TradeLogs {
    /// The ids of the instrument's position, which has that number.
    pub fn of_all(&self, number: u64, trades: &[TradeId]) -> TradeIds {
        let mut logs = self.logs();
        let log = TradeLog::next(logs.of_all.take(), number, trades);
        logs.of_all.insert(log).ids.clone()
    }

    /// The ids of a strategy's position, which has that number.
    pub fn of_strategy(&self, strategy: &StrategyId, number: u64, trades: &[TradeId]) -> TradeIds {
        let mut logs = self.logs();
        let before = logs.by_strategy.remove(strategy);
        let log = TradeLog::next(before, number, trades);
        let ids = log.ids.clone();
        logs.by_strategy.insert(strategy.clone(), log);
        ids
    }

    fn logs(&self) -> MutexGuard<'_, Logs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TradeLog {
    fn next(before: Option<Self>, number: u64, trades: &[TradeId]) -> Self {
        let same = before.filter(|log| log.number == number && log.ids.count <= trades.len());
        Self {
            number,
            ids: same.map_or_else(|| TradeIds::copied(trades), |log| log.ids.extended(trades)),
        }
    }
}

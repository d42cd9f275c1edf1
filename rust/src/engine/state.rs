//! Parts of the engine's state as values: the module `barter::engine::state`.

use super::{Run, RunEngine, State, clock::SimulatedClock, requests::RequestTxs};
use crate::{
    convert::{Index, UtcTime, datetime_from_nanos, nanos},
    data::MarketState,
    execution::Balance,
    instrument::PyExchangeId,
    py_enum, record,
    risk::PyRiskManager,
    strategy::{DataFailure, GlobalData, PyStrategy, give_data},
};
use barter::engine::state::{
    asset::AssetState as BarterAssetState,
    connectivity::{ConnectivityState, Health},
    trading::TradingState,
};
use barter_instrument::{
    asset::{Asset, ExchangeAsset, name::AssetNameInternal},
    exchange::ExchangeId,
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use std::sync::Arc;

py_enum! {
    /// Whether the engine asks the strategy for orders (`barter::engine::state::trading::TradingState`).
    pub enum PyTradingState(TradingState) as "TradingState" {
        /// It does.
        ENABLED = "enabled" => TradingState::Enabled,
        /// It follows events and carries out commands, and asks for nothing.
        DISABLED = "disabled" => TradingState::Disabled,
    }
}

py_enum! {
    /// How a connection is (`barter::engine::state::connectivity::Health`).
    pub enum PyHealth(Health) as "Health" {
        /// Events have come since it was lost.
        HEALTHY = "healthy" => Health::Healthy,
        /// It was lost, or nothing has come yet.
        RECONNECTING = "reconnecting" => Health::Reconnecting,
    }
}

/// The engine at the start of a run, with a Python strategy in it.
pub fn engine_of(
    strategy: &Bound<'_, PyAny>,
    risk_manager: Option<&Bound<'_, PyAny>>,
    guard_commands: bool,
    run: &Arc<Run>,
) -> PyResult<RunEngine> {
    let risk = match risk_manager {
        Some(risk_manager) => PyRiskManager::new(risk_manager, run)?,
        None => PyRiskManager::Default,
    };
    let object = strategy;
    let mut strategy = PyStrategy::in_run(object.py(), object, run)?;
    let (state, failure) = initial_state(object, run)?;
    strategy = strategy.with_data(failure);
    if guard_commands {
        strategy = strategy.guarded_by(risk.clone());
    }
    Ok(RunEngine::new(
        SimulatedClock::new(run.now()),
        state,
        RequestTxs::new(run.indexed.instruments.exchanges().len()),
        strategy,
        risk,
    ))
}

/// The state at the start of a run, with the strategy's own data in it.
fn initial_state(strategy: &Bound<'_, PyAny>, run: &Run) -> PyResult<(State, Option<DataFailure>)> {
    let global = GlobalData::default();
    let mut state = State::builder(&run.indexed.instruments, global, |_| MarketState::default())
        .time_engine_start(datetime_from_nanos(run.now()))
        .build();
    let failure = give_data(strategy, &mut state, &run.indexed)?;
    Ok((state, failure))
}

record! {
    /// The connections to an exchange (`barter::engine::state::connectivity::ConnectivityState`).
    pub struct Connectivity {
        /// The exchange.
        exchange: PyExchangeId,
        /// That of market data.
        market_data: PyHealth,
        /// That of the account.
        account: PyHealth,
    }
}

impl From<(ExchangeId, &ConnectivityState)> for Connectivity {
    fn from((exchange, state): (ExchangeId, &ConnectivityState)) -> Self {
        let ConnectivityState {
            market_data,
            account,
        } = *state;
        Self {
            exchange: exchange.into(),
            market_data: market_data.into(),
            account: account.into(),
        }
    }
}

record! {
    /// An asset and its balance (`barter::engine::state::asset::AssetState`).
    pub struct AssetState {
        /// Index of the asset.
        index: Index,
        /// The exchange that it is held on.
        exchange: PyExchangeId,
        /// barter's own name, in lower case, such as `btc`.
        name: String,
        /// The exchange's name.
        name_exchange: String,
        /// Its balance; `None` before the exchange has told it.
        balance: Option<Balance>,
        /// Since when, in UTC.
        time_exchange: Option<UtcTime>,
    }
}

impl
    From<(
        usize,
        (&ExchangeAsset<AssetNameInternal>, &BarterAssetState),
    )> for AssetState
{
    fn from(
        (index, (key, state)): (
            usize,
            (&ExchangeAsset<AssetNameInternal>, &BarterAssetState),
        ),
    ) -> Self {
        let BarterAssetState {
            asset:
                Asset {
                    name_internal,
                    name_exchange,
                },
            statistics: _,
            balance,
        } = state;
        Self {
            index: Index(index),
            exchange: key.exchange.into(),
            name: name_internal.to_string(),
            name_exchange: name_exchange.to_string(),
            balance: balance.map(|balance| balance.value.into()),
            time_exchange: balance.map(|balance| UtcTime(balance.time)),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AssetState {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<Option<i64>> {
        self.time_exchange.map(|time| nanos(time.0)).transpose()
    }
}

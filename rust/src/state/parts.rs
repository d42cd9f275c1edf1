//! Parts of the engine's state as values: the module `barter::engine::state`.

use crate::{
    convert::{Index, UtcTime, nanos, py_enum, record},
    execution::Balance,
    instrument::PyExchangeId,
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

py_enum! {
    /// Whether the engine asks the strategy for orders (`barter::engine::state::trading::TradingState`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import TradingState
    /// >>> [state.value for state in TradingState]
    /// ['enabled', 'disabled']
    pub enum PyTradingState(TradingState) as "TradingState" {
        /// It does.
        ENABLED = "enabled" => TradingState::Enabled,
        /// It follows events and carries out commands, and asks for nothing.
        DISABLED = "disabled" => TradingState::Disabled,
    }
}

py_enum! {
    /// How a connection is (`barter::engine::state::connectivity::Health`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.engine import Health
    /// >>> [health.value for health in Health]
    /// ['healthy', 'reconnecting']
    pub enum PyHealth(Health) as "Health" {
        /// Events have come since it was lost.
        HEALTHY = "healthy" => Health::Healthy,
        /// It was lost, or nothing has come yet.
        RECONNECTING = "reconnecting" => Health::Reconnecting,
    }
}

record! {
    /// The connections to an exchange (`barter::engine::state::connectivity::ConnectivityState`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId
    /// >>> from barter_python.engine import Connectivity, Health
    /// >>> Connectivity(ExchangeId.KRAKEN, Health.HEALTHY, Health.RECONNECTING).account
    /// <Health.RECONNECTING: 'reconnecting'>
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
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
    /// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    /// >>> asset = engine.snapshot().assets[0]
    /// >>> asset.name, asset.name_exchange, asset.balance
    /// ('usd', 'USD', None)
    pub struct AssetState {
        /// Index of the asset.
        index: Index,
        /// The exchange that it is held on.
        exchange: PyExchangeId,
        /// barter's own name, in lower case, such as `btc`.
        name: String,
        /// The exchange's name.
        name_exchange: String,
        /// Its balance; `None` before the exchange has sent one.
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

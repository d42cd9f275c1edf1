//! Balances of assets: `barter_execution::balance`.

use crate::convert::{Dec, Index, UtcTime, nanos, record};
use barter_instrument::asset::AssetIndex;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use serde::Serialize;

type BarterAssetBalance = barter_execution::balance::AssetBalance<AssetIndex>;

record! {
    /// An amount of an asset (`barter_execution::balance::Balance`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.execution import Balance
    /// >>> balance = Balance(total=1000, free=900)
    /// >>> balance.total - balance.free
    /// Decimal('100')
    #[derive(Serialize)]
    #[signature(*, total, free)]
    pub struct Balance {
        /// All that is held.
        total: Dec,
        /// The part that no order reserves.
        free: Dec,
    }
}

impl From<barter_execution::balance::Balance> for Balance {
    fn from(balance: barter_execution::balance::Balance) -> Self {
        let barter_execution::balance::Balance { total, free } = balance;
        Self {
            total: Dec(total),
            free: Dec(free),
        }
    }
}

impl From<&Balance> for barter_execution::balance::Balance {
    fn from(balance: &Balance) -> Self {
        let Balance { total, free } = balance;
        Self {
            total: total.0,
            free: free.0,
        }
    }
}

record! {
    /// The new balance of an asset (`barter_execution::balance::AssetBalance`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.execution import AssetBalance, Balance
    /// >>> held = AssetBalance(1, Balance(total=1000, free=900), "2024-01-01T00:00:00Z")
    /// >>> held.asset, held.time_exchange.isoformat()
    /// (1, '2024-01-01T00:00:00+00:00')
    pub struct AssetBalance {
        /// Index of the asset.
        asset: Index,
        /// Its balance.
        balance: Balance,
        /// Since when, in UTC.
        time_exchange: UtcTime,
    }
}

impl From<&BarterAssetBalance> for AssetBalance {
    fn from(value: &BarterAssetBalance) -> Self {
        let BarterAssetBalance {
            asset,
            balance,
            time_exchange,
        } = value;
        Self {
            asset: Index(asset.index()),
            balance: (*balance).into(),
            time_exchange: UtcTime(*time_exchange),
        }
    }
}

impl From<&AssetBalance> for BarterAssetBalance {
    fn from(value: &AssetBalance) -> Self {
        let AssetBalance {
            asset,
            balance,
            time_exchange,
        } = value;
        Self {
            asset: AssetIndex(asset.0),
            balance: balance.into(),
            time_exchange: time_exchange.0,
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AssetBalance {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<i64> {
        nanos(self.time_exchange.0)
    }
}

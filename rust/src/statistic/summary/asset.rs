//! Figures of an asset: the module `barter::statistic::summary::asset`.

use crate::{
    convert::{UtcTime, named_argument, record},
    execution::{AssetBalance, Balance},
    statistic::{
        guard::{Held, guarded, pickled_as_json, too_large},
        metric::{Drawdown, MeanDrawdown},
    },
};
use barter::{Timed, statistic::summary};
use barter_integration::collection::snapshot::Snapshot;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use serde::Serialize;

named_argument! {
    time: UtcTime,
}

record! {
    /// barter's figures of an asset's balance (`barter::statistic::summary::asset::TearSheetAsset`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.execution import Balance
    /// >>> from barter_python.statistic import TearSheetAssetGenerator
    /// >>> generator = TearSheetAssetGenerator.init(Balance(total=9, free=9), "2024-01-01T00:00:00Z")
    /// >>> generator.generate().balance_end
    /// Balance(total=Decimal('9'), free=Decimal('9'))
    #[derive(Serialize)]
    pub struct TearSheetAsset {
        /// The balance at the end.
        balance_end: Option<Balance>,
        /// The drawdown that was not over at the end.
        drawdown: Option<Drawdown>,
        /// The mean of all drawdowns.
        drawdown_mean: Option<MeanDrawdown>,
        /// The deepest drawdown.
        drawdown_max: Option<Drawdown>,
    }
}

impl From<summary::asset::TearSheetAsset> for TearSheetAsset {
    fn from(sheet: summary::asset::TearSheetAsset) -> Self {
        let summary::asset::TearSheetAsset {
            balance_end,
            drawdown,
            drawdown_mean,
            drawdown_max,
        } = sheet;
        Self {
            balance_end: balance_end.map(Into::into),
            drawdown: drawdown.map(Into::into),
            drawdown_mean: drawdown_mean.map(Into::into),
            drawdown_max: drawdown_max.map(|max| max.0.into()),
        }
    }
}

/// Refuses a fall that barter could not subtract.
pub fn check_fall(
    generator: &summary::asset::TearSheetAssetGenerator,
    balance: &Balance,
) -> PyResult<()> {
    match generator.drawdown.peak {
        Some(peak) if balance.total.0 <= peak && peak.checked_sub(balance.total.0).is_none() => {
            let arguments = [("peak", peak), ("total", balance.total.0)];
            Err(too_large("balance: the fall from the peak", &arguments))
        }
        _ => Ok(()),
    }
}

/// barter's tear sheet. The generator is taken, since generating changes it.
pub fn asset_tear_sheet(
    mut generator: summary::asset::TearSheetAssetGenerator,
) -> PyResult<TearSheetAsset> {
    guarded(
        || "a figure of the balance does not fit into 28 significant digits".to_owned(),
        move || generator.generate().into(),
    )
}

/// Makes the tear sheet of an asset (`barter::statistic::summary::asset::TearSheetAssetGenerator`).
///
/// barter's `generate` changes its generator, so that the mean drawdown of a second call differs. Here
/// it changes nothing.
///
/// Examples
/// --------
/// >>> from barter_python import AssetBalance, Balance
/// >>> from barter_python.statistic import TearSheetAssetGenerator
/// >>> generator = TearSheetAssetGenerator.init(Balance(total=100, free=100), "2024-01-01T00:00:00Z")
/// >>> generator.update_from_balance(AssetBalance(0, Balance(total=75, free=75), "2024-01-02T00:00:00Z"))
/// >>> generator.generate().drawdown_max.value
/// Decimal('0.25')
///
/// >>> generator.reset(Balance(total=5, free=5), "2024-02-01T00:00:00Z")
/// >>> generator.generate().drawdown_max is None
/// True
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct TearSheetAssetGenerator(Held<summary::asset::TearSheetAssetGenerator>);

#[gen_stub_pymethods]
#[pymethods]
impl TearSheetAssetGenerator {
    /// A generator without a balance.
    #[staticmethod]
    fn default() -> Self {
        Self(Held::default())
    }

    /// A generator with its first balance.
    ///
    /// Parameters
    /// ----------
    /// balance : Balance
    ///     The balance.
    /// time : datetime or int or str
    ///     Since when: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
    #[staticmethod]
    fn init(balance: &Balance, #[pyo3(from_py_with = time)] time: UtcTime) -> Self {
        let initial = Timed::new(balance.into(), time.0);
        let generator = summary::asset::TearSheetAssetGenerator::init(&initial);
        Self(Held::new(generator))
    }

    /// Takes the next balance, of whatever asset.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the fall from the peak does not fit; the generator is unchanged then.
    fn update_from_balance(&self, balance: &AssetBalance) -> PyResult<()> {
        let mut generator = self.0.lock();
        check_fall(&generator, &balance.balance)?;
        generator.update_from_balance(Snapshot(&balance.into()));
        Ok(())
    }

    /// barter's tear sheet as of now. Nothing changes.
    fn generate(&self) -> TearSheetAsset {
        self.0.get().generate().into()
    }

    /// Forgets everything and starts with another balance.
    fn reset(&self, balance: &Balance, #[pyo3(from_py_with = time)] time: UtcTime) {
        let initial = Timed::new(balance.into(), time.0);
        self.0.lock().reset(&initial);
    }

    /// The last balance.
    #[getter]
    fn balance_now(&self) -> Option<Balance> {
        self.0.lock().balance_now.map(Into::into)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let balance = slf.get().balance_now().into_pyobject(slf.py())?;
        Ok(format!(
            "TearSheetAssetGenerator(balance_now={})",
            balance.repr()?
        ))
    }
}

pickled_as_json!(TearSheetAssetGenerator);

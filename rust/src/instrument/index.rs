//! Indices for Python: the module `barter_instrument::index`.

use super::{
    PyExchangeId,
    config::{InstrumentConfig, InstrumentConfigClass},
    definition,
    indexed::Indexed,
};
use crate::convert::{
    EnumText, Index, Instance, Reduced, UnderlyingIndices, iterator, read_items, record,
    reduce_by_arguments, shown,
};
use barter_instrument::{
    Keyed,
    asset::{Asset, ExchangeAsset},
};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyTuple};
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pymethods},
};
use serde::Serialize;
use std::sync::Arc;

record! {
    /// An instrument with the indices that barter gave it (`barter_instrument::instrument::Instrument`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
    /// >>> instrument = IndexedInstruments([config]).instruments[0]
    /// >>> instrument.name, instrument.underlying
    /// ('kraken-xbt_usd', Underlying(base=1, quote=0))
    #[derive(Serialize)]
    #[signature(*, index, exchange, exchange_id, name, name_exchange, underlying)]
    pub struct IndexedInstrument {
        /// Index of the instrument.
        index: Index,
        /// Index of its exchange.
        exchange: Index,
        /// Its exchange.
        exchange_id: PyExchangeId,
        /// barter's own name, unique in a system, such as `binancespot-btc_usdt`.
        name: String,
        /// The exchange's name, such as `BTCUSDT`.
        name_exchange: String,
        /// Indices of the base and the quote asset.
        underlying: UnderlyingIndices,
    }
}

record! {
    /// An asset with the index that barter gave it (`barter_instrument::asset::ExchangeAsset`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
    /// >>> asset = IndexedInstruments([config]).assets[0]
    /// >>> asset.index, asset.name, asset.name_exchange
    /// (0, 'usd', 'USD')
    pub struct IndexedAsset {
        /// Index of the asset.
        index: Index,
        /// The exchange that it is held on.
        exchange_id: PyExchangeId,
        /// barter's own name, in lower case, such as `btc`.
        name: String,
        /// The exchange's name.
        name_exchange: String,
    }
}

/// Instruments, assets and exchanges with the indices that the engine uses.
///
/// barter sorts the instruments and removes doubles, so that only this class knows their indices.
/// Wraps `barter_instrument::index::IndexedInstruments`.
///
/// Parameters
/// ----------
/// instruments : iterable of InstrumentConfig
///     The instruments to index, in any order.
///
/// Raises
/// ------
/// ConfigError
///     If there are none, or if two different instruments or assets have one internal name:
///     barter would keep one of them and shift all later indices.
///
/// Examples
/// --------
/// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
/// >>> def spot(base: str) -> InstrumentConfig:
/// ...     return InstrumentConfig(
/// ...         ExchangeId.BINANCE_SPOT, f"{base}USDT".upper(), Underlying(base, "usdt"))
/// >>> instruments = IndexedInstruments([spot("eth"), spot("btc")])
/// >>> [instrument.name for instrument in instruments.instruments]
/// ['binancespot-btc_usdt', 'binancespot-eth_usdt']
/// >>> instruments.instrument_index("binancespot-eth_usdt")
/// 1
#[gen_stub_pyclass]
#[pyclass(
    frozen,
    eq,
    from_py_object,
    hash,
    name = "IndexedInstruments",
    module = "barter_python._core"
)]
#[derive(Clone, Debug)]
pub struct PyIndexedInstruments(pub Arc<Indexed>);

/// `IndexedInstruments` as an argument; an error says where a configuration has them.
pub struct IndexedArgument(pub Arc<Indexed>);

impl<'a, 'py> FromPyObject<'a, 'py> for IndexedArgument {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.cast::<PyIndexedInstruments>() {
            Ok(instruments) => Ok(Self(Arc::clone(&instruments.get().0))),
            Err(_) => Err(PyTypeError::new_err(format!(
                "must be IndexedInstruments, such as config.index(), got {}",
                object.get_type().name()?
            ))),
        }
    }
}

impl PyStubType for IndexedArgument {
    fn type_output() -> TypeInfo {
        PyIndexedInstruments::type_output()
    }
}

impl PartialEq for PyIndexedInstruments {
    fn eq(&self, other: &Self) -> bool {
        self.0.instruments == other.0.instruments
    }
}

impl std::hash::Hash for PyIndexedInstruments {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.instruments.instruments().hash(state);
    }
}

impl PyIndexedInstruments {
    /// The instruments, each at the place of its index.
    pub fn definitions(&self) -> Vec<IndexedInstrument> {
        let instruments = self.0.instruments.instruments().iter();
        instruments
            .map(|Keyed { key, value }| IndexedInstrument {
                index: Index(key.index()),
                exchange: Index(value.exchange.key.index()),
                exchange_id: value.exchange.value.into(),
                name: value.name_internal.to_string(),
                name_exchange: value.name_exchange.to_string(),
                underlying: UnderlyingIndices(value.underlying),
            })
            .collect()
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl PyIndexedInstruments {
    #[new]
    fn new(
        #[gen_stub(override_type(
            type_repr = "collections.abc.Iterable[barter_python.InstrumentConfig]",
            imports = ("collections.abc", "barter_python")
        ))]
        instruments: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let configs: Vec<Instance<InstrumentConfigClass, InstrumentConfig>> =
            read_items(&iterator("instruments", instruments)?, |position| {
                format!("instruments[{position}]")
            })?;
        let configs = configs.into_iter().map(|config| config.0).collect();
        Ok(Self(Arc::new(Indexed::new(configs)?)))
    }

    /// The exchanges; the position in the list is the index.
    #[getter]
    fn exchanges(&self) -> Vec<PyExchangeId> {
        self.0
            .instruments
            .exchanges()
            .iter()
            .map(|keyed| keyed.value.into())
            .collect()
    }

    /// The assets of all exchanges; the position in the list is the index.
    #[getter]
    fn assets(&self) -> Vec<IndexedAsset> {
        let assets = self.0.instruments.assets().iter();
        assets
            .map(|Keyed { key, value }| IndexedAsset {
                index: Index(key.index()),
                exchange_id: value.exchange.into(),
                name: value.asset.name_internal.to_string(),
                name_exchange: value.asset.name_exchange.to_string(),
            })
            .collect()
    }

    /// The names of the assets with their exchanges, such as `binance_spot_usdt`, by index.
    fn _asset_names(&self) -> Vec<String> {
        let assets = self.0.instruments.assets().iter();
        let name = |asset: &ExchangeAsset<Asset>| {
            format!(
                "{}_{}",
                PyExchangeId(asset.exchange).text(),
                asset.asset.name_internal
            )
        };
        assets.map(|keyed| name(&keyed.value)).collect()
    }

    /// The instruments; the position in the list is the index.
    #[getter]
    fn instruments(&self) -> Vec<IndexedInstrument> {
        self.definitions()
    }

    /// Index of an exchange; `UnknownKeyError` if no instrument is on it.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    /// >>> IndexedInstruments([config]).exchange_index(ExchangeId.KRAKEN)
    /// 0
    fn exchange_index(&self, exchange: PyExchangeId) -> PyResult<Index> {
        Ok(Index(self.0.exchange_index(exchange.0)?.index()))
    }

    /// Index of an asset of an exchange, by its name in any case; `UnknownKeyError` if there is none.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    /// >>> IndexedInstruments([config]).asset_index(ExchangeId.KRAKEN, "USD")
    /// 0
    fn asset_index(&self, exchange: PyExchangeId, name: &str) -> PyResult<Index> {
        Ok(Index(self.0.asset_index(exchange.0, name)?.index()))
    }

    /// Index of an instrument.
    ///
    /// Parameters
    /// ----------
    /// key : str or tuple of ExchangeId and str
    ///     Its internal name such as `binancespot-btc_usdt`, or its exchange and the name that the
    ///     exchange gives it, in the case that was configured.
    ///
    /// Raises
    /// ------
    /// UnknownKeyError
    ///     If there is no such instrument, or if the exchange gives several of them that name.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd")),
    /// ...      InstrumentConfig(ExchangeId.KRAKEN, "ETHUSD", Underlying("eth", "usd"))])
    /// >>> instruments.instrument_index("kraken-xbt_usd")
    /// 1
    /// >>> instruments.instrument_index((ExchangeId.KRAKEN, "ETHUSD"))
    /// 0
    fn instrument_index(
        &self,
        #[gen_stub(override_type(type_repr = "str | tuple[ExchangeId, str]"))] key: &Bound<
            '_,
            PyAny,
        >,
    ) -> PyResult<Index> {
        match self.0.by_names(key)? {
            Some(index) => Ok(Index(index.index())),
            None => Err(PyTypeError::new_err(format!(
                "the index of an instrument is looked up by its name, or a pair of ExchangeId and \
                 the exchange's name, got {} {}",
                key.get_type().name()?,
                shown(key)?
            ))),
        }
    }

    fn __len__(&self) -> usize {
        self.0.instruments.instruments().len()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py, Self>> {
        // By what was configured: barter's JSON cuts expiries to milliseconds.
        let (py, indexed) = (slf.py(), &slf.get().0);
        let instruments = indexed.instruments.instruments().iter();
        let configs = instruments
            .map(|keyed| definition(py, indexed, &keyed.value))
            .collect::<PyResult<Vec<_>>>()?;
        let arguments = PyTuple::new(py, [configs])?;
        Ok(reduce_by_arguments(slf.as_any(), arguments))
    }

    fn __repr__(&self) -> String {
        let instruments = self.0.instruments.instruments().iter();
        let names = instruments
            .map(|keyed| keyed.value.name_internal.name().as_str())
            .collect::<Vec<_>>();
        format!("IndexedInstruments({})", names.join(", "))
    }
}

//! Indices: the module `barter_instrument::index`.

use super::{PyExchangeId, definition};
use crate::{
    convert::{Index, Reduced, UnderlyingIndices, reduce_by_arguments},
    error::Error,
    record,
    system::InstrumentConfig,
};
use barter_instrument::{
    Keyed,
    asset::{Asset, AssetIndex},
    exchange::{ExchangeId, ExchangeIndex},
    instrument::{Instrument, InstrumentIndex},
};
use pyo3::{prelude::*, types::PyTuple};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

record! {
    /// An instrument with the indices that barter gave it (`barter_instrument::instrument::Instrument`).
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

/// barter's instrument, as indexed.
pub type BarterInstrument = Instrument<Keyed<ExchangeIndex, ExchangeId>, AssetIndex>;

/// Instruments, assets and exchanges with the indices that the engine uses.
///
/// barter sorts what it is given and removes doubles, so an index is only ever taken from here.
/// Wraps `barter_instrument::index::IndexedInstruments`.
///
/// Parameters
/// ----------
/// instruments : iterable of InstrumentConfig
///     What to index, in any order.
///
/// Raises
/// ------
/// ConfigError
///     When there are none, or when two different instruments or assets have one internal name:
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

/// barter's index with maps: its own look-ups build their error text even when they succeed.
#[derive(Debug)]
pub struct Indexed {
    /// barter's own.
    pub instruments: barter_instrument::index::IndexedInstruments,
    by_name: HashMap<String, usize>,
    by_asset: HashMap<(ExchangeId, String), usize>,
    /// `None` where several instruments of an exchange have one name there.
    by_name_exchange: HashMap<(ExchangeId, String), Option<usize>>,
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

impl Indexed {
    /// Indexes, and refuses what barter would index wrongly.
    pub fn new(configs: Vec<InstrumentConfig>) -> Result<Self, Error> {
        let configs = configs
            .into_iter()
            .map(InstrumentConfig::into_barter)
            .collect::<Vec<_>>();
        if configs.is_empty() {
            return Err(Error::Config(
                "there are no instruments to index".to_owned(),
            ));
        }
        Self::checked(
            configs
                .into_iter()
                .map(Instrument::<ExchangeId, Asset>::from)
                .collect(),
        )
    }

    /// Refuses the exchange and the instrument of a market event if barter's engine would panic on them.
    pub fn check_key(&self, exchange: ExchangeId, instrument: Option<usize>) -> Result<(), Error> {
        self.exchange_index(exchange)?;
        let Some(index) = instrument else {
            return Ok(());
        };
        let Some(known) = self.instrument(index) else {
            let count = self.instruments.instruments().len();
            return Err(Error::UnknownKey(format!(
                "there is no instrument {index}; the configuration has {count} (0 to {})",
                count.saturating_sub(1),
            )));
        };
        if known.exchange.value != exchange {
            return Err(Error::UnknownKey(format!(
                "instrument {index} is {}, which is on {}, but the event is of {}",
                known.name_internal,
                known.exchange.value.as_str(),
                exchange.as_str(),
            )));
        }
        Ok(())
    }

    /// Makes the maps, and refuses names that collide.
    fn checked(instruments: barter_instrument::index::IndexedInstruments) -> Result<Self, Error> {
        let mut indexed = Self {
            instruments,
            by_name: HashMap::new(),
            by_asset: HashMap::new(),
            by_name_exchange: HashMap::new(),
        };
        for Keyed { key, value } in indexed.instruments.assets() {
            let name = value.asset.name_internal.name().to_string();
            if let Entry::Vacant(entry) = indexed.by_asset.entry((value.exchange, name)) {
                entry.insert(key.index());
            } else {
                return Err(Error::Config(format!(
                    "assets on {} collide: {:?} and another spelling of it have one internal name, {:?}",
                    value.exchange.as_str(),
                    value.asset.name_exchange.name(),
                    value.asset.name_internal.name(),
                )));
            }
        }
        for Keyed { key, value } in indexed.instruments.instruments() {
            if let Some(other) = indexed
                .by_name
                .insert(value.name_internal.name().to_string(), key.index())
            {
                return Err(Error::Config(format!(
                    "instruments {:?} (index {other}) and {:?} (index {}) have one internal name, {:?}",
                    indexed.name_exchange(other),
                    value.name_exchange.name(),
                    key.index(),
                    value.name_internal.name(),
                )));
            }
            let name = value.name_exchange.name().to_string();
            indexed
                .by_name_exchange
                .entry((value.exchange.value, name))
                .and_modify(|index| *index = None)
                .or_insert_with(|| Some(key.index()));
        }
        Ok(indexed)
    }

    fn name_exchange(&self, index: usize) -> &str {
        self.instrument(index)
            .map_or("", |instrument| instrument.name_exchange.name())
    }

    /// The instrument with that index.
    pub fn instrument(&self, index: usize) -> Option<&BarterInstrument> {
        self.instruments
            .instruments()
            .get(index)
            .map(|keyed| &keyed.value)
    }

    /// Index of the exchange.
    pub fn exchange_index(&self, exchange: ExchangeId) -> Result<ExchangeIndex, Error> {
        self.instruments
            .exchanges()
            .iter()
            .find(|keyed| keyed.value == exchange)
            .map(|keyed| keyed.key)
            .ok_or_else(|| {
                Error::UnknownKey(format!(
                    "no instrument is on the exchange {:?}; there are {:?}",
                    exchange.as_str(),
                    self.instruments
                        .exchanges()
                        .iter()
                        .map(|keyed| keyed.value.as_str())
                        .collect::<Vec<_>>(),
                ))
            })
    }

    /// Index of the asset called `name` on the exchange.
    pub fn asset_index(&self, exchange: ExchangeId, name: &str) -> Result<AssetIndex, Error> {
        self.by_asset
            .get(&(exchange, name.to_lowercase()))
            .copied()
            .map(AssetIndex)
            .ok_or_else(|| {
                let assets = self.instruments.assets().iter();
                Error::UnknownKey(format!(
                    "no instrument on {} has the asset {name:?}; its assets are {:?}",
                    exchange.as_str(),
                    assets
                        .filter(|keyed| keyed.value.exchange == exchange)
                        .map(|keyed| keyed.value.asset.name_internal.name().as_str())
                        .collect::<Vec<_>>(),
                ))
            })
    }

    /// Index of the instrument with that internal name.
    pub fn instrument_index(&self, name: &str) -> Result<InstrumentIndex, Error> {
        self.by_name
            .get(name)
            .copied()
            .map(InstrumentIndex)
            .ok_or_else(|| {
                let mut names = self.by_name.keys().map(String::as_str).collect::<Vec<_>>();
                names.sort_unstable();
                Error::UnknownKey(format!(
                    "no instrument is called {name:?}; there are {names:?}"
                ))
            })
    }

    /// Index of the instrument that the exchange calls so.
    pub fn instrument_index_of_exchange(
        &self,
        exchange: ExchangeId,
        name: &str,
    ) -> Result<InstrumentIndex, Error> {
        let found = self.by_name_exchange.get(&(exchange, name.to_owned()));
        if let Some(Some(index)) = found {
            return Ok(InstrumentIndex(*index));
        }
        let instruments = self.instruments.instruments().iter();
        let others = instruments.filter(|keyed| keyed.value.exchange.value == exchange);
        let exchange = exchange.as_str();
        Err(Error::UnknownKey(if found.is_some() {
            let same = others
                .filter(|keyed| keyed.value.name_exchange.name() == name)
                .map(|keyed| keyed.value.name_internal.name().as_str());
            format!(
                "several instruments on {exchange} are called {name:?}: look one up by its internal \
                 name, {:?}",
                same.collect::<Vec<_>>()
            )
        } else {
            let names = others.map(|keyed| keyed.value.name_exchange.name().as_str());
            format!(
                "no instrument on {exchange} is called {name:?} there; there are {:?}",
                names.collect::<Vec<_>>()
            )
        }))
    }

    /// Exchanges without an execution configuration cannot be traded on.
    pub fn exchanges_without(&self, executions: &HashSet<ExchangeId>) -> Vec<&'static str> {
        let exchanges = self.instruments.exchanges().iter();
        exchanges
            .filter(|keyed| !executions.contains(&keyed.value))
            .map(|keyed| keyed.value.as_str())
            .collect()
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
        let configs = instruments
            .try_iter()?
            .map(|config| config?.extract())
            .collect::<PyResult<Vec<InstrumentConfig>>>()?;
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

    /// The instruments; the position in the list is the index.
    #[getter]
    fn instruments(&self) -> Vec<IndexedInstrument> {
        self.definitions()
    }
    /// Index of an exchange; `UnknownKeyError` when no instrument is on it.
    fn exchange_index(&self, exchange: PyExchangeId) -> PyResult<Index> {
        Ok(Index(self.0.exchange_index(exchange.0)?.index()))
    }

    /// Index of an asset of an exchange, by its name in any case; `UnknownKeyError` when there is none.
    fn asset_index(&self, exchange: PyExchangeId, name: &str) -> PyResult<Index> {
        Ok(Index(self.0.asset_index(exchange.0, name)?.index()))
    }

    /// Index of an instrument, by its internal name; `UnknownKeyError` when there is none.
    fn instrument_index(&self, name: &str) -> PyResult<Index> {
        Ok(Index(self.0.instrument_index(name)?.index()))
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

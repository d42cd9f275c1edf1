//! Sides, exchanges and instruments: the crate `barter-instrument`.

use crate::{
    convert::{Index, UnderlyingIndices},
    error::Error,
    py_enum, record,
    system::InstrumentConfig,
};
use barter_instrument::{
    Keyed,
    asset::{Asset, AssetIndex},
    exchange::{ExchangeId, ExchangeIndex},
    instrument::{
        Instrument, InstrumentIndex,
        kind::option::{OptionExercise, OptionKind},
        quote::InstrumentQuoteAsset,
    },
};
use pyo3::{prelude::*, types::PyType};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

py_enum! {
    /// Side of an order, a trade or a position (`barter_instrument::Side`).
    pub enum PySide(barter_instrument::Side) as "Side" {
        /// Buy, or long.
        BUY = "buy" => barter_instrument::Side::Buy,
        /// Sell, or short.
        SELL = "sell" => barter_instrument::Side::Sell,
    }
}

py_enum! {
    /// Which asset of the underlying pair an instrument's prices are in (`InstrumentQuoteAsset`).
    pub enum PyInstrumentQuoteAsset(InstrumentQuoteAsset) as "InstrumentQuoteAsset" {
        /// Prices are in the base asset.
        UNDERLYING_BASE = "underlying_base" => InstrumentQuoteAsset::UnderlyingBase,
        /// Prices are in the quote asset.
        UNDERLYING_QUOTE = "underlying_quote" => InstrumentQuoteAsset::UnderlyingQuote,
    }
}

py_enum! {
    /// The right that an option gives (`barter_instrument::instrument::kind::option::OptionKind`).
    pub enum PyOptionKind(OptionKind) as "OptionKind" {
        /// The right to buy.
        CALL = "call" => OptionKind::Call,
        /// The right to sell.
        PUT = "put" => OptionKind::Put,
    }
}

py_enum! {
    /// When an option can be exercised (`OptionExercise`).
    pub enum PyOptionExercise(OptionExercise) as "OptionExercise" {
        /// At any time before its expiry.
        AMERICAN = "american" => OptionExercise::American,
        /// At some times before its expiry.
        BERMUDAN = "bermudan" => OptionExercise::Bermudan,
        /// At its expiry.
        EUROPEAN = "european" => OptionExercise::European,
    }
}

py_enum! {
    /// Exchanges that barter knows (`barter_instrument::exchange::ExchangeId`).
    pub enum PyExchangeId(ExchangeId) as "ExchangeId" {
        OTHER = "other" => ExchangeId::Other,
        SIMULATED = "simulated" => ExchangeId::Simulated,
        MOCK = "mock" => ExchangeId::Mock,
        BINANCE_FUTURES_COIN = "binance_futures_coin" => ExchangeId::BinanceFuturesCoin,
        BINANCE_FUTURES_USD = "binance_futures_usd" => ExchangeId::BinanceFuturesUsd,
        BINANCE_OPTIONS = "binance_options" => ExchangeId::BinanceOptions,
        BINANCE_PORTFOLIO_MARGIN = "binance_portfolio_margin" => ExchangeId::BinancePortfolioMargin,
        BINANCE_SPOT = "binance_spot" => ExchangeId::BinanceSpot,
        BINANCE_US = "binance_us" => ExchangeId::BinanceUs,
        BITAZZA = "bitazza" => ExchangeId::Bitazza,
        BITFINEX = "bitfinex" => ExchangeId::Bitfinex,
        BITFLYER = "bitflyer" => ExchangeId::Bitflyer,
        BITGET = "bitget" => ExchangeId::Bitget,
        BITMART = "bitmart" => ExchangeId::Bitmart,
        BITMART_FUTURES_USD = "bitmart_futures_usd" => ExchangeId::BitmartFuturesUsd,
        BITMEX = "bitmex" => ExchangeId::Bitmex,
        BITSO = "bitso" => ExchangeId::Bitso,
        BITSTAMP = "bitstamp" => ExchangeId::Bitstamp,
        BITVAVO = "bitvavo" => ExchangeId::Bitvavo,
        BITHUMB = "bithumb" => ExchangeId::Bithumb,
        BYBIT_PERPETUALS_USD = "bybit_perpetuals_usd" => ExchangeId::BybitPerpetualsUsd,
        BYBIT_SPOT = "bybit_spot" => ExchangeId::BybitSpot,
        CEXIO = "cexio" => ExchangeId::Cexio,
        COINBASE = "coinbase" => ExchangeId::Coinbase,
        COINBASE_INTERNATIONAL = "coinbase_international" => ExchangeId::CoinbaseInternational,
        CRYPTOCOM = "cryptocom" => ExchangeId::Cryptocom,
        DERIBIT = "deribit" => ExchangeId::Deribit,
        GATEIO_FUTURES_BTC = "gateio_futures_btc" => ExchangeId::GateioFuturesBtc,
        GATEIO_FUTURES_USD = "gateio_futures_usd" => ExchangeId::GateioFuturesUsd,
        GATEIO_OPTIONS = "gateio_options" => ExchangeId::GateioOptions,
        GATEIO_PERPETUALS_BTC = "gateio_perpetuals_btc" => ExchangeId::GateioPerpetualsBtc,
        GATEIO_PERPETUALS_USD = "gateio_perpetuals_usd" => ExchangeId::GateioPerpetualsUsd,
        GATEIO_SPOT = "gateio_spot" => ExchangeId::GateioSpot,
        GEMINI = "gemini" => ExchangeId::Gemini,
        HITBTC = "hitbtc" => ExchangeId::Hitbtc,
        HTX = "htx" => ExchangeId::Htx,
        KRAKEN = "kraken" => ExchangeId::Kraken,
        KUCOIN = "kucoin" => ExchangeId::Kucoin,
        LIQUID = "liquid" => ExchangeId::Liquid,
        MEXC = "mexc" => ExchangeId::Mexc,
        OKX = "okx" => ExchangeId::Okx,
        POLONIEX = "poloniex" => ExchangeId::Poloniex,
    }
}

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

    /// Makes the maps, and refuses names that collide.
    fn checked(instruments: barter_instrument::index::IndexedInstruments) -> Result<Self, Error> {
        let (by_name, by_asset) = (HashMap::new(), HashMap::new());
        let mut indexed = Self {
            instruments,
            by_name,
            by_asset,
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

    /// Exchanges without an execution configuration cannot be traded on.
    pub fn exchanges_without(&self, executions: &HashSet<ExchangeId>) -> Vec<&'static str> {
        let exchanges = self.instruments.exchanges().iter();
        exchanges
            .filter(|keyed| !executions.contains(&keyed.value))
            .map(|keyed| keyed.value.as_str())
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

    /// Reads what pickling has written.
    #[staticmethod]
    fn _from_barter_json(text: &str) -> PyResult<Self> {
        let instruments =
            serde_json::from_str(text).map_err(|error| Error::Config(error.to_string()))?;
        Ok(Self(Arc::new(Indexed::checked(instruments)?)))
    }

    #[gen_stub(override_return_type(
        type_repr = "tuple[operator.methodcaller, tuple[type[IndexedInstruments]]]",
        imports = ("operator")
    ))]
    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyType>,))> {
        let text = serde_json::to_string(&slf.get().0.instruments)
            .map_err(|error| Error::Config(error.to_string()))?;
        let caller = slf.py().import("operator")?.getattr("methodcaller")?;
        Ok((
            caller.call1(("_from_barter_json", text))?,
            (slf.get_type(),),
        ))
    }

    fn __repr__(&self) -> String {
        let instruments = self.0.instruments.instruments().iter();
        let names = instruments
            .map(|keyed| keyed.value.name_internal.name().as_str())
            .collect::<Vec<_>>();
        format!("IndexedInstruments({})", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barter::system::config::SystemConfig;

    /// The second way: barter's own serde spells the values.
    #[test]
    fn values_are_spelt_as_in_barters_json() {
        for (variant, (_, value)) in PyExchangeId::VARIANTS.iter().zip(PyExchangeId::MEMBERS) {
            assert_eq!(serde_json::to_value(variant).unwrap(), *value);
        }
        for (variant, (_, value)) in PyOptionKind::VARIANTS.iter().zip(PyOptionKind::MEMBERS) {
            assert_eq!(serde_json::to_value(variant).unwrap(), *value);
        }
        for (variant, (_, value)) in PyOptionExercise::VARIANTS
            .iter()
            .zip(PyOptionExercise::MEMBERS)
        {
            assert_eq!(serde_json::to_value(variant).unwrap(), *value);
        }
        for (variant, (_, value)) in PyInstrumentQuoteAsset::VARIANTS
            .iter()
            .zip(PyInstrumentQuoteAsset::MEMBERS)
        {
            assert_eq!(
                serde_json::from_value::<InstrumentQuoteAsset>((*value).into()).unwrap(),
                *variant
            );
        }
        for (variant, (_, value)) in PySide::VARIANTS.iter().zip(PySide::MEMBERS) {
            assert_eq!(
                serde_json::from_value::<barter_instrument::Side>((*value).into()).unwrap(),
                *variant
            );
        }
    }

    /// What `barter_python.SystemConfig` makes of the same file is in `tests_py/test_system.py`.
    #[test]
    fn barter_reads_the_example_configuration() {
        let text = include_str!("../../examples/data/system_config.json");
        let config: SystemConfig = serde_json::from_str(text).unwrap();
        let indexed = barter_instrument::index::IndexedInstruments::new(config.instruments);
        let names = indexed
            .instruments()
            .iter()
            .map(|keyed| keyed.value.name_internal.name().as_str());
        assert_eq!(
            names.collect::<Vec<_>>(),
            [
                "binancespot-btc_usdt",
                "binancespot-eth_usdt",
                "binancespot-sol_usdt"
            ]
        );
        let assets = indexed
            .assets()
            .iter()
            .map(|keyed| keyed.value.asset.name_internal.name().as_str());
        assert_eq!(assets.collect::<Vec<_>>(), ["btc", "eth", "sol", "usdt"]);
    }
}

//! barter's index of instruments, with look-ups by name.

use super::{
    PyExchangeId,
    config::InstrumentConfig,
    names::{full_name, tell_apart},
};
use crate::{
    convert::{listed, quoted},
    error::{Error, KeyKind},
};
use barter_instrument::{
    Keyed,
    asset::{Asset, AssetIndex},
    exchange::{ExchangeId, ExchangeIndex},
    instrument::{Instrument, InstrumentIndex, name::InstrumentNameInternal},
};
use pyo3::{
    prelude::*,
    types::{PyString, PyTuple},
};
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// barter's instrument, as indexed.
pub type BarterInstrument = Instrument<Keyed<ExchangeIndex, ExchangeId>, AssetIndex>;

/// barter's index with maps: its own look-ups build their error text even when they succeed.
#[derive(Debug)]
pub struct Indexed {
    /// barter's own.
    pub instruments: barter_instrument::index::IndexedInstruments,
    by_name: HashMap<String, usize>,
    /// By names that say what the instrument is, also where its own does not.
    by_full_name: HashMap<String, Option<usize>>,
    by_asset: HashMap<(ExchangeId, String), usize>,
    /// `None` if several instruments of an exchange have one name there.
    by_name_exchange: HashMap<(ExchangeId, String), Option<usize>>,
}

impl Indexed {
    /// Indexes instruments, and refuses those that barter would index wrongly.
    pub fn new(configs: Vec<InstrumentConfig>) -> Result<Self, Error> {
        let configs = configs
            .into_iter()
            .map(InstrumentConfig::into_barter)
            .collect::<Vec<_>>();
        if configs.is_empty() {
            return Err(Error::config(
                "there are no instruments to index".to_owned(),
            ));
        }
        let mut instruments = configs
            .into_iter()
            .map(Instrument::<ExchangeId, Asset>::from)
            .collect::<Vec<_>>();
        tell_apart(&mut instruments);
        Self::checked(instruments.into_iter().collect())
    }

    /// Refuses the exchange and the instrument of a market event if barter's engine would panic on them.
    pub fn check_key(&self, exchange: ExchangeId, instrument: Option<usize>) -> Result<(), Error> {
        self.exchange_index(exchange)?;
        let Some(index) = instrument else {
            return Ok(());
        };
        let Some(known) = self.instrument(index) else {
            let count = self.instruments.instruments().len();
            let text = format!(
                "there is no instrument {index}; the configuration has {count} (0 to {})",
                count.saturating_sub(1),
            );
            return Err(Error::unknown(KeyKind::Instrument, index, text));
        };
        if known.exchange.value != exchange {
            let text = format!(
                "instrument {index} is {}, which is on {}, but the event is of {}",
                known.name_internal,
                known.exchange.value.as_str(),
                exchange.as_str(),
            );
            return Err(Error::unknown(KeyKind::Instrument, index, text));
        }
        Ok(())
    }

    /// Makes the maps, and refuses names that collide.
    fn checked(instruments: barter_instrument::index::IndexedInstruments) -> Result<Self, Error> {
        let mut indexed = Self {
            instruments,
            by_name: HashMap::new(),
            by_full_name: HashMap::new(),
            by_asset: HashMap::new(),
            by_name_exchange: HashMap::new(),
        };
        for Keyed { key, value } in indexed.instruments.assets() {
            let name = value.asset.name_internal.name().to_string();
            if let Entry::Vacant(entry) = indexed.by_asset.entry((value.exchange, name)) {
                entry.insert(key.index());
            } else {
                return Err(Error::config(format!(
                    "assets on {} collide: {} and another spelling of it have one internal name, {}",
                    value.exchange.as_str(),
                    quoted(value.asset.name_exchange.name()),
                    quoted(value.asset.name_internal.name()),
                )));
            }
        }
        for Keyed { key, value } in indexed.instruments.instruments() {
            if let Some(other) = indexed
                .by_name
                .insert(value.name_internal.name().to_string(), key.index())
            {
                return Err(Error::config(format!(
                    "instruments {} (index {other}) and {} (index {}) have one internal name, {}",
                    quoted(indexed.name_exchange(other)),
                    quoted(value.name_exchange.name()),
                    key.index(),
                    quoted(value.name_internal.name()),
                )));
            }
            indexed
                .by_full_name
                .entry(full_name_of(&indexed.instruments, value))
                .and_modify(|index| *index = None)
                .or_insert_with(|| Some(key.index()));
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

    /// The names of the exchanges, each at the place of its index.
    pub fn exchange_names(&self) -> Vec<String> {
        let exchanges = self.instruments.exchanges().iter();
        exchanges
            .map(|keyed| keyed.value.as_str().to_owned())
            .collect()
    }

    /// The names of the instruments, each at the place of its index.
    pub fn instrument_names(&self) -> Vec<String> {
        let instruments = self.instruments.instruments().iter();
        instruments
            .map(|keyed| keyed.value.name_internal.to_string())
            .collect()
    }

    /// The names of the assets with their exchanges', such as `binance_spot_usdt`, each at the place of
    /// its index.
    pub fn asset_names(&self) -> Vec<String> {
        let assets = self.instruments.assets().iter();
        assets
            .map(|Keyed { value, .. }| {
                format!("{}_{}", value.exchange.as_str(), value.asset.name_internal)
            })
            .collect()
    }

    /// Index of the exchange.
    pub fn exchange_index(&self, exchange: ExchangeId) -> Result<ExchangeIndex, Error> {
        self.instruments
            .exchanges()
            .iter()
            .find(|keyed| keyed.value == exchange)
            .map(|keyed| keyed.key)
            .ok_or_else(|| {
                let name = exchange.as_str();
                let known = self.instruments.exchanges().iter();
                let known = listed(known.map(|keyed| keyed.value.as_str()));
                let text = format!("no instrument is on the exchange {name:?}; there are {known}");
                Error::unknown(KeyKind::Exchange, name, text)
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
                let text = format!(
                    "no instrument on {} has the asset {}; its assets are {}",
                    exchange.as_str(),
                    quoted(name),
                    listed(
                        assets
                            .filter(|keyed| keyed.value.exchange == exchange)
                            .map(|keyed| keyed.value.asset.name_internal.name().as_str())
                    ),
                );
                Error::unknown(KeyKind::Asset, name, text)
            })
    }

    /// Index of the instrument with that internal name, which may say what it is also where it need not.
    pub fn instrument_index(&self, name: &str) -> Result<InstrumentIndex, Error> {
        self.by_name
            .get(name)
            .copied()
            .or_else(|| self.by_full_name.get(name).copied().flatten())
            .map(InstrumentIndex)
            .ok_or_else(|| {
                let mut names = self.by_name.keys().map(String::as_str).collect::<Vec<_>>();
                names.sort_unstable();
                let (shown, known) = (quoted(name), listed(names));
                let text = format!("no instrument is called {shown}; there are {known}");
                Error::unknown(KeyKind::Instrument, name, text)
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
        let (exchange, shown) = (exchange.as_str(), quoted(name));
        let text = if found.is_some() {
            let same = others
                .filter(|keyed| keyed.value.name_exchange.name() == name)
                .map(|keyed| keyed.value.name_internal.name().as_str());
            format!(
                "several instruments on {exchange} are called {shown}: look one up by its internal \
                 name, {}",
                listed(same)
            )
        } else {
            let names = others.map(|keyed| keyed.value.name_exchange.name().as_str());
            format!(
                "no instrument on {exchange} is called {shown} there; there are {}",
                listed(names)
            )
        };
        Err(Error::unknown(KeyKind::Instrument, name, text))
    }

    /// Index of the instrument by a name, or a pair of exchange and the exchange's name; `None` for
    /// an object that is neither.
    pub fn by_names(&self, key: &Bound<'_, PyAny>) -> PyResult<Option<InstrumentIndex>> {
        if let Ok(name) = key.cast::<PyString>() {
            return Ok(Some(self.instrument_index(&name.to_cow()?)?));
        }
        if key.is_instance_of::<PyTuple>()
            && let Ok((exchange, name)) = key.extract::<(PyExchangeId, String)>()
        {
            return Ok(Some(self.instrument_index_of_exchange(exchange.0, &name)?));
        }
        Ok(None)
    }

    /// Index of an exchange's instrument by the exchange's name or the internal one.
    pub fn named_by(&self, exchange: ExchangeId, name: &str) -> Result<InstrumentIndex, Error> {
        self.exchange_index(exchange)?;
        self.instrument_index_of_exchange(exchange, name)
            .or_else(|unknown| {
                let index = self.instrument_index(name).map_err(|_| unknown)?;
                self.check_key(exchange, Some(index.index()))?;
                Ok(index)
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

/// The full name, from the assets' names as the index has them.
fn full_name_of(
    instruments: &barter_instrument::index::IndexedInstruments,
    instrument: &BarterInstrument,
) -> String {
    let name = |AssetIndex(index)| {
        let asset = instruments.assets().get(index);
        asset.map_or("", |asset| asset.value.asset.name_exchange.name())
    };
    let plain = InstrumentNameInternal::new(format!(
        "{}-{}_{}",
        instrument.exchange.value,
        name(instrument.underlying.base),
        name(instrument.underlying.quote),
    ));
    full_name(plain.name(), instrument)
}

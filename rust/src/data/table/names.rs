//! The instruments that rows are about.

use crate::{
    convert::{listed, quoted},
    error::{Error, KeyKind},
    instrument::Indexed,
};
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use pyo3::{exceptions::PyTypeError, prelude::*};
use std::{collections::HashMap, sync::Arc};

/// An instrument and its exchange.
pub type Key = (ExchangeId, InstrumentIndex);

/// Looks instruments up by the names in a table.
#[derive(Clone, Debug)]
pub struct Names {
    indexed: Arc<Indexed>,
    /// What the table calls an instrument, and what the configuration does.
    symbols: Option<HashMap<String, String>>,
    /// The instrument of all rows, if the table does not say.
    only: Option<Key>,
    last: Option<(String, Key)>,
    known: HashMap<String, Key>,
}

impl Names {
    /// With the instrument of all rows, for a table without names.
    pub fn of_one(indexed: Arc<Indexed>, instrument: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let only = match instrument {
            Some(name) => given(&indexed, name)?,
            None => the_only(&indexed)?,
        };
        Ok(Self {
            only: Some(only),
            ..Self::of_column(indexed, None)
        })
    }

    /// For a table with a column of names.
    pub fn of_column(indexed: Arc<Indexed>, symbols: Option<HashMap<String, String>>) -> Self {
        Self {
            indexed,
            symbols,
            only: None,
            last: None,
            known: HashMap::new(),
        }
    }

    /// The instrument of all rows, if there is no column of names.
    pub const fn only(&self) -> Option<Key> {
        self.only
    }

    /// The instrument with that name in the table.
    pub fn find(&mut self, name: &str) -> Result<Key, String> {
        if let Some((last, key)) = &self.last
            && last == name
        {
            return Ok(*key);
        }
        let key = match self.known.get(name) {
            Some(key) => *key,
            None => self.look_up(name)?,
        };
        self.last = Some((name.to_owned(), key));
        Ok(key)
    }

    fn look_up(&mut self, name: &str) -> Result<Key, String> {
        let ours = match &self.symbols {
            None => name,
            Some(symbols) => symbols.get(name).ok_or_else(|| {
                let mut names = symbols.keys().map(String::as_str).collect::<Vec<_>>();
                names.sort_unstable();
                format!("symbols has no {}, only {}", quoted(name), listed(names))
            })?,
        };
        let key = by_name(&self.indexed, ours).map_err(|error| error.to_string())?;
        self.known.insert(name.to_owned(), key);
        Ok(key)
    }
}

fn key_of(indexed: &Indexed, index: InstrumentIndex) -> Result<Key, Error> {
    let instrument = indexed.instrument(index.index());
    let instrument =
        instrument.ok_or_else(|| Error::inconsistent("an index without instrument"))?;
    Ok((instrument.exchange.value, index))
}

/// By the internal name, or by the exchange's name, which only one exchange may have.
fn by_name(indexed: &Indexed, name: &str) -> Result<Key, Error> {
    let unknown = match indexed.instrument_index(name) {
        Ok(index) => return key_of(indexed, index),
        Err(unknown) => unknown,
    };
    let instruments = indexed.instruments.instruments().iter();
    let called = instruments.filter(|keyed| keyed.value.name_exchange.name() == name);
    let mut called = called.collect::<Vec<_>>();
    match (called.pop(), called.is_empty()) {
        (Some(keyed), true) => Ok((keyed.value.exchange.value, keyed.key)),
        (Some(keyed), false) => {
            called.push(keyed);
            let names = called.iter();
            let names = listed(names.map(|keyed| keyed.value.name_internal.name().as_str()));
            let text = format!(
                "several instruments are called {}: name one by its internal name, {names}",
                quoted(name)
            );
            Err(Error::unknown(KeyKind::Instrument, name, text))
        }
        (None, _) => {
            let instruments = indexed.instruments.instruments().iter();
            let names = listed(instruments.map(|keyed| keyed.value.name_exchange.name().as_str()));
            let text = format!("{unknown}; the exchanges call them {names}");
            Err(Error::unknown(KeyKind::Instrument, name, text))
        }
    }
}

/// An instrument given as an argument: a name, or a pair of exchange and the exchange's name.
fn given(indexed: &Indexed, name: &Bound<'_, PyAny>) -> PyResult<Key> {
    if let Ok(name) = name.extract::<String>() {
        return Ok(by_name(indexed, &name)?);
    }
    match indexed.by_names(name)? {
        Some(index) => Ok(key_of(indexed, index)?),
        None => Err(PyTypeError::new_err(format!(
            "instrument must be a name, or a pair of ExchangeId and the exchange's name, got {}",
            name.get_type().name()?
        ))),
    }
}

/// The instrument, if there is only one.
fn the_only(indexed: &Indexed) -> PyResult<Key> {
    let instruments = indexed.instruments.instruments();
    if let [keyed] = instruments {
        return Ok((keyed.value.exchange.value, keyed.key));
    }
    let names = instruments.iter();
    let names = listed(names.map(|keyed| keyed.value.name_internal.name().as_str()));
    Err(PyTypeError::new_err(format!(
        "which instrument are the rows about? Give its name by the argument instrument, or name the \
         column that has it in the description of the columns; there are {names}"
    )))
}

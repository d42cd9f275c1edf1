//! Events given from Python.

use super::{AnyMarketEvent, NamedMarketEvent};
use crate::{convert::quoted, error::Error, instrument::Indexed};
use pyo3::{exceptions::PyTypeError, prelude::*};

/// An event given from Python, with the index of its instrument.
pub fn any_event(
    position: usize,
    event: &Bound<'_, PyAny>,
    indexed: Option<&Indexed>,
) -> PyResult<AnyMarketEvent> {
    let place = format!("event {position}");
    let unknown = |error: Error| Error::market_data_of(None, &place, error.to_string());
    if let Ok(event) = event.extract::<AnyMarketEvent>() {
        if let Some(indexed) = indexed {
            let (exchange, instrument) = event.key();
            indexed.check_key(exchange, instrument).map_err(unknown)?;
        }
        return Ok(event);
    }
    let Ok(named) = event.extract::<NamedMarketEvent>() else {
        return Err(PyTypeError::new_err(format!(
            "event {position} must be a MarketEvent, a NamedMarketEvent or a Reconnecting, got {}",
            event.get_type().name()?
        )));
    };
    let Some(indexed) = indexed else {
        return Err(PyTypeError::new_err(format!(
            "event {position} names its instrument, {}: give from_events the instruments to look \
             it up in, such as instruments=config.index()",
            quoted(&named.instrument)
        )));
    };
    Ok(AnyMarketEvent::Item(
        named.resolved(indexed).map_err(unknown)?,
    ))
}

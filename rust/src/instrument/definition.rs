//! Instruments as the user has configured them: the way back from barter's index.

use super::{
    BarterInstrument, Indexed, PyExchangeId, PyInstrumentQuoteAsset, PyOptionExercise, PyOptionKind,
};
use crate::{
    convert::{Dec, UtcTime, import},
    error::{Error, KeyKind},
};
use barter_instrument::{
    asset::AssetIndex,
    instrument::{
        kind::{
            InstrumentKind, future::FutureContract, option::OptionContract,
            perpetual::PerpetualContract,
        },
        spec::{
            InstrumentSpec, InstrumentSpecNotional, InstrumentSpecPrice, InstrumentSpecQuantity,
            OrderQuantityUnits,
        },
    },
};
use pyo3::{IntoPyObjectExt, call::PyCallArgs, prelude::*, sync::PyOnceLock, types::PyDict};

/// Makes an instance of a class of `barter_python.instrument`.
macro_rules! make {
    ($py:expr, $class:literal, $arguments:expr $(, $name:literal = $value:expr)*) => {{
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let named = PyDict::new($py);
        $(named.set_item($name, $value)?;)*
        make(&CLASS, $class, $arguments, &named)
    }};
}

fn make<'py>(
    cell: &'static PyOnceLock<Py<PyAny>>,
    class: &str,
    arguments: impl PyCallArgs<'py>,
    named: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    import(named.py(), cell, "barter_python.instrument", class)?.call(arguments, Some(named))
}

fn asset_name(indexed: &Indexed, asset: AssetIndex) -> PyResult<&str> {
    let assets = indexed.instruments.assets();
    let unknown = || {
        let index = asset.index();
        Error::unknown(KeyKind::Asset, index, format!("there is no asset {index}"))
    };
    let keyed = assets.get(asset.index()).ok_or_else(unknown)?;
    Ok(keyed.value.asset.name_exchange.name())
}

/// `barter_python.InstrumentConfig` of the instrument.
pub fn definition<'py>(
    py: Python<'py>,
    indexed: &Indexed,
    instrument: &BarterInstrument,
) -> PyResult<Bound<'py, PyAny>> {
    static UNDERLYING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let BarterInstrument {
        exchange,
        name_internal: _,
        name_exchange,
        underlying,
        quote,
        kind: _,
        spec: _,
    } = instrument;
    let names = (
        asset_name(indexed, underlying.base)?,
        asset_name(indexed, underlying.quote)?,
    );
    let underlying = import(py, &UNDERLYING, "barter_python.instrument", "Underlying")?;
    let arguments = (
        PyExchangeId::from(exchange.value),
        name_exchange.name().as_str(),
        underlying.call1(names)?,
        PyInstrumentQuoteAsset::from(*quote),
        kind(py, indexed, instrument)?,
        spec(py, indexed, instrument)?,
    );
    make!(py, "InstrumentConfig", arguments)
}

/// The kind of the instrument, as in its configuration.
pub fn kind<'py>(
    py: Python<'py>,
    indexed: &Indexed,
    instrument: &BarterInstrument,
) -> PyResult<Bound<'py, PyAny>> {
    match &instrument.kind {
        InstrumentKind::Spot => make!(py, "Spot", ("spot",)),
        InstrumentKind::Perpetual(PerpetualContract {
            contract_size,
            settlement_asset,
        }) => {
            let settlement = asset_name(indexed, *settlement_asset)?;
            make!(py, "PerpetualContract", (Dec(*contract_size), settlement))
        }
        InstrumentKind::Future(FutureContract {
            contract_size,
            settlement_asset,
            expiry,
        }) => {
            let settlement = asset_name(indexed, *settlement_asset)?;
            let arguments = (Dec(*contract_size), settlement, UtcTime(*expiry));
            make!(py, "FutureContract", arguments)
        }
        InstrumentKind::Option(OptionContract {
            contract_size,
            settlement_asset,
            kind,
            exercise,
            expiry,
            strike,
        }) => {
            let arguments = (
                Dec(*contract_size),
                asset_name(indexed, *settlement_asset)?,
                PyOptionKind::from(*kind),
                PyOptionExercise::from(*exercise),
                UtcTime(*expiry),
            );
            make!(py, "OptionContract", arguments, "strike" = Dec(*strike))
        }
    }
}

/// The exchange's rules for orders, where the configuration has them.
pub fn spec<'py>(
    py: Python<'py>,
    indexed: &Indexed,
    instrument: &BarterInstrument,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(InstrumentSpec {
        price: InstrumentSpecPrice {
            min: price_min,
            tick_size,
        },
        quantity:
            InstrumentSpecQuantity {
                unit,
                min: quantity_min,
                increment,
            },
        notional: InstrumentSpecNotional { min: notional_min },
    }) = &instrument.spec
    else {
        return Ok(None);
    };
    let unit = match unit {
        OrderQuantityUnits::Asset(asset) => asset_name(indexed, *asset)?.into_bound_py_any(py)?,
        OrderQuantityUnits::Contract => make!(py, "OrderQuantityUnits", ("contract",))?,
        OrderQuantityUnits::Quote => make!(py, "OrderQuantityUnits", ("quote",))?,
    };
    let spec = make!(
        py,
        "InstrumentSpec",
        (),
        "price_min" = Dec(*price_min),
        "price_tick_size" = Dec(*tick_size),
        "quantity_unit" = unit,
        "quantity_min" = Dec(*quantity_min),
        "quantity_increment" = Dec(*increment),
        "notional_min" = Dec(*notional_min)
    );
    spec.map(Some)
}

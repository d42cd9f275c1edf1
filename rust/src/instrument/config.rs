//! Configurations: the module `barter::system::config`, read from the Python layer's dataclasses.

use super::{PyExchangeId, PyInstrumentQuoteAsset, PyOptionExercise, PyOptionKind};
use crate::convert::{Dec, PythonClass, UtcTime};
use barter_instrument::{
    Underlying,
    asset::name::AssetNameExchange,
    instrument::{
        kind::{
            InstrumentKind, future::FutureContract, option::OptionContract,
            perpetual::PerpetualContract,
        },
        name::InstrumentNameExchange,
        spec::{
            InstrumentSpec, InstrumentSpecNotional, InstrumentSpecPrice, InstrumentSpecQuantity,
            OrderQuantityUnits,
        },
    },
};
use pyo3::{prelude::*, sync::PyOnceLock, types::PyString};

/// The class `barter_python.InstrumentConfig`.
pub struct InstrumentConfigClass;

impl PythonClass for InstrumentConfigClass {
    const MODULE: &'static str = "system";
    const NAME: &'static str = "InstrumentConfig";
    const WHAT: &'static str = "instrument";

    fn cell() -> &'static PyOnceLock<Py<PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        &CELL
    }
}

/// `barter_python.InstrumentConfig`.
#[derive(FromPyObject)]
pub struct InstrumentConfig {
    exchange: PyExchangeId,
    name_exchange: String,
    underlying: UnderlyingNames,
    quote: PyInstrumentQuoteAsset,
    kind: Kind,
    spec: Option<Spec>,
}

#[derive(FromPyObject)]
struct UnderlyingNames {
    base: String,
    quote: String,
}

/// The classes are distinguished by their fields; the class with the most fields comes first.
#[derive(FromPyObject)]
enum Kind {
    Option {
        contract_size: Dec,
        settlement_asset: String,
        kind: PyOptionKind,
        exercise: PyOptionExercise,
        expiry: UtcTime,
        strike: Dec,
    },
    Future {
        contract_size: Dec,
        settlement_asset: String,
        expiry: UtcTime,
    },
    Perpetual {
        contract_size: Dec,
        settlement_asset: String,
    },
    #[pyo3(transparent)]
    Spot(SpotKind),
}

/// The member `SPOT` of the Python layer's one-member enum.
struct SpotKind;

impl<'a, 'py> FromPyObject<'a, 'py> for SpotKind {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let value = object.getattr(pyo3::intern!(object.py(), "value"))?;
        if value.cast::<PyString>()?.to_cow()? == "spot" {
            Ok(Self)
        } else {
            Err(pyo3::exceptions::PyTypeError::new_err(
                "expected Spot.SPOT, a PerpetualContract, a FutureContract or an OptionContract",
            ))
        }
    }
}

#[derive(FromPyObject)]
struct Spec {
    price_min: Dec,
    price_tick_size: Dec,
    quantity_unit: QuantityUnit,
    quantity_min: Dec,
    quantity_increment: Dec,
    notional_min: Dec,
}

/// An enum member (`contract` or `quote`), or an asset's name.
struct QuantityUnit(OrderQuantityUnits<AssetNameExchange>);

impl<'a, 'py> FromPyObject<'a, 'py> for QuantityUnit {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(asset) = object.cast::<PyString>() {
            return Ok(Self(OrderQuantityUnits::Asset(
                asset.to_cow()?.into_owned().into(),
            )));
        }
        let value = object.getattr(pyo3::intern!(object.py(), "value"))?;
        Ok(Self(match value.cast::<PyString>()?.to_cow()?.as_ref() {
            "contract" => OrderQuantityUnits::Contract,
            _ => OrderQuantityUnits::Quote,
        }))
    }
}

impl InstrumentConfig {
    /// barter's own configuration of the instrument.
    pub fn into_barter(self) -> barter::system::config::InstrumentConfig {
        barter::system::config::InstrumentConfig {
            exchange: self.exchange.0,
            name_exchange: InstrumentNameExchange::new(self.name_exchange),
            underlying: Underlying::new(self.underlying.base, self.underlying.quote),
            quote: self.quote.0,
            kind: match self.kind {
                Kind::Spot(SpotKind) => InstrumentKind::Spot,
                Kind::Perpetual {
                    contract_size,
                    settlement_asset,
                } => InstrumentKind::Perpetual(PerpetualContract {
                    contract_size: contract_size.0,
                    settlement_asset: settlement_asset.into(),
                }),
                Kind::Future {
                    contract_size,
                    settlement_asset,
                    expiry,
                } => InstrumentKind::Future(FutureContract {
                    contract_size: contract_size.0,
                    settlement_asset: settlement_asset.into(),
                    expiry: expiry.0,
                }),
                Kind::Option {
                    contract_size,
                    settlement_asset,
                    kind,
                    exercise,
                    expiry,
                    strike,
                } => InstrumentKind::Option(OptionContract {
                    contract_size: contract_size.0,
                    settlement_asset: settlement_asset.into(),
                    kind: kind.0,
                    exercise: exercise.0,
                    expiry: expiry.0,
                    strike: strike.0,
                }),
            },
            spec: self.spec.map(|spec| InstrumentSpec {
                price: InstrumentSpecPrice {
                    min: spec.price_min.0,
                    tick_size: spec.price_tick_size.0,
                },
                quantity: InstrumentSpecQuantity {
                    unit: spec.quantity_unit.0,
                    min: spec.quantity_min.0,
                    increment: spec.quantity_increment.0,
                },
                notional: InstrumentSpecNotional {
                    min: spec.notional_min.0,
                },
            }),
        }
    }
}

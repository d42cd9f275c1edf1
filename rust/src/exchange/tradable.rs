//! Checks of instruments and balances that the simulated exchange could only book wrongly.

use super::amount::Amount;
use crate::{
    error::Error,
    instrument::{BarterInstrument, Indexed},
};
use barter_instrument::{
    asset::AssetIndex,
    exchange::ExchangeId,
    instrument::{kind::InstrumentKind, quote::InstrumentQuoteAsset, spec::OrderQuantityUnits},
};
use rust_decimal::Decimal;

/// Refuses instruments whose profit barter's `Position` would compute wrongly, and those that the exchange
/// has no rules for.
pub fn check_tradable(indexed: &Indexed) -> Result<(), Error> {
    for keyed in indexed.instruments.instruments() {
        if let Err(reason) = check(&keyed.value) {
            let name = &keyed.value.name_internal;
            return Err(Error::config(format!(
                "instrument {name} {reason}: the simulated exchange trades spot, and linear perpetuals \
                 and futures of contract size 1, all quoted and settled in the quote asset"
            )));
        }
    }
    Ok(())
}

fn check(instrument: &BarterInstrument) -> Result<(), String> {
    match instrument.quote {
        InstrumentQuoteAsset::UnderlyingQuote => {}
        InstrumentQuoteAsset::UnderlyingBase => {
            return Err("is quoted in its base asset".to_owned());
        }
    }
    match &instrument.kind {
        InstrumentKind::Spot => {}
        InstrumentKind::Perpetual(contract) => {
            check_contract(
                instrument,
                contract.contract_size,
                contract.settlement_asset,
            )?;
        }
        InstrumentKind::Future(contract) => {
            check_contract(
                instrument,
                contract.contract_size,
                contract.settlement_asset,
            )?;
        }
        InstrumentKind::Option(_) => return Err("is an option".to_owned()),
    }
    let Some(spec) = &instrument.spec else {
        return Ok(());
    };
    match spec.quantity.unit {
        OrderQuantityUnits::Contract => Ok(()),
        OrderQuantityUnits::Asset(asset) if asset == instrument.underlying.base => Ok(()),
        OrderQuantityUnits::Asset(_) => {
            Err("has quantities in an asset that is not its base".to_owned())
        }
        OrderQuantityUnits::Quote => Err("has quantities in its quote asset".to_owned()),
    }
}

fn check_contract(
    instrument: &BarterInstrument,
    size: Decimal,
    settlement: AssetIndex,
) -> Result<(), String> {
    if size != Decimal::ONE {
        return Err(format!("has the contract size {size}"));
    }
    if settlement != instrument.underlying.quote {
        return Err("is not settled in its quote asset".to_owned());
    }
    Ok(())
}

/// Refuses a starting balance that is not on the grid of amounts or is too large.
pub fn check_balance(exchange: ExchangeId, name: &str, balance: Decimal) -> Result<(), Error> {
    let refused = |reason: &str| {
        Error::config(format!(
            "the balance of {name} on {} must {reason}, got {balance}",
            exchange.as_str()
        ))
    };
    if balance.abs() >= Amount::LIMIT.decimal() {
        return Err(refused("be less than 10^15"));
    }
    if Amount::exact(balance).is_none() {
        return Err(refused("not have more than 12 decimal places"));
    }
    Ok(())
}

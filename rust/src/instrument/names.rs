//! Internal names that tell the contracts of one pair of assets on one exchange apart.

use barter_instrument::{
    asset::Asset,
    exchange::ExchangeId,
    instrument::{
        Instrument,
        kind::{InstrumentKind, option::OptionKind},
        name::InstrumentNameInternal,
    },
};
use std::collections::{HashMap, HashSet};

/// barter's own name of exchange, base and quote, with what the instrument is behind it.
pub fn full_name<ExchangeKey, AssetKey>(
    plain: &str,
    instrument: &Instrument<ExchangeKey, AssetKey>,
) -> String {
    match &instrument.kind {
        InstrumentKind::Spot => format!("{plain}-spot"),
        InstrumentKind::Perpetual(_) => format!("{plain}-perpetual"),
        InstrumentKind::Future(future) => {
            format!("{plain}-future-{}", future.expiry.format("%Y%m%d"))
        }
        InstrumentKind::Option(option) => {
            let kind = match option.kind {
                OptionKind::Call => "call",
                OptionKind::Put => "put",
            };
            format!(
                "{plain}-option-{}-{}-{kind}",
                option.expiry.format("%Y%m%d"),
                option.strike.normalize(),
            )
        }
    }
}

/// Gives contracts their full name where others have the same plain one; spot keeps the plain one.
pub fn tell_apart(instruments: &mut [Instrument<ExchangeId, Asset>]) {
    let mut by_name: HashMap<InstrumentNameInternal, HashSet<&Instrument<ExchangeId, Asset>>> =
        HashMap::new();
    for instrument in &*instruments {
        let same = by_name.entry(instrument.name_internal.clone()).or_default();
        same.insert(instrument);
    }
    let shared = by_name
        .into_iter()
        .filter(|(_, same)| same.len() > 1)
        .map(|(name, _)| name)
        .collect::<HashSet<_>>();
    for instrument in instruments {
        let plain = &instrument.name_internal;
        if shared.contains(plain) && instrument.kind != InstrumentKind::Spot {
            let name = full_name(plain.name(), instrument);
            instrument.name_internal = InstrumentNameInternal::new(name);
        }
    }
}

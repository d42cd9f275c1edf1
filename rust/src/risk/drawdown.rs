//! The switch that a drawdown of the equity throws.

use super::reason::at_most;
use crate::state::{Run, State, with_open_positions};
use barter_instrument::asset::AssetIndex;
use rust_decimal::Decimal;
use std::{collections::BTreeSet, sync::Arc};

/// Thrown once, by any quote asset, and never taken back.
pub struct DrawdownSwitch {
    limit: Decimal,
    /// It has the funding.
    run: Arc<Run>,
    assets: Vec<Equity>,
    reason: Option<String>,
}

/// Equity in one quote asset.
struct Equity {
    asset: AssetIndex,
    name: String,
    /// The balance when it was first known, less what had been gained by then.
    start: Option<Decimal>,
    peak: Decimal,
}

impl DrawdownSwitch {
    /// Over all assets that something is quoted in.
    pub fn new(limit: Decimal, run: &Arc<Run>) -> Self {
        let indexed = &run.indexed;
        let instruments = indexed.instruments.instruments().iter();
        let quotes = instruments
            .map(|keyed| keyed.value.underlying.quote)
            .collect::<BTreeSet<_>>();
        let assets = indexed.instruments.assets().iter();
        let assets = assets
            .filter(|keyed| quotes.contains(&keyed.key))
            .map(|keyed| Equity {
                asset: keyed.key,
                name: format!(
                    "{}_{}",
                    keyed.value.exchange.as_str(),
                    keyed.value.asset.name_internal
                ),
                start: None,
                peak: Decimal::ZERO,
            })
            .collect();
        Self {
            limit,
            run: Arc::clone(run),
            assets,
            reason: None,
        }
    }

    /// Looks at the equity; to be called at every event, so that no peak is missed.
    pub fn look(&mut self, state: &State) -> Option<&str> {
        if self.reason.is_none() {
            let (limit, run) = (self.limit, &self.run);
            self.reason = self
                .assets
                .iter_mut()
                .find_map(|equity| equity.look(state, run, limit).err());
        }
        self.reason.as_deref()
    }
}

impl Equity {
    fn look(&mut self, state: &State, run: &Run, limit: Decimal) -> Result<(), String> {
        let closed = state.instruments.0.values();
        let closed = closed
            .filter(|instrument| instrument.instrument.underlying.quote == self.asset)
            .fold(Decimal::ZERO, |sum, instrument| {
                sum.saturating_add(instrument.tear_sheet.pnl_returns.pnl_raw)
            });
        let closed = closed.saturating_add(run.funding(self.asset));
        let gained = with_open_positions(closed, state, self.asset);
        let balance = || {
            let asset = state.assets.0.get_index(self.asset.index());
            asset.and_then(|(_, asset)| asset.balance)
        };
        let start = self
            .start
            .or_else(|| Some(balance()?.value.total.saturating_sub(gained)));
        let Some(start) = start else {
            return Ok(());
        };
        self.start = Some(start);
        let equity = start.saturating_add(gained);
        self.peak = self.peak.max(equity);
        let fallen = self.peak.saturating_sub(equity);
        // Without a peak above zero there is no fraction of it.
        let drawdown = fallen.checked_div(self.peak).unwrap_or_default();
        at_most("max_drawdown", "drawdown", drawdown, Some(limit)).map_err(|reason| {
            format!(
                "{reason} (equity {} after a peak of {} {})",
                equity.normalize(),
                self.peak.normalize(),
                self.name
            )
        })
    }
}

//! What open positions are worth now.

use super::State;
use barter::engine::state::position::{Position, calculate_pnl_unrealised};
use barter_instrument::asset::{AssetIndex, QuoteAsset};
use rust_decimal::Decimal;

/// `realised` and the profit of all open positions quoted in `asset`, realised and unrealised at the
/// mark, without barter's estimate of the fees of closing.
pub fn with_open_positions(realised: Decimal, state: &State, asset: AssetIndex) -> Decimal {
    let mut equity = realised;
    for instrument in state.instruments.0.values() {
        let Some(position) = &instrument.position.current else {
            continue;
        };
        if instrument.instrument.underlying.quote != asset {
            continue;
        }
        equity = equity
            .saturating_add(position.pnl_realised)
            .saturating_add(unrealised_at(position, instrument.data.mark()));
    }
    equity
}

/// barter's own formula, without its estimate of the fees of closing; zero without a mark.
pub fn unrealised_at(position: &Position<QuoteAsset>, mark: Option<Decimal>) -> Decimal {
    calculate_pnl_unrealised(
        position.side,
        position.price_entry_average,
        position.quantity_abs,
        position.quantity_abs_max,
        Decimal::ZERO,
        mark.unwrap_or(position.price_entry_average),
    )
}

//! What open positions are worth now.

use super::State;
use barter::engine::state::position::Position;
use barter_instrument::{
    Side,
    asset::{AssetIndex, QuoteAsset},
};
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
        equity = equity.saturating_add(profit_at(position, instrument.data.market.mark()));
    }
    equity
}

/// The profit of an open position, realised and unrealised at the mark.
pub fn profit_at(position: &Position<QuoteAsset>, mark: Option<Decimal>) -> Decimal {
    position
        .pnl_realised
        .saturating_add(unrealised_at(position, mark))
}

/// What barter's `calculate_pnl_unrealised` gives without fees of closing; zero without a mark.
///
/// barter's own divides for the fees even without any, and panics where a product does not fit. It is
/// asked at every market event, so this is its formula.
pub fn unrealised_at(position: &Position<QuoteAsset>, mark: Option<Decimal>) -> Decimal {
    let Some(mark) = mark else {
        return Decimal::ZERO;
    };
    let worth = position.quantity_abs.saturating_mul(mark);
    let cost = position
        .quantity_abs
        .saturating_mul(position.price_entry_average);
    match position.side {
        Side::Buy => worth.saturating_sub(cost),
        Side::Sell => cost.saturating_sub(worth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barter::engine::state::position::calculate_pnl_unrealised;
    use barter_execution::trade::AssetFees;
    use barter_instrument::instrument::InstrumentIndex;
    use chrono::DateTime;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_formula_is_barters(
            is_buy in any::<bool>(),
            (entry, entry_scale) in (1..i64::MAX, 0..12_u32),
            (mark, mark_scale) in (1..i64::MAX, 0..12_u32),
            (quantity, quantity_scale) in (1..1_000_000_i64, 0..9_u32),
        ) {
            let side = if is_buy { Side::Buy } else { Side::Sell };
            let (entry, mark) = (Decimal::new(entry, entry_scale), Decimal::new(mark, mark_scale));
            let quantity = Decimal::new(quantity, quantity_scale);
            let position = Position {
                instrument: InstrumentIndex(0),
                side,
                price_entry_average: entry,
                quantity_abs: quantity,
                quantity_abs_max: quantity,
                pnl_unrealised: Decimal::ZERO,
                pnl_realised: Decimal::TWO,
                fees_enter: AssetFees::quote_fees(Decimal::ONE),
                fees_exit: AssetFees::quote_fees(Decimal::ZERO),
                time_enter: DateTime::UNIX_EPOCH,
                time_exchange_update: DateTime::UNIX_EPOCH,
                trades: Vec::new(),
            };
            let barters =
                calculate_pnl_unrealised(side, entry, quantity, quantity, Decimal::ZERO, mark);
            prop_assert_eq!(unrealised_at(&position, Some(mark)), barters);
            prop_assert_eq!(unrealised_at(&position, None), Decimal::ZERO);
            prop_assert_eq!(profit_at(&position, Some(mark)), Decimal::TWO.saturating_add(barters));
        }
    }
}

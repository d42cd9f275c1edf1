//! Whether barter's arithmetic of a fill holds: that of positions and of the statistics of closed ones.

use crate::{data::MAGNITUDE_LIMIT, state::InstrumentData};
use barter::{
    engine::state::{
        instrument::InstrumentState,
        position::{Position, calculate_pnl_realised},
    },
    statistic::summary::{dataset::DataSetSummary, instrument::TearSheetGenerator},
};
use barter_execution::trade::Trade;
use barter_instrument::{asset::QuoteAsset, instrument::InstrumentIndex};
use rust_decimal::Decimal;

type Fill = Trade<QuoteAsset, InstrumentIndex>;

/// What the sums of a position must stay below: with `MAGNITUDE_LIMIT` for its quantity and for prices,
/// no product and no sum of barter's formulas exceeds three times this, which fits.
const SUM_LIMIT: Decimal = Decimal::from_parts(268_435_456, 1_042_612_833, 542_101_086, false, 0);

/// Refuses a fill that barter could not book, with the position as it is.
///
/// The price, the fees and the quantity are below `MAGNITUDE_LIMIT`, the quantity is positive.
pub fn check(instrument: &InstrumentState<InstrumentData>, fill: &Fill) -> Result<(), String> {
    // A strategy's own position may be larger than that of all together.
    let by_strategy = instrument.data.by_strategy();
    if let Some((own, _)) = by_strategy.and_then(|positions| positions.get(&fill.strategy)) {
        check_position(own, None, fill)?;
    }
    match &instrument.position.current {
        Some(position) => check_position(position, Some(&instrument.tear_sheet), fill),
        None => opening(fill.price, fill.quantity),
    }
}

/// The same of one position, and of the statistics that its closing goes into.
fn check_position(
    position: &Position<QuoteAsset>,
    sheet: Option<&TearSheetGenerator>,
    fill: &Fill,
) -> Result<(), String> {
    let overflow = || "barter's arithmetic would overflow".to_owned();
    if position.side == fill.side {
        let average = increasing(position, fill)?;
        let quantity = position.quantity_abs.checked_add(fill.quantity);
        let quantity = quantity.ok_or_else(overflow)?;
        return match sheet {
            Some(_) => opening(average, quantity.max(position.quantity_abs_max)),
            None => Ok(()),
        };
    }
    let closed = position.quantity_abs.min(fill.quantity);
    // A fill that flips pays for both of its parts.
    let fees = if fill.quantity > closed {
        closed
            .checked_div(fill.quantity)
            .and_then(|part| fill.fees.fees.checked_mul(part))
            .ok_or_else(overflow)?
    } else {
        fill.fees.fees
    };
    sum(position.fees_exit.fees, fees).ok_or_else(overflow)?;
    // barter's own: quantities and prices are within the limit, so its products fit.
    let realised = calculate_pnl_realised(
        position.side,
        position.price_entry_average,
        closed,
        fill.price,
        fees,
    );
    let realised = sum(position.pnl_realised, realised).ok_or_else(overflow)?;
    let Some(sheet) = sheet.filter(|_| closed >= position.quantity_abs) else {
        return Ok(());
    };
    let cost = cost(position.price_entry_average, position.quantity_abs_max)?;
    closing(sheet, realised, cost).ok_or_else(|| {
        format!(
            "the statistics of barter would overflow: the profit and loss {realised} of the position \
             that it closes, by its cost {cost}"
        )
    })?;
    match fill.quantity.checked_sub(closed).ok_or_else(overflow)? {
        rest if rest.is_zero() => Ok(()),
        rest => opening(fill.price, rest),
    }
}

fn sum(one: Decimal, other: Decimal) -> Option<Decimal> {
    one.checked_add(other).filter(fits)
}

fn fits(sum: &Decimal) -> bool {
    sum.abs() < SUM_LIMIT
}

fn opening(price: Decimal, quantity: Decimal) -> Result<(), String> {
    cost(price, quantity).map(drop)
}

/// What a position has cost: barter divides by it when the position is closed.
fn cost(price: Decimal, quantity: Decimal) -> Result<Decimal, String> {
    match price.checked_mul(quantity) {
        Some(cost) if !cost.is_zero() => Ok(cost),
        _ => Err(format!(
            "price {price} by quantity {quantity} is nothing, and barter divides by the cost of a \
             position when it is closed"
        )),
    }
}

/// Gives the average price of the increased position.
fn increasing(position: &Position<QuoteAsset>, fill: &Fill) -> Result<Decimal, String> {
    let quantity = position.quantity_abs.checked_add(fill.quantity);
    let Some(quantity) = quantity.filter(|quantity| *quantity < MAGNITUDE_LIMIT) else {
        return Err(format!(
            "quantity {} makes the position of {} too large: barter's arithmetic needs less than \
             {MAGNITUDE_LIMIT}",
            fill.quantity, position.quantity_abs
        ));
    };
    let fees = fill.fees.fees;
    let realised = position.pnl_realised.checked_sub(fees).filter(fits);
    let sums = sum(position.fees_enter.fees, fees).zip(realised);
    let average = position
        .price_entry_average
        .checked_mul(position.quantity_abs)
        .zip(fill.price.checked_mul(fill.quantity))
        .and_then(|(before, more)| before.checked_add(more)?.checked_div(quantity));
    let (Some(_), Some(average)) = (sums, average) else {
        return Err("barter's arithmetic would overflow".to_owned());
    };
    Ok(average)
}

/// barter's `TearSheetGenerator::update_from_position`, checked; `None` where it would panic.
fn closing(sheet: &TearSheetGenerator, realised: Decimal, cost: Decimal) -> Option<()> {
    // With this the drawdown's difference fits too.
    sum(sheet.pnl_returns.pnl_raw, realised)?;
    let by_cost = realised.checked_div(cost)?;
    summarised(&sheet.pnl_returns.total, by_cost)?;
    if by_cost.is_sign_negative() {
        summarised(&sheet.pnl_returns.losses, by_cost)?;
    }
    Some(())
}

/// barter's `DataSetSummary::update`, checked.
fn summarised(summary: &DataSetSummary, value: Decimal) -> Option<()> {
    let count = summary.count.checked_add(Decimal::ONE)?;
    summary.sum.checked_add(value)?;
    let from_mean = value.checked_sub(summary.mean)?;
    let mean = summary.mean.checked_add(from_mean.checked_div(count)?)?;
    let square = from_mean.checked_mul(value.checked_sub(mean)?)?;
    let squares = summary
        .dispersion
        .recurrence_relation_m
        .checked_add(square)?;
    // barter goes on to the root of its amount, which there always is.
    squares.checked_div(count).map(drop)
}

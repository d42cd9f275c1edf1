//! What can be set of an exchange.

use crate::py_enum;
use rust_decimal::Decimal;

/// Where the price of a fill comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FillPrice {
    /// What the market offers when the order arrives.
    BestOpposite,
    /// The price that the request names.
    Requested,
}

py_enum! {
    /// At which price the simulated exchange fills market orders.
    pub enum PyFillPrice(FillPrice) as "FillPrice" {
        /// What the market offers at the time of the fill: the asks to a buy, the bids to a sale, of the
        /// last L1 or of the order book, whichever is newer. Where there is neither, the last trade;
        /// without trades, the last candle's close.
        BEST_OPPOSITE = "best_opposite" => FillPrice::BestOpposite,
        /// The price that the request names, whatever the market shows: as barter's `MockExchange`.
        REQUESTED = "requested" => FillPrice::Requested,
    }
}

/// The asset that a fee is paid in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FeeAsset {
    /// The quote asset.
    Quote,
    /// What the fill brings: the base asset of a buy, the quote asset of a sale.
    Received,
}

py_enum! {
    /// The asset in which a simulated exchange takes its fees of spot fills.
    pub enum PyFeeAsset(FeeAsset) as "FeeAsset" {
        /// The quote asset, on top of what a buy costs and out of what a sale brings.
        QUOTE = "quote" => FeeAsset::Quote,
        /// The asset that the fill brings: the base asset of a buy, the quote asset of a sale.
        RECEIVED = "received" => FeeAsset::Received,
    }
}

/// How much the market's offers hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Liquidity {
    /// The amounts that are shown, less what our orders have taken.
    Shown,
    /// Any amount at the best price.
    Infinite,
}

py_enum! {
    /// How much can be had at the prices that the market shows.
    pub enum PyLiquidity(Liquidity) as "Liquidity" {
        /// The amounts that are shown, less what our orders have taken of them.
        SHOWN = "shown" => Liquidity::Shown,
        /// Any amount at the best price.
        INFINITE = "infinite" => Liquidity::Infinite,
    }
}

/// How much of what the market shows at a price is ahead of a resting order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum QueuePosition {
    /// Nothing.
    Front,
    /// All that was there; who cancels was behind.
    Back,
    /// All that was there; who cancels may have been ahead.
    Proportional,
}

py_enum! {
    /// Where a resting order stands among what the market shows at its price.
    pub enum PyQueuePosition(QueuePosition) as "QueuePosition" {
        /// First: every trade at the price fills it.
        FRONT = "front" => QueuePosition::Front,
        /// Behind all that was there when it began to rest; whoever cancels was behind it.
        BACK = "back" => QueuePosition::Back,
        /// As `BACK`, but of what is cancelled a proportional part was ahead of it.
        PROPORTIONAL = "proportional" => QueuePosition::Proportional,
    }
}

/// How many requests an exchange takes in an interval.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RateLimit {
    pub requests: u32,
    /// In nanoseconds.
    pub interval: i64,
}

/// The rules of one exchange.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExchangeRules {
    pub taker_fee_rate: Decimal,
    /// Negative for a rebate.
    pub maker_fee_rate: Decimal,
    pub fee_asset: FeeAsset,
    pub liquidity: Liquidity,
    pub queue: QueuePosition,
    /// Positive.
    pub leverage: Decimal,
    /// When a day ends: nanoseconds after 00:00 UTC, less than a day.
    pub end_of_day: i64,
    pub rate_limit: Option<RateLimit>,
}

impl ExchangeRules {
    /// No fees, no leverage, days that end at midnight.
    pub const DEFAULT: Self = Self {
        taker_fee_rate: Decimal::ZERO,
        maker_fee_rate: Decimal::ZERO,
        fee_asset: FeeAsset::Quote,
        liquidity: Liquidity::Shown,
        queue: QueuePosition::Back,
        leverage: Decimal::ONE,
        end_of_day: 0,
        rate_limit: None,
    };

    /// The first end of a day after `now`, in nanoseconds since 1970; `None` after the year 2262.
    pub fn next_end_of_day(&self, now: i64) -> Option<i64> {
        const DAY: i64 = 24 * 60 * 60 * 1_000_000_000;
        let days = now.checked_sub(self.end_of_day)?.div_euclid(DAY);
        days.checked_add(1)?
            .checked_mul(DAY)?
            .checked_add(self.end_of_day)
    }
}

impl Default for ExchangeRules {
    fn default() -> Self {
        Self::DEFAULT
    }
}

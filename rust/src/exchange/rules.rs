//! Stand-in.
use crate::py_enum;
use rust_decimal::Decimal;

/// Which asset a fee is taken from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum FeeAsset {
    /// Quote.
    #[default]
    Quote,
    /// Received.
    Received,
}
py_enum! {
    /// Which asset a spot fee is taken from.
    pub enum PyFeeAsset(FeeAsset) as "FeeAsset" {
        /// The quote asset.
        QUOTE = "quote" => FeeAsset::Quote,
        /// What the fill brings.
        RECEIVED = "received" => FeeAsset::Received,
    }
}
/// Liquidity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Liquidity {
    /// Shown.
    #[default]
    Shown,
    /// Infinite.
    Infinite,
}
py_enum! {
    /// How much offers have.
    pub enum PyLiquidity(Liquidity) as "Liquidity" {
        /// What the market shows.
        SHOWN = "shown" => Liquidity::Shown,
        /// Any amount.
        INFINITE = "infinite" => Liquidity::Infinite,
    }
}
/// Queue.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum QueuePosition {
    /// Front.
    Front,
    /// Back.
    #[default]
    Back,
    /// Proportional.
    Proportional,
}
py_enum! {
    /// Where an order waits.
    pub enum PyQueuePosition(QueuePosition) as "QueuePosition" {
        /// First.
        FRONT = "front" => QueuePosition::Front,
        /// Last.
        BACK = "back" => QueuePosition::Back,
        /// In between.
        PROPORTIONAL = "proportional" => QueuePosition::Proportional,
    }
}
/// Rate limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RateLimit {
    /// How many.
    pub requests: u32,
    /// In nanoseconds.
    pub interval: i64,
}
/// Rules.
#[derive(Clone, PartialEq, Debug)]
pub struct ExchangeRules {
    /// Taker.
    pub taker_fee_rate: Decimal,
    /// Maker.
    pub maker_fee_rate: Decimal,
    /// Asset.
    pub fee_asset: FeeAsset,
    /// Liquidity.
    pub liquidity: Liquidity,
    /// Queue.
    pub queue: QueuePosition,
    /// Leverage.
    pub leverage: Decimal,
    /// End of day.
    pub end_of_day: i64,
    /// Rate limit.
    pub rate_limit: Option<RateLimit>,
}
impl Default for ExchangeRules {
    fn default() -> Self {
        Self {
            taker_fee_rate: Decimal::ZERO,
            maker_fee_rate: Decimal::ZERO,
            fee_asset: FeeAsset::default(),
            liquidity: Liquidity::default(),
            queue: QueuePosition::default(),
            leverage: Decimal::ONE,
            end_of_day: 0,
            rate_limit: None,
        }
    }
}

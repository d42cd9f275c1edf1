//! The rules of an exchange that can be configured.

use crate::convert::py_enum;
use rust_decimal::Decimal;

/// Where the price of a market order's fill comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FillPrice {
    /// The offers of the market when the order arrives.
    BestOpposite,
    /// The price in the request.
    Requested,
}

py_enum! {
    /// At which price the simulated exchange fills market orders.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import FillPrice
    /// >>> [price.value for price in FillPrice]
    /// ['best_opposite', 'requested']
    pub enum PyFillPrice(FillPrice) as "FillPrice" {
        /// At the offers of the market at the time of the fill: the asks for a buy, the bids for a sale,
        /// of the last L1 or of the order book, whichever is newer. Without either, at the price of the
        /// last trade; without trades, at the last candle's close.
        BEST_OPPOSITE = "best_opposite" => FillPrice::BestOpposite,
        /// At the price in the request, whatever the market shows, as barter's `MockExchange` does.
        REQUESTED = "requested" => FillPrice::Requested,
    }
}

/// The asset that a fee is paid in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FeeAsset {
    /// The quote asset.
    Quote,
    /// The asset that the fill brings: the base asset of a buy, the quote asset of a sale.
    Received,
}

py_enum! {
    /// The asset in which a simulated exchange takes its fees of spot fills.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.exchange import FeeAsset
    /// >>> [asset.value for asset in FeeAsset]
    /// ['quote', 'received']
    pub enum PyFeeAsset(FeeAsset) as "FeeAsset" {
        /// The quote asset: a fee is added to the cost of a buy and taken from the proceeds of a sale.
        QUOTE = "quote" => FeeAsset::Quote,
        /// The asset that the fill brings: the base asset of a buy, the quote asset of a sale.
        RECEIVED = "received" => FeeAsset::Received,
    }
}

/// How much our orders can take from the market's offers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Liquidity {
    /// The amounts that are shown, less those that our orders have taken.
    Shown,
    /// Any amount at the best price.
    Infinite,
}

py_enum! {
    /// How much our orders can take at the prices that the market shows.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.exchange import Liquidity
    /// >>> [liquidity.value for liquidity in Liquidity]
    /// ['shown', 'infinite']
    pub enum PyLiquidity(Liquidity) as "Liquidity" {
        /// The amounts that are shown, less those that our orders have taken.
        SHOWN = "shown" => Liquidity::Shown,
        /// Any amount at the best price.
        INFINITE = "infinite" => Liquidity::Infinite,
    }
}

/// How much of the amount at a price is ahead of a resting order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum QueuePosition {
    /// Nothing.
    Front,
    /// All that was shown; orders that are cancelled were behind.
    Back,
    /// All that was shown; of the orders that are cancelled, a proportional part was ahead.
    Proportional,
}

py_enum! {
    /// The place of a resting order in the queue at its price.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.exchange import QueuePosition
    /// >>> [position.value for position in QueuePosition]
    /// ['front', 'back', 'proportional']
    pub enum PyQueuePosition(QueuePosition) as "QueuePosition" {
        /// First: every trade at the price fills it.
        FRONT = "front" => QueuePosition::Front,
        /// Behind all that was shown when it began to rest; orders that are cancelled were behind it.
        BACK = "back" => QueuePosition::Back,
        /// As `BACK`, but a proportional part of the cancelled orders was ahead of it.
        PROPORTIONAL = "proportional" => QueuePosition::Proportional,
    }
}

/// How a candle fills resting orders.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CandleFills {
    /// By its path.
    Path,
    /// By its close.
    CloseOnly,
}

py_enum! {
    /// Which prices of a candle fill resting orders, if the history shows nothing better than candles.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.exchange import CandleFills
    /// >>> [fills.value for fills in CandleFills]
    /// ['path', 'close_only']
    pub enum PyCandleFills(CandleFills) as "CandleFills" {
        /// Its open, then the extreme that is nearer to the open, then the other extreme, then its close.
        PATH = "path" => CandleFills::Path,
        /// Its close.
        CLOSE_ONLY = "close_only" => CandleFills::CloseOnly,
    }
}

/// The price of a candle that market orders get.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CandlePrice {
    /// The close of the last candle.
    Close,
    /// The open of the next one.
    NextOpen,
}

py_enum! {
    /// Which price of a candle a market order gets, if the history shows nothing better than candles.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.exchange import CandlePrice
    /// >>> [price.value for price in CandlePrice]
    /// ['close', 'next_open']
    pub enum PyCandlePrice(CandlePrice) as "CandlePrice" {
        /// The close of the last candle, when the order arrives.
        CLOSE = "close" => CandlePrice::Close,
        /// The open of the next candle, for which the order waits.
        NEXT_OPEN = "next_open" => CandlePrice::NextOpen,
    }
}

/// How many requests an exchange accepts in an interval.
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
    pub candle_fills: CandleFills,
    pub candle_price: CandlePrice,
    /// The share of the value of contracts that the equity must cover; `None` if there is no liquidation.
    pub maintenance_margin: Option<Decimal>,
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
        candle_fills: CandleFills::Path,
        candle_price: CandlePrice::Close,
        maintenance_margin: None,
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

//! Sides, exchanges and the kinds of options.

use crate::convert::py_enum;
use barter_instrument::{
    exchange::ExchangeId,
    instrument::{
        kind::option::{OptionExercise, OptionKind},
        quote::InstrumentQuoteAsset,
    },
};

py_enum! {
    /// Side of an order, a trade or a position (`barter_instrument::Side`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Side
    /// >>> Side("buy"), Side.SELL.value
    /// (<Side.BUY: 'buy'>, 'sell')
    pub enum PySide(barter_instrument::Side) as "Side" {
        /// Buy, or long.
        BUY = "buy" => barter_instrument::Side::Buy,
        /// Sell, or short.
        SELL = "sell" => barter_instrument::Side::Sell,
    }
}

py_enum! {
    /// Which asset of the underlying pair an instrument's prices are in (`InstrumentQuoteAsset`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.instrument import InstrumentQuoteAsset
    /// >>> [asset.value for asset in InstrumentQuoteAsset]
    /// ['underlying_base', 'underlying_quote']
    pub enum PyInstrumentQuoteAsset(InstrumentQuoteAsset) as "InstrumentQuoteAsset" {
        /// Prices are in the base asset.
        UNDERLYING_BASE = "underlying_base" => InstrumentQuoteAsset::UnderlyingBase,
        /// Prices are in the quote asset.
        UNDERLYING_QUOTE = "underlying_quote" => InstrumentQuoteAsset::UnderlyingQuote,
    }
}

py_enum! {
    /// The right that an option gives (`barter_instrument::instrument::kind::option::OptionKind`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.instrument import OptionKind
    /// >>> [kind.value for kind in OptionKind]
    /// ['call', 'put']
    pub enum PyOptionKind(OptionKind) as "OptionKind" {
        /// The right to buy.
        CALL = "call" => OptionKind::Call,
        /// The right to sell.
        PUT = "put" => OptionKind::Put,
    }
}

py_enum! {
    /// When an option can be exercised (`OptionExercise`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.instrument import OptionExercise
    /// >>> [exercise.value for exercise in OptionExercise]
    /// ['american', 'bermudan', 'european']
    pub enum PyOptionExercise(OptionExercise) as "OptionExercise" {
        /// At any time before its expiry.
        AMERICAN = "american" => OptionExercise::American,
        /// At some times before its expiry.
        BERMUDAN = "bermudan" => OptionExercise::Bermudan,
        /// At its expiry.
        EUROPEAN = "european" => OptionExercise::European,
    }
}

py_enum! {
    /// Exchanges that barter knows (`barter_instrument::exchange::ExchangeId`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId
    /// >>> ExchangeId("binance_spot"), ExchangeId.KRAKEN.value
    /// (<ExchangeId.BINANCE_SPOT: 'binance_spot'>, 'kraken')
    pub enum PyExchangeId(ExchangeId) as "ExchangeId" {
        OTHER = "other" => ExchangeId::Other,
        SIMULATED = "simulated" => ExchangeId::Simulated,
        MOCK = "mock" => ExchangeId::Mock,
        BINANCE_FUTURES_COIN = "binance_futures_coin" => ExchangeId::BinanceFuturesCoin,
        BINANCE_FUTURES_USD = "binance_futures_usd" => ExchangeId::BinanceFuturesUsd,
        BINANCE_OPTIONS = "binance_options" => ExchangeId::BinanceOptions,
        BINANCE_PORTFOLIO_MARGIN = "binance_portfolio_margin" => ExchangeId::BinancePortfolioMargin,
        BINANCE_SPOT = "binance_spot" => ExchangeId::BinanceSpot,
        BINANCE_US = "binance_us" => ExchangeId::BinanceUs,
        BITAZZA = "bitazza" => ExchangeId::Bitazza,
        BITFINEX = "bitfinex" => ExchangeId::Bitfinex,
        BITFLYER = "bitflyer" => ExchangeId::Bitflyer,
        BITGET = "bitget" => ExchangeId::Bitget,
        BITMART = "bitmart" => ExchangeId::Bitmart,
        BITMART_FUTURES_USD = "bitmart_futures_usd" => ExchangeId::BitmartFuturesUsd,
        BITMEX = "bitmex" => ExchangeId::Bitmex,
        BITSO = "bitso" => ExchangeId::Bitso,
        BITSTAMP = "bitstamp" => ExchangeId::Bitstamp,
        BITVAVO = "bitvavo" => ExchangeId::Bitvavo,
        BITHUMB = "bithumb" => ExchangeId::Bithumb,
        BYBIT_PERPETUALS_USD = "bybit_perpetuals_usd" => ExchangeId::BybitPerpetualsUsd,
        BYBIT_SPOT = "bybit_spot" => ExchangeId::BybitSpot,
        CEXIO = "cexio" => ExchangeId::Cexio,
        COINBASE = "coinbase" => ExchangeId::Coinbase,
        COINBASE_INTERNATIONAL = "coinbase_international" => ExchangeId::CoinbaseInternational,
        CRYPTOCOM = "cryptocom" => ExchangeId::Cryptocom,
        DERIBIT = "deribit" => ExchangeId::Deribit,
        GATEIO_FUTURES_BTC = "gateio_futures_btc" => ExchangeId::GateioFuturesBtc,
        GATEIO_FUTURES_USD = "gateio_futures_usd" => ExchangeId::GateioFuturesUsd,
        GATEIO_OPTIONS = "gateio_options" => ExchangeId::GateioOptions,
        GATEIO_PERPETUALS_BTC = "gateio_perpetuals_btc" => ExchangeId::GateioPerpetualsBtc,
        GATEIO_PERPETUALS_USD = "gateio_perpetuals_usd" => ExchangeId::GateioPerpetualsUsd,
        GATEIO_SPOT = "gateio_spot" => ExchangeId::GateioSpot,
        GEMINI = "gemini" => ExchangeId::Gemini,
        HITBTC = "hitbtc" => ExchangeId::Hitbtc,
        HTX = "htx" => ExchangeId::Htx,
        KRAKEN = "kraken" => ExchangeId::Kraken,
        KUCOIN = "kucoin" => ExchangeId::Kucoin,
        LIQUID = "liquid" => ExchangeId::Liquid,
        MEXC = "mexc" => ExchangeId::Mexc,
        OKX = "okx" => ExchangeId::Okx,
        POLONIEX = "poloniex" => ExchangeId::Poloniex,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barter::system::config::SystemConfig;

    /// The second way: barter's own serde spells the values.
    #[test]
    fn values_are_spelt_as_in_barters_json() {
        for (variant, member) in PyExchangeId::VARIANTS.iter().zip(PyExchangeId::MEMBERS) {
            assert_eq!(serde_json::to_value(variant).unwrap(), member.value);
        }
        for (variant, member) in PyOptionKind::VARIANTS.iter().zip(PyOptionKind::MEMBERS) {
            assert_eq!(serde_json::to_value(variant).unwrap(), member.value);
        }
        for (variant, member) in PyOptionExercise::VARIANTS
            .iter()
            .zip(PyOptionExercise::MEMBERS)
        {
            assert_eq!(serde_json::to_value(variant).unwrap(), member.value);
        }
        for (variant, member) in PyInstrumentQuoteAsset::VARIANTS
            .iter()
            .zip(PyInstrumentQuoteAsset::MEMBERS)
        {
            assert_eq!(
                serde_json::from_value::<InstrumentQuoteAsset>(member.value.into()).unwrap(),
                *variant
            );
        }
        for (variant, member) in PySide::VARIANTS.iter().zip(PySide::MEMBERS) {
            assert_eq!(
                serde_json::from_value::<barter_instrument::Side>(member.value.into()).unwrap(),
                *variant
            );
        }
    }

    /// What `barter_python.SystemConfig` makes of the same file is in `tests_py/system/test_config.py`.
    #[test]
    fn barter_reads_the_example_configuration() {
        let text = include_str!("../../../examples/data/system_config.json");
        let config: SystemConfig = serde_json::from_str(text).unwrap();
        let indexed = barter_instrument::index::IndexedInstruments::new(config.instruments);
        let names = indexed
            .instruments()
            .iter()
            .map(|keyed| keyed.value.name_internal.name().as_str());
        assert_eq!(
            names.collect::<Vec<_>>(),
            [
                "binancespot-btc_usdt",
                "binancespot-eth_usdt",
                "binancespot-sol_usdt"
            ]
        );
        let assets = indexed
            .assets()
            .iter()
            .map(|keyed| keyed.value.asset.name_internal.name().as_str());
        assert_eq!(assets.collect::<Vec<_>>(), ["btc", "eth", "sol", "usdt"]);
    }
}

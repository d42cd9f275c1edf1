//! The snapshots of Binance's books: barter-data has their addresses in constants, and asks for 100
//! levels.

use super::subscription::Address;
use barter_data::{
    event::MarketEvent,
    exchange::binance::{book::l2::BinanceOrderBookL2Snapshot, market::BinanceMarket},
    subscription::book::OrderBookEvent,
};
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use barter_integration::error::SocketError;
use futures::future::try_join_all;
use std::error::Error;
use url::Url;

/// The most that both markets give.
const LEVELS: &str = "1000";

/// Snapshots of these markets.
pub type Snapshots = Vec<MarketEvent<InstrumentIndex, OrderBookEvent>>;

/// Where the snapshots of a market are.
pub fn depth_url(own: &str, address: &Address) -> Result<Url, url::ParseError> {
    let mut url = Url::parse(own)?;
    if let Some(base) = &address.http {
        let path = format!("{}{}", base.path().trim_end_matches('/'), url.path());
        url = base.clone();
        url.set_path(&path);
    }
    Ok(url)
}

/// Fetches a snapshot of each market's book. Like the WebSocket, it does not look for a proxy.
pub async fn snapshots(
    exchange: ExchangeId,
    url: Url,
    markets: Vec<(InstrumentIndex, BinanceMarket)>,
) -> Result<Snapshots, SocketError> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    try_join_all(markets.into_iter().map(|(key, market)| {
        let mut url = url.clone();
        url.query_pairs_mut()
            .append_pair("symbol", &market.0)
            .append_pair("limit", LEVELS);
        let request = client.get(url).send();
        async move {
            let response = request.await.map_err(|error| with_causes(&error))?;
            let status = response.status();
            if !status.is_success() {
                let text = response.text().await?;
                return Err(SocketError::HttpResponse(status, text));
            }
            let snapshot = response.json::<BinanceOrderBookL2Snapshot>().await?;
            Ok(MarketEvent::from((exchange, key, snapshot)))
        }
    }))
    .await
}

/// The error with its causes: by itself it says only that a request failed.
fn with_causes(error: &reqwest::Error) -> SocketError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    SocketError::Subscribe(text)
}

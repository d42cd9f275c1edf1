//! Which of barter-data's connectors serves which venue and kind.

use super::{
    answers::{BinanceAnswers, BitfinexAnswers, unread},
    binance::{depth_url, snapshots},
    event::AnyEvent,
    open::{Parts, open},
    subscription::Address,
    supervisor::{Opened, Source},
};
use barter_data::{
    Identifier,
    error::DataError,
    event::MarketEvent,
    exchange::{
        Connector, StreamSelector,
        binance::{
            futures::{BinanceFuturesUsd, l2::HTTP_BOOK_L2_SNAPSHOT_URL_BINANCE_FUTURES_USD},
            market::BinanceMarket,
            spot::{BinanceSpot, l2::HTTP_BOOK_L2_SNAPSHOT_URL_BINANCE_SPOT},
        },
        bitfinex::Bitfinex,
        bitmex::Bitmex,
        bybit::{futures::BybitPerpetualsUsd, spot::BybitSpot},
        coinbase::Coinbase,
        gateio::{
            future::{GateioFuturesBtc, GateioFuturesUsd},
            option::GateioOptions,
            perpetual::{GateioPerpetualsBtc, GateioPerpetualsUsd},
            spot::GateioSpot,
        },
        kraken::Kraken,
        okx::Okx,
    },
    instrument::MarketInstrumentData,
    subscriber::validator::SubscriptionValidator,
    subscription::{
        SubKind, Subscription, SubscriptionKind,
        book::{OrderBooksL1, OrderBooksL2},
        liquidation::Liquidations,
        trade::PublicTrades,
    },
};
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use barter_integration::error::SocketError;
use futures::{
    FutureExt, StreamExt,
    future::{BoxFuture, ready},
};
use std::marker::PhantomData;
use url::Url;

type Instrument = MarketInstrumentData<InstrumentIndex>;

type Snapshots<Kind> =
    Result<Vec<MarketEvent<InstrumentIndex, <Kind as SubscriptionKind>::Event>>, SocketError>;

type Fetch<Kind> = Box<dyn Fn() -> BoxFuture<'static, Snapshots<Kind>> + Send + Sync>;

/// A connection of one venue for one kind.
struct VenueSource<Exchange, Kind: SubscriptionKind, Validator> {
    url: Url,
    subscriptions: Vec<Subscription<Exchange, Instrument, Kind>>,
    fetch: Fetch<Kind>,
    validator: PhantomData<fn() -> Validator>,
}

impl<Exchange, Kind, Validator> Source for VenueSource<Exchange, Kind, Validator>
where
    Exchange: StreamSelector<Instrument, Kind> + Send + Sync + 'static,
    Exchange::Stream: Parts<Exchange, InstrumentIndex, Kind> + Send + 'static,
    Kind: SubscriptionKind + Send + Sync + 'static,
    Kind::Event: Send,
    Subscription<Exchange, Instrument, Kind>:
        Identifier<Exchange::Channel> + Identifier<Exchange::Market>,
    AnyEvent: From<MarketEvent<InstrumentIndex, Kind::Event>>,
    Validator: SubscriptionValidator + 'static,
{
    fn open(&self) -> BoxFuture<'_, Result<Opened, String>> {
        async {
            let fetch = (self.fetch)();
            let opened = open::<Exchange, Instrument, Kind, Validator>(
                self.url.clone(),
                &self.subscriptions,
                fetch,
            );
            let (stream, tasks) = opened.await.map_err(|error| said(&error))?;
            let messages = stream.map(|message| match message {
                Ok(event) => Ok(event.into()),
                Err(error) => Err(unread::<Exchange>(&error)),
            });
            Ok(Opened {
                messages: messages.boxed(),
                tasks,
            })
        }
        .boxed()
    }
}

/// The error's text, without the name of its class.
fn said(error: &DataError) -> String {
    match error {
        DataError::Socket(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The connection's address: the one given, or the venue's own.
fn websocket<Exchange: Connector>(address: &Address) -> Result<Url, url::ParseError> {
    address.websocket.clone().map_or_else(Exchange::url, Ok)
}

fn subscriptions<Exchange: Connector, Kind: Clone>(
    instruments: Vec<Instrument>,
    kind: &Kind,
) -> Vec<Subscription<Exchange, Instrument, Kind>> {
    let subscription = |instrument| Subscription {
        exchange: Exchange::default(),
        instrument,
        kind: kind.clone(),
    };
    instruments.into_iter().map(subscription).collect()
}

/// A connection without snapshots.
fn plain<Exchange, Kind, Validator>(
    instruments: Vec<Instrument>,
    address: &Address,
    kind: &Kind,
) -> Result<Box<dyn Source>, url::ParseError>
where
    Exchange: StreamSelector<Instrument, Kind>,
    Kind: SubscriptionKind,
    Kind::Event: Send + 'static,
    VenueSource<Exchange, Kind, Validator>: Source,
{
    Ok(Box::new(VenueSource::<Exchange, Kind, Validator> {
        url: websocket::<Exchange>(address)?,
        subscriptions: subscriptions(instruments, kind),
        fetch: Box::new(|| ready(Ok(Vec::new())).boxed()),
        validator: PhantomData,
    }))
}

/// A connection for Binance's books, whose snapshots come by HTTP.
fn binance_books<Exchange>(
    instruments: Vec<Instrument>,
    address: &Address,
    own: &str,
) -> Result<Box<dyn Source>, url::ParseError>
where
    Exchange: StreamSelector<Instrument, OrderBooksL2>,
    Subscription<Exchange, Instrument, OrderBooksL2>: Identifier<BinanceMarket>,
    VenueSource<Exchange, OrderBooksL2, BinanceAnswers>: Source,
{
    let subscriptions = subscriptions::<Exchange, _>(instruments, &OrderBooksL2);
    let markets = subscriptions
        .iter()
        .map(|subscription| (subscription.instrument.key, subscription.id()))
        .collect::<Vec<_>>();
    let depth = depth_url(own, address)?;
    Ok(Box::new(VenueSource::<
        Exchange,
        OrderBooksL2,
        BinanceAnswers,
    > {
        url: websocket::<Exchange>(address)?,
        subscriptions,
        fetch: Box::new(move || snapshots(Exchange::ID, depth.clone(), markets.clone()).boxed()),
        validator: PhantomData,
    }))
}

/// The table of venues: `Id => Connector (Validator): [kinds]`.
macro_rules! table {
    ($exchange:ident, $kind:ident, $instruments:ident, $address:ident;
     $($id:ident => $connector:ty, $validator:ty: [$($sub_kind:ident),*];)*) => {
        match ($exchange, $kind) {
            $($((ExchangeId::$id, SubKind::$sub_kind) => Some(
                plain::<$connector, _, $validator>($instruments, $address, &$sub_kind)
            ),)*)*
            _ => None,
        }
    };
}

type Own<Exchange> = <Exchange as Connector>::SubValidator;

/// The connection of the venue for that kind; `None` if barter-data has none.
pub fn source(
    exchange: ExchangeId,
    kind: SubKind,
    instruments: Vec<Instrument>,
    address: &Address,
) -> Option<Result<Box<dyn Source>, url::ParseError>> {
    match (exchange, kind) {
        (ExchangeId::BinanceSpot, SubKind::OrderBooksL2) => Some(binance_books::<BinanceSpot>(
            instruments,
            address,
            HTTP_BOOK_L2_SNAPSHOT_URL_BINANCE_SPOT,
        )),
        (ExchangeId::BinanceFuturesUsd, SubKind::OrderBooksL2) => {
            Some(binance_books::<BinanceFuturesUsd>(
                instruments,
                address,
                HTTP_BOOK_L2_SNAPSHOT_URL_BINANCE_FUTURES_USD,
            ))
        }
        _ => table! { exchange, kind, instruments, address;
            BinanceSpot => BinanceSpot, BinanceAnswers: [PublicTrades, OrderBooksL1];
            BinanceFuturesUsd => BinanceFuturesUsd, BinanceAnswers:
                [PublicTrades, OrderBooksL1, Liquidations];
            Bitfinex => Bitfinex, BitfinexAnswers: [PublicTrades];
            Bitmex => Bitmex, Own<Bitmex>: [PublicTrades];
            BybitSpot => BybitSpot, Own<BybitSpot>: [PublicTrades, OrderBooksL1, OrderBooksL2];
            BybitPerpetualsUsd => BybitPerpetualsUsd, Own<BybitPerpetualsUsd>:
                [PublicTrades, OrderBooksL1, OrderBooksL2];
            Coinbase => Coinbase, Own<Coinbase>: [PublicTrades];
            GateioSpot => GateioSpot, Own<GateioSpot>: [PublicTrades];
            GateioFuturesUsd => GateioFuturesUsd, Own<GateioFuturesUsd>: [PublicTrades];
            GateioFuturesBtc => GateioFuturesBtc, Own<GateioFuturesBtc>: [PublicTrades];
            GateioPerpetualsUsd => GateioPerpetualsUsd, Own<GateioPerpetualsUsd>: [PublicTrades];
            GateioPerpetualsBtc => GateioPerpetualsBtc, Own<GateioPerpetualsBtc>: [PublicTrades];
            GateioOptions => GateioOptions, Own<GateioOptions>: [PublicTrades];
            Kraken => Kraken, Own<Kraken>: [PublicTrades, OrderBooksL1];
            Okx => Okx, Own<Okx>: [PublicTrades];
        },
    }
}

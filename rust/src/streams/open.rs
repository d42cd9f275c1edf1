//! Opens a connection of any venue of barter-data at an address given at run time.
//!
//! barter-data's `MarketStream::init` takes the address from `Connector::url()`, a function without
//! arguments. All that it calls is public, so this is the same with an address, with one deadline
//! around it all, and with snapshots before the updates that follow them.

use barter_data::{
    ExchangeWsStream, Identifier, distribute_messages_to_exchange,
    error::DataError,
    event::MarketEvent,
    exchange::StreamSelector,
    instrument::InstrumentData,
    process_buffered_events, schedule_pings_to_exchange,
    subscriber::{
        mapper::{SubscriptionMapper, WebSocketSubMapper},
        validator::SubscriptionValidator,
    },
    subscription::{Subscription, SubscriptionKind, SubscriptionMeta},
    transformer::ExchangeTransformer,
};
use barter_integration::{
    Transformer,
    error::SocketError,
    protocol::{
        StreamParser,
        websocket::{WsError, WsMessage, WsStream, connect},
    },
};
use futures::{SinkExt, StreamExt};
use std::{collections::VecDeque, future::Future};
use tokio::{sync::mpsc, task::JoinSet};
use url::Url;

type Buffer<T> = VecDeque<Result<<T as Transformer>::Output, <T as Transformer>::Error>>;

/// What `StreamSelector::Stream` is made of, which the bounds of the selector do not tell.
pub trait Parts<Exchange, Key, Kind: SubscriptionKind>: Sized {
    /// Reads the venue's messages.
    type Parser: StreamParser<
            <Self::Transformer as Transformer>::Input,
            Message = WsMessage,
            Error = WsError,
        >;
    /// Makes events of them.
    type Transformer: ExchangeTransformer<Exchange, Key, Kind>;

    /// Puts the stream together.
    fn assemble(
        stream: WsStream,
        transformer: Self::Transformer,
        buffer: Buffer<Self::Transformer>,
    ) -> Self;
}

impl<Parser, T, Exchange, Key, Kind> Parts<Exchange, Key, Kind> for ExchangeWsStream<Parser, T>
where
    Parser: StreamParser<T::Input, Message = WsMessage, Error = WsError>,
    T: ExchangeTransformer<Exchange, Key, Kind>,
    Kind: SubscriptionKind,
{
    type Parser = Parser;
    type Transformer = T;

    fn assemble(stream: WsStream, transformer: T, buffer: Buffer<T>) -> Self {
        Self::new(stream, transformer, buffer)
    }
}

/// Connects, subscribes, waits for the venue's answers, fetches snapshots. The tasks end when the set
/// is dropped.
pub async fn open<Exchange, Instrument, Kind, Validator>(
    url: Url,
    subscriptions: &[Subscription<Exchange, Instrument, Kind>],
    fetch: impl Future<Output = Result<Vec<MarketEvent<Instrument::Key, Kind::Event>>, SocketError>>
    + Send,
) -> Result<(Exchange::Stream, JoinSet<()>), DataError>
where
    Exchange: StreamSelector<Instrument, Kind> + Send + Sync,
    Exchange::Stream: Parts<Exchange, Instrument::Key, Kind>,
    Instrument: InstrumentData,
    Kind: SubscriptionKind + Send + Sync,
    Kind::Event: Send,
    Subscription<Exchange, Instrument, Kind>:
        Identifier<Exchange::Channel> + Identifier<Exchange::Market>,
    Validator: SubscriptionValidator,
{
    let mut websocket = connect(url).await?;
    let SubscriptionMeta {
        instrument_map,
        ws_subscriptions,
    } = WebSocketSubMapper::map::<Exchange, Instrument, Kind>(subscriptions);
    for message in ws_subscriptions {
        let sent = websocket.send(message).await;
        sent.map_err(|error| SocketError::WebSocket(Box::new(error)))?;
    }
    let (map, early) =
        Validator::validate::<Exchange, Instrument::Key, Kind>(instrument_map, &mut websocket)
            .await?;
    let snapshots = fetch.await?;

    let (sink, stream) = websocket.split();
    let (to_venue, for_venue) = mpsc::unbounded_channel();
    // barter-data spawns these two for good: a ping that goes on keeps a connection that nobody reads.
    let mut tasks = JoinSet::new();
    tasks.spawn(distribute_messages_to_exchange(
        Exchange::ID,
        sink,
        for_venue,
    ));
    if let Some(interval) = Exchange::ping_interval() {
        tasks.spawn(schedule_pings_to_exchange(
            Exchange::ID,
            to_venue.clone(),
            interval,
        ));
    }
    let mut transformer =
        <Exchange::Stream as Parts<Exchange, Instrument::Key, Kind>>::Transformer::init(
            map, &snapshots, to_venue,
        )
        .await?;
    let updates = process_buffered_events::<
        <Exchange::Stream as Parts<Exchange, Instrument::Key, Kind>>::Parser,
        <Exchange::Stream as Parts<Exchange, Instrument::Key, Kind>>::Transformer,
    >(&mut transformer, early);
    let mut buffer: VecDeque<_> = snapshots.into_iter().map(Ok).collect();
    buffer.extend(updates);
    Ok((Parts::assemble(stream, transformer, buffer), tasks))
}

//! Repairs of how barter-data reads a venue's answers to subscriptions, and of what it takes for events.

use barter_data::{
    Identifier,
    error::DataError,
    exchange::{
        Connector,
        bitfinex::subscription::{BitfinexPlatformEvent, BitfinexSubResponse},
        subscription::ExchangeSub,
    },
    subscriber::validator::SubscriptionValidator,
    subscription::{Map, SubscriptionKind},
};
use barter_integration::{
    Validator,
    error::SocketError,
    protocol::websocket::{WebSocket, WsMessage},
    subscription::SubscriptionId,
};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use smol_str::ToSmolStr;

/// The next text that the venue sends.
async fn next_text(websocket: &mut WebSocket) -> Result<String, SocketError> {
    loop {
        match websocket.next().await {
            Some(Ok(WsMessage::Text(text))) => return Ok(text.as_str().to_owned()),
            Some(Ok(WsMessage::Close(frame))) => {
                let frame = frame.map_or_else(String::new, |frame| format!(": {frame}"));
                let text = format!("the venue closed the connection{frame}");
                return Err(SocketError::Subscribe(text));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(SocketError::WebSocket(Box::new(error))),
            None => {
                let text = "the venue closed the connection".to_owned();
                return Err(SocketError::Subscribe(text));
            }
        }
    }
}

/// Binance's answers. barter-data's validator takes a refusal for a success: it has no `result`, and no
/// `result` is what a success looks like.
pub struct BinanceAnswers;

#[derive(Deserialize)]
struct BinanceAnswer {
    /// Present in an answer, and in nothing else.
    id: Value,
    result: Option<Value>,
    error: Option<Value>,
    /// Refusals of older servers have these beside `id`.
    code: Option<Value>,
    msg: Option<String>,
}

impl BinanceAnswer {
    fn refusal(&self) -> Option<String> {
        let reason = match (&self.error, &self.code, &self.result) {
            (Some(error), ..) => error.to_string(),
            (None, Some(code), _) => {
                format!("{code} {}", self.msg.as_deref().unwrap_or_default())
            }
            (None, None, Some(result)) if !result.is_null() => result.to_string(),
            (None, None, _) => return None,
        };
        Some(format!("the venue refused request {}: {reason}", self.id))
    }
}

#[async_trait::async_trait]
impl SubscriptionValidator for BinanceAnswers {
    type Parser = ();

    async fn validate<Exchange, Key, Kind>(
        instrument_map: Map<Key>,
        websocket: &mut WebSocket,
    ) -> Result<(Map<Key>, Vec<WsMessage>), SocketError>
    where
        Exchange: Connector + Send,
        Key: Send,
        Kind: SubscriptionKind + Send,
    {
        let mut early = Vec::new();
        loop {
            let text = next_text(websocket).await?;
            match serde_json::from_str::<BinanceAnswer>(&text) {
                Ok(answer) => match answer.refusal() {
                    Some(reason) => return Err(SocketError::Subscribe(reason)),
                    None => return Ok((instrument_map, early)),
                },
                Err(_) => early.push(WsMessage::text(text)),
            }
        }
    }
}

/// Bitfinex's answers. barter-data's validator counts whatever comes after the first answer as one of
/// the snapshots that it waits for: a trade too many, and it waits for ever.
pub struct BitfinexAnswers;

#[async_trait::async_trait]
impl SubscriptionValidator for BitfinexAnswers {
    type Parser = ();

    async fn validate<Exchange, Key, Kind>(
        mut instrument_map: Map<Key>,
        websocket: &mut WebSocket,
    ) -> Result<(Map<Key>, Vec<WsMessage>), SocketError>
    where
        Exchange: Connector + Send,
        Key: Send,
        Kind: SubscriptionKind + Send,
    {
        let mut waiting = instrument_map.0.len();
        let mut early = Vec::new();
        while waiting > 0 {
            let text = next_text(websocket).await?;
            let Ok(answer) = serde_json::from_str::<BitfinexPlatformEvent>(&text) else {
                if !is_no_event(&text) {
                    early.push(WsMessage::text(text));
                }
                continue;
            };
            match answer.validate()? {
                BitfinexPlatformEvent::Subscribed(answer) => {
                    let BitfinexSubResponse {
                        channel,
                        market,
                        channel_id,
                    } = &answer;
                    let id = ExchangeSub::from((channel, market)).id();
                    if let Some(key) = instrument_map.0.remove(&id) {
                        waiting = waiting.saturating_sub(1);
                        let id = SubscriptionId(channel_id.0.to_smolstr());
                        instrument_map.0.insert(id, key);
                    }
                }
                BitfinexPlatformEvent::PlatformStatus(_) | BitfinexPlatformEvent::Error(_) => {}
            }
        }
        Ok((instrument_map, early))
    }
}

/// What a message is that barter-data could not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unread {
    /// Nothing that an event is lost with.
    NoEvent,
    /// The venue takes a subscription back.
    Refusal(String),
    /// The connection is over.
    End(String),
    /// It may have been an event.
    Unreadable(String),
}

/// Tells what an error of a stream means, from its text: barter-data keeps nothing else.
pub fn unread<Exchange: Connector>(error: &DataError) -> Unread {
    const PAYLOAD: &str = " for payload: ";
    let DataError::Socket(reason) = error else {
        return if error.is_terminal() {
            Unread::End(error.to_string())
        } else {
            Unread::Unreadable(error.to_string())
        };
    };
    let Some((_, payload)) = reason.split_once(PAYLOAD) else {
        let is_over = ["ExchangeStream terminated", "WebSocket error"]
            .iter()
            .any(|start| reason.starts_with(start));
        return if is_over {
            Unread::End(reason.clone())
        } else {
            Unread::Unreadable(reason.clone())
        };
    };
    if is_no_event(payload) {
        return Unread::NoEvent;
    }
    match serde_json::from_str::<Exchange::SubResponse>(payload).map(Validator::validate) {
        Ok(Ok(_)) => Unread::NoEvent,
        Ok(Err(refusal)) => Unread::Refusal(refusal.to_string()),
        Err(_) => Unread::Unreadable(reason.clone()),
    }
}

/// Whether the text is an answer to a ping, or the past that a venue sends first: events before the
/// subscription are not the stream's.
fn is_no_event(text: &str) -> bool {
    if text == "pong" {
        return true;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(fields)) => {
            let said = |name: &str| fields.get(name).and_then(Value::as_str);
            // Bybit's pongs; the greeting of Bitmex and of Kraken.
            matches!(said("op"), Some("ping" | "pong"))
                || said("event") == Some("systemStatus")
                || (fields.contains_key("info") && fields.contains_key("version"))
        }
        // Bitfinex's past trades: [CHANNEL_ID, [[ID, TIME, AMOUNT, PRICE], ...]]
        Ok(Value::Array(parts)) => {
            parts.len() == 2
                && parts.first().is_some_and(Value::is_number)
                && parts.get(1).is_some_and(Value::is_array)
        }
        Ok(_) | Err(_) => false,
    }
}

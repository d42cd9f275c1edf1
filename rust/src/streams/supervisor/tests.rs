//! The supervisor over a scripted connection, in paused time.

use super::*;
use crate::{
    data::MarketKind,
    streams::queue::{Next, Overflow},
};
use barter_data::{
    event::{DataKind, MarketEvent},
    subscription::trade::PublicTrade,
};
use barter_instrument::Side;
use futures::stream::unfold;
use proptest::prelude::*;
use std::{collections::VecDeque, future::pending, sync::Mutex};
use tokio::runtime::Builder;

/// What an attempt to connect leads to.
#[derive(Clone, Debug)]
enum Attempt {
    Refused,
    /// No answer ever comes.
    Stalled,
    Panicked,
    /// Open, until the messages are over.
    Open(Vec<Message>),
}

#[derive(Clone, Copy, Debug)]
enum Message {
    Trade,
    /// A trade of another instrument.
    Other,
    Garbage,
    Pong,
    Refusal,
    /// Nothing for so many milliseconds.
    Pause(u64),
    /// Nothing any more.
    Stall,
    Panic,
    /// A gap in the updates of a book, or an end in the middle of a frame.
    End,
}

#[derive(Default)]
struct Script {
    attempts: Mutex<VecDeque<Attempt>>,
    opened: Mutex<Vec<Instant>>,
    /// Numbers of the trades that were sent.
    sent: Arc<Mutex<u64>>,
}

struct Scripted(Arc<Script>);

fn trade(number: u64, instrument: usize) -> AnyEvent {
    MarketEvent {
        time_exchange: Utc::now(),
        time_received: Utc::now(),
        exchange: ExchangeId::BinanceSpot,
        instrument: InstrumentIndex(instrument),
        kind: DataKind::Trade(PublicTrade {
            id: number.to_string(),
            price: 10.5,
            amount: 1.0,
            side: Side::Buy,
        }),
    }
}

impl Source for Scripted {
    fn open(&self) -> BoxFuture<'_, Result<Opened, String>> {
        async {
            self.0.opened.lock().unwrap().push(Instant::now());
            let attempt = self.0.attempts.lock().unwrap().pop_front();
            let messages = match attempt {
                Some(Attempt::Open(messages)) => VecDeque::from(messages),
                Some(Attempt::Refused) => return Err("refused".to_owned()),
                Some(Attempt::Panicked) => panic!("at the door"),
                Some(Attempt::Stalled) | None => pending().await,
            };
            let sent = Arc::clone(&self.0.sent);
            let messages = unfold((messages, sent), |(mut messages, sent)| async move {
                loop {
                    let message = match messages.pop_front()? {
                        Message::Pause(length) => {
                            sleep(Duration::from_millis(length)).await;
                            continue;
                        }
                        Message::Stall => pending().await,
                        Message::Panic => panic!("on a message"),
                        Message::End => Err(Unread::End("half a frame".to_owned())),
                        Message::Pong => Err(Unread::NoEvent),
                        Message::Garbage => Err(Unread::Unreadable("garbage".to_owned())),
                        Message::Refusal => Err(Unread::Refusal("no such market".to_owned())),
                        kind @ (Message::Trade | Message::Other) => {
                            let mut sent = sent.lock().unwrap();
                            *sent = sent.saturating_add(1);
                            Ok(trade(*sent, usize::from(matches!(kind, Message::Other))))
                        }
                    };
                    return Some((message, (messages, sent)));
                }
            });
            Ok(Opened {
                messages: messages.boxed(),
                tasks: JoinSet::new(),
            })
        }
        .boxed()
    }
}

const POLICY: Policy = Policy {
    patience: Duration::from_secs(10),
    silence: Some(Duration::from_secs(60)),
    backoff: Duration::from_millis(125),
    backoff_max: Duration::from_secs(60),
    steady: Duration::from_secs(10),
    waits_for_connection: true,
};

/// What a reader got, and when the connection was opened, since the start.
struct Outcome {
    items: Vec<FeedItem>,
    opened: Vec<Duration>,
    first: Option<Result<(), String>>,
}

impl Outcome {
    fn statuses(&self) -> Vec<(StatusKind, &str)> {
        let statuses = self.items.iter().filter_map(|item| match item {
            FeedItem::Status(status) => Some((status.kind, status.reason.as_str())),
            FeedItem::Market(_) => None,
        });
        statuses.collect()
    }

    fn reasons(&self, kind: StatusKind) -> Vec<&str> {
        let statuses = self.statuses().into_iter();
        statuses
            .filter(|(it, _)| *it == kind)
            .map(|(_, reason)| reason)
            .collect()
    }

    fn count(&self, kind: StatusKind) -> usize {
        self.reasons(kind).len()
    }

    /// The times between attempts.
    fn pauses(&self) -> Vec<Duration> {
        let pairs = self.opened.iter().zip(self.opened.iter().skip(1));
        pairs
            .map(|(before, after)| after.saturating_sub(*before))
            .collect()
    }

    fn losses(&self) -> usize {
        let lost = FeedItem::Market(StoredEvent::Reconnecting(ExchangeId::BinanceSpot.into()));
        self.items.iter().filter(|item| **item == lost).count()
    }

    fn trades(&self) -> Vec<u64> {
        let id = |item: &FeedItem| match item {
            FeedItem::Market(StoredEvent::Item(event)) => match &event.kind {
                MarketKind::Trade(trade) => trade.id.parse().ok(),
                _ => None,
            },
            FeedItem::Market(_) | FeedItem::Status(_) => None,
        };
        self.items.iter().filter_map(id).collect()
    }
}

/// Plays the attempts for so long; the last one stalls.
fn play(attempts: Vec<Attempt>, policy: Policy, length: Duration) -> Outcome {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let script = Arc::new(Script {
            attempts: Mutex::new(attempts.into()),
            ..Script::default()
        });
        let queue = Arc::new(Queue::new(1_000_000, Overflow::Wait));
        let (ready, answers) = mpsc::channel();
        let start = Instant::now();
        let supervisor = Supervisor {
            connection: Connection {
                exchange: ExchangeId::BinanceSpot,
                sub_kind: SubKind::PublicTrades,
                instruments: vec![InstrumentIndex(0), InstrumentIndex(1)],
            },
            source: Box::new(Scripted(Arc::clone(&script))),
            queue: Arc::clone(&queue),
            policy,
            ready,
        };
        let running = tokio::spawn(supervisor.run());
        sleep(length).await;
        running.abort();
        let mut items = Vec::new();
        while let Next::Item(item) = queue.next(Duration::ZERO) {
            items.push(item);
        }
        let opened = script.opened.lock().unwrap();
        Outcome {
            items,
            opened: opened
                .iter()
                .map(|time| time.duration_since(start))
                .collect(),
            first: answers.try_recv().ok(),
        }
    })
}

const HOUR: Duration = Duration::from_secs(3600);

fn millis(times: &[Duration]) -> Vec<u128> {
    times.iter().map(Duration::as_millis).collect()
}

#[test]
fn pauses_double_up_to_the_longest() {
    let outcome = play(vec![Attempt::Refused; 13], POLICY, HOUR);
    let expected = [
        125, 250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000,
    ];
    assert_eq!(millis(&outcome.pauses())[..13], expected);
    assert_eq!(outcome.count(StatusKind::Refused), outcome.opened.len() - 1);
}

#[test]
fn a_venue_that_accepts_and_closes_is_not_hammered() {
    let outcome = play(vec![Attempt::Open(vec![Message::Trade]); 6], POLICY, HOUR);
    assert_eq!(millis(&outcome.opened)[..6], [0, 125, 375, 875, 1875, 3875]);
    assert_eq!((outcome.losses(), outcome.trades()), (6, (1..=6).collect()));
}

#[test]
fn pauses_begin_anew_after_a_steady_connection() {
    let short = Attempt::Open(vec![]);
    let steady = Attempt::Open(vec![Message::Trade, Message::Pause(10_000)]);
    let attempts = vec![short.clone(), short.clone(), steady, short];
    let outcome = play(attempts, POLICY, HOUR);
    assert_eq!(millis(&outcome.opened)[..5], [0, 125, 375, 10_500, 10_750]);
}

#[test]
fn the_first_refusal_is_final_unless_it_is_to_be_repeated() {
    let once = Policy {
        waits_for_connection: false,
        ..POLICY
    };
    let outcome = play(vec![Attempt::Refused; 3], once, HOUR);
    assert_eq!(outcome.opened.len(), 1);
    let reason = "binance_spot public_trades: refused";
    assert_eq!(outcome.first, Some(Err(reason.to_owned())));
    // Later ones are repeated.
    let attempts = vec![
        Attempt::Open(vec![]),
        Attempt::Refused,
        Attempt::Open(vec![]),
    ];
    let outcome = play(attempts, once, HOUR);
    assert_eq!(outcome.first, Some(Ok(())));
    assert_eq!(outcome.count(StatusKind::Back), 1);
}

#[test]
fn an_attempt_has_one_limit() {
    let outcome = play(vec![Attempt::Stalled, Attempt::Panicked], POLICY, HOUR);
    assert_eq!(millis(&outcome.opened)[..2], [0, 10_125]);
    let statuses = outcome.statuses();
    assert_eq!(statuses[0].1, "no answer within 10s (open_timeout)");
    assert_eq!(
        statuses[1].1,
        "barter-data panicked on a message: at the door"
    );
}

#[test]
fn silence_ends_a_connection_and_pongs_are_no_silence() {
    let pongs = [Message::Pong, Message::Pause(50_000)].repeat(10);
    let silent = [pongs, vec![Message::Stall]].concat();
    let outcome = play(vec![Attempt::Open(silent)], POLICY, HOUR);
    // Ten pauses; then a minute of silence, which is noticed within a quarter of it.
    let lost = outcome.opened[1].saturating_sub(POLICY.backoff);
    assert!(lost >= Duration::from_secs(10 * 50 + 60 - 50), "{lost:?}");
    assert!(lost <= Duration::from_secs(10 * 50 + 75), "{lost:?}");
    assert_eq!(outcome.losses(), 1);
    assert_eq!(
        outcome.reasons(StatusKind::Lost),
        ["nothing came for 60s (silence)"]
    );
    // Of both instruments, and then of the connection.
    assert_eq!(outcome.count(StatusKind::Silent), 3);
}

#[test]
fn an_instrument_that_is_silent_while_another_trades_is_told_once() {
    let trades = [Message::Other, Message::Pause(1000)].repeat(300);
    let outcome = play(vec![Attempt::Open(trades)], POLICY, HOUR);
    let silent: Vec<_> = outcome
        .items
        .iter()
        .filter_map(|item| match item {
            FeedItem::Status(status) if status.kind == StatusKind::Silent => {
                Some(status.instrument)
            }
            FeedItem::Status(_) | FeedItem::Market(_) => None,
        })
        .collect();
    assert_eq!(silent, [Some(InstrumentIndex(0))]);
    assert_eq!((outcome.losses(), outcome.trades().len()), (1, 300));
}

#[test]
fn a_hundred_unreadable_messages_in_a_row_end_a_connection() {
    let garbage = vec![Message::Garbage; 99];
    let mixed = [garbage.clone(), vec![Message::Trade], garbage.clone()].concat();
    let too_much = [garbage, vec![Message::Garbage, Message::Trade]].concat();
    let outcome = play(
        vec![Attempt::Open(mixed), Attempt::Open(too_much)],
        POLICY,
        HOUR,
    );
    assert_eq!(outcome.trades(), [1]);
    let unreadable = outcome.reasons(StatusKind::Unreadable).into_iter();
    let numbers: Vec<_> = unreadable
        .map(|reason| reason.split_whitespace().nth(1).unwrap())
        .collect();
    assert_eq!(numbers, ["1", "10", "100", "1", "10"]);
    let lost = outcome.reasons(StatusKind::Lost);
    assert!(lost[1].starts_with("100 in a row, message 100 that cannot be read"));
}

#[test]
fn a_late_refusal_is_told_and_the_rest_goes_on() {
    let messages = vec![Message::Refusal, Message::Trade];
    let outcome = play(vec![Attempt::Open(messages)], POLICY, HOUR);
    assert_eq!(
        outcome.statuses()[1],
        (StatusKind::Refused, "no such market")
    );
    assert_eq!(outcome.trades(), [1]);
}

fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        6 => Just(Message::Trade),
        1 => Just(Message::Garbage),
        1 => Just(Message::Pong),
        1 => Just(Message::Refusal),
        2 => (0_u64..2_000).prop_map(Message::Pause),
    ]
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let end = prop_oneof![
        Just(None),
        Just(Some(Message::End)),
        Just(Some(Message::Stall)),
        Just(Some(Message::Panic)),
    ];
    let open = (prop::collection::vec(message(), 0..20), end).prop_map(|(mut messages, end)| {
        messages.extend(end);
        Attempt::Open(messages)
    });
    prop_oneof![
        1 => Just(Attempt::Refused),
        1 => Just(Attempt::Stalled),
        1 => Just(Attempt::Panicked),
        6 => open,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever a venue does: each loss is told once, nothing that came is lost, and the venue is never
    /// called without a pause.
    #[test]
    fn every_loss_is_told_once_and_nothing_is_lost(
        attempts in prop::collection::vec(attempt(), 0..12)
    ) {
        let total = attempts.len();
        let opened = attempts.iter().filter(|it| matches!(it, Attempt::Open(_))).count();
        let trades = attempts.iter().map(|attempt| match attempt {
            Attempt::Open(messages) => {
                messages.iter().filter(|it| matches!(it, Message::Trade)).count()
            }
            Attempt::Refused | Attempt::Stalled | Attempt::Panicked => 0,
        });
        let trades: usize = trades.sum();
        let day = Duration::from_secs(24 * 3600);
        let outcome = play(attempts, POLICY, day);
        prop_assert_eq!(outcome.trades(), (1..=trades as u64).collect::<Vec<_>>());
        prop_assert_eq!(outcome.losses(), opened);
        prop_assert_eq!(outcome.count(StatusKind::Lost), opened);
        prop_assert_eq!(outcome.count(StatusKind::Connected), opened.min(1));
        prop_assert_eq!(outcome.count(StatusKind::Back), opened.saturating_sub(1));
        prop_assert!(outcome.opened.len() > total);
        prop_assert!(outcome.pauses().iter().all(|pause| *pause >= POLICY.backoff));
        // A loss is told before its `Reconnecting`.
        for pair in outcome.items.windows(2) {
            let is_lost = matches!(&pair[0], FeedItem::Status(it) if it.kind == StatusKind::Lost);
            let is_told = matches!(&pair[1], FeedItem::Market(StoredEvent::Reconnecting(_)));
            prop_assert_eq!(is_lost, is_told);
        }
    }
}

//! Cases computed by hand, rule by rule, and a random search for violations of what always holds.

#![allow(clippy::arithmetic_side_effects)]

mod arrival;
mod cancels;
mod candles;
mod contracts;
mod market_events;
mod numbers;
mod random;
mod spot;

use super::*;
use crate::{
    data::{CandleBar, L1Quote, TradeTick},
    exchange::{
        AnsweredOrder, RateLimit, check_balance,
        rules::{CandleFills, CandlePrice, FeeAsset, Liquidity, QueuePosition},
    },
    execution::OrderIndex,
};
use barter_data::{
    books::{Level, OrderBook},
    subscription::book::OrderBookEvent,
};
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::{
        OrderKey, OrderKind, TimeInForce,
        id::{ClientOrderId, OrderId, StrategyId},
        request::{OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen},
        state::{ActiveOrderState, InactiveOrderState, OrderState},
    },
};
use barter_instrument::{
    Side,
    exchange::ExchangeId,
    index::IndexedInstruments,
    instrument::{
        kind::{InstrumentKind, future::FutureContract, perpetual::PerpetualContract},
        spec::{
            InstrumentSpec, InstrumentSpecNotional, InstrumentSpecPrice, InstrumentSpecQuantity,
            OrderQuantityUnits,
        },
    },
    test_utils,
};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

const BASE: AssetIndex = AssetIndex(0);
const QUOTE: AssetIndex = AssetIndex(1);
const GTC: TimeInForce = TimeInForce::GoodUntilCancelled { post_only: false };
const POST_ONLY: TimeInForce = TimeInForce::GoodUntilCancelled { post_only: true };
const IOC: TimeInForce = TimeInForce::ImmediateOrCancel;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn levels(of: &[(&str, &str)]) -> Vec<Level> {
    of.iter()
        .map(|(price, amount)| Level::new(decimal(price), decimal(amount)))
        .collect()
}

fn l1(bid: Option<(&str, &str)>, ask: Option<(&str, &str)>) -> MarketKind {
    l1_at(0, bid, ask)
}

fn l1_at(seconds: i64, bid: Option<(&str, &str)>, ask: Option<(&str, &str)>) -> MarketKind {
    let level = |of: Option<(&str, &str)>| levels(of.as_slice()).first().copied();
    MarketKind::L1(L1Quote::new(at(seconds), level(bid), level(ask)))
}

fn book(bids: &[(&str, &str)], asks: &[(&str, &str)]) -> MarketKind {
    let book = OrderBook::new(1, None, levels(bids), levels(asks));
    MarketKind::L2(OrderBookEvent::Snapshot(book).into())
}

fn update(bids: &[(&str, &str)], asks: &[(&str, &str)]) -> MarketKind {
    let book = OrderBook::new(1, None, levels(bids), levels(asks));
    MarketKind::L2(OrderBookEvent::Update(book).into())
}

fn trade(side: Side, price: &str, amount: &str) -> MarketKind {
    MarketKind::Trade(TradeTick::new(
        "1".into(),
        decimal(price),
        decimal(amount),
        side,
    ))
}

/// A candle: its open, high, low, close and volume.
fn candle(prices: [&str; 4], volume: &str) -> MarketKind {
    let [open, high, low, close] = prices.map(decimal);
    MarketKind::Candle(
        CandleBar {
            close_time: at(0),
            open,
            high,
            low,
            close,
            close_f64: 0.0,
            volume: decimal(volume),
            trade_count: 1,
        }
        .into(),
    )
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

const fn nanos(seconds: i64) -> i64 {
    seconds * 1_000_000_000
}

/// An event in short.
fn short(event: &AccountEvent) -> String {
    match &event.kind {
        AccountEventKind::Snapshot(_) => "snapshot".to_owned(),
        AccountEventKind::BalanceSnapshot(Snapshot(balance)) => format!(
            "{} {} {}",
            if balance.asset == BASE {
                "base"
            } else {
                "quote"
            },
            balance.balance.total,
            balance.balance.free
        ),
        AccountEventKind::Trade(trade) => format!(
            "trade {} of {}: {} {} at {} fee {}",
            trade.id.0, trade.order_id, trade.side, trade.quantity, trade.price, trade.fees.fees
        ),
        AccountEventKind::OrderSnapshot(Snapshot(order)) => {
            let state = match &order.state {
                OrderState::Active(ActiveOrderState::Open(open)) => {
                    format!("open {} filled {}", open.id, open.filled_quantity)
                }
                OrderState::Inactive(InactiveOrderState::FullyFilled) => "filled".to_owned(),
                OrderState::Inactive(InactiveOrderState::Expired) => "expired".to_owned(),
                OrderState::Inactive(InactiveOrderState::OpenFailed(error)) => error.to_string(),
                other => format!("{other:?}"),
            };
            format!("{} {state}", order.key.cid)
        }
        AccountEventKind::OrderCancelled(response) => match &response.state {
            Ok(cancelled) => format!("cancelled {} as {}", response.key.cid, cancelled.id),
            Err(error) => format!("cancel of {}: {error}", response.key.cid),
        },
    }
}

fn shorts(answer: &Answer) -> Vec<String> {
    answer.events.iter().map(short).collect()
}

/// The trades in answers, as "number quantity@price".
fn fills(answers: &[Vec<String>]) -> Vec<String> {
    let trades = answers.iter().flatten().filter_map(|text| {
        let (of, trade) = text.strip_prefix("trade ")?.split_once(": ")?;
        let order = of.split_once(" of ")?.1;
        let words = trade.split(' ').collect::<Vec<_>>();
        Some(format!("{order} {}@{}", words[1], words[3]))
    });
    trades.collect()
}

/// One instrument on one exchange. btc is asset 0, usdt asset 1.
struct World {
    exchange: SimulatedExchange,
    instrument: BarterInstrument,
    market: MarketState,
    now: i64,
    /// Client order ids are running numbers, and so are the indices of orders.
    sent: u32,
    /// The filled quantities in the answers so far.
    filled: HashMap<OrderIndex, Decimal>,
}

fn spot(spec: Option<InstrumentSpec<AssetIndex>>) -> BarterInstrument {
    let instrument = test_utils::instrument(ExchangeId::BinanceSpot, "btc", "usdt");
    let mut instrument = IndexedInstruments::new([instrument]).instruments()[0]
        .value
        .clone();
    instrument.spec = spec;
    instrument
}

fn perpetual() -> BarterInstrument {
    let contract = PerpetualContract {
        contract_size: Decimal::ONE,
        settlement_asset: QUOTE,
    };
    BarterInstrument {
        kind: InstrumentKind::Perpetual(contract),
        ..spot(None)
    }
}

fn future(expiry: DateTime<Utc>) -> BarterInstrument {
    let contract = FutureContract {
        contract_size: Decimal::ONE,
        settlement_asset: QUOTE,
        expiry,
    };
    BarterInstrument {
        kind: InstrumentKind::Future(contract),
        ..spot(None)
    }
}

fn rules(taker: &str, maker: &str) -> ExchangeRules {
    ExchangeRules {
        taker_fee_rate: decimal(taker),
        maker_fee_rate: decimal(maker),
        ..ExchangeRules::DEFAULT
    }
}

impl World {
    /// The filled quantity of an order, by the answers about it.
    fn filled(&self, number: usize) -> Decimal {
        let filled = self.filled.get(&OrderIndex(number));
        filled.copied().unwrap_or_default()
    }

    fn note(&mut self, answer: &Answer) {
        if let Some(AnsweredOrder { index, executed }) = &answer.order {
            let quantity = executed
                .as_ref()
                .map(|(_, executed)| executed.quantity.decimal());
            self.filled.insert(*index, quantity.unwrap_or_default());
        }
    }

    fn new(rules: ExchangeRules, instrument: BarterInstrument, balances: [&str; 2]) -> Self {
        Self::filled_at(FillPrice::BestOpposite, rules, instrument, balances)
    }

    fn filled_at(
        fill_price: FillPrice,
        rules: ExchangeRules,
        instrument: BarterInstrument,
        balances: [&str; 2],
    ) -> Self {
        let balances = balances.map(decimal).to_vec();
        Self {
            exchange: SimulatedExchange::new(fill_price, vec![rules.clone(), rules], balances),
            instrument,
            market: MarketState::default(),
            now: 0,
            sent: 0,
            filled: HashMap::new(),
        }
    }

    /// Without fees, and with 1000 of each asset.
    fn plain() -> Self {
        Self::new(ExchangeRules::DEFAULT, spot(None), ["1000", "1000"])
    }

    /// The same with another queue.
    fn queued(queue: QueuePosition) -> Self {
        let rules = ExchangeRules {
            queue,
            ..ExchangeRules::DEFAULT
        };
        Self::new(rules, spot(None), ["1000", "1000"])
    }

    /// A market event, and the answers for resting orders that it fills.
    fn observe(&mut self, event: &MarketKind) -> Vec<Answer> {
        self.market.update(at(self.now), event);
        let answers = self.exchange.observe(
            nanos(self.now),
            InstrumentIndex(0),
            &self.instrument,
            event,
            &self.market,
        );
        let answers = answers.unwrap();
        for answer in &answers {
            self.note(answer);
        }
        answers
    }

    fn see(&mut self, event: &MarketKind) -> Vec<Vec<String>> {
        self.observe(event).iter().map(shorts).collect()
    }

    fn decide_waiting(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        for index in self.exchange.instruments_waiting() {
            let decided = self.exchange.decide_waiting(
                nanos(self.now),
                index,
                &self.instrument,
                &self.market,
            );
            answers.extend(decided.unwrap());
        }
        answers
    }

    fn end_orders(&mut self, seconds: i64) -> Vec<Answer> {
        self.exchange.end_orders(nanos(seconds)).unwrap()
    }

    fn request(
        &mut self,
        side: Side,
        price: &str,
        quantity: &str,
        kind: OrderKind,
        time_in_force: TimeInForce,
    ) -> OrderRequestOpen {
        self.sent += 1;
        OrderRequestOpen {
            key: key(&self.sent.to_string()),
            state: RequestOpen {
                side,
                price: decimal(price),
                quantity: decimal(quantity),
                kind,
                time_in_force,
            },
        }
    }

    /// The answer to a request; `None` if the order waits for a candle.
    fn submit(&mut self, request: ExchangeRequest) -> Option<Answer> {
        let answer =
            self.exchange
                .execute(nanos(self.now), request, &self.instrument, &self.market);
        let answer = answer.unwrap();
        if let Some(answer) = &answer {
            self.note(answer);
        }
        answer
    }

    fn execute(&mut self, request: ExchangeRequest) -> Answer {
        self.submit(request).unwrap()
    }

    /// Sends the order that was requested last.
    fn send(&mut self, request: OrderRequestOpen) -> Vec<String> {
        let request = ExchangeRequest::Open(OrderIndex(self.sent as usize), request, None);
        shorts(&self.execute(request))
    }

    fn limit(&mut self, side: Side, price: &str, quantity: &str) -> Vec<String> {
        self.limit_as(side, price, quantity, GTC)
    }

    fn limit_as(
        &mut self,
        side: Side,
        price: &str,
        quantity: &str,
        time_in_force: TimeInForce,
    ) -> Vec<String> {
        let request = self.request(side, price, quantity, OrderKind::Limit, time_in_force);
        self.send(request)
    }

    fn market(&mut self, side: Side, quantity: &str) -> Vec<String> {
        self.market_as(side, quantity, IOC)
    }

    fn market_as(&mut self, side: Side, quantity: &str, time_in_force: TimeInForce) -> Vec<String> {
        let request = self.request(side, "7", quantity, OrderKind::Market, time_in_force);
        self.send(request)
    }

    fn cancel(&mut self, cid: &str, id: Option<&str>) -> Vec<String> {
        let request = OrderRequestCancel {
            key: key(cid),
            state: RequestCancel {
                id: id.map(OrderId::new),
            },
        };
        shorts(&self.execute(ExchangeRequest::Cancel(request)))
    }

    /// Total and free of both assets.
    fn balances(&self) -> String {
        let [base, quote] = [BASE, QUOTE].map(|asset| self.exchange.balance(asset));
        format!(
            "{}/{} {}/{}",
            base.total, base.free, quote.total, quote.free
        )
    }

    /// The open quantities of the resting orders, by number.
    fn open(&self) -> String {
        let open = self.exchange.open_orders(ExchangeIndex(0));
        let text = open.iter().map(|order| {
            let OrderState::Active(ActiveOrderState::Open(state)) = &order.state else {
                panic!("{order:?}")
            };
            format!("{}:{}", state.id, order.quantity - state.filled_quantity)
        });
        text.collect::<Vec<_>>().join(" ")
    }
}

fn key(cid: &str) -> OrderKey {
    OrderKey {
        exchange: ExchangeIndex(0),
        instrument: InstrumentIndex(0),
        strategy: StrategyId::new("test"),
        cid: ClientOrderId::new(cid),
    }
}

//! The simulated exchange: fills market orders from what the market showed and books both sides.

mod fault;
mod latency;
mod rules;

pub use fault::{Fault, Noticed, Script};
pub use latency::{Latency, LatencyDraws, duration_nanos};
pub use rules::{ExchangeRules, PyFeeAsset, PyLiquidity, PyQueuePosition, RateLimit};

use crate::{
    data::{MarketKind, MarketState},
    error::Error,
    instrument::{BarterInstrument, Indexed},
    py_enum,
};
use barter::execution::request::ExecutionRequest;
use barter_execution::order::OrderSnapshot;
use barter_execution::{
    AccountEvent, AccountEventKind,
    balance::{AssetBalance, Balance},
    error::{ApiError, OrderError},
    order::{
        Order, OrderEvent, OrderKey, OrderKind,
        id::{ClientOrderId, OrderId},
        request::{OrderRequestCancel, OrderRequestOpen},
        state::{InactiveOrderState, OrderState},
    },
    trade::{AssetFees, Trade, TradeId},
};
use barter_instrument::instrument::{kind::InstrumentKind, quote::InstrumentQuoteAsset};
use barter_instrument::{
    Side, asset::AssetIndex, exchange::ExchangeIndex, instrument::InstrumentIndex,
};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use smol_str::format_smolstr;
use std::collections::HashMap;

/// Where the price of a fill comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FillPrice {
    /// The best opposite price when the order arrives.
    BestOpposite,
    /// The price that the request names.
    Requested,
}

py_enum! {
    /// At which price the simulated exchange fills market orders.
    pub enum PyFillPrice(FillPrice) as "FillPrice" {
        /// The best opposite price at the time of the fill: the ask for a buy, the bid for a sell, of the
        /// last L1 or of the order book, whichever is newer. Where there is neither, the last trade;
        /// without trades, the last candle's close.
        BEST_OPPOSITE = "best_opposite" => FillPrice::BestOpposite,
        /// The price that the request names, whatever the market shows: as barter's `MockExchange`.
        REQUESTED = "requested" => FillPrice::Requested,
    }
}

/// The simulated exchanges of a run.
#[derive(Debug)]
pub struct SimulatedExchange {
    fill_price: FillPrice,
    rules: Vec<ExchangeRules>,
    balances: Vec<Decimal>,
    filled: HashMap<(InstrumentIndex, ClientOrderId), Decimal>,
    finished: HashMap<(InstrumentIndex, ClientOrderId), Finished>,
    sequence: u64,
}

/// How an order ended, to answer cancels that come too late.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Finished {
    Filled,
    Refused,
}

/// What a fill moves.
struct Booking {
    price: Decimal,
    base: Decimal,
    quote: Decimal,
    fees: Decimal,
}

impl SimulatedExchange {
    /// Exchanges with their fee rates by exchange index, and balances by asset index.
    pub fn new(fill_price: FillPrice, rules: Vec<ExchangeRules>, balances: Vec<Decimal>) -> Self {
        Self {
            fill_price,
            rules,
            filled: HashMap::new(),
            balances,
            finished: HashMap::new(),
            sequence: 0,
        }
    }

    /// What is held of an asset; nothing is ever reserved, since market orders do not rest.
    pub fn balance(&self, asset: AssetIndex) -> Balance {
        let total = self
            .balances
            .get(asset.index())
            .copied()
            .unwrap_or_default();
        Balance { total, free: total }
    }

    /// Answers a request that arrives at `time`, with the events in the order in which they are told.
    pub fn execute(
        &mut self,
        time: DateTime<Utc>,
        request: ExecutionRequest,
        instrument: &BarterInstrument,
        market: &MarketState,
    ) -> Vec<AccountEvent> {
        match request {
            ExecutionRequest::Shutdown => Vec::new(),
            ExecutionRequest::Cancel(request) => vec![self.cancel(request)],
            ExecutionRequest::Open(request) => match self.book(&request, instrument, market) {
                Ok(booking) => self.fill(time, request, instrument, &booking),
                Err(error) => {
                    self.finish(&request.key, Finished::Refused);
                    vec![order_event(
                        request,
                        InactiveOrderState::OpenFailed(error.into()),
                    )]
                }
            },
        }
    }

    /// Stand-in.
    pub fn observe(
        &mut self,
        _: DateTime<Utc>,
        _: InstrumentIndex,
        _: &BarterInstrument,
        _: &MarketKind,
        _: &MarketState,
        _: &mut Vec<(ExchangeIndex, Message)>,
    ) {
    }

    /// Stand-in.
    pub fn is_watching(&self, _: InstrumentIndex) -> bool {
        false
    }

    /// Stand-in.
    pub fn next_end(&self) -> Option<i64> {
        None
    }

    /// Stand-in.
    pub fn end_orders(&mut self, _: DateTime<Utc>) -> Vec<(ExchangeIndex, Message)> {
        Vec::new()
    }

    /// Stand-in.
    pub fn open_orders(&self, _: ExchangeIndex) -> Vec<OrderSnapshot> {
        Vec::new()
    }

    /// Stand-in.
    pub fn filled_quantity(&self, instrument: InstrumentIndex, cid: &ClientOrderId) -> Decimal {
        self.filled
            .get(&(instrument, cid.clone()))
            .copied()
            .unwrap_or_default()
    }

    /// Stand-in.
    pub fn refuse(&mut self, request: ExecutionRequest, error: OrderError) -> Message {
        match request {
            ExecutionRequest::Shutdown => Vec::new(),
            ExecutionRequest::Cancel(OrderRequestCancel { key, state: _ }) => {
                vec![AccountEvent::new(
                    key.exchange,
                    AccountEventKind::OrderCancelled(OrderEvent {
                        key,
                        state: Err(error),
                    }),
                )]
            }
            ExecutionRequest::Open(request) => {
                self.finish(&request.key, Finished::Refused);
                vec![order_event(request, InactiveOrderState::OpenFailed(error))]
            }
        }
    }

    fn finish(&mut self, key: &OrderKey, how: Finished) {
        self.finished.insert((key.instrument, key.cid.clone()), how);
    }

    /// Market orders are done when they have arrived, so a cancel always comes too late.
    fn cancel(&self, OrderRequestCancel { key, state: _ }: OrderRequestCancel) -> AccountEvent {
        let id = (key.instrument, key.cid.clone());
        let error = match self.finished.get(&id) {
            Some(Finished::Filled) => ApiError::OrderAlreadyFullyFilled,
            Some(Finished::Refused) => {
                ApiError::OrderRejected(format!("the order {} was refused", key.cid))
            }
            None => ApiError::OrderRejected(format!("there is no order {}", key.cid)),
        };
        AccountEvent::new(
            key.exchange,
            AccountEventKind::OrderCancelled(OrderEvent {
                key,
                state: Err(OrderError::Rejected(error)),
            }),
        )
    }

    /// What a fill would move, or why there is none.
    fn book(
        &self,
        request: &OrderRequestOpen,
        instrument: &BarterInstrument,
        market: &MarketState,
    ) -> Result<Booking, ApiError> {
        let OrderRequestOpen { key, state } = request;
        let rejected = |text: String| ApiError::OrderRejected(text);
        match state.kind {
            OrderKind::Market => {}
            OrderKind::Limit => {
                return Err(rejected(
                    "the simulated exchange takes market orders only".to_owned(),
                ));
            }
        }
        let price = match self.fill_price {
            FillPrice::Requested => Some(state.price),
            FillPrice::BestOpposite => market.opposite(state.side),
        };
        let Some(price) = price else {
            return Err(rejected(format!(
                "no price of {} to {} at is known",
                instrument.name_internal, state.side
            )));
        };
        if price <= Decimal::ZERO {
            return Err(rejected(format!(
                "the price of the fill must be positive, it is {price}"
            )));
        }
        let fee_rate = self
            .rules
            .get(key.exchange.index())
            .map(|rules| rules.taker_fee_rate)
            .unwrap_or_default();
        let overflow = || {
            rejected(format!(
                "the value of {} at {price} is too large",
                state.quantity
            ))
        };
        let value = price.checked_mul(state.quantity).ok_or_else(overflow)?;
        let fees = value.checked_mul(fee_rate).ok_or_else(overflow)?;
        let (base, quote) = match state.side {
            Side::Buy => (
                Some(state.quantity),
                value.checked_add(fees).map(std::ops::Neg::neg),
            ),
            Side::Sell => (
                Some(std::ops::Neg::neg(state.quantity)),
                value.checked_sub(fees),
            ),
        };
        let (Some(base), Some(quote)) = (base, quote) else {
            return Err(overflow());
        };
        let underlying = instrument.underlying;
        for (asset, change) in [(underlying.base, base), (underlying.quote, quote)] {
            let balance = self.balance(asset).free;
            let after = balance.checked_add(change).ok_or_else(overflow)?;
            if after < Decimal::ZERO {
                return Err(ApiError::BalanceInsufficient(
                    asset,
                    format!(
                        "{} of {} {} at {price} needs {}, free is {balance}",
                        state.side,
                        state.quantity,
                        instrument.name_internal,
                        change.abs(),
                    ),
                ));
            }
        }
        Ok(Booking {
            price,
            base,
            quote,
            fees,
        })
    }

    fn fill(
        &mut self,
        time: DateTime<Utc>,
        request: OrderRequestOpen,
        instrument: &BarterInstrument,
        booking: &Booking,
    ) -> Vec<AccountEvent> {
        let OrderRequestOpen { key, state } = &request;
        self.sequence = self.sequence.saturating_add(1);
        self.finish(key, Finished::Filled);
        self.filled
            .insert((key.instrument, key.cid.clone()), state.quantity);
        let underlying = instrument.underlying;
        let mut events = Vec::with_capacity(4);
        for (asset, change) in [
            (underlying.base, booking.base),
            (underlying.quote, booking.quote),
        ] {
            if let Some(balance) = self.balances.get_mut(asset.index()) {
                // `book` has found that the sum fits.
                *balance = balance.saturating_add(change);
            }
            events.push(AccountEvent::new(
                key.exchange,
                AccountEventKind::BalanceSnapshot(Snapshot(AssetBalance {
                    asset,
                    balance: self.balance(asset),
                    time_exchange: time,
                })),
            ));
        }
        events.push(AccountEvent::new(
            key.exchange,
            AccountEventKind::Trade(Trade {
                id: TradeId(format_smolstr!("{}", self.sequence)),
                order_id: OrderId(format_smolstr!("{}", self.sequence)),
                instrument: key.instrument,
                strategy: key.strategy.clone(),
                time_exchange: time,
                side: state.side,
                price: booking.price,
                quantity: state.quantity,
                fees: AssetFees::quote_fees(booking.fees),
            }),
        ));
        // Last, so that `has_orders` holds until position and balances are right.
        events.push(order_event(request, InactiveOrderState::FullyFilled));
        events
    }
}

/// Told together, in order.
pub type Message = Vec<AccountEvent>;

/// Stand-in.
pub fn check_balance(_: &str, _: Decimal) -> Result<(), Error> {
    Ok(())
}

/// The simulated exchange trades spot; everything else is refused rather than booked wrongly.
pub fn check_tradable(indexed: &Indexed) -> Result<(), Error> {
    for keyed in indexed.instruments.instruments() {
        let name = &keyed.value.name_internal;
        let kind = match &keyed.value.kind {
            InstrumentKind::Spot => match keyed.value.quote {
                InstrumentQuoteAsset::UnderlyingQuote => None,
                InstrumentQuoteAsset::UnderlyingBase => Some("quoted in its base asset"),
            },
            InstrumentKind::Perpetual(_) => Some("a perpetual"),
            InstrumentKind::Future(_) => Some("a future"),
            InstrumentKind::Option(_) => Some("an option"),
        };
        if let Some(kind) = kind {
            return Err(Error::Config(format!(
                "instrument {name} is {kind}: the simulated exchange trades spot, quoted in the quote asset"
            )));
        }
    }
    Ok(())
}

fn order_event(
    request: OrderRequestOpen,
    state: InactiveOrderState<AssetIndex, InstrumentIndex>,
) -> AccountEvent {
    let OrderRequestOpen { key, state: open } = request;
    AccountEvent::new(
        key.exchange,
        AccountEventKind::OrderSnapshot(Snapshot(Order {
            key,
            side: open.side,
            price: open.price,
            quantity: open.quantity,
            kind: open.kind,
            time_in_force: open.time_in_force,
            state: OrderState::Inactive(state),
        })),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{MarketKind, MarketState};
    use barter_data::books::Level;
    use barter_execution::order::{TimeInForce, id::StrategyId, request::RequestOpen};
    use barter_instrument::{
        exchange::{ExchangeId, ExchangeIndex},
        index::IndexedInstruments,
        test_utils,
    };

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn instrument() -> BarterInstrument {
        let instrument = test_utils::instrument(ExchangeId::BinanceSpot, "btc", "usdt");
        IndexedInstruments::new([instrument]).instruments()[0]
            .value
            .clone()
    }

    fn market(bid: &str, ask: &str) -> MarketState {
        let level = |price| {
            Some(Level {
                price: decimal(price),
                amount: Decimal::ONE,
            })
        };
        let mut market = MarketState::default();
        let quote = crate::data::L1Quote::new(DateTime::UNIX_EPOCH, level(bid), level(ask));
        market.update(DateTime::UNIX_EPOCH, &MarketKind::L1(quote));
        market
    }

    fn request(side: Side, quantity: &str, kind: OrderKind) -> ExecutionRequest {
        ExecutionRequest::Open(OrderRequestOpen {
            key: OrderKey {
                exchange: ExchangeIndex(0),
                instrument: InstrumentIndex(0),
                strategy: StrategyId::new("test"),
                cid: ClientOrderId::new("1"),
            },
            state: RequestOpen {
                side,
                price: decimal("7"),
                quantity: decimal(quantity),
                kind,
                time_in_force: TimeInForce::ImmediateOrCancel,
            },
        })
    }

    /// btc is asset 0, usdt asset 1.
    fn exchange(fill_price: FillPrice) -> SimulatedExchange {
        SimulatedExchange::new(
            fill_price,
            vec![ExchangeRules {
                taker_fee_rate: decimal("0.001"),
                ..ExchangeRules::default()
            }],
            vec![decimal("2"), decimal("100")],
        )
    }

    fn totals(exchange: &SimulatedExchange) -> [Decimal; 2] {
        [
            exchange.balance(AssetIndex(0)).total,
            exchange.balance(AssetIndex(1)).total,
        ]
    }

    #[test]
    fn books_both_sides_of_a_buy_and_a_sale() {
        let mut exchange = exchange(FillPrice::BestOpposite);
        let (instrument, market) = (instrument(), market("9", "10"));
        let events = exchange.execute(
            DateTime::UNIX_EPOCH,
            request(Side::Buy, "3", OrderKind::Market),
            &instrument,
            &market,
        );
        // 3 at 10 is 30, and 0.03 of fees.
        assert_eq!(totals(&exchange), [decimal("5"), decimal("69.97")]);
        let AccountEventKind::Trade(trade) = &events[2].kind else {
            panic!("{events:?}")
        };
        assert_eq!(
            (trade.price, trade.fees.fees),
            (decimal("10"), decimal("0.03"))
        );
        exchange.execute(
            DateTime::UNIX_EPOCH,
            request(Side::Sell, "5", OrderKind::Market),
            &instrument,
            &market,
        );
        // 5 at 9 is 45, less 0.045 of fees.
        assert_eq!(totals(&exchange), [decimal("0"), decimal("114.925")]);
    }

    #[test]
    fn fills_at_the_requested_price_by_option() {
        let mut exchange = exchange(FillPrice::Requested);
        let request = request(Side::Buy, "1", OrderKind::Market);
        exchange.execute(
            DateTime::UNIX_EPOCH,
            request,
            &instrument(),
            &market("9", "10"),
        );
        assert_eq!(totals(&exchange), [decimal("3"), decimal("92.993")]);
    }

    #[test]
    fn refuses_without_touching_a_balance() {
        let mut exchange = exchange(FillPrice::BestOpposite);
        let quoted = market("9", "10");
        for (request, market) in [
            (request(Side::Buy, "10", OrderKind::Market), &quoted),
            (request(Side::Sell, "2.1", OrderKind::Market), &quoted),
            (request(Side::Buy, "1", OrderKind::Limit), &quoted),
            (
                request(Side::Buy, "1", OrderKind::Market),
                &MarketState::default(),
            ),
            (
                request(Side::Buy, "1", OrderKind::Market),
                &market("0", "0"),
            ),
        ] {
            let events = exchange.execute(DateTime::UNIX_EPOCH, request, &instrument(), market);
            let [
                AccountEvent {
                    kind: AccountEventKind::OrderSnapshot(Snapshot(order)),
                    ..
                },
            ] = events.as_slice()
            else {
                panic!("{events:?}")
            };
            assert!(
                matches!(
                    order.state,
                    OrderState::Inactive(InactiveOrderState::OpenFailed(_))
                ),
                "{order:?}"
            );
            assert_eq!(totals(&exchange), [decimal("2"), decimal("100")]);
        }
    }
}

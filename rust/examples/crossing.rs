//! The strategy of `docs/coming_from/barter.md` with barter's own types, without the binding.
//!
//! The standard input is a table of candles, such as `examples/data/candles_btc_five_minutes.csv`.
//! Each fill is a line: side, price, quantity, and the profit of all closed positions. A last line has
//! the quantity and the entry price of the position that is open at the end.

use barter::{
    EngineEvent,
    engine::{
        Engine, Processor,
        clock::HistoricalClock,
        execution_tx::MultiExchangeTxMap,
        state::{
            EngineState,
            global::DefaultGlobalData,
            instrument::{InstrumentState, data::InstrumentDataState, filter::InstrumentFilter},
            order::in_flight_recorder::InFlightRequestRecorder,
            trading::TradingState,
        },
    },
    execution::{AccountStreamEvent, request::ExecutionRequest},
    risk::DefaultRiskManager,
    strategy::{
        algo::AlgoStrategy, close_positions::ClosePositionsStrategy,
        on_disconnect::OnDisconnectStrategy, on_trading_disabled::OnTradingDisabled,
    },
};
use barter_data::{
    event::MarketEvent, streams::consumer::MarketStreamEvent, subscription::candle::Candle,
};
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::{
        Order, OrderKey, OrderKind, TimeInForce,
        id::{ClientOrderId, OrderId, StrategyId},
        request::{OrderRequestCancel, OrderRequestOpen, RequestOpen},
        state::OrderState,
    },
    trade::{AssetFees, Trade, TradeId},
};
use barter_instrument::{
    Side, Underlying,
    asset::AssetIndex,
    exchange::{ExchangeId, ExchangeIndex},
    index::IndexedInstruments,
    instrument::{Instrument, InstrumentIndex},
};
use barter_integration::{
    channel::{UnboundedTx, mpsc_unbounded},
    collection::snapshot::Snapshot,
};
use chrono::{DateTime, Duration, Utc};
use rust_decimal::{Decimal, prelude::FromPrimitive};
use std::{collections::VecDeque, error::Error, io};

type State = EngineState<DefaultGlobalData, Closes>;
type Txs = MultiExchangeTxMap<UnboundedTx<ExecutionRequest>>;
type Risk = DefaultRiskManager<State>;

/// The last 24 closes of an instrument.
#[derive(Debug, Clone, Default)]
struct Closes(VecDeque<f64>);

impl Closes {
    fn average(&self, count: u8) -> f64 {
        let older = self.0.len().saturating_sub(usize::from(count));
        self.0.iter().skip(older).sum::<f64>() / f64::from(count)
    }
}

impl Processor<&MarketEvent<InstrumentIndex, Candle>> for Closes {
    type Audit = ();

    fn process(&mut self, event: &MarketEvent<InstrumentIndex, Candle>) {
        if self.0.len() == 24 {
            self.0.pop_front();
        }
        self.0.push_back(event.kind.close);
    }
}

impl InstrumentDataState for Closes {
    type MarketEventKind = Candle;

    fn price(&self) -> Option<Decimal> {
        Decimal::from_f64(*self.0.back()?)
    }
}

/// Long while the fast average of the closes is above the slow one.
struct Crossing {
    id: StrategyId,
}

impl AlgoStrategy for Crossing {
    type State = State;

    fn generate_algo_orders(
        &self,
        state: &State,
    ) -> (
        impl IntoIterator<Item = OrderRequestCancel>,
        impl IntoIterator<Item = OrderRequestOpen>,
    ) {
        let all = state.instruments.instruments(&InstrumentFilter::None);
        (None, all.filter_map(|btc| self.order(btc)))
    }
}

impl Crossing {
    fn order(&self, btc: &InstrumentState<Closes>) -> Option<OrderRequestOpen> {
        if btc.data.0.len() < 24 || !btc.orders.0.is_empty() {
            return None;
        }
        let (fast, slow) = (btc.data.average(6), btc.data.average(24));
        let (side, quantity) = match &btc.position.current {
            None if fast > slow => (Side::Buy, Decimal::new(1, 1)),
            Some(position) if fast < slow => (Side::Sell, position.quantity_abs),
            _ => return None,
        };
        Some(OrderRequestOpen {
            key: OrderKey {
                exchange: btc.instrument.exchange,
                instrument: btc.key,
                strategy: self.id.clone(),
                cid: ClientOrderId::random(),
            },
            state: RequestOpen {
                side,
                price: btc.data.price()?,
                quantity,
                kind: OrderKind::Market,
                time_in_force: TimeInForce::ImmediateOrCancel,
            },
        })
    }
}

// What barter asks for besides: this strategy does nothing there.

impl Processor<&AccountEvent> for Closes {
    type Audit = ();

    fn process(&mut self, _: &AccountEvent) {}
}

impl InFlightRequestRecorder for Closes {
    fn record_in_flight_cancel(&mut self, _: &OrderRequestCancel) {}

    fn record_in_flight_open(&mut self, _: &OrderRequestOpen) {}
}

impl ClosePositionsStrategy for Crossing {
    type State = State;

    fn close_positions_requests<'a>(
        &'a self,
        _: &'a State,
        _: &'a InstrumentFilter,
    ) -> (
        impl IntoIterator<Item = OrderRequestCancel> + 'a,
        impl IntoIterator<Item = OrderRequestOpen> + 'a,
    )
    where
        ExchangeIndex: 'a,
        AssetIndex: 'a,
        InstrumentIndex: 'a,
    {
        (None, None)
    }
}

impl OnDisconnectStrategy<HistoricalClock, State, Txs, Risk> for Crossing {
    type OnDisconnect = ();

    fn on_disconnect(_: &mut Engine<HistoricalClock, State, Txs, Self, Risk>, _: ExchangeId) {}
}

impl OnTradingDisabled<HistoricalClock, State, Txs, Risk> for Crossing {
    type OnTradingDisabled = ();

    fn on_trading_disabled(_: &mut Engine<HistoricalClock, State, Txs, Self, Risk>) {}
}

/// Read a line of the table.
fn candle(line: &str) -> Result<MarketEvent<InstrumentIndex, Candle>, Box<dyn Error>> {
    let mut cells = line.split(',');
    let mut cell = || cells.next().ok_or("a line of the table is too short");
    let opened: DateTime<Utc> = cell()?.parse()?;
    let close_time = opened
        .checked_add_signed(Duration::minutes(5))
        .ok_or("a time is too large")?;
    Ok(MarketEvent {
        time_exchange: close_time,
        time_received: close_time,
        exchange: ExchangeId::Kraken,
        instrument: InstrumentIndex(0),
        kind: Candle {
            close_time,
            open: cell()?.parse()?,
            high: cell()?.parse()?,
            low: cell()?.parse()?,
            close: cell()?.parse()?,
            volume: cell()?.parse()?,
            trade_count: cell()?.parse()?,
        },
    })
}

/// Fill a market order whole, at the price that the strategy has seen, with fees of 0.02 %.
fn fill(
    order: OrderRequestOpen,
    time: DateTime<Utc>,
) -> Option<[AccountEventKind<ExchangeIndex, AssetIndex, InstrumentIndex>; 2]> {
    let OrderRequestOpen { key, state } = order;
    let value = state.price.checked_mul(state.quantity)?;
    let trade = Trade {
        id: TradeId::new(&key.cid.0),
        order_id: OrderId::new(&key.cid.0),
        instrument: key.instrument,
        strategy: key.strategy.clone(),
        time_exchange: time,
        side: state.side,
        price: state.price,
        quantity: state.quantity,
        fees: AssetFees::quote_fees(value.checked_mul(Decimal::new(2, 4))?),
    };
    let order = Order {
        key,
        side: state.side,
        price: state.price,
        quantity: state.quantity,
        kind: state.kind,
        time_in_force: state.time_in_force,
        state: OrderState::fully_filled(),
    };
    Some([
        AccountEventKind::Trade(trade),
        AccountEventKind::OrderSnapshot(Snapshot(order)),
    ])
}

fn main() -> Result<(), Box<dyn Error>> {
    let instruments = IndexedInstruments::new([Instrument::spot(
        ExchangeId::Kraken,
        "kraken-xbt_usd",
        "XBTUSD",
        Underlying::new("xbt", "usd"),
        None,
    )]);
    let state = State::builder(&instruments, DefaultGlobalData, |_| Closes::default())
        .trading_state(TradingState::Enabled)
        .build();
    let (tx, mut requests) = mpsc_unbounded();
    let mut engine = Engine::new(
        HistoricalClock::new(DateTime::UNIX_EPOCH),
        state,
        Txs::from_iter([(ExchangeId::Kraken, Some(tx))]),
        Crossing {
            id: StrategyId::new("crossing"),
        },
        Risk::default(),
    );
    for line in io::stdin().lines().skip(1) {
        let event = candle(&line?)?;
        let time = event.time_exchange;
        engine.process(EngineEvent::Market(MarketStreamEvent::Item(event)));
        while let Ok(ExecutionRequest::Open(order)) = requests.rx.try_recv() {
            let (side, price, quantity) =
                (order.state.side, order.state.price, order.state.quantity);
            let exchange = order.key.exchange;
            for kind in fill(order, time).ok_or("a number is too large")? {
                let event = AccountEvent { exchange, kind };
                engine.process(EngineEvent::Account(AccountStreamEvent::Item(event)));
            }
            let btc = engine
                .state
                .instruments
                .instrument_index(&InstrumentIndex(0));
            let profit = btc.tear_sheet.pnl_returns.pnl_raw;
            println!("{side} {price} {quantity} {profit}");
        }
    }
    let btc = engine
        .state
        .instruments
        .instrument_index(&InstrumentIndex(0));
    if let Some(position) = &btc.position.current {
        println!(
            "open {} {}",
            position.quantity_abs, position.price_entry_average
        );
    }
    Ok(())
}

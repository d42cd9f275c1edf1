//! What barter's engine itself does, for the differential test of `Engine.process`.
//!
//! The first line of the standard input configures it, each further line is an event in barter's
//! JSON; each is answered with one line: barter's audit tick, and the state where it is asked for. It
//! calls barter directly, with barter's own instrument data and a strategy in Rust, and shares no code
//! with the binding.

use barter::{
    EngineEvent,
    engine::{
        Engine, Processor,
        action::ActionOutput,
        clock::EngineClock,
        command::Command,
        execution_tx::MultiExchangeTxMap,
        process_with_audit,
        state::{
            EngineState,
            global::DefaultGlobalData,
            instrument::{
                data::{DefaultInstrumentMarketData, InstrumentDataState},
                filter::InstrumentFilter,
            },
        },
    },
    execution::request::ExecutionRequest,
    risk::DefaultRiskManager,
    strategy::{
        algo::AlgoStrategy,
        close_positions::{ClosePositionsStrategy, close_open_positions_with_market_orders},
        on_disconnect::OnDisconnectStrategy,
        on_trading_disabled::OnTradingDisabled,
    },
    system::config::InstrumentConfig,
};
use barter_data::event::DataKind;
use barter_execution::order::{
    Order, OrderKey, OrderKind, TimeInForce,
    id::{ClientOrderId, StrategyId},
    request::{OrderRequestCancel, OrderRequestOpen, RequestOpen},
};
use barter_instrument::{
    Side,
    asset::AssetIndex,
    exchange::{ExchangeId, ExchangeIndex},
    index::IndexedInstruments,
    instrument::InstrumentIndex,
};
use barter_integration::channel::{UnboundedTx, mpsc_unbounded};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use smol_str::format_smolstr;
use std::{
    cell::Cell,
    error::Error,
    io::{self, BufRead, Write},
};

type State = EngineState<DefaultGlobalData, DefaultInstrumentMarketData>;
type Txs = MultiExchangeTxMap<UnboundedTx<ExecutionRequest>>;
type Risk = DefaultRiskManager<State>;
type Actions = Vec<ActionOutput>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    time_start: DateTime<Utc>,
    instruments: Vec<InstrumentConfig>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    time: DateTime<Utc>,
    event: EngineEvent<DataKind>,
    state: bool,
}

/// A clock that stands where each step says.
#[derive(Debug)]
struct Clock(DateTime<Utc>);

impl EngineClock for Clock {
    fn time(&self) -> DateTime<Utc> {
        self.0
    }
}

impl Processor<&EngineEvent<DataKind>> for Clock {
    type Audit = ();

    fn process(&mut self, _: &EngineEvent<DataKind>) {}
}

/// At every 53rd question it cancels the orders of each instrument; where there are none, it buys, or
/// sells if it holds something.
///
/// Its twin is `Native` in `tests_py/engine/test_differential.py`.
struct Strategy {
    id: StrategyId,
    questions: Cell<u32>,
    ids: Cell<u32>,
}

impl Strategy {
    fn next_id(&self) -> ClientOrderId {
        self.ids.set(self.ids.get().saturating_add(1));
        ClientOrderId(format_smolstr!("native-{}", self.ids.get()))
    }
}

impl AlgoStrategy for Strategy {
    type State = State;

    fn generate_algo_orders(
        &self,
        state: &State,
    ) -> (
        impl IntoIterator<Item = OrderRequestCancel>,
        impl IntoIterator<Item = OrderRequestOpen>,
    ) {
        let questions = self.questions.get().saturating_add(1);
        self.questions.set(questions);
        let (mut cancels, mut opens) = (Vec::new(), Vec::new());
        if !questions.is_multiple_of(53) {
            return (cancels, opens);
        }
        for instrument in state.instruments.instruments(&InstrumentFilter::None) {
            if instrument.orders.0.is_empty() {
                let short = instrument.position.current.is_none();
                opens.push(OrderRequestOpen {
                    key: OrderKey {
                        exchange: instrument.instrument.exchange,
                        instrument: instrument.key,
                        strategy: self.id.clone(),
                        cid: self.next_id(),
                    },
                    state: RequestOpen {
                        side: if short { Side::Buy } else { Side::Sell },
                        price: Decimal::new(i64::from(questions), 2),
                        quantity: Decimal::new(i64::from((questions % 7).saturating_add(1)), 1),
                        kind: OrderKind::Limit,
                        time_in_force: TimeInForce::GoodUntilCancelled { post_only: false },
                    },
                });
                continue;
            }
            let orders = instrument.orders.0.values();
            cancels.extend(orders.filter_map(Order::to_request_cancel));
        }
        cancels.sort();
        (cancels, opens)
    }
}

impl ClosePositionsStrategy for Strategy {
    type State = State;

    fn close_positions_requests<'a>(
        &'a self,
        state: &'a State,
        filter: &'a InstrumentFilter,
    ) -> (
        impl IntoIterator<Item = OrderRequestCancel> + 'a,
        impl IntoIterator<Item = OrderRequestOpen> + 'a,
    )
    where
        ExchangeIndex: 'a,
        AssetIndex: 'a,
        InstrumentIndex: 'a,
    {
        close_open_positions_with_market_orders(&self.id, state, filter, |_| self.next_id())
    }
}

impl OnDisconnectStrategy<Clock, State, Txs, Risk> for Strategy {
    type OnDisconnect = Actions;

    fn on_disconnect(engine: &mut Engine<Clock, State, Txs, Self, Risk>, _: ExchangeId) -> Actions {
        let filter = InstrumentFilter::instruments([InstrumentIndex(0)]);
        vec![engine.action(&Command::ClosePositions(filter))]
    }
}

impl OnTradingDisabled<Clock, State, Txs, Risk> for Strategy {
    type OnTradingDisabled = Actions;

    fn on_trading_disabled(engine: &mut Engine<Clock, State, Txs, Self, Risk>) -> Actions {
        vec![engine.action(&Command::ClosePositions(InstrumentFilter::None))]
    }
}

/// The state in barter's own JSON, with orders in a fixed order and without its statistics.
fn state_json(state: &State) -> Value {
    let mut instruments = Vec::new();
    for instrument in state.instruments.instruments(&InstrumentFilter::None) {
        let mut orders: Vec<_> = instrument.orders.0.values().collect();
        orders.sort_by(|one, other| one.key.cid.cmp(&other.key.cid));
        instruments.push(json!({
            "name": instrument.instrument.name_internal,
            "price": instrument.data.price(),
            "position": instrument.position.current,
            "orders": orders,
            "pnl": instrument.tear_sheet.pnl_returns.pnl_raw,
            "closed": instrument.tear_sheet.pnl_returns.total.count,
        }));
    }
    let assets = state.assets.0.iter().map(|(key, asset)| {
        json!({
            "exchange": key.exchange,
            "name": key.asset,
            "balance": asset.balance.map(|balance| balance.value),
            "time": asset.balance.map(|balance| balance.time),
        })
    });
    let exchanges = state.connectivity.exchanges.iter().map(|(exchange, one)| {
        json!({"exchange": exchange, "market_data": one.market_data, "account": one.account})
    });
    json!({
        "trading": state.trading,
        "global": state.connectivity.global,
        "exchanges": exchanges.collect::<Vec<_>>(),
        "assets": assets.collect::<Vec<_>>(),
        "instruments": instruments,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = io::stdin().lock().lines();
    let first = lines
        .next()
        .ok_or("nothing to configure the engine with")??;
    let Setup {
        time_start,
        instruments,
    } = serde_json::from_str(&first)?;
    let instruments = IndexedInstruments::new(instruments);
    let state = State::builder(&instruments, DefaultGlobalData, |_| {
        DefaultInstrumentMarketData::default()
    })
    .time_engine_start(time_start)
    .build();
    let (tx, _requests) = mpsc_unbounded();
    let exchanges = instruments.exchanges().iter();
    let strategy = Strategy {
        id: StrategyId::new("native"),
        questions: Cell::new(0),
        ids: Cell::new(0),
    };
    let mut engine = Engine::new(
        Clock(time_start),
        state,
        exchanges
            .map(|exchange| (exchange.value, Some(tx.clone())))
            .collect::<Txs>(),
        strategy,
        Risk::default(),
    );
    let mut output = io::stdout().lock();
    for line in lines {
        let Step { time, event, state } = serde_json::from_str(&line?)?;
        engine.clock.0 = time;
        let audit = process_with_audit(&mut engine, event);
        let state = state.then(|| state_json(&engine.state));
        writeln!(output, "{}", json!({"audit": audit, "state": state}))?;
    }
    Ok(())
}

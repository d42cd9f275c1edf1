//! What barter itself makes of closing orders, for the differential test of the Python helpers.
//!
//! Reads cases as JSON lines from the standard input and answers each with one JSON line. It calls
//! barter directly and shares no code with the binding.

use barter::{
    Timed,
    engine::state::{
        EngineState,
        builder::EngineStateBuilder,
        global::DefaultGlobalData,
        instrument::{
            data::{DefaultInstrumentMarketData, InstrumentDataState},
            filter::InstrumentFilter,
        },
        position::Position,
    },
    strategy::close_positions::{
        build_ioc_market_order_to_close_position, close_open_positions_with_market_orders,
    },
};
use barter_execution::{
    order::{
        id::{ClientOrderId, StrategyId},
        request::OrderRequestOpen,
    },
    trade::AssetFees,
};
use barter_instrument::{
    Side, Underlying,
    asset::{Asset, AssetIndex, QuoteAsset},
    exchange::{ExchangeId, ExchangeIndex},
    index::IndexedInstruments,
    instrument::{Instrument, InstrumentIndex, name::InstrumentNameInternal},
};
use chrono::DateTime;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use smol_str::format_smolstr;
use std::{
    error::Error,
    io::{self, BufRead, Write},
};

type State = EngineState<DefaultGlobalData, DefaultInstrumentMarketData>;

#[derive(Deserialize)]
#[serde(tag = "case", rename_all = "snake_case", deny_unknown_fields)]
enum Case {
    /// One position.
    Close {
        exchange: usize,
        position: PositionCase,
        strategy_id: String,
        price: String,
        cid: String,
    },
    /// All positions of an engine.
    Batch {
        instruments: Vec<InstrumentCase>,
        filter: FilterCase,
        strategy_id: String,
        /// Ids are this and the instrument's own index; without it, `close-` and the position's.
        cid_prefix: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionCase {
    instrument: usize,
    side: Side,
    quantity: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InstrumentCase {
    name: String,
    exchange: ExchangeId,
    base: String,
    quote: String,
    position: Option<PositionCase>,
    price: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", content = "keys", rename_all = "snake_case")]
enum FilterCase {
    None,
    Exchanges(Vec<usize>),
    Instruments(Vec<usize>),
    /// Base and quote.
    Underlyings(Vec<(usize, usize)>),
}

impl From<FilterCase> for InstrumentFilter {
    fn from(case: FilterCase) -> Self {
        match case {
            FilterCase::None => Self::None,
            FilterCase::Exchanges(keys) => Self::exchanges(keys.into_iter().map(ExchangeIndex)),
            FilterCase::Instruments(keys) => {
                Self::instruments(keys.into_iter().map(InstrumentIndex))
            }
            FilterCase::Underlyings(keys) => {
                Self::underlyings(keys.into_iter().map(|(base, quote)| Underlying {
                    base: AssetIndex(base),
                    quote: AssetIndex(quote),
                }))
            }
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = serde_json::from_str(&line?)
            .map_err(Into::into)
            .and_then(answer)
            .unwrap_or_else(|error: Box<dyn Error>| json!({ "error": error.to_string() }));
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

fn answer(case: Case) -> Result<Value, Box<dyn Error>> {
    match case {
        Case::Close {
            exchange,
            position,
            strategy_id,
            price,
            cid,
        } => request_json(&build_ioc_market_order_to_close_position(
            ExchangeIndex(exchange),
            &barter_position(&position)?,
            StrategyId::new(strategy_id),
            Decimal::from_str_exact(&price)?,
            || ClientOrderId::new(cid.as_str()),
        )),
        Case::Batch {
            instruments,
            filter,
            strategy_id,
            cid_prefix,
        } => {
            let state = engine_state(&instruments)?;
            let filter = InstrumentFilter::from(filter);
            let strategy_id = StrategyId::new(strategy_id);
            let (cancels, opens) = close_open_positions_with_market_orders(
                &strategy_id,
                &state,
                &filter,
                |instrument| match (&cid_prefix, &instrument.position.current) {
                    (None, Some(position)) => {
                        ClientOrderId(format_smolstr!("close-{}", position.instrument.index()))
                    }
                    (prefix, _) => ClientOrderId(format_smolstr!(
                        "{}{}",
                        prefix.as_deref().unwrap_or_default(),
                        instrument.key.index()
                    )),
                },
            );
            let opens = opens
                .into_iter()
                .map(|request| request_json(&request))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(json!({
                "cancels": cancels.into_iter().count(),
                "opens": opens,
                "layout": layout(&state),
                "filtered": state.instruments.instruments(&filter)
                    .map(|instrument| instrument.key.index()).collect::<Vec<_>>(),
                "missing_prices": state.instruments.instruments(&filter)
                    .filter(|instrument| instrument.position.current.is_some() && instrument.data.price().is_none())
                    .map(|instrument| instrument.key.index()).collect::<Vec<_>>(),
            }))
        }
    }
}

/// Name, exchange, base and quote of every instrument, in the order of barter's indices.
fn layout(state: &State) -> Vec<Value> {
    state
        .instruments
        .instruments(&InstrumentFilter::None)
        .map(|state| {
            let instrument = &state.instrument;
            json!({
                "name": instrument.name_internal.as_ref(),
                "exchange": instrument.exchange.index(),
                "base": instrument.underlying.base.index(),
                "quote": instrument.underlying.quote.index(),
            })
        })
        .collect()
}

fn engine_state(cases: &[InstrumentCase]) -> Result<State, Box<dyn Error>> {
    let indexed = cases
        .iter()
        .map(|case| {
            Instrument::spot(
                case.exchange,
                case.name.as_str(),
                case.name.as_str(),
                Underlying::new(
                    Asset::new_from_exchange(case.base.as_str()),
                    Asset::new_from_exchange(case.quote.as_str()),
                ),
                None,
            )
        })
        .collect::<IndexedInstruments>();
    let mut state = EngineStateBuilder::new(&indexed, DefaultGlobalData, |_| {
        DefaultInstrumentMarketData::default()
    })
    .time_engine_start(DateTime::UNIX_EPOCH)
    .build();
    for case in cases {
        let instrument = state
            .instruments
            .0
            .get_mut(&InstrumentNameInternal::new(case.name.as_str()))
            .ok_or_else(|| format!("there is no instrument {}", case.name))?;
        instrument.position.current = case.position.as_ref().map(barter_position).transpose()?;
        instrument.data.last_traded_price = match &case.price {
            Some(price) => Some(Timed::new(
                Decimal::from_str_exact(price)?,
                DateTime::UNIX_EPOCH,
            )),
            None => None,
        };
    }
    Ok(state)
}

fn barter_position(case: &PositionCase) -> Result<Position<QuoteAsset>, Box<dyn Error>> {
    let quantity = Decimal::from_str_exact(&case.quantity)?;
    Ok(Position {
        instrument: InstrumentIndex(case.instrument),
        side: case.side,
        price_entry_average: Decimal::ONE,
        quantity_abs: quantity,
        quantity_abs_max: quantity,
        pnl_unrealised: Decimal::ZERO,
        pnl_realised: Decimal::ZERO,
        fees_enter: AssetFees::default(),
        fees_exit: AssetFees::default(),
        time_enter: DateTime::UNIX_EPOCH,
        time_exchange_update: DateTime::UNIX_EPOCH,
        trades: Vec::new(),
    })
}

fn request_json(request: &OrderRequestOpen) -> Result<Value, Box<dyn Error>> {
    let OrderRequestOpen { key, state } = request;
    Ok(json!({
        "exchange": key.exchange.index(),
        "instrument": key.instrument.index(),
        "strategy_id": key.strategy.0.as_str(),
        "client_order_id": key.cid.0.as_str(),
        "side": serde_json::to_value(state.side)?,
        "price": state.price.to_string(),
        "quantity": state.quantity.to_string(),
        "kind": serde_json::to_value(state.kind)?,
        "time_in_force": serde_json::to_value(state.time_in_force)?,
    }))
}

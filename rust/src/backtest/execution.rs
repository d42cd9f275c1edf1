//! How the exchanges of a run are simulated, read from the Python layer's dataclasses.

use crate::{
    convert::Dec,
    engine::Route,
    error::Error,
    exchange::{
        ExchangeRules, Fault, Latency, PyFeeAsset, PyLiquidity, PyQueuePosition, RateLimit,
        check_balance, duration_nanos,
    },
    instrument::{Indexed, PyExchangeId, PyIndexedInstruments},
};
use chrono::TimeDelta;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// `barter_python.system.MockExecutionConfig`: how one exchange is simulated.
#[derive(FromPyObject)]
pub struct ExecutionConfig {
    mocked_exchange: PyExchangeId,
    /// Asset names and what is held of each at the start.
    initial_balances: Vec<(String, Dec)>,
    fee_rate: Dec,
    maker_fee_rate: Option<Dec>,
    fee_asset: PyFeeAsset,
    latency: Latency,
    answer_latency: Latency,
    liquidity: PyLiquidity,
    queue: PyQueuePosition,
    leverage: Dec,
    end_of_day: TimeDelta,
    rate_limit: Option<RateLimitConfig>,
    faults: Vec<Fault>,
}

#[derive(FromPyObject)]
struct RateLimitConfig {
    requests: u32,
    interval: TimeDelta,
}

impl ExecutionConfig {
    /// The rules of the exchange, and the ways to it.
    fn into_parts(self) -> PyResult<(ExchangeRules, Route)> {
        let rules = ExchangeRules {
            taker_fee_rate: self.fee_rate.0,
            maker_fee_rate: self.maker_fee_rate.unwrap_or(self.fee_rate).0,
            fee_asset: self.fee_asset.0,
            liquidity: self.liquidity.0,
            queue: self.queue.0,
            leverage: self.leverage.0,
            end_of_day: duration_nanos(self.end_of_day)?,
            rate_limit: match self.rate_limit {
                Some(RateLimitConfig { requests, interval }) => Some(RateLimit {
                    requests,
                    interval: duration_nanos(interval)?,
                }),
                None => None,
            },
        };
        let route = Route {
            latency: self.latency,
            answer_latency: self.answer_latency,
            faults: self.faults,
        };
        Ok((rules, route))
    }
}

/// Rules and ways by exchange index, balances by asset index.
pub struct Execution {
    /// By exchange index.
    pub rules: Vec<ExchangeRules>,
    /// By exchange index.
    pub routes: Vec<Route>,
    /// By asset index.
    pub balances: Vec<Decimal>,
}

impl Execution {
    /// Refuses what does not fit the instruments.
    pub fn new(configs: Vec<ExecutionConfig>, indexed: &Indexed) -> PyResult<Self> {
        let exchanges = indexed.instruments.exchanges().len();
        let mut execution = Self {
            rules: vec![ExchangeRules::DEFAULT; exchanges],
            routes: vec![Route::default(); exchanges],
            balances: vec![Decimal::ZERO; indexed.instruments.assets().len()],
        };
        let mut configured = HashSet::new();
        for config in configs {
            let exchange = config.mocked_exchange.0;
            let in_config = |error: Error| Error::Config(format!("executions: {error}"));
            let index = indexed.exchange_index(exchange).map_err(in_config)?.index();
            if !configured.insert(exchange) {
                return Err(Error::Config(format!(
                    "executions: {} is configured twice",
                    exchange.as_str()
                ))
                .into());
            }
            for (name, Dec(total)) in &config.initial_balances {
                let asset = indexed.asset_index(exchange, name).map_err(in_config)?;
                check_balance(exchange, name, *total).map_err(in_config)?;
                if let Some(balance) = execution.balances.get_mut(asset.index()) {
                    *balance = *total;
                }
            }
            let (rules, route) = config.into_parts()?;
            if let Some(slot) = execution.rules.get_mut(index) {
                *slot = rules;
            }
            if let Some(slot) = execution.routes.get_mut(index) {
                *slot = route;
            }
        }
        let missing = indexed.exchanges_without(&configured);
        if !missing.is_empty() {
            return Err(Error::Config(format!(
                "executions: {missing:?} have instruments but no execution"
            ))
            .into());
        }
        Ok(execution)
    }
}

/// Checks that executions fit instruments, for `barter_python.system.SystemConfig`.
///
/// Parameters
/// ----------
/// instruments : IndexedInstruments
///     What is to be traded.
/// executions : sequence of MockExecutionConfig
///     How.
///
/// Raises
/// ------
/// ConfigError
///     When an exchange has no execution or two, an execution has no instruments or an unknown asset,
///     or a balance cannot be kept.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn check_executions(
    instruments: &PyIndexedInstruments,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Sequence[barter_python.MockExecutionConfig]",
        imports = ("collections.abc", "barter_python")
    ))]
    executions: Vec<ExecutionConfig>,
) -> PyResult<()> {
    Execution::new(executions, &instruments.0)?;
    Ok(())
}

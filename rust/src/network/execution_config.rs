//! Configurations of simulated exchanges, read from the Python layer's dataclasses.

use super::{Fault, Latency, Route};
use crate::{
    convert::{Dec, Instance, Length, PythonClass, Sequence},
    error::Error,
    exchange::{
        CandleFills, ExchangeRules, PyCandleFills, PyCandlePrice, PyFeeAsset, PyLiquidity,
        PyQueuePosition, RateLimit, check_balance,
    },
    instrument::{Indexed, PyExchangeId, PyIndexedInstruments},
};
use pyo3::{prelude::*, sync::PyOnceLock};
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// The class `barter_python.MockExecutionConfig`.
pub struct ExecutionConfigClass;

impl PythonClass for ExecutionConfigClass {
    const MODULE: &'static str = "exchange";
    const NAME: &'static str = "MockExecutionConfig";
    const WHAT: &'static str = "execution";

    fn cell() -> &'static PyOnceLock<Py<PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        &CELL
    }
}

/// `barter_python.exchange.MockExecutionConfig`: how one exchange is simulated.
#[derive(FromPyObject)]
pub struct ExecutionConfig {
    mocked_exchange: PyExchangeId,
    /// Asset names, and the balance of each at the start.
    initial_balances: Sequence<(String, Dec)>,
    fee_rate: Dec,
    maker_fee_rate: Option<Dec>,
    fee_asset: PyFeeAsset,
    latency: Latency,
    answer_latency: Latency,
    liquidity: PyLiquidity,
    queue: PyQueuePosition,
    leverage: Dec,
    end_of_day: Length,
    rate_limit: Option<RateLimitConfig>,
    faults: Sequence<Fault>,
    candle_fills: PyCandleFills,
    candle_price: PyCandlePrice,
    maintenance_margin: Option<Dec>,
}

/// One for each exchange.
pub type Executions = Sequence<Instance<ExecutionConfigClass, ExecutionConfig>>;

#[derive(FromPyObject)]
struct RateLimitConfig {
    requests: u32,
    interval: Length,
}

impl ExecutionConfig {
    /// The rules of the exchange, and the configuration of its links.
    fn into_parts(self) -> PyResult<(ExchangeRules, Route)> {
        let rules = ExchangeRules {
            taker_fee_rate: self.fee_rate.0,
            maker_fee_rate: self.maker_fee_rate.unwrap_or(self.fee_rate).0,
            fee_asset: self.fee_asset.0,
            liquidity: self.liquidity.0,
            queue: self.queue.0,
            leverage: self.leverage.0,
            end_of_day: self.end_of_day.nanos()?,
            rate_limit: match self.rate_limit {
                Some(RateLimitConfig { requests, interval }) => Some(RateLimit {
                    requests,
                    interval: interval.nanos()?,
                }),
                None => None,
            },
            candle_fills: self.candle_fills.0,
            candle_price: self.candle_price.0,
            maintenance_margin: self.maintenance_margin.map(|Dec(margin)| margin),
        };
        let route = Route {
            latency: self.latency,
            answer_latency: self.answer_latency,
            faults: self.faults.0,
        };
        Ok((rules, route))
    }
}

/// The configuration of all exchanges of a run.
pub struct Execution {
    /// By exchange index.
    pub rules: Vec<ExchangeRules>,
    /// By exchange index.
    pub routes: Vec<Route>,
    /// By asset index.
    pub balances: Vec<Decimal>,
}

impl Execution {
    /// By instrument index, whether a candle counts by its close only.
    pub fn close_only(&self, indexed: &Indexed) -> Vec<bool> {
        let rules_of = |exchange: usize| self.rules.get(exchange);
        let instruments = indexed.instruments.instruments().iter();
        instruments
            .map(|keyed| {
                rules_of(keyed.value.exchange.key.index())
                    .is_some_and(|rules| rules.candle_fills == CandleFills::CloseOnly)
            })
            .collect()
    }

    /// Reads configurations, and refuses those that do not fit the instruments.
    pub fn new(configs: Executions, indexed: &Indexed) -> PyResult<Self> {
        let exchanges = indexed.instruments.exchanges().len();
        let mut execution = Self {
            rules: vec![ExchangeRules::DEFAULT; exchanges],
            routes: vec![Route::default(); exchanges],
            balances: vec![Decimal::ZERO; indexed.instruments.assets().len()],
        };
        let mut configured = HashSet::new();
        for Instance(config, _) in configs.0 {
            let exchange = config.mocked_exchange.0;
            let in_config = |error: Error| Error::config_at("executions", error);
            let index = indexed.exchange_index(exchange).map_err(in_config)?;
            if !configured.insert(exchange) {
                return Err(Error::config_at(
                    "executions",
                    format_args!("{} is configured twice", exchange.as_str()),
                )
                .into());
            }
            for (name, Dec(total)) in config.initial_balances.iter() {
                let asset = indexed.asset_index(exchange, name).map_err(in_config)?;
                check_balance(exchange, name, *total).map_err(in_config)?;
                let Some(balance) = execution.balances.get_mut(asset.index()) else {
                    return Err(Error::inconsistent(format!("there is no {asset}")).into());
                };
                *balance = *total;
            }
            let slots = (
                execution.rules.get_mut(index.index()),
                execution.routes.get_mut(index.index()),
            );
            let (Some(rules), Some(route)) = slots else {
                return Err(Error::inconsistent(format!("there is no {index}")).into());
            };
            (*rules, *route) = config.into_parts()?;
        }
        let missing = indexed.exchanges_without(&configured);
        if !missing.is_empty() {
            return Err(Error::config_at(
                "executions",
                format_args!("{missing:?} have instruments but no execution"),
            )
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
///     The instruments that are traded.
/// executions : sequence of MockExecutionConfig
///     The configurations of their exchanges.
///
/// Raises
/// ------
/// ConfigError
///     If an exchange has no execution or two, an execution has no instruments or an unknown asset,
///     or a balance is too large or has more than 12 decimal places.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn check_executions(
    instruments: &PyIndexedInstruments,
    executions: Executions,
) -> PyResult<()> {
    Execution::new(executions, &instruments.0)?;
    Ok(())
}

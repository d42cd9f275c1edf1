//! Whose the orders of a strategy's hooks are: the attribute `strategy_id` of what has the hook.

use crate::{
    convert::{Id, extract_named},
    execution::StrategyIdClass,
    state::Run,
};
use pyo3::prelude::*;
use smol_str::SmolStr;

/// The attribute `strategy_id` of a strategy, or of a part of one; `None` where it has none.
pub fn strategy_id_of(object: &Bound<'_, PyAny>) -> PyResult<Option<SmolStr>> {
    let Some(id) = object.getattr_opt("strategy_id")? else {
        return Ok(None);
    };
    if id.is_none() {
        return Ok(None);
    }
    let id: Id<StrategyIdClass> = extract_named("strategy_id", &id)?;
    Ok(Some(id.0))
}

/// Ids of the objects that have the hooks, which may be several where one strategy has parts.
pub struct HookIds {
    /// Of what closes positions.
    pub close_positions: Option<SmolStr>,
    /// Of what is called when a stream is lost.
    pub on_disconnect: Option<SmolStr>,
    /// Of what is called when trading is disabled.
    pub on_trading_disabled: Option<SmolStr>,
}

impl HookIds {
    /// Looks the ids up; that of all other hooks becomes the run's.
    pub fn new(strategy: &Bound<'_, PyAny>, run: &Run) -> PyResult<Self> {
        let whole = strategy_id_of(strategy)?;
        let id_of = |hook: &str| -> PyResult<Option<SmolStr>> {
            let method = strategy.getattr_opt(hook)?;
            let owner = method.map(|method| method.getattr_opt("__self__"));
            let own = match owner.transpose()?.flatten() {
                Some(owner) if !owner.is(strategy) => strategy_id_of(&owner)?,
                Some(_) | None => None,
            };
            Ok(own.or_else(|| whole.clone()))
        };
        run.set_strategy_id(id_of("generate_algo_orders")?);
        Ok(Self {
            close_positions: id_of("close_positions_requests")?,
            on_disconnect: id_of("on_disconnect")?,
            on_trading_disabled: id_of("on_trading_disabled")?,
        })
    }
}

/// Makes an id the run's for as long as it lives.
pub struct Acting<'a> {
    run: &'a Run,
    before: Option<SmolStr>,
}

impl<'a> Acting<'a> {
    /// Orders without an id of their own have this one from now on.
    pub fn new(run: &'a Run, id: Option<&SmolStr>) -> Self {
        Self {
            run,
            before: run.set_strategy_id(id.cloned()),
        }
    }
}

impl Drop for Acting<'_> {
    fn drop(&mut self) {
        self.run.set_strategy_id(self.before.take());
    }
}

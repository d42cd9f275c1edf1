//! The hooks of a Python object, looked up once.

use super::notice::Notices;
use crate::{convert::import, view::EngineView};
use pyo3::{
    PyTraverseError, PyVisit, exceptions::PyTypeError, prelude::*, sync::PyOnceLock, types::PyType,
};

/// Who closes positions.
pub enum Closing {
    /// The strategy's own method.
    Own(Py<PyAny>),
    /// barter's function, as `Strategy` has it, with the id of that object; no Python is called
    /// for an order. `None` once the garbage collector has taken the strategy.
    Barters(Option<Py<PyAny>>),
}

/// The methods of a strategy that the engine calls.
pub struct Hooks {
    /// With the view bound to it; `None` for barter's `DefaultStrategy`, which makes no orders:
    /// Python need not be asked.
    pub generate_algo_orders: Option<Py<PyAny>>,
    /// Who closes positions.
    pub close_positions_requests: Closing,
    /// Called before the first event.
    pub on_start: Option<Py<PyAny>>,
    /// Called with each event before the run, with the view bound to it; `generate_algo_orders` if the
    /// strategy has no such hook of its own.
    pub on_warmup: Option<Py<PyAny>>,
    /// Called when an exchange is lost.
    pub on_disconnect: Option<Py<PyAny>>,
    /// Called when trading is disabled.
    pub on_trading_disabled: Option<Py<PyAny>>,
    /// Called when a timer is due.
    pub on_timer: Option<Py<PyAny>>,
    /// `on_fill` and `on_position_closed`.
    pub notices: Notices,
}

impl Hooks {
    /// Looks the hooks up; only `generate_algo_orders` must be there.
    pub fn look_up(object: &Bound<'_, PyAny>, view: &Py<EngineView>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(class) = object.cast::<PyType>() {
            return Err(PyTypeError::new_err(format!(
                "strategy must be an instance, got the class {}; did you mean {0}()?",
                class.name()?
            )));
        }
        let Some(generate_algo_orders) = hook(object, "generate_algo_orders")? else {
            return Err(PyTypeError::new_err(format!(
                "strategy must have the method generate_algo_orders(state), which {} has not",
                object.get_type().name()?
            )));
        };
        let generate_algo_orders = if is_default(object)? {
            None
        } else {
            Some(with_view(generate_algo_orders.bind(py), view)?)
        };
        let on_warmup = match own_hook(object, "on_warmup")? {
            Some(method) => Some(with_view(method.bind(py), view)?),
            None => generate_algo_orders
                .as_ref()
                .map(|method| method.clone_ref(py)),
        };
        Ok(Self {
            generate_algo_orders,
            on_warmup,
            close_positions_requests: match hook(object, "close_positions_requests")? {
                Some(method) => match inherited_from(object, "close_positions_requests")? {
                    Some(owner) => Closing::Barters(Some(owner)),
                    None => Closing::Own(method),
                },
                None => Closing::Barters(Some(object.clone().unbind())),
            },
            on_start: hook(object, "on_start")?,
            on_disconnect: hook(object, "on_disconnect")?,
            on_trading_disabled: hook(object, "on_trading_disabled")?,
            on_timer: own_hook(object, "on_timer")?,
            notices: Notices::new(
                own_hook(object, "on_fill")?,
                own_hook(object, "on_position_closed")?,
            ),
        })
    }

    /// For `__traverse__` of their one owner.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Self {
            generate_algo_orders,
            close_positions_requests,
            on_start,
            on_warmup,
            on_disconnect,
            on_trading_disabled,
            on_timer,
            notices,
        } = self;
        visit.call(generate_algo_orders)?;
        match close_positions_requests {
            Closing::Own(method) => visit.call(method)?,
            Closing::Barters(owner) => visit.call(owner)?,
        }
        visit.call(on_start)?;
        visit.call(on_warmup)?;
        visit.call(on_disconnect)?;
        visit.call(on_trading_disabled)?;
        visit.call(on_timer)?;
        notices.visit(visit)
    }

    /// Takes the hooks out, for `__clear__`.
    pub fn take(&mut self) -> Vec<Py<PyAny>> {
        let closing = std::mem::replace(&mut self.close_positions_requests, Closing::Barters(None));
        let closing = match closing {
            Closing::Own(method) => Some(method),
            Closing::Barters(owner) => owner,
        };
        let hooks = [
            closing,
            self.generate_algo_orders.take(),
            self.on_start.take(),
            self.on_warmup.take(),
            self.on_disconnect.take(),
            self.on_trading_disabled.take(),
            self.on_timer.take(),
        ];
        let hooks = hooks.into_iter().chain(self.notices.take_hooks());
        hooks.flatten().collect()
    }
}

/// The method of that name, if the strategy has it.
fn hook(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<Py<PyAny>>> {
    let Some(method) = object.getattr_opt(name)? else {
        return Ok(None);
    };
    if !method.is_callable() {
        return Err(PyTypeError::new_err(format!(
            "{}.{name} is not callable",
            object.get_type().name()?
        )));
    }
    Ok(Some(method.unbind()))
}

/// The same without the methods of `Strategy`, which do nothing and need not be called.
fn own_hook(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<Py<PyAny>>> {
    match hook(object, name)? {
        Some(_) if inherited_from(object, name)?.is_some() => Ok(None),
        found => Ok(found),
    }
}

/// The object whose method it is, where the method is the one of `Strategy`.
fn inherited_from(object: &Bound<'_, PyAny>, method: &str) -> PyResult<Option<Py<PyAny>>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let base = import(object.py(), &CLASS, "barter_python.strategy", "Strategy")?;
    let bound = object.getattr(method)?;
    match bound.getattr_opt("__func__")? {
        Some(function) if function.is(&base.getattr(method)?) => {
            Ok(Some(bound.getattr("__self__")?.unbind()))
        }
        _ => Ok(None),
    }
}

/// Whether it is a `DefaultStrategy` itself, and no other method was put on the instance.
fn is_default(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = import(
        object.py(),
        &CLASS,
        "barter_python.strategy",
        "DefaultStrategy",
    )?;
    if !object.get_type().is(class) {
        return Ok(false);
    }
    let method = object.getattr("generate_algo_orders")?;
    let function = method.getattr_opt("__func__")?;
    Ok(function.is_some_and(|function| {
        class
            .getattr("generate_algo_orders")
            .is_ok_and(|own| own.is(&function))
    }))
}

/// The method with its view bound to it, as a callable without arguments.
///
/// The stable interface of CPython 3.10 has no call with arguments that makes no tuple, and the
/// method is called at every event. A bound method is taken apart, so that it need not be joined
/// with its instance at every call.
fn with_view(method: &Bound<'_, PyAny>, view: &Py<EngineView>) -> PyResult<Py<PyAny>> {
    let py = method.py();
    let partial = py.import("functools")?.getattr("partial")?;
    let bound = py.import("types")?.getattr("MethodType")?;
    let callable = if method.get_type().is(&bound) {
        partial.call1((
            method.getattr("__func__")?,
            method.getattr("__self__")?,
            view,
        ))?
    } else {
        partial.call1((method, view))?
    };
    Ok(callable.unbind())
}

//! What a strategy's callbacks return, read and checked before any of it reaches the engine.

use crate::{
    convert::{is_sequence, quoted, read_items},
    data::MAGNITUDE_LIMIT,
    error::Error,
    execution::{CancelRequest, OpenRequest},
    state::{PyInstrumentFilter, PyTradingState, Run, State},
};
use barter::engine::{
    command::Command,
    state::{
        instrument::filter::InstrumentFilter, order::manager::OrderManager, trading::TradingState,
    },
};
use barter_execution::order::{
    Order, OrderKey,
    request::{OrderRequestCancel, OrderRequestOpen},
};
use barter_integration::collection::one_or_many::OneOrMany;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyTuple,
};
use rust_decimal::Decimal;
use std::collections::HashSet;

/// Cancels and opens, as barter's strategies give them.
pub type Orders = (Vec<OrderRequestCancel>, Vec<OrderRequestOpen>);

/// Reads the pair (cancels, opens) that `hook` returned.
pub fn orders(
    hook: &str,
    returned: &Bound<'_, PyAny>,
    state: &State,
    run: &Run,
) -> PyResult<Orders> {
    let expected =
        "expected a pair of sequences (cancels, opens), such as NO_ORDERS or [], [order]";
    let Ok(pair) = returned.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(format!(
            "{hook} returned {}: {expected}",
            returned.get_type().name()?
        )));
    };
    if pair.len() != 2 {
        return Err(PyTypeError::new_err(format!(
            "{hook} returned a tuple of {}: {expected}",
            pair.len()
        )));
    }
    let cancels = sequence(hook, "cancels", &pair.get_item(0)?)?
        .into_iter()
        .map(|CancelRequest(request)| request)
        .collect::<Vec<_>>();
    let opens = sequence(hook, "opens", &pair.get_item(1)?)?
        .into_iter()
        .map(|OpenRequest(request)| request)
        .collect::<Vec<_>>();
    check(hook, &cancels, &opens, state)?;
    run.note_client_order_ids(&opens);
    Ok((cancels, opens))
}

/// Reads the commands that `hook` returned, and what it wants trading to be.
pub fn commands(
    hook: &str,
    returned: &Bound<'_, PyAny>,
    state: &State,
    run: &Run,
) -> PyResult<(Vec<Command>, Vec<TradingState>)> {
    let requests: Vec<HookRequest> = sequence(hook, "commands", returned)?;
    let (mut commands, mut trading) = (Vec::new(), Vec::new());
    for request in requests {
        match request {
            HookRequest::Command(command) => commands.push(command),
            HookRequest::Trading(state) => trading.push(state),
        }
    }
    check_commands(hook, &commands, state, run)?;
    Ok((commands, trading))
}

/// What a hook can ask for.
enum HookRequest {
    Command(Command),
    Trading(TradingState),
}

impl<'a, 'py> FromPyObject<'a, 'py> for HookRequest {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(PyTradingState(state)) = object.extract() {
            return Ok(Self::Trading(state));
        }
        if CommandRequest::is_command(&object)? {
            let CommandRequest(command) = object.extract()?;
            return Ok(Self::Command(command));
        }
        Err(PyTypeError::new_err(format!(
            "expected a command (SendCancelRequests, SendOpenRequests, ClosePositions, \
             CancelOrders) or a TradingState, got {}",
            object.get_type().name()?
        )))
    }
}

fn check_commands(
    place: &str,
    commands: &[Command],
    state: &State,
    run: &Run,
) -> Result<(), Error> {
    // Together, so that two commands cannot bring one id.
    let (mut cancels, mut opens) = Orders::default();
    for command in commands {
        match command {
            Command::SendCancelRequests(requests) => cancels.extend(requests.iter().cloned()),
            Command::SendOpenRequests(requests) => opens.extend(requests.iter().cloned()),
            Command::ClosePositions(_) | Command::CancelOrders(_) => {}
        }
    }
    check(place, &cancels, &opens, state)?;
    run.note_client_order_ids(&opens);
    Ok(())
}

/// Reads one sequence that `hook` returned.
pub fn sequence<'py, T>(hook: &str, what: &str, object: &Bound<'py, PyAny>) -> PyResult<Vec<T>>
where
    T: for<'x> FromPyObject<'x, 'py, Error = PyErr>,
{
    if !is_sequence(object)? {
        return Err(PyTypeError::new_err(format!(
            "{hook} returned {} as {what}: expected a sequence",
            object.get_type().name()?
        )));
    }
    read_items(object, |position| {
        format!("{hook} returned wrong {what}[{position}]")
    })
}

/// Refuses requests that barter would panic on, drop, or overwrite another order with.
pub fn check(
    hook: &str,
    cancels: &[OrderRequestCancel],
    opens: &[OrderRequestOpen],
    state: &State,
) -> Result<(), Error> {
    let wrong = |what: &str, key: &OrderKey, reason: String| {
        let text = format!("{hook}: {what}: {reason}");
        Err(Error::order(key, text, reason))
    };
    for cancel in cancels {
        if let Err(reason) = known(&cancel.key, state) {
            return wrong("cancel", &cancel.key, reason);
        }
    }
    let mut ids = HashSet::new();
    for OrderRequestOpen {
        key,
        state: request,
    } in opens
    {
        let what = format!("order {}", quoted(&key.cid.0));
        if let Err(reason) = known(key, state) {
            return wrong(&what, key, reason);
        }
        if request.quantity <= Decimal::ZERO {
            return wrong(
                &what,
                key,
                format!("quantity must be positive, got {}", request.quantity),
            );
        }
        for (name, number) in [("price", request.price), ("quantity", request.quantity)] {
            if number.abs() >= MAGNITUDE_LIMIT {
                return wrong(
                    &what,
                    key,
                    format!("{name} {number} is too large, the limit is {MAGNITUDE_LIMIT}"),
                );
            }
        }
        let live = state
            .instruments
            .0
            .get_index(key.instrument.index())
            .is_some_and(|(_, instrument)| instrument.orders.0.contains_key(&key.cid));
        if live || !ids.insert((key.instrument, &key.cid)) {
            return wrong(
                &what,
                key,
                format!(
                    "client order id {} is live already on instrument {}; \
                 a second order would overwrite the first (state.next_cid() gives a new id)",
                    quoted(&key.cid.0),
                    key.instrument.index(),
                ),
            );
        }
    }
    Ok(())
}

fn known(key: &OrderKey, state: &State) -> Result<(), String> {
    let (exchange, instrument) = (key.exchange.index(), key.instrument.index());
    let count = state.instruments.0.len();
    let Some((name, known)) = state.instruments.0.get_index(instrument) else {
        return Err(format!(
            "there is no instrument {instrument}; there are {count}"
        ));
    };
    if known.instrument.exchange != key.exchange {
        return Err(format!(
            "instrument {instrument} ({name}) is on exchange {}, not on {exchange}",
            known.instrument.exchange.index(),
        ));
    }
    Ok(())
}

/// A command of `barter_python.engine`, read.
#[derive(Clone)]
pub struct CommandRequest(pub Command);

impl CommandRequest {
    const CLASSES: [&str; 4] = [
        "SendCancelRequests",
        "SendOpenRequests",
        "ClosePositions",
        "CancelOrders",
    ];

    /// Whether the object is of a class that can be read as a command.
    pub fn is_command(object: &Bound<'_, PyAny>) -> PyResult<bool> {
        let module = object.py().import("barter_python.engine")?;
        for class in Self::CLASSES {
            if object.is_instance(&module.getattr(class)?)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The command for the engine, checked as those of a strategy are.
    pub fn checked(self, state: &State, run: &Run) -> PyResult<Command> {
        let Self(command) = self;
        let empty = match &command {
            Command::SendCancelRequests(requests) => requests.len() == 0,
            Command::SendOpenRequests(requests) => requests.len() == 0,
            Command::ClosePositions(_) | Command::CancelOrders(_) => false,
        };
        if empty {
            return Err(PyValueError::new_err("the command has no requests"));
        }
        check_commands("the command", std::slice::from_ref(&command), state, run)?;
        // Where there is nothing to cancel, barter's own finds nothing either.
        Ok(in_fixed_order(command.clone(), state).unwrap_or(command))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for CommandRequest {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let module = object.py().import("barter_python.engine")?;
        let is = |class: &str| object.is_instance(&module.getattr(class)?);
        let command = if is("SendCancelRequests")? {
            let requests = requests::<CancelRequest>(&object)?;
            Command::SendCancelRequests(requests.into_iter().map(|request| request.0).collect())
        } else if is("SendOpenRequests")? {
            let requests = requests::<OpenRequest>(&object)?;
            Command::SendOpenRequests(requests.into_iter().map(|request| request.0).collect())
        } else if is("ClosePositions")? {
            Command::ClosePositions(filter(&object)?)
        } else if is("CancelOrders")? {
            Command::CancelOrders(filter(&object)?)
        } else {
            return Err(PyTypeError::new_err(format!(
                "expected a command (SendCancelRequests, SendOpenRequests, ClosePositions, \
                 CancelOrders), got {}",
                object.get_type().name()?
            )));
        };
        Ok(Self(command))
    }
}

fn requests<'py, T>(command: &Bound<'py, PyAny>) -> PyResult<Vec<T>>
where
    T: for<'x> FromPyObject<'x, 'py, Error = PyErr>,
{
    let place = format!("{}.requests", command.get_type().name()?);
    let requests = command.getattr("requests")?;
    if !is_sequence(&requests)? {
        return Err(PyTypeError::new_err(format!(
            "{place} must be a sequence, got {}",
            requests.get_type().name()?
        )));
    }
    read_items(&requests, |position| format!("{place}[{position}]"))
}

fn filter(command: &Bound<'_, PyAny>) -> PyResult<InstrumentFilter> {
    let filter = command.getattr("filter")?;
    let Ok(PyInstrumentFilter(filter)) = filter.extract() else {
        return Err(PyTypeError::new_err(format!(
            "{}: filter must be an InstrumentFilter, got {}",
            command.get_type().name()?,
            filter.get_type().name()?
        )));
    };
    Ok(filter)
}

/// Withdraws the stops of the instruments whose orders a command cancels: those that pass barter's filter.
pub fn withdraw_stops(command: &Command, run: &Run, state: &State) {
    match command {
        Command::CancelOrders(filter) if !run.stops.is_empty() => {
            let instruments = state.instruments.instruments(filter);
            let keys = instruments.map(|instrument| instrument.key);
            run.stops.cancel_of(&keys.collect::<Vec<_>>());
        }
        Command::CancelOrders(_)
        | Command::SendCancelRequests(_)
        | Command::SendOpenRequests(_)
        | Command::ClosePositions(_) => {}
    }
}

/// barter cancels in the order of a hash map; here in the order of instruments and ids.
pub fn in_fixed_order(command: Command, state: &State) -> Option<Command> {
    match command {
        Command::CancelOrders(filter) => {
            let orders = state.instruments.orders(&filter);
            let mut cancels = orders
                .flat_map(|orders| orders.orders().filter_map(Order::to_request_cancel))
                .collect::<Vec<_>>();
            cancels.sort();
            (!cancels.is_empty())
                .then(|| Command::SendCancelRequests(OneOrMany::from_iter(cancels)))
        }
        Command::SendCancelRequests(requests) => {
            (requests.len() > 0).then_some(Command::SendCancelRequests(requests))
        }
        Command::SendOpenRequests(requests) => {
            (requests.len() > 0).then_some(Command::SendOpenRequests(requests))
        }
        Command::ClosePositions(filter) => Some(Command::ClosePositions(filter)),
    }
}

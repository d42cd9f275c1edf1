//! What the engine processes: `barter::EngineEvent`.

use crate::{
    command::{CommandRequest, command_object},
    convert::{ReducedByFields, from_json, record_reduce, record_repr},
    data::{AnyMarketEvent, MarketEvent, MarketKind, Reconnecting, StoredEvent},
    error::Error,
    execution::{AccountEvent, AccountReconnecting, AnyAccountEvent},
    instrument::Indexed,
    state::{PyTradingState, Run, SeenEvent, State},
};
use barter::{
    EngineEvent,
    engine::{command::Command, state::instrument::filter::InstrumentFilter},
    execution::AccountStreamEvent,
    shutdown,
};
use barter_data::streams::consumer::MarketStreamEvent;
use barter_execution::{
    AccountEventKind,
    order::{
        OrderSnapshot,
        state::{InactiveOrderState, OrderState},
    },
};
use pyo3::{
    IntoPyObjectExt,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pyfunction, gen_stub_pymethods};

/// The end of a session (`barter::shutdown::Shutdown`).
///
/// Examples
/// --------
/// >>> from barter_python.engine import Shutdown, event_to_json
/// >>> event_to_json(Shutdown())
/// '{"Shutdown":null}'
#[gen_stub_pyclass]
#[pyclass(frozen, eq, hash, from_py_object, module = "barter_python._core")]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Shutdown;

#[gen_stub_pymethods]
#[pymethods]
impl Shutdown {
    #[new]
    const fn __new__() -> Self {
        Self
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        record_repr(slf.as_any(), &[])
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByFields<'py, Self>> {
        record_reduce(slf.as_any(), &[])
    }
}

/// An event, read from Python.
#[derive(Clone)]
pub enum Event {
    /// Of a market.
    Market(StoredEvent),
    /// Of an account.
    Account(AccountStreamEvent),
    /// A command.
    Command(CommandRequest),
    /// Trading on or off.
    Trading(PyTradingState),
    /// The end.
    Shutdown,
}

impl<'a, 'py> FromPyObject<'a, 'py> for Event {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(event) = object.cast::<MarketEvent>() {
            return Ok(Self::Market(StoredEvent::Item(event.get().into())));
        }
        if let Ok(event) = object.cast::<Reconnecting>() {
            return Ok(Self::Market(StoredEvent::Reconnecting(event.get().into())));
        }
        if object.is_instance_of::<AccountEvent>() || object.is_instance_of::<AccountReconnecting>()
        {
            let event: AnyAccountEvent = object.extract()?;
            return Ok(Self::Account((&event).try_into()?));
        }
        if object.is_instance_of::<Shutdown>() {
            return Ok(Self::Shutdown);
        }
        if let Ok(state) = object.extract::<PyTradingState>() {
            return Ok(Self::Trading(state));
        }
        if CommandRequest::is_command(&object)? {
            return Ok(Self::Command(object.extract()?));
        }
        Err(PyTypeError::new_err(format!(
            "expected an event (MarketEvent, Reconnecting, AccountEvent, AccountReconnecting, \
             TradingState, Shutdown, or a command), got {}",
            object.get_type().name()?
        )))
    }
}

impl Event {
    /// Refuses a market event that barter would panic on. The engine itself checks account events, and
    /// `for_engine` commands.
    pub fn check_market(&self, indexed: &Indexed) -> Result<(), Error> {
        match self {
            Self::Market(event) => {
                event.check().map_err(Error::market_data)?;
                let (exchange, instrument) = event.key();
                indexed.check_key(exchange, instrument)
            }
            Self::Account(_) | Self::Command(_) | Self::Trading(_) | Self::Shutdown => Ok(()),
        }
    }

    /// When it was received, where it says so.
    pub fn time(&self) -> Option<i64> {
        match self {
            Self::Market(event) => event.received_ns(),
            Self::Account(AccountStreamEvent::Item(event)) => account_event_time(event),
            Self::Account(AccountStreamEvent::Reconnecting(_))
            | Self::Command(_)
            | Self::Trading(_)
            | Self::Shutdown => None,
        }
    }

    /// The instruments whose orders, and with them their stops, a command cancels.
    pub fn cancelled(&self) -> Option<InstrumentFilter> {
        match self {
            Self::Command(CommandRequest(Command::CancelOrders(filter))) => Some(filter.clone()),
            Self::Command(_)
            | Self::Market(_)
            | Self::Account(_)
            | Self::Trading(_)
            | Self::Shutdown => None,
        }
    }

    pub fn seen(&self) -> Option<SeenEvent> {
        match self {
            Self::Market(event) => Some(SeenEvent::Market(event.clone())),
            Self::Account(AccountStreamEvent::Item(event)) => {
                Some(SeenEvent::Account(event.clone()))
            }
            Self::Account(AccountStreamEvent::Reconnecting(_))
            | Self::Command(_)
            | Self::Trading(_)
            | Self::Shutdown => None,
        }
    }

    /// barter's event, with a command checked as those of a strategy are.
    pub fn for_engine(self, state: &State, run: &Run) -> PyResult<EngineEvent<MarketKind>> {
        match self {
            Self::Command(command) => Ok(EngineEvent::Command(command.checked(state, run)?)),
            Self::Market(_) | Self::Account(_) | Self::Trading(_) | Self::Shutdown => {
                Ok(self.into_barter())
            }
        }
    }

    /// barter's event, with a command as it was given.
    pub fn into_barter(self) -> EngineEvent<MarketKind> {
        match self {
            Self::Market(StoredEvent::Item(event)) => {
                EngineEvent::Market(MarketStreamEvent::Item(event))
            }
            Self::Market(StoredEvent::Reconnecting(lost)) => {
                EngineEvent::Market(MarketStreamEvent::Reconnecting(lost.exchange))
            }
            Self::Account(event) => EngineEvent::Account(event),
            Self::Command(CommandRequest(command)) => EngineEvent::Command(command),
            Self::Trading(state) => EngineEvent::TradingStateUpdate(state.0),
            Self::Shutdown => EngineEvent::Shutdown(shutdown::Shutdown),
        }
    }
}

/// The latest time in the event, in nanoseconds since 1970.
fn account_event_time(event: &barter_execution::AccountEvent) -> Option<i64> {
    let of_order = |order: &OrderSnapshot| match &order.state {
        OrderState::Active(state) => state.open_meta().map(|open| open.time_exchange),
        OrderState::Inactive(InactiveOrderState::Cancelled(cancelled)) => {
            Some(cancelled.time_exchange)
        }
        OrderState::Inactive(
            InactiveOrderState::FullyFilled
            | InactiveOrderState::OpenFailed(_)
            | InactiveOrderState::Expired,
        ) => None,
    };
    let time = match &event.kind {
        AccountEventKind::Snapshot(snapshot) => {
            let balances = snapshot
                .balances
                .iter()
                .map(|balance| balance.time_exchange);
            let orders = snapshot.instruments.iter().flat_map(|one| &one.orders);
            balances.chain(orders.filter_map(of_order)).max()
        }
        AccountEventKind::BalanceSnapshot(balance) => Some(balance.0.time_exchange),
        AccountEventKind::OrderSnapshot(order) => of_order(&order.0),
        AccountEventKind::OrderCancelled(response) => response
            .state
            .as_ref()
            .ok()
            .map(|cancelled| cancelled.time_exchange),
        AccountEventKind::Trade(trade) => Some(trade.time_exchange),
    };
    time.and_then(|time| time.timestamp_nanos_opt())
}

/// The event as `Engine.process` takes it.
pub fn event_object<'py>(
    py: Python<'py>,
    event: &EngineEvent<MarketKind>,
) -> PyResult<Bound<'py, PyAny>> {
    match event {
        EngineEvent::Shutdown(_) => Shutdown.into_bound_py_any(py),
        EngineEvent::Command(command) => command_object(py, command),
        EngineEvent::TradingStateUpdate(state) => PyTradingState(*state).into_bound_py_any(py),
        EngineEvent::Account(event) => AnyAccountEvent::from(event).into_bound_py_any(py),
        EngineEvent::Market(event) => {
            let stored = match event {
                MarketStreamEvent::Reconnecting(exchange) => {
                    StoredEvent::Reconnecting((*exchange).into())
                }
                MarketStreamEvent::Item(event) => StoredEvent::Item(event.clone()),
            };
            AnyMarketEvent::from(&stored).into_bound_py_any(py)
        }
    }
}

/// Writes an event as barter does (`barter::EngineEvent`), digit for digit.
///
/// A number that barter holds as a float is written as a number, of which barter reads the nearest float.
///
/// Parameters
/// ----------
/// event : EngineEvent
///     Any event that `Engine.process` takes.
///
/// Examples
/// --------
/// >>> from barter_python import TradingState
/// >>> from barter_python.engine import event_from_json, event_to_json
/// >>> event_to_json(TradingState.ENABLED)
/// '{"TradingStateUpdate":"Enabled"}'
/// >>> event_from_json('{"Market":{"Reconnecting":"kraken"}}')
/// Reconnecting(exchange=ExchangeId.KRAKEN, time_received=None)
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn event_to_json(
    #[gen_stub(override_type(type_repr = "barter_python.engine.EngineEvent", imports = ("barter_python")))]
    event: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let event: Event = event.extract()?;
    serde_json::to_string(&event.into_barter())
        .map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Reads an event that barter or `event_to_json` has written.
///
/// Numbers are read digit for digit, whether they are numbers or text in the JSON.
///
/// Raises
/// ------
/// ValueError
///     If the text is none, or holds a number or time that does not fit exactly, or an unknown key.
///
/// Examples
/// --------
/// >>> from barter_python import CancelOrders, InstrumentFilter
/// >>> from barter_python.engine import event_from_json, event_to_json
/// >>> event_from_json(event_to_json(CancelOrders(InstrumentFilter.exchanges([0]))))
/// CancelOrders(filter=InstrumentFilter.exchanges([0]))
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[gen_stub(override_return_type(
    type_repr = "barter_python.engine.EngineEvent",
    imports = ("barter_python")
))]
pub fn event_from_json<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let event: EngineEvent<MarketKind> = from_json(text)
        .map_err(|error| PyValueError::new_err(format!("text is no event: {error}")))?;
    event_object(py, &event)
}

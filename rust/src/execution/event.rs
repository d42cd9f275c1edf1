//! The events of an account.

use super::{AssetBalance, Order, OrderResponseCancel, Trade, contradiction::Contradiction, json};
use crate::{
    convert::{Index, Sequence, record},
    instrument::PyExchangeId,
};
use barter::execution::AccountStreamEvent;
use barter_execution::AccountEventKind;
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use barter_integration::collection::snapshot::Snapshot;
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pymethods};

record! {
    /// The orders of an instrument (`barter_execution::InstrumentAccountSnapshot`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.execution import InstrumentAccountSnapshot
    /// >>> InstrumentAccountSnapshot(0, []).orders
    /// []
    pub struct InstrumentAccountSnapshot {
        /// Index of the instrument.
        instrument: Index,
        /// Its orders.
        orders: Sequence<Order>,
    }
}

impl From<&barter_execution::InstrumentAccountSnapshot> for InstrumentAccountSnapshot {
    fn from(snapshot: &barter_execution::InstrumentAccountSnapshot) -> Self {
        let barter_execution::InstrumentAccountSnapshot { instrument, orders } = snapshot;
        Self {
            instrument: Index(instrument.index()),
            orders: orders.iter().map(Order::from).collect(),
        }
    }
}

impl TryFrom<&InstrumentAccountSnapshot> for barter_execution::InstrumentAccountSnapshot {
    type Error = Contradiction;

    fn try_from(snapshot: &InstrumentAccountSnapshot) -> Result<Self, Contradiction> {
        let InstrumentAccountSnapshot { instrument, orders } = snapshot;
        Ok(Self {
            instrument: InstrumentIndex(instrument.0),
            orders: orders
                .iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
        })
    }
}

record! {
    /// All that an exchange holds of an account (`barter_execution::AccountSnapshot`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.execution import AccountSnapshot, AssetBalance, Balance
    /// >>> held = AssetBalance(1, Balance(total=1000, free=900), "2024-01-01T00:00:00Z")
    /// >>> snapshot = AccountSnapshot(0, [held], [])
    /// >>> snapshot.balances[0].balance.free
    /// Decimal('900')
    pub struct AccountSnapshot {
        /// Index of the exchange.
        exchange: Index,
        /// Balances of its assets.
        balances: Sequence<AssetBalance>,
        /// Orders of its instruments.
        instruments: Sequence<InstrumentAccountSnapshot>,
    }
}

impl From<&barter_execution::AccountSnapshot> for AccountSnapshot {
    fn from(snapshot: &barter_execution::AccountSnapshot) -> Self {
        let barter_execution::AccountSnapshot {
            exchange,
            balances,
            instruments,
        } = snapshot;
        Self {
            exchange: Index(exchange.index()),
            balances: balances.iter().map(AssetBalance::from).collect(),
            instruments: instruments
                .iter()
                .map(InstrumentAccountSnapshot::from)
                .collect(),
        }
    }
}

impl TryFrom<&AccountSnapshot> for barter_execution::AccountSnapshot {
    type Error = Contradiction;

    fn try_from(snapshot: &AccountSnapshot) -> Result<Self, Contradiction> {
        let AccountSnapshot {
            exchange,
            balances,
            instruments,
        } = snapshot;
        Ok(Self {
            exchange: ExchangeIndex(exchange.0),
            balances: balances.iter().map(Into::into).collect(),
            instruments: instruments
                .iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// The kind of an account event.
#[derive(Clone, PartialEq, Eq, Hash, Debug, IntoPyObject, FromPyObject)]
pub enum Kind {
    /// `AccountEventKind::Snapshot`
    Snapshot(AccountSnapshot),
    /// `AccountEventKind::BalanceSnapshot`
    Balance(AssetBalance),
    /// `AccountEventKind::OrderSnapshot`
    Order(Order),
    /// `AccountEventKind::OrderCancelled`
    Cancel(OrderResponseCancel),
    /// `AccountEventKind::Trade`
    Trade(Trade),
}

impl PyStubType for Kind {
    fn type_output() -> TypeInfo {
        AccountSnapshot::type_output()
            | AssetBalance::type_output()
            | Order::type_output()
            | OrderResponseCancel::type_output()
            | Trade::type_output()
    }
}

record! {
    /// An event of an account (`barter_execution::AccountEvent`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import AccountEvent, AssetBalance, Balance
    /// >>> event = AccountEvent(0, AssetBalance(1, Balance(total=100, free=90), "2024-01-01T00:00:00Z"))
    /// >>> AccountEvent.from_json(event.to_json()) == event
    /// True
    pub struct AccountEvent {
        /// Index of the exchange.
        exchange: Index,
        /// The event itself.
        kind: Kind,
    }
}

impl From<&barter_execution::AccountEvent> for AccountEvent {
    fn from(event: &barter_execution::AccountEvent) -> Self {
        let barter_execution::AccountEvent { exchange, kind } = event;
        let kind = match kind {
            AccountEventKind::Snapshot(snapshot) => Kind::Snapshot(snapshot.into()),
            AccountEventKind::BalanceSnapshot(Snapshot(balance)) => Kind::Balance(balance.into()),
            AccountEventKind::OrderSnapshot(Snapshot(order)) => Kind::Order(order.into()),
            AccountEventKind::OrderCancelled(response) => Kind::Cancel(response.into()),
            AccountEventKind::Trade(trade) => Kind::Trade(trade.into()),
        };
        Self {
            exchange: Index(exchange.index()),
            kind,
        }
    }
}

impl TryFrom<&AccountEvent> for barter_execution::AccountEvent {
    type Error = Contradiction;

    fn try_from(event: &AccountEvent) -> Result<Self, Contradiction> {
        let AccountEvent { exchange, kind } = event;
        Ok(Self {
            exchange: ExchangeIndex(exchange.0),
            kind: match kind {
                Kind::Snapshot(snapshot) => AccountEventKind::Snapshot(snapshot.try_into()?),
                Kind::Balance(balance) => {
                    AccountEventKind::BalanceSnapshot(Snapshot(balance.into()))
                }
                Kind::Order(order) => AccountEventKind::OrderSnapshot(Snapshot(order.try_into()?)),
                Kind::Cancel(response) => AccountEventKind::OrderCancelled(response.try_into()?),
                Kind::Trade(trade) => AccountEventKind::Trade(trade.into()),
            },
        })
    }
}

record! {
    /// The connection to an account was lost and is being opened again
    /// (`barter_data::streams::reconnect::Event::Reconnecting` of an account's stream).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId
    /// >>> from barter_python.execution import AccountReconnecting
    /// >>> lost = AccountReconnecting(ExchangeId.KRAKEN)
    /// >>> AccountReconnecting.from_json(lost.to_json()) == lost
    /// True
    pub struct AccountReconnecting {
        /// The exchange whose connection was lost.
        exchange: PyExchangeId,
    }
}

/// An item of the stream of an account, as Python gives and gets it.
// Short-lived: a box would only cost.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, PartialEq, Eq, Hash, Debug, IntoPyObject, FromPyObject)]
pub enum AnyAccountEvent {
    /// An item of the stream.
    Item(AccountEvent),
    /// The stream was lost.
    Reconnecting(AccountReconnecting),
}

impl PyStubType for AnyAccountEvent {
    fn type_output() -> TypeInfo {
        AccountEvent::type_output() | AccountReconnecting::type_output()
    }
}

impl From<&AccountStreamEvent> for AnyAccountEvent {
    fn from(event: &AccountStreamEvent) -> Self {
        match event {
            AccountStreamEvent::Item(event) => Self::Item(event.into()),
            AccountStreamEvent::Reconnecting(exchange) => Self::Reconnecting(AccountReconnecting {
                exchange: (*exchange).into(),
            }),
        }
    }
}

impl TryFrom<&AnyAccountEvent> for AccountStreamEvent {
    type Error = Contradiction;

    fn try_from(event: &AnyAccountEvent) -> Result<Self, Contradiction> {
        Ok(match event {
            AnyAccountEvent::Item(event) => Self::Item(event.try_into()?),
            AnyAccountEvent::Reconnecting(event) => Self::Reconnecting(event.exchange.0),
        })
    }
}

impl AnyAccountEvent {
    /// As barter writes it.
    pub fn to_json(&self) -> PyResult<String> {
        let event = AccountStreamEvent::try_from(self)?;
        serde_json::to_string(&event).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn from_json(text: &str) -> PyResult<Self> {
        let event = json::read(text).map_err(|reason| {
            PyValueError::new_err(format!("text is not an event of an account: {reason}"))
        })?;
        Ok((&event).into())
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AccountEvent {
    /// The event as barter writes it: its `AccountStreamEvent`, decimals as text, digit for digit.
    fn to_json(&self) -> PyResult<String> {
        AnyAccountEvent::Item(self.clone()).to_json()
    }

    /// Reads barter's JSON: an `AccountStreamEvent`, or the `AccountEvent` in it.
    ///
    /// Numbers are read digit for digit; a number that does not fit exactly is a `ValueError`, where barter
    /// itself would round. So is a text that holds an `AccountReconnecting`.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        match AnyAccountEvent::from_json(text)? {
            AnyAccountEvent::Item(event) => Ok(event),
            AnyAccountEvent::Reconnecting(_) => Err(PyValueError::new_err(format!(
                "text holds an AccountReconnecting, not an AccountEvent: {text}"
            ))),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AccountReconnecting {
    /// The event as barter writes it: its `AccountStreamEvent`.
    fn to_json(&self) -> PyResult<String> {
        AnyAccountEvent::Reconnecting(self.clone()).to_json()
    }

    /// Reads barter's JSON; a text that holds an `AccountEvent` is a `ValueError`.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        match AnyAccountEvent::from_json(text)? {
            AnyAccountEvent::Reconnecting(event) => Ok(event),
            AnyAccountEvent::Item(_) => Err(PyValueError::new_err(format!(
                "text holds an AccountEvent, not an AccountReconnecting: {text}"
            ))),
        }
    }
}

//! Failures of requests: `barter_execution::error`.

use super::contradiction::{Case, Contradiction};
use crate::{
    convert::{Index, py_enum, record},
    instrument::PyExchangeId,
};
use barter_execution::error::{ApiError, ConnectivityError, OrderError};
use barter_instrument::{asset::AssetIndex, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use serde::{Deserialize, Serialize};

/// The variants of `barter_execution::error::{OrderError, ConnectivityError, ApiError}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OrderFailureKind {
    /// `ConnectivityError::ExchangeOffline`
    ExchangeOffline,
    /// `ConnectivityError::Timeout`
    Timeout,
    /// `ConnectivityError::Socket`
    Socket,
    /// `ApiError::AssetInvalid`
    AssetInvalid,
    /// `ApiError::InstrumentInvalid`
    InstrumentInvalid,
    /// `ApiError::RateLimit`
    RateLimit,
    /// `ApiError::BalanceInsufficient`
    BalanceInsufficient,
    /// `ApiError::OrderRejected`
    OrderRejected,
    /// `ApiError::OrderAlreadyCancelled`
    OrderAlreadyCancelled,
    /// `ApiError::OrderAlreadyFullyFilled`
    OrderAlreadyFullyFilled,
}

py_enum! {
    /// The kind of a failed request (`barter_execution::error::ConnectivityError` and `ApiError`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import OrderFailureKind
    /// >>> OrderFailureKind("timeout")
    /// <OrderFailureKind.TIMEOUT: 'timeout'>
    pub enum PyOrderFailureKind(OrderFailureKind) as "OrderFailureKind" {
        /// The exchange is offline.
        EXCHANGE_OFFLINE = "exchange_offline" => OrderFailureKind::ExchangeOffline,
        /// The answer did not come in time.
        TIMEOUT = "timeout" => OrderFailureKind::Timeout,
        /// The connection failed.
        SOCKET = "socket" => OrderFailureKind::Socket,
        /// The exchange does not know the asset.
        ASSET_INVALID = "asset_invalid" => OrderFailureKind::AssetInvalid,
        /// The exchange does not know the instrument.
        INSTRUMENT_INVALID = "instrument_invalid" => OrderFailureKind::InstrumentInvalid,
        /// Too many requests.
        RATE_LIMIT = "rate_limit" => OrderFailureKind::RateLimit,
        /// The free balance does not cover the order.
        BALANCE_INSUFFICIENT = "balance_insufficient" => OrderFailureKind::BalanceInsufficient,
        /// Refused for another reason, which the detail gives.
        ORDER_REJECTED = "order_rejected" => OrderFailureKind::OrderRejected,
        /// A cancel came for an order that is cancelled already.
        ORDER_ALREADY_CANCELLED = "order_already_cancelled" => OrderFailureKind::OrderAlreadyCancelled,
        /// A cancel came for an order that is filled already.
        ORDER_ALREADY_FULLY_FILLED = "order_already_fully_filled" => OrderFailureKind::OrderAlreadyFullyFilled,
    }
}

record! {
    /// The reason why a request failed (`barter_execution::error::OrderError`).
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If a field that the kind has is missing, or a field that it does not have is given. `detail`
    ///     goes with SOCKET, ASSET_INVALID, INSTRUMENT_INVALID, BALANCE_INSUFFICIENT and ORDER_REJECTED,
    ///     `asset` with ASSET_INVALID and BALANCE_INSUFFICIENT, `instrument` with INSTRUMENT_INVALID,
    ///     `exchange` with EXCHANGE_OFFLINE.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import OrderFailure, OrderFailureKind
    /// >>> OrderFailure(OrderFailureKind.ORDER_REJECTED, "price off the tick").message
    /// 'order rejected: order rejected: price off the tick'
    /// >>> OrderFailure(OrderFailureKind.TIMEOUT, "too slow")
    /// Traceback (most recent call last):
    ///     ...
    /// ValueError: detail must be None with OrderFailureKind.TIMEOUT, got "too slow"
    #[derive(Serialize, Deserialize)]
    #[checked(kind, detail=None, *, asset=None, instrument=None, exchange=None)]
    pub struct OrderFailure {
        /// The reason as a kind, to act on.
        kind: PyOrderFailureKind,
        /// The exchange's own words, where the kind has some.
        detail: Option<String>,
        /// Index of the asset that it is about.
        asset: Option<Index>,
        /// Index of the instrument that it is about.
        instrument: Option<Index>,
        /// The exchange that is offline.
        exchange: Option<PyExchangeId>,
    }
}

impl OrderFailure {
    fn new(kind: OrderFailureKind, detail: Option<&String>) -> Self {
        Self {
            kind: kind.into(),
            detail: detail.cloned(),
            asset: None,
            instrument: None,
            exchange: None,
        }
    }

    /// barter's text; of the kind alone where the fields contradict it.
    pub fn text(&self) -> String {
        OrderError::try_from(self)
            .map_or_else(|_| format!("{:?}", self.kind.0), |error| error.to_string())
    }

    fn check(&self) -> Result<(), Contradiction> {
        OrderError::try_from(self).map(drop)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl OrderFailure {
    /// barter's text, to read.
    #[getter]
    fn message(&self) -> PyResult<String> {
        Ok(OrderError::try_from(self)?.to_string())
    }
}

impl From<&OrderError> for OrderFailure {
    fn from(error: &OrderError) -> Self {
        use OrderFailureKind as Kind;
        match error {
            OrderError::Connectivity(error) => match error {
                ConnectivityError::ExchangeOffline(exchange) => Self {
                    exchange: Some((*exchange).into()),
                    ..Self::new(Kind::ExchangeOffline, None)
                },
                ConnectivityError::Timeout => Self::new(Kind::Timeout, None),
                ConnectivityError::Socket(detail) => Self::new(Kind::Socket, Some(detail)),
            },
            OrderError::Rejected(error) => match error {
                ApiError::AssetInvalid(asset, detail) => Self {
                    asset: Some(Index(asset.index())),
                    ..Self::new(Kind::AssetInvalid, Some(detail))
                },
                ApiError::InstrumentInvalid(instrument, detail) => Self {
                    instrument: Some(Index(instrument.index())),
                    ..Self::new(Kind::InstrumentInvalid, Some(detail))
                },
                ApiError::RateLimit => Self::new(Kind::RateLimit, None),
                ApiError::BalanceInsufficient(asset, detail) => Self {
                    asset: Some(Index(asset.index())),
                    ..Self::new(Kind::BalanceInsufficient, Some(detail))
                },
                ApiError::OrderRejected(detail) => Self::new(Kind::OrderRejected, Some(detail)),
                ApiError::OrderAlreadyCancelled => Self::new(Kind::OrderAlreadyCancelled, None),
                ApiError::OrderAlreadyFullyFilled => Self::new(Kind::OrderAlreadyFullyFilled, None),
            },
        }
    }
}

impl TryFrom<&OrderFailure> for OrderError {
    type Error = Contradiction;

    fn try_from(failure: &OrderFailure) -> Result<Self, Contradiction> {
        let OrderFailure {
            kind,
            mut detail,
            mut asset,
            mut instrument,
            mut exchange,
        } = failure.clone();
        let member = PyOrderFailureKind::MEMBERS.get(kind.index());
        let case = Case(format!(
            "with OrderFailureKind.{}",
            member.map_or("", |member| member.name)
        ));
        let mut detail_of = || case.has("detail", detail.take());
        let mut asset_of = || {
            let asset = case.has("asset", asset.take());
            asset.map(|Index(index)| AssetIndex(index))
        };
        let error: Self = match kind.0 {
            OrderFailureKind::ExchangeOffline => {
                ConnectivityError::ExchangeOffline(case.has("exchange", exchange.take())?.0).into()
            }
            OrderFailureKind::Timeout => ConnectivityError::Timeout.into(),
            OrderFailureKind::Socket => ConnectivityError::Socket(detail_of()?).into(),
            OrderFailureKind::AssetInvalid => {
                ApiError::AssetInvalid(asset_of()?, detail_of()?).into()
            }
            OrderFailureKind::InstrumentInvalid => {
                let Index(index) = case.has("instrument", instrument.take())?;
                ApiError::InstrumentInvalid(InstrumentIndex(index), detail_of()?).into()
            }
            OrderFailureKind::RateLimit => ApiError::RateLimit.into(),
            OrderFailureKind::BalanceInsufficient => {
                ApiError::BalanceInsufficient(asset_of()?, detail_of()?).into()
            }
            OrderFailureKind::OrderRejected => ApiError::OrderRejected(detail_of()?).into(),
            OrderFailureKind::OrderAlreadyCancelled => ApiError::OrderAlreadyCancelled.into(),
            OrderFailureKind::OrderAlreadyFullyFilled => ApiError::OrderAlreadyFullyFilled.into(),
        };
        // What the kind has was taken: the rest is too much.
        case.has_not("detail", detail)?;
        case.has_not("asset", asset.map(|index| index.0))?;
        case.has_not("instrument", instrument.map(|index| index.0))?;
        case.has_not("exchange", exchange.map(|exchange| exchange.0.as_str()))?;
        Ok(error)
    }
}

//! What can be subscribed to where, and at which address.

use crate::{
    convert::{listed, py_enum},
    error::{Error, KeyKind},
    instrument::{Indexed, PyExchangeId, PyIndexedInstruments},
};
use barter_data::{
    instrument::MarketInstrumentData,
    subscription::{SubKind, exchange_supports_instrument_kind_sub_kind},
};
use barter_instrument::{
    exchange::ExchangeId,
    instrument::{InstrumentIndex, market_data::kind::MarketDataInstrumentKind},
};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use url::Url;

py_enum! {
    /// What a subscription asks for (`barter_data::subscription::SubKind`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.streams import SubKind
    /// >>> SubKind("public_trades")
    /// <SubKind.PUBLIC_TRADES: 'public_trades'>
    pub enum PySubKind(SubKind) as "SubKind" {
        /// Trades between others: events of `PublicTrade`.
        PUBLIC_TRADES = "public_trades" => SubKind::PublicTrades,
        /// The best bid and the best ask: events of `OrderBookL1`.
        ORDER_BOOKS_L1 = "order_books_l1" => SubKind::OrderBooksL1,
        /// The amounts at each price: events of `OrderBookSnapshot` and `OrderBookUpdate`.
        ORDER_BOOKS_L2 = "order_books_l2" => SubKind::OrderBooksL2,
        /// Single orders. barter-data has them of no exchange.
        ORDER_BOOKS_L3 = "order_books_l3" => SubKind::OrderBooksL3,
        /// Positions of others that the exchange has closed: events of `Liquidation`.
        LIQUIDATIONS = "liquidations" => SubKind::Liquidations,
        /// Candles. barter-data streams them from no exchange.
        CANDLES = "candles" => SubKind::Candles,
    }
}

impl PySubKind {
    /// Its name in Python, such as `SubKind.PUBLIC_TRADES`.
    fn shown(self) -> String {
        let name = Self::MEMBERS
            .get(self.index())
            .map_or("", |member| member.name);
        format!("SubKind.{name}")
    }
}

/// The addresses of a venue, where they are not its own.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// Address of the WebSocket.
    pub websocket: Option<Url>,
    /// Base of the addresses of requests, without path.
    pub http: Option<Url>,
}

/// The kinds that barter-data has of that kind of instrument there.
fn kinds_of(exchange: ExchangeId, instrument: &MarketDataInstrumentKind) -> Vec<String> {
    PySubKind::VARIANTS
        .iter()
        .filter(|kind| exchange_supports_instrument_kind_sub_kind(&exchange, instrument, **kind))
        .map(|kind| PySubKind(*kind).shown())
        .collect()
}

/// Refuses a subscription that barter-data does not have, with what there is.
pub fn check(
    exchange: ExchangeId,
    instrument: &MarketInstrumentData<InstrumentIndex>,
    kind: SubKind,
) -> Result<(), String> {
    if exchange_supports_instrument_kind_sub_kind(&exchange, &instrument.kind, kind) {
        return Ok(());
    }
    let shown = PySubKind(kind).shown();
    if kind == SubKind::Candles {
        return Err(format!(
            "kind must not be {shown}: barter-data streams candles from no exchange; subscribe to \
             SubKind.PUBLIC_TRADES; run_paper(candles=...) and MarketData.candles build them from trades"
        ));
    }
    let name = exchange.as_str();
    let of = match instrument.kind {
        MarketDataInstrumentKind::Spot => "spot instruments",
        MarketDataInstrumentKind::Perpetual => "perpetual contracts",
        MarketDataInstrumentKind::Future(_) => "futures",
        MarketDataInstrumentKind::Option(_) => "options",
    };
    let kinds = kinds_of(exchange, &instrument.kind);
    if !kinds.is_empty() {
        return Err(format!(
            "kind must be what barter-data streams of {of} on {name}, {}, got {shown}",
            kinds.join(" or ")
        ));
    }
    let others = PyExchangeId::VARIANTS
        .iter()
        .filter(|other| exchange_supports_instrument_kind_sub_kind(other, &instrument.kind, kind))
        .map(ExchangeId::as_str)
        .collect::<Vec<_>>();
    let cure = if others.is_empty() {
        format!("and {shown} of {of} from no exchange")
    } else {
        format!("but {shown} of {of} from {}", listed(others))
    };
    Err(format!(
        "barter-data streams nothing of {of} on {name}, {cure}"
    ))
}

/// What barter-data needs to know of the instrument in order to subscribe.
pub fn instrument_data(
    indexed: &Indexed,
    index: InstrumentIndex,
) -> Result<(ExchangeId, MarketInstrumentData<InstrumentIndex>), Error> {
    let instruments = indexed.instruments.instruments();
    let keyed = instruments.get(index.index()).ok_or_else(|| {
        let text = format!(
            "there is no instrument {index}; there are {} (0 to {})",
            instruments.len(),
            instruments.len().saturating_sub(1)
        );
        Error::unknown(KeyKind::Instrument, index.index(), text)
    })?;
    Ok((keyed.value.exchange.value, keyed.into()))
}

/// Refuses a subscription that barter-data does not have.
///
/// Parameters
/// ----------
/// instruments : IndexedInstruments
///     An index of the one instrument.
/// kind : SubKind
///     What the subscription asks for.
///
/// Raises
/// ------
/// ValueError
///     If barter-data does not stream that kind for the instrument; the message says what it has.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (instruments, kind))]
pub fn check_subscription(instruments: &PyIndexedInstruments, kind: PySubKind) -> PyResult<()> {
    let (exchange, instrument) = instrument_data(&instruments.0, InstrumentIndex(0))?;
    check(exchange, &instrument, kind.0).map_err(PyValueError::new_err)
}

//! The events of one kind as a table for other libraries.

use super::{MarketData, SharedEvents, StoredEvent};
use crate::{
    convert::{
        ArrowTable, Columns, Dec, Decimals, EnumText, Index, UtcTime, decimals, named_argument,
        shown,
    },
    data::{
        Candle, CandleBar, Funding, FundingTick, Liquidation, MarketKind, OrderBook, OrderBookL1,
        OrderBookSnapshot, OrderBookUpdate, PublicTrade, Settlement, StoredMarketEvent, TradeTick,
        kind::LiquidationTick,
    },
    instrument::{IndexedArgument, PySide},
};
use barter_data::{books::Level, subscription::book::OrderBookEvent};
use barter_instrument::Side;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};
use pyo3_stub_gen::derive::gen_stub_pymethods;
use std::sync::Arc;

named_argument! {
    instruments: IndexedArgument,
}

/// A row of a table: an event, or a level of its book.
struct Row {
    events: SharedEvents,
    position: usize,
    /// The side of the level and its place there; `None` also of a book without levels.
    level: Option<(Side, usize)>,
}

impl Row {
    fn event(&self) -> Option<&StoredMarketEvent> {
        match self.events.get(self.position) {
            Some(StoredEvent::Item(event)) => Some(event),
            Some(StoredEvent::Reconnecting(_)) | None => None,
        }
    }

    fn trade(&self) -> Option<&TradeTick> {
        let MarketKind::Trade(trade) = &self.event()?.kind else {
            return None;
        };
        Some(trade)
    }

    fn quote(&self) -> Option<&barter_data::subscription::book::OrderBookL1> {
        let MarketKind::L1(quote) = &self.event()?.kind else {
            return None;
        };
        Some(&quote.l1)
    }

    fn candle(&self) -> Option<&CandleBar> {
        let MarketKind::Candle(candle) = &self.event()?.kind else {
            return None;
        };
        Some(candle)
    }

    fn liquidation(&self) -> Option<&LiquidationTick> {
        let MarketKind::Liquidation(liquidation) = &self.event()?.kind else {
            return None;
        };
        Some(liquidation)
    }

    fn funding(&self) -> Option<&FundingTick> {
        let MarketKind::Funding(funding) = &self.event()?.kind else {
            return None;
        };
        Some(funding)
    }

    fn settlement_price(&self) -> Option<Dec> {
        let MarketKind::Settlement(settlement) = &self.event()?.kind else {
            return None;
        };
        Some(Dec(settlement.price))
    }

    /// The book, and whether it is a snapshot.
    fn book(&self) -> Option<(&barter_data::books::OrderBook, bool)> {
        let MarketKind::L2(event) = &self.event()?.kind else {
            return None;
        };
        Some(match &**event {
            OrderBookEvent::Snapshot(book) => (book, true),
            OrderBookEvent::Update(book) => (book, false),
        })
    }

    fn level(&self) -> Option<&Level> {
        let (side, place) = self.level?;
        let (book, _) = self.book()?;
        match side {
            Side::Buy => book.bids().levels().get(place),
            Side::Sell => book.asks().levels().get(place),
        }
    }
}

/// The kinds of events that make a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Trade,
    L1,
    /// Snapshots of books, updates, or both.
    Book {
        snapshots: bool,
        updates: bool,
    },
    Candle,
    Liquidation,
    Funding,
    Settlement,
}

impl Kind {
    fn of(class: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = class.py();
        let book = |snapshots, updates| Self::Book { snapshots, updates };
        let kinds = [
            (py.get_type::<PublicTrade>(), Self::Trade),
            (py.get_type::<OrderBookL1>(), Self::L1),
            (py.get_type::<OrderBook>(), book(true, true)),
            (py.get_type::<OrderBookSnapshot>(), book(true, false)),
            (py.get_type::<OrderBookUpdate>(), book(false, true)),
            (py.get_type::<Candle>(), Self::Candle),
            (py.get_type::<Liquidation>(), Self::Liquidation),
            (py.get_type::<Funding>(), Self::Funding),
            (py.get_type::<Settlement>(), Self::Settlement),
        ];
        let found = kinds.iter().find(|(of, _)| class.is(of));
        found.map(|(_, kind)| *kind).ok_or_else(|| {
            let found = shown(class).unwrap_or_default();
            PyTypeError::new_err(format!(
                "kind must be one of the classes PublicTrade, OrderBookL1, OrderBook, \
                 OrderBookSnapshot, OrderBookUpdate, Candle, Liquidation, Funding and Settlement, \
                 got {found}"
            ))
        })
    }

    /// The rows that an event makes.
    fn rows(self, events: &SharedEvents, position: usize, event: &MarketKind, rows: &mut Vec<Row>) {
        let mut add = |level| {
            rows.push(Row {
                events: events.clone(),
                position,
                level,
            });
        };
        match (self, event) {
            (Self::Trade, MarketKind::Trade(_))
            | (Self::L1, MarketKind::L1(_))
            | (Self::Candle, MarketKind::Candle(_))
            | (Self::Liquidation, MarketKind::Liquidation(_))
            | (Self::Funding, MarketKind::Funding(_))
            | (Self::Settlement, MarketKind::Settlement(_)) => add(None),
            (Self::Book { snapshots, updates }, MarketKind::L2(event)) => {
                let book = match &**event {
                    OrderBookEvent::Snapshot(book) if snapshots => book,
                    OrderBookEvent::Update(book) if updates => book,
                    OrderBookEvent::Snapshot(_) | OrderBookEvent::Update(_) => return,
                };
                let (bids, asks) = (book.bids().levels().len(), book.asks().levels().len());
                if bids == 0 && asks == 0 {
                    add(None);
                }
                for (side, count) in [(Side::Buy, bids), (Side::Sell, asks)] {
                    for place in 0..count {
                        add(Some((side, place)));
                    }
                }
            }
            (
                Self::Trade
                | Self::L1
                | Self::Book { .. }
                | Self::Candle
                | Self::Liquidation
                | Self::Funding
                | Self::Settlement,
                MarketKind::Trade(_)
                | MarketKind::L1(_)
                | MarketKind::L2(_)
                | MarketKind::Candle(_)
                | MarketKind::Liquidation(_)
                | MarketKind::Funding(_)
                | MarketKind::Settlement(_),
            ) => {}
        }
    }

    fn columns(self, names: Vec<String>) -> Columns<Row> {
        let mut columns = Columns::new();
        columns
            .integer("position", |row: &Row| i64::try_from(row.position).ok())
            .time("time_exchange", |row| {
                Some(UtcTime(row.event()?.time_exchange))
            })
            .time("time_received", |row| {
                Some(UtcTime(row.event()?.time_received))
            })
            .text("exchange", |row| {
                Some(row.event()?.exchange.as_str().into())
            })
            .named("instrument", names, |row| {
                Some(Index(row.event()?.instrument.index()))
            });
        match self {
            Self::Trade => columns
                .text("id", |row| Some((&*row.trade()?.id).into()))
                .decimal("price", |row| Some(Dec(row.trade()?.price)))
                .decimal("amount", |row| Some(Dec(row.trade()?.amount)))
                .text("side", |row| Some(PySide(row.trade()?.side).text().into())),
            Self::L1 => columns
                .time("last_update_time", |row| {
                    Some(UtcTime(row.quote()?.last_update_time))
                })
                .decimal("bid_price", |row| Some(Dec(row.quote()?.best_bid?.price)))
                .decimal("bid_amount", |row| Some(Dec(row.quote()?.best_bid?.amount)))
                .decimal("ask_price", |row| Some(Dec(row.quote()?.best_ask?.price)))
                .decimal("ask_amount", |row| Some(Dec(row.quote()?.best_ask?.amount))),
            Self::Book { .. } => columns
                .flag("is_snapshot", |row| Some(row.book()?.1))
                .integer("sequence", |row| {
                    i64::try_from(row.book()?.0.sequence()).ok()
                })
                .time("time_engine", |row| {
                    row.book()?.0.time_engine().map(UtcTime)
                })
                .text("side", |row| {
                    let (side, _) = row.level?;
                    Some(if side == Side::Buy { "bid" } else { "ask" }.into())
                })
                .decimal("price", |row| Some(Dec(row.level()?.price)))
                .decimal("amount", |row| Some(Dec(row.level()?.amount))),
            Self::Candle => columns
                .time("close_time", |row| Some(UtcTime(row.candle()?.close_time)))
                .decimal("open", |row| Some(Dec(row.candle()?.open)))
                .decimal("high", |row| Some(Dec(row.candle()?.high)))
                .decimal("low", |row| Some(Dec(row.candle()?.low)))
                .decimal("close", |row| Some(Dec(row.candle()?.close)))
                .decimal("volume", |row| Some(Dec(row.candle()?.volume)))
                .integer("trade_count", |row| {
                    i64::try_from(row.candle()?.trade_count).ok()
                }),
            Self::Liquidation => columns
                .text("side", |row| {
                    Some(PySide(row.liquidation()?.side).text().into())
                })
                .decimal("price", |row| Some(Dec(row.liquidation()?.price)))
                .decimal("quantity", |row| Some(Dec(row.liquidation()?.quantity)))
                .time("time", |row| Some(UtcTime(row.liquidation()?.time))),
            Self::Funding => columns
                .decimal("rate", |row| Some(Dec(row.funding()?.rate)))
                .decimal("mark_price", |row| row.funding()?.mark_price.map(Dec)),
            Self::Settlement => columns.decimal("price", Row::settlement_price),
        };
        columns
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl MarketData {
    /// Gives the events of one kind as a table for polars, pyarrow, pandas or DuckDB.
    ///
    /// All tables of a kind have the same columns. `position` is that of the event in the history,
    /// `instrument` its index and `instrument_name` the internal name. A book has a row for each level,
    /// with the number of its event; one without levels has a row without side, price and amount. A
    /// `Reconnecting` is in no table. `docs/other_tools.md` has the types.
    ///
    /// Parameters
    /// ----------
    /// kind : type
    ///     `PublicTrade`, `OrderBookL1`, `Candle`, `Liquidation`, `Funding` or `Settlement`;
    ///     `OrderBookSnapshot`, `OrderBookUpdate`, or `OrderBook` for both of these.
    /// instruments : IndexedInstruments
    ///     What the indices in the history stand for: `config.index()`.
    /// decimals : "exact" or "float"
    ///     Prices and amounts as decimals of the greatest scale in the column, or as the nearest floats.
    ///
    /// Raises
    /// ------
    /// TypeError
    ///     If the kind is another class.
    /// MarketDataError
    ///     If `instruments` does not have the exchange or the instrument of an event.
    /// ValueError
    ///     If decimals are to be exact, and a column needs more than 38 digits for it; if a number of
    ///     trades or of a message does not fit into 64 bits with a sign.
    ///
    /// Examples
    /// --------
    /// >>> import polars as pl
    /// >>> from barter_python import MarketData, PublicTrade, SystemConfig
    /// >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
    /// >>> config = SystemConfig.from_json("examples/data/system_config.json")
    /// >>> trades = pl.DataFrame(data.to_arrow(PublicTrade, instruments=config.index()))
    /// >>> trades.select("instrument_name", "side", "price", "amount").row(0)
    /// ('binancespot-btc_usdt', 'sell', Decimal('87232.00'), Decimal('0.00012'))
    // A signature in text has the default as it is: pyo3 writes only literals of Rust itself.
    #[pyo3(
        signature = (kind, *, instruments, decimals=Decimals::Exact),
        text_signature = "($self, kind, *, instruments, decimals='exact')"
    )]
    fn to_arrow(
        &self,
        #[gen_stub(override_type(
            type_repr = "type[PublicTrade | OrderBookL1 | OrderBook | OrderBookSnapshot | OrderBookUpdate | Candle | Liquidation | Funding | Settlement]"
        ))]
        kind: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = instruments)] instruments: IndexedArgument,
        #[pyo3(from_py_with = decimals)] decimals: Decimals,
    ) -> PyResult<ArrowTable> {
        let kind = Kind::of(kind)?;
        self.check_against(&instruments.0)?;
        let mut rows = Vec::new();
        for (position, event) in self.events.iter().enumerate() {
            if let StoredEvent::Item(item) = event {
                check_integers(position, &item.kind)?;
                kind.rows(&self.events, position, &item.kind, &mut rows);
            }
        }
        let columns = kind.columns(instruments.0.instrument_names());
        ArrowTable::new(&Arc::new(rows), columns, decimals)
    }
}

/// Integers of Arrow have a sign in most tools; nothing is left out for that.
fn check_integers(position: usize, event: &MarketKind) -> PyResult<()> {
    let (name, number) = match event {
        MarketKind::Candle(candle) => ("trade_count", candle.trade_count),
        MarketKind::L2(event) => {
            let (OrderBookEvent::Snapshot(book) | OrderBookEvent::Update(book)) = &**event;
            ("sequence", book.sequence())
        }
        MarketKind::Trade(_)
        | MarketKind::L1(_)
        | MarketKind::Liquidation(_)
        | MarketKind::Funding(_)
        | MarketKind::Settlement(_) => return Ok(()),
    };
    if i64::try_from(number).is_err() {
        return Err(PyValueError::new_err(format!(
            "event {position}: {name} {number} does not fit into 64 bits with a sign"
        )));
    }
    Ok(())
}

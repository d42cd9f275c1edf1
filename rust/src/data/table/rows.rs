//! Rows as market events: what a row needs, wherever its cells come from.

use super::{
    book::{Message, offered},
    cell::Cell,
    clock::Clock,
    databento::Pending,
    layout::{
        Columns, Common, Fundings, Layout, LevelSlots, Liquidations, Quotes, Settlements, Slot,
        Snapshots, TakerSide, Trades,
    },
    names::{Key, Names},
    order::{Events, SortId},
};
use crate::{
    convert::datetime_from_nanos,
    data::kind::{
        FundingTick, L1Quote, LiquidationTick, MarketKind, SettlementTick, StoredEvent,
        StoredMarketEvent, TradeTick,
    },
};
use barter_data::{
    books::{Level, OrderBook},
    subscription::book::OrderBookEvent,
};
use barter_instrument::Side;
use smol_str::ToSmolStr;

/// A row of a table: the cells of the columns that are read.
pub trait Row {
    /// The cell of a column.
    fn cell(&self, slot: Slot) -> Result<Cell<'_>, String>;
}

/// What is wrong with a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The column, if one is to blame.
    pub slot: Option<Slot>,
    /// The number of the row, if it is not the one that was read last.
    pub number: Option<u64>,
    /// Why.
    pub reason: String,
}

impl Fault {
    /// A row that is wrong as a whole.
    pub const fn of_row(reason: String) -> Self {
        Self {
            slot: None,
            number: None,
            reason,
        }
    }

    /// A cell that is wrong.
    pub const fn at(slot: Slot, reason: String) -> Self {
        Self {
            slot: Some(slot),
            number: None,
            reason,
        }
    }
}

/// Reads a cell by one of the methods of `Cell`.
pub fn read<'row, T>(
    row: &'row impl Row,
    slot: Slot,
    convert: impl FnOnce(Cell<'row>) -> Result<T, String>,
) -> Result<T, Fault> {
    row.cell(slot)
        .and_then(convert)
        .map_err(|reason| Fault::at(slot, reason))
}

/// An event of an instrument, made of a row.
#[derive(Debug)]
pub struct Made {
    pub instrument: Key,
    /// Nanoseconds since 1970, at the exchange and of receiving.
    pub times: (i64, i64),
    /// What rows of one time are sorted by.
    pub id: SortId,
    pub kind: MarketKind,
}

/// Makes events of the rows of any number of files.
#[derive(Debug)]
pub struct Rows {
    columns: Columns,
    state: State,
}

/// What is known between the rows.
#[derive(Debug)]
pub struct State {
    /// What times say.
    pub clock: Clock,
    /// Nanoseconds from the last time that the table gives to the receiving.
    pub feed_latency: i64,
    names: Names,
    events: Events,
    /// The message of a book whose rows are being read.
    pub message: Option<Message>,
    /// Whether a message of a book was there in this file.
    pub is_in_stream: bool,
    /// The events of Databento that are not over.
    pub pending: Pending,
    /// How many rows were read.
    count: u64,
}

impl Rows {
    pub fn new(
        columns: Columns,
        names: Names,
        clock: Clock,
        feed_latency: i64,
        events: Events,
    ) -> Self {
        Self {
            columns,
            state: State {
                clock,
                feed_latency,
                names,
                events,
                message: None,
                is_in_stream: false,
                pending: Pending::default(),
                count: 0,
            },
        }
    }

    /// The files that follow have other columns, or are about another instrument.
    pub fn turn_to(&mut self, columns: Columns, names: Names) {
        self.columns = columns;
        self.state.names = names;
    }

    /// The names of the columns that are read, each at the place of its slot.
    pub fn names(&self) -> &[String] {
        &self.columns.names
    }

    /// The rows that follow are of another file.
    pub const fn start_file(&mut self) {
        self.state.clock.start_file();
        self.state.is_in_stream = false;
    }

    /// The last row of a file was read.
    pub fn end_file(&mut self) -> Result<(), Fault> {
        if let Some(message) = self.state.message.take() {
            self.state.end_message(message)?;
        }
        match &self.columns.layout {
            Layout::Databento(layout) => self.state.end_databento(layout),
            Layout::Trades(_)
            | Layout::Quotes(_)
            | Layout::Book(_)
            | Layout::Snapshots(_)
            | Layout::Candles(_)
            | Layout::Liquidations(_)
            | Layout::Fundings(_)
            | Layout::Settlements(_) => Ok(()),
        }
    }

    /// All events, in the order that was asked for.
    pub fn into_events(self) -> Vec<StoredEvent> {
        self.state.events.into_ordered()
    }

    /// Reads a row.
    pub fn add(&mut self, row: &impl Row, number: u64) -> Result<(), Fault> {
        let state = &mut self.state;
        state.count = state.count.saturating_add(1);
        let made = match &self.columns.layout {
            Layout::Trades(layout) => state.trade(row, layout),
            Layout::Quotes(layout) => state.quote(row, layout),
            Layout::Snapshots(layout) => state.snapshot(row, layout),
            Layout::Candles(layout) => state.candle(row, layout),
            Layout::Liquidations(layout) => state.liquidation(row, layout),
            Layout::Fundings(layout) => state.funding(row, layout),
            Layout::Settlements(layout) => state.settlement(row, layout),
            Layout::Book(layout) => return state.level(row, layout, number),
            Layout::Databento(layout) => return state.databento(row, layout, number),
        };
        state.push_event(made?)
    }
}

impl State {
    /// The instrument of a row.
    pub fn instrument(&mut self, row: &impl Row, slot: Option<Slot>) -> Result<Key, Fault> {
        let Some(slot) = slot else {
            let only = self.names.only();
            return only.ok_or_else(|| Fault::of_row("is about no instrument".to_owned()));
        };
        read(row, slot, |cell| match cell {
            Cell::Text(name) => self.names.find(name),
            Cell::Whole(number) => self.names.find(&number.to_smolstr()),
            Cell::Missing
            | Cell::Exact(_)
            | Cell::Float(_)
            | Cell::Time(_)
            | Cell::LocalTime(_)
            | Cell::Truth(_) => Err(format!(
                "holds {}, but needs the name of an instrument",
                cell.shown()
            )),
        })
    }

    /// The time of the exchange, and that of receiving.
    pub fn times(&mut self, row: &impl Row, common: &Common) -> Result<(i64, i64), Fault> {
        let clock = &mut self.clock;
        let exchange = read(row, common.time_exchange, |cell| clock.nanos(cell))?;
        let (slot, sent) = match common.time_received {
            Some(slot) => (slot, read(row, slot, |cell| clock.nanos(cell))?),
            None => (common.time_exchange, exchange),
        };
        Ok((exchange, self.later(slot, sent, self.feed_latency)?))
    }

    /// A time so many nanoseconds later.
    pub fn later(&self, slot: Slot, time: i64, nanos: i64) -> Result<i64, Fault> {
        time.checked_add(nanos)
            .ok_or_else(|| Fault::at(slot, "is outside the years 1677 to 2262".to_owned()))
    }

    /// Adds an event.
    pub fn push(&mut self, received: i64, id: SortId, event: StoredEvent) -> Result<(), Fault> {
        self.events.push(received, id, event)
    }

    /// Whether any row was read.
    pub const fn has_rows(&self) -> bool {
        self.count > 0
    }

    /// Adds an event of an instrument.
    pub fn push_event(&mut self, made: Made) -> Result<(), Fault> {
        let Made {
            instrument: (exchange, instrument),
            times: (time_exchange, time_received),
            id,
            kind,
        } = made;
        let event = StoredMarketEvent {
            time_exchange: datetime_from_nanos(time_exchange),
            time_received: datetime_from_nanos(time_received),
            exchange,
            instrument,
            kind,
        };
        self.push(time_received, id, StoredEvent::Item(event))
    }

    /// A trade.
    pub fn trade(&mut self, row: &impl Row, layout: &Trades) -> Result<Made, Fault> {
        let instrument = self.instrument(row, layout.common.instrument)?;
        let times = self.times(row, &layout.common)?;
        let side = match layout.side {
            TakerSide::Side(slot) => {
                let known = read(row, slot, Cell::side)?;
                known.or(layout.unknown_side).ok_or_else(|| {
                    let reason = "the side of who took liquidity is not known: unknown_side=Side.BUY \
                                  (or SELL) takes such trades";
                    Fault::at(slot, reason.to_owned())
                })?
            }
            TakerSide::BuyerIsMaker(slot) => {
                if read(row, slot, Cell::truth)? {
                    Side::Sell
                } else {
                    Side::Buy
                }
            }
        };
        let id = match layout.id {
            Some(slot) => read(row, slot, Cell::id)?,
            None => self.count.to_smolstr(),
        };
        let sort_id = match layout.id {
            Some(_) if self.events.is_sorted() => SortId::of(&id),
            Some(_) | None => SortId::None,
        };
        let price = read(row, layout.price, Cell::decimal)?;
        let amount = read(row, layout.amount, Cell::decimal)?;
        let trade = TradeTick::new(id, price, amount, side);
        Ok(Made {
            instrument,
            times,
            id: sort_id,
            kind: MarketKind::Trade(trade),
        })
    }

    /// The best bid and ask.
    pub fn quote(&mut self, row: &impl Row, layout: &Quotes) -> Result<Made, Fault> {
        let instrument = self.instrument(row, layout.common.instrument)?;
        let times = self.times(row, &layout.common)?;
        let (bid, ask) = (level(row, layout.bid)?, level(row, layout.ask)?);
        let id = match layout.id {
            Some(slot) if self.events.is_sorted() => SortId::of(&read(row, slot, Cell::id)?),
            Some(_) | None => SortId::None,
        };
        let quote = L1Quote::new(datetime_from_nanos(times.0), bid, ask);
        Ok(Made {
            instrument,
            times,
            id,
            kind: MarketKind::L1(quote),
        })
    }

    /// A book with all its levels.
    pub fn snapshot(&mut self, row: &impl Row, layout: &Snapshots) -> Result<Made, Fault> {
        let instrument = self.instrument(row, layout.common.instrument)?;
        let times = self.times(row, &layout.common)?;
        let sequence = match layout.sequence {
            Some(slot) => Some(read(row, slot, Cell::count)?),
            None => None,
        };
        let side = |slots: &[LevelSlots]| {
            let levels = slots.iter().map(|slots| level(row, *slots));
            let levels = levels.filter_map(Result::transpose);
            levels.collect::<Result<Vec<_>, _>>().map(offered)
        };
        let (bids, asks) = (side(&layout.bids)?, side(&layout.asks)?);
        let book = OrderBook::new(sequence.unwrap_or_default(), None, bids, asks);
        let id = sequence.map_or(SortId::None, SortId::Number);
        let kind = MarketKind::L2(OrderBookEvent::Snapshot(book).into());
        Ok(Made {
            instrument,
            times,
            id,
            kind,
        })
    }

    fn liquidation(&mut self, row: &impl Row, layout: &Liquidations) -> Result<Made, Fault> {
        let instrument = self.instrument(row, layout.common.instrument)?;
        let times = self.times(row, &layout.common)?;
        let liquidation = LiquidationTick {
            side: read(row, layout.side, |cell| {
                let side = cell.side()?;
                side.ok_or_else(|| "must be a side, buy or sell".to_owned())
            })?,
            price: read(row, layout.price, Cell::decimal)?,
            quantity: read(row, layout.quantity, Cell::decimal)?,
            time: datetime_from_nanos(times.0),
        };
        let kind = MarketKind::Liquidation(liquidation);
        Ok(Made {
            instrument,
            times,
            id: SortId::None,
            kind,
        })
    }

    fn settlement(&mut self, row: &impl Row, layout: &Settlements) -> Result<Made, Fault> {
        let instrument = self.instrument(row, layout.common.instrument)?;
        let times = self.times(row, &layout.common)?;
        let price = read(row, layout.price, Cell::decimal)?;
        Ok(Made {
            instrument,
            times,
            id: SortId::None,
            kind: MarketKind::Settlement(SettlementTick { price }),
        })
    }

    fn funding(&mut self, row: &impl Row, layout: &Fundings) -> Result<Made, Fault> {
        let instrument = self.instrument(row, layout.common.instrument)?;
        let times = self.times(row, &layout.common)?;
        let mark_price = match layout.mark_price {
            Some(slot) if !read(row, slot, |cell| Ok(cell.is_missing()))? => {
                Some(read(row, slot, Cell::decimal)?)
            }
            Some(_) | None => None,
        };
        let funding = FundingTick {
            rate: read(row, layout.rate, Cell::decimal)?,
            mark_price,
        };
        Ok(Made {
            instrument,
            times,
            id: SortId::None,
            kind: MarketKind::Funding(funding),
        })
    }
}

/// A level; `None` if there is neither a price nor an amount other than zero.
fn level(row: &impl Row, slots: LevelSlots) -> Result<Option<Level>, Fault> {
    if !read(row, slots.price, |cell| Ok(cell.is_missing()))? {
        return Ok(Some(Level {
            price: read(row, slots.price, Cell::decimal)?,
            amount: read(row, slots.amount, Cell::decimal)?,
        }));
    }
    let is_nothing = |cell: Cell<'_>| Ok(cell.is_missing() || cell.decimal()?.is_zero());
    if read(row, slots.amount, is_nothing)? {
        return Ok(None);
    }
    Err(Fault::at(
        slots.price,
        "is empty, but there is an amount at this price".to_owned(),
    ))
}

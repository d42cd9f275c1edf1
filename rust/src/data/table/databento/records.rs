//! Rows of Databento as events.

use super::{
    super::{
        cell::Cell,
        layout::Slot,
        names::Key,
        rows::{Fault, Made, Row, State, read},
    },
    Schema,
    columns::{Book, Databento, Records, Role},
};
use crate::data::kind::MarketKind;
use rust_decimal::Decimal;
use std::collections::{HashMap, hash_map::Entry};

/// A row whose numbers are as Databento means them.
struct Converted<'a, R> {
    row: &'a R,
    roles: &'a [Option<Role>],
}

impl<R: Row> Row for Converted<'_, R> {
    fn cell(&self, slot: Slot) -> Result<Cell<'_>, String> {
        let cell = self.row.cell(slot)?;
        match self.roles.get(slot.0).copied().flatten() {
            Some(Role::Price) => price(cell),
            Some(Role::Size) => Ok(size(cell)),
            None => Ok(cell),
        }
    }
}

/// Whole numbers count 10^-9, and the greatest one says that there is no price.
fn price(cell: Cell<'_>) -> Result<Cell<'_>, String> {
    /// What a division of the mark by 10^9 in floats gives.
    const NO_PRICE: f64 = 9_223_372_036.854_776;
    let whole = match cell {
        Cell::Whole(number) => Some(number),
        // With a point, text is a price and not a count.
        Cell::Text(text) => text.parse::<i128>().ok(),
        Cell::Missing
        | Cell::Exact(_)
        | Cell::Float(_)
        | Cell::Time(_)
        | Cell::LocalTime(_)
        | Cell::Truth(_) => None,
    };
    let exact = match (whole, cell) {
        (Some(number), _) => Decimal::try_from_i128_with_scale(number, 9)
            .map_err(|_| format!("{number} is no price of Databento: it is too large"))?,
        (None, Cell::Exact(number)) => number,
        (None, Cell::Text(text)) => Cell::Text(text).decimal()?,
        (None, Cell::Float(number)) if number >= NO_PRICE => return Ok(Cell::Missing),
        // A division by 10^9 may be off by the float's last digit: 3720.2500000000005.
        (None, Cell::Float(number)) if number.is_finite() => cell.decimal()?.round_dp(9),
        (None, cell) => return Ok(cell),
    };
    Ok(
        if exact == Decimal::from_i128_with_scale(i64::MAX.into(), 9) {
            Cell::Missing
        } else {
            Cell::Exact(exact.normalize())
        },
    )
}

/// The greatest number of 32 bits says that there is no size.
fn size(cell: Cell<'_>) -> Cell<'_> {
    match cell {
        Cell::Whole(number) if number == i128::from(u32::MAX) => Cell::Missing,
        Cell::Text("4294967295") => Cell::Missing,
        cell => cell,
    }
}

/// What is known between the rows of a table.
#[derive(Debug, Default)]
pub struct Pending {
    /// The book after the last change of an event that goes on, with the number of its row.
    books: Vec<(Made, u64)>,
    publishers: HashMap<Key, u64>,
    /// Whether a row was about the book.
    has_book: bool,
}

impl State {
    /// Adds what a row says.
    pub fn databento(
        &mut self,
        row: &impl Row,
        layout: &Databento,
        number: u64,
    ) -> Result<(), Fault> {
        self.check_record(row, layout)?;
        let row = Converted {
            row,
            roles: &layout.roles,
        };
        match &layout.records {
            Records::Trades(trades) => {
                let trade = self.trade(&row, trades)?;
                self.push_event(trade)
            }
            Records::QuotedTrades {
                trades,
                quotes,
                action,
            } => {
                if !read(&row, *action, is_trade)? {
                    let reason = "the row is no trade: schema=DatabentoSchema.MBP_1 reads tables \
                                  that have changes of the book, too";
                    return Err(Fault::at(*action, reason.to_owned()));
                }
                let quote = self.quote(&row, quotes)?;
                let trade = self.trade(&row, trades)?;
                self.push_event(quote)?;
                self.push_event(trade)
            }
            Records::Books {
                trades,
                book,
                action,
                flags,
            } => {
                let made = if read(&row, *action, is_trade)? {
                    self.trade(&row, trades)?
                } else {
                    self.pending.has_book = true;
                    match book {
                        Book::Best(quotes) => self.quote(&row, quotes)?,
                        Book::Levels(levels) => self.snapshot(&row, levels)?,
                    }
                };
                let is_last = read(&row, *flags, Cell::count)? & LAST != 0;
                self.of_event(made, is_last, number)
            }
            Records::Candles(candles) => {
                let candle = self.candle(&row, candles)?;
                self.push_event(candle)
            }
        }
    }

    /// The rows of one event change a book several times: only the last state was ever on offer.
    fn of_event(&mut self, made: Made, is_last: bool, number: u64) -> Result<(), Fault> {
        let (instrument, (_, received)) = (made.instrument, made.times);
        // The last row of an event is not in the table if it changes nothing that the schema shows.
        let is_over = |(book, _): &(Made, u64)| book.times.1 != received;
        if self.pending.books.iter().any(is_over) {
            self.end_events()?;
        }
        if matches!(made.kind, MarketKind::Trade(_)) {
            self.push_event(made)?;
        } else {
            let books = &mut self.pending.books;
            books.retain(|(book, _)| book.instrument != instrument);
            books.push((made, number));
        }
        if !is_last {
            return Ok(());
        }
        let books = &mut self.pending.books;
        let position = books
            .iter()
            .position(|(book, _)| book.instrument == instrument);
        match position.map(|position| books.remove(position)) {
            Some((book, number)) => self.push_book(book, number),
            None => Ok(()),
        }
    }

    /// Adds the books of all events that were not known to be over.
    fn end_events(&mut self) -> Result<(), Fault> {
        for (book, number) in std::mem::take(&mut self.pending.books) {
            self.push_book(book, number)?;
        }
        Ok(())
    }

    fn push_book(&mut self, book: Made, number: u64) -> Result<(), Fault> {
        self.push_event(book).map_err(|fault| Fault {
            number: Some(number),
            ..fault
        })
    }

    /// The table is over.
    pub fn end_databento(&mut self, layout: &Databento) -> Result<(), Fault> {
        self.end_events()?;
        if matches!(layout.schema, Schema::Mbp1) && self.has_rows() && !self.pending.has_book {
            let reason = "the table has trades only, and no change of the book: \
                          schema=DatabentoSchema.TBBO reads such tables";
            return Err(Fault::of_row(reason.to_owned()));
        }
        Ok(())
    }

    /// A row of another schema, or of another venue than the rows before, is an error.
    fn check_record(&mut self, row: &impl Row, layout: &Databento) -> Result<(), Fault> {
        let record_type = read(row, layout.record_type, Cell::count)?;
        if record_type != layout.schema.record_type() {
            let reason = format!(
                "{record_type} is a row of {}, and not of {}: give another schema",
                Schema::named(record_type),
                Schema::named(layout.schema.record_type())
            );
            return Err(Fault::at(layout.record_type, reason));
        }
        let instrument = self.instrument(row, Some(layout.instrument))?;
        let publisher = read(row, layout.publisher, Cell::count)?;
        match self.pending.publishers.entry(instrument) {
            Entry::Vacant(entry) => {
                entry.insert(publisher);
                Ok(())
            }
            Entry::Occupied(entry) if *entry.get() == publisher => Ok(()),
            Entry::Occupied(entry) => {
                let reason = format!(
                    "{publisher} is another venue than {}, which the rows of this instrument had \
                     before: keep the rows of one venue, or give each an instrument of its own",
                    entry.get()
                );
                Err(Fault::at(layout.publisher, reason))
            }
        }
    }
}

/// The flag of the last row of an event (`F_LAST`).
const LAST: u64 = 1 << 7;

/// Whether a row is a trade, by its action.
fn is_trade(cell: Cell<'_>) -> Result<bool, String> {
    match cell {
        Cell::Text("T") => Ok(true),
        Cell::Text("A" | "C" | "M" | "R" | "N") => Ok(false),
        cell => Err(format!(
            "holds {}, which is no action of this schema: T, A, C, M, R and N are",
            cell.shown()
        )),
    }
}

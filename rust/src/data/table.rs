//! Tables of market data, of CSV or Arrow: rows become events by one core, whichever source they have.

mod arrow;
mod book;
mod candle;
mod cell;
mod clock;
mod columns;
mod csv;
mod databento;
mod files;
mod layout;
mod methods;
mod names;
mod order;
mod place;
mod rows;
mod venue;

pub use databento::read_databento;
pub use venue::{csv_first_rows, csv_values, read_csv_files};

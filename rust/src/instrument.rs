//! Sides, exchanges and instruments: the crate `barter-instrument`.

mod config;
mod definition;
mod enumerations;
mod index;
mod indexed;
mod names;

pub use definition::{definition, kind, spec};
pub use enumerations::{
    PyExchangeId, PyInstrumentQuoteAsset, PyOptionExercise, PyOptionKind, PySide,
};
pub use index::{IndexedArgument, IndexedAsset, IndexedInstrument, PyIndexedInstruments};
pub use indexed::{BarterInstrument, Indexed};

//! The one place where Python values become Rust values and back.
//!
//! Each type here holds the check made at run time and the claim made in the stub side by side.

pub mod decimal;
mod enumeration;
mod object;
mod record;
mod seen;
mod time;

pub use decimal::{Dec, Number, decimal_from_f64, exact_from_text, f64_from_decimal};
pub use enumeration::build_enum;
pub use object::{
    Id, Index, Indices, Items, Named, PythonClass, UnderlyingIndices, explained, extract_field,
    extract_named, import, is_blank,
};
pub use record::{
    Reduced, ReducedByMethod, record_reduce, record_repr, reduce_by_arguments, reduce_by_method,
};
pub use time::{UtcTime, datetime_from_nanos, nanos};

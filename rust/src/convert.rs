//! The one place where Python values become Rust values and back.
//!
//! Each type here holds the check made at run time and the claim made in the stub side by side.

pub mod arrow;
mod batches;
pub mod decimal;
mod enumeration;
mod exact_sum;
pub mod given;
mod json;
mod object;
mod path;
mod python_json;
mod record;
mod rows;
mod seen;
mod sequence;
mod stored;
mod text;
mod time;
mod unrounded;

pub use arrow::{ArrowTable, Columns, Decimals, decimals};
pub use batches::batches_of;
pub use decimal::{Dec, Number, decimal_from_f64, exact_from_text, f64_from_decimal};
pub(crate) use enumeration::py_enum;
pub use enumeration::{EnumClass, EnumMember, EnumProperty, EnumText, add_enums, build_enum};
pub use exact_sum::ExactSum;
pub use json::{from_json, serde_reason};
pub(crate) use object::named_argument;
pub use object::{
    Id, Index, Indices, Instance, Items, Named, PythonClass, UnderlyingIndices, explained,
    extract_field, extract_named, import, is_blank,
};
pub use path::{FilePath, file_path};
pub use python_json::python_json;
pub(crate) use record::record;
pub use record::{
    Reduced, ReducedByFields, ReducedByMethod, record_reduce, record_repr, reduce_by_arguments,
    reduce_by_method,
};
pub(crate) use rows::rows;
pub use rows::{RecordsOf, Rows, RowsClass};
pub use sequence::{Sequence, each_item, is_sequence, is_text, iterator, not_one, read_items};
pub use stored::{pack, unpack};
pub use text::{cut, listed, quoted, shown};
pub use time::{
    Length, UtcTime, check_time, datetime_from_nanos, is_finer_than_nanoseconds, nanos,
    nanoseconds_of, time_text, warn_of_unit,
};
pub use unrounded::{Rounding, Step, Unrounded};

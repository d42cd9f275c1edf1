//! Rows of one kind for `barter_python.Records`, which makes Python objects of them one by one.

use super::{
    arrow::{ArrowTable, Columns, Decimals},
    object::Index,
};
use pyo3::{PyClass, exceptions::PyIndexError, prelude::*};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// Rows that do not change.
#[derive(Clone, Debug)]
pub struct Rows<T>(pub Arc<Vec<T>>);

impl<T: Clone + Send + Sync + 'static> Rows<T> {
    /// The row at a position.
    pub fn item(&self, Index(position): Index) -> PyResult<T> {
        let count = self.0.len();
        self.0
            .get(position)
            .cloned()
            .ok_or_else(|| PyIndexError::new_err(format!("there is no row {position} of {count}")))
    }

    /// The rows at the positions.
    pub fn chosen(&self, positions: &[Index]) -> PyResult<Vec<T>> {
        positions
            .iter()
            .map(|position| self.item(*position))
            .collect()
    }

    /// The rows as a table.
    pub fn to_arrow(&self, columns: Columns<T>, decimals: Decimals) -> PyResult<ArrowTable> {
        ArrowTable::new(&self.0, columns, decimals)
    }
}

/// A class that holds the rows of one kind.
pub trait RowsClass: PyClass {
    /// A row, as Python sees it.
    type Row: PyStubType;
}

/// What holds the rows of a `barter_python.Records`, which it is read from.
pub struct RecordsOf<'py, R>(pub Bound<'py, R>);

impl<'a, 'py, R: RowsClass> FromPyObject<'a, 'py> for RecordsOf<'py, R> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let rows = object.getattr(pyo3::intern!(object.py(), "_rows"))?;
        Ok(Self(rows.cast_into()?))
    }
}

impl<R: RowsClass> PyStubType for RecordsOf<'_, R> {
    fn type_output() -> TypeInfo {
        let mut info = R::Row::type_output();
        info.name = format!("barter_python.Records[{}]", info.name);
        info.source_module = None;
        info.import.insert("barter_python".into());
        info
    }
}

impl<R: RowsClass<Row: Serialize>> Serialize for RecordsOf<'_, R>
where
    R: AsRef<[R::Row]>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.borrow().as_ref().serialize(serializer)
    }
}

/// Declares the class of the rows of one kind, for `barter_python.Records`.
///
/// `$row::columns` gives the columns, from the value of `$named` that names what indices stand for.
macro_rules! rows {
    ($(#[doc = $doc:literal])* pub struct $name:ident of $row:ident, named by $named:ident) => {
        $(#[doc = $doc])*
        #[::pyo3_stub_gen::derive::gen_stub_pyclass]
        #[::pyo3::pyclass(frozen, module = "barter_python._core")]
        pub struct $name {
            /// The rows.
            pub rows: $crate::convert::Rows<$row>,
            /// What the indices in the rows stand for.
            pub instruments: ::pyo3::Py<$named>,
        }

        impl $crate::convert::RowsClass for $name {
            type Row = $row;
        }

        impl AsRef<[$row]> for $name {
            fn as_ref(&self) -> &[$row] {
                &self.rows.0
            }
        }

        impl $name {
            /// The rows as an object of Python.
            pub fn new(rows: Vec<$row>, instruments: &::pyo3::Bound<'_, $named>) -> Self {
                Self {
                    rows: $crate::convert::Rows(::std::sync::Arc::new(rows)),
                    instruments: instruments.clone().unbind(),
                }
            }
        }

        #[::pyo3_stub_gen::derive::gen_stub_pymethods]
        #[::pyo3::pymethods]
        impl $name {
            #[staticmethod]
            fn of(
                rows: $crate::convert::Sequence<$row>,
                instruments: &::pyo3::Bound<'_, $named>,
            ) -> Self {
                Self::new(rows.0, instruments)
            }

            /// The name of the class of the rows.
            #[getter]
            const fn kind(&self) -> &'static str {
                stringify!($row)
            }

            fn __len__(&self) -> usize {
                self.rows.0.len()
            }

            /// The row at a position, as a new object.
            fn item(&self, position: $crate::convert::Index) -> ::pyo3::PyResult<$row> {
                self.rows.item(position)
            }

            /// The rows at the positions.
            fn chosen(
                &self,
                py: ::pyo3::Python<'_>,
                positions: $crate::convert::Sequence<$crate::convert::Index>,
            ) -> ::pyo3::PyResult<Self> {
                let rows = self.rows.chosen(&positions)?;
                Ok(Self::new(rows, self.instruments.bind(py)))
            }

            /// Whether the other has equal rows in the same order.
            fn equals(&self, other: &Self) -> bool {
                self.rows.0 == other.rows.0
            }

            /// The rows as a table.
            ///
            /// Raises
            /// ------
            /// ValueError
            ///     If decimals are to be exact, and a column needs more than 38 digits for it.
            #[pyo3(signature = (decimals))]
            fn to_arrow(
                &self,
                #[pyo3(from_py_with = $crate::convert::decimals)]
                decimals: $crate::convert::Decimals,
            ) -> ::pyo3::PyResult<$crate::convert::ArrowTable> {
                let columns = $row::columns(self.instruments.get());
                self.rows.to_arrow(columns, decimals)
            }

            /// Reads what pickling has written.
            #[staticmethod]
            fn _from_packed(
                packed: &::pyo3::Bound<'_, ::pyo3::types::PyBytes>,
                instruments: &::pyo3::Bound<'_, $named>,
            ) -> ::pyo3::PyResult<Self> {
                let rows = $crate::convert::unpack(::pyo3::types::PyBytesMethods::as_bytes(packed))?;
                Ok(Self::new(rows, instruments))
            }

            fn __reduce__<'py>(
                slf: &::pyo3::Bound<'py, Self>,
            ) -> ::pyo3::PyResult<$crate::convert::ReducedByMethod<'py, Self>> {
                let Self { rows, instruments } = slf.get();
                let packed = $crate::convert::pack(rows.0.as_slice())?;
                let packed = ::pyo3::types::PyBytes::new(slf.py(), &packed);
                let arguments = ("_from_packed", packed, instruments);
                $crate::convert::reduce_by_method(slf.as_any(), arguments)
            }
        }
    };
}
pub(crate) use rows;

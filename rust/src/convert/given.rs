//! Tables of columns that Python gives, for rows that are Python objects.

use super::{
    arrow::{ArrowTable, Columns, Decimals, decimals},
    decimal::Dec,
    object::extract_named,
    sequence::Sequence,
    text::quoted,
    time::UtcTime,
};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pyfunction};
use std::sync::Arc;

/// The values of a column, one for each row.
enum Values {
    Decimals(Vec<Option<Dec>>),
    Flags(Vec<Option<bool>>),
    Floats(Vec<Option<f64>>),
    Integers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Times(Vec<Option<UtcTime>>),
}

/// A column: its name, the kind of its values, and the values.
pub struct Given {
    name: String,
    values: Values,
}

impl<'a, 'py> FromPyObject<'a, 'py> for Given {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let (name, kind, values): (String, String, Bound<'py, PyAny>) = object.extract()?;
        let values = match kind.as_str() {
            "decimal" => Values::Decimals(read(&name, &values)?),
            "flag" => Values::Flags(read(&name, &values)?),
            "float" => Values::Floats(read(&name, &values)?),
            "integer" => Values::Integers(read(&name, &values)?),
            "text" => Values::Texts(read(&name, &values)?),
            "time" => Values::Times(read(&name, &values)?),
            _ => {
                let shown = quoted(&kind);
                return Err(PyValueError::new_err(format!(
                    "{name}: {shown} is no kind of values"
                )));
            }
        };
        Ok(Self { name, values })
    }
}

fn read<'py, T>(name: &str, values: &Bound<'py, PyAny>) -> PyResult<Vec<Option<T>>>
where
    T: for<'x> FromPyObject<'x, 'py>,
{
    extract_named::<Sequence<Option<T>>>(name, values).map(|values| values.0)
}

impl PyStubType for Given {
    fn type_output() -> TypeInfo {
        let kinds = "'decimal', 'flag', 'float', 'integer', 'text', 'time'";
        let mut info = TypeInfo::with_module(
            &format!("tuple[str, typing.Literal[{kinds}], collections.abc.Sequence[object]]"),
            "typing".into(),
        );
        info.import.insert("collections.abc".into());
        info
    }
}

impl Given {
    fn len(&self) -> usize {
        match &self.values {
            Values::Decimals(values) => values.len(),
            Values::Flags(values) => values.len(),
            Values::Floats(values) => values.len(),
            Values::Integers(values) => values.len(),
            Values::Texts(values) => values.len(),
            Values::Times(values) => values.len(),
        }
    }

    /// Adds the column to those of rows that are their own positions.
    fn add_to(self, columns: &mut Columns<usize>) {
        let Self { name, values } = self;
        match values {
            Values::Decimals(values) => columns.decimal(name, at(values)),
            Values::Flags(values) => columns.flag(name, at(values)),
            Values::Floats(values) => columns.float(name, at(values)),
            Values::Integers(values) => columns.integer(name, at(values)),
            Values::Texts(values) => columns.owned_text(name, at(values)),
            Values::Times(values) => columns.time(name, at(values)),
        };
    }
}

fn at<T: Clone>(values: Vec<Option<T>>) -> impl Fn(&usize) -> Option<T> {
    move |row| values.get(*row).cloned().flatten()
}

/// Makes a table of columns, each with its name, the kind of its values, and the values.
///
/// Parameters
/// ----------
/// columns : sequence of tuple of str, str and sequence
///     The columns, all of one length.
/// decimals : {"exact", "float"}
///     How the table gives decimals.
///
/// Raises
/// ------
/// ValueError
///     If the lengths differ, or exact decimals need more than 38 digits.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn table_of(
    columns: Sequence<Given>,
    #[pyo3(from_py_with = decimals)] decimals: Decimals,
) -> PyResult<ArrowTable> {
    let count = columns.first().map_or(0, Given::len);
    let mut table = Columns::new();
    for column in columns.0 {
        let (name, found) = (&column.name, column.len());
        if found != count {
            return Err(PyValueError::new_err(format!(
                "{name}: a column of {found} values beside one of {count}"
            )));
        }
        column.add_to(&mut table);
    }
    ArrowTable::new(&Arc::new((0..count).collect()), table, decimals)
}

//! Sequences and iterables of Python: the only way in which their items become Rust values.
//!
//! What an object says of its length may be huge, negative or an exception, so nobody asks for it:
//! items are read one by one, and the first wrong one ends the reading. PyO3's own conversion into
//! `Vec` allocates by that length, and an allocation that fails ends the process.

use super::{object::explained, text::shown};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyIterator, PyList, PyTuple, PyType},
};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use serde::{Deserialize, Serialize};
use std::ops::Deref;

/// How many items are read between two looks at Ctrl-C.
const ITEMS_AT_ONCE: usize = 10_000;

/// The iterator of an argument; an error begins with the argument's name.
pub fn iterator<'py>(name: &str, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let iterator = iterator_of(object).map(Bound::into_any);
    iterator.map_err(|error| explained(object.py(), name, error))
}

/// The iterator of an iterable. Text is none, since nobody means its characters.
fn iterator_of<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyIterator>> {
    // What strategies return at every event takes the short way.
    if is_list_or_tuple(object) {
        return object.try_iter();
    }
    if is_text(object)? || !(object.hasattr("__iter__")? || object.hasattr("__getitem__")?) {
        return Err(PyTypeError::new_err(format!(
            "expected an iterable such as a list, got {} {}: put a single value into a list",
            object.get_type().name()?,
            shown(object)?
        )));
    }
    object.try_iter()
}

/// The error of an argument that has several values, or is none of what is wanted, where each value
/// is an argument of its own; `call` is how several are given.
pub fn not_one(place: &str, wanted: &str, found: &Bound<'_, PyAny>, call: &str) -> PyResult<PyErr> {
    let is_many = !is_text(found)? && found.hasattr("__iter__")?;
    let cure = if is_many {
        format!(": a star spreads it, as in {call}")
    } else {
        String::new()
    };
    let class = found.get_type();
    Ok(PyTypeError::new_err(format!(
        "{place} must be {wanted}, got {}{cure}",
        class.name()?
    )))
}

/// Looks at the items of an iterable, each with its position.
///
/// Not by `collect`, `extend` or their like, which ask the iterator for a length.
pub fn each_item<'py>(
    iterable: &Bound<'py, PyAny>,
    mut look: impl FnMut(usize, &Bound<'py, PyAny>) -> PyResult<()>,
) -> PyResult<()> {
    for (position, item) in iterator_of(iterable)?.enumerate() {
        if position.is_multiple_of(ITEMS_AT_ONCE) {
            iterable.py().check_signals()?;
        }
        look(position, &item?)?;
    }
    Ok(())
}

/// Reads the items of an iterable; `place` names a position in errors.
pub fn read_items<'py, T>(
    iterable: &Bound<'py, PyAny>,
    place: impl Fn(usize) -> String,
) -> PyResult<Vec<T>>
where
    T: for<'x> FromPyObject<'x, 'py>,
{
    let mut items = Vec::new();
    each_item(iterable, |position, item| {
        let read = item.extract().map_err(Into::into);
        items.push(read.map_err(|error| explained(item.py(), &place(position), error))?);
        Ok(())
    })?;
    Ok(items)
}

/// The place of an item in a value whose name the caller adds.
pub fn item_at(position: usize) -> String {
    format!("item {position}")
}

/// Whether the object is a `collections.abc.Sequence` other than text and bytes.
pub fn is_sequence(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static SEQUENCE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    if is_list_or_tuple(object) {
        return Ok(true);
    }
    let sequence = SEQUENCE.import(object.py(), "collections.abc", "Sequence")?;
    Ok(!is_text(object)? && object.is_instance(sequence)?)
}

fn is_list_or_tuple(object: &Bound<'_, PyAny>) -> bool {
    object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>()
}

/// Whether the object is text or bytes, whose items are no values of ours.
pub fn is_text(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static TEXTS: PyOnceLock<Py<PyTuple>> = PyOnceLock::new();
    let py = object.py();
    let texts = TEXTS.get_or_try_init(py, || {
        let builtins = py.import("builtins")?;
        let names = ["str", "bytes", "bytearray", "memoryview"];
        let classes = names.map(|name| builtins.getattr(name));
        let [text, bytes, array, view] = classes;
        PyResult::Ok((text?, bytes?, array?, view?).into_pyobject(py)?.unbind())
    })?;
    object.is_instance(texts.bind(py))
}

/// Any number of values: a sequence in, a `list` out.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Sequence<T>(pub Vec<T>);

impl<T> Deref for Sequence<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> FromIterator<T> for Sequence<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<'a, 'py, T> FromPyObject<'a, 'py> for Sequence<T>
where
    T: for<'x> FromPyObject<'x, 'py>,
{
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !is_sequence(&object)? {
            return Err(PyTypeError::new_err(format!(
                "expected a sequence, got {}",
                object.get_type().name()?
            )));
        }
        read_items(&object, item_at).map(Self)
    }
}

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Sequence<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        self.0.into_pyobject(py)
    }
}

impl<T: PyStubType> PyStubType for Sequence<T> {
    fn type_output() -> TypeInfo {
        Vec::<T>::type_output()
    }

    fn type_input() -> TypeInfo {
        Vec::<T>::type_input()
    }
}

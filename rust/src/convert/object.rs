//! Classes of the Python layer that native functions take: looked up once, checked by class.

use super::{
    sequence::{each_item, item_at, read_items},
    text::{quoted, shown},
};
use barter_instrument::{Underlying, asset::AssetIndex};
use pyo3::{
    IntoPyObjectExt,
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyDict, PyInt, PyString, PyTuple, PyType},
};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::marker::PhantomData;

/// The class or function `name` of the Python module `module`, imported at its first use.
pub fn import<'py>(
    py: Python<'py>,
    cell: &'static PyOnceLock<Py<PyAny>>,
    module: &str,
    name: &str,
) -> PyResult<&'py Bound<'py, PyAny>> {
    let object = cell.get_or_try_init(py, || {
        PyResult::Ok(py.import(module)?.getattr(name)?.unbind())
    })?;
    Ok(object.bind(py))
}

/// A class of the Python layer, named for the stub and found for the check.
pub trait PythonClass {
    /// Module below `barter_python`.
    const MODULE: &'static str;
    /// Name in that module.
    const NAME: &'static str;
    /// The noun for a value of the class in error messages.
    const WHAT: &'static str;
    /// The cell that holds the class once it is imported.
    fn cell() -> &'static PyOnceLock<Py<PyAny>>;

    /// The class itself.
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
        if let Some(class) = Self::cell().get(py) {
            return Ok(class.bind(py).cast::<PyType>()?);
        }
        let module = format!("barter_python.{}", Self::MODULE);
        Ok(import(py, Self::cell(), &module, Self::NAME)?.cast::<PyType>()?)
    }

    /// How the stub calls it: by the package, whose name no member of a class can hide.
    fn type_info() -> TypeInfo {
        TypeInfo {
            name: format!("barter_python.{}", Self::NAME),
            source_module: None,
            import: ["barter_python".into()].into(),
            type_refs: std::collections::HashMap::new(),
        }
    }
}

/// A `str` that is not blank, or an id of the class `C`.
#[derive(Clone, Debug)]
pub struct Id<C>(pub SmolStr, PhantomData<C>);

impl<'a, 'py, C: PythonClass> FromPyObject<'a, 'py> for Id<C> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let text = if object.is_instance_of::<PyString>() {
            object.to_owned()
        } else if object.is_instance(C::class(py)?)? {
            object.getattr(pyo3::intern!(py, "value"))?
        } else {
            let article = if C::NAME.starts_with(['A', 'E', 'I', 'O']) {
                "an"
            } else {
                "a"
            };
            return Err(PyTypeError::new_err(format!(
                "{} must be a str or {article} {}, got {}",
                C::WHAT,
                C::NAME,
                object.get_type().name()?
            )));
        };
        let text = text.cast::<PyString>()?.to_cow()?;
        if is_blank(&text) {
            return Err(PyValueError::new_err(format!(
                "{} must not be blank, got {}",
                C::WHAT,
                quoted(&text)
            )));
        }
        Ok(Self(SmolStr::new(text), PhantomData))
    }
}

/// Whether the text consists of characters that Python's `str.strip` removes: four separators more than
/// Rust's `trim`.
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|character| character.is_whitespace() || ('\x1c'..='\x1f').contains(&character))
}

impl<C: PythonClass> PyStubType for Id<C> {
    fn type_output() -> TypeInfo {
        TypeInfo::builtin("str")
    }

    fn type_input() -> TypeInfo {
        C::type_info() | TypeInfo::builtin("str")
    }
}

/// An instance of the class `C`, read as `T`.
#[derive(Clone, Debug)]
pub struct Instance<C, T>(pub T, pub PhantomData<C>);

impl<C: PythonClass, T> PyStubType for Instance<C, T> {
    fn type_output() -> TypeInfo {
        C::type_info()
    }
}

impl<'a, 'py, C, T> FromPyObject<'a, 'py> for Instance<C, T>
where
    C: PythonClass,
    T: FromPyObject<'a, 'py, Error = PyErr>,
{
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !object.is_instance(C::class(object.py())?)? {
            return Err(PyTypeError::new_err(format!(
                "expected {}, got {}",
                C::NAME,
                object.get_type().name()?
            )));
        }
        Ok(Self(object.extract()?, PhantomData))
    }
}

/// An index as barter counts it: an `int` from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Index(pub usize);

impl<'a, 'py> FromPyObject<'a, 'py> for Index {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !object.is_instance_of::<PyInt>() || object.is_instance_of::<PyBool>() {
            return Err(PyTypeError::new_err(format!(
                "an index must be an int, got {}",
                object.get_type().name()?
            )));
        }
        match object.extract::<usize>() {
            Ok(index) => Ok(Self(index)),
            Err(_) => Err(PyValueError::new_err(format!(
                "an index must be from 0 to {}, got {}",
                usize::MAX,
                shown(&object)?
            ))),
        }
    }
}

impl<'py> IntoPyObject<'py> for Index {
    type Target = PyInt;
    type Output = Bound<'py, PyInt>;
    type Error = std::convert::Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        self.0.into_pyobject(py)
    }
}

impl PyStubType for Index {
    fn type_output() -> TypeInfo {
        TypeInfo::builtin("int")
    }
}

/// An iterable of indices, at least one.
#[derive(Clone, Debug)]
pub struct Indices<T>(pub Vec<T>);

impl<'a, 'py, T> FromPyObject<'a, 'py> for Indices<T>
where
    T: for<'x> FromPyObject<'x, 'py, Error = PyErr>,
{
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let items = read_items(&object, item_at)?;
        if items.is_empty() {
            return Err(PyValueError::new_err(
                "a filter needs at least one index, got none: InstrumentFilter.none() is for all instruments",
            ));
        }
        Ok(Self(items))
    }
}

impl<T: PyStubType> PyStubType for Indices<T> {
    fn type_output() -> TypeInfo {
        TypeInfo::list_of::<T>()
    }

    fn type_input() -> TypeInfo {
        iterable_of(T::type_input())
    }
}

fn iterable_of(item: TypeInfo) -> TypeInfo {
    let TypeInfo {
        name,
        mut import,
        type_refs,
        ..
    } = item;
    import.insert("collections.abc".into());
    TypeInfo {
        name: format!("collections.abc.Iterable[{name}]"),
        source_module: None,
        import,
        type_refs,
    }
}

/// Any number of values: an iterable in, a `tuple` out.
#[derive(Clone, Debug)]
pub struct Items<T>(pub Vec<T>);

impl<'a, 'py, T> FromPyObject<'a, 'py> for Items<T>
where
    T: for<'x> FromPyObject<'x, 'py>,
{
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        read_items(&object, item_at).map(Self)
    }
}

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Items<T> {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        PyTuple::new(py, self.0)
    }
}

impl<T: PyStubType> PyStubType for Items<T> {
    fn type_output() -> TypeInfo {
        let mut info = T::type_output();
        info.name = format!("tuple[{}, ...]", info.name);
        info.source_module = None;
        info
    }

    fn type_input() -> TypeInfo {
        iterable_of(T::type_input())
    }
}

/// `barter_python.Underlying` of asset indices.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct UnderlyingIndices(pub Underlying<AssetIndex>);

struct UnderlyingClass;

impl PythonClass for UnderlyingClass {
    const MODULE: &'static str = "instrument";
    const NAME: &'static str = "Underlying";
    const WHAT: &'static str = "underlying";

    fn cell() -> &'static PyOnceLock<Py<PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        &CELL
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for UnderlyingIndices {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        if !object.is_instance(UnderlyingClass::class(py)?)? {
            return Err(PyTypeError::new_err(format!(
                "expected an Underlying of two asset indices, got {}",
                object.get_type().name()?
            )));
        }
        let Index(base) = object.getattr(pyo3::intern!(py, "base"))?.extract()?;
        let Index(quote) = object.getattr(pyo3::intern!(py, "quote"))?.extract()?;
        Ok(Self(Underlying {
            base: AssetIndex(base),
            quote: AssetIndex(quote),
        }))
    }
}

impl<'py> IntoPyObject<'py> for UnderlyingIndices {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let Underlying { base, quote } = self.0;
        UnderlyingClass::class(py)?.call1((base.index(), quote.index()))
    }
}

impl PyStubType for UnderlyingIndices {
    fn type_output() -> TypeInfo {
        let mut info = UnderlyingClass::type_info();
        info.name.push_str("[int]");
        info
    }
}

/// Values by name, in a fixed order: a mapping in, a `dict` out.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<'a, 'py, T> FromPyObject<'a, 'py> for Named<T>
where
    T: for<'x> FromPyObject<'x, 'py>,
{
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !is_mapping(&object)? {
            return Err(PyTypeError::new_err(format!(
                "expected a mapping, got {}",
                object.get_type().name()?
            )));
        }
        let mut named = Vec::new();
        let items = object.call_method0(pyo3::intern!(object.py(), "items"))?;
        each_item(&items, |_, item| {
            let (name, value): (String, Bound<'py, PyAny>) = item.extract()?;
            named.push((name, value.extract().map_err(Into::into)?));
            Ok(())
        })?;
        Ok(Self(named))
    }
}

/// Not by `cast::<PyMapping>()`, which prints what the check raises and goes on.
fn is_mapping(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static MAPPING: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    object.is_instance(MAPPING.import(object.py(), "collections.abc", "Mapping")?)
}

impl<'py, T: IntoPyObjectExt<'py>> IntoPyObject<'py> for Named<T> {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let dict = PyDict::new(py);
        for (name, value) in self.0 {
            dict.set_item(name, value.into_py_any(py)?)?;
        }
        Ok(dict)
    }
}

impl<T: PyStubType> PyStubType for Named<T> {
    fn type_output() -> TypeInfo {
        TypeInfo::dict_of::<String, T>()
    }

    fn type_input() -> TypeInfo {
        std::collections::HashMap::<String, T>::type_input()
    }
}

/// Declares a function for `from_py_with` that names the argument that is wrong.
///
/// pyo3 names it in a note, which Python 3.10 does not have and `str(error)` does not show.
macro_rules! named_argument {
    ($($visibility:vis $name:ident: $type:ty),+ $(,)?) => {
        $($visibility fn $name(object: &::pyo3::Bound<'_, ::pyo3::PyAny>) -> ::pyo3::PyResult<$type> {
            $crate::convert::extract_named(stringify!($name), object)
        })+
    };
}
pub(crate) use named_argument;

/// Extracts an argument; an error keeps its class and begins with the argument's name.
pub fn extract_named<'py, T>(name: &str, object: &Bound<'py, PyAny>) -> PyResult<T>
where
    T: for<'x> FromPyObject<'x, 'py>,
{
    let extracted = object.extract().map_err(Into::into);
    extracted.map_err(|error| explained(object.py(), name, error))
}

/// Extracts an attribute, as `extract_named` extracts an argument.
pub fn extract_field<'py, T>(object: &Bound<'py, PyAny>, name: &str) -> PyResult<T>
where
    T: for<'x> FromPyObject<'x, 'py>,
{
    extract_named(name, &object.getattr(name)?)
}

/// The error with `what` before its text, of the same class; as it is if its text begins with that.
///
/// Only plain `TypeError` and `ValueError`, as the conversions here raise them (an integer that does
/// not fit becomes a `ValueError`): exceptions of user code arrive unchanged.
pub fn explained(py: Python<'_>, what: &str, error: PyErr) -> PyErr {
    let class = error.get_type(py);
    let does_not_fit = class.is(py.get_type::<PyOverflowError>());
    let is_plain =
        class.is(py.get_type::<PyTypeError>()) || class.is(py.get_type::<PyValueError>());
    if !does_not_fit && !is_plain {
        return error;
    }
    let message = match error.value(py).str() {
        Ok(text) => {
            let text = text.to_string_lossy();
            let rest = text.strip_prefix(what).unwrap_or_default();
            if rest.starts_with([' ', '[']) {
                text.into_owned()
            } else {
                format!("{what}: {text}")
            }
        }
        Err(failure) => return failure,
    };
    if does_not_fit {
        return PyValueError::new_err(message);
    }
    class
        .call1((message,))
        .map_or_else(|failure| failure, PyErr::from_value)
}

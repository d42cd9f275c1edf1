//! Frozen value classes: Python classes from Rust structs of convertible fields.

use super::{
    object::import,
    time::{datetime_from_nanos, time_text},
};
use pyo3::{
    call::PyCallArgs,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyTuple, PyType},
};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use std::marker::PhantomData;

/// The result of `__reduce__`: the class and its constructor's arguments.
pub struct Reduced<'py, T>(Bound<'py, PyType>, Bound<'py, PyTuple>, PhantomData<T>);

/// The result of `__reduce__` of a record, whose constructor may take its fields by name only:
/// `copyreg.__newobj_ex__`, and the class with the fields.
pub struct ReducedByFields<'py, T> {
    call: Bound<'py, PyAny>,
    class: Bound<'py, PyType>,
    fields: Bound<'py, PyDict>,
    value: PhantomData<T>,
}

impl<'py, T> IntoPyObject<'py> for ReducedByFields<'py, T> {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (self.call, (self.class, PyTuple::empty(py), self.fields)).into_pyobject(py)
    }
}

impl<T: PyStubType> PyStubType for ReducedByFields<'_, T> {
    fn type_output() -> TypeInfo {
        let mut info = T::type_output();
        let class = &info.name;
        info.name = format!(
            "tuple[collections.abc.Callable[..., {class}], \
             tuple[type[{class}], tuple[()], dict[str, object]]]"
        );
        info.import.insert("collections.abc".into());
        info
    }
}

impl<'py, T> IntoPyObject<'py> for Reduced<'py, T> {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (self.0, self.1).into_pyobject(py)
    }
}

impl<T: PyStubType> PyStubType for Reduced<'_, T> {
    fn type_output() -> TypeInfo {
        let mut info = T::type_output();
        info.name = format!("tuple[type[{}], tuple[object, ...]]", info.name);
        info
    }
}

/// `Class(field=value, ...)`, each value by its own repr, so that it can be read back.
pub fn record_repr(object: &Bound<'_, PyAny>, fields: &[&str]) -> PyResult<String> {
    static ENUM: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let enum_class = import(object.py(), &ENUM, "enum", "Enum")?;
    let values = fields
        .iter()
        .map(|field| {
            let value = object.getattr(*field)?;
            let nanos = object.getattr_opt(format!("{field}_ns"))?;
            let text = match nanos.and_then(|nanos| nanos.extract().ok()) {
                Some(nanos) => format!("'{}'", time_text(datetime_from_nanos(nanos))),
                // `Side.BUY`, since `<Side.BUY: 'buy'>` cannot be read back.
                None if value.is_instance(enum_class)? => value.str()?.to_string(),
                None => value.repr()?.to_string(),
            };
            Ok(format!("{field}={text}"))
        })
        .collect::<PyResult<Vec<_>>>()?;
    Ok(format!(
        "{}({})",
        object.get_type().name()?,
        values.join(", ")
    ))
}

/// For pickle and copy.
pub fn record_reduce<'py, T>(
    object: &Bound<'py, PyAny>,
    fields: &[&str],
) -> PyResult<ReducedByFields<'py, T>> {
    static CALL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let values = PyDict::new(object.py());
    for field in fields {
        // `datetime` stops at microseconds: a time is pickled by its twin in nanoseconds.
        let value = match object.getattr_opt(format!("{field}_ns"))? {
            Some(nanos) => nanos,
            None => object.getattr(*field)?,
        };
        values.set_item(field, value)?;
    }
    Ok(ReducedByFields {
        call: import(object.py(), &CALL, "copyreg", "__newobj_ex__")?.clone(),
        class: object.get_type(),
        fields: values,
        value: PhantomData,
    })
}

/// For pickle and copy: the arguments of the constructor.
pub fn reduce_by_arguments<'py, T>(
    object: &Bound<'py, PyAny>,
    arguments: Bound<'py, PyTuple>,
) -> Reduced<'py, T> {
    Reduced(object.get_type(), arguments, PhantomData)
}

/// The result of `__reduce__` if a static method makes the value: a caller of it, and the class.
pub struct ReducedByMethod<'py, T>(Bound<'py, PyAny>, Bound<'py, PyType>, PhantomData<T>);

impl<'py, T> IntoPyObject<'py> for ReducedByMethod<'py, T> {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (self.0, (self.1,)).into_pyobject(py)
    }
}

impl<T: PyStubType> PyStubType for ReducedByMethod<'_, T> {
    fn type_output() -> TypeInfo {
        let mut info = T::type_output();
        info.name = format!("tuple[operator.methodcaller, tuple[type[{}]]]", info.name);
        info.import.insert("operator".into());
        info
    }
}

/// For pickle and copy: the name of the static method, and its arguments.
pub fn reduce_by_method<'py, T>(
    object: &Bound<'py, PyAny>,
    name_and_arguments: impl PyCallArgs<'py>,
) -> PyResult<ReducedByMethod<'py, T>> {
    let methodcaller = object.py().import("operator")?.getattr("methodcaller")?;
    let caller = methodcaller.call1(name_and_arguments)?;
    Ok(ReducedByMethod(caller, object.get_type(), PhantomData))
}

/// Declares a frozen class with a constructor, getters, equality, hash, repr and pickling.
///
/// With `#[signature(...)]` the constructor has that signature: numbers that could be mistaken for each
/// other are given by name only. With `#[checked(...)]` it also refuses what the record's own `check`
/// refuses. `impl { ... }` adds methods, for macros over this one. `#[derive(...)]` adds traits: records of
/// results are written as JSON, with their fields in this order, and as bytes.
macro_rules! record {
    ($(#[doc = $doc:literal])* $(#[derive($($derived:path),+)])? $(#[signature $signature:tt])?
    pub struct $name:ident {
        $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)+
    } $(impl { $($method:tt)+ })?) => {
        $crate::convert::record!(@class $(#[doc = $doc])* ($($($derived),+)?) $name {
            $($(#[doc = $field_doc])* $field: $type,)+
        } {
            #[new]
            $(#[pyo3(signature = $signature)])?
            #[allow(clippy::too_many_arguments)]
            const fn __new__($(#[pyo3(from_py_with = $field)] $field: $type),+) -> Self {
                Self { $($field),+ }
            }
        } { $($($method)+)? });
    };
    ($(#[doc = $doc:literal])* $(#[derive($($derived:path),+)])? #[checked $signature:tt]
    pub struct $name:ident {
        $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)+
    }) => {
        $crate::convert::record!(@class $(#[doc = $doc])* ($($($derived),+)?) $name {
            $($(#[doc = $field_doc])* $field: $type,)+
        } {
            #[new]
            #[pyo3(signature = $signature)]
            #[allow(clippy::too_many_arguments)]
            fn __new__(
                $(#[pyo3(from_py_with = $field)] $field: $type),+
            ) -> ::pyo3::PyResult<Self> {
                let record = Self { $($field),+ };
                record.check()?;
                Ok(record)
            }
        } {});
    };
    // One block of methods, so that the stub has them in one order.
    (@class $(#[doc = $doc:literal])* ($($derived:path),*) $name:ident {
        $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)+
    } { $($constructor:tt)+ } { $($method:tt)* }) => {
        $(#[doc = $doc])*
        #[::pyo3_stub_gen::derive::gen_stub_pyclass]
        #[::pyo3::pyclass(frozen, eq, hash, get_all, from_py_object, module = "barter_python._core")]
        #[derive(Clone, PartialEq, Eq, Hash, Debug, $($derived),*)]
        // The `unsafe` is in what pyo3 expands to.
        #[allow(clippy::unsafe_derive_deserialize)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)+
        }

        // A block, for the names of the functions that read the fields.
        const _: () = {
        $crate::convert::named_argument! { $($field: $type),+ }

        #[::pyo3_stub_gen::derive::gen_stub_pymethods]
        #[::pyo3::pymethods]
        impl $name {
            $($constructor)+

            fn __repr__(slf: &::pyo3::Bound<'_, Self>) -> ::pyo3::PyResult<String> {
                $crate::convert::record_repr(slf.as_any(), &[$(stringify!($field)),+])
            }

            fn __reduce__<'py>(
                slf: &::pyo3::Bound<'py, Self>,
            ) -> ::pyo3::PyResult<$crate::convert::ReducedByFields<'py, Self>> {
                $crate::convert::record_reduce(slf.as_any(), &[$(stringify!($field)),+])
            }

            $($method)*
        }
        };
    };
}
pub(crate) use record;

//! Real `enum.Enum` classes, declared once in Rust.
//!
//! The class is made through Python's functional API, and the same declaration feeds the stub, so
//! that stub and run time cannot disagree. The match from barter's enum has no wildcard: a variant
//! that barter adds stops the build here.

use pyo3::{
    prelude::*,
    types::{PyDict, PyType},
};
use pyo3_stub_gen::inventory;

/// An enum that `py_enum!` declares, for the module to add and for the stub to write.
pub struct EnumClass {
    /// Name of the class.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its members, in their order.
    pub members: &'static [EnumMember],
    /// Makes the class.
    pub class: fn(Python<'_>) -> PyResult<Bound<'_, PyType>>,
}

/// A member of an enum.
pub struct EnumMember {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: &'static str,
    /// What it stands for.
    pub doc: &'static str,
}

inventory::collect!(EnumClass);

/// A member's value in Python.
pub trait EnumText {
    /// The value, such as `buy`.
    fn text(self) -> &'static str;
}

/// A property of an enum's members, for the stub to write.
pub struct EnumProperty {
    /// Name of the enum.
    pub class: &'static str,
    /// Its own name.
    pub name: &'static str,
    /// Its type, as the stub spells it.
    pub type_name: &'static str,
    /// What it says.
    pub doc: &'static str,
}

inventory::collect!(EnumProperty);

/// Adds each enum of the crate to the module.
pub fn add_enums(module: &Bound<'_, PyModule>) -> PyResult<()> {
    for EnumClass { name, class, .. } in inventory::iter::<EnumClass> {
        module.add(*name, class(module.py())?)?;
    }
    Ok(())
}

/// Makes the `enum.Enum` called `name`.
pub fn build_enum<'py>(
    py: Python<'py>,
    name: &str,
    doc: &str,
    members: &[EnumMember],
) -> PyResult<Bound<'py, PyType>> {
    let options = PyDict::new(py);
    options.set_item("module", "barter_python._core")?;
    options.set_item("qualname", name)?;
    let members: Vec<_> = members
        .iter()
        .map(|member| (member.name, member.value))
        .collect();
    let class = py
        .import("enum")?
        .getattr("Enum")?
        .call((name, members), Some(&options))?
        .cast_into::<PyType>()?;
    class.setattr("__doc__", doc)?;
    Ok(class)
}

/// Declares a Python enum that mirrors a Rust enum: `MEMBER = "value" => Variant`. `add_enums` adds it to
/// the module.
macro_rules! py_enum {
    ($(#[doc = $doc:literal])* $visibility:vis enum $wrapper:ident($inner:ty) as $name:literal {
        $($(#[doc = $member_doc:literal])* $member:ident = $value:literal => $($variant:tt)::+ $({ $field:ident: $field_value:literal })?),+ $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        $visibility struct $wrapper(pub $inner);

        impl $wrapper {
            const DOC: &'static str = concat!($($doc, "\n"),*);
            const MEMBERS: &'static [$crate::convert::EnumMember] = &[
                $($crate::convert::EnumMember {
                    name: stringify!($member),
                    value: $value,
                    doc: concat!($($member_doc, "\n"),*),
                }),+
            ];
            /// What the members stand for, in their order.
            pub const VARIANTS: &'static [$inner] = &[$($($variant)::+ $({ $field: $field_value })?),+];

            const fn index(self) -> usize {
                #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
                enum Index { $($member),+ }
                match self.0 { $($($variant)::+ $({ $field: $field_value })? => Index::$member as usize),+ }
            }

            #[allow(clippy::type_complexity)]
            fn table(
                py: ::pyo3::Python<'_>,
            ) -> ::pyo3::PyResult<&(::pyo3::Py<::pyo3::types::PyType>, Vec<::pyo3::Py<::pyo3::PyAny>>)> {
                static CELL: ::pyo3::sync::PyOnceLock<(
                    ::pyo3::Py<::pyo3::types::PyType>,
                    Vec<::pyo3::Py<::pyo3::PyAny>>,
                )> = ::pyo3::sync::PyOnceLock::new();
                CELL.get_or_try_init(py, || {
                    use ::pyo3::prelude::*;
                    let class = $crate::convert::build_enum(py, $name, Self::DOC.trim(), Self::MEMBERS)?;
                    let members = Self::MEMBERS
                        .iter()
                        .map(|member| Ok(class.getattr(member.name)?.unbind()))
                        .collect::<::pyo3::PyResult<Vec<_>>>()?;
                    Ok((class.unbind(), members))
                })
            }

            /// The Python class.
            pub fn class(
                py: ::pyo3::Python<'_>,
            ) -> ::pyo3::PyResult<::pyo3::Bound<'_, ::pyo3::types::PyType>> {
                Ok(Self::table(py)?.0.bind(py).clone())
            }
        }

        impl $crate::convert::EnumText for $wrapper {
            fn text(self) -> &'static str {
                Self::MEMBERS.get(self.index()).map_or("", |member| member.value)
            }
        }

        impl ::serde::Serialize for $wrapper {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    return serializer.serialize_str($crate::convert::EnumText::text(*self));
                }
                ::serde::Serialize::serialize(&self.index(), serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $wrapper {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let index = <usize as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::VARIANTS.get(index).copied().map(Self).ok_or_else(|| {
                    ::serde::de::Error::custom(concat!($name, ": no such member"))
                })
            }
        }

        impl From<$inner> for $wrapper {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }

        impl<'py> ::pyo3::IntoPyObject<'py> for $wrapper {
            type Target = ::pyo3::PyAny;
            type Output = ::pyo3::Bound<'py, ::pyo3::PyAny>;
            type Error = ::pyo3::PyErr;

            fn into_pyobject(self, py: ::pyo3::Python<'py>) -> Result<Self::Output, Self::Error> {
                let member = Self::table(py)?.1.get(self.index());
                member
                    .map(|member| member.bind(py).clone())
                    .ok_or_else(|| ::pyo3::exceptions::PyRuntimeError::new_err(concat!($name, ": no such member")))
            }
        }

        impl<'a, 'py> ::pyo3::FromPyObject<'a, 'py> for $wrapper {
            type Error = ::pyo3::PyErr;

            fn extract(object: ::pyo3::Borrowed<'a, 'py, ::pyo3::PyAny>) -> Result<Self, Self::Error> {
                for (member, variant) in Self::table(object.py())?.1.iter().zip(Self::VARIANTS) {
                    if member.as_ptr() == object.as_ptr() {
                        return Ok(Self(*variant));
                    }
                }
                Err(::pyo3::exceptions::PyTypeError::new_err(format!(
                    "expected a member of {}, got {}",
                    $name,
                    $crate::convert::shown(&object)?
                )))
            }
        }

        impl ::pyo3_stub_gen::PyStubType for $wrapper {
            fn type_output() -> ::pyo3_stub_gen::TypeInfo {
                ::pyo3_stub_gen::TypeInfo::locally_defined($name, "barter_python._core".into())
            }
        }

        ::pyo3_stub_gen::inventory::submit! {
            $crate::convert::EnumClass {
                name: $name,
                doc: <$wrapper>::DOC,
                members: <$wrapper>::MEMBERS,
                class: <$wrapper>::class,
            }
        }
    };
}
pub(crate) use py_enum;

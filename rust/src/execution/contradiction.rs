//! Fields that contradict one another.

use pyo3::{PyErr, exceptions::PyValueError};
use std::fmt::{Debug, Display, Formatter};

/// A field whose value contradicts the rest of its record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contradiction {
    /// The field, and the argument of the constructor.
    pub field: &'static str,
    /// The fault of its value, which the text names.
    pub reason: String,
}

impl Display for Contradiction {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.field, self.reason)
    }
}

impl From<Contradiction> for PyErr {
    fn from(contradiction: Contradiction) -> Self {
        PyValueError::new_err(contradiction.to_string())
    }
}

/// The condition that decides which fields a record has, in words: `with OrderStatus.OPEN`.
pub struct Case(pub String);

impl Case {
    /// The value of a field that this case has.
    pub fn has<T>(&self, field: &'static str, value: Option<T>) -> Result<T, Contradiction> {
        value.ok_or_else(|| Contradiction {
            field,
            reason: format!("must be given {}, got None", self.0),
        })
    }

    /// A field that this case has not.
    pub fn has_not(
        &self,
        field: &'static str,
        value: Option<impl Debug>,
    ) -> Result<(), Contradiction> {
        match value {
            None => Ok(()),
            Some(value) => Err(Contradiction {
                field,
                reason: format!("must be None {}, got {value:?}", self.0),
            }),
        }
    }

    /// A field that can have one value only.
    pub fn has_only<T: PartialEq + Debug>(
        &self,
        field: &'static str,
        value: Option<T>,
        only: T,
    ) -> Result<(), Contradiction> {
        if value.as_ref() == Some(&only) {
            return Ok(());
        }
        let got = value.map_or_else(|| "None".to_owned(), |value| format!("{value:?}"));
        Err(Contradiction {
            field,
            reason: format!("must be {only:?} {}, got {got}", self.0),
        })
    }
}

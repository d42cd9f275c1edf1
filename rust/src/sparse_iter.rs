//! Sequences that are nearly always empty.

use std::{iter, vec};

/// Requests of one event: at most events there are none, and then it is one null pointer.
///
/// barter hands four such sequences around at every event, asked for orders or not.
pub struct SparseIter<T>(Option<Box<vec::IntoIter<T>>>);

impl<T> SparseIter<T> {
    /// Whether nothing is left to take.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|items| items.len() == 0)
    }
}

impl<T> Default for SparseIter<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Vec<T>> for SparseIter<T> {
    #[inline]
    fn from(items: Vec<T>) -> Self {
        Self((!items.is_empty()).then(|| Box::new(items.into_iter())))
    }
}

impl<T> FromIterator<T> for SparseIter<T> {
    #[inline]
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        match items.next() {
            None => Self(None),
            Some(first) => some(first, items),
        }
    }
}

#[cold]
#[inline(never)]
fn some<T>(first: T, others: impl Iterator<Item = T>) -> SparseIter<T> {
    SparseIter::from(iter::once(first).chain(others).collect::<Vec<_>>())
}

#[cold]
#[inline(never)]
fn next<T>(items: &mut vec::IntoIter<T>) -> Option<T> {
    items.next()
}

impl<T> Iterator for SparseIter<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        next(self.0.as_mut()?)
    }
}

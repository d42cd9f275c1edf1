//! Decimals that have crossed lately, in both directions: prices and quantities repeat.
//!
//! A `decimal.Decimal` goes through text, which takes 70 ns in and 200 ns out; a hit here takes 10.

use pyo3::prelude::*;
use rust_decimal::Decimal;
use std::cell::RefCell;

const READ: usize = 64;
const MADE: usize = 256;

/// A Python object and the decimal that it is. The reference keeps its address from being used again.
type Slots<const N: usize> = [Option<(Py<PyAny>, Decimal)>; N];

thread_local! {
    static READ_SLOTS: RefCell<Slots<READ>> = const { RefCell::new([const { None }; READ]) };
    static MADE_SLOTS: RefCell<Slots<MADE>> = const { RefCell::new([const { None }; MADE]) };
}

/// The value of this very object, when it was read lately.
pub fn decimal(object: &Bound<'_, PyAny>) -> Option<Decimal> {
    READ_SLOTS.with_borrow(|slots| {
        let (known, decimal) = slots.get(address_slot(object))?.as_ref()?;
        known.is(object).then_some(*decimal)
    })
}

/// Remembers the value of an object of the class `decimal.Decimal` itself, which cannot change.
pub fn keep_decimal(object: &Bound<'_, PyAny>, decimal: Decimal) {
    let entry = (object.clone().unbind(), decimal);
    READ_SLOTS.with_borrow_mut(|slots| replace(slots, address_slot(object), entry));
}

/// The Python object with just these digits and this scale, when it was made lately.
pub fn object(py: Python<'_>, decimal: Decimal) -> Option<Bound<'_, PyAny>> {
    MADE_SLOTS.with_borrow(|slots| {
        let (object, known) = slots.get(value_slot(decimal))?.as_ref()?;
        // By `==`, 1.0 and 1.00 are the same.
        (known.serialize() == decimal.serialize()).then(|| object.bind(py).clone())
    })
}

/// Remembers the Python object that was made of a decimal.
pub fn keep_object(decimal: Decimal, object: &Bound<'_, PyAny>) {
    let entry = (object.clone().unbind(), decimal);
    MADE_SLOTS.with_borrow_mut(|slots| replace(slots, value_slot(decimal), entry));
}

fn replace<const N: usize>(slots: &mut Slots<N>, index: usize, entry: (Py<PyAny>, Decimal)) {
    if let Some(slot) = slots.get_mut(index) {
        *slot = Some(entry);
    }
}

/// Objects lie at multiples of 16.
fn address_slot(object: &Bound<'_, PyAny>) -> usize {
    (object.as_ptr().addr() >> 4) % READ
}

fn value_slot(decimal: Decimal) -> usize {
    // Fibonacci hashing: the upper bits of the product are well mixed.
    const GOLDEN: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    const SHIFT: u32 = u128::BITS - MADE.trailing_zeros();
    let key = u128::from_le_bytes(decimal.serialize());
    usize::try_from(key.wrapping_mul(GOLDEN) >> SHIFT).unwrap_or_default()
}

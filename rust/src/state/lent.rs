//! The one place of the state with `unsafe`: the engine's state, lent to Python for the time of a callback.

use crate::error::Error;
use std::{
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

/// A value that views can read while it is lent, and only then, and only on its own thread.
///
/// Why a pointer: a view is a Python object that outlives the callback, and the engine owns its state
/// by value, so no lifetime can connect the two.
#[derive(Debug)]
pub struct Lent<T> {
    value: AtomicPtr<T>,
    thread: usize,
}

/// A number that no other living thread has: the address of something of its own.
///
/// `thread::current().id()` counts a reference up and down, which is dear for every price read.
fn this_thread() -> usize {
    thread_local!(static OWN: u8 = const { 0 });
    OWN.with(|own| ptr::from_ref(own).addr())
}

/// Ends the loan on every way out of a callback, a panic included.
struct Restore<'a, T> {
    lent: &'a Lent<T>,
    before: *mut T,
}

impl<T> Drop for Restore<'_, T> {
    fn drop(&mut self) {
        self.lent.value.store(self.before, Ordering::Relaxed);
    }
}

impl<T> Lent<T> {
    /// Nothing is lent yet. The thread that makes it is the one that may lend and read.
    pub fn new() -> Self {
        Self {
            value: AtomicPtr::new(ptr::null_mut()),
            thread: this_thread(),
        }
    }

    /// An error on another thread than its own.
    pub fn check_thread(&self) -> Result<(), Error> {
        if this_thread() == self.thread {
            return Ok(());
        }
        Err(Error::View(
            "a view belongs to the thread of its run's callbacks and was used on another thread; \
             hand over the values that it gives (prices, positions, orders), which are safe anywhere"
                .into(),
        ))
    }

    /// Lends `value` while `during` runs; on another thread than its own, it lends nothing.
    pub fn lend<R>(&self, value: &T, during: impl FnOnce() -> R) -> R {
        if this_thread() != self.thread {
            return during();
        }
        let before = self
            .value
            .swap(ptr::from_ref(value).cast_mut(), Ordering::Relaxed);
        let _restore = Restore { lent: self, before };
        during()
    }

    /// Reads what is lent; an error when nothing is, or on another thread.
    #[inline]
    pub fn read<R>(&self, read: impl FnOnce(&T) -> R) -> Result<R, Error> {
        self.check_thread()?;
        let value = self.value.load(Ordering::Relaxed);
        if value.is_null() {
            return Err(Error::View(
                "a view is only valid inside the callbacks of its run; \
                 keep the values that it gives (prices, positions, orders) instead of the view"
                    .into(),
            ));
        }
        // SAFETY: a pointer that is not null was put there by `lend`, which is still running further
        // up this thread's stack (it takes the pointer back on every way out, and this is the thread
        // that `lend` runs on, as was just checked: a thread that is running `lend` lives, so no other
        // has its number), and holds a shared borrow of the value all that
        // time. So the value lives and is not changed by safe code while `read` runs, and the
        // closure's signature keeps the reference from outliving it.
        #[allow(unsafe_code)]
        let value = unsafe { &*value };
        Ok(read(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{panic, sync::Arc, thread};

    #[test]
    fn reads_only_while_lent() {
        let lent = Lent::new();
        assert!(lent.read(|value: &i32| *value).is_err());
        assert_eq!(lent.lend(&1, || lent.read(|value| *value)), Ok(1));
        assert!(lent.read(|value| *value).is_err());
    }

    #[test]
    fn loans_nest_and_come_back() {
        let lent = Lent::new();
        lent.lend(&1, || {
            lent.lend(&2, || assert_eq!(lent.read(|value| *value), Ok(2)));
            assert_eq!(lent.read(|value| *value), Ok(1));
        });
        assert!(lent.read(|value| *value).is_err());
    }

    #[test]
    fn a_panic_ends_the_loan() {
        let lent = Lent::new();
        let panicked = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            lent.lend(&1, || panic::resume_unwind(Box::new(())));
        }));
        assert!(panicked.is_err());
        assert!(lent.read(|value| *value).is_err());
    }

    #[test]
    fn another_thread_cannot_lend() {
        let lent = Arc::new(Lent::new());
        let other = Arc::clone(&lent);
        let (lending, lends) = std::sync::mpsc::channel();
        let (looked, has_looked) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            other.lend(&1, || lending.send(()).is_ok() && has_looked.recv().is_ok())
        });
        assert_eq!(lends.recv(), Ok(()));
        assert!(lent.read(|value: &i32| *value).is_err());
        assert_eq!(looked.send(()), Ok(()));
        assert_eq!(thread.join().ok(), Some(true));
    }

    #[test]
    fn another_thread_cannot_read() {
        let lent = Arc::new(Lent::new());
        let other = Arc::clone(&lent);
        let read = lent.lend(&1, || {
            thread::spawn(move || other.read(|value| *value)).join()
        });
        assert!(matches!(read, Ok(Err(Error::View(_)))));
    }
}

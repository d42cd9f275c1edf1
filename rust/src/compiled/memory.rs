//! The function's own state: a record of numbers for each instrument, as the run changes it.

use crate::error::Error;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, ThreadId},
};

/// How many bytes a word has.
const WORD: usize = size_of::<u64>();

/// The records of one run.
///
/// The function changes them without atomic writes. So they are read on the run's own thread, on which
/// the function is not running then, or once the run is over.
#[derive(Debug)]
pub struct Memory {
    words: Box<[AtomicU64]>,
    thread: ThreadId,
    is_over: AtomicBool,
}

impl Memory {
    /// Starts with these bytes, which are whole words.
    pub fn new(bytes: &[u8]) -> Self {
        let (words, _) = bytes.as_chunks::<WORD>();
        Self {
            words: words
                .iter()
                .map(|word| AtomicU64::new(u64::from_ne_bytes(*word)))
                .collect(),
            thread: thread::current().id(),
            is_over: AtomicBool::new(false),
        }
    }

    /// Some of the words.
    #[inline]
    pub fn words(&self, start: usize, count: usize) -> &[AtomicU64] {
        let end = start.saturating_add(count);
        self.words.get(start..end).unwrap_or_default()
    }

    /// The function is called no more.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    /// A copy of some words.
    pub fn read(&self, start: usize, count: usize) -> Result<Vec<u8>, Error> {
        if !self.is_over.load(Ordering::Acquire) && thread::current().id() != self.thread {
            return Err(Error::View(
                "while a run goes on, its compiled strategy's own state can be read on the run's thread \
                 only: read it after the run"
                    .into(),
            ));
        }
        let words = self.words(start, count).iter();
        Ok(words
            .flat_map(|word| word.load(Ordering::Relaxed).to_ne_bytes())
            .collect())
    }
}

/// The records of a run that goes on; it is over when this is dropped.
pub struct Running(Arc<Memory>);

impl Running {
    /// The run has begun.
    pub const fn new(memory: Arc<Memory>) -> Self {
        Self(memory)
    }

    /// Some of the words.
    #[inline]
    pub fn words(&self, start: usize, count: usize) -> &[AtomicU64] {
        self.0.words(start, count)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_threads_read_what_is_over() {
        let memory = Arc::new(Memory::new(&[
            1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
        ]));
        let read = |memory: &Arc<Memory>| {
            let memory = Arc::clone(memory);
            thread::spawn(move || memory.read(1, 1)).join().unwrap()
        };
        assert!(read(&memory).is_err());
        memory.end();
        assert_eq!(
            read(&memory).map(|bytes| bytes.first().copied()),
            Ok(Some(2))
        );
        assert_eq!(memory.read(1, 2), Ok(Vec::new()));
    }
}

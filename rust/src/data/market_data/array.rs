//! A JSON array.

use super::{LONGEST, Parse, StoredEvent, TOO_LONG};
use pyo3::prelude::*;
use serde::{
    Deserializer,
    de::{self, DeserializeSeed},
};
use serde_json::value::RawValue;
use std::{
    cell::Cell,
    io::{BufRead, BufReader, Read},
    rc::Rc,
};

/// How many elements of an array are read between two looks at Ctrl-C.
const ELEMENTS_AT_ONCE: usize = 1_000;

/// Reads a whole array, without the interpreter's lock; the inner error is the reason why it cannot be read.
pub fn read_array(
    py: Python<'_>,
    reader: Box<dyn BufRead + Send>,
    parse: Parse,
) -> PyResult<Result<Vec<StoredEvent>, String>> {
    let mut interrupted = None;
    let events = py.detach(|| {
        let left = Rc::new(Cell::new(LONGEST));
        let reader = BufReader::with_capacity(
            1 << 16,
            Limited {
                reader,
                left: Rc::clone(&left),
            },
        );
        let mut deserializer = serde_json::Deserializer::from_reader(reader);
        let events = Elements {
            parse,
            interrupted: &mut interrupted,
            left,
        }
        .deserialize(&mut deserializer)
        .and_then(|events| deserializer.end().map(|()| events));
        events.map_err(|error| error.to_string())
    });
    match interrupted {
        Some(interruption) => Err(interruption),
        None => Ok(events),
    }
}

/// Ends a file inside an element that is too long.
struct Limited<R> {
    reader: R,
    /// How many bytes the element may still have.
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.left.get()).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            return Err(std::io::Error::other(format!("an element {TOO_LONG}")));
        }
        let read = self
            .reader
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left.set(self.left.get().saturating_sub(read as u64));
        Ok(read)
    }
}

/// Reads a JSON array of events, looking at Ctrl-C now and then.
struct Elements<'a> {
    parse: Parse,
    interrupted: &'a mut Option<PyErr>,
    left: Rc<Cell<u64>>,
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Vec<StoredEvent>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> de::Visitor<'de> for Elements<'_> {
    type Value = Vec<StoredEvent>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut events = Vec::new();
        while let Some(element) = elements.next_element::<Box<RawValue>>()? {
            self.left.set(LONGEST);
            let event = (self.parse)(element.get());
            events.push(event.map_err(|reason| {
                de::Error::custom(format_args!("element {}: {reason}", events.len()))
            })?);
            if events.len().is_multiple_of(ELEMENTS_AT_ONCE) {
                Python::attach(|py: Python<'_>| py.check_signals()).map_err(|interruption| {
                    *self.interrupted = Some(interruption);
                    de::Error::custom("interrupted")
                })?;
            }
        }
        Ok(events)
    }
}

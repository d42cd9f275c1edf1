//! Parts of a history, and several histories as one.

use super::{AnyMarketEvent, MarketData, Merger};
use crate::{
    convert::{UtcTime, datetime_from_nanos, not_one, read_items, shown},
    data::window::{self, Window},
    error::Error,
};
use chrono::TimeDelta;
use pyo3::{
    exceptions::{PyIndexError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyInt, PySlice, PyTuple},
};
use pyo3_stub_gen::{
    derive::{gen_methods_from_python, gen_stub_pymethods},
    inventory::submit,
};

/// An event, or a part of a history.
#[derive(IntoPyObject)]
enum EventOrPart {
    Event(AnyMarketEvent),
    Part(MarketData),
}

impl MarketData {
    fn event_at(&self, position: &Bound<'_, PyAny>) -> PyResult<AnyMarketEvent> {
        let count = self.events.len();
        let from_end = |position: isize| position.checked_add_unsigned(count);
        let index = position.extract::<isize>().ok();
        let index = index.and_then(|index| {
            if index < 0 {
                from_end(index)
            } else {
                Some(index)
            }
        });
        let event = index
            .and_then(|index| usize::try_from(index).ok())
            .and_then(|index| self.events.get(index));
        match event {
            Some(event) => Ok(event.into()),
            None => Err(PyIndexError::new_err(format!(
                "no event {}: there are {count}",
                shown(position)?
            ))),
        }
    }

    fn slice(&self, slice: &Bound<'_, PySlice>) -> PyResult<Self> {
        let step = slice.getattr(pyo3::intern!(slice.py(), "step"))?;
        if !step.is_none() && !step.eq(1)? {
            return Err(PyValueError::new_err(format!(
                "a slice of a history must have the step 1, got {}: a history without some of its \
                 events is another one, which MarketData.from_events(itertools.islice(data, 0, None, \
                 2)) makes",
                shown(&step)?
            )));
        }
        let length = isize::try_from(self.events.len()).unwrap_or(isize::MAX);
        let indices = slice.indices(length)?;
        let position = |index: isize| usize::try_from(index).unwrap_or_default();
        let range = position(indices.start)..position(indices.stop);
        if range.is_empty() {
            return Err(Error::market_data(format!(
                "events {} to {} of {length} hold no market events, and a MarketData has one at least",
                range.start, range.end
            ))
            .into());
        }
        Ok(self.part(range)?)
    }

    /// The events that belong to the window.
    pub fn in_window(&self, window: &Window) -> Result<Self, Error> {
        if window.is_all() {
            return Ok(self.shared());
        }
        let range = window.cut(&self.events, self.time_start).range;
        if range.is_empty() {
            return Err(window.is_empty(self.time_start, self.time_end));
        }
        self.part(range)
    }
}

#[pymethods]
impl MarketData {
    fn __getitem__(&self, position: &Bound<'_, PyAny>) -> PyResult<EventOrPart> {
        if let Ok(slice) = position.cast::<PySlice>() {
            return self.slice(slice).map(EventOrPart::Part);
        }
        if !position.is_instance_of::<PyInt>() {
            return Err(PyTypeError::new_err(format!(
                "the position of an event must be an int or a slice, got {}",
                position.get_type().name()?
            )));
        }
        self.event_at(position).map(EventOrPart::Event)
    }
}

// The generator knows no overloads of methods but these.
submit! {
    gen_methods_from_python! {
        r#"
        import typing

        class MarketData:
            @typing.overload
            def __getitem__(self, position: int, /) -> MarketEvent | Reconnecting:
                """The event at a position, which is made as a Python object."""

            @typing.overload
            def __getitem__(self, position: slice, /) -> MarketData:
                """A part of the history, which shares the events; the step of the slice must be 1."""
        "#
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl MarketData {
    /// Merges histories into one, by the times at which their events were received.
    ///
    /// Each history keeps its own order. At equal times their events come in the order in which the
    /// histories are given: give trades before the book that they changed. If times step back in a
    /// history, its events count as received at the greatest time before, and so does a lost stream.
    ///
    /// Parameters
    /// ----------
    /// *histories : MarketData
    ///     The histories, at least one.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If no history is given.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, MarketData, MarketEvent, PublicTrade, Side
    /// >>> def trades(*seconds):
    /// ...     times = [f"2025-03-24T21:30:0{second}Z" for second in seconds]
    /// ...     trade = PublicTrade("1", price=2065, amount=1, side=Side.BUY)
    /// ...     return MarketData.from_events(
    /// ...         MarketEvent(time, time, ExchangeId.BINANCE_SPOT, len(times), trade)
    /// ...         for time in times)
    /// >>> data = MarketData.merge(trades(1, 3, 5), trades(2, 3))
    /// >>> [(event.time_received.second, event.instrument) for event in data]
    /// [(1, 3), (2, 2), (3, 3), (3, 2), (5, 3)]
    #[staticmethod]
    #[pyo3(signature = (*histories))]
    fn merge(
        py: Python<'_>,
        #[gen_stub(override_type(type_repr = "MarketData"))] histories: &Bound<'_, PyTuple>,
    ) -> PyResult<Self> {
        for (position, history) in histories.iter().enumerate() {
            if !history.is_instance_of::<Self>() {
                let place = format!("history {position}");
                let call = "MarketData.merge(*histories)";
                return Err(not_one(&place, "a MarketData", &history, call)?);
            }
        }
        let histories: Vec<Bound<'_, Self>> =
            read_items(histories.as_any(), |position| format!("history {position}"))?;
        let histories: Vec<&Self> = histories.iter().map(Bound::get).collect();
        let [first, others @ ..] = &*histories else {
            return Err(PyValueError::new_err(
                "MarketData.merge needs one history at least, got none",
            ));
        };
        if others.is_empty() {
            return Ok(first.shared());
        }
        let events = py.detach(|| {
            let mut merger = Merger::default();
            let mut count = 0_usize;
            for history in &histories {
                merger.add(history.events.clone(), history.time_start);
                count = count.saturating_add(history.events.len());
            }
            let mut events = Vec::new();
            events.reserve_exact(count);
            while merger.merge(&mut events, count).is_some() {}
            events
        });
        Ok(Self::new(events, None)?)
    }

    /// The part of the history that is received from one time until another.
    ///
    /// The events count as received when the clock of a run would process them: at the greatest
    /// `time_received` so far, also a lost stream. So they follow one another in the history, and the
    /// part shares them with it. It keeps nothing of what was known before: a book that is only
    /// updated after `since` lacks its older levels, so begin at a snapshot.
    ///
    /// Parameters
    /// ----------
    /// since : datetime, int or str, optional
    ///     The first time of the part. If `None`, the part begins with the history.
    /// until : datetime, int or str, optional
    ///     The first time that does not belong to the part any more. If `None`, the part ends with
    ///     the history.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If `since` is not before `until`.
    /// MarketDataError
    ///     If there is no event in between.
    ///
    /// Warns
    /// -----
    /// UserWarning
    ///     If a time looks like seconds, milliseconds or microseconds since 1970: whole numbers count
    ///     nanoseconds.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import MarketData
    /// >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
    /// >>> minute = data.between("2025-03-25T23:08:00Z", "2025-03-25T23:09:00Z")
    /// >>> len(minute), minute.span.total_seconds()
    /// (11002, 59.660187)
    #[pyo3(signature = (since=None, until=None))]
    fn between(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = window::since)] since: Option<UtcTime>,
        #[pyo3(from_py_with = window::until)] until: Option<UtcTime>,
    ) -> PyResult<Self> {
        let window = Window::new(since, until)?;
        window.warn_of_units(py)?;
        Ok(self.in_window(&window)?)
    }

    /// As `between`, of times that are checked.
    fn _between_ns(&self, since: Option<i64>, until: Option<i64>) -> PyResult<Self> {
        let [since, until] = [since, until].map(|time| time.map(datetime_from_nanos));
        Ok(self.in_window(&Window { since, until })?)
    }

    /// The time from `time_start` to `time_end`, in microseconds as all `timedelta`s.
    #[getter]
    fn span(&self) -> TimeDelta {
        self.time_end.signed_duration_since(self.time_start)
    }
}

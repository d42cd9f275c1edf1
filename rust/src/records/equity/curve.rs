//! The equity over time: bars of simulated time, few enough to hold.

use super::drawdowns::Drawdowns;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How many bars an equity has at most where their interval is not given.
pub const MOST_BARS: usize = 4096;
/// How many it has at most after they were merged, so that merging is rare.
pub const MERGED_BARS: usize = 2048;

const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The intervals up to a day; each divides the next.
const INTERVALS: [i64; 34] = [
    1,
    2,
    10,
    20,
    100,
    200,
    MICROSECOND,
    2 * MICROSECOND,
    10 * MICROSECOND,
    20 * MICROSECOND,
    100 * MICROSECOND,
    200 * MICROSECOND,
    MILLISECOND,
    2 * MILLISECOND,
    10 * MILLISECOND,
    20 * MILLISECOND,
    100 * MILLISECOND,
    200 * MILLISECOND,
    SECOND,
    2 * SECOND,
    10 * SECOND,
    20 * SECOND,
    MINUTE,
    2 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    8 * DAY,
];

/// The length of a bar, in nanoseconds; it grows when there are too many bars, unless it is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BarInterval {
    length: i64,
    is_given: bool,
}

impl BarInterval {
    /// A length that the caller chose, or one that grows from a nanosecond.
    pub fn new(given: Option<i64>) -> Self {
        Self {
            length: given.unwrap_or(1).max(1),
            is_given: given.is_some(),
        }
    }

    /// In nanoseconds.
    pub const fn length(self) -> i64 {
        self.length
    }

    /// Whether the interval has to grow for this many bars.
    pub const fn is_too_short_for(self, bars: usize) -> bool {
        !self.is_given && bars > MOST_BARS
    }

    /// The next longer interval.
    pub fn grow(&mut self) {
        let longer = INTERVALS.iter().find(|length| **length > self.length);
        self.length = longer.map_or(self.length.saturating_mul(2), |length| *length);
    }
}

/// What the equity was in an interval.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(from = "PlainBar", into = "PlainBar")]
pub struct Bar {
    /// The last mark, in nanoseconds since 1970.
    pub time: i64,
    /// The equity at that mark.
    pub equity: Decimal,
    pub low: Decimal,
    pub high: Decimal,
}

/// A bar without the names of its fields, which would be most of a pickled result.
type PlainBar = (i64, Decimal, Decimal, Decimal);

impl From<Bar> for PlainBar {
    fn from(bar: Bar) -> Self {
        (bar.time, bar.equity, bar.low, bar.high)
    }
}

impl From<PlainBar> for Bar {
    fn from((time, equity, low, high): PlainBar) -> Self {
        Self {
            time,
            equity,
            low,
            high,
        }
    }
}

/// The number of the interval that a time is in; intervals are counted from 1970.
pub const fn interval_of(time: i64, length: i64) -> i64 {
    match time.checked_div_euclid(length) {
        Some(number) => number,
        None => time,
    }
}

/// How many intervals of a length the bars are in.
pub fn count_intervals(bars: &[Bar], length: i64) -> usize {
    let mut last = None;
    bars.iter()
        .filter(|bar| {
            let number = Some(interval_of(bar.time, length));
            std::mem::replace(&mut last, number) != number
        })
        .count()
}

/// Bars of an interval that is a multiple of theirs; empty intervals have none.
pub fn merged(bars: &[Bar], length: i64) -> Vec<Bar> {
    let mut merged: Vec<Bar> = Vec::new();
    let mut last_number = None;
    for bar in bars {
        let number = Some(interval_of(bar.time, length));
        match merged.last_mut() {
            Some(last) if number == last_number => {
                *last = Bar {
                    low: last.low.min(bar.low),
                    high: last.high.max(bar.high),
                    ..*bar
                };
            }
            Some(_) | None => merged.push(*bar),
        }
        last_number = number;
    }
    merged
}

/// An equity over time.
#[derive(Default)]
pub struct Curve {
    /// The first mark.
    pub start: Option<(i64, Decimal)>,
    pub bars: Vec<Bar>,
    pub drawdowns: Drawdowns,
    /// When the interval of the last bar ends.
    end_of_bar: i64,
}

impl Curve {
    /// The equity is marked.
    pub fn mark(&mut self, now: i64, equity: Decimal, interval: BarInterval) {
        match self.bars.last_mut() {
            Some(bar) if now < self.end_of_bar => {
                bar.time = now;
                match equity.cmp(&bar.equity) {
                    Ordering::Equal => return,
                    Ordering::Less => bar.low = bar.low.min(equity),
                    Ordering::Greater => bar.high = bar.high.max(equity),
                }
                bar.equity = equity;
            }
            Some(_) | None => self.begin_bar(now, equity, interval),
        }
        self.drawdowns.mark(now, equity);
    }

    /// The equity is marked, and it is what it was at the last mark.
    pub fn mark_again(&mut self, now: i64, interval: BarInterval) {
        if let Some(bar) = self.bars.last_mut() {
            if now < self.end_of_bar {
                bar.time = now;
            } else {
                let equity = bar.equity;
                self.begin_bar(now, equity, interval);
            }
        }
    }

    #[inline(never)]
    fn begin_bar(&mut self, now: i64, equity: Decimal, interval: BarInterval) {
        self.start.get_or_insert((now, equity));
        self.bars.push(Bar {
            time: now,
            equity,
            low: equity,
            high: equity,
        });
        self.end_of_bar = end_of_interval(now, interval.length());
    }

    /// Merges the bars, for an interval that is a multiple of theirs.
    pub fn merge(&mut self, interval: BarInterval) {
        self.bars = merged(&self.bars, interval.length());
        if let Some(last) = self.bars.last() {
            self.end_of_bar = end_of_interval(last.time, interval.length());
        }
    }
}

fn end_of_interval(time: i64, length: i64) -> i64 {
    interval_of(time, length)
        .saturating_add(1)
        .saturating_mul(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_interval_divides_the_next() {
        for pair in INTERVALS.windows(2) {
            assert!(pair[0] < pair[1] && pair[1] % pair[0] == 0, "{pair:?}");
        }
    }

    #[test]
    fn an_interval_that_is_given_does_not_grow() {
        assert!(!BarInterval::new(Some(7)).is_too_short_for(usize::MAX));
        let mut interval = BarInterval::new(None);
        assert!(!interval.is_too_short_for(MOST_BARS));
        assert!(interval.is_too_short_for(MOST_BARS + 1));
        for expected in INTERVALS.iter().skip(1).chain(&[16 * DAY, 32 * DAY]) {
            interval.grow();
            assert_eq!(interval.length(), *expected);
        }
    }

    #[test]
    fn merging_gives_the_bars_of_the_longer_interval() {
        let marks = [
            (-11, 5),
            (-9, 7),
            (-1, 3),
            (0, 4),
            (3, 9),
            (9, 8),
            (10, 1),
            (25, 2),
        ];
        for lengths in [(1, 2), (1, 10), (2, 10), (10, 20)] {
            let bars = |length| {
                let mut curve = Curve::default();
                for (time, equity) in marks {
                    let interval = BarInterval::new(Some(length));
                    curve.mark(time, Decimal::from(equity), interval);
                }
                curve.bars
            };
            assert_eq!(merged(&bars(lengths.0), lengths.1), bars(lengths.1));
            let count = count_intervals(&bars(lengths.0), lengths.1);
            assert_eq!(count, bars(lengths.1).len());
        }
    }

    #[test]
    fn a_mark_after_merging_goes_into_the_last_bar() {
        let mut curve = Curve::default();
        let (mut interval, long) = (BarInterval::new(None), BarInterval::new(Some(10)));
        curve.mark(1, Decimal::ONE, interval);
        curve.mark(2, Decimal::TWO, interval);
        while interval.length() < long.length() {
            interval.grow();
        }
        curve.merge(interval);
        curve.mark(8, Decimal::ZERO, interval);
        curve.mark_again(9, interval);
        let bar = Bar {
            time: 9,
            equity: Decimal::ZERO,
            low: Decimal::ZERO,
            high: Decimal::TWO,
        };
        assert_eq!(curve.bars, [bar]);
        curve.mark_again(10, interval);
        let again = Bar {
            time: 10,
            high: Decimal::ZERO,
            ..bar
        };
        assert_eq!(curve.bars, [bar, again]);
        assert_eq!(curve.start, Some((1, Decimal::ONE)));
    }
}

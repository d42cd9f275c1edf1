//! Conditions: what holds at an event.

use super::cell::{Earlier, Seen};
use crate::data::MarketKind;
use serde::{Deserialize, Serialize};

/// Which way one value crosses another.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum Direction {
    Above,
    Below,
    Either,
}

/// Which events a condition is about.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum EventKind {
    Market,
    Trade,
    Quote,
    Candle,
    Fill,
}

/// A condition, with what it remembers. `usize` is the position of a cell that comes before its own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Condition {
    Crosses {
        first: usize,
        second: usize,
        direction: Direction,
        was_above: Option<bool>,
    },
    Changes {
        source: usize,
        last: Option<f64>,
    },
    Event(EventKind),
    Every {
        interval: i64,
        last: Option<i64>,
    },
    Instruments(Vec<usize>),
    AnyOf(Vec<usize>),
    AllOf(Vec<usize>),
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

impl Condition {
    /// Zero if it does not hold at an event.
    pub fn value(&mut self, seen: &Seen<'_>, earlier: Earlier<'_>) -> f64 {
        match self {
            Self::Crosses {
                first,
                second,
                direction,
                was_above,
            } => {
                let Some(is_above) = earlier.is_above(*first, *second) else {
                    return 0.0;
                };
                match (was_above.replace(is_above), is_above, direction) {
                    (Some(false), true, Direction::Above | Direction::Either) => 1.0,
                    (Some(true), false, Direction::Below | Direction::Either) => -1.0,
                    (Some(_) | None, _, _) => 0.0,
                }
            }
            Self::Changes { source, last } => {
                let Some(sample) = earlier.sample(*source) else {
                    return 0.0;
                };
                let before = last.replace(sample);
                truth(before != Some(sample))
            }
            Self::Event(kind) => truth(kind.is_of(seen.kind)),
            Self::Every { interval, last } => {
                let number = seen.time.div_euclid(*interval);
                truth(seen.kind.is_some() && last.replace(number) != Some(number))
            }
            Self::Instruments(instruments) => truth(instruments.contains(&seen.instrument)),
            Self::AnyOf(conditions) => {
                truth(conditions.iter().any(|position| earlier.holds(*position)))
            }
            Self::AllOf(conditions) => {
                truth(conditions.iter().all(|position| earlier.holds(*position)))
            }
        }
    }
}

impl EventKind {
    fn is_of(self, kind: Option<&MarketKind>) -> bool {
        match kind {
            None => self == Self::Fill,
            Some(kind) => match self {
                Self::Market => true,
                Self::Trade => matches!(kind, MarketKind::Trade(_)),
                Self::Quote => matches!(kind, MarketKind::L1(_) | MarketKind::L2(_)),
                Self::Candle => matches!(kind, MarketKind::Candle(_)),
                Self::Fill => false,
            },
        }
    }
}

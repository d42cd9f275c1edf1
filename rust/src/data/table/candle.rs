//! Rows of candles.

use super::{
    cell::Cell,
    layout::{Candles, Close},
    order::SortId,
    rows::{Fault, Made, Row, State, read},
};
use crate::{
    convert::{datetime_from_nanos, f64_from_decimal, time_text},
    data::kind::{CandleBar, MarketKind},
};

impl State {
    /// A candle is known when it closes, and not before.
    pub fn candle(&mut self, row: &impl Row, layout: &Candles) -> Result<Made, Fault> {
        let instrument = self.instrument(row, layout.instrument)?;
        let clock = &mut self.clock;
        let mut time = |slot| read(row, slot, |cell| clock.nanos(cell));
        let (slot, close_time, known, open_time) = match layout.close_time {
            Close::At { close, open } => {
                let time_close = time(close)?;
                (
                    close,
                    time_close,
                    time_close,
                    open.map(&mut time).transpose()?,
                )
            }
            Close::After { last, open } => {
                let time_last = time(last)?;
                let next = next_second(time_last);
                (last, time_last, next, open.map(&mut time).transpose()?)
            }
            Close::OpenAnd { open, length } => {
                let time_open = time(open)?;
                let time_close = self.later(open, time_open, length)?;
                (open, time_close, time_close, None)
            }
        };
        let text = |nanos| time_text(datetime_from_nanos(nanos));
        if let Some(open) = open_time
            && open >= known
        {
            return Err(Fault::at(
                slot,
                format!(
                    "the candle closes at {}, but opens at {}",
                    text(known),
                    text(open)
                ),
            ));
        }
        let received = match layout.time_received {
            Some(slot) => {
                let received = read(row, slot, |cell| self.clock.nanos(cell))?;
                if received < known {
                    return Err(Fault::at(
                        slot,
                        format!(
                            "is {}, but the candle closes at {}: nobody knows it before",
                            text(received),
                            text(known)
                        ),
                    ));
                }
                received
            }
            None => self.later(slot, known, self.feed_latency)?,
        };
        let number = |slot| read(row, slot, Cell::decimal);
        let close = number(layout.close)?;
        let candle = CandleBar {
            close_time: datetime_from_nanos(close_time),
            open: number(layout.open)?,
            high: number(layout.high)?,
            low: number(layout.low)?,
            close,
            close_f64: f64_from_decimal(close),
            volume: number(layout.volume)?,
            trade_count: match layout.trade_count {
                Some(slot) => read(row, slot, Cell::count)?,
                None => 0,
            },
        };
        if candle.high < candle.low {
            let (high, low) = (candle.high, candle.low);
            let reason = format!("{high} is below the low, {low}: are the columns mixed up?");
            return Err(Fault::at(layout.high, reason));
        }
        let kind = MarketKind::Candle(candle.into());
        Ok(Made {
            instrument,
            times: (known, received),
            id: SortId::None,
            kind,
        })
    }
}

/// The beginning of the second after a time, which is the end of a candle whose last time it is.
fn next_second(nanos: i64) -> i64 {
    const SECOND: i64 = 1_000_000_000;
    let whole = nanos.div_euclid(SECOND).saturating_add(1);
    whole.saturating_mul(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candle_ends_when_the_next_second_begins() {
        assert_eq!(next_second(59_999_000_000), 60_000_000_000);
        assert_eq!(next_second(59_999_999_000), 60_000_000_000);
        assert_eq!(next_second(59_000_000_000), 60_000_000_000);
        assert_eq!(next_second(-1), 0);
    }
}

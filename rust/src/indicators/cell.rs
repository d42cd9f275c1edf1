//! One indicator or condition of an instrument: what it remembers, and its value.

use super::{
    bars::{Bar, BarBuilder},
    condition::Condition,
    node::Source,
    window::{WilderAverage, Window, deviation, mean},
};
use crate::{
    convert::f64_from_decimal,
    data::{CandleBar, MarketKind, MarketState},
};
use barter_data::books::Level;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What has happened.
pub struct Seen<'a> {
    /// The market event; `None` for one of our fills.
    pub kind: Option<&'a MarketKind>,
    /// What is known of the market, with the event in it.
    pub market: &'a MarketState,
    /// When it came, in nanoseconds since 1970.
    pub time: i64,
    /// The instrument.
    pub instrument: usize,
}

/// What a cell does at an event. `usize` is the position of another cell that comes before it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Step {
    Source(Source),
    Number,
    Bars(BarBuilder),
    Bar {
        bars: usize,
        price: Source,
    },
    Ema {
        source: usize,
        weight: f64,
    },
    Sma {
        source: usize,
        window: Window<f64>,
    },
    Minimum {
        source: usize,
        window: Window<f64>,
    },
    Maximum {
        source: usize,
        window: Window<f64>,
    },
    Deviation {
        source: usize,
        window: Window<f64>,
    },
    ZScore {
        source: usize,
        window: Window<f64>,
    },
    Return {
        source: usize,
        window: Window<f64>,
    },
    Rsi {
        source: usize,
        last: Option<f64>,
        gains: WilderAverage,
        losses: WilderAverage,
    },
    Atr {
        bars: Option<usize>,
        last_close: Option<f64>,
        ranges: WilderAverage,
    },
    Vwap {
        window: Window<(f64, f64)>,
    },
    Imbalance {
        levels: usize,
    },
    Condition(Condition),
    Computed,
}

/// A step with its last value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Cell {
    pub step: Step,
    /// The last value; `None` before there is one.
    pub value: Option<f64>,
    /// Whether the value comes from the event being processed.
    pub is_fresh: bool,
}

/// The cells before one.
#[derive(Clone, Copy)]
pub struct Earlier<'a>(pub &'a [Cell]);

impl Earlier<'_> {
    /// The value of a cell, if the event has given it one.
    pub fn sample(self, position: usize) -> Option<f64> {
        let cell = self.0.get(position)?;
        cell.value.filter(|_| cell.is_fresh)
    }

    /// The bar that the event has completed.
    fn bar(self, position: usize) -> Option<Bar> {
        let cell = self.0.get(position).filter(|cell| cell.is_fresh)?;
        match &cell.step {
            Step::Bars(builder) => builder.last,
            _ => None,
        }
    }

    /// Whether a condition holds at the event.
    pub fn holds(self, position: usize) -> bool {
        self.sample(position).is_some_and(|value| value != 0.0)
    }

    /// Where one value is as against another, if one of them is new.
    pub fn is_above(self, first: usize, second: usize) -> Option<bool> {
        let (first, second) = (self.0.get(first)?, self.0.get(second)?);
        if !first.is_fresh && !second.is_fresh {
            return None;
        }
        Some(first.value? > second.value?)
    }
}

impl Cell {
    /// A cell that has seen nothing.
    pub const fn new(step: Step, value: Option<f64>) -> Self {
        Self {
            step,
            value,
            is_fresh: false,
        }
    }

    /// Whether it is a condition that holds at the event.
    pub fn holds(&self) -> bool {
        self.is_fresh && self.value.is_some_and(|value| value != 0.0)
    }

    /// Looks at an event.
    pub fn look(&mut self, seen: &Seen<'_>, earlier: Earlier<'_>) {
        let new = self.step.next(seen, earlier, self.value);
        self.is_fresh = new.is_some();
        if new.is_some() {
            self.value = new;
        }
    }
}

impl Step {
    /// The value that an event gives; `None` if it gives none.
    fn next(&mut self, seen: &Seen<'_>, earlier: Earlier<'_>, value: Option<f64>) -> Option<f64> {
        match self {
            Self::Source(source) => seen.kind.and_then(|kind| source.of(kind, seen.market)),
            Self::Number | Self::Computed => None,
            Self::Bars(builder) => match seen.kind {
                Some(MarketKind::Trade(trade)) => builder
                    .push(trade.price_f64, f64_from_decimal(trade.amount))
                    .map(|bar| bar.close),
                _ => None,
            },
            Self::Bar { bars, price } => earlier.bar(*bars).and_then(|bar| price.of_bar(&bar)),
            Self::Ema { source, weight } => {
                let sample = earlier.sample(*source)?;
                Some(value.map_or(sample, |last| last + (sample - last) * *weight))
            }
            Self::Sma { source, window } => window.push(earlier.sample(*source)?).map(mean),
            Self::Minimum { source, window } => window
                .push(earlier.sample(*source)?)
                .map(|samples| samples.iter().copied().fold(f64::INFINITY, f64::min)),
            Self::Maximum { source, window } => window
                .push(earlier.sample(*source)?)
                .map(|samples| samples.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            Self::Deviation { source, window } => {
                window.push(earlier.sample(*source)?).map(deviation)
            }
            Self::ZScore { source, window } => {
                let sample = earlier.sample(*source)?;
                let samples = window.push(sample)?;
                let deviation = deviation(samples);
                (deviation > 0.0).then(|| (sample - mean(samples)) / deviation)
            }
            Self::Return { source, window } => {
                let sample = earlier.sample(*source)?;
                let before = *window.push(sample)?.front()?;
                (before != 0.0).then(|| sample / before - 1.0)
            }
            Self::Rsi {
                source,
                last,
                gains,
                losses,
            } => {
                let sample = earlier.sample(*source)?;
                let change = sample - last.replace(sample)?;
                let gain = gains.push(change.max(0.0));
                let loss = losses.push((-change).max(0.0));
                let (gain, loss) = (gain?, loss?);
                Some(if gain + loss > 0.0 {
                    100.0 * gain / (gain + loss)
                } else {
                    50.0
                })
            }
            Self::Atr {
                bars,
                last_close,
                ranges,
            } => {
                let bar = match (bars, seen.kind) {
                    (Some(bars), _) => earlier.bar(*bars)?,
                    (None, Some(MarketKind::Candle(candle))) => bar_of(candle),
                    (None, _) => return None,
                };
                let range = bar.high - bar.low;
                let range = last_close.replace(bar.close).map_or(range, |close| {
                    range
                        .max((bar.high - close).abs())
                        .max((bar.low - close).abs())
                });
                ranges.push(range)
            }
            Self::Vwap { window } => {
                let Some(MarketKind::Trade(trade)) = seen.kind else {
                    return None;
                };
                let trades = window.push((trade.price_f64, f64_from_decimal(trade.amount)))?;
                let (paid, amount) = trades
                    .iter()
                    .fold((0.0, 0.0), |(paid, sum), (price, amount)| {
                        (paid + price * amount, sum + amount)
                    });
                (amount > 0.0).then(|| paid / amount)
            }
            Self::Imbalance { levels } => {
                seen.kind?;
                imbalance(seen.market, *levels)
            }
            Self::Condition(condition) => Some(condition.value(seen, earlier)),
        }
    }
}

impl Source {
    /// What an event tells of it: quotes at each event, trades and candles at their own.
    fn of(self, kind: &MarketKind, market: &MarketState) -> Option<f64> {
        let quoted = |price: f64| (!price.is_nan()).then_some(price);
        match (self, kind) {
            (Self::Mid, _) => quoted(market.quote.mid_f64),
            (Self::BestBid, _) => quoted(market.quote.best_bid_f64),
            (Self::BestAsk, _) => quoted(market.quote.best_ask_f64),
            (Self::Trade, MarketKind::Trade(trade)) => Some(trade.price_f64),
            (Self::TradeAmount, MarketKind::Trade(trade)) => Some(f64_from_decimal(trade.amount)),
            (Self::Close, MarketKind::Candle(candle)) => Some(candle.close_f64),
            (Self::Open | Self::High | Self::Low | Self::Volume, MarketKind::Candle(candle)) => {
                self.of_bar(&bar_of(candle))
            }
            (
                Self::Trade
                | Self::TradeAmount
                | Self::Open
                | Self::High
                | Self::Low
                | Self::Close
                | Self::Volume,
                _,
            ) => None,
        }
    }

    fn of_bar(self, bar: &Bar) -> Option<f64> {
        match self {
            Self::Open => Some(bar.open),
            Self::High => Some(bar.high),
            Self::Low => Some(bar.low),
            Self::Close => Some(bar.close),
            Self::Volume => Some(bar.volume),
            Self::Mid | Self::BestBid | Self::BestAsk | Self::Trade | Self::TradeAmount => None,
        }
    }
}

fn bar_of(candle: &CandleBar) -> Bar {
    Bar {
        open: f64_from_decimal(candle.open),
        high: f64_from_decimal(candle.high),
        low: f64_from_decimal(candle.low),
        close: candle.close_f64,
        volume: f64_from_decimal(candle.volume),
    }
}

/// The amount bid less the amount asked, by their sum, in the best levels of each side.
fn imbalance(market: &MarketState, levels: usize) -> Option<f64> {
    let total = |levels: &mut dyn Iterator<Item = &Level>| {
        levels.fold(0.0, |sum, level| sum + f64_from_decimal(level.amount))
    };
    let (bid, ask) = if levels == 1 {
        let l1 = &market.quote.l1;
        let amount = |level: Option<Level>| level.map_or(Decimal::ZERO, |level| level.amount);
        (
            f64_from_decimal(amount(l1.best_bid)),
            f64_from_decimal(amount(l1.best_ask)),
        )
    } else {
        let book = market.book()?;
        (
            total(&mut book.bids().levels().iter().take(levels)),
            total(&mut book.asks().levels().iter().take(levels)),
        )
    };
    (bid + ask > 0.0).then(|| (bid - ask) / (bid + ask))
}

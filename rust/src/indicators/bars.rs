//! Bars of trades: so many of them, or so much volume.

use super::node::Bars;
use serde::{Deserialize, Serialize};

/// A bar.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bar {
    pub open: f64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    pub volume: f64,
}

/// Makes bars of trades.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BarBuilder {
    bars: Bars,
    /// The bar that is not complete, and how many trades it has.
    open: Option<(Bar, usize)>,
    /// The last complete bar.
    pub last: Option<Bar>,
}

impl BarBuilder {
    /// No trade yet.
    pub const fn new(bars: Bars) -> Self {
        Self {
            bars,
            open: None,
            last: None,
        }
    }

    /// Takes a trade; the bar if that completes one.
    pub fn push(&mut self, price: f64, amount: f64) -> Option<Bar> {
        let (bar, trades) = match self.open {
            Some((bar, trades)) => (
                Bar {
                    open: bar.open,
                    high: bar.high.max(price),
                    low: bar.low.min(price),
                    close: price,
                    volume: bar.volume + amount,
                },
                trades.saturating_add(1),
            ),
            None => (
                Bar {
                    open: price,
                    high: price,
                    low: price,
                    close: price,
                    volume: amount,
                },
                1,
            ),
        };
        let is_complete = match self.bars {
            Bars::TickBars { trades: wanted } => trades >= wanted,
            Bars::VolumeBars { volume } => bar.volume >= volume,
        };
        if !is_complete {
            self.open = Some((bar, trades));
            return None;
        }
        self.open = None;
        self.last = Some(bar);
        Some(bar)
    }
}

//! The last samples of an indicator, and averages over all of them.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The last samples, the oldest first.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Window<T> {
    period: usize,
    samples: VecDeque<T>,
}

impl<T> Window<T> {
    /// An empty window of that many samples. It grows with them: a long one costs nothing at first.
    pub const fn new(period: usize) -> Self {
        Self {
            period,
            samples: VecDeque::new(),
        }
    }

    /// Takes a sample, and gives all if there are enough of them.
    pub fn push(&mut self, sample: T) -> Option<&VecDeque<T>> {
        if self.samples.len() >= self.period {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
        (self.samples.len() >= self.period).then_some(&self.samples)
    }
}

/// The sum from the oldest to the newest: added anew for each sample, so that nothing drifts.
fn sum(samples: &VecDeque<f64>) -> f64 {
    samples.iter().fold(0.0, |sum, sample| sum + sample)
}

/// The mean of some samples.
pub fn mean(samples: &VecDeque<f64>) -> f64 {
    sum(samples) / float(samples.len())
}

/// The standard deviation of some samples from their mean, as of a whole population.
pub fn deviation(samples: &VecDeque<f64>) -> f64 {
    let mean = mean(samples);
    let squares = samples.iter().fold(0.0, |sum, sample| {
        let difference = sample - mean;
        sum + difference * difference
    });
    (squares / float(samples.len())).sqrt()
}

/// A count as a float: periods are at most a million.
pub fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// Wilder's average: the mean of the first samples, then each new one counts as one of them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WilderAverage {
    period: usize,
    count: usize,
    /// The sum of the first samples, then the average.
    value: f64,
}

impl WilderAverage {
    /// An average without samples.
    pub const fn new(period: usize) -> Self {
        Self {
            period,
            count: 0,
            value: 0.0,
        }
    }

    /// Takes a sample; the average if there are enough of them.
    pub fn push(&mut self, sample: f64) -> Option<f64> {
        let period = float(self.period);
        if self.count >= self.period {
            self.value = (self.value * (period - 1.0) + sample) / period;
            return Some(self.value);
        }
        self.count = self.count.saturating_add(1);
        self.value += sample;
        if self.count < self.period {
            return None;
        }
        self.value /= period;
        Some(self.value)
    }
}

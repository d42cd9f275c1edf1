//! Latencies of requests and answers.

use crate::convert::{Length, Sequence};
use pyo3::prelude::*;
use rand_xoshiro::{
    SplitMix64,
    rand_core::{Rng, SeedableRng},
};

/// A latency, in nanoseconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Latency {
    /// Always the same.
    Constant(i64),
    /// Any length from `low` to `high`, each as likely.
    Uniform {
        /// The least latency.
        low: i64,
        /// The greatest latency.
        high: i64,
        /// The seed of the draws.
        seed: u64,
    },
    /// One of the samples, each as likely.
    Empirical {
        /// The measured latencies.
        samples: Vec<i64>,
        /// The seed of the draws.
        seed: u64,
    },
}

impl Default for Latency {
    fn default() -> Self {
        Self::Constant(0)
    }
}

/// The latencies of one link, one after the other.
#[derive(Debug)]
pub struct LatencyDraws {
    latency: Latency,
    generator: SplitMix64,
}

impl LatencyDraws {
    /// Starts with the first draw. `link` is the number of the link in the run, so that two links with one
    /// latency draw differently.
    pub fn new(latency: Latency, link: u64) -> Self {
        let seed = match latency {
            Latency::Constant(_) => 0,
            Latency::Uniform { seed, .. } | Latency::Empirical { seed, .. } => seed,
        };
        Self {
            latency,
            generator: SplitMix64::seed_from_u64(seed.wrapping_add(link)),
        }
    }

    /// The next latency, in nanoseconds.
    pub fn next(&mut self) -> i64 {
        match &self.latency {
            Latency::Constant(latency) => *latency,
            Latency::Uniform { low, high, .. } => {
                let count = high.abs_diff(*low).saturating_add(1);
                low.saturating_add_unsigned(below(&mut self.generator, count))
            }
            Latency::Empirical { samples, .. } => {
                let number = below(&mut self.generator, samples.len() as u64);
                let number = usize::try_from(number).unwrap_or_default();
                samples.get(number).copied().unwrap_or_default()
            }
        }
    }
}

/// floor(draw × count ÷ 2⁶⁴), which is less than `count`.
fn below(generator: &mut SplitMix64, count: u64) -> u64 {
    let product = u128::from(generator.next_u64()).saturating_mul(u128::from(count));
    u64::try_from(product >> u64::BITS).unwrap_or_default()
}

/// The classes are distinguished by their fields; the class with the most fields comes first.
#[derive(FromPyObject)]
enum LatencyConfig {
    Uniform {
        low: Length,
        high: Length,
        seed: u64,
    },
    Empirical {
        samples: Sequence<Length>,
        seed: u64,
    },
    #[pyo3(transparent)]
    Constant(Length),
}

impl<'a, 'py> FromPyObject<'a, 'py> for Latency {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(match object.extract()? {
            LatencyConfig::Constant(latency) => Self::Constant(latency.nanos()?),
            LatencyConfig::Uniform { low, high, seed } => Self::Uniform {
                low: low.nanos()?,
                high: high.nanos()?,
                seed,
            },
            LatencyConfig::Empirical { samples, seed } => Self::Empirical {
                samples: samples
                    .0
                    .into_iter()
                    .map(Length::nanos)
                    .collect::<PyResult<_>>()?,
                seed,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(latency: Latency) -> Vec<i64> {
        let mut draws = LatencyDraws::new(latency, 0);
        (0..5).map(|_| draws.next()).collect()
    }

    /// The first draws of the seed 1234567, as the authors of the generator give them.
    const DRAWS: [u64; 5] = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];

    #[test]
    fn a_constant_latency_stays() {
        assert_eq!(draws(Latency::Constant(7)), [7; 5]);
    }

    #[test]
    fn uniform_latencies_scale_the_draw() {
        let latency = Latency::Uniform {
            low: 0,
            high: i64::MAX,
            seed: 1_234_567,
        };
        // high − low + 1 is 2⁶³: half of each draw.
        assert_eq!(
            draws(latency),
            DRAWS.map(|draw| i64::try_from(draw / 2).unwrap())
        );
        let latency = Latency::Uniform {
            low: 10,
            high: 19,
            seed: 1_234_567,
        };
        // 0.350, 0.173, 0.532, 0.249 and 0.889 of 2⁶⁴.
        assert_eq!(draws(latency), [13, 11, 15, 12, 18]);
    }

    #[test]
    fn each_link_starts_at_a_seed_of_its_own() {
        let of_seed = |seed, link| {
            let latency = Latency::Uniform {
                low: 0,
                high: i64::MAX,
                seed,
            };
            LatencyDraws::new(latency, link).next()
        };
        assert_eq!(of_seed(1_234_560, 7), of_seed(1_234_567, 0));
        assert_eq!(of_seed(u64::MAX, 3), of_seed(2, 0));
        assert_ne!(of_seed(7, 0), of_seed(7, 1));
    }

    #[test]
    fn uniform_latencies_without_width_are_constant() {
        let latency = Latency::Uniform {
            low: 3,
            high: 3,
            seed: 0,
        };
        assert_eq!(draws(latency), [3; 5]);
    }

    #[test]
    fn empirical_latencies_take_the_sample_at_the_draw() {
        let latency = Latency::Empirical {
            samples: vec![100, 200, 300, 400],
            seed: 1_234_567,
        };
        assert_eq!(draws(latency), [200, 100, 300, 100, 400]);
    }
}

//! The drawdowns of an equity, exact at every mark.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How many of the deepest drawdowns are kept, by amount and by share.
pub const DRAWDOWNS_KEPT: usize = 100;

/// A drawdown: from the mark that fell below the peak to the mark that reached it again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Episode {
    pub peak: Decimal,
    pub trough: Decimal,
    /// The first mark below the peak, in nanoseconds since 1970.
    pub start: i64,
    /// The first mark at the trough.
    pub bottom: i64,
    /// The first mark that is not below the peak; `None` while there is none.
    pub end: Option<i64>,
}

impl Episode {
    /// How far it fell, as an amount.
    pub fn depth(&self) -> Decimal {
        self.peak.saturating_sub(self.trough)
    }

    /// How far it fell, as a share of the peak; `None` if the peak is not positive.
    pub fn share(&self) -> Option<Decimal> {
        if self.peak > Decimal::ZERO {
            self.depth().checked_div(self.peak)
        } else {
            None
        }
    }
}

/// The drawdowns of an equity so far.
#[derive(Default)]
pub struct Drawdowns {
    peak: Option<Decimal>,
    current: Option<Episode>,
    by_amount: Vec<Episode>,
    by_share: Vec<Episode>,
}

impl Drawdowns {
    /// The equity is marked.
    pub fn mark(&mut self, now: i64, equity: Decimal) {
        let Some(peak) = self.peak.filter(|peak| equity < *peak) else {
            self.peak = Some(equity);
            if let Some(mut episode) = self.current.take() {
                episode.end = Some(now);
                self.keep(episode);
            }
            return;
        };
        match &mut self.current {
            Some(episode) => {
                if equity < episode.trough {
                    episode.trough = equity;
                    episode.bottom = now;
                }
            }
            None => {
                self.current = Some(Episode {
                    peak,
                    trough: equity,
                    start: now,
                    bottom: now,
                    end: None,
                });
            }
        }
    }

    /// How far the equity is below its peak, as a share of the peak; `None` if the peak is not positive.
    pub fn share(&self, equity: Decimal) -> Option<Decimal> {
        let peak = self.peak.filter(|peak| *peak > Decimal::ZERO)?;
        peak.saturating_sub(equity).checked_div(peak)
    }

    /// The deepest first, by amount and by share of the peak; of equal ones the earliest.
    pub fn finish(&mut self) -> (Vec<Episode>, Vec<Episode>) {
        if let Some(episode) = self.current.take() {
            self.keep(episode);
        }
        (
            std::mem::take(&mut self.by_amount),
            std::mem::take(&mut self.by_share),
        )
    }

    fn keep(&mut self, episode: Episode) {
        let depth = |episode: &Episode| Some(episode.depth());
        insert(&mut self.by_amount, episode, depth);
        if episode.share().is_some() {
            insert(&mut self.by_share, episode, Episode::share);
        }
    }
}

fn insert(kept: &mut Vec<Episode>, episode: Episode, size: impl Fn(&Episode) -> Option<Decimal>) {
    let own = size(&episode);
    let is_shallower = |last: &Episode| size(last).cmp(&own) != Ordering::Less;
    if kept.len() >= DRAWDOWNS_KEPT && kept.last().is_some_and(is_shallower) {
        return;
    }
    let place = kept.partition_point(|other| size(other) >= own);
    kept.insert(place, episode);
    kept.truncate(DRAWDOWNS_KEPT);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(equities: &[i64]) -> (Vec<Episode>, Vec<Episode>) {
        let mut drawdowns = Drawdowns::default();
        for (now, equity) in (0..).zip(equities) {
            drawdowns.mark(now, Decimal::from(*equity));
        }
        drawdowns.finish()
    }

    fn episode(peak: i64, trough: i64, start: i64, bottom: i64, end: Option<i64>) -> Episode {
        Episode {
            peak: peak.into(),
            trough: trough.into(),
            start,
            bottom,
            end,
        }
    }

    #[test]
    fn an_episode_is_below_the_peak_from_its_start_to_its_end() {
        let (by_amount, by_share) = marked(&[10, 10, 8, 9, 8, 10, 9, 20, 17]);
        let first = episode(10, 8, 2, 2, Some(5));
        let second = episode(10, 9, 6, 6, Some(7));
        let third = episode(20, 17, 8, 8, None);
        assert_eq!(by_amount, [third, first, second]);
        assert_eq!(by_share, [first, third, second]);
    }

    #[test]
    fn there_is_no_share_of_a_peak_that_is_not_positive() {
        let (by_amount, by_share) = marked(&[0, -5, 1, -3]);
        let (first, second) = (episode(0, -5, 1, 1, Some(2)), episode(1, -3, 3, 3, None));
        assert_eq!(by_amount, [first, second]);
        assert_eq!(by_share, [second]);
        assert_eq!(second.share(), Some(Decimal::from(4)));
    }

    #[test]
    fn only_the_deepest_are_kept() {
        let equities: Vec<i64> = (1..=150).flat_map(|depth| [1000, 1000 - depth]).collect();
        let (by_amount, _) = marked(&equities);
        let depths: Vec<Decimal> = by_amount.iter().map(Episode::depth).collect();
        let expected: Vec<Decimal> = (51..=150).rev().map(Decimal::from).collect();
        assert_eq!(depths, expected);
    }
}

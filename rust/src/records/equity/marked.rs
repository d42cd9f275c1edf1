//! The account's equity, marked at every market event of an instrument that is held.

use super::{
    account_equity::{AccountEquity, EquityLine},
    curve::{BarInterval, Curve, MERGED_BARS, count_intervals},
    line::Line,
};
use crate::{
    instrument::Indexed,
    state::{State, profit_at},
};
use barter_instrument::{asset::AssetIndex, instrument::InstrumentIndex};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// How the equity of a run is kept.
#[derive(Default)]
pub struct EquityOptions {
    /// The length of a bar in nanoseconds; it is chosen if this is `None`.
    pub interval: Option<i64>,
    /// At which instrument's mark the equity in a quote asset is converted.
    pub conversions: BTreeMap<AssetIndex, InstrumentIndex>,
}

/// Keeps the equity of a run.
pub struct MarkedEquity {
    /// By index of the instrument: whether its market events change an equity.
    is_marked: Vec<bool>,
    /// By index of the instrument: the place of its quote asset in `lines`.
    line_of: Vec<usize>,
    /// By index of the instrument: the best bid and ask of its last mark. Most events change neither.
    prices: Vec<Option<(Decimal, Decimal)>>,
    assets: Vec<AssetIndex>,
    /// By quote asset, in their order.
    lines: Vec<Line>,
    total: Option<Total>,
    interval: BarInterval,
}

/// The equity of the whole account, in one asset.
struct Total {
    /// The name of the asset.
    name: String,
    /// By quote asset, as `lines`.
    rates: Vec<Rate>,
    /// Whether each part had a price at the last event that counts.
    is_known: bool,
    curve: Curve,
}

/// How the equity in a quote asset counts in the total.
enum Rate {
    /// As it is.
    Same,
    /// At the mark of an instrument.
    Conversion {
        instrument: InstrumentIndex,
        /// The quote asset of the line is the instrument's base, not its quote.
        is_base: bool,
        mark: Option<Decimal>,
    },
}

impl Rate {
    fn convert(&self, equity: Decimal) -> Option<Decimal> {
        match self {
            Self::Same => Some(equity),
            Self::Conversion { .. } if equity.is_zero() => Some(equity),
            Self::Conversion { is_base, mark, .. } => {
                if *is_base {
                    equity.checked_mul((*mark)?)
                } else {
                    equity.checked_div((*mark)?)
                }
            }
        }
    }
}

impl MarkedEquity {
    /// Nothing yet; `held` gives the balances at the start.
    pub fn new(
        indexed: &Indexed,
        options: &EquityOptions,
        held: impl Fn(AssetIndex) -> Decimal,
    ) -> Self {
        let instruments = indexed.instruments.instruments();
        let quotes = instruments
            .iter()
            .map(|keyed| keyed.value.underlying.quote)
            .collect::<BTreeSet<_>>();
        let assets: Vec<AssetIndex> = quotes.into_iter().collect();
        let mut equity = Self {
            is_marked: vec![false; instruments.len()],
            prices: vec![None; instruments.len()],
            line_of: instruments
                .iter()
                .map(|keyed| assets.partition_point(|asset| *asset < keyed.value.underlying.quote))
                .collect(),
            lines: assets.iter().map(|asset| Line::new(held(*asset))).collect(),
            total: total_of(indexed, &assets, options),
            assets,
            interval: BarInterval::new(options.interval),
        };
        for instrument in options.conversions.values() {
            if let Some(is_marked) = equity.is_marked.get_mut(instrument.index()) {
                *is_marked = true;
            }
        }
        equity
    }

    /// Whether market events of the instrument change an equity.
    #[inline]
    pub fn is_marked(&self, instrument: InstrumentIndex) -> bool {
        self.is_marked
            .get(instrument.index())
            .copied()
            .unwrap_or_default()
    }

    /// A position of the instrument is closed with this profit.
    pub fn realise(&mut self, instrument: InstrumentIndex, profit: Decimal) {
        if let Some(line) = self
            .line_of
            .get(instrument.index())
            .and_then(|place| self.lines.get_mut(*place))
        {
            line.realise(profit);
        }
    }

    /// The position of the instrument has changed by a fill.
    pub fn on_fill(&mut self, now: i64, state: &State, instrument: InstrumentIndex) {
        let known = state.instruments.0.get_index(instrument.index());
        let is_held = known.is_some_and(|(_, known)| known.position.current.is_some());
        let total = self.total.as_ref();
        let is_converted = total.is_some_and(|total| total.converts_at(instrument));
        if let Some(is_marked) = self.is_marked.get_mut(instrument.index()) {
            *is_marked = is_held || is_converted;
        }
        if let Some(prices) = self.prices.get_mut(instrument.index()) {
            *prices = None;
        }
        if !is_held {
            self.mark_line(now, instrument, None);
        }
        self.on_market(now, state, instrument);
    }

    /// The market of the instrument has changed.
    pub fn on_market(&mut self, now: i64, state: &State, instrument: InstrumentIndex) {
        let Some((_, known)) = state.instruments.0.get_index(instrument.index()) else {
            return;
        };
        let l1 = &known.data.market.quote.l1;
        let best = l1.best_bid.zip(l1.best_ask);
        let best = best.map(|(bid, ask)| (bid.price, ask.price));
        if let Some(prices) = self.prices.get_mut(instrument.index()) {
            if let (Some(before), Some(best)) = (*prices, best)
                && is_same(before.0, best.0)
                && is_same(before.1, best.1)
            {
                self.mark_again(now, instrument, known.position.current.is_some());
                return;
            }
            *prices = best;
        }
        let mark = known.data.market.mark();
        if let Some(position) = &known.position.current {
            self.mark_line(now, instrument, Some(profit_at(position, mark)));
        }
        if self.total.is_some() {
            self.mark_total(now, instrument, mark);
        }
    }

    /// The position of the instrument has paid or received funding.
    pub fn on_funding(&mut self, now: i64, instrument: InstrumentIndex, amount: Decimal) {
        let mut longest = 0;
        if let Some(line) = self
            .line_of
            .get(instrument.index())
            .and_then(|place| self.lines.get_mut(*place))
        {
            line.realise(amount);
            line.curve.mark(now, line.equity(), self.interval);
            longest = line.curve.bars.len();
        }
        if let Some(total) = &mut self.total {
            total.mark(now, &self.lines, self.interval);
            longest = longest.max(total.curve.bars.len());
        }
        if self.interval.is_too_short_for(longest) {
            self.merge();
        }
    }

    /// Marks everything, as at the start and at the end of a run.
    pub fn mark_all(&mut self, now: i64) {
        for line in &mut self.lines {
            line.curve.mark(now, line.equity(), self.interval);
        }
        if let Some(total) = &mut self.total {
            total.mark(now, &self.lines, self.interval);
        }
        let longest = self.lines.iter().map(|line| line.curve.bars.len()).max();
        if longest.is_some_and(|bars| self.interval.is_too_short_for(bars)) {
            self.merge();
        }
    }

    /// The quote assets, what the account is worth in each at the last mark, and how far that is below its
    /// peak, as a share of the peak.
    pub fn now(&self) -> impl Iterator<Item = (AssetIndex, Decimal, Option<Decimal>)> {
        let lines = self.assets.iter().zip(&self.lines);
        lines.map(|(asset, line)| {
            let equity = line.equity();
            (*asset, equity, line.curve.drawdowns.share(equity))
        })
    }

    /// The equity of the run, which is over.
    pub fn finish(&mut self, now: i64) -> AccountEquity {
        self.mark_all(now);
        let assets = self.assets.iter().map(|asset| Some(asset.index()));
        let curves = self.lines.iter_mut().map(|line| &mut line.curve);
        let mut lines: Vec<EquityLine> = assets
            .zip(curves)
            .map(|(asset, curve)| EquityLine::new(asset, curve))
            .collect();
        let total = self.total.as_mut().map(|total| {
            lines.push(EquityLine::new(None, &mut total.curve));
            std::mem::take(&mut total.name)
        });
        AccountEquity::new(self.interval.length(), lines, total)
    }

    /// Marks the quote asset of an instrument with the profit of its open position, if there is one.
    fn mark_line(&mut self, now: i64, instrument: InstrumentIndex, profit: Option<Decimal>) {
        if let Some(line) = self
            .line_of
            .get(instrument.index())
            .and_then(|place| self.lines.get_mut(*place))
        {
            line.set_open(instrument.index(), profit);
            line.curve.mark(now, line.equity(), self.interval);
            if self.interval.is_too_short_for(line.curve.bars.len()) {
                self.merge();
            }
        }
    }

    /// Marks what the instrument changes, which its event has left as it was.
    fn mark_again(&mut self, now: i64, instrument: InstrumentIndex, is_held: bool) {
        let mut longest = 0;
        if let Some(line) = self
            .line_of
            .get(instrument.index())
            .and_then(|place| self.lines.get_mut(*place))
            .filter(|_| is_held)
        {
            line.curve.mark_again(now, self.interval);
            longest = line.curve.bars.len();
        }
        if let Some(total) = self.total.as_mut().filter(|total| total.is_known) {
            total.curve.mark_again(now, self.interval);
            longest = longest.max(total.curve.bars.len());
        }
        if self.interval.is_too_short_for(longest) {
            self.merge();
        }
    }

    #[inline(never)]
    fn mark_total(&mut self, now: i64, changed: InstrumentIndex, known: Option<Decimal>) {
        if let Some(total) = &mut self.total {
            for rate in &mut total.rates {
                match rate {
                    Rate::Conversion {
                        instrument, mark, ..
                    } if *instrument == changed => *mark = known,
                    Rate::Conversion { .. } | Rate::Same => {}
                }
            }
            total.mark(now, &self.lines, self.interval);
            if self.interval.is_too_short_for(total.curve.bars.len()) {
                self.merge();
            }
        }
    }

    /// Merges the bars to the shortest interval that leaves few of them.
    #[cold]
    fn merge(&mut self) {
        let total = self.total.as_mut().map(|total| &mut total.curve);
        let lines = self.lines.iter_mut().map(|line| &mut line.curve);
        let mut curves: Vec<&mut Curve> = lines.chain(total).collect();
        loop {
            self.interval.grow();
            let length = self.interval.length();
            let mut counts = curves
                .iter()
                .map(|curve| count_intervals(&curve.bars, length));
            if counts.all(|count| count <= MERGED_BARS) {
                break;
            }
        }
        for curve in &mut curves {
            curve.merge(self.interval);
        }
    }
}

impl Total {
    fn converts_at(&self, changed: InstrumentIndex) -> bool {
        self.rates.iter().any(|rate| match rate {
            Rate::Conversion { instrument, .. } => *instrument == changed,
            Rate::Same => false,
        })
    }

    /// Marks the sum, once each part of it has a price.
    fn mark(&mut self, now: i64, lines: &[Line], interval: BarInterval) {
        let parts = self.rates.iter().zip(lines);
        let mut parts = parts.map(|(rate, line)| rate.convert(line.equity()));
        let sum = parts.try_fold(Decimal::ZERO, |sum, part| Some(sum.saturating_add(part?)));
        self.is_known = sum.is_some();
        if let Some(sum) = sum {
            self.curve.mark(now, sum, interval);
        }
    }
}

/// Whether two prices are equal. Mostly their bits are, which takes less to find out.
fn is_same(one: Decimal, other: Decimal) -> bool {
    one.mantissa() == other.mantissa() && one.scale() == other.scale() || one == other
}

/// The total of several quote assets, if they are all of one name, or become it.
fn total_of(indexed: &Indexed, assets: &[AssetIndex], options: &EquityOptions) -> Option<Total> {
    let name_of = |asset: AssetIndex| {
        let assets = indexed.instruments.assets();
        let keyed = assets.get(asset.index())?;
        Some(keyed.value.asset.name_internal.clone())
    };
    let mut names = BTreeSet::new();
    let mut rates = Vec::new();
    for asset in assets {
        let Some(instrument) = options.conversions.get(asset) else {
            names.insert(name_of(*asset)?);
            rates.push(Rate::Same);
            continue;
        };
        let underlying = &indexed.instrument(instrument.index())?.underlying;
        let is_base = name_of(*asset)? == name_of(underlying.base)?;
        names.insert(name_of(if is_base {
            underlying.quote
        } else {
            underlying.base
        })?);
        rates.push(Rate::Conversion {
            instrument: *instrument,
            is_base,
            mark: None,
        });
    }
    let is_wanted = assets.len() > 1 || !options.conversions.is_empty();
    let name = names.pop_first()?;
    (is_wanted && names.is_empty()).then(|| Total {
        name: name.to_string(),
        rates,
        is_known: false,
        curve: Curve::default(),
    })
}

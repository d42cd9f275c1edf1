//! What the account is worth in one quote asset.

use super::curve::Curve;
use rust_decimal::Decimal;

/// So many open positions are simply added up.
const FEW: usize = 2;

/// The equity in one quote asset.
pub struct Line {
    /// The balance at the start, and the profit of closed positions since.
    realised: Decimal,
    /// Realised and unrealised profit of the open positions, by index of the instrument.
    open: Vec<(usize, Decimal)>,
    equity: Decimal,
    /// Whether `equity` is the sum without rounding.
    is_exact: bool,
    pub curve: Curve,
}

impl Line {
    /// Nothing but a balance.
    pub fn new(balance: Decimal) -> Self {
        Self {
            realised: balance,
            open: Vec::new(),
            equity: balance,
            is_exact: true,
            curve: Curve::default(),
        }
    }

    /// The equity now.
    pub const fn equity(&self) -> Decimal {
        self.equity
    }

    /// A position is closed with this profit.
    pub fn realise(&mut self, profit: Decimal) {
        self.realised = self.realised.saturating_add(profit);
        self.add_up();
    }

    /// The profit of an instrument's open position has changed; it is `None` without a position.
    pub fn set_open(&mut self, instrument: usize, profit: Option<Decimal>) {
        let place = self
            .open
            .binary_search_by_key(&instrument, |(held, _)| *held);
        match (place, profit) {
            (Ok(place), Some(profit)) => {
                if let Some((_, known)) = self.open.get_mut(place) {
                    let before = std::mem::replace(known, profit);
                    self.change(before, profit);
                }
            }
            (Ok(place), None) => {
                self.open.remove(place);
                self.add_up();
            }
            (Err(place), Some(profit)) => {
                self.open.insert(place, (instrument, profit));
                self.add_up();
            }
            (Err(_), None) => {}
        }
    }

    /// Takes the change of one position, so that an event costs the same however many are open.
    fn change(&mut self, before: Decimal, after: Decimal) {
        if self.is_exact && self.open.len() > FEW {
            let mut taken = before;
            taken.set_sign_negative(before.is_sign_positive());
            let change = exact_sum(after, taken);
            if let Some(equity) = change.and_then(|change| exact_sum(self.equity, change)) {
                self.equity = equity;
                return;
            }
        }
        self.add_up();
    }

    fn add_up(&mut self) {
        self.is_exact = true;
        self.equity = self.realised;
        for (_, profit) in &self.open {
            let sum = exact_sum(self.equity, *profit);
            self.is_exact &= sum.is_some();
            self.equity = sum.unwrap_or_else(|| self.equity.saturating_add(*profit));
        }
    }
}

/// The sum, if a decimal holds it without rounding.
fn exact_sum(one: Decimal, other: Decimal) -> Option<Decimal> {
    let sum = one.checked_add(other)?;
    // A sum that does not fit gives up decimal places.
    let is_exact = sum.scale() == one.scale().max(other.scale());
    (is_exact || one.is_zero() || other.is_zero()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_sum_that_is_rounded_is_not_exact() {
        assert_eq!(exact_sum(dec("1.5"), dec("0.25")), Some(dec("1.75")));
        assert_eq!(exact_sum(dec("0"), dec("0.25")), Some(dec("0.25")));
        assert_eq!(exact_sum(dec("1.50"), dec("-1.5")), Some(dec("0")));
        let (large, small) = (dec("1000000000000000000000000000"), dec("0.123"));
        assert_eq!(exact_sum(large, small), None);
        assert_eq!(exact_sum(Decimal::MAX, Decimal::MAX), None);
    }

    #[test]
    fn the_equity_is_the_sum_whatever_changes() {
        let mut line = Line::new(dec("100"));
        let third = Decimal::ONE / dec("3");
        let profits = [
            dec("1.25"),
            dec("-7"),
            third,
            dec("0"),
            dec("2"),
            -third,
            dec("5.5"),
        ];
        let mut known = [None; 4];
        for (step, profit) in profits.iter().cycle().take(60).enumerate() {
            let instrument = step * 7 % 4;
            let profit = (step % 5 != 4).then_some(*profit);
            known[instrument] = profit;
            line.set_open(instrument, profit);
            let sum = known
                .iter()
                .flatten()
                .fold(dec("100"), |sum, one| sum + one);
            assert_eq!(line.equity(), sum, "step {step}");
        }
        line.realise(dec("-0.5"));
        let sum = known
            .iter()
            .flatten()
            .fold(dec("99.5"), |sum, one| sum + one);
        assert_eq!(line.equity(), sum);
    }
}

//! The sums over the fills of an order.

use super::{
    amount::{Amount, PLACES},
    booking::{Booking, Fill},
};
use ethnum::I256;
use rust_decimal::Decimal;

/// The sums over the fills of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Executed {
    /// In units of the order's quantity.
    pub quantity: Amount,
    /// The part of it that was filled while the order rested.
    pub maker: Amount,
    /// In the quote asset: the sum of the fees of the order's trades.
    pub fees: Amount,
    /// Price × quantity, exactly, in units of 10⁻⁴⁰; `None` if it does not fit. Each value is below
    /// 10¹⁵, so that 10²⁰ of them fit.
    value: Option<I256>,
    price: Prices,
}

/// The prices of the fills.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Prices {
    None,
    /// All fills have this one, as mostly.
    One(Decimal),
    Several,
}

impl Executed {
    pub const NOTHING: Self = Self {
        quantity: Amount::ZERO,
        maker: Amount::ZERO,
        fees: Amount::ZERO,
        value: Some(I256::ZERO),
        price: Prices::None,
    };

    /// Adds a fill.
    pub fn add(&mut self, fill: &Fill, booking: &Booking) {
        let value = value(fill.price, fill.quantity);
        self.price = match self.price {
            Prices::None => Prices::One(fill.price),
            Prices::One(price) if price == fill.price => Prices::One(price),
            Prices::One(_) | Prices::Several => Prices::Several,
        };
        self.quantity = self.quantity.plus(fill.quantity);
        self.fees = self.fees.plus(booking.fees);
        self.value = self
            .value
            .zip(value)
            .and_then(|(sum, value)| sum.checked_add(value));
    }

    /// Adds a fill of an order that rests.
    pub fn add_resting(&mut self, fill: &Fill, booking: &Booking) {
        self.add(fill, booking);
        self.maker = self.maker.plus(fill.quantity);
    }

    /// Value ÷ quantity, with as many decimal places as a decimal holds, half to even.
    pub fn average_price(&self) -> Option<Decimal> {
        if let Prices::One(price) = self.price {
            return Some(price.normalize());
        }
        let (value, quantity) = (self.value?, I256::from(self.quantity.units()));
        let average = (0..=Decimal::MAX_SCALE).rev().find_map(|places| {
            let power = I256::from(10).checked_pow(Decimal::MAX_SCALE.checked_sub(places)?)?;
            let mantissa = quotient(value, quantity.checked_mul(power)?)?;
            let mantissa = i128::try_from(mantissa).ok()?;
            Decimal::try_from_i128_with_scale(mantissa, places).ok()
        })?;
        Some(average.normalize())
    }
}

/// Price × quantity in units of 10⁻⁴⁰.
fn value(price: Decimal, quantity: Amount) -> Option<I256> {
    let power = I256::from(10).checked_pow(Decimal::MAX_SCALE.checked_sub(price.scale())?)?;
    I256::from(price.mantissa())
        .checked_mul(power)?
        .checked_mul(I256::from(quantity.units()))
}

/// The quotient by a positive number, half to even.
fn quotient(number: I256, divisor: I256) -> Option<I256> {
    let whole = number.checked_div_euclid(divisor)?;
    let twice = number
        .checked_rem_euclid(divisor)?
        .checked_mul(I256::from(2))?;
    let is_odd = whole.checked_rem_euclid(I256::from(2))? == I256::ONE;
    if twice > divisor || twice == divisor && is_odd {
        whole.checked_add(I256::ONE)
    } else {
        Some(whole)
    }
}

// The units of values are those of amounts by those of prices.
const _: () = assert!(PLACES + Decimal::MAX_SCALE == 40);

#[cfg(test)]
mod tests {
    use super::*;
    use barter_instrument::Side;

    fn average(fills: &[(&str, &str)]) -> Option<String> {
        let mut executed = Executed::NOTHING;
        for (price, quantity) in fills {
            let quantity = Amount::exact(quantity.parse().unwrap()).unwrap();
            let fill = Fill {
                side: Side::Buy,
                price: price.parse().unwrap(),
                quantity,
                fee_rate: Decimal::ZERO,
            };
            let booking = Booking {
                base: None,
                quote: Amount::ZERO,
                traded: quantity,
                fees: Amount::ZERO,
                holding: None,
            };
            executed.add(&fill, &booking);
        }
        executed.average_price().map(|average| average.to_string())
    }

    #[test]
    fn one_price_is_the_average_however_many_digits_it_has() {
        for price in ["96962.51", "0.0000000000000000000000000001", "-1", "0"] {
            for quantity in ["0.000000000001", "0.333333333333", "7"] {
                let fills = [(price, quantity), (price, quantity)];
                assert_eq!(average(&fills).as_deref(), Some(price), "{quantity}");
            }
        }
    }

    #[test]
    fn averages_are_rounded_half_to_even_to_what_a_decimal_holds() {
        assert_eq!(average(&[]), None);
        assert_eq!(
            average(&[("10", "1"), ("11", "3")]).as_deref(),
            Some("10.75")
        );
        let third = average(&[("1", "2"), ("2", "1")]);
        assert_eq!(third.as_deref(), Some("1.3333333333333333333333333333"));
        let large = average(&[("100000", "1"), ("200000", "2")]);
        assert_eq!(large.as_deref(), Some("166666.66666666666666666666667"));
        let least = "0.0000000000000000000000000001";
        assert_eq!(average(&[(least, "1"), ("0", "1")]).as_deref(), Some("0"));
        let thrice = "0.0000000000000000000000000003";
        let even = average(&[(thrice, "1"), ("0", "1")]);
        assert_eq!(even.as_deref(), Some("0.0000000000000000000000000002"));
    }
}

//! Amounts on the grid of 10⁻¹², so that sums are exact.

use ethnum::U256;
use rust_decimal::Decimal;

/// Decimal places of the grid.
pub const PLACES: u32 = 12;

/// A multiple of 10⁻¹², negative ones too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Amount(i128);

impl Amount {
    pub const ZERO: Self = Self(0);

    /// The bound of values and starting balances: 10¹⁵, exclusive.
    pub const LIMIT: Self = Self(10_i128.pow(27));

    /// The amount of a number; `None` if the number is not on the grid.
    pub fn exact(number: Decimal) -> Option<Self> {
        let number = number.normalize();
        let places = PLACES.checked_sub(number.scale())?;
        number
            .mantissa()
            .checked_mul(10_i128.checked_pow(places)?)
            .map(Self)
    }

    /// The amount of a number, cut after the twelfth decimal place.
    pub fn cut(number: Decimal) -> Self {
        let (mantissa, scale) = (number.mantissa(), number.scale());
        let power = 10_i128.saturating_pow(scale.abs_diff(PLACES));
        Self(if scale <= PLACES {
            mantissa.saturating_mul(power)
        } else {
            mantissa.checked_div(power).unwrap_or_default()
        })
    }

    /// The amount as a decimal, whose 96 bits leave fewer places from about 7.9 × 10¹⁶ on.
    pub fn decimal(self) -> Decimal {
        let (mut mantissa, mut places) = (self.0, PLACES);
        loop {
            match Decimal::try_from_i128_with_scale(mantissa, places) {
                Ok(number) => return number.normalize(),
                Err(_) if places > 0 => {
                    mantissa = mantissa.checked_div(10).unwrap_or_default();
                    places = places.saturating_sub(1);
                }
                Err(_) if mantissa < 0 => return Decimal::MIN,
                Err(_) => return Decimal::MAX,
            }
        }
    }

    /// The amount in units of 10⁻¹².
    pub const fn units(self) -> i128 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum. Each is the sum of values below 10¹⁵, and 10¹¹ of those fit.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// cut(self × factor); `None` if it does not fit.
    pub fn times(self, factor: Decimal) -> Option<Self> {
        let power = 10_u128.checked_pow(factor.scale())?;
        self.scaled(factor.mantissa(), power)
    }

    /// cut(self ÷ divisor); `None` if it does not fit.
    pub fn divided_by(self, divisor: Decimal) -> Option<Self> {
        let power = 10_i128.checked_pow(divisor.scale())?;
        let signed = if divisor.is_sign_negative() {
            power.checked_neg()?
        } else {
            power
        };
        self.scaled(signed, divisor.mantissa().unsigned_abs())
    }

    /// cut(self × part ÷ whole); `None` if it does not fit.
    pub fn share(self, part: Self, whole: Self) -> Option<Self> {
        let part = if whole.is_negative() {
            part.negated()
        } else {
            part
        };
        self.scaled(part.0, whole.0.unsigned_abs())
    }

    /// The greatest multiple of a step that is not greater than the amount; the amount itself if the step is zero.
    pub fn whole_steps(self, step: Decimal) -> Self {
        let in_words = || {
            let size = step
                .mantissa()
                .unsigned_abs()
                .checked_mul(10_u128.pow(PLACES))?;
            let power = 10_u128.checked_pow(step.scale())?;
            let units = self.0.unsigned_abs().checked_mul(power)?;
            let whole = units.checked_sub(units.checked_rem(size)?)?;
            i128::try_from(whole.checked_div(power)?).ok().map(Self)
        };
        let whole = || {
            let size = U256::from(step.mantissa().unsigned_abs())
                .checked_mul(U256::from(10_u32).checked_pow(PLACES)?)?;
            let power = U256::from(10_u32).checked_pow(step.scale())?;
            let count = U256::from(self.0.unsigned_abs())
                .checked_mul(power)?
                .checked_div(size)?;
            let magnitude = count.checked_mul(size)?.checked_div(power)?;
            i128::try_from(magnitude).ok().map(Self)
        };
        // Most amounts have room in 128 bits, which are divided much faster.
        in_words().or_else(whole).unwrap_or(self)
    }

    /// The exact product, divided once, towards zero.
    fn scaled(self, factor: i128, divisor: u128) -> Option<Self> {
        let (amount, magnitude) = (self.0.unsigned_abs(), factor.unsigned_abs());
        // Most products have room in 128 bits, which are divided much faster.
        let magnitude = if let Some(product) = amount.checked_mul(magnitude) {
            i128::try_from(product.checked_div(divisor)?).ok()?
        } else {
            let product = U256::from(amount).checked_mul(U256::from(magnitude))?;
            i128::try_from(product.checked_div(U256::from(divisor))?).ok()?
        };
        if (self.0 < 0) == (factor < 0) {
            Some(Self(magnitude))
        } else {
            magnitude.checked_neg().map(Self)
        }
    }
}

/// Whether a number is a multiple of a step that is not zero.
pub fn is_multiple(number: Decimal, step: Decimal) -> bool {
    let in_words = |number: Decimal, scale: u32| {
        let power = 10_u128.checked_pow(scale)?;
        number.mantissa().unsigned_abs().checked_mul(power)
    };
    if let (Some(number), Some(step)) = (
        in_words(number, step.scale()),
        in_words(step, number.scale()),
    ) {
        return number.checked_rem(step) == Some(0);
    }
    let scaled = |number: Decimal, scale: u32| {
        let power = U256::from(10_u32).checked_pow(scale)?;
        U256::from(number.mantissa().unsigned_abs()).checked_mul(power)
    };
    // 96 bits by 10²⁸ are 190 bits.
    let (number, step) = (scaled(number, step.scale()), scaled(step, number.scale()));
    number
        .zip(step)
        .and_then(|(number, step)| number.checked_rem(step))
        .is_some_and(|rest| rest == U256::ZERO)
}

/// Whether price × quantity, exactly, is less than the minimum; neither of the two is negative.
pub fn is_product_below(price: Decimal, quantity: Amount, minimum: Decimal) -> bool {
    if minimum <= Decimal::ZERO {
        return false;
    }
    let places = price.scale().saturating_add(PLACES);
    let power = |places: u32| U256::from(10_u32).checked_pow(places);
    let wide = |mantissa: i128| U256::from(mantissa.unsigned_abs());
    let product = wide(price.mantissa())
        .checked_mul(wide(quantity.0))
        .zip(power(minimum.scale().saturating_sub(places)))
        .and_then(|(product, power)| product.checked_mul(power));
    let minimum = power(places.saturating_sub(minimum.scale()))
        .and_then(|power| wide(minimum.mantissa()).checked_mul(power));
    match (product, minimum) {
        (Some(product), Some(minimum)) => product < minimum,
        // The minimum has at most 230 bits, so it is the product that does not fit.
        (_, minimum) => minimum.is_none(),
    }
}

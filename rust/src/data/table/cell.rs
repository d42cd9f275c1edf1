//! One cell of a table, of text or of an Arrow column, as the number, time or side that it is.

use crate::convert::{decimal_from_f64, exact_from_text, quoted};
use barter_instrument::Side;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use smol_str::{SmolStr, ToSmolStr};
use std::borrow::Cow;

/// A value before it is known what it should be.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// Empty text, or null.
    Missing,
    /// Text that is not empty, without spaces around it.
    Text(&'a str),
    /// A whole number.
    Whole(i128),
    /// A decimal.
    Exact(Decimal),
    /// A float.
    Float(f64),
    /// Nanoseconds since 1970 in UTC.
    Time(i64),
    /// Nanoseconds since 1970 in a time zone that is not said.
    LocalTime(i64),
    /// A truth value.
    Truth(bool),
}

impl Cell<'_> {
    /// Whether there is no value; tables of floats write it as NaN.
    pub fn is_missing(self) -> bool {
        match self {
            Self::Missing => true,
            Self::Float(float) => float.is_nan(),
            Self::Text(_)
            | Self::Whole(_)
            | Self::Exact(_)
            | Self::Time(_)
            | Self::LocalTime(_)
            | Self::Truth(_) => false,
        }
    }

    /// What the cell holds, for messages.
    pub fn shown(self) -> Cow<'static, str> {
        match self {
            Self::Missing => "an empty cell".into(),
            Self::Text(text) => quoted(text).into(),
            Self::Whole(number) => number.to_string().into(),
            Self::Exact(number) => number.to_string().into(),
            Self::Float(number) => format!("the float {number:?}").into(),
            Self::Time(_) | Self::LocalTime(_) => "a time".into(),
            Self::Truth(truth) => format!("the truth value {truth}").into(),
        }
    }

    /// An exact number.
    pub fn decimal(self) -> Result<Decimal, String> {
        match self {
            Self::Text(text) => exact_from_text(text),
            Self::Whole(number) => Decimal::try_from_i128_with_scale(number, 0)
                .map_err(|_| format!("{number} does not fit exactly: it is too large")),
            Self::Exact(number) => Ok(number),
            Self::Float(number) if !number.is_nan() => decimal_from_f64(number),
            Self::Float(_) | Self::Missing => Err("is empty, but needs a number".to_owned()),
            Self::Time(_) | Self::LocalTime(_) | Self::Truth(_) => {
                Err(format!("holds {}, but needs a number", self.shown()))
            }
        }
    }

    /// A whole number from zero.
    pub fn count(self) -> Result<u64, String> {
        let number = match self {
            Self::Text(text) => text.parse().ok(),
            Self::Whole(number) => number.try_into().ok(),
            Self::Exact(number) if number.is_integer() => number.to_u64(),
            Self::Exact(_)
            | Self::Float(_)
            | Self::Missing
            | Self::Time(_)
            | Self::LocalTime(_)
            | Self::Truth(_) => None,
        };
        let limit = u64::MAX;
        number.ok_or_else(|| {
            format!(
                "must be a whole number from 0 to {limit}, got {}",
                self.shown()
            )
        })
    }

    /// The side of an order or a trade; `None` if the cell says that it is not known.
    pub fn side(self) -> Result<Option<Side>, String> {
        const SIDES: [(&str, Option<Side>); 9] = [
            ("buy", Some(Side::Buy)),
            ("sell", Some(Side::Sell)),
            ("b", Some(Side::Buy)),
            ("s", Some(Side::Sell)),
            ("a", Some(Side::Sell)),
            ("bid", Some(Side::Buy)),
            ("ask", Some(Side::Sell)),
            ("unknown", None),
            ("n", None),
        ];
        match self {
            Self::Missing => return Ok(None),
            Self::Text(text) => {
                for (name, side) in SIDES {
                    if name.eq_ignore_ascii_case(text) {
                        return Ok(side);
                    }
                }
            }
            Self::Whole(_)
            | Self::Exact(_)
            | Self::Float(_)
            | Self::Time(_)
            | Self::LocalTime(_)
            | Self::Truth(_) => {}
        }
        Err(format!(
            "holds {}, which is no side: buy, sell, b (bid), a (ask) and s are, in any case",
            self.shown()
        ))
    }

    /// A truth value.
    pub fn truth(self) -> Result<bool, String> {
        const TRUTHS: [(&str, bool); 6] = [
            ("true", true),
            ("false", false),
            ("1", true),
            ("0", false),
            ("t", true),
            ("f", false),
        ];
        match self {
            Self::Truth(truth) => return Ok(truth),
            Self::Whole(0) => return Ok(false),
            Self::Whole(1) => return Ok(true),
            Self::Text(text) => {
                for (name, truth) in TRUTHS {
                    if name.eq_ignore_ascii_case(text) {
                        return Ok(truth);
                    }
                }
            }
            Self::Missing
            | Self::Whole(_)
            | Self::Exact(_)
            | Self::Float(_)
            | Self::Time(_)
            | Self::LocalTime(_) => {}
        }
        Err(format!(
            "holds {}, but needs true or false, in any case, or 1 or 0",
            self.shown()
        ))
    }

    /// The id of a trade.
    pub fn id(self) -> Result<SmolStr, String> {
        match self {
            Self::Text(text) => Ok(SmolStr::new(text)),
            Self::Whole(number) => Ok(number.to_smolstr()),
            Self::Exact(number) if number.is_integer() => Ok(number.normalize().to_smolstr()),
            Self::Missing => Err(
                "is empty, but needs an id; without a column for it, id=None, \
                 trades are counted"
                    .to_owned(),
            ),
            Self::Exact(_)
            | Self::Float(_)
            | Self::Time(_)
            | Self::LocalTime(_)
            | Self::Truth(_) => Err(format!(
                "holds {}, but needs an id: text or a whole number",
                self.shown()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let text = |cell: Cell<'_>| cell.decimal().map(|number| number.to_string());
        assert_eq!(text(Cell::Text("0.10")), Ok("0.10".to_owned()));
        assert_eq!(text(Cell::Whole(-7)), Ok("-7".to_owned()));
        assert_eq!(text(Cell::Float(0.1)), Ok("0.1".to_owned()));
        assert_eq!(
            text(Cell::Exact(Decimal::new(50, 2))),
            Ok("0.50".to_owned())
        );
        assert!(
            text(Cell::Whole(1 << 96))
                .unwrap_err()
                .contains("too large")
        );
        assert!(text(Cell::Float(f64::NAN)).unwrap_err().contains("empty"));
        assert!(
            text(Cell::Float(f64::INFINITY))
                .unwrap_err()
                .contains("finite")
        );
        assert!(text(Cell::Truth(true)).unwrap_err().contains("truth value"));
    }

    #[test]
    fn sides_in_any_case() {
        for name in ["buy", "BUY", "b", "B", "Bid"] {
            assert_eq!(Cell::Text(name).side(), Ok(Some(Side::Buy)), "{name}");
        }
        for name in ["sell", "Sell", "s", "a", "A", "ask"] {
            assert_eq!(Cell::Text(name).side(), Ok(Some(Side::Sell)), "{name}");
        }
        for cell in [Cell::Missing, Cell::Text("unknown"), Cell::Text("N")] {
            assert_eq!(cell.side(), Ok(None));
        }
        for cell in [Cell::Text("buyer"), Cell::Truth(true), Cell::Whole(1)] {
            assert!(cell.side().is_err());
        }
    }

    #[test]
    fn truth_is_read_and_not_guessed() {
        for cell in [
            Cell::Text("True"),
            Cell::Text("true"),
            Cell::Whole(1),
            Cell::Truth(true),
        ] {
            assert_eq!(cell.truth(), Ok(true));
        }
        for cell in [Cell::Text("False"), Cell::Text("0"), Cell::Whole(0)] {
            assert_eq!(cell.truth(), Ok(false));
        }
        for cell in [
            Cell::Text("yes"),
            Cell::Whole(2),
            Cell::Missing,
            Cell::Float(1.0),
        ] {
            assert!(cell.truth().is_err());
        }
    }

    #[test]
    fn ids_are_text_or_whole_numbers() {
        assert_eq!(Cell::Whole(7).id().unwrap(), "7");
        assert_eq!(Cell::Exact(Decimal::new(70, 1)).id().unwrap(), "7");
        assert_eq!(Cell::Text("x-1").id().unwrap(), "x-1");
        assert!(Cell::Float(7.0).id().is_err());
        assert!(Cell::Missing.id().unwrap_err().contains("id=None"));
    }
}

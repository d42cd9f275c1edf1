//! Amounts and their cuts.

use super::*;
use crate::exchange::amount::{Amount, is_multiple, is_product_below};

fn amount(text: &str) -> Amount {
    Amount::exact(decimal(text)).unwrap()
}

fn text(amount: Option<Amount>) -> String {
    amount.unwrap().decimal().to_string()
}

#[test]
fn amounts_are_cut_towards_zero() {
    for (factor, of, expected) in [
        ("1.5", "3", "4.5"),
        ("0.0000000000001", "19", "0.000000000001"),
        ("-0.0000000000001", "19", "-0.000000000001"),
        ("0.3333333333333333333333333333", "3", "0.999999999999"),
        ("1.000000000001", "1.000000000001", "1.000000000002"),
        ("999999999999", "999999999999", "999999999998000000000001"),
    ] {
        assert_eq!(
            text(amount(of).times(decimal(factor))),
            expected,
            "{factor}"
        );
    }
    assert_eq!(text(amount("2").divided_by(decimal("3"))), "0.666666666666");
    assert_eq!(
        text(amount("2").divided_by(decimal("0.3"))),
        "6.666666666666"
    );
    assert_eq!(
        text(amount("7").share(amount("1"), amount("3"))),
        "2.333333333333"
    );
    assert_eq!(Amount::exact(decimal("0.0000000000001")), None);
    assert_eq!(
        Amount::exact(decimal("1.5000000000000000")),
        Some(amount("1.5"))
    );
    assert_eq!(
        Amount::cut(decimal("0.9999999999999")),
        amount("0.999999999999")
    );
    assert_eq!(Amount::exact(Decimal::MAX), None);
}

#[test]
fn steps_are_counted_downwards() {
    for (of, step, expected) in [
        ("0.37", "0.1", "0.3"),
        ("0.09", "0.1", "0"),
        ("5", "1000", "0"),
        ("2500", "1000", "2000"),
        ("1", "0.3333333333333333333333333333", "0.999999999999"),
    ] {
        let whole = amount(of).whole_steps(decimal(step));
        assert_eq!(whole.decimal().to_string(), expected, "{of}");
    }
    assert_eq!(amount("1.5").whole_steps(Decimal::ZERO), amount("1.5"));
}

#[test]
fn what_does_not_fit_is_none() {
    let large = amount("99999999999999");
    assert_eq!(large.times(Decimal::MAX), None);
    assert_eq!(large.divided_by(Decimal::ZERO), None);
    assert_eq!(large.share(large, Amount::ZERO), None);
    assert_eq!(large.divided_by(Decimal::new(1, 28)), None);
}

#[test]
fn multiples_and_products_are_exact() {
    assert!(is_multiple(decimal("0.3"), decimal("0.1")));
    assert!(!is_multiple(decimal("0.35"), decimal("0.1")));
    assert!(is_multiple(
        decimal("79228162514264337593543950335"),
        Decimal::new(1, 28)
    ));
    let third = decimal("0.3333333333333333333333333333");
    // 0.9999999999999999999999999999 is less than 1, cut or not; and not less than itself.
    assert!(is_product_below(third, amount("3"), decimal("1")));
    assert!(!is_product_below(
        third,
        amount("3"),
        decimal("0.9999999999999999999999999999")
    ));
    assert!(is_product_below(
        decimal("0.0000000000001"),
        amount("1"),
        decimal("0.00000000000011")
    ));
    assert!(!is_product_below(decimal("1"), amount("1"), decimal("-2")));
    assert!(!is_product_below(Decimal::MAX, amount("1"), Decimal::MAX));
    assert!(is_product_below(
        Decimal::new(1, 28),
        amount("1"),
        Decimal::MAX
    ));
}

#[test]
fn days_end_after_their_time() {
    let rules = |end_of_day| ExchangeRules {
        end_of_day,
        ..ExchangeRules::DEFAULT
    };
    let (hour, day) = (3_600_000_000_000_i64, 86_400_000_000_000_i64);
    for (end_of_day, now, expected) in [
        (0, 0, day),
        (0, day - 1, day),
        (0, day, 2 * day),
        (hour, 0, hour),
        (hour, hour, day + hour),
        (hour, -1, hour),
        (0, -1, 0),
    ] {
        assert_eq!(rules(end_of_day).next_end_of_day(now), Some(expected));
    }
    assert_eq!(rules(0).next_end_of_day(i64::MAX), None);
    assert_eq!(rules(1).next_end_of_day(i64::MIN), None);
}

#[test]
fn starting_balances_are_on_the_grid() {
    for (balance, expected) in [
        ("0", true),
        ("999999999999999.999999999999", true),
        ("1000000000000000", false),
        ("0.0000000000001", false),
        ("79228162514264337593543950335", false),
    ] {
        assert_eq!(
            check_balance(ExchangeId::BinanceSpot, "usdt", decimal(balance)).is_ok(),
            expected
        );
    }
}

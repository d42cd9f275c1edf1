//! The reason of a refusal by a limit.

use barter::risk::check::{CheckFailHigherThan, CheckHigherThan, RiskCheck};
use rust_decimal::Decimal;

/// barter's `CheckHigherThan`, with a reason that names the limit.
pub fn at_most(
    name: &str,
    what: &str,
    input: Decimal,
    limit: Option<Decimal>,
) -> Result<(), String> {
    let Some(limit) = limit else {
        return Ok(());
    };
    CheckHigherThan { limit }
        .check(&input)
        .map_err(|CheckFailHigherThan { limit, input }| {
            format!(
                "{name}: {what} {} is above {}",
                input.normalize(),
                limit.normalize()
            )
        })
}

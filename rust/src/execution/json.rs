//! barter's JSON of account events.

use crate::convert::from_json;
use barter::execution::AccountStreamEvent;
use barter_execution::AccountEvent;

/// Reads an `AccountStreamEvent`, or the `AccountEvent` in it.
pub fn read(text: &str) -> Result<AccountStreamEvent, String> {
    from_json(text).or_else(|error| match from_json::<AccountEvent>(text) {
        Ok(event) => Ok(AccountStreamEvent::Item(event)),
        // The message is about the form that the text plainly has.
        Err(other) if !text.contains("\"Item\"") && text.contains("\"kind\"") => Err(other),
        Err(_) => Err(error),
    })
}

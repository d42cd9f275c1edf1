"""The requests of a function, as the engine numbers them: `rust/src/compiled/requests.rs`."""

MARKET_BUY = 1
MARKET_SELL = 2
LIMIT_BUY = 3
LIMIT_SELL = 4
CLOSE = 5
CANCEL = 6
CANCEL_ALL = 7

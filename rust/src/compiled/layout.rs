//! The structures that a compiled function reads and writes. `barter_python.compiled` declares the same
//! ones for ctypes, numba and C; a test compares the sizes.

use std::cell::Cell;

/// How many requests a function can make at one event.
pub const MOST_REQUESTS: usize = 256;

/// A level of a book.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Level {
    pub price: f64,
    pub amount: f64,
}

/// An order of ours, in flight or open.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct OpenOrder {
    /// The number in an id of the run, such as 7 of `bp-7`; 0 of other ids.
    pub id: i64,
    /// 1 for a buy, -1 for a sale.
    pub side: i64,
    /// An `OrderStage`.
    pub stage: i64,
    pub price: f64,
    pub quantity: f64,
    pub filled: f64,
}

/// What a function sees of the instrument of the event. NaN stands for a price that is not known.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Instrument {
    pub index: i64,
    /// An `EventKind`.
    pub event: i64,
    pub best_bid: f64,
    pub best_ask: f64,
    pub mid: f64,
    pub last_trade: f64,
    pub last_trade_amount: f64,
    pub last_trade_side: i64,
    pub candle_close: f64,
    pub position: f64,
    pub entry_price: f64,
    pub fill_price: f64,
    pub fill_quantity: f64,
    pub order_count: i64,
    pub bid_count: i64,
    pub ask_count: i64,
    /// Addresses of the first order and of the first levels.
    pub orders: usize,
    pub bids: usize,
    pub asks: usize,
}

/// Something that a function asks for.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Request {
    /// An `Action`, as its number.
    pub action: i64,
    /// Of an order to cancel; of a new one the id that the function expects, or 0.
    pub id: i64,
    /// 1 for an order that must not take.
    pub post_only: i64,
    pub price: f64,
    pub quantity: f64,
}

/// Where a function puts its requests.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Requests {
    /// How many; more than the capacity if there was no room for one.
    pub count: i64,
    pub capacity: i64,
    /// The number in the id of the next order.
    pub next_id: i64,
    /// That of the instrument, without which there is nothing to close.
    pub position: f64,
    /// Address of the first.
    pub requests: usize,
}

/// Room for the requests of one event.
///
/// In cells, since the function writes through an address that was taken once.
pub struct Buffer(Box<[Cell<Request>]>);

impl Buffer {
    pub fn new() -> Self {
        Self(vec![Cell::default(); MOST_REQUESTS].into())
    }

    /// Address of the first.
    pub fn address(&self) -> usize {
        self.0.as_ptr().expose_provenance()
    }

    /// The first `count`.
    pub fn first(&self, count: usize) -> impl Iterator<Item = Request> {
        self.0.iter().take(count).map(Cell::get)
    }
}

impl Instrument {
    /// Nothing is known yet.
    pub fn new(index: usize) -> Self {
        Self {
            index: i64::try_from(index).unwrap_or(i64::MAX),
            event: 0,
            best_bid: f64::NAN,
            best_ask: f64::NAN,
            mid: f64::NAN,
            last_trade: f64::NAN,
            last_trade_amount: f64::NAN,
            last_trade_side: 0,
            candle_close: f64::NAN,
            position: 0.0,
            entry_price: f64::NAN,
            fill_price: f64::NAN,
            fill_quantity: 0.0,
            order_count: 0,
            bid_count: 0,
            ask_count: 0,
            orders: 0,
            bids: 0,
            asks: 0,
        }
    }
}

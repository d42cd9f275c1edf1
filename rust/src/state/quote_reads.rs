//! Which prices of quotes a strategy has read, and whether they were ever there.

use std::sync::atomic::{AtomicBool, Ordering};

/// A price that only quotes have: neither trades nor candles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quote {
    /// Half way between best bid and best ask.
    Mid,
    /// The highest bid.
    BestBid,
    /// The lowest ask.
    BestAsk,
}

impl Quote {
    const ALL: [Self; 3] = [Self::Mid, Self::BestBid, Self::BestAsk];

    /// The attribute of an instrument's view.
    const fn attribute(self) -> &'static str {
        match self {
            Self::Mid => "mid",
            Self::BestBid => "best_bid",
            Self::BestAsk => "best_ask",
        }
    }
}

#[derive(Default)]
struct Read {
    missing: AtomicBool,
    present: AtomicBool,
}

/// What was read of each so far.
#[derive(Default)]
pub struct QuoteReads {
    mid: Read,
    best_bid: Read,
    best_ask: Read,
}

impl QuoteReads {
    /// Whether one has been read that was there.
    #[inline]
    pub fn was_present(&self, quote: Quote) -> bool {
        self.read(quote).present.load(Ordering::Relaxed)
    }

    /// A strategy reads one of an instrument that has some price.
    pub fn note(&self, quote: Quote, is_present: bool) {
        let read = self.read(quote);
        let flag = if is_present {
            &read.present
        } else {
            &read.missing
        };
        flag.store(true, Ordering::Relaxed);
    }

    /// The attributes that were read and never had a price.
    pub fn always_missing(&self) -> Vec<String> {
        let missing = Quote::ALL.into_iter().filter(|quote| {
            let read = self.read(*quote);
            read.missing.load(Ordering::Relaxed) && !read.present.load(Ordering::Relaxed)
        });
        missing.map(|quote| quote.attribute().to_owned()).collect()
    }

    const fn read(&self, quote: Quote) -> &Read {
        match quote {
            Quote::Mid => &self.mid,
            Quote::BestBid => &self.best_bid,
            Quote::BestAsk => &self.best_ask,
        }
    }
}

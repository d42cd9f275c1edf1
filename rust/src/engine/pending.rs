//! Requests on their way through simulated time.

use barter::execution::request::ExecutionRequest;

/// A request under way, ordered by when it arrives and then by when it was sent.
pub struct Pending {
    /// When it arrives, in nanoseconds since 1970.
    pub due: i64,
    /// Which of all it is.
    pub sequence: u64,
    /// What it asks for.
    pub request: ExecutionRequest,
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        (self.due, self.sequence) == (other.due, other.sequence)
    }
}

impl Eq for Pending {}

impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pending {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.due, self.sequence).cmp(&(other.due, other.sequence))
    }
}

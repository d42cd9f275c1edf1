"""Live market data from the venues' own streams: the module `barter_data::streams`.

Nothing connects before `Streams.connect` is called.
"""

from .._core import Lag, Overflow, StreamStatus, StreamStatusKind, SubKind
from .._public import publish
from .options import Address, StreamOptions
from .reader import Streams, StreamsConnecting
from .recording import Recording
from .subscription import Subscription

__all__ = [
    "Address",
    "Lag",
    "Overflow",
    "Recording",
    "StreamOptions",
    "StreamStatus",
    "StreamStatusKind",
    "Streams",
    "StreamsConnecting",
    "SubKind",
    "Subscription",
]

publish(__name__, globals(), __name__)

"""What a system subscribes to if it is not told."""

from ..streams import SubKind, Subscription
from ..system import SystemConfig


def default_subscriptions(config: SystemConfig) -> list[Subscription]:
    """Give the trades of each instrument, and the best prices where their venue streams them."""
    subscriptions = Subscription.each(config.instruments, SubKind.PUBLIC_TRADES)
    for instrument in config.instruments:
        try:
            subscriptions.append(Subscription(instrument, SubKind.ORDER_BOOKS_L1))
        except ValueError:
            continue  # the venue streams trades only
    return subscriptions

"""C4.1: sending what the outbox holds, and keeping what is said, how, and to whom."""

from baoxiu.notify.operations.keeping import (
    keep_channel,
    keep_target,
    keep_template,
    remove_target,
    retry,
    subscribe,
    unsubscribe,
)
from baoxiu.notify.operations.noticing import spread
from baoxiu.notify.operations.sending import ATTEMPTS, LEASE, Sent, send_due

__all__ = [
    "ATTEMPTS",
    "LEASE",
    "Sent",
    "keep_channel",
    "keep_target",
    "keep_template",
    "remove_target",
    "retry",
    "send_due",
    "spread",
    "subscribe",
    "unsubscribe",
]

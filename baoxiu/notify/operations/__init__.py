"""C4.1: sending what the outbox holds, and keeping what is said, how, and to whom."""

from baoxiu.notify.operations.keeping import (
    keep_channel,
    keep_reach,
    keep_target,
    keep_template,
    remove_target,
    retry,
    subscribe,
    unsubscribe,
)
from baoxiu.notify.operations.noticing import spread
from baoxiu.notify.operations.sending import ATTEMPTS, LEASE, Sent, send_due
from baoxiu.notify.operations.trying import try_channel, try_reach, try_target

__all__ = [
    "ATTEMPTS",
    "LEASE",
    "Sent",
    "keep_channel",
    "keep_reach",
    "keep_target",
    "keep_template",
    "remove_target",
    "retry",
    "send_due",
    "spread",
    "subscribe",
    "try_channel",
    "try_reach",
    "try_target",
    "unsubscribe",
]

"""C7: publishing – procedures, the company's promise, switches of rules."""

from __future__ import annotations

from baoxiu.terms.operations.procedures import NotPublishable, publish
from baoxiu.terms.operations.switches import switch
from baoxiu.terms.operations.warranty import (
    Unlawful,
    discard,
    draft,
    publish_warranty,
    save,
    withdraw_warranty,
)

__all__ = [
    "NotPublishable",
    "Unlawful",
    "discard",
    "draft",
    "publish",
    "publish_warranty",
    "save",
    "switch",
    "withdraw_warranty",
]

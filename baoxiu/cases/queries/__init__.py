"""C4: reads of the spine; each starts from what the viewer may see."""

from baoxiu.cases.queries.case import (
    Timeline,
    allowed_steps,
    get,
    live_links,
    open_duties,
    others,
    outgoing,
    owners,
    timeline,
    to_step,
    work_orders,
)

__all__ = [
    "Timeline",
    "allowed_steps",
    "get",
    "live_links",
    "open_duties",
    "others",
    "outgoing",
    "owners",
    "timeline",
    "to_step",
    "work_orders",
]

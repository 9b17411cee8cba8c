"""C4.3: the verbs of dispatching: giving jobs, and planning days."""

from baoxiu.dispatch.operations.drafts import back, discard, draft_of, move
from baoxiu.dispatch.operations.giving import (
    accept,
    accept_promised,
    assign,
    assign_station,
    decline,
    reassign,
)
from baoxiu.dispatch.operations.mending import mend
from baoxiu.dispatch.operations.needing import fetch, need_parts
from baoxiu.dispatch.operations.policies import save_policy, use_policy
from baoxiu.dispatch.operations.publishing import publish
from baoxiu.dispatch.operations.reserving import move_stock, release_part, reserve_part
from baoxiu.dispatch.operations.roads import load_roads, remove_roads, save_crossing, use_roads
from baoxiu.dispatch.operations.solving import ask, solve
from baoxiu.dispatch.operations.windows import hold, promise_window, release

__all__ = [
    "accept",
    "accept_promised",
    "ask",
    "assign",
    "assign_station",
    "back",
    "decline",
    "discard",
    "draft_of",
    "fetch",
    "hold",
    "load_roads",
    "mend",
    "move",
    "move_stock",
    "need_parts",
    "promise_window",
    "publish",
    "reassign",
    "release",
    "release_part",
    "remove_roads",
    "reserve_part",
    "save_crossing",
    "save_policy",
    "solve",
    "use_policy",
    "use_roads",
]
